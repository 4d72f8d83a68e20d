// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Kinds of memory: managed, registered, of pools, mapped by the program, arrays; and boxes.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ffi::{c_int, c_void};
use std::ptr::{null, null_mut};

const DEVICE: IXmemLocation = IXmemLocation { r#type: IX_MEM_LOCATION_TYPE_DEVICE, id: 0 };
const MIB2: usize = 2 << 20;

fn pointer<T: Default>(attribute: IXpointer_attribute, address: u64) -> T {
    let mut value = T::default();
    // SAFETY: the value has the attribute's type, as the caller says.
    ok(unsafe { ixPointerGetAttribute((&raw mut value).cast(), attribute, IXdeviceptr(address)) });
    value
}

#[test]
fn managed_memory_is_seen_by_both_and_remembers_advice() {
    let _context = Ctx::new();
    let store = function(module(KERNELS), "store");
    let mut m = IXdeviceptr(0);
    // SAFETY: the pointers are valid.
    unsafe {
        fails(ixMemAllocManaged(&mut m, 4096, 3), Code::INVALID_VALUE, "flags 0x3");
        ok(ixMemAllocManaged(&mut m, 1 << 20, IX_MEM_ATTACH_GLOBAL));
        let words = std::slice::from_raw_parts_mut(m.0 as *mut u32, 1 << 18);
        words.fill(3);
        ok(launch(store, 1, 1, NULL, &[m.0 + 400, 77]));
        ok(ixCtxSynchronize());
        assert_eq!((words[99], words[100]), (3, 77));

        ok(ixMemAdvise(m, 1 << 20, IX_MEM_ADVISE_SET_READ_MOSTLY, IXdevice(0)));
        ok(ixMemAdvise(IXdeviceptr(m.0 + 4096), 4096, IX_MEM_ADVISE_SET_ACCESSED_BY, IXdevice(-1)));
        ok(ixMemPrefetchAsync(m, 8192, IXdevice(0), NULL));
        ok(cuMemAdvise_v2(m, 4096, IX_MEM_ADVISE_SET_PREFERRED_LOCATION, DEVICE));
        let get = |attribute, offset: u64, bytes| {
            let mut value = 99;
            ok(ixMemRangeGetAttribute((&raw mut value).cast::<c_void>(), 4, attribute, IXdeviceptr(m.0 + offset), bytes));
            value
        };
        assert_eq!(get(IX_MEM_RANGE_ATTRIBUTE_READ_MOSTLY, 0, 1 << 20), 1);
        assert_eq!(get(IX_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION, 0, 8192), 0);
        assert_eq!(get(IX_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION, 0, 8193), -2);
        assert_eq!(get(IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION, 0, 4096), 0);
        assert_eq!(get(IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION_TYPE, 0, 4096), 1);
        assert_eq!(get(IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION, 4096, 4096), -2);
        let mut users = [9 as c_int; 2];
        ok(ixMemRangeGetAttribute(users.as_mut_ptr().cast(), 8, IX_MEM_RANGE_ATTRIBUTE_ACCESSED_BY, IXdeviceptr(m.0 + 4096), 4096));
        assert_eq!(users, [-1, -2]);
        let (mut mostly, mut place) = (9, 9);
        let mut data = [(&raw mut mostly).cast::<c_void>(), (&raw mut place).cast()];
        let mut attributes = [IX_MEM_RANGE_ATTRIBUTE_READ_MOSTLY, IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION];
        ok(ixMemRangeGetAttributes(data.as_mut_ptr(), [4usize, 4].as_mut_ptr(), attributes.as_mut_ptr(), 2, m, 4096));
        assert_eq!((mostly, place), (1, 0));
        fails(ixMemAdvise(m, (1 << 20) + 1, IX_MEM_ADVISE_SET_READ_MOSTLY, IXdevice(0)), Code::INVALID_VALUE, "not managed");
        assert_eq!(ixMemPrefetchAsync(m, 4096, IXdevice(9), NULL), Code::INVALID_DEVICE);
        let mut host = IXmemLocation { r#type: IX_MEM_LOCATION_TYPE_HOST, id: 0 };
        ok(cuMemPrefetchAsync_v2(m, 4096, host, 0, NULL));
        assert_eq!(get(IX_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION, 0, 4096), -1);
        let (mut addresses, mut sizes) = ([m], [4096usize]);
        ok(ixMemPrefetchBatchAsync(addresses.as_mut_ptr(), sizes.as_mut_ptr(), 1, &mut host, [0usize].as_mut_ptr(), 1, 0, NULL));
        ok(ixMemDiscardBatchAsync(addresses.as_mut_ptr(), sizes.as_mut_ptr(), 1, 0, NULL));
        let s = stream(0);
        ok(ixStreamAttachMemAsync(s, m, 0, IX_MEM_ATTACH_SINGLE));
        assert_eq!(ixStreamAttachMemAsync(NULL, m, 0, IX_MEM_ATTACH_SINGLE), Code::INVALID_VALUE);
        assert_eq!(pointer::<u8>(IX_POINTER_ATTRIBUTE_IS_MANAGED, m.0), 1);
        assert_eq!(pointer::<c_int>(IX_POINTER_ATTRIBUTE_MEMORY_TYPE, m.0), IX_MEMORYTYPE_DEVICE.0);
        ok(ixMemFree(m));
        assert_eq!(ixMemFree(m), Code::INVALID_VALUE);
    }
}

#[test]
fn pointers_tell_what_they_are() {
    let context = Ctx::new();
    let d = alloc(10_000);
    let mut pinned = null_mut::<c_void>();
    let local = 5u32;
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixMemAllocHost(&mut pinned, 100));
        assert_eq!(pointer::<usize>(IX_POINTER_ATTRIBUTE_CONTEXT, d.0 + 5), context.0 .0);
        assert_eq!(pointer::<c_int>(IX_POINTER_ATTRIBUTE_MEMORY_TYPE, d.0), IX_MEMORYTYPE_DEVICE.0);
        assert_eq!(pointer::<c_int>(IX_POINTER_ATTRIBUTE_MEMORY_TYPE, pinned as u64), IX_MEMORYTYPE_HOST.0);
        assert_eq!(pointer::<u64>(IX_POINTER_ATTRIBUTE_RANGE_START_ADDR, d.0 + 77), d.0);
        assert_eq!(pointer::<u64>(IX_POINTER_ATTRIBUTE_RANGE_SIZE, d.0 + 77), 10_000);
        assert_eq!(pointer::<u64>(IX_POINTER_ATTRIBUTE_HOST_POINTER, pinned as u64 + 1), pinned as u64 + 1);
        assert_eq!(pointer::<c_int>(IX_POINTER_ATTRIBUTE_DEVICE_ORDINAL, d.0), 0);
        assert_ne!(pointer::<u64>(IX_POINTER_ATTRIBUTE_BUFFER_ID, d.0), pointer::<u64>(IX_POINTER_ATTRIBUTE_BUFFER_ID, pinned as u64));
        let mut value = 0u64;
        let data = (&raw mut value).cast::<c_void>();
        fails(ixPointerGetAttribute(data, IX_POINTER_ATTRIBUTE_HOST_POINTER, d), Code::INVALID_VALUE, "does not reach");
        let stack = IXdeviceptr((&raw const local) as u64);
        fails(ixPointerGetAttribute(data, IX_POINTER_ATTRIBUTE_MEMORY_TYPE, stack), Code::INVALID_VALUE, "in no allocation");
        let (mut kind, mut ordinal) = (9u32, 9);
        let mut attributes = [IX_POINTER_ATTRIBUTE_MEMORY_TYPE, IX_POINTER_ATTRIBUTE_DEVICE_ORDINAL];
        let mut list = [(&raw mut kind).cast::<c_void>(), (&raw mut ordinal).cast()];
        ok(ixPointerGetAttributes(2, attributes.as_mut_ptr(), list.as_mut_ptr(), stack));
        assert_eq!((kind, ordinal), (0, -2));
        ok(ixPointerGetAttributes(2, attributes.as_mut_ptr(), list.as_mut_ptr(), d));
        assert_eq!((kind, ordinal), (2, 0));
        ok(ixPointerSetAttribute((&raw const kind).cast(), IX_POINTER_ATTRIBUTE_SYNC_MEMOPS, d));
        assert_eq!(ixPointerSetAttribute((&raw const kind).cast(), IX_POINTER_ATTRIBUTE_CONTEXT, d), Code::INVALID_VALUE);
        ok(ixMemFreeHost(pinned));
    }
}

#[test]
fn registered_memory_is_reached_by_kernels_and_stays_the_programs() {
    let _context = Ctx::new();
    let store = function(module(KERNELS), "store");
    let mut words = vec![11u32; 100_000];
    let (p, bytes) = (words.as_mut_ptr().cast::<c_void>(), 400_000);
    let mut address = IXdeviceptr(0);
    // SAFETY: the pointers are valid; no other thread uses the pages of this vector.
    unsafe {
        fails(ixMemHostUnregister(p), Code::HOST_MEMORY_NOT_REGISTERED, "not the start");
        ok(ixMemHostRegister(p, bytes, IX_MEMHOSTREGISTER_DEVICEMAP));
        fails(ixMemHostRegister(p, 4, 0), Code::HOST_MEMORY_ALREADY_REGISTERED, "registered");
        ok(ixMemHostGetDevicePointer(&mut address, p, 0));
        ok(launch(store, 1, 1, NULL, &[address.0 + 4 * 5000, 12]));
        ok(ixCtxSynchronize());
        assert_eq!((words[4999], words[5000], words[99_999]), (11, 12, 11));
        words[5001] = 13;
        let copy = alloc(bytes);
        ok(ixMemcpyHtoDAsync(copy, p, bytes, NULL));
        ok(ixCtxSynchronize());
        assert_eq!(download::<u32>(copy, 5002)[4999..], [11, 12, 13]);
        assert_eq!(pointer::<u64>(IX_POINTER_ATTRIBUTE_DEVICE_POINTER, p as u64), address.0);
        assert_eq!(pointer::<u64>(IX_POINTER_ATTRIBUTE_HOST_POINTER, address.0 + 8), p as u64 + 8);
        ok(ixMemHostUnregister(p));
        assert_eq!((words[5000], words[5001], words[99_999]), (12, 13, 11));
        words[0] = 1;
        assert_eq!(ixMemHostGetDevicePointer(&mut address, p, 0), Code::INVALID_VALUE);
        fails(ixMemHostRegister(64 as *mut c_void, 4096, 0), Code::INVALID_VALUE, "no memory");
        let mut here = 0u32;
        fails(ixMemHostRegister((&raw mut here).cast(), 4, 0), Code::NOT_SUPPORTED, "stack");
        // What is registered goes with its context and stays the program's.
        ok(ixMemHostRegister(p, bytes, 0));
    }
    drop(_context);
    assert_eq!((words[0], words[5000]), (1, 12));
}

#[test]
fn pools_keep_and_let_go() {
    let _context = Ctx::new();
    let (mut pool, mut a, mut b, mut value) = (IXmemoryPool(0), IXdeviceptr(0), IXdeviceptr(0), 0u64);
    let properties = IXmemPoolProps { allocType: IX_MEM_ALLOCATION_TYPE_PINNED, location: DEVICE, maxSize: 10 << 20, ..Default::default() };
    let s = stream(IX_STREAM_NON_BLOCKING);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixMemPoolCreate(&mut pool, &properties));
        // With a threshold of 0, synchronisation in another context may let go of what is not used.
        let mut threshold = u64::MAX;
        ok(ixMemPoolSetAttribute(pool, IX_MEMPOOL_ATTR_RELEASE_THRESHOLD, (&raw mut threshold).cast()));
        let mut get = |attribute| {
            ok(ixMemPoolGetAttribute(pool, attribute, (&raw mut value).cast()));
            value
        };
        ok(ixMemAllocFromPoolAsync(&mut a, 1 << 20, pool, s));
        ok(ixMemsetD32Async(a, 7, 1 << 18, s));
        assert_eq!(get(IX_MEMPOOL_ATTR_USED_MEM_CURRENT), 1 << 20);
        assert_eq!(pointer::<usize>(IX_POINTER_ATTRIBUTE_MEMPOOL_HANDLE, a.0), pool.0);
        ok(ixMemFreeAsync(a, s));
        assert_eq!(ixMemsetD32Async(a, 7, 1, s), Code::INVALID_VALUE);
        // In the stream it can be taken again at once.
        ok(ixMemAllocFromPoolAsync(&mut b, 1 << 20, pool, s));
        assert_eq!(a, b);
        fails(ixMemAllocFromPoolAsync(&mut a, 20 << 20, pool, s), Code::OUT_OF_MEMORY, "the pool may hold");
        threshold = 0;
        ok(ixMemPoolSetAttribute(pool, IX_MEMPOOL_ATTR_RELEASE_THRESHOLD, (&raw mut threshold).cast()));
        ok(ixMemFreeAsync(b, s));
        ok(ixStreamSynchronize(s));
        assert_eq!((get(IX_MEMPOOL_ATTR_RESERVED_MEM_CURRENT), get(IX_MEMPOOL_ATTR_RESERVED_MEM_HIGH)), (0, 1 << 20));
        threshold = u64::MAX;
        ok(ixMemPoolSetAttribute(pool, IX_MEMPOOL_ATTR_RELEASE_THRESHOLD, (&raw mut threshold).cast()));
        ok(ixMemAllocFromPoolAsync(&mut a, 1 << 20, pool, s));
        ok(ixMemFreeAsync(a, s));
        ok(ixStreamSynchronize(s));
        let mut get = |attribute| {
            ok(ixMemPoolGetAttribute(pool, attribute, (&raw mut value).cast()));
            value
        };
        assert_eq!((get(IX_MEMPOOL_ATTR_RESERVED_MEM_CURRENT), get(IX_MEMPOOL_ATTR_USED_MEM_CURRENT)), (1 << 20, 0));
        ok(ixMemPoolTrimTo(pool, 0));
        assert_eq!(get(IX_MEMPOOL_ATTR_RESERVED_MEM_CURRENT), 0);
        let mut zero = 0u64;
        ok(ixMemPoolSetAttribute(pool, IX_MEMPOOL_ATTR_USED_MEM_HIGH, (&raw mut zero).cast()));
        assert_eq!(get(IX_MEMPOOL_ATTR_USED_MEM_HIGH), 0);
        let (mut flags, mut place) = (IXmemAccess_flags(9), DEVICE);
        ok(ixMemPoolGetAccess(&mut flags, pool, &mut place));
        assert_eq!(flags, IX_MEM_ACCESS_FLAGS_PROT_READWRITE);
        // ixMemFree takes it too.
        ok(ixMemAllocFromPoolAsync(&mut a, 100, pool, NULL));
        ok(ixMemFree(a));
        assert_eq!(ixMemFree(a), Code::INVALID_VALUE);
        ok(ixMemPoolDestroy(pool));
        assert_eq!(ixMemPoolTrimTo(pool, 0), Code::INVALID_HANDLE);
    }
}

#[test]
fn default_pool_serves_streams_until_another_is_set() {
    let _context = Ctx::new();
    let (mut default, mut current, mut a) = (IXmemoryPool(0), IXmemoryPool(0), IXdeviceptr(0));
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixDeviceGetDefaultMemPool(&mut default, IXdevice(0)));
        ok(ixMemGetDefaultMemPool(&mut current, &mut { DEVICE }, IX_MEM_ALLOCATION_TYPE_PINNED));
        assert_eq!(default, current);
        assert_eq!(ixMemPoolDestroy(default), Code::INVALID_VALUE);
        ok(ixMemAllocAsync(&mut a, 4096, NULL));
        ok(ixMemsetD8(a, 9, 4096));
        assert_eq!(download::<u8>(a, 4096), [9; 4096]);
        ok(ixMemFreeAsync(a, NULL));
        // Plain memory may be given back in a stream too.
        ok(ixMemFreeAsync(alloc(100), NULL));
        ok(ixMemFreeAsync(IXdeviceptr(0), NULL));
        fails(ixMemFreeAsync(IXdeviceptr(64), NULL), Code::INVALID_VALUE, "not the start");
        ok(ixCtxSynchronize());
    }
}

#[test]
fn memory_is_mapped_at_reserved_addresses() {
    let _context = Ctx::new();
    let store = function(module(KERNELS), "store");
    let properties = IXmemAllocationProp {
        r#type: IX_MEM_ALLOCATION_TYPE_PINNED,
        requestedHandleTypes: IX_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR,
        location: DEVICE,
        ..Default::default()
    };
    let full = IXmemAccessDesc { location: DEVICE, flags: IX_MEM_ACCESS_FLAGS_PROT_READWRITE };
    let mut handles = [IXmemGenericAllocationHandle(0); 2];
    let (mut va, mut granularity, mut flags) = (IXdeviceptr(0), 0, 0);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixMemGetAllocationGranularity(&mut granularity, &properties, IX_MEM_ALLOC_GRANULARITY_MINIMUM));
        assert_eq!(granularity, MIB2);
        fails(ixMemCreate(&mut handles[0], 1000, &properties, 0), Code::INVALID_VALUE, "multiple");
        ok(ixMemAddressReserve(&mut va, 4 * MIB2, 0, IXdeviceptr(0), 0));
        for (i, handle) in handles.iter_mut().enumerate() {
            ok(ixMemCreate(handle, MIB2, &properties, 0));
            ok(ixMemMap(IXdeviceptr(va.0 + (i * MIB2) as u64), MIB2, 0, *handle, 0));
        }
        fails(ixMemMap(va, MIB2, 0, handles[0], 0), Code::INVALID_VALUE, "mapped already");
        fails(ixMemMap(IXdeviceptr(va.0 - MIB2 as u64), MIB2, 0, handles[0], 0), Code::INVALID_VALUE, "not reserved");
        // Without access it is no memory.
        assert_eq!(ixMemsetD8(va, 1, 10), Code::INVALID_VALUE);
        ok(ixMemSetAccess(va, 2 * MIB2, &full, 1));
        ok(ixMemGetAccess(&mut flags, &DEVICE, IXdeviceptr(va.0 + 5)));
        assert_eq!(flags, 3);
        // Copies and fills across both.
        ok(ixMemsetD32(va, 5, 2 * MIB2 / 4));
        let middle = va.0 + MIB2 as u64;
        ok(launch(store, 1, 1, NULL, &[middle - 4, 6]));
        ok(launch(store, 1, 1, NULL, &[middle, 7]));
        assert_eq!(download::<u32>(IXdeviceptr(middle - 8), 4), [5, 6, 7, 5]);
        // The first memory once more at another address, by a descriptor.
        let (mut fd, mut again, mut same) = (-1 as c_int, IXmemGenericAllocationHandle(0), IXmemGenericAllocationHandle(0));
        ok(ixMemExportToShareableHandle((&raw mut fd).cast(), handles[0], IX_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR, 0));
        ok(ixMemImportFromShareableHandle(&mut again, fd as usize as *mut c_void, IX_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR));
        assert_eq!(again, handles[0]);
        ok(ixMemRetainAllocationHandle(&mut same, va.0 as *mut c_void));
        assert_eq!(same, handles[0]);
        fails(
            ixMemImportFromShareableHandle(&mut again, null_mut(), IX_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR),
            Code::INVALID_VALUE,
            "of no memory",
        );
        let third = IXdeviceptr(va.0 + 3 * MIB2 as u64);
        ok(ixMemMap(third, MIB2, 0, same, 0));
        ok(ixMemSetAccess(third, MIB2, &full, 1));
        assert_eq!(download::<u32>(IXdeviceptr(third.0 + MIB2 as u64 - 4), 1), [6]);
        let mut told = IXmemAllocationProp::default();
        ok(ixMemGetAllocationPropertiesFromHandle(&mut told, handles[0]));
        assert_eq!((told.r#type, told.location.id), (IX_MEM_ALLOCATION_TYPE_PINNED, 0));
        // Three users of the first handle, one of the second.
        for handle in [handles[0], handles[0], handles[0], handles[1]] {
            ok(ixMemRelease(handle));
        }
        assert_eq!(ixMemRelease(handles[0]), Code::INVALID_HANDLE);
        fails(ixMemAddressFree(va, 4 * MIB2), Code::INVALID_VALUE, "still mapped");
        fails(ixMemUnmap(va, MIB2 + 4096), Code::INVALID_VALUE, "one behind the other");
        ok(ixMemUnmap(va, 2 * MIB2));
        // Mapped, it lives without a handle.
        assert_eq!(download::<u32>(IXdeviceptr(third.0 + MIB2 as u64 - 4), 1), [6]);
        ok(ixMemUnmap(third, MIB2));
        ok(ixMemAddressFree(va, 4 * MIB2));
        assert_eq!(ixMemAddressFree(va, 4 * MIB2), Code::INVALID_VALUE);
        extern "C" {
            fn close(fd: c_int) -> c_int;
        }
        close(fd);
    }
}

#[test]
fn arrays_are_filled_and_read_by_copies() {
    let _context = Ctx::new();
    let (mut array, mut levels, mut level) = (IXarray(0), IXmipmappedArray(0), IXarray(0));
    let d = IX_ARRAY_DESCRIPTOR { Width: 100, Height: 3, Format: IX_AD_FORMAT_FLOAT, NumChannels: 2 };
    let data: Vec<f32> = (0..600).map(|i| i as f32).collect();
    let mut back = vec![0f32; 600];
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixArrayCreate(&mut array, &d));
        let (mut told, mut need) = (IX_ARRAY_DESCRIPTOR::default(), IX_ARRAY_MEMORY_REQUIREMENTS::default());
        ok(ixArrayGetDescriptor(&mut told, array));
        assert_eq!((told.Width, told.Height, told.Format, told.NumChannels), (100, 3, IX_AD_FORMAT_FLOAT, 2));
        ok(ixArrayGetMemoryRequirements(&mut need, array, IXdevice(0)));
        assert!(need.size >= 2400);
        let rows = |to_array: bool, back: *mut f32| IX_MEMCPY2D {
            srcMemoryType: if to_array { IX_MEMORYTYPE_HOST } else { IX_MEMORYTYPE_ARRAY },
            srcHost: data.as_ptr().cast(),
            srcArray: array.0 as *mut c_void,
            srcPitch: 800,
            dstMemoryType: if to_array { IX_MEMORYTYPE_ARRAY } else { IX_MEMORYTYPE_HOST },
            dstHost: back.cast(),
            dstArray: array.0 as *mut c_void,
            dstPitch: 800,
            WidthInBytes: 800,
            Height: 3,
            ..Default::default()
        };
        ok(ixMemcpy2D(&rows(true, null_mut())));
        ok(ixMemcpy2D(&rows(false, back.as_mut_ptr())));
        assert_eq!(back, data);
        fails(ixMemcpy2D(&IX_MEMCPY2D { Height: 4, ..rows(true, null_mut()) }), Code::INVALID_VALUE, "in an array of 800 bytes, 3 rows");
        // Within the first row.
        let device = upload(&[1f32, 2.0]);
        ok(ixMemcpyDtoA(array, 8, device, 8));
        ok(ixMemcpyAtoD(IXdeviceptr(device.0), array, 12, 4));
        assert_eq!(download::<f32>(device, 2), [2.0, 2.0]);
        ok(ixMemcpyHtoA(array, 0, [9f32].as_ptr().cast(), 4));
        ok(ixMemcpyAtoA(array, 4, array, 0, 4));
        ok(ixMemcpyAtoH(back.as_mut_ptr().cast(), array, 0, 20));
        assert_eq!(back[..5], [9.0, 9.0, 1.0, 2.0, 4.0]);
        ok(ixMemcpyHtoAAsync(array, 0, [8f32].as_ptr().cast(), 4, NULL));
        ok(ixMemcpyAtoHAsync(back.as_mut_ptr().cast(), array, 0, 4, NULL));
        ok(ixCtxSynchronize());
        assert_eq!(back[0], 8.0);
        fails(ixMemcpyAtoH(back.as_mut_ptr().cast(), array, 796, 8), Code::INVALID_VALUE, "a box that ends");
        ok(ixArrayDestroy(array));
        assert_eq!(ixArrayGetDescriptor(&mut told, array), Code::INVALID_HANDLE);

        let d3 = IX_ARRAY3D_DESCRIPTOR { Width: 8, Height: 4, Depth: 2, Format: IX_AD_FORMAT_UNSIGNED_INT8, NumChannels: 1, Flags: 0 };
        ok(ixMipmappedArrayCreate(&mut levels, &d3, 9));
        let mut told = IX_ARRAY3D_DESCRIPTOR::default();
        ok(ixMipmappedArrayGetLevel(&mut level, levels, 1));
        ok(ixArray3DGetDescriptor(&mut told, level));
        assert_eq!((told.Width, told.Height, told.Depth), (4, 2, 1));
        fails(ixMipmappedArrayGetLevel(&mut level, levels, 4), Code::INVALID_VALUE, "4 levels");
        assert_eq!(ixArrayDestroy(level), Code::INVALID_HANDLE);
        ok(ixMipmappedArrayDestroy(levels));
        assert_eq!(ixArray3DGetDescriptor(&mut told, level), Code::INVALID_HANDLE);
        let wrong = IX_ARRAY3D_DESCRIPTOR { NumChannels: 3, ..d3 };
        fails(ixArray3DCreate(&mut array, &wrong), Code::INVALID_VALUE, "3 channels");
        assert_eq!(ixArray3DCreate(&mut array, null()), Code::INVALID_VALUE);
    }
}

#[test]
fn boxes_are_copied_between_all_kinds_of_memory() {
    let _context = Ctx::new();
    // A box of 5 x 3 x 2 bytes at (1, 1, 1) of 16 x 8 x 4 to (2, 0, 1) of 32 x 4 x 3.
    let source: Vec<u8> = (0..512).map(|i| i as u8).collect();
    let mut expected = vec![0u8; 384];
    for z in 0..2 {
        for y in 0..3 {
            for x in 0..5 {
                expected[((z + 1) * 4 + y) * 32 + x + 2] = source[((z + 1) * 8 + y + 1) * 16 + x + 1];
            }
        }
    }
    let mut pinned = null_mut::<c_void>();
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixMemAllocHost(&mut pinned, 512));
        std::ptr::copy_nonoverlapping(source.as_ptr(), pinned.cast(), 512);
        let device_source = upload(&source);
        for from in
            [(IX_MEMORYTYPE_HOST, source.as_ptr() as u64), (IX_MEMORYTYPE_HOST, pinned as u64), (IX_MEMORYTYPE_DEVICE, device_source.0)]
        {
            for to_device in [false, true] {
                let mut host = vec![0u8; 384];
                let device = upload(&host);
                let to = if to_device { device } else { IXdeviceptr(host.as_mut_ptr() as u64) };
                let copy = IX_MEMCPY3D {
                    srcXInBytes: 1,
                    srcY: 1,
                    srcZ: 1,
                    srcMemoryType: from.0,
                    srcHost: from.1 as *const c_void,
                    srcDevice: IXdeviceptr(from.1),
                    srcPitch: 16,
                    srcHeight: 8,
                    dstXInBytes: 2,
                    dstZ: 1,
                    dstMemoryType: IX_MEMORYTYPE_UNIFIED,
                    dstDevice: to,
                    dstPitch: 32,
                    dstHeight: 4,
                    WidthInBytes: 5,
                    Height: 3,
                    Depth: 2,
                    ..Default::default()
                };
                ok(ixMemcpy3D(&copy));
                let found = if to_device { download::<u8>(device, 384) } else { host.clone() };
                assert_eq!(found, expected, "from {from:?}, to device {to_device}");
                ok(ixMemsetD8(device, 0, 384));
                ok(ixMemcpy3DAsync(&copy, NULL));
                ok(ixCtxSynchronize());
                let found = if to_device { download::<u8>(device, 384) } else { host };
                assert_eq!(found, expected);
            }
        }
        assert_eq!(ixMemcpy3D(null()), Code::INVALID_VALUE);
        ok(ixMemcpyPeer(device_source, IXcontext(0), IXdeviceptr(device_source.0 + 256), IXcontext(0), 16));
        assert_eq!(download::<u8>(device_source, 16), source[256..272]);
        ok(ixMemFreeHost(pinned));
    }
}

#[test]
fn batches_copy_all_or_tell_which_failed() {
    let _context = Ctx::new();
    let (a, b) = (upload(&[1u32, 2]), upload(&[3u32, 4]));
    let s = stream(IX_STREAM_NON_BLOCKING);
    let attributes = IXmemcpyAttributes { srcAccessOrder: IX_MEMCPY_SRC_ACCESS_ORDER_STREAM, ..Default::default() };
    let targets = [a, IXdeviceptr(a.0 + 4)];
    let sources = [IXdeviceptr(b.0 + 4), b];
    // SAFETY: the pointers are valid.
    unsafe {
        let batch = |targets: &[IXdeviceptr], failed: &mut usize, stream| {
            cuMemcpyBatchAsync(
                targets.as_ptr(),
                sources.as_ptr(),
                [4usize, 4].as_ptr(),
                2,
                &attributes,
                [0usize].as_ptr(),
                1,
                failed,
                stream,
            )
        };
        let mut failed = 9;
        ok(batch(&targets, &mut failed, s));
        ok(ixStreamSynchronize(s));
        assert_eq!((download::<u32>(a, 2), failed), (vec![4, 3], 9));
        assert_eq!(batch(&[a, IXdeviceptr(0)], &mut failed, s), Code::INVALID_VALUE);
        assert_eq!(failed, 1);
        fails(batch(&targets, &mut failed, NULL), Code::INVALID_VALUE, "null stream");
        ok(ixMemcpyWithAttributesAsync(a, b, 8, &mut { attributes }, s));
        ok(ixStreamSynchronize(s));
        assert_eq!(download::<u32>(a, 2), [3, 4]);
    }
}

#[test]
fn exported_memory_is_imported_as_external() {
    let _context = Ctx::new();
    let properties = IXmemAllocationProp {
        r#type: IX_MEM_ALLOCATION_TYPE_PINNED,
        requestedHandleTypes: IX_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR,
        location: DEVICE,
        ..Default::default()
    };
    let (mut handle, mut fd, mut memory) = (IXmemGenericAllocationHandle(0), -1 as c_int, IXexternalMemory(0));
    let (mut a, mut b) = (IXdeviceptr(0), IXdeviceptr(0));
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixMemCreate(&mut handle, MIB2, &properties, 0));
        ok(ixMemExportToShareableHandle((&raw mut fd).cast(), handle, IX_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR, 0));
        let description = IX_EXTERNAL_MEMORY_HANDLE_DESC {
            r#type: IX_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD,
            handle: IX_EXTERNAL_MEMORY_HANDLE_DESC_handle { fd },
            size: MIB2 as u64,
            ..Default::default()
        };
        let kind = IXexternalMemoryHandleType(4);
        let other = IX_EXTERNAL_MEMORY_HANDLE_DESC { r#type: kind, ..description };
        fails(ixImportExternalMemory(&mut memory, &other), Code::NOT_SUPPORTED, "type 4");
        ok(ixImportExternalMemory(&mut memory, &description));
        ok(ixMemRelease(handle));
        let whole = IX_EXTERNAL_MEMORY_BUFFER_DESC { size: MIB2 as u64, ..Default::default() };
        let part = IX_EXTERNAL_MEMORY_BUFFER_DESC { offset: 4096, size: 100, ..Default::default() };
        ok(ixExternalMemoryGetMappedBuffer(&mut a, memory, &whole));
        ok(ixExternalMemoryGetMappedBuffer(&mut b, memory, &part));
        ok(ixMemsetD8(a, 6, MIB2));
        assert_eq!(download::<u8>(b, 100), [6; 100]);
        let past = IX_EXTERNAL_MEMORY_BUFFER_DESC { offset: MIB2 as u64, size: 1, ..Default::default() };
        assert_eq!(ixExternalMemoryGetMappedBuffer(&mut b, memory, &past), Code::INVALID_VALUE);
        assert_eq!(ixDestroyExternalMemory(memory), Code::ILLEGAL_STATE);
        ok(ixMemFree(a));
        ok(ixMemFree(b));
        ok(ixDestroyExternalMemory(memory));
        assert_eq!(ixDestroyExternalMemory(memory), Code::INVALID_HANDLE);
    }
}

#[test]
fn batched_boxes_are_copied() {
    let _context = Ctx::new();
    let s = stream(IX_STREAM_NON_BLOCKING);
    let mut array = IXarray(0);
    let d = IX_ARRAY3D_DESCRIPTOR { Width: 4, Height: 2, Depth: 0, Format: IX_AD_FORMAT_UNSIGNED_INT16, NumChannels: 1, Flags: 0 };
    let (source, target) = (upload(&[1u16, 2, 3, 4, 5, 6, 7, 8]), upload(&[0u16; 4]));
    let address = |ptr, row| IXmemcpy3DOperand {
        r#type: IX_MEMCPY_OPERAND_TYPE_POINTER,
        op: IXmemcpy3DOperand_op { ptr: IXmemcpy3DOperand_ptr { ptr, rowLength: row, ..Default::default() } },
    };
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixArray3DCreate(&mut array, &d));
        let in_array = |x, y| IXmemcpy3DOperand {
            r#type: IX_MEMCPY_OPERAND_TYPE_ARRAY,
            op: IXmemcpy3DOperand_op { array: IXmemcpy3DOperand_array { array, offset: IXoffset3D { x, y, z: 0 } } },
        };
        let op = |src, dst, width, height| IX_MEMCPY3D_BATCH_OP {
            src,
            dst,
            extent: IXextent3D { width, height, depth: 1 },
            srcAccessOrder: IX_MEMCPY_SRC_ACCESS_ORDER_STREAM,
            flags: 0,
        };
        let mut list = [op(address(source, 4), in_array(0, 0), 4, 2), op(in_array(1, 0), address(target, 2), 2, 2)];
        let mut failed = 9;
        ok(cuMemcpy3DBatchAsync(2, list.as_mut_ptr(), &mut failed, 0, s));
        ok(ixStreamSynchronize(s));
        assert_eq!((download::<u16>(target, 4), failed), (vec![2, 3, 6, 7], 9));
        list[1].extent.width = 4;
        assert_eq!(cuMemcpy3DBatchAsync(2, list.as_mut_ptr(), &mut failed, 0, s), Code::INVALID_VALUE);
        assert_eq!(failed, 1);
        ok(ixMemcpy3DWithAttributesAsync(&mut op(in_array(0, 1), address(target, 0), 4, 1), 0, s));
        ok(ixStreamSynchronize(s));
        assert_eq!(download::<u16>(target, 4), [5, 6, 7, 8]);
        ok(ixArrayDestroy(array));
        ok(ixFlushGPUDirectRDMAWrites(IX_FLUSH_GPU_DIRECT_RDMA_WRITES_TARGET_CURRENT_CTX, IX_FLUSH_GPU_DIRECT_RDMA_WRITES_TO_OWNER));
    }
}

#[test]
fn graphs_take_memory_and_nodes_have_any_type() {
    let _context = Ctx::new();
    let store = function(module(KERNELS), "store");
    let (mut graph, mut exec, mut nodes) = (IXgraph(0), IXgraphExec(0), [IXgraphNode(0); 3]);
    let get = |attribute| {
        let mut value = 0u64;
        // SAFETY: the pointer is valid.
        ok(unsafe { ixDeviceGetGraphMemAttribute(IXdevice(0), attribute, (&raw mut value).cast()) });
        value
    };
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixGraphCreate(&mut graph, 0));
        let before = get(IX_GRAPH_MEM_ATTR_RESERVED_MEM_CURRENT);
        let mut take = IX_MEM_ALLOC_NODE_PARAMS { bytesize: 4096, ..Default::default() };
        take.poolProps.allocType = IX_MEM_ALLOCATION_TYPE_PINNED;
        take.poolProps.location = DEVICE;
        ok(ixGraphAddMemAllocNode(&mut nodes[0], graph, null(), 0, &mut take));
        assert!(get(IX_GRAPH_MEM_ATTR_RESERVED_MEM_CURRENT) >= before + 4096);
        let (cell, value) = (take.dptr, 21u32);
        let mut told = IX_MEM_ALLOC_NODE_PARAMS::default();
        ok(ixGraphMemAllocNodeGetParams(nodes[0], &mut told));
        assert_eq!((told.dptr, told.bytesize), (cell, 4096));

        let mut arguments: [*mut c_void; 2] = [(&raw const cell).cast_mut().cast(), (&raw const value).cast_mut().cast()];
        let kernel = IX_KERNEL_NODE_PARAMS_v2 {
            func: store,
            gridDimX: 1,
            gridDimY: 1,
            gridDimZ: 1,
            blockDimX: 1,
            blockDimY: 1,
            blockDimZ: 1,
            kernelParams: arguments.as_mut_ptr(),
            ..Default::default()
        };
        let mut any =
            IXgraphNodeParams { r#type: IX_GRAPH_NODE_TYPE_KERNEL, anonymous: IXgraphNodeParams_union { kernel }, ..Default::default() };
        assert_eq!(size_of_val(&any), 256);
        ok(ixGraphAddNode(&mut nodes[1], graph, &nodes[0], null(), 1, &mut any));
        let copy = IX_MEMCPY3D {
            srcMemoryType: IX_MEMORYTYPE_DEVICE,
            srcDevice: cell,
            dstMemoryType: IX_MEMORYTYPE_DEVICE,
            dstDevice: IXdeviceptr(cell.0 + 64),
            WidthInBytes: 4,
            Height: 1,
            Depth: 1,
            ..Default::default()
        };
        let memcpy = IX_MEMCPY_NODE_PARAMS { copyParams: copy, ..Default::default() };
        let mut any_copy =
            IXgraphNodeParams { r#type: IX_GRAPH_NODE_TYPE_MEMCPY, anonymous: IXgraphNodeParams_union { memcpy }, ..Default::default() };
        ok(cuGraphAddNode(&mut nodes[2], graph, &nodes[1], 1, &mut any_copy));
        ok(ixGraphInstantiate(&mut exec, graph, 0));
        ok(ixGraphLaunch(exec, NULL));
        assert_eq!(download::<u32>(IXdeviceptr(cell.0 + 64), 1), [21]);
        assert!(get(IX_GRAPH_MEM_ATTR_USED_MEM_CURRENT) >= 4096);

        // Another value, in the graph and in the instantiated one.
        let value = 22u32;
        arguments[1] = (&raw const value).cast_mut().cast();
        any.anonymous.kernel.kernelParams = arguments.as_mut_ptr();
        ok(ixGraphNodeSetParams(nodes[1], &mut any));
        ok(ixGraphExecNodeSetParams(exec, nodes[1], &mut any));
        ok(ixMemFree(cell));
        ok(ixGraphLaunch(exec, NULL));
        assert_eq!(download::<u32>(IXdeviceptr(cell.0 + 64), 1), [22]);
        let mut told = IXgraphNodeParams::default();
        ok(ixGraphNodeGetParams(nodes[1], &mut told));
        assert_eq!((told.r#type, told.anonymous.kernel.func), (IX_GRAPH_NODE_TYPE_KERNEL, store));
        fails(ixGraphNodeSetParams(nodes[0], &mut any), Code::INVALID_VALUE, "cannot be changed");
        let mut conditional = IXgraphNodeParams { r#type: IXgraphNodeType(13), ..Default::default() };
        assert_eq!(ixGraphAddNode(&mut nodes[2], graph, null(), null(), 0, &mut conditional), Code::NOT_SUPPORTED);
        ok(ixMemFree(cell));
        ok(ixGraphExecDestroy(exec));
        ok(ixGraphDestroy(graph));
        ok(ixDeviceGraphMemTrim(IXdevice(0)));
        let mut zero = 0u64;
        ok(ixDeviceSetGraphMemAttribute(IXdevice(0), IX_GRAPH_MEM_ATTR_USED_MEM_HIGH, (&raw mut zero).cast()));
    }
}

#[test]
fn event_of_a_context_waits_for_all_its_streams() {
    let context = Ctx::new();
    let m = module(KERNELS);
    let (spin, store) = (function(m, "spin"), function(m, "store"));
    let (a, b, e) = (stream(IX_STREAM_NON_BLOCKING), stream(IX_STREAM_NON_BLOCKING), event(IX_EVENT_DISABLE_TIMING));
    let (mut flag, cell) = (null_mut::<c_void>(), upload(&[0u32]));
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixMemAllocHost(&mut flag, 4));
        let word = std::sync::atomic::AtomicU32::from_ptr(flag.cast());
        word.store(0, std::sync::atomic::Ordering::SeqCst);
        ok(launch(spin, 1, 1, a, &[flag as u64]));
        ok(ixCtxRecordEvent(context.0, e));
        assert_eq!(ixEventQuery(e), Code::NOT_READY);
        // All work of the context from now on waits for it.
        ok(ixCtxWaitEvent(IXcontext(0), e));
        ok(launch(store, 1, 1, b, &[cell.0, 5]));
        assert_eq!(ixStreamQuery(b), Code::NOT_READY);
        word.store(1, std::sync::atomic::Ordering::SeqCst);
        ok(ixEventSynchronize(e));
        ok(ixStreamSynchronize(b));
        assert_eq!(download::<u32>(cell, 1), [5]);
        ok(ixMemFreeHost(flag));
        assert_eq!(ixCtxRecordEvent(IXcontext(5), e), Code::INVALID_CONTEXT);
        assert_eq!(ixCtxRecordEvent(context.0, IXevent(5)), Code::INVALID_HANDLE);
    }
}

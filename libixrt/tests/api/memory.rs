// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Memory, copies, fills.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ffi::c_void;
use std::ptr::null_mut;

fn pattern(n: usize) -> Vec<u8> {
    (0..n).map(|i| (i * 31 + i / 253) as u8).collect()
}

#[test]
fn copies_of_many_sizes_arrive() {
    let _context = Ctx::new();
    for n in [1, 3, 4, 511, 512, 4096, 65_537, (1 << 20) + 7, (5 << 20) + 1] {
        let data = pattern(n);
        let a = upload(&data);
        let b = alloc(n);
        // SAFETY: no host pointers.
        unsafe {
            ok(ixMemcpyDtoD(b, a, n));
            assert!(download::<u8>(b, n) == data, "{n} bytes");
            ok(ixMemFree(a));
            ok(ixMemFree(b));
        }
    }
}

#[test]
fn copies_check_their_ranges() {
    let _context = Ctx::new();
    let mut host = [0u8; 64];
    let p: *mut c_void = host.as_mut_ptr().cast();
    let a = alloc(64);
    // SAFETY: the host pointer is valid for 64 bytes; longer copies are refused.
    unsafe {
        fails(ixMemcpyHtoD(IXdeviceptr(0), p, 64), Code::INVALID_VALUE, "no address in device memory");
        fails(ixMemcpyHtoD(IXdeviceptr(p as u64), p, 64), Code::INVALID_VALUE, "no address in device memory");
        fails(ixMemcpyHtoD(a, p, 65), Code::INVALID_VALUE, "past the end");
        fails(ixMemcpyDtoH(p, IXdeviceptr(a.0 + 1), 64), Code::INVALID_VALUE, "past the end");
        fails(ixMemcpyHtoD(a, null_mut(), 64), Code::INVALID_VALUE, "null");
        fails(ixMemcpyDtoD(IXdeviceptr(a.0 + 8), a, 16), Code::INVALID_VALUE, "overlap");
        fails(ixMemsetD32(IXdeviceptr(a.0 + 2), 0, 1), Code::INVALID_VALUE, "suit");
        fails(ixMemsetD32(a, 0, 17), Code::INVALID_VALUE, "past the end");
        fails(ixMemsetD32(a, 0, usize::MAX), Code::INVALID_VALUE, "larger than the address space");
        ok(ixMemcpyHtoD(a, p, 0));
        ok(ixMemFree(a));
        fails(ixMemFree(a), Code::INVALID_VALUE, "not the start");
        ok(ixMemFree(IXdeviceptr(0)));
    }
}

#[test]
fn allocations_have_their_limits() {
    let _context = Ctx::new();
    let (mut free, mut total, mut address) = (0usize, 0usize, IXdeviceptr(0));
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixMemGetInfo(&mut free, &mut total));
        assert!(free > 0 && free <= total);
        fails(ixMemAlloc(&mut address, 0), Code::INVALID_VALUE, "0 bytes");
        assert_eq!(ixMemAlloc(&mut address, total + 1), Code::OUT_OF_MEMORY);
        assert_eq!(ixMemAlloc(&mut address, usize::MAX), Code::OUT_OF_MEMORY);
        assert_eq!(ixMemAlloc(null_mut(), 1), Code::INVALID_VALUE);
        // An eighth of the memory, often: it comes back.
        for _ in 0..20 {
            let a = alloc(total / 8);
            assert_eq!(a.0 % 256, 0);
            ok(ixMemFree(a));
        }
        let (mut base, mut size) = (IXdeviceptr(0), 0usize);
        let a = alloc(1000);
        ok(ixMemGetAddressRange(&mut base, &mut size, IXdeviceptr(a.0 + 999)));
        assert_eq!((base, size), (a, 1000));
        assert_eq!(ixMemGetAddressRange(&mut base, &mut size, IXdeviceptr(16)), Code::NOT_FOUND);
        ok(ixMemFree(a));
    }
}

#[test]
fn context_end_frees_its_memory() {
    let _outer = Ctx::new();
    // Other tests run beside this one, so the numbers may differ a little; a leak would be 20 times this.
    let large = 64 << 20;
    let before = free_memory(0);
    for _ in 0..20 {
        let _context = Ctx::new();
        // SAFETY: no pointers.
        ok(unsafe { ixMemsetD8(alloc(large), 1, large) });
    }
    let least = before.saturating_sub(10 * large);
    let after = free_memory(least);
    assert!(after >= least, "{before} bytes were free before, {after} after");
}

#[test]
fn fills_write_their_elements() {
    let _context = Ctx::new();
    let a = alloc(64);
    let s = stream(0);
    // SAFETY: no host pointers.
    unsafe {
        ok(ixMemsetD8(a, 0xaa, 64));
        ok(ixMemsetD16(IXdeviceptr(a.0 + 2), 0x1234, 3));
        ok(ixMemsetD32(IXdeviceptr(a.0 + 8), 0xdead_beef, 2));
        ok(ixMemsetD8Async(IXdeviceptr(a.0 + 63), 1, 1, s));
        ok(ixMemsetD2D16Async(IXdeviceptr(a.0 + 32), 8, 0x0707, 2, 3, s));
        ok(ixStreamSynchronize(s));
        ok(ixStreamDestroy(s));
    }
    let mut expected = [0xaau8; 64];
    expected[2..8].copy_from_slice(&[0x34, 0x12, 0x34, 0x12, 0x34, 0x12]);
    expected[8..16].copy_from_slice(&[0xef, 0xbe, 0xad, 0xde, 0xef, 0xbe, 0xad, 0xde]);
    expected[63] = 1;
    for row in 0..3 {
        expected[32 + 8 * row..36 + 8 * row].fill(7);
    }
    assert_eq!(download::<u8>(a, 64), expected);
}

#[test]
fn pinned_memory_is_one_for_host_and_device() {
    let _context = Ctx::new();
    let n = 1 << 20;
    let mut p: *mut c_void = null_mut();
    let (mut d, mut flags) = (IXdeviceptr(0), 0);
    let s = stream(IX_STREAM_NON_BLOCKING);
    let device = alloc(n);
    // SAFETY: the pointers are valid; pinned memory has n bytes.
    unsafe {
        ok(ixMemHostAlloc(&mut p, n, IX_MEMHOSTALLOC_PORTABLE));
        ok(ixMemHostGetDevicePointer(&mut d, p, 0));
        assert_eq!(d.0, p as u64);
        ok(ixMemHostGetFlags(&mut flags, p));
        assert_eq!(flags & IX_MEMHOSTALLOC_DEVICEMAP, IX_MEMHOSTALLOC_DEVICEMAP);
        fails(ixMemHostAlloc(&mut p, n, 0x100), Code::INVALID_VALUE, "flags");
        let bytes = std::slice::from_raw_parts_mut(p.cast::<u8>(), n);
        bytes.copy_from_slice(&pattern(n));
        ok(ixMemcpyHtoDAsync(device, p, n, s));
        ok(ixStreamSynchronize(s));
        bytes.fill(0);
        ok(ixMemcpyDtoHAsync(p, device, n, s));
        ok(ixStreamSynchronize(s));
        assert!(*bytes == pattern(n)[..]);
        ok(ixMemsetD8(d, 9, 100));
        assert_eq!(bytes[..101], [[9; 100].as_slice(), &[pattern(101)[100]]].concat());
        fails(ixMemFree(d), Code::INVALID_VALUE, "not the start");
        fails(ixMemFreeHost(device.0 as *mut c_void), Code::INVALID_VALUE, "not the start");
        let mut local = 0u8;
        fails(ixMemHostGetDevicePointer(&mut d, (&raw mut local).cast(), 0), Code::INVALID_VALUE, "no pinned host memory");
        ok(ixMemFreeHost(p));
        fails(ixMemFreeHost(p), Code::INVALID_VALUE, "not the start");
    }
}

#[test]
fn asynchronous_copy_of_pageable_memory_may_be_overwritten_at_once() {
    let _context = Ctx::new();
    let s = stream(IX_STREAM_NON_BLOCKING);
    for n in [16, 100_000, 3 << 20] {
        let device = alloc(n);
        let data = pattern(n);
        let mut host = data.clone();
        let mut back = vec![0u8; n];
        // SAFETY: both vectors have n bytes.
        unsafe {
            ok(ixMemcpyHtoDAsync(device, host.as_ptr().cast(), n, s));
            host.fill(0);
            ok(ixMemcpyDtoHAsync(back.as_mut_ptr().cast(), device, n, s));
            ok(ixStreamSynchronize(s));
            ok(ixMemFree(device));
        }
        assert!(back == data, "{n} bytes");
    }
}

#[test]
fn rows_are_copied_with_pitches() {
    let _context = Ctx::new();
    let (mut device, mut pitch) = (IXdeviceptr(0), 0usize);
    let source = pattern(40 * 9);
    let mut back = vec![0u8; 50 * 9];
    // SAFETY: the pointers are valid for the rows that are copied.
    unsafe {
        ok(ixMemAllocPitch(&mut device, &mut pitch, 33, 8, 4));
        assert!(pitch >= 33 && pitch % 256 == 0);
        assert_eq!(ixMemAllocPitch(&mut device, &mut pitch, 33, 8, 5), Code::INVALID_VALUE);
        let mut copy: IX_MEMCPY2D = std::mem::zeroed();
        copy.srcMemoryType = IX_MEMORYTYPE_HOST;
        copy.srcHost = source.as_ptr().cast();
        (copy.srcXInBytes, copy.srcY, copy.srcPitch) = (2, 1, 40);
        copy.dstMemoryType = IX_MEMORYTYPE_DEVICE;
        copy.dstDevice = device;
        copy.dstPitch = pitch;
        (copy.WidthInBytes, copy.Height) = (33, 8);
        ok(ixMemcpy2D(&copy));
        let to_device = copy;
        copy.srcMemoryType = IX_MEMORYTYPE_UNIFIED;
        copy.srcDevice = device;
        (copy.srcXInBytes, copy.srcY, copy.srcPitch) = (0, 0, pitch);
        copy.dstMemoryType = IX_MEMORYTYPE_HOST;
        copy.dstHost = back.as_mut_ptr().cast();
        (copy.dstXInBytes, copy.dstY, copy.dstPitch) = (5, 1, 50);
        ok(ixMemcpy2D(&copy));
        copy.Height = 9;
        fails(ixMemcpy2D(&copy), Code::INVALID_VALUE, "past the end");
        copy = to_device;
        copy.dstPitch = 32;
        fails(ixMemcpy2D(&copy), Code::INVALID_VALUE, "pitch");
        copy = to_device;
        copy.srcMemoryType = IXmemorytype(17);
        fails(ixMemcpy2D(&copy), Code::INVALID_VALUE, "memory type 17");
        copy.srcMemoryType = IX_MEMORYTYPE_ARRAY;
        copy.srcArray = 8 as *mut c_void;
        assert_eq!(ixMemcpy2D(&copy), Code::INVALID_HANDLE);
        assert_eq!(ixMemcpy2D(std::ptr::null()), Code::INVALID_VALUE);
    }
    for (i, byte) in back.iter().enumerate() {
        let (row, column) = (i / 50, i % 50);
        let inside = (1..9).contains(&row) && (5..38).contains(&column);
        let expected = if inside { source[row * 40 + column - 5 + 2] } else { 0 };
        assert_eq!(*byte, expected, "row {row}, column {column}");
    }
}

#[test]
fn any_address_can_be_copied_to_any() {
    let _context = Ctx::new();
    let data = pattern(1000);
    let mut back = vec![0u8; 1000];
    let device = alloc(1000);
    // SAFETY: the vectors have 1000 bytes.
    unsafe {
        ok(ixMemcpy(device, IXdeviceptr(data.as_ptr() as u64), 1000));
        ok(ixMemcpy(IXdeviceptr(back.as_mut_ptr() as u64), device, 1000));
        assert_eq!(back, data);
        back.fill(0);
        ok(ixMemcpy(IXdeviceptr(back.as_mut_ptr() as u64), IXdeviceptr(data.as_ptr() as u64), 1000));
        assert_eq!(back, data);
    }
}

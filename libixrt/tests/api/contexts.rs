// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Initialisation, devices, contexts.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ffi::{c_char, CStr};
use std::ptr::null_mut;

#[test]
fn error_codes_have_names_and_meanings() {
    let mut text: *const c_char = null_mut();
    // SAFETY: the pointer is valid, and results are C strings.
    unsafe {
        ok(ixGetErrorName(Code::ILLEGAL_ADDRESS, &mut text));
        assert_eq!(CStr::from_ptr(text), c"IX_ERROR_ILLEGAL_ADDRESS");
        ok(ixGetErrorString(Code(719), &mut text));
        assert_eq!(CStr::from_ptr(text), c"A kernel failed.");
        fails(ixGetErrorName(Code(54321), &mut text), Code::INVALID_VALUE, "54321");
        assert!(text.is_null());
        assert_eq!(ixGetErrorName(Code(1), null_mut()), Code::INVALID_VALUE);
    }
}

#[test]
fn init_takes_no_flags_and_may_be_repeated() {
    // SAFETY: no pointers.
    unsafe {
        fails(ixInit(1), Code::INVALID_VALUE, "flags");
        ok(ixInit(0));
        ok(ixInit(0));
    }
}

#[test]
fn device_tells_about_itself() {
    let (mut count, mut device, mut bytes, mut value) = (0, IXdevice(-1), 0usize, 0);
    let mut name = [0 as c_char; 64];
    let mut uuid = IXuuid::default();
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixInit(0));
        ok(ixDeviceGetCount(&mut count));
        assert!(count >= 1);
        ok(ixDeviceGet(&mut device, 0));
        assert_eq!(device, IXdevice(0));
        fails(ixDeviceGet(&mut device, count), Code::INVALID_DEVICE, "there is no device");
        fails(ixDeviceGet(&mut device, -1), Code::INVALID_DEVICE, "there is no device");
        fails(ixDeviceGet(null_mut(), 0), Code::INVALID_VALUE, "device is null");
        ok(ixDeviceGetName(name.as_mut_ptr(), 64, device));
        let whole = CStr::from_ptr(name.as_ptr()).to_string_lossy().into_owned();
        assert!(whole.len() > 2, "{whole:?}");
        ok(ixDeviceGetName(name.as_mut_ptr(), 3, device));
        assert_eq!(CStr::from_ptr(name.as_ptr()).to_string_lossy(), whole[..2]);
        fails(ixDeviceGetName(name.as_mut_ptr(), 0, device), Code::INVALID_VALUE, "length");
        ok(ixDeviceGetUuid(&mut uuid, device));
        assert_ne!(uuid.bytes, [0; 16]);
        ok(ixDeviceGetPCIBusId(name.as_mut_ptr(), 64, device));
        assert_eq!(CStr::from_ptr(name.as_ptr()).to_bytes().len(), "0000:00:00.0".len());
        ok(ixDeviceTotalMem(&mut bytes, device));
        assert!(bytes >= 64 << 20);
        let mut attribute = |a| {
            ok(ixDeviceGetAttribute(&mut value, a, device));
            value
        };
        assert_eq!(attribute(IX_DEVICE_ATTRIBUTE_WARP_SIZE), 32);
        assert_eq!(attribute(IX_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR), 8);
        assert_eq!(attribute(IX_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR), 0);
        assert!(attribute(IX_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT) >= 1);
        assert_eq!(attribute(IX_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK), 1024);
        assert_eq!(attribute(IX_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING), 1);
        fails(ixDeviceGetAttribute(&mut value, IXdevice_attribute(0), device), Code::INVALID_VALUE, "attribute 0");
        fails(ixDeviceGetAttribute(&mut value, IXdevice_attribute(1 << 20), device), Code::INVALID_VALUE, "attribute");
    }
}

#[test]
fn contexts_stack() {
    let mut current = IXcontext::default();
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixInit(0));
        fails(ixCtxSynchronize(), Code::INVALID_CONTEXT, "no current context");
        let a = Ctx::new();
        let b = Ctx::new();
        ok(ixCtxGetCurrent(&mut current));
        assert_eq!(current, b.0);
        ok(ixCtxPopCurrent(&mut current));
        assert_eq!(current, b.0);
        ok(ixCtxGetCurrent(&mut current));
        assert_eq!(current, a.0);
        ok(ixCtxSetCurrent(b.0));
        ok(ixCtxGetCurrent(&mut current));
        assert_eq!(current, b.0);
        ok(ixCtxPushCurrent(a.0));
        let mut device = IXdevice(7);
        ok(ixCtxGetDevice(&mut device));
        assert_eq!(device, IXdevice(0));
        ok(ixCtxPopCurrent(null_mut()));
        ok(ixCtxPopCurrent(null_mut()));
        fails(ixCtxPopCurrent(&mut current), Code::INVALID_CONTEXT, "no current context");
        ok(ixCtxSetCurrent(IXcontext(0)));
        ok(ixCtxGetCurrent(&mut current));
        assert_eq!(current, IXcontext(0));
    }
}

#[test]
fn garbage_and_dead_handles_are_refused() {
    let live = Ctx::new();
    let dead = {
        let dead = Ctx::new();
        dead.0
    };
    // SAFETY: no pointers but null ones.
    unsafe {
        for handle in [dead.0, 0x1234, usize::MAX, live.0 .0 | 0xfff_ffff, live.0 .0 ^ (1 << 50)] {
            let context = IXcontext(handle);
            assert_eq!(ixCtxDestroy(context), Code::INVALID_CONTEXT);
            assert_eq!(ixCtxSetCurrent(context), Code::INVALID_CONTEXT);
            assert_eq!(ixCtxPushCurrent(context), Code::INVALID_CONTEXT);
            assert_eq!(ixStreamDestroy(IXstream(handle)), Code::INVALID_HANDLE);
            assert_eq!(ixStreamSynchronize(IXstream(handle)), Code::INVALID_HANDLE);
            assert_eq!(ixEventDestroy(IXevent(handle)), Code::INVALID_HANDLE);
            assert_eq!(ixEventRecord(IXevent(handle), NULL), Code::INVALID_HANDLE);
            assert_eq!(ixModuleUnload(IXmodule(handle)), Code::INVALID_HANDLE);
            assert_eq!(launch(IXfunction(handle), 1, 1, NULL, &[]), Code::INVALID_HANDLE);
        }
        // Of the right table's neighbour: a stream is no event.
        let s = stream(0);
        assert_eq!(ixEventSynchronize(IXevent(s.0)), Code::INVALID_HANDLE);
        ok(ixStreamDestroy(s));
        assert_eq!(ixStreamDestroy(s), Code::INVALID_HANDLE);
    }
}

#[test]
fn destroyed_context_that_is_current_elsewhere_says_so() {
    let context = Ctx::new();
    let handle = context.0;
    let (told, ready) = (std::sync::Barrier::new(2), std::sync::Barrier::new(2));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // SAFETY: no pointers.
            unsafe {
                ok(ixCtxSetCurrent(handle));
                ready.wait();
                told.wait();
                assert_eq!(ixCtxSynchronize(), Code::CONTEXT_IS_DESTROYED);
            }
        });
        ready.wait();
        drop(context);
        told.wait();
    });
}

#[test]
fn primary_context_is_shared_and_counted() {
    let (mut a, mut b) = (IXcontext::default(), IXcontext::default());
    let (mut flags, mut active) = (9, 9);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixInit(0));
        fails(ixDevicePrimaryCtxRelease(IXdevice(0)), Code::INVALID_CONTEXT, "not retained");
        ok(ixDevicePrimaryCtxGetState(IXdevice(0), &mut flags, &mut active));
        assert_eq!((flags, active), (0, 0));
        ok(ixDevicePrimaryCtxRetain(&mut a, IXdevice(0)));
        ok(ixDevicePrimaryCtxRetain(&mut b, IXdevice(0)));
        assert_eq!(a, b);
        assert_eq!(ixCtxDestroy(a), Code::INVALID_CONTEXT);
        ok(ixCtxSetCurrent(a));
        let address = alloc(1000);
        ok(ixDevicePrimaryCtxRelease(IXdevice(0)));
        ok(ixMemsetD8(address, 1, 1000));
        ok(ixDevicePrimaryCtxRelease(IXdevice(0)));
        assert_eq!(ixMemsetD8(address, 1, 1000), Code::CONTEXT_IS_DESTROYED);
        assert_eq!(ixCtxSetCurrent(a), Code::INVALID_CONTEXT);
        ok(ixDevicePrimaryCtxGetState(IXdevice(0), &mut flags, &mut active));
        assert_eq!(active, 0);
        ok(ixCtxSetCurrent(IXcontext(0)));
    }
}

#[test]
fn attached_context_ends_with_its_last_user() {
    let (mut a, mut b, mut device, mut id, mut again) = (IXcontext(0), IXcontext(0), IXdevice(9), 0, 0);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixInit(0));
        ok(cuCtxCreate_v4(&mut a, null_mut(), IX_CTX_SCHED_SPIN, IXdevice(0)));
        ok(ixCtxAttach(&mut b, 0));
        assert_eq!(a, b);
        ok(ixCtxGetId(a, &mut id));
        ok(ixCtxGetId(IXcontext(0), &mut again));
        assert!(id > 0 && id == again);
        ok(cuCtxGetDevice_v2(&mut device, a));
        assert_eq!(device, IXdevice(0));
        ok(cuCtxSynchronize_v2(a));
        ok(ixCtxDetach(a));
        ok(ixCtxSynchronize());
        ok(ixCtxDetach(a));
        assert_eq!(ixCtxSynchronize(), Code::INVALID_CONTEXT);
        assert_eq!(cuCtxSynchronize_v2(a), Code::INVALID_CONTEXT);
        assert_eq!(ixCtxDetach(a), Code::INVALID_CONTEXT);
    }
}

#[test]
fn context_keeps_its_preferences() {
    let context = Ctx::new();
    let (mut flags, mut cache, mut banks, mut affinity, mut sms) =
        (0, IXfunc_cache(9), IXsharedconfig(9), IXexecAffinityParam::default(), 0);
    let mut params = [affinity];
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixCtxSetFlags(IX_CTX_SCHED_BLOCKING_SYNC));
        ok(ixCtxGetFlags(&mut flags));
        assert_eq!(flags, IX_CTX_SCHED_BLOCKING_SYNC);
        fails(ixCtxSetFlags(0x8000), Code::INVALID_VALUE, "0x8000");
        ok(ixCtxSetCacheConfig(IX_FUNC_CACHE_PREFER_SHARED));
        ok(ixCtxGetCacheConfig(&mut cache));
        assert_eq!(cache, IX_FUNC_CACHE_PREFER_SHARED);
        ok(ixCtxGetSharedMemConfig(&mut banks));
        assert_eq!(banks, IX_SHARED_MEM_CONFIG_FOUR_BYTE_BANK_SIZE);
        ok(ixCtxSetSharedMemConfig(IX_SHARED_MEM_CONFIG_EIGHT_BYTE_BANK_SIZE));
        ok(ixCtxGetSharedMemConfig(&mut banks));
        assert_eq!(banks, IX_SHARED_MEM_CONFIG_EIGHT_BYTE_BANK_SIZE);
        assert_eq!(ixCtxSetSharedMemConfig(IXsharedconfig(-1)), Code::INVALID_VALUE);
        ok(ixCtxGetExecAffinity(&mut affinity, IX_EXEC_AFFINITY_TYPE_SM_COUNT));
        ok(ixDeviceGetAttribute(&mut sms, IX_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, IXdevice(0)));
        assert_eq!(affinity.param.smCount.val, sms as u32);
        let mut other = IXcontext(0);
        assert_eq!(cuCtxCreate_v3(&mut other, params.as_mut_ptr(), 1, 0, IXdevice(0)), Code::UNSUPPORTED_EXEC_AFFINITY);
        fails(ixCtxEnablePeerAccess(context.0, 0), Code::INVALID_DEVICE, "one device");
        assert_eq!(ixCtxDisablePeerAccess(context.0), Code::PEER_ACCESS_NOT_ENABLED);
        assert_eq!(ixCtxEnablePeerAccess(IXcontext(77), 0), Code::INVALID_CONTEXT);
    }
}

#[test]
fn device_is_found_by_its_pci_address_and_described() {
    let (mut text, mut device, mut value) = ([0 as c_char; 32], IXdevice(9), 9);
    let mut properties = IXdevprop::default();
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixInit(0));
        ok(ixDeviceGetPCIBusId(text.as_mut_ptr(), 32, IXdevice(0)));
        ok(ixDeviceGetByPCIBusId(&mut device, text.as_ptr()));
        assert_eq!(device, IXdevice(0));
        assert_eq!(ixDeviceGetByPCIBusId(&mut device, c"ffff:ff:1f.7".as_ptr()), Code::INVALID_DEVICE);
        fails(ixDeviceGetByPCIBusId(&mut device, c"here".as_ptr()), Code::INVALID_VALUE, "no PCI address");
        ok(cuDeviceGetProperties(&mut properties, IXdevice(0)));
        assert_eq!((properties.maxThreadsPerBlock, properties.SIMDWidth, properties.maxThreadsDim), (1024, 32, [1024, 1024, 64]));
        ok(ixDeviceCanAccessPeer(&mut value, IXdevice(0), IXdevice(0)));
        assert_eq!(value, 0);
        assert_eq!(ixDeviceCanAccessPeer(&mut value, IXdevice(0), IXdevice(1000)), Code::INVALID_DEVICE);
        ok(ixDeviceGetExecAffinitySupport(&mut value, IX_EXEC_AFFINITY_TYPE_SM_COUNT, IXdevice(0)));
        assert_eq!(value, 0);
        let operations = [IX_ATOMIC_OPERATION_INTEGER_ADD, IX_ATOMIC_OPERATION_FLOAT_MAX];
        let mut capabilities = [9; 2];
        ok(ixDeviceGetHostAtomicCapabilities(capabilities.as_mut_ptr(), operations.as_ptr(), 2, IXdevice(0)));
        assert!(capabilities[0] & IX_ATOMIC_CAPABILITY_SCALAR_64 != 0 && capabilities[1] == 0);
    }
}

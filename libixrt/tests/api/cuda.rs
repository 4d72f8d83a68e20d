// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What CUDA's names have beside the functions themselves.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ffi::{c_char, c_void, CStr};
use std::ptr::{null, null_mut};

#[test]
fn errors_have_cudas_names() {
    let mut name = null::<c_char>();
    // SAFETY: the pointer is valid; the names are C strings.
    unsafe {
        ok(cuGetErrorName(Code::ILLEGAL_ADDRESS, &mut name));
        assert_eq!(CStr::from_ptr(name), c"CUDA_ERROR_ILLEGAL_ADDRESS");
        ok(cuGetErrorName(Code::SUCCESS, &mut name));
        assert_eq!(CStr::from_ptr(name), c"CUDA_SUCCESS");
        assert_eq!(cuGetErrorName(Code(12345), &mut name), Code::INVALID_VALUE);
        assert!(name.is_null());
    }
}

#[test]
fn absent_functions_say_so() {
    // SAFETY: the function takes nothing.
    fails(cuEGLStreamConsumerConnect(), Code::NOT_SUPPORTED, "cuEGLStreamConsumerConnect is not supported");
}

#[test]
fn entry_points_are_found_and_work() {
    let (mut address, mut status) = (null_mut::<c_void>(), IX_GET_PROC_ADDRESS_SUCCESS);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(cuGetProcAddress_v2(c"cuDriverGetVersion".as_ptr(), &mut address, 12080, 0, &mut status));
        let version: unsafe extern "C" fn(*mut i32) -> i32 = std::mem::transmute(address);
        let mut number = 0;
        assert_eq!(version(&mut number), 0);
        assert!(number >= 12080);
        assert_eq!(cuGetProcAddress_v2(c"cuNonsense".as_ptr(), &mut address, 12080, 0, &mut status), Code::NOT_FOUND);
        assert!(address.is_null());
        assert_eq!(status, IX_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND);
        assert_eq!(cuGetProcAddress_v2(c"cuLaunchKernelEx".as_ptr(), &mut address, 11000, 0, &mut status), Code::NOT_FOUND);
        assert_eq!(status, IX_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT);
        fails(cuGetProcAddress(c"cuInit".as_ptr(), &mut address, 12080, 8), Code::INVALID_VALUE, "0x8");
        ok(cuGetProcAddress(c"cuInit".as_ptr(), &mut address, 12080, 2));
    }
}

#[test]
fn variants_for_default_streams_of_threads_do_not_wait_for_the_null_stream() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (spin, store) = (function(m, "spin"), function(m, "store"));
    let (mut flag, cell) = (null_mut::<c_void>(), upload(&[0u32, 0]));
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixMemAllocHost(&mut flag, 4));
        let flag_word = std::sync::atomic::AtomicU32::from_ptr(flag.cast());
        flag_word.store(0, std::sync::atomic::Ordering::SeqCst);
        // A stream without order to the null stream spins; a blocking one is held up by neither.
        let other = stream(IX_STREAM_NON_BLOCKING);
        ok(launch(spin, 1, 1, other, &[flag as u64]));
        let value = 5u32;
        let mut arguments: [*mut c_void; 2] = [(&raw const cell).cast_mut().cast(), (&raw const value).cast_mut().cast()];
        ok(cuLaunchKernel_ptsz(store, 1, 1, 1, 1, 1, 1, 0, NULL, arguments.as_mut_ptr(), null_mut()));
        ok(cuStreamSynchronize_ptsz(NULL));
        assert_eq!(cuStreamQuery_ptsz(NULL), Code::SUCCESS);
        let (mut own, mut legacy) = (0u32, 0u32);
        ok(cuMemcpyDtoH_v2_ptds((&raw mut own).cast(), cell, 4));
        assert_eq!(own, 5);
        ok(cuStreamGetFlags_ptsz(NULL, &mut legacy));
        flag_word.store(1, std::sync::atomic::Ordering::SeqCst);
        ok(ixStreamSynchronize(other));
        // The thread's stream and the null stream are different ones that keep order.
        ok(cuMemsetD32_v2_ptds(cell, 7, 1));
        ok(cuMemcpyDtoH_v2((&raw mut legacy).cast(), cell, 4));
        assert_eq!(legacy, 7);
        ok(ixMemFreeHost(flag));
    }
}

/// Calls every symbol with nothing but zeros, and tells which succeeded.
fn call_all_with_zeros() -> Vec<&'static str> {
    type Any = unsafe extern "C" fn(usize, usize, usize, usize, usize, usize, usize, usize, usize, usize, usize) -> i32;
    let mut succeeded = Vec::new();
    // These would start the library or take the context away.
    let kept = ["cuInit", "cuCtxSetCurrent", "cuCtxPopCurrent"];
    for symbol in symbols().filter(|s| !kept.contains(&s.documented())) {
        // SAFETY: by the C calling convention a function may be given more numbers than it takes, and
        // zero is a number, a null pointer and a handle of nothing.
        let result = unsafe {
            let function: Any = std::mem::transmute(symbol.address);
            function(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        };
        assert!(Code(result).name().is_some(), "{} returned {result}", symbol.name);
        assert_ne!(Code(result), Code::UNKNOWN, "{}: {}", symbol.name, message());
        if result == 0 {
            succeeded.push(symbol.documented());
        }
    }
    succeeded.dedup();
    succeeded
}

#[test]
fn nothing_fails_badly_when_given_nothing() {
    if !in_child("cuda::nothing_fails_badly_when_given_nothing", &[("IXRT_QUIET", "1")]) {
        return;
    }
    // Before the library is initialised nothing succeeds.
    let early = call_all_with_zeros();
    assert!(early.is_empty(), "{early:?}");
    // SAFETY: no pointers.
    ok(unsafe { ixInit(0) });
    let without = call_all_with_zeros();
    assert!(without.iter().all(|name| !name.starts_with("cuMem") && !name.starts_with("cuStream")), "{without:?}");
    let _context = Ctx::new();
    let with = call_all_with_zeros();
    assert!(with.contains(&"cuCtxSynchronize") && with.contains(&"cuStreamSynchronize"), "{with:?}");
    // Zero is a mode of capture, so the thread's own stream was captured, until a call failed.
    // SAFETY: the pointer is valid.
    assert_eq!(unsafe { cuStreamEndCapture_ptsz(NULL, &mut IXgraph(0)) }, Code::STREAM_CAPTURE_INVALIDATED);
    // Everything still works.
    let store = function(module(KERNELS), "store");
    let cell = upload(&[0u32]);
    ok(launch(store, 1, 1, NULL, &[cell.0, 3]));
    assert_eq!(download::<u32>(cell, 1), [3]);
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Functions of the program in a stream's order.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering};
use std::sync::Mutex;
use std::thread::ThreadId;
use std::time::Duration;

unsafe extern "C" fn wait_for_flag(data: *mut c_void) {
    // SAFETY: the tests give a flag.
    let flag = unsafe { &*data.cast::<AtomicBool>() };
    while !flag.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn host(s: IXstream, f: unsafe extern "C" fn(*mut c_void), data: *const c_void) {
    // SAFETY: the function is for this datum.
    ok(unsafe { ixLaunchHostFunc(s, IXhostFn(Some(f)), data.cast_mut()) });
}

#[test]
fn function_runs_in_order_and_holds_its_stream_only() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let store = function(m, "store");
    let (a, b) = (stream(IX_STREAM_NON_BLOCKING), stream(IX_STREAM_NON_BLOCKING));
    let (go, count) = (AtomicBool::new(false), AtomicU32::new(0));
    let cell = upload(&[0u32; 2]);
    host(a, wait_for_flag, (&raw const go).cast());
    ok(launch(store, 1, 1, a, &[cell.0, 1]));
    // The other stream's functions and kernels go on.
    for _ in 0..10 {
        host(b, add_one, count.as_ptr().cast());
    }
    ok(launch(store, 1, 1, b, &[cell.0 + 4, 2]));
    // SAFETY: no pointers.
    unsafe {
        ok(ixStreamSynchronize(b));
        assert_eq!(count.load(Ordering::SeqCst), 10);
        assert_eq!(ixStreamQuery(a), Code::NOT_READY);
        go.store(true, Ordering::SeqCst);
        ok(ixStreamSynchronize(a));
    }
    assert_eq!(download::<u32>(cell, 2), [1, 2]);
}

static THREADS: Mutex<Vec<ThreadId>> = Mutex::new(Vec::new());
static INSIDE: AtomicI32 = AtomicI32::new(0);

unsafe extern "C" fn look(_: *mut c_void) {
    THREADS.lock().unwrap().push(std::thread::current().id());
    // SAFETY: no pointers.
    INSIDE.store(unsafe { ixCtxSynchronize() }.0, Ordering::SeqCst);
}

#[test]
fn function_is_on_a_thread_of_its_own_and_may_not_call_back() {
    let _context = Ctx::new();
    let s = stream(0);
    host(s, look, null_mut());
    host(NULL, look, null_mut());
    // SAFETY: no pointers.
    ok(unsafe { ixCtxSynchronize() });
    assert_eq!(INSIDE.load(Ordering::SeqCst), Code::NOT_PERMITTED.0);
    let threads = THREADS.lock().unwrap();
    assert_eq!(threads.len(), 2);
    assert!(!threads.contains(&std::thread::current().id()));
    // SAFETY: no pointers.
    assert_eq!(unsafe { ixLaunchHostFunc(s, IXhostFn(None), null_mut()) }, Code::INVALID_VALUE);
}

static STATUS: AtomicI32 = AtomicI32::new(-1);

unsafe extern "C" fn status(_: IXstream, status: IXresult, _: *mut c_void) {
    STATUS.store(status.0, Ordering::SeqCst);
}

#[test]
fn callback_is_told_of_a_failure_and_a_function_is_not_called() {
    let context = Ctx::new();
    let store = function(module(KERNELS), "store");
    let s = stream(0);
    let count = AtomicU32::new(0);
    // SAFETY: the function is for this datum.
    unsafe {
        ok(ixStreamAddCallback(s, IXstreamCallback(Some(status)), null_mut(), 0));
        ok(ixStreamSynchronize(s));
        assert_eq!(STATUS.load(Ordering::SeqCst), 0);
        assert_eq!(ixStreamAddCallback(s, IXstreamCallback(Some(status)), null_mut(), 1), Code::INVALID_VALUE);
        let flag = Flag::new();
        ok(launch(function(module(KERNELS), "spin"), 1, 1, s, &[flag.address()]));
        ok(launch(store, 1, 1, s, &[8, 0]));
        host(s, add_one, count.as_ptr().cast());
        ok(ixStreamAddCallback(s, IXstreamCallback(Some(status)), null_mut(), 0));
        flag.raise();
        fails(ixStreamSynchronize(s), Code::ILLEGAL_ADDRESS, "store");
    }
    for _ in 0..1000 {
        if STATUS.load(Ordering::SeqCst) == Code::ILLEGAL_ADDRESS.0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!((STATUS.load(Ordering::SeqCst), count.load(Ordering::SeqCst)), (Code::ILLEGAL_ADDRESS.0, 0));
    drop(context);
}

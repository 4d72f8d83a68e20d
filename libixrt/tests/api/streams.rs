// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Streams and events.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ptr::null_mut;

#[test]
fn launch_returns_before_the_kernel_ends() {
    let _context = Ctx::new();
    let spin = function(module(KERNELS), "spin");
    let flag = Flag::new();
    let s = stream(IX_STREAM_NON_BLOCKING);
    ok(launch(spin, 1, 1, s, &[flag.address()]));
    // SAFETY: no pointers.
    unsafe {
        assert_eq!(ixStreamQuery(s), Code::NOT_READY);
        flag.raise();
        ok(ixStreamSynchronize(s));
        ok(ixStreamQuery(s));
    }
}

#[test]
fn two_streams_overlap() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (spin, store) = (function(m, "spin"), function(m, "store"));
    let (a, b) = (stream(IX_STREAM_NON_BLOCKING), stream(IX_STREAM_NON_BLOCKING));
    let flag = Flag::new();
    ok(launch(spin, 1, 1, a, &[flag.address()]));
    // Only a kernel of the other stream ends the first one's.
    ok(launch(store, 1, 1, b, &[flag.address(), 1]));
    // SAFETY: no pointers.
    unsafe {
        ok(ixStreamSynchronize(a));
        ok(ixStreamSynchronize(b));
    }
}

#[test]
fn stream_runs_in_order() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (store, copy) = (function(m, "store"), function(m, "copy_word"));
    let s = stream(0);
    let cells = upload(&[0u32; 2]);
    for i in 1..500u64 {
        ok(launch(store, 1, 1, s, &[cells.0, i]));
        ok(launch(copy, 1, 1, s, &[cells.0 + 4, cells.0]));
    }
    // SAFETY: no pointers.
    ok(unsafe { ixStreamSynchronize(s) });
    assert_eq!(download::<u32>(cells, 2), [499, 499]);
}

#[test]
fn null_stream_waits_for_blocking_streams_and_they_for_it() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (spin, store, copy) = (function(m, "spin"), function(m, "store"), function(m, "copy_word"));
    let (blocking, free) = (stream(0), stream(IX_STREAM_NON_BLOCKING));
    let flag = Flag::new();
    let cells = upload(&[0u32; 3]);
    ok(launch(spin, 1, 1, blocking, &[flag.address()]));
    ok(launch(store, 1, 1, blocking, &[cells.0, 7]));
    ok(launch(copy, 1, 1, NULL, &[cells.0 + 4, cells.0]));
    ok(launch(copy, 1, 1, blocking, &[cells.0 + 8, cells.0 + 4]));
    // SAFETY: no pointers.
    unsafe {
        assert_eq!(ixStreamQuery(NULL), Code::NOT_READY);
        // A non-blocking stream does not care.
        ok(launch(function(m, "empty"), 1, 1, free, &[]));
        ok(ixStreamSynchronize(free));
        assert_eq!(ixStreamQuery(NULL), Code::NOT_READY);
        flag.raise();
        ok(ixStreamSynchronize(blocking));
    }
    assert_eq!(download::<u32>(cells, 3), [7, 7, 7]);
}

#[test]
fn event_orders_streams() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (spin, store, copy) = (function(m, "spin"), function(m, "store"), function(m, "copy_word"));
    let (a, b) = (stream(IX_STREAM_NON_BLOCKING), stream(IX_STREAM_NON_BLOCKING));
    let (flag, e) = (Flag::new(), event(IX_EVENT_DISABLE_TIMING));
    let cells = upload(&[0u32; 2]);
    // SAFETY: no pointers.
    unsafe {
        ok(ixEventQuery(e));
        ok(ixEventSynchronize(e));
        ok(ixStreamWaitEvent(b, e, 0));
        ok(launch(spin, 1, 1, a, &[flag.address()]));
        ok(launch(store, 1, 1, a, &[cells.0, 42]));
        ok(ixEventRecord(e, a));
        ok(ixStreamWaitEvent(b, e, 0));
        ok(launch(copy, 1, 1, b, &[cells.0 + 4, cells.0]));
        assert_eq!(ixEventQuery(e), Code::NOT_READY);
        assert_eq!(ixStreamQuery(b), Code::NOT_READY);
        flag.raise();
        ok(ixEventSynchronize(e));
        ok(ixStreamSynchronize(b));
        ok(ixEventDestroy(e));
        assert_eq!(ixEventQuery(e), Code::INVALID_HANDLE);
    }
    assert_eq!(download::<u32>(cells, 2), [42, 42]);
}

#[test]
fn events_measure_time() {
    let _context = Ctx::new();
    let spin = function(module(KERNELS), "spin");
    let s = stream(IX_STREAM_NON_BLOCKING);
    let (start, end, untimed) = (event(0), event(0), event(IX_EVENT_DISABLE_TIMING));
    let flag = Flag::new();
    let mut ms = 0f32;
    // SAFETY: the pointers are valid.
    unsafe {
        assert_eq!(ixEventElapsedTime(&mut ms, start, end), Code::INVALID_HANDLE);
        ok(ixEventRecord(start, s));
        ok(launch(spin, 1, 1, s, &[flag.address()]));
        ok(ixEventRecord(end, s));
        ok(ixEventSynchronize(start));
        assert_eq!(ixEventElapsedTime(&mut ms, start, end), Code::NOT_READY);
        std::thread::sleep(std::time::Duration::from_millis(30));
        flag.raise();
        ok(ixEventSynchronize(end));
        ok(ixEventElapsedTime(&mut ms, start, end));
        assert!((25.0..5000.0).contains(&ms), "{ms} ms");
        let forward = ms;
        ok(ixEventElapsedTime(&mut ms, end, start));
        assert_eq!(ms, -forward);
        ok(ixEventRecord(untimed, s));
        ok(ixEventSynchronize(untimed));
        fails(ixEventElapsedTime(&mut ms, start, untimed), Code::INVALID_HANDLE, "without timing");
        assert_eq!(ixEventCreate(&mut IXevent::default(), IX_EVENT_INTERPROCESS), Code::NOT_SUPPORTED);
        assert_eq!(ixEventCreate(&mut IXevent::default(), 0x100), Code::INVALID_VALUE);
    }
}

#[test]
fn destroyed_stream_finishes_its_work() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (spin, store) = (function(m, "spin"), function(m, "store"));
    let flag = Flag::new();
    let cell = upload(&[0u32]);
    let s = stream(0);
    ok(launch(spin, 1, 1, s, &[flag.address()]));
    ok(launch(store, 1, 1, s, &[cell.0, 3]));
    // SAFETY: no pointers.
    unsafe {
        ok(ixStreamDestroy(s));
        assert_eq!(ixStreamQuery(s), Code::INVALID_HANDLE);
        flag.raise();
        ok(ixCtxSynchronize());
    }
    assert_eq!(download::<u32>(cell, 1), [3]);
}

#[test]
fn streams_have_flags_and_priorities() {
    let _context = Ctx::new();
    let (mut least, mut greatest, mut priority, mut flags) = (0, 0, 0, 0);
    let mut s = IXstream::default();
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixCtxGetStreamPriorityRange(&mut least, &mut greatest));
        assert_eq!((least, greatest), (0, -2));
        ok(ixStreamCreateWithPriority(&mut s, IX_STREAM_NON_BLOCKING, 100));
        ok(ixStreamGetPriority(s, &mut priority));
        ok(ixStreamGetFlags(s, &mut flags));
        assert_eq!((priority, flags), (least, IX_STREAM_NON_BLOCKING));
        fails(ixStreamCreate(&mut s, 0x80), Code::INVALID_VALUE, "flags");
        assert_eq!(ixStreamCreate(null_mut(), 0), Code::INVALID_VALUE);
    }
}

#[test]
fn threads_have_default_streams_of_their_own() {
    let context = Ctx::new();
    let m = module(KERNELS);
    let store = function(m, "store");
    let cells = upload(&[0u32; 8]);
    const PER_THREAD: IXstream = IXstream(2);
    std::thread::scope(|scope| {
        for t in 0..8u64 {
            let handle = context.0;
            scope.spawn(move || {
                // SAFETY: no pointers.
                unsafe {
                    ok(ixCtxSetCurrent(handle));
                    for i in 0..100 {
                        ok(launch(store, 1, 1, PER_THREAD, &[cells.0 + 4 * t, t * 1000 + i]));
                    }
                    ok(ixStreamSynchronize(PER_THREAD));
                }
            });
        }
    });
    assert!(download::<u32>(cells, 8).into_iter().eq((0..8).map(|t| t * 1000 + 99)));
}

#[test]
fn many_threads_share_one_stream() {
    let context = Ctx::new();
    let m = module(KERNELS);
    let (store, count) = (function(m, "store"), function(m, "count"));
    let out = upload(&[0u32; 2]);
    let (mut counters, mut bytes) = (IXdeviceptr(0), 0);
    // SAFETY: the pointers are valid.
    ok(unsafe { ixModuleGetGlobal(&mut counters, &mut bytes, m, c"counters".as_ptr()) });
    let s = stream(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let handle = context.0;
            scope.spawn(move || {
                // SAFETY: no pointers.
                unsafe { ok(ixCtxSetCurrent(handle)) };
                for i in 0..250 {
                    ok(launch(count, 1, 1, s, &[1, out.0]));
                    ok(launch(store, 1, 1, s, &[out.0 + 4, i]));
                }
            });
        }
    });
    // SAFETY: no pointers.
    ok(unsafe { ixStreamSynchronize(s) });
    // The kernel reads and writes without atomics: only the stream's order makes this right.
    assert_eq!(download::<u32>(counters, 1), [1 + 4 * 250]);
}

#[test]
fn streams_say_whose_they_are() {
    let context = Ctx::new();
    let (a, b) = (stream(0), stream(IX_STREAM_NON_BLOCKING));
    let (mut owner, mut device, mut ids) = (IXcontext::default(), IXdevice(7), [0u64; 3]);
    // SAFETY: the pointers are valid.
    unsafe {
        for (i, s) in [a, b, NULL].into_iter().enumerate() {
            ok(ixStreamGetCtx(s, &mut owner));
            ok(ixStreamGetDevice(s, &mut device));
            ok(ixStreamGetId(s, &mut ids[i]));
            assert_eq!((owner, device), (context.0, IXdevice(0)));
        }
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
        let mut again = 0;
        ok(ixStreamGetId(IXstream(1), &mut again));
        assert_eq!(again, ids[2]);
    }
}

#[test]
fn stream_of_higher_priority_goes_first() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (spin, count) = (function(m, "spin"), function(m, "count"));
    let flag = Flag::new();
    let out = upload(&[0f32]);
    let (mut low, mut high) = (IXstream::default(), IXstream::default());
    let (done_low, done_high) = (event(0), event(0));
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixStreamCreateWithPriority(&mut low, IX_STREAM_NON_BLOCKING, 0));
        ok(ixStreamCreateWithPriority(&mut high, IX_STREAM_NON_BLOCKING, -2));
        let gate = stream(IX_STREAM_NON_BLOCKING);
        let open = event(IX_EVENT_DISABLE_TIMING);
        ok(launch(spin, 1, 1, gate, &[flag.address()]));
        ok(ixEventRecord(open, gate));
        // Both have grids that fill the device many times; they start together.
        for (s, done) in [(low, done_low), (high, done_high)] {
            ok(ixStreamWaitEvent(s, open, 0));
            ok(launch(count, 20_000, 32, s, &[0, out.0]));
            ok(ixEventRecord(done, s));
        }
        flag.raise();
        ok(ixStreamSynchronize(low));
        ok(ixStreamSynchronize(high));
        let mut ms = 0f32;
        ok(ixEventElapsedTime(&mut ms, done_high, done_low));
        assert!(ms > 0.0, "the stream of low priority was done {ms} ms after the other");
    }
}

#[test]
fn fill_of_pinned_memory_in_a_stream_is_not_waited_for() {
    let _context = Ctx::new();
    let s = stream(IX_STREAM_NON_BLOCKING);
    let (flag, filled) = (Flag::new(), Flag::new());
    ok(launch(function(module(KERNELS), "spin"), 1, 1, s, &[flag.address()]));
    // SAFETY: no pointers.
    unsafe {
        ok(ixMemsetD32Async(IXdeviceptr(filled.address()), 77, 1, s));
        assert_eq!(ixStreamQuery(s), Code::NOT_READY);
        flag.raise();
        ok(ixStreamSynchronize(s));
        assert_eq!(filled.0.cast::<u32>().read_volatile(), 77);
        // In the null stream it is.
        ok(ixMemsetD32(IXdeviceptr(filled.address()), 78, 1));
        assert_eq!(filled.0.cast::<u32>().read_volatile(), 78);
    }
}

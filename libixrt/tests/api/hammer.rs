// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Many threads, each with streams of its own, that launch, copy, record, allocate and call back
//! at once; then everything is back to the start.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// What a process holds: open descriptors, threads, bytes of free device memory.
fn held() -> (usize, usize, usize) {
    let entries = |path| std::fs::read_dir(path).unwrap().count();
    (entries("/proc/self/fd"), entries("/proc/self/task"), free_memory(0))
}

/// One thread's work: a chain of additions that wanders over its streams, whose result is known.
fn work(context: IXcontext, m: IXmodule, seed: u64, streams: usize, until: Instant) -> u64 {
    // SAFETY: no pointers.
    ok(unsafe { ixCtxSetCurrent(context) });
    let mut random = Random(seed);
    let add = function(m, "vector_add");
    let streams: Vec<IXstream> = (0..streams).map(|_| stream(IX_STREAM_NON_BLOCKING)).collect();
    let done = event(random.below(2) as u32 * IX_EVENT_DISABLE_TIMING);
    let calls = AtomicU32::new(0);
    let mut rounds = 0;
    while Instant::now() < until {
        let n = 1 + random.below(3000) as usize;
        let ones = vec![1f32; n];
        let mut back = vec![0f32; n];
        let (a, mut sum) = (alloc(4 * n), alloc(4 * n));
        let links = 1 + random.below(12);
        // SAFETY: the pointers are valid until the work has been waited for.
        unsafe {
            ok(ixMemcpyHtoDAsync(a, ones.as_ptr().cast(), 4 * n, streams[0]));
            ok(ixMemsetD32Async(sum, 0, n, streams[0]));
            ok(ixEventRecord(done, streams[0]));
            let mut last = streams[0];
            let before = calls.load(Ordering::SeqCst);
            let mut called = 0;
            for _ in 0..links {
                last = streams[random.below(streams.len() as u64) as usize];
                let next = alloc(4 * n);
                ok(ixStreamWaitEvent(last, done, 0));
                ok(launch(add, n.div_ceil(64) as u32, 64, last, &[a.0, sum.0, next.0, n as u64]));
                if random.below(8) == 0 {
                    ok(ixLaunchHostFunc(last, IXhostFn(Some(add_one)), calls.as_ptr().cast()));
                    called += 1;
                }
                ok(ixEventRecord(done, last));
                if random.below(3) == 0 {
                    ok(ixEventSynchronize(done));
                    ok(ixMemFree(sum));
                } else {
                    // Freeing would wait for all streams of all threads each time.
                    ok(ixStreamWaitEvent(last, done, 0));
                    ok(ixMemcpyDtoDAsync(sum, next, 4 * n, last));
                    ok(ixEventRecord(done, last));
                    ok(ixEventSynchronize(done));
                    ok(ixMemFree(next));
                    continue;
                }
                sum = next;
            }
            ok(ixMemcpyDtoHAsync(back.as_mut_ptr().cast(), sum, 4 * n, last));
            ok(ixStreamSynchronize(last));
            assert_eq!(calls.load(Ordering::SeqCst) - before, called);
            ok(ixMemFree(a));
            ok(ixMemFree(sum));
        }
        assert!(back.iter().all(|x| *x == links as f32), "{n} elements, {links} links: {:?}", &back[..n.min(4)]);
        rounds += 1;
    }
    // SAFETY: no pointers.
    unsafe {
        streams.into_iter().for_each(|s| ok(ixStreamDestroy(s)));
        ok(ixEventDestroy(done));
    }
    rounds
}

fn hammer(threads: u64, streams: usize, time: Duration) {
    let seed = seed();
    let outer = Ctx::new();
    // What is kept for later use is there after a first round.
    let once = |threads: u64, time| {
        let context = Ctx::new();
        let m = module(KERNELS);
        let (handle, until) = (context.0, Instant::now() + time);
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..threads).map(|t| scope.spawn(move || work(handle, m, seed * 1000 + t, streams, until))).collect();
            all.into_iter().map(|thread| thread.join().unwrap()).sum::<u64>()
        })
    };
    once(threads, Duration::from_millis(500));
    // SAFETY: no pointers.
    ok(unsafe { ixCtxSetCurrent(outer.0) });
    let before = held();
    let rounds = once(threads, time);
    // SAFETY: no pointers.
    ok(unsafe { ixCtxSetCurrent(outer.0) });
    // Threads of host functions end by themselves.
    let mut after = held();
    for _ in 0..200 {
        if (after.0, after.1) == (before.0, before.1) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
        after = held();
    }
    println!("{rounds} rounds");
    assert!(rounds >= threads, "{rounds} rounds");
    assert_eq!((after.0, after.1), (before.0, before.1), "descriptors and threads");
    // Page tables stay for the addresses that were ever used; whatever else is left takes up a
    // chunk of 2 MiB.
    let least = before.2.saturating_sub(1 << 20);
    let free = free_memory(least);
    assert!(free >= least, "{} bytes of {} are left", before.2 - free, before.2);
}

#[test]
fn threads_hammer_streams_and_leave_nothing() {
    // Alone in its process, which is what is measured.
    if in_child("hammer::threads_hammer_streams_and_leave_nothing", &[]) {
        hammer(16, 2, Duration::from_secs(2));
    }
}

#[test]
#[ignore = "long: cargo xtask soak"]
fn many_threads_hammer_many_streams_for_a_minute() {
    if in_child("hammer::many_threads_hammer_many_streams_for_a_minute", &[]) {
        hammer(64, 4, Duration::from_secs(60));
    }
}

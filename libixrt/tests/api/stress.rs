// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Many threads that make, use and end everything at once, some of them wrongly.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::time::{Duration, Instant};

/// One life of a context: work in some streams whose result is known, or a fault.
fn life(random: &mut Random) {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (store, add) = (function(m, "store"), function(m, "vector_add"));
    let n = 1 + random.below(5000) as usize;
    let a: Vec<f32> = (0..n).map(|i| i as f32).collect();
    let streams: Vec<IXstream> = (0..1 + random.below(4)).map(|_| stream(random.below(2) as u32)).collect();
    let (da, db) = (upload(&a), upload(&a));
    // Null-stream work is not ordered with non-blocking streams.
    // SAFETY: no pointers.
    ok(unsafe { ixCtxSynchronize() });
    let mut last = db;
    let e = event(random.below(2) as u32 * IX_EVENT_DISABLE_TIMING);
    let rounds = 1 + random.below(20);
    for i in 0..rounds {
        // c = a + c, each round in some stream that waits for the one before.
        let s = streams[random.below(streams.len() as u64) as usize];
        let c = alloc(4 * n);
        // SAFETY: no pointers.
        unsafe {
            ok(ixStreamWaitEvent(s, e, 0));
            ok(launch(add, n.div_ceil(64) as u32, 64, s, &[da.0, last.0, c.0, n as u64]));
            ok(ixEventRecord(e, s));
            if i % 3 == 2 {
                ok(ixEventSynchronize(e));
                ok(ixMemFree(last));
            }
        }
        last = c;
    }
    // SAFETY: no pointers.
    unsafe {
        ok(ixEventSynchronize(e));
        assert!(download::<f32>(last, n).into_iter().eq((0..n).map(|i| i as f32 * (rounds + 1) as f32)));
        for s in &streams[1..] {
            ok(ixStreamDestroy(*s));
        }
        if random.below(4) == 0 {
            ok(launch(store, 1, 1, streams[0], &[8, 0]));
            fails(ixCtxSynchronize(), Code::ILLEGAL_ADDRESS, "kernel `store`");
        }
    }
}

/// Four threads of so many lives each.
fn lives(count: u64) {
    let seed = seed();
    std::thread::scope(|scope| {
        for t in 0..4 {
            scope.spawn(move || {
                let mut random = Random(seed * 1000 + t);
                (0..count).for_each(|_| life(&mut random));
            });
        }
    });
}

#[test]
fn threads_live_and_die_beside_each_other() {
    lives(12);
}

#[test]
#[ignore = "long: cargo xtask soak"]
fn threads_live_and_die_many_times() {
    lives(2000);
}

#[test]
fn null_stream_waits_for_others_while_streams_come_and_go() {
    let context = Ctx::new();
    let m = module(KERNELS);
    let (empty, copied) = (function(m, "empty"), stream(0));
    let from = upload(&vec![7u8; 100_000]);
    let until = Instant::now() + Duration::from_millis(500);
    let repeat = |f: &(dyn Fn() + Sync)| {
        // SAFETY: no pointers.
        ok(unsafe { ixCtxSetCurrent(context.0) });
        while Instant::now() < until {
            f();
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| repeat(&|| ok(launch(empty, 1, 1, NULL, &[]))));
        scope.spawn(|| {
            repeat(&|| {
                let mut to = vec![0u8; 100_000];
                // SAFETY: the vector is as large as the copy, which is done when the call returns.
                ok(unsafe { ixMemcpyDtoHAsync(to.as_mut_ptr().cast(), from, to.len(), copied) });
                assert!(to.iter().all(|byte| *byte == 7));
            });
        });
        // SAFETY: no pointers.
        scope.spawn(|| repeat(&|| ok(unsafe { ixStreamDestroy(stream(0)) })));
    });
}

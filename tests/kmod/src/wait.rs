// SPDX-License-Identifier: Apache-2.0 OR MIT
//! DRM_IOCTL_IX_WAIT.

use std::sync::atomic::Ordering;

use ix_uapi::abi::*;
use ix_uapi::WaitOutcome;

use crate::check::{equal, holds, Context, Outcome};
use crate::client::{in_ms, now_ns, raw, Client, SOON_MS};
use crate::Case;

pub const CASES: &[Case] = &[
    ("wait_rejects_bad_fields", bad_fields),
    ("wait_compares", compares),
    ("wait_for_any_and_for_all", any_and_all),
    ("wait_times_out", times_out),
    ("wait_sees_what_a_cpu_stores", cpu_store),
    ("wait_is_woken_by_the_device", woken),
    ("wait_of_many_threads_is_woken", many_threads),
    ("wait_is_interrupted_by_a_signal", interrupted),
];

fn wait(client: &Client, entries: &[drm_ix_wait_entry], timeout_ns: i64, flags: u32) -> (i32, u32) {
    let entries =
        drm_ix_array { stride: size_of::<drm_ix_wait_entry>() as u32, count: entries.len() as u32, array: entries.as_ptr() as u64 };
    let mut argument = drm_ix_wait { entries, timeout_ns, flags, index: 0 };
    let error = raw(&client.device, DRM_IOCTL_IX_WAIT, &mut argument);
    (error, argument.index)
}

fn bad_fields() -> Outcome {
    let client = Client::new()?;
    let fence = client.system(4096)?;
    let good = drm_ix_wait_entry { handle: fence.bo.handle, ..Default::default() };
    let bad = [
        ("handle 0", libc::ENOENT, drm_ix_wait_entry { handle: 0, ..good }),
        ("unknown handle", libc::ENOENT, drm_ix_wait_entry { handle: 4711, ..good }),
        ("comparison 3", libc::EINVAL, drm_ix_wait_entry { op: 3, ..good }),
        ("odd offset", libc::EINVAL, drm_ix_wait_entry { offset: 4, ..good }),
        ("offset past the BO", libc::EINVAL, drm_ix_wait_entry { offset: 4096, ..good }),
        ("huge offset", libc::EINVAL, drm_ix_wait_entry { offset: u64::MAX - 7, ..good }),
        ("unknown queue", libc::ENOENT, drm_ix_wait_entry { queue_id: 4711, ..good }),
        ("pad", libc::EINVAL, drm_ix_wait_entry { pad: 1, ..good }),
    ];
    for (what, errno, entry) in bad {
        equal!(wait(&client, &[entry], 0, 0).0, errno, "{what}");
        equal!(wait(&client, &[good, entry], 0, DRM_IX_WAIT_ALL).0, errno, "{what} as the second");
    }
    equal!(wait(&client, &[], 0, 0).0, libc::EINVAL, "no entry");
    equal!(wait(&client, &[good; 65], 0, 0).0, libc::EINVAL, "65 entries");
    equal!(wait(&client, &[good; 64], 0, 0).0, 0, "64 entries");
    equal!(wait(&client, &[good], 0, 2).0, libc::EINVAL, "flag 2");
    let mut array = drm_ix_wait { entries: drm_ix_array { stride: 8, count: 1, array: 0x1000 }, ..Default::default() };
    equal!(raw(&client.device, DRM_IOCTL_IX_WAIT, &mut array), libc::EINVAL, "stride 8");
    array.entries.stride = 40;
    equal!(raw(&client.device, DRM_IOCTL_IX_WAIT, &mut array), libc::EFAULT, "array that is not there");
    Ok(())
}

fn compares() -> Outcome {
    let client = Client::new()?;
    for fence in [client.system(8192)?, client.vram(8192)?] {
        let offset = 4096 + 64;
        fence.map.atomic_u64(offset).store(1 << 63, Ordering::SeqCst);
        let cases = [
            (DRM_IX_WAIT_GE, 1 << 63, true),
            (DRM_IX_WAIT_GE, 1, true),
            (DRM_IX_WAIT_GE, u64::MAX, false),
            (DRM_IX_WAIT_EQ, 1 << 63, true),
            (DRM_IX_WAIT_EQ, 0, false),
            (DRM_IX_WAIT_NE, 0, true),
            (DRM_IX_WAIT_NE, 1 << 63, false),
        ];
        for (op, value, satisfied) in cases {
            let entry = drm_ix_wait_entry { handle: fence.bo.handle, op, value, offset: offset as u64, ..Default::default() };
            let expected = if satisfied { 0 } else { libc::ETIME };
            equal!(wait(&client, &[entry], 0, 0).0, expected, "comparison {op} with {value:#x}");
        }
    }
    Ok(())
}

fn any_and_all() -> Outcome {
    let client = Client::new()?;
    let fence = client.system(4096)?;
    fence.map.atomic_u64(16).store(5, Ordering::SeqCst);
    let at = |offset, value| drm_ix_wait_entry { handle: fence.bo.handle, offset, value, ..Default::default() };
    equal!(wait(&client, &[at(0, 1), at(8, 1), at(16, 5)], 0, 0), (0, 2), "any, the third");
    equal!(wait(&client, &[at(0, 1), at(16, 5)], 0, DRM_IX_WAIT_ALL).0, libc::ETIME, "all, one missing");
    equal!(wait(&client, &[at(0, 0), at(16, 5)], 0, DRM_IX_WAIT_ALL).0, 0, "all");
    equal!(wait(&client, &[at(0, 1), at(8, 1)], 0, 0).0, libc::ETIME, "any, none");
    Ok(())
}

fn times_out() -> Outcome {
    let client = Client::new()?;
    let fence = client.system(4096)?;
    let entry = drm_ix_wait_entry { handle: fence.bo.handle, value: 1, ..Default::default() };
    let start = now_ns();
    for past in [1, -1, i64::MIN, start - 1] {
        equal!(wait(&client, &[entry], past, 0).0, libc::ETIME, "time {past}");
    }
    let start = now_ns();
    equal!(wait(&client, &[entry], start + 200_000_000, 0).0, libc::ETIME, "in 200 ms");
    let took = now_ns() - start;
    holds!((200_000_000..5_000_000_000).contains(&took), "200 ms took {took} ns");
    Ok(())
}

fn cpu_store() -> Outcome {
    let client = Client::new()?;
    for fence in [client.system(4096)?, client.vram(4096)?] {
        let entry = drm_ix_wait_entry { handle: fence.bo.handle, value: 1, ..Default::default() };
        let outcome = std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(std::time::Duration::from_millis(50));
                fence.map.atomic_u64(0).store(1, Ordering::Release);
            });
            client.device.wait(&[entry], false, in_ms(SOON_MS))
        });
        equal!(outcome.or_fail("WAIT")?, WaitOutcome::Satisfied(0), "outcome");
    }
    Ok(())
}

/// Packet that holds the queue until the word at `va` is at least `value`.
fn hold_until(va: u64, value: u64) -> ix_hw::packet::Wait {
    ix_hw::packet::Wait {
        header: ix_hw::packet::header(ix_hw::packet::Opcode::Wait, 0),
        compare: ix_hw::packet::compare::GE,
        va,
        value,
        ..ix_hw::packet::Wait::ZERO
    }
}

fn woken() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let gate = client.system(4096)?;
    let mut delays = Vec::new();
    for round in 1..=41 {
        stream.push(&hold_until(gate.va, round))?;
        stream.signal()?;
        let entry = stream.entry();
        let (outcome, woken, opened) = std::thread::scope(|scope| {
            let waiter = scope.spawn(|| (client.device.wait(&[entry], false, in_ms(SOON_MS)), now_ns()));
            // The waiter sleeps by now.
            std::thread::sleep(std::time::Duration::from_millis(5));
            let opened = now_ns();
            gate.map.atomic_u64(0).store(round, Ordering::Release);
            waiter.join().map(|(outcome, woken)| (outcome, woken, opened))
        })
        .map_err(|_| "the waiter panicked")?;
        equal!(outcome.or_fail("WAIT")?, WaitOutcome::Satisfied(0), "round {round}");
        delays.push(woken - opened);
    }
    delays.sort_unstable();
    let median = delays[delays.len() / 2];
    // For comparison, how long the device itself takes.
    let mut seen = Vec::new();
    for round in 42..=82 {
        stream.push(&hold_until(gate.va, round))?;
        stream.signal()?;
        std::thread::sleep(std::time::Duration::from_millis(5));
        let fence = stream.fence.map.atomic_u64(0);
        let opened = now_ns();
        gate.map.atomic_u64(0).store(round, Ordering::Release);
        while fence.load(Ordering::Acquire) < stream.entry().value {
            holds!(now_ns() - opened < SOON_MS as i64 * 1_000_000, "no signal in round {round}");
            std::hint::spin_loop();
        }
        seen.push(now_ns() - opened);
    }
    seen.sort_unstable();
    let (awake, there) = (median / 1000, seen[seen.len() / 2] / 1000);
    println!("# from the store that lets the queue go to the signal: {there} us, to the waiter awake: {awake} us");
    // Without interrupts it would be half of the 20 ms after which a waiter looks by itself.
    holds!(median < 5_000_000, "{median} ns; all: {delays:?}");
    Ok(())
}

fn many_threads() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let gate = client.system(4096)?;
    // The queue waits for the gate, so that all threads sleep before any fence is signalled.
    stream.push(&hold_until(gate.va, 1))?;
    let mut entries = Vec::new();
    for _ in 0..8 {
        stream.signal()?;
        entries.push(stream.entry());
    }
    let results = std::thread::scope(|scope| {
        let threads: Vec<_> = entries.iter().map(|entry| scope.spawn(|| client.device.wait(&[*entry], false, in_ms(SOON_MS)))).collect();
        std::thread::sleep(std::time::Duration::from_millis(100));
        gate.map.atomic_u64(0).store(1, Ordering::Release);
        threads.into_iter().map(|t| t.join().ok()).collect::<Vec<_>>()
    });
    for (i, result) in results.into_iter().enumerate() {
        let outcome = result.ok_or("a thread panicked")?.or_fail("WAIT")?;
        equal!(outcome, WaitOutcome::Satisfied(0), "thread {i}");
    }
    Ok(())
}

extern "C" fn ignore(_: libc::c_int) {}

fn interrupted() -> Outcome {
    let client = Client::new()?;
    let fence = client.system(4096)?;
    let entry = drm_ix_wait_entry { handle: fence.bo.handle, value: 1, ..Default::default() };
    // SAFETY: a handler that does nothing, without SA_RESTART.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = ignore as *const () as usize;
        libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut());
    }
    // SAFETY: has no preconditions.
    let waiter = unsafe { libc::pthread_self() };
    let (error, took) = std::thread::scope(|scope| {
        scope.spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(100));
            // SAFETY: the thread waits for this one to end.
            unsafe { libc::pthread_kill(waiter, libc::SIGUSR1) };
        });
        let start = now_ns();
        (wait(&client, &[entry], in_ms(SOON_MS), 0).0, now_ns() - start)
    });
    equal!(error, libc::EINTR, "error");
    holds!(took < 10_000_000_000, "took {took} ns");
    Ok(())
}

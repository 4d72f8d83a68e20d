// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Queues: creation, doorbells, submission, kernels.

use std::sync::atomic::Ordering;

use ix_hw::mmu::VA_START;
use ix_uapi::abi::*;

use crate::bo::try_mmap;
use crate::check::{equal, holds, Context, Outcome};
use crate::client::{in_ms, now_ns, raw, Client, SOON_MS};
use crate::Case;

pub const CASES: &[Case] = &[
    ("queue_create_rejects_bad_fields", bad_fields),
    ("queue_of_high_priority_needs_cap_sys_nice", priority),
    ("queue_ids_are_checked", bad_ids),
    ("queue_doorbell_page_is_one_page", doorbell_page),
    ("queue_slots_are_reused_and_run_out", slots),
    ("queue_copies_between_vram_and_system_memory", copies),
    ("queue_that_sleeps_wakes_by_kick", kick),
    ("queue_runs_a_kernel", kernel),
    ("queue_destroy_ends_a_running_kernel", destroy_running),
    ("queue_and_fdinfo_count_busy_time", busy_time),
];

fn bad_fields() -> Outcome {
    let client = Client::new()?;
    let ring = client.system(4096)?;
    let va_end = client.device.query_device().or_fail("query")?.va_end;
    let create = |q: drm_ix_queue_create| raw(&client.device, DRM_IOCTL_IX_QUEUE_CREATE, &mut { q });
    let good =
        drm_ix_queue_create { vm_id: client.vm, priority: DRM_IX_QUEUE_NORMAL, ring_va: ring.va, ring_log2: 6, ..Default::default() };
    let bad = [
        ("address space 0", libc::ENOENT, drm_ix_queue_create { vm_id: 0, ..good }),
        ("unknown address space", libc::ENOENT, drm_ix_queue_create { vm_id: 9999, ..good }),
        ("priority 3", libc::EINVAL, drm_ix_queue_create { priority: 3, ..good }),
        ("odd ring", libc::EINVAL, drm_ix_queue_create { ring_va: ring.va + 64, ..good }),
        ("ring at 0", libc::EINVAL, drm_ix_queue_create { ring_va: 0, ..good }),
        ("low ring", libc::EINVAL, drm_ix_queue_create { ring_va: VA_START - 4096, ..good }),
        ("ring past the end", libc::EINVAL, drm_ix_queue_create { ring_va: va_end, ..good }),
        ("ring that overflows", libc::EINVAL, drm_ix_queue_create { ring_va: u64::MAX - 4095, ..good }),
        ("ring of 8", libc::EINVAL, drm_ix_queue_create { ring_log2: 3, ..good }),
        ("ring of 128 Ki", libc::EINVAL, drm_ix_queue_create { ring_log2: 17, ..good }),
        ("absurd ring", libc::EINVAL, drm_ix_queue_create { ring_log2: 64, ..good }),
        ("flags", libc::EINVAL, drm_ix_queue_create { flags: 1, ..good }),
        ("pad", libc::EINVAL, drm_ix_queue_create { pad: 1, ..good }),
    ];
    for (what, errno, queue) in bad {
        equal!(create(queue), errno, "{what}");
    }
    let outputs = drm_ix_queue_create { queue_id: 1, doorbell_slot: 2, doorbell_offset: 3, ..good };
    equal!(create(outputs), 0, "output fields set on input");
    Ok(())
}

fn priority() -> Outcome {
    let client = Client::new()?;
    let ring = client.system(4096)?;
    let high = drm_ix_queue_create { vm_id: client.vm, priority: DRM_IX_QUEUE_HIGH, ring_va: ring.va, ring_log2: 6, ..Default::default() };
    // A thread of its own may become another user without the rest of the process.
    let errno = std::thread::scope(|scope| {
        let unprivileged = scope.spawn(|| {
            // SAFETY: plain system calls, of this thread only.
            unsafe {
                libc::syscall(libc::SYS_setresgid, 65534, 65534, 65534);
                libc::syscall(libc::SYS_setresuid, 65534, 65534, 65534);
            }
            raw(&client.device, DRM_IOCTL_IX_QUEUE_CREATE, &mut { high })
        });
        unprivileged.join().unwrap_or(-1)
    });
    equal!(errno, libc::EPERM, "as nobody");
    equal!(raw(&client.device, DRM_IOCTL_IX_QUEUE_CREATE, &mut { high }), 0, "as root");
    Ok(())
}

fn bad_ids() -> Outcome {
    let client = Client::new()?;
    let stream = client.stream(0)?;
    let other = Client::new()?;
    let id = stream.queue.id;
    let destroy = |c: &Client, queue_id, pad| raw(&c.device, DRM_IOCTL_IX_QUEUE_DESTROY, &mut drm_ix_queue_destroy { queue_id, pad });
    let kick = |c: &Client, queue_id, pad| raw(&c.device, DRM_IOCTL_IX_QUEUE_KICK, &mut drm_ix_queue_kick { queue_id, pad });
    let state = |c: &Client, queue_id| raw(&c.device, DRM_IOCTL_IX_QUEUE_STATE, &mut drm_ix_queue_state { queue_id, ..Default::default() });
    for bad in [0, id + 1000, u32::MAX] {
        let all = (destroy(&client, bad, 0), kick(&client, bad, 0), state(&client, bad));
        equal!(all, (libc::ENOENT, libc::ENOENT, libc::ENOENT), "queue {bad}");
    }
    let all = (destroy(&other, id, 0), kick(&other, id, 0), state(&other, id));
    equal!(all, (libc::ENOENT, libc::ENOENT, libc::ENOENT), "queue of another client");
    equal!((destroy(&client, id, 1), kick(&client, id, 1)), (libc::EINVAL, libc::EINVAL), "pad");
    equal!((kick(&client, id, 0), state(&client, id)), (0, 0), "good");
    equal!((destroy(&client, id, 0), destroy(&client, id, 0)), (0, libc::ENOENT), "destroyed twice");
    Ok(())
}

fn doorbell_page() -> Outcome {
    let client = Client::new()?;
    let offset = {
        let other = Client::new()?;
        let offset = other.stream(0)?.queue.doorbell_offset;
        offset
    };
    equal!(try_mmap(&client.device, offset, 4096, libc::MAP_SHARED), libc::EINVAL, "before the first queue");
    let stream = client.stream(0)?;
    let offset = stream.queue.doorbell_offset;
    equal!(try_mmap(&client.device, offset, 4096, libc::MAP_SHARED), 0, "one page");
    equal!(try_mmap(&client.device, offset, 8192, libc::MAP_SHARED), libc::EINVAL, "two pages");
    equal!(try_mmap(&client.device, offset, 4096, libc::MAP_PRIVATE), libc::EINVAL, "private");
    holds!(try_mmap(&client.device, offset + 4096, 4096, libc::MAP_SHARED) != 0, "the page behind can be mapped");
    Ok(())
}

fn slots() -> Outcome {
    let client = Client::new()?;
    let queues = client.device.query_device().or_fail("query")?.queue_count;
    let ring = client.system(4096)?;
    let config = ix_uapi::QueueConfig { vm: client.vm, priority: 1, ring_va: ring.va, ring_log2: 4, timeout_ms: 0 };
    let mut made = Vec::new();
    let error = loop {
        match client.device.queue_create(&config) {
            Ok(queue) => made.push(queue),
            Err(e) => break e,
        }
    };
    equal!(error.errno(), Some(libc::ENOSPC), "when there are no more");
    if queues >= 128 {
        equal!(made.len(), 63, "queues of a client");
    }
    let mut slots: Vec<u32> = made.iter().map(|q| q.doorbell_slot).collect();
    slots.sort_unstable();
    slots.dedup();
    equal!(slots.len(), made.len(), "different slots");
    holds!(slots.iter().all(|s| (1..64).contains(s)), "slots {slots:?}");
    let middle = &made[made.len() / 2];
    client.device.queue_destroy(middle.id).or_fail("QUEUE_DESTROY")?;
    let again = client.device.queue_create(&config).or_fail("QUEUE_CREATE")?;
    equal!(again.doorbell_slot, middle.doorbell_slot, "slot of the next queue");
    Ok(())
}

fn copies() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let size = 1 << 20;
    let (a, b, c) = (client.system(size)?, client.vram(size)?, client.system(size)?);
    let pattern: Vec<u8> = (0..size as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    a.map.write(0, &pattern);
    stream.copy(b.va, a.va, size)?;
    stream.copy(c.va, b.va, size)?;
    stream.finish()?;
    let mut result = vec![0; size as usize];
    c.map.read(0, &mut result);
    holds!(result == pattern, "copy there and back differs");
    let state = stream.state()?;
    equal!(state.state, DRM_IX_QUEUE_RUNNING, "state");
    equal!(state.completed, 3, "packets completed");
    equal!(state.fault, drm_ix_fault::default(), "fault");
    holds!(state.busy_copy_ns > 0, "no time passed while copying");
    Ok(())
}

fn kick() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    stream.finish()?;
    // Long enough for the device to stop looking; ring_doorbell() kicks when it says so.
    std::thread::sleep(std::time::Duration::from_millis(300));
    stream.finish()?;
    Ok(())
}

fn kernel() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let target = client.vram(4096)?;
    let room = client.vram(4096)?;
    let code = client.code(&format!("mov.b64 s0, {:#x}\n mov.b32 s2, 4242\n st.b32.global [s0], s2\n exit", target.va))?;
    stream.launch(&code, &room, [3, 1, 1])?;
    stream.finish()?;
    equal!(target.map.atomic_u32(0).load(Ordering::SeqCst), 4242, "what the kernel stored");
    Ok(())
}

fn destroy_running() -> Outcome {
    let client = Client::new()?;
    let mut endless = client.stream(0)?;
    let mut other = client.stream(0)?;
    let _kept = endless.launch_endless()?;
    other.finish()?;
    let running = client.device.wait(&[endless.entry()], false, in_ms(100)).or_fail("WAIT")?;
    equal!(running, ix_uapi::WaitOutcome::TimedOut, "the endless kernel");
    let start = now_ns();
    client.device.queue_destroy(endless.queue.id).or_fail("QUEUE_DESTROY")?;
    holds!(now_ns() - start < SOON_MS as i64 * 1_000_000, "took {} ms", (now_ns() - start) / 1_000_000);
    other.finish()?;
    Ok(())
}

/// The value of a key of the client's fdinfo.
pub fn fdinfo(client: &Client, key: &str) -> Outcome<String> {
    use std::os::fd::{AsFd, AsRawFd};
    let path = format!("/proc/self/fdinfo/{}", client.device.as_fd().as_raw_fd());
    let text = std::fs::read_to_string(&path).or_fail(&path)?;
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    line.map(|value| value.trim().to_owned()).ok_or_else(|| format!("no {key} in fdinfo:\n{text}"))
}

fn busy_time() -> Outcome {
    let client = Client::new()?;
    let device = client.device.query_device().or_fail("query")?;
    equal!(fdinfo(&client, "drm-driver")?, "ix", "drm-driver");
    let pdev = format!("{:04x}:{:02x}:{:02x}.{}", device.pci_domain, device.pci_bus, device.pci_device, device.pci_function);
    equal!(fdinfo(&client, "drm-pdev")?, pdev, "drm-pdev");
    holds!(!fdinfo(&client, "drm-client-id")?.is_empty(), "drm-client-id");
    equal!(fdinfo(&client, "drm-engine-compute")?, "0 ns", "before");
    let _vram = client.vram(3 << 20)?;
    equal!(fdinfo(&client, "drm-total-vram")?, "3072 KiB", "drm-total-vram");
    equal!(fdinfo(&client, "drm-resident-vram")?, "3072 KiB", "drm-resident-vram");
    let _system = client.system(1 << 20)?;
    equal!(fdinfo(&client, "drm-total-system")?, "1024 KiB", "drm-total-system");

    let mut stream = client.stream(0)?;
    let _kept = stream.launch_endless()?;
    let busy = |what: &str| -> Outcome<u64> {
        let text = fdinfo(&client, "drm-engine-compute")?;
        text.strip_suffix(" ns").and_then(|n| n.parse().ok()).ok_or_else(|| format!("{what}: {text}"))
    };
    let deadline = in_ms(SOON_MS);
    while busy("at the start")? == 0 {
        holds!(now_ns() < deadline, "the kernel does not start");
        std::thread::yield_now();
    }
    let (start, first) = (now_ns(), busy("first")?);
    std::thread::sleep(std::time::Duration::from_millis(300));
    let (second, passed) = (busy("second")?, (now_ns() - start) as u64);
    holds!(second - first >= 250_000_000, "busy for {} ns in 300 ms", second - first);
    holds!(second - first <= passed + 50_000_000, "busy for {} ns of {passed}", second - first);
    holds!(stream.state()?.busy_compute_ns >= second, "the queue was less busy than the client");
    client.device.queue_destroy(stream.queue.id).or_fail("QUEUE_DESTROY")?;
    holds!(busy("after")? >= second, "the time went with the queue");
    Ok(())
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Clients that go in the middle of something, and a device that goes under its clients.

use std::sync::atomic::Ordering;

use ix_uapi::abi::*;
use ix_uapi::Device;

use crate::check::{equal, holds, Context, Outcome};
use crate::client::{in_ms, map_op, now_ns, open, raw, unmap_op, Client, SOON_MS};
use crate::Case;

pub const CASES: &[Case] = &[
    ("client_that_closes_while_a_kernel_runs_frees_all", close_running),
    ("client_that_is_killed_while_a_kernel_runs_frees_all", killed),
    ("client_that_comes_and_goes_leaves_nothing", many_clients),
    ("unbind_under_a_client_gives_enodev_and_takes_mappings", unbind),
    ("unbind_races_with_clients_that_come_and_go", unbind_races),
];

/// Cases that need the device in a state of its own; run by the scripts that make it.
pub const NAMED_CASES: &[Case] =
    &[("smoke", smoke), ("costs", costs), ("dead_device_gives_errors", lost_device), ("reset_device_gives_errors", lost_device)];

/// What all clients use, when nobody else is there.
fn used(device: &Device) -> Outcome<drm_ix_query_memory> {
    device.query_memory().or_fail("query")
}

fn close_running() -> Outcome {
    let watcher = open()?;
    let before = used(&watcher)?;
    for _ in 0..3 {
        let client = Client::new()?;
        let mut streams = [client.stream(0)?, client.stream(0)?];
        let kept = streams[0].launch_endless()?;
        streams[1].hold()?;
        holds!(used(&watcher)?.vram_used > before.vram_used, "the client uses nothing");
        drop(kept);
        drop(streams);
        let start = now_ns();
        drop(client);
        holds!(now_ns() - start < SOON_MS as i64 * 1_000_000, "closing took {} ns", now_ns() - start);
        equal!(used(&watcher)?, before, "use after closing");
    }
    Ok(())
}

fn killed() -> Outcome {
    let watcher = open()?;
    let before = used(&watcher)?;
    let bystander = Client::new()?;
    let mut stream = bystander.stream(0)?;
    let with_bystander = used(&watcher)?;

    // SAFETY: the child has one thread and ends without returning.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let run = || -> Outcome {
            let client = Client::new()?;
            let _kept = client.stream(0)?.launch_endless()?;
            let mut stream = client.stream(0)?;
            stream.hold()?;
            client.device.wait(&[stream.entry()], false, i64::MAX).or_fail("WAIT")?;
            Ok(())
        };
        let code = i32::from(run().is_err());
        // SAFETY: ends the child.
        unsafe { libc::_exit(10 + code) };
    }
    let deadline = in_ms(SOON_MS);
    while used(&watcher)?.vram_used == with_bystander.vram_used {
        holds!(now_ns() < deadline, "the child does not start");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    std::thread::sleep(std::time::Duration::from_millis(200));
    stream.finish()?;
    let mut status = 0;
    // SAFETY: our child.
    unsafe {
        libc::kill(child, libc::SIGKILL);
        libc::waitpid(child, &mut status, 0);
    }
    holds!(libc::WIFSIGNALED(status), "the child ended by itself: status {status:#x}");
    let deadline = in_ms(SOON_MS);
    while used(&watcher)? != with_bystander {
        holds!(now_ns() < deadline, "left behind: {:?}, before {with_bystander:?}", used(&watcher)?);
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    stream.finish()?;
    drop(stream);
    drop(bystander);
    equal!(used(&watcher)?, before, "use at the end");
    Ok(())
}

fn many_clients() -> Outcome {
    let watcher = open()?;
    let before = used(&watcher)?;
    for _ in 0..300 {
        let client = Client::new()?;
        let mut stream = client.stream(0)?;
        stream.signal()?;
    }
    equal!(used(&watcher)?, before, "use after 300 clients");
    Ok(())
}

fn pci_address(device: &Device) -> Outcome<String> {
    let d = device.query_device().or_fail("query")?;
    Ok(format!("{:04x}:{:02x}:{:02x}.{}", d.pci_domain, d.pci_bus, d.pci_device, d.pci_function))
}

/// The signal that a child dies of when it touches `address`.
fn touch(address: *const u8) -> i32 {
    // SAFETY: the child only reads one byte, which may kill it, and ends.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: as above.
        unsafe {
            std::ptr::read_volatile(address);
            libc::_exit(0);
        }
    }
    let mut status = 0;
    // SAFETY: our child.
    unsafe { libc::waitpid(child, &mut status, 0) };
    if libc::WIFSIGNALED(status) {
        libc::WTERMSIG(status)
    } else {
        0
    }
}

/// The render node of the device at a PCI address, once there is one.
fn new_node(address: &str) -> Outcome<std::path::PathBuf> {
    let dir = format!("/sys/bus/pci/devices/{address}/drm");
    let deadline = in_ms(SOON_MS);
    loop {
        for entry in std::fs::read_dir(&dir).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let node = std::path::Path::new("/dev/dri").join(&name);
            if name.starts_with("renderD") && node.exists() {
                return Ok(node);
            }
        }
        holds!(now_ns() < deadline, "no render node in {dir}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

fn unbind() -> Outcome {
    let client = Client::new()?;
    let address = pci_address(&client.device)?;
    let (vram, system) = (client.vram(8192)?, client.system(8192)?);
    vram.map.atomic_u64(0).store(1, Ordering::SeqCst);
    system.map.atomic_u64(0).store(2, Ordering::SeqCst);
    let mut endless = client.stream(0)?;
    let _kept = endless.launch_endless()?;
    let mut stream = client.stream(0)?;
    stream.hold()?;
    let doorbells = client.device.map_doorbells(stream.queue.doorbell_offset).or_fail("mmap of doorbells")?;
    equal!((touch(vram.map.as_ptr()), touch(doorbells.as_ptr())), (0, 0), "signals before");

    let driver = "/sys/bus/pci/drivers/ix";
    let entries = [stream.entry()];
    let waited = std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let array = drm_ix_array { stride: size_of::<drm_ix_wait_entry>() as u32, count: 1, array: entries.as_ptr() as u64 };
            let mut wait = drm_ix_wait { entries: array, timeout_ns: in_ms(SOON_MS), ..Default::default() };
            raw(&client.device, DRM_IOCTL_IX_WAIT, &mut wait)
        });
        std::thread::sleep(std::time::Duration::from_millis(100));
        let start = now_ns();
        let unbound = std::fs::write(format!("{driver}/unbind"), &address);
        (waiter.join().unwrap_or(-1), unbound, now_ns() - start)
    });
    waited.1.or_fail("unbind")?;
    equal!(waited.0, libc::ENODEV, "error of a wait that was under way");
    holds!(waited.2 < 10_000_000_000, "unbinding took {} ns", waited.2);

    let gone = [
        ("QUERY", raw(&client.device, DRM_IOCTL_IX_QUERY, &mut drm_ix_query::default())),
        (
            "BO_CREATE",
            raw(&client.device, DRM_IOCTL_IX_BO_CREATE, &mut drm_ix_bo_create { size: 4096, placement: 1, ..Default::default() }),
        ),
        ("VM_DESTROY", raw(&client.device, DRM_IOCTL_IX_VM_DESTROY, &mut drm_ix_vm_destroy { vm_id: client.vm, pad: 0 })),
        ("QUEUE_KICK", raw(&client.device, DRM_IOCTL_IX_QUEUE_KICK, &mut drm_ix_queue_kick { queue_id: stream.queue.id, pad: 0 })),
        ("WAIT", raw(&client.device, DRM_IOCTL_IX_WAIT, &mut drm_ix_wait::default())),
    ];
    for (name, errno) in gone {
        equal!(errno, libc::ENODEV, "{name} afterwards");
    }
    equal!(touch(vram.map.as_ptr()), libc::SIGBUS, "signal of a load from VRAM");
    equal!(touch(doorbells.as_ptr()), libc::SIGBUS, "signal of a load from the doorbell page");
    // System memory is the client's until it lets go.
    equal!(system.map.atomic_u64(0).load(Ordering::SeqCst), 2, "system memory");

    std::fs::write(format!("{driver}/bind"), &address).or_fail("bind")?;
    // The old client keeps the number of the old node.
    let node = new_node(&address)?;
    let fresh = Client::on(Device::open(&node).or_fail("open")?)?;
    let mut again = fresh.stream(0)?;
    again.finish()?;
    equal!(raw(&client.device, DRM_IOCTL_IX_QUERY, &mut drm_ix_query::default()), libc::ENODEV, "old client");
    drop(again);
    drop(fresh);
    equal!(used(&Device::open(&node).or_fail("open")?)?.vram_used, 0, "VRAM in use");
    Ok(())
}

/// What a client does that may lose its device at any time.
fn fleeting() -> Outcome {
    let client = Client::new()?;
    let buffer = client.system(1 << 20)?;
    let mut held = client.stream(0)?;
    held.hold()?;
    let mut stream = client.stream(0)?;
    stream.fill(buffer.va, (1 << 20) / 8, 1)?;
    stream.signal()?;
    client.bind(&[unmap_op(buffer.va, 1 << 20)])
}

fn unbind_races() -> Outcome {
    let address = pci_address(&open()?)?;
    let driver = "/sys/bus/pci/drivers/ix";
    let mut children = Vec::new();
    for _ in 0..3 {
        // SAFETY: the child does not return from here.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let deadline = in_ms(SOON_MS);
            while !std::path::Path::new("/tmp/unbind_races_end").exists() && now_ns() < deadline {
                // Writing to a doorbell page that was taken away kills a process, so each turn has one.
                // SAFETY: as above.
                let turn = unsafe { libc::fork() };
                if turn == 0 {
                    let _ = fleeting();
                    // SAFETY: ends the process.
                    unsafe { libc::_exit(0) };
                }
                // SAFETY: our child, which may have failed or died.
                unsafe { libc::waitpid(turn, std::ptr::null_mut(), 0) };
            }
            // SAFETY: ends the process.
            unsafe { libc::_exit(0) };
        }
        children.push(child);
    }
    let mut result = Ok(());
    for round in 0..12 {
        std::thread::sleep(std::time::Duration::from_millis(20 + round * 13 % 50));
        for file in ["unbind", "bind"] {
            if let Err(e) = std::fs::write(format!("{driver}/{file}"), &address) {
                result = Err(format!("round {round}: {file}: {e}"));
            }
        }
    }
    std::fs::write("/tmp/unbind_races_end", "").or_fail("/tmp/unbind_races_end")?;
    for child in children {
        let mut status = 0;
        // SAFETY: our child.
        unsafe { libc::waitpid(child, &mut status, 0) };
        equal!(status, 0, "status of a child");
    }
    std::fs::remove_file("/tmp/unbind_races_end").or_fail("/tmp/unbind_races_end")?;
    result?;
    let device = Device::open(new_node(&address)?).or_fail("open")?;
    let now = used(&device)?;
    equal!((now.vram_used, now.vram_reserved, now.system_used), (0, 0, 0), "bytes in use afterwards");
    smoke()
}

fn smoke() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let target = client.vram(4 << 20)?;
    let code = client.code(&format!("mov.b64 s0, {:#x}\n mov.b32 s2, 7\n st.b32.global [s0], s2\n exit", target.va))?;
    let room = client.vram(4096)?;
    stream.launch(&code, &room, [1; 3])?;
    stream.finish()?;
    equal!(target.map.atomic_u32(0).load(Ordering::SeqCst), 7, "what the kernel stored");
    Ok(())
}

/// Prints what the calls cost.
fn costs() -> Outcome {
    let client = Client::new()?;
    let device = &client.device;
    let time = |what: &str, times: i64, call: &mut dyn FnMut() -> Outcome| -> Outcome {
        let start = now_ns();
        for _ in 0..times {
            call()?;
        }
        println!("# {what}: {:.1} us", (now_ns() - start) as f64 / times as f64 / 1000.0);
        Ok(())
    };
    let query = || device.query_memory().or_fail("QUERY").map(drop);
    time("QUERY of memory", 200, &mut || query())?;
    time("QUERY of sensors", 50, &mut || device.query_sensors().or_fail("QUERY").map(drop))?;
    for (name, placement) in [("device", DRM_IX_BO_VRAM), ("system", DRM_IX_BO_SYSTEM)] {
        for size in [4 << 10, 1 << 20, 64 << 20] {
            let va = client.addresses(size);
            let times = if size > 1 << 20 { 5 } else { 50 };
            let mut handles = Vec::new();
            let what = |call: &str| format!("{call} of {} KiB of {name} memory", size >> 10);
            time(&what("BO_CREATE"), times, &mut || {
                handles.push(device.bo_create(size, placement).or_fail("BO_CREATE")?.handle);
                Ok(())
            })?;
            let map = map_op(handles[0], 0, va, size);
            time(&what("VM_BIND, map anew"), times, &mut || client.bind(&[map]))?;
            time(&what("VM_BIND, unmap"), 1, &mut || client.bind(&[unmap_op(va, size)]))?;
            time(&what("GEM_CLOSE"), times, &mut || device.bo_close(handles.pop().unwrap_or(0)).or_fail("GEM_CLOSE"))?;
        }
    }
    let buffer = client.vram(64 << 20)?;
    time("first touch of 64 MiB of device memory", 1, &mut || {
        buffer.map.write(0, &vec![1; 64 << 20]);
        Ok(())
    })?;
    time("the same again", 1, &mut || {
        buffer.map.write(0, &vec![2; 64 << 20]);
        Ok(())
    })?;
    time("VM_CREATE and VM_DESTROY", 50, &mut || {
        let vm = device.vm_create().or_fail("VM_CREATE")?;
        device.vm_destroy(vm).or_fail("VM_DESTROY")
    })?;
    let ring = client.system(4096)?;
    let config = ix_uapi::QueueConfig { vm: client.vm, priority: 1, ring_va: ring.va, ring_log2: 4, timeout_ms: 0 };
    time("QUEUE_CREATE and QUEUE_DESTROY", 50, &mut || {
        let queue = device.queue_create(&config).or_fail("QUEUE_CREATE")?;
        device.queue_destroy(queue.id).or_fail("QUEUE_DESTROY")
    })?;
    let queue = device.queue_create(&config).or_fail("QUEUE_CREATE")?;
    time("QUEUE_KICK", 200, &mut || device.queue_kick(queue.id).or_fail("QUEUE_KICK"))?;
    time("QUEUE_STATE", 200, &mut || device.queue_state(queue.id).or_fail("QUEUE_STATE").map(drop))?;
    let done = drm_ix_wait_entry { handle: buffer.bo.handle, ..Default::default() };
    time("WAIT for a fence that is there", 200, &mut || device.wait(&[done], true, 0).or_fail("WAIT").map(drop))
}

/// The caller kills or resets the device when the file `/tmp/kill` is there, and removes it.
fn lost_device() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    stream.hold()?;
    std::fs::write("/tmp/kill", "").or_fail("/tmp/kill")?;
    let deadline = in_ms(60_000);
    while std::path::Path::new("/tmp/kill").exists() {
        holds!(now_ns() < deadline, "nobody takes the device away");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    // Nobody else asks the device for anything, so the wait itself must find out.
    equal!(stream.wait()?, ix_uapi::WaitOutcome::Stopped(0), "WAIT");
    let start = now_ns();
    let create = raw(&client.device, DRM_IOCTL_IX_VM_CREATE, &mut drm_ix_vm_create::default());
    equal!(create, libc::EIO, "VM_CREATE");
    holds!(now_ns() - start < 15_000_000_000, "VM_CREATE took {} ns", now_ns() - start);
    let bo = raw(&client.device, DRM_IOCTL_IX_BO_CREATE, &mut drm_ix_bo_create { size: 4096, placement: 1, ..Default::default() });
    equal!(bo, libc::EIO, "BO_CREATE");
    equal!(stream.state()?.state, DRM_IX_QUEUE_STOPPED, "state of the queue");
    let start = now_ns();
    drop(stream);
    drop(client);
    holds!(now_ns() - start < 5_000_000_000, "closing took {} ns", now_ns() - start);
    Ok(())
}

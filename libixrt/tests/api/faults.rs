// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Kernels that go wrong, and the death of the device.
//!
//! Death and time limits concern the whole process, so those tests run themselves again as a child
//! process with an environment of its own.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::process::Command;
use std::time::{Duration, Instant};

/// Launches a kernel that must fail with `code` and a message with all of `words`, twice: the error sticks.
#[track_caller]
fn goes_wrong(kernel: &str, arguments: &[u64], code: Code, words: &[&str]) {
    let context = Ctx::new();
    let other = Ctx::new();
    let m = module(KERNELS);
    let (store, cell) = (function(m, "store"), upload(&[0u32]));
    // SAFETY: no pointers.
    unsafe {
        ok(ixCtxSetCurrent(context.0));
        let f = function(module(KERNELS), kernel);
        let mine = upload(&[0u32; 2]);
        ok(launch(f, 2, 32, NULL, arguments));
        for word in words {
            fails(ixCtxSynchronize(), code, word);
        }
        assert_eq!(ixMemAlloc(&mut IXdeviceptr(0), 4), code);
        assert_eq!(launch(f, 1, 1, NULL, arguments), code);
        assert_eq!(ixMemFree(mine), code);
        assert_eq!(ixStreamQuery(NULL), code);
        // The other context does not notice.
        ok(ixCtxSetCurrent(other.0));
        ok(launch(store, 1, 1, NULL, &[cell.0, 5]));
        assert_eq!(download::<u32>(cell, 1), [5]);
        // The order in which both end is not that in which they began.
        drop(context);
        ok(launch(store, 1, 1, NULL, &[cell.0, 6]));
        assert_eq!(download::<u32>(cell, 1), [6]);
    }
}

#[test]
fn store_to_unmapped_address() {
    let words = ["kernel `store`", "wrote 4 bytes at address 0x30", "PC 0x", "(store+0x", "block (", "thread (0, 0, 0)"];
    goes_wrong("store", &[0x30, 1], Code::ILLEGAL_ADDRESS, &words);
}

#[test]
fn load_from_unmapped_address() {
    let words = ["kernel `copy_word` read 4 bytes at address 0x8000000000, which is not mapped"];
    goes_wrong("copy_word", &[0x80_0000_0000, 0x80_0000_0000], Code::ILLEGAL_ADDRESS, &words);
}

#[test]
fn load_far_past_an_allocation_names_it() {
    let context = Ctx::new();
    let f = function(module(KERNELS), "copy_word");
    let a = alloc(8 << 20);
    ok(launch(f, 1, 1, NULL, &[a.0, a.0 + (8 << 20) + (100 << 10)]));
    let words = format!("102400 bytes past the end of the allocation at {:#x} of 8388608 bytes", a.0);
    // SAFETY: no pointers.
    fails(unsafe { ixCtxSynchronize() }, Code::ILLEGAL_ADDRESS, &words);
    drop(context);
}

#[test]
fn misaligned_access() {
    goes_wrong("store", &[0x10_0000_0001, 1], Code::MISALIGNED_ADDRESS, &["kernel `store`", "not aligned"]);
}

#[test]
fn shared_memory_out_of_range() {
    goes_wrong("shared_out_of_range", &[], Code::INVALID_ADDRESS_SPACE, &["shared memory", "0x40000"]);
}

#[test]
fn trap() {
    goes_wrong("trap_it", &[], Code::LAUNCH_FAILED, &["kernel `trap_it` executed a trap"]);
}

#[test]
fn fault_ends_the_wait_of_another_stream() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (a, b, e) = (stream(0), stream(0), event(IX_EVENT_DISABLE_TIMING));
    // SAFETY: no pointers.
    unsafe {
        ok(launch(function(m, "store"), 1, 1, a, &[0, 1]));
        // The fault may be known at any of these calls.
        let calls = [ixEventRecord(e, a), ixStreamWaitEvent(b, e, 0), ixStreamSynchronize(b)];
        assert!(calls.iter().all(|c| [Code::SUCCESS, Code::ILLEGAL_ADDRESS].contains(c)), "{calls:?}");
        fails(ixCtxSynchronize(), Code::ILLEGAL_ADDRESS, "kernel `store`");
    }
}

#[test]
fn kernel_over_the_time_limit() {
    if in_child("faults::kernel_over_the_time_limit", &[("IXRT_TIMEOUT_MS", "200")]) {
        let _context = Ctx::new();
        let spin = function(module(KERNELS), "spin");
        let flag = upload(&[0u32]);
        let start = Instant::now();
        ok(launch(spin, 1, 1, NULL, &[flag.0]));
        // SAFETY: no pointers.
        fails(unsafe { ixCtxSynchronize() }, Code::LAUNCH_TIMEOUT, "kernel `spin` ran longer");
        assert!((Duration::from_millis(150)..Duration::from_secs(10)).contains(&start.elapsed()));
    }
}

/// Ids of the child processes that are devices.
fn devices() -> Vec<i32> {
    let me = std::process::id();
    let children = std::fs::read_to_string(format!("/proc/{me}/task/{me}/children")).unwrap_or_default();
    let threads = std::fs::read_dir(format!("/proc/{me}/task")).unwrap();
    let of_threads = threads.filter_map(|t| std::fs::read_to_string(t.ok()?.path().join("children")).ok()).collect::<String>();
    (children + " " + &of_threads)
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .filter(|pid| std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|c| c.trim() == "ix-device"))
        .collect()
}

#[test]
fn device_that_is_killed() {
    if !backend_is_direct() || std::env::var_os("IXRT_DEVICE_SOCKET").is_some() {
        // Only a private device is a process of ours.
        return;
    }
    if in_child("faults::device_that_is_killed", &[]) {
        let _context = std::mem::ManuallyDrop::new(Ctx::new());
        let spin = function(module(KERNELS), "spin");
        let flag = upload(&[0u32]);
        ok(launch(spin, 1, 1, NULL, &[flag.0]));
        let devices = devices();
        assert_eq!(devices.len(), 1);
        let start = Instant::now();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(100));
                // SAFETY: the process is the device, which is ours.
                unsafe { libc::kill(devices[0], libc::SIGKILL) };
            });
            // SAFETY: no pointers.
            fails(unsafe { ixCtxSynchronize() }, Code::DEVICE_UNAVAILABLE, "signal: 9");
        });
        assert!(start.elapsed() < Duration::from_secs(5));
        // SAFETY: no pointers.
        unsafe {
            assert_eq!(ixMemAlloc(&mut IXdeviceptr(0), 4), Code::DEVICE_UNAVAILABLE);
            assert_eq!(launch(spin, 1, 1, NULL, &[flag.0]), Code::DEVICE_UNAVAILABLE);
            assert_eq!(ixCtxCreate(&mut IXcontext::default(), 0, IXdevice(0)), Code::DEVICE_UNAVAILABLE);
        }
    }
}

#[test]
fn device_ends_with_its_process() {
    if !backend_is_direct() || std::env::var_os("IXRT_DEVICE_SOCKET").is_some() {
        // Only a private device is a process of ours.
        return;
    }
    let note = std::env::temp_dir().join(format!("ixrt-api-device-{}", std::process::id()));
    let mark = note.to_str().unwrap();
    if let Ok(note) = std::env::var("IXRT_API_NOTE") {
        let _context = std::mem::ManuallyDrop::new(Ctx::new());
        std::fs::write(note, devices()[0].to_string()).unwrap();
        // SAFETY: ends this process as a crash would, without any clean-up.
        unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
    }
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "faults::device_ends_with_its_process"])
        .env("IXRT_API_NOTE", mark)
        .status()
        .unwrap();
    assert!(!status.success());
    let pid: i32 = std::fs::read_to_string(&note).unwrap().parse().unwrap();
    std::fs::remove_file(note).unwrap();
    let end = Instant::now() + Duration::from_secs(5);
    while std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|c| c.trim() == "ix-device") {
        assert!(Instant::now() < end, "process {pid} is still there");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn forked_process_is_told_to_exec() {
    let _context = Ctx::new();
    // SAFETY: the child only calls functions that check a flag first, and leaves by _exit.
    unsafe {
        let pid = libc::fork();
        if pid == 0 {
            let refused = ixCtxSynchronize() == Code::NOT_INITIALIZED && ixInit(0) == Code::NOT_INITIALIZED;
            let told = message().contains("forked");
            libc::_exit(if refused && told { 0 } else { 1 });
        }
        let mut status = 0;
        assert_eq!(libc::waitpid(pid, &mut status, 0), pid);
        assert_eq!(status, 0);
    }
}

#[test]
fn failed_kernel_leaves_a_report_if_asked_to() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let path = std::env::temp_dir().join(format!("ixrt-core-{}", std::process::id()));
    let text = std::ffi::CString::new(format!("{}/ixrt-core-%p", std::env::temp_dir().display())).unwrap();
    let (mut on, mut off) = (1u8, 0u8);
    let mut told = [0u8; 300];
    // SAFETY: the pointers are valid for the sizes.
    unsafe {
        ok(ixCoredumpSetAttribute(IX_COREDUMP_ENABLE_ON_EXCEPTION, (&raw mut on).cast(), &mut 1));
        ok(ixCoredumpSetAttribute(IX_COREDUMP_TRIGGER_HOST, (&raw mut off).cast(), &mut 1));
        ok(ixCoredumpSetAttribute(IX_COREDUMP_FILE, text.as_ptr().cast_mut().cast(), &mut text.count_bytes().wrapping_add(1)));
        let mut size = told.len();
        ok(ixCoredumpGetAttribute(IX_COREDUMP_FILE, told.as_mut_ptr().cast(), &mut size));
        assert_eq!(std::ffi::CStr::from_bytes_with_nul(&told[..size]).unwrap().to_str().unwrap(), path.to_str().unwrap());
        ok(ixCoredumpGetAttributeGlobal(IX_COREDUMP_ENABLE_ON_EXCEPTION, told.as_mut_ptr().cast(), &mut size));
        assert_eq!((told[0], size), (0, 1));
        assert_eq!(ixCoredumpSetAttribute(IXcoredumpSettings(99), (&raw mut on).cast(), &mut 1), Code::INVALID_VALUE);
        ok(launch(function(m, "trap_it"), 1, 1, NULL, &[]));
        assert_eq!(ixCtxSynchronize(), Code::LAUNCH_FAILED);
    }
    let report = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(report.starts_with("IX_ERROR_LAUNCH_FAILED (719): ") && report.contains("trap_it"), "{report}");
}

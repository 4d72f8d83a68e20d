// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Which devices there are, as the environment says, and several at once.
//!
//! The environment is read once, so each test runs itself again as a child process.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::path::PathBuf;
use std::process::{Child, Command};

#[test]
fn vulkan_backend_is_refused() {
    if in_child("devices::vulkan_backend_is_refused", &[("IXRT_BACKEND", "vulkan")]) {
        // SAFETY: no pointers.
        fails(unsafe { ixInit(0) }, Code::NOT_SUPPORTED, "without the Vulkan backend");
    }
}

#[test]
fn unknown_backend_is_named_and_leaves_the_library_uninitialised() {
    if in_child("devices::unknown_backend_is_named_and_leaves_the_library_uninitialised", &[("IXRT_BACKEND", "cuda")]) {
        // SAFETY: the pointer is valid.
        unsafe {
            fails(ixInit(0), Code::NO_DEVICE, "IXRT_BACKEND is \"cuda\"; it must be drm or direct");
            fails(ixDeviceGetCount(&mut 0), Code::NOT_INITIALIZED, "ixInit has not been called");
            assert_eq!(ixCtxSynchronize(), Code::NOT_INITIALIZED);
            assert_eq!(launch(IXfunction(1), 1, 1, NULL, &[]), Code::NOT_INITIALIZED);
        }
    }
}

#[test]
fn missing_device_program_is_named() {
    let environment = [("IXRT_BACKEND", "direct"), ("IXRT_DEVICE_BIN", "/nonexistent/ix-device")];
    if in_child("devices::missing_device_program_is_named", &environment) {
        // SAFETY: no pointers.
        fails(unsafe { ixInit(0) }, Code::NO_DEVICE, "cannot start /nonexistent/ix-device: No such file");
    }
}

#[test]
fn device_program_that_ends_at_once_is_quoted() {
    let environment = [("IXRT_BACKEND", "direct"), ("IXRT_DEVICE_PROFILE", "no-such-profile"), ("IXRT_DEVICE_SOCKET", "")];
    if std::env::var("IXRT_API_CHILD").is_err() && !backend_is_direct() {
        return;
    }
    if in_child("devices::device_program_that_ends_at_once_is_quoted", &environment) {
        // SAFETY: no pointers.
        fails(unsafe { ixInit(0) }, Code::NO_DEVICE, "no-such-profile");
    }
}

/// A process with two devices at sockets, ended at the end.
struct TwoDevices {
    process: Child,
    sockets: [PathBuf; 2],
}

impl TwoDevices {
    fn start() -> TwoDevices {
        let beside = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("ix-device");
        let program = std::env::var_os("IXRT_DEVICE_BIN").map_or(beside, PathBuf::from);
        let sockets = [0, 1].map(|i| std::env::temp_dir().join(format!("ixrt-api-{}-{i}.sock", std::process::id())));
        let mut command = Command::new(program);
        for socket in &sockets {
            command.arg("--socket").arg(socket);
        }
        let process = command.args(["--vram", "256M"]).spawn().unwrap();
        for _ in 0..1000 {
            if sockets.iter().all(|s| s.exists()) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        TwoDevices { process, sockets }
    }
}

impl Drop for TwoDevices {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        for socket in &self.sockets {
            let _ = std::fs::remove_file(socket);
        }
    }
}

#[test]
fn two_devices_at_sockets_work_side_by_side() {
    const TEST: &str = "devices::two_devices_at_sockets_work_side_by_side";
    if std::env::var("IXRT_API_CHILD").is_err() {
        if !backend_is_direct() {
            return;
        }
        let devices = TwoDevices::start();
        let sockets = devices.sockets.each_ref().map(|s| s.to_str().unwrap()).join(":");
        // Twice: a device serves the next client when one has gone.
        for _ in 0..2 {
            in_child(TEST, &[("IXRT_DEVICE_SOCKET", &sockets)]);
        }
        return;
    }
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixInit(0));
        let mut count = 0;
        ok(ixDeviceGetCount(&mut count));
        assert_eq!(count, 2);
        let contexts = [0, 1].map(|i| {
            let mut context = IXcontext::default();
            ok(ixCtxCreate(&mut context, 0, IXdevice(i)));
            context
        });
        let work = contexts.map(|context| {
            ok(ixCtxSetCurrent(context));
            let m = module(KERNELS);
            (function(m, "store"), upload(&[0u32; 2]), stream(IX_STREAM_NON_BLOCKING), event(0))
        });
        assert_ne!(work[0].1, work[1].1, "addresses of different devices are different");
        for (i, (store, cell, s, e)) in work.into_iter().enumerate() {
            ok(ixCtxSetCurrent(contexts[i]));
            ok(launch(store, 1, 1, s, &[cell.0, 10 + i as u64]));
            ok(ixEventRecord(e, s));
        }
        // The first device's stream waits for an event of the second one's.
        ok(ixCtxSetCurrent(contexts[0]));
        ok(ixStreamWaitEvent(work[0].2, work[1].3, 0));
        for (i, (_, cell, s, _)) in work.into_iter().enumerate() {
            ok(ixCtxSetCurrent(contexts[i]));
            ok(ixStreamSynchronize(s));
            assert_eq!(download::<u32>(cell, 2), [10 + i as u32, 0]);
            ok(ixCtxDestroy(contexts[i]));
        }
    }
}

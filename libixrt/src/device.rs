// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Devices, and the one list of them that a process has.

use crate::backend::{self, Backend, DeviceInfo, Placement};
use crate::context::Context;
use crate::error::{Code, Error, Result};
use crate::memory::{Cells, Heap};
use crate::staging::Bounce;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

/// A device with the pools of its memory.
#[derive(Debug)]
pub struct Device {
    /// Its number.
    pub ordinal: usize,
    /// The way to it.
    pub backend: Arc<dyn Backend>,
    /// Device memory.
    pub vram: Arc<Heap>,
    /// System memory that the device reaches.
    pub system: Arc<Heap>,
    /// Completion values and timestamps.
    pub cells: Arc<Cells>,
    /// What large copies of pageable memory go through.
    pub bounce: Mutex<Bounce>,
    /// The context that all retainers share.
    pub primary: Mutex<Primary>,
    /// The pool that allocations in streams come from unless they name another, and its handle.
    pub pools: Mutex<Pools>,
    /// Milliseconds that a kernel may run; 0: no limit.
    pub timeout_ms: u32,
}

/// The primary context of a device.
#[derive(Debug, Default)]
pub struct Primary {
    /// Its handle and itself, while it is active.
    pub active: Option<(u64, Arc<Context>)>,
    /// How often it was retained.
    pub retained: u32,
    /// Flags for its next creation.
    pub flags: u32,
}

/// Handles of pools of a device.
#[derive(Debug, Default)]
pub struct Pools {
    /// The one that was always there, once it was asked for.
    pub default: Option<u64>,
    /// The one that is used, if another.
    pub current: Option<u64>,
}

impl Device {
    /// A device over a backend.
    pub fn new(ordinal: usize, backend: Arc<dyn Backend>) -> Arc<Device> {
        let system = Heap::new(&backend, Placement::System);
        Arc::new(Device {
            ordinal,
            vram: Heap::new(&backend, Placement::Vram),
            cells: Cells::new(&system),
            system,
            backend,
            bounce: Mutex::default(),
            primary: Mutex::default(),
            pools: Mutex::default(),
            timeout_ms: std::env::var("IXRT_TIMEOUT_MS").ok().and_then(|v| v.parse().ok()).unwrap_or(0),
        })
    }

    /// What does not change.
    pub fn info(&self) -> &DeviceInfo {
        self.backend.info()
    }
}

static DEVICES: OnceLock<Vec<Arc<Device>>> = OnceLock::new();
static INITIALISING: Mutex<()> = Mutex::new(());
static FORKED: AtomicBool = AtomicBool::new(false);

static EXITING: AtomicBool = AtomicBool::new(false);

extern "C" fn at_exit() {
    EXITING.store(true, Ordering::Relaxed);
}

extern "C" fn after_fork() {
    FORKED.store(true, Ordering::Relaxed);
}

/// Finds and opens the devices, once.
pub fn initialise() -> Result<()> {
    check_fork()?;
    let _one = INITIALISING.lock().unwrap_or_else(|e| e.into_inner());
    if DEVICES.get().is_some() {
        return Ok(());
    }
    let devices: Vec<_> = backend::open_all()?.into_iter().enumerate().map(|(i, b)| Device::new(i, b)).collect();
    // SAFETY: the handler stores to an atomic, which is all that is allowed after a fork.
    unsafe { libc::pthread_atfork(None, None, Some(after_fork)) };
    // SAFETY: likewise. What the program has registered after this runs before, and may still call.
    unsafe { libc::atexit(at_exit) };
    let _ = DEVICES.set(devices);
    Ok(())
}

fn check_fork() -> Result<()> {
    if FORKED.load(Ordering::Relaxed) {
        return Err(Error::new(
            Code::NOT_INITIALIZED,
            "this process was forked from one that had initialised the library: call exec, or fork before ixInit",
        ));
    }
    Ok(())
}

/// All devices.
pub fn all() -> Result<&'static [Arc<Device>]> {
    check_fork()?;
    if EXITING.load(Ordering::Relaxed) {
        return Err(Error::new(Code::DEINITIALIZED, "the process is exiting"));
    }
    if crate::host::in_function() {
        return Err(Error::new(Code::NOT_PERMITTED, "a host function may not call this library"));
    }
    match DEVICES.get() {
        Some(devices) => Ok(devices),
        None => Err(Error::new(Code::NOT_INITIALIZED, "ixInit has not been called")),
    }
}

/// The device with a number.
pub fn get(ordinal: i32) -> Result<&'static Arc<Device>> {
    let devices = all()?;
    usize::try_from(ordinal)
        .ok()
        .and_then(|i| devices.get(i))
        .ok_or_else(|| Error::new(Code::INVALID_DEVICE, format!("there is no device {ordinal}; there are {}", devices.len())))
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The SMs' place while the engine is built elsewhere: every instruction is illegal.
#![allow(missing_docs)]

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Instant;

use ix_hw::dispatch::{self, Descriptor};
use ix_hw::isa::INST_SIZE;

use crate::engine::guard::Window;

/// What the chip's profile allows a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// CAP_THREADS_PER_BLOCK; at most 1024 count.
    pub threads_per_block: u32,
    /// CAP_SHARED_PER_BLOCK.
    pub shared_per_block: u32,
    /// CAP_LOCAL_PER_THREAD.
    pub local_per_thread: u32,
    /// CAP_SM_COUNT.
    pub sm_count: u32,
}

/// Where special registers take the time from.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// When the device's time was 0.
    pub epoch: Instant,
    /// Cycles of an SM in a millisecond: CAP_CORE_CLOCK.
    pub core_khz: u32,
}

impl Clock {
    /// Device time in ns.
    pub fn time_ns(&self) -> u64 {
        self.epoch.elapsed().as_nanos() as u64
    }
    /// Cycles since the device's time was 0.
    pub fn cycles(&self) -> u64 {
        (u128::from(self.time_ns()) * u128::from(self.core_khz) / 1_000_000) as u64
    }
}

/// The first field of a descriptor that is out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadDescriptor {
    /// Name of the field.
    pub field: &'static str,
    /// Its value (of a vector, the component or product that is too large).
    pub value: u64,
}

impl fmt::Display for BadDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "dispatch descriptor: {} is {:#x}, which is out of range", self.field, self.value)
    }
}
impl std::error::Error for BadDescriptor {}

/// One grid on its way through the chip. Shared by all SM workers.
#[derive(Debug)]
pub struct Launch {
    descriptor: Descriptor,
    window: Arc<Window>,
    code: Arc<Code>,
    clock: Clock,
    sm_count: u32,
    threads: u32,
    stop: AtomicBool,
}

/// Checks all fields of a descriptor but those whose ranges the chip does not know.
pub fn check(d: &Descriptor, limits: &Limits) -> Result<(), BadDescriptor> {
    let bad = |field, value: u64| Err(BadDescriptor { field, value });
    if d.entry_va % INST_SIZE != 0 {
        return bad("entry_va", d.entry_va);
    }
    if d.param_va % 8 != 0 {
        return bad("param_va", d.param_va);
    }
    if d.param_size > dispatch::PARAM_MAX {
        return bad("param_size", d.param_size.into());
    }
    if d.flags & !dispatch::FLAG_COOPERATIVE != 0 {
        return bad("flags", d.flags.into());
    }
    for (value, max) in d.grid.iter().zip(dispatch::GRID_MAX) {
        if *value == 0 || *value > max {
            return bad("grid", (*value).into());
        }
    }
    for (value, max) in d.block.iter().zip(dispatch::BLOCK_MAX) {
        if *value == 0 || *value > max {
            return bad("block", (*value).into());
        }
    }
    let threads: u64 = d.block.iter().map(|n| u64::from(*n)).product();
    if threads > limits.threads_per_block.min(1024).into() {
        return bad("block", threads);
    }
    if d.shared_bytes > limits.shared_per_block {
        return bad("shared_bytes", d.shared_bytes.into());
    }
    if d.dynamic_shared_bytes > d.shared_bytes {
        return bad("dynamic_shared_bytes", d.dynamic_shared_bytes.into());
    }
    if d.local_bytes > limits.local_per_thread {
        return bad("local_bytes", d.local_bytes.into());
    }
    if d.vregs > 256 {
        return bad("vregs", d.vregs.into());
    }
    if d.sregs > 256 {
        return bad("sregs", d.sregs.into());
    }
    if d.code_va % INST_SIZE != 0 {
        return bad("code_va", d.code_va);
    }
    if d.code_size > (1 << 30) || d.code_size % INST_SIZE != 0 {
        return bad("code_size", d.code_size);
    }
    match d.reserved.iter().find(|r| **r != 0) {
        Some(value) => bad("reserved", *value),
        None => Ok(()),
    }
}

impl Launch {
    /// A launch of `descriptor` in the address space `window`. `code` must have been loaded for
    /// this descriptor ([`Code::is_for`]).
    pub fn new(
        descriptor: Descriptor,
        window: Arc<Window>,
        code: Arc<Code>,
        clock: Clock,
        limits: &Limits,
    ) -> Result<Launch, BadDescriptor> {
        check(&descriptor, limits)?;
        if !code.is_for(&descriptor) {
            return Err(BadDescriptor { field: "code_va", value: descriptor.code_va });
        }
        let threads = descriptor.block.iter().product();
        Ok(Launch { descriptor, window, code, clock, sm_count: limits.sm_count, threads, stop: AtomicBool::new(false) })
    }

    /// The descriptor.
    pub fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
    /// The address space.
    pub fn window(&self) -> &Window {
        &self.window
    }
    /// The instructions.
    pub fn code(&self) -> &Code {
        &self.code
    }
    /// The time.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
    /// Number of SMs of the chip.
    pub fn sm_count(&self) -> u32 {
        self.sm_count
    }
    /// Threads of a block: 1 to 1024.
    pub fn threads(&self) -> u32 {
        self.threads
    }
    /// Warps of a block: 1 to 32.
    pub fn warps(&self) -> u32 {
        self.threads.div_ceil(32)
    }
    /// Blocks of the grid.
    pub fn blocks(&self) -> u64 {
        self.descriptor.grid.iter().map(|n| u64::from(*n)).product()
    }
    /// Index of the `n`th block, x first.
    pub fn block_index(&self, n: u64) -> [u32; 3] {
        let [x, y, _] = self.descriptor.grid.map(u64::from);
        [(n % x) as u32, (n / x % y) as u32, (n / x / y) as u32]
    }
    /// Index in the block of its `n`th thread, x first.
    pub fn thread_index(&self, n: u32) -> [u32; 3] {
        let [x, y, _] = self.descriptor.block;
        [n % x, n / x % y, n / x / y]
    }
    /// Asks all blocks of the grid to end soon, wherever they run. Cannot be taken back.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
    /// Whether [`Launch::stop`] was called.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
#[derive(Debug)]
pub struct Code;
impl Code {
    pub fn load(_: &Window, _: &Descriptor) -> Code {
        Code
    }
    pub fn is_for(&self, _: &Descriptor) -> bool {
        true
    }
    pub fn is_current(&self, _: &Window) -> bool {
        true
    }
}
#[derive(Debug, Default)]
pub struct Block {
    index: [u32; 3],
}
#[derive(Debug)]
pub enum Progress {
    Done,
    Yielded,
    Stopped,
}
pub struct Fault {
    block: [u32; 3],
}
impl Fault {
    pub fn record(&self, launch: &Launch) -> ix_hw::fault::FaultRecord {
        ix_hw::fault::FaultRecord {
            kind: ix_hw::fault::kind::ILLEGAL_INSTRUCTION,
            unit: ix_hw::fault::unit::SM,
            pc: launch.descriptor().entry_va,
            tag: launch.descriptor().tag,
            block: self.block,
            ..Default::default()
        }
    }
}
impl Block {
    pub fn new() -> Block {
        Block::default()
    }
    pub fn start(&mut self, _: &Launch, index: [u32; 3], _: u32) {
        self.index = index;
    }
    pub fn run(&mut self, _: &Launch, _: u32) -> Result<Progress, Fault> {
        Err(Fault { block: self.index })
    }
}

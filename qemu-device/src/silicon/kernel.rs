// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A kernel: one grid under way.
//!
//! Its blocks are *taken* by SM workers, each number once, from an atomic counter, and *given back*
//! when they have ended. The kernel ends when none is taken and none is left or it was stopped; from
//! then on it touches no memory. The first worker reads and decodes the code, so that the command
//! processor is not held up by it; the others wait for that.

use super::code::CodeCache;
use super::mmu::AddressSpace;
use super::shared::{Shared, Waker};
use crate::engine::{Clock, Launch, Limits};
use ix_hw::dispatch::{Descriptor, FLAG_COOPERATIVE};
use ix_hw::fault::{kind, unit, FaultRecord};
use std::sync::atomic::{fence, AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What a kernel needs of the chip.
#[derive(Debug, Clone)]
pub struct Context {
    /// The chip.
    pub shared: Arc<Shared>,
    /// Decoded code of recent kernels.
    pub codes: Arc<CodeCache>,
    /// Whom it wakes at its end.
    pub waker: Waker,
}

/// One grid under way.
#[derive(Debug)]
pub struct Kernel {
    descriptor: Descriptor,
    limits: Limits,
    space: Arc<AddressSpace>,
    priority: u32,
    total: u64,
    launch: OnceLock<Launch>,
    stopped: AtomicBool,
    /// Blocks taken; rises beyond `total`.
    next: AtomicU64,
    /// Blocks taken and not given back.
    active: AtomicU32,
    ended: AtomicBool,
    fault: Mutex<Option<FaultRecord>>,
    started_ns: u64,
    ended_ns: AtomicU64,
    context: Context,
}

impl Kernel {
    /// A kernel that starts now. The descriptor has been checked against the limits.
    pub fn new(descriptor: Descriptor, limits: Limits, space: Arc<AddressSpace>, priority: u32, context: Context) -> Kernel {
        let started_ns = context.shared.clock.now();
        context.shared.compute.begin(started_ns);
        Kernel {
            descriptor,
            limits,
            space,
            priority,
            total: descriptor.grid.iter().map(|&n| u64::from(n)).product(),
            launch: OnceLock::new(),
            stopped: AtomicBool::new(false),
            next: AtomicU64::new(0),
            active: AtomicU32::new(0),
            ended: AtomicBool::new(false),
            fault: Mutex::new(None),
            started_ns,
            ended_ns: AtomicU64::new(0),
            context,
        }
    }

    /// Number of blocks.
    pub fn blocks(&self) -> u64 {
        self.total
    }

    /// Priority of its queue.
    pub fn priority(&self) -> u32 {
        self.priority
    }

    /// Whether its blocks may wait for one another.
    pub fn is_cooperative(&self) -> bool {
        self.descriptor.flags & FLAG_COOPERATIVE != 0
    }

    /// Memory of the host that a resident block takes, about.
    pub fn block_bytes(&self) -> u64 {
        block_bytes(&self.descriptor)
    }

    /// The grid's constants, with its code. The first call reads the code.
    pub fn launch(&self) -> &Launch {
        let launch = self.launch.get_or_init(|| {
            let code = self.context.codes.get(&self.space, &self.descriptor);
            let shared = &self.context.shared;
            let clock = Clock { epoch: shared.clock.epoch(), core_khz: shared.profile.core_clock_khz };
            Launch::new(self.descriptor, self.space.window().clone(), code, clock, &self.limits)
                .expect("the descriptor was checked and the code loaded for it")
        });
        // Whoever stopped the kernel either found the launch, or is found here.
        fence(Ordering::SeqCst);
        if self.is_stopped() {
            launch.stop();
        }
        launch
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Asks all its blocks to end soon.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        if let Some(launch) = self.launch.get() {
            launch.stop();
        }
        self.end_if_idle();
    }

    /// Stops it with a fault, unless it has one. `record` is without what only its queue knows.
    pub fn fail(&self, record: FaultRecord) {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(record);
        self.stop();
    }

    /// Stops it with TIMEOUT.
    pub fn expire(&self) {
        self.fail(FaultRecord { kind: kind::TIMEOUT, unit: unit::SM, tag: self.descriptor.tag, ..FaultRecord::ZERO });
    }

    /// Whether it has ended, and touches no memory any more.
    pub fn is_done(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// What stopped it.
    pub fn fault(&self) -> Option<FaultRecord> {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Device time at which it started.
    pub fn started_ns(&self) -> u64 {
        self.started_ns
    }

    /// How long it ran, once it has ended.
    pub fn busy_ns(&self) -> u64 {
        self.ended_ns.load(Ordering::Relaxed).saturating_sub(self.started_ns)
    }

    /// Whether a block can be taken.
    pub fn has_more(&self) -> bool {
        self.next.load(Ordering::Relaxed) < self.total && !self.is_stopped()
    }

    /// Takes the number of the next block; none when there is none left.
    pub fn take(&self) -> Option<u64> {
        // Counted before looking: who ends the kernel sees this block, or this sees the end.
        self.active.fetch_add(1, Ordering::SeqCst);
        let n = self.next.fetch_add(1, Ordering::SeqCst);
        if n < self.total && !self.is_stopped() {
            return Some(n);
        }
        self.give_back();
        None
    }

    /// A block that was taken has ended.
    pub fn give_back(&self) {
        if self.active.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.end_if_idle();
        }
    }

    fn end_if_idle(&self) {
        let over = self.next.load(Ordering::SeqCst) >= self.total || self.is_stopped();
        if over && self.active.load(Ordering::SeqCst) == 0 && !self.ended.load(Ordering::SeqCst) {
            let now = self.context.shared.clock.now();
            self.ended_ns.store(now, Ordering::Relaxed);
            if !self.ended.swap(true, Ordering::SeqCst) {
                self.context.shared.compute.end(now);
                self.context.waker.wake();
            }
        }
    }
}

/// Memory of the host that a block of `descriptor` takes, about: registers, shared and local.
pub fn block_bytes(descriptor: &Descriptor) -> u64 {
    let threads: u64 = descriptor.block.iter().map(|&n| u64::from(n)).product();
    let warps = threads.div_ceil(32);
    // A vector register of a warp is 32 lanes of 64 bits; the engine keeps some spare ones.
    let registers = (warps * (u64::from(descriptor.vregs) + 1) + 256) * 256;
    registers + u64::from(descriptor.shared_bytes) + u64::from(descriptor.local_bytes) * threads
}

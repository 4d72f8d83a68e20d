// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The SMs: threads that run the blocks of grids.
//!
//! The blocks of a [`Kernel`] go to *workers*, the host threads that stand for the SMs (usually
//! fewer than the chip has SMs). A worker keeps some blocks *resident* and gives each a slice of
//! time in turn: one block of every kernel in the list, so that a kernel that never ends keeps no
//! other from running; of a cooperative kernel as many as there are, because they may wait for one
//! another. Kernels of higher priority go first. How many blocks are resident is bounded by the
//! host's memory that they take; further kernels wait.

use super::kernel::Kernel;
use crate::engine::{Block, Progress};
use ix_hw::fault::{kind, unit, FaultRecord};
use std::collections::VecDeque;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Jumps in a slice: around a millisecond.
const SLICE: u32 = 4_000;

/// How long a worker without work looks for some before it sleeps.
const IDLE: Duration = Duration::from_micros(30);

/// Blocks that a worker keeps free for reuse, and the largest that it keeps.
const SPARE: usize = 4;
const SPARE_BYTES: u64 = 8 << 20;

/// Kernels of which one worker has a block, and the memory that its blocks may take.
const RESIDENT: usize = 64;
const RESIDENT_BYTES: u64 = 1 << 30;

#[derive(Debug, Default)]
struct List {
    kernels: Vec<Arc<Kernel>>,
    quit: bool,
}

#[derive(Debug, Default)]
struct Common {
    list: Mutex<List>,
    changed: Condvar,
    /// Rises with every kernel that is added, and at the end.
    version: AtomicU64,
    idle: AtomicU32,
}

impl Common {
    fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The SMs of a chip.
#[derive(Debug)]
pub struct Sms {
    common: Arc<Common>,
    threads: Vec<JoinHandle<()>>,
}

impl Sms {
    /// Starts `workers` threads.
    pub fn start(workers: usize) -> std::io::Result<Sms> {
        let common = Arc::new(Common::default());
        let mut sms = Sms { common: common.clone(), threads: Vec::new() };
        for i in 0..workers {
            let common = common.clone();
            let thread = std::thread::Builder::new().name(format!("ix-sm{i}")).spawn(move || Worker::default().run(&common))?;
            sms.threads.push(thread);
        }
        Ok(sms)
    }

    /// Hands `kernel` to the workers.
    pub fn submit(&self, kernel: Arc<Kernel>) {
        let wanted = kernel.blocks().min(self.threads.len() as u64);
        let mut list = self.common.lock();
        list.kernels.retain(|k| k.has_more());
        // Higher priorities stand first, equal ones in the order of their coming.
        let at = list.kernels.partition_point(|k| k.priority() >= kernel.priority());
        list.kernels.insert(at, kernel);
        self.common.version.fetch_add(1, Ordering::SeqCst);
        drop(list);
        for _ in 0..wanted.min(self.common.idle.load(Ordering::SeqCst).into()) {
            self.common.changed.notify_one();
        }
    }
}

impl Drop for Sms {
    fn drop(&mut self) {
        let mut list = self.common.lock();
        list.quit = true;
        list.kernels.iter().for_each(|kernel| kernel.stop());
        self.common.version.fetch_add(1, Ordering::SeqCst);
        drop(list);
        self.common.changed.notify_all();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// A block on a worker, and its kernel.
struct Resident {
    kernel: Arc<Kernel>,
    block: Block,
}

/// What a worker thread owns.
#[derive(Default)]
struct Worker {
    /// The kernels as they were at `version`.
    kernels: Vec<Arc<Kernel>>,
    version: u64,
    residents: VecDeque<Resident>,
    spare: Vec<Block>,
}

impl Worker {
    fn run(&mut self, common: &Common) {
        loop {
            let version = common.version.load(Ordering::SeqCst);
            if version != self.version {
                let list = common.lock();
                if list.quit {
                    self.residents.drain(..).for_each(|r| r.kernel.give_back());
                    return;
                }
                self.kernels.clone_from(&list.kernels);
                self.version = common.version.load(Ordering::SeqCst);
            }
            self.admit();
            if self.residents.is_empty() {
                self.rest(common);
            } else {
                self.turn();
            }
        }
    }

    /// Starts blocks of kernels that have none here, and one more of each cooperative kernel.
    fn admit(&mut self) {
        self.kernels.retain(|kernel| kernel.has_more());
        let mut bytes: u64 = self.residents.iter().map(|r| r.kernel.block_bytes()).sum();
        for kernel in &self.kernels {
            // Cooperative kernels are bounded as a whole when they are launched.
            if !kernel.is_cooperative() {
                let here = self.residents.iter().any(|r| Arc::ptr_eq(&r.kernel, kernel));
                let full = self.residents.len() >= RESIDENT || bytes + kernel.block_bytes() > RESIDENT_BYTES;
                if here || full && !self.residents.is_empty() {
                    continue;
                }
            }
            if let Some(n) = kernel.take() {
                let kernel = kernel.clone();
                bytes += kernel.block_bytes();
                let mut block = self.spare.pop().unwrap_or_default();
                start(&mut block, &kernel, n);
                self.residents.push_back(Resident { kernel, block });
            }
        }
    }

    /// Gives one resident block a slice: the one of the highest priority that waits longest.
    fn turn(&mut self) {
        let best = self.residents.iter().map(|r| r.kernel.priority()).max();
        let Some(at) = self.residents.iter().position(|r| Some(r.kernel.priority()) == best) else { return };
        let Some(mut resident) = self.residents.remove(at) else { return };
        let Resident { kernel, block } = &mut resident;
        // Blocks of small kernels are short: several make one slice.
        let end = Instant::now() + Duration::from_micros(200);
        loop {
            if matches!(slice(block, kernel), Progress::Yielded) {
                self.residents.push_back(resident);
                return;
            }
            // The next block is taken before this one is given back, so that a kernel with blocks
            // left is never without an active one.
            let next = kernel.take();
            kernel.give_back();
            match next {
                Some(n) => start(block, kernel, n),
                None => break,
            }
            if Instant::now() >= end {
                self.residents.push_back(resident);
                return;
            }
        }
        if self.spare.len() < SPARE && resident.kernel.block_bytes() <= SPARE_BYTES {
            self.spare.push(resident.block);
        }
    }

    /// Waits for another kernel.
    fn rest(&mut self, common: &Common) {
        // Finished kernels must not be kept from being freed.
        self.kernels.clear();
        let end = Instant::now() + IDLE;
        while common.version.load(Ordering::SeqCst) == self.version {
            if Instant::now() < end {
                std::thread::yield_now();
                continue;
            }
            let mut list = common.lock();
            common.idle.fetch_add(1, Ordering::SeqCst);
            while common.version.load(Ordering::SeqCst) == self.version {
                list = common.changed.wait(list).unwrap_or_else(PoisonError::into_inner);
            }
            common.idle.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

fn start(block: &mut Block, kernel: &Kernel, n: u64) {
    guarded(block, kernel, |block| {
        let launch = kernel.launch();
        let sm = (n % u64::from(launch.sm_count())) as u32;
        block.start(launch, launch.block_index(n), sm);
        Progress::Yielded
    });
}

fn slice(block: &mut Block, kernel: &Kernel) -> Progress {
    guarded(block, kernel, |block| {
        let launch = kernel.launch();
        block.run(launch, SLICE).unwrap_or_else(|fault| {
            kernel.fail(fault.record(launch));
            Progress::Stopped
        })
    })
}

/// Calls the engine. A panic of it is a defect; it stops the kernel that met it and nothing else.
fn guarded(block: &mut Block, kernel: &Kernel, call: impl FnOnce(&mut Block) -> Progress) -> Progress {
    catch_unwind(AssertUnwindSafe(|| call(block))).unwrap_or_else(|_| {
        *block = Block::new();
        kernel.fail(FaultRecord { kind: kind::ILLEGAL_INSTRUCTION, unit: unit::SM, ..FaultRecord::ZERO });
        Progress::Stopped
    })
}

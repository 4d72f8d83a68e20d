// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The SMs: threads that run the blocks of grids.
//!
//! A *kernel* is one grid under way. Its blocks are handed out by one atomic counter to *workers*,
//! the host threads that stand for the SMs (usually fewer than the chip has SMs). A worker keeps
//! some blocks *resident* and gives each a slice of time in turn: one block of every kernel in the
//! list, so that a kernel that never ends keeps no other from running; of a cooperative kernel as
//! many as there are, because they may wait for one another. Kernels of higher priority go first.

use super::shared::{Shared, Waker};
use crate::engine::{Block, Launch, Progress};
use ix_hw::fault::{kind, unit, FaultRecord};
use std::collections::VecDeque;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{fence, AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Jumps in a slice: around a millisecond.
const SLICE: u32 = 4_000;

/// How long a worker without work looks for some before it sleeps.
const IDLE: Duration = Duration::from_micros(30);

/// Blocks that a worker keeps free for reuse.
const SPARE: usize = 4;

/// One grid under way.
#[derive(Debug)]
pub struct Kernel {
    launch: Launch,
    priority: u32,
    cooperative: bool,
    total: u64,
    /// Blocks handed out; may exceed `total`.
    next: AtomicU64,
    /// Workers that run blocks of it, counted once for each block.
    active: AtomicU32,
    ended: AtomicBool,
    fault: Mutex<Option<FaultRecord>>,
    started_ns: u64,
    ended_ns: AtomicU64,
    shared: Arc<Shared>,
    waker: Waker,
}

impl Kernel {
    /// A kernel that starts now and wakes `waker` at its end.
    pub fn new(launch: Launch, priority: u32, cooperative: bool, shared: Arc<Shared>, waker: Waker) -> Kernel {
        let started_ns = shared.clock.now();
        shared.compute.begin(started_ns);
        Kernel {
            total: launch.blocks(),
            launch,
            priority,
            cooperative,
            next: AtomicU64::new(0),
            active: AtomicU32::new(0),
            ended: AtomicBool::new(false),
            fault: Mutex::new(None),
            started_ns,
            ended_ns: AtomicU64::new(0),
            shared,
            waker,
        }
    }

    /// Asks all its blocks to end soon.
    pub fn stop(&self) {
        self.launch.stop();
        fence(Ordering::SeqCst);
        self.end_if_idle();
    }

    /// Ends it with TIMEOUT.
    pub fn expire(&self) {
        let tag = self.launch.descriptor().tag;
        self.fail(FaultRecord { kind: kind::TIMEOUT, unit: unit::SM, tag, ..FaultRecord::ZERO });
    }

    /// Whether it has ended, and touches no memory any more.
    pub fn is_done(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// What ended it early, less what only its queue knows.
    pub fn fault(&self) -> Option<FaultRecord> {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Device time at which it started.
    pub fn started_ns(&self) -> u64 {
        self.started_ns
    }

    /// How long it ran.
    pub fn busy_ns(&self) -> u64 {
        self.ended_ns.load(Ordering::Relaxed).saturating_sub(self.started_ns)
    }

    fn fail(&self, record: FaultRecord) {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(record);
        self.stop();
    }

    /// Takes the number of a block that has not started; none when there is none left.
    fn take(&self) -> Option<u64> {
        self.active.fetch_add(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        let n = self.next.fetch_add(1, Ordering::SeqCst);
        if n < self.total && !self.launch.is_stopped() {
            return Some(n);
        }
        self.give_back();
        None
    }

    /// A block that was taken has ended.
    fn give_back(&self) {
        if self.active.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.end_if_idle();
        }
    }

    fn end_if_idle(&self) {
        let over = self.next.load(Ordering::SeqCst) >= self.total || self.launch.is_stopped();
        if over && self.active.load(Ordering::SeqCst) == 0 && !self.ended.load(Ordering::SeqCst) {
            let now = self.shared.clock.now();
            self.ended_ns.store(now, Ordering::Relaxed);
            if !self.ended.swap(true, Ordering::SeqCst) {
                self.shared.compute.end(now);
                self.waker.wake();
            }
        }
    }

    fn has_more(&self) -> bool {
        self.next.load(Ordering::Relaxed) < self.total && !self.launch.is_stopped()
    }
}

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
        let wanted = kernel.total.min(self.threads.len() as u64);
        let mut list = self.common.lock();
        list.kernels.retain(|k| k.has_more());
        // Higher priorities stand first, equal ones in the order of their coming.
        let at = list.kernels.partition_point(|k| k.priority >= kernel.priority);
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
        let kernels = std::mem::take(&mut self.kernels);
        self.kernels.extend(kernels.into_iter().filter(|kernel| kernel.has_more()));
        for i in 0..self.kernels.len() {
            let kernel = &self.kernels[i];
            let here = self.residents.iter().any(|r| Arc::ptr_eq(&r.kernel, kernel));
            if here && !kernel.cooperative {
                continue;
            }
            if let Some(n) = kernel.take() {
                let kernel = kernel.clone();
                let mut block = self.spare.pop().unwrap_or_default();
                start(&mut block, &kernel, n);
                self.residents.push_back(Resident { kernel, block });
            }
        }
    }

    /// Gives one resident block a slice: the one of the highest priority that waits longest.
    fn turn(&mut self) {
        let best = self.residents.iter().map(|r| r.kernel.priority).max();
        let Some(at) = self.residents.iter().position(|r| Some(r.kernel.priority) == best) else { return };
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
        if self.spare.len() < SPARE {
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
    let sm = (n % u64::from(kernel.launch.sm_count())) as u32;
    let index = kernel.launch.block_index(n);
    if catch_unwind(AssertUnwindSafe(|| block.start(&kernel.launch, index, sm))).is_err() {
        *block = Block::new();
        kernel.fail(defect());
    }
}

fn slice(block: &mut Block, kernel: &Kernel) -> Progress {
    match catch_unwind(AssertUnwindSafe(|| block.run(&kernel.launch, SLICE))) {
        Ok(Ok(progress)) => progress,
        Ok(Err(fault)) => {
            kernel.fail(fault.record(&kernel.launch));
            Progress::Stopped
        }
        Err(_) => {
            *block = Block::new();
            kernel.fail(defect());
            Progress::Stopped
        }
    }
}

/// What a kernel gets that made the engine panic: a defect of the engine, which stops the kernel
/// that met it and nothing else.
fn defect() -> FaultRecord {
    FaultRecord { kind: kind::ILLEGAL_INSTRUCTION, unit: unit::SM, ..FaultRecord::ZERO }
}

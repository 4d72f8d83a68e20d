// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Copy engines: COPY and FILL packets.
//!
//! A *transfer* is one such packet: rows of bytes that are copied, or of elements that are filled.
//! Small transfers are done by the command processor itself, since waking another thread costs
//! more than they do; larger ones wait in a common list for the next free engine. A transfer runs
//! in pieces, between which it looks at whether its queue wants it to stop.

use super::mmu::AddressSpace;
use super::shared::{Shared, Waker};
use crate::engine::guard::{PageFault, Window};
use ix_hw::packet;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Transfers of up to this many bytes are not worth waking an engine.
pub const SMALL: u64 = 16 << 10;
/// Rows of a small transfer.
const SMALL_ROWS: u32 = 64;
/// Bytes moved between two looks at whether to stop.
const PIECE: u64 = 4 << 20;

/// What a transfer does. Values have been checked; addresses have not.
#[derive(Debug, Clone, Copy)]
pub enum Operation {
    /// Copies rows.
    Copy(packet::Copy),
    /// Fills rows.
    Fill(packet::Fill),
}

impl Operation {
    /// Whether the command processor does it itself.
    pub fn is_small(&self) -> bool {
        let (rows, bytes) = match self {
            Operation::Copy(p) => (p.rows, p.width),
            Operation::Fill(p) => (p.rows, p.width.saturating_mul(p.element.into())),
        };
        rows <= SMALL_ROWS && bytes.saturating_mul(rows.into()) <= SMALL
    }

    /// Does it all; `Ok` too when `stop` ended it early.
    pub fn run(&self, window: &Window, stop: &AtomicBool) -> Result<(), PageFault> {
        match self {
            Operation::Copy(p) if p.width > 0 => rows(p.rows, stop, |row| {
                let src = address(p.src_va, row, p.src_pitch, false)?;
                let dst = address(p.dst_va, row, p.dst_pitch, true)?;
                pieces(p.width, 1, stop, |at, len| window.copy(add(dst, at, true)?, add(src, at, false)?, len))
            }),
            Operation::Fill(p) if p.width > 0 => rows(p.rows, stop, |row| {
                let dst = address(p.dst_va, row, p.pitch, true)?;
                let size = u64::from(p.element);
                pieces(p.width, size, stop, |at, count| {
                    let va = add(dst, at, true)?;
                    match p.element {
                        1 => window.fill(va, p.value as u8, count),
                        2 => window.fill(va, p.value as u16, count),
                        4 => window.fill(va, p.value as u32, count),
                        _ => window.fill(va, p.value, count),
                    }
                })
            }),
            _ => Ok(()),
        }
    }
}

fn rows(count: u32, stop: &AtomicBool, mut row: impl FnMut(u32) -> Result<(), PageFault>) -> Result<(), PageFault> {
    for i in 0..count {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        row(i)?;
    }
    Ok(())
}

/// Calls `piece` with byte offset and element count of the pieces of `count` elements.
fn pieces(count: u64, size: u64, stop: &AtomicBool, mut piece: impl FnMut(u64, u64) -> Result<(), PageFault>) -> Result<(), PageFault> {
    let mut done = 0;
    while done < count && !stop.load(Ordering::Relaxed) {
        let now = (count - done).min(PIECE / size);
        piece(done.saturating_mul(size), now)?;
        done += now;
    }
    Ok(())
}

/// Address of a row; one that overflows is beyond every address space.
fn address(base: u64, row: u32, pitch: u64, write: bool) -> Result<u64, PageFault> {
    let skip = if row == 0 { Some(0) } else { pitch.checked_mul(row.into()) };
    skip.and_then(|skip| base.checked_add(skip)).ok_or(PageFault { va: u64::MAX, write })
}

fn add(base: u64, offset: u64, write: bool) -> Result<u64, PageFault> {
    base.checked_add(offset).ok_or(PageFault { va: u64::MAX, write })
}

/// One transfer under way.
#[derive(Debug)]
pub struct Transfer {
    operation: Operation,
    space: Arc<AddressSpace>,
    stop: AtomicBool,
    done: AtomicBool,
    fault: Mutex<Option<PageFault>>,
    busy_ns: AtomicU64,
    waker: Waker,
}

impl Transfer {
    /// A transfer that wakes `waker` at its end.
    pub fn new(operation: Operation, space: Arc<AddressSpace>, waker: Waker) -> Transfer {
        Transfer {
            operation,
            space,
            stop: AtomicBool::new(false),
            done: AtomicBool::new(false),
            fault: Mutex::new(None),
            busy_ns: AtomicU64::new(0),
            waker,
        }
    }

    /// Asks it to end soon.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether it has ended, and touches no memory any more.
    pub fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }

    /// The fault that ended it.
    pub fn fault(&self) -> Option<PageFault> {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long it ran.
    pub fn busy_ns(&self) -> u64 {
        self.busy_ns.load(Ordering::Relaxed)
    }

    fn run(&self, shared: &Shared) {
        let start = shared.clock.now();
        shared.copy.begin(start);
        if let Err(fault) = self.operation.run(self.space.window(), &self.stop) {
            *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
        }
        let end = shared.clock.now();
        shared.copy.end(end);
        self.busy_ns.store(end - start, Ordering::Relaxed);
        self.done.store(true, Ordering::Release);
        self.waker.wake();
    }
}

#[derive(Debug, Default)]
struct List {
    waiting: VecDeque<Arc<Transfer>>,
    quit: bool,
}

#[derive(Debug, Default)]
struct Common {
    list: Mutex<List>,
    changed: Condvar,
}

/// The copy engines of a chip.
#[derive(Debug)]
pub struct CopyEngines {
    common: Arc<Common>,
    threads: Vec<JoinHandle<()>>,
}

impl CopyEngines {
    /// Starts as many engines as the profile says.
    pub fn start(shared: &Arc<Shared>) -> std::io::Result<CopyEngines> {
        let common = Arc::new(Common::default());
        let mut engines = CopyEngines { common: common.clone(), threads: Vec::new() };
        for i in 0..shared.profile.copy_engines {
            let (shared, common) = (shared.clone(), common.clone());
            let thread = std::thread::Builder::new().name(format!("ix-copy{i}")).spawn(move || work(&shared, &common))?;
            engines.threads.push(thread);
        }
        Ok(engines)
    }

    /// Gives `transfer` to the next free engine.
    pub fn submit(&self, transfer: Arc<Transfer>) {
        let mut list = self.common.list.lock().unwrap_or_else(PoisonError::into_inner);
        list.waiting.push_back(transfer);
        self.common.changed.notify_one();
    }
}

impl Drop for CopyEngines {
    fn drop(&mut self) {
        let mut list = self.common.list.lock().unwrap_or_else(PoisonError::into_inner);
        list.quit = true;
        list.waiting.iter().for_each(|transfer| transfer.stop());
        drop(list);
        self.common.changed.notify_all();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn work(shared: &Shared, common: &Common) {
    let mut list = common.list.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if let Some(transfer) = list.waiting.pop_front() {
            drop(list);
            transfer.run(shared);
            list = common.list.lock().unwrap_or_else(PoisonError::into_inner);
        } else if list.quit {
            return;
        } else {
            list = common.changed.wait(list).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

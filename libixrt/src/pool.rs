// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Pools: memory that is taken and given back in the order of streams.
//!
//! What is *given back* in a stream may be used until the stream has come to that point. The stream
//! itself can take it again at once, as its work is in order; anybody else once the point was
//! reached. A pool keeps what was given back, up to its *threshold*, for the next who wants as much.

use crate::backend::Placement;
use crate::device::Device;
use crate::error::{Code, Error, Result};
use crate::event::Point;
use crate::handle::{lock, Of, Table};
use crate::memory::{allocations, Allocation, Block, Heap, Origin};
use crate::stream::Stream;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};

/// Pools that have handles.
pub static POOLS: Table<Pool> = Table::new(Of::Pool, "memory pool");

/// Memory that was given back.
#[derive(Debug)]
struct Idle {
    block: Block,
    /// Where it was given back; nobody else may use it before.
    point: Option<Point>,
}

impl Idle {
    fn is_free(&self) -> bool {
        self.point.as_ref().is_none_or(Point::reached)
    }

    /// Whether work of `stream` may use it from now on.
    fn is_free_for(&self, stream: &Stream) -> bool {
        self.is_free() || self.point.as_ref().is_some_and(|point| Arc::ptr_eq(&point.timeline, &stream.timeline))
    }
}

/// How a pool is set, and how much it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Bytes that are kept when they are not used.
    pub threshold: u64,
    /// Bytes held, used or not, and the most so far.
    pub reserved: u64,
    /// See above.
    pub reserved_high: u64,
    /// Bytes used, and the most so far.
    pub used: u64,
    /// See above.
    pub used_high: u64,
    /// Which ways of reuse are allowed: by events, when the device has come so far, by new waits.
    pub reuse: [bool; 3],
}

#[derive(Debug)]
struct State {
    idle: Vec<Idle>,
    figures: Figures,
    /// Who else may use it, by place: the flags of the access.
    access: BTreeMap<(i32, i32), i32>,
}

/// A pool: see the module's text.
#[derive(Debug)]
pub struct Pool {
    /// Number of its device.
    pub device: usize,
    /// Device memory or system memory.
    pub placement: Placement,
    /// Most bytes that it may hold; 0: no bound.
    pub limit: u64,
    heap: Weak<Heap>,
    destroyed: AtomicBool,
    state: Mutex<State>,
}

impl Pool {
    /// An empty pool.
    pub fn new(device: &Device, placement: Placement, limit: u64) -> Pool {
        let heap = if placement == Placement::Vram { &device.vram } else { &device.system };
        let figures = Figures { threshold: 0, reserved: 0, reserved_high: 0, used: 0, used_high: 0, reuse: [true; 3] };
        let state = State { idle: Vec::new(), figures, access: BTreeMap::new() };
        Pool {
            device: device.ordinal,
            placement,
            limit,
            heap: Arc::downgrade(heap),
            destroyed: AtomicBool::new(false),
            state: Mutex::new(state),
        }
    }

    /// Takes `bytes` for work of `stream`; what is there may still be used by work before.
    pub fn take(self: &Arc<Pool>, stream: &Stream, bytes: u64) -> Result<u64> {
        let mut state = lock(&self.state);
        let usable = |idle: &Idle| {
            let fits = idle.block.size >= bytes && idle.block.size / 2 <= bytes;
            fits && idle.is_free_for(stream)
        };
        let block = match state.idle.iter().position(usable) {
            Some(index) => state.idle.swap_remove(index).block,
            None => {
                if self.limit != 0 && state.figures.reserved.saturating_add(bytes) > self.limit {
                    return Err(Error::new(
                        Code::OUT_OF_MEMORY,
                        format!("the pool may hold {} bytes, holds {}, and {bytes} more are asked for", self.limit, state.figures.reserved),
                    ));
                }
                let heap = self.heap.upgrade().ok_or(Error::new(Code::DEINITIALIZED, "the pool's device is gone"))?;
                let block = match heap.take(bytes, 1) {
                    Ok(block) => block,
                    // What was given back may be enough.
                    Err(error) => {
                        Pool::release(&mut state, 0);
                        heap.take(bytes, 1).map_err(|_| error)?
                    }
                };
                state.figures.reserved += block.size;
                state.figures.reserved_high = state.figures.reserved_high.max(state.figures.reserved);
                block
            }
        };
        state.figures.used += block.size;
        state.figures.used_high = state.figures.used_high.max(state.figures.used);
        drop(state);
        let host = self.placement == Placement::System;
        Ok(allocations::add(Allocation::of_device(Origin::Pool(Arc::clone(self)), block, host, self.device)))
    }

    /// Takes memory back that is in use up to `point`, or no more.
    pub fn give(&self, allocation: Arc<Allocation>, point: Option<Point>) {
        // Whoever looks at the allocation right now (a fault being explained, a copy being checked)
        // is done soon; then the block is this function's.
        let mut allocation = allocation;
        let block = loop {
            match Arc::try_unwrap(allocation) {
                Ok(allocation) => break allocation.block,
                Err(shared) => allocation = shared,
            }
            std::thread::yield_now();
        };
        let mut state = lock(&self.state);
        state.figures.used -= block.size;
        state.idle.push(Idle { block, point });
        let keep = if self.destroyed.load(Ordering::Relaxed) { 0 } else { state.figures.threshold };
        Pool::release(&mut state, keep);
    }

    /// Lets go of what nobody uses any more as long as the pool holds more than `keep` bytes.
    fn release(state: &mut State, keep: u64) {
        let State { idle, figures, .. } = state;
        idle.retain(|idle| {
            let goes = figures.reserved > keep && idle.is_free();
            if goes {
                figures.reserved -= idle.block.size;
            }
            !goes
        });
    }

    /// Lets go of what nobody uses, but keeps at least `keep` bytes in all.
    pub fn trim(&self, keep: u64) {
        Pool::release(&mut lock(&self.state), keep);
    }

    /// How it is set and how much it holds.
    pub fn figures(&self) -> Figures {
        let mut state = lock(&self.state);
        let keep = state.figures.threshold;
        Pool::release(&mut state, keep);
        state.figures
    }

    /// Changes that.
    pub fn set(&self, change: impl FnOnce(&mut Figures)) {
        change(&mut lock(&self.state).figures);
    }

    /// The access of a place: its flags.
    pub fn access(&self, kind: i32, id: i32) -> Option<i32> {
        lock(&self.state).access.get(&(kind, id)).copied()
    }

    /// Sets the access of a place.
    pub fn set_access(&self, kind: i32, id: i32, flags: i32) {
        lock(&self.state).access.insert((kind, id), flags);
    }

    /// Nothing is kept any more; what is in use goes when it is given back.
    pub fn destroy(&self) {
        self.destroyed.store(true, Ordering::Relaxed);
        self.trim(0);
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Where pageable memory passes through on its way to and from the device.
//!
//! Small copies take pieces of their stream's scratch. For large ones a device has a *bounce
//! buffer*: a few *slots* that are used in turn, large enough that the time to wake up for a
//! finished piece does not matter. One copy uses it at a time; another one that comes meanwhile
//! does with scratch, so that a copy behind a long kernel holds up nobody else.

use crate::device::Device;
use crate::error::Result;
use crate::event::Point;
use crate::memory::Block;
use crate::stream::{Batch, Stream, SCRATCH, SCRATCH_MAX};
use std::sync::{Arc, MutexGuard, TryLockError};

/// Bytes of a slot.
const SLOT: u64 = 2 << 20;
const SLOTS: usize = 4;

/// A device's bounce buffer.
#[derive(Debug, Default)]
pub struct Bounce {
    /// The memory, taken at the first use.
    block: Option<Block>,
    /// Up to when the device uses each slot.
    uses: [Option<Point>; SLOTS],
    next: usize,
}

/// The staging of one copy.
#[derive(Debug)]
pub enum Staging<'a> {
    /// Through the stream's scratch.
    Scratch,
    /// Through the device's bounce buffer.
    Bounce(MutexGuard<'a, Bounce>),
}

impl Staging<'_> {
    /// What suits a copy of so many bytes.
    pub fn choose(device: &Device, bytes: u64) -> Staging<'_> {
        if bytes <= SCRATCH_MAX {
            return Staging::Scratch;
        }
        let mut bounce = match device.bounce.try_lock() {
            Ok(bounce) => bounce,
            Err(TryLockError::Poisoned(e)) => e.into_inner(),
            Err(TryLockError::WouldBlock) => return Staging::Scratch,
        };
        if bounce.block.is_none() {
            // Without memory for it, scratch does too.
            bounce.block = device.system.take(SLOT * SLOTS as u64, 4096).ok();
        }
        if bounce.block.is_none() {
            return Staging::Scratch;
        }
        Staging::Bounce(bounce)
    }

    /// Largest piece.
    pub fn piece(&self) -> u64 {
        match self {
            Staging::Scratch => SCRATCH_MAX,
            Staging::Bounce(_) => SLOT,
        }
    }

    /// So many pieces may be in flight before the next one is taken, none of which is overwritten.
    pub fn in_flight(&self) -> usize {
        match self {
            Staging::Scratch => (SCRATCH / SCRATCH_MAX) as usize - 2,
            Staging::Bounce(_) => SLOTS - 1,
        }
    }

    /// Address of memory for a piece of `size` bytes that a packet of `batch` will use.
    pub fn take(&mut self, batch: &mut Batch<'_>, size: u64) -> Result<u64> {
        let bounce = match self {
            Staging::Scratch => return batch.scratch(size),
            Staging::Bounce(bounce) => bounce,
        };
        let slot = bounce.next;
        if let Some(point) = bounce.uses[slot].take() {
            point.wait();
        }
        let start = bounce.block.as_ref().map_or(0, |b| b.va);
        Ok(start + slot as u64 * SLOT)
    }

    /// Notes that the piece taken last is in use until `stream` has come to `value`.
    pub fn used(&mut self, stream: &Arc<Stream>, value: u64) {
        if let Staging::Bounce(bounce) = self {
            let slot = bounce.next;
            bounce.uses[slot] = Some(Point { timeline: Arc::clone(&stream.timeline), value, stream: Arc::downgrade(stream) });
            bounce.next = (slot + 1) % SLOTS;
        }
    }
}

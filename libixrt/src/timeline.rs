// SPDX-License-Identifier: Apache-2.0 OR MIT
//! How far a stream has come.
//!
//! A *timeline* is a number that only rises, in a cell that the device stores: the stream's packets
//! end in SIGNALs with rising values, so `value >= n` means that everything up to the n-th has
//! completed. The value is what the host polls, what it sleeps on, and what another stream's WAIT
//! compares. A cell that served an earlier timeline goes on from its last value, so a WAIT on an
//! old value that is still in some ring stays satisfied.

use crate::error::Result;
use crate::memory::{Cell, Cells};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

/// A timeline: see the module's text.
#[derive(Debug)]
pub struct Timeline {
    cell: Cell,
    submitted: AtomicU64,
    /// Number of the device whose address space the cell is in.
    pub device: usize,
}

impl Timeline {
    /// A timeline on which everything has completed.
    pub fn new(cells: &Arc<Cells>, device: usize) -> Result<Timeline> {
        let cell = cells.take()?;
        let submitted = AtomicU64::new(cell.word(0).load(Ordering::Acquire));
        Ok(Timeline { cell, submitted, device })
    }

    /// The word.
    pub fn word(&self) -> &AtomicU64 {
        self.cell.word(0)
    }

    /// GPU address of the word.
    pub fn va(&self) -> u64 {
        self.cell.word_va(0)
    }

    /// The cell.
    pub fn cell(&self) -> &Cell {
        &self.cell
    }

    /// Whether everything up to `value` has completed.
    pub fn reached(&self, value: u64) -> bool {
        self.word().load(Ordering::Acquire) >= value
    }

    /// The last value that was submitted.
    pub fn submitted(&self) -> u64 {
        self.submitted.load(Ordering::Acquire)
    }

    /// Notes a submission. Only the holder of the stream's writer calls it.
    pub fn set_submitted(&self, value: u64) {
        self.submitted.store(value, Ordering::Release);
    }

    /// Whether all that was submitted has completed.
    pub fn idle(&self) -> bool {
        self.reached(self.submitted())
    }
}

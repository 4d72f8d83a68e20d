// SPDX-License-Identifier: Apache-2.0 OR MIT
//! How an SM executes: the interpreter.
//!
//! A [`Launch`] is one grid on its way through the chip: the descriptor, the address space and the
//! decoded instructions ([`Code`]). An SM worker owns a few [`Block`]s, which are storage for
//! registers, shared and local memory of one block of threads each. It *starts* a block index of
//! the grid in one of them and *runs* it until it is done, has used its slice of time, or faults.
//! All warps of a block run on the thread that calls [`Block::run`], in turn; blocks of the same
//! grid may run on different threads at the same time.
//!
//! ```no_run
//! # use ix_device::engine::{Block, Launch, Progress, Fault};
//! # fn work(launch: &Launch, next: impl Fn() -> Option<[u32; 3]>) -> Result<(), Fault> {
//! let mut block = Block::new();
//! while let Some(index) = next() {
//!     block.start(launch, index, 0);
//!     while let Progress::Yielded = block.run(launch, 10_000)? {}
//! }
//! # Ok(()) }
//! ```
//!
//! What a launch may name is checked where it enters: [`Launch::new`] refuses descriptors out of
//! range, [`Code::load`] turns whatever does not decode into instructions that fault when they
//! are reached. After that any bytes as code and any contents of registers and memory end in
//! [`Progress`] or a [`Fault`].
//!
//! - [`guard`]: accesses to GPU memory that end in an error value instead of a signal.
//! - [`code`]: instructions, decoded once.
//! - [`launch`]: the grid's constants.
//! - [`block`]: the warps of a block and their turns.

pub mod block;
pub mod code;
mod exec;
pub mod guard;
pub mod launch;

pub use block::{Block, Progress};
pub use code::Code;
pub use guard::{PageFault, Window};
pub use launch::{BadDescriptor, Clock, Launch, Limits};

use ix_hw::fault::{unit, FaultRecord};

/// What stopped a block: the fields of a [`FaultRecord`] that the SM knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// See [`ix_hw::fault::kind`].
    pub kind: u32,
    /// See [`ix_hw::fault::access`].
    pub access: u32,
    /// Bytes of the access of one lane.
    pub size: u32,
    /// Address of the access, in its own space for shared, local and param.
    pub va: u64,
    /// Address of the instruction.
    pub pc: u64,
    /// Block index.
    pub block: [u32; 3],
    /// Thread index in the block of the first faulting lane.
    pub thread: [u32; 3],
    /// The first 32 bits of the instruction, 0 where there is none.
    pub detail: u32,
    /// Lanes that faulted.
    pub lanes: u32,
}

impl Fault {
    /// The record of this fault; the caller adds queue, address space, packet and time.
    pub fn record(&self, launch: &Launch) -> FaultRecord {
        FaultRecord {
            kind: self.kind,
            unit: unit::SM,
            access: self.access,
            size: self.size,
            va: self.va,
            pc: self.pc,
            tag: launch.descriptor().tag,
            block: self.block,
            thread: self.thread,
            detail: self.detail,
            lanes: self.lanes,
            ..FaultRecord::ZERO
        }
    }
}

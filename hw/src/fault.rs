// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Fault records: what went wrong, and exactly where.
//!
//! A fault stops one queue. The device stores `state` and `fault` in the queue's doorbell slot and
//! status record, latches a record, and raises IRQ_EVENT. Fields that a kind does not use are 0.

macro_rules! kinds {
    ($( $(#[doc = $doc:literal])+ $name:ident = $num:literal; )+) => {
        /// Kinds of faults.
        pub mod kind {
            $( $(#[doc = $doc])+ pub const $name: u32 = $num; )+
        }
        /// Number, name and meaning of every kind.
        pub const KINDS: &[(u32, &str, &str)] =
            &[$( ($num, stringify!($name), concat!($($doc, "\n"),+)) ),+];
    };
}

kinds! {
    /// No fault.
    NONE = 0;
    /// An access to an address that is not mapped, or not with that permission.
    PAGE = 1;
    /// An access that is not aligned to its size.
    MISALIGNED = 2;
    /// An address outside the block's shared memory.
    SHARED_RANGE = 3;
    /// An address outside the thread's local memory.
    LOCAL_RANGE = 4;
    /// An address outside the parameter block.
    PARAM_RANGE = 5;
    /// An instruction that does not decode, or an instruction address outside the code.
    ILLEGAL_INSTRUCTION = 6;
    /// A `trap` instruction.
    TRAP = 7;
    /// A `brkpt` instruction with no debugger.
    BREAKPOINT = 8;
    /// Calls nested deeper than 256, or a return without a call.
    CALL_DEPTH = 9;
    /// A barrier that can never complete, or a bad barrier number or count.
    BARRIER = 10;
    /// A kernel ran longer than the queue's limit.
    TIMEOUT = 11;
    /// A packet with an unknown opcode, flag or a reserved field that is not zero.
    BAD_PACKET = 12;
    /// A descriptor with a value out of range.
    BAD_DESCRIPTOR = 13;
    /// A write pointer that runs backwards or past the ring.
    BAD_RING = 14;
}

/// Values of [`FaultRecord::access`].
pub mod access {
    /// Not a memory access.
    pub const NONE: u32 = 0;
    /// Load.
    pub const READ: u32 = 1;
    /// Store.
    pub const WRITE: u32 = 2;
    /// Atomic read-modify-write.
    pub const ATOMIC: u32 = 3;
    /// Instruction fetch.
    pub const FETCH: u32 = 4;
}

/// Values of [`FaultRecord::unit`].
pub mod unit {
    /// The command processor: `packet` says which packet.
    pub const COMMAND: u32 = 0;
    /// An SM: `pc`, `block`, `thread` say where.
    pub const SM: u32 = 1;
    /// A copy engine.
    pub const COPY: u32 = 2;
}

/// Number of records that the device keeps.
pub const RECORDS: usize = 64;
/// Deepest nesting of calls.
pub const CALL_DEPTH_MAX: usize = 256;

layout! {
    /// One fault.
    pub struct FaultRecord, 128 bytes {
        /// See [`kind`].
        0x00 kind: u32,
        /// See [`mod@unit`].
        0x04 unit: u32,
        /// Id of the queue.
        0x08 queue: u32,
        /// Id of the address space.
        0x0c vm: u32,
        /// See [`access`].
        0x10 access: u32,
        /// Bytes of the access.
        0x14 size: u32,
        /// Address of the access (in its own space for shared, local and param).
        0x18 va: u64,
        /// Address of the instruction.
        0x20 pc: u64,
        /// Number of the packet in its queue.
        0x28 packet: u64,
        /// `tag` of the dispatch descriptor.
        0x30 tag: u64,
        /// Block index.
        0x38 block: [u32; 3],
        /// Thread index in the block, of the first faulting lane.
        0x44 thread: [u32; 3],
        /// Kind-specific: the first 32 bits of the instruction or packet.
        0x50 detail: u32,
        /// Lanes that faulted.
        0x54 lanes: u32,
        /// Device time in ns.
        0x58 time_ns: u64,
        /// Zero.
        0x60 reserved: [u64; 4],
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The 64-byte packets of rings.
//!
//! A *ring* is a power-of-two number of packets in memory. A *user ring* lies in the address space
//! of its queue and all addresses in its packets are virtual. The *admin ring* belongs to the
//! driver and its packets carry physical addresses ([`super::mmu::PhysAddr`]).
//!
//! Order in a queue: a packet starts when all earlier packets of its queue have completed, unless
//! it has [`FLAG_OVERLAP`]; then it may start before earlier ones have ended, up to the last
//! packet without the flag. Different queues are independent; WAIT and SIGNAL order them.
//! Memory: all that a packet wrote is visible to every observer before a later packet without
//! FLAG_OVERLAP starts and before its queue's `completed` counts it.
//!
//! The first word of every packet is its header: opcode in bits 0..7, flags in bits 8..15, zero
//! above. Unknown opcodes, flags that the opcode does not take, and reserved fields that are not
//! zero stop the queue with BAD_PACKET.

/// Size of a packet in bytes.
pub const SIZE: usize = 64;
/// Smallest log2 of the number of packets in a ring.
pub const RING_LOG2_MIN: u32 = 4;
/// Largest log2 of the number of packets in a ring.
pub const RING_LOG2_MAX: u32 = 16;
/// A ring starts at a multiple of this.
pub const RING_ALIGN: u64 = 4096;

/// Header flag: need not wait for earlier packets.
pub const FLAG_OVERLAP: u8 = 1 << 0;
/// Header flag of SIGNAL: raise IRQ_FENCE if the client armed it. Of admin packets: raise
/// IRQ_EVENT with INTR_ADMIN on completion.
pub const FLAG_INTERRUPT: u8 = 1 << 1;
/// Header flag of SIGNAL: store the device time in ns at `timestamp_va`, before the value.
pub const FLAG_TIMESTAMP: u8 = 1 << 2;

/// Header word of a packet.
pub const fn header(opcode: Opcode, flags: u8) -> u32 {
    opcode as u32 | (flags as u32) << 8
}

macro_rules! opcodes {
    ($( $(#[doc = $doc:literal])+ $name:ident = $num:literal, $layout:ident, $flags:expr; )+) => {
        /// Operation of a packet.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Opcode { $( $(#[doc = $doc])+ $name = $num, )+ }
        impl Opcode {
            /// All opcodes.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$name),+];
            /// The opcode with this number.
            pub const fn from_number(n: u8) -> Option<Opcode> {
                match n { $( $num => Some(Opcode::$name), )+ _ => None }
            }
            /// Name in documentation.
            pub const fn name(self) -> &'static str {
                match self { $( Opcode::$name => stringify!($name), )+ }
            }
            /// Meaning.
            pub const fn doc(self) -> &'static str {
                match self { $( Opcode::$name => concat!($($doc, "\n"),+), )+ }
            }
            /// Layout of the packet.
            pub const fn layout(self) -> &'static super::layout::Layout {
                match self { $( Opcode::$name => &$layout::LAYOUT, )+ }
            }
            /// Header flags that the opcode takes.
            pub const fn flags(self) -> u8 {
                match self { $( Opcode::$name => $flags, )+ }
            }
        }
    };
}

opcodes! {
    /// Does nothing.
    Nop = 0x00, Plain, FLAG_OVERLAP;
    /// Runs a kernel.
    Dispatch = 0x01, Dispatch, FLAG_OVERLAP;
    /// Copies memory, linear or rows with pitches.
    Copy = 0x02, Copy, FLAG_OVERLAP;
    /// Fills memory with a repeated element.
    Fill = 0x03, Fill, FLAG_OVERLAP;
    /// Stores a 64-bit value, with a timestamp or interrupt if asked.
    Signal = 0x04, Signal, FLAG_OVERLAP | FLAG_INTERRUPT | FLAG_TIMESTAMP;
    /// Holds the queue until a 64-bit or 32-bit value in memory satisfies a comparison.
    Wait = 0x05, Wait, 0;
    /// Holds the queue until all earlier packets have completed.
    Barrier = 0x06, Plain, 0;

    /// Admin: creates an address space.
    VmCreate = 0x80, VmCreate, FLAG_INTERRUPT;
    /// Admin: destroys an address space; its queues must be gone.
    VmDestroy = 0x81, VmDestroy, FLAG_INTERRUPT;
    /// Admin: makes the device see changed page-table entries (valid, changed or removed) of a
    /// range. After completion no access uses the old ones.
    Invalidate = 0x82, Invalidate, FLAG_INTERRUPT;
    /// Admin: creates a queue.
    QueueCreate = 0x83, QueueCreate, FLAG_INTERRUPT;
    /// Admin: stops and destroys a queue, ending its running kernel. After completion the device
    /// no longer touches its ring, doorbell slot and status record.
    QueueDestroy = 0x84, QueueDestroy, FLAG_INTERRUPT;
    /// Admin: copies between physical addresses.
    PhysCopy = 0x85, PhysCopy, FLAG_INTERRUPT;
    /// Admin: fills physical memory.
    PhysFill = 0x86, PhysFill, FLAG_INTERRUPT;
}

layout! {
    /// NOP and BARRIER.
    pub struct Plain, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// Zero.
        0x04 reserved: [u32; 15],
    }
}

layout! {
    /// DISPATCH.
    pub struct Dispatch, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// Zero.
        0x04 reserved0: u32,
        /// Address of a [`super::dispatch::Descriptor`], 64-byte aligned. It is read when the
        /// packet starts and must stay until it has completed.
        0x08 descriptor_va: u64,
        /// Zero.
        0x10 reserved: [u64; 6],
    }
}

layout! {
    /// COPY: `rows` rows of `width` bytes. Source and destination must not overlap.
    pub struct Copy, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// Number of rows, at least 1.
        0x04 rows: u32,
        /// Source address.
        0x08 src_va: u64,
        /// Destination address.
        0x10 dst_va: u64,
        /// Bytes in a row; 0 copies nothing.
        0x18 width: u64,
        /// Bytes from one source row to the next (at least `width`); ignored for one row.
        0x20 src_pitch: u64,
        /// Bytes from one destination row to the next (at least `width`); ignored for one row.
        0x28 dst_pitch: u64,
        /// Zero.
        0x30 reserved: [u64; 2],
    }
}

layout! {
    /// FILL: `rows` rows of `width` elements.
    pub struct Fill, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// Number of rows, at least 1.
        0x04 rows: u32,
        /// Destination address, aligned to the element.
        0x08 dst_va: u64,
        /// Elements in a row; 0 fills nothing.
        0x10 width: u64,
        /// Bytes from one row to the next, a multiple of the element; ignored for one row.
        0x18 pitch: u64,
        /// The element, in the low bytes.
        0x20 value: u64,
        /// Size of the element in bytes: 1, 2, 4 or 8.
        0x28 element: u32,
        /// Zero.
        0x2c reserved0: u32,
        /// Zero.
        0x30 reserved: [u64; 2],
    }
}

layout! {
    /// SIGNAL.
    pub struct Signal, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// Zero.
        0x04 reserved0: u32,
        /// Where the value is stored, 8-byte aligned; 0 stores none.
        0x08 va: u64,
        /// The value.
        0x10 value: u64,
        /// With FLAG_TIMESTAMP, where the device time is stored, 8-byte aligned; else 0.
        0x18 timestamp_va: u64,
        /// Zero.
        0x20 reserved: [u64; 4],
    }
}

/// Comparisons of WAIT, unsigned unless they say otherwise.
pub mod compare {
    /// Memory >= value.
    pub const GE: u32 = 0;
    /// Memory == value.
    pub const EQ: u32 = 1;
    /// Memory != value.
    pub const NE: u32 = 2;
    /// (memory & value) != 0.
    pub const AND: u32 = 3;
    /// memory - value, as a signed number, is not negative: a counter that may wrap has come to value.
    pub const GE_CYCLIC: u32 = 4;
    /// !(memory | value) != 0.
    pub const NOR: u32 = 5;
    /// Added to one of the others: memory and value have 32 bits, and the address is aligned to 4 bytes.
    pub const WORD: u32 = 1 << 8;
}

layout! {
    /// WAIT.
    pub struct Wait, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// See [`compare`].
        0x04 compare: u32,
        /// Address of the 64-bit value, 8-byte aligned; with [`compare::WORD`] of the 32-bit value, 4-byte aligned.
        0x08 va: u64,
        /// What it is compared with; with [`compare::WORD`] the high half is zero.
        0x10 value: u64,
        /// Zero.
        0x18 reserved: [u64; 5],
    }
}

/// Results that the device stores in [`STATUS_OFFSET`] of an admin packet.
pub mod status {
    /// Not completed.
    pub const PENDING: u32 = 0;
    /// Done.
    pub const OK: u32 = 1;
    /// Unknown opcode, flag or reserved field.
    pub const BAD_PACKET: u32 = 2;
    /// An id is out of range, in use where it must be free, or free where it must be in use.
    pub const BAD_ID: u32 = 3;
    /// An address, size or alignment is wrong.
    pub const BAD_ADDRESS: u32 = 4;
    /// The device is out of a resource.
    pub const NO_RESOURCE: u32 = 5;
    /// The address space still has queues.
    pub const BUSY: u32 = 6;
}

/// Every admin packet has a `status` word here. Software writes PENDING; the device stores a
/// [`status`] value there (release order) when the packet has completed. Admin packets run and
/// complete in order, and a failed one changes nothing.
pub const STATUS_OFFSET: usize = 0x04;

layout! {
    /// Admin VM_CREATE.
    pub struct VmCreate, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// Result.
        0x04 status: u32,
        /// Id of the new address space, 1 to CAP_VM_COUNT.
        0x08 vm: u32,
        /// Zero.
        0x0c reserved0: u32,
        /// Physical address of the root page table.
        0x10 root: u64,
        /// Zero.
        0x18 reserved: [u64; 5],
    }
}

layout! {
    /// Admin VM_DESTROY.
    pub struct VmDestroy, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// Result.
        0x04 status: u32,
        /// Id of the address space.
        0x08 vm: u32,
        /// Zero.
        0x0c reserved: [u32; 13],
    }
}

layout! {
    /// Admin INVALIDATE.
    pub struct Invalidate, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// Result.
        0x04 status: u32,
        /// Id of the address space.
        0x08 vm: u32,
        /// Zero.
        0x0c reserved0: u32,
        /// First address, page aligned.
        0x10 va: u64,
        /// Bytes, page aligned.
        0x18 size: u64,
        /// Zero.
        0x20 reserved: [u64; 4],
    }
}

layout! {
    /// Admin QUEUE_CREATE.
    pub struct QueueCreate, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// Result.
        0x04 status: u32,
        /// Id of the new queue, 1 to CAP_QUEUE_COUNT.
        0x08 queue: u32,
        /// Id of its address space.
        0x0c vm: u32,
        /// Virtual address of the ring, aligned to RING_ALIGN.
        0x10 ring_va: u64,
        /// log2 of the number of packets in the ring.
        0x18 ring_log2: u32,
        /// Priority: 0 low, 1 normal, 2 high.
        0x1c priority: u32,
        /// Doorbell page, 1 to DOORBELL_PAGES - 1.
        0x20 doorbell_page: u32,
        /// Slot in that page, 1 to SLOTS - 1, not in use. The device zeroes it and sets `state`
        /// and `queue`.
        0x24 doorbell_slot: u32,
        /// Physical address of the queue's [`QueueStatus`], 64-byte aligned, or 0 for none.
        0x28 status_pa: u64,
        /// Milliseconds that one kernel may run; 0: no limit.
        0x30 timeout_ms: u32,
        /// Zero.
        0x34 reserved: [u32; 3],
    }
}

layout! {
    /// Admin QUEUE_DESTROY.
    pub struct QueueDestroy, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// Result.
        0x04 status: u32,
        /// Id of the queue.
        0x08 queue: u32,
        /// Zero.
        0x0c reserved: [u32; 13],
    }
}

layout! {
    /// Admin PHYS_COPY.
    pub struct PhysCopy, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// Result.
        0x04 status: u32,
        /// Source physical address.
        0x08 src: u64,
        /// Destination physical address.
        0x10 dst: u64,
        /// Bytes.
        0x18 size: u64,
        /// Zero.
        0x20 reserved: [u64; 4],
    }
}

layout! {
    /// Admin PHYS_FILL.
    pub struct PhysFill, 64 bytes {
        /// Opcode and flags.
        0x00 header: u32,
        /// Result.
        0x04 status: u32,
        /// Destination physical address, a multiple of 8.
        0x08 dst: u64,
        /// Bytes, a multiple of 8.
        0x10 size: u64,
        /// The repeated 64-bit value.
        0x18 value: u64,
        /// Zero.
        0x20 reserved: [u64; 4],
    }
}

layout! {
    /// What the device tells the driver of a queue, in memory that the client cannot write.
    pub struct QueueStatus, 64 bytes {
        /// Time in ns during which kernels of the queue ran.
        0x00 busy_compute_ns: u64,
        /// Time in ns during which copies and fills of the queue ran.
        0x08 busy_copy_ns: u64,
        /// Packets completed.
        0x10 completed: u64,
        /// See [`super::doorbell::state`].
        0x18 state: u32,
        /// See [`super::fault::kind`].
        0x1c fault: u32,
        /// Device time in ns of the last update.
        0x20 updated_ns: u64,
        /// Device time in ns at which the running kernel started; 0 when none runs.
        0x28 running_since_ns: u64,
        /// Zero.
        0x30 reserved: [u64; 2],
    }
}

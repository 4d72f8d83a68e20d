// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Doorbell pages: how a client tells the device of new packets without a system call.
//!
//! A *doorbell page* belongs to one client (one open file of the driver) and is mapped by it; page
//! 0 is the driver's. It has 64 *slots* of 64 bytes. Slot 0 is the client's [`ClientSlot`]; every
//! other one can serve one queue as its [`QueueSlot`]. Page 0 slot 1 is the admin ring's. The page
//! is plain shared memory: the device trusts nothing in it, and a client can harm its own queues
//! only.
//!
//! Submitting: write packets to the ring; store `wptr` with release order; full fence; load
//! `needs_kick`; when it is 1, ask the driver to write the queue's id to the KICK register. The
//! device, after finding no work for a while: stores `needs_kick` = 1; full fence; loads `wptr`
//! again; only when it still equals `rptr` it sleeps. On waking it stores `needs_kick` = 0.
//!
//! Interrupts: a waiter sets its client's `irq_armed` to 1; full fence; looks at the awaited
//! memory once more; sleeps. The device, after the store of a SIGNAL packet that has the INTERRUPT
//! flag: full fence; exchanges `irq_armed` with 0; raises IRQ_FENCE when it was not 0. So nobody
//! pays for interrupts that nobody awaits.

/// Number of slots in a page, slot 0 included.
pub const SLOTS: u32 = 64;
/// Size of a slot in bytes.
pub const SLOT_SIZE: u64 = 64;
/// Slot of page 0 that serves the admin ring.
pub const ADMIN_SLOT: u32 = 1;

/// Values of [`QueueSlot::state`].
pub mod state {
    /// No queue uses the slot.
    pub const NONE: u32 = 0;
    /// The queue takes packets.
    pub const RUNNING: u32 = 1;
    /// The queue stopped on a fault; it takes no more packets until it is destroyed.
    pub const STOPPED: u32 = 2;
}

layout! {
    /// Slot 0 of a doorbell page.
    pub struct ClientSlot, 64 bytes {
        /// Set to 1 by who waits for an interrupt, to 0 by the device when it raises it.
        0x00 irq_armed: u32,
        /// Zero.
        0x04 reserved: [u32; 15],
    }
}

layout! {
    /// The slot of one queue.
    pub struct QueueSlot, 64 bytes {
        /// Written by the client: packets written since the queue's creation. The packet with
        /// number n stands in ring entry n modulo the ring's size. More than a ring's size ahead
        /// of `rptr`, or lower than before, stops the queue (BAD_RING).
        0x00 wptr: u64,
        /// Written by the device: packets fetched, so their entries may be reused.
        0x08 rptr: u64,
        /// Written by the device: 1 when it sleeps and wants a kick.
        0x10 needs_kick: u32,
        /// Written by the device: see [`state`].
        0x14 state: u32,
        /// Written by the device: [`super::fault::kind`] of the fault that stopped the queue.
        0x18 fault: u32,
        /// Written by the device: id of the queue, for the kick.
        0x1c queue: u32,
        /// Written by the device: packets completed (all their effects are visible).
        0x20 completed: u64,
        /// Zero.
        0x28 reserved: [u64; 3],
    }
}

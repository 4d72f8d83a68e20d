// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Doorbell pages, as the device sees them: see [`ix_hw::doorbell`] for the protocol.

use ix_hw::doorbell::{ClientSlot, QueueSlot, ADMIN_SLOT, SLOTS, SLOT_SIZE};
use ix_hw::pci::{BAR_REGS_SIZE, DOORBELL_OFFSET, DOORBELL_PAGES, DOORBELL_PAGE_SIZE};
use ix_vfio_user::memory::SharedMemory;
use std::io;
use std::mem::offset_of;
use std::sync::atomic::{fence, AtomicU32, AtomicU64, Ordering};
use std::sync::Arc;

/// All doorbell pages: the mapped part of BAR 0.
#[derive(Debug, Clone)]
pub struct Doorbells {
    memory: Arc<SharedMemory>,
}

impl Doorbells {
    /// Fresh pages, all zero.
    pub fn new() -> io::Result<Doorbells> {
        Ok(Doorbells { memory: Arc::new(SharedMemory::new("ix-doorbells", BAR_REGS_SIZE)?) })
    }

    /// The memory behind BAR 0; offsets are those of the BAR.
    pub fn memory(&self) -> &Arc<SharedMemory> {
        &self.memory
    }

    /// A queue's slot; `None` when there is no such page or slot.
    pub fn queue(&self, page: u32, slot: u32) -> Option<Slot> {
        let valid = page < DOORBELL_PAGES && (1..SLOTS).contains(&slot);
        valid.then(|| Slot { memory: self.memory.clone(), page: page_offset(page), at: page_offset(page) + u64::from(slot) * SLOT_SIZE })
    }

    /// The admin ring's slot.
    pub fn admin(&self) -> Slot {
        let page = page_offset(0);
        Slot { memory: self.memory.clone(), page, at: page + u64::from(ADMIN_SLOT) * SLOT_SIZE }
    }

    /// Zeroes all pages.
    pub fn clear(&self) {
        let zeros = [0; DOORBELL_PAGE_SIZE as usize];
        for page in 0..DOORBELL_PAGES {
            let written = self.memory.map().write(page_offset(page), &zeros);
            debug_assert!(written, "all pages lie in BAR 0");
        }
    }
}

fn page_offset(page: u32) -> u64 {
    DOORBELL_OFFSET + u64::from(page) * DOORBELL_PAGE_SIZE
}

/// One queue's slot. The client can write all of it at any time, so nothing that is read here but
/// the write pointer and the arming word has a meaning.
#[derive(Debug, Clone)]
pub struct Slot {
    memory: Arc<SharedMemory>,
    page: u64,
    at: u64,
}

impl Slot {
    fn word(&self, offset: usize) -> &AtomicU32 {
        self.memory.map().atomic_u32(self.at + offset as u64).expect("slots lie in BAR 0")
    }

    fn long(&self, offset: usize) -> &AtomicU64 {
        self.memory.map().atomic_u64(self.at + offset as u64).expect("slots lie in BAR 0")
    }

    /// Zeroes the slot, then states whose it is.
    pub fn init(&self, queue: u32, state: u32) {
        self.clear();
        self.word(offset_of!(QueueSlot, queue)).store(queue, Ordering::Relaxed);
        self.set_state(state, 0);
    }

    /// Zeroes the slot.
    pub fn clear(&self) {
        for offset in (0..SLOT_SIZE as usize).step_by(8) {
            self.long(offset).store(0, Ordering::Release);
        }
    }

    /// Packets that the client has written.
    pub fn wptr(&self) -> u64 {
        self.long(offset_of!(QueueSlot, wptr)).load(Ordering::Acquire)
    }

    /// Publishes the number of fetched packets.
    pub fn set_rptr(&self, rptr: u64) {
        self.long(offset_of!(QueueSlot, rptr)).store(rptr, Ordering::Release);
    }

    /// Publishes the number of completed packets.
    pub fn set_completed(&self, completed: u64) {
        self.long(offset_of!(QueueSlot, completed)).store(completed, Ordering::Release);
    }

    /// Publishes state and fault.
    pub fn set_state(&self, state: u32, fault: u32) {
        self.word(offset_of!(QueueSlot, fault)).store(fault, Ordering::Relaxed);
        self.word(offset_of!(QueueSlot, state)).store(state, Ordering::Release);
    }

    /// Says that the device sleeps, or no longer. After saying so and a [`fence`], look at the
    /// write pointer once more.
    pub fn set_needs_kick(&self, needs: bool) {
        self.word(offset_of!(QueueSlot, needs_kick)).store(needs.into(), Ordering::Relaxed);
    }

    /// Whether the slot's client waits for an interrupt; it no longer counts as waiting after.
    pub fn take_irq_armed(&self) -> bool {
        fence(Ordering::SeqCst);
        let at = self.page + offset_of!(ClientSlot, irq_armed) as u64;
        let armed = self.memory.map().atomic_u32(at).expect("slots lie in BAR 0");
        armed.load(Ordering::Relaxed) != 0 && armed.swap(0, Ordering::SeqCst) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_where_the_contract_says() {
        let doorbells = Doorbells::new().unwrap();
        let slot = doorbells.queue(3, 2).unwrap();
        slot.init(77, 1);
        slot.set_rptr(5);
        slot.set_completed(4);
        slot.set_needs_kick(true);
        let map = doorbells.memory().map();
        let at = 0x1_0000 + 3 * 0x1000 + 2 * 64;
        let long = |offset| map.atomic_u64(at + offset).unwrap().load(Ordering::Relaxed);
        assert_eq!([long(0), long(8), long(16), long(24), long(32)], [0, 5, 1 << 32 | 1, 77 << 32, 4]);
        map.atomic_u64(at).unwrap().store(9, Ordering::Relaxed);
        assert_eq!(slot.wptr(), 9);
    }

    #[test]
    fn arming_word_is_taken_once() {
        let doorbells = Doorbells::new().unwrap();
        let slot = doorbells.queue(1, 1).unwrap();
        assert!(!slot.take_irq_armed());
        doorbells.memory().map().atomic_u32(0x1_1000).unwrap().store(1, Ordering::Relaxed);
        assert!(slot.take_irq_armed());
        assert!(!slot.take_irq_armed());
    }

    #[test]
    fn slots_that_do_not_exist_are_refused() {
        let doorbells = Doorbells::new().unwrap();
        assert!(doorbells.queue(DOORBELL_PAGES, 1).is_none());
        assert!(doorbells.queue(0, 0).is_none());
        assert!(doorbells.queue(0, SLOTS).is_none());
        assert!(doorbells.queue(DOORBELL_PAGES - 1, SLOTS - 1).is_some());
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What the chip tells the driver unasked: latched fault records and interrupts.

use ix_hw::fault::{FaultRecord, RECORDS};
use ix_hw::pci::{IRQ_EVENT, IRQ_FENCE, IRQ_VECTORS};
use ix_hw::regs::{INTR_FAULT, INTR_FENCE};
use ix_vfio_user::irq::Interrupts;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// Fault records, interrupt causes and interrupt vectors.
#[derive(Debug)]
pub struct Events {
    records: Mutex<VecDeque<FaultRecord>>,
    lost: AtomicU32,
    causes: AtomicU32,
    vectors: Interrupts,
}

impl Default for Events {
    fn default() -> Events {
        Events { records: Mutex::default(), lost: AtomicU32::new(0), causes: AtomicU32::new(0), vectors: Interrupts::new(IRQ_VECTORS) }
    }
}

impl Events {
    /// The MSI-X vectors.
    pub fn vectors(&self) -> &Interrupts {
        &self.vectors
    }

    /// Latches `record` and raises the interrupt. When the queue of records is full it is counted
    /// as lost: the oldest ones say most about how trouble began.
    pub fn fault(&self, record: FaultRecord) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() < RECORDS {
            records.push_back(record);
        } else {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        drop(records);
        self.raise(INTR_FAULT.mask());
    }

    /// Notes `cause`, a bit of INTR_STATUS, and raises IRQ_EVENT.
    pub fn raise(&self, cause: u32) {
        self.causes.fetch_or(cause, Ordering::SeqCst);
        self.vectors.raise(IRQ_EVENT);
    }

    /// Raises the interrupt of a SIGNAL packet.
    pub fn raise_fence(&self) {
        if self.vectors.is_enabled(IRQ_FENCE) {
            self.vectors.raise(IRQ_FENCE);
        } else {
            self.raise(INTR_FENCE.mask());
        }
    }

    /// INTR_STATUS.
    pub fn causes(&self) -> u32 {
        self.causes.load(Ordering::SeqCst)
    }

    /// Clears causes.
    pub fn clear_causes(&self, causes: u32) {
        self.causes.fetch_and(!causes, Ordering::SeqCst);
    }

    /// FAULT_COUNT.
    pub fn count(&self) -> u32 {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).len() as u32
    }

    /// FAULT_LOST.
    pub fn lost(&self) -> u32 {
        self.lost.load(Ordering::Relaxed)
    }

    /// The oldest record; zero when there is none.
    pub fn oldest(&self) -> FaultRecord {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.front().copied().unwrap_or(FaultRecord::ZERO)
    }

    /// Drops the oldest record.
    pub fn pop(&self) {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    }

    /// Forgets records and causes.
    pub fn reset(&self) {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.lost.store(0, Ordering::Relaxed);
        self.causes.store(0, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ix_vfio_user::event::EventFd;
    use std::os::fd::AsFd;
    use std::time::Duration;

    fn watch(events: &Events, vector: u32) -> EventFd {
        let event = EventFd::new().unwrap();
        let copy = event.as_fd().try_clone_to_owned().unwrap();
        events.vectors().assign(vector, Some(EventFd::from_fd(copy)));
        event
    }

    fn fired(event: &EventFd) -> u64 {
        event.wait(Some(Duration::ZERO)).unwrap()
    }

    #[test]
    fn records_come_out_in_order_and_overflow_is_counted() {
        let events = Events::default();
        for packet in 0..RECORDS as u64 + 3 {
            events.fault(FaultRecord { packet, ..FaultRecord::ZERO });
        }
        assert_eq!((events.count(), events.lost()), (RECORDS as u32, 3));
        events.pop();
        assert_eq!(events.oldest().packet, 1);
        events.reset();
        assert_eq!((events.count(), events.lost(), events.causes()), (0, 0, 0));
        assert_eq!(events.oldest(), FaultRecord::ZERO);
        events.pop();
    }

    #[test]
    fn signals_fall_back_to_the_only_vector() {
        let events = Events::default();
        let event = watch(&events, IRQ_EVENT);
        events.raise_fence();
        assert_eq!(fired(&event), 1);
        assert_eq!(events.causes(), INTR_FENCE.mask());
        events.clear_causes(INTR_FENCE.mask());
        let fence = watch(&events, IRQ_FENCE);
        events.raise_fence();
        assert_eq!((fired(&event), fired(&fence), events.causes()), (0, 1, 0));
    }
}

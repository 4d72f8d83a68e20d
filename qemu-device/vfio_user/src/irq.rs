// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Interrupts as the device sees them.
//!
//! A *vector* is one MSI-X interrupt. The client assigns an event file descriptor to a vector to
//! enable it; raising a vector that has none does nothing, as on a bus where MSI-X is off.

use crate::event::EventFd;
use crate::proto::{irq, SetIrqs};
use crate::Errno;
use std::os::fd::OwnedFd;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
struct Vector {
    event: Option<EventFd>,
    masked: bool,
    pending: bool,
}

impl Vector {
    fn raise(&mut self) {
        if self.masked {
            self.pending = true;
        } else if let Some(event) = &self.event {
            // The counter can only overflow when nobody ever reads it; the peer still sees it set.
            let _ = event.signal();
        }
    }
}

/// The MSI-X vectors of a device. Any thread may raise one.
#[derive(Debug)]
pub struct Interrupts {
    vectors: Mutex<Vec<Vector>>,
}

impl Interrupts {
    /// `count` vectors, all disabled.
    pub fn new(count: u32) -> Interrupts {
        Interrupts { vectors: Mutex::new((0..count).map(|_| Vector::default()).collect()) }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Vector>> {
        // No operation under the lock leaves the vectors half changed.
        self.vectors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Number of vectors.
    pub fn count(&self) -> u32 {
        self.lock().len() as u32
    }

    /// Whether the client enabled `vector`.
    pub fn is_enabled(&self, vector: u32) -> bool {
        let vectors = self.lock();
        vectors.get(vector as usize).is_some_and(|v| v.event.is_some())
    }

    /// Raises `vector`.
    pub fn raise(&self, vector: u32) {
        if let Some(vector) = self.lock().get_mut(vector as usize) {
            vector.raise();
        }
    }

    /// Enables `vector` with `event`, or disables it.
    pub fn assign(&self, vector: u32, event: Option<EventFd>) {
        if let Some(vector) = self.lock().get_mut(vector as usize) {
            *vector = Vector { event, ..Vector::default() };
        }
    }

    /// Disables all vectors and forgets pending and masked ones.
    pub fn clear(&self) {
        for vector in self.lock().iter_mut() {
            *vector = Vector::default();
        }
    }

    /// Carries out a DEVICE_SET_IRQS message for MSI-X. `bools` is what follows the structure.
    pub fn set(&self, set: &SetIrqs, bools: &[u8], fds: Vec<OwnedFd>) -> Result<(), Errno> {
        let data = set.flags & irq::DATA;
        let action = set.flags & irq::ACTION;
        if set.flags & !(irq::DATA | irq::ACTION) != 0 || data.count_ones() != 1 || action.count_ones() != 1 {
            return Err(Errno::EINVAL);
        }
        let mut vectors = self.lock();
        let start = set.start as usize;
        let end = start.checked_add(set.count as usize).filter(|&end| end <= vectors.len()).ok_or(Errno::EINVAL)?;
        let chosen = &mut vectors[start..end];

        if data == irq::DATA_EVENTFD {
            if action != irq::ACTION_TRIGGER {
                return Err(Errno::EOPNOTSUPP);
            }
            if fds.is_empty() {
                chosen.iter_mut().for_each(|v| v.event = None);
            } else if fds.len() == chosen.len() {
                for (vector, fd) in chosen.iter_mut().zip(fds) {
                    vector.event = Some(EventFd::from_fd(fd));
                }
            } else {
                return Err(Errno::EINVAL);
            }
            return Ok(());
        }

        if data == irq::DATA_NONE && action == irq::ACTION_TRIGGER && set.count == 0 {
            if set.start != 0 {
                return Err(Errno::EINVAL);
            }
            vectors.iter_mut().for_each(|v| *v = Vector::default());
            return Ok(());
        }
        if data == irq::DATA_BOOL && bools.len() < chosen.len() {
            return Err(Errno::EINVAL);
        }
        for (i, vector) in chosen.iter_mut().enumerate() {
            if data == irq::DATA_BOOL && bools[i] == 0 {
                continue;
            }
            match action {
                irq::ACTION_MASK => vector.masked = true,
                irq::ACTION_UNMASK => {
                    vector.masked = false;
                    if std::mem::take(&mut vector.pending) {
                        vector.raise();
                    }
                }
                _ => vector.raise(),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsFd;
    use std::time::Duration;

    fn set(flags: u32, start: u32, count: u32) -> SetIrqs {
        SetIrqs { argsz: SetIrqs::SIZE as u32, flags, index: irq::MSIX, start, count }
    }

    fn fired(event: &EventFd) -> u64 {
        event.wait(Some(Duration::ZERO)).unwrap()
    }

    fn assigned(count: u32) -> (Interrupts, Vec<EventFd>) {
        let interrupts = Interrupts::new(count);
        let events: Vec<_> = (0..count).map(|_| EventFd::new().unwrap()).collect();
        let fds = events.iter().map(|e| e.as_fd().try_clone_to_owned().unwrap()).collect();
        let all = set(irq::DATA_EVENTFD | irq::ACTION_TRIGGER, 0, count);
        interrupts.set(&all, &[], fds).unwrap();
        (interrupts, events)
    }

    #[test]
    fn raised_vector_signals_its_own_event_only() {
        let (interrupts, events) = assigned(3);
        interrupts.raise(1);
        assert_eq!(events.iter().map(fired).collect::<Vec<_>>(), [0, 1, 0]);
        interrupts.raise(99);
    }

    #[test]
    fn eventfd_message_without_descriptors_disables_the_range() {
        let (interrupts, events) = assigned(3);
        let two = set(irq::DATA_EVENTFD | irq::ACTION_TRIGGER, 1, 2);
        interrupts.set(&two, &[], vec![]).unwrap();
        (0..3).for_each(|v| interrupts.raise(v));
        assert_eq!(events.iter().map(fired).collect::<Vec<_>>(), [1, 0, 0]);
        assert!(interrupts.is_enabled(0) && !interrupts.is_enabled(2));
    }

    #[test]
    fn trigger_with_count_zero_disables_all() {
        let (interrupts, events) = assigned(2);
        let none = set(irq::DATA_NONE | irq::ACTION_TRIGGER, 0, 0);
        interrupts.set(&none, &[], vec![]).unwrap();
        (0..2).for_each(|v| interrupts.raise(v));
        assert_eq!(events.iter().map(fired).collect::<Vec<_>>(), [0, 0]);
    }

    #[test]
    fn booleans_choose_what_is_triggered() {
        let (interrupts, events) = assigned(3);
        let some = set(irq::DATA_BOOL | irq::ACTION_TRIGGER, 0, 3);
        interrupts.set(&some, &[1, 0, 1], vec![]).unwrap();
        assert_eq!(events.iter().map(fired).collect::<Vec<_>>(), [1, 0, 1]);
        assert_eq!(interrupts.set(&some, &[1, 0], vec![]), Err(Errno::EINVAL));
    }

    #[test]
    fn masked_vector_fires_when_unmasked() {
        let (interrupts, events) = assigned(1);
        interrupts.set(&set(irq::DATA_NONE | irq::ACTION_MASK, 0, 1), &[], vec![]).unwrap();
        interrupts.raise(0);
        assert_eq!(fired(&events[0]), 0);
        interrupts.set(&set(irq::DATA_NONE | irq::ACTION_UNMASK, 0, 1), &[], vec![]).unwrap();
        assert_eq!(fired(&events[0]), 1);
    }

    #[test]
    fn impossible_requests_are_refused() {
        let (interrupts, _events) = assigned(2);
        let cases = [
            set(irq::DATA_NONE, 0, 1),
            set(irq::ACTION_TRIGGER, 0, 1),
            set(irq::DATA_NONE | irq::DATA_BOOL | irq::ACTION_TRIGGER, 0, 1),
            set(irq::DATA_NONE | irq::ACTION_TRIGGER, 0, 3),
            set(irq::DATA_NONE | irq::ACTION_TRIGGER, u32::MAX, u32::MAX),
            set(irq::DATA_NONE | irq::ACTION_TRIGGER, 1, 0),
            set(irq::DATA_NONE | irq::ACTION_TRIGGER | 1 << 9, 0, 1),
        ];
        for case in cases {
            assert_eq!(interrupts.set(&case, &[], vec![]), Err(Errno::EINVAL), "{case:?}");
        }
    }
}

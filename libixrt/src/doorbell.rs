// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The client's side of a queue's doorbell: see [`ix_hw::doorbell`] for the protocol.
//!
//! What matters is the order of a few loads and stores that two sides make without a lock. They
//! stand here once, over [`Words`], so that the runtime uses them on the slot in mapped memory and
//! the tests on a model that tries all orders.

/// The words of a slot that client and device share, as the client uses them.
pub trait Words {
    /// Stores the number of packets written, and everything before it (release).
    fn store_wptr(&self, written: u64);
    /// Loads the number of packets fetched, before everything after it (acquire).
    fn load_rptr(&self) -> u64;
    /// Loads whether the device sleeps and wants a kick.
    fn load_needs_kick(&self) -> bool;
    /// A full fence.
    fn fence(&self);
}

/// Entries of a ring of `size` that may be written when so many packets have been.
pub fn room(words: &impl Words, size: u64, written: u64) -> u64 {
    size.saturating_sub(written - words.load_rptr())
}

/// Tells the device of the packets written; true when it must be kicked.
#[must_use]
pub fn publish(words: &impl Words, written: u64) -> bool {
    words.store_wptr(written);
    must_kick(words)
}

/// Whether the device must be kicked so that it looks at what was stored before.
#[must_use]
pub fn must_kick(words: &impl Words) -> bool {
    // Pairs with the device's fence between its store of needs_kick and its last look at the write
    // pointer: one of the two sides sees what the other one stored.
    words.fence();
    words.load_needs_kick()
}

#[cfg(test)]
mod tests {
    use super::*;
    use loom::cell::UnsafeCell;
    use loom::sync::atomic::{fence, AtomicU64, AtomicUsize, Ordering};
    use loom::sync::{Arc, Notify};

    /// Entries of the model's ring; fewer than packets, so that entries are reused.
    const SIZE: u64 = 2;

    struct Model {
        wptr: AtomicU64,
        rptr: AtomicU64,
        needs_kick: AtomicUsize,
        ring: [UnsafeCell<u64>; SIZE as usize],
        kicked: Notify,
    }

    impl Words for Model {
        fn store_wptr(&self, written: u64) {
            self.wptr.store(written, Ordering::Release);
        }
        fn load_rptr(&self) -> u64 {
            self.rptr.load(Ordering::Acquire)
        }
        fn load_needs_kick(&self) -> bool {
            self.needs_kick.load(Ordering::Relaxed) != 0
        }
        fn fence(&self) {
            fence(Ordering::SeqCst);
        }
    }

    /// The device as [`ix_hw::doorbell`] describes it: fetches `packets` packets and sleeps when
    /// there are none.
    fn device(model: &Model, packets: u64) {
        let mut fetched = 0;
        while fetched < packets {
            if model.wptr.load(Ordering::Acquire) > fetched {
                // SAFETY: loom checks that nobody writes the entry meanwhile.
                model.ring[(fetched % SIZE) as usize].with(|entry| assert_eq!(unsafe { *entry }, 100 + fetched));
                fetched += 1;
                model.rptr.store(fetched, Ordering::Release);
                continue;
            }
            model.needs_kick.store(1, Ordering::Relaxed);
            fence(Ordering::SeqCst);
            if model.wptr.load(Ordering::Relaxed) == fetched {
                model.kicked.wait();
            }
            model.needs_kick.store(0, Ordering::Relaxed);
        }
    }

    /// Tries all orders of a client that writes `packets` packets and a device that takes them.
    fn explore(packets: u64) {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound = Some(3);
        builder.check(move || {
            let model = Arc::new(Model {
                wptr: AtomicU64::new(0),
                rptr: AtomicU64::new(0),
                needs_kick: AtomicUsize::new(0),
                ring: std::array::from_fn(|_| UnsafeCell::new(0)),
                kicked: Notify::new(),
            });
            let theirs = Arc::clone(&model);
            let thread = loom::thread::spawn(move || device(&theirs, packets));
            for written in 0..packets {
                while room(&*model, SIZE, written) == 0 {
                    loom::thread::yield_now();
                }
                // SAFETY: loom checks that nobody reads the entry meanwhile.
                model.ring[(written % SIZE) as usize].with_mut(|entry| unsafe { *entry = 100 + written });
                if publish(&*model, written + 1) {
                    model.kicked.notify();
                }
            }
            // Loom finds a lost wake-up as a deadlock here.
            thread.join().unwrap();
        });
    }

    #[test]
    fn no_packet_is_lost_and_none_is_read_while_it_is_written() {
        explore(2);
        explore(3);
    }
}

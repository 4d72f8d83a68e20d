// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What all units of one chip have in common.

use super::doorbell::Doorbells;
use super::event::Events;
use super::memory::PhysicalMemory;
use super::mmu::AddressSpace;
use super::profile::Profile;
use super::time::{BusyTimer, Clock};
use ix_vfio_user::dma::ClientMemory;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Thread;

/// Memory, doorbells, time, events and address spaces of a chip.
#[derive(Debug)]
pub struct Shared {
    /// What chip it is.
    pub profile: Profile,
    /// Device time.
    pub clock: Clock,
    /// VRAM and client memory by physical address.
    pub memory: PhysicalMemory,
    /// The client's memory.
    pub client: Arc<ClientMemory>,
    /// The mapped part of BAR 0.
    pub doorbells: Doorbells,
    /// Faults and interrupts.
    pub events: Events,
    /// When kernels ran.
    pub compute: BusyTimer,
    /// When copies ran.
    pub copy: BusyTimer,
    spaces: Mutex<BTreeMap<u32, Arc<AddressSpace>>>,
}

impl Shared {
    /// The common parts of a new chip.
    pub fn new(profile: Profile, memory: PhysicalMemory, client: Arc<ClientMemory>, doorbells: Doorbells) -> Shared {
        Shared {
            profile,
            clock: Clock::start(),
            memory,
            client,
            doorbells,
            events: Events::default(),
            compute: BusyTimer::default(),
            copy: BusyTimer::default(),
            spaces: Mutex::default(),
        }
    }

    /// The address spaces by their ids.
    pub fn spaces(&self) -> MutexGuard<'_, BTreeMap<u32, Arc<AddressSpace>>> {
        // No operation under the lock leaves the map half changed.
        self.spaces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wakes one thread. A call that comes while the thread is awake lets its next sleep end at once.
#[derive(Debug, Clone, Default)]
pub struct Waker(Arc<OnceLock<Thread>>);

impl Waker {
    /// Makes the calling thread the one that is woken.
    pub fn bind(&self) {
        let _ = self.0.set(std::thread::current());
    }

    /// Wakes it.
    pub fn wake(&self) {
        if let Some(thread) = self.0.get() {
            thread.unpark();
        }
    }
}

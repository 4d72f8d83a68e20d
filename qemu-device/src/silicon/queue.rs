// SPDX-License-Identifier: Apache-2.0 OR MIT
//! User queues: a ring, its place in the doorbell pages, and the packets under way.
//!
//! A packet is *fetched* (its ring entry may be reused), *started*, and *completed*. Those that
//! are started and not completed are *in flight*; they complete in order. A queue is *stopped* by
//! a fault and *dead* once its destruction has begun; either way it starts nothing more.

use super::copy::Transfer;
use super::doorbell::Slot;
use super::kernel::Kernel;
use super::mmu::AddressSpace;
use super::shared::Shared;
use crate::engine::guard::PageFault;
use ix_hw::doorbell::state;
use ix_hw::fault::{access, kind, unit, FaultRecord};
use ix_hw::packet::{self, QueueStatus};
use std::collections::VecDeque;
use std::mem::offset_of;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How often the status record is written while nothing notable happens, ns.
const STATUS_INTERVAL: u64 = 1_000_000;

/// What is fixed at creation.
#[derive(Debug)]
pub struct Queue {
    /// Id.
    pub id: u32,
    /// Address space of ring and packets.
    pub space: Arc<AddressSpace>,
    /// Address of the ring.
    pub ring_va: u64,
    /// log2 of the number of packets in it.
    pub ring_log2: u32,
    /// Priority, 0 to 2.
    pub priority: u32,
    /// Page and slot of the doorbell.
    pub doorbell: (u32, u32),
    /// The doorbell.
    pub slot: Slot,
    /// Physical address of the status record, or 0.
    pub status_pa: u64,
    /// How long a kernel may run, ns; 0: no limit.
    pub timeout_ns: u64,
    state: Mutex<State>,
}

/// A packet in flight.
#[derive(Debug)]
pub enum Work {
    /// It has ended and waits for earlier ones.
    Done,
    /// A grid on the SMs.
    Kernel(Arc<Kernel>),
    /// A transfer on a copy engine.
    Transfer(Arc<Transfer>),
}

impl Work {
    /// Whether it has ended.
    pub fn is_done(&self) -> bool {
        match self {
            Work::Done => true,
            Work::Kernel(kernel) => kernel.is_done(),
            Work::Transfer(transfer) => transfer.is_done(),
        }
    }

    /// The fault that ended it, less what only its queue knows.
    fn fault(&self) -> Option<FaultRecord> {
        match self {
            Work::Done => None,
            Work::Kernel(kernel) => kernel.fault(),
            Work::Transfer(transfer) => transfer.fault().map(|fault| page_fault(unit::COPY, &fault)),
        }
    }

    fn stop(&self) {
        match self {
            Work::Done => {}
            Work::Kernel(kernel) => kernel.stop(),
            Work::Transfer(transfer) => transfer.stop(),
        }
    }
}

/// The record of a page fault of a unit.
pub fn page_fault(unit: u32, fault: &PageFault) -> FaultRecord {
    let access = if fault.write { access::WRITE } else { access::READ };
    FaultRecord { kind: kind::PAGE, unit, access, va: fault.va, ..FaultRecord::ZERO }
}

/// A fetched packet.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// Its bytes.
    pub bytes: [u8; packet::SIZE],
    /// Its number in the queue.
    pub number: u64,
}

/// What changes.
#[derive(Debug, Default)]
pub struct State {
    /// Write pointer when it was last looked at.
    pub wptr: u64,
    /// Packets fetched.
    pub rptr: u64,
    /// Packets completed.
    pub completed: u64,
    /// The packet to start next.
    pub head: Option<Head>,
    /// Packets in flight, oldest first, with their numbers.
    pub in_flight: VecDeque<(u64, Work)>,
    /// Whether the head is a WAIT whose value is not there yet.
    pub waiting: bool,
    stopped: bool,
    dead: bool,
    fault: u32,
    /// Time that copies took in the command processor itself and kernels and copies elsewhere.
    busy_compute_ns: u64,
    busy_copy_ns: u64,
    status_ns: u64,
    status_dirty: bool,
}

impl State {
    /// Whether it starts packets.
    pub fn is_running(&self) -> bool {
        !self.stopped && !self.dead
    }

    /// Whether destruction has begun.
    pub fn is_dead(&self) -> bool {
        self.dead
    }

    /// Whether time-outs or the status record may be due.
    pub fn needs_care(&self, queue: &Queue) -> bool {
        !self.dead && (self.status_dirty || queue.timeout_ns != 0 && !self.in_flight.is_empty())
    }

    /// Counts time of a transfer.
    pub fn add_copy_time(&mut self, ns: u64) {
        self.busy_copy_ns += ns;
    }

    /// Counts the time of work that has ended.
    fn count(&mut self, work: &Work) {
        match work {
            Work::Done => {}
            Work::Kernel(kernel) => self.busy_compute_ns += kernel.busy_ns(),
            Work::Transfer(transfer) => self.busy_copy_ns += transfer.busy_ns(),
        }
    }

    /// Notes that the status record is out of date.
    pub fn touch(&mut self) {
        self.status_dirty = true;
    }

    /// A packet that took no time has been started.
    pub fn complete_now(&mut self, number: u64) {
        if self.in_flight.is_empty() {
            self.completed = number + 1;
        } else {
            self.in_flight.push_back((number, Work::Done));
        }
        self.status_dirty = true;
    }

    /// When the oldest running kernel started; 0 when none runs.
    fn running_since(&self) -> u64 {
        self.in_flight
            .iter()
            .find_map(|(_, work)| match work {
                Work::Kernel(kernel) if !kernel.is_done() => Some(kernel.started_ns()),
                _ => None,
            })
            .unwrap_or(0)
    }
}

impl Queue {
    /// The queue that `packet` describes; its values have been checked.
    pub fn new(packet: &packet::QueueCreate, space: Arc<AddressSpace>, slot: Slot) -> Queue {
        Queue {
            id: packet.queue,
            space,
            ring_va: packet.ring_va,
            ring_log2: packet.ring_log2,
            priority: packet.priority,
            doorbell: (packet.doorbell_page, packet.doorbell_slot),
            slot,
            status_pa: packet.status_pa,
            timeout_ns: u64::from(packet.timeout_ms) * 1_000_000,
            state: Mutex::default(),
        }
    }

    /// The changing part.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Address of the ring entry of packet `number`.
    pub fn entry_va(&self, number: u64) -> u64 {
        let mask = (1u64 << self.ring_log2) - 1;
        self.ring_va + (number & mask) * packet::SIZE as u64
    }

    /// Retires packets that have completed and looks for faults. True when something happened.
    pub fn retire(&self, state: &mut State, shared: &Shared) -> bool {
        let mut progress = false;
        while let Some((number, work)) = state.in_flight.pop_front() {
            if !work.is_done() {
                state.in_flight.push_front((number, work));
                break;
            }
            if let Some(record) = work.fault() {
                self.fail(state, shared, FaultRecord { packet: number, ..record });
            }
            // What a stopped queue had in flight does not count as completed.
            if !state.stopped {
                state.completed = number + 1;
            }
            state.count(&work);
            state.status_dirty = true;
            progress = true;
        }
        // A fault of a packet that overlaps with earlier ones does not wait for them.
        let fault = state
            .in_flight
            .iter()
            .filter(|(_, work)| work.is_done())
            .find_map(|(number, work)| work.fault().map(|record| FaultRecord { packet: *number, ..record }));
        if let Some(record) = fault.filter(|_| state.is_running()) {
            self.fail(state, shared, record);
            progress = true;
        }
        progress
    }

    /// Stops the queue with a fault. `record` says all but what the queue itself knows.
    pub fn fail(&self, state: &mut State, shared: &Shared, record: FaultRecord) {
        if state.stopped || state.dead {
            return;
        }
        state.stopped = true;
        state.fault = record.kind;
        state.head = None;
        state.waiting = false;
        state.in_flight.iter().for_each(|(_, work)| work.stop());
        self.slot.set_completed(state.completed);
        self.slot.set_state(state::STOPPED, record.kind);
        self.write_status(state, shared);
        let time_ns = shared.clock.now();
        shared.events.fault(FaultRecord { queue: self.id, vm: self.space.id(), time_ns, ..record });
    }

    /// Begins destruction: nothing more starts, what runs ends soon.
    pub fn kill(&self) {
        let mut state = self.lock();
        state.dead = true;
        state.head = None;
        state.in_flight.iter().for_each(|(_, work)| work.stop());
    }

    /// Ends destruction, with nothing running any more: counts what was in flight and writes the
    /// status record for the last time.
    pub fn finish(&self, shared: &Shared) {
        let mut state = self.lock();
        let left = std::mem::take(&mut state.in_flight);
        left.iter().for_each(|(_, work)| state.count(work));
        self.write_status(&mut state, shared);
    }

    /// Whether nothing is in flight any more.
    pub fn is_drained(&self) -> bool {
        self.lock().in_flight.iter().all(|(_, work)| work.is_done())
    }

    /// Writes the status record if it is out of date and was not written just now. True when it
    /// remains out of date.
    pub fn update_status(&self, state: &mut State, shared: &Shared, now: u64) -> bool {
        let due = now.saturating_sub(state.status_ns) >= STATUS_INTERVAL;
        if state.status_dirty && due && !state.dead {
            self.write_status(state, shared);
        }
        state.status_dirty && self.status_pa != 0
    }

    /// Writes the status record.
    pub fn write_status(&self, state: &mut State, shared: &Shared) {
        let now = shared.clock.now();
        state.status_ns = now;
        state.status_dirty = false;
        if self.status_pa == 0 {
            return;
        }
        let current = if state.stopped { state::STOPPED } else { state::RUNNING };
        // The time of the update changes before the rest and once more after it, so that a reader
        // who finds it unchanged around its reading has read one update.
        let words = [
            (offset_of!(QueueStatus, updated_ns), now),
            (offset_of!(QueueStatus, busy_compute_ns), state.busy_compute_ns),
            (offset_of!(QueueStatus, busy_copy_ns), state.busy_copy_ns),
            (offset_of!(QueueStatus, completed), state.completed),
            (offset_of!(QueueStatus, state), u64::from(current) | u64::from(state.fault) << 32),
            (offset_of!(QueueStatus, running_since_ns), state.running_since()),
            (offset_of!(QueueStatus, updated_ns), now + 1),
        ];
        const { assert!(offset_of!(QueueStatus, fault) == offset_of!(QueueStatus, state) + 4) };
        // The driver may have taken the memory away; it learns nothing then, as it wished.
        let _ = shared.memory.store(self.status_pa, size_of::<QueueStatus>() as u64, &words);
    }

    /// Ends kernels that have run too long; when the next one will have, if there is one.
    pub fn enforce_timeout(&self, state: &State, now: u64) -> Option<u64> {
        if self.timeout_ns == 0 {
            return None;
        }
        let mut next: Option<u64> = None;
        for (_, work) in &state.in_flight {
            let Work::Kernel(kernel) = work else { continue };
            let deadline = kernel.started_ns() + self.timeout_ns;
            if kernel.is_done() {
                continue;
            } else if now >= deadline {
                kernel.expire();
            } else {
                next = Some(next.map_or(deadline, |n| n.min(deadline)));
            }
        }
        next
    }
}

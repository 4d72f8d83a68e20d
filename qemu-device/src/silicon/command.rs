// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The command processor: fetches packets of all user queues and starts them.
//!
//! One thread looks at the queues in turn, those of higher priority first. It never runs work
//! itself that can take long: grids go to the SMs, large transfers to the copy engines, and both
//! wake it when they end. While something happens it polls; after a while without it tells the
//! queues' clients that it needs a kick ([`ix_hw::doorbell`]) and sleeps.
//!
//! A WAIT packet looks at memory that anybody may write, so while a queue waits, the thread sleeps
//! for short times only, longer ones the longer nothing happens.

use super::bytes::{self, reserved_is_zero};
use super::code::CodeCache;
use super::copy::{CopyEngines, Operation, Transfer};
use super::dispatch;
use super::kernel::{Context, Kernel};
use super::queue::{page_fault, Head, Queue, State, Work};
use super::shared::{Shared, Waker};
use super::sm::Sms;
use ix_hw::dispatch::FLAG_COOPERATIVE;
use ix_hw::fault::{access, kind, unit, FaultRecord};
use ix_hw::packet::{self, compare, Opcode, FLAG_INTERRUPT, FLAG_OVERLAP, FLAG_TIMESTAMP};
use std::collections::BTreeMap;
use std::sync::atomic::{fence, AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long it polls after the last thing that happened.
const POLL: Duration = Duration::from_micros(200);
/// Shortest and longest sleep while a queue waits for a value.
const NAP: (Duration, Duration) = (Duration::from_micros(20), Duration::from_millis(1));
/// Longest sleep while a status record is out of date.
const STATUS: Duration = Duration::from_millis(1);
/// Packets that a queue may start before the next one has its turn.
const BURST: u32 = 16;
/// Packets in flight in one queue.
const IN_FLIGHT: usize = 64;

#[derive(Debug)]
struct Common {
    shared: Arc<Shared>,
    queues: Mutex<BTreeMap<u32, Arc<Queue>>>,
    /// Rises when the set of queues changes.
    version: AtomicU64,
    waker: Waker,
    quit: AtomicBool,
}

impl Common {
    fn queues(&self) -> MutexGuard<'_, BTreeMap<u32, Arc<Queue>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The command processor of a chip and its queues.
#[derive(Debug)]
pub struct CommandProcessor {
    common: Arc<Common>,
    thread: Option<JoinHandle<()>>,
}

impl CommandProcessor {
    /// Starts it with no queues.
    pub fn start(shared: &Arc<Shared>, sms: Sms, copies: CopyEngines) -> std::io::Result<CommandProcessor> {
        let common = Arc::new(Common {
            shared: shared.clone(),
            queues: Mutex::default(),
            version: AtomicU64::new(1),
            waker: Waker::default(),
            quit: AtomicBool::new(false),
        });
        let context = Context { shared: shared.clone(), codes: Arc::new(CodeCache::default()), waker: common.waker.clone() };
        let mut unit = Unit { common: common.clone(), sms, copies, context, cooperative: None, queues: Vec::new(), version: 0 };
        let thread = std::thread::Builder::new().name("ix-command".into()).spawn(move || unit.run())?;
        Ok(CommandProcessor { common, thread: Some(thread) })
    }

    /// Adds a queue. False when its id or doorbell is taken.
    #[must_use]
    pub fn add(&self, queue: Queue) -> bool {
        let mut queues = self.common.queues();
        if queues.values().any(|q| q.id == queue.id || q.doorbell == queue.doorbell) {
            return false;
        }
        queue.slot.init(queue.id, ix_hw::doorbell::state::RUNNING);
        queue.write_status(&mut queue.lock(), &self.common.shared);
        queues.insert(queue.id, Arc::new(queue));
        drop(queues);
        self.changed();
        true
    }

    /// Whether there is a queue with this id, or one in this address space.
    pub fn any(&self, test: impl Fn(&Queue) -> bool) -> bool {
        self.common.queues().values().any(|queue| test(queue))
    }

    /// Takes a queue away and begins to end it. [`Queue::is_drained`] says when nothing of it runs
    /// any more; the command processor does not touch it from now on.
    pub fn remove(&self, id: u32) -> Option<Arc<Queue>> {
        let queue = self.common.queues().remove(&id)?;
        queue.kill();
        queue.slot.clear();
        self.changed();
        Some(queue)
    }

    /// Takes all queues away.
    pub fn remove_all(&self) -> Vec<Arc<Queue>> {
        let ids: Vec<u32> = self.common.queues().keys().copied().collect();
        ids.into_iter().filter_map(|id| self.remove(id)).collect()
    }

    /// Somebody wrote a queue's id to the KICK register.
    pub fn kick(&self, id: u32) {
        if self.common.queues().contains_key(&id) {
            self.common.waker.wake();
        }
    }

    fn changed(&self) {
        self.common.version.fetch_add(1, Ordering::SeqCst);
        self.common.waker.wake();
    }
}

impl Drop for CommandProcessor {
    fn drop(&mut self) {
        self.remove_all();
        self.common.quit.store(true, Ordering::SeqCst);
        self.common.waker.wake();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Why a packet does not start.
enum Refusal {
    /// Not now.
    Later,
    /// Never: it stops the queue.
    Fault(Box<FaultRecord>),
}

impl From<Box<FaultRecord>> for Refusal {
    fn from(record: Box<FaultRecord>) -> Refusal {
        Refusal::Fault(record)
    }
}

fn later_unless(condition: bool) -> Result<(), Refusal> {
    condition.then_some(()).ok_or(Refusal::Later)
}

/// What the thread owns.
struct Unit {
    common: Arc<Common>,
    sms: Sms,
    copies: CopyEngines,
    context: Context,
    /// The cooperative kernel that runs: all its blocks are resident, so there is one at a time.
    cooperative: Option<Arc<Kernel>>,
    /// The queues as they were at `version`, by priority.
    queues: Vec<Arc<Queue>>,
    version: u64,
}

impl Unit {
    fn run(&mut self) {
        self.common.waker.bind();
        let mut last_progress = Instant::now();
        let mut nap = NAP.0;
        while !self.common.quit.load(Ordering::SeqCst) {
            self.refresh();
            let mut progress = false;
            for i in 0..self.queues.len() {
                let queue = self.queues[i].clone();
                progress |= self.step(&queue);
            }
            if progress {
                last_progress = Instant::now();
                nap = NAP.0;
            } else if last_progress.elapsed() < POLL {
                // Whoever else can run may be who brings the next event.
                std::thread::yield_now();
            } else {
                self.sleep(nap);
                nap = (nap * 2).min(NAP.1);
            }
        }
    }

    fn refresh(&mut self) {
        let version = self.common.version.load(Ordering::SeqCst);
        if version != self.version {
            self.version = version;
            self.queues = self.common.queues().values().cloned().collect();
            self.queues.sort_by_key(|queue| std::cmp::Reverse(queue.priority));
        }
    }

    /// Sleeps until something may have happened.
    fn sleep(&mut self, nap: Duration) {
        let now = self.common.shared.clock.now();
        let mut limit: Option<Duration> = None;
        let mut at_most = |d: Duration| limit = Some(limit.map_or(d, |l| l.min(d)));
        for queue in &self.queues {
            let mut state = queue.lock();
            if state.is_dead() {
                continue;
            }
            if state.waiting {
                at_most(nap);
            }
            if let Some(deadline) = queue.enforce_timeout(&state, now) {
                at_most(Duration::from_nanos(deadline - now));
            }
            if queue.update_status(&mut state, &self.common.shared, now) {
                at_most(STATUS);
            }
            queue.slot.set_needs_kick(true);
        }
        // Pairs with the client's fence between its store of the write pointer and its load of
        // needs_kick: one of the two sees what the other stored.
        fence(Ordering::SeqCst);
        if self.queues.iter().all(|queue| !has_news(queue)) {
            match limit {
                Some(limit) => std::thread::park_timeout(limit),
                None => std::thread::park(),
            }
        }
        for queue in &self.queues {
            let state = queue.lock();
            if !state.is_dead() {
                queue.slot.set_needs_kick(false);
            }
        }
    }

    /// Does what can be done for a queue now. True when something was.
    fn step(&mut self, queue: &Queue) -> bool {
        let shared = self.common.shared.clone();
        let mut state = queue.lock();
        let before = state.completed;
        let mut progress = queue.retire(&mut state, &shared);
        let mut burst = 0;
        while state.is_running() && burst < BURST {
            let head = match state.head {
                Some(head) => head,
                None => match fetch(queue, &mut state) {
                    Ok(Some(head)) => head,
                    Ok(None) => break,
                    Err(record) => {
                        queue.fail(&mut state, &shared, *record);
                        progress = true;
                        break;
                    }
                },
            };
            state.head = Some(head);
            match self.start(queue, &mut state, &head) {
                Ok(()) => {
                    state.head = None;
                    state.waiting = false;
                    burst += 1;
                    progress = true;
                }
                Err(Refusal::Later) => break,
                Err(Refusal::Fault(record)) => {
                    queue.fail(&mut state, &shared, FaultRecord { packet: head.number, ..*record });
                    progress = true;
                }
            }
        }
        if state.completed != before && state.is_running() {
            queue.slot.set_completed(state.completed);
        }
        if state.needs_care(queue) {
            let now = shared.clock.now();
            queue.enforce_timeout(&state, now);
            queue.update_status(&mut state, &shared, now);
        }
        progress
    }

    /// Starts the packet at the head.
    fn start(&mut self, queue: &Queue, state: &mut State, head: &Head) -> Result<(), Refusal> {
        let (opcode, flags) = check(&head.bytes)?;
        if flags & FLAG_OVERLAP == 0 {
            later_unless(state.in_flight.is_empty())?;
        }
        later_unless(state.in_flight.len() < IN_FLIGHT)?;
        match opcode {
            Opcode::Nop | Opcode::Barrier => state.complete_now(head.number),
            Opcode::Dispatch => {
                let packet: packet::Dispatch = bytes::decode(&head.bytes);
                let profile = &self.common.shared.profile;
                let descriptor = dispatch::descriptor(profile, queue, packet.descriptor_va)?;
                let cooperative = descriptor.flags & FLAG_COOPERATIVE != 0;
                self.cooperative.take_if(|kernel| kernel.is_done());
                later_unless(!cooperative || self.cooperative.is_none())?;
                let (limits, space) = (dispatch::limits(profile), queue.space.clone());
                let kernel = Arc::new(Kernel::new(descriptor, limits, space, queue.priority, self.context.clone()));
                if cooperative {
                    self.cooperative = Some(kernel.clone());
                }
                state.in_flight.push_back((head.number, Work::Kernel(kernel.clone())));
                state.touch();
                self.sms.submit(kernel);
            }
            Opcode::Copy | Opcode::Fill => {
                let operation = operation(opcode, &head.bytes)?;
                self.transfer(queue, state, head.number, operation)?;
            }
            Opcode::Signal => {
                self.signal(queue, flags, &bytes::decode(&head.bytes))?;
                state.complete_now(head.number);
            }
            Opcode::Wait => {
                let satisfied = wait(queue, &bytes::decode(&head.bytes), &head.bytes)?;
                state.waiting = !satisfied;
                later_unless(satisfied)?;
                state.complete_now(head.number);
            }
            // `check` lets no others through.
            _ => return Err(bad_packet(&head.bytes).into()),
        }
        Ok(())
    }

    fn transfer(&self, queue: &Queue, state: &mut State, number: u64, operation: Operation) -> Result<(), Box<FaultRecord>> {
        let shared = &self.common.shared;
        if operation.is_small() {
            let start = shared.clock.now();
            shared.copy.begin(start);
            let result = operation.run(queue.space.window(), &AtomicBool::new(false));
            let end = shared.clock.now();
            shared.copy.end(end);
            state.add_copy_time(end - start);
            result.map_err(|fault| page_fault(unit::COPY, &fault))?;
            state.complete_now(number);
        } else {
            let transfer = Arc::new(Transfer::new(operation, queue.space.clone(), self.common.waker.clone()));
            state.in_flight.push_back((number, Work::Transfer(transfer.clone())));
            self.copies.submit(transfer);
        }
        Ok(())
    }

    fn signal(&self, queue: &Queue, flags: u8, packet: &packet::Signal) -> Result<(), Box<FaultRecord>> {
        let window = queue.space.window();
        let store = |va: u64, value: u64| {
            aligned(va, 8, access::WRITE)?;
            window.store(va, value).map_err(|fault| Box::new(page_fault(unit::COMMAND, &fault)))
        };
        if flags & FLAG_TIMESTAMP != 0 {
            store(packet.timestamp_va, self.common.shared.clock.now())?;
        }
        if packet.va != 0 {
            store(packet.va, packet.value)?;
        }
        if flags & FLAG_INTERRUPT != 0 && queue.slot.take_irq_armed() {
            self.common.shared.events.raise_fence();
        }
        Ok(())
    }
}

/// Whether the client has written packets that were not fetched, and can be.
fn has_news(queue: &Queue) -> bool {
    let state = queue.lock();
    let in_flight_done = state.in_flight.iter().any(|(_, work)| work.is_done());
    state.is_running() && (state.head.is_none() && queue.slot.wptr() != state.rptr || in_flight_done)
}

/// Fetches the next packet, if there is one.
fn fetch(queue: &Queue, state: &mut State) -> Result<Option<Head>, Box<FaultRecord>> {
    let number = state.rptr;
    if number == state.wptr {
        let wptr = queue.slot.wptr();
        if wptr == number {
            return Ok(None);
        }
        if wptr < state.wptr || wptr - number > 1 << queue.ring_log2 {
            let record = FaultRecord { kind: kind::BAD_RING, unit: unit::COMMAND, packet: number, va: wptr, ..FaultRecord::ZERO };
            return Err(Box::new(record));
        }
        state.wptr = wptr;
    }
    let mut bytes = [0; packet::SIZE];
    queue.space.window().read(queue.entry_va(number), &mut bytes).map_err(|fault| FaultRecord {
        packet: number,
        access: access::FETCH,
        ..page_fault(unit::COMMAND, &fault)
    })?;
    state.rptr = number + 1;
    queue.slot.set_rptr(state.rptr);
    Ok(Some(Head { bytes, number }))
}

fn header(bytes: &[u8; packet::SIZE]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

fn bad_packet(bytes: &[u8; packet::SIZE]) -> Box<FaultRecord> {
    Box::new(FaultRecord { kind: kind::BAD_PACKET, unit: unit::COMMAND, detail: header(bytes), ..FaultRecord::ZERO })
}

/// Opcode and flags of a user packet whose header and reserved fields are as they must be.
fn check(bytes: &[u8; packet::SIZE]) -> Result<(Opcode, u8), Box<FaultRecord>> {
    let header = header(bytes);
    let flags = (header >> 8) as u8;
    Opcode::from_number(header as u8)
        .filter(|op| (*op as u8) < Opcode::VmCreate as u8)
        .filter(|op| header >> 16 == 0 && flags & !op.flags() == 0)
        .filter(|op| reserved_is_zero(op.layout(), bytes))
        .map(|op| (op, flags))
        .ok_or_else(|| bad_packet(bytes))
}

fn aligned(va: u64, size: u32, access: u32) -> Result<(), Box<FaultRecord>> {
    if va % u64::from(size) == 0 {
        return Ok(());
    }
    Err(Box::new(FaultRecord { kind: kind::MISALIGNED, unit: unit::COMMAND, access, size, va, ..FaultRecord::ZERO }))
}

/// The checked operation of a COPY or FILL packet.
fn operation(opcode: Opcode, bytes: &[u8; packet::SIZE]) -> Result<Operation, Box<FaultRecord>> {
    if opcode == Opcode::Copy {
        let p: packet::Copy = bytes::decode(bytes);
        let pitches = p.rows == 1 || p.src_pitch >= p.width && p.dst_pitch >= p.width;
        return if p.rows >= 1 && pitches { Ok(Operation::Copy(p)) } else { Err(bad_packet(bytes)) };
    }
    let p: packet::Fill = bytes::decode(bytes);
    let element = u64::from(p.element);
    if !matches!(element, 1 | 2 | 4 | 8) || p.rows == 0 || p.rows > 1 && p.pitch % element != 0 {
        return Err(bad_packet(bytes));
    }
    if p.dst_va % element != 0 {
        let (access, size, va) = (access::WRITE, p.element, p.dst_va);
        return Err(Box::new(FaultRecord { kind: kind::MISALIGNED, unit: unit::COPY, access, size, va, ..FaultRecord::ZERO }));
    }
    Ok(Operation::Fill(p))
}

/// Whether the value that a WAIT packet waits for is there.
fn wait(queue: &Queue, packet: &packet::Wait, bytes: &[u8; packet::SIZE]) -> Result<bool, Box<FaultRecord>> {
    let window = queue.space.window();
    let fault = |fault| Box::new(page_fault(unit::COMMAND, &fault));
    let word = packet.compare & compare::WORD != 0;
    aligned(packet.va, if word { 4 } else { 8 }, access::READ)?;
    if word && packet.value >> 32 != 0 {
        return Err(bad_packet(bytes));
    }
    let memory: u64 = if word { window.load::<u32>(packet.va).map_err(fault)?.into() } else { window.load(packet.va).map_err(fault)? };
    let value = packet.value;
    // In the width of the values.
    let (ahead, neither) = match word {
        true => ((memory as u32).wrapping_sub(value as u32) as i32 >= 0, !(memory as u32 | value as u32) != 0),
        false => (memory.wrapping_sub(value) as i64 >= 0, !(memory | value) != 0),
    };
    match packet.compare & !compare::WORD {
        compare::GE => Ok(memory >= value),
        compare::EQ => Ok(memory == value),
        compare::NE => Ok(memory != value),
        compare::AND => Ok(memory & value != 0),
        compare::GE_CYCLIC => Ok(ahead),
        compare::NOR => Ok(neither),
        _ => Err(bad_packet(bytes)),
    }
}

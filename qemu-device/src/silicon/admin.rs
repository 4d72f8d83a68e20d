// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The admin ring: how the driver makes address spaces and queues.
//!
//! One thread fetches the driver's packets from physical memory, carries them out in order and
//! stores a status in each. The registers that start and stop the ring are written on the bus
//! thread; [`Admin::set_ring`] takes effect before it returns: a packet under way is told to stop
//! and waited for, so that the driver may reuse the ring's memory.

use super::bytes::{self, Plain};
use super::command::CommandProcessor;
use super::doorbell::Slot;
use super::mmu::{self, AddressSpace};
use super::queue::Queue;
use super::shared::{Shared, Waker};
use ix_hw::doorbell::state;
use ix_hw::fault::kind;
use ix_hw::mmu::{PhysAddr, PAGE_SIZE};
use ix_hw::packet::{self, status, Opcode, FLAG_INTERRUPT, RING_ALIGN, RING_LOG2_MAX, RING_LOG2_MIN, STATUS_OFFSET};
use ix_hw::pci::DOORBELL_PAGES;
use ix_hw::regs::INTR_ADMIN;
use std::sync::atomic::{fence, AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long it polls after the last packet.
const POLL: Duration = Duration::from_micros(100);
/// How long a queue's work may take to notice that it must stop.
const DRAIN: Duration = Duration::from_secs(2);
/// Largest log2 of the number of packets in the admin ring.
const ADMIN_LOG2_MAX: u32 = 12;

#[derive(Debug)]
struct Ring {
    address: PhysAddr,
    log2: u32,
    rptr: u64,
}

#[derive(Debug, Default)]
struct State {
    ring: Option<Ring>,
}

#[derive(Debug)]
struct Common {
    shared: Arc<Shared>,
    command: Arc<CommandProcessor>,
    slot: Slot,
    /// Held while a packet is carried out.
    state: Mutex<State>,
    /// What the STATUS register shows; kept apart so that reading it waits for no packet.
    running: AtomicBool,
    wedged: AtomicBool,
    /// Raised by who wants `state` soon.
    abort: AtomicBool,
    waker: Waker,
    quit: AtomicBool,
    /// Rises with every start and stop of the ring.
    epoch: AtomicU64,
}

/// The admin ring of a chip.
#[derive(Debug)]
pub struct Admin {
    common: Arc<Common>,
    thread: Option<JoinHandle<()>>,
}

impl Admin {
    /// Starts the unit, with the ring disabled.
    pub fn start(shared: &Arc<Shared>, command: &Arc<CommandProcessor>) -> std::io::Result<Admin> {
        let common = Arc::new(Common {
            shared: shared.clone(),
            command: command.clone(),
            slot: shared.doorbells.admin(),
            state: Mutex::default(),
            running: AtomicBool::new(false),
            wedged: AtomicBool::new(false),
            abort: AtomicBool::new(false),
            waker: Waker::default(),
            quit: AtomicBool::new(false),
            epoch: AtomicU64::new(0),
        });
        let unit = common.clone();
        let thread = std::thread::Builder::new().name("ix-admin".into()).spawn(move || unit.run())?;
        Ok(Admin { common, thread: Some(thread) })
    }

    /// Starts the ring at `address` with 2^`log2` packets, or stops it.
    pub fn set_ring(&self, ring: Option<(PhysAddr, u32)>) {
        let mut state = self.common.seize();
        state.ring = None;
        if let Some((address, log2)) = ring {
            let bytes = (packet::SIZE as u64) << log2.min(ADMIN_LOG2_MAX);
            let good = (RING_LOG2_MIN..=ADMIN_LOG2_MAX).contains(&log2)
                && address % RING_ALIGN == 0
                && self.common.shared.memory.reaches(address, bytes, true);
            if good && !self.is_wedged() {
                self.common.slot.init(0, state::RUNNING);
                state.ring = Some(Ring { address, log2, rptr: 0 });
            } else {
                self.common.wedged.store(true, Ordering::SeqCst);
            }
        }
        self.common.running.store(state.ring.is_some(), Ordering::SeqCst);
        self.common.epoch.fetch_add(1, Ordering::SeqCst);
        drop(state);
        self.common.waker.wake();
    }

    /// Stops the ring and forgets errors.
    pub fn reset(&self) {
        self.set_ring(None);
        self.common.wedged.store(false, Ordering::SeqCst);
    }

    /// STATUS_ADMIN.
    pub fn is_running(&self) -> bool {
        self.common.running.load(Ordering::SeqCst)
    }

    /// STATUS_WEDGED.
    pub fn is_wedged(&self) -> bool {
        self.common.wedged.load(Ordering::SeqCst)
    }

    /// Somebody wrote 0 to the KICK register.
    pub fn kick(&self) {
        self.common.waker.wake();
    }
}

impl Drop for Admin {
    fn drop(&mut self) {
        self.common.quit.store(true, Ordering::SeqCst);
        self.common.abort.store(true, Ordering::SeqCst);
        self.common.waker.wake();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Common {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks the state; a packet under way ends early.
    fn seize(&self) -> MutexGuard<'_, State> {
        self.abort.store(true, Ordering::SeqCst);
        let state = self.lock();
        self.abort.store(false, Ordering::SeqCst);
        state
    }

    fn run(&self) {
        self.waker.bind();
        let mut last = Instant::now();
        while !self.quit.load(Ordering::SeqCst) {
            if self.step() {
                last = Instant::now();
            } else if last.elapsed() < POLL {
                std::thread::yield_now();
            } else {
                self.sleep();
                last = Instant::now();
            }
        }
    }

    fn sleep(&self) {
        let epoch = self.epoch.load(Ordering::SeqCst);
        let rptr = {
            let state = self.lock();
            let rptr = state.ring.as_ref().map(|ring| ring.rptr);
            if rptr.is_some() {
                self.slot.set_needs_kick(true);
            }
            rptr
        };
        fence(Ordering::SeqCst);
        let idle = rptr.is_none_or(|rptr| self.slot.wptr() == rptr);
        if idle && epoch == self.epoch.load(Ordering::SeqCst) {
            std::thread::park();
        }
        let state = self.lock();
        if state.ring.is_some() {
            self.slot.set_needs_kick(false);
        }
    }

    /// Carries out the next packet, if there is one. True when there was.
    fn step(&self) -> bool {
        let mut state = self.lock();
        let Some(ring) = &mut state.ring else { return false };
        let number = ring.rptr;
        let wptr = self.slot.wptr();
        if wptr == number {
            return false;
        }
        let address = ring.address + (number & ((1 << ring.log2) - 1)) * packet::SIZE as u64;
        let mut bytes = [0; packet::SIZE];
        let ahead = wptr.wrapping_sub(number);
        if ahead > 1 << ring.log2 || !self.shared.memory.read(address, &mut bytes) {
            self.wedge(&mut state);
            return true;
        }
        ring.rptr = number + 1;
        self.slot.set_rptr(number + 1);
        let result = self.execute(&bytes);
        // The status and the word before it share an aligned word.
        let header = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        const { assert!(STATUS_OFFSET == 4) };
        let word = u64::from(header) | u64::from(result) << 32;
        if !self.shared.memory.store(address, 8, &[(0, word)]) {
            self.wedge(&mut state);
            return true;
        }
        self.slot.set_completed(number + 1);
        drop(state);
        if header >> 8 & u32::from(FLAG_INTERRUPT) != 0 {
            self.shared.events.raise(INTR_ADMIN.mask());
        }
        true
    }

    /// Stops the ring until the next reset.
    fn wedge(&self, state: &mut State) {
        state.ring = None;
        self.running.store(false, Ordering::SeqCst);
        self.wedged.store(true, Ordering::SeqCst);
        self.slot.set_state(state::STOPPED, kind::BAD_RING);
    }

    /// Carries out a packet and returns its status.
    fn execute(&self, raw: &[u8; packet::SIZE]) -> u32 {
        let header = u32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]]);
        let flags = (header >> 8) as u8;
        let opcode = Opcode::from_number(header as u8)
            .filter(|op| *op == Opcode::Nop || *op as u8 >= Opcode::VmCreate as u8)
            .filter(|op| header >> 16 == 0 && flags & !(op.flags() | FLAG_INTERRUPT) == 0);
        let Some(opcode) = opcode else { return status::BAD_PACKET };
        // The status word of a NOP is reserved in a user ring and written here.
        if opcode != Opcode::Nop && !bytes::reserved_is_zero(opcode.layout(), raw) {
            return status::BAD_PACKET;
        }
        let result = match opcode {
            Opcode::VmCreate => self.vm_create(&decode(raw)),
            Opcode::VmDestroy => self.vm_destroy(&decode(raw)),
            Opcode::Invalidate => self.invalidate(&decode(raw)),
            Opcode::QueueCreate => self.queue_create(&decode(raw)),
            Opcode::QueueDestroy => self.queue_destroy(&decode(raw)),
            Opcode::PhysCopy => self.phys_copy(&decode(raw)),
            Opcode::PhysFill => self.phys_fill(&decode(raw)),
            _ => Ok(()),
        };
        result.err().unwrap_or(status::OK)
    }

    fn vm_create(&self, packet: &packet::VmCreate) -> Result<(), u32> {
        let profile = &self.shared.profile;
        if !(1..=profile.vm_count).contains(&packet.vm) || self.shared.spaces().contains_key(&packet.vm) {
            return Err(status::BAD_ID);
        }
        let space = AddressSpace::new(packet.vm, packet.root, profile.va_bits, self.shared.memory.clone()).map_err(code)?;
        let space = Arc::new(space);
        // Listed before it shows anything, so that client memory that goes from now on leaves it.
        self.shared.spaces().insert(packet.vm, space.clone());
        space.invalidate(0, space.window().size()).map_err(|error| {
            self.shared.spaces().remove(&packet.vm);
            space.clear();
            code(error)
        })
    }

    fn vm_destroy(&self, packet: &packet::VmDestroy) -> Result<(), u32> {
        let space = self.space(packet.vm)?;
        if self.command.any(|queue| queue.space.id() == packet.vm) {
            return Err(status::BUSY);
        }
        self.shared.spaces().remove(&packet.vm);
        space.clear();
        Ok(())
    }

    fn invalidate(&self, packet: &packet::Invalidate) -> Result<(), u32> {
        self.space(packet.vm)?.invalidate(packet.va, packet.size).map_err(code)
    }

    fn queue_create(&self, packet: &packet::QueueCreate) -> Result<(), u32> {
        let space = self.space(packet.vm)?;
        if !(1..=self.shared.profile.queue_count).contains(&packet.queue) || !(1..DOORBELL_PAGES).contains(&packet.doorbell_page) {
            return Err(status::BAD_ID);
        }
        let slot = self.shared.doorbells.queue(packet.doorbell_page, packet.doorbell_slot).ok_or(status::BAD_ID)?;
        if !(RING_LOG2_MIN..=RING_LOG2_MAX).contains(&packet.ring_log2) || packet.ring_va % RING_ALIGN != 0 {
            return Err(status::BAD_ADDRESS);
        }
        let ring_end = packet.ring_va.checked_add((packet::SIZE as u64) << packet.ring_log2);
        if ring_end.is_none_or(|end| end > space.window().size()) {
            return Err(status::BAD_ADDRESS);
        }
        let size = size_of::<packet::QueueStatus>() as u64;
        let status_good = packet.status_pa == 0 || packet.status_pa % size == 0 && self.shared.memory.reaches(packet.status_pa, size, true);
        if !status_good {
            return Err(status::BAD_ADDRESS);
        }
        if packet.priority > 2 {
            return Err(status::BAD_PACKET);
        }
        match self.command.add(Queue::new(packet, space, slot)) {
            true => Ok(()),
            false => Err(status::BAD_ID),
        }
    }

    fn queue_destroy(&self, packet: &packet::QueueDestroy) -> Result<(), u32> {
        let queue = self.command.remove(packet.queue).ok_or(status::BAD_ID)?;
        let queues = [queue];
        drain(&queues, &self.abort);
        queues[0].finish(&self.shared);
        Ok(())
    }

    fn phys_copy(&self, packet: &packet::PhysCopy) -> Result<(), u32> {
        let memory = &self.shared.memory;
        if !memory.reaches(packet.src, packet.size, false) || !memory.reaches(packet.dst, packet.size, true) {
            return Err(status::BAD_ADDRESS);
        }
        let stop = || self.abort.load(Ordering::Relaxed);
        memory.copy(packet.dst, packet.src, packet.size, &stop).then_some(()).ok_or(status::BAD_ADDRESS)
    }

    fn phys_fill(&self, packet: &packet::PhysFill) -> Result<(), u32> {
        let memory = &self.shared.memory;
        if (packet.dst | packet.size) % 8 != 0 || !memory.reaches(packet.dst, packet.size, true) {
            return Err(status::BAD_ADDRESS);
        }
        let stop = || self.abort.load(Ordering::Relaxed);
        memory.fill(packet.dst, packet.value, packet.size, &stop).then_some(()).ok_or(status::BAD_ADDRESS)
    }

    fn space(&self, id: u32) -> Result<Arc<AddressSpace>, u32> {
        self.shared.spaces().get(&id).cloned().ok_or(status::BAD_ID)
    }
}

/// Waits until nothing of the queues runs any more; gives up when told, or after a time that only
/// a defect can take.
pub fn drain(queues: &[Arc<Queue>], abort: &AtomicBool) {
    let end = Instant::now() + DRAIN;
    while queues.iter().any(|queue| !queue.is_drained()) && Instant::now() < end && !abort.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_micros(50));
    }
}

fn decode<T: Plain>(raw: &[u8; packet::SIZE]) -> T {
    bytes::decode(raw)
}

fn code(error: mmu::Error) -> u32 {
    match error {
        mmu::Error::Address => status::BAD_ADDRESS,
        mmu::Error::Resource => status::NO_RESOURCE,
    }
}

const _: () = assert!(RING_ALIGN == PAGE_SIZE);

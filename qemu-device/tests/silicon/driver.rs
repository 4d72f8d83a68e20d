// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A driver for tests: brings a chip up and gives it work, with everything in VRAM.
//!
//! It knows nothing of how it reaches the chip: a [`Link`] is that, either the chip itself in this
//! process or a client on the bus.

use ix_device::silicon::bytes::{self, Plain};
use ix_device::silicon::{Chip, Options, Profile};
use ix_hw::doorbell::{QueueSlot, ADMIN_SLOT, SLOT_SIZE};
use ix_hw::fault::FaultRecord;
use ix_hw::mmu::{self, PTE_READ, PTE_WRITE};
use ix_hw::packet::{self, header, Opcode};
use ix_hw::pci::{DOORBELL_OFFSET, DOORBELL_PAGE_SIZE};
use ix_hw::regs as r;
use ix_vfio_user::event::EventFd;
use ix_vfio_user::memory::Mapping;
use ix_vfio_user::server::Device;
use std::collections::HashMap;
use std::mem::offset_of;
use std::os::fd::AsFd;
use std::sync::atomic::{fence, AtomicU32, AtomicU64, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub const RW: u64 = PTE_READ | PTE_WRITE;
/// Lowest address that tests map.
pub const VA: u64 = mmu::VA_START;
/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A way to a chip.
pub trait Link {
    fn read32(&self, offset: u32) -> u32;
    fn write32(&self, offset: u32, value: u32);
    /// Memory in which doorbell page 0 stands at `offset`.
    fn doorbells(&self) -> (&Mapping, u64);
    fn vram(&self) -> &Mapping;
    fn watch(&self, vector: u32) -> EventFd;
}

/// The chip in this process.
pub struct Local {
    pub chip: Arc<Chip>,
    bar0: Arc<ix_vfio_user::memory::SharedMemory>,
    vram: Arc<ix_vfio_user::memory::SharedMemory>,
}

impl Local {
    pub fn new(profile: Profile) -> Local {
        let mut options = Options::new(profile, "test");
        options.workers = 2;
        let chip = Arc::new(Chip::new(options).unwrap());
        let bar0 = chip.bar(0).unwrap().memory.unwrap();
        let vram = chip.bar(2).unwrap().memory.unwrap();
        Local { chip, bar0, vram }
    }
}

impl Link for Local {
    fn read32(&self, offset: u32) -> u32 {
        self.chip.read_register(offset.into())
    }
    fn write32(&self, offset: u32, value: u32) {
        self.chip.write_register(offset.into(), value);
    }
    fn doorbells(&self) -> (&Mapping, u64) {
        (self.bar0.map(), DOORBELL_OFFSET)
    }
    fn vram(&self) -> &Mapping {
        self.vram.map()
    }
    fn watch(&self, vector: u32) -> EventFd {
        let event = EventFd::new().unwrap();
        let copy = EventFd::from_fd(event.as_fd().try_clone_to_owned().unwrap());
        self.chip.interrupts().assign(vector, Some(copy));
        event
    }
}

/// Calls `ready` until it is true.
pub fn until(what: &str, mut ready: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !ready() {
        assert!(Instant::now() < end, "{what} did not happen in time");
        std::thread::sleep(Duration::from_micros(20));
    }
}

/// A small profile: everything that a test needs, powered on quickly.
pub fn profile() -> Profile {
    Profile::load("g1-mini").unwrap()
}

pub struct Driver<L: Link> {
    pub link: L,
    admin_wptr: u64,
    next_page: u64,
    /// Memory of rings and status records, by address space and queue, for their next use.
    rings: HashMap<(u32, u32), (u64, u64)>,
}

const ADMIN_RING: u64 = 0x1000;
const ADMIN_LOG2: u32 = 5;

/// A queue, as a client sees it.
pub struct ClientQueue {
    pub id: u32,
    pub page: u32,
    pub slot: u32,
    pub ring: u64,
    pub log2: u32,
    pub wptr: u64,
    pub status: u64,
}

/// An address space and its tables.
pub struct Space {
    pub id: u32,
    pub root: u64,
}

impl Driver<Local> {
    pub fn local() -> Driver<Local> {
        Driver::start(Local::new(profile()))
    }
}

impl<L: Link> Driver<L> {
    /// Brings the chip up.
    pub fn start(link: L) -> Driver<L> {
        assert_eq!(link.read32(r::ID_MAGIC), r::MAGIC);
        assert_eq!(r::ID_VERSION_MAJOR.get(link.read32(r::ID_VERSION)), r::VERSION_MAJOR);
        link.write32(r::CONTROL, r::CONTROL_RESET.put(1));
        until("reset", || r::STATUS_READY.get(link.read32(r::STATUS)) == 1);
        let mut driver = Driver { link, admin_wptr: 0, next_page: 0x10_0000, rings: HashMap::new() };
        driver.start_admin_ring(ADMIN_RING);
        assert_eq!(r::STATUS_ADMIN.get(driver.link.read32(r::STATUS)), 1);
        driver
    }

    pub fn start_admin_ring(&mut self, address: u64) {
        self.link.write32(r::ADMIN_RING_LO, address as u32);
        self.link.write32(r::ADMIN_RING_HI, (address >> 32) as u32);
        self.link.write32(r::ADMIN_RING_LOG2, ADMIN_LOG2);
        self.link.write32(r::ADMIN_ENABLE, 1);
        self.admin_wptr = 0;
        // The address spaces that they were mapped in are gone.
        self.rings.clear();
    }

    /// `pages` fresh pages of VRAM, zeroed.
    pub fn allocate(&mut self, pages: u64) -> u64 {
        let at = self.next_page;
        self.next_page += pages * mmu::PAGE_SIZE;
        assert!(self.link.vram().write(at, &vec![0; (pages * mmu::PAGE_SIZE) as usize]));
        at
    }

    pub fn write(&self, pa: u64, data: &[u8]) {
        assert!(self.link.vram().write(pa, data));
    }

    pub fn read(&self, pa: u64, len: usize) -> Vec<u8> {
        let mut data = vec![0; len];
        assert!(self.link.vram().read(pa, &mut data));
        data
    }

    pub fn word(&self, pa: u64) -> &AtomicU64 {
        self.link.vram().atomic_u64(pa).unwrap()
    }

    /// Gives a packet to the admin ring and returns its status.
    pub fn admin<P: Plain>(&mut self, packet: &P) -> u32 {
        let at = ADMIN_RING + (self.admin_wptr & ((1 << ADMIN_LOG2) - 1)) * packet::SIZE as u64;
        self.write(at, bytes::encode(packet));
        self.admin_wptr += 1;
        self.ring_doorbell(0, ADMIN_SLOT, self.admin_wptr, 0);
        let status = self.link.vram().atomic_u32(at + 4).unwrap();
        until("admin packet", || status.load(Ordering::Acquire) != 0);
        status.load(Ordering::Acquire)
    }

    fn slot_field(&self, page: u32, slot: u32, field: usize) -> u64 {
        let (_, start) = self.link.doorbells();
        start + u64::from(page) * DOORBELL_PAGE_SIZE + u64::from(slot) * SLOT_SIZE + field as u64
    }

    pub fn slot_long(&self, page: u32, slot: u32, field: usize) -> &AtomicU64 {
        self.link.doorbells().0.atomic_u64(self.slot_field(page, slot, field)).unwrap()
    }

    pub fn slot_word(&self, page: u32, slot: u32, field: usize) -> &AtomicU32 {
        self.link.doorbells().0.atomic_u32(self.slot_field(page, slot, field)).unwrap()
    }

    /// The doorbell protocol. True when a kick was needed.
    fn ring_doorbell(&self, page: u32, slot: u32, wptr: u64, id: u32) -> bool {
        self.slot_long(page, slot, offset_of!(QueueSlot, wptr)).store(wptr, Ordering::Release);
        fence(Ordering::SeqCst);
        let kick = self.slot_word(page, slot, offset_of!(QueueSlot, needs_kick)).load(Ordering::Relaxed) == 1;
        if kick {
            self.link.write32(r::KICK, id);
        }
        kick
    }

    pub fn space(&mut self, id: u32) -> Space {
        let root = self.allocate(1);
        let packet = packet::VmCreate { header: header(Opcode::VmCreate, 0), vm: id, root, ..packet::VmCreate::ZERO };
        assert_eq!(self.admin(&packet), packet::status::OK);
        Space { id, root }
    }

    /// Maps `size` bytes of small pages, without telling the chip.
    pub fn write_tables(&mut self, space: &Space, va: u64, pa: u64, size: u64, bits: u64) {
        for at in (0..size).step_by(mmu::PAGE_SIZE as usize) {
            let mut table = space.root;
            for level in (1..mmu::LEVELS).rev() {
                let entry = table + 8 * mmu::index(va + at, level) as u64;
                if self.word(entry).load(Ordering::Relaxed) == 0 {
                    let new = self.allocate(1);
                    self.word(entry).store(mmu::entry(new, 0), Ordering::Relaxed);
                }
                table = mmu::target(self.word(entry).load(Ordering::Relaxed));
            }
            let value = if bits == 0 { 0 } else { mmu::entry(pa + at, bits) };
            self.word(table + 8 * mmu::index(va + at, 0) as u64).store(value, Ordering::Relaxed);
        }
    }

    pub fn invalidate(&mut self, space: &Space, va: u64, size: u64) -> u32 {
        let header = header(Opcode::Invalidate, 0);
        self.admin(&packet::Invalidate { header, vm: space.id, va, size, ..packet::Invalidate::ZERO })
    }

    /// Maps `size` bytes of small pages.
    pub fn map(&mut self, space: &Space, va: u64, pa: u64, size: u64, bits: u64) {
        self.write_tables(space, va, pa, size, bits);
        assert_eq!(self.invalidate(space, va, size), packet::status::OK);
    }

    /// Allocates and maps `pages` pages at `va`; returns their physical address.
    pub fn memory(&mut self, space: &Space, va: u64, pages: u64) -> u64 {
        let pa = self.allocate(pages);
        self.map(space, va, pa, pages * mmu::PAGE_SIZE, RW);
        pa
    }

    pub fn queue_packet(&self, space: &Space, id: u32, ring_va: u64) -> packet::QueueCreate {
        packet::QueueCreate {
            header: header(Opcode::QueueCreate, 0),
            queue: id,
            vm: space.id,
            ring_va,
            ring_log2: 6,
            priority: 1,
            doorbell_page: 1 + id / 32,
            doorbell_slot: 1 + id % 32,
            ..packet::QueueCreate::ZERO
        }
    }

    /// A queue whose ring is mapped just below `VA + id * 1 MiB + 1 MiB`.
    pub fn queue(&mut self, space: &Space, id: u32) -> ClientQueue {
        self.queue_with(space, id, |_| {})
    }

    pub fn queue_with(&mut self, space: &Space, id: u32, change: impl FnOnce(&mut packet::QueueCreate)) -> ClientQueue {
        let ring_va = VA + (1 << 30) + u64::from(id) * (1 << 20);
        let key = (space.id, id);
        let (ring, status_pa) = match self.rings.get(&key) {
            Some(&known) => known,
            None => (self.memory(space, ring_va, 1), self.allocate(1)),
        };
        self.rings.insert(key, (ring, status_pa));
        let mut packet = packet::QueueCreate { status_pa, ..self.queue_packet(space, id, ring_va) };
        change(&mut packet);
        assert_eq!(self.admin(&packet), packet::status::OK);
        ClientQueue {
            id,
            page: packet.doorbell_page,
            slot: packet.doorbell_slot,
            ring,
            log2: packet.ring_log2,
            wptr: 0,
            status: packet.status_pa,
        }
    }

    pub fn destroy_queue(&mut self, id: u32) -> u32 {
        let header = header(Opcode::QueueDestroy, 0);
        self.admin(&packet::QueueDestroy { header, queue: id, ..packet::QueueDestroy::ZERO })
    }

    /// Writes a packet to the ring.
    pub fn push<P: Plain>(&self, queue: &mut ClientQueue, packet: &P) {
        let at = queue.ring + (queue.wptr & ((1 << queue.log2) - 1)) * packet::SIZE as u64;
        self.write(at, bytes::encode(packet));
        queue.wptr += 1;
    }

    /// Rings the doorbell. True when a kick was needed.
    pub fn submit(&self, queue: &ClientQueue) -> bool {
        self.ring_doorbell(queue.page, queue.slot, queue.wptr, queue.id)
    }

    pub fn run<P: Plain>(&self, queue: &mut ClientQueue, packet: &P) {
        self.push(queue, packet);
        self.submit(queue);
    }

    pub fn completed(&self, queue: &ClientQueue) -> u64 {
        self.slot_long(queue.page, queue.slot, offset_of!(QueueSlot, completed)).load(Ordering::Acquire)
    }

    pub fn state(&self, queue: &ClientQueue) -> (u32, u32) {
        let state = self.slot_word(queue.page, queue.slot, offset_of!(QueueSlot, state)).load(Ordering::Acquire);
        let fault = self.slot_word(queue.page, queue.slot, offset_of!(QueueSlot, fault)).load(Ordering::Acquire);
        (state, fault)
    }

    /// Waits until everything submitted has completed.
    pub fn finish(&self, queue: &ClientQueue) {
        until("completion", || {
            assert_eq!(self.state(queue), (1, 0), "the queue stopped");
            self.completed(queue) == queue.wptr
        });
    }

    /// The oldest fault record, once there is one, and drops it.
    pub fn take_fault(&self) -> FaultRecord {
        until("fault", || self.link.read32(r::FAULT_COUNT) > 0);
        let mut raw = Vec::new();
        for i in 0..32 {
            raw.extend_from_slice(&self.link.read32(r::FAULT_RECORD + 4 * i).to_le_bytes());
        }
        self.link.write32(r::FAULT_POP, 1);
        bytes::decode(&raw)
    }
}

pub fn copy(dst_va: u64, src_va: u64, width: u64) -> packet::Copy {
    packet::Copy { header: header(Opcode::Copy, 0), rows: 1, src_va, dst_va, width, ..packet::Copy::ZERO }
}

pub fn fill(dst_va: u64, element: u32, value: u64, width: u64) -> packet::Fill {
    packet::Fill { header: header(Opcode::Fill, 0), rows: 1, dst_va, width, element, value, ..packet::Fill::ZERO }
}

pub fn signal(va: u64, value: u64) -> packet::Signal {
    packet::Signal { header: header(Opcode::Signal, 0), va, value, ..packet::Signal::ZERO }
}

pub fn wait(va: u64, value: u64) -> packet::Wait {
    packet::Wait { header: header(Opcode::Wait, 0), va, value, ..packet::Wait::ZERO }
}

pub fn nop() -> packet::Plain {
    packet::Plain { header: header(Opcode::Nop, 0), ..packet::Plain::ZERO }
}

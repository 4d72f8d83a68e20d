// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The smallest driver: starts a private `ix-device`, brings the chip up over the bus as
//! docs/silicon.md describes, copies memory with it, and prints how long things take.
//!
//!     cargo run --release -p ix-device --example bring_up
//!
//! It needs the `ix-device` binary beside it (`cargo build --release -p ix-device`).

use anyhow::{ensure, Context, Result};
use ix_device::silicon::bytes::{self, Plain};
use ix_hw::dispatch::Descriptor;
use ix_hw::doorbell::{state, QueueSlot, ADMIN_SLOT, SLOT_SIZE};
use ix_hw::isa::{Inst, Op, Type};
use ix_hw::mmu::{self, PHYS_SYSTEM, PTE_READ, PTE_WRITE};
use ix_hw::packet::{self, header, status, Opcode};
use ix_hw::pci::{BAR_REGS, BAR_VRAM, DOORBELL_END, DOORBELL_OFFSET, DOORBELL_PAGE_SIZE};
use ix_hw::regs as r;
use ix_vfio_user::client::Client;
use ix_vfio_user::memory::{Mapping, SharedMemory};
use std::mem::offset_of;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command};
use std::sync::atomic::{fence, Ordering};
use std::time::{Duration, Instant};

/// System memory of this driver, as the chip sees it.
const BUS_ADDRESS: u64 = 0x1_0000_0000;
const RAM: u64 = 64 << 20;
/// What lies where in it.
const ADMIN_RING: u64 = 0;
const ADMIN_LOG2: u32 = 6;
const TABLES: u64 = 0x1_0000;
const RING: u64 = 0x4_0000;
const RING_LOG2: u32 = 8;
const CODE: u64 = 0x8_0000;
const DESCRIPTOR: u64 = 0x9_0000;
const DATA: u64 = 0x20_0000;
/// GPU addresses: system memory, and 64 MiB of VRAM above it.
const VA_RAM: u64 = mmu::VA_START;
const VA_VRAM: u64 = VA_RAM + RAM;

struct Chip {
    process: Child,
    bus: Client,
    doorbells: Mapping,
    ram: SharedMemory,
    admin_wptr: u64,
    wptr: u64,
}

impl Chip {
    fn start() -> Result<Chip> {
        // The device gets its end of a socket pair as standard input, so it ends with us.
        let (ours, theirs) = UnixStream::pair()?;
        let binary = std::env::current_exe()?.with_file_name("../ix-device");
        let process = Command::new(&binary)
            .args(["--fd", "0", "--profile", "g1"])
            .stdin(OwnedFd::from(theirs))
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;

        // Connect; map doorbells (VRAM too, if the driver wants to look into it); lend memory.
        let bus = Client::new(ours)?;
        let bar0 = bus.region(BAR_REGS)?;
        let doorbells = bus.map_region(&bar0, DOORBELL_OFFSET, DOORBELL_END - DOORBELL_OFFSET)?;
        let ram = SharedMemory::new("driver", RAM)?;
        bus.dma_map(BUS_ADDRESS, ram.as_fd(), 0, RAM)?;
        Ok(Chip { process, bus, doorbells, ram, admin_wptr: 0, wptr: 0 })
    }

    fn register(&self, offset: u32) -> Result<u32> {
        Ok(self.bus.read32(BAR_REGS, offset.into())?)
    }

    fn set_register(&self, offset: u32, value: u32) -> Result<()> {
        Ok(self.bus.write32(BAR_REGS, offset.into(), value)?)
    }

    /// Identity, reset, admin ring.
    fn bring_up(&mut self) -> Result<()> {
        ensure!(self.register(r::ID_MAGIC)? == r::MAGIC, "not an IX chip");
        ensure!(r::ID_VERSION_MAJOR.get(self.register(r::ID_VERSION)?) == r::VERSION_MAJOR, "another hardware contract");
        self.set_register(r::CONTROL, r::CONTROL_RESET.put(1))?;
        while r::STATUS_READY.get(self.register(r::STATUS)?) == 0 {}
        let ring = PHYS_SYSTEM | (BUS_ADDRESS + ADMIN_RING);
        self.set_register(r::ADMIN_RING_LO, ring as u32)?;
        self.set_register(r::ADMIN_RING_HI, (ring >> 32) as u32)?;
        self.set_register(r::ADMIN_RING_LOG2, ADMIN_LOG2)?;
        self.set_register(r::ADMIN_ENABLE, 1)?;
        ensure!(r::STATUS_ADMIN.get(self.register(r::STATUS)?) == 1, "the admin ring did not start");
        Ok(())
    }

    /// Publishes a write pointer, and kicks if the device sleeps.
    fn ring_doorbell(&self, page: u32, slot: u32, wptr: u64, queue: u32) -> Result<()> {
        let at = u64::from(page) * DOORBELL_PAGE_SIZE + u64::from(slot) * SLOT_SIZE;
        let field = |offset: usize| at + offset as u64;
        let wptr_word = self.doorbells.atomic_u64(field(offset_of!(QueueSlot, wptr))).context("no such slot")?;
        wptr_word.store(wptr, Ordering::Release);
        fence(Ordering::SeqCst);
        let needs_kick = self.doorbells.atomic_u32(field(offset_of!(QueueSlot, needs_kick))).context("no such slot")?;
        if needs_kick.load(Ordering::Relaxed) == 1 {
            self.set_register(r::KICK, queue)?;
        }
        Ok(())
    }

    /// Carries out an admin packet.
    fn admin<P: Plain>(&mut self, packet: &P) -> Result<()> {
        let entry = ADMIN_RING + (self.admin_wptr & ((1 << ADMIN_LOG2) - 1)) * packet::SIZE as u64;
        ensure!(self.ram.map().write(entry, bytes::encode(packet)), "the admin ring lies in our memory");
        self.admin_wptr += 1;
        self.ring_doorbell(0, ADMIN_SLOT, self.admin_wptr, 0)?;
        let word = self.ram.map().atomic_u32(entry + packet::STATUS_OFFSET as u64).context("status word")?;
        let result = loop {
            match word.load(Ordering::Acquire) {
                status::PENDING => std::hint::spin_loop(),
                result => break result,
            }
        };
        ensure!(result == status::OK, "admin packet refused with status {result}");
        Ok(())
    }

    /// An address space with all our memory and some VRAM in it, and a queue.
    fn make_queue(&mut self) -> Result<()> {
        // One table for each level above the pages; large pages for all the rest.
        let table = |level: u64| TABLES + level * mmu::PAGE_SIZE;
        let address = |offset: u64| PHYS_SYSTEM | (BUS_ADDRESS + offset);
        let ram = self.ram.map();
        let set = |table: u64, index: usize, entry: u64| ram.write(table + 8 * index as u64, &entry.to_le_bytes());
        let mut good = true;
        for level in [3, 2] {
            good &= set(table(level.into()), mmu::index(VA_RAM, level), mmu::entry(address(table(u64::from(level) - 1)), 0));
        }
        let leaf = PTE_READ | PTE_WRITE | mmu::PTE_LARGE;
        for i in 0..RAM / mmu::PAGE_2M {
            let at = i * mmu::PAGE_2M;
            good &= set(table(1), mmu::index(VA_RAM + at, 1), mmu::entry(address(at), leaf));
            good &= set(table(1), mmu::index(VA_VRAM + at, 1), mmu::entry(at, leaf));
        }
        ensure!(good, "the tables lie in our memory");

        let root = address(table(3));
        self.admin(&packet::VmCreate { header: header(Opcode::VmCreate, 0), vm: 1, root, ..packet::VmCreate::ZERO })?;
        self.admin(&packet::Invalidate {
            header: header(Opcode::Invalidate, 0),
            vm: 1,
            va: VA_RAM,
            size: 2 * RAM,
            ..packet::Invalidate::ZERO
        })?;
        self.admin(&packet::QueueCreate {
            header: header(Opcode::QueueCreate, 0),
            queue: 1,
            vm: 1,
            ring_va: VA_RAM + RING,
            ring_log2: RING_LOG2,
            priority: 1,
            doorbell_page: 1,
            doorbell_slot: 1,
            ..packet::QueueCreate::ZERO
        })
    }

    fn push<P: Plain>(&mut self, packet: &P) {
        let entry = RING + (self.wptr & ((1 << RING_LOG2) - 1)) * packet::SIZE as u64;
        let written = self.ram.map().write(entry, bytes::encode(packet));
        debug_assert!(written, "the ring lies in our memory");
        self.wptr += 1;
    }

    /// Submits what was pushed with a SIGNAL after it, and waits for that.
    fn finish(&mut self) -> Result<()> {
        let value = self.wptr + 1;
        self.push(&packet::Signal { header: header(Opcode::Signal, 0), va: VA_RAM + DATA, value, ..packet::Signal::ZERO });
        self.ring_doorbell(1, 1, self.wptr, 1)?;
        let word = self.ram.map().atomic_u64(DATA).context("completion word")?;
        let slot = DOORBELL_PAGE_SIZE + SLOT_SIZE;
        let stopped = self.doorbells.atomic_u32(slot + offset_of!(QueueSlot, state) as u64).context("slot")?;
        while word.load(Ordering::Acquire) != value {
            ensure!(stopped.load(Ordering::Relaxed) == state::RUNNING, "the queue stopped: read the fault record");
            std::hint::spin_loop();
        }
        Ok(())
    }

    /// Launches `blocks` blocks of 32 threads that do nothing.
    fn launch(&mut self, blocks: u32) -> Result<()> {
        let descriptor = Descriptor {
            entry_va: VA_RAM + CODE,
            param_va: VA_RAM + CODE,
            grid: [blocks, 1, 1],
            block: [32, 1, 1],
            code_va: VA_RAM + CODE,
            code_size: 16,
            ..Descriptor::ZERO
        };
        let exit = Inst::new(Op::Exit, Type::None).to_bytes().context("exit encodes")?;
        let good = self.ram.map().write(CODE, &exit) && self.ram.map().write(DESCRIPTOR, bytes::encode(&descriptor));
        ensure!(good, "code and descriptor lie in our memory");
        let descriptor_va = VA_RAM + DESCRIPTOR;
        self.push(&packet::Dispatch { header: header(Opcode::Dispatch, 0), descriptor_va, ..packet::Dispatch::ZERO });
        self.finish()
    }

    fn copy(&mut self, dst_va: u64, src_va: u64, width: u64) -> Result<()> {
        self.push(&packet::Copy { header: header(Opcode::Copy, 0), rows: 1, src_va, dst_va, width, ..packet::Copy::ZERO });
        self.finish()
    }
}

fn best(times: u32, mut what: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..times {
        let start = Instant::now();
        what()?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}

fn main() -> Result<()> {
    let mut chip = Chip::start()?;
    chip.bring_up()?;
    let vram = chip.bus.region(BAR_VRAM)?;
    println!("an IX chip with {} SMs and {} MiB", chip.register(r::CAP_SM_COUNT)?, vram.size >> 20);
    chip.make_queue()?;

    let pattern: Vec<u8> = (0..1u32 << 20).map(|i| (i % 251) as u8).collect();
    let (there, back) = (DATA + (1 << 20), DATA + (2 << 20));
    ensure!(chip.ram.map().write(there, &pattern));
    chip.copy(VA_VRAM, VA_RAM + there, 1 << 20)?;
    chip.copy(VA_RAM + back, VA_VRAM, 1 << 20)?;
    let mut result = vec![0; 1 << 20];
    ensure!(chip.ram.map().read(back, &mut result) && result == pattern, "the copy came back different");
    println!("1 MiB went to VRAM and came back");

    let trapped = best(200, || chip.register(r::ID_MAGIC).map(drop))?;
    println!("register read       {trapped:?}");
    let signal = best(2000, || chip.finish())?;
    println!("signal, polled      {signal:?}");
    let mut asleep = Duration::MAX;
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(2));
        asleep = asleep.min(best(1, || chip.finish())?);
    }
    println!("signal, with a kick {asleep:?}");
    for blocks in [1, 1000] {
        let time = best(500, || chip.launch(blocks))?;
        println!("{blocks:4} empty blocks   {time:?}");
    }
    for size in [4 << 10, 1 << 20, 32 << 20] {
        let time = best(20, || chip.copy(VA_VRAM, VA_RAM + DATA + 4096, size))?;
        println!("copy {:6} KiB     {time:?}, {:.1} GB/s", size >> 10, size as f64 / time.as_nanos() as f64);
    }
    drop(chip.bus);
    ensure!(chip.process.wait()?.success(), "ix-device failed");
    Ok(())
}

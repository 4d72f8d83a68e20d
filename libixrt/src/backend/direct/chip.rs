// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The chip as its driver sees it: registers, the admin ring, faults.
//!
//! Registers are trapped and slow; they are used to bring the chip up, to kick, and to read what
//! went wrong. Address spaces and queues are made by packets of the *admin ring*, one at a time:
//! each is written, rung, and awaited.

use super::process::Lost;
use crate::backend::DeviceInfo;
use crate::error::{Code, Error, Result};
use crate::packets::Packet;
use ix_hw::doorbell::{QueueSlot, ADMIN_SLOT, SLOT_SIZE};
use ix_hw::fault::FaultRecord;
use ix_hw::mmu::{PhysAddr, PHYS_SYSTEM};
use ix_hw::packet::{self, status};
use ix_hw::{pci, regs};
use ix_vfio_user::client::Client;
use ix_vfio_user::memory::{Mapping, SharedMemory};
use std::collections::HashMap;
use std::mem::offset_of;
use std::sync::atomic::{fence, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// First bus address of the process's memory. Any would do; this one is no valid offset in it, so
/// that a confusion shows.
pub const BUS_BASE: u64 = 1 << 40;
/// log2 of the packets in the admin ring.
const ADMIN_LOG2: u32 = 6;
/// How long the device may take for a reset or an admin packet.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);

/// The chip.
#[derive(Debug)]
pub struct Chip {
    client: Client,
    /// The doorbell pages, from page 0.
    pub doorbells: Mapping,
    /// Device memory.
    pub vram: Mapping,
    /// This process's memory that the device can reach: bus address = [`BUS_BASE`] + offset.
    pub system: SharedMemory,
    admin: Mutex<u64>,
    faults: Mutex<HashMap<u32, FaultRecord>>,
    lost: Arc<Lost>,
}

impl Chip {
    /// Resets the chip behind `client` and starts the admin ring, which takes the first
    /// [`Chip::ADMIN_BYTES`] of a system memory of `system_bytes`.
    pub fn bring_up(client: Client, system_bytes: u64, lost: Arc<Lost>) -> Result<Chip> {
        let failed = |e: ix_vfio_user::Error| Error::new(Code::NO_DEVICE, format!("bringing up the device: {e}"));
        let magic = client.read32(pci::BAR_REGS, regs::ID_MAGIC.into()).map_err(failed)?;
        let version = client.read32(pci::BAR_REGS, regs::ID_VERSION.into()).map_err(failed)?;
        let major = regs::ID_VERSION_MAJOR.get(version);
        if magic != regs::MAGIC || major != regs::VERSION_MAJOR {
            return Err(Error::new(
                Code::NO_DEVICE,
                format!("not an IX device of contract version {}: magic {magic:#x}, version {major}", regs::VERSION_MAJOR),
            ));
        }
        let bar0 = client.region(pci::BAR_REGS).map_err(failed)?;
        let bar2 = client.region(pci::BAR_VRAM).map_err(failed)?;
        let doorbell_bytes = pci::DOORBELL_END - pci::DOORBELL_OFFSET;
        let doorbells = client.map_region(&bar0, pci::DOORBELL_OFFSET, doorbell_bytes).map_err(failed)?;
        let vram = client.map_region(&bar2, 0, bar2.size).map_err(failed)?;
        let system = SharedMemory::new("ixrt-system", system_bytes)
            .map_err(|e| Error::system(format_args!("reserving {system_bytes} bytes of memory to share with the device"), e))?;
        let chip = Chip { client, doorbells, vram, system, admin: Mutex::new(0), faults: Mutex::default(), lost };
        chip.write(regs::CONTROL, regs::CONTROL_RESET.mask())?;
        chip.await_status(regs::STATUS_READY.mask())?;
        use std::os::fd::AsFd;
        chip.client.dma_map(BUS_BASE, chip.system.as_fd(), 0, system_bytes).map_err(|e| chip.bus_error(e))?;
        let ring = PHYS_SYSTEM | BUS_BASE;
        chip.write(regs::ADMIN_RING_LO, ring as u32)?;
        chip.write(regs::ADMIN_RING_HI, (ring >> 32) as u32)?;
        chip.write(regs::ADMIN_RING_LOG2, ADMIN_LOG2)?;
        chip.write(regs::ADMIN_ENABLE, 1)?;
        chip.await_status(regs::STATUS_ADMIN.mask())?;
        Ok(chip)
    }

    /// Bytes at the start of system memory that the admin ring takes.
    pub const ADMIN_BYTES: u64 = (packet::SIZE as u64) << ADMIN_LOG2;

    fn await_status(&self, bit: u32) -> Result<()> {
        let end = Instant::now() + ANSWER_LIMIT;
        loop {
            let now = self.read(regs::STATUS)?;
            if now & bit != 0 {
                return Ok(());
            }
            if now & regs::STATUS_WEDGED.mask() != 0 || Instant::now() > end {
                return Err(Error::new(Code::NO_DEVICE, format!("the device does not come up: its status register is {now:#x}")));
            }
            std::thread::sleep(Duration::from_micros(100));
        }
    }

    /// Notes what an error of the bus means for the device.
    pub fn bus_error(&self, error: ix_vfio_user::Error) -> Error {
        if !matches!(error, ix_vfio_user::Error::Refused { .. }) {
            self.lost.set(error.to_string(), false);
            return self.lost.error();
        }
        Error::new(Code::UNKNOWN, error.to_string())
    }

    /// Fails once the device is known to be gone.
    pub fn check(&self) -> Result<()> {
        self.lost.check()
    }

    /// Says that the device is gone.
    pub fn set_lost(&self, why: &str) -> Error {
        self.lost.set(why.into(), false);
        self.lost.error()
    }

    /// Whether and why the device is gone.
    pub fn lost(&self) -> &Lost {
        &self.lost
    }

    /// The bus.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Reads a register.
    pub fn read(&self, register: u32) -> Result<u32> {
        self.client.read32(pci::BAR_REGS, register.into()).map_err(|e| self.bus_error(e))
    }

    /// Writes a register.
    pub fn write(&self, register: u32, value: u32) -> Result<()> {
        self.client.write32(pci::BAR_REGS, register.into(), value).map_err(|e| self.bus_error(e))
    }

    fn read64(&self, low: u32) -> Result<u64> {
        Ok(u64::from(self.read(low)?) | u64::from(self.read(low + 4)?) << 32)
    }

    fn bytes<const N: usize>(&self, first: u32) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        for (i, chunk) in bytes.chunks_mut(4).enumerate() {
            chunk.copy_from_slice(&self.read(first + 4 * i as u32)?.to_le_bytes());
        }
        Ok(bytes)
    }

    /// Reads the capability registers.
    pub fn info(&self) -> Result<DeviceInfo> {
        let name: [u8; 64] = self.bytes(regs::CAP_NAME)?;
        let end = name.iter().position(|b| *b == 0).unwrap_or(name.len());
        Ok(DeviceInfo {
            name: String::from_utf8_lossy(&name[..end]).into_owned(),
            uuid: self.bytes(regs::CAP_UUID)?,
            pci: [0; 4],
            sm_count: self.read(regs::CAP_SM_COUNT)?,
            warp_size: self.read(regs::CAP_WARP_SIZE)?,
            warps_per_sm: self.read(regs::CAP_WARPS_PER_SM)?,
            blocks_per_sm: self.read(regs::CAP_BLOCKS_PER_SM)?,
            threads_per_block: self.read(regs::CAP_THREADS_PER_BLOCK)?,
            shared_per_sm: self.read(regs::CAP_SHARED_PER_SM)?,
            shared_per_block: self.read(regs::CAP_SHARED_PER_BLOCK)?,
            regs_per_sm: self.read(regs::CAP_REGS_PER_SM)?,
            local_per_thread: self.read(regs::CAP_LOCAL_PER_THREAD)?,
            core_clock_khz: self.read(regs::CAP_CORE_CLOCK)?,
            mem_clock_khz: self.read(regs::CAP_MEM_CLOCK)?,
            mem_bus_bits: self.read(regs::CAP_MEM_BUS)?,
            copy_engines: self.read(regs::CAP_COPY_ENGINES)?,
            l2_bytes: self.read(regs::CAP_L2)?,
            vram_bytes: self.read64(regs::CAP_VRAM_LO)?.min(self.vram.len()),
            va_end: 1 << self.read(regs::CAP_VA_BITS)?.clamp(36, 48),
        })
    }

    /// Number of address spaces and of queues.
    pub fn limits(&self) -> Result<(u32, u32)> {
        Ok((self.read(regs::CAP_VM_COUNT)?, self.read(regs::CAP_QUEUE_COUNT)?))
    }

    /// The slot `slot` of doorbell page `page`.
    pub fn slot(&self, page: u32, slot: u32) -> Result<*mut QueueSlot> {
        let offset = u64::from(page) * pci::DOORBELL_PAGE_SIZE + u64::from(slot) * SLOT_SIZE;
        let pointer = self.doorbells.at(offset, SLOT_SIZE).ok_or(Error::new(Code::UNKNOWN, "no such doorbell slot"))?;
        Ok(pointer.cast())
    }

    /// Runs an admin packet.
    pub fn admin<P: Packet>(&self, what: &'static str, packet: &P) -> Result<()> {
        let mut wptr = self.admin.lock().unwrap_or_else(|e| e.into_inner());
        self.check()?;
        let at = (*wptr % (1 << ADMIN_LOG2)) * packet::SIZE as u64;
        // The packet's status word is PENDING: that is 0, as in the packet.
        const _: () = assert!(status::PENDING == 0);
        let slot = u64::from(ADMIN_SLOT) * SLOT_SIZE;
        let bell = |field| self.doorbells.atomic_u64(slot + field);
        let flag = |field| self.doorbells.atomic_u32(slot + field);
        let word = self.system.map().atomic_u32(at + packet::STATUS_OFFSET as u64);
        let (Some(bell), Some(needs_kick), Some(word)) =
            (bell(offset_of!(QueueSlot, wptr) as u64), flag(offset_of!(QueueSlot, needs_kick) as u64), word)
        else {
            return Err(Error::new(Code::UNKNOWN, "the admin ring lies outside of its memory"));
        };
        if !self.system.map().write(at, packet.bytes()) {
            return Err(Error::new(Code::UNKNOWN, "the admin ring lies outside of its memory"));
        }
        *wptr += 1;
        bell.store(*wptr, Ordering::Release);
        fence(Ordering::SeqCst);
        if needs_kick.load(Ordering::Relaxed) != 0 {
            self.write(regs::KICK, 0)?;
        }
        match self.await_answer(word)? {
            status::OK => Ok(()),
            status::NO_RESOURCE => Err(Error::new(Code::OUT_OF_MEMORY, format!("the device has no room left to {what}"))),
            other => Err(Error::new(Code::UNKNOWN, format!("the device refused to {what}: status {other}"))),
        }
    }

    fn await_answer(&self, word: &AtomicU32) -> Result<u32> {
        let start = Instant::now();
        loop {
            for _ in 0..64 {
                let status = word.load(Ordering::Acquire);
                if status != status::PENDING {
                    return Ok(status);
                }
                std::hint::spin_loop();
            }
            self.check()?;
            match start.elapsed() {
                waited if waited < Duration::from_micros(200) => std::thread::yield_now(),
                waited if waited < ANSWER_LIMIT => std::thread::sleep(Duration::from_micros(50)),
                _ => return Err(self.set_lost("it does not answer")),
            }
        }
    }

    /// The physical address of system memory at `offset`.
    pub fn system_address(offset: u64) -> PhysAddr {
        PHYS_SYSTEM | (BUS_BASE + offset)
    }

    /// What stopped queue `queue`: pops all records and keeps them by queue.
    pub fn fault(&self, queue: u32) -> Result<Option<FaultRecord>> {
        let mut faults = self.faults.lock().unwrap_or_else(|e| e.into_inner());
        while self.read(regs::FAULT_COUNT)? != 0 {
            let record = crate::packets::fault_record(self.bytes(regs::FAULT_RECORD)?);
            self.write(regs::FAULT_POP, 1)?;
            faults.insert(record.queue, record);
        }
        self.write(regs::INTR_STATUS, regs::INTR_FAULT.mask())?;
        Ok(faults.get(&queue).copied())
    }

    /// Forgets the record of a queue that is gone.
    pub fn forget_fault(&self, queue: u32) {
        self.faults.lock().unwrap_or_else(|e| e.into_inner()).remove(&queue);
    }
}

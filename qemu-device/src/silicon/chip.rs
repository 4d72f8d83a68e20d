// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The chip as a whole: its units put together, and its face to the bus.

use super::admin::{drain, Admin};
use super::command::CommandProcessor;
use super::copy::CopyEngines;
use super::doorbell::Doorbells;
use super::memory::PhysicalMemory;
use super::profile::Profile;
use super::regs::RegisterState;
use super::sensors::Sensors;
use super::shared::Shared;
use super::sm::Sms;
use ix_hw::pci;
use ix_vfio_user::dma::{ClientMemory, Range};
use ix_vfio_user::irq::Interrupts;
use ix_vfio_user::memory::SharedMemory;
use ix_vfio_user::pci::{Builder, ConfigSpace, Identity};
use ix_vfio_user::server::{Device, Region, Reset};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Size of BAR 4.
const MSIX_SIZE: u64 = 0x1000;
/// Offset of the pending bits in BAR 4; the table is at 0.
const MSIX_PENDING: u32 = 0x800;
/// Generation and width of the link that the configuration space shows.
const LINK: (u8, u8) = (4, 16);

/// How a chip is made.
#[derive(Debug, Clone)]
pub struct Options {
    /// What chip it is.
    pub profile: Profile,
    /// Anything that differs between chips; serial number and UUID follow from it.
    pub identity: String,
    /// Host threads that stand for the SMs; at least 1.
    pub workers: usize,
}

impl Options {
    /// A chip of `profile` with as many workers as the host has processors.
    pub fn new(profile: Profile, identity: &str) -> Options {
        let processors = std::thread::available_parallelism().map_or(1, |n| n.get());
        let workers = processors.min(profile.sm_count as usize);
        Options { profile, identity: identity.into(), workers }
    }
}

/// An IX chip. Everything that it does it does by itself once registers, doorbells and rings say
/// so; this type is what the bus sees.
#[derive(Debug)]
pub struct Chip {
    pub(super) shared: Arc<Shared>,
    // Dropped in this order: the admin unit works on the command processor's queues.
    pub(super) admin: Admin,
    pub(super) command: Arc<CommandProcessor>,
    pub(super) sensors: Sensors,
    pub(super) registers: Mutex<RegisterState>,
    pub(super) ready: AtomicBool,
    pub(super) uuid: [u8; 16],
    pub(super) serial: String,
    vram: Arc<SharedMemory>,
    /// Held during a reset.
    resetting: Mutex<()>,
}

impl Chip {
    /// Powers a chip on.
    pub fn new(options: Options) -> io::Result<Chip> {
        let Options { profile, identity, workers } = options;
        profile.check(&identity).map_err(|e| io::Error::new(io::ErrorKind::InvalidInput, e))?;
        let vram = Arc::new(SharedMemory::new("ix-vram", profile.vram_bytes)?);
        let client = Arc::new(ClientMemory::new());
        let memory = PhysicalMemory::new(vram.clone(), client.clone());
        let (uuid, serial) = identify(&identity);
        let sensors = Sensors::new(&profile);
        let shared = Arc::new(Shared::new(profile, memory, client, Doorbells::new()?));
        let sms = Sms::start(workers.max(1))?;
        let copies = CopyEngines::start(&shared)?;
        let command = Arc::new(CommandProcessor::start(&shared, sms, copies)?);
        let admin = Admin::start(&shared, &command)?;
        Ok(Chip {
            shared,
            admin,
            command,
            sensors,
            registers: Mutex::default(),
            ready: AtomicBool::new(true),
            uuid,
            serial,
            vram,
            resetting: Mutex::new(()),
        })
    }

    /// Stops all queues, destroys all address spaces, disables the admin ring, zeroes the doorbell
    /// pages, forgets faults and interrupt causes. VRAM keeps its contents.
    pub fn reset(&self) {
        let _one_at_a_time = self.resetting.lock().unwrap_or_else(PoisonError::into_inner);
        self.ready.store(false, Ordering::SeqCst);
        self.admin.reset();
        let queues = self.command.remove_all();
        let spaces = std::mem::take(&mut *self.shared.spaces());
        // Whatever still runs loses its memory at once, and so ends soon if it did not by itself.
        spaces.values().for_each(|space| space.clear());
        drain(&queues, &AtomicBool::new(false));
        self.shared.doorbells.clear();
        self.shared.events.reset();
        self.reset_registers();
        self.ready.store(true, Ordering::SeqCst);
    }
}

impl Drop for Chip {
    fn drop(&mut self) {
        self.reset();
    }
}

/// UUID and serial number of the chip with this identity.
fn identify(identity: &str) -> ([u8; 16], String) {
    // FNV-1a from two starting values: it need not be secure, only spread.
    let hash = |start: u64| identity.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let (high, low) = (hash(0xcbf2_9ce4_8422_2325), hash(0x8422_2325_cbf2_9ce4));
    let mut uuid = [0; 16];
    uuid[..8].copy_from_slice(&high.to_be_bytes());
    uuid[8..].copy_from_slice(&low.to_be_bytes());
    // Version 8 (vendor specific), variant of RFC 9562.
    uuid[6] = uuid[6] & 0x0f | 0x80;
    uuid[8] = uuid[8] & 0x3f | 0x80;
    (uuid, format!("IX{:012X}", low >> 16))
}

impl Device for Chip {
    fn config(&self) -> ConfigSpace {
        Builder::new(Identity { vendor: pci::VENDOR_ID, device: pci::DEVICE_ID, class: pci::CLASS, revision: pci::REVISION })
            .bar64(pci::BAR_REGS, pci::BAR_REGS_SIZE, false)
            .bar64(pci::BAR_VRAM, self.vram.size(), true)
            .bar64(pci::BAR_MSIX, MSIX_SIZE, false)
            .power_management()
            .express(LINK.0, LINK.1)
            .msix(pci::IRQ_VECTORS as u16, pci::BAR_MSIX as u8, 0, MSIX_PENDING)
            .build()
    }

    fn bar(&self, index: u32) -> Option<Region> {
        match index {
            pci::BAR_REGS => {
                let doorbells = (pci::DOORBELL_OFFSET, pci::DOORBELL_END - pci::DOORBELL_OFFSET);
                Some(Region::partly_mapped(self.shared.doorbells.memory().clone(), vec![doorbells]))
            }
            pci::BAR_VRAM => Some(Region::mapped(self.vram.clone())),
            pci::BAR_MSIX => Some(Region::trapped(MSIX_SIZE)),
            _ => None,
        }
    }

    fn interrupts(&self) -> &Interrupts {
        self.shared.events.vectors()
    }

    fn memory(&self) -> &ClientMemory {
        &self.shared.client
    }

    fn read(&self, bar: u32, offset: u64, data: &mut [u8]) {
        match bar {
            pci::BAR_REGS => self.read_registers(offset, data),
            // The bus keeps the MSI-X table, and no interrupt is ever pending here.
            _ => data.fill(0),
        }
    }

    fn write(&self, bar: u32, offset: u64, data: &[u8]) {
        if bar == pci::BAR_REGS {
            self.write_registers(offset, data);
        }
    }

    fn memory_added(&self, range: &Range) {
        for space in self.shared.spaces().values() {
            space.attach(range.address, range.size);
        }
    }

    fn memory_removed(&self, range: &Range) {
        for space in self.shared.spaces().values() {
            space.detach(range.address, range.size);
        }
        self.shared.memory.quiesce();
    }

    fn reset(&self, cause: Reset) {
        Chip::reset(self);
        if cause == Reset::Disconnect {
            // The next client is another one, and must not see what this one computed.
            self.shared.memory.clear_vram();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_give_different_well_formed_numbers() {
        let (uuid, serial) = identify("/run/a.sock");
        assert_eq!((uuid[6] >> 4, uuid[8] >> 6), (8, 2));
        assert_eq!(serial.len(), 14);
        assert_ne!((uuid, serial), identify("/run/b.sock"));
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A toy device: eight registers, one page of mapped memory beside them, 64 KiB of memory, two
//! vectors. Register 0 is a scratch word; writing an address to register 1 makes the device add
//! one to the 64-bit word there by DMA and raise vector 0.

use ix_vfio_user::dma::{ClientMemory, Range};
use ix_vfio_user::irq::Interrupts;
use ix_vfio_user::memory::SharedMemory;
use ix_vfio_user::pci::{Builder, ConfigSpace, Identity};
use ix_vfio_user::server::{serve, Device, Region, Reset};
use ix_vfio_user::Error;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

pub const BAR0_SIZE: u64 = 0x4000;
pub const DOORBELL: u64 = 0x1000;
pub const BAR2_SIZE: u64 = 0x10000;

pub struct Toy {
    pub bar0: Arc<SharedMemory>,
    pub bar2: Arc<SharedMemory>,
    pub registers: Mutex<[u8; 64]>,
    pub interrupts: Interrupts,
    pub memory: ClientMemory,
    pub log: Mutex<Vec<String>>,
}

impl Toy {
    pub fn new() -> Arc<Toy> {
        Arc::new(Toy {
            bar0: Arc::new(SharedMemory::new("bar0", BAR0_SIZE).unwrap()),
            bar2: Arc::new(SharedMemory::new("bar2", BAR2_SIZE).unwrap()),
            registers: Mutex::new([0; 64]),
            interrupts: Interrupts::new(2),
            memory: ClientMemory::new(),
            log: Mutex::new(Vec::new()),
        })
    }

    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

impl Device for Toy {
    fn config(&self) -> ConfigSpace {
        Builder::new(Identity { vendor: 0x1234, device: 0x0001, class: 0x12_0000, revision: 0 })
            .bar64(0, BAR0_SIZE, false)
            .bar64(2, BAR2_SIZE, true)
            .bar64(4, 0x1000, false)
            .power_management()
            .express(3, 4)
            .msix(2, 4, 0, 0x800)
            .build()
    }

    fn bar(&self, index: u32) -> Option<Region> {
        match index {
            0 => Some(Region::partly_mapped(self.bar0.clone(), vec![(DOORBELL, 0x1000)])),
            2 => Some(Region::mapped(self.bar2.clone())),
            4 => Some(Region::trapped(0x1000)),
            _ => None,
        }
    }

    fn interrupts(&self) -> &Interrupts {
        &self.interrupts
    }

    fn memory(&self) -> &ClientMemory {
        &self.memory
    }

    fn read(&self, _bar: u32, offset: u64, data: &mut [u8]) {
        let registers = self.registers.lock().unwrap();
        for (i, byte) in data.iter_mut().enumerate() {
            *byte = *registers.get(offset as usize + i).unwrap_or(&0);
        }
    }

    fn write(&self, bar: u32, offset: u64, data: &[u8]) {
        let mut registers = self.registers.lock().unwrap();
        for (i, byte) in data.iter().enumerate() {
            if let Some(register) = registers.get_mut(offset as usize + i) {
                *register = *byte;
            }
        }
        if bar == 0 && offset == 8 && data.len() == 8 {
            let address = u64::from_le_bytes(data.try_into().unwrap());
            let mut word = [0; 8];
            if self.memory.read(address, &mut word) {
                let next = u64::from_le_bytes(word) + 1;
                assert!(self.memory.write(address, &next.to_le_bytes()));
                self.interrupts.raise(0);
            }
        }
    }

    fn memory_added(&self, range: &Range) {
        let text = format!("map {:#x}+{:#x}", range.address, range.size);
        self.log.lock().unwrap().push(text);
    }

    fn memory_removed(&self, range: &Range) {
        let text = format!("unmap {:#x}+{:#x}", range.address, range.size);
        self.log.lock().unwrap().push(text);
    }

    fn reset(&self, cause: Reset) {
        *self.registers.lock().unwrap() = [0; 64];
        self.log.lock().unwrap().push(format!("reset {cause:?}"));
    }
}

/// Serves `toy` on one end of a socket pair; returns the other.
pub fn start(toy: &Arc<Toy>) -> (UnixStream, JoinHandle<Result<(), Error>>) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let toy = toy.clone();
    let thread = std::thread::spawn(move || serve(&*toy, theirs));
    (ours, thread)
}

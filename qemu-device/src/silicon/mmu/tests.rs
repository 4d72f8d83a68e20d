// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Tables written by hand, looked at through the window.

use super::*;
use crate::engine::guard::PageFault;
use ix_hw::mmu::{PTE_LARGE, PTE_READ, PTE_WRITE};
use ix_vfio_user::dma::ClientMemory;
use ix_vfio_user::memory::SharedMemory;
use ix_vfio_user::proto::{DmaMap, DmaUnmap};
use std::os::fd::AsFd;
use std::sync::Arc;

const RW: u64 = PTE_READ | PTE_WRITE;
const VA: u64 = 0x10_0000_0000;
const ROOT: u64 = 0x1000;

struct Bench {
    client: Arc<ClientMemory>,
    memory: PhysicalMemory,
    ram: SharedMemory,
    next_table: u64,
}

impl Bench {
    fn new() -> Bench {
        let vram = Arc::new(SharedMemory::new("vram", 32 << 20).unwrap());
        let client = Arc::new(ClientMemory::new());
        let memory = PhysicalMemory::new(vram, client.clone());
        let ram = SharedMemory::new("ram", 1 << 20).unwrap();
        Bench { client, memory, ram, next_table: 0x2000 }
    }

    fn entry(&self, table: u64, index: usize) -> u64 {
        let mut bytes = [0; 8];
        assert!(self.memory.read(table + 8 * index as u64, &mut bytes));
        u64::from_le_bytes(bytes)
    }

    fn set(&self, table: u64, index: usize, entry: u64) {
        assert!(self.memory.write(table + 8 * index as u64, &entry.to_le_bytes()));
    }

    /// Writes the entry for `va` at `level`, making tables as needed.
    fn map(&mut self, va: u64, level: u32, entry: u64) {
        let mut table = ROOT;
        for l in (level + 1..mmu::LEVELS).rev() {
            let index = mmu::index(va, l);
            if self.entry(table, index) == 0 {
                self.set(table, index, mmu::entry(self.next_table, 0));
                self.next_table += 0x1000;
            }
            table = mmu::target(self.entry(table, index));
        }
        self.set(table, mmu::index(va, level), entry);
    }

    fn space(&self) -> AddressSpace {
        let space = AddressSpace::new(1, ROOT, 40, self.memory.clone()).unwrap();
        space.invalidate(0, 1 << 40).unwrap();
        space
    }

    fn add_ram(&self, address: u64, offset: u64, size: u64) {
        let request = DmaMap { argsz: 32, flags: 3, offset, address, size };
        self.client.map(&request, Some(self.ram.as_fd().try_clone_to_owned().unwrap())).unwrap();
    }

    fn remove_ram(&self, address: u64, size: u64) {
        self.client.unmap(&DmaUnmap { argsz: 24, flags: 0, address, size }).unwrap();
    }
}

fn read_fault(va: u64) -> Result<u8, PageFault> {
    Err(PageFault { va, write: false })
}

#[test]
fn pages_of_both_sizes_show_their_memory() {
    let mut bench = Bench::new();
    bench.map(VA + 0x3000, 0, mmu::entry(0x10_0000, RW));
    bench.map(VA + PAGE_2M, 1, mmu::entry(4 << 20, RW | PTE_LARGE));
    let space = bench.space();
    space.window().store(VA + 0x3010, 0xaau8).unwrap();
    space.window().store(VA + 2 * PAGE_2M - 1, 0xbbu8).unwrap();
    let mut byte = [0];
    assert!(bench.memory.read(0x10_0010, &mut byte));
    assert_eq!(byte, [0xaa]);
    assert!(bench.memory.read((6 << 20) - 1, &mut byte));
    assert_eq!(byte, [0xbb]);
    assert_eq!(space.window().load(VA + 0x2fff), read_fault(VA + 0x2fff));
    assert_eq!(space.window().load(VA + 0x4000), read_fault(VA + 0x4000));
    assert_eq!(space.window().load(VA + 2 * PAGE_2M), read_fault(VA + 2 * PAGE_2M));
}

#[test]
fn change_takes_effect_with_its_invalidation_only() {
    let mut bench = Bench::new();
    bench.map(VA, 0, mmu::entry(0x10_0000, RW));
    bench.map(VA + 0x1000, 0, mmu::entry(0x10_1000, RW));
    let space = bench.space();
    space.window().store(VA, 1u8).unwrap();
    bench.map(VA, 0, 0);
    bench.map(VA + 0x1000, 0, mmu::entry(0x20_0000, RW));
    assert_eq!(space.window().load(VA), Ok(1u8));
    space.invalidate(VA, 0x1000).unwrap();
    assert_eq!(space.window().load(VA), read_fault(VA));
    assert!(bench.memory.write(0x20_0000, &[7]));
    assert_eq!(space.window().load(VA + 0x1000), Ok(0u8));
    space.invalidate(VA + 0x1000, 0x1000).unwrap();
    assert_eq!(space.window().load(VA + 0x1000), Ok(7u8));
}

#[test]
fn read_only_page_refuses_stores() {
    let mut bench = Bench::new();
    bench.map(VA, 0, mmu::entry(0x10_0000, PTE_READ));
    bench.map(VA + 0x1000, 0, mmu::entry(0x10_1000, 0));
    let space = bench.space();
    assert_eq!(space.window().load(VA), Ok(0u8));
    assert_eq!(space.window().store(VA, 1u8), Err(PageFault { va: VA, write: true }));
    assert_eq!(space.window().load(VA + 0x1000), read_fault(VA + 0x1000));
    bench.map(VA, 0, mmu::entry(0x10_0000, RW));
    space.invalidate(VA, 0x1000).unwrap();
    space.window().store(VA, 1u8).unwrap();
}

#[test]
fn large_page_can_be_invalidated_in_part() {
    let mut bench = Bench::new();
    bench.map(VA, 1, mmu::entry(4 << 20, RW | PTE_LARGE));
    let space = bench.space();
    bench.map(VA, 1, 0);
    space.invalidate(VA + 0x5000, 0x1000).unwrap();
    assert_eq!(space.window().load(VA + 0x4fff), Ok(0u8));
    assert_eq!(space.window().load(VA + 0x5000), read_fault(VA + 0x5000));
    assert_eq!(space.window().load(VA + 0x6000), Ok(0u8));
    space.invalidate(0, 1 << 40).unwrap();
    assert_eq!(space.window().load(VA + 0x6000), read_fault(VA + 0x6000));
}

#[test]
fn malformed_entries_map_nothing() {
    let mut bench = Bench::new();
    bench.map(VA, 1, mmu::entry((4 << 20) + 0x1000, RW | PTE_LARGE));
    bench.map(VA + PAGE_2M, 0, mmu::entry(0x10_0000, RW | PTE_LARGE));
    bench.map(VA + 2 * PAGE_2M, 0, mmu::entry(33 << 20, RW));
    bench.map(VA + (1 << 30), 2, mmu::entry(0x10_0000, RW | PTE_LARGE));
    bench.map(VA + (2 << 30), 2, mmu::entry(1 << 40, 0));
    let space = bench.space();
    for va in [VA, VA + PAGE_2M, VA + 2 * PAGE_2M, VA + (1 << 30), VA + (2 << 30)] {
        assert_eq!(space.window().load(va), read_fault(va));
    }
}

#[test]
fn tables_that_point_at_themselves_end() {
    let bench = Bench::new();
    for i in 0..mmu::ENTRIES {
        bench.set(ROOT, i, mmu::entry(ROOT, RW));
    }
    let space = AddressSpace::new(1, ROOT, 40, bench.memory.clone()).unwrap();
    assert_eq!(space.invalidate(0, 1 << 40), Err(Error::Resource));
}

#[test]
fn ranges_that_do_not_fit_are_refused() {
    let bench = Bench::new();
    let space = bench.space();
    for (va, size) in [(1, 0x1000), (0, 1), (1 << 40, 0x1000), (0, (1 << 40) + 0x1000), (u64::MAX - 0xfff, 0x1000)] {
        assert_eq!(space.invalidate(va, size), Err(Error::Address), "{va:#x}+{size:#x}");
    }
    assert_eq!(AddressSpace::new(1, 0x1008, 40, bench.memory.clone()).err(), Some(Error::Address));
    assert_eq!(AddressSpace::new(1, 1 << 40, 40, bench.memory.clone()).err(), Some(Error::Address));
}

#[test]
fn client_memory_goes_and_comes_back() {
    let mut bench = Bench::new();
    bench.add_ram(0x8000_0000, 0, 0x8000);
    for i in 0..4 {
        bench.map(VA + i * 0x1000, 0, mmu::entry(PHYS_SYSTEM | (0x8000_4000 + i * 0x1000), RW));
    }
    let space = bench.space();
    space.window().store(VA + 0x1000, 5u8).unwrap();
    let mut byte = [0];
    assert!(bench.ram.map().read(0x5000, &mut byte));
    assert_eq!(byte, [5]);

    bench.remove_ram(0x8000_0000, 0x8000);
    space.detach(0x8000_0000, 0x8000);
    assert_eq!(space.window().load(VA + 0x1000), read_fault(VA + 0x1000));

    // It comes back in two pieces, at other places of the file.
    bench.add_ram(0x8000_0000, 0x10000, 0x5000);
    space.attach(0x8000_0000, 0x5000);
    assert!(bench.ram.map().write(0x14000, &[8]));
    assert_eq!(space.window().load(VA), Ok(8u8));
    assert_eq!(space.window().load(VA + 0x1000), read_fault(VA + 0x1000));
    bench.add_ram(0x8000_5000, 0, 0x3000);
    space.attach(0x8000_5000, 0x3000);
    assert!(bench.ram.map().write(0x2000, &[9]));
    assert_eq!(space.window().load(VA + 0x3000), Ok(9u8));
}

#[test]
fn cleared_space_shows_nothing() {
    let mut bench = Bench::new();
    bench.map(VA, 0, mmu::entry(0x10_0000, RW));
    let space = bench.space();
    space.clear();
    assert_eq!(space.window().load(VA), read_fault(VA));
    space.invalidate(VA, 0x1000).unwrap();
    assert_eq!(space.window().load(VA), Ok(0u8));
}

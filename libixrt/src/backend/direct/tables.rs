// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Page tables, written through the mapped device memory.
//!
//! The tables of the one address space live in device memory, in 4 KiB *frames*. A range is mapped
//! with the largest leaves that its addresses allow. A frame that a large leaf replaced may be used
//! again only after the device's INVALIDATE, so it is handed back separately.

use crate::error::{Code, Error, Result};
use crate::ranges::Ranges;
use ix_hw::mmu::{self, PAGE_2M, PAGE_64K, PAGE_SIZE, PTE_64K, PTE_ADDRESS, PTE_LARGE, PTE_READ, PTE_VALID, PTE_WRITE};
use std::sync::atomic::{AtomicU64, Ordering};

/// Frames are taken from device memory in slabs of this size.
const SLAB: u64 = PAGE_64K;

/// The tables of an address space.
#[derive(Debug)]
pub struct Tables {
    vram: *mut u8,
    root: u64,
    spare: Vec<u64>,
}

// SAFETY: the pointer is to mapped device memory that outlives the tables; entries are accessed by
// atomics only.
unsafe impl Send for Tables {}

impl Tables {
    /// Empty tables.
    ///
    /// # Safety
    /// `vram` points at all of device memory, of which `free` are unused parts, and stays valid.
    pub unsafe fn new(vram: *mut u8, free: &mut Ranges) -> Result<Tables> {
        let mut tables = Tables { vram, root: 0, spare: Vec::new() };
        tables.root = tables.frame(free)?;
        Ok(tables)
    }

    /// Offset of the root table in device memory.
    pub fn root(&self) -> u64 {
        self.root
    }

    /// A zeroed frame.
    fn frame(&mut self, free: &mut Ranges) -> Result<u64> {
        if self.spare.is_empty() {
            let slab = free.take(SLAB, PAGE_SIZE).ok_or(Error::new(Code::OUT_OF_MEMORY, "no device memory is left for page tables"))?;
            self.spare.extend((0..SLAB / PAGE_SIZE).rev().map(|i| slab + i * PAGE_SIZE));
        }
        let frame = self.spare.pop().unwrap_or_default();
        for i in 0..mmu::ENTRIES {
            self.entry(frame, i).store(0, Ordering::Relaxed);
        }
        Ok(frame)
    }

    fn entry(&self, table: u64, index: usize) -> &AtomicU64 {
        debug_assert!(index < mmu::ENTRIES);
        // SAFETY: `table` is a frame that was taken from device memory, so all its 512 aligned
        // entries are inside the mapping.
        unsafe { AtomicU64::from_ptr(self.vram.add(table as usize).cast::<u64>().add(index)) }
    }

    /// Maps `size` bytes at `va` to physical memory from `phys`, readable and writable. Nothing is
    /// mapped there. Frames that became unused are added to `stale`.
    pub fn map(&mut self, free: &mut Ranges, va: u64, phys: u64, size: u64, stale: &mut Vec<u64>) -> Result<()> {
        let bits = PTE_READ | PTE_WRITE;
        let mut done = 0;
        while done < size {
            let (at, to, left) = (va + done, phys + done, size - done);
            let large = (at | to & PTE_ADDRESS) % PAGE_2M == 0 && left >= PAGE_2M;
            let mut table = self.root;
            for level in (if large { 2 } else { 1 }..mmu::LEVELS).rev() {
                table = self.descend(free, table, mmu::index(at, level))?;
            }
            if large {
                let slot = self.entry(table, mmu::index(at, 1));
                let old = slot.swap(mmu::entry(to, bits | PTE_LARGE), Ordering::Release);
                if old & (PTE_VALID | PTE_LARGE) == PTE_VALID {
                    stale.push(mmu::target(old));
                }
                done += PAGE_2M;
            } else {
                let run = (at | to & PTE_ADDRESS) % PAGE_64K == 0 && left >= PAGE_64K;
                let (pages, bits) = if run { (PAGE_64K / PAGE_SIZE, bits | PTE_64K) } else { (1, bits) };
                for page in 0..pages {
                    let offset = page * PAGE_SIZE;
                    self.entry(table, mmu::index(at + offset, 0)).store(mmu::entry(to + offset, bits), Ordering::Release);
                }
                done += pages * PAGE_SIZE;
            }
        }
        Ok(())
    }

    /// The table that entry `index` of `table` points at, made if there is none.
    fn descend(&mut self, free: &mut Ranges, table: u64, index: usize) -> Result<u64> {
        let old = self.entry(table, index).load(Ordering::Relaxed);
        if old & PTE_VALID == 0 {
            let frame = self.frame(free)?;
            self.entry(table, index).store(mmu::entry(frame, 0), Ordering::Release);
            return Ok(frame);
        }
        if old & PTE_LARGE != 0 {
            return Err(Error::new(Code::UNKNOWN, "a large page is already mapped where small ones should go"));
        }
        Ok(mmu::target(old))
    }

    /// Removes the leaves of a range that was mapped as a whole.
    pub fn unmap(&mut self, va: u64, size: u64) {
        let mut done = 0;
        while done < size {
            let at = va + done;
            let mut table = self.root;
            let mut level = mmu::LEVELS - 1;
            loop {
                let slot = self.entry(table, mmu::index(at, level));
                let old = slot.load(Ordering::Relaxed);
                if level == 0 || old & PTE_VALID == 0 || old & PTE_LARGE != 0 {
                    slot.store(0, Ordering::Release);
                    break;
                }
                table = mmu::target(old);
                level -= 1;
            }
            // On to the next address that this entry does not cover.
            let step = 1u64 << mmu::level_shift(level);
            done += step - at % step;
        }
    }

    /// Frames that the device no longer knows.
    pub fn reuse(&mut self, stale: Vec<u64>) {
        self.spare.extend(stale);
    }

    #[cfg(test)]
    fn walk(&self, va: u64) -> Option<u64> {
        let mut table = self.root;
        for level in (0..mmu::LEVELS).rev() {
            let entry = self.entry(table, mmu::index(va, level)).load(Ordering::Relaxed);
            if entry & PTE_VALID == 0 {
                return None;
            }
            if level == 0 || entry & PTE_LARGE != 0 {
                return Some(mmu::target(entry) + va % (1 << mmu::level_shift(level)));
            }
            table = mmu::target(entry);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ix_hw::mmu::{PHYS_SYSTEM, VA_START};

    #[test]
    fn ranges_translate_until_they_are_unmapped() {
        let mut memory = vec![0u64; (4 << 20) / 8];
        let mut free = Ranges::new(0, 4 << 20);
        // SAFETY: the vector holds all of the "device memory" and lives to the end of the test.
        let mut t = unsafe { Tables::new(memory.as_mut_ptr().cast(), &mut free) }.unwrap();
        let mut stale = Vec::new();
        let size = 2 * PAGE_2M + PAGE_64K + PAGE_SIZE;
        t.map(&mut free, VA_START, PAGE_2M * 8, size, &mut stale).unwrap();
        let system = PHYS_SYSTEM | 0x1_0000_1000;
        t.map(&mut free, VA_START + (1 << 30), system, 3 * PAGE_SIZE, &mut stale).unwrap();
        for offset in [0, 5, PAGE_2M - 1, PAGE_2M, 2 * PAGE_2M, size - 1] {
            assert_eq!(t.walk(VA_START + offset), Some(PAGE_2M * 8 + offset));
        }
        assert_eq!(t.walk(VA_START + size), None);
        assert_eq!(t.walk(VA_START + (1 << 30) + 0x2004), Some(system + 0x2004));
        t.unmap(VA_START, size);
        assert_eq!(t.walk(VA_START), None);
        assert_eq!(t.walk(VA_START + size - 1), None);
        assert_eq!(t.walk(VA_START + (1 << 30)), Some(system));
        assert!(stale.is_empty());
        // A large leaf where a table of small ones stood frees that table.
        t.map(&mut free, VA_START + 2 * PAGE_2M, 0, PAGE_2M, &mut stale).unwrap();
        assert_eq!(stale.len(), 1);
        assert_eq!(t.walk(VA_START + 2 * PAGE_2M + 7), Some(7));
    }
}

// SPDX-License-Identifier: GPL-2.0

//! Page tables of an address space, in device memory.
//!
//! A *slot* is the 2 MiB that one entry of a level-1 table covers: it is empty, a large *leaf*, or
//! a level-0 table of 512 small ones. The driver keeps the shape of the tree (which slots are
//! tables or leaves, how many entries of each table are valid) in its own memory and never reads
//! an entry back except to change it.
//!
//! Changing a mapping has two phases. [`Tables::prepare`] allocates every table that the change
//! needs and splits large leaves at its edges; it may fail, and changes no meaning. Then
//! [`Tables::clear`] and [`Tables::map`] write entries and cannot fail. Tables that become empty
//! are set aside: the device may walk them until it has been told of the change.

use kernel::prelude::*;

use crate::{
    device::Gpu,
    gem::BoData,
    hw::mmu::{self, ENTRIES, PAGE_2M, PAGE_64K, PAGE_SIZE},
    vram::Page,
};

/// Level of the root.
const ROOT: u32 = mmu::LEVELS - 1;
/// Level whose entries are slots.
const SLOTS: u32 = 1;

/// One table.
struct Table {
    page: Page,
    /// Valid entries.
    live: u32,
    /// Tables below, by index; empty at level 0.
    children: KVec<Option<KBox<Table>>>,
    /// At level 1, which entries are large leaves.
    leaves: [u64; ENTRIES / 64],
    /// Next in a list of tables set aside.
    next: Option<KBox<Table>>,
}

impl Table {
    /// A table with no valid entries.
    fn new(gpu: &Gpu<'_>, level: u32) -> Result<KBox<Self>> {
        let mut children = KVec::new();
        if level > 0 {
            children.reserve(ENTRIES, GFP_KERNEL)?;
            for _ in 0..ENTRIES {
                children.push_within_capacity(None).map_err(|_| ENOMEM)?;
            }
        }
        let table = KBox::new(
            Self {
                page: gpu.vram.page()?,
                live: 0,
                children,
                leaves: [0; ENTRIES / 64],
                next: None,
            },
            GFP_KERNEL,
        )?;
        for index in 0..ENTRIES {
            table.set(gpu, index, 0);
        }
        Ok(table)
    }

    fn at(&self, index: usize) -> u64 {
        self.page.offset() + index as u64 * 8
    }

    fn set(&self, gpu: &Gpu<'_>, index: usize, entry: u64) {
        gpu.window.write64(self.at(index), entry);
    }

    fn get(&self, gpu: &Gpu<'_>, index: usize) -> u64 {
        gpu.window.read64(self.at(index))
    }

    fn is_leaf(&self, index: usize) -> bool {
        self.leaves[index / 64] >> (index % 64) & 1 == 1
    }

    fn mark_leaf(&mut self, index: usize, leaf: bool) {
        let bit = 1 << (index % 64);
        if leaf {
            self.leaves[index / 64] |= bit;
        } else {
            self.leaves[index / 64] &= !bit;
        }
    }

    /// The table below `index`, made if there is none. The entry must not be a leaf.
    fn child(&mut self, gpu: &Gpu<'_>, index: usize, level: u32) -> Result<&mut Table> {
        if self.children[index].is_none() {
            let child = Table::new(gpu, level - 1)?;
            self.set(gpu, index, mmu::entry(child.page.offset(), 0));
            self.live += 1;
            self.children[index] = Some(child);
        }
        self.children[index].as_deref_mut().ok_or(ENOMEM)
    }

    /// Makes a table of small entries of the large leaf at `index`, with the same meaning.
    fn split(&mut self, gpu: &Gpu<'_>, index: usize) -> Result {
        let mut child = Table::new(gpu, SLOTS - 1)?;
        let leaf = self.get(gpu, index);
        let bits = leaf & !(mmu::PTE_ADDRESS | mmu::PTE_LARGE);
        let base = leaf & mmu::PTE_ADDRESS;
        for small in 0..ENTRIES {
            let address = base + small as u64 * PAGE_SIZE;
            child.set(gpu, small, address | bits | mmu::PTE_64K);
        }
        child.live = ENTRIES as u32;
        self.set(gpu, index, mmu::entry(child.page.offset(), 0));
        self.mark_leaf(index, false);
        self.children[index] = Some(child);
        Ok(())
    }

    /// Takes the hint that they are part of a 64 KiB run from valid entries `from..to`.
    fn drop_hint(&self, gpu: &Gpu<'_>, from: usize, to: usize) {
        for index in from..to {
            let entry = self.get(gpu, index);
            if entry & mmu::PTE_64K != 0 {
                self.set(gpu, index, entry & !mmu::PTE_64K);
            }
        }
    }
}

/// Tables set aside until the device has been told that they are gone.
#[derive(Default)]
pub(crate) struct Aside(Option<KBox<Table>>);

impl Aside {
    fn push(&mut self, mut table: KBox<Table>) {
        table.next = self.0.take();
        self.0 = Some(table);
    }

    /// Frees them.
    pub(crate) fn free(&mut self) {
        // One by one: dropping the list as a whole would recurse as deep as it is long.
        while let Some(mut table) = self.0.take() {
            self.0 = table.next.take();
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.free();
    }
}

/// The part of a range that lies in one slot.
#[derive(Clone, Copy)]
struct Piece {
    start: u64,
    end: u64,
}

impl Piece {
    fn is_whole(self) -> bool {
        self.end - self.start == PAGE_2M
    }

    /// Entries of a level-0 table that it covers.
    fn entries(self) -> core::ops::Range<usize> {
        let first = mmu::index(self.start, 0);
        first..first + ((self.end - self.start) / PAGE_SIZE) as usize
    }
}

/// The pieces of `va..end` in order.
fn pieces(va: u64, end: u64) -> impl Iterator<Item = Piece> {
    let mut start = va;
    core::iter::from_fn(move || {
        if start >= end {
            return None;
        }
        let piece = Piece {
            start,
            end: end.min((start | (PAGE_2M - 1)) + 1),
        };
        start = piece.end;
        Some(piece)
    })
}

/// What a range is to be mapped to.
#[derive(Clone, Copy)]
pub(crate) struct Source<'b> {
    pub(crate) bo: &'b BoData,
    /// Offset in the BO of the range's first byte.
    pub(crate) offset: u64,
    /// Permissions, bits of a leaf.
    pub(crate) bits: u64,
}

impl Source<'_> {
    /// The address for a large leaf at `piece` of a range that starts at `va`.
    fn large(&self, va: u64, piece: Piece) -> Option<u64> {
        if !piece.is_whole() {
            return None;
        }
        let (address, size) = self.bo.at(self.offset + (piece.start - va))?;
        (address % PAGE_2M == 0 && size >= PAGE_2M).then_some(address)
    }
}

/// The page tables of one address space.
pub(crate) struct Tables {
    root: KBox<Table>,
}

impl Tables {
    /// Tables that map nothing.
    pub(crate) fn new(gpu: &Gpu<'_>) -> Result<Self> {
        Ok(Self {
            root: Table::new(gpu, ROOT)?,
        })
    }

    /// Physical address of the root.
    pub(crate) fn root(&self) -> u64 {
        self.root.page.offset()
    }

    /// The level-1 table for `va`, if there is one.
    fn slots(&mut self, va: u64) -> Option<&mut Table> {
        let mut table = &mut *self.root;
        for level in (SLOTS + 1..=ROOT).rev() {
            table = table.children[mmu::index(va, level)].as_deref_mut()?;
        }
        Some(table)
    }

    /// The level-1 table for `va`, made if there is none.
    fn make_slots(&mut self, gpu: &Gpu<'_>, va: u64) -> Result<&mut Table> {
        let mut table = &mut *self.root;
        for level in (SLOTS + 1..=ROOT).rev() {
            table = table.child(gpu, mmu::index(va, level), level)?;
        }
        Ok(table)
    }

    /// Makes sure that `va..end` can be cleared and, with a source, then mapped without failing.
    pub(crate) fn prepare(
        &mut self,
        gpu: &Gpu<'_>,
        va: u64,
        end: u64,
        source: Option<Source<'_>>,
    ) -> Result {
        for piece in pieces(va, end) {
            let index = mmu::index(piece.start, SLOTS);
            if !piece.is_whole() {
                if let Some(table) = self.slots(piece.start) {
                    if table.is_leaf(index) {
                        table.split(gpu, index)?;
                    }
                }
            }
            let Some(source) = source else { continue };
            let large = source.large(va, piece).is_some();
            let table = self.make_slots(gpu, piece.start)?;
            if large {
                continue;
            }
            if table.is_leaf(index) {
                // The whole slot is to be mapped anew, but in small pages.
                table.split(gpu, index)?;
            } else {
                table.child(gpu, index, SLOTS)?;
            }
        }
        Ok(())
    }

    /// Makes the entries of `va..end` invalid, all of which are valid. The range lies within a
    /// prepared one.
    pub(crate) fn clear(&mut self, gpu: &Gpu<'_>, va: u64, end: u64) {
        for piece in pieces(va, end) {
            let index = mmu::index(piece.start, SLOTS);
            let Some(table) = self.slots(piece.start) else {
                continue;
            };
            if table.is_leaf(index) {
                table.set(gpu, index, 0);
                table.mark_leaf(index, false);
                table.live -= 1;
            } else if let Some(child) = table.children[index].as_deref_mut() {
                let run = (PAGE_64K / PAGE_SIZE) as usize;
                let range = piece.entries();
                child.drop_hint(gpu, range.start / run * run, range.start);
                child.drop_hint(gpu, range.end, range.end.next_multiple_of(run));
                for entry in range.clone() {
                    child.set(gpu, entry, 0);
                }
                child.live -= range.len() as u32;
            }
        }
    }

    /// Maps `va..end`, which was prepared for this source and has no valid entries.
    pub(crate) fn map(
        &mut self,
        gpu: &Gpu<'_>,
        va: u64,
        end: u64,
        source: Source<'_>,
        aside: &mut Aside,
    ) {
        for piece in pieces(va, end) {
            let index = mmu::index(piece.start, SLOTS);
            let Some(table) = self.slots(piece.start) else {
                continue;
            };
            if let Some(address) = source.large(va, piece) {
                match table.children[index].take() {
                    // The entry is valid already: it pointed to this table, which is empty now.
                    Some(child) => aside.push(child),
                    None => table.live += 1,
                }
                let bits = source.bits | mmu::PTE_LARGE;
                table.set(gpu, index, mmu::entry(address, bits));
                table.mark_leaf(index, true);
            } else if let Some(child) = table.children[index].as_deref_mut() {
                Self::map_small(gpu, child, va, piece, source);
            }
        }
    }

    fn map_small(gpu: &Gpu<'_>, table: &mut Table, va: u64, piece: Piece, source: Source<'_>) {
        let mut start = piece.start;
        while start < piece.end {
            let Some((address, size)) = source.bo.at(source.offset + (start - va)) else {
                return;
            };
            // Contiguous in memory from here on, and not before.
            let end = piece.end.min(start.saturating_add(size));
            // The hint is for whole runs, aligned in memory as well.
            let aligned = address % PAGE_64K == start % PAGE_64K;
            for at in (start..end).step_by(PAGE_SIZE as usize) {
                let run = at - at % PAGE_64K;
                let hint = if aligned && run >= start && run + PAGE_64K <= end {
                    mmu::PTE_64K
                } else {
                    0
                };
                let entry = mmu::entry(address + (at - start), source.bits | hint);
                table.set(gpu, mmu::index(at, 0), entry);
            }
            table.live += ((end - start) / PAGE_SIZE) as u32;
            start = end;
        }
    }

    /// Sets tables aside that map nothing of `va..end` nor anything else.
    pub(crate) fn prune(&mut self, gpu: &Gpu<'_>, va: u64, end: u64, aside: &mut Aside) {
        Self::prune_below(gpu, &mut self.root, ROOT, va, end, aside);
    }

    fn prune_below(
        gpu: &Gpu<'_>,
        table: &mut Table,
        level: u32,
        va: u64,
        end: u64,
        aside: &mut Aside,
    ) {
        let span = 1 << mmu::level_shift(level);
        let mut start = va;
        while start < end {
            let stop = end.min((start | (span - 1)) + 1);
            let index = mmu::index(start, level);
            if let Some(child) = table.children[index].as_deref_mut() {
                if level > SLOTS {
                    Self::prune_below(gpu, child, level - 1, start, stop, aside);
                }
                if child.live == 0 {
                    table.set(gpu, index, 0);
                    table.live -= 1;
                    if let Some(child) = table.children[index].take() {
                        aside.push(child);
                    }
                }
            }
            start = stop;
        }
    }
}

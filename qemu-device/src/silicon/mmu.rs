// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The MMU: page tables into windows.
//!
//! An *address space* is a page-table root and the [`Window`] that shows what the tables map. A
//! *run* is a part of it that maps one run of physical memory with one permission. Tables are
//! read when the driver asks (INVALIDATE); [`AddressSpace::invalidate`] compares what it finds
//! with the runs that it has and changes the window where they differ, so that accesses to pages
//! that did not change are never disturbed.
//!
//! Client memory can come and go under an address space. When it goes, the window loses those
//! pages at once and the run is *detached*; when it comes back, the run is attached again.

use super::memory::PhysicalMemory;
use crate::engine::guard::Window;
use ix_hw::mmu::{self, PhysAddr, PAGE_2M, PAGE_SIZE, PHYS_SYSTEM};
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most runs of one address space: the host limits the mappings of a process to 65,530.
const MAX_RUNS: usize = 32768;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    len: u64,
    physical: PhysAddr,
    write: bool,
}

impl Run {
    fn end(&self, va: u64) -> u64 {
        va + self.len
    }

    /// The part of this run, which starts at `va`, from `from` on and `len` bytes long.
    fn part(&self, va: u64, from: u64, len: u64) -> Run {
        Run { len, physical: self.physical + (from - va), ..*self }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mapped {
    run: Run,
    /// Whether the window shows all of it.
    attached: bool,
}

type Runs = BTreeMap<u64, Mapped>;

/// Why an address space cannot be made or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// The range is not page aligned or not inside the address space.
    Address,
    /// The host has no more address space or mappings.
    Resource,
}

/// One GPU address space.
#[derive(Debug)]
pub struct AddressSpace {
    id: u32,
    root: PhysAddr,
    window: Arc<Window>,
    memory: PhysicalMemory,
    runs: Mutex<Runs>,
}

impl AddressSpace {
    /// The address space with the tables at `root`. It shows nothing until it is invalidated.
    pub fn new(id: u32, root: PhysAddr, va_bits: u32, memory: PhysicalMemory) -> Result<AddressSpace, Error> {
        if root & (PAGE_SIZE - 1) != 0 || !memory.reaches(root, PAGE_SIZE, false) {
            return Err(Error::Address);
        }
        let window = Arc::new(Window::reserve(va_bits).map_err(|_| Error::Resource)?);
        Ok(AddressSpace { id, root, window, memory, runs: Mutex::new(Runs::new()) })
    }

    /// Its id.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Its memory.
    pub fn window(&self) -> &Arc<Window> {
        &self.window
    }

    fn lock(&self) -> MutexGuard<'_, Runs> {
        // The runs describe the window after every step, so a panic between steps loses nothing.
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the window show what the tables map in a range now.
    pub fn invalidate(&self, va: u64, size: u64) -> Result<(), Error> {
        let end = va.checked_add(size).ok_or(Error::Address)?;
        if (va | size) & (PAGE_SIZE - 1) != 0 || end > self.window.size() {
            return Err(Error::Address);
        }
        let mut walk = Walk { memory: &self.memory, found: Vec::new(), range: va..end };
        walk.table(self.root, mmu::LEVELS - 1, 0)?;

        let mut runs = self.lock();
        split(&mut runs, va);
        split(&mut runs, end);
        let mut next = va;
        for (at, run) in walk.found {
            self.remove(&mut runs, next..at)?;
            next = run.end(at);
            if runs.get(&at) == Some(&Mapped { run, attached: true }) {
                continue;
            }
            // New pages replace old ones in one step; no access in between sees a hole.
            let attached = self.show(at, &run).map_err(|_| Error::Resource)?;
            take(&mut runs, at..next);
            if runs.len() >= MAX_RUNS {
                let _ = self.window.unmap(at, run.len);
                return Err(Error::Resource);
            }
            runs.insert(at, Mapped { run, attached });
        }
        self.remove(&mut runs, next..end)
    }

    /// Takes all runs in `range`, at whose borders runs have been split, out of the window.
    fn remove(&self, runs: &mut Runs, range: Range<u64>) -> Result<(), Error> {
        let old = take(runs, range);
        let mut at = 0;
        while at < old.len() {
            // Runs that touch go together: each call costs the host as much as any other.
            let (start, first) = old[at];
            let mut end = first.run.end(start);
            at += 1;
            while at < old.len() && old[at].0 == end {
                end = old[at].1.run.end(end);
                at += 1;
            }
            self.window.unmap(start, end - start).map_err(|_| Error::Resource)?;
        }
        Ok(())
    }

    /// Makes the window show `run` at `va`. Parts that lead nowhere become inaccessible; the
    /// result says whether there are none.
    fn show(&self, va: u64, run: &Run) -> io::Result<bool> {
        let mut complete = true;
        let mut done = 0;
        while done < run.len {
            let rest = run.len - done;
            match self.memory.extent(run.physical + done) {
                Some(extent) if extent.len >= PAGE_SIZE => {
                    let len = rest.min(extent.len & !(PAGE_SIZE - 1));
                    let write = run.write && extent.writable;
                    self.window.map(va + done, len, extent.fd(), extent.offset, write)?;
                    done += len;
                }
                _ => {
                    complete = false;
                    let beyond_vram = run.physical & PHYS_SYSTEM == 0;
                    let len = if beyond_vram { rest } else { PAGE_SIZE };
                    self.window.unmap(va + done, len)?;
                    done += len;
                }
            }
        }
        Ok(complete)
    }

    /// Client memory has gone: takes its pages out of the window.
    pub fn detach(&self, address: u64, size: u64) {
        for (&va, mapped) in self.lock().iter_mut() {
            if let Some(part) = overlap(&mapped.run, address, size) {
                mapped.attached = false;
                // A host that cannot do this has no mappings left; the pages stay visible to this
                // address space until it is destroyed, and to nobody else.
                let _ = self.window.unmap(va + part.start, part.end - part.start);
            }
        }
    }

    /// Client memory has come: shows its pages where the tables mapped them.
    pub fn attach(&self, address: u64, size: u64) {
        for (&va, mapped) in self.lock().iter_mut() {
            if !mapped.attached && overlap(&mapped.run, address, size).is_some() {
                mapped.attached = self.show(va, &mapped.run).unwrap_or(false);
            }
        }
    }

    /// Takes everything out of the window, so that no access succeeds any more.
    pub fn clear(&self) {
        let mut runs = self.lock();
        runs.clear();
        // See `detach`.
        let _ = self.window.unmap(0, self.window.size());
    }
}

/// Which bytes of a run lie in `size` bytes of client memory from `address`.
fn overlap(run: &Run, address: u64, size: u64) -> Option<Range<u64>> {
    if run.physical & PHYS_SYSTEM == 0 {
        return None;
    }
    let bus = run.physical & !PHYS_SYSTEM;
    let start = bus.max(address);
    let end = (bus + run.len).min(address.saturating_add(size));
    (start < end).then(|| start - bus..end - bus)
}

/// Splits the run that contains `va` inside it.
fn split(runs: &mut Runs, va: u64) {
    let Some((&start, &mapped)) = runs.range(..va).next_back() else { return };
    let end = mapped.run.end(start);
    if va < end {
        let low = Mapped { run: mapped.run.part(start, start, va - start), ..mapped };
        let high = Mapped { run: mapped.run.part(start, va, end - va), ..mapped };
        runs.insert(start, low);
        runs.insert(va, high);
    }
}

/// Removes and returns the runs in `range`; parts of runs that reach beyond it stay.
fn take(runs: &mut Runs, range: Range<u64>) -> Vec<(u64, Mapped)> {
    if range.is_empty() {
        return Vec::new();
    }
    split(runs, range.start);
    split(runs, range.end);
    let keys: Vec<u64> = runs.range(range).map(|(&va, _)| va).collect();
    keys.into_iter().filter_map(|va| runs.remove(&va).map(|m| (va, m))).collect()
}

/// A walk over the tables, which collects the runs in a range.
struct Walk<'a> {
    memory: &'a PhysicalMemory,
    found: Vec<(u64, Run)>,
    range: Range<u64>,
}

impl Walk<'_> {
    /// Visits the entries of the table at `table` that translate addresses in the range. The table
    /// translates addresses from `base` on.
    fn table(&mut self, table: PhysAddr, level: u32, base: u64) -> Result<(), Error> {
        let step = 1u64 << mmu::level_shift(level);
        let mut bytes = [0; PAGE_SIZE as usize];
        if !self.memory.read(table, &mut bytes) {
            // A table that is not there maps nothing.
            return Ok(());
        }
        let first = (self.range.start.saturating_sub(base) / step) as usize;
        for (i, entry) in bytes.chunks_exact(8).enumerate().take(mmu::ENTRIES).skip(first) {
            let va = base + i as u64 * step;
            if va >= self.range.end {
                break;
            }
            let entry = entry.try_into().map_or(0, u64::from_le_bytes);
            if entry & mmu::PTE_VALID == 0 {
                continue;
            }
            let target = mmu::target(entry);
            let large = entry & mmu::PTE_LARGE != 0;
            if level == 0 && !large || level == 1 && large {
                self.leaf(va, step, entry, target)?;
            } else if level > 0 && !large {
                self.table(target, level - 1, va)?;
            }
            // What is left has PTE_LARGE where it must not be, and maps nothing.
        }
        Ok(())
    }

    fn leaf(&mut self, va: u64, len: u64, entry: u64, target: PhysAddr) -> Result<(), Error> {
        let misaligned = len == PAGE_2M && target & (PAGE_2M - 1) != 0;
        if misaligned || entry & (mmu::PTE_READ | mmu::PTE_WRITE) == 0 {
            return Ok(());
        }
        // A range may begin or end inside a large page.
        let start = va.max(self.range.start);
        let end = (va + len).min(self.range.end);
        let run = Run { len: end - start, physical: target + (start - va), write: entry & mmu::PTE_WRITE != 0 };
        if let Some((at, last)) = self.found.last_mut() {
            let follows = last.end(*at) == start && last.physical + last.len == run.physical;
            if follows && last.write == run.write {
                last.len += run.len;
                return Ok(());
            }
        }
        if self.found.len() >= MAX_RUNS {
            return Err(Error::Resource);
        }
        self.found.push((start, run));
        Ok(())
    }
}

#[cfg(test)]
mod tests;

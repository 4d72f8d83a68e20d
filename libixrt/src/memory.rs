// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Memory of a device.
//!
//! - A [`Mapped`] is a buffer object bound at GPU addresses; one in system memory is mapped at the
//!   same addresses on the CPU.
//! - A [`Heap`] gives out *blocks*: small ones are pieces of 2 MiB *chunks*, large ones have a
//!   [`Mapped`] of their own. Starts of large blocks are staggered within a page: arrays whose
//!   addresses differ by a multiple of 4 KiB hinder each other in the caches and store buffers of
//!   the machine that is the silicon.
//! - [`Cells`] gives out 64-byte *cells* of system memory for completion values and timestamps.
//! - [`allocations`] knows what programs hold, by address.

use crate::backend::{Backend, Bo, Placement};
use crate::context::Context;
use crate::error::{Code, Error, Result};
use crate::handle::lock;
use crate::managed::Advice;
use crate::pool::Pool;
use crate::ranges::Ranges;
use crate::registered::Registration;
use crate::va;
use crate::vmm::Memory;
use ix_hw::mmu::{PAGE_2M, PAGE_64K, PAGE_SIZE};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};

/// Size of chunks.
const CHUNK: u64 = PAGE_2M;
/// Larger blocks have a buffer object of their own.
const LARGE: u64 = CHUNK / 4;
/// Every block starts at a multiple of this.
pub const ALIGN: u64 = 512;
/// Starts of large blocks take this many different places in a page.
const STAGGER: u64 = PAGE_SIZE / ALIGN;
/// At least so many addresses after each mapping are never mapped, so that a run past the end is
/// found out.
const GUARD: u64 = PAGE_64K;

/// A buffer object without addresses. Ends with its last user.
#[derive(Debug)]
pub struct Physical {
    backend: Arc<dyn Backend>,
    /// The buffer object.
    pub bo: Bo,
    /// Where it is.
    pub placement: Placement,
}

impl Physical {
    /// Creates at least `size` bytes.
    pub fn new(backend: &Arc<dyn Backend>, placement: Placement, size: u64) -> Result<Arc<Physical>> {
        let bo = backend.bo_create(placement, size)?;
        Ok(Arc::new(Physical { backend: Arc::clone(backend), bo, placement }))
    }
}

impl Drop for Physical {
    fn drop(&mut self) {
        self.backend.bo_destroy(self.bo);
    }
}

/// A buffer object at its GPU (and for system memory CPU) addresses. Ends with its last user.
#[derive(Debug)]
pub struct Mapped {
    backend: Arc<dyn Backend>,
    /// The buffer object.
    pub bo: Bo,
    /// Its first address.
    pub va: u64,
    reserved: u64,
    cpu: Option<*mut u8>,
    system: bool,
    /// Whose the buffer object is, if not this mapping's; then the addresses are somebody else's too.
    physical: Option<Arc<Physical>>,
}

// SAFETY: the pointer is to memory that is shared with the device anyway; who uses it must answer
// for order.
unsafe impl Send for Mapped {}
// SAFETY: as above.
unsafe impl Sync for Mapped {}

impl Mapped {
    /// Creates, binds and maps at least `size` bytes.
    pub fn new(backend: &Arc<dyn Backend>, placement: Placement, size: u64) -> Result<Mapped> {
        let end = backend.info().va_end;
        if size > end {
            return Err(Error::new(Code::OUT_OF_MEMORY, format!("{size} bytes are more than there are addresses")));
        }
        let bo = backend.bo_create(placement, size)?;
        let align = if bo.size >= PAGE_2M { PAGE_2M } else { PAGE_64K };
        let reserved = (bo.size + GUARD).next_multiple_of(align);
        let va = va::take(reserved, align, end).inspect_err(|_| backend.bo_destroy(bo))?;
        // From here on Drop cleans up; what was not done is not undone.
        let system = placement == Placement::System;
        let mut mapped = Mapped { backend: Arc::clone(backend), bo, va, reserved, cpu: None, system, physical: None };
        backend.bind(bo, va)?;
        mapped.cpu = if mapped.system {
            // SAFETY: the range was reserved just now.
            unsafe { backend.map_at(bo, va) }?;
            Some(va as *mut u8)
        } else {
            backend.vram_pointer(bo)
        };
        Ok(mapped)
    }

    /// Binds and maps all of `physical` at addresses that the caller has reserved and uses for
    /// nothing else as long as this lives.
    pub fn of(physical: &Arc<Physical>, va: u64) -> Result<Mapped> {
        let (backend, bo, system) = (Arc::clone(&physical.backend), physical.bo, physical.placement == Placement::System);
        let mut mapped = Mapped { backend, bo, va, reserved: bo.size, cpu: None, system, physical: Some(Arc::clone(physical)) };
        mapped.backend.bind(bo, va)?;
        mapped.cpu = if system {
            // SAFETY: the range is reserved, as the caller says.
            unsafe { mapped.backend.map_at(bo, va) }?;
            Some(va as *mut u8)
        } else {
            mapped.backend.vram_pointer(bo)
        };
        Ok(mapped)
    }

    /// Where the CPU sees the byte at GPU address `va` of this mapping, if it does.
    pub fn cpu(&self, va: u64) -> Option<*mut u8> {
        debug_assert!(va >= self.va && va - self.va <= self.bo.size);
        // SAFETY: the address lies in the mapping.
        self.cpu.map(|start| unsafe { start.add((va - self.va) as usize) })
    }
}

impl Drop for Mapped {
    fn drop(&mut self) {
        let unbound = self.backend.unbind(self.va, self.bo.size);
        if self.system {
            // SAFETY: the range is ours, and the last user of the mapping is this value.
            unsafe { va::reset(self.va, self.reserved) };
        }
        // A device that could not unbind is gone or broken. Its memory must not be used for
        // something else, in case it still runs.
        match &self.physical {
            None if unbound.is_ok() => {
                self.backend.bo_destroy(self.bo);
                va::give(self.va, self.reserved);
            }
            Some(physical) if unbound.is_err() => std::mem::forget(Arc::clone(physical)),
            _ => {}
        }
    }
}

/// Some bytes of a heap; given back when dropped.
#[derive(Debug)]
pub struct Block {
    heap: Arc<Heap>,
    /// First address.
    pub va: u64,
    /// Bytes.
    pub size: u64,
    /// The mapping it lies in.
    pub mapped: Arc<Mapped>,
}

impl Block {
    /// A whole mapping as a block of `size` bytes that `heap` does not give out.
    pub fn whole(heap: &Arc<Heap>, mapped: Mapped, size: u64) -> Block {
        Block { heap: Arc::clone(heap), va: mapped.va, size, mapped: Arc::new(mapped) }
    }

    /// Where the CPU sees its first byte, if it does.
    pub fn cpu(&self) -> Option<*mut u8> {
        self.mapped.cpu(self.va)
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        self.heap.give(self);
    }
}

#[derive(Debug)]
struct Chunk {
    mapped: Arc<Mapped>,
    free: Ranges,
}

/// A source of blocks in one kind of memory.
#[derive(Debug)]
pub struct Heap {
    backend: Arc<dyn Backend>,
    placement: Placement,
    chunks: Mutex<BTreeMap<u64, Chunk>>,
    large: AtomicU64,
}

impl Heap {
    /// An empty heap.
    pub fn new(backend: &Arc<dyn Backend>, placement: Placement) -> Arc<Heap> {
        Arc::new(Heap { backend: Arc::clone(backend), placement, chunks: Mutex::default(), large: AtomicU64::new(0) })
    }

    /// Takes `size` bytes (not 0) at a multiple of `align`, a power of two of at most a page.
    pub fn take(self: &Arc<Heap>, size: u64, align: u64) -> Result<Block> {
        let align = align.max(ALIGN);
        if size > LARGE {
            // Which place in the page it starts at changes from one to the next.
            let stagger = if align > ALIGN { 0 } else { self.large.fetch_add(1, Ordering::Relaxed) % STAGGER * ALIGN };
            let bytes = size.checked_add(stagger).map_or(u64::MAX, |n| n.checked_next_multiple_of(PAGE_64K).unwrap_or(u64::MAX));
            let mapped = Arc::new(Mapped::new(&self.backend, self.placement, bytes)?);
            return Ok(Block { heap: Arc::clone(self), va: mapped.va + stagger, size, mapped });
        }
        let bytes = size.next_multiple_of(ALIGN);
        let mut chunks = lock(&self.chunks);
        let found = chunks.values_mut().find_map(|chunk| {
            let va = chunk.free.take(bytes, align)?;
            Some((va, Arc::clone(&chunk.mapped)))
        });
        let (va, mapped) = match found {
            Some(found) => found,
            None => {
                let mapped = Arc::new(Mapped::new(&self.backend, self.placement, CHUNK)?);
                let mut free = Ranges::new(mapped.va, CHUNK);
                // An empty chunk has room: its start is aligned to more than a page.
                let va = free.take(bytes, align).unwrap_or(mapped.va);
                chunks.insert(mapped.va, Chunk { mapped: Arc::clone(&mapped), free });
                (va, mapped)
            }
        };
        Ok(Block { heap: Arc::clone(self), va, size, mapped })
    }

    fn give(&self, block: &Block) {
        if block.size > LARGE {
            return;
        }
        let mut chunks = lock(&self.chunks);
        let Some(chunk) = chunks.get_mut(&block.mapped.va) else { return };
        chunk.free.give(block.va, block.size.next_multiple_of(ALIGN));
        // One empty chunk is kept, so that a program that takes and gives one block does not pay
        // for a mapping each time.
        if chunk.free.free_bytes() == CHUNK && chunks.values().filter(|c| c.free.free_bytes() == CHUNK).count() > 1 {
            let gone = chunks.remove(&block.mapped.va);
            drop(chunks);
            drop(gone);
        }
    }
}

/// Bytes of a cell: a cache line, so that two cells never share one.
const CELL: u64 = 64;

/// A source of cells.
#[derive(Debug)]
pub struct Cells {
    heap: Arc<Heap>,
    free: Mutex<Vec<(Arc<Block>, u64)>>,
}

/// A cache line of system memory with two 64-bit words that the device stores; given back when
/// dropped, with its contents.
#[derive(Debug)]
pub struct Cell {
    cells: Arc<Cells>,
    block: Arc<Block>,
    /// Its GPU address, which is also its CPU address.
    pub va: u64,
}

impl Cells {
    /// Cells of a heap of system memory.
    pub fn new(heap: &Arc<Heap>) -> Arc<Cells> {
        Arc::new(Cells { heap: Arc::clone(heap), free: Mutex::default() })
    }

    /// A cell. Its words have the values that its last user left, at first 0.
    pub fn take(self: &Arc<Cells>) -> Result<Cell> {
        let mut free = lock(&self.free);
        if let Some((block, va)) = free.pop() {
            return Ok(Cell { cells: Arc::clone(self), block, va });
        }
        let block = Arc::new(self.heap.take(PAGE_SIZE, PAGE_SIZE)?);
        let va = block.va;
        // SAFETY: a new block of system memory is mapped at its addresses and nobody uses it.
        unsafe { std::ptr::write_bytes(va as *mut u8, 0, PAGE_SIZE as usize) };
        free.extend((1..PAGE_SIZE / CELL).map(|i| (Arc::clone(&block), va + i * CELL)));
        Ok(Cell { cells: Arc::clone(self), block, va })
    }
}

impl Cell {
    /// Word 0 or 1.
    pub fn word(&self, index: usize) -> &AtomicU64 {
        debug_assert!(index < 2);
        // SAFETY: the cell is 64 aligned bytes of mapped system memory that live as long as
        // `self`, and everybody accesses its words by atomics.
        unsafe { AtomicU64::from_ptr((self.va as *mut u64).add(index)) }
    }

    /// GPU address of word 0 or 1.
    pub fn word_va(&self, index: usize) -> u64 {
        self.va + 8 * index as u64
    }

    /// The buffer object it lies in, and where.
    pub fn location(&self) -> (Bo, u64) {
        (self.block.mapped.bo, self.va - self.block.mapped.va)
    }
}

impl Drop for Cell {
    fn drop(&mut self) {
        lock(&self.cells.free).push((Arc::clone(&self.block), self.va));
    }
}

/// Where an allocation comes from, which says how it ends.
#[derive(Debug, Default)]
pub enum Origin {
    /// Taken by itself.
    #[default]
    Plain,
    /// A module's variables.
    Module,
    /// An array's contents.
    Array,
    /// Managed memory, with what the program has said of it.
    Managed(Mutex<Advice>),
    /// A pool's.
    Pool(Arc<Pool>),
    /// A mapping of physical memory at reserved addresses.
    Mapping(Arc<Memory>),
    /// Host memory of the program that was made reachable.
    Registered(Registration),
}

/// What a program holds.
#[derive(Debug)]
pub struct Allocation {
    /// A number that no other allocation of the process ever has.
    pub id: u64,
    /// Where it comes from. Ends before the memory.
    pub origin: Origin,
    /// The memory.
    pub block: Block,
    /// Pinned host memory, not device memory.
    pub host: bool,
    /// Flags it was made with.
    pub flags: u32,
    /// Context it belongs to, and goes with.
    pub context: u64,
    /// Number of the device.
    pub device: usize,
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

impl Allocation {
    /// An allocation of a context, in its own right.
    pub fn new(block: Block, host: bool, context: &Context) -> Allocation {
        Allocation::from(Origin::Plain, block, host, context)
    }

    /// An allocation of a context, from somewhere else.
    pub fn from(origin: Origin, block: Block, host: bool, context: &Context) -> Allocation {
        Allocation { context: context.id, ..Allocation::of_device(origin, block, host, context.device.ordinal) }
    }

    /// An allocation of no context.
    pub fn of_device(origin: Origin, block: Block, host: bool, device: usize) -> Allocation {
        Allocation { id: NEXT_ID.fetch_add(1, Ordering::Relaxed), origin, block, host, flags: 0, context: 0, device }
    }

    /// Whether it is part of addresses that a program has reserved.
    pub fn is_mapping(&self) -> bool {
        matches!(self.origin, Origin::Mapping(_))
    }

    /// Bytes from `va` to its end.
    pub fn rest(&self, va: u64) -> u64 {
        self.block.va + self.block.size - va
    }
}

/// All allocations of the process, by first address.
pub mod allocations {
    use super::{Allocation, Arc, BTreeMap, RwLock};

    static ALL: RwLock<BTreeMap<u64, Arc<Allocation>>> = RwLock::new(BTreeMap::new());

    /// Adds one.
    pub fn add(allocation: Allocation) -> u64 {
        let va = allocation.block.va;
        ALL.write().unwrap_or_else(|e| e.into_inner()).insert(va, Arc::new(allocation));
        va
    }

    /// Adds one that somebody else keeps too.
    pub fn add_shared(allocation: &Arc<Allocation>) {
        ALL.write().unwrap_or_else(|e| e.into_inner()).insert(allocation.block.va, Arc::clone(allocation));
    }

    /// The one that contains address `va`.
    pub fn at(va: u64) -> Option<Arc<Allocation>> {
        let all = ALL.read().unwrap_or_else(|e| e.into_inner());
        all.range(..=va).next_back().map(|(_, a)| a).filter(|a| va - a.block.va < a.block.size).cloned()
    }

    /// Whether all of `size` bytes from `va` are in mappings at reserved addresses, one behind
    /// the other.
    pub fn are_mapped(va: u64, size: u64) -> bool {
        let Some(end) = va.checked_add(size) else { return false };
        let all = ALL.read().unwrap_or_else(|e| e.into_inner());
        let mut at = va;
        while at < end {
            match all.range(..=at).next_back() {
                Some((start, a)) if a.is_mapping() && at - start < a.block.size => at = start + a.block.size,
                _ => return false,
            }
        }
        true
    }

    /// Start and size of the last one that starts at or before `va`.
    pub fn before(va: u64) -> Option<(u64, u64)> {
        let all = ALL.read().unwrap_or_else(|e| e.into_inner());
        all.range(..=va).next_back().map(|(start, a)| (*start, a.block.size))
    }

    /// The one that starts at `va`.
    pub fn starting_at(va: u64) -> Option<Arc<Allocation>> {
        ALL.read().unwrap_or_else(|e| e.into_inner()).get(&va).cloned()
    }

    /// Takes out the one that starts at `va`.
    pub fn remove(va: u64) -> Option<Arc<Allocation>> {
        ALL.write().unwrap_or_else(|e| e.into_inner()).remove(&va)
    }

    /// Takes out all of a context.
    pub fn remove_of(context: u64) -> Vec<Arc<Allocation>> {
        let mut all = ALL.write().unwrap_or_else(|e| e.into_inner());
        let starts: Vec<u64> = all.iter().filter(|(_, a)| a.context == context).map(|(va, _)| *va).collect();
        starts.iter().filter_map(|va| all.remove(va)).collect()
    }
}

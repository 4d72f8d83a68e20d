// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Virtual memory management: addresses and memory apart from one another.
//!
//! A program *reserves* addresses, *creates* memory, *maps* the one to the other, and then says who
//! has *access*; until then, nobody reaches the mapping. Memory lives as long as somebody has a
//! handle of it, it is mapped somewhere, or a descriptor that it was *exported* to is open.
//!
//! An exported descriptor is one end of a pipe: its inode tells which memory it is for, and when the
//! last copy of it has been closed the other end notices. Other processes cannot import it.

use crate::backend::Placement;
use crate::context::CONTEXTS;
use crate::device::{self, Device};
use crate::error::{Code, Error, Result};
use crate::handle::{lock, Of, Table};
use crate::managed::Location;
use crate::memory::{allocations, Allocation, Block, Mapped, Origin, Physical};
use crate::va;
use ix_hw::mmu::PAGE_2M;
use std::collections::BTreeMap;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

/// Memory that has handles.
pub static MEMORIES: Table<Memory> = Table::new(Of::Memory, "memory allocation");

/// Sizes and addresses are multiples of this.
pub const GRANULARITY: u64 = PAGE_2M;

/// Memory that a program created.
#[derive(Debug)]
pub struct Memory {
    physical: Arc<Physical>,
    /// Bytes.
    pub size: u64,
    /// Where it is.
    pub location: Location,
    /// Number of the device through which it is reached.
    pub device: usize,
    /// Kinds of descriptors it may be exported to.
    pub exportable: u32,
    /// Users of its handle.
    users: AtomicU32,
}

#[derive(Debug)]
struct Mapping {
    size: u64,
    memory: Arc<Memory>,
    /// What the device may do; 0: nothing.
    access: i32,
}

#[derive(Debug, Default)]
struct Space {
    /// Sizes by start.
    reservations: BTreeMap<u64, u64>,
    mappings: BTreeMap<u64, Mapping>,
    exports: Vec<(OwnedFd, Arc<Memory>)>,
}

static SPACE: Mutex<Space> = Mutex::new(Space { reservations: BTreeMap::new(), mappings: BTreeMap::new(), exports: Vec::new() });

/// Number of the access to read and write.
pub const READ_WRITE: i32 = 3;

fn check_multiple(what: &str, n: u64) -> Result<()> {
    if n == 0 || n % GRANULARITY != 0 {
        return Err(Error::invalid(format!("{what} is {n:#x}; it must be a multiple of {GRANULARITY:#x} and not 0")));
    }
    Ok(())
}

impl Memory {
    /// Creates memory on a device or, for it, on the host, and returns its handle.
    pub fn create(device: &Device, placement: Placement, location: Location, size: u64, exportable: u32) -> Result<u64> {
        check_multiple("the size", size)?;
        let physical = Physical::new(&device.backend, placement, size)?;
        MEMORIES.insert(Arc::new(Memory { physical, size, location, device: device.ordinal, exportable, users: AtomicU32::new(1) }))
    }
}

/// One user less of a handle.
pub fn release(handle: u64) -> Result<()> {
    // Under the lock, as whoever becomes a user does: nobody may between the last one and the handle's end.
    let mut space = lock(&SPACE);
    let memory = MEMORIES.get(handle)?;
    if memory.users.fetch_sub(1, Ordering::AcqRel) == 1 {
        MEMORIES.remove(handle)?;
    }
    sweep(&mut space);
    Ok(())
}

/// A handle of memory, which has one user more.
fn retain(memory: &Arc<Memory>) -> Result<u64> {
    memory.users.fetch_add(1, Ordering::AcqRel);
    match MEMORIES.handle_of(memory) {
        Some(handle) => Ok(handle),
        None => MEMORIES.insert(Arc::clone(memory)),
    }
}

/// A handle of the memory that is mapped at an address.
pub fn retain_at(va: u64) -> Result<u64> {
    let space = lock(&SPACE);
    let found = space.mappings.range(..=va).next_back().filter(|(start, m)| va - **start < m.size);
    let (_, mapping) = found.ok_or_else(|| Error::invalid(format!("nothing is mapped at {va:#x}")))?;
    retain(&mapping.memory)
}

/// Reserves addresses.
pub fn reserve(size: u64, align: u64) -> Result<u64> {
    check_multiple("the size", size)?;
    if align != 0 && !align.is_power_of_two() {
        return Err(Error::invalid(format!("the alignment {align:#x} is no power of two")));
    }
    let end = device::all()?.iter().map(|d| d.info().va_end).min().unwrap_or(0);
    let va = va::take(size, align.max(GRANULARITY), end)?;
    lock(&SPACE).reservations.insert(va, size);
    Ok(va)
}

/// Gives reserved addresses back.
pub fn free(va: u64, size: u64) -> Result<()> {
    let mut space = lock(&SPACE);
    if space.reservations.get(&va) != Some(&size) {
        return Err(Error::invalid(format!("{size:#x} addresses from {va:#x} are not what was reserved")));
    }
    if space.mappings.range(va..va + size).next().is_some() {
        return Err(Error::invalid(format!("some of the {size:#x} addresses from {va:#x} are still mapped")));
    }
    space.reservations.remove(&va);
    va::give(va, size);
    Ok(())
}

/// Maps all of a memory at reserved addresses.
pub fn map(va: u64, size: u64, offset: u64, handle: u64) -> Result<()> {
    let memory = MEMORIES.get(handle)?;
    check_multiple("the size", size)?;
    if offset != 0 || size != memory.size || va % GRANULARITY != 0 {
        return Err(Error::invalid(format!(
            "{size:#x} bytes from offset {offset:#x} at {va:#x}; all {:#x} bytes of the memory must be mapped, at a multiple of {GRANULARITY:#x}",
            memory.size
        )));
    }
    let mut space = lock(&SPACE);
    let reserved =
        space.reservations.range(..=va).next_back().is_some_and(|(start, n)| va.checked_add(size).is_some_and(|end| end <= start + n));
    if !reserved {
        return Err(Error::invalid(format!("{size:#x} addresses from {va:#x} are not reserved")));
    }
    let before = space.mappings.range(..va + size).next_back();
    if before.is_some_and(|(start, m)| start + m.size > va) {
        return Err(Error::new(Code::INVALID_VALUE, format!("some of the {size:#x} addresses from {va:#x} are mapped already")));
    }
    space.mappings.insert(va, Mapping { size, memory, access: 0 });
    Ok(())
}

/// Starts of the mappings that `size` addresses from `va` consist of.
fn whole(space: &Space, va: u64, size: u64) -> Result<Vec<u64>> {
    let bad = || Error::invalid(format!("{size:#x} addresses from {va:#x} are not mappings one behind the other"));
    let end = va.checked_add(size).filter(|_| size > 0).ok_or_else(bad)?;
    let (mut at, mut starts) = (va, Vec::new());
    while at < end {
        let mapping = space.mappings.get(&at).ok_or_else(bad)?;
        starts.push(at);
        at += mapping.size;
    }
    if at == end {
        Ok(starts)
    } else {
        Err(bad())
    }
}

/// Waits for all work of a device: what it uses is about to go.
pub fn settle(device: usize) {
    for context in CONTEXTS.live() {
        if context.device.ordinal == device {
            // A failed context's work has ended.
            let _ = context.synchronize();
        }
    }
}

/// Takes away the device's access to mappings.
fn hide(space: &mut Space, starts: &[u64]) {
    let mut settled = Vec::new();
    for start in starts {
        let Some(mapping) = space.mappings.get_mut(start).filter(|m| m.access != 0) else { continue };
        if !settled.contains(&mapping.memory.device) {
            settle(mapping.memory.device);
            settled.push(mapping.memory.device);
        }
        mapping.access = 0;
        drop(allocations::remove(*start));
    }
}

/// Ends mappings.
pub fn unmap(va: u64, size: u64) -> Result<()> {
    let mut space = lock(&SPACE);
    let starts = whole(&space, va, size)?;
    hide(&mut space, &starts);
    starts.iter().for_each(|start| drop(space.mappings.remove(start)));
    Ok(())
}

/// Sets what a place may do with mappings.
pub fn set_access(va: u64, size: u64, location: Location, access: i32) -> Result<()> {
    let mut space = lock(&SPACE);
    let starts = whole(&space, va, size)?;
    for start in &starts {
        let memory = &space.mappings[start].memory;
        let own = location.kind == 1 && usize::try_from(location.id).is_ok_and(|id| id == memory.device);
        if !own && location != memory.location {
            return Err(Error::new(Code::NOT_SUPPORTED, "memory is reached from its own device and, if it is there, from the host"));
        }
    }
    match access {
        0 => hide(&mut space, &starts),
        READ_WRITE => {
            for start in starts {
                let Some(mapping) = space.mappings.get_mut(&start).filter(|m| m.access == 0) else { continue };
                let memory = &mapping.memory;
                let device = device::get(memory.device as i32)?;
                let host = memory.physical.placement == Placement::System;
                let heap = if host { &device.system } else { &device.vram };
                let block = Block::whole(heap, Mapped::of(&memory.physical, start)?, mapping.size);
                allocations::add(Allocation::of_device(Origin::Mapping(Arc::clone(memory)), block, host, device.ordinal));
                mapping.access = access;
            }
        }
        1 => return Err(Error::new(Code::NOT_SUPPORTED, "access for reading only is not supported")),
        other => return Err(Error::invalid(format!("there is no access {other}"))),
    }
    Ok(())
}

/// What a place may do at an address.
pub fn access(va: u64, location: Location) -> Result<i32> {
    let space = lock(&SPACE);
    let found = space.mappings.range(..=va).next_back().filter(|(start, m)| va - **start < m.size);
    let (_, mapping) = found.ok_or_else(|| Error::invalid(format!("nothing is mapped at {va:#x}")))?;
    let own = location.kind == 1 && location.id as usize == mapping.memory.device;
    Ok(if own || location == mapping.memory.location { mapping.access } else { 0 })
}

// Descriptors.

/// Lets go of exports that nobody has a descriptor of any more.
fn sweep(space: &mut Space) {
    space.exports.retain(|(end, _)| {
        let mut poll = libc::pollfd { fd: end.as_raw_fd(), events: 0, revents: 0 };
        // SAFETY: one valid structure.
        unsafe { libc::poll(&mut poll, 1, 0) };
        poll.revents & libc::POLLHUP == 0
    });
}

fn inode(fd: RawFd) -> Result<(u64, u64)> {
    // SAFETY: all fields are integers.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: the structure is valid; any number may be asked for.
    if unsafe { libc::fstat(fd, &mut stat) } != 0 {
        return Err(Error::invalid(format!("{fd} is no open descriptor")));
    }
    Ok((stat.st_dev, stat.st_ino))
}

/// A new descriptor of memory, the caller's to close.
pub fn export(handle: u64) -> Result<RawFd> {
    let memory = MEMORIES.get(handle)?;
    if memory.exportable & 1 == 0 {
        return Err(Error::invalid("the memory was not created to be exported to a descriptor"));
    }
    let mut ends = [0; 2];
    // SAFETY: the array has two elements.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) } != 0 {
        return Err(Error::system("creating a descriptor", std::io::Error::last_os_error()));
    }
    let mut space = lock(&SPACE);
    sweep(&mut space);
    // SAFETY: the descriptor is new and nobody else's.
    space.exports.push((unsafe { OwnedFd::from_raw_fd(ends[0]) }, memory));
    Ok(ends[1])
}

/// A handle of the memory that a descriptor is of.
pub fn import(fd: RawFd) -> Result<u64> {
    let wanted = inode(fd)?;
    let space = lock(&SPACE);
    let found = space.exports.iter().find(|(end, _)| inode(end.as_raw_fd()).is_ok_and(|i| i == wanted));
    let (_, memory) = found.ok_or_else(|| Error::invalid(format!("descriptor {fd} is of no memory that this process has exported")))?;
    retain(memory)
}

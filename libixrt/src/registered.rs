// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Host memory of the program that the device is to reach.
//!
//! The device reaches only memory that it shares, so *registering* takes shared memory at an address
//! of its own, copies the contents of the program's pages there, and puts the shared pages in the
//! place of the program's: the program goes on at its address, the device uses the other. The end of
//! a registration puts private pages with the same contents back. While either happens, other
//! threads must not write to the pages.

use crate::backend::{Bo, Placement};
use crate::context::Context;
use crate::error::{Code, Error, Result};
use crate::handle::lock;
use crate::memory::{allocations, Allocation, Block, Mapped, Origin};
use ix_hw::mmu::PAGE_SIZE;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What is registered: by start, the size and the device's address of the first byte.
static ALL: Mutex<BTreeMap<u64, (u64, u64)>> = Mutex::new(BTreeMap::new());

/// Pages of the program that were replaced. They are put back in the end.
#[derive(Debug)]
pub struct Registration {
    host: u64,
    pages: u64,
    bytes: u64,
}

/// The device's address of host memory, if `size` bytes there are registered.
pub fn device_address(host: u64, size: u64) -> Option<u64> {
    let all = lock(&ALL);
    let (start, (bytes, device)) = all.range(..=host).next_back()?;
    let offset = host - start;
    (offset.checked_add(size)? <= *bytes).then_some(device + offset)
}

/// The start of the registered memory that a device's address lies in, and the host's address.
pub fn host_address(device: u64) -> Option<u64> {
    let all = lock(&ALL);
    all.iter().find(|(_, (bytes, start))| device >= *start && device - start < *bytes).map(|(host, (_, start))| host + (device - start))
}

/// Whether the program's pages can be replaced: private memory that can be written.
fn check_pages(start: u64, end: u64) -> Result<()> {
    let maps = std::fs::read_to_string("/proc/self/maps").map_err(|e| Error::system("reading /proc/self/maps", e))?;
    let here = std::ptr::from_ref(&maps) as u64;
    let mut at = start;
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (Some(range), Some(access)) = (words.next(), words.next()) else { continue };
        let Some((from, to)) = range.split_once('-') else { continue };
        let (Ok(from), Ok(to)) = (u64::from_str_radix(from, 16), u64::from_str_radix(to, 16)) else { continue };
        if to <= at || from >= end {
            continue;
        }
        if from > at {
            break;
        }
        if !access.starts_with("rw") || !access.ends_with('p') {
            return Err(Error::new(Code::NOT_SUPPORTED, format!("the memory at {at:#x} is shared or cannot be written ({access})")));
        }
        if (from..to).contains(&here) {
            return Err(Error::new(Code::NOT_SUPPORTED, format!("the memory at {at:#x} is the calling thread's stack")));
        }
        at = to;
        if at >= end {
            return Ok(());
        }
    }
    Err(Error::invalid(format!("there is no memory at {at:#x}")))
}

/// Registers `bytes` of the program's memory, from now on an allocation of the context.
///
/// # Safety
/// The memory is the program's to give, and nobody writes to its pages meanwhile.
pub unsafe fn register(context: &Context, host: u64, bytes: u64, flags: u32) -> Result<()> {
    let end = host.checked_add(bytes).and_then(|end| end.checked_next_multiple_of(PAGE_SIZE));
    let (start, end) = (host / PAGE_SIZE * PAGE_SIZE, end.ok_or_else(|| Error::invalid("the memory ends past the address space"))?);
    let mut all = lock(&ALL);
    let taken = |&(other, (size, _)): &(&u64, &(u64, u64))| {
        (other / PAGE_SIZE * PAGE_SIZE) < end && (other + size).next_multiple_of(PAGE_SIZE) > start
    };
    if all.iter().find(taken).is_some() || allocations::at(host).is_some() || allocations::at(host + bytes - 1).is_some() {
        return Err(Error::new(
            Code::HOST_MEMORY_ALREADY_REGISTERED,
            format!("some of the {bytes} bytes at {host:#x}, or of their pages, are registered or pinned already"),
        ));
    }
    check_pages(start, end)?;
    let size = end - start;
    let device = &context.device;
    let mapped = Mapped::new(&device.backend, Placement::System, size)?;
    let (bo, va) = (Bo { id: mapped.bo.id, size }, mapped.va);
    // SAFETY: the program's pages are there and the new memory is at least as large; the pages are
    // replaced by ones with the same contents, while nobody writes to them.
    unsafe {
        std::ptr::copy_nonoverlapping(start as *const u8, va as *mut u8, size as usize);
        device.backend.map_at(bo, start)?;
    }
    let mut block = Block::whole(&device.system, mapped, bytes);
    block.va = va + (host - start);
    let address = block.va;
    let origin = Origin::Registered(Registration { host, pages: start, bytes: size });
    allocations::add(Allocation { flags, ..Allocation::from(origin, block, true, context) });
    all.insert(host, (bytes, address));
    Ok(())
}

/// The allocation that the registered memory that starts at `host` is.
pub fn starting_at(host: u64) -> Result<Arc<Allocation>> {
    let address = lock(&ALL).get(&host).map(|(_, address)| *address);
    address
        .and_then(allocations::starting_at)
        .ok_or_else(|| Error::new(Code::HOST_MEMORY_NOT_REGISTERED, format!("{host:#x} is not the start of registered memory")))
}

impl Drop for Registration {
    fn drop(&mut self) {
        lock(&ALL).remove(&self.host);
        let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: new pages get the contents of the shared ones and then take their place at once.
        // Where there is no memory for them, the shared pages stay: the program loses nothing.
        unsafe {
            let fresh = libc::mmap(std::ptr::null_mut(), self.bytes as usize, protection, flags, -1, 0);
            if fresh == libc::MAP_FAILED {
                return;
            }
            std::ptr::copy_nonoverlapping(self.pages as *const u8, fresh.cast(), self.bytes as usize);
            libc::mremap(
                fresh,
                self.bytes as usize,
                self.bytes as usize,
                libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED,
                self.pages as *mut libc::c_void,
            );
        }
    }
}

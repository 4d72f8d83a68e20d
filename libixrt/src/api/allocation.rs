// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions that take and give back memory.

use super::external;
use super::out::{check_null, put};
use super::types::*;
use crate::capture;
use crate::context::{self, Context, CONTEXTS};
use crate::device::Device;
use crate::error::{Code, Error, Result};
use crate::memory::{allocations, Allocation, Origin};
use crate::{registered, vmm};
use std::ffi::{c_uint, c_void};
use std::sync::Arc;

/// Rows of pitched memory start at multiples of this.
const PITCH: usize = 512;
/// All flags of host memory.
const HOST_FLAGS: u32 = IX_MEMHOSTALLOC_PORTABLE | IX_MEMHOSTALLOC_DEVICEMAP | IX_MEMHOSTALLOC_WRITECOMBINED;

pub unsafe fn mem_get_info(free: *mut usize, total: *mut usize) -> Result<()> {
    let usage = context::current()?.device.backend.memory()?;
    // SAFETY: as the caller says.
    unsafe {
        put(free, usage.free as usize, "free")?;
        put(total, usage.total as usize, "total")
    }
}

/// Takes memory for a context.
fn allocate(context: &Context, bytes: usize, host: bool, flags: u32) -> Result<u64> {
    if bytes == 0 {
        return Err(Error::invalid("0 bytes"));
    }
    capture::refuse_unsafe("memory cannot be taken")?;
    let device: &Device = &context.device;
    let memory = if host { &device.system } else { &device.vram };
    let block = memory.take(bytes as u64, 1).or_else(|full| {
        // Some may be waiting to be let go.
        context.let_go();
        memory.take(bytes as u64, 1).map_err(|_| full)
    })?;
    Ok(allocations::add(Allocation { flags, ..Allocation::new(block, host, context) }))
}

pub unsafe fn mem_alloc(out: *mut IXdeviceptr, bytes: usize) -> Result<()> {
    check_null(out, "address")?;
    let address = allocate(&*context::current()?, bytes, false, 0)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXdeviceptr(address), "address") }
}

pub unsafe fn mem_alloc_pitch(out: *mut IXdeviceptr, pitch: *mut usize, width: usize, height: usize, element: c_uint) -> Result<()> {
    check_null(out, "address")?;
    check_null(pitch, "pitch")?;
    if ![4, 8, 16].contains(&element) {
        return Err(Error::invalid(format!("elements of {element} bytes; they must have 4, 8 or 16")));
    }
    let row = width.checked_next_multiple_of(PITCH).unwrap_or(0);
    let bytes = row.checked_mul(height).unwrap_or(0);
    if bytes == 0 {
        return Err(Error::invalid(format!("{height} rows of {width} bytes")));
    }
    let address = allocate(&*context::current()?, bytes, false, 0)?;
    // SAFETY: as the caller says.
    unsafe {
        put(out, IXdeviceptr(address), "address")?;
        put(pitch, row, "pitch")
    }
}

/// Frees what starts at an address, once its context is done with it.
fn free(address: u64, host: bool) -> Result<()> {
    context::current()?;
    capture::refuse_unsafe("memory cannot be given back")?;
    let kind = if host { "pinned host" } else { "device" };
    let bad = || Error::invalid(format!("{address:#x} is not the start of an allocation of {kind} memory"));
    if !host && allocations::at(address).is_some_and(|a| a.is_mapping()) {
        return if external::free(address)? { Ok(()) } else { Err(bad()) };
    }
    let allocation = allocations::starting_at(address).ok_or_else(bad)?;
    match &allocation.origin {
        Origin::Plain if allocation.host == host => {}
        Origin::Managed(_) if !host => {}
        Origin::Pool(pool) if !host => {
            // Whoever uses it may be in any context of the device.
            vmm::settle(allocation.device);
            let pool = Arc::clone(pool);
            drop(allocation);
            return allocations::remove(address).map(|allocation| pool.give(allocation, None)).ok_or_else(bad);
        }
        _ => return Err(bad()),
    }
    // Its context may be another than the current one.
    let current = context::current()?;
    if allocation.context == current.id {
        current.synchronize()?;
    } else if let Some(owner) = CONTEXTS.find_live(|c| c.id == allocation.context) {
        owner.synchronize()?;
    }
    // Two threads that free the same memory: one of them is late.
    allocations::remove(address).map(drop).ok_or_else(bad)
}

pub unsafe fn mem_free(address: IXdeviceptr) -> Result<()> {
    if address.0 == 0 {
        return context::current().map(drop);
    }
    free(address.0, false)
}

pub unsafe fn mem_get_address_range(base: *mut IXdeviceptr, size: *mut usize, address: IXdeviceptr) -> Result<()> {
    context::current()?;
    let allocation =
        allocations::at(address.0).ok_or_else(|| Error::new(Code::NOT_FOUND, format!("{:#x} is in no allocation", address.0)))?;
    // SAFETY: as the caller says.
    unsafe {
        if !base.is_null() {
            put(base, IXdeviceptr(allocation.block.va), "base")?;
        }
        if !size.is_null() {
            put(size, allocation.block.size as usize, "size")?;
        }
    }
    Ok(())
}

pub unsafe fn mem_alloc_host(out: *mut *mut c_void, bytes: usize) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { mem_host_alloc(out, bytes, 0) }
}

pub unsafe fn mem_host_alloc(out: *mut *mut c_void, bytes: usize, flags: c_uint) -> Result<()> {
    check_null(out, "pointer")?;
    if flags & !HOST_FLAGS != 0 {
        return Err(Error::invalid(format!("{flags:#x} are no flags of host memory")));
    }
    let address = allocate(&*context::current()?, bytes, true, flags)?;
    // SAFETY: as the caller says.
    unsafe { put(out, address as *mut c_void, "pointer") }
}

pub unsafe fn mem_free_host(pointer: *mut c_void) -> Result<()> {
    if pointer.is_null() {
        return context::current().map(drop);
    }
    free(pointer as u64, true)
}

/// The pinned or registered memory at a host address, and the device's address of the byte.
fn host_allocation(pointer: *mut c_void) -> Result<(Arc<Allocation>, u64)> {
    context::current()?;
    let address = registered::device_address(pointer as u64, 1).unwrap_or(pointer as u64);
    allocations::at(address)
        .filter(|a| a.host && matches!(a.origin, Origin::Plain | Origin::Registered(_)))
        .map(|a| (a, address))
        .ok_or_else(|| Error::invalid(format!("{pointer:p} is no pinned host memory of this library")))
}

/// All flags of registered memory.
const REGISTER_FLAGS: u32 =
    IX_MEMHOSTREGISTER_PORTABLE | IX_MEMHOSTREGISTER_DEVICEMAP | IX_MEMHOSTREGISTER_IOMEMORY | IX_MEMHOSTREGISTER_READ_ONLY;

pub unsafe fn mem_host_register(pointer: *mut c_void, bytes: usize, flags: c_uint) -> Result<()> {
    let context = context::current()?;
    crate::capture::refuse_unsafe("registering memory")?;
    if pointer.is_null() || bytes == 0 || flags & !REGISTER_FLAGS != 0 {
        return Err(Error::invalid(format!("{bytes} bytes at {pointer:p} with flags {flags:#x}")));
    }
    if flags & IX_MEMHOSTREGISTER_IOMEMORY != 0 {
        return Err(Error::new(Code::NOT_SUPPORTED, "memory of other devices cannot be registered"));
    }
    // SAFETY: as the caller says.
    unsafe { registered::register(&context, pointer as u64, bytes as u64, flags) }
}

pub unsafe fn mem_host_unregister(pointer: *mut c_void) -> Result<()> {
    context::current()?;
    let allocation = registered::starting_at(pointer as u64)?;
    vmm::settle(allocation.device);
    let address = allocation.block.va;
    drop(allocation);
    drop(allocations::remove(address));
    Ok(())
}

pub unsafe fn mem_host_get_device_pointer(out: *mut IXdeviceptr, pointer: *mut c_void, flags: c_uint) -> Result<()> {
    if flags != 0 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    let (_, address) = host_allocation(pointer)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXdeviceptr(address), "address") }
}

pub unsafe fn mem_host_get_flags(out: *mut c_uint, pointer: *mut c_void) -> Result<()> {
    let (allocation, _) = host_allocation(pointer)?;
    // SAFETY: as the caller says.
    unsafe { put(out, allocation.flags | IX_MEMHOSTALLOC_DEVICEMAP | IX_MEMHOSTALLOC_PORTABLE, "flags") }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about pools and memory in the order of streams.

use super::managed::placement;
use super::out::{check_null, put};
use super::types::*;
use crate::backend::Placement;
use crate::context;
use crate::device::{self, Device};
use crate::error::{Code, Error, Result};
use crate::event::Point;
use crate::graph::node::{self, Kind};
use crate::handle::lock;
use crate::memory::{allocations, Origin};
use crate::pool::{Pool, POOLS};
use std::ffi::{c_int, c_void};
use std::sync::Arc;

fn pool(handle: IXmemoryPool) -> Result<Arc<Pool>> {
    device::all()?;
    POOLS.get(handle.0 as u64)
}

/// Handle of a device's default pool.
fn default_pool(device: &Device) -> Result<u64> {
    let mut pools = lock(&device.pools);
    match pools.default {
        Some(handle) => Ok(handle),
        None => {
            let handle = POOLS.insert(Arc::new(Pool::new(device, Placement::Vram, 0)))?;
            pools.default = Some(handle);
            Ok(handle)
        }
    }
}

/// Handle of the pool that a device uses.
fn current_pool(device: &Device) -> Result<u64> {
    let current = lock(&device.pools).current;
    match current {
        // One that was destroyed is used no more.
        Some(handle) if POOLS.get(handle).is_ok() => Ok(handle),
        _ => default_pool(device),
    }
}

pub unsafe fn get_default(out: *mut IXmemoryPool, device: IXdevice) -> Result<()> {
    let handle = default_pool(device::get(device.0)?)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXmemoryPool(handle as usize), "pool") }
}

pub unsafe fn get_current(out: *mut IXmemoryPool, device: IXdevice) -> Result<()> {
    let handle = current_pool(device::get(device.0)?)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXmemoryPool(handle as usize), "pool") }
}

pub unsafe fn set_current(device: IXdevice, handle: IXmemoryPool) -> Result<()> {
    let device = device::get(device.0)?;
    if pool(handle)?.device != device.ordinal {
        return Err(Error::invalid("the pool is another device's"));
    }
    lock(&device.pools).current = Some(handle.0 as u64);
    Ok(())
}

/// The device of a place that has a pool of its own.
fn device_of(location: *mut IXmemLocation, kind: IXmemAllocationType) -> Result<&'static Arc<Device>> {
    if kind != IX_MEM_ALLOCATION_TYPE_PINNED {
        return Err(Error::new(Code::NOT_SUPPORTED, format!("there are no pools of memory of type {}", kind.0)));
    }
    // SAFETY: null or valid, as the callers of the callers say.
    let location = unsafe { location.as_ref() }.ok_or_else(|| Error::invalid("location is null"))?;
    if location.r#type != IX_MEM_LOCATION_TYPE_DEVICE {
        return Err(Error::new(Code::NOT_SUPPORTED, "places other than devices have no pool of their own"));
    }
    device::get(location.id)
}

pub unsafe fn get_default_of(out: *mut IXmemoryPool, location: *mut IXmemLocation, kind: IXmemAllocationType) -> Result<()> {
    let handle = default_pool(device_of(location, kind)?)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXmemoryPool(handle as usize), "pool") }
}

pub unsafe fn get_current_of(out: *mut IXmemoryPool, location: *mut IXmemLocation, kind: IXmemAllocationType) -> Result<()> {
    let handle = current_pool(device_of(location, kind)?)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXmemoryPool(handle as usize), "pool") }
}

pub unsafe fn set_current_of(location: *mut IXmemLocation, kind: IXmemAllocationType, handle: IXmemoryPool) -> Result<()> {
    let device = device_of(location, kind)?;
    // SAFETY: no pointers.
    unsafe { set_current(IXdevice(device.ordinal as c_int), handle) }
}

pub unsafe fn create(out: *mut IXmemoryPool, properties: *const IXmemPoolProps) -> Result<()> {
    check_null(out, "pool")?;
    // SAFETY: null or valid, as the caller says.
    let p = unsafe { properties.as_ref() }.ok_or_else(|| Error::invalid("properties is null"))?;
    device::all()?;
    if p.allocType != IX_MEM_ALLOCATION_TYPE_PINNED || p.reserved != [0; 54] {
        return Err(Error::invalid(format!("a pool of memory of type {}, or a reserved field is not 0", p.allocType.0)));
    }
    if p.handleTypes != IX_MEM_HANDLE_TYPE_NONE {
        return Err(Error::new(Code::NOT_SUPPORTED, "pools cannot be shared with other processes"));
    }
    let (placement, device) = placement(p.location)?;
    let handle = POOLS.insert(Arc::new(Pool::new(&device, placement, p.maxSize as u64)))?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXmemoryPool(handle as usize), "pool") }
}

pub unsafe fn destroy(handle: IXmemoryPool) -> Result<()> {
    let found = pool(handle)?;
    let device = device::get(found.device as c_int)?;
    if lock(&device.pools).default == Some(handle.0 as u64) {
        return Err(Error::invalid("a device's default pool cannot be destroyed"));
    }
    POOLS.remove(handle.0 as u64)?.destroy();
    Ok(())
}

pub unsafe fn trim(handle: IXmemoryPool, keep: usize) -> Result<()> {
    pool(handle)?.trim(keep as u64);
    Ok(())
}

pub unsafe fn get_attribute(handle: IXmemoryPool, attribute: IXmemPool_attribute, value: *mut c_void) -> Result<()> {
    let figures = pool(handle)?.figures();
    let number = match attribute {
        IXmemPool_attribute(which @ 1..=3) => {
            // SAFETY: as the caller says.
            return unsafe { put(value.cast(), c_int::from(figures.reuse[which as usize - 1]), "value") };
        }
        IX_MEMPOOL_ATTR_RELEASE_THRESHOLD => figures.threshold,
        IX_MEMPOOL_ATTR_RESERVED_MEM_CURRENT => figures.reserved,
        IX_MEMPOOL_ATTR_RESERVED_MEM_HIGH => figures.reserved_high,
        IX_MEMPOOL_ATTR_USED_MEM_CURRENT => figures.used,
        IX_MEMPOOL_ATTR_USED_MEM_HIGH => figures.used_high,
        IXmemPool_attribute(other) => return Err(Error::invalid(format!("there is no attribute {other} of pools"))),
    };
    // SAFETY: as the caller says.
    unsafe { put(value.cast(), number, "value") }
}

pub unsafe fn set_attribute(handle: IXmemoryPool, attribute: IXmemPool_attribute, value: *mut c_void) -> Result<()> {
    check_null(value, "value")?;
    let pool = pool(handle)?;
    match attribute {
        IXmemPool_attribute(which @ 1..=3) => {
            // SAFETY: as the caller says.
            let on = unsafe { value.cast::<c_int>().read_unaligned() } != 0;
            pool.set(|f| f.reuse[which as usize - 1] = on);
        }
        IX_MEMPOOL_ATTR_RELEASE_THRESHOLD => {
            // SAFETY: as the caller says.
            let bytes = unsafe { value.cast::<u64>().read_unaligned() };
            pool.set(|f| f.threshold = bytes);
        }
        IX_MEMPOOL_ATTR_RESERVED_MEM_HIGH | IX_MEMPOOL_ATTR_USED_MEM_HIGH => {
            // SAFETY: as the caller says.
            if unsafe { value.cast::<u64>().read_unaligned() } != 0 {
                return Err(Error::invalid("a high-water mark can be set to 0 only"));
            }
            pool.set(|f| match attribute {
                IX_MEMPOOL_ATTR_USED_MEM_HIGH => f.used_high = f.used,
                _ => f.reserved_high = f.reserved,
            });
        }
        IXmemPool_attribute(other) => return Err(Error::invalid(format!("attribute {other} of pools cannot be set"))),
    }
    Ok(())
}

pub unsafe fn set_access(handle: IXmemoryPool, list: *const IXmemAccessDesc, count: usize) -> Result<()> {
    let pool = pool(handle)?;
    if list.is_null() && count > 0 {
        return Err(Error::invalid("list is null"));
    }
    for i in 0..count {
        // SAFETY: the list has `count` elements, as the caller says.
        let wish = unsafe { *list.add(i) };
        let own = wish.location.r#type == IX_MEM_LOCATION_TYPE_DEVICE && wish.location.id == pool.device as c_int;
        let host = wish.location.r#type == IX_MEM_LOCATION_TYPE_HOST;
        match wish.flags {
            IX_MEM_ACCESS_FLAGS_PROT_READWRITE if own || host && pool.placement == Placement::System => {}
            IX_MEM_ACCESS_FLAGS_PROT_NONE if !own => {}
            IX_MEM_ACCESS_FLAGS_PROT_NONE => return Err(Error::invalid("a device keeps its access to its own pool")),
            IX_MEM_ACCESS_FLAGS_PROT_READWRITE => {
                return Err(Error::new(Code::INVALID_DEVICE, "devices do not reach each other's memory"));
            }
            IXmemAccess_flags(other) => return Err(Error::invalid(format!("access {other} to pools is not supported"))),
        }
        pool.set_access(wish.location.r#type.0, wish.location.id, wish.flags.0);
    }
    Ok(())
}

pub unsafe fn get_access(out: *mut IXmemAccess_flags, handle: IXmemoryPool, location: *mut IXmemLocation) -> Result<()> {
    let pool = pool(handle)?;
    // SAFETY: null or valid, as the caller says.
    let location = unsafe { location.as_ref() }.ok_or_else(|| Error::invalid("location is null"))?;
    let own = location.r#type == IX_MEM_LOCATION_TYPE_DEVICE && location.id == pool.device as c_int;
    let usual = if own { IX_MEM_ACCESS_FLAGS_PROT_READWRITE.0 } else { IX_MEM_ACCESS_FLAGS_PROT_NONE.0 };
    let flags = pool.access(location.r#type.0, location.id).unwrap_or(usual);
    // SAFETY: as the caller says.
    unsafe { put(out, IXmemAccess_flags(flags), "flags") }
}

// In streams.

unsafe fn take(out: *mut IXdeviceptr, bytes: usize, from: Option<IXmemoryPool>, stream: IXstream) -> Result<()> {
    check_null(out, "address")?;
    let (context, stream) = context::stream(stream.0 as u64)?;
    if bytes == 0 {
        return Err(Error::invalid("0 bytes"));
    }
    let address = if stream.capture.is_active() {
        let memory = node::graph_memory(&context, bytes)?;
        let address = memory.address();
        stream.capture.add(Kind::Take(memory))?;
        address
    } else {
        let pool = match from {
            Some(handle) => pool(handle)?,
            None => POOLS.get(current_pool(&context.device)?)?,
        };
        if pool.device != context.device.ordinal {
            return Err(Error::invalid("the pool is another device's than the stream"));
        }
        pool.take(&stream, bytes as u64)?
    };
    // SAFETY: as the caller says.
    unsafe { put(out, IXdeviceptr(address), "address") }
}

pub unsafe fn alloc_async(out: *mut IXdeviceptr, bytes: usize, stream: IXstream) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { take(out, bytes, None, stream) }
}

pub unsafe fn alloc_from_pool_async(out: *mut IXdeviceptr, bytes: usize, pool: IXmemoryPool, stream: IXstream) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { take(out, bytes, Some(pool), stream) }
}

pub unsafe fn free_async(address: IXdeviceptr, stream: IXstream) -> Result<()> {
    let (context, stream) = context::stream(stream.0 as u64)?;
    if address.0 == 0 {
        return Ok(());
    }
    if stream.capture.is_active() {
        return stream.capture.add(node::give(address.0)?);
    }
    let bad = || Error::invalid(format!("{:#x} is not the start of memory of a pool", address.0));
    let allocation = allocations::starting_at(address.0).ok_or_else(bad)?;
    let point = Point::new(&stream, stream.mark(&context)?.value);
    match &allocation.origin {
        Origin::Pool(pool) => {
            let pool = Arc::clone(pool);
            drop(allocation);
            let allocation = allocations::remove(address.0).ok_or_else(bad)?;
            pool.give(allocation, Some(point));
        }
        // Memory that was not taken from a pool goes when the stream has come so far.
        Origin::Plain if !allocation.host => {
            drop(allocation);
            let allocation = allocations::remove(address.0).ok_or_else(bad)?;
            context.retire(point.timeline, point.value, allocation);
        }
        _ => return Err(bad()),
    }
    Ok(())
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about managed memory and about pointers.

use super::out::{check_null, put};
use super::types::*;
use crate::backend::Placement;
use crate::context::{self, CONTEXTS};
use crate::error::{Code, Error, Result};
use crate::handle::lock;
use crate::managed::{advice, Advice, Location, Said};
use crate::memory::{allocations, Allocation, Origin};
use crate::pool::POOLS;
use crate::{device, registered};
use std::ffi::{c_int, c_uint, c_ulonglong, c_void};
use std::sync::{Arc, Mutex};

const CPU: c_int = -1;
const NO_DEVICE: c_int = -2;

pub unsafe fn alloc(out: *mut IXdeviceptr, bytes: usize, flags: c_uint) -> Result<()> {
    check_null(out, "address")?;
    let context = context::current()?;
    crate::capture::refuse_unsafe("taking memory")?;
    if bytes == 0 || ![IX_MEM_ATTACH_GLOBAL, IX_MEM_ATTACH_HOST].contains(&flags) {
        return Err(Error::invalid(format!("{bytes} bytes of managed memory with flags {flags:#x}")));
    }
    let block = context.device.system.take(bytes as u64, 1)?;
    let origin = Origin::Managed(Mutex::new(Advice::new(bytes as u64)));
    let address = allocations::add(Allocation { flags, ..Allocation::from(origin, block, true, &context) });
    // SAFETY: as the caller says.
    unsafe { put(out, IXdeviceptr(address), "address") }
}

/// The managed allocation that a range lies in, and the range in it.
fn range(address: IXdeviceptr, bytes: usize) -> Result<(Arc<Allocation>, u64, u64)> {
    let bad = || Error::invalid(format!("{bytes} bytes at {:#x} are not managed memory", address.0));
    let allocation = allocations::at(address.0).filter(|a| advice(a).is_some()).ok_or_else(bad)?;
    if bytes == 0 || bytes as u64 > allocation.rest(address.0) {
        return Err(bad());
    }
    let start = address.0 - allocation.block.va;
    Ok((allocation, start, start + bytes as u64))
}

/// A place as a device or the host.
fn place(device: IXdevice) -> Result<Location> {
    if device.0 == CPU {
        return Ok(Location { kind: IX_MEM_LOCATION_TYPE_HOST.0, id: 0 });
    }
    device::get(device.0)?;
    Ok(Location { kind: IX_MEM_LOCATION_TYPE_DEVICE.0, id: device.0 })
}

/// A place that was given as such.
fn check_place(location: IXmemLocation) -> Result<Location> {
    match location.r#type {
        IX_MEM_LOCATION_TYPE_DEVICE => place(IXdevice(location.id)),
        IX_MEM_LOCATION_TYPE_HOST | IX_MEM_LOCATION_TYPE_HOST_NUMA_CURRENT => Ok(Location { kind: location.r#type.0, id: 0 }),
        IX_MEM_LOCATION_TYPE_HOST_NUMA => Ok(Location { kind: location.r#type.0, id: location.id }),
        IXmemLocationType(other) => Err(Error::invalid(format!("there is no place of type {other}"))),
    }
}

fn say(address: IXdeviceptr, bytes: usize, change: impl Fn(&mut Said)) -> Result<()> {
    let (allocation, start, end) = range(address, bytes)?;
    if let Some(advice) = advice(&allocation) {
        lock(advice).change(start, end, change);
    }
    Ok(())
}

fn advise_at(address: IXdeviceptr, bytes: usize, what: IXmem_advise, place: impl FnOnce() -> Result<Location>) -> Result<()> {
    context::current()?;
    match what {
        IX_MEM_ADVISE_SET_READ_MOSTLY => say(address, bytes, |s| s.read_mostly = true),
        IX_MEM_ADVISE_UNSET_READ_MOSTLY => say(address, bytes, |s| s.read_mostly = false),
        IX_MEM_ADVISE_UNSET_PREFERRED_LOCATION => say(address, bytes, |s| s.preferred = None),
        IX_MEM_ADVISE_SET_PREFERRED_LOCATION => {
            let place = place()?;
            say(address, bytes, |s| s.preferred = Some(place))
        }
        IX_MEM_ADVISE_SET_ACCESSED_BY => {
            let place = place()?;
            say(address, bytes, |s| s.accessed_by.extend([place]))
        }
        IX_MEM_ADVISE_UNSET_ACCESSED_BY => {
            let place = place()?;
            say(address, bytes, |s| s.accessed_by.retain(|other| *other != place))
        }
        IXmem_advise(other) => Err(Error::invalid(format!("there is no advice {other}"))),
    }
}

pub unsafe fn advise(address: IXdeviceptr, bytes: usize, what: IXmem_advise, device: IXdevice) -> Result<()> {
    advise_at(address, bytes, what, || place(device))
}

pub unsafe fn advise_v2(address: IXdeviceptr, bytes: usize, what: IXmem_advise, location: IXmemLocation) -> Result<()> {
    advise_at(address, bytes, what, || check_place(location))
}

fn prefetch_to(address: IXdeviceptr, bytes: usize, place: Location, stream: IXstream) -> Result<()> {
    context::stream(stream.0 as u64)?;
    say(address, bytes, |s| s.prefetched = Some(place))
}

pub unsafe fn prefetch(address: IXdeviceptr, bytes: usize, device: IXdevice, stream: IXstream) -> Result<()> {
    prefetch_to(address, bytes, place(device)?, stream)
}

pub unsafe fn prefetch_v2(address: IXdeviceptr, bytes: usize, location: IXmemLocation, flags: c_uint, stream: IXstream) -> Result<()> {
    if flags != 0 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    prefetch_to(address, bytes, check_place(location)?, stream)
}

/// The ranges of a batch.
///
/// # Safety
/// Both lists have `count` elements.
unsafe fn ranges(
    addresses: *const IXdeviceptr,
    sizes: *const usize,
    count: usize,
    flags: c_ulonglong,
) -> Result<Vec<(IXdeviceptr, usize)>> {
    if addresses.is_null() || sizes.is_null() || count == 0 || flags != 0 {
        return Err(Error::invalid(format!("{count} ranges with flags {flags:#x}, or a list is null")));
    }
    // SAFETY: as the caller says.
    let all: Vec<_> = (0..count).map(|i| unsafe { (*addresses.add(i), *sizes.add(i)) }).collect();
    for (address, bytes) in &all {
        range(*address, *bytes)?;
    }
    Ok(all)
}

#[allow(clippy::too_many_arguments, reason = "the parameters of the C function")]
pub unsafe fn prefetch_batch(
    addresses: *mut IXdeviceptr,
    sizes: *mut usize,
    count: usize,
    places: *mut IXmemLocation,
    starts: *mut usize,
    groups: usize,
    flags: c_ulonglong,
    stream: IXstream,
) -> Result<()> {
    // SAFETY: as the caller says.
    let all = unsafe { ranges(addresses, sizes, count, flags) }?;
    if places.is_null() || starts.is_null() || groups == 0 || groups > count {
        return Err(Error::invalid(format!("{groups} places for {count} ranges")));
    }
    // SAFETY: as the caller says.
    let (places, starts) = unsafe { (std::slice::from_raw_parts(places, groups), std::slice::from_raw_parts(starts, groups)) };
    if starts[0] != 0 || starts.windows(2).any(|w| w[0] >= w[1]) || starts[groups - 1] >= count {
        return Err(Error::invalid("the places' indices must begin with 0, rise, and stay below the number of ranges"));
    }
    for (i, (address, bytes)) in all.into_iter().enumerate() {
        let group = starts.partition_point(|start| *start <= i) - 1;
        prefetch_to(address, bytes, check_place(places[group])?, stream)?;
    }
    Ok(())
}

pub unsafe fn discard_batch(
    addresses: *mut IXdeviceptr,
    sizes: *mut usize,
    count: usize,
    flags: c_ulonglong,
    stream: IXstream,
) -> Result<()> {
    context::stream(stream.0 as u64)?;
    // Contents that may be anything may stay as they are.
    // SAFETY: as the caller says.
    unsafe { ranges(addresses, sizes, count, flags) }.map(drop)
}

pub unsafe fn attach(stream: IXstream, address: IXdeviceptr, bytes: usize, flags: c_uint) -> Result<()> {
    let (_, current) = context::stream(stream.0 as u64)?;
    let whole = allocations::starting_at(address.0).filter(|a| advice(a).is_some());
    let whole = whole.ok_or_else(|| Error::invalid(format!("{:#x} is not the start of managed memory", address.0)))?;
    if bytes != 0 && bytes as u64 != whole.block.size || ![1, 2, 4].contains(&flags) {
        return Err(Error::invalid(format!("{bytes} bytes of {} with flags {flags:#x}", whole.block.size)));
    }
    if flags == IX_MEM_ATTACH_SINGLE && current.is_null() {
        return Err(Error::invalid("memory cannot be attached to the null stream alone"));
    }
    Ok(())
}

/// The value that all of `said` have.
fn common<T: PartialEq>(mut said: impl Iterator<Item = T>) -> Option<T> {
    let first = said.next()?;
    said.all(|other| other == first).then_some(first)
}

/// A place as the number of a device, the host or none.
fn number(place: Option<Location>) -> c_int {
    match place {
        Some(place) if place.kind == IX_MEM_LOCATION_TYPE_DEVICE.0 => place.id,
        Some(_) => CPU,
        None => NO_DEVICE,
    }
}

pub unsafe fn range_attribute(
    data: *mut c_void,
    size: usize,
    attribute: IXmem_range_attribute,
    address: IXdeviceptr,
    bytes: usize,
) -> Result<()> {
    check_null(data, "data")?;
    context::current()?;
    let (allocation, start, end) = range(address, bytes)?;
    let advice = advice(&allocation).map(lock).ok_or(Error::new(Code::UNKNOWN, "managed memory without advice"))?;
    if attribute == IX_MEM_RANGE_ATTRIBUTE_ACCESSED_BY {
        if size == 0 || size % 4 != 0 {
            return Err(Error::invalid(format!("a list of {size} bytes")));
        }
        let mut parts = advice.of(start, end);
        let mut users = parts.next().map(|s| s.accessed_by.clone()).unwrap_or_default();
        parts.for_each(|s| users.retain(|user| s.accessed_by.contains(user)));
        let users: Vec<_> = users.into_iter().map(|user| number(Some(user))).collect();
        for i in 0..size / 4 {
            // SAFETY: there is room for `size` bytes, as the caller says.
            unsafe { data.cast::<c_int>().add(i).write_unaligned(users.get(i).copied().unwrap_or(NO_DEVICE)) };
        }
        return Ok(());
    }
    let preferred = || common(advice.of(start, end).map(|s| s.preferred)).flatten();
    let prefetched = || common(advice.of(start, end).map(|s| s.prefetched)).flatten();
    let kind = |place: Option<Location>| place.map_or(IX_MEM_LOCATION_TYPE_INVALID.0, |p| p.kind);
    let value = match attribute {
        IX_MEM_RANGE_ATTRIBUTE_READ_MOSTLY => c_int::from(advice.of(start, end).all(|s| s.read_mostly)),
        IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION => number(preferred()),
        IX_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION => number(prefetched()),
        IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION_TYPE => kind(preferred()),
        IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION_ID => preferred().map_or(0, |p| p.id),
        IX_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION_TYPE => kind(prefetched()),
        IX_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION_ID => prefetched().map_or(0, |p| p.id),
        IXmem_range_attribute(other) => return Err(Error::invalid(format!("there is no attribute {other} of ranges"))),
    };
    if size != 4 {
        return Err(Error::invalid(format!("{size} bytes for an attribute of 4")));
    }
    // SAFETY: as the caller says.
    unsafe { put(data.cast(), value, "data") }
}

pub unsafe fn range_attributes(
    data: *mut *mut c_void,
    sizes: *mut usize,
    attributes: *mut IXmem_range_attribute,
    count: usize,
    address: IXdeviceptr,
    bytes: usize,
) -> Result<()> {
    if data.is_null() || sizes.is_null() || attributes.is_null() || count == 0 {
        return Err(Error::invalid(format!("{count} attributes, or a list is null")));
    }
    // SAFETY: the lists have `count` elements, as the caller says.
    (0..count).try_for_each(|i| unsafe { range_attribute(*data.add(i), *sizes.add(i), *attributes.add(i), address, bytes) })
}

// Pointers.

/// Stores an attribute of a pointer; of none, what there is to say of it.
///
/// # Safety
/// `data` is valid for the attribute.
unsafe fn store(data: *mut c_void, attribute: IXpointer_attribute, address: u64, found: Option<&Allocation>) -> Result<()> {
    let Some(a) = found else {
        // SAFETY: as the caller says.
        return unsafe {
            match attribute {
                IX_POINTER_ATTRIBUTE_DEVICE_ORDINAL => put(data.cast(), NO_DEVICE, "data"),
                IX_POINTER_ATTRIBUTE_CONTEXT
                | IX_POINTER_ATTRIBUTE_DEVICE_POINTER
                | IX_POINTER_ATTRIBUTE_HOST_POINTER
                | IX_POINTER_ATTRIBUTE_BUFFER_ID
                | IX_POINTER_ATTRIBUTE_RANGE_START_ADDR
                | IX_POINTER_ATTRIBUTE_RANGE_SIZE
                | IX_POINTER_ATTRIBUTE_MEMPOOL_HANDLE
                | IX_POINTER_ATTRIBUTE_MAPPING_SIZE
                | IX_POINTER_ATTRIBUTE_MAPPING_BASE_ADDR
                | IX_POINTER_ATTRIBUTE_MEMORY_BLOCK_ID
                | IX_POINTER_ATTRIBUTE_ALLOWED_HANDLE_TYPES => put(data.cast(), 0u64, "data"),
                IX_POINTER_ATTRIBUTE_IS_MANAGED | IX_POINTER_ATTRIBUTE_MAPPED | IX_POINTER_ATTRIBUTE_SYNC_MEMOPS => {
                    put(data.cast(), 0u8, "data")
                }
                IXpointer_attribute(2..=21) => put(data.cast(), 0u32, "data"),
                IXpointer_attribute(other) => Err(Error::invalid(format!("there is no attribute {other} of pointers"))),
            }
        };
    };
    let managed = matches!(a.origin, Origin::Managed(_));
    let device_address = address;
    let host_address = if matches!(a.origin, Origin::Registered(_)) { registered::host_address(address) } else { Some(address) };
    // SAFETY: as the caller says, each value has the type of the attribute.
    unsafe {
        match attribute {
            IX_POINTER_ATTRIBUTE_CONTEXT => {
                let owner = CONTEXTS.find_live(|c| c.id == a.context).and_then(|c| CONTEXTS.handle_of(&c));
                put(data.cast(), owner.unwrap_or(0), "data")
            }
            IX_POINTER_ATTRIBUTE_MEMORY_TYPE => {
                let kind = if a.host && !managed { IX_MEMORYTYPE_HOST } else { IX_MEMORYTYPE_DEVICE };
                put(data.cast(), kind.0, "data")
            }
            IX_POINTER_ATTRIBUTE_DEVICE_POINTER => put(data.cast(), device_address, "data"),
            IX_POINTER_ATTRIBUTE_HOST_POINTER => match host_address.filter(|_| a.host) {
                Some(host) => put(data.cast(), host, "data"),
                None => Err(Error::invalid(format!("the host does not reach {address:#x}"))),
            },
            IX_POINTER_ATTRIBUTE_P2P_TOKENS => Err(Error::new(Code::NOT_SUPPORTED, "there are no tokens for other drivers")),
            IX_POINTER_ATTRIBUTE_SYNC_MEMOPS | IX_POINTER_ATTRIBUTE_MAPPED => put(data.cast(), 1u8, "data"),
            IX_POINTER_ATTRIBUTE_BUFFER_ID | IX_POINTER_ATTRIBUTE_MEMORY_BLOCK_ID => put(data.cast(), a.id, "data"),
            IX_POINTER_ATTRIBUTE_IS_MANAGED => put(data.cast(), u8::from(managed), "data"),
            IX_POINTER_ATTRIBUTE_DEVICE_ORDINAL => put(data.cast(), a.device as c_int, "data"),
            IX_POINTER_ATTRIBUTE_IS_LEGACY_CUDA_IPC_CAPABLE
            | IX_POINTER_ATTRIBUTE_IS_GPU_DIRECT_RDMA_CAPABLE
            | IX_POINTER_ATTRIBUTE_IS_HW_DECOMPRESS_CAPABLE => put(data.cast(), 0u8, "data"),
            IX_POINTER_ATTRIBUTE_RANGE_START_ADDR | IX_POINTER_ATTRIBUTE_MAPPING_BASE_ADDR => put(data.cast(), a.block.va, "data"),
            IX_POINTER_ATTRIBUTE_RANGE_SIZE | IX_POINTER_ATTRIBUTE_MAPPING_SIZE => put(data.cast(), a.block.size, "data"),
            IX_POINTER_ATTRIBUTE_ALLOWED_HANDLE_TYPES => {
                let kinds = if let Origin::Mapping(memory) = &a.origin { memory.exportable } else { 0 };
                put(data.cast(), u64::from(kinds), "data")
            }
            IX_POINTER_ATTRIBUTE_ACCESS_FLAGS => put(data.cast(), IX_MEM_ACCESS_FLAGS_PROT_READWRITE.0, "data"),
            IX_POINTER_ATTRIBUTE_MEMPOOL_HANDLE => {
                let pool = if let Origin::Pool(pool) = &a.origin { POOLS.handle_of(pool) } else { None };
                put(data.cast(), pool.unwrap_or(0), "data")
            }
            IXpointer_attribute(other) => Err(Error::invalid(format!("there is no attribute {other} of pointers"))),
        }
    }
}

/// The allocation that a pointer of host or device is in, and the device's address.
fn find(pointer: IXdeviceptr) -> Option<(Arc<Allocation>, u64)> {
    let address = registered::device_address(pointer.0, 1).unwrap_or(pointer.0);
    allocations::at(address).map(|a| (a, address))
}

pub unsafe fn pointer_attribute(data: *mut c_void, attribute: IXpointer_attribute, pointer: IXdeviceptr) -> Result<()> {
    check_null(data, "data")?;
    device::all()?;
    let (allocation, address) =
        find(pointer).ok_or_else(|| Error::invalid(format!("{:#x} is in no allocation of this library", pointer.0)))?;
    // SAFETY: as the caller says.
    unsafe { store(data, attribute, address, Some(&allocation)) }
}

pub unsafe fn pointer_attributes(
    count: c_uint,
    attributes: *mut IXpointer_attribute,
    data: *mut *mut c_void,
    pointer: IXdeviceptr,
) -> Result<()> {
    device::all()?;
    if attributes.is_null() || data.is_null() || count == 0 {
        return Err(Error::invalid(format!("{count} attributes, or a list is null")));
    }
    let found = find(pointer);
    for i in 0..count as usize {
        // SAFETY: the lists have `count` elements, as the caller says.
        let (attribute, data) = unsafe { (*attributes.add(i), *data.add(i)) };
        check_null(data, "data")?;
        let address = found.as_ref().map_or(pointer.0, |f| f.1);
        // SAFETY: as the caller says.
        match unsafe { store(data, attribute, address, found.as_ref().map(|f| &*f.0)) } {
            // What an allocation does not have is 0 here.
            // SAFETY: as the caller says.
            Err(error) if error.code == Code::INVALID_VALUE && attribute == IX_POINTER_ATTRIBUTE_HOST_POINTER => unsafe {
                put(data.cast(), 0u64, "data")?
            },
            other => other?,
        }
    }
    Ok(())
}

pub unsafe fn set_pointer_attribute(value: *const c_void, attribute: IXpointer_attribute, pointer: IXdeviceptr) -> Result<()> {
    check_null(value.cast_mut(), "value")?;
    device::all()?;
    find(pointer).ok_or_else(|| Error::invalid(format!("{:#x} is in no allocation of this library", pointer.0)))?;
    match attribute {
        // Synchronous operations always wait.
        IX_POINTER_ATTRIBUTE_SYNC_MEMOPS => Ok(()),
        IXpointer_attribute(other) => Err(Error::invalid(format!("attribute {other} of pointers cannot be set"))),
    }
}

/// Where memory of a place is taken, and the device through which it is reached.
pub fn placement(location: IXmemLocation) -> Result<(Placement, Arc<device::Device>)> {
    match location.r#type {
        IX_MEM_LOCATION_TYPE_DEVICE => Ok((Placement::Vram, Arc::clone(device::get(location.id)?))),
        IX_MEM_LOCATION_TYPE_HOST | IX_MEM_LOCATION_TYPE_HOST_NUMA | IX_MEM_LOCATION_TYPE_HOST_NUMA_CURRENT => {
            let current = context::current().map(|c| Arc::clone(&c.device));
            Ok((Placement::System, current.or_else(|_| device::get(0).cloned())?))
        }
        IXmemLocationType(other) => Err(Error::invalid(format!("there is no place of type {other}"))),
    }
}

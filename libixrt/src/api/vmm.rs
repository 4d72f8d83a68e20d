// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of virtual memory management.

use super::managed::placement;
use super::out::{check_null, put};
use super::types::*;
use crate::device;
use crate::error::{Code, Error, Result};
use crate::managed::Location;
use crate::vmm::{self, Memory, MEMORIES};
use std::ffi::{c_int, c_ulonglong, c_void};

fn check_zero(what: &str, value: u64) -> Result<()> {
    if value != 0 {
        return Err(Error::invalid(format!("{what} is {value:#x}, it must be 0")));
    }
    Ok(())
}

/// # Safety
/// `properties` is null or valid.
unsafe fn check_properties<'a>(properties: *const IXmemAllocationProp) -> Result<&'a IXmemAllocationProp> {
    // SAFETY: as the caller says.
    let p = unsafe { properties.as_ref() }.ok_or_else(|| Error::invalid("properties is null"))?;
    device::all()?;
    if p.r#type != IX_MEM_ALLOCATION_TYPE_PINNED {
        return Err(Error::invalid(format!("memory of type {} cannot be created", p.r#type.0)));
    }
    if p.requestedHandleTypes.0 & !1 != 0 {
        return Err(Error::new(Code::NOT_SUPPORTED, format!("memory cannot be exported to handles of type {}", p.requestedHandleTypes.0)));
    }
    if p.allocFlags.compressionType != 0 {
        return Err(Error::new(Code::NOT_SUPPORTED, "memory is not compressed"));
    }
    Ok(p)
}

pub unsafe fn reserve(out: *mut IXdeviceptr, size: usize, align: usize, _wish: IXdeviceptr, flags: c_ulonglong) -> Result<()> {
    check_null(out, "address")?;
    check_zero("flags", flags)?;
    let va = vmm::reserve(size as u64, align as u64)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXdeviceptr(va), "address") }
}

pub unsafe fn free(address: IXdeviceptr, size: usize) -> Result<()> {
    device::all()?;
    vmm::free(address.0, size as u64)
}

pub unsafe fn create(
    out: *mut IXmemGenericAllocationHandle,
    size: usize,
    properties: *const IXmemAllocationProp,
    flags: c_ulonglong,
) -> Result<()> {
    check_null(out, "handle")?;
    check_zero("flags", flags)?;
    // SAFETY: as the caller says.
    let p = unsafe { check_properties(properties) }?;
    let (placement, device) = placement(p.location)?;
    let location = Location { kind: p.location.r#type.0, id: p.location.id };
    let handle = Memory::create(&device, placement, location, size as u64, p.requestedHandleTypes.0 as u32)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXmemGenericAllocationHandle(handle), "handle") }
}

pub unsafe fn release(handle: IXmemGenericAllocationHandle) -> Result<()> {
    device::all()?;
    vmm::release(handle.0)
}

pub unsafe fn map(
    address: IXdeviceptr,
    size: usize,
    offset: usize,
    handle: IXmemGenericAllocationHandle,
    flags: c_ulonglong,
) -> Result<()> {
    device::all()?;
    check_zero("flags", flags)?;
    vmm::map(address.0, size as u64, offset as u64, handle.0)
}

pub unsafe fn unmap(address: IXdeviceptr, size: usize) -> Result<()> {
    device::all()?;
    vmm::unmap(address.0, size as u64)
}

pub unsafe fn set_access(address: IXdeviceptr, size: usize, list: *const IXmemAccessDesc, count: usize) -> Result<()> {
    device::all()?;
    if list.is_null() || count == 0 {
        return Err(Error::invalid(format!("{count} elements at {list:p}")));
    }
    for i in 0..count {
        // SAFETY: the list has `count` elements, as the caller says.
        let wish = unsafe { *list.add(i) };
        let location = Location { kind: wish.location.r#type.0, id: wish.location.id };
        vmm::set_access(address.0, size as u64, location, wish.flags.0)?;
    }
    Ok(())
}

pub unsafe fn get_access(out: *mut c_ulonglong, location: *const IXmemLocation, address: IXdeviceptr) -> Result<()> {
    device::all()?;
    // SAFETY: null or valid, as the caller says.
    let l = unsafe { location.as_ref() }.ok_or_else(|| Error::invalid("location is null"))?;
    let flags = vmm::access(address.0, Location { kind: l.r#type.0, id: l.id })?;
    // SAFETY: as the caller says.
    unsafe { put(out, flags as c_ulonglong, "flags") }
}

pub unsafe fn granularity(out: *mut usize, properties: *const IXmemAllocationProp, option: IXmemAllocationGranularity_flags) -> Result<()> {
    // SAFETY: as the caller says.
    let p = unsafe { check_properties(properties) }?;
    placement(p.location)?;
    if !(0..=1).contains(&option.0) {
        return Err(Error::invalid(format!("there is no granularity {}", option.0)));
    }
    // SAFETY: as the caller says.
    unsafe { put(out, vmm::GRANULARITY as usize, "granularity") }
}

pub unsafe fn properties(out: *mut IXmemAllocationProp, handle: IXmemGenericAllocationHandle) -> Result<()> {
    device::all()?;
    let memory = MEMORIES.get(handle.0)?;
    let properties = IXmemAllocationProp {
        r#type: IX_MEM_ALLOCATION_TYPE_PINNED,
        requestedHandleTypes: IXmemAllocationHandleType(memory.exportable as c_int),
        location: IXmemLocation { r#type: IXmemLocationType(memory.location.kind), id: memory.location.id },
        ..IXmemAllocationProp::default()
    };
    // SAFETY: as the caller says.
    unsafe { put(out, properties, "properties") }
}

pub unsafe fn retain(out: *mut IXmemGenericAllocationHandle, address: *mut c_void) -> Result<()> {
    check_null(out, "handle")?;
    device::all()?;
    let handle = vmm::retain_at(address as u64)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXmemGenericAllocationHandle(handle), "handle") }
}

fn check_kind(kind: IXmemAllocationHandleType) -> Result<()> {
    match kind {
        IX_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR => Ok(()),
        IXmemAllocationHandleType(2 | 4 | 8) => {
            Err(Error::new(Code::NOT_SUPPORTED, format!("handles of type {} are not supported", kind.0)))
        }
        IXmemAllocationHandleType(other) => Err(Error::invalid(format!("there are no handles of type {other}"))),
    }
}

pub unsafe fn export(
    out: *mut c_void,
    handle: IXmemGenericAllocationHandle,
    kind: IXmemAllocationHandleType,
    flags: c_ulonglong,
) -> Result<()> {
    check_null(out, "handle")?;
    device::all()?;
    check_zero("flags", flags)?;
    check_kind(kind)?;
    let fd = vmm::export(handle.0)?;
    // SAFETY: as the caller says.
    unsafe { put(out.cast(), fd, "handle") }
}

pub unsafe fn import(out: *mut IXmemGenericAllocationHandle, shared: *mut c_void, kind: IXmemAllocationHandleType) -> Result<()> {
    check_null(out, "handle")?;
    device::all()?;
    check_kind(kind)?;
    // The descriptor is in the place of the pointer.
    let handle = vmm::import(shared as usize as c_int)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXmemGenericAllocationHandle(handle), "handle") }
}

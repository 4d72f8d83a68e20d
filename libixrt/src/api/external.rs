// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about memory that came by a descriptor: see [`crate::vmm`].

use super::out::{check_null, put};
use super::types::*;
use crate::context;
use crate::device;
use crate::error::{Code, Error, Result};
use crate::handle::{lock, Of, Table};
use crate::managed::Location;
use crate::vmm::{self, MEMORIES};
use std::os::fd::{FromRawFd, OwnedFd};
use std::sync::{Arc, Mutex};

/// External memories that have handles.
static EXTERNAL: Table<External> = Table::new(Of::ExternalMemory, "external memory");

#[derive(Debug)]
struct External {
    memory: u64,
    size: u64,
    /// Where its mappings start.
    mapped: Mutex<Vec<u64>>,
}

pub unsafe fn import(out: *mut IXexternalMemory, description: *const IX_EXTERNAL_MEMORY_HANDLE_DESC) -> Result<()> {
    check_null(out, "external memory")?;
    device::all()?;
    // SAFETY: null or valid, as the caller says.
    let d = unsafe { description.as_ref() }.ok_or_else(|| Error::invalid("description is null"))?;
    if d.r#type != IX_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD {
        return Err(Error::new(Code::NOT_SUPPORTED, format!("external memory of type {} is not supported", d.r#type.0)));
    }
    // SAFETY: the type says that it is a descriptor.
    let fd = unsafe { d.handle.fd };
    let memory = vmm::import(fd)?;
    let size = MEMORIES.get(memory)?.size;
    if d.size > size {
        vmm::release(memory)?;
        return Err(Error::invalid(format!("{} bytes of a memory of {size}", d.size)));
    }
    let external = External { memory, size, mapped: Mutex::default() };
    let handle = EXTERNAL.insert(Arc::new(external))?;
    // A descriptor that was imported belongs to the library.
    // SAFETY: the program gave it away.
    drop(unsafe { OwnedFd::from_raw_fd(fd) });
    // SAFETY: as the caller says.
    unsafe { put(out, IXexternalMemory(handle as usize), "external memory") }
}

pub unsafe fn map(out: *mut IXdeviceptr, handle: IXexternalMemory, description: *const IX_EXTERNAL_MEMORY_BUFFER_DESC) -> Result<()> {
    check_null(out, "address")?;
    context::current()?;
    let external = EXTERNAL.get(handle.0 as u64)?;
    // SAFETY: null or valid, as the caller says.
    let d = unsafe { description.as_ref() }.ok_or_else(|| Error::invalid("description is null"))?;
    if d.flags != 0 || d.size == 0 || d.offset.checked_add(d.size).is_none_or(|end| end > external.size) {
        return Err(Error::invalid(format!(
            "{} bytes from {} of a memory of {}, with flags {:#x}",
            d.size, d.offset, external.size, d.flags
        )));
    }
    let memory = MEMORIES.get(external.memory)?;
    let va = vmm::reserve(external.size, 0)?;
    let place = Location { kind: IX_MEM_LOCATION_TYPE_DEVICE.0, id: memory.device as i32 };
    let mapped = vmm::map(va, external.size, 0, external.memory).and_then(|()| vmm::set_access(va, external.size, place, vmm::READ_WRITE));
    if let Err(error) = mapped {
        // What was not done needs not be undone.
        let _ = vmm::unmap(va, external.size);
        let _ = vmm::free(va, external.size);
        return Err(error);
    }
    lock(&external.mapped).push(va);
    // SAFETY: as the caller says.
    unsafe { put(out, IXdeviceptr(va + d.offset), "address") }
}

/// Ends the mapping of an external memory that an address lies in; false when there is none.
pub fn free(address: u64) -> Result<bool> {
    for external in EXTERNAL.live() {
        let mut mapped = lock(&external.mapped);
        if let Some(index) = mapped.iter().position(|va| address >= *va && address - va < external.size) {
            let va = mapped.swap_remove(index);
            vmm::unmap(va, external.size)?;
            vmm::free(va, external.size)?;
            return Ok(true);
        }
    }
    Ok(false)
}

pub unsafe fn destroy(handle: IXexternalMemory) -> Result<()> {
    device::all()?;
    let external = EXTERNAL.get(handle.0 as u64)?;
    if !lock(&external.mapped).is_empty() {
        return Err(Error::new(Code::ILLEGAL_STATE, "mappings of the external memory have not been freed"));
    }
    EXTERNAL.remove(handle.0 as u64)?;
    vmm::release(external.memory)
}

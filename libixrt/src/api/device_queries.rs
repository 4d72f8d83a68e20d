// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions that ask about devices.

use super::out::{check_null, put, put_text, text};
use super::types::*;
use crate::device;
use crate::error::{Code, Error, Result};
use crate::launch::SHARED_USUAL;
use ix_hw::dispatch::{BLOCK_MAX, GRID_MAX};
use std::ffi::{c_char, c_int};

/// The compute capability that devices report, and that PTX for them targets.
const COMPUTE_CAPABILITY: (c_int, c_int) = (8, 0);

pub unsafe fn get(out: *mut IXdevice, ordinal: c_int) -> Result<()> {
    device::get(ordinal)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXdevice(ordinal), "device") }
}

pub unsafe fn count(out: *mut c_int) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, device::all()?.len() as c_int, "count") }
}

pub unsafe fn backend_name(out: *mut *const c_char) -> Result<()> {
    let first = device::all()?.first().ok_or(Error::new(Code::NO_DEVICE, "there is no device"))?;
    // SAFETY: as the caller says.
    unsafe { put(out, first.backend.name().as_ptr(), "name") }
}

pub unsafe fn name(out: *mut c_char, length: c_int, device: IXdevice) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put_text(out, length, &device::get(device.0)?.info().name, "name") }
}

pub unsafe fn uuid(out: *mut IXuuid, device: IXdevice) -> Result<()> {
    let bytes = device::get(device.0)?.info().uuid;
    // SAFETY: as the caller says.
    unsafe { put(out, IXuuid { bytes }, "uuid") }
}

pub unsafe fn pci_bus_id(out: *mut c_char, length: c_int, device: IXdevice) -> Result<()> {
    let [domain, bus, slot, function] = device::get(device.0)?.info().pci;
    // SAFETY: as the caller says.
    unsafe { put_text(out, length, &format!("{domain:04x}:{bus:02x}:{slot:02x}.{function:x}"), "text") }
}

pub unsafe fn by_pci_bus_id(out: *mut IXdevice, id: *const c_char) -> Result<()> {
    check_null(out, "device")?;
    // SAFETY: as the caller says.
    let id = unsafe { text(id, "text") }?.to_string_lossy();
    let wanted = parse_pci(&id).ok_or_else(|| Error::invalid(format!("{id:?} is no PCI address")))?;
    let devices = device::all()?;
    let ordinal = devices
        .iter()
        .position(|d| d.info().pci == wanted)
        .ok_or_else(|| Error::new(Code::INVALID_DEVICE, format!("there is no device at PCI address {id}")))?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXdevice(ordinal as c_int), "device") }
}

/// Domain, bus, device and function of `[domain:]bus:device[.function]`, in hexadecimal.
fn parse_pci(text: &str) -> Option<[u32; 4]> {
    let (address, function) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = address.split(':').collect();
    let (domain, bus, slot) = match parts[..] {
        [domain, bus, slot] => (domain, bus, slot),
        [bus, slot] => ("0", bus, slot),
        _ => return None,
    };
    let number = |s: &str| u32::from_str_radix(s, 16).ok();
    Some([number(domain)?, number(bus)?, number(slot)?, number(function)?])
}

pub unsafe fn exec_affinity_support(out: *mut c_int, kind: IXexecAffinityType, device: IXdevice) -> Result<()> {
    device::get(device.0)?;
    if kind != IX_EXEC_AFFINITY_TYPE_SM_COUNT {
        return Err(Error::invalid(format!("there is no affinity of type {}", kind.0)));
    }
    // SAFETY: as the caller says.
    unsafe { put(out, 0, "support") }
}

pub unsafe fn properties(out: *mut IXdevprop, device: IXdevice) -> Result<()> {
    check_null(out, "properties")?;
    let get = |which: IXdevice_attribute| {
        let mut value = 0;
        // SAFETY: the pointer is valid.
        unsafe { attribute(&mut value, which, device) }.map(|()| value)
    };
    let properties = IXdevprop {
        maxThreadsPerBlock: get(IX_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK)?,
        maxThreadsDim: [
            get(IX_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X)?,
            get(IX_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y)?,
            get(IX_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z)?,
        ],
        maxGridSize: [
            get(IX_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X)?,
            get(IX_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y)?,
            get(IX_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z)?,
        ],
        sharedMemPerBlock: get(IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK)?,
        totalConstantMemory: get(IX_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY)?,
        SIMDWidth: get(IX_DEVICE_ATTRIBUTE_WARP_SIZE)?,
        memPitch: get(IX_DEVICE_ATTRIBUTE_MAX_PITCH)?,
        regsPerBlock: get(IX_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK)?,
        clockRate: get(IX_DEVICE_ATTRIBUTE_CLOCK_RATE)?,
        textureAlign: get(IX_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT)?,
    };
    // SAFETY: as the caller says.
    unsafe { put(out, properties, "properties") }
}

pub unsafe fn total_mem(out: *mut usize, device: IXdevice) -> Result<()> {
    let total = device::get(device.0)?.backend.memory()?.total;
    // SAFETY: as the caller says.
    unsafe { put(out, total as usize, "bytes") }
}

pub unsafe fn compute_capability(major: *mut c_int, minor: *mut c_int, device: IXdevice) -> Result<()> {
    device::get(device.0)?;
    // SAFETY: as the caller says.
    unsafe {
        put(major, COMPUTE_CAPABILITY.0, "major")?;
        put(minor, COMPUTE_CAPABILITY.1, "minor")
    }
}

pub unsafe fn attribute(out: *mut c_int, attribute: IXdevice_attribute, device: IXdevice) -> Result<()> {
    let device = device::get(device.0)?;
    let info = device.info();
    let number = |n: u32| c_int::try_from(n).unwrap_or(c_int::MAX);
    let value = match attribute {
        IX_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK => number(info.threads_per_block),
        IX_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X => number(BLOCK_MAX[0]),
        IX_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y => number(BLOCK_MAX[1]),
        IX_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z => number(BLOCK_MAX[2]),
        IX_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X => number(GRID_MAX[0]),
        IX_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y => number(GRID_MAX[1]),
        IX_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z => number(GRID_MAX[2]),
        IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK => number(info.shared_per_block.min(SHARED_USUAL)),
        // The PTX ISA's size of a constant bank; there is no limit of the device's own.
        IX_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY => 64 << 10,
        IX_DEVICE_ATTRIBUTE_WARP_SIZE => number(info.warp_size),
        IX_DEVICE_ATTRIBUTE_MAX_PITCH => c_int::MAX,
        IX_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK | IX_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR => number(info.regs_per_sm),
        IX_DEVICE_ATTRIBUTE_CLOCK_RATE => number(info.core_clock_khz),
        IX_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT => 512,
        IX_DEVICE_ATTRIBUTE_GPU_OVERLAP => 1,
        IX_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT => number(info.sm_count),
        IX_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT => c_int::from(device.timeout_ms != 0),
        IX_DEVICE_ATTRIBUTE_INTEGRATED => 0,
        IX_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY => 1,
        IX_DEVICE_ATTRIBUTE_COMPUTE_MODE => 0,
        IX_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS => 1,
        IX_DEVICE_ATTRIBUTE_ECC_ENABLED => 0,
        IX_DEVICE_ATTRIBUTE_PCI_BUS_ID => number(info.pci[1]),
        IX_DEVICE_ATTRIBUTE_PCI_DEVICE_ID => number(info.pci[2]),
        IX_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID => number(info.pci[0]),
        IX_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE => number(info.mem_clock_khz),
        IX_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH => number(info.mem_bus_bits),
        IX_DEVICE_ATTRIBUTE_L2_CACHE_SIZE => number(info.l2_bytes),
        IX_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR => number(info.warps_per_sm.saturating_mul(info.warp_size)),
        IX_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT => number(info.copy_engines),
        IX_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING | IX_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH => 1,
        IX_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR => COMPUTE_CAPABILITY.0,
        IX_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR => COMPUTE_CAPABILITY.1,
        IX_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED => 1,
        IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR => number(info.shared_per_sm),
        IX_DEVICE_ATTRIBUTE_MANAGED_MEMORY
        | IX_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS
        | IX_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED
        | IX_DEVICE_ATTRIBUTE_HOST_NATIVE_ATOMIC_SUPPORTED
        | IX_DEVICE_ATTRIBUTE_COMPUTE_PREEMPTION_SUPPORTED
        | IX_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED
        | IX_DEVICE_ATTRIBUTE_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR_SUPPORTED
        | IX_DEVICE_ATTRIBUTE_CAN_USE_STREAM_WAIT_VALUE_NOR
        | IX_DEVICE_ATTRIBUTE_CAN_USE_64_BIT_STREAM_MEM_OPS
        | IX_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED => 1,
        IX_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS | IX_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK => 0,
        IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN => number(info.shared_per_block),
        IX_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR => number(info.blocks_per_sm),
        // Attributes of features that the device does not have: absent.
        IXdevice_attribute(1..=150) => 0,
        IXdevice_attribute(other) => return Err(Error::invalid(format!("there is no device attribute {other}"))),
    };
    // SAFETY: as the caller says.
    unsafe { put(out, value, "value") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pci_addresses_have_three_forms() {
        assert_eq!(parse_pci("0001:0a:1f.3"), Some([1, 10, 31, 3]));
        assert_eq!(parse_pci("0000:03:00"), Some([0, 3, 0, 0]));
        assert_eq!(parse_pci("03:00.0"), Some([0, 3, 0, 0]));
        for wrong in ["", "03", "x:0:0", "1:2:3:4"] {
            assert_eq!(parse_pci(wrong), None, "{wrong}");
        }
    }
}

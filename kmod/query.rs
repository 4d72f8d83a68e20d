// SPDX-License-Identifier: GPL-2.0

//! Facts about device and driver for programs.

use kernel::{device::Bound, drm, pci, prelude::*};

use crate::{
    client::{Client, DrmFile},
    device::{Caps, Gpu},
    driver::IxDevice,
    helpers,
    hw::{mmu, regs::*},
    uapi, user,
};

/// Copies the bytes of consecutive registers, of which the last byte stays free.
fn text(read: &dyn Fn(u32) -> u32, first: u32, to: &mut [u8]) {
    let room = to.len().saturating_sub(1);
    bytes(read, first, &mut to[..room]);
}

/// Copies the bytes of consecutive registers.
fn bytes(read: &dyn Fn(u32) -> u32, first: u32, to: &mut [u8]) {
    for (i, chunk) in (0..).zip(to.chunks_mut(4)) {
        let word = read(first + 4 * i).to_le_bytes();
        chunk.copy_from_slice(&word[..chunk.len()]);
    }
}

/// What does not change while the device is there, from its registers.
pub(crate) fn describe(
    pdev: &pci::Device<Bound>,
    caps: &Caps,
    read: &dyn Fn(u32) -> u32,
) -> uapi::drm_ix_query_device {
    let mut reply = uapi::drm_ix_query_device {
        hw_version: caps.version,
        sm_count: read(CAP_SM_COUNT),
        warp_size: read(CAP_WARP_SIZE),
        warps_per_sm: read(CAP_WARPS_PER_SM),
        blocks_per_sm: read(CAP_BLOCKS_PER_SM),
        threads_per_block: read(CAP_THREADS_PER_BLOCK),
        shared_per_sm: read(CAP_SHARED_PER_SM),
        shared_per_block: read(CAP_SHARED_PER_BLOCK),
        regs_per_sm: read(CAP_REGS_PER_SM),
        local_per_thread: read(CAP_LOCAL_PER_THREAD),
        core_clock_khz: read(CAP_CORE_CLOCK),
        mem_clock_khz: read(CAP_MEM_CLOCK),
        mem_bus_bits: read(CAP_MEM_BUS),
        mem_kind: read(CAP_MEM_KIND),
        precision: read(CAP_PRECISION),
        copy_engines: read(CAP_COPY_ENGINES),
        links: read(CAP_LINKS),
        l2_bytes: read(CAP_L2),
        power_limit_mw: read(CAP_POWER_LIMIT),
        temp_limit_mc: read(CAP_TEMP_LIMIT),
        vram_bytes: caps.vram,
        va_start: mmu::VA_START,
        va_end: caps.va_end,
        queue_count: caps.queues,
        vm_count: caps.vms,
        uabi_version: uapi::DRM_IX_VERSION_MAJOR << 16 | uapi::DRM_IX_VERSION_MINOR,
        ..Default::default()
    };
    text(read, CAP_NAME, &mut reply.name);
    // The registers have 16 bytes of it, the reply more.
    bytes(read, CAP_SERIAL, &mut reply.serial[..16]);
    bytes(read, CAP_UUID, &mut reply.uuid);

    let raw = core::ptr::from_ref(pdev).cast_mut().cast();
    // SAFETY: `pci::Device` is a transparent wrapper of `struct pci_dev`, valid while we borrow it.
    reply.pci_domain = unsafe { helpers::ix_pci_domain(raw) };
    let id = u32::from(pdev.dev_id());
    reply.pci_bus = id >> 8;
    reply.pci_device = id >> 3 & 0x1f;
    reply.pci_function = id & 7;
    reply
}

fn memory(gpu: &Gpu<'_>, client: &Client) -> uapi::drm_ix_query_memory {
    uapi::drm_ix_query_memory {
        vram_total: gpu.vram.size(),
        vram_used: gpu.usage.vram(),
        vram_reserved: gpu.vram.reserved(),
        system_used: gpu.usage.system(),
        client_vram_used: client.usage().vram(),
        client_system_used: client.usage().system(),
    }
}

fn sensors(gpu: &Gpu<'_>) -> uapi::drm_ix_query_sensors {
    uapi::drm_ix_query_sensors {
        time_ns: gpu.read64(TIME_LO),
        busy_compute_ns: gpu.read64(BUSY_COMPUTE_LO),
        busy_copy_ns: gpu.read64(BUSY_COPY_LO),
        energy_mj: gpu.read64(SENSOR_ENERGY_LO),
        temp_mc: gpu.read(SENSOR_TEMP),
        power_mw: gpu.read(SENSOR_POWER),
        core_clock_khz: gpu.read(SENSOR_CORE_CLOCK),
        mem_clock_khz: gpu.read(SENSOR_MEM_CLOCK),
        fan_percent: gpu.read(SENSOR_FAN),
        fault_count: gpu.faults_seen(),
    }
}

/// DRM_IOCTL_IX_QUERY.
pub(crate) fn query(
    _dev: &IxDevice<drm::Registered>,
    gpu: &Gpu<'_>,
    args: &mut uapi::drm_ix_query,
    file: &DrmFile,
) -> Result<u32> {
    let (size, pointer) = (args.size, args.pointer);
    let client: &Client = file.inner().get_ref();
    let known = match args.type_ {
        uapi::DRM_IX_QUERY_DEVICE => core::mem::size_of::<uapi::drm_ix_query_device>(),
        uapi::DRM_IX_QUERY_MEMORY => core::mem::size_of::<uapi::drm_ix_query_memory>(),
        uapi::DRM_IX_QUERY_SENSORS => core::mem::size_of::<uapi::drm_ix_query_sensors>(),
        _ => return Err(EINVAL),
    };
    args.size = known as u32;
    if size == 0 {
        return Ok(0);
    }
    gpu.check_alive()?;
    match args.type_ {
        uapi::DRM_IX_QUERY_DEVICE => user::write_reply(pointer, size, &gpu.description)?,
        uapi::DRM_IX_QUERY_MEMORY => user::write_reply(pointer, size, &memory(gpu, client))?,
        _ => user::write_reply(pointer, size, &sensors(gpu))?,
    }
    Ok(0)
}

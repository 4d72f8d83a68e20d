// SPDX-License-Identifier: GPL-2.0

//! Facts about device and driver for programs.

use kernel::{drm, prelude::*};

use crate::{
    client::{Client, DrmFile},
    device::Gpu,
    driver::IxDevice,
    helpers,
    hw::{mmu, regs::*},
    uapi, user,
};

/// Copies the bytes of consecutive registers, of which the last byte stays free.
fn text(gpu: &Gpu<'_>, first: u32, to: &mut [u8]) {
    let room = to.len().saturating_sub(1);
    bytes(gpu, first, &mut to[..room]);
}

/// Copies the bytes of consecutive registers.
fn bytes(gpu: &Gpu<'_>, first: u32, to: &mut [u8]) {
    for (i, chunk) in (0..).zip(to.chunks_mut(4)) {
        let word = gpu.read(first + 4 * i).to_le_bytes();
        chunk.copy_from_slice(&word[..chunk.len()]);
    }
}

fn device(gpu: &Gpu<'_>) -> uapi::drm_ix_query_device {
    let mut reply = uapi::drm_ix_query_device {
        hw_version: gpu.caps.version,
        sm_count: gpu.read(CAP_SM_COUNT),
        warp_size: gpu.read(CAP_WARP_SIZE),
        warps_per_sm: gpu.read(CAP_WARPS_PER_SM),
        blocks_per_sm: gpu.read(CAP_BLOCKS_PER_SM),
        threads_per_block: gpu.read(CAP_THREADS_PER_BLOCK),
        shared_per_sm: gpu.read(CAP_SHARED_PER_SM),
        shared_per_block: gpu.read(CAP_SHARED_PER_BLOCK),
        regs_per_sm: gpu.read(CAP_REGS_PER_SM),
        local_per_thread: gpu.read(CAP_LOCAL_PER_THREAD),
        core_clock_khz: gpu.read(CAP_CORE_CLOCK),
        mem_clock_khz: gpu.read(CAP_MEM_CLOCK),
        mem_bus_bits: gpu.read(CAP_MEM_BUS),
        mem_kind: gpu.read(CAP_MEM_KIND),
        precision: gpu.read(CAP_PRECISION),
        copy_engines: gpu.read(CAP_COPY_ENGINES),
        links: gpu.read(CAP_LINKS),
        l2_bytes: gpu.read(CAP_L2),
        power_limit_mw: gpu.read(CAP_POWER_LIMIT),
        temp_limit_mc: gpu.read(CAP_TEMP_LIMIT),
        vram_bytes: gpu.caps.vram,
        va_start: mmu::VA_START,
        va_end: gpu.caps.va_end,
        queue_count: gpu.caps.queues,
        vm_count: gpu.caps.vms,
        uabi_version: uapi::DRM_IX_VERSION_MAJOR << 16 | uapi::DRM_IX_VERSION_MINOR,
        ..Default::default()
    };
    text(gpu, CAP_NAME, &mut reply.name);
    // The registers have 16 bytes of it, the reply more.
    bytes(gpu, CAP_SERIAL, &mut reply.serial[..16]);
    bytes(gpu, CAP_UUID, &mut reply.uuid);

    let pdev = core::ptr::from_ref(gpu.pdev).cast_mut().cast();
    // SAFETY: `pci::Device` is a transparent wrapper of `struct pci_dev`, valid while we borrow it.
    reply.pci_domain = unsafe { helpers::ix_pci_domain(pdev) };
    let id = u32::from(gpu.pdev.dev_id());
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
        uapi::DRM_IX_QUERY_DEVICE => user::write_reply(pointer, size, &device(gpu))?,
        uapi::DRM_IX_QUERY_MEMORY => user::write_reply(pointer, size, &memory(gpu, client))?,
        _ => user::write_reply(pointer, size, &sensors(gpu))?,
    }
    Ok(0)
}

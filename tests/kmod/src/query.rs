// SPDX-License-Identifier: Apache-2.0 OR MIT
//! DRM_IOCTL_IX_QUERY.

use ix_uapi::abi::*;

use crate::check::{equal, holds, Context, Outcome};
use crate::client::{open, raw};
use crate::Case;

pub const CASES: &[Case] = &[
    ("query_with_size_0_tells_the_size", size),
    ("query_of_unknown_type_is_einval", unknown),
    ("query_is_cut_to_a_short_buffer", short),
    ("query_pads_a_long_buffer", long),
    ("query_to_a_bad_pointer_is_efault", bad_pointer),
    ("query_device_has_sensible_values", device),
    ("query_sensors_move", sensors),
];

const TYPES: [(u32, usize); 3] = [
    (DRM_IX_QUERY_DEVICE, size_of::<drm_ix_query_device>()),
    (DRM_IX_QUERY_MEMORY, size_of::<drm_ix_query_memory>()),
    (DRM_IX_QUERY_SENSORS, size_of::<drm_ix_query_sensors>()),
];

fn size() -> Outcome {
    let device = open()?;
    for (r#type, expected) in TYPES {
        let mut query = drm_ix_query { r#type, ..Default::default() };
        equal!(raw(&device, DRM_IOCTL_IX_QUERY, &mut query), 0, "type {}", r#type);
        equal!(query.size as usize, expected, "size of type {}", r#type);
    }
    Ok(())
}

fn unknown() -> Outcome {
    let device = open()?;
    for r#type in [3, u32::MAX] {
        let mut query = drm_ix_query { r#type, ..Default::default() };
        equal!(raw(&device, DRM_IOCTL_IX_QUERY, &mut query), libc::EINVAL, "type {}", r#type);
    }
    Ok(())
}

fn short() -> Outcome {
    let device = open()?;
    let mut buffer = [0xaa_u8; 64];
    let mut query = drm_ix_query { r#type: DRM_IX_QUERY_DEVICE, size: 12, pointer: buffer.as_mut_ptr() as u64 };
    equal!(raw(&device, DRM_IOCTL_IX_QUERY, &mut query), 0, "query");
    equal!(query.size as usize, size_of::<drm_ix_query_device>(), "size");
    equal!(&buffer[8..12], &32_u32.to_le_bytes(), "warp size");
    holds!(buffer[12..].iter().all(|b| *b == 0xaa), "written past the size: {buffer:?}");
    Ok(())
}

fn long() -> Outcome {
    let device = open()?;
    let mut buffer = vec![0xaa_u8; 10_000];
    let mut query = drm_ix_query { r#type: DRM_IX_QUERY_MEMORY, size: 9_999, pointer: buffer.as_mut_ptr() as u64 };
    equal!(raw(&device, DRM_IOCTL_IX_QUERY, &mut query), 0, "query");
    let known = size_of::<drm_ix_query_memory>();
    equal!(query.size as usize, known, "size");
    holds!(buffer[known..9_999].iter().all(|b| *b == 0), "the rest is not zero");
    equal!(buffer[9_999], 0xaa, "byte behind the buffer");
    Ok(())
}

fn bad_pointer() -> Outcome {
    let device = open()?;
    for pointer in [0, 0x1000, u64::MAX - 16] {
        for (r#type, size) in TYPES {
            let mut query = drm_ix_query { r#type, size: size as u32, pointer };
            equal!(raw(&device, DRM_IOCTL_IX_QUERY, &mut query), libc::EFAULT, "type {} to {pointer:#x}", r#type);
        }
    }
    Ok(())
}

fn device() -> Outcome {
    let d = open()?.query_device().or_fail("query")?;
    equal!(d.hw_version >> 16, ix_hw::regs::VERSION_MAJOR, "hardware contract");
    equal!(d.uabi_version, DRM_IX_VERSION_MAJOR << 16 | DRM_IX_VERSION_MINOR, "ABI");
    equal!(d.warp_size, 32, "warp size");
    holds!(d.sm_count > 0 && d.queue_count > 0 && d.vm_count > 0, "nothing to run on: {d:?}");
    holds!(d.vram_bytes >= 2 << 20, "memory: {d:?}");
    equal!(d.va_start, ix_hw::mmu::VA_START, "first address");
    holds!(d.va_end > d.va_start && d.va_end <= 1 << 48, "last address: {:#x}", d.va_end);
    holds!(d.name[0] != 0 && d.name[63] == 0, "name: {:?}", d.name);
    equal!(d.pad, 0, "pad");
    let address = format!("{:04x}:{:02x}:{:02x}.{}", d.pci_domain, d.pci_bus, d.pci_device, d.pci_function);
    let path = format!("/sys/bus/pci/devices/{address}/vendor");
    let vendor = std::fs::read_to_string(&path).or_fail(&path)?;
    equal!(vendor.trim(), "0x1234", "vendor of {address}");
    Ok(())
}

fn sensors() -> Outcome {
    let device = open()?;
    let first = device.query_sensors().or_fail("query")?;
    std::thread::sleep(std::time::Duration::from_millis(20));
    let second = device.query_sensors().or_fail("query")?;
    let passed = second.time_ns.saturating_sub(first.time_ns);
    holds!((10_000_000..10_000_000_000).contains(&passed), "device time moved by {passed} ns in 20 ms");
    holds!(second.energy_mj >= first.energy_mj, "energy runs backwards");
    holds!(second.temp_mc > 0 && second.power_mw > 0, "{second:?}");
    Ok(())
}

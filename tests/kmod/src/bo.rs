// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Buffer objects: creation, contents, mapping, sharing, accounting.

use std::os::fd::{AsFd, AsRawFd};
use std::sync::atomic::Ordering;

use ix_uapi::abi::*;
use ix_uapi::Device;

use crate::check::{equal, holds, Context, Outcome};
use crate::client::{open, raw};
use crate::Case;

pub const CASES: &[Case] = &[
    ("bo_create_rejects_bad_fields", bad_fields),
    ("bo_create_rounds_up_to_pages", rounding),
    ("bo_larger_than_the_memory_is_enomem", too_large),
    ("bo_in_vram_is_zeroed_though_used_before", vram_is_zeroed),
    ("bo_in_system_memory_is_zeroed", system_is_zeroed),
    ("bo_mmap_offset_rejects_bad_fields", bad_offset),
    ("bo_mapping_that_would_be_copied_is_einval", private_mapping),
    ("bo_memory_is_accounted", accounting),
    ("bo_is_shared_between_clients_by_dma_buf", sharing),
    ("bo_of_another_kind_cannot_be_made", dumb),
];

const PLACEMENTS: [u32; 2] = [DRM_IX_BO_VRAM, DRM_IX_BO_SYSTEM];

fn create(device: &Device, bo: drm_ix_bo_create) -> i32 {
    raw(device, DRM_IOCTL_IX_BO_CREATE, &mut { bo })
}

fn bad_fields() -> Outcome {
    let device = open()?;
    let good = drm_ix_bo_create { size: 4096, placement: DRM_IX_BO_VRAM, ..Default::default() };
    let bad = [
        ("size 0", drm_ix_bo_create { size: 0, ..good }),
        ("size that overflows", drm_ix_bo_create { size: u64::MAX, ..good }),
        ("size above the signed range", drm_ix_bo_create { size: 1 << 63, ..good }),
        ("placement 0", drm_ix_bo_create { placement: 0, ..good }),
        ("placement 3", drm_ix_bo_create { placement: 3, ..good }),
        ("flags", drm_ix_bo_create { flags: 1, ..good }),
        ("pad", drm_ix_bo_create { pad: 1, ..good }),
    ];
    for (what, bo) in bad {
        equal!(create(&device, bo), libc::EINVAL, "{what}");
    }
    equal!(create(&device, drm_ix_bo_create { handle: 77, ..good }), 0, "output field set on input");
    Ok(())
}

fn rounding() -> Outcome {
    let device = open()?;
    for placement in PLACEMENTS {
        for (size, rounded) in [(1, 4096), (4096, 4096), (4097, 8192), (3 << 20, 3 << 20)] {
            let bo = device.bo_create(size, placement).or_fail("BO_CREATE")?;
            equal!(bo.size, rounded, "placement {placement}, {size} bytes");
            holds!(bo.handle != 0, "handle is 0");
        }
    }
    Ok(())
}

fn too_large() -> Outcome {
    let device = open()?;
    let all = device.query_memory().or_fail("query")?.vram_total;
    let good = drm_ix_bo_create { placement: DRM_IX_BO_VRAM, ..Default::default() };
    equal!(create(&device, drm_ix_bo_create { size: all + 4096, ..good }), libc::ENOMEM, "more than there is");
    equal!(create(&device, drm_ix_bo_create { size: 1 << 62, ..good }), libc::ENOMEM, "absurd");
    let system = drm_ix_bo_create { placement: DRM_IX_BO_SYSTEM, size: 1 << 50, ..good };
    equal!(create(&device, system), libc::ENOMEM, "system memory");
    equal!(device.query_memory().or_fail("query")?.client_system_used, 0, "charge of a failed BO");
    Ok(())
}

fn first_not_zero(device: &Device, handle: u32, size: u64) -> Outcome<Option<usize>> {
    let map = device.bo_map(handle, size as usize).or_fail("mmap")?;
    let mut bytes = vec![0_u8; size as usize];
    map.read(0, &mut bytes);
    Ok(bytes.iter().position(|b| *b != 0))
}

fn vram_is_zeroed() -> Outcome {
    let device = open()?;
    let size = 3 << 20;
    // As often as it takes to get memory again that was written before.
    for round in 0..8 {
        let bo = device.bo_create(size, DRM_IX_BO_VRAM).or_fail("BO_CREATE")?;
        equal!(first_not_zero(&device, bo.handle, size)?, None, "byte that is not zero in round {round}");
        let map = device.bo_map(bo.handle, size as usize).or_fail("mmap")?;
        map.write(0, &vec![0xff; size as usize]);
        drop(map);
        device.bo_close(bo.handle).or_fail("GEM_CLOSE")?;
    }
    Ok(())
}

fn system_is_zeroed() -> Outcome {
    let device = open()?;
    let size = 1 << 20;
    let bo = device.bo_create(size, DRM_IX_BO_SYSTEM).or_fail("BO_CREATE")?;
    equal!(first_not_zero(&device, bo.handle, size)?, None, "byte that is not zero");
    Ok(())
}

fn bad_offset() -> Outcome {
    let device = open()?;
    let bo = device.bo_create(4096, DRM_IX_BO_VRAM).or_fail("BO_CREATE")?;
    let offset = |handle, pad| raw(&device, DRM_IOCTL_IX_BO_MMAP_OFFSET, &mut drm_ix_bo_mmap_offset { handle, pad, offset: 0 });
    equal!(offset(bo.handle, 0), 0, "good");
    equal!(offset(bo.handle, 1), libc::EINVAL, "pad");
    equal!(offset(0, 0), libc::ENOENT, "handle 0");
    equal!(offset(bo.handle + 1000, 0), libc::ENOENT, "unknown handle");
    Ok(())
}

/// mmap() of `size` bytes; the error number or 0.
pub fn try_mmap(device: &Device, offset: u64, size: usize, flags: i32) -> i32 {
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: a new mapping at an address that the kernel chooses.
    let at = unsafe { libc::mmap(std::ptr::null_mut(), size, protection, flags, device.as_fd().as_raw_fd(), offset as _) };
    if at == libc::MAP_FAILED {
        return std::io::Error::last_os_error().raw_os_error().unwrap_or(-1);
    }
    // SAFETY: the mapping made above, which nobody uses.
    unsafe { libc::munmap(at, size) };
    0
}

fn private_mapping() -> Outcome {
    let device = open()?;
    for placement in PLACEMENTS {
        let bo = device.bo_create(8192, placement).or_fail("BO_CREATE")?;
        let mut offset = drm_ix_bo_mmap_offset { handle: bo.handle, ..Default::default() };
        equal!(raw(&device, DRM_IOCTL_IX_BO_MMAP_OFFSET, &mut offset), 0, "offset");
        equal!(try_mmap(&device, offset.offset, 8192, libc::MAP_PRIVATE), libc::EINVAL, "private, placement {placement}");
        equal!(try_mmap(&device, offset.offset, 12288, libc::MAP_SHARED), libc::EINVAL, "too much, placement {placement}");
        equal!(try_mmap(&device, offset.offset, 4096, libc::MAP_SHARED), 0, "part, placement {placement}");
        equal!(try_mmap(&device, offset.offset, 8192, libc::MAP_SHARED), 0, "shared, placement {placement}");
        // Another client does not get at it.
        let other = open()?;
        let refused = try_mmap(&other, offset.offset, 8192, libc::MAP_SHARED);
        holds!(refused != 0, "another client mapped placement {placement}");
    }
    Ok(())
}

fn accounting() -> Outcome {
    let device = open()?;
    let before = device.query_memory().or_fail("query")?;
    let vram = device.bo_create(5 << 20, DRM_IX_BO_VRAM).or_fail("BO_CREATE")?;
    let system = device.bo_create(2 << 20, DRM_IX_BO_SYSTEM).or_fail("BO_CREATE")?;
    let during = device.query_memory().or_fail("query")?;
    equal!(during.client_vram_used, 5 << 20, "client's VRAM");
    equal!(during.client_system_used, 2 << 20, "client's system memory");
    equal!(during.vram_used - before.vram_used, 5 << 20, "VRAM of all");
    equal!(during.system_used - before.system_used, 2 << 20, "system memory of all");
    equal!(open()?.query_memory().or_fail("query")?.client_vram_used, 0, "VRAM of another client");
    // A mapping by the process keeps the memory.
    let map = device.bo_map(vram.handle, vram.size as usize).or_fail("mmap")?;
    device.bo_close(vram.handle).or_fail("GEM_CLOSE")?;
    equal!(device.query_memory().or_fail("query")?.client_vram_used, 5 << 20, "VRAM of a mapped BO without handle");
    drop(map);
    device.bo_close(system.handle).or_fail("GEM_CLOSE")?;
    equal!(device.query_memory().or_fail("query")?, before, "use after closing all");
    Ok(())
}

#[repr(C)]
#[derive(Default)]
struct Prime {
    handle: u32,
    flags: u32,
    fd: i32,
}
const HANDLE_TO_FD: u64 = 0xc00c_642d;
const FD_TO_HANDLE: u64 = 0xc00c_642e;

fn sharing() -> Outcome {
    let (one, two) = (open()?, open()?);
    for placement in PLACEMENTS {
        let bo = one.bo_create(4096, placement).or_fail("BO_CREATE")?;
        let mut prime = Prime { handle: bo.handle, flags: libc::O_CLOEXEC as u32, ..Default::default() };
        equal!(raw(&one, HANDLE_TO_FD, &mut prime), 0, "export of placement {placement}");
        equal!(raw(&two, FD_TO_HANDLE, &mut prime), 0, "import of placement {placement}");
        // SAFETY: the descriptor came from the export and nobody else knows it.
        unsafe { libc::close(prime.fd) };
        let ours = one.bo_map(bo.handle, 4096).or_fail("mmap")?;
        let theirs = two.bo_map(prime.handle, 4096).or_fail("mmap of the import")?;
        ours.atomic_u64(64).store(0x1234, Ordering::SeqCst);
        equal!(theirs.atomic_u64(64).load(Ordering::SeqCst), 0x1234, "value, placement {placement}");
        drop(ours);
        one.bo_close(bo.handle).or_fail("GEM_CLOSE")?;
        equal!(theirs.atomic_u64(64).load(Ordering::SeqCst), 0x1234, "value after the exporter closed it");
    }
    Ok(())
}

fn dumb() -> Outcome {
    // struct drm_mode_create_dumb on the primary node, where it would be allowed.
    let Ok(card) = std::fs::File::options().read(true).write(true).open("/dev/dri/card0") else {
        return Ok(());
    };
    let mut arguments = [4_u32, 32, 32, 0, 0, 0, 0, 0];
    // SAFETY: the argument has the 32 bytes that the number says.
    let rc = unsafe { libc::ioctl(card.as_raw_fd(), 0xc020_64b2_u64 as _, arguments.as_mut_ptr()) };
    holds!(rc == -1, "CREATE_DUMB made an object");
    Ok(())
}

// SPDX-License-Identifier: GPL-2.0

//! Buffer objects: memory that clients have handles of.
//!
//! A *buffer object* (BO) lies in device memory or in pinned system memory. Its *extents* say which
//! physical addresses its bytes have; they do not change while the BO lives. Both kinds are the
//! shmem object of the DRM core, the only GEM type that a Rust driver may have; a BO in device
//! memory never touches its shmem pages and has other operations: a mapping by the CPU is one of
//! the memory BAR, see [`crate::mmap`].
//!
//! A BO is zeroed before its handle exists and lives while anything refers to it: a handle, a
//! mapping by the CPU, a mapping in an address space.

use kernel::{
    bindings,
    drm::{
        self,
        gem::{self, shmem, BaseObject, IntoGEMObject},
    },
    page::PAGE_SIZE,
    prelude::*,
    sync::{aref::ARef, Arc, SetOnce},
};

use crate::{
    client::{Client, DrmFile},
    device::Gpu,
    driver::{IxDevice, IxDriver},
    helpers,
    hw::mmu::{self, PhysAddr},
    mmap, uapi,
    vram::{Charge, Span, Usage},
};

/// A buffer object.
pub(crate) type Bo = shmem::Object<BoData>;

/// A contiguous part of a BO.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    /// Where it starts in the BO.
    pub(crate) offset: u64,
    /// Its first byte.
    pub(crate) address: PhysAddr,
    /// Bytes.
    pub(crate) size: u64,
}

/// What the driver knows of a BO.
#[pin_data]
pub(crate) struct BoData {
    /// Device memory; `None`: the BO lies in system memory.
    span: Option<Span>,
    extents: SetOnce<KVVec<Extent>>,
    _charge: Charge,
}

impl gem::DriverObject for BoData {
    type Driver = IxDriver;
    type Args = (Option<Span>, Charge);

    fn new(_dev: &IxDevice, _size: usize, args: Self::Args) -> impl PinInit<Self, Error> {
        try_pin_init!(Self {
            span: args.0,
            extents: SetOnce::new(),
            _charge: args.1,
        })
    }
}

impl BoData {
    /// All extents in order of their offsets.
    fn extents(&self) -> &[Extent] {
        self.extents.as_ref().map_or(&[], |e| e.as_slice())
    }

    /// The rest of the extent at `offset`: its address and size. `None`: past the end.
    pub(crate) fn at(&self, offset: u64) -> Option<(PhysAddr, u64)> {
        let extents = self.extents();
        let next = extents.partition_point(|e| e.offset <= offset);
        let extent = extents.get(next.checked_sub(1)?)?;
        let skip = offset - extent.offset;
        (skip < extent.size).then(|| (extent.address + skip, extent.size - skip))
    }

    fn set_extents(&self, parts: impl Iterator<Item = (PhysAddr, u64)>) -> Result {
        let mut extents: KVVec<Extent> = KVVec::new();
        let mut offset = 0;
        for (address, size) in parts {
            match extents.as_mut_slice().last_mut() {
                Some(last) if last.address + last.size == address => last.size += size,
                _ => extents.push(
                    Extent {
                        offset,
                        address,
                        size,
                    },
                    GFP_KERNEL,
                )?,
            }
            offset += size;
        }
        self.extents.populate(extents);
        Ok(())
    }
}

fn create_vram(gpu: &Gpu<'_>, dev: &IxDevice, client: &Arc<Usage>, size: u64) -> Result<ARef<Bo>> {
    let span = gpu.vram.span(size)?;
    gpu.zero(&span)?;
    let charge = Charge::new(&gpu.usage, client, size, 0, 0)?;
    let config = shmem::ObjectConfig {
        map_wc: true,
        parent_resv_obj: None,
    };
    let bo = Bo::new(dev, usize::try_from(size)?, config, (Some(span), charge))?;
    let obj = bo.as_raw();
    // SAFETY: Nobody else knows the object yet, and `funcs` was set when it was made.
    unsafe { (*obj).funcs = mmap::vram_funcs(&*(*obj).funcs) };
    if let Some(span) = &bo.span {
        bo.set_extents(span.blocks())?;
    }
    Ok(bo)
}

fn create_system(
    gpu: &Gpu<'_>,
    dev: &IxDevice,
    client: &Arc<Usage>,
    size: u64,
) -> Result<ARef<Bo>> {
    let charge = Charge::new(&gpu.usage, client, 0, size, gpu.system_limit)?;
    let config = shmem::ObjectConfig::default();
    let bo = Bo::new(dev, usize::try_from(size)?, config, (None, charge))?;
    // This allocates all pages, zeroed, and keeps them until the BO goes or the driver is unbound.
    let table = bo.sg_table(gpu.pdev.as_ref())?;
    bo.set_extents(
        table
            .iter()
            .map(|e| (e.dma_address() | mmu::PHYS_SYSTEM, e.dma_len())),
    )?;
    Ok(bo)
}

/// DRM_IOCTL_IX_BO_CREATE.
pub(crate) fn create(
    dev: &IxDevice<drm::Registered>,
    gpu: &Gpu<'_>,
    args: &mut uapi::drm_ix_bo_create,
    file: &DrmFile,
) -> Result<u32> {
    if args.size == 0 || args.flags != 0 || args.pad != 0 {
        return Err(EINVAL);
    }
    gpu.check()?;
    let size = args
        .size
        .checked_next_multiple_of(PAGE_SIZE as u64)
        .filter(|size| *size <= i64::MAX as u64)
        .ok_or(EINVAL)?;
    let client: &Client = file.inner().get_ref();
    let bo = match args.placement {
        uapi::DRM_IX_BO_VRAM => create_vram(gpu, dev, client.usage(), size)?,
        uapi::DRM_IX_BO_SYSTEM => create_system(gpu, dev, client.usage(), size)?,
        _ => return Err(EINVAL),
    };
    args.handle = bo.create_handle(file)?;
    args.size = size;
    Ok(0)
}

/// DRM_IOCTL_IX_BO_MMAP_OFFSET.
pub(crate) fn mmap_offset(
    _dev: &IxDevice<drm::Registered>,
    _gpu: &Gpu<'_>,
    args: &mut uapi::drm_ix_bo_mmap_offset,
    file: &DrmFile,
) -> Result<u32> {
    if args.pad != 0 {
        return Err(EINVAL);
    }
    args.offset = Bo::lookup_handle(file, args.handle)?.create_mmap_offset()?;
    Ok(0)
}

/// A 64-bit word of a BO that the driver can look at without sleeping.
pub(crate) struct Word {
    place: Place,
    _bo: ARef<Bo>,
}

enum Place {
    /// Offset in VRAM.
    Vram(u64),
    /// Kernel address.
    System(*const u64),
}

impl Word {
    /// The word at `offset` of `bo`. EINVAL: not aligned or past the end.
    pub(crate) fn new(bo: ARef<Bo>, offset: u64) -> Result<Self> {
        if offset % 8 != 0 {
            return Err(EINVAL);
        }
        let (address, _) = bo.at(offset).ok_or(EINVAL)?;
        let place = if bo.span.is_some() {
            Place::Vram(address)
        } else {
            let page = offset as usize / PAGE_SIZE;
            // SAFETY: All of our objects are embedded in a shmem object, whose pages were
            // allocated when its extents were found, and stay while the driver is bound; `page` is
            // below their number since the offset has an extent.
            let page = unsafe {
                let obj = bo.as_raw();
                let shmem = kernel::container_of!(obj, bindings::drm_gem_shmem_object, base);
                *(*shmem).pages.add(page)
            };
            // SAFETY: `page` is a page of the direct map (there is no high memory on 64 bits).
            let base = unsafe { helpers::ix_page_address(page) };
            Place::System(base.wrapping_byte_add(offset as usize % PAGE_SIZE).cast())
        };
        Ok(Self { place, _bo: bo })
    }

    /// Its value now.
    pub(crate) fn read(&self, gpu: &Gpu<'_>) -> u64 {
        match self.place {
            Place::Vram(offset) => gpu.window.read64(offset),
            // SAFETY: The page stays while the BO does and the driver is bound, which a `Gpu`
            // shows. It is shared with the device and with clients, so volatile.
            Place::System(at) => unsafe { at.read_volatile() },
        }
    }
}

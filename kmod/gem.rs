// SPDX-License-Identifier: GPL-2.0

//! Buffer objects: memory that clients have handles of.
//!
//! A *buffer object* (BO) lies in device memory or in pinned system memory. Its *extents* say which
//! physical addresses its bytes have; they do not change while the BO lives. Both kinds are the
//! shmem object of the DRM core, the only GEM type that a Rust driver may have; a BO in device
//! memory never touches its shmem pages and has other operations: a mapping by the CPU is one of
//! the memory BAR, write-combined, filled in by page faults and gone when the driver is unbound.
//!
//! A BO is zeroed before its handle exists and lives while anything refers to it: a handle, a
//! mapping by the CPU, a mapping in an address space.

use kernel::{
    bindings,
    drm::{
        self,
        gem::{self, shmem, BaseObject, IntoGEMObject},
    },
    error::to_result,
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
    uapi,
    vram::{Charge, Span, Usage},
};

/// Pages that one fault maps, the faulting one and its neighbours.
const FAULT_AROUND: usize = 64;

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
    unsafe { (*obj).funcs = vram_funcs(&*(*obj).funcs) };
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
            Place::Vram(offset) => gpu.vram_read64(offset),
            // SAFETY: The page stays while the BO does and the driver is bound, which a `Gpu`
            // shows. It is shared with the device and with clients, so volatile.
            Place::System(at) => unsafe { at.read_volatile() },
        }
    }
}

/// Operations of BOs in device memory.
struct Funcs(bindings::drm_gem_object_funcs);
// SAFETY: Function pointers and pointers to static data.
unsafe impl Send for Funcs {}
// SAFETY: As above.
unsafe impl Sync for Funcs {}

static VRAM_FUNCS: SetOnce<Funcs> = SetOnce::new();

/// The operations of BOs in device memory, made of those of shmem objects.
fn vram_funcs(shmem: &bindings::drm_gem_object_funcs) -> *const bindings::drm_gem_object_funcs {
    loop {
        if let Some(funcs) = VRAM_FUNCS.as_ref() {
            return &funcs.0;
        }
        // Whoever comes second finds it set, or about to be.
        VRAM_FUNCS.populate(Funcs(bindings::drm_gem_object_funcs {
            pin: None,
            unpin: None,
            get_sg_table: None,
            vmap: None,
            vunmap: None,
            mmap: Some(vram_mmap),
            vm_ops: &raw const VRAM_VM_OPS.0,
            ..*shmem
        }));
    }
}

/// `struct vm_operations_struct`, constant.
pub(crate) struct VmOps(pub(crate) bindings::vm_operations_struct);
// SAFETY: Function pointers only.
unsafe impl Sync for VmOps {}

static VRAM_VM_OPS: VmOps = VmOps(bindings::vm_operations_struct {
    open: Some(bindings::drm_gem_vm_open),
    close: Some(bindings::drm_gem_vm_close),
    fault: Some(vram_fault),
    ..pin_init::zeroed()
});

/// Maps a BO in device memory. Its size and the client's right to it were checked by the core.
///
/// # Safety
///
/// Only for [`VRAM_FUNCS`].
unsafe extern "C" fn vram_mmap(
    obj: *mut bindings::drm_gem_object,
    vma: *mut bindings::vm_area_struct,
) -> c_int {
    // SAFETY: Both are valid and `vma` is being set up, as the core promises.
    unsafe { helpers::ix_vma_prepare(vma, (*obj).dev, true) }
}

/// Handles a page fault in a mapping of a BO in device memory.
///
/// # Safety
///
/// Only for mappings that [`vram_mmap`] made.
unsafe extern "C" fn vram_fault(vmf: *mut bindings::vm_fault) -> bindings::vm_fault_t {
    // SAFETY: `vmf` is valid, and its mapping is one of ours, so its private data is a GEM object
    // that the mapping has a reference of.
    let (vma, address, pgoff, obj) = unsafe {
        let fault = &(*vmf).__bindgen_anon_1;
        let obj: *mut bindings::drm_gem_object = (*fault.vma).vm_private_data.cast();
        (fault.vma, fault.address, fault.pgoff, obj)
    };
    // SAFETY: All objects of our devices are `Bo`s.
    let bo = unsafe { Bo::from_raw(obj) };
    // SAFETY: An object that is mapped belongs to a device that was registered.
    let dev: &IxDevice<drm::Ioctl> = unsafe { drm::Device::from_raw((*obj).dev) };
    let Some(guard) = dev.registration_guard() else {
        return bindings::vm_fault_reason_VM_FAULT_SIGBUS;
    };
    // SAFETY: The object has an offset, else it could not be mapped.
    let base = unsafe { bindings::drm_vma_node_offset_addr(&raw mut (*obj).vma_node) };
    let page = pgoff - (base >> bindings::PAGE_SHIFT) as usize;
    // SAFETY: `vma` is valid and locked for the time of the fault.
    let (start, end) = unsafe {
        let range = &(*vma).__bindgen_anon_1.__bindgen_anon_1;
        (range.vm_start, range.vm_end)
    };

    guard.registration_data_with(|gpu| {
        let insert = |address: usize, page: usize| -> Result<bindings::vm_fault_t> {
            let (at, _) = bo.at((page * PAGE_SIZE) as u64).ok_or(EFAULT)?;
            let pfn = gpu.vram_pfn(at)?;
            // SAFETY: `vma` is a PFN mapping and locked; `address` lies in it.
            Ok(unsafe { bindings::vmf_insert_pfn(vma, address, pfn) })
        };
        // The page itself decides; its neighbours are a favour.
        let result = match insert(address & !(PAGE_SIZE - 1), page) {
            Ok(result) => result,
            Err(_) => return bindings::vm_fault_reason_VM_FAULT_SIGBUS,
        };
        if result == bindings::vm_fault_reason_VM_FAULT_NOPAGE {
            let in_vma = (address - start) / PAGE_SIZE;
            let pages = (end - start) / PAGE_SIZE;
            let first = in_vma - (page % FAULT_AROUND).min(in_vma);
            for neighbour in first..pages.min(first + FAULT_AROUND) {
                if neighbour == in_vma {
                    continue;
                }
                let neighbour_page = page + neighbour - in_vma;
                match insert(start + neighbour * PAGE_SIZE, neighbour_page) {
                    Ok(bindings::vm_fault_reason_VM_FAULT_NOPAGE) => {}
                    _ => break,
                }
            }
        }
        result
    })
}

/// Turns the result of a helper into that of a callback.
pub(crate) fn errno(result: Result) -> c_int {
    match result {
        Ok(()) => 0,
        Err(e) => e.to_errno(),
    }
}

/// Maps device pages into a process: see `ix_vma_prepare()`.
///
/// # Safety
///
/// `vma` must be a mapping that is being set up and `dev` a device.
pub(crate) unsafe fn prepare_uncached(
    vma: *mut bindings::vm_area_struct,
    dev: *mut bindings::drm_device,
) -> Result {
    // SAFETY: By the requirements of this function.
    to_result(unsafe { helpers::ix_vma_prepare(vma, dev, false) })
}

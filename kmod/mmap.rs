// SPDX-License-Identifier: GPL-2.0

//! Device pages in the address space of a process.
//!
//! Two kinds of pages of the device's BARs can be mapped: those of a buffer object in device memory,
//! write-combined, and the client's doorbell page, uncached. The page tables of the process are
//! filled in by page faults, so that unbinding the driver takes all mappings away: the DRM core
//! drops what is filled in, and a later fault finds the device gone (SIGBUS). Buffer objects in
//! system memory are mapped by the core.

use kernel::{
    bindings, drm, drm::gem::IntoGEMObject, error::to_result, page::PAGE_SIZE, prelude::*,
    sync::SetOnce,
};

use crate::{client::DrmFile, driver::IxDevice, gem::Bo, helpers};

/// Offset for mmap() of a client's doorbell page: below those that the core gives to BOs.
pub(crate) const DOORBELL_OFFSET: u64 = 0x1000_0000;

/// Pages of a BO that one fault maps, the faulting one and its neighbours.
const FAULT_AROUND: usize = 512;

/// `struct vm_operations_struct`, constant.
struct VmOps(bindings::vm_operations_struct);
// SAFETY: Function pointers only.
unsafe impl Sync for VmOps {}

static DOORBELL_VM_OPS: VmOps = VmOps(bindings::vm_operations_struct {
    fault: Some(doorbell_fault),
    ..pin_init::zeroed()
});

/// Maps the client's doorbell page or leaves it to the core to map a BO.
///
/// # Safety
///
/// Only for `struct file_operations` of this module's devices.
pub(crate) unsafe extern "C" fn mmap(
    file: *mut bindings::file,
    vma: *mut bindings::vm_area_struct,
) -> c_int {
    // SAFETY: `vma` is valid and being set up, `file` is an open file of one of our devices.
    let (pgoff, size, drm_file) = unsafe {
        let range = &(*vma).__bindgen_anon_1.__bindgen_anon_1;
        (
            (*vma).vm_pgoff as u64,
            range.vm_end - range.vm_start,
            (*file).private_data.cast::<bindings::drm_file>(),
        )
    };
    if pgoff != DOORBELL_OFFSET >> bindings::PAGE_SHIFT {
        // SAFETY: As this function.
        return unsafe { bindings::drm_gem_mmap(file, vma) };
    }
    // SAFETY: As above.
    let client: &DrmFile = unsafe { drm::File::from_raw(drm_file) };
    if size != PAGE_SIZE || client.inner().doorbell_page().is_none() {
        return EINVAL.to_errno();
    }
    // SAFETY: As above.
    let dev = unsafe { (*(*drm_file).minor).dev };
    // SAFETY: As above.
    unsafe {
        let error = helpers::ix_vma_prepare(vma, dev, false);
        if error == 0 {
            (*vma).vm_ops = &raw const DOORBELL_VM_OPS.0;
        }
        error
    }
}

/// Handles a page fault in a mapping of a doorbell page.
///
/// # Safety
///
/// Only for mappings that [`mmap`] made.
unsafe extern "C" fn doorbell_fault(vmf: *mut bindings::vm_fault) -> bindings::vm_fault_t {
    // SAFETY: `vmf` is valid, and its mapping is one of ours and keeps its file open.
    let (vma, address, file) = unsafe {
        let fault = &(*vmf).__bindgen_anon_1;
        let file = (*(*fault.vma).vm_file).private_data;
        (fault.vma, fault.address, file.cast::<bindings::drm_file>())
    };
    // SAFETY: As above.
    let dev: &IxDevice<drm::Ioctl> = unsafe { drm::Device::from_raw((*(*file).minor).dev) };
    // SAFETY: As above.
    let client: &DrmFile = unsafe { drm::File::from_raw(file) };
    let Some(guard) = dev.registration_guard() else {
        return bindings::vm_fault_reason_VM_FAULT_SIGBUS;
    };
    let pfn = guard.registration_data_with(|gpu| {
        let page = client.inner().doorbell_page().ok_or(ENXIO)?;
        gpu.doorbell_pfn(page)
    });
    match pfn {
        // SAFETY: `vma` is a PFN mapping and locked for the time of the fault, which is in it.
        Ok(pfn) => unsafe { bindings::vmf_insert_pfn(vma, address, pfn) },
        Err(_) => bindings::vm_fault_reason_VM_FAULT_SIGBUS,
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
pub(crate) fn vram_funcs(
    shmem: &bindings::drm_gem_object_funcs,
) -> *const bindings::drm_gem_object_funcs {
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

    // The pages of the BO that the mapping shows, and of these the aligned block around the page.
    let shown = page - (address - start) / PAGE_SIZE;
    let block = page - page % FAULT_AROUND;
    let first = shown.max(block);
    let last = (shown + (end - start) / PAGE_SIZE).min(block + FAULT_AROUND);
    let result = guard.registration_data_with(|gpu| {
        let mut at = first;
        while at < last {
            let (vram, size) = bo.at((at * PAGE_SIZE) as u64).ok_or(EFAULT)?;
            let count = (size as usize / PAGE_SIZE).min(last - at);
            let to = start + (at - shown) * PAGE_SIZE;
            // SAFETY: `vma` is a PFN mapping and locked; the range lies in it.
            to_result(unsafe { helpers::ix_vma_insert(vma, to, gpu.window.pfn(vram)?, count) })?;
            at += count;
        }
        Ok(())
    });
    match result {
        Ok(()) => bindings::vm_fault_reason_VM_FAULT_NOPAGE,
        Err(ENOMEM) => bindings::vm_fault_reason_VM_FAULT_OOM,
        Err(_) => bindings::vm_fault_reason_VM_FAULT_SIGBUS,
    }
}

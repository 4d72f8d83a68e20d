// SPDX-License-Identifier: GPL-2.0

//! Declarations of the functions in `ix_helpers.c`.

use kernel::{bindings, ffi::*};

/// See `struct ix_fdinfo`.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Fdinfo {
    pub(crate) compute_ns: u64,
    pub(crate) copy_ns: u64,
    pub(crate) vram: u64,
    pub(crate) system: u64,
}

/// `struct drm_printer`, only ever passed on.
#[repr(C)]
pub(crate) struct Printer {
    _opaque: [u8; 0],
}

/// Callback of `struct drm_driver`.
pub(crate) type ShowFdinfo = unsafe extern "C" fn(*mut Printer, *mut bindings::drm_file);
/// Callback of `struct file_operations`.
pub(crate) type Mmap =
    unsafe extern "C" fn(*mut bindings::file, *mut bindings::vm_area_struct) -> c_int;

#[allow(
    improper_ctypes,
    reason = "structures of the kernel may have empty members in C's sense"
)]
unsafe extern "C" {
    pub(crate) fn ix_adopt_driver(dev: *mut bindings::drm_device, show: ShowFdinfo, mmap: Mmap);
    pub(crate) fn ix_print_fdinfo(p: *mut Printer, info: *const Fdinfo);
    pub(crate) fn ix_vma_prepare(
        vma: *mut bindings::vm_area_struct,
        dev: *mut bindings::drm_device,
        write_combined: bool,
    ) -> c_int;
    pub(crate) fn ix_vma_insert(
        vma: *mut bindings::vm_area_struct,
        address: usize,
        pfn: usize,
        count: usize,
    ) -> c_int;
    pub(crate) fn ix_page_address(page: *mut bindings::page) -> *mut c_void;
    pub(crate) fn ix_pci_domain(pdev: *mut bindings::pci_dev) -> u32;
}

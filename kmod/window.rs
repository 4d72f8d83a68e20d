// SPDX-License-Identifier: GPL-2.0

//! The window: device memory as the CPU sees it, through the memory BAR.
//!
//! The driver maps the whole BAR write-combined, and not with the abstraction's `pci::Bar`, which
//! maps it uncached: the kernel gives a page one kind of caching only, and processes are to have
//! theirs write-combined. What was written is certain to have arrived after a write barrier, such
//! as that before a doorbell.

use core::ptr::NonNull;

use kernel::{bindings, device::Bound, error::to_result, pci, prelude::*};

use crate::hw::pci::BAR_VRAM;

const BAR: c_int = BAR_VRAM as c_int;

/// The mapping of the memory BAR.
///
/// # Invariants
///
/// `base` is the start of the mapping of the whole BAR, which has `size` bytes and is requested.
pub(crate) struct Window<'a> {
    pdev: &'a pci::Device<Bound>,
    base: NonNull<c_void>,
    size: usize,
}

// SAFETY: Any thread may access I/O memory.
unsafe impl Send for Window<'_> {}
// SAFETY: As above; accesses are single instructions.
unsafe impl Sync for Window<'_> {}

fn raw(pdev: &pci::Device<Bound>) -> *mut bindings::pci_dev {
    // `pci::Device` is a transparent wrapper of `struct pci_dev`.
    core::ptr::from_ref(pdev).cast_mut().cast()
}

impl<'a> Window<'a> {
    /// Requests and maps the BAR.
    pub(crate) fn new(pdev: &'a pci::Device<Bound>) -> Result<Self> {
        let size = usize::try_from(pdev.resource_len(BAR_VRAM)?)?;
        // SAFETY: The device is valid and the name static.
        to_result(unsafe {
            bindings::pci_request_region(raw(pdev), BAR, c"ix memory".as_char_ptr())
        })?;
        // SAFETY: The device is valid and the BAR requested.
        let base = NonNull::new(unsafe { bindings::pci_iomap_wc(raw(pdev), BAR, 0) });
        let Some(base) = base else {
            // SAFETY: Undoes the request above.
            unsafe { bindings::pci_release_region(raw(pdev), BAR) };
            return Err(ENOMEM);
        };
        // INVARIANT: Length 0 asks for the whole BAR.
        Ok(Self { pdev, base, size })
    }

    /// Bytes of the BAR.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    fn at(&self, offset: u64) -> Option<*mut c_void> {
        let offset = usize::try_from(offset).ok()?;
        let fits = offset % 8 == 0 && offset < self.size && self.size - offset >= 8;
        fits.then(|| self.base.as_ptr().wrapping_byte_add(offset))
    }

    /// Reads the word at an offset, a multiple of 8; all ones past the end, as for a device that
    /// has died.
    pub(crate) fn read64(&self, offset: u64) -> u64 {
        match self.at(offset) {
            // SAFETY: Inside of the mapping and aligned.
            Some(at) => unsafe { bindings::readq(at) },
            None => !0,
        }
    }

    /// Writes the word at an offset, a multiple of 8; nothing past the end.
    pub(crate) fn write64(&self, offset: u64, value: u64) {
        if let Some(at) = self.at(offset) {
            // SAFETY: Inside of the mapping and aligned.
            unsafe { bindings::writeq(value, at) };
        }
    }

    /// Page frame of an offset.
    pub(crate) fn pfn(&self, offset: u64) -> Result<usize> {
        let start = self.pdev.resource_start(BAR_VRAM)?;
        Ok(usize::try_from(start + offset)? >> bindings::PAGE_SHIFT)
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        // SAFETY: Undoes `new()`; nobody has the mapping any more.
        unsafe {
            bindings::pci_iounmap(raw(self.pdev), self.base.as_ptr());
            bindings::pci_release_region(raw(self.pdev), BAR);
        }
    }
}

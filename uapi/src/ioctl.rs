// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Numbers of ioctls and the call itself.
//!
//! DRM numbers its ioctls with type `d`; those of a driver start at `DRM_COMMAND_BASE`
//! (include/uapi/drm/drm.h of the kernel).

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

use crate::error::Error;

const DRM_COMMAND_BASE: u32 = 0x40;
const WRITE: u64 = 1;
const READ: u64 = 2;

const fn number<T>(direction: u64, nr: u32) -> u64 {
    direction << 30 | (size_of::<T>() as u64) << 16 | (b'd' as u64) << 8 | nr as u64
}

/// Number of the driver's ioctl `nr` that reads and writes a `T`.
pub(crate) const fn iowr<T>(nr: u32) -> u64 {
    number::<T>(READ | WRITE, DRM_COMMAND_BASE + nr)
}

/// `struct drm_version` of the kernel: what DRM_IOCTL_VERSION fills in. Lengths are those of the
/// buffers on input and of the whole strings on output.
#[repr(C)]
pub(crate) struct DrmVersion {
    pub major: i32,
    pub minor: i32,
    pub patch: i32,
    pub name_len: usize,
    pub name: *mut u8,
    pub date_len: usize,
    pub date: *mut u8,
    pub desc_len: usize,
    pub desc: *mut u8,
}
pub(crate) const DRM_IOCTL_VERSION: u64 = number::<DrmVersion>(READ | WRITE, 0x00);

/// `struct drm_gem_close` of the kernel.
#[repr(C)]
pub(crate) struct DrmGemClose {
    pub handle: u32,
    pub pad: u32,
}
pub(crate) const DRM_IOCTL_GEM_CLOSE: u64 = number::<DrmGemClose>(WRITE, 0x09);

/// Calls the ioctl; calls it again when a signal interrupted it.
///
/// # Safety
/// `number` must be an ioctl whose argument is a `T`, and pointers in `argument` must be valid for
/// what the ioctl does with them.
pub(crate) unsafe fn call<T>(fd: BorrowedFd<'_>, name: &'static str, number: u64, argument: &mut T) -> Result<(), Error> {
    loop {
        // SAFETY: the argument is a live T, which the caller says the ioctl takes.
        let rc = unsafe { libc::ioctl(fd.as_raw_fd(), number as _, std::ptr::from_mut(argument)) };
        if rc != -1 {
            return Ok(());
        }
        let source = io::Error::last_os_error();
        if source.kind() != io::ErrorKind::Interrupted {
            return Err(Error::Ioctl { ioctl: name, source });
        }
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Memory of the device in the address space of the process.
//!
//! The device and other threads may change the memory at any time, so there are no references to
//! plain data in it: it is read and written through copies, atomics and raw pointers.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64};

use crate::error::Error;

/// A mapped buffer object or doorbell page; unmapped when dropped.
#[derive(Debug)]
pub struct Mapping {
    start: NonNull<u8>,
    size: usize,
}

// SAFETY: the memory is shared with the device anyway; access is through copies, atomics and raw
// pointers, whose users must answer for order.
unsafe impl Send for Mapping {}
// SAFETY: as above.
unsafe impl Sync for Mapping {}

impl Mapping {
    pub(crate) fn new(fd: BorrowedFd<'_>, offset: u64, size: usize, what: &'static str) -> Result<Mapping, Error> {
        let failed = |source| Error::Map { what, size, source };
        let offset = offset.try_into().map_err(|_| failed(io::Error::from_raw_os_error(libc::EOVERFLOW)))?;
        // SAFETY: a new shared mapping at an address that the system chooses touches nothing else.
        let start =
            unsafe { libc::mmap(std::ptr::null_mut(), size, libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED, fd.as_raw_fd(), offset) };
        if start == libc::MAP_FAILED {
            return Err(failed(io::Error::last_os_error()));
        }
        match NonNull::new(start.cast()) {
            Some(start) => Ok(Mapping { start, size }),
            None => Err(failed(io::Error::other("mapped at address 0"))),
        }
    }

    /// First byte. Valid for reads and writes of [`size`](Self::size) bytes while `self` lives.
    pub fn as_ptr(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// Bytes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Pointer to `size` bytes at `offset`.
    ///
    /// # Panics
    /// When they are not all in the mapping.
    fn range(&self, offset: usize, size: usize) -> *mut u8 {
        let inside = offset.checked_add(size).is_some_and(|end| end <= self.size);
        assert!(inside, "{size} bytes at {offset} are not in a mapping of {} bytes", self.size);
        // SAFETY: the offset is within the mapping.
        unsafe { self.start.as_ptr().add(offset) }
    }

    /// Copies out. What the device changes meanwhile may be seen in part.
    ///
    /// # Panics
    /// When the range is not in the mapping.
    pub fn read(&self, offset: usize, to: &mut [u8]) {
        let from = self.range(offset, to.len());
        // SAFETY: `from` is valid for the length; `to` is exclusive, so they do not overlap.
        unsafe { std::ptr::copy_nonoverlapping(from, to.as_mut_ptr(), to.len()) }
    }

    /// Copies in.
    ///
    /// # Panics
    /// When the range is not in the mapping.
    pub fn write(&self, offset: usize, from: &[u8]) {
        let to = self.range(offset, from.len());
        // SAFETY: `to` is valid for the length; no reference to mapped memory is given out but
        // atomics, so `from` does not overlap it.
        unsafe { std::ptr::copy_nonoverlapping(from.as_ptr(), to, from.len()) }
    }

    /// The 32-bit word at `offset`.
    ///
    /// # Panics
    /// When it is not in the mapping or not aligned.
    pub fn atomic_u32(&self, offset: usize) -> &AtomicU32 {
        assert!(offset % 4 == 0, "offset {offset} is not a multiple of 4");
        // SAFETY: in the mapping, aligned (mappings start at pages), valid as long as `self`.
        unsafe { AtomicU32::from_ptr(self.range(offset, 4).cast()) }
    }

    /// The 64-bit word at `offset`.
    ///
    /// # Panics
    /// When it is not in the mapping or not aligned.
    pub fn atomic_u64(&self, offset: usize) -> &AtomicU64 {
        assert!(offset % 8 == 0, "offset {offset} is not a multiple of 8");
        // SAFETY: in the mapping, aligned (mappings start at pages), valid as long as `self`.
        unsafe { AtomicU64::from_ptr(self.range(offset, 8).cast()) }
    }
}

/// Maps `size` bytes of a file at `address`, in the place of what is mapped there.
///
/// # Safety
/// The range belongs to the caller, and nothing uses what is mapped there.
pub(crate) unsafe fn map_at(fd: BorrowedFd<'_>, offset: u64, size: usize, address: *mut u8, what: &'static str) -> Result<(), Error> {
    let failed = |source| Error::Map { what, size, source };
    let offset = offset.try_into().map_err(|_| failed(io::Error::from_raw_os_error(libc::EOVERFLOW)))?;
    let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_FIXED);
    // SAFETY: the caller owns the range.
    let start = unsafe { libc::mmap(address.cast(), size, protection, flags, fd.as_raw_fd(), offset) };
    if start == libc::MAP_FAILED {
        return Err(failed(io::Error::last_os_error()));
    }
    Ok(())
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the range is ours, and nothing that borrows from `self` is left.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.size) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsFd;
    use std::sync::atomic::Ordering;

    fn mapping(size: usize) -> Mapping {
        let file = std::fs::File::from(memfd());
        file.set_len(size as u64).unwrap();
        Mapping::new(file.as_fd(), 0, size, "a test file").unwrap()
    }

    fn memfd() -> std::os::fd::OwnedFd {
        use std::os::fd::FromRawFd;
        // SAFETY: a fresh descriptor that nobody else owns.
        unsafe {
            let fd = libc::memfd_create(c"ix-uapi-test".as_ptr(), 0);
            assert!(fd >= 0);
            std::os::fd::OwnedFd::from_raw_fd(fd)
        }
    }

    #[test]
    fn copies_and_atomics_see_the_same_bytes() {
        let m = mapping(4096);
        m.write(8, &0x1122_3344_5566_7788u64.to_le_bytes());
        assert_eq!(m.atomic_u64(8).load(Ordering::Relaxed), 0x1122_3344_5566_7788);
        m.atomic_u32(12).store(0xaabb_ccdd, Ordering::Relaxed);
        let mut bytes = [0; 8];
        m.read(8, &mut bytes);
        assert_eq!(u64::from_le_bytes(bytes), 0xaabb_ccdd_5566_7788);
    }

    #[test]
    #[should_panic(expected = "not in a mapping")]
    fn range_outside_panics() {
        mapping(4096).write(4090, &[0; 8]);
    }

    #[test]
    #[should_panic(expected = "multiple of 8")]
    fn unaligned_atomic_panics() {
        mapping(4096).atomic_u64(4);
    }

    #[test]
    fn mapping_of_no_bytes_returns_error() {
        let file = std::fs::File::from(memfd());
        let error = Mapping::new(file.as_fd(), 0, 0, "a test file").unwrap_err();
        assert_eq!(error.errno(), Some(libc::EINVAL));
        assert!(error.to_string().starts_with("mmap of 0 bytes of a test file: "), "{error}");
    }
}

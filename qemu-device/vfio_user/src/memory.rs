// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Memory that two processes share: anonymous files and mappings of files.
//!
//! Everything in such memory may change at any time, so there are no references into it: callers
//! copy bytes in and out, or use the atomic accessors. Offsets are checked against the mapping.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64};

/// Size of a page of the host.
pub const PAGE: u64 = 4096;

/// A shared mapping of a part of a file, readable and, unless said otherwise, writable.
#[derive(Debug)]
pub struct Mapping {
    base: NonNull<u8>,
    len: usize,
    writable: bool,
}

// SAFETY: the mapping is plain memory that belongs to this value; all accesses go through raw
// copies and atomics that do not depend on the thread.
unsafe impl Send for Mapping {}
// SAFETY: as above; concurrent accesses are those of shared memory, which callers expect.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Maps `len` bytes of `fd` from `offset`, both multiples of the page size.
    pub fn new(fd: BorrowedFd<'_>, offset: u64, len: u64) -> io::Result<Mapping> {
        Mapping::with_access(fd, offset, len, true)
    }

    /// Like [`Mapping::new`], without write access unless `writable`.
    pub fn with_access(fd: BorrowedFd<'_>, offset: u64, len: u64, writable: bool) -> io::Result<Mapping> {
        let invalid = || io::Error::from_raw_os_error(libc::EINVAL);
        let size = usize::try_from(len).map_err(|_| invalid())?;
        let offset = libc::off_t::try_from(offset).map_err(|_| invalid())?;
        if size == 0 || size > isize::MAX as usize {
            return Err(invalid());
        }
        // A mapping beyond the end of the file would raise SIGBUS when it is touched.
        let file_len = file_size(fd)?;
        if (offset as u64).checked_add(len).is_none_or(|end| end > file_len) {
            return Err(invalid());
        }
        let prot = if writable { libc::PROT_READ | libc::PROT_WRITE } else { libc::PROT_READ };
        // SAFETY: a fresh mapping at an address of the kernel's choice touches nothing existing.
        let base = unsafe { libc::mmap(std::ptr::null_mut(), size, prot, libc::MAP_SHARED, fd.as_raw_fd(), offset) };
        if base == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let base = NonNull::new(base.cast()).ok_or_else(invalid)?;
        Ok(Mapping { base, len: size, writable })
    }

    /// Bytes.
    pub fn len(&self) -> u64 {
        self.len as u64
    }

    /// Never: an empty mapping cannot be made.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Whether stores are allowed.
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    /// Start of the mapping. It stays valid as long as `self`.
    pub fn as_ptr(&self) -> *mut u8 {
        self.base.as_ptr()
    }

    /// Pointer to `size` bytes at `offset`, or `None` when they are not all inside.
    pub fn at(&self, offset: u64, size: u64) -> Option<*mut u8> {
        let end = offset.checked_add(size)?;
        if end > self.len as u64 {
            return None;
        }
        // SAFETY: offset <= len, so the result is inside the mapping or one past its end.
        Some(unsafe { self.base.as_ptr().add(offset as usize) })
    }

    /// The 32-bit word at `offset` (a multiple of 4).
    pub fn atomic_u32(&self, offset: u64) -> Option<&AtomicU32> {
        let pointer = self.at(offset, 4)?;
        if offset % 4 != 0 || !self.writable {
            return None;
        }
        // SAFETY: in bounds, aligned (the base is page aligned), mapped for the life of `self`,
        // and shared memory is accessed by atomics and raw copies only.
        Some(unsafe { AtomicU32::from_ptr(pointer.cast()) })
    }

    /// The 64-bit word at `offset` (a multiple of 8).
    pub fn atomic_u64(&self, offset: u64) -> Option<&AtomicU64> {
        let pointer = self.at(offset, 8)?;
        if offset % 8 != 0 || !self.writable {
            return None;
        }
        // SAFETY: as in `atomic_u32`.
        Some(unsafe { AtomicU64::from_ptr(pointer.cast()) })
    }

    /// Copies from `offset` on into `data`. Aligned accesses of 4 and 8 bytes are single loads.
    /// False, and nothing copied, when the range is not inside.
    #[must_use]
    pub fn read(&self, offset: u64, data: &mut [u8]) -> bool {
        let Some(source) = self.at(offset, data.len() as u64) else {
            return false;
        };
        // SAFETY: `source` is valid for data.len() bytes; the volatile accesses are aligned.
        unsafe {
            match data.len() {
                4 if offset % 4 == 0 => {
                    data.copy_from_slice(&source.cast::<u32>().read_volatile().to_ne_bytes());
                }
                8 if offset % 8 == 0 => {
                    data.copy_from_slice(&source.cast::<u64>().read_volatile().to_ne_bytes());
                }
                n => std::ptr::copy_nonoverlapping(source, data.as_mut_ptr(), n),
            }
        }
        true
    }

    /// Copies `data` to `offset`. Aligned accesses of 4 and 8 bytes are single stores. False, and
    /// nothing copied, when the range is not inside or the mapping is read-only.
    #[must_use]
    pub fn write(&self, offset: u64, data: &[u8]) -> bool {
        let Some(target) = self.at(offset, data.len() as u64) else {
            return false;
        };
        if !self.writable {
            return false;
        }
        // SAFETY: `target` is valid for data.len() bytes; the volatile accesses are aligned.
        unsafe {
            match *data {
                [a, b, c, d] if offset % 4 == 0 => {
                    let value = u32::from_ne_bytes([a, b, c, d]);
                    target.cast::<u32>().write_volatile(value);
                }
                [a, b, c, d, e, f, g, h] if offset % 8 == 0 => {
                    let value = u64::from_ne_bytes([a, b, c, d, e, f, g, h]);
                    target.cast::<u64>().write_volatile(value);
                }
                _ => std::ptr::copy_nonoverlapping(data.as_ptr(), target, data.len()),
            }
        }
        true
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the mapping was made by this value with this length and nobody may use pointers
        // into it any more.
        unsafe { libc::munmap(self.base.as_ptr().cast(), self.len) };
    }
}

/// An anonymous file and a mapping of the whole of it.
#[derive(Debug)]
pub struct SharedMemory {
    fd: OwnedFd,
    map: Mapping,
}

impl SharedMemory {
    /// Makes `size` bytes (a multiple of the page size) of zeros. `name` shows in /proc only. The
    /// size is sealed: who gets the descriptor cannot shorten the file and so make accesses of
    /// others fail.
    pub fn new(name: &str, size: u64) -> io::Result<SharedMemory> {
        let invalid = || io::Error::from_raw_os_error(libc::EINVAL);
        let name = std::ffi::CString::new(name).map_err(|_| invalid())?;
        // SAFETY: the name is a valid C string.
        let fd = unsafe { libc::memfd_create(name.as_ptr(), libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call returned a new descriptor that nobody else owns.
        let fd = unsafe { OwnedFd::from_raw_fd(fd) };
        let len = libc::off_t::try_from(size).map_err(|_| invalid())?;
        // SAFETY: no pointers.
        if unsafe { libc::ftruncate(fd.as_raw_fd(), len) } != 0 {
            return Err(io::Error::last_os_error());
        }
        let seals = libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_SEAL;
        // SAFETY: no pointers.
        if unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_ADD_SEALS, seals) } != 0 {
            return Err(io::Error::last_os_error());
        }
        let map = Mapping::new(fd.as_fd(), 0, size)?;
        Ok(SharedMemory { fd, map })
    }

    /// The mapping.
    pub fn map(&self) -> &Mapping {
        &self.map
    }

    /// Bytes.
    pub fn size(&self) -> u64 {
        self.map.len()
    }
}

impl AsFd for SharedMemory {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// Bytes in the file behind `fd`.
fn file_size(fd: BorrowedFd<'_>) -> io::Result<u64> {
    // SAFETY: all bytes zero is a valid stat structure, and fstat fills it.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: the structure is valid for writing.
    if unsafe { libc::fstat(fd.as_raw_fd(), &mut stat) } != 0 {
        return Err(io::Error::last_os_error());
    }
    u64::try_from(stat.st_size).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::Ordering;

    #[test]
    fn two_mappings_of_one_file_see_the_same_bytes() {
        let memory = SharedMemory::new("test", 2 * PAGE).unwrap();
        let other = Mapping::new(memory.as_fd(), PAGE, PAGE).unwrap();
        assert!(memory.map().write(PAGE + 8, &7u64.to_ne_bytes()));
        assert_eq!(other.atomic_u64(8).unwrap().load(Ordering::Relaxed), 7);
        let mut bytes = [0; 3];
        other.atomic_u32(0).unwrap().store(0x0403_0201, Ordering::Relaxed);
        assert!(memory.map().read(PAGE + 1, &mut bytes));
        assert_eq!(bytes, [2, 3, 4]);
    }

    #[test]
    fn accesses_outside_return_false() {
        let memory = SharedMemory::new("test", PAGE).unwrap();
        let mut bytes = [0; 4];
        assert!(!memory.map().read(PAGE - 3, &mut bytes));
        assert!(!memory.map().write(u64::MAX - 1, &bytes));
        assert!(memory.map().atomic_u64(PAGE).is_none());
        assert!(memory.map().atomic_u64(4).is_none());
    }

    #[test]
    fn mapping_beyond_the_file_is_refused() {
        let memory = SharedMemory::new("test", PAGE).unwrap();
        assert!(Mapping::new(memory.as_fd(), PAGE, PAGE).is_err());
        assert!(Mapping::new(memory.as_fd(), 0, 0).is_err());
        assert!(Mapping::new(memory.as_fd(), 0, u64::MAX).is_err());
    }

    #[test]
    fn size_cannot_be_changed() {
        let memory = SharedMemory::new("test", PAGE).unwrap();
        // SAFETY: no pointers.
        assert_eq!(unsafe { libc::ftruncate(memory.as_fd().as_raw_fd(), 0) }, -1);
    }

    #[test]
    fn read_only_mapping_refuses_stores() {
        let memory = SharedMemory::new("test", PAGE).unwrap();
        let map = Mapping::with_access(memory.as_fd(), 0, PAGE, false).unwrap();
        assert!(!map.write(0, &[1]));
        assert!(map.atomic_u32(0).is_none());
    }
}

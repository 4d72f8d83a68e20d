// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Client memory: what the device may reach by DMA.
//!
//! A *range* is a run of bus addresses that the client announced with DMA_MAP. It lies in a *file*
//! (guest RAM, a memfd), which the device maps. A range without a file (a client that does not
//! share its memory, a ROM, another device's BAR) is remembered but cannot be accessed. Guest
//! memory may come in many small ranges of one file, so each file is opened and mapped once.

use crate::memory::Mapping;
use crate::proto::{self, DmaMap, DmaUnmap};
use crate::Errno;
use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, Weak};

/// Most ranges at a time.
pub const MAX_RANGES: usize = 65535;

/// A file of client memory, mapped whole.
#[derive(Debug)]
pub struct File {
    fd: OwnedFd,
    map: Mapping,
    identity: (u64, u64),
}

impl File {
    fn open(fd: OwnedFd) -> io::Result<File> {
        let (identity, size) = inspect(fd.as_fd())?;
        let map = Mapping::new(fd.as_fd(), 0, size).or_else(|_| Mapping::with_access(fd.as_fd(), 0, size, false))?;
        Ok(File { fd, map, identity })
    }

    /// The whole file.
    pub fn map(&self) -> &Mapping {
        &self.map
    }
}

impl AsFd for File {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// Device and inode number, and size of what is behind `fd`.
fn inspect(fd: BorrowedFd<'_>) -> io::Result<((u64, u64), u64)> {
    // SAFETY: all bytes zero is a valid stat structure.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: the structure is valid for writing.
    if unsafe { libc::fstat(fd.as_raw_fd(), &mut stat) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(((stat.st_dev, stat.st_ino), stat.st_size as u64))
}

/// A run of bus addresses.
#[derive(Debug, Clone)]
pub struct Range {
    /// First bus address.
    pub address: u64,
    /// Bytes.
    pub size: u64,
    /// Whether the device may write.
    pub writable: bool,
    /// The file and the offset in it; `None` when the memory cannot be accessed.
    pub backing: Option<(Arc<File>, u64)>,
}

/// Where some bus addresses lie in a file.
#[derive(Debug, Clone)]
pub struct Extent {
    /// The file.
    pub file: Arc<File>,
    /// Offset in it.
    pub offset: u64,
    /// Bytes from there to the end of the range.
    pub len: u64,
    /// Whether the device may write.
    pub writable: bool,
}

#[derive(Debug, Default)]
struct Table {
    ranges: BTreeMap<u64, Range>,
    files: Vec<Weak<File>>,
}

/// All memory that the client announced. Shared by the bus and the device.
#[derive(Debug, Default)]
pub struct ClientMemory {
    table: RwLock<Table>,
}

impl ClientMemory {
    /// None.
    pub fn new() -> ClientMemory {
        ClientMemory::default()
    }

    fn read_lock(&self) -> RwLockReadGuard<'_, Table> {
        // No operation under the lock leaves the table half changed.
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries out DMA_MAP and returns the new range.
    pub fn map(&self, request: &DmaMap, fd: Option<OwnedFd>) -> Result<Range, Errno> {
        let end = request.address.checked_add(request.size).ok_or(Errno::EINVAL)?;
        if request.size == 0 || request.flags & !(proto::dma::READ | proto::dma::WRITE) != 0 {
            return Err(Errno::EINVAL);
        }
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        let before = table.ranges.range(..end).next_back();
        if before.is_some_and(|(&at, range)| at + range.size > request.address) {
            return Err(Errno::EEXIST);
        }
        if table.ranges.len() >= MAX_RANGES {
            return Err(Errno::ENOMEM);
        }
        let wants_write = request.flags & proto::dma::WRITE != 0;
        let mut range = Range { address: request.address, size: request.size, writable: wants_write, backing: None };
        if let Some(fd) = fd {
            let page = crate::memory::PAGE;
            if (request.address | request.size | request.offset) % page != 0 {
                return Err(Errno::EINVAL);
            }
            let file = table.file(fd).map_err(|e| Errno::of(&e))?;
            let inside = request.offset.checked_add(request.size).is_some_and(|end| end <= file.map.len());
            if !inside || (wants_write && !file.map.is_writable()) {
                return Err(Errno::EINVAL);
            }
            range.backing = Some((file, request.offset));
        }
        table.ranges.insert(range.address, range.clone());
        Ok(range)
    }

    /// Carries out DMA_UNMAP and returns the removed ranges. A request may cover several ranges
    /// but not a part of one.
    pub fn unmap(&self, request: &DmaUnmap) -> Result<Vec<Range>, Errno> {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        if request.flags & proto::dma::UNMAP_ALL != 0 {
            return Ok(std::mem::take(&mut *table).ranges.into_values().collect());
        }
        let end = request.address.checked_add(request.size).ok_or(Errno::EINVAL)?;
        let mut inside = Vec::new();
        for (&at, range) in table.ranges.range(..end).rev() {
            let range_end = at + range.size;
            if range_end <= request.address {
                break;
            }
            if at < request.address || range_end > end {
                return Err(Errno::EINVAL);
            }
            inside.push(at);
        }
        if inside.is_empty() {
            return Err(Errno::ENOENT);
        }
        Ok(inside.iter().filter_map(|at| table.ranges.remove(at)).collect())
    }

    /// Forgets everything and returns what there was.
    pub fn clear(&self) -> Vec<Range> {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *table).ranges.into_values().collect()
    }

    /// All ranges, in order of their addresses.
    pub fn ranges(&self) -> Vec<Range> {
        self.read_lock().ranges.values().cloned().collect()
    }

    /// Where `address` lies; `None` when it is not mapped or cannot be accessed.
    pub fn find(&self, address: u64) -> Option<Extent> {
        let table = self.read_lock();
        let (&at, range) = table.ranges.range(..=address).next_back()?;
        let skip = address - at;
        let len = range.size.checked_sub(skip).filter(|&len| len > 0)?;
        let (file, offset) = range.backing.as_ref()?;
        Some(Extent { file: file.clone(), offset: offset + skip, len, writable: range.writable })
    }

    /// Calls `each` for the extents of `size` bytes from `address`, in order; false when a byte
    /// is not accessible, in which case earlier extents have been visited already.
    #[must_use]
    pub fn for_each(&self, address: u64, size: u64, mut each: impl FnMut(&Extent) -> bool) -> bool {
        let mut done = 0;
        while done < size {
            let Some(mut extent) = address.checked_add(done).and_then(|at| self.find(at)) else {
                return false;
            };
            extent.len = extent.len.min(size - done);
            done += extent.len;
            if !each(&extent) {
                return false;
            }
        }
        true
    }

    /// Copies client memory to `data`; false when some of it is not accessible.
    #[must_use]
    pub fn read(&self, address: u64, data: &mut [u8]) -> bool {
        let mut rest = data;
        let size = rest.len() as u64;
        self.for_each(address, size, |extent| {
            let (now, later) = std::mem::take(&mut rest).split_at_mut(extent.len as usize);
            rest = later;
            extent.file.map.read(extent.offset, now)
        })
    }

    /// Copies `data` to client memory; false when some of it is not writable.
    #[must_use]
    pub fn write(&self, address: u64, data: &[u8]) -> bool {
        let mut rest = data;
        self.for_each(address, data.len() as u64, |extent| {
            let (now, later) = rest.split_at(extent.len as usize);
            rest = later;
            extent.writable && extent.file.map.write(extent.offset, now)
        })
    }
}

impl Table {
    /// The file behind `fd`, opened before or now.
    fn file(&mut self, fd: OwnedFd) -> io::Result<Arc<File>> {
        let (identity, size) = inspect(fd.as_fd())?;
        self.files.retain(|file| file.strong_count() > 0);
        let known = self.files.iter().filter_map(Weak::upgrade);
        // A file that has grown since it was mapped is mapped anew.
        for file in known {
            if file.identity == identity && file.map.len() >= size {
                return Ok(file);
            }
        }
        let file = Arc::new(File::open(fd)?);
        self.files.push(Arc::downgrade(&file));
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::{SharedMemory, PAGE};

    fn map(address: u64, size: u64, offset: u64) -> DmaMap {
        DmaMap { argsz: DmaMap::SIZE as u32, flags: proto::dma::READ | proto::dma::WRITE, offset, address, size }
    }

    fn unmap(address: u64, size: u64) -> DmaUnmap {
        DmaUnmap { argsz: DmaUnmap::SIZE as u32, flags: 0, address, size }
    }

    fn fd(memory: &SharedMemory) -> Option<OwnedFd> {
        Some(memory.as_fd().try_clone_to_owned().unwrap())
    }

    #[test]
    fn access_crosses_scattered_ranges_of_one_file() {
        let memory = SharedMemory::new("ram", 4 * PAGE).unwrap();
        let client = ClientMemory::new();
        client.map(&map(0x10000, PAGE, 3 * PAGE), fd(&memory)).unwrap();
        client.map(&map(0x11000, PAGE, PAGE), fd(&memory)).unwrap();
        assert!(client.write(0x10ffe, &[1, 2, 3, 4]));
        let mut bytes = [0; 2];
        assert!(memory.map().read(4 * PAGE - 2, &mut bytes));
        assert_eq!(bytes, [1, 2]);
        assert!(memory.map().read(PAGE, &mut bytes));
        assert_eq!(bytes, [3, 4]);
        let mut back = [0; 4];
        assert!(client.read(0x10ffe, &mut back));
        assert_eq!(back, [1, 2, 3, 4]);
        assert!(!client.read(0x11ffe, &mut back));
        let ranges = client.ranges();
        let files: Vec<_> = ranges.iter().map(|r| &r.backing.as_ref().unwrap().0).collect();
        assert!(Arc::ptr_eq(files[0], files[1]));
    }

    #[test]
    fn overlapping_map_is_refused() {
        let client = ClientMemory::new();
        client.map(&map(0x2000, 0x2000, 0), None).unwrap();
        for (address, size) in [(0x2000, 0x1000), (0x1000, 0x1001), (0x3fff, 1), (0, 0x10000)] {
            let result = client.map(&map(address, size, 0), None);
            assert_eq!(result.unwrap_err(), Errno::EEXIST, "{address:#x}+{size:#x}");
        }
        client.map(&map(0x4000, 0x1000, 0), None).unwrap();
        client.map(&map(0x1000, 0x1000, 0), None).unwrap();
    }

    #[test]
    fn bad_map_requests_are_refused() {
        let memory = SharedMemory::new("ram", PAGE).unwrap();
        let client = ClientMemory::new();
        for bad in [map(0, 0, 0), map(u64::MAX - 1, 4096, 0), map(0x10, 4096, 0), map(0, 8192, 0), map(0, 4096, u64::MAX - 4095)] {
            assert_eq!(client.map(&bad, fd(&memory)).unwrap_err(), Errno::EINVAL, "{bad:?}");
        }
        assert!(client.ranges().is_empty());
    }

    #[test]
    fn unmap_takes_whole_ranges_only() {
        let client = ClientMemory::new();
        client.map(&map(0x1000, 0x1000, 0), None).unwrap();
        client.map(&map(0x2000, 0x2000, 0), None).unwrap();
        assert_eq!(client.unmap(&unmap(0x2000, 0x1000)).unwrap_err(), Errno::EINVAL);
        assert_eq!(client.unmap(&unmap(0x8000, 0x1000)).unwrap_err(), Errno::ENOENT);
        assert_eq!(client.unmap(&unmap(0x1000, 0x3000)).unwrap().len(), 2);
        assert!(client.ranges().is_empty());
    }

    #[test]
    fn range_without_file_is_kept_but_not_accessible() {
        let client = ClientMemory::new();
        client.map(&map(0x1000, 0x1000, 0), None).unwrap();
        assert!(client.find(0x1000).is_none());
        assert!(!client.write(0x1000, &[0]));
    }
}

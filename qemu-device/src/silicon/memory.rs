// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Physical memory: VRAM and, by bus address, the client's memory.
//!
//! The two are files that are mapped into this process. Which part of which file a physical
//! address means is an [`Extent`]; page tables turn extents into pages of an address space, the
//! admin ring copies between them. An address that leads nowhere (beyond VRAM, a bus address that
//! the client did not announce) has no extent.

use crate::engine::guard;
use ix_hw::mmu::{PhysAddr, PHYS_SYSTEM};
use ix_vfio_user::dma::{self, ClientMemory};
use ix_vfio_user::memory::{Mapping, SharedMemory};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// All memory that physical addresses reach.
#[derive(Debug, Clone)]
pub struct PhysicalMemory {
    vram: Arc<SharedMemory>,
    client: Arc<ClientMemory>,
    /// Held for reading from the look-up of an address to the end of the access.
    access: Arc<RwLock<()>>,
}

#[derive(Debug, Clone)]
enum Backing {
    Vram(Arc<SharedMemory>),
    Client(Arc<dma::File>),
}

/// A run of physical memory in one file.
#[derive(Debug, Clone)]
pub struct Extent {
    backing: Backing,
    /// Offset in the file.
    pub offset: u64,
    /// Bytes.
    pub len: u64,
    /// Whether it may be written.
    pub writable: bool,
}

impl Extent {
    /// The file.
    pub fn fd(&self) -> BorrowedFd<'_> {
        match &self.backing {
            Backing::Vram(memory) => memory.as_fd(),
            Backing::Client(file) => file.as_fd(),
        }
    }

    fn map(&self) -> &Mapping {
        match &self.backing {
            Backing::Vram(memory) => memory.map(),
            Backing::Client(file) => file.map(),
        }
    }

    /// Host address of the first byte; it may fault when the client has shortened its file.
    fn host(&self) -> Option<*mut u8> {
        self.map().at(self.offset, self.len)
    }
}

/// Bytes that are copied or filled between two looks at whether to stop.
const CHUNK: u64 = 4 << 20;

/// Fills with zeros from this size on give pages of VRAM back to the host, which is faster than
/// writing them and keeps unused VRAM from taking memory.
const PUNCH_MIN: u64 = 32 << 20;

impl PhysicalMemory {
    /// `vram` and `client` together.
    pub fn new(vram: Arc<SharedMemory>, client: Arc<ClientMemory>) -> PhysicalMemory {
        PhysicalMemory { vram, client, access: Arc::default() }
    }

    fn accessing(&self) -> RwLockReadGuard<'_, ()> {
        self.access.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when all accesses that began before have ended: those that begin after see the
    /// client's memory as it is now.
    pub fn quiesce(&self) {
        drop(self.access.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Zeroes VRAM.
    pub fn clear_vram(&self) {
        let size = self.vram.size();
        if !self.punch(0, size) {
            // Takes long, but leaves no doubt.
            let filled = self.fill_written(0, 0, size, &|| false);
            debug_assert!(filled, "VRAM can be written");
        }
    }

    /// The longest run from `address` on that lies in one file.
    pub fn extent(&self, address: PhysAddr) -> Option<Extent> {
        if address & PHYS_SYSTEM != 0 {
            let extent = self.client.find(address & !PHYS_SYSTEM)?;
            return Some(Extent {
                backing: Backing::Client(extent.file),
                offset: extent.offset,
                len: extent.len,
                writable: extent.writable,
            });
        }
        let len = self.vram.size().checked_sub(address).filter(|&len| len > 0)?;
        Some(Extent { backing: Backing::Vram(self.vram.clone()), offset: address, len, writable: true })
    }

    /// Calls `each` with the extents of `size` bytes from `address`; false when some of it leads
    /// nowhere or `each` says so.
    fn for_each(&self, address: PhysAddr, size: u64, mut each: impl FnMut(&Extent) -> bool) -> bool {
        let mut done = 0;
        while done < size {
            let Some(mut extent) = address.checked_add(done).and_then(|at| self.extent(at)) else {
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

    /// Whether all of `size` bytes from `address` can be reached, and written if `write`.
    pub fn reaches(&self, address: PhysAddr, size: u64, write: bool) -> bool {
        self.for_each(address, size, |extent| extent.writable || !write)
    }

    /// Copies from `address` on into `data`; false when some of it leads nowhere.
    #[must_use]
    pub fn read(&self, address: PhysAddr, data: &mut [u8]) -> bool {
        let _accessing = self.accessing();
        let mut done = 0;
        self.for_each(address, data.len() as u64, |extent| {
            let part = &mut data[done..done + extent.len as usize];
            done += part.len();
            // SAFETY: `part` is ours; the extent lies in a mapping or faults.
            extent.host().is_some_and(|from| unsafe { guard::copy(part.as_mut_ptr(), from, part.len()) }.is_ok())
        })
    }

    /// Copies `data` to `address`; false when some of it leads nowhere or may not be written.
    #[must_use]
    pub fn write(&self, address: PhysAddr, data: &[u8]) -> bool {
        let _accessing = self.accessing();
        let mut done = 0;
        self.for_each(address, data.len() as u64, |extent| {
            let part = &data[done..done + extent.len as usize];
            done += part.len();
            // SAFETY: `part` is ours; the extent lies in a mapping or faults.
            let copy = |to| unsafe { guard::copy(to, part.as_ptr(), part.len()) }.is_ok();
            extent.writable && extent.host().is_some_and(copy)
        })
    }

    /// Stores words at offsets from `address` (all multiples of 8), each in one piece and in order;
    /// false, and nothing stored, when not all of `size` bytes from `address` can be written.
    #[must_use]
    pub fn store(&self, address: PhysAddr, size: u64, words: &[(usize, u64)]) -> bool {
        let _accessing = self.accessing();
        let Some(extent) = self.extent(address) else { return false };
        let inside = words.iter().all(|&(offset, _)| offset % 8 == 0 && offset as u64 + 8 <= size);
        if !extent.writable || extent.len < size || address % 8 != 0 || extent.offset % 8 != 0 || !inside {
            return false;
        }
        extent.map().at(extent.offset, size).is_some_and(|to| {
            // SAFETY: the words lie in the mapping, or fault.
            words.iter().all(|&(offset, word)| unsafe { guard::store(to.add(offset), word) }.is_ok())
        })
    }

    /// Copies `size` bytes, until `stop` says so. False when some of it cannot be copied.
    #[must_use]
    pub fn copy(&self, dst: PhysAddr, src: PhysAddr, size: u64, stop: &dyn Fn() -> bool) -> bool {
        let mut done = 0;
        while done < size {
            let _accessing = self.accessing();
            let (Some(from), Some(to)) = (self.extent(src + done), self.extent(dst + done)) else { return false };
            let len = (size - done).min(from.len).min(to.len).min(CHUNK);
            let (Some(from_host), Some(to_host)) = (from.host(), to.host()) else { return false };
            // SAFETY: both extents lie in mappings, or fault.
            if stop() || !to.writable || unsafe { guard::copy(to_host, from_host, len as usize) }.is_err() {
                return false;
            }
            done += len;
        }
        true
    }

    /// Fills `size` bytes with a repeated word, until `stop` says so; all are multiples of 8.
    /// False when some of it cannot be filled.
    #[must_use]
    pub fn fill(&self, dst: PhysAddr, value: u64, size: u64, stop: &dyn Fn() -> bool) -> bool {
        if value == 0 && size >= PUNCH_MIN && dst & PHYS_SYSTEM == 0 && self.punch(dst, size) {
            return true;
        }
        self.fill_written(dst, value, size, stop)
    }

    fn fill_written(&self, dst: PhysAddr, value: u64, size: u64, stop: &dyn Fn() -> bool) -> bool {
        let mut done = 0;
        while done < size {
            let _accessing = self.accessing();
            let Some(to) = self.extent(dst + done) else { return false };
            let len = (size - done).min(to.len).min(CHUNK);
            let Some(host) = to.host() else { return false };
            // SAFETY: the extent lies in a mapping, or faults.
            if stop() || !to.writable || unsafe { guard::fill(host, value, len / 8) }.is_err() {
                return false;
            }
            done += len;
        }
        true
    }

    /// Replaces VRAM by zeros without writing them; false when the host cannot.
    fn punch(&self, offset: u64, size: u64) -> bool {
        if offset.checked_add(size).is_none_or(|end| end > self.vram.size()) {
            return false;
        }
        let mode = libc::FALLOC_FL_PUNCH_HOLE | libc::FALLOC_FL_KEEP_SIZE;
        let (Ok(offset), Ok(size)) = (libc::off_t::try_from(offset), libc::off_t::try_from(size)) else {
            return false;
        };
        // SAFETY: no pointers; mappings of the file stay and read zeros there.
        unsafe { libc::fallocate(self.vram.as_fd().as_raw_fd(), mode, offset, size) == 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ix_vfio_user::proto::DmaMap;

    const NEVER: &dyn Fn() -> bool = &|| false;

    fn memory() -> (PhysicalMemory, SharedMemory) {
        let vram = Arc::new(SharedMemory::new("vram", 64 << 20).unwrap());
        let client = Arc::new(ClientMemory::new());
        let ram = SharedMemory::new("ram", 0x4000).unwrap();
        for (address, offset) in [(0x10_0000, 0x2000), (0x10_1000, 0)] {
            let request = DmaMap { argsz: 32, flags: 3, offset, address, size: 0x1000 };
            client.map(&request, Some(ram.as_fd().try_clone_to_owned().unwrap())).unwrap();
        }
        (PhysicalMemory::new(vram, client), ram)
    }

    #[test]
    fn system_addresses_follow_the_scatter() {
        let (memory, ram) = memory();
        let at = PHYS_SYSTEM | 0x10_0ffc;
        assert!(memory.write(at, &[1, 2, 3, 4, 5, 6, 7, 8]));
        let mut half = [0; 4];
        assert!(ram.map().read(0x2ffc, &mut half));
        assert_eq!(half, [1, 2, 3, 4]);
        assert!(ram.map().read(0, &mut half));
        assert_eq!(half, [5, 6, 7, 8]);
        assert!(memory.copy(0x100, at, 8, NEVER));
        let mut all = [0; 8];
        assert!(memory.read(0x100, &mut all));
        assert_eq!(all, [1, 2, 3, 4, 5, 6, 7, 8]);
        assert!(!memory.reaches(PHYS_SYSTEM | 0x10_1ff8, 9, false));
        assert!(memory.reaches(PHYS_SYSTEM | 0x10_1ff8, 8, true));
    }

    #[test]
    fn addresses_beyond_vram_lead_nowhere() {
        let (memory, _ram) = memory();
        assert!(!memory.write((64 << 20) - 4, &[0; 8]));
        assert!(!memory.reaches(64 << 20, 1, false));
        assert!(!memory.reaches(PHYS_SYSTEM - 8, 16, false));
        assert!(!memory.store(4, 8, &[(0, 1)]));
        assert!(!memory.store(0, 8, &[(8, 1)]));
        assert!(!memory.store((64 << 20) - 8, 16, &[(0, 1)]));
    }

    #[test]
    fn zero_fill_clears_whether_written_or_punched() {
        let (memory, _ram) = memory();
        for (at, size) in [(8, 64), (4096, 40 << 20)] {
            assert!(memory.write(at, &[0xff; 16]));
            assert!(memory.write(at + size - 8, &[0xff; 16]));
            assert!(memory.fill(at, 0, size, NEVER));
            let mut bytes = [0; 16];
            assert!(memory.read(at + size - 8, &mut bytes));
            assert_eq!(bytes, [0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
            assert!(memory.read(at, &mut bytes));
            assert_eq!(bytes, [0; 16]);
        }
    }

    #[test]
    fn fill_stops_when_told() {
        let (memory, _ram) = memory();
        assert!(!memory.fill(0, 1, 64, &|| true));
        assert!(memory.fill(0, 0x0102_0304_0506_0708, 64, NEVER));
        let mut word = [0; 8];
        assert!(memory.read(56, &mut word));
        assert_eq!(u64::from_le_bytes(word), 0x0102_0304_0506_0708);
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Accesses to GPU memory that end in an error value instead of a signal.
//!
//! A [`Window`] is a GPU address space as the host sees it: one reserved run of host addresses in
//! which GPU address `va` stands at `base + va`. Where the page tables map a page, the window maps
//! the same page of VRAM or client memory; everywhere else the host's MMU refuses the access, and
//! that refusal *is* the GPU's page fault. So an access costs an addition, not a table walk.
//!
//! The refusal arrives as SIGSEGV (SIGBUS when a client has shortened its file). All accesses go
//! through *stubs*: a few instructions in assembly that touch no stack. The signal handler
//! recognises a stub by the program counter, sets the program counter to the stubs' common exit
//! and the result registers to "faulted" and the address. Signals from anywhere else go to whoever
//! handled them before.
//!
//! What a stub accesses may change at any time under it: other threads, other devices and the
//! client share the memory. Plain loads and stores of up to 8 aligned bytes are single accesses;
//! x86's ordering gives them acquire and release semantics, and the locked ones are full fences.

mod stubs;

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr::NonNull;

pub use stubs::{copy, fill, store, LaneWord, Word};
use stubs::{install, ix_guard_copy, ix_guard_row};

/// An access that hit no page, or one without the permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageFault {
    /// GPU address. Of a block access, the first byte that could not be accessed.
    pub va: u64,
    /// Whether it was a store or an atomic operation.
    pub write: bool,
}

/// A GPU address space as the host sees it.
#[derive(Debug)]
pub struct Window {
    base: NonNull<u8>,
    /// Where the reservation starts, and its length; the window is an aligned part of it.
    reservation: (NonNull<u8>, usize),
    size: u64,
}

// SAFETY: a window is addresses; accesses through it are those of memory shared by threads and
// processes, done by the stubs.
unsafe impl Send for Window {}
// SAFETY: as above.
unsafe impl Sync for Window {}

/// Alignment of a window, so that large pages of the host can back large pages of the GPU, and
/// length of the inaccessible run that follows it.
const WINDOW_ALIGN: usize = 2 << 20;

impl Window {
    /// Reserves a window for addresses of `bits` bits, with nothing mapped.
    pub fn reserve(bits: u32) -> io::Result<Window> {
        install();
        let invalid = || io::Error::from_raw_os_error(libc::EINVAL);
        if !(21..=46).contains(&bits) {
            return Err(invalid());
        }
        let size = 1u64 << bits;
        let total = size as usize + 2 * WINDOW_ALIGN;
        // SAFETY: a fresh mapping at an address of the kernel's choice touches nothing existing.
        let start = unsafe {
            libc::mmap(std::ptr::null_mut(), total, libc::PROT_NONE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE, -1, 0)
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = NonNull::new(start.cast::<u8>()).ok_or_else(invalid)?;
        let skip = start.as_ptr().align_offset(WINDOW_ALIGN);
        // SAFETY: skip < WINDOW_ALIGN, so the result lies in the reservation.
        let base = unsafe { start.add(skip) };
        Ok(Window { base, reservation: (start, total), size })
    }

    /// Number of addresses.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Host address of GPU address 0. `base() + va` may be accessed, for va below
    /// [`Window::size`], by code whose faults this module's handler recovers.
    pub fn base(&self) -> *mut u8 {
        self.base.as_ptr()
    }

    /// Host address of `len` bytes at `va`, or the first of them that is outside.
    fn host(&self, va: u64, len: u64, write: bool) -> Result<*mut u8, PageFault> {
        if va.checked_add(len).is_none_or(|end| end > self.size) {
            let va = va.max(self.size);
            return Err(PageFault { va, write });
        }
        // SAFETY: va <= size, so the result lies in the reservation.
        Ok(unsafe { self.base.as_ptr().add(va as usize) })
    }

    /// Makes `len` bytes at `va` show `fd` from `offset` on. All are multiples of the host's page
    /// size. What was there before is replaced in one step.
    pub fn map(&self, va: u64, len: u64, fd: BorrowedFd<'_>, offset: u64, write: bool) -> io::Result<()> {
        let prot = libc::PROT_READ | if write { libc::PROT_WRITE } else { 0 };
        let offset = libc::off_t::try_from(offset).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
        self.place(va, len, prot, libc::MAP_SHARED, fd.as_raw_fd(), offset)
    }

    /// Makes `len` bytes at `va` inaccessible, in one step.
    pub fn unmap(&self, va: u64, len: u64) -> io::Result<()> {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        self.place(va, len, libc::PROT_NONE, flags, -1, 0)
    }

    fn place(&self, va: u64, len: u64, prot: i32, flags: i32, fd: i32, offset: i64) -> io::Result<()> {
        let at = self.host(va, len, false).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
        // SAFETY: the range lies in the window, whose pages belong to this value and are accessed
        // by guarded code only, which expects them to change.
        let got = unsafe { libc::mmap(at.cast(), len as usize, prot, flags | libc::MAP_FIXED, fd, offset) };
        if got == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(())
    }

    /// Loads a word.
    #[inline]
    pub fn load<W: Word>(&self, va: u64) -> Result<W, PageFault> {
        let at = self.host(va, W::SIZE, false)?;
        // SAFETY: addresses in the window are memory for raw accesses, or fault.
        let outcome = unsafe { (W::STUBS.load)(at) };
        outcome.ok().map(W::from_u64).map_err(|_| PageFault { va, write: false })
    }

    /// Stores a word.
    #[inline]
    pub fn store<W: Word>(&self, va: u64, value: W) -> Result<(), PageFault> {
        let at = self.host(va, W::SIZE, true)?;
        // SAFETY: as in `load`.
        let outcome = unsafe { (W::STUBS.store)(at, value.to_u64()) };
        outcome.ok().map(drop).map_err(|_| PageFault { va, write: true })
    }

    /// Stores a word and returns the one that was there, atomically.
    #[inline]
    pub fn swap<W: Word>(&self, va: u64, value: W) -> Result<W, PageFault> {
        let at = self.host(va, W::SIZE, true)?;
        // SAFETY: as in `load`.
        let outcome = unsafe { (W::STUBS.swap)(at, value.to_u64()) };
        outcome.ok().map(W::from_u64).map_err(|_| PageFault { va, write: true })
    }

    /// Adds to a word and returns what it was before, atomically.
    #[inline]
    pub fn fetch_add<W: Word>(&self, va: u64, value: W) -> Result<W, PageFault> {
        let at = self.host(va, W::SIZE, true)?;
        // SAFETY: as in `load`.
        let outcome = unsafe { (W::STUBS.add)(at, value.to_u64()) };
        outcome.ok().map(W::from_u64).map_err(|_| PageFault { va, write: true })
    }

    /// Stores `new` if the word is `expected`, atomically; returns what it was before.
    #[inline]
    pub fn compare_exchange<W: Word>(&self, va: u64, expected: W, new: W) -> Result<W, PageFault> {
        let at = self.host(va, W::SIZE, true)?;
        // SAFETY: as in `load`.
        let outcome = unsafe { (W::STUBS.cas)(at, expected.to_u64(), new.to_u64()) };
        outcome.ok().map(W::from_u64).map_err(|_| PageFault { va, write: true })
    }

    /// Copies from `va` on into `data`.
    pub fn read(&self, va: u64, data: &mut [u8]) -> Result<(), PageFault> {
        let from = self.host(va, data.len() as u64, false)?;
        // SAFETY: `data` is ours, the rest as in `load`.
        unsafe { ix_guard_copy(data.as_mut_ptr(), from, data.len()) }.ok().map(drop).map_err(|at| self.fault(at, false))
    }

    /// Copies `data` to `va`.
    pub fn write(&self, va: u64, data: &[u8]) -> Result<(), PageFault> {
        let to = self.host(va, data.len() as u64, true)?;
        // SAFETY: `data` is ours, the rest as in `load`.
        unsafe { ix_guard_copy(to, data.as_ptr(), data.len()) }.ok().map(drop).map_err(|at| self.fault(at, true))
    }

    /// Like [`Window::read`], faster for few bytes, a multiple of 16 and not 0. After a fault, which
    /// bytes have been copied is undefined.
    pub fn read_row(&self, va: u64, data: &mut [u8]) -> Result<(), PageFault> {
        if data.is_empty() || data.len() % 16 != 0 {
            return self.read(va, data);
        }
        let from = self.host(va, data.len() as u64, false)?;
        // SAFETY: `data` is ours, the rest as in `load`.
        unsafe { ix_guard_row(data.as_mut_ptr(), from, data.len()) }.ok().map(drop).map_err(|at| self.fault(at, false))
    }

    /// Likewise for [`Window::write`].
    pub fn write_row(&self, va: u64, data: &[u8]) -> Result<(), PageFault> {
        if data.is_empty() || data.len() % 16 != 0 {
            return self.write(va, data);
        }
        let to = self.host(va, data.len() as u64, true)?;
        // SAFETY: `data` is ours, the rest as in `load`.
        unsafe { ix_guard_row(to, data.as_ptr(), data.len()) }.ok().map(drop).map_err(|at| self.fault(at, true))
    }

    /// Loads consecutive words, 16 bytes or a multiple. Whether all could be loaded.
    pub fn read_words<const N: usize>(&self, va: u64, words: &mut [u32; N]) -> bool {
        // SAFETY: words have no padding, and any bytes are words.
        let bytes = unsafe { std::slice::from_raw_parts_mut(words.as_mut_ptr().cast(), size_of_val(words)) };
        self.read_row(va, bytes).is_ok()
    }

    /// Stores words likewise; if not all could be stored, some may have been.
    pub fn write_words<const N: usize>(&self, va: u64, words: &[u32; N]) -> bool {
        // SAFETY: words have no padding.
        let bytes = unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), size_of_val(words)) };
        self.write_row(va, bytes).is_ok()
    }

    /// Host addresses of the words at `va` in the lanes that are set in `active`; of the others,
    /// that of `idle`. Nothing if one is outside.
    fn lane_addresses<W: LaneWord, const N: usize>(&self, va: &[u64; N], active: u32, idle: *const W) -> Option<[u64; N]> {
        let (base, last) = (self.base.as_ptr() as u64, self.size - W::SIZE);
        let mut outside = false;
        let addresses = std::array::from_fn(|lane| {
            let on = active >> lane & 1 != 0;
            outside |= on && va[lane] > last;
            if on {
                base.wrapping_add(va[lane])
            } else {
                idle as u64
            }
        });
        (!outside).then_some(addresses)
    }

    /// Loads the words at `va` in the lanes that are set in `active`, one after another. Whether
    /// all could be loaded.
    pub fn gather<W: LaneWord, const N: usize>(&self, va: &[u64; N], active: u32, words: &mut [W; N]) -> bool {
        let idle = W::default();
        let Some(addresses) = self.lane_addresses(va, active, &idle) else { return false };
        // SAFETY: the addresses are in the window, as in `load`, or that of `idle`.
        unsafe { (W::GATHER)(words.as_mut_ptr(), addresses.as_ptr(), N) }.ok().is_ok()
    }

    /// Stores words likewise; if not all could be stored, some may have been.
    pub fn scatter<W: LaneWord, const N: usize>(&self, va: &[u64; N], active: u32, words: &[W; N]) -> bool {
        let mut idle = W::default();
        let Some(addresses) = self.lane_addresses(va, active, &raw mut idle) else { return false };
        // SAFETY: the addresses are in the window, as in `load`, or that of `idle`.
        unsafe { (W::SCATTER)(addresses.as_ptr(), words.as_ptr(), N) }.ok().is_ok()
    }

    /// Copies `len` bytes from `src` to `dst`, ranges that do not overlap.
    pub fn copy(&self, dst: u64, src: u64, len: u64) -> Result<(), PageFault> {
        let from = self.host(src, len, false)?;
        let to = self.host(dst, len, true)?;
        // SAFETY: as in `load`. If the ranges overlap after all, some bytes come out wrong.
        unsafe { ix_guard_copy(to, from, len as usize) }.ok().map(drop).map_err(|at| {
            let write = at.wrapping_sub(to as u64) < len;
            self.fault(at, write)
        })
    }

    /// Stores `count` words of the same value from `va` on.
    pub fn fill<W: Word>(&self, va: u64, value: W, count: u64) -> Result<(), PageFault> {
        let bytes = count.checked_mul(W::SIZE).ok_or(PageFault { va, write: true })?;
        let to = self.host(va, bytes, true)?;
        // SAFETY: as in `load`.
        unsafe { (W::STUBS.fill)(to, value.to_u64(), count as usize) }.ok().map(drop).map_err(|at| self.fault(at, true))
    }

    fn fault(&self, host: u64, write: bool) -> PageFault {
        PageFault { va: host.wrapping_sub(self.base.as_ptr() as u64), write }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let (start, len) = self.reservation;
        // SAFETY: the reservation was made by this value, and nobody uses its addresses any more.
        unsafe { libc::munmap(start.as_ptr().cast(), len) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ix_vfio_user::memory::SharedMemory;
    use std::os::fd::AsFd;

    const PAGE: u64 = 4096;
    const AT: u64 = 0x10_0000_0000;

    /// A window with two pages of memory at AT, of which the second is read-only.
    fn window() -> (Window, SharedMemory) {
        let memory = SharedMemory::new("test", 2 * PAGE).unwrap();
        let window = Window::reserve(40).unwrap();
        window.map(AT, PAGE, memory.as_fd(), 0, true).unwrap();
        window.map(AT + PAGE, PAGE, memory.as_fd(), PAGE, false).unwrap();
        (window, memory)
    }

    fn fault(va: u64, write: bool) -> PageFault {
        PageFault { va, write }
    }

    #[test]
    fn words_of_every_size_are_stored_and_loaded() {
        let (window, memory) = window();
        window.store(AT, 0x1122_3344_5566_7788u64).unwrap();
        assert_eq!(window.load::<u8>(AT + 7), Ok(0x11));
        assert_eq!(window.load::<u16>(AT + 2), Ok(0x5566));
        assert_eq!(window.load::<u32>(AT + 4), Ok(0x1122_3344));
        window.store(AT + 1, 0xabu8).unwrap();
        window.store(AT + 2, 0xcdefu16).unwrap();
        assert_eq!(window.load::<u64>(AT), Ok(0x1122_3344_cdef_ab88));
        let mut bytes = [0; 2];
        assert!(memory.map().read(1, &mut bytes));
        assert_eq!(bytes, [0xab, 0xef]);
    }

    #[test]
    fn unmapped_and_read_only_accesses_fault_with_their_address() {
        let (window, _memory) = window();
        assert_eq!(window.load::<u32>(AT - 4), Err(fault(AT - 4, false)));
        assert_eq!(window.load::<u32>(0), Err(fault(0, false)));
        assert_eq!(window.store(AT + PAGE + 8, 1u64), Err(fault(AT + PAGE + 8, true)));
        assert_eq!(window.load::<u64>(AT + PAGE + 8), Ok(0));
        assert_eq!(window.fetch_add(AT + PAGE, 1u32), Err(fault(AT + PAGE, true)));
        assert_eq!(window.load::<u8>(1 << 40), Err(fault(1 << 40, false)));
        assert_eq!(window.load::<u64>(u64::MAX - 3), Err(fault(u64::MAX - 3, false)));
        assert_eq!(window.load::<u64>((1 << 40) - 4), Err(fault(1 << 40, false)));
    }

    #[test]
    fn block_accesses_fault_at_the_first_bad_byte() {
        let (window, _memory) = window();
        let mut data = vec![1; 3 * PAGE as usize];
        assert_eq!(window.read(AT, &mut data), Err(fault(AT + 2 * PAGE, false)));
        assert_eq!(window.write(AT + 5, &data[..5000]), Err(fault(AT + PAGE, true)));
        assert_eq!(window.fill(AT, 7u32, 2048), Err(fault(AT + PAGE, true)));
        assert_eq!(window.load::<u32>(AT + PAGE - 4), Ok(7));
        assert_eq!(window.copy(AT, AT + 2 * PAGE - 8, 16), Err(fault(AT + 2 * PAGE, false)));
        assert_eq!(window.copy(AT + PAGE - 8, AT, 16), Err(fault(AT + PAGE, true)));
        assert_eq!(window.copy(AT + 64, AT, 64), Ok(()));
    }

    #[test]
    fn rows_and_lanes_fault_instead_of_killing() {
        let (window, _memory) = window();
        let mut row = [7; 64];
        assert_eq!(window.write_row(AT, &row), Ok(()));
        assert_eq!(window.write_row(AT + PAGE - 32, &row), Err(fault(AT + PAGE, true)));
        assert_eq!(window.read_row(AT + 2 * PAGE - 32, &mut row), Err(fault(AT + 2 * PAGE, false)));
        assert_eq!(window.read_row(AT + PAGE - 32, &mut row), Ok(()));
        let mut words = [0u32; 4];
        assert!(window.gather(&[AT, u64::MAX, AT + 4, 0], 0b0101, &mut words));
        assert_eq!(words, [0x0707_0707, 0, 0x0707_0707, 0]);
        assert!(!window.gather(&[AT, u64::MAX, AT + 4, 0], 0b0111, &mut words));
        assert!(!window.gather(&[AT, u64::MAX, AT + 4, 0], 0b1101, &mut words));
        assert!(window.scatter(&[AT + 8, AT + 16, AT + 8, 5], 0b0111, &[1u64, 2, 3, 4]));
        assert_eq!(window.load::<u64>(AT + 8), Ok(3));
        assert!(!window.scatter(&[AT + PAGE, 0, 0, 0], 0b0001, &[1u64, 2, 3, 4]));
    }

    #[test]
    fn atomic_operations_return_the_old_value() {
        let (window, _memory) = window();
        window.store(AT, 5u32).unwrap();
        assert_eq!(window.fetch_add(AT, u32::MAX), Ok(5));
        assert_eq!(window.swap(AT, 9u32), Ok(4));
        assert_eq!(window.compare_exchange(AT, 8u32, 1), Ok(9));
        assert_eq!(window.compare_exchange(AT, 9u32, 1), Ok(9));
        assert_eq!(window.load::<u64>(AT), Ok(1));
        assert_eq!(window.compare_exchange(AT, 1u16, 0xffff), Ok(1));
        assert_eq!(window.fetch_add(AT, 2u8), Ok(0xff));
        assert_eq!(window.load::<u32>(AT), Ok(0xff01));
    }

    #[test]
    fn fills_repeat_every_element_size() {
        let (window, _memory) = window();
        window.fill(AT, 0x11u8, 3).unwrap();
        window.fill(AT + 4, 0x2233u16, 2).unwrap();
        window.fill(AT + 8, 0x4455_6677_8899_aabbu64, 1).unwrap();
        assert_eq!(window.load::<u64>(AT), Ok(0x2233_2233_0011_1111));
        assert_eq!(window.load::<u64>(AT + 8), Ok(0x4455_6677_8899_aabb));
    }

    #[test]
    fn shortened_file_faults_instead_of_killing() {
        use std::os::fd::{FromRawFd, OwnedFd};
        // SAFETY: the name is a C string, and the new descriptor is owned here alone.
        let file = unsafe { OwnedFd::from_raw_fd(libc::memfd_create(c"test".as_ptr(), libc::MFD_CLOEXEC)) };
        // SAFETY: no pointers.
        assert_eq!(unsafe { libc::ftruncate(file.as_raw_fd(), PAGE as i64) }, 0);
        let window = Window::reserve(40).unwrap();
        window.map(AT, PAGE, file.as_fd(), 0, true).unwrap();
        assert_eq!(window.load::<u32>(AT), Ok(0));
        // SAFETY: no pointers.
        assert_eq!(unsafe { libc::ftruncate(file.as_raw_fd(), 0) }, 0);
        assert_eq!(window.load::<u32>(AT), Err(fault(AT, false)));
    }

    #[test]
    fn unmapped_page_faults_again() {
        let (window, _memory) = window();
        assert_eq!(window.load::<u8>(AT), Ok(0));
        window.unmap(AT, PAGE).unwrap();
        assert_eq!(window.load::<u8>(AT), Err(fault(AT, false)));
    }
}

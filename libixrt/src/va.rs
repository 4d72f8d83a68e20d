// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Addresses that CPU and GPU share.
//!
//! All GPU addresses of the process come from one place, so that a pointer means the same thing on
//! every device. Each is reserved in the process too (mapped without access), so that memory that
//! the CPU can see may be mapped at its GPU address, and an address of the one can never be an
//! unrelated one of the other. Reservations grow by *arenas*; a part of the range that the process
//! already uses for something else is skipped.

use crate::error::{Code, Error, Result};
use crate::ranges::Ranges;
use ix_hw::mmu::VA_START;
use std::sync::Mutex;

/// Granule of reservation.
const ARENA: u64 = 16 << 30;

#[derive(Debug)]
struct Space {
    free: Ranges,
    next_arena: u64,
}

static SPACE: Mutex<Space> = Mutex::new(Space { free: Ranges::EMPTY, next_arena: VA_START });

/// Takes `size` addresses (a multiple of the page size) below `end`.
pub fn take(size: u64, align: u64, end: u64) -> Result<u64> {
    if size > end.saturating_sub(VA_START) {
        return Err(Error::new(Code::OUT_OF_MEMORY, format!("there are no {size} addresses below {end:#x}")));
    }
    let mut space = SPACE.lock().unwrap_or_else(|e| e.into_inner());
    loop {
        if let Some(va) = space.free.take(size, align) {
            if va + size <= end {
                return Ok(va);
            }
            space.free.give(va, size);
        }
        let start = space.next_arena;
        if start.checked_add(ARENA).is_none_or(|arena_end| arena_end > end) {
            return Err(Error::new(Code::OUT_OF_MEMORY, format!("no {size} consecutive addresses are left below {end:#x}")));
        }
        space.next_arena += ARENA;
        if reserve(start, ARENA)? {
            space.free.give(start, ARENA);
        }
    }
}

/// Gives addresses back. Nothing may be mapped there but the reservation: see [`reset`].
pub fn give(va: u64, size: u64) {
    SPACE.lock().unwrap_or_else(|e| e.into_inner()).free.give(va, size);
}

/// Reserves addresses in the process; false when some of them are in use.
fn reserve(start: u64, size: u64) -> Result<bool> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE | libc::MAP_FIXED_NOREPLACE;
    // SAFETY: MAP_FIXED_NOREPLACE replaces no mapping.
    let at = unsafe { libc::mmap(start as *mut _, size as usize, libc::PROT_NONE, flags, -1, 0) };
    if at == libc::MAP_FAILED {
        let error = std::io::Error::last_os_error();
        return match error.raw_os_error() {
            Some(libc::EEXIST) => Ok(false),
            _ => Err(Error::system(format_args!("reserving {size} bytes of address space (is RLIMIT_AS set?)"), error)),
        };
    }
    if at as u64 != start {
        // A kernel without MAP_FIXED_NOREPLACE takes the address as a wish.
        // SAFETY: the mapping was made just now and nobody knows it.
        unsafe { libc::munmap(at, size as usize) };
        return Ok(false);
    }
    Ok(true)
}

/// Replaces whatever is mapped at reserved addresses by the reservation.
///
/// # Safety
/// The range was taken from here, and nobody uses what is mapped there any more.
pub unsafe fn reset(va: u64, size: u64) {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE | libc::MAP_FIXED;
    // SAFETY: the caller owns the range. Should the kernel refuse (too many mappings), the old
    // pages stay mapped, which is harmless: nobody uses them.
    unsafe { libc::mmap(va as *mut _, size as usize, libc::PROT_NONE, flags, -1, 0) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_reserved_and_returned() {
        let end = 1 << 40;
        let a = take(2 << 20, 2 << 20, end).unwrap();
        let b = take(ARENA + (2 << 20), 2 << 20, end).unwrap();
        assert!(a >= VA_START && a % (2 << 20) == 0);
        assert!(b >= a + (2 << 20) || b + ARENA + (2 << 20) <= a);
        // What is reserved cannot be reserved again.
        assert!(!reserve(a, 4096).unwrap());
        give(a, 2 << 20);
        give(b, ARENA + (2 << 20));
        assert_eq!(take(1 << 41, 4096, end).unwrap_err().code, Code::OUT_OF_MEMORY);
    }
}

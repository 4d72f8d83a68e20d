// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Page tables, physical addresses, and the map of an address space.
//!
//! A virtual address has 48 bits in the format, of which the device implements CAP_VA_BITS. Four
//! levels of tables of 512 entries translate it: level 3 (the root, bits 39..47), 2 (bits 30..38),
//! 1 (bits 21..29) and 0 (bits 12..20). A leaf stands at level 0 (4 KiB) or level 1 (2 MiB).
//! Sixteen level-0 entries that map one aligned 64 KiB run may say so with [`PTE_64K`].
//! Tables are 4 KiB, 4 KiB aligned, in VRAM or system memory. A changed entry takes effect with
//! the next INVALIDATE of its range, not before and not at an undefined time.

/// A physical address as entries and admin packets carry it: an offset in VRAM, or with
/// [`PHYS_SYSTEM`] set a bus address of system memory.
pub type PhysAddr = u64;
/// Set in a [`PhysAddr`] that names system memory.
pub const PHYS_SYSTEM: u64 = 1 << 63;

/// Smallest page.
pub const PAGE_SIZE: u64 = 4096;
/// Middle page: sixteen small ones.
pub const PAGE_64K: u64 = 65536;
/// Large page.
pub const PAGE_2M: u64 = 2 << 20;
/// Entries in a table.
pub const ENTRIES: usize = 512;
/// Number of levels.
pub const LEVELS: u32 = 4;

/// Entry: it is used. Without this bit the rest of the entry is ignored.
pub const PTE_VALID: u64 = 1 << 0;
/// Leaf: loads are allowed.
pub const PTE_READ: u64 = 1 << 1;
/// Leaf: stores and atomics are allowed.
pub const PTE_WRITE: u64 = 1 << 2;
/// The address is one of system memory, else of VRAM.
pub const PTE_SYSTEM: u64 = 1 << 3;
/// Level 1: this is a leaf, not a table. Must be 0 elsewhere.
pub const PTE_LARGE: u64 = 1 << 4;
/// Level 0: part of a 64 KiB run. A hint; it changes no meaning.
pub const PTE_64K: u64 = 1 << 5;
/// Bits of the address, which is 4 KiB aligned (2 MiB for a large leaf).
pub const PTE_ADDRESS: u64 = 0x000f_ffff_ffff_f000;

/// Shift of the index of `level` in an address.
pub const fn level_shift(level: u32) -> u32 {
    12 + 9 * level
}
/// Index in the table at `level` for `va`.
pub const fn index(va: u64, level: u32) -> usize {
    ((va >> level_shift(level)) & 511) as usize
}
/// The entry that points at `address` with `bits`.
pub const fn entry(address: PhysAddr, bits: u64) -> u64 {
    let system = if address & PHYS_SYSTEM != 0 { PTE_SYSTEM } else { 0 };
    (address & PTE_ADDRESS) | bits | system | PTE_VALID
}
/// The physical address in `entry`.
pub const fn target(entry: u64) -> PhysAddr {
    let system = if entry & PTE_SYSTEM != 0 { PHYS_SYSTEM } else { 0 };
    (entry & PTE_ADDRESS) | system
}

/// Generic addresses from here are the block's shared memory (offset = address - this).
pub const SHARED_BASE: u64 = 0x1_0000_0000;
/// Generic addresses from here are the thread's local memory.
pub const LOCAL_BASE: u64 = 0x2_0000_0000;
/// Size of the shared and of the local window.
pub const WINDOW_SIZE: u64 = 0x1_0000_0000;
/// Lowest address that a driver maps: below lie the windows and address 0. A generic access
/// between 0 and here that hits no window faults.
pub const VA_START: u64 = 0x10_0000_0000;

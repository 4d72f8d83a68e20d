// SPDX-License-Identifier: Apache-2.0 OR MIT
//! How many blocks of a kernel an SM holds at once.
//!
//! A block takes some of an SM's places for blocks and warps, of its registers and of its shared
//! memory; what runs out first decides.

use crate::backend::DeviceInfo;
use ix_compiler::module::Kernel;

/// Dynamic shared memory starts at a multiple of this after the static.
const DYNAMIC_ALIGN: u32 = 16;
/// 32-bit registers of an SM that a vector register of a warp takes: 32 lanes of 64 bits.
const REGISTERS: u32 = 64;

/// Bytes of shared memory of a block.
pub fn shared_bytes(kernel_static: u32, dynamic: u32) -> u32 {
    match dynamic {
        0 => kernel_static,
        _ => kernel_static.next_multiple_of(DYNAMIC_ALIGN).saturating_add(dynamic),
    }
}

/// Blocks of an SM by everything but shared memory.
fn blocks_by_threads(info: &DeviceInfo, kernel: &Kernel, threads: u32) -> u32 {
    let warps = threads.div_ceil(info.warp_size.max(1)).max(1);
    let registers = u32::from(kernel.vregs).max(1).saturating_mul(REGISTERS).saturating_mul(warps);
    info.blocks_per_sm.min(info.warps_per_sm / warps).min(info.regs_per_sm / registers)
}

/// Blocks of `threads` threads, with `dynamic` bytes of dynamic shared memory, that an SM holds.
pub fn blocks_per_sm(info: &DeviceInfo, kernel: &Kernel, threads: u32, dynamic: u32) -> u32 {
    let shared = shared_bytes(kernel.shared_bytes, dynamic);
    if threads == 0 || threads > info.threads_per_block || shared > info.shared_per_block {
        return 0;
    }
    blocks_by_threads(info, kernel, threads).min(info.shared_per_sm.checked_div(shared).unwrap_or(u32::MAX))
}

/// Bytes of dynamic shared memory that each of `blocks` blocks of `threads` threads may have so
/// that an SM holds them all; `None` when it does not, however little they have.
pub fn dynamic_shared(info: &DeviceInfo, kernel: &Kernel, blocks: u32, threads: u32) -> Option<u32> {
    if blocks == 0 || threads == 0 || blocks > blocks_per_sm(info, kernel, threads, 0) {
        return None;
    }
    let share = (info.shared_per_sm / blocks).min(info.shared_per_block);
    Some(share.saturating_sub(kernel.shared_bytes.next_multiple_of(DYNAMIC_ALIGN)))
}

/// The block size, of at most `limit` threads, with which an SM holds most threads, and how many
/// such blocks it holds: of equal ones the largest. `dynamic` tells the dynamic shared memory of a
/// block size.
pub fn best_block(info: &DeviceInfo, kernel: &Kernel, limit: u32, mut dynamic: impl FnMut(u32) -> u32) -> (u32, u32) {
    let warp = info.warp_size.max(1);
    let full = info.warps_per_sm.saturating_mul(warp);
    let mut best = (0, 0);
    let first = limit.next_multiple_of(warp);
    for rounded in (warp..=first).rev().step_by(warp as usize) {
        let threads = rounded.min(limit);
        let blocks = blocks_per_sm(info, kernel, threads, dynamic(threads));
        if blocks * threads > best.0 * best.1 {
            best = (threads, blocks);
        }
        if best.0 * best.1 == full {
            break;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info() -> DeviceInfo {
        DeviceInfo {
            sm_count: 4,
            warp_size: 32,
            warps_per_sm: 64,
            blocks_per_sm: 32,
            threads_per_block: 1024,
            shared_per_sm: 160 << 10,
            shared_per_block: 128 << 10,
            regs_per_sm: 64 << 10,
            ..DeviceInfo::default()
        }
    }

    fn kernel(vregs: u16, shared_bytes: u32) -> Kernel {
        Kernel { vregs, shared_bytes, ..Kernel::default() }
    }

    #[test]
    fn dynamic_shared_memory_starts_aligned() {
        assert_eq!(shared_bytes(20, 0), 20);
        assert_eq!(shared_bytes(20, 4), 36);
        assert_eq!(shared_bytes(0, 4), 4);
        assert_eq!(shared_bytes(u32::MAX - 20, u32::MAX), u32::MAX);
    }

    #[test]
    fn what_runs_out_first_decides() {
        let info = info();
        assert_eq!(blocks_per_sm(&info, &kernel(8, 0), 32, 0), 32, "places for blocks");
        assert_eq!(blocks_per_sm(&info, &kernel(8, 0), 256, 0), 8, "warps");
        assert_eq!(blocks_per_sm(&info, &kernel(64, 0), 256, 0), 2, "registers");
        assert_eq!(blocks_per_sm(&info, &kernel(8, 0), 64, 64 << 10), 2, "shared memory");
        assert_eq!(blocks_per_sm(&info, &kernel(8, 0), 1025, 0), 0);
        assert_eq!(blocks_per_sm(&info, &kernel(8, 0), 32, 129 << 10), 0);
    }

    #[test]
    fn dynamic_shared_memory_is_what_lets_the_blocks_fit() {
        let (info, kernel) = (info(), kernel(8, 1000));
        let bytes = dynamic_shared(&info, &kernel, 4, 128).unwrap();
        assert_eq!(blocks_per_sm(&info, &kernel, 128, bytes), 4);
        assert_eq!(blocks_per_sm(&info, &kernel, 128, bytes + 16), 3);
        assert_eq!(dynamic_shared(&info, &kernel, 17, 128), None);
    }

    #[test]
    fn best_block_holds_most_threads() {
        let info = info();
        assert_eq!(best_block(&info, &kernel(8, 0), 1024, |_| 0), (1024, 2));
        assert_eq!(best_block(&info, &kernel(8, 0), 100, |_| 0), (64, 32));
        // 16 registers a thread: 1024 threads fill the registers.
        let (threads, blocks) = best_block(&info, &kernel(32, 0), 1024, |_| 0);
        assert_eq!(threads * blocks, 1024);
        // A kilobyte a thread of shared memory.
        assert_eq!(best_block(&info, &kernel(8, 0), 1024, |threads| threads << 10), (32, 5));
    }
}

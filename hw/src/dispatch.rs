// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The dispatch descriptor: what the SMs need to know of a launch.
//!
//! A *grid* is `grid[0] * grid[1] * grid[2]` *blocks*; a block is `block[0] * block[1] * block[2]`
//! *threads*, packed in order x, y, z into *warps* of 32 *lanes*. A descriptor that breaks a stated
//! range stops the queue with BAD_DESCRIPTOR and runs nothing.

/// Alignment of a descriptor.
pub const ALIGN: u64 = 64;
/// Largest grid dimensions.
pub const GRID_MAX: [u32; 3] = [0x7fff_ffff, 65535, 65535];
/// Largest block dimensions; their product is at most CAP_THREADS_PER_BLOCK.
pub const BLOCK_MAX: [u32; 3] = [1024, 1024, 64];
/// Largest parameter block in bytes.
pub const PARAM_MAX: u32 = 32764;
/// Largest number of bytes of code of a module.
pub const CODE_MAX: u64 = 64 << 20;

/// [`Descriptor::flags`]: all blocks must be resident at once, so that they may wait for one
/// another; a grid too large for that is BAD_DESCRIPTOR.
pub const FLAG_COOPERATIVE: u32 = 1 << 0;

layout! {
    /// A launch.
    pub struct Descriptor, 128 bytes {
        /// Address of the first instruction, 16-byte aligned.
        0x00 entry_va: u64,
        /// Address of the parameter block, 8-byte aligned; offset 0 of the param space.
        0x08 param_va: u64,
        /// Bytes of the parameter block, at most PARAM_MAX.
        0x10 param_size: u32,
        /// See FLAG_COOPERATIVE; other bits zero.
        0x14 flags: u32,
        /// Blocks in x, y, z: 1 to GRID_MAX.
        0x18 grid: [u32; 3],
        /// Threads of a block in x, y, z: 1 to BLOCK_MAX.
        0x24 block: [u32; 3],
        /// Bytes of shared memory of a block, static and dynamic, at most CAP_SHARED_PER_BLOCK.
        0x30 shared_bytes: u32,
        /// How many of these are dynamic (for the special register).
        0x34 dynamic_shared_bytes: u32,
        /// Bytes of local memory of a thread, at most CAP_LOCAL_PER_THREAD.
        0x38 local_bytes: u32,
        /// Vector registers used: instructions may name v0 up to this number less one. At most
        /// 256; likewise below.
        0x3c vregs: u16,
        /// Scalar registers used, at most 256.
        0x3e sregs: u16,
        /// Value of the special register `env`: the runtime's block with printf and heap buffers.
        0x40 env_va: u64,
        /// Value of the special register `gridid`.
        0x48 grid_id: u64,
        /// Anything; copied to the fault record so that the runtime can name the kernel.
        0x50 tag: u64,
        /// First address of the module's code, 16-byte aligned.
        0x58 code_va: u64,
        /// Bytes of the module's code from `code_va`, a multiple of 16, at most CODE_MAX:
        /// instructions are fetched only there.
        0x60 code_size: u64,
        /// Zero.
        0x68 reserved: [u64; 3],
    }
}

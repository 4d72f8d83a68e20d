// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Occupancy.

use crate::api::occupancy;
use std::ffi::{c_int, c_uint};

api! { OCCUPANCY: "Occupancy" {
    /// Blocks of a function that an SM holds at once.
    ixOccupancyMaxActiveBlocksPerMultiprocessor(blocks: *mut c_int, function: IXfunction, threads: c_int, dynamic_shared: usize)
        = occupancy::max_active_blocks, [cuOccupancyMaxActiveBlocksPerMultiprocessor@6050];
    /// Likewise, with flags.
    ixOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(blocks: *mut c_int, function: IXfunction, threads: c_int, dynamic_shared: usize,
        flags: c_uint) = occupancy::max_active_blocks_with_flags, [cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags@7000];
    /// The block size with which an SM holds most threads, and the smallest grid that then fills the
    /// device. Dynamic shared memory is what `dynamic_shared_of` tells for a block size, or if that
    /// is null `dynamic_shared`. A limit of 0 is none.
    ixOccupancyMaxPotentialBlockSize(grid: *mut c_int, block: *mut c_int, function: IXfunction, dynamic_shared_of: IXoccupancyB2DSize,
        dynamic_shared: usize, limit: c_int) = occupancy::max_potential_block_size, [cuOccupancyMaxPotentialBlockSize@6050];
    /// Likewise, with flags.
    ixOccupancyMaxPotentialBlockSizeWithFlags(grid: *mut c_int, block: *mut c_int, function: IXfunction,
        dynamic_shared_of: IXoccupancyB2DSize, dynamic_shared: usize, limit: c_int, flags: c_uint)
        = occupancy::max_potential_block_size_with_flags, [cuOccupancyMaxPotentialBlockSizeWithFlags@7000];
    /// Bytes of dynamic shared memory that each of so many blocks may have for an SM to hold them all.
    ixOccupancyAvailableDynamicSMemPerBlock(bytes: *mut usize, function: IXfunction, blocks: c_int, threads: c_int)
        = occupancy::available_dynamic_shared, [cuOccupancyAvailableDynamicSMemPerBlock@10020];
    /// Blocks of the largest cluster: 1.
    ixOccupancyMaxPotentialClusterSize(size: *mut c_int, function: IXfunction, config: *const IXlaunchConfig)
        = occupancy::max_potential_cluster_size, [cuOccupancyMaxPotentialClusterSize@11070];
    /// Clusters, which are single blocks, that the device holds at once.
    ixOccupancyMaxActiveClusters(clusters: *mut c_int, function: IXfunction, config: *const IXlaunchConfig)
        = occupancy::max_active_clusters, [cuOccupancyMaxActiveClusters@11070];
} absent {
} }

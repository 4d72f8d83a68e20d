// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Occupancy.

api! { OCCUPANCY: "Occupancy" {
} absent {
    cuOccupancyAvailableDynamicSMemPerBlock@10020;
    cuOccupancyMaxActiveBlocksPerMultiprocessor@6050;
    cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags@7000;
    cuOccupancyMaxActiveClusters@11070;
    cuOccupancyMaxPotentialBlockSize@6050;
    cuOccupancyMaxPotentialBlockSizeWithFlags@7000;
    cuOccupancyMaxPotentialClusterSize@11070;
} }

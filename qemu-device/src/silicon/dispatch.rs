// SPDX-License-Identifier: Apache-2.0 OR MIT
//! From a DISPATCH packet to a kernel: is the descriptor one that the chip can run?

use super::bytes;
use super::kernel::block_bytes;
use super::profile::Profile;
use super::queue::{page_fault, Queue};
use crate::engine::launch::check;
use crate::engine::Limits;
use ix_hw::dispatch::{self, Descriptor, FLAG_COOPERATIVE};
use ix_hw::fault::{access, kind, unit, FaultRecord};

/// Memory of the host that the blocks of one cooperative kernel may take, which are all resident.
const COOPERATIVE_BYTES: u64 = 2 << 30;

/// What the profile allows a launch.
pub fn limits(profile: &Profile) -> Limits {
    Limits {
        threads_per_block: profile.threads_per_block,
        shared_per_block: profile.shared_per_block,
        local_per_thread: profile.local_per_thread,
        sm_count: profile.sm_count,
    }
}

/// How many blocks like those of `descriptor`, whose values are in range, the chip holds at once.
pub fn resident_blocks(profile: &Profile, descriptor: &Descriptor) -> u64 {
    let threads: u32 = descriptor.block.iter().product();
    let warps = threads.div_ceil(32);
    // A vector register of a warp is 32 lanes of 64 bits.
    let registers = u32::from(descriptor.vregs).max(1) * 64 * warps;
    let per_sm = profile
        .blocks_per_sm
        .min(profile.warps_per_sm / warps)
        .min(profile.regs_per_sm / registers)
        .min(profile.shared_per_sm.checked_div(descriptor.shared_bytes).unwrap_or(u32::MAX));
    let by_memory = COOPERATIVE_BYTES / block_bytes(descriptor).max(1);
    (u64::from(per_sm) * u64::from(profile.sm_count)).min(by_memory)
}

/// The descriptor at `va`, if the chip can run it; else the fault that stops the queue.
pub fn descriptor(profile: &Profile, queue: &Queue, va: u64) -> Result<Descriptor, Box<FaultRecord>> {
    let command = |record: FaultRecord| Box::new(FaultRecord { unit: unit::COMMAND, ..record });
    if va % dispatch::ALIGN != 0 {
        let size = size_of::<Descriptor>() as u32;
        return Err(command(FaultRecord { kind: kind::MISALIGNED, access: access::READ, va, size, ..FaultRecord::ZERO }));
    }
    let mut raw = [0; size_of::<Descriptor>()];
    queue.space.window().read(va, &mut raw).map_err(|fault| page_fault(unit::COMMAND, &fault))?;
    let descriptor: Descriptor = bytes::decode(&raw);
    let bad = |value: u64| {
        command(FaultRecord { kind: kind::BAD_DESCRIPTOR, va, tag: descriptor.tag, detail: value as u32, ..FaultRecord::ZERO })
    };
    check(&descriptor, &limits(profile)).map_err(|e| bad(e.value))?;
    if descriptor.flags & FLAG_COOPERATIVE != 0 {
        let blocks = descriptor.grid.iter().map(|&n| u64::from(n)).product();
        if blocks > resident_blocks(profile, &descriptor) {
            return Err(bad(blocks));
        }
    }
    Ok(descriptor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn residency_is_bounded_by_the_scarcest_resource() {
        let profile = Profile::standard();
        let with = |threads, vregs, shared_bytes| {
            let block = [threads, 1, 1];
            let descriptor = Descriptor { block, vregs, shared_bytes, ..Descriptor::ZERO };
            resident_blocks(&profile, &descriptor) / u64::from(profile.sm_count)
        };
        assert_eq!(with(32, 1, 0), 32);
        assert_eq!(with(1024, 16, 0), 2);
        assert_eq!(with(1024, 128, 0), 1);
        assert_eq!(with(1024, 256, 0), 0);
        assert_eq!(with(32, 1, 100_000), 1);
    }
}

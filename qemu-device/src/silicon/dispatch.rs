// SPDX-License-Identifier: Apache-2.0 OR MIT
//! From a DISPATCH packet to a kernel: descriptor, code, residency.

use super::bytes;
use super::profile::Profile;
use super::queue::{page_fault, Queue};
use super::shared::{Shared, Waker};
use super::sm::Kernel;
use crate::engine::{Clock, Code, Launch, Limits};
use ix_hw::dispatch::{self, Descriptor};
use ix_hw::fault::{access, kind, unit, FaultRecord};
use std::collections::VecDeque;
use std::sync::{Arc, Weak};

/// Modules whose decoded code is kept.
const CACHED: usize = 32;

/// Decoded code of recent launches. Memory is compared before an entry is used, so it never
/// matters who wrote code when.
#[derive(Debug, Default)]
pub struct CodeCache {
    /// Most recently used last. Weak address spaces tell equal addresses of different ones apart.
    entries: VecDeque<(Weak<super::mmu::AddressSpace>, Arc<Code>)>,
}

impl CodeCache {
    fn get(&mut self, queue: &Queue, descriptor: &Descriptor) -> Arc<Code> {
        let window = queue.space.window();
        self.entries.retain(|(space, _)| space.strong_count() > 0);
        let same =
            |(space, code): &(Weak<_>, Arc<Code>)| std::ptr::eq(space.as_ptr(), Arc::as_ptr(&queue.space)) && code.is_for(descriptor);
        let known = self.entries.iter().position(same).and_then(|at| self.entries.remove(at));
        let entry = match known {
            Some(entry) if entry.1.is_current(window) => entry,
            _ => (Arc::downgrade(&queue.space), Arc::new(Code::load(window, descriptor))),
        };
        let code = entry.1.clone();
        if self.entries.len() >= CACHED {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
        code
    }
}

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
    u64::from(per_sm) * u64::from(profile.sm_count)
}

/// The kernel that the descriptor at `va` asks for, or the fault that stops the queue.
pub fn kernel(shared: &Arc<Shared>, queue: &Queue, cache: &mut CodeCache, va: u64, waker: &Waker) -> Result<Kernel, Box<FaultRecord>> {
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
    let limits = limits(&shared.profile);
    // Checked before the code is loaded: the sizes decide how much that is.
    crate::engine::launch::check(&descriptor, &limits).map_err(|e| bad(e.value))?;
    let code = cache.get(queue, &descriptor);
    let clock = Clock { epoch: shared.clock.epoch(), core_khz: shared.profile.core_clock_khz };
    let window = queue.space.window().clone();
    let launch = Launch::new(descriptor, window, code, clock, &limits).map_err(|e| bad(e.value))?;
    let cooperative = descriptor.flags & dispatch::FLAG_COOPERATIVE != 0;
    if cooperative && launch.blocks() > resident_blocks(&shared.profile, &descriptor) {
        return Err(bad(launch.blocks()));
    }
    Ok(Kernel::new(launch, queue.priority, cooperative, shared.clone(), waker.clone()))
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

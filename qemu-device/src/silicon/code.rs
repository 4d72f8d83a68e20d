// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Decoded code of recent kernels.
//!
//! Memory is compared with what was decoded before an entry is used, so it never matters who wrote
//! code, and when.

use super::mmu::AddressSpace;
use crate::engine::Code;
use ix_hw::dispatch::Descriptor;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Bytes of code that are kept, before decoding.
const KEPT: u64 = 32 << 20;

#[derive(Debug)]
struct Entry {
    /// Equal addresses mean different code in different address spaces.
    space: Weak<AddressSpace>,
    bytes: u64,
    code: Arc<Code>,
}

/// The cache. Most recently used entries stand last.
#[derive(Debug, Default)]
pub struct CodeCache {
    entries: Mutex<VecDeque<Entry>>,
}

impl CodeCache {
    /// The code that `descriptor` names, as memory holds it now.
    pub fn get(&self, space: &Arc<AddressSpace>, descriptor: &Descriptor) -> Arc<Code> {
        let lock = || self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        // Compared and decoded without the lock: both can take long.
        let known = {
            let mut entries = lock();
            entries.retain(|entry| entry.space.strong_count() > 0);
            let same = |entry: &Entry| std::ptr::eq(entry.space.as_ptr(), Arc::as_ptr(space)) && entry.code.is_for(descriptor);
            entries.iter().position(same).and_then(|at| entries.remove(at))
        };
        let entry = known.filter(|entry| entry.code.is_current(space.window())).unwrap_or_else(|| Entry {
            space: Arc::downgrade(space),
            bytes: descriptor.code_size,
            code: Arc::new(Code::load(space.window(), descriptor)),
        });
        let code = entry.code.clone();
        let mut entries = lock();
        entries.push_back(entry);
        let mut total: u64 = entries.iter().map(|entry| entry.bytes).sum();
        while total > KEPT {
            let Some(oldest) = entries.pop_front() else { break };
            total -= oldest.bytes;
        }
        code
    }
}

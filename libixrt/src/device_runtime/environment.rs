// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A context's environment block, ring and heap, and their limits.
//!
//! The *environment* is 48 bytes in memory that both sides see, laid out as `struct Environment` of `device/ixdevice.cu`:
//! the ring's address and size, how much of it was reserved and taken out, how many threads have failed an assertion, and
//! the address of the heap's header. It is made when the first module that needs one is loaded, the ring when such a
//! module's kernel is first launched, the heap with the first module that needs it; from then on their sizes are fixed.

use super::output::Image;
use super::Needs;
use crate::context::Context;
use crate::copy;
use crate::error::{Code, Error, Result};
use crate::handle::lock;
use crate::memory::{allocations, Allocation, Block, Origin};
use crate::stream::Stream;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, RwLock};

/// Offsets in the environment.
mod at {
    pub const FIFO: u64 = 0;
    pub const CAPACITY: u64 = 8;
    pub const WRITTEN: u64 = 16;
    pub const TAKEN: u64 = 24;
    pub const ASSERTS: u64 = 32;
    pub const HEAP: u64 = 40;
    pub const SIZE: u64 = 48;
}

/// Bytes of a page of the heap, and of what describes it: a state, and a bit for each 16 bytes.
const PAGE: u64 = 4096;
const STATE: u64 = 4;
const USED: u64 = PAGE / 16 / 8;
/// Bytes before the states: the header, `struct Heap` of `device/ixdevice.cu`.
const HEADER: u64 = 256;

/// Usual sizes: CUDA's.
const FIFO_SIZE: u64 = 1 << 20;
const HEAP_SIZE: u64 = 8 << 20;
/// The ring must have room for the largest record.
const FIFO_MIN: u64 = 4096;
const FIFO_MAX: u64 = 1 << 30;
/// The least stack that is given: CUDA's usual one.
const STACK_MIN: u64 = 1024;

/// A size that programs may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// A thread's stack.
    Stack,
    /// The ring of printf.
    Fifo,
    /// The heap.
    Heap,
}

/// The environment of a context.
#[derive(Debug)]
pub struct DeviceRuntime {
    stack: AtomicU32,
    fifo_size: AtomicU64,
    heap_size: AtomicU64,
    making: Mutex<()>,
    environment: OnceLock<Block>,
    fifo: OnceLock<Block>,
    heap: OnceLock<u64>,
    pub(super) taking: Mutex<()>,
    /// Initial contents of the data of modules that print: their formats.
    pub(super) images: RwLock<Vec<Image>>,
    /// For reading device memory that the CPU does not see.
    pub(super) reader: OnceLock<Arc<Stream>>,
}

impl Default for DeviceRuntime {
    fn default() -> DeviceRuntime {
        DeviceRuntime {
            stack: AtomicU32::new(ix_compiler::CALL_STACK),
            fifo_size: AtomicU64::new(FIFO_SIZE),
            heap_size: AtomicU64::new(HEAP_SIZE),
            making: Mutex::default(),
            environment: OnceLock::new(),
            fifo: OnceLock::new(),
            heap: OnceLock::new(),
            taking: Mutex::default(),
            images: RwLock::default(),
            reader: OnceLock::new(),
        }
    }
}

/// The ring as the host sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ring<'a> {
    pub va: u64,
    pub capacity: u64,
    /// Bytes that kernels have ever reserved.
    pub written: &'a AtomicU64,
    /// Bytes that the host has ever taken out.
    pub taken: &'a AtomicU64,
}

impl DeviceRuntime {
    /// Bytes of a thread's stack.
    pub fn stack(&self) -> u32 {
        self.stack.load(Ordering::Relaxed)
    }

    /// The value of a limit.
    pub fn limit(&self, limit: Limit) -> u64 {
        match limit {
            Limit::Stack => self.stack().into(),
            Limit::Fifo => self.fifo_size.load(Ordering::Relaxed),
            Limit::Heap => self.heap_size.load(Ordering::Relaxed),
        }
    }

    /// Sets a limit; what the device does not allow is brought into range, as CUDA does it.
    pub fn set_limit(&self, context: &Context, limit: Limit, value: u64) -> Result<()> {
        let _one = lock(&self.making);
        let in_use = |what: &str| {
            Err(Error::invalid(format!("{what} is in use already; its size must be set before modules and kernels that use it")))
        };
        let info = context.device.info();
        match limit {
            Limit::Stack => {
                let most = u64::from(info.local_per_thread) / 16 * 16;
                let bytes = value.clamp(STACK_MIN.min(most), most).next_multiple_of(16);
                self.stack.store(bytes as u32, Ordering::Relaxed);
            }
            Limit::Fifo if self.fifo.get().is_some() => return in_use("the buffer of printf"),
            Limit::Fifo => {
                if value > FIFO_MAX {
                    return Err(Error::new(Code::OUT_OF_MEMORY, format!("a buffer of {value} bytes for printf; {FIFO_MAX} are the most")));
                }
                self.fifo_size.store(value.max(FIFO_MIN).next_multiple_of(8), Ordering::Relaxed);
            }
            Limit::Heap if self.heap.get().is_some() => return in_use("the heap"),
            Limit::Heap => {
                if value > info.vram_bytes {
                    let reason = format!("a heap of {value} bytes; the device has {} bytes of memory", info.vram_bytes);
                    return Err(Error::new(Code::OUT_OF_MEMORY, reason));
                }
                self.heap_size.store(value.max(PAGE).next_multiple_of(PAGE), Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// A word of the environment.
    fn word(block: &Block, offset: u64) -> &AtomicU64 {
        debug_assert!(offset + 8 <= at::SIZE);
        // SAFETY: the block is mapped system memory of at least SIZE bytes, aligned to more than a
        // word, which lives as long as it; the device accesses words by atomics or before the host.
        unsafe { AtomicU64::from_ptr((block.va + offset) as *mut u64) }
    }

    /// System memory that begins as zeros.
    fn zeroed(context: &Context, size: u64) -> Result<Block> {
        let block = context.device.system.take(size, 64)?;
        // SAFETY: a new block of system memory is mapped at its addresses and nobody uses it.
        unsafe { std::ptr::write_bytes(block.va as *mut u8, 0, size as usize) };
        Ok(block)
    }

    /// Makes what a module needs when it is loaded.
    pub fn prepare(&self, context: &Arc<Context>, needs: Needs) -> Result<()> {
        if !needs.any() {
            return Ok(());
        }
        let _one = lock(&self.making);
        let environment = match self.environment.get() {
            Some(environment) => environment,
            None => {
                let block = Self::zeroed(context, at::SIZE)?;
                self.environment.get_or_init(|| block)
            }
        };
        if needs.heap && self.heap.get().is_none() {
            let heap = make_heap(context, self.heap_size.load(Ordering::Relaxed))?;
            Self::word(environment, at::HEAP).store(heap, Ordering::Release);
            self.heap.get_or_init(|| heap);
        }
        Ok(())
    }

    /// The address that a launch of a kernel with these needs has as its environment; 0 for none.
    pub fn for_launch(&self, context: &Context, needs: Needs) -> Result<u64> {
        if !needs.any() {
            return Ok(0);
        }
        let Some(environment) = self.environment.get() else {
            return Err(Error::new(Code::UNKNOWN, "a module that needs an environment was loaded without one"));
        };
        if needs.printing && self.fifo.get().is_none() {
            let _one = lock(&self.making);
            if self.fifo.get().is_none() {
                let size = self.fifo_size.load(Ordering::Relaxed);
                let block = Self::zeroed(context, size)?;
                Self::word(environment, at::CAPACITY).store(size, Ordering::Relaxed);
                Self::word(environment, at::FIFO).store(block.va, Ordering::Release);
                self.fifo.get_or_init(|| block);
            }
        }
        Ok(environment.va)
    }

    /// The ring, if any kernel may have written to it.
    pub(super) fn ring(&self) -> Option<Ring<'_>> {
        let (environment, fifo) = (self.environment.get()?, self.fifo.get()?);
        Some(Ring {
            va: fifo.va,
            capacity: fifo.size,
            written: Self::word(environment, at::WRITTEN),
            taken: Self::word(environment, at::TAKEN),
        })
    }

    /// How many threads have failed an assertion.
    pub fn failed_assertions(&self) -> u32 {
        self.environment.get().map_or(0, |e| Self::word(e, at::ASSERTS).load(Ordering::Acquire) as u32)
    }
}

/// Makes a heap of `size` bytes; gives the address of its header.
fn make_heap(context: &Arc<Context>, size: u64) -> Result<u64> {
    let pages = u32::try_from(size.div_ceil(PAGE)).ok().filter(|n| *n < 1 << 28);
    let pages = pages.ok_or_else(|| Error::new(Code::OUT_OF_MEMORY, format!("a heap of {size} bytes has too many pages")))?;
    let states = HEADER;
    let used = (states + STATE * u64::from(pages)).next_multiple_of(8);
    let base = (used + USED * u64::from(pages)).next_multiple_of(PAGE);
    let block = context.device.vram.take(base + PAGE * u64::from(pages), PAGE)?;
    // All pages are free and nothing is used: zeros. `struct Heap`: lock, pages, and three addresses.
    let mut start = vec![0; base as usize];
    start[4..8].copy_from_slice(&pages.to_le_bytes());
    for (i, offset) in [states, used, base].into_iter().enumerate() {
        start[8 + 8 * i..][..8].copy_from_slice(&(block.va + offset).to_le_bytes());
    }
    copy::upload(context, &block, &start)?;
    // Known as an allocation, so that messages about addresses and copies of what is in it work; goes with the context.
    Ok(allocations::add(Allocation::from(Origin::Module, block, false, context)))
}

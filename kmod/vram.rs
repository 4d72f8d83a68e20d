// SPDX-License-Identifier: GPL-2.0

//! Device memory: who has which bytes of it.
//!
//! A *span* is an allocation: a list of *blocks*, each contiguous, a power of two of pages long and
//! aligned to its size. The allocator is the kernel's buddy allocator for GPUs. Buffer objects are
//! allocated from below and page tables from above, so that single pages do not break up the
//! large blocks that large pages need. Spans outlive the binding of the driver where a client
//! still holds them; they are bookkeeping only and touch no hardware.
//!
//! *Usage* counts bytes in buffer objects, for the device as a whole and for each client.

use kernel::{
    gpu::buddy::{
        AllocatedBlocks, GpuBuddy, GpuBuddyAllocFlags, GpuBuddyAllocMode, GpuBuddyParams,
    },
    prelude::*,
    ptr::Alignment,
    sizes::SZ_4K,
    sync::{
        atomic::{Atomic, Relaxed},
        Arc,
    },
};

/// Bytes in buffer objects.
pub(crate) struct Usage {
    vram: Atomic<u64>,
    system: Atomic<u64>,
}

impl Usage {
    pub(crate) const fn new() -> Self {
        Self {
            vram: Atomic::new(0),
            system: Atomic::new(0),
        }
    }

    /// Bytes of device memory.
    pub(crate) fn vram(&self) -> u64 {
        self.vram.load(Relaxed)
    }

    /// Bytes of system memory.
    pub(crate) fn system(&self) -> u64 {
        self.system.load(Relaxed)
    }
}

/// The part of one buffer object in the usage of its device and of the client that created it.
/// Dropping it takes it away again.
pub(crate) struct Charge {
    device: Arc<Usage>,
    client: Arc<Usage>,
    vram: u64,
    system: u64,
}

impl Charge {
    /// Charges `vram` and `system` bytes. ENOMEM: the device as a whole would have more than
    /// `system_limit` bytes of system memory.
    pub(crate) fn new(
        device: &Arc<Usage>,
        client: &Arc<Usage>,
        vram: u64,
        system: u64,
        system_limit: u64,
    ) -> Result<Self> {
        let charge = Self {
            device: device.clone(),
            client: client.clone(),
            vram,
            system,
        };
        for usage in [device, client] {
            usage.vram.fetch_add(vram, Relaxed);
            usage.system.fetch_add(system, Relaxed);
        }
        if system != 0 && device.system() > system_limit {
            return Err(ENOMEM);
        }
        Ok(charge)
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        for usage in [&self.device, &self.client] {
            usage.vram.fetch_sub(self.vram, Relaxed);
            usage.system.fetch_sub(self.system, Relaxed);
        }
    }
}

/// The device memory of one device.
pub(crate) struct Vram {
    buddy: GpuBuddy,
    reserved: Arc<Atomic<u64>>,
}

impl Vram {
    /// Manages `size` bytes, a multiple of pages, all free.
    pub(crate) fn new(size: u64) -> Result<Self> {
        Ok(Self {
            buddy: GpuBuddy::new(GpuBuddyParams {
                base_offset: 0,
                size,
                chunk_size: Alignment::new::<SZ_4K>(),
            })?,
            reserved: Arc::new(Atomic::new(0), GFP_KERNEL)?,
        })
    }

    /// All bytes.
    pub(crate) fn size(&self) -> u64 {
        self.buddy.size()
    }

    /// Bytes in pages of the driver's own.
    pub(crate) fn reserved(&self) -> u64 {
        self.reserved.load(Relaxed)
    }

    fn allocate(&self, mode: GpuBuddyAllocMode, size: u64) -> Result<Pin<KBox<AllocatedBlocks>>> {
        if size == 0 || size > self.size() {
            return Err(ENOMEM);
        }
        let blocks = self.buddy.alloc_blocks(
            mode,
            size,
            Alignment::new::<SZ_4K>(),
            GpuBuddyAllocFlags::default(),
        );
        // The allocator says ENOSPC; to a client the device is out of memory.
        KBox::pin_init(blocks, GFP_KERNEL).map_err(|_| ENOMEM)
    }

    /// Memory for a buffer object of `size` bytes, with whatever contents it had. ENOMEM.
    pub(crate) fn span(&self, size: u64) -> Result<Span> {
        Ok(Span {
            blocks: self.allocate(GpuBuddyAllocMode::Simple, size)?,
        })
    }

    /// One page for the driver's own use, with whatever contents it had. ENOMEM.
    pub(crate) fn page(&self) -> Result<Page> {
        let blocks = self.allocate(GpuBuddyAllocMode::TopDown, SZ_4K as u64)?;
        let offset = blocks.iter().next().ok_or(ENOMEM)?.offset();
        self.reserved.fetch_add(SZ_4K as u64, Relaxed);
        Ok(Page {
            offset,
            reserved: self.reserved.clone(),
            _blocks: blocks,
        })
    }
}

/// Memory of a buffer object.
pub(crate) struct Span {
    blocks: Pin<KBox<AllocatedBlocks>>,
}

// SAFETY: The list of blocks is not tied to a thread, and freeing it takes the allocator's lock.
unsafe impl Send for Span {}
// SAFETY: Shared references only read the list, which does not change.
unsafe impl Sync for Span {}

impl Span {
    /// Offset in VRAM and size of each block.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.blocks.iter().map(|b| (b.offset(), b.size()))
    }
}

/// A page of the driver's own.
pub(crate) struct Page {
    offset: u64,
    reserved: Arc<Atomic<u64>>,
    _blocks: Pin<KBox<AllocatedBlocks>>,
}

// SAFETY: As for `Span`.
unsafe impl Send for Page {}
// SAFETY: As for `Span`.
unsafe impl Sync for Page {}

impl Page {
    /// Offset in VRAM.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.reserved.fetch_sub(SZ_4K as u64, Relaxed);
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! PCI identity, BARs and interrupt vectors.

/// Vendor id.
pub const VENDOR_ID: u16 = 0x1234;
/// Device id ("ix").
pub const DEVICE_ID: u16 = 0x6978;
/// Class code: processing accelerator.
pub const CLASS: u32 = 0x12_0000;
/// Revision id of this contract.
pub const REVISION: u8 = 1;

/// BAR 0: the register page range, then the doorbell pages. 64-bit, not prefetchable.
pub const BAR_REGS: u32 = 0;
/// BAR 2: device memory, whole. 64-bit, prefetchable, memory-mapped.
pub const BAR_VRAM: u32 = 2;
/// BAR 4: MSI-X table and pending bits.
pub const BAR_MSIX: u32 = 4;

/// Size of BAR 0 in bytes.
pub const BAR_REGS_SIZE: u64 = 0x20_0000;
/// Bytes of BAR 0 that are trapped registers (about 28 us an access under QEMU).
pub const REGS_SIZE: u64 = 0x1_0000;
/// Offset in BAR 0 of doorbell page 0. From here to [`DOORBELL_END`] it is plain mapped memory.
pub const DOORBELL_OFFSET: u64 = REGS_SIZE;
/// Size of a doorbell page.
pub const DOORBELL_PAGE_SIZE: u64 = 0x1000;
/// Number of doorbell pages, page 0 (the driver's own) included.
pub const DOORBELL_PAGES: u32 = 256;
/// Offset in BAR 0 of the first byte after the doorbell pages.
pub const DOORBELL_END: u64 = DOORBELL_OFFSET + DOORBELL_PAGE_SIZE * DOORBELL_PAGES as u64;

/// Number of MSI-X vectors.
pub const IRQ_VECTORS: u32 = 2;
/// Vector for faults and completed admin packets: read [`super::regs::INTR_STATUS`].
pub const IRQ_EVENT: u32 = 0;
/// Vector for SIGNAL packets: nothing to read, whoever waits looks at its memory. When the
/// driver enabled one vector only, signals use [`IRQ_EVENT`].
pub const IRQ_FENCE: u32 = 1;

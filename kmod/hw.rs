// SPDX-License-Identifier: GPL-2.0

//! The hardware contract: the very files of the ix-hw crate, compiled here.
//!
//! Registers, doorbell pages, packets, page-table entries and fault records are declared there
//! once for driver, device and runtime; this module only names the files that the driver needs.

// The driver uses a part of what the contract declares, and its items are public because they are
// a crate's elsewhere.
#![allow(dead_code, unreachable_pub)]

#[macro_use]
#[path = "../hw/src/layout.rs"]
pub(crate) mod layout;
#[path = "../hw/src/doorbell.rs"]
pub(crate) mod doorbell;
#[path = "../hw/src/fault.rs"]
pub(crate) mod fault;
#[path = "../hw/src/mmu.rs"]
pub(crate) mod mmu;
#[path = "../hw/src/packet.rs"]
pub(crate) mod packet;
#[path = "../hw/src/pci.rs"]
pub(crate) mod pci;
#[path = "../hw/src/regs.rs"]
pub(crate) mod regs;

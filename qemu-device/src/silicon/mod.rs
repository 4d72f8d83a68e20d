// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The chip.

pub mod bytes;
pub mod memory;
pub mod mmu;

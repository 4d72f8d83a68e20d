// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The chip.
//!
//! A [`Chip`] is what the bus sees: registers, mapped memory, interrupts. Behind it work threads of
//! their own: the admin unit carries out the driver's packets (address spaces, queues), the command
//! processor those of user queues, and both leave long work to copy engines and SMs. They meet in
//! memory and in [`shared`], never by waiting for one another, and the thread of the bus waits for
//! none of them longer than it takes to stop something.
//!
//! From the outside in:
//! - [`chip`], [`regs`]: the face to the bus, and reset.
//! - [`profile`]: what a particular chip of the family is.
//! - [`admin`]: the admin ring.
//! - [`command`], [`queue`]: user queues and their packets.
//! - [`dispatch`], [`kernel`], [`code`], [`sm`]: from a DISPATCH packet to blocks on the SMs.
//! - [`copy`]: copy engines.
//! - [`mmu`], [`memory`]: address spaces and physical memory.
//! - [`doorbell`], [`event`]: what the chip shares with clients, and tells the driver.
//! - [`sensors`], [`time`]: what monitoring shows.
//! - [`bytes`]: the contract's structures.

pub mod admin;
pub mod bytes;
pub mod chip;
pub mod code;
pub mod command;
pub mod copy;
pub mod dispatch;
pub mod doorbell;
pub mod event;
pub mod kernel;
pub mod memory;
pub mod mmu;
pub mod profile;
pub mod queue;
pub mod regs;
pub mod sensors;
pub mod shared;
pub mod sm;
pub mod time;

pub use chip::{Chip, Options};
pub use profile::Profile;

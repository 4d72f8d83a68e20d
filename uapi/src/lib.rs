// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The user ABI of ix.ko for user space, and nothing above it.
//!
//! [`abi`] has the types and numbers of `ix_drm.h`; it is generated from that header, and so is
//! `docs/uapi.md`. [`nodes`] finds the *render nodes* that the driver serves, [`Device`] is an
//! open one with a method for each ioctl, and [`Mapping`] is memory of the device that the process
//! has mapped. What to put into rings, doorbell pages and dispatch descriptors is the business of
//! the caller (the hardware contract, crate `ix-hw`); this crate does not know it.
//!
//! Handles and ids are the plain numbers that the kernel gives. They live as long as the open
//! file: who drops the [`Device`] frees them all.

pub mod abi;
#[cfg(test)]
mod abi_test;
mod device;
mod error;
mod ioctl;
mod mapping;
pub mod nodes;

pub use device::{BindOutcome, Bo, Device, DriverVersion, Queue, QueueConfig, WaitOutcome, PAGE_SIZE};
pub use error::Error;
pub use mapping::Mapping;
pub use nodes::{render_nodes, RenderNode};

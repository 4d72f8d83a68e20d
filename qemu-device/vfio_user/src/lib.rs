// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The vfio-user bus: wire format, server and client. Knows nothing of the silicon.
//!
//! vfio-user carries a PCI device over a UNIX socket. The *client* (a virtual machine monitor such
//! as QEMU, or a user-space driver) sends commands: read and write *regions* (the BARs and the
//! configuration space), set up *interrupts* (event file descriptors that the device signals) and
//! announce *DMA ranges* (client memory, as file descriptors that the device maps). The *server*
//! is the device. Memory that both may touch (a region's mapped areas, DMA ranges) travels as file
//! descriptors, so that after set-up no message is needed on a hot path.
//!
//! - [`proto`]: the messages, byte for byte.
//! - [`transport`]: one message with its file descriptors to or from a socket.
//! - [`memory`], [`event`]: shared mappings and event file descriptors.
//! - [`pci`]: a builder for a configuration space.
//! - [`irq`], [`dma`]: the server's view of interrupts and client memory.
//! - [`server`]: serves a [`server::Device`] to one client at a time.
//! - [`client`]: the driver's side.

pub mod client;
pub mod dma;
mod error;
pub mod event;
pub mod irq;
pub mod memory;
pub mod pci;
pub mod proto;
pub mod server;
pub mod transport;

pub use error::{Errno, Error};

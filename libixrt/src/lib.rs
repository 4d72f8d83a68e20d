// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The IX runtime: CUDA-driver semantics over the kernel driver or straight on the silicon.
//!
//! From the call to the hardware:
//!
//! - [`safe`]: for Rust programs, over
//! - [`api`]: the C functions, one table; each finds the objects that its handles name and calls
//! - [`launch`] and [`copy`] (by way of [`staging`]), which write packets into a [`stream`]'s ring,
//! - whose completion is a [`timeline`]; [`event`]s are points on it, and a [`context`] owns them;
//! - [`host`]: functions of the program in a stream's order;
//! - [`graph`]: work that is described first and run later, also by [`capture`] of a stream;
//! - [`module`]: PTX compiled (or found in the [`cache`]) and placed, also from a [`fat_binary`] or as a [`library`] for all
//!   contexts; [`occupancy`]: how many of its blocks the device holds;
//! - [`device_runtime`]: what kernels call and no module defines, such as printf, and [`linker`]: modules made of several;
//! - [`trace`]: the calls, and what the device did, written down if somebody asks;
//! - [`fault`]: what went wrong, in words; [`logs`] and [`coredump`]: who else is told;
//! - [`memory`]: heaps and cells at addresses from [`va`]; [`managed`] memory, [`registered`] memory,
//!   [`pool`]s, [`mod@array`]s, and addresses and memory apart: [`vmm`];
//! - [`backend`]: buffer objects, bindings and queues of a device, by the kernel driver or by
//!   driving the silicon from this process.

pub mod api;
pub mod array;
pub mod backend;
mod cache;
pub mod capture;
pub mod context;
pub mod copy;
pub mod coredump;
pub mod device;
pub mod device_runtime;
pub mod doorbell;
pub mod error;
pub mod event;
pub mod fat_binary;
pub mod fault;
pub mod graph;
pub mod handle;
pub mod host;
pub mod launch;
pub mod library;
pub mod linker;
pub mod logs;
pub mod managed;
pub mod memory;
pub mod module;
pub mod occupancy;
pub mod packets;
pub mod pool;
pub mod ranges;
pub mod registered;
pub mod safe;
pub mod staging;
pub mod stream;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod trace;
pub mod va;
pub mod vmm;

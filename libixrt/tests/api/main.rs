// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The interface as programs see it, on whatever backend `IXRT_BACKEND` names.
//!
//! Where there is no kernel driver, `ix-device` must have been built (`cargo build -p ix-device`).
//!
//! Every test asserts what the functions return for right and wrong use. They run on one device in
//! one process, each in contexts of its own.

mod capture;
mod common;
mod contexts;
mod cuda;
mod device_runtime;
mod devices;
mod faults;
mod functions;
mod graph_nodes;
mod graphs;
mod hammer;
mod host_functions;
mod launches;
mod linker;
mod mem_ops;
mod memory;
mod safe;
mod spaces;
mod streams;
mod stress;
mod trace;

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The chip without a virtual machine: a small driver works it through registers, doorbells and
//! rings.

mod admin;
mod bus;
mod driver;
mod faults;
mod fuzz;
mod kernels;
mod packets;

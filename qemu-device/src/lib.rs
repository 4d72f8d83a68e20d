// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The IX silicon as a PCIe device over vfio-user: command processors, copy engines, MMU, SMs. Never sees PTX.

pub mod engine;
pub mod silicon;

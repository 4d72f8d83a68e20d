// SPDX-License-Identifier: Apache-2.0 OR MIT
//! From the intermediate representation to what a device runs.

pub mod ix;

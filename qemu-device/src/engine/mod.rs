// SPDX-License-Identifier: Apache-2.0 OR MIT
//! How an SM executes.
//!
//! - [`guard`]: accesses to GPU memory that end in an error value instead of a signal.

pub mod guard;

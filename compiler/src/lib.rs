// SPDX-License-Identifier: Apache-2.0 OR MIT
//! PTX to IX machine code.
//!
//! A *module* is one PTX text. `compile` turns it into a [`Module`]: one block of machine code
//! for all functions, the *global image* (the module's `.global` and `.const` variables), and
//! *relocations* for what is known only when the runtime has placed both in an address space.
//! The crate knows the hardware contract only.

pub mod error;
pub mod module;
pub mod ptx;

pub use module::{Function, Kernel, Module, Param, Relocation, Section, Symbol, Target};

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The IX hardware contract, and nothing else.
//!
//! Everything that driver, runtime, compiler and silicon must agree on is written here once:
//! PCI identity ([`pci`]), registers ([`regs`]), doorbell pages ([`doorbell`]), packets
//! ([`packet`]), dispatch descriptors ([`dispatch`]), page tables and the address map ([`mmu`]),
//! fault records ([`fault`]) and the instruction set ([`isa`]). Each is a table that also carries
//! its documentation: constants, (dis)assembler, decoder, the reference in `docs/hardware.md` and
//! the grammars of the fuzzers are derived from it.
//!
//! The crate is `no_std` without dependencies. The kernel build compiles the files of the modules
//! other than [`isa`] as they are, so they refer to one another by `super::` only and use no
//! feature newer than Rust 1.85.
#![no_std]
#![forbid(unsafe_code)]

#[macro_use]
pub mod layout;
pub mod dispatch;
pub mod doorbell;
pub mod fault;
pub mod isa;
pub mod mmu;
pub mod packet;
pub mod pci;
pub mod regs;

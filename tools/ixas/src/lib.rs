// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Assembler and disassembler for IX machine code.
//!
//! The text of a single instruction is the hardware contract's ([`ix_hw::isa::text`]). This crate
//! adds what a program has around it: labels, directives, comments and errors with a place.
//! [`assemble()`] makes a [`Program`] of text, [`disassemble()`] makes text of code, and for any bytes
//! at all `assemble(disassemble(bytes))` gives the same bytes. Neither knows PTX or the runtime.
//!
//! ```text
//! // comment, to the end of the line
//! .entry name            a kernel starts here; its name is also a label
//! label:                 alone, or before a statement on the same line
//!     add.u32 v0, v1, 5  an instruction
//!     bra_m.any m3, label   branches and calls take a label, or a distance in bytes
//!     .u64 0x10, label   data in the code: .byte .u16 .u32 .u64 (a label is its byte offset)
//!     .align 16          zeros up to a multiple
//!     .line 12 "file"    what follows comes from this line (of the file named last)
//! ```

mod assemble;
mod disassemble;
mod error;
mod module;
mod program;
mod sources;

pub use assemble::assemble;
pub use disassemble::{disassemble, Listing};
pub use error::{Error, Errors};
pub use program::{Line, Program, Symbol};
pub use sources::Sources;

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Assembler (ixas) and disassembler (ixdis) for IX machine code.

fn main() {}

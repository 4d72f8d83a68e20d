// SPDX-License-Identifier: Apache-2.0 OR MIT
//! From the intermediate representation to IX machine code.
//!
//! | file | subject |
//! |---|---|
//! | `legalize` | operands that the encoding can carry |
//! | `web` | joins become copies; live ranges |
//! | `range` | a web's live range while it grows |
//! | `linearize` | the threads' control flow becomes the warp's, with lane masks |
//! | `regalloc` | registers |
//! | `emit` | instructions with registers, spills, branch distances, bytes |
//!
//! Two notions of time meet here. A vector register is written in active lanes only, so each lane sees its own
//! registers change exactly as its own control flow says, whatever other lanes do in between: their live ranges are
//! those of the threads' graph. Scalar and mask registers are one for the warp, so theirs are those of the order in
//! which the warp runs the blocks.

pub mod emit;
pub mod legalize;
pub mod linearize;
mod range;
pub mod regalloc;
pub mod web;

use crate::error::Error;
use crate::ir::cfg::Loops;
use crate::ir::Func;
use crate::passes::{Holds, Watch};
use crate::Level;

/// Machine code of one function.
#[derive(Debug, Clone, Default)]
pub struct Code {
    /// Instructions, 16 bytes each.
    pub bytes: Vec<u8>,
    /// Offsets of `mov.b64` immediates with the index of their address in [`Func::addrs`].
    pub relocations: Vec<(u32, u32)>,
    /// Offset, and index in [`Func::locs`], where it changes.
    pub lines: Vec<(u32, u32)>,
    /// Vector registers used.
    pub vregs: u16,
    /// Scalar registers used.
    pub sregs: u16,
    /// Bytes of local memory, spills included; those of functions that it calls are not.
    pub local_bytes: u32,
    /// Whether it calls functions.
    pub has_calls: bool,
    /// Calls by name: index of the instruction and number of the function.
    pub calls: Vec<(u32, u32)>,
}

/// Machine code of a function in SSA whose values have banks and whose blocks are in order.
pub fn compile(mut func: Func, loops: &Loops, level: Level, watch: &mut Watch<'_>) -> Result<Code, Error> {
    legalize::run(&mut func, loops, level > Level::O0);
    watch.after("legalize", &func, Holds::Ssa)?;
    let mut webs = web::run(&mut func, loops);
    watch.after("web", &func, Holds::Nothing)?;
    let program = linearize::run(&mut func, loops, &mut webs)?;
    watch.after("linearize", &func, Holds::Nothing)?;
    let assignment = regalloc::run(&func, loops, &program, &webs);
    watch.check("regalloc", &func, |func| regalloc::check(func, &webs, &assignment))?;
    emit::run(&func, &program, &assignment)
}

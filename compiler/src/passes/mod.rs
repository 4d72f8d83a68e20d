// SPDX-License-Identifier: Apache-2.0 OR MIT
//! From the syntax tree to machine-ready intermediate representation: see [`crate::compile`] for the list.
//!
//! | file | subject |
//! |---|---|
//! | `lower` | from the syntax tree to instructions on variables |
//! | `promote` | variables of local memory become values |
//! | `rotate` | loops that test first become loops that test last |
//! | `ssa` | one definition for each value |
//! | `dce` | what nobody needs goes |
//! | `simplify`, `fold`, `algebra` | constants, copies, cheaper instructions, displacements |
//! | `gvn` | common subexpressions, redundant loads |
//! | `ifconvert` | short arms of divergent branches become straight code |
//! | `reassociate` | sums of what is the same in every iteration |
//! | `licm` | what is the same in every iteration leaves the loop |
//! | `fuse` | products that are added become one instruction |
//! | `vectorize` | neighbouring words are accessed in pairs |
//! | `uniform` | which values are the same in all lanes, and so the banks |
//!
//! What instructions do besides computing, which decides what may be dropped, moved or joined, is in [`crate::ir::effects`].

pub mod algebra;
pub mod dce;
pub mod fold;
pub mod fuse;
pub mod gvn;
pub mod ifconvert;
pub mod licm;
pub mod lower;
pub mod promote;
pub mod reassociate;
pub mod rotate;
pub mod simplify;
pub mod ssa;
#[cfg(test)]
mod testing;
pub mod uniform;
pub mod vectorize;

use crate::error::{Error, ErrorKind};
use crate::ir::cfg;
use crate::ir::{verify, Func};

/// Puts the blocks in order and gives loops their preheaders.
pub fn normalize(func: &mut Func) {
    cfg::normalize(func);
}

/// Drops unreachable blocks and puts the others in order again.
pub fn order(func: &mut Func) {
    cfg::order(func);
}

/// The optional passes, in SSA.
pub fn optimise(func: &mut Func, watch: &mut Watch<'_>) -> Result<(), Error> {
    dce::run(func);
    watch.after("dce", func, Holds::Ssa)?;
    simplify::run(func);
    watch.after("simplify", func, Holds::Ssa)?;
    gvn::run(func);
    watch.after("gvn", func, Holds::Ssa)?;
    ifconvert::run(func);
    watch.after("ifconvert", func, Holds::Ssa)?;
    simplify::run(func);
    watch.after("simplify", func, Holds::Ssa)?;
    gvn::run(func);
    watch.after("gvn", func, Holds::Ssa)?;
    reassociate::run(func);
    watch.after("reassociate", func, Holds::Ssa)?;
    licm::run(func);
    watch.after("licm", func, Holds::Ssa)?;
    fuse::run(func);
    watch.after("fuse", func, Holds::Ssa)?;
    dce::run(func);
    watch.after("dce", func, Holds::Ssa)?;
    vectorize::run(func);
    watch.after("vectorize", func, Holds::Ssa)
}

/// What must hold of a function after a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Nothing that is checked.
    Nothing,
    /// The blocks form a graph.
    Shape,
    /// That, and SSA form.
    Ssa,
    /// That, and values are in the banks that their uses take.
    Banks,
}

/// Looks on while a function is compiled.
pub struct Watch<'o> {
    /// Whether to check what must hold.
    pub verify: bool,
    /// Is shown the function after each pass, with the pass's name.
    pub observer: &'o mut dyn FnMut(&'static str, &Func),
}

impl Watch<'_> {
    /// Shows what `pass` left, and checks it.
    pub fn after(&mut self, pass: &'static str, func: &Func, holds: Holds) -> Result<(), Error> {
        (self.observer)(pass, func);
        self.check(pass, func, |func| match holds {
            Holds::Nothing => Ok(()),
            Holds::Shape => verify::shape(func),
            Holds::Ssa => verify::ssa(func),
            Holds::Banks => verify::banks(func),
        })
    }

    /// Makes what is wrong after `pass` an internal error.
    pub fn check(&self, pass: &str, func: &Func, check: impl FnOnce(&Func) -> Result<(), String>) -> Result<(), Error> {
        if !self.verify {
            return Ok(());
        }
        check(func).map_err(|e| Error::new(ErrorKind::Internal, format!("after {pass}: {e}\n{func}")))
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The threads' control flow becomes the warp's.
//!
//! The warp runs the blocks in their order, always with `exec` not empty. A lane is either in `exec` or *pending*: its
//! bit is in the mask of the block that it waits to enter. A divergent branch puts lanes into the masks of its targets;
//! then the warp goes on to the first block in the order that may have lanes pending, where it *gathers* them:
//! `exec` = mask. Edges back to the head of a loop count as behind all blocks of the loop, but before what follows it;
//! so lanes of a loop wait for each other before they go around again, and whatever lies behind a loop waits until the
//! last lane has left it. This holds for any graph, since all edges back in a weak topological order go to heads.
//!
//! For every block the set of blocks that may have lanes pending when it runs is known (file `plan`). So masks
//! are only kept where lanes may wait, and a uniform branch where nobody waits is a plain scalar branch.
//!
//! A *promise*: all lanes of a divergent branch that do not end come to its immediate postdominator. They are put in
//! its mask at the branch already (or before the loop that the branch is in), so that on their way they just drop out of
//! `exec`. This makes the common shapes short: the mask of a loop's exit is written once, before the loop.
//!
//! Lanes that branch to a block that only ends the thread end at once.
//!
//! A lane that spins until another lane of its warp goes on behind the loop waits forever: the other one waits for the
//! loop to be left.

mod code;
mod plan;

use super::web::Webs;
use crate::error::Error;
use crate::ir::cfg::Loops;
use crate::ir::{BlockId, Func, Inst, Term, Val};

/// A place in the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Label {
    /// The block, with `exec` as it is to be.
    Body(BlockId),
    /// Where the block's pending lanes are gathered.
    Gather(BlockId),
    /// Somewhere at the end of a block.
    Stub(u32),
}

/// A piece of code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Item {
    /// A label.
    Label(Label),
    /// An instruction; a result that is absent in a mask instruction is `exec`.
    Inst(Inst),
    /// A jump.
    Jump(Label),
    /// The return to the caller.
    Ret,
    /// A jump if `exec` is empty, or (not `none`) if it is not.
    Exec {
        /// Whether to jump if it is empty.
        none: bool,
        /// Where to.
        to: Label,
    },
    /// A jump by a scalar predicate.
    Scalar {
        /// The predicate.
        cond: Val,
        /// Whether to jump if it is false.
        zero: bool,
        /// Where to.
        to: Label,
    },
}

/// The whole function in the order of the warp.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The code.
    pub items: Vec<Item>,
}

/// Runs the pass; the masks' live ranges go into `webs`.
pub fn run(func: &mut Func, loops: &Loops, webs: &mut Webs) -> Result<Program, Error> {
    let live = thread_empty_blocks(func, loops, webs);
    let mut plan = plan::Plan::new(func, loops, webs, live);
    plan.solve()?;
    plan.find_cleared();
    let (program, masks) = code::run(&plan, func, webs);
    func.vals.extend(masks);
    Ok(program)
}

/// Lets branches to blocks without contents go where those go; gives the blocks that remain.
fn thread_empty_blocks(func: &mut Func, loops: &Loops, webs: &Webs) -> Vec<bool> {
    let n = func.blocks.len();
    let mut forward: Vec<BlockId> = func.block_ids().collect();
    for b in func.block_ids().skip(1) {
        let block = func.block(b);
        let Term::Jump(to) = block.term else { continue };
        // Edges back must still go to heads, and promises are made in preheaders.
        let preheader = loops.headed_by(to).is_some() && b < to;
        let head = loops.headed_by(b).is_some();
        if !head && block.insts.is_empty() && webs.copies[b.index()].is_empty() && !preheader && to != b {
            forward[b.index()] = to;
        }
    }
    let resolve = |mut b: BlockId| {
        // An endless loop of empty blocks is left as it is.
        for _ in 0..64 {
            match forward[b.index()] {
                next if next == b => break,
                next => b = next,
            }
        }
        b
    };
    for b in 0..n {
        let block = &mut func.blocks[b];
        block.term.for_each_succ_mut(|s| *s = resolve(*s));
        if let Term::Branch { then, els, .. } = block.term {
            if then == els {
                block.term = Term::Jump(then);
            }
        }
    }
    let mut live = vec![false; n];
    let mut work = vec![Func::ENTRY];
    live[0] = true;
    while let Some(b) = work.pop() {
        for s in func.block(b).term.succs() {
            if !std::mem::replace(&mut live[s.index()], true) {
                work.push(s);
            }
        }
    }
    live
}

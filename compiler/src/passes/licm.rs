// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Takes what is the same in every iteration out of loops.
//!
//! An instruction of a loop all of whose operands are defined outside moves to the end of the loop's *preheader*, the
//! one block outside that jumps to the head, and to nothing else. All lanes of the preheader enter the loop, so they
//! all have the value.
//! - What only computes moves from anywhere in the loop.
//! - A weak load moves from the head only, where it is sure to run, and only if nothing in the loop may change memory.
//! - Nothing else moves: neither what may fault or has effects, nor what depends on the lanes that run it together.
//!
//! Loops are taken from the innermost out, so that an instruction goes out as far as it can. What has moved occupies a
//! register throughout the loop; so there is a limit for each loop.
//!
//! Before and after: SSA; blocks in order.

use crate::ir::cfg::{self, predecessors, Loop, Loops};
use crate::ir::effects::{Effects, Spaces};
use crate::ir::{BlockId, Func, Inst, Term};
use ix_hw::isa::{mods, Op};

/// Values that may leave a loop, and predicates among them: there are 31 mask registers.
const MAX_VALUES: u32 = 48;
const MAX_PREDICATES: u32 = 6;

/// Runs the pass.
pub fn run(func: &mut Func) {
    let loops = cfg::order(func);
    if loops.loops.is_empty() {
        return;
    }
    let preds = predecessors(func);
    let mut def_block = vec![Func::ENTRY; func.vals.len()];
    for b in func.block_ids() {
        let block = func.block(b);
        block.phis.iter().for_each(|phi| def_block[phi.dst.index()] = b);
        block.insts.iter().flat_map(|i| i.defs()).for_each(|v| def_block[v.index()] = b);
    }
    let clobbers = clobbers(func, &loops);
    for (l, info) in loops.loops.iter().enumerate().rev() {
        let Some(preheader) = preheader(func, info, &preds[info.head.index()]) else { continue };
        let mut budget = Budget { values: MAX_VALUES, predicates: MAX_PREDICATES };
        let mut moved = vec![];
        for b in (info.head.0..=info.last.0).map(BlockId).filter(|b| loops.innermost[b.index()] == Some(l)) {
            let mut insts = std::mem::take(&mut func.block_mut(b).insts);
            insts.retain(|inst| {
                let mut invariant = true;
                inst.for_each_use(|v| invariant &= !info.contains(def_block[v.index()]));
                let may = invariant && (inst.is_speculable() || (b == info.head && steady_load(inst, clobbers[l])));
                if !may || !budget.take(func, inst) {
                    return true;
                }
                inst.defs().for_each(|v| def_block[v.index()] = preheader);
                moved.push(*inst);
                false
            });
            func.block_mut(b).insts = insts;
        }
        func.block_mut(preheader).insts.extend(moved);
    }
}

/// What is left of the limits of a loop.
struct Budget {
    values: u32,
    predicates: u32,
}

impl Budget {
    /// Takes what the instruction needs, if it is there.
    fn take(&mut self, func: &Func, inst: &Inst) -> bool {
        let predicates = inst.defs().filter(|v| func.vals[v.index()].pred).count() as u32;
        let values = inst.defs().count() as u32;
        let enough = values > 0 && values <= self.values && predicates <= self.predicates;
        if enough {
            self.values -= values;
            self.predicates -= predicates;
        }
        enough
    }
}

/// The block outside from which alone control comes, and which goes nowhere else.
pub fn preheader(func: &Func, info: &Loop, preds: &[BlockId]) -> Option<BlockId> {
    let mut outside = preds.iter().filter(|p| !info.contains(**p));
    let (&one, None) = (outside.next()?, outside.next()) else { return None };
    (!info.irreducible && matches!(func.block(one).term, Term::Jump(_))).then_some(one)
}

/// Parts of memory that each loop may change.
fn clobbers(func: &Func, loops: &Loops) -> Vec<Spaces> {
    let mut of_loop = vec![Spaces::NONE; loops.loops.len()];
    for b in func.block_ids() {
        let Some(l) = loops.innermost[b.index()] else { continue };
        of_loop[l] = func.block(b).insts.iter().fold(of_loop[l], |all, inst| all.and(inst.clobbers()));
    }
    // Inner loops come behind those around them.
    for l in (0..of_loop.len()).rev() {
        if let Some(parent) = loops.loops[l].parent {
            of_loop[parent] = of_loop[parent].and(of_loop[l]);
        }
    }
    of_loop
}

/// A load that gives the same in every iteration of a loop that changes these parts of memory.
fn steady_load(inst: &Inst, changed: Spaces) -> bool {
    inst.op == Op::Ld
        && inst.guard.is_none()
        && inst.effects() == Effects::READS.and(Effects::FAULTS)
        && !Spaces::of(inst.mods.get(&mods::SPACE)).any(changed)
}

#[cfg(test)]
mod tests {
    use crate::ir::cfg;
    use crate::passes::testing::after;
    use ix_hw::isa::Op;

    /// Instructions of this operation in loops and outside.
    fn places(body: &str, op: Op) -> (usize, usize) {
        let mut func = after("licm", body);
        let loops = cfg::order(&mut func);
        let mut counts = (0, 0);
        for b in func.block_ids() {
            let n = func.block(b).insts.iter().filter(|i| i.op == op && !(op == Op::Ld && i.is_pure())).count();
            match loops.innermost[b.index()] {
                Some(_) => counts.0 += n,
                None => counts.1 += n,
            }
        }
        counts
    }

    fn looped(inner: &str) -> String {
        format!(
            "mov.u32 %r3, 0; L: {inner} add.u32 %r3, %r3, 1; st.global.u32 [%b], %r9; setp.lt.u32 %p2, %r3, %r2; @%p2 bra L;
             st.shared.u32 [%r1], %r9;"
        )
    }

    #[test]
    fn invariant_arithmetic_leaves_all_loops() {
        assert_eq!(places(&looped("mul.hi.u32 %r8, %r1, %r2; xor.b32 %r9, %r8, %r3;"), Op::Mul), (0, 1));
        let nest = "mov.u32 %r3, 0; O: mov.u32 %r4, 0; I: mul.hi.u32 %r8, %r1, %r2; mul.hi.u32 %r7, %r1, %r3; add.u32 %r9, %r8, %r4;
            add.u32 %r9, %r9, %r7; st.global.u32 [%b], %r9; add.u32 %r4, %r4, 1; setp.lt.u32 %p2, %r4, %r2; @%p2 bra I;
            add.u32 %r3, %r3, 1; setp.lt.u32 %p3, %r3, %r2; @%p3 bra O;";
        assert_eq!(places(nest, Op::Mul), (1, 1));
    }

    #[test]
    fn what_depends_on_the_iteration_stays() {
        assert_eq!(places(&looped("mul.hi.u32 %r9, %r1, %r3;"), Op::Mul), (1, 0));
    }

    #[test]
    fn what_depends_on_the_lanes_stays() {
        assert_eq!(places(&looped("shfl.sync.bfly.b32 %r9, %r1, 1, 31, -1;"), Op::Shfl), (1, 0));
        assert_eq!(places(&looped("vote.sync.ballot.b32 %r9, %p1, -1;"), Op::Vote), (1, 0));
        let exec = places(&looped("activemask.b32 %r9;"), Op::Mov);
        assert_eq!(exec.0, 1);
    }

    #[test]
    fn loads_leave_only_if_memory_stays_the_same() {
        assert_eq!(places(&looped("ld.shared.u32 %r8, [%r1]; add.u32 %r9, %r8, %r3;"), Op::Ld), (0, 1));
        for inner in [
            "ld.global.u32 %r8, [%a]; add.u32 %r9, %r8, %r3;",
            "ld.shared.u32 %r8, [%r1]; bar.sync 0; add.u32 %r9, %r8, %r3;",
            "ld.volatile.shared.u32 %r8, [%r1]; add.u32 %r9, %r8, %r3;",
            "ld.u32 %r8, [%a]; add.u32 %r9, %r8, %r3;",
        ] {
            assert_eq!(places(&looped(inner), Op::Ld), (1, 0), "{inner}");
        }
    }

    #[test]
    fn a_load_under_a_condition_stays() {
        let inner = "mov.u32 %r8, 0; setp.gt.u32 %p3, %r3, %r1; @%p3 bra S; ld.shared.u32 %r8, [%r1]; bra S; S: add.u32 %r9, %r8, %r3;";
        let (inside, outside) = places(&looped(inner), Op::Ld);
        assert_eq!((inside, outside), (1, 0));
    }
}

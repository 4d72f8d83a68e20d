// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Loops that test first become loops that test last.
//!
//! A loop whose head ends in the test for leaving it costs two jumps an iteration: the test, and the jump back to the
//! head. So each block that jumps back gets a copy of the head instead, whose branch goes around again or leaves. The
//! head itself then runs once, before the loop. Nothing runs more or less often than before, nor in another order.
//!
//! Only short heads are copied, and none in which lanes do something together.
//!
//! Before: variables may have any number of definitions. After: the same.

use crate::ir::cfg::{self, predecessors};
use crate::ir::effects::Effects;
use crate::ir::{Func, Term};

/// Instructions of a head that is copied, and copies of it, at most.
const MAX_HEAD: usize = 8;
const MAX_COPIES: usize = 4;

/// Runs the pass.
pub fn run(func: &mut Func) {
    let loops = cfg::order(func);
    let preds = predecessors(func);
    for info in loops.loops.iter().filter(|l| !l.irreducible) {
        let head = func.block(info.head);
        let Term::Branch { then, els, .. } = head.term else { continue };
        let goes_on = if info.contains(then) { then } else { els };
        let leaves = info.contains(then) != info.contains(els);
        let together = Effects::CONVERGENT.and(Effects::STAYS);
        if !leaves || goes_on == info.head || head.insts.len() > MAX_HEAD || head.insts.iter().any(|i| i.effects().any(together)) {
            continue;
        }
        let back: Vec<_> = preds[info.head.index()].iter().copied().filter(|p| info.contains(*p)).collect();
        if back.len() > MAX_COPIES || back.iter().any(|p| !matches!(func.block(*p).term, Term::Jump(_))) {
            continue;
        }
        let (insts, term, loc) = (head.insts.clone(), head.term, head.loc);
        for p in back {
            let block = func.block_mut(p);
            block.insts.extend(&insts);
            block.term = term;
            block.loc = loc;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ir::cfg;
    use crate::passes::testing::after;

    /// Blocks in loops that hold instructions.
    fn blocks_in_loops(body: &str) -> usize {
        let mut func = after("dce", body);
        let loops = cfg::order(&mut func);
        func.block_ids().filter(|b| loops.innermost[b.index()].is_some() && !func.block(*b).insts.is_empty()).count()
    }

    #[test]
    fn a_loop_that_tests_first_is_one_block() {
        let body = "mov.u32 %r3, 0; L: setp.ge.u32 %p2, %r3, %r2; @%p2 bra E; st.global.u32 [%a], %r3; add.u32 %r3, %r3, 1; bra L; E:";
        assert_eq!(blocks_in_loops(body), 1);
    }

    #[test]
    fn a_barrier_in_the_head_is_not_copied() {
        let body =
            "mov.u32 %r3, 0; L: bar.sync 0; setp.ge.u32 %p2, %r3, %r2; @%p2 bra E; st.global.u32 [%a], %r3; add.u32 %r3, %r3, 1; bra L; E:";
        assert_eq!(blocks_in_loops(body), 2);
    }

    #[test]
    fn a_loop_that_tests_last_stays() {
        let body = "mov.u32 %r3, 0; L: st.global.u32 [%a], %r3; add.u32 %r3, %r3, 1; setp.lt.u32 %p2, %r3, %r2; @%p2 bra L;";
        assert_eq!(blocks_in_loops(body), 1);
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Puts together the summands that are the same in every iteration of a loop.
//!
//! In `(i + x) + y`, where only `i` changes in the loop, `x + y` can be computed before it (`licm` does so then): the sum
//! becomes `(x + y) + i`. Products are summands too: `mad(a, b, i) + y` becomes `mad(a, b, y) + i`. Addresses of arrays
//! are such sums. Integers wrap around, so the order does not matter; floats are left alone.
//!
//! The inner sum must be in the same loop and read by nothing else.
//!
//! Before and after: SSA; blocks in order.

use super::licm::preheader;
use crate::ir::cfg::{self, predecessors, Loop};
use crate::ir::defs::Defs;
use crate::ir::{BlockId, Func, Inst, Src, Val, ValInfo};
use ix_hw::isa::{mods, Mods, Op};

/// Runs the pass.
pub fn run(func: &mut Func) {
    let loops = cfg::order(func);
    if loops.loops.is_empty() {
        return;
    }
    let preds = predecessors(func);
    let mut table = Table::new(func);
    for (l, info) in loops.loops.iter().enumerate() {
        if preheader(func, info, &preds[info.head.index()]).is_none() {
            continue;
        }
        for b in (info.head.0..=info.last.0).map(BlockId).filter(|b| loops.innermost[b.index()] == Some(l)) {
            let insts = std::mem::take(&mut func.block_mut(b).insts);
            let mut out = Vec::with_capacity(insts.len());
            for mut inst in insts {
                if let Some(constant) = table.regroup(func, info, b, &mut inst) {
                    table.define(&constant, b);
                    out.push(constant);
                }
                table.define(&inst, b);
                out.push(inst);
            }
            func.block_mut(b).insts = out;
        }
    }
}

struct Table {
    block: Vec<BlockId>,
    uses: Vec<u32>,
    /// Sums, by their values.
    sums: Defs,
    /// Values that are made in a loop of what is the same in every iteration.
    steady: Vec<bool>,
}

impl Table {
    fn new(func: &Func) -> Table {
        let n = func.vals.len();
        let mut table = Table { block: vec![Func::ENTRY; n], uses: vec![0; n], sums: Defs::new(n), steady: vec![false; n] };
        for b in func.block_ids() {
            let block = func.block(b);
            block.phis.iter().for_each(|p| table.block[p.dst.index()] = b);
            for inst in &block.insts {
                inst.for_each_use(|v| table.uses[v.index()] += 1);
                inst.defs().for_each(|v| table.block[v.index()] = b);
            }
            for v in block.phis.iter().flat_map(|p| &p.args).filter_map(|a| a.1.val()).chain(block.term.cond().val()) {
                table.uses[v.index()] += 1;
            }
        }
        table
    }

    fn define(&mut self, inst: &Inst, b: BlockId) {
        for v in inst.defs() {
            self.block[v.index()] = b;
        }
        if is_sum(inst) {
            self.sums.note(inst);
        }
    }

    /// Whether the operand is the same in every iteration of the loop.
    fn is_steady(&self, info: &Loop, src: Src) -> bool {
        src.val().is_none_or(|v| self.steady[v.index()] || !info.contains(self.block[v.index()]))
    }

    /// Makes a sum of steady operands and another sum one of a new value, whose definition is given, and the operand that
    /// changes.
    fn regroup(&mut self, func: &mut Func, info: &Loop, b: BlockId, inst: &mut Inst) -> Option<Inst> {
        if !is_sum(inst) {
            return None;
        }
        // The sum's operands as a product, if there is one, and summands.
        let (product, summands) = parts(inst);
        if product.is_some_and(|p| !p.iter().all(|s| self.is_steady(info, *s))) {
            return None;
        }
        let inner_of = |src: Src| -> Option<(Val, Inst)> {
            let v = src.val().filter(|v| self.uses[v.index()] == 1 && info.contains(self.block[v.index()]) && !self.steady[v.index()])?;
            Some((v, *self.sums.get(v).filter(|s| s.ty.bits() == inst.ty.bits())?))
        };
        let (steady, (_, inner)) = match (product, summands) {
            (Some(_), [addend, _]) => (Src::None, inner_of(addend)?),
            (None, [x, y]) if self.is_steady(info, x) => (x, inner_of(y)?),
            (None, [x, y]) if self.is_steady(info, y) => (y, inner_of(x)?),
            _ => return None,
        };
        // Constants alone are better off where they are: in displacements and immediates.
        if matches!(steady, Src::Imm(_)) {
            return None;
        }
        let (inner_product, inner_summands) = parts(&inner);
        if inner_product.is_some_and(|p| !p.iter().all(|s| self.is_steady(info, *s))) {
            return None;
        }
        // What is steady in the inner sum, and what changes.
        let (inner_steady, changing) = match inner_summands {
            [z, Src::None] => (Src::None, z),
            [y, z] if self.is_steady(info, y) => (y, z),
            [z, y] if self.is_steady(info, y) => (y, z),
            _ => return None,
        };
        if self.is_steady(info, changing) {
            return None;
        }
        let old = inst.dst?;
        let mut constant = match (product.or(inner_product), product.and(inner_product)) {
            // Two products would take an instruction more.
            (_, Some(_)) => return None,
            (Some([a, c]), None) => {
                let addend = if product.is_some() { inner_steady } else { steady };
                let mad = if product.is_some() { *inst } else { inner };
                if addend == Src::None {
                    return None;
                }
                Inst { mods: mad.mods, ..Inst::with(Op::Mad, mad.ty, old, &[a, c, addend]) }
            }
            (None, None) => Inst::with(Op::Add, inst.ty, old, &[steady, inner_steady]),
        };
        let dst = func.new_val(ValInfo { ..func.vals[old.index()] });
        constant.dst = Some(dst);
        let loc = inst.loc;
        *inst = Inst { loc, ..Inst::with(Op::Add, inst.ty, old, &[Src::Val(dst), changing]) };
        self.block.resize(func.vals.len(), b);
        self.uses.resize(func.vals.len(), 1);
        self.steady.resize(func.vals.len(), true);
        Some(Inst { loc, ..constant })
    }
}

fn is_sum(inst: &Inst) -> bool {
    let low = inst.mods == Mods::NONE.with(&mods::PART, mods::part::LO);
    inst.ty.is_int() && !inst.vector && low && matches!(inst.op, Op::Add | Op::Mad)
}

/// Factors and summands of a sum.
fn parts(inst: &Inst) -> (Option<[Src; 2]>, [Src; 2]) {
    let [a, b, c, _] = inst.src;
    match inst.op {
        Op::Mad => (Some([a, b]), [c, Src::None]),
        _ => (None, [a, b]),
    }
}

#[cfg(test)]
mod tests {
    use crate::ir::cfg;
    use crate::passes::testing::after;
    use ix_hw::isa::{Op, Type};

    /// Sums of 32 bits in the loop and outside.
    fn sums(inner: &str) -> (usize, usize) {
        let body =
            format!("mov.u32 %r3, 0; L: {inner} st.shared.u32 [%r9], %r3; add.u32 %r3, %r3, 1; setp.lt.u32 %p2, %r3, %r2; @%p2 bra L;");
        let mut func = after("dce", &body);
        let loops = cfg::order(&mut func);
        let mut counts = (0, 0);
        for b in func.block_ids() {
            let n =
                func.block(b).insts.iter().filter(|i| matches!(i.op, Op::Add | Op::Mad) && matches!(i.ty, Type::U32 | Type::S32)).count();
            match loops.innermost[b.index()] {
                Some(_) => counts.0 += n,
                None => counts.1 += n,
            }
        }
        // That of the counter does not count.
        (counts.0 - 1, counts.1)
    }

    #[test]
    fn steady_summands_are_added_before_the_loop() {
        assert_eq!(sums("add.u32 %r5, %r3, %r1; add.u32 %r9, %r5, %r2;"), (1, 1));
        assert_eq!(sums("mad.lo.u32 %r5, %r1, 77, %r3; add.u32 %r9, %r5, %r2;"), (1, 1));
        assert_eq!(sums("add.u32 %r5, %r3, %r2; mad.lo.u32 %r9, %r1, 77, %r5;"), (1, 1));
    }

    #[test]
    fn a_sum_that_is_read_elsewhere_stays() {
        assert_eq!(sums("add.u32 %r5, %r3, %r1; add.u32 %r9, %r5, %r2; st.shared.u32 [%r2], %r5;"), (2, 0));
    }

    #[test]
    fn products_that_change_stay() {
        assert_eq!(sums("mad.lo.u32 %r5, %r3, 77, %r1; add.u32 %r9, %r5, %r2;"), (2, 0));
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Constants and copies.
//!
//! One walk in order: operands are replaced by what they are known to equal, instructions with constant operands by
//! their value, others by cheaper ones (file `algebra`), constant address arithmetic by displacements, constant
//! branches by jumps. Joins with one source vanish. Run until nothing changes, a few times at most.
//!
//! Before: SSA. After: SSA; blocks may have become unreachable (`ir::cfg::order` drops them).

use super::{algebra, fold};
use crate::ir::cfg::{predecessors, DomTree};
use crate::ir::defs::Defs;
use crate::ir::{BlockId, Func, Inst, Src, Term};
use ix_hw::isa::{mods, Mods, Op};

/// Walks of the function at most: joins around loops need several.
const MAX_ROUNDS: usize = 4;

/// Runs the pass.
pub fn run(func: &mut Func) {
    for _ in 0..MAX_ROUNDS {
        let preds = predecessors(func);
        let dom = DomTree::dominators(func, &preds);
        let n = func.vals.len();
        let mut walk = Walk {
            dom,
            equal: vec![None; n],
            defs: Defs::new(n),
            block_of: vec![None; n],
            is_pred: func.vals.iter().map(|v| v.pred).collect(),
            stays: stays(func),
        };
        if !walk.run(func) {
            return;
        }
        super::dce::run(func);
        super::order(func);
    }
}

struct Walk {
    dom: DomTree,
    /// What a value equals.
    equal: Vec<Option<Src>>,
    /// Defining instruction of a value.
    defs: Defs,
    /// Defining block of a value, if it has been walked.
    block_of: Vec<Option<BlockId>>,
    is_pred: Vec<bool>,
    /// Whether a value is read by something else than memory operations, as their address.
    stays: Vec<bool>,
}

fn is_memory(inst: &Inst) -> bool {
    inst.op.desc().imm == ix_hw::isa::Imm::Displacement
}

/// See [`Walk::stays`].
fn stays(func: &Func) -> Vec<bool> {
    let mut stays = vec![false; func.vals.len()];
    for block in &func.blocks {
        for inst in &block.insts {
            let mut rest = *inst;
            if is_memory(inst) {
                rest.src[0] = Src::None;
            }
            rest.for_each_use(|v| stays[v.index()] = true);
        }
        for v in block.phis.iter().flat_map(|p| &p.args).filter_map(|a| a.1.val()).chain(block.term.cond().val()) {
            stays[v.index()] = true;
        }
    }
    stays
}

impl Walk {
    /// Whether another walk may find more.
    fn run(&mut self, func: &mut Func) -> bool {
        let mut changed = false;
        for b in func.block_ids() {
            let mut phis = std::mem::take(&mut func.block_mut(b).phis);
            phis.retain_mut(|phi| {
                phi.args.iter_mut().for_each(|(_, src)| self.replace(src));
                let mut others = phi.args.iter().map(|a| a.1).filter(|s| *s != Src::Val(phi.dst));
                let first = others.next().unwrap_or(Src::Imm(0));
                let trivial = others.all(|s| s == first) && self.dominates(first, b);
                self.block_of[phi.dst.index()] = Some(b);
                if trivial {
                    self.equal[phi.dst.index()] = Some(first);
                    changed = true;
                }
                !trivial
            });
            func.block_mut(b).phis = phis;

            let mut insts = std::mem::take(&mut func.block_mut(b).insts);
            insts.retain_mut(|inst| {
                inst.for_each_src_mut(|src| self.replace(src));
                if !self.replace_guard(inst) {
                    // A guard that is never true: only the old value remains.
                    if let Some(dst) = inst.dst {
                        self.equal[dst.index()] = Some(if inst.old == Src::None { Src::Imm(0) } else { inst.old });
                    }
                    return false;
                }
                self.address(inst);
                self.instruction(inst, b)
            });
            func.block_mut(b).insts = insts;

            if let Term::Branch { mut cond, then, els } = func.block(b).term {
                self.replace(&mut cond);
                let term = match cond {
                    Src::Imm(i) => {
                        let (to, not) = if i != 0 { (then, els) } else { (els, then) };
                        for phi in &mut func.block_mut(not).phis {
                            phi.args.retain(|(pred, _)| *pred != b);
                        }
                        changed = true;
                        Term::Jump(to)
                    }
                    _ => self.branch(cond, then, els),
                };
                func.block_mut(b).term = term;
            }
        }
        // Operands of joins that come from blocks behind them.
        for block in &mut func.blocks {
            for phi in &mut block.phis {
                phi.args.iter_mut().for_each(|(_, src)| self.replace(src));
            }
            for inst in &mut block.insts {
                inst.for_each_src_mut(|src| self.replace(src));
                self.replace_guard(inst);
            }
            if let Term::Branch { cond, .. } = &mut block.term {
                self.replace(cond);
            }
        }
        changed
    }

    /// A branch on a negated predicate is one with its arms exchanged.
    fn branch(&self, cond: Src, then: BlockId, els: BlockId) -> Term {
        if let Some(inst) = cond.val().and_then(|v| self.defs.get(v)) {
            if inst.op == Op::Not && matches!(inst.src[0], Src::Val(_)) {
                return Term::Branch { cond: inst.src[0], then: els, els: then };
            }
        }
        Term::Branch { cond, then, els }
    }

    fn replace(&self, src: &mut Src) {
        // Chains are short: a value equals something that has been replaced itself, but for joins around loops.
        for _ in 0..16 {
            match src.val().and_then(|v| self.equal.get(v.index()).copied().flatten()) {
                Some(equal) => *src = equal,
                None => break,
            }
        }
    }

    /// Replaces the guard's predicate; whether the instruction can act at all.
    fn replace_guard(&self, inst: &mut Inst) -> bool {
        let Some(guard) = inst.guard else { return true };
        let mut pred = Src::Val(guard.pred);
        self.replace(&mut pred);
        match pred {
            Src::Imm(i) => {
                inst.guard = None;
                if (i != 0) != guard.negate {
                    inst.old = Src::None;
                    return true;
                }
                false
            }
            Src::Val(v) => {
                inst.guard = Some(crate::ir::Guard { pred: v, ..guard });
                true
            }
            _ => true,
        }
    }

    /// Whether a value is there at the beginning of the block.
    fn dominates(&self, src: Src, b: BlockId) -> bool {
        let Src::Val(v) = src else { return true };
        // Values of blocks that have not been walked yet come around a loop: they cannot replace its join. Of those
        // that have, the definition dominates the edge, but not always the join.
        let Some(def) = self.block_of[v.index()] else { return false };
        def != b && self.dom.dominates(def, b)
    }

    /// Simplifies an instruction; whether it is still needed.
    fn instruction(&mut self, inst: &mut Inst, b: BlockId) -> bool {
        if !inst.is_pure() {
            self.note(inst, b);
            return true;
        }
        if let (Some(dst), None) = (inst.dst, inst.dst2) {
            if !inst.vector {
                let pred = self.is_pred[dst.index()];
                let def = |v: crate::ir::Val| self.defs.get(v);
                fold::canonical(inst);
                let algebraic = algebra::run(inst, &def, pred);
                let equal = algebraic.or_else(|| {
                    if pred && inst.op.desc().src[0].allows(ix_hw::isa::Kinds::M) {
                        fold::logic(inst)
                    } else {
                        fold::run(inst, def)
                    }
                });
                if let Some(equal) = equal {
                    self.equal[dst.index()] = Some(equal);
                    return false;
                }
            }
        }
        fold::canonical(inst);
        self.note(inst, b);
        true
    }

    /// Remembers the definition.
    fn note(&mut self, inst: &Inst, b: BlockId) {
        self.defs.note(inst);
        for v in inst.defs() {
            self.block_of[v.index()] = Some(b);
        }
    }

    /// Moves a constant that is added to an address into the displacement.
    fn address(&self, inst: &mut Inst) {
        if !is_memory(inst) {
            return;
        }
        // In other spaces addresses and displacements are added modulo 2^32, so that nothing is lost in any way.
        let long = matches!(inst.mods.get(&mods::SPACE), mods::space::GENERIC | mods::space::GLOBAL);
        for _ in 0..8 {
            // A sum that stays anyway would only be joined by its operand, live as long.
            let Some(add) = inst.src[0].val().filter(|v| !self.stays[v.index()]).and_then(|v| self.defs.get(v)) else {
                return;
            };
            let wide = add.ty.bits() == 64 || (!long && add.ty.bits() == 32);
            if add.op != Op::Add || !wide || add.ty.is_float() || add.mods != Mods::NONE || add.vector {
                return;
            }
            let (Src::Val(_) | Src::Addr(_), Src::Imm(i)) = (add.src[0], add.src[1]) else { return };
            let disp = match long {
                true => i64::from(inst.disp).checked_add(i).and_then(|d| i32::try_from(d).ok()),
                false => Some(inst.disp.wrapping_add(i as i32)),
            };
            let Some(disp) = disp else { return };
            inst.src[0] = add.src[0];
            inst.disp = disp;
        }
    }
}

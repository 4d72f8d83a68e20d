// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Short arms of divergent branches become straight code.
//!
//! A divergent branch costs about seven instructions on masks. If both arms are short, have one entry and come to the
//! same join, their instructions move in front of the branch: pure ones run for all lanes, memory operations under a
//! guard, and the joins become selections.
//!
//! Before: SSA, blocks in order. After: SSA; arms have become unreachable.

use super::uniform;
use crate::ir::cfg::{self, predecessors};
use crate::ir::{Block, BlockId, Func, Guard, Inst, Src, Term, Val};
use ix_hw::isa::{mods, Class, Op, Type};

/// Cost of both arms and the selections up to which a branch is taken away.
const MAX_COST: u32 = 12;
/// Rounds: an arm may become short when the branches in it have gone.
const MAX_ROUNDS: usize = 3;

/// Runs the pass.
pub fn run(func: &mut Func) {
    for _ in 0..MAX_ROUNDS {
        let loops = cfg::order(func);
        let mut entries: Vec<usize> = predecessors(func).iter().map(Vec::len).collect();
        // Which branches are divergent takes longer to find out than which are short.
        let short = func.block_ids().any(|b| short_branch(func, b, &entries).is_some());
        let divergent = if short { uniform::divergent_branches(func, &loops) } else { vec![false; func.blocks.len()] };
        let mut converted = false;
        for b in func.block_ids().rev() {
            converted |= divergent[b.index()] && convert(func, b, &mut entries);
        }
        let merged = merge(func);
        if !converted && !merged {
            return;
        }
        super::order(func);
        if converted {
            super::simplify::run(func);
        }
    }
}

/// The branch at the end of `b` if its arms are short: predicate, arms, and where they join.
fn short_branch(func: &Func, b: BlockId, entries: &[usize]) -> Option<(Val, [BlockId; 2], BlockId)> {
    let Term::Branch { cond: Src::Val(cond), then, els } = func.block(b).term else { return None };
    if entries[then.index()] != 1 || entries[els.index()] != 1 {
        return None;
    }
    let ((join, cost), (other, more)) = (arm(func, then)?, arm(func, els)?);
    if join != other || join == b {
        return None;
    }
    let phis = &func.block(join).phis;
    let selections: u32 = phis.iter().map(|p| if func.vals[p.dst.index()].pred { 3 } else { 1 }).sum();
    (cost + more + selections <= MAX_COST).then_some((cond, [then, els], join))
}

/// Takes the branch at the end of `b` away if its arms are short. `entries` counts the predecessors of blocks.
fn convert(func: &mut Func, b: BlockId, entries: &mut [usize]) -> bool {
    let Some((cond, [then, els], join)) = short_branch(func, b, entries) else { return false };
    for (arm, negate) in [(then, false), (els, true)] {
        let insts = std::mem::take(&mut func.block_mut(arm).insts);
        for mut inst in insts {
            if !inst.is_speculable() {
                inst.guard = Some(Guard { pred: cond, negate });
            }
            func.block_mut(b).insts.push(inst);
        }
    }
    let mut phis = std::mem::take(&mut func.block_mut(join).phis);
    for phi in &mut phis {
        let from = |p: BlockId| phi.args.iter().find(|a| a.0 == p).map_or(Src::Imm(0), |a| a.1);
        let (yes, no) = (from(then), from(els));
        phi.args.retain(|a| a.0 != then && a.0 != els);
        let value = if yes == no { yes } else { Src::Val(select(func, b, cond, yes, no, phi.dst)) };
        phi.args.push((b, value));
    }
    func.block_mut(join).phis = phis;
    func.block_mut(b).term = Term::Jump(join);
    // The arms are out of reach now, and the join has one way in less.
    entries[join.index()] -= 1;
    func.block_mut(then).term = Term::Exit;
    func.block_mut(els).term = Term::Exit;
    true
}

/// `cond ? yes : no` at the end of the block, as a value like `like`.
fn select(func: &mut Func, b: BlockId, cond: Val, yes: Src, no: Src, like: Val) -> Val {
    let info = func.vals[like.index()];
    let loc = func.block(b).loc;
    let emit = |func: &mut Func, op: Op, ty: Type, src: &[Src]| {
        let dst = func.new_val(info);
        func.block_mut(b).insts.push(Inst { loc, ..Inst::with(op, ty, dst, src) });
        dst
    };
    let c = Src::Val(cond);
    if !info.pred {
        return emit(func, Op::Sel, Type::B64, &[yes, no, c]);
    }
    let yes = emit(func, Op::And, Type::B32, &[yes, c]);
    let no = emit(func, Op::Andn, Type::B32, &[no, c]);
    emit(func, Op::Or, Type::B32, &[Src::Val(yes), Src::Val(no)])
}

/// Where the block goes and what it costs, if it can be run without its branch.
fn arm(func: &Func, b: BlockId) -> Option<(BlockId, u32)> {
    let block = func.block(b);
    let Term::Jump(to) = block.term else { return None };
    if !block.phis.is_empty() || block.insts.len() as u32 > MAX_COST {
        return None;
    }
    let mut cost = 0;
    for inst in &block.insts {
        cost += match inst.op.desc().class {
            Class::Alu if inst.is_speculable() => 1,
            Class::Transcendental => 4,
            Class::Memory if inst.is_speculable() => 1,
            Class::Memory if matches!(inst.op, Op::Ld | Op::St) && inst.guard.is_none() && !inst.mods.has(&mods::ORDER) => 2,
            _ => return None,
        };
    }
    Some((to, cost))
}

/// Joins blocks that always follow one another; whether there were any.
pub fn merge(func: &mut Func) -> bool {
    let preds = predecessors(func);
    let mut changed = false;
    // Backwards, so that a chain is joined in one go.
    for b in func.block_ids().rev() {
        let Term::Jump(next) = func.block(b).term else { continue };
        if next == b || preds[next.index()].len() != 1 || !func.block(next).phis.is_empty() {
            continue;
        }
        let empty = Block { phis: vec![], insts: vec![], term: Term::Exit, loc: 0 };
        let block = std::mem::replace(func.block_mut(next), empty);
        for s in block.term.succs() {
            for (pred, _) in func.block_mut(s).phis.iter_mut().flat_map(|p| &mut p.args) {
                if *pred == next {
                    *pred = b;
                }
            }
        }
        let into = func.block_mut(b);
        into.insts.extend(block.insts);
        into.term = block.term;
        into.loc = block.loc;
        changed = true;
    }
    changed
}

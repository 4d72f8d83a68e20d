// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What must hold between passes. What it finds is a bug of this compiler.

use super::cfg::{predecessors, DomTree};
use super::{Bank, BlockId, Func, Inst, Src, Term, Val};
use ix_hw::isa::Op;

/// Checks the shape: targets exist, joins fit their predecessors, the entry has none.
pub fn shape(func: &Func) -> Result<(), String> {
    let n = func.blocks.len();
    for b in func.block_ids() {
        if let Some(s) = func.block(b).term.succs().find(|s| s.index() >= n) {
            return Err(format!("b{} jumps to b{}, which does not exist", b.0, s.0));
        }
    }
    let preds = predecessors(func);
    if !preds[0].is_empty() {
        return Err("the entry block has predecessors".into());
    }
    for b in func.block_ids() {
        for phi in &func.block(b).phis {
            let mut from: Vec<_> = phi.args.iter().map(|a| a.0).collect();
            from.sort_unstable();
            if from != preds[b.index()] {
                return Err(format!("join %{} in b{} has operands from {from:?}, not {:?}", phi.dst.0, b.0, preds[b.index()]));
            }
        }
        for inst in &func.block(b).insts {
            instruction(inst).map_err(|e| format!("b{}: {}: {e}", b.0, inst.op.desc().name))?;
        }
    }
    Ok(())
}

fn instruction(inst: &Inst) -> Result<(), String> {
    let desc = inst.op.desc();
    if !desc.takes(inst.ty) {
        return Err(format!("type {} is not taken", inst.ty.name()));
    }
    for (i, (src, kinds)) in inst.src.iter().zip(&desc.src).enumerate() {
        let optional = inst.op == Op::Cvt && i == 1;
        if (*src != Src::None) != kinds.exists() && !optional {
            return Err(format!("source {} is missing or superfluous", i + 1));
        }
    }
    if inst.dst.is_some() != desc.d.exists() {
        return Err("the result is missing or superfluous".into());
    }
    Ok(())
}

/// Checks that every value has one definition, which dominates all uses.
pub fn ssa(func: &Func) -> Result<(), String> {
    shape(func)?;
    let preds = predecessors(func);
    let dom = DomTree::dominators(func, &preds);
    let mut defs: Vec<Option<(BlockId, usize)>> = vec![None; func.vals.len()];
    let mut define = |v: Val, at| match defs[v.index()].replace(at) {
        None => Ok(()),
        Some(_) => Err(format!("%{} has two definitions", v.0)),
    };
    for b in func.block_ids() {
        let block = func.block(b);
        for phi in &block.phis {
            define(phi.dst, (b, 0))?;
        }
        for (i, inst) in block.insts.iter().enumerate() {
            for v in inst.defs() {
                define(v, (b, i + 1))?;
            }
        }
    }
    let check = |v: Val, (b, i): (BlockId, usize)| match defs[v.index()] {
        None => Err(format!("%{} is read in b{} but never defined", v.0, b.0)),
        Some((d, at)) if d == b && at <= i => Ok(()),
        Some((d, _)) if d != b && dom.dominates(d, b) => Ok(()),
        Some((d, _)) => Err(format!("%{} of b{} does not reach its use in b{}", v.0, d.0, b.0)),
    };
    for b in func.block_ids() {
        let block = func.block(b);
        for phi in &block.phis {
            for &(p, src) in &phi.args {
                if let Src::Val(v) = src {
                    check(v, (p, usize::MAX))?;
                }
            }
        }
        for (i, inst) in block.insts.iter().enumerate() {
            let mut result = Ok(());
            inst.for_each_use(|v| {
                if result.is_ok() {
                    result = check(v, (b, i));
                }
            });
            result?;
        }
        if let Src::Val(v) = block.term.cond() {
            check(v, (b, usize::MAX))?;
        }
    }
    Ok(())
}

/// Checks that no scalar depends on a value that differs between lanes.
pub fn banks(func: &Func) -> Result<(), String> {
    ssa(func)?;
    for b in func.block_ids() {
        for inst in &func.block(b).insts {
            let Some(dst) = inst.dst.filter(|d| func.bank(*d) == Bank::S) else { continue };
            let crosses = matches!(inst.op, Op::ReadFirst | Op::ReadLane | Op::Vote | Op::Redux | Op::BarRed);
            let mut bad = None;
            inst.for_each_use(|v| {
                if func.bank(v) != Bank::S {
                    bad = Some(v);
                }
            });
            if let (Some(v), false) = (bad, crosses) {
                return Err(format!("scalar %{} is computed from %{}", dst.0, v.0));
            }
        }
        for phi in &func.block(b).phis {
            let differs = |src: &Src| src.val().is_some_and(|v| func.bank(v) != Bank::S);
            if func.bank(phi.dst) == Bank::S && phi.args.iter().any(|a| differs(&a.1)) {
                return Err(format!("scalar join %{} has an operand that differs between lanes", phi.dst.0));
            }
        }
        if let Term::Branch { cond: Src::Val(v), .. } = func.block(b).term {
            if func.bank(v) == Bank::V {
                return Err(format!("b{} branches on the vector %{}", b.0, v.0));
            }
        }
    }
    Ok(())
}

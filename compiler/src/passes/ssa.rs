// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Gives every value one definition.
//!
//! Cytron et al., "Efficiently computing static single assignment form", pruned: a *variable* (a value that has not one
//! definition that dominates all its uses) gets a join only in blocks where it is live. What is read before it is
//! written is 0.
//!
//! Before: blocks are in order and normal, no joins. After: SSA.

use crate::error::{Error, ErrorKind};
use crate::ir::cfg::{predecessors, DomTree};
use crate::ir::{BlockId, Func, Phi, Src, Term, Val};

/// Operands of joins that a function may have.
const MAX_JOINS: usize = 1 << 22;

/// Runs the pass.
pub fn run(func: &mut Func) -> Result<(), Error> {
    let preds = predecessors(func);
    let dom = DomTree::dominators(func, &preds);
    let variables = find_variables(func, &dom);
    if variables.iter().all(|v| v.is_none()) {
        return Ok(());
    }
    let frontier = frontiers(func, &preds, &dom);
    insert_phis(func, &preds, &frontier, &variables)?;
    rename(func, &dom, &variables);
    Ok(())
}

/// For every value that is a variable its number among them.
fn find_variables(func: &Func, dom: &DomTree) -> Vec<Option<u32>> {
    let n = func.vals.len();
    let mut def: Vec<Option<BlockId>> = vec![None; n];
    let mut many = vec![false; n];
    for b in func.block_ids() {
        for v in func.block(b).insts.iter().flat_map(|i| i.defs()) {
            many[v.index()] |= def[v.index()].is_some();
            def[v.index()] = Some(b);
        }
    }
    let mut seen = vec![false; n];
    for b in func.block_ids() {
        let block = func.block(b);
        let mut check = |v: Val, seen: &[bool]| {
            many[v.index()] |= match def[v.index()] {
                None => true,
                Some(d) if d == b => !seen[v.index()],
                Some(d) => !dom.dominates(d, b),
            };
        };
        for inst in &block.insts {
            inst.for_each_use(|v| check(v, &seen));
            for v in inst.defs() {
                seen[v.index()] = true;
            }
        }
        if let Src::Val(v) = block.term.cond() {
            check(v, &seen);
        }
    }
    let mut next = 0;
    many.into_iter()
        .map(|m| {
            m.then(|| {
                next += 1;
                next - 1
            })
        })
        .collect()
}

fn frontiers(func: &Func, preds: &[Vec<BlockId>], dom: &DomTree) -> Vec<Vec<BlockId>> {
    let mut frontier: Vec<Vec<BlockId>> = vec![vec![]; func.blocks.len()];
    for b in func.block_ids() {
        if preds[b.index()].len() < 2 {
            continue;
        }
        for &p in &preds[b.index()] {
            let mut runner = p;
            while runner != dom.idom(b) {
                if frontier[runner.index()].last() == Some(&b) {
                    break;
                }
                frontier[runner.index()].push(b);
                runner = dom.idom(runner);
            }
        }
    }
    frontier
}

fn insert_phis(func: &mut Func, preds: &[Vec<BlockId>], frontier: &[Vec<BlockId>], variables: &[Option<u32>]) -> Result<(), Error> {
    let mut joins = 0;
    let count = variables.iter().flatten().count();
    // Blocks that define a variable, and those that read it before they define it.
    let mut defs: Vec<Vec<BlockId>> = vec![vec![]; count];
    let mut uses: Vec<Vec<BlockId>> = vec![vec![]; count];
    let mut values = vec![Val(0); count];
    for (v, number) in variables.iter().enumerate() {
        if let Some(number) = number {
            values[*number as usize] = Val(v as u32);
        }
    }
    for b in func.block_ids() {
        let block = func.block(b);
        let mut read = |v: Val, defs: &[Vec<BlockId>]| {
            if let Some(n) = variables[v.index()] {
                let n = n as usize;
                if defs[n].last() != Some(&b) && uses[n].last() != Some(&b) {
                    uses[n].push(b);
                }
            }
        };
        for inst in &block.insts {
            inst.for_each_use(|v| read(v, &defs));
            for v in inst.defs() {
                if let Some(n) = variables[v.index()] {
                    if defs[n as usize].last() != Some(&b) {
                        defs[n as usize].push(b);
                    }
                }
            }
        }
        if let Src::Val(v) = block.term.cond() {
            read(v, &defs);
        }
    }
    // Stamps instead of sets: the number of the variable for which the block was marked.
    let n = func.blocks.len();
    let (mut live, mut defines, mut has_phi) = (vec![u32::MAX; n], vec![u32::MAX; n], vec![u32::MAX; n]);
    for variable in 0..count {
        let stamp = variable as u32;
        for b in &defs[variable] {
            defines[b.index()] = stamp;
        }
        let mut work = uses[variable].clone();
        for b in &work {
            live[b.index()] = stamp;
        }
        while let Some(b) = work.pop() {
            for p in &preds[b.index()] {
                if defines[p.index()] != stamp && live[p.index()] != stamp {
                    live[p.index()] = stamp;
                    work.push(*p);
                }
            }
        }
        let mut work = defs[variable].clone();
        while let Some(b) = work.pop() {
            for &join in &frontier[b.index()] {
                if has_phi[join.index()] == stamp || live[join.index()] != stamp {
                    continue;
                }
                has_phi[join.index()] = stamp;
                joins += preds[join.index()].len();
                if joins > MAX_JOINS {
                    let reason = format!("the control flow of `{}` is too complex: too many registers live at too many joins", func.name);
                    return Err(Error::new(ErrorKind::Limit, reason));
                }
                let args = preds[join.index()].iter().map(|&p| (p, Src::Val(values[variable]))).collect();
                func.block_mut(join).phis.push(Phi { dst: values[variable], args });
                if defines[join.index()] != stamp {
                    work.push(join);
                }
            }
        }
    }
    Ok(())
}

fn rename(func: &mut Func, dom: &DomTree, variables: &[Option<u32>]) {
    let n = func.blocks.len();
    let mut children: Vec<Vec<BlockId>> = vec![vec![]; n];
    for b in func.block_ids().skip(1) {
        children[dom.idom(b).index()].push(b);
    }
    let count = variables.iter().flatten().count();
    let mut current = vec![Src::Imm(0); count];
    // What to restore when the walk leaves a block.
    let mut undo: Vec<(u32, Src)> = vec![];
    let mut path = vec![(Func::ENTRY, None::<usize>)];
    let number = |v: Val| variables.get(v.index()).copied().flatten();
    while let Some((b, leave)) = path.pop() {
        if let Some(mark) = leave {
            for (variable, old) in undo.drain(mark..).rev() {
                current[variable as usize] = old;
            }
            continue;
        }
        path.push((b, Some(undo.len())));
        path.extend(children[b.index()].iter().map(|&c| (c, None)));

        let mut block = std::mem::replace(func.block_mut(b), crate::ir::Block { phis: vec![], insts: vec![], term: Term::Exit, loc: 0 });
        let mut define = |v: &mut Val, func: &mut Func, current: &mut [Src]| {
            if let Some(variable) = number(*v) {
                let new = func.new_val(func.vals[v.index()]);
                undo.push((variable, current[variable as usize]));
                current[variable as usize] = Src::Val(new);
                *v = new;
            }
        };
        let read = |src: &mut Src, current: &[Src]| {
            if let Some(variable) = src.val().and_then(number) {
                *src = current[variable as usize];
            }
        };
        for phi in &mut block.phis {
            define(&mut phi.dst, func, &mut current);
        }
        for inst in &mut block.insts {
            inst.for_each_src_mut(|src| read(src, &current));
            if let Some(guard) = &mut inst.guard {
                let mut pred = Src::Val(guard.pred);
                read(&mut pred, &current);
                match pred {
                    Src::Val(v) => guard.pred = v,
                    // Never written, so false.
                    _ => guard.pred = constant_pred(func),
                }
            }
            for dst in [&mut inst.dst, &mut inst.dst2].into_iter().flatten() {
                define(dst, func, &mut current);
            }
        }
        if let Term::Branch { cond, .. } = &mut block.term {
            read(cond, &current);
        }
        for s in block.term.succs() {
            // A self-loop's joins are in the block that is out of its place at the moment.
            let phis = if s == b { &mut block.phis } else { &mut func.block_mut(s).phis };
            for phi in phis {
                for (pred, src) in &mut phi.args {
                    if *pred == b {
                        read(src, &current);
                    }
                }
            }
        }
        *func.block_mut(b) = block;
    }
}

/// A predicate that is false, defined in the entry block.
fn constant_pred(func: &mut Func) -> Val {
    let v = func.new_pred();
    let inst = crate::ir::Inst::with(ix_hw::isa::Op::Mov, ix_hw::isa::Type::B32, v, &[Src::Imm(0)]);
    func.block_mut(Func::ENTRY).insts.insert(0, inst);
    v
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Drops what nobody needs.
//!
//! Before and after: SSA.

use crate::ir::{Func, Src, Val};

/// Runs the pass.
pub fn run(func: &mut Func) {
    #[derive(Clone, Copy)]
    enum Def {
        None,
        Inst(u32, u32),
        Phi(u32, u32),
    }
    let mut def = vec![Def::None; func.vals.len()];
    let mut live = vec![false; func.vals.len()];
    let mut work: Vec<Val> = vec![];
    let mut mark = |v: Val, work: &mut Vec<Val>| {
        if !std::mem::replace(&mut live[v.index()], true) {
            work.push(v);
        }
    };
    for (b, block) in func.blocks.iter().enumerate() {
        for (i, phi) in block.phis.iter().enumerate() {
            def[phi.dst.index()] = Def::Phi(b as u32, i as u32);
        }
        for (i, inst) in block.insts.iter().enumerate() {
            for v in inst.defs() {
                def[v.index()] = Def::Inst(b as u32, i as u32);
            }
            if inst.has_effect() {
                inst.for_each_use(|v| mark(v, &mut work));
            }
        }
        if let Src::Val(v) = block.term.cond() {
            mark(v, &mut work);
        }
    }
    while let Some(v) = work.pop() {
        match def[v.index()] {
            Def::None => {}
            Def::Inst(b, i) => func.blocks[b as usize].insts[i as usize].for_each_use(|v| mark(v, &mut work)),
            Def::Phi(b, i) => {
                for v in func.blocks[b as usize].phis[i as usize].args.iter().filter_map(|(_, src)| src.val()) {
                    mark(v, &mut work);
                }
            }
        }
    }
    for block in &mut func.blocks {
        block.phis.retain(|phi| live[phi.dst.index()]);
        block.insts.retain_mut(|inst| {
            // A second result that nobody reads costs a mask register.
            inst.dst2 = inst.dst2.filter(|v| live[v.index()]);
            inst.has_effect() || inst.defs().any(|v| live[v.index()])
        });
    }
}

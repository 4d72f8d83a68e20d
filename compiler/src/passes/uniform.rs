// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Decides which values all active lanes of a warp agree on, and so which bank every value lives in.
//!
//! A value is *divergent* where lanes may differ:
//! - by nature: lane-dependent special registers, atomics, local memory, shuffles;
//! - by its operands: anything computed from a divergent value;
//! - by control: a join that lanes reach on different ways from a divergent branch;
//! - in time: a value that is uniform in a loop which lanes leave in different iterations, seen from outside. Within
//!   the loop lanes are in step (`backend::linearize` makes them wait for each other before they go around again), so
//!   there the value stays uniform; outside it is read through a copy in a vector register, which keeps each lane's
//!   last value.
//!
//! Predicates that differ live in mask registers. Instructions on masks write all 32 bits, also those of lanes that
//! have left a loop, so a predicate that is used outside such a loop is carried in a vector register as well.
//!
//! Before: SSA, blocks in order. After: the same, with banks.

use crate::ir::cfg::{predecessors, DomTree, Loops};
use crate::ir::{Bank, BlockId, Func, Inst, Src, Term, Val};
use ix_hw::isa::{mods, Kinds, Mods, Op, Sreg, Type};
use std::collections::HashMap;

/// Blocks that may be looked at for the joins behind divergent branches, for each block of the function: the search takes
/// quadratic time in the worst case. When they are used up, all joins and loops count as divergent.
const MAX_VISITS_PER_BLOCK: usize = 64;

/// Runs the pass.
pub fn run(func: &mut Func, loops: &Loops) {
    let preds = predecessors(func);
    let post = DomTree::postdominators(func, &preds, |_, _| false);
    let mut analysis = Analysis::new(func, loops, post);
    analysis.run();
    let Analysis { divergent, temporal, .. } = analysis;
    for (v, info) in func.vals.iter_mut().enumerate() {
        info.bank = match (divergent[v], info.pred) {
            (false, _) => Bank::S,
            (true, true) => Bank::M,
            (true, false) => Bank::V,
        };
    }
    carry_out_of_loops(func, loops, &temporal);
}

/// Blocks whose branch may send lanes different ways.
pub fn divergent_branches(func: &Func, loops: &Loops) -> Vec<bool> {
    let preds = predecessors(func);
    let post = DomTree::postdominators(func, &preds, |_, _| false);
    let mut analysis = Analysis::new(func, loops, post);
    analysis.run();
    analysis.branch
}

struct Analysis<'a> {
    func: &'a Func,
    loops: &'a Loops,
    post: DomTree,
    divergent: Vec<bool>,
    branch: Vec<bool>,
    /// Loops that lanes may leave in different iterations.
    temporal: Vec<bool>,
    /// Blocks whose joins are divergent.
    join: Vec<bool>,
    /// Users of a value: block, and index of the instruction (joins and the end of the block come behind).
    users: Vec<Vec<(BlockId, u32)>>,
    def_block: Vec<BlockId>,
    /// For each loop the users of its values outside.
    escapes: Vec<Vec<(BlockId, u32)>>,
    work: Vec<(BlockId, u32)>,
    /// Which search has seen a block, by either way from the branch, and the number of the search.
    seen: [Vec<u32>; 2],
    search: u32,
    /// Visits of blocks that searches have left.
    visits: usize,
}

/// Index of a block's joins in [`Analysis::users`].
const PHIS: u32 = u32::MAX;
/// Index of a block's end.
const TERM: u32 = u32::MAX - 1;

impl<'a> Analysis<'a> {
    fn new(func: &'a Func, loops: &'a Loops, post: DomTree) -> Self {
        let mut users = vec![vec![]; func.vals.len()];
        let mut def_block = vec![Func::ENTRY; func.vals.len()];
        let mut work = vec![];
        for b in func.block_ids() {
            let block = func.block(b);
            for phi in &block.phis {
                def_block[phi.dst.index()] = b;
                for v in phi.args.iter().filter_map(|a| a.1.val()) {
                    users[v.index()].push((b, PHIS));
                }
            }
            for (i, inst) in block.insts.iter().enumerate() {
                inst.for_each_use(|v| users[v.index()].push((b, i as u32)));
                for v in inst.defs() {
                    def_block[v.index()] = b;
                }
                work.push((b, i as u32));
            }
            if let Src::Val(v) = block.term.cond() {
                users[v.index()].push((b, TERM));
            }
        }
        let n = func.blocks.len();
        let mut join = vec![false; n];
        let mut temporal = vec![false; loops.loops.len()];
        for (l, info) in loops.loops.iter().enumerate().filter(|(_, l)| l.irreducible) {
            // Lanes may come in at different places: nothing is known of its joins.
            temporal[l] = true;
            for b in info.head.0..=info.last.0 {
                join[b as usize] = true;
                work.push((BlockId(b), PHIS));
            }
        }
        let mut escapes = vec![vec![]; loops.loops.len()];
        let mut escape = |v: Val, at: BlockId, user: (BlockId, u32)| {
            for l in left(loops, def_block[v.index()], at) {
                escapes[l].push(user);
            }
        };
        for b in func.block_ids() {
            let block = func.block(b);
            for (p, v) in block.phis.iter().flat_map(|phi| &phi.args).filter_map(|(p, src)| Some((*p, src.val()?))) {
                // The operand is read at the end of the predecessor.
                escape(v, p, (b, PHIS));
            }
            for (i, inst) in block.insts.iter().enumerate() {
                inst.for_each_use(|v| escape(v, b, (b, i as u32)));
            }
            if let Src::Val(v) = block.term.cond() {
                escape(v, b, (b, TERM));
            }
        }
        work.reverse();
        Analysis {
            func,
            loops,
            post,
            divergent: vec![false; func.vals.len()],
            branch: vec![false; n],
            temporal,
            join,
            users,
            def_block,
            escapes,
            work,
            seen: [vec![0; n], vec![0; n]],
            search: 0,
            visits: MAX_VISITS_PER_BLOCK * n,
        }
    }

    fn run(&mut self) {
        while let Some((b, at)) = self.work.pop() {
            let func = self.func;
            match at {
                PHIS => {
                    for phi in &func.block(b).phis {
                        if self.divergent[phi.dst.index()] {
                            continue;
                        }
                        let differ = self.join[b.index()] && phi.args.windows(2).any(|w| w[0].1 != w[1].1);
                        // The operand is read at the end of the predecessor.
                        if differ || phi.args.iter().any(|&(p, src)| self.operand_diverges(src, p)) {
                            self.mark(phi.dst);
                        }
                    }
                }
                TERM => {
                    let Term::Branch { cond, .. } = func.block(b).term else { continue };
                    if !self.branch[b.index()] && self.operand_diverges(cond, b) {
                        self.branch[b.index()] = true;
                        self.split(b);
                    }
                }
                i => {
                    let inst = &func.block(b).insts[i as usize];
                    if inst.defs().all(|v| self.divergent[v.index()]) {
                        continue;
                    }
                    if by_nature(inst) || self.operands_diverge(inst, b) {
                        inst.defs().for_each(|v| self.mark(v));
                    }
                }
            }
        }
    }

    fn mark(&mut self, v: Val) {
        if !std::mem::replace(&mut self.divergent[v.index()], true) {
            self.work.extend(&self.users[v.index()]);
        }
    }

    /// Whether lanes that read the operand in block `b` may differ.
    fn operand_diverges(&self, src: Src, b: BlockId) -> bool {
        let Src::Val(v) = src else { return false };
        self.divergent[v.index()] || leaves_temporal_loop(self.loops, &self.temporal, self.def_block[v.index()], b)
    }

    /// Whether lanes may get different results because of the operands.
    fn operands_diverge(&self, inst: &Inst, b: BlockId) -> bool {
        match inst.op {
            Op::BarRed | Op::ReadFirst | Op::ReadLane => false,
            // The result is one for all active lanes with the same members.
            Op::Vote | Op::Redux => self.operand_diverges(inst.src[1], b),
            _ => {
                let mut any = false;
                inst.for_each_use(|v| any |= self.operand_diverges(Src::Val(v), b));
                any
            }
        }
    }

    /// The branch at the end of `b` has turned out divergent: finds the joins and loops that this concerns.
    fn split(&mut self, b: BlockId) {
        let func = self.func;
        if self.visits == 0 {
            return;
        }
        let stop = self.post.idom(b);
        for l in self.loops.around(b) {
            if !self.loops.loops[l].contains(stop) && !std::mem::replace(&mut self.temporal[l], true) {
                self.work.extend(&self.escapes[l]);
            }
        }
        let mut succs = func.block(b).term.succs();
        let (Some(one), Some(other)) = (succs.next(), succs.next()) else { return };
        self.search += 1;
        self.reach(0, one, stop);
        for join in self.reach(1, other, stop) {
            if self.seen[0][join.index()] == self.search && !std::mem::replace(&mut self.join[join.index()], true) {
                self.work.push((join, PHIS));
            }
        }
        if self.visits == 0 {
            self.give_up();
        }
    }

    /// Blocks that can be reached from `from` without going through `stop`, both included; marks them for this way.
    fn reach(&mut self, way: usize, from: BlockId, stop: BlockId) -> Vec<BlockId> {
        let func = self.func;
        let seen = &mut self.seen[way];
        let mut reached = vec![from];
        seen[from.index()] = self.search;
        let mut next = 0;
        while next < reached.len() && self.visits > 0 {
            let b = reached[next];
            next += 1;
            self.visits -= 1;
            if b == stop {
                continue;
            }
            for s in func.block(b).term.succs() {
                if std::mem::replace(&mut seen[s.index()], self.search) != self.search {
                    reached.push(s);
                }
            }
        }
        reached
    }

    /// Takes all joins and loops for divergent.
    fn give_up(&mut self) {
        self.temporal.fill(true);
        self.join.fill(true);
        self.work.extend(self.escapes.iter().flatten());
        self.work.extend(self.func.block_ids().map(|b| (b, PHIS)));
    }
}

/// Loops that a value of block `def` has left when it is read in block `at`, from the innermost out.
fn left(loops: &Loops, def: BlockId, at: BlockId) -> impl Iterator<Item = usize> + '_ {
    loops.around(def).take_while(move |&l| !loops.loops[l].contains(at))
}

/// Whether a value of block `def`, read in block `at`, has left a loop that lanes leave in different iterations.
fn leaves_temporal_loop(loops: &Loops, temporal: &[bool], def: BlockId, at: BlockId) -> bool {
    left(loops, def, at).any(|l| temporal[l])
}

/// Whether results differ between lanes even if all operands are uniform.
fn by_nature(inst: &Inst) -> bool {
    if inst.vector {
        return true;
    }
    match inst.op {
        Op::Rdsr => Sreg::is_varying(inst.mods.get(&mods::SREG)),
        Op::Atom | Op::Cas => true,
        // A scalar load has no guard; local memory is the thread's own, and a generic address may point there.
        Op::Ld => inst.guard.is_some() || matches!(inst.mods.get(&mods::SPACE), mods::space::LOCAL | mods::space::GENERIC),
        // Some operations have no scalar results.
        _ => inst.op.desc().d == Kinds::V,
    }
}

/// Makes values that leave a loop in different iterations go through a vector register.
fn carry_out_of_loops(func: &mut Func, loops: &Loops, temporal: &[bool]) {
    if !temporal.contains(&true) {
        return;
    }
    let mut def_block = vec![Func::ENTRY; func.vals.len()];
    let mut is_phi = vec![false; func.vals.len()];
    for b in func.block_ids() {
        for phi in &func.block(b).phis {
            def_block[phi.dst.index()] = b;
            is_phi[phi.dst.index()] = true;
        }
        for v in func.block(b).insts.iter().flat_map(|i| i.defs()) {
            def_block[v.index()] = b;
        }
    }
    // The copy of a value, made behind its definition.
    let mut copies: HashMap<Val, Val> = HashMap::new();
    let mut made: Vec<(BlockId, Val, Val)> = vec![];
    let mut carried = |func: &mut Func, v: Val, at: BlockId| -> Option<Val> {
        if v.index() >= def_block.len() || func.bank(v) == Bank::V || !leaves_temporal_loop(loops, temporal, def_block[v.index()], at) {
            return None;
        }
        // A join in a mask register writes only its own lanes' bits.
        if func.bank(v) == Bank::M && is_phi[v.index()] {
            return None;
        }
        Some(*copies.entry(v).or_insert_with(|| {
            let copy = func.new_data();
            made.push((def_block[v.index()], v, copy));
            copy
        }))
    };
    for b in func.block_ids() {
        let mut block = std::mem::replace(func.block_mut(b), crate::ir::Block { phis: vec![], insts: vec![], term: Term::Exit, loc: 0 });
        let mut new_insts = Vec::with_capacity(block.insts.len());
        for mut inst in std::mem::take(&mut block.insts) {
            let loc = inst.loc;
            inst.for_each_src_mut(|src| {
                if let Some((v, copy)) = src.val().and_then(|v| carried(func, v, b).map(|c| (v, c))) {
                    *src = read_copy(func, v, copy, loc, &mut new_insts);
                }
            });
            if let Some(guard) = &mut inst.guard {
                if let Some(copy) = carried(func, guard.pred, b) {
                    if let Src::Val(p) = read_copy(func, guard.pred, copy, inst.loc, &mut new_insts) {
                        guard.pred = p;
                    }
                }
            }
            new_insts.push(inst);
        }
        if let Term::Branch { cond, .. } = &mut block.term {
            if let Some((v, copy)) = cond.val().and_then(|v| carried(func, v, b).map(|c| (v, c))) {
                *cond = read_copy(func, v, copy, block.loc, &mut new_insts);
            }
        }
        block.insts = new_insts;
        *func.block_mut(b) = block;
    }
    // Operands of joins are read at the end of the predecessor.
    for b in func.block_ids() {
        let mut phis = std::mem::take(&mut func.block_mut(b).phis);
        for (pred, src) in phis.iter_mut().flat_map(|p| &mut p.args) {
            if let Some((v, copy)) = src.val().and_then(|v| carried(func, v, *pred).map(|c| (v, c))) {
                let mut insts = std::mem::take(&mut func.block_mut(*pred).insts);
                *src = read_copy(func, v, copy, 0, &mut insts);
                func.block_mut(*pred).insts = insts;
            }
        }
        func.block_mut(b).phis = phis;
    }
    for (b, v, copy) in made {
        let inst = if func.vals[v.index()].pred {
            Inst { vector: true, ..Inst::with(Op::Sel, Type::B32, copy, &[Src::Imm(1), Src::Imm(0), Src::Val(v)]) }
        } else {
            Inst { vector: true, ..Inst::with(Op::Mov, Type::B64, copy, &[Src::Val(v)]) }
        };
        let insts = &mut func.block_mut(b).insts;
        let at = insts.iter().position(|i| i.defs().any(|d| d == v)).map_or(0, |i| i + 1);
        insts.insert(at, Inst { loc: insts.get(at.saturating_sub(1)).map_or(0, |i| i.loc), ..inst });
    }
}

/// The copy as an operand in place of `v`.
fn read_copy(func: &mut Func, v: Val, copy: Val, loc: u32, insts: &mut Vec<Inst>) -> Src {
    if !func.vals[v.index()].pred {
        return Src::Val(copy);
    }
    let pred = func.new_pred();
    let mut test = Inst::with(Op::Setp, Type::B32, pred, &[Src::Val(copy), Src::Imm(0)]);
    test.mods = Mods::NONE.with(&mods::CMP, mods::cmp::NE);
    test.loc = loc;
    insts.push(test);
    Src::Val(pred)
}

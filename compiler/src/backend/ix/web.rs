// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Takes joins away, and says where registers are live.
//!
//! A *web* is a set of values that share a register: a join and as many of its operands as do not interfere with it.
//! For the other operands there are copies at the end of the predecessor, all at once in meaning.
//!
//! *Positions* number the instructions in the order of the blocks, two for each: an operand is read at the even one, a
//! result is written at the odd one. A block has an entry position, one for its copies, and one for its end. A live
//! range is a list of *segments* of positions.
//!
//! A web may take in many values one after the other, so its range is kept in a form that grows cheaply (`range`).
//!
//! Before: SSA with banks, legal. After: no joins; `insts` of a block do not include its copies.

use super::range::Range;
use crate::ir::cfg::{predecessors, Loops};
use crate::ir::{Bank, BlockId, Func, Inst, Phi, Src, Val};
use ix_hw::isa::{mods, Mods, Op, Type};
use std::collections::HashMap;

/// Positions `from..to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Segment {
    /// First position.
    pub from: u32,
    /// One past the last.
    pub to: u32,
}

/// Where the parts of a block lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The entry.
    pub start: u32,
    /// The copies.
    pub copies: u32,
    /// The end: reading the condition and changing masks.
    pub term: u32,
    /// One past all of it.
    pub end: u32,
}

impl Span {
    /// Position of an instruction.
    pub fn inst(&self, i: usize) -> u32 {
        self.start + 2 + 2 * i as u32
    }
}

/// Webs and where they live.
#[derive(Debug, Clone)]
pub struct Webs {
    /// Positions of each block.
    pub spans: Vec<Span>,
    /// Copies at the end of each block, one after the other.
    pub copies: Vec<Vec<Inst>>,
    /// Segments of each web by the value that stands for it, ascending and disjoint; empty for other values.
    pub segments: Vec<Vec<Segment>>,
}

/// Sorts and joins segments.
pub fn tidy(list: &mut Vec<Segment>) {
    list.retain(|s| s.from < s.to);
    list.sort_unstable();
    let mut out: Vec<Segment> = Vec::with_capacity(list.len());
    for s in list.iter() {
        match out.last_mut() {
            Some(last) if s.from <= last.to => last.to = last.to.max(s.to),
            _ => out.push(*s),
        }
    }
    *list = out;
}

/// Runs the pass.
pub fn run(func: &mut Func, loops: &Loops) -> Webs {
    let spans = number(func);
    let segments = live_ranges(func, loops, &spans);
    let mut union = Union { parent: (0..func.vals.len() as u32).map(Val).collect() };
    let mut segments = coalesce(func, &mut union, segments);
    let copies = copies(func, &spans, &mut union, &mut segments);
    rename(func, &mut union);
    for list in &mut segments {
        tidy(list);
    }
    Webs { spans, copies, segments }
}

fn number(func: &Func) -> Vec<Span> {
    let mut at = 0;
    func.blocks
        .iter()
        .map(|block| {
            let start = at;
            let copies = start + 2 + 2 * block.insts.len() as u32;
            at = copies + 4;
            Span { start, copies, term: copies + 2, end: at }
        })
        .collect()
}

struct Def {
    block: BlockId,
    /// First position at which the value is there.
    at: u32,
    /// Number of the join in its block.
    phi: Option<u32>,
}

/// Live ranges of all values, as if joins were written at the ends of predecessors.
fn live_ranges(func: &Func, loops: &Loops, spans: &[Span]) -> Vec<Vec<Segment>> {
    let n = func.vals.len();
    let mut defs: Vec<Option<Def>> = (0..n).map(|_| None).collect();
    // Where a value is read: block and position.
    let mut uses: Vec<Vec<(BlockId, u32)>> = vec![vec![]; n];
    for b in func.block_ids() {
        let (block, span) = (func.block(b), &spans[b.index()]);
        for (i, phi) in block.phis.iter().enumerate() {
            defs[phi.dst.index()] = Some(Def { block: b, at: span.start, phi: Some(i as u32) });
            for &(p, src) in &phi.args {
                if let Src::Val(v) = src {
                    uses[v.index()].push((p, spans[p.index()].copies));
                }
            }
        }
        for (i, inst) in block.insts.iter().enumerate() {
            let at = span.inst(i);
            let mut reads = *inst;
            reads.old = Src::None;
            reads.for_each_use(|v| uses[v.index()].push((b, at)));
            // The old value is moved to the result's register before anything else happens.
            let tied = inst.old != Src::None;
            if let Src::Val(v) = inst.old {
                uses[v.index()].push((b, at - 1));
            }
            for v in inst.defs() {
                let at = if tied { at } else { at + 1 };
                defs[v.index()] = Some(Def { block: b, at, phi: None });
                // A result that nobody reads occupies its register all the same when it is written.
                uses[v.index()].push((b, at + 1));
            }
        }
        if let Src::Val(v) = block.term.cond() {
            // The condition is read again and again while masks are changed.
            uses[v.index()].push((b, span.end - 1));
        }
    }
    let preds = predecessors(func);
    let mut stamps = vec![u32::MAX; func.blocks.len()];
    let mut segments = vec![vec![]; n];
    for (v, def) in defs.iter().enumerate() {
        let Some(def) = def else { continue };
        let list = &mut segments[v];
        if func.vals[v].bank == Bank::V {
            thread_range(def, &uses[v], spans, &preds, &mut stamps, v as u32, list);
        } else {
            let mask = func.vals[v].bank == Bank::M;
            warp_range(def, &uses[v], loops, spans, mask, list);
        }
        if let Some(phi) = def.phi {
            for &(p, _) in &func.block(def.block).phis[phi as usize].args {
                let from = spans[p.index()].copies + 1;
                let to = match () {
                    // The lane goes from the predecessor to the join and nowhere else.
                    _ if func.vals[v].bank == Bank::V => spans[p.index()].end,
                    // The warp may do other things in between.
                    _ if p < def.block => def.at,
                    _ => loops.headed_by(def.block).map_or(spans[p.index()].end, |l| spans[loops.loops[l].last.index()].end),
                };
                list.push(Segment { from, to });
            }
        }
        tidy(list);
    }
    segments
}

/// Live range in the threads' graph.
fn thread_range(
    def: &Def,
    uses: &[(BlockId, u32)],
    spans: &[Span],
    preds: &[Vec<BlockId>],
    stamps: &mut [u32],
    stamp: u32,
    list: &mut Vec<Segment>,
) {
    let mut work = vec![];
    for &(b, at) in uses {
        if b == def.block && at >= def.at {
            list.push(Segment { from: def.at, to: at + 1 });
            continue;
        }
        list.push(Segment { from: spans[b.index()].start, to: at + 1 });
        if stamps[b.index()] != stamp {
            stamps[b.index()] = stamp;
            work.push(b);
        }
    }
    // All blocks in `work` have the value at their entry.
    while let Some(b) = work.pop() {
        for &p in &preds[b.index()] {
            let span = &spans[p.index()];
            if p == def.block {
                list.push(Segment { from: def.at, to: span.end });
                continue;
            }
            list.push(Segment { from: span.start, to: span.end });
            if stamps[p.index()] != stamp {
                stamps[p.index()] = stamp;
                work.push(p);
            }
        }
    }
    if uses.is_empty() {
        list.push(Segment { from: def.at, to: def.at + 1 });
    }
}

/// Live range in the order in which the warp runs: without holes from the definition to the last use, and to the end
/// of any loop that the value is read in but not defined.
fn warp_range(def: &Def, uses: &[(BlockId, u32)], loops: &Loops, spans: &[Span], mask: bool, list: &mut Vec<Segment>) {
    let mut range = Segment { from: def.at, to: def.at + 1 };
    for &(b, at) in uses {
        range.to = range.to.max(at + 1);
        let outer = loops.around(b).take_while(|&l| !loops.loops[l].contains(def.block)).last();
        if let Some(l) = outer {
            range.to = range.to.max(spans[loops.loops[l].last.index()].end);
        }
        if mask {
            // Bits of lanes that have left a loop must survive its further iterations.
            let left = loops.around(def.block).take_while(|&l| !loops.loops[l].contains(b)).last();
            if let Some(l) = left {
                range.from = range.from.min(spans[loops.loops[l].head.index()].start);
            }
        }
    }
    list.push(range);
}

struct Union {
    parent: Vec<Val>,
}

impl Union {
    fn find(&mut self, v: Val) -> Val {
        let mut root = v;
        while self.parent[root.index()] != root {
            root = self.parent[root.index()];
        }
        let mut at = v;
        while self.parent[at.index()] != root {
            at = std::mem::replace(&mut self.parent[at.index()], root);
        }
        root
    }
}

/// Puts joins and their operands into one web where they are never live at the same time.
fn coalesce(func: &Func, union: &mut Union, segments: Vec<Vec<Segment>>) -> Vec<Vec<Segment>> {
    let mut ranges: Vec<Range> = segments.into_iter().map(Range::List).collect();
    // Masks are written as a whole by logic operations; only comparisons leave other lanes' bits alone, as the parts
    // of a join must.
    let mut partial = vec![false; func.vals.len()];
    for inst in func.blocks.iter().flat_map(|b| &b.insts) {
        if matches!(inst.op, Op::Setp | Op::Testp | Op::Isspacep | Op::Vote) {
            inst.defs().for_each(|v| partial[v.index()] = true);
        }
    }
    for phi in func.blocks.iter().flat_map(|b| &b.phis) {
        partial[phi.dst.index()] = true;
    }
    let mut join = |dst: Val, arg: Src| {
        let Src::Val(arg) = arg else { return };
        let bank = func.bank(dst);
        if func.bank(arg) != bank || (bank == Bank::M && !(partial[arg.index()] && partial[dst.index()])) {
            return;
        }
        let (a, b) = (union.find(dst), union.find(arg));
        if a == b || ranges[a.index()].overlaps(&ranges[b.index()]) {
            return;
        }
        let moved = std::mem::take(&mut ranges[b.index()]);
        ranges[a.index()].add(moved);
        union.parent[b.index()] = a;
    };
    // Inner loops come last in the order and matter most.
    for block in func.blocks.iter().rev() {
        for phi in &block.phis {
            phi.args.iter().for_each(|&(_, arg)| join(phi.dst, arg));
        }
        for inst in &block.insts {
            if let Some(dst) = inst.dst {
                join(dst, inst.old);
            }
        }
    }
    ranges.into_iter().map(Range::into_list).collect()
}

/// Takes the joins out and gives the copies that they need.
fn copies(func: &mut Func, spans: &[Span], union: &mut Union, segments: &mut Vec<Vec<Segment>>) -> Vec<Vec<Inst>> {
    let mut moves: Vec<Vec<(Val, Src)>> = vec![vec![]; func.blocks.len()];
    for b in func.block_ids() {
        for Phi { dst, args } in std::mem::take(&mut func.block_mut(b).phis) {
            let dst = union.find(dst);
            for (p, mut src) in args {
                if let Src::Val(v) = &mut src {
                    *v = union.find(*v);
                }
                if src == Src::Val(dst) {
                    continue;
                }
                if let Src::Val(v) = src {
                    // No result of the copies may take the register of an operand.
                    let at = spans[p.index()].copies;
                    segments[v.index()].push(Segment { from: at, to: at + 2 });
                }
                moves[p.index()].push((dst, src));
            }
        }
    }
    let mut out = vec![];
    for (b, moves) in moves.into_iter().enumerate() {
        let at = spans[b].copies;
        let loc = func.blocks[b].loc;
        let mut sequence = Sequence { func, segments, union, at, out: vec![] };
        sequence.run(moves);
        let mut insts = sequence.out;
        insts.iter_mut().for_each(|i| i.loc = loc);
        out.push(insts);
    }
    out
}

/// Turns copies that happen at once into some that happen one after the other.
struct Sequence<'a> {
    func: &'a mut Func,
    segments: &'a mut Vec<Vec<Segment>>,
    union: &'a mut Union,
    at: u32,
    out: Vec<Inst>,
}

impl Sequence<'_> {
    fn run(&mut self, mut moves: Vec<(Val, Src)>) {
        let mut readers: HashMap<Val, u32> = HashMap::new();
        let mut writer: HashMap<Val, usize> = HashMap::new();
        for (i, (dst, src)) in moves.iter().enumerate() {
            writer.insert(*dst, i);
            if let Src::Val(v) = src {
                *readers.entry(*v).or_default() += 1;
            }
        }
        let mut done = vec![false; moves.len()];
        // A copy can be made when nobody has to read its destination any more.
        let mut ready: Vec<usize> = (0..moves.len()).filter(|&i| !readers.contains_key(&moves[i].0)).collect();
        let mut next = 0;
        loop {
            while let Some(i) = ready.pop() {
                let (dst, src) = moves[i];
                self.copy(dst, src);
                done[i] = true;
                let Src::Val(v) = src else { continue };
                let Some(count) = readers.get_mut(&v) else { continue };
                *count -= 1;
                if *count == 0 {
                    ready.extend(writer.get(&v).filter(|&&w| !done[w]));
                }
            }
            while next < moves.len() && done[next] {
                next += 1;
            }
            if next == moves.len() {
                return;
            }
            // Only cycles are left: one value steps aside.
            let dst = moves[next].0;
            let temp = self.temp(self.func.vals[dst.index()]);
            self.whole_copy(temp, Src::Val(dst));
            for (_, src) in &mut moves {
                if *src == Src::Val(dst) {
                    *src = Src::Val(temp);
                }
            }
            ready.push(next);
        }
    }

    fn temp(&mut self, info: crate::ir::ValInfo) -> Val {
        let v = self.func.new_val(info);
        self.union.parent.push(v);
        self.segments.push(vec![Segment { from: self.at, to: self.at + 2 }]);
        v
    }

    fn whole_copy(&mut self, dst: Val, src: Src) {
        let ty = if self.func.bank(dst) == Bank::M { Type::B32 } else { Type::B64 };
        self.out.push(Inst::with(Op::Mov, ty, dst, &[src]));
    }

    fn copy(&mut self, dst: Val, src: Src) {
        if self.func.bank(dst) != Bank::M {
            return self.whole_copy(dst, src);
        }
        // Only the bits of active lanes.
        let d = Src::Val(dst);
        match src {
            Src::Imm(0) => self.out.push(Inst::with(Op::Andn, Type::B32, dst, &[d, Src::Exec])),
            Src::Imm(_) => self.out.push(Inst::with(Op::Or, Type::B32, dst, &[d, Src::Exec])),
            Src::Val(v) if self.func.bank(v) != Bank::M => {
                let mut test = Inst::with(Op::Setp, Type::B32, dst, &[src, Src::Imm(0)]);
                test.mods = Mods::NONE.with(&mods::CMP, mods::cmp::NE);
                self.out.push(test);
            }
            _ => {
                let temp = self.temp(self.func.vals[dst.index()]);
                self.out.push(Inst::with(Op::And, Type::B32, temp, &[src, Src::Exec]));
                self.out.push(Inst::with(Op::Andn, Type::B32, dst, &[d, Src::Exec]));
                self.out.push(Inst::with(Op::Or, Type::B32, dst, &[d, Src::Val(temp)]));
            }
        }
    }
}

/// Lets all instructions name webs instead of values.
fn rename(func: &mut Func, union: &mut Union) {
    for block in &mut func.blocks {
        for inst in &mut block.insts {
            inst.for_each_src_mut(|src| {
                if let Src::Val(v) = src {
                    *v = union.find(*v);
                }
            });
            if let Some(guard) = &mut inst.guard {
                guard.pred = union.find(guard.pred);
            }
            for v in [&mut inst.dst, &mut inst.dst2].into_iter().flatten() {
                *v = union.find(*v);
            }
        }
        if let crate::ir::Term::Branch { cond: Src::Val(v), .. } = &mut block.term {
            *v = union.find(*v);
        }
    }
}

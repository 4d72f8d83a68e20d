// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The threads' control flow becomes the warp's.
//!
//! The warp runs the blocks in their order, always with `exec` not empty. A lane is either in `exec` or *pending*: its
//! bit is in the mask of the block that it waits to enter. A divergent branch puts lanes into the masks of its targets;
//! then the warp goes on to the first block in the order that may have lanes pending, where it *gathers* them:
//! `exec` = mask. Edges back to the head of a loop count as behind all blocks of the loop, but before what follows it;
//! so lanes of a loop wait for each other before they go around again, and whatever lies behind a loop waits until the
//! last lane has left it. This holds for any graph, since all edges back in a weak topological order go to heads.
//!
//! For every block the set of blocks that may have lanes pending when it runs is known ([`Plan::pending`]). So masks
//! are only kept where lanes may wait, and a uniform branch where nobody waits is a plain scalar branch.
//!
//! A *promise*: all lanes of a divergent branch that do not end come to its immediate postdominator. They are put in
//! its mask at the branch already (or before the loop that the branch is in), so that on their way they just drop out of
//! `exec`. This makes the common shapes short: the mask of a loop's exit is written once, before the loop.
//!
//! Lanes that branch to a block that only ends the thread end at once.
//!
//! A lane that spins until another lane of its warp goes on behind the loop waits forever: the other one waits for the
//! loop to be left.

use super::web::{Segment, Webs};
use crate::error::{Error, ErrorKind};
use crate::ir::cfg::{predecessors, DomTree, Loops};
use crate::ir::{Bank, BlockId, Func, Guard, Inst, Src, Term, Val, ValInfo};
use ix_hw::isa::{Op, Type};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Blocks beyond which promises, whose search takes quadratic time, are not looked for.
const MAX_PROMISE_BLOCKS: usize = 4096;

/// Sum of the sizes of all sets of blocks that may have lanes pending.
const MAX_PENDING: usize = 1 << 22;

/// A place in the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Label {
    /// The block, with `exec` as it is to be.
    Body(BlockId),
    /// Where the block's pending lanes are gathered.
    Gather(BlockId),
    /// Somewhere at the end of a block.
    Stub(u32),
}

/// A piece of code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Item {
    /// A label.
    Label(Label),
    /// An instruction; a result that is absent in a mask instruction is `exec`.
    Inst(Inst),
    /// A jump.
    Jump(Label),
    /// The return to the caller.
    Ret,
    /// A jump if `exec` is empty, or (not `none`) if it is not.
    Exec {
        /// Whether to jump if it is empty.
        none: bool,
        /// Where to.
        to: Label,
    },
    /// A jump by a scalar predicate.
    Scalar {
        /// The predicate.
        cond: Val,
        /// Whether to jump if it is false.
        zero: bool,
        /// Where to.
        to: Label,
    },
}

/// The whole function in the order of the warp.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The code.
    pub items: Vec<Item>,
}

/// Which lanes take an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lanes {
    All,
    Where(Val),
    WhereNot(Val),
}

/// Runs the pass; the masks' live ranges go into `webs`.
pub fn run(func: &mut Func, loops: &Loops, webs: &mut Webs) -> Result<Program, Error> {
    let live = thread_empty_blocks(func, loops, webs);
    let mut plan = Plan::new(func, loops, webs, live);
    plan.solve()?;
    plan.find_cleared();
    let mut emit = Emit {
        pend: HashMap::new(),
        items: vec![],
        stubs: 0,
        chains: vec![],
        webs,
        loc: 0,
        new_masks: vec![],
        masks: func.vals.len() as u32,
    };
    emit.run(&plan, func);
    let Emit { items, new_masks, .. } = emit;
    func.vals.extend(new_masks);
    Ok(Program { items })
}

/// Lets branches to blocks without contents go where those go; gives the blocks that remain.
fn thread_empty_blocks(func: &mut Func, loops: &Loops, webs: &Webs) -> Vec<bool> {
    let n = func.blocks.len();
    let mut forward: Vec<BlockId> = func.block_ids().collect();
    for b in func.block_ids().skip(1) {
        let block = func.block(b);
        let Term::Jump(to) = block.term else { continue };
        // Edges back must still go to heads, and promises are made in preheaders.
        let preheader = loops.headed_by(to).is_some() && b < to;
        let head = loops.headed_by(b).is_some();
        if !head && block.insts.is_empty() && webs.copies[b.index()].is_empty() && !preheader && to != b {
            forward[b.index()] = to;
        }
    }
    let resolve = |mut b: BlockId| {
        // An endless loop of empty blocks is left as it is.
        for _ in 0..64 {
            match forward[b.index()] {
                next if next == b => break,
                next => b = next,
            }
        }
        b
    };
    for b in 0..n {
        let block = &mut func.blocks[b];
        block.term.for_each_succ_mut(|s| *s = resolve(*s));
        if let Term::Branch { then, els, .. } = block.term {
            if then == els {
                block.term = Term::Jump(then);
            }
        }
    }
    let mut live = vec![false; n];
    let mut work = vec![Func::ENTRY];
    live[0] = true;
    while let Some(b) = work.pop() {
        for s in func.block(b).term.succs() {
            if !std::mem::replace(&mut live[s.index()], true) {
                work.push(s);
            }
        }
    }
    live
}

/// How a block is left, for lanes that all or partly go the same way.
#[derive(Debug, Clone, Default)]
struct Way {
    /// Lanes that end the thread here.
    exit: Option<Lanes>,
    /// Masks that get lanes: target, lanes, whether there may be others already.
    pend: Vec<(BlockId, Lanes, bool)>,
    /// What `exec` becomes.
    exec: Exec,
    /// Where to if `exec` is empty: tested first.
    empty: Option<Chain>,
    /// Where to.
    to: To,
    /// Blocks that may have lanes pending then.
    set: Vec<BlockId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Exec {
    /// As it is.
    #[default]
    Keep,
    /// Its lanes of these.
    And(Lanes),
    /// With the lanes that wait for this block.
    Or(BlockId),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum To {
    /// All lanes have ended.
    #[default]
    Nowhere,
    /// To the caller.
    Caller,
    /// The block, with `exec` as it is.
    Body(BlockId),
    /// Whoever waits.
    Waiting(Chain),
}

/// Where the warp goes on with lanes that wait: the first of these that has any.
///
/// Heads of loops are tested at the source, so that the warp only goes back if it has lanes to go back with; else it
/// could go round for ever between blocks that have none. Forward, each block tests for itself when it is gathered, and
/// goes on with its own chain if it has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Chain {
    /// Heads of loops, from the innermost out.
    back: Vec<BlockId>,
    /// A block ahead.
    ahead: Option<BlockId>,
    /// Blocks that may have lanes pending.
    set: Vec<BlockId>,
}

struct Plan<'a> {
    func: &'a Func,
    loops: &'a Loops,
    live: Vec<bool>,
    /// Blocks that may have lanes pending when this one runs, ascending.
    pending: Vec<Vec<BlockId>>,
    gathered: Vec<bool>,
    /// Promises made at the end of a block.
    promises: Vec<Vec<BlockId>>,
    /// Edges whose lanes are promised to their target.
    promised: HashSet<(BlockId, BlockId)>,
    /// Blocks that cannot be gathered in vain, unless their mask is cleared somewhere.
    certain: Vec<bool>,
    exit_only: Vec<bool>,
    /// Masks to clear at the end of a block, and when it is gathered.
    clear: Vec<Vec<BlockId>>,
    clear_at_gather: Vec<Vec<BlockId>>,
}

impl<'a> Plan<'a> {
    fn new(func: &'a Func, loops: &'a Loops, webs: &Webs, live: Vec<bool>) -> Self {
        let n = func.blocks.len();
        let exit_only = func
            .block_ids()
            .map(|b| {
                let block = func.block(b);
                b != Func::ENTRY && block.insts.is_empty() && webs.copies[b.index()].is_empty() && block.term == Term::Exit
            })
            .collect();
        let mut plan = Plan {
            func,
            loops,
            live,
            pending: vec![vec![]; n],
            gathered: vec![false; n],
            promises: vec![vec![]; n],
            promised: HashSet::new(),
            certain: vec![false; n],
            exit_only,
            clear: vec![vec![]; n],
            clear_at_gather: vec![vec![]; n],
        };
        if n <= MAX_PROMISE_BLOCKS {
            plan.find_promises();
        }
        plan
    }

    fn is_divergent(&self, b: BlockId) -> bool {
        matches!(self.func.block(b).term.cond(), Src::Val(v) if self.func.bank(v) == Bank::M)
    }

    fn find_promises(&mut self) {
        let func = self.func;
        let mut preds = predecessors(func);
        for list in &mut preds {
            list.retain(|p| self.live[p.index()]);
        }
        let dom = DomTree::dominators(func, &preds);
        let exit_only = self.exit_only.clone();
        let post = DomTree::postdominators(func, &preds, |_, to| exit_only[to.index()]);
        let mut roots: BTreeMap<(BlockId, BlockId), Vec<BlockId>> = BTreeMap::new();
        for b in func.block_ids().filter(|&b| self.live[b.index()] && self.is_divergent(b)) {
            if func.block(b).term.succs().any(|s| self.exit_only[s.index()]) {
                continue;
            }
            let x = post.idom(b);
            if x.index() >= func.blocks.len() {
                continue;
            }
            // The outermost loop that all lanes leave for `x` makes the promise before it is entered.
            let inside: Vec<usize> = self.loops.around(b).take_while(|&l| !self.loops.loops[l].contains(x)).collect();
            let before_loop = inside.iter().rev().find_map(|&l| {
                let info = &self.loops.loops[l];
                let mut outside = preds[info.head.index()].iter().filter(|p| !info.contains(**p));
                let (Some(&pre), None) = (outside.next(), outside.next()) else { return None };
                let only_way = matches!(func.block(pre).term, Term::Jump(_));
                (only_way && !info.irreducible && pre != x && post.dominates(x, pre)).then_some(pre)
            });
            for root in before_loop.into_iter().chain([b]) {
                // A promise that is made earlier on the way covers this one.
                let of_x = roots.range((x, BlockId(0))..=(x, BlockId(u32::MAX)));
                let mut of_x = of_x.map(|((_, r), region)| (*r, region));
                if of_x.any(|(r, region)| r == root || (dom.dominates(r, root) && region.binary_search(&root).is_ok())) {
                    break;
                }
                if let Some(region) = self.region(root, x) {
                    roots.insert((x, root), region);
                    break;
                }
            }
        }
        for ((x, root), region) in roots {
            self.promises[root.index()].push(x);
            let ends = |b: BlockId| match func.block(b).term {
                Term::Exit => true,
                term => term.succs().any(|s| self.exit_only[s.index()]),
            };
            if dom.dominates(root, x) && !region.iter().any(|&r| ends(r)) {
                self.certain[x.index()] = true;
            }
            for &p in &preds[x.index()] {
                if p == root || (dom.dominates(root, p) && region.binary_search(&p).is_ok()) {
                    self.promised.insert((p, x));
                }
            }
        }
    }

    /// Blocks that lanes may run between the end of `root` and `x`, if all of them run before `x` can.
    fn region(&self, root: BlockId, x: BlockId) -> Option<Vec<BlockId>> {
        let mut region = vec![];
        let mut seen = HashSet::new();
        let mut work: Vec<BlockId> = self.func.block(root).term.succs().collect();
        while let Some(b) = work.pop() {
            if b == x || self.exit_only[b.index()] || !seen.insert(b) {
                continue;
            }
            let around_x = self.loops.headed_by(b).is_some_and(|l| self.loops.loops[l].contains(x));
            if b > x || around_x {
                return None;
            }
            region.push(b);
            work.extend(self.func.block(b).term.succs());
        }
        region.sort_unstable();
        Some(region)
    }

    /// The block of the set that the warp goes on with after `at`.
    fn first(&self, at: BlockId, set: &[BlockId]) -> Option<BlockId> {
        let chain = self.chain(at, set);
        chain.back.first().copied().or(chain.ahead)
    }

    /// The order in which the warp looks for waiting lanes after `at`.
    fn chain(&self, at: BlockId, set: &[BlockId]) -> Chain {
        let mut chain = Chain { set: set.to_vec(), ..Chain::default() };
        let next = set.get(set.partition_point(|&t| t <= at)).copied();
        for l in self.loops.around(at) {
            let info = &self.loops.loops[l];
            chain.ahead = next.filter(|&t| t <= info.last);
            if chain.ahead.is_some() {
                return chain;
            }
            if set.binary_search(&info.head).is_ok() {
                chain.back.push(info.head);
            }
        }
        chain.ahead = next;
        chain
    }

    /// How lanes leave `b` along these edges, with those that wait already.
    fn way(&self, b: BlockId, edges: &[(BlockId, Lanes)]) -> Way {
        let mut way = Way::default();
        let mut waiting = self.pending[b.index()].clone();
        waiting.extend(&self.promises[b.index()]);
        tidy(&mut waiting);
        let mut edges = edges.to_vec();
        if let Some(i) = edges.iter().position(|(t, _)| self.exit_only[t.index()]) {
            let (_, lanes) = edges.remove(i);
            let all = lanes == Lanes::All || edges.first().is_some_and(|(t, _)| self.exit_only[t.index()]);
            if all {
                edges.clear();
            }
            way.exit = Some(if all { Lanes::All } else { lanes });
            edges.iter_mut().for_each(|(_, lanes)| *lanes = Lanes::All);
            if !edges.is_empty() && !waiting.is_empty() {
                way.empty = Some(self.chain(b, &waiting));
            }
        }
        let mut set = waiting.clone();
        set.extend(edges.iter().map(|e| e.0));
        tidy(&mut set);
        let Some(next) = self.first(b, &set) else { return way };
        let waits = |x: BlockId| waiting.binary_search(&x).is_ok();
        for &(target, lanes) in &edges {
            if target != next && !self.promised.contains(&(b, target)) {
                way.pend.push((target, lanes, waits(target)));
            }
        }
        match edges.iter().find(|(t, _)| *t == next) {
            None => way.to = To::Waiting(self.chain(b, &set)),
            Some(_) if self.promised.contains(&(b, next)) => way.to = To::Waiting(self.chain(b, &set)),
            Some(&(_, lanes)) if !waits(next) => {
                way.to = To::Body(next);
                set.retain(|t| *t != next);
                if lanes != Lanes::All {
                    way.exec = Exec::And(lanes);
                    way.empty = Some(self.chain(b, &set)).filter(|_| !set.is_empty());
                }
            }
            Some(&(_, Lanes::All)) if way.exit.is_none() => {
                way.exec = Exec::Or(next);
                way.to = To::Body(next);
                set.retain(|t| *t != next);
            }
            Some(&(_, lanes)) => {
                way.pend.push((next, lanes, true));
                way.to = To::Waiting(self.chain(b, &set));
            }
        }
        way.set = set;
        way
    }

    /// The ways out of a block: one, or two for a uniform branch (taken, not taken).
    fn ways(&self, b: BlockId) -> Vec<Way> {
        match self.func.block(b).term {
            Term::Exit => {
                let set = self.pending[b.index()].clone();
                let to = if set.is_empty() { To::Nowhere } else { To::Waiting(self.chain(b, &set)) };
                vec![Way { exit: Some(Lanes::All), to, set, ..Way::default() }]
            }
            // All lanes come to the one return of a function, which has no successor and so is last.
            Term::Ret => vec![Way { to: To::Caller, ..Way::default() }],
            Term::Jump(to) => vec![self.way(b, &[(to, Lanes::All)])],
            Term::Branch { cond: Src::Val(cond), then, els } if self.func.bank(cond) == Bank::M => {
                vec![self.way(b, &[(then, Lanes::Where(cond)), (els, Lanes::WhereNot(cond))])]
            }
            Term::Branch { then, els, .. } => vec![self.way(b, &[(then, Lanes::All)]), self.way(b, &[(els, Lanes::All)])],
        }
    }

    /// Where the warp may go from the end of a block: target, whether to its gathering, what may be pending besides.
    fn edges_of(&self, b: BlockId) -> Vec<(BlockId, bool, Vec<BlockId>)> {
        let mut out = vec![];
        for way in self.ways(b) {
            if let Some(chain) = &way.empty {
                chain_edges(chain, &mut out);
            }
            match way.to {
                To::Nowhere | To::Caller => {}
                To::Body(t) => out.push((t, false, way.set)),
                To::Waiting(chain) => chain_edges(&chain, &mut out),
            }
        }
        out
    }

    /// Where the warp may go if nobody waits for a block that is gathered.
    fn edges_in_vain(&self, b: BlockId) -> Vec<(BlockId, bool, Vec<BlockId>)> {
        let mut out = vec![];
        if self.gathered[b.index()] {
            chain_edges(&self.chain(b, &self.pending[b.index()]), &mut out);
        }
        out
    }

    fn solve(&mut self) -> Result<(), Error> {
        let mut total = 0;
        let mut dirty: Vec<bool> = self.live.clone();
        let mut again = true;
        while again {
            again = false;
            for b in self.func.block_ids() {
                if !std::mem::replace(&mut dirty[b.index()], false) {
                    continue;
                }
                let mut edges = self.edges_of(b);
                edges.extend(self.edges_in_vain(b));
                for (to, gather, set) in edges {
                    let mut new = self.pending[to.index()].clone();
                    new.extend(set.into_iter().filter(|t| *t != to));
                    tidy(&mut new);
                    if new.len() > self.pending[to.index()].len() || (gather && !self.gathered[to.index()]) {
                        total += new.len() - self.pending[to.index()].len();
                        if total > MAX_PENDING {
                            let reason = format!("the control flow of `{}` is too complex: too many places to wait", self.func.name);
                            return Err(Error::new(ErrorKind::Limit, reason));
                        }
                        self.pending[to.index()] = new;
                        self.gathered[to.index()] |= gather;
                        dirty[to.index()] = true;
                        again = true;
                    }
                }
            }
        }
        Ok(())
    }

    /// Finds masks that are looked at on ways where nobody has written them.
    fn find_cleared(&mut self) {
        for b in self.func.block_ids().filter(|b| self.live[b.index()]) {
            let waiting = &self.pending[b.index()];
            let missing = |edges: Vec<(BlockId, bool, Vec<BlockId>)>, known: &[BlockId]| {
                let mut missing = vec![];
                for (to, _, set) in edges {
                    // What waited already, but was left out of the set, is known to be empty.
                    let written = |x: &BlockId| set.contains(x) || waiting.contains(x) || known.contains(x);
                    missing.extend(self.pending[to.index()].iter().filter(|x| !written(x)));
                }
                tidy(&mut missing);
                missing
            };
            let at_end = missing(self.edges_of(b), &self.promises[b.index()]);
            let at_gather = missing(self.edges_in_vain(b), &[b]);
            self.clear[b.index()] = at_end;
            self.clear_at_gather[b.index()] = at_gather;
        }
        for &x in self.clear.iter().chain(&self.clear_at_gather).flatten() {
            self.certain[x.index()] = false;
        }
    }
}

fn chain_edges(chain: &Chain, out: &mut Vec<(BlockId, bool, Vec<BlockId>)>) {
    let mut set = chain.set.clone();
    for &head in &chain.back {
        set.retain(|t| *t != head);
        out.push((head, false, set.clone()));
    }
    if let Some(ahead) = chain.ahead {
        out.push((ahead, true, set));
    }
}

fn tidy(set: &mut Vec<BlockId>) {
    set.sort_unstable();
    set.dedup();
}

struct Emit<'a> {
    /// The mask of lanes that wait for a block.
    pend: HashMap<BlockId, Val>,
    items: Vec<Item>,
    stubs: u32,
    /// Chains that are followed from the end of the block at hand, out of line.
    chains: Vec<(Label, Chain)>,
    webs: &'a mut Webs,
    loc: u32,
    new_masks: Vec<ValInfo>,
    masks: u32,
}

impl Emit<'_> {
    fn mask(&mut self) -> Val {
        self.new_masks.push(ValInfo { pred: true, bank: Bank::M });
        self.webs.segments.push(vec![]);
        self.masks += 1;
        Val(self.masks - 1)
    }

    /// The mask of lanes that wait for `x`, needed in the segment.
    fn pend(&mut self, x: BlockId, from: u32, to: u32) -> Val {
        let v = match self.pend.get(&x) {
            Some(v) => *v,
            None => {
                let v = self.mask();
                self.pend.insert(x, v);
                v
            }
        };
        self.webs.segments[v.index()].push(Segment { from, to });
        v
    }

    fn mask_op(&mut self, op: Op, dst: Option<Val>, src: &[Src]) {
        let mut inst = Inst::new(op, Type::B32);
        inst.dst = dst;
        inst.src[..src.len()].copy_from_slice(src);
        inst.loc = self.loc;
        self.items.push(Item::Inst(inst));
    }

    fn run(&mut self, plan: &Plan<'_>, func: &Func) {
        for b in func.block_ids().filter(|b| plan.live[b.index()]) {
            let span = self.webs.spans[b.index()];
            let block = func.block(b);
            self.loc = block.insts.first().map_or(block.loc, |i| i.loc);
            for &x in &plan.pending[b.index()] {
                self.pend(x, span.start, span.end);
            }
            // Nobody branches to such a block: lanes end where they would.
            if plan.exit_only[b.index()] {
                continue;
            }
            if plan.gathered[b.index()] {
                self.items.push(Item::Label(Label::Gather(b)));
                for &x in &plan.clear_at_gather[b.index()] {
                    let v = self.pend(x, span.start, span.end);
                    self.mask_op(Op::Mov, Some(v), &[Src::Imm(0)]);
                }
                let v = self.pend(b, span.start, span.start + 1);
                self.mask_op(Op::Mov, None, &[Src::Val(v)]);
                let chain = plan.chain(b, &plan.pending[b.index()]);
                if !plan.certain[b.index()] && !chain.set.is_empty() {
                    self.if_empty(&chain, span.start, span.end);
                }
            }
            self.items.push(Item::Label(Label::Body(b)));
            self.items.extend(block.insts.iter().map(|i| Item::Inst(*i)));
            self.items.extend(self.webs.copies[b.index()].iter().map(|i| Item::Inst(*i)));
            self.loc = block.loc;
            self.end(plan, func, b);
        }
        for list in &mut self.webs.segments {
            if list.windows(2).any(|w| w[0].to >= w[1].from) {
                super::web::tidy(list);
            }
        }
    }

    fn end(&mut self, plan: &Plan<'_>, func: &Func, b: BlockId) {
        let span = self.webs.spans[b.index()];
        let (from, to) = (span.term, span.end);
        for &x in &plan.clear[b.index()] {
            let v = self.pend(x, from, to);
            self.mask_op(Op::Mov, Some(v), &[Src::Imm(0)]);
        }
        for &x in &plan.promises[b.index()] {
            let waits = plan.pending[b.index()].contains(&x);
            let v = self.pend(x, from, to);
            if waits {
                self.mask_op(Op::Or, Some(v), &[Src::Val(v), Src::Exec]);
            } else {
                self.mask_op(Op::Mov, Some(v), &[Src::Exec]);
            }
        }
        let ways = plan.ways(b);
        if let ([taken, other], Term::Branch { cond: Src::Val(cond), .. }) = (&ways[..], func.block(b).term) {
            // The simple way of the two is the one that is jumped to.
            let (zero, near, far) = if plain(taken).is_some() { (false, other, taken) } else { (true, taken, other) };
            if let Some(label) = plain(far) {
                self.items.push(Item::Scalar { cond, zero, to: label });
                self.way(near, from, to);
            } else {
                let stub = self.stub();
                self.items.push(Item::Scalar { cond, zero, to: stub });
                self.way(near, from, to);
                self.items.push(Item::Label(stub));
                self.way(far, from, to);
            }
        } else {
            for way in &ways {
                self.way(way, from, to);
            }
        }
        for (label, chain) in std::mem::take(&mut self.chains) {
            self.items.push(Item::Label(label));
            self.follow(&chain, from, to);
        }
    }

    fn stub(&mut self) -> Label {
        self.stubs += 1;
        Label::Stub(self.stubs - 1)
    }

    /// Goes along the chain if `exec` is empty.
    fn if_empty(&mut self, chain: &Chain, from: u32, to: u32) {
        let label = match chain.ahead {
            Some(ahead) if chain.back.is_empty() => Label::Gather(ahead),
            _ => {
                let label = self.stub();
                self.chains.push((label, chain.clone()));
                for &head in &chain.back {
                    self.pend(head, from, to);
                }
                label
            }
        };
        self.items.push(Item::Exec { none: true, to: label });
    }

    /// Goes on with lanes that wait.
    fn follow(&mut self, chain: &Chain, from: u32, to: u32) {
        for (i, &head) in chain.back.iter().enumerate() {
            let v = self.pend(head, from, to);
            self.mask_op(Op::Mov, None, &[Src::Val(v)]);
            if i + 1 == chain.back.len() && chain.ahead.is_none() {
                self.items.push(Item::Jump(Label::Body(head)));
            } else {
                self.items.push(Item::Exec { none: false, to: Label::Body(head) });
            }
        }
        if let Some(ahead) = chain.ahead {
            self.items.push(Item::Jump(Label::Gather(ahead)));
        }
    }

    fn way(&mut self, way: &Way, from: u32, to: u32) {
        for x in &way.set {
            if let Some(v) = self.pend.get(x) {
                self.webs.segments[v.index()].push(Segment { from, to });
            }
        }
        if let Some(lanes) = way.exit {
            let mut exit = Inst::new(Op::Exit, Type::None);
            exit.loc = self.loc;
            exit.guard = match lanes {
                Lanes::All => None,
                Lanes::Where(pred) => Some(Guard { pred, negate: false }),
                Lanes::WhereNot(pred) => Some(Guard { pred, negate: true }),
            };
            self.items.push(Item::Inst(exit));
        }
        for &(x, lanes, others) in &way.pend {
            let v = self.pend(x, from, to);
            let old = Src::Val(v);
            match (lanes, others) {
                (Lanes::All, false) => self.mask_op(Op::Mov, Some(v), &[Src::Exec]),
                (Lanes::All, true) => self.mask_op(Op::Or, Some(v), &[old, Src::Exec]),
                (Lanes::Where(p), false) => self.mask_op(Op::And, Some(v), &[Src::Exec, Src::Val(p)]),
                (Lanes::WhereNot(p), false) => self.mask_op(Op::Andn, Some(v), &[Src::Exec, Src::Val(p)]),
                (Lanes::Where(p) | Lanes::WhereNot(p), true) => {
                    let op = if lanes == Lanes::Where(p) { Op::And } else { Op::Andn };
                    let temp = self.mask();
                    self.webs.segments[temp.index()].push(Segment { from, to });
                    self.mask_op(op, Some(temp), &[Src::Exec, Src::Val(p)]);
                    self.mask_op(Op::Or, Some(v), &[old, Src::Val(temp)]);
                }
            }
        }
        match way.exec {
            Exec::Keep | Exec::And(Lanes::All) => {}
            Exec::And(Lanes::Where(p)) => self.mask_op(Op::And, None, &[Src::Exec, Src::Val(p)]),
            Exec::And(Lanes::WhereNot(p)) => self.mask_op(Op::Andn, None, &[Src::Exec, Src::Val(p)]),
            Exec::Or(x) => {
                let v = self.pend(x, from, to);
                self.mask_op(Op::Or, None, &[Src::Exec, Src::Val(v)]);
            }
        }
        if let Some(chain) = &way.empty {
            self.if_empty(chain, from, to);
        }
        match &way.to {
            To::Nowhere => {}
            To::Caller => self.items.push(Item::Ret),
            To::Body(b) => self.items.push(Item::Jump(Label::Body(*b))),
            To::Waiting(chain) => self.follow(chain, from, to),
        }
    }
}

/// Where the way goes, if it is nothing but a jump.
fn plain(way: &Way) -> Option<Label> {
    if way.exit.is_some() || !way.pend.is_empty() || way.exec != Exec::Keep || way.empty.is_some() {
        return None;
    }
    match &way.to {
        To::Body(b) => Some(Label::Body(*b)),
        To::Waiting(Chain { back, ahead: Some(b), .. }) if back.is_empty() => Some(Label::Gather(*b)),
        _ => None,
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Where lanes wait and where the warp goes: what is known before any code is made.

use super::super::web::Webs;
use crate::error::{Error, ErrorKind};
use crate::ir::cfg::{predecessors, DomTree, Loops};
use crate::ir::{Bank, BlockId, Func, Src, Term, Val};
use std::collections::{BTreeMap, HashSet};

/// Blocks beyond which promises, whose search takes quadratic time, are not looked for.
const MAX_PROMISE_BLOCKS: usize = 4096;

/// Sum of the sizes of all sets of blocks that may have lanes pending.
const MAX_PENDING: usize = 1 << 22;

/// Which lanes take an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lanes {
    All,
    Where(Val),
    WhereNot(Val),
}

/// How a block is left, for lanes that all or partly go the same way.
#[derive(Debug, Clone, Default)]
pub(super) struct Way {
    /// Lanes that end the thread here.
    pub exit: Option<Lanes>,
    /// Masks that get lanes: target, lanes, whether there may be others already.
    pub pend: Vec<(BlockId, Lanes, bool)>,
    /// What `exec` becomes.
    pub exec: Exec,
    /// Where to if `exec` is empty: tested first.
    pub empty: Option<Chain>,
    /// Where to.
    pub to: To,
    /// Blocks that may have lanes pending then.
    pub set: Vec<BlockId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Exec {
    /// As it is.
    #[default]
    Keep,
    /// Its lanes of these.
    And(Lanes),
    /// With the lanes that wait for this block.
    Or(BlockId),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum To {
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
pub(super) struct Chain {
    /// Heads of loops, from the innermost out.
    pub back: Vec<BlockId>,
    /// A block ahead.
    pub ahead: Option<BlockId>,
    /// Blocks that may have lanes pending.
    pub set: Vec<BlockId>,
}

pub(super) struct Plan<'a> {
    pub func: &'a Func,
    pub loops: &'a Loops,
    pub live: Vec<bool>,
    /// Blocks that may have lanes pending when this one runs, ascending.
    pub pending: Vec<Vec<BlockId>>,
    pub gathered: Vec<bool>,
    /// Promises made at the end of a block.
    pub promises: Vec<Vec<BlockId>>,
    /// Edges whose lanes are promised to their target.
    pub promised: HashSet<(BlockId, BlockId)>,
    /// Blocks that cannot be gathered in vain, unless their mask is cleared somewhere.
    pub certain: Vec<bool>,
    pub exit_only: Vec<bool>,
    /// Masks to clear at the end of a block, and when it is gathered.
    pub clear: Vec<Vec<BlockId>>,
    pub clear_at_gather: Vec<Vec<BlockId>>,
}

impl<'a> Plan<'a> {
    pub fn new(func: &'a Func, loops: &'a Loops, webs: &Webs, live: Vec<bool>) -> Self {
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
    pub fn chain(&self, at: BlockId, set: &[BlockId]) -> Chain {
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
    pub fn ways(&self, b: BlockId) -> Vec<Way> {
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

    pub fn solve(&mut self) -> Result<(), Error> {
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
    pub fn find_cleared(&mut self) {
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

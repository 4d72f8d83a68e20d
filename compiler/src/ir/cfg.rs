// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The graph of blocks: predecessors, dominators, loops, and the order of blocks.
//!
//! Blocks are kept in a *weak topological order* (Bourdoncle, "Efficient chaotic iteration strategies with widenings",
//! 1993), which exists for any graph, reducible or not. *Loops* nest, each is contiguous in the order and begins with
//! its *head*; an edge either goes forward, or back to the head of a loop that contains its source. So whoever walks
//! the blocks in order and jumps back to heads only never misses one. An edge from outside into the middle of a loop
//! makes the loop *irreducible*; it is still a forward edge.

use super::{BlockId, Func};

/// Lists of predecessors by block. A predecessor stands once in a list, whatever its branch looks like.
pub fn predecessors(func: &Func) -> Vec<Vec<BlockId>> {
    let mut preds = vec![vec![]; func.blocks.len()];
    for b in func.block_ids() {
        for s in func.block(b).term.succs() {
            preds[s.index()].push(b);
        }
    }
    preds
}

/// A loop: blocks `head..=last`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loop {
    /// First block, target of all edges back.
    pub head: BlockId,
    /// Last block in the order.
    pub last: BlockId,
    /// The loop around it.
    pub parent: Option<usize>,
    /// Whether it has an entry besides its head.
    pub irreducible: bool,
}

impl Loop {
    /// Whether the block is in the loop.
    pub fn contains(&self, b: BlockId) -> bool {
        self.head <= b && b <= self.last
    }
}

/// All loops of a function whose blocks are in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loops {
    /// The loops; an outer one stands before those in it.
    pub loops: Vec<Loop>,
    /// Innermost loop of each block.
    pub innermost: Vec<Option<usize>>,
}

impl Loops {
    /// Loops around the block, from the innermost out.
    pub fn around(&self, b: BlockId) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.innermost[b.index()], |&l| self.loops[l].parent)
    }

    /// The loop of which the block is the head.
    pub fn headed_by(&self, b: BlockId) -> Option<usize> {
        self.innermost[b.index()].filter(|&l| self.loops[l].head == b)
    }
}

/// Drops blocks that cannot be reached and brings the rest in weak topological order.
pub fn order(func: &mut Func) -> Loops {
    let (order, mut loops) = weak_topological_order(func);
    let mut new_id = vec![None; func.blocks.len()];
    for (new, &old) in order.iter().enumerate() {
        new_id[old as usize] = Some(BlockId(new as u32));
    }
    let mut old_blocks: Vec<_> = std::mem::take(&mut func.blocks).into_iter().map(Some).collect();
    for &old in &order {
        let Some(mut block) = old_blocks[old as usize].take() else { continue };
        block.term.for_each_succ_mut(|s| *s = new_id[s.index()].unwrap_or(*s));
        for phi in &mut block.phis {
            phi.args.retain_mut(|(pred, _)| new_id[pred.index()].map(|new| *pred = new).is_some());
        }
        func.blocks.push(block);
    }
    let preds = predecessors(func);
    loops.innermost = vec![None; func.blocks.len()];
    for i in 0..loops.loops.len() {
        let Loop { head, last, .. } = loops.loops[i];
        for b in head.0..=last.0 {
            loops.innermost[b as usize] = Some(i);
        }
        let inside = |b: BlockId| head <= b && b <= last;
        loops.loops[i].irreducible = (head.0 + 1..=last.0).any(|b| preds[b as usize].iter().any(|&p| !inside(p)));
    }
    loops
}

/// What is still to be put in order.
enum Task {
    /// Blocks whose strongly connected components are to be ordered, from these roots, in this loop.
    Region { blocks: Vec<u32>, roots: Vec<u32>, parent: Option<usize> },
    /// A block.
    Emit(u32),
    /// A loop whose last block is the one emitted last.
    Close(usize),
}

/// Reachable blocks in order, and the loops in terms of positions in that order.
fn weak_topological_order(func: &Func) -> (Vec<u32>, Loops) {
    let n = func.blocks.len();
    let mut order = Vec::with_capacity(n);
    let mut loops = Loops::default();
    let mut sccs = Tarjan::new(func);
    let mut tasks = vec![Task::Region { blocks: (0..n as u32).collect(), roots: vec![0], parent: None }];
    while let Some(task) = tasks.pop() {
        match task {
            Task::Emit(b) => order.push(b),
            Task::Close(l) => loops.loops[l].last = BlockId(order.len() as u32 - 1),
            Task::Region { blocks, roots, parent } => {
                // Components come out in reverse topological order, as a stack wants them.
                for component in sccs.run(&blocks, &roots) {
                    let head = component[0];
                    let head_block = BlockId(head);
                    let cyclic = component.len() > 1 || func.block(head_block).term.succs().any(|s| s == head_block);
                    if !cyclic {
                        tasks.push(Task::Emit(head));
                        continue;
                    }
                    // The loop's number is given when it is opened, so that outer ones have the lower numbers:
                    // an inner region is only looked at after its head has been emitted.
                    let l = loops.loops.len();
                    loops.loops.push(Loop { head: head_block, last: head_block, parent, irreducible: false });
                    tasks.push(Task::Close(l));
                    let roots = func.block(head_block).term.succs().map(|b| b.0).collect();
                    tasks.push(Task::Region { blocks: component[1..].to_vec(), roots, parent: Some(l) });
                    tasks.push(Task::Emit(head));
                }
            }
        }
    }
    let mut position = vec![0; n];
    for (i, &b) in order.iter().enumerate() {
        position[b as usize] = i as u32;
    }
    for l in &mut loops.loops {
        l.head = BlockId(position[l.head.index()]);
    }
    (order, loops)
}

/// Tarjan's strongly connected components, without recursion, on parts of the graph.
struct Tarjan<'a> {
    func: &'a Func,
    /// Which run a block belongs to; edges to blocks of other runs do not count.
    region: Vec<u32>,
    current: u32,
    number: Vec<u32>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
}

impl<'a> Tarjan<'a> {
    fn new(func: &'a Func) -> Self {
        let n = func.blocks.len();
        Tarjan { func, region: vec![0; n], current: 0, number: vec![0; n], low: vec![0; n], on_stack: vec![false; n] }
    }

    /// Components of the graph on `blocks`, in reverse topological order. The first block of a component is the one
    /// through which the search entered it. Only what the roots reach counts on the first run; later runs take all.
    fn run(&mut self, blocks: &[u32], roots: &[u32]) -> Vec<Vec<u32>> {
        let first_run = self.current == 0;
        self.current += 1;
        for &b in blocks {
            self.region[b as usize] = self.current;
            self.number[b as usize] = 0;
        }
        let mut out = vec![];
        let mut counter = 0;
        let mut stack = vec![];
        for &root in roots.iter().rev() {
            self.search(root, &mut counter, &mut stack, &mut out);
        }
        if !first_run {
            for &b in blocks {
                self.search(b, &mut counter, &mut stack, &mut out);
            }
        }
        out
    }

    fn search(&mut self, root: u32, counter: &mut u32, stack: &mut Vec<u32>, out: &mut Vec<Vec<u32>>) {
        let func = self.func;
        // Successors are visited in reverse, so that the preferred one comes next in the order.
        let succs = move |b: u32| func.block(BlockId(b)).term.succs().rev();
        if self.region[root as usize] != self.current || self.number[root as usize] != 0 {
            return;
        }
        let mut enter = |this: &mut Self, b: u32, stack: &mut Vec<u32>| {
            *counter += 1;
            this.number[b as usize] = *counter;
            this.low[b as usize] = *counter;
            this.on_stack[b as usize] = true;
            stack.push(b);
            (b, succs(b))
        };
        let mut path = vec![enter(self, root, stack)];
        while let Some((b, rest)) = path.last_mut() {
            let b = *b;
            if let Some(s) = rest.next() {
                let s = s.0;
                if self.region[s as usize] != self.current {
                    continue;
                }
                if self.number[s as usize] == 0 {
                    path.push(enter(self, s, stack));
                } else if self.on_stack[s as usize] {
                    self.low[b as usize] = self.low[b as usize].min(self.number[s as usize]);
                }
                continue;
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                let parent = *parent as usize;
                self.low[parent] = self.low[parent].min(self.low[b as usize]);
            }
            if self.low[b as usize] == self.number[b as usize] {
                let start = stack.iter().rposition(|&x| x == b).unwrap_or(0);
                let component = stack.split_off(start);
                for &x in &component {
                    self.on_stack[x as usize] = false;
                }
                out.push(component);
            }
        }
    }
}

/// A dominator tree: of a graph or, for postdominators, of its reverse.
#[derive(Debug, Clone)]
pub struct DomTree {
    /// Immediate dominator by node; the root's is itself.
    idom: Vec<u32>,
    /// Preorder number and end of the subtree.
    span: Vec<(u32, u32)>,
}

impl DomTree {
    /// Dominators of a function whose blocks are in order.
    pub fn dominators(func: &Func, preds: &[Vec<BlockId>]) -> DomTree {
        let n = func.blocks.len();
        let order: Vec<u32> = (0..n as u32).collect();
        Self::build(&order, |b| preds[b as usize].iter().map(|p| p.0))
    }

    /// Postdominators, with a virtual exit as node `blocks.len()` behind all exits. `skip` says which edges do not
    /// count. Blocks that reach no exit are taken to be followed by it, as far as need be.
    pub fn postdominators(func: &Func, preds: &[Vec<BlockId>], skip: impl Fn(BlockId, BlockId) -> bool) -> DomTree {
        let n = func.blocks.len();
        let exit = n as u32;
        let mut exits: Vec<u32> = func.block_ids().filter(|&b| func.block(b).term.succs().all(|s| skip(b, s))).map(|b| b.0).collect();
        // Postorder of the reverse graph.
        let mut seen = vec![false; n];
        let mut postorder = Vec::with_capacity(n + 1);
        let mut search = |root: u32, seen: &mut Vec<bool>| {
            if std::mem::replace(&mut seen[root as usize], true) {
                return;
            }
            let mut path = vec![(root, preds[root as usize].iter())];
            while let Some((b, rest)) = path.last_mut() {
                let b = *b;
                match rest.next() {
                    Some(&p) => {
                        if !skip(p, BlockId(b)) && !std::mem::replace(&mut seen[p.index()], true) {
                            path.push((p.0, preds[p.index()].iter()));
                        }
                    }
                    None => {
                        postorder.push(b);
                        path.pop();
                    }
                }
            }
        };
        for &e in &exits {
            search(e, &mut seen);
        }
        for b in (0..n as u32).rev() {
            if !seen[b as usize] {
                exits.push(b);
                search(b, &mut seen);
            }
        }
        postorder.push(exit);
        let mut is_exit = vec![false; n];
        for &e in &exits {
            is_exit[e as usize] = true;
        }
        let order: Vec<u32> = postorder.into_iter().rev().collect();
        Self::build(&order, |b| {
            let block = BlockId(b);
            let succs = (b != exit).then(|| func.block(block).term.succs().filter(|&s| !skip(block, s)).collect::<Vec<_>>());
            let virtual_edge = (b != exit && is_exit[b as usize]).then_some(exit);
            succs.into_iter().flatten().map(|s| s.0).chain(virtual_edge)
        })
    }

    /// Cooper, Harvey, Kennedy: "A simple, fast dominance algorithm". `order` is a reverse postorder (or any order in
    /// which every node but the first has an earlier predecessor).
    fn build<I: Iterator<Item = u32>>(order: &[u32], preds: impl Fn(u32) -> I) -> DomTree {
        const UNKNOWN: u32 = u32::MAX;
        let n = order.len();
        let mut position = vec![0u32; n];
        for (i, &b) in order.iter().enumerate() {
            position[b as usize] = i as u32;
        }
        let mut idom = vec![UNKNOWN; n];
        idom[order[0] as usize] = order[0];
        let mut changed = true;
        while changed {
            changed = false;
            for &b in &order[1..] {
                let mut new = UNKNOWN;
                for p in preds(b) {
                    if idom[p as usize] == UNKNOWN {
                        continue;
                    }
                    if new == UNKNOWN {
                        new = p;
                        continue;
                    }
                    let (mut x, mut y) = (p, new);
                    while x != y {
                        while position[x as usize] > position[y as usize] {
                            x = idom[x as usize];
                        }
                        while position[y as usize] > position[x as usize] {
                            y = idom[y as usize];
                        }
                    }
                    new = x;
                }
                if new != UNKNOWN && idom[b as usize] != new {
                    idom[b as usize] = new;
                    changed = true;
                }
            }
        }
        let span = Self::number(order, &idom);
        DomTree { idom, span }
    }

    fn number(order: &[u32], idom: &[u32]) -> Vec<(u32, u32)> {
        let mut children = vec![vec![]; idom.len()];
        for &b in order[1..].iter().rev() {
            if let Some(list) = children.get_mut(idom[b as usize] as usize) {
                list.push(b);
            }
        }
        let mut span = vec![(0, 0); idom.len()];
        let mut counter = 0;
        let mut path = vec![(order[0], false)];
        while let Some((b, done)) = path.pop() {
            if done {
                span[b as usize].1 = counter;
                continue;
            }
            span[b as usize].0 = counter;
            counter += 1;
            path.push((b, true));
            path.extend(children[b as usize].iter().map(|&c| (c, false)));
        }
        span
    }

    /// All blocks, each before those that it dominates, which follow it without others in between.
    pub fn preorder(&self) -> Vec<BlockId> {
        let mut order = vec![BlockId(0); self.span.len()];
        for (b, (at, _)) in self.span.iter().enumerate() {
            order[*at as usize] = BlockId(b as u32);
        }
        order
    }

    /// Immediate dominator; the root's is itself.
    pub fn idom(&self, b: BlockId) -> BlockId {
        BlockId(self.idom[b.index()])
    }

    /// Whether `a` dominates `b`; a block dominates itself.
    pub fn dominates(&self, a: BlockId, b: BlockId) -> bool {
        let (from, to) = self.span[a.index()];
        let at = self.span[b.index()].0;
        from <= at && at < to
    }
}

/// Makes a block between `from` and `to`, which must not have joins that tell them apart.
fn split_edge(func: &mut Func, from: BlockId, to: BlockId) -> BlockId {
    let new = func.new_block();
    let loc = func.block(from).loc;
    let block = func.block_mut(new);
    block.term = super::Term::Jump(to);
    block.loc = loc;
    func.block_mut(from).term.for_each_succ_mut(|s| {
        if *s == to {
            *s = new;
        }
    });
    new
}

/// Before joins exist: gives every loop a *preheader*, one block outside that jumps to the head and to nothing else,
/// and puts a block on every edge from a block with several successors to one with several predecessors.
pub fn normalize(func: &mut Func) -> Loops {
    let loops = order(func);
    let preds = predecessors(func);
    for l in &loops.loops {
        let outside: Vec<_> = preds[l.head.index()].iter().copied().filter(|&p| !l.contains(p)).collect();
        let single = match outside[..] {
            [p] => func.block(p).term.succs().count() == 1,
            _ => outside.is_empty(),
        };
        if single {
            continue;
        }
        let new = func.new_block();
        let loc = func.block(l.head).loc;
        let block = func.block_mut(new);
        block.term = super::Term::Jump(l.head);
        block.loc = loc;
        for p in outside {
            func.block_mut(p).term.for_each_succ_mut(|s| {
                if *s == l.head {
                    *s = new;
                }
            });
        }
    }
    let preds = predecessors(func);
    for (to, preds) in preds.iter().enumerate() {
        if preds.len() < 2 {
            continue;
        }
        for &from in preds {
            if func.block(from).term.succs().count() > 1 {
                split_edge(func, from, BlockId(to as u32));
            }
        }
    }
    order(func)
}

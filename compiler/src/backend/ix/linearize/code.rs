// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The plan as code: instructions on masks, jumps, labels.

use super::super::web::{tidy, Segment, Webs};
use super::plan::{Chain, Exec, Lanes, Plan, To, Way};
use super::{Item, Label, Program};
use crate::ir::{Bank, BlockId, Func, Guard, Inst, Src, Term, Val, ValInfo};
use ix_hw::isa::{Op, Type};
use std::collections::HashMap;

/// The code of the plan. New masks become values of the function.
pub(super) fn run(plan: &Plan<'_>, func: &Func, webs: &mut Webs) -> (Program, Vec<ValInfo>) {
    let masks = func.vals.len() as u32;
    let mut emit = Emit { pend: HashMap::new(), items: vec![], stubs: 0, chains: vec![], webs, loc: 0, new_masks: vec![], masks };
    emit.run(plan, func);
    (Program { items: emit.items }, emit.new_masks)
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
                tidy(list);
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

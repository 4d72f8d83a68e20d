// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Computes nothing twice: common subexpressions and redundant loads.
//!
//! One walk of the dominator tree. A pure instruction whose equal has been met in a block that dominates it is replaced
//! by that one, the *leader*. So is a weak load of a place that has been loaded, or stored to, with the same address
//! operands, if memory cannot have changed in between.
//!
//! For memory every block has a *version* of each part of memory ([`Spaces`]) at its beginning, a number that stands for
//! its contents: that of its predecessors, if they agree, else one of its own. Within a block, whatever may change the
//! part begins a new version: a store that may go there, and for memory that threads share anything that orders
//! accesses, such as barriers, fences, atomics, volatile accesses, and exchange between lanes. Loads are equal if their
//! operands and versions are. What other threads write without such an order in between is a race, whose outcome is
//! not defined; so the same holds for lanes of one warp.
//!
//! A cheap leader in a loop is not used outside of it: carrying a value out of a loop that lanes leave in different
//! iterations costs an instruction in each iteration.
//!
//! Before and after: SSA; blocks in order.

use crate::ir::cfg::{self, predecessors, DomTree, Loops};
use crate::ir::effects::{Effects, Spaces};
use crate::ir::hash::{Map, Mixer};
use crate::ir::{BlockId, Func, Guard, Inst, Src, Term, Val};
use ix_hw::isa::{mods, Class, Mods, Op, Type};
use std::hash::{Hash, Hasher};

/// Visits of a block beyond which its versions are its own, agreed or not.
const MAX_VISITS: u32 = 8;

/// Runs the pass.
pub fn run(func: &mut Func) {
    let loops = cfg::order(func);
    let preds = predecessors(func);
    let dom = DomTree::dominators(func, &preds);
    let memory = Memory::solve(func, &preds);
    let mut walk = Walk {
        dom: &dom,
        loops: &loops,
        memory: &memory,
        equal: vec![None; func.vals.len()],
        known: Known::default(),
        next_version: 2 * func.blocks.len() as u32,
    };
    for b in dom.preorder() {
        walk.block(func, b);
    }
    walk.replace_all(func);
}

/// Versions of memory.
type Versions = [u32; Spaces::COUNT];

/// Versions at the beginnings of blocks.
struct Memory {
    start: Vec<Versions>,
    /// Number of instructions in the block that begin a new version, by part.
    changes: Vec<Versions>,
}

impl Memory {
    /// Version that the last change of a block begins; the version of its own at its beginning is its number.
    fn end_version(func: &Func, b: usize) -> u32 {
        (func.blocks.len() + b) as u32
    }

    fn solve(func: &Func, preds: &[Vec<BlockId>]) -> Memory {
        const UNKNOWN: u32 = u32::MAX;
        let n = func.blocks.len();
        let mut changes = vec![[0; Spaces::COUNT]; n];
        for (b, block) in func.blocks.iter().enumerate() {
            for inst in &block.insts {
                let spaces = inst.clobbers();
                for (i, count) in changes[b].iter_mut().enumerate() {
                    *count += u32::from(spaces.has(i));
                }
            }
        }
        let mut start = vec![[UNKNOWN; Spaces::COUNT]; n];
        start[0] = [0; Spaces::COUNT];
        let mut visits = vec![0u32; n];
        let mut again = true;
        while again {
            again = false;
            for b in 1..n {
                let old = start[b];
                visits[b] += 1;
                for i in 0..Spaces::COUNT {
                    if old[i] == b as u32 {
                        continue;
                    }
                    let ends = preds[b].iter().map(|p| match changes[p.index()][i] {
                        0 => start[p.index()][i],
                        _ => Self::end_version(func, p.index()),
                    });
                    let mut agreed = UNKNOWN;
                    for end in ends.filter(|end| *end != UNKNOWN) {
                        agreed = match agreed {
                            UNKNOWN => end,
                            same if same == end => same,
                            _ => b as u32,
                        };
                        if agreed == b as u32 {
                            break;
                        }
                    }
                    if agreed != old[i] && visits[b] > MAX_VISITS {
                        agreed = b as u32;
                    }
                    start[b][i] = agreed;
                }
                again |= start[b] != old;
            }
        }
        Memory { start, changes }
    }
}

/// What is known to equal an instruction.
#[derive(Debug, Clone, Copy)]
enum Leader {
    /// The results of an equal one.
    Results(Option<Val>, Option<Val>),
    /// The value that was stored at the place.
    Stored(Src),
}

struct Walk<'a> {
    dom: &'a DomTree,
    loops: &'a Loops,
    memory: &'a Memory,
    /// What a value equals.
    equal: Vec<Option<Src>>,
    known: Known,
    next_version: u32,
}

/// Instructions without results, and the versions that they depend on.
type Key = (Inst, Versions);

/// Instructions that have been met. The newest leader of a key is the nearest one.
#[derive(Default)]
struct Known {
    /// Newest entry by the hash of its key.
    newest: Map<u64, u32>,
    entries: Vec<Entry>,
}

struct Entry {
    key: Key,
    at: BlockId,
    leader: Leader,
    /// The next older entry with the same hash.
    older: u32,
}

/// No entry.
const NONE: u32 = u32::MAX;
/// The most instructions like one that are looked at for one that can stand for it.
const SEARCHED: usize = 32;

impl Known {
    fn hash(key: &Key) -> u64 {
        let mut mixer = Mixer::default();
        key.hash(&mut mixer);
        mixer.finish()
    }

    fn insert(&mut self, key: Key, at: BlockId, leader: Leader) {
        let older = self.newest.insert(Self::hash(&key), self.entries.len() as u32).unwrap_or(NONE);
        self.entries.push(Entry { key, at, leader, older });
    }

    /// The nearest leader in a block that is `wanted`. Those in blocks that are not `open` are forgotten.
    fn find(&mut self, key: &Key, open: impl Fn(BlockId) -> bool, wanted: impl Fn(BlockId) -> bool) -> Option<Leader> {
        let newest = self.newest.get_mut(&Self::hash(key))?;
        while let Some(entry) = self.entries.get(*newest as usize).filter(|e| !open(e.at)) {
            *newest = entry.older;
        }
        let entries = std::iter::successors(self.entries.get(*newest as usize), |e| self.entries.get(e.older as usize));
        // Each of many loops in a row may have left one that is of no use behind it.
        entries.take(SEARCHED).filter(|e| e.key == *key).find(|e| wanted(e.at)).map(|e| e.leader)
    }
}

impl Walk<'_> {
    fn block(&mut self, func: &mut Func, b: BlockId) {
        let mut versions = self.memory.start[b.index()];
        let mut left = self.memory.changes[b.index()];
        let end = Memory::end_version(func, b.index());
        let mut insts = std::mem::take(&mut func.block_mut(b).insts);
        insts.retain_mut(|inst| {
            inst.for_each_src_mut(|src| self.replace(src));
            self.replace_guard(inst);
            let keep = self.instruction(inst, b, &versions);
            let spaces = inst.clobbers();
            for i in (0..Spaces::COUNT).filter(|i| spaces.has(*i)) {
                left[i] -= 1;
                versions[i] = if left[i] == 0 { end } else { self.next_version };
                self.next_version += 1;
            }
            if inst.op == Op::St {
                self.remember_store(inst, b, &versions);
            }
            keep
        });
        func.block_mut(b).insts = insts;
        if let Term::Branch { cond, .. } = &mut func.block_mut(b).term {
            self.replace(cond);
        }
    }

    /// Whether the instruction is still needed.
    fn instruction(&mut self, inst: &mut Inst, b: BlockId, versions: &Versions) -> bool {
        let weak_load = inst.op == Op::Ld && inst.effects() == Effects::READS.and(Effects::FAULTS);
        if weak_load {
            // What is not signed is extended with zeros.
            inst.ty = if inst.ty.is_signed() { inst.ty } else { untyped(inst.ty) };
            self.forward(inst, b, versions);
        } else if !inst.is_pure() {
            return true;
        }
        let key = key(inst, versions);
        if let Some(Leader::Results(dst, dst2)) = self.leader(&key, b, worth_carrying(inst)) {
            let complete = (inst.dst.is_none() || dst.is_some()) && (inst.dst2.is_none() || dst2.is_some());
            if complete {
                for (old, new) in [(inst.dst, dst), (inst.dst2, dst2)] {
                    if let (Some(old), Some(new)) = (old, new) {
                        self.equal[old.index()] = Some(Src::Val(new));
                    }
                }
                return false;
            }
        }
        self.known.insert(key, b, Leader::Results(inst.dst, inst.dst2));
        true
    }

    /// Makes a load of what was stored, or loaded with another extension, a copy.
    fn forward(&mut self, ld: &mut Inst, b: BlockId, versions: &Versions) {
        let mut bits = *ld;
        bits.ty = untyped(ld.ty);
        let value = match self.leader(&key(&bits, versions), b, true) {
            Some(Leader::Stored(src)) => src,
            // Lanes where a guard does not hold keep a value that no conversion may touch.
            Some(Leader::Results(Some(v), _)) if bits.ty != ld.ty && ld.guard.is_none() => Src::Val(v),
            _ => return,
        };
        let Some(dst) = ld.dst else { return };
        let loc = ld.loc;
        *ld = if ld.ty.is_signed() {
            let mut cvt = Inst::with(Op::Cvt, Type::S64, dst, &[value, Src::Imm(0)]);
            cvt.mods = Mods::NONE.with(&mods::FROM, ld.ty as u16);
            cvt
        } else {
            Inst::with(Op::Mov, ld.ty, dst, &[value])
        };
        ld.loc = loc;
    }

    /// After a store: what a load of the same place gives.
    fn remember_store(&mut self, st: &Inst, b: BlockId, versions: &Versions) {
        if st.guard.is_some() || st.effects().any(Effects::ORDERS) {
            return;
        }
        let mut ld = Inst::new(Op::Ld, untyped(st.ty));
        ld.mods = Mods::NONE.with(&mods::SPACE, st.mods.get(&mods::SPACE));
        ld.src[0] = st.src[0];
        ld.disp = st.disp;
        self.known.insert(key(&ld, versions), b, Leader::Stored(st.src[1]));
    }

    /// The nearest leader that dominates the block; one that is not worth carrying, in a loop that the block is in.
    fn leader(&mut self, key: &Key, b: BlockId, carry: bool) -> Option<Leader> {
        let (dom, loops) = (self.dom, self.loops);
        // The walk has left the subtrees of those that do not dominate this block, for good.
        let open = |at: BlockId| dom.dominates(at, b);
        let inside = |at: BlockId| loops.innermost[at.index()].is_none_or(|l| loops.loops[l].contains(b));
        self.known.find(key, open, |at| carry || inside(at))
    }

    fn replace(&self, src: &mut Src) {
        if let Some(equal) = src.val().and_then(|v| self.equal[v.index()]) {
            *src = equal;
        }
    }

    fn replace_guard(&self, inst: &mut Inst) {
        if let Some(Guard { pred, .. }) = &mut inst.guard {
            if let Some(Src::Val(equal)) = self.equal[pred.index()] {
                *pred = equal;
            }
        }
    }

    /// Operands of joins may come from blocks that are walked later.
    fn replace_all(&self, func: &mut Func) {
        for (_, src) in func.blocks.iter_mut().flat_map(|b| &mut b.phis).flat_map(|p| &mut p.args) {
            self.replace(src);
        }
    }
}

/// What makes two instructions equal.
fn key(inst: &Inst, versions: &Versions) -> Key {
    let mut versions = *versions;
    let read = match inst.op {
        Op::Ld => Spaces::of(inst.mods.get(&mods::SPACE)),
        _ => Spaces::NONE,
    };
    for (i, version) in versions.iter_mut().enumerate() {
        if !read.has(i) {
            *version = u32::MAX;
        }
    }
    (Inst { dst: None, dst2: None, align: 0, loc: 0, ..*inst }, versions)
}

/// Whether it is better to carry the result out of a loop than to compute it again.
fn worth_carrying(inst: &Inst) -> bool {
    inst.op == Op::Ld || inst.op.desc().class == Class::Transcendental
}

/// The type of this width that says nothing else.
fn untyped(ty: Type) -> Type {
    super::lower::bits_type(ty.bits())
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::{after, count};
    use ix_hw::isa::Op;

    fn loads(body: &str) -> usize {
        count(&after("gvn", body), Op::Ld)
    }

    #[test]
    fn equal_instructions_are_computed_once() {
        let func = after(
            "gvn",
            "mul.lo.u32 %r3, %r1, %r2; mul.lo.u32 %r4, %r1, %r2; xor.b32 %r5, %r3, %r4; st.global.u32 [%a], %r3; st.global.u32 [%b], %r4;",
        );
        assert_eq!(count(&func, Op::Mul), 1, "{func}");
    }

    #[test]
    fn arms_do_not_see_each_other() {
        let body = "setp.lt.u32 %p1, %r1, 5; @%p1 bra L;
            mul.lo.u32 %r3, %r1, %r2; st.global.u32 [%a], %r3; bar.sync 0; bra E;
            L: mul.lo.u32 %r4, %r1, %r2; st.global.u32 [%b], %r4; bar.sync 0; E: mul.lo.u32 %r5, %r1, %r2; st.global.u32 [%b], %r5;";
        let func = after("gvn", body);
        assert_eq!(count(&func, Op::Mul), 3, "{func}");
    }

    #[test]
    fn a_place_is_loaded_once() {
        assert_eq!(loads("ld.global.u32 %r3, [%a]; ld.global.u32 %r4, [%a]; st.global.u32 [%b], %r3; st.shared.u32 [%r1], %r4;"), 1);
        // Another extension of the same bits is a conversion.
        assert_eq!(loads("ld.global.u8 %r3, [%a]; ld.global.s8 %r4, [%a]; st.global.u32 [%b], %r3; st.global.u32 [%b+4], %r4;"), 1);
    }

    #[test]
    fn what_may_change_memory_is_between_loads() {
        for between in [
            "st.global.u32 [%b], %r1;",
            "st.u32 [%b], %r1;",
            "bar.sync 0;",
            "membar.gl;",
            "bar.warp.sync -1;",
            "atom.shared.add.u32 %r5, [%r1], 1;",
            "ld.volatile.global.u32 %r5, [%b];",
            "shfl.sync.bfly.b32 %r5, %r1, 1, 31, -1;",
        ] {
            let body =
                format!("ld.global.u32 %r3, [%a]; {between} ld.global.u32 %r4, [%a]; st.global.u32 [%b], %r3; st.global.u32 [%b+4], %r4;");
            let func = after("gvn", &body);
            let weak = func.blocks.iter().flat_map(|b| &b.insts).filter(|i| i.op == Op::Ld && !i.has_effect() && !i.is_pure()).count();
            assert_eq!(weak, 2, "{between}\n{func}");
        }
    }

    #[test]
    fn stores_to_another_space_change_nothing() {
        assert_eq!(loads("ld.global.u32 %r3, [%a]; st.shared.u32 [%r1], %r2; ld.global.u32 %r4, [%a]; st.global.u32 [%b], %r3; st.global.u32 [%b+4], %r4;"), 1);
    }

    #[test]
    fn volatile_loads_stay() {
        assert_eq!(
            loads(
                "ld.volatile.global.u32 %r3, [%a]; ld.volatile.global.u32 %r4, [%a]; st.global.u32 [%b], %r3; st.global.u32 [%b+4], %r4;"
            ),
            2
        );
    }

    #[test]
    fn what_was_stored_is_not_loaded() {
        assert_eq!(loads("st.global.u32 [%a], %r1; ld.global.u32 %r3, [%a]; st.global.u32 [%b], %r3;"), 0);
        assert_eq!(loads("st.global.u32 [%a], %r1; ld.global.u32 %r3, [%a+4]; st.global.u32 [%b], %r3;"), 1);
        assert_eq!(loads("st.global.u32 [%a], %r1; ld.global.u16 %r3, [%a]; st.global.u32 [%b], %r3;"), 1);
        assert_eq!(loads("@%p1 st.global.u32 [%a], %r1; ld.global.u32 %r3, [%a]; st.global.u32 [%b], %r3;"), 1);
    }

    #[test]
    fn a_loop_that_stores_loads_again() {
        let again = |inner: &str| {
            format!("ld.global.u32 %r3, [%a]; L: ld.global.u32 %r4, [%a]; {inner} add.u32 %r1, %r1, %r4; setp.lt.u32 %p1, %r1, %r3; @%p1 bra L; st.global.u32 [%b], %r1;")
        };
        assert_eq!(loads(&again("")), 1);
        assert_eq!(loads(&again("st.global.u32 [%b], %r4;")), 2);
        assert_eq!(loads(&again("bar.sync 0;")), 2);
    }
}

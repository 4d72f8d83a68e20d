// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Registers for webs.
//!
//! Webs are taken in the order in which they become live. Each gets the lowest register of its bank that is free in
//! all its segments. Where there is none, the cheapest web in the way, or the web itself, is *spilled*: masks to scalar
//! registers, scalars to lanes of vector registers that are set aside, vectors to local memory. So allocation never
//! fails. `emit` loads spilled operands into *scratch* registers, which are never given to webs.

use super::linearize::{Item, Label, Program};
use super::web::{Segment, Webs};
use crate::ir::cfg::Loops;
use crate::ir::{Bank, Func, Src, Val};
use ix_hw::isa::Op;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Operands of one instruction in one bank, at most: four sources and a result.
const SCRATCH: usize = 5;
/// Vector registers for webs; scratch registers are above.
const VECTORS: usize = 256 - SCRATCH;
/// Scalar registers for webs; scratch registers and the two below are above.
const SCALARS: usize = 254 - SCRATCH;
/// Mask registers but exec.
const MASKS: usize = 31;
/// First scratch mask register, where masks are spilled at all.
pub const MASK_SCRATCH: u8 = (MASKS - SCRATCH) as u8;
/// Address of the frame in local memory. It is 0 from the start of the warp, which is the frame of a kernel.
pub const FRAME: u8 = 255;
/// Address of the next frame, in functions that call.
pub const TOP: u8 = 254;

/// Where a web lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A register of its bank.
    Reg(u8),
    /// A mask in a scalar register, or in a scalar's place.
    MaskIn(Scalar),
    /// A scalar in a lane of a vector register.
    Lane(Scalar),
    /// A vector in local memory at this offset behind the function's own.
    Local(u32),
}

/// Where a scalar lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// A scalar register.
    Reg(u8),
    /// A lane of a vector register.
    Lane(u8, u8),
}

/// What the pass gives.
#[derive(Debug, Clone, Default)]
pub struct Assignment {
    /// Place of each web, by the value that stands for it.
    pub places: Vec<Option<Place>>,
    /// Bytes of local memory for spilled vectors.
    pub spill_bytes: u32,
    /// First scratch vector and scalar register: those behind the ones that webs have.
    pub scratch: [u8; 2],
    /// For each call, in the order of the program, the webs in registers that live across it. A callee may use all
    /// registers; but it changes vector registers in active lanes only, and they are the same before and after.
    pub saves: Vec<Vec<Val>>,
}

/// Runs the pass.
pub fn run(func: &Func, loops: &Loops, program: &Program, webs: &Webs) -> Assignment {
    let weights = weights(func, loops, program, webs);
    let mut places = vec![None; func.vals.len()];
    let of = |bank: Bank| -> Vec<Web<'_>> {
        (0..func.vals.len() as u32)
            .map(Val)
            .filter(|v| func.bank(*v) == bank && !webs.segments[v.index()].is_empty())
            .map(|v| Web { val: v, weight: weights[v.index()], segments: &webs.segments[v.index()] })
            .collect()
    };

    let masks = of(Bank::M);
    let mut found = allocate(&masks, MASKS);
    if found.iter().any(|f| f.is_none()) {
        found = allocate(&masks, MASKS - SCRATCH);
    }
    let mut spilled_masks = vec![];
    for (web, reg) in masks.iter().zip(found) {
        match reg {
            Some(reg) => places[web.val.index()] = Some(Place::Reg(reg)),
            None => spilled_masks.push(*web),
        }
    }

    // Spilled masks compete with scalars.
    let mut scalars = of(Bank::S);
    scalars.extend(spilled_masks);
    let found = allocate(&scalars, SCALARS);
    let mut lanes = 0u32;
    for (web, reg) in scalars.iter().zip(found) {
        let scalar = reg.map_or_else(
            || {
                let scalar = Scalar::Lane((VECTORS - 1) as u8 - (lanes / 32).min(200) as u8, (lanes % 32) as u8);
                lanes += 1;
                scalar
            },
            Scalar::Reg,
        );
        places[web.val.index()] = Some(match (func.bank(web.val), scalar) {
            (Bank::M, scalar) => Place::MaskIn(scalar),
            (_, Scalar::Reg(r)) => Place::Reg(r),
            (_, lane) => Place::Lane(lane),
        });
    }

    let vectors = of(Bank::V);
    let set_aside = lanes.div_ceil(32).min(201) as usize;
    let found = allocate(&vectors, VECTORS - set_aside);
    let mut spilled = vec![];
    for (web, reg) in vectors.iter().zip(found) {
        match reg {
            Some(reg) => places[web.val.index()] = Some(Place::Reg(reg)),
            None => spilled.push(*web),
        }
    }
    let slots = slots(&mut spilled, |v, slot| places[v.index()] = Some(Place::Local(8 * slot)));
    let saves = saves(func, program, webs, &places);
    let behind = |bank: Bank| {
        let used = places.iter().zip(&func.vals).filter_map(|(place, info)| match place {
            Some(Place::Reg(r)) if info.bank == bank => Some(r + 1),
            Some(Place::MaskIn(Scalar::Reg(r))) if bank == Bank::S => Some(r + 1),
            _ => None,
        });
        used.max().unwrap_or(0)
    };
    let scratch = [behind(Bank::V), behind(Bank::S)];
    Assignment { places, spill_bytes: 8 * slots, scratch, saves }
}

fn saves(func: &Func, program: &Program, webs: &Webs, places: &[Option<Place>]) -> Vec<Vec<Val>> {
    let mut saves = vec![];
    let mut next = 0;
    let mut span = webs.spans[0];
    for item in &program.items {
        match item {
            Item::Label(Label::Body(b)) => {
                span = webs.spans[b.index()];
                next = 0;
            }
            Item::Inst(inst) => {
                let at = span.inst(next);
                next += 1;
                if !matches!(inst.op, Op::Call | Op::CallR) {
                    continue;
                }
                let lives = |v: &Val| {
                    let in_memory = matches!(places[v.index()], None | Some(Place::Local(_)));
                    let list = &webs.segments[v.index()];
                    let i = list.partition_point(|s| s.to <= at + 1);
                    !in_memory && list.get(i).is_some_and(|s| s.from <= at)
                };
                saves.push((0..func.vals.len() as u32).map(Val).filter(lives).collect());
            }
            _ => {}
        }
    }
    saves
}

#[derive(Clone, Copy)]
struct Web<'a> {
    val: Val,
    /// Cost of a spill.
    weight: f32,
    segments: &'a [Segment],
}

/// Accesses of each web, those in loops counting more, divided by its length: long ranges with few accesses go first.
fn weights(func: &Func, loops: &Loops, program: &Program, webs: &Webs) -> Vec<f32> {
    let mut weights = vec![0f32; func.vals.len()];
    let mut scale = 1.0;
    for item in &program.items {
        let mut add = |v: Val| weights[v.index()] += scale;
        match item {
            Item::Label(Label::Body(b)) => {
                scale = 8f32.powi(loops.around(*b).count().min(8) as i32);
            }
            Item::Inst(inst) => {
                inst.for_each_use(&mut add);
                inst.defs().for_each(add);
            }
            Item::Scalar { cond, .. } => add(*cond),
            _ => {}
        }
    }
    for (weight, segments) in weights.iter_mut().zip(&webs.segments) {
        let length: u32 = segments.iter().map(|s| s.to - s.from).sum();
        // The shortest ranges are what spilling itself would leave behind.
        *weight = if length <= 4 { f32::INFINITY } else { *weight / length as f32 };
    }
    weights
}

/// A register's segments: start to end and the index of the web.
type Occupied = BTreeMap<u32, (u32, usize)>;

/// The registers of the webs, below `count`; `None` is spilled.
fn allocate(webs: &[Web<'_>], count: usize) -> Vec<Option<u8>> {
    let mut result: Vec<Option<u8>> = vec![None; webs.len()];
    let mut registers: Vec<Occupied> = vec![BTreeMap::new(); count];
    // One past the last occupied position of each register: most webs begin behind it.
    let mut ends = vec![0u32; count];
    // The segment of a register in which the webs at hand begin, as far as it is known: its end and its web's weight. Webs
    // come in ascending order, so that until that end the register is taken.
    let mut taken = vec![(0u32, 0f32); count];
    let mut order: Vec<usize> = (0..webs.len()).collect();
    order.sort_by_key(|&i| webs[i].segments[0].from);
    let mut in_the_way = vec![];
    for i in order {
        let web = &webs[i];
        let from = web.segments[0].from;
        let free = (0..count).find(|&r| {
            if ends[r] <= from {
                return true;
            }
            if taken[r].0 > from {
                return false;
            }
            if let Some((_, &(to, j))) = registers[r].range(..=from).next_back().filter(|(_, (to, _))| *to > from) {
                taken[r] = (to, webs[j].weight);
                return false;
            }
            web.segments.iter().all(|s| !occupied(&registers[r], *s))
        });
        let register = free.or_else(|| {
            // The register whose webs are cheapest to spill, if they are cheaper than this one.
            let mut best = (web.weight, None);
            for (r, register) in registers.iter().enumerate() {
                if taken[r].0 > from && taken[r].1 >= best.0 {
                    continue;
                }
                let cost = conflicts(register, web.segments, &mut in_the_way, |j| webs[j].weight);
                if cost < best.0 {
                    best = (cost, Some(r));
                }
            }
            let r = best.1?;
            conflicts(&registers[r], web.segments, &mut in_the_way, |j| webs[j].weight);
            for &j in &in_the_way {
                result[j] = None;
                for s in webs[j].segments {
                    registers[r].remove(&s.from);
                }
            }
            taken[r] = (0, 0.0);
            Some(r)
        });
        let Some(r) = register else { continue };
        for s in web.segments {
            registers[r].insert(s.from, (s.to, i));
            ends[r] = ends[r].max(s.to);
        }
        result[i] = Some(r as u8);
    }
    result
}

fn occupied(register: &Occupied, s: Segment) -> bool {
    register.range(..s.to).next_back().is_some_and(|(_, &(to, _))| to > s.from)
}

/// Webs in the register that overlap the segments, and the sum of their weights.
fn conflicts(register: &Occupied, segments: &[Segment], out: &mut Vec<usize>, weight: impl Fn(usize) -> f32) -> f32 {
    out.clear();
    for s in segments {
        for (_, &(to, web)) in register.range(..s.to).rev() {
            if to <= s.from {
                break;
            }
            if !out.contains(&web) {
                out.push(web);
            }
        }
    }
    out.iter().map(|&j| weight(j)).sum()
}

/// Gives each web a slot in local memory, from its first position to its last; how many slots there are.
fn slots(webs: &mut [Web<'_>], mut place: impl FnMut(Val, u32)) -> u32 {
    let range = |web: &Web<'_>| (web.segments.first().map_or(0, |s| s.from), web.segments.last().map_or(0, |s| s.to));
    webs.sort_by_key(range);
    // Slots in use, the one that is free first on top.
    let mut busy: BinaryHeap<Reverse<(u32, u32)>> = BinaryHeap::new();
    let mut count = 0;
    for web in webs {
        let (from, to) = range(web);
        let slot = match busy.peek() {
            Some(Reverse((until, slot))) if *until <= from => {
                let slot = *slot;
                busy.pop();
                slot
            }
            _ => {
                count += 1;
                count - 1
            }
        };
        busy.push(Reverse((to, slot)));
        place(web.val, slot);
    }
    count
}

/// Checks that no two webs with one register are live at the same time.
pub fn check(func: &Func, webs: &Webs, assignment: &Assignment) -> Result<(), String> {
    let mut by_register: BTreeMap<(Bank, u8), Vec<Val>> = BTreeMap::new();
    for (v, place) in assignment.places.iter().enumerate() {
        let v = Val(v as u32);
        if let Some(Place::Reg(r)) = place {
            by_register.entry((func.bank(v), *r)).or_default().push(v);
        }
    }
    for ((bank, r), vals) in by_register {
        let mut all: Vec<(Segment, Val)> = vals.iter().flat_map(|v| webs.segments[v.index()].iter().map(move |s| (*s, *v))).collect();
        all.sort_unstable();
        if let Some(w) = all.windows(2).find(|w| w[0].0.to > w[1].0.from) {
            return Err(format!("{bank:?} register {r}: %{} and %{} overlap at {}", w[0].1 .0, w[1].1 .0, w[1].0.from));
        }
    }
    // Every operand has a place.
    for block in &func.blocks {
        for inst in &block.insts {
            let mut missing = None;
            let mut look = |v: Val| {
                if assignment.places[v.index()].is_none() {
                    missing = Some(v);
                }
            };
            inst.for_each_use(&mut look);
            inst.defs().for_each(look);
            if let Some(v) = missing {
                return Err(format!("%{} has no place", v.0));
            }
        }
        if let Src::Val(v) = block.term.cond() {
            if webs.segments[v.index()].is_empty() {
                return Err(format!("the condition %{} is never live", v.0));
            }
        }
    }
    Ok(())
}

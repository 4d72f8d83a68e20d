// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Exchange between lanes and warps.

use ix_hw::fault::{access, kind};
use ix_hw::isa::mods::{self as m, bar_op, redux, shfl, vote, Mods};
use ix_hw::isa::{Inst, Op, Operand, Type};

use super::map::with_rows;
use super::{Flow, Reduction, Run, VReg, Warp, LANES};
use crate::engine::block::{Arrival, BARRIERS};
use crate::engine::code::{Decoded, Kind, Source};

pub(super) fn select(inst: &Inst) -> Option<Run> {
    Some(match inst.op {
        Op::ReadLane => read_lane,
        Op::ReadFirst => read_first,
        Op::WriteLane => write_lane,
        Op::Shfl => match inst.mods.get(&m::SHFL) {
            shfl::IDX => shuffle::<Index>,
            shfl::UP => shuffle::<Up>,
            shfl::DOWN => shuffle::<Down>,
            _ => shuffle::<Butterfly>,
        },
        Op::Vote => vote,
        Op::Match => match_lanes,
        Op::Redux => match inst.ty {
            Type::S32 => reduce::<true>,
            _ => reduce::<false>,
        },
        Op::Bar | Op::BarArrive | Op::BarRed => match inst.op {
            Op::Bar => barrier::<true>,
            Op::BarArrive => barrier::<false>,
            _ => {
                if !matches!(inst.d, Some(Operand::V(_) | Operand::S(_))) {
                    return None;
                }
                reducing_barrier
            }
        },
        _ => return None,
    })
}

/// Lanes set in a mask, lowest first.
pub(super) fn lanes(mask: u32) -> impl Iterator<Item = usize> {
    let mut left = mask;
    std::iter::from_fn(move || {
        let lane = left.trailing_zeros() as usize;
        left &= left.wrapping_sub(1);
        (lane < LANES).then_some(lane)
    })
}

fn truncated(value: u64, ty: Type) -> u64 {
    if ty == Type::B64 {
        value
    } else {
        value & 0xffff_ffff
    }
}

fn read_lane(warp: &mut Warp, inst: &Decoded) -> Flow {
    let lane = warp.uniform(inst.src[1], inst.imm) as usize & 31;
    warp.state.s[usize::from(inst.d)] = truncated(warp.v[usize::from(inst.src[0].n)].get(lane), inst.ty);
    Flow::Next
}

fn read_first(warp: &mut Warp, inst: &Decoded) -> Flow {
    let lane = warp.exec().trailing_zeros() as usize & 31;
    warp.state.s[usize::from(inst.d)] = truncated(warp.v[usize::from(inst.src[0].n)].get(lane), inst.ty);
    Flow::Next
}

fn write_lane(warp: &mut Warp, inst: &Decoded) -> Flow {
    let value = truncated(warp.uniform(inst.src[0], inst.imm), inst.ty);
    let lane = warp.uniform(inst.src[1], inst.imm) as usize & 31;
    warp.v[usize::from(inst.d)].set(lane, value);
    Flow::Next
}

/// How the source lane of a shuffle is found.
trait Shuffle {
    /// The lane, and whether it is in range, for a lane with this operand and the bounds of its
    /// segment.
    fn source(lane: u32, b: u32, low: u32, high: u32, segment: u32) -> (u32, bool);
}
struct Index;
struct Up;
struct Down;
struct Butterfly;
impl Shuffle for Index {
    #[inline(always)]
    fn source(_: u32, b: u32, low: u32, high: u32, segment: u32) -> (u32, bool) {
        let lane = low | (b & !segment & 31);
        (lane, lane <= high)
    }
}
impl Shuffle for Up {
    #[inline(always)]
    fn source(lane: u32, b: u32, _: u32, high: u32, _: u32) -> (u32, bool) {
        let source = lane.wrapping_sub(b);
        (source, source as i32 >= high as i32)
    }
}
impl Shuffle for Down {
    #[inline(always)]
    fn source(lane: u32, b: u32, _: u32, high: u32, _: u32) -> (u32, bool) {
        (lane + b, lane + b <= high)
    }
}
impl Shuffle for Butterfly {
    #[inline(always)]
    fn source(lane: u32, b: u32, _: u32, high: u32, _: u32) -> (u32, bool) {
        (lane ^ b, lane ^ b <= high)
    }
}

fn shuffle<F: Shuffle>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let mut out = VReg::ZERO;
    let mut in_range = 0;
    let wide = inst.ty == Type::B64;
    with_rows!(warp, inst, 3, rows => {
        for lane in 0..LANES {
            let (b, c) = (rows[1].lo[lane] & 31, rows[2].lo[lane]);
            let (segment, clamp) = (c >> 8 & 31, c & 31);
            let low = lane as u32 & segment;
            let high = low | (clamp & !segment);
            let (source, ok) = F::source(lane as u32, b, low, high, segment);
            let source = if ok { source as usize & 31 } else { lane };
            out.lo[lane] = rows[0].lo[source];
            out.hi[lane] = if wide { rows[0].hi[source] } else { 0 };
            in_range |= u32::from(ok) << lane;
        }
    });
    warp.write(inst.d, &out, active);
    warp.write_second(inst, in_range, active);
    Flow::Next
}

impl Warp<'_> {
    /// Calls `f` with each lane whose result is wanted and the active lanes that are in its
    /// members. Where these are the same for all lanes, `f` is called for one lane only.
    fn by_members(&self, source: Source, imm: u64, active: u32, mut f: impl FnMut(usize, u32)) {
        if source.kind == Kind::V {
            let members = &self.v[usize::from(source.n)].lo;
            lanes(active).for_each(|lane| f(lane, active & members[lane]));
        } else if active != 0 {
            f(active.trailing_zeros() as usize, active & self.uniform(source, imm) as u32);
        }
    }
}

/// Lanes of which the results go to the destination: all active ones, or for a scalar destination
/// those of exec.
fn takers(warp: &Warp, inst: &Decoded) -> u32 {
    if inst.d_kind == Kind::S {
        warp.exec()
    } else {
        warp.active(inst)
    }
}

fn vote(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = takers(warp, inst);
    let a = warp.uniform(inst.src[0], inst.imm) as u32;
    let predicate = match inst.src[0].kind {
        Kind::M => a,
        _ if a != 0 => !0,
        _ => 0,
    };
    let result = |members: u32| {
        let yes = members & predicate;
        match Mods(inst.mods).get(&m::VOTE) {
            vote::ALL => u32::from(yes == members),
            vote::ANY => u32::from(yes != 0),
            vote::UNI => u32::from(yes == 0 || yes == members),
            _ => yes,
        }
    };
    let ballot = Mods(inst.mods).get(&m::VOTE) == vote::BALLOT;
    finish_vote(warp, inst, 1, active, result, ballot)
}

/// Gives each lane the result of its members (source `members_at`).
fn finish_vote(warp: &mut Warp, inst: &Decoded, members_at: usize, active: u32, result: impl Fn(u32) -> u32, is_mask: bool) -> Flow {
    let members = inst.src[members_at];
    let mut out = [0; LANES];
    let mut last = result(0);
    warp.by_members(members, inst.imm, active, |lane, members| {
        last = result(members);
        out[lane] = last;
    });
    if members.kind != Kind::V {
        out = [last; LANES];
    }
    match inst.d_kind {
        Kind::V => {
            let hi = if inst.ty == Type::S32 { out.map(|x| ((x as i32) >> 31) as u32) } else { [0; LANES] };
            warp.write(inst.d, &VReg { lo: out, hi }, active);
        }
        Kind::M => {
            let bits = (0..LANES).fold(0, |bits, lane| {
                let bit = if is_mask { out[lane] >> lane & 1 } else { out[lane] & 1 };
                bits | bit << lane
            });
            let old = warp.state.m[usize::from(inst.d & 31)];
            warp.set_mask(inst.d, (old & !active) | (bits & active));
        }
        _ => {
            let first = out[active.trailing_zeros() as usize & 31];
            let value = if active == 0 { result(0) } else { first };
            warp.state.s[usize::from(inst.d)] = if inst.ty == Type::S32 { i64::from(value as i32) as u64 } else { value.into() };
        }
    }
    Flow::Next
}

fn match_lanes(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let all = Mods(inst.mods).has(&m::MATCH);
    let wide = inst.ty == Type::B64;
    let mut out = VReg::ZERO;
    let mut agreed = 0;
    with_rows!(warp, inst, 2, rows => {
        let value = |lane: usize| (rows[0].lo[lane], if wide { rows[0].hi[lane] } else { 0 });
        for lane in lanes(active) {
            let members = active & rows[1].lo[lane];
            let same = lanes(members).filter(|other| value(*other) == value(lane)).fold(0, |bits, other| bits | 1 << other);
            let agree = same == members && members != 0;
            out.lo[lane] = if all && !agree { 0 } else { same };
            agreed |= u32::from(agree) << lane;
        }
    });
    warp.write(inst.d, &out, active);
    warp.write_second(inst, agreed, active);
    Flow::Next
}

fn reduce<const SIGNED: bool>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = takers(warp, inst);
    let values = with_rows!(warp, inst, 1, rows => rows[0].lo);
    let op = Mods(inst.mods).get(&m::REDUX);
    let result = |members: u32| {
        let values = lanes(members).map(|lane| values[lane]);
        match (op, SIGNED) {
            (redux::ADD, _) => values.fold(0, u32::wrapping_add),
            (redux::MIN, false) => values.fold(!0, u32::min),
            (redux::MAX, false) => values.fold(0, u32::max),
            (redux::MIN, true) => values.fold(i32::MAX as u32, |a, b| (a as i32).min(b as i32) as u32),
            (redux::MAX, true) => values.fold(i32::MIN as u32, |a, b| (a as i32).max(b as i32) as u32),
            (redux::AND, _) => values.fold(!0, |a, b| a & b),
            (redux::OR, _) => values.fold(0, |a, b| a | b),
            _ => values.fold(0, |a, b| a ^ b),
        }
    };
    finish_vote(warp, inst, 1, active, result, false)
}

/// The arrival that sources a and b describe, or `None` if there is no such barrier.
fn arrival(warp: &Warp, inst: &Decoded, waits: bool) -> Option<Arrival> {
    let id = warp.uniform(inst.src[0], inst.imm) as u32;
    let threads = warp.uniform(inst.src[1], inst.imm) as u32;
    let possible = (id as usize) < BARRIERS && threads % 32 == 0 && threads <= warp.launch.warps() * 32;
    possible.then_some(Arrival { id, threads, waits, lanes: 0, votes: 0 })
}

fn barrier<const WAITS: bool>(warp: &mut Warp, inst: &Decoded) -> Flow {
    warp.arrival = arrival(warp, inst, WAITS);
    if warp.arrival.is_none() {
        return warp.fault(kind::BARRIER, access::NONE, 0, 0, warp.exec());
    }
    Flow::Barrier
}

fn reducing_barrier(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = takers(warp, inst);
    let Some(mut arrival) = arrival(warp, inst, true) else {
        return warp.fault(kind::BARRIER, access::NONE, 0, 0, warp.exec());
    };
    let c = warp.uniform(inst.src[2], inst.imm) as u32;
    let predicate = match inst.src[2].kind {
        Kind::M => c,
        _ if c != 0 => !0,
        _ => 0,
    };
    arrival.lanes = active;
    arrival.votes = active & predicate;
    warp.arrival = Some(arrival);
    let op = Mods(inst.mods).get(&m::BAR_OP);
    debug_assert!(op <= bar_op::POPC);
    warp.state.reduction = Some(Reduction { op, vector: inst.d_kind == Kind::V, d: inst.d, lanes: active });
    Flow::Barrier
}

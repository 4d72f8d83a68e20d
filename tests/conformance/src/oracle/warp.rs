// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Shuffles, votes, matches and reductions of a warp, as the ISA writes them.

use ix_isa_tests::random::Random;

use super::each;
use crate::case::{Arg, Effort, Launch};
use crate::expect::Expect;
use crate::template::Params;
use crate::types::Type;

/// What a thread brings.
#[derive(Debug, Clone, Copy)]
struct Lane {
    a: u64,
    b: u32,
    c: u32,
    p: bool,
    mask: u32,
}

/// The words that come out: `d` and the predicate.
type Results = [Expect; 2];

/// Launches of `k(in, out)`.
pub fn collective(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    let name = params.get("name").to_owned();
    let gives_predicate = params.get("dst").contains("%p");
    let mut r = Random::new(effort.seed, &name);
    let warps = 32;
    let mut lanes: Vec<Lane> = vec![];
    for warp in 0..warps {
        let mask = match warp {
            0 => u32::MAX,
            1 => 0x5555_5555,
            2 => 1 << 17,
            3 => 0xffff_0000,
            n if n % 2 == 0 => u32::MAX,
            _ => (r.bits() as u32) | 1 << r.below(32),
        };
        // Few different values, so that some of them are equal; in some warps all.
        let few = [1, 2, 4, 1 << 40][r.below(4) as usize];
        let (common, odds) = (r.bits(), r.below(3));
        for lane in 0..32u32 {
            let value = if few == 1 << 40 { r.bits() } else { common ^ (r.below(few) << 33) ^ r.below(few) };
            let p = match odds {
                0 => r.below(2) == 0,
                n => n == 1,
            };
            let (b, c) = operands(&name, warp, lane, &mut r);
            lanes.push(Lane { a: value, b, c, p, mask });
        }
    }
    let mut expected = vec![];
    for warp in lanes.chunks(32) {
        for lane in 0..32 {
            expected.extend(match warp[lane].mask >> lane & 1 {
                0 => [Expect::Bits(0x5eed), Expect::Bits(2)],
                _ => member(&name, gives_predicate, warp, lane)?,
            });
        }
    }
    let mut bytes = vec![];
    for lane in &lanes {
        bytes.extend(lane.a.to_le_bytes());
        for word in [lane.b, lane.c, lane.p.into(), lane.mask] {
            bytes.extend(word.to_le_bytes());
        }
    }
    let out = vec![0; lanes.len() * 8];
    let told = move |i: usize| {
        let what = if i % 2 == 0 { "the result" } else { "the predicate" };
        format!("thread {} (lane {}), {what} of {:x?}", i / 2, i / 2 % 32, lanes[i / 2])
    };
    let args = vec![Arg::Buffer(bytes), Arg::Buffer(out)];
    Ok(vec![Launch::new("k", 1, 32 * warps as u32, args, each(1, Type::U32, expected, told))])
}

/// Lane and clamp operands of a shuffle: those that programs use, and any.
fn operands(name: &str, warp: usize, lane: u32, r: &mut Random) -> (u32, u32) {
    let up = name.contains(".up");
    match warp % 4 {
        0 => ([1, 2, 4, 8, 16][warp / 4 % 5], if up { 0 } else { 31 }),
        // Segments of 8 lanes.
        1 => (warp as u32 / 4, 0x1800 | if up { 0 } else { 31 }),
        2 => (31 - lane, if up { 0 } else { 31 }),
        _ => (r.bits() as u32, r.bits() as u32),
    }
}

fn member(name: &str, gives_predicate: bool, warp: &[Lane], lane: usize) -> Result<Results, String> {
    let me = warp[lane];
    let members: Vec<usize> = (0..32).filter(|i| me.mask >> i & 1 != 0).collect();
    let kept = Expect::Bits(me.p.into());
    let ballot = |f: &dyn Fn(&Lane) -> bool| members.iter().filter(|i| f(&warp[**i])).fold(0u64, |all, i| all | 1 << i);
    let predicate = |p: bool| if gives_predicate { Expect::Bits(p.into()) } else { kept.clone() };
    Ok(match name.split('.').next().unwrap_or_default() {
        "shfl" => {
            let (d, p) = shuffle(name, warp, lane);
            [d, predicate(p)]
        }
        "vote" if name.ends_with("b32") => [Expect::Bits(ballot(&|l| l.p)), kept],
        "vote" => {
            let (all, any) = (members.iter().all(|i| warp[*i].p), members.iter().any(|i| warp[*i].p));
            let result = match name {
                "vote.sync.all.pred" => all,
                "vote.sync.any.pred" => any,
                _ => all || !any,
            };
            [Expect::Bits(0x5eed), Expect::Bits(result.into())]
        }
        "activemask" => [Expect::Bits(me.mask.into()), kept],
        "match" => {
            let mask = if name.ends_with("b64") { u64::MAX } else { 0xffff_ffff };
            let equal = ballot(&|l| l.a & mask == me.a & mask);
            if name.contains(".any") {
                return Ok([Expect::Bits(equal), kept]);
            }
            let all = equal == me.mask.into();
            let d = if all { me.mask.into() } else { 0 };
            [Expect::Bits(d), predicate(all)]
        }
        "redux" => [reduce(name, members.iter().map(|i| warp[*i].a))?, kept],
        other => return Err(format!("no instruction `{other}`")),
    })
}

/// `shfl`: the source lane and whether it is in range.
fn shuffle(name: &str, warp: &[Lane], lane: usize) -> (Expect, bool) {
    let me = warp[lane];
    let lane = lane as i32;
    let (b, clamp, segment) = ((me.b & 31) as i32, (me.c & 31) as i32, (me.c >> 8 & 31) as i32);
    let max_lane = (lane & segment) | (clamp & !segment);
    let min_lane = lane & segment;
    let (j, in_range) = match name {
        "shfl.sync.up.b32" => (lane - b, lane - b >= max_lane),
        "shfl.sync.down.b32" => (lane + b, lane + b <= max_lane),
        "shfl.sync.bfly.b32" => (lane ^ b, lane ^ b <= max_lane),
        _ => {
            let j = min_lane | (b & !segment);
            (j, j <= max_lane)
        }
    };
    let from = if in_range { j } else { lane };
    // Of a lane that is not a member, the result is undefined.
    let value = match me.mask >> from & 1 {
        0 => Expect::Any,
        _ => Expect::Bits(warp[from as usize].a & 0xffff_ffff),
    };
    (value, in_range)
}

/// `redux`.
fn reduce(name: &str, values: impl Iterator<Item = u64>) -> Result<Expect, String> {
    let ty = name.rsplit('.').next().and_then(Type::parse).ok_or("no type")?;
    let values: Vec<u64> = values.map(|v| v & 0xffff_ffff).collect();
    if ty.is_float() {
        return Ok(reduce_floats(name, &values));
    }
    let has = |word: &str| name.split('.').any(|w| w == word);
    let numbers = values.iter().map(|v| ty.number(*v));
    let result = if has("add") {
        numbers.sum()
    } else if has("min") {
        numbers.min().unwrap_or(0)
    } else if has("max") {
        numbers.max().unwrap_or(0)
    } else if has("and") {
        numbers.fold(-1, |a, b| a & b)
    } else if has("or") {
        numbers.fold(0, |a, b| a | b)
    } else {
        numbers.fold(0, |a, b| a ^ b)
    };
    Ok(Expect::Bits(ty.encode(result)))
}

/// `redux` of binary32: NaN loses, unless `.NaN` makes it win; +0 is greater than -0; `.abs` takes magnitudes.
fn reduce_floats(name: &str, values: &[u64]) -> Expect {
    let has = |word: &str| name.split('.').any(|w| w == word);
    let floats = values.iter().map(|v| f32::from_bits(*v as u32)).map(|x| if has("abs") { x.abs() } else { x });
    let (numbers, nans): (Vec<f32>, Vec<f32>) = floats.partition(|x| !x.is_nan());
    if numbers.is_empty() || (has("NaN") && !nans.is_empty()) {
        return Expect::Bits(0x7fff_ffff);
    }
    let chosen = if has("min") { numbers.into_iter().min_by(f32::total_cmp) } else { numbers.into_iter().max_by(f32::total_cmp) };
    Expect::Bits(chosen.map_or(0, |x| x.to_bits().into()))
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Atomic operations: exact results where each thread has a cell of its own, and what does not depend on the order where
//! many threads share one.

use ix_isa_tests::random::Random;
use ix_isa_tests::values::{random, Role};
use rustc_apfloat::ieee::{BFloat, Double, Half, Single};
use rustc_apfloat::Float;

use super::{active, all, each};
use crate::case::{word, Arg, Buffers, Check, Effort, Launch};
use crate::expect::Expect;
use crate::number::is_nan;
use crate::template::Params;
use crate::types::{Kind, Type};

/// Cells that are shared in the second launch.
const SHARED: usize = 4;

/// The value of a cell after the operation; the first of several that are right.
fn apply(op: &str, ty: Type, old: u64, b: u64, n: u64) -> Result<u64, String> {
    if ty.count == 2 {
        let part = |x: u64, i: u32| x >> (i * ty.width);
        let parts = [0, 1].map(|i| apply(op, ty.element(), part(old, i), part(b, i), part(n, i)));
        let [low, high] = parts;
        return Ok(low? | high? << ty.width);
    }
    let (old, b) = (ty.truncate(old), ty.truncate(b));
    let (x, y) = (ty.number(old), ty.number(b));
    Ok(ty.truncate(match op {
        "add" | "add.noftz" if ty.is_float() => return Ok(sum(ty, old, b)),
        "add" => (x + y) as u64,
        "min" => x.min(y) as u64,
        "max" => x.max(y) as u64,
        "and" => old & b,
        "or" => old | b,
        "xor" => old ^ b,
        "exch" => b,
        "cas" if old == b => n,
        "cas" => old,
        "inc" if old >= b => 0,
        "inc" => old + 1,
        "dec" if old == 0 || old > b => b,
        "dec" => old - 1,
        other => return Err(format!("no atomic operation `{other}`")),
    }))
}

fn sum(ty: Type, a: u64, b: u64) -> u64 {
    fn add<F: Float>(a: u64, b: u64) -> u64 {
        (F::from_bits(a.into()) + F::from_bits(b.into())).value.to_bits() as u64
    }
    match (ty.kind, ty.width) {
        (Kind::Brain, _) => add::<BFloat>(a, b),
        (_, 16) => add::<Half>(a, b),
        (_, 32) => add::<Single>(a, b),
        _ => add::<Double>(a, b),
    }
}

/// What a cell must hold where this is its value: of a NaN no more is fixed, and `atom.add.f32` on global memory may
/// flush subnormal numbers, on shared memory it does not.
fn cell(ty: Type, value: u64) -> Expect {
    if !ty.is_float() {
        return Expect::Bits(value);
    }
    let part = |i: u32| {
        let bits = ty.element().truncate(value >> (i * ty.width));
        if is_nan(ty.element(), bits) {
            Expect::Nan(ty.element())
        } else {
            Expect::Bits(bits)
        }
    };
    Expect::Packed { width: ty.width, parts: (0..ty.count).map(part).collect() }
}

fn value(ty: Type, r: &mut Random) -> u64 {
    (0..ty.count).fold(0, |all, i| {
        let part = random(Role::Value(ty.element_in_hardware()), r);
        // Subnormal numbers are left out: whether they are flushed depends on the space.
        let part = if ty.is_float() && is_tiny(ty.element(), part) { 0 } else { part };
        all | ty.element().truncate(part) << (i * ty.width)
    })
}

fn is_tiny(ty: Type, bits: u64) -> bool {
    crate::number::to_f64(ty, bits).abs() < 4.0 * crate::number::Format::of(ty).smallest_normal()
}

/// Whether a sum is so near to zero that a flush may change it.
fn sum_is_tiny(ty: Type, a: u64, b: u64) -> bool {
    (0..ty.count).any(|i| {
        let part = |x: u64| ty.element().truncate(x >> (i * ty.width));
        let result = sum(ty.element(), part(a), part(b));
        ty.element().truncate(result << 1) != 0 && is_tiny(ty.element(), result)
    })
}

/// Launches of `k(in, cells, out)`.
pub fn atomic(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    Ok(vec![private(params, effort)?, contended(params, effort)?])
}

fn inputs(of: &[(usize, u64, u64)]) -> Arg {
    Arg::words(&of.iter().flat_map(|(cell, b, n)| [*cell as u64, *b, *n]).collect::<Vec<_>>())
}

/// One cell for each thread.
fn private(params: &Params, effort: Effort) -> Result<Launch, String> {
    let (op, ty) = (params.get("op").to_owned(), params.ty("type")?);
    let threads = if params.get("space") == "shared" { 128 } else { 256 };
    let returns = params.get("inst") == "atom";
    let mut r = Random::new(effort.seed, "atomic");
    let (mut input, mut cells, mut after, mut olds) = (vec![], vec![], vec![], vec![]);
    for t in 0..threads {
        let (old, mut b, n) = (value(ty, &mut r), value(ty, &mut r), value(ty, &mut r));
        match op.as_str() {
            // Some comparisons hold, and some bounds are near.
            "cas" if t % 2 == 0 => b = old,
            "inc" | "dec" if t % 4 != 0 => b = ty.truncate(old.wrapping_add(r.below(3)).wrapping_sub(1)),
            "add" | "add.noftz" if ty.is_float() && sum_is_tiny(ty, old, b) => b = old,
            _ => {}
        }
        input.push((threads - 1 - t, b, n));
        let garbage = r.bits() & !(u64::MAX >> (64 - ty.bits()));
        cells.push((threads - 1 - t, old | garbage));
        let runs = active(params, t);
        let new = if runs { apply(&op, ty, old, b, n)? } else { old };
        after.push((threads - 1 - t, [cell(ty, new), Expect::Bits(garbage >> ty.bits().min(63))]));
        olds.push(if returns && runs { Expect::Bits(old) } else { Expect::Bits(0) });
    }
    cells.sort_by_key(|c| c.0);
    after.sort_by_key(|c| c.0);
    let before: Vec<u64> = cells.iter().map(|c| c.1).collect();
    let after: Vec<Expect> = after
        .into_iter()
        .map(|(_, [low, high])| match ty.bits() {
            64 => low,
            bits => Expect::Packed { width: bits, parts: whole(low, high, bits) },
        })
        .collect();
    let u64_type = Type { width: 64, ..Type::U32 };
    let told = {
        let (input, before) = (input.clone(), before.clone());
        move |cell: usize| {
            let (_, b, n) = input[input.len() - 1 - cell];
            format!("cell {cell}: {:#x}, operands {b:#x} and {n:#x}", before[cell])
        }
    };
    let old = each(2, u64_type, olds, |t| format!("thread {t}, what it read"));
    let args = vec![inputs(&input), Arg::words(&before), Arg::words(&vec![0; threads])];
    Ok(Launch::new("k", (threads / 128) as u32, 128, args, all(vec![each(1, u64_type, after, told), old])))
}

/// A cell of 8 bytes: the value in the lower bits, and above them what was there before.
fn whole(low: Expect, high: Expect, bits: u32) -> Vec<Expect> {
    let Expect::Bits(high) = high else { return vec![low] };
    let mask = u64::MAX >> (64 - bits);
    let above = (1..64 / bits).map(|i| Expect::Bits(high >> ((i - 1) * bits) & mask));
    std::iter::once(low).chain(above).collect()
}

/// Few cells for all threads: the order is open, so only what does not depend on it is compared.
fn contended(params: &Params, effort: Effort) -> Result<Launch, String> {
    let (op, ty) = (params.get("op").to_owned(), params.ty("type")?);
    let threads = if params.get("space") == "shared" { 128 } else { 256 };
    let returns = params.get("inst") == "atom";
    let mut r = Random::new(effort.seed, "contended");
    let small = |n: u64| -> u64 {
        // Small integers, whose sums are exact in every format.
        (0..ty.count).fold(0, |all, i| {
            let bits = match (ty.kind, ty.width) {
                (Kind::Brain, _) => BFloat::from_u128(n.into()).value.to_bits(),
                (Kind::Float, 16) => Half::from_u128(n.into()).value.to_bits(),
                (Kind::Float, 32) => Single::from_u128(n.into()).value.to_bits(),
                (Kind::Float, _) => Double::from_u128(n.into()).value.to_bits(),
                _ => n.into(),
            };
            all | (bits as u64) << (i * ty.width)
        })
    };
    let exact = ty.is_float() || matches!(op.as_str(), "cas");
    let mut before = vec![0u64; threads];
    for c in before.iter_mut().take(SHARED) {
        *c = if exact || matches!(op.as_str(), "inc" | "dec") { small(r.below(3)) } else { value(ty, &mut r) };
    }
    let mut input = vec![];
    for t in 0..threads {
        let c = t % SHARED;
        let (b, n) = match op.as_str() {
            // Each thread tries to put its number into the cell; one succeeds.
            "cas" => (before[c], t as u64 + 100),
            // The bound is the same for all threads of a cell.
            "inc" | "dec" => (5 + 7 * c as u64, 0),
            // In half of the cells the sum grows by one each time.
            _ if exact => (small(r.below(4)), 0),
            "add" if c % 2 == 0 => (1, 0),
            _ => (value(ty, &mut r), 0),
        };
        input.push((c, b, n));
    }
    let args = vec![inputs(&input), Arg::words(&before), Arg::words(&vec![0; threads])];
    let runs: Vec<bool> = (0..threads).map(|t| active(params, t)).collect();
    let check: Check = Box::new(move |buffers: &Buffers| {
        for (c, &before) in before.iter().enumerate().take(SHARED) {
            let mine: Vec<usize> = (0..threads).filter(|t| t % SHARED == c && runs[*t]).collect();
            let got = ty.truncate(word(&buffers[1], 8, c));
            let olds: Option<Vec<u64>> = returns.then(|| mine.iter().map(|t| ty.truncate(word(&buffers[2], 8, *t))).collect());
            let history = History { op: &op, ty, before: ty.truncate(before), got, olds };
            let operands: Vec<(u64, u64)> = mine.iter().map(|t| (input[*t].1, input[*t].2)).collect();
            history.check(&operands).map_err(|e| {
                format!("  cell {c} of {} threads: {e}\n    before {:#x}, operands {operands:x?}, got {got:#x}", mine.len(), before)
            })?;
        }
        Ok(())
    });
    Ok(Launch::new("k", (threads / 128) as u32, 128, args, check))
}

/// What is known of a cell that many threads changed.
struct History<'h> {
    op: &'h str,
    ty: Type,
    before: u64,
    got: u64,
    /// What each thread read, if the instruction returns it.
    olds: Option<Vec<u64>>,
}

impl History<'_> {
    fn check(&self, operands: &[(u64, u64)]) -> Result<(), String> {
        let ty = self.ty;
        if self.op == "exch" {
            // What was put in and what was there before has been read once, or is there now.
            let Some(olds) = &self.olds else { return Ok(()) };
            let mut put: Vec<u64> = operands.iter().map(|o| ty.truncate(o.0)).chain([self.before]).collect();
            let mut taken: Vec<u64> = olds.iter().copied().chain([self.got]).collect();
            put.sort_unstable();
            taken.sort_unstable();
            return if put == taken { Ok(()) } else { Err("values were lost or appeared twice".into()) };
        }
        if self.op == "cas" {
            // One thread wins and reads what was there before; all others read its number.
            let numbers: Vec<u64> = operands.iter().map(|o| ty.truncate(o.1)).collect();
            if !numbers.contains(&self.got) {
                return Err("the cell holds no thread's number".into());
            }
            let olds = self.olds.as_deref().unwrap_or_default();
            let winners: Vec<usize> = (0..olds.len()).filter(|i| olds[*i] == self.before).collect();
            let others = olds.iter().filter(|o| **o == self.got).count();
            let right = winners.len() == 1 && numbers[winners[0]] == self.got && others + 1 == olds.len();
            return if right { Ok(()) } else { Err(format!("threads {winners:?} won, {others} read the winner's number")) };
        }
        // The result of all others does not depend on the order.
        let (mut expected, mut passed) = (self.before, vec![]);
        for (b, n) in operands {
            passed.push(expected);
            expected = apply(self.op, ty, expected, *b, *n)?;
        }
        if self.got != expected {
            return Err(format!("expected {expected:#x}"));
        }
        let Some(olds) = &self.olds else { return Ok(()) };
        let mut olds = olds.clone();
        olds.sort_unstable();
        // Where all threads do the same, what they read is known, but not who read it.
        let same = operands.iter().all(|o| o.0 == operands[0].0);
        if same && matches!(self.op, "add" | "inc" | "dec") {
            passed.sort_unstable();
            return if olds == passed { Ok(()) } else { Err(format!("threads read {olds:x?} instead of {passed:x?}")) };
        }
        let order = |a: u64, b: u64| ty.number(a) <= ty.number(b);
        let right = match self.op {
            "min" => olds.iter().all(|o| order(self.got, *o) && order(*o, self.before)),
            "max" => olds.iter().all(|o| order(*o, self.got) && order(self.before, *o)),
            "and" => olds.iter().all(|o| o & self.got == self.got),
            "or" => olds.iter().all(|o| o & self.got == *o),
            _ => true,
        };
        match right && olds.contains(&self.before) {
            true => Ok(()),
            false => Err(format!("threads read {olds:x?}")),
        }
    }
}

/// Launches of `k(in, cells)`: cells of 16 bytes, and behind them what was read.
pub fn atomic_vector(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    const THREADS: usize = 64;
    let (op, ty, count) = (params.get("op").to_owned(), params.ty("type")?, params.number("count")?);
    let returns = params.get("inst") == "atom";
    let mut r = Random::new(effort.seed, "vector");
    let (mut input, mut cells, mut after) = (vec![], vec![], vec![]);
    for _ in 0..THREADS {
        let mut olds = vec![];
        for i in 0..4 {
            let (old, mut b) = (value(ty, &mut r), value(ty, &mut r));
            if sum_is_tiny(ty, old, b) {
                b = old;
            }
            input.push(b as u32);
            cells.push(old as u32);
            after.push(if i < count { cell(ty, apply(&op, ty, old, b, 0)?) } else { Expect::Bits(old) });
            olds.push(Expect::Bits(if returns && i < count { old } else { 0 }));
        }
        cells.extend([0; 4]);
        after.append(&mut olds);
    }
    let told = |i: usize| format!("thread {}, element {}, {}", i / 8, i % 4, if i % 8 < 4 { "afterwards" } else { "what it read" });
    let args = vec![Arg::words32(&input), Arg::words32(&cells)];
    Ok(vec![Launch::new("k", 1, THREADS as u32, args, each(1, ty, after, told))])
}

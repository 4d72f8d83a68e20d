// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Matrices that are spread over the lanes of a warp.
//!
//! The *lower plane* of a register is the lower words of its lanes, the *upper plane* the upper ones. Lane 4g + t
//! of a plane holds row g of A (column g of B), so a plane is eight rows of four words one after the other, and in them
//! K goes up word by word, in a word from its low bits up. Products are computed plane by plane, all 64 sums side by
//! side: a row of sums is a vector to which every step of K adds one element of A times a row of B.

use std::marker::PhantomData;

use ix_hw::fault::access;
use ix_hw::isa::mods::{self as m, inputs, Mods};
use ix_hw::isa::{Inst, Op, Type};

use super::half::{Bfloat16, Binary16, Format, Half};
use super::map::for_processor;
use super::memory::{place, space_of, Bad, Faults, Place};
use super::{rounding, Flow, Run, VReg, Warp, LANES};
use crate::engine::code::{Decoded, Kind};

/// Rows of A, columns of B.
const SIDE: usize = 8;
/// Words of a row in a plane.
const WORDS: usize = LANES / SIDE;
/// Bytes of a row of 16-bit elements.
const ROW_BYTES: u32 = 16;

pub(super) fn select(inst: &Inst) -> Option<Run> {
    Some(match inst.op {
        Op::Mma => return select_product(inst),
        Op::Transpose => transpose,
        Op::Ldm => load_matrix,
        Op::Stm => store_matrix,
        _ => return None,
    })
}

fn select_product(inst: &Inst) -> Option<Run> {
    macro_rules! floats {
        ($a:ty, $b:ty) => {
            match inst.ty {
                Type::F16 => run_product::<Floats<$a, $b, true>>(),
                _ => run_product::<Floats<$a, $b, false>>(),
            }
        };
    }
    macro_rules! integers {
        ($a:ty, $b:ty) => {
            run_product::<Integers<$a, $b>>()
        };
    }
    type F16 = Narrow<Binary16>;
    type Bf16 = Narrow<Bfloat16>;
    Some(match inst.mods.get(&m::INPUTS) {
        inputs::F16 => floats!(F16, F16),
        inputs::BF16 => floats!(Bf16, Bf16),
        inputs::TF32 => floats!(Tf32, Tf32),
        inputs::E4M3 => floats!(E4m3, E4m3),
        inputs::E4M3_E5M2 => floats!(E4m3, E5m2),
        inputs::E5M2_E4M3 => floats!(E5m2, E4m3),
        inputs::E5M2 => floats!(E5m2, E5m2),
        inputs::U8 => integers!(Unsigned<8>, Unsigned<8>),
        inputs::U8_S8 => integers!(Unsigned<8>, Signed<8>),
        inputs::S8_U8 => integers!(Signed<8>, Unsigned<8>),
        inputs::S8 => integers!(Signed<8>, Signed<8>),
        inputs::U4 => integers!(Unsigned<4>, Unsigned<4>),
        inputs::U4_S4 => integers!(Unsigned<4>, Signed<4>),
        inputs::S4_U4 => integers!(Signed<4>, Unsigned<4>),
        inputs::S4 => integers!(Signed<4>, Signed<4>),
        inputs::B1_XOR => run_product::<Bits<false>>(),
        inputs::B1_AND => run_product::<Bits<true>>(),
        inputs::F64 => run_product::<Doubles>(),
        _ => return None,
    })
}

/// A product of matrices with types of elements.
pub(in crate::engine) trait Product {
    /// D of A, B and C.
    fn multiply(a: &VReg, b: &VReg, c: &VReg, mods: Mods) -> VReg;
}

for_processor!(
    /// Multiplies and adds matrices.
    run_product = product of Product
);

#[inline(always)]
fn product<P: Product>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let row = |i: usize| &warp.v[usize::from(inst.src[i].n)];
    debug_assert!(inst.src[..3].iter().all(|s| s.kind == Kind::V));
    let out = P::multiply(row(0), row(1), row(2), Mods(inst.mods));
    warp.write(inst.d, &out, active);
    Flow::Next
}

/// Type of the elements of A or B.
trait Element {
    /// What they are computed with: all their values are ones of it.
    type Number: Copy + Default;
    /// Bits of an element.
    const BITS: u32;
    /// The element in the low bits, those above being anything.
    fn get(bits: u32) -> Self::Number;
}

struct Narrow<F>(PhantomData<F>);
impl<F: Format> Element for Narrow<F> {
    type Number = f32;
    const BITS: u32 = 16;
    #[inline(always)]
    fn get(bits: u32) -> f32 {
        F::widen(bits as u16)
    }
}

struct Tf32;
impl Element for Tf32 {
    type Number = f32;
    const BITS: u32 = 32;
    #[inline(always)]
    fn get(bits: u32) -> f32 {
        f32::from_bits(bits & !0x1fff)
    }
}

struct E5m2;
impl Element for E5m2 {
    type Number = f32;
    const BITS: u32 = 8;
    #[inline(always)]
    fn get(bits: u32) -> f32 {
        Binary16::widen((bits << 8) as u16)
    }
}

struct E4m3;
impl Element for E4m3 {
    type Number = f32;
    const BITS: u32 = 8;
    #[inline(always)]
    fn get(bits: u32) -> f32 {
        let magnitude = bits & 0x7f;
        // 2^120 corrects the exponent's bias, of subnormals too.
        let number = f32::from_bits(magnitude << 20) * f32::from_bits(0x7b80_0000);
        let bits = number.to_bits() | (bits & 0x80) << 24;
        f32::from_bits(if magnitude == 0x7f { 0x7fff_ffff } else { bits })
    }
}

struct Unsigned<const BITS: u32>;
impl<const BITS: u32> Element for Unsigned<BITS> {
    type Number = i32;
    const BITS: u32 = BITS;
    #[inline(always)]
    fn get(bits: u32) -> i32 {
        (bits & ((1 << BITS) - 1)) as i32
    }
}

struct Signed<const BITS: u32>;
impl<const BITS: u32> Element for Signed<BITS> {
    type Number = i32;
    const BITS: u32 = BITS;
    #[inline(always)]
    fn get(bits: u32) -> i32 {
        (bits << (32 - BITS)) as i32 >> (32 - BITS)
    }
}

/// The 8 by 8 sums.
type Sums<T> = [[T; SIDE]; SIDE];

/// Adds the products of two planes to the sums, one step of K after the other.
#[inline(always)]
fn add_plane<A: Element, B: Element<Number = A::Number>>(
    a: &[u32; LANES],
    b: &[u32; LANES],
    sums: &mut Sums<A::Number>,
    step: impl Fn(A::Number, A::Number, A::Number) -> A::Number,
) {
    // Numbers by their place in a word (at most 8 in one) and their lane.
    let mut wide_a = [[A::Number::default(); LANES]; 8];
    let mut wide_b = [[A::Number::default(); LANES]; 8];
    let per_word = (32 / A::BITS) as usize;
    for i in 0..per_word {
        let shift = i as u32 * A::BITS;
        for lane in 0..LANES {
            wide_a[i][lane] = A::get(a[lane] >> shift);
            wide_b[i][lane] = B::get(b[lane] >> shift);
        }
    }
    for t in 0..WORDS {
        for i in 0..per_word {
            let row: [A::Number; SIDE] = std::array::from_fn(|n| wide_b[i][n * WORDS + t]);
            for (r, sums) in sums.iter_mut().enumerate() {
                let x = wide_a[i][r * WORDS + t];
                for n in 0..SIDE {
                    sums[n] = step(x, row[n], sums[n]);
                }
            }
        }
    }
}

/// Adds the products of both planes, or of the lower ones.
#[inline(always)]
fn add_planes<A: Element, B: Element<Number = A::Number>>(
    a: &VReg,
    b: &VReg,
    sums: &mut Sums<A::Number>,
    mods: Mods,
    step: impl Fn(A::Number, A::Number, A::Number) -> A::Number,
) {
    add_plane::<A, B>(&a.lo, &b.lo, sums, &step);
    if !mods.has(&m::K_HALF) {
        add_plane::<A, B>(&a.hi, &b.hi, sums, &step);
    }
}

/// The 8 by 8 elements of C that are `get` of a lane: columns 2t and 2t + 1.
#[inline(always)]
fn spread<T: Copy + Default>(get: impl Fn(usize) -> [T; 2]) -> Sums<T> {
    let mut sums = [[T::default(); SIDE]; SIDE];
    for (g, row) in sums.iter_mut().enumerate() {
        for t in 0..WORDS {
            [row[2 * t], row[2 * t + 1]] = get(g * WORDS + t);
        }
    }
    sums
}

/// Sums of floats in binary32; with `F16` C and D are binary16.
struct Floats<A, B, const F16: bool>(PhantomData<(A, B)>);
impl<A: Element<Number = f32>, B: Element<Number = f32>, const F16: bool> Product for Floats<A, B, F16> {
    #[inline(always)]
    fn multiply(a: &VReg, b: &VReg, c: &VReg, mods: Mods) -> VReg {
        let mut sums = spread(|lane| {
            if F16 {
                [Binary16::widen(c.lo[lane] as u16), Binary16::widen((c.lo[lane] >> 16) as u16)]
            } else {
                [f32::from_bits(c.lo[lane]), f32::from_bits(c.hi[lane])]
            }
        });
        add_planes::<A, B>(a, b, &mut sums, mods, f32::mul_add);
        let mut out = VReg::ZERO;
        for lane in 0..LANES {
            let pair: [f32; 2] = std::array::from_fn(|i| sums[lane / WORDS][lane % WORDS * 2 + i]);
            if F16 {
                let [low, high] = pair.map(|x| u32::from(Half::<Binary16>::nearest(x.into()).bits));
                out.lo[lane] = low | high << 16;
            } else {
                [out.lo[lane], out.hi[lane]] = pair.map(|x| if x.is_nan() { 0x7fff_ffff } else { x.to_bits() });
            }
        }
        out
    }
}

/// Sums of integers.
struct Integers<A, B>(PhantomData<(A, B)>);
impl<A: Element<Number = i32>, B: Element<Number = i32>> Product for Integers<A, B> {
    #[inline(always)]
    fn multiply(a: &VReg, b: &VReg, c: &VReg, mods: Mods) -> VReg {
        // At most 32 products of 16 bits or 64 of 8: the sum of them is exact, C is added last.
        let mut sums: Sums<i32> = [[0; SIDE]; SIDE];
        add_planes::<A, B>(a, b, &mut sums, mods, |x, y, sum| sum + x * y);
        let sat = mods.has(&m::SAT);
        let mut out = VReg::ZERO;
        for lane in 0..LANES {
            let add = |c: u32, i: usize| {
                let sum = sums[lane / WORDS][lane % WORDS * 2 + i];
                (if sat { (c as i32).saturating_add(sum) } else { (c as i32).wrapping_add(sum) }) as u32
            };
            out.lo[lane] = add(c.lo[lane], 0);
            out.hi[lane] = add(c.hi[lane], 1);
        }
        out
    }
}

/// Counts of bits that are set in both (`AND`) or differ.
struct Bits<const AND: bool>;
impl<const AND: bool> Product for Bits<AND> {
    #[inline(always)]
    fn multiply(a: &VReg, b: &VReg, c: &VReg, mods: Mods) -> VReg {
        let count = |row: usize, column: usize| {
            let planes: &[_] = if mods.has(&m::K_HALF) { &[(&a.lo, &b.lo)] } else { &[(&a.lo, &b.lo), (&a.hi, &b.hi)] };
            planes.iter().fold(0, |sum, (a, b)| {
                (0..WORDS).fold(sum, |sum, t| {
                    let (x, y) = (a[row * WORDS + t], b[column * WORDS + t]);
                    sum + (if AND { x & y } else { x ^ y }).count_ones()
                })
            })
        };
        let mut out = VReg::ZERO;
        for lane in 0..LANES {
            let (row, column) = (lane / WORDS, lane % WORDS * 2);
            out.lo[lane] = c.lo[lane].wrapping_add(count(row, column));
            out.hi[lane] = c.hi[lane].wrapping_add(count(row, column + 1));
        }
        out
    }
}

/// Adds the products of binary64 elements: rows of A (a lane each), by K every second column of B.
#[inline(always)]
fn add_doubles(a: &[f64; LANES], b: &[[f64; WORDS]; WORDS], sums: &mut [[f64; WORDS]; SIDE], step: impl Fn(f64, f64, f64) -> f64) {
    for (k, b) in b.iter().enumerate() {
        for (g, sums) in sums.iter_mut().enumerate() {
            for t in 0..WORDS {
                sums[t] = step(a[g * WORDS + k], b[t], sums[t]);
            }
        }
    }
}

/// Sums of binary64, every second column.
struct Doubles;
impl Product for Doubles {
    #[inline(always)]
    fn multiply(a: &VReg, b: &VReg, c: &VReg, mods: Mods) -> VReg {
        let odd = usize::from(mods.has(&m::COLUMNS));
        let a: [f64; LANES] = std::array::from_fn(|lane| f64::from_bits(a.get(lane)));
        let b: [[f64; WORDS]; WORDS] = std::array::from_fn(|k| std::array::from_fn(|t| f64::from_bits(b.get((2 * t + odd) * WORDS + k))));
        let mut sums: [[f64; WORDS]; SIDE] = std::array::from_fn(|g| std::array::from_fn(|t| f64::from_bits(c.get(g * WORDS + t))));
        match mods.get(&m::ROUND) {
            m::round::RN => add_doubles(&a, &b, &mut sums, f64::mul_add),
            mode => add_doubles(&a, &b, &mut sums, |x, y, sum| rounding::fma(x, y, sum, mode)),
        }
        let mut out = VReg::ZERO;
        for lane in 0..LANES {
            let sum = sums[lane / WORDS][lane % WORDS];
            out.set(lane, if sum.is_nan() { 0x7fff_ffff_ffff_ffff } else { sum.to_bits() });
        }
        out
    }
}

/// The transpose of a matrix of 16-bit elements.
fn transposed(words: &[u32; LANES]) -> [u32; LANES] {
    let elements: [[u16; SIDE]; SIDE] = spread(|lane| [words[lane] as u16, (words[lane] >> 16) as u16]);
    std::array::from_fn(|lane| {
        let (row, column) = (lane / WORDS, lane % WORDS * 2);
        u32::from(elements[column][row]) | u32::from(elements[column + 1][row]) << 16
    })
}

fn transpose(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let lo = transposed(&warp.v[usize::from(inst.src[0].n)].lo);
    warp.write(inst.d, &VReg { lo, ..VReg::ZERO }, active);
    Flow::Next
}

/// The place `by` bytes behind another one.
fn behind(place: Place, by: u32) -> Place {
    match place {
        Place::Global(va) => Place::Global(va.wrapping_add(by.into())),
        Place::Shared(at) => Place::Shared(at.wrapping_add(by)),
        Place::Local(at) => Place::Local(at.wrapping_add(by)),
        Place::Param(at) => Place::Param(at.wrapping_add(by)),
    }
}

/// The first of the lanes that have the addresses of rows, and the places of the rows.
fn rows(warp: &Warp, inst: &Decoded) -> (usize, [Place; SIDE]) {
    let first = usize::from(Mods(inst.mods).get(&m::TILE)) * SIDE;
    let addresses = &warp.v[usize::from(inst.src[0].n)];
    (first, std::array::from_fn(|i| place(space_of(inst), addresses.get(first + i).wrapping_add(inst.imm))))
}

/// Checks the places of rows whose lanes are active, then has `f` access each of them: number, lane, place.
fn each_row(
    warp: &mut Warp,
    inst: &Decoded,
    how: u32,
    active: u32,
    mut f: impl FnMut(&mut Warp, usize, usize, Place) -> Result<(), Bad>,
) -> Flow {
    let (first, places) = rows(warp, inst);
    let active_rows = || (0..SIDE).filter(|i| active >> (first + i) & 1 != 0);
    let mut faults = Faults::default();
    for i in active_rows() {
        if let Err(bad) = warp.check(places[i], ROW_BYTES) {
            faults.add(first + i, bad);
        }
    }
    if faults.first.is_none() {
        for i in active_rows() {
            if let Err(bad) = f(warp, i, first + i, places[i]) {
                faults.add(first + i, bad);
            }
        }
    }
    match faults.first {
        None => Flow::Next,
        Some(bad) => warp.fault(bad.kind, how, ROW_BYTES, bad.va, faults.lanes),
    }
}

/// Loads the rows if all of them are wanted, lie in shared memory, and nothing is wrong with them.
fn load_shared(warp: &Warp, inst: &Decoded, active: u32, words: &mut [u32; LANES]) -> bool {
    let (first, places) = rows(warp, inst);
    active >> first & 0xff == 0xff
        && places.iter().zip(words.chunks_exact_mut(WORDS)).all(|(place, words)| {
            let Place::Shared(at) = *place else { return false };
            let row = warp.shared.get(at as usize..).and_then(|bytes| bytes.get(..ROW_BYTES as usize));
            let Some(row) = row.filter(|_| at % ROW_BYTES == 0) else { return false };
            for (word, bytes) in words.iter_mut().zip(row.chunks_exact(4)) {
                *word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            }
            true
        })
}

fn load_matrix(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let mut words = [0; LANES];
    if !load_shared(warp, inst, active, &mut words) {
        words = [0; LANES];
        let flow = each_row(warp, inst, access::READ, active, |warp, i, lane, place| {
            for half in 0..2 {
                let bits = warp.load_place(behind(place, half as u32 * 8), lane, 8)?;
                words[i * WORDS + half * 2] = bits as u32;
                words[i * WORDS + half * 2 + 1] = (bits >> 32) as u32;
            }
            Ok(())
        });
        if flow != Flow::Next {
            return flow;
        }
    }
    let lo = if Mods(inst.mods).has(&m::TRANS) { transposed(&words) } else { words };
    warp.write(inst.d, &VReg { lo, ..VReg::ZERO }, active);
    Flow::Next
}

fn store_matrix(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let mut words = warp.v[usize::from(inst.src[1].n)].lo;
    if Mods(inst.mods).has(&m::TRANS) {
        words = transposed(&words);
    }
    each_row(warp, inst, access::WRITE, active, |warp, i, lane, place| {
        for half in 0..2 {
            let [low, high] = [0, 1].map(|k| u64::from(words[i * WORDS + half * 2 + k]));
            warp.store_place(behind(place, half as u32 * 8), lane, 8, low | high << 32)?;
        }
        Ok(())
    })
}

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

/// Sums of binary64, every second column.
struct Doubles;
impl Product for Doubles {
    #[inline(always)]
    fn multiply(a: &VReg, b: &VReg, c: &VReg, mods: Mods) -> VReg {
        let odd = usize::from(mods.has(&m::COLUMNS));
        let mode = mods.get(&m::ROUND);
        let mut out = VReg::ZERO;
        for lane in 0..LANES {
            let (row, column) = (lane / WORDS, lane % WORDS * 2 + odd);
            let sum = (0..WORDS).fold(f64::from_bits(c.get(lane)), |sum, k| {
                let (x, y) = (f64::from_bits(a.get(row * WORDS + k)), f64::from_bits(b.get(column * WORDS + k)));
                match mode {
                    m::round::RN => x.mul_add(y, sum),
                    _ => rounding::fma(x, y, sum, mode),
                }
            });
            out.set(lane, if sum.is_nan() { 0x7fff_ffff_ffff_ffff } else { sum.to_bits() });
        }
        out
    }
}

/// The elements of a matrix of 16-bit elements, row by row.
fn elements(words: &[u32; LANES]) -> [[u16; SIDE]; SIDE] {
    spread(|lane| [words[lane] as u16, (words[lane] >> 16) as u16])
}

/// The register that holds the elements.
fn register(elements: &[[u16; SIDE]; SIDE]) -> VReg {
    let mut out = VReg::ZERO;
    for (lane, word) in out.lo.iter_mut().enumerate() {
        let row = &elements[lane / WORDS];
        let column = lane % WORDS * 2;
        *word = u32::from(row[column]) | u32::from(row[column + 1]) << 16;
    }
    out
}

fn transposed(elements: &[[u16; SIDE]; SIDE]) -> [[u16; SIDE]; SIDE] {
    std::array::from_fn(|r| std::array::from_fn(|c| elements[c][r]))
}

fn transpose(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let out = register(&transposed(&elements(&warp.v[usize::from(inst.src[0].n)].lo)));
    warp.write(inst.d, &out, active);
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

/// Checks the places of rows whose lanes are active, then has `f` access each of them: number, lane, place.
fn each_row(
    warp: &mut Warp,
    inst: &Decoded,
    how: u32,
    active: u32,
    mut f: impl FnMut(&mut Warp, usize, usize, Place) -> Result<(), Bad>,
) -> Flow {
    let mods = Mods(inst.mods);
    let first = usize::from(mods.get(&m::TILE)) * SIDE;
    let addresses = &warp.v[usize::from(inst.src[0].n)];
    let places: [Place; SIDE] = std::array::from_fn(|i| place(space_of(inst), addresses.get(first + i).wrapping_add(inst.imm)));
    let rows = || (0..SIDE).filter(|i| active >> (first + i) & 1 != 0);
    let mut faults = Faults::default();
    for i in rows() {
        if let Err(bad) = warp.check(places[i], ROW_BYTES) {
            faults.add(first + i, bad);
        }
    }
    if faults.first.is_none() {
        for i in rows() {
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

fn load_matrix(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let mut rows = [[0u16; SIDE]; SIDE];
    let flow = each_row(warp, inst, access::READ, active, |warp, i, lane, place| {
        for (half, elements) in rows[i].chunks_exact_mut(4).enumerate() {
            let bits = warp.load_place(behind(place, half as u32 * 8), lane, 8)?;
            for (j, element) in elements.iter_mut().enumerate() {
                *element = (bits >> (16 * j)) as u16;
            }
        }
        Ok(())
    });
    if flow == Flow::Next {
        let out = if Mods(inst.mods).has(&m::TRANS) { register(&transposed(&rows)) } else { register(&rows) };
        warp.write(inst.d, &out, active);
    }
    flow
}

fn store_matrix(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let mut rows = elements(&warp.v[usize::from(inst.src[1].n)].lo);
    if Mods(inst.mods).has(&m::TRANS) {
        rows = transposed(&rows);
    }
    each_row(warp, inst, access::WRITE, active, |warp, i, lane, place| {
        for (half, elements) in rows[i].chunks_exact(4).enumerate() {
            let bits = elements.iter().rev().fold(0, |bits, e| bits << 16 | u64::from(*e));
            warp.store_place(behind(place, half as u32 * 8), lane, 8, bits)?;
        }
        Ok(())
    })
}

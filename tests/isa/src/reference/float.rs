// SPDX-License-Identifier: Apache-2.0 OR MIT
//! IEEE arithmetic, by software floats.

use std::cmp::Ordering;

use ix_hw::isa::mods::{self as m, cmp, round, test, Mods};
use ix_hw::isa::{Inst, Op, Type};
use rustc_apfloat::ieee::{BFloat, Double, Half, Quad, Single};
use rustc_apfloat::{Float, FloatConvert, Round};

/// Software rounding for a mode of the instruction set.
pub fn rounding(mode: u16) -> Round {
    match mode {
        round::RZ => Round::TowardZero,
        round::RM => Round::TowardNegative,
        round::RP => Round::TowardPositive,
        round::RNA => Round::NearestTiesToAway,
        _ => Round::NearestTiesToEven,
    }
}

/// The NaN that results have.
pub fn nan(ty: Type) -> u64 {
    match ty {
        Type::F64 => 0x7fff_ffff_ffff_ffff,
        Type::F32 | Type::TF32 => 0x7fff_ffff,
        _ => 0x7fff,
    }
}

/// A subnormal becomes the zero of its sign.
pub fn flush<F: Float>(x: F, ftz: bool) -> F {
    if ftz && x.is_denormal() {
        F::ZERO.copy_sign(x)
    } else {
        x
    }
}

/// The result with its modifiers applied, as bits.
pub fn finish<F: Float>(x: F, ty: Type, ftz: bool, sat: bool, relu: bool) -> u64 {
    let x = flush(x, ftz);
    if sat {
        let one = F::from_u128(1).value;
        return match x.partial_cmp(&F::ZERO) {
            Some(Ordering::Greater) if x.partial_cmp(&one) == Some(Ordering::Less) => x.to_bits() as u64,
            Some(Ordering::Greater) => one.to_bits() as u64,
            _ => 0,
        };
    }
    if x.is_nan() {
        return nan(ty);
    }
    if relu && (x.is_negative() || x.is_zero()) {
        return 0;
    }
    x.to_bits() as u64
}

fn halves(inst: &Inst, src: [u64; 4], part: fn(&Inst, [u64; 4]) -> Option<u64>) -> Option<u64> {
    let mut one = *inst;
    one.ty = if inst.ty == Type::F16x2 { Type::F16 } else { Type::BF16 };
    let low = part(&one, src)?;
    let high = part(&one, src.map(|s| s >> 16))?;
    Some(high << 16 | low)
}

/// Arithmetic of any float type.
pub fn eval(inst: &Inst, src: [u64; 4]) -> Option<u64> {
    match inst.ty {
        Type::F32 => arithmetic::<Single>(inst, src.map(|s| s & 0xffff_ffff)),
        Type::F64 => arithmetic::<Double>(inst, src),
        Type::F16 => arithmetic::<Half>(inst, src.map(|s| s & 0xffff)),
        Type::BF16 => arithmetic::<BFloat>(inst, src.map(|s| s & 0xffff)),
        _ => halves(inst, src, eval),
    }
}

fn arithmetic<F: Float + FloatConvert<Quad>>(inst: &Inst, src: [u64; 4]) -> Option<u64> {
    let ty = inst.ty;
    let ftz = inst.mods.has(&m::FTZ);
    let [a, b, c, _] = src.map(|s| flush(F::from_bits(s.into()), ftz));
    let mode = rounding(inst.mods.get(&m::ROUND));
    let one = F::from_u128(1).value;
    let sign = 1u64 << (ty.bits() - 1);
    let result = match inst.op {
        Op::Add => a.add_r(b, mode).value,
        Op::Sub => a.sub_r(b, mode).value,
        Op::Fmul => a.mul_r(b, mode).value,
        Op::Fma => a.mul_add_r(b, c, mode).value,
        Op::Fdiv => a.div_r(b, mode).value,
        Op::Rcp => one.div_r(a, mode).value,
        Op::Sqrt => sqrt(a, mode),
        Op::Min | Op::Max => return Some(extreme(inst, a, b)),
        Op::Abs => return Some(a.to_bits() as u64 & !sign),
        Op::Neg => return Some(a.to_bits() as u64 ^ sign),
        Op::Copysign => return Some((src[0] & !sign) | (src[1] & sign)),
        _ => return None,
    };
    let sat = inst.mods.has(&m::SAT);
    let relu = inst.op == Op::Fma && inst.mods.has(&m::RELU);
    Some(finish(result, ty, ftz, sat, relu))
}

/// Exact widening.
fn quad<F: FloatConvert<Quad>>(x: F) -> Quad {
    x.convert(&mut false).value
}

/// Square root: the candidate of binary64 is moved until its square, exact in binary128, stands
/// where the rounding wants it.
pub fn sqrt<F: Float + FloatConvert<Quad>>(x: F, mode: Round) -> F {
    if x.is_nan() || x.is_zero() || x.is_pos_infinity() {
        return x;
    }
    if x.is_negative() {
        return F::NAN;
    }
    let host = f64::from_bits({
        let mut loses = false;
        let double: Double = FloatConvert::<Double>::convert(quad(x), &mut loses).value;
        double.to_bits() as u64
    })
    .sqrt();
    // The first guess may be off by one in either direction.
    let guess = Double::from_bits(host.to_bits().into());
    let mut y = nearest_of::<F>(guess);
    let square_compare = |y: Quad| (y * y).value.partial_cmp(&quad(x));
    while square_compare(quad(y)) == Some(Ordering::Greater) {
        y = y.next_down().value;
    }
    while square_compare(quad(y.next_up().value)) != Some(Ordering::Greater) {
        y = y.next_up().value;
    }
    // Now y <= root < next.
    let exact = square_compare(quad(y)) == Some(Ordering::Equal);
    let next = y.next_up().value;
    match mode {
        _ if exact => y,
        Round::TowardPositive => next,
        Round::NearestTiesToEven => {
            let two = Quad::from_u128(2).value;
            let middle = ((quad(y) + quad(next)).value / two).value;
            // The root of a number of this precision is never halfway.
            if square_compare(middle) == Some(Ordering::Less) {
                next
            } else {
                y
            }
        }
        _ => y,
    }
}

/// A number of `F` near a binary64: by bisection over the bits, which order positive numbers.
fn nearest_of<F: Float + FloatConvert<Quad>>(x: Double) -> F {
    let target = quad(x);
    let (mut low, mut high) = (0u128, F::INFINITY.to_bits());
    while high - low > 1 {
        let middle = (low + high) / 2;
        if quad(F::from_bits(middle)).partial_cmp(&target) == Some(Ordering::Greater) {
            high = middle;
        } else {
            low = middle;
        }
    }
    F::from_bits(low)
}

fn extreme<F: Float>(inst: &Inst, a: F, b: F) -> u64 {
    let larger = inst.op == Op::Max;
    let flip = inst.mods.has(&m::XORSIGN);
    let negative = a.is_negative() != b.is_negative();
    let (a, b) = if flip { (a.abs(), b.abs()) } else { (a, b) };
    if (a.is_nan() && b.is_nan()) || (inst.mods.has(&m::NAN) && (a.is_nan() || b.is_nan())) {
        return nan(inst.ty);
    }
    let chosen = match a.partial_cmp(&b) {
        None if a.is_nan() => b,
        None => a,
        Some(Ordering::Equal) => {
            // Equal numbers differ in sign only if they are zeros.
            if a.is_negative() == larger {
                b
            } else {
                a
            }
        }
        Some(order) => {
            if (order == Ordering::Greater) == larger {
                a
            } else {
                b
            }
        }
    };
    (if flip && negative { -chosen } else { chosen }).to_bits() as u64
}

/// Comparison of floats.
pub fn compare(inst: &Inst, src: [u64; 4]) -> bool {
    fn with<F: Float>(mods: Mods, a: u64, b: u64) -> bool {
        let ftz = mods.has(&m::CMP_FTZ);
        let [a, b] = [a, b].map(|x| flush(F::from_bits(x.into()), ftz));
        let order = a.partial_cmp(&b);
        let less = order == Some(Ordering::Less);
        let equal = order == Some(Ordering::Equal);
        let greater = order == Some(Ordering::Greater);
        let unordered = order.is_none();
        match mods.get(&m::CMP) {
            cmp::EQ => equal,
            cmp::NE => less || greater,
            cmp::LT => less,
            cmp::LE => less || equal,
            cmp::GT => greater,
            cmp::GE => greater || equal,
            cmp::EQU => equal || unordered,
            cmp::NEU => !equal,
            cmp::LTU => less || unordered,
            cmp::LEU => less || equal || unordered,
            cmp::GTU => greater || unordered,
            cmp::GEU => greater || equal || unordered,
            cmp::NUM => !unordered,
            _ => unordered,
        }
    }
    let [a, b, ..] = src.map(|s| super::truncate(s, inst.ty));
    match inst.ty {
        Type::F32 => with::<Single>(inst.mods, a, b),
        Type::F64 => with::<Double>(inst.mods, a, b),
        Type::F16 => with::<Half>(inst.mods, a, b),
        _ => with::<BFloat>(inst.mods, a, b),
    }
}

/// Properties of a float.
pub fn test(inst: &Inst, a: u64) -> bool {
    fn with<F: Float>(kind: u16, a: u64) -> bool {
        let x = F::from_bits(a.into());
        match kind {
            test::FINITE => x.is_finite(),
            test::INFINITE => x.is_infinite(),
            test::NUMBER => !x.is_nan(),
            test::NOT_A_NUMBER => x.is_nan(),
            test::NORMAL => x.is_normal() || x.is_zero(),
            _ => x.is_denormal(),
        }
    }
    let kind = inst.mods.get(&m::TEST);
    match inst.ty {
        Type::F32 => with::<Single>(kind, a & 0xffff_ffff),
        _ => with::<Double>(kind, a),
    }
}

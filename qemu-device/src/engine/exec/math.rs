// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Transcendental functions.
//!
//! They are computed in binary64 from short series, with errors far below those that the
//! instruction set allows for binary32, and rounded once. No function of the host's C library is
//! used, so that results do not depend on it.

use ix_hw::isa::mods::{self as m, Mods};
use ix_hw::isa::{Inst, Op, Type};

use super::float::Float;
use super::half::{each_half, with_halves, Bfloat16, Binary16, Finish, Half, Halves, Pair};
use super::map::map;
use super::Run;

/// A number that, added to one below 2^51, leaves the nearest integer in the low bits.
const INTEGRAL: f64 = 6755399441055744.0; // 1.5 * 2^52

/// The nearest integer, as number and as integer (modulo 2^32).
#[inline(always)]
fn nearest(x: f64) -> (f64, i32) {
    let sum = x + INTEGRAL;
    (sum - INTEGRAL, sum.to_bits() as i32)
}

/// 2^x, for x from -1000 to 1000 (others are taken as these); relative error below 2^-36. Of a NaN,
/// a NaN.
#[inline(always)]
fn exp2(x: f64) -> f64 {
    let x = if x < -1000.0 { -1000.0 } else { x };
    let x = if x > 1000.0 { 1000.0 } else { x };
    let (n, integer) = nearest(x);
    let z = (x - n) * std::f64::consts::LN_2;
    // The series of e^z up to z^9: |z| <= 0.35.
    let mut sum = 1.0 / 362880.0;
    for term in [1.0 / 40320.0, 1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum * z + term;
    }
    sum * f64::from_bits(((i64::from(integer) + 1023) as u64) << 52)
}

/// Binary logarithm of a positive normal number; relative error below 2^-36, also around 1.
#[inline(always)]
fn log2(x: f64) -> f64 {
    const SQRT_HALF: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    let bits = x.to_bits();
    let exponent = (bits.wrapping_sub(SQRT_HALF) as i64) >> 52;
    // From sqrt(1/2) to sqrt(2).
    let fraction = f64::from_bits(bits.wrapping_sub((exponent as u64) << 52));
    // ln x = 2 artanh((x - 1) / (x + 1)), whose argument is at most 0.172.
    let s = (fraction - 1.0) / (fraction + 1.0);
    let square = s * s;
    let mut sum = 1.0 / 15.0;
    for term in [1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0, 1.0] {
        sum = sum * square + term;
    }
    exponent as i32 as f64 + s * sum * (2.0 * std::f64::consts::LOG2_E)
}

/// Hyperbolic tangent; relative error below 2^-20.
#[inline(always)]
fn tanh(x: f64) -> f64 {
    let magnitude = x.abs();
    let e = exp2(magnitude * (2.0 * std::f64::consts::LOG2_E));
    let large = 1.0 - 2.0 / (e + 1.0);
    // Near 0 the difference cancels, and x - x^3 / 3 + ... is x.
    let result = if magnitude < 1.0 / 1024.0 { magnitude } else { large };
    result.copysign(x)
}

/// The angle in quadrants: the nearest multiple of a quarter turn (modulo 4), and the rest in
/// radians, at most pi / 4.
fn reduce(x: f32) -> (u32, f64) {
    let x64 = f64::from(x);
    if x64.abs() < 268435456.0 {
        // The upper bits of pi / 2: few enough that the product with the integer is exact.
        const HIGH: f64 = f64::from_bits(0x3ff9_21fb_5000_0000);
        const LOW: f64 = 1.589_325_477_352_819_6e-8;
        let (n, integer) = nearest(x64 * std::f64::consts::FRAC_2_PI);
        return (integer as u32 & 3, (x64 - n * HIGH) - n * LOW);
    }
    // x = significand * 2^exponent, and only x * 2 / pi modulo 4 matters: of 2 / pi, the bits that
    // this exponent moves to 2^1 and below.
    const TWO_OVER_PI: [u64; 4] = [0xa2f9_836e_4e44_1529, 0xfc27_57d1_f534_ddc0, 0xdb62_9599_3c43_9041, 0xfe51_63ab_debb_c561];
    let bits = x.to_bits();
    let significand = u128::from(bits & 0x007f_ffff | 0x0080_0000);
    let exponent = (bits >> 23 & 255) as usize - 150;
    // Bit 1 of the fraction 2 / pi is 2^-1; the first that is wanted is the (exponent - 1)th.
    let first = exponent - 2;
    let word = |i: usize| u128::from(TWO_OVER_PI.get(i).copied().unwrap_or(0));
    let (at, shift) = (first / 64, first % 64);
    let upper = word(at) << 64 | word(at + 1);
    let window = if shift == 0 { upper } else { upper << shift | word(at + 2) >> (64 - shift) };
    let window = window >> 32; // 96 bits, the first being worth 2
    let product = window.wrapping_mul(significand) & ((1 << 96) - 1);
    let quadrant = (product >> 94) as u32;
    let fraction = product & ((1 << 94) - 1);
    let up = fraction >> 93 != 0;
    let rest = fraction as i128 - if up { 1 << 94 } else { 0 };
    let rest = rest as f64 * f64::from_bits((1023 - 94) << 52) * std::f64::consts::FRAC_PI_2;
    let quadrant = quadrant + u32::from(up);
    if x < 0.0 {
        (quadrant.wrapping_neg() & 3, -rest)
    } else {
        (quadrant & 3, rest)
    }
}

/// Sine of x + `turn` quarter turns; absolute error below 2^-40, rounded.
#[inline(always)]
fn sine(x: f32, turn: u32) -> f32 {
    if !x.is_finite() {
        return f32::NAN;
    }
    if x == 0.0 && turn == 0 {
        return x;
    }
    let (quadrant, z) = reduce(x);
    let quadrant = quadrant + turn;
    let square = z * z;
    let value = if quadrant & 1 == 0 {
        let mut sum = 1.0 / 6227020800.0;
        for term in [-1.0 / 39916800.0, 1.0 / 362880.0, -1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0, 1.0] {
            sum = sum * square + term;
        }
        sum * z
    } else {
        let mut sum = 1.0 / 479001600.0;
        for term in [-1.0 / 3628800.0, 1.0 / 40320.0, -1.0 / 720.0, 1.0 / 24.0, -0.5, 1.0] {
            sum = sum * square + term;
        }
        sum
    };
    (if quadrant & 2 == 0 { value } else { -value }) as f32
}

#[inline(always)]
fn log2_32(x: f32) -> f32 {
    let value = log2(f64::from(x)) as f32;
    if x > 0.0 && x < f32::INFINITY {
        value
    } else if x == 0.0 {
        f32::NEG_INFINITY
    } else if x > 0.0 {
        x
    } else {
        f32::NAN
    }
}

/// The function for an operation on halves of the type `$t`.
macro_rules! select_halves {
    ($inst:ident, $t:ident) => {
        Some(match $inst.op {
            Op::Ex2 => map!($inst.d, mods; |a: $t| -> $t {
                let ftz = Mods(mods).has(&m::FTZ);
                each_half!($t; |a| Half::result(exp2(a.flushed_if(ftz).wide()), Finish { ftz, ..Finish::default() }))
            }),
            Op::Tanh => map!($inst.d; |a: $t| -> $t {
                each_half!($t; |a| Half::nearest(tanh(a.wide())))
            }),
            _ => return None,
        })
    };
}

pub(super) fn select(inst: &Inst) -> Option<Run> {
    let d = inst.d;
    /// Subnormals flushed before and after if so asked.
    macro_rules! f32 {
        (|$x:ident| $body:expr) => {
            map!(d, mods; |a: f32| -> f32 {
                let ftz = Mods(mods).has(&m::FTZ);
                let $x = a.flushed_if(ftz);
                let result: f32 = $body;
                result.flushed_if(ftz).canonical()
            })
        };
    }
    Some(match (inst.op, inst.ty) {
        (Op::Rsqrt, Type::F32) => f32!(|x| (1.0 / f64::from(x).sqrt()) as f32),
        (Op::Rsqrt, Type::F64) => map!(d; |a: f64| -> f64 { (1.0 / a.sqrt()).canonical() }),
        (Op::Sin, Type::F32) => f32!(|x| sine(x, 0)),
        (Op::Cos, Type::F32) => f32!(|x| sine(x, 1)),
        (Op::Ex2, Type::F32) => f32!(|x| exp2(x.into()) as f32),
        (Op::Lg2, Type::F32) => f32!(|x| log2_32(x)),
        // tanh has no ftz.
        (Op::Tanh, Type::F32) => map!(d; |a: f32| -> f32 { (tanh(a.into()) as f32).canonical() }),
        (_, ty) => return with_halves!(ty, T => select_halves!(inst, T)),
    })
}

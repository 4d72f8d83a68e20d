// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Functions for which the instruction set states a largest error, and the check of it.

use std::cmp::Ordering;

use ix_hw::isa::mods as m;
use ix_hw::isa::{Inst, Op, Type};
use rustc_apfloat::ieee::{BFloat, Double, Half, Quad, Single};
use rustc_apfloat::{Float, FloatConvert};

use super::float::{flush, nan};
use super::{truncate, Expect};

/// The number that a float type's bits stand for.
fn number(ty: Type, bits: u64) -> f64 {
    fn wide<F: FloatConvert<Double>>(x: F) -> f64 {
        f64::from_bits(x.convert(&mut false).value.to_bits() as u64)
    }
    let bits = u128::from(truncate(bits, ty));
    match ty {
        Type::F16 => wide(Half::from_bits(bits)),
        Type::BF16 => wide(BFloat::from_bits(bits)),
        Type::F32 => wide(Single::from_bits(bits)),
        _ => f64::from_bits(bits as u64),
    }
}

/// Precision, smallest and largest exponent.
fn format(ty: Type) -> (i32, i32, i32) {
    match ty {
        Type::F16 => (11, -14, 15),
        Type::BF16 => (8, -126, 127),
        Type::F32 => (24, -126, 127),
        _ => (53, -1022, 1023),
    }
}

/// Whether the float `got` is near `exact`.
pub fn near(ty: Type, got: u64, exact: f64, ulps: f64, absolute: f64, flushed: bool) -> bool {
    if exact.is_nan() {
        return got == nan(ty);
    }
    let (precision, e_min, e_max) = format(ty);
    if got != truncate(got, ty) {
        return false;
    }
    let value = number(ty, got);
    if exact.is_infinite() || exact == 0.0 {
        return value.to_bits() == exact.to_bits();
    }
    let largest = (2.0 - 2f64.powi(1 - precision)) * 2f64.powi(e_max);
    let exponent = (exact.abs().log2().floor() as i32).clamp(e_min, e_max);
    let ulp = 2f64.powi(exponent - (precision - 1));
    if value.is_infinite() {
        return value.signum() == exact.signum() && exact.abs() > largest - ulps * ulp;
    }
    if flushed && value == 0.0 && exact.abs() < 2f64.powi(e_min) * (1.0 + 1e-6) {
        return true;
    }
    if flushed && value != 0.0 && value.abs() < 2f64.powi(e_min) {
        return false;
    }
    // An exact result beyond the range is far away, but the largest number or infinity is right.
    let exact = exact.clamp(-largest, largest);
    (value - exact).abs() <= (ulps * ulp).max(absolute)
}

/// The source, flushed if so asked.
fn source(ty: Type, bits: u64, ftz: bool) -> f64 {
    let bits = truncate(bits, ty);
    match ty {
        Type::F16 => number(ty, flush(Half::from_bits(bits.into()), ftz).to_bits() as u64),
        Type::F32 => number(ty, flush(Single::from_bits(bits.into()), ftz).to_bits() as u64),
        _ => number(ty, bits),
    }
}

/// Transcendental functions.
pub fn eval(inst: &Inst, a: u64) -> Expect {
    let ftz = inst.op != Op::Tanh && inst.mods.has(&m::FTZ);
    let ty = match inst.ty {
        Type::F16x2 => Type::F16,
        Type::BF16x2 => Type::BF16,
        ty => ty,
    };
    if inst.op == Op::Rsqrt && ty == Type::F64 {
        return Expect::ReciprocalRoot { of: a };
    }
    let x = source(ty, a, ftz);
    let one = |ulps: f64, absolute: f64, f: fn(f64) -> f64| {
        if inst.ty.is_packed() {
            let high = source(ty, a >> 16, ftz);
            Expect::NearPair { ty, exact: [f(x), f(high)], ulps, flushed: ftz }
        } else {
            Expect::Near { ty, exact: f(x), ulps, absolute, flushed: ftz }
        }
    };
    match inst.op {
        Op::Rsqrt => one(2.0, 0.0, |x| 1.0 / x.sqrt()),
        // Beyond [-pi, pi] nothing is promised; what is wanted is the same absolute error.
        Op::Sin => one(0.5, 2f64.powf(-20.5), f64::sin),
        Op::Cos => one(0.5, 2f64.powf(-20.5), f64::cos),
        Op::Ex2 => one(2.0, 0.0, f64::exp2),
        Op::Lg2 => one(2.0, if (0.5..=2.0).contains(&x) { 2f64.powi(-22) } else { 0.0 }, f64::log2),
        _ => {
            // A relative error of 2^-11, and half a last place for the rounding of the result.
            let (precision, ..) = format(ty);
            one(2f64.powi(precision - 11).max(1.0), 0.0, f64::tanh)
        }
    }
}

/// Whether a binary64 is within 2 ulp of 1 / sqrt(x), decided in binary128.
pub fn is_reciprocal_root(x: u64, got: u64) -> bool {
    let host = 1.0 / f64::from_bits(x).sqrt();
    if host.is_nan() {
        return got == nan(Type::F64);
    }
    if host == 0.0 || host.is_infinite() {
        return got == host.to_bits();
    }
    let quad = |bits: u64| -> Quad { Double::from_bits(bits.into()).convert(&mut false).value };
    let one = Quad::from_u128(1).value;
    let product = |r: u64| ((quad(r) * quad(r)).value * quad(x)).value.partial_cmp(&one);
    f64::from_bits(got) > 0.0 && product(got - 2) != Some(Ordering::Greater) && product(got + 2) != Some(Ordering::Less)
}

/// The fast forms of division, reciprocal and root.
pub fn approximate(inst: &Inst, src: [u64; 4]) -> Expect {
    let ftz = inst.mods.has(&m::FTZ);
    let ty = inst.ty;
    let [a, b] = [src[0], src[1]].map(|s| source(ty, s, ftz));
    let (exact, ulps) = match inst.op {
        Op::Fdiv => (a / b, 2.0),
        // 20 bits of the fraction of binary64.
        Op::Rcp if ty == Type::F64 => (1.0 / a, 2f64.powi(52 - 20)),
        Op::Rcp => (1.0 / a, 1.0),
        _ => (a.sqrt(), 1.0),
    };
    Expect::Near { ty, exact, ulps, absolute: 0.0, flushed: ftz }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Conversions, by software floats and 128-bit integers.

use std::cmp::Ordering;

use ix_hw::isa::mods as m;
use ix_hw::isa::{Inst, Type};
use rustc_apfloat::ieee::{BFloat, Double, Half, Quad, Single};
use rustc_apfloat::{Float, FloatConvert, Round};

use super::float::{finish, flush, nan, rounding};
use super::int::range;
use super::{extend, truncate};
use crate::values::source_type;

/// A conversion.
pub fn eval(inst: &Inst, src: [u64; 4]) -> u64 {
    let from = source_type(inst);
    match inst.ty {
        Type::F16x2 | Type::BF16x2 => {
            let mut one = *inst;
            one.ty = if inst.ty == Type::F16x2 { Type::F16 } else { Type::BF16 };
            eval(&one, [src[0]; 4]) << 16 | eval(&one, [src[1]; 4])
        }
        to if from.is_int() => from_integer(inst, from, to, src[0]),
        _ if matches!(from, Type::E4M3 | Type::E5M2) => {
            // Every such number is one of binary64.
            let wide = eight_bit_value(from, src[0] as u8).to_bits();
            let mut widened = *inst;
            widened.mods = inst.mods.with(&m::FROM, Type::F64 as u16);
            from_float::<Double>(&widened, wide)
        }
        _ => match from {
            Type::F16 => from_float::<Half>(inst, src[0] & 0xffff),
            Type::BF16 => from_float::<BFloat>(inst, src[0] & 0xffff),
            Type::F32 => from_float::<Single>(inst, src[0] & 0xffff_ffff),
            _ => from_float::<Double>(inst, src[0]),
        },
    }
}

fn from_integer(inst: &Inst, from: Type, to: Type, raw: u64) -> u64 {
    let number: i128 = if from.is_signed() { (extend(raw, from) as i64).into() } else { truncate(raw, from).into() };
    let sat = inst.mods.has(&m::SAT);
    if to.is_int() {
        let (low, high) = range(to);
        return extend(if sat { number.clamp(low, high) } else { number } as u64, to);
    }
    fn to_float<F: Float>(number: i128, mode: Round, to: Type, sat: bool) -> u64 {
        finish(F::from_i128_r(number, mode).value, to, false, sat, false)
    }
    let mode = rounding(inst.mods.get(&m::ROUND));
    match to {
        Type::F16 => to_float::<Half>(number, mode, to, sat),
        Type::BF16 => to_float::<BFloat>(number, mode, to, sat),
        Type::F32 => to_float::<Single>(number, mode, to, sat),
        _ => to_float::<Double>(number, mode, to, sat),
    }
}

fn from_float<F>(inst: &Inst, bits: u64) -> u64
where
    F: Float + FloatConvert<Quad> + FloatConvert<Half> + FloatConvert<BFloat> + FloatConvert<Single> + FloatConvert<Double>,
{
    let ftz = inst.mods.has(&m::FTZ);
    let is_f32 = source_type(inst) == Type::F32;
    let x = flush(F::from_bits(bits.into()), ftz && is_f32);
    let mode = rounding(inst.mods.get(&m::ROUND));
    let to = inst.ty;
    if to.is_int() {
        let width = to.bits() as usize;
        if x.is_nan() {
            let highest = width == 64 || source_type(inst) == Type::F64;
            return if highest { extend(1 << (width - 1), to) } else { 0 };
        }
        let mut exact = false;
        return if to.is_signed() {
            extend(x.to_i128_r(width, mode, &mut exact).value as u64, to)
        } else {
            x.to_u128_r(width, mode, &mut exact).value as u64
        };
    }
    let x = if inst.mods.has(&m::INTEGRAL) { x.round_to_integral(mode).value } else { x };
    let (sat, relu) = (inst.mods.has(&m::SAT), inst.mods.has(&m::RELU));
    let mut loses = false;
    if matches!(to, Type::E4M3 | Type::E5M2) {
        return to_eight_bits(to, FloatConvert::<Double>::convert(x, &mut loses).value, relu);
    }
    if inst.mods.has(&m::SATFINITE) {
        // Beyond the largest number all is alike.
        let largest = match to {
            Type::F16 => "65504",
            Type::BF16 => "0x1.fep127",
            _ => "0x1.ffcp127",
        };
        let largest = F::from_str_r(largest, Round::TowardZero).map_or(F::NAN, |r| r.value);
        let x = if x.abs().partial_cmp(&largest) == Some(Ordering::Greater) { largest.copy_sign(x) } else { x };
        let mut plain = *inst;
        plain.mods = inst.mods.with(&m::SATFINITE, 0);
        return from_float::<F>(&plain, x.to_bits() as u64);
    }
    match to {
        Type::F16 => finish(FloatConvert::<Half>::convert_r(x, mode, &mut loses).value, to, false, sat, relu),
        Type::BF16 => finish(FloatConvert::<BFloat>::convert_r(x, mode, &mut loses).value, to, false, sat, relu),
        Type::F32 => finish(FloatConvert::<Single>::convert_r(x, mode, &mut loses).value, to, ftz, sat, relu),
        Type::F64 => finish(FloatConvert::<Double>::convert_r(x, mode, &mut loses).value, to, false, sat, relu),
        _ => to_tf32(bits_of_single(x), inst.mods.get(&m::ROUND), ftz, sat, relu),
    }
}

/// The number that an 8-bit float is.
fn eight_bit_value(ty: Type, bits: u8) -> f64 {
    let (fraction_bits, bias) = if ty == Type::E4M3 { (3, 7) } else { (2, 15) };
    let sign = if bits & 0x80 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits & 0x7f) >> fraction_bits;
    let fraction = f64::from(bits & ((1 << fraction_bits) - 1)) / f64::from(1 << fraction_bits);
    match (ty, bits & 0x7f) {
        (Type::E4M3, 0x7f) | (Type::E5M2, 0x7d..) => f64::NAN,
        (Type::E5M2, 0x7c) => sign * f64::INFINITY,
        _ if exponent == 0 => sign * fraction * 2f64.powi(1 - bias),
        _ => sign * (1.0 + fraction) * 2f64.powi(exponent - bias),
    }
}

/// The nearest 8-bit float, found among all of them.
fn to_eight_bits(ty: Type, x: Double, relu: bool) -> u64 {
    let x = f64::from_bits(x.to_bits() as u64);
    if x.is_nan() {
        return 0x7f;
    }
    if relu && x <= 0.0 {
        return 0;
    }
    let finite = (0..0x7f).filter(|bits| eight_bit_value(ty, *bits).is_finite());
    let distance = |bits: u8| (eight_bit_value(ty, bits) - x.abs().min(1e6)).abs();
    // Of two at the same distance the even one.
    let nearest = finite.min_by(|a, b| distance(*a).total_cmp(&distance(*b)).then((a & 1).cmp(&(b & 1))));
    u64::from(nearest.unwrap_or(0)) | u64::from(x.is_sign_negative()) << 7
}

fn bits_of_single<F: FloatConvert<Single>>(x: F) -> u64 {
    x.convert(&mut false).value.to_bits() as u64
}

/// A binary32 without its lower 13 bits.
fn to_tf32(bits: u64, mode: u16, ftz: bool, sat: bool, relu: bool) -> u64 {
    let magnitude = bits & 0x7fff_ffff;
    if magnitude > 0x7f80_0000 {
        return if sat { 0 } else { nan(Type::TF32) };
    }
    let (kept, rest) = (magnitude >> 13, magnitude & 0x1fff);
    let half = 0x1000;
    let up = match mode {
        m::round::RZ => false,
        m::round::RNA => rest >= half,
        _ => rest > half || (rest == half && kept & 1 != 0),
    };
    // A carry into the exponent is the right result, up to infinity.
    let rounded = (kept + u64::from(up)) << 13;
    finish(Single::from_bits(u128::from(rounded | bits & 0x8000_0000)), Type::TF32, ftz, sat, relu)
}

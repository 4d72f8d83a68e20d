// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Conversions, by software floats and 128-bit integers.

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
        if x.is_nan() {
            return 0;
        }
        let width = to.bits() as usize;
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
    match to {
        Type::F16 => finish(FloatConvert::<Half>::convert_r(x, mode, &mut loses).value, to, false, sat, relu),
        Type::BF16 => finish(FloatConvert::<BFloat>::convert_r(x, mode, &mut loses).value, to, false, sat, relu),
        Type::F32 => finish(FloatConvert::<Single>::convert_r(x, mode, &mut loses).value, to, ftz, sat, relu),
        Type::F64 => finish(FloatConvert::<Double>::convert_r(x, mode, &mut loses).value, to, false, sat, relu),
        _ => to_tf32(bits_of_single(x), inst.mods.get(&m::ROUND), ftz, sat, relu),
    }
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
        m::round::RNA => rest >= half,
        _ => rest > half || (rest == half && kept & 1 != 0),
    };
    // A carry into the exponent is the right result, up to infinity.
    let rounded = (kept + u64::from(up)) << 13;
    finish(Single::from_bits(u128::from(rounded | bits & 0x8000_0000)), Type::TF32, ftz, sat, relu)
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Floats of all formats: their bits, and exact or correctly rounded values.
//!
//! IEEE arithmetic is that of `rustc_apfloat`, LLVM's software floats. Functions that the ISA only
//! approximates are computed with 128 bits by `astro-float`.

use std::cell::RefCell;

use astro_float_num::{BigFloat, Consts, RoundingMode, Sign};
use rustc_apfloat::ieee::{BFloat, Double, Float8E4M3FN, Float8E5M2, Half, Single};
use rustc_apfloat::{Float, FloatConvert};

use crate::types::{Kind, Type};

/// Calls a function that is generic over the format with the format of a type.
macro_rules! with_format {
    ($ty:expr, $function:ident ( $($arg:expr),* )) => {
        match ($ty.kind, $ty.width) {
            (Kind::Float, 16) => $function::<rustc_apfloat::ieee::Half>($($arg),*),
            (Kind::Float, 64) => $function::<rustc_apfloat::ieee::Double>($($arg),*),
            (Kind::Brain, _) => $function::<rustc_apfloat::ieee::BFloat>($($arg),*),
            (Kind::E4m3, _) => $function::<rustc_apfloat::ieee::Float8E4M3FN>($($arg),*),
            (Kind::E5m2, _) => $function::<rustc_apfloat::ieee::Float8E5M2>($($arg),*),
            _ => $function::<rustc_apfloat::ieee::Single>($($arg),*),
        }
    };
}
pub(crate) use with_format;

/// A format that converts to and from all others.
pub trait AnyFloat:
    Float
    + FloatConvert<Half>
    + FloatConvert<BFloat>
    + FloatConvert<Single>
    + FloatConvert<Double>
    + FloatConvert<Float8E4M3FN>
    + FloatConvert<Float8E5M2>
    + FloatConvert<rustc_apfloat::ieee::Quad>
{
}

impl<F> AnyFloat for F where
    F: Float
        + FloatConvert<Half>
        + FloatConvert<BFloat>
        + FloatConvert<Single>
        + FloatConvert<Double>
        + FloatConvert<Float8E4M3FN>
        + FloatConvert<Float8E5M2>
        + FloatConvert<rustc_apfloat::ieee::Quad>
{
}

/// Shape of a binary format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// Bits of the significand.
    pub precision: i32,
    /// Exponent of the smallest normal number.
    pub e_min: i32,
    /// Exponent of the largest number.
    pub e_max: i32,
}

impl Format {
    /// The shape of an element of a type.
    pub fn of(ty: Type) -> Format {
        let (precision, e_min, e_max) = match (ty.kind, ty.width) {
            (Kind::Brain, _) => (8, -126, 127),
            (Kind::Tensor, _) => (11, -126, 127),
            (Kind::E4m3, _) => (4, -6, 8),
            (Kind::E5m2, _) => (3, -14, 15),
            (_, 16) => (11, -14, 15),
            (_, 64) => (53, -1022, 1023),
            _ => (24, -126, 127),
        };
        Format { precision, e_min, e_max }
    }
    /// The smallest normal number.
    pub fn smallest_normal(self) -> f64 {
        power(self.e_min)
    }
    /// The smallest number.
    pub fn smallest(self) -> f64 {
        power(self.e_min - (self.precision - 1))
    }
    /// The largest number.
    pub fn largest(self) -> f64 {
        (2.0 - power(1 - self.precision)) * power(self.e_max)
    }
    /// Distance of the numbers around `x`.
    pub fn ulp(self, x: f64) -> f64 {
        let exponent = match x.abs().to_bits() >> 52 {
            0 => -1023,
            biased => biased as i32 - 1023,
        };
        power(exponent.clamp(self.e_min, self.e_max) - (self.precision - 1))
    }
}

/// A power of two, subnormal ones included.
pub fn power(exponent: i32) -> f64 {
    match exponent {
        -1022..=1023 => f64::from_bits(((exponent + 1023) as u64) << 52),
        -1074..=-1023 => f64::from_bits(1 << (exponent + 1074)),
        ..=-1075 => 0.0,
        _ => f64::INFINITY,
    }
}

/// The low bits of a register that an element of the type reads.
fn element_bits(ty: Type, bits: u64) -> u128 {
    (bits & (u64::MAX >> (64 - ty.width))).into()
}

/// The float that bits stand for, exactly.
pub fn to_f64(ty: Type, bits: u64) -> f64 {
    fn wide<F: AnyFloat>(bits: u128) -> f64 {
        let double: Double = F::from_bits(bits).convert(&mut false).value;
        f64::from_bits(double.to_bits() as u64)
    }
    with_format!(ty, wide(element_bits(ty, bits)))
}

/// Whether bits are a NaN, with nothing above the type's bits.
pub fn is_nan(ty: Type, bits: u64) -> bool {
    fn test<F: Float>(bits: u128) -> bool {
        F::from_bits(bits).is_nan()
    }
    ty.element().truncate(bits) == bits && with_format!(ty, test(bits.into()))
}

thread_local! {
    /// Constants that series need.
    static CONSTANTS: RefCell<Option<Consts>> = RefCell::new(Consts::new().ok());
}

/// Bits of precision of functions.
const PRECISION: usize = 128;
const NEAREST: RoundingMode = RoundingMode::ToEven;

/// A finite number, exactly.
fn big(x: f64) -> BigFloat {
    // `from_f64` takes subnormal numbers for twice what they are.
    let scaled = BigFloat::from_f64(x * power(200), PRECISION);
    match x.is_subnormal() {
        true => scaled.mul(&BigFloat::from_f64(power(-200), PRECISION), PRECISION, NEAREST),
        false => BigFloat::from_f64(x, PRECISION),
    }
}

/// A function of a finite number, computed with 128 bits and rounded to binary64 only then.
pub fn function(name: &str, x: f64) -> f64 {
    CONSTANTS.with_borrow_mut(|constants| {
        let Some(c) = constants.as_mut() else { return f64::NAN };
        let x = big(x);
        let one = big(1.0);
        let p = PRECISION;
        let y = match name {
            "ex2" => big(2.0).pow(&x, p, NEAREST, c),
            "lg2" => x.log2(p, NEAREST, c),
            "sin" => x.sin(p, NEAREST, c),
            "cos" => x.cos(p, NEAREST, c),
            "tanh" => x.tanh(p, NEAREST, c),
            "sqrt" => x.sqrt(p, NEAREST),
            "rcp" => x.reciprocal(p, NEAREST),
            "rsqrt" => one.div(&x.sqrt(p, NEAREST), p, NEAREST),
            _ => return f64::NAN,
        };
        round(&y)
    })
}

/// The quotient of two finite numbers that are not zero.
pub fn quotient(a: f64, b: f64) -> f64 {
    round(&big(a).div(&big(b), PRECISION, NEAREST))
}

/// A number of many bits in binary64, within one unit of the last place.
fn round(x: &BigFloat) -> f64 {
    let Some((words, _, sign, exponent, _)) = x.as_raw_parts() else {
        return if x.is_inf_pos() {
            f64::INFINITY
        } else if x.is_inf_neg() {
            f64::NEG_INFINITY
        } else {
            f64::NAN
        };
    };
    // The significand is 0.1xxx in the upper words; 64 bits are more than enough.
    let top = words.last().copied().unwrap_or(0);
    let mut magnitude = top as f64;
    // In two steps, because the power alone may be out of range.
    let shift = exponent - 64;
    for step in [shift / 2, shift - shift / 2] {
        magnitude *= power(step.clamp(-1074, 1023));
    }
    if sign == Sign::Neg {
        -magnitude
    } else {
        magnitude
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_agree_with_known_values() {
        for (name, x, y) in [
            ("ex2", 0.5, std::f64::consts::SQRT_2),
            ("ex2", -149.0, power(-149)),
            ("ex2", 3.0, 8.0),
            ("lg2", 10.0, std::f64::consts::LOG2_10),
            ("lg2", 0.25, -2.0),
            ("sin", 0.5, 0.479_425_538_604_203),
            ("cos", 0.5, 0.877_582_561_890_372_8),
            ("cos", -100.0, 0.862_318_872_287_683_9),
            ("tanh", 0.5, 0.462_117_157_260_009_75),
            ("sqrt", 2.0, std::f64::consts::SQRT_2),
            ("rcp", 3.0, 1.0 / 3.0),
            ("rsqrt", 4.0, 0.5),
        ] {
            let got = function(name, x);
            assert!((got - y).abs() <= 2.0 * f64::EPSILON * y.abs(), "{name}({x}) = {got:e}, not {y:e}");
        }
        assert_eq!(quotient(1.0, -4.0), -0.25);
        assert_eq!(function("sqrt", power(-1074)), power(-537));
    }

    #[test]
    fn formats_know_their_limits() {
        let f32 = Format::of(Type::parse("f32").expect("a type"));
        assert_eq!(f32.largest(), f64::from(f32::MAX));
        assert_eq!(f32.smallest_normal(), f64::from(f32::MIN_POSITIVE));
        assert_eq!(f32.smallest(), f64::from(f32::from_bits(1)));
        assert_eq!(f32.ulp(1.5), f64::from(f32::EPSILON));
        assert_eq!(to_f64(Type::parse("bf16").expect("a type"), 0xffff_3fc0), 1.5);
        assert!(is_nan(Type::parse("f16").expect("a type"), 0x7fff));
    }
}

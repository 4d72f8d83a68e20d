// SPDX-License-Identifier: Apache-2.0 OR MIT
//! IEEE arithmetic.

use std::cmp::Ordering;

use ix_isa_tests::reference::float::{flush, sqrt};
use rustc_apfloat::{Float, Round};

use super::nan;
use crate::expect::Expect;
use crate::form::Form;
use crate::number::{to_f64, with_format, AnyFloat};
use crate::types::{Kind, Type};

/// The rounding that a form's name asks for.
pub fn rounding(form: &Form) -> Round {
    let any = |words: [&str; 2]| words.iter().any(|w| form.has(w));
    if any(["rz", "rzi"]) {
        Round::TowardZero
    } else if any(["rm", "rmi"]) {
        Round::TowardNegative
    } else if any(["rp", "rpi"]) {
        Round::TowardPositive
    } else if form.has("rna") {
        Round::NearestTiesToAway
    } else {
        Round::NearestTiesToEven
    }
}

/// An operation on floats of a type.
pub fn eval(form: &Form, ty: Type, src: &[u64]) -> Option<Expect> {
    with_format!(ty, arithmetic(form, ty, src))
}

fn arithmetic<F: AnyFloat>(form: &Form, ty: Type, src: &[u64]) -> Option<Expect> {
    let ftz = form.has("ftz");
    let value = |i: usize| flush(F::from_bits(ty.truncate(src.get(i).copied().unwrap_or(0)).into()), ftz);
    let (a, b, c) = (value(0), value(1), value(2));
    let mode = rounding(form);
    let one = F::from_u128(1).value;
    let sign = 1u64 << (ty.width - 1);
    let result = match form.operation() {
        "add" => a.add_r(b, mode).value,
        "sub" => a.sub_r(b, mode).value,
        "mul" => a.mul_r(b, mode).value,
        // On all targets since sm_20 `mad` of floats is `fma`.
        "fma" | "mad" => a.mul_add_r(b, c, mode).value,
        "div" => a.div_r(b, mode).value,
        "rcp" => one.div_r(a, mode).value,
        "sqrt" => sqrt(a, mode),
        "min" | "max" => return Some(extreme(form, ty, &[a, b, c][..src.len()])),
        "abs" | "neg" if a.is_nan() => return Some(Expect::Nan(ty)),
        "abs" => return Some(Expect::Bits(a.to_bits() as u64 & !sign)),
        "neg" => return Some(Expect::Bits(a.to_bits() as u64 ^ sign)),
        // The sign of the first source with the value of the second.
        "copysign" => return Some(Expect::Bits((src[0] & sign) | (ty.truncate(src[1]) & !sign))),
        _ => return None,
    };
    Some(finish(form, ftz, ty, result))
}

/// The result with the modifiers applied.
pub fn finish<F: Float>(form: &Form, ftz: bool, ty: Type, result: F) -> Expect {
    let result = flush(result, ftz);
    let bits = |x: F| x.to_bits() as u64;
    let zero_of_any_sign = || Expect::OneOf(vec![0, 1 << (ty.width - 1)]);
    if form.has("sat") {
        // Clamped to [0, 1]; a NaN becomes positive zero.
        let one = F::from_u128(1).value;
        return match result.partial_cmp(&F::ZERO) {
            None => Expect::Bits(0),
            Some(Ordering::Equal) if result.is_negative() => zero_of_any_sign(),
            Some(Ordering::Less) => Expect::Bits(0),
            _ if result.partial_cmp(&one) == Some(Ordering::Greater) => Expect::Bits(bits(one)),
            _ => Expect::Bits(bits(result)),
        };
    }
    if result.is_nan() {
        return nan(ty);
    }
    if form.has("relu") {
        return match result.partial_cmp(&F::ZERO) {
            Some(Ordering::Equal) if result.is_negative() => zero_of_any_sign(),
            Some(Ordering::Less) => Expect::Bits(0),
            _ => Expect::Bits(bits(result)),
        };
    }
    Expect::Bits(bits(result))
}

/// Arithmetic of binary32 with sources of 16 bits, which become binary32 first; the last source is one already.
pub fn mixed(form: &Form, src: &[u64]) -> Option<Expect> {
    let types = form.types();
    let [to, from] = types[..] else { return None };
    let (last, narrow) = src.split_last()?;
    let wide = narrow.iter().map(|bits| u64::from((to_f64(from, *bits) as f32).to_bits()));
    let src: Vec<u64> = wide.chain([*last]).collect();
    arithmetic::<rustc_apfloat::ieee::Single>(form, to, &src)
}

/// `min` and `max` of two or three: a number wins over a NaN, unless `.NaN` is asked for; +0 is greater than -0.
fn extreme<F: Float>(form: &Form, ty: Type, values: &[F]) -> Expect {
    let xorsign = form.has("xorsign");
    let negative = values.iter().fold(false, |n, x| n != x.is_negative());
    let magnitudes = values.iter().map(|x| if xorsign { x.abs() } else { *x });
    let (nans, mut numbers): (Vec<F>, Vec<F>) = magnitudes.partition(|x| x.is_nan());
    if numbers.is_empty() || (form.has("NaN") && !nans.is_empty()) {
        return nan(ty);
    }
    numbers.sort_by(|x, y| match x.partial_cmp(y) {
        Some(Ordering::Equal) | None => y.is_negative().cmp(&x.is_negative()),
        Some(order) => order,
    });
    let chosen = if form.operation() == "min" { numbers[0] } else { numbers[numbers.len() - 1] };
    // The sign of the result is the exclusive or of the signs.
    let result = if xorsign && negative { -chosen } else { chosen };
    Expect::Bits(result.to_bits() as u64)
}

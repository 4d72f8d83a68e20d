// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Functions for which the ISA states a largest error, and its tables of special values.

use crate::expect::{Bound, Expect, Flush};
use crate::form::Form;
use crate::number::{self, power, Format};
use crate::types::{Kind, Type};

/// A function of a source.
pub fn eval(form: &Form, ty: Type, src: &[u64]) -> Option<Expect> {
    let ftz = form.has("ftz");
    let flushed = match ftz {
        // The ISA speaks of subnormal sources only.
        true if ty.kind == Kind::Brain => Flush::Either,
        true => Flush::Yes,
        false => Flush::No,
    };
    let value = |i: usize| {
        let x = number::to_f64(ty, src[i]);
        // A subnormal source counts as the zero of its sign.
        if ftz && x != 0.0 && x.abs() < Format::of(ty).smallest_normal() {
            0f64.copysign(x)
        } else {
            x
        }
    };
    let x = value(0);
    let near = |exact: f64, bound: Bound| Expect::Near { ty, exact, bound, flushed };
    let (special, name) = (special(form.operation(), x), form.operation());
    if name == "div" {
        return Some(division(form, ty, x, value(1), flushed));
    }
    if let Some(exact) = special {
        return Some(near(exact, Bound::Absolute(0.0)));
    }
    let exact = number::function(name, x);
    let half = ty.kind == Kind::Float && ty.width == 16;
    let bound = match name {
        "ex2" if ty.kind == Kind::Brain => Bound::Relative(power(-7)),
        "ex2" if half => Bound::Relative(2f64.powf(-9.9)),
        "ex2" => Bound::Ulps(2.0),
        // "The maximum absolute error is 2^-22 when the input operand is in the range (0.5, 2). For positive finite inputs
        // outside of this interval, the maximum relative error is 2^-22."
        "lg2" if (0.5..2.0).contains(&x) => Bound::Absolute(power(-22)),
        "lg2" => Bound::Relative(power(-22)),
        // Absolute errors on [-2 pi, 2 pi] and on [-100 pi, 100 pi]; no bound is stated beyond.
        "sin" | "cos" if x.abs() <= std::f64::consts::TAU => Bound::Absolute(2f64.powf(-20.5)),
        "sin" | "cos" if x.abs() <= 50.0 * std::f64::consts::TAU => Bound::Absolute(2f64.powf(-14.7)),
        "sin" | "cos" => return Some(Expect::Any),
        "tanh" if ty.kind == Kind::Brain => Bound::Absolute(power(-8)),
        "tanh" if half => Bound::Absolute(2f64.powf(-10.987)),
        "tanh" => Bound::Relative(power(-11)),
        // The source's upper 32 bits count, and the result's lower 32 bits are zero.
        "rcp" | "rsqrt" if ty.width == 64 && ftz => {
            let upper = Expect::Masked { bits: 0, mask: 0xffff_ffff };
            return Some(Expect::All(vec![near(exact, Bound::Relative(3.0 * power(-20))), upper]));
        }
        // Not in the ISA, but compilers write it.
        "rcp" if ty.width == 64 => Bound::Relative(power(-20)),
        "rsqrt" if ty.width == 64 => Bound::Relative(2f64.powf(-22.9)),
        "rcp" => Bound::Ulps(1.0),
        "sqrt" => Bound::Relative(power(-23)),
        "rsqrt" => Bound::Relative(2f64.powf(-22.9)),
        _ => return None,
    };
    Some(near(exact, bound))
}

/// Results at NaN, infinities, zeros and outside of the domain.
fn special(name: &str, x: f64) -> Option<f64> {
    if x.is_nan() {
        return Some(f64::NAN);
    }
    let positive = x.is_sign_positive();
    let zero = x == 0.0;
    if !x.is_infinite() && !zero && (positive || !matches!(name, "lg2" | "sqrt" | "rsqrt")) {
        return None;
    }
    Some(match name {
        "ex2" if zero => 1.0,
        "ex2" if positive => f64::INFINITY,
        "ex2" => 0.0,
        "lg2" if zero => f64::NEG_INFINITY,
        "lg2" | "sqrt" if x.is_infinite() && positive => f64::INFINITY,
        "lg2" => f64::NAN,
        "sin" | "sqrt" | "tanh" if zero => x,
        "sin" | "sqrt" => f64::NAN,
        "cos" if zero => 1.0,
        "cos" => f64::NAN,
        "tanh" => 1f64.copysign(x),
        "rcp" | "rsqrt" if zero => f64::INFINITY.copysign(x),
        "rsqrt" if positive => 0.0,
        "rsqrt" => f64::NAN,
        "rcp" => 0f64.copysign(x),
        _ => return None,
    })
}

/// `div.approx` and `div.full`: a / b within 2 ulp. `div.approx` need not be right for divisors beyond 2^126: there "if a
/// is finite, the result is 0; if a is infinity, the result is NaN", as a multiplication by the reciprocal gives.
fn division(form: &Form, ty: Type, a: f64, b: f64, flushed: Flush) -> Expect {
    let near = |exact: f64, bound: Bound| Expect::Near { ty, exact, bound, flushed };
    let exact = match a.is_finite() && b.is_finite() && a != 0.0 && b != 0.0 {
        true => number::quotient(a, b),
        false => a / b,
    };
    let large = b.is_finite() && b.abs() > power(126);
    // Beyond the stated range a multiplication by the reciprocal and a true division are both right.
    let unspecified = form.has("approx") && (large || (b != 0.0 && b.abs() < power(-126)));
    if unspecified {
        return Expect::Any;
    }
    near(exact, Bound::Ulps(2.0))
}

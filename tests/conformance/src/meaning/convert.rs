// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `cvt`.

use ix_isa_tests::reference::float::flush;
use rustc_apfloat::ieee::{IeeeFloat, Quad, Semantics};
use rustc_apfloat::{Float, FloatConvert};

use super::float::{finish, rounding};
use crate::expect::Expect;
use crate::form::Form;
use crate::number::{with_format, AnyFloat};
use crate::types::{Kind, Type};

/// A conversion from the last type of the name to the one before it.
pub fn eval(form: &Form, src: &[u64]) -> Option<Expect> {
    let types = form.types();
    let [to, from] = types[..] else { return None };
    match (to.count, from.count) {
        (1, 1) => one(form, to, from, src[0]),
        // Two sources: the first becomes the upper element.
        (2, 1) => {
            let parts = vec![one(form, to.element(), from, src[1])?, one(form, to.element(), from, src[0])?];
            Some(Expect::Packed { width: to.width, parts })
        }
        // Element by element.
        (2, 2) => {
            let parts = (0..2).map(|i| one(form, to.element(), from.element(), src[0] >> (i * from.width)));
            Some(Expect::Packed { width: to.width, parts: parts.collect::<Option<_>>()? })
        }
        _ => None,
    }
}

/// `cvt.pack`: two saturated integers side by side, the second one lowest, and the third source shifted above them.
pub fn pack(form: &Form, src: &[u64]) -> Option<Expect> {
    let to = form.words().nth(3)?;
    let (signed, width) = (to.starts_with('s'), to[1..].parse::<u32>().ok()?);
    let (low, high) = if signed { (-(1i128 << (width - 1)), (1i128 << (width - 1)) - 1) } else { (0, (1i128 << width) - 1) };
    let part = |i: usize| {
        let number = Type { kind: Kind::Signed, ..Type::U32 }.number(src[i]).clamp(low, high);
        number as u64 & ((1 << width) - 1)
    };
    let above = src.get(2).map_or(0, |c| (c & 0xffff_ffff) << (2 * width));
    Some(Expect::Bits((above | part(0) << width | part(1)) & 0xffff_ffff))
}

fn one(form: &Form, to: Type, from: Type, raw: u64) -> Option<Expect> {
    let raw = from.truncate(raw);
    match (from.is_float(), to.is_float()) {
        (false, false) => {
            let n = from.number(raw);
            let (low, high) = to.range();
            Some(Expect::Bits(to.encode(if form.has("sat") { n.clamp(low, high) } else { n })))
        }
        (false, true) => {
            fn float<F: AnyFloat>(form: &Form, to: Type, n: i128) -> Expect {
                finish(form, flushes(form, to), to, F::from_i128_r(n, rounding(form)).value)
            }
            Some(with_format!(to, float(form, to, from.number(raw))))
        }
        (true, false) => {
            fn integer<F: AnyFloat>(form: &Form, to: Type, from: Type, raw: u64) -> Expect {
                let x = flush(F::from_bits(raw.into()), flushes(form, from));
                if x.is_nan() {
                    return nan_as_integer(to, from);
                }
                let whole = x.round_to_integral(rounding(form)).value;
                // Exact, or beyond every type's range: out of range the conversion gives the nearest integer.
                let (low, high) = to.range();
                let n = whole.to_i128_r(128, rustc_apfloat::Round::TowardZero, &mut false).value;
                Expect::Bits(to.encode(n.clamp(low, high)))
            }
            Some(with_format!(from, integer(form, to, from, raw)))
        }
        (true, true) => {
            fn source<F: AnyFloat>(form: &Form, to: Type, from: Type, raw: u64) -> Expect {
                let x = flush(F::from_bits(raw.into()), flushes(form, from));
                // An integral rounding acts on the source's format.
                let integral = form.words().any(|w| matches!(w, "rni" | "rzi" | "rmi" | "rpi"));
                let x = if to == from && integral { x.round_to_integral(rounding(form)).value } else { x };
                let wide: Quad = x.convert(&mut false).value;
                narrow(form, to, wide)
            }
            Some(with_format!(from, source(form, to, from, raw)))
        }
    }
}

/// Whether subnormal values of a type are flushed: `.ftz` "applies only to single precision (.f32) inputs and results".
fn flushes(form: &Form, ty: Type) -> bool {
    form.has("ftz") && ty.kind == Kind::Float && ty.width == 32
}

/// "In float-to-integer conversions, depending upon conversion types, NaN input results in": zero if the source is not
/// `.f64` and the destination not of 64 bits, otherwise `1 << (width - 1)`.
fn nan_as_integer(to: Type, from: Type) -> Expect {
    if from.width < 64 && to.width < 64 {
        return Expect::Bits(0);
    }
    Expect::Bits(to.encode(1 << (to.width - 1)))
}

/// Rounds an exact value to the destination's format.
fn narrow(form: &Form, to: Type, x: Quad) -> Expect {
    fn rounded<F: AnyFloat>(form: &Form, to: Type, x: Quad) -> Expect
    where
        Quad: FloatConvert<F>,
    {
        let y: F = x.convert_r(rounding(form), &mut false).value;
        if form.has("satfinite") {
            // NaN becomes the canonical NaN, everything beyond the range the largest number of its sign.
            if y.is_nan() && x.is_nan() {
                return super::nan(to);
            }
            if !y.is_finite() {
                let largest = if x.is_negative() { -F::largest() } else { F::largest() };
                return finish(form, flushes(form, to), to, largest);
            }
        }
        finish(form, flushes(form, to), to, y)
    }
    match (to.kind, to.width) {
        (Kind::Float, 16) => rounded::<rustc_apfloat::ieee::Half>(form, to, x),
        (Kind::Float, 64) => rounded::<rustc_apfloat::ieee::Double>(form, to, x),
        (Kind::Brain, _) => rounded::<rustc_apfloat::ieee::BFloat>(form, to, x),
        (Kind::E4m3, _) => rounded::<rustc_apfloat::ieee::Float8E4M3FN>(form, to, x),
        (Kind::E5m2, _) => rounded::<rustc_apfloat::ieee::Float8E5M2>(form, to, x),
        (Kind::Tensor, _) => tensor(form, to, x),
        _ => rounded::<rustc_apfloat::ieee::Single>(form, to, x),
    }
}

/// The format of `.tf32`.
struct TensorFormat;

impl Semantics for TensorFormat {
    const BITS: usize = 19;
    const EXP_BITS: usize = 8;
}

/// A binary32 with 10 bits of fraction: 8 bits of exponent, 19 bits in all. The lower 13 bits of the register are not
/// fixed.
fn tensor(form: &Form, to: Type, x: Quad) -> Expect {
    type TensorFloat = IeeeFloat<TensorFormat>;
    let mut y: TensorFloat = x.convert_r(rounding(form), &mut false).value;
    if y.is_nan() {
        return Expect::Nan(to);
    }
    if form.has("satfinite") && y.is_infinite() {
        y = if y.is_negative() { -TensorFloat::largest() } else { TensorFloat::largest() };
    }
    if form.has("relu") && y.is_negative() {
        return Expect::Masked { bits: 0, mask: 0x7fff_e000 };
    }
    Expect::Masked { bits: (y.to_bits() as u64) << 13, mask: 0xffff_e000 }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Integer arithmetic in 128 bits.

use crate::expect::Expect;
use crate::form::Form;
use crate::types::{Kind, Type};

/// The 24 low bits of a value, with its sign.
fn low24(x: i128, ty: Type) -> i128 {
    let low = x & 0xff_ffff;
    if ty.is_signed() && low & 0x80_0000 != 0 {
        low - 0x100_0000
    } else {
        low
    }
}

/// The product's part that the form asks for: `.hi`, `.lo` or `.wide`.
fn product(form: &Form, ty: Type, a: i128, b: i128) -> i128 {
    if !form.has("hi") {
        return a.wrapping_mul(b);
    }
    match ty.is_signed() {
        true => (a * b) >> ty.width,
        // Of two 64-bit numbers it takes all 128 bits.
        false => ((a as u128).wrapping_mul(b as u128) >> ty.width) as i128,
    }
}

/// An operation on integers of a type.
pub fn eval(form: &Form, ty: Type, src: &[u64]) -> Option<Expect> {
    let n = |i: usize| ty.number(src.get(i).copied().unwrap_or(0));
    let (a, b, c) = (n(0), n(1), n(2));
    let (low, high) = ty.range();
    // The addend of `mad.wide` has twice the width.
    let wide = form.has("wide");
    let result = if wide { ty.wider() } else { ty };
    let addend = result.number(src.get(2).copied().unwrap_or(0));
    let value = match form.operation() {
        "add" => a + b,
        "sub" => a - b,
        "mul" => product(form, ty, a, b),
        "mad" => product(form, ty, a, b).wrapping_add(addend),
        "mul24" | "mad24" => {
            let all = low24(a, ty) * low24(b, ty);
            let part = if form.has("hi") { all >> 16 } else { all };
            // The part is 32 bits; only the sum can saturate.
            let part = ty.number(part as u64);
            if form.operation() == "mad24" {
                part + c
            } else {
                part
            }
        }
        "sad" => c + (a - b).abs(),
        "div" | "rem" if b == 0 => return Some(Expect::Any),
        "div" => a / b,
        "rem" => a % b,
        "abs" => a.abs(),
        "neg" => -a,
        "min" => a.min(b),
        "max" => a.max(b),
        _ => return None,
    };
    let value = if form.has("sat") { value.clamp(low, high) } else { value };
    let value = if form.has("relu") { value.max(0) } else { value };
    Some(Expect::Bits(result.encode(value)))
}

/// `dp4a` and `dp2a`: products of bytes, or of halves and bytes, and their sum.
pub fn dot_product(form: &Form, src: &[u64]) -> Option<Expect> {
    let types = form.types();
    let [a_type, b_type] = types[..] else { return None };
    let byte = |x: u64, i: u32, signed: Type| Type { kind: signed.kind, width: 8, count: 1 }.number(x >> (8 * i));
    let half = |x: u64, i: u32| Type { kind: a_type.kind, width: 16, count: 1 }.number(x >> (16 * i));
    let products: i128 = if form.operation() == "dp4a" {
        (0..4).map(|i| byte(src[0], i, a_type) * byte(src[1], i, b_type)).sum()
    } else {
        let first = if form.has("hi") { 2 } else { 0 };
        (0..2).map(|i| half(src[0], i) * byte(src[1], first + i, b_type)).sum()
    };
    let word = Type { kind: Kind::Unsigned, width: 32, count: 1 };
    Some(Expect::Bits(word.encode(products + word.number(src[2]))))
}

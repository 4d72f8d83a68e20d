// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What forms mean, written from the text of the PTX ISA.
//!
//! One function for each kind of instruction takes a form and the registers of its sources, and says what its
//! destinations must hold. Integers are computed in 128 bits, floats by [`crate::number`].

mod approximate;
mod bits;
mod compare;
mod convert;
mod float;
mod integer;

use crate::expect::Expect;
use crate::form::Form;
use crate::types::{Kind, Type};

/// What the destinations hold when the sources hold these bits. `None` for an operation that nobody knows.
pub fn eval(form: &Form, src: &[u64]) -> Option<Vec<Expect>> {
    let ty = form.ty();
    let one = |e: Expect| Some(vec![e]);
    match form.operation() {
        "mov" => one(Expect::Bits(ty.truncate(src[0]))),
        "cvt" if form.has("pack") => one(convert::pack(form, src)?),
        "cvt" => one(convert::eval(form, src)?),
        "setp" => compare::setp(form, src),
        "set" => one(compare::set(form, src)?),
        "selp" => one(Expect::Bits(ty.truncate(if src[2] & 1 != 0 { src[0] } else { src[1] }))),
        "slct" => one(compare::slct(form, src)),
        "testp" => one(compare::testp(form, src)?),
        "ex2" | "lg2" | "sin" | "cos" | "tanh" | "rsqrt" => one(by_element(form, src, approximate::eval)?),
        "rcp" | "sqrt" | "div" if form.has("approx") || form.has("full") => one(approximate::eval(form, ty, src)?),
        "and" | "or" | "xor" | "not" | "cnot" | "shl" | "shr" | "shf" | "lop3" | "popc" | "clz" | "brev" | "bfind" | "fns" | "bfe"
        | "bfi" | "bmsk" | "szext" | "prmt" => bits::eval(form, src),
        "add" | "sub" | "fma" if form.types().len() == 2 => one(float::mixed(form, src)?),
        _ if ty.is_float() => one(by_element(form, src, float::eval)?),
        "dp4a" | "dp2a" => one(integer::dot_product(form, src)?),
        _ => one(by_element(form, src, integer::eval)?),
    }
}

/// Evaluates each element of a packed type by itself.
fn by_element(form: &Form, src: &[u64], eval: fn(&Form, Type, &[u64]) -> Option<Expect>) -> Option<Expect> {
    let ty = form.ty();
    if ty.count == 1 {
        return eval(form, ty, src);
    }
    let element = ty.element();
    let mut parts = vec![];
    for i in 0..ty.count {
        let part: Vec<u64> = src.iter().map(|s| element.truncate(s >> (i * ty.width))).collect();
        parts.push(eval(form, element, &part)?);
    }
    Some(Expect::Packed { width: ty.width, parts })
}

/// The NaN that arithmetic gives. That of binary32 and of the 16-bit formats is fixed (PTX ISA, floating-point
/// instructions: "NaN payloads are not preserved"); for binary64 it is not.
fn nan(ty: Type) -> Expect {
    match (ty.kind, ty.width) {
        (Kind::Float, 64) => Expect::Nan(ty),
        (Kind::Tensor, _) => Expect::Nan(ty),
        (_, 32) => Expect::Bits(0x7fff_ffff),
        (Kind::E4m3 | Kind::E5m2, _) => Expect::Bits(0x7f),
        _ => Expect::Bits(0x7fff),
    }
}

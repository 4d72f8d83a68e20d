// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Comparison and selection.

use std::cmp::Ordering;

use ix_isa_tests::reference::float::flush;

use crate::expect::Expect;
use crate::form::Form;
use crate::number::{with_format, AnyFloat};
use crate::types::{Kind, Type};

/// How two values stand to each other; `None` if one of them is a NaN.
fn order(form: &Form, ty: Type, a: u64, b: u64) -> Option<Ordering> {
    fn floats<F: AnyFloat>(ty: Type, a: u64, b: u64, ftz: bool) -> Option<Ordering> {
        let [a, b] = [a, b].map(|x| flush(F::from_bits(ty.truncate(x).into()), ftz));
        a.partial_cmp(&b)
    }
    if ty.is_float() {
        return with_format!(ty, floats(ty, a, b, form.has("ftz")));
    }
    Some(ty.number(a).cmp(&ty.number(b)))
}

/// The comparison whose name is the second word.
fn holds(form: &Form, ty: Type, a: u64, b: u64) -> Option<bool> {
    let order = order(form, ty, a, b);
    let (less, equal, greater) = (order == Some(Ordering::Less), order == Some(Ordering::Equal), order == Some(Ordering::Greater));
    let unordered = order.is_none();
    Some(match form.words().nth(1)? {
        "eq" => equal,
        "ne" => less || greater,
        "lt" | "lo" => less,
        "le" | "ls" => less || equal,
        "gt" | "hi" => greater,
        "ge" | "hs" => greater || equal,
        "equ" => equal || unordered,
        "neu" => less || greater || unordered,
        "ltu" => less || unordered,
        "leu" => less || equal || unordered,
        "gtu" => greater || unordered,
        "geu" => greater || equal || unordered,
        "num" => !unordered,
        "nan" => unordered,
        _ => return None,
    })
}

/// Combines a comparison with a predicate, if the form does.
fn combine(form: &Form, t: bool, c: Option<u64>) -> bool {
    let c = c.is_some_and(|c| c & 1 != 0);
    if form.has("and") {
        t && c
    } else if form.has("or") {
        t || c
    } else if form.has("xor") {
        t != c
    } else {
        t
    }
}

/// `setp`: the first destination is the comparison, the second its opposite; each is combined with the predicate.
/// Of packed types, the destinations are the comparisons of the lower and the upper elements.
pub fn setp(form: &Form, src: &[u64]) -> Option<Vec<Expect>> {
    let ty = form.ty();
    let c = src.get(2).copied();
    let first = holds(form, ty.element(), src[0], src[1])?;
    let second = match ty.count {
        1 => !first,
        _ => holds(form, ty.element(), src[0] >> ty.width, src[1] >> ty.width)?,
    };
    let both = [first, second].map(|t| Expect::Bits(combine(form, t, c).into()));
    Some(both.into_iter().take(form.dst.len()).collect())
}

/// `set`: all ones or 1.0 where the comparison holds.
pub fn set(form: &Form, src: &[u64]) -> Option<Expect> {
    let (result, ty) = (form.dst[0], form.ty());
    let element = |i: u32| -> Option<u64> {
        let t = combine(form, holds(form, ty.element(), src[0] >> (i * ty.width), src[1] >> (i * ty.width))?, src.get(2).copied());
        Some(match (t, result.kind, result.width) {
            (false, ..) => 0,
            (true, Kind::Float, 16) => 0x3c00,
            (true, Kind::Brain, _) => 0x3f80,
            (true, Kind::Float, _) => 0x3f80_0000,
            _ => result.element().truncate(u64::MAX),
        })
    };
    if result.count == 1 {
        return Some(Expect::Bits(element(0)?));
    }
    Some(Expect::Bits(element(0)? | element(1)? << result.width))
}

/// `slct`: the first source where the third is not negative, else the second, also for a NaN.
pub fn slct(form: &Form, src: &[u64]) -> Expect {
    let types = form.types();
    let (value, by) = (types[0], form.ty());
    let first = matches!(order(form, by, src[2], 0), Some(Ordering::Greater | Ordering::Equal));
    Expect::Bits(value.truncate(if first { src[0] } else { src[1] }))
}

/// `testp`. "As a special case, positive and negative zero are considered normal numbers."
pub fn testp(form: &Form, src: &[u64]) -> Option<Expect> {
    fn test<F: AnyFloat>(form: &Form, bits: u64) -> Option<bool> {
        let x = F::from_bits(bits.into());
        Some(match form.words().nth(1)? {
            "finite" => x.is_finite(),
            "infinite" => x.is_infinite(),
            "number" => !x.is_nan(),
            "notanumber" => x.is_nan(),
            "normal" => x.is_finite() && !x.is_denormal(),
            "subnormal" => x.is_denormal(),
            _ => return None,
        })
    }
    let ty = form.ty();
    Some(Expect::Bits(with_format!(ty, test(form, ty.truncate(src[0])))?.into()))
}

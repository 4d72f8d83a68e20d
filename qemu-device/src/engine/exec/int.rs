// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Integer arithmetic.

use ix_hw::isa::mods::{self as m, part, Mods};
use ix_hw::isa::{Inst, Op, Type};

use super::map::{map, with_int};
use super::Run;

/// An integer type, and the one of twice its width.
trait Int: Copy {
    type Wide: Copy;
    /// The whole product.
    fn product(self, b: Self) -> Self::Wide;
    /// The upper half of it.
    fn high(self, b: Self) -> Self;
    /// |self - b|, modulo the width.
    fn distance(self, b: Self) -> Self;
    /// Quotient and remainder by the rules of `div` and `rem`.
    fn quotient(self, b: Self) -> Self;
    fn remainder(self, b: Self) -> Self;
}

macro_rules! int {
    ($($t:ty, $wide:ty;)+) => { $(
        impl Int for $t {
            type Wide = $wide;
            #[inline(always)]
            fn product(self, b: Self) -> $wide { (self as $wide).wrapping_mul(b as $wide) }
            #[inline(always)]
            fn high(self, b: Self) -> Self { (self.product(b) >> <$t>::BITS) as $t }
            #[inline(always)]
            fn distance(self, b: Self) -> Self { if self < b { b.wrapping_sub(self) } else { self.wrapping_sub(b) } }
            #[inline(always)]
            fn quotient(self, b: Self) -> Self { if b == 0 { !0 } else { self.wrapping_div(b) } }
            #[inline(always)]
            fn remainder(self, b: Self) -> Self { if b == 0 { self } else { self.wrapping_rem(b) } }
        }
    )+ };
}
int! {
    u16, u32; i16, i32; u32, u64; i32, i64; u64, u128; i64, i128;
}

pub(super) fn select(inst: &Inst) -> Option<Run> {
    let d = inst.d;
    let ty = inst.ty;
    let part = inst.mods.get(&m::PART);
    match inst.op {
        Op::Add if inst.mods.has(&m::SAT) => Some(map!(d; |a: i32, b: i32| -> i32 { a.saturating_add(b) })),
        Op::Sub if inst.mods.has(&m::SAT) => Some(map!(d; |a: i32, b: i32| -> i32 { a.saturating_sub(b) })),
        // Written for the halves of the register, which LLVM does not find by itself.
        Op::Add if ty.bits() == 64 => Some(map!(d; |a: Halves, b: Halves| -> Halves { a.add(b) })),
        Op::Sub if ty.bits() == 64 => Some(map!(d; |a: Halves, b: Halves| -> Halves { a.sub(b) })),
        Op::Add => with_int!(ty, T => map!(d; |a: T, b: T| -> T { a.wrapping_add(b) })),
        Op::Sub => with_int!(ty, T => map!(d; |a: T, b: T| -> T { a.wrapping_sub(b) })),
        Op::Mul => match part {
            part::LO => with_int!(ty, T => map!(d; |a: T, b: T| -> T { a.wrapping_mul(b) })),
            part::HI => with_int!(ty, T => map!(d; |a: T, b: T| -> T { a.high(b) })),
            _ => wide(inst),
        },
        Op::Mad => match part {
            part::LO => with_int!(ty, T => map!(d; |a: T, b: T, c: T| -> T { a.wrapping_mul(b).wrapping_add(c) })),
            part::HI if inst.mods.has(&m::ISAT) => Some(map!(d; |a: i32, b: i32, c: i32| -> i32 { a.high(b).saturating_add(c) })),
            part::HI => with_int!(ty, T => map!(d; |a: T, b: T, c: T| -> T { a.high(b).wrapping_add(c) })),
            _ => wide(inst),
        },
        Op::Div => with_int!(ty, T => map!(d; |a: T, b: T| -> T { a.quotient(b) })),
        Op::Rem => with_int!(ty, T => map!(d; |a: T, b: T| -> T { a.remainder(b) })),
        Op::Min => with_int!(ty, T => map!(d; |a: T, b: T| -> T { a.min(b) })),
        Op::Max => with_int!(ty, T => map!(d; |a: T, b: T| -> T { a.max(b) })),
        Op::Abs => match ty {
            Type::S16 => Some(map!(d; |a: i16| -> i16 { a.wrapping_abs() })),
            Type::S32 => Some(map!(d; |a: i32| -> i32 { a.wrapping_abs() })),
            Type::S64 => Some(map!(d; |a: i64| -> i64 { a.wrapping_abs() })),
            _ => None,
        },
        Op::Neg => match ty {
            Type::S16 => Some(map!(d; |a: i16| -> i16 { a.wrapping_neg() })),
            Type::S32 => Some(map!(d; |a: i32| -> i32 { a.wrapping_neg() })),
            Type::S64 => Some(map!(d; |a: i64| -> i64 { a.wrapping_neg() })),
            _ => None,
        },
        Op::Sad => with_int!(ty, T => map!(d; |a: T, b: T, c: T| -> T { a.distance(b).wrapping_add(c) })),
        Op::Dp4a => match ty {
            Type::S32 => Some(map!(d, mods; |a: u32, b: u32, c: i32| -> i32 { dp4a(true, mods, a, b, c as u32) as i32 })),
            _ => Some(map!(d, mods; |a: u32, b: u32, c: u32| -> u32 { dp4a(false, mods, a, b, c) })),
        },
        Op::Dp2a => match ty {
            Type::S32 => Some(map!(d, mods; |a: u32, b: u32, c: i32| -> i32 { dp2a(true, mods, a, b, c as u32) as i32 })),
            _ => Some(map!(d, mods; |a: u32, b: u32, c: u32| -> u32 { dp2a(false, mods, a, b, c) })),
        },
        _ => None,
    }
}

/// Products of twice the width, with or without an addend.
fn wide(inst: &Inst) -> Option<Run> {
    macro_rules! wide {
        ($t:ty, $w:ty) => {
            if inst.op == Op::Mad {
                map!(inst.d; |a: $t, b: $t, c: $w| -> $w { a.product(b).wrapping_add(c) })
            } else {
                map!(inst.d; |a: $t, b: $t| -> $w { a.product(b) })
            }
        };
    }
    Some(match inst.ty {
        Type::U16 => wide!(u16, u32),
        Type::S16 => wide!(i16, i32),
        Type::U32 => wide!(u32, u64),
        Type::S32 => wide!(i32, i64),
        _ => return None,
    })
}

/// A 64-bit integer as the halves that a register holds.
#[derive(Clone, Copy)]
pub(super) struct Halves {
    pub lo: u32,
    pub hi: u32,
}

impl super::map::Lane for Halves {
    #[inline(always)]
    fn get(lo: u32, hi: u32) -> Self {
        Halves { lo, hi }
    }
    #[inline(always)]
    fn put(self) -> (u32, u32) {
        (self.lo, self.hi)
    }
}

impl Halves {
    #[inline(always)]
    fn add(self, b: Halves) -> Halves {
        let lo = self.lo.wrapping_add(b.lo);
        Halves { lo, hi: self.hi.wrapping_add(b.hi).wrapping_add(u32::from(lo < b.lo)) }
    }
    #[inline(always)]
    fn sub(self, b: Halves) -> Halves {
        let borrow = u32::from(self.lo < b.lo);
        Halves { lo: self.lo.wrapping_sub(b.lo), hi: self.hi.wrapping_sub(b.hi).wrapping_sub(borrow) }
    }
}

#[inline(always)]
fn dp4a(a_signed: bool, mods: u16, a: u32, b: u32, c: u32) -> u32 {
    let b_signed = Mods(mods).has(&m::B_SIGN);
    let mut sum = c;
    for i in 0..4 {
        sum = sum.wrapping_add(byte(a, i, a_signed).wrapping_mul(byte(b, i, b_signed)));
    }
    sum
}

#[inline(always)]
fn dp2a(a_signed: bool, mods: u16, a: u32, b: u32, c: u32) -> u32 {
    let b_signed = Mods(mods).has(&m::B_SIGN);
    let first = u32::from(Mods(mods).has(&m::HALF)) * 2;
    let mut sum = c;
    for i in 0..2 {
        let half = (a >> (16 * i)) as u16;
        let half = if a_signed { half as i16 as u32 } else { half.into() };
        sum = sum.wrapping_add(half.wrapping_mul(byte(b, first + i, b_signed)));
    }
    sum
}

/// Byte `i` (0 to 3) of a word, extended.
#[inline(always)]
fn byte(word: u32, i: u32, signed: bool) -> u32 {
    let byte = (word >> (8 * i)) as u8;
    if signed {
        byte as i8 as u32
    } else {
        byte.into()
    }
}

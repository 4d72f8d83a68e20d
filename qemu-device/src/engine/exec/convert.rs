// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Conversions between types.
//!
//! Sources that are floats widen to binary64, which holds all their values; integers are taken as
//! 64-bit ones. So there is a lane function for each pair of kinds, not of types, and the widths
//! come from the instruction; common pairs have functions of their own.

use ix_hw::isa::mods::{self as m, round, Mods};
use ix_hw::isa::{Inst, Op, Type};

use super::float::{Float, NAN32, NAN64};
use super::half::{Bfloat16, Binary16, Finish, Half, Pair};
use super::map::{map, Lane};
use super::rounding;
use super::Run;

/// Bits of the modifiers' FROM field that the lane functions read are those of the source type;
/// the destination type of integer conversions travels in the type parameter.
fn source_type(mods: Mods) -> Type {
    Type::from_number(mods.get(&m::FROM) as u8).unwrap_or(Type::None)
}

/// Number of a source integer's bits beyond its type.
#[inline(always)]
fn excess(mods: Mods) -> u32 {
    // From the numbers of the types: 1..4 are b8..b64, 5..8 u8..u64, 9..12 s8..s64.
    let width = (mods.get(&m::FROM) as u32).wrapping_sub(1) & 3;
    64 - (8 << width)
}

#[inline(always)]
fn from_signed(mods: Mods) -> bool {
    mods.get(&m::FROM) >= Type::S8 as u16
}

/// A source integer, which may be any of an unsigned or signed 64-bit one.
#[inline(always)]
fn integer(mods: Mods, raw: u64) -> i128 {
    let by = excess(mods);
    if from_signed(mods) {
        ((raw as i64) << by >> by).into()
    } else {
        (raw << by >> by).into()
    }
}

pub(super) fn select(inst: &Inst) -> Option<Run> {
    let from = source_type(inst.mods);
    let to = inst.ty;
    if let Some(run) = common(inst, from) {
        return Some(run);
    }
    match (from.is_float(), to.is_float()) {
        (false, false) => integer_to_integer(inst),
        (false, true) => integer_to_float(inst),
        (true, false) => float_to_integer(inst, from),
        (true, true) => float_to_float(inst, from),
    }
}

/// The conversions that programs use most, in forms that become vector code.
fn common(inst: &Inst, from: Type) -> Option<Run> {
    let d = inst.d;
    if inst.mods.with(&m::FROM, 0) == Mods::NONE.with(&m::ROUND, round::RZ) {
        return match (from, inst.ty) {
            (Type::F32, Type::S32) => Some(map!(d; |a: f32| -> i32 { a as i32 })),
            (Type::F32, Type::U32) => Some(map!(d; |a: f32| -> u32 { a as u32 })),
            (Type::F64, Type::S32) => Some(map!(d; |a: f64| -> i32 { if a.is_nan() { i32::MIN } else { a as i32 } })),
            _ => None,
        };
    }
    if inst.mods.with(&m::FROM, 0) != Mods::NONE {
        return None;
    }
    Some(match (from, inst.ty) {
        (Type::S32, Type::F32) => map!(d; |a: i32| -> f32 { a as f32 }),
        (Type::U32, Type::F32) => map!(d; |a: u32| -> f32 { a as f32 }),
        (Type::S32, Type::F64) => map!(d; |a: i32| -> f64 { a.into() }),
        (Type::U32, Type::F64) => map!(d; |a: u32| -> f64 { a.into() }),
        (Type::F32, Type::F64) => map!(d; |a: f32| -> f64 { f64::from(a).canonical() }),
        (Type::F64, Type::F32) => map!(d; |a: f64| -> f32 { (a as f32).canonical() }),
        (Type::F16, Type::F32) => map!(d; |a: Half<Binary16>| -> f32 { (a.wide() as f32).canonical() }),
        (Type::BF16, Type::F32) => map!(d; |a: Half<Bfloat16>| -> f32 { (a.wide() as f32).canonical() }),
        (Type::F32, Type::F16) => map!(d; |a: f32| -> Half<Binary16> { Half::nearest(a.into()) }),
        (Type::F32, Type::BF16) => map!(d; |a: f32| -> Half<Bfloat16> { Half::nearest(a.into()) }),
        (Type::F32, Type::F16x2) => map!(d; |a: f32, b: f32| -> Pair<Binary16> { Pair(Half::nearest(b.into()), Half::nearest(a.into())) }),
        (Type::F32, Type::BF16x2) => map!(d; |a: f32, b: f32| -> Pair<Bfloat16> { Pair(Half::nearest(b.into()), Half::nearest(a.into())) }),
        _ => return None,
    })
}

/// Evaluates `$body` with `$t` being the Rust type of an integer destination.
macro_rules! with_destination {
    ($ty:expr, $t:ident => $body:expr) => {
        match $ty {
            Type::U8 | Type::B8 => {
                type $t = u8;
                Some($body)
            }
            Type::S8 => {
                type $t = i8;
                Some($body)
            }
            Type::U16 | Type::B16 => {
                type $t = u16;
                Some($body)
            }
            Type::S16 => {
                type $t = i16;
                Some($body)
            }
            Type::U32 | Type::B32 => {
                type $t = u32;
                Some($body)
            }
            Type::S32 => {
                type $t = i32;
                Some($body)
            }
            Type::U64 | Type::B64 => {
                type $t = u64;
                Some($body)
            }
            Type::S64 => {
                type $t = i64;
                Some($body)
            }
            _ => None,
        }
    };
}

fn integer_to_integer(inst: &Inst) -> Option<Run> {
    let d = inst.d;
    if inst.mods.has(&m::SAT) {
        return with_destination!(inst.ty, T => map!(slow d, mods; |a: u64| -> T {
            integer(Mods(mods), a).clamp(T::MIN.into(), T::MAX.into()) as T
        }));
    }
    if from_signed(inst.mods) {
        with_destination!(inst.ty, T => map!(d, mods; |a: i64| -> T {
            let by = excess(Mods(mods));
            (a << by >> by) as T
        }))
    } else {
        with_destination!(inst.ty, T => map!(d, mods; |a: u64| -> T {
            let by = excess(Mods(mods));
            (a << by >> by) as T
        }))
    }
}

fn float_to_integer(inst: &Inst, from: Type) -> Option<Run> {
    let d = inst.d;
    macro_rules! from {
        ($s:ty, |$a:ident| $wide:expr) => {
            with_destination!(inst.ty, T => map!(slow d, mods; |$a: $s| -> T {
                let mods = Mods(mods);
                let wide: f64 = $wide;
                if wide.is_nan() && (T::BITS == 64 || source_type(mods) == Type::F64) {
                    return 1 << (T::BITS - 1);
                }
                integral(wide, mods.get(&m::ROUND)) as T
            }))
        };
    }
    // Flushing changes results that rounding down or up would make -1 or 1.
    if inst.mods.has(&m::FTZ) {
        return from!(f32, |a| a.flushed().into());
    }
    match from {
        Type::F16 => from!(Half<Binary16>, |a| a.wide()),
        Type::BF16 => from!(Half<Bfloat16>, |a| a.wide()),
        Type::F32 => from!(f32, |a| a.into()),
        _ => from!(f64, |a| a),
    }
}

/// Rounds to an integral number.
#[inline(always)]
fn integral(x: f64, mode: u16) -> f64 {
    match mode {
        round::RN => x.round_ties_even(),
        round::RZ => x.trunc(),
        round::RM => x.floor(),
        round::RP => x.ceil(),
        _ => x.round(),
    }
}

fn integer_to_float(inst: &Inst) -> Option<Run> {
    let d = inst.d;
    macro_rules! to {
        ($t:ty, |$x:ident| $from_bits:expr, $format:expr) => {
            map!(slow d, mods; |a: u64| -> $t {
                let mods = Mods(mods);
                let a = integer(mods, a);
                let exact = rounding::Exact { negative: a < 0, significand: a.unsigned_abs(), exponent: 0 };
                let $x = rounding::pack(exact, $format, mods.get(&m::ROUND));
                let number: $t = $from_bits;
                if mods.has(&m::SAT) { number.saturated() } else { number }
            })
        };
    }
    Some(match inst.ty {
        Type::F16 => to!(Half<Binary16>, |x| Half::from_bits(x as u16), rounding::F16),
        Type::BF16 => to!(Half<Bfloat16>, |x| Half::from_bits(x as u16), rounding::BF16),
        Type::F32 => to!(f32, |x| f32::from_bits(x as u32), rounding::F32),
        Type::F64 => to!(f64, |x| f64::from_bits(x), rounding::F64),
        _ => return None,
    })
}

/// A destination of conversions from floats.
trait Target: Lane {
    /// Rounds a number, applies the modifiers.
    fn of(x: f64, mods: Mods) -> Self;
}

impl Target for f64 {
    fn of(x: f64, mods: Mods) -> f64 {
        if mods.has(&m::SAT) {
            x.saturated()
        } else {
            x.canonical()
        }
    }
}

impl Target for f32 {
    fn of(x: f64, mods: Mods) -> f32 {
        f32::from_bits(rounding::narrow(x, rounding::F32, mods.get(&m::ROUND)) as u32).finish(mods)
    }
}

/// The bits of a rounded number, of which infinity becomes the largest number if `satfinite` says so.
fn finite(bits: u64, format: rounding::Format, mods: Mods) -> u64 {
    let infinite = bits & format.magnitude() == format.infinity();
    bits - u64::from(infinite && mods.has(&m::SATFINITE))
}

/// An 8-bit float of a format.
#[derive(Clone, Copy)]
struct Eight<const E5: bool>(u8);

impl<const E5: bool> Eight<E5> {
    /// Bits of the significand, exponent of the smallest normal numbers, and the largest number.
    const FORMAT: (u32, i32, f64) = if E5 { (3, -14, 57344.0) } else { (4, -6, 448.0) };

    fn wide(self) -> f64 {
        let (precision, e_min, _) = Self::FORMAT;
        let magnitude = self.0 & 0x7f;
        let value = match (E5, magnitude) {
            (true, 0x7c) => f64::INFINITY,
            (true, 0x7d..) | (false, 0x7f) => NAN64,
            _ => {
                let fraction = magnitude & ((1 << (precision - 1)) - 1);
                let exponent = i32::from(magnitude >> (precision - 1));
                let hidden = u8::from(exponent > 0) << (precision - 1);
                let scale = exponent.max(1) - 1 + e_min - (precision as i32 - 1);
                f64::from(hidden | fraction) * f64::from_bits(((1023 + scale) as u64) << 52)
            }
        };
        if self.0 & 0x80 != 0 {
            -value
        } else {
            value
        }
    }
}

impl<const E5: bool> Lane for Eight<E5> {
    #[inline(always)]
    fn get(lo: u32, _: u32) -> Self {
        Eight(lo as u8)
    }
    #[inline(always)]
    fn put(self) -> (u32, u32) {
        (self.0.into(), 0)
    }
}

impl<const E5: bool> Target for Eight<E5> {
    fn of(x: f64, mods: Mods) -> Self {
        let (precision, e_min, largest) = Self::FORMAT;
        if x.is_nan() {
            return Eight(0x7f);
        }
        if mods.has(&m::RELU) && x <= 0.0 {
            return Eight(0);
        }
        let magnitude = x.abs().min(largest);
        // The exponent of the last bit that is kept scales exactly; the significand may carry into the exponent.
        let exponent = ((magnitude.to_bits() >> 52) as i32 - 1023).max(e_min);
        let last = exponent - (precision as i32 - 1);
        let significand = (magnitude * f64::from_bits(((1023 - last) as u64) << 52)).round_ties_even() as u8;
        let bits = (((exponent - e_min) as u8) << (precision - 1)) + significand;
        Eight(bits | u8::from(x.is_sign_negative()) << 7)
    }
}

/// A binary32 with the lower 13 bits zero.
#[derive(Clone, Copy)]
struct Tf32(f32);

impl Lane for Tf32 {
    #[inline(always)]
    fn get(lo: u32, hi: u32) -> Self {
        Tf32(f32::get(lo, hi))
    }
    #[inline(always)]
    fn put(self) -> (u32, u32) {
        self.0.put()
    }
}

impl Target for Tf32 {
    fn of(x: f64, mods: Mods) -> Tf32 {
        if x.is_nan() {
            return Tf32(if mods.has(&m::SAT) { 0.0 } else { NAN32 });
        }
        let bits = finite(rounding::narrow(x, rounding::TF32, mods.get(&m::ROUND)), rounding::TF32, mods);
        let number = f32::from_bits((bits as u32) << 13);
        let number = number.finish(mods);
        Tf32(if mods.has(&m::RELU) && number <= 0.0 { 0.0 } else { number })
    }
}

macro_rules! half_target {
    ($f:ty, $format:expr) => {
        impl Target for Half<$f> {
            fn of(x: f64, mods: Mods) -> Self {
                let bits = finite(rounding::narrow(x, $format, mods.get(&m::ROUND)), $format, mods);
                let number = Half::<$f>::from_bits(bits as u16);
                let finish = Finish { ftz: false, sat: mods.has(&m::SAT), relu: mods.has(&m::RELU) };
                Half::result(number.wide(), finish)
            }
        }
        impl Half<$f> {
            /// Clamped to [0, 1].
            fn saturated(self) -> Self {
                Half::result(self.wide(), Finish { sat: true, ..Finish::default() })
            }
        }
    };
}
half_target!(Binary16, rounding::F16);
half_target!(Bfloat16, rounding::BF16);

fn float_to_float(inst: &Inst, from: Type) -> Option<Run> {
    let d = inst.d;
    /// Flushes f32 sources, and rounds to an integral number where that is asked for.
    fn prepare(x: f64, mods: Mods, is_f32: bool) -> f64 {
        let x = if is_f32 && mods.has(&m::FTZ) { f64::from((x as f32).flushed()) } else { x };
        if mods.has(&m::INTEGRAL) {
            // Of zero and of what rounds to it, the sign stays.
            integral(x, mods.get(&m::ROUND))
        } else {
            x
        }
    }
    macro_rules! pair {
        ($s:ty, $t:ty, |$a:ident| $wide:expr) => {
            map!(slow d, mods; |$a: $s| -> $t {
                let mods = Mods(mods);
                <$t>::of(prepare($wide, mods, source_type(mods) == Type::F32), mods)
            })
        };
    }
    macro_rules! to {
        ($s:ty, |$a:ident| $wide:expr) => {
            Some(match inst.ty {
                Type::F16 => pair!($s, Half<Binary16>, |$a| $wide),
                Type::BF16 => pair!($s, Half<Bfloat16>, |$a| $wide),
                Type::F32 => pair!($s, f32, |$a| $wide),
                Type::F64 => pair!($s, f64, |$a| $wide),
                Type::TF32 => pair!($s, Tf32, |$a| $wide),
                Type::E4M3 => pair!($s, Eight<false>, |$a| $wide),
                Type::E5M2 => pair!($s, Eight<true>, |$a| $wide),
                _ => return None,
            })
        };
    }
    macro_rules! packed {
        ($f:ty) => {
            Some(map!(slow d, mods; |a: f32, b: f32| -> Pair<$f> {
                let mods = Mods(mods);
                let of = |x: f32| Half::<$f>::of(prepare(x.into(), mods, true), mods);
                Pair(of(b), of(a))
            }))
        };
    }
    match (from, inst.ty) {
        (_, Type::F16x2) => packed!(Binary16),
        (_, Type::BF16x2) => packed!(Bfloat16),
        (Type::F16, _) => to!(Half<Binary16>, |a| a.wide()),
        (Type::BF16, _) => to!(Half<Bfloat16>, |a| a.wide()),
        (Type::F32, _) => to!(f32, |a| a.into()),
        (Type::E4M3, _) => to!(Eight<false>, |a| a.wide()),
        (Type::E5M2, _) => to!(Eight<true>, |a| a.wide()),
        _ => to!(f64, |a| a),
    }
}

const _: () = assert!(Op::Cvt as u16 == 0x012 && Type::B8 as u8 == 1 && Type::U8 as u8 == 5 && Type::S8 as u8 == 9);

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Floating-point arithmetic.
//!
//! What programs use all the time (nearest even, with and without `ftz`) has lane functions of its
//! own that become vector code; everything else goes through a general function that looks at
//! the modifiers in each lane.

use ix_hw::isa::mods::{self as m, round, Mods};
use ix_hw::isa::{Inst, Op, Type};

use super::half::{each_half, with_halves, Bfloat16, Binary16, Finish, Format, Half, Halves, Pair};
use super::map::{map, Lane};
use super::rounding;
use super::Run;

/// The NaN that results have.
pub(super) const NAN32: f32 = f32::from_bits(0x7fff_ffff);
pub(super) const NAN64: f64 = f64::from_bits(0x7fff_ffff_ffff_ffff);

/// binary32 or binary64.
pub(super) trait Float: Lane + PartialOrd {
    /// With the canonical NaN for every NaN.
    fn canonical(self) -> Self;
    /// binary32 subnormals as zeros of their sign.
    fn flushed(self) -> Self;
    fn is_nan(self) -> bool;
    fn is_negative(self) -> bool;
    fn abs(self) -> Self;
    fn neg(self) -> Self;
    const NAN: Self;
    const ONE: Self;
    const ZERO: Self;
    /// Operations rounded as a mode says.
    fn add(self, b: Self, mode: u16) -> Self;
    fn mul(self, b: Self, mode: u16) -> Self;
    fn fma(self, b: Self, c: Self, mode: u16) -> Self;
    fn div(self, b: Self, mode: u16) -> Self;
    fn sqrt(self, mode: u16) -> Self;

    #[inline(always)]
    fn flushed_if(self, ftz: bool) -> Self {
        if ftz {
            self.flushed()
        } else {
            self
        }
    }

    /// A rounded result with `ftz` and `sat` applied.
    #[inline(always)]
    fn finish(self, mods: Mods) -> Self {
        let number = self.flushed_if(mods.has(&m::FTZ)).canonical();
        if mods.has(&m::SAT) {
            return number.saturated();
        }
        number
    }

    /// Clamped to [0, 1]; NaN and -0 become +0.
    #[inline(always)]
    fn saturated(self) -> Self {
        if self >= Self::ONE {
            Self::ONE
        } else if self > Self::ZERO {
            self
        } else {
            Self::ZERO
        }
    }
}

/// Zero as the exact sum of values of these signs, rounded by `mode`.
fn signed_zero(a_negative: bool, b_negative: bool, mode: u16) -> f64 {
    let negative = if a_negative == b_negative { a_negative } else { mode == round::RM };
    if negative {
        -0.0
    } else {
        0.0
    }
}

/// Rounds a value that is exact or rounded to odd.
fn narrow32(x: f64, mode: u16) -> f32 {
    f32::from_bits(rounding::narrow(x, rounding::F32, mode) as u32)
}

impl Float for f32 {
    const NAN: f32 = NAN32;
    const ONE: f32 = 1.0;
    const ZERO: f32 = 0.0;
    #[inline(always)]
    fn canonical(self) -> Self {
        // On the bits: LLVM takes all NaNs for equal, and may drop a choice between two of them.
        let bits = self.to_bits();
        f32::from_bits(if bits & 0x7fff_ffff > 0x7f80_0000 { 0x7fff_ffff } else { bits })
    }
    #[inline(always)]
    fn flushed(self) -> Self {
        let subnormal = self.to_bits() & 0x7fff_ffff < 0x0080_0000;
        f32::from_bits(if subnormal { self.to_bits() & 0x8000_0000 } else { self.to_bits() })
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        f32::is_nan(self)
    }
    #[inline(always)]
    fn is_negative(self) -> bool {
        self.is_sign_negative()
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f32::from_bits(self.to_bits() & 0x7fff_ffff)
    }
    #[inline(always)]
    fn neg(self) -> Self {
        f32::from_bits(self.to_bits() ^ 0x8000_0000)
    }
    fn add(self, b: Self, mode: u16) -> Self {
        if mode == round::RN || !(self.is_finite() && b.is_finite()) {
            return self + b;
        }
        let sum = rounding::add_odd(self.into(), b.into());
        narrow32(if sum == 0.0 { signed_zero(self.is_negative(), b.is_negative(), mode) } else { sum }, mode)
    }
    fn mul(self, b: Self, mode: u16) -> Self {
        if mode == round::RN {
            return self * b;
        }
        // Exact: twice 24 bits are less than 53, and the exponents add up to much less.
        narrow32(f64::from(self) * f64::from(b), mode)
    }
    fn fma(self, b: Self, c: Self, mode: u16) -> Self {
        if mode == round::RN || !(self.is_finite() && b.is_finite() && c.is_finite()) {
            return self.mul_add(b, c);
        }
        let product = f64::from(self) * f64::from(b);
        let sum = rounding::add_odd(product, c.into());
        narrow32(if sum == 0.0 { signed_zero(product.is_sign_negative(), c.is_negative(), mode) } else { sum }, mode)
    }
    fn div(self, b: Self, mode: u16) -> Self {
        if mode == round::RN {
            return self / b;
        }
        narrow32(rounding::div_odd(self.into(), b.into()), mode)
    }
    fn sqrt(self, mode: u16) -> Self {
        if mode == round::RN {
            return f32::sqrt(self);
        }
        narrow32(rounding::sqrt_odd(self.into()), mode)
    }
}

impl Float for f64 {
    const NAN: f64 = NAN64;
    const ONE: f64 = 1.0;
    const ZERO: f64 = 0.0;
    #[inline(always)]
    fn canonical(self) -> Self {
        let bits = self.to_bits();
        f64::from_bits(if bits << 1 > 0x7ff0 << 49 { 0x7fff_ffff_ffff_ffff } else { bits })
    }
    #[inline(always)]
    fn flushed(self) -> Self {
        self
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        f64::is_nan(self)
    }
    #[inline(always)]
    fn is_negative(self) -> bool {
        self.is_sign_negative()
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::from_bits(self.to_bits() & !(1 << 63))
    }
    #[inline(always)]
    fn neg(self) -> Self {
        f64::from_bits(self.to_bits() ^ 1 << 63)
    }
    fn add(self, b: Self, mode: u16) -> Self {
        if mode == round::RN {
            self + b
        } else {
            rounding::add(self, b, mode)
        }
    }
    fn mul(self, b: Self, mode: u16) -> Self {
        if mode == round::RN {
            self * b
        } else {
            rounding::mul(self, b, mode)
        }
    }
    fn fma(self, b: Self, c: Self, mode: u16) -> Self {
        if mode == round::RN {
            self.mul_add(b, c)
        } else {
            rounding::fma(self, b, c, mode)
        }
    }
    fn div(self, b: Self, mode: u16) -> Self {
        if mode == round::RN {
            self / b
        } else {
            rounding::div(self, b, mode)
        }
    }
    fn sqrt(self, mode: u16) -> Self {
        if mode == round::RN {
            f64::sqrt(self)
        } else {
            rounding::sqrt(self, mode)
        }
    }
}

/// The form of an operation on halves without modifiers, or the general one.
macro_rules! halves_forms {
    ($inst:ident, $t:ident; |$($x:ident),+| $body:expr) => {
        if $inst.mods.0 == 0 {
            map!($inst.d; |$($x: $t),+| -> $t { each_half!($t; |$($x),+| Half::nearest($body)) })
        } else {
            map!(slow $inst.d, mods; |$($x: $t),+| -> $t {
                let finish = finish(Mods(mods));
                each_half!($t; |$($x),+| {
                    $( let $x = $x.flushed_if(finish.ftz); )+
                    Half::result($body, finish)
                })
            })
        }
    };
}

/// The function for an operation on halves of the type `$t`.
macro_rules! select_halves {
    ($inst:ident, $t:ident) => {{
        let d = $inst.d;
        Some(match $inst.op {
            Op::Add => halves_forms!($inst, $t; |a, b| rounding::add_odd(a.wide(), b.wide())),
            Op::Sub => halves_forms!($inst, $t; |a, b| rounding::add_odd(a.wide(), -b.wide())),
            Op::Fmul => halves_forms!($inst, $t; |a, b| a.wide() * b.wide()),
            Op::Fma => halves_forms!($inst, $t; |a, b, c| rounding::add_odd(a.wide() * b.wide(), c.wide())),
            Op::Min => map!(d, mods; |a: $t, b: $t| -> $t { each_half!($t; |a, b| extreme_half(Mods(mods), a, b, false)) }),
            Op::Max => map!(d, mods; |a: $t, b: $t| -> $t { each_half!($t; |a, b| extreme_half(Mods(mods), a, b, true)) }),
            Op::Abs => map!(d, mods; |a: $t| -> $t {
                each_half!($t; |a| Half::from_bits(a.flushed_if(Mods(mods).has(&m::FTZ)).bits & 0x7fff))
            }),
            Op::Neg => map!(d, mods; |a: $t| -> $t {
                each_half!($t; |a| Half::from_bits(a.flushed_if(Mods(mods).has(&m::FTZ)).bits ^ 0x8000))
            }),
            _ => return None,
        })
    }};
}

/// The function for an operation of any float type.
pub(super) fn select(inst: &Inst) -> Option<Run> {
    match inst.ty {
        Type::F32 => select32(inst),
        Type::F64 => select64(inst),
        ty => with_halves!(ty, T => select_halves!(inst, T)),
    }
}

fn select32(inst: &Inst) -> Option<Run> {
    let d = inst.d;
    // The forms that become vector code; the others fall through.
    let mods = inst.mods.with(&m::APPROX, 0);
    let plain = mods.0 == 0;
    let ftz = mods == Mods::NONE.with(&m::FTZ, 1);
    macro_rules! forms {
        (|$($x:ident),+| $body:expr) => {
            if plain {
                return Some(map!(d; |$($x: f32),+| -> f32 { ($body).canonical() }));
            } else if ftz {
                return Some(map!(d; |$($x: f32),+| -> f32 {
                    $( let $x = $x.flushed(); )+
                    ($body).flushed().canonical()
                }));
            }
        };
    }
    match inst.op {
        Op::Add => forms!(|a, b| a + b),
        Op::Sub => forms!(|a, b| a - b),
        Op::Fmul => forms!(|a, b| a * b),
        Op::Fma => forms!(|a, b, c| a.mul_add(b, c)),
        Op::Fdiv => forms!(|a, b| a / b),
        Op::Rcp => forms!(|a| 1.0 / a),
        Op::Sqrt => forms!(|a| f32::sqrt(a)),
        _ => {}
    }
    general32(inst)
}

fn select64(inst: &Inst) -> Option<Run> {
    let d = inst.d;
    macro_rules! plain {
        (|$($x:ident),+| $body:expr) => {
            if inst.mods.0 == 0 {
                return Some(map!(d; |$($x: f64),+| -> f64 { ($body).canonical() }));
            }
        };
    }
    match inst.op {
        Op::Add => plain!(|a, b| a + b),
        Op::Sub => plain!(|a, b| a - b),
        Op::Fmul => plain!(|a, b| a * b),
        Op::Fma => plain!(|a, b, c| a.mul_add(b, c)),
        Op::Fdiv => plain!(|a, b| a / b),
        _ => {}
    }
    general64(inst)
}

/// Sources flushed and the result finished as the modifiers say.
macro_rules! rounded {
    ($d:expr, $t:ident; |$($x:ident),+; $mode:ident| $body:expr) => {
        map!(slow $d, mods; |$($x: $t),+| -> $t {
            let mods = Mods(mods);
            let $mode = mods.get(&m::ROUND);
            $( let $x = $x.flushed_if(mods.has(&m::FTZ)); )+
            Float::finish($body, mods)
        })
    };
}

/// Defines the function for an operation with any modifiers.
macro_rules! general {
    ($name:ident, $t:ident) => {
        fn $name(inst: &Inst) -> Option<Run> {
            let d = inst.d;
            Some(match inst.op {
                Op::Add => rounded!(d, $t; |a, b; mode| Float::add(a, b, mode)),
                Op::Sub => rounded!(d, $t; |a, b; mode| Float::add(a, Float::neg(b), mode)),
                Op::Fmul => rounded!(d, $t; |a, b; mode| Float::mul(a, b, mode)),
                Op::Fma => rounded!(d, $t; |a, b, c; mode| Float::fma(a, b, c, mode)),
                Op::Fdiv => rounded!(d, $t; |a, b; mode| Float::div(a, b, mode)),
                Op::Rcp => rounded!(d, $t; |a; mode| Float::div(1.0, a, mode)),
                Op::Sqrt => rounded!(d, $t; |a; mode| Float::sqrt(a, mode)),
                Op::Min => map!(d, mods; |a: $t, b: $t| -> $t { extreme(Mods(mods), a, b, false) }),
                Op::Max => map!(d, mods; |a: $t, b: $t| -> $t { extreme(Mods(mods), a, b, true) }),
                Op::Abs => map!(d, mods; |a: $t| -> $t { Float::abs(a.flushed_if(Mods(mods).has(&m::FTZ))) }),
                Op::Neg => map!(d, mods; |a: $t| -> $t { Float::neg(a.flushed_if(Mods(mods).has(&m::FTZ))) }),
                Op::Copysign => map!(d; |a: $t, b: $t| -> $t { a.copysign(b) }),
                _ => return None,
            })
        }
    };
}
general!(general32, f32);
general!(general64, f64);

/// min and max.
#[inline(always)]
pub(super) fn extreme<T: Float>(mods: Mods, a: T, b: T, larger: bool) -> T {
    let flip = mods.has(&m::XORSIGN);
    let negative = a.is_negative() != b.is_negative();
    let (a, b) = (a.flushed_if(mods.has(&m::FTZ)), b.flushed_if(mods.has(&m::FTZ)));
    let (a, b) = if flip { (a.abs(), b.abs()) } else { (a, b) };
    // -0 is below +0 though they compare equal.
    let a_below = a < b || (a == b && a.is_negative());
    let ordered = if a_below == larger { b } else { a };
    let number = if a.is_nan() {
        b
    } else if b.is_nan() {
        a
    } else {
        ordered
    };
    let nan = mods.has(&m::NAN) && (a.is_nan() || b.is_nan());
    let signed = if flip && negative { number.neg() } else { number };
    (if nan { T::NAN } else { signed }).canonical()
}

#[inline(always)]
fn finish(mods: Mods) -> Finish {
    Finish { ftz: mods.has(&m::FTZ), sat: mods.has(&m::SAT), relu: mods.has(&m::RELU) }
}

#[inline(always)]
fn extreme_half<F: Format>(mods: Mods, a: Half<F>, b: Half<F>, larger: bool) -> Half<F> {
    let ftz = mods.has(&m::FTZ);
    let (a, b) = (F::widen(a.flushed_if(ftz).bits), F::widen(b.flushed_if(ftz).bits));
    Half::nearest(extreme(mods.with(&m::FTZ, 0), a, b, larger).into())
}

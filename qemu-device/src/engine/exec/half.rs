// SPDX-License-Identifier: Apache-2.0 OR MIT
//! binary16 and bfloat16 numbers, and pairs of them.
//!
//! Arithmetic widens to binary64, in which products are exact and sums are rounded to odd (see
//! [`rounding`](super::rounding)), and narrows again; so every result is rounded once. All functions
//! here are free of branches that would keep the loop over lanes from becoming vector code.

use std::marker::PhantomData;

use super::map::Lane;

/// One of the formats.
pub(super) trait Format: Copy {
    /// Bits of the significand.
    const PRECISION: u32;
    /// Exponent of the smallest normal numbers; the largest have 1 - this.
    const E_MIN: i32;
    /// The number with these bits.
    fn widen(bits: u16) -> f32;
}

/// binary16.
#[derive(Clone, Copy)]
pub(super) struct Binary16;
/// bfloat16.
#[derive(Clone, Copy)]
pub(super) struct Bfloat16;

impl Format for Binary16 {
    const PRECISION: u32 = 11;
    const E_MIN: i32 = -14;
    #[inline(always)]
    fn widen(bits: u16) -> f32 {
        let magnitude = u32::from(bits & 0x7fff);
        // 2^112 corrects the exponent's bias, of subnormals too.
        let number = (f32::from_bits(magnitude << 13) * f32::from_bits(0x7780_0000)).to_bits();
        let special = magnitude << 13 | 0x7f80_0000;
        f32::from_bits(u32::from(bits & 0x8000) << 16 | if magnitude >= 0x7c00 { special } else { number })
    }
}

impl Format for Bfloat16 {
    const PRECISION: u32 = 8;
    const E_MIN: i32 = -126;
    #[inline(always)]
    fn widen(bits: u16) -> f32 {
        f32::from_bits(u32::from(bits) << 16)
    }
}

/// A number of a narrow format.
#[derive(Clone, Copy)]
pub(super) struct Half<F> {
    pub bits: u16,
    format: PhantomData<F>,
}

/// The NaN of both formats.
const NAN: u16 = 0x7fff;

impl<F: Format> Half<F> {
    #[inline(always)]
    pub fn from_bits(bits: u16) -> Self {
        Half { bits, format: PhantomData }
    }

    /// The same number, wider.
    #[inline(always)]
    pub fn wide(self) -> f64 {
        f64::from(F::widen(self.bits))
    }

    /// Subnormals as zeros of their sign.
    #[inline(always)]
    pub fn flushed(self) -> Self {
        let subnormal = self.bits & 0x7fff < 1 << (F::PRECISION - 1);
        Half::from_bits(if subnormal { self.bits & 0x8000 } else { self.bits })
    }

    #[inline(always)]
    pub fn flushed_if(self, ftz: bool) -> Self {
        if ftz {
            self.flushed()
        } else {
            self
        }
    }

    /// The nearest number, ties to even.
    #[inline(always)]
    pub fn nearest(x: f64) -> Self {
        let fraction = F::PRECISION - 1;
        let magnitude = x.abs();
        let bits = magnitude.to_bits();
        // Adding this makes the sum's last bit the last bit that the format keeps.
        let exponent = ((bits >> 52) as i32).clamp(F::E_MIN + 1023, 1023 + 3 - F::E_MIN);
        let anchor = f64::from_bits(((exponent + 52 - fraction as i32) as u64) << 52);
        let rounded = (magnitude + anchor) - anchor;
        let smallest = f64::from_bits(((F::E_MIN + 1023) as u64) << 52);
        let drop = 52 - fraction;
        let rebias = ((F::E_MIN + 1022) as u64) << fraction;
        let normal = (rounded.to_bits() >> drop).wrapping_sub(rebias) as u16;
        let subnormal = ((rounded + smallest).to_bits() >> drop).wrapping_sub(rebias + (1 << fraction)) as u16;
        let infinity = (((2 - 2 * F::E_MIN) + 1) as u16) << fraction;
        let largest = f64::from_bits(((2 - F::E_MIN + 1023) as u64) << 52);
        let sign = ((x.to_bits() >> 48) & 0x8000) as u16;
        let finite = if rounded < smallest { subnormal } else { normal };
        let number = sign | if rounded >= largest { infinity } else { finite };
        Half::from_bits(if x.is_nan() { NAN } else { number })
    }

    /// The number that [`Half::nearest`] gives, with the modifiers applied to it.
    #[inline(always)]
    pub fn result(x: f64, finish: Finish) -> Self {
        let number = Half::nearest(x).flushed_if(finish.ftz);
        if finish.sat {
            let wide = number.wide();
            let one = Half::<F>::nearest(1.0);
            return if wide >= 1.0 {
                one
            } else if wide > 0.0 {
                number
            } else {
                Half::from_bits(0)
            };
        }
        if finish.relu && number.wide() <= 0.0 {
            return Half::from_bits(0);
        }
        number
    }
}

/// What happens to a rounded result.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Finish {
    pub ftz: bool,
    pub sat: bool,
    pub relu: bool,
}

impl<F: Format> Lane for Half<F> {
    #[inline(always)]
    fn get(lo: u32, _: u32) -> Self {
        Half::from_bits(lo as u16)
    }
    #[inline(always)]
    fn put(self) -> (u32, u32) {
        (self.bits.into(), 0)
    }
}

/// Two numbers side by side.
#[derive(Clone, Copy)]
pub(super) struct Pair<F>(pub Half<F>, pub Half<F>);

impl<F: Format> Lane for Pair<F> {
    #[inline(always)]
    fn get(lo: u32, _: u32) -> Self {
        Pair(Half::from_bits(lo as u16), Half::from_bits((lo >> 16) as u16))
    }
    #[inline(always)]
    fn put(self) -> (u32, u32) {
        (u32::from(self.0.bits) | u32::from(self.1.bits) << 16, 0)
    }
}

/// One number or two: operations work on each by itself.
pub(super) trait Halves: Lane {
    type F: Format;
    /// The lower and the upper number; of one number, it twice.
    fn parts(self) -> [Half<Self::F>; 2];
    /// The reverse.
    fn join(parts: [Half<Self::F>; 2]) -> Self;
}

impl<F: Format> Halves for Half<F> {
    type F = F;
    #[inline(always)]
    fn parts(self) -> [Half<F>; 2] {
        [self, self]
    }
    #[inline(always)]
    fn join([low, _]: [Half<F>; 2]) -> Self {
        low
    }
}

impl<F: Format> Halves for Pair<F> {
    type F = F;
    #[inline(always)]
    fn parts(self) -> [Half<F>; 2] {
        [self.0, self.1]
    }
    #[inline(always)]
    fn join([low, high]: [Half<F>; 2]) -> Self {
        Pair(low, high)
    }
}

/// Evaluates `$body`, in which `$x` are halves, for both parts of the values `$x`. A macro because
/// a closure would not be inlined into code for a higher level of vector instructions.
macro_rules! each_half {
    ($t:ident; |$($x:ident),+| $body:expr) => {
        <$t as Halves>::join([
            { $( let $x = $x.parts()[0]; )+ $body },
            { $( let $x = $x.parts()[1]; )+ $body },
        ])
    };
}
pub(super) use each_half;

/// Evaluates `$body` with `$t` being the type of the halves type `$ty`; `None` for other types.
macro_rules! with_halves {
    ($ty:expr, $t:ident => $body:expr) => {
        match $ty {
            Type::F16 => {
                type $t = Half<Binary16>;
                $body
            }
            Type::BF16 => {
                type $t = Half<Bfloat16>;
                $body
            }
            Type::F16x2 => {
                type $t = Pair<Binary16>;
                $body
            }
            Type::BF16x2 => {
                type $t = Pair<Bfloat16>;
                $body
            }
            _ => None,
        }
    };
}
pub(super) use with_halves;

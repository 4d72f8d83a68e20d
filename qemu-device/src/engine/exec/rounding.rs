// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Floating-point results rounded once, in any direction, into any format.
//!
//! The host rounds binary32 and binary64 to nearest even; that covers almost all instructions.
//! This module is for the others: rounding towards zero, down or up, and narrow formats.
//!
//! - An *exact* value is a sign, an integer significand of up to 128 bits and an exponent. Its
//!   lowest bit may be *sticky*: it then stands for "something non-zero below here". [`pack`] rounds
//!   it into a [`Format`].
//! - *Rounding to odd*: an inexact result takes the neighbour whose last bit is one. Rounding that a
//!   second time, to at least two bits less, gives what one rounding of the exact value gives
//!   (Boldo and Melquiond, "When double rounding is odd"). So binary32 and narrower arithmetic is
//!   done in binary64, to odd, and then narrowed.

use ix_hw::isa::mods::round;

/// A binary floating-point format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    /// Bits of the significand, the hidden one included.
    pub precision: u32,
    /// Bits of the exponent.
    pub exponent: u32,
}

pub(super) const F16: Format = Format { precision: 11, exponent: 5 };
pub(super) const BF16: Format = Format { precision: 8, exponent: 8 };
pub(super) const TF32: Format = Format { precision: 11, exponent: 8 };
pub(super) const F32: Format = Format { precision: 24, exponent: 8 };
pub(super) const F64: Format = Format { precision: 53, exponent: 11 };

impl Format {
    /// Exponent of the largest numbers.
    const fn e_max(self) -> i32 {
        (1 << (self.exponent - 1)) - 1
    }
    /// Exponent of the smallest normal numbers.
    const fn e_min(self) -> i32 {
        1 - self.e_max()
    }
    /// Bits of infinity.
    pub const fn infinity(self) -> u64 {
        ((1 << self.exponent) - 1) << (self.precision - 1)
    }
    /// All bits but the sign.
    pub const fn magnitude(self) -> u64 {
        (1 << (self.precision + self.exponent - 1)) - 1
    }
    const fn sign(self, negative: bool) -> u64 {
        (negative as u64) << (self.precision + self.exponent - 1)
    }
}

/// A value without limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exact {
    pub negative: bool,
    /// Significand; of an inexact value bit 0 is set.
    pub significand: u128,
    /// Exponent of the significand's bit 0.
    pub exponent: i32,
}

/// Rounds into a format; gives its bits. A significand of which bit 0 is sticky must have at least
/// two bits more than the format's precision, or be a subnormal of it.
pub(super) fn pack(x: Exact, format: Format, mode: u16) -> u64 {
    let sign = format.sign(x.negative);
    if x.significand == 0 {
        return sign;
    }
    let top = 127 - x.significand.leading_zeros() as i32;
    // Exponent of the last bit that the format keeps.
    let last = (x.exponent + top).max(format.e_min()) - (format.precision as i32 - 1);
    let shift = last - x.exponent;
    let (mut kept, rest, half) = if shift <= 0 {
        // Few bits: top < precision, so this cannot overflow.
        (x.significand << -shift, 0, 0)
    } else if shift > 127 {
        // All of it is below half of the last bit.
        (0, 1, 2)
    } else {
        (x.significand >> shift, x.significand & ((1 << shift) - 1), 1u128 << (shift - 1))
    };
    let up = match mode {
        round::RN => rest > half || (rest == half && rest != 0 && kept & 1 != 0),
        round::RNA => rest >= half && rest != 0,
        round::RM => x.negative && rest != 0,
        round::RP => !x.negative && rest != 0,
        _ => false,
    };
    kept += u128::from(up);
    // A carry out of the significand is one into the exponent, in the sum below.
    let biased = (last + format.precision as i32 - 1 - format.e_min()) as u128;
    let bits = if kept >> (format.precision - 1) == 0 { kept } else { kept + (biased << (format.precision - 1)) };
    let infinity = u128::from(format.infinity());
    let overflow = biased > 2 * format.e_max() as u128 || bits >= infinity;
    if !overflow {
        return sign | bits as u64;
    }
    let to_infinity = match mode {
        round::RN | round::RNA => true,
        round::RM => x.negative,
        round::RP => !x.negative,
        _ => false,
    };
    sign | (format.infinity() - u64::from(!to_infinity))
}

/// A finite binary64 as an exact value.
pub(super) fn unpack(x: f64) -> Exact {
    let bits = x.to_bits();
    let biased = (bits >> 52 & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    Exact {
        negative: bits >> 63 != 0,
        significand: if biased == 0 { fraction } else { fraction | 1 << 52 }.into(),
        exponent: biased.max(1) - 1075,
    }
}

/// Bits of a finite or infinite number, or a NaN, in a format.
pub(super) fn narrow(x: f64, format: Format, mode: u16) -> u64 {
    if x.is_nan() {
        format.infinity() | (format.infinity() - 1)
    } else if x.is_infinite() {
        format.sign(x < 0.0) | format.infinity()
    } else {
        pack(unpack(x), format, mode)
    }
}

/// Shifts right; bits that fall out leave a sticky bit.
fn shift_sticky(x: u128, by: u32) -> u128 {
    if by == 0 {
        x
    } else if by > 127 {
        u128::from(x != 0)
    } else {
        (x >> by) | u128::from(x & ((1 << by) - 1) != 0)
    }
}

/// Sign of an exact sum that is zero, given the signs of the terms.
fn zero_sign(a: bool, b: bool, mode: u16) -> bool {
    if a == b {
        a
    } else {
        mode == round::RM
    }
}

/// a * b + c in binary64.
pub(super) fn fma(a: f64, b: f64, c: f64, mode: u16) -> f64 {
    if !(a.is_finite() && b.is_finite() && c.is_finite()) {
        return a.mul_add(b, c);
    }
    let (a, b, c) = (unpack(a), unpack(b), unpack(c));
    let product =
        Exact { negative: a.negative != b.negative, significand: a.significand * b.significand, exponent: a.exponent + b.exponent };
    f64::from_bits(pack(sum(product, c, mode), F64, mode))
}

/// Sum of two values of at most 106 significant bits each, exact or with a sticky bit.
fn sum(x: Exact, y: Exact, mode: u16) -> Exact {
    if x.significand == 0 || y.significand == 0 {
        if x.significand == 0 && y.significand == 0 {
            return Exact { negative: zero_sign(x.negative, y.negative, mode), ..x };
        }
        return if x.significand == 0 { y } else { x };
    }
    // The top bit of both goes to bit 125: a carry fits above, and so many zeros are below that
    // a shift by one bit, after which cancellation may go deep, loses nothing.
    let align = |v: Exact| {
        let by = v.significand.leading_zeros() - 2;
        Exact { significand: v.significand << by, exponent: v.exponent - by as i32, ..v }
    };
    let (x, y) = (align(x), align(y));
    let (big, small) = if (x.exponent, x.significand) >= (y.exponent, y.significand) { (x, y) } else { (y, x) };
    let small_significand = shift_sticky(small.significand, (big.exponent - small.exponent) as u32);
    if big.negative == small.negative {
        return Exact { significand: big.significand + small_significand, ..big };
    }
    let significand = big.significand - small_significand;
    let negative = if significand == 0 { mode == round::RM } else { big.negative };
    Exact { significand, negative, ..big }
}

/// a + b in binary64.
pub(super) fn add(a: f64, b: f64, mode: u16) -> f64 {
    if !(a.is_finite() && b.is_finite()) {
        return a + b;
    }
    f64::from_bits(pack(sum(unpack(a), unpack(b), mode), F64, mode))
}

/// a * b in binary64.
pub(super) fn mul(a: f64, b: f64, mode: u16) -> f64 {
    if !(a.is_finite() && b.is_finite()) {
        return a * b;
    }
    let (a, b) = (unpack(a), unpack(b));
    let product =
        Exact { negative: a.negative != b.negative, significand: a.significand * b.significand, exponent: a.exponent + b.exponent };
    f64::from_bits(pack(product, F64, mode))
}

/// a / b in binary64.
pub(super) fn div(a: f64, b: f64, mode: u16) -> f64 {
    if !(a.is_finite() && b.is_finite()) || a == 0.0 || b == 0.0 {
        return a / b;
    }
    let (a, b) = (unpack(a), unpack(b));
    let up = a.significand.leading_zeros();
    let (numerator, denominator) = (a.significand << up, b.significand);
    // The numerator has 128 bits, the denominator at most 53: the quotient has at least 75.
    let quotient = numerator / denominator;
    let sticky = numerator % denominator != 0;
    let exact = Exact {
        negative: a.negative != b.negative,
        significand: quotient | u128::from(sticky),
        exponent: a.exponent - up as i32 - b.exponent,
    };
    f64::from_bits(pack(exact, F64, mode))
}

/// Square root in binary64.
pub(super) fn sqrt(a: f64, mode: u16) -> f64 {
    if !a.is_finite() || a <= 0.0 {
        return a.sqrt();
    }
    let a = unpack(a);
    let mut up = a.significand.leading_zeros();
    up -= (a.exponent - up as i32) as u32 & 1;
    // The radicand has at least 127 bits: the root has 64.
    let radicand = a.significand << up;
    let root = radicand.isqrt();
    let exact =
        Exact { negative: false, significand: root << 1 | u128::from(root * root != radicand), exponent: (a.exponent - up as i32) / 2 - 1 };
    f64::from_bits(pack(exact, F64, mode))
}

/// `sum` is a rounded sum and `error` what it lacks: the sum rounded to odd.
#[inline(always)]
fn to_odd(sum: f64, error: f64) -> f64 {
    let bits = sum.to_bits();
    let away = (error.to_bits() ^ bits) >> 63 == 0;
    let fix = error != 0.0 && bits & 1 == 0 && sum.is_finite();
    let neighbour = if away { bits.wrapping_add(1) } else { bits.wrapping_sub(1) };
    f64::from_bits(if fix { neighbour } else { bits })
}

/// a + b to odd, of numbers whose sum does not overflow.
#[inline(always)]
pub(super) fn add_odd(a: f64, b: f64) -> f64 {
    // Knuth's exact error of a sum.
    let sum = a + b;
    let b_part = sum - a;
    let error = (a - (sum - b_part)) + (b - b_part);
    to_odd(sum, error)
}

/// a / b to odd, for values of binary32.
pub(super) fn div_odd(a: f64, b: f64) -> f64 {
    let quotient = a / b;
    if !quotient.is_finite() || quotient == 0.0 {
        return quotient;
    }
    // The remainder is exact: no part of it can underflow. Its sign, corrected by that of the
    // divisor, is that of the quotient's error.
    let remainder = (-quotient).mul_add(b, a);
    to_odd(quotient, if b < 0.0 { -remainder } else { remainder })
}

/// Square root to odd, for values of binary32.
pub(super) fn sqrt_odd(a: f64) -> f64 {
    let root = a.sqrt();
    if !root.is_finite() || root == 0.0 {
        return root;
    }
    to_odd(root, (-root).mul_add(root, a))
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What a result must be, as far as the PTX ISA fixes it.

use std::fmt;

use crate::number::{self, Format};
use crate::types::{Kind, Type};

/// The largest error of an approximation, as the ISA states it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// In units of the last place of the exact result.
    Ulps(f64),
    /// Relative to the exact result.
    Relative(f64),
    /// Absolute.
    Absolute(f64),
}

/// What becomes of subnormal results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flush {
    /// They stay.
    No,
    /// They become zeros of their sign.
    Yes,
    /// The ISA does not say.
    Either,
}

/// What a result must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// The ISA leaves it open.
    Any,
    /// These bits of the register.
    Bits(u64),
    /// One of several, where the ISA does not say which.
    OneOf(Vec<u64>),
    /// Any NaN of the type.
    Nan(Type),
    /// A float near a number.
    Near {
        /// Its type.
        ty: Type,
        /// The number.
        exact: f64,
        /// Largest error.
        bound: Bound,
        /// What becomes of subnormal results.
        flushed: Flush,
    },
    /// These bits, of which only those in the mask are fixed.
    Masked {
        /// The bits.
        bits: u64,
        /// Which of them count.
        mask: u64,
    },
    /// All of these.
    All(Vec<Expect>),
    /// One for each element of a packed type, the lowest first.
    Packed {
        /// Bits of an element.
        width: u32,
        /// The elements.
        parts: Vec<Expect>,
    },
}

impl Expect {
    /// Whether a register with these bits is as expected.
    pub fn accepts(&self, got: u64) -> bool {
        match self {
            Expect::Any => true,
            Expect::Bits(bits) => got == *bits,
            Expect::OneOf(list) => list.contains(&got),
            Expect::Nan(ty) => number::is_nan(*ty, got),
            Expect::Near { ty, exact, bound, flushed } => near(*ty, got, *exact, *bound, *flushed),
            Expect::Masked { bits, mask } => got & mask == bits & mask,
            Expect::All(list) => list.iter().all(|e| e.accepts(got)),
            Expect::Packed { width, parts } => {
                let mask = u64::MAX >> (64 - width);
                let used = width * parts.len() as u32;
                (used == 64 || got >> used == 0) && parts.iter().zip(0..).all(|(part, i)| part.accepts(got >> (i * width) & mask))
            }
        }
    }
}

/// Whether a float is near a number. An error of at most half the distance of the smallest floats is allowed on top,
/// because a relative error cannot be kept where floats are subnormal.
fn near(ty: Type, got: u64, exact: f64, bound: Bound, flushed: Flush) -> bool {
    if exact.is_nan() {
        return number::is_nan(ty, got);
    }
    let format = Format::of(ty);
    let value = number::to_f64(ty, got);
    if value.is_nan() || exact.is_infinite() || exact == 0.0 {
        return value.to_bits() == exact.to_bits();
    }
    if flushed == Flush::Yes && value != 0.0 && value.abs() < format.smallest_normal() {
        return false;
    }
    let ulp = format.ulp(exact);
    let error = match bound {
        Bound::Ulps(n) => n * ulp,
        Bound::Relative(r) => r * exact.abs(),
        Bound::Absolute(a) => a,
    };
    // The nearest float of the exact result is always right.
    let allowed = error.max(ulp / 2.0) + format.smallest() / 2.0;
    if flushed != Flush::No && value == 0.0 && exact.abs() < format.smallest_normal() + allowed {
        return value.is_sign_negative() == exact.is_sign_negative();
    }
    if value.is_infinite() {
        return value.signum() == exact.signum() && exact.abs() + allowed > format.largest();
    }
    if exact.abs() > format.largest() {
        // Beyond the range, what is left is the largest float, if the error permits it.
        return value.signum() == exact.signum() && exact.abs() - value.abs() <= allowed;
    }
    (value - exact).abs() <= allowed
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expect::Any => write!(f, "anything"),
            Expect::Bits(bits) => write!(f, "{bits:#x}"),
            Expect::OneOf(list) => {
                for (i, bits) in list.iter().enumerate() {
                    write!(f, "{}{bits:#x}", if i > 0 { " or " } else { "" })?;
                }
                Ok(())
            }
            Expect::Nan(ty) => write!(f, "any NaN of {ty}"),
            Expect::Near { ty, exact, bound, flushed } => {
                let flushed = match flushed {
                    Flush::No => "",
                    Flush::Yes => ", subnormals flushed",
                    Flush::Either => ", subnormals flushed or not",
                };
                write!(f, "{exact:e} in {ty} within {bound:?}{flushed}")
            }
            Expect::Masked { bits, mask } => write!(f, "{:#x} under mask {mask:#x}", bits & mask),
            Expect::All(list) => {
                for (i, part) in list.iter().enumerate() {
                    write!(f, "{}{part}", if i > 0 { " and " } else { "" })?;
                }
                Ok(())
            }
            Expect::Packed { parts, .. } => {
                write!(f, "{{")?;
                for (i, part) in parts.iter().enumerate() {
                    write!(f, "{}{part}", if i > 0 { ", " } else { "" })?;
                }
                write!(f, "}}")
            }
        }
    }
}

/// Bits of a register in hexadecimal and as the number of the type.
pub fn describe(ty: Type, bits: u64) -> String {
    let number = match ty.kind {
        Kind::Pred | Kind::Bits => bits.to_string(),
        Kind::Unsigned | Kind::Signed if ty.count == 1 => ty.number(bits).to_string(),
        _ => {
            let mask = u64::MAX >> (64 - ty.width);
            let part = |i: u32| {
                let bits = bits >> (i * ty.width) & mask;
                if ty.is_float() {
                    format!("{:?}", number::to_f64(ty.element(), bits))
                } else {
                    ty.element().number(bits).to_string()
                }
            };
            match ty.count {
                1 => part(0),
                n => format!("{{{}}}", (0..n).map(part).collect::<Vec<_>>().join(", ")),
            }
        }
    };
    format!("{bits:#x} ({number})")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn f32_near(got: f32, exact: f64, bound: Bound, flushed: Flush) -> bool {
        let ty = Type::parse("f32").expect("a type");
        Expect::Near { ty, exact, bound, flushed }.accepts(got.to_bits().into())
    }

    #[test]
    fn errors_are_measured_in_units_of_the_last_place() {
        let two_off = f32::from_bits(1f32.to_bits() + 2);
        assert!(f32_near(two_off, 1.0, Bound::Ulps(2.0), Flush::No));
        assert!(!f32_near(two_off, 1.0, Bound::Ulps(1.0), Flush::No));
        assert!(!f32_near(two_off, 1.0, Bound::Relative(1e-9), Flush::No));
    }

    #[test]
    fn edges_of_the_range_are_kept() {
        let tiny = 1e-40;
        assert!(f32_near(tiny as f32, tiny, Bound::Ulps(1.0), Flush::No));
        assert!(!f32_near(tiny as f32, tiny, Bound::Ulps(1.0), Flush::Yes));
        assert!(f32_near(0.0, tiny, Bound::Ulps(1.0), Flush::Yes));
        assert!(!f32_near(-0.0, tiny, Bound::Ulps(1.0), Flush::Yes));
        assert!(f32_near(f32::INFINITY, f64::from(f32::MAX) * 1.1, Bound::Ulps(2.0), Flush::No));
        assert!(!f32_near(f32::MAX, f64::INFINITY, Bound::Ulps(2.0), Flush::No));
        assert!(!f32_near(0.0, -0.0, Bound::Ulps(2.0), Flush::No));
        assert!(f32_near(f32::NAN, f64::NAN, Bound::Ulps(2.0), Flush::No));
    }
}

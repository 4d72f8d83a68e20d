// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The meaning of instructions that act in each lane by itself, and of those on matrices ([`matrix`]), in plain code.
//!
//! It is written for evidence, not for speed, and shares nothing with any engine: integers are
//! computed in 128 bits, IEEE arithmetic by `rustc_apfloat` (LLVM's software floats), transcendental
//! functions in binary64 by the host's library.

mod convert;
pub mod float;
mod int;
mod math;
pub mod matrix;

use ix_hw::isa::{Inst, Op, Type};

/// What a result must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expect {
    /// These 64 bits of the register.
    Bits(u64),
    /// A float of the type near a number.
    Near {
        /// Type of the result; of a packed type, that of one half.
        ty: Type,
        /// The number.
        exact: f64,
        /// Largest distance, in units of the last place of the exact result.
        ulps: f64,
        /// Or largest absolute distance, where that is more.
        absolute: f64,
        /// Whether a zero is right for numbers in or near the subnormal range.
        flushed: bool,
    },
    /// A binary64 within 2 ulp of the reciprocal root of another.
    ReciprocalRoot {
        /// Bits of the other.
        of: u64,
    },
    /// Two halves, each near a number.
    NearPair {
        /// Type of a half.
        ty: Type,
        /// Numbers of the lower and the upper half.
        exact: [f64; 2],
        /// As above.
        ulps: f64,
        /// As above.
        flushed: bool,
    },
}

/// A result and the carry or other bit of the second destination.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Result {
    /// The first destination; for a mask or scalar test, 0 or 1.
    pub value: Expect,
    /// The second.
    pub second: bool,
}

/// The result of `inst` in a lane whose sources hold these 64 bits. `None` where the instruction
/// is not one that acts in each lane by itself.
pub fn eval(inst: &Inst, src: [u64; 4]) -> Option<Result> {
    let value = |value| Some(Result { value, second: false });
    match inst.op {
        Op::Addc | Op::Subc => {
            let (bits, carry) = int::carry(inst, src);
            Some(Result { value: Expect::Bits(bits), second: carry })
        }
        Op::Cvt => value(Expect::Bits(convert::eval(inst, src))),
        Op::Setp if inst.ty.is_float() => value(Expect::Bits(float::compare(inst, src).into())),
        Op::Testp => value(Expect::Bits(float::test(inst, src[0]).into())),
        Op::Rsqrt | Op::Sin | Op::Cos | Op::Ex2 | Op::Lg2 | Op::Tanh => value(math::eval(inst, src[0])),
        Op::Fdiv | Op::Rcp | Op::Sqrt if inst.mods.has(&ix_hw::isa::mods::APPROX) => value(math::approximate(inst, src)),
        Op::Add | Op::Sub | Op::Min | Op::Max | Op::Abs | Op::Neg if inst.ty.is_float() => value(Expect::Bits(float::eval(inst, src)?)),
        Op::Fmul | Op::Fma | Op::Fdiv | Op::Copysign | Op::Rcp | Op::Sqrt => value(Expect::Bits(float::eval(inst, src)?)),
        _ => value(Expect::Bits(int::eval(inst, src)?)),
    }
}

/// The low bits of a register that a type reads.
pub(crate) fn truncate(bits: u64, ty: Type) -> u64 {
    match ty.bits() {
        0 | 64 => bits,
        n => bits & ((1 << n) - 1),
    }
}

/// A value in a register, extended by its type.
pub(crate) fn extend(bits: u64, ty: Type) -> u64 {
    let bits = truncate(bits, ty);
    if ty.is_signed() && ty.bits() < 64 && bits >> (ty.bits() - 1) & 1 != 0 {
        bits | !0 << ty.bits()
    } else {
        bits
    }
}

/// Whether a register holds what is expected.
pub fn matches(expect: Expect, got: u64) -> bool {
    match expect {
        Expect::Bits(bits) => got == bits,
        Expect::Near { ty, exact, ulps, absolute, flushed } => math::near(ty, got, exact, ulps, absolute, flushed),
        Expect::ReciprocalRoot { of } => math::is_reciprocal_root(of, got),
        Expect::NearPair { ty, exact, ulps, flushed } => {
            got >> 32 == 0
                && math::near(ty, got & 0xffff, exact[0], ulps, 0.0, flushed)
                && math::near(ty, got >> 16, exact[1], ulps, 0.0, flushed)
        }
    }
}

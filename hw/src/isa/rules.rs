// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Which modifiers have a meaning for which types. What has none is not legal.
//!
//! - `rz rm rp` round f32 and f64; halves round to nearest even only. `rna` is for conversions.
//! - `ftz` is for f32, f16 and f16x2.
//! - `sat` is for floats and, of integers, s32.
//! - `relu` is for halves, and not together with `sat`.
//! - `satfinite` is for conversions from f32 to halves and tf32, and must be there in those to 8-bit floats.
//! - `approx` excludes another rounding, and for f64 is for rcp and rsqrt.
//! - Matrices: f16 and 8-bit floats add up in f32 or f16, bf16 and tf32 in f32, integers and bits in s32, f64 in f64.
//!   `sat` is for integers, another rounding and `odd` for f64, `khalf` for all others. Their rows lie in generic or
//!   shared space.

use super::decode::Inst;
use super::mods::{self as m, atom, inputs, part, redux, round, space, Field, Mods};
use super::ops::Op;
use super::types::Type;

impl Inst {
    /// Whether the modifiers, each of which is valid by itself, fit the type and one another.
    pub fn modifiers_fit(&self) -> bool {
        let has = |field: &Field| self.mods.has(field);
        let ty = self.ty;
        let half = matches!(ty, Type::F16 | Type::BF16 | Type::F16x2 | Type::BF16x2);
        let rounding = match self.mods.get(&m::ROUND) {
            round::RN => true,
            round::RZ | round::RM | round::RP => matches!(ty, Type::F32 | Type::F64),
            _ => false,
        };
        let flush = |field| !has(field) || matches!(ty, Type::F32 | Type::F16 | Type::F16x2);
        let ftz = flush(&m::FTZ);
        let approx = |f64_too: bool| {
            !has(&m::APPROX) || (self.mods.get(&m::ROUND) == round::RN && (ty == Type::F32 || (f64_too && ty == Type::F64)))
        };
        let integer_product = || self.mods.get(&m::PART) != part::WIDE || ty.bits() < 64;
        match self.op {
            Op::Add | Op::Sub => rounding && ftz && (!has(&m::SAT) || ty.is_float() || ty == Type::S32),
            Op::Mul => integer_product(),
            Op::Mad => integer_product() && (!has(&m::ISAT) || (ty == Type::S32 && self.mods.get(&m::PART) == part::HI)),
            Op::Fmul => rounding && ftz,
            Op::Fma => rounding && ftz && (!has(&m::RELU) || (half && !has(&m::SAT))),
            Op::Fdiv | Op::Sqrt => rounding && ftz && approx(false),
            Op::Rcp => rounding && ftz && approx(true),
            Op::Rsqrt | Op::Sin | Op::Cos | Op::Ex2 | Op::Lg2 | Op::Abs | Op::Neg => ftz,
            Op::Min | Op::Max => {
                let float_only = has(&m::NAN) || has(&m::XORSIGN);
                ftz && (!float_only || ty.is_float()) && (!has(&m::XORSIGN) || ty != Type::F64)
            }
            Op::Setp => flush(&m::CMP_FTZ) && (ty.is_float() || self.mods.get(&m::CMP) <= m::cmp::GE),
            Op::Isspacep => self.mods.get(&m::SPACE) != space::GENERIC,
            Op::St => self.mods.get(&m::SPACE) != space::PARAM,
            Op::Cas => self.mods.get(&m::SPACE) != space::PARAM,
            Op::Atom | Op::Red => self.mods.get(&m::SPACE) != space::PARAM && atomic(self.mods.get(&m::ATOM), ty),
            Op::Redux => match self.mods.get(&m::REDUX) {
                redux::ADD | redux::MIN | redux::MAX => ty != Type::B32,
                _ => ty == Type::B32,
            },
            Op::Cvt => self.conversion_fits(),
            Op::Mma => rounding && self.matrix_fits(),
            Op::Ldm | Op::Stm => matches!(self.mods.get(&m::SPACE), space::GENERIC | space::SHARED),
            _ => true,
        }
    }

    fn matrix_fits(&self) -> bool {
        let has = |field: &Field| self.mods.has(field);
        let inputs = self.mods.get(&m::INPUTS);
        let ty = match inputs {
            inputs::F16 | inputs::E4M3 | inputs::E4M3_E5M2 | inputs::E5M2_E4M3 | inputs::E5M2 => {
                matches!(self.ty, Type::F16 | Type::F32)
            }
            inputs::BF16 | inputs::TF32 => self.ty == Type::F32,
            inputs::F64 => self.ty == Type::F64,
            _ => self.ty == Type::S32,
        };
        let wide = self.ty == Type::F64;
        let integers = (inputs::U8..=inputs::S4).contains(&inputs);
        ty && (!has(&m::SAT) || integers)
            && (!has(&m::COLUMNS) || wide)
            && !(has(&m::K_HALF) && wide)
            && (wide || self.mods.get(&m::ROUND) == round::RN)
    }

    fn conversion_fits(&self) -> bool {
        let Some(from) = Type::from_number(self.mods.get(&m::FROM) as u8) else { return false };
        let to = self.ty;
        let plain_float = |t| matches!(t, Type::F16 | Type::BF16 | Type::F32 | Type::F64);
        let from_f32_only = to.is_packed() || to == Type::TF32;
        let (round, relu, satfinite) = (self.mods.get(&m::ROUND), self.mods.has(&m::RELU), self.mods.has(&m::SATFINITE));
        let eight = |t| matches!(t, Type::E4M3 | Type::E5M2);
        if eight(from) || eight(to) {
            // Nothing but `relu`, and not even that where the result is no half.
            let others = self.mods.with(&m::FROM, 0).with(&m::RELU, 0);
            return if eight(to) {
                matches!(from, Type::F16 | Type::BF16 | Type::F32) && others == Mods::NONE.with(&m::SATFINITE, 1)
            } else {
                plain_float(to) && others == Mods::NONE && (!relu || to.bits() == 16)
            };
        }
        if !(from.is_int() || plain_float(from)) || (from_f32_only && from != Type::F32) {
            return false;
        }
        let integral = self.mods.has(&m::INTEGRAL);
        // Whether a value of the source may lie between values of the destination.
        let inexact = match (from, to) {
            _ if from_f32_only => true,
            _ if from.is_int() => to.is_float(),
            _ if to.is_int() => true,
            (Type::F16, Type::BF16) | (Type::BF16, Type::F16) => true,
            _ => integral || to.bits() < from.bits(),
        };
        let rounding = match round {
            round::RN => true,
            round::RNA => from.is_float() && (to.is_int() || to == Type::TF32),
            round::RZ => inexact,
            _ => inexact && to != Type::TF32,
        };
        let narrow = matches!(to, Type::F16 | Type::BF16 | Type::F16x2 | Type::BF16x2 | Type::TF32);
        rounding
            && (!integral || (from == to && plain_float(to)))
            && (!self.mods.has(&m::FTZ) || from == Type::F32 || to == Type::F32)
            && (!relu || (narrow && from.is_float() && !self.mods.has(&m::SAT)))
            && (!satfinite || (narrow && from == Type::F32 && !self.mods.has(&m::SAT)))
    }
}

fn atomic(op: u16, ty: Type) -> bool {
    let bits = matches!(ty, Type::B32 | Type::B64);
    match op {
        atom::AND | atom::OR | atom::XOR | atom::EXCH => bits,
        atom::INC | atom::DEC => ty == Type::U32,
        _ => !bits,
    }
}

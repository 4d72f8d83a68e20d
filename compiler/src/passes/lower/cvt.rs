// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Conversions between types.

use super::arith::{as_unsigned, rounding};
use super::func::{mods, Lower};
use super::packed::part_type;
use crate::error::Error;
use crate::ir::{Src, Val};
use crate::ptx::ast::Instruction;
use crate::ptx::words::{Flag, Rounding, Type as PtxType};
use ix_hw::isa::{mods, Mods, Op, Type};

type Result<T> = std::result::Result<T, Error>;

/// The type by which `cvt` knows numbers: bits count as unsigned.
fn number_type(ty: Type) -> Type {
    match ty {
        Type::B8 => Type::U8,
        Type::B16 | Type::B32 | Type::B64 => as_unsigned(ty),
        other => other,
    }
}

impl Lower<'_, '_> {
    /// `cvt`.
    pub(super) fn cvt(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let (to, from) = (self.ty(inst, 0)?, self.ty(inst, 1)?);
        let second = match (to, from, inst.operands.len()) {
            // Two numbers become the upper and the lower part.
            (PtxType::F16x2 | PtxType::Bf16x2 | PtxType::E4m3x2 | PtxType::E5m2x2, PtxType::F32, 3) => true,
            (PtxType::E4m3x2 | PtxType::E5m2x2, PtxType::F16x2 | PtxType::Bf16x2, 2) => false,
            (PtxType::F16x2 | PtxType::Bf16x2, PtxType::E4m3x2 | PtxType::E5m2x2, 2) => false,
            _ if part_type(to).is_none() && part_type(from).is_none() && inst.operands.len() == 2 => false,
            _ => return self.unsupported(format_args!("this conversion from `.{from}` to `.{to}`")),
        };
        let a = self.value(self.operand(inst, 1)?, from)?;
        if second && matches!(to, PtxType::F16x2 | PtxType::Bf16x2) {
            let b = self.value(self.operand(inst, 2)?, from)?;
            let dst = self.dst(self.operand(inst, 0)?)?;
            return self.convert(inst, dst, to, from, [a, b]);
        }
        let Some(part) = part_type(to) else {
            let dst = self.dst(self.operand(inst, 0)?)?;
            return self.convert(inst, dst, to, from, [a, Src::Imm(0)]);
        };
        let (sources, from) = match part_type(from) {
            Some(part) => (self.parts(a, part.bits()), part),
            None => ([self.value(self.operand(inst, 2)?, from)?, a], from),
        };
        let mut results = [Src::None; 2];
        for (result, source) in results.iter_mut().zip(sources) {
            let dst = self.temp();
            self.convert(inst, dst, part, from, [source, Src::Imm(0)])?;
            *result = Src::Val(dst);
        }
        let dst = self.dst(self.operand(inst, 0)?)?;
        self.join(dst, results, part.bits());
        Ok(())
    }

    /// One conversion of the hardware.
    fn convert(&mut self, inst: &Instruction<'_>, dst: Val, to: PtxType, from: PtxType, src: [Src; 2]) -> Result<()> {
        let (ty, source) = (number_type(self.hw(to)?), number_type(self.hw(from)?));
        let Some(round) = rounding(inst.rounding()) else {
            return self.unsupported("stochastic rounding");
        };
        if !Op::Cvt.desc().takes(ty) {
            return self.unsupported(format_args!("this conversion from `.{from}` to `.{to}`"));
        }
        let integral = matches!(inst.rounding(), Some(Rounding::Rni | Rounding::Rzi | Rounding::Rmi | Rounding::Rpi));
        let fields = mods(&[
            (&mods::FROM, source as u16),
            (&mods::ROUND, round),
            (&mods::SAT, u16::from(inst.has(Flag::Sat))),
            (&mods::SATFINITE, u16::from(inst.has(Flag::Satfinite))),
            (&mods::RELU, u16::from(inst.has(Flag::Relu))),
            (&mods::FTZ, u16::from(inst.has(Flag::Ftz))),
            (&mods::INTEGRAL, u16::from(integral && ty.is_float() && ty == source)),
        ]);
        self.op_to(Op::Cvt, ty, fields, dst, &src);
        Ok(())
    }

    /// `cvt.pack`: two numbers, clamped to a narrow type, side by side below the third operand.
    pub(super) fn cvt_pack(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let to = self.ty(inst, 0)?;
        let (bits, signed) = (to.bits(), to.is_signed());
        if (bits < 16) != (inst.operands.len() == 4) {
            return self.unsupported("this number of operands");
        }
        let (low, high) = if signed { (-(1i64 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) };
        let mut all = match inst.operands.get(3) {
            Some(below) => {
                let below = self.value(below, PtxType::B32)?;
                self.op(Op::Shl, Type::B32, &[below, Src::Imm(i64::from(bits) * 2)])
            }
            None => Src::Imm(0),
        };
        for (operand, shift) in [(1, bits), (2, 0)] {
            let number = self.value(self.operand(inst, operand)?, PtxType::S32)?;
            let number = self.op(Op::Max, Type::S32, &[number, Src::Imm(low)]);
            let number = self.op(Op::Min, Type::S32, &[number, Src::Imm(high)]);
            let field = self.op(Op::And, Type::B32, &[number, Src::Imm((1 << bits) - 1)]);
            let field = self.op(Op::Shl, Type::B32, &[field, Src::Imm(shift.into())]);
            all = self.op(Op::Or, Type::B32, &[all, field]);
        }
        let dst = self.dst(self.operand(inst, 0)?)?;
        self.op_to(Op::Mov, Type::B32, Mods::NONE, dst, &[all]);
        Ok(())
    }
}

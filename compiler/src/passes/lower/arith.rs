// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Arithmetic, logic, shifts, comparison and selection.

use super::func::{mods, Lower};
use crate::error::Error;
use crate::ir::{Inst, Src, Val};
use crate::ptx::ast::Instruction;
use crate::ptx::opcode::Opcode;
use crate::ptx::words::{BoolOp, Cmp, Flag, Half, Rounding, TestpOp, Type as PtxType};
use ix_hw::isa::{mods, Mods, Op, Type};

type Result<T> = std::result::Result<T, Error>;

/// Rounding of arithmetic; `None` is not to be had.
pub(super) fn rounding(rounding: Option<Rounding>) -> Option<u16> {
    Some(match rounding {
        None | Some(Rounding::Rn | Rounding::Rni) => mods::round::RN,
        Some(Rounding::Rz | Rounding::Rzi) => mods::round::RZ,
        Some(Rounding::Rm | Rounding::Rmi) => mods::round::RM,
        Some(Rounding::Rp | Rounding::Rpi) => mods::round::RP,
        Some(Rounding::Rna) => mods::round::RNA,
        Some(Rounding::Rs) => return None,
    })
}

fn unsigned(ty: Type) -> Type {
    match ty {
        Type::S16 | Type::B16 => Type::U16,
        Type::S32 | Type::B32 => Type::U32,
        Type::S64 | Type::B64 => Type::U64,
        other => other,
    }
}

impl<'a> Lower<'a, '_> {
    /// Lowers the instruction if it is one of this file's.
    pub(super) fn lower_arith(&mut self, inst: &'a Instruction<'a>) -> Result<bool> {
        use Opcode::*;
        match inst.op {
            Add | Sub if inst.has(Flag::Cc) => self.carrying(inst, false, true)?,
            Addc | Subc => self.carrying(inst, true, inst.has(Flag::Cc))?,
            Add | Sub | Mul | Mad | Fma | Mul24 | Mad24 | Madc => self.sums(inst)?,
            Div | Rem | Min | Max | Abs | Neg | Sad | Copysign | Dp4a | Dp2a => self.numbers(inst)?,
            Rcp | Sqrt | Rsqrt | Sin | Cos | Lg2 | Ex2 | Tanh => self.functions(inst)?,
            And | Or | Xor | Not | Cnot | Shl | Shr => self.logic(inst)?,
            Setp | Set | Selp | Slct | Testp => self.comparison(inst)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The sources from operand `first` on, as values of the type.
    fn sources(&mut self, inst: &Instruction<'_>, first: usize, ty: PtxType) -> Result<Vec<Src>> {
        inst.operands[first.min(inst.operands.len())..].iter().map(|o| self.value(o, ty)).collect()
    }

    /// `dst = op src` for the usual shape: a destination, then sources of the instruction's type.
    pub(super) fn plain(&mut self, inst: &Instruction<'_>, op: Op, ty: Type, fields: Mods) -> Result<()> {
        let ptx = self.ty(inst, 0)?;
        let src = self.sources(inst, 1, ptx)?;
        if src.len() > 4 || src.len() != op.desc().src.iter().filter(|k| k.exists()).count() {
            return self.unsupported("this number of operands");
        }
        let dst = self.dst(self.operand(inst, 0)?)?;
        if !op.desc().takes(ty) {
            return self.unsupported(format_args!("`{}` of type `.{ptx}`", inst.op));
        }
        self.op_to(op, ty, fields, dst, &src);
        Ok(())
    }

    /// Rounding, `.ftz`, `.sat` where the operation has them.
    pub(super) fn float_mods(&self, inst: &Instruction<'_>, op: Op) -> Result<Mods> {
        let desc = op.desc();
        let mut mods = Mods::NONE;
        let Some(round) = rounding(inst.rounding()) else {
            return self.unsupported("stochastic rounding");
        };
        let flags = [
            (Flag::Ftz, mods::FTZ),
            (Flag::Sat, mods::SAT),
            (Flag::Relu, mods::RELU),
            (Flag::Nan, mods::NAN),
            (Flag::Xorsign, mods::XORSIGN),
        ];
        if desc.mods.contains(&mods::ROUND) {
            mods = mods.with(&mods::ROUND, round);
        }
        for (flag, field) in flags {
            if !inst.has(flag) {
                continue;
            }
            if !desc.mods.contains(&field) {
                return self.unsupported(format_args!("`.{flag}` here"));
            }
            mods = mods.with(&field, 1);
        }
        Ok(mods)
    }

    fn sums(&mut self, inst: &Instruction<'_>) -> Result<()> {
        if self.packed_arithmetic(inst)? {
            return Ok(());
        }
        let ptx = self.ty(inst, 0)?;
        let ty = self.hw(ptx)?;
        if ty.is_float() {
            let op = match inst.op {
                Opcode::Add => Op::Add,
                Opcode::Sub => Op::Sub,
                Opcode::Mul => Op::Fmul,
                _ => Op::Fma,
            };
            let fields = self.float_mods(inst, op)?;
            if let Some(narrow) = inst.type_at(1) {
                return self.mixed_precision(inst, op, fields, narrow);
            }
            return self.plain(inst, op, ty, fields);
        }
        let sat = inst.has(Flag::Sat);
        if matches!(inst.op, Opcode::Add | Opcode::Sub) {
            let op = if inst.op == Opcode::Add { Op::Add } else { Op::Sub };
            return self.plain(inst, op, ty, mods(&[(&mods::SAT, u16::from(sat))]));
        }
        if matches!(inst.op, Opcode::Mul24 | Opcode::Mad24) {
            return self.mul24(inst, ptx, ty);
        }
        let part = match inst.half() {
            Some(Half::Hi) => mods::part::HI,
            Some(Half::Wide) => mods::part::WIDE,
            _ => mods::part::LO,
        };
        if part == mods::part::WIDE && ty.bits() > 32 {
            return self.unsupported("a product of 128 bits");
        }
        let fields = mods(&[(&mods::PART, part)]);
        if inst.op == Opcode::Mul {
            return self.plain(inst, Op::Mul, ty, fields);
        }
        let carries = inst.op == Opcode::Madc || inst.has(Flag::Cc);
        let wide = if part == mods::part::WIDE { wider(ptx) } else { ptx };
        let a = self.value(self.operand(inst, 1)?, ptx)?;
        let b = self.value(self.operand(inst, 2)?, ptx)?;
        let c = self.value(self.operand(inst, 3)?, wide)?;
        let dst = self.dst(self.operand(inst, 0)?)?;
        if carries {
            let product = self.op_mods(Op::Mul, ty, fields, &[a, b]);
            let ty = unsigned(self.hw(wide)?);
            return self.add_with_carry(Op::Addc, ty, dst, product, c, inst.op == Opcode::Madc, inst.has(Flag::Cc));
        }
        if sat {
            let fields = fields.with(&mods::ISAT, 1);
            self.op_to(Op::Mad, ty, fields, dst, &[a, b, c]);
        } else {
            self.op_to(Op::Mad, ty, fields, dst, &[a, b, c]);
        }
        Ok(())
    }

    /// f32 arithmetic of which all operands but the last are of a narrower type.
    fn mixed_precision(&mut self, inst: &Instruction<'_>, op: Op, fields: Mods, narrow: PtxType) -> Result<()> {
        let from = self.hw(narrow)?;
        let last = inst.operands.len() - 1;
        let mut src = vec![];
        for operand in &inst.operands[1..last] {
            let value = self.value(operand, narrow)?;
            src.push(self.op_mods(Op::Cvt, Type::F32, mods(&[(&mods::FROM, from as u16)]), &[value, Src::Imm(0)]));
        }
        src.push(self.value(self.operand(inst, last)?, PtxType::F32)?);
        let dst = self.dst(self.operand(inst, 0)?)?;
        self.op_to(op, Type::F32, fields, dst, &src);
        Ok(())
    }

    /// Products of the low 24 bits.
    fn mul24(&mut self, inst: &Instruction<'_>, ptx: PtxType, ty: Type) -> Result<()> {
        let mut factor = [Src::None; 2];
        for (i, f) in factor.iter_mut().enumerate() {
            let a = self.value(self.operand(inst, i + 1)?, ptx)?;
            let up = self.op(Op::Shl, Type::B32, &[a, Src::Imm(8)]);
            *f = self.op(Op::Shr, ty, &[up, Src::Imm(8)]);
        }
        let wide = self.op_mods(Op::Mul, ty, mods(&[(&mods::PART, mods::part::WIDE)]), &factor);
        let amount = if inst.half() == Some(Half::Hi) { 16 } else { 0 };
        let product = self.op(Op::Shr, Type::U64, &[wide, Src::Imm(amount)]);
        let dst = self.dst(self.operand(inst, 0)?)?;
        if inst.op == Opcode::Mul24 {
            self.op_to(Op::Mov, Type::B32, Mods::NONE, dst, &[product]);
        } else {
            let c = self.value(self.operand(inst, 3)?, ptx)?;
            self.op_to(Op::Add, ty, mods(&[(&mods::SAT, u16::from(inst.has(Flag::Sat)))]), dst, &[product, c]);
        }
        Ok(())
    }

    fn carrying(&mut self, inst: &Instruction<'_>, carry_in: bool, carry_out: bool) -> Result<()> {
        let ptx = self.ty(inst, 0)?;
        let ty = unsigned(self.hw(ptx)?);
        let a = self.value(self.operand(inst, 1)?, ptx)?;
        let b = self.value(self.operand(inst, 2)?, ptx)?;
        let dst = self.dst(self.operand(inst, 0)?)?;
        let op = if matches!(inst.op, Opcode::Add | Opcode::Addc) { Op::Addc } else { Op::Subc };
        self.add_with_carry(op, ty, dst, a, b, carry_in, carry_out)
    }

    #[allow(clippy::too_many_arguments)] // The parts of one instruction.
    fn add_with_carry(&mut self, op: Op, ty: Type, dst: Val, a: Src, b: Src, carry_in: bool, carry_out: bool) -> Result<()> {
        if !op.desc().takes(ty) {
            return self.unsupported(format_args!("carry in type `.{}`", ty.name()));
        }
        let carry = if carry_in { Src::Val(self.carry()) } else { Src::Imm(0) };
        let mut sum = Inst::with(op, ty, dst, &[a, b, carry]);
        if carry_out {
            sum.dst2 = Some(self.carry());
        }
        self.emit(sum);
        Ok(())
    }

    fn numbers(&mut self, inst: &Instruction<'_>) -> Result<()> {
        if self.packed_arithmetic(inst)? {
            return Ok(());
        }
        let ptx = self.ty(inst, 0)?;
        let ty = self.hw(ptx)?;
        let float = ty.is_float();
        let op = match inst.op {
            Opcode::Div if float => {
                let approximate = inst.has(Flag::Approx) || inst.has(Flag::Full);
                let fields = self.float_mods(inst, Op::Fdiv)?.with(&mods::APPROX, u16::from(approximate));
                return self.plain(inst, Op::Fdiv, ty, fields);
            }
            Opcode::Div => Op::Div,
            Opcode::Rem => Op::Rem,
            Opcode::Min => Op::Min,
            Opcode::Max => Op::Max,
            Opcode::Abs => Op::Abs,
            Opcode::Neg => Op::Neg,
            Opcode::Sad => Op::Sad,
            Opcode::Copysign => {
                // PTX has the sign in the first operand, the hardware in the second one.
                let src = self.sources(inst, 1, ptx)?;
                let dst = self.dst(self.operand(inst, 0)?)?;
                if src.len() != 2 {
                    return self.unsupported("this number of operands");
                }
                self.op_to(Op::Copysign, ty, Mods::NONE, dst, &[src[1], src[0]]);
                return Ok(());
            }
            _ => {
                let second = self.ty(inst, 1)?;
                let op = if inst.op == Opcode::Dp4a { Op::Dp4a } else { Op::Dp2a };
                let mut fields = mods(&[(&mods::B_SIGN, u16::from(second.is_signed()))]);
                if op == Op::Dp2a {
                    fields = fields.with(&mods::HALF, u16::from(inst.half() == Some(Half::Hi)));
                }
                // The sum is signed as soon as one factor is; the 32 bits are the same.
                return self.plain(inst, op, ty, fields);
            }
        };
        if matches!(inst.op, Opcode::Min | Opcode::Max) && float {
            return self.extreme(inst, op, ty);
        }
        if inst.has(Flag::Relu) && !float {
            let src = self.sources(inst, 1, ptx)?;
            let dst = self.dst(self.operand(inst, 0)?)?;
            if src.len() != 2 || !op.desc().takes(ty) {
                return self.unsupported("this form");
            }
            let t = self.op(op, ty, &src);
            self.op_to(Op::Max, ty, Mods::NONE, dst, &[t, Src::Imm(0)]);
            return Ok(());
        }
        let fields = self.float_mods(inst, op)?;
        self.plain(inst, op, ty, fields)
    }

    /// `min` and `max` of floats, of two or three operands. `.xorsign.abs` is one thing, for two operands; `.abs` alone
    /// is for three.
    fn extreme(&mut self, inst: &Instruction<'_>, op: Op, ty: Type) -> Result<()> {
        let fields = self.float_mods(inst, op)?;
        let mut src = self.sources(inst, 1, self.ty(inst, 0)?)?;
        let (abs, xorsign) = (inst.has(Flag::Abs), inst.has(Flag::Xorsign));
        if (xorsign && src.len() != 2) || (abs != xorsign && src.len() == 2) {
            return self.unsupported("`.abs` or `.xorsign` without the other");
        }
        let dst = self.dst(self.operand(inst, 0)?)?;
        if src.len() == 3 {
            if abs {
                src = src.iter().map(|s| self.op(Op::Abs, ty, &[*s])).collect();
            }
            let first = self.op_mods(op, ty, fields, &src[..2]);
            src = vec![first, src[2]];
        }
        self.op_to(op, ty, fields, dst, &src);
        Ok(())
    }

    fn functions(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let ty = self.hw(self.ty(inst, 0)?)?;
        let op = match inst.op {
            Opcode::Rcp => Op::Rcp,
            Opcode::Sqrt => Op::Sqrt,
            Opcode::Rsqrt => Op::Rsqrt,
            Opcode::Sin => Op::Sin,
            Opcode::Cos => Op::Cos,
            Opcode::Lg2 => Op::Lg2,
            Opcode::Ex2 => Op::Ex2,
            _ => Op::Tanh,
        };
        let mut fields = Mods::NONE;
        if op.desc().mods.contains(&mods::APPROX) {
            fields = fields.with(&mods::APPROX, u16::from(inst.has(Flag::Approx)));
        }
        if inst.has(Flag::Ftz) {
            match ty {
                Type::F32 | Type::F16 | Type::F16x2 if op.desc().mods.contains(&mods::FTZ) => fields = fields.with(&mods::FTZ, 1),
                Type::BF16 | Type::BF16x2 if op == Op::Ex2 => return self.exponential_of_halves(inst, ty),
                Type::F64 => return self.flushed_reciprocal(inst, op, fields),
                _ => return self.unsupported("`.ftz` here"),
            }
        }
        if let Some(round) = inst.rounding() {
            match rounding(Some(round)) {
                Some(r) if op.desc().mods.contains(&mods::ROUND) => fields = fields.with(&mods::ROUND, r),
                _ => return self.unsupported(format_args!("rounding `.{round}` here")),
            }
        }
        self.plain(inst, op, ty, fields)
    }

    /// `ex2.approx.ftz` of bf16: in f32, whose subnormals are at the same exponents.
    fn exponential_of_halves(&mut self, inst: &Instruction<'_>, ty: Type) -> Result<()> {
        let a = self.value(self.operand(inst, 1)?, self.ty(inst, 0)?)?;
        let dst = self.dst(self.operand(inst, 0)?)?;
        let ex2 = mods(&[(&mods::APPROX, 1), (&mods::FTZ, 1)]);
        let part = |this: &mut Self, wide: Src| this.op_mods(Op::Ex2, Type::F32, ex2, &[wide]);
        // The upper half of an f32 is a bf16.
        let low = self.op(Op::Shl, Type::B32, &[a, Src::Imm(16)]);
        let low = part(self, low);
        let narrow = mods(&[(&mods::FROM, Type::F32 as u16)]);
        if ty == Type::BF16 {
            self.op_to(Op::Cvt, ty, narrow, dst, &[low, Src::Imm(0)]);
            return Ok(());
        }
        let high = self.op(Op::And, Type::B32, &[a, Src::Imm(0xffff_0000)]);
        let high = part(self, high);
        self.op_to(Op::Cvt, ty, narrow, dst, &[high, low]);
        Ok(())
    }

    /// `rcp` and `rsqrt.approx.ftz.f64`: subnormal operands and results are zeros, and so are the result's lower 32 bits.
    fn flushed_reciprocal(&mut self, inst: &Instruction<'_>, op: Op, fields: Mods) -> Result<()> {
        let a = self.value(self.operand(inst, 1)?, PtxType::F64)?;
        let dst = self.dst(self.operand(inst, 0)?)?;
        let flush = |this: &mut Self, dst: Val, x: Src| {
            let tiny = this.pred_op(Op::Testp, Type::F64, mods(&[(&mods::TEST, mods::test::SUBNORMAL)]), &[x]);
            let zero = this.op(Op::And, Type::B64, &[x, Src::Imm(i64::MIN)]);
            this.op_to(Op::Sel, Type::B64, Mods::NONE, dst, &[zero, x, tiny]);
        };
        let flushed = self.temp();
        flush(self, flushed, a);
        let result = self.op_mods(op, Type::F64, fields, &[Src::Val(flushed)]);
        let whole = self.temp();
        flush(self, whole, result);
        self.op_to(Op::And, Type::B64, Mods::NONE, dst, &[Src::Val(whole), Src::Imm(-1 << 32)]);
        Ok(())
    }

    fn logic(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let ptx = self.ty(inst, 0)?;
        let op = match inst.op {
            Opcode::And => Op::And,
            Opcode::Or => Op::Or,
            Opcode::Xor => Op::Xor,
            Opcode::Not => Op::Not,
            Opcode::Cnot => Op::Cnot,
            Opcode::Shl => Op::Shl,
            _ => Op::Shr,
        };
        if ptx == PtxType::Pred {
            let mut src = vec![];
            for operand in inst.operands.iter().skip(1) {
                src.push(self.pred(operand)?);
            }
            let dst = self.dst_pred(self.operand(inst, 0)?)?;
            if !matches!(op, Op::And | Op::Or | Op::Xor | Op::Not) {
                return self.unsupported("this operation on predicates");
            }
            self.op_to(op, Type::B32, Mods::NONE, dst, &src);
            return Ok(());
        }
        let ty = self.hw(ptx)?;
        if matches!(op, Op::Shl | Op::Shr) {
            let a = self.value(self.operand(inst, 1)?, ptx)?;
            let amount = self.value(self.operand(inst, 2)?, PtxType::U32)?;
            let dst = self.dst(self.operand(inst, 0)?)?;
            self.op_to(op, ty, Mods::NONE, dst, &[a, amount]);
            return Ok(());
        }
        self.plain(inst, op, ty, Mods::NONE)
    }

    fn comparison(&mut self, inst: &Instruction<'_>) -> Result<()> {
        match inst.op {
            Opcode::Selp => {
                let ptx = self.ty(inst, 0)?;
                let a = self.value(self.operand(inst, 1)?, ptx)?;
                let b = self.value(self.operand(inst, 2)?, ptx)?;
                let cond = self.pred(self.operand(inst, 3)?)?;
                let dst = self.dst(self.operand(inst, 0)?)?;
                self.op_to(Op::Sel, super::bits_type(ptx.bits()), Mods::NONE, dst, &[a, b, cond]);
            }
            Opcode::Slct => {
                let (ptx, by) = (self.ty(inst, 0)?, self.ty(inst, 1)?);
                let a = self.value(self.operand(inst, 1)?, ptx)?;
                let b = self.value(self.operand(inst, 2)?, ptx)?;
                let c = self.value(self.operand(inst, 3)?, by)?;
                let by = self.hw(by)?;
                let mut fields = mods(&[(&mods::CMP, mods::cmp::GE)]);
                if inst.has(Flag::Ftz) {
                    fields = fields.with(&mods::CMP_FTZ, 1);
                }
                let cond = self.pred_op(Op::Setp, by, fields, &[c, Src::Imm(0)]);
                let dst = self.dst(self.operand(inst, 0)?)?;
                self.op_to(Op::Sel, super::bits_type(ptx.bits()), Mods::NONE, dst, &[a, b, cond]);
            }
            Opcode::Testp => {
                let test = match inst.testp_op() {
                    Some(TestpOp::Infinite) => mods::test::INFINITE,
                    Some(TestpOp::Number) => mods::test::NUMBER,
                    Some(TestpOp::Notanumber) => mods::test::NOT_A_NUMBER,
                    Some(TestpOp::Normal) => mods::test::NORMAL,
                    Some(TestpOp::Subnormal) => mods::test::SUBNORMAL,
                    _ => mods::test::FINITE,
                };
                let ptx = self.ty(inst, 0)?;
                let ty = self.hw(ptx)?;
                let a = self.value(self.operand(inst, 1)?, ptx)?;
                let dst = self.dst_pred(self.operand(inst, 0)?)?;
                self.op_to(Op::Testp, ty, mods(&[(&mods::TEST, test)]), dst, &[a]);
            }
            Opcode::Setp => {
                let ptx = self.ty(inst, 0)?;
                let (first, second) = self.dst_pair(self.operand(inst, 0)?, true)?;
                // Of packed halves the second result is that of the upper one, else the inverse.
                let (result, inverse) = match super::packed::part_type(ptx) {
                    Some(part) => {
                        let [low, high] = self.compare_parts(inst, ptx, part)?;
                        (low, Some(high))
                    }
                    None => (self.compare(inst, ptx)?, None),
                };
                let combine = match inst.operands.get(3) {
                    Some(c) => Some((self.pred(c)?, self.bool_op(inst)?)),
                    None => None,
                };
                // Both results are computed before either register is written: it may be the third operand.
                let inverse = second.map(|_| inverse.unwrap_or_else(|| self.pred_op(Op::Not, Type::B32, Mods::NONE, &[result])));
                let mut results = vec![(first, result)];
                results.extend(second.zip(inverse));
                let combined: Vec<_> = results
                    .into_iter()
                    .map(|(dst, r)| match combine {
                        Some((c, op)) => (dst, self.pred_op(op, Type::B32, Mods::NONE, &[r, c])),
                        None => (dst, r),
                    })
                    .collect();
                for (dst, r) in combined {
                    self.copy(dst, r);
                }
            }
            _ => {
                let (result, ptx) = (self.ty(inst, 0)?, self.ty(inst, 1)?);
                let part = super::packed::part_type(ptx);
                let mut tests = match part {
                    Some(part) => self.compare_parts(inst, ptx, part)?,
                    None => [self.compare(inst, ptx)?; 2],
                };
                if let Some(c) = inst.operands.get(3) {
                    let c = self.pred(c)?;
                    let op = self.bool_op(inst)?;
                    tests = tests.map(|test| self.pred_op(op, Type::B32, Mods::NONE, &[test, c]));
                }
                if part.is_some() {
                    return self.set_parts(inst, result, tests);
                }
                let ty = self.hw(result)?;
                let one = match ty {
                    Type::F32 => 0x3f80_0000,
                    Type::F16 => 0x3c00,
                    Type::BF16 => 0x3f80,
                    Type::S16 | Type::S32 => -1,
                    Type::U16 => 0xffff,
                    Type::U32 => 0xffff_ffff,
                    _ => return self.unsupported(format_args!("`set` to type `.{result}`")),
                };
                let dst = self.dst(self.operand(inst, 0)?)?;
                let bits = super::bits_type(ty.bits());
                self.op_to(Op::Sel, bits, Mods::NONE, dst, &[Src::Imm(one), Src::Imm(0), tests[0]]);
            }
        }
        Ok(())
    }

    pub(super) fn bool_op(&self, inst: &Instruction<'_>) -> Result<Op> {
        match inst.bool_op() {
            Some(BoolOp::And) => Ok(Op::And),
            Some(BoolOp::Or) => Ok(Op::Or),
            Some(BoolOp::Xor) => Ok(Op::Xor),
            _ => self.unsupported("this combination of predicates"),
        }
    }

    /// The comparison of operands 1 and 2.
    fn compare(&mut self, inst: &Instruction<'_>, ptx: PtxType) -> Result<Src> {
        let a = self.value(self.operand(inst, 1)?, ptx)?;
        let b = self.value(self.operand(inst, 2)?, ptx)?;
        self.compare_values(inst, ptx, a, b)
    }

    /// The instruction's comparison of two values.
    pub(super) fn compare_values(&mut self, inst: &Instruction<'_>, ptx: PtxType, a: Src, b: Src) -> Result<Src> {
        use mods::cmp;
        let mut ty = self.hw(ptx)?;
        let float = ty.is_float();
        let code = match inst.cmp() {
            None | Some(Cmp::Eq) => cmp::EQ,
            // For floats, `.ne` is false for NaN in both languages.
            Some(Cmp::Ne) => cmp::NE,
            Some(Cmp::Lt | Cmp::Lo) => cmp::LT,
            Some(Cmp::Le | Cmp::Ls) => cmp::LE,
            Some(Cmp::Gt | Cmp::Hi) => cmp::GT,
            Some(Cmp::Ge | Cmp::Hs) => cmp::GE,
            Some(Cmp::Equ) => cmp::EQU,
            Some(Cmp::Neu) => cmp::NEU,
            Some(Cmp::Ltu) => cmp::LTU,
            Some(Cmp::Leu) => cmp::LEU,
            Some(Cmp::Gtu) => cmp::GTU,
            Some(Cmp::Geu) => cmp::GEU,
            Some(Cmp::Num) => cmp::NUM,
            Some(Cmp::Nan) => cmp::NAN,
        };
        let by_name = matches!(inst.cmp(), Some(Cmp::Lo | Cmp::Ls | Cmp::Hi | Cmp::Hs));
        let ordered = !matches!(code, cmp::EQ | cmp::NE);
        if ty.is_int() && (by_name || (ordered && !ty.is_signed())) {
            ty = unsigned(ty);
        }
        if !Op::Setp.desc().takes(ty) || (!float && code > cmp::GE) {
            return self.unsupported(format_args!("this comparison of type `.{ptx}`"));
        }
        let mut fields = mods(&[(&mods::CMP, code)]);
        if inst.has(Flag::Ftz) {
            fields = fields.with(&mods::CMP_FTZ, 1);
        }
        Ok(self.pred_op(Op::Setp, ty, fields, &[a, b]))
    }
}

/// The type of twice the width.
fn wider(ty: PtxType) -> PtxType {
    match ty {
        PtxType::U16 => PtxType::U32,
        PtxType::S16 => PtxType::S32,
        PtxType::U32 => PtxType::U64,
        _ => PtxType::S64,
    }
}

/// The unsigned type of the same width, for what takes no untyped operands.
pub(super) fn as_unsigned(ty: Type) -> Type {
    unsigned(ty)
}

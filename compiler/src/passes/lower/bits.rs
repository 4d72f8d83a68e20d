// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bits: funnel shifts, any logic function, counting, fields, masks, permutations.

use super::func::{mods, Lower};
use crate::error::Error;
use crate::ir::Src;
use crate::ptx::ast::{Instruction, Operand};
use crate::ptx::opcode::Opcode;
use crate::ptx::words::{ClampMode, Flag, PrmtMode, ShfDirection, Type as PtxType};
use ix_hw::isa::{mods, Mods, Op, Type};

type Result<T> = std::result::Result<T, Error>;

impl<'a> Lower<'a, '_> {
    /// Lowers the instruction if it is one of this file's.
    pub(super) fn lower_bits(&mut self, inst: &'a Instruction<'a>) -> Result<bool> {
        use Opcode::*;
        let (op, fields) = match inst.op {
            Shf => {
                let right = inst.shf_direction() == Some(ShfDirection::Right);
                let wrap = inst.clamp_mode() == Some(ClampMode::Wrap);
                (Op::Shf, mods(&[(&mods::DIRECTION, u16::from(right)), (&mods::WRAP, u16::from(wrap))]))
            }
            Popc => (Op::Popc, Mods::NONE),
            Clz => (Op::Clz, Mods::NONE),
            Brev => (Op::Brev, Mods::NONE),
            Bfind => (Op::Bfind, mods(&[(&mods::SHIFTAMT, u16::from(inst.has(Flag::Shiftamt)))])),
            Bfe => (Op::Bfe, Mods::NONE),
            Bfi => (Op::Bfi, Mods::NONE),
            Prmt => {
                let mode = match inst.prmt_mode() {
                    None => mods::prmt::INDEX,
                    Some(PrmtMode::F4e) => mods::prmt::F4E,
                    Some(PrmtMode::B4e) => mods::prmt::B4E,
                    Some(PrmtMode::Rc8) => mods::prmt::RC8,
                    Some(PrmtMode::Ecl) => mods::prmt::ECL,
                    Some(PrmtMode::Ecr) => mods::prmt::ECR,
                    Some(PrmtMode::Rc16) => mods::prmt::RC16,
                };
                (Op::Prmt, mods(&[(&mods::PRMT, mode)]))
            }
            Lop3 => return self.lop3(inst).map(|()| true),
            Szext => return self.szext(inst).map(|()| true),
            Bmsk => return self.bmsk(inst).map(|()| true),
            Fns => return self.fns(inst).map(|()| true),
            _ => return Ok(false),
        };
        let ty = self.hw(self.ty(inst, 0)?)?;
        self.plain(inst, op, ty, fields)?;
        Ok(true)
    }

    fn lop3(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let Operand::Imm(lut) = self.operand(inst, 4)? else {
            return self.unsupported("a truth table that is not a number");
        };
        let fields = mods(&[(&mods::LUT, lut.bits(PtxType::B32) as u16 & 0xff)]);
        let mut src = [Src::None; 3];
        for (i, s) in src.iter_mut().enumerate() {
            *s = self.value(self.operand(inst, i + 1)?, PtxType::B32)?;
        }
        let Some(other) = inst.operands.get(5) else {
            let dst = self.dst(self.operand(inst, 0)?)?;
            self.op_to(Op::Lop3, Type::B32, fields, dst, &src);
            return Ok(());
        };
        // The second result says whether the first one is not zero, combined with the last operand.
        let other = self.pred(other)?;
        let combine = self.bool_op(inst)?;
        let (dst, truth) = self.dst_pair(self.operand(inst, 0)?, false)?;
        let bits = self.op_mods(Op::Lop3, Type::B32, fields, &src);
        if let Some(truth) = truth {
            let any = self.pred_op(Op::Setp, Type::B32, mods(&[(&mods::CMP, mods::cmp::NE)]), &[bits, Src::Imm(0)]);
            self.op_to(combine, Type::B32, Mods::NONE, truth, &[any, other]);
        }
        self.copy(dst, bits);
        Ok(())
    }

    /// Extends the low `b` bits of `a`.
    fn szext(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let ptx = self.ty(inst, 0)?;
        let a = self.value(self.operand(inst, 1)?, ptx)?;
        let b = self.value(self.operand(inst, 2)?, PtxType::U32)?;
        let length = self.amount(inst, b)?;
        let ty = self.hw(ptx)?;
        let dst = self.dst(self.operand(inst, 0)?)?;
        self.op_to(Op::Bfe, ty, Mods::NONE, dst, &[a, Src::Imm(0), length]);
        Ok(())
    }

    /// An amount modulo 32, or at most 32.
    fn amount(&mut self, inst: &Instruction<'_>, amount: Src) -> Result<Src> {
        match inst.clamp_mode() {
            Some(ClampMode::Clamp) => Ok(self.op(Op::Min, Type::U32, &[amount, Src::Imm(32)])),
            Some(ClampMode::Wrap) => Ok(self.op(Op::And, Type::B32, &[amount, Src::Imm(31)])),
            _ => self.unsupported("this mode"),
        }
    }

    /// `b` one bits from bit `a` on.
    fn bmsk(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let a = self.value(self.operand(inst, 1)?, PtxType::U32)?;
        let b = self.value(self.operand(inst, 2)?, PtxType::U32)?;
        let (position, length) = (self.amount(inst, a)?, self.amount(inst, b)?);
        let dst = self.dst(self.operand(inst, 0)?)?;
        let from = self.op(Op::Shl, Type::B32, &[Src::Imm(0xffff_ffff), position]);
        let behind = self.op(Op::Shl, Type::B32, &[from, length]);
        self.op_to(Op::Andn, Type::B32, Mods::NONE, dst, &[from, behind]);
        Ok(())
    }

    /// Finds the n-th set bit: upwards from the base for n > 0, downwards for n < 0, the base itself for n = 0.
    fn fns(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let source = |this: &mut Self, n| this.value(this.operand(inst, n)?, PtxType::B32);
        let (mask, base, n) = (source(self, 1)?, source(self, 2)?, source(self, 3)?);
        let down = self.pred_op(Op::Setp, Type::S32, mods(&[(&mods::CMP, mods::cmp::LT)]), &[n, Src::Imm(0)]);
        let here = self.pred_op(Op::Setp, Type::S32, mods(&[(&mods::CMP, mods::cmp::EQ)]), &[n, Src::Imm(0)]);
        // Downwards is upwards with the bits in reverse order.
        let reversed = self.op(Op::Brev, Type::B32, &[mask]);
        let mirrored = self.op(Op::Sub, Type::U32, &[Src::Imm(31), base]);
        let word = self.op(Op::Sel, Type::B32, &[reversed, mask, down]);
        let first = self.op(Op::Sel, Type::B32, &[mirrored, base, down]);
        // A base outside of the word, a large number to the shift, leaves no bits.
        let from = self.op(Op::Shl, Type::B32, &[Src::Imm(0xffff_ffff), first]);
        let single = self.op(Op::Shl, Type::B32, &[Src::Imm(1), first]);
        let candidates = self.op(Op::Sel, Type::B32, &[single, from, here]);
        let word = self.op(Op::And, Type::B32, &[word, candidates]);
        let count = self.op(Op::Abs, Type::S32, &[n]);
        let count = self.op(Op::Max, Type::U32, &[count, Src::Imm(1)]);
        let all = self.op(Op::Popc, Type::B32, &[word]);
        let found = self.pred_op(Op::Setp, Type::U32, mods(&[(&mods::CMP, mods::cmp::GE)]), &[all, count]);
        // Halves of the word that is left: the bit is in the upper one if the lower one has too few.
        let (mut word, mut left, mut at) = (word, count, Src::Imm(0));
        for half in [16, 8, 4, 2, 1] {
            let low = self.op(Op::And, Type::B32, &[word, Src::Imm((1 << half) - 1)]);
            let in_low = self.op(Op::Popc, Type::B32, &[low]);
            let above = self.pred_op(Op::Setp, Type::U32, mods(&[(&mods::CMP, mods::cmp::GT)]), &[left, in_low]);
            let rest = self.op(Op::Sub, Type::U32, &[left, in_low]);
            let upper = self.op(Op::Shr, Type::U32, &[word, Src::Imm(half)]);
            let beyond = self.op(Op::Add, Type::U32, &[at, Src::Imm(half)]);
            left = self.op(Op::Sel, Type::B32, &[rest, left, above]);
            word = self.op(Op::Sel, Type::B32, &[upper, word, above]);
            at = self.op(Op::Sel, Type::B32, &[beyond, at, above]);
        }
        let back = self.op(Op::Sub, Type::U32, &[Src::Imm(31), at]);
        let position = self.op(Op::Sel, Type::B32, &[back, at, down]);
        let dst = self.dst(self.operand(inst, 0)?)?;
        self.op_to(Op::Sel, Type::B32, Mods::NONE, dst, &[position, Src::Imm(0xffff_ffff), found]);
        Ok(())
    }
}

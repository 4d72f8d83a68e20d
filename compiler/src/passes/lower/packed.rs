// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Packed values: operations on each of the *parts*, the halves of a register of which the low one comes first.
//!
//! The hardware has packed halves (f16x2, bf16x2) for arithmetic; what it has not is done part by part.

use super::func::{mods, Lower};
use crate::error::Error;
use crate::ir::{Src, Val};
use crate::ptx::ast::Instruction;
use crate::ptx::opcode::Opcode;
use crate::ptx::words::{Flag, Type as PtxType};
use ix_hw::isa::{mods, Mods, Op, Type};

type Result<T> = std::result::Result<T, Error>;

/// The type of the two parts of a packed type.
pub(super) fn part_type(ty: PtxType) -> Option<PtxType> {
    Some(match ty {
        PtxType::F32x2 => PtxType::F32,
        PtxType::U16x2 => PtxType::U16,
        PtxType::S16x2 => PtxType::S16,
        PtxType::F16x2 => PtxType::F16,
        PtxType::Bf16x2 => PtxType::Bf16,
        PtxType::E4m3x2 => PtxType::E4m3,
        PtxType::E5m2x2 => PtxType::E5m2,
        _ => return None,
    })
}

impl Lower<'_, '_> {
    /// The low and the high part of a value, each in the low bits of a register; above them may be anything.
    pub(super) fn parts(&mut self, value: Src, part_bits: u32) -> [Src; 2] {
        let ty = if part_bits == 32 { Type::U64 } else { Type::U32 };
        [value, self.op(Op::Shr, ty, &[value, Src::Imm(part_bits.into())])]
    }

    /// `dst` = the parts side by side, whatever is above them.
    pub(super) fn join(&mut self, dst: Val, [low, high]: [Src; 2], part_bits: u32) {
        match part_bits {
            8 => self.op_to(Op::Prmt, Type::B32, Mods::NONE, dst, &[low, high, Src::Imm(0x1140)]),
            16 => self.op_to(Op::Prmt, Type::B32, Mods::NONE, dst, &[low, high, Src::Imm(0x5410)]),
            _ => self.op_to(Op::Pack, Type::B64, Mods::NONE, dst, &[low, high]),
        }
    }

    /// Arithmetic on packed values that the hardware does not have: `f` computes one part.
    fn each_part(&mut self, inst: &Instruction<'_>, f: impl Fn(&mut Self, &[Src]) -> Src) -> Result<()> {
        let ptx = self.ty(inst, 0)?;
        let bits = ptx.bits() / 2;
        let mut parts = [vec![], vec![]];
        for operand in inst.operands.iter().skip(1) {
            let value = self.value(operand, ptx)?;
            let [low, high] = self.parts(value, bits);
            parts[0].push(low);
            parts[1].push(high);
        }
        let dst = self.dst(self.operand(inst, 0)?)?;
        let results = parts.map(|sources| f(self, &sources));
        self.join(dst, results, bits);
        Ok(())
    }

    /// Lowers arithmetic of packed types that the hardware does not have; whether it was that.
    pub(super) fn packed_arithmetic(&mut self, inst: &Instruction<'_>) -> Result<bool> {
        let ptx = self.ty(inst, 0)?;
        let part = match ptx {
            PtxType::F32x2 => Type::F32,
            PtxType::U16x2 => Type::U16,
            PtxType::S16x2 => Type::S16,
            _ => return Ok(false),
        };
        let op = match inst.op {
            Opcode::Add => Op::Add,
            Opcode::Sub => Op::Sub,
            Opcode::Mul if part == Type::F32 => Op::Fmul,
            Opcode::Fma => Op::Fma,
            Opcode::Min if part != Type::F32 => Op::Min,
            Opcode::Max if part != Type::F32 => Op::Max,
            _ => return self.unsupported(format_args!("`{}` of type `.{ptx}`", inst.op)),
        };
        if part == Type::F32 {
            let fields = self.float_mods(inst, op)?;
            self.each_part(inst, |this, src| this.op_mods(op, part, fields, src))?;
            return Ok(true);
        }
        if inst.has(Flag::Relu) && ptx != PtxType::S16x2 || inst.has(Flag::Sat) || inst.has(Flag::Cc) {
            return self.unsupported(format_args!("a modifier of `{}` of type `.{ptx}`", inst.op));
        }
        let relu = inst.has(Flag::Relu);
        self.each_part(inst, |this, src| {
            let result = this.op(op, part, src);
            if relu {
                this.op(Op::Max, part, &[result, Src::Imm(0)])
            } else {
                result
            }
        })?;
        Ok(true)
    }

    /// The comparisons of the parts of operands 1 and 2 of a packed type, in `setp` and `set`.
    pub(super) fn compare_parts(&mut self, inst: &Instruction<'_>, ptx: PtxType, part: PtxType) -> Result<[Src; 2]> {
        let mut values = [[Src::None; 2]; 2];
        for (i, value) in values.iter_mut().enumerate() {
            let whole = self.value(self.operand(inst, i + 1)?, ptx)?;
            *value = self.parts(whole, part.bits());
        }
        let [a, b] = values;
        let low = self.compare_values(inst, part, a[0], b[0])?;
        let high = self.compare_values(inst, part, a[1], b[1])?;
        Ok([low, high])
    }

    /// `set` of packed halves: each half 1.0 or 0, or all its bits.
    pub(super) fn set_parts(&mut self, inst: &Instruction<'_>, result: PtxType, tests: [Src; 2]) -> Result<()> {
        let one = match result {
            PtxType::F16x2 => 0x3c00,
            PtxType::Bf16x2 => 0x3f80,
            PtxType::U32 | PtxType::S32 => 0xffff,
            _ => return self.unsupported(format_args!("`set` to type `.{result}`")),
        };
        let halves = tests.map(|test| self.op_mods(Op::Sel, Type::B32, Mods::NONE, &[Src::Imm(one), Src::Imm(0), test]));
        let dst = self.dst(self.operand(inst, 0)?)?;
        self.join(dst, halves, 16);
        Ok(())
    }

    /// `redux` of f32: integers in the order of the floats, which are their bits, of negative ones all but the sign
    /// inverted. A NaN is made the last choice, or with `.NaN` the first one.
    pub(super) fn redux_float(&mut self, inst: &Instruction<'_>, larger: bool) -> Result<()> {
        let a = self.value(self.operand(inst, 1)?, PtxType::F32)?;
        let members = self.value(self.operand(inst, 2)?, PtxType::B32)?;
        let a = if inst.has(Flag::Abs) { self.op(Op::Abs, Type::F32, &[a]) } else { a };
        let is_nan = |this: &mut Self, x| this.pred_op(Op::Testp, Type::F32, mods(&[(&mods::TEST, mods::test::NOT_A_NUMBER)]), &[x]);
        let ordered = |this: &mut Self, x| {
            let sign = this.op(Op::Shr, Type::S32, &[x, Src::Imm(31)]);
            let flip = this.op(Op::And, Type::B32, &[sign, Src::Imm(0x7fff_ffff)]);
            this.op(Op::Xor, Type::B32, &[x, flip])
        };
        let nan = is_nan(self, a);
        let number = ordered(self, a);
        let extreme = Src::Imm(if larger == inst.has(Flag::Nan) { 0x7fff_ffff } else { 0x8000_0000 });
        let key = self.op(Op::Sel, Type::B32, &[extreme, number, nan]);
        let code = if larger { mods::redux::MAX } else { mods::redux::MIN };
        let found = self.op_mods(Op::Redux, Type::S32, mods(&[(&mods::REDUX, code)]), &[key, members]);
        let float = ordered(self, found);
        // Both stand-ins become NaNs; the one with the sign loses it.
        let nan = is_nan(self, float);
        let dst = self.dst(self.operand(inst, 0)?)?;
        self.op_to(Op::Sel, Type::B32, Mods::NONE, dst, &[Src::Imm(0x7fff_ffff), float, nan]);
        Ok(())
    }
}

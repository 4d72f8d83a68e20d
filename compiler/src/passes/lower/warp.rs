// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Barriers, and exchange between the lanes of a warp.

use super::func::{mods, Lower};
use crate::error::Error;
use crate::ir::{Inst, Src};
use crate::ptx::ast::{Instruction, Operand};
use crate::ptx::opcode::Opcode;
use crate::ptx::words::{AtomicOp, BoolOp, Flag, ShflMode, Type as PtxType, VoteMode};
use ix_hw::isa::{mods, Mods, Op, Type};

type Result<T> = std::result::Result<T, Error>;

impl<'a> Lower<'a, '_> {
    /// Lowers the instruction if it is one of this file's.
    pub(super) fn lower_warp(&mut self, inst: &'a Instruction<'a>) -> Result<bool> {
        use Opcode::*;
        match inst.op {
            BarSync | BarrierSync => self.barrier(inst, Op::Bar)?,
            BarArrive | BarrierArrive => self.barrier(inst, Op::BarArrive)?,
            BarRed | BarrierRed => self.reducing_barrier(inst)?,
            // Active lanes are in step at all times.
            BarWarpSync => self.bare(Op::Fence, mods(&[(&mods::ORDER, mods::order::ACQ_REL), (&mods::SCOPE, mods::scope::CTA)])),
            Vote => self.vote(inst)?,
            Match => self.match_lanes(inst)?,
            Activemask => {
                let dst = self.dst(self.operand(inst, 0)?)?;
                self.op_to(Op::Mov, Type::B32, Mods::NONE, dst, &[Src::Exec]);
            }
            Redux => self.redux(inst)?,
            Shfl => self.shuffle(inst)?,
            Trap => self.bare(Op::Trap, Mods::NONE),
            Brkpt => self.bare(Op::Brkpt, Mods::NONE),
            Nanosleep => {
                let time = self.value(self.operand(inst, 0)?, PtxType::U32)?;
                let mut sleep = Inst::new(Op::Nanosleep, Type::None);
                sleep.src[0] = time;
                self.emit(sleep);
            }
            Pmevent | PmeventMask => {}
            // No grid begins before those that it depends on have ended.
            Griddepcontrol => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn barrier(&mut self, inst: &Instruction<'_>, op: Op) -> Result<()> {
        let id = self.value(self.operand(inst, 0)?, PtxType::U32)?;
        let threads = match inst.operands.get(1) {
            Some(threads) => self.value(threads, PtxType::U32)?,
            None => Src::Imm(0),
        };
        let mut bar = Inst::new(op, Type::None);
        bar.src = [id, threads, Src::None, Src::None];
        self.emit(bar);
        Ok(())
    }

    fn reducing_barrier(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let n = inst.operands.len();
        let id = self.value(self.operand(inst, 1)?, PtxType::U32)?;
        let threads = if n > 3 { self.value(self.operand(inst, 2)?, PtxType::U32)? } else { Src::Imm(0) };
        let pred = self.pred(self.operand(inst, n - 1)?)?;
        let code = match inst.bool_op() {
            Some(BoolOp::And) => mods::bar_op::AND,
            Some(BoolOp::Or) => mods::bar_op::OR,
            Some(BoolOp::Popc) => mods::bar_op::POPC,
            _ => return self.unsupported("this reduction"),
        };
        let result = self.op_mods(Op::BarRed, Type::B32, mods(&[(&mods::BAR_OP, code)]), &[id, threads, pred]);
        if inst.ty() == Some(PtxType::Pred) {
            let dst = self.dst_pred(self.operand(inst, 0)?)?;
            self.op_to(Op::Setp, Type::B32, mods(&[(&mods::CMP, mods::cmp::NE)]), dst, &[result, Src::Imm(0)]);
        } else {
            let dst = self.dst(self.operand(inst, 0)?)?;
            self.copy(dst, result);
        }
        Ok(())
    }

    /// The lanes that take part: the last operand of `.sync` forms, else all.
    fn members(&mut self, inst: &Instruction<'_>, at: usize) -> Result<Src> {
        match inst.operands.get(at).filter(|_| inst.has(Flag::Sync)) {
            Some(operand) => self.value(operand, PtxType::B32),
            None => Ok(Src::Imm(0xffff_ffff)),
        }
    }

    fn vote(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let pred = self.pred(self.operand(inst, 1)?)?;
        let members = self.members(inst, 2)?;
        let code = match inst.vote_mode() {
            Some(VoteMode::All) => mods::vote::ALL,
            Some(VoteMode::Any) => mods::vote::ANY,
            Some(VoteMode::Uni) => mods::vote::UNI,
            _ => mods::vote::BALLOT,
        };
        let fields = mods(&[(&mods::VOTE, code)]);
        if code == mods::vote::BALLOT {
            let dst = self.dst(self.operand(inst, 0)?)?;
            self.op_to(Op::Vote, Type::B32, fields, dst, &[pred, members]);
        } else {
            let dst = self.dst_pred(self.operand(inst, 0)?)?;
            self.op_to(Op::Vote, Type::B32, fields, dst, &[pred, members]);
        }
        Ok(())
    }

    fn match_lanes(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let ptx = self.ty(inst, 0)?;
        let a = self.value(self.operand(inst, 1)?, ptx)?;
        let members = self.members(inst, 2)?;
        let all = inst.vote_mode() == Some(VoteMode::All);
        let (dst, agree) = self.dst_pair(self.operand(inst, 0)?, false)?;
        let ty = super::bits_type(ptx.bits());
        let mut found = Inst::with(Op::Match, ty, dst, &[a, members]);
        found.mods = mods(&[(&mods::MATCH, u16::from(all))]);
        found.dst2 = agree;
        self.emit(found);
        Ok(())
    }

    fn redux(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let ptx = self.ty(inst, 0)?;
        let ty = self.hw(ptx)?;
        match (ptx, inst.atomic_op()) {
            (PtxType::F32, Some(AtomicOp::Min)) => return self.redux_float(inst, false),
            (PtxType::F32, Some(AtomicOp::Max)) => return self.redux_float(inst, true),
            _ if inst.has(Flag::Abs) || inst.has(Flag::Nan) => return self.unsupported("a modifier of floats here"),
            _ => {}
        }
        let (code, ty) = match inst.atomic_op() {
            Some(AtomicOp::Add) => (mods::redux::ADD, ty),
            Some(AtomicOp::Min) => (mods::redux::MIN, ty),
            Some(AtomicOp::Max) => (mods::redux::MAX, ty),
            Some(AtomicOp::And) => (mods::redux::AND, Type::B32),
            Some(AtomicOp::Or) => (mods::redux::OR, Type::B32),
            Some(AtomicOp::Xor) => (mods::redux::XOR, Type::B32),
            _ => return self.unsupported("this reduction"),
        };
        if !Op::Redux.desc().takes(ty) {
            return self.unsupported(format_args!("`redux` of type `.{ptx}`"));
        }
        let a = self.value(self.operand(inst, 1)?, ptx)?;
        let members = self.members(inst, 2)?;
        let dst = self.dst(self.operand(inst, 0)?)?;
        self.op_to(Op::Redux, ty, mods(&[(&mods::REDUX, code)]), dst, &[a, members]);
        Ok(())
    }

    fn shuffle(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let mode = match inst.shfl_mode() {
            Some(ShflMode::Up) => mods::shfl::UP,
            Some(ShflMode::Down) => mods::shfl::DOWN,
            Some(ShflMode::Bfly) => mods::shfl::BFLY,
            _ => mods::shfl::IDX,
        };
        let mut src = [Src::None; 4];
        for (i, s) in src.iter_mut().take(3).enumerate() {
            *s = self.value(self.operand(inst, i + 1)?, PtxType::B32)?;
        }
        src[3] = self.members(inst, 4)?;
        let operand: &Operand = self.operand(inst, 0)?;
        let (dst, in_range) = self.dst_pair(operand, false)?;
        let mut shfl = Inst::with(Op::Shfl, Type::B32, dst, &src);
        shfl.mods = mods(&[(&mods::SHFL, mode)]);
        shfl.dst2 = in_range;
        self.emit(shfl);
        Ok(())
    }
}

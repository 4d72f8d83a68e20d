// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Moves, conversions between address spaces, special registers.

use super::func::{mods, Lower, Place};
use super::{bits_type, is_shared};
use crate::error::Error;
use crate::ir::{Inst, Src, Val};
use crate::ptx::ast::{Instruction, Operand, Symbol};
use crate::ptx::opcode::Opcode;
use crate::ptx::special::{Special, SpecialReg};
use crate::ptx::words::{Component, Flag, Space, Type as PtxType};
use ix_hw::isa::{mods, Mods, Op, Sreg, Type};
use ix_hw::mmu;

type Result<T> = std::result::Result<T, Error>;

impl<'a> Lower<'a, '_> {
    /// Lowers the instruction if it is one of this file's.
    pub(super) fn lower_convert(&mut self, inst: &'a Instruction<'a>) -> Result<bool> {
        match inst.op {
            Opcode::Mov => self.mov(inst)?,
            Opcode::Cvt => self.cvt(inst)?,
            Opcode::CvtPack => self.cvt_pack(inst)?,
            Opcode::Cvta => self.cvta(inst)?,
            Opcode::Isspacep => self.isspacep(inst)?,
            // A cluster has one block.
            Opcode::Mapa => {
                let address = self.value(self.operand(inst, 1)?, PtxType::U64)?;
                let dst = self.dst(self.operand(inst, 0)?)?;
                self.copy(dst, address);
            }
            Opcode::Getctarank => {
                let dst = self.dst(self.operand(inst, 0)?)?;
                self.copy(dst, Src::Imm(0));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn mov(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let ptx = self.ty(inst, 0)?;
        let (to, from) = (self.operand(inst, 0)?, self.operand(inst, 1)?);
        if ptx == PtxType::Pred {
            let src = self.pred(from)?;
            let dst = self.dst_pred(to)?;
            self.copy(dst, src);
            return Ok(());
        }
        if ptx == PtxType::B128 {
            return self.mov_b128(inst);
        }
        let (targets, sources) = (self.elements(to)?, self.elements(from)?);
        if targets.len() == sources.len() {
            // `mov.v2` moves element by element; a plain move is the same with one.
            let mut values = vec![];
            for source in &sources {
                values.push(self.value(source, ptx)?);
            }
            for (target, value) in targets.iter().zip(values) {
                let dst = self.dst(target)?;
                self.copy(dst, value);
            }
            return Ok(());
        }
        if targets.len() == 1 {
            let value = self.pack(&sources, ptx)?;
            let dst = self.dst(&targets[0])?;
            self.op_to(Op::Mov, Type::B64, Mods::NONE, dst, &[value]);
            return Ok(());
        }
        if sources.len() != 1 {
            return self.unsupported("`mov` between vectors of different lengths");
        }
        let value = self.value(&sources[0], ptx)?;
        self.unpack(&targets, value, ptx)
    }

    /// Writes the parts of a value, lowest first, to the targets.
    fn unpack(&mut self, targets: &[Operand], value: Src, ptx: PtxType) -> Result<()> {
        let part = ptx.bits() / targets.len().max(1) as u32;
        let mut values = vec![];
        for i in 0..targets.len() as u32 {
            let shifted = match i {
                0 => value,
                _ => {
                    let ty = if ptx.bits() == 64 { Type::U64 } else { Type::U32 };
                    self.op(Op::Shr, ty, &[value, Src::Imm(i64::from(i * part))])
                }
            };
            values.push(self.op(Op::Mov, bits_type(part), &[shifted]));
        }
        for (target, value) in targets.iter().zip(values) {
            let dst = self.dst(target)?;
            self.op_to(Op::Mov, Type::B64, Mods::NONE, dst, &[value]);
        }
        Ok(())
    }

    /// 128 bits are two values.
    fn mov_b128(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let halves = |operand: &Operand, this: &mut Self| -> Result<Option<[Val; 2]>> {
            match operand {
                Operand::Reg(reg) if this.function().reg(*reg).ty == PtxType::B128 => this.halves(*reg).map(Some),
                _ => Ok(None),
            }
        };
        let (to, from) = (self.operand(inst, 0)?, self.operand(inst, 1)?);
        let values = match halves(from, self)? {
            Some(values) => values.map(Src::Val),
            None => {
                let elements = self.elements(from)?;
                if !matches!(elements.len(), 2 | 4) {
                    return self.unsupported("this operand of `mov.b128`");
                }
                let (low, high) = elements.split_at(elements.len() / 2);
                [self.pack(low, PtxType::B64)?, self.pack(high, PtxType::B64)?]
            }
        };
        if let Some(targets) = halves(to, self)? {
            // Both are read before any is written.
            let values = values.map(|value| self.op(Op::Mov, Type::B64, &[value]));
            for (target, value) in targets.into_iter().zip(values) {
                self.copy(target, value);
            }
            return Ok(());
        }
        let targets = self.elements(to)?;
        if !matches!(targets.len(), 2 | 4) {
            return self.unsupported("this operand of `mov.b128`");
        }
        let (low, high) = targets.split_at(targets.len() / 2);
        self.unpack(low, values[0], PtxType::B64)?;
        self.unpack(high, values[1], PtxType::B64)
    }

    /// The elements, lowest first, as one value of the type.
    fn pack(&mut self, elements: &[Operand], ptx: PtxType) -> Result<Src> {
        let part = ptx.bits() / elements.len().max(1) as u32;
        let element_type = match part {
            8 => PtxType::B8,
            16 => PtxType::B16,
            32 => PtxType::B32,
            64 => PtxType::B64,
            _ => return self.unsupported("a vector of this length here"),
        };
        let mut values = vec![];
        for e in elements {
            values.push(self.value(e, element_type)?);
        }
        if let (16, [low, high]) = (part, &values[..]) {
            return Ok(self.op(Op::Prmt, Type::B32, &[*low, *high, Src::Imm(0x5410)]));
        }
        if let (32, [low, high]) = (part, &values[..]) {
            return Ok(self.op(Op::Pack, Type::B64, &[*low, *high]));
        }
        let ty = if ptx.bits() == 64 { Type::B64 } else { Type::B32 };
        let mut all = Src::Imm(0);
        for (i, value) in values.into_iter().enumerate() {
            let mut piece = self.op(Op::Mov, bits_type(part), &[value]);
            if i > 0 {
                piece = self.op(Op::Shl, ty, &[piece, Src::Imm(i64::from(i as u32 * part))]);
                piece = self.op(Op::Or, ty, &[all, piece]);
            }
            all = piece;
        }
        Ok(all)
    }

    fn cvta(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let ptx = self.ty(inst, 0)?;
        let operand = self.operand(inst, 1)?;
        let dst = self.dst(self.operand(inst, 0)?)?;
        let to = inst.has(Flag::To);
        let base = match inst.space() {
            Some(Space::Global | Space::Const) | None => 0,
            Some(space) if is_shared(space) => mmu::SHARED_BASE as i64,
            Some(Space::Local) => mmu::LOCAL_BASE as i64,
            Some(Space::Param | Space::ParamEntry | Space::ParamFunc) => return self.cvta_param(inst, dst),
            Some(space) => return self.unsupported(format_args!("`cvta` of `.{space}`")),
        };
        let a = self.value(operand, ptx)?;
        if base == 0 {
            self.op_to(Op::Mov, Type::B64, Mods::NONE, dst, &[a]);
        } else {
            let op = if to { Op::Sub } else { Op::Add };
            self.op_to(op, Type::U64, Mods::NONE, dst, &[a, Src::Imm(base)]);
        }
        Ok(())
    }

    /// The parameter block lies in global memory; parameters of functions lie in local memory.
    fn cvta_param(&mut self, inst: &Instruction<'_>, dst: Val) -> Result<()> {
        let operand = self.operand(inst, 1)?;
        let a = self.value(operand, PtxType::U64)?;
        let local = match operand {
            Operand::Symbol(Symbol::Var(var), _) => matches!(self.place(*var)?, Place::Local(_)),
            _ => self.in_callee(),
        };
        let base = if local { Src::Imm(mmu::LOCAL_BASE as i64) } else { self.sreg(Sreg::Param, Type::B64) };
        let op = if inst.has(Flag::To) { Op::Sub } else { Op::Add };
        self.op_to(op, Type::U64, Mods::NONE, dst, &[a, base]);
        Ok(())
    }

    fn isspacep(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let space = match inst.space() {
            Some(Space::Global | Space::Const) => mods::space::GLOBAL,
            Some(space) if is_shared(space) => mods::space::SHARED,
            Some(Space::Local) => mods::space::LOCAL,
            Some(Space::Param | Space::ParamEntry) => mods::space::PARAM,
            _ => return self.unsupported("`isspacep` for this space"),
        };
        let a = self.value(self.operand(inst, 1)?, PtxType::U64)?;
        let dst = self.dst_pred(self.operand(inst, 0)?)?;
        self.op_to(Op::Isspacep, Type::B64, mods(&[(&mods::SPACE, space)]), dst, &[a]);
        Ok(())
    }

    /// The value of a special register of the hardware.
    pub(super) fn sreg(&mut self, sreg: Sreg, ty: Type) -> Src {
        self.op_mods(Op::Rdsr, ty, mods(&[(&mods::SREG, sreg as u16)]), &[])
    }

    /// The value of a special register.
    pub(super) fn special(&mut self, special: Special) -> Result<Src> {
        use SpecialReg::*;
        let axis = match special.component {
            Some(Component::X) | None => 0,
            Some(Component::Y) => 1,
            Some(Component::Z) => 2,
            Some(Component::W) => {
                return Ok(Src::Imm(i64::from(matches!(special.reg, Ntid | Nctaid | Nclusterid | ClusterNctaid))));
            }
        };
        let axes = |xyz: [Sreg; 3]| xyz[axis];
        let b32 = match special.reg {
            Tid => axes([Sreg::TidX, Sreg::TidY, Sreg::TidZ]),
            Ntid => axes([Sreg::NtidX, Sreg::NtidY, Sreg::NtidZ]),
            // A cluster has one block.
            Ctaid | Clusterid => axes([Sreg::CtaidX, Sreg::CtaidY, Sreg::CtaidZ]),
            Nctaid | Nclusterid => axes([Sreg::NctaidX, Sreg::NctaidY, Sreg::NctaidZ]),
            Laneid => Sreg::LaneId,
            Warpid => Sreg::WarpId,
            Nwarpid => Sreg::NwarpId,
            Smid => Sreg::SmId,
            Nsmid => Sreg::NsmId,
            LanemaskEq => Sreg::LanemaskEq,
            LanemaskLe => Sreg::LanemaskLe,
            LanemaskLt => Sreg::LanemaskLt,
            LanemaskGe => Sreg::LanemaskGe,
            LanemaskGt => Sreg::LanemaskGt,
            Clock => Sreg::Clock,
            GlobaltimerLo => Sreg::GlobalTimer,
            DynamicSmemSize => Sreg::DynamicSmemSize,
            TotalSmemSize | AggrSmemSize => Sreg::TotalSmemSize,
            Gridid => return Ok(self.sreg(Sreg::GridId, Type::B64)),
            Clock64 => return Ok(self.sreg(Sreg::Clock, Type::B64)),
            Globaltimer => return Ok(self.sreg(Sreg::GlobalTimer, Type::B64)),
            ClockHi | GlobaltimerHi => {
                let sreg = if special.reg == ClockHi { Sreg::Clock } else { Sreg::GlobalTimer };
                let all = self.sreg(sreg, Type::B64);
                return Ok(self.op(Op::Shr, Type::U64, &[all, Src::Imm(32)]));
            }
            ClusterCtaid | ClusterCtarank | IsExplicitCluster => return Ok(Src::Imm(0)),
            ClusterNctaid | ClusterNctarank => return Ok(Src::Imm(1)),
            // No shared memory is reserved, and no graph is known to a kernel.
            ReservedSmemOffsetBegin | ReservedSmemOffsetEnd | ReservedSmemOffsetCap | CurrentGraphExec => return Ok(Src::Imm(0)),
            // There are no user-defined environment registers and no counters.
            Envreg | Pm | Pm0_64 | Pm1_64 | Pm2_64 | Pm3_64 | Pm4_64 | Pm5_64 | Pm6_64 | Pm7_64 => return Ok(Src::Imm(0)),
        };
        Ok(self.sreg(b32, Type::B32))
    }

    /// A 32-bit fence-like instruction without operands.
    pub(super) fn bare(&mut self, op: Op, fields: Mods) {
        let mut inst = Inst::new(op, Type::None);
        inst.mods = fields;
        self.emit(inst);
    }
}

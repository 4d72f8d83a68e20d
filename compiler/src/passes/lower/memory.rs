// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Loads, stores, atomics and fences.

use super::func::{mods, Lower, Place};
use super::{bits_type, is_shared};
use crate::error::{Error, ErrorKind};
use crate::ir::{Inst, Src, Val};
use crate::ptx::ast::{Address, AddressBase, Instruction, Modifier, Operand, Symbol};
use crate::ptx::opcode::Opcode;
use crate::ptx::words::{AtomicOp, CacheHint, Flag, Level, Scope, Semantics, Space, Type as PtxType};
use ix_hw::isa::{mods, Mods, Op, Type};

type Result<T> = std::result::Result<T, Error>;

/// An address as instructions take it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place64 {
    pub base: Src,
    pub offset: i64,
    /// Value of the space field.
    pub space: u16,
}

impl<'a> Lower<'a, '_> {
    /// Lowers the instruction if it is one of this file's.
    pub(super) fn lower_memory(&mut self, inst: &'a Instruction<'a>) -> Result<bool> {
        match inst.op {
            Opcode::Ld | Opcode::Ldu => self.load(inst)?,
            Opcode::St => self.store(inst)?,
            Opcode::Atom | Opcode::Red => self.atomic(inst)?,
            // Hints. What `discard` leaves is any value, also the old one.
            Opcode::Prefetch | Opcode::Prefetchu | Opcode::Applypriority | Opcode::Discard => {}
            // Policies are for hints: nobody looks at them.
            Opcode::CreatepolicyFractional | Opcode::CreatepolicyRange | Opcode::CreatepolicyCvt => {
                let dst = self.dst(self.operand(inst, 0)?)?;
                self.copy(dst, Src::Imm(0));
            }
            Opcode::FenceProxy | Opcode::MembarProxy => self.proxy_fence(inst)?,
            Opcode::Membar => {
                let scope = match inst.level() {
                    Some(Level::Cta) => mods::scope::CTA,
                    Some(Level::Sys) => mods::scope::SYS,
                    _ => mods::scope::GPU,
                };
                self.bare(Op::Fence, mods(&[(&mods::ORDER, mods::order::SC), (&mods::SCOPE, scope)]));
            }
            Opcode::Fence => {
                let order = match inst.semantics() {
                    Some(Semantics::Acquire) => mods::order::ACQUIRE,
                    Some(Semantics::Release) => mods::order::RELEASE,
                    Some(Semantics::Sc) => mods::order::SC,
                    _ => mods::order::ACQ_REL,
                };
                self.bare(Op::Fence, mods(&[(&mods::ORDER, order), (&mods::SCOPE, self.scope(inst)?)]));
            }
            Opcode::CpAsync => self.copy_async(inst)?,
            // The copies have already been made.
            Opcode::CpAsyncCommitGroup | Opcode::CpAsyncWaitGroup | Opcode::CpAsyncWaitAll => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn scope(&self, inst: &Instruction<'_>) -> Result<u16> {
        Ok(match inst.scope() {
            None => mods::scope::DEFAULT,
            Some(Scope::Cta) => mods::scope::CTA,
            // A cluster is somewhere between a block and the device.
            Some(Scope::Gpu | Scope::Cluster) => mods::scope::GPU,
            Some(Scope::Sys) => mods::scope::SYS,
        })
    }

    fn order(&self, inst: &Instruction<'_>) -> Result<Mods> {
        let order = match inst.semantics() {
            None | Some(Semantics::Weak) => mods::order::WEAK,
            Some(Semantics::Volatile) => mods::order::VOLATILE,
            Some(Semantics::Relaxed) => mods::order::RELAXED,
            Some(Semantics::Acquire) => mods::order::ACQUIRE,
            Some(Semantics::Release) => mods::order::RELEASE,
            Some(Semantics::AcqRel) => mods::order::ACQ_REL,
            Some(Semantics::Sc) => mods::order::SC,
        };
        Ok(mods(&[(&mods::ORDER, order), (&mods::SCOPE, self.scope(inst)?)]))
    }

    pub(super) fn address(&mut self, operand: &Operand, space: Option<Space>) -> Result<Place64> {
        let Operand::Address(Address { base, offset }) = operand else {
            return Err(self.error(ErrorKind::Invalid, "an address is needed here"));
        };
        let mut code = match space {
            None => mods::space::GENERIC,
            Some(Space::Global | Space::Const) => mods::space::GLOBAL,
            Some(space) if is_shared(space) => mods::space::SHARED,
            Some(Space::Local) => mods::space::LOCAL,
            Some(Space::Param | Space::ParamEntry | Space::ParamFunc) => {
                // A register holds the address of a parameter of the function that it was taken in.
                if self.in_callee() {
                    mods::space::LOCAL
                } else {
                    mods::space::PARAM
                }
            }
            Some(space) => return self.unsupported(format_args!("space `.{space}`")),
        };
        let (base, offset) = match *base {
            AddressBase::Reg(reg) => (Src::Val(self.reg(reg, None)), *offset),
            AddressBase::Zero => (Src::Imm(0), *offset),
            AddressBase::Symbol(symbol) => {
                let mut local = None;
                if let Symbol::Var(var) = symbol {
                    let variable = self.ast.var(var);
                    code = match variable.space {
                        Space::Param | Space::ParamEntry | Space::ParamFunc | Space::Local => match self.place(var)? {
                            Place::Param(_) => mods::space::PARAM,
                            Place::Local(at) => {
                                local = Some(i64::from(at).wrapping_add(*offset));
                                mods::space::LOCAL
                            }
                        },
                        s if is_shared(s) => mods::space::SHARED,
                        _ => mods::space::GLOBAL,
                    };
                }
                match local {
                    Some(at) => (self.local_base(), at),
                    None => match self.symbol(symbol, *offset)? {
                        Src::Imm(at) => (Src::Imm(0), at),
                        other => (other, 0),
                    },
                }
            }
        };
        Ok(Place64 { base, offset, space: code })
    }

    /// The address of a row of a matrix, which lies in shared memory.
    pub(super) fn rows_address(&mut self, operand: &Operand, space: Option<Space>) -> Result<Place64> {
        let at = self.address(operand, space)?;
        if !matches!(at.space, mods::space::GENERIC | mods::space::SHARED) {
            return Err(self.error(ErrorKind::Invalid, "matrices are loaded from and stored to shared memory"));
        }
        Ok(at)
    }

    /// A memory instruction at `at + delta`.
    pub(super) fn access(&mut self, op: Op, ty: Type, at: Place64, delta: u32, order: Mods) -> Inst {
        let mut inst = Inst::new(op, ty);
        inst.mods = order.with(&mods::SPACE, at.space);
        let offset = at.offset.wrapping_add(i64::from(delta));
        match i32::try_from(offset) {
            Ok(disp) => {
                inst.src[0] = at.base;
                inst.disp = disp;
            }
            // A displacement beyond 32 bits is added beforehand.
            Err(_) => inst.src[0] = self.op(Op::Add, Type::U64, &[at.base, Src::Imm(offset)]),
        }
        inst
    }

    fn load(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let ptx = self.ty(inst, 0)?;
        let ty = self.memory_type(ptx)?;
        let targets = self.elements(self.operand(inst, 0)?)?;
        let order = self.order(inst)?;
        let at = self.address(self.operand(inst, 1)?, inst.space())?;
        // Atomicity and order of a parameter make no difference.
        let order = if at.space == mods::space::PARAM { Mods::NONE } else { order };
        if ptx == PtxType::B128 {
            return self.load_b128(&targets, at, order);
        }
        if let [target] = &targets[..] {
            let dst = self.dst(target)?;
            let mut ld = self.access(Op::Ld, ty, at, 0, order);
            ld.dst = Some(dst);
            self.emit(ld);
            return Ok(());
        }
        // All elements are loaded before the first register is written: it may be the address.
        let mut loaded = vec![];
        for (i, target) in targets.iter().enumerate() {
            if *target == Operand::Sink {
                continue;
            }
            let dst = self.temp();
            let mut ld = self.access(Op::Ld, ty, at, i as u32 * ptx.bytes(), order);
            ld.align = element_alignment(targets.len(), i, ptx);
            ld.dst = Some(dst);
            self.emit(ld);
            loaded.push((target, dst));
        }
        for (target, value) in loaded {
            let dst = self.dst(target)?;
            self.copy(dst, Src::Val(value));
        }
        Ok(())
    }

    /// 128 bits are loaded in two halves, all before the first register is written.
    fn load_b128(&mut self, targets: &[Operand], at: Place64, order: Mods) -> Result<()> {
        let mut loaded = vec![];
        for (i, target) in targets.iter().enumerate() {
            let Operand::Reg(reg) = target else { continue };
            let halves = self.halves(*reg)?;
            for (half, dst) in halves.into_iter().enumerate() {
                let value = self.temp();
                let mut ld = self.access(Op::Ld, Type::B64, at, (i * 16 + half * 8) as u32, order);
                ld.dst = Some(value);
                self.emit(ld);
                loaded.push((dst, value));
            }
        }
        for (dst, value) in loaded {
            self.copy(dst, Src::Val(value));
        }
        Ok(())
    }

    fn store_b128(&mut self, sources: &[Operand], at: Place64, order: Mods) -> Result<()> {
        for (i, source) in sources.iter().enumerate() {
            let Operand::Reg(reg) = source else { return self.unsupported("a number of 128 bits") };
            for (half, value) in self.halves(*reg)?.into_iter().enumerate() {
                let mut st = self.access(Op::St, Type::B64, at, (i * 16 + half * 8) as u32, order);
                st.src[1] = Src::Val(value);
                self.emit(st);
            }
        }
        Ok(())
    }

    /// Fences between the ways to memory. There is one way: they order as others do.
    fn proxy_fence(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let known = |m: &Modifier<'_>| {
            matches!(m, Modifier::Name("alias" | "async" | "async.global" | "global" | "shared::cta" | "shared::cluster"))
        };
        if inst.modifiers.is_empty() || !inst.modifiers.iter().all(known) || !inst.operands.is_empty() {
            return self.unsupported(format_args!("this form of `{}`", inst.op));
        }
        self.bare(Op::Fence, mods(&[(&mods::ORDER, mods::order::ACQ_REL), (&mods::SCOPE, mods::scope::SYS)]));
        Ok(())
    }

    fn memory_type(&self, ptx: PtxType) -> Result<Type> {
        if matches!(ptx, PtxType::B128 | PtxType::F32x2) {
            return Ok(Type::B64);
        }
        let ty = self.hw(ptx)?;
        // What a float is does not matter to memory.
        Ok(if ty.is_float() { bits_type(ty.bits()) } else { ty })
    }

    fn store(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let ptx = self.ty(inst, 0)?;
        let ty = self.memory_type(ptx)?;
        let order = self.order(inst)?;
        let at = self.address(self.operand(inst, 0)?, inst.space())?;
        if at.space == mods::space::PARAM {
            return Err(self.error(ErrorKind::Invalid, "a kernel's parameters cannot be written"));
        }
        let sources = self.elements(self.operand(inst, 1)?)?;
        if ptx == PtxType::B128 {
            return self.store_b128(&sources, at, order);
        }
        for (i, source) in sources.iter().enumerate() {
            if *source == Operand::Sink {
                continue;
            }
            let value = self.value(source, ptx)?;
            let mut st = self.access(Op::St, bits_type(ty.bits()), at, i as u32 * ptx.bytes(), order);
            st.align = element_alignment(sources.len(), i, ptx);
            st.src[1] = value;
            self.emit(st);
        }
        Ok(())
    }

    fn atomic(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let ptx = self.ty(inst, 0)?;
        let ty = self.hw(ptx)?;
        let order = self.order(inst)?;
        let first = usize::from(inst.op == Opcode::Atom);
        let at = self.address(self.operand(inst, first)?, inst.space())?;
        if at.space == mods::space::PARAM {
            return Err(self.error(ErrorKind::Invalid, "a kernel's parameters cannot be written"));
        }
        let Some(op) = inst.atomic_op() else {
            return Err(self.error(ErrorKind::Invalid, "the atomic operation is missing"));
        };
        let untyped = bits_type(ty.bits());
        if op == AtomicOp::Cas {
            let b = self.value(self.operand(inst, first + 1)?, ptx)?;
            let c = self.value(self.operand(inst, first + 2)?, ptx)?;
            let ty = self.checked(Op::Cas, untyped, ptx)?;
            let mut cas = self.access(Op::Cas, ty, at, 0, order);
            cas.dst = Some(self.dst(self.operand(inst, 0)?)?);
            cas.src[1] = b;
            cas.src[2] = c;
            self.emit(cas);
            return Ok(());
        }
        use mods::atom;
        let (code, ty) = match op {
            AtomicOp::Add => (atom::ADD, super::arith::as_unsigned(ty)),
            AtomicOp::Min => (atom::MIN, ty),
            AtomicOp::Max => (atom::MAX, ty),
            AtomicOp::And => (atom::AND, untyped),
            AtomicOp::Or => (atom::OR, untyped),
            AtomicOp::Xor => (atom::XOR, untyped),
            AtomicOp::Exch => (atom::EXCH, untyped),
            AtomicOp::Inc => (atom::INC, ty),
            _ => (atom::DEC, ty),
        };
        let hw = if inst.op == Opcode::Atom { Op::Atom } else { Op::Red };
        let ty = self.checked(hw, ty, ptx)?;
        let order = order.with(&mods::ATOM, code);
        let sources = self.elements(self.operand(inst, first + 1)?)?;
        let targets = if hw == Op::Atom { self.elements(self.operand(inst, 0)?)? } else { vec![Operand::Sink; sources.len()] };
        // Each element of a vector is atomic by itself. All act before the first register is written: it may be an
        // operand of a later one.
        let single = sources.len() == 1;
        let mut results = vec![];
        for (i, (source, target)) in sources.iter().zip(&targets).enumerate() {
            let b = self.value(source, ptx)?;
            let mut atom = self.access(hw, ty, at, i as u32 * ptx.bytes(), order);
            if hw == Op::Atom {
                let dst = if single { self.dst(target)? } else { self.temp() };
                atom.dst = Some(dst);
                results.push((target, dst));
            }
            atom.src[1] = b;
            self.emit(atom);
        }
        if !single {
            for (target, value) in results {
                let dst = self.dst(target)?;
                self.copy(dst, Src::Val(value));
            }
        }
        Ok(())
    }

    fn checked(&self, op: Op, ty: Type, ptx: PtxType) -> Result<Type> {
        if op.desc().takes(ty) {
            Ok(ty)
        } else {
            self.unsupported(format_args!("an atomic operation of type `.{ptx}`"))
        }
    }

    /// `cp.async`: copied at once.
    fn copy_async(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let to = self.address(self.operand(inst, 0)?, Some(Space::Shared))?;
        let from = self.address(self.operand(inst, 1)?, Some(Space::Global))?;
        let Operand::Imm(size) = self.operand(inst, 2)? else {
            return Err(self.error(ErrorKind::Invalid, "the size must be a number"));
        };
        let size = size.bits(PtxType::U32) as u32;
        if !matches!(size, 4 | 8 | 16) || inst.has(Flag::Oob) {
            return self.unsupported("this form of `cp.async`");
        }
        // Bytes that are read; the rest of the destination becomes zero.
        let mut whole_words = true;
        let policy = inst.modifiers.contains(&Modifier::CacheHint(CacheHint::L2CacheHint));
        let valid = match inst.operands.get(3).filter(|_| inst.operands.len() > 3 + usize::from(policy)) {
            None => None,
            Some(operand @ (Operand::Reg(reg) | Operand::Not(reg))) if self.is_pred(*reg) => {
                let ignore = self.pred(operand)?;
                Some(self.op(Op::Sel, Type::B32, &[Src::Imm(0), Src::Imm(i64::from(size)), ignore]))
            }
            Some(other) => {
                whole_words = false;
                Some(self.value(other, PtxType::U32)?)
            }
        };
        let step = if size == 4 || valid.is_some() { 4 } else { 8 };
        let ty = bits_type(step * 8);
        let mut pieces = vec![];
        for at in (0..size).step_by(step as usize) {
            let dst = self.temp();
            let mut ld = self.access(Op::Ld, ty, from, at, Mods::NONE);
            ld.dst = Some(dst);
            if let Some(valid) = valid {
                self.load_if_valid(&mut ld, valid, at);
            }
            self.emit(ld);
            pieces.push((at, dst));
        }
        for (at, value) in pieces {
            let mut st = self.access(Op::St, ty, to, at, Mods::NONE);
            st.src[1] = Src::Val(value);
            self.emit(st);
        }
        if let (Some(valid), false) = (valid, whole_words) {
            self.copy_part_of_word(to, from, valid, size);
        }
        Ok(())
    }

    /// Copies the bytes among the first `valid` ones that do not make up a word, if there are such.
    fn copy_part_of_word(&mut self, to: Place64, from: Place64, valid: Src, size: u32) {
        let rest = self.op(Op::And, Type::B32, &[valid, Src::Imm(3)]);
        let word = self.op(Op::Sub, Type::U32, &[valid, rest]);
        let compare = |code: u16| mods(&[(&mods::CMP, code)]);
        let part = self.pred_op(Op::Setp, Type::U32, compare(mods::cmp::NE), &[rest, Src::Imm(0)]);
        let inside = self.pred_op(Op::Setp, Type::U32, compare(mods::cmp::LT), &[valid, Src::Imm(size.into())]);
        let pred = self.temp_pred();
        self.op_to(Op::And, Type::B32, Mods::NONE, pred, &[part, inside]);
        let guard = Some(crate::ir::Guard { pred, negate: false });
        let mut behind = |at: Place64| Place64 { base: self.op(Op::Add, Type::U64, &[at.base, word]), ..at };
        let (to, from) = (behind(to), behind(from));
        let all = self.temp();
        let mut ld = self.access(Op::Ld, Type::B32, from, 0, Mods::NONE);
        ld.dst = Some(all);
        ld.guard = guard;
        ld.old = Src::Imm(0);
        self.emit(ld);
        let bits = self.op(Op::Shl, Type::B32, &[rest, Src::Imm(3)]);
        let value = self.op(Op::Bfe, Type::U32, &[Src::Val(all), Src::Imm(0), bits]);
        let mut st = self.access(Op::St, Type::B32, to, 0, Mods::NONE);
        st.src[1] = value;
        st.guard = guard;
        self.emit(st);
    }

    /// Lets the load of a word act only where it is among the first `valid` bytes, and give zero elsewhere.
    fn load_if_valid(&mut self, ld: &mut Inst, valid: Src, at: u32) {
        let fields = mods(&[(&mods::CMP, mods::cmp::GE)]);
        let pred = self.temp_pred();
        self.op_to(Op::Setp, Type::U32, fields, pred, &[valid, Src::Imm(i64::from(at) + 4)]);
        ld.guard = Some(crate::ir::Guard { pred, negate: false });
        ld.old = Src::Imm(0);
    }

    fn is_pred(&mut self, reg: crate::ptx::ast::RegId) -> bool {
        let v: Val = self.reg(reg, None);
        self.out.vals[v.index()].pred
    }
}

/// What the address of an element of a vector access is a multiple of, given that the whole vector lies at a multiple of
/// its size; 0 where that says nothing.
fn element_alignment(elements: usize, i: usize, ty: PtxType) -> u8 {
    let size = (elements * ty.bytes() as usize).min(64) as u8;
    let at = (i * ty.bytes() as usize) as u8;
    match elements {
        1 => 0,
        _ if !size.is_power_of_two() => 0,
        _ => size.min(1 << (at | size).trailing_zeros()),
    }
}

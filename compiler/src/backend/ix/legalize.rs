// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Gives every instruction operands that its encoding can carry.
//!
//! Banks decide the form: predicates in scalar registers are 0 or 1, in masks a bit for each lane. At most one operand
//! may be an immediate, and it must fit; others come from scalar registers, which any vector instruction reads.
//! Addresses, shuffled values, guards and carries must be in the bank that the hardware wants.
//!
//! Before: SSA with banks. After: the same; but for `mov`, an immediate fits its instruction.

use crate::ir::cfg::{predecessors, Loops};
use crate::ir::{Bank, Block, BlockId, Func, Guard, Inst, Src, Term, Val, ValInfo};
use crate::passes::licm::preheader;
use ix_hw::isa::{mods, Kinds, Mods, Op, Type};
use std::collections::HashMap;

/// Constants that a block keeps in registers at a time.
const MAX_CONSTANTS: usize = 32;
/// Constants that a nest of loops keeps in registers throughout.
const MAX_HOISTED: usize = 64;

/// A constant or an address, and whether all 64 bits of it are needed.
type Constant = (Src, bool);

/// Runs the pass. With `hoist`, constants that loops need are put in registers before the outermost one.
pub fn run(func: &mut Func, loops: &Loops, hoist: bool) {
    let preds = if hoist && !loops.loops.is_empty() { predecessors(func) } else { vec![] };
    // By loop the block before it, and the constants that it has put in registers there.
    let mut nests: HashMap<usize, Nest> = HashMap::new();
    for b in func.block_ids() {
        let empty = Block { phis: vec![], insts: vec![], term: Term::Exit, loc: 0 };
        let mut block = std::mem::replace(func.block_mut(b), empty);
        let outermost = loops.around(b).last().filter(|_| hoist);
        let nest = outermost.and_then(|l| {
            let info = &loops.loops[l];
            let before = preheader(func, info, &preds[info.head.index()])?;
            Some(nests.entry(l).or_insert_with(|| Nest { before, constants: HashMap::new() }))
        });
        let mut legalize = Legalize { func, out: Vec::with_capacity(block.insts.len() * 2), constants: HashMap::new(), nest, loc: 0 };
        for inst in std::mem::take(&mut block.insts) {
            legalize.loc = inst.loc;
            legalize.instruction(inst);
        }
        legalize.loc = block.loc;
        if let Term::Branch { cond: cond @ Src::Imm(_), .. } = &mut block.term {
            *cond = legalize.scalar(*cond, Type::B32);
        }
        block.insts = legalize.out;
        *func.block_mut(b) = block;
    }
}

/// A nest of loops.
struct Nest {
    /// The block before it, which goes nowhere else. It is legal already.
    before: BlockId,
    constants: HashMap<Constant, Val>,
}

struct Legalize<'a> {
    func: &'a mut Func,
    out: Vec<Inst>,
    /// Constants and addresses that this block has in scalar registers.
    constants: HashMap<Constant, Val>,
    /// The loops that the block is in.
    nest: Option<&'a mut Nest>,
    loc: u32,
}

impl Legalize<'_> {
    fn push(&mut self, mut inst: Inst) {
        inst.loc = self.loc;
        self.out.push(inst);
    }

    fn bank(&self, src: Src) -> Option<Bank> {
        match src {
            Src::Val(v) => Some(self.func.bank(v)),
            Src::Exec => Some(Bank::M),
            Src::Frame | Src::Top => Some(Bank::S),
            _ => None,
        }
    }

    fn fresh(&mut self, pred: bool, bank: Bank) -> Val {
        self.func.new_val(ValInfo { pred, bank })
    }

    /// A constant in a scalar register.
    fn scalar(&mut self, src: Src, ty: Type) -> Src {
        if !matches!(src, Src::Imm(_) | Src::Addr(_)) {
            return src;
        }
        // Up to 32 bits the short form will do, as long as nobody reads more.
        let wide = ty.bits() > 32 || matches!(src, Src::Addr(_));
        if let Some(&v) = self.constants.get(&(src, wide)) {
            return Src::Val(v);
        }
        if let Some(v) = self.hoisted((src, wide)) {
            return Src::Val(v);
        }
        if self.constants.len() >= MAX_CONSTANTS {
            self.constants.clear();
        }
        let v = self.fresh(false, Bank::S);
        self.push(Inst::with(Op::Mov, if wide { Type::B64 } else { Type::B32 }, v, &[src]));
        self.constants.insert((src, wide), v);
        Src::Val(v)
    }

    /// The register before the loops that has the constant.
    fn hoisted(&mut self, constant: Constant) -> Option<Val> {
        let nest = self.nest.as_mut()?;
        if let Some(&v) = nest.constants.get(&constant) {
            return Some(v);
        }
        if nest.constants.len() >= MAX_HOISTED {
            return None;
        }
        let v = self.func.new_val(ValInfo { pred: false, bank: Bank::S });
        let ty = if constant.1 { Type::B64 } else { Type::B32 };
        let block = self.func.block_mut(nest.before);
        let loc = block.loc;
        block.insts.push(Inst { loc, ..Inst::with(Op::Mov, ty, v, &[constant.0]) });
        nest.constants.insert(constant, v);
        Some(v)
    }

    /// A value in a vector register.
    fn vector(&mut self, src: Src) -> Src {
        if src == Src::None || self.bank(src) == Some(Bank::V) {
            return src;
        }
        let v = self.fresh(false, Bank::V);
        self.push(Inst::with(Op::Mov, Type::B64, v, &[src]));
        Src::Val(v)
    }

    /// A predicate as a mask, of which the bits of active lanes count.
    fn mask(&mut self, src: Src) -> Src {
        match src {
            Src::Val(v) if self.func.bank(v) != Bank::M => {
                let m = self.fresh(true, Bank::M);
                let mut test = Inst::with(Op::Setp, Type::B32, m, &[src, Src::Imm(0)]);
                test.mods = Mods::NONE.with(&mods::CMP, mods::cmp::NE);
                self.push(test);
                Src::Val(m)
            }
            Src::Imm(i) => {
                let m = self.fresh(true, Bank::M);
                self.push(Inst::with(Op::Mov, Type::B32, m, &[Src::Imm(-i64::from(i != 0))]));
                Src::Val(m)
            }
            other => other,
        }
    }

    /// A value of which active lanes agree by the program's word, in a scalar register.
    fn first(&mut self, src: Src) -> Src {
        if self.bank(src) != Some(Bank::V) {
            return src;
        }
        let s = self.fresh(false, Bank::S);
        self.push(Inst::with(Op::ReadFirst, Type::B32, s, &[src]));
        Src::Val(s)
    }

    fn instruction(&mut self, mut inst: Inst) {
        let dst_bank = inst.dst.map(|v| self.func.bank(v));
        let pred = inst.dst.is_some_and(|v| self.func.vals[v.index()].pred);
        if pred && matches!(inst.op, Op::Mov | Op::And | Op::Or | Op::Xor | Op::Andn | Op::Not) {
            return self.predicate(inst, dst_bank == Some(Bank::M));
        }
        match inst.op {
            Op::Ld | Op::St | Op::Atom | Op::Cas | Op::Red => return self.memory(inst),
            Op::Ldm | Op::Stm => return self.matrix_rows(inst),
            Op::Mma | Op::Transpose => inst.src[..3].iter_mut().for_each(|src| *src = self.vector(*src)),
            Op::Vote => inst.src[0] = self.mask(inst.src[0]),
            Op::BarRed => {
                inst.src[0] = self.first(inst.src[0]);
                inst.src[1] = self.first(inst.src[1]);
                inst.src[2] = self.mask(inst.src[2]);
            }
            Op::Bar | Op::BarArrive | Op::Nanosleep => {
                inst.src[0] = self.first(inst.src[0]);
                inst.src[1] = self.first(inst.src[1]);
            }
            Op::ReadFirst if self.bank(inst.src[0]) != Some(Bank::V) => inst.op = Op::Mov,
            Op::Shfl => inst.src[0] = self.vector(inst.src[0]),
            Op::Addc | Op::Subc => inst.src[2] = self.mask(inst.src[2]),
            Op::Sel => inst.src[2] = self.scalar(inst.src[2], Type::B32),
            Op::Isspacep | Op::CallR => inst.src[0] = self.scalar(inst.src[0], Type::B64),
            // The type of an immediate source would be that of the result.
            Op::Cvt => inst.src[0] = self.scalar(inst.src[0], Type::B64),
            Op::Mad if inst.mods.get(&mods::PART) == mods::part::WIDE => inst.src[2] = self.scalar(inst.src[2], Type::B64),
            _ => {}
        }
        if inst.op == Op::Mov {
            return self.push(inst);
        }
        self.immediates(&mut inst);
        self.push(inst);
    }

    /// Logic on predicates.
    fn predicate(&mut self, mut inst: Inst, mask: bool) {
        if mask {
            for i in 0..2 {
                inst.src[i] = match inst.src[i] {
                    Src::Imm(v) => Src::Imm(-i64::from(v != 0)),
                    other => self.mask(other),
                };
            }
            if matches!((inst.src[0], inst.src[1]), (Src::Imm(_), Src::Imm(_))) {
                let v = self.fresh(false, Bank::S);
                self.push(Inst::with(Op::Mov, Type::B32, v, &[inst.src[0]]));
                inst.src[0] = Src::Val(v);
            }
        } else {
            for src in &mut inst.src {
                if let Src::Imm(i) = src {
                    *i = i64::from(*i != 0);
                }
            }
            if inst.op == Op::Not {
                inst.op = Op::Xor;
                inst.src[1] = Src::Imm(1);
            }
            self.immediates(&mut inst);
        }
        self.push(inst);
    }

    /// Rows of matrices: addresses and elements are the lanes' own.
    fn matrix_rows(&mut self, mut inst: Inst) {
        inst.src[0] = self.vector(inst.src[0]);
        inst.src[1] = self.vector(inst.src[1]);
        self.guard(&mut inst);
        self.push(inst);
    }

    /// The guard in a mask register.
    fn guard(&mut self, inst: &mut Inst) {
        if let Some(guard) = inst.guard {
            if let Src::Val(pred) = self.mask(Src::Val(guard.pred)) {
                inst.guard = Some(Guard { pred, ..guard });
            }
        }
    }

    fn memory(&mut self, mut inst: Inst) {
        inst.src[0] = self.scalar(inst.src[0], Type::B64);
        for i in 1..3 {
            inst.src[i] = self.scalar(inst.src[i], inst.ty);
        }
        self.guard(&mut inst);
        // What must act in each lane needs a vector operand to say so.
        let space = inst.mods.get(&mods::SPACE);
        let per_lane = match inst.op {
            Op::Red => true,
            Op::St => inst.guard.is_some() || matches!(space, mods::space::LOCAL | mods::space::GENERIC),
            _ => false,
        };
        if per_lane && self.bank(inst.src[0]) != Some(Bank::V) && self.bank(inst.src[1]) != Some(Bank::V) {
            inst.src[1] = self.vector(inst.src[1]);
        }
        self.push(inst);
    }

    /// Leaves at most one immediate, one that fits.
    fn immediates(&mut self, inst: &mut Inst) {
        let desc = inst.op.desc();
        let mut free = true;
        for i in (0..4).rev() {
            let src = inst.src[i];
            if !matches!(src, Src::Imm(_) | Src::Addr(_)) {
                continue;
            }
            let allowed = desc.src[i].allows(Kinds::I);
            match src {
                Src::Imm(value) if free && allowed => match encodable(value, inst.ty) {
                    Some(value) => {
                        inst.src[i] = Src::Imm(value);
                        free = false;
                    }
                    None => inst.src[i] = self.scalar(src, Type::B64),
                },
                _ => inst.src[i] = self.scalar(src, Type::B64),
            }
        }
    }
}

/// The immediate field by which an instruction of the type reads this value.
pub fn encodable(value: i64, ty: Type) -> Option<i64> {
    match ty {
        Type::F64 => (value & 0xffff_ffff == 0).then_some(value >> 32),
        _ if ty.bits() == 64 => i32::try_from(value).ok().map(i64::from),
        _ => Some(i64::from(value as i32)),
    }
}

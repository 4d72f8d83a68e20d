// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Memory that a thread takes while it runs: `alloca`.
//!
//! Each thread of a kernel that takes some has a *stack*, a variable in local memory of [`STACK`] bytes. How many of them
//! are *used* is a register of the program, 0 at the start. What a function has taken is given back when it returns.

use super::func::{mods, Lower};
use crate::error::{Error, ErrorKind};
use crate::ir::{Func, Inst, Slot, Src, Term, Val};
use crate::ptx::ast::{Instruction, Operand};
use crate::ptx::opcode::Opcode;
use crate::ptx::words::Type as PtxType;
use ix_hw::isa::{mods, Mods, Op, Type};

type Result<T> = std::result::Result<T, Error>;

/// Bytes that a thread can take. The next one stops the kernel.
const STACK: u32 = 16 << 10;
/// Largest alignment of what is taken, and alignment of the stack.
const ALIGN: u64 = 128;

/// A kernel's stack.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stack {
    /// Its offset in local memory.
    base: i64,
    /// Bytes used.
    used: Val,
}

impl<'a> Lower<'a, '_> {
    /// Lowers the instruction if it is one of this file's.
    pub(super) fn lower_stack(&mut self, inst: &'a Instruction<'a>) -> Result<bool> {
        if !matches!(inst.op, Opcode::Alloca | Opcode::Stacksave | Opcode::Stackrestore) {
            return Ok(false);
        }
        let ptx = self.ty(inst, 0)?;
        let Stack { base, used } = self.stack(inst.op)?;
        match inst.op {
            Opcode::Alloca => {
                let size = self.value(self.operand(inst, 1)?, ptx)?;
                let align = self.alignment(inst)?;
                let dst = self.dst(self.operand(inst, 0)?)?;
                let up = self.op(Op::Add, Type::U64, &[Src::Val(used), Src::Imm(align - 1)]);
                let from = self.op(Op::And, Type::B64, &[up, Src::Imm(-align)]);
                // The whole stack is a multiple of the alignment: it does not begin beyond the end.
                let left = self.op(Op::Sub, Type::U64, &[Src::Imm(STACK.into()), from]);
                let ty = super::arith::as_unsigned(self.hw(ptx)?);
                let overflow = self.pred_op(Op::Setp, ty, mods(&[(&mods::CMP, mods::cmp::GT)]), &[size, left]);
                self.trap_if(overflow);
                let size = self.op(Op::Mov, super::bits_type(ptx.bits()), &[size]);
                self.op_to(Op::Add, Type::U64, Mods::NONE, dst, &[from, Src::Imm(base)]);
                self.op_to(Op::Add, Type::U64, Mods::NONE, used, &[from, size]);
            }
            Opcode::Stacksave => {
                let dst = self.dst(self.operand(inst, 0)?)?;
                self.op_to(Op::Add, Type::U64, Mods::NONE, dst, &[Src::Val(used), Src::Imm(base)]);
            }
            _ => {
                let saved = self.value(self.operand(inst, 0)?, ptx)?;
                let saved = self.op(Op::Mov, super::bits_type(ptx.bits()), &[saved]);
                self.op_to(Op::Sub, Type::U64, Mods::NONE, used, &[saved, Src::Imm(base)]);
            }
        }
        Ok(true)
    }

    fn alignment(&self, inst: &Instruction<'_>) -> Result<i64> {
        let align = match inst.operands.get(2) {
            None => 8,
            Some(Operand::Imm(align)) => align.bits(PtxType::U64),
            Some(_) => return Err(self.error(ErrorKind::Invalid, "the alignment must be a number")),
        };
        if align.is_power_of_two() && align <= ALIGN {
            Ok(align as i64)
        } else {
            self.unsupported(format_args!("an alignment of {align}"))
        }
    }

    /// The stack; the frame at hand will give back what it takes.
    fn stack(&mut self, op: Opcode) -> Result<Stack> {
        if self.is_function {
            return self.unsupported(format_args!("`{op}` in a function that is called through a pointer or by itself"));
        }
        let stack = match self.stack {
            Some(stack) => stack,
            None => {
                let base = self.local_bytes.next_multiple_of(ALIGN);
                self.local_bytes = base + u64::from(STACK);
                self.out.slots.push(Slot { offset: base as u32, size: STACK, escapes: true });
                let used = self.out.new_data();
                self.mark_register(used);
                self.out.block_mut(Func::ENTRY).insts.insert(0, Inst::with(Op::Mov, Type::B64, used, &[Src::Imm(0)]));
                let stack = Stack { base: base as i64, used };
                self.stack = Some(stack);
                stack
            }
        };
        if self.frames.len() > 1 && self.frame().stack_before.is_none() {
            let before = self.out.new_data();
            self.mark_register(before);
            let entry = self.frame().entry;
            self.out.block_mut(entry).insts.insert(0, Inst::with(Op::Mov, Type::B64, before, &[Src::Val(stack.used)]));
            self.frame_mut().stack_before = Some(before);
        }
        Ok(stack)
    }

    /// Gives back what the frame at hand has taken.
    pub(super) fn leave_stack(&mut self) {
        if let (Some(stack), Some(before)) = (self.stack, self.frame().stack_before) {
            self.copy(stack.used, Src::Val(before));
        }
    }

    /// Stops the kernel if the predicate holds in a thread.
    fn trap_if(&mut self, cond: Src) {
        let (trap, next) = (self.out.new_block(), self.out.new_block());
        self.end_block(Term::Branch { cond, then: trap, els: next });
        self.start_block(trap);
        self.bare(Op::Trap, Mods::NONE);
        self.end_block(Term::Exit);
        self.start_block(next);
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Control flow, calls, guards and operands.
//!
//! A *frame* is one expansion of a function: its registers, labels and local variables. The kernel is the outermost
//! frame, every call opens another.

use super::call::Callees;
use super::{Data, SharedLayout, MAX_INSTS};
use crate::error::{Error, ErrorKind};
use crate::ir::{AddrId, AddrTarget, BlockId, Func, Guard, Inst, Src, Term, Val};
use crate::ptx::ast::{self, Operand, VarId};
use crate::ptx::opcode::Opcode;
use crate::ptx::source::Span;
use crate::ptx::words::Type as PtxType;
use ix_hw::isa::{mods, Class, Mods, Op, Type};
use std::collections::HashMap;

/// Errors after which a kernel is given up.
const MAX_ERRORS: usize = 20;

/// Where a variable in the parameter or local space lies.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// Offset in the kernel's parameter block.
    Param(u32),
    /// Offset in local memory.
    Local(u32),
}

pub(super) struct Frame {
    pub func: ast::FuncId,
    /// First of the values of a register (one, or one for each component).
    pub regs: Vec<Option<Val>>,
    labels: Vec<Option<BlockId>>,
    pub places: HashMap<VarId, Place>,
    /// Where `ret` goes; `None` in the kernel.
    after: Option<BlockId>,
    /// The block that the body begins with.
    pub entry: BlockId,
    /// Bytes of the stack that were used before, if the function takes some.
    pub stack_before: Option<Val>,
}

/// A kernel in the making.
pub(super) struct Lower<'a, 'e> {
    pub ast: &'a ast::Module<'a>,
    pub data: &'a Data,
    pub shared: &'a SharedLayout,
    pub callees: &'e mut Callees,
    /// Whether this is a function that is called, not a kernel.
    pub is_function: bool,
    /// See [`super::Request::closed`].
    pub closed: bool,
    errors: &'e mut Vec<Error>,
    /// Errors before this kernel.
    errors_before: usize,
    pub out: Func,
    /// The block that instructions go to.
    pub block: BlockId,
    pub frames: Vec<Frame>,
    /// Values that are registers of the program, in contrast to temporary ones.
    is_register: Vec<bool>,
    /// The carry flag.
    carry: Option<Val>,
    pub addrs: HashMap<(AddrTarget, i64), AddrId>,
    locs: HashMap<(u32, u32), u32>,
    pub loc: u32,
    pub local_bytes: u64,
    pub stack: Option<super::stack::Stack>,
    insts: usize,
    /// Whether the instruction at hand became one that the hardware does not have.
    has_illegal: bool,
    /// The instruction at hand.
    pub span: Span,
}

/// What all functions of a module have in common.
pub(super) struct Context<'a, 'e> {
    pub ast: &'a ast::Module<'a>,
    pub data: &'a Data,
    pub shared: &'a SharedLayout,
    pub callees: &'e mut Callees,
    pub errors: &'e mut Vec<Error>,
    /// See [`super::Request::closed`].
    pub closed: bool,
}

impl<'a, 'e> Lower<'a, 'e> {
    fn new(context: Context<'a, 'e>, id: ast::FuncId, is_function: bool) -> Self {
        let function = context.ast.func(id);
        Lower {
            ast: context.ast,
            data: context.data,
            shared: context.shared,
            callees: context.callees,
            is_function,
            closed: context.closed,
            errors_before: context.errors.len(),
            errors: context.errors,
            out: Func::new(function.name),
            block: Func::ENTRY,
            frames: vec![],
            is_register: vec![],
            carry: None,
            addrs: HashMap::new(),
            locs: HashMap::new(),
            loc: 0,
            local_bytes: 0,
            stack: None,
            insts: 0,
            has_illegal: false,
            span: function.span,
        }
    }
}

/// Lowers the kernel `id`, whose parameters lie at these offsets.
pub(super) fn kernel<'a>(context: Context<'a, '_>, params: &HashMap<VarId, u32>, id: ast::FuncId) -> Result<Func> {
    let mut lower = Lower::new(context, id, false);
    lower.open_frame(id, None);
    lower.frame_mut().places = params.iter().map(|(&var, &offset)| (var, Place::Param(offset))).collect();
    lower.body(id)?;
    lower.end_block(Term::Exit);
    Ok(lower.out)
}

/// Lowers the function `id` as one that is called: parameters and results lie at the start of its frame.
pub(super) fn function(context: Context<'_, '_>, id: ast::FuncId) -> Result<Func> {
    let mut lower = Lower::new(context, id, true);
    let function = lower.ast.func(id);
    let signature = lower.signature(function);
    lower.local_bytes = signature.bytes.next_multiple_of(16);
    lower.out.local_bytes = lower.local_bytes as u32;
    let after = lower.out.new_block();
    lower.open_frame(id, Some(after));
    let formals = function.params.iter().chain(&function.returns).copied().zip(&signature.slots);
    let mut registers = vec![];
    for (param, slot) in formals {
        match param {
            ast::Param::Var(var) => {
                lower.frame_mut().places.insert(var, Place::Local(slot.offset));
            }
            ast::Param::Reg(reg) => registers.push((reg, *slot)),
        }
    }
    if lower.callees.exits {
        lower.note_exit(false);
    }
    let (arguments, results) = registers.split_at(registers.iter().filter(|(_, slot)| !slot.is_result).count());
    for (reg, slot) in arguments {
        let value = lower.reg(*reg, None);
        lower.load_register(value, Src::Frame, slot.offset);
    }
    lower.body(id)?;
    lower.end_block(Term::Jump(after));
    lower.start_block(after);
    for (reg, slot) in results {
        let value = lower.reg(*reg, None);
        lower.store_register(value, Src::Frame, slot.offset);
    }
    lower.end_block(Term::Ret);
    Ok(lower.out)
}

type Result<T> = std::result::Result<T, Error>;

impl<'a> Lower<'a, '_> {
    // Errors.

    pub fn error(&self, kind: ErrorKind, reason: impl Into<String>) -> Error {
        self.ast.error(kind, self.span, reason)
    }

    pub fn unsupported<T>(&self, what: impl std::fmt::Display) -> Result<T> {
        Err(self.error(ErrorKind::Unsupported, format!("{what} is not supported")))
    }

    // Instructions.

    pub fn emit(&mut self, mut inst: Inst) {
        inst.loc = self.loc;
        let machine = ix_hw::isa::Inst { mods: inst.mods, ..ix_hw::isa::Inst::new(inst.op, inst.ty) };
        self.has_illegal |= !inst.op.desc().takes(inst.ty) || !machine.modifiers_fit();
        self.out.block_mut(self.block).insts.push(inst);
    }

    /// A new temporary value.
    pub fn temp(&mut self) -> Val {
        self.out.new_data()
    }

    /// A new temporary predicate.
    pub fn temp_pred(&mut self) -> Val {
        self.out.new_pred()
    }

    /// Emits `op.ty` with a new value as result.
    pub fn op(&mut self, op: Op, ty: Type, src: &[Src]) -> Src {
        self.op_mods(op, ty, Mods::NONE, src)
    }

    /// Emits `op.ty` with modifiers and a new value as result.
    pub fn op_mods(&mut self, op: Op, ty: Type, mods: Mods, src: &[Src]) -> Src {
        let dst = self.temp();
        self.op_to(op, ty, mods, dst, src);
        Src::Val(dst)
    }

    /// Emits `dst = op.ty src`.
    pub fn op_to(&mut self, op: Op, ty: Type, mods: Mods, dst: Val, src: &[Src]) {
        let mut inst = Inst::with(op, ty, dst, src);
        inst.mods = mods;
        self.emit(inst);
    }

    /// Emits an operation with a new predicate as result.
    pub fn pred_op(&mut self, op: Op, ty: Type, mods: Mods, src: &[Src]) -> Src {
        let dst = self.temp_pred();
        self.op_to(op, ty, mods, dst, src);
        Src::Val(dst)
    }

    /// Copies a value or predicate.
    pub fn copy(&mut self, dst: Val, src: Src) {
        let ty = if self.out.vals[dst.index()].pred { Type::B32 } else { Type::B64 };
        self.op_to(Op::Mov, ty, Mods::NONE, dst, &[src]);
    }

    /// The carry flag, a predicate.
    pub fn carry(&mut self) -> Val {
        match self.carry {
            Some(v) => v,
            None => {
                let v = self.out.new_pred();
                self.mark_register(v);
                self.carry = Some(v);
                v
            }
        }
    }

    pub fn mark_register(&mut self, v: Val) {
        self.is_register.resize(self.out.vals.len().max(v.index() + 1), false);
        self.is_register[v.index()] = true;
    }

    // Blocks.

    pub fn start_block(&mut self, block: BlockId) {
        self.block = block;
    }

    /// Ends the block at hand; what follows cannot be reached unless a label precedes it.
    pub fn end_block(&mut self, mut term: Term) {
        if let Term::Branch { then, els, .. } = term {
            if then == els {
                term = Term::Jump(then);
            }
        }
        let loc = self.loc;
        let block = self.out.block_mut(self.block);
        block.term = term;
        block.loc = loc;
        let next = self.out.new_block();
        self.start_block(next);
    }

    pub fn frame(&self) -> &Frame {
        // A frame is open as long as there is anything to lower.
        &self.frames[self.frames.len() - 1]
    }

    pub fn frame_mut(&mut self) -> &mut Frame {
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// Whether a called function is being expanded.
    pub fn in_callee(&self) -> bool {
        self.is_function || self.frames.len() > 1
    }

    pub fn function(&self) -> &'a ast::Function<'a> {
        self.ast.func(self.frame().func)
    }

    pub fn open_frame(&mut self, func: ast::FuncId, after: Option<BlockId>) {
        let function = self.ast.func(func);
        self.frames.push(Frame {
            func,
            regs: vec![None; function.registers.len()],
            labels: vec![None; function.labels.len()],
            places: HashMap::new(),
            after,
            entry: Func::ENTRY,
            stack_before: None,
        });
    }

    fn label(&mut self, label: ast::LabelId) -> BlockId {
        if let Some(block) = self.frame().labels[label.index()] {
            return block;
        }
        let block = self.out.new_block();
        self.frame_mut().labels[label.index()] = Some(block);
        block
    }

    pub fn body(&mut self, id: ast::FuncId) -> Result<()> {
        // The entry block has no predecessors, whatever label the body begins with.
        let first = self.out.new_block();
        self.end_block(Term::Jump(first));
        self.start_block(first);
        self.frame_mut().entry = first;
        match &self.ast.func(id).body {
            Some(body) => self.statements(body),
            None => Ok(()),
        }
    }

    fn statements(&mut self, statements: &'a [ast::Statement<'a>]) -> Result<()> {
        for statement in statements {
            match statement {
                ast::Statement::Label(label) => {
                    let block = self.label(*label);
                    let loc = self.loc;
                    let open = self.out.block_mut(self.block);
                    open.term = Term::Jump(block);
                    open.loc = loc;
                    self.start_block(block);
                }
                ast::Statement::Block(inner) => self.statements(inner)?,
                ast::Statement::Instruction(inst) => {
                    let mut result = self.instruction(inst);
                    if std::mem::take(&mut self.has_illegal) && result.is_ok() {
                        result = self.unsupported(format_args!("`{}` with these modifiers and types", inst.op));
                    }
                    if let Err(e) = result {
                        // One complaint for each place, however often it is expanded.
                        if !self.errors.contains(&e) {
                            self.errors.push(e);
                        }
                        if self.errors.len() - self.errors_before >= MAX_ERRORS {
                            // The last one stands for all that may follow.
                            return self.errors.pop().map_or(Ok(()), Err);
                        }
                    }
                    if self.insts > MAX_INSTS {
                        let reason = format!("with all calls expanded, the kernel has more than {MAX_INSTS} instructions");
                        return Err(self.error(ErrorKind::Limit, reason));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn set_loc(&mut self, line: Option<ast::SourceLine>) {
        let Some(line) = line else { return };
        let next = self.out.locs.len() as u32;
        let loc = *self.locs.entry((line.file, line.line)).or_insert(next);
        if loc == next {
            self.out.locs.push((line.file, line.line));
        }
        self.loc = loc;
    }

    fn instruction(&mut self, inst: &'a ast::Instruction<'a>) -> Result<()> {
        self.span = inst.span;
        self.set_loc(inst.loc);
        // Counted even if nothing comes of it: calls of empty functions may multiply as well.
        self.insts += 1;
        let Some(guard) = inst.guard else {
            return self.operation(inst);
        };
        let guard = Guard { pred: self.reg(guard.reg, None), negate: guard.negated };
        if inst.op == Opcode::Bra {
            let target = self.branch_target(inst)?;
            let next = self.out.new_block();
            self.end_block(branch(guard, target, next));
            self.start_block(next);
            return Ok(());
        }
        if !is_selectable(inst.op) {
            let inside = self.out.new_block();
            let next = self.out.new_block();
            self.end_block(branch(guard, inside, next));
            self.start_block(inside);
            self.operation(inst)?;
            self.end_block(Term::Jump(next));
            self.start_block(next);
            return Ok(());
        }
        let first = self.out.block(self.block).insts.len();
        self.operation(inst)?;
        self.guard_insts(first, guard);
        Ok(())
    }

    /// Makes the instructions of the block from `first` on take effect only under the guard.
    fn guard_insts(&mut self, first: usize, guard: Guard) {
        let insts = self.out.block_mut(self.block).insts.split_off(first);
        let mut assigned = vec![];
        for mut inst in insts {
            let mut renamed = inst;
            let memory = inst.op.desc().class == Class::Memory && !inst.is_pure();
            for dst in [&mut renamed.dst, &mut renamed.dst2].into_iter().flatten() {
                if !self.is_register.get(dst.index()).copied().unwrap_or(false) {
                    continue;
                }
                let register = *dst;
                if memory && inst.dst == Some(register) {
                    inst.old = Src::Val(register);
                    continue;
                }
                *dst = self.out.new_val(self.out.vals[register.index()]);
                assigned.push((register, *dst));
            }
            inst.dst = renamed.dst;
            inst.dst2 = renamed.dst2;
            if memory {
                inst.guard = Some(match inst.guard {
                    None => guard,
                    Some(own) => self.both(own, guard),
                });
            }
            self.emit(inst);
        }
        let mut guard = guard;
        if assigned.len() > 1 && assigned.iter().any(|(register, _)| *register == guard.pred) {
            // The guard is one of several results: it is read before any is written.
            let before = self.temp_pred();
            self.copy(before, Src::Val(guard.pred));
            guard.pred = before;
        }
        for (register, new) in assigned {
            self.select(register, guard, Src::Val(new), Src::Val(register));
        }
    }

    /// The guard that holds where both do.
    fn both(&mut self, a: Guard, b: Guard) -> Guard {
        let of = |g: Guard, this: &mut Self| match g.negate {
            true => this.pred_op(Op::Not, Type::B32, Mods::NONE, &[Src::Val(g.pred)]),
            false => Src::Val(g.pred),
        };
        let (a, b) = (of(a, self), of(b, self));
        let pred = self.temp_pred();
        self.op_to(Op::And, Type::B32, Mods::NONE, pred, &[a, b]);
        Guard { pred, negate: false }
    }

    /// `dst = guard ? then : els`.
    fn select(&mut self, dst: Val, guard: Guard, then: Src, els: Src) {
        let (a, b) = if guard.negate { (els, then) } else { (then, els) };
        self.select_to(dst, Src::Val(guard.pred), a, b);
    }

    /// `dst = cond ? a : b`, for values and predicates.
    pub fn select_to(&mut self, dst: Val, cond: Src, a: Src, b: Src) {
        if !self.out.vals[dst.index()].pred {
            return self.op_to(Op::Sel, Type::B64, Mods::NONE, dst, &[a, b, cond]);
        }
        let yes = self.pred_op(Op::And, Type::B32, Mods::NONE, &[a, cond]);
        let no = self.pred_op(Op::Andn, Type::B32, Mods::NONE, &[b, cond]);
        self.op_to(Op::Or, Type::B32, Mods::NONE, dst, &[yes, no]);
    }

    /// Ends the thread.
    pub(super) fn exit(&mut self) {
        // A function's caller ends the thread: lanes that go on elsewhere need the warp to come back to them.
        let after = self.frames.first().and_then(|f| f.after).filter(|_| self.is_function);
        match after {
            Some(after) => {
                self.note_exit(true);
                self.end_block(Term::Jump(after));
            }
            None => self.end_block(Term::Exit),
        }
    }

    fn branch_target(&mut self, inst: &ast::Instruction<'_>) -> Result<BlockId> {
        match inst.operands.first() {
            Some(Operand::Label(label)) => Ok(self.label(*label)),
            _ => Err(self.error(ErrorKind::Invalid, "a branch needs a label")),
        }
    }

    fn operation(&mut self, inst: &'a ast::Instruction<'a>) -> Result<()> {
        match inst.op {
            _ if self.lower_stack(inst)? => Ok(()),
            Opcode::Bra => {
                let target = self.branch_target(inst)?;
                self.end_block(Term::Jump(target));
                Ok(())
            }
            Opcode::BrxIdx => self.indexed_branch(inst),
            Opcode::Exit => {
                self.exit();
                Ok(())
            }
            Opcode::Ret => {
                let term = self.frame().after.map_or(Term::Exit, Term::Jump);
                self.end_block(term);
                Ok(())
            }
            Opcode::Call => match inst.operands.first() {
                Some(Operand::Call(call)) => self.call(call),
                _ => Err(self.error(ErrorKind::Invalid, "a call needs its operands")),
            },
            _ => {
                if self.lower_arith(inst)?
                    || self.lower_bits(inst)?
                    || self.lower_convert(inst)?
                    || self.lower_memory(inst)?
                    || self.lower_warp(inst)?
                    || self.lower_tensor(inst)?
                {
                    return Ok(());
                }
                self.unsupported(format_args!("`{}`", inst.op))
            }
        }
    }

    /// `brx.idx`: a tree of comparisons.
    fn indexed_branch(&mut self, inst: &ast::Instruction<'_>) -> Result<()> {
        let (Some(index), Some(Operand::Table(table))) = (inst.operands.first(), inst.operands.get(1)) else {
            return Err(self.error(ErrorKind::Invalid, "an indexed branch needs an index and a table"));
        };
        let index = self.value(index, PtxType::U32)?;
        let ast::TableKind::Branch(labels) = &self.function().tables[table.index()].kind else {
            return Err(self.error(ErrorKind::Invalid, "the table holds no branch targets"));
        };
        let targets: Vec<_> = labels.iter().map(|&l| self.label(l)).collect();
        if targets.is_empty() {
            return Err(self.error(ErrorKind::Invalid, "the table of branch targets is empty"));
        }
        // Ranges of the table that are still to be told apart, and the block that does so.
        let mut work = vec![(self.block, 0, targets.len())];
        while let Some((block, from, to)) = work.pop() {
            self.start_block(block);
            if targets[from..to].iter().all(|t| *t == targets[from]) {
                self.end_block(Term::Jump(targets[from]));
                continue;
            }
            let middle = from + (to - from) / 2;
            let below = self.pred_op(Op::Setp, Type::U32, mods(&[(&mods::CMP, mods::cmp::LT)]), &[index, Src::Imm(middle as i64)]);
            let (low, high) = (self.out.new_block(), self.out.new_block());
            self.end_block(Term::Branch { cond: below, then: low, els: high });
            work.push((low, from, middle));
            work.push((high, middle, to));
        }
        let next = self.out.new_block();
        self.start_block(next);
        Ok(())
    }
}

/// Modifiers from fields and values.
pub(super) fn mods(fields: &[(&mods::Field, u16)]) -> Mods {
    fields.iter().fold(Mods::NONE, |mods, (field, value)| mods.with(field, *value))
}

fn branch(guard: Guard, then: BlockId, els: BlockId) -> Term {
    let (then, els) = if guard.negate { (els, then) } else { (then, els) };
    Term::Branch { cond: Src::Val(guard.pred), then, els }
}

/// Whether a guard turns into selections and guards; otherwise into a branch around the instruction.
fn is_selectable(op: Opcode) -> bool {
    use Opcode::*;
    !matches!(
        op,
        BrxIdx
            | Call
            | Ret
            | Exit
            | Trap
            | Brkpt
            | Nanosleep
            | Pmevent
            | PmeventMask
            | BarSync
            | BarArrive
            | BarRed
            | BarWarpSync
            | BarrierSync
            | BarrierArrive
            | BarrierRed
            | Vote
            | Match
            | Activemask
            | Redux
            | Shfl
            | Membar
            | MembarProxy
            | Fence
            | FenceProxy
            | Griddepcontrol
            | Alloca
    )
}

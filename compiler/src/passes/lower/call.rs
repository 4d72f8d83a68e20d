// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Calls.
//!
//! A function that is called by name is *expanded* in its caller. *Callees* are functions for which that cannot be:
//! those that can call themselves, and those whose address is taken. Each is compiled once for the module. Its *frame*
//! is a part of the thread's local memory, at [`Src::Frame`]; parameters and results lie at the start of the frame, as
//! its [`Signature`] says, so the caller writes and reads them at [`Src::Top`], where the next frame begins.
//!
//! Callees may use shared memory; their variables come first in every kernel's shared memory, at the same offsets. Where
//! dynamic shared memory starts, they compute.
//!
//! A thread that ends within a callee returns to the caller, which ends it: if any callee of the program may do so, the
//! frames of all begin with a word that tells ([`Callees::exits`]).

use super::func::{mods, Lower, Place};
use crate::error::{Error, ErrorKind};
use crate::ir::{Inst, Src, Term, Val};
use crate::ptx::ast::{self, Init, Operand, Param, Statement, Symbol, VarId};
use crate::ptx::opcode::Opcode;
use crate::ptx::words::Type as PtxType;
use ix_hw::isa::{mods, Mods, Op, Sreg, Type};
use std::collections::HashMap;

type Result<T> = std::result::Result<T, Error>;

/// Calls within calls that are expanded.
const MAX_DEPTH: usize = 64;

/// Where in a frame stands whether the thread is to end.
const EXIT_WORD: u64 = 0;

/// What a function of this name gives, which has no definition: the address of the runtime's block (`env_va` of a
/// dispatch). The device libraries of a runtime call it.
const ENVIRONMENT: &str = "__ix_environment";

/// The callees of a module.
#[derive(Debug, Clone, Default)]
pub struct Callees {
    /// Functions that cannot be expanded.
    pub all: Vec<ast::FuncId>,
    is_callee: Vec<bool>,
    /// Numbers of those that somebody calls.
    numbers: HashMap<ast::FuncId, u32>,
    /// The same in order of their numbers.
    pub called: Vec<ast::FuncId>,
    /// Whether a thread may end in one of them.
    pub exits: bool,
}

impl Callees {
    /// Finds the functions that cannot be expanded.
    pub fn of(ast: &ast::Module<'_>) -> Callees {
        let n = ast.functions.len();
        let mut taken = vec![false; n];
        let mut calls: Vec<Vec<usize>> = vec![vec![]; n];
        let resolve = |id: ast::FuncId| ast.func(id).definition.unwrap_or(id).index();
        for variable in &ast.variables {
            if let Some(init) = &variable.init {
                addresses(init, &mut |f| taken[resolve(f)] = true);
            }
        }
        let mut exits = vec![false; n];
        for (i, function) in ast.functions.iter().enumerate().filter(|(_, f)| f.definition.is_none()) {
            let mut stack: Vec<&[Statement<'_>]> = function.body.iter().map(Vec::as_slice).collect();
            while let Some(statements) = stack.pop() {
                for statement in statements {
                    match statement {
                        Statement::Block(inner) => stack.push(inner),
                        Statement::Instruction(inst) => {
                            exits[i] |= inst.op == Opcode::Exit;
                            for operand in &inst.operands {
                                scan(operand, &mut |f| taken[resolve(f)] = true, &mut |f| calls[i].push(resolve(f)));
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        let mut is_callee = on_cycles(&calls);
        for (i, function) in ast.functions.iter().enumerate() {
            is_callee[i] = (is_callee[i] || taken[i]) && function.body.is_some() && !function.is_entry;
        }
        let all = (0..n).filter(|&i| is_callee[i]).map(|i| ast::FuncId(i as u32)).collect();
        // What a callee expands is a part of it.
        let mut part = is_callee.clone();
        let mut work: Vec<usize> = (0..n).filter(|&i| part[i]).collect();
        while let Some(i) = work.pop() {
            work.extend(calls[i].iter().filter(|&&f| !std::mem::replace(&mut part[f], true)));
        }
        let exits = (0..n).any(|i| part[i] && exits[i]);
        Callees { all, is_callee, exits, ..Callees::default() }
    }

    /// The number of a callee.
    pub fn number(&mut self, id: ast::FuncId) -> u32 {
        let next = self.called.len() as u32;
        let number = *self.numbers.entry(id).or_insert(next);
        if number == next {
            self.called.push(id);
        }
        number
    }
}

/// Functions whose address an initialiser holds.
fn addresses(init: &Init, found: &mut impl FnMut(ast::FuncId)) {
    match init {
        Init::Address(address) => {
            if let Symbol::Func(f) = address.symbol {
                found(f);
            }
        }
        Init::List(list) => list.iter().for_each(|i| addresses(i, found)),
        Init::Imm(_) => {}
    }
}

/// Functions whose address an operand takes, and those that it calls.
fn scan(operand: &Operand, taken: &mut impl FnMut(ast::FuncId), called: &mut impl FnMut(ast::FuncId)) {
    match operand {
        Operand::Symbol(Symbol::Func(f), _) => taken(*f),
        Operand::Vector(list) => list.iter().for_each(|o| scan(o, taken, called)),
        Operand::Call(call) => {
            if let ast::CallTarget::Func(f) = call.target {
                called(f);
            }
            call.args.iter().for_each(|o| scan(o, taken, called));
        }
        _ => {}
    }
}

/// Which nodes lie on a cycle, or between two cycles.
fn on_cycles(edges: &[Vec<usize>]) -> Vec<bool> {
    let n = edges.len();
    let mut reverse = vec![vec![]; n];
    for (i, to) in edges.iter().enumerate() {
        to.iter().for_each(|&t| reverse[t].push(i));
    }
    let mut alive = vec![true; n];
    // Takes away what has no edges left, once in each direction.
    for (out, back) in [(edges, &reverse[..]), (&reverse[..], edges)] {
        let mut degree: Vec<usize> = (0..n).map(|i| out[i].iter().filter(|&&t| alive[t]).count()).collect();
        let mut work: Vec<usize> = (0..n).filter(|&i| alive[i] && degree[i] == 0).collect();
        while let Some(i) = work.pop() {
            alive[i] = false;
            for &p in &back[i] {
                degree[p] = degree[p].saturating_sub(1);
                if degree[p] == 0 && alive[p] {
                    work.push(p);
                }
            }
        }
    }
    alive
}

/// Where a parameter or result lies in a callee's frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub offset: u32,
    pub size: u32,
    pub align: u32,
    pub is_result: bool,
}

/// The parameters and results of a callee: the same for all functions of one type.
#[derive(Debug, Clone, Default)]
pub(super) struct Signature {
    /// Parameters, then results.
    pub slots: Vec<Slot>,
    pub bytes: u64,
}

impl Signature {
    fn push(&mut self, size: u64, align: u64, is_result: bool) {
        // Registers and small variables are passed alike, in words of their own.
        let align = align.max(8);
        let offset = self.bytes.next_multiple_of(align);
        self.bytes = offset + size;
        self.slots.push(Slot { offset: offset as u32, size: size as u32, align: align as u32, is_result });
    }

    fn of_function(mut self, ast: &ast::Module<'_>, function: &ast::Function<'_>) -> Signature {
        let signature = &mut self;
        for (params, is_result) in [(&function.params, false), (&function.returns, true)] {
            for param in params {
                match param {
                    Param::Var(var) => {
                        let variable = ast.var(*var);
                        signature.push(variable.bytes(), u64::from(variable.alignment()), is_result);
                    }
                    Param::Reg(_) => signature.push(8, 8, is_result),
                }
            }
        }
        self
    }

    fn of_prototype(mut self, prototype: &ast::Prototype<'_>) -> Signature {
        let signature = &mut self;
        for (params, is_result) in [(&prototype.params, false), (&prototype.returns, true)] {
            for param in params {
                if param.space == crate::ptx::words::Space::Reg {
                    signature.push(8, 8, is_result);
                    continue;
                }
                let size = param.dims.iter().fold(u64::from(param.ty.bytes()), |n, &d| n.saturating_mul(d));
                signature.push(size, u64::from(param.align.unwrap_or(param.ty.bytes())), is_result);
            }
        }
        self
    }
}

impl<'a> Lower<'a, '_> {
    /// The start of all signatures of the program.
    fn blank_signature(&self) -> Signature {
        Signature { slots: vec![], bytes: if self.callees.exits { EXIT_WORD + 8 } else { 0 } }
    }

    /// The signature of a function that is called.
    pub(super) fn signature(&self, function: &ast::Function<'_>) -> Signature {
        self.blank_signature().of_function(self.ast, function)
    }

    /// In a function: tells the caller whether the thread is to end.
    pub(super) fn note_exit(&mut self, exit: bool) {
        self.local(Op::St, Type::B64, Src::Frame, EXIT_WORD as u32, Src::Imm(exit.into()));
    }

    /// After a call: ends the threads that were to end in the function.
    fn heed_exit(&mut self) {
        if !self.callees.exits {
            return;
        }
        let ended = self.out.new_pred();
        self.load_register(ended, Src::Top, EXIT_WORD as u32);
        let (exit, on) = (self.out.new_block(), self.out.new_block());
        self.end_block(Term::Branch { cond: Src::Val(ended), then: exit, els: on });
        self.start_block(exit);
        self.exit();
        self.start_block(on);
    }

    /// The number of the callee whose address is taken.
    pub(super) fn callee(&mut self, id: ast::FuncId) -> Result<u32> {
        let id = self.ast.func(id).definition.unwrap_or(id);
        let function = self.ast.func(id);
        if function.body.is_none() {
            return Err(self.undefined(id));
        }
        if function.is_entry {
            return self.unsupported(format_args!("the address of the kernel `{}`", function.name));
        }
        Ok(self.callees.number(id))
    }

    pub(super) fn call(&mut self, call: &ast::Call) -> Result<()> {
        let ast::CallTarget::Func(prototype) = call.target else {
            return self.indirect_call(call);
        };
        let id = self.ast.func(prototype).definition.unwrap_or(prototype);
        let function = self.ast.func(id);
        if function.body.is_none() {
            return match (function.name, &call.returns[..]) {
                ("__assertfail", _) if !self.closed => {
                    self.emit(Inst::new(Op::Trap, Type::None));
                    Ok(())
                }
                (ENVIRONMENT, [result]) if call.args.is_empty() => self.environment(result),
                _ => Err(self.undefined(id)),
            };
        }
        if function.is_entry {
            return Err(self.error(ErrorKind::Invalid, format!("`{}` is a kernel and cannot be called", function.name)));
        }
        if call.args.len() != function.params.len() || call.returns.len() != function.returns.len() {
            let reason = format!(
                "`{}` takes {} arguments and gives {} results, not {} and {}",
                function.name,
                function.params.len(),
                function.returns.len(),
                call.args.len(),
                call.returns.len()
            );
            return Err(self.error(ErrorKind::Invalid, reason));
        }
        if self.callees.is_callee[id.index()] {
            let number = self.callees.number(id);
            let signature = self.signature(function);
            self.pass_arguments(call, &signature)?;
            let mut inst = Inst::new(Op::Call, Type::None);
            inst.disp = number as i32;
            self.emit(inst);
            self.heed_exit();
            return self.fetch_results(call, &signature);
        }
        self.expand(call, id)
    }

    /// Puts the address of the runtime's block into a result.
    fn environment(&mut self, result: &Operand) -> Result<()> {
        let address = self.sreg(Sreg::Env, Type::B64);
        match result {
            Operand::Symbol(Symbol::Var(var), 0) => {
                let Place::Local(offset) = self.place(*var)? else {
                    return self.unsupported("a kernel's parameter as result");
                };
                let base = self.local_base();
                self.local(Op::St, Type::B64, base, offset, address);
            }
            other => {
                let value = self.dst(other)?;
                self.copy(value, address);
            }
        }
        Ok(())
    }

    /// The error for a function that is declared only.
    fn undefined(&self, id: ast::FuncId) -> Error {
        let function = self.ast.func(id);
        self.unresolved(function.name, function.span)
    }

    /// Lowers the body of a function in place of a call of it.
    fn expand(&mut self, call: &ast::Call, id: ast::FuncId) -> Result<()> {
        let function = self.ast.func(id);
        if self.frames.len() >= MAX_DEPTH {
            return Err(self.error(ErrorKind::Limit, format!("calls are nested deeper than {MAX_DEPTH}")));
        }
        // Parameters: variables are shared between caller and callee, for the caller may not use them in between.
        let mut places = vec![];
        let mut values = vec![];
        for (arg, param) in call.args.iter().zip(&function.params) {
            match *param {
                Param::Var(var) => places.push((var, self.argument(arg, var)?)),
                Param::Reg(reg) => {
                    let ty = function.reg(reg).ty;
                    let value = if ty == PtxType::Pred { self.pred(arg)? } else { self.value(arg, ty)? };
                    values.push((reg, value));
                }
            }
        }
        let mut results = vec![];
        for (ret, param) in call.returns.iter().zip(&function.returns) {
            match *param {
                Param::Var(var) => places.push((var, self.argument(ret, var)?)),
                Param::Reg(reg) => results.push((self.dst(ret)?, reg)),
            }
        }
        let after = self.out.new_block();
        let span = self.span;
        let loc = self.loc;
        self.open_frame(id, Some(after));
        for (reg, value) in values {
            let dst = self.reg(reg, None);
            self.copy(dst, value);
        }
        self.frame_mut().places.extend(places);
        let outcome = self.body(id);
        self.end_block(Term::Jump(after));
        self.start_block(after);
        self.leave_stack();
        let results: Vec<_> = results.into_iter().map(|(dst, reg)| (dst, self.reg(reg, None))).collect();
        self.frames.pop();
        outcome?;
        self.span = span;
        self.loc = loc;
        for (dst, value) in results {
            self.copy(dst, Src::Val(value));
        }
        Ok(())
    }

    /// Where a parameter variable of an expanded function lies: at the variable that the caller names, or at a copy of
    /// the value.
    fn argument(&mut self, arg: &Operand, formal: VarId) -> Result<Place> {
        let variable = self.ast.var(formal);
        if let Operand::Symbol(Symbol::Var(var), 0) = arg {
            let place = self.place(*var)?;
            if matches!(place, Place::Local(_)) && self.ast.var(*var).bytes() >= variable.bytes() {
                return Ok(place);
            }
        }
        let Some(ty) = super::hw_type(variable.ty).filter(|_| variable.dims.is_empty() && variable.vector.is_none()) else {
            return Err(self.error(ErrorKind::Invalid, "the argument is smaller than the parameter"));
        };
        let value = self.value(arg, variable.ty)?;
        let place = self.allocate(formal)?;
        if let Place::Local(offset) = place {
            let base = self.local_base();
            self.local(Op::St, super::bits_type(ty.bits()), base, offset, value);
        }
        Ok(place)
    }

    /// A load to or store of `value` in local memory.
    fn local(&mut self, op: Op, ty: Type, base: Src, offset: u32, value: Src) {
        let mut inst = Inst::new(op, ty);
        inst.mods = mods(&[(&mods::SPACE, mods::space::LOCAL)]);
        inst.src[0] = base;
        inst.disp = offset as i32;
        match value {
            Src::Val(v) if op == Op::Ld => inst.dst = Some(v),
            value => inst.src[1] = value,
        }
        self.emit(inst);
    }

    /// Loads a register or predicate from a word of a frame.
    pub(super) fn load_register(&mut self, value: Val, base: Src, offset: u32) {
        if !self.out.vals[value.index()].pred {
            return self.local(Op::Ld, Type::B64, base, offset, Src::Val(value));
        }
        let word = self.temp();
        self.local(Op::Ld, Type::B64, base, offset, Src::Val(word));
        self.op_to(Op::Setp, Type::B64, mods(&[(&mods::CMP, mods::cmp::NE)]), value, &[Src::Val(word), Src::Imm(0)]);
    }

    /// Stores a register or predicate in a word of a frame.
    pub(super) fn store_register(&mut self, value: Val, base: Src, offset: u32) {
        let word = match self.out.vals[value.index()].pred {
            true => self.op(Op::Sel, Type::B64, &[Src::Imm(1), Src::Imm(0), Src::Val(value)]),
            false => Src::Val(value),
        };
        self.local(Op::St, Type::B64, base, offset, word);
    }

    /// Copies a variable between this frame and the next one.
    fn copy_variable(&mut self, var: VarId, slot: Slot, to_next: bool) -> Result<()> {
        let variable = self.ast.var(var);
        let Place::Local(at) = self.place(var)? else {
            return self.unsupported("a kernel's parameter as argument");
        };
        let bytes = variable.bytes().min(u64::from(slot.size)) as u32;
        // A scalar goes in one piece, as it is accessed; others in words as large as their alignment allows.
        let scalar = variable.dims.is_empty() && variable.vector.is_none();
        let piece = if scalar { variable.ty.bytes() } else { variable.alignment().min(slot.align).clamp(1, 8) };
        let base = self.local_base();
        let mut offset = 0;
        while offset < bytes {
            let size = piece.min(1 << (bytes - offset).ilog2()).min(8);
            let ty = super::bits_type(size * 8);
            let word = self.temp();
            let (from, from_at, to, to_at) = match to_next {
                true => (base, at, Src::Top, slot.offset),
                false => (Src::Top, slot.offset, base, at),
            };
            self.local(Op::Ld, ty, from, from_at + offset, Src::Val(word));
            self.local(Op::St, ty, to, to_at + offset, Src::Val(word));
            offset += size;
        }
        Ok(())
    }

    fn pass_arguments(&mut self, call: &ast::Call, signature: &Signature) -> Result<()> {
        for (arg, slot) in call.args.iter().zip(&signature.slots) {
            match arg {
                Operand::Symbol(Symbol::Var(var), 0) => self.copy_variable(*var, *slot, true)?,
                Operand::Reg(reg) => {
                    let value = self.reg(*reg, None);
                    self.store_register(value, Src::Top, slot.offset);
                }
                other => {
                    let value = self.value(other, PtxType::B64)?;
                    self.local(Op::St, Type::B64, Src::Top, slot.offset, value);
                }
            }
        }
        Ok(())
    }

    fn fetch_results(&mut self, call: &ast::Call, signature: &Signature) -> Result<()> {
        for (ret, slot) in call.returns.iter().zip(signature.slots.iter().filter(|s| s.is_result)) {
            match ret {
                Operand::Symbol(Symbol::Var(var), 0) => self.copy_variable(*var, *slot, false)?,
                other => {
                    let value = self.dst(other)?;
                    self.load_register(value, Src::Top, slot.offset);
                }
            }
        }
        Ok(())
    }

    /// A call through a register. Lanes may call different functions: those that call the same one as the first lane
    /// go first, until none is left.
    fn indirect_call(&mut self, call: &ast::Call) -> Result<()> {
        let ast::CallTarget::Reg(target) = call.target else { return Ok(()) };
        let function = self.function();
        let signature = match call.table.map(|t| &function.tables[t.index()].kind) {
            Some(ast::TableKind::Prototype(prototype)) => self.blank_signature().of_prototype(prototype),
            Some(ast::TableKind::Call(targets)) => match targets.first() {
                Some(f) => self.signature(self.ast.func(*f)),
                None => return Err(self.error(ErrorKind::Invalid, "the table of call targets is empty")),
            },
            _ => return Err(self.error(ErrorKind::Invalid, "an indirect call needs a prototype or a table of targets")),
        };
        let results = signature.slots.iter().filter(|s| s.is_result).count();
        if call.args.len() + results != signature.slots.len() || call.returns.len() != results {
            return Err(self.error(ErrorKind::Invalid, "the operands do not fit the prototype"));
        }
        let address = Src::Val(self.reg(target, None));
        let done = self.out.new_pred();
        self.op_to(Op::Mov, Type::B32, Mods::NONE, done, &[Src::Imm(0)]);
        let (head, inside, next, after) = (self.out.new_block(), self.out.new_block(), self.out.new_block(), self.out.new_block());
        self.end_block(Term::Jump(head));
        self.start_block(head);
        let first = self.op(Op::ReadFirst, Type::B64, &[address]);
        let same = self.pred_op(Op::Setp, Type::B64, mods(&[(&mods::CMP, mods::cmp::EQ)]), &[address, first]);
        self.end_block(Term::Branch { cond: same, then: inside, els: next });
        self.start_block(inside);
        self.pass_arguments(call, &signature)?;
        let mut inst = Inst::new(Op::CallR, Type::None);
        inst.src[0] = first;
        self.emit(inst);
        self.heed_exit();
        self.fetch_results(call, &signature)?;
        self.op_to(Op::Mov, Type::B32, Mods::NONE, done, &[Src::Imm(1)]);
        self.end_block(Term::Jump(next));
        self.start_block(next);
        self.end_block(Term::Branch { cond: Src::Val(done), then: after, els: head });
        self.start_block(after);
        Ok(())
    }
}

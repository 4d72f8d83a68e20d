// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Instructions with registers, and their bytes.
//!
//! Spilled operands are brought into scratch registers before an instruction and results carried back behind it. Jumps
//! to what follows are dropped, conditions turned so that the more likely way falls through, distances filled in.

use super::linearize::{Item, Label, Program};
use super::regalloc::{Assignment, Place, Scalar, FRAME, MASK_SCRATCH, TOP};
use super::Code;
use crate::error::{Error, ErrorKind};
use crate::ir::{Bank, Func, Inst, Src, Val};
use ix_hw::isa::{self, mods, Guard, Mods, Op, Operand, Type, EXEC, INST_SIZE};
use std::collections::HashMap;

/// Runs the pass.
pub fn run(func: &Func, program: &Program, assignment: &Assignment) -> Result<Code, Error> {
    let items = straighten(&program.items);
    let mut emit = Emit {
        func,
        assignment,
        out: vec![],
        labels: HashMap::new(),
        fixups: vec![],
        relocations: vec![],
        lines: vec![],
        loc: 0,
        scratch: [0; 3],
        calls: vec![],
        next_call: 0,
    };
    if !assignment.saves.is_empty() {
        let size = emit.frame_bytes().into();
        emit.op(Op::Add, Type::U64, Operand::S(TOP), &[Operand::S(FRAME), Operand::I], size);
    }
    for item in &items {
        emit.item(item)?;
    }
    emit.finish()
}

/// Drops jumps to what follows and turns conditions around where that saves a jump.
fn straighten(items: &[Item]) -> Vec<Item> {
    // Labels that follow item `i` at once.
    let follows = |i: usize, label: Label| {
        items[i + 1..]
            .iter()
            .map_while(|x| match x {
                Item::Label(l) => Some(*l),
                _ => None,
            })
            .any(|l| l == label)
    };
    let mut out: Vec<Item> = Vec::with_capacity(items.len());
    for (i, item) in items.iter().enumerate() {
        let Item::Jump(to) = *item else {
            out.push(*item);
            continue;
        };
        if follows(i, to) {
            continue;
        }
        match out.last_mut() {
            Some(Item::Exec { none, to: over }) if follows(i, *over) => {
                *none = !*none;
                *over = to;
            }
            Some(Item::Scalar { zero, to: over, .. }) if follows(i, *over) => {
                *zero = !*zero;
                *over = to;
            }
            _ => out.push(*item),
        }
    }
    out
}

struct Emit<'a> {
    func: &'a Func,
    assignment: &'a Assignment,
    out: Vec<isa::Inst>,
    labels: HashMap<Label, usize>,
    /// Branches whose distance is to be filled in.
    fixups: Vec<(usize, Label)>,
    relocations: Vec<(u32, u32)>,
    lines: Vec<(u32, u32)>,
    loc: u32,
    /// Scratch registers in use, by bank.
    scratch: [u8; 3],
    /// Calls by name: instruction and number of the function.
    calls: Vec<(u32, u32)>,
    /// Calls so far, for [`Assignment::saves`].
    next_call: usize,
}

fn internal(reason: String) -> Error {
    Error::new(ErrorKind::Internal, reason)
}

impl Emit<'_> {
    fn place(&self, v: Val) -> Result<Place, Error> {
        self.assignment.places[v.index()].ok_or_else(|| internal(format!("%{} of {} has no register", v.0, self.func.name)))
    }

    fn push(&mut self, inst: isa::Inst) {
        if self.lines.last().is_none_or(|l| l.1 != self.loc) {
            self.lines.push((self.out.len() as u32 * INST_SIZE as u32, self.loc));
        }
        self.out.push(inst);
    }

    fn op(&mut self, op: Op, ty: Type, d: Operand, src: &[Operand], imm: i64) {
        let mut inst = isa::Inst::new(op, ty);
        inst.d = Some(d);
        for (to, from) in inst.src.iter_mut().zip(src) {
            *to = Some(*from);
        }
        inst.imm = imm;
        self.push(inst);
    }

    /// The next scratch register of a bank.
    fn scratch(&mut self, bank: Bank) -> Operand {
        let n = self.scratch[bank as usize];
        self.scratch[bank as usize] += 1;
        match bank {
            Bank::V => Operand::V(self.assignment.scratch[0] + n),
            Bank::S => Operand::S(self.assignment.scratch[1] + n),
            Bank::M => Operand::M(MASK_SCRATCH + n),
        }
    }

    fn spill_address(&self, offset: u32) -> i64 {
        i64::from(self.func.local_bytes.next_multiple_of(8) + offset)
    }

    /// A register with the value of a spilled web.
    fn reload(&mut self, place: Place) -> Operand {
        match place {
            Place::Reg(_) => Operand::I,
            Place::Local(offset) => {
                let v = self.scratch(Bank::V);
                self.reload_to(v, place);
                debug_assert!(self.spill_address(offset) >= 0);
                v
            }
            Place::Lane(_) => {
                let s = self.scratch(Bank::S);
                self.reload_to(s, place);
                s
            }
            Place::MaskIn(_) => {
                let m = self.scratch(Bank::M);
                self.reload_to(m, place);
                m
            }
        }
    }

    fn reload_to(&mut self, d: Operand, place: Place) {
        match place {
            Place::Reg(_) => {}
            Place::Local(offset) => {
                let mut ld = isa::Inst::new(Op::Ld, Type::B64);
                ld.mods = Mods::NONE.with(&mods::SPACE, mods::space::LOCAL);
                ld.d = Some(d);
                ld.src[0] = Some(Operand::S(FRAME));
                ld.imm = self.spill_address(offset);
                self.push(ld);
            }
            Place::Lane(Scalar::Lane(v, lane)) => {
                self.op(Op::ReadLane, Type::B64, d, &[Operand::V(v), Operand::I], i64::from(lane));
            }
            Place::MaskIn(Scalar::Lane(v, lane)) => {
                let s = self.scratch(Bank::S);
                self.op(Op::ReadLane, Type::B32, s, &[Operand::V(v), Operand::I], i64::from(lane));
                self.op(Op::Mov, Type::B32, d, &[s], 0);
            }
            Place::MaskIn(Scalar::Reg(s)) | Place::Lane(Scalar::Reg(s)) => self.op(Op::Mov, Type::B32, d, &[Operand::S(s)], 0),
        }
    }

    /// Carries a result from a scratch register to where its web lives.
    fn store(&mut self, from: Operand, place: Place) {
        match place {
            Place::Reg(_) => {}
            Place::Local(offset) => {
                let mut st = isa::Inst::new(Op::St, Type::B64);
                st.mods = Mods::NONE.with(&mods::SPACE, mods::space::LOCAL);
                st.src[0] = Some(Operand::S(FRAME));
                st.src[1] = Some(from);
                st.imm = self.spill_address(offset);
                self.push(st);
            }
            Place::Lane(Scalar::Lane(v, lane)) => {
                self.op(Op::WriteLane, Type::B64, Operand::V(v), &[from, Operand::I], i64::from(lane));
            }
            Place::MaskIn(Scalar::Lane(v, lane)) => {
                let s = self.scratch(Bank::S);
                self.op(Op::Mov, Type::B32, s, &[from], 0);
                self.op(Op::WriteLane, Type::B32, Operand::V(v), &[s, Operand::I], i64::from(lane));
            }
            Place::MaskIn(Scalar::Reg(s)) | Place::Lane(Scalar::Reg(s)) => self.op(Op::Mov, Type::B32, Operand::S(s), &[from], 0),
        }
    }

    fn register(&self, v: Val, r: u8) -> Operand {
        match self.func.bank(v) {
            Bank::V => Operand::V(r),
            Bank::S => Operand::S(r),
            Bank::M => Operand::M(r),
        }
    }

    /// A register that holds the value.
    fn read(&mut self, v: Val) -> Result<Operand, Error> {
        match self.place(v)? {
            Place::Reg(r) => Ok(self.register(v, r)),
            spilled => Ok(self.reload(spilled)),
        }
    }

    fn item(&mut self, item: &Item) -> Result<(), Error> {
        self.scratch = [0; 3];
        let branch = |op: Op, field: &mods::Field, when: u16, test: Option<Operand>| {
            let mut inst = isa::Inst::new(op, Type::None);
            if op != Op::Bra {
                inst.mods = Mods::NONE.with(field, when);
            }
            inst.src[0] = test;
            inst
        };
        match *item {
            Item::Label(label) => {
                self.labels.insert(label, self.out.len());
            }
            Item::Jump(to) => {
                self.fixups.push((self.out.len(), to));
                self.push(branch(Op::Bra, &mods::BRANCH_MASK, 0, None));
            }
            Item::Exec { none, to } => {
                let when = if none { mods::branch_mask::NONE } else { mods::branch_mask::ANY };
                self.fixups.push((self.out.len(), to));
                self.push(branch(Op::BraM, &mods::BRANCH_MASK, when, Some(Operand::M(EXEC))));
            }
            Item::Scalar { cond, zero, to } => {
                let test = self.read(cond)?;
                let when = if zero { mods::branch_scalar::Z } else { mods::branch_scalar::NZ };
                self.fixups.push((self.out.len(), to));
                self.push(branch(Op::BraS, &mods::BRANCH_SCALAR, when, Some(test)));
            }
            Item::Ret => self.push(isa::Inst::new(Op::Ret, Type::None)),
            Item::Inst(ref inst) if matches!(inst.op, Op::Call | Op::CallR) => self.call(inst)?,
            Item::Inst(ref inst) => self.inst(inst)?,
        }
        Ok(())
    }

    fn inst(&mut self, inst: &Inst) -> Result<(), Error> {
        self.loc = inst.loc;
        let desc = inst.op.desc();
        let mut out = isa::Inst::new(inst.op, inst.ty);
        out.mods = inst.mods;
        if desc.imm == isa::Imm::Displacement {
            out.imm = i64::from(inst.disp);
        }
        let mut relocation = None;
        for (i, src) in inst.src.iter().enumerate() {
            if !desc.src[i].exists() {
                continue;
            }
            out.src[i] = match *src {
                // The second source of `cvt` is only there for packed results.
                Src::None => Some(Operand::I),
                Src::Val(v) => Some(self.read(v)?),
                Src::Imm(value) => {
                    out.imm = if inst.op == Op::Mov && inst.ty != Type::B64 { i64::from(value as i32) } else { value };
                    Some(Operand::I)
                }
                Src::Addr(a) => {
                    relocation = Some(a.0);
                    Some(Operand::I)
                }
                Src::Exec => Some(Operand::M(EXEC)),
                Src::Frame => Some(Operand::S(FRAME)),
                Src::Top => Some(Operand::S(TOP)),
            };
        }
        if let Some(guard) = inst.guard {
            match self.read(guard.pred)? {
                Operand::M(mask) => out.guard = Guard { mask, negate: guard.negate },
                _ => return Err(internal(format!("the guard %{} is not in a mask register", guard.pred.0))),
            }
        }
        let mut results = vec![];
        if desc.d.exists() {
            out.d = match inst.dst {
                None => Some(Operand::M(EXEC)),
                Some(v) => {
                    let place = self.place(v)?;
                    let d = match place {
                        Place::Reg(r) => self.register(v, r),
                        _ => self.scratch(self.func.bank(v)),
                    };
                    if let Place::MaskIn(_) = place {
                        // Other lanes' bits stay as they are.
                        self.reload_to(d, place);
                    }
                    if !matches!(place, Place::Reg(_)) {
                        results.push((d, place));
                    }
                    Some(d)
                }
            };
        }
        if let Some(v) = inst.dst2 {
            let place = self.place(v)?;
            let d = match place {
                Place::Reg(r) => Operand::M(r),
                _ => {
                    let d = self.scratch(Bank::M);
                    self.reload_to(d, place);
                    results.push((d, place));
                    d
                }
            };
            if let Operand::M(m) = d {
                out.d2 = Some(m);
            }
        }
        self.old_value(inst, out.d)?;
        let copies_itself = inst.op == Op::Mov && inst.ty == Type::B64 && out.d == out.src[0];
        let mask_copies_itself = inst.op == Op::Mov && matches!(out.d, Some(Operand::M(_))) && out.d == out.src[0];
        if !copies_itself && !mask_copies_itself {
            if let Some(a) = relocation {
                self.relocations.push((self.out.len() as u32 * INST_SIZE as u32 + 8, a));
            }
            self.push(out);
        }
        for (d, place) in results {
            self.store(d, place);
        }
        Ok(())
    }

    /// Bytes of the frame: variables, spilled vectors, and what is saved over calls.
    fn frame_bytes(&self) -> u32 {
        let saved = self.assignment.saves.iter().map(|s| s.len() as u32).max().unwrap_or(0);
        (self.save_offset(0) as u32 + 8 * saved).next_multiple_of(16)
    }

    /// Where the n-th register over a call is saved.
    fn save_offset(&self, n: usize) -> i64 {
        self.spill_address(self.assignment.spill_bytes) + 8 * n as i64
    }

    /// A call: saves registers, moves the frame on, calls, and takes all of that back.
    fn call(&mut self, inst: &Inst) -> Result<(), Error> {
        self.loc = inst.loc;
        let assignment = self.assignment;
        let saves = assignment.saves.get(self.next_call).map_or(&[][..], Vec::as_slice);
        self.next_call += 1;
        let vector = Operand::V(self.assignment.scratch[0]);
        let access = |op: Op, value: Operand, offset: i64| {
            let mut memory = isa::Inst::new(op, Type::B64);
            memory.mods = Mods::NONE.with(&mods::SPACE, mods::space::LOCAL);
            memory.src[0] = Some(Operand::S(FRAME));
            match op {
                Op::Ld => memory.d = Some(value),
                _ => memory.src[1] = Some(value),
            }
            memory.imm = offset;
            memory
        };
        for (n, v) in saves.iter().enumerate() {
            self.scratch = [0; 3];
            let offset = self.save_offset(n);
            let value = match self.read(*v)? {
                value @ Operand::V(_) => value,
                Operand::M(m) => {
                    self.op(Op::Mov, Type::B32, vector, &[Operand::M(m)], 0);
                    vector
                }
                other => {
                    self.op(Op::Mov, Type::B64, vector, &[other], 0);
                    vector
                }
            };
            self.push(access(Op::St, value, offset));
        }
        self.scratch = [0; 3];
        let mut call = isa::Inst::new(inst.op, Type::None);
        match inst.src[0] {
            Src::Val(v) => call.src[0] = Some(self.read(v)?),
            _ => self.calls.push((0, inst.disp as u32)),
        }
        let size = i64::from(self.frame_bytes());
        self.op(Op::Mov, Type::B64, Operand::S(FRAME), &[Operand::S(TOP)], 0);
        if let (Op::Call, Some(last)) = (inst.op, self.calls.last_mut()) {
            last.0 = self.out.len() as u32;
        }
        self.push(call);
        self.op(Op::Sub, Type::U64, Operand::S(FRAME), &[Operand::S(FRAME), Operand::I], size);
        self.op(Op::Add, Type::U64, Operand::S(TOP), &[Operand::S(FRAME), Operand::I], size);
        for (n, v) in saves.iter().enumerate() {
            self.scratch = [0; 3];
            let place = self.place(*v)?;
            let offset = self.save_offset(n);
            let d = match place {
                Place::Reg(r) => self.register(*v, r),
                _ => self.scratch(self.func.bank(*v)),
            };
            if let Operand::V(_) = d {
                self.push(access(Op::Ld, d, offset));
                continue;
            }
            self.push(access(Op::Ld, vector, offset));
            match d {
                Operand::M(_) => {
                    let s = self.scratch(Bank::S);
                    self.op(Op::ReadFirst, Type::B32, s, &[vector], 0);
                    self.op(Op::Mov, Type::B32, d, &[s], 0);
                }
                _ => self.op(Op::ReadFirst, Type::B64, d, &[vector], 0),
            }
            self.store(d, place);
        }
        Ok(())
    }

    /// Brings the old value into the result of a guarded instruction.
    fn old_value(&mut self, inst: &Inst, d: Option<Operand>) -> Result<(), Error> {
        let (Some(d), false) = (d, inst.old == Src::None) else { return Ok(()) };
        match inst.old {
            Src::Val(v) => match self.place(v)? {
                Place::Reg(r) => {
                    let from = self.register(v, r);
                    if from != d {
                        self.op(Op::Mov, Type::B64, d, &[from], 0);
                    }
                }
                spilled @ Place::Local(_) => self.reload_to(d, spilled),
                spilled => {
                    let from = self.reload(spilled);
                    self.op(Op::Mov, Type::B64, d, &[from], 0);
                }
            },
            Src::Imm(value) => self.op(Op::Mov, Type::B64, d, &[Operand::I], value),
            Src::Addr(a) => {
                self.relocations.push((self.out.len() as u32 * INST_SIZE as u32 + 8, a.0));
                self.op(Op::Mov, Type::B64, d, &[Operand::I], 0);
            }
            Src::None | Src::Exec | Src::Frame | Src::Top => {}
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Code, Error> {
        for &(at, label) in &self.fixups {
            let Some(&to) = self.labels.get(&label) else {
                return Err(internal(format!("a branch of {} goes nowhere ({label:?})", self.func.name)));
            };
            self.out[at].imm = (to as i64 - at as i64) * INST_SIZE as i64;
        }
        let local_bytes = self.frame_bytes();
        let mut code = Code { relocations: self.relocations, lines: self.lines, ..Code::default() };
        code.bytes.reserve(self.out.len() * INST_SIZE as usize);
        for inst in &self.out {
            let operands = inst.src.iter().chain([&inst.d]).flatten();
            for operand in operands {
                match *operand {
                    Operand::V(n) => code.vregs = code.vregs.max(u16::from(n) + 1),
                    Operand::S(n) => code.sregs = code.sregs.max(u16::from(n) + 1),
                    _ => {}
                }
            }
            match inst.to_bytes() {
                Ok(bytes) => code.bytes.extend(bytes),
                Err(e) => return Err(internal(format!("{}: `{inst}`: {e}", self.func.name))),
            }
        }
        code.local_bytes = local_bytes;
        code.has_calls = !self.assignment.saves.is_empty();
        code.calls = self.calls;
        Ok(code)
    }
}

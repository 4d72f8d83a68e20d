// SPDX-License-Identifier: Apache-2.0 OR MIT
//! One thread of a program, by the meaning of PTX.

use ix_compiler::ptx::ast::{self, AddressBase, Operand, Statement};
use ix_compiler::ptx::opcode::Opcode;
use ix_compiler::ptx::special::SpecialReg;
use ix_compiler::ptx::words::{BoolOp, Cmp, Flag, Half, Space};
use std::collections::HashMap;

/// The code of a thread.
pub struct Thread<'a> {
    pub function: &'a ast::Function<'a>,
    code: Vec<&'a ast::Instruction<'a>>,
    labels: HashMap<ast::LabelId, usize>,
}

/// What a thread works on.
pub struct State<'m> {
    pub regs: Vec<u64>,
    pub tid: u32,
    pub ctaid: u32,
    pub ntid: u32,
    pub local: [u32; 8],
    pub params: &'m [u64],
    pub input: (u64, &'m [u32]),
    pub output: (u64, &'m mut [u8]),
    /// The carry or borrow of the last instruction that says `.cc`.
    pub carry: bool,
}

impl<'a> Thread<'a> {
    pub fn new(module: &'a ast::Module<'a>) -> Self {
        let function = module.entries().next().unwrap();
        let mut thread = Thread { function, code: vec![], labels: HashMap::new() };
        for statement in function.body.as_ref().unwrap() {
            match statement {
                Statement::Label(l) => {
                    thread.labels.insert(*l, thread.code.len());
                }
                Statement::Instruction(inst) => thread.code.push(inst),
                _ => {}
            }
        }
        thread
    }

    fn value(&self, s: &State<'_>, operand: &Operand) -> u64 {
        match operand {
            Operand::Reg(r) => s.regs[r.index()],
            Operand::Not(r) => s.regs[r.index()] ^ 1,
            Operand::Imm(ast::Imm::S64(i)) => *i as u64,
            Operand::Imm(ast::Imm::U64(u)) => *u,
            Operand::Special(special) => u64::from(match special.reg {
                SpecialReg::Tid => s.tid,
                SpecialReg::Ctaid => s.ctaid,
                SpecialReg::Ntid => s.ntid,
                SpecialReg::Laneid => s.tid % 32,
                other => panic!("{other}"),
            }),
            // The only variable is the local array.
            Operand::Symbol(..) => 0,
            other => panic!("{other:?}"),
        }
    }

    /// Runs the thread; whether it has come to its end.
    pub fn run(&self, s: &mut State<'_>) -> bool {
        let mut pc = 0;
        let mut steps = 0;
        while let Some(inst) = self.code.get(pc) {
            steps += 1;
            if steps > 2_000_000 {
                return false;
            }
            pc += 1;
            if let Some(guard) = inst.guard {
                if (s.regs[guard.reg.index()] != 0) == guard.negated {
                    continue;
                }
            }
            match inst.op {
                Opcode::Bra => {
                    let Operand::Label(l) = inst.operands[0] else { panic!() };
                    pc = self.labels[&l];
                }
                Opcode::BrxIdx => {
                    let (index, Operand::Table(table)) = (self.value(s, &inst.operands[0]), &inst.operands[1]) else { panic!() };
                    let ast::TableKind::Branch(labels) = &self.function.tables[table.index()].kind else { panic!() };
                    let Some(label) = labels.get(index as usize) else { return false };
                    pc = self.labels[label];
                }
                Opcode::Ret | Opcode::Exit => return true,
                Opcode::Call => {
                    let Operand::Call(call) = &inst.operands[0] else { panic!() };
                    let (Operand::Reg(d), a) = (&call.returns[0], self.value(s, &call.args[0])) else { panic!() };
                    s.regs[d.index()] = (1..=a).fold(5u32, |r, a| r.wrapping_mul(3).wrapping_add(a as u32)).into();
                }
                Opcode::Ld | Opcode::St => {
                    if self.memory(s, inst).is_none() {
                        return false;
                    }
                }
                _ => self.compute(s, inst),
            }
        }
        true
    }

    /// A load or store; `None` where it goes astray.
    fn memory(&self, s: &mut State<'_>, inst: &ast::Instruction<'_>) -> Option<()> {
        let store = inst.op == Opcode::St;
        let Operand::Address(address) = &inst.operands[usize::from(!store)] else { panic!() };
        if let AddressBase::Symbol(ast::Symbol::Var(var)) = address.base {
            let index = self.function.params.iter().position(|p| *p == ast::Param::Var(var)).unwrap();
            let Operand::Reg(d) = inst.operands[0] else { panic!() };
            s.regs[d.index()] = s.params[index];
            return Some(());
        }
        let AddressBase::Reg(base) = address.base else { panic!() };
        let at = s.regs[base.index()].wrapping_add(address.offset as u64);
        let word = |base: u64| usize::try_from(at.checked_sub(base)? / 4).ok();
        if store {
            let value = self.value(s, &inst.operands[1]) as u32;
            if inst.space() == Some(Space::Local) {
                *s.local.get_mut(word(0)?)? = value;
            } else {
                let at = 4 * word(s.output.0)?;
                s.output.1.get_mut(at..at + 4)?.copy_from_slice(&value.to_le_bytes());
            }
        } else {
            let Operand::Reg(d) = inst.operands[0] else { panic!() };
            let loaded = match inst.space() {
                Some(Space::Local) => *s.local.get(word(0)?)?,
                _ => *s.input.1.get(word(s.input.0)?)?,
            };
            // A part of a word, extended to the register.
            let ty = inst.ty()?;
            let (part, unused) = (loaded >> (8 * (at & 3)), 32 - ty.bits());
            s.regs[d.index()] =
                u64::from(if ty.is_signed() { ((part << unused) as i32 >> unused) as u32 } else { part << unused >> unused });
        }
        Some(())
    }

    fn compute(&self, s: &mut State<'_>, inst: &ast::Instruction<'_>) {
        let ty = inst.ty().unwrap();
        let bits = ty.bits();
        let mask = if bits >= 64 { u64::MAX } else { (1 << bits) - 1 };
        let raw: Vec<u64> = inst.operands[1..].iter().map(|o| self.value(s, o)).collect();
        let number = |v: u64| -> i128 {
            let v = v & mask;
            if ty.is_signed() && bits > 1 && v >> (bits - 1) & 1 != 0 {
                i128::from(v) - (1i128 << bits)
            } else {
                i128::from(v)
            }
        };
        let n = |i: usize| number(raw[i]);
        let mut width = bits;
        let result: i128 = match inst.op {
            Opcode::Mov => n(0),
            Opcode::Add | Opcode::Addc | Opcode::Sub | Opcode::Subc
                if inst.has(Flag::Cc) || matches!(inst.op, Opcode::Addc | Opcode::Subc) =>
            {
                let carry = i128::from(s.carry && matches!(inst.op, Opcode::Addc | Opcode::Subc));
                let (a, b) = (i128::from(raw[0] & mask), i128::from(raw[1] & mask));
                let result = if matches!(inst.op, Opcode::Add | Opcode::Addc) { a + b + carry } else { a - b - carry };
                if inst.has(Flag::Cc) {
                    s.carry = result < 0 || result > i128::from(mask);
                }
                result
            }
            Opcode::Add => n(0) + n(1),
            Opcode::Sub => n(0) - n(1),
            Opcode::Mul if inst.half() == Some(Half::Wide) => {
                width = 2 * bits;
                n(0) * n(1)
            }
            Opcode::Mul => n(0).wrapping_mul(n(1)),
            Opcode::Mad if inst.half() == Some(Half::Wide) => {
                width = 2 * bits;
                n(0) * n(1) + i128::from(raw[2])
            }
            Opcode::Mad => n(0) * n(1) + n(2),
            Opcode::And => n(0) & n(1),
            Opcode::Or => n(0) | n(1),
            Opcode::Xor => n(0) ^ n(1),
            Opcode::Not => !n(0),
            Opcode::Min => n(0).min(n(1)),
            Opcode::Max => n(0).max(n(1)),
            Opcode::Shl => {
                let amount = raw[1] as u32;
                if amount >= bits {
                    0
                } else {
                    n(0) << amount
                }
            }
            Opcode::Shr => n(0) >> (raw[1] as u32).min(bits),
            Opcode::Selp => {
                if raw[2] != 0 {
                    n(0)
                } else {
                    n(1)
                }
            }
            Opcode::Cvt => {
                let from = inst.type_at(1).unwrap();
                let unused = 64 - from.bits();
                if from.is_signed() {
                    i128::from((raw[0] << unused) as i64 >> unused)
                } else {
                    i128::from(raw[0] << unused >> unused)
                }
            }
            Opcode::Bfe => {
                let (pos, len) = (raw[1] as u32 & 255, raw[2] as u32 & 255);
                let field = (0..len.min(64)).filter(|i| pos + i < 32 && raw[0] >> (pos + i) & 1 != 0);
                field.fold(0, |r, i| if i < 32 { r | 1 << i } else { r })
            }
            Opcode::Setp => {
                let truth = match inst.cmp().unwrap() {
                    Cmp::Eq => n(0) == n(1),
                    Cmp::Ne => n(0) != n(1),
                    Cmp::Lt => n(0) < n(1),
                    Cmp::Le => n(0) <= n(1),
                    Cmp::Gt => n(0) > n(1),
                    _ => n(0) >= n(1),
                };
                let combine = |t: bool| {
                    let c = raw.get(2).is_some_and(|c| *c != 0);
                    u64::from(match inst.bool_op() {
                        Some(BoolOp::And) => t & c,
                        Some(BoolOp::Or) => t | c,
                        Some(BoolOp::Xor) => t ^ c,
                        _ => t,
                    })
                };
                let mut set = |o: &Operand, v: u64| {
                    if let Operand::Reg(r) = o {
                        s.regs[r.index()] = v;
                    }
                };
                match &inst.operands[0] {
                    Operand::Pair(pair) => {
                        set(&pair.0, combine(truth));
                        set(&pair.1, combine(!truth));
                    }
                    one => set(one, combine(truth)),
                }
                return;
            }
            other => panic!("{other}"),
        };
        let Operand::Reg(d) = inst.operands[0] else { panic!() };
        s.regs[d.index()] = if width >= 64 { result as u64 } else { result as u64 & ((1 << width) - 1) };
    }
}

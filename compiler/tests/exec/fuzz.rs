// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Random programs: compiled code on the interpreter against an evaluator that runs one thread at a time.
//!
//! Two generators. *Structured* programs nest conditions, loops with uniform and divergent trip counts, breaks,
//! continues and early ends. *Tangled* programs are blocks that branch anywhere, irreducible graphs included, until
//! their fuel is used up. Both keep many variables alive, 32 and 64 bits wide and predicates, some uniform and some
//! not. The evaluator walks the syntax tree and knows nothing of warps.
//!
//! `IX_FUZZ_ITERS` is the number of programs, `IX_FUZZ_SEED` the first seed.

use crate::machine::{Machine, Params, Shape};
use ix_compiler::ptx::ast::{self, AddressBase, Operand, Statement};
use ix_compiler::ptx::opcode::Opcode;
use ix_compiler::ptx::special::SpecialReg;
use ix_compiler::ptx::words::{BoolOp, Cmp, Half, Space, Type};
use ix_compiler::{compile, Options};
use std::collections::HashMap;
use std::fmt::Write;

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

/// Words of input that programs read.
const INPUTS: u64 = 64;
/// Words that a thread may write in the course of a program.
const SCRATCH: u64 = 16;

/// A program in the making.
struct Generator {
    random: Random,
    text: String,
    /// Numbers of 32-bit, 64-bit and predicate registers.
    words: u64,
    longs: u64,
    preds: u64,
    labels: u32,
    counters: u32,
    /// Labels that `break` and `continue` may go to.
    targets: Vec<u32>,
    budget: i32,
}

impl Generator {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            random.next();
        }
        // Now and then so many that registers run out.
        let crowd = random.below(24);
        let words = match crowd {
            0 => 280,
            2 => 900,
            _ => 4 + random.below(24),
        };
        let preds = if crowd == 1 { 60 } else { 2 + random.below(8) };
        Generator { random, text: String::new(), words, longs: 2 + words / 4, preds, labels: 0, counters: 0, targets: vec![], budget: 60 }
    }

    fn line(&mut self, text: impl AsRef<str>) {
        self.text.push_str("    ");
        self.text.push_str(text.as_ref());
        self.text.push_str(";\n");
    }

    fn label(&mut self) -> u32 {
        self.labels += 1;
        self.labels
    }

    fn place(&mut self, label: u32) {
        let _ = writeln!(self.text, "L{label}:");
    }

    fn word(&mut self) -> String {
        format!("%r{}", self.random.below(self.words))
    }
    fn long(&mut self) -> String {
        format!("%rd{}", self.random.below(self.longs))
    }
    fn pred(&mut self) -> String {
        format!("%p{}", self.random.below(self.preds))
    }

    fn word_or_number(&mut self) -> String {
        match self.random.below(8) {
            0 => (self.random.next() as i32).to_string(),
            1 | 2 => (self.random.below(40) as i32 - 8).to_string(),
            _ => self.word(),
        }
    }

    fn guard(&mut self) -> String {
        match self.random.below(10) {
            0 => format!("@{} ", self.pred()),
            1 => format!("@!{} ", self.pred()),
            _ => String::new(),
        }
    }

    /// One instruction without control flow.
    fn assign(&mut self) {
        let guard = self.guard();
        let (d, a, b, c) = (self.word(), self.word(), self.word_or_number(), self.word());
        let text = match self.random.below(27) {
            0..=2 => format!("add.s32 {d}, {a}, {b}"),
            3 => format!("sub.s32 {d}, {a}, {b}"),
            4 => format!("mul.lo.s32 {d}, {a}, {b}"),
            5 => format!("mad.lo.s32 {d}, {a}, {b}, {c}"),
            6 => format!("{}.b32 {d}, {a}, {b}", self.random.pick(&["and", "or", "xor"])),
            7 => format!("{} {d}, {a}, {}", self.random.pick(&["shl.b32", "shr.u32", "shr.s32"]), self.random.below(40)),
            8 => format!("{}.{} {d}, {a}, {b}", self.random.pick(&["min", "max"]), self.random.pick(&["s32", "u32"])),
            9 => {
                let p = self.pred();
                format!("selp.b32 {d}, {a}, {b}, {p}")
            }
            10 => format!("mov.u32 {d}, {b}"),
            11 => format!("mov.u32 {d}, {}", self.random.pick(&["%tid.x", "%ctaid.x", "%laneid", "%ntid.x"])),
            12..=14 => {
                let p = self.pred();
                let cmp = self.random.pick(&["eq", "ne", "lt", "le", "gt", "ge"]);
                let ty = self.random.pick(&["s32", "u32"]);
                format!("setp.{cmp}.{ty} {p}, {a}, {b}")
            }
            15 => {
                let (p, q, r) = (self.pred(), self.pred(), self.pred());
                let cmp = self.random.pick(&["eq", "ne", "lt", "gt"]);
                let op = self.random.pick(&["and", "or", "xor"]);
                let not = if self.random.one_in(2) { "!" } else { "" };
                if p == q {
                    format!("setp.{cmp}.{op}.s32 {p}, {a}, {b}, {not}{r}")
                } else {
                    format!("setp.{cmp}.{op}.s32 {p}|{q}, {a}, {b}, {not}{r}")
                }
            }
            16 => {
                let (p, q, r) = (self.pred(), self.pred(), self.pred());
                match self.random.below(4) {
                    0 => format!("not.pred {p}, {q}"),
                    1 => format!("mov.pred {p}, {q}"),
                    _ => format!("{}.pred {p}, {q}, {r}", self.random.pick(&["and", "or", "xor"])),
                }
            }
            17 => {
                let (d, a) = (self.long(), self.long());
                let b = self.long();
                format!("{} {d}, {a}, {b}", self.random.pick(&["add.s64", "sub.s64", "mul.lo.s64", "xor.b64"]))
            }
            18 => {
                let d = self.long();
                match self.random.below(3) {
                    0 => format!("cvt.s64.s32 {d}, {a}"),
                    1 => format!("cvt.u64.u32 {d}, {a}"),
                    _ => format!("mul.wide.s32 {d}, {a}, {c}"),
                }
            }
            19 => {
                let a = self.long();
                match self.random.below(2) {
                    0 => format!("cvt.u32.u64 {d}, {a}"),
                    _ => {
                        let p = self.pred();
                        let b = self.long();
                        format!("setp.lt.u64 {p}, {a}, {b}")
                    }
                }
            }
            20 | 21 => {
                // A load; the address registers are not among the variables.
                self.line(format!("and.b32 %x, {a}, {}", INPUTS - 1));
                self.line("mul.wide.u32 %xd, %x, 4");
                self.line("add.s64 %xd, %xd, %in");
                format!("ld.global.u32 {d}, [%xd]")
            }
            22 => {
                // The thread's own words of local memory.
                self.line(format!("and.b32 %x, {a}, 7"));
                self.line("mul.wide.u32 %xd, %x, 4");
                self.line("add.s64 %xd, %xd, %depot");
                if self.random.one_in(2) {
                    format!("ld.local.u32 {d}, [%xd]")
                } else {
                    format!("st.local.u32 [%xd], {a}")
                }
            }
            23 => {
                let (p, q) = (self.pred(), self.pred());
                format!("setp.ne.and.u32 {p}, {a}, {b}, {q}")
            }
            25 if self.random.one_in(3) => {
                // A function that calls itself: what is live goes to memory meanwhile.
                self.line(format!("and.b32 %x, {a}, 3"));
                format!("call ({d}), step, (%x)")
            }
            24 => format!("st.global.u32 [%scratch+{}], {a}", self.random.below(SCRATCH) * 4),
            _ => format!("bfe.u32 {d}, {a}, {}, {}", self.random.below(33), self.random.below(33)),
        };
        self.line(guard + &text);
    }

    fn block(&mut self, depth: u32) {
        let count = 1 + self.random.below(5);
        for _ in 0..count {
            self.statement(depth);
        }
    }

    fn condition(&mut self) -> String {
        if self.random.one_in(3) {
            self.assign();
        }
        let p = self.pred();
        if self.random.one_in(3) {
            format!("@!{p}")
        } else {
            format!("@{p}")
        }
    }

    fn statement(&mut self, depth: u32) {
        self.budget -= 1;
        if depth == 0 || self.budget <= 0 {
            return self.assign();
        }
        match self.random.below(14) {
            0..=6 => self.assign(),
            7..=9 => {
                let (els, end) = (self.label(), self.label());
                let cond = self.condition();
                self.line(format!("{cond} bra L{els}"));
                self.block(depth - 1);
                if self.random.one_in(2) {
                    self.line(format!("bra L{end}"));
                    self.place(els);
                    self.block(depth - 1);
                } else {
                    self.place(els);
                }
                self.place(end);
            }
            10 | 11 => self.repeat(depth),
            12 if !self.targets.is_empty() => {
                let target = *self.random.pick(&self.targets.clone());
                let cond = self.condition();
                self.line(format!("{cond} bra L{target}"));
            }
            13 if self.random.one_in(3) => {
                let cond = self.condition();
                let end = self.random.pick(&["exit", "ret"]);
                self.line(format!("{cond} {end}"));
            }
            _ => self.assign(),
        }
    }

    /// A loop whose counter is a register of its own, so that it ends.
    fn repeat(&mut self, depth: u32) {
        self.counters += 1;
        let i = format!("%i{}", self.counters);
        let (head, next, end) = (self.label(), self.label(), self.label());
        match self.random.below(3) {
            0 => {
                let count = 1 + self.random.below(5);
                self.line(format!("mov.u32 {i}, {count}"));
            }
            1 => {
                let a = self.word();
                self.line(format!("and.b32 {i}, {a}, 7"));
            }
            _ => self.line(format!("and.b32 {i}, %tid.x, 3")),
        }
        self.place(head);
        let test_first = self.random.one_in(2);
        let p = format!("%q{}", self.counters);
        if test_first {
            self.line(format!("setp.eq.u32 {p}, {i}, 0"));
            self.line(format!("@{p} bra L{end}"));
            self.line(format!("sub.u32 {i}, {i}, 1"));
        }
        self.targets.extend([next, end]);
        self.block(depth - 1);
        self.targets.truncate(self.targets.len() - 2);
        self.place(next);
        if test_first {
            self.line(format!("bra L{head}"));
        } else {
            self.line(format!("sub.u32 {i}, {i}, 1"));
            self.line(format!("setp.gt.s32 {p}, {i}, 0"));
            self.line(format!("@{p} bra L{head}"));
        }
        self.place(end);
        if self.random.one_in(2) {
            // What the loop left behind, seen from outside.
            let d = self.word();
            self.line(format!("add.s32 {d}, {d}, {i}"));
        }
    }

    /// Blocks that branch anywhere.
    fn tangle(&mut self) {
        let count = 3 + self.random.below(9) as u32;
        let first = self.labels + 1;
        self.labels += count;
        let end = self.label();
        self.line("mov.u32 %fuel, 40");
        if self.random.one_in(2) {
            let target = first + self.random.below(u64::from(count)) as u32;
            let cond = self.condition();
            self.line(format!("{cond} bra L{target}"));
        }
        for b in 0..count {
            self.place(first + b);
            for _ in 0..1 + self.random.below(3) {
                self.assign();
            }
            self.line("sub.u32 %fuel, %fuel, 1");
            self.line("setp.eq.u32 %q0, %fuel, 0");
            self.line(format!("@%q0 bra L{end}"));
            let mut target = || first + self.random.below(u64::from(count)) as u32;
            let (one, other) = (target(), target());
            match self.random.below(6) {
                0 => {}
                1 => self.line(format!("bra L{one}")),
                2 => {
                    let cond = self.condition();
                    self.line(format!("{cond} bra L{one}"));
                    self.line(format!("bra L{other}"));
                }
                3 if self.random.one_in(4) => {
                    let cond = self.condition();
                    self.line(format!("{cond} exit"));
                }
                _ => {
                    let cond = self.condition();
                    self.line(format!("{cond} bra L{one}"));
                }
            }
        }
        self.place(end);
    }

    fn program(mut self, tangled: bool) -> String {
        if tangled {
            self.tangle();
        } else {
            while self.budget > 0 {
                self.statement(4);
            }
        }
        let body = std::mem::take(&mut self.text);
        let (words, longs, preds, counters) = (self.words, self.longs, self.preds, self.counters + 1);
        let mut text = String::new();
        let _ = write!(
            text,
            ".version 7.8\n.target sm_80\n.address_size 64\n\
             .func (.reg .u32 %s) step(.reg .u32 %a) {{\n\
             .reg .u32 %t; .reg .pred %p; mov.u32 %s, 5; setp.eq.u32 %p, %a, 0; @%p ret;\n\
             sub.u32 %t, %a, 1; call (%s), step, (%t); mad.lo.u32 %s, %s, 3, %a; ret;\n}}\n\
             .visible .entry k(.param .u64 in, .param .u64 out, .param .u32 a, .param .u32 b) {{\n\
             .local .align 4 .b8 words[32];\n\
             .reg .b32 %r<{words}>;\n.reg .b64 %rd<{longs}>;\n.reg .pred %p<{preds}>;\n.reg .pred %q<{counters}>;\n\
             .reg .b32 %i<{counters}>;\n.reg .b32 %x;\n.reg .b32 %fuel;\n.reg .b64 %xd;\n.reg .b64 %in;\n\
             .reg .b64 %scratch;\n.reg .b64 %out;\n.reg .b64 %depot;\n"
        );
        let frame = 4 * SCRATCH + 4 * words + 8 * longs + 4 * preds;
        let mut setup = String::new();
        std::mem::swap(&mut self.text, &mut setup);
        self.line("ld.param.u64 %in, [in]");
        self.line("ld.param.u64 %out, [out]");
        self.line("mov.u64 %depot, words");
        self.line("mov.u32 %x, %ntid.x");
        self.line("mov.u32 %r0, %ctaid.x");
        self.line("mov.u32 %r1, %tid.x");
        self.line("mad.lo.u32 %x, %r0, %x, %r1");
        self.line(format!("mad.wide.u32 %scratch, %x, {frame}, %out"));
        for i in 0..words {
            let value = match self.random.below(if words > 800 { 9 } else { 5 }) {
                4.. => {
                    // A scalar load; of these, unlike of constants, many can be live.
                    let at = 4 * self.random.below(INPUTS);
                    self.line(format!("ld.global.u32 %r{i}, [%in+{at}]"));
                    continue;
                }
                0 => "%tid.x".to_owned(),
                1 => (self.random.next() as i32).to_string(),
                2 => "%ctaid.x".to_owned(),
                _ => {
                    let param = *self.random.pick(&["a", "b"]);
                    self.line(format!("ld.param.u32 %r{i}, [{param}]"));
                    continue;
                }
            };
            self.line(format!("mov.u32 %r{i}, {value}"));
        }
        for i in 0..longs {
            let a = self.word();
            let factor = 1 + self.random.below(1 << 30);
            self.line(format!("mul.wide.u32 %rd{i}, {a}, {factor}"));
        }
        for i in 0..preds {
            let (a, b) = (self.word(), self.word());
            self.line(format!("setp.{}.s32 %p{i}, {a}, {b}", ["lt", "ge"][i as usize % 2]));
        }
        for i in 0..8 {
            self.line(format!("st.local.u32 [%depot+{}], {}", 4 * i, 1000 + i));
        }
        text += &self.text;
        text += &body;
        self.text.clear();
        let mut at = 4 * SCRATCH;
        for i in 0..words {
            self.line(format!("st.global.u32 [%scratch+{at}], %r{i}"));
            at += 4;
        }
        for i in 0..longs {
            self.line(format!("st.global.u32 [%scratch+{at}], %rd{i}"));
            self.line(format!("shr.u64 %rd{i}, %rd{i}, 32"));
            self.line(format!("st.global.u32 [%scratch+{}], %rd{i}", at + 4));
            at += 8;
        }
        for i in 0..preds {
            self.line(format!("selp.u32 %x, 1, 0, %p{i}"));
            self.line(format!("st.global.u32 [%scratch+{at}], %x"));
            at += 4;
        }
        self.line("ret");
        text += &self.text;
        text += "}\n";
        text
    }

    /// Bytes that a thread writes.
    fn frame(&self) -> u64 {
        4 * SCRATCH + 4 * self.words + 8 * self.longs + 4 * self.preds
    }
}

// The evaluator.

/// One thread of a program, by the meaning of PTX.
struct Thread<'a> {
    module: &'a ast::Module<'a>,
    function: &'a ast::Function<'a>,
    code: Vec<&'a ast::Instruction<'a>>,
    labels: HashMap<ast::LabelId, usize>,
}

struct State<'m> {
    regs: Vec<u64>,
    tid: u32,
    ctaid: u32,
    ntid: u32,
    local: [u32; 8],
    params: &'m [u64],
    input: (u64, &'m [u32]),
    output: (u64, &'m mut [u8]),
}

impl<'a> Thread<'a> {
    fn new(module: &'a ast::Module<'a>) -> Self {
        let function = module.entries().next().unwrap();
        let mut thread = Thread { module, function, code: vec![], labels: HashMap::new() };
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
    fn run(&self, s: &mut State<'_>) -> bool {
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
            s.regs[d.index()] = u64::from(match inst.space() {
                Some(Space::Local) => *s.local.get(word(0)?)?,
                _ => *s.input.1.get(word(s.input.0)?)?,
            });
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
        let _ = (self.module, Type::Pred);
        s.regs[d.index()] = if width >= 64 { result as u64 } else { result as u64 & ((1 << width) - 1) };
    }
}

const BLOCKS: u32 = 2;
const THREADS: u32 = 45;

/// What a comparison may end with, besides success.
enum Failure {
    /// The program is none: it does not parse, or does not end.
    Program(String),
    /// The compiled program differs.
    Difference(String),
}

/// Runs the program both ways with inputs from the seed.
fn compare(text: &str, frame: u64, seed: u64, machine: &mut Machine) -> Result<(), Failure> {
    let parsed = ix_compiler::ptx::parse(text).map_err(|e| Failure::Program(e.to_string()))?;
    let mut random = Random(seed | 1);
    let input: Vec<u32> = (0..INPUTS).map(|_| (random.next() >> random.below(30)) as u32).collect();
    let size = (frame * u64::from(BLOCKS * THREADS)) as usize;
    machine.reset();
    let input_bytes: Vec<u8> = input.iter().flat_map(|w| w.to_le_bytes()).collect();
    let input_va = machine.buffer(&input_bytes);
    let output_va = machine.buffer(&vec![0; size]);
    let (a, b) = (random.next() as u32, random.below(10) as u32);

    let mut want = vec![0; size];
    let thread = Thread::new(&parsed);
    for ctaid in 0..BLOCKS {
        for tid in 0..THREADS {
            let mut state = State {
                regs: vec![0; thread.function.registers.len()],
                tid,
                ctaid,
                ntid: THREADS,
                local: [0; 8],
                params: &[input_va, output_va, a.into(), b.into()],
                input: (input_va, &input),
                output: (output_va, &mut want),
            };
            if !thread.run(&mut state) {
                return Err(Failure::Program("does not end".into()));
            }
        }
    }

    let module = compile(text, &Options::default()).map_err(|e| Failure::Difference(e.to_string()))?;
    let mut params = Params::default();
    params.push(&input_va.to_le_bytes()).push(&output_va.to_le_bytes()).push(&a.to_le_bytes()).push(&b.to_le_bytes());
    machine.load(&module);
    if let Err(reason) = machine.run(&module, "k", Shape::linear(BLOCKS, THREADS), &params.0) {
        return Err(Failure::Difference(reason));
    }
    let got = machine.read(output_va, size);
    if got == want {
        return Ok(());
    }
    let at = got.iter().zip(&want).position(|(g, w)| g != w).unwrap_or(0) / 4 * 4;
    let word = |b: &[u8]| u32::from_le_bytes(b[at..at + 4].try_into().unwrap());
    let (thread, offset) = (at as u64 / frame, at as u64 % frame);
    let wrong = got.chunks(4).zip(want.chunks(4)).filter(|(g, w)| g != w).count();
    let (got, want) = (word(&got), word(&want));
    let what = format!("{wrong} wrong words; the first in thread {thread} at +{offset}: {got:#x} instead of {want:#x}");
    Err(Failure::Difference(what))
}

/// The program with as few lines as still show the difference.
fn reduce(text: &str, frame: u64, seed: u64, machine: &mut Machine, reason: &str) -> String {
    // The same sort of difference: wrong results, or a fault.
    let results = reason.contains("wrong words");
    let mut fails = |lines: &[&str]| {
        let text = lines.join("\n");
        let run = std::panic::AssertUnwindSafe(
            || matches!(compare(&text, frame, seed, machine), Err(Failure::Difference(e)) if e.contains("wrong words") == results),
        );
        std::panic::catch_unwind(run).unwrap_or(false)
    };
    let mut lines: Vec<&str> = text.lines().collect();
    let mut step = lines.len() / 4;
    while step > 0 {
        let mut at = 0;
        let mut removed = false;
        while at < lines.len() {
            let mut shorter = lines.clone();
            shorter.drain(at..(at + step).min(lines.len()));
            if fails(&shorter) {
                lines = shorter;
                removed = true;
            } else {
                at += step;
            }
        }
        if step > 1 || !removed {
            step /= 2;
        }
    }
    lines.join("\n")
}

fn check(seed: u64, tangled: bool, machine: &mut Machine) -> Result<(), String> {
    let generator = Generator::new(seed);
    let frame = generator.frame();
    let text = generator.program(tangled);
    let kind = if tangled { "tangled" } else { "structured" };
    match compare(&text, frame, seed, machine) {
        Ok(()) => Ok(()),
        Err(Failure::Program(e)) => Err(format!("{kind} seed {seed}: the generated program is wrong: {e}\n{text}")),
        Err(Failure::Difference(e)) => {
            let text = reduce(&text, frame, seed, machine, &e);
            Err(format!("{kind} seed {seed}: {e}\nreduced:\n{text}"))
        }
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

fn run(tangled: bool) {
    let (iterations, first) = (number("IX_FUZZ_ITERS", 120), number("IX_FUZZ_SEED", 1));
    let mut machine = Machine::new();
    for seed in first..first + iterations {
        println!("seed {seed}");
        if let Err(e) = check(seed, tangled, &mut machine) {
            panic!("{e}");
        }
    }
}

#[test]
fn structured_programs_agree_with_the_evaluator() {
    run(false);
}

#[test]
fn tangled_programs_agree_with_the_evaluator() {
    run(true);
}

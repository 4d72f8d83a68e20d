// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Random programs.

use std::fmt::Write;

/// A small generator (xorshift64*).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

/// Words of input that programs read.
pub const INPUTS: u64 = 64;
/// Words that a thread may write in the course of a program.
const SCRATCH: u64 = 16;

/// A program in the making.
pub struct Generator {
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
    pub fn new(seed: u64) -> Self {
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
                match self.random.below(6) {
                    0 => format!("ld.global.{} {d}, [%xd+{}]", self.random.pick(&["u8", "s8"]), self.random.below(4)),
                    1 => format!("ld.global.{} {d}, [%xd+{}]", self.random.pick(&["u16", "s16"]), 2 * self.random.below(2)),
                    _ => format!("ld.global.u32 {d}, [%xd]"),
                }
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
            26 if self.random.one_in(3) => {
                // A sum of two or three words, whose parts no guard tears apart.
                let op = *self.random.pick(&["add", "sub"]);
                self.line(format!("{op}.cc.u32 {d}, {a}, {b}"));
                if self.random.one_in(2) {
                    let (d, b) = (self.word(), self.word());
                    self.line(format!("{op}c.cc.u32 {d}, {c}, {b}"));
                }
                let (d, a) = (self.word(), self.word());
                return self.line(format!("{op}c.s32 {d}, {a}, {c}"));
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
            _ if self.random.one_in(3) => self.switch(depth),
            _ => self.assign(),
        }
    }

    /// One of several arms, some of which fall through into the next.
    fn switch(&mut self, depth: u32) {
        let count = 2 + self.random.below(4);
        let (table, end) = (self.label(), self.label());
        let arms: Vec<u32> = (0..count).map(|_| self.label()).collect();
        let index = self.word();
        self.line(format!("and.b32 %x, {index}, 7"));
        self.line(format!("min.u32 %x, %x, {}", count - 1));
        let targets: Vec<String> = arms.iter().map(|arm| format!("L{arm}")).collect();
        let _ = writeln!(self.text, "T{table}: .branchtargets {};", targets.join(", "));
        self.line(format!("brx.idx %x, T{table}"));
        for arm in arms {
            self.place(arm);
            self.block(depth - 1);
            if !self.random.one_in(3) {
                self.line(format!("bra L{end}"));
            }
        }
        self.place(end);
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

    pub fn program(mut self, tangled: bool) -> String {
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
    pub fn frame(&self) -> u64 {
        4 * SCRATCH + 4 * self.words + 8 * self.longs + 4 * self.preds
    }
}

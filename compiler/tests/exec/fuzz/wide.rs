// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Random programs of everything that scalar code has, whose threads work together.
//!
//! They have registers of 16, 32 and 64 bits, in which integers and floats of every type lie, and predicates. A *row*
//! is an instruction with letters for its operands (see [`Wide::fill`]). What threads do together (barriers, shared
//! memory, warp operations) stands where the whole block runs, which *uniform* registers decide: they hold the same in
//! all threads of a block. Results do not depend on the order in which warps run: threads read each other's words only
//! across barriers, and cells that several threads change have one commutative operation each.

use super::generator::Random;
use std::fmt::Write;

/// Threads of a block: whole warps.
pub const THREADS: u32 = 64;
/// The lines around the part of a program that may be shortened: without the others it would use what nobody wrote.
pub const BODY: &str = "// body";
/// The second of them.
pub const END: &str = "// results";
/// Bytes of input.
pub const INPUT: usize = 1024;
/// Cells that all threads change.
const CELLS: u64 = 8;
/// The operation on each of them.
const CELL_OPS: [&str; 8] = ["add.u32", "min.s32", "max.u32", "and.b32", "or.b32", "xor.b32", "inc.u32", "add.u64"];
/// What cells of the seventh sort wrap at: with one limit for all, their order does not matter.
const WRAP: &str = "1000";
/// Bytes of shared memory, of which each thread owns a share.
const SHARED: u32 = 8 * THREADS;
/// Bytes of the local array.
const LOCAL: u32 = 64;

/// Instructions that a thread runs by itself.
#[rustfmt::skip]
const ROWS: &[&str] = &[
    // Integers.
    "add.s16 H, h, h", "sub.u16 H, h, h", "mul.lo.s16 H, h, h", "mul.hi.u16 H, h, h", "mul.hi.s16 H, h, h", "mad.lo.s16 H, h, h, h",
    "mul.wide.s16 R, h, h", "mul.wide.u16 R, h, h", "mad.wide.s16 R, h, h, r", "min.s16 H, h, h", "max.u16 H, h, h", "neg.s16 H, h",
    "abs.s16 H, h", "sad.s16 H, h, h, h", "shl.b16 H, h, k", "shr.s16 H, h, k", "shr.u16 H, h, r", "and.b16 H, h, h", "or.b16 H, h, h",
    "xor.b16 H, h, h", "not.b16 H, h", "cnot.b16 H, h", "selp.b16 H, h, h, p", "mov.b16 H, h", "slct.u16.s32 H, h, h, r",
    "add.s32 R, r, s", "add.sat.s32 R, r, s", "sub.sat.s32 R, r, s", "sub.s32 R, r, s", "mul.lo.s32 R, r, s", "mul.hi.s32 R, r, s",
    "mul.hi.u32 R, r, s", "mad.lo.s32 R, r, s, r", "mad.hi.s32 R, r, r, r", "mad.hi.u32 R, r, r, r", "mad.hi.sat.s32 R, r, r, r",
    "mul24.lo.s32 R, r, r", "mul24.hi.u32 R, r, r", "mad24.lo.u32 R, r, r, r", "mul.wide.s32 D, r, s", "mul.wide.u32 D, r, s",
    "mad.wide.s32 D, r, s, d", "mad.wide.u32 D, r, r, d", "sad.u32 R, r, s, r", "sad.s32 R, r, s, r", "min.s32 R, r, s",
    "max.u32 R, r, s", "abs.s32 R, r", "neg.s32 R, r", "div.s32 R, r, z", "div.u32 R, r, z", "rem.s32 R, r, z", "rem.u32 R, r, z",
    "div.u32 R, r, 10", "rem.s32 R, r, 7", "div.s32 R, r, 16", "rem.u32 R, r, 32",
    "and.b32 R, r, s", "or.b32 R, r, s", "xor.b32 R, r, s", "not.b32 R, r", "cnot.b32 R, r", "shl.b32 R, r, k", "shr.s32 R, r, k",
    "shr.u32 R, r, s", "shl.b32 R, r, s", "shf.l.wrap.b32 R, r, r, s", "shf.r.clamp.b32 R, r, r, s", "shf.l.clamp.b32 R, r, r, k",
    "shf.r.wrap.b32 R, r, r, k", "lop3.b32 R, r, r, r, b", "popc.b32 R, r", "clz.b32 R, r", "brev.b32 R, r", "bfind.u32 R, r",
    "bfind.s32 R, r", "bfind.shiftamt.s32 R, r", "bfe.s32 R, r, k, k", "bfe.u32 R, r, s, s", "bfi.b32 R, r, r, k, k",
    "bfi.b32 R, r, r, r, r", "prmt.b32 R, r, r, s", "prmt.b32.rc8 R, r, r, r", "prmt.b32.f4e R, r, r, r", "prmt.b32.ecl R, r, r, r",
    "dp4a.s32.u32 R, r, r, r", "dp4a.u32.u32 R, r, r, r", "dp2a.lo.s32.s32 R, r, r, r", "dp2a.hi.u32.s32 R, r, r, r",
    "selp.b32 R, r, s, p", "slct.s32.s32 R, r, r, r", "slct.b32.f32 R, r, r, r", "mov.b32 R, s", "mov.u32 R, t",
    "add.s64 D, d, d", "sub.s64 D, d, d", "mul.lo.s64 D, d, d", "mul.hi.s64 D, d, d", "mul.hi.u64 D, d, d", "mad.lo.s64 D, d, d, d",
    "mad.hi.u64 D, d, d, d", "min.s64 D, d, d", "max.u64 D, d, d", "abs.s64 D, d", "neg.s64 D, d", "sad.u64 D, d, d, d",
    "div.u64 D, d, y", "rem.u64 D, d, y", "div.s64 D, d, y", "rem.s64 D, d, y", "div.s64 D, d, 1000", "rem.u64 D, d, 64",
    "and.b64 D, d, d", "or.b64 D, d, d", "xor.b64 D, d, d", "not.b64 D, d", "shl.b64 D, d, k", "shr.s64 D, d, s", "shr.u64 D, d, k",
    "popc.b64 R, d", "clz.b64 R, d", "brev.b64 D, d", "bfind.u64 R, d", "bfind.s64 R, d", "bfe.s64 D, d, k, k", "bfe.u64 D, d, r, r",
    "bfi.b64 D, d, d, k, k", "selp.b64 D, d, d, p", "slct.u64.s32 D, d, d, r", "mov.b64 D, d",
    // Floats.
    "add.rn.f32 R, r, f", "add.f32 R, r, f", "sub.rz.f32 R, r, f", "mul.rm.f32 R, r, f", "mul.f32 R, r, r", "add.rp.ftz.f32 R, r, r",
    "mul.ftz.sat.f32 R, r, r", "fma.rn.f32 R, r, r, f", "fma.rz.ftz.f32 R, r, r, r", "fma.rp.sat.f32 R, r, r, r", "mad.rn.f32 R, r, r, r",
    "div.rn.f32 R, r, f", "div.rz.ftz.f32 R, r, r", "div.approx.f32 R, r, r", "div.full.ftz.f32 R, r, r", "rcp.rn.f32 R, r",
    "rcp.approx.ftz.f32 R, r", "sqrt.rn.f32 R, r", "sqrt.approx.f32 R, r", "rsqrt.approx.f32 R, r", "sin.approx.f32 R, r",
    "cos.approx.f32 R, r", "lg2.approx.f32 R, r", "ex2.approx.ftz.f32 R, r", "tanh.approx.f32 R, r", "min.f32 R, r, f",
    "max.NaN.f32 R, r, f", "min.ftz.f32 R, r, r", "abs.f32 R, r", "abs.ftz.f32 R, r", "neg.f32 R, r", "copysign.f32 R, r, r",
    "add.f64 D, d, d", "sub.rp.f64 D, d, d", "mul.rn.f64 D, d, g", "fma.rn.f64 D, d, d, g", "fma.rm.f64 D, d, d, d", "div.rn.f64 D, d, d",
    "rcp.rn.f64 D, d", "sqrt.rn.f64 D, d", "min.f64 D, d, g", "max.f64 D, d, g", "abs.f64 D, d", "neg.f64 D, d", "copysign.f64 D, d, d",
    "add.f16 H, h, h", "sub.rn.f16 H, h, h", "mul.f16 H, h, h", "mul.sat.f16 H, h, h", "fma.rn.f16 H, h, h, h", "fma.rn.relu.f16 H, h, h, h",
    "min.f16 H, h, h", "max.NaN.f16 H, h, h", "neg.f16 H, h", "abs.f16 H, h", "ex2.approx.f16 H, h", "tanh.approx.f16 H, h",
    "add.f16x2 R, r, r", "mul.rn.f16x2 R, r, r", "fma.rn.f16x2 R, r, r, r", "max.f16x2 R, r, r", "neg.f16x2 R, r", "abs.f16x2 R, r",
    "fma.rn.bf16 H, h, h, h", "min.bf16 H, h, h", "max.NaN.bf16 H, h, h", "neg.bf16 H, h", "abs.bf16 H, h", "fma.rn.bf16x2 R, r, r, r",
    "max.bf16x2 R, r, r", "fma.rn.relu.bf16x2 R, r, r, r",
    // Conversions.
    "cvt.u32.u16 R, h", "cvt.s32.s16 R, h", "cvt.s32.s8 R, r", "cvt.u32.u8 R, r", "cvt.u16.u32 H, r", "cvt.s16.s8 H, h", "cvt.u8.u32 H, r",
    "cvt.sat.s8.s32 H, r", "cvt.sat.u16.s32 H, r", "cvt.s64.s32 D, r", "cvt.u64.u32 D, r", "cvt.u64.u16 D, h", "cvt.s64.s8 D, h",
    "cvt.u32.u64 R, d", "cvt.sat.s32.s64 R, d", "cvt.sat.u32.s64 R, d", "cvt.rn.f32.s32 R, r", "cvt.rz.f32.u32 R, r", "cvt.rp.f32.u64 R, d",
    "cvt.rn.f32.s64 R, d", "cvt.rn.f64.s32 D, r", "cvt.rm.f64.u64 D, d", "cvt.rn.f64.s64 D, d", "cvt.f64.f32 D, r", "cvt.ftz.f64.f32 D, r",
    "cvt.rn.f32.f64 R, d", "cvt.rz.f32.f64 R, d", "cvt.rn.sat.f32.f64 R, d", "cvt.rzi.s32.f32 R, r", "cvt.rni.u32.f32 R, r",
    "cvt.rmi.ftz.s64.f32 D, r", "cvt.rpi.u64.f64 D, d", "cvt.rzi.s16.f32 H, r", "cvt.rzi.u8.f32 H, r", "cvt.rni.f32.f32 R, r",
    "cvt.rmi.f64.f64 D, d", "cvt.rpi.ftz.f32.f32 R, r", "cvt.rn.f16.f32 H, r", "cvt.rz.f16.f32 H, r", "cvt.f32.f16 R, h",
    "cvt.f64.f16 D, h", "cvt.rn.f16.f64 H, d", "cvt.rn.f16.s32 H, r", "cvt.rzi.s32.f16 R, h", "cvt.rn.bf16.f32 H, r", "cvt.f32.bf16 R, h",
    "cvt.rn.f16x2.f32 R, r, r", "cvt.rn.bf16x2.f32 R, r, r", "cvt.rn.relu.f16.f32 H, r", "cvt.rna.tf32.f32 R, r", "cvt.rn.f16.s16 H, h",
    // Comparisons.
    "setp.lt.s16 P, h, h", "setp.hi.u16 P, h, h", "setp.eq.b16 P, h, h", "setp.ne.s32 P, r, s", "setp.lt.s32 P, r, s", "setp.ge.u32 P, r, s",
    "setp.gt.and.s32 P, r, s, p", "setp.le.or.u32 P, r, s, !p", "setp.lt.xor.s32 P, r, r, p", "setp.gt.u64 P, d, d", "setp.le.s64 P, d, d",
    "setp.eq.and.b64 P, d, d, p", "setp.lt.f32 P, r, f", "setp.geu.f32 P, r, f", "setp.nan.f32 P, r, r", "setp.num.ftz.f32 P, r, r",
    "setp.neu.or.f32 P, r, r, p", "setp.gt.f64 P, d, d", "setp.leu.f64 P, d, d", "setp.lt.f16 P, h, h", "setp.gtu.bf16 P, h, h",
    "set.lt.u32.s32 R, r, s", "set.ge.f32.f32 R, r, f", "set.eq.and.u32.u32 R, r, s, p", "set.gt.f32.u32 R, r, s", "set.lt.u32.f64 R, d, d",
    "testp.finite.f32 P, r", "testp.normal.f64 P, d", "testp.notanumber.f32 P, r", "testp.subnormal.f32 P, r",
    "and.pred P, p, p", "or.pred P, p, p", "xor.pred P, p, p", "not.pred P, p", "mov.pred P, p",
    // Parts.
    "mov.b64 D, {r, r}", "mov.b64 {R, R'}, d", "mov.b32 R, {h, h}", "mov.b32 {H, H'}, r", "mov.b64 D, {h, h, h, h}",
    // Memory that other threads do not touch: input, and the thread's own words.
    "ld.global.u8 H, [%in+0w]", "ld.global.s8 R, [%in+0w]", "ld.global.u16 H, [%in+1w]", "ld.global.s16 R, [%in+1w]",
    "ld.global.b32 R, [%in+2w]", "ld.global.nc.b64 D, [%in+3w]", "ld.global.v2.b32 {R, R'}, [%in+3w]", "ld.global.v2.b16 {H, H'}, [%in+2w]",
    "ld.global.v4.b32 {R, R', R'', R'''}, [%in+4w]", "ld.global.v2.b64 {D, D'}, [%in+4w]", "ld.b32 R, [%in+2w]", "ld.global.f32 R, [%in+2w]",
    "st.local.u8 [LOCAL0], h", "st.local.b16 [LOCAL1], h", "st.local.b32 [LOCAL2], r", "st.local.b64 [LOCAL3], d",
    "st.local.v2.b32 [LOCAL3], {r, r}", "st.local.v4.b32 [LOCAL4], {r, r, r, r}", "ld.local.s8 R, [LOCAL0]", "ld.local.u16 H, [LOCAL1]",
    "ld.local.b32 R, [LOCAL2]", "ld.local.b64 D, [LOCAL3]", "ld.local.v2.b64 {D, D'}, [LOCAL4]", "ld.local.v2.u8 {H, H'}, [LOCAL1]",
    "st.b32 [GENERIC2], r", "ld.b64 D, [GENERIC3]", "ld.u8 R, [GENERIC0]",
    "st.shared.b32 [%mine], r", "ld.shared.b64 D, [%mine]", "st.shared.u8 [%mine+3], h", "ld.shared.s16 R, [%mine+2]",
    "st.global.b32 [%own+2o], r", "st.global.b16 [%own+1o], h", "ld.global.b32 R, [%own+2o]", "st.global.v2.b32 [%own+3o], {r, r}",
    // Atomics on words of its own, whose old values are known.
    "atom.global.add.u32 R, [%own], r", "atom.global.exch.b32 R, [%own+4], r", "atom.global.cas.b32 R, [%own], r, r",
    "atom.global.add.f32 R, [%own+4], r", "atom.global.max.s64 D, [%own+8], d", "atom.global.cas.b64 D, [%own+8], d, d",
    "atom.global.add.f64 D, [%own+8], d", "atom.shared.inc.u32 R, [%mine], r", "atom.shared.xor.b32 R, [%mine+4], r",
    "atom.shared.dec.u32 R, [%mine+4], r", "atom.add.noftz.f16x2 R, [%own+4], r", "atom.shared.cas.b16 H, [%mine], h, h",
    "red.shared.add.u32 [%mine], r", "red.global.add.f32 [%own+4], r",
];

/// Instructions of whole warps, or of the block.
#[rustfmt::skip]
const TOGETHER: &[&str] = &[
    "shfl.sync.idx.b32 R, r, l, 31, -1", "shfl.sync.up.b32 R|P, r, l, 0, -1", "shfl.sync.down.b32 R|P, r, 3, 31, -1",
    "shfl.sync.bfly.b32 R, r, l, 31, -1", "shfl.sync.idx.b32 R|P, r, l, 6175, -1", "shfl.sync.idx.b32 R, r, u, 31, -1",
    "vote.sync.all.pred P, p, -1", "vote.sync.any.pred P, !p, -1", "vote.sync.uni.pred P, p, -1", "vote.sync.ballot.b32 R, p, -1",
    "match.any.sync.b32 R, l, -1", "match.all.sync.b32 R|P, r, -1", "match.any.sync.b64 R, d, -1", "redux.sync.add.s32 R, r, -1",
    "redux.sync.min.u32 R, r, -1", "redux.sync.xor.b32 R, r, -1", "redux.sync.max.s32 R, r, -1", "activemask.b32 R",
    "bar.red.popc.u32 R, 0, p", "bar.red.and.pred P, 1, p", "bar.red.or.pred P, 0, !p", "bar.warp.sync -1", "membar.cta", "bar.sync 2, 64",
];

/// Appends a line of a program, whose parts may draw random numbers.
macro_rules! line {
    ($wide:ident, $($text:tt)*) => {{
        let text = format!($($text)*);
        $wide.line(text);
    }};
}

/// A program in the making.
pub struct Wide {
    random: Random,
    text: String,
    /// Numbers of registers of each width.
    halves: u64,
    words: u64,
    longs: u64,
    preds: u64,
    labels: u32,
    counters: u32,
    budget: i32,
}

impl Wide {
    pub fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0xd134_2543_de82_ef95) | 1);
        for _ in 0..8 {
            random.next();
        }
        // Now and then so many that they do not all fit the machine's registers.
        let words = if random.below(20) == 0 { 200 } else { 3 + random.below(12) };
        let (halves, longs, preds) = (2 + random.below(6), 2 + random.below(8), 2 + random.below(6));
        Wide { random, text: String::new(), halves, words, longs, preds, labels: 0, counters: 0, budget: 50 }
    }

    /// Bytes that a thread writes at the end, and in between.
    pub fn frame(&self) -> u64 {
        (32 + 2 * self.halves + 4 * self.words + 8 * self.longs + self.preds).next_multiple_of(8) + 8
    }

    /// Bytes of the cells.
    pub fn cells() -> usize {
        8 * CELLS as usize
    }

    fn line(&mut self, text: impl AsRef<str>) {
        let _ = writeln!(self.text, "    {};", text.as_ref());
    }

    fn label(&mut self) -> u32 {
        self.labels += 1;
        self.labels
    }

    fn place(&mut self, label: u32) {
        let _ = writeln!(self.text, "L{label}:");
    }

    fn register(&mut self, class: char) -> String {
        let (prefix, count) = match class {
            'h' => ("%h", self.halves),
            'r' => ("%r", self.words),
            'd' => ("%d", self.longs),
            _ => ("%p", self.preds),
        };
        format!("{prefix}{}", self.random.below(count))
    }

    /// Writes a row, with operands in the place of single letters:
    ///
    /// | letter | operand |
    /// |---|---|
    /// | `h r d p` | a register of 16, 32, 64 bits, a predicate |
    /// | `H R D P` | the same, written; with marks `'` another one than without |
    /// | `s` | a register of 32 bits or a number |
    /// | `f g` | the same, or a float, of 32 and 64 bits |
    /// | `k b` | a number below 70, below 256 |
    /// | `z y` | a divisor that is not zero, of 32 and 64 bits |
    /// | `l u t` | number of a lane, a uniform register, a special register |
    /// | `w o` behind a digit n | an offset into input or the thread's own words, aligned to 2^n |
    fn fill(&mut self, row: &str) {
        let row = self.addresses(row);
        let mut out = String::new();
        let mut written: Vec<String> = vec![];
        let chars: Vec<char> = row.chars().collect();
        let (head, mut i) = match row.find(' ') {
            Some(at) => (&row[..at], at),
            None => (row.as_str(), row.len()),
        };
        out.push_str(head);
        while i < chars.len() {
            let (c, before) = (chars[i], chars[i - 1]);
            i += 1;
            if before.is_alphabetic() || before == '%' || chars.get(i).is_some_and(|n| n.is_alphanumeric()) && !c.is_ascii_digit() {
                // A word.
                out.push(c);
                continue;
            }
            if c.is_ascii_digit() && matches!(chars.get(i), Some('w' | 'o')) {
                let align = 1u64 << c.to_digit(10).unwrap_or(0);
                let size = if chars[i] == 'w' { INPUT as u64 } else { 32 };
                i += 1;
                let offset = self.random.below(size / align) * align;
                let _ = write!(out, "{offset}");
                continue;
            }
            match c {
                'h' | 'r' | 'd' | 'p' => out += &self.register(c),
                'H' | 'R' | 'D' | 'P' => {
                    while chars.get(i) == Some(&'\'') {
                        i += 1;
                    }
                    let mut register = self.register(c.to_ascii_lowercase());
                    // The results of one instruction must differ; `_` takes what has no place.
                    if written.contains(&register) {
                        register = "_".into();
                    }
                    written.push(register.clone());
                    out += &register;
                }
                's' => match self.random.below(4) {
                    0 => out += &(self.random.next() as i32).to_string(),
                    1 => out += &(self.random.below(40) as i32 - 8).to_string(),
                    _ => out += &self.register('r'),
                },
                'f' | 'g' => {
                    let number = *self.random.pick(&[0.0, -0.0, 1.0, -1.5, 3.25, 1e-40, 65504.0, 1e30, f64::INFINITY, f64::NAN]);
                    match (self.random.below(3), c) {
                        (0, 'f') => _ = write!(out, "0f{:08x}", (number as f32).to_bits()),
                        (0, _) => _ = write!(out, "0d{:016x}", number.to_bits()),
                        (_, 'f') => out += &self.register('r'),
                        _ => out += &self.register('d'),
                    }
                }
                'k' => _ = write!(out, "{}", self.random.below(70)),
                'b' => _ = write!(out, "{}", self.random.below(256)),
                'z' => {
                    let r = self.register('r');
                    line!(self, "and.b32 %x, {r}, 0x7fff");
                    self.line("or.b32 %x, %x, 1");
                    out += "%x";
                }
                'y' => {
                    let d = self.register('d');
                    line!(self, "shr.u64 %xd, {d}, 7");
                    self.line("or.b64 %xd, %xd, 1");
                    out += "%xd";
                }
                'l' => {
                    let r = self.register('r');
                    line!(self, "and.b32 %x, {r}, 31");
                    out += "%x";
                }
                'u' => _ = write!(out, "%u{}", self.random.below(4)),
                't' => out += *self.random.pick(&["%tid.x", "%ctaid.x", "%laneid", "%ntid.x", "%nctaid.x", "%lanemask_lt", "%warpid"]),
                other => out.push(other),
            }
        }
        // One in eight is guarded; a store, too.
        let guard = match self.random.below(16) {
            0 => format!("@{} ", self.register('p')),
            1 => format!("@!{} ", self.register('p')),
            _ => String::new(),
        };
        // All lanes take part in what they do together.
        let guard = if TOGETHER.iter().any(|t| t.starts_with(head)) { String::new() } else { guard };
        self.line(guard + &out);
    }

    /// Replaces `LOCALn` and `GENERICn` by an address in the local array, aligned to 2^n, known or not.
    fn addresses(&mut self, row: &str) -> String {
        let Some(at) = row.find("LOCAL").or_else(|| row.find("GENERIC")) else { return row.to_owned() };
        let word: String = row[at..].chars().take_while(char::is_ascii_alphanumeric).collect();
        let align = 1u32 << word.bytes().last().map_or(0, |b| b - b'0');
        let base = if word.starts_with('L') { "%depot" } else { "%generic" };
        let address = if self.random.below(2) == 0 {
            let offset = self.random.below(u64::from(LOCAL / align)) as u32 * align;
            format!("{base}+{offset}")
        } else {
            let r = self.register('r');
            line!(self, "and.b32 %x, {r}, {}", (LOCAL - 1) & !(align - 1));
            self.line("cvt.u64.u32 %xd, %x");
            line!(self, "add.s64 %xd, %xd, {base}");
            "%xd".to_owned()
        };
        row.replace(&word, &address)
    }

    /// One step of a thread by itself, or of the block where it runs as a whole.
    fn assign(&mut self, uniform: bool) {
        match self.random.below(24) {
            0..=3 if uniform => {
                let row = *self.random.pick(TOGETHER);
                self.fill(row);
            }
            4 | 5 if uniform => self.exchange(),
            6 if uniform => {
                let (a, b) = (self.random.below(4), self.random.below(4));
                let op = *self.random.pick(&["add.s32", "mul.lo.s32", "xor.b32", "min.u32"]);
                line!(self, "{op} %u{a}, %u{b}, {}", self.random.below(1 << 20));
            }
            7 => self.carry_chain(),
            8 => {
                // The result is not looked at: it depends on the order of warps.
                let cell = self.random.below(CELLS);
                let op = CELL_OPS[cell as usize];
                let value = match op {
                    "inc.u32" => WRAP.to_owned(),
                    "add.u64" => self.register('d'),
                    _ => self.register('r'),
                };
                line!(self, "red.global.{op} [%cells+{}], {value}", 8 * cell);
            }
            9 if self.random.below(3) == 0 => self.call(),
            _ => {
                let row = *self.random.pick(ROWS);
                self.fill(row);
            }
        }
    }

    /// Words go from thread to thread through shared memory.
    fn exchange(&mut self) {
        let (r, s, d) = (self.register('r'), self.register('r'), self.register('r'));
        line!(self, "st.shared.b32 [%mine], {r}");
        self.line("bar.sync 0");
        line!(self, "and.b32 %x, {s}, {}", 8 * (THREADS - 1));
        self.line("add.u32 %x, %x, %shared");
        line!(self, "ld.shared.b32 {d}, [%x]");
        self.line("bar.sync 0");
    }

    /// Sums of several words.
    fn carry_chain(&mut self) {
        let subtract = self.random.below(3) == 0;
        let (first, next) = if subtract { ("sub.cc", "subc") } else { ("add.cc", "addc") };
        let ty = *self.random.pick(&["u32", "s32", "u64"]);
        let class = if ty == "u64" { 'd' } else { 'r' };
        let count = 2 + self.random.below(3);
        for i in 0..count {
            let (d, a, b) = (self.register(class), self.register(class), self.register(class));
            let op = match i {
                0 => first.to_owned(),
                _ if i + 1 == count => next.to_owned(),
                _ => format!("{next}.cc"),
            };
            line!(self, "{op}.{ty} {d}, {a}, {b}");
        }
        if self.random.below(3) == 0 {
            let [d, a, b, c] = std::array::from_fn(|_| self.register('r'));
            line!(self, "mad.lo.cc.u32 {d}, {a}, {b}, {c}");
            let [d, a, b, c] = std::array::from_fn(|_| self.register('r'));
            line!(self, "madc.hi.u32 {d}, {a}, {b}, {c}");
        }
    }

    fn call(&mut self) {
        let (r, d, h) = (self.register('r'), self.register('d'), self.register('h'));
        match self.random.below(3) {
            0 => {
                let a = self.register('r');
                line!(self, "and.b32 %x, {a}, 3");
                line!(self, "call ({r}), step, (%x)");
            }
            1 => {
                let a = self.register('r');
                line!(self, "call ({d}), mix, ({a}, {d}, {h})");
            }
            _ => {
                let name = *self.random.pick(&["step", "twice"]);
                line!(self, "mov.u64 %xd, {name}");
                line!(self, "and.b32 %x, {r}, 3");
                line!(self, "call ({r}), %xd, (%x), proto");
            }
        }
    }

    fn block(&mut self, depth: u32, uniform: bool) {
        for _ in 0..1 + self.random.below(4) {
            self.statement(depth, uniform);
        }
    }

    /// A condition, and whether it is the same in the whole block.
    fn condition(&mut self, uniform: bool) -> (String, bool) {
        if uniform && self.random.below(3) == 0 {
            let cmp = *self.random.pick(&["lt", "ge", "ne"]);
            line!(self, "setp.{cmp}.u32 %up, %u{}, {}", self.random.below(4), self.random.below(1 << 12));
            return ("@%up".into(), true);
        }
        (format!("{}{}", if self.random.below(3) == 0 { "@!" } else { "@" }, self.register('p')), false)
    }

    fn statement(&mut self, depth: u32, uniform: bool) {
        self.budget -= 1;
        if depth == 0 || self.budget <= 0 {
            return self.assign(uniform);
        }
        match self.random.below(14) {
            0..=2 => {
                let (els, end) = (self.label(), self.label());
                let (condition, same) = self.condition(uniform);
                line!(self, "{condition} bra L{els}");
                self.block(depth - 1, uniform && same);
                if self.random.below(2) == 0 {
                    line!(self, "bra L{end}");
                    self.place(els);
                    self.block(depth - 1, uniform && same);
                } else {
                    self.place(els);
                }
                self.place(end);
            }
            3 | 4 => self.repeat(depth, uniform),
            5 => self.switch(depth, uniform),
            _ => self.assign(uniform),
        }
    }

    fn repeat(&mut self, depth: u32, uniform: bool) {
        self.counters += 1;
        let (i, q) = (format!("%i{}", self.counters), format!("%q{}", self.counters));
        let (head, end) = (self.label(), self.label());
        let same = match self.random.below(3) {
            0 => {
                line!(self, "mov.u32 {i}, {}", 1 + self.random.below(4));
                true
            }
            1 => {
                line!(self, "and.b32 {i}, %u{}, 3", self.random.below(4));
                true
            }
            _ => {
                let r = self.register('r');
                line!(self, "and.b32 {i}, {r}, 3");
                false
            }
        };
        self.place(head);
        line!(self, "setp.eq.u32 {q}, {i}, 0");
        line!(self, "@{q} bra L{end}");
        line!(self, "sub.u32 {i}, {i}, 1");
        self.block(depth - 1, uniform && same);
        if self.random.below(3) == 0 {
            let p = self.register('p');
            line!(self, "@{p} bra L{head}");
            self.block(depth - 1, false);
        }
        line!(self, "bra L{head}");
        self.place(end);
    }

    fn switch(&mut self, depth: u32, uniform: bool) {
        let count = 2 + self.random.below(4);
        let (table, end) = (self.label(), self.label());
        let arms: Vec<u32> = (0..count).map(|_| self.label()).collect();
        let same = self.random.below(3) == 0;
        let index = if same { format!("%u{}", self.random.below(4)) } else { self.register('r') };
        line!(self, "rem.u32 %x, {index}, {count}");
        let targets: Vec<String> = arms.iter().map(|a| format!("L{a}")).collect();
        let _ = writeln!(self.text, "T{table}: .branchtargets {};", targets.join(", "));
        line!(self, "brx.idx %x, T{table}");
        for arm in arms {
            self.place(arm);
            self.block(depth - 1, uniform && same);
            // Some fall through.
            if !(uniform && same) && self.random.below(3) == 0 {
                continue;
            }
            line!(self, "bra L{end}");
        }
        self.place(end);
    }

    pub fn program(mut self) -> String {
        let frame = self.frame();
        while self.budget > 0 {
            self.statement(4, true);
        }
        let body = std::mem::take(&mut self.text);
        let (halves, words, longs, preds, counters) = (self.halves, self.words, self.longs, self.preds, self.counters + 1);
        self.line("ld.param.u64 %in, [in]");
        self.line("ld.param.u64 %own, [out]");
        self.line("ld.param.u64 %cells, [cells]");
        self.line("ld.param.u32 %u0, [a]");
        self.line("ld.param.u32 %u1, [b]");
        self.line("mov.u32 %u2, %ctaid.x");
        self.line("ld.global.u32 %u3, [%in+16]");
        self.line("mov.u32 %x, %tid.x");
        line!(self, "mad.lo.u32 %x, %u2, {THREADS}, %x");
        line!(self, "mad.wide.u32 %own, %x, {frame}, %own");
        self.line("mov.u32 %shared, words");
        self.line("mov.u32 %x, %tid.x");
        self.line("mad.lo.u32 %mine, %x, 8, %shared");
        self.line("mov.u64 %depot, depot");
        self.line("cvta.local.u64 %generic, %depot");
        self.line("shl.b32 %x, %x, 3");
        self.line("cvt.u64.u32 %xd, %x");
        self.line("add.s64 %xd, %xd, %in");
        for i in 0..LOCAL / 8 {
            line!(self, "st.local.b64 [%depot+{}], {}", 8 * i, self.random.next());
        }
        self.line("st.shared.b64 [%mine], 12345678901234");
        for i in 0..halves {
            let at = 2 * self.random.below(64);
            line!(self, "ld.global.u16 %h{i}, [%xd+{at}]");
        }
        for i in 0..words {
            let at = 4 * self.random.below(32);
            match self.random.below(6) {
                0 => line!(self, "ld.global.b32 %r{i}, [%in+{at}]"),
                1 => line!(self, "mov.b32 %r{i}, {}", self.random.next() as i32),
                _ => line!(self, "ld.global.b32 %r{i}, [%xd+{at}]"),
            }
        }
        for i in 0..longs {
            let at = 8 * self.random.below(16);
            line!(self, "ld.global.b64 %d{i}, [%xd+{at}]");
        }
        for i in 0..preds {
            let (a, b) = (self.register('r'), self.register('r'));
            line!(self, "setp.lt.s32 %p{i}, {a}, {b}");
        }
        let _ = writeln!(self.text, "{BODY}");
        self.text += &body;
        let _ = writeln!(self.text, "{END}");
        // Everything that a thread has goes to its words.
        let mut at = 32u64;
        for i in 0..longs {
            line!(self, "st.global.b64 [%own+{at}], %d{i}");
            at += 8;
        }
        for i in 0..words {
            line!(self, "st.global.b32 [%own+{at}], %r{i}");
            at += 4;
        }
        for i in 0..halves {
            line!(self, "st.global.b16 [%own+{at}], %h{i}");
            at += 2;
        }
        for i in 0..preds {
            line!(self, "selp.u32 %x, 1, 0, %p{i}");
            line!(self, "st.global.u8 [%own+{at}], %x");
            at += 1;
        }
        let at = at.next_multiple_of(8);
        self.line("ld.local.b64 %xd, [%depot+8]");
        line!(self, "st.global.b64 [%own+{at}], %xd");
        self.line("ret");
        format!(
            ".version 8.0\n.target sm_90\n.address_size 64\n\
             .func (.reg .u32 %s) step(.reg .u32 %a) {{\n\
             .reg .u32 %t; .reg .pred %p; mov.u32 %s, 5; setp.eq.u32 %p, %a, 0; @%p ret;\n\
             sub.u32 %t, %a, 1; call (%s), step, (%t); mad.lo.u32 %s, %s, 3, %a; ret;\n}}\n\
             .func (.reg .u32 %s) twice(.reg .u32 %a) {{ shl.b32 %s, %a, 1; ret; }}\n\
             .func (.reg .b64 %s) mix(.reg .b32 %a, .reg .b64 %b, .reg .b16 %c) {{\n\
             .reg .b64 %t; .reg .pred %p; cvt.u64.u16 %t, %c; mad.wide.s32 %s, %a, 77, %b; setp.lt.s32 %p, %a, 0;\n\
             @%p xor.b64 %s, %s, %t; ret;\n}}\n\
             .visible .entry k(.param .u64 in, .param .u64 out, .param .u64 cells, .param .u32 a, .param .u32 b) {{\n\
             .local .align 16 .b8 depot[{LOCAL}];\n.shared .align 16 .b8 words[{SHARED}];\n\
             proto: .callprototype (.reg .u32 _) _ (.reg .u32 _);\n\
             .reg .b16 %h<{halves}>;\n.reg .b32 %r<{words}>;\n.reg .b64 %d<{longs}>;\n.reg .pred %p<{preds}>;\n\
             .reg .pred %q<{counters}>;\n.reg .pred %up;\n.reg .b32 %i<{counters}>;\n.reg .b32 %u<4>;\n.reg .b32 %x;\n.reg .b64 %xd;\n\
             .reg .b32 %shared;\n.reg .b32 %mine;\n.reg .b64 %in;\n.reg .b64 %own;\n.reg .b64 %cells;\n.reg .b64 %depot;\n\
             .reg .b64 %generic;\n{}}}\n",
            self.text
        )
    }
}

/// All rows as kernels of their own, for a test that each is an instruction that compiles.
pub fn rows() -> impl Iterator<Item = (&'static str, String)> {
    ROWS.iter().chain(TOGETHER).map(|row| {
        let mut wide = Wide::new(1);
        wide.budget = 0;
        wide.fill(row);
        let line = std::mem::take(&mut wide.text);
        // The program ends in its results; the row goes before them.
        let program = wide.program();
        let at = program.rfind("    st.global.b64 [%own+32]").unwrap_or(program.len());
        (*row, format!("{}{line}{}", &program[..at], &program[at..]))
    })
}

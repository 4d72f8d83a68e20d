// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `mma.m8n8k4` of f16: four products of matrices at a time, each by eight lanes.
//!
//! Lanes 4q to 4q + 3 and 16 + 4q to 16 + 4q + 3 are the *octet* q, which multiplies an 8 by 4 matrix by a 4 by 8 one. The
//! machine has no such operation: it becomes shuffles of A and B within the octet and chains of fma in f32.
//!
//! A *line* is a row of A or a column of B, numbered 0 to 7. A lane holds four neighbouring elements of A, all of one
//! row (`.row`) or all of one column (`.col`), and likewise of B. Where it holds a line, lane (line mod 4) of the lower
//! half of the octet (upper, for lines from 4) is asked for it; where it holds what lies across, lane k of that half,
//! and of its four elements the one with number (line mod 4) counts.

use super::func::{mods, Lower};
use crate::error::Error;
use crate::ir::Src;
use crate::ptx::ast::Instruction;
use crate::ptx::words::{Layout, Type as PtxType};
use ix_hw::isa::{mods, Op, Sreg, Type};

type Result<T> = std::result::Result<T, Error>;

/// Elements of a row of A.
const DEPTH: i64 = 4;

/// A row of A or column of B that a lane needs.
#[derive(Clone, Copy)]
struct Line {
    /// Its number modulo 4.
    low: Src,
    /// 16 if it is one of the upper four, else 0: what leads to the upper half of the octet.
    half: Src,
}

impl<'a> Lower<'a, '_> {
    /// Lowers the instruction, with these types of D and C.
    pub(super) fn quad_mma(&mut self, inst: &Instruction<'_>, d: PtxType, c: PtxType) -> Result<()> {
        let layouts: Vec<Layout> = inst.layouts().collect();
        let [a_layout, b_layout] = layouts[..] else { return self.invalid("two layouts are needed") };
        if c == PtxType::F32 && d != PtxType::F32 {
            return self.invalid("D of `.f16` needs C of `.f16`");
        }
        let wide = d == PtxType::F32;
        let registers = |ty| if ty == PtxType::F32 { 8 } else { 4 };
        let mut packed = [Src::Imm(0); 2];
        for (i, packed) in packed.iter_mut().enumerate() {
            let words = self.fragment(self.operand(inst, i + 1)?, 2, PtxType::F16)?;
            *packed = self.op(Op::Pack, Type::B64, &words);
        }
        let old = self.fragment(self.operand(inst, 3)?, registers(c), c)?;
        let lane = self.op_mods(Op::Rdsr, Type::B32, mods(&[(&mods::SREG, Sreg::LaneId as u16)]), &[]);
        let bits = |this: &mut Self, mask: i64| this.op(Op::And, Type::B32, &[lane, Src::Imm(mask)]);
        let (octet, half) = (bits(self, 12), bits(self, 16));
        // Rows and columns of the sums that the lane holds, in the order of its registers.
        let (rows, columns): (Vec<Line>, Vec<Line>) = if wide {
            let (odd, pair) = (bits(self, 1), bits(self, 2));
            let upper = self.op(Op::Or, Type::B32, &[odd, Src::Imm(2)]);
            let next = self.op(Op::Or, Type::B32, &[pair, Src::Imm(1)]);
            let rows = [odd, upper].map(|low| Line { low, half }).to_vec();
            let columns = [0, 16].iter().flat_map(|h| [pair, next].map(|low| Line { low, half: Src::Imm(*h) })).collect();
            (rows, columns)
        } else {
            let rows = vec![Line { low: bits(self, 3), half }];
            (rows, (0..8).map(|n| Line { low: Src::Imm(n & 3), half: Src::Imm((n & 4) << 2) }).collect())
        };
        let a: Vec<_> = rows.iter().map(|line| self.line(packed[0], *line, octet, a_layout == Layout::Row)).collect();
        let b: Vec<_> = columns.iter().map(|line| self.line(packed[1], *line, octet, b_layout == Layout::Col)).collect();
        let mut sums = vec![];
        for i in 0..8 {
            // f32: register i holds row bit 1 of i, column bits 2 and 0.
            let (row, column) = if wide { (i >> 1 & 1, i >> 1 & 2 | i & 1) } else { (0, i) };
            let mut sum = match c {
                PtxType::F32 => old[i],
                _ if wide => self.transferred(&old[column & 2..][..2], rows[row], columns[column], octet),
                _ => self.widen(old[i / 2])[i % 2],
            };
            for k in 0..DEPTH as usize {
                sum = self.op(Op::Fma, Type::F32, &[a[row][k], b[column][k], sum]);
            }
            sums.push(sum);
        }
        if !wide {
            sums = sums.chunks(2).map(|pair| self.narrow(pair[0], pair[1])).collect();
        }
        self.write_fragment(self.operand(inst, 0)?, &sums, d)
    }

    /// The four elements of a line as f32; `whole`: a lane holds a line.
    fn line(&mut self, packed: Src, line: Line, octet: Src, whole: bool) -> Vec<Src> {
        let group = self.op(Op::Or, Type::B32, &[octet, line.half]);
        if whole {
            let source = self.op(Op::Or, Type::B32, &[group, line.low]);
            let elements = self.other_lane(packed, source);
            return (0..DEPTH)
                .map(|k| {
                    let element = self.op(Op::Shr, Type::U64, &[elements, Src::Imm(16 * k)]);
                    self.half_to_f32(element)
                })
                .collect();
        }
        let by = self.op(Op::Shl, Type::B32, &[line.low, Src::Imm(4)]);
        (0..DEPTH)
            .map(|k| {
                let source = self.op(Op::Or, Type::B32, &[group, Src::Imm(k)]);
                let elements = self.other_lane(packed, source);
                let element = self.op(Op::Shr, Type::U64, &[elements, by]);
                self.half_to_f32(element)
            })
            .collect()
    }

    /// An element of C of f16, of which a lane has a row, where D of f32 has it. The registers are those of the row's half.
    fn transferred(&mut self, half_row: &[Src], row: Line, column: Line, octet: Src) -> Src {
        let packed = self.op(Op::Pack, Type::B64, half_row);
        let group = self.op(Op::Or, Type::B32, &[octet, row.half]);
        let source = self.op(Op::Or, Type::B32, &[group, row.low]);
        let elements = self.other_lane(packed, source);
        let by = self.op(Op::Shl, Type::B32, &[column.low, Src::Imm(4)]);
        let element = self.op(Op::Shr, Type::U64, &[elements, by]);
        self.half_to_f32(element)
    }

    fn other_lane(&mut self, value: Src, lane: Src) -> Src {
        let all = Src::Imm(0xffff_ffff);
        self.op_mods(Op::Shfl, Type::B64, mods(&[(&mods::SHFL, mods::shfl::IDX)]), &[value, lane, Src::Imm(31), all])
    }
}

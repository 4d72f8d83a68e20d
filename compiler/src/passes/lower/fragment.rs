// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Fragments of `wmma` from and to memory.
//!
//! Fragments are described in [`tensor`](super::tensor). In memory a matrix is a list of *lines*, rows or columns as its
//! layout says, `stride` elements apart; the elements of a line are neighbours. Seen from a lane, an element of a fragment
//! lies *across* tiles (rows of A, C and D, columns of B) and *along* them (K; columns of C and D):
//!
//! - across: 8 times the tile's number, plus g;
//! - along: a number that is the same in all lanes, plus a multiple of t.
//!
//! If lines run along, a register's elements are neighbours and one access does; else each element has its own.

use super::func::Lower;
use super::memory::Place64;
use super::tensor::{register_bits, sum_registers, wmma_takes, words, SIDE};
use super::{bits_type, mods};
use crate::error::Error;
use crate::ir::Src;
use crate::ptx::ast::{Instruction, Operand};
use crate::ptx::opcode::Opcode;
use crate::ptx::words::{Layout, Shape, Type as PtxType};
use ix_hw::isa::{mods, Mods, Op, Sreg, Type};

type Result<T> = std::result::Result<T, Error>;

/// Registers of a fragment of A or B of which `used` hold elements.
pub(super) fn registers(ty: PtxType, used: usize) -> usize {
    if ty == PtxType::F16 {
        8
    } else {
        used
    }
}

/// Elements that a register holds.
#[derive(Debug, Clone, Copy)]
struct Register {
    /// Position across tiles of g = 0.
    across: u32,
    /// Position along of the first element in lanes with t = 0.
    along: u32,
}

/// A fragment and the matrix in memory that it is a part of.
struct Fragment {
    ty: PtxType,
    registers: Vec<Register>,
    /// Elements of a register.
    count: u32,
    /// By how much positions along grow from lane to lane.
    step: u32,
    /// Whether lines run along.
    lines_along: bool,
    /// Elements from line to line, if no stride is given.
    packed: u32,
    /// Registers that the fragment has and does not use.
    spare: usize,
}

/// Where a lane's part of a matrix lies.
struct Lines {
    /// Address of element (g, t), without what all lanes have in common.
    lane: Place64,
    /// Bytes from line to line.
    stride: Src,
}

impl<'a> Lower<'a, '_> {
    fn describe(&self, inst: &Instruction<'_>) -> Result<Fragment> {
        let ty = self.ty(inst, 0)?;
        let shape = self.shape(inst)?;
        let Some(layout) = inst.layouts().next() else { return self.invalid("the layout is missing") };
        let Shape { m, n, k } = shape;
        let sums = matches!(inst.op, Opcode::WmmaLoadC | Opcode::WmmaStoreD);
        let taken = match (sums, ty) {
            (false, _) => wmma_takes(ty, shape),
            (true, PtxType::F16) => wmma_takes(PtxType::F16, shape),
            (true, PtxType::F32) => wmma_takes(PtxType::F16, shape) || wmma_takes(PtxType::Tf32, shape),
            (true, PtxType::S32) => [PtxType::U8, PtxType::U4, PtxType::B1].iter().any(|ty| wmma_takes(*ty, shape)),
            (true, PtxType::F64) => wmma_takes(PtxType::F64, shape),
            _ => false,
        };
        if !taken {
            return self.invalid(format!("`{}` of `.{ty}` has no shape `.{shape}`", inst.op));
        }
        let side = SIDE as u32;
        if sums {
            let per_tile = sum_registers(ty) as u32;
            let count = 2 / per_tile;
            let tiles = (0..u32::from(m) / side).flat_map(|r| (0..u32::from(n) / side).map(move |c| (r, c)));
            let registers =
                tiles.flat_map(|(r, c)| (0..per_tile).map(move |i| Register { across: r * side, along: c * side + i })).collect();
            let lines_along = layout == Layout::Row;
            let packed = if lines_along { n } else { m };
            return Ok(Fragment { ty, registers, count, step: 2, lines_along, packed: packed.into(), spare: 0 });
        }
        let (across, lines_along) = match inst.op {
            Opcode::WmmaLoadA => (u32::from(m), layout == Layout::Row),
            _ => (u32::from(n), layout == Layout::Col),
        };
        if ty.bits() < 8 && !lines_along {
            return self.invalid("A must be in rows and B in columns for elements of less than a byte");
        }
        let words = words(ty, k.into()) as u32;
        let count = register_bits(ty) / ty.bits();
        let registers: Vec<_> =
            (0..across / side).flat_map(|tile| (0..words).map(move |w| Register { across: tile * side, along: w * 4 * count })).collect();
        let packed = if lines_along { k.into() } else { across };
        let spare = self::registers(ty, registers.len()) - registers.len();
        Ok(Fragment { ty, registers, count, step: count, lines_along, packed, spare })
    }

    fn lines(&mut self, fragment: &Fragment, at: Place64, stride: Option<&Operand>) -> Result<Lines> {
        let bits = fragment.ty.bits();
        let bytes = |elements: i64| elements * i64::from(bits) / 8;
        let stride = match stride {
            None => Src::Imm(bytes(fragment.packed.into())),
            Some(operand) => match self.value(operand, PtxType::U32)? {
                Src::Imm(n) => Src::Imm(bytes(n)),
                // As many bits as elements of four bits or one may have do not fit 32 bits.
                value => {
                    let value = self.op_mods(Op::Mul, Type::U32, mods(&[(&mods::PART, mods::part::WIDE)]), &[value, Src::Imm(bits.into())]);
                    self.op(Op::Shr, Type::U64, &[value, Src::Imm(3)])
                }
            },
        };
        let lane = self.op_mods(Op::Rdsr, Type::B32, mods(&[(&mods::SREG, Sreg::LaneId as u16)]), &[]);
        let g = self.op(Op::Shr, Type::U32, &[lane, Src::Imm(2)]);
        let t = self.op(Op::And, Type::B32, &[lane, Src::Imm(3)]);
        let (line, place, in_line) = if fragment.lines_along { (g, t, fragment.step) } else { (t, g, 1) };
        let lines = if fragment.lines_along { 1 } else { fragment.step };
        let line = self.op(Op::Mul, Type::U32, &[line, Src::Imm(lines.into())]);
        let place = self.op(Op::Mul, Type::U32, &[place, Src::Imm(bytes(in_line.into()))]);
        let line = self.op(Op::Mul, Type::U64, &[line, stride]);
        let offset = self.op(Op::Add, Type::U64, &[line, place]);
        let base = self.op(Op::Add, Type::U64, &[at.base, offset]);
        Ok(Lines { lane: Place64 { base, ..at }, stride })
    }

    /// Where element `i` of a register lies.
    fn element(&mut self, fragment: &Fragment, lines: &Lines, register: Register, i: u32) -> Place64 {
        let along = register.along + i;
        let (line, place) = if fragment.lines_along { (register.across, along) } else { (along, register.across) };
        let mut at = lines.lane;
        at.offset = at.offset.wrapping_add(i64::from(place * fragment.ty.bits() / 8));
        match lines.stride {
            Src::Imm(stride) => at.offset = at.offset.wrapping_add(stride.wrapping_mul(line.into())),
            _ if line == 0 => {}
            stride => {
                let down = self.op(Op::Mul, Type::U64, &[stride, Src::Imm(line.into())]);
                at.base = self.op(Op::Add, Type::U64, &[at.base, down]);
            }
        }
        at
    }

    /// `wmma.load`.
    pub(super) fn load_fragment(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let fragment = self.describe(inst)?;
        let at = self.address(self.operand(inst, 1)?, inst.space())?;
        let lines = self.lines(&fragment, at, inst.operands.get(2))?;
        let mut values = vec![];
        for &register in &fragment.registers {
            let (pieces, bits) =
                if fragment.lines_along { (1, fragment.ty.bits() * fragment.count) } else { (fragment.count, fragment.ty.bits()) };
            let mut all = None;
            for i in 0..pieces {
                let place = self.element(&fragment, &lines, register, i);
                let dst = self.temp();
                let mut ld = self.access(Op::Ld, bits_type(bits), place, 0, Mods::NONE);
                ld.dst = Some(dst);
                self.emit(ld);
                let piece = Src::Val(dst);
                all = Some(match all {
                    None => piece,
                    Some(lower) => {
                        let upper = self.op(Op::Shl, Type::B32, &[piece, Src::Imm(i64::from(i * bits))]);
                        self.op(Op::Or, Type::B32, &[lower, upper])
                    }
                });
            }
            values.extend(all);
        }
        values.extend(std::iter::repeat_n(Src::Imm(0), fragment.spare));
        self.write_fragment(self.operand(inst, 0)?, &values, fragment.ty)
    }

    /// `wmma.store`.
    pub(super) fn store_fragment(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let fragment = self.describe(inst)?;
        let at = self.address(self.operand(inst, 0)?, inst.space())?;
        let values = self.fragment(self.operand(inst, 1)?, fragment.registers.len(), fragment.ty)?;
        let lines = self.lines(&fragment, at, inst.operands.get(2))?;
        for (&register, value) in fragment.registers.iter().zip(values) {
            let (pieces, bits) =
                if fragment.lines_along { (1, fragment.ty.bits() * fragment.count) } else { (fragment.count, fragment.ty.bits()) };
            for i in 0..pieces {
                let place = self.element(&fragment, &lines, register, i);
                let piece = match i {
                    0 => value,
                    _ => self.op(Op::Shr, Type::U32, &[value, Src::Imm(i64::from(i * bits))]),
                };
                let mut st = self.access(Op::St, bits_type(bits), place, 0, Mods::NONE);
                st.src[1] = piece;
                self.emit(st);
            }
        }
        Ok(())
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Matrices in registers: `mma.sync`, `wmma.mma`, `ldmatrix`, `stmatrix`, `movmatrix`.
//!
//! A *fragment* is what one thread holds of a matrix, in a list of registers. A *tile* is eight rows of A, eight columns
//! of B, or the 8 by 8 elements of C or D where they meet; the machine multiplies tiles. Fragments are made of tiles:
//! those of `mma` as the PTX ISA draws them, those of `wmma` as this compiler pleases, since programs cannot know.
//!
//! | fragment | registers of the tiles |
//! |---|---|
//! | `mma`, A | the first word of tile 0, of tile 1; then the second word of tile 0, of tile 1 |
//! | `mma`, B | the words of the only tile |
//! | `wmma`, A and B | the words of tile 0, then those of tile 1, and so on; f16 fragments have registers to spare, which are 0 |
//! | C and D | those of the first row of tiles, then of the next |
//!
//! In all of them lane 4g + t holds, of the eight rows of a tile of A (columns of one of B), row g: in its first word the
//! t-th of four groups of elements that fill a word, in its second word the t-th of the following four. Of C and D it holds
//! row g, columns 2t and 2t + 1. The machine's registers hold the same (see [`ix_hw::isa`]), two words in one.

use super::func::{mods, Lower};
use crate::error::{Error, ErrorKind};
use crate::ir::{Src, Val};
use crate::ptx::ast::{Instruction, Modifier, Operand};
use crate::ptx::opcode::Opcode;
use crate::ptx::words::{BoolOp, Count, Flag, Layout, Rounding, Shape, Type as PtxType};
use ix_hw::isa::mods::inputs;
use ix_hw::isa::{mods, Mods, Op, Type};

type Result<T> = std::result::Result<T, Error>;

/// Rows or columns of a tile.
pub(super) const SIDE: usize = 8;
/// Lanes that share a row of a tile.
const LANES: usize = 4;

/// A multiplication in the machine's terms.
#[derive(Debug, Clone, Copy)]
struct Product {
    /// Type of the sums.
    ty: Type,
    inputs: u16,
    /// Rounding or saturation.
    mods: Mods,
    /// Types of C and D.
    c: PtxType,
    d: PtxType,
}

/// Elements of A and B by their sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    F16,
    Bf16,
    Tf32,
    Float8,
    F64,
    Int8,
    Int4,
    Bit,
}

/// What the machine calls elements of these types, and their sort.
fn elements(a: PtxType, b: PtxType, op: Option<BoolOp>) -> Option<(u16, Sort)> {
    use PtxType::*;
    Some(match (a, b) {
        (F16, F16) => (inputs::F16, Sort::F16),
        (Bf16, Bf16) => (inputs::BF16, Sort::Bf16),
        (Tf32, Tf32) => (inputs::TF32, Sort::Tf32),
        (E4m3, E4m3) => (inputs::E4M3, Sort::Float8),
        (E4m3, E5m2) => (inputs::E4M3_E5M2, Sort::Float8),
        (E5m2, E4m3) => (inputs::E5M2_E4M3, Sort::Float8),
        (E5m2, E5m2) => (inputs::E5M2, Sort::Float8),
        (F64, F64) => (inputs::F64, Sort::F64),
        (U8, U8) => (inputs::U8, Sort::Int8),
        (U8, S8) => (inputs::U8_S8, Sort::Int8),
        (S8, U8) => (inputs::S8_U8, Sort::Int8),
        (S8, S8) => (inputs::S8, Sort::Int8),
        (U4, U4) => (inputs::U4, Sort::Int4),
        (U4, S4) => (inputs::U4_S4, Sort::Int4),
        (S4, U4) => (inputs::S4_U4, Sort::Int4),
        (S4, S4) => (inputs::S4, Sort::Int4),
        (B1, B1) => match op {
            Some(BoolOp::Xor) => (inputs::B1_XOR, Sort::Bit),
            Some(BoolOp::And) => (inputs::B1_AND, Sort::Bit),
            _ => return None,
        },
        _ => return None,
    })
}

/// Whether `mma` has the shape for elements of the sort; m8n8k4 of f16 is a matter of its own.
fn mma_takes(sort: Sort, shape: Shape) -> bool {
    let Shape { m, n, k } = shape;
    n == 8
        && match sort {
            Sort::F16 | Sort::Bf16 => m == 16 && matches!(k, 8 | 16),
            Sort::Tf32 => m == 16 && matches!(k, 4 | 8),
            Sort::Float8 => m == 16 && matches!(k, 16 | 32),
            Sort::F64 => matches!((m, k), (8, 4) | (16, 4 | 8 | 16)),
            Sort::Int8 => matches!((m, k), (8, 16) | (16, 16 | 32)),
            Sort::Int4 => matches!((m, k), (8, 32) | (16, 32 | 64)),
            Sort::Bit => matches!((m, k), (8, 128) | (16, 128 | 256)),
        }
}

/// Whether `wmma` has the shape for elements of this type.
pub(super) fn wmma_takes(ty: PtxType, shape: Shape) -> bool {
    let Shape { m, n, k } = shape;
    use PtxType::*;
    match ty {
        F16 | Bf16 | U8 | S8 => k == 16 && matches!((m, n), (16, 16) | (32, 8) | (8, 32)),
        Tf32 => (m, n, k) == (16, 16, 8),
        F64 => (m, n, k) == (8, 8, 4),
        U4 | S4 => (m, n, k) == (8, 8, 32),
        B1 => (m, n, k) == (8, 8, 128),
        _ => false,
    }
}

/// Bits of a register of a fragment.
pub(super) fn register_bits(ty: PtxType) -> u32 {
    if ty == PtxType::F64 {
        64
    } else {
        32
    }
}

/// Registers that hold what a lane has of a tile with `k` elements a row.
pub(super) fn words(ty: PtxType, k: usize) -> usize {
    (k / LANES * ty.bits() as usize).div_ceil(register_bits(ty) as usize)
}

/// Registers that hold what a lane has of a tile of sums.
pub(super) fn sum_registers(ty: PtxType) -> usize {
    if ty == PtxType::F16 {
        1
    } else {
        2
    }
}

impl<'a> Lower<'a, '_> {
    /// Lowers the instruction if it is one of this file's or of `fragment`'s.
    pub(super) fn lower_tensor(&mut self, inst: &'a Instruction<'a>) -> Result<bool> {
        match inst.op {
            Opcode::MmaSync => self.mma(inst)?,
            Opcode::WmmaMma => self.wmma(inst)?,
            Opcode::WmmaLoadA | Opcode::WmmaLoadB | Opcode::WmmaLoadC => self.load_fragment(inst)?,
            Opcode::WmmaStoreD => self.store_fragment(inst)?,
            Opcode::Ldmatrix => self.load_matrices(inst)?,
            Opcode::Stmatrix => self.store_matrices(inst)?,
            Opcode::Movmatrix => {
                self.require_8x8(inst)?;
                let source = self.value(self.operand(inst, 1)?, PtxType::B32)?;
                let dst = self.dst(self.operand(inst, 0)?)?;
                self.op_to(Op::Transpose, Type::B16, Mods::NONE, dst, &[source]);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn invalid<T>(&self, reason: impl Into<String>) -> Result<T> {
        Err(self.error(ErrorKind::Invalid, reason))
    }

    pub(super) fn shape(&self, inst: &Instruction<'_>) -> Result<Shape> {
        match inst.shape() {
            Some(shape) => Ok(shape),
            None => self.invalid("the shape is missing"),
        }
    }

    // Registers of fragments.

    fn check_registers(&self, operand: &Operand, count: usize, ty: PtxType) -> Result<()> {
        let list = self.elements(operand)?;
        if list.len() != count {
            return self.invalid(format!("this fragment of `.{ty}` has {count} registers, not {}", list.len()));
        }
        for element in list {
            if let Operand::Reg(id) = element {
                let reg = self.function().reg(id);
                if reg.ty.bits() != register_bits(ty) {
                    return self.invalid(format!("`{}` has {} bits, but {} are needed here", reg.name, reg.ty.bits(), register_bits(ty)));
                }
            }
        }
        Ok(())
    }

    /// The values of a fragment's registers.
    pub(super) fn fragment(&mut self, operand: &Operand, count: usize, ty: PtxType) -> Result<Vec<Src>> {
        self.check_registers(operand, count, ty)?;
        let as_ty = match ty {
            PtxType::F32 | PtxType::F64 => ty,
            _ => PtxType::B32,
        };
        self.elements(operand)?.iter().map(|e| self.value(e, as_ty)).collect()
    }

    /// Writes a fragment's registers.
    pub(super) fn write_fragment(&mut self, operand: &Operand, values: &[Src], ty: PtxType) -> Result<()> {
        self.check_registers(operand, values.len(), ty)?;
        let targets = self.elements(operand)?.iter().map(|e| self.dst(e)).collect::<Result<Vec<Val>>>()?;
        for (dst, value) in targets.into_iter().zip(values) {
            self.copy(dst, *value);
        }
        Ok(())
    }

    // Products.

    fn product(&self, inst: &Instruction<'_>, [d, a, b, c]: [PtxType; 4]) -> Result<(Product, Sort)> {
        let mut ops = inst.modifiers.iter().filter_map(|m| if let Modifier::Bool(op) = m { Some(*op) } else { None });
        let op = ops.find(|op| *op != BoolOp::Popc);
        let Some((inputs, sort)) = elements(a, b, op) else {
            return self.invalid(format!("`.{a}` and `.{b}` are not multiplied with one another"));
        };
        use PtxType::{F16, F32, F64, S32};
        let ty = match (sort, c, d) {
            (Sort::F16 | Sort::Float8, F16, F16) => Type::F16,
            (Sort::F16 | Sort::Float8, F16 | F32, F16 | F32) | (Sort::Bf16 | Sort::Tf32, F32, F32) => Type::F32,
            (Sort::F64, F64, F64) => Type::F64,
            (Sort::Int8 | Sort::Int4 | Sort::Bit, S32, S32) => Type::S32,
            _ => return self.invalid(format!("products of `.{a}` are not added up in `.{c}` and `.{d}`")),
        };
        let mut fields = mods(&[(&mods::INPUTS, inputs)]);
        if inst.has(Flag::Satfinite) {
            if !matches!(sort, Sort::Int8 | Sort::Int4) {
                return self.invalid("`.satfinite` is for integers");
            }
            fields = fields.with(&mods::SAT, 1);
        }
        let round = match inst.rounding() {
            None | Some(Rounding::Rn) => mods::round::RN,
            Some(Rounding::Rz) => mods::round::RZ,
            Some(Rounding::Rm) => mods::round::RM,
            Some(Rounding::Rp) => mods::round::RP,
            Some(other) => return self.invalid(format!("`.{other}` is no rounding of products")),
        };
        if inst.rounding().is_some() && sort != Sort::F64 {
            return self.invalid("a rounding mode is for `.f64`");
        }
        Ok((Product { ty, inputs, mods: fields.with(&mods::ROUND, round), c, d }, sort))
    }

    /// The words of a tile of A or B, as the machine's registers hold them.
    fn join_words(&mut self, p: &Product, words: &[Src]) -> Vec<Src> {
        match words {
            [low, high] if p.inputs != inputs::F64 => vec![self.op(Op::Pack, Type::B64, &[*low, *high])],
            _ => words.to_vec(),
        }
    }

    /// The registers of a tile of D, given a tile's words of A and B (joined; `half`: only one) and registers of C.
    fn multiply(&mut self, p: &Product, a: &[Src], b: &[Src], c: &[Src], half: bool) -> Vec<Src> {
        if p.ty == Type::F64 {
            let column = |this: &mut Self, odd: usize| {
                let fields = p.mods.with(&mods::COLUMNS, odd as u16);
                a.iter().zip(b).fold(c[odd], |sum, (a, b)| this.op_mods(Op::Mma, p.ty, fields, &[*a, *b, sum]))
            };
            return vec![column(self, 0), column(self, 1)];
        }
        let old = match p.ty {
            Type::F16 => c[0],
            _ => {
                let [low, high] = if p.c == PtxType::F16 { self.widen(c[0]) } else { [c[0], c[1]] };
                self.op(Op::Pack, Type::B64, &[low, high])
            }
        };
        let sum = self.op_mods(Op::Mma, p.ty, p.mods.with(&mods::K_HALF, half.into()), &[a[0], b[0], old]);
        if p.ty == Type::F16 {
            return vec![sum];
        }
        let low = self.op(Op::Mov, Type::B32, &[sum]);
        let high = self.op(Op::Shr, Type::U64, &[sum, Src::Imm(32)]);
        if p.d == PtxType::F16 {
            vec![self.narrow(low, high)]
        } else {
            vec![low, high]
        }
    }

    /// The halves of a register as f32.
    pub(super) fn widen(&mut self, halves: Src) -> [Src; 2] {
        let high = self.op(Op::Shr, Type::U32, &[halves, Src::Imm(16)]);
        [halves, high].map(|x| self.half_to_f32(x))
    }

    /// The f16 in the lower half of a register as f32.
    pub(super) fn half_to_f32(&mut self, half: Src) -> Src {
        self.op_mods(Op::Cvt, Type::F32, mods(&[(&mods::FROM, Type::F16 as u16)]), &[half, Src::Imm(0)])
    }

    /// Two f32 as halves of a register.
    pub(super) fn narrow(&mut self, low: Src, high: Src) -> Src {
        self.op_mods(Op::Cvt, Type::F16x2, mods(&[(&mods::FROM, Type::F32 as u16)]), &[high, low])
    }

    fn mma(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let types: [PtxType; 4] = [self.ty(inst, 0)?, self.ty(inst, 1)?, self.ty(inst, 2)?, self.ty(inst, 3)?];
        let shape = self.shape(inst)?;
        let (product, sort) = self.product(inst, types)?;
        if sort == Sort::F16 && (shape.m, shape.n, shape.k) == (8, 8, 4) {
            return self.quad_mma(inst, types[0], types[3]);
        }
        if !mma_takes(sort, shape) {
            return self.invalid(format!("`mma` of `.{}` has no shape `.{shape}`", types[1]));
        }
        if !inst.layouts().eq([Layout::Row, Layout::Col]) {
            return self.invalid("the layouts must be `.row.col` here");
        }
        let (tiles, words) = (usize::from(shape.m) / SIDE, words(types[1], shape.k.into()));
        let a = self.fragment(self.operand(inst, 1)?, tiles * words, types[1])?;
        let b = self.fragment(self.operand(inst, 2)?, words, types[2])?;
        let per_tile = sum_registers(types[3]);
        let c = self.fragment(self.operand(inst, 3)?, tiles * per_tile, types[3])?;
        let b = self.join_words(&product, &b);
        let mut sums = vec![];
        for (tile, c) in c.chunks(per_tile).enumerate() {
            let a: Vec<Src> = (0..words).map(|w| a[w * tiles + tile]).collect();
            let a = self.join_words(&product, &a);
            sums.extend(self.multiply(&product, &a, &b, c, words == 1));
        }
        self.write_fragment(self.operand(inst, 0)?, &sums, types[0])
    }

    fn wmma(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let all: Vec<PtxType> = inst.types().collect();
        let types = match all[..] {
            // Products of f16 name the types of D and C only.
            [d, c] => [d, PtxType::F16, PtxType::F16, c],
            [d, a, b, c] => [d, a, b, c],
            _ => return self.invalid("two or four types are needed"),
        };
        let shape = self.shape(inst)?;
        let (product, sort) = self.product(inst, types)?;
        if !wmma_takes(types[1], shape) {
            return self.invalid(format!("`wmma` of `.{}` has no shape `.{shape}`", types[1]));
        }
        let layouts: Vec<Layout> = inst.layouts().collect();
        if layouts.len() != 2 || (matches!(sort, Sort::Int4 | Sort::Bit) && layouts != [Layout::Row, Layout::Col]) {
            return self.invalid("the layouts do not fit the types");
        }
        let words = words(types[1], shape.k.into());
        let (rows, columns) = (usize::from(shape.m) / SIDE, usize::from(shape.n) / SIDE);
        let spare = |tiles: usize| super::fragment::registers(types[1], tiles * words);
        let a = self.fragment(self.operand(inst, 1)?, spare(rows), types[1])?;
        let b = self.fragment(self.operand(inst, 2)?, spare(columns), types[2])?;
        let per_tile = sum_registers(types[3]);
        let c = self.fragment(self.operand(inst, 3)?, rows * columns * per_tile, types[3])?;
        let lines = |this: &mut Self, registers: &[Src], tiles: usize| -> Vec<Vec<Src>> {
            registers.chunks(words).take(tiles).map(|words| this.join_words(&product, words)).collect()
        };
        let (a, b) = (lines(self, &a, rows), lines(self, &b, columns));
        let mut sums = vec![];
        for (tile, c) in c.chunks(per_tile).enumerate() {
            sums.extend(self.multiply(&product, &a[tile / columns], &b[tile % columns], c, words == 1));
        }
        self.write_fragment(self.operand(inst, 0)?, &sums, types[0])
    }

    // Matrices of 16-bit elements in memory, a row at each lane's address.

    fn require_8x8(&self, inst: &Instruction<'_>) -> Result<()> {
        let shape = self.shape(inst)?;
        if (shape.m, shape.n, shape.k) != (8, 8, 0) || !inst.types().eq([PtxType::B16]) {
            return self.unsupported(format_args!("`{}` of other than `.m8n8` and `.b16`", inst.op));
        }
        Ok(())
    }

    fn matrices(&self, inst: &Instruction<'_>) -> Result<(usize, Mods)> {
        self.require_8x8(inst)?;
        let count = inst.count().unwrap_or(Count::X1).count() as usize;
        Ok((count, mods(&[(&mods::TRANS, inst.has(Flag::Trans).into())])))
    }

    fn load_matrices(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let (count, fields) = self.matrices(inst)?;
        let at = self.rows_address(self.operand(inst, 1)?, inst.space())?;
        let mut loaded = vec![];
        for tile in 0..count {
            let dst = self.temp();
            let mut ld = self.access(Op::Ldm, Type::B16, at, 0, fields.with(&mods::TILE, tile as u16));
            ld.dst = Some(dst);
            self.emit(ld);
            loaded.push(Src::Val(dst));
        }
        self.write_fragment(self.operand(inst, 0)?, &loaded, PtxType::B16)
    }

    fn store_matrices(&mut self, inst: &Instruction<'_>) -> Result<()> {
        let (count, fields) = self.matrices(inst)?;
        let at = self.rows_address(self.operand(inst, 0)?, inst.space())?;
        let values = self.fragment(self.operand(inst, 1)?, count, PtxType::B16)?;
        for (tile, value) in values.into_iter().enumerate() {
            let mut st = self.access(Op::Stm, Type::B16, at, 0, fields.with(&mods::TILE, tile as u16));
            st.src[1] = value;
            self.emit(st);
        }
        Ok(())
    }
}

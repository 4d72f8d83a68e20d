// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The meaning of instructions on matrices: each element of the result by itself, from the elements of A, B and C where
//! the instruction set puts them. Integers are summed in 128 bits, floats by software.

use ix_hw::isa::mods::{self as m, inputs};
use ix_hw::isa::{Inst, Op, Type};
use rustc_apfloat::ieee::{BFloat, Double, Float8E4M3FN, Float8E5M2, Half, Single};
use rustc_apfloat::{Float, FloatConvert, Round};

use super::float::{nan, rounding};

/// Contents of a vector register.
pub type Register = [u64; 32];

/// Types of the elements of A and B, as names in assembly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// A float of a type of the instruction set.
    Float(Type),
    /// An integer: bits, whether it is signed.
    Int(u32, bool),
}

impl Element {
    /// Bits.
    pub fn bits(self) -> u32 {
        match self {
            Element::Float(ty) => ty.bits(),
            Element::Int(bits, _) => bits,
        }
    }
}

/// Types of the elements of A and B.
pub fn elements(inst: &Inst) -> [Element; 2] {
    let int = |bits, a, b| [Element::Int(bits, a), Element::Int(bits, b)];
    let float = |a, b| [Element::Float(a), Element::Float(b)];
    match inst.mods.get(&m::INPUTS) {
        inputs::F16 => float(Type::F16, Type::F16),
        inputs::BF16 => float(Type::BF16, Type::BF16),
        inputs::TF32 => float(Type::TF32, Type::TF32),
        inputs::E4M3 => float(Type::E4M3, Type::E4M3),
        inputs::E4M3_E5M2 => float(Type::E4M3, Type::E5M2),
        inputs::E5M2_E4M3 => float(Type::E5M2, Type::E4M3),
        inputs::E5M2 => float(Type::E5M2, Type::E5M2),
        inputs::U8 => int(8, false, false),
        inputs::U8_S8 => int(8, false, true),
        inputs::S8_U8 => int(8, true, false),
        inputs::S8 => int(8, true, true),
        inputs::U4 => int(4, false, false),
        inputs::U4_S4 => int(4, false, true),
        inputs::S4_U4 => int(4, true, false),
        inputs::S4 => int(4, true, true),
        inputs::F64 => float(Type::F64, Type::F64),
        _ => int(1, false, false),
    }
}

/// Number of columns of A.
fn depth(inst: &Inst, bits: u32) -> usize {
    if inst.ty == Type::F64 {
        return 4;
    }
    let words = if inst.mods.has(&m::K_HALF) { 4 } else { 8 };
    words * 32 / bits as usize
}

/// Bits of element `k` of row `row` of A, or of column `row` of B.
fn element(register: &Register, row: usize, k: usize, bits: u32) -> u64 {
    if bits == 64 {
        return register[4 * row + k];
    }
    let per_word = 32 / bits as usize;
    // Words 0 to 3 of a row are lower words of its lanes, 4 to 7 upper ones.
    let word = k / per_word;
    let lane = 4 * row + word % 4;
    let shift = 32 * (word / 4) as u32 + (k % per_word) as u32 * bits;
    register[lane] >> shift & (u64::MAX >> (64 - bits))
}

fn single(bits: u64, ty: Type) -> Single {
    fn convert<F: FloatConvert<Single>>(bits: u64) -> Single {
        F::from_bits(bits.into()).convert(&mut false).value
    }
    match ty {
        Type::F16 => convert::<Half>(bits),
        Type::BF16 => convert::<BFloat>(bits),
        Type::E4M3 => convert::<Float8E4M3FN>(bits),
        Type::E5M2 => convert::<Float8E5M2>(bits),
        Type::TF32 => Single::from_bits((bits >> 13 << 13).into()),
        _ => Single::from_bits(bits.into()),
    }
}

fn integer(bits: u64, width: u32, signed: bool) -> i128 {
    let value = i128::from(bits);
    if signed && bits >> (width - 1) & 1 != 0 {
        value - (1 << width)
    } else {
        value
    }
}

/// Element (row, column) of D, given that of C, as bits.
fn sum(inst: &Inst, a: &Register, b: &Register, row: usize, column: usize, c: u64) -> u64 {
    let [left, right] = elements(inst);
    let depth = depth(inst, left.bits());
    let pairs = (0..depth).map(|k| (element(a, row, k, left.bits()), element(b, column, k, right.bits())));
    match (left, right) {
        (Element::Float(Type::F64), _) => {
            let mode = rounding(inst.mods.get(&m::ROUND));
            let d = pairs.fold(Double::from_bits(c.into()), |sum, (x, y)| {
                Double::from_bits(x.into()).mul_add_r(Double::from_bits(y.into()), sum, mode).value
            });
            if d.is_nan() {
                nan(Type::F64)
            } else {
                d.to_bits() as u64
            }
        }
        (Element::Float(left), Element::Float(right)) => {
            let c = if inst.ty == Type::F16 { single(c, Type::F16) } else { single(c, Type::F32) };
            let d = pairs.fold(c, |sum, (x, y)| single(x, left).mul_add_r(single(y, right), sum, Round::NearestTiesToEven).value);
            match inst.ty {
                ty if d.is_nan() => nan(ty),
                Type::F16 => {
                    let half: Half = d.convert(&mut false).value;
                    half.to_bits() as u64
                }
                _ => d.to_bits() as u64,
            }
        }
        (Element::Int(1, _), _) => {
            let and = inst.mods.get(&m::INPUTS) == inputs::B1_AND;
            let count = pairs.filter(|(x, y)| if and { x & y != 0 } else { x != y }).count();
            (c as u32).wrapping_add(count as u32).into()
        }
        (Element::Int(width, x_signed), Element::Int(_, y_signed)) => {
            let products: i128 = pairs.map(|(x, y)| integer(x, width, x_signed) * integer(y, width, y_signed)).sum();
            let exact = i128::from(c as i32) + products;
            let d = if inst.mods.has(&m::SAT) { exact.clamp(i32::MIN.into(), i32::MAX.into()) } else { exact };
            (d as u32).into()
        }
        _ => unreachable!("A and B are both floats or both integers"),
    }
}

/// The result of an instruction on matrices whose sources hold a, b and c. `None` where it is another one.
pub fn eval(inst: &Inst, a: &Register, b: &Register, c: &Register) -> Option<Register> {
    let lanes = |f: &dyn Fn(usize, usize) -> u64| Some(std::array::from_fn(|lane| f(lane / 4, lane % 4)));
    match (inst.op, inst.ty) {
        (Op::Mma, Type::F64) => {
            let odd = usize::from(inst.mods.has(&m::COLUMNS));
            lanes(&|g, t| sum(inst, a, b, g, 2 * t + odd, c[4 * g + t]))
        }
        (Op::Mma, ty) => {
            let bits = ty.bits();
            lanes(&|g, t| {
                let old = |i: u32| c[4 * g + t] >> (i * bits) & (u64::MAX >> (64 - bits));
                sum(inst, a, b, g, 2 * t, old(0)) | sum(inst, a, b, g, 2 * t + 1, old(1)) << bits
            })
        }
        (Op::Transpose, _) => {
            let at = |row: usize, column: usize| a[4 * row + column / 2] >> (16 * (column % 2)) & 0xffff;
            lanes(&|g, t| at(2 * t, g) | at(2 * t + 1, g) << 16)
        }
        _ => None,
    }
}

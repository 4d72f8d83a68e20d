// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Values of operands: the edges of every type, and random ones.

use ix_hw::isa::{mods, Inst, Op, Type};

use crate::random::Random;

/// How an operand is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// As a value of this type.
    Value(Type),
    /// As the number of bits of a shift, or a position or length in a word.
    Amount,
    /// As one bit: of a mask register, or a scalar that is 0 or not.
    Bit,
    /// Not at all.
    Ignored,
}

/// The type with twice the bits.
fn wider(ty: Type) -> Type {
    match ty {
        Type::U16 => Type::U32,
        Type::S16 => Type::S32,
        Type::U32 => Type::U64,
        _ => Type::S64,
    }
}

/// Type of the source of a conversion.
pub fn source_type(inst: &Inst) -> Type {
    Type::from_number(inst.mods.get(&mods::FROM) as u8).unwrap_or(Type::None)
}

/// How each source of an instruction is read.
pub fn roles(inst: &Inst) -> [Role; 4] {
    let value = Role::Value(inst.ty);
    let word = Role::Value(Type::B32);
    match inst.op {
        Op::Shl | Op::Shr => [value, Role::Amount, Role::Ignored, Role::Ignored],
        Op::Shf => [word, word, Role::Amount, Role::Ignored],
        Op::Bfe => [value, Role::Amount, Role::Amount, Role::Ignored],
        Op::Bfi => [value, value, Role::Amount, Role::Amount],
        Op::Sel | Op::Addc | Op::Subc => [value, value, Role::Bit, Role::Ignored],
        Op::Mad if inst.mods.get(&mods::PART) == mods::part::WIDE => [value, value, Role::Value(wider(inst.ty)), Role::Ignored],
        Op::Cvt => {
            let from = Role::Value(source_type(inst));
            [from, if inst.ty.is_packed() { from } else { Role::Ignored }, Role::Ignored, Role::Ignored]
        }
        _ => [value; 4],
    }
}

/// Bits of the significand and the exponent of a float type.
fn format(ty: Type) -> (u32, u32) {
    match ty {
        Type::F16 | Type::F16x2 => (11, 5),
        Type::BF16 | Type::BF16x2 => (8, 8),
        Type::E4M3 => (4, 4),
        Type::E5M2 => (3, 5),
        Type::F64 => (53, 11),
        _ => (24, 8),
    }
}

/// Edge values of a float type, the significant ones first.
fn float_edges(ty: Type) -> Vec<u64> {
    let (precision, exponent) = format(ty);
    let fraction = precision - 1;
    let bias = (1u64 << (exponent - 1)) - 1;
    let sign = 1u64 << (fraction + exponent);
    let infinity = ((1u64 << exponent) - 1) << fraction;
    let one = bias << fraction;
    let power = |e: i64| ((bias as i64 + e) as u64) << fraction;
    let half_exponent = (bias / 2) as i64;
    let positive = [
        0,
        one,
        1,                   // smallest subnormal
        (1 << fraction) - 1, // largest subnormal
        1 << fraction,       // smallest normal
        infinity - 1,        // largest
        infinity,
        infinity | 1 << (fraction - 1), // quiet NaN
        infinity | 1,                   // signalling NaN
        one + 1,
        one - 1,
        power(1) - 1,
        power(-1),
        power(0) | 1 << (fraction - 1), // 1.5
        power(1) | 1 << (fraction - 2), // 2.5
        power(fraction as i64),         // where the spacing is 1
        power(fraction as i64 + 1) | 1,
        power(-(precision as i64)), // half a last bit of 1
        power(-(precision as i64)) + 1,
        power(half_exponent) | 3,
        power(-half_exponent) | 5,
        power(-half_exponent - precision as i64 / 2) | 7,
        (1 << fraction) + 1,
        3,
        (infinity - 1) ^ ((1 << fraction) - 1), // largest power of two
        power(0) | (0x5555_5555_5555_5555 & ((1 << fraction) - 1)),
        power(4.min(bias as i64 - 1)) | (0x2aaa_aaaa_aaaa_aaaa & ((1 << fraction) - 1)),
        power(7),
        power(14),
        power((bias as i64).min(31)),
        power((bias as i64).min(63)),
        power((bias as i64).min(15)) | ((1 << fraction) - 1),
    ];
    positive.iter().flat_map(|p| [*p, *p | sign]).collect()
}

/// Edge values of an operand, as register contents (bits beyond the type are set to garbage by
/// the caller).
pub fn edges(role: Role) -> Vec<u64> {
    match role {
        Role::Ignored => vec![0],
        Role::Bit => vec![0, 1],
        Role::Amount => vec![0, 1, 7, 8, 15, 16, 17, 24, 31, 32, 33, 40, 63, 64, 65, 127, 128, 255, 256, 257, 0x8000_0000, 0xffff_ffff],
        Role::Value(ty) if ty.is_packed() => {
            let halves = float_edges(ty);
            let n = halves.len();
            (0..2 * n).map(|i| halves[i % n] << 16 | halves[(i * 7 + i / n) % n]).collect()
        }
        Role::Value(ty) if ty.is_float() => float_edges(ty),
        Role::Value(ty) => {
            let bits = ty.bits().max(8);
            let mask = u64::MAX >> (64 - bits);
            let top = 1u64 << (bits - 1);
            let mut all: Vec<u64> = [
                0,
                1,
                2,
                3,
                10,
                mask,
                mask - 1,
                mask - 2,
                top,
                top + 1,
                top - 1,
                top - 2,
                top | top >> 1,
                0x5555_5555_5555_5555,
                0xaaaa_aaaa_aaaa_aaaa,
                0x0123_4567_89ab_cdef,
                0xff00_ff00_ff00_ff00,
                0x8081_7f7e_8081_7f7e,
                1 << (bits / 2),
                (1 << (bits / 2)) - 1,
                1 << (bits / 2 - 1),
                mask ^ (1 << (bits / 2)),
                // Halfway between neighbours of binary32, binary64 and bfloat16.
                0x0100_0001,
                0x0100_0003,
                0x0020_0000_0000_0001,
                0x0101_0000_0000_0000,
                0x0101_0000_0000_0001,
                0x8000_0080_0000_0000,
                0x8000_0080_0000_0001,
            ]
            .iter()
            .map(|v| v & mask)
            .collect();
            all.dedup();
            all
        }
    }
}

/// A random value of an operand.
pub fn random(role: Role, r: &mut Random) -> u64 {
    match role {
        Role::Ignored => r.bits(),
        Role::Bit => r.below(2),
        Role::Amount => match r.below(4) {
            0 => r.bits(),
            _ => r.below(80),
        },
        Role::Value(ty) if ty.is_packed() => {
            let half = if ty == Type::F16x2 { Type::F16 } else { Type::BF16 };
            random(Role::Value(half), r) | random(Role::Value(half), r) << 16
        }
        Role::Value(ty) if ty.is_float() => {
            let (precision, exponent) = format(ty);
            let fraction = r.bits() & ((1 << (precision - 1)) - 1);
            let all = (1u64 << exponent) - 1;
            let exponent = match r.below(4) {
                0 => r.bits() & all,
                // Near 1, so that sums and differences do not lose one operand.
                _ => (all / 2 + r.below(8)).wrapping_sub(4),
            };
            let fraction = match r.below(4) {
                0 => fraction & !0u64 << r.below(u64::from(precision)),
                _ => fraction,
            };
            let sign = r.bits() & 1;
            fraction | exponent << (precision - 1) | sign << (ty.bits() - 1)
        }
        Role::Value(ty) => {
            let bits = u64::from(ty.bits().max(8));
            let value = r.bits() & (u64::MAX >> (64 - bits));
            match r.below(3) {
                0 => value >> r.below(bits),
                _ => value,
            }
        }
    }
}

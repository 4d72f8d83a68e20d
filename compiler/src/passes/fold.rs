// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What an instruction with constant or special operands equals.

use crate::ir::{Inst, Src, Val};
use ix_hw::isa::{mods, Class, Mods, Op, Type};

/// The register content of a result of this type whose low bits are `bits`.
pub fn extend(bits: u64, ty: Type) -> i64 {
    let unused = 64 - ty.bits().clamp(8, 64);
    if ty.is_signed() {
        (bits << unused) as i64 >> unused
    } else {
        (bits << unused >> unused) as i64
    }
}

/// The value of a source of this type, as a number.
fn number(i: i64, ty: Type) -> i128 {
    let read = extend(i as u64, ty);
    if ty.is_signed() {
        i128::from(read)
    } else {
        i128::from(read as u64)
    }
}

/// The type of twice the width.
pub fn wider(ty: Type) -> Type {
    match ty {
        Type::U16 => Type::U32,
        Type::S16 => Type::S32,
        Type::U32 => Type::U64,
        Type::S32 => Type::S64,
        other => other,
    }
}

/// Brings a constant operand of a commutative operation to the second place, and the constants of sources into the
/// form that their type reads, so that equal instructions look equal.
pub fn canonical(inst: &mut Inst) {
    let commutes = matches!(inst.op, Op::Add | Op::Mul | Op::Mad | Op::Fmul | Op::Fma | Op::And | Op::Or | Op::Xor | Op::Min | Op::Max);
    if commutes && !matches!(inst.src[0], Src::Val(_)) && matches!(inst.src[1], Src::Val(_)) {
        inst.src.swap(0, 1);
    }
}

/// What the result equals, if that is known. `def` gives the instruction that defines a value.
pub fn run<'d>(inst: &Inst, def: impl Fn(Val) -> Option<&'d Inst>) -> Option<Src> {
    let ty = inst.ty;
    let [a, b, c, _] = inst.src;
    match inst.op {
        Op::Mov => {
            return match a {
                Src::Imm(i) if ty == Type::B64 => Some(Src::Imm(i)),
                // A predicate's move has type b32 and is a copy, like one of 64 bits.
                Src::Imm(i) => Some(Src::Imm(extend(i as u64, ty))),
                Src::Val(v) if ty == Type::B64 || is_extended(def(v)?, ty) => Some(a),
                Src::Val(v) if ty == Type::B32 && def(v)?.op == Op::Pack => word(def(v)?.src[0], &def),
                Src::Addr(_) if ty == Type::B64 => Some(a),
                _ => None,
            };
        }
        Op::Sel => {
            if let Src::Imm(i) = c {
                return Some(if i != 0 { a } else { b });
            }
            return (a == b).then_some(a);
        }
        Op::Pack => {
            if let (Some(low), Some(high)) = (a.val().and_then(&def), b.val().and_then(&def)) {
                let halves = low.op == Op::Mov && low.ty == Type::B32 && is_upper_word(high) && low.src[0] == high.src[0];
                return (halves && matches!(low.src[0], Src::Val(_))).then_some(low.src[0]);
            }
        }
        Op::Shr if is_upper_word(inst) => {
            if let Some(pack) = a.val().and_then(&def).filter(|i| i.op == Op::Pack) {
                return word(pack.src[1], &def);
            }
        }
        _ => {}
    }
    if let (Op::And, Src::Val(v), Src::Imm(mask)) = (inst.op, a, b) {
        // Bits in which two constants agree do not depend on the choice between them.
        if let Some([Src::Imm(x), Src::Imm(y), ..]) = def(v).filter(|i| i.op == Op::Sel).map(|i| i.src) {
            if (x ^ y) & mask == 0 {
                return Some(Src::Imm(extend((x & mask) as u64, ty)));
            }
        }
    }
    if !ty.is_int() {
        return None;
    }
    if let Some(bits) = constant(inst) {
        return Some(Src::Imm(bits));
    }
    let (value, constant) = match (a, b) {
        (Src::Val(_), Src::Imm(i)) => (a, i),
        (Src::Imm(i), Src::Val(_)) if matches!(inst.op, Op::Add | Op::Mul | Op::And | Op::Or | Op::Xor) => (b, i),
        _ => return None,
    };
    let plain = inst.mods == Mods::NONE;
    let zero = extend(constant as u64, ty) == 0;
    match inst.op {
        Op::Add | Op::Sub | Op::Or | Op::Xor if zero && plain => Some(value),
        Op::Shl | Op::Shr if constant as u32 == 0 => Some(value),
        Op::Mul if plain && number(constant, ty) == 1 => Some(value),
        Op::Mul if zero => Some(Src::Imm(0)),
        Op::And if zero => Some(Src::Imm(0)),
        _ => None,
    }
}

/// Whether the result is the upper word of the first source.
fn is_upper_word(inst: &Inst) -> bool {
    inst.op == Op::Shr && matches!(inst.ty, Type::U64 | Type::B64) && inst.src[1] == Src::Imm(32)
}

/// What equals the lower word of an operand, if a value does.
fn word<'d>(src: Src, def: impl Fn(Val) -> Option<&'d Inst>) -> Option<Src> {
    match src {
        Src::Imm(i) => Some(Src::Imm(extend(i as u64, Type::B32))),
        Src::Val(v) if is_extended(def(v)?, Type::B32) => Some(src),
        _ => None,
    }
}

/// What a predicate equals that is computed from predicates.
pub fn logic(inst: &Inst) -> Option<Src> {
    let [a, b, ..] = inst.src;
    let constant = |src: Src| src.imm().map(|i| i != 0);
    match (inst.op, constant(a), constant(b)) {
        (Op::Mov, Some(a), _) => Some(Src::Imm(i64::from(a))),
        (Op::Mov, None, _) if a != Src::Exec => Some(a),
        (Op::Not, Some(a), _) => Some(Src::Imm(i64::from(!a))),
        (Op::And, Some(false), _) | (Op::And, _, Some(false)) => Some(Src::Imm(0)),
        (Op::Or, Some(true), _) | (Op::Or, _, Some(true)) => Some(Src::Imm(1)),
        (Op::And, Some(true), _) | (Op::Or | Op::Xor, Some(false), _) => Some(b),
        (Op::And, _, Some(true)) | (Op::Or | Op::Xor | Op::Andn, _, Some(false)) => Some(a),
        (Op::Xor, Some(true), Some(true)) => Some(Src::Imm(0)),
        (Op::Andn, Some(false), _) | (Op::Andn, _, Some(true)) => Some(Src::Imm(0)),
        (Op::And | Op::Or, None, None) if a == b => Some(a),
        _ => None,
    }
}

/// Whether the instruction's result is extended from the type's width as the type wants: with its sign, or zeros.
pub(super) fn is_extended(inst: &Inst, ty: Type) -> bool {
    if inst.guard.is_some() || inst.dst.is_none() {
        return false;
    }
    let (bits, signed) = match inst.op {
        Op::Mul | Op::Mad if inst.mods.get(&mods::PART) == mods::part::WIDE => (2 * inst.ty.bits(), inst.ty.is_signed()),
        Op::Popc | Op::Clz => (8, false),
        // The type of a matrix is that of an element, of which a register holds several.
        Op::Vote | Op::Redux | Op::Rdsr | Op::Shfl | Op::Bfind | Op::Ldm => return false,
        Op::Cvt if inst.ty.is_int() && inst.ty.bits() == 64 => match Type::from_number(inst.mods.get(&mods::FROM) as u8) {
            Some(from) if from.is_int() && inst.mods == Mods::NONE.with(&mods::FROM, from as u16) => (from.bits(), from.is_signed()),
            _ => return false,
        },
        // A copy of 64 bits has whatever its source has.
        Op::Mov | Op::Sel if inst.ty.bits() == 64 => return false,
        _ if inst.op.desc().class == Class::Tensor => return false,
        _ => (inst.ty.bits(), inst.ty.is_signed()),
    };
    match (signed, ty.is_signed()) {
        _ if bits == 0 => false,
        _ if ty.bits() == 64 => true,
        (true, true) | (false, false) => bits <= ty.bits(),
        // Zeros above fewer bits are also what a sign of more bits would be.
        (false, true) => bits < ty.bits(),
        (true, false) => false,
    }
}

/// The result, where all operands are constants.
fn constant(inst: &Inst) -> Option<i64> {
    let ty = inst.ty;
    let sources = inst.op.desc().src.iter().filter(|k| k.exists()).count();
    let mut raw = [0i64; 4];
    for (r, s) in raw.iter_mut().zip(&inst.src).take(sources) {
        *r = s.imm()?;
    }
    let [a, b, c] = [number(raw[0], ty), number(raw[1], ty), number(raw[2], ty)];
    let shift = u64::from(raw[1] as u32).min(64) as u32;
    let plain = inst.mods == Mods::NONE;
    let part = |product: i128| match inst.mods.get(&mods::PART) {
        mods::part::HI => (product >> ty.bits()) as u64,
        _ => product as u64,
    };
    let wide = inst.mods.get(&mods::PART) == mods::part::WIDE;
    let result = match inst.op {
        Op::Add if plain => (a + b) as u64,
        Op::Sub if plain => (a - b) as u64,
        Op::Mul if wide => return Some(extend((a * b) as u64, wider(ty))),
        Op::Mul => part(a.wrapping_mul(b)),
        Op::Mad if plain => (a.wrapping_mul(b).wrapping_add(c)) as u64,
        Op::Mad if wide && !inst.mods.has(&mods::ISAT) => {
            let c = number(raw[2], wider(ty));
            return Some(extend((a * b + c) as u64, wider(ty)));
        }
        Op::Min => a.min(b) as u64,
        Op::Max => a.max(b) as u64,
        Op::And => (raw[0] & raw[1]) as u64,
        Op::Or => (raw[0] | raw[1]) as u64,
        Op::Xor => (raw[0] ^ raw[1]) as u64,
        Op::Not => !raw[0] as u64,
        Op::Pack => u64::from(raw[0] as u32) | u64::from(raw[1] as u32) << 32,
        Op::Neg => a.wrapping_neg() as u64,
        Op::Shl => {
            if shift >= ty.bits() {
                0
            } else {
                (raw[0] as u64) << shift
            }
        }
        Op::Shr => (a >> shift.min(ty.bits())) as u64,
        Op::Cvt => {
            let from = Type::from_number(inst.mods.get(&mods::FROM) as u8)?;
            let rounds = Mods::NONE.with(&mods::FROM, inst.mods.get(&mods::FROM));
            if !from.is_int() || inst.mods != rounds {
                return None;
            }
            number(raw[0], from) as u64
        }
        Op::Setp => {
            use mods::cmp;
            let truth = match inst.mods.get(&mods::CMP) {
                cmp::EQ => a == b,
                cmp::NE => a != b,
                cmp::LT => a < b,
                cmp::LE => a <= b,
                cmp::GT => a > b,
                cmp::GE => a >= b,
                _ => return None,
            };
            return Some(i64::from(truth));
        }
        _ => return None,
    };
    Some(extend(result, ty))
}

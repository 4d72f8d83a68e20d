// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Cheaper instructions with the same results, to the last bit of the register.
//!
//! Looks at an instruction and at those that define its operands. Registers hold results extended by their types
//! (`ix_hw::isa`, "Types and widths"): an identity on values is only one on registers if the extension is the same, so
//! where an instruction is replaced by an operand, the operand is known to be *extended* as the result would be.
//!
//! Integer identities hold modulo a power of two. Floats: only what holds for zeros of both signs, infinities,
//! subnormals, and NaNs, of which arithmetic gives one canonical one.

use super::fold::{self, extend, is_extended};
use crate::ir::{Inst, Src, Val};
use ix_hw::isa::{mods, Mods, Op, Type};

/// Replaces the pure instruction by a cheaper one in place, or says what operand it equals. `def` gives the instruction
/// that defines a value; `is_pred` says whether a value is a predicate.
pub fn run<'d>(inst: &mut Inst, def: &impl Fn(Val) -> Option<&'d Inst>, is_pred: bool) -> Option<Src> {
    let of = |src: Src| src.val().and_then(def);
    look_through(inst, &of);
    if is_pred && matches!(inst.op, Op::And | Op::Or | Op::Xor | Op::Andn | Op::Not) {
        return predicate(inst, &of);
    }
    match inst.op {
        Op::Sel => select(inst, &of),
        Op::Setp => comparison(inst, &of),
        Op::Cvt => conversion(inst, &of),
        _ if inst.ty.is_float() => float(inst, &of),
        _ if inst.ty.is_int() => integer(inst, &of),
        _ => None,
    }
}

/// Whether the operand as a register equals itself extended from the type.
fn operand_is_extended<'d>(src: Src, of: &impl Fn(Src) -> Option<&'d Inst>, ty: Type) -> bool {
    match src {
        Src::Imm(i) => extend(i as u64, ty) == i,
        _ => ty.bits() == 64 || of(src).is_some_and(|d| is_extended(d, ty)),
    }
}

/// The operand, or a copy that extends it.
fn become_copy<'d>(inst: &mut Inst, src: Src, of: &impl Fn(Src) -> Option<&'d Inst>) -> Option<Src> {
    let ty = inst.ty;
    if operand_is_extended(src, of, ty) {
        return Some(src);
    }
    // With a sign there is no copy of less than 64 bits; the instruction is no worse.
    if !ty.is_signed() {
        change(inst, Op::Mov, super::lower::bits_type(ty.bits()), Mods::NONE, &[src]);
    }
    None
}

fn change(inst: &mut Inst, op: Op, ty: Type, fields: Mods, src: &[Src]) {
    inst.op = op;
    inst.ty = ty;
    inst.mods = fields;
    inst.src = [Src::None; 4];
    inst.src[..src.len()].copy_from_slice(src);
}

/// Lets operands of which only the lower bits are read come from before a conversion that leaves these bits alone.
fn look_through<'d>(inst: &mut Inst, of: &impl Fn(Src) -> Option<&'d Inst>) {
    let narrow = match inst.op {
        Op::Mad if inst.mods.get(&mods::PART) == mods::part::WIDE => 2,
        Op::Mad => 3,
        Op::Add | Op::Sub | Op::Mul | Op::And | Op::Or | Op::Xor | Op::Min | Op::Max | Op::Setp => 2,
        Op::Not | Op::Shl | Op::Shr => 1,
        _ => return,
    };
    if !inst.ty.is_int() {
        return;
    }
    let bits = inst.ty.bits();
    for src in &mut inst.src[..narrow] {
        let Some(cvt) = of(*src).filter(|d| d.op == Op::Cvt && d.ty.is_int() && d.guard.is_none() && !d.vector) else { continue };
        let Some(from) = Type::from_number(cvt.mods.get(&mods::FROM) as u8) else { continue };
        let plain = from.is_int() && cvt.mods == Mods::NONE.with(&mods::FROM, from as u16);
        if plain && from.bits() >= bits && cvt.ty.bits() >= bits {
            *src = cvt.src[0];
        }
    }
}

fn integer<'d>(inst: &mut Inst, of: &impl Fn(Src) -> Option<&'d Inst>) -> Option<Src> {
    let ty = inst.ty;
    let [a, b, c, _] = inst.src;
    let plain = inst.mods == Mods::NONE;
    let constant = |src: Src| src.imm().map(|i| extend(i as u64, ty));
    // The instruction that defines the first operand, if it is the same operation with a constant.
    // A sum of floats is another operation, although it has the same name and width.
    let alike = |d: &Inst| d.ty == ty || d.ty.is_int() && ty.is_int() && d.ty.bits() == ty.bits();
    let inner = of(a).filter(|d| d.op == inst.op && alike(d) && d.mods == inst.mods && !d.vector && d.guard.is_none());
    let inner = inner.and_then(|d| Some((d.src[0], constant(d.src[1])?)));
    match (inst.op, constant(b)) {
        (Op::Sub, Some(i)) if plain && i != 0 => {
            let negative = extend((i as u64).wrapping_neg(), ty);
            // So that sums of several constants meet.
            change(inst, Op::Add, ty, Mods::NONE, &[a, Src::Imm(negative)]);
            integer(inst, of)
        }
        (Op::Sub | Op::Xor, None) if plain && a == b && a != Src::None => Some(Src::Imm(0)),
        (Op::And | Op::Or | Op::Min | Op::Max, None) if a == b => become_copy(inst, a, of),
        (Op::Andn, None) if a == b => Some(Src::Imm(0)),
        (Op::And, Some(-1)) => become_copy(inst, a, of),
        (Op::And, Some(i)) if matches!(ty, Type::B16 | Type::B32) && i as u64 == u64::MAX >> (64 - ty.bits()) => become_copy(inst, a, of),
        (Op::Or, Some(i)) if extend(u64::MAX, ty) == i => Some(Src::Imm(i)),
        (Op::Xor, Some(i)) if extend(u64::MAX, ty) == i => {
            change(inst, Op::Not, ty, Mods::NONE, &[a]);
            None
        }
        (Op::Add, Some(i)) if plain => {
            let (x, j) = inner?;
            inst.src[0] = x;
            inst.src[1] = Src::Imm(extend((i as u64).wrapping_add(j as u64), ty));
            None
        }
        (Op::And | Op::Or | Op::Xor, Some(i)) => {
            let (x, j) = inner?;
            inst.src[0] = x;
            inst.src[1] = Src::Imm(match inst.op {
                Op::And => i & j,
                Op::Or => i | j,
                _ => i ^ j,
            });
            None
        }
        (Op::Not, _) => {
            let d = of(a).filter(|d| d.op == Op::Not && d.ty.bits() == ty.bits() && d.guard.is_none())?;
            become_copy(inst, d.src[0], of)
        }
        // 32 bits times 32 bits are less work than 64 times 64.
        (Op::Mad, Some(i)) if ty.bits() == 64 && plain && i as u64 != 1 && narrow(a, i, of).is_some() => {
            narrow(a, i, of).into_iter().for_each(|ty| {
                change(inst, Op::Mad, ty, Mods::NONE.with(&mods::PART, mods::part::WIDE), &[a, Src::Imm(extend(i as u64, ty)), c]);
            });
            look_through(inst, of);
            None
        }
        (Op::Mul, Some(i)) if ty.bits() == 64 && plain && power_of_two(i, ty).is_none() && i != 1 && narrow(a, i, of).is_some() => {
            narrow(a, i, of).into_iter().for_each(|ty| {
                change(inst, Op::Mul, ty, Mods::NONE.with(&mods::PART, mods::part::WIDE), &[a, Src::Imm(extend(i as u64, ty))]);
            });
            look_through(inst, of);
            None
        }
        (Op::Mul, Some(i)) if inst.mods.get(&mods::PART) == mods::part::LO => match i {
            1 => become_copy(inst, a, of),
            _ => {
                power_of_two(i, ty)
                    .filter(|_| Op::Shl.desc().takes(ty))
                    .into_iter()
                    .for_each(|n| change(inst, Op::Shl, ty, Mods::NONE, &[a, Src::Imm(n)]));
                None
            }
        },
        (Op::Mad, factor) if inst.mods.get(&mods::PART) != mods::part::HI && !inst.mods.has(&mods::ISAT) => {
            let wide = inst.mods.get(&mods::PART) == mods::part::WIDE;
            let sum = if wide { fold::wider(ty) } else { ty };
            let product = match (a.imm(), factor, wide) {
                (Some(x), Some(y), false) => Some(extend((x as u64).wrapping_mul(y as u64), ty)),
                (_, Some(0), _) => Some(0),
                _ => None,
            };
            if let Some(product) = product {
                change(inst, Op::Add, sum, Mods::NONE, &[c, Src::Imm(product)]);
            } else if c.imm().is_some_and(|i| extend(i as u64, sum) == 0) {
                change(inst, Op::Mul, ty, inst.mods, &[a, b]);
            } else if factor == Some(1) && !wide {
                change(inst, Op::Add, ty, Mods::NONE, &[a, c]);
            }
            None
        }
        (Op::Div, Some(1)) => become_copy(inst, a, of),
        (Op::Div, Some(i)) if !ty.is_signed() => {
            power_of_two(i, ty).into_iter().for_each(|n| change(inst, Op::Shr, ty, Mods::NONE, &[a, Src::Imm(n)]));
            None
        }
        (Op::Rem, Some(1)) => Some(Src::Imm(0)),
        (Op::Rem, Some(i)) if !ty.is_signed() && power_of_two(i, ty).is_some() => {
            let mask = (i as u64).wrapping_sub(1);
            change(inst, Op::And, super::lower::bits_type(ty.bits()), Mods::NONE, &[a, Src::Imm(mask as i64)]);
            None
        }
        (Op::Shl | Op::Shr, Some(_)) => {
            // Shift amounts have 32 bits, whatever the type.
            let (bits, n) = (i64::from(ty.bits()), i64::from(b.imm()? as u32));
            let d = of(a).filter(|d| d.op == inst.op && d.ty == ty && !d.vector && d.guard.is_none())?;
            let m = i64::from(d.src[1].imm()? as u32);
            // Shifts by the width or more give what the width gives.
            if (0..bits).contains(&n) && (0..bits).contains(&m) {
                inst.src[0] = d.src[0];
                inst.src[1] = Src::Imm((n + m).min(bits));
            }
            None
        }
        _ => None,
    }
}

/// The type of 32 bits in which both factors are the same numbers.
fn narrow<'d>(a: Src, constant: i64, of: &impl Fn(Src) -> Option<&'d Inst>) -> Option<Type> {
    let d = of(a)?;
    if is_extended(d, Type::S32) && i32::try_from(constant).is_ok() {
        Some(Type::S32)
    } else if is_extended(d, Type::U32) && u32::try_from(constant).is_ok() {
        Some(Type::U32)
    } else {
        None
    }
}

/// The exponent of a power of two above 1 that the type's width can hold.
fn power_of_two(i: i64, ty: Type) -> Option<i64> {
    let unsigned = i as u64 & (u64::MAX >> (64 - ty.bits().clamp(1, 64)));
    (unsigned.is_power_of_two() && unsigned > 1).then(|| unsigned.trailing_zeros().into())
}

fn float<'d>(inst: &mut Inst, of: &impl Fn(Src) -> Option<&'d Inst>) -> Option<Src> {
    let ty = inst.ty;
    let [a, b, c, _] = inst.src;
    let (one, minus_zero) = match ty {
        Type::F32 => (0x3f80_0000, 0x8000_0000u32.into()),
        Type::F64 => (0x3ff0_0000_0000_0000, i64::MIN),
        _ => return None,
    };
    let is = |src: Src, bits: i64| src.imm().is_some_and(|i| if ty == Type::F32 { i as u32 == bits as u32 } else { i == bits });
    // A result of arithmetic is a number or the canonical NaN, flushed if its instruction flushes; so an operation that
    // changes neither value nor sign leaves it as it is.
    let unchanged = |src: Src| {
        let arithmetic = |d: &Inst| matches!(d.op, Op::Add | Op::Sub | Op::Fmul | Op::Fma | Op::Fdiv | Op::Sqrt | Op::Rcp);
        let fits = |d: &&Inst| arithmetic(d) && d.ty == ty && d.guard.is_none() && (d.mods.has(&mods::FTZ) || !inst.mods.has(&mods::FTZ));
        of(src).filter(fits).is_some()
    };
    let saturates = inst.mods.has(&mods::SAT);
    match inst.op {
        Op::Fma if is(b, one) && !inst.mods.has(&mods::RELU) => {
            change(inst, Op::Add, ty, inst.mods, &[a, c]);
            float(inst, of)
        }
        Op::Fma if is(c, minus_zero) && !inst.mods.has(&mods::RELU) && inst.mods.get(&mods::ROUND) != mods::round::RM => {
            change(inst, Op::Fmul, ty, inst.mods, &[a, b]);
            float(inst, of)
        }
        Op::Fmul if is(b, one) && !saturates && unchanged(a) => Some(a),
        Op::Add if is(b, minus_zero) && !saturates && inst.mods.get(&mods::ROUND) != mods::round::RM && unchanged(a) => Some(a),
        _ => None,
    }
}

fn predicate<'d>(inst: &mut Inst, of: &impl Fn(Src) -> Option<&'d Inst>) -> Option<Src> {
    let not = |src: Src| of(src).filter(|d| d.op == Op::Not && d.guard.is_none()).map(|d| d.src[0]);
    let [a, b, ..] = inst.src;
    match inst.op {
        Op::Not => not(a),
        Op::Xor | Op::Andn if a == b => Some(Src::Imm(0)),
        Op::Xor if matches!(b, Src::Imm(i) if i != 0) => {
            change(inst, Op::Not, Type::B32, Mods::NONE, &[a]);
            not(a)
        }
        Op::Andn => {
            if let Some(b) = not(b) {
                change(inst, Op::And, Type::B32, Mods::NONE, &[a, b]);
            }
            None
        }
        Op::And => {
            if let Some(b) = not(b) {
                change(inst, Op::Andn, Type::B32, Mods::NONE, &[a, b]);
            } else if let Some(a) = not(a) {
                change(inst, Op::Andn, Type::B32, Mods::NONE, &[b, a]);
            }
            None
        }
        _ => None,
    }
}

fn select<'d>(inst: &mut Inst, of: &impl Fn(Src) -> Option<&'d Inst>) -> Option<Src> {
    let [mut a, mut b, mut c, _] = inst.src;
    if let Some(d) = of(c).filter(|d| d.op == Op::Not && d.guard.is_none()) {
        (a, b, c) = (b, a, d.src[0]);
    }
    // Of a selection by the same predicate only one side can come.
    let chosen = |src: Src, side: usize| {
        let d = of(src).filter(|d| d.op == Op::Sel && d.ty.bits() >= inst.ty.bits() && d.src[2] == c && !d.vector && d.guard.is_none());
        d.map_or(src, |d| d.src[side])
    };
    (a, b) = (chosen(a, 0), chosen(b, 1));
    inst.src = [a, b, c, Src::None];
    if a == b && inst.ty.bits() == 64 {
        return Some(a);
    }
    None
}

fn comparison<'d>(inst: &mut Inst, of: &impl Fn(Src) -> Option<&'d Inst>) -> Option<Src> {
    if !inst.ty.is_int() || inst.dst2.is_some() {
        return None;
    }
    let [a, b, ..] = inst.src;
    let truth = |a: i64, b: i64| {
        let ty = inst.ty;
        let (a, b) = (extend(a as u64, ty), extend(b as u64, ty));
        let order = if ty.is_signed() { a.cmp(&b) } else { (a as u64).cmp(&(b as u64)) };
        use mods::cmp;
        Some(match inst.mods.get(&mods::CMP) {
            cmp::EQ => order.is_eq(),
            cmp::NE => order.is_ne(),
            cmp::LT => order.is_lt(),
            cmp::LE => order.is_le(),
            cmp::GT => order.is_gt(),
            cmp::GE => order.is_ge(),
            _ => return None,
        })
    };
    if a == b {
        return truth(0, 0).map(|t| Src::Imm(t.into()));
    }
    // A selection of two constants compared with a constant is its predicate.
    let d = of(a).filter(|d| d.op == Op::Sel && d.guard.is_none() && d.ty.bits() >= inst.ty.bits())?;
    let (yes, no, with) = (d.src[0].imm()?, d.src[1].imm()?, b.imm()?);
    match (truth(yes, with)?, truth(no, with)?) {
        (true, false) => Some(d.src[2]),
        (false, true) => {
            change(inst, Op::Not, Type::B32, Mods::NONE, &[d.src[2]]);
            None
        }
        (same, _) => Some(Src::Imm(same.into())),
    }
}

fn conversion<'d>(inst: &mut Inst, of: &impl Fn(Src) -> Option<&'d Inst>) -> Option<Src> {
    let from = Type::from_number(inst.mods.get(&mods::FROM) as u8)?;
    let only_from = Mods::NONE.with(&mods::FROM, inst.mods.get(&mods::FROM));
    if !from.is_int() || !inst.ty.is_int() || inst.mods != only_from {
        return None;
    }
    let source = of(inst.src[0])?;
    // To more bits, or the same: the register holds the result already if it is extended like the source's type, and,
    // where that has a sign, all bits of the result's type have it too.
    let widens = inst.ty.bits() >= from.bits();
    let same_sign = from.is_signed() == inst.ty.is_signed() || (!from.is_signed() && inst.ty.bits() > from.bits()) || inst.ty.bits() == 64;
    if widens && same_sign && is_extended(source, from) {
        return Some(inst.src[0]);
    }
    // A conversion of a conversion that kept at least as many bits reads the first one's source.
    if source.op == Op::Cvt && source.guard.is_none() {
        let first = Type::from_number(source.mods.get(&mods::FROM) as u8)?;
        let plain = source.mods == Mods::NONE.with(&mods::FROM, source.mods.get(&mods::FROM));
        if plain && first.is_int() && source.ty.is_int() && from.bits() <= source.ty.bits().min(first.bits()) {
            inst.src[0] = source.src[0];
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::testing::{after, count, insts};

    /// What remains of the operations that make the value that is stored, besides loads.
    fn left(body: &str) -> Vec<Op> {
        let func = after("dce", body);
        let frame = |i: &&Inst| i.op == Op::St || i.op == Op::Ld || (i.op == Op::Mad && i.src[1] == Src::Imm(256)) || i.op == Op::Rdsr;
        insts(&func).filter(|i| !frame(i)).map(|i| i.op).collect()
    }

    fn of_word(text: &str) -> Vec<Op> {
        left(&format!("ld.global.u32 %r3, [%a]; ld.global.u32 %r4, [%a+4]; {text} st.global.u32 [%b], %r5;"))
    }

    #[test]
    fn integer_identities() {
        for text in [
            "add.u32 %r5, %r3, 0;",
            "sub.u32 %r5, %r3, %r3;",
            "xor.b32 %r5, %r3, %r3;",
            "and.b32 %r5, %r3, %r3;",
            "and.b32 %r5, %r3, -1;",
            "or.b32 %r5, %r3, -1;",
            "mul.lo.u32 %r5, %r3, 1;",
            "mul.lo.u32 %r5, %r3, 0;",
            "div.u32 %r5, %r3, 1;",
            "rem.u32 %r5, %r3, 1;",
            "min.u32 %r5, %r3, %r3;",
            "add.u32 %r6, %r3, 7; sub.u32 %r5, %r6, 7;",
            "not.b32 %r6, %r3; not.b32 %r5, %r6;",
        ] {
            assert_eq!(of_word(text), [], "{text}");
        }
    }

    #[test]
    fn cheaper_operations() {
        assert_eq!(of_word("mul.lo.u32 %r5, %r3, 8;"), [Op::Shl]);
        assert_eq!(of_word("div.u32 %r5, %r3, 8;"), [Op::Shr]);
        assert_eq!(of_word("rem.u32 %r5, %r3, 8;"), [Op::And]);
        assert_eq!(of_word("mad.lo.u32 %r5, %r3, 1, %r4;"), [Op::Add]);
        assert_eq!(of_word("add.u32 %r6, %r3, 7; add.u32 %r5, %r6, 9;"), [Op::Add]);
        assert_eq!(of_word("shl.b32 %r6, %r3, 7; shl.b32 %r5, %r6, 9;"), [Op::Shl]);
        assert_eq!(of_word("shr.s32 %r6, %r3, 20; shr.s32 %r5, %r6, 20;"), [Op::Shr]);
    }

    #[test]
    fn other_operations_stay() {
        assert_eq!(of_word("mul.hi.u32 %r5, %r3, 1;"), [Op::Mul]);
        assert_eq!(of_word("mul.lo.u32 %r5, %r3, 6;"), [Op::Mul]);
        assert_eq!(of_word("add.f32 %r6, %r3, 0f40000000; add.s32 %r5, %r6, 7;"), [Op::Add, Op::Add]);
        assert_eq!(of_word("add.sat.s32 %r6, %r3, 7; add.sat.s32 %r5, %r6, 9;"), [Op::Add, Op::Add]);
        assert_eq!(of_word("shr.u32 %r6, %r3, 3; shl.b32 %r5, %r6, 3;"), [Op::Shr, Op::Shl]);
        assert_eq!(of_word("shr.u32 %r6, %r3, 3; shr.s32 %r5, %r6, 3;"), [Op::Shr, Op::Shr]);
    }

    #[test]
    fn conversions_of_what_is_extended_vanish() {
        let text =
            |op: &str, cvt: &str| left(&format!("ld.global.u32 %r3, [%a]; {op} %r4, %r3, %r1; {cvt} %d5, %r4; st.global.u64 [%b], %d5;"));
        assert_eq!(text("min.s32", "cvt.s64.s32"), [Op::Min]);
        assert_eq!(text("min.u32", "cvt.u64.u32"), [Op::Min]);
        assert_eq!(text("min.u32", "cvt.s64.s32"), [Op::Min, Op::Cvt]);
        assert_eq!(text("min.s32", "cvt.u64.u32"), [Op::Min, Op::Cvt]);
    }

    #[test]
    fn long_products_of_short_factors_are_wide() {
        let text = |op: &str, cvt: &str| {
            let func = after(
                "dce",
                &format!("ld.global.u32 %r3, [%a]; {op} %r4, %r3, %r1; {cvt} %d5, %r4; mul.lo.s64 %d6, %d5, 12; st.global.u64 [%b], %d6;"),
            );
            let ops: Vec<_> = insts(&func).filter(|i| matches!(i.op, Op::Mul | Op::Cvt)).map(|i| (i.op, i.ty)).collect();
            ops
        };
        assert_eq!(text("min.s32", "cvt.s64.s32"), [(Op::Mul, Type::S32)]);
        assert_eq!(text("min.u32", "cvt.s64.s32"), [(Op::Mul, Type::S32)]);
        assert_eq!(text("min.s32", "cvt.u64.u32"), [(Op::Mul, Type::U32)]);
        let func = after("dce", "ld.global.u64 %d3, [%a]; mul.lo.s64 %d6, %d3, 12; st.global.u64 [%b], %d6;");
        assert!(insts(&func).any(|i| i.op == Op::Mul && i.ty.bits() == 64));
    }

    #[test]
    fn predicates_made_numbers_and_predicates_again() {
        let text = "setp.lt.u32 %p3, %r3, %r4; selp.u32 %r6, 1, 0, %p3; setp.ne.u32 %p4, %r6, 0; selp.u32 %r5, %r3, %r4, %p4;";
        assert_eq!(of_word(text), [Op::Setp, Op::Sel]);
        let text = "setp.lt.u32 %p3, %r3, %r4; selp.u32 %r6, 1, 0, %p3; setp.eq.u32 %p4, %r6, 0; selp.u32 %r5, %r3, %r4, %p4;";
        assert_eq!(of_word(text), [Op::Setp, Op::Sel]);
        let text = "setp.lt.u32 %p3, %r3, %r4; selp.u32 %r6, %r3, 0, %p3; setp.eq.u32 %p4, %r6, 0; selp.u32 %r5, %r3, %r4, %p4;";
        assert_eq!(of_word(text).len(), 4);
    }

    #[test]
    fn floats_keep_zeros_and_nans() {
        let text = |ops: &str| left(&format!("ld.global.f32 %f3, [%a]; ld.global.f32 %f4, [%a+4]; {ops} st.global.f32 [%b], %f5;"));
        assert_eq!(text("fma.rn.f32 %f5, %f3, 0f3F800000, %f4;"), [Op::Add]);
        assert_eq!(text("fma.rn.f32 %f5, %f3, %f4, 0f80000000;"), [Op::Fmul]);
        // The sum of -0 and +0 is +0.
        assert_eq!(text("fma.rn.f32 %f5, %f3, %f4, 0f00000000;"), [Op::Fma]);
        // What was loaded may be a NaN with a payload, which arithmetic replaces.
        assert_eq!(text("mul.f32 %f5, %f3, 0f3F800000;"), [Op::Fmul]);
        assert_eq!(text("add.f32 %f6, %f3, %f4; mul.f32 %f5, %f6, 0f3F800000;"), [Op::Add]);
        assert_eq!(text("add.f32 %f6, %f3, %f4; mul.ftz.f32 %f5, %f6, 0f3F800000;"), [Op::Add, Op::Fmul]);
        assert_eq!(text("add.f32 %f6, %f3, %f4; add.f32 %f5, %f6, 0f80000000;"), [Op::Add]);
        assert_eq!(text("add.f32 %f6, %f3, %f4; add.f32 %f5, %f6, 0f00000000;"), [Op::Add, Op::Add]);
    }

    #[test]
    fn registers_are_extended_as_types_say() {
        let make = |op: Op, ty: Type| Inst::with(op, ty, Val(0), &[Src::Val(Val(1)), Src::Val(Val(2))]);
        assert!(is_extended(&make(Op::Add, Type::S32), Type::S32));
        assert!(!is_extended(&make(Op::Add, Type::S32), Type::U32));
        assert!(is_extended(&make(Op::Add, Type::U32), Type::U32));
        assert!(is_extended(&make(Op::Add, Type::U16), Type::S32));
        assert!(!is_extended(&make(Op::Add, Type::U32), Type::S32));
        assert!(!is_extended(&make(Op::Add, Type::U64), Type::U32));
        assert!(!is_extended(&make(Op::Mov, Type::B64), Type::U32));
        assert_eq!(count(&after("dce", "st.global.u32 [%b], %r1;"), Op::St), 1);
    }
}

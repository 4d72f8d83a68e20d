// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Random legal instructions, from the same table: for tests and fuzzers.

use super::decode::{Guard, Inst, Operand, EXEC};
use super::mods::{FROM, SREG};
use super::ops::{Imm, Kinds, Op};
use super::types::Type;
use super::Sreg;

/// A legal instruction of operation `op`, each part chosen by numbers that `random` gives.
/// Returns `None` when the random parts do not fit together; then try again.
pub fn sample(op: Op, random: &mut impl FnMut() -> u64) -> Option<Inst> {
    let desc = op.desc();
    let mut pick = |n: u64| random() % n;
    let types = Type::ALL.iter().copied().filter(|t| desc.takes(*t));
    let ty = types.clone().nth(pick(types.count() as u64) as usize)?;
    let mut inst = Inst::new(op, ty);
    let operand = |kinds: Kinds, pick: &mut dyn FnMut(u64) -> u64| {
        if !kinds.exists() {
            return None;
        }
        loop {
            let number = pick(256) as u8;
            let (kind, operand) = match pick(4) {
                0 => (Kinds::V, Operand::V(number)),
                1 => (Kinds::S, Operand::S(number)),
                2 => (Kinds::M, Operand::M(number % (EXEC + 1))),
                _ => (Kinds::I, Operand::I),
            };
            if kinds.allows(kind) {
                return Some(operand);
            }
        }
    };
    inst.d = operand(desc.d, &mut pick);
    for i in 0..4 {
        inst.src[i] = operand(desc.src[i], &mut pick);
    }
    if desc.d2 && pick(2) == 0 {
        inst.d2 = Some(pick(u64::from(EXEC)) as u8);
    }
    for field in desc.mods {
        // Often the default: most modifiers exclude others.
        if field.name == "from" || pick(2) == 0 {
            inst.mods = inst.mods.with(field, pick(u64::from(field.count())) as u16);
        }
    }
    if op == Op::Cvt && inst.mods.get(&FROM) == 0 {
        inst.mods = inst.mods.with(&FROM, Type::S32 as u16);
    }
    if op == Op::Rdsr && Sreg::is_varying(inst.mods.get(&SREG)) {
        inst.d = Some(Operand::V(0));
    }
    let immediate = pick(1 << 32) as u32 as i32;
    inst.imm = match desc.imm {
        Imm::Displacement => i64::from(immediate),
        Imm::Target => i64::from(immediate & !15),
        Imm::Operand if inst.src.contains(&Some(Operand::I)) => {
            if op == Op::Mov && ty == Type::B64 {
                (i64::from(immediate) << 32) | pick(1 << 32) as i64
            } else {
                i64::from(immediate)
            }
        }
        Imm::Operand => 0,
    };
    let guarded = Inst { guard: Guard { mask: pick(u64::from(EXEC)) as u8, negate: pick(2) == 0 }, ..inst };
    if pick(3) == 0 && guarded.check().is_ok() {
        return Some(guarded);
    }
    inst.check().is_ok().then_some(inst)
}

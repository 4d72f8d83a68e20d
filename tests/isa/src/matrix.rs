// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Instructions on matrices: all forms, on many random matrices, compared with the reference.
//!
//! A *set* is what one warp computes with: three registers of sources. Elements are drawn in several ways, because one
//! NaN or infinity among the many elements of a row decides its result: from all edge values, from random numbers with
//! a few edge values among them, and from finite numbers of like size.

use ix_hw::dispatch::Descriptor;
use ix_hw::isa::{Inst, Mods, Op, Operand, Type};

use crate::assembly::assemble;
use crate::machine::{Engine, Machine, Outcome, DATA_VA};
use crate::random::Random;
use crate::reference::matrix::{elements, eval, Element, Register};
use crate::values::{edges, random, Role};

/// Bytes of a lane: three sources, result, result under a guard.
const STRIDE: usize = 64;
/// Warps of a block.
const WARPS: usize = 8;
/// What the destination holds where the guard does not.
const POISON: u64 = 0x5eed_beef_dead_c0de;

/// Every legal form of `mma` and `transpose`.
pub fn forms() -> Vec<Inst> {
    let mut all = vec![];
    for op in [Op::Mma, Op::Transpose] {
        let desc = op.desc();
        let mut combinations = vec![Mods::NONE];
        for field in desc.mods {
            combinations = combinations.iter().flat_map(|m| (0..field.count()).map(|v| m.with(field, v as u16))).collect();
        }
        for &ty in Type::ALL.iter().filter(|t| desc.takes(**t)) {
            for mods in &combinations {
                let mut inst = Inst::new(op, ty);
                inst.mods = *mods;
                inst.d = Some(Operand::V(20));
                for (i, kinds) in desc.src.iter().enumerate().filter(|(_, k)| k.exists()) {
                    debug_assert!(kinds.allows(ix_hw::isa::Kinds::V));
                    inst.src[i] = Some(Operand::V(10 + i as u8));
                }
                if inst.check().is_ok() {
                    all.push(inst);
                }
            }
        }
    }
    all
}

/// Draws elements of a type until they fill 64 bits.
fn fill(element: Element, flavour: usize, r: &mut Random) -> u64 {
    let bits = element.bits();
    let mut word = 0;
    for shift in (0..64).step_by(bits as usize) {
        let value = match element {
            Element::Float(ty @ (Type::F16 | Type::BF16 | Type::F32 | Type::F64)) => number(ty, flavour, r),
            // With garbage in the bits that are not read.
            Element::Float(Type::TF32) => number(Type::F32, flavour, r),
            Element::Float(_) if flavour == 0 => r.bits() & 0xbf,
            Element::Int(..) if flavour == 3 => [0, !0, 1 << (bits - 1), (1 << (bits - 1)) - 1][r.below(4) as usize],
            _ => r.bits(),
        };
        word |= (value & (u64::MAX >> (64 - bits))) << shift;
    }
    word
}

fn number(ty: Type, flavour: usize, r: &mut Random) -> u64 {
    let role = Role::Value(ty);
    let edge = match flavour {
        0 | 1 => false,
        2 => r.below(16) == 0,
        _ => true,
    };
    if edge {
        let all = edges(role);
        return all[r.below(all.len() as u64) as usize];
    }
    let (fraction, exponent) = match ty {
        Type::F16 => (10, 0x1f),
        Type::BF16 => (7, 0xff),
        Type::F32 => (23, 0xff),
        _ => (52, 0x7ff),
    };
    let value = random(role, r);
    if flavour == 0 {
        // Like size: exponents that differ by at most 7.
        let middle = exponent / 2 - 3 + (value >> fraction & 7);
        return value & !(exponent << fraction) | middle << fraction;
    }
    value
}

type Set = [Register; 3];

fn sets(form: &Inst, count: usize) -> Vec<Set> {
    let mut r = Random::new(crate::seed(), &form.to_string());
    let [a, b] = elements(form);
    let c = match form.ty {
        Type::S32 => Element::Int(32, true),
        ty => Element::Float(ty),
    };
    (0..count).map(|n| [a, b, c].map(|element| std::array::from_fn(|_| fill(element, n % 4, &mut r)))).collect()
}

/// Compares a form with the reference on `count` sets.
pub fn run(form: &Inst, count: usize, engine: &dyn Engine) -> Result<(), String> {
    let per_launch = 1024;
    let machine = Machine::new((per_launch * 32 * STRIDE) as u64).map_err(|e| e.to_string())?;
    let program = assemble(&program(form)).map_err(|e| format!("{form}: {e}"))?;
    for sets in sets(form, count.next_multiple_of(WARPS)).chunks(per_launch) {
        let mut memory = vec![0u8; sets.len() * 32 * STRIDE];
        for (n, bytes) in memory.chunks_exact_mut(STRIDE).enumerate() {
            for (i, register) in sets[n / 32].iter().enumerate() {
                bytes[8 * i..8 * i + 8].copy_from_slice(&register[n % 32].to_le_bytes());
            }
        }
        machine.write(0, &memory);
        let descriptor = Descriptor {
            grid: [(sets.len() / WARPS) as u32, 1, 1],
            block: [32 * WARPS as u32, 1, 1],
            vregs: 24,
            sregs: 12,
            ..Descriptor::ZERO
        };
        let launch = machine.launch(&program.bytes, &DATA_VA.to_le_bytes(), descriptor)?;
        let outcome = engine.run(&launch, 10_000);
        if outcome != Outcome::Done {
            return Err(format!("{form}: {outcome:x?}"));
        }
        let memory = machine.read(0, memory.len());
        for (n, set) in sets.iter().enumerate() {
            let expected = eval(form, &set[0], &set[1], &set[2]).ok_or("the reference does not know the instruction")?;
            for (lane, expected) in expected.into_iter().enumerate() {
                let at = (n * 32 + lane) * STRIDE;
                let word = |i: usize| u64::from_le_bytes(std::array::from_fn(|k| memory[at + 8 * i + k]));
                let guarded = if lane % 2 == 1 { expected } else { POISON };
                if (word(3), word(4)) != (expected, guarded) {
                    return Err(format!(
                        "{form}: lane {lane} of {} has {:#x}, under a guard {:#x}, expected {expected:#x} and {guarded:#x} (seed {}) of {set:x?}",
                        engine.name(),
                        word(3),
                        word(4),
                        crate::seed()
                    ));
                }
            }
        }
    }
    Ok(())
}

fn program(form: &Inst) -> String {
    let mut guarded = *form;
    guarded.guard = ix_hw::isa::Guard { mask: 6, negate: false };
    guarded.d = Some(Operand::V(21));
    let threads = 32 * WARPS;
    format!(
        "rdsr.b32.ctaid_x s0
        ld.b64.param s3, [s9]
        rdsr.b32.tid_x v0
        mul.u32.lo s1, s0, {threads}
        add.u32 v0, v0, s1
        mad.u32.wide v1, v0, {STRIDE}, s3
        ld.b64.global v10, [v1]
        ld.b64.global v11, [v1+8]
        ld.b64.global v12, [v1+16]
        {form}
        and.b32 v2, v0, 1
        setp.b32.ne m6, v2, 0
        mov.b64 v21, {POISON:#x}
        {guarded}
        st.b64.global [v1+24], v20
        st.b64.global [v1+32], v21
        exit"
    )
}

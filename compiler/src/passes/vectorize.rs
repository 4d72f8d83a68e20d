// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Two accesses of a thread to neighbouring words become one of 64 bits.
//!
//! The lanes' words of a vector access do not lie side by side, so each word is an access of its own for every lane; half
//! of them are saved. A *pair* is two weak accesses of 32 bits with the same address operand and guard, whose
//! displacements differ by 4, the lower one at a multiple of 8 as far as the program promises: elements of a vector
//! access of PTX are ([`Inst::align`]).
//! - Loads: nothing in between may change memory. The lower word is read where it was loaded, the upper one is shifted
//!   down. Whoever reads only the lower 32 bits of the lower word reads the pair.
//! - Stores: nothing in between may have any effect but another such store. The words are put together.
//!
//! Before and after: SSA. Runs last: that a register holds what a load of 32 bits leaves is no longer true.

use crate::ir::effects::Effects;
use crate::ir::hash::Map;
use crate::ir::{Func, Guard, Inst, Src, Val};
use ix_hw::isa::{mods, Class, Mods, Op, Type};

/// Runs the pass.
pub fn run(func: &mut Func) {
    if !func.blocks.iter().flat_map(|b| &b.insts).any(|i| i.align >= 8) {
        return;
    }
    let wide = read_wide(func);
    for b in func.block_ids() {
        let insts = std::mem::take(&mut func.block_mut(b).insts);
        let pairs = find(&insts);
        let insts = if pairs.is_empty() { insts } else { join(func, insts, &pairs, &wide) };
        func.block_mut(b).insts = insts;
    }
}

/// What both accesses of a pair have in common.
#[derive(PartialEq, Eq, Hash)]
struct Place {
    op: Op,
    base: Src,
    mods: Mods,
    guard: Option<Guard>,
}

/// An access that may be half of a pair.
fn half(inst: &Inst) -> Option<Place> {
    let weak = match inst.op {
        Op::Ld => inst.effects() == Effects::READS.and(Effects::FAULTS) && inst.dst.is_some() && !inst.ty.is_signed(),
        Op::St => !inst.effects().any(Effects::ORDERS),
        _ => false,
    };
    let fits = weak && inst.ty.bits() == 32 && inst.old == Src::None && !inst.vector;
    fits.then_some(Place { op: inst.op, base: inst.src[0], mods: inst.mods, guard: inst.guard })
}

/// Pairs: indices of the lower and the upper word's access.
fn find(insts: &[Inst]) -> Vec<(usize, usize)> {
    let mut pairs = vec![];
    // Accesses that wait for their other half.
    let mut loads: Map<Place, Vec<usize>> = Map::default();
    let mut stores: Option<(Place, Vec<usize>)> = None;
    for (i, inst) in insts.iter().enumerate() {
        let effects = inst.effects();
        if effects == Effects::NONE {
            continue;
        }
        let place = half(inst);
        if effects.any(Effects::WRITES.and(Effects::ORDERS)) {
            loads.clear();
        }
        // A store waits while there is nothing but others beside it.
        let apart = |w: &usize| insts[*w].disp.abs_diff(inst.disp) >= 4;
        stores = stores.filter(|(p, waiting)| place.as_ref() == Some(p) && waiting.iter().all(apart));
        let Some(place) = place else { continue };
        let waiting = match place.op {
            Op::Ld => loads.entry(place).or_default(),
            _ => &mut stores.get_or_insert_with(|| (place, vec![])).1,
        };
        let partner = waiting.iter().position(|&w| {
            let (low, high) = if insts[w].disp < inst.disp { (&insts[w], inst) } else { (inst, &insts[w]) };
            low.align >= 8 && low.disp.checked_add(4) == Some(high.disp)
        });
        match partner.map(|at| waiting.swap_remove(at)) {
            Some(w) => pairs.push(if insts[w].disp < inst.disp { (w, i) } else { (i, w) }),
            None => waiting.push(i),
        }
        // Few at a time, so that the search stays short. Of the stores none may be forgotten while others wait.
        if waiting.len() > 8 {
            waiting.clear();
        }
    }
    pairs
}

/// The block with its pairs joined.
fn join(func: &mut Func, insts: Vec<Inst>, pairs: &[(usize, usize)], wide: &[bool]) -> Vec<Inst> {
    // The pair of an access: its partner is gone.
    let mut of: Map<usize, (usize, usize)> = Map::default();
    let mut gone = vec![false; insts.len()];
    for &(low, high) in pairs {
        let (first, second) = (low.min(high), low.max(high));
        // Loads are made where the first was, stores where the second was.
        let (at, other) = if insts[low].op == Op::Ld { (first, second) } else { (second, first) };
        of.insert(at, (low, high));
        gone[other] = true;
    }
    let mut out = Vec::with_capacity(insts.len());
    for (i, inst) in insts.iter().enumerate() {
        if gone[i] {
            continue;
        }
        let Some(&(low, high)) = of.get(&i) else {
            out.push(*inst);
            continue;
        };
        let (low, high) = (&insts[low], &insts[high]);
        let mut access = Inst { ty: Type::B64, loc: inst.loc, ..*low };
        let mut emit = |mut inst: Inst| {
            inst.loc = access.loc;
            out.push(inst);
        };
        match (low.dst, high.dst) {
            (Some(lower), Some(upper)) => {
                let pair = if wide[lower.index()] { func.new_data() } else { lower };
                access.dst = Some(pair);
                emit(access);
                if pair != lower {
                    emit(Inst::with(Op::Mov, Type::B32, lower, &[Src::Val(pair)]));
                }
                emit(Inst::with(Op::Shr, Type::U64, upper, &[Src::Val(pair), Src::Imm(32)]));
            }
            _ => {
                access.src[1] = match (low.src[1], high.src[1]) {
                    (Src::Imm(lower), Src::Imm(upper)) => Src::Imm((lower as u32 as u64 | (upper as u64) << 32) as i64),
                    (lower, upper) => {
                        let pair = func.new_data();
                        emit(Inst::with(Op::Pack, Type::B64, pair, &[lower, upper]));
                        Src::Val(pair)
                    }
                };
                emit(access);
            }
        }
    }
    out
}

/// Values of which somebody may read more than the lower 32 bits.
fn read_wide(func: &Func) -> Vec<bool> {
    let mut wide = vec![false; func.vals.len()];
    let mut read = |v: Val| wide[v.index()] = true;
    for block in &func.blocks {
        for inst in &block.insts {
            let mut rest = *inst;
            for (i, src) in rest.src.iter_mut().enumerate() {
                if reads_word(inst, i) {
                    *src = Src::None;
                }
            }
            rest.for_each_use(&mut read);
        }
        block.phis.iter().flat_map(|p| &p.args).filter_map(|a| a.1.val()).for_each(&mut read);
    }
    wide
}

/// Whether the instruction reads at most the lower 32 bits of its source.
fn reads_word(inst: &Inst, source: usize) -> bool {
    let short = inst.ty.bits() <= 32;
    match inst.op {
        Op::Cvt => Type::from_number(inst.mods.get(&mods::FROM) as u8).is_some_and(|from| from.bits() <= 32),
        Op::Mad if inst.mods.get(&mods::PART) == mods::part::WIDE => short && source < 2,
        Op::St => short && source == 1,
        Op::Pack => source < 2,
        // Registers of masks and scalars have rules of their own for copies.
        Op::Mov => false,
        _ => short && matches!(inst.op.desc().class, Class::Alu | Class::Transcendental),
    }
}

#[cfg(test)]
mod tests {
    use crate::ir::Func;
    use crate::passes::testing::{after, count, insts};
    use ix_hw::isa::{Op, Type};

    /// Loads of 64 and 32 bits, stores of 64 and 32 bits.
    fn accesses(body: &str) -> ([usize; 4], Func) {
        let func = after("vectorize", body);
        let of = |op: Op, ty: Type| insts(&func).filter(|i| i.op == op && i.ty == ty && !i.is_pure()).count();
        let counts = [of(Op::Ld, Type::B64), of(Op::Ld, Type::B32), of(Op::St, Type::B64), of(Op::St, Type::B32)];
        (counts, func)
    }

    #[test]
    fn vectors_are_accessed_in_pairs() {
        let (counts, func) =
            accesses("ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%a]; add.f32 %f1, %f1, %f2; st.global.v4.f32 [%b], {%f1, %f2, %f3, %f4};");
        assert_eq!(counts, [2, 0, 2, 0], "{func}");
        let (counts, _) = accesses("ld.global.v2.b32 {%r3, %r4}, [%a+8]; st.shared.v2.b32 [%r1], {%r4, %r3};");
        assert_eq!(counts, [1, 0, 1, 0]);
    }

    #[test]
    fn only_the_upper_word_is_shifted_if_arithmetic_reads_the_lower_one() {
        let (_, func) = accesses("ld.global.v2.f32 {%f1, %f2}, [%a]; add.f32 %f1, %f1, %f2; st.global.f32 [%b], %f1;");
        assert_eq!((count(&func, Op::Shr), count(&func, Op::Mov)), (1, 0), "{func}");
        let (_, func) =
            accesses("ld.global.v2.u32 {%r3, %r4}, [%a]; mov.b64 %d3, {%r3, %r3}; shl.b64 %d3, %d3, %r4; st.global.u64 [%b], %d3;");
        assert_eq!(count(&func, Op::Ld), 1, "{func}");
    }

    #[test]
    fn constants_are_put_together() {
        let (counts, func) = accesses("mov.u32 %r3, 0; mov.u32 %r4, 1; st.global.v2.u32 [%a], {%r3, %r4};");
        assert_eq!((counts, count(&func, Op::Pack)), ([0, 0, 1, 0], 0));
    }

    #[test]
    fn words_that_nobody_aligned_stay() {
        let (counts, _) = accesses("ld.global.f32 %f1, [%a]; ld.global.f32 %f2, [%a+4]; add.f32 %f1, %f1, %f2; st.global.f32 [%b], %f1;");
        assert_eq!(counts, [0, 2, 0, 1]);
        // Of a vector of four only the first and the third word are aligned to two.
        let (counts, _) = accesses("ld.global.v4.f32 {%f1, %f2, %f3, _}, [%a]; add.f32 %f2, %f2, %f3; st.global.f32 [%b], %f2;");
        assert_eq!(counts, [0, 2, 0, 1]);
    }

    #[test]
    fn volatile_accesses_stay() {
        let (counts, _) = accesses("ld.volatile.global.v2.f32 {%f1, %f2}, [%a]; st.volatile.global.v2.f32 [%b], {%f1, %f2};");
        assert_eq!(counts, [0, 2, 0, 2]);
    }

    #[test]
    fn longs_stay() {
        let (counts, _) = accesses("ld.global.v2.b64 {%d1, %d2}, [%a]; st.global.v2.b64 [%b], {%d1, %d2};");
        assert_eq!(counts, [2, 0, 2, 0]);
    }
}

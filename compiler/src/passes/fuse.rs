// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Two instructions become one that does the work of both.
//!
//! An integer product that is only added to something becomes `mad`; a shift by a constant that is only added, likewise
//! (up to 32 bits, where a product costs what a shift does). Sums of integers wrap around, so the result is the same to
//! the last bit. Floats are left alone: `fma` rounds once.
//!
//! Both must be in the same loop: a product that has left a loop stays outside.
//!
//! Before and after: SSA; blocks in order.

use crate::ir::cfg;
use crate::ir::defs::Defs;
use crate::ir::{Func, Inst, Src, Val};
use ix_hw::isa::{mods, Mods, Op};

/// Runs the pass.
pub fn run(func: &mut Func) {
    let loops = cfg::order(func);
    let mut uses = vec![0u32; func.vals.len()];
    for block in &func.blocks {
        for inst in &block.insts {
            inst.for_each_use(|v| uses[v.index()] += 1);
        }
        for v in block.phis.iter().flat_map(|p| &p.args).filter_map(|a| a.1.val()).chain(block.term.cond().val()) {
            uses[v.index()] += 1;
        }
    }
    // Products that are read once: where, and what they are.
    let mut products = Defs::new(func.vals.len());
    let mut home = vec![Func::ENTRY; func.vals.len()];
    let mut gone = vec![false; func.vals.len()];
    let mut any = false;
    for b in func.block_ids() {
        let mut insts = std::mem::take(&mut func.block_mut(b).insts);
        for inst in &mut insts {
            let here = |v: Val| {
                let product = products.get(v)?;
                (loops.innermost[home[v.index()].index()] == loops.innermost[b.index()]).then_some(product)
            };
            if let Some((fused, product)) = sum(inst, here) {
                *inst = fused;
                products.forget(product);
                gone[product.index()] = true;
                any = true;
            }
            if let Some(dst) = inst.dst.filter(|d| uses[d.index()] == 1 && !inst.vector) {
                if matches!(inst.op, Op::Mul | Op::Shl) {
                    products.note(inst);
                    home[dst.index()] = b;
                }
            }
        }
        func.block_mut(b).insts = insts;
    }
    if any {
        for block in &mut func.blocks {
            block.insts.retain(|inst| !inst.dst.is_some_and(|d| gone[d.index()]));
        }
    }
}

/// The sum as one instruction with the product that it adds, and the product's value.
fn sum<'p>(add: &Inst, product: impl Fn(Val) -> Option<&'p Inst>) -> Option<(Inst, Val)> {
    if add.op != Op::Add || !add.ty.is_int() || add.mods != Mods::NONE || add.vector {
        return None;
    }
    for (factor, addend) in [(add.src[0], add.src[1]), (add.src[1], add.src[0])] {
        let Some(v) = factor.val() else { continue };
        let Some(mul) = product(v) else { continue };
        let part = mul.mods.get(&mods::PART);
        let bits = add.ty.bits();
        let (ty, part, factor) = match mul.op {
            Op::Mul if part == mods::part::LO && mul.ty.bits() == bits => (add.ty, part, mul.src[1]),
            Op::Mul if part == mods::part::WIDE && mul.ty.bits() == 32 && bits == 64 => (mul.ty, part, mul.src[1]),
            Op::Shl if mul.ty.bits() == bits && bits <= 32 => match mul.src[1] {
                Src::Imm(n) if (0..i64::from(bits)).contains(&n) => (add.ty, mods::part::LO, Src::Imm(super::fold::extend(1 << n, add.ty))),
                _ => continue,
            },
            _ => continue,
        };
        let mut mad = Inst::with(Op::Mad, ty, add.dst?, &[mul.src[0], factor, addend]);
        mad.mods = Mods::NONE.with(&mods::PART, part);
        mad.loc = add.loc;
        // `mad` takes one constant; two would need a register more.
        let constants = mad.src.iter().filter(|s| matches!(s, Src::Imm(_) | Src::Addr(_))).count();
        if constants <= 1 && Op::Mad.desc().takes(ty) {
            return Some((mad, v));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::ir::Src;
    use crate::passes::testing::{after, count, insts};
    use ix_hw::isa::Op;

    fn fused(body: &str) -> (usize, usize, usize) {
        let func = after("fuse", body);
        // Besides those by which the addresses are computed.
        let mads = insts(&func).filter(|i| i.op == Op::Mad && i.src[1] != Src::Imm(256)).count();
        (count(&func, Op::Mul), count(&func, Op::Shl), mads)
    }

    #[test]
    fn a_product_that_is_added_becomes_mad() {
        assert_eq!(fused("mul.lo.u32 %r3, %r1, %r2; add.s32 %r4, %r3, %r2; st.global.u32 [%a], %r4;"), (0, 0, 1));
        assert_eq!(fused("mul.wide.s32 %d3, %r1, %r2; add.s64 %d4, %a, %d3; st.global.u32 [%d4], %r1;"), (0, 0, 1));
        assert_eq!(fused("shl.b32 %r3, %r1, 5; add.s32 %r4, %r2, %r3; st.global.u32 [%a], %r4;"), (0, 0, 1));
    }

    #[test]
    fn a_product_that_is_read_twice_stays() {
        assert_eq!(fused("mul.lo.u32 %r3, %r1, %r2; add.s32 %r4, %r3, %r2; st.global.u32 [%a], %r4; st.global.u32 [%b], %r3;"), (1, 0, 0));
    }

    #[test]
    fn halves_and_saturation_are_not_mad() {
        assert_eq!(fused("mul.hi.u32 %r3, %r1, %r2; add.s32 %r4, %r3, %r2; st.global.u32 [%a], %r4;"), (1, 0, 0));
        assert_eq!(fused("mul.lo.s32 %r3, %r1, %r2; add.sat.s32 %r4, %r3, %r2; st.global.u32 [%a], %r4;"), (1, 0, 0));
        assert_eq!(fused("mul.lo.u32 %r3, %r1, %r2; cvt.u64.u32 %d3, %r3; add.s64 %d4, %d3, %b; st.global.u32 [%a], %d4;").0, 1);
    }

    #[test]
    fn a_product_of_an_outer_loop_stays_there() {
        let body = "mul.lo.u32 %r3, %r1, %r2; mov.u32 %r4, 0; L: add.s32 %r5, %r3, %r4; st.global.u32 [%a], %r5; add.u32 %r4, %r4, 3;
            setp.lt.u32 %p2, %r4, %r2; @%p2 bra L;";
        assert_eq!(fused(body), (1, 0, 0));
    }
}

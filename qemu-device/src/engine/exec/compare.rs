// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Comparisons and other tests, whose results are bits.

use ix_hw::isa::mods::{self as m, cmp, test, Mods};
use ix_hw::isa::{Inst, Op, Type};

use super::float::Float;
use super::half::{Bfloat16, Binary16, Format, Half};
use super::map::{run_test, with_int, Lane, Test};
use super::Run;

/// How two values of a type are ordered.
trait Order {
    type T: Lane;
    fn less(mods: Mods, a: Self::T, b: Self::T) -> bool;
    fn equal(mods: Mods, a: Self::T, b: Self::T) -> bool;
}

/// Any comparison, from the three outcomes; where none holds, an operand is NaN.
struct Compare<O>(O);

impl<O: Order> Test for Compare<O> {
    type S = (O::T, O::T);
    const BITS: usize = 3;

    #[inline(always)]
    fn f(mods: u16, (a, b): Self::S) -> [bool; 4] {
        let mods = Mods(mods);
        [O::less(mods, a, b), O::equal(mods, a, b), O::less(mods, b, a), false]
    }

    #[inline(always)]
    fn combine(mods: u16, [less, equal, greater, _]: [u32; 4]) -> u32 {
        let number = less | equal | greater;
        match Mods(mods).get(&m::CMP) {
            cmp::EQ => equal,
            cmp::NE => less | greater,
            cmp::LT => less,
            cmp::LE => less | equal,
            cmp::GT => greater,
            cmp::GE => greater | equal,
            cmp::EQU => !(less | greater),
            cmp::NEU => !equal,
            cmp::LTU => !(greater | equal),
            cmp::LEU => !greater,
            cmp::GTU => !(less | equal),
            cmp::GEU => !less,
            cmp::NUM => number,
            _ => !number,
        }
    }
}

struct Natural<T>(T);
impl<T: Lane + PartialOrd> Order for Natural<T> {
    type T = T;
    #[inline(always)]
    fn less(_: Mods, a: T, b: T) -> bool {
        a < b
    }
    #[inline(always)]
    fn equal(_: Mods, a: T, b: T) -> bool {
        a == b
    }
}

struct Flushed;
impl Order for Flushed {
    type T = f32;
    #[inline(always)]
    fn less(_: Mods, a: f32, b: f32) -> bool {
        a.flushed() < b.flushed()
    }
    #[inline(always)]
    fn equal(_: Mods, a: f32, b: f32) -> bool {
        a.flushed() == b.flushed()
    }
}

struct Narrow<F>(F);
impl<F: Format> Order for Narrow<F> {
    type T = Half<F>;
    #[inline(always)]
    fn less(mods: Mods, a: Half<F>, b: Half<F>) -> bool {
        let ftz = mods.has(&m::CMP_FTZ);
        F::widen(a.flushed_if(ftz).bits) < F::widen(b.flushed_if(ftz).bits)
    }
    #[inline(always)]
    fn equal(mods: Mods, a: Half<F>, b: Half<F>) -> bool {
        let ftz = mods.has(&m::CMP_FTZ);
        F::widen(a.flushed_if(ftz).bits) == F::widen(b.flushed_if(ftz).bits)
    }
}

/// `testp`, of the number's bits.
struct Property<T>(T);

macro_rules! property {
    ($t:ty, $bits:ty, $infinity:literal, $smallest:literal) => {
        impl Test for Property<$t> {
            type S = ($t,);
            const BITS: usize = 1;
            #[inline(always)]
            fn f(mods: u16, (a,): Self::S) -> [bool; 4] {
                let bits = a.to_bits() & (<$bits>::MAX >> 1);
                let subnormal = bits < $smallest;
                let is = match Mods(mods).get(&m::TEST) {
                    test::FINITE => bits < $infinity,
                    test::INFINITE => bits == $infinity,
                    test::NUMBER => bits <= $infinity,
                    test::NOT_A_NUMBER => bits > $infinity,
                    test::NORMAL => bits < $infinity && (!subnormal || bits == 0),
                    _ => subnormal && bits != 0,
                };
                [is, false, false, false]
            }
            #[inline(always)]
            fn combine(_: u16, bits: [u32; 4]) -> u32 {
                bits[0]
            }
        }
    };
}
property!(f32, u32, 0x7f80_0000, 0x0080_0000);
property!(f64, u64, 0x7ff0_0000_0000_0000, 0x0010_0000_0000_0000);

pub(super) fn select(inst: &Inst) -> Option<Run> {
    let d = inst.d;
    match (inst.op, inst.ty) {
        (Op::Testp, Type::F32) => Some(run_test::<Property<f32>>(d)),
        (Op::Testp, Type::F64) => Some(run_test::<Property<f64>>(d)),
        (Op::Setp, Type::F32) if inst.mods.has(&m::CMP_FTZ) => Some(run_test::<Compare<Flushed>>(d)),
        (Op::Setp, Type::F32) => Some(run_test::<Compare<Natural<f32>>>(d)),
        (Op::Setp, Type::F64) => Some(run_test::<Compare<Natural<f64>>>(d)),
        (Op::Setp, Type::F16) => Some(run_test::<Compare<Narrow<Binary16>>>(d)),
        (Op::Setp, Type::BF16) => Some(run_test::<Compare<Narrow<Bfloat16>>>(d)),
        (Op::Setp, ty) => with_int!(ty, T => run_test::<Compare<Natural<T>>>(d)),
        _ => None,
    }
}

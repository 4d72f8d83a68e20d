// SPDX-License-Identifier: Apache-2.0 OR MIT
//! From the meaning of an operation in one lane to functions that execute it.
//!
//! A *lane function* ([`Map::f`]) takes the sources of one lane and gives its result. [`run`] gives
//! the function that applies it to all lanes of vector registers, or once to scalar ones. A
//! [`Test`] is the same with a bit as result.
//!
//! The loop over lanes has no branches but those of the lane function, and computes inactive lanes
//! too, so that the compiler turns it into vector code. It is compiled twice, for any x86-64 and
//! for AVX2; [`run`] picks what this processor has. What cannot become vector code ([`run_slow`])
//! is compiled once.

use std::sync::OnceLock;

use ix_hw::isa::Operand;

use super::{Flow, Run, VReg, Warp, LANES};
use crate::engine::code::{Decoded, Kind};

/// A value that a lane of a register holds.
pub(in crate::engine) trait Lane: Copy {
    /// Of the halves of the register.
    fn get(lo: u32, hi: u32) -> Self;
    /// Extended to the halves of the register.
    fn put(self) -> (u32, u32);
}

macro_rules! narrow_lane {
    ($($unsigned:ty, $signed:ty);+) => { $(
        impl Lane for $unsigned {
            #[inline(always)]
            fn get(lo: u32, _: u32) -> Self { lo as $unsigned }
            #[inline(always)]
            fn put(self) -> (u32, u32) { (self as u32, 0) }
        }
        impl Lane for $signed {
            #[inline(always)]
            fn get(lo: u32, _: u32) -> Self { lo as $signed }
            #[inline(always)]
            fn put(self) -> (u32, u32) { (self as i32 as u32, (self as i32 >> 31) as u32) }
        }
    )+ };
}
narrow_lane!(u8, i8; u16, i16; u32, i32);

macro_rules! wide_lane {
    ($($ty:ty, $get:expr, $put:expr);+) => { $(
        impl Lane for $ty {
            #[inline(always)]
            fn get(lo: u32, hi: u32) -> Self { $get(u64::from(lo) | u64::from(hi) << 32) }
            #[inline(always)]
            fn put(self) -> (u32, u32) {
                let bits: u64 = $put(self);
                (bits as u32, (bits >> 32) as u32)
            }
        }
    )+ };
}
wide_lane!(u64, |x| x, |x| x; i64, |x| x as i64, |x| x as u64; f64, f64::from_bits, f64::to_bits);

impl Lane for f32 {
    #[inline(always)]
    fn get(lo: u32, _: u32) -> Self {
        f32::from_bits(lo)
    }
    #[inline(always)]
    fn put(self) -> (u32, u32) {
        (self.to_bits(), 0)
    }
}

/// The sources of a lane function: a tuple of one to four lanes.
pub(in crate::engine) trait Sources: Copy {
    /// How many.
    const N: usize;
    /// Those of a lane.
    fn at(rows: [&VReg; 4], lane: usize) -> Self;
}

macro_rules! sources {
    ($($n:literal: $($t:ident $i:literal),+;)+) => { $(
        impl<$($t: Lane),+> Sources for ($($t,)+) {
            const N: usize = $n;
            #[inline(always)]
            fn at(rows: [&VReg; 4], lane: usize) -> Self {
                ($( $t::get(rows[$i].lo[lane], rows[$i].hi[lane]), )+)
            }
        }
    )+ };
}
sources! {
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, E 3;
}

/// The sources of a scalar instruction.
#[inline(always)]
fn scalar_sources<S: Sources>(warp: &Warp, inst: &Decoded) -> S {
    // A register of which only lane 0 is used is optimised away.
    let rows: [VReg; 4] = std::array::from_fn(|i| {
        let mut row = VReg::ZERO;
        if i < S::N {
            row.set(0, warp.uniform(inst.src[i], inst.imm));
        }
        row
    });
    S::at([&rows[0], &rows[1], &rows[2], &rows[3]], 0)
}

/// Calls `$body` with `$rows` being the sources' rows, of which scalar ones are spread first.
macro_rules! with_rows {
    ($warp:ident, $inst:ident, $n:expr, $rows:ident => $body:expr) => {{
        let (t0, t1, t2, t3);
        let zero = &VReg::ZERO;
        macro_rules! row {
            ($i:literal, $t:ident) => {
                if $i < $n {
                    match $inst.src[$i].kind {
                        Kind::V => &$warp.v[usize::from($inst.src[$i].n)],
                        _ => {
                            $t = VReg::splat($warp.uniform($inst.src[$i], $inst.imm));
                            &$t
                        }
                    }
                } else {
                    zero
                }
            };
        }
        let $rows: [&VReg; 4] = [row!(0, t0), row!(1, t1), row!(2, t2), row!(3, t3)];
        $body
    }};
}
pub(in crate::engine) use with_rows;

/// An operation for one type, in one lane.
pub(in crate::engine) trait Map {
    /// Sources.
    type S: Sources;
    /// Result.
    type D: Lane;
    /// The result for these sources and modifiers.
    fn f(mods: u16, sources: Self::S) -> Self::D;
}

/// A comparison for one type, in one lane.
pub(in crate::engine) trait Test {
    /// Sources.
    type S: Sources;
    /// Number of bits that [`Test::f`] gives.
    const BITS: usize;
    /// Properties of these sources.
    fn f(mods: u16, sources: Self::S) -> [bool; 4];
    /// The result, given the properties; lanes side by side.
    fn combine(mods: u16, bits: [u32; 4]) -> u32;
}

#[inline(always)]
fn lanes<F: Map>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    if active == 0 {
        return Flow::Next;
    }
    let mut out = VReg::ZERO;
    with_rows!(warp, inst, F::S::N, rows => {
        for lane in 0..LANES {
            (out.lo[lane], out.hi[lane]) = F::f(inst.mods, F::S::at(rows, lane)).put();
        }
    });
    warp.write(inst.d, &out, active);
    Flow::Next
}

#[inline(always)]
fn test_lanes<F: Test>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let mut bits = [0u32; 4];
    with_rows!(warp, inst, F::S::N, rows => {
        for (k, bits) in bits.iter_mut().enumerate().take(F::BITS) {
            for lane in 0..LANES {
                *bits |= u32::from(F::f(inst.mods, F::S::at(rows, lane))[k]) << lane;
            }
        }
    });
    let result = F::combine(inst.mods, bits);
    let old = warp.state.m[usize::from(inst.d & 31)];
    warp.set_mask(inst.d, (old & !active) | (result & active));
    Flow::Next
}

fn scalar<F: Map>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let (lo, hi) = F::f(inst.mods, scalar_sources(warp, inst)).put();
    warp.state.s[usize::from(inst.d)] = u64::from(lo) | u64::from(hi) << 32;
    Flow::Next
}

fn test_scalar<F: Test>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let bits = F::f(inst.mods, scalar_sources(warp, inst)).map(u32::from);
    warp.state.s[usize::from(inst.d)] = u64::from(F::combine(inst.mods, bits) & 1);
    Flow::Next
}

/// Whether to use AVX2 and FMA; else code is for any x86-64. More than these (AVX-512) gains
/// little here: half of the time goes to what is not arithmetic. The environment variable
/// `IX_SIMD=0` asks for the plain code, so that both can be tested on one machine.
pub(in crate::engine) fn has_avx2() -> bool {
    static HAS: OnceLock<bool> = OnceLock::new();
    *HAS.get_or_init(|| {
        macro_rules! has { ($($f:tt),+) => { $( is_x86_feature_detected!($f) )&&+ } }
        std::env::var_os("IX_SIMD").is_none_or(|v| v != "0") && has!("avx2", "fma", "bmi1", "bmi2", "lzcnt", "popcnt")
    })
}

/// Defines `$name`, generic over `$bound`: the function `$body`, compiled for this processor.
macro_rules! for_processor {
    ($(#[doc = $doc:literal])+ $name:ident = $body:ident of $bound:ident) => {
        $(#[doc = $doc])+
        pub(in crate::engine) fn $name<F: $bound>() -> Run {
            /// # Safety
            /// The processor has the features.
            #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
            unsafe fn avx2<F: $bound>(warp: &mut Warp<'_>, inst: &Decoded) -> Flow {
                $body::<F>(warp, inst)
            }
            if $crate::engine::exec::map::has_avx2() {
                avx2::<F>
            } else {
                $body::<F>
            }
        }
    };
}
pub(in crate::engine) use for_processor;
for_processor!(
    /// For a vector destination.
    run_vector = lanes of Map
);
for_processor!(
    /// For a mask destination.
    run_mask = test_lanes of Test
);

/// The function that executes the lane function `F` with this destination.
pub(in crate::engine) fn run<F: Map>(d: Option<Operand>) -> Run {
    match d {
        Some(Operand::V(_)) => run_vector::<F>(),
        _ => scalar::<F>,
    }
}

/// Like [`run`], for a lane function that looks at its modifiers and calls others.
pub(in crate::engine) fn run_slow<F: Map>(d: Option<Operand>) -> Run {
    match d {
        Some(Operand::V(_)) => lanes::<F>,
        _ => scalar::<F>,
    }
}

/// The function that executes the test `F` with this destination.
pub(in crate::engine) fn run_test<F: Test>(d: Option<Operand>) -> Run {
    match d {
        Some(Operand::M(_)) => run_mask::<F>(),
        _ => test_scalar::<F>,
    }
}

/// A lane function as [`Run`]: `map!(d; |a: u32, b: u32| -> u32 { a & b })`, where `d` is the
/// destination; with `map!(d, mods; ...)` the modifiers have this name in the body, and with
/// `map!(slow d, mods; ...)` it is not meant to become vector code.
macro_rules! map {
    (slow $d:expr, $mods:ident; |$($x:ident: $t:ty),+| -> $r:ty $body:block) => {
        $crate::engine::exec::map::map!(@run_slow $d, $mods; |$($x: $t),+| -> $r $body)
    };
    ($d:expr; |$($x:ident: $t:ty),+| -> $r:ty $body:block) => {
        $crate::engine::exec::map::map!(@run $d, _mods; |$($x: $t),+| -> $r $body)
    };
    ($d:expr, $mods:ident; |$($x:ident: $t:ty),+| -> $r:ty $body:block) => {
        $crate::engine::exec::map::map!(@run $d, $mods; |$($x: $t),+| -> $r $body)
    };
    (@$run:ident $d:expr, $mods:ident; |$($x:ident: $t:ty),+| -> $r:ty $body:block) => {{
        struct F;
        impl $crate::engine::exec::map::Map for F {
            type S = ($($t,)+);
            type D = $r;
            #[inline(always)]
            fn f($mods: u16, ($($x,)+): Self::S) -> $r $body
        }
        $crate::engine::exec::map::$run::<F>($d)
    }};
}
pub(in crate::engine) use map;

/// Evaluates `$body` with `$t` being the Rust type of the integer or bit type `$ty`; `None` for
/// other types.
macro_rules! with_int {
    ($ty:expr, $t:ident => $body:expr) => {
        match $ty {
            Type::U16 | Type::B16 => {
                #[allow(dead_code)]
                type $t = u16;
                Some($body)
            }
            Type::U32 | Type::B32 => {
                #[allow(dead_code)]
                type $t = u32;
                Some($body)
            }
            Type::U64 | Type::B64 => {
                #[allow(dead_code)]
                type $t = u64;
                Some($body)
            }
            Type::S16 => {
                #[allow(dead_code)]
                type $t = i16;
                Some($body)
            }
            Type::S32 => {
                #[allow(dead_code)]
                type $t = i32;
                Some($body)
            }
            Type::S64 => {
                #[allow(dead_code)]
                type $t = i64;
                Some($body)
            }
            _ => None,
        }
    };
}
pub(in crate::engine) use with_int;

/// Likewise for unsigned and bit types only: signedness makes no difference, or only that of
/// extension where the type is signed.
macro_rules! with_bits {
    ($ty:expr, $t:ident => $body:expr) => {
        match $ty {
            Type::U16 | Type::B16 => {
                #[allow(dead_code)]
                type $t = u16;
                Some($body)
            }
            Type::U32 | Type::B32 => {
                #[allow(dead_code)]
                type $t = u32;
                Some($body)
            }
            Type::U64 | Type::B64 => {
                #[allow(dead_code)]
                type $t = u64;
                Some($body)
            }
            _ => None,
        }
    };
}
pub(in crate::engine) use with_bits;

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bits: logic, shifts, fields, permutations.

use ix_hw::isa::mods::{self as m, prmt, Mods};
use ix_hw::isa::{Inst, Op, Type};

use super::int::Halves;
use super::map::{map, with_bits, with_int};
use super::Run;

pub(super) fn select(inst: &Inst) -> Option<Run> {
    let d = inst.d;
    let ty = inst.ty;
    macro_rules! logic {
        (|$a:ident, $b:ident| $body:expr) => {
            Some(match ty {
                Type::B16 => map!(d; |$a: u16, $b: u16| -> u16 { $body }),
                Type::B32 => map!(d; |$a: u32, $b: u32| -> u32 { $body }),
                _ => map!(d; |x: Halves, y: Halves| -> Halves {
                    let half = |$a: u32, $b: u32| -> u32 { $body };
                    Halves { lo: half(x.lo, y.lo), hi: half(x.hi, y.hi) }
                }),
            })
        };
    }
    match inst.op {
        Op::And => logic!(|a, b| a & b),
        Op::Or => logic!(|a, b| a | b),
        Op::Xor => logic!(|a, b| a ^ b),
        Op::Andn => logic!(|a, b| a & !b),
        Op::Not => with_bits!(ty, T => map!(d; |a: T| -> T { !a })),
        Op::Cnot => with_bits!(ty, T => map!(d; |a: T| -> T { T::from(a == 0) })),
        Op::Shl => with_int!(ty, T => map!(d; |a: T, b: u32| -> T { if b < T::BITS { a.wrapping_shl(b) } else { 0 } })),
        Op::Shr => match ty {
            Type::S16 | Type::S32 | Type::S64 => {
                with_int!(ty, T => map!(d; |a: T, b: u32| -> T { a.wrapping_shr(b.min(T::BITS - 1)) }))
            }
            _ => with_bits!(ty, T => map!(d; |a: T, b: u32| -> T { if b < T::BITS { a.wrapping_shr(b) } else { 0 } })),
        },
        Op::Shf => Some(map!(d, mods; |a: u32, b: u32, c: u32| -> u32 {
            let n = if Mods(mods).has(&m::WRAP) { c & 31 } else { c.min(32) };
            let both = u64::from(b) << 32 | u64::from(a);
            if Mods(mods).has(&m::DIRECTION) { (both >> n) as u32 } else { ((both << n) >> 32) as u32 }
        })),
        Op::Popc => with_bits!(ty, T => map!(d; |a: T| -> u32 { a.count_ones() })),
        Op::Clz => with_bits!(ty, T => map!(d; |a: T| -> u32 { a.leading_zeros() })),
        Op::Brev => with_bits!(ty, T => map!(d; |a: T| -> T { a.reverse_bits() })),
        Op::Bfind => match ty {
            Type::S32 => Some(map!(d, mods; |a: i32| -> u32 { bfind(mods, u64::from((a ^ (a >> 31)) as u32), 31) })),
            Type::S64 => Some(map!(d, mods; |a: i64| -> u32 { bfind(mods, (a ^ (a >> 63)) as u64, 63) })),
            Type::U32 => Some(map!(d, mods; |a: u32| -> u32 { bfind(mods, a.into(), 31) })),
            _ => Some(map!(d, mods; |a: u64| -> u32 { bfind(mods, a, 63) })),
        },
        Op::Bfe => match ty {
            Type::S32 => Some(map!(d; |a: i32, b: u32, c: u32| -> i32 { bfe(a.into(), true, 31, b, c) as i32 })),
            Type::S64 => Some(map!(d; |a: i64, b: u32, c: u32| -> i64 { bfe(a, true, 63, b, c) })),
            Type::U32 => Some(map!(d; |a: u32, b: u32, c: u32| -> u32 { bfe(a.into(), false, 31, b, c) as u32 })),
            _ => Some(map!(d; |a: u64, b: u32, c: u32| -> u64 { bfe(a as i64, false, 63, b, c) as u64 })),
        },
        Op::Bfi => with_bits!(ty, T => map!(d; |a: T, b: T, c: u32, e: u32| -> T {
            let (at, len) = (c & 255, e & 255);
            if at >= T::BITS {
                b
            } else {
                let field = if len >= T::BITS { T::MAX } else { ((1 as T) << len) - 1 };
                (b & !(field << at)) | ((a & field) << at)
            }
        })),
        Op::Pack => Some(map!(d; |a: u32, b: u32| -> u64 { u64::from(a) | u64::from(b) << 32 })),
        Op::Prmt => Some(match inst.mods.get(&m::PRMT) {
            prmt::INDEX => map!(d; |a: u32, b: u32, c: u32| -> u32 { permute(a, b, c) }),
            _ => map!(d, mods; |a: u32, b: u32, c: u32| -> u32 { permute(a, b, selector(mods, c & 3)) }),
        }),
        Op::Lop3 => Some(map!(d, mods; |a: u32, b: u32, c: u32| -> u32 {
            let lut = u32::from(Mods(mods).get(&m::LUT));
            let term = |i: u32| 0u32.wrapping_sub(lut >> i & 1);
            let on_c = |i: u32| (c & term(i + 1)) | (!c & term(i));
            let on_b = |i: u32| (b & on_c(i + 2)) | (!b & on_c(i));
            (a & on_b(4)) | (!a & on_b(0))
        })),
        _ => None,
    }
}

/// Position of the highest one bit.
#[inline(always)]
fn bfind(mods: u16, a: u64, top: u32) -> u32 {
    if a == 0 {
        return !0;
    }
    let at = 63 - a.leading_zeros();
    if Mods(mods).has(&m::SHIFTAMT) {
        top - at
    } else {
        at
    }
}

/// PTX bfe: `a` is extended to 64 bits, `top` is its highest bit.
#[inline(always)]
fn bfe(a: i64, signed: bool, top: u32, b: u32, c: u32) -> i64 {
    let (at, len) = (b & 255, c & 255);
    if len == 0 {
        return 0;
    }
    // Bits beyond the top are copies of the sign or zeros, which the extension provides.
    let shifted = if signed {
        a >> at.min(63)
    } else if at > top {
        0
    } else {
        ((a as u64) >> at) as i64
    };
    if len >= 64 {
        shifted
    } else if signed {
        (shifted << (64 - len)) >> (64 - len)
    } else {
        shifted & (!0u64 >> (64 - len)) as i64
    }
}

/// The selector that a mode of `prmt` other than the default stands for.
#[inline(always)]
fn selector(mods: u16, c: u32) -> u32 {
    let mode = Mods(mods).get(&m::PRMT);
    let mut all = 0;
    for i in 0..4 {
        let byte = match mode {
            prmt::F4E => c + i,
            prmt::B4E => c.wrapping_sub(i) & 7,
            prmt::RC8 => c,
            prmt::ECL => c.max(i),
            prmt::ECR => c.min(i),
            _ => (i & 1) + 2 * (c & 1),
        };
        all |= byte << (4 * i);
    }
    all
}

/// Bytes of b:a by a selector whose nibbles hold a position and, in bit 3, whether to spread the
/// byte's sign.
#[inline(always)]
fn permute(a: u32, b: u32, selector: u32) -> u32 {
    let both = u64::from(b) << 32 | u64::from(a);
    let mut all = 0;
    for i in 0..4 {
        let nibble = selector >> (4 * i);
        let byte = (both >> (8 * (nibble & 7))) as u8;
        let byte = if nibble & 8 != 0 { ((byte as i8) >> 7) as u8 } else { byte };
        all |= u32::from(byte) << (8 * i);
    }
    all
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Integers and bits: in 128 bits, or bit by bit.

use ix_hw::isa::mods::{self as m, cmp, part, prmt};
use ix_hw::isa::{Inst, Op, Type};

use super::{extend, truncate};

/// The number that a register holds.
fn number(bits: u64, ty: Type) -> i128 {
    if ty.is_signed() {
        (extend(bits, ty) as i64).into()
    } else {
        truncate(bits, ty).into()
    }
}

fn bit(x: u64, i: u32) -> u64 {
    if i < 64 {
        x >> i & 1
    } else {
        0
    }
}

/// Least and largest number of a type.
pub fn range(ty: Type) -> (i128, i128) {
    if ty.is_signed() {
        (-(1i128 << (ty.bits() - 1)), (1i128 << (ty.bits() - 1)) - 1)
    } else {
        (0, (1i128 << ty.bits()) - 1)
    }
}

/// Sum or difference with carry.
pub fn carry(inst: &Inst, [a, b, c, _]: [u64; 4]) -> (u64, bool) {
    let (a, b, c) = (number(a, inst.ty), number(b, inst.ty), i128::from(c & 1));
    let exact = if inst.op == Op::Addc { a + b + c } else { a - b - c };
    let (low, high) = range(inst.ty);
    (extend(exact as u64, inst.ty), exact < low || exact > high)
}

/// All other operations.
pub fn eval(inst: &Inst, src: [u64; 4]) -> Option<u64> {
    let ty = inst.ty;
    let width = ty.bits();
    let [a, b, c, e] = src;
    let (na, nb, nc) = (number(a, ty), number(b, ty), number(c, ty));
    let (ta, tb, tc) = (truncate(a, ty), truncate(b, ty), truncate(c, ty));
    let (low, high) = range(if ty == Type::None { Type::B32 } else { ty });
    let amount = |x: u64| x as u32;
    // Results that are numbers are reduced to the type at the end; some have another type.
    let result: i128 = match inst.op {
        Op::Mov => return Some(ta),
        Op::Sel => return Some(if c as u32 != 0 { ta } else { tb }),
        Op::Add | Op::Sub => {
            let exact = if inst.op == Op::Add { na + nb } else { na - nb };
            if inst.mods.has(&m::SAT) {
                exact.clamp(low, high)
            } else {
                exact
            }
        }
        Op::Mul | Op::Mad => {
            let product = na.wrapping_mul(nb);
            let mad = inst.op == Op::Mad;
            match inst.mods.get(&m::PART) {
                part::LO => product.wrapping_add(if mad { nc } else { 0 }),
                part::HI => {
                    let sum = high_half(na, nb, ty) + if mad { nc } else { 0 };
                    if mad && inst.mods.has(&m::ISAT) {
                        sum.clamp(low, high)
                    } else {
                        sum
                    }
                }
                _ => {
                    let wide = match ty {
                        Type::U16 => Type::U32,
                        Type::S16 => Type::S32,
                        Type::U32 => Type::U64,
                        _ => Type::S64,
                    };
                    return Some(extend((product + if mad { number(c, wide) } else { 0 }) as u64, wide));
                }
            }
        }
        Op::Div if nb == 0 => -1,
        Op::Div => na / nb,
        Op::Rem if nb == 0 => na,
        Op::Rem => na % nb,
        Op::Min => na.min(nb),
        Op::Max => na.max(nb),
        Op::Abs => na.abs(),
        Op::Neg => -na,
        Op::Sad => (na - nb).abs() + nc,
        Op::Dp4a | Op::Dp2a => {
            let b_signed = inst.mods.has(&m::B_SIGN);
            let byte = |x: u64, i: u32, signed: bool| number(x >> (8 * i), if signed { Type::S8 } else { Type::U8 });
            let half = |x: u64, i: u32| number(x >> (16 * i), if ty == Type::S32 { Type::S16 } else { Type::U16 });
            let products: i128 = if inst.op == Op::Dp4a {
                (0..4).map(|i| byte(a, i, ty == Type::S32) * byte(b, i, b_signed)).sum()
            } else {
                let first = if inst.mods.has(&m::HALF) { 2 } else { 0 };
                (0..2).map(|i| half(a, i) * byte(b, first + i, b_signed)).sum()
            };
            products + nc
        }
        Op::And => return Some(ta & tb),
        Op::Or => return Some(ta | tb),
        Op::Xor => return Some(ta ^ tb),
        Op::Andn => return Some(ta & !tb),
        Op::Not => return Some(truncate(!ta, ty)),
        Op::Cnot => return Some(u64::from(ta == 0)),
        Op::Shl => {
            let n = amount(b);
            if n >= width {
                0
            } else {
                na << n
            }
        }
        Op::Shr => na >> amount(b).min(127),
        Op::Shf => {
            let n = if inst.mods.has(&m::WRAP) { amount(c) % 32 } else { amount(c).min(32) };
            let both = u128::from(tb) << 32 | u128::from(ta);
            let shifted = if inst.mods.get(&m::DIRECTION) == m::direction::LEFT { both << n >> 32 } else { both >> n };
            return Some(shifted as u64 & 0xffff_ffff);
        }
        Op::Popc => return Some((0..width).map(|i| bit(ta, i)).sum()),
        Op::Clz => return Some((0..width).rev().take_while(|i| bit(ta, *i) == 0).count() as u64),
        Op::Brev => return Some((0..width).map(|i| bit(ta, i) << (width - 1 - i)).sum()),
        Op::Bfind => {
            let sign = if ty.is_signed() { bit(ta, width - 1) } else { 0 };
            let found = (0..width).rev().find(|i| bit(ta, *i) != sign);
            return Some(match found {
                None => 0xffff_ffff,
                Some(at) if inst.mods.has(&m::SHIFTAMT) => (width - 1 - at).into(),
                Some(at) => at.into(),
            });
        }
        Op::Bfe => {
            // As the PTX ISA writes it.
            let (pos, len) = (amount(b) & 255, amount(c) & 255);
            let top = width - 1;
            let sign = if !ty.is_signed() || len == 0 { 0 } else { bit(ta, (pos + len - 1).min(top)) };
            let bits = (0..width).map(|i| if i < len && pos + i <= top { bit(ta, pos + i) << i } else { sign << i });
            return Some(extend(bits.sum(), ty));
        }
        Op::Bfi => {
            let (pos, len) = (amount(c) & 255, amount(e) & 255);
            let inside = |i: u32| i >= pos && i - pos < len;
            return Some((0..width).map(|i| if inside(i) { bit(ta, i - pos) << i } else { bit(tb, i) << i }).sum());
        }
        Op::Pack => return Some(b << 32 | a & 0xffff_ffff),
        Op::Prmt => return Some(permute(inst, ta, tb, tc)),
        Op::Lop3 => {
            let lut = u64::from(inst.mods.get(&m::LUT));
            return Some((0..32).map(|i| (lut >> (bit(ta, i) << 2 | bit(tb, i) << 1 | bit(tc, i)) & 1) << i).sum());
        }
        Op::Setp => {
            let holds = match inst.mods.get(&m::CMP) {
                cmp::EQ => na == nb,
                cmp::NE => na != nb,
                cmp::LT => na < nb,
                cmp::LE => na <= nb,
                cmp::GT => na > nb,
                _ => na >= nb,
            };
            return Some(holds.into());
        }
        _ => return None,
    };
    Some(extend(result as u64, ty))
}

/// Upper half of the product.
fn high_half(a: i128, b: i128, ty: Type) -> i128 {
    if ty == Type::U64 {
        // The product may need 128 bits.
        let product = (a as u128) * (b as u128);
        (product >> 64) as i128
    } else {
        (a * b) >> ty.bits()
    }
}

/// PTX prmt, from the tables of the ISA.
fn permute(inst: &Inst, a: u64, b: u64, c: u64) -> u64 {
    let byte = |i: u64| (b << 32 | a) >> (8 * i) & 255;
    // Bytes of the result from the lowest up, for selectors 0 to 3.
    let table: [[u64; 4]; 4] = match inst.mods.get(&m::PRMT) {
        prmt::F4E => [[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 6]],
        prmt::B4E => [[0, 7, 6, 5], [1, 0, 7, 6], [2, 1, 0, 7], [3, 2, 1, 0]],
        prmt::RC8 => [[0; 4], [1; 4], [2; 4], [3; 4]],
        prmt::ECL => [[0, 1, 2, 3], [1, 1, 2, 3], [2, 2, 2, 3], [3, 3, 3, 3]],
        prmt::ECR => [[0, 0, 0, 0], [0, 1, 1, 1], [0, 1, 2, 2], [0, 1, 2, 3]],
        prmt::RC16 => [[0, 1, 0, 1], [2, 3, 2, 3], [0, 1, 0, 1], [2, 3, 2, 3]],
        _ => {
            return (0..4)
                .map(|i| {
                    let nibble = c >> (4 * i) & 15;
                    let chosen = byte(nibble & 7);
                    let value = match nibble & 8 {
                        0 => chosen,
                        _ if chosen & 0x80 != 0 => 0xff,
                        _ => 0,
                    };
                    value << (8 * i)
                })
                .sum();
        }
    };
    (0..4).map(|i| byte(table[(c & 3) as usize][i]) << (8 * i)).sum()
}

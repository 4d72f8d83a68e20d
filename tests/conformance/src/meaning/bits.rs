// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Logic, shifts, bit fields, permutation of bytes.

use crate::expect::Expect;
use crate::form::Form;

fn bit(x: u64, i: u32) -> u64 {
    x >> i & 1
}

/// Collects bits by their positions.
fn collect(width: u32, f: impl Fn(u32) -> u64) -> u64 {
    (0..width).map(|i| (f(i) & 1) << i).fold(0, |a, b| a | b)
}

/// An operation on bits.
pub fn eval(form: &Form, src: &[u64]) -> Option<Vec<Expect>> {
    let ty = form.ty();
    let width = ty.bits();
    let s = |i: usize| src.get(i).copied().unwrap_or(0);
    let (a, b, c) = (ty.truncate(s(0)), ty.truncate(s(1)), ty.truncate(s(2)));
    // Positions, lengths and amounts are 32-bit registers.
    let word = |i: usize| s(i) & 0xffff_ffff;
    let value = match form.operation() {
        "and" => a & b,
        "or" => a | b,
        "xor" => a ^ b,
        "not" => ty.truncate(!a),
        "cnot" => u64::from(a == 0),
        // "Shift amounts greater than the register width N are clamped to N."
        "shl" => match word(1) {
            n if n >= width.into() => 0,
            n => ty.truncate(a << n),
        },
        "shr" => ty.encode(ty.number(a) >> word(1).min(width.into())),
        "shf" => {
            let n = if form.has("wrap") { word(2) & 31 } else { word(2).min(32) };
            let both = u128::from(b) << 32 | u128::from(a);
            // The upper word of the shift to the left, the lower word of that to the right.
            (if form.has("l") { both << n >> 32 } else { both >> n }) as u64 & 0xffff_ffff
        }
        "lop3" => {
            // The table is indexed by the bits of a, b and c.
            let d = collect(32, |i| s(3) >> (bit(a, i) << 2 | bit(b, i) << 1 | bit(c, i)));
            if form.dst.len() == 1 {
                d
            } else {
                let q = s(4) & 1;
                let p = if form.has("and") { u64::from(d != 0) & q } else { u64::from(d != 0) | q };
                return Some(vec![Expect::Bits(d), Expect::Bits(p)]);
            }
        }
        "popc" => a.count_ones().into(),
        "clz" => (0..width).take_while(|i| bit(a, width - 1 - i) == 0).count() as u64,
        "brev" => collect(width, |i| bit(a, width - 1 - i)),
        "bfind" => {
            let sign = if ty.is_signed() { bit(a, width - 1) } else { 0 };
            match (0..width).rev().find(|i| bit(a, *i) != sign) {
                None => 0xffff_ffff,
                Some(at) if form.has("shiftamt") => (width - 1 - at).into(),
                Some(at) => at.into(),
            }
        }
        "bfe" => {
            let (pos, len) = ((word(1) & 255) as u32, (word(2) & 255) as u32);
            let top = width - 1;
            let sign = if !ty.is_signed() || len == 0 { 0 } else { bit(a, (pos + len - 1).min(top)) };
            collect(width, |i| if i < len && pos + i <= top { bit(a, pos + i) } else { sign })
        }
        "bfi" => {
            let (pos, len) = ((word(2) & 255) as u32, (word(3) & 255) as u32);
            collect(width, |i| if i >= pos && i - pos < len { bit(a, i - pos) } else { bit(b, i) })
        }
        "bmsk" => {
            let wrap = form.has("wrap");
            let (start, len) = if wrap { (word(0) & 31, word(1) & 31) } else { (word(0).min(32), word(1).min(32)) };
            collect(32, |i| u64::from(u64::from(i) >= start && u64::from(i) < start + len))
        }
        "szext" => {
            let n = if form.has("wrap") { word(1) & 31 } else { word(1).min(32) } as u32;
            let sign = if ty.is_signed() && n > 0 { bit(a, n - 1) } else { 0 };
            collect(32, |i| if i < n { bit(a, i) } else { sign })
        }
        "fns" => nth_set_bit(a, word(1) as u32, word(2) as u32 as i32),
        "prmt" => permute(form, a, b, c),
        _ => return None,
    };
    Some(vec![Expect::Bits(value)])
}

/// The position of the n-th set bit from `base` on, upwards or downwards, as the ISA writes it.
fn nth_set_bit(mask: u64, base: u32, offset: i32) -> u64 {
    const NONE: u64 = 0xffff_ffff;
    if base > 31 {
        // The ISA defines a base of 0 to 31 only.
        return NONE;
    }
    if offset == 0 {
        return if bit(mask, base) == 1 { base.into() } else { NONE };
    }
    let (mut pos, mut count) = (i64::from(base), i64::from(offset).abs());
    let step = if offset > 0 { 1 } else { -1 };
    while (0..32).contains(&pos) {
        if bit(mask, pos as u32) == 1 {
            count -= 1;
            if count == 0 {
                return pos as u64;
            }
        }
        pos += step;
    }
    NONE
}

/// `prmt`, from the tables of the ISA.
fn permute(form: &Form, a: u64, b: u64, c: u64) -> u64 {
    let byte = |i: u64| (b << 32 | a) >> (8 * i) & 255;
    // Numbers of the result's bytes from the lowest up, for selectors 0 to 3.
    let tables = [
        ("f4e", [[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 6]]),
        ("b4e", [[0, 7, 6, 5], [1, 0, 7, 6], [2, 1, 0, 7], [3, 2, 1, 0]]),
        ("rc8", [[0; 4], [1; 4], [2; 4], [3; 4]]),
        ("ecl", [[0, 1, 2, 3], [1, 1, 2, 3], [2, 2, 2, 3], [3, 3, 3, 3]]),
        ("ecr", [[0, 0, 0, 0], [0, 1, 1, 1], [0, 1, 2, 2], [0, 1, 2, 3]]),
        ("rc16", [[0, 1, 0, 1], [2, 3, 2, 3], [0, 1, 0, 1], [2, 3, 2, 3]]),
    ];
    let bytes = match tables.iter().find(|(mode, _)| form.has(mode)) {
        Some((_, table)) => table[(c & 3) as usize].map(byte),
        // Each nibble chooses a byte; its highest bit asks for the byte's sign instead.
        None => [0, 4, 8, 12].map(|shift| {
            let nibble = c >> shift & 15;
            let chosen = byte(nibble & 7);
            match (nibble & 8 != 0, chosen & 0x80 != 0) {
                (false, _) => chosen,
                (true, true) => 0xff,
                (true, false) => 0,
            }
        }),
    };
    bytes.iter().rev().fold(0, |word, byte| word << 8 | byte)
}

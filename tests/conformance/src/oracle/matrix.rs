// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Products of matrices, and fragments of them.
//!
//! Elements are integers, and where they are floats so small that all sums are exact: the ISA fixes neither the order nor
//! the precision of sums of floats. Lane l of a fragment is in group `l / 4`, its place there is `l % 4`.

use ix_isa_tests::random::Random;
use rustc_apfloat::ieee::{BFloat, Double, Float8E4M3FN, Float8E5M2, Half, Single};
use rustc_apfloat::Float;

use super::{each, random_bytes};
use crate::case::{word, Arg, Effort, Launch};
use crate::expect::Expect;
use crate::template::Params;
use crate::types::Type;

/// Products that are computed, one in each warp.
const WARPS: usize = 8;
const U64: Type = Type { width: 64, ..Type::U32 };
const U16: Type = Type { width: 16, ..Type::U32 };

/// The type of a matrix's elements.
#[derive(Debug, Clone)]
struct Element {
    name: String,
    bits: usize,
}

impl Element {
    fn named(name: &str) -> Result<Element, String> {
        let bits = match name {
            "tf32" => 32,
            "e4m3" | "e5m2" => 8,
            other => other.trim_start_matches(char::is_alphabetic).parse().map_err(|_| format!("no element type `{name}`"))?,
        };
        Ok(Element { name: name.into(), bits })
    }

    fn is_float(&self) -> bool {
        !self.name.starts_with(['u', 's']) && self.name != "b1"
    }

    /// The element's bits.
    fn encode(&self, n: i64) -> u64 {
        let n = i128::from(n);
        let bits = match self.name.as_str() {
            "f16" => Half::from_i128(n).value.to_bits(),
            "bf16" => BFloat::from_i128(n).value.to_bits(),
            "f32" | "tf32" => Single::from_i128(n).value.to_bits(),
            "f64" => Double::from_i128(n).value.to_bits(),
            "e4m3" => Float8E4M3FN::from_i128(n).value.to_bits(),
            "e5m2" => Float8E5M2::from_i128(n).value.to_bits(),
            _ => n as u128,
        };
        bits as u64 & (u64::MAX >> (64 - self.bits))
    }

    /// A random element that is exact in the type, and small if it is a float.
    fn random(&self, r: &mut Random) -> i64 {
        let below = |r: &mut Random, n: u64| r.below(n) as i64;
        match self.name.as_str() {
            // Three bits of a significand, and 16 products of at most 64 with a sum that binary16 holds.
            "e5m2" => below(r, 9) - 4,
            name if self.is_float() && name != "f64" => below(r, 17) - 8,
            "f64" => below(r, 2001) - 1000,
            name if name.starts_with('s') => below(r, 1 << self.bits) - (1 << (self.bits - 1)),
            _ => below(r, 1 << self.bits),
        }
    }
}

/// A product of matrices.
struct Product {
    m: usize,
    n: usize,
    k: usize,
    a: Vec<i64>,
    b: Vec<i64>,
    c: Vec<i64>,
    d: Vec<i64>,
}

/// How the elements of A and B are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Combine {
    Multiply,
    Xor,
    And,
}

/// Rows, columns and depth of a name such as `m16n8k32`.
fn shape(name: &str) -> Result<[usize; 3], String> {
    let wrong = || format!("no shape `{name}`");
    let (m, rest) = name.strip_prefix('m').and_then(|s| s.split_once('n')).ok_or_else(wrong)?;
    let (n, k) = rest.split_once('k').ok_or_else(wrong)?;
    let number = |s: &str| s.parse().map_err(|_| wrong());
    Ok([number(m)?, number(n)?, number(k)?])
}

impl Product {
    fn random([m, n, k]: [usize; 3], types: [&Element; 3], combine: Combine, saturates: bool, r: &mut Random) -> Product {
        let [ta, tb, tc] = types;
        let mut fill = |ty: &Element, count: usize| -> Vec<i64> { (0..count).map(|_| ty.random(r)).collect() };
        let (a, b) = (fill(ta, m * k), fill(tb, k * n));
        // Sums near the ends of the range, so that some of them leave it.
        let c = match tc.name.as_str() {
            "s32" => {
                (0..m * n).map(|i| [0, i64::from(i32::MAX) - 50, i64::from(i32::MIN) + 50, 12345][(i + r.below(4) as usize) % 4]).collect()
            }
            _ => fill(tc, m * n),
        };
        let mut d = vec![];
        for row in 0..m {
            for column in 0..n {
                let sum: i64 = (0..k)
                    .map(|i| {
                        let (x, y) = (a[row * k + i], b[i * n + column]);
                        match combine {
                            Combine::Multiply => x * y,
                            Combine::Xor => x ^ y,
                            Combine::And => x & y,
                        }
                    })
                    .sum::<i64>()
                    + c[row * n + column];
                d.push(match tc.name.as_str() {
                    "s32" if saturates => sum.clamp(i32::MIN.into(), i32::MAX.into()),
                    "s32" => (sum as i32).into(),
                    _ => sum,
                });
            }
        }
        Product { m, n, k, a, b, c, d }
    }
}

/// Row and column of element `i` of register `register` of a fragment of A, whose registers hold `per` elements. Of B it
/// is the column and the row.
fn place(rows: usize, lane: usize, register: usize, i: usize, per: usize) -> (usize, usize) {
    let (row, block) = match rows {
        16 => (lane / 4 + 8 * (register % 2), register / 2),
        _ => (lane / 4, register),
    };
    (row, lane % 4 * per + i + block * 4 * per)
}

/// Row and column of element `i` of a fragment of C or D.
fn place_of_sum(lane: usize, i: usize) -> (usize, usize) {
    (lane / 4 + 8 * (i / 2), lane % 4 * 2 + i % 2)
}

/// Registers of a fragment of A or B.
fn fragment(count: usize, ty: &Element, mut element: impl FnMut(usize, usize, usize) -> i64) -> Vec<u64> {
    let per = (32 / ty.bits).max(1);
    let mut registers = vec![];
    for register in 0..count {
        registers.push((0..per).fold(0, |word, i| word | ty.encode(element(register, i, per)) << (i * ty.bits)));
    }
    registers
}

/// Registers of a fragment of C or D.
fn fragment_of_sums(count: usize, ty: &Element, element: impl Fn(usize) -> i64) -> Vec<u64> {
    let per = (32 / ty.bits).max(1);
    (0..count).map(|register| (0..per).fold(0, |word, i| word | ty.encode(element(register * per + i)) << (i * ty.bits))).collect()
}

/// Launches of `k(in, out)`: 16 words of 8 bytes for each lane, 8 for A, 4 for B and 4 for C; 4 for D.
pub fn mma(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    let shape = shape(params.get("shape"))?;
    let types: Vec<Element> = params.get("types").split('.').map(Element::named).collect::<Result<_, _>>()?;
    let [td, ta, tb, tc] = &types[..] else { return Err("four types are needed".into()) };
    let combine = match params.get("op") {
        ".xor.popc" => Combine::Xor,
        ".and.popc" => Combine::And,
        _ => Combine::Multiply,
    };
    let [na, nb, nc] = ["na", "nb", "nc"].map(|n| params.number(n));
    let (na, nb, nc) = (na?, nb?, nc?);
    let mut r = Random::new(effort.seed, "mma");
    let (mut input, mut expected) = (vec![], vec![]);
    for _ in 0..WARPS {
        let p = Product::random(shape, [ta, tb, tc], combine, !params.get("sat").is_empty(), &mut r);
        for lane in 0..32 {
            let a = fragment(na, ta, |register, i, per| {
                let (row, column) = place(p.m, lane, register, i, per);
                p.a[row * p.k + column]
            });
            let b = fragment(nb, tb, |register, i, per| {
                let (column, row) = place(p.n, lane, register, i, per);
                p.b[row * p.n + column]
            });
            let sum = |of: &[i64], i: usize| {
                let (row, column) = place_of_sum(lane, i);
                of[row * p.n + column]
            };
            let c = fragment_of_sums(nc, tc, |i| sum(&p.c, i));
            let d = fragment_of_sums(nc, td, |i| sum(&p.d, i));
            for (registers, slots) in [(a, 8), (b, 4), (c, 4)] {
                input.extend(registers.iter().copied().chain(std::iter::repeat(0)).take(slots));
            }
            expected.extend((0..4).map(|i| Expect::Bits(d.get(i).copied().unwrap_or(0))));
        }
    }
    let args = vec![Arg::words(&input), Arg::words(&vec![0; expected.len()])];
    let told = move |i: usize| {
        format!("thread {} (lane {}), register {} of D; its registers {:x?}", i / 4, i / 4 % 32, i % 4, &input[i / 4 * 16..][..16])
    };
    Ok(vec![Launch::new("k", 1, 32 * WARPS as u32, args, each(1, U64, expected, told))])
}

/// Launches of `k(in, out, strides of A, B and C)`: A, B and C at distances of 4096 bytes.
pub fn wmma(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    const DISTANCE: usize = 4096;
    /// Elements between the ends of two rows.
    const GAP: usize = 8;
    const POISON: u8 = 0xa5;
    let shape = shape(params.get("shape"))?;
    let (ab, cd) = (Element::named(params.get("ab"))?, Element::named(params.get("cd"))?);
    let mut r = Random::new(effort.seed, "wmma");
    let p = Product::random(shape, [&ab, &ab, &cd], Combine::Multiply, false, &mut r);
    // Where an element stands, and the stride.
    let stride = |layout: &str, rows: usize, columns: usize| GAP + if layout == "row" { columns } else { rows };
    let put = |memory: &mut [u8], ty: &Element, values: &[i64], layout: &str, rows: usize, columns: usize| {
        let stride = stride(layout, rows, columns);
        for row in 0..rows {
            for column in 0..columns {
                let at = if layout == "row" { row * stride + column } else { column * stride + row };
                let bytes = ty.bits / 8;
                memory[at * bytes..][..bytes].copy_from_slice(&ty.encode(values[row * columns + column]).to_le_bytes()[..bytes]);
            }
        }
    };
    let [la, lb, lc] = ["la", "lb", "lc"].map(|l| params.get(l));
    let mut input = vec![0; 3 * DISTANCE];
    put(&mut input, &ab, &p.a, la, p.m, p.k);
    put(&mut input[DISTANCE..], &ab, &p.b, lb, p.k, p.n);
    put(&mut input[2 * DISTANCE..], &cd, &p.c, lc, p.m, p.n);
    let mut output = vec![POISON; DISTANCE];
    let before = output.clone();
    put(&mut output, &cd, &p.d, lc, p.m, p.n);
    let ty = Type { width: cd.bits as u32, ..Type::U32 };
    let size = cd.bits / 8;
    let expected = (0..DISTANCE / size).map(|i| Expect::Bits(word(&output, size, i))).collect();
    let strides = [stride(la, p.m, p.k), stride(lb, p.k, p.n), stride(lc, p.m, p.n)];
    let told = move |i: usize| format!("row or column {}, place {} in it", i / strides[2], i % strides[2]);
    let mut args = vec![Arg::Buffer(input), Arg::Buffer(before)];
    args.extend(strides.map(|s| Arg::u32(s as u32)));
    Ok(vec![Launch::new("k", 1, 32, args, each(1, ty, expected, told))])
}

/// The row that lane l points at.
fn row_of(lane: usize) -> usize {
    (lane * 5 + 3) & 31
}

/// Row and column of half `i` of a lane's register.
fn half_place(lane: usize, i: usize, transposed: bool) -> (usize, usize) {
    let (row, column) = (lane / 4, lane % 4 * 2 + i);
    if transposed {
        (column, row)
    } else {
        (row, column)
    }
}

/// 8 by 8 matrices of 16-bit elements, whose rows are where the lanes point: rows of matrix i at the addresses of lanes
/// 8 i to 8 i + 7.
pub fn ldmatrix(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    let (count, transposed) = (params.number("count")?, !params.get("trans").is_empty());
    let memory = random_bytes(effort.seed, "ldmatrix", 512);
    let mut expected = vec![];
    for lane in 0..32 {
        for register in 0..4 {
            for i in 0..2 {
                let (row, column) = half_place(lane, i, transposed);
                let from = row_of(8 * register + row) * 8 + column;
                expected.push(Expect::Bits(if register < count { word(&memory, 2, from) } else { 0 }));
            }
        }
    }
    let told = |i: usize| format!("lane {}, register {}, half {}", i / 8, i / 2 % 4, i % 2);
    let args = vec![Arg::Buffer(memory), Arg::Buffer(vec![0; 512])];
    Ok(vec![Launch::new("k", 1, 32, args, each(1, U16, expected, told))])
}

/// The way back.
pub fn stmatrix(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    let (count, transposed) = (params.number("count")?, !params.get("trans").is_empty());
    let registers = random_bytes(effort.seed, "stmatrix", 512);
    let mut memory = vec![0u64; 256];
    for lane in 0..32 {
        for register in 0..count {
            for i in 0..2 {
                let (row, column) = half_place(lane, i, transposed);
                memory[row_of(8 * register + row) * 8 + column] = word(&registers, 2, lane * 8 + register * 2 + i);
            }
        }
    }
    let told = |i: usize| format!("row {}, column {}", i / 8, i % 8);
    let args = vec![Arg::Buffer(registers), Arg::Buffer(vec![0; 512])];
    Ok(vec![Launch::new("k", 1, 32, args, each(1, U16, memory.into_iter().map(Expect::Bits).collect(), told))])
}

/// A matrix in one register of each lane, transposed.
pub fn movmatrix(_: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    let registers = random_bytes(effort.seed, "movmatrix", 128);
    let mut expected = vec![];
    for lane in 0..32 {
        for i in 0..2 {
            let (row, column) = half_place(lane, i, true);
            // Element (row, column) of the source is half `column % 2` of lane 4 row + column / 2.
            expected.push(Expect::Bits(word(&registers, 2, (4 * row + column / 2) * 2 + column % 2)));
        }
    }
    let args = vec![Arg::Buffer(registers), Arg::Buffer(vec![0; 128])];
    Ok(vec![Launch::new("k", 1, 32, args, each(1, U16, expected, |i| format!("lane {}, half {}", i / 2, i % 2)))])
}

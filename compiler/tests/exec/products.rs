// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Kernels of Triton and tinygrad that multiply matrices, against plain loops.
//!
//! Elements are multiples of 1/64 of at most 1, which f16, bf16 and tf32 have exactly; so sums of their products are exact
//! in f32, in whatever order they are made, and results can be compared for equality after one rounding.

use crate::corpus::load;
use crate::machine::{Machine, Params, Shape};

/// A type of elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ty {
    F16,
    Bf16,
    F32,
}

impl Ty {
    fn bytes(self) -> usize {
        if self == Ty::F32 {
            4
        } else {
            2
        }
    }
    /// Rounded to nearest even.
    fn encode(self, x: f32) -> u32 {
        let bits = x.to_bits();
        match self {
            Ty::F32 => bits,
            Ty::Bf16 => (bits + 0x7fff + (bits >> 16 & 1)) >> 16,
            Ty::F16 => {
                let sign = bits >> 16 & 0x8000;
                // Multiples of the spacing of f16 at this size.
                let exponent = (bits >> 23 & 0xff).max(127 - 14) as i32 - 127;
                let steps = (x.abs() / 2f32.powi(exponent - 10)).round_ties_even() as u32;
                assert!(exponent < 15, "{x}");
                // A carry out of the fraction goes to the exponent.
                sign | ((((exponent + 14) as u32) << 10) + steps)
            }
        }
    }
    fn decode(self, bits: u32) -> f32 {
        match self {
            Ty::F32 => f32::from_bits(bits),
            Ty::Bf16 => f32::from_bits(bits << 16),
            Ty::F16 => {
                let (exponent, fraction) = (bits >> 10 & 31, bits & 0x3ff);
                let magnitude = if exponent == 0 { fraction as f32 } else { ((fraction | 0x400) << (exponent - 1)) as f32 };
                let value = magnitude * 2f32.powi(-24);
                if bits & 0x8000 != 0 {
                    -value
                } else {
                    value
                }
            }
        }
    }
    fn bytes_of(self, values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|x| self.encode(*x).to_le_bytes()[..self.bytes()].to_vec()).collect()
    }
    fn values_of(self, bytes: &[u8]) -> Vec<f32> {
        let word = |b: &[u8]| b.iter().rev().fold(0u32, |word, b| word << 8 | u32::from(*b));
        bytes.chunks(self.bytes()).map(|b| self.decode(word(b))).collect()
    }
}

/// Multiples of 1/64 from -1 to 1.
fn numbers(seed: u64, n: usize) -> Vec<f32> {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 33) % 129) as f32 / 64.0 - 1.0
    };
    (0..n).map(|_| next()).collect()
}

/// A (rows by depth) times B (depth by columns).
fn product(a: &[f32], b: &[f32], rows: usize, columns: usize, depth: usize) -> Vec<f32> {
    let at = |i: usize| (0..depth).map(|k| a[i / columns * depth + k] * b[k * columns + i % columns]).sum();
    (0..rows * columns).map(at).collect()
}

fn triton(file: &str, ty: Ty, output: Ty) {
    let module = load(file, "matmul");
    // Neither a multiple of a block's 64 by 64 by 32.
    let (m, n, k) = (100usize, 136usize, 80usize);
    let (a, b) = (numbers(1, m * k), numbers(2, k * n));
    let mut machine = Machine::new();
    let va = [machine.buffer(&ty.bytes_of(&a)), machine.buffer(&ty.bytes_of(&b)), machine.buffer(&vec![0xcc; m * n * output.bytes()])];
    machine.load(&module);
    let mut params = Params::default();
    for va in &va {
        params.push(&va.to_le_bytes());
    }
    // Sizes, then strides of A, B and C by row and column.
    for number in [m, n, k, k, 1, n, 1, n, 1] {
        params.push(&(number as u32).to_le_bytes());
    }
    params.push(&0u64.to_le_bytes()).push(&0u64.to_le_bytes());
    let grid = (m.div_ceil(64) * n.div_ceil(64)) as u32;
    let shape = Shape { dynamic_shared: 64 << 10, ..Shape::linear(grid, 128) };
    machine.run(&module, "matmul", shape, &params.0).unwrap();
    let want = output.values_of(&output.bytes_of(&product(&a, &b, m, n, k)));
    let got = output.values_of(&machine.read(va[2], m * n * output.bytes()));
    if let Some(i) = (0..m * n).find(|i| got[*i] != want[*i]) {
        panic!("{file}: element {i}: {} instead of {}", got[i], want[i]);
    }
}

#[test]
fn triton_matrix_product_of_f16() {
    triton("triton/matmul_fp16_sm80.ptx", Ty::F16, Ty::F16);
}

#[test]
fn triton_matrix_product_of_bf16() {
    triton("triton/matmul_bf16_sm80.ptx", Ty::Bf16, Ty::F16);
}

#[test]
fn triton_matrix_product_of_tf32() {
    triton("triton/matmul_fp32_sm80.ptx", Ty::F32, Ty::F32);
}

/// A product of one tile: A of 16 by `depth`, B of `depth` by 8.
fn tinygrad(file: &str, kernel: &str, depth: usize, input: Ty, output: Ty) {
    let module = load(&format!("tinygrad/{file}.ptx"), kernel);
    let (a, b) = (numbers(6, 16 * depth), numbers(7, depth * 8));
    let mut machine = Machine::new();
    let out = machine.buffer(&vec![0xcc; 16 * 8 * output.bytes()]);
    let mut params = Params::default();
    params.push(&out.to_le_bytes());
    for input in [input.bytes_of(&a), input.bytes_of(&b)] {
        params.push(&machine.buffer(&input).to_le_bytes());
    }
    machine.load(&module);
    machine.run(&module, kernel, Shape::linear(1, 32), &params.0).unwrap();
    let want = output.bytes_of(&product(&a, &b, 16, 8, depth));
    let got = machine.read(out, want.len());
    assert_eq!(output.values_of(&got), output.values_of(&want), "{file}");
}

#[test]
fn tinygrad_products_of_one_tile() {
    tinygrad("acc38d494efe8c12", "r_32_2_2_2", 16, Ty::F16, Ty::F32);
    tinygrad("8bce009e3a018a60", "r_32_2_2_2", 16, Ty::F16, Ty::F16);
    tinygrad("d0084d330c810639", "r_32_2_2", 8, Ty::F16, Ty::F32);
    tinygrad("f7c447d1db343cc9", "r_32_2_2", 8, Ty::F16, Ty::F16);
    tinygrad("c5ec0e64bd928f86", "r_32_2_2", 8, Ty::F32, Ty::F32);
}

/// `relu(A * B)` of 16 by 64 and 64 by 16 matrices; a block has eight columns.
#[test]
fn tinygrad_product_with_a_loop_and_relu() {
    let module = load("tinygrad/45dfd69b3bd28b27.ptx", "r_2_32_2_2_2_2_2");
    let (a, b) = (numbers(8, 16 * 64), numbers(9, 64 * 16));
    let mut machine = Machine::new();
    let out = machine.buffer(&[0xcc; 16 * 16 * 4]);
    let mut params = Params::default();
    params.push(&out.to_le_bytes());
    for input in [&a, &b] {
        params.push(&machine.buffer(&Ty::F16.bytes_of(input)).to_le_bytes());
    }
    machine.load(&module);
    machine.run(&module, "r_2_32_2_2_2_2_2", Shape::linear(2, 32), &params.0).unwrap();
    let want: Vec<f32> = product(&a, &b, 16, 16, 64).iter().map(|x| x.max(0.0)).collect();
    assert_eq!(Ty::F32.values_of(&machine.read(out, 16 * 16 * 4)), want);
}

/// Sizes that are no multiples of a tile, in f16 throughout: 17 by 17 times 17 by 9.
#[test]
fn tinygrad_product_with_padding() {
    let kernel = "r_2_2_32_2_2_2_2";
    let module = load("tinygrad/7d27b173ec5ea37f.ptx", kernel);
    // Quarters: f16 has all sums exactly.
    let quarters = |seed, n| numbers(seed, n).iter().map(|x| (x * 4.0).round() / 4.0).collect::<Vec<f32>>();
    let (a, b) = (quarters(10, 17 * 17), quarters(11, 17 * 9));
    let mut machine = Machine::new();
    let out = machine.buffer(&[0xcc; 17 * 9 * 2]);
    let mut params = Params::default();
    params.push(&out.to_le_bytes());
    for input in [&a, &b] {
        params.push(&machine.buffer(&Ty::F16.bytes_of(input)).to_le_bytes());
    }
    machine.load(&module);
    let shape = Shape { grid: [2, 2, 1], ..Shape::linear(1, 32) };
    machine.run(&module, kernel, shape, &params.0).unwrap();
    assert_eq!(Ty::F16.values_of(&machine.read(out, 17 * 9 * 2)), product(&a, &b, 17, 9, 17));
}

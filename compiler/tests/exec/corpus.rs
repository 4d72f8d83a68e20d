// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Kernels that compilers wrote.
//!
//! All of them are compiled; what is refused is refused for a known reason. Machine code is disassembled and assembled
//! again. Representative ones run, and their results are compared with plain loops on the CPU.

use crate::machine::{Machine, Params, Shape};
use ix_compiler::{compile, ErrorKind, Module, Options};
use ix_hw::isa::Inst;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ptx")
}

pub fn texts() -> Vec<(String, String)> {
    let mut texts = vec![];
    for tool in ["clang", "features", "tinygrad", "triton"] {
        for entry in std::fs::read_dir(root().join(tool)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "ptx") {
                let name = format!("{tool}/{}", path.file_name().unwrap().to_string_lossy());
                texts.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    texts.sort();
    texts
}

/// Words of instructions beyond what this compiler does, one of which must be in the reason of a refusal.
const BEYOND: &[&str] = &["`vprintf`", "`malloc`", "`free`"];

#[test]
fn all_kernels_compile_or_are_refused_with_a_reason() {
    let mut times: Vec<Duration> = vec![];
    let (mut compiled, mut refused, mut instructions) = (0, 0, 0);
    for (name, text) in texts() {
        let start = Instant::now();
        let result = compile(&text, &Options::default());
        let time = start.elapsed();
        let (module, errors) = match result {
            Ok(module) => {
                let errors: Vec<_> = module.refused.iter().flat_map(|r| r.errors.iter().cloned()).collect();
                (module, errors)
            }
            Err(errors) => (Module::default(), errors.iter().cloned().collect()),
        };
        for e in errors {
            refused += 1;
            assert_eq!(e.kind, ErrorKind::Unsupported, "{name}: {e}");
            assert!(e.line() > 0 && e.column() > 0 && !e.text().is_empty(), "{name}: {e}");
            assert!(BEYOND.iter().any(|b| e.reason.contains(b)), "{name}: {e}");
        }
        for bytes in module.code.chunks_exact(16) {
            Inst::from_bytes(bytes.try_into().unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
        let listing = ixas::disassemble(&module.code, &ixas::Listing::default());
        let again = ixas::assemble(&name, &listing).unwrap_or_else(|e| panic!("{e}"));
        assert!(again.code == module.code, "{name} changes when it is disassembled and assembled");
        if !module.kernels.is_empty() {
            times.push(time / module.kernels.len() as u32);
        }
        compiled += module.kernels.len();
        instructions += module.code.len() / 16;
    }
    times.sort();
    let median = times[times.len() / 2];
    let longest = times[times.len() - 1];
    println!("{compiled} kernels, {instructions} instructions, {refused} refusals; median {median:?} a kernel, longest {longest:?}");
    assert!(compiled >= 190, "{compiled}");
}

pub fn load(file: &str, kernel: &str) -> Module {
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    compile(&text, &Options { kernels: vec![kernel.to_owned()], ..Options::default() }).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn floats(seed: u64, n: usize) -> Vec<f32> {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..n).map(|_| next()).collect()
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|f| f.to_le_bytes()).collect()
}

fn read_floats(machine: &Machine, va: u64, n: usize) -> Vec<f32> {
    machine.read(va, 4 * n).chunks(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
}

fn assert_close(got: &[f32], want: &[f32], tolerance: f32) {
    for (i, (g, w)) in got.iter().zip(want).enumerate() {
        assert!((g - w).abs() <= tolerance * w.abs().max(1.0), "element {i}: {g} instead of {w}");
    }
}

#[test]
fn clang_tiled_matrix_product_with_remainders() {
    let module = load("clang/dev.19.sm_80.ptx", "gemm");
    let mut machine = Machine::new();
    let (m, n, k) = (37, 29, 50);
    let (a, b) = (floats(1, m * k), floats(2, k * n));
    let va = [machine.buffer(&bytes(&a)), machine.buffer(&bytes(&b)), machine.buffer(&vec![0; 4 * m * n])];
    let mut params = Params::default();
    for va in &va {
        params.push(&va.to_le_bytes());
    }
    for size in [m, n, k] {
        params.push(&(size as u32).to_le_bytes());
    }
    machine.load(&module);
    let shape = Shape { grid: [(n as u32).div_ceil(16), (m as u32).div_ceil(16), 1], block: [16, 16, 1], dynamic_shared: 0 };
    machine.run(&module, "gemm", shape, &params.0).unwrap();
    let mut want = vec![0f32; m * n];
    for i in 0..m {
        for j in 0..n {
            want[i * n + j] = (0..k).map(|l| a[i * k + l] * b[l * n + j]).sum();
        }
    }
    assert_close(&read_floats(&machine, va[2], m * n), &want, 1e-5);
}

#[test]
fn clang_atomics_count_every_thread() {
    let module = load("clang/dev.19.sm_80.ptx", "hist");
    let mut machine = Machine::new();
    let n = 300u32;
    let data: Vec<u8> = (0..n).flat_map(|i| (i * i % 251).to_le_bytes()).collect();
    let va =
        [machine.buffer(&data), machine.buffer(&[0; 4 * 258]), machine.buffer(&[0; 4]), machine.buffer(&[0; 8]), machine.buffer(&[0; 8])];
    let mut params = Params::default();
    for va in &va {
        params.push(&va.to_le_bytes());
    }
    params.push(&n.to_le_bytes());
    machine.load(&module);
    machine.run(&module, "hist", Shape::linear(5, 64), &params.0).unwrap();
    let bins: Vec<u32> = machine.read(va[1], 4 * 258).chunks(4).map(|b| u32::from_le_bytes(b.try_into().unwrap())).collect();
    let mut want = vec![0u32; 258];
    for i in 0..n {
        want[(i * i % 251) as usize] += 1;
    }
    want[256] = 7;
    want[257] = n % 101;
    assert_eq!(bins, want);
    assert_eq!(read_floats(&machine, va[2], 1), [n as f32]);
    assert_eq!(f64::from_le_bytes(machine.read(va[3], 8).try_into().unwrap()), f64::from(n));
    assert_eq!(i64::from_le_bytes(machine.read(va[4], 8).try_into().unwrap()), i64::from(n) - 1);
}

#[test]
fn clang_warp_reduction() {
    let module = load("clang/dev.19.sm_80.ptx", "warp");
    let mut machine = Machine::new();
    let x = floats(3, 32);
    let va = [machine.buffer(&bytes(&x)), machine.buffer(&[0; 8])];
    let mut params = Params::default();
    for va in &va {
        params.push(&va.to_le_bytes());
    }
    machine.load(&module);
    machine.run(&module, "warp", Shape::linear(1, 32), &params.0).unwrap();
    assert_close(&read_floats(&machine, va[0], 1), &[x.iter().sum()], 1e-5);
    // Sums of the other lanes read what their neighbours had: the ballot is that of the shuffles, done here once more.
    let mut sums = x.clone();
    for delta in [16, 8, 4, 2, 1] {
        let before = sums.clone();
        for lane in 0..32 {
            sums[lane] += if lane + delta < 32 { before[lane + delta] } else { before[lane] };
        }
    }
    let ballot = (0..32).filter(|&l| sums[l] > 0.0).fold(0u32, |b, l| b | 1 << l);
    let words: Vec<u32> = machine.read(va[1], 8).chunks(4).map(|b| u32::from_le_bytes(b.try_into().unwrap())).collect();
    assert_eq!(words, [ballot.wrapping_add(ballot.count_ones()), u32::MAX]);
}

#[test]
fn triton_softmax_of_rows() {
    let module = load("triton/softmax_sm80.ptx", "softmax");
    let kernel = &module.kernels[0];
    let threads = kernel.required_block.or(kernel.max_block).unwrap()[0];
    let mut machine = Machine::new();
    let (rows, columns) = (5usize, 200usize);
    let x = floats(4, rows * columns);
    let (out, input) = (machine.buffer(&vec![0; 4 * rows * columns]), machine.buffer(&bytes(&x)));
    machine.load(&module);
    // Parameters: output, input, strides of both, numbers of rows and columns, scratch.
    let mut params = Params::default();
    params.push(&out.to_le_bytes()).push(&input.to_le_bytes());
    for n in [columns, columns, rows, columns] {
        params.push(&(n as u32).to_le_bytes());
    }
    params.push(&0u64.to_le_bytes()).push(&0u64.to_le_bytes());
    let shape = Shape { dynamic_shared: 4096, ..Shape::linear(rows as u32, threads) };
    machine.run(&module, "softmax", shape, &params.0).unwrap();
    let mut want = vec![];
    for row in x.chunks(columns) {
        let max = row.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = row.iter().map(|v| (v - max).exp()).sum();
        want.extend(row.iter().map(|v| (v - max).exp() / sum));
    }
    assert_close(&read_floats(&machine, out, rows * columns), &want, 1e-5);
}

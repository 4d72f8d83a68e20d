// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The library on the device: clang compiles it to PTX, IX's compiler to machine code, and the
//! interpreter's results are the host's, bit by bit. So what the host's tests show about accuracy
//! holds on the device.

#[path = "common/clang.rs"]
mod clang;
#[path = "../../compiler/tests/exec/machine.rs"]
#[allow(dead_code, reason = "the compiler's own tests use more of it")]
mod machine;

use ix_math_tests::{evaluate, evaluation_names};
use machine::{Machine, Params, Shape};

fn bytes(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn doubles(bytes: &[u8]) -> Vec<f64> {
    bytes.chunks_exact(8).map(|c| f64::from_le_bytes(c.try_into().expect("eight bytes"))).collect()
}

/// Special values, and random ones of all sizes and of the sizes where functions are busy.
fn arguments(seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state ^ (state >> 29)
    };
    let special = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        -0.5,
        2.0,
        3.0,
        -7.0,
        1e-310,
        -1e-320,
        1e-45,
        1e-40,
        1e308,
        -1e308,
        1e22,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        0.999_999_999,
        1.000_000_001,
        88.72,
        -103.9,
        709.7,
        -745.1,
        171.6,
        -170.5,
        2.404_825_557_695_773,
        1e6,
        -1e6,
        4_503_599_627_370_497.5,
    ];
    let mut all = special.to_vec();
    for i in 0..160 {
        let unit = (next() >> 11) as f64 / (1u64 << 53) as f64;
        all.push((unit - 0.5) * [1.0, 2.0, 8.0, 40.0, 2000.0][i % 5]);
    }
    all.extend((0..65).map(|_| f64::from_bits(next().rotate_left(17))));
    all
}

#[test]
fn results_on_the_device_are_the_hosts_bit_by_bit() {
    let clang = clang::find();
    const SEED: u64 = 7;
    let x = arguments(SEED);
    let y: Vec<f64> = x.iter().rev().copied().collect();
    let names = evaluation_names();
    let (n, width) = (x.len(), names.len());
    // Products are fused by default and not with the option: neither may show.
    for options in [&["-O2"][..], &["-O1", "-ffp-contract=off"]] {
        let ptx = clang::compile(&clang, "evaluate.cu", options);
        let module = ix_compiler::compile(&ptx, &Default::default()).expect("IX compiles the kernel");
        let mut machine = Machine::new();
        machine.load(&module);
        let (xs, ys) = (machine.buffer(&bytes(&x)), machine.buffer(&bytes(&y)));
        let blank = vec![0; 8 * n * width];
        let (out64, out32) = (machine.buffer(&blank), machine.buffer(&blank));
        let mut params = Params::default();
        for va in [xs, ys, out64, out32] {
            params.push(&va.to_le_bytes());
        }
        params.push(&(n as i32).to_le_bytes());
        let shape = Shape::linear(n.div_ceil(64) as u32, 64);
        machine.run(&module, "evaluate_pairs", shape, &params.0).expect("the kernel ends");
        for (kind, va) in [("f64", out64), ("f32", out32)] {
            let got = doubles(&machine.read(va, 8 * n * width));
            for i in 0..n {
                let (want64, want32) = evaluate(x[i], y[i]);
                let want = if kind == "f64" { want64 } else { want32 };
                for (k, name) in names.iter().enumerate() {
                    let (got, want) = (got[i * width + k], want[k]);
                    let same = got.to_bits() == want.to_bits() || (got.is_nan() && want.is_nan());
                    assert!(
                        same,
                        "{kind} {name}({:e}, {:e}): {got:e} on the device, {want:e} on the host; {options:?}, seed {SEED}",
                        x[i], y[i]
                    );
                }
            }
        }
    }
}

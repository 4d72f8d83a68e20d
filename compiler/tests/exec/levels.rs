// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What optimisation changes: the number of instructions, and nothing else.
//!
//! Every kernel of the corpus that runs with made-up arguments is run as compiled with and without optional passes, and
//! must leave the same memory, bit by bit. Pointers get buffers with numbers that are harmless as floats and as indices;
//! other parameters are 64. A kernel that faults or does not end with these is left out.
//!
//! The counts are those of the table in `docs/performance.md`.

use crate::corpus::texts;
use crate::machine::{Machine, Params, Shape};
use ix_compiler::{compile, Kernel, Level, Module, Options};
use std::collections::BTreeMap;

/// Bytes of a buffer.
const BUFFER: usize = 256 << 10;
/// Jumps after which a block is given up.
const PATIENCE: u32 = 100_000;

/// Runs a kernel; the memory that it leaves, and the instructions that its warps have executed.
fn run(machine: &mut Machine, module: &Module, kernel: &Kernel) -> Result<(Vec<u8>, u64), String> {
    machine.reset();
    let mut params = Params::default();
    let mut first = None;
    // Halves, singles, doubles and indices of these are all small and not negative.
    let contents: Vec<u8> = (0..BUFFER / 4).flat_map(|i| (i as u32 * 7 % 13).to_le_bytes()).collect();
    let mut buffers = 0;
    for param in &kernel.params {
        params.0.resize(param.offset as usize, 0);
        if param.size == 8 {
            let va = machine.buffer(&contents);
            first = first.or(Some(va));
            buffers += 1;
            params.0.extend(va.to_le_bytes());
        } else {
            params.0.extend(64u32.to_le_bytes());
            params.0.resize((param.offset + param.size) as usize, 0);
        }
    }
    params.0.resize(kernel.param_size as usize, 0);
    let block = kernel.required_block.or(kernel.max_block).unwrap_or([64, 1, 1]);
    let shape = Shape { grid: [2, 2, 1], block, dynamic_shared: 32 << 10 };
    machine.load(module);
    let before = machine.executed();
    machine.launch(module, kernel, shape, &params.0, PATIENCE)?;
    let memory = first.map_or(vec![], |va| machine.read(va, (BUFFER + 256) * buffers));
    Ok((memory, machine.executed() - before))
}

#[test]
fn optimised_kernels_leave_the_same_memory() {
    let mut machine = Machine::new();
    let mut sums: BTreeMap<String, (usize, u64, u64, u64, u64)> = BTreeMap::new();
    let mut compared = 0;
    for (file, text) in texts() {
        let at = |level| compile(&text, &Options { level, ..Options::default() });
        let (slow, fast) = match (at(Level::O0), at(Level::O2)) {
            (Ok(slow), Ok(fast)) => (slow, fast),
            (Err(_), Err(_)) => continue,
            (slow, fast) => panic!("{file}: compiles at one level only: {:?} {:?}", slow.err(), fast.err()),
        };
        let names = |module: &Module| module.kernels.iter().map(|k| k.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&slow), names(&fast), "{file}");
        for (kernel, same) in slow.kernels.iter().zip(&fast.kernels) {
            let name = format!("{file}: {}", kernel.name);
            let (want, got) = match (run(&mut machine, &slow, kernel), run(&mut machine, &fast, same)) {
                (Ok(want), Ok(got)) => (want, got),
                // With made-up arguments.
                (Err(_), _) => continue,
                (Ok(_), Err(error)) => panic!("{name}: fails when it is optimised: {error:?}"),
            };
            let at = want.0.iter().zip(&got.0).position(|(w, g)| w != g);
            assert_eq!(at, None, "{name}: memory differs");
            compared += 1;
            let tool = file.split('/').next().unwrap_or_default().to_owned();
            let mut rows = vec![tool, "all".to_owned()];
            if file.starts_with("triton") || file.contains("19.sm_80") {
                rows.push(format!("  {name}"));
            }
            for row in rows {
                let sum = sums.entry(row).or_default();
                sum.0 += 1;
                sum.1 += want.1;
                sum.2 += got.1;
                sum.3 += u64::from(kernel.size / 16);
                sum.4 += u64::from(same.size / 16);
            }
        }
    }
    println!("| kernels | number | executed at O0 | at O2 | ratio | in the code at O0 | at O2 |\n|---|---|---|---|---|---|---|");
    for (name, (n, slow, fast, slow_size, fast_size)) in &sums {
        println!("| {name} | {n} | {slow} | {fast} | {:.2} | {slow_size} | {fast_size} |", *fast as f64 / *slow as f64);
    }
    assert!(compared >= 200, "{compared}");
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Any bytes as PTX, compiled and run: every kernel ends, faults, or is stopped when its jumps are used up, and
//! reaches no memory but its own.
#![no_main]

mod common;
#[path = "../../compiler/tests/exec/machine.rs"]
#[allow(dead_code)]
mod machine;

use ix_compiler::{compile, Level, Options, Target};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use machine::{Machine, Shape};
use std::cell::RefCell;

/// Jumps of a block.
const PATIENCE: u32 = 2000;
/// Bytes of the buffer that every parameter points to.
const BUFFER: usize = 64 << 10;

thread_local! {
    /// One address space for all runs: reserving one costs more than most programs.
    static MACHINE: RefCell<Machine> = RefCell::new(Machine::new());
}

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    // Sleeping is real time, and nothing else.
    if text.contains("nanosleep") {
        return;
    }
    for level in [Level::O0, Level::O2] {
        let Ok(module) = compile(&text, &Options { level, ..Options::default() }) else { return };
        let external = |r: &ix_compiler::Relocation| matches!(r.target, Target::External(_));
        if module.code.len() > 1 << 20 || module.data.len() > 1 << 20 || module.relocations.iter().any(external) {
            return;
        }
        MACHINE.with_borrow_mut(|machine| {
            machine.reset();
            machine.load(&module);
            let buffer = machine.buffer(&[0x5a; BUFFER]);
            for kernel in module.kernels.iter().take(4) {
                let mut params = vec![0; kernel.param_size as usize];
                for param in &kernel.params {
                    let at = param.offset as usize;
                    match param.size {
                        8 => params[at..at + 8].copy_from_slice(&buffer.to_le_bytes()),
                        size => params[at..at + size as usize].fill(3),
                    }
                }
                // Faults and endless loops are what most mutants do.
                let _ = machine.launch(&module, kernel, Shape::linear(1, 40), &params, PATIENCE);
            }
        });
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, seed: u32| { common::mutate(data, size, max, seed) });

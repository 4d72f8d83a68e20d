// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Compiles PTX files and prints the machine code: `cargo run -p ix-compiler --example ixcc -- [-q] [-O0] FILE...`.
//!
//! With `-q` only a line for each file: kernels, instructions, registers, time. With `-O0` without optimisation.

use ix_compiler::{compile, Level, Options};
use ix_hw::isa::Inst;
use std::time::Instant;

fn main() {
    let mut quiet = false;
    let mut failed = false;
    let mut options = Options::default();
    for path in std::env::args().skip(1) {
        if path == "-q" {
            quiet = true;
            continue;
        }
        if path == "-O0" {
            options.level = Level::O0;
            continue;
        }
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) => {
                eprintln!("{path}: {e}");
                failed = true;
                continue;
            }
        };
        let start = Instant::now();
        let result = compile(&text, &options);
        let time = start.elapsed();
        match result {
            Err(e) => {
                failed = true;
                println!(
                    "{path}: FAILED after {:.2} ms: {}",
                    time.as_secs_f64() * 1e3,
                    if quiet { e.first().to_string() } else { e.to_string() }
                );
            }
            Ok(module) => {
                let v = module.kernels.iter().map(|k| k.vregs).max().unwrap_or(0);
                let s = module.kernels.iter().map(|k| k.sregs).max().unwrap_or(0);
                let local = module.kernels.iter().map(|k| k.local_bytes).max().unwrap_or(0);
                println!(
                    "{path}: {} kernels, {} instructions, {v} v, {s} s, {local} local, {:.2} ms",
                    module.kernels.len(),
                    module.code.len() / 16,
                    time.as_secs_f64() * 1e3
                );
                if quiet {
                    continue;
                }
                for kernel in &module.kernels {
                    println!("{}: {kernel:?}", kernel.name);
                    let code = &module.code[kernel.entry as usize..(kernel.entry + kernel.size) as usize];
                    for (i, bytes) in code.chunks_exact(16).enumerate() {
                        let inst = bytes.try_into().ok().and_then(|b| Inst::from_bytes(b).ok());
                        match inst {
                            Some(inst) => println!("{:6}: {inst}", i * 16),
                            None => println!("{:6}: ?", i * 16),
                        }
                    }
                }
            }
        }
    }
    std::process::exit(i32::from(failed));
}

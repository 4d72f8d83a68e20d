// SPDX-License-Identifier: Apache-2.0 OR MIT
//! How long compiling takes: `cargo run --release -p ix-compiler --example growth -- [-O0] [SHAPE...]`.

#[path = "../benches/shapes/mod.rs"]
mod shapes;

use ix_compiler::{compile, compile_observed, Level, Options};
use shapes::SHAPES;

/// CPU time of this thread in seconds: unlike the time of day it does not depend on what else the machine does.
fn cpu_time() -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a plain system call that writes to a struct of ours.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut t) };
    t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9
}

/// Prints how long each pass takes.
fn passes(text: &str, options: &Options) {
    let mut last = cpu_time();
    let mut rows = vec![];
    let mut observer = |pass: &'static str, func: &ix_compiler::ir::Func| {
        let now = cpu_time();
        rows.push((pass, now - last, func.inst_count(), func.blocks.len()));
        last = cpu_time();
    };
    if let Err(e) = compile_observed(text, options, &mut observer) {
        println!("{e}");
    }
    let rest = cpu_time() - last;
    for (pass, time, insts, blocks) in rows {
        println!("  {pass:12} {:9.3} ms  {insts} instructions, {blocks} blocks", time * 1e3);
    }
    println!("  {:12} {:9.3} ms", "emit", rest * 1e3);
}

fn main() {
    let mut options = Options::default();
    let mut names = vec![];
    let mut largest = 100_000;
    let mut by_pass = false;
    for arg in std::env::args().skip(1) {
        match arg.as_str() {
            "-O0" => options.level = Level::O0,
            n if n.parse::<usize>().is_ok() => largest = n.parse().unwrap_or(largest),
            "--passes" => by_pass = true,
            _ => names.push(arg),
        }
    }
    for shape in SHAPES.iter().filter(|s| names.is_empty() || names.iter().any(|n| n == s.name)) {
        println!("{}: {}", shape.name, shape.about);
        let mut n = 100;
        while n <= largest {
            let text = (shape.kernel)(n);
            let rounds = if n <= 1000 { 5 } else { 1 };
            let mut best = f64::INFINITY;
            let mut size = 0;
            for _ in 0..rounds {
                let start = cpu_time();
                match compile(&text, &options) {
                    Ok(m) => size = m.code.len() / 16,
                    Err(e) => {
                        println!("{e}");
                        std::process::exit(1);
                    }
                }
                best = best.min(cpu_time() - start);
            }
            print!("  {n}:{:.3} ms ({size})", best * 1e3);
            if by_pass && n * 10 > largest {
                println!();
                passes(&text, &options);
            }
            n *= 10;
        }
        println!();
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Random programs: compiled code, optimised and not, on the interpreter against an evaluator that runs one
//! thread at a time.
//!
//! Two generators. *Structured* programs nest conditions, loops with uniform and divergent trip counts, breaks,
//! continues and early ends. *Tangled* programs are blocks that branch anywhere, irreducible graphs included, until
//! their fuel is used up. Both keep many variables alive, 32 and 64 bits wide and predicates, some uniform and some
//! not. The evaluator walks the syntax tree and knows nothing of warps.
//!
//! `IX_FUZZ_ITERS` is the number of programs, `IX_FUZZ_SEED` the first seed.

mod evaluator;
mod generator;

use crate::machine::{Machine, Params, Shape};
use evaluator::{State, Thread};
use generator::{Generator, Random, INPUTS};
use ix_compiler::{compile, Level, Options};

const BLOCKS: u32 = 2;
const THREADS: u32 = 45;

/// What a comparison may end with, besides success.
enum Failure {
    /// The program is none: it does not parse, or does not end.
    Program(String),
    /// The compiled program differs.
    Difference(String),
}

/// Runs the program both ways with inputs from the seed.
fn compare(text: &str, frame: u64, seed: u64, machine: &mut Machine) -> Result<(), Failure> {
    let parsed = ix_compiler::ptx::parse(text).map_err(|e| Failure::Program(e.to_string()))?;
    let mut random = Random(seed | 1);
    let input: Vec<u32> = (0..INPUTS).map(|_| (random.next() >> random.below(30)) as u32).collect();
    let size = (frame * u64::from(BLOCKS * THREADS)) as usize;
    machine.reset();
    let input_bytes: Vec<u8> = input.iter().flat_map(|w| w.to_le_bytes()).collect();
    let input_va = machine.buffer(&input_bytes);
    let output_va = machine.buffer(&vec![0; size]);
    let (a, b) = (random.next() as u32, random.below(10) as u32);

    let mut want = vec![0; size];
    let thread = Thread::new(&parsed);
    for ctaid in 0..BLOCKS {
        for tid in 0..THREADS {
            let mut state = State {
                regs: vec![0; thread.function.registers.len()],
                tid,
                ctaid,
                ntid: THREADS,
                local: [0; 8],
                params: &[input_va, output_va, a.into(), b.into()],
                input: (input_va, &input),
                output: (output_va, &mut want),
            };
            if !thread.run(&mut state) {
                return Err(Failure::Program("does not end".into()));
            }
        }
    }

    let mut params = Params::default();
    params.push(&input_va.to_le_bytes()).push(&output_va.to_le_bytes()).push(&a.to_le_bytes()).push(&b.to_le_bytes());
    for level in [Level::O2, Level::O0] {
        let options = Options { level, ..Options::default() };
        let module = compile(text, &options).map_err(|e| Failure::Difference(e.to_string()))?;
        machine.load(&module);
        machine.write(output_va, &vec![0; size]);
        if let Err(reason) = machine.run(&module, "k", Shape::linear(BLOCKS, THREADS), &params.0) {
            return Err(Failure::Difference(format!("{level:?}: {reason}")));
        }
        let got = machine.read(output_va, size);
        if got == want {
            continue;
        }
        let at = got.iter().zip(&want).position(|(g, w)| g != w).unwrap_or(0) / 4 * 4;
        let word = |b: &[u8]| u32::from_le_bytes(b[at..at + 4].try_into().unwrap());
        let (thread, offset) = (at as u64 / frame, at as u64 % frame);
        let wrong = got.chunks(4).zip(want.chunks(4)).filter(|(g, w)| g != w).count();
        let (got, want) = (word(&got), word(&want));
        let what = format!("{level:?}: {wrong} wrong words; the first in thread {thread} at +{offset}: {got:#x} instead of {want:#x}");
        return Err(Failure::Difference(what));
    }
    Ok(())
}

/// The program with as few lines as still show the difference.
fn reduce(text: &str, frame: u64, seed: u64, machine: &mut Machine, reason: &str) -> String {
    // The same sort of difference: wrong results, or a fault.
    let results = reason.contains("wrong words");
    let mut fails = |lines: &[&str]| {
        let text = lines.join("\n");
        let run = std::panic::AssertUnwindSafe(
            || matches!(compare(&text, frame, seed, machine), Err(Failure::Difference(e)) if e.contains("wrong words") == results),
        );
        std::panic::catch_unwind(run).unwrap_or(false)
    };
    let mut lines: Vec<&str> = text.lines().collect();
    let mut step = lines.len() / 4;
    while step > 0 {
        let mut at = 0;
        let mut removed = false;
        while at < lines.len() {
            let mut shorter = lines.clone();
            shorter.drain(at..(at + step).min(lines.len()));
            if fails(&shorter) {
                lines = shorter;
                removed = true;
            } else {
                at += step;
            }
        }
        if step > 1 || !removed {
            step /= 2;
        }
    }
    lines.join("\n")
}

fn check(seed: u64, tangled: bool, machine: &mut Machine) -> Result<(), String> {
    let generator = Generator::new(seed);
    let frame = generator.frame();
    let text = generator.program(tangled);
    let kind = if tangled { "tangled" } else { "structured" };
    match compare(&text, frame, seed, machine) {
        Ok(()) => Ok(()),
        Err(Failure::Program(e)) => Err(format!("{kind} seed {seed}: the generated program is wrong: {e}\n{text}")),
        Err(Failure::Difference(e)) => {
            let text = reduce(&text, frame, seed, machine, &e);
            Err(format!("{kind} seed {seed}: {e}\nreduced:\n{text}"))
        }
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

fn run(tangled: bool) {
    let (iterations, first) = (number("IX_FUZZ_ITERS", 120), number("IX_FUZZ_SEED", 1));
    let mut machine = Machine::new();
    for seed in first..first + iterations {
        println!("seed {seed}");
        if let Err(e) = check(seed, tangled, &mut machine) {
            panic!("{e}");
        }
    }
}

#[test]
fn structured_programs_agree_with_the_evaluator() {
    run(false);
}

#[test]
fn tangled_programs_agree_with_the_evaluator() {
    run(true);
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Random programs: compiled code, optimised and not, on the interpreter, against each other and, where it knows all that
//! they do, against an evaluator that runs one thread at a time.
//!
//! Three generators. *Structured* programs nest conditions, loops with uniform and divergent trip counts, breaks,
//! continues and early ends. *Tangled* programs are blocks that branch anywhere, irreducible graphs included, until
//! their fuel is used up. Both keep many variables alive, 32 and 64 bits wide and predicates, some uniform and some
//! not; the evaluator walks their syntax tree and knows nothing of warps. *Wide* programs have every scalar type, and
//! threads that work together; for them the two levels are compared.
//!
//! `IX_FUZZ_ITERS` is the number of programs of each sort, `IX_FUZZ_SEED` the first seed.

mod evaluator;
mod generator;
mod wide;

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
                carry: false,
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

/// The program with as few lines as still fail with a difference of the same sort: wrong results, or a fault.
fn reduce(text: &str, reason: &str, mut run: impl FnMut(&str) -> Result<(), Failure>) -> String {
    let results = reason.contains("wrong words");
    let mut fails = |text: &str| {
        let run = std::panic::AssertUnwindSafe(|| matches!(run(text), Err(Failure::Difference(e)) if e.contains("wrong words") == results));
        std::panic::catch_unwind(run).unwrap_or(false)
    };
    let all: Vec<&str> = text.lines().collect();
    let first = all.iter().position(|l| *l == wide::BODY).map_or(0, |at| at + 1);
    let last = all.iter().position(|l| *l == wide::END).unwrap_or(all.len());
    let whole = |body: &[&str]| -> String { [&all[..first], body, &all[last..]].concat().join("\n") };
    let mut lines = all[first..last].to_vec();
    let mut step = lines.len() / 4;
    while step > 0 {
        let mut at = 0;
        let mut removed = false;
        while at < lines.len() {
            let mut shorter = lines.clone();
            shorter.drain(at..(at + step).min(lines.len()));
            if fails(&whole(&shorter)) {
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
    whole(&lines)
}

/// Runs a wide program at both levels with inputs from the seed.
fn compare_levels(text: &str, frame: u64, seed: u64, machine: &mut Machine) -> Result<(), Failure> {
    const BLOCKS: u32 = 2;
    let mut random = Random(seed | 1);
    // Numbers of all sizes, as integers and as floats.
    let input: Vec<u8> = (0..wide::INPUT / 4)
        .flat_map(|_| match random.below(4) {
            0 => (random.next() as u32).to_le_bytes(),
            1 => ((random.next() >> random.below(52)) as u32).to_le_bytes(),
            2 => ((random.below(2000) as f32 - 1000.0) / 8.0).to_le_bytes(),
            _ => (random.below(64) as u32).to_le_bytes(),
        })
        .collect();
    let size = (frame * u64::from(BLOCKS * wide::THREADS)) as usize;
    let (a, b) = (random.next() as u32, random.below(10) as u32);
    machine.reset();
    // Threads read a little beyond each other's inputs.
    let input_va = machine.buffer(&[input.clone(), input].concat());
    let output_va = machine.buffer(&vec![0; size]);
    let cells_va = machine.buffer(&[0; 64]);
    let mut params = Params::default();
    for va in [input_va, output_va, cells_va] {
        params.push(&va.to_le_bytes());
    }
    params.push(&a.to_le_bytes()).push(&b.to_le_bytes());
    let run = |level: Level| -> Result<Result<Vec<u8>, String>, Failure> {
        let internal = |e: &ix_compiler::Error| e.kind == ix_compiler::ErrorKind::Internal;
        let module = compile(text, &Options { level, ..Options::default() }).map_err(|e| match e.iter().any(internal) {
            true => Failure::Difference(e.to_string()),
            false => Failure::Program(e.to_string()),
        })?;
        machine.load(&module);
        machine.write(output_va, &vec![0; size]);
        machine.write(cells_va, &[0; 64]);
        Ok(machine.run(&module, "k", Shape::linear(BLOCKS, wide::THREADS), &params.0).map(|()| {
            let mut results = machine.read(output_va, size);
            results.extend(machine.read(cells_va, wide::Wide::cells()));
            results
        }))
    };
    match (run(Level::O0)?, run(Level::O2)?) {
        (Ok(want), Ok(got)) if want == got => Ok(()),
        (Ok(want), Ok(got)) => {
            let at = got.iter().zip(&want).position(|(g, w)| g != w).unwrap_or(0) / 4 * 4;
            let word = |b: &[u8]| u32::from_le_bytes(b[at..at + 4].try_into().unwrap());
            let wrong = got.chunks(4).zip(want.chunks(4)).filter(|(g, w)| g != w).count();
            let (thread, offset, got, want) = (at as u64 / frame, at as u64 % frame, word(&got), word(&want));
            let what = format!("{wrong} wrong words; the first in thread {thread} at +{offset}: {got:#x} optimised, {want:#x} not");
            Err(Failure::Difference(what))
        }
        (Err(one), Err(_)) => Err(Failure::Program(one)),
        (Err(e), Ok(_)) => Err(Failure::Difference(format!("fails when not optimised: {e}"))),
        (Ok(_), Err(e)) => Err(Failure::Difference(format!("fails when optimised: {e}"))),
    }
}

/// What the programs of a test are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Structured,
    Tangled,
    Wide,
}

fn check(seed: u64, sort: Sort, machine: &mut Machine) -> Result<(), String> {
    let (text, frame) = if sort == Sort::Wide {
        let generator = wide::Wide::new(seed);
        let frame = generator.frame();
        (generator.program(), frame)
    } else {
        let generator = Generator::new(seed);
        let frame = generator.frame();
        (generator.program(sort == Sort::Tangled), frame)
    };
    let mut run = |text: &str| match sort {
        Sort::Wide => compare_levels(text, frame, seed, machine),
        _ => compare(text, frame, seed, machine),
    };
    match run(&text) {
        Ok(()) => Ok(()),
        Err(Failure::Program(e)) => Err(format!("the generated program is wrong: {e}\n{text}")),
        Err(Failure::Difference(e)) => Err(format!("{e}\nreduced:\n{}", reduce(&text, &e, run))),
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

/// Programs of each sort, unless `IX_FUZZ_ITERS` says otherwise.
const ITERATIONS: u64 = 700;

fn run(sort: Sort, test: &str) {
    let (iterations, first) = (number("IX_FUZZ_ITERS", ITERATIONS), number("IX_FUZZ_SEED", 1));
    let mut machine = Machine::new();
    for seed in first..first + iterations {
        println!("seed {seed}");
        if let Err(e) = check(seed, sort, &mut machine) {
            panic!(
                "{sort:?} seed {seed}: {e}\nto repeat: IX_FUZZ_SEED={seed} IX_FUZZ_ITERS=1 cargo test -p ix-compiler --test exec {test}"
            );
        }
    }
}

#[test]
fn structured_programs_agree_with_the_evaluator() {
    run(Sort::Structured, "structured_programs");
}

#[test]
fn tangled_programs_agree_with_the_evaluator() {
    run(Sort::Tangled, "tangled_programs");
}

#[test]
fn wide_programs_agree_at_both_levels() {
    run(Sort::Wide, "wide_programs");
}

#[test]
fn every_row_of_wide_programs_compiles() {
    let wrong: Vec<String> =
        wide::rows().filter_map(|(row, text)| Some(format!("{row}: {}", compile(&text, &Options::default()).err()?))).collect();
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

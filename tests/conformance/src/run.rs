// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Runs cases on back ends, in several threads.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;

use crate::backend::{Backend, Kind, LoadError, RunError};
use crate::case::{Case, Effort, Program};

/// What became of a case on a back end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All results are as expected.
    Passed,
    /// The instruction is not supported.
    Unsupported(String),
    /// Something is wrong.
    Failed(String),
}

/// Runs a program.
pub fn run_program(program: &Program, backend: &mut dyn Backend) -> Verdict {
    match backend.load(&program.ptx) {
        Ok(()) => {}
        Err(LoadError::Unsupported(why)) => return Verdict::Unsupported(why),
        Err(LoadError::Failed(why)) => return Verdict::Failed(why),
    }
    let mut wrong = vec![];
    for launch in &program.launches {
        let result = match (backend.run(launch), launch.stops) {
            (Ok(buffers), false) => (launch.check)(&buffers),
            (Ok(_), true) => Err("  the kernel ended, where it had to be stopped".into()),
            (Err(RunError::Stopped(_)), true) => Ok(()),
            (Err(RunError::Stopped(e) | RunError::Failed(e)), _) => Err(e),
        };
        if let Err(e) = result {
            wrong.push(format!("kernel {}:\n{e}", launch.entry));
        }
    }
    match wrong.is_empty() {
        true => Verdict::Passed,
        false => Verdict::Failed(wrong.join("\n")),
    }
}

/// A back end in the making, and again after a fault has broken it.
struct Place<'k> {
    kind: &'k Kind,
    backend: Option<Box<dyn Backend>>,
}

impl Place<'_> {
    fn run(&mut self, program: &Program) -> Verdict {
        if self.backend.is_none() {
            match (self.kind.make)() {
                Ok(backend) => self.backend = Some(backend),
                Err(e) => return Verdict::Failed(format!("the back end cannot be made: {e}")),
            }
        }
        let Some(backend) = self.backend.as_mut() else { return Verdict::Failed(String::new()) };
        let verdict = guarded(|| run_program(program, backend.as_mut())).unwrap_or_else(Verdict::Failed);
        if matches!(verdict, Verdict::Failed(_)) || program.launches.iter().any(|l| l.stops) {
            self.backend = None;
        }
        verdict
    }
}

/// A panic as an error.
fn guarded<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|e| {
        let text = e.downcast_ref::<String>().cloned().or_else(|| e.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        format!("panic: {}", text.unwrap_or_default())
    })
}

/// Runs cases; gives for each, in order, a verdict for each back end.
pub fn run_all(cases: &[Case], kinds: &[&Kind], effort: Effort) -> Vec<Vec<Verdict>> {
    let next = AtomicUsize::new(0);
    let verdicts: Mutex<Vec<Vec<Verdict>>> = Mutex::new(vec![vec![]; cases.len()]);
    let processors = std::thread::available_parallelism().map_or(1, |n| n.get());
    std::thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(|| {
                let mut places: Vec<Place<'_>> = kinds.iter().map(|kind| Place { kind, backend: None }).collect();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(n) else { break };
                    let all = match guarded(|| (case.make)(effort)).and_then(|program| program) {
                        Ok(program) => places.iter_mut().map(|place| place.run(&program)).collect(),
                        Err(e) => vec![Verdict::Failed(e); kinds.len()],
                    };
                    verdicts.lock().unwrap_or_else(|e| e.into_inner())[n] = all;
                }
            });
        }
    });
    verdicts.into_inner().unwrap_or_else(|e| e.into_inner())
}

/// What is wrong with the verdicts, one text for each failure, with the command that repeats it.
pub fn failures(cases: &[Case], kinds: &[&Kind], verdicts: &[Vec<Verdict>], effort: Effort) -> Vec<String> {
    let mut all = vec![];
    for (case, verdicts) in cases.iter().zip(verdicts) {
        for (kind, verdict) in kinds.iter().zip(verdicts) {
            let why = match verdict {
                Verdict::Passed => continue,
                Verdict::Unsupported(why) => format!("  not supported: {why}"),
                Verdict::Failed(why) => why.clone(),
            };
            let long = if effort.random == Effort::LONG.random { " --long" } else { "" };
            all.push(format!(
                "{} on {}:\n{why}\n  again: cargo run -p ix-conformance -- run --exact '{}' --backend {} --seed {}{long}",
                case.name, kind.name, case.name, kind.name, effort.seed
            ));
        }
    }
    all
}

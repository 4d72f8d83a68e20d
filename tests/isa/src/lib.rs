// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The instruction-level suite.
//!
//! A *case file* (`cases/*/*.ix`) is about one instruction and type, or one program. The same files
//! run on every [`Engine`](machine::Engine), so that engines cannot drift apart:
//!
//! - An *operation file* lists *forms* of an instruction: its name with modifiers. The suite runs
//!   each form on edge values and seeded random ones, with every kind of operand that is legal, and
//!   compares each lane with the [`mod@reference`] meaning. See [`operation`].
//! - A *program file* has assembly with labels, a launch, and the memory or the fault that must
//!   come out. See [`program`].
//!
//! Instructions on matrices, whose results depend on many lanes, are listed by [`matrix`] itself.
//!
//! | variable | meaning |
//! |---|---|
//! | `IX_FUZZ_ITERS` | number of random programs, and of random values for each form |
//! | `IX_FUZZ_SEED` | seed of all random numbers, printed with every failure |
//! | `IX_CASES` | run only the files whose path contains this |
//! | `IX_SIMD=0` | the interpreter does without AVX2 |
//!
//! The tests marked as ignored are the same with many more random programs and values.

pub mod assembly;
pub mod machine;
pub mod matrix;
pub mod operation;
pub mod program;
pub mod random;
pub mod reference;
pub mod values;

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Number of random programs or values: what the environment says, or this default.
pub fn iterations(default: usize) -> usize {
    number("IX_FUZZ_ITERS").map_or(default, |n| n as usize)
}

/// Seed of random values.
pub fn seed() -> u64 {
    number("IX_FUZZ_SEED").unwrap_or(0x1d_c0de)
}

/// All case files in a folder of `cases`, in order of their names.
pub fn case_files(folder: &str) -> Vec<PathBuf> {
    fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
        let Ok(entries) = std::fs::read_dir(dir) else { return };
        for path in entries.flatten().map(|e| e.path()) {
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|e| e == "ix") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(folder), &mut files);
    files.sort();
    if let Ok(wanted) = std::env::var("IX_CASES") {
        files.retain(|f| f.to_string_lossy().contains(&wanted));
    }
    files
}

/// Runs `test` on every file, on all processors; gives the messages of those that fail.
pub fn run_files(files: &[PathBuf], test: impl Fn(&str) -> Result<(), String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // A panic of one file must not hide the results of the others.
                    let result = std::fs::read_to_string(file)
                        .map_err(|e| e.to_string())
                        .and_then(|text| catch_unwind(AssertUnwindSafe(|| test(&text))).unwrap_or_else(|_| Err("panic".into())));
                    if let Err(message) = result {
                        let message = format!("{}: {message}", file.display());
                        failures.lock().map(|mut f| f.push(message)).unwrap_or_default();
                    }
                }
            });
        }
    });
    failures.into_inner().unwrap_or_default()
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The fuzz targets in `fuzz/`: coverage-guided, by libFuzzer.
//!
//! They are a workspace of their own, as they are built with instrumentation, and need `cargo-fuzz`, which is installed
//! when it is missing. No sanitizer is used: stable Rust can build this. What a target finds stays below `target/fuzz`; an input that breaks something is named at the
//! end of the output, and belongs into a test.

use crate::host::Host;
use crate::job::Job;
use crate::workspace::cargo;
use anyhow::{Context, Result};
use std::path::Path;

/// The targets.
const TARGETS: [&str; 4] = ["parse", "compile", "execute", "image"];
/// Inputs to begin with, beside those that were found before.
const SEEDS: [&str; 3] = ["fuzz/seeds", "compiler/tests/ptx", "compiler/tests/exec/cases"];
/// Bounds of one run: time of all, memory, time and size of one input.
const BOUNDS: [&str; 4] = ["-max_total_time=600", "-rss_limit_mb=2500", "-timeout=20", "-max_len=12000"];

/// Runs all targets, one after the other.
pub fn run(host: &Host) -> Result<()> {
    let mut asked = cargo(host, &["fuzz", "--version"]);
    if !asked.output().is_ok_and(|output| output.status.success()) {
        Job::new(host, "install cargo-fuzz", cargo(host, &["install", "cargo-fuzz", "--locked"])).run()?;
    }
    let folder = host.target.join("fuzz");
    for target in TARGETS {
        let (corpus, artifacts) = (folder.join("corpus").join(target), folder.join("artifacts").join(target));
        for dir in [&corpus, &artifacts] {
            std::fs::create_dir_all(dir).with_context(|| format!("create {}", dir.display()))?;
        }
        let mut command = cargo(host, &["fuzz", "run", "--sanitizer", "none", "--release", "--debug-assertions", "--target-dir"]);
        command.arg(folder.join("build")).arg(target).arg(&corpus);
        command.args(SEEDS.iter().map(|seeds| host.repo.join(seeds))).arg("--").args(BOUNDS);
        command.arg(format!("-artifact_prefix={}/", artifacts.display()));
        command.current_dir(host.repo.join(Path::new("fuzz")));
        Job::new(host, format!("fuzz {target}"), command)
            .run()
            .with_context(|| format!("inputs that fail are in {}", artifacts.display()))?;
    }
    Ok(())
}

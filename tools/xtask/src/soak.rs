// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `cargo xtask soak`: the long runs, of which `cargo xtask test` takes a short
//! share.

use crate::fuzz;
use crate::host::Host;
use crate::job::Job;
use crate::kernel::{Flavour, Kernel};
use crate::kmod;
use crate::packages;
use crate::sdk::Sdk;
use crate::steps::{guest, Step};
use crate::workspace::{self, cargo};
use anyhow::Result;
use std::time::Duration;

/// All steps, in the order in which they run.
pub const STEPS: &[Step] = &[
    Step {
        name: "packages",
        about: "what tests need of the host is installed",
        needs: &[],
        run: |host| packages::require(host, packages::FOR_TESTS),
    },
    Step { name: "build", about: "release build of the workspace", needs: &[], run: workspace::build },
    Step {
        name: "long-tests",
        about: "the workspace's tests that are marked as ignored: fuzzing, full counts",
        needs: &["packages"],
        run: tests,
    },
    Step {
        name: "differential",
        about: "102,000 random programs at both levels of optimisation and against the evaluator",
        needs: &[],
        run: differential,
    },
    Step { name: "fuzz", about: "the fuzz targets, ten minutes each", needs: &[], run: fuzz::run },
    Step { name: "kmod", about: "ix.ko builds", needs: &[], run: |host| kmod::module(host, Flavour::Plain).map(drop) },
    Step {
        name: "vm-long",
        about: "the scripts of tests/vm marked soak",
        needs: &["build", "kmod"],
        run: |host| guest::run_scripts(host, true, Flavour::Plain),
    },
    Step {
        name: "vm-conformance",
        about: "the whole conformance suite through ix.ko",
        needs: &["build", "kmod"],
        run: |host| guest::conformance(host, 1),
    },
    Step {
        name: "debug-kernel",
        about: "the guest kernel with lockdep, KASAN and DMA debugging",
        needs: &[],
        run: |host| Kernel::get(host, &Sdk::get(host)?, Flavour::Debug).map(drop),
    },
    Step {
        name: "debug-kmod",
        about: "ix.ko for that kernel",
        needs: &["debug-kernel"],
        run: |host| kmod::module(host, Flavour::Debug).map(drop),
    },
    Step {
        name: "vm-debug",
        about: "all scripts of tests/vm on the debug kernel",
        needs: &["build", "debug-kmod"],
        run: |host| guest::run_scripts(host, false, Flavour::Debug),
    },
];

/// A test that hangs must not hang everything.
const LIMIT: Duration = Duration::from_secs(6 * 3600);

fn tests(host: &Host) -> Result<()> {
    let command = cargo(host, &["test", "--release", "--workspace", "--no-fail-fast", "--", "--ignored"]);
    Job::new(host, "cargo test --ignored", command).shown().limit(LIMIT).run()
}

/// Three sorts of programs, each as many.
fn differential(host: &Host) -> Result<()> {
    let mut command = cargo(host, &["test", "--release", "--package", "ix-compiler", "--test", "exec", "programs_agree"]);
    command.env("IX_FUZZ_ITERS", "34000").env("IX_FUZZ_SEED", "1000000");
    Job::new(host, "random programs", command).shown().limit(LIMIT).run()
}

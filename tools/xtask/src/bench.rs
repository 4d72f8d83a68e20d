// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `cargo xtask bench`: runs `ixbench` directly and in the guest.

use crate::cuda::{self, Clang};
use crate::demo;
use crate::host::Host;
use crate::job::Job;
use crate::{vm, workspace};
use anyhow::{ensure, Result};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// The longest that one run may take.
const LIMIT: Duration = Duration::from_secs(900);

/// Where to measure.
#[derive(Clone, Copy)]
pub struct Places {
    /// On the host, with a device process of the runtime's own.
    pub direct: bool,
    /// In the guest, through `ix.ko`.
    pub guest: bool,
}

/// Measures and prints a table for each place.
pub fn run(host: &Host, places: Places) -> Result<()> {
    workspace::build(host)?;
    let ptx = kernels(host)?;
    if places.direct {
        println!("## Direct backend\n");
        let mut command = Command::new(host.release("ixbench"));
        command.arg(&ptx);
        demo::use_direct(host, &mut command);
        Job::new(host, "ixbench (direct)", command).shown().limit(LIMIT).run()?;
    }
    if places.guest {
        println!("\n## In the guest, through ix.ko\n");
        let options = vm::Options {
            files: vec![(ptx, "bench/ptx".into()), (host.release("ixbench"), "bin/ixbench".into())],
            limit: LIMIT,
            ..vm::Options::default()
        };
        let outcome = vm::run(host, &options, Some(&["ixbench".to_owned(), "/ix/bench/ptx".to_owned()]))?;
        ensure!(outcome.status == 0, "ixbench failed in the guest: exit status {}\n{}", outcome.status, outcome.console);
    }
    Ok(())
}

/// Compiles the benchmarks' kernels and returns the folder with the PTX files.
fn kernels(host: &Host) -> Result<PathBuf> {
    let target = host.target.join("bench/ptx");
    let clang = Clang::get(host)?;
    cuda::compile_dir(host, &clang, &host.repo.join("tools/ixbench/kernels"), &target)?;
    clang.compile(host, &host.repo.join("demo/kernels/sgemm.cu"), &target.join("sgemm.ptx"))?;
    Ok(target)
}

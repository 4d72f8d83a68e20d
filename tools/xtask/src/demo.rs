// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The demo: a C program and a Python program, with kernels in CUDA C++, on the
//! whole stack.
//!
//! In the guest they use `ix.ko`, and `ixsmi` shows them at work. With
//! `--direct` they run on the host, where the runtime drives a device process
//! of its own; that needs neither the guest nor privilege.

use crate::cuda::{self, Clang};
use crate::host::Host;
use crate::job::Job;
use crate::python::Python;
use crate::{vm, workspace};
use anyhow::{bail, ensure, Context, Result};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// The demo's programs, built.
pub struct Programs {
    /// Folder of the kernels in PTX.
    pub ptx: PathBuf,
    /// The C program.
    pub compute: PathBuf,
}

impl Programs {
    /// Builds them, and the workspace that they use.
    pub fn build(host: &Host) -> Result<Programs> {
        workspace::build(host)?;
        let compute = host.target.join("demo/compute");
        let ptx = kernels(host)?;
        let mut command = Command::new("cc");
        command
            .args(["-O2", "-Wall", "-Wextra", "-o"])
            .arg(&compute)
            .arg(host.repo.join("demo/c/compute.c"))
            .arg("-I")
            .arg(host.repo.join("libixrt/include"))
            .arg("-L")
            .arg(host.target.join("release"))
            .args(["-lixrt", "-lm"]);
        Job::new(host, "compile demo/c/compute.c", command).run()?;
        Ok(Programs { ptx, compute })
    }
}

/// Compiles the demo's kernels and returns the folder with the PTX files.
pub fn kernels(host: &Host) -> Result<PathBuf> {
    compile(host, "demo/kernels", "demo/ptx")
}

/// Compiles the test kernels and returns the folder with the PTX files.
pub fn test_kernels(host: &Host) -> Result<PathBuf> {
    compile(host, "tests/kernels", "tests/ptx")
}

fn compile(host: &Host, sources: &str, target: &str) -> Result<PathBuf> {
    let target = host.target.join(target);
    let clang = Clang::get(host)?;
    let files = cuda::compile_dir(host, &clang, &host.repo.join(sources), &target)?;
    ensure!(!files.is_empty(), "{sources} has no .cu files");
    Ok(target)
}

/// Lets a command on the host use the runtime that this workspace built, over
/// the direct backend.
pub fn use_direct(host: &Host, command: &mut Command) {
    command
        .env("IXRT_BACKEND", "direct")
        .env("IXRT_DEVICE_BIN", host.release("ix-device"))
        .env("LD_LIBRARY_PATH", host.target.join("release"));
}

/// Python on the host with the package `ixrt`.
pub fn python(host: &Host) -> Result<Command> {
    let mut command = Python::get(host)?.command(&[host.repo.join("libixrt/python")])?;
    use_direct(host, &mut command);
    Ok(command)
}

/// Runs the demo on the host and returns what it printed.
pub fn direct(host: &Host) -> Result<String> {
    let programs = Programs::build(host)?;
    println!("$ compute ptx");
    let mut compute = Command::new(&programs.compute);
    compute.arg(&programs.ptx);
    use_direct(host, &mut compute);
    let mut output = Job::new(host, "demo compute", compute).shown().output()?;
    println!("\n$ python3 digits.py ptx");
    let mut digits = python(host)?;
    digits.arg("-u").arg(host.repo.join("demo/python/digits.py")).arg(&programs.ptx);
    output.push_str(&Job::new(host, "demo digits", digits).shown().output()?);
    Ok(output)
}

/// Runs the demo in the guest and returns what it printed.
pub fn guest(host: &Host) -> Result<String> {
    let programs = Programs::build(host)?;
    let options = vm::Options { files: guest_files(host, &programs), limit: Duration::from_secs(300), ..vm::Options::default() };
    println!("booting the guest");
    let outcome = vm::run(host, &options, Some(&["bash".into(), "/ix/demo/guest.sh".into()]))?;
    if outcome.status != 0 {
        bail!("the demo failed in the guest: exit status {}\n{}", outcome.status, outcome.console);
    }
    let complaints = outcome.kernel_complaints();
    ensure!(complaints.is_empty(), "the guest's kernel complained: {}", complaints.join("; "));
    Ok(outcome.stdout)
}

fn guest_files(host: &Host, programs: &Programs) -> Vec<(PathBuf, String)> {
    let demo = |name: &str| (host.repo.join("demo").join(name), format!("demo/{name}"));
    vec![
        (programs.ptx.clone(), "demo/ptx".into()),
        (programs.compute.clone(), "demo/compute".into()),
        demo("guest.sh"),
        demo("python"),
        demo("data"),
    ]
}

/// The line of the demo's output that tells the accuracy, in percent and
/// counts; it must be the same on every backend.
pub fn accuracy(output: &str) -> Result<&str> {
    output.lines().find(|line| line.starts_with("accuracy ")).context("the demo printed no accuracy")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accuracy_is_its_line() {
        let output = "epoch 1\naccuracy 97.2 % (349 of 359)\n";
        assert_eq!(accuracy(output).expect("there"), "accuracy 97.2 % (349 of 359)");
        assert!(accuracy("epoch 1\n").is_err());
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Programs for CUDA's driver as they come from their registries, on the
//! direct backend.
//!
//! They run with the package `ixrt` as a user installs it: a wheel is built
//! from the checkout and installed into a folder, from which everything else
//! is found with no environment variable but Python's own.

use crate::host::Host;
use crate::job::Job;
use crate::python::Python;
use anyhow::{ensure, Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(600);

/// tinygrad, run by `ixrun` and run by a program that calls
/// `ixrt.enable_cuda()`.
pub fn python(host: &Host) -> Result<()> {
    let python = Python::get(host)?;
    let package = install(host, &python)?;
    let script = host.repo.join("tests/clients/tinygrad_train.py");

    // Where Python finds its packages, and nothing else.
    let launched = python.command(std::slice::from_ref(&package))?;
    let mut command = Command::new(package.join("bin/ixrun"));
    for (name, value) in launched.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command.args(["--backend", "direct", "python3"]).arg(&script);
    run(host, "tinygrad by ixrun", command)?;

    let mut command = python.command(&[package])?;
    command.arg(&script).arg("--enable-cuda");
    run(host, "tinygrad after enable_cuda", command)
}

fn run(host: &Host, name: &str, mut command: Command) -> Result<()> {
    for variable in ["LD_LIBRARY_PATH", "IXRT_BACKEND", "IXRT_DEVICE_BIN", "IXRT_LIBRARY"] {
        command.env_remove(variable);
    }
    Job::new(host, name, command).shown().limit(LIMIT).run()
}

/// Builds the package's wheel and installs it; returns where.
fn install(host: &Host, python: &Python) -> Result<PathBuf> {
    let source = host.repo.join("libixrt/python");
    let wheels = host.target.join("xtask/wheel");
    let package = host.target.join("xtask/package");
    // What an earlier version of the package left must not get into this one.
    for dir in [&source.join("build"), &wheels, &package] {
        if dir.exists() {
            std::fs::remove_dir_all(dir).with_context(|| format!("remove {}", dir.display()))?;
        }
    }
    let mut command = pip(python, "wheel")?;
    command.env("IXRT_BUILD_DIR", host.target.join("release")).arg("--no-build-isolation").arg("--wheel-dir").arg(&wheels).arg(&source);
    Job::new(host, "build the wheel of ixrt", command).limit(LIMIT).run()?;
    let mut command = pip(python, "install")?;
    command.arg("--target").arg(&package).arg(only_file(&wheels)?);
    Job::new(host, "install the wheel of ixrt", command).limit(LIMIT).run()?;
    Ok(package)
}

fn pip(python: &Python, verb: &str) -> Result<Command> {
    let mut command = python.command(&[])?;
    command.args(["-m", "pip", verb, "--quiet", "--no-input", "--no-deps", "--disable-pip-version-check"]);
    if verb == "install" {
        command.arg("--root-user-action=ignore");
    }
    Ok(command)
}

fn only_file(dir: &Path) -> Result<PathBuf> {
    let files: Vec<PathBuf> =
        std::fs::read_dir(dir).with_context(|| format!("read {}", dir.display()))?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    ensure!(files.len() == 1, "{} holds {} files, not one wheel", dir.display(), files.len());
    Ok(files[0].clone())
}

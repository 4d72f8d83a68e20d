// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What cargo builds: the device, the runtime, the tools.

use crate::host::Host;
use crate::job::Job;
use crate::packages;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The names, links to `libixrt.so`, under which programs look for CUDA's driver.
const CUDA_NAMES: [&str; 2] = ["libcuda.so.1", "libcuda.so"];

/// A cargo command at the root of the workspace, with the cargo that runs
/// xtask.
pub fn cargo(host: &Host, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(&host.repo);
    command
}

/// Builds everything that the guest, the demo and the benchmarks use, in the
/// release profile.
pub fn build(host: &Host) -> Result<()> {
    packages::require(host, packages::FOR_BUILDS)?;
    let command = cargo(host, &["build", "--release", "--workspace", "--exclude", "xtask"]);
    Job::new(host, "build the workspace", command).run()?;
    name_as_cuda(&host.target.join("release"))
}

/// Gives the `libixrt.so` in `dir` the names of CUDA's driver.
pub fn name_as_cuda(dir: &Path) -> Result<()> {
    for name in CUDA_NAMES {
        let link = dir.join(name);
        if !link.is_symlink() {
            std::os::unix::fs::symlink("libixrt.so", &link).with_context(|| format!("make the link {}", link.display()))?;
        }
    }
    Ok(())
}

/// Builds the integration test `test` of `package` and returns the program, to
/// be run elsewhere.
pub fn test_program(host: &Host, package: &str, test: &str) -> Result<PathBuf> {
    let command = cargo(host, &["test", "--package", package, "--test", test, "--no-run", "--message-format=json"]);
    let messages = Job::new(host, format!("build the test {test} of {package}"), command).output()?;
    executable(&messages).map(PathBuf::from).with_context(|| format!("cargo named no program for the test {test} of {package}"))
}

/// Compiles the conformance suite of `tests/api` against the library of the
/// release build, as programs for CUDA's driver are, and returns the program.
pub fn api_suite(host: &Host) -> Result<PathBuf> {
    let sources = host.repo.join("tests/api");
    let program = host.target.join("xtask/api");
    std::fs::create_dir_all(host.target.join("xtask")).context("make target/xtask")?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&sources).with_context(|| format!("read {}", sources.display()))? {
        files.push(entry?.path());
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "c"));
    files.sort();
    let mut command = Command::new("cc");
    command.args(["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-pthread", "-o"]).arg(&program).args(files);
    command.arg("-I").arg(host.repo.join("libixrt/include"));
    command.arg("-L").arg(host.target.join("release")).arg("-lcuda");
    Job::new(host, "compile tests/api", command).run()?;
    Ok(program)
}

/// The last executable that cargo's JSON messages name. Paths with characters
/// that JSON escapes are not supported.
fn executable(messages: &str) -> Option<&str> {
    messages.lines().rev().find_map(|line| line.split_once(r#""executable":""#)?.1.split('"').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executable_is_the_last_one_named() {
        let messages = r#"{"reason":"compiler-artifact","executable":null}
{"reason":"compiler-artifact","executable":"/t/deps/lib-1","fresh":true}
{"reason":"compiler-artifact","executable":"/t/deps/api-2","fresh":true}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages), Some("/t/deps/api-2"));
        assert_eq!(executable(r#"{"reason":"build-finished"}"#), None);
    }
}

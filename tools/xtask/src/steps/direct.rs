// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Steps that run programs on the direct backend, without a guest.

use crate::demo;
use crate::host::Host;
use crate::job::Job;
use crate::workspace;
use anyhow::{ensure, Context, Result};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// The Python tests of `tests/kernels`: kernels compared with numpy, and bad
/// input.
pub fn kernels(host: &Host) -> Result<()> {
    let ptx = demo::test_kernels(host)?;
    for script in kernel_tests(host)? {
        let name = script.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut command = demo::python(host)?;
        command.arg(&script).arg(&ptx).arg("--verbose");
        Job::new(host, format!("{name} (direct)"), command).shown().limit(Duration::from_secs(600)).run()?;
    }
    Ok(())
}

/// The suite of `tests/api`, with a process for each case.
pub fn api(host: &Host) -> Result<()> {
    let mut command = Command::new(workspace::api_suite(host)?);
    command.env("IXRT_QUIET", "1");
    demo::use_direct(host, &mut command);
    Job::new(host, "tests/api (direct)", command).shown().limit(Duration::from_secs(600)).run()
}

/// The files `tests/kernels/test_*.py`, sorted. Each takes the folder of the
/// PTX files and, after it, the arguments of Python's unittest.
pub fn kernel_tests(host: &Host) -> Result<Vec<PathBuf>> {
    let dir = host.repo.join("tests/kernels");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&dir).with_context(|| format!("read {}", dir.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("test_") && name.ends_with(".py") {
            files.push(path);
        }
    }
    ensure!(!files.is_empty(), "tests/kernels has no test_*.py");
    files.sort();
    Ok(files)
}

/// The demo both ways; each checks its own results, and the accuracy of the
/// trained network must not depend on the way.
pub fn demo(host: &Host) -> Result<()> {
    let guest = demo::guest(host)?;
    let direct = demo::direct(host)?;
    let (guest, direct) = (demo::accuracy(&guest)?, demo::accuracy(&direct)?);
    ensure!(guest == direct, "in the guest: {guest}; directly: {direct}");
    Ok(())
}

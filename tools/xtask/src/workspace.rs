// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What cargo builds: the device, the runtime, the tools.

use crate::host::Host;
use crate::job::Job;
use anyhow::Result;
use std::process::Command;

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
    let command = cargo(host, &["build", "--release", "--workspace", "--exclude", "xtask"]);
    Job::new(host, "build the workspace", command).run()
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Steps that build what runs without a guest.

use crate::host::Host;
use crate::job::Job;
use anyhow::Result;
use std::process::Command;

/// Builds everything that the guest, the demo and the benchmarks use.
pub fn build(host: &Host) -> Result<()> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--release", "--workspace", "--exclude", "xtask"]).current_dir(&host.repo);
    Job::new(host, "build the workspace", command).run()
}

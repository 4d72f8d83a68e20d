// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Steps that run programs on the direct backend, without a guest.

use crate::demo;
use crate::host::Host;
use crate::job::Job;
use anyhow::{ensure, Result};
use std::time::Duration;

/// The test kernels, compared with numpy.
pub fn kernels(host: &Host) -> Result<()> {
    let ptx = demo::test_kernels(host)?;
    let mut command = demo::python(host)?;
    command.arg(host.repo.join("tests/kernels/test_kernels.py")).arg(ptx).arg("--verbose");
    Job::new(host, "test kernels (direct)", command).shown().limit(Duration::from_secs(600)).run()
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

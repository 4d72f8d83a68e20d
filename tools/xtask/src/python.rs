// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Python on the host: the system's interpreter with packages from PyPI that
//! live in the cache.
//!
//! The packages are installed into a plain folder (`pip install --target`), not
//! a virtual environment: that needs pip alone, leaves the system as it is, and
//! a plain folder can be renamed into place when it is complete.

use crate::cache::{self, Key};
use crate::host::Host;
use crate::job::Job;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

const REQUIREMENTS: &str = include_str!("../python/requirements.txt");

/// An interpreter and the packages that it finds.
pub struct Python {
    packages: PathBuf,
}

impl Python {
    /// Returns it, fetching the packages if they are not cached.
    pub fn get(host: &Host) -> Result<Python> {
        // Compiled packages fit one version of the interpreter only.
        let mut ask = Command::new("python3");
        ask.args(["-c", "import sys; print(sys.version, sys.executable)"]);
        let version = Job::new(host, "ask for Python's version", ask)
            .output()
            .context("Python 3 is needed; install it with: sudo apt-get install python3 python3-pip")?;
        let key = Key::new().with(version).with(REQUIREMENTS);
        let packages = cache::entry(&host.cache, "python", &key, |dir| {
            // Not in `dir`, which is to become the packages' folder as it is.
            let requirements = host.target.join("xtask/requirements.txt");
            std::fs::create_dir_all(host.target.join("xtask"))?;
            std::fs::write(&requirements, REQUIREMENTS)?;
            let mut pip = Command::new("python3");
            pip.args(["-m", "pip", "install", "--quiet", "--no-input"])
                .args(["--disable-pip-version-check", "--root-user-action=ignore"])
                .arg("--target")
                .arg(dir)
                .arg("--requirement")
                .arg(requirements);
            Job::new(host, "fetch Python packages", pip).run().context("if pip is missing: sudo apt-get install python3-pip")
        })?;
        Ok(Python { packages })
    }

    /// A command that runs the interpreter with `paths`, and the packages, as
    /// places to import from.
    pub fn command(&self, paths: &[PathBuf]) -> Result<Command> {
        let search = std::env::join_paths(paths.iter().chain([&self.packages])).context("a folder's name contains a colon")?;
        let mut command = Command::new("python3");
        command.env("PYTHONPATH", search).env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(command)
    }
}

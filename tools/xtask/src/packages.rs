// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Debian packages of the host.
//!
//! Few things must be installed on the host itself. As root xtask installs
//! them; otherwise it prints the line that does.

use crate::host::{self, Host};
use crate::job::Job;
use anyhow::{bail, Result};
use std::path::Path;
use std::process::Command;

/// A package, and a way to see that it is there.
pub struct Package {
    /// Its name in Debian.
    pub name: &'static str,
    /// A program in `PATH`, or the full path of a file, that it brings.
    pub brings: &'static str,
}

/// Makes the SDK root.
pub const MMDEBSTRAP: Package = Package { name: "mmdebstrap", brings: "mmdebstrap" };

/// A C++ compiler: the math library's tests run it on the host too.
const CXX: Package = Package { name: "g++", brings: "c++" };

/// What building the workspace needs besides Rust and a C compiler.
pub const FOR_BUILDS: &[Package] = &[CXX];

/// What tests of the workspace need besides Rust and a C compiler: a compiler
/// of CUDA C++, and the reference of the math library.
pub const FOR_TESTS: &[Package] =
    &[CXX, Package { name: "clang-19", brings: "clang-19" }, Package { name: "libmpfr-dev", brings: "/usr/include/mpfr.h" }];

impl Package {
    fn is_there(&self) -> bool {
        if self.brings.starts_with('/') {
            Path::new(self.brings).exists()
        } else {
            host::find_program(self.brings).is_some()
        }
    }
}

/// Sees to it that `packages` are installed.
pub fn require(host: &Host, packages: &[Package]) -> Result<()> {
    let missing: Vec<&str> = packages.iter().filter(|package| !package.is_there()).map(|package| package.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !host::is_root() || host::find_program("apt-get").is_none() {
        bail!("not installed: {0}; install with: sudo apt-get install {0}", missing.join(" "));
    }
    apt_get(host, &["update"])?;
    apt_get(host, &[&["install", "-y", "--no-install-recommends"][..], &missing].concat())
}

fn apt_get(host: &Host, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    Job::new(host, format!("apt-get {}", arguments.join(" ")), command).run()
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The guest kernel: Debian's kernel source with the smallest configuration
//! that runs a Debian userland and an out-of-tree Rust GPU driver.
//!
//! Distribution kernels cannot take `ix.ko`: they build DRM as a module, and
//! the kernel's Rust DRM abstractions exist only with DRM built in.

use crate::cache::{self, Key};
use crate::host::Host;
use crate::job::Job;
use crate::sandbox::Sandbox;
use crate::sdk::Sdk;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

const SCRIPT: &str = include_str!("../guest/build-kernel.sh");
const KCONFIG: &str = include_str!("../guest/Kconfig.ix");
const CONFIG: &str = include_str!("../guest/kernel.config");
const DEBUG_CONFIG: &str = include_str!("../guest/debug.config");

/// Packages whose version, as recorded in the root, decides what comes out.
const TOOLS: [&str; 5] = ["kernel source:", "rustc ", "clang-19 ", "bindgen ", "lld-19 "];

/// Which configuration a kernel has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flavour {
    /// Fast and small: what `vm`, `demo` and `bench` boot.
    #[default]
    Plain,
    /// With lockdep, KASAN and DMA debugging: finds mistakes, takes time.
    Debug,
}

impl Flavour {
    fn fragments(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Flavour::Plain => &[("kernel.config", CONFIG)],
            Flavour::Debug => &[("kernel.config", CONFIG), ("debug.config", DEBUG_CONFIG)],
        }
    }

    /// A word for file names.
    pub fn name(self) -> &'static str {
        match self {
            Flavour::Plain => "plain",
            Flavour::Debug => "debug",
        }
    }
}

/// A built kernel.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// Its source tree, built in place; modules are built against it.
    pub tree: PathBuf,
    /// The bootable image.
    pub image: PathBuf,
}

impl Kernel {
    /// Returns the kernel for the current configuration, building it if it is
    /// not cached.
    pub fn get(host: &Host, sdk: &Sdk, flavour: Flavour) -> Result<Kernel> {
        let key = key(&sdk.record()?, flavour);
        let entry = cache::entry(&host.cache, "kernel", &key, |dir| build(host, sdk, flavour, dir))?;
        let tree = entry.join("linux");
        let image = tree.join("arch/x86/boot/bzImage");
        Ok(Kernel { tree, image })
    }
}

fn key(record: &str, flavour: Flavour) -> Key {
    let mut key = Key::new().with(SCRIPT).with(KCONFIG);
    for (_, text) in flavour.fragments() {
        key = key.with(text);
    }
    record.lines().filter(|line| TOOLS.iter().any(|tool| line.starts_with(tool))).fold(key, |key, line| key.with(line))
}

fn build(host: &Host, sdk: &Sdk, flavour: Flavour, dir: &Path) -> Result<()> {
    let (tree, inputs) = (dir.join("linux"), dir.join("inputs"));
    std::fs::create_dir(&tree)?;
    std::fs::create_dir(&inputs)?;
    std::fs::write(inputs.join("build"), SCRIPT)?;
    std::fs::write(inputs.join("Kconfig.ix"), KCONFIG)?;
    let mut arguments = vec!["sh", "/srv/build/build"];
    for (name, text) in flavour.fragments() {
        std::fs::write(inputs.join(name), text)?;
        arguments.push(name);
    }
    let command = Sandbox::new(&sdk.root).writable(&tree, "/srv/linux").read_only(&inputs, "/srv/build").command(&arguments);
    let name = format!("build the guest kernel ({})", flavour.name());
    Job::new(host, name, command).run()?;
    std::fs::write(dir.join("record"), sdk.record()?).context("write the kernel's record")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = "kernel source: a 1\nrustc 1.85\npython3 3.13\n";

    #[test]
    fn key_follows_toolchain_and_flavour_but_not_userland() {
        let plain = key(RECORD, Flavour::Plain).name();
        assert_ne!(plain, key(RECORD, Flavour::Debug).name());
        let other = |from, to| key(&RECORD.replace(from, to), Flavour::Plain).name();
        assert_ne!(plain, other("1.85", "1.86"));
        assert_ne!(plain, other("a 1", "a 2"));
        assert_eq!(plain, other("3.13", "3.14"));
    }
}

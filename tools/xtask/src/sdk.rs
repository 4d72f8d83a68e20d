// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The SDK root: a Debian 13 tree with the kernel toolchain, QEMU and the
//! guest's userland.
//!
//! Everything comes from one Debian mirror. Packages are asked for by series,
//! not by exact version, because mirrors drop old versions; which versions
//! were used is recorded in the root, at [`RECORD`].

use crate::cache::{self, Key};
use crate::host::{self, Host};
use crate::job::Job;
use crate::packages;
use anyhow::{bail, Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The Debian release of the root.
const SUITE: &str = "trixie";
/// The kernel series that `kmod/` is written for.
const KERNEL_SERIES: &str = "7.3";
/// Where the root says what it was made from, one fact a line.
const RECORD: &str = "usr/share/ix-sdk/record";

const PACKAGES: &str = include_str!("../guest/packages.txt");
const CUSTOMIZE: &str = include_str!("../guest/sdk-customize.sh");
const BOOT: &str = include_str!("../guest/boot.sh");

/// A finished SDK root.
#[derive(Clone, Debug)]
pub struct Sdk {
    /// Its folder.
    pub root: PathBuf,
}

impl Sdk {
    /// Returns the root for the current recipe, making it if it is not cached.
    pub fn get(host: &Host) -> Result<Sdk> {
        let entry = cache::entry(&host.cache, "sdk", &key(host)?, |dir| {
            make(host, dir)?;
            // So that the user who ran this once with sudo can go on without.
            let kind = host.cache.join("sdk");
            host::give_to_invoker(&[&host.cache, &kind, &kind.join("lock")])
        })?;
        Ok(Sdk { root: entry.join("root") })
    }

    /// The root for the current recipe if it is cached.
    pub fn cached(host: &Host) -> Option<Sdk> {
        let root = host.cache.join("sdk").join(key(host).ok()?.name()).join("root");
        root.is_dir().then_some(Sdk { root })
    }

    /// What the root was made from.
    pub fn record(&self) -> Result<String> {
        let path = self.root.join(RECORD);
        std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))
    }
}

fn key(host: &Host) -> Result<Key> {
    let key = Key::new().with(SUITE).with(KERNEL_SERIES).with(PACKAGES).with(CUSTOMIZE).with(BOOT);
    match &host.kernel_source {
        Some(tarball) => key.with_file(tarball),
        None => Ok(key),
    }
}

/// Package names out of the list: words, without comments.
fn names(list: &str) -> Vec<&str> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

fn make(host: &Host, dir: &Path) -> Result<()> {
    if !host::is_root() {
        bail!(
            "the SDK root is not in {} yet, and making it needs root; run once: sudo {} --cache {} sdk",
            host.cache.display(),
            std::env::current_exe().unwrap_or_else(|_| "cargo xtask".into()).display(),
            host.cache.display()
        );
    }
    packages::require(host, &[packages::MMDEBSTRAP])?;
    let Some(mirror) = host.mirror.clone().or_else(host::apt_mirror) else {
        bail!("this host has no Debian mirror in its apt configuration; name one with --mirror URL");
    };
    let customize = dir.join("customize");
    std::fs::write(&customize, CUSTOMIZE)?;
    make_executable(&customize)?;
    let boot = dir.join("boot");
    std::fs::write(&boot, BOOT)?;

    let mut command = Command::new("mmdebstrap");
    command
        .args(["--mode=root", "--variant=apt", "--format=directory"])
        .arg(format!("--include={}", names(PACKAGES).join(",")))
        .arg(format!("--customize-hook={}", customize.display()))
        .arg(SUITE)
        .arg(dir.join("root"))
        .arg(format!("deb {mirror} {SUITE} main"))
        .env("MIRROR", &mirror)
        .env("KERNEL_SERIES", KERNEL_SERIES)
        .env("KERNEL_SOURCE", host.kernel_source.as_deref().unwrap_or(Path::new("")))
        .env("GUEST_BOOT", &boot);
    Job::new(host, "make the SDK root", command)
        .run()
        .context("the network or the mirror may be at fault; another mirror: --mirror URL")?;
    std::fs::remove_file(&customize)?;
    std::fs::remove_file(&boot)?;
    Ok(())
}

fn make_executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_list_has_no_comments_and_no_duplicates() {
        let mut names = super::names(PACKAGES);
        assert!(names.contains(&"rustc") && names.contains(&"python3-numpy"));
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.".contains(c))));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Where things are on the host, and what it offers.

use anyhow::{bail, Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Folders and options that every subcommand shares.
#[derive(Clone, Debug)]
pub struct Host {
    /// Root of the checked-out repository.
    pub repo: PathBuf,
    /// Cargo's target directory of this workspace.
    pub target: PathBuf,
    /// Where cached entries live, shared by all checkouts of one user.
    pub cache: PathBuf,
    /// Debian mirror that the user asked for, if any.
    pub mirror: Option<String>,
    /// Kernel source tarball that the user supplied, if any.
    pub kernel_source: Option<PathBuf>,
}

impl Host {
    /// Finds the folders. `cache` overrides the default cache directory.
    pub fn new(cache: Option<PathBuf>, mirror: Option<String>, kernel_source: Option<PathBuf>) -> Result<Host> {
        let repo = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .context("xtask is not at tools/xtask of its repository")?
            .to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => repo.join(dir),
            None => repo.join("target"),
        };
        let cache = match cache {
            Some(dir) => std::path::absolute(dir)?,
            None => default_cache(std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from), std::env::var_os("HOME").map(PathBuf::from))?,
        };
        let kernel_source =
            kernel_source.map(|path| path.canonicalize().with_context(|| format!("--kernel-source {}", path.display()))).transpose()?;
        Ok(Host { repo, target, cache, mirror, kernel_source })
    }

    /// The folder for log files of jobs.
    pub fn logs(&self) -> PathBuf {
        self.target.join("xtask/logs")
    }

    /// A file or folder built by cargo in the release profile.
    pub fn release(&self, name: &str) -> PathBuf {
        self.target.join("release").join(name)
    }
}

fn default_cache(xdg: Option<PathBuf>, home: Option<PathBuf>) -> Result<PathBuf> {
    // The XDG base directory specification tells to ignore relative paths.
    match (xdg.filter(|dir| dir.is_absolute()), home) {
        (Some(dir), _) => Ok(dir.join("ix")),
        (None, Some(home)) => Ok(home.join(".cache/ix")),
        (None, None) => bail!("neither XDG_CACHE_HOME nor HOME is set; name one with --cache"),
    }
}

/// True when this process may do what root may.
pub fn is_root() -> bool {
    // SAFETY: geteuid takes nothing and cannot fail.
    unsafe { libc::geteuid() == 0 }
}

/// Under sudo, gives `paths` to the user who called it; otherwise nothing.
pub fn give_to_invoker(paths: &[&Path]) -> Result<()> {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    if let (true, Some(user), Some(group)) = (is_root(), number("SUDO_UID"), number("SUDO_GID")) {
        for path in paths {
            std::os::unix::fs::chown(path, Some(user), Some(group)).with_context(|| format!("give {} to user {user}", path.display()))?;
        }
    }
    Ok(())
}

/// The full path of `program` if it is in `PATH`.
pub fn find_program(program: &str) -> Option<PathBuf> {
    std::env::var_os("PATH").and_then(|path| std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file()))
}

/// The Debian mirror that this host's apt uses, if apt is there and has one.
pub fn apt_mirror() -> Option<String> {
    let output =
        Command::new("apt-get").args(["indextargets", "--format", "$(REPO_URI) $(SUITE)"]).arg("Created-By: Packages").output().ok()?;
    parse_index_targets(&String::from_utf8_lossy(&output.stdout))
}

/// Picks the archive out of `URI SUITE` lines: the first that is no security
/// or third-party archive. Debian's archive has "/debian" as its last part.
fn parse_index_targets(lines: &str) -> Option<String> {
    lines
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(|uri| uri.trim_end_matches('/'))
        .find(|uri| uri.ends_with("/debian"))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirror_is_the_archive_not_security_or_third_party() {
        let lines = "http://example.org/node nodistro\n\
                     http://example.org/debian-security/ stable-security\n\
                     http://example.org/debian/ stable\n";
        assert_eq!(parse_index_targets(lines).as_deref(), Some("http://example.org/debian"));
        assert_eq!(parse_index_targets(""), None);
    }

    #[test]
    fn cache_follows_xdg_and_ignores_relative_paths() {
        let home = Some(PathBuf::from("/h"));
        let xdg = |dir: &str| Some(PathBuf::from(dir));
        assert_eq!(default_cache(xdg("/c"), home.clone()).ok(), Some("/c/ix".into()));
        assert_eq!(default_cache(xdg("c"), home).ok(), Some("/h/.cache/ix".into()));
        assert!(default_cache(None, None).is_err());
    }
}

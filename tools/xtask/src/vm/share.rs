// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The share that the guest sees at `/ix`: what the workspace built, in the
//! places where an installed system would have it.
//!
//! | in the guest | what |
//! |---|---|
//! | `/ix/init` | the guest's init |
//! | `/ix/ix.ko` | the kernel module |
//! | `/ix/bin`, `/ix/lib`, `/ix/include` | tools, `libixrt.so` (also as `libcuda.so.1` and `libcuda.so`), headers |
//! | `/ix/python` | the Python package |
//! | `/ix/demo`, `/ix/tests` | built demo programs and guest test scripts |

use crate::host::Host;
use crate::workspace;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

const INIT: &str = include_str!("../../guest/init.sh");

/// Programs of the workspace that belong in the guest.
const PROGRAMS: [&str; 5] = ["ixrun", "ixsmi", "ixas", "ixdis", "ix-kmod-test"];

/// A share being filled.
pub struct Share {
    dir: PathBuf,
}

impl Share {
    /// Makes `dir` hold what of the workspace is built; parts that are not are
    /// left out.
    pub fn fill(host: &Host, dir: PathBuf, module: Option<&Path>) -> Result<Share> {
        let share = Share { dir };
        std::fs::create_dir_all(&share.dir).with_context(|| format!("create {}", share.dir.display()))?;
        let init = share.dir.join("init");
        std::fs::write(&init, INIT)?;
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&init, std::fs::Permissions::from_mode(0o755))?;
        for program in PROGRAMS {
            share.add_if_there(&host.release(program), &format!("bin/{program}"))?;
        }
        share.add_if_there(&host.release("libixrt.so"), "lib/libixrt.so")?;
        let library = share.dir.join("lib");
        std::fs::create_dir_all(&library).with_context(|| format!("create {}", library.display()))?;
        workspace::name_as_cuda(&library)?;
        share.add_if_there(&host.repo.join("libixrt/include"), "include")?;
        share.add_if_there(&host.repo.join("uapi/ix_drm.h"), "include/ix_drm.h")?;
        share.add_if_there(&host.repo.join("libixrt/python"), "python")?;
        share.add_if_there(&host.repo.join("tests/vm"), "tests")?;
        if let Some(module) = module {
            share.add(module, "ix.ko")?;
        }
        Ok(share)
    }

    /// Its folder on the host.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Adds a file or folder of the host as `name`.
    pub fn add(&self, source: &Path, name: &str) -> Result<()> {
        add(source, &self.dir.join(name)).with_context(|| format!("share {} as /ix/{name}", source.display()))
    }

    fn add_if_there(&self, source: &Path, name: &str) -> Result<()> {
        if source.exists() {
            self.add(source, name)?;
        }
        Ok(())
    }
}

/// Hard-links (or, across file systems, copies) a file or a tree of files.
fn add(source: &Path, target: &Path) -> Result<()> {
    if source.is_dir() {
        std::fs::create_dir_all(target)?;
        for entry in std::fs::read_dir(source)? {
            let entry = entry?;
            if entry.file_name() != "__pycache__" {
                add(&entry.path(), &target.join(entry.file_name()))?;
            }
        }
        return Ok(());
    }
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent)?;
    }
    if target.exists() {
        std::fs::remove_file(target)?;
    }
    // A link would show a symbolic link as such, and its target is not shared.
    let source = source.canonicalize()?;
    if std::fs::hard_link(&source, target).is_err() {
        std::fs::copy(&source, target)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tree_is_added_with_symbolic_links_followed() {
        let dir = std::env::temp_dir().join(format!("xtask-share-{}", std::process::id()));
        let source = dir.join("source");
        std::fs::create_dir_all(source.join("deep")).expect("dir");
        std::fs::create_dir_all(source.join("__pycache__")).expect("dir");
        std::fs::write(source.join("deep/file"), "x").expect("file");
        std::os::unix::fs::symlink("deep/file", source.join("link")).expect("link");
        let target = dir.join("target");
        add(&source, &target).expect("added");
        add(&source, &target).expect("added again");
        let read = |name: &str| std::fs::read_to_string(target.join(name)).ok();
        assert_eq!(read("deep/file").as_deref(), Some("x"));
        assert_eq!(read("link").as_deref(), Some("x"));
        assert!(!target.join("link").is_symlink());
        assert!(!target.join("__pycache__").exists());
        std::fs::remove_dir_all(&dir).expect("remove");
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Building `ix.ko`, and checking its source.
//!
//! The repository is shown read-only to the kernel's build system, which works
//! in the SDK root; what it makes goes to `target/kmod/<flavour>`.

use crate::host::Host;
use crate::job::Job;
use crate::kernel::{Flavour, Kernel};
use crate::sandbox::Sandbox;
use crate::sdk::Sdk;
use anyhow::{bail, Context, Result};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// What to do with the module's source.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Build `ix.ko`.
    Build,
    /// Build with clippy in place of the compiler; warnings are errors.
    Clippy,
}

/// Builds the module (or runs clippy on it) and returns the folder with the
/// outcome.
pub fn build(host: &Host, flavour: Flavour, action: Action) -> Result<PathBuf> {
    if !host.repo.join("kmod/Kbuild").is_file() {
        bail!("kmod/Kbuild does not exist");
    }
    let sdk = Sdk::get(host)?;
    let kernel = Kernel::get(host, &sdk, flavour)?;
    let (folder, name) = match action {
        Action::Build => (flavour.name().to_owned(), "build ix.ko"),
        Action::Clippy => (format!("{}-clippy", flavour.name()), "clippy on ix.ko"),
    };
    let out = host.target.join("kmod").join(folder);
    if action == Action::Clippy && out.exists() {
        // Kbuild would find its objects up to date and check nothing.
        std::fs::remove_dir_all(&out).with_context(|| format!("remove {}", out.display()))?;
    }
    std::fs::create_dir_all(&out).with_context(|| format!("create {}", out.display()))?;
    // Objects made with another kernel must not be taken for current ones.
    let stamp = out.join(".kernel");
    let made_for = kernel.tree.display().to_string();
    if std::fs::read_to_string(&stamp).ok().as_deref() != Some(&made_for) {
        std::fs::remove_dir_all(&out)?;
        std::fs::create_dir_all(&out)?;
        std::fs::write(&stamp, made_for)?;
    }
    let jobs = format!("-j{}", processors());
    let mut arguments = vec!["make", &jobs, "LLVM=1", "M=/srv/ix/kmod", "MO=/srv/build", "modules"];
    if action == Action::Clippy {
        arguments.extend(["CLIPPY=1", "KRUSTFLAGS=-Dwarnings"]);
    }
    let command = Sandbox::new(&sdk.root)
        .read_only(&kernel.tree, "/srv/linux")
        .read_only(&host.repo, "/srv/ix")
        .writable(&out, "/srv/build")
        .dir("/srv/linux")
        .command(&arguments);
    Job::new(host, name, command).run()?;
    Ok(out)
}

/// Modules that this process has built. Kbuild takes seconds to find that
/// nothing changed, and tests boot dozens of guests.
static BUILT: Mutex<Vec<(Flavour, PathBuf)>> = Mutex::new(Vec::new());

/// Builds `ix.ko`, once in a run of xtask, and returns its path.
pub fn module(host: &Host, flavour: Flavour) -> Result<PathBuf> {
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, module)) = built.iter().find(|(of, _)| *of == flavour) {
        return Ok(module.clone());
    }
    let module = build(host, flavour, Action::Build)?.join("ix.ko");
    if !module.is_file() {
        bail!("the build left no {}", module.display());
    }
    built.push((flavour, module.clone()));
    Ok(module)
}

/// Formats each file from standard input: by name, rustfmt would follow the
/// crate root to every module, and those of `hw/` have a style of their own.
const CHECK_FORMAT: &str = r#"
status=0
for file in *.rs; do
    echo "$file"
    rustfmt --check --edition 2021 --config-path /srv/linux/.rustfmt.toml <"$file" || status=1
done
exit $status
"#;

/// Checks the formatting of the module's Rust files with the kernel's rules.
/// Kbuild has no such target for modules outside its tree.
pub fn check_format(host: &Host) -> Result<()> {
    let sdk = Sdk::get(host)?;
    let kernel = Kernel::get(host, &sdk, Flavour::Plain)?;
    let command = Sandbox::new(&sdk.root)
        .read_only(&kernel.tree, "/srv/linux")
        .read_only(&host.repo, "/srv/ix")
        .dir("/srv/ix/kmod")
        .command(&["sh", "-c", CHECK_FORMAT]);
    Job::new(host, "rustfmt on kmod", command).run()
}

/// Processors that this process may use.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

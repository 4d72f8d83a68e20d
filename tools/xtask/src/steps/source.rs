// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Steps that look at the source and at the workspace's own tests.

use crate::host::Host;
use crate::job::Job;
use crate::workspace::cargo;
use anyhow::{bail, Context, Result};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The fuzz targets, which are a workspace of their own.
const FUZZ: &str = "fuzz/Cargo.toml";

/// The formatting of all crates.
pub fn format(host: &Host) -> Result<()> {
    Job::new(host, "cargo fmt", cargo(host, &["fmt", "--all", "--", "--check"])).run().context("to repair: cargo fmt --all")?;
    let fuzz = cargo(host, &["fmt", "--manifest-path", FUZZ, "--", "--check"]);
    Job::new(host, "cargo fmt of the fuzz targets", fuzz).run().context("to repair: cargo fmt --manifest-path fuzz/Cargo.toml")
}

/// Lints of all crates, tests included.
pub fn clippy(host: &Host) -> Result<()> {
    let command = cargo(host, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    Job::new(host, "cargo clippy", command).run()?;
    let mut fuzz = cargo(host, &["clippy", "--manifest-path", FUZZ, "--target-dir"]);
    fuzz.arg(host.target.join("fuzz/clippy")).args(["--", "-D", "warnings"]);
    Job::new(host, "cargo clippy of the fuzz targets", fuzz).run()
}

/// Documentation of all crates: broken links and malformed markup.
pub fn docs(host: &Host) -> Result<()> {
    let mut command = cargo(host, &["doc", "--workspace", "--keep-going", "--no-deps", "--document-private-items"]);
    command.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links");
    Job::new(host, "cargo doc", command).run()
}

/// The tests of all crates.
pub fn tests(host: &Host) -> Result<()> {
    Job::new(host, "cargo test", cargo(host, &["test", "--workspace", "--no-fail-fast"]))
        .shown()
        // A test that hangs must not hang everything.
        .limit(Duration::from_secs(40 * 60))
        .run()
}

/// What a file of the given name must say, and `None` for one that needs no
/// licence line: data, generated files, documents.
fn licence(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_str()?;
    let extension = path.extension().and_then(|extension| extension.to_str());
    let is_source = match extension {
        Some("rs" | "c" | "h" | "cu" | "py" | "sh" | "toml" | "config") => true,
        Some(_) => false,
        None => matches!(name, "Makefile" | "Kbuild" | "run"),
    };
    if !is_source {
        return None;
    }
    if path == Path::new("uapi/ix_drm.h") {
        Some("(GPL-2.0 WITH Linux-syscall-note) OR MIT")
    } else if path.starts_with("kmod") {
        Some("GPL-2.0")
    } else {
        Some("Apache-2.0 OR MIT")
    }
}

/// Checks the licence line of every file under version control. It is the
/// first line, or the second after an interpreter line.
pub fn licences(host: &Host) -> Result<()> {
    let mut git = Command::new("git");
    git.args(["ls-files"]).current_dir(&host.repo);
    let files = Job::new(host, "list the repository's files", git).output()?;
    let mut wrong = Vec::new();
    for name in files.lines() {
        let path = Path::new(name);
        let Some(licence) = licence(path) else {
            continue;
        };
        let full = host.repo.join(path);
        if !full.exists() {
            continue;
        }
        let text = std::fs::read(&full).with_context(|| format!("read {name}"))?;
        if !has_licence(&String::from_utf8_lossy(&text), licence) {
            wrong.push(format!("{name} lacks: SPDX-License-Identifier: {licence}"));
        }
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(())
}

fn has_licence(text: &str, licence: &str) -> bool {
    let line = text.lines().find(|line| !line.starts_with("#!")).unwrap_or("");
    line.trim_end_matches("*/").trim_end().ends_with(&format!("SPDX-License-Identifier: {licence}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licence_depends_on_the_place() {
        let of = |name: &str| licence(Path::new(name));
        assert_eq!(of("hw/src/lib.rs"), Some("Apache-2.0 OR MIT"));
        assert_eq!(of("kmod/ix_main.rs"), Some("GPL-2.0"));
        assert_eq!(of("uapi/ix_drm.h"), Some("(GPL-2.0 WITH Linux-syscall-note) OR MIT"));
        assert_eq!(of("compiler/tests/ptx/a.ptx"), None);
        assert_eq!(of("README.md"), None);
    }

    #[test]
    fn licence_line_is_first_but_for_an_interpreter_line() {
        let line = "SPDX-License-Identifier: MIT";
        assert!(has_licence(&format!("// {line}\nx"), "MIT"));
        assert!(has_licence(&format!("/* {line} */\n"), "MIT"));
        assert!(has_licence(&format!("#!/bin/sh\n# {line}\n"), "MIT"));
        assert!(!has_licence(&format!("x\n// {line}\n"), "MIT"));
        assert!(!has_licence(&format!("// {line} OR X\n"), "MIT"));
    }
}

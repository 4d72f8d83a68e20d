// SPDX-License-Identifier: Apache-2.0 OR MIT
//! CUDA C++ to PTX, by clang.

use anyhow::{bail, Context, Result};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How clang compiles device code for IX, an argument a line.
const FLAGS: &str = include_str!("../../../math/clang.flags");
/// Programs that are looked for.
const PROGRAMS: [&str; 2] = ["clang-19", "clang"];

/// A call of clang.
pub struct Invocation<'a> {
    /// The CUDA C++ file.
    pub source: &'a Path,
    /// Folders of headers.
    pub include: &'a [PathBuf],
    /// Macros.
    pub define: &'a [String],
    /// Number behind -O.
    pub level: &'a str,
}

impl Invocation<'_> {
    /// The PTX, with the lines that it comes from. What clang complains about goes to standard error as it is.
    pub fn run(&self) -> Result<String> {
        // clang's own message would speak of an input file that is missing, after much else.
        std::fs::metadata(self.source).with_context(|| format!("cannot read {}", self.source.display()))?;
        let program = find(std::env::var_os("CLANG"), std::env::var_os("PATH"))?;
        let mut command = Command::new(&program);
        command.args(FLAGS.lines()).arg(format!("-O{}", self.level)).args(["-gline-tables-only", "-o", "-"]);
        for folder in self.include.iter().map(PathBuf::as_path).chain(headers().as_deref()) {
            command.arg("-I").arg(folder);
        }
        command.args(self.define.iter().map(|d| format!("-D{d}"))).arg(self.source);
        let output = command.stderr(std::process::Stdio::inherit()).output();
        let output = output.with_context(|| format!("cannot run {}", program.display()))?;
        if !output.status.success() {
            bail!("{} does not compile {}: {}", program.display(), self.source.display(), output.status);
        }
        String::from_utf8(output.stdout).with_context(|| format!("{} wrote something else than PTX", program.display()))
    }
}

/// The program that `CLANG` names, or the first that is in the path.
fn find(named: Option<OsString>, path: Option<OsString>) -> Result<PathBuf> {
    if let Some(program) = named.filter(|n| !n.is_empty()) {
        return Ok(program.into());
    }
    let folders: Vec<_> = path.iter().flat_map(std::env::split_paths).collect();
    let candidates = PROGRAMS.iter().flat_map(|program| folders.iter().map(move |folder| folder.join(program)));
    let Some(program) = candidates.into_iter().find(|p| p.is_file()) else {
        bail!(
            "clang is needed to compile CUDA C++, and PATH has neither clang-19 nor clang; \
             install it with: sudo apt-get install clang-19, or name one in the variable CLANG"
        );
    };
    Ok(program)
}

/// The folder of `ix_cuda.h`: `include/ix` beside the folder of this program where it is installed, or the one of the
/// source tree that it was built in.
fn headers() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let folder = program.parent()?;
    let candidates = ["../include/ix", "../../math/include", "../../../math/include"].map(|c| folder.join(c));
    candidates.into_iter().find(|c| c.join("ix_cuda.h").is_file())?.canonicalize().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_clang_is_an_error_that_says_how_to_get_it() {
        let message = find(None, Some("/nonexistent".into())).unwrap_err().to_string();
        assert!(message.contains("sudo apt-get install clang-19"), "{message}");
        assert!(find(Some("".into()), None).is_err());
        assert_eq!(find(Some("/opt/clang".into()), None).unwrap(), Path::new("/opt/clang"));
    }

    #[test]
    fn flags_are_one_a_line_without_blanks() {
        assert!(FLAGS.lines().all(|f| !f.is_empty() && !f.contains(' ')), "{FLAGS}");
    }
}

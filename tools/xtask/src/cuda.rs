// SPDX-License-Identifier: Apache-2.0 OR MIT
//! CUDA C++ to PTX, by clang 19.
//!
//! Only the device half of a file is compiled, with neither NVIDIA's headers
//! nor its libraries: kernels declare what they use. clang comes from the first
//! of: the host (`clang-19`), the SDK root if it is there already, or Debian
//! packages unpacked into the cache, which changes nothing on the host and
//! needs no privilege.

use crate::cache::{self, Key};
use crate::host::{self, Host};
use crate::job::Job;
use crate::sandbox;
use crate::sdk::Sdk;
use anyhow::{bail, Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Folder of `ix_cuda.h`, which declares what device code expects to find.
const INCLUDE: &str = "math/include";
/// The package that holds clang.
const CLANG_PACKAGE: &str = "clang-19";

/// How clang compiles device code for IX, an argument a line.
const FLAGS: &str = include_str!("../../../math/clang.flags");

/// A clang 19 that can be run.
pub enum Clang {
    /// Installed on the host.
    Host(PathBuf),
    /// In the SDK root.
    Sdk(Sdk),
    /// Unpacked packages, and the folder they are in.
    Unpacked(PathBuf),
}

impl Clang {
    /// Finds or fetches one.
    pub fn get(host: &Host) -> Result<Clang> {
        if let Some(program) = host::find_program("clang-19") {
            return Ok(Clang::Host(program));
        }
        if let Some(sdk) = Sdk::cached(host) {
            return Ok(Clang::Sdk(sdk));
        }
        unpack(host).map(Clang::Unpacked).context("clang 19 is needed to compile CUDA C++; install it with: sudo apt-get install clang-19")
    }

    fn command(&self) -> Command {
        let resources = |root: &Path| root.join("usr/lib/llvm-19/lib/clang/19");
        match self {
            Clang::Host(program) => Command::new(program),
            // By the loader: clang would look for its headers beside the
            // loader, so it must be told where they are.
            Clang::Sdk(sdk) => {
                let mut command = sandbox::loader(&sdk.root, "/usr/lib/llvm-19/bin/clang", &["/usr/lib/llvm-19/lib"]);
                command.arg("-resource-dir").arg(resources(&sdk.root));
                command
            }
            Clang::Unpacked(root) => {
                let mut command = Command::new(root.join("usr/lib/llvm-19/bin/clang"));
                command.env("LD_LIBRARY_PATH", unpacked_libraries(root)).arg("-resource-dir").arg(resources(root));
                command
            }
        }
    }

    /// Compiles `source` into the PTX file `target`, unless that is newer than
    /// `source` and all headers that it can include: those in and below its own
    /// folder and [`INCLUDE`].
    pub fn compile(&self, host: &Host, source: &Path, target: &Path) -> Result<()> {
        let include = host.repo.join(INCLUDE);
        let newest = modified(source).max(newest_header(source.parent())).max(newest_header(Some(&include)));
        if newest.is_some() && modified(target) > newest {
            return Ok(());
        }
        if let Some(dir) = target.parent() {
            std::fs::create_dir_all(dir).with_context(|| format!("create {}", dir.display()))?;
        }
        let temporary = target.with_extension(format!("{}.tmp", std::process::id()));
        let mut command = self.command();
        command.args(FLAGS.lines()).arg("-O2").arg("-I").arg(include).arg("-o").arg(&temporary).arg(source);
        let file = source.file_name().unwrap_or_default().to_string_lossy();
        Job::new(host, format!("compile {file}"), command).run()?;
        std::fs::rename(&temporary, target).with_context(|| format!("create {}", target.display()))
    }
}

/// Compiles every `.cu` file of `dir` (not of its subfolders) to
/// `<target>/<name>.ptx`, and returns those, sorted by name.
pub fn compile_dir(host: &Host, clang: &Clang, dir: &Path, target: &Path) -> Result<Vec<PathBuf>> {
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(dir).with_context(|| format!("read {}", dir.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "cu") {
            sources.push(path);
        }
    }
    sources.sort();
    sources
        .iter()
        .map(|source| {
            let name = source.file_stem().unwrap_or_default();
            let ptx = target.join(name).with_extension("ptx");
            clang.compile(host, source, &ptx)?;
            Ok(ptx)
        })
        .collect()
}

/// When a file was last changed; `None` if there is none.
fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|data| data.modified()).ok()
}

/// The latest change of any header in or below `dir`.
fn newest_header(dir: Option<&Path>) -> Option<SystemTime> {
    let dir = dir.filter(|dir| *dir != Path::new("")).unwrap_or(Path::new("."));
    std::fs::read_dir(dir)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter_map(|path| match path.extension() {
            Some(extension) => (extension == "h").then(|| modified(&path)).flatten(),
            None if path.is_dir() => newest_header(Some(&path)),
            None => None,
        })
        .max()
}

fn unpacked_libraries(root: &Path) -> String {
    format!("{0}/usr/lib/llvm-19/lib:{0}/usr/lib/x86_64-linux-gnu", root.display())
}

/// Fetches clang, and what of its dependencies the host lacks, from the host's
/// own Debian release. The package lists are our own, so that neither root nor
/// an earlier `apt-get update` is needed, and nothing is installed.
fn unpack(host: &Host) -> Result<PathBuf> {
    if host::find_program("apt-get").is_none() {
        bail!("this system has no apt-get");
    }
    let release = std::fs::read("/etc/os-release").unwrap_or_default();
    let key = Key::new().with(release).with(CLANG_PACKAGE);
    cache::entry(&host.cache, "clang", &key, |dir| {
        let apt = dir.join("apt");
        let (lists, debs) = (apt.join("lists"), apt.join("debs"));
        std::fs::create_dir_all(lists.join("partial"))?;
        std::fs::create_dir_all(debs.join("partial"))?;
        for arguments in [&["update"][..], &["install", "--download-only", "--yes", "--no-install-recommends", CLANG_PACKAGE]] {
            let mut command = Command::new("apt-get");
            for (option, value) in [("Dir::State::Lists", &lists), ("Dir::Cache::Archives", &debs), ("Dir::Cache", &apt)] {
                command.arg("-o").arg(format!("{option}={}", value.display()));
            }
            command.args(["-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User="]).args(arguments);
            Job::new(host, "fetch clang 19", command).run()?;
        }
        for entry in std::fs::read_dir(&debs)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "deb") {
                let mut command = Command::new("dpkg-deb");
                command.arg("-x").arg(path).arg(dir);
                Job::new(host, "unpack clang 19", command).run()?;
            }
        }
        std::fs::remove_dir_all(&apt)?;
        let mut version = Command::new(dir.join("usr/lib/llvm-19/bin/clang"));
        version.arg("--version").env("LD_LIBRARY_PATH", unpacked_libraries(dir));
        Job::new(host, "run clang 19", version).run()
    })
}

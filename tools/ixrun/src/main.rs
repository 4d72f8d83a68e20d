// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `ixrun`: runs a program so that it finds IX where it looks for CUDA's driver.
//!
//! It sets the environment that [`installation`] and the options ask for and becomes the program:
//! `ixrun` itself is gone by then, so signals, terminals and the exit status are the program's own.
//! [`program`] finds what to become first, so that a wrong name is told apart from everything else.

mod installation;
mod program;

use clap::{Parser, ValueEnum};
use installation::Installation;
use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Runs a program for CUDA's driver on IX.
///
/// The exit status is the program's; 125: ixrun itself failed; 126: the program cannot be run;
/// 127: there is no such program.
#[derive(Debug, Parser)]
#[command(version, name = "ixrun")]
struct Options {
    /// The way to the device [default: the kernel driver if it has one, else direct].
    #[arg(long, value_enum)]
    backend: Option<Backend>,
    /// Write each call that the program makes, with arguments, result and duration.
    #[arg(long, value_enum, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    trace: Option<Form>,
    /// Write them to this file in place of standard error; `%p` in its name is the process id.
    #[arg(long, value_name = "FILE", requires = "trace")]
    trace_output: Option<PathBuf>,
    /// Write calls and the work of the device to this file, for Perfetto or chrome://tracing.
    #[arg(long, value_name = "FILE")]
    timeline: Option<PathBuf>,
    /// The program, by path or by name in PATH, and its arguments.
    #[arg(required = true, trailing_var_arg = true, value_name = "PROGRAM")]
    command: Vec<OsString>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Backend {
    /// Drive a private device from the program's process.
    Direct,
    /// The kernel driver.
    Drm,
    /// A Vulkan device.
    Vulkan,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// A line of text for each call.
    Text,
    /// A line with a JSON object for each call.
    Json,
}

/// Why the program was not run.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Installation(#[from] installation::Error),
    #[error(transparent)]
    Program(#[from] program::Error),
    #[error("--backend drm: {0}")]
    Drm(String),
    #[error("--backend vulkan: this build has no such backend; use direct or drm")]
    Vulkan,
    #[error("cannot tell the current folder, to which {} is relative: {source}", path.display())]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("the name of the folder {} has a colon, so it cannot be put into LD_LIBRARY_PATH", .0.display())]
    Colon(PathBuf),
}

impl Failure {
    fn exit_code(&self) -> u8 {
        match self {
            Failure::Program(program::Error::Absent { .. }) => 127,
            Failure::Program(_) => 126,
            _ => 125,
        }
    }
}

fn main() -> ExitCode {
    let options = match Options::try_parse() {
        Ok(options) => options,
        Err(e) => {
            let status = if e.use_stderr() { 125 } else { 0 };
            // Nobody is left to tell if the terminal is gone.
            let _ = e.print();
            return ExitCode::from(status);
        }
    };
    // `run` returns only if the program was not started.
    let Err(failure) = run(&options);
    eprintln!("ixrun: {failure}");
    ExitCode::from(failure.exit_code())
}

fn run(options: &Options) -> Result<std::convert::Infallible, Failure> {
    let [name, arguments @ ..] = options.command.as_slice() else { unreachable!("clap requires a program") };
    match options.backend {
        Some(Backend::Vulkan) => return Err(Failure::Vulkan),
        Some(Backend::Drm) => match ix_uapi::render_nodes() {
            Ok(nodes) if nodes.is_empty() => {
                return Err(Failure::Drm(
                    "there is no render node of the driver `ix` in /dev/dri; is the module loaded (modprobe ix)?".into(),
                ));
            }
            Ok(_) => {}
            Err(e) => return Err(Failure::Drm(e.to_string())),
        },
        Some(Backend::Direct) | None => {}
    }
    let installation = Installation::find()?;
    let program = program::find(name)?;
    let mut command = Command::new(&program);
    command.arg0(name).args(arguments);
    command.env("LD_LIBRARY_PATH", prepended(&installation.library, std::env::var_os("LD_LIBRARY_PATH"))?);
    if let Some(device) = installation.device(options.backend == Some(Backend::Direct))? {
        command.env("IXRT_DEVICE_BIN", device);
    }
    if let Some(backend) = options.backend {
        command.env("IXRT_BACKEND", name_of(&backend));
    }
    if let Some(form) = options.trace {
        command.env("IXRT_TRACE", name_of(&form));
    }
    for (variable, file) in [("IXRT_TRACE_FILE", &options.trace_output), ("IXRT_TIMELINE", &options.timeline)] {
        if let Some(path) = file {
            // The program may change its folder before it opens the file.
            command.env(variable, std::path::absolute(path).map_err(|source| Failure::Folder { path: path.clone(), source })?);
        }
    }
    Err(program::Error::Refused { source: command.exec(), path: program }.into())
}

fn name_of(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|v| v.get_name().to_owned()).unwrap_or_default()
}

/// A search path with `directory` before what it has.
fn prepended(directory: &Path, path: Option<OsString>) -> Result<OsString, Failure> {
    let rest = path.filter(|p| !p.is_empty());
    let rest = rest.as_deref().map(|p| std::env::split_paths(OsStr::new(p)).collect::<Vec<_>>()).unwrap_or_default();
    let all = std::iter::once(directory.to_path_buf()).chain(rest);
    std::env::join_paths(all).map_err(|_| Failure::Colon(directory.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_is_put_before_the_search_path() {
        let path = |old: Option<&str>| prepended(Path::new("/ix/lib"), old.map(Into::into)).unwrap();
        assert_eq!(path(None), "/ix/lib");
        assert_eq!(path(Some("")), "/ix/lib");
        assert_eq!(path(Some("/a:/b")), "/ix/lib:/a:/b");
        assert!(prepended(Path::new("/a:b"), None).is_err());
    }

    #[test]
    fn arguments_after_the_program_are_its_own() {
        let options = Options::try_parse_from(["ixrun", "--trace", "prog", "--trace=json", "-x"]).unwrap();
        assert_eq!(options.command, ["prog", "--trace=json", "-x"]);
        assert!(matches!(options.trace, Some(Form::Text)));
        assert!(Options::try_parse_from(["ixrun"]).is_err());
    }
}

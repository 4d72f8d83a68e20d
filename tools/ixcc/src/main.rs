// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `ixcc`: compiles CUDA C++ or PTX and shows what becomes of it.
//!
//! A *stage* is one of the forms that a program passes through: PTX, the compiler's own representation after each of
//! its passes, machine code. The library compiles silently when a program loads a module; this is the way to look
//! inside. CUDA C++ becomes PTX by clang ([`clang`]), PTX becomes everything else by [`ix_compiler`] ([`stage`]), and
//! what is wrong is said with file, line, column and a mark ([`report`]).

mod clang;
mod report;
mod stage;

use anyhow::{bail, Context, Result};
use clap::{Parser, ValueEnum};
use ix_compiler::{Level, Options};
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Emit {
    /// PTX: what clang makes of CUDA C++; PTX input as the compiler understands it
    Ptx,
    /// The compiler's representation, by default as the machine code is made of it
    Ir,
    /// Machine code as text that ixas takes, with source lines
    Isa,
    /// A table of what each kernel needs: code, registers, memory
    Kernels,
    /// The compiled module as programs load it, for ixdis; binary
    Module,
    /// SPIR-V
    Spirv,
}

/// Compiles CUDA C++ (FILE.cu) or PTX and shows what the compiler makes of it.
///
/// clang compiles CUDA C++ to PTX: the program that the variable CLANG names, or clang-19 or clang in PATH.
///
/// Exit status: 0 done, 1 errors in the source or a file that cannot be read or written, 2 wrong usage.
#[derive(Debug, Parser)]
#[command(version, name = "ixcc")]
struct Cli {
    /// What to show
    #[arg(long, value_enum, value_name = "STAGE", default_value = "isa")]
    emit: Emit,
    /// With --emit ir: show it after this pass, or `all`; may be repeated
    #[arg(long, value_name = "PASS")]
    after: Vec<String>,
    /// List the passes in the order in which they run, and end
    #[arg(long)]
    print_passes: bool,
    /// Compile only this kernel; may be repeated
    #[arg(long, value_name = "NAME")]
    kernel: Vec<String>,
    /// Optimise: 0 not at all, 2 as the runtime does; clang gets the same
    #[arg(short = 'O', value_name = "LEVEL", default_value = "2", value_parser = ["0", "2"])]
    level: String,
    /// Check the representation after each pass
    #[arg(long)]
    verify: bool,
    /// Write there instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Folder of headers, for clang
    #[arg(short = 'I', value_name = "DIR")]
    include: Vec<PathBuf>,
    /// Macro, for clang
    #[arg(short = 'D', value_name = "NAME[=VALUE]")]
    define: Vec<String>,
    /// FILE.cu, or a file of PTX; `-` is PTX from standard input
    #[arg(required_unless_present = "print_passes")]
    source: Option<PathBuf>,
}

impl Cli {
    /// The PTX that the source is or becomes, and the name under which to report on it.
    fn ptx(&self, source: &Path) -> Result<String> {
        if source.extension().is_some_and(|e| e == "cu") {
            let clang = clang::Invocation { source, include: &self.include, define: &self.define, level: &self.level };
            return clang.run();
        }
        let bytes = if source == Path::new("-") {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
            bytes
        } else {
            std::fs::read(source).with_context(|| format!("cannot read {}", source.display()))?
        };
        String::from_utf8(bytes).map_err(|e| {
            let at = e.utf8_error().valid_up_to();
            let line = 1 + e.as_bytes()[..at].iter().filter(|b| **b == b'\n').count();
            anyhow::anyhow!("{}:{line}: not PTX: the text is not UTF-8 from byte {at} on", source.display())
        })
    }

    fn run(&self) -> Result<()> {
        if self.print_passes {
            return self.write(format!("{}\n", stage::passes().join("\n")).as_bytes());
        }
        let Some(source) = &self.source else { bail!("no source") };
        if self.emit == Emit::Spirv {
            bail!("this build has no SPIR-V back end: --emit takes ptx, ir, isa, kernels and module");
        }
        if !self.after.is_empty() && self.emit != Emit::Ir {
            bail!("--after goes with --emit ir");
        }
        let text = self.ptx(source)?;
        let name = source.to_string_lossy();
        let is_cuda = source.extension().is_some_and(|e| e == "cu");
        if self.emit == Emit::Ptx && is_cuda {
            return self.write(text.as_bytes());
        }
        let level = if self.level == "0" { Level::O0 } else { Level::O2 };
        let options = Options { kernels: self.kernel.clone(), level, verify: self.verify };
        let input = stage::Input { name: &name, text: &text, folder: source.parent(), options };
        if let Some(wrong) = stage::missing_kernel(&input) {
            bail!("{name}: {wrong}");
        }
        let report = |errors: &ix_compiler::Errors| report::errors(errors, &name, is_cuda.then_some(&text));
        let outcome = match self.emit {
            Emit::Ptx => stage::ptx(&input),
            Emit::Ir => stage::ir(&input, &self.after)?,
            Emit::Isa => stage::isa(&input),
            Emit::Module => stage::module(&input),
            Emit::Kernels | Emit::Spirv => stage::kernels(&input),
        };
        match outcome {
            Ok(stage::Output { bytes, refused }) => {
                for refusal in &refused {
                    eprintln!("warning: kernel `{}` is left out\n{}", refusal.name, report(&refusal.errors));
                }
                self.write(&bytes)
            }
            Err(errors) => bail!(report::Failure(report(&errors))),
        }
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        match &self.output {
            None if self.emit == Emit::Module && std::io::stdout().is_terminal() => bail!("a module is no text: name a file with -o"),
            Some(path) => std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display())),
            None => match std::io::stdout().write_all(bytes) {
                // Whoever read it has seen enough.
                Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
                other => other.context("cannot write standard output"),
            },
        }
    }
}

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            match e.downcast_ref::<report::Failure>() {
                Some(report) => eprintln!("{report}"),
                None => eprintln!("ixcc: {e:#}"),
            }
            ExitCode::FAILURE
        }
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `ixas`: assembles IX machine code.

use std::io::{Read, Write};
use std::process::ExitCode;

use anyhow::{bail, Context, Result};

const USAGE: &str = "\
Usage: ixas [-o FILE] [--map FILE] [SOURCE]

Assembles SOURCE (or standard input) to raw IX machine code.

  -o FILE      write the code there instead of to standard output
  --map FILE   write entries, labels and source lines with their offsets there
  -h, --help   print this

Exit status: 0 done, 1 errors in the source or a file that cannot be read or written, 2 wrong usage.";

struct Options {
    source: Option<String>,
    output: Option<String>,
    map: Option<String>,
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>> {
    let mut options = Options { source: None, output: None, map: None };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-h" | "--help" => return Ok(None),
            "-o" => options.output = Some(arguments.next().context("-o needs a file")?),
            "--map" => options.map = Some(arguments.next().context("--map needs a file")?),
            a if a.starts_with('-') && a.len() > 1 => bail!("unknown option `{a}`"),
            _ if options.source.is_some() => bail!("more than one source"),
            _ => options.source = Some(argument),
        }
    }
    Ok(Some(options))
}

fn run(options: &Options) -> Result<()> {
    let (name, text) = match options.source.as_deref() {
        None | Some("-") => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
            ("<stdin>", text)
        }
        Some(path) => (path, std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?),
    };
    let program = ixas::assemble(name, &text)?;
    match &options.output {
        Some(path) => std::fs::write(path, &program.code).with_context(|| format!("cannot write {path}"))?,
        None => std::io::stdout().write_all(&program.code).context("cannot write standard output")?,
    }
    if let Some(path) = &options.map {
        std::fs::write(path, program.map()).with_context(|| format!("cannot write {path}"))?;
    }
    Ok(())
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(e) => {
            eprintln!("ixas: {e}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) if e.is::<ixas::Errors>() => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
        Err(e) => {
            eprintln!("ixas: {e:#}");
            ExitCode::FAILURE
        }
    }
}

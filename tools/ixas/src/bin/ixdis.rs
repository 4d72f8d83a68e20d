// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `ixdis`: prints IX machine code as text that `ixas` takes.
//!
//! Raw code has nothing but its instructions. A compiled module, which begins with its own magic bytes, has the names
//! of its kernels and functions and the source lines of its instructions, too.

use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{bail, Context, Result};
use ix_compiler::{image, Module};
use ixas::{Listing, Program, Sources};

const USAGE: &str = "\
Usage: ixdis [--offsets] [--words] [CODE]

Prints IX machine code (a file or standard input) as text: raw code, of which ixas makes the same
bytes, or a compiled module (ixcc --emit module), with its names and source lines.

  --offsets    show the offset of each instruction
  --words      show the two 64-bit words of each instruction
  -h, --help   print this

Exit status: 0 done, 1 a file that cannot be read or written or a damaged module, 2 wrong usage.";

fn options(arguments: impl Iterator<Item = String>) -> Result<Option<(Listing<'static>, Option<String>)>> {
    let mut listing = Listing::default();
    let mut code = None;
    for argument in arguments {
        match argument.as_str() {
            "-h" | "--help" => return Ok(None),
            "--offsets" => listing.offsets = true,
            "--words" => listing.words = true,
            a if a.starts_with('-') && a.len() > 1 => bail!("unknown option `{a}`"),
            _ if code.is_some() => bail!("more than one file"),
            _ => code = Some(argument),
        }
    }
    Ok(Some((listing, code)))
}

fn run(listing: &Listing<'_>, path: Option<&str>) -> Result<()> {
    let code = match path {
        None | Some("-") => {
            let mut code = Vec::new();
            std::io::stdin().read_to_end(&mut code).context("cannot read standard input")?;
            code
        }
        Some(path) => std::fs::read(path).with_context(|| format!("cannot read {path}"))?,
    };
    let text = if code.starts_with(&image::MAGIC) {
        let module = Module::from_bytes(&code)?;
        let program = Program::from(&module);
        let folder = path.map(Path::new).and_then(Path::parent).into_iter().collect::<Vec<_>>();
        let sources = Sources::read(program.files.iter().map(String::as_str), &folder);
        ixas::disassemble(&module.code, &Listing { program: Some(&program), sources: Some(&sources), ..*listing })
    } else {
        ixas::disassemble(&code, listing)
    };
    std::io::stdout().write_all(text.as_bytes()).context("cannot write standard output")
}

fn main() -> ExitCode {
    let (listing, path) = match options(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(e) => {
            eprintln!("ixdis: {e}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&listing, path.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("ixdis: {e:#}");
            ExitCode::FAILURE
        }
    }
}

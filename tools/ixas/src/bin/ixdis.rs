// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `ixdis`: prints IX machine code as text that `ixas` takes.

use std::io::{Read, Write};
use std::process::ExitCode;

use anyhow::{bail, Context, Result};
use ixas::Listing;

const USAGE: &str = "\
Usage: ixdis [--offsets] [--words] [CODE]

Prints raw IX machine code (a file or standard input) as text. ixas makes the same bytes of it.

  --offsets    show the offset of each instruction
  --words      show the two 64-bit words of each instruction
  -h, --help   print this

Exit status: 0 done, 1 a file that cannot be read or written, 2 wrong usage.";

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
    std::io::stdout().write_all(ixas::disassemble(&code, listing).as_bytes()).context("cannot write standard output")
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

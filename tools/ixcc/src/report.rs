// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What is wrong, for people.

use ix_compiler::{Error, Errors};
use std::fmt::{self, Write};

/// Complaints about a source, rendered.
#[derive(Debug)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// Complaints with their places. Where the PTX was `made` from another file, they are about lines that the user has
/// not written, and a note says where those come from.
pub fn errors(errors: &Errors, name: &str, made: Option<&String>) -> String {
    let mut text = String::new();
    for error in errors.iter() {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let Some(ptx) = made else {
            let _ = write!(text, "{}", error.in_file(name));
            continue;
        };
        let _ = write!(text, "{}", error.in_file("PTX"));
        let _ = match origin(ptx, error) {
            Some((file, line, column)) => write!(text, "\n = note: from {file}:{line}:{column}; --emit ptx shows the PTX"),
            None => write!(text, "\n = note: made from {name}; --emit ptx shows the PTX"),
        };
    }
    text
}

/// File, line and column of the last `.loc` before the place of the error.
fn origin<'p>(ptx: &'p str, error: &Error) -> Option<(&'p str, u32, u32)> {
    let before = (error.line() as usize).checked_sub(1)?;
    let lines: Vec<&str> = ptx.lines().take(before).collect();
    let loc = lines.iter().rev().take_while(|l| !l.starts_with('}')).find_map(|l| l.trim_start().strip_prefix(".loc"))?;
    let mut numbers = loc.split_whitespace().map_while(|w| w.parse::<u32>().ok());
    let (file, line, column) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let names = ptx.lines().filter_map(|l| l.trim_start().strip_prefix(".file"));
    let name = names.filter_map(|l| l.trim().split_once(char::is_whitespace)).find(|(n, _)| n.parse() == Ok(file))?.1;
    Some((name.trim().split('"').nth(1)?, line, column)).filter(|_| line != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ix_compiler::{compile, Options};

    const PTX: &str = ".version 7.8\n.target sm_80\n.address_size 64\n.visible .entry k() {\n.reg .b32 %r;\n\
        .loc 2 7 9 // b.cu:7:9\n\tfrob.u32 %r, 1;\n}\n.file 1 \"a.cu\"\n.file 2 \"b.cu\"\n";

    #[test]
    fn place_is_file_line_and_column_with_a_mark() {
        let found = compile(PTX, &Options::default()).unwrap_err();
        let text = errors(&found, "k.ptx", None);
        assert_eq!(text, "error: `frob` is not an instruction\n --> k.ptx:7:2\n  |\n7 | \tfrob.u32 %r, 1;\n  | \t^^^^");
    }

    #[test]
    fn generated_ptx_is_traced_to_its_source() {
        let found = compile(PTX, &Options::default()).unwrap_err();
        let text = errors(&found, "b.cu", Some(&PTX.to_owned()));
        assert!(text.contains("--> PTX:7:2\n") && text.ends_with("= note: from b.cu:7:9; --emit ptx shows the PTX"), "{text}");
    }

    #[test]
    fn an_error_without_a_place_names_the_file() {
        let found = Errors::from(Error::new(ix_compiler::ErrorKind::Limit, "too large"));
        assert_eq!(errors(&found, "k.ptx", None), "limit exceeded: too large\n --> k.ptx");
    }
}

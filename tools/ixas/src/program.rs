// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What the assembler makes: raw code, and beside it names and source lines of its offsets.

use std::fmt::Write;

/// An assembled program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    /// Machine code and the data in it.
    pub code: Vec<u8>,
    /// Entries and labels by ascending offset.
    pub symbols: Vec<Symbol>,
    /// Source lines by ascending offset, only where they change.
    pub lines: Vec<Line>,
    /// Names of source files, which [`Line::file`] counts.
    pub files: Vec<String>,
}

/// A name for an offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The name.
    pub name: String,
    /// Byte offset in the code.
    pub offset: u32,
    /// Whether a kernel starts there.
    pub entry: bool,
}

/// Where code comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Byte offset of the first instruction.
    pub offset: u32,
    /// Index in [`Program::files`].
    pub file: u32,
    /// Line in that file, from 1.
    pub line: u32,
}

impl Program {
    /// The *map*: a line of text for each symbol (`entry OFFSET NAME`, `label OFFSET NAME`) and each
    /// source line (`line OFFSET FILE:LINE`), offsets in hexadecimal.
    pub fn map(&self) -> String {
        let mut out = String::new();
        for symbol in &self.symbols {
            let kind = if symbol.entry { "entry" } else { "label" };
            let _ = writeln!(out, "{kind} {:#06x} {}", symbol.offset, symbol.name);
        }
        for line in &self.lines {
            let file = self.files.get(line.file as usize).map_or("", String::as_str);
            let _ = writeln!(out, "line {:#06x} {file}:{}", line.offset, line.line);
        }
        out
    }
}

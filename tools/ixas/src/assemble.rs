// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The assembler.
//!
//! Two passes over the *statements* (a directive or an instruction): the first finds the size of
//! each, and so the offset of every label; the second encodes. All errors of both are reported.

use std::collections::HashMap;

use ix_hw::isa::text::{parse_number, ParseError};
use ix_hw::isa::{Imm, Inst, Op, INST_SIZE};

use crate::error::{Error, Errors};
use crate::program::{Line, Program, Symbol};

/// Largest number of bytes that a program may have; offsets are 32 bits, distances signed.
const MAX_SIZE: u64 = 1 << 30;

/// Assembles `source`; `file` names it in errors.
pub fn assemble(file: &str, source: &str) -> Result<Program, Errors> {
    let mut assembler = Assembler { file, ..Default::default() };
    let mut statements = Vec::new();
    for (number, text) in source.lines().enumerate() {
        let line = SourceLine { number: number as u32 + 1, text };
        match assembler.read_line(&line) {
            Ok(Some(statement)) => statements.push(statement),
            Ok(None) => {}
            Err(error) => assembler.errors.push(error),
        }
    }
    for statement in &statements {
        if let Err(error) = assembler.encode(statement) {
            assembler.errors.push(error);
        }
    }
    if !assembler.errors.is_empty() {
        assembler.errors.sort_by_key(|e| (e.line, e.column));
        return Err(Errors(assembler.errors));
    }
    // In a source with entries and labels at one offset, the order of the text stays.
    assembler.program.symbols.sort_by_key(|s| s.offset);
    Ok(assembler.program)
}

/// A line of the source.
#[derive(Clone, Copy)]
struct SourceLine<'a> {
    number: u32,
    text: &'a str,
}

/// A statement with its place in the source and in the code.
struct Statement<'a> {
    line: SourceLine<'a>,
    offset: u64,
    kind: StatementKind<'a>,
}

enum StatementKind<'a> {
    /// An instruction's text.
    Instruction(&'a str),
    /// Words of some bytes each.
    Data(usize, Vec<&'a str>),
    /// This many zero bytes.
    Zeros(u64),
}

#[derive(Default)]
struct Assembler<'a> {
    file: &'a str,
    program: Program,
    labels: HashMap<&'a str, u64>,
    offset: u64,
    errors: Vec<Error>,
}

impl<'a> Assembler<'a> {
    /// An error about `part`, a slice of the line's text.
    fn error(&self, line: &SourceLine<'_>, part: &str, message: String) -> Error {
        let start = (part.as_ptr() as usize).wrapping_sub(line.text.as_ptr() as usize);
        let range = line.text.get(start..start.saturating_add(part.len())).map(|_| start);
        self.error_at(line, range.unwrap_or(0), part.chars().count(), message)
    }

    fn error_at(&self, line: &SourceLine<'_>, byte: usize, length: usize, message: String) -> Error {
        let column = line.text.get(..byte).map_or(0, |before| before.chars().count()) as u32 + 1;
        Error { file: self.file.into(), line: line.number, column, message, source_line: line.text.into(), length: length.max(1) as u32 }
    }

    /// First pass: labels, and the size of the statement.
    fn read_line(&mut self, line: &SourceLine<'a>) -> Result<Option<Statement<'a>>, Error> {
        let mut rest = without_comment(line.text).trim();
        while let Some((label, after)) = split_label(rest) {
            self.define(line, label, false)?;
            rest = after;
        }
        if rest.is_empty() {
            return Ok(None);
        }
        let offset = self.offset;
        let kind = if rest.starts_with('.') {
            match self.directive(line, rest)? {
                Some(kind) => kind,
                None => return Ok(None),
            }
        } else {
            if offset % INST_SIZE != 0 {
                let message = format!("instruction at offset {offset:#x}, which is not a multiple of {INST_SIZE}: use .align {INST_SIZE}");
                return Err(self.error(line, rest, message));
            }
            StatementKind::Instruction(rest)
        };
        self.offset += match &kind {
            StatementKind::Instruction(_) => INST_SIZE,
            StatementKind::Data(size, values) => (size * values.len()) as u64,
            StatementKind::Zeros(n) => *n,
        };
        if self.offset > MAX_SIZE {
            self.offset = offset;
            return Err(self.error(line, rest, format!("the code is larger than {MAX_SIZE} bytes")));
        }
        Ok(Some(Statement { line: *line, offset, kind }))
    }

    fn define(&mut self, line: &SourceLine<'a>, name: &'a str, entry: bool) -> Result<(), Error> {
        if self.labels.insert(name, self.offset).is_some() {
            return Err(self.error(line, name, format!("`{name}` is defined twice")));
        }
        self.program.symbols.push(Symbol { name: name.into(), offset: self.offset as u32, entry });
        Ok(())
    }

    fn directive(&mut self, line: &SourceLine<'a>, text: &'a str) -> Result<Option<StatementKind<'a>>, Error> {
        let (name, operands) = match text.find(char::is_whitespace) {
            Some(at) => (&text[..at], text[at..].trim()),
            None => (text, &text[text.len()..]),
        };
        let size = match name {
            ".byte" => 1,
            ".u16" => 2,
            ".u32" => 4,
            ".u64" => 8,
            ".entry" => {
                if !is_name(operands) {
                    return Err(self.error(line, text, format!("expected `.entry NAME`, found `{text}`")));
                }
                self.define(line, operands, true)?;
                return Ok(None);
            }
            ".align" => {
                let alignment = parse_number(operands).filter(|n| (1..=4096).contains(n) && n.count_ones() == 1);
                let alignment =
                    alignment.ok_or_else(|| self.error(line, operands, format!("`{operands}` is not a power of two up to 4096")))?;
                return Ok(Some(StatementKind::Zeros(self.offset.next_multiple_of(alignment as u64) - self.offset)));
            }
            ".line" => {
                self.source_line(line, operands)?;
                return Ok(None);
            }
            _ => return Err(self.error(line, name, format!("unknown directive `{name}`"))),
        };
        if operands.is_empty() {
            return Err(self.error(line, text, format!("`{name}` without a value")));
        }
        Ok(Some(StatementKind::Data(size, operands.split(',').map(str::trim).collect())))
    }

    /// `.line NUMBER ["FILE"]`
    fn source_line(&mut self, line: &SourceLine<'a>, operands: &'a str) -> Result<(), Error> {
        let (number, name) = match operands.find(char::is_whitespace) {
            Some(at) => (&operands[..at], operands[at..].trim()),
            None => (operands, ""),
        };
        let number = number.parse().map_err(|_| self.error(line, number, format!("`{number}` is not the number of a line")))?;
        let files = &self.program.files;
        let file = if name.is_empty() {
            self.program.lines.last().map_or(0, |l| l.file as usize)
        } else {
            let inner = name.strip_prefix('"').and_then(|n| n.strip_suffix('"')).filter(|n| !n.contains('"'));
            let inner = inner.ok_or_else(|| self.error(line, name, format!("expected a file name in quotes, found `{name}`")))?;
            files.iter().position(|f| f == inner).unwrap_or_else(|| {
                self.program.files.push(inner.into());
                self.program.files.len() - 1
            })
        };
        if self.program.files.is_empty() {
            self.program.files.push(self.file.into());
        }
        let entry = Line { offset: self.offset as u32, file: file as u32, line: number };
        match self.program.lines.last_mut() {
            Some(last) if last.offset == entry.offset => *last = entry,
            Some(last) if (last.file, last.line) == (entry.file, entry.line) => {}
            _ => self.program.lines.push(entry),
        }
        Ok(())
    }

    /// Second pass: the bytes of a statement.
    fn encode(&mut self, statement: &Statement<'_>) -> Result<(), Error> {
        self.program.code.resize(statement.offset as usize, 0);
        match &statement.kind {
            StatementKind::Zeros(n) => self.program.code.resize((statement.offset + n) as usize, 0),
            StatementKind::Data(size, values) => {
                for value in values {
                    let number = self.value(&statement.line, value, *size)?;
                    self.program.code.extend_from_slice(&number.to_le_bytes()[..*size]);
                }
            }
            StatementKind::Instruction(text) => {
                let bytes = self.instruction(&statement.line, text, statement.offset)?;
                self.program.code.extend_from_slice(&bytes);
            }
        }
        Ok(())
    }

    fn value(&self, line: &SourceLine<'_>, text: &str, size: usize) -> Result<u64, Error> {
        if let Some(&offset) = self.labels.get(text) {
            return Ok(offset);
        }
        let number = parse_number(text).ok_or_else(|| self.error(line, text, format!("`{text}` is neither a number nor a label")))?;
        let bits = size as u32 * 8;
        let fits = bits == 64 || (-(1i64 << (bits - 1))..1i64 << bits).contains(&number);
        if !fits {
            return Err(self.error(line, text, format!("`{text}` does not fit in {bits} bits")));
        }
        Ok(number as u64)
    }

    fn instruction(&self, line: &SourceLine<'_>, text: &str, offset: u64) -> Result<[u8; INST_SIZE as usize], Error> {
        let resolved = match label_operand(text) {
            Some(label) => {
                let target = self.labels.get(label);
                let target = target.ok_or_else(|| self.error(line, label, format!("there is no label `{label}`")))?;
                let before = &text[..text.len() - label.len()];
                format!("{before}{:+}", *target as i64 - offset as i64)
            }
            None => text.to_string(),
        };
        let inst = Inst::parse(&resolved).map_err(|e| {
            let start = text.as_ptr() as usize - line.text.as_ptr() as usize;
            // The part that is meant lies before a replaced label, or is all that the label became.
            let (at, length) = match e {
                ParseError::Operation(part) | ParseError::Modifier(part) | ParseError::Operand(part) | ParseError::Superfluous(part) => {
                    (part.as_ptr() as usize - resolved.as_ptr() as usize, part.chars().count())
                }
                ParseError::Missing(_) | ParseError::Illegal(_) => (0, text.chars().count()),
            };
            self.error_at(line, start + at, length, e.to_string())
        })?;
        inst.to_bytes().map_err(|e| self.error(line, text, e.to_string()))
    }
}

/// The line without its comment. Quotes hide slashes.
fn without_comment(text: &str) -> &str {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        quoted ^= c == '"';
        if !quoted && text[at..].starts_with("//") {
            return &text[..at];
        }
    }
    text
}

/// A label at the start, and what follows it. Its colon stands before a space or at the end, which
/// tells it from the colon in a modifier.
fn split_label(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.split_once(':')?;
    let ends = after.is_empty() || after.starts_with(char::is_whitespace);
    (ends && is_name(name)).then(|| (name, after.trim_start()))
}

fn is_name(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$');
    text.starts_with(|c: char| inner(c) && !c.is_ascii_digit()) && text.chars().all(inner)
}

/// The label that an instruction branches to, if it is of the operations that do and names one.
fn label_operand(text: &str) -> Option<&str> {
    let mnemonic = text.split_whitespace().next()?;
    let op = Op::from_name(mnemonic.split('.').next()?)?;
    if op.desc().imm != Imm::Target {
        return None;
    }
    let operands = text[mnemonic.len()..].trim_start();
    let last = operands.rsplit(',').next()?.trim();
    is_name(last).then_some(last)
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The PTX texts and places in them.
//!
//! A [`Span`] is a range of bytes; [`Source`] knows where lines begin, so that a span costs eight bytes and its line
//! and column are computed only when somebody asks. A program may consist of several texts, its *units*: their bytes
//! are numbered one after the other, so that a span also says which text it is of.

use crate::error::{Error, ErrorKind, Location};

/// A range of bytes of the source.
///
/// Two spans always compare equal: a span says where something is written, not what it is, and two syntax trees are
/// the same program wherever it was written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Span {}

impl Span {
    /// From the start of `self` to the end of `last`.
    pub fn to(self, last: Self) -> Self {
        Self { start: self.start, end: last.end.max(self.start) }
    }
}

/// Line and column, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The PTX texts with the places where their lines begin.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    texts: Vec<Text<'a>>,
}

#[derive(Debug, Clone)]
struct Text<'a> {
    name: &'a str,
    text: &'a str,
    /// Number of its first byte.
    base: u32,
    /// Where its lines begin, counted in its own bytes.
    lines: Vec<u32>,
}

/// The source does not matter to what a program is: like spans, sources always compare equal.
impl PartialEq for Source<'_> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<'a> Source<'a> {
    /// Bytes of text that are accepted.
    pub const MAX_BYTES: usize = 64 << 20;

    /// No text as yet.
    pub fn empty() -> Self {
        Self { texts: Vec::new() }
    }

    /// Takes one text that has no name, as [`Source::add`] does.
    pub fn new(text: &'a str) -> Result<Self, Error> {
        let mut source = Self::empty();
        source.add("", text)?;
        Ok(source)
    }

    /// Takes another text, refusing what makes more than [`Source::MAX_BYTES`] together.
    pub fn add(&mut self, name: &'a str, text: &'a str) -> Result<(), Error> {
        // One byte lies between two texts, so that the end of one is not the start of the next.
        let base = self.texts.last().map_or(0, |t| t.base as usize + t.text.len() + 1);
        if text.len() > Self::MAX_BYTES || base > Self::MAX_BYTES || base + text.len() > Self::MAX_BYTES {
            let reason = format!("the PTX text has {} bytes, more than {}", base + text.len(), Self::MAX_BYTES);
            return Err(Error::new(ErrorKind::Limit, reason));
        }
        let newlines = text.bytes().enumerate().filter(|&(_, b)| b == b'\n');
        let lines = std::iter::once(0).chain(newlines.map(|(i, _)| i as u32 + 1)).collect();
        self.texts.push(Text { name, text, base: base as u32, lines });
        Ok(())
    }

    /// The last text, and the number of its first byte.
    pub fn last(&self) -> (&'a str, u32) {
        self.texts.last().map_or(("", 0), |t| (t.text, t.base))
    }

    /// Number of the text that `span` is of.
    pub fn unit(&self, span: Span) -> usize {
        self.texts.partition_point(|t| t.base <= span.start).saturating_sub(1)
    }

    fn text(&self, span: Span) -> Option<&Text<'a>> {
        // Nearly all questions are about the text that is being read.
        self.texts.last().filter(|t| t.base <= span.start).or_else(|| self.texts.get(self.unit(span)))
    }

    /// The text of `span`; empty where the span does not fit the text.
    pub fn slice(&self, span: Span) -> &'a str {
        let Some(text) = self.text(span) else { return "" };
        text.text.get((span.start - text.base) as usize..(span.end - text.base) as usize).unwrap_or("")
    }

    /// The line of the start of `span`, from 1. The cost does not depend on the length of the line, as that of
    /// [`Source::position`] does.
    pub fn line(&self, span: Span) -> u32 {
        self.text(span).map_or(1, |t| t.lines.partition_point(|&start| start <= span.start - t.base).max(1) as u32)
    }

    /// Line and column of the start of `span`.
    pub fn position(&self, span: Span) -> Position {
        let line = self.line(span);
        let start = self.text(span).map_or(0, |t| t.base + t.lines[line as usize - 1]);
        let before = self.slice(Span { start, end: span.start });
        Position { line, column: before.chars().count() as u32 + 1 }
    }

    /// The place of `span`, with its text.
    pub fn location(&self, span: Span) -> Location {
        let Position { line, column } = self.position(span);
        let (unit, rest) = self.text(span).map_or(("", ""), |t| {
            let start = t.lines[line as usize - 1] as usize;
            (t.name, t.text.get(start..).unwrap_or(""))
        });
        let whole = rest.lines().next().unwrap_or("");
        // A line may be megabytes long: keep a window that has the culprit in view.
        let cut = if whole.len() > Location::MAX_LINE { (column as usize - 1).saturating_sub(40) } else { 0 };
        let line_text = whole.chars().skip(cut).take(Location::MAX_LINE).collect();
        let text = self.slice(span).lines().next().unwrap_or("").chars().take(Location::MAX_TEXT).collect();
        Location { unit: unit.to_owned(), line, column, text, line_text, cut: cut as u32 }
    }

    /// Where `span` is, in words: `line 7`, or `line 7 of a.ptx`.
    pub fn place(&self, span: Span) -> String {
        let line = self.line(span);
        match self.text(span) {
            Some(text) if !text.name.is_empty() => format!("line {line} of {}", text.name),
            _ => format!("line {line}"),
        }
    }

    /// An error about `span`.
    pub fn error(&self, kind: ErrorKind, span: Span, reason: impl Into<String>) -> Error {
        Error::at(kind, self.location(span), reason)
    }
}

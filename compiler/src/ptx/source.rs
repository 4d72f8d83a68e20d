// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The PTX text and places in it.
//!
//! A [`Span`] is a range of bytes; [`Source`] knows where lines begin, so that a span costs eight bytes and its line
//! and column are computed only when somebody asks.

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

/// The PTX text with the places where its lines begin.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    text: &'a str,
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

    /// Takes `text`, refusing what is larger than [`Source::MAX_BYTES`].
    pub fn new(text: &'a str) -> Result<Self, Error> {
        if text.len() > Self::MAX_BYTES {
            let reason = format!("the PTX text has {} bytes, more than {}", text.len(), Self::MAX_BYTES);
            return Err(Error::new(ErrorKind::Limit, reason));
        }
        let newlines = text.bytes().enumerate().filter(|&(_, b)| b == b'\n');
        let lines = std::iter::once(0).chain(newlines.map(|(i, _)| i as u32 + 1)).collect();
        Ok(Self { text, lines })
    }

    /// The whole text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The text of `span`; empty where the span does not fit the text.
    pub fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The line of the start of `span`, from 1. The cost does not depend on the length of the line, as that of
    /// [`Source::position`] does.
    pub fn line(&self, span: Span) -> u32 {
        self.lines.partition_point(|&start| start <= span.start).max(1) as u32
    }

    /// Line and column of the start of `span`.
    pub fn position(&self, span: Span) -> Position {
        let line = self.line(span);
        let start = self.lines[line as usize - 1];
        let before = self.slice(Span { start, end: span.start });
        Position { line, column: before.chars().count() as u32 + 1 }
    }

    /// The place of `span`, with its text.
    pub fn location(&self, span: Span) -> Location {
        let Position { line, column } = self.position(span);
        let start = self.lines[line as usize - 1] as usize;
        let rest = self.text.get(start..).unwrap_or("");
        let whole = rest.lines().next().unwrap_or("");
        // A line may be megabytes long: keep a window that has the culprit in view.
        let cut = if whole.len() > Location::MAX_LINE { (column as usize - 1).saturating_sub(40) } else { 0 };
        let line_text = whole.chars().skip(cut).take(Location::MAX_LINE).collect();
        let text = self.slice(span).lines().next().unwrap_or("").chars().take(Location::MAX_TEXT).collect();
        Location { line, column, text, line_text, cut: cut as u32 }
    }

    /// An error about `span`.
    pub fn error(&self, kind: ErrorKind, span: Span, reason: impl Into<String>) -> Error {
        Error::at(kind, self.location(span), reason)
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What the compiler says when it cannot compile.
//!
//! An [`Error`] is one complaint about the program: what kind it is, why, and, where there is one, the place in the
//! PTX text: line, column, the offending text and the whole line, so that it renders with a caret under the culprit
//! long after the source is gone. [`Errors`] is what one run found; the front end goes on after an error, so that a
//! user sees several at once.

use std::fmt;

/// What sort of complaint an [`Error`] is. A runtime maps these to its own error codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is not PTX: a stray character, an unexpected token, an unterminated string.
    Syntax,
    /// The text is PTX but means nothing: an undeclared name, a wrong operand, a modifier that does not belong.
    Invalid,
    /// The program is right but asks for something that this compiler does not do.
    Unsupported,
    /// The PTX version is newer than this compiler knows.
    Version,
    /// The program exceeds a limit of this compiler or of the hardware.
    Limit,
    /// The compiler contradicts itself; never the fault of the program.
    Internal,
}

impl ErrorKind {
    /// The words with which a rendered error begins.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Syntax => "syntax error",
            Self::Invalid => "error",
            Self::Unsupported => "unsupported",
            Self::Version => "unsupported version",
            Self::Limit => "limit exceeded",
            Self::Internal => "internal compiler error",
        }
    }
}

/// A place in the PTX text, kept as text so that it outlives the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Name of the text among those that are linked; empty where it has none.
    pub unit: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The offending text, cut to at most one line and [`Location::MAX_TEXT`] characters.
    pub text: String,
    /// The line around it, cut to a window of at most [`Location::MAX_LINE`] characters.
    pub line_text: String,
    /// Characters of the line that the window leaves out on its left.
    pub cut: u32,
}

impl Location {
    /// Characters of offending text that are kept.
    pub const MAX_TEXT: usize = 80;
    /// Characters of the surrounding line that are kept.
    pub const MAX_LINE: usize = 160;
}

/// One complaint: see the module's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Error {
    /// What sort of complaint it is.
    pub kind: ErrorKind,
    /// Why, in a sentence without a full stop.
    pub reason: String,
    /// Where, unless the complaint is about the program as a whole. Boxed, as a `Result` carries an `Error` everywhere.
    pub location: Option<Box<Location>>,
}

impl Error {
    /// A complaint about no place in particular.
    pub fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), location: None }
    }

    /// A complaint about `location`.
    pub fn at(kind: ErrorKind, location: Location, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), location: Some(Box::new(location)) }
    }

    /// Line, from 1, or 0 where the complaint has no place.
    pub fn line(&self) -> u32 {
        self.location.as_ref().map_or(0, |l| l.line)
    }

    /// Column in characters, from 1, or 0 where the complaint has no place.
    pub fn column(&self) -> u32 {
        self.location.as_ref().map_or(0, |l| l.column)
    }

    /// The offending text, or the empty string where the complaint has no place.
    pub fn text(&self) -> &str {
        self.location.as_ref().map_or("", |l| &l.text)
    }
}

impl Error {
    /// The complaint as text, with its place as `file:line:column`, and the line with a mark under what is wrong.
    pub fn in_file<'a>(&'a self, file: &'a str) -> impl fmt::Display + 'a {
        Rendered { error: self, file: Some(file) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Rendered { error: self, file: None }.fmt(f)
    }
}

struct Rendered<'a> {
    error: &'a Error,
    file: Option<&'a str>,
}

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = self.error;
        write!(f, "{}: {}", error.kind.label(), error.reason)?;
        let Some(at) = &error.location else {
            return match self.file {
                Some(file) => write!(f, "\n --> {file}"),
                None => Ok(()),
            };
        };
        let number = at.line.to_string();
        let margin = " ".repeat(number.len());
        match (self.file, &at.unit[..]) {
            (Some(file), "") | (Some(_), file) => write!(f, "\n{margin}--> {file}:{}:{}", at.line, at.column)?,
            (None, unit) if !unit.is_empty() => write!(f, "\n{margin} --> {unit}, line {}, column {}", at.line, at.column)?,
            (None, _) => write!(f, "\n{margin} --> line {}, column {}", at.line, at.column)?,
        }
        write!(f, "\n{margin} |\n{number} | {}\n{margin} | ", at.line_text)?;
        // Tabs are repeated before the caret: only the terminal knows how wide they are.
        let before = (at.column.saturating_sub(1).saturating_sub(at.cut)) as usize;
        for c in at.line_text.chars().take(before) {
            f.write_str(if c == '\t' { "\t" } else { " " })?;
        }
        let room = at.line_text.chars().count().saturating_sub(before);
        f.write_str(&"^".repeat(at.text.chars().count().min(room).max(1)))
    }
}

/// All that one run of the compiler complains about; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Errors(Vec<Error>);

impl Errors {
    /// Complaints in the order of the source, or `None` where there are none.
    pub fn from_vec(mut errors: Vec<Error>) -> Option<Self> {
        let unit = |e: &Error| e.location.as_ref().map_or(String::new(), |l| l.unit.clone());
        errors.sort_by_cached_key(|e| (unit(e), e.line(), e.column()));
        (!errors.is_empty()).then_some(Self(errors))
    }

    /// The complaints, in the order of the source.
    pub fn iter(&self) -> std::slice::Iter<'_, Error> {
        self.0.iter()
    }

    /// The first complaint in the source.
    pub fn first(&self) -> &Error {
        &self.0[0]
    }
}

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

/// A result that fails with one complaint.
pub type Result<T> = std::result::Result<T, Error>;

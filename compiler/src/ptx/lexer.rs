// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Splits PTX text into tokens.
//!
//! A token is a kind and a range of the text: nothing is copied. A *word* is a dot with what follows it (`.u32`,
//! `.shared::cta`), one token, as words are what PTX is made of. `%tid.x` is a name and a word. Numbers are recognised
//! here and given their value by [`super::number`].

use super::source::{Source, Span};
use crate::error::{Error, ErrorKind};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The punctuation speaks for itself.
pub enum Kind {
    /// A name, `%`, `$` and `_` included.
    Name,
    /// `.word`, with parts after `::`.
    Word,
    /// A number of any sort.
    Number,
    /// A string with its quotes.
    Str,
    ParenOpen,
    ParenClose,
    BraceOpen,
    BraceClose,
    BracketOpen,
    BracketClose,
    Comma,
    Semicolon,
    Colon,
    At,
    Equals,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Bang,
    Tilde,
    And,
    Or,
    Xor,
    Less,
    Greater,
    Question,
    ShiftLeft,
    ShiftRight,
    LessEqual,
    GreaterEqual,
    EqualEqual,
    BangEqual,
    AndAnd,
    OrOr,
    /// The end of the text.
    End,
}

/// A kind with its place.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is.
    pub kind: Kind,
}

impl Token {
    /// Its place.
    pub fn span(self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// Tokens that are accepted in one text.
pub const MAX_TOKENS: usize = 8 << 20;

const fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$'
}

const fn is_name_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$'
}

/// The tokens of the last text, an [`Kind::End`] last. Complaints go to `errors`; what they are about is left out.
pub fn tokens(source: &Source<'_>, errors: &mut Vec<Error>) -> Vec<Token> {
    let (whole, base) = source.last();
    let text = whole.as_bytes();
    let mut tokens = Vec::with_capacity(text.len() / 4 + 1);
    let mut at = 0;
    let complain = |errors: &mut Vec<Error>, start: usize, end: usize, reason: &str| {
        let span = Span { start: base + start as u32, end: base + end as u32 };
        errors.push(source.error(ErrorKind::Syntax, span, reason));
    };
    while at < text.len() && errors.len() < super::parser::MAX_ERRORS {
        let start = at;
        let next = text.get(at + 1).copied().unwrap_or(0);
        /// The first of these that the text continues with, or the last.
        macro_rules! punctuation {
            ($($follow:literal => $double:ident,)* $single:ident) => {{
                $(if next == $follow { at += 2; Kind::$double } else)* { at += 1; Kind::$single }
            }};
        }
        let kind = match text[at] {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c | 0x0b => {
                at += 1;
                continue;
            }
            b'#' if begins_line(&text[..at]) => {
                let line = &text[at..at + line_length(&text[at..])];
                at += line.len();
                if !is_line_marker(line) {
                    complain(errors, start, at, "only directives of the preprocessor that number lines are understood");
                }
                continue;
            }
            b'/' if next == b'/' => {
                at += line_length(&text[at..]);
                continue;
            }
            b'/' if next == b'*' => {
                match text[at + 2..].windows(2).position(|pair| pair == b"*/") {
                    Some(length) => at += length + 4,
                    None => {
                        complain(errors, at, at + 2, "this comment does not end");
                        at = text.len();
                    }
                }
                continue;
            }
            b'.' if is_name_part(next) => {
                at += 1;
                loop {
                    at += text[at..].iter().take_while(|&&b| is_name_part(b)).count();
                    let more = text[at..].starts_with(b"::") && text.get(at + 2).is_some_and(|&b| is_name_part(b));
                    if !more {
                        break;
                    }
                    at += 2;
                }
                Kind::Word
            }
            b'0'..=b'9' => {
                at += number_length(&text[at..]);
                Kind::Number
            }
            b'"' => match text[at + 1..].iter().position(|&b| b == b'"' || b == b'\n' || b == b'\\') {
                None => {
                    complain(errors, at, at + 1, "this string does not end");
                    at = text.len();
                    continue;
                }
                Some(_) => match string_length(&text[at..]) {
                    Some(length) => {
                        at += length;
                        Kind::Str
                    }
                    None => {
                        complain(errors, at, at + 1, "this string does not end on its line");
                        at += line_length(&text[at..]);
                        continue;
                    }
                },
            },
            byte if is_name_start(byte) || byte == b'%' && is_name_start(next) => {
                at += 1 + text[at + 1..].iter().take_while(|&&b| is_name_part(b)).count();
                Kind::Name
            }
            b'(' => punctuation!(ParenOpen),
            b')' => punctuation!(ParenClose),
            b'{' => punctuation!(BraceOpen),
            b'}' => punctuation!(BraceClose),
            b'[' => punctuation!(BracketOpen),
            b']' => punctuation!(BracketClose),
            b',' => punctuation!(Comma),
            b';' => punctuation!(Semicolon),
            b':' => punctuation!(Colon),
            b'@' => punctuation!(At),
            b'+' => punctuation!(Plus),
            b'-' => punctuation!(Minus),
            b'*' => punctuation!(Star),
            b'/' => punctuation!(Slash),
            b'%' => punctuation!(Percent),
            b'~' => punctuation!(Tilde),
            b'^' => punctuation!(Xor),
            b'?' => punctuation!(Question),
            b'=' => punctuation!(b'=' => EqualEqual, Equals),
            b'!' => punctuation!(b'=' => BangEqual, Bang),
            b'&' => punctuation!(b'&' => AndAnd, And),
            b'|' => punctuation!(b'|' => OrOr, Or),
            b'<' => punctuation!(b'<' => ShiftLeft, b'=' => LessEqual, Less),
            b'>' => punctuation!(b'>' => ShiftRight, b'=' => GreaterEqual, Greater),
            _ => {
                let length = whole[at..].chars().next().map_or(1, char::len_utf8);
                at += length;
                complain(errors, start, at, "this character does not belong in PTX");
                continue;
            }
        };
        if tokens.len() >= MAX_TOKENS {
            let span = Span { start: base + start as u32, end: base + at as u32 };
            errors.push(source.error(ErrorKind::Limit, span, format!("the text has more than {MAX_TOKENS} tokens")));
            break;
        }
        tokens.push(Token { start: base + start as u32, end: base + at as u32, kind });
    }
    let end = base + text.len() as u32;
    tokens.push(Token { start: end, end, kind: Kind::End });
    tokens
}

/// Bytes up to the end of the line.
fn line_length(text: &[u8]) -> usize {
    text.iter().position(|&b| b == b'\n').unwrap_or(text.len())
}

/// Whether nothing but blanks stands between the end of `before` and the beginning of the line.
fn begins_line(before: &[u8]) -> bool {
    before.iter().rev().find(|b| !matches!(b, b' ' | b'\t')).is_none_or(|&b| b == b'\n')
}

/// Whether a line that begins with `#` is what preprocessors leave behind: `#line 3 "file"`, `# 3 "file" 1`, or nothing.
/// It changes no line numbers here: what is said about a text is about the text as it is.
fn is_line_marker(line: &[u8]) -> bool {
    let rest = line[1..].trim_ascii_start();
    let word = rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    match &rest[..word] {
        b"line" | b"file" | b"ident" | b"pragma" => true,
        b"" => rest.is_empty(),
        number => number.iter().all(u8::is_ascii_digit),
    }
}

/// Bytes of the number that `text` begins with: letters and digits, a fraction, a signed exponent.
fn number_length(text: &[u8]) -> usize {
    let alphanumerics = |from: usize| text[from..].iter().take_while(|&&b| b.is_ascii_alphanumeric()).count();
    let mut length = alphanumerics(0);
    if !text[..length].iter().all(u8::is_ascii_digit) && !matches!(text[length - 1], b'e' | b'E') {
        return length;
    }
    if text.get(length) == Some(&b'.') && text.get(length + 1).is_some_and(u8::is_ascii_digit) {
        length += 1 + alphanumerics(length + 1);
    }
    let hexadecimal = text[0] == b'0' && text.get(1).is_some_and(u8::is_ascii_alphabetic);
    let exponent = matches!(text[length - 1], b'e' | b'E') && !hexadecimal;
    if exponent && matches!(text.get(length), Some(b'+' | b'-')) {
        length += 1 + alphanumerics(length + 1);
    }
    length
}

/// Bytes of the string that `text` begins with, quotes included, or `None` where it does not end on its line.
fn string_length(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(text: &str) -> (Vec<(Kind, &str)>, Vec<Error>) {
        let source = Source::new(text).unwrap();
        let mut errors = Vec::new();
        let tokens = tokens(&source, &mut errors);
        (tokens.iter().map(|t| (t.kind, source.slice(t.span()))).collect(), errors)
    }

    fn texts(text: &str) -> Vec<&str> {
        let (tokens, errors) = lex(text);
        assert_eq!(errors, []);
        tokens.into_iter().map(|(_, text)| text).filter(|t| !t.is_empty()).collect()
    }

    #[test]
    fn words_and_names_split_at_dots() {
        assert_eq!(texts("ld.shared::cta.v2.b32 %tid.x"), ["ld", ".shared::cta", ".v2", ".b32", "%tid", ".x"]);
        assert_eq!(texts("$L__BB0_1: _$_str _ %p"), ["$L__BB0_1", ":", "_$_str", "_", "%p"]);
    }

    #[test]
    fn numbers_take_fraction_exponent_and_suffix() {
        let text = "0f3F800000 0x1fU 1.5e-3 12 0b101 077 7.8 1e+5 0xe+1 2U 0d3FF0000000000000";
        let expected = ["0f3F800000", "0x1fU", "1.5e-3", "12", "0b101", "077", "7.8", "1e+5", "0xe", "+", "1", "2U", "0d3FF0000000000000"];
        assert_eq!(texts(text), expected);
    }

    #[test]
    fn comments_vanish_and_operators_are_longest_first() {
        assert_eq!(texts("a // b\n c /* d \n */ <<<= && & 5%3"), ["a", "c", "<<", "<=", "&&", "&", "5", "%", "3"]);
    }

    #[test]
    fn line_markers_vanish_and_other_directives_are_refused() {
        assert_eq!(texts("a\n#line 3 \"x.ptx\"\nb\n# 4 \"y\" 1\n#\n  #ident \"z\"\nc"), ["a", "b", "c"]);
        let (tokens, errors) = lex("a\n#define b c\nd");
        assert_eq!(tokens.len(), 3);
        assert_eq!((errors[0].line(), errors[0].column()), (2, 1));
    }

    #[test]
    fn strings_keep_escapes() {
        assert_eq!(texts(r#"x "a\"b" y"#), ["x", r#""a\"b""#, "y"]);
    }

    #[test]
    fn what_does_not_end_is_an_error_with_its_place() {
        for (text, line, column, reason) in [
            ("a\n /* b", 2, 2, "this comment does not end"),
            ("a \"b", 1, 3, "this string does not end"),
            ("a \"b\nc\"", 1, 3, "this string does not end on its line"),
            ("a \"b\\", 1, 3, "this string does not end on its line"),
            ("a é b", 1, 3, "this character does not belong in PTX"),
        ] {
            let errors = lex(text).1;
            assert_eq!((errors[0].line(), errors[0].column(), errors[0].reason.as_str()), (line, column, reason), "{text}");
        }
    }
}

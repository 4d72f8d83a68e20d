// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Libraries: PTX texts of which a program takes what it needs.
//!
//! A library is large and a program uses little of it, so its text is not parsed as a whole. An *index*, made once in
//! one run over the text, knows where the *items* at module scope lie (functions and variables), what they are called,
//! and which other items they mention. [`Library::take`] gives the text of a module with just those that some names
//! need. The index knows no more of PTX than comments, strings, braces and names: what it hands out is parsed and
//! checked like any other unit.

use std::collections::HashMap;
use std::ops::Range;

/// A PTX text with its index.
#[derive(Debug)]
pub struct Library {
    text: &'static str,
    /// The directives before the first item.
    header: Range<usize>,
    items: Vec<Item>,
    /// Items by name; a function may have prototypes.
    named: HashMap<&'static str, Vec<usize>>,
}

#[derive(Debug)]
struct Item {
    text: Range<usize>,
    name: &'static str,
    /// Whether other modules may name it.
    is_visible: bool,
    /// Names of items that it mentions.
    mentions: Vec<&'static str>,
}

impl Library {
    /// Indexes a text.
    pub fn new(text: &'static str) -> Library {
        let mut scan = Scan { text, at: 0 };
        let mut items = vec![];
        let mut header = None;
        while let Some(item) = scan.item() {
            header.get_or_insert(0..item.text.start);
            items.push(item);
        }
        let mut named: HashMap<&'static str, Vec<usize>> = HashMap::new();
        for (i, item) in items.iter().enumerate() {
            named.entry(item.name).or_default().push(i);
        }
        for item in &mut items {
            item.mentions.retain(|m| named.contains_key(m) && *m != item.name);
        }
        Library { text, header: header.unwrap_or(0..text.len()), items, named }
    }

    /// Whether it has a function or variable of this name for others.
    pub fn has(&self, name: &str) -> bool {
        self.named.get(name).is_some_and(|items| items.iter().any(|i| self.items[*i].is_visible))
    }

    /// Names that it has for others, in alphabetical order.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.named.keys().copied().filter(|name| self.has(name)).collect();
        names.sort_unstable();
        names
    }

    /// The text of a module with those of these names that the library has, and all that they need; `None` if it has
    /// none of them.
    pub fn take(&self, names: &[&str]) -> Option<String> {
        let mut taken = vec![false; self.items.len()];
        let mut work: Vec<&str> = names.iter().copied().filter(|name| self.has(name)).collect();
        while let Some(name) = work.pop() {
            for &i in self.named.get(name).into_iter().flatten() {
                if !std::mem::replace(&mut taken[i], true) {
                    work.extend(&self.items[i].mentions);
                }
            }
        }
        if !taken.contains(&true) {
            return None;
        }
        let mut out = self.text[self.header.clone()].to_owned();
        for (item, _) in self.items.iter().zip(&taken).filter(|(_, taken)| **taken) {
            out.push_str(&self.text[item.text.clone()]);
            out.push('\n');
        }
        Some(out)
    }
}

struct Scan {
    text: &'static str,
    at: usize,
}

impl Scan {
    /// The next token: a name or word, or a single character; strings and comments are passed over.
    fn token(&mut self) -> Option<&'static str> {
        let bytes = self.text.as_bytes();
        loop {
            let rest = bytes.get(self.at..)?;
            match rest {
                [] => return None,
                [b'/', b'/', ..] => self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
                [b'/', b'*', ..] => self.at += rest.windows(2).skip(2).position(|w| w == b"*/").map_or(rest.len(), |n| n + 4),
                [b'"', ..] => self.at += rest.iter().skip(1).position(|b| *b == b'"').map_or(rest.len(), |n| n + 2),
                [b, ..] if b.is_ascii_whitespace() => self.at += 1,
                [first, ..] => {
                    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$');
                    let starts = is_part(first) || matches!(first, b'.' | b'%');
                    let length = if starts { 1 + rest[1..].iter().take_while(|b| is_part(b)).count() } else { 1 };
                    let token = self.text.get(self.at..self.at + length).unwrap_or("?");
                    self.at += length;
                    return Some(token);
                }
            }
            if self.at >= bytes.len() {
                return None;
            }
        }
    }

    /// The next function or variable; directives of other kinds are passed over.
    fn item(&mut self) -> Option<Item> {
        let (mut start, mut is_function, mut is_visible, mut open) = (None, false, false, 0usize);
        let (mut parens, mut last, mut name) = (0usize, "", None);
        let mut mentions = vec![];
        loop {
            let token = self.token()?;
            let from = self.at - token.len();
            match token {
                ".version" | ".target" | ".address_size" if start.is_none() => {
                    let rest = &self.text[self.at..];
                    self.at += rest.find('\n').unwrap_or(rest.len());
                    continue;
                }
                ".func" => is_function = true,
                ".visible" | ".weak" => is_visible = true,
                "(" => {
                    // The name of a function is what its parameters follow; results come before it.
                    if is_function && parens == 0 && open == 0 && is_name(last) {
                        name.get_or_insert(last);
                    }
                    parens += 1;
                }
                ")" => parens = parens.saturating_sub(1),
                "{" => {
                    if is_function && open == 0 && is_name(last) {
                        name.get_or_insert(last);
                    }
                    open += 1;
                }
                "[" | "=" | ";" if !is_function && open == 0 && is_name(last) => {
                    name.get_or_insert(last);
                }
                "}" => open = open.saturating_sub(1),
                _ => {}
            }
            start.get_or_insert(from);
            // What a dot follows is the name of an instruction.
            if is_name(token) && self.text.as_bytes().get(self.at) != Some(&b'.') {
                mentions.push(token);
            }
            last = token;
            let ends = open == 0 && (token == ";" || token == "}" && is_function);
            if ends {
                mentions.sort_unstable();
                mentions.dedup();
                let name = name.unwrap_or("");
                return Some(Item { text: start.unwrap_or(from)..self.at, name, is_visible, mentions });
            }
        }
    }
}

/// Whether a token may be the name of an item.
fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "// a library { ( \"
.version 7.8
.target sm_80
.address_size 64
.global .align 8 .b8 table[16] = {1, 2, 3};
.const .f32 half = 0f3f000000; /* } */
.func (.param .b32 r) inner(.param .b32 x);
.visible .func (.param .b32 r) outer(.param .b32 x) { .reg .b64 %rd; mov.u64 %rd, table; call (r), inner, (x); { ret; } }
.func (.param .b32 r) inner(.param .b32 x) { .reg .f32 %f; ld.const.f32 %f, [half]; call (r), inner, (x); ret; }
.weak .func lone() { ret; }
";

    #[test]
    fn items_are_found_with_their_names() {
        let library = Library::new(TEXT);
        let names: Vec<_> = library.items.iter().map(|i| (i.name, i.is_visible)).collect();
        let expected = [("table", false), ("half", false), ("inner", false), ("outer", true), ("inner", false), ("lone", true)];
        assert_eq!(names, expected);
        assert_eq!(library.names(), ["lone", "outer"]);
        assert!(!library.has("inner") && !library.has("table") && !library.has(""));
    }

    #[test]
    fn only_what_is_needed_is_taken() {
        let library = Library::new(TEXT);
        let lone = library.take(&["lone", "nothing"]).unwrap();
        assert!(lone.contains(".version 7.8") && lone.contains("lone") && !lone.contains("table"), "{lone}");
        let outer = library.take(&["outer"]).unwrap();
        for needed in ["table", "half", "inner", "outer"] {
            assert!(outer.contains(needed), "{needed}");
        }
        assert!(!outer.contains("lone"));
        assert_eq!(library.take(&["inner", "nothing"]), None);
    }

    #[test]
    fn broken_texts_are_read_to_their_end() {
        for text in ["", ".func", "{", "\"", "/*", "\"x", "/* *", ".func f( { ; }", "}}};;;", ".visible .func (a) b(c) {"] {
            let _ = Library::new(text).take(&["b"]);
        }
    }
}

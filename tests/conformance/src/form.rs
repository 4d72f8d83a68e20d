// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Forms that act in each thread by itself, and the tables that list them.
//!
//! A *form* is an instruction's full name with the types of its operands. A table (`forms/*.txt`)
//! has one line for a family of forms:
//!
//! ```text
//! # comment
//! mad.{lo,hi}.{u16,s16}     T = T T T          one destination, three sources
//! setp.lt.and.f32           pred|pred = T T pred
//! ```
//! Braces are expanded as by a shell. Operands are separated by spaces:
//!
//! | operand | is |
//! |---|---|
//! | `T` | of the last type in the name |
//! | `U` | of the type before it |
//! | `W` | of twice the width of `T` |
//! | `s32`, `pred`, ... | of this type |
//! | `amount` | a `u32`: number of bits to shift, position or length in a word |
//! | `selector` | a `b32` whose nibbles choose bytes |
//! | a number | always this number |
//!
//! What a form means is a Rust function in [`crate::meaning`], by the first word of its name.

use std::fmt;

use crate::expand::braces;
use crate::types::Type;

/// What the values of a source are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Any value of the type.
    Value,
    /// A number of bits.
    Amount,
    /// Four or more nibbles.
    Selector,
    /// This number, written in the instruction.
    Constant(u32),
}

/// An operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operand {
    /// Its type.
    pub ty: Type,
    /// What values it has.
    pub role: Role,
}

/// A form of an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The instruction's full name.
    pub name: String,
    /// Types of one or two destinations.
    pub dst: Vec<Type>,
    /// Sources.
    pub src: Vec<Operand>,
}

impl Form {
    /// The words of the name: the first is the operation.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.name.split('.')
    }
    /// The first word.
    pub fn operation(&self) -> &str {
        self.name.split('.').next().unwrap_or("")
    }
    /// Whether a word is in the name.
    pub fn has(&self, word: &str) -> bool {
        self.words().skip(1).any(|w| w == word)
    }
    /// Types in the name, in order.
    pub fn types(&self) -> Vec<Type> {
        self.words().skip(1).filter_map(Type::parse).collect()
    }
    /// The last type in the name.
    pub fn ty(&self) -> Type {
        self.types().last().copied().unwrap_or(Type::U32)
    }
    /// The name under which a case is known: that of the instruction, constants that are part of it, and the number of
    /// operands where it is not the usual one.
    pub fn title(&self) -> String {
        let constants = self.src.iter().filter_map(|s| match s.role {
            Role::Constant(n) => Some(format!("#{n:#x}")),
            _ => None,
        });
        let pair = (self.dst.len() == 2).then(|| "@pair".to_owned());
        let three = (matches!(self.operation(), "min" | "max") && self.src.len() == 3).then(|| "@three".to_owned());
        std::iter::once(self.name.clone()).chain(constants).chain(pair).chain(three).collect()
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.title())
    }
}

/// The forms of a table.
pub fn parse_table(text: &str) -> Result<Vec<Form>, String> {
    let mut forms = vec![];
    for (number, line) in text.lines().enumerate() {
        let line = line.split(" #").next().unwrap_or("").trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        for line in braces(line) {
            forms.push(parse_form(&line).map_err(|e| format!("line {}: `{line}`: {e}", number + 1))?);
        }
    }
    Ok(forms)
}

fn parse_form(line: &str) -> Result<Form, String> {
    let (left, sources) = line.split_once('=').ok_or("no `=` between destinations and sources")?;
    let (name, destinations) = left.trim().split_once(' ').ok_or("no destination")?;
    let mut form = Form { name: name.into(), dst: vec![], src: vec![] };
    let types = form.types();
    let ty = |word: &str| {
        let from_end = |n: usize| types.len().checked_sub(n).map(|i| types[i]);
        match word {
            "T" => from_end(1),
            "U" => from_end(2),
            "W" => from_end(1).map(Type::wider),
            other => Type::parse(other),
        }
        .ok_or_else(|| format!("no type `{word}`"))
    };
    for word in destinations.trim().split('|') {
        form.dst.push(ty(word)?);
    }
    for word in sources.split_whitespace() {
        let number = word.strip_prefix("0x").map_or_else(|| word.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
        form.src.push(match (word, number) {
            (_, Some(n)) => Operand { ty: Type::U32, role: Role::Constant(n) },
            ("amount", _) => Operand { ty: Type::U32, role: Role::Amount },
            ("selector", _) => Operand { ty: Type::U32, role: Role::Selector },
            (word, _) => Operand { ty: ty(word)?, role: Role::Value },
        });
    }
    match form.dst.len() {
        1 | 2 if !form.src.is_empty() => Ok(form),
        _ => Err("one or two destinations and at least one source are needed".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_for_a_family() {
        let forms = parse_table("# x\nmad.wide.{u16,s32}  W = T T W # why\nlop3.b32 T = T T T {0x1,2}\n").expect("a table");
        assert_eq!(forms.len(), 4);
        assert_eq!(forms[1].name, "mad.wide.s32");
        assert_eq!(forms[1].dst[0].to_string(), "s64");
        assert_eq!(forms[1].src[2].ty.to_string(), "s64");
        assert_eq!(forms[3].title(), "lop3.b32#0x2");
    }

    #[test]
    fn a_wrong_line_is_named() {
        assert!(parse_table("\nadd.s32 T T").is_err_and(|e| e.contains("line 2")));
        assert!(parse_table("add.s32 T = Q").is_err_and(|e| e.contains("no type `Q`")));
    }
}

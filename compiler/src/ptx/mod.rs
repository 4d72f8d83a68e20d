// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The PTX front end: from text to a syntax tree with every name resolved.
//!
//! | file | subject |
//! |---|---|
//! | `source` | the text, spans, lines and columns |
//! | `words` | types, spaces and every other vocabulary of suffixes |
//! | `special` | special registers |
//! | `opcode` | the table of instructions |
//! | `ast` | the syntax tree |
//! | `lexer`, `number` | tokens, and the values of numbers |
//! | `parser` | from tokens to the tree |
//! | `link` | several texts as one program |
//! | `print` | from the tree to text |
//!
//! Versions 3.0 to 8.7 and targets sm_30 to sm_121 (with `a` and `f`) are accepted. Limits, all of them errors with a
//! place: 64 MiB of text, 2^23 tokens, 64 levels of braces or parentheses, 4096 operands or modifiers an instruction,
//! 4096 parameters a function, 16 array dimensions, 2^40 bytes a variable; 20 errors are reported. The largest text
//! takes about half a gigabyte. Parsing takes time proportional to the text.

pub mod ast;
pub mod lexer;
mod link;
pub mod number;
pub mod opcode;
pub mod parser;
mod print;
pub mod source;
pub mod special;
pub mod words;

pub use parser::{parse, Program};

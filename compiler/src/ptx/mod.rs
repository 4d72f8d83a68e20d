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
//! | `print` | from the tree to text |

pub mod ast;
pub mod lexer;
pub mod number;
pub mod opcode;
pub mod parser;
mod print;
pub mod source;
pub mod special;
pub mod words;

pub use parser::parse;

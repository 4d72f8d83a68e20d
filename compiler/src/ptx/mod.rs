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

pub mod ast;
pub mod opcode;
pub mod source;
pub mod special;
pub mod words;

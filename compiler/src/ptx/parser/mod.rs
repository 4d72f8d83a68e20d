// SPDX-License-Identifier: Apache-2.0 OR MIT
//! From tokens to the syntax tree: recursive descent, names resolved on the way.
//!
//! PTX declares before it uses, labels excepted; those of a scope are collected when the scope opens. A register gets
//! its [`RegId`] when an instruction first mentions it, so that `.reg .b32 %r<100000>` costs nothing.
//!
//! After an error the parser skips to the end of the statement and goes on, up to [`MAX_ERRORS`]. Whatever the text,
//! the parser ends: every loop consumes a token, every recursion counts its depth.

mod body;
mod expr;
mod form;
mod instruction;
mod module;
mod scope;
mod variable;

use super::ast::*;
use super::lexer::{self, Kind, Token};
use super::link;
use super::source::{Source, Span};
use crate::error::{Error, ErrorKind, Errors, Result};
use scope::{Name, Scope};
use std::collections::HashMap;

/// Complaints after which the parser gives up.
pub const MAX_ERRORS: usize = 20;

/// How deep braces, and parentheses in expressions, may nest.
pub const MAX_DEPTH: usize = 64;

/// Parses a PTX module.
pub fn parse(text: &str) -> std::result::Result<Module<'_>, Errors> {
    let mut program = Program::default();
    program.add("", text)?;
    program.link()
}

/// A program of several texts, its *units*, each a PTX module with names of its own.
pub struct Program<'a> {
    parser: Parser<'a>,
}

impl Default for Program<'_> {
    fn default() -> Self {
        let module = Module {
            source: Source::empty(),
            version: Version { major: 0, minor: 0 },
            target: Target { sm: 0, variant: None, options: Vec::new() },
            address_size: 64,
            items: Vec::new(),
            variables: Vec::new(),
            functions: Vec::new(),
        };
        let parser = Parser {
            tokens: Vec::new(),
            at: 0,
            depth: 0,
            errors: Vec::new(),
            module,
            names: HashMap::new(),
            function_id: FuncId(0),
            function: Function::default(),
            scopes: Vec::new(),
            loc: None,
            placed: Vec::new(),
            files: HashMap::new(),
        };
        Program { parser }
    }
}

impl<'a> Program<'a> {
    /// Parses a unit; messages call it `name`. After an error the program is of no use any more.
    pub fn add(&mut self, name: &'a str, text: &'a str) -> std::result::Result<(), Errors> {
        let parser = &mut self.parser;
        parser.module.source.add(name, text)?;
        let mut errors = Vec::new();
        parser.tokens = lexer::tokens(&parser.module.source, &mut errors);
        // What the lexer left out would only bring up more complaints.
        if let Some(errors) = Errors::from_vec(errors) {
            return Err(errors);
        }
        parser.at = 0;
        parser.depth = 0;
        parser.names.clear();
        parser.module();
        Errors::from_vec(std::mem::take(&mut parser.errors)).map_or(Ok(()), Err)
    }

    /// Names of functions and variables that units declare and none defines.
    pub fn undefined(&self) -> Vec<&'a str> {
        link::undefined(&self.parser.module)
    }

    /// The whole as one module, with declarations of one unit resolved to definitions of others.
    pub fn link(self) -> std::result::Result<Module<'a>, Errors> {
        let mut module = self.parser.module;
        let errors = link::run(&mut module);
        Errors::from_vec(errors).map_or(Ok(module), Err)
    }
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    /// Current nesting of braces and parentheses.
    depth: usize,
    errors: Vec<Error>,
    module: Module<'a>,
    /// Names at module scope.
    names: HashMap<&'a str, Name>,
    /// The function that is being parsed, if `scopes` are not empty.
    function_id: FuncId,
    function: Function<'a>,
    /// The scopes of that function, outermost (parameters) first.
    scopes: Vec<Scope<'a>>,
    /// The `.loc` that holds.
    loc: Option<SourceLine>,
    /// Room for the operands of the instruction at hand.
    placed: Vec<instruction::Placed>,
    /// Numbers of files of all units but the first, by unit and the number there.
    files: HashMap<(usize, u32), u32>,
}

/// Tokens: look, take, expect.
impl<'a> Parser<'a> {
    fn peek(&self) -> Kind {
        self.tokens[self.at].kind
    }

    /// The kind of the token after the next one.
    fn peek_second(&self) -> Kind {
        self.tokens.get(self.at + 1).map_or(Kind::End, |t| t.kind)
    }

    fn token(&self) -> Token {
        self.tokens[self.at]
    }

    fn span(&self) -> Span {
        self.token().span()
    }

    /// The span of the token before the next one.
    fn last_span(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span()
    }

    fn text(&self) -> &'a str {
        self.module.source.slice(self.span())
    }

    /// Takes the next token; the end is never passed.
    fn next(&mut self) -> Token {
        let token = self.token();
        if token.kind != Kind::End {
            self.at += 1;
        }
        token
    }

    /// Takes the next token if it is of this kind.
    fn take(&mut self, kind: Kind) -> bool {
        let found = self.peek() == kind;
        if found {
            self.next();
        }
        found
    }

    /// Takes the next token, which must be of this kind, and gives its text.
    fn expect(&mut self, kind: Kind, what: &str) -> Result<&'a str> {
        if self.peek() != kind {
            return Err(self.unexpected(what));
        }
        let text = self.text();
        self.next();
        Ok(text)
    }

    /// Takes the next token if it is the word `.word`.
    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek_word() == Some(word);
        if found {
            self.next();
        }
        found
    }

    /// The next token without its dot, if it is a word.
    fn peek_word(&self) -> Option<&'a str> {
        (self.peek() == Kind::Word).then(|| &self.text()[1..])
    }

    /// A string without its quotes.
    fn string(&mut self) -> Result<&'a str> {
        let text = self.expect(Kind::Str, "a string")?;
        Ok(&text[1..text.len() - 1])
    }

    /// An integer that fits in 32 bits.
    fn u32(&mut self, what: &str) -> Result<u32> {
        let start = self.span();
        let value = self.constant()?;
        let value = value.integer().and_then(|v| u32::try_from(v).ok());
        value.ok_or_else(|| self.invalid(start.to(self.last_span()), format!("{what} must be an integer from 0 to 4294967295")))
    }

    /// `what` was expected at the next token.
    fn unexpected(&self, what: &str) -> Error {
        let found = if self.peek() == Kind::End { "the end of the text".to_owned() } else { format!("`{}`", clip(self.text())) };
        self.module.source.error(ErrorKind::Syntax, self.span(), format!("expected {what}, found {found}"))
    }

    fn invalid(&self, span: Span, reason: impl Into<String>) -> Error {
        self.module.source.error(ErrorKind::Invalid, span, reason)
    }

    fn limit(&self, span: Span, reason: impl Into<String>) -> Error {
        self.module.source.error(ErrorKind::Limit, span, reason)
    }
}

/// Nesting and recovery.
impl<'a> Parser<'a> {
    /// Runs `parse` one level deeper, refusing to go too deep.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.limit(self.span(), format!("nested more than {MAX_DEPTH} deep")));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// Notes an error; the parser goes on unless [`Parser::gave_up`].
    fn report(&mut self, error: Error) {
        if !self.gave_up() {
            self.errors.push(error);
        }
    }

    fn gave_up(&self) -> bool {
        self.errors.len() >= MAX_ERRORS
    }

    /// Skips to behind the next semicolon, or to the brace that ends the block, whichever comes first.
    fn skip_statement(&mut self) {
        let mut open = 0usize;
        loop {
            match self.peek() {
                Kind::End => return,
                Kind::BraceOpen => open += 1,
                Kind::BraceClose if open == 0 => return,
                Kind::BraceClose => open -= 1,
                Kind::Semicolon if open == 0 => {
                    self.next();
                    return;
                }
                _ => {}
            }
            self.next();
        }
    }
}

/// `text`, shortened to what fits in a message.
fn clip(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

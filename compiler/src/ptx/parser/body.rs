// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A function's body: statements, scopes, labels and the tables that labels may name.

use super::scope::{Name, Scope};
use super::*;
use crate::ptx::words::*;

impl<'a> Parser<'a> {
    /// `{ ... }`: a scope of its own. Errors within it are reported here; those that are returned are of its braces.
    pub(super) fn body(&mut self) -> Result<Vec<Statement<'a>>> {
        let start = self.span();
        self.expect(Kind::BraceOpen, "`{`")?;
        self.nested(|p| {
            p.scopes.push(Scope::default());
            p.collect_labels();
            let mut statements = Vec::new();
            while !matches!(p.peek(), Kind::BraceClose | Kind::End) && !p.gave_up() {
                if let Err(error) = p.statement(&mut statements) {
                    p.report(error);
                    p.skip_statement();
                }
            }
            p.scopes.pop();
            // Once something else is wrong, a missing brace is most likely its consequence.
            if p.peek() == Kind::End && p.errors.is_empty() {
                return Err(p.module.source.error(ErrorKind::Syntax, start, "this `{` has no `}`"));
            }
            p.take(Kind::BraceClose);
            Ok(statements)
        })
    }

    /// Enters the labels and tables of the scope whose brace has just been taken, as branches may go forward.
    fn collect_labels(&mut self) {
        let (mut braces, mut parens) = (0usize, 0usize);
        for at in self.at..self.tokens.len() {
            match self.tokens[at].kind {
                Kind::BraceOpen => braces += 1,
                Kind::BraceClose if braces == 0 => return,
                Kind::BraceClose => braces -= 1,
                Kind::ParenOpen => parens += 1,
                Kind::ParenClose => parens = parens.saturating_sub(1),
                Kind::Semicolon => parens = 0,
                Kind::Name if braces == 0 && parens == 0 && self.tokens[at + 1].kind == Kind::Colon => {
                    let span = self.tokens[at].span();
                    let name = self.module.source.slice(span);
                    let directive = self.tokens.get(at + 2).map_or("", |t| self.module.source.slice(t.span()));
                    let what = match directive {
                        ".branchtargets" => self.new_table(name, span, TableKind::Branch(Vec::new())),
                        ".calltargets" => self.new_table(name, span, TableKind::Call(Vec::new())),
                        ".callprototype" => self.new_table(name, span, TableKind::Prototype(Prototype::default())),
                        _ => {
                            self.function.labels.push(Label { name, span });
                            Name::Label(LabelId(self.function.labels.len() as u32 - 1))
                        }
                    };
                    if let Err(error) = self.declare(name, span, what) {
                        self.report(error);
                    }
                }
                _ => {}
            }
        }
    }

    fn new_table(&mut self, name: &'a str, span: Span, kind: TableKind<'a>) -> Name {
        self.function.tables.push(Table { name, kind, span });
        Name::Table(TableId(self.function.tables.len() as u32 - 1))
    }

    /// One statement, or several where a declaration has several names.
    fn statement(&mut self, statements: &mut Vec<Statement<'a>>) -> Result<()> {
        match self.peek() {
            Kind::Semicolon => {
                self.next();
            }
            Kind::BraceOpen => statements.push(Statement::Block(self.body()?)),
            Kind::Name if self.peek_second() == Kind::Colon => self.label(statements)?,
            Kind::Name | Kind::At => statements.push(Statement::Instruction(self.instruction()?)),
            Kind::Word => self.directive(statements)?,
            _ => return Err(self.unexpected("an instruction, a directive or a label")),
        }
        Ok(())
    }

    /// `name:`, and the table that it names if there is one.
    fn label(&mut self, statements: &mut Vec<Statement<'a>>) -> Result<()> {
        let span = self.span();
        let name = self.expect(Kind::Name, "a label")?;
        self.next();
        match self.declared(name) {
            Some(Name::Label(id)) => statements.push(Statement::Label(id)),
            Some(Name::Table(id)) => {
                self.table(id)?;
                statements.push(Statement::Table(id));
            }
            // A label whose declaration was refused as a duplicate.
            Some(_) => {}
            None => return Err(self.undeclared(name, span)),
        }
        Ok(())
    }

    /// What follows the name of a table.
    fn table(&mut self, id: TableId) -> Result<()> {
        let Some(word) = self.peek_word() else { return Err(self.unexpected("a table")) };
        self.next();
        let kind = match word {
            "branchtargets" => {
                let mut labels = Vec::new();
                loop {
                    labels.push(self.label_name()?);
                    if !self.take(Kind::Comma) {
                        break TableKind::Branch(labels);
                    }
                }
            }
            "calltargets" => {
                let mut functions = Vec::new();
                loop {
                    functions.push(self.function_symbol()?.0);
                    if !self.take(Kind::Comma) {
                        break TableKind::Call(functions);
                    }
                }
            }
            _ => TableKind::Prototype(self.prototype()?),
        };
        self.expect(Kind::Semicolon, "`,` or `;`")?;
        self.function.tables[id.index()].kind = kind;
        Ok(())
    }

    /// The name of a label.
    pub(super) fn label_name(&mut self) -> Result<LabelId> {
        let span = self.span();
        let name = self.expect(Kind::Name, "a label")?;
        match self.lookup(name) {
            Some(Name::Label(id)) => Ok(id),
            Some(_) => Err(self.invalid(span, format!("`{}` is not a label", clip(name)))),
            None => Err(self.undeclared(name, span)),
        }
    }

    /// `(returns) _ (params) .noreturn` after `.callprototype`.
    fn prototype(&mut self) -> Result<Prototype<'a>> {
        let mut prototype = Prototype::default();
        if self.peek() == Kind::ParenOpen {
            prototype.returns = self.prototype_parameters()?;
        }
        self.expect(Kind::Name, "`_`")?;
        if self.peek() == Kind::ParenOpen {
            prototype.params = self.prototype_parameters()?;
        }
        while let Some(word) = self.peek_word() {
            let span = self.next().span();
            match word {
                "noreturn" => prototype.noreturn = true,
                "abi_preserve" => prototype.abi_preserve[0] = Some(self.u32("`.abi_preserve`")?),
                "abi_preserve_control" => prototype.abi_preserve[1] = Some(self.u32("`.abi_preserve_control`")?),
                _ => return Err(self.invalid(span, format!("`.{word}` is not a directive for a prototype"))),
            }
        }
        Ok(prototype)
    }

    fn prototype_parameters(&mut self) -> Result<Vec<ProtoParam<'a>>> {
        self.expect(Kind::ParenOpen, "`(`")?;
        let mut params = Vec::new();
        while self.peek() != Kind::ParenClose {
            params.push(self.prototype_parameter()?);
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::ParenClose, "`,` or `)`")?;
        Ok(params)
    }

    /// A directive within a body.
    fn directive(&mut self, statements: &mut Vec<Statement<'a>>) -> Result<()> {
        let mut linkage = None;
        loop {
            let Some(word) = self.peek_word() else { return Err(self.unexpected("a directive")) };
            if let Some(found) = Linkage::from_word(word) {
                self.next();
                linkage = Some(found);
                continue;
            }
            let span = self.span();
            return match (word, Space::from_word(word)) {
                (_, Some(space @ (Space::Global | Space::Const | Space::Shared | Space::Local | Space::Param | Space::SharedCta))) => {
                    self.next();
                    let space = if space == Space::SharedCta { Space::Shared } else { space };
                    self.variables(space, linkage, |_, id| statements.push(Statement::Variable(id)))
                }
                ("reg", _) => {
                    self.next();
                    statements.push(Statement::Registers(self.registers()?));
                    Ok(())
                }
                ("loc", _) => {
                    self.next();
                    let loc = self.loc()?;
                    self.loc = Some(loc.line);
                    statements.push(Statement::Loc(loc));
                    Ok(())
                }
                ("pragma", _) => {
                    self.next();
                    statements.push(Statement::Pragma(self.pragma()?));
                    Ok(())
                }
                ("branchtargets" | "calltargets" | "callprototype", _) => Err(self.invalid(span, format!("`.{word}` needs a label"))),
                _ => Err(self.invalid(span, format!("`.{word}` is not a directive within a function"))),
            };
        }
    }

    /// `file line column` with what may follow, after `.loc`; no semicolon ends it.
    fn loc(&mut self) -> Result<Loc<'a>> {
        let line = self.source_line()?;
        let mut inlined = None;
        if self.peek() == Kind::Comma {
            self.next();
            let keyword = self.expect(Kind::Name, "`function_name`")?;
            if keyword != "function_name" {
                return Err(self.invalid(self.last_span(), "expected `function_name`"));
            }
            let name = self.expect(Kind::Name, "a label in the debug strings")?;
            let offset = self.offset()? as u64;
            self.expect(Kind::Comma, "`,`")?;
            let keyword = self.expect(Kind::Name, "`inlined_at`")?;
            if keyword != "inlined_at" {
                return Err(self.invalid(self.last_span(), "expected `inlined_at`"));
            }
            inlined = Some(Inlined { name, offset, at: self.source_line()? });
        }
        self.take(Kind::Semicolon);
        Ok(Loc { line, inlined })
    }

    fn source_line(&mut self) -> Result<SourceLine> {
        let file = self.plain_u32()?;
        let file = self.file_number(file);
        Ok(SourceLine { file, line: self.plain_u32()?, column: self.plain_u32()? })
    }

    /// A number with nothing around it, as what follows a `.loc` is not separated from it.
    fn plain_u32(&mut self) -> Result<u32> {
        let span = self.span();
        let text = self.expect(Kind::Number, "a number")?;
        text.parse().map_err(|_| self.invalid(span, "this must be an integer from 0 to 4294967295"))
    }
}

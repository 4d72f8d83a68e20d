// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Names and what they stand for.

use super::*;
use crate::ptx::words::*;

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Name {
    Var(VarId),
    Func(FuncId),
    /// A register that an instruction has mentioned.
    Reg(RegId),
    /// A register that is declared, but not mentioned as yet.
    Unused(Type, Option<VectorWidth>),
    Label(LabelId),
    Table(TableId),
}

/// The names of a block.
#[derive(Default)]
pub(super) struct Scope<'a> {
    pub names: HashMap<&'a str, Name>,
    /// `.reg .type prefix<count>` by prefix.
    ranges: HashMap<&'a str, (u32, Type, Option<VectorWidth>)>,
}

impl<'a> Scope<'a> {
    /// The declaration of the range that `name` belongs to.
    fn range_of(&self, name: &'a str) -> Option<(Type, Option<VectorWidth>)> {
        if self.ranges.is_empty() {
            return None;
        }
        // The prefix itself may end in digits: `%r1<20>` declares `%r10` to `%r119`.
        let digits = name.bytes().rev().take(10).take_while(u8::is_ascii_digit).count();
        (1..=digits).rev().find_map(|length| {
            let (prefix, number) = name.split_at(name.len() - length);
            let index: u32 = number.parse().ok().filter(|_| length == 1 || !number.starts_with('0'))?;
            let &(count, ty, vector) = self.ranges.get(prefix)?;
            (index < count).then_some((ty, vector))
        })
    }
}

impl<'a> Parser<'a> {
    /// Finds a name: the innermost scope first, the module last.
    pub(super) fn lookup(&mut self, name: &'a str) -> Option<Name> {
        for scope in self.scopes.iter_mut().rev() {
            let (ty, vector) = match scope.names.get(name) {
                Some(&Name::Unused(ty, vector)) => (ty, vector),
                Some(&found) => return Some(found),
                None => match scope.range_of(name) {
                    Some(found) => found,
                    None => continue,
                },
            };
            let id = RegId(self.function.registers.len() as u32);
            self.function.registers.push(Register { name, ty, vector });
            scope.names.insert(name, Name::Reg(id));
            return Some(Name::Reg(id));
        }
        self.names.get(name).copied()
    }

    /// What an earlier declaration of `name` in the current scope made of it.
    pub(super) fn declared(&self, name: &str) -> Option<Name> {
        match self.scopes.last() {
            Some(scope) => scope.names.get(name).copied(),
            None => self.names.get(name).copied(),
        }
    }

    /// Declares `name` in the current scope. `_` is no name.
    pub(super) fn declare(&mut self, name: &'a str, span: Span, what: Name) -> Result<()> {
        if name != "_" && self.declared(name).is_some() {
            return Err(self.invalid(span, format!("`{}` is already declared in this scope", clip(name))));
        }
        self.redeclare(name, what);
        Ok(())
    }

    /// Declares `name` in the current scope, whatever it was before.
    pub(super) fn redeclare(&mut self, name: &'a str, what: Name) {
        let names = match self.scopes.last_mut() {
            Some(scope) => &mut scope.names,
            None => &mut self.names,
        };
        names.insert(name, what);
    }

    /// `.reg .type names;` with `.reg` already taken.
    pub(super) fn registers(&mut self) -> Result<RegDecl<'a>> {
        let mut vector = None;
        let ty = loop {
            let word = self.peek_word().ok_or_else(|| self.unexpected("a type"))?;
            if let Some(ty) = Type::from_word(word) {
                self.next();
                break ty;
            }
            if word == "align" {
                self.next();
                self.alignment()?;
                continue;
            }
            vector = Some(VectorWidth::from_word(word).ok_or_else(|| self.unexpected("a type"))?);
            self.next();
        };
        let mut names = Vec::new();
        loop {
            let span = self.span();
            let name = self.expect(Kind::Name, "a register name")?;
            let mut count = None;
            if self.take(Kind::Less) {
                count = Some(self.register_count()?);
                self.expect(Kind::Greater, "`>`")?;
            }
            names.push((name, count));
            match count {
                None => self.declare(name, span, Name::Unused(ty, vector))?,
                Some(count) => self.declare_range(name, span, (count, ty, vector))?,
            }
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::Semicolon, "`,` or `;`")?;
        Ok(RegDecl { ty, vector, names })
    }

    fn declare_range(&mut self, name: &'a str, span: Span, range: (u32, Type, Option<VectorWidth>)) -> Result<()> {
        let Some(scope) = self.scopes.last_mut() else {
            return Err(self.invalid(span, "registers can be declared only within a function"));
        };
        if scope.ranges.insert(name, range).is_some() {
            return Err(self.invalid(span, format!("registers `{}` are already declared in this scope", clip(name))));
        }
        Ok(())
    }

    /// The error for a name that nothing declares.
    pub(super) fn undeclared(&self, name: &str, span: Span) -> Error {
        self.invalid(span, format!("`{}` is not declared", clip(name)))
    }
}

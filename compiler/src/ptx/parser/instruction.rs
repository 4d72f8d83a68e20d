// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Instructions: guard, opcode, modifiers, operands.

use super::scope::Name;
use super::*;
use crate::ptx::opcode::{modifier_from_word, Opcode, REPEATABLE};
use crate::ptx::special::Special;
use crate::ptx::words::*;
use std::borrow::Cow;

/// Operands that one list, and modifiers that one instruction, may have.
const MAX_LIST: usize = 4096;

/// An operand with its place.
pub(super) type Placed = (Operand, Span);

impl<'a> Parser<'a> {
    /// An instruction up to its semicolon.
    pub(super) fn instruction(&mut self) -> Result<Instruction<'a>> {
        let guard = if self.take(Kind::At) { Some(self.guard()?) } else { None };
        let start = self.span();
        let (op, mut modifiers) = self.opcode()?;
        let mnemonic = start.to(self.last_span());
        let mut placed = std::mem::take(&mut self.placed);
        placed.clear();
        if op == Opcode::Call {
            placed.push(self.call()?);
        } else if self.peek() != Kind::Semicolon {
            loop {
                if placed.len() == MAX_LIST {
                    return Err(self.limit(self.span(), format!("an instruction has more than {MAX_LIST} operands")));
                }
                let from = self.span();
                let operand = self.operand(op.is_generic())?;
                placed.push((operand, from.to(self.last_span())));
                // `[a].unified` says of the address what is otherwise said in front.
                if self.peek_word() == Some("unified") {
                    self.next();
                    modifiers.push(Modifier::Flag(Flag::Unified));
                }
                if !self.take(Kind::Comma) {
                    break;
                }
            }
        }
        let span = start.to(self.last_span());
        if self.peek() != Kind::Semicolon {
            return Err(self.unexpected("`,` or `;`"));
        }
        // What is complete needs no skipping, whatever is wrong with it.
        self.next();
        self.check_form(op, &modifiers, &mut placed, mnemonic).map_err(|error| self.step_back(error))?;
        // Drained into a vector of the right size: there are as many of these as there are instructions.
        let operands = placed.drain(..).map(|(operand, _)| operand).collect();
        self.placed = placed;
        Ok(Instruction { guard, op, modifiers, operands, span, loc: self.loc })
    }

    /// Puts the semicolon back, so that skipping the statement skips no other.
    fn step_back(&mut self, error: Error) -> Error {
        self.at -= 1;
        error
    }

    /// `p` or `!p` after the `@`.
    fn guard(&mut self) -> Result<Guard> {
        let negated = self.take(Kind::Bang);
        let span = self.span();
        let name = self.expect(Kind::Name, "a predicate")?;
        match self.lookup(name) {
            Some(Name::Reg(reg)) if self.function.reg(reg).ty == Type::Pred => Ok(Guard { reg, negated }),
            Some(_) => Err(self.invalid(span, format!("a guard must be a predicate register, which `{}` is not", clip(name)))),
            None => Err(self.undeclared(name, span)),
        }
    }

    /// The opcode and its modifiers.
    fn opcode(&mut self) -> Result<(Opcode, Vec<Modifier<'a>>)> {
        let start = self.span();
        self.expect(Kind::Name, "an instruction")?;
        let first = self.at;
        while self.peek() == Kind::Word {
            let span = self.next().span();
            if self.at - first > MAX_LIST {
                return Err(self.limit(span, format!("an instruction has more than {MAX_LIST} modifiers")));
            }
        }
        let last = self.at;
        let mut text = Cow::Borrowed(self.module.source.slice(start.to(self.last_span())));
        if text.contains(|c: char| !c.is_ascii() || c.is_ascii_whitespace() || c == '/') {
            // Blanks and comments may stand between the words.
            text = self.tokens[first - 1..last].iter().map(|t| self.module.source.slice(t.span())).collect();
        }
        let Some((mut op, length)) = Opcode::from_prefix(&text) else {
            // Say what the opcode is, without modifiers that might be right.
            let name = self.module.source.slice(start);
            return Err(self.invalid(start, format!("`{}` is not an instruction", clip(name))));
        };
        let skip = text[..length].bytes().filter(|&b| b == b'.').count();
        let words = self.tokens[first + skip..last].iter().map(|t| &self.module.source.slice(t.span())[1..]);
        if let Some(generic) = op.generic_with(words) {
            op = generic;
        }
        let classes = op.classes();
        let mut modifiers: Vec<Modifier<'a>> = Vec::with_capacity(last - first - skip);
        for at in first + skip..last {
            let span = self.tokens[at].span();
            let word = &self.module.source.slice(span)[1..];
            if op.is_generic() {
                modifiers.push(Type::from_word(word).map_or(Modifier::Name(word), Modifier::Type));
                continue;
            }
            let Some(modifier) = modifier_from_word(word, classes) else {
                return Err(self.invalid(span, format!("`.{}` is not a modifier of `{op}`", clip(word))));
            };
            let repeats = |m: &Modifier<'_>| m.class() == modifier.class() && !modifier.class().is_empty();
            if !REPEATABLE.contains(modifier.class()) && modifiers.iter().any(repeats) {
                return Err(self.invalid(span, format!("`.{}` repeats or contradicts a modifier before it", clip(word))));
            }
            modifiers.push(modifier);
        }
        Ok((op, modifiers))
    }

    /// An operand. Generic instructions have some that the others do not: signs on registers, coordinates.
    fn operand(&mut self, generic: bool) -> Result<Operand> {
        match self.peek() {
            Kind::BraceOpen => {
                self.next();
                let list = self.operand_list(Kind::BraceClose, "`,` or `}`", generic)?;
                if generic {
                    // A texture fetch says with a second result whether the texel is resident.
                    return self.pair(Operand::Vector(list));
                }
                Ok(Operand::Vector(list))
            }
            Kind::BracketOpen => self.address(generic),
            Kind::Bang | Kind::Minus if self.peek_second() == Kind::Name => {
                let sign = self.token();
                // `!WARP_SZ` is a number.
                if self.module.source.slice(self.tokens[self.at + 1].span()) == "WARP_SZ" {
                    return Ok(Operand::Imm(self.constant()?));
                }
                self.next();
                match self.operand(generic)? {
                    Operand::Reg(reg) if sign.kind == Kind::Bang => Ok(Operand::Not(reg)),
                    operand @ (Operand::Reg(_) | Operand::Select(..)) if generic => Ok(Operand::Neg(Box::new(operand))),
                    _ => {
                        Err(self.invalid(sign.span().to(self.last_span()), "a sign belongs before a number or, as `!`, before a predicate"))
                    }
                }
            }
            Kind::Name if self.text() != "WARP_SZ" => self.named_operand(),
            _ => Ok(Operand::Imm(self.constant()?)),
        }
    }

    /// Operands up to a closing bracket.
    fn operand_list(&mut self, close: Kind, what: &str, generic: bool) -> Result<Vec<Operand>> {
        self.nested(|p| {
            let mut list = Vec::new();
            while p.peek() != close {
                if list.len() == MAX_LIST {
                    return Err(p.limit(p.span(), format!("a list has more than {MAX_LIST} operands")));
                }
                list.push(p.operand(generic)?);
                if !p.take(Kind::Comma) {
                    break;
                }
            }
            p.expect(close, what)?;
            Ok(list)
        })
    }

    /// An operand that begins with a name.
    fn named_operand(&mut self) -> Result<Operand> {
        let span = self.span();
        let name = self.expect(Kind::Name, "an operand")?;
        if name == "_" {
            return self.pair(Operand::Sink);
        }
        match self.lookup(name) {
            Some(Name::Reg(id)) => {
                let operand = match self.peek_word() {
                    None => Operand::Reg(id),
                    Some(word) => {
                        let part = self.next().span();
                        match (Component::from_any_word(word), Selector::from_word(word)) {
                            (Some(component), _) => Operand::Component(id, component),
                            (_, Some(selector)) => Operand::Select(id, selector),
                            _ => return Err(self.invalid(part, format!("`.{}` is not a part of a register", clip(word)))),
                        }
                    }
                };
                self.pair(operand)
            }
            Some(Name::Var(id)) if self.peek() == Kind::BracketOpen => {
                let offset = self.subscript(id)?;
                Ok(Operand::Symbol(Symbol::Var(id), offset))
            }
            Some(Name::Var(id)) => Ok(Operand::Symbol(Symbol::Var(id), self.offset()?)),
            Some(Name::Func(id)) => Ok(Operand::Symbol(Symbol::Func(id), self.offset()?)),
            Some(Name::Label(id)) => Ok(Operand::Label(id)),
            Some(Name::Table(id)) => Ok(Operand::Table(id)),
            Some(Name::Unused(..)) => Err(self.module.source.error(ErrorKind::Internal, span, "a register without a number")),
            None => match Special::from_name(name) {
                Some(special) => self.special(special),
                None => Err(self.undeclared(name, span)),
            },
        }
    }

    /// A special register with its component; without one it is all four, which `mov.v4` moves.
    fn special(&mut self, mut special: Special) -> Result<Operand> {
        if let Some(word) = self.peek_word() {
            let part = self.next().span();
            special.component = Component::from_any_word(word).filter(|_| special.reg.is_vector());
            if special.component.is_none() {
                return Err(self.invalid(part, format!("`.{}` is not a part of `{special}`", clip(word))));
            }
        }
        Ok(Operand::Special(special))
    }

    /// `|q` after an operand that may be the first of a pair.
    fn pair(&mut self, first: Operand) -> Result<Operand> {
        if !self.take(Kind::Or) {
            return Ok(first);
        }
        let span = self.span();
        let name = self.expect(Kind::Name, "a predicate or `_`")?;
        let second = match name {
            "_" => Operand::Sink,
            _ => match self.lookup(name) {
                Some(Name::Reg(id)) => Operand::Reg(id),
                Some(_) => return Err(self.invalid(span, format!("`{}` is not a register", clip(name)))),
                None => return Err(self.undeclared(name, span)),
            },
        };
        Ok(Operand::Pair(Box::new((first, second))))
    }

    /// `[i]` after a variable: the offset of that element.
    fn subscript(&mut self, id: VarId) -> Result<i64> {
        self.expect(Kind::BracketOpen, "`[`")?;
        let index = self.constant_i64()?;
        self.expect(Kind::BracketClose, "`]`")?;
        let size = self.module.var(id).element_bytes() as i64;
        Ok(index.wrapping_mul(size))
    }

    /// `[base + offset]`, and for generic instructions `[base + offset, more]`.
    fn address(&mut self, generic: bool) -> Result<Operand> {
        self.expect(Kind::BracketOpen, "`[`")?;
        let base = match self.peek() {
            Kind::Name if self.text() != "WARP_SZ" => self.address_base()?,
            _ => (AddressBase::Zero, 0),
        };
        let (base, mut offset) = base;
        offset = match base {
            AddressBase::Zero => self.constant_i64()?,
            _ => offset.wrapping_add(self.offset()?),
        };
        let address = Address { base, offset };
        if generic && self.take(Kind::Comma) {
            let mut list = vec![Operand::Address(address)];
            list.extend(self.operand_list(Kind::BracketClose, "`,` or `]`", true)?);
            return Ok(Operand::Bracket(list));
        }
        self.expect(Kind::BracketClose, "`]`")?;
        Ok(Operand::Address(address))
    }

    fn address_base(&mut self) -> Result<(AddressBase, i64)> {
        let span = self.span();
        let name = self.expect(Kind::Name, "an address")?;
        Ok(match self.lookup(name) {
            Some(Name::Reg(id)) => {
                let ty = self.function.reg(id).ty;
                if ty == Type::Pred {
                    return Err(self.invalid(span, format!("`{}` is a predicate, not an address", clip(name))));
                }
                if !matches!(ty.bits(), 32 | 64) {
                    return Err(self.invalid(span, format!("`{}` has {} bits, but an address has 32 or 64", clip(name), ty.bits())));
                }
                (AddressBase::Reg(id), 0)
            }
            Some(Name::Var(id)) if self.peek() == Kind::BracketOpen => (AddressBase::Symbol(Symbol::Var(id)), self.subscript(id)?),
            Some(Name::Var(id)) => (AddressBase::Symbol(Symbol::Var(id)), 0),
            Some(Name::Func(id)) => (AddressBase::Symbol(Symbol::Func(id)), 0),
            Some(_) => return Err(self.invalid(span, format!("`{}` is not an address", clip(name)))),
            None => return Err(self.undeclared(name, span)),
        })
    }
}

/// Calls.
impl Parser<'_> {
    /// `(returns), target, (arguments), table`: all but the target are optional.
    fn call(&mut self) -> Result<Placed> {
        let start = self.span();
        let mut returns = Vec::new();
        if self.take(Kind::ParenOpen) {
            returns = self.operand_list(Kind::ParenClose, "`,` or `)`", false)?;
            self.expect(Kind::Comma, "`,`")?;
        }
        let span = self.span();
        let name = self.expect(Kind::Name, "the function to call")?;
        let target = match self.lookup(name) {
            Some(Name::Func(id)) => CallTarget::Func(id),
            Some(Name::Reg(id)) => CallTarget::Reg(id),
            Some(_) => return Err(self.invalid(span, format!("`{}` is not a function", clip(name)))),
            None => return Err(self.undeclared(name, span)),
        };
        let (mut args, mut table) = (Vec::new(), None);
        if self.take(Kind::Comma) {
            let mut more = true;
            if self.take(Kind::ParenOpen) {
                args = self.operand_list(Kind::ParenClose, "`,` or `)`", false)?;
                more = self.take(Kind::Comma);
            }
            if more {
                table = Some(self.call_table()?);
            }
        }
        let whole = start.to(self.last_span());
        self.check_call(&returns, target, &args, table, whole)?;
        Ok((Operand::Call(Box::new(Call { returns, target, args, table })), whole))
    }

    fn call_table(&mut self) -> Result<TableId> {
        let span = self.span();
        let name = self.expect(Kind::Name, "a `.callprototype` or `.calltargets`")?;
        match self.lookup(name) {
            Some(Name::Table(id)) if !matches!(self.function.tables[id.index()].kind, TableKind::Branch(_)) => Ok(id),
            Some(_) => Err(self.invalid(span, format!("`{}` is not a `.callprototype` or `.calltargets`", clip(name)))),
            None => Err(self.undeclared(name, span)),
        }
    }

    fn check_call(&self, returns: &[Operand], target: CallTarget, args: &[Operand], table: Option<TableId>, span: Span) -> Result<()> {
        let passed = |o: &Operand| matches!(o, Operand::Symbol(Symbol::Var(_), 0) | Operand::Reg(_) | Operand::Component(..));
        if let Some(n) = returns.iter().position(|o| !passed(o) && !matches!(o, Operand::Sink)) {
            return Err(self.invalid(span, format!("return parameter {} of a call must be a `.param` variable or a register", n + 1)));
        }
        let is_value = |o: &Operand| passed(o) || matches!(o, Operand::Imm(_) | Operand::Special(_));
        if let Some(n) = args.iter().position(|o| !is_value(o)) {
            return Err(self.invalid(span, format!("argument {} of a call must be a `.param` variable, a register or a number", n + 1)));
        }
        let (wanted_returns, wanted_args) = match (target, table) {
            (CallTarget::Func(id), _) => {
                let function = self.module.func(id);
                if function.is_entry {
                    return Err(self.invalid(span, format!("`{}` is an entry, which cannot be called", clip(function.name))));
                }
                (function.returns.len(), function.params.len())
            }
            (CallTarget::Reg(_), None) => return Err(self.invalid(span, "an indirect call needs a `.callprototype` or `.calltargets`")),
            (CallTarget::Reg(_), Some(table)) => {
                let table = &self.function.tables[table.index()];
                match &table.kind {
                    TableKind::Prototype(p) if table.span.start < span.start => (p.returns.len(), p.params.len()),
                    // Defined further below, or a list of targets.
                    _ => return Ok(()),
                }
            }
        };
        for (what, given, wanted) in [("return parameters", returns.len(), wanted_returns), ("arguments", args.len(), wanted_args)] {
            if given != wanted {
                return Err(self.invalid(span, format!("this call has {given} {what}, the function has {wanted}")));
            }
        }
        Ok(())
    }
}

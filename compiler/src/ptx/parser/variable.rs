// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Variables: declarations, parameters, initialisers.

use super::scope::Name;
use super::*;
use crate::ptx::words::*;

/// Bytes that one variable may have.
const MAX_VARIABLE_BYTES: u64 = 1 << 40;

/// Array dimensions that one variable may have.
const MAX_DIMENSIONS: usize = 16;

/// Largest alignment that a variable may ask for, in bytes.
const MAX_ALIGNMENT: u32 = 1 << 20;

/// All of a declaration that stands before the name.
#[derive(Clone, Copy)]
struct Head {
    space: Space,
    linkage: Option<Linkage>,
    ty: Type,
    vector: Option<VectorWidth>,
    align: Option<u32>,
    ptr: Option<Ptr>,
    managed: bool,
}

impl<'a> Parser<'a> {
    /// The number after `.align`.
    pub(super) fn alignment(&mut self) -> Result<u32> {
        let start = self.span();
        let align = self.u32("an alignment")?;
        if !align.is_power_of_two() || align > MAX_ALIGNMENT {
            let reason = format!("an alignment must be a power of two up to {MAX_ALIGNMENT}");
            return Err(self.invalid(start.to(self.last_span()), reason));
        }
        Ok(align)
    }

    /// The words after the state space, in any order: type, alignment, vector width, `.ptr`, attributes.
    fn head(&mut self, space: Space, linkage: Option<Linkage>) -> Result<Head> {
        let (mut ty, mut head) = (None, Head { space, linkage, ty: Type::B8, vector: None, align: None, ptr: None, managed: false });
        while let Some(word) = self.peek_word() {
            if word == "align" {
                self.next();
                head.align = Some(self.alignment()?);
            } else if word == "ptr" {
                self.next();
                head.ptr = Some(self.ptr()?);
            } else if word == "attribute" {
                self.next();
                head.managed |= self.attribute()?.0;
            } else if let Some(vector) = VectorWidth::from_word(word).filter(|_| head.vector.is_none()) {
                self.next();
                head.vector = Some(vector);
            } else if let Some(found) = Type::from_word(word).filter(|_| ty.is_none()) {
                self.next();
                ty = Some(found);
            } else {
                return Err(self.unexpected("a type, an alignment or a name"));
            }
        }
        let Some(ty) = ty else { return Err(self.unexpected("a type")) };
        if ty == Type::Pred && space != Space::Reg {
            return Err(self.invalid(self.last_span(), "a variable in memory cannot be a predicate"));
        }
        head.ty = ty;
        Ok(head)
    }

    /// What follows `.ptr`: a space and an alignment, both optional. An alignment may follow a type, too; the one
    /// directly after `.ptr` is that of what is pointed at.
    fn ptr(&mut self) -> Result<Ptr> {
        let space = self.peek_word().and_then(Space::from_word);
        if space.is_some() {
            self.next();
        }
        let align = if self.take_word("align") { Some(self.alignment()?) } else { None };
        Ok(Ptr { space, align })
    }

    /// `(.managed)` or `(.unified(a, b))` after `.attribute`: whether managed, and the unified identifier.
    pub(super) fn attribute(&mut self) -> Result<(bool, Option<(u64, u64)>)> {
        let (mut managed, mut unified) = (false, None);
        self.expect(Kind::ParenOpen, "`(`")?;
        loop {
            if self.take_word("managed") {
                managed = true;
            } else if self.take_word("unified") {
                self.expect(Kind::ParenOpen, "`(`")?;
                let first = self.constant_i64()? as u64;
                self.expect(Kind::Comma, "`,`")?;
                unified = Some((first, self.constant_i64()? as u64));
                self.expect(Kind::ParenClose, "`)`")?;
            } else {
                return Err(self.unexpected("`.managed` or `.unified`"));
            }
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::ParenClose, "`)`")?;
        Ok((managed, unified))
    }

    /// `[n][m]...` after a name; a first dimension that is left out is 0.
    pub(super) fn dimensions(&mut self) -> Result<Vec<u64>> {
        let mut dims = Vec::new();
        while self.peek() == Kind::BracketOpen {
            let start = self.next().span();
            if dims.len() == MAX_DIMENSIONS {
                return Err(self.limit(start, format!("an array has more than {MAX_DIMENSIONS} dimensions")));
            }
            let dim = if self.peek() == Kind::BracketClose { 0 } else { self.constant_i64()? };
            self.expect(Kind::BracketClose, "`]`")?;
            if dim < 0 || dim == 0 && !dims.is_empty() {
                return Err(self.invalid(start.to(self.last_span()), "an array dimension must be positive"));
            }
            dims.push(dim as u64);
        }
        Ok(dims)
    }

    /// One name of a declaration, with its dimensions, as a variable without initialiser.
    fn variable(&mut self, head: Head) -> Result<Variable<'a>> {
        let span = self.span();
        let name = self.expect(Kind::Name, "a variable name")?;
        let dims = self.dimensions()?;
        let owner = (!self.scopes.is_empty()).then_some(self.function_id);
        let Head { space, linkage, ty, vector, align, ptr, managed } = head;
        let variable = Variable { name, linkage, space, ty, vector, align, dims, ptr, init: None, managed, definition: None, owner, span };
        let sized = variable.dims.iter().try_fold(variable.element_bytes(), |size, &dim| size.checked_mul(dim));
        if sized.is_none_or(|size| size > MAX_VARIABLE_BYTES) {
            return Err(self.limit(span, format!("`{}` has more than {MAX_VARIABLE_BYTES} bytes", clip(name))));
        }
        Ok(variable)
    }

    /// Declarations of variables up to the semicolon, with the linkage and space already taken.
    pub(super) fn variables(&mut self, space: Space, linkage: Option<Linkage>, mut done: impl FnMut(&mut Self, VarId)) -> Result<()> {
        let head = self.head(space, linkage)?;
        loop {
            let mut variable = self.variable(head)?;
            if self.take(Kind::Equals) {
                let start = self.span();
                let init = self.initialiser()?;
                self.fit(&mut variable, &init, start.to(self.last_span()))?;
                variable.init = Some(init);
            }
            let id = self.add_variable(variable)?;
            done(self, id);
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::Semicolon, "`,` or `;`")?;
        Ok(())
    }

    /// Enters a variable and declares its name.
    fn add_variable(&mut self, variable: Variable<'a>) -> Result<VarId> {
        let id = VarId(self.module.variables.len() as u32);
        let (name, span) = (variable.name, variable.span);
        match self.declared(name) {
            Some(Name::Var(earlier)) if variable.owner.is_none() => self.merge(earlier, &variable, id)?,
            _ => self.declare(name, span, Name::Var(id))?,
        }
        self.module.variables.push(variable);
        Ok(id)
    }

    /// Declares a name at module scope that is already there: one of both must be `.extern`. The name stands for the
    /// definition from then on.
    fn merge(&mut self, earlier: VarId, variable: &Variable<'a>, id: VarId) -> Result<()> {
        let before = self.module.var(earlier);
        let same = before.space == variable.space && before.ty.bits() == variable.ty.bits();
        match (before.linkage, variable.linkage) {
            (_, Some(Linkage::Extern)) if same => {}
            (Some(Linkage::Extern), _) if same => self.redeclare(variable.name, Name::Var(id)),
            _ => {
                let line = self.module.source.line(before.span);
                return Err(self.invalid(variable.span, format!("`{}` is already declared in line {line}", clip(variable.name))));
            }
        }
        Ok(())
    }

    /// A formal parameter of a function.
    pub(super) fn parameter(&mut self) -> Result<Param> {
        let space = self.peek_word().and_then(Space::from_word);
        match space {
            Some(Space::Param) => {
                self.next();
                let head = self.head(Space::Param, None)?;
                let variable = self.variable(head)?;
                Ok(Param::Var(self.add_variable(variable)?))
            }
            Some(Space::Reg) => {
                self.next();
                let head = self.head(Space::Reg, None)?;
                let span = self.span();
                let name = self.expect(Kind::Name, "a register name")?;
                self.declare(name, span, Name::Unused(head.ty, head.vector))?;
                match self.lookup(name) {
                    Some(Name::Reg(id)) => Ok(Param::Reg(id)),
                    _ => Err(self.undeclared(name, span)),
                }
            }
            _ => Err(self.unexpected("`.param` or `.reg`")),
        }
    }

    /// A parameter of a `.callprototype`, which declares nothing.
    pub(super) fn prototype_parameter(&mut self) -> Result<ProtoParam<'a>> {
        let space = self.peek_word().and_then(Space::from_word);
        let Some(space @ (Space::Param | Space::Reg)) = space else { return Err(self.unexpected("`.param` or `.reg`")) };
        self.next();
        let Head { ty, align, .. } = self.head(space, None)?;
        let name = if self.peek() == Kind::Name { self.expect(Kind::Name, "a name")? } else { "_" };
        let dims = self.dimensions()?;
        Ok(ProtoParam { space, ty, align, dims, name })
    }
}

/// Initialisers.
impl<'a> Parser<'a> {
    fn initialiser(&mut self) -> Result<Init> {
        if !self.take(Kind::BraceOpen) {
            return self.init_value();
        }
        self.nested(|p| {
            let mut list = Vec::new();
            while p.peek() != Kind::BraceClose {
                list.push(p.initialiser()?);
                if !p.take(Kind::Comma) {
                    break;
                }
            }
            p.expect(Kind::BraceClose, "`,` or `}`")?;
            Ok(Init::List(list))
        })
    }

    /// A number, a symbol's address, or `mask(symbol)`.
    fn init_value(&mut self) -> Result<Init> {
        if self.peek() == Kind::Name && self.text() != "WARP_SZ" {
            return self.init_address(None);
        }
        let start = self.span();
        let value = self.constant()?;
        if self.peek() != Kind::ParenOpen {
            return Ok(Init::Imm(value));
        }
        let mask = value.integer().filter(|mask| {
            let shifted = mask.checked_shr(mask.trailing_zeros()).unwrap_or(0);
            mask.trailing_zeros() % 8 == 0 && shifted == 0xff
        });
        let Some(mask) = mask else {
            return Err(self.invalid(start.to(self.last_span()), "a mask must select one byte, such as 0xff00"));
        };
        self.next();
        let address = self.nested(|p| p.init_address(Some(mask)))?;
        self.expect(Kind::ParenClose, "`)`")?;
        Ok(address)
    }

    fn init_address(&mut self, mask: Option<u64>) -> Result<Init> {
        let mut generic = false;
        let mut offset = 0i64;
        let symbol = if self.text() == "generic" && self.peek_second() == Kind::ParenOpen {
            self.next();
            self.next();
            generic = true;
            let symbol = self.symbol()?;
            offset = self.offset()?;
            self.expect(Kind::ParenClose, "`)`")?;
            symbol
        } else {
            self.symbol()?
        };
        offset = offset.wrapping_add(self.offset()?);
        Ok(Init::Address(Box::new(InitAddress { symbol, generic, offset, mask })))
    }

    /// The name of a variable or function.
    pub(super) fn symbol(&mut self) -> Result<Symbol> {
        let span = self.span();
        let name = self.expect(Kind::Name, "the name of a variable or function")?;
        match self.lookup(name) {
            Some(Name::Var(id)) => Ok(Symbol::Var(id)),
            Some(Name::Func(id)) => Ok(Symbol::Func(id)),
            Some(_) => Err(self.invalid(span, format!("`{}` is not a variable or function", clip(name)))),
            None => Err(self.undeclared(name, span)),
        }
    }

    /// `+ n` or `- n` after a symbol or register, or nothing.
    pub(super) fn offset(&mut self) -> Result<i64> {
        match self.peek() {
            Kind::Plus | Kind::Minus => self.constant_i64(),
            _ => Ok(0),
        }
    }

    /// Checks that an initialiser fits its variable, and gives an unsized array its size.
    fn fit(&mut self, variable: &mut Variable<'a>, init: &Init, span: Span) -> Result<()> {
        let name = clip(variable.name);
        if !matches!(variable.space, Space::Global | Space::Const) {
            return Err(self.invalid(span, format!("`{name}` is in `.{}`, which cannot be initialised", variable.space)));
        }
        if variable.linkage == Some(Linkage::Extern) {
            return Err(self.invalid(span, format!("`{name}` is `.extern`, so that it cannot be initialised here")));
        }
        let inner: Vec<u64> = variable.dims.iter().copied().skip(1).collect();
        if let (true, Init::List(list)) = (variable.is_unsized(), init) {
            let elements: u64 = inner.iter().product::<u64>().max(1);
            let nested = list.iter().any(|i| matches!(i, Init::List(_))) || variable.vector.is_none() && inner.is_empty();
            let components = variable.vector.map_or(1, |v| u64::from(v.count()));
            let length = list.len() as u64;
            variable.dims[0] = if nested { length } else { length.div_ceil(elements * components) };
        }
        let mut shape = variable.dims.clone();
        shape.extend(variable.vector.map(|v| u64::from(v.count())));
        if !fits(init, &shape) {
            return Err(self.invalid(span, format!("the initialiser of `{name}` has more values than the variable")));
        }
        Ok(())
    }
}

/// Whether `init` has no more values than an array of this shape, flat or nested in braces.
fn fits(init: &Init, shape: &[u64]) -> bool {
    let Init::List(list) = init else { return true };
    match shape {
        [] => list.len() <= 1 && list.iter().all(|i| fits(i, &[])),
        [first, rest @ ..] => {
            let nested = list.iter().any(|i| matches!(i, Init::List(_)));
            let room = if nested { *first } else { shape.iter().product() };
            list.len() as u64 <= room && list.iter().all(|i| fits(i, rest))
        }
    }
}

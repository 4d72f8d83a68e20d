// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Module scope: header, directives, functions.

use super::scope::{Name, Scope};
use super::*;
use crate::ptx::words::*;

/// The oldest version accepted: 64-bit addresses and the ABI with `.param` calls.
const OLDEST: Version = Version { major: 3, minor: 0 };
/// The newest version accepted.
const NEWEST: Version = Version { major: 8, minor: 7 };
/// Architectures accepted, by number.
const ARCHITECTURES: std::ops::RangeInclusive<u32> = 30..=121;

/// Parameters that one function may have.
const MAX_PARAMETERS: usize = 4096;

impl<'a> Parser<'a> {
    /// The whole unit, up to the end of its text.
    pub(super) fn module(&mut self) {
        let first = (self.module.variables.len() as u32, self.module.functions.len() as u32);
        if let Err(error) = self.header() {
            // Without a version nothing else can be relied on.
            self.report(error);
            return;
        }
        while self.peek() != Kind::End && !self.gave_up() {
            let start = self.at;
            if let Err(error) = self.item() {
                self.report(error);
                self.scopes.clear();
                self.depth = 0;
                self.at = self.at.max(start);
                self.skip_item(start);
            }
        }
        self.resolve(first);
    }

    /// Resolves declarations of the unit to the definitions that it has for them.
    fn resolve(&mut self, first: (u32, u32)) {
        for id in (first.0..self.module.variables.len() as u32).map(VarId) {
            let var = self.module.var(id);
            if let (None, Some(&Name::Var(named))) = (var.owner, self.names.get(var.name)) {
                self.module.variables[id.index()].definition = (named != id).then_some(named);
            }
        }
        for id in (first.1..self.module.functions.len() as u32).map(FuncId) {
            let function = self.module.func(id);
            if let (None, Some(&Name::Func(named))) = (function.definition, self.names.get(function.name)) {
                let definition = self.module.resolve_func(named);
                // What a prototype says of who may see the function holds for it as well.
                let linkage = function.linkage.filter(|l| matches!(l, Linkage::Visible | Linkage::Weak));
                if named != id {
                    let named = &mut self.module.functions[named.index()];
                    named.linkage = named.linkage.or(linkage);
                }
                self.module.functions[id.index()].definition = (named != id).then_some(definition);
            }
        }
    }

    /// Skips what is left of a broken item: to behind the semicolon, or the block in braces, that ends it.
    fn skip_item(&mut self, start: usize) {
        // A function that broke within its body has its brace before the place of the error.
        let before = &self.tokens[start..self.at];
        let count = |kind| before.iter().filter(|t| t.kind == kind).count();
        let mut open = count(Kind::BraceOpen).saturating_sub(count(Kind::BraceClose));
        loop {
            match self.next().kind {
                Kind::End => return,
                Kind::BraceOpen => open += 1,
                Kind::BraceClose => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return;
                    }
                }
                Kind::Semicolon if open == 0 => return,
                _ => {}
            }
        }
    }

    /// `.version`, `.target` and `.address_size`.
    fn header(&mut self) -> Result<()> {
        if !self.take_word("version") {
            return Err(self.unexpected("`.version`"));
        }
        let span = self.span();
        let text = self.expect(Kind::Number, "a version such as `7.8`")?;
        let version =
            text.split_once('.').and_then(|(major, minor)| Some(Version { major: major.parse().ok()?, minor: minor.parse().ok()? }));
        let Some(version) = version else { return Err(self.invalid(span, "a version is two numbers with a dot, such as `7.8`")) };
        if !(OLDEST..=NEWEST).contains(&version) {
            let reason = format!(
                "PTX {}.{} is not supported; {}.{} to {}.{} are",
                version.major, version.minor, OLDEST.major, OLDEST.minor, NEWEST.major, NEWEST.minor
            );
            return Err(self.module.source.error(ErrorKind::Version, span, reason));
        }
        self.module.version = version;
        if !self.take_word("target") {
            return Err(self.unexpected("`.target`"));
        }
        self.module.target = self.target()?;
        if self.take_word("address_size") {
            let span = self.span();
            let bits = self.u32("an address size")?;
            if !matches!(bits, 32 | 64) {
                return Err(self.invalid(span, "an address size is 32 or 64"));
            }
            // One unit with other addresses than 64-bit ones is one too many.
            self.module.address_size = self.module.address_size.min(bits);
        }
        Ok(())
    }

    /// `sm_80, debug` after `.target`.
    fn target(&mut self) -> Result<Target<'a>> {
        let mut target = None;
        let mut options = Vec::new();
        loop {
            let span = self.span();
            let word = self.expect(Kind::Name, "an architecture such as `sm_80`")?;
            let Some(text) = word.strip_prefix("sm_") else {
                options.push(word);
                if !self.take(Kind::Comma) {
                    break;
                }
                continue;
            };
            let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
            let sm = digits.parse().ok().filter(|sm| ARCHITECTURES.contains(sm));
            match (sm, &text[digits.len()..]) {
                (Some(sm), "" | "a" | "f") => target = Some((sm, text[digits.len()..].chars().next())),
                _ => {
                    let reason = format!("`{word}` is not an architecture from sm_{} to sm_{}", ARCHITECTURES.start(), ARCHITECTURES.end());
                    return Err(self.module.source.error(ErrorKind::Version, span, reason));
                }
            }
            if !self.take(Kind::Comma) {
                break;
            }
        }
        let Some((sm, variant)) = target else { return Err(self.invalid(self.last_span(), "no architecture such as `sm_80` is given")) };
        Ok(Target { sm, variant, options })
    }

    /// One thing at module scope.
    fn item(&mut self) -> Result<()> {
        if self.take(Kind::Semicolon) {
            return Ok(());
        }
        let mut linkage = None;
        loop {
            let Some(word) = self.peek_word() else { return Err(self.unexpected("a directive")) };
            if let Some(found) = Linkage::from_word(word) {
                self.next();
                linkage = Some(found);
                continue;
            }
            return match (word, Space::from_word(word)) {
                (_, Some(space @ (Space::Global | Space::Const | Space::Shared | Space::SharedCta | Space::Local | Space::Tex))) => {
                    self.next();
                    // `.tex` is the old spelling of a global texture reference.
                    let space = match space {
                        Space::SharedCta => Space::Shared,
                        Space::Tex => Space::Global,
                        space => space,
                    };
                    self.variables(space, linkage, |p, id| p.module.items.push(Item::Variable(id)))
                }
                ("entry" | "func", _) => {
                    self.next();
                    self.function(word == "entry", linkage)
                }
                _ if linkage.is_some() => Err(self.unexpected("a variable or function")),
                ("file", _) => {
                    self.next();
                    let file = self.file()?;
                    self.module.items.push(Item::File(file));
                    Ok(())
                }
                ("section", _) => {
                    self.next();
                    let name = self.section()?;
                    self.module.items.push(Item::Section(name));
                    Ok(())
                }
                ("pragma", _) => {
                    self.next();
                    let pragmas = self.pragma()?;
                    self.module.items.push(Item::Pragma(pragmas));
                    Ok(())
                }
                ("alias", _) => {
                    self.next();
                    self.alias()
                }
                ("version" | "target" | "address_size", _) => Err(self.invalid(self.span(), format!("`.{word}` is given a second time"))),
                _ => Err(self.invalid(self.span(), format!("`.{word}` is not a directive at module scope"))),
            };
        }
    }

    /// The number of a file among those of all units: those of the first unit keep theirs.
    pub(super) fn file_number(&mut self, number: u32) -> u32 {
        let unit = self.module.source.unit(self.last_span());
        if unit == 0 {
            return number;
        }
        let next = u32::MAX - self.files.len() as u32;
        *self.files.entry((unit, number)).or_insert(next)
    }

    /// `number "name" [, time, size]` after `.file`, with a semicolon or without.
    fn file(&mut self) -> Result<File<'a>> {
        let number = self.u32("a file number")?;
        let number = self.file_number(number);
        let name = self.string()?;
        let mut stamp = None;
        if self.take(Kind::Comma) {
            let time = self.constant_i64()? as u64;
            self.expect(Kind::Comma, "`,`")?;
            stamp = Some((time, self.constant_i64()? as u64));
        }
        self.take(Kind::Semicolon);
        Ok(File { number, name, stamp })
    }

    /// `.name { ... }` after `.section`. Debug data is not used; its tokens are checked.
    fn section(&mut self) -> Result<&'a str> {
        let name = match self.peek() {
            Kind::Word => &self.expect(Kind::Word, "a section name")?[1..],
            _ => self.expect(Kind::Name, "a section name")?,
        };
        self.expect(Kind::BraceOpen, "`{`")?;
        loop {
            match self.peek() {
                Kind::BraceClose => break,
                Kind::Word | Kind::Name | Kind::Number | Kind::Str | Kind::Comma | Kind::Colon | Kind::Plus | Kind::Minus => {}
                _ => return Err(self.unexpected("debug data or `}`")),
            }
            self.next();
        }
        self.expect(Kind::BraceClose, "`}`")?;
        Ok(name)
    }

    /// Strings after `.pragma`.
    pub(super) fn pragma(&mut self) -> Result<Vec<&'a str>> {
        let mut pragmas = vec![self.string()?];
        while self.take(Kind::Comma) {
            pragmas.push(self.string()?);
        }
        self.expect(Kind::Semicolon, "`,` or `;`")?;
        Ok(pragmas)
    }

    /// `name, aliasee;` after `.alias`.
    fn alias(&mut self) -> Result<()> {
        let (alias, span) = self.function_symbol()?;
        self.expect(Kind::Comma, "`,`")?;
        let (target, target_span) = self.function_symbol()?;
        self.expect(Kind::Semicolon, "`;`")?;
        let target = self.module.resolve_func(target);
        if self.module.func(alias).body.is_some() || self.module.func(alias).definition.is_some() {
            return Err(self.invalid(span, "the name of an alias must not have a definition"));
        }
        if self.module.func(target).body.is_none() {
            return Err(self.invalid(target_span, "an alias must stand for a function that is defined before it"));
        }
        self.module.functions[alias.index()].definition = Some(target);
        self.module.items.push(Item::Alias { alias, target });
        Ok(())
    }

    /// The name of a function, and where it stands.
    pub(super) fn function_symbol(&mut self) -> Result<(FuncId, Span)> {
        let span = self.span();
        match self.symbol()? {
            Symbol::Func(id) => Ok((id, span)),
            Symbol::Var(_) => Err(self.invalid(span, "this must be a function")),
        }
    }
}

/// Functions.
impl<'a> Parser<'a> {
    /// A function or its prototype, with `.entry` or `.func` already taken.
    fn function(&mut self, is_entry: bool, linkage: Option<Linkage>) -> Result<()> {
        let id = FuncId(self.module.functions.len() as u32);
        self.loc = None;
        self.function_id = id;
        self.function = Function { is_entry, linkage, ..Function::default() };
        self.scopes.push(Scope::default());
        let mut attributes = Attributes::default();
        while self.take_word("attribute") {
            attributes.unified = self.attribute()?.1;
        }
        if !is_entry && self.peek() == Kind::ParenOpen {
            let returns = self.parameters()?;
            self.function.returns = returns;
        }
        let span = self.span();
        let name = self.expect(Kind::Name, "the name of a function")?;
        self.function.name = name;
        self.function.span = span;
        if self.peek() == Kind::ParenOpen {
            let params = self.parameters()?;
            self.function.params = params;
        }
        self.attributes(&mut attributes)?;
        self.function.attributes = attributes;
        let is_prototype = self.take(Kind::Semicolon);
        if !is_prototype && self.peek() != Kind::BraceOpen {
            return Err(self.unexpected("`{`, `;` or a directive for the function"));
        }
        self.enter(is_prototype)?;
        if !is_prototype {
            let body = self.body()?;
            self.function.body = Some(body);
        }
        self.scopes.clear();
        self.module.functions[id.index()] = std::mem::take(&mut self.function);
        self.module.items.push(Item::Function(id));
        Ok(())
    }

    /// Declares the function's name, so that its own body knows it.
    fn enter(&mut self, is_prototype: bool) -> Result<()> {
        // What calls in the body see before it is complete: the signature.
        let signature = Function { body: (!is_prototype).then(Vec::new), ..self.function.clone() };
        let Function { name, span, .. } = signature;
        match self.names.get(name).copied() {
            None => {}
            Some(Name::Func(earlier)) => {
                let before = self.module.func(earlier);
                let line = || self.module.source.line(before.span);
                let shape = |f: &Function<'_>| (f.is_entry, f.returns.len(), f.params.len());
                if shape(before) != shape(&signature) {
                    return Err(self.invalid(span, format!("`{}` is declared with other parameters in line {}", clip(name), line())));
                }
                if before.body.is_some() && !is_prototype {
                    return Err(self.invalid(span, format!("`{}` is already defined in line {}", clip(name), line())));
                }
            }
            Some(_) => return Err(self.invalid(span, format!("`{}` is already declared as a variable", clip(name)))),
        }
        // A prototype never hides the definition.
        if !is_prototype || !self.names.contains_key(name) {
            self.names.insert(name, Name::Func(self.function_id));
        }
        self.module.functions.push(signature);
        Ok(())
    }

    /// `( parameter, ... )`
    fn parameters(&mut self) -> Result<Vec<Param>> {
        self.expect(Kind::ParenOpen, "`(`")?;
        let mut params = Vec::new();
        if self.take(Kind::ParenClose) {
            return Ok(params);
        }
        loop {
            if params.len() == MAX_PARAMETERS {
                return Err(self.limit(self.span(), format!("a function has more than {MAX_PARAMETERS} parameters")));
            }
            params.push(self.parameter()?);
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::ParenClose, "`,` or `)`")?;
        Ok(params)
    }

    /// Directives between the parameters and the body.
    fn attributes(&mut self, attributes: &mut Attributes<'a>) -> Result<()> {
        while let Some(word) = self.peek_word() {
            let span = self.next().span();
            match word {
                "noreturn" => attributes.noreturn = true,
                "maxntid" => attributes.maxntid = Some(self.dim3(word)?),
                "reqntid" => attributes.reqntid = Some(self.dim3(word)?),
                "minnctapersm" => attributes.minnctapersm = Some(self.u32("`.minnctapersm`")?),
                "maxnctapersm" => attributes.maxnctapersm = Some(self.u32("`.maxnctapersm`")?),
                "maxnreg" => attributes.maxnreg = Some(self.u32("`.maxnreg`")?),
                "explicitcluster" => attributes.explicitcluster = true,
                "reqnctapercluster" => attributes.reqnctapercluster = Some(self.dim3(word)?),
                "maxclusterrank" => attributes.maxclusterrank = Some(self.u32("`.maxclusterrank`")?),
                "blocksareclusters" => attributes.blocksareclusters = true,
                "pragma" => attributes.pragmas.extend(self.pragma()?),
                "abi_preserve" => attributes.abi_preserve[0] = Some(self.u32("`.abi_preserve`")?),
                "abi_preserve_control" => attributes.abi_preserve[1] = Some(self.u32("`.abi_preserve_control`")?),
                _ => return Err(self.invalid(span, format!("`.{word}` is not a directive for a function"))),
            }
        }
        Ok(())
    }

    /// One to three positive numbers; missing ones are 1.
    fn dim3(&mut self, word: &str) -> Result<[u32; 3]> {
        let mut dims = [1; 3];
        for (i, dim) in dims.iter_mut().enumerate() {
            if i > 0 && !self.take(Kind::Comma) {
                break;
            }
            let start = self.span();
            *dim = self.u32(&format!("`.{word}`"))?;
            if *dim == 0 {
                return Err(self.invalid(start, format!("a dimension of `.{word}` must be positive")));
            }
        }
        Ok(dims)
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! From the syntax tree to PTX text: what is printed parses to an equal tree.

use super::ast::*;
use std::fmt::{self, Display, Formatter, Write};

impl Display for Module<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, ".version {}.{}", self.version.major, self.version.minor)?;
        write!(f, ".target sm_{}", self.target.sm)?;
        if let Some(variant) = self.target.variant {
            write!(f, "{variant}")?;
        }
        for option in &self.target.options {
            write!(f, ", {option}")?;
        }
        writeln!(f, "\n.address_size {}", self.address_size)?;
        self.items.iter().try_for_each(|item| self.item(f, item))
    }
}

/// `, ` between things.
fn separated<T>(f: &mut Formatter<'_>, list: &[T], mut each: impl FnMut(&mut Formatter<'_>, &T) -> fmt::Result) -> fmt::Result {
    for (i, x) in list.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        each(f, x)?;
    }
    Ok(())
}

/// An operand or another thing that needs the module and the function for its names.
struct Named<'m, 'a, T> {
    module: &'m Module<'a>,
    function: &'m Function<'a>,
    what: T,
}

impl Module<'_> {
    fn item(&self, f: &mut Formatter<'_>, item: &Item<'_>) -> fmt::Result {
        match item {
            Item::Variable(id) => self.variable(f, *id, true),
            Item::Function(id) => self.function(f, *id),
            Item::File(file) => {
                write!(f, ".file {} \"{}\"", file.number, file.name)?;
                if let Some((time, size)) = file.stamp {
                    write!(f, ", {time}, {size}")?;
                }
                f.write_char('\n')
            }
            Item::Section(name) => writeln!(f, ".section .{name} {{ }}"),
            Item::Pragma(pragmas) => pragma(f, pragmas),
            Item::Alias { alias, target } => writeln!(f, ".alias {}, {};", self.func(*alias).name, self.func(*target).name),
        }
    }

    /// A declaration; as a statement with linkage, initialiser and semicolon, as a parameter without.
    fn variable(&self, f: &mut Formatter<'_>, id: VarId, is_statement: bool) -> fmt::Result {
        let var = self.var(id);
        if let Some(linkage) = var.linkage {
            write!(f, ".{linkage} ")?;
        }
        write!(f, ".{}", var.space)?;
        if let Some(align) = var.align {
            write!(f, " .align {align}")?;
        }
        if var.managed {
            f.write_str(" .attribute(.managed)")?;
        }
        if let Some(vector) = var.vector {
            write!(f, " .{vector}")?;
        }
        write!(f, " .{}", var.ty)?;
        if let Some(ptr) = var.ptr {
            f.write_str(" .ptr")?;
            if let Some(space) = ptr.space {
                write!(f, " .{space}")?;
            }
            if let Some(align) = ptr.align {
                write!(f, " .align {align}")?;
            }
        }
        write!(f, " {}", var.name)?;
        dimensions(f, &var.dims)?;
        if let Some(init) = &var.init {
            f.write_str(" = ")?;
            self.init(f, init)?;
        }
        if is_statement {
            f.write_str(";\n")?;
        }
        Ok(())
    }

    fn init(&self, f: &mut Formatter<'_>, init: &Init) -> fmt::Result {
        match init {
            Init::Imm(imm) => imm.fmt(f),
            Init::List(list) => {
                f.write_char('{')?;
                separated(f, list, |f, init| self.init(f, init))?;
                f.write_char('}')
            }
            Init::Address(address) => {
                if let Some(mask) = address.mask {
                    write!(f, "{mask:#x}(")?;
                }
                let name = self.symbol(address.symbol);
                if address.generic {
                    write!(f, "generic({name})")?;
                } else {
                    f.write_str(name)?;
                }
                offset(f, address.offset)?;
                f.write_str(if address.mask.is_some() { ")" } else { "" })
            }
        }
    }

    fn symbol(&self, symbol: Symbol) -> &str {
        match symbol {
            Symbol::Var(id) => self.var(id).name,
            Symbol::Func(id) => self.func(id).name,
        }
    }

    fn function(&self, f: &mut Formatter<'_>, id: FuncId) -> fmt::Result {
        let function = self.func(id);
        if let Some(linkage) = function.linkage {
            write!(f, ".{linkage} ")?;
        }
        f.write_str(if function.is_entry { ".entry " } else { ".func " })?;
        if let Some((a, b)) = function.attributes.unified {
            write!(f, ".attribute(.unified({a}, {b})) ")?;
        }
        let param = |f: &mut Formatter<'_>, param: &Param| match param {
            Param::Var(id) => self.variable(f, *id, false),
            Param::Reg(id) => {
                let reg = function.reg(*id);
                f.write_str(".reg")?;
                if let Some(vector) = reg.vector {
                    write!(f, " .{vector}")?;
                }
                write!(f, " .{} {}", reg.ty, reg.name)
            }
        };
        if !function.returns.is_empty() {
            f.write_char('(')?;
            separated(f, &function.returns, param)?;
            f.write_str(") ")?;
        }
        write!(f, "{}(", function.name)?;
        separated(f, &function.params, param)?;
        f.write_str(")\n")?;
        function.attributes.fmt(f)?;
        let Some(body) = &function.body else { return f.write_str(";\n") };
        self.block(f, function, body, 0)
    }

    fn block(&self, f: &mut Formatter<'_>, function: &Function<'_>, body: &[Statement<'_>], depth: usize) -> fmt::Result {
        writeln!(f, "{:depth$}{{", "")?;
        for statement in body {
            match statement {
                Statement::Label(id) => {
                    writeln!(f, "{}:", function.labels[id.index()].name)?;
                    continue;
                }
                Statement::Block(body) => {
                    self.block(f, function, body, depth + 1)?;
                    continue;
                }
                _ => write!(f, "{:depth$}\t", "")?,
            }
            match statement {
                Statement::Label(_) | Statement::Block(_) => {}
                Statement::Instruction(what) => writeln!(f, "{};", Named { module: self, function, what })?,
                Statement::Registers(decl) => decl.fmt(f)?,
                Statement::Variable(id) => self.variable(f, *id, true)?,
                Statement::Table(id) => writeln!(f, "{};", Named { module: self, function, what: &function.tables[id.index()] })?,
                Statement::Loc(loc) => loc.fmt(f)?,
                Statement::Pragma(pragmas) => pragma(f, pragmas)?,
            }
        }
        writeln!(f, "{:depth$}}}", "")
    }
}

fn pragma(f: &mut Formatter<'_>, pragmas: &[&str]) -> fmt::Result {
    f.write_str(".pragma ")?;
    separated(f, pragmas, |f, text| write!(f, "\"{text}\""))?;
    f.write_str(";\n")
}

fn dimensions(f: &mut Formatter<'_>, dims: &[u64]) -> fmt::Result {
    dims.iter().try_for_each(|dim| if *dim == 0 { f.write_str("[]") } else { write!(f, "[{dim}]") })
}

fn offset(f: &mut Formatter<'_>, offset: i64) -> fmt::Result {
    if offset == 0 {
        Ok(())
    } else {
        write!(f, "+{offset}")
    }
}

impl Display for Attributes<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut flag = |there: bool, word: &str| if there { writeln!(f, ".{word}") } else { Ok(()) };
        flag(self.noreturn, "noreturn")?;
        flag(self.explicitcluster, "explicitcluster")?;
        flag(self.blocksareclusters, "blocksareclusters")?;
        for (dims, word) in [(self.maxntid, "maxntid"), (self.reqntid, "reqntid"), (self.reqnctapercluster, "reqnctapercluster")] {
            if let Some([x, y, z]) = dims {
                writeln!(f, ".{word} {x}, {y}, {z}")?;
            }
        }
        for (number, word) in [
            (self.minnctapersm, "minnctapersm"),
            (self.maxnctapersm, "maxnctapersm"),
            (self.maxnreg, "maxnreg"),
            (self.maxclusterrank, "maxclusterrank"),
            (self.abi_preserve[0], "abi_preserve"),
            (self.abi_preserve[1], "abi_preserve_control"),
        ] {
            if let Some(number) = number {
                writeln!(f, ".{word} {number}")?;
            }
        }
        self.pragmas.iter().try_for_each(|text| pragma(f, &[text]))
    }
}

impl Display for RegDecl<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(".reg")?;
        if let Some(vector) = self.vector {
            write!(f, " .{vector}")?;
        }
        write!(f, " .{} ", self.ty)?;
        separated(f, &self.names, |f, (name, count)| match count {
            None => f.write_str(name),
            Some(count) => write!(f, "{name}<{count}>"),
        })?;
        f.write_str(";\n")
    }
}

impl Display for Loc<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let line = |l: SourceLine| format!("{} {} {}", l.file, l.line, l.column);
        write!(f, ".loc {}", line(self.line))?;
        if let Some(inlined) = &self.inlined {
            write!(f, ", function_name {}+{}, inlined_at {}", inlined.name, inlined.offset, line(inlined.at))?;
        }
        f.write_char('\n')
    }
}

impl Display for Imm {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Imm::S64(value) => write!(f, "{value}"),
            Imm::U64(value) => write!(f, "{value}U"),
            Imm::F32(bits) => write!(f, "0f{bits:08X}"),
            Imm::F64(bits) => write!(f, "0d{bits:016X}"),
        }
    }
}

impl Display for Modifier<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('.')?;
        match self {
            Modifier::Type(x) => x.fmt(f),
            Modifier::Vector(x) => x.fmt(f),
            Modifier::Space(x) => x.fmt(f),
            Modifier::Rounding(x) => x.fmt(f),
            Modifier::Flag(x) => x.fmt(f),
            Modifier::Half(x) => x.fmt(f),
            Modifier::Cmp(x) => x.fmt(f),
            Modifier::Bool(x) => x.fmt(f),
            Modifier::Atomic(x) => x.fmt(f),
            Modifier::Scope(x) => x.fmt(f),
            Modifier::Level(x) => x.fmt(f),
            Modifier::Semantics(x) => x.fmt(f),
            Modifier::CacheOp(x) => x.fmt(f),
            Modifier::CacheHint(x) => x.fmt(f),
            Modifier::Shfl(x) => x.fmt(f),
            Modifier::Vote(x) => x.fmt(f),
            Modifier::Shf(x) => x.fmt(f),
            Modifier::Clamp(x) => x.fmt(f),
            Modifier::Prmt(x) => x.fmt(f),
            Modifier::Testp(x) => x.fmt(f),
            Modifier::Layout(x) => x.fmt(f),
            Modifier::Shape(x) => x.fmt(f),
            Modifier::Count(x) => x.fmt(f),
            Modifier::Name(x) => f.write_str(x),
        }
    }
}

impl Instruction<'_> {
    /// The opcode with its modifiers, as in `add.rn.f32`.
    pub fn mnemonic(&self) -> String {
        self.modifiers.iter().fold(self.op.name().to_owned(), |text, modifier| text + &modifier.to_string())
    }
}

impl Display for Named<'_, '_, &Instruction<'_>> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let inst = self.what;
        if let Some(guard) = inst.guard {
            write!(f, "@{}{} ", if guard.negated { "!" } else { "" }, self.function.reg(guard.reg).name)?;
        }
        write!(f, "{}", inst.op)?;
        inst.modifiers.iter().try_for_each(|m| m.fmt(f))?;
        if !inst.operands.is_empty() {
            f.write_char(' ')?;
        }
        self.list(f, &inst.operands)
    }
}

impl<T> Named<'_, '_, T> {
    fn list(&self, f: &mut Formatter<'_>, operands: &[Operand]) -> fmt::Result {
        separated(f, operands, |f, operand| self.operand(f, operand))
    }

    fn address(&self, f: &mut Formatter<'_>, address: &Address) -> fmt::Result {
        match address.base {
            AddressBase::Zero => return write!(f, "{}", address.offset),
            AddressBase::Reg(id) => f.write_str(self.function.reg(id).name)?,
            AddressBase::Symbol(symbol) => f.write_str(self.module.symbol(symbol))?,
        }
        offset(f, address.offset)
    }

    fn operand(&self, f: &mut Formatter<'_>, operand: &Operand) -> fmt::Result {
        let reg = |id: RegId| self.function.reg(id).name;
        match operand {
            Operand::Reg(id) => f.write_str(reg(*id)),
            Operand::Component(id, component) => write!(f, "{}.{component}", reg(*id)),
            Operand::Select(id, selector) => write!(f, "{}.{selector}", reg(*id)),
            Operand::Not(id) => write!(f, "!{}", reg(*id)),
            Operand::Neg(operand) => {
                f.write_char('-')?;
                self.operand(f, operand)
            }
            Operand::Special(special) => special.fmt(f),
            Operand::Imm(imm) => imm.fmt(f),
            Operand::Symbol(symbol, bytes) => {
                f.write_str(self.module.symbol(*symbol))?;
                offset(f, *bytes)
            }
            Operand::Address(address) => {
                f.write_char('[')?;
                self.address(f, address)?;
                f.write_char(']')
            }
            Operand::Bracket(list) => {
                f.write_char('[')?;
                separated(f, list, |f, operand| match operand {
                    Operand::Address(address) => self.address(f, address),
                    operand => self.operand(f, operand),
                })?;
                f.write_char(']')
            }
            Operand::Vector(list) => {
                f.write_char('{')?;
                self.list(f, list)?;
                f.write_char('}')
            }
            Operand::Pair(pair) => {
                self.operand(f, &pair.0)?;
                f.write_char('|')?;
                self.operand(f, &pair.1)
            }
            Operand::Sink => f.write_char('_'),
            Operand::Label(id) => f.write_str(self.function.labels[id.index()].name),
            Operand::Table(id) => f.write_str(self.function.tables[id.index()].name),
            Operand::Call(call) => self.call(f, call),
        }
    }

    fn call(&self, f: &mut Formatter<'_>, call: &Call) -> fmt::Result {
        if !call.returns.is_empty() {
            f.write_char('(')?;
            self.list(f, &call.returns)?;
            f.write_str("), ")?;
        }
        match call.target {
            CallTarget::Func(id) => f.write_str(self.module.func(id).name)?,
            CallTarget::Reg(id) => f.write_str(self.function.reg(id).name)?,
        }
        f.write_str(", (")?;
        self.list(f, &call.args)?;
        f.write_char(')')?;
        match call.table {
            Some(id) => write!(f, ", {}", self.function.tables[id.index()].name),
            None => Ok(()),
        }
    }
}

impl Display for Named<'_, '_, &Table<'_>> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.what.name)?;
        match &self.what.kind {
            TableKind::Branch(labels) => {
                f.write_str(".branchtargets ")?;
                separated(f, labels, |f, id| f.write_str(self.function.labels[id.index()].name))
            }
            TableKind::Call(functions) => {
                f.write_str(".calltargets ")?;
                separated(f, functions, |f, id| f.write_str(self.module.func(*id).name))
            }
            TableKind::Prototype(prototype) => prototype.fmt(f),
        }
    }
}

impl Display for Prototype<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let param = |f: &mut Formatter<'_>, param: &ProtoParam<'_>| {
            write!(f, ".{}", param.space)?;
            if let Some(align) = param.align {
                write!(f, " .align {align}")?;
            }
            write!(f, " .{} {}", param.ty, param.name)?;
            dimensions(f, &param.dims)
        };
        f.write_str(".callprototype ")?;
        if !self.returns.is_empty() {
            f.write_char('(')?;
            separated(f, &self.returns, param)?;
            f.write_str(") ")?;
        }
        f.write_str("_ (")?;
        separated(f, &self.params, param)?;
        f.write_char(')')?;
        if self.noreturn {
            f.write_str(" .noreturn")?;
        }
        for (number, word) in self.abi_preserve.iter().zip(["abi_preserve", "abi_preserve_control"]) {
            if let Some(number) = number {
                write!(f, " .{word} {number}")?;
            }
        }
        Ok(())
    }
}

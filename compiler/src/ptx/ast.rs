// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The syntax tree of a PTX module, with every name resolved.
//!
//! A [`Module`] owns *variables* (module scope, function scope and parameters alike) and *functions* in two arenas;
//! a function owns its *registers*, *labels* and the tables that branches and calls may name. Everything refers to
//! them by index: [`VarId`], [`FuncId`], [`RegId`], [`LabelId`], [`TableId`], so that a reader of the tree never looks
//! up a name and nested scopes with equal names need no care. Names are slices of the source.
//!
//! Guarantees of a tree that the parser returned:
//! - every index is in range, every label is defined, a register has an entry only if an instruction mentions it;
//! - every instruction with a row in the opcode table fits one of its forms: modifiers, types, number and kind of
//!   operands (see [`super::opcode`]); opcodes of the table's generic tier are taken as written;
//! - guards and predicate operands are `.pred` registers, other operands are not.
//!
//! Not promised: that a register's type equals the instruction's. PTX in the wild is loose (`.u32` registers in `.s64`
//! conversions); an instruction means what its own types say.

mod instruction;

pub use instruction::*;

use super::source::{Position, Source, Span};
use super::words::*;
use crate::error::{Error, ErrorKind};

/// Declares index types.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// The index, for the arena.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A variable or parameter: index into [`Module::variables`].
    VarId,
    /// A function, entry or prototype: index into [`Module::functions`].
    FuncId,
    /// A register: index into [`Function::registers`].
    RegId,
    /// A label: index into [`Function::labels`].
    LabelId,
    /// A `.branchtargets`, `.calltargets` or `.callprototype` table: index into [`Function::tables`].
    TableId
}

/// A whole PTX module.
#[derive(Debug, Clone, PartialEq)]
pub struct Module<'a> {
    /// The text that this was parsed from.
    pub source: Source<'a>,
    /// `.version`.
    pub version: Version,
    /// `.target`.
    pub target: Target<'a>,
    /// `.address_size` in bits, 32 or 64.
    pub address_size: u32,
    /// What the module consists of, in the order of the source.
    pub items: Vec<Item<'a>>,
    /// Every variable and parameter of the module and its functions.
    pub variables: Vec<Variable<'a>>,
    /// Every function, entry and prototype.
    pub functions: Vec<Function<'a>>,
}

/// `.version major.minor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Before the dot.
    pub major: u32,
    /// After the dot.
    pub minor: u32,
}

/// `.target sm_80, debug`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target<'a> {
    /// The number in `sm_80`.
    pub sm: u32,
    /// The letter in `sm_90a`, if any.
    pub variant: Option<char>,
    /// Options after the architecture: `debug`, `texmode_independent`, ...
    pub options: Vec<&'a str>,
}

/// One thing at module scope.
#[derive(Debug, Clone, PartialEq)]
pub enum Item<'a> {
    /// A variable.
    Variable(VarId),
    /// A function or entry, with or without a body.
    Function(FuncId),
    /// `.file number "name"`, with optional time stamp and size.
    File(File<'a>),
    /// `.section name { ... }`; the contents are checked and dropped.
    Section(&'a str),
    /// `.pragma` strings, as written between the quotes.
    Pragma(Vec<&'a str>),
    /// `.alias name, aliasee;`
    Alias {
        /// The declared name.
        alias: FuncId,
        /// The function it stands for.
        target: FuncId,
    },
}

/// `.file number "name"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File<'a> {
    /// The number that `.loc` uses.
    pub number: u32,
    /// The name as written between the quotes.
    pub name: &'a str,
    /// Time stamp and size in bytes, where given.
    pub stamp: Option<(u64, u64)>,
}

/// A variable in memory, or a parameter. Parameters that are registers are [`Param::Reg`].
#[derive(Debug, Clone, PartialEq)]
pub struct Variable<'a> {
    /// The name.
    pub name: &'a str,
    /// Linkage; `None` is local to the module (or to the function).
    pub linkage: Option<Linkage>,
    /// State space: `Const`, `Global`, `Shared`, `Local` or `Param`.
    pub space: Space,
    /// Type of one element (of one component, for vectors).
    pub ty: Type,
    /// Components of an element, where it is a vector.
    pub vector: Option<VectorWidth>,
    /// `.align` in bytes, a power of two.
    pub align: Option<u32>,
    /// Array dimensions, outermost first; empty for a scalar. The first may be 0: unsized (`extern` arrays, or as many
    /// elements as the initialiser has).
    pub dims: Vec<u64>,
    /// `.ptr` on a kernel parameter.
    pub ptr: Option<Ptr>,
    /// Initialiser.
    pub init: Option<Init>,
    /// `.attribute(.managed)`.
    pub managed: bool,
    /// The definition of which this is a declaration; `None` for a definition, or where the module has none.
    pub definition: Option<VarId>,
    /// The function that it belongs to, as parameter or local variable; `None` at module scope.
    pub owner: Option<FuncId>,
    /// Where the name is declared.
    pub span: Span,
}

/// `.ptr .space .align n`: what a pointer parameter points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ptr {
    /// The space pointed into; `None` is generic.
    pub space: Option<Space>,
    /// The alignment of what is pointed at, in bytes; `None` is PTX's default of 4.
    pub align: Option<u32>,
}

impl Variable<'_> {
    /// Bytes of one element, all vector components included.
    pub fn element_bytes(&self) -> u64 {
        u64::from(self.ty.bytes()) * self.vector.map_or(1, |v| u64::from(v.count()))
    }

    /// Bytes of the whole variable; 0 for an unsized array. The parser has checked that this does not overflow.
    pub fn bytes(&self) -> u64 {
        self.dims.iter().fold(self.element_bytes(), |size, &dim| size.saturating_mul(dim))
    }

    /// Alignment in bytes: `.align`, or the size of an element.
    pub fn alignment(&self) -> u32 {
        self.align.unwrap_or(self.element_bytes() as u32)
    }

    /// Whether the array's size is left to whoever provides it: dynamic shared memory and `extern` arrays.
    pub fn is_unsized(&self) -> bool {
        self.dims.first() == Some(&0)
    }
}

/// An initialiser: missing elements are zero.
#[derive(Debug, Clone, PartialEq)]
pub enum Init {
    /// A number.
    Imm(Imm),
    /// The address of a variable or function. Boxed: long tables of numbers are what initialisers consist of.
    Address(Box<InitAddress>),
    /// A list in braces.
    List(Vec<Init>),
}

/// An address in an initialiser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitAddress {
    /// Whose address.
    pub symbol: Symbol,
    /// `generic(sym)`: the generic address, not the one in the symbol's space.
    pub generic: bool,
    /// Bytes added to it.
    pub offset: i64,
    /// `mask(sym)`: only these bits of the address, shifted down to bit 0.
    pub mask: Option<u64>,
}

/// A name at module or function scope that stands for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// A variable.
    Var(VarId),
    /// A function.
    Func(FuncId),
}

/// A function, an entry, or the prototype of one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Function<'a> {
    /// The name.
    pub name: &'a str,
    /// Whether this is an `.entry`, that is, a kernel.
    pub is_entry: bool,
    /// Linkage; `None` is local to the module.
    pub linkage: Option<Linkage>,
    /// Return parameters (at most one in practice).
    pub returns: Vec<Param>,
    /// Parameters.
    pub params: Vec<Param>,
    /// `.noreturn` and the launch bounds.
    pub attributes: Attributes<'a>,
    /// The statements, or `None` for a prototype.
    pub body: Option<Vec<Statement<'a>>>,
    /// The definition of which this is a prototype; `None` for a definition, or where the module has none.
    pub definition: Option<FuncId>,
    /// The registers that instructions (or parameters) mention.
    pub registers: Vec<Register<'a>>,
    /// The labels.
    pub labels: Vec<Label<'a>>,
    /// The named tables.
    pub tables: Vec<Table<'a>>,
    /// Where the name is.
    pub span: Span,
}

/// A formal parameter or return parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Param {
    /// A variable in `.param` space.
    Var(VarId),
    /// A register (functions only).
    Reg(RegId),
}

/// What may stand between a function's parameters and its body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes<'a> {
    /// `.noreturn`.
    pub noreturn: bool,
    /// `.maxntid`: at most so many threads a block (the product counts); missing dimensions are 1.
    pub maxntid: Option<[u32; 3]>,
    /// `.reqntid`: exactly this block shape.
    pub reqntid: Option<[u32; 3]>,
    /// `.minnctapersm`.
    pub minnctapersm: Option<u32>,
    /// `.maxnctapersm`.
    pub maxnctapersm: Option<u32>,
    /// `.maxnreg`.
    pub maxnreg: Option<u32>,
    /// `.explicitcluster`.
    pub explicitcluster: bool,
    /// `.reqnctapercluster`.
    pub reqnctapercluster: Option<[u32; 3]>,
    /// `.maxclusterrank`.
    pub maxclusterrank: Option<u32>,
    /// `.blocksareclusters`.
    pub blocksareclusters: bool,
    /// `.pragma` strings.
    pub pragmas: Vec<&'a str>,
    /// `.abi_preserve` and `.abi_preserve_control`, in this order.
    pub abi_preserve: [Option<u32>; 2],
    /// `.attribute(.unified(a, b))`.
    pub unified: Option<(u64, u64)>,
}

/// A register that is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register<'a> {
    /// The name as the instructions write it, such as `%r7`.
    pub name: &'a str,
    /// Its declared type.
    pub ty: Type,
    /// Components, where it was declared as a vector.
    pub vector: Option<VectorWidth>,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label<'a> {
    /// The name; nested scopes may each have a label of one name.
    pub name: &'a str,
    /// Where it is defined.
    pub span: Span,
}

/// A named table that an indirect branch or call refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct Table<'a> {
    /// The name.
    pub name: &'a str,
    /// What it holds.
    pub kind: TableKind<'a>,
    /// Where it is defined.
    pub span: Span,
}

/// The kinds of tables.
#[derive(Debug, Clone, PartialEq)]
pub enum TableKind<'a> {
    /// `.branchtargets`: where a `brx.idx` may go, by index.
    Branch(Vec<LabelId>),
    /// `.calltargets`: which functions an indirect call may reach.
    Call(Vec<FuncId>),
    /// `.callprototype`: the signature of an indirect call.
    Prototype(Prototype<'a>),
}

/// The signature in a `.callprototype`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prototype<'a> {
    /// Return parameters.
    pub returns: Vec<ProtoParam<'a>>,
    /// Parameters.
    pub params: Vec<ProtoParam<'a>>,
    /// `.noreturn`.
    pub noreturn: bool,
    /// `.abi_preserve` and `.abi_preserve_control`, in this order.
    pub abi_preserve: [Option<u32>; 2],
}

/// A parameter in a `.callprototype`: it has a shape, but is no variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtoParam<'a> {
    /// `Param` or `Reg`.
    pub space: Space,
    /// Type of an element.
    pub ty: Type,
    /// `.align` in bytes.
    pub align: Option<u32>,
    /// Array dimensions, outermost first.
    pub dims: Vec<u64>,
    /// The name, usually `_`.
    pub name: &'a str,
}

/// One thing in a function's body.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement<'a> {
    /// `name:`. The label of a table is no statement of its own.
    Label(LabelId),
    /// An instruction.
    Instruction(Instruction<'a>),
    /// `{ ... }`: a scope for names; control flow does not see it.
    Block(Vec<Statement<'a>>),
    /// `.reg` with all that it declares, used or not.
    Registers(RegDecl<'a>),
    /// A variable: `.shared`, `.local`, `.param`, and `.global` or `.const` declared within a function.
    Variable(VarId),
    /// A `.branchtargets`, `.calltargets` or `.callprototype`.
    Table(TableId),
    /// `.loc`. Instructions carry the one that holds for them in [`Instruction::loc`].
    Loc(Loc<'a>),
    /// `.pragma` strings.
    Pragma(Vec<&'a str>),
}

/// `.reg .type name, name<n>, ...;`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegDecl<'a> {
    /// Type of a register.
    pub ty: Type,
    /// Components, where they are vectors.
    pub vector: Option<VectorWidth>,
    /// Names; `Some(n)` declares `name0` to `name{n-1}`.
    pub names: Vec<(&'a str, Option<u32>)>,
}

/// `.loc file line column`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loc<'a> {
    /// The line in the user's source.
    pub line: SourceLine,
    /// `function_name label, inlined_at file line column`: for a line of an inlined function.
    pub inlined: Option<Inlined<'a>>,
}

/// A line of the user's source program, by `.file` number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SourceLine {
    /// Number of the `.file`.
    pub file: u32,
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

/// Where the function of a `.loc` was inlined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inlined<'a> {
    /// The label of the function's name in the debug strings.
    pub name: &'a str,
    /// Bytes added to that label.
    pub offset: u64,
    /// The line of the call.
    pub at: SourceLine,
}

impl<'a> Module<'a> {
    /// The variable that `id` stands for: its definition, where `id` is a declaration that the module itself satisfies.
    pub fn resolve_var(&self, id: VarId) -> VarId {
        self.var(id).definition.unwrap_or(id)
    }

    /// The function that `id` stands for: its definition, where `id` is a prototype that the module itself satisfies.
    pub fn resolve_func(&self, id: FuncId) -> FuncId {
        self.func(id).definition.unwrap_or(id)
    }

    /// The variable `id`.
    pub fn var(&self, id: VarId) -> &Variable<'a> {
        &self.variables[id.index()]
    }

    /// The function `id`.
    pub fn func(&self, id: FuncId) -> &Function<'a> {
        &self.functions[id.index()]
    }

    /// The kernels that have a body, in the order of the source.
    pub fn entries(&self) -> impl Iterator<Item = &Function<'a>> {
        self.functions.iter().filter(|f| f.is_entry && f.body.is_some())
    }

    /// Line and column of the start of `span`.
    pub fn position(&self, span: Span) -> Position {
        self.source.position(span)
    }

    /// An error about `span`, for what the compiler does not do or what makes no sense there.
    pub fn error(&self, kind: ErrorKind, span: Span, reason: impl Into<String>) -> Error {
        self.source.error(kind, span, reason)
    }
}

impl Function<'_> {
    /// The register `id`.
    pub fn reg(&self, id: RegId) -> &Register<'_> {
        &self.registers[id.index()]
    }
}

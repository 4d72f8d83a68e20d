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

use super::opcode::Opcode;
use super::source::{Position, Source, Span};
use super::special::Special;
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

/// An instruction.
#[derive(Debug, Clone, PartialEq)]
pub struct Instruction<'a> {
    /// `@p` or `@!p`.
    pub guard: Option<Guard>,
    /// What it does.
    pub op: Opcode,
    /// Modifiers and types in the order of the source. Read them through the accessors.
    pub modifiers: Vec<Modifier<'a>>,
    /// Operands, destination first.
    pub operands: Vec<Operand>,
    /// From the opcode to the last operand.
    pub span: Span,
    /// The `.loc` that holds for it.
    pub loc: Option<SourceLine>,
}

/// `@p` or `@!p`: the instruction has an effect only in lanes where the predicate is true (or false).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// The predicate.
    pub reg: RegId,
    /// `@!p`.
    pub negated: bool,
}

/// One `.word` of an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // Each variant is documented by the vocabulary that it wraps.
pub enum Modifier<'a> {
    Type(Type),
    Vector(VectorWidth),
    Space(Space),
    Rounding(Rounding),
    Flag(Flag),
    Half(Half),
    Cmp(Cmp),
    Bool(BoolOp),
    Atomic(AtomicOp),
    Scope(Scope),
    Level(Level),
    Semantics(Semantics),
    CacheOp(CacheOp),
    CacheHint(CacheHint),
    Shfl(ShflMode),
    Vote(VoteMode),
    Shf(ShfDirection),
    Clamp(ClampMode),
    Prmt(PrmtMode),
    Testp(TestpOp),
    Layout(Layout),
    Shape(Shape),
    Count(Count),
    /// A word of an opcode of the generic tier, without the dot.
    Name(&'a str),
}

/// Declares an accessor for each vocabulary.
macro_rules! accessors {
    ($($(#[$meta:meta])* $name:ident: $variant:ident($ty:ty);)*) => {$(
        $(#[$meta])*
        pub fn $name(&self) -> Option<$ty> {
            self.modifiers.iter().find_map(|m| match m { Modifier::$variant(x) => Some(*x), _ => None })
        }
    )*};
}

impl<'a> Instruction<'a> {
    accessors! {
        /// The first (for most instructions the only) type.
        ty: Type(Type);
        /// Vector width.
        vector: Vector(VectorWidth);
        /// State space.
        space: Space(Space);
        /// Rounding.
        rounding: Rounding(Rounding);
        /// Half of a product.
        half: Half(Half);
        /// Comparison.
        cmp: Cmp(Cmp);
        /// Boolean operation.
        bool_op: Bool(BoolOp);
        /// Atomic operation.
        atomic_op: Atomic(AtomicOp);
        /// Scope.
        scope: Scope(Scope);
        /// Level of a `membar`.
        level: Level(Level);
        /// Memory semantics.
        semantics: Semantics(Semantics);
        /// Cache operator.
        cache_op: CacheOp(CacheOp);
        /// How `shfl` picks its lane.
        shfl_mode: Shfl(ShflMode);
        /// What `vote` and `match` compute.
        vote_mode: Vote(VoteMode);
        /// Direction of `shf`.
        shf_direction: Shf(ShfDirection);
        /// What happens to an amount that is too large.
        clamp_mode: Clamp(ClampMode);
        /// Special mode of `prmt`.
        prmt_mode: Prmt(PrmtMode);
        /// What `testp` tests.
        testp_op: Testp(TestpOp);
        /// Matrix shape.
        shape: Shape(Shape);
        /// Number of matrices.
        count: Count(Count);
    }

    /// Whether the modifier is there.
    pub fn has(&self, flag: Flag) -> bool {
        self.modifiers.contains(&Modifier::Flag(flag))
    }

    /// All types, in order.
    pub fn types(&self) -> impl Iterator<Item = Type> + '_ {
        self.modifiers.iter().filter_map(|m| match m {
            Modifier::Type(ty) => Some(*ty),
            _ => None,
        })
    }

    /// The `n`-th type, from 0.
    pub fn type_at(&self, n: usize) -> Option<Type> {
        self.types().nth(n)
    }

    /// All matrix layouts, in order.
    pub fn layouts(&self) -> impl Iterator<Item = Layout> + '_ {
        self.modifiers.iter().filter_map(|m| match m {
            Modifier::Layout(layout) => Some(*layout),
            _ => None,
        })
    }
}

/// An operand.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A register.
    Reg(RegId),
    /// One component of a vector register, or of a register that an instruction reads in parts.
    Component(RegId, Component),
    /// A byte or half of a register, in a video instruction.
    Select(RegId, Selector),
    /// `!p`
    Not(RegId),
    /// `-r` or `-r.b0`, in an instruction of the generic tier.
    Neg(Box<Operand>),
    /// A special register.
    Special(Special),
    /// A number.
    Imm(Imm),
    /// The address of a variable or function, in its space, plus a number of bytes.
    Symbol(Symbol, i64),
    /// `[...]`
    Address(Address),
    /// `[a, {x, y}, ...]`: an address with coordinates, in instructions of the generic tier. The first is an
    /// [`Operand::Address`].
    Bracket(Vec<Operand>),
    /// `{a, b, ...}`
    Vector(Vec<Operand>),
    /// `p|q`: two results. A `_` in place of one is [`Operand::Sink`].
    Pair(Box<(Operand, Operand)>),
    /// `_`: a result that nobody wants.
    Sink,
    /// A label.
    Label(LabelId),
    /// A table of labels, functions, or a prototype.
    Table(TableId),
    /// All that stands behind a `call`.
    Call(Box<Call>),
}

/// The operands of a `call`.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Variables in `.param` space, or registers, that receive the results.
    pub returns: Vec<Operand>,
    /// What is called.
    pub target: CallTarget,
    /// Variables in `.param` space, registers or numbers.
    pub args: Vec<Operand>,
    /// For an indirect call: its prototype or its targets.
    pub table: Option<TableId>,
}

/// What a `call` calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallTarget {
    /// A function by name. Follow [`Function::definition`] from here.
    Func(FuncId),
    /// The address in a register.
    Reg(RegId),
}

/// `[base + offset]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// What the offset is added to.
    pub base: AddressBase,
    /// Bytes.
    pub offset: i64,
}

/// The base of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressBase {
    /// A register.
    Reg(RegId),
    /// A variable or function.
    Symbol(Symbol),
    /// Nothing: the offset is the address.
    Zero,
}

/// A number as written. Floats are kept as bits, so that NaNs compare and print as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Imm {
    /// A signed integer.
    S64(i64),
    /// An unsigned integer: a `U` suffix, or too large for the signed one.
    U64(u64),
    /// `0f`: the bits of an f32.
    F32(u32),
    /// `0d` or a decimal fraction: the bits of an f64.
    F64(u64),
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

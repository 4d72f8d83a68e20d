// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Instructions: modifiers and operands.

use super::{FuncId, LabelId, RegId, SourceLine, Symbol, TableId};
use crate::ptx::opcode::Opcode;
use crate::ptx::source::Span;
use crate::ptx::special::Special;
use crate::ptx::words::*;

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
    /// A function by name. Follow `Function::definition` from here.
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

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The table of opcodes: every instruction that PTX has, with the forms that the front end accepts.
//!
//! A *form* names the modifiers that must be there, those that may, the types in their order, and the operands. An
//! opcode may have several forms; an instruction is right if one of them fits. The order of modifiers does not matter,
//! as it does not to the assemblers that compilers are tested with. Opcodes without forms are *generic*: their words
//! and operands are kept as written, so that whoever lowers them (or refuses to) sees all of it.
//!
//! Operand patterns are words of
//!
//! | word | operand |
//! |---|---|
//! | `d` | a register that is written, or `_`; a predicate where the type is `.pred` |
//! | `D` | the same, or a vector of them |
//! | `S` | a register that is written, alone or with a predicate: `d\|p` |
//! | `p` | a predicate that is written, or `_` |
//! | `P` | the same, or a pair `p\|q` |
//! | `a` | a value: register, number, special register, address of a symbol; a predicate where the type is `.pred` |
//! | `A` | the same, or a vector of them |
//! | `x` | a value or a predicate |
//! | `q` | a predicate, possibly negated, or a number |
//! | `V` | a vector of registers, or one register |
//! | `m` | an address in brackets |
//! | `l` | a label |
//! | `t` | a table of labels |
//! | `c` | the operands of a call |
//!
//! and `?` before a word makes that operand and all after it optional. After the letter may stand how wide a register
//! must be, where it is not as wide as the first type:
//!
//! | mark | width |
//! |---|---|
//! | `2` | that of the second type |
//! | `w` | twice that of the first type |
//! | `b` | 32 bits |
//! | `l` | 64 bits |
//! | `+` | at least that of the first type |
//! | `>` | at least that of the second type |
//! | `*` | any |
//!
//! Loads, stores and conversions take wider registers than their types, as the PTX ISA has it; all else does not.
//! Signedness and kind of a register's type mean nothing.

use super::ast::Modifier;
use super::words::*;
use std::fmt;
use std::sync::OnceLock;

/// A set of classes of modifiers: a bit for each [`Flag`], and one for each vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classes(pub u64);

impl Classes {
    /// Whether all of `other` is in `self`.
    pub const fn contains(self, other: Classes) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both.
    pub const fn union(self, other: Classes) -> Classes {
        Classes(self.0 | other.0)
    }

    /// What is in `self` but not in `other`.
    pub const fn minus(self, other: Classes) -> Classes {
        Classes(self.0 & !other.0)
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A set of types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Types(pub u64);

impl Types {
    /// Whether `ty` is in it.
    pub const fn contains(self, ty: Type) -> bool {
        self.0 >> ty as u64 & 1 != 0
    }
}

/// One way to write an instruction: see the module's text.
#[derive(Debug)]
pub struct Form {
    /// Classes that must be there.
    pub required: Classes,
    /// Classes that may be there.
    pub optional: Classes,
    /// The types, in order.
    pub types: &'static [Types],
    /// The operands.
    pub operands: &'static str,
}

/// A row of the table.
#[derive(Debug)]
pub struct OpInfo {
    /// The opcode.
    pub op: Opcode,
    /// Its name with dots, such as `cp.async.wait_group`.
    pub name: &'static str,
    /// Its forms; none for generic opcodes.
    pub forms: &'static [Form],
}

const fn flag(f: Flag) -> u64 {
    1 << f as u64
}

/// The bit of each class.
mod class {
    use super::{flag, Flag};
    pub const NONE: u64 = 0;
    pub const FTZ: u64 = flag(Flag::Ftz);
    pub const SAT: u64 = flag(Flag::Sat);
    pub const SATFINITE: u64 = flag(Flag::Satfinite);
    pub const RELU: u64 = flag(Flag::Relu);
    pub const APPROX: u64 = flag(Flag::Approx);
    pub const FULL: u64 = flag(Flag::Full);
    pub const NOFTZ: u64 = flag(Flag::Noftz);
    pub const NAN: u64 = flag(Flag::Nan);
    pub const XORSIGN: u64 = flag(Flag::Xorsign);
    pub const ABS: u64 = flag(Flag::Abs);
    pub const CC: u64 = flag(Flag::Cc);
    pub const UNI: u64 = flag(Flag::Uni);
    pub const SYNC: u64 = flag(Flag::Sync);
    pub const ALIGNED: u64 = flag(Flag::Aligned);
    pub const NC: u64 = flag(Flag::Nc);
    pub const UNIFIED: u64 = flag(Flag::Unified);
    pub const TO: u64 = flag(Flag::To);
    pub const TRANS: u64 = flag(Flag::Trans);
    pub const SHIFTAMT: u64 = flag(Flag::Shiftamt);
    pub const OOB: u64 = flag(Flag::Oob);
    pub const MMIO: u64 = flag(Flag::Mmio);
    pub const TENSORMAP: u64 = flag(Flag::Tensormap);
    pub const VEC: u64 = 1 << 32;
    pub const SPACE: u64 = 1 << 33;
    pub const RND: u64 = 1 << 34;
    pub const HALF: u64 = 1 << 35;
    /// A wide product has a result twice as wide as its operands.
    pub const WIDE: u64 = 1 << 56;
    pub const CMP: u64 = 1 << 36;
    pub const BOOL: u64 = 1 << 37;
    pub const ATOMIC: u64 = 1 << 38;
    /// Compare-and-swap takes an operand more than the other atomics.
    pub const CAS: u64 = 1 << 39;
    pub const SCOPE: u64 = 1 << 40;
    pub const LEVEL: u64 = 1 << 41;
    pub const SEM: u64 = 1 << 42;
    pub const CACHE: u64 = 1 << 43;
    pub const HINT: u64 = 1 << 44;
    pub const SHFL: u64 = 1 << 45;
    pub const VOTE: u64 = 1 << 46;
    /// A ballot gives bits, the other votes a predicate.
    pub const BALLOT: u64 = 1 << 47;
    pub const SHF: u64 = 1 << 48;
    pub const CLAMP: u64 = 1 << 49;
    pub const PRMT: u64 = 1 << 50;
    pub const TESTP: u64 = 1 << 51;
    pub const LAYOUT: u64 = 1 << 52;
    pub const SHAPE: u64 = 1 << 53;
    pub const COUNT: u64 = 1 << 54;
    pub const NAME: u64 = 1 << 55;
}
use class::*;

/// Classes of which an instruction may have several members.
pub const REPEATABLE: Classes = Classes(LAYOUT | BOOL | HINT | SPACE | NAME);

impl Modifier<'_> {
    /// The class that it belongs to; types have none.
    pub const fn class(&self) -> Classes {
        Classes(match self {
            Modifier::Type(_) => NONE,
            Modifier::Vector(_) => VEC,
            Modifier::Space(_) => SPACE,
            Modifier::Rounding(_) => RND,
            Modifier::Flag(f) => flag(*f),
            Modifier::Half(Half::Wide) => WIDE,
            Modifier::Half(_) => HALF,
            Modifier::Cmp(_) => CMP,
            Modifier::Bool(_) => BOOL,
            Modifier::Atomic(AtomicOp::Cas) => CAS,
            Modifier::Atomic(_) => ATOMIC,
            Modifier::Scope(_) => SCOPE,
            Modifier::Level(_) => LEVEL,
            Modifier::Semantics(_) => SEM,
            Modifier::CacheOp(_) => CACHE,
            Modifier::CacheHint(_) => HINT,
            Modifier::Shfl(_) => SHFL,
            Modifier::Vote(VoteMode::Ballot) => BALLOT,
            Modifier::Vote(_) => VOTE,
            Modifier::Shf(_) => SHF,
            Modifier::Clamp(_) => CLAMP,
            Modifier::Prmt(_) => PRMT,
            Modifier::Testp(_) => TESTP,
            Modifier::Layout(_) => LAYOUT,
            Modifier::Shape(_) => SHAPE,
            Modifier::Count(_) => COUNT,
            Modifier::Name(_) => NAME,
        })
    }
}

/// The modifier that `word` (without the dot) is to an opcode that accepts `classes`.
pub fn modifier_from_word(word: &str, classes: Classes) -> Option<Modifier<'static>> {
    if let Some(ty) = Type::from_word(word) {
        return Some(Modifier::Type(ty));
    }
    let accepted = |m: &Modifier<'static>| classes.contains(m.class());
    /// Tries the vocabularies one after the other, but only those that the opcode has at all.
    macro_rules! first_of {
        ($($bits:expr => $variant:ident($ty:ident);)*) => {
            $(if classes.0 & ($bits) != 0 {
                if let Some(m) = $ty::from_word(word).map(Modifier::$variant).filter(accepted) {
                    return Some(m);
                }
            })*
        };
    }
    first_of! {
        u64::from(u32::MAX) => Flag(Flag);
        SPACE => Space(Space);
        RND => Rounding(Rounding);
        HALF | WIDE => Half(Half);
        CMP => Cmp(Cmp);
        VEC => Vector(VectorWidth);
        SEM => Semantics(Semantics);
        SCOPE => Scope(Scope);
        BOOL => Bool(BoolOp);
        ATOMIC | CAS => Atomic(AtomicOp);
        LEVEL => Level(Level);
        CACHE => CacheOp(CacheOp);
        HINT => CacheHint(CacheHint);
        SHFL => Shfl(ShflMode);
        VOTE | BALLOT => Vote(VoteMode);
        SHF => Shf(ShfDirection);
        CLAMP => Clamp(ClampMode);
        PRMT => Prmt(PrmtMode);
        TESTP => Testp(TestpOp);
        LAYOUT => Layout(Layout);
        SHAPE => Shape(Shape);
        COUNT => Count(Count);
    }
    None
}

/// A set of types from their names and from other sets.
macro_rules! types {
    ($($ty:ident)* $(, $set:expr)*) => { Types(0 $(| 1 << Type::$ty as u64)* $(| $set.0)*) };
}

const S_ALL: Types = types!(S16 S32 S64);
const I_32_64: Types = types!(U32 U64 S32 S64);
const I_ALL: Types = types!(U16 S16, I_32_64);
const I_16_32: Types = types!(U16 S16 U32 S32);
const I_PACKED: Types = types!(U16x2 S16x2);
const I32: Types = types!(U32 S32);
const B_32_64: Types = types!(B32 B64);
const B_ALL: Types = types!(B16, B_32_64);
const HALVES: Types = types!(F16 F16x2 Bf16 Bf16x2);
const F32_SORTS: Types = types!(F32 F32x2, HALVES);
const F32: Types = types!(F32);
const F64: Types = types!(F64);
const B32: Types = types!(B32);
const PRED: Types = types!(Pred);
const U32_OR_U64: Types = types!(U32 U64);
/// What a register can hold.
const VALUES: Types = types!(F16 F16x2 Bf16 Bf16x2 F32 F64, B_ALL, I_ALL);
const MOVED: Types = types!(Pred B128 F32x2, VALUES);
const LOADED: Types = types!(B8 U8 S8 B128 F32x2, VALUES);
const CONVERTED: Types = types!(B8 U8 S8 Tf32 E4m3 E5m2 E4m3x2 E5m2x2 E3m2x2 E2m3x2 E2m1x2 E4m3x4 E5m2x4 E3m2x4 E2m3x4
    E2m1x4 Ue8m0x2, VALUES);
const ATOMS: Types = types!(B128 U16 S16 F32x2, VALUES);
const SET_RESULT: Types = types!(U32 S32 U16 S16 F32, HALVES);
const MATRIX: Types = types!(F16 Bf16 Tf32 F32 F64 U8 S8 U4 S4 B1 S32 E4m3 E5m2 E3m2 E2m3 E2m1);

const fn form(required: u64, optional: u64, types: &'static [Types], operands: &'static str) -> Form {
    Form { required: Classes(required), optional: Classes(optional), types, operands }
}

/// Declares the enum of opcodes and the table beside it.
macro_rules! opcodes {
    ($($op:ident $name:literal [$(($required:expr; $optional:expr; [$($types:expr),*]; $operands:literal))*])*) => {
        /// An opcode: the words of an instruction's name that select what it does, without those that modify it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Opcode { $(#[doc = concat!("`", $name, "`")] $op,)* }

        impl Opcode {
            /// The table, in the order of the enum.
            pub const TABLE: &'static [OpInfo] = &[
                $(OpInfo {
                    op: Opcode::$op,
                    name: $name,
                    forms: &[$(form($required, $optional, &[$($types),*], $operands)),*],
                },)*
            ];
        }
    };
}

const MEM: u64 = SPACE | SEM | SCOPE | VEC | CACHE | HINT;
const FROUND: u64 = RND | FTZ | SAT;

opcodes! {
    // Integer and floating-point arithmetic.
    Add "add" [
        (NONE; SAT | CC; [types!(, I_ALL, I_PACKED)]; "d a a")
        (NONE; FROUND; [F32_SORTS]; "d a a")
        (NONE; RND; [F64]; "d a a")
        (NONE; RND | SAT; [F32, types!(F16 Bf16)]; "d a2 a")
    ]
    Sub "sub" [
        (NONE; SAT | CC; [I_ALL]; "d a a")
        (NONE; FROUND; [F32_SORTS]; "d a a")
        (NONE; RND; [F64]; "d a a")
        (NONE; RND | SAT; [F32, types!(F16 Bf16)]; "d a2 a")
    ]
    Mul "mul" [
        (HALF; NONE; [I_ALL]; "d a a")
        (WIDE; NONE; [I_16_32]; "dw a a")
        (NONE; FROUND; [F32_SORTS]; "d a a")
        (NONE; RND; [F64]; "d a a")
    ]
    Mad "mad" [
        (HALF; SAT | CC; [I_ALL]; "d a a a")
        (WIDE; NONE; [I_16_32]; "dw a a aw")
        (NONE; FROUND; [F32]; "d a a a")
        (NONE; RND; [F64]; "d a a a")
    ]
    Fma "fma" [
        (RND; FTZ | SAT | RELU | OOB; [F32_SORTS]; "d a a a")
        (RND; NONE; [F64]; "d a a a")
        (RND; SAT; [F32, types!(F16 Bf16)]; "d a2 a2 a")
    ]
    Addc "addc" [(NONE; CC; [I_32_64]; "d a a")]
    Subc "subc" [(NONE; CC; [I_32_64]; "d a a")]
    Madc "madc" [(HALF; CC; [I_32_64]; "d a a a")]
    Mul24 "mul24" [(HALF; NONE; [I32]; "d a a")]
    Mad24 "mad24" [(HALF; SAT; [I32]; "d a a a")]
    Sad "sad" [(NONE; NONE; [I_ALL]; "d a a a")]
    Div "div" [
        (NONE; NONE; [I_ALL]; "d a a")
        (APPROX; FTZ; [F32]; "d a a")
        (FULL; FTZ; [F32]; "d a a")
        (RND; FTZ; [F32]; "d a a")
        (RND; NONE; [F64]; "d a a")
    ]
    Rem "rem" [(NONE; NONE; [I_ALL]; "d a a")]
    Abs "abs" [
        (NONE; NONE; [types!(F64, S_ALL)]; "d a")
        (NONE; FTZ; [F32_SORTS]; "d a")
    ]
    Neg "neg" [
        (NONE; NONE; [types!(F64, S_ALL)]; "d a")
        (NONE; FTZ; [F32_SORTS]; "d a")
    ]
    Min "min" [
        (NONE; RELU; [types!(, I_ALL, I_PACKED)]; "d a a")
        (NONE; FTZ | NAN | XORSIGN | ABS; [F32_SORTS]; "d a a ?a")
        (NONE; NONE; [F64]; "d a a")
    ]
    Max "max" [
        (NONE; RELU; [types!(, I_ALL, I_PACKED)]; "d a a")
        (NONE; FTZ | NAN | XORSIGN | ABS; [F32_SORTS]; "d a a ?a")
        (NONE; NONE; [F64]; "d a a")
    ]
    Rcp "rcp" [
        (APPROX; FTZ; [types!(F32 F64)]; "d a")
        (RND; FTZ; [F32]; "d a")
        (RND; NONE; [F64]; "d a")
    ]
    Sqrt "sqrt" [
        (APPROX; FTZ; [F32]; "d a")
        (RND; FTZ; [F32]; "d a")
        (RND; NONE; [F64]; "d a")
    ]
    Rsqrt "rsqrt" [(APPROX; FTZ; [types!(F32 F64)]; "d a")]
    Sin "sin" [(APPROX; FTZ; [F32]; "d a")]
    Cos "cos" [(APPROX; FTZ; [F32]; "d a")]
    Lg2 "lg2" [(APPROX; FTZ; [F32]; "d a")]
    Ex2 "ex2" [(APPROX; FTZ; [types!(F32, HALVES)]; "d a")]
    Tanh "tanh" [(APPROX; NONE; [types!(F32, HALVES)]; "d a")]
    Copysign "copysign" [(NONE; NONE; [types!(F32 F64)]; "d a a")]
    Testp "testp" [(TESTP; NONE; [types!(F32 F64)]; "p a")]
    Dp4a "dp4a" [(NONE; NONE; [I32, I32]; "d a a a")]
    Dp2a "dp2a" [(HALF; NONE; [I32, I32]; "d a a a")]

    // Bits.
    And "and" [(NONE; NONE; [types!(Pred, B_ALL)]; "d a a")]
    Or "or" [(NONE; NONE; [types!(Pred, B_ALL)]; "d a a")]
    Xor "xor" [(NONE; NONE; [types!(Pred, B_ALL)]; "d a a")]
    Not "not" [(NONE; NONE; [types!(Pred, B_ALL)]; "d a")]
    Cnot "cnot" [(NONE; NONE; [B_ALL]; "d a")]
    Shl "shl" [(NONE; NONE; [B_ALL]; "d a ab")]
    Shr "shr" [(NONE; NONE; [types!(, B_ALL, I_ALL)]; "d a ab")]
    Shf "shf" [(SHF | CLAMP; NONE; [B32]; "d a a a")]
    Lop3 "lop3" [
        (NONE; NONE; [B32]; "d a a a a")
        (BOOL; NONE; [B32]; "S a a a a q")
    ]
    Popc "popc" [(NONE; NONE; [B_32_64]; "db a")]
    Clz "clz" [(NONE; NONE; [B_32_64]; "db a")]
    Brev "brev" [(NONE; NONE; [B_32_64]; "d a")]
    Bfind "bfind" [(NONE; SHIFTAMT; [I_32_64]; "db a")]
    Fns "fns" [(NONE; NONE; [B32]; "d a a a")]
    Bfe "bfe" [(NONE; NONE; [I_32_64]; "d a ab ab")]
    Bfi "bfi" [(NONE; NONE; [B_32_64]; "d a a ab ab")]
    Szext "szext" [(CLAMP; NONE; [I32]; "d a a")]
    Bmsk "bmsk" [(CLAMP; NONE; [B32]; "d a a")]
    Prmt "prmt" [(NONE; PRMT; [B32]; "d a a a")]

    // Comparison and selection.
    Set "set" [(CMP; BOOL | FTZ; [SET_RESULT, VALUES]; "d a2 a2 ?q")]
    Setp "setp" [(CMP; BOOL | FTZ; [VALUES]; "P a a ?q")]
    Selp "selp" [(NONE; NONE; [VALUES]; "d a a q")]
    Slct "slct" [(NONE; FTZ; [VALUES, types!(S32 F32)]; "d a a a2")]

    // Moves and conversions.
    Mov "mov" [(NONE; VEC; [MOVED]; "D A")]
    Cvt "cvt" [(NONE; RND | FTZ | SAT | SATFINITE | RELU; [CONVERTED, CONVERTED]; "d+ A> ?a* ?a*")]
    CvtPack "cvt.pack" [
        (SAT; NONE; [types!(U16 S16 U8 S8 U4 S4 U2 S2), types!(S32)]; "db ab ab")
        (SAT; NONE; [types!(U16 S16 U8 S8 U4 S4 U2 S2), types!(S32), B32]; "db ab ab ab")
    ]
    Cvta "cvta" [(SPACE; TO; [U32_OR_U64]; "d a")]
    Isspacep "isspacep" [(SPACE; NONE; []; "p a*")]
    Shfl "shfl" [
        (SHFL | SYNC; NONE; [B32]; "S a a a a")
        (SHFL; NONE; [B32]; "S a a a")
    ]

    // Memory.
    Ld "ld" [(NONE; MEM | NC | UNIFIED | MMIO; [LOADED]; "D+ m ?al")]
    Ldu "ldu" [(NONE; SPACE | VEC; [LOADED]; "D+ m")]
    St "st" [(NONE; MEM | MMIO; [LOADED]; "m A+ ?al")]
    Atom "atom" [
        (ATOMIC; MEM | NOFTZ; [ATOMS]; "D m A ?al")
        (CAS; MEM; [ATOMS]; "d m a a ?al")
    ]
    Red "red" [(ATOMIC; MEM | NOFTZ; [ATOMS]; "m A ?al")]
    Prefetch "prefetch" [
        (HINT; SPACE; []; "m")
        (TENSORMAP; SPACE; []; "m")
    ]
    Prefetchu "prefetchu" [(HINT; NONE; []; "m")]
    Membar "membar" [(LEVEL; NONE; []; "")]
    Fence "fence" [(NONE; SEM | SCOPE; []; "")]
    CpAsync "cp.async" [(CACHE | SPACE; HINT; []; "m m ab ?x* ?al")]
    CpAsyncCommitGroup "cp.async.commit_group" [(NONE; NONE; []; "")]
    CpAsyncWaitGroup "cp.async.wait_group" [(NONE; NONE; []; "ab")]
    CpAsyncWaitAll "cp.async.wait_all" [(NONE; NONE; []; "")]
    Alloca "alloca" [(NONE; NONE; [U32_OR_U64]; "d a ?ab")]
    Stacksave "stacksave" [(NONE; NONE; [U32_OR_U64]; "d")]
    Stackrestore "stackrestore" [(NONE; NONE; [U32_OR_U64]; "a")]

    // Threads together.
    BarSync "bar.sync" [(NONE; NONE; []; "ab ?ab")]
    BarArrive "bar.arrive" [(NONE; NONE; []; "ab ab")]
    BarRed "bar.red" [
        (BOOL; NONE; [types!(Pred U32)]; "d xb q")
        (BOOL; NONE; [types!(Pred U32)]; "d xb xb q")
    ]
    BarWarpSync "bar.warp.sync" [(NONE; NONE; []; "ab")]
    BarrierSync "barrier.sync" [(NONE; ALIGNED; []; "ab ?ab")]
    BarrierArrive "barrier.arrive" [(NONE; ALIGNED; []; "ab ab")]
    BarrierRed "barrier.red" [
        (BOOL; ALIGNED; [types!(Pred U32)]; "d xb q")
        (BOOL; ALIGNED; [types!(Pred U32)]; "d xb xb q")
    ]
    Vote "vote" [
        (VOTE | SYNC; NONE; [PRED]; "p q xb")
        (BALLOT | SYNC; NONE; [B32]; "d q ab")
        (VOTE; NONE; [PRED]; "p q")
        (BALLOT; NONE; [B32]; "d q")
    ]
    Match "match" [(VOTE | SYNC; NONE; [B_32_64]; "Sb a ab")]
    Activemask "activemask" [(NONE; NONE; [B32]; "d")]
    Redux "redux" [(ATOMIC | SYNC; ABS | NAN; [types!(U32 S32 B32 F32)]; "d a a")]

    // Control.
    Bra "bra" [(NONE; UNI; []; "l")]
    BrxIdx "brx.idx" [(NONE; UNI; []; "ab t")]
    Call "call" [(NONE; UNI; []; "c")]
    Ret "ret" [(NONE; UNI; []; "")]
    Exit "exit" [(NONE; NONE; []; "")]
    Trap "trap" [(NONE; NONE; []; "")]
    Brkpt "brkpt" [(NONE; NONE; []; "")]
    Nanosleep "nanosleep" [(NONE; NONE; [types!(U32)]; "a")]
    Pmevent "pmevent" [(NONE; NONE; []; "ab")]

    // Matrices.
    MmaSync "mma.sync" [
        (ALIGNED | SHAPE | LAYOUT; SATFINITE | BOOL; [MATRIX, MATRIX, MATRIX, MATRIX]; "V V V V")
    ]
    Ldmatrix "ldmatrix" [
        (SYNC | ALIGNED | SHAPE | COUNT; TRANS | SPACE; [types!(B16 B8)]; "V m")
        (SYNC | ALIGNED | SHAPE | COUNT; TRANS | SPACE; [types!(B8x16), types!(B6x16P32 B4x16P64)]; "V m")
    ]
    Stmatrix "stmatrix" [(SYNC | ALIGNED | SHAPE | COUNT; TRANS | SPACE; [types!(B16 B8)]; "m V")]
    Movmatrix "movmatrix" [(SYNC | ALIGNED | SHAPE | TRANS; NONE; [types!(B16)]; "d a")]
    WmmaLoadA "wmma.load.a" [(SYNC | ALIGNED | SHAPE | LAYOUT; SPACE; [MATRIX]; "V m ?ab")]
    WmmaLoadB "wmma.load.b" [(SYNC | ALIGNED | SHAPE | LAYOUT; SPACE; [MATRIX]; "V m ?ab")]
    WmmaLoadC "wmma.load.c" [(SYNC | ALIGNED | SHAPE | LAYOUT; SPACE; [MATRIX]; "V m ?ab")]
    WmmaStoreD "wmma.store.d" [(SYNC | ALIGNED | SHAPE | LAYOUT; SPACE; [MATRIX]; "m V ?ab")]
    WmmaMma "wmma.mma" [
        (SYNC | ALIGNED | SHAPE | LAYOUT; SATFINITE | RND; [MATRIX, MATRIX]; "V V V V")
        (SYNC | ALIGNED | SHAPE | LAYOUT; SATFINITE | RND | BOOL; [MATRIX, MATRIX, MATRIX, MATRIX]; "V V V V")
    ]

    // Generic: kept as written.
    MmaBlockScale "mma.sync" []
    CvtScaled "cvt" []
    FenceRestricted "fence" []
    MmaSp "mma.sp" []
    Wgmma "wgmma" []
    Tcgen05 "tcgen05" []
    Mbarrier "mbarrier" []
    Elect "elect" []
    Setmaxnreg "setmaxnreg" []
    Griddepcontrol "griddepcontrol" []
    Clusterlaunchcontrol "clusterlaunchcontrol" []
    BarrierCluster "barrier.cluster" []
    FenceProxy "fence.proxy" []
    FenceMbarrierInit "fence.mbarrier_init" []
    MembarProxy "membar.proxy" []
    CpAsyncBulk "cp.async.bulk" []
    CpAsyncMbarrier "cp.async.mbarrier" []
    CpReduceAsync "cp.reduce.async" []
    StAsync "st.async" []
    StBulk "st.bulk" []
    RedAsync "red.async" []
    Multimem "multimem" []
    Tensormap "tensormap" []
    Applypriority "applypriority" []
    Createpolicy "createpolicy" []
    Discard "discard" []
    Istypep "istypep" []
    Mapa "mapa" []
    Getctarank "getctarank" []
    Tex "tex" []
    Tld4 "tld4" []
    Txq "txq" []
    Suld "suld" []
    Sust "sust" []
    Sured "sured" []
    Suq "suq" []
    Vadd "vadd" []
    Vsub "vsub" []
    Vabsdiff "vabsdiff" []
    Vmin "vmin" []
    Vmax "vmax" []
    Vshl "vshl" []
    Vshr "vshr" []
    Vmad "vmad" []
    Vset "vset" []
    Vadd2 "vadd2" []
    Vsub2 "vsub2" []
    Vavrg2 "vavrg2" []
    Vabsdiff2 "vabsdiff2" []
    Vmin2 "vmin2" []
    Vmax2 "vmax2" []
    Vset2 "vset2" []
    Vadd4 "vadd4" []
    Vsub4 "vsub4" []
    Vavrg4 "vavrg4" []
    Vabsdiff4 "vabsdiff4" []
    Vmin4 "vmin4" []
    Vmax4 "vmax4" []
    Vset4 "vset4" []
}

/// Longer spellings of names in the table.
const ALIASES: &[(&str, Opcode)] = &[
    ("bar.cta.sync", Opcode::BarSync),
    ("bar.cta.arrive", Opcode::BarArrive),
    ("bar.cta.red", Opcode::BarRed),
    ("barrier.cta.sync", Opcode::BarrierSync),
    ("barrier.cta.arrive", Opcode::BarrierArrive),
    ("barrier.cta.red", Opcode::BarrierRed),
];

/// Words that make of an opcode a generic one, wherever they stand among its modifiers.
const GENERIC_WORDS: &[(Opcode, &str, Opcode)] = &[
    (Opcode::MmaSync, "kind::", Opcode::MmaBlockScale),
    (Opcode::Cvt, "scaled::", Opcode::CvtScaled),
    (Opcode::Fence, "sync_restrict::", Opcode::FenceRestricted),
];

impl Opcode {
    /// The generic opcode that the modifiers make of this one, if they do.
    pub fn generic_with<'w>(self, mut words: impl Iterator<Item = &'w str>) -> Option<Self> {
        let &(_, mark, generic) = GENERIC_WORDS.iter().find(|(op, ..)| *op == self)?;
        words.any(|word| word.starts_with(mark)).then_some(generic)
    }

    /// Its row of the table.
    pub fn info(self) -> &'static OpInfo {
        &Self::TABLE[self as usize]
    }

    /// Its name with dots.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// Whether its modifiers and operands are kept as written.
    pub fn is_generic(self) -> bool {
        self.info().forms.is_empty()
    }

    /// All classes of modifiers that some form of it accepts.
    pub fn classes(self) -> Classes {
        let all = self.info().forms.iter().fold(0, |all, f| all | f.required.0 | f.optional.0);
        Classes(all)
    }

    /// Names and opcodes, sorted by name.
    fn index() -> &'static [(&'static str, Opcode)] {
        static INDEX: OnceLock<Vec<(&'static str, Opcode)>> = OnceLock::new();
        INDEX.get_or_init(|| {
            let by_words = |op: Opcode| GENERIC_WORDS.iter().any(|(.., generic)| *generic == op);
            let rows = Self::TABLE.iter().filter(|i| !by_words(i.op)).map(|i| (i.name, i.op));
            let mut names: Vec<_> = rows.chain(ALIASES.iter().copied()).collect();
            names.sort_unstable();
            names
        })
    }

    /// The opcode whose name is the longest prefix of `words` (a name with dots) that ends at a dot or at the end,
    /// with that prefix's length.
    pub fn from_prefix(words: &str) -> Option<(Self, usize)> {
        let index = Self::index();
        let first = words.find('.').unwrap_or(words.len());
        // Names that begin with the same first word lie together, at most a handful of them.
        let from = index.partition_point(|(name, _)| *name < &words[..first]);
        index[from..]
            .iter()
            .take_while(|(name, _)| name.starts_with(&words[..first]))
            .filter(|(name, _)| words.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
            .max_by_key(|(name, _)| name.len())
            .map(|&(name, op)| (op, name.len()))
    }
}

impl fmt::Display for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

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

mod table;

pub use table::Opcode;

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

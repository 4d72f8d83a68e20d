// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The closed vocabularies of PTX: types, state spaces, and every set of suffixes that modify an instruction.
//!
//! A *word* is what follows a dot in `.word`. Each vocabulary is an enum whose variants know their word; the
//! enums carry no meaning beyond the PTX ISA's own.

use std::fmt;

/// Declares enums of words: each variant with its spelling (without the dot).
macro_rules! words {
    ($($(#[$meta:meta])* pub enum $name:ident { $($variant:ident = $word:literal,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $(#[doc = concat!("`.", $word, "`")] $variant,)* }

        impl $name {
            /// Every member, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word, without the dot.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The member spelled `word` (without the dot).
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    )*};
}
pub(crate) use words;

words! {
    /// Types: the fundamental ones, packed and alternate floating-point formats, sub-byte matrix elements, and the
    /// opaque references (PTX ISA, "Types").
    pub enum Type {
        B8 = "b8", B16 = "b16", B32 = "b32", B64 = "b64", B128 = "b128",
        U8 = "u8", U16 = "u16", U32 = "u32", U64 = "u64",
        S8 = "s8", S16 = "s16", S32 = "s32", S64 = "s64",
        F16 = "f16", F32 = "f32", F64 = "f64",
        Bf16 = "bf16", Tf32 = "tf32",
        F16x2 = "f16x2", Bf16x2 = "bf16x2", F32x2 = "f32x2", U16x2 = "u16x2", S16x2 = "s16x2",
        Pred = "pred",
        E4m3 = "e4m3", E5m2 = "e5m2", E3m2 = "e3m2", E2m3 = "e2m3", E2m1 = "e2m1",
        E4m3x2 = "e4m3x2", E5m2x2 = "e5m2x2", E3m2x2 = "e3m2x2", E2m3x2 = "e2m3x2", E2m1x2 = "e2m1x2",
        E4m3x4 = "e4m3x4", E5m2x4 = "e5m2x4", E3m2x4 = "e3m2x4", E2m3x4 = "e2m3x4", E2m1x4 = "e2m1x4",
        Ue8m0 = "ue8m0", Ue8m0x2 = "ue8m0x2", Ue4m3 = "ue4m3",
        B1 = "b1", U4 = "u4", S4 = "s4", U2 = "u2", S2 = "s2",
        B4x16 = "b4x16", B6x16P32 = "b6x16_p32", B6p2x16 = "b6p2x16", B4x16P64 = "b4x16_p64", B8x16 = "b8x16",
        Texref = "texref", Samplerref = "samplerref", Surfref = "surfref",
    }

    /// State spaces. On an address without one the space is generic.
    pub enum Space {
        Reg = "reg", Sreg = "sreg", Const = "const", Global = "global", Local = "local", Param = "param",
        ParamEntry = "param::entry", ParamFunc = "param::func",
        Shared = "shared", SharedCta = "shared::cta", SharedCluster = "shared::cluster", Tex = "tex",
    }

    /// Who may see a symbol.
    pub enum Linkage {
        Extern = "extern", Visible = "visible", Weak = "weak", Common = "common",
    }

    /// Rounding: to nearest even, to nearest away, to zero, down, up, stochastic; the `i` forms round to an integer.
    pub enum Rounding {
        Rn = "rn", Rna = "rna", Rz = "rz", Rm = "rm", Rp = "rp", Rs = "rs",
        Rni = "rni", Rzi = "rzi", Rmi = "rmi", Rpi = "rpi",
    }

    /// Which half of a product: low, high, or all of it in a result twice as wide.
    pub enum Half {
        Lo = "lo", Hi = "hi", Wide = "wide",
    }

    /// Comparison. `lo ls hi hs` are unsigned; the `u` forms, and `num nan`, are about unordered floats.
    pub enum Cmp {
        Eq = "eq", Ne = "ne", Lt = "lt", Le = "le", Gt = "gt", Ge = "ge",
        Lo = "lo", Ls = "ls", Hi = "hi", Hs = "hs",
        Equ = "equ", Neu = "neu", Ltu = "ltu", Leu = "leu", Gtu = "gtu", Geu = "geu",
        Num = "num", Nan = "nan",
    }

    /// An operation on booleans or bits, in `setp`, `set`, `bar.red` and one-bit `mma`.
    pub enum BoolOp {
        And = "and", Or = "or", Xor = "xor", Popc = "popc",
    }

    /// The operation of `atom`, `red`, `redux` and of the second step of the video instructions.
    pub enum AtomicOp {
        Add = "add", Min = "min", Max = "max", And = "and", Or = "or", Xor = "xor",
        Inc = "inc", Dec = "dec", Exch = "exch", Cas = "cas",
    }

    /// The threads that a memory operation is to be seen by.
    pub enum Scope {
        Cta = "cta", Cluster = "cluster", Gpu = "gpu", Sys = "sys",
    }

    /// The level of a `membar`: block, device, system.
    pub enum Level {
        Cta = "cta", Gl = "gl", Sys = "sys",
    }

    /// Memory semantics.
    pub enum Semantics {
        Weak = "weak", Volatile = "volatile", Relaxed = "relaxed", Acquire = "acquire", Release = "release",
        AcqRel = "acq_rel", Sc = "sc",
    }

    /// Vector width of loads, stores, moves and atomics.
    pub enum VectorWidth {
        V2 = "v2", V4 = "v4", V8 = "v8",
    }

    /// Cache operator of a load or store. Hints: none changes what a program computes.
    pub enum CacheOp {
        Ca = "ca", Cg = "cg", Cs = "cs", Lu = "lu", Cv = "cv", Wb = "wb", Wt = "wt",
    }

    /// Eviction priority and prefetch size. Hints: none changes what a program computes.
    pub enum CacheHint {
        L1 = "L1", L2 = "L2", L1EvictNormal = "L1::evict_normal", L1EvictUnchanged = "L1::evict_unchanged",
        L1EvictFirst = "L1::evict_first", L1EvictLast = "L1::evict_last", L1NoAllocate = "L1::no_allocate",
        L2CacheHint = "L2::cache_hint", L2EvictNormal = "L2::evict_normal", L2EvictFirst = "L2::evict_first",
        L2EvictLast = "L2::evict_last", L2EvictUnchanged = "L2::evict_unchanged", L2Prefetch64 = "L2::64B", L2Prefetch128 = "L2::128B",
        L2Prefetch256 = "L2::256B",
    }

    /// How `shfl` picks the lane to read.
    pub enum ShflMode {
        Up = "up", Down = "down", Bfly = "bfly", Idx = "idx",
    }

    /// What `vote` and `match` compute.
    pub enum VoteMode {
        All = "all", Any = "any", Uni = "uni", Ballot = "ballot",
    }

    /// Direction of `shf`.
    pub enum ShfDirection {
        Left = "l", Right = "r",
    }

    /// What a shift, bit-field or surface instruction does with an amount or coordinate that is too large.
    pub enum ClampMode {
        Clamp = "clamp", Wrap = "wrap", Trap = "trap", Zero = "zero",
    }

    /// Special modes of `prmt`.
    pub enum PrmtMode {
        F4e = "f4e", B4e = "b4e", Rc8 = "rc8", Ecl = "ecl", Ecr = "ecr", Rc16 = "rc16",
    }

    /// The property that `testp` tests.
    pub enum TestpOp {
        Finite = "finite", Infinite = "infinite", Number = "number", Notanumber = "notanumber", Normal = "normal",
        Subnormal = "subnormal",
    }

    /// Matrix layout of `mma` and `wmma`.
    pub enum Layout {
        Row = "row", Col = "col",
    }

    /// How many matrices `ldmatrix` and `stmatrix` move.
    pub enum Count {
        X1 = "x1", X2 = "x2", X4 = "x4",
    }

    /// Modifiers that are there or not.
    pub enum Flag {
        Ftz = "ftz", Sat = "sat", Satfinite = "satfinite", Relu = "relu", Approx = "approx", Full = "full",
        Noftz = "noftz", Nan = "NaN", Xorsign = "xorsign", Abs = "abs", Cc = "cc",
        Uni = "uni", Sync = "sync", Aligned = "aligned", Nc = "nc", Unified = "unified", To = "to",
        Trans = "trans", Shiftamt = "shiftamt", Oob = "oob",
        Mmio = "mmio", Tensormap = "tensormap",
    }

    /// The part of a vector register or of a special register.
    pub enum Component {
        X = "x", Y = "y", Z = "z", W = "w",
    }
}

impl Type {
    /// Size in bits. Opaque references are handles of 64 bits; predicates count as 1.
    pub const fn bits(self) -> u32 {
        use Type::*;
        match self {
            Pred | B1 => 1,
            U2 | S2 => 2,
            U4 | S4 | E2m1 => 4,
            E3m2 | E2m3 | B8 | U8 | S8 | E4m3 | E5m2 | E2m1x2 | Ue8m0 | Ue4m3 => 8,
            B16 | U16 | S16 | F16 | Bf16 | E4m3x2 | E5m2x2 | E3m2x2 | E2m3x2 | Ue8m0x2 | E2m1x4 => 16,
            B32 | U32 | S32 | F32 | Tf32 | F16x2 | Bf16x2 | U16x2 | S16x2 => 32,
            E4m3x4 | E5m2x4 | E3m2x4 | E2m3x4 => 32,
            B64 | U64 | S64 | F64 | F32x2 | Texref | Samplerref | Surfref => 64,
            B128 | B4x16 | B6x16P32 | B6p2x16 | B4x16P64 | B8x16 => 128,
        }
    }

    /// Size in bytes in memory, at least 1.
    pub const fn bytes(self) -> u32 {
        self.bits().div_ceil(8)
    }

    /// Whether this is `.sN`.
    pub const fn is_signed(self) -> bool {
        use Type::*;
        matches!(self, S8 | S16 | S32 | S64 | S16x2 | S4 | S2)
    }

    /// Whether this is `.uN` or `.sN` of 8 to 64 bits.
    pub const fn is_integer(self) -> bool {
        use Type::*;
        matches!(self, U8 | U16 | U32 | U64 | S8 | S16 | S32 | S64)
    }

    /// Whether this is an untyped `.bN` of 8 to 128 bits.
    pub const fn is_bits(self) -> bool {
        use Type::*;
        matches!(self, B8 | B16 | B32 | B64 | B128)
    }

    /// Whether this is a scalar or packed floating-point type of at least 16 bits an element.
    pub const fn is_float(self) -> bool {
        use Type::*;
        matches!(self, F16 | F32 | F64 | Bf16 | Tf32 | F16x2 | Bf16x2 | F32x2)
    }
}

/// The bytes or halves of a register that a video instruction reads or writes: `.b0`, `.h1`, `.b3210`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Selector {
    /// Whether the parts are halves rather than bytes.
    pub halves: bool,
    /// How many parts are named, 1 to 4.
    pub count: u8,
    /// Their numbers, 0 to 7, as written, most significant first; the rest is 0.
    pub parts: [u8; 4],
}

impl Selector {
    /// The selector spelled `word`, as in `b0` or `h10`.
    pub fn from_word(word: &str) -> Option<Self> {
        let (halves, digits) = match word.strip_prefix('h') {
            Some(digits) => (true, digits),
            None => (false, word.strip_prefix('b')?),
        };
        let in_range = |d: u8| (b'0'..if halves { b'4' } else { b'8' }).contains(&d);
        let fits = !digits.is_empty() && digits.len() <= if halves { 2 } else { 4 } && digits.bytes().all(in_range);
        fits.then(|| {
            let mut parts = [0; 4];
            digits.bytes().zip(&mut parts).for_each(|(digit, part)| *part = digit - b'0');
            Self { halves, count: digits.len() as u8, parts }
        })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.halves { "h" } else { "b" })?;
        self.parts.iter().take(self.count.into()).try_for_each(|part| write!(f, "{part}"))
    }
}

impl Component {
    /// The component spelled `word`; `.r .g .b .a` are other names of `.x .y .z .w`.
    pub fn from_any_word(word: &str) -> Option<Self> {
        Some(match word {
            "r" => Self::X,
            "g" => Self::Y,
            "b" => Self::Z,
            "a" => Self::W,
            _ => return Self::from_word(word),
        })
    }
}

impl VectorWidth {
    /// Number of elements.
    pub const fn count(self) -> u32 {
        match self {
            Self::V2 => 2,
            Self::V4 => 4,
            Self::V8 => 8,
        }
    }
}

impl Count {
    /// Number of matrices.
    pub const fn count(self) -> u32 {
        match self {
            Self::X1 => 1,
            Self::X2 => 2,
            Self::X4 => 4,
        }
    }
}

/// The shape of a matrix operation: `.m16n8k16`, or `.m8n8` with `k` zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Rows.
    pub m: u16,
    /// Columns.
    pub n: u16,
    /// Inner dimension, or 0 where the word has none.
    pub k: u16,
}

impl Shape {
    /// The shape spelled `word`, as in `m16n8k16` or `m8n8`.
    pub fn from_word(word: &str) -> Option<Self> {
        fn number(text: &mut &str, mark: char) -> Option<u16> {
            let rest = text.strip_prefix(mark)?;
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let value = rest[..digits].parse().ok().filter(|_| !rest.starts_with('0'))?;
            *text = &rest[digits..];
            Some(value)
        }
        let mut text = word;
        let (m, n) = (number(&mut text, 'm')?, number(&mut text, 'n')?);
        let k = if text.is_empty() { 0 } else { number(&mut text, 'k')? };
        text.is_empty().then_some(Self { m, n, k })
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "m{}n{}", self.m, self.n)?;
        if self.k != 0 {
            write!(f, "k{}", self.k)?;
        }
        Ok(())
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The table of operations.

use super::mods::{self as m, Field};
use super::types::Type;

/// Unit that executes an operation; different classes may issue side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Integer, logic, conversion and float arithmetic: scalar unit when the destination is a
    /// scalar or mask register, else vector unit.
    Alu,
    /// Transcendental functions and division.
    Transcendental,
    /// Matrix operations.
    Tensor,
    /// Loads, stores and atomics.
    Memory,
    /// Exchange between lanes and warps.
    Communication,
    /// Branches, calls, ends.
    Control,
}

/// Kinds of operand that a place allows, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds(pub u8);
impl Kinds {
    /// No operand here.
    pub const NONE: Kinds = Kinds(0);
    /// Vector registers.
    pub const V: Kinds = Kinds(1);
    /// Scalar registers.
    pub const S: Kinds = Kinds(2);
    /// Mask registers.
    pub const M: Kinds = Kinds(4);
    /// The immediate.
    pub const I: Kinds = Kinds(8);
    /// Vector or scalar.
    pub const VS: Kinds = Kinds(3);
    /// Vector, scalar or immediate.
    pub const VSI: Kinds = Kinds(11);
    /// Scalar or immediate.
    pub const SI: Kinds = Kinds(10);
    /// Vector, scalar or mask.
    pub const VSM: Kinds = Kinds(7);
    /// Scalar or mask.
    pub const SM: Kinds = Kinds(6);
    /// Any.
    pub const ANY: Kinds = Kinds(15);
    /// Whether the operand exists.
    pub const fn exists(self) -> bool {
        self.0 != 0
    }
    /// Whether all kinds of `other` are allowed.
    pub const fn allows(self, other: Kinds) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What the 32-bit immediate field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imm {
    /// The value of an immediate operand if there is one, else 0.
    Operand,
    /// Signed displacement in bytes, added to the address in `a`.
    Displacement,
    /// Signed distance in bytes from this instruction to the target.
    Target,
}

/// Description of an operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpDesc {
    /// The operation.
    pub op: Op,
    /// Name in assembly text.
    pub name: &'static str,
    /// Executing unit.
    pub class: Class,
    /// Set of allowed types, as [`Type::bit`]s.
    pub types: u32,
    /// Destination.
    pub d: Kinds,
    /// Whether there may be a second destination, a mask register.
    pub d2: bool,
    /// Sources a, b, c, e.
    pub src: [Kinds; 4],
    /// Meaning of the immediate.
    pub imm: Imm,
    /// Modifier fields.
    pub mods: &'static [Field],
    /// Meaning.
    pub doc: &'static str,
}

macro_rules! ops {
    ($( $(#[doc = $doc:literal])+
        $num:literal $op:ident $name:literal $class:ident $types:expr, $d:ident $(| $d2:ident)? <- [$($src:ident),*] $imm:ident [$($mods:ident),*]; )+) => {
        /// Operations.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum Op { $( $(#[doc = $doc])+ $op = $num, )+ }
        /// Descriptions of all operations, in order of their numbers.
        pub static OPS: &[OpDesc] = &[$( OpDesc {
            op: Op::$op,
            name: $name,
            class: Class::$class,
            types: $types,
            d: Kinds::$d,
            d2: false $( | matches!(Kinds::$d2, Kinds::M) )?,
            src: sources(&[$(Kinds::$src),*]),
            imm: Imm::$imm,
            mods: &[$(m::$mods),*],
            doc: concat!($($doc, "\n"),+),
        } ),+];
        impl Op {
            /// The operation with this number.
            pub const fn from_number(n: u16) -> Option<Op> {
                match n { $( $num => Some(Op::$op), )+ _ => None }
            }
        }
    };
}

const fn sources(given: &[Kinds]) -> [Kinds; 4] {
    let mut all = [Kinds::NONE; 4];
    let mut i = 0;
    while i < given.len() {
        all[i] = given[i];
        i += 1;
    }
    all
}

const fn set(types: &[Type]) -> u32 {
    let mut bits = 0;
    let mut i = 0;
    while i < types.len() {
        bits |= types[i].bit();
        i += 1;
    }
    bits
}

const NO: u32 = set(&[Type::None]);
const B: u32 = set(&[Type::B8, Type::B16, Type::B32, Type::B64]);
const B1: u32 = set(&[Type::B16, Type::B32, Type::B64]);
const B16: u32 = set(&[Type::B16]);
const B32: u32 = set(&[Type::B32]);
const B64: u32 = set(&[Type::B64]);
const B32_64: u32 = set(&[Type::B32, Type::B64]);
const SHIFTS: u32 = set(&[Type::B16, Type::B32, Type::B64, Type::U16, Type::U32, Type::U64, Type::S16, Type::S32, Type::S64]);
const INT: u32 = set(&[Type::U16, Type::U32, Type::U64, Type::S16, Type::S32, Type::S64]);
const INT32: u32 = set(&[Type::U32, Type::S32]);
const INT32_64: u32 = set(&[Type::U32, Type::S32, Type::U64, Type::S64]);
const SINT: u32 = set(&[Type::S16, Type::S32, Type::S64]);
const HALVES: u32 = set(&[Type::F16, Type::BF16, Type::F16x2, Type::BF16x2]);
const F32: u32 = set(&[Type::F32]);
const F32_64: u32 = set(&[Type::F32, Type::F64]);
const FLOAT: u32 = F32_64 | HALVES;
const SCALAR_FLOAT: u32 = set(&[Type::F16, Type::BF16, Type::F32, Type::F64]);
const MEMORY: u32 = set(&[
    Type::B8,
    Type::B16,
    Type::B32,
    Type::B64,
    Type::U8,
    Type::U16,
    Type::U32,
    Type::U64,
    Type::S8,
    Type::S16,
    Type::S32,
    Type::S64,
    Type::F16,
    Type::BF16,
    Type::F32,
    Type::F64,
]);
const MATRIX: u32 = set(&[Type::F16, Type::F32, Type::F64, Type::S32]);
const ATOMIC: u32 = set(&[Type::B32, Type::B64, Type::U32, Type::U64, Type::S32, Type::S64]) | FLOAT;

ops! {
    /// Does nothing.
    0x000 Nop "nop" Control NO, NONE <- [] Operand [];

    /// d = a. With a destination in m or a source in m: see the module's rules on masks. The
    /// b64 form with an immediate carries 64 bits.
    0x010 Mov "mov" Alu B, VSM <- [ANY] Operand [];
    /// d = c ? a : b, c a mask (each lane its bit) or a scalar (low 32 bits not 0).
    0x011 Sel "sel" Alu B, VS <- [VSI, VSI, SM] Operand [];
    /// d = a converted from `from` to the type: PTX cvt. Float to integer clamps to the range,
    /// rounding by `round` where the default is to nearest even; a NaN becomes 0, but from f64 or to
    /// 64 bits the number of which only the highest bit is set. Integer to float and float to a float
    /// with less precision or range round by `round`; integer to narrower integer truncates, with
    /// `sat` clamps. Bit types count as unsigned. f16x2 and bf16x2 from f32: a is the upper, b the
    /// lower half (otherwise b is ignored). tf32 from f32 takes rna, rz or the default. e4m3 and e5m2
    /// from f32, f16 and bf16 take `satfinite`, and the default rounding only; from them to wider floats
    /// is exact. `int` is for equal types. There are no conversions from packed floats.
    0x012 Cvt "cvt" Alu SHIFTS | FLOAT | set(&[Type::U8, Type::S8, Type::TF32, Type::E4M3, Type::E5M2]), VS <- [VSI, VSI] Operand [ROUND, FTZ, SAT, SATFINITE, RELU, INTEGRAL, FROM];
    /// Lane b (low 5 bits) of vector register a, whatever exec is.
    0x013 ReadLane "readlane" Communication B32_64, S <- [V, SI] Operand [];
    /// a of the lowest active lane; of lane 0 when none is active.
    0x014 ReadFirst "readfirst" Communication B32_64, S <- [V] Operand [];
    /// Writes scalar a to lane b (low 5 bits) of vector register d, whatever exec is.
    0x015 WriteLane "writelane" Communication B32_64, V <- [SI, SI] Operand [];
    /// Special register. Those that differ between lanes need a destination in v.
    0x016 Rdsr "rdsr" Alu B32_64, VS <- [] Operand [SREG];
    /// d = the lower word of a, and above it the lower word of b.
    0x017 Pack "pack" Alu B64, VS <- [VSI, VSI] Operand [];

    /// d = a + b. f16, f32, f64 and packed types round.
    0x020 Add "add" Alu INT | FLOAT, VS <- [VSI, VSI] Operand [ROUND, FTZ, SAT];
    /// d = a - b.
    0x021 Sub "sub" Alu INT | FLOAT, VS <- [VSI, VSI] Operand [ROUND, FTZ, SAT];
    /// d = a + b + carry c; d2 = carry out. Lanes' carries are bits of masks; c = m may be any
    /// mask register (for no carry-in use one that holds 0).
    0x022 Addc "addc" Alu set(&[Type::U32, Type::U64]), V | M <- [VSI, VSI, M] Operand [];
    /// d = a - b - borrow c; d2 = borrow out.
    0x023 Subc "subc" Alu set(&[Type::U32, Type::U64]), V | M <- [VSI, VSI, M] Operand [];
    /// Integer product, the part that `part` says. `wide` takes 16- and 32-bit types.
    0x024 Mul "mul" Alu INT, VS <- [VSI, VSI] Operand [PART];
    /// Integer product a * b, the part that `part` says, plus c.
    0x025 Mad "mad" Alu INT, VS <- [VSI, VSI, VSI] Operand [PART, ISAT];
    /// Float product.
    0x026 Fmul "fmul" Alu FLOAT, VS <- [VSI, VSI] Operand [ROUND, FTZ, SAT];
    /// d = a * b + c, rounded once.
    0x027 Fma "fma" Alu FLOAT, VS <- [VSI, VSI, VSI] Operand [ROUND, FTZ, SAT, RELU];
    /// Integer quotient towards zero. Division by 0 gives all ones; INT_MIN / -1 gives INT_MIN.
    0x028 Div "div" Transcendental INT, VS <- [VSI, VSI] Operand [];
    /// Integer remainder with the sign of a. a rem 0 gives a; INT_MIN rem -1 gives 0.
    0x029 Rem "rem" Transcendental INT, VS <- [VSI, VSI] Operand [];
    /// Float quotient. approx (f32): at most 2 ulp.
    0x02a Fdiv "fdiv" Transcendental F32_64, VS <- [VSI, VSI] Operand [ROUND, FTZ, APPROX];
    /// Smaller operand; a single NaN loses; -0 < +0.
    0x02b Min "min" Alu INT | FLOAT, VS <- [VSI, VSI] Operand [FTZ, NAN, XORSIGN];
    /// Larger operand; a single NaN loses; -0 < +0.
    0x02c Max "max" Alu INT | FLOAT, VS <- [VSI, VSI] Operand [FTZ, NAN, XORSIGN];
    /// Absolute value; of INT_MIN it is INT_MIN.
    0x02d Abs "abs" Alu SINT | FLOAT, VS <- [VSI] Operand [FTZ];
    /// Negation.
    0x02e Neg "neg" Alu SINT | FLOAT, VS <- [VSI] Operand [FTZ];
    /// d = |a - b| + c.
    0x02f Sad "sad" Alu INT, VS <- [VSI, VSI, VSI] Operand [];
    /// Four-way dot product of bytes: d = c + a0 * b0 + ... + a3 * b3; type u32 or s32 gives a's sign.
    0x030 Dp4a "dp4a" Alu INT32, VS <- [VSI, VSI, VSI] Operand [B_SIGN];
    /// Two-way dot product of a's halves with two bytes of b, plus c.
    0x031 Dp2a "dp2a" Alu INT32, VS <- [VSI, VSI, VSI] Operand [B_SIGN, HALF];
    /// d = a with the sign of b.
    0x032 Copysign "copysign" Alu F32_64, VS <- [VSI, VSI] Operand [];

    /// Bitwise and.
    0x040 And "and" Alu B1, VSM <- [ANY, ANY] Operand [];
    /// Bitwise or.
    0x041 Or "or" Alu B1, VSM <- [ANY, ANY] Operand [];
    /// Bitwise exclusive or.
    0x042 Xor "xor" Alu B1, VSM <- [ANY, ANY] Operand [];
    /// a and not b.
    0x043 Andn "andn" Alu B1, VSM <- [ANY, ANY] Operand [];
    /// Bitwise complement.
    0x044 Not "not" Alu B1, VSM <- [ANY] Operand [];
    /// 1 if a is 0, else 0.
    0x045 Cnot "cnot" Alu B1, VS <- [VSI] Operand [];
    /// a << b, b unsigned 32-bit, clamped: width or more gives 0.
    0x046 Shl "shl" Alu SHIFTS, VS <- [VSI, VSI] Operand [];
    /// a >> b, arithmetic for signed types; b unsigned 32-bit, clamped to the width.
    0x047 Shr "shr" Alu SHIFTS, VS <- [VSI, VSI] Operand [];
    /// Funnel shift of b:a (b upper) by c: left gives the upper word, right the lower one.
    0x048 Shf "shf" Alu B32, VS <- [VSI, VSI, VSI] Operand [DIRECTION, WRAP];
    /// Number of one bits, as 32-bit.
    0x049 Popc "popc" Alu B32_64, VS <- [VSI] Operand [];
    /// Number of leading zero bits, as 32-bit.
    0x04a Clz "clz" Alu B32_64, VS <- [VSI] Operand [];
    /// Bits in reverse order.
    0x04b Brev "brev" Alu B32_64, VS <- [VSI] Operand [];
    /// Position of the highest bit that differs from the sign (for signed types) or is one;
    /// all ones (32-bit) when there is none.
    0x04c Bfind "bfind" Alu INT32_64, VS <- [VSI] Operand [SHIFTAMT];
    /// Bit field of a from b (low 8 bits) of length c (low 8 bits), sign-extended for signed
    /// types: PTX bfe.
    0x04d Bfe "bfe" Alu INT32_64, VS <- [VSI, VSI, VSI] Operand [];
    /// a inserted in b at c (low 8 bits), length e (low 8 bits): PTX bfi.
    0x04e Bfi "bfi" Alu B32_64, VS <- [VSI, VSI, VSI, VSI] Operand [];
    /// Bytes of b:a (b upper) chosen by c: PTX prmt.
    0x04f Prmt "prmt" Alu B32, VS <- [VSI, VSI, VSI] Operand [PRMT];
    /// Any logic function of three operands.
    0x050 Lop3 "lop3" Alu B32, VS <- [VSI, VSI, VSI] Operand [LUT];

    /// Compares. Into a mask: bits of active lanes. Into a scalar: 0 or 1.
    0x060 Setp "setp" Alu B1 | INT | SCALAR_FLOAT, SM <- [VSI, VSI] Operand [CMP, CMP_FTZ];
    /// Tests a float.
    0x061 Testp "testp" Alu F32_64, SM <- [VSI] Operand [TEST];
    /// Whether generic address a lies in the space; in param, if in the parameter block.
    0x062 Isspacep "isspacep" Alu B64, SM <- [VS] Operand [SPACE];

    /// 1 / a. f32 approx: at most 1 ulp; f64 approx: upper 20 bits of the fraction or better.
    0x070 Rcp "rcp" Transcendental F32_64, VS <- [VSI] Operand [ROUND, FTZ, APPROX];
    /// Square root. f32 approx: at most 1 ulp.
    0x071 Sqrt "sqrt" Transcendental F32_64, VS <- [VSI] Operand [ROUND, FTZ, APPROX];
    /// 1 / sqrt(a), at most 2 ulp.
    0x072 Rsqrt "rsqrt" Transcendental F32_64, VS <- [VSI] Operand [FTZ, APPROX];
    /// Sine, absolute error at most 2^-20.5 in [-pi, pi].
    0x073 Sin "sin" Transcendental F32, VS <- [VSI] Operand [FTZ, APPROX];
    /// Cosine, absolute error at most 2^-20.5 in [-pi, pi].
    0x074 Cos "cos" Transcendental F32, VS <- [VSI] Operand [FTZ, APPROX];
    /// 2^a, at most 2 ulp.
    0x075 Ex2 "ex2" Transcendental F32 | HALVES, VS <- [VSI] Operand [FTZ, APPROX];
    /// Binary logarithm, absolute error at most 2^-22 in [0.5, 2], else 2 ulp.
    0x076 Lg2 "lg2" Transcendental F32, VS <- [VSI] Operand [FTZ, APPROX];
    /// Hyperbolic tangent, relative error at most 2^-11.
    0x077 Tanh "tanh" Transcendental F32 | HALVES, VS <- [VSI] Operand [APPROX];

    /// Loads the type's width from [a + displacement]. The address is 64 bits in generic and
    /// global space. A scalar destination needs a scalar address. A scalar access to local memory is
    /// that of the lowest active lane's thread.
    0x080 Ld "ld" Memory MEMORY, VS <- [VS] Displacement [SPACE, ORDER, SCOPE];
    /// Stores b at [a + displacement].
    0x081 St "st" Memory MEMORY, NONE <- [VS, VS] Displacement [SPACE, ORDER, SCOPE];
    /// d = memory at [a + displacement], which becomes memory (op) b, atomically. and, or, xor and
    /// exch take b32 and b64; inc and dec u32; add, min, max numbers (floats round to nearest even
    /// and keep subnormals). Lanes act one after another, the lowest first.
    0x082 Atom "atom" Memory ATOMIC, VS <- [VS, VS] Displacement [SPACE, ORDER, SCOPE, ATOM];
    /// d = memory at [a + displacement], which becomes c if it equals b, atomically.
    0x083 Cas "cas" Memory set(&[Type::B16, Type::B32, Type::B64]), VS <- [VS, VS, VS] Displacement [SPACE, ORDER, SCOPE];
    /// Like `atom`, without a result.
    0x084 Red "red" Memory ATOMIC, NONE <- [VS, VS] Displacement [SPACE, ORDER, SCOPE, ATOM];
    /// Orders memory accesses before it with those after it.
    0x085 Fence "fence" Memory NO, NONE <- [] Operand [ORDER, SCOPE];

    /// Shuffle: PTX shfl.sync with value a, lane or delta b, clamp and segment c, members e. d2,
    /// if there, is set in lanes whose source lane was in range. A source lane that is not active
    /// gives an undefined value (here: what its register holds).
    0x090 Shfl "shfl" Communication B32_64, V | M <- [V, VSI, VSI, VSI] Operand [SHFL];
    /// Vote over active lanes that are in members b of predicate a: all, any, uni give 0 or 1
    /// (a mask destination gets it in its active bits), ballot the mask as a number.
    /// With no member, all and uni are 1. Of members in a vector register each lane has its own.
    0x091 Vote "vote" Communication B32, VSM <- [SM, VSI] Operand [VOTE];
    /// any: mask of active lanes with the same a. all: that mask if all agree, else 0, with d2
    /// set when they agree. Members b, each lane its own.
    0x092 Match "match" Communication B32_64, V | M <- [VSI, VSI] Operand [MATCH];
    /// Reduction of a over active lanes that are in members b (each lane its own); of no lanes,
    /// the operation's neutral value.
    0x093 Redux "redux" Communication set(&[Type::B32, Type::U32, Type::S32]), VS <- [VSI, VSI] Operand [REDUX];
    /// Barrier a (0..15) for b threads (a multiple of 32, not more than the block's warps have;
    /// 0: all threads of the block): waits. A warp arrives as a whole. Warps that have ended count
    /// as arrived where b is 0. All that arrive name the same b.
    0x094 Bar "bar" Communication NO, NONE <- [SI, SI] Operand [];
    /// Arrives at barrier a for b threads without waiting.
    0x095 BarArrive "bar_arrive" Communication NO, NONE <- [SI, SI] Operand [];
    /// Waits at barrier a for b threads, and gives the reduction of predicate c of all their
    /// active lanes: and, or give 0 or 1; popc the number.
    0x096 BarRed "bar_red" Communication B32, VS <- [SI, SI, SM] Operand [BAR_OP];

    /// Jumps.
    0x0a0 Bra "bra" Control NO, NONE <- [] Target [];
    /// Jumps by a mask and exec.
    0x0a1 BraM "bra_m" Control NO, NONE <- [M] Target [BRANCH_MASK];
    /// Jumps by a scalar.
    0x0a2 BraS "bra_s" Control NO, NONE <- [S] Target [BRANCH_SCALAR];
    /// Jumps to address a.
    0x0a3 BraR "bra_r" Control NO, NONE <- [S] Operand [];
    /// Calls: pushes the address of the next instruction on the warp's return stack and jumps.
    0x0a4 Call "call" Control NO, NONE <- [] Target [];
    /// Calls address a.
    0x0a5 CallR "call_r" Control NO, NONE <- [S] Operand [];
    /// Pops the return stack and jumps there.
    0x0a6 Ret "ret" Control NO, NONE <- [] Operand [];
    /// Ends the active lanes that are in the guard.
    0x0a7 Exit "exit" Control NO, NONE <- [] Operand [];
    /// Faults with TRAP if a lane is active and in the guard.
    0x0a8 Trap "trap" Control NO, NONE <- [] Operand [];
    /// Faults with BREAKPOINT if a lane is active and in the guard.
    0x0a9 Brkpt "brkpt" Control NO, NONE <- [] Operand [];
    /// Waits about a ns, at most 1 ms.
    0x0aa Nanosleep "nanosleep" Control NO, NONE <- [SI] Operand [];

    /// D = A * B + C of matrices of 8 rows and columns: see the module's rules on matrices. `sat` (s32):
    /// the exact sum is clamped to the range instead of wrapping.
    0x0b0 Mma "mma" Tensor MATRIX, V <- [V, V, V] Operand [ROUND, K_HALF, SAT, COLUMNS, INPUTS];
    /// d = the transpose of the matrix in a.
    0x0b1 Transpose "transpose" Tensor B16, V <- [V] Operand [];
    /// Loads a matrix of 8 rows of 16 bytes each. Row i lies at [a + displacement] of lane 8 * tile + i. A row
    /// whose lane is not active is 0.
    0x0b2 Ldm "ldm" Memory B16, V <- [V] Displacement [SPACE, TILE, TRANS];
    /// Stores the matrix in b like `ldm` loads it. A row whose lane is not active is not stored; elements are taken
    /// from all lanes, whatever exec is.
    0x0b3 Stm "stm" Memory B16, NONE <- [V, V] Displacement [SPACE, TILE, TRANS];
}

const POSITIONS: [u8; 0x100] = {
    let mut table = [0xff; 0x100];
    let mut i = 0;
    while i < OPS.len() {
        table[OPS[i].op as usize] = i as u8;
        i += 1;
    }
    table
};

impl Op {
    /// The description of this operation.
    pub fn desc(self) -> &'static OpDesc {
        &OPS[POSITIONS[self as usize] as usize]
    }
    /// The operation with this assembly name.
    pub fn from_name(name: &str) -> Option<Op> {
        OPS.iter().find(|d| d.name == name).map(|d| d.op)
    }
}

impl OpDesc {
    /// Whether the operation takes this type.
    pub const fn takes(&self, ty: Type) -> bool {
        self.types & ty.bit() != 0
    }
    /// Union of the modifier fields' masks.
    pub fn mods_mask(&self) -> u16 {
        self.mods.iter().fold(0, |all, f| all | f.mask())
    }
    /// The modifier field with this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.mods.iter().find(|f| f.name == name)
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Modifier fields of instructions.
//!
//! An instruction has 16 bits of *modifiers*, divided into [`Field`]s by its operation. A field is
//! an enumeration whose values have names; a value with an empty name is the default and is not
//! written in assembly text. A field without names is a plain number, written `.field:number`.

/// The 16 modifier bits of an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Mods(pub u16);

/// One modifier field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Name of the field.
    pub name: &'static str,
    /// Lowest bit in the modifiers.
    pub lsb: u32,
    /// Width in bits.
    pub width: u32,
    /// Names of the values from 0 up; empty when the field is a number.
    pub values: &'static [&'static str],
    /// Meaning.
    pub doc: &'static str,
}

impl Field {
    /// Mask of the field in the modifiers.
    pub const fn mask(&self) -> u16 {
        (((1u32 << self.width) - 1) << self.lsb) as u16
    }
    /// Number of valid values.
    pub const fn count(&self) -> u32 {
        if self.values.is_empty() {
            1 << self.width
        } else {
            self.values.len() as u32
        }
    }
}

impl Mods {
    /// No modifier: all fields 0.
    pub const NONE: Mods = Mods(0);
    /// Value of `field`.
    pub const fn get(self, field: &Field) -> u16 {
        (self.0 & field.mask()) >> field.lsb
    }
    /// These modifiers with `field` set to `value`, of which excess bits are dropped.
    pub const fn with(self, field: &Field, value: u16) -> Mods {
        Mods((self.0 & !field.mask()) | ((value << field.lsb) & field.mask()))
    }
    /// Whether a one-bit field is set.
    pub const fn has(self, field: &Field) -> bool {
        self.get(field) != 0
    }
}

macro_rules! fields {
    ($( $name:ident, $text:literal, $lsb:literal, $width:literal, [$($value:literal),*], $doc:literal; )+) => {
        $(
            #[doc = $doc]
            pub const $name: Field = Field {
                name: $text, lsb: $lsb, width: $width, values: &[$($value),*], doc: $doc,
            };
        )+
    };
}

fields! {
    ROUND, "round", 0, 3, ["", "rz", "rm", "rp", "rna"],
        "Rounding: to nearest even (default), to zero, down, up, to nearest with ties away (conversions to tf32 and integers).";
    FTZ, "ftz", 3, 1, ["", "ftz"], "Flush f32, f16 and f16x2 subnormals to zero (cvt: f32 only).";
    SAT, "sat", 4, 1, ["", "sat"], "Floats: clamp to [0, 1]. Integer add, sub, mad of s32: clamp to the range.";
    APPROX, "approx", 5, 1, ["", "approx"], "Fast form with the error that the operation states.";
    NAN, "nan", 5, 1, ["", "nan"], "min, max: a NaN operand gives NaN instead of the other operand.";
    SATFINITE, "satfinite", 5, 1, ["", "satfinite"], "cvt: infinity and what is beyond the largest number become that number, with their sign.";
    RELU, "relu", 6, 1, ["", "relu"], "Clamp negative results to +0 and NaN to the canonical NaN.";
    XORSIGN, "xorsign", 7, 1, ["", "xorsign"], "min, max: compare absolute values; the result's sign is the xor of the operands' signs.";
    PART, "part", 0, 2, ["lo", "hi", "wide"],
        "Integer product: its low half, its high half, or all of it (a result of twice the width; the addend of mad too).";
    ISAT, "isat", 2, 1, ["", "sat"], "mad.hi.s32: clamp the sum to the range.";
    CMP, "cmp", 0, 4,
        ["eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"],
        "Comparison. The ...u forms are true when an operand is NaN; num: both are numbers; nan: one is not. Integer types take eq to ge; bit types compare as unsigned.";
    CMP_FTZ, "ftz", 4, 1, ["", "ftz"], "Flush f32 and f16 subnormals to zero before comparing.";
    FROM, "from", 8, 5,
        ["none", "b8", "b16", "b32", "b64", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f16", "bf16", "f32", "f64",
         "f16x2", "bf16x2", "tf32", "e4m3", "e5m2"],
        "Type of the source of cvt (numbers as those of types).";
    INTEGRAL, "int", 7, 1, ["", "int"], "cvt between equal float types: round to an integral value.";
    SPACE, "space", 0, 3, ["generic", "global", "shared", "local", "param"],
        "Address space. generic: by the address map, see mmu. shared, local, param: the address's low 32 bits plus displacement are an offset, modulo 2^32. param is read-only.";
    ORDER, "order", 3, 3, ["", "relaxed", "acquire", "release", "acq_rel", "sc", "volatile"],
        "Memory order (PTX memory model); the default is weak for loads and stores, relaxed for atomics.";
    SCOPE, "scope", 6, 2, ["", "cta", "gpu", "sys"], "Scope of the memory order; the default is gpu.";
    ATOM, "atom", 8, 4, ["add", "min", "max", "and", "or", "xor", "exch", "inc", "dec"],
        "Atomic operation. inc: old >= b ? 0 : old + 1. dec: old == 0 or old > b ? b : old - 1.";
    REDUX, "redux", 0, 3, ["add", "min", "max", "and", "or", "xor"], "Operation of a reduction over lanes.";
    SHFL, "shfl", 0, 2, ["idx", "up", "down", "bfly"], "How the source lane is found.";
    VOTE, "vote", 0, 2, ["all", "any", "uni", "ballot"], "Kind of vote.";
    MATCH, "match", 0, 1, ["any", "all"], "Kind of match.";
    BRANCH_MASK, "when", 0, 2, ["any", "none", "all"],
        "Taken when the mask and exec have a common bit, have none, or exec is a subset of the mask.";
    BRANCH_SCALAR, "when", 0, 1, ["nz", "z"], "Taken when the low 32 bits of the scalar are not 0, or are 0.";
    LUT, "lut", 0, 8, [], "Truth table: bit (a << 2 | b << 1 | c) is the result for these bits.";
    PRMT, "prmt", 0, 3, ["", "f4e", "b4e", "rc8", "ecl", "ecr", "rc16"], "Mode of the byte permutation.";
    DIRECTION, "dir", 0, 1, ["l", "r"], "Direction of a funnel shift.";
    WRAP, "wrap", 1, 1, ["", "wrap"], "Shift amount modulo 32 instead of clamped to 32.";
    TEST, "test", 0, 3, ["finite", "infinite", "number", "notanumber", "normal", "subnormal"], "Property of a float. Zeros count as normal.";
    SHIFTAMT, "shiftamt", 0, 1, ["", "shiftamt"], "bfind: give the left shift that brings the found bit to the top.";
    BAR_OP, "red", 0, 2, ["and", "or", "popc"], "What a reducing barrier computes.";
    B_SIGN, "b", 0, 1, ["bu", "bs"], "dp4a, dp2a: whether b's elements are unsigned or signed.";
    HALF, "half", 1, 1, ["lo", "hi"], "dp2a: which half of b is used.";
    K_HALF, "k", 3, 1, ["", "khalf"], "mma: the upper words of a and b are not there: K is half.";
    COLUMNS, "columns", 5, 1, ["", "odd"], "mma of f64: the odd columns of C and D, else the even ones.";
    INPUTS, "inputs", 8, 5,
        ["f16", "bf16", "tf32", "e4m3", "e4m3_e5m2", "e5m2_e4m3", "e5m2", "u8", "u8_s8", "s8_u8", "s8", "u4", "u4_s4", "s4_u4", "s4",
         "b1_xor", "b1_and", "f64"],
        "Types of the elements of A and B, one name where they are equal; for single bits the operation between them.";
    TILE, "tile", 8, 2, [], "Which lanes have the addresses of the rows: 8 * tile to 8 * tile + 7.";
    TRANS, "trans", 10, 1, ["", "trans"], "The matrix in memory is the transpose of that in the register.";
    SREG, "sreg", 0, 8,
        ["tid_x", "tid_y", "tid_z", "ntid_x", "ntid_y", "ntid_z", "ctaid_x", "ctaid_y", "ctaid_z", "nctaid_x", "nctaid_y",
         "nctaid_z", "laneid", "warpid", "nwarpid", "smid", "nsmid", "gridid", "lanemask_eq", "lanemask_le", "lanemask_lt",
         "lanemask_ge", "lanemask_gt", "clock", "globaltimer", "dynamic_smem_size", "total_smem_size", "param", "env", "pc"],
        "Special register.";
}

/// Special registers: values of [`SREG`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Sreg {
    /// Thread index in the block, x. Differs between lanes, as do tid_y and tid_z.
    TidX,
    /// Thread index in the block, y.
    TidY,
    /// Thread index in the block, z.
    TidZ,
    /// Block dimensions, x.
    NtidX,
    /// Block dimensions, y.
    NtidY,
    /// Block dimensions, z.
    NtidZ,
    /// Block index, x.
    CtaidX,
    /// Block index, y.
    CtaidY,
    /// Block index, z.
    CtaidZ,
    /// Grid dimensions, x.
    NctaidX,
    /// Grid dimensions, y.
    NctaidY,
    /// Grid dimensions, z.
    NctaidZ,
    /// Lane in the warp. Differs between lanes.
    LaneId,
    /// Warp in the block.
    WarpId,
    /// Number of warps of the block.
    NwarpId,
    /// SM that runs the block.
    SmId,
    /// Number of SMs.
    NsmId,
    /// Grid id of the dispatch descriptor.
    GridId,
    /// Mask with the own lane's bit. Differs between lanes, as do the other lane masks.
    LanemaskEq,
    /// Mask of lanes up to the own.
    LanemaskLe,
    /// Mask of lanes below the own.
    LanemaskLt,
    /// Mask of lanes from the own up.
    LanemaskGe,
    /// Mask of lanes above the own.
    LanemaskGt,
    /// 64-bit cycle counter of the SM.
    Clock,
    /// Device time in ns.
    GlobalTimer,
    /// Bytes of dynamic shared memory.
    DynamicSmemSize,
    /// Bytes of shared memory of the block.
    TotalSmemSize,
    /// Address of the parameter block.
    Param,
    /// `env_va` of the dispatch descriptor.
    Env,
    /// Address of this instruction.
    Pc,
}

impl Sreg {
    /// All of them, in order of their numbers.
    pub const ALL: [Sreg; Sreg::COUNT as usize] = {
        use Sreg::*;
        [
            TidX,
            TidY,
            TidZ,
            NtidX,
            NtidY,
            NtidZ,
            CtaidX,
            CtaidY,
            CtaidZ,
            NctaidX,
            NctaidY,
            NctaidZ,
            LaneId,
            WarpId,
            NwarpId,
            SmId,
            NsmId,
            GridId,
            LanemaskEq,
            LanemaskLe,
            LanemaskLt,
            LanemaskGe,
            LanemaskGt,
            Clock,
            GlobalTimer,
            DynamicSmemSize,
            TotalSmemSize,
            Param,
            Env,
            Pc,
        ]
    };
    /// Number of special registers.
    pub const COUNT: u16 = SREG.values.len() as u16;
    /// Whether the value differs between the lanes of a warp.
    pub const fn is_varying(n: u16) -> bool {
        matches!(n, 0..=2 | 12 | 18..=22)
    }
}
const _: () = {
    let mut n = 0;
    while n < Sreg::ALL.len() {
        assert!(Sreg::ALL[n] as usize == n);
        n += 1;
    }
};

macro_rules! values {
    ($( $(#[doc = $doc:literal])+ $module:ident of $field:ident { $($name:ident = $n:literal),+ $(,)? } )+) => {
        $(
            $(#[doc = $doc])+
            #[allow(missing_docs)] // The names say it; the field's documentation explains them.
            pub mod $module { $( pub const $name: u16 = $n; )+ }
        )+
    };
}

values! {
    /// Values of [`ROUND`].
    round of ROUND { RN = 0, RZ = 1, RM = 2, RP = 3, RNA = 4 }
    /// Values of [`PART`].
    part of PART { LO = 0, HI = 1, WIDE = 2 }
    /// Values of [`CMP`].
    cmp of CMP { EQ = 0, NE = 1, LT = 2, LE = 3, GT = 4, GE = 5, EQU = 6, NEU = 7, LTU = 8, LEU = 9, GTU = 10, GEU = 11, NUM = 12, NAN = 13 }
    /// Values of [`SPACE`].
    space of SPACE { GENERIC = 0, GLOBAL = 1, SHARED = 2, LOCAL = 3, PARAM = 4 }
    /// Values of [`ORDER`].
    order of ORDER { WEAK = 0, RELAXED = 1, ACQUIRE = 2, RELEASE = 3, ACQ_REL = 4, SC = 5, VOLATILE = 6 }
    /// Values of [`SCOPE`].
    scope of SCOPE { DEFAULT = 0, CTA = 1, GPU = 2, SYS = 3 }
    /// Values of [`ATOM`].
    atom of ATOM { ADD = 0, MIN = 1, MAX = 2, AND = 3, OR = 4, XOR = 5, EXCH = 6, INC = 7, DEC = 8 }
    /// Values of [`REDUX`].
    redux of REDUX { ADD = 0, MIN = 1, MAX = 2, AND = 3, OR = 4, XOR = 5 }
    /// Values of [`SHFL`].
    shfl of SHFL { IDX = 0, UP = 1, DOWN = 2, BFLY = 3 }
    /// Values of [`VOTE`].
    vote of VOTE { ALL = 0, ANY = 1, UNI = 2, BALLOT = 3 }
    /// Values of [`MATCH`].
    match_ of MATCH { ANY = 0, ALL = 1 }
    /// Values of [`BRANCH_MASK`].
    branch_mask of BRANCH_MASK { ANY = 0, NONE = 1, ALL = 2 }
    /// Values of [`BRANCH_SCALAR`].
    branch_scalar of BRANCH_SCALAR { NZ = 0, Z = 1 }
    /// Values of [`PRMT`].
    prmt of PRMT { INDEX = 0, F4E = 1, B4E = 2, RC8 = 3, ECL = 4, ECR = 5, RC16 = 6 }
    /// Values of [`DIRECTION`].
    direction of DIRECTION { LEFT = 0, RIGHT = 1 }
    /// Values of [`TEST`].
    test of TEST { FINITE = 0, INFINITE = 1, NUMBER = 2, NOT_A_NUMBER = 3, NORMAL = 4, SUBNORMAL = 5 }
    /// Values of [`INPUTS`].
    inputs of INPUTS {
        F16 = 0, BF16 = 1, TF32 = 2, E4M3 = 3, E4M3_E5M2 = 4, E5M2_E4M3 = 5, E5M2 = 6, U8 = 7, U8_S8 = 8, S8_U8 = 9, S8 = 10, U4 = 11,
        U4_S4 = 12, S4_U4 = 13, S4 = 14, B1_XOR = 15, B1_AND = 16, F64 = 17,
    }
    /// Values of [`BAR_OP`].
    bar_op of BAR_OP { AND = 0, OR = 1, POPC = 2 }
}

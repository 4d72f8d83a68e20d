// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The rows of the table of opcodes, and the sets of types that they use.

use super::class::*;
use super::{Classes, Form, OpInfo, Types};
use crate::ptx::words::Type;

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
const B64: Types = types!(B64);
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
    Applypriority "applypriority" [(HINT; SPACE; []; "m ab")]
    Discard "discard" [(HINT; SPACE; []; "m ab")]
    CreatepolicyFractional "createpolicy.fractional" [(HINT; NONE; [B64]; "d ?a*")]
    CreatepolicyRange "createpolicy.range" [(HINT; SPACE; [B64]; "d m ab ab")]
    CreatepolicyCvt "createpolicy.cvt" [(HINT; NONE; [B64]; "d a")]
    Mapa "mapa" [(NONE; SPACE; [U32_OR_U64]; "d a ab")]
    Getctarank "getctarank" [(NONE; SPACE; [U32_OR_U64]; "db a")]
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
    PmeventMask "pmevent.mask" [(NONE; NONE; []; "ab")]

    // Matrices.
    MmaSync "mma.sync" [
        (ALIGNED | SHAPE | LAYOUT; SATFINITE | BOOL | RND; [MATRIX, MATRIX, MATRIX, MATRIX]; "V V V V")
    ]
    Ldmatrix "ldmatrix" [
        (SYNC | ALIGNED | SHAPE | COUNT; TRANS | SPACE; [types!(B16 B8)]; "V m")
        (SYNC | ALIGNED | SHAPE | COUNT; TRANS | SPACE; [types!(B8x16), types!(B6x16P32 B4x16P64)]; "V m")
    ]
    Stmatrix "stmatrix" [(SYNC | ALIGNED | SHAPE | COUNT; TRANS | SPACE; [types!(B16 B8)]; "m V")]
    Movmatrix "movmatrix" [(SYNC | ALIGNED | SHAPE | TRANS; NONE; [types!(B16)]; "db ab")]
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
    Istypep "istypep" []
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

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The instruction set.
//!
//! # Machine state
//! A *warp* is 32 *lanes* with one program counter. It has
//! - `v0..v255`: vector registers, 64 bits in each lane;
//! - `s0..s255`: scalar registers, 64 bits once per warp (uniform values);
//! - `m0..m30`: mask registers, one bit per lane (predicates);
//! - `exec` (encoded as mask register 31): the active lanes. A value written to it is and-ed with
//!   the lanes that have not exited. At the start it holds the lanes that exist in the block.
//!
//! Registers are 0 at the start of a warp.
//!
//! # Instructions
//! An instruction is 16 bytes ([`encode`](Inst::encode), [`decode`](Inst::decode)): operation,
//! type, guard, a destination, up to four sources `a b c e`, an optional second destination, a
//! 32-bit immediate, and modifiers. [`OPS`](ops::OPS) describes every operation; the encoder,
//! the decoder (which refuses all that the table does not allow), the text form ([`text`]) and
//! the reference documentation follow from it.
//!
//! # What an instruction does
//! - *Vector* instructions (destination in v, or a comparison into m, or a memory access with a
//!   vector address or value) act in every lane that is in `exec` and in the guard. In other
//!   lanes the destination keeps its value (also single bits of a mask destination).
//! - *Scalar* instructions (destination in s, all sources s or immediate) act once, whatever
//!   `exec` is. They have no guard. A scalar load, store or atomic acts once if `exec` is not 0.
//! - *Mask* instructions (`and or xor andn not mov` with a destination in m) act on all 32 bits,
//!   whatever `exec` is. They have no guard.
//! - A scalar or immediate source in a vector instruction is the same in all lanes. A mask source
//!   of `sel`, `addc`, `subc` in a vector instruction gives each lane its bit. A mask source of a
//!   `mov` to v or s is the 32-bit mask as a number. A scalar source of a mask instruction is its low
//!   32 bits, lane i being bit i.
//!
//! - Communication instructions with a scalar destination read `exec` as their description says;
//!   they have no guard.
//!
//! # Types and widths
//! A source is read with the width of the instruction's type (its low bits). A result is extended
//! to the 64 bits of the register by its type: with its sign for s8..s64, with zeros for all
//! others. Scalar comparisons give 0 or 1.
//!
//! # Immediates
//! One operand of an instruction may be the 32-bit immediate. It is sign-extended for operands
//! that are read as 64-bit integers or bits, is the upper 32 bits of a binary64 (the lower being 0)
//! for f64 (of `cvt`: from f64), and the low bits of it are the value for narrower operands. `mov` of type b64 with an immediate is the
//! exception: it carries all 64 bits.
//!
//! # Floating point
//! IEEE 754 binary16/32/64 and bfloat16. Arithmetic rounds as its modifier says (nearest even by
//! default), supports subnormals unless `ftz` (subnormal inputs and results become zeros of their
//! sign; f32, f16 and f16x2 only), and gives the quiet NaN 0x7fffffff for f32, 0x7fff for f16 and bf16, 0x7f for e4m3 and e5m2,
//! 0x7fff_ffff_ffff_ffff for f64 whenever the result is a NaN. `sat` clamps to [0, 1], NaN and -0
//! to +0; `relu` makes negative numbers and -0 to +0. `abs`, `neg`, `copysign` act on the sign bit only (with `ftz` they also flush) and keep NaN
//! payloads. A result is tiny for `ftz` after rounding. In packed types each half is an operation of
//! its own. A modifier that has no meaning for the instruction's type is not legal: halves
//! (f16, bf16 and their packed forms) round to nearest even only; `rna` is for conversions; `relu` is
//! for halves and not together with `sat`; `approx` excludes another rounding and for f64 is for `rcp`
//! and `rsqrt`.
//!
//! # Matrices
//! A *matrix operand* is spread over a vector register of all 32 lanes. Lane l = 4g + t (g from 0 to 7, t from 0 to 3)
//! holds, of elements of w bits:
//! - of A, row g; of B, column g: in the lower word the n = 32 / w elements k = n*t to n*t + n - 1, the first in the
//!   lowest bits; in the upper word those with k greater by K/2. So A has 8 rows and K = 8n columns, B K rows and 8
//!   columns. With `khalf` only the lower words count, and K = 4n.
//! - of C and D, which are 8 by 8, row g: column 2t in the lower half and 2t + 1 in the upper half of the register (f32, s32)
//!   or of its lower word (f16, whose upper word is ignored in C and 0 in D).
//! - f64: K = 4; one element of A, (g, t), and of B, (t, g). An instruction computes only the columns 2t of C and D, or
//!   with `odd` the columns 2t + 1; the register holds that one element.
//! - of the matrix in `transpose`, `ldm` and `stm`, which has 8 by 8 elements of 16 bits: row g, columns 2t and 2t + 1 in the
//!   lower word (`ldm` and `transpose` make the upper word 0). With `trans`, row i in memory holds column i.
//!
//! `mma` reads its sources in all lanes, whatever `exec` and guard are, and writes the lanes that are active. What it computes:
//! - s32: the exact sum of C and all products, modulo 2^32, or clamped with `sat`. Of single bits the product is the
//!   xor or and.
//! - f32: starting with C, `fma` of type f32 for k = 0, 1, ... in turn, each rounded to nearest even. Elements of A and B are
//!   numbers in f32 exactly, subnormals included. Of tf32 elements the 13 lowest bits are ignored.
//! - f16: C as f32, then as f32, and the last sum rounded once to f16.
//! - f64: starting with C, `fma` of type f64 for k = 0, 1, 2, 3 in turn, each rounded by the modifier.
//!
//! A result that is a NaN is the canonical one.
//!
//! # Control flow
//! Branches are the warp's: they test a scalar or a whole mask. Divergence is explicit: code
//! computes masks and writes `exec`. `exit` ends the lanes in `exec` and guard; when none is left
//! the warp ends, else it goes on with the next instruction. Program counters are absolute virtual
//! addresses; branch targets are relative to the branch instruction itself, in bytes.
//!
//! # Classes
//! Every operation belongs to a [`Class`] with an issue port of its own, so that
//! instructions of different classes may issue side by side.

pub mod decode;
pub mod mods;
pub mod ops;
mod rules;
pub mod sample;
pub mod text;
pub mod types;

pub use decode::{DecodeError, EncodeError, Guard, Inst, Operand, EXEC, INST_SIZE};
pub use mods::{Mods, Sreg};
pub use ops::{Class, Imm, Kinds, Op, OpDesc};
pub use types::Type;

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Instructions in decoded form, their 16-byte encoding, and the rules that make one legal.
//!
//! | bits of the first 64-bit word | |
//! |---|---|
//! | 0..9 | operation |
//! | 10..15 | type |
//! | 16..20, 21 | guard mask register (31: none), guard negated |
//! | 22..23, 24..25, 26..27, 28..29, 30..31 | kinds of d, a, b, c, e: 0 v, 1 s, 2 m, 3 immediate |
//! | 32..39, 40..47, 48..55, 56..63 | register numbers of d, a, b, c |
//!
//! | bits of the second word | |
//! |---|---|
//! | 0..31 | immediate |
//! | 32..47 | modifiers |
//! | 48..55 | register number of e |
//! | 56..60, 61 | second destination, whether it is there |
//! | 62..63 | zero |
//!
//! `mov.b64` of an immediate has the 64-bit immediate as its second word. Kind and number of an
//! absent operand, and the number of an immediate operand, are zero.

use super::mods::{self, Mods, Sreg};
use super::ops::{Class, Imm, Kinds, Op, OpDesc};
use super::types::Type;

/// Bytes of an instruction.
pub const INST_SIZE: u64 = 16;
/// Number of the mask register that is `exec`.
pub const EXEC: u8 = 31;

/// A source or destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operand {
    /// Vector register.
    V(u8),
    /// Scalar register.
    S(u8),
    /// Mask register; 31 is exec.
    M(u8),
    /// The instruction's immediate.
    I,
}

impl Operand {
    const fn number(self) -> u8 {
        match self {
            Operand::V(n) | Operand::S(n) | Operand::M(n) => n,
            Operand::I => 0,
        }
    }
    const fn kind(self) -> u64 {
        match self {
            Operand::V(_) => 0,
            Operand::S(_) => 1,
            Operand::M(_) => 2,
            Operand::I => 3,
        }
    }
    const fn kinds(self) -> Kinds {
        match self {
            Operand::V(_) => Kinds::V,
            Operand::S(_) => Kinds::S,
            Operand::M(_) => Kinds::M,
            Operand::I => Kinds::I,
        }
    }
    const fn new(kind: u64, number: u8) -> Operand {
        match kind & 3 {
            0 => Operand::V(number),
            1 => Operand::S(number),
            2 => Operand::M(number),
            _ => Operand::I,
        }
    }
}

/// Which lanes take part, besides `exec`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Guard {
    /// Mask register; [`EXEC`] for no guard.
    pub mask: u8,
    /// Lanes whose bit is 0 take part.
    pub negate: bool,
}

impl Guard {
    /// No guard.
    pub const NONE: Guard = Guard { mask: EXEC, negate: false };
    /// Whether there is none.
    pub const fn is_none(self) -> bool {
        self.mask == EXEC && !self.negate
    }
}

/// One instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Inst {
    /// Operation.
    pub op: Op,
    /// Type.
    pub ty: Type,
    /// Guard.
    pub guard: Guard,
    /// Destination.
    pub d: Option<Operand>,
    /// Second destination: a mask register.
    pub d2: Option<u8>,
    /// Sources a, b, c, e.
    pub src: [Option<Operand>; 4],
    /// The immediate, sign-extended from 32 bits but for `mov.b64`.
    pub imm: i64,
    /// Modifiers.
    pub mods: Mods,
}

/// Why an instruction is not legal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncodeError {
    /// The operation does not take the type.
    Type,
    /// An operand is missing, superfluous or of a kind that is not allowed in its place
    /// (0: destination, 1..4: sources, 5: second destination).
    Operand(u8),
    /// More than one operand is the immediate.
    TwoImmediates,
    /// The immediate does not fit, or there is one where nothing uses it.
    Immediate,
    /// A scalar instruction has a vector source.
    VectorSource,
    /// The instruction takes no guard, or the guard is !exec.
    Guard,
    /// A modifier bit outside the fields, or a value without meaning for the operation and type.
    Modifier,
}

/// Why 16 bytes are not an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodeError {
    /// No operation has the number.
    Operation(u16),
    /// No type has the number.
    Type(u8),
    /// Bits that must be zero are not.
    Reserved,
    /// The parts do not make a legal instruction.
    Illegal(EncodeError),
}

impl core::fmt::Display for EncodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            EncodeError::Type => write!(f, "the operation does not take this type"),
            EncodeError::Operand(0) => write!(f, "missing, superfluous or wrong kind of destination"),
            EncodeError::Operand(5) => write!(f, "superfluous or wrong second destination"),
            EncodeError::Operand(n) => write!(f, "missing, superfluous or wrong kind of source {n}"),
            EncodeError::TwoImmediates => write!(f, "more than one immediate operand"),
            EncodeError::Immediate => write!(f, "immediate does not fit or is not used"),
            EncodeError::VectorSource => write!(f, "vector source in a scalar instruction"),
            EncodeError::Guard => write!(f, "the instruction takes no such guard"),
            EncodeError::Modifier => write!(f, "modifier value without meaning"),
        }
    }
}
impl core::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            DecodeError::Operation(n) => write!(f, "no operation has number {n:#x}"),
            DecodeError::Type(n) => write!(f, "no type has number {n}"),
            DecodeError::Reserved => write!(f, "reserved bits are set"),
            DecodeError::Illegal(e) => write!(f, "illegal instruction: {e}"),
        }
    }
}
impl core::error::Error for EncodeError {}
impl core::error::Error for DecodeError {}

impl Inst {
    /// An instruction with an operation and type, and nothing else.
    pub const fn new(op: Op, ty: Type) -> Inst {
        Inst { op, ty, guard: Guard::NONE, d: None, d2: None, src: [None; 4], imm: 0, mods: Mods::NONE }
    }

    /// Whether the second word is a 64-bit immediate.
    fn is_wide_immediate(&self) -> bool {
        self.op == Op::Mov && self.ty == Type::B64 && self.src[0] == Some(Operand::I)
    }

    /// Whether it acts once per warp (scalar and mask instructions, control) instead of once
    /// per active lane.
    pub fn is_scalar(&self) -> bool {
        let vector_source = self.src.iter().any(|s| matches!(s, Some(Operand::V(_))));
        match self.d {
            Some(Operand::V(_)) => self.op == Op::WriteLane,
            Some(Operand::S(_)) => true,
            Some(Operand::M(_)) => !self.compares(),
            Some(Operand::I) => false,
            None => self.op.desc().class == Class::Control || !vector_source,
        }
    }

    /// Whether the destination mask gets single lanes' bits.
    fn compares(&self) -> bool {
        matches!(self.op, Op::Setp | Op::Testp | Op::Isspacep | Op::Vote)
    }

    fn takes_guard(&self) -> bool {
        matches!(self.op, Op::Exit | Op::Trap | Op::Brkpt) || !self.is_scalar()
    }

    /// Checks all rules but those of the bit encoding.
    pub fn check(&self) -> Result<(), EncodeError> {
        let desc = self.op.desc();
        if !desc.takes(self.ty) {
            return Err(EncodeError::Type);
        }
        check_operand(self.d, desc.d, 0)?;
        for (i, (&source, &allowed)) in self.src.iter().zip(&desc.src).enumerate() {
            check_operand(source, allowed, i as u8 + 1)?;
        }
        if self.d2.is_some_and(|m| !desc.d2 || m >= EXEC) {
            return Err(EncodeError::Operand(5));
        }
        self.check_immediate(desc)?;
        self.check_files(desc)?;
        if !self.guard.is_none() && (self.guard.mask >= EXEC || !self.takes_guard()) {
            return Err(EncodeError::Guard);
        }
        self.check_mods(desc)
    }

    fn check_immediate(&self, desc: &OpDesc) -> Result<(), EncodeError> {
        let operands = self.src.iter().filter(|s| **s == Some(Operand::I)).count();
        if operands > 1 {
            return Err(EncodeError::TwoImmediates);
        }
        let used = operands == 1 || desc.imm != Imm::Operand;
        let fits = self.is_wide_immediate() || i32::try_from(self.imm).is_ok();
        let aligned = desc.imm != Imm::Target || self.imm % INST_SIZE as i64 == 0;
        if !fits || !aligned || (!used && self.imm != 0) {
            return Err(EncodeError::Immediate);
        }
        Ok(())
    }

    /// Rules between register files.
    fn check_files(&self, desc: &OpDesc) -> Result<(), EncodeError> {
        let has = |wanted: Kinds| self.src.iter().flatten().any(|s| s.kinds() == wanted);
        let lane_local = matches!(desc.class, Class::Alu | Class::Transcendental | Class::Memory);
        if lane_local && matches!(self.d, Some(Operand::S(_))) && has(Kinds::V) {
            return Err(EncodeError::VectorSource);
        }
        match self.op {
            Op::Mov | Op::And | Op::Or | Op::Xor | Op::Andn | Op::Not => {
                let to_mask = matches!(self.d, Some(Operand::M(_)));
                let from_mask = has(Kinds::M);
                if to_mask && has(Kinds::V) {
                    return Err(EncodeError::VectorSource);
                }
                if from_mask && !to_mask && self.op != Op::Mov {
                    return Err(EncodeError::Operand(0));
                }
                if (to_mask || from_mask) && self.ty != Type::B32 {
                    return Err(EncodeError::Type);
                }
            }
            // A mask source selects per lane, which a scalar destination does not have.
            Op::Sel if matches!(self.d, Some(Operand::S(_))) && has(Kinds::M) => return Err(EncodeError::Operand(3)),
            Op::Rdsr if matches!(self.d, Some(Operand::S(_))) && Sreg::is_varying(self.mods.get(&mods::SREG)) => {
                return Err(EncodeError::Operand(0));
            }
            _ => {}
        }
        Ok(())
    }

    fn check_mods(&self, desc: &OpDesc) -> Result<(), EncodeError> {
        let known = desc.mods.iter().all(|f| u32::from(self.mods.get(f)) < f.count());
        if !known || self.mods.0 & !desc.mods_mask() != 0 {
            return Err(EncodeError::Modifier);
        }
        if self.modifiers_fit() {
            Ok(())
        } else {
            Err(EncodeError::Modifier)
        }
    }

    /// The 16 bytes of this instruction as two little-endian words.
    pub fn encode(&self) -> Result<[u64; 2], EncodeError> {
        self.check()?;
        let kind = |o: Option<Operand>| o.map_or(0, Operand::kind);
        let number = |o: Option<Operand>| u64::from(o.map_or(0, Operand::number));
        let [a, b, c, e] = self.src;
        let w0 = self.op as u64
            | (self.ty as u64) << 10
            | u64::from(self.guard.mask) << 16
            | u64::from(self.guard.negate) << 21
            | kind(self.d) << 22
            | kind(a) << 24
            | kind(b) << 26
            | kind(c) << 28
            | kind(e) << 30
            | number(self.d) << 32
            | number(a) << 40
            | number(b) << 48
            | number(c) << 56;
        let w1 = if self.is_wide_immediate() {
            self.imm as u64
        } else {
            (self.imm as u64 & 0xffff_ffff)
                | u64::from(self.mods.0) << 32
                | number(e) << 48
                | self.d2.map_or(0, |m| u64::from(m) << 56 | 1 << 61)
        };
        Ok([w0, w1])
    }

    /// The instruction in two words.
    pub fn decode([w0, w1]: [u64; 2]) -> Result<Inst, DecodeError> {
        let op_number = (w0 & 0x3ff) as u16;
        let op = Op::from_number(op_number).ok_or(DecodeError::Operation(op_number))?;
        let ty_number = (w0 >> 10 & 0x3f) as u8;
        let ty = Type::from_number(ty_number).ok_or(DecodeError::Type(ty_number))?;
        let desc = op.desc();
        let mut unused = 0u64;
        let mut operand = |allowed: Kinds, kind: u64, number: u64| {
            let (kind, number) = (kind & 3, (number & 0xff) as u8);
            if !allowed.exists() {
                unused |= kind | u64::from(number);
                return None;
            }
            if kind == 3 {
                unused |= u64::from(number);
            }
            Some(Operand::new(kind, number))
        };
        let d = operand(desc.d, w0 >> 22, w0 >> 32);
        let a = operand(desc.src[0], w0 >> 24, w0 >> 40);
        let b = operand(desc.src[1], w0 >> 26, w0 >> 48);
        let c = operand(desc.src[2], w0 >> 28, w0 >> 56);
        let wide = op == Op::Mov && ty == Type::B64 && a == Some(Operand::I);
        let e = operand(desc.src[3], w0 >> 30, if wide { 0 } else { w1 >> 48 });
        let mut inst = Inst::new(op, ty);
        inst.guard = Guard { mask: (w0 >> 16 & 31) as u8, negate: w0 >> 21 & 1 != 0 };
        inst.d = d;
        inst.src = [a, b, c, e];
        if wide {
            inst.imm = w1 as i64;
        } else {
            inst.imm = i64::from(w1 as u32 as i32);
            inst.mods = Mods((w1 >> 32) as u16);
            let d2 = (w1 >> 56 & 31) as u8;
            if w1 >> 61 & 1 != 0 {
                inst.d2 = Some(d2);
            } else {
                unused |= u64::from(d2);
            }
            unused |= w1 >> 62;
        }
        if unused != 0 {
            return Err(DecodeError::Reserved);
        }
        inst.check().map_err(DecodeError::Illegal)?;
        Ok(inst)
    }

    /// The bytes of this instruction in memory order.
    pub fn to_bytes(&self) -> Result<[u8; INST_SIZE as usize], EncodeError> {
        let [w0, w1] = self.encode()?;
        let mut bytes = [0; INST_SIZE as usize];
        bytes[..8].copy_from_slice(&w0.to_le_bytes());
        bytes[8..].copy_from_slice(&w1.to_le_bytes());
        Ok(bytes)
    }

    /// The instruction in these bytes.
    pub fn from_bytes(bytes: &[u8; INST_SIZE as usize]) -> Result<Inst, DecodeError> {
        let word = |at: usize| u64::from_le_bytes(core::array::from_fn(|i| bytes[at + i]));
        Inst::decode([word(0), word(8)])
    }
}

fn check_operand(operand: Option<Operand>, allowed: Kinds, place: u8) -> Result<(), EncodeError> {
    let ok = match operand {
        None => !allowed.exists(),
        Some(o) => allowed.allows(o.kinds()) && !matches!(o, Operand::M(n) if n > EXEC),
    };
    if ok {
        Ok(())
    } else {
        Err(EncodeError::Operand(place))
    }
}

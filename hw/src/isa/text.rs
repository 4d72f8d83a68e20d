// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Instructions as text: what `ixas` reads and `ixdis` prints.
//!
//! ```text
//! [@[!]mN] operation.type[.modifier ...] [d[|mN],] [sources]
//! ```
//! The type is left out where it is none. Modifiers follow in the order of the operation's
//! fields; defaults are left out. Registers are `v0 s0 m0 exec`; the address operand of memory
//! operations is `[v1+16]`; a branch target is a signed distance, `+32`; immediates are decimal or
//! 0x numbers.

use core::fmt;

use super::decode::{EncodeError, Guard, Inst, Operand, EXEC};
use super::ops::{Class, Imm, Op};
use super::types::Type;

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operand::V(n) => write!(f, "v{n}"),
            Operand::S(n) => write!(f, "s{n}"),
            Operand::M(n) if *n == EXEC => write!(f, "exec"),
            Operand::M(n) => write!(f, "m{n}"),
            Operand::I => write!(f, "imm"),
        }
    }
}

impl fmt::Display for Inst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let desc = self.op.desc();
        if !self.guard.is_none() {
            write!(f, "@{}m{} ", if self.guard.negate { "!" } else { "" }, self.guard.mask)?;
        }
        write!(f, "{}", desc.name)?;
        if self.ty != Type::None {
            write!(f, ".{}", self.ty.name())?;
        }
        for field in desc.mods {
            let value = self.mods.get(field);
            if field.values.is_empty() {
                write!(f, ".{}:{}", field.name, value)?;
            } else {
                match field.values.get(usize::from(value)) {
                    Some(&"") => {}
                    Some(name) => write!(f, ".{name}")?,
                    None => write!(f, ".{}:{}", field.name, value)?,
                }
            }
        }
        let mut separator = " ";
        if let Some(d) = self.d {
            write!(f, "{separator}{d}")?;
            if let Some(m) = self.d2 {
                write!(f, "|m{m}")?;
            }
            separator = ", ";
        }
        for (i, source) in self.src.iter().flatten().enumerate() {
            match (source, desc.imm) {
                (Operand::I, _) => write!(f, "{separator}{}", self.imm)?,
                (s, Imm::Displacement) if i == 0 => {
                    if self.imm == 0 {
                        write!(f, "{separator}[{s}]")?
                    } else {
                        write!(f, "{separator}[{s}{:+}]", self.imm)?
                    }
                }
                (s, _) => write!(f, "{separator}{s}")?,
            }
            separator = ", ";
        }
        if desc.imm == Imm::Target {
            write!(f, "{separator}{:+}", self.imm)?;
        }
        Ok(())
    }
}

/// Why text is not an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseError<'a> {
    /// No operation has this name.
    Operation(&'a str),
    /// The operation has no such type or modifier.
    Modifier(&'a str),
    /// An operand is not understood.
    Operand(&'a str),
    /// Something is missing at the end.
    Missing(&'static str),
    /// Something is left at the end.
    Superfluous(&'a str),
    /// The parts do not make a legal instruction.
    Illegal(EncodeError),
}

impl fmt::Display for ParseError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::Operation(s) => write!(f, "unknown operation `{s}`"),
            ParseError::Modifier(s) => write!(f, "the operation has no type or modifier `{s}`"),
            ParseError::Operand(s) => write!(f, "operand `{s}` is not understood"),
            ParseError::Missing(what) => write!(f, "missing {what}"),
            ParseError::Superfluous(s) => write!(f, "superfluous `{s}`"),
            ParseError::Illegal(e) => write!(f, "{e}"),
        }
    }
}
impl core::error::Error for ParseError<'_> {}

/// A number as assembly text has it: decimal or 0x, with sign.
pub fn parse_number(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = match digits.strip_prefix("0x") {
        Some(hex) if !hex.starts_with(['+', '-']) => u64::from_str_radix(hex, 16).ok()?,
        None if !digits.starts_with(['+', '-']) => digits.parse::<u64>().ok()?,
        _ => return None,
    };
    let value = magnitude as i64;
    Some(if negative { value.wrapping_neg() } else { value })
}

fn parse_register(text: &str) -> Option<Operand> {
    if text == "exec" {
        return Some(Operand::M(EXEC));
    }
    let number = |limit: u16| {
        let digits = text.get(1..)?;
        let n = digits.bytes().all(|c| c.is_ascii_digit()).then(|| digits.parse::<u16>().ok())??;
        (n < limit).then_some(n as u8)
    };
    match text.as_bytes().first()? {
        b'v' => number(256).map(Operand::V),
        b's' => number(256).map(Operand::S),
        b'm' => number(u16::from(EXEC)).map(Operand::M),
        _ => None,
    }
}

impl Inst {
    /// Reads one instruction. 32-bit immediates may be given as unsigned numbers too.
    pub fn parse(text: &str) -> Result<Inst, ParseError<'_>> {
        let mut rest = text.trim();
        let mut guard = Guard::NONE;
        if let Some(after) = rest.strip_prefix('@') {
            let (word, tail) = split_word(after);
            let (negate, name) = match word.strip_prefix('!') {
                Some(name) => (true, name),
                None => (false, word),
            };
            match parse_register(name) {
                Some(Operand::M(mask)) => guard = Guard { mask, negate },
                _ => return Err(ParseError::Operand(word)),
            }
            rest = tail;
        }
        let (mnemonic, tail) = split_word(rest);
        let mut parts = mnemonic.split('.');
        let name = parts.next().unwrap_or("");
        let op = Op::from_name(name).ok_or(ParseError::Operation(name))?;
        let desc = op.desc();
        let mut inst = Inst::new(op, Type::None);
        inst.guard = guard;
        if !desc.takes(Type::None) {
            let ty = parts.next().ok_or(ParseError::Missing("type"))?;
            inst.ty = Type::from_name(ty).ok_or(ParseError::Modifier(ty))?;
        }
        for part in parts {
            let (field, value) = match part.split_once(':') {
                Some((field, number)) => {
                    let field = desc.field(field).ok_or(ParseError::Modifier(part))?;
                    let value = number.parse::<u16>().ok().filter(|v| u32::from(*v) < field.count());
                    (field, value.ok_or(ParseError::Modifier(part))?)
                }
                None => desc
                    .mods
                    .iter()
                    .find_map(|f| f.values.iter().position(|v| !v.is_empty() && *v == part).map(|v| (f, v as u16)))
                    .ok_or(ParseError::Modifier(part))?,
            };
            inst.mods = inst.mods.with(field, value);
        }
        let mut operands = tail.split(',').map(str::trim);
        if tail.is_empty() {
            operands.next();
        }
        if desc.d.exists() {
            let word = operands.next().ok_or(ParseError::Missing("destination"))?;
            let (first, second) = match word.split_once('|') {
                Some((first, second)) => (first.trim(), Some(second.trim())),
                None => (word, None),
            };
            inst.d = Some(parse_register(first).ok_or(ParseError::Operand(word))?);
            if let Some(second) = second {
                match parse_register(second) {
                    Some(Operand::M(m)) => inst.d2 = Some(m),
                    _ => return Err(ParseError::Operand(word)),
                }
            }
        }
        for (i, kinds) in desc.src.iter().enumerate() {
            if !kinds.exists() {
                break;
            }
            let word = operands.next().ok_or(ParseError::Missing("source"))?;
            inst.src[i] = Some(if i == 0 && desc.imm == Imm::Displacement {
                let (register, displacement) = parse_address(word).ok_or(ParseError::Operand(word))?;
                inst.imm = displacement;
                register
            } else if let Some(register) = parse_register(word) {
                register
            } else {
                inst.imm = parse_number(word).ok_or(ParseError::Operand(word))?;
                if !inst.is_mov_b64() {
                    if let Ok(unsigned) = u32::try_from(inst.imm) {
                        inst.imm = i64::from(unsigned as i32);
                    }
                }
                Operand::I
            });
        }
        if desc.imm == Imm::Target {
            debug_assert!(desc.class == Class::Control);
            let word = operands.next().ok_or(ParseError::Missing("target"))?;
            inst.imm = parse_number(word).ok_or(ParseError::Operand(word))?;
        }
        if let Some(word) = operands.next() {
            return Err(ParseError::Superfluous(word));
        }
        inst.check().map_err(ParseError::Illegal)?;
        Ok(inst)
    }

    fn is_mov_b64(&self) -> bool {
        self.op == Op::Mov && self.ty == Type::B64
    }
}

fn split_word(text: &str) -> (&str, &str) {
    match text.find(char::is_whitespace) {
        Some(at) => (&text[..at], text[at..].trim_start()),
        None => (text, ""),
    }
}

fn parse_address(word: &str) -> Option<(Operand, i64)> {
    let inner = word.strip_prefix('[')?.strip_suffix(']')?.trim();
    match inner.find(['+', '-']) {
        Some(at) => Some((parse_register(inner[..at].trim())?, parse_number(&inner[at..])?)),
        None => Some((parse_register(inner)?, 0)),
    }
}

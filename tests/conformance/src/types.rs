// SPDX-License-Identifier: Apache-2.0 OR MIT
//! PTX types as the suite sees them: how an element of the type is read, how wide it is, and how
//! many of them a register holds.

use std::fmt;

use ix_hw::isa;

/// How the bits of an element are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An unsigned integer.
    Unsigned,
    /// A signed integer.
    Signed,
    /// Untyped bits.
    Bits,
    /// An IEEE binary float.
    Float,
    /// The upper 16 bits of a binary32.
    Brain,
    /// A binary32 with 10 bits of fraction.
    Tensor,
    /// An 8-bit float with 4 bits of exponent, without infinities.
    E4m3,
    /// An 8-bit float with 5 bits of exponent.
    E5m2,
    /// A predicate.
    Pred,
}

/// A type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Type {
    /// How an element is read.
    pub kind: Kind,
    /// Bits of an element.
    pub width: u32,
    /// Elements in a register: 2 of packed types, else 1.
    pub count: u32,
}

impl Type {
    /// A predicate.
    pub const PRED: Type = Type { kind: Kind::Pred, width: 1, count: 1 };
    /// An unsigned 32-bit integer.
    pub const U32: Type = Type { kind: Kind::Unsigned, width: 32, count: 1 };

    /// The type with a name such as `s32` or `f16x2`.
    pub fn parse(name: &str) -> Option<Type> {
        match name {
            "pred" => return Some(Type::PRED),
            "tf32" => return Some(Type { kind: Kind::Tensor, width: 32, count: 1 }),
            "e4m3x2" => return Some(Type { kind: Kind::E4m3, width: 8, count: 2 }),
            "e5m2x2" => return Some(Type { kind: Kind::E5m2, width: 8, count: 2 }),
            _ => {}
        }
        let digits = name.find(|c: char| c.is_ascii_digit())?;
        let kind = match &name[..digits] {
            "u" => Kind::Unsigned,
            "s" => Kind::Signed,
            "b" => Kind::Bits,
            "f" => Kind::Float,
            "bf" => Kind::Brain,
            _ => return None,
        };
        let (width, count) = name[digits..].split_once('x').unwrap_or((&name[digits..], "1"));
        let (width, count) = (width.parse().ok()?, count.parse().ok()?);
        let sizes: &[u32] = match kind {
            Kind::Brain => &[16],
            Kind::Float => &[16, 32, 64],
            _ => &[8, 16, 32, 64],
        };
        (sizes.contains(&width) && matches!(count, 1 | 2) && width * count <= 64).then_some(Type { kind, width, count })
    }

    /// The type of twice the width.
    pub fn wider(self) -> Type {
        Type { width: 2 * self.width, ..self }
    }

    /// One element of a packed type.
    pub fn element(self) -> Type {
        Type { count: 1, ..self }
    }

    /// Bits of all elements.
    pub fn bits(self) -> u32 {
        self.width * self.count
    }

    /// Whether elements are floats.
    pub fn is_float(self) -> bool {
        matches!(self.kind, Kind::Float | Kind::Brain | Kind::Tensor | Kind::E4m3 | Kind::E5m2)
    }

    /// Whether elements are signed integers.
    pub fn is_signed(self) -> bool {
        self.kind == Kind::Signed
    }

    /// Bits of the register that holds a value: 8-bit values stand in 32-bit ones, where the rules for operands that
    /// are wider than the instruction's type can be seen at work.
    pub fn register_bits(self) -> u32 {
        match (self.kind, self.bits()) {
            (Kind::Pred | Kind::E4m3 | Kind::E5m2, 16) => 16,
            (_, 1 | 8) => 32,
            (_, bits) => bits,
        }
    }

    /// The register's type in a `.reg` directive.
    pub fn register(self) -> &'static str {
        match (self.kind, self.register_bits()) {
            (Kind::Pred, _) => "pred",
            (Kind::Float, 32) if self.count == 1 => "f32",
            (Kind::Float, 64) if self.count == 1 => "f64",
            (_, 16) => "b16",
            (_, 32) => "b32",
            _ => "b64",
        }
    }

    /// The low bits of a register that the type reads.
    pub fn truncate(self, bits: u64) -> u64 {
        match self.bits() {
            64.. => bits,
            n => bits & ((1 << n) - 1),
        }
    }

    /// The integer that the low bits stand for.
    pub fn number(self, bits: u64) -> i128 {
        let bits = self.truncate(bits);
        if self.is_signed() && bits >> (self.width - 1) & 1 != 0 {
            i128::from(bits) - (1i128 << self.width)
        } else {
            bits.into()
        }
    }

    /// The integer's low bits in a register of the type, with sign or zeros above up to the register's width.
    pub fn encode(self, number: i128) -> u64 {
        let register = match self.register_bits() {
            64 => u64::MAX,
            n => (1 << n) - 1,
        };
        self.number(self.truncate(number as u64)) as u64 & register
    }

    /// Smallest and largest integer.
    pub fn range(self) -> (i128, i128) {
        match self.is_signed() {
            true => (-(1i128 << (self.width - 1)), (1i128 << (self.width - 1)) - 1),
            false => (0, (1i128 << self.width) - 1),
        }
    }

    /// The hardware contract's name of an element's type, by which edge values are listed.
    pub fn element_in_hardware(self) -> isa::Type {
        match (self.kind, self.width) {
            (Kind::Float, 16) => isa::Type::F16,
            (Kind::Brain, _) => isa::Type::BF16,
            (Kind::Float | Kind::Tensor, 32) => isa::Type::F32,
            (Kind::Float, _) => isa::Type::F64,
            (Kind::Signed, 8) => isa::Type::S8,
            (Kind::Signed, 16) => isa::Type::S16,
            (Kind::Signed, 32) => isa::Type::S32,
            (Kind::Signed, _) => isa::Type::S64,
            (_, 8) => isa::Type::U8,
            (_, 16) => isa::Type::U16,
            (_, 32) => isa::Type::U32,
            _ => isa::Type::U64,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = match self.kind {
            Kind::Unsigned => "u",
            Kind::Signed => "s",
            Kind::Bits => "b",
            Kind::Float => "f",
            Kind::Brain => "bf",
            Kind::Tensor => return write!(f, "tf32"),
            Kind::E4m3 => return write!(f, "e4m3x2"),
            Kind::E5m2 => return write!(f, "e5m2x2"),
            Kind::Pred => return write!(f, "pred"),
        };
        write!(f, "{letter}{}", self.width)?;
        if self.count > 1 {
            write!(f, "x{}", self.count)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written() {
        for name in ["u8", "s64", "b16", "f16x2", "bf16", "bf16x2", "f64", "tf32", "pred", "e4m3x2", "u16x2", "f32x2"] {
            assert_eq!(Type::parse(name).map(|t| t.to_string()).as_deref(), Some(name));
        }
        for name in ["", "f8", "u7", "rn", "x2", "bf32", "u64x2", "sat"] {
            assert_eq!(Type::parse(name), None, "{name}");
        }
    }

    #[test]
    fn integers_are_extended_to_the_register() {
        let s8 = Type::parse("s8").expect("a type");
        assert_eq!(s8.encode(-1), 0xffff_ffff);
        assert_eq!(s8.encode(0x80), 0xffff_ff80);
        assert_eq!(s8.number(0xffff_ff7f), 127);
        assert_eq!(Type::parse("u8").expect("a type").encode(-1), 0xff);
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of instructions: how many bits of a register are read, and how they are understood.

macro_rules! types {
    ($( $name:ident = $num:literal, $text:literal, $bits:literal, $doc:literal; )+) => {
        /// Type of an instruction or operand.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Type { $( #[doc = $doc] $name = $num, )+ }
        impl Type {
            /// All types, in order of their numbers.
            pub const ALL: &'static [Type] = &[$(Type::$name),+];
            /// The type with this number in the encoding.
            pub const fn from_number(n: u8) -> Option<Type> {
                match n { $( $num => Some(Type::$name), )+ _ => None }
            }
            /// Name in assembly text.
            pub const fn name(self) -> &'static str {
                match self { $( Type::$name => $text, )+ }
            }
            /// Width in bits; 0 for none.
            pub const fn bits(self) -> u32 {
                match self { $( Type::$name => $bits, )+ }
            }
            /// Meaning.
            pub const fn doc(self) -> &'static str {
                match self { $( Type::$name => $doc, )+ }
            }
        }
    };
}

types! {
    None = 0, "none", 0, "The operation has no type.";
    B8 = 1, "b8", 8, "8 bits.";
    B16 = 2, "b16", 16, "16 bits.";
    B32 = 3, "b32", 32, "32 bits.";
    B64 = 4, "b64", 64, "64 bits.";
    U8 = 5, "u8", 8, "Unsigned 8-bit integer.";
    U16 = 6, "u16", 16, "Unsigned 16-bit integer.";
    U32 = 7, "u32", 32, "Unsigned 32-bit integer.";
    U64 = 8, "u64", 64, "Unsigned 64-bit integer.";
    S8 = 9, "s8", 8, "Signed 8-bit integer.";
    S16 = 10, "s16", 16, "Signed 16-bit integer.";
    S32 = 11, "s32", 32, "Signed 32-bit integer.";
    S64 = 12, "s64", 64, "Signed 64-bit integer.";
    F16 = 13, "f16", 16, "IEEE binary16.";
    BF16 = 14, "bf16", 16, "bfloat16: the upper half of a binary32.";
    F32 = 15, "f32", 32, "IEEE binary32.";
    F64 = 16, "f64", 64, "IEEE binary64.";
    F16x2 = 17, "f16x2", 32, "Two binary16, each operated on by itself.";
    BF16x2 = 18, "bf16x2", 32, "Two bfloat16, each operated on by itself.";
    TF32 = 19, "tf32", 32, "binary32 with a 10-bit fraction, in conversions and tensor operands.";
    E4M3 = 20, "e4m3", 8, "8-bit float with 4 exponent and 3 fraction bits, no infinity: up to 448, and a NaN 0x7f of either sign.";
    E5M2 = 21, "e5m2", 8, "8-bit float with 5 exponent and 2 fraction bits: the upper half of a binary16.";
}

impl Type {
    /// Width in bytes; 0 for none.
    pub const fn bytes(self) -> u32 {
        self.bits() / 8
    }
    /// Whether it is s8..s64.
    pub const fn is_signed(self) -> bool {
        matches!(self, Type::S8 | Type::S16 | Type::S32 | Type::S64)
    }
    /// Whether it is a floating-point type, packed ones included.
    pub const fn is_float(self) -> bool {
        self as u8 >= Type::F16 as u8
    }
    /// Whether it holds two values.
    pub const fn is_packed(self) -> bool {
        matches!(self, Type::F16x2 | Type::BF16x2)
    }
    /// Whether it is an integer or bit type.
    pub const fn is_int(self) -> bool {
        !self.is_float() && !matches!(self, Type::None)
    }
    /// The type with this assembly name.
    pub fn from_name(name: &str) -> Option<Type> {
        Type::ALL.iter().copied().find(|t| t.name() == name)
    }
    /// The type as one bit of a set.
    pub const fn bit(self) -> u32 {
        1 << self as u8
    }
}

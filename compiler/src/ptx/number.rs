// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The value of a number as PTX writes it, and its bits as a value of some type.

use super::ast::Imm;
use super::words::Type;

/// The value of `text`, or what is wrong with it.
///
/// Integers are decimal, `0x`, `0b` or octal with a leading 0, of at most 64 bits, unsigned where a `U` follows or
/// they do not fit in 63 bits. `0f` and `0d` give the bits of an f32 and f64. Decimal fractions are f64.
pub fn parse(text: &str) -> Result<Imm, &'static str> {
    let bytes = text.as_bytes();
    match bytes {
        [b'0', b'f' | b'F', digits @ ..] if digits.len() == 8 => hex(digits).map(|bits| Imm::F32(bits as u32)),
        [b'0', b'd' | b'D', digits @ ..] if digits.len() == 16 => hex(digits).map(Imm::F64),
        [b'0', b'f' | b'F', ..] => Err("a number after `0f` has 8 hexadecimal digits"),
        [b'0', b'd' | b'D', ..] => Err("a number after `0d` has 16 hexadecimal digits"),
        _ => integer_or_decimal(text),
    }
}

fn hex(digits: &[u8]) -> Result<u64, &'static str> {
    let value = |digit: u8| (digit as char).to_digit(16).map(u64::from);
    let bits = digits.iter().try_fold(0, |bits, &digit| Some(bits << 4 | value(digit)?));
    bits.ok_or("a digit here is not hexadecimal")
}

fn integer_or_decimal(text: &str) -> Result<Imm, &'static str> {
    let plain = text.strip_suffix(['U', 'u']).unwrap_or(text);
    let unsigned = plain.len() != text.len();
    let (digits, radix) = match plain.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&plain[2..], 16),
        [b'0', b'b' | b'B', ..] => (&plain[2..], 2),
        [b'0', second, ..] if second.is_ascii_digit() && !plain.contains(['.', 'e', 'E']) => (&plain[1..], 8),
        _ if plain.bytes().all(|b| b.is_ascii_digit()) => (plain, 10),
        _ => {
            let is_decimal = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
            let value = plain.parse::<f64>().ok().filter(|_| is_decimal && !unsigned);
            return value.map(|v| Imm::F64(v.to_bits())).ok_or("this is not a number");
        }
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err("this is not a number");
    }
    let value = u64::from_str_radix(digits, radix).map_err(|_| "this number does not fit in 64 bits")?;
    Ok(match i64::try_from(value) {
        Ok(signed) if !unsigned => Imm::S64(signed),
        _ => Imm::U64(value),
    })
}

impl Imm {
    /// The integer, taken modulo 2^64, or `None` for a float.
    pub fn integer(self) -> Option<u64> {
        match self {
            Imm::S64(value) => Some(value as u64),
            Imm::U64(value) => Some(value),
            Imm::F32(_) | Imm::F64(_) => None,
        }
    }

    /// The value as an f64.
    pub fn float(self) -> f64 {
        match self {
            Imm::S64(value) => value as f64,
            Imm::U64(value) => value as f64,
            Imm::F32(bits) => f64::from(f32::from_bits(bits)),
            Imm::F64(bits) => f64::from_bits(bits),
        }
    }

    /// The bits of this number as a value of type `ty`, in the low bits of the result, zeros above.
    ///
    /// A float literal in an integer or untyped context gives its own bits, cut to the type; `0f` in `.f64` and `0d` in
    /// `.f32` are converted. An integer in a float context is converted, except for `.f16`, `.bf16` and the packed
    /// types, where it gives the bits, as those types have no literals of their own.
    pub fn bits(self, ty: Type) -> u64 {
        let bits = match (ty, self) {
            (Type::F32 | Type::Tf32, Imm::F32(bits)) => u64::from(bits),
            (Type::F32 | Type::Tf32, _) => u64::from((self.float() as f32).to_bits()),
            (Type::F64, Imm::F64(bits)) => bits,
            (Type::F64, _) => self.float().to_bits(),
            (Type::F16, Imm::F32(_) | Imm::F64(_)) => narrow(self.float(), 5, 10),
            (Type::Bf16, Imm::F32(_) | Imm::F64(_)) => narrow(self.float(), 8, 7),
            (_, Imm::F32(bits)) => u64::from(bits),
            (_, Imm::F64(bits)) => bits,
            (_, Imm::S64(value)) => value as u64,
            (_, Imm::U64(value)) => value,
        };
        match ty.bits() {
            1 => u64::from(bits != 0),
            size @ 2..=63 => bits & ((1 << size) - 1),
            _ => bits,
        }
    }
}

/// The bits of `value` in a binary format with that many exponent and fraction bits, rounded to nearest even.
fn narrow(value: f64, exponent_bits: u32, fraction_bits: u32) -> u64 {
    let bits = value.to_bits();
    let sign = bits >> 63 << (exponent_bits + fraction_bits);
    let largest_exponent = (1u64 << exponent_bits) - 1;
    let infinity = largest_exponent << fraction_bits;
    if value.is_nan() {
        return sign | infinity | 1 << (fraction_bits - 1);
    }
    if value.is_infinite() {
        return sign | infinity;
    }
    let bias = (1i64 << (exponent_bits - 1)) - 1;
    let exponent = (bits >> 52 & 0x7ff) as i64 - 1023 + bias;
    let significand = bits & ((1 << 52) - 1) | if bits >> 52 & 0x7ff == 0 { 0 } else { 1 << 52 };
    // A subnormal result loses as many more bits as its exponent is below 1.
    let shift = 52 - i64::from(fraction_bits) + (1 - exponent).max(0);
    if shift > 54 {
        return sign;
    }
    let kept = significand >> shift;
    let rest = significand & ((1 << shift) - 1);
    let half = 1u64 << (shift - 1);
    let rounded = kept + u64::from(rest > half || rest == half && kept & 1 == 1);
    // The hidden bit of a normal number adds 1 to the exponent field, and so does a carry out of the fraction.
    let magnitude = ((exponent.max(1) - 1) as u64).saturating_mul(1 << fraction_bits).saturating_add(rounded);
    sign | magnitude.min(infinity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_has_its_value() {
        for (text, value) in [
            ("0", Imm::S64(0)),
            ("12", Imm::S64(12)),
            ("0x1F", Imm::S64(31)),
            ("0b101", Imm::S64(5)),
            ("0777", Imm::S64(0o777)),
            ("2U", Imm::U64(2)),
            ("0xffffffffffffffff", Imm::U64(u64::MAX)),
            ("9223372036854775808", Imm::U64(1 << 63)),
            ("0f3F800000", Imm::F32(0x3f80_0000)),
            ("0F7fC00000", Imm::F32(0x7fc0_0000)),
            ("0d3FF0000000000000", Imm::F64(1f64.to_bits())),
            ("1.5", Imm::F64(1.5f64.to_bits())),
            ("2e3", Imm::F64(2000f64.to_bits())),
            ("0.25E-1", Imm::F64(0.025f64.to_bits())),
        ] {
            assert_eq!(parse(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn malformed_numbers_say_why() {
        for (text, reason) in [
            ("0f3F8", "a number after `0f` has 8 hexadecimal digits"),
            ("0d3F800000", "a number after `0d` has 16 hexadecimal digits"),
            ("0f3F80000g", "a digit here is not hexadecimal"),
            ("18446744073709551616", "this number does not fit in 64 bits"),
            ("089", "this is not a number"),
            ("0x", "this is not a number"),
            ("12ab", "this is not a number"),
            ("1.5U", "this is not a number"),
        ] {
            assert_eq!(parse(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn bits_follow_the_type() {
        let one = Imm::F32(0x3f80_0000);
        assert_eq!(one.bits(Type::F32), 0x3f80_0000);
        assert_eq!(one.bits(Type::B32), 0x3f80_0000);
        assert_eq!(one.bits(Type::F64), 1f64.to_bits());
        assert_eq!(Imm::F64(1f64.to_bits()).bits(Type::F32), 0x3f80_0000);
        assert_eq!(Imm::S64(-1).bits(Type::U16), 0xffff);
        assert_eq!(Imm::S64(-1).bits(Type::Pred), 1);
        assert_eq!(Imm::S64(1).bits(Type::F32), 0x3f80_0000);
        assert_eq!(Imm::S64(0x3c00).bits(Type::F16), 0x3c00);
    }

    #[test]
    fn halves_round_to_nearest_even() {
        for (value, bits) in [
            (1.0, 0x3c00),
            (-2.0, 0xc000),
            (65504.0, 0x7bff),
            (65519.9, 0x7bff),
            (65520.0, 0x7c00),
            (1e300, 0x7c00),
            (f64::INFINITY, 0x7c00),
            (2f64.powi(-14), 0x0400),
            (2f64.powi(-24), 0x0001),
            (2f64.powi(-25), 0x0000),
            (2f64.powi(-25) * 1.000_001, 0x0001),
            (1.5 * 2f64.powi(-24), 0x0002),
            (1.0 + 2f64.powi(-11), 0x3c00),
            (1.0 + 3.0 * 2f64.powi(-11), 0x3c02),
            (1e-300, 0x0000),
            (5e-324, 0x0000),
            (-0.0, 0x8000),
        ] {
            assert_eq!(narrow(value, 5, 10), bits, "{value}");
        }
        assert_eq!(narrow(f64::NAN, 5, 10) & 0x7e00, 0x7e00);
        assert_eq!(narrow(1.0, 8, 7), 0x3f80);
        assert_eq!(narrow(f64::from(f32::MAX), 8, 7), 0x7f80);
        assert_eq!(narrow(f64::from(f32::from_bits(1)), 8, 7), 0);
    }
}

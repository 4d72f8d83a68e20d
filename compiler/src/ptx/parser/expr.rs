// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Constant expressions: PTX has those of C on 64-bit integers, and literals of floats with a sign.
//!
//! As in the PTX ISA ("Integer Constant Expression Evaluation"), an operation is unsigned if an operand is, shifts take
//! the type of their left operand, and comparisons give a signed 0 or 1.

use super::*;
use crate::ptx::number;

/// Lanes in a warp, which PTX calls `WARP_SZ`.
const WARP_SIZE: i64 = 32;

/// Binary operators by how tightly they bind.
fn precedence(kind: Kind) -> Option<u8> {
    Some(match kind {
        Kind::Star | Kind::Slash | Kind::Percent => 10,
        Kind::Plus | Kind::Minus => 9,
        Kind::ShiftLeft | Kind::ShiftRight => 8,
        Kind::Less | Kind::Greater | Kind::LessEqual | Kind::GreaterEqual => 7,
        Kind::EqualEqual | Kind::BangEqual => 6,
        Kind::And => 5,
        Kind::Xor => 4,
        Kind::Or => 3,
        Kind::AndAnd => 2,
        Kind::OrOr => 1,
        _ => return None,
    })
}

/// `left op right`, or why not.
fn binary(kind: Kind, left: Imm, right: Imm) -> std::result::Result<Imm, &'static str> {
    let (Some(a), Some(b)) = (left.integer(), right.integer()) else {
        return Err("an operator needs integers here");
    };
    let unsigned = matches!(left, Imm::U64(_)) || matches!(right, Imm::U64(_));
    let (sa, sb) = (a as i64, b as i64);
    let same = |value: u64| if unsigned { Imm::U64(value) } else { Imm::S64(value as i64) };
    let truth = |value: bool| Imm::S64(value.into());
    let shifted = |value: u64| if matches!(left, Imm::U64(_)) { Imm::U64(value) } else { Imm::S64(value as i64) };
    let order = if unsigned { a.cmp(&b) } else { sa.cmp(&sb) };
    Ok(match kind {
        Kind::Star => same(a.wrapping_mul(b)),
        Kind::Slash | Kind::Percent if b == 0 => return Err("division by zero"),
        Kind::Slash => same(if unsigned { a / b } else { sa.wrapping_div(sb) as u64 }),
        Kind::Percent => same(if unsigned { a % b } else { sa.wrapping_rem(sb) as u64 }),
        Kind::Plus => same(a.wrapping_add(b)),
        Kind::Minus => same(a.wrapping_sub(b)),
        Kind::ShiftLeft | Kind::ShiftRight if b > 63 => return Err("a shift by more than 63"),
        Kind::ShiftLeft => shifted(a << b),
        Kind::ShiftRight => shifted(if matches!(left, Imm::U64(_)) { a >> b } else { (sa >> b) as u64 }),
        Kind::Less => truth(order.is_lt()),
        Kind::Greater => truth(order.is_gt()),
        Kind::LessEqual => truth(order.is_le()),
        Kind::GreaterEqual => truth(order.is_ge()),
        Kind::EqualEqual => truth(a == b),
        Kind::BangEqual => truth(a != b),
        Kind::And => same(a & b),
        Kind::Xor => same(a ^ b),
        Kind::Or => same(a | b),
        Kind::AndAnd => truth(a != 0 && b != 0),
        Kind::OrOr => truth(a != 0 || b != 0),
        _ => return Err("this is not an operator"),
    })
}

impl Parser<'_> {
    /// A constant expression.
    pub(super) fn constant(&mut self) -> Result<Imm> {
        let condition = self.binary_constant(0)?;
        if !self.take(Kind::Question) {
            return Ok(condition);
        }
        self.nested(|p| {
            let yes = p.constant()?;
            p.expect(Kind::Colon, "`:`")?;
            let no = p.constant()?;
            Ok(if condition.integer() == Some(0) { no } else { yes })
        })
    }

    /// A constant expression that must be an integer, as a signed number of bytes or the like.
    pub(super) fn constant_i64(&mut self) -> Result<i64> {
        let start = self.span();
        let value = self.constant()?;
        value.integer().map(|v| v as i64).ok_or_else(|| self.invalid(start.to(self.last_span()), "this must be an integer"))
    }

    /// The number in `%r<10>`, where `>` is no operator.
    pub(super) fn register_count(&mut self) -> Result<u32> {
        let start = self.span();
        let above_comparisons = 7;
        let value = self.binary_constant(above_comparisons)?.integer().and_then(|v| u32::try_from(v).ok());
        value.ok_or_else(|| self.invalid(start.to(self.last_span()), "the number of registers must be an integer from 0 to 4294967295"))
    }

    /// Operators that bind more tightly than `floor`.
    fn binary_constant(&mut self, floor: u8) -> Result<Imm> {
        let start = self.span();
        let mut value = self.unary_constant()?;
        while let Some(level) = precedence(self.peek()).filter(|&level| level > floor) {
            let kind = self.next().kind;
            let right = self.nested(|p| p.binary_constant(level))?;
            value = binary(kind, value, right).map_err(|reason| self.invalid(start.to(self.last_span()), reason))?;
        }
        Ok(value)
    }

    fn unary_constant(&mut self) -> Result<Imm> {
        let start = self.span();
        match self.peek() {
            Kind::Plus | Kind::Minus | Kind::Bang | Kind::Tilde => {
                let operator = self.next().kind;
                let value = self.nested(|p| p.unary_constant())?;
                Ok(match (operator, value) {
                    (Kind::Plus, value) => value,
                    (Kind::Minus, Imm::F32(bits)) => Imm::F32(bits ^ 1 << 31),
                    (Kind::Minus, Imm::F64(bits)) => Imm::F64(bits ^ 1 << 63),
                    // Minus the smallest signed number, whose magnitude is an unsigned one, is signed again.
                    (Kind::Minus, Imm::U64(0x8000_0000_0000_0000)) => Imm::S64(i64::MIN),
                    (Kind::Minus, Imm::S64(value)) => Imm::S64(value.wrapping_neg()),
                    (Kind::Minus, Imm::U64(value)) => Imm::U64(value.wrapping_neg()),
                    (Kind::Tilde, Imm::S64(value)) => Imm::S64(!value),
                    (Kind::Tilde, Imm::U64(value)) => Imm::U64(!value),
                    (Kind::Bang, Imm::S64(value)) => Imm::S64((value == 0).into()),
                    (Kind::Bang, Imm::U64(value)) => Imm::S64((value == 0).into()),
                    _ => return Err(self.invalid(start.to(self.last_span()), "an operator needs integers here")),
                })
            }
            Kind::ParenOpen => {
                self.next();
                let cast = self.peek_word().filter(|word| matches!(*word, "s64" | "u64"));
                if let Some(cast) = cast {
                    self.next();
                    self.expect(Kind::ParenClose, "`)`")?;
                    let value = self.nested(|p| p.unary_constant())?;
                    let bits =
                        value.integer().ok_or_else(|| self.invalid(start.to(self.last_span()), "an operator needs integers here"))?;
                    return Ok(if cast == "u64" { Imm::U64(bits) } else { Imm::S64(bits as i64) });
                }
                let value = self.nested(|p| p.constant())?;
                self.expect(Kind::ParenClose, "`)`")?;
                Ok(value)
            }
            Kind::Number => {
                let value = number::parse(self.text());
                let span = self.next().span();
                value.map_err(|reason| self.module.source.error(ErrorKind::Syntax, span, reason))
            }
            Kind::Name if self.text() == "WARP_SZ" => {
                self.next();
                Ok(Imm::S64(WARP_SIZE))
            }
            _ => Err(self.unexpected("a number")),
        }
    }
}

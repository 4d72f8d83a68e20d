// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Formats of printf.
//!
//! The conversions are those of C less `%n` and `long double`. Arguments lie in a record as kernels pass them: words of 4
//! or 8 bytes, each aligned to its size. `arguments_of` in `device/ixdevice.cu` reads formats in the same way and so
//! knows how many there are; a format that asks for more than the record has, or for more than [`MOST_ARGUMENTS`], is
//! printed as it stands from there on, as CUDA does it.
//!
//! What a conversion prints is left to the host's C library, which gets a format made anew from what was read.

use super::output::{snprintf, Value};
use std::ffi::CString;

/// Most arguments of a call.
const MOST_ARGUMENTS: usize = 32;
/// Widths and precisions are cut to this.
const WIDEST: i64 = 1 << 16;

struct Arguments<'a> {
    bytes: &'a [u8],
    at: usize,
    count: usize,
}

impl Arguments<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let at = self.at.next_multiple_of(N);
        let bytes = self.bytes.get(at..at + N)?.first_chunk::<N>()?;
        self.count += 1;
        self.at = at + N;
        (self.count <= MOST_ARGUMENTS).then_some(*bytes)
    }

    fn int(&mut self) -> Option<i32> {
        self.take().map(i32::from_le_bytes)
    }

    fn long(&mut self) -> Option<i64> {
        self.take().map(i64::from_le_bytes)
    }
}

/// Prints a call. `string` gives the string at an address, up to a length.
pub(super) fn print(format: &[u8], arguments: &[u8], string: &mut dyn FnMut(u64, usize) -> Option<Vec<u8>>, out: &mut Vec<u8>) {
    let mut arguments = Arguments { bytes: arguments, at: 0, count: 0 };
    let mut rest = format;
    while let Some(percent) = rest.iter().position(|b| *b == b'%') {
        out.extend(&rest[..percent]);
        rest = &rest[percent..];
        if rest.get(1) == Some(&b'%') {
            out.push(b'%');
            rest = &rest[2..];
            continue;
        }
        match conversion(rest, &mut arguments, string, out) {
            Some(length) => rest = &rest[length..],
            None => break,
        }
    }
    out.extend(rest);
}

/// A width or precision: a number in the format or an argument; and what follows it.
fn number<'f>(rest: &'f [u8], arguments: &mut Arguments<'_>) -> Option<(Option<i64>, &'f [u8])> {
    if let [b'*', rest @ ..] = rest {
        return Some((Some(arguments.int()?.into()), rest));
    }
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let value = rest[..digits].iter().fold(0i64, |n, d| (n * 10 + i64::from(d - b'0')).min(WIDEST));
    Some(((digits > 0).then_some(value), &rest[digits..]))
}

/// Prints the conversion with which `text` begins; gives its length.
fn conversion(
    text: &[u8],
    arguments: &mut Arguments<'_>,
    string: &mut dyn FnMut(u64, usize) -> Option<Vec<u8>>,
    out: &mut Vec<u8>,
) -> Option<usize> {
    let flags = text[1..].iter().take_while(|b| b"-+ #0".contains(b)).count();
    let mut spec = vec![b'%'];
    spec.extend(&text[1..1 + flags]);
    let (width, mut rest) = number(&text[1 + flags..], arguments)?;
    if let Some(width) = width {
        if width < 0 {
            spec.push(b'-');
        }
        spec.extend(width.unsigned_abs().min(WIDEST as u64).to_string().bytes());
    }
    let mut most = usize::MAX;
    if let [b'.', after @ ..] = rest {
        let (precision, after) = number(after, arguments)?;
        rest = after;
        // A negative one is none.
        if let Some(precision) = precision.or(Some(0)).filter(|p| *p >= 0) {
            spec.extend(format!(".{}", precision.min(WIDEST)).bytes());
            most = precision.min(WIDEST) as usize;
        }
    }
    let (length, is_long): (&[u8], bool) = match rest {
        [b'h', b'h', ..] => (b"hh", false),
        [b'h', ..] => (b"h", false),
        [b'l', b'l', ..] => (b"ll", true),
        [b'l', ..] => (b"l", true),
        [b'j' | b'z' | b't', ..] => (&rest[..1], true),
        _ => (b"", false),
    };
    rest = &rest[length.len()..];
    let (&conversion, rest) = rest.split_first()?;
    let mut emit = |length: &[u8], value: Value<'_>| {
        spec.extend(length);
        spec.push(conversion);
        // There is no NUL in it, as there is none in a format.
        if let Ok(spec) = CString::new(std::mem::take(&mut spec)) {
            snprintf(&spec, value, out);
        }
    };
    match conversion {
        b'd' | b'i' | b'u' | b'o' | b'x' | b'X' if is_long => emit(b"ll", Value::Long(arguments.long()?)),
        b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => emit(length, Value::Int(arguments.int()?)),
        // A wide character is printed as its lowest byte.
        b'c' if is_long => emit(b"", Value::Int(arguments.long()? as i32)),
        b'c' => emit(b"", Value::Int(arguments.int()?)),
        b'f' | b'F' | b'e' | b'E' | b'g' | b'G' | b'a' | b'A' => emit(b"", Value::Float(f64::from_bits(arguments.long()? as u64))),
        b'p' => emit(b"", Value::Pointer(arguments.long()? as u64)),
        b's' => {
            let address = arguments.long()? as u64;
            let text = match address {
                0 => b"(null)".to_vec(),
                _ => string(address, most).unwrap_or_else(|| format!("<no string at {address:#x}>").into_bytes()),
            };
            emit(b"", Value::String(&CString::new(text).unwrap_or_default()));
        }
        _ => return None,
    }
    Some(text.len() - rest.len())
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Loads and stores.

use super::{active, buffer, each, random_bytes};
use crate::case::{word, Arg, Effort, Launch};
use crate::expect::Expect;
use crate::template::{table, Params};
use crate::types::Type;

const THREADS: usize = 128;
const U64: Type = Type { width: 64, ..Type::U32 };
const U8: Type = Type { width: 8, ..Type::U32 };

/// A loaded element in a register of 64 bits: signed types are extended by their sign, all others by zeros.
fn extended(ty: Type, bits: u64) -> u64 {
    ty.number(bits) as u64
}

/// Loads of `count` elements from 16 bytes of each thread. The register of element `i` stands in 16 bytes of the output.
pub fn load(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    let ty = params.ty("type")?;
    let count = params.number("count")?;
    let size = ty.bits() as usize / 8;
    let bytes = random_bytes(effort.seed, "load", THREADS * 16);
    let constants: Vec<u8> = table().collect();
    let mut expected = vec![];
    for t in 0..THREADS {
        let mine = match params.get("space") {
            "const" | "param" => &constants[t % 32 * 16..],
            "shared" => &bytes[(t ^ 1) * 16..],
            _ => &bytes[t * 16..],
        };
        for i in 0..4 {
            let value = if i < count && active(params, t) { extended(ty, word(mine, size, i)) } else { 0 };
            expected.extend([Expect::Bits(value), Expect::Bits(0)]);
        }
    }
    let mut args = vec![buffer(bytes), buffer(vec![0; THREADS * 64])];
    if params.get("space") == "param" {
        args.push(Arg::Value(constants));
    }
    let check = each(1, U64, expected, |i| format!("thread {}, register {} of the load", i / 8, i / 2 % 4));
    Ok(vec![Launch::new("k", 1, THREADS as u32, args, check)])
}

/// Stores of `count` elements in the middle of 48 bytes of each thread.
pub fn store(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    const POISON: u8 = 0xa5;
    let ty = params.ty("type")?;
    let count = params.number("count")?;
    let size = ty.bits() as usize / 8;
    // Bits of the registers beyond the type are not stored.
    let registers = random_bytes(effort.seed, "store", THREADS * 32);
    let mut expected = vec![POISON; THREADS * 48];
    for t in (0..THREADS).filter(|t| active(params, *t)) {
        for i in 0..count {
            let from = t * 32 + i * 8;
            let to = t * 48 + 16 + i * size;
            expected[to..to + size].copy_from_slice(&registers[from..from + size]);
        }
    }
    let expected = expected.into_iter().map(|b| Expect::Bits(b.into())).collect();
    let check = each(1, U8, expected, |i| format!("thread {}, byte {} relative to the address", i / 48, (i % 48) as i64 - 16));
    Ok(vec![Launch::new("k", 1, THREADS as u32, vec![buffer(registers), buffer(vec![POISON; THREADS * 48])], check)])
}

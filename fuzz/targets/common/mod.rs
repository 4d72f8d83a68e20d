// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What the targets share: mutations that know PTX's tokens, beside libFuzzer's own of bytes.

#[path = "../../../compiler/tests/mutate/mod.rs"]
mod mutate;

use mutate::{mutate_bytes, mutate_tokens, tokens, Random};

/// Mutates the first `size` bytes of `data`, which may grow to `max`; gives the new size.
pub fn mutate(data: &mut [u8], size: usize, max: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let text = String::from_utf8_lossy(&data[..size]).into_owned();
    let mutant = match random.below(8) {
        0..=2 => return libfuzzer_sys::fuzzer_mutate(data, size, max),
        3 if !text.is_empty() => mutate_bytes(&text, &mut random),
        _ => {
            let mut list = tokens(&text);
            if list.is_empty() {
                return libfuzzer_sys::fuzzer_mutate(data, size, max);
            }
            let other = list.clone();
            for _ in 0..1 + random.below(4) {
                mutate_tokens(&mut list, &other, &mut random);
            }
            list.join(" ").replace("; ", ";\n")
        }
    };
    let length = mutant.len().min(max).min(data.len());
    data[..length].copy_from_slice(&mutant.as_bytes()[..length]);
    length
}

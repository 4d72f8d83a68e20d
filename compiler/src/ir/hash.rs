// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Hash tables for small keys.
//!
//! Keys are indices and short structs that the compiler makes itself, so the hash need not withstand chosen keys: the
//! worst that an unlucky program gets is a slower compilation. The function is the one of Firefox and rustc: rotate,
//! xor, multiply, word by word.

use std::hash::{BuildHasherDefault, Hasher};

/// A hash table.
pub type Map<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Mixer>>;
/// A hash set.
pub type Set<K> = std::collections::HashSet<K, BuildHasherDefault<Mixer>>;

/// The hash function.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mixer(u64);

impl Mixer {
    fn word(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        // Tables use the upper and the lower bits; multiplying leaves the entropy in the upper ones.
        self.0 ^ self.0 >> 32
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }
    fn write_u8(&mut self, n: u8) {
        self.word(n.into());
    }
    fn write_u16(&mut self, n: u16) {
        self.word(n.into());
    }
    fn write_u32(&mut self, n: u32) {
        self.word(n.into());
    }
    fn write_u64(&mut self, n: u64) {
        self.word(n);
    }
    fn write_usize(&mut self, n: usize) {
        self.word(n as u64);
    }
}

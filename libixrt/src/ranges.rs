// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Which parts of a range of numbers are free.
//!
//! The same structure gives out GPU addresses, device memory, system memory and pieces of pool
//! chunks: all are ranges of numbers that are taken with an alignment and given back.

use std::collections::BTreeMap;

/// The free parts of a range, by start; neighbours are always merged.
#[derive(Debug, Default)]
pub struct Ranges {
    free: BTreeMap<u64, u64>,
    free_bytes: u64,
}

impl Ranges {
    /// Nothing is free.
    pub const EMPTY: Ranges = Ranges { free: BTreeMap::new(), free_bytes: 0 };

    /// One free range of `size` from `start`.
    pub fn new(start: u64, size: u64) -> Ranges {
        let mut ranges = Ranges::default();
        ranges.give(start, size);
        ranges
    }

    /// Takes `size` at the lowest free multiple of `align` (a power of two) that fits.
    pub fn take(&mut self, size: u64, align: u64) -> Option<u64> {
        debug_assert!(align.is_power_of_two() && size > 0);
        if size > self.free_bytes {
            return None;
        }
        let (start, length, at) = self.free.iter().find_map(|(&start, &length)| {
            let at = start.checked_add(align - 1)? & !(align - 1);
            let end = at.checked_add(size)?;
            (end <= start + length).then_some((start, length, at))
        })?;
        self.free.remove(&start);
        if at > start {
            self.free.insert(start, at - start);
        }
        let end = at + size;
        if end < start + length {
            self.free.insert(end, start + length - end);
        }
        self.free_bytes -= size;
        Some(at)
    }

    /// Gives back (or adds) a range that is not free.
    pub fn give(&mut self, start: u64, size: u64) {
        if size == 0 {
            return;
        }
        self.free_bytes += size;
        let (mut start, mut size) = (start, size);
        if let Some((&before, &length)) = self.free.range(..start).next_back() {
            debug_assert!(before + length <= start, "range given back twice");
            if before + length == start {
                self.free.remove(&before);
                start = before;
                size += length;
            }
        }
        if let Some(length) = self.free.remove(&(start + size)) {
            size += length;
        }
        self.free.insert(start, size);
    }

    /// Sum of the free parts.
    pub fn free_bytes(&self) -> u64 {
        self.free_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_lowest_aligned_place() {
        let mut r = Ranges::new(0x1000, 0x10000);
        assert_eq!(r.take(0x100, 0x100), Some(0x1000));
        assert_eq!(r.take(0x1000, 0x4000), Some(0x4000));
        assert_eq!(r.take(0x100, 0x100), Some(0x1100));
        assert_eq!(r.take(0x10000, 1), None);
    }

    #[test]
    fn giving_back_merges_neighbours() {
        let mut r = Ranges::new(0, 0x3000);
        let [a, b, c] = [0; 3].map(|_| r.take(0x1000, 0x1000).unwrap());
        assert_eq!(r.take(1, 1), None);
        r.give(a, 0x1000);
        r.give(c, 0x1000);
        assert_eq!(r.take(0x2000, 0x1000), None);
        r.give(b, 0x1000);
        assert_eq!(r.free_bytes(), 0x3000);
        assert_eq!(r.take(0x3000, 0x1000), Some(0));
    }

    #[test]
    fn random_use_never_overlaps() {
        // A linear congruential generator with a fixed seed: failures repeat.
        let mut state = 0x5eed_u64;
        let mut next = |n: u64| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) % n
        };
        let mut r = Ranges::new(64, 1 << 16);
        let mut live: Vec<(u64, u64)> = Vec::new();
        for _ in 0..20_000 {
            if next(2) == 0 {
                let (size, align) = (1 + next(900), 1 << next(8));
                if let Some(at) = r.take(size, align) {
                    assert_eq!(at % align, 0);
                    assert!(at >= 64 && at + size <= 64 + (1 << 16));
                    assert!(live.iter().all(|&(s, n)| at + size <= s || s + n <= at));
                    live.push((at, size));
                }
            } else if !live.is_empty() {
                let (s, n) = live.swap_remove(next(live.len() as u64) as usize);
                r.give(s, n);
            }
            assert_eq!(r.free_bytes(), (1 << 16) - live.iter().map(|x| x.1).sum::<u64>());
        }
    }
}

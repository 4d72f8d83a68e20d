// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Managed memory: what host and device both use.
//!
//! Managed memory is system memory that the device reaches at the same address, so both see it all
//! the time and nothing ever moves. What a program says of how it will use a part, its *advice*, and
//! where it asks a part to be, is kept for those who ask, and changes nothing.

use crate::memory::Allocation;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A place for memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Number of the kind of place, as in `IXmemLocationType`.
    pub kind: i32,
    /// Which one of that kind.
    pub id: i32,
}

/// What was said of some bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// They are mostly read.
    pub read_mostly: bool,
    /// Where they should be.
    pub preferred: Option<Location>,
    /// Who will use them.
    pub accessed_by: BTreeSet<Location>,
    /// Where they were last asked to be.
    pub prefetched: Option<Location>,
}

/// What was said of the parts of an allocation.
#[derive(Debug)]
pub struct Advice {
    /// Parts by their end, in order, that cover everything.
    parts: Vec<(u64, Said)>,
}

impl Advice {
    /// Nothing was said of `size` bytes.
    pub fn new(size: u64) -> Advice {
        Advice { parts: vec![(size, Said::default())] }
    }

    /// Divides the part that contains `at`, so that a part begins there.
    fn cut(&mut self, at: u64) {
        let index = self.parts.partition_point(|(end, _)| *end <= at);
        let start = index.checked_sub(1).map_or(0, |i| self.parts[i].0);
        if index < self.parts.len() && start != at {
            let said = self.parts[index].1.clone();
            self.parts.insert(index, (at, said));
        }
    }

    /// Changes what was said of the bytes from `start` to before `end`.
    pub fn change(&mut self, start: u64, end: u64, change: impl Fn(&mut Said)) {
        self.cut(start);
        self.cut(end);
        let mut from = 0;
        for (to, said) in &mut self.parts {
            if from >= start && *to <= end {
                change(said);
            }
            from = *to;
        }
        // Neighbours of which the same was said are one.
        let mut merged: Vec<(u64, Said)> = Vec::with_capacity(self.parts.len());
        for (to, said) in self.parts.drain(..) {
            match merged.last_mut() {
                Some(last) if last.1 == said => last.0 = to,
                _ => merged.push((to, said)),
            }
        }
        self.parts = merged;
    }

    /// What was said of the parts that the bytes from `start` to before `end` touch.
    pub fn of(&self, start: u64, end: u64) -> impl Iterator<Item = &Said> {
        let mut from = 0;
        self.parts.iter().filter_map(move |(to, said)| {
            let touches = from < end && *to > start;
            from = *to;
            touches.then_some(said)
        })
    }
}

/// An allocation of managed memory.
pub fn advice(allocation: &Arc<Allocation>) -> Option<&std::sync::Mutex<Advice>> {
    match &allocation.origin {
        crate::memory::Origin::Managed(advice) => Some(advice),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_kept_by_part() {
        let mut advice = Advice::new(1000);
        advice.change(100, 200, |s| s.read_mostly = true);
        advice.change(150, 1000, |s| s.prefetched = Some(Location { kind: 1, id: 0 }));
        let read = |start, end| advice.of(start, end).map(|s| s.read_mostly).collect::<Vec<_>>();
        assert_eq!(read(0, 1000), [false, true, true, false]);
        assert_eq!(read(100, 150), [true]);
        assert_eq!(read(99, 101), [false, true]);
        assert_eq!(advice.of(160, 900).filter(|s| s.prefetched.is_some()).count(), 2);
        advice.change(0, 1000, |s| *s = Said::default());
        assert_eq!(advice.of(0, 1000).count(), 1);
    }
}

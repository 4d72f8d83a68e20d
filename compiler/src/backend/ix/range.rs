// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The live range of a web while it grows.
//!
//! Most webs have few segments, which a sorted list holds best. A web that takes in thousands of values, one at a time,
//! would be sorted as often; beyond [`LONG`] segments its range is a tree, and the smaller of two ranges is always put
//! into the larger one. So all unions together take n log^2 n.

use super::web::{tidy, Segment};
use std::collections::BTreeMap;

/// Segments beyond which a range is a tree.
const LONG: usize = 64;

/// Segments that do not overlap.
#[derive(Debug, Clone)]
pub(super) enum Range {
    /// Ascending.
    List(Vec<Segment>),
    /// First positions, with ends.
    Tree(BTreeMap<u32, u32>),
}

impl Default for Range {
    fn default() -> Range {
        Range::List(vec![])
    }
}

impl Range {
    fn len(&self) -> usize {
        match self {
            Range::List(list) => list.len(),
            Range::Tree(tree) => tree.len(),
        }
    }

    /// Whether any of the segments has a position in common with this one.
    fn touches(&self, s: Segment) -> bool {
        match self {
            Range::List(list) => list.get(list.partition_point(|x| x.to <= s.from)).is_some_and(|x| x.from < s.to),
            Range::Tree(tree) => tree.range(..s.to).next_back().is_some_and(|(_, &to)| to > s.from),
        }
    }

    /// Whether two ranges have a position in common.
    pub fn overlaps(&self, other: &Range) -> bool {
        if self.len() < other.len() {
            return other.overlaps(self);
        }
        match (self, other) {
            // Of similar lengths: both at once.
            (Range::List(a), Range::List(b)) if a.len() <= 8 * b.len() + 8 => {
                let (mut i, mut j) = (0, 0);
                while i < a.len() && j < b.len() {
                    if a[i].to <= b[j].from {
                        i += 1;
                    } else if b[j].to <= a[i].from {
                        j += 1;
                    } else {
                        return true;
                    }
                }
                false
            }
            (_, Range::List(list)) => list.iter().any(|s| self.touches(*s)),
            (_, Range::Tree(tree)) => tree.iter().any(|(&from, &to)| self.touches(Segment { from, to })),
        }
    }

    /// Puts a segment in that touches no other.
    fn insert(tree: &mut BTreeMap<u32, u32>, s: Segment) {
        let mut s = s;
        if let Some((&from, _)) = tree.range(..s.from).next_back().filter(|(_, &to)| to == s.from) {
            s.from = from;
        }
        if let Some(to) = tree.remove(&s.to) {
            s.to = to;
        }
        tree.insert(s.from, s.to);
    }

    /// Takes in a range that does not overlap.
    pub fn add(&mut self, mut other: Range) {
        if self.len() < other.len() {
            std::mem::swap(self, &mut other);
        }
        if let Range::List(list) = self {
            if list.len() + other.len() <= LONG {
                list.extend(other.into_list());
                return tidy(list);
            }
            *self = Range::Tree(list.iter().map(|s| (s.from, s.to)).collect());
        }
        if let Range::Tree(tree) = self {
            other.into_list().into_iter().for_each(|s| Self::insert(tree, s));
        }
    }

    /// The segments, ascending.
    pub fn into_list(self) -> Vec<Segment> {
        match self {
            Range::List(list) => list,
            Range::Tree(tree) => tree.into_iter().map(|(from, to)| Segment { from, to }).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(segments: &[(u32, u32)]) -> Range {
        Range::List(segments.iter().map(|&(from, to)| Segment { from, to }).collect())
    }

    #[test]
    fn neighbours_become_one_segment() {
        let mut range = list(&[(0, 2), (4, 6)]);
        range.add(list(&[(2, 4)]));
        assert_eq!(range.into_list(), [Segment { from: 0, to: 6 }]);
    }

    #[test]
    fn long_ranges_hold_the_same_as_short_ones() {
        let (mut range, mut all) = (Range::default(), vec![]);
        for i in 0..1000u32 {
            let from = i * 7919 % 1000 * 10;
            let segment = Segment { from, to: from + if i % 3 == 0 { 10 } else { 5 } };
            let one = Range::List(vec![segment]);
            assert!(!range.overlaps(&one) && !one.overlaps(&range));
            range.add(one);
            assert!(range.overlaps(&list(&[(from + 4, from + 5)])));
            all.push(segment);
        }
        tidy(&mut all);
        assert!(matches!(range, Range::Tree(_)));
        assert!(range.overlaps(&Range::List(all.clone())));
        assert_eq!(range.into_list(), all);
    }

    #[test]
    fn ranges_that_only_touch_do_not_overlap() {
        assert!(!list(&[(0, 5), (7, 9)]).overlaps(&list(&[(5, 7)])));
        assert!(list(&[(0, 5), (7, 9)]).overlaps(&list(&[(5, 8)])));
    }
}

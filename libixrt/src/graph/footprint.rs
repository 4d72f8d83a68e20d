// SPDX-License-Identifier: Apache-2.0 OR MIT
//! How much memory graphs have.
//!
//! Graphs *reserve* memory as long as they exist, and *use* it from the launch that takes it until it
//! is given back.

use super::node::GraphMemory;
use crate::handle::lock;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};

#[derive(Debug)]
struct Book {
    memories: Vec<Weak<GraphMemory>>,
    /// The most used and reserved so far, by number of the device.
    high: BTreeMap<usize, [u64; 2]>,
}

static BOOK: Mutex<Book> = Mutex::new(Book { memories: Vec::new(), high: BTreeMap::new() });

/// Bytes of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Footprint {
    /// Used and reserved now.
    pub now: [u64; 2],
    /// The most so far.
    pub high: [u64; 2],
}

fn look(book: &mut Book, device: usize) -> Footprint {
    book.memories.retain(|memory| memory.strong_count() > 0);
    let mut now = [0, 0];
    for memory in book.memories.iter().filter_map(Weak::upgrade).filter(|m| m.allocation.device == device) {
        now[0] += if memory.is_live() { memory.bytes as u64 } else { 0 };
        now[1] += memory.bytes as u64;
    }
    let high = book.high.entry(device).or_default();
    *high = [high[0].max(now[0]), high[1].max(now[1])];
    Footprint { now, high: *high }
}

/// Notes memory of a graph.
pub fn add(memory: &Arc<GraphMemory>) {
    let mut book = lock(&BOOK);
    book.memories.push(Arc::downgrade(memory));
    look(&mut book, memory.allocation.device);
}

/// Bytes of a device's graphs.
pub fn of(device: usize) -> Footprint {
    look(&mut lock(&BOOK), device)
}

/// Notes that memory was taken.
pub fn changed(device: usize) {
    of(device);
}

/// Sets the most so far, of use (0) or reservation (1), to what there is now.
pub fn reset(device: usize, which: usize) {
    let mut book = lock(&BOOK);
    let now = look(&mut book, device).now;
    if let Some(high) = book.high.get_mut(&device) {
        high[which] = now[which];
    }
}

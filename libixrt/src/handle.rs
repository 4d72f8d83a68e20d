// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Handles that can be checked.
//!
//! A *handle* is what a program holds of a context, stream, event, module or function: a number
//! that names a kind, a place in that kind's table, and the place's *generation*, which rises
//! whenever the place is emptied. So a made-up handle, one of another kind, and one of a destroyed
//! object are all told apart from a live one. Looking one up takes the lock of its place only.

use crate::error::{Code, Error, Result};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

/// log2 of the number of places in a table's first block; each next block is twice as large.
const FIRST_LOG2: u32 = 6;
/// Number of blocks, which bounds the number of objects of a kind.
const BLOCKS: usize = 20;

const INDEX_BITS: u32 = 28;
const GENERATION_BITS: u32 = 20;

/// What a handle is of. The number is part of the handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Of {
    Context = 1,
    Stream,
    Event,
    Module,
    Function,
    Library,
    LibraryKernel,
    Link,
    Graph,
    GraphNode,
    GraphExec,
    UserObject,
    Array,
    LevelledArray,
    Pool,
    Memory,
    ExternalMemory,
}

/// A place: how often it was emptied, and what is there.
type Place<T> = Mutex<(u32, Option<Arc<T>>)>;

/// The objects of one kind that have handles.
#[derive(Debug)]
pub struct Table<T> {
    kind: u64,
    what: &'static str,
    blocks: [OnceLock<Box<[Place<T>]>>; BLOCKS],
    /// Places that were emptied, and the first that was never used.
    free: Mutex<(Vec<u32>, u32)>,
}

impl<T> Table<T> {
    /// An empty table of objects that messages call `what`.
    pub const fn new(kind: Of, what: &'static str) -> Table<T> {
        Table { kind: kind as u64, what, blocks: [const { OnceLock::new() }; BLOCKS], free: Mutex::new((Vec::new(), 0)) }
    }

    fn place(&self, index: u32) -> Option<&Place<T>> {
        let shifted = u64::from(index) + (1 << FIRST_LOG2);
        let block = shifted.ilog2() - FIRST_LOG2;
        let offset = shifted - (1 << (block + FIRST_LOG2));
        self.blocks.get(block as usize)?.get()?.get(offset as usize)
    }

    /// Gives `object` a handle.
    pub fn insert(&self, object: Arc<T>) -> Result<u64> {
        let mut free = lock(&self.free);
        let index = match free.0.pop() {
            Some(index) => index,
            None => {
                let index = free.1;
                let block = (u64::from(index) + (1 << FIRST_LOG2)).ilog2() - FIRST_LOG2;
                let Some(places) = self.blocks.get(block as usize) else {
                    return Err(Error::new(Code::OUT_OF_MEMORY, format!("too many {}s", self.what)));
                };
                places.get_or_init(|| (0..1usize << (block + FIRST_LOG2)).map(|_| Mutex::new((0, None))).collect());
                free.1 += 1;
                index
            }
        };
        drop(free);
        let Some(place) = self.place(index) else {
            return Err(Error::new(Code::UNKNOWN, "a handle table lost a block"));
        };
        let mut place = lock(place);
        place.1 = Some(object);
        Ok(self.handle(place.0, index))
    }

    /// The live object with this handle.
    pub fn get(&self, handle: u64) -> Result<Arc<T>> {
        self.look_up(handle).ok_or_else(|| self.bad(handle))
    }

    /// The live object with this handle, if it is one of these.
    pub fn look_up(&self, handle: u64) -> Option<Arc<T>> {
        self.find(handle).and_then(|place| place.1.clone())
    }

    /// Takes the object with this handle, which is no handle from now on.
    pub fn remove(&self, handle: u64) -> Result<Arc<T>> {
        let mut place = self.find(handle).ok_or_else(|| self.bad(handle))?;
        let object = place.1.take().ok_or_else(|| self.bad(handle))?;
        place.0 = place.0.wrapping_add(1);
        drop(place);
        lock(&self.free).0.push((handle & ((1 << INDEX_BITS) - 1)) as u32);
        Ok(object)
    }

    /// A live object for which `f` holds. Looks at all of them.
    pub fn find_live(&self, f: impl Fn(&T) -> bool) -> Option<Arc<T>> {
        self.blocks.iter().filter_map(OnceLock::get).flatten().find_map(|place| lock(place).1.clone().filter(|object| f(object)))
    }

    /// The handle of an object that has one. Looks at all of them.
    pub fn handle_of(&self, object: &Arc<T>) -> Option<u64> {
        (0u32..).zip(self.blocks.iter().filter_map(OnceLock::get).flatten()).find_map(|(index, place)| {
            let place = lock(place);
            place.1.as_ref().filter(|other| Arc::ptr_eq(other, object))?;
            Some(self.handle(place.0, index))
        })
    }

    /// The handle of what is in a place for the n-th time.
    fn handle(&self, generation: u32, index: u32) -> u64 {
        let generation = u64::from(generation) & ((1 << GENERATION_BITS) - 1);
        self.kind << (INDEX_BITS + GENERATION_BITS) | generation << INDEX_BITS | u64::from(index)
    }

    /// All live objects.
    pub fn live(&self) -> Vec<Arc<T>> {
        self.blocks.iter().filter_map(OnceLock::get).flatten().filter_map(|place| lock(place).1.clone()).collect()
    }

    fn find(&self, handle: u64) -> Option<MutexGuard<'_, (u32, Option<Arc<T>>)>> {
        if handle >> (INDEX_BITS + GENERATION_BITS) != self.kind {
            return None;
        }
        let place = lock(self.place((handle & ((1 << INDEX_BITS) - 1)) as u32)?);
        let generation = (handle >> INDEX_BITS) & ((1 << GENERATION_BITS) - 1);
        (u64::from(place.0) & ((1 << GENERATION_BITS) - 1) == generation).then_some(place)
    }

    fn bad(&self, handle: u64) -> Error {
        Error::new(Code::INVALID_HANDLE, format!("{handle:#x} is not the handle of a live {}", self.what))
    }
}

/// Locks; what a panicking thread left behind is still consistent in all uses of this library.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|e| e.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_wrong_and_foreign_handles_are_refused() {
        let numbers: Table<u32> = Table::new(Of::Context, "number");
        let texts: Table<String> = Table::new(Of::Stream, "text");
        let handle = numbers.insert(Arc::new(7)).unwrap();
        assert_eq!(numbers.handle_of(&numbers.get(handle).unwrap()), Some(handle));
        assert_eq!(texts.get(handle).unwrap_err().code, Code::INVALID_HANDLE);
        for garbage in [0, 1, 2, u64::MAX, handle + 1, handle ^ 1 << 40, 0x7fff_1234_5678] {
            assert!(numbers.get(garbage).is_err(), "{garbage:#x}");
            assert!(numbers.remove(garbage).is_err(), "{garbage:#x}");
        }
        assert_eq!(*numbers.remove(handle).unwrap(), 7);
        assert!(numbers.remove(handle).is_err());
        // The place is used again, the handle is not.
        let next = numbers.insert(Arc::new(8)).unwrap();
        assert_ne!(next, handle);
        assert!(numbers.get(handle).is_err());
        assert_eq!(*numbers.get(next).unwrap(), 8);
    }

    #[test]
    fn tables_grow() {
        let table: Table<usize> = Table::new(Of::Event, "number");
        let handles: Vec<u64> = (0..1000).map(|i| table.insert(Arc::new(i)).unwrap()).collect();
        for (i, handle) in handles.iter().enumerate() {
            assert_eq!(*table.get(*handle).unwrap(), i);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Arrays: boxes of elements that programs reach by copies only.
//!
//! An array's layout is the library's own: rows at a pitch, slices without gaps. Kernels cannot
//! use arrays, as the device has no textures and surfaces.

use crate::context::Context;
use crate::error::{Code, Error, Result};
use crate::handle::{Of, Table};
use crate::memory::{allocations, Allocation, Origin};
use std::sync::{Arc, Weak};

/// Arrays that have handles.
pub static ARRAYS: Table<Array> = Table::new(Of::Array, "array");
/// Arrays with levels that have handles.
pub static LEVELLED: Table<Levelled> = Table::new(Of::LevelledArray, "array with levels");

/// Rows start at multiples of this.
const PITCH: u64 = 512;
/// Largest number of elements in a direction.
const EXTENT_MAX: u64 = 1 << 17;

/// What an array is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Elements in each direction; 0 where there is no such direction.
    pub size: [u64; 3],
    /// CUDA's number of the type of an element's channel.
    pub format: i32,
    /// Channels of an element.
    pub channels: u32,
    /// Flags.
    pub flags: u32,
}

/// Bytes of a channel of a format.
fn format_bytes(format: i32) -> Option<u64> {
    match format {
        0x01 | 0x08 => Some(1),
        0x02 | 0x09 | 0x10 => Some(2),
        0x03 | 0x0a | 0x20 => Some(4),
        _ => None,
    }
}

impl Shape {
    /// Bytes of an element.
    pub fn element(&self) -> Result<u64> {
        let bytes = format_bytes(self.format)
            .ok_or_else(|| Error::new(Code::NOT_SUPPORTED, format!("arrays of format {:#x} are not supported", self.format)))?;
        match self.channels {
            1 | 2 | 4 => Ok(bytes * u64::from(self.channels)),
            other => Err(Error::invalid(format!("elements of {other} channels; there may be 1, 2 or 4"))),
        }
    }

    /// Checks it and tells bytes of a row, from one row to the next, rows of a slice, slices.
    fn layout(&self) -> Result<[u64; 4]> {
        let [width, height, depth] = self.size;
        if width == 0 || height == 0 && depth != 0 && self.flags & 1 == 0 || self.size.iter().any(|n| *n > EXTENT_MAX) {
            return Err(Error::invalid(format!("an array of {width} x {height} x {depth} elements")));
        }
        let row = width * self.element()?;
        Ok([row, row.next_multiple_of(PITCH), height.max(1), depth.max(1)])
    }
}

/// An array: see the module's text.
#[derive(Debug)]
pub struct Array {
    /// Its context.
    pub context: Weak<Context>,
    /// What it is like.
    pub shape: Shape,
    /// Address of its first element.
    pub va: u64,
    /// Bytes of a row.
    pub row: u64,
    /// Bytes from one row to the next.
    pub pitch: u64,
    /// Rows of a slice.
    pub rows: u64,
    /// Slices.
    pub slices: u64,
    /// Whether it is a level of another.
    pub is_level: bool,
}

impl Array {
    /// Creates an array in a context.
    pub fn new(context: &Arc<Context>, shape: Shape, is_level: bool) -> Result<Arc<Array>> {
        let [row, pitch, rows, slices] = shape.layout()?;
        let block = context.device.vram.take(pitch * rows * slices, 1)?;
        let va = allocations::add(Allocation::from(Origin::Array, block, false, context));
        Ok(Arc::new(Array { context: Arc::downgrade(context), shape, va, row, pitch, rows, slices, is_level }))
    }

    /// Bytes of its memory.
    pub fn bytes(&self) -> u64 {
        self.pitch * self.rows * self.slices
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        drop(allocations::remove(self.va));
    }
}

/// An array and smaller forms of it.
#[derive(Debug)]
pub struct Levelled {
    /// Handles of the levels.
    pub levels: Vec<u64>,
}

impl Levelled {
    /// The levels of a shape: each half as large as the one before.
    pub fn shapes(shape: Shape, levels: u32) -> Vec<Shape> {
        let half = |n: u64, level: u32| if n == 0 { 0 } else { (n >> level).max(1) };
        let most = shape.size.iter().max().map_or(0, |n| n.max(&1).ilog2()) + 1;
        (0..levels.clamp(1, most)).map(|level| Shape { size: shape.size.map(|n| half(n, level)), ..shape }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_halve_until_there_is_one_element() {
        let shape = Shape { size: [10, 4, 0], format: 0x20, channels: 4, flags: 0 };
        let sizes: Vec<_> = Levelled::shapes(shape, 9).iter().map(|s| s.size).collect();
        assert_eq!(sizes, [[10, 4, 0], [5, 2, 0], [2, 1, 0], [1, 1, 0]]);
        assert_eq!(shape.element(), Ok(16));
        assert_eq!(shape.layout(), Ok([160, 512, 4, 1]));
    }

    #[test]
    fn impossible_shapes_are_refused() {
        let shape = Shape { size: [10, 4, 2], format: 0x20, channels: 1, flags: 0 };
        for wrong in [
            Shape { size: [0, 4, 2], ..shape },
            Shape { size: [10, 0, 2], ..shape },
            Shape { size: [1 << 20, 1, 1], ..shape },
            Shape { channels: 3, ..shape },
            Shape { format: 0xb0, ..shape },
        ] {
            assert!(wrong.layout().is_err(), "{wrong:?}");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Copies and fills.
//!
//! Memory is *device* memory, *pinned* host memory, which the device reaches at the same address,
//! or *pageable*: any other memory of the process. Between the first two a copy is one packet. To
//! and from pageable memory there are two ways: where the CPU sees device memory at full speed, it
//! copies by itself once the stream's order allows; else the copy goes in pieces through memory
//! that both see ([`crate::staging`]), each a packet.

use crate::capture;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::graph::node::{self, Kind, Space};
use crate::graph::transfer;
use crate::memory::{allocations, Block};
use crate::registered;
use crate::staging::Staging;
use crate::stream::{Stream, SCRATCH_MAX};
use ix_hw::packet::{self, header, Opcode};
use std::collections::VecDeque;
use std::sync::Arc;

/// One side of a copy: the address of its first byte, the bytes from one row to the next, and
/// where the memory is.
#[derive(Debug, Clone, Copy)]
pub struct Side {
    address: u64,
    pitch: u64,
    memory: Memory,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Memory {
    /// GPU memory; with the CPU's address of the same byte where the CPU sees it.
    Device(Option<*mut u8>),
    Pinned,
    Pageable,
}

/// What is copied: rows of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Bytes in a row.
    pub width: u64,
    /// Number of rows.
    pub rows: u64,
}

impl Extent {
    /// One row.
    pub const fn linear(width: u64) -> Extent {
        Extent { width, rows: 1 }
    }

    /// Bytes from the first to past the last, with rows `pitch` apart.
    fn span(&self, pitch: u64) -> Option<u64> {
        (self.rows.checked_sub(1)?).checked_mul(pitch)?.checked_add(self.width)
    }
}

impl Side {
    /// Memory that the device must reach: an allocation of this library.
    pub fn device(address: u64, pitch: u64, extent: Extent) -> Result<Side> {
        let size = extent.span(pitch).ok_or_else(|| Error::invalid("the copied range is larger than the address space"))?;
        match allocations::at(address) {
            Some(a) if a.rest(address) >= size => {
                let memory = if a.host { Memory::Pinned } else { Memory::Device(a.block.mapped.cpu(address)) };
                Ok(Side { address, pitch, memory })
            }
            Some(a) if a.is_mapping() && allocations::are_mapped(address, size) => {
                Ok(Side { address, pitch, memory: Memory::Device(None) })
            }
            Some(a) => Err(Error::invalid(format!(
                "{size} bytes from {address:#x} run past the end of the allocation at {:#x} of {} bytes",
                a.block.va, a.block.size
            ))),
            None => Err(Error::invalid(format!("{address:#x} is no address in device memory or pinned memory"))),
        }
    }

    /// Memory of the process: pinned, pageable, or, as all addresses are different, the device's.
    pub fn any(address: u64, pitch: u64, extent: Extent) -> Result<Side> {
        if allocations::at(address).is_some() {
            return Side::device(address, pitch, extent);
        }
        if address == 0 {
            return Err(Error::invalid("the host pointer is null"));
        }
        if let Some(address) = extent.span(pitch).and_then(|size| registered::device_address(address, size)) {
            return Side::device(address, pitch, extent);
        }
        Ok(Side { address, pitch, memory: Memory::Pageable })
    }

    /// How a graph's node says it.
    fn node(&self) -> node::Side {
        let space = if self.is_pageable() { Space::Host } else { Space::Device };
        node::Side { space, start: self.address, offset: [0; 3], pitch: self.pitch, height: 0 }
    }

    /// Where the CPU reads or writes it.
    fn cpu(&self) -> Option<*mut u8> {
        match self.memory {
            Memory::Device(cpu) => cpu,
            Memory::Pinned | Memory::Pageable => Some(self.address as *mut u8),
        }
    }

    /// Whether the device does not reach it.
    pub fn is_pageable(&self) -> bool {
        self.memory == Memory::Pageable
    }
}

/// Waits until all that a new batch of `stream` would wait for has completed.
fn wait_for_order(context: &Context, stream: &Stream) -> Result<()> {
    stream.wait_for(context, stream.position())?;
    match context.null_if_used() {
        Some(_) if stream.is_null() => context.wait_for_blocking_streams(),
        Some(null) if stream.is_blocking() => null.wait_for(context, null.position()),
        _ => Ok(()),
    }
}

/// Copies rows on the CPU.
///
/// # Safety
/// Both sides are valid for the extent with their pitches.
pub unsafe fn copy_on_cpu(to: (*mut u8, u64), from: (*const u8, u64), extent: Extent) {
    let (extent, to_pitch, from_pitch) = if to.1 == extent.width && from.1 == extent.width {
        (Extent::linear(extent.width * extent.rows), 0, 0)
    } else {
        (extent, to.1, from.1)
    };
    for row in 0..extent.rows {
        // SAFETY: by the contract of this function. `copy` because a program may copy within its
        // own memory.
        unsafe {
            let from = from.0.add((row * from_pitch) as usize);
            std::ptr::copy(from, to.0.add((row * to_pitch) as usize), extent.width as usize);
        }
    }
}

/// The packet of a copy between addresses that the device reaches, each with its pitch.
pub fn packet(to: (u64, u64), from: (u64, u64), extent: Extent) -> Result<packet::Copy> {
    let rows = u32::try_from(extent.rows).map_err(|_| Error::invalid(format!("{} rows are too many", extent.rows)))?;
    Ok(packet::Copy {
        header: header(Opcode::Copy, 0),
        rows,
        src_va: from.0,
        dst_va: to.0,
        width: extent.width,
        src_pitch: from.1,
        dst_pitch: to.1,
        ..packet::Copy::ZERO
    })
}

/// A part of an extent, and where it starts in it.
struct Piece {
    row: u64,
    column: u64,
    extent: Extent,
}

/// Cuts an extent into pieces of at most `most` bytes.
fn pieces(extent: Extent, most: u64) -> impl Iterator<Item = Piece> {
    let columns = extent.width.min(most);
    let rows = if extent.width > most { 1 } else { most / extent.width };
    (0..extent.rows).step_by(rows as usize).flat_map(move |row| {
        (0..extent.width).step_by(columns as usize).map(move |column| Piece {
            row,
            column,
            extent: Extent { width: columns.min(extent.width - column), rows: rows.min(extent.rows - row) },
        })
    })
}

/// Copies in a stream. When it returns, a pageable side may be reused or is there; with `wait`
/// everything has completed.
///
/// # Safety
/// Pageable and pinned sides are valid for the extent with their pitches.
pub unsafe fn copy(context: &Context, stream: &Arc<Stream>, to: Side, from: Side, extent: Extent, wait: bool) -> Result<()> {
    if extent.width == 0 || extent.rows == 0 {
        return Ok(());
    }
    if extent.rows > 1 && (to.pitch < extent.width || from.pitch < extent.width) {
        return Err(Error::invalid(format!("rows of {} bytes with pitches of {} and {}", extent.width, from.pitch, to.pitch)));
    }
    if to.address == from.address {
        return Ok(());
    }
    if stream.capture.is_active() {
        return stream.capture.add(Kind::Copy(node::Copy { to: to.node(), from: from.node(), size: [extent.width, extent.rows, 1] }));
    }
    if stream.is_null() {
        capture::refuse_implicit(context)?;
    }
    if !to.is_pageable() && !from.is_pageable() {
        let overlap = |a: &Side, b: &Side| b.address - a.address < extent.span(a.pitch).unwrap_or(u64::MAX);
        let (low, high) = if to.address < from.address { (&to, &from) } else { (&from, &to) };
        if extent.rows == 1 && overlap(low, high) {
            return Err(Error::invalid("source and destination overlap"));
        }
        let packet = packet((to.address, to.pitch), (from.address, from.pitch), extent)?;
        let mut batch = stream.begin(context)?;
        batch.push(&packet)?;
        let position = batch.finish()?;
        return if wait { stream.wait_for(context, position) } else { Ok(()) };
    }
    if let (Some(target), Some(source)) = (to.cpu(), from.cpu()) {
        // From pageable memory, a small copy that need not be complete goes through the ring when
        // the stream is busy: then the call does not wait for the stream.
        let staged =
            !wait && from.is_pageable() && !to.is_pageable() && extent.span(from.pitch).is_some_and(|n| n <= SCRATCH_MAX) && !stream.idle();
        if !staged {
            wait_for_order(context, stream)?;
            // SAFETY: pageable and pinned sides by the caller's word; device sides were checked
            // against their allocations when they were made.
            unsafe { copy_on_cpu((target, to.pitch), (source, from.pitch), extent) };
            return Ok(());
        }
    }
    if from.is_pageable() {
        // SAFETY: by the contract of this function.
        let value = unsafe { write_staged(context, stream, to, from, extent) }?;
        return if wait { stream.wait(context, value) } else { Ok(()) };
    }
    // SAFETY: by the contract of this function.
    unsafe { read_staged(context, stream, to, from, extent) }
}

/// Copies a box in a stream: see [`copy`].
///
/// # Safety
/// Pageable and pinned sides are valid for the box with their pitches and heights.
pub unsafe fn copy_box(context: &Context, stream: &Arc<Stream>, copy: &node::Copy, wait: bool) -> Result<()> {
    let [width, rows, slices] = copy.size;
    if copy.size.contains(&0) {
        return Ok(());
    }
    let large = || Error::invalid("the copied box is larger than the address space");
    // Slices without gaps are rows of one.
    let dense = |side: &node::Side| side.height == rows && side.offset[1] == 0;
    let (extent, slices) = if dense(&copy.to) && dense(&copy.from) {
        (Extent { width, rows: rows.checked_mul(slices).ok_or_else(large)? }, 1)
    } else {
        (Extent { width, rows }, slices)
    };
    if stream.capture.is_active() && slices > 1 {
        // One node, after the same checks.
        transfer::steps(copy, 0)?;
        return stream.capture.add(Kind::Copy(*copy));
    }
    for z in 0..slices {
        let side = |side: &node::Side| transfer::resolve(side, transfer::slice(side, z, copy.size).ok_or_else(large)?, extent);
        let last = wait && z + 1 == slices;
        // SAFETY: as the caller says.
        unsafe { self::copy(context, stream, side(&copy.to)?, side(&copy.from)?, extent, last) }?;
    }
    Ok(())
}

/// Copies between what the devices of two contexts reach, by way of the host. What `stream` was
/// given before has completed then, and so has the copy.
///
/// # Safety
/// Pageable and pinned sides are valid.
pub unsafe fn copy_across(
    stream: (&Context, &Arc<Stream>),
    to: (&Arc<Context>, &node::Side),
    from: (&Arc<Context>, &node::Side),
    size: [u64; 3],
) -> Result<()> {
    stream.1.capture.refuse("a copy between devices")?;
    stream.1.synchronize(stream.0)?;
    let bytes = size.iter().try_fold(1u64, |n, m| n.checked_mul(*m)).and_then(|n| usize::try_from(n).ok());
    let mut between = vec![0u8; bytes.ok_or_else(|| Error::invalid("the copied box is larger than the address space"))?];
    let middle = node::Side { pitch: size[0], height: size[1], ..node::Side::linear(Space::Host, between.as_mut_ptr() as u64) };
    // SAFETY: the vector is as large as the box; the rest as the caller says.
    unsafe {
        copy_box(from.0, from.0.null()?, &node::Copy { to: middle, from: *from.1, size }, true)?;
        copy_box(to.0, to.0.null()?, &node::Copy { to: *to.1, from: middle, size }, true)
    }
}

/// Copies from pageable memory in pieces; returns when that may be reused.
///
/// # Safety
/// `from` is valid for the extent.
unsafe fn write_staged(context: &Context, stream: &Arc<Stream>, to: Side, from: Side, extent: Extent) -> Result<u64> {
    let mut staging = Staging::choose(&context.device, extent.width.saturating_mul(extent.rows));
    let mut batch = stream.begin(context)?;
    let mut value = 0;
    for piece in pieces(extent, staging.piece()) {
        let scratch = staging.take(&mut batch, piece.extent.width * piece.extent.rows)?;
        let source = from.address + piece.row * from.pitch + piece.column;
        // SAFETY: the piece lies in `from`, and scratch is large enough and ours.
        unsafe { copy_on_cpu((scratch as *mut u8, piece.extent.width), (source as *const u8, from.pitch), piece.extent) };
        let target = to.address + piece.row * to.pitch + piece.column;
        batch.push(&packet((target, to.pitch), (scratch, piece.extent.width), piece.extent)?)?;
        value = batch.flush()?;
        staging.used(stream, value);
    }
    Ok(value)
}

/// Copies to pageable memory in pieces; returns when everything is there.
///
/// # Safety
/// `to` is valid for the extent.
unsafe fn read_staged(context: &Context, stream: &Arc<Stream>, to: Side, from: Side, extent: Extent) -> Result<()> {
    // The device fills pieces while earlier ones are copied out. The batch and the staging keep
    // other threads away from those that were not copied out yet.
    let mut staging = Staging::choose(&context.device, extent.width.saturating_mul(extent.rows));
    let mut batch = stream.begin(context)?;
    let mut flying: VecDeque<(u64, u64, Piece)> = VecDeque::new();
    let land = |flying: &mut VecDeque<(u64, u64, Piece)>| -> Result<()> {
        let Some((value, scratch, piece)) = flying.pop_front() else { return Ok(()) };
        stream.wait(context, value)?;
        let target = to.address + piece.row * to.pitch + piece.column;
        // SAFETY: the piece lies in `to`, and the device has filled the scratch.
        unsafe { copy_on_cpu((target as *mut u8, to.pitch), (scratch as *const u8, piece.extent.width), piece.extent) };
        Ok(())
    };
    for piece in pieces(extent, staging.piece()) {
        if flying.len() >= staging.in_flight() {
            land(&mut flying)?;
        }
        let scratch = staging.take(&mut batch, piece.extent.width * piece.extent.rows)?;
        let source = from.address + piece.row * from.pitch + piece.column;
        batch.push(&packet((scratch, piece.extent.width), (source, from.pitch), piece.extent)?)?;
        let value = batch.flush()?;
        staging.used(stream, value);
        flying.push_back((value, scratch, piece));
    }
    while !flying.is_empty() {
        land(&mut flying)?;
    }
    Ok(())
}

/// Puts `bytes` into a block of device memory that nothing uses yet.
pub fn upload(context: &Arc<Context>, block: &Block, bytes: &[u8]) -> Result<()> {
    debug_assert!(bytes.len() as u64 <= block.size);
    let extent = Extent::linear(bytes.len() as u64);
    let from = Side { address: bytes.as_ptr() as u64, pitch: extent.width, memory: Memory::Pageable };
    if let Some(target) = block.cpu() {
        // SAFETY: the block is large enough and nobody uses it.
        unsafe { copy_on_cpu((target, extent.width), (bytes.as_ptr(), extent.width), extent) };
        return Ok(());
    }
    let to = Side { address: block.va, pitch: extent.width, memory: Memory::Device(None) };
    let stream = context.null()?;
    // SAFETY: `bytes` is valid for its length.
    let value = unsafe { write_staged(context, stream, to, from, extent) }?;
    stream.wait(context, value)
}

/// The shape of a fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rows {
    /// Bytes from one row to the next; ignored for one row.
    pub pitch: u64,
    /// Elements in a row.
    pub width: u64,
    /// Number of rows.
    pub rows: u64,
}

/// What memory is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element {
    /// Its value.
    pub value: u64,
    /// Its size in bytes: 1, 2 or 4.
    pub size: u32,
}

/// The packet of a fill of rows of elements from `va` on, and whether that is pinned memory; `None`
/// if there is nothing to fill.
pub fn fill_packet(va: u64, shape: Rows, element: Element) -> Result<Option<(packet::Fill, bool)>> {
    let Rows { pitch, width, rows } = shape;
    let size = u64::from(element.size);
    let bytes = width.checked_mul(size).ok_or_else(|| Error::invalid("the filled range is larger than the address space"))?;
    if bytes == 0 || rows == 0 {
        return Ok(None);
    }
    if va % size != 0 || rows > 1 && (pitch % size != 0 || pitch < bytes) {
        return Err(Error::invalid(format!("address {va:#x} or pitch {pitch} does not suit rows of {width} elements of {size} bytes")));
    }
    let target = Side::device(va, pitch, Extent { width: bytes, rows })?;
    let rows = u32::try_from(rows).map_err(|_| Error::invalid(format!("{rows} rows are too many")))?;
    let packet = packet::Fill {
        header: header(Opcode::Fill, 0),
        rows,
        dst_va: va,
        width,
        pitch,
        value: element.value,
        element: element.size,
        ..packet::Fill::ZERO
    };
    Ok(Some((packet, target.memory == Memory::Pinned)))
}

/// Fills rows of elements from `va` on. With `wait`, pinned memory is filled on return.
pub fn fill(context: &Context, stream: &Stream, va: u64, shape: Rows, element: Element, wait: bool) -> Result<()> {
    let Some((packet, pinned)) = fill_packet(va, shape, element)? else { return Ok(()) };
    if stream.capture.is_active() {
        let Rows { pitch, width, rows: height } = shape;
        return stream.capture.add(Kind::Fill(node::Fill {
            to: va,
            pitch,
            value: element.value as u32,
            element: element.size,
            width,
            height,
        }));
    }
    let mut batch = stream.begin(context)?;
    batch.push(&packet)?;
    let position = batch.finish()?;
    // A program may look at it right away.
    if pinned && wait {
        return stream.wait_for(context, position);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(extent: Extent) -> u64 {
        pieces(extent, SCRATCH_MAX)
            .map(|p| {
                let bytes = p.extent.width * p.extent.rows;
                assert!(bytes <= SCRATCH_MAX && bytes > 0);
                assert!(p.column + p.extent.width <= extent.width && p.row + p.extent.rows <= extent.rows);
                bytes
            })
            .sum()
    }

    #[test]
    fn pieces_cover_the_extent() {
        for (width, rows) in [(1, 1), (SCRATCH_MAX, 1), (SCRATCH_MAX + 1, 1), (10 * SCRATCH_MAX + 7, 3), (100, 10_000), (1, 1 << 20)] {
            assert_eq!(covered(Extent { width, rows }), width * rows);
        }
    }

    #[test]
    fn span_counts_the_last_row_without_its_pitch() {
        assert_eq!(Extent { width: 10, rows: 3 }.span(16), Some(42));
        assert_eq!(Extent::linear(10).span(0), Some(10));
        assert_eq!(Extent { width: 10, rows: u64::MAX }.span(16), None);
    }
}

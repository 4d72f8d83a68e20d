// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the copies of boxes, of arrays, between contexts, and in batches.

use super::contexts::ctx;
use super::copies;
use super::types::*;
use crate::array::{Array, ARRAYS};
use crate::context::{self, Context};
use crate::copy;
use crate::error::{Error, Result};
use crate::graph::node::{Copy, Side, Space};
use crate::memory::allocations;
use std::ffi::{c_ulonglong, c_void};
use std::sync::Arc;

const NULL_STREAM: IXstream = IXstream(0);

fn array(handle: IXarray) -> Result<Arc<Array>> {
    ARRAYS.get(handle.0 as u64)
}

/// What a program says of a side of a box.
pub struct Given {
    /// Kind of memory.
    pub memory: IXmemorytype,
    /// Address for host memory.
    pub host: u64,
    /// Address for other memory.
    pub device: IXdeviceptr,
    /// Array.
    pub array: *mut c_void,
    /// Bytes, rows and slices before the box.
    pub offset: [usize; 3],
    /// Bytes from row to row.
    pub pitch: usize,
    /// Rows from slice to slice.
    pub height: usize,
}

/// The side that a program describes, of a box of `size`.
pub fn side(given: &Given, size: [u64; 3]) -> Result<Side> {
    let offset = given.offset.map(|n| n as u64);
    let (space, start) = match given.memory {
        IX_MEMORYTYPE_HOST => (Space::Host, given.host),
        IX_MEMORYTYPE_DEVICE => (Space::Device, given.device.0),
        IX_MEMORYTYPE_UNIFIED => (Space::Unified, given.device.0),
        IX_MEMORYTYPE_ARRAY => {
            let array = array(IXarray(given.array as usize))?;
            let ends = [0, 1, 2].map(|i| offset[i].saturating_add(size[i]));
            if ends.iter().zip([array.row, array.rows, array.slices]).any(|(end, room)| *end > room) {
                return Err(Error::invalid(format!(
                    "a box that ends at {ends:?} in an array of {} bytes, {} rows, {} slices",
                    array.row, array.rows, array.slices
                )));
            }
            return Ok(Side { space: Space::Device, start: array.va, offset, pitch: array.pitch, height: array.rows });
        }
        IXmemorytype(other) => return Err(Error::invalid(format!("there is no memory type {other}"))),
    };
    if start == 0 {
        return Err(Error::invalid("an address is null"));
    }
    // Pitch and height of what has one row or slice are not used, and many programs leave them 0.
    let ends = [0, 1].map(|i| offset[i].saturating_add(size[i]));
    if (ends[1] > 1 || size[2] > 1 || offset[2] > 0) && (given.pitch as u64) < ends[0]
        || (size[2] > 1 || offset[2] > 0) && (given.height as u64) < ends[1]
    {
        return Err(Error::invalid(format!(
            "a box whose rows end at {} and slices at {}, with a pitch of {} and a height of {}",
            ends[0], ends[1], given.pitch, given.height
        )));
    }
    Ok(Side { space, start, offset, pitch: given.pitch as u64, height: given.height as u64 })
}

/// The copy that a program describes.
///
/// # Safety
/// `copy` is null or valid.
pub unsafe fn parse(copy: *const IX_MEMCPY3D) -> Result<Copy> {
    // SAFETY: as the caller says.
    let c = *unsafe { copy.as_ref() }.ok_or_else(|| Error::invalid("copy is null"))?;
    if c.srcLOD != 0 || c.dstLOD != 0 || !c.reserved0.is_null() || !c.reserved1.is_null() {
        return Err(Error::invalid("a reserved field of the copy is not zero"));
    }
    let size = [c.WidthInBytes as u64, c.Height as u64, c.Depth as u64];
    if size.contains(&0) {
        let nothing = Side::linear(Space::Host, 0);
        return Ok(Copy { to: nothing, from: nothing, size });
    }
    let to = Given {
        memory: c.dstMemoryType,
        host: c.dstHost as u64,
        device: c.dstDevice,
        array: c.dstArray,
        offset: [c.dstXInBytes, c.dstY, c.dstZ],
        pitch: c.dstPitch,
        height: c.dstHeight,
    };
    let from = Given {
        memory: c.srcMemoryType,
        host: c.srcHost as u64,
        device: c.srcDevice,
        array: c.srcArray,
        offset: [c.srcXInBytes, c.srcY, c.srcZ],
        pitch: c.srcPitch,
        height: c.srcHeight,
    };
    Ok(Copy { to: side(&to, size)?, from: side(&from, size)?, size })
}

/// Whether the device of a context reaches a side.
fn is_reached(context: &Context, side: &Side) -> bool {
    side.space == Space::Host || allocations::at(side.start).is_none_or(|a| a.device == context.device.ordinal)
}

/// Copies a box in a stream, through the host if a side is another device's.
///
/// # Safety
/// As for ixMemcpy3D.
pub unsafe fn run(copy: &Copy, contexts: [Option<&Arc<Context>>; 2], stream: IXstream, wait: bool) -> Result<()> {
    let (context, stream) = context::stream(stream.0 as u64)?;
    let owner = |given: Option<&Arc<Context>>, side: &Side| match given {
        Some(given) => Ok(Arc::clone(given)),
        None if is_reached(&context, side) => Ok(Arc::clone(&context)),
        None => copies::context_of(side.start),
    };
    // SAFETY: as the caller says.
    unsafe {
        if is_reached(&context, &copy.to) && is_reached(&context, &copy.from) {
            copy::copy_box(&context, &stream, copy, wait)
        } else {
            let (to, from) = (owner(contexts[0], &copy.to)?, owner(contexts[1], &copy.from)?);
            copy::copy_across((&context, &stream), (&to, &copy.to), (&from, &copy.from), copy.size)
        }
    }
}

pub unsafe fn copy_3d(copy: *const IX_MEMCPY3D) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { run(&parse(copy)?, [None; 2], NULL_STREAM, true) }
}

pub unsafe fn copy_3d_async(copy: *const IX_MEMCPY3D, stream: IXstream) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { run(&parse(copy)?, [None; 2], stream, false) }
}

// Between contexts.

fn given_context(handle: IXcontext) -> Result<Arc<Context>> {
    match handle.0 {
        0 => context::current(),
        _ => ctx(handle).map(|(_, context)| context),
    }
}

unsafe fn copy_peer(copy: *const IX_MEMCPY3D_PEER, stream: IXstream, wait: bool) -> Result<()> {
    // SAFETY: as the caller says.
    let c = unsafe { copy.as_ref() }.ok_or_else(|| Error::invalid("copy is null"))?;
    let (to, from) = (given_context(c.dstContext)?, given_context(c.srcContext)?);
    let plain = IX_MEMCPY3D {
        srcXInBytes: c.srcXInBytes,
        srcY: c.srcY,
        srcZ: c.srcZ,
        srcLOD: c.srcLOD,
        srcMemoryType: c.srcMemoryType,
        srcHost: c.srcHost,
        srcDevice: c.srcDevice,
        srcArray: c.srcArray,
        srcPitch: c.srcPitch,
        srcHeight: c.srcHeight,
        dstXInBytes: c.dstXInBytes,
        dstY: c.dstY,
        dstZ: c.dstZ,
        dstLOD: c.dstLOD,
        dstMemoryType: c.dstMemoryType,
        dstHost: c.dstHost,
        dstDevice: c.dstDevice,
        dstArray: c.dstArray,
        dstPitch: c.dstPitch,
        dstHeight: c.dstHeight,
        WidthInBytes: c.WidthInBytes,
        Height: c.Height,
        Depth: c.Depth,
        ..IX_MEMCPY3D::default()
    };
    // SAFETY: as the caller says.
    unsafe { run(&parse(&plain)?, [Some(&to), Some(&from)], stream, wait) }
}

pub unsafe fn copy_3d_peer(copy: *const IX_MEMCPY3D_PEER) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { copy_peer(copy, NULL_STREAM, false) }
}

pub unsafe fn copy_3d_peer_async(copy: *const IX_MEMCPY3D_PEER, stream: IXstream) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { copy_peer(copy, stream, false) }
}

pub unsafe fn peer(to: IXdeviceptr, to_context: IXcontext, from: IXdeviceptr, from_context: IXcontext, bytes: usize) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { peer_async(to, to_context, from, from_context, bytes, NULL_STREAM) }
}

pub unsafe fn peer_async(
    to: IXdeviceptr,
    to_context: IXcontext,
    from: IXdeviceptr,
    from_context: IXcontext,
    bytes: usize,
    stream: IXstream,
) -> Result<()> {
    let (to_context, from_context) = (given_context(to_context)?, given_context(from_context)?);
    let side = |address: IXdeviceptr| Side::linear(Space::Device, address.0);
    let copy = Copy { to: side(to), from: side(from), size: [bytes as u64, 1, 1] };
    // SAFETY: as the caller says.
    unsafe { run(&copy, [Some(&to_context), Some(&from_context)], stream, false) }
}

// Arrays.

/// Bytes of an array of one row, from `offset` on.
fn part(handle: IXarray, offset: usize, bytes: usize) -> Result<Side> {
    let given = Given {
        memory: IX_MEMORYTYPE_ARRAY,
        host: 0,
        device: IXdeviceptr(0),
        array: handle.0 as *mut c_void,
        offset: [offset, 0, 0],
        pitch: 0,
        height: 0,
    };
    side(&given, [bytes as u64, 1, 1])
}

macro_rules! array_copies {
    ($($name:ident(to: $to_kind:ident, from: $from_kind:ident) $($stream:ident)?;)+) => {
        $( array_copies! { @one $name, $to_kind, $from_kind, $($stream)? } )+
    };
    (@one $name:ident, array, array,) => {
        pub unsafe fn $name(to: IXarray, to_offset: usize, from: IXarray, from_offset: usize, bytes: usize) -> Result<()> {
            let copy = Copy { to: part(to, to_offset, bytes)?, from: part(from, from_offset, bytes)?, size: [bytes as u64, 1, 1] };
            // SAFETY: as the caller says.
            unsafe { run(&copy, [None; 2], NULL_STREAM, false) }
        }
    };
    (@one $name:ident, array, device,) => {
        pub unsafe fn $name(to: IXarray, offset: usize, from: IXdeviceptr, bytes: usize) -> Result<()> {
            let copy = Copy { to: part(to, offset, bytes)?, from: Side::linear(Space::Device, from.0), size: [bytes as u64, 1, 1] };
            // SAFETY: as the caller says.
            unsafe { run(&copy, [None; 2], NULL_STREAM, false) }
        }
    };
    (@one $name:ident, device, array,) => {
        pub unsafe fn $name(to: IXdeviceptr, from: IXarray, offset: usize, bytes: usize) -> Result<()> {
            let copy = Copy { to: Side::linear(Space::Device, to.0), from: part(from, offset, bytes)?, size: [bytes as u64, 1, 1] };
            // SAFETY: as the caller says.
            unsafe { run(&copy, [None; 2], NULL_STREAM, false) }
        }
    };
    (@one $name:ident, array, host, $stream:ident) => {
        pub unsafe fn $name(to: IXarray, offset: usize, from: *const c_void, bytes: usize, $stream: IXstream) -> Result<()> {
            let copy = Copy { to: part(to, offset, bytes)?, from: Side::linear(Space::Host, from as u64), size: [bytes as u64, 1, 1] };
            // SAFETY: as the caller says.
            unsafe { run(&copy, [None; 2], $stream, false) }
        }
    };
    (@one $name:ident, host, array, $stream:ident) => {
        pub unsafe fn $name(to: *mut c_void, from: IXarray, offset: usize, bytes: usize, $stream: IXstream) -> Result<()> {
            let copy = Copy { to: Side::linear(Space::Host, to as u64), from: part(from, offset, bytes)?, size: [bytes as u64, 1, 1] };
            // SAFETY: as the caller says.
            unsafe { run(&copy, [None; 2], $stream, false) }
        }
    };
}

array_copies! {
    array_to_array(to: array, from: array);
    device_to_array(to: array, from: device);
    array_to_device(to: device, from: array);
    host_to_array_async(to: array, from: host) stream;
    array_to_host_async(to: host, from: array) stream;
}

pub unsafe fn host_to_array(to: IXarray, offset: usize, from: *const c_void, bytes: usize) -> Result<()> {
    let copy = Copy { to: part(to, offset, bytes)?, from: Side::linear(Space::Host, from as u64), size: [bytes as u64, 1, 1] };
    // SAFETY: as the caller says.
    unsafe { run(&copy, [None; 2], NULL_STREAM, true) }
}

pub unsafe fn array_to_host(to: *mut c_void, from: IXarray, offset: usize, bytes: usize) -> Result<()> {
    let copy = Copy { to: Side::linear(Space::Host, to as u64), from: part(from, offset, bytes)?, size: [bytes as u64, 1, 1] };
    // SAFETY: as the caller says.
    unsafe { run(&copy, [None; 2], NULL_STREAM, true) }
}

// Batches.

/// The attributes of the `index`-th copy: those of the last group that begins at or before it.
///
/// # Safety
/// Both lists have `groups` elements.
unsafe fn check_attributes(attributes: *const IXmemcpyAttributes, starts: *const usize, groups: usize, count: usize) -> Result<()> {
    if groups == 0 || attributes.is_null() || starts.is_null() || groups > count {
        return Err(Error::invalid(format!("{groups} attributes for {count} copies")));
    }
    // SAFETY: as the caller says.
    let (attributes, starts) = unsafe { (std::slice::from_raw_parts(attributes, groups), std::slice::from_raw_parts(starts, groups)) };
    if starts[0] != 0 || starts.windows(2).any(|w| w[0] >= w[1]) || starts[groups - 1] >= count {
        return Err(Error::invalid("the attributes' indices must begin with 0, rise, and stay below the number of copies"));
    }
    attributes.iter().try_for_each(check_attribute)
}

fn check_attribute(attribute: &IXmemcpyAttributes) -> Result<()> {
    if !(1..=3).contains(&attribute.srcAccessOrder.0) {
        return Err(Error::invalid(format!("there is no order of access {}", attribute.srcAccessOrder.0)));
    }
    Ok(())
}

fn check_created(stream: IXstream) -> Result<()> {
    if context::is_legacy(stream.0 as u64) {
        return Err(Error::invalid("this is not for the null stream"));
    }
    Ok(())
}

#[allow(clippy::too_many_arguments, reason = "the parameters of the C function")]
pub unsafe fn batch_v2(
    to: *const IXdeviceptr,
    from: *const IXdeviceptr,
    sizes: *const usize,
    count: usize,
    attributes: *const IXmemcpyAttributes,
    starts: *const usize,
    groups: usize,
    stream: IXstream,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { batch(to, from, sizes, count, attributes, starts, groups, std::ptr::null_mut(), stream) }
}

#[allow(clippy::too_many_arguments, reason = "the parameters of the C function")]
pub unsafe fn batch(
    to: *const IXdeviceptr,
    from: *const IXdeviceptr,
    sizes: *const usize,
    count: usize,
    attributes: *const IXmemcpyAttributes,
    starts: *const usize,
    groups: usize,
    failed: *mut usize,
    stream: IXstream,
) -> Result<()> {
    check_created(stream)?;
    if to.is_null() || from.is_null() || sizes.is_null() || count == 0 {
        return Err(Error::invalid(format!("{count} copies, or a list is null")));
    }
    let mut at = usize::MAX;
    // SAFETY: the lists have `count` elements, as the caller says.
    let result = unsafe { check_attributes(attributes, starts, groups, count) }.and_then(|()| {
        (0..count).try_for_each(|i| {
            at = i;
            // SAFETY: as above.
            unsafe { copies::any_async(*to.add(i), *from.add(i), *sizes.add(i), stream) }
        })
    });
    if result.is_err() && !failed.is_null() {
        // SAFETY: as the caller says.
        unsafe { failed.write(at) };
    }
    result
}

pub unsafe fn with_attributes(
    to: IXdeviceptr,
    from: IXdeviceptr,
    bytes: usize,
    attributes: *mut IXmemcpyAttributes,
    stream: IXstream,
) -> Result<()> {
    // SAFETY: as the caller says.
    check_attribute(unsafe { attributes.as_ref() }.ok_or_else(|| Error::invalid("attributes is null"))?)?;
    // SAFETY: as the caller says.
    unsafe { copies::any_async(to, from, bytes, stream) }
}

/// A side of a copy of a batch, with elements of `element` bytes.
fn operand(given: &IXmemcpy3DOperand, element: u64, size: [u64; 3]) -> Result<Side> {
    let in_bytes = |n: usize| (n as u64).checked_mul(element).ok_or_else(|| Error::invalid("the box is larger than the address space"));
    // SAFETY: the type says which field is valid; both are numbers.
    unsafe {
        match given.r#type {
            IX_MEMCPY_OPERAND_TYPE_POINTER => {
                let p = given.op.ptr;
                let (pitch, height) = (if p.rowLength == 0 { size[0] } else { in_bytes(p.rowLength)? }, p.layerHeight);
                if pitch < size[0] || height != 0 && (height as u64) < size[1] {
                    return Err(Error::invalid(format!("a box of {size:?} in rows of {pitch} bytes and slices of {height} rows")));
                }
                let linear = Side::linear(Space::Unified, p.ptr.0);
                Ok(Side { pitch, height: if height == 0 { size[1] } else { height as u64 }, ..linear })
            }
            IX_MEMCPY_OPERAND_TYPE_ARRAY => {
                let a = given.op.array;
                let given = Given {
                    memory: IX_MEMORYTYPE_ARRAY,
                    host: 0,
                    device: IXdeviceptr(0),
                    array: a.array.0 as *mut c_void,
                    offset: [in_bytes(a.offset.x)? as usize, a.offset.y, a.offset.z],
                    pitch: 0,
                    height: 0,
                };
                side(&given, size)
            }
            IXmemcpy3DOperandType(other) => Err(Error::invalid(format!("there is no side of type {other}"))),
        }
    }
}

/// # Safety
/// What `op` names is valid.
unsafe fn batched(op: &IX_MEMCPY3D_BATCH_OP, stream: IXstream) -> Result<()> {
    let element = |side: &IXmemcpy3DOperand| match side.r#type {
        // SAFETY: the type says which field is valid.
        IX_MEMCPY_OPERAND_TYPE_ARRAY => array(unsafe { side.op.array.array })?.shape.element().map(Some),
        _ => Ok(None),
    };
    let element = match (element(&op.src)?, element(&op.dst)?) {
        (Some(a), Some(b)) if a != b => return Err(Error::invalid(format!("arrays with elements of {a} and {b} bytes"))),
        (a, b) => a.or(b).unwrap_or(1),
    };
    if !(1..=3).contains(&op.srcAccessOrder.0) {
        return Err(Error::invalid(format!("there is no order of access {}", op.srcAccessOrder.0)));
    }
    let size = [(op.extent.width as u64).saturating_mul(element), op.extent.height as u64, op.extent.depth as u64];
    let copy = Copy { to: operand(&op.dst, element, size)?, from: operand(&op.src, element, size)?, size };
    // SAFETY: as the caller says.
    unsafe { run(&copy, [None; 2], stream, false) }
}

pub unsafe fn batch_3d(
    count: usize,
    list: *mut IX_MEMCPY3D_BATCH_OP,
    failed: *mut usize,
    flags: c_ulonglong,
    stream: IXstream,
) -> Result<()> {
    check_created(stream)?;
    if list.is_null() || count == 0 || flags != 0 {
        return Err(Error::invalid(format!("{count} copies at {list:p} with flags {flags:#x}")));
    }
    for i in 0..count {
        // SAFETY: the list has `count` elements, as the caller says.
        if let Err(error) = unsafe { batched(&*list.add(i), stream) } {
            if !failed.is_null() {
                // SAFETY: as the caller says.
                unsafe { failed.write(i) };
            }
            return Err(error);
        }
    }
    Ok(())
}

pub unsafe fn batch_3d_v2(count: usize, list: *mut IX_MEMCPY3D_BATCH_OP, flags: c_ulonglong, stream: IXstream) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { batch_3d(count, list, std::ptr::null_mut(), flags, stream) }
}

pub unsafe fn with_attributes_3d(op: *mut IX_MEMCPY3D_BATCH_OP, flags: c_ulonglong, stream: IXstream) -> Result<()> {
    // SAFETY: null or valid, as the caller says.
    let op =
        unsafe { op.as_ref() }.filter(|_| flags == 0).ok_or_else(|| Error::invalid(format!("the copy is null or flags is {flags:#x}")))?;
    // SAFETY: as the caller says.
    unsafe { batched(op, stream) }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the copies and fills.

use super::boxes::{self, Given};
use super::types::*;
use crate::context::{self, Context, CONTEXTS};
use crate::copy::{self, Extent, Side};
use crate::error::{Code, Error, Result};
use crate::graph::node::{self, Space};
use crate::memory::allocations;
use std::ffi::{c_uint, c_ushort, c_void};
use std::sync::Arc;

/// What the caller says of an address.
#[derive(Clone, Copy)]
enum End {
    Device(IXdeviceptr),
    Any(u64),
}

impl End {
    fn side(self, extent: Extent) -> Result<Side> {
        match self {
            End::Device(address) => Side::device(address.0, extent.width, extent),
            End::Any(address) => Side::any(address, extent.width, extent),
        }
    }
}

/// A live context on the device of an allocation, preferably the allocation's own.
pub fn context_of(address: u64) -> Result<Arc<Context>> {
    let allocation = allocations::at(address).ok_or_else(|| Error::invalid(format!("{address:#x} is in no allocation")))?;
    let own = CONTEXTS.find_live(|c| c.id == allocation.context);
    own.or_else(|| CONTEXTS.find_live(|c| c.device.ordinal == allocation.device))
        .ok_or_else(|| Error::new(Code::INVALID_CONTEXT, format!("there is no context on the device of {address:#x}")))
}

impl End {
    /// Whether a device reaches it.
    fn is_reached(self, context: &Context) -> bool {
        let (End::Device(IXdeviceptr(address)) | End::Any(address)) = self;
        allocations::at(address).is_none_or(|a| a.device == context.device.ordinal)
    }

    fn node(self) -> node::Side {
        match self {
            End::Device(address) => node::Side::linear(Space::Device, address.0),
            End::Any(address) => node::Side::linear(Space::Unified, address),
        }
    }
}

unsafe fn linear(to: End, from: End, bytes: usize, stream: IXstream, wait: bool) -> Result<()> {
    let (context, current) = context::stream(stream.0 as u64)?;
    if bytes == 0 {
        return Ok(());
    }
    let extent = Extent::linear(bytes as u64);
    // Almost always there is one device.
    if crate::device::all()?.len() > 1 && !(to.is_reached(&context) && from.is_reached(&context)) {
        let copy = node::Copy { to: to.node(), from: from.node(), size: [bytes as u64, 1, 1] };
        // SAFETY: as the caller says.
        return unsafe { boxes::run(&copy, [None; 2], stream, wait) };
    }
    // SAFETY: as the caller says.
    unsafe { copy::copy(&context, &current, to.side(extent)?, from.side(extent)?, extent, wait) }?;
    if wait {
        context.device_runtime.flush(&context);
    }
    Ok(())
}

const NULL_STREAM: IXstream = IXstream(0);

pub unsafe fn any(to: IXdeviceptr, from: IXdeviceptr, bytes: usize) -> Result<()> {
    let device_only = allocations::at(to.0).is_some_and(|a| !a.host) && allocations::at(from.0).is_some_and(|a| !a.host);
    // SAFETY: as the caller says.
    unsafe { linear(End::Any(to.0), End::Any(from.0), bytes, NULL_STREAM, !device_only) }
}

pub unsafe fn any_async(to: IXdeviceptr, from: IXdeviceptr, bytes: usize, stream: IXstream) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { linear(End::Any(to.0), End::Any(from.0), bytes, stream, false) }
}

pub unsafe fn host_to_device(to: IXdeviceptr, from: *const c_void, bytes: usize) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { linear(End::Device(to), End::Any(from as u64), bytes, NULL_STREAM, true) }
}

pub unsafe fn device_to_host(to: *mut c_void, from: IXdeviceptr, bytes: usize) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { linear(End::Any(to as u64), End::Device(from), bytes, NULL_STREAM, true) }
}

pub unsafe fn device_to_device(to: IXdeviceptr, from: IXdeviceptr, bytes: usize) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { linear(End::Device(to), End::Device(from), bytes, NULL_STREAM, false) }
}

pub unsafe fn host_to_device_async(to: IXdeviceptr, from: *const c_void, bytes: usize, stream: IXstream) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { linear(End::Device(to), End::Any(from as u64), bytes, stream, false) }
}

pub unsafe fn device_to_host_async(to: *mut c_void, from: IXdeviceptr, bytes: usize, stream: IXstream) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { linear(End::Any(to as u64), End::Device(from), bytes, stream, false) }
}

pub unsafe fn device_to_device_async(to: IXdeviceptr, from: IXdeviceptr, bytes: usize, stream: IXstream) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { linear(End::Device(to), End::Device(from), bytes, stream, false) }
}

pub unsafe fn rows(copy: *const IX_MEMCPY2D) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { copy_rows(copy, NULL_STREAM, true) }
}

pub unsafe fn rows_async(copy: *const IX_MEMCPY2D, stream: IXstream) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { copy_rows(copy, stream, false) }
}

unsafe fn copy_rows(copy: *const IX_MEMCPY2D, stream: IXstream, wait: bool) -> Result<()> {
    // SAFETY: null or valid, as the caller says.
    let c = unsafe { copy.as_ref() }.ok_or_else(|| Error::invalid("copy is null"))?;
    let size = [c.WidthInBytes as u64, c.Height as u64, 1];
    if size.contains(&0) {
        return context::stream(stream.0 as u64).map(drop);
    }
    let side = |memory, host: *const c_void, device, array, x, y, pitch: usize| {
        let linear = memory != IX_MEMORYTYPE_ARRAY;
        if linear && size[1] > 1 && (pitch as u64) < size[0] {
            return Err(Error::invalid(format!("rows of {} bytes with a pitch of {pitch}", size[0])));
        }
        boxes::side(&Given { memory, host: host as u64, device, array, offset: [x, y, 0], pitch, height: 0 }, size)
    };
    let to = side(c.dstMemoryType, c.dstHost, c.dstDevice, c.dstArray, c.dstXInBytes, c.dstY, c.dstPitch)?;
    let from = side(c.srcMemoryType, c.srcHost, c.srcDevice, c.srcArray, c.srcXInBytes, c.srcY, c.srcPitch)?;
    // SAFETY: as the caller says.
    unsafe { boxes::run(&node::Copy { to, from, size }, [None; 2], stream, wait) }
}

/// Fills rows of `width` elements; without a stream in the null stream, and pinned memory is filled on return.
fn set(to: IXdeviceptr, pitch: usize, value: u64, element: u32, width: usize, height: usize, stream: Option<IXstream>) -> Result<()> {
    let wait = stream.is_none();
    let (context, stream) = context::stream(stream.unwrap_or(NULL_STREAM).0 as u64)?;
    let rows = copy::Rows { pitch: pitch as u64, width: width as u64, rows: height as u64 };
    copy::fill(&context, &stream, to.0, rows, copy::Element { value, size: element }, wait)
}

macro_rules! sets {
    ($($name:ident $name_async:ident $rows:ident $rows_async:ident $ty:ty;)+) => { $(
        pub unsafe fn $name(to: IXdeviceptr, value: $ty, count: usize) -> Result<()> {
            set(to, 0, value.into(), size_of::<$ty>() as u32, count, 1, None)
        }
        pub unsafe fn $name_async(to: IXdeviceptr, value: $ty, count: usize, stream: IXstream) -> Result<()> {
            set(to, 0, value.into(), size_of::<$ty>() as u32, count, 1, Some(stream))
        }
        pub unsafe fn $rows(to: IXdeviceptr, pitch: usize, value: $ty, width: usize, height: usize) -> Result<()> {
            set(to, pitch, value.into(), size_of::<$ty>() as u32, width, height, None)
        }
        pub unsafe fn $rows_async(to: IXdeviceptr, pitch: usize, value: $ty, width: usize, height: usize, stream: IXstream) -> Result<()> {
            set(to, pitch, value.into(), size_of::<$ty>() as u32, width, height, Some(stream))
        }
    )+ };
}

sets! {
    set8 set8_async set_rows8 set_rows8_async u8;
    set16 set16_async set_rows16 set_rows16_async c_ushort;
    set32 set32_async set_rows32 set_rows32_async c_uint;
}

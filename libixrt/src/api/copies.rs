// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the copies and fills.

use super::types::*;
use crate::context;
use crate::copy::{self, Extent, Side};
use crate::error::{Code, Error, Result};
use std::ffi::{c_uint, c_ushort, c_void};

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

unsafe fn linear(to: End, from: End, bytes: usize, stream: IXstream, wait: bool) -> Result<()> {
    let (context, stream) = context::stream(stream.0 as u64)?;
    if bytes == 0 {
        return Ok(());
    }
    let extent = Extent::linear(bytes as u64);
    // SAFETY: as the caller says.
    unsafe { copy::copy(&context, &stream, to.side(extent)?, from.side(extent)?, extent, wait) }
}

const NULL_STREAM: IXstream = IXstream(0);

pub unsafe fn any(to: IXdeviceptr, from: IXdeviceptr, bytes: usize) -> Result<()> {
    let device_only =
        crate::memory::allocations::at(to.0).is_some_and(|a| !a.host) && crate::memory::allocations::at(from.0).is_some_and(|a| !a.host);
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
    let (context, stream) = context::stream(stream.0 as u64)?;
    // SAFETY: null or valid, as the caller says.
    let c = unsafe { copy.as_ref() }.ok_or_else(|| Error::invalid("copy is null"))?;
    let extent = Extent { width: c.WidthInBytes as u64, rows: c.Height as u64 };
    if extent.width == 0 || extent.rows == 0 {
        return Ok(());
    }
    let side = |kind, host: *const c_void, device: IXdeviceptr, array: *mut c_void, x: usize, y: usize, pitch: usize| {
        let pitch = if extent.rows == 1 && pitch == 0 { extent.width } else { pitch as u64 };
        if extent.rows > 1 && pitch < extent.width {
            return Err(Error::invalid(format!("rows of {} bytes with a pitch of {pitch}", extent.width)));
        }
        let at = |start: u64| {
            let offset = (y as u64).checked_mul(pitch).and_then(|n| n.checked_add(x as u64));
            offset.and_then(|n| start.checked_add(n)).ok_or_else(|| Error::invalid("X and Y lead out of the address space"))
        };
        match kind {
            IX_MEMORYTYPE_HOST => Side::any(at(host as u64)?, pitch, extent),
            IX_MEMORYTYPE_DEVICE => Side::device(at(device.0)?, pitch, extent),
            IX_MEMORYTYPE_UNIFIED => Side::any(at(device.0)?, pitch, extent),
            IX_MEMORYTYPE_ARRAY if !array.is_null() => Err(Error::new(Code::NOT_SUPPORTED, "arrays are not supported")),
            IXmemorytype(other) => Err(Error::invalid(format!("there is no memory type {other}, or its address is null"))),
        }
    };
    let to = side(c.dstMemoryType, c.dstHost, c.dstDevice, c.dstArray, c.dstXInBytes, c.dstY, c.dstPitch)?;
    let from = side(c.srcMemoryType, c.srcHost, c.srcDevice, c.srcArray, c.srcXInBytes, c.srcY, c.srcPitch)?;
    // SAFETY: as the caller says.
    unsafe { copy::copy(&context, &stream, to, from, extent, wait) }
}

/// Fills rows of `width` elements.
fn set(to: IXdeviceptr, pitch: usize, value: u64, element: u32, width: usize, height: usize, stream: IXstream) -> Result<()> {
    let (context, stream) = context::stream(stream.0 as u64)?;
    let rows = copy::Rows { pitch: pitch as u64, width: width as u64, rows: height as u64 };
    copy::fill(&context, &stream, to.0, rows, copy::Element { value, size: element })
}

macro_rules! sets {
    ($($name:ident $name_async:ident $rows:ident $rows_async:ident $ty:ty;)+) => { $(
        pub unsafe fn $name(to: IXdeviceptr, value: $ty, count: usize) -> Result<()> {
            set(to, 0, value.into(), size_of::<$ty>() as u32, count, 1, NULL_STREAM)
        }
        pub unsafe fn $name_async(to: IXdeviceptr, value: $ty, count: usize, stream: IXstream) -> Result<()> {
            set(to, 0, value.into(), size_of::<$ty>() as u32, count, 1, stream)
        }
        pub unsafe fn $rows(to: IXdeviceptr, pitch: usize, value: $ty, width: usize, height: usize) -> Result<()> {
            set(to, pitch, value.into(), size_of::<$ty>() as u32, width, height, NULL_STREAM)
        }
        pub unsafe fn $rows_async(to: IXdeviceptr, pitch: usize, value: $ty, width: usize, height: usize, stream: IXstream) -> Result<()> {
            set(to, pitch, value.into(), size_of::<$ty>() as u32, width, height, stream)
        }
    )+ };
}

sets! {
    set8 set8_async set_rows8 set_rows8_async u8;
    set16 set16_async set_rows16 set_rows16_async c_ushort;
    set32 set32_async set_rows32 set_rows32_async c_uint;
}

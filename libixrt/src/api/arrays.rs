// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about arrays.

use super::out::{check_null, put};
use super::types::*;
use crate::array::{Array, Levelled, Shape, ARRAYS, LEVELLED};
use crate::context;
use crate::device;
use crate::error::{Code, Error, Result};
use std::ffi::c_uint;
use std::sync::Arc;

fn array(handle: IXarray) -> Result<Arc<Array>> {
    device::all()?;
    ARRAYS.get(handle.0 as u64)
}

fn shape(d: &IX_ARRAY3D_DESCRIPTOR) -> Shape {
    let size = [d.Width, d.Height, d.Depth].map(|n| n as u64);
    Shape { size, format: d.Format.0, channels: d.NumChannels, flags: d.Flags }
}

unsafe fn make(out: *mut IXarray, shape: Shape) -> Result<()> {
    check_null(out, "array")?;
    let context = context::current()?;
    crate::capture::refuse_unsafe("creating an array")?;
    let handle = ARRAYS.insert(Array::new(&context, shape, false)?)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXarray(handle as usize), "array") }
}

pub unsafe fn create(out: *mut IXarray, descriptor: *const IX_ARRAY_DESCRIPTOR) -> Result<()> {
    // SAFETY: null or valid, as the caller says.
    let d = unsafe { descriptor.as_ref() }.ok_or_else(|| Error::invalid("descriptor is null"))?;
    let size = [d.Width as u64, d.Height as u64, 0];
    // SAFETY: as the caller says.
    unsafe { make(out, Shape { size, format: d.Format.0, channels: d.NumChannels, flags: 0 }) }
}

/// All flags of arrays that are supported; all of them are about textures, which there are none of.
const FLAGS: u32 = IX_ARRAY3D_LAYERED | IX_ARRAY3D_SURFACE_LDST | IX_ARRAY3D_CUBEMAP | IX_ARRAY3D_TEXTURE_GATHER;

unsafe fn descriptor_3d(descriptor: *const IX_ARRAY3D_DESCRIPTOR) -> Result<Shape> {
    // SAFETY: null or valid, as the caller says.
    let d = unsafe { descriptor.as_ref() }.ok_or_else(|| Error::invalid("descriptor is null"))?;
    if d.Flags & !FLAGS != 0 {
        return Err(Error::new(Code::NOT_SUPPORTED, format!("arrays with flags {:#x} are not supported", d.Flags)));
    }
    Ok(shape(d))
}

pub unsafe fn create_3d(out: *mut IXarray, descriptor: *const IX_ARRAY3D_DESCRIPTOR) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { make(out, descriptor_3d(descriptor)?) }
}

pub unsafe fn destroy(handle: IXarray) -> Result<()> {
    let found = array(handle)?;
    if found.is_level {
        return Err(Error::new(Code::INVALID_HANDLE, "a level is destroyed with all the others"));
    }
    if let Some(context) = found.context.upgrade() {
        // A failed context still lets go of its arrays.
        let _ = context.synchronize();
    }
    drop(found);
    ARRAYS.remove(handle.0 as u64).map(drop)
}

pub unsafe fn get_descriptor(out: *mut IX_ARRAY_DESCRIPTOR, handle: IXarray) -> Result<()> {
    let shape = array(handle)?.shape;
    if shape.size[2] != 0 {
        return Err(Error::invalid("the array has three dimensions; ask by ixArray3DGetDescriptor"));
    }
    let [width, height, _] = shape.size.map(|n| n as usize);
    let descriptor =
        IX_ARRAY_DESCRIPTOR { Width: width, Height: height, Format: IXarray_format(shape.format), NumChannels: shape.channels };
    // SAFETY: as the caller says.
    unsafe { put(out, descriptor, "descriptor") }
}

pub unsafe fn get_descriptor_3d(out: *mut IX_ARRAY3D_DESCRIPTOR, handle: IXarray) -> Result<()> {
    let shape = array(handle)?.shape;
    let [width, height, depth] = shape.size.map(|n| n as usize);
    let descriptor = IX_ARRAY3D_DESCRIPTOR {
        Width: width,
        Height: height,
        Depth: depth,
        Format: IXarray_format(shape.format),
        NumChannels: shape.channels,
        Flags: shape.flags,
    };
    // SAFETY: as the caller says.
    unsafe { put(out, descriptor, "descriptor") }
}

unsafe fn requirements(out: *mut IX_ARRAY_MEMORY_REQUIREMENTS, bytes: u64, device: IXdevice) -> Result<()> {
    device::get(device.0)?;
    let need = IX_ARRAY_MEMORY_REQUIREMENTS { size: bytes as usize, alignment: crate::memory::ALIGN as usize, reserved: [0; 4] };
    // SAFETY: as the caller says.
    unsafe { put(out, need, "requirements") }
}

pub unsafe fn get_requirements(out: *mut IX_ARRAY_MEMORY_REQUIREMENTS, handle: IXarray, device: IXdevice) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { requirements(out, array(handle)?.bytes(), device) }
}

// Levels.

pub unsafe fn create_levelled(out: *mut IXmipmappedArray, descriptor: *const IX_ARRAY3D_DESCRIPTOR, levels: c_uint) -> Result<()> {
    check_null(out, "array")?;
    // SAFETY: as the caller says.
    let shape = unsafe { descriptor_3d(descriptor) }?;
    let context = context::current()?;
    crate::capture::refuse_unsafe("creating an array")?;
    let arrays: Vec<_> = Levelled::shapes(shape, levels).into_iter().map(|s| Array::new(&context, s, true)).collect::<Result<_>>()?;
    let levels = arrays.into_iter().map(|a| ARRAYS.insert(a)).collect::<Result<_>>()?;
    let handle = LEVELLED.insert(Arc::new(Levelled { levels }))?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXmipmappedArray(handle as usize), "array") }
}

fn levelled(handle: IXmipmappedArray) -> Result<Arc<Levelled>> {
    device::all()?;
    LEVELLED.get(handle.0 as u64)
}

pub unsafe fn get_level(out: *mut IXarray, handle: IXmipmappedArray, level: c_uint) -> Result<()> {
    let found = levelled(handle)?;
    let level = found
        .levels
        .get(level as usize)
        .ok_or_else(|| Error::invalid(format!("there are {} levels, no level {level}", found.levels.len())))?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXarray(*level as usize), "array") }
}

pub unsafe fn destroy_levelled(handle: IXmipmappedArray) -> Result<()> {
    let found = levelled(handle)?;
    LEVELLED.remove(handle.0 as u64)?;
    for level in &found.levels {
        let array = ARRAYS.remove(*level)?;
        if let Some(context) = array.context.upgrade() {
            // A failed context still lets go of its arrays.
            let _ = context.synchronize();
        }
    }
    Ok(())
}

pub unsafe fn get_levelled_requirements(out: *mut IX_ARRAY_MEMORY_REQUIREMENTS, handle: IXmipmappedArray, device: IXdevice) -> Result<()> {
    let found = levelled(handle)?;
    let bytes = found.levels.iter().map(|level| ARRAYS.get(*level).map(|a| a.bytes())).sum::<Result<u64>>()?;
    // SAFETY: as the caller says.
    unsafe { requirements(out, bytes, device) }
}

pub unsafe fn get_sparse(_out: *mut IX_ARRAY_SPARSE_PROPERTIES, handle: IXarray) -> Result<()> {
    array(handle)?;
    Err(Error::invalid("the array is not sparse"))
}

pub unsafe fn get_levelled_sparse(_out: *mut IX_ARRAY_SPARSE_PROPERTIES, handle: IXmipmappedArray) -> Result<()> {
    levelled(handle)?;
    Err(Error::invalid("the array is not sparse"))
}

pub unsafe fn get_plane(_out: *mut IXarray, handle: IXarray, plane: c_uint) -> Result<()> {
    array(handle)?;
    Err(Error::invalid(format!("the array's format has no planes, so no plane {plane}")))
}

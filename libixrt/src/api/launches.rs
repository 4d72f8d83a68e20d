// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of launches with attributes, and of launches as they were before CUDA 4.
//!
//! In those, a function is prepared call by call: the shape of its blocks, its shared memory, and
//! its parameter block; then it is launched.

use super::functions;
use super::modules;
use super::types::*;
use crate::context;
use crate::error::{Code, Error, Result};
use crate::handle::lock;
use crate::launch::{self, Arguments, Shape};
use crate::module::Prepared;
use ix_hw::dispatch::PARAM_MAX;
use std::ffi::{c_float, c_int, c_uint, c_void};

/// What the attributes of a launch ask for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wishes {
    cooperative: bool,
}

/// # Safety
/// `attributes` is null or valid for `count` elements.
unsafe fn wishes(attributes: *const IXlaunchAttribute, count: c_uint) -> Result<Wishes> {
    let mut wishes = Wishes::default();
    if count > 0 && attributes.is_null() {
        return Err(Error::invalid("attributes is null"));
    }
    for i in 0..count as usize {
        // SAFETY: as the caller says; each field of the value is numbers.
        let (id, value) = unsafe { ((*attributes.add(i)).id, &(*attributes.add(i)).value) };
        match id {
            // SAFETY: as above.
            IX_LAUNCH_ATTRIBUTE_COOPERATIVE => wishes.cooperative = unsafe { value.cooperative } != 0,
            IX_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION => {
                // SAFETY: as above.
                let IXlaunchDimension { x, y, z } = unsafe { value.clusterDim };
                if [x, y, z] != [1, 1, 1] {
                    return Err(Error::new(
                        Code::NOT_SUPPORTED,
                        format!("clusters of {x} x {y} x {z} blocks; the device has none but of 1"),
                    ));
                }
            }
            IX_LAUNCH_ATTRIBUTE_PROGRAMMATIC_EVENT
            | IX_LAUNCH_ATTRIBUTE_LAUNCH_COMPLETION_EVENT
            | IX_LAUNCH_ATTRIBUTE_DEVICE_UPDATABLE_KERNEL_NODE => {
                return Err(Error::new(Code::NOT_SUPPORTED, format!("launch attribute {} is not supported", id.0)));
            }
            // Hints that the device does without.
            IXlaunchAttributeID(0..=14) => {}
            IXlaunchAttributeID(other) => return Err(Error::invalid(format!("there is no launch attribute {other}"))),
        }
    }
    Ok(wishes)
}

pub unsafe fn launch_ex(
    config: *const IXlaunchConfig,
    function: IXfunction,
    params: *mut *mut c_void,
    extra: *mut *mut c_void,
) -> Result<()> {
    // SAFETY: null or valid, as the caller says.
    let c = unsafe { config.as_ref() }.ok_or_else(|| Error::invalid("configuration is null"))?;
    // SAFETY: as the caller says.
    let wishes = unsafe { wishes(c.attrs, c.numAttrs) }?;
    let shape = modules::shape([c.gridDimX, c.gridDimY, c.gridDimZ], [c.blockDimX, c.blockDimY, c.blockDimZ], c.sharedMemBytes);
    // SAFETY: as the caller says.
    unsafe { modules::launch(function, Shape { cooperative: wishes.cooperative, ..shape }, c.hStream, params, extra) }
}

#[allow(clippy::too_many_arguments, reason = "the parameters of the C function")]
pub unsafe fn launch_cooperative(
    function: IXfunction,
    grid_x: c_uint,
    grid_y: c_uint,
    grid_z: c_uint,
    block_x: c_uint,
    block_y: c_uint,
    block_z: c_uint,
    shared_bytes: c_uint,
    stream: IXstream,
    params: *mut *mut c_void,
) -> Result<()> {
    let shape = modules::shape([grid_x, grid_y, grid_z], [block_x, block_y, block_z], shared_bytes);
    // SAFETY: as the caller says.
    unsafe { modules::launch(function, Shape { cooperative: true, ..shape }, stream, params, std::ptr::null_mut()) }
}

pub unsafe fn launch_cooperative_multi_device(list: *mut IX_LAUNCH_PARAMS, count: c_uint, flags: c_uint) -> Result<()> {
    if list.is_null() || count == 0 || flags & !3 != 0 {
        return Err(Error::invalid(format!("{count} launches at {list:p} with flags {flags:#x}")));
    }
    // SAFETY: as the caller says.
    let list = unsafe { std::slice::from_raw_parts(list, count as usize) };
    let mut devices = Vec::new();
    for l in list {
        let (context, _) = context::stream(l.hStream.0 as u64)?;
        if l.hStream.0 <= 2 || devices.contains(&context.device.ordinal) {
            return Err(Error::invalid("each launch must have a stream of its own, created, and a device of its own"));
        }
        devices.push(context.device.ordinal);
    }
    for l in list {
        let shape = modules::shape([l.gridDimX, l.gridDimY, l.gridDimZ], [l.blockDimX, l.blockDimY, l.blockDimZ], l.sharedMemBytes);
        // SAFETY: as the caller says.
        unsafe { modules::launch(l.function, Shape { cooperative: true, ..shape }, l.hStream, l.kernelParams, std::ptr::null_mut()) }?;
    }
    Ok(())
}

// As before CUDA 4.

fn prepare(function: IXfunction, change: impl FnOnce(&mut Prepared) -> Result<()>) -> Result<()> {
    let (_, function) = functions::current(function)?;
    let result = change(&mut lock(&function.prepared));
    result
}

pub unsafe fn set_block_shape(function: IXfunction, x: c_int, y: c_int, z: c_int) -> Result<()> {
    let size = |n: c_int| u32::try_from(n).ok().filter(|n| *n > 0);
    let (Some(bx), Some(by), Some(bz)) = (size(x), size(y), size(z)) else {
        return Err(Error::invalid(format!("a block of {x} x {y} x {z} threads")));
    };
    prepare(function, |p| {
        p.block = [bx, by, bz];
        Ok(())
    })
}

pub unsafe fn set_shared_size(function: IXfunction, bytes: c_uint) -> Result<()> {
    prepare(function, |p| {
        p.shared_bytes = bytes;
        Ok(())
    })
}

pub unsafe fn param_set_size(function: IXfunction, bytes: c_uint) -> Result<()> {
    if bytes > PARAM_MAX {
        return Err(Error::invalid(format!("{bytes} bytes of parameters; there may be {PARAM_MAX}")));
    }
    prepare(function, |p| {
        p.parameters.resize(bytes as usize, 0);
        Ok(())
    })
}

fn set_param(function: IXfunction, offset: c_int, bytes: &[u8]) -> Result<()> {
    let end = usize::try_from(offset).ok().and_then(|start| Some((start, start.checked_add(bytes.len())?)));
    let Some((start, end)) = end.filter(|(_, end)| *end <= PARAM_MAX as usize) else {
        return Err(Error::invalid(format!("{} bytes of parameters at {offset}; there may be {PARAM_MAX}", bytes.len())));
    };
    prepare(function, |p| {
        if p.parameters.len() < end {
            p.parameters.resize(end, 0);
        }
        p.parameters[start..end].copy_from_slice(bytes);
        Ok(())
    })
}

pub unsafe fn param_seti(function: IXfunction, offset: c_int, value: c_uint) -> Result<()> {
    set_param(function, offset, &value.to_ne_bytes())
}

pub unsafe fn param_setf(function: IXfunction, offset: c_int, value: c_float) -> Result<()> {
    set_param(function, offset, &value.to_ne_bytes())
}

pub unsafe fn param_setv(function: IXfunction, offset: c_int, value: *mut c_void, bytes: c_uint) -> Result<()> {
    if value.is_null() {
        return Err(Error::invalid("the value is null"));
    }
    // SAFETY: as the caller says.
    set_param(function, offset, unsafe { std::slice::from_raw_parts(value.cast(), bytes as usize) })
}

pub unsafe fn launch(function: IXfunction) -> Result<()> {
    // SAFETY: no pointers.
    unsafe { launch_grid(function, 1, 1) }
}

pub unsafe fn launch_grid(function: IXfunction, width: c_int, height: c_int) -> Result<()> {
    // SAFETY: no pointers.
    unsafe { launch_grid_async(function, width, height, IXstream(0)) }
}

pub unsafe fn launch_grid_async(function: IXfunction, width: c_int, height: c_int, stream: IXstream) -> Result<()> {
    let (context, stream) = context::stream(stream.0 as u64)?;
    let (handle, function) = functions::find(function, &context)?;
    let size = |n: c_int| u32::try_from(n).unwrap_or(0);
    let prepared = lock(&function.prepared);
    let shape = modules::shape([size(width), size(height), 1], prepared.block, prepared.shared_bytes);
    let arguments = match prepared.parameters.len() {
        0 => Arguments::None,
        bytes => Arguments::Packed(prepared.parameters.as_ptr().cast(), bytes),
    };
    // SAFETY: the parameter block is locked until it was copied.
    unsafe { launch::launch(&context, &stream, &function, handle, &shape, arguments) }
}

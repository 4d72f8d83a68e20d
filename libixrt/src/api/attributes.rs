// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about attributes of streams and of kernel nodes.
//!
//! Two attributes have an effect: the priority of a stream, which is given at its creation, and
//! whether a launch is cooperative. The others are hints, kept for who asks.

use super::graphs::node;
use super::out::check_null;
use super::types::*;
use crate::context;
use crate::error::{Error, Result};
use crate::graph::node::{Kernel, Kind};
use crate::handle::lock;
use crate::launch::AttributeValue;

/// Stores a value.
///
/// # Safety
/// `out` is null or valid.
unsafe fn put_value(out: *mut IXlaunchAttributeValue, value: AttributeValue) -> Result<()> {
    check_null(out, "value")?;
    // SAFETY: the union has the size of the bytes, and the caller says that it is valid.
    unsafe { out.cast::<AttributeValue>().write(value) };
    Ok(())
}

/// Reads a value; what its field does not use may be anything.
///
/// # Safety
/// `value` is null or valid.
unsafe fn value(value: *const IXlaunchAttributeValue, id: IXlaunchAttributeID) -> Result<AttributeValue> {
    check_null(value.cast_mut(), "value")?;
    let used = match id {
        IX_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW => 32,
        IX_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN_MAP => 2,
        _ => 4,
    };
    let mut bytes = [0; 64];
    // SAFETY: the field has so many bytes, and the caller says that it is valid.
    unsafe { std::ptr::copy_nonoverlapping(value.cast::<u8>(), bytes.as_mut_ptr(), used) };
    Ok(bytes)
}

fn number(value: i32) -> AttributeValue {
    let mut bytes = [0; 64];
    bytes[..4].copy_from_slice(&value.to_ne_bytes());
    bytes
}

const _: () = assert!(size_of::<IXlaunchAttributeValue>() == size_of::<AttributeValue>());

/// Refuses attributes that streams do not have.
fn of_streams(id: IXlaunchAttributeID) -> Result<()> {
    match id {
        IX_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW
        | IX_LAUNCH_ATTRIBUTE_SYNCHRONIZATION_POLICY
        | IX_LAUNCH_ATTRIBUTE_PRIORITY
        | IX_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN_MAP
        | IX_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN => Ok(()),
        IXlaunchAttributeID(other) => Err(Error::invalid(format!("streams have no attribute {other}"))),
    }
}

pub unsafe fn stream_get(stream: IXstream, id: IXlaunchAttributeID, out: *mut IXlaunchAttributeValue) -> Result<()> {
    of_streams(id)?;
    let (_, stream) = context::stream(stream.0 as u64)?;
    let value = match id {
        IX_LAUNCH_ATTRIBUTE_PRIORITY => number(stream.priority),
        _ => lock(&stream.attributes).get(id.0),
    };
    // SAFETY: as the caller says.
    unsafe { put_value(out, value) }
}

pub unsafe fn stream_set(stream: IXstream, id: IXlaunchAttributeID, new: *const IXlaunchAttributeValue) -> Result<()> {
    of_streams(id)?;
    let (_, stream) = context::stream(stream.0 as u64)?;
    // SAFETY: as the caller says.
    let new = unsafe { value(new, id) }?;
    if id == IX_LAUNCH_ATTRIBUTE_PRIORITY && new != number(stream.priority) {
        return Err(Error::invalid("a stream's priority is given at its creation"));
    }
    lock(&stream.attributes).set(id.0, new);
    Ok(())
}

pub unsafe fn stream_copy(to: IXstream, from: IXstream) -> Result<()> {
    let ((_, to), (_, from)) = (context::stream(to.0 as u64)?, context::stream(from.0 as u64)?);
    let attributes = lock(&from.attributes).clone();
    *lock(&to.attributes) = attributes;
    Ok(())
}

/// Refuses attributes that kernel nodes do not have.
fn of_nodes(id: IXlaunchAttributeID) -> Result<()> {
    match id {
        IX_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW
        | IX_LAUNCH_ATTRIBUTE_COOPERATIVE
        | IX_LAUNCH_ATTRIBUTE_PRIORITY
        | IX_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN_MAP
        | IX_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN
        | IX_LAUNCH_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT => Ok(()),
        IXlaunchAttributeID(other) => Err(Error::invalid(format!("kernel nodes have no attribute {other}, or none that is supported"))),
    }
}

/// Calls `f` with the launch of a kernel node.
fn with_kernel<R>(handle: IXgraphNode, f: impl FnOnce(&mut Kernel) -> R) -> Result<R> {
    let (graph, index) = node(handle)?;
    graph.with(index, |node| match &mut node.kind {
        Kind::Kernel(kernel) => Ok(f(kernel)),
        other => Err(other.other("kernel")),
    })
}

pub unsafe fn node_get(handle: IXgraphNode, id: IXlaunchAttributeID, out: *mut IXlaunchAttributeValue) -> Result<()> {
    of_nodes(id)?;
    let value = with_kernel(handle, |kernel| match id {
        IX_LAUNCH_ATTRIBUTE_COOPERATIVE => number(kernel.shape.cooperative.into()),
        _ => kernel.attributes.get(id.0),
    })?;
    // SAFETY: as the caller says.
    unsafe { put_value(out, value) }
}

pub unsafe fn node_set(handle: IXgraphNode, id: IXlaunchAttributeID, new: *const IXlaunchAttributeValue) -> Result<()> {
    of_nodes(id)?;
    // SAFETY: as the caller says.
    let new = unsafe { value(new, id) }?;
    with_kernel(handle, |kernel| match id {
        IX_LAUNCH_ATTRIBUTE_COOPERATIVE => kernel.shape.cooperative = new != number(0),
        _ => kernel.attributes.set(id.0, new),
    })
}

pub unsafe fn node_copy(to: IXgraphNode, from: IXgraphNode) -> Result<()> {
    let (attributes, cooperative) = with_kernel(from, |kernel| (kernel.attributes.clone(), kernel.shape.cooperative))?;
    with_kernel(to, |kernel| {
        kernel.attributes = attributes;
        kernel.shape.cooperative = cooperative;
    })
}

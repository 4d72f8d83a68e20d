// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about access from one device to another's memory.
//!
//! Devices have no links: none reaches another's memory, and the functions say so. Copies between
//! devices go through the host ([`super::copies`]).

use super::contexts::ctx;
use super::out::put;
use super::types::*;
use crate::error::{Code, Error, Result};
use crate::{context, device};
use std::ffi::{c_int, c_uint};

pub unsafe fn can_access(out: *mut c_int, device: IXdevice, peer: IXdevice) -> Result<()> {
    device::get(device.0)?;
    device::get(peer.0)?;
    // SAFETY: as the caller says.
    unsafe { put(out, 0, "answer") }
}

pub unsafe fn enable(peer: IXcontext, flags: c_uint) -> Result<()> {
    let current = context::current()?;
    let (_, peer) = ctx(peer)?;
    if flags != 0 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    if current.device.ordinal == peer.device.ordinal {
        return Err(Error::new(Code::INVALID_DEVICE, "both contexts are on one device, whose memory they share anyway"));
    }
    Err(Error::new(Code::PEER_ACCESS_UNSUPPORTED, "devices do not reach each other's memory"))
}

pub unsafe fn disable(peer: IXcontext) -> Result<()> {
    context::current()?;
    ctx(peer)?;
    Err(Error::new(Code::PEER_ACCESS_NOT_ENABLED, "access to this context's memory was not enabled"))
}

pub unsafe fn attribute(out: *mut c_int, attribute: IXdevice_P2PAttribute, source: IXdevice, target: IXdevice) -> Result<()> {
    device::get(source.0)?;
    device::get(target.0)?;
    if source.0 == target.0 {
        return Err(Error::new(Code::INVALID_DEVICE, "both are the same device"));
    }
    if !(1..=5).contains(&attribute.0) {
        return Err(Error::invalid(format!("there is no attribute {} of two devices", attribute.0)));
    }
    // SAFETY: as the caller says.
    unsafe { put(out, 0, "value") }
}

/// Stores `capabilities(operation)` for each operation.
unsafe fn atomics(
    out: *mut c_uint,
    operations: *const IXatomicOperation,
    count: c_uint,
    capabilities: impl Fn(IXatomicOperation) -> u32,
) -> Result<()> {
    for i in 0..count as usize {
        if operations.is_null() || out.is_null() {
            return Err(Error::invalid("operations or capabilities is null"));
        }
        // SAFETY: both have `count` elements, as the caller says.
        let operation = unsafe { *operations.add(i) };
        if !(0..=12).contains(&operation.0) {
            return Err(Error::invalid(format!("there is no atomic operation {}", operation.0)));
        }
        // SAFETY: as above.
        unsafe { out.add(i).write(capabilities(operation)) };
    }
    Ok(())
}

pub unsafe fn p2p_atomics(
    out: *mut c_uint,
    operations: *const IXatomicOperation,
    count: c_uint,
    source: IXdevice,
    target: IXdevice,
) -> Result<()> {
    device::get(source.0)?;
    device::get(target.0)?;
    // SAFETY: as the caller says.
    unsafe { atomics(out, operations, count, |_| 0) }
}

pub unsafe fn host_atomics(out: *mut c_uint, operations: *const IXatomicOperation, count: c_uint, device: IXdevice) -> Result<()> {
    device::get(device.0)?;
    // The device's atomics on system memory are the host's own instructions.
    let both = IX_ATOMIC_CAPABILITY_SCALAR_32 | IX_ATOMIC_CAPABILITY_SCALAR_64 | IX_ATOMIC_CAPABILITY_REDUCTION;
    let signs = IX_ATOMIC_CAPABILITY_SIGNED | IX_ATOMIC_CAPABILITY_UNSIGNED;
    let capabilities = |operation| match operation {
        IX_ATOMIC_OPERATION_INTEGER_ADD | IX_ATOMIC_OPERATION_INTEGER_MIN | IX_ATOMIC_OPERATION_INTEGER_MAX => both | signs,
        IX_ATOMIC_OPERATION_INTEGER_INCREMENT | IX_ATOMIC_OPERATION_INTEGER_DECREMENT => {
            IX_ATOMIC_CAPABILITY_SCALAR_32 | IX_ATOMIC_CAPABILITY_REDUCTION | IX_ATOMIC_CAPABILITY_UNSIGNED
        }
        IX_ATOMIC_OPERATION_FLOAT_MIN | IX_ATOMIC_OPERATION_FLOAT_MAX => 0,
        _ => both,
    };
    // SAFETY: as the caller says.
    unsafe { atomics(out, operations, count, capabilities) }
}

pub unsafe fn flush_writes(target: IXflushGPUDirectRDMAWritesTarget, scope: IXflushGPUDirectRDMAWritesScope) -> Result<()> {
    context::current()?;
    if target != IX_FLUSH_GPU_DIRECT_RDMA_WRITES_TARGET_CURRENT_CTX || ![100, 200].contains(&scope.0) {
        return Err(Error::invalid(format!("there is no target {} or scope {}", target.0, scope.0)));
    }
    // Device memory is coherent: what others have written is there once it is ordered.
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
    Ok(())
}

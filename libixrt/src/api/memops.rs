// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions that wait for values in memory, and store some, in streams.

use super::types::*;
use crate::context;
use crate::error::{Error, Result};
use crate::graph::exec;
use crate::graph::node::{Kind, ListedMemOp, MemOp, MemOps};
use crate::memory::allocations;
use ix_hw::packet::compare;
use std::ffi::{c_uint, c_ulonglong};

/// The address of a value of so many bytes, if the device reaches it.
fn address(va: IXdeviceptr, size: u64) -> Result<u64> {
    if va.0 % size != 0 {
        return Err(Error::invalid(format!("{:#x} is not aligned to {size} bytes", va.0)));
    }
    match allocations::at(va.0) {
        Some(allocation) if allocation.rest(va.0) >= size => Ok(va.0),
        _ => Err(Error::invalid(format!("{:#x} is no address in device memory or pinned memory", va.0))),
    }
}

fn wait(va: IXdeviceptr, value: u64, size: u64, flags: c_uint) -> Result<MemOp> {
    let kind = match flags & !IX_STREAM_WAIT_VALUE_FLUSH {
        IX_STREAM_WAIT_VALUE_GEQ => compare::GE_CYCLIC,
        IX_STREAM_WAIT_VALUE_EQ => compare::EQ,
        IX_STREAM_WAIT_VALUE_AND => compare::AND,
        IX_STREAM_WAIT_VALUE_NOR => compare::NOR,
        _ => return Err(Error::invalid(format!("{flags:#x} are no flags of a wait for a value"))),
    };
    let width = if size == 4 { compare::WORD } else { 0 };
    Ok(MemOp::Wait { address: address(va, size)?, compare: kind | width, value })
}

fn write(va: IXdeviceptr, value: u64, size: u32, flags: c_uint) -> Result<MemOp> {
    if flags & !IX_STREAM_WRITE_VALUE_NO_MEMORY_BARRIER != 0 {
        return Err(Error::invalid(format!("{flags:#x} are no flags of a store of a value")));
    }
    Ok(MemOp::Write { address: address(va, size.into())?, value, size })
}

/// Does operations in a stream.
fn submit(stream: IXstream, ops: &[MemOp]) -> Result<()> {
    let (context, stream) = context::stream(stream.0 as u64)?;
    if stream.capture.is_active() {
        return stream.capture.add(Kind::MemOps(MemOps::new(ops.to_vec(), listed)));
    }
    let mut batch = stream.begin(&context)?;
    for packet in ops.iter().filter_map(exec::mem_op) {
        batch.push_all(&[packet])?;
    }
    batch.finish().map(drop)
}

pub unsafe fn wait_value32(stream: IXstream, va: IXdeviceptr, value: c_uint, flags: c_uint) -> Result<()> {
    submit(stream, &[wait(va, value.into(), 4, flags)?])
}

pub unsafe fn wait_value64(stream: IXstream, va: IXdeviceptr, value: c_ulonglong, flags: c_uint) -> Result<()> {
    submit(stream, &[wait(va, value, 8, flags)?])
}

pub unsafe fn write_value32(stream: IXstream, va: IXdeviceptr, value: c_uint, flags: c_uint) -> Result<()> {
    submit(stream, &[write(va, value.into(), 4, flags)?])
}

pub unsafe fn write_value64(stream: IXstream, va: IXdeviceptr, value: c_ulonglong, flags: c_uint) -> Result<()> {
    submit(stream, &[write(va, value, 8, flags)?])
}

/// Operations as a program lists them.
///
/// # Safety
/// `list` is null or valid for `count` operations.
pub unsafe fn operations(list: *const IXstreamBatchMemOpParams, count: c_uint) -> Result<Vec<MemOp>> {
    if count > 256 || count > 0 && list.is_null() {
        return Err(Error::invalid(format!("{count} operations at {list:p}; there may be 256")));
    }
    let mut ops = Vec::with_capacity(count as usize);
    for i in 0..count as usize {
        // SAFETY: as the caller says; all forms begin with the type, and any bytes are values.
        let (kind, access, value) = unsafe {
            let access = (*list.add(i)).waitValue;
            ((*list.add(i)).operation, access, access.anonymous.value64)
        };
        ops.push(match kind {
            IX_STREAM_MEM_OP_WAIT_VALUE_32 => wait(access.address, value & 0xffff_ffff, 4, access.flags)?,
            IX_STREAM_MEM_OP_WAIT_VALUE_64 => wait(access.address, value, 8, access.flags)?,
            IX_STREAM_MEM_OP_WRITE_VALUE_32 => write(access.address, value & 0xffff_ffff, 4, access.flags)?,
            IX_STREAM_MEM_OP_WRITE_VALUE_64 => write(access.address, value, 8, access.flags)?,
            IX_STREAM_MEM_OP_BARRIER | IX_STREAM_MEM_OP_FLUSH_REMOTE_WRITES => MemOp::Barrier,
            IXstreamBatchMemOpType(other) => return Err(Error::invalid(format!("there is no operation {other}"))),
        });
    }
    Ok(ops)
}

/// The form in which a program lists an operation.
pub fn listed(op: &MemOp) -> ListedMemOp {
    let number = |operation: IXstreamBatchMemOpType| operation.0 as u64;
    match *op {
        MemOp::Wait { address, compare, value } => {
            let flags = match compare & !compare::WORD {
                compare::EQ => IX_STREAM_WAIT_VALUE_EQ,
                compare::AND => IX_STREAM_WAIT_VALUE_AND,
                compare::NOR => IX_STREAM_WAIT_VALUE_NOR,
                _ => IX_STREAM_WAIT_VALUE_GEQ,
            };
            let word = compare & compare::WORD != 0;
            let operation = if word { IX_STREAM_MEM_OP_WAIT_VALUE_32 } else { IX_STREAM_MEM_OP_WAIT_VALUE_64 };
            [number(operation), address, value, flags.into(), 0, 0]
        }
        MemOp::Write { address, value, size } => {
            let operation = if size == 4 { IX_STREAM_MEM_OP_WRITE_VALUE_32 } else { IX_STREAM_MEM_OP_WRITE_VALUE_64 };
            [number(operation), address, value, 0, 0, 0]
        }
        MemOp::Barrier => [number(IX_STREAM_MEM_OP_BARRIER), 0, 0, 0, 0, 0],
    }
}

// The list is in words, of which these are the fields.
const _: () = {
    use std::mem::offset_of;
    assert!(size_of::<IXstreamBatchMemOpParams>() == size_of::<ListedMemOp>());
    assert!(offset_of!(IXstreamMemOpAccess, address) == 8 && offset_of!(IXstreamMemOpAccess, anonymous) == 16);
    assert!(offset_of!(IXstreamMemOpAccess, flags) == 24 && offset_of!(IXstreamMemOpAccess, alias) == 32);
};

pub unsafe fn batch(stream: IXstream, count: c_uint, list: *mut IXstreamBatchMemOpParams, flags: c_uint) -> Result<()> {
    if flags != 0 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    // SAFETY: as the caller says.
    let ops = unsafe { operations(list, count) }?;
    submit(stream, &ops)
}

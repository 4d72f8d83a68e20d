// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about occupancy.

use super::functions;
use super::out::{check_null, put};
use super::types::*;
use crate::context::{self, Context};
use crate::error::{Code, Error, Result};
use crate::module::Function;
use crate::occupancy;
use std::ffi::{c_int, c_uint};
use std::sync::Arc;

fn function(handle: IXfunction) -> Result<(Arc<Context>, Arc<Function>)> {
    let context = context::current()?;
    let (_, function) = functions::find(handle, &context)?;
    Ok((context, function))
}

fn check_flags(flags: c_uint) -> Result<()> {
    if flags & !IX_OCCUPANCY_DISABLE_CACHING_OVERRIDE != 0 {
        return Err(Error::invalid(format!("{flags:#x} are no flags of occupancy")));
    }
    Ok(())
}

/// A number of threads of a block.
fn block(threads: c_int) -> Result<u32> {
    u32::try_from(threads).ok().filter(|n| *n > 0).ok_or_else(|| Error::invalid(format!("a block of {threads} threads")))
}

pub unsafe fn max_active_blocks(out: *mut c_int, handle: IXfunction, threads: c_int, dynamic: usize) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { max_active_blocks_with_flags(out, handle, threads, dynamic, 0) }
}

pub unsafe fn max_active_blocks_with_flags(
    out: *mut c_int,
    handle: IXfunction,
    threads: c_int,
    dynamic: usize,
    flags: c_uint,
) -> Result<()> {
    let (context, function) = function(handle)?;
    check_flags(flags)?;
    let (info, threads) = (context.device.info(), block(threads)?);
    let blocks = if threads > function.max_threads(info.threads_per_block) {
        0
    } else {
        occupancy::blocks_per_sm(info, &function.kernel, threads, u32::try_from(dynamic).unwrap_or(u32::MAX))
    };
    // SAFETY: as the caller says.
    unsafe { put(out, blocks as c_int, "blocks") }
}

pub unsafe fn available_dynamic_shared(out: *mut usize, handle: IXfunction, blocks: c_int, threads: c_int) -> Result<()> {
    let (context, function) = function(handle)?;
    let bytes = occupancy::dynamic_shared(context.device.info(), &function.kernel, block(blocks)?, block(threads)?);
    let bytes = bytes.ok_or_else(|| Error::invalid(format!("an SM does not hold {blocks} blocks of {threads} threads")))?;
    // SAFETY: as the caller says.
    unsafe { put(out, bytes as usize, "bytes") }
}

pub unsafe fn max_potential_block_size(
    grid: *mut c_int,
    block: *mut c_int,
    handle: IXfunction,
    dynamic_of: IXoccupancyB2DSize,
    dynamic: usize,
    limit: c_int,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { max_potential_block_size_with_flags(grid, block, handle, dynamic_of, dynamic, limit, 0) }
}

pub unsafe fn max_potential_block_size_with_flags(
    grid: *mut c_int,
    block: *mut c_int,
    handle: IXfunction,
    dynamic_of: IXoccupancyB2DSize,
    dynamic: usize,
    limit: c_int,
    flags: c_uint,
) -> Result<()> {
    check_null(grid, "grid size")?;
    check_null(block, "block size")?;
    let (context, function) = function(handle)?;
    check_flags(flags)?;
    let info = context.device.info();
    let largest = function.max_threads(info.threads_per_block);
    let limit = match u32::try_from(limit) {
        Ok(0) => largest,
        Ok(limit) => limit.min(largest),
        Err(_) => return Err(Error::invalid(format!("a block of at most {limit} threads"))),
    };
    let bytes_of = |threads: u32| {
        let bytes = match dynamic_of.0 {
            // SAFETY: the program's own function, called as it is declared.
            Some(dynamic_of) => unsafe { dynamic_of(threads as c_int) },
            None => dynamic,
        };
        u32::try_from(bytes).unwrap_or(u32::MAX)
    };
    let (threads, blocks) = occupancy::best_block(info, &function.kernel, limit, bytes_of);
    if blocks == 0 {
        return Err(Error::new(
            Code::INVALID_VALUE,
            format!("an SM holds no block of `{}` with so much shared memory", function.kernel.name),
        ));
    }
    // SAFETY: as the caller says.
    unsafe {
        put(grid, (blocks * info.sm_count) as c_int, "grid size")?;
        put(block, threads as c_int, "block size")
    }
}

pub unsafe fn max_potential_cluster_size(out: *mut c_int, handle: IXfunction, config: *const IXlaunchConfig) -> Result<()> {
    function(handle)?;
    check_null(config.cast_mut(), "configuration")?;
    // SAFETY: as the caller says.
    unsafe { put(out, 1, "cluster size") }
}

pub unsafe fn max_active_clusters(out: *mut c_int, handle: IXfunction, config: *const IXlaunchConfig) -> Result<()> {
    let (context, function) = function(handle)?;
    // SAFETY: null or valid, as the caller says.
    let config = unsafe { config.as_ref() }.ok_or_else(|| Error::invalid("configuration is null"))?;
    let info = context.device.info();
    let threads = [config.blockDimX, config.blockDimY, config.blockDimZ].iter().fold(1u32, |n, d| n.saturating_mul(*d));
    let blocks = occupancy::blocks_per_sm(info, &function.kernel, threads, config.sharedMemBytes);
    // SAFETY: as the caller says.
    unsafe { put(out, (blocks * info.sm_count) as c_int, "clusters") }
}

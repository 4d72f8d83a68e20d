// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about a context's limits.

use super::out::{check_null, put};
use super::types::*;
use crate::context;
use crate::device_runtime::Limit;
use crate::error::{Code, Error, Result};

/// Bytes that the level-2 cache fetches at most; kept, and without effect.
const L2_FETCH: usize = 128;

/// A limit that has an effect.
fn effective(limit: IXlimit) -> Option<Limit> {
    match limit {
        IX_LIMIT_STACK_SIZE => Some(Limit::Stack),
        IX_LIMIT_PRINTF_FIFO_SIZE => Some(Limit::Fifo),
        IX_LIMIT_MALLOC_HEAP_SIZE => Some(Limit::Heap),
        _ => None,
    }
}

fn absent(limit: IXlimit) -> Error {
    match limit {
        IX_LIMIT_DEV_RUNTIME_SYNC_DEPTH | IX_LIMIT_DEV_RUNTIME_PENDING_LAUNCH_COUNT => {
            Error::new(Code::UNSUPPORTED_LIMIT, "kernels cannot launch kernels, so there are no limits of that")
        }
        IXlimit(other) => Error::invalid(format!("there is no limit {other}")),
    }
}

pub unsafe fn get(out: *mut usize, limit: IXlimit) -> Result<()> {
    check_null(out, "value")?;
    let context = context::current()?;
    let value = match (effective(limit), limit) {
        (Some(limit), _) => context.device_runtime.limit(limit) as usize,
        (None, IX_LIMIT_MAX_L2_FETCH_GRANULARITY) => L2_FETCH,
        (None, IX_LIMIT_PERSISTING_L2_CACHE_SIZE) => 0,
        _ => return Err(absent(limit)),
    };
    // SAFETY: as the caller says.
    unsafe { put(out, value, "value") }
}

pub unsafe fn set(limit: IXlimit, value: usize) -> Result<()> {
    let context = context::current()?;
    match (effective(limit), limit) {
        (Some(limit), _) => context.device_runtime.set_limit(&context, limit, value as u64),
        (None, IX_LIMIT_MAX_L2_FETCH_GRANULARITY) if value > L2_FETCH => {
            Err(Error::invalid(format!("fetches of {value} bytes; {L2_FETCH} are the most")))
        }
        // There is no such cache to set aside, and hints about one are heard.
        (None, IX_LIMIT_MAX_L2_FETCH_GRANULARITY | IX_LIMIT_PERSISTING_L2_CACHE_SIZE) => Ok(()),
        _ => Err(absent(limit)),
    }
}

pub unsafe fn reset_persisting() -> Result<()> {
    context::current().map(drop)
}

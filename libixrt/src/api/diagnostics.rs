// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about profiling and the log.

use super::out::{put, text};
use super::types::*;
use crate::error::{Error, Result};
use crate::{context, logs};
use std::ffi::{c_char, c_uint, c_void, OsStr};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;

/// Nothing profiles, so there is nothing to be told; the calls mark a region all the same.
pub unsafe fn profiler() -> Result<()> {
    context::current().map(drop)
}

pub unsafe fn logs_register(callback: IXlogsCallback, data: *mut c_void, out: *mut IXlogsCallbackHandle) -> Result<()> {
    let function = callback.0.ok_or_else(|| Error::invalid("callback is null"))?;
    let data = data as usize;
    let handle = logs::listen(move |message| {
        let mut message = message.as_bytes().to_vec();
        message.push(0);
        // SAFETY: the program's own function, called as it is declared.
        unsafe { function(data as *mut c_void, IX_LOG_LEVEL_ERROR, message.as_mut_ptr().cast(), message.len() - 1) };
    });
    if out.is_null() {
        return Ok(());
    }
    // SAFETY: as the caller says.
    unsafe { put(out, IXlogsCallbackHandle(handle as usize), "handle") }
}

pub unsafe fn logs_unregister(handle: IXlogsCallbackHandle) -> Result<()> {
    logs::stop(handle.0 as u64)
}

fn check_flags(flags: c_uint) -> Result<()> {
    if flags != 0 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    Ok(())
}

pub unsafe fn logs_current(out: *mut c_uint, flags: c_uint) -> Result<()> {
    check_flags(flags)?;
    // SAFETY: as the caller says.
    unsafe { put(out, logs::next(), "iterator") }
}

/// The entries after `iterator`, which is moved to the last; null: all that are kept.
///
/// # Safety
/// `iterator` is null or valid.
unsafe fn entries(iterator: *mut c_uint) -> Vec<String> {
    // SAFETY: as the caller says.
    let from = unsafe { iterator.as_ref() }.copied();
    let (entries, next) = logs::since(from);
    if !iterator.is_null() {
        // SAFETY: as the caller says.
        unsafe { iterator.write(next) };
    }
    entries
}

pub unsafe fn logs_to_file(iterator: *mut c_uint, path: *const c_char, flags: c_uint) -> Result<()> {
    check_flags(flags)?;
    // SAFETY: as the caller says.
    let path = OsStr::from_bytes(unsafe { text(path, "path") }?.to_bytes());
    let failed = |e| Error::system(format_args!("writing {}", path.to_string_lossy()), e);
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
    // SAFETY: as the caller says.
    for entry in unsafe { entries(iterator) } {
        writeln!(file, "{entry}").map_err(failed)?;
    }
    Ok(())
}

pub unsafe fn logs_to_memory(iterator: *mut c_uint, buffer: *mut c_char, size: *mut usize, flags: c_uint) -> Result<()> {
    check_flags(flags)?;
    // SAFETY: as the caller says.
    let room = unsafe { size.as_ref() }.copied().filter(|_| !buffer.is_null()).ok_or_else(|| Error::invalid("buffer or size is null"))?;
    // SAFETY: as the caller says.
    let entries = unsafe { entries(iterator) };
    // The newest that fit, and a NUL.
    let mut kept = entries.len();
    let mut bytes = 1;
    while kept > 0 && bytes + entries[kept - 1].len() < room {
        bytes += entries[kept - 1].len() + 1;
        kept -= 1;
    }
    let text: String = entries[kept..].iter().map(|entry| format!("{entry}\n")).collect();
    if room == 0 {
        return Ok(());
    }
    // SAFETY: the text and its NUL fit.
    unsafe {
        std::ptr::copy_nonoverlapping(text.as_ptr(), buffer.cast(), text.len());
        buffer.add(text.len()).write(0);
        size.write(text.len() + 1);
    }
    Ok(())
}

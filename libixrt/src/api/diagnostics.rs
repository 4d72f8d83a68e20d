// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about profiling and the log.

use super::out::{check_null, put, text};
use super::types::*;
use crate::coredump::{Settings, GLOBAL};
use crate::error::{Error, Result};
use crate::handle::lock;
use crate::{context, device, logs};
use std::ffi::{c_char, c_uint, c_void, CStr, OsStr};
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

// Core dumps.

fn no_setting(attribute: IXcoredumpSettings) -> Error {
    Error::invalid(format!("there is no setting {} of core dumps", attribute.0))
}

/// Stores a setting; of a text as much as fits. `size` becomes the size of what there is.
///
/// # Safety
/// `value` is null or valid for `size` bytes.
unsafe fn get_setting(settings: &Settings, attribute: IXcoredumpSettings, value: *mut c_void, size: *mut usize) -> Result<()> {
    let bytes = match attribute {
        IX_COREDUMP_ENABLE_ON_EXCEPTION => vec![u8::from(settings.on_exception)],
        IX_COREDUMP_TRIGGER_HOST => vec![u8::from(settings.trigger_host)],
        IX_COREDUMP_LIGHTWEIGHT => vec![u8::from(settings.lightweight)],
        IX_COREDUMP_ENABLE_USER_TRIGGER => vec![u8::from(settings.user_trigger)],
        IX_COREDUMP_FILE => [settings.path().as_bytes(), &[0]].concat(),
        IX_COREDUMP_PIPE => [settings.pipe.as_bytes(), &[0]].concat(),
        other => return Err(no_setting(other)),
    };
    check_null(size, "size")?;
    // SAFETY: as the caller says.
    unsafe {
        let room = size.read_unaligned();
        if !value.is_null() {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), value.cast(), bytes.len().min(room));
        }
        size.write_unaligned(bytes.len());
    }
    Ok(())
}

/// Changes a setting.
///
/// # Safety
/// `value` is null or valid for `size` bytes.
unsafe fn set_setting(settings: &mut Settings, attribute: IXcoredumpSettings, value: *mut c_void, size: *mut usize) -> Result<()> {
    check_null(value, "value")?;
    // SAFETY: null or valid, as the caller says.
    let size = unsafe { size.as_ref() }.copied().filter(|n| *n > 0).ok_or_else(|| Error::invalid("size is null or 0"))?;
    // SAFETY: as the caller says.
    let bytes = unsafe { std::slice::from_raw_parts(value.cast::<u8>(), size) };
    let text =
        || CStr::from_bytes_until_nul(bytes).map(|t| t.to_string_lossy().into_owned()).map_err(|_| Error::invalid("the text does not end"));
    match attribute {
        IX_COREDUMP_ENABLE_ON_EXCEPTION => settings.on_exception = bytes[0] != 0,
        IX_COREDUMP_TRIGGER_HOST => settings.trigger_host = bytes[0] != 0,
        IX_COREDUMP_LIGHTWEIGHT => settings.lightweight = bytes[0] != 0,
        IX_COREDUMP_ENABLE_USER_TRIGGER => settings.user_trigger = bytes[0] != 0,
        IX_COREDUMP_FILE => settings.file = text()?,
        IX_COREDUMP_PIPE => settings.pipe = text()?,
        other => return Err(no_setting(other)),
    }
    Ok(())
}

pub unsafe fn coredump_get(attribute: IXcoredumpSettings, value: *mut c_void, size: *mut usize) -> Result<()> {
    let context = context::current_unchecked()?;
    let settings = lock(&context.coredump).clone();
    // SAFETY: as the caller says.
    unsafe { get_setting(&settings, attribute, value, size) }
}

pub unsafe fn coredump_get_global(attribute: IXcoredumpSettings, value: *mut c_void, size: *mut usize) -> Result<()> {
    device::all()?;
    let settings = lock(&GLOBAL).clone();
    // SAFETY: as the caller says.
    unsafe { get_setting(&settings, attribute, value, size) }
}

pub unsafe fn coredump_set(attribute: IXcoredumpSettings, value: *mut c_void, size: *mut usize) -> Result<()> {
    let context = context::current_unchecked()?;
    let mut settings = lock(&context.coredump);
    // SAFETY: as the caller says.
    unsafe { set_setting(&mut settings, attribute, value, size) }
}

pub unsafe fn coredump_set_global(attribute: IXcoredumpSettings, value: *mut c_void, size: *mut usize) -> Result<()> {
    device::all()?;
    // SAFETY: as the caller says.
    unsafe { set_setting(&mut lock(&GLOBAL), attribute, value, size) }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! How bodies read and write through the pointers of their callers.

use crate::error::{Error, Result};
use std::ffi::{c_char, c_int, CStr};

/// Stores a result.
///
/// # Safety
/// `out` is null or valid for writing.
pub unsafe fn put<T>(out: *mut T, value: T, name: &str) -> Result<()> {
    if out.is_null() {
        return Err(Error::invalid(format!("{name} is null")));
    }
    // SAFETY: as the caller says.
    unsafe { out.write_unaligned(value) };
    Ok(())
}

/// Stores a text with its NUL, cut to `length` bytes.
///
/// # Safety
/// `out` is null or valid for `length` bytes.
pub unsafe fn put_text(out: *mut c_char, length: c_int, text: &str, name: &str) -> Result<()> {
    if out.is_null() || length <= 0 {
        return Err(Error::invalid(format!("{name} is null, or its length is not positive")));
    }
    let n = text.len().min(length as usize - 1);
    // SAFETY: n + 1 bytes fit, as the caller says.
    unsafe {
        std::ptr::copy_nonoverlapping(text.as_ptr().cast(), out, n);
        *out.add(n) = 0;
    }
    Ok(())
}

/// The text at `pointer`.
///
/// # Safety
/// `pointer` is null or a C string that stays.
pub unsafe fn text<'a>(pointer: *const c_char, name: &str) -> Result<&'a CStr> {
    if pointer.is_null() {
        return Err(Error::invalid(format!("{name} is null")));
    }
    // SAFETY: as the caller says.
    Ok(unsafe { CStr::from_ptr(pointer) })
}

/// Refuses a null pointer for a result before anything is done.
pub fn check_null<T>(out: *mut T, name: &str) -> Result<()> {
    if out.is_null() {
        return Err(Error::invalid(format!("{name} is null")));
    }
    Ok(())
}

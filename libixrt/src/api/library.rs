// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of initialisation and errors.

use super::out::put;
use super::types::*;
use crate::device;
use crate::error::{self, Code, Error, Result};
use std::ffi::{c_char, c_int, c_uint, CStr};
use std::sync::atomic::AtomicBool;

/// Version of the CUDA driver interface that is followed.
const DRIVER_VERSION: c_int = 12080;

pub unsafe fn init(flags: c_uint) -> Result<()> {
    if flags != 0 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    device::initialise()
}

pub unsafe fn cuda_init(flags: c_uint) -> Result<()> {
    static SAID: AtomicBool = AtomicBool::new(false);
    // SAFETY: no pointers.
    unsafe { init(flags) }.inspect_err(|error| {
        if error.code != Code::INVALID_VALUE {
            super::say_once(&SAID, || format!("cuInit finds no device: {error}"));
        }
    })
}

pub unsafe fn driver_version(out: *mut c_int) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, DRIVER_VERSION, "version") }
}

pub unsafe fn error_name(error: IXresult, out: *mut *const c_char) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { error_fact(error, error.name(), out) }
}

pub unsafe fn cuda_error_name(error: IXresult, out: *mut *const c_char) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { error_fact(error, error.cuda_name(), out) }
}

pub unsafe fn error_text(error: IXresult, out: *mut *const c_char) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { error_fact(error, error.text(), out) }
}

unsafe fn error_fact(error: IXresult, fact: Option<&'static CStr>, out: *mut *const c_char) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, fact.map_or(std::ptr::null(), CStr::as_ptr), "the result pointer") }?;
    fact.map(|_| ()).ok_or_else(|| Error::invalid(format!("{} is no error code", error.0)))
}

pub unsafe fn last_error_message(out: *mut *const c_char) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, error::last_message(), "message") }
}

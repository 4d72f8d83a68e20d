// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions that find functions by name.
//!
//! A program asks for a documented name as of a version of the interface; it gets the newest form
//! that that version had, and the variant for per-thread default streams if it asks for that and
//! there is one.

use super::out::{put, text};
use super::table::{self, Symbol};
use super::types::*;
use crate::error::{Code, Error, Result};
use std::collections::HashMap;
use std::ffi::{c_char, c_int, c_ulonglong, c_void};
use std::sync::OnceLock;

/// Symbols by documented name.
fn by_name() -> &'static HashMap<&'static str, Vec<Symbol>> {
    static INDEX: OnceLock<Index> = OnceLock::new();
    struct Index(HashMap<&'static str, Vec<Symbol>>);
    // SAFETY: the addresses are of functions.
    unsafe impl Send for Index {}
    // SAFETY: as above.
    unsafe impl Sync for Index {}
    let index = INDEX.get_or_init(|| {
        let mut index: HashMap<_, Vec<Symbol>> = HashMap::new();
        table::symbols().for_each(|s| index.entry(s.documented()).or_default().push(*s));
        Index(index)
    });
    &index.0
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Function(&'static str),
    VersionTooLow,
    Nothing,
}

fn find(name: &str, version: c_int, per_thread: bool) -> (Found, *const ()) {
    let Some(symbols) = by_name().get(name) else { return (Found::Nothing, std::ptr::null()) };
    let newest = |variant: bool| {
        symbols.iter().filter(|s| s.since <= version && table::is_per_thread(s.name) == variant).max_by_key(|s| (s.since, s.name.len()))
    };
    let found = if per_thread { newest(true).or_else(|| newest(false)) } else { newest(false) };
    match found {
        Some(symbol) => (Found::Function(symbol.name), symbol.address),
        None => (Found::VersionTooLow, std::ptr::null()),
    }
}

pub unsafe fn get_proc_address_v2(
    symbol: *const c_char,
    out: *mut *mut c_void,
    version: c_int,
    flags: c_ulonglong,
    status: *mut IXdriverProcAddressQueryResult,
) -> Result<()> {
    // SAFETY: as the caller says.
    let name = unsafe { text(symbol, "symbol") }?.to_string_lossy();
    if flags & !u64::from(IX_GET_PROC_ADDRESS_LEGACY_STREAM | IX_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM) != 0 {
        return Err(Error::invalid(format!("{flags:#x} are no flags of this function")));
    }
    let (found, address) = find(&name, version, flags & u64::from(IX_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM) != 0);
    let (answer, result) = match found {
        Found::Function(_) => (IX_GET_PROC_ADDRESS_SUCCESS, Ok(())),
        Found::VersionTooLow => (
            IX_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT,
            Err(Error::new(Code::NOT_FOUND, format!("`{name}` is newer than version {version}"))),
        ),
        Found::Nothing => {
            (IX_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND, Err(Error::new(Code::NOT_FOUND, format!("there is no function `{name}`"))))
        }
    };
    // SAFETY: as the caller says.
    unsafe {
        put(out, address.cast_mut().cast(), "the result pointer")?;
        if !status.is_null() {
            put(status, answer, "status")?;
        }
    }
    result
}

pub unsafe fn get_proc_address(symbol: *const c_char, out: *mut *mut c_void, version: c_int, flags: c_ulonglong) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { get_proc_address_v2(symbol, out, version, flags, std::ptr::null_mut()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn finds(name: &str, version: c_int, per_thread: bool, symbol: &'static str) {
        let (found, address) = find(name, version, per_thread);
        assert_eq!(found, Found::Function(symbol));
        assert!(!address.is_null());
    }

    #[test]
    fn form_is_the_newest_of_the_version() {
        finds("cuCtxCreate", 3020, false, "cuCtxCreate_v2");
        finds("cuCtxCreate", 11040, false, "cuCtxCreate_v3");
        finds("cuCtxCreate", 12050, false, "cuCtxCreate_v4");
        finds("cuCtxCreate", 13020, false, "cuCtxCreate_v4");
        finds("cuGetProcAddress", 11030, false, "cuGetProcAddress");
        finds("cuGetProcAddress", 12000, false, "cuGetProcAddress_v2");
        finds("cuMemcpyHtoDAsync", 3020, false, "cuMemcpyHtoDAsync_v2");
        finds("cuMemcpyHtoDAsync", 7000, true, "cuMemcpyHtoDAsync_v2_ptsz");
        finds("cuMemcpy", 7000, true, "cuMemcpy_ptds");
        finds("cuInit", 2000, true, "cuInit");
    }

    #[test]
    fn unknown_and_newer_names_are_told_apart() {
        assert_eq!(find("cuNothing", 12080, false).0, Found::Nothing);
        assert_eq!(find("cuCtxCreate_v2", 12080, false).0, Found::Nothing);
        assert_eq!(find("cuLaunchKernelEx", 11050, false).0, Found::VersionTooLow);
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Initialisation, errors and entry points.

use crate::api::{entry_points, library};
use std::ffi::{c_char, c_int, c_uint, c_ulonglong, c_void};

api! { INIT: "Initialisation, errors and entry points" {
    /// Finds and opens the devices. Must be called before anything else; again it does nothing.
    ixInit(flags: c_uint) = library::init, [];
    /// Finds and opens the devices. Must be called before anything else; again it does nothing.
    /// When there is no device it says why on standard error, for programs know no more than the code.
    cuda_only(flags: c_uint) = library::cuda_init, [cuInit@2000];
    /// The version of the CUDA driver interface that this library follows: 1000 * major + 10 * minor.
    ixDriverGetVersion(version: *mut c_int) = library::driver_version, [cuDriverGetVersion@2020];
    /// The name of an error code.
    ixGetErrorName(error: IXresult, name: *mut *const c_char) = library::error_name, [];
    /// Likewise, as CUDA has it.
    cuda_only(error: IXresult, name: *mut *const c_char) = library::cuda_error_name, [cuGetErrorName@6000];
    /// The meaning of an error code.
    ixGetErrorString(error: IXresult, text: *mut *const c_char) = library::error_text, [cuGetErrorString@6000];
    /// What exactly went wrong in the last call of this thread that failed. The text is valid
    /// until the next call that fails.
    ixGetLastErrorMessage(message: *mut *const c_char) = library::last_error_message, [];
    /// The function that CUDA documents as `symbol`, in the form that the interface had in `version`;
    /// null when there is none. `status` may be null.
    ixGetProcAddress(symbol: *const c_char, function: *mut *mut c_void, version: c_int, flags: c_ulonglong,
        status: *mut IXdriverProcAddressQueryResult) = entry_points::get_proc_address_v2, [cuGetProcAddress_v2@12000];
    /// Likewise.
    cuda_only(symbol: *const c_char, function: *mut *mut c_void, version: c_int, flags: c_ulonglong)
        = entry_points::get_proc_address, [cuGetProcAddress@11030];
} absent {
    cuGetExportTable@3000;
} }

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Primary contexts.

use crate::api::contexts;
use std::ffi::{c_int, c_uint};

api! { PRIMARY: "Primary contexts" {
    /// The context that all retainers of a device share; made if it is not active. Does not
    /// make it current.
    ixDevicePrimaryCtxRetain(context: *mut IXcontext, device: IXdevice) = contexts::primary_retain, [cuDevicePrimaryCtxRetain@7000];
    /// Gives it back; the last one to do so ends it.
    ixDevicePrimaryCtxRelease(device: IXdevice)
        = contexts::primary_release, [cuDevicePrimaryCtxRelease@7000 cuDevicePrimaryCtxRelease_v2@11000];
    /// Ends it, whoever has retained it.
    ixDevicePrimaryCtxReset(device: IXdevice) = contexts::primary_reset, [cuDevicePrimaryCtxReset@7000 cuDevicePrimaryCtxReset_v2@11000];
    /// Its flags, and whether it is active.
    ixDevicePrimaryCtxGetState(device: IXdevice, flags: *mut c_uint, active: *mut c_int)
        = contexts::primary_state, [cuDevicePrimaryCtxGetState@7000];
    /// The flags for its next creation.
    ixDevicePrimaryCtxSetFlags(device: IXdevice, flags: c_uint)
        = contexts::primary_set_flags, [cuDevicePrimaryCtxSetFlags@7000 cuDevicePrimaryCtxSetFlags_v2@11000];
} absent {
} }

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Contexts.

use crate::api::contexts;
use std::ffi::{c_int, c_uint};

api! { CONTEXTS: "Contexts" {
    /// Creates a context and makes it current.
    ixCtxCreate(context: *mut IXcontext, flags: c_uint, device: IXdevice)
        = contexts::ctx_create, [cuCtxCreate@2000 cuCtxCreate_v2@3020 cuCtxCreate_v3@11040 cuCtxCreate_v4@12050];
    /// Ends a context and frees all that it owns.
    ixCtxDestroy(context: IXcontext) = contexts::ctx_destroy, [cuCtxDestroy@2000 cuCtxDestroy_v2@4000];
    /// Makes a context current in the place of the current one; null: none.
    ixCtxSetCurrent(context: IXcontext) = contexts::ctx_set_current, [cuCtxSetCurrent@4000];
    /// The current context, or null.
    ixCtxGetCurrent(context: *mut IXcontext) = contexts::ctx_get_current, [cuCtxGetCurrent@4000];
    /// Makes a context current on top of the current one.
    ixCtxPushCurrent(context: IXcontext) = contexts::ctx_push, [cuCtxPushCurrent@2000 cuCtxPushCurrent_v2@4000];
    /// Takes the current context away; the one below becomes current.
    ixCtxPopCurrent(context: *mut IXcontext) = contexts::ctx_pop, [cuCtxPopCurrent@2000 cuCtxPopCurrent_v2@4000];
    /// Waits for all work of the current context.
    ixCtxSynchronize() = contexts::ctx_synchronize, [cuCtxSynchronize@2000 cuCtxSynchronize_v2@13000];
    /// The device of the current context.
    ixCtxGetDevice(device: *mut IXdevice) = contexts::ctx_get_device, [cuCtxGetDevice@2000 cuCtxGetDevice_v2@13000];
    /// The flags of the current context.
    ixCtxGetFlags(flags: *mut c_uint) = contexts::ctx_get_flags, [cuCtxGetFlags@7000];
    /// The interface version of a context; null: of the current one.
    ixCtxGetApiVersion(context: IXcontext, version: *mut c_uint) = contexts::ctx_get_api_version, [cuCtxGetApiVersion@3020];
    /// The least (numerically greatest) and greatest priority of streams.
    ixCtxGetStreamPriorityRange(least: *mut c_int, greatest: *mut c_int)
        = contexts::ctx_priority_range, [cuCtxGetStreamPriorityRange@5050];
} absent {
    cuCtxAttach@2000;
    cuCtxDetach@2000;
    cuCtxGetCacheConfig@3020;
    cuCtxGetExecAffinity@11040;
    cuCtxGetId@12000;
    cuCtxGetSharedMemConfig@4020;
    cuCtxRecordEvent@12050;
    cuCtxSetCacheConfig@3020;
    cuCtxSetFlags@12010;
    cuCtxSetSharedMemConfig@4020;
    cuCtxWaitEvent@12050;
} }

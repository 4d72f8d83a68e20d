// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Contexts.

use crate::api::contexts;
use std::ffi::{c_int, c_uint, c_ulonglong};

api! { CONTEXTS: "Contexts" {
    /// Creates a context and makes it current.
    ixCtxCreate(context: *mut IXcontext, flags: c_uint, device: IXdevice)
        = contexts::ctx_create, [cuCtxCreate@2000 cuCtxCreate_v2@3020];
    /// Likewise, bound to some of the device's SMs.
    /// Differs: contexts cannot be bound to SMs: IX_ERROR_UNSUPPORTED_EXEC_AFFINITY.
    cuda_only(context: *mut IXcontext, affinities: *mut IXexecAffinityParam, count: c_int, flags: c_uint, device: IXdevice)
        = contexts::ctx_create_v3, [cuCtxCreate_v3@11040];
    /// Likewise, with parameters.
    cuda_only(context: *mut IXcontext, params: *mut IXctxCreateParams, flags: c_uint, device: IXdevice)
        = contexts::ctx_create_v4, [cuCtxCreate_v4@12050];
    /// One more user of the current context, which ends when the last one detaches. `flags` must be 0.
    ixCtxAttach(context: *mut IXcontext, flags: c_uint) = contexts::ctx_attach, [cuCtxAttach@2000];
    /// One user less of the current context.
    ixCtxDetach(context: IXcontext) = contexts::ctx_detach, [cuCtxDetach@2000];
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
    ixCtxSynchronize() = contexts::ctx_synchronize, [cuCtxSynchronize@2000];
    /// Waits for all work of a context; null: the current one.
    cuda_only(context: IXcontext) = contexts::ctx_synchronize_one, [cuCtxSynchronize_v2@13000];
    /// The device of the current context.
    ixCtxGetDevice(device: *mut IXdevice) = contexts::ctx_get_device, [cuCtxGetDevice@2000];
    /// The device of a context; null: of the current one.
    cuda_only(device: *mut IXdevice, context: IXcontext) = contexts::ctx_get_device_of, [cuCtxGetDevice_v2@13000];
    /// The flags of the current context.
    ixCtxGetFlags(flags: *mut c_uint) = contexts::ctx_get_flags, [cuCtxGetFlags@7000];
    /// Sets the flags of the current context.
    ixCtxSetFlags(flags: c_uint) = contexts::ctx_set_flags, [cuCtxSetFlags@12010];
    /// A number that no other context of the process ever has; null: of the current one.
    ixCtxGetId(context: IXcontext, id: *mut c_ulonglong) = contexts::ctx_get_id, [cuCtxGetId@12000];
    /// To how many SMs the current context is bound: all of the device's.
    ixCtxGetExecAffinity(affinity: *mut IXexecAffinityParam, kind: IXexecAffinityType)
        = contexts::ctx_get_exec_affinity, [cuCtxGetExecAffinity@11040];
    /// The current context's preference between cache and shared memory.
    ixCtxGetCacheConfig(config: *mut IXfunc_cache) = contexts::ctx_get_cache_config, [cuCtxGetCacheConfig@3020];
    /// Sets it; without effect.
    ixCtxSetCacheConfig(config: IXfunc_cache) = contexts::ctx_set_cache_config, [cuCtxSetCacheConfig@3020];
    /// The width of banks of shared memory.
    ixCtxGetSharedMemConfig(config: *mut IXsharedconfig) = contexts::ctx_get_shared_mem_config, [cuCtxGetSharedMemConfig@4020];
    /// Sets it; without effect.
    ixCtxSetSharedMemConfig(config: IXsharedconfig) = contexts::ctx_set_shared_mem_config, [cuCtxSetSharedMemConfig@4020];
    /// The interface version of a context; null: of the current one.
    ixCtxGetApiVersion(context: IXcontext, version: *mut c_uint) = contexts::ctx_get_api_version, [cuCtxGetApiVersion@3020];
    /// The least (numerically greatest) and greatest priority of streams.
    ixCtxGetStreamPriorityRange(least: *mut c_int, greatest: *mut c_int)
        = contexts::ctx_priority_range, [cuCtxGetStreamPriorityRange@5050];
    /// Records an event behind all that a context was given so far; null: the current one.
    ixCtxRecordEvent(context: IXcontext, event: IXevent) = contexts::ctx_record_event, [cuCtxRecordEvent@12050];
    /// Makes later work of a context wait for an event; null: of the current one.
    /// Differs: work of streams that are created afterwards does not wait.
    ixCtxWaitEvent(context: IXcontext, event: IXevent) = contexts::ctx_wait_event, [cuCtxWaitEvent@12050];
} absent {
} }

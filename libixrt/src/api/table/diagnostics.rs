// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Profiler, logs, core dumps and checkpoints.

use crate::api::diagnostics;
use std::ffi::{c_char, c_uint, c_void};

api! { DIAGNOSTICS: "Profiler, logs, core dumps and checkpoints" {
    /// Begins a region that a profiler is to look at. There is no profiler.
    ixProfilerStart() = diagnostics::profiler, [cuProfilerStart@4000];
    /// Ends it.
    ixProfilerStop() = diagnostics::profiler, [cuProfilerStop@4000];
    /// Adds a function that is told of every call that fails, on the thread that failed.
    ixLogsRegisterCallback(callback: IXlogsCallback, data: *mut c_void, handle: *mut IXlogsCallbackHandle)
        = diagnostics::logs_register, [cuLogsRegisterCallback@12090];
    /// Removes it.
    ixLogsUnregisterCallback(handle: IXlogsCallbackHandle) = diagnostics::logs_unregister, [cuLogsUnregisterCallback@12090];
    /// The place in the log after the last entry.
    ixLogsCurrent(iterator: *mut c_uint, flags: c_uint) = diagnostics::logs_current, [cuLogsCurrent@12090];
    /// Appends the entries from a place on to a file, and moves the place; null: all of the last 100.
    ixLogsDumpToFile(iterator: *mut c_uint, path: *const c_char, flags: c_uint) = diagnostics::logs_to_file, [cuLogsDumpToFile@12090];
    /// Likewise, to memory; `size` is its size and becomes the size of the text with its NUL. When it
    /// is too small the oldest entries are left out.
    ixLogsDumpToMemory(iterator: *mut c_uint, buffer: *mut c_char, size: *mut usize, flags: c_uint)
        = diagnostics::logs_to_memory, [cuLogsDumpToMemory@12090];
    /// A setting of what the current context leaves behind when a kernel fails.
    /// Differs: a report in text.
    ixCoredumpGetAttribute(attribute: IXcoredumpSettings, value: *mut c_void, size: *mut usize)
        = diagnostics::coredump_get, [cuCoredumpGetAttribute@12010];
    /// Likewise, with which new contexts begin.
    /// Differs: likewise.
    ixCoredumpGetAttributeGlobal(attribute: IXcoredumpSettings, value: *mut c_void, size: *mut usize)
        = diagnostics::coredump_get_global, [cuCoredumpGetAttributeGlobal@12010];
    /// Changes a setting of the current context.
    /// Differs: likewise.
    ixCoredumpSetAttribute(attribute: IXcoredumpSettings, value: *mut c_void, size: *mut usize)
        = diagnostics::coredump_set, [cuCoredumpSetAttribute@12010];
    /// Changes a setting with which new contexts begin.
    /// Differs: likewise.
    ixCoredumpSetAttributeGlobal(attribute: IXcoredumpSettings, value: *mut c_void, size: *mut usize)
        = diagnostics::coredump_set_global, [cuCoredumpSetAttributeGlobal@12010];
} absent {
    cuCheckpointOperationComplete@13041;
    cuCheckpointProcessCheckpoint@12080;
    cuCheckpointProcessGetRestoreThreadId@12080;
    cuCheckpointProcessGetState@12080;
    cuCheckpointProcessLock@12080;
    cuCheckpointProcessRestore@12080;
    cuCheckpointProcessUnlock@12080;
    cuCoredumpDeregisterCompleteCallback@13020;
    cuCoredumpDeregisterStartCallback@13020;
    cuCoredumpRegisterCompleteCallback@13020;
    cuCoredumpRegisterStartCallback@13020;
    cuDeviceRegisterAsyncNotification@12040;
    cuDeviceUnregisterAsyncNotification@12040;
    cuProfilerInitialize@4000;
} }

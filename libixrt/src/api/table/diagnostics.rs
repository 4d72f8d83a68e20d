// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Profiler, logs, core dumps and checkpoints.

api! { DIAGNOSTICS: "Profiler, logs, core dumps and checkpoints" {
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
    cuCoredumpGetAttribute@12010;
    cuCoredumpGetAttributeGlobal@12010;
    cuCoredumpRegisterCompleteCallback@13020;
    cuCoredumpRegisterStartCallback@13020;
    cuCoredumpSetAttribute@12010;
    cuCoredumpSetAttributeGlobal@12010;
    cuDeviceRegisterAsyncNotification@12040;
    cuDeviceUnregisterAsyncNotification@12040;
    cuLogsCurrent@12090;
    cuLogsDumpToFile@12090;
    cuLogsDumpToMemory@12090;
    cuLogsRegisterCallback@12090;
    cuLogsUnregisterCallback@12090;
    cuProfilerInitialize@4000;
    cuProfilerStart@4000;
    cuProfilerStop@4000;
} }

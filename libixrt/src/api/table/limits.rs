// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Limits.

use crate::api::limits;

api! { LIMITS: "Limits" {
    /// A limit of the current context.
    /// Differs: the usual stack is 16 KiB.
    ixCtxGetLimit(value: *mut usize, limit: IXlimit) = limits::get, [cuCtxGetLimit@3010];
    /// Sets a limit of the current context, brought into the device's range. Those of printf's buffer
    /// and of the heap can be set until the first kernel that prints is launched, and the first module
    /// that uses the heap is loaded.
    ixCtxSetLimit(limit: IXlimit, value: usize) = limits::set, [cuCtxSetLimit@3010];
    /// Makes lines that persist in the level-2 cache normal again; there are none.
    ixCtxResetPersistingL2Cache() = limits::reset_persisting, [cuCtxResetPersistingL2Cache@11000];
} absent {
} }

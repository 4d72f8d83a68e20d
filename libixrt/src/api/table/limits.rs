// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Limits.

api! { LIMITS: "Limits" {
} absent {
    cuCtxGetLimit@3010;
    cuCtxResetPersistingL2Cache@11000;
    cuCtxSetLimit@3010;
} }

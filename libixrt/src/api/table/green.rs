// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Green contexts and device resources.

api! { GREEN: "Green contexts and device resources" {
} absent {
    cuCtxFromGreenCtx@12040;
    cuCtxGetDevResource@12040;
    cuDevResourceGenerateDesc@12040;
    cuDevSmResourceSplit@13010;
    cuDevSmResourceSplitByCount@12040;
    cuDeviceGetDevResource@12040;
    cuGreenCtxCreate@12040;
    cuGreenCtxDestroy@12040;
    cuGreenCtxGetDevResource@12040;
    cuGreenCtxGetId@13000;
    cuGreenCtxRecordEvent@12040;
    cuGreenCtxStreamCreate@12050;
    cuGreenCtxWaitEvent@12040;
    cuStreamGetDevResource@13010;
    cuStreamGetGreenCtx@12040;
} }

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Libraries and their kernels.

api! { LIBRARIES: "Libraries and their kernels" {
} absent {
    cuKernelGetAttribute@12000;
    cuKernelGetFunction@12000;
    cuKernelGetLibrary@12050;
    cuKernelGetName@12030;
    cuKernelGetParamCount@13020;
    cuKernelGetParamInfo@12040;
    cuKernelSetAttribute@12000;
    cuKernelSetCacheConfig@12000;
    cuLibraryEnumerateKernels@12040;
    cuLibraryGetGlobal@12000;
    cuLibraryGetKernel@12000;
    cuLibraryGetKernelCount@12040;
    cuLibraryGetManaged@12000;
    cuLibraryGetModule@12000;
    cuLibraryGetUnifiedFunction@12000;
    cuLibraryLoadData@12000;
    cuLibraryLoadFromFile@12000;
    cuLibraryUnload@12000;
} }

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Memory pools and allocation in streams.

api! { POOLS: "Memory pools and allocation in streams" {
} absent {
    cuDeviceGetDefaultMemPool@11020;
    cuDeviceGetMemPool@11020;
    cuDeviceSetMemPool@11020;
    cuMemAllocAsync@11020 cuMemAllocAsync_ptsz@11020;
    cuMemAllocFromPoolAsync@11020 cuMemAllocFromPoolAsync_ptsz@11020;
    cuMemFreeAsync@11020 cuMemFreeAsync_ptsz@11020;
    cuMemGetDefaultMemPool@13000;
    cuMemGetMemPool@13000;
    cuMemPoolCreate@11020;
    cuMemPoolDestroy@11020;
    cuMemPoolExportPointer@11020;
    cuMemPoolExportToShareableHandle@11020;
    cuMemPoolGetAccess@11020;
    cuMemPoolGetAttribute@11020;
    cuMemPoolImportFromShareableHandle@11020;
    cuMemPoolImportPointer@11020;
    cuMemPoolSetAccess@11020;
    cuMemPoolSetAttribute@11020;
    cuMemPoolTrimTo@11020;
    cuMemSetMemPool@13000;
} }

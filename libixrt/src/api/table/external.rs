// SPDX-License-Identifier: Apache-2.0 OR MIT
//! External memory and semaphores.

api! { EXTERNAL: "External memory and semaphores" {
} absent {
    cuDestroyExternalMemory@10000;
    cuDestroyExternalSemaphore@10000;
    cuDeviceGetNvSciSyncAttributes@10020;
    cuExternalMemoryGetMappedBuffer@10000;
    cuExternalMemoryGetMappedMipmappedArray@10000;
    cuImportExternalMemory@10000;
    cuImportExternalSemaphore@10000;
    cuSignalExternalSemaphoresAsync@10000 cuSignalExternalSemaphoresAsync_ptsz@10000;
    cuWaitExternalSemaphoresAsync@10000 cuWaitExternalSemaphoresAsync_ptsz@10000;
} }

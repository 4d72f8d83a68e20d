// SPDX-License-Identifier: Apache-2.0 OR MIT
//! External memory and semaphores.

use crate::api::external;

api! { EXTERNAL: "External memory and semaphores" {
    /// Imports memory that this process has exported to a file descriptor, which then belongs to the library.
    /// Differs: descriptors of ixMemExportToShareableHandle of the same process only.
    ixImportExternalMemory(memory: *mut IXexternalMemory, description: *const IX_EXTERNAL_MEMORY_HANDLE_DESC)
        = external::import, [cuImportExternalMemory@10000];
    /// Maps a part of it; ixMemFree ends the mapping.
    ixExternalMemoryGetMappedBuffer(address: *mut IXdeviceptr, memory: IXexternalMemory, description: *const IX_EXTERNAL_MEMORY_BUFFER_DESC)
        = external::map, [cuExternalMemoryGetMappedBuffer@10000];
    /// Lets go of it, once all of its mappings have ended.
    ixDestroyExternalMemory(memory: IXexternalMemory) = external::destroy, [cuDestroyExternalMemory@10000];
} absent {
    cuDestroyExternalSemaphore@10000;
    cuDeviceGetNvSciSyncAttributes@10020;
    cuExternalMemoryGetMappedMipmappedArray@10000;
    cuImportExternalSemaphore@10000;
    cuSignalExternalSemaphoresAsync@10000 cuSignalExternalSemaphoresAsync_ptsz@10000;
    cuWaitExternalSemaphoresAsync@10000 cuWaitExternalSemaphoresAsync_ptsz@10000;
} }

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Memory pools and allocation in streams.

use crate::api::pools;
use std::ffi::c_void;

api! { POOLS: "Memory pools and allocation in streams" {
    /// The pool that a device has from the beginning.
    ixDeviceGetDefaultMemPool(pool: *mut IXmemoryPool, device: IXdevice) = pools::get_default, [cuDeviceGetDefaultMemPool@11020];
    /// The pool that ixMemAllocAsync takes from.
    ixDeviceGetMemPool(pool: *mut IXmemoryPool, device: IXdevice) = pools::get_current, [cuDeviceGetMemPool@11020];
    /// Sets it.
    ixDeviceSetMemPool(device: IXdevice, pool: IXmemoryPool) = pools::set_current, [cuDeviceSetMemPool@11020];
    /// The pool that a place has from the beginning.
    /// Differs: devices have one, other places have none.
    ixMemGetDefaultMemPool(pool: *mut IXmemoryPool, location: *mut IXmemLocation, kind: IXmemAllocationType)
        = pools::get_default_of, [cuMemGetDefaultMemPool@13000];
    /// The pool that is used for a place, likewise.
    ixMemGetMemPool(pool: *mut IXmemoryPool, location: *mut IXmemLocation, kind: IXmemAllocationType)
        = pools::get_current_of, [cuMemGetMemPool@13000];
    /// Sets it.
    ixMemSetMemPool(location: *mut IXmemLocation, kind: IXmemAllocationType, pool: IXmemoryPool)
        = pools::set_current_of, [cuMemSetMemPool@13000];
    /// Creates a pool of memory of a device or of the host.
    /// Differs: pools cannot be shared with other processes.
    ixMemPoolCreate(pool: *mut IXmemoryPool, properties: *const IXmemPoolProps) = pools::create, [cuMemPoolCreate@11020];
    /// Destroys a pool; its memory goes when it is given back.
    ixMemPoolDestroy(pool: IXmemoryPool) = pools::destroy, [cuMemPoolDestroy@11020];
    /// Lets go of unused memory of a pool, which keeps `keep` bytes in all.
    ixMemPoolTrimTo(pool: IXmemoryPool, keep: usize) = pools::trim, [cuMemPoolTrimTo@11020];
    /// One of a pool's attributes: an int or 64 bits.
    ixMemPoolGetAttribute(pool: IXmemoryPool, attribute: IXmemPool_attribute, value: *mut c_void)
        = pools::get_attribute, [cuMemPoolGetAttribute@11020];
    /// Sets one of a pool's attributes.
    ixMemPoolSetAttribute(pool: IXmemoryPool, attribute: IXmemPool_attribute, value: *mut c_void)
        = pools::set_attribute, [cuMemPoolSetAttribute@11020];
    /// Sets who may use a pool's memory.
    /// Differs: the memory's own device only, as there are no peers.
    ixMemPoolSetAccess(pool: IXmemoryPool, list: *const IXmemAccessDesc, count: usize) = pools::set_access, [cuMemPoolSetAccess@11020];
    /// Who may use a pool's memory.
    ixMemPoolGetAccess(flags: *mut IXmemAccess_flags, pool: IXmemoryPool, location: *mut IXmemLocation)
        = pools::get_access, [cuMemPoolGetAccess@11020];
    /// Takes device memory for work of a stream from now on.
    ixMemAllocAsync(address: *mut IXdeviceptr, bytes: usize, stream: IXstream)
        = pools::alloc_async, [cuMemAllocAsync@11020 cuMemAllocAsync_ptsz@11020];
    /// Likewise, from a pool.
    ixMemAllocFromPoolAsync(address: *mut IXdeviceptr, bytes: usize, pool: IXmemoryPool, stream: IXstream)
        = pools::alloc_from_pool_async, [cuMemAllocFromPoolAsync@11020 cuMemAllocFromPoolAsync_ptsz@11020];
    /// Gives memory back when a stream has come to here.
    ixMemFreeAsync(address: IXdeviceptr, stream: IXstream) = pools::free_async, [cuMemFreeAsync@11020 cuMemFreeAsync_ptsz@11020];
} absent {
    cuMemPoolExportPointer@11020;
    cuMemPoolExportToShareableHandle@11020;
    cuMemPoolImportFromShareableHandle@11020;
    cuMemPoolImportPointer@11020;
} }

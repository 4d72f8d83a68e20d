// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Managed memory and attributes of pointers.

use crate::api::managed;
use std::ffi::{c_uint, c_ulonglong, c_void};

api! { MANAGED: "Managed memory and attributes of pointers" {
    /// Takes memory that host and device use at the same address.
    /// Differs: it is always in system memory, and is bounded by that.
    ixMemAllocManaged(address: *mut IXdeviceptr, bytes: usize, flags: c_uint) = managed::alloc, [cuMemAllocManaged@6000];
    /// Says how a part of managed memory will be used; kept for ixMemRangeGetAttribute.
    ixMemAdvise(address: IXdeviceptr, bytes: usize, advice: IXmem_advise, device: IXdevice) = managed::advise, [cuMemAdvise@8000];
    /// Likewise, with a place.
    cuda_only(address: IXdeviceptr, bytes: usize, advice: IXmem_advise, location: IXmemLocation)
        = managed::advise_v2, [cuMemAdvise_v2@12020];
    /// Asks for a part of managed memory to be near a device, or the host.
    /// Differs: nothing moves, as both reach it where it is.
    ixMemPrefetchAsync(address: IXdeviceptr, bytes: usize, device: IXdevice, stream: IXstream)
        = managed::prefetch, [cuMemPrefetchAsync@8000 cuMemPrefetchAsync_ptsz@8000];
    /// Likewise, with a place.
    cuda_only(address: IXdeviceptr, bytes: usize, location: IXmemLocation, flags: c_uint, stream: IXstream)
        = managed::prefetch_v2, [cuMemPrefetchAsync_v2@12020 cuMemPrefetchAsync_v2_ptsz@12020];
    /// Likewise, for several parts. Place i is that of the ranges from `starts[i]` on.
    ixMemPrefetchBatchAsync(addresses: *mut IXdeviceptr, sizes: *mut usize, count: usize, places: *mut IXmemLocation, starts: *mut usize,
        place_count: usize, flags: c_ulonglong, stream: IXstream)
        = managed::prefetch_batch, [cuMemPrefetchBatchAsync@13000 cuMemPrefetchBatchAsync_ptsz@13000];
    /// Says that the contents of parts of managed memory are not needed.
    ixMemDiscardBatchAsync(addresses: *mut IXdeviceptr, sizes: *mut usize, count: usize, flags: c_ulonglong, stream: IXstream)
        = managed::discard_batch, [cuMemDiscardBatchAsync@13000 cuMemDiscardBatchAsync_ptsz@13000];
    /// Both.
    ixMemDiscardAndPrefetchBatchAsync(addresses: *mut IXdeviceptr, sizes: *mut usize, count: usize, places: *mut IXmemLocation,
        starts: *mut usize, place_count: usize, flags: c_ulonglong, stream: IXstream)
        = managed::prefetch_batch, [cuMemDiscardAndPrefetchBatchAsync@13000 cuMemDiscardAndPrefetchBatchAsync_ptsz@13000];
    /// What was said of a part of managed memory, if the same of all of it.
    ixMemRangeGetAttribute(data: *mut c_void, size: usize, attribute: IXmem_range_attribute, address: IXdeviceptr, bytes: usize)
        = managed::range_attribute, [cuMemRangeGetAttribute@8000];
    /// Several such attributes.
    ixMemRangeGetAttributes(data: *mut *mut c_void, sizes: *mut usize, attributes: *mut IXmem_range_attribute, count: usize,
        address: IXdeviceptr, bytes: usize) = managed::range_attributes, [cuMemRangeGetAttributes@8000];
    /// Says which streams use managed memory.
    /// Differs: all may use it at all times, whatever was said.
    ixStreamAttachMemAsync(stream: IXstream, address: IXdeviceptr, bytes: usize, flags: c_uint)
        = managed::attach, [cuStreamAttachMemAsync@6000 cuStreamAttachMemAsync_ptsz@7000];
    /// One of a pointer's attributes.
    ixPointerGetAttribute(data: *mut c_void, attribute: IXpointer_attribute, pointer: IXdeviceptr)
        = managed::pointer_attribute, [cuPointerGetAttribute@4000];
    /// Several attributes of any pointer.
    ixPointerGetAttributes(count: c_uint, attributes: *mut IXpointer_attribute, data: *mut *mut c_void, pointer: IXdeviceptr)
        = managed::pointer_attributes, [cuPointerGetAttributes@7000];
    /// Sets an attribute of a pointer: IX_POINTER_ATTRIBUTE_SYNC_MEMOPS, which always holds.
    ixPointerSetAttribute(value: *const c_void, attribute: IXpointer_attribute, pointer: IXdeviceptr)
        = managed::set_pointer_attribute, [cuPointerSetAttribute@6000];
} absent {
    cuMemGetLocationInfo@13041;
} }

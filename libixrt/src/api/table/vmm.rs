// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Virtual memory management.

use crate::api::vmm;
use std::ffi::{c_ulonglong, c_void};

api! { VMM: "Virtual memory management" {
    /// Reserves addresses; `size` is a multiple of 2 MiB.
    ixMemAddressReserve(address: *mut IXdeviceptr, size: usize, alignment: usize, wish: IXdeviceptr, flags: c_ulonglong)
        = vmm::reserve, [cuMemAddressReserve@10020];
    /// Gives reserved addresses back, all of them.
    ixMemAddressFree(address: IXdeviceptr, size: usize) = vmm::free, [cuMemAddressFree@10020];
    /// Creates memory on a device or on the host.
    ixMemCreate(handle: *mut IXmemGenericAllocationHandle, size: usize, properties: *const IXmemAllocationProp, flags: c_ulonglong)
        = vmm::create, [cuMemCreate@10020];
    /// One user less of a handle; the memory goes when it is mapped nowhere.
    ixMemRelease(handle: IXmemGenericAllocationHandle) = vmm::release, [cuMemRelease@10020];
    /// Maps all of a memory at reserved addresses.
    ixMemMap(address: IXdeviceptr, size: usize, offset: usize, handle: IXmemGenericAllocationHandle, flags: c_ulonglong)
        = vmm::map, [cuMemMap@10020];
    /// Ends mappings, once all work of the device has completed.
    ixMemUnmap(address: IXdeviceptr, size: usize) = vmm::unmap, [cuMemUnmap@10020];
    /// Says who may use mappings.
    /// Differs: the memory's own device and, for memory of the host, the host; not for reading only.
    ixMemSetAccess(address: IXdeviceptr, size: usize, list: *const IXmemAccessDesc, count: usize)
        = vmm::set_access, [cuMemSetAccess@10020];
    /// What a place may do with a mapping.
    ixMemGetAccess(flags: *mut c_ulonglong, location: *const IXmemLocation, address: IXdeviceptr)
        = vmm::get_access, [cuMemGetAccess@10020];
    /// What sizes are multiples of: 2 MiB.
    ixMemGetAllocationGranularity(granularity: *mut usize, properties: *const IXmemAllocationProp,
        option: IXmemAllocationGranularity_flags) = vmm::granularity, [cuMemGetAllocationGranularity@10020];
    /// What a memory was created with.
    ixMemGetAllocationPropertiesFromHandle(properties: *mut IXmemAllocationProp, handle: IXmemGenericAllocationHandle)
        = vmm::properties, [cuMemGetAllocationPropertiesFromHandle@10020];
    /// A handle of the memory that is mapped at an address.
    ixMemRetainAllocationHandle(handle: *mut IXmemGenericAllocationHandle, address: *mut c_void)
        = vmm::retain, [cuMemRetainAllocationHandle@11000];
    /// Exports memory to a file descriptor.
    /// Differs: it can be imported in the same process only.
    ixMemExportToShareableHandle(shared: *mut c_void, handle: IXmemGenericAllocationHandle, kind: IXmemAllocationHandleType, flags: c_ulonglong)
        = vmm::export, [cuMemExportToShareableHandle@10020];
    /// A handle of memory that was exported by this process.
    ixMemImportFromShareableHandle(handle: *mut IXmemGenericAllocationHandle, shared: *mut c_void, kind: IXmemAllocationHandleType)
        = vmm::import, [cuMemImportFromShareableHandle@10020];
} absent {
    cuLogicalEndpointAddDevice@13030;
    cuLogicalEndpointBindAddr@13030;
    cuLogicalEndpointBindMem@13030;
    cuLogicalEndpointCreate@13030;
    cuLogicalEndpointDestroy@13030;
    cuLogicalEndpointExport@13030;
    cuLogicalEndpointGetLimits@13030;
    cuLogicalEndpointIdRelease@13030;
    cuLogicalEndpointIdReserve@13030;
    cuLogicalEndpointImport@13030;
    cuLogicalEndpointQuery@13030;
    cuLogicalEndpointUnbind@13030;
    cuMulticastAddDevice@12010;
    cuMulticastBindAddr@12010 cuMulticastBindAddr_v2@13010;
    cuMulticastBindMem@12010 cuMulticastBindMem_v2@13010;
    cuMulticastCreate@12010;
    cuMulticastGetGranularity@12010;
    cuMulticastUnbind@12010;
} }

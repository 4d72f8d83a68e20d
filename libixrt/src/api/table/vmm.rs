// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Virtual memory management.

api! { VMM: "Virtual memory management" {
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
    cuMemAddressFree@10020;
    cuMemAddressReserve@10020;
    cuMemCreate@10020;
    cuMemExportToShareableHandle@10020;
    cuMemGetAccess@10020;
    cuMemGetAllocationGranularity@10020;
    cuMemGetAllocationPropertiesFromHandle@10020;
    cuMemImportFromShareableHandle@10020;
    cuMemMap@10020;
    cuMemRelease@10020;
    cuMemRetainAllocationHandle@11000;
    cuMemSetAccess@10020;
    cuMemUnmap@10020;
    cuMulticastAddDevice@12010;
    cuMulticastBindAddr@12010 cuMulticastBindAddr_v2@13010;
    cuMulticastBindMem@12010 cuMulticastBindMem_v2@13010;
    cuMulticastCreate@12010;
    cuMulticastGetGranularity@12010;
    cuMulticastUnbind@12010;
} }

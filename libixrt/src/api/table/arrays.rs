// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Arrays.

api! { ARRAYS: "Arrays" {
} absent {
    cuArray3DCreate@2000 cuArray3DCreate_v2@3020;
    cuArray3DGetDescriptor@2000 cuArray3DGetDescriptor_v2@3020;
    cuArrayCreate@2000 cuArrayCreate_v2@3020;
    cuArrayDestroy@2000;
    cuArrayGetDescriptor@2000 cuArrayGetDescriptor_v2@3020;
    cuArrayGetMemoryRequirements@11060;
    cuArrayGetPlane@11020;
    cuArrayGetSparseProperties@11010;
    cuMemMapArrayAsync@11010 cuMemMapArrayAsync_ptsz@11010;
    cuMipmappedArrayCreate@5000;
    cuMipmappedArrayDestroy@5000;
    cuMipmappedArrayGetLevel@5000;
    cuMipmappedArrayGetMemoryRequirements@11060;
    cuMipmappedArrayGetSparseProperties@11010;
} }

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Arrays.

use crate::api::arrays;
use std::ffi::c_uint;

api! { ARRAYS: "Arrays" {
    /// Creates an array of one or two dimensions.
    /// Differs: formats of 8, 16 and 32 bits a channel; kernels cannot use it, as there are no textures.
    ixArrayCreate(array: *mut IXarray, descriptor: *const IX_ARRAY_DESCRIPTOR) = arrays::create, [cuArrayCreate@2000 cuArrayCreate_v2@3020];
    /// Creates an array of up to three dimensions.
    /// Differs: likewise.
    ixArray3DCreate(array: *mut IXarray, descriptor: *const IX_ARRAY3D_DESCRIPTOR)
        = arrays::create_3d, [cuArray3DCreate@2000 cuArray3DCreate_v2@3020];
    /// Destroys an array, once all work of its context has completed.
    ixArrayDestroy(array: IXarray) = arrays::destroy, [cuArrayDestroy@2000];
    /// What an array of one or two dimensions is like.
    ixArrayGetDescriptor(descriptor: *mut IX_ARRAY_DESCRIPTOR, array: IXarray)
        = arrays::get_descriptor, [cuArrayGetDescriptor@2000 cuArrayGetDescriptor_v2@3020];
    /// What an array is like.
    ixArray3DGetDescriptor(descriptor: *mut IX_ARRAY3D_DESCRIPTOR, array: IXarray)
        = arrays::get_descriptor_3d, [cuArray3DGetDescriptor@2000 cuArray3DGetDescriptor_v2@3020];
    /// How much memory an array has.
    ixArrayGetMemoryRequirements(requirements: *mut IX_ARRAY_MEMORY_REQUIREMENTS, array: IXarray, device: IXdevice)
        = arrays::get_requirements, [cuArrayGetMemoryRequirements@11060];
    /// Creates an array with levels, each half as large as the one before.
    /// Differs: likewise.
    ixMipmappedArrayCreate(array: *mut IXmipmappedArray, descriptor: *const IX_ARRAY3D_DESCRIPTOR, levels: c_uint)
        = arrays::create_levelled, [cuMipmappedArrayCreate@5000];
    /// A level of such an array; it goes with the whole.
    ixMipmappedArrayGetLevel(level: *mut IXarray, array: IXmipmappedArray, index: c_uint)
        = arrays::get_level, [cuMipmappedArrayGetLevel@5000];
    /// Destroys it.
    ixMipmappedArrayDestroy(array: IXmipmappedArray) = arrays::destroy_levelled, [cuMipmappedArrayDestroy@5000];
    /// How much memory it has.
    ixMipmappedArrayGetMemoryRequirements(requirements: *mut IX_ARRAY_MEMORY_REQUIREMENTS, array: IXmipmappedArray, device: IXdevice)
        = arrays::get_levelled_requirements, [cuMipmappedArrayGetMemoryRequirements@11060];
    /// How a sparse array is divided.
    /// Differs: no array is sparse, so always IX_ERROR_INVALID_VALUE.
    ixArrayGetSparseProperties(properties: *mut IX_ARRAY_SPARSE_PROPERTIES, array: IXarray)
        = arrays::get_sparse, [cuArrayGetSparseProperties@11010];
    /// How a sparse array with levels is divided.
    /// Differs: likewise.
    ixMipmappedArrayGetSparseProperties(properties: *mut IX_ARRAY_SPARSE_PROPERTIES, array: IXmipmappedArray)
        = arrays::get_levelled_sparse, [cuMipmappedArrayGetSparseProperties@11010];
    /// A plane of an array whose format has several.
    /// Differs: no format has, so always IX_ERROR_INVALID_VALUE.
    ixArrayGetPlane(plane: *mut IXarray, array: IXarray, index: c_uint) = arrays::get_plane, [cuArrayGetPlane@11020];
} absent {
    cuMemMapArrayAsync@11010 cuMemMapArrayAsync_ptsz@11010;
} }

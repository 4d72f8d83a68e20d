// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Copies.

use crate::api::{boxes, copies};
use std::ffi::{c_ulonglong, c_void};

api! { COPIES: "Copies" {
    /// Copies between any two addresses. Returns when the copy is done, except between device addresses.
    ixMemcpy(target: IXdeviceptr, source: IXdeviceptr, bytes: usize) = copies::any, [cuMemcpy@4000 cuMemcpy_ptds@7000];
    /// Copies between any two addresses, in a stream.
    ixMemcpyAsync(target: IXdeviceptr, source: IXdeviceptr, bytes: usize, stream: IXstream)
        = copies::any_async, [cuMemcpyAsync@4000 cuMemcpyAsync_ptsz@7000];
    /// Copies from host to device.
    ixMemcpyHtoD(target: IXdeviceptr, source: *const c_void, bytes: usize)
        = copies::host_to_device, [cuMemcpyHtoD@2000 cuMemcpyHtoD_v2@3020 cuMemcpyHtoD_v2_ptds@7000];
    /// Copies from device to host.
    ixMemcpyDtoH(target: *mut c_void, source: IXdeviceptr, bytes: usize)
        = copies::device_to_host, [cuMemcpyDtoH@2000 cuMemcpyDtoH_v2@3020 cuMemcpyDtoH_v2_ptds@7000];
    /// Copies from device to device, in the null stream.
    ixMemcpyDtoD(target: IXdeviceptr, source: IXdeviceptr, bytes: usize)
        = copies::device_to_device, [cuMemcpyDtoD@2000 cuMemcpyDtoD_v2@3020 cuMemcpyDtoD_v2_ptds@7000];
    /// Copies from host to device, in a stream. Memory that is not pinned may be reused on return.
    ixMemcpyHtoDAsync(target: IXdeviceptr, source: *const c_void, bytes: usize, stream: IXstream)
        = copies::host_to_device_async, [cuMemcpyHtoDAsync@2000 cuMemcpyHtoDAsync_v2@3020 cuMemcpyHtoDAsync_v2_ptsz@7000];
    /// Copies from device to host, in a stream. Memory that is not pinned has its contents on return.
    ixMemcpyDtoHAsync(target: *mut c_void, source: IXdeviceptr, bytes: usize, stream: IXstream)
        = copies::device_to_host_async, [cuMemcpyDtoHAsync@2000 cuMemcpyDtoHAsync_v2@3020 cuMemcpyDtoHAsync_v2_ptsz@7000];
    /// Copies from device to device, in a stream.
    ixMemcpyDtoDAsync(target: IXdeviceptr, source: IXdeviceptr, bytes: usize, stream: IXstream)
        = copies::device_to_device_async, [cuMemcpyDtoDAsync@2000 cuMemcpyDtoDAsync_v2@3020 cuMemcpyDtoDAsync_v2_ptsz@7000];
    /// Copies rows.
    ixMemcpy2D(copy: *const IX_MEMCPY2D)
        = copies::rows, [cuMemcpy2D@2000 cuMemcpy2D_v2@3020 cuMemcpy2D_v2_ptds@7000 cuMemcpy2DUnaligned@2000 cuMemcpy2DUnaligned_v2@3020 cuMemcpy2DUnaligned_v2_ptds@7000];
    /// Copies rows, in a stream.
    ixMemcpy2DAsync(copy: *const IX_MEMCPY2D, stream: IXstream)
        = copies::rows_async, [cuMemcpy2DAsync@2000 cuMemcpy2DAsync_v2@3020 cuMemcpy2DAsync_v2_ptsz@7000];
    /// Copies a box.
    ixMemcpy3D(copy: *const IX_MEMCPY3D) = boxes::copy_3d, [cuMemcpy3D@2000 cuMemcpy3D_v2@3020 cuMemcpy3D_v2_ptds@7000];
    /// Copies a box, in a stream.
    ixMemcpy3DAsync(copy: *const IX_MEMCPY3D, stream: IXstream)
        = boxes::copy_3d_async, [cuMemcpy3DAsync@2000 cuMemcpy3DAsync_v2@3020 cuMemcpy3DAsync_v2_ptsz@7000];
    /// Copies a box between contexts.
    /// Differs: between devices by way of the host, and then returns when it is done.
    ixMemcpy3DPeer(copy: *const IX_MEMCPY3D_PEER) = boxes::copy_3d_peer, [cuMemcpy3DPeer@4000 cuMemcpy3DPeer_ptds@7000];
    /// Copies a box between contexts, in a stream.
    /// Differs: likewise.
    ixMemcpy3DPeerAsync(copy: *const IX_MEMCPY3D_PEER, stream: IXstream)
        = boxes::copy_3d_peer_async, [cuMemcpy3DPeerAsync@4000 cuMemcpy3DPeerAsync_ptsz@7000];
    /// Copies between contexts.
    /// Differs: likewise.
    ixMemcpyPeer(target: IXdeviceptr, target_context: IXcontext, source: IXdeviceptr, source_context: IXcontext, bytes: usize)
        = boxes::peer, [cuMemcpyPeer@4000 cuMemcpyPeer_ptds@7000];
    /// Copies between contexts, in a stream.
    /// Differs: likewise.
    ixMemcpyPeerAsync(target: IXdeviceptr, target_context: IXcontext, source: IXdeviceptr, source_context: IXcontext, bytes: usize,
        stream: IXstream) = boxes::peer_async, [cuMemcpyPeerAsync@4000 cuMemcpyPeerAsync_ptsz@7000];
    /// Copies within a row of an array, from one array to another.
    ixMemcpyAtoA(target: IXarray, target_offset: usize, source: IXarray, source_offset: usize, bytes: usize)
        = boxes::array_to_array, [cuMemcpyAtoA@2000 cuMemcpyAtoA_v2@3020 cuMemcpyAtoA_v2_ptds@7000];
    /// Copies from an array to device memory.
    ixMemcpyAtoD(target: IXdeviceptr, source: IXarray, offset: usize, bytes: usize)
        = boxes::array_to_device, [cuMemcpyAtoD@2000 cuMemcpyAtoD_v2@3020 cuMemcpyAtoD_v2_ptds@7000];
    /// Copies from device memory to an array.
    ixMemcpyDtoA(target: IXarray, offset: usize, source: IXdeviceptr, bytes: usize)
        = boxes::device_to_array, [cuMemcpyDtoA@2000 cuMemcpyDtoA_v2@3020 cuMemcpyDtoA_v2_ptds@7000];
    /// Copies from host memory to an array.
    ixMemcpyHtoA(target: IXarray, offset: usize, source: *const c_void, bytes: usize)
        = boxes::host_to_array, [cuMemcpyHtoA@2000 cuMemcpyHtoA_v2@3020 cuMemcpyHtoA_v2_ptds@7000];
    /// Copies from an array to host memory.
    ixMemcpyAtoH(target: *mut c_void, source: IXarray, offset: usize, bytes: usize)
        = boxes::array_to_host, [cuMemcpyAtoH@2000 cuMemcpyAtoH_v2@3020 cuMemcpyAtoH_v2_ptds@7000];
    /// Copies from host memory to an array, in a stream.
    ixMemcpyHtoAAsync(target: IXarray, offset: usize, source: *const c_void, bytes: usize, stream: IXstream)
        = boxes::host_to_array_async, [cuMemcpyHtoAAsync@2000 cuMemcpyHtoAAsync_v2@3020 cuMemcpyHtoAAsync_v2_ptsz@7000];
    /// Copies from an array to host memory, in a stream.
    ixMemcpyAtoHAsync(target: *mut c_void, source: IXarray, offset: usize, bytes: usize, stream: IXstream)
        = boxes::array_to_host_async, [cuMemcpyAtoHAsync@2000 cuMemcpyAtoHAsync_v2@3020 cuMemcpyAtoHAsync_v2_ptsz@7000];
    /// Several copies between any addresses, in a stream other than the null stream. Attribute i is
    /// that of the copies from `starts[i]` on; sources are read as in a stream, or before.
    ixMemcpyBatchAsync(targets: *const IXdeviceptr, sources: *const IXdeviceptr, sizes: *const usize, count: usize,
        attributes: *const IXmemcpyAttributes, starts: *const usize, attribute_count: usize, stream: IXstream)
        = boxes::batch_v2, [cuMemcpyBatchAsync_v2@13000 cuMemcpyBatchAsync_v2_ptsz@13000];
    /// Likewise, and tells which copy failed.
    cuda_only(targets: *const IXdeviceptr, sources: *const IXdeviceptr, sizes: *const usize, count: usize,
        attributes: *const IXmemcpyAttributes, starts: *const usize, attribute_count: usize, failed: *mut usize, stream: IXstream)
        = boxes::batch, [cuMemcpyBatchAsync@12080 cuMemcpyBatchAsync_ptsz@12080];
    /// One such copy.
    ixMemcpyWithAttributesAsync(target: IXdeviceptr, source: IXdeviceptr, bytes: usize, attributes: *mut IXmemcpyAttributes,
        stream: IXstream) = boxes::with_attributes, [cuMemcpyWithAttributesAsync@13020 cuMemcpyWithAttributesAsync_ptsz@13020];
    /// Several copies of boxes between addresses and arrays, in a stream other than the null stream.
    ixMemcpy3DBatchAsync(count: usize, list: *mut IX_MEMCPY3D_BATCH_OP, flags: c_ulonglong, stream: IXstream)
        = boxes::batch_3d_v2, [cuMemcpy3DBatchAsync_v2@13000 cuMemcpy3DBatchAsync_v2_ptsz@13000];
    /// Likewise, and tells which copy failed.
    cuda_only(count: usize, list: *mut IX_MEMCPY3D_BATCH_OP, failed: *mut usize, flags: c_ulonglong, stream: IXstream)
        = boxes::batch_3d, [cuMemcpy3DBatchAsync@12080 cuMemcpy3DBatchAsync_ptsz@12080];
    /// One such copy.
    ixMemcpy3DWithAttributesAsync(op: *mut IX_MEMCPY3D_BATCH_OP, flags: c_ulonglong, stream: IXstream)
        = boxes::with_attributes_3d, [cuMemcpy3DWithAttributesAsync@13020 cuMemcpy3DWithAttributesAsync_ptsz@13020];
} absent {
    cuMemBatchDecompressAsync@12060 cuMemBatchDecompressAsync_ptsz@12060;
} }

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of copies.

types! { COPIES_TYPES
    handles {
    }
    enumerations {
        /// When the source of a copy is read.
        IXmemcpySrcAccessOrder {
            /// None.
            IX_MEMCPY_SRC_ACCESS_ORDER_INVALID = 0;
            /// In the order of the stream.
            IX_MEMCPY_SRC_ACCESS_ORDER_STREAM = 1;
            /// Before the call returns.
            IX_MEMCPY_SRC_ACCESS_ORDER_DURING_API_CALL = 2;
            /// At any time.
            IX_MEMCPY_SRC_ACCESS_ORDER_ANY = 3;
        }
        /// Where a side of a copy of rows is.
        IXmemorytype {
            /// Host memory.
            IX_MEMORYTYPE_HOST = 1;
            /// Device memory.
            IX_MEMORYTYPE_DEVICE = 2;
            /// An array; not supported.
            IX_MEMORYTYPE_ARRAY = 3;
            /// What the address says.
            IX_MEMORYTYPE_UNIFIED = 4;
        }
    }
    flags {
    }
    structures {
        /// A copy of Height rows of WidthInBytes bytes. Of each side, the first byte is at
        /// start + Y * Pitch + XInBytes, where start is Host for IX_MEMORYTYPE_HOST, else Device.
        /// The arrays must be null.
        struct IX_MEMCPY2D {
            srcXInBytes: usize,
            srcY: usize,
            srcMemoryType: IXmemorytype,
            srcHost: *const c_void,
            srcDevice: IXdeviceptr,
            srcArray: *mut c_void,
            srcPitch: usize,
            dstXInBytes: usize,
            dstY: usize,
            dstMemoryType: IXmemorytype,
            dstHost: *mut c_void,
            dstDevice: IXdeviceptr,
            dstArray: *mut c_void,
            dstPitch: usize,
            WidthInBytes: usize,
            Height: usize,
        }
        /// A copy of Depth slices of Height rows of WidthInBytes bytes. Of each side, the first byte
        /// is at start + (Z * Height + Y) * Pitch + XInBytes, with the side's Height. The arrays and
        /// reserved fields must be null, and the LODs 0.
        struct IX_MEMCPY3D {
            srcXInBytes: usize,
            srcY: usize,
            srcZ: usize,
            srcLOD: usize,
            srcMemoryType: IXmemorytype,
            srcHost: *const c_void,
            srcDevice: IXdeviceptr,
            srcArray: *mut c_void,
            reserved0: *mut c_void,
            srcPitch: usize,
            srcHeight: usize,
            dstXInBytes: usize,
            dstY: usize,
            dstZ: usize,
            dstLOD: usize,
            dstMemoryType: IXmemorytype,
            dstHost: *mut c_void,
            dstDevice: IXdeviceptr,
            dstArray: *mut c_void,
            reserved1: *mut c_void,
            dstPitch: usize,
            dstHeight: usize,
            WidthInBytes: usize,
            Height: usize,
            Depth: usize,
        }
        /// A copy like IX_MEMCPY3D, with a context for each side; null: the current one.
        struct IX_MEMCPY3D_PEER {
            srcXInBytes: usize,
            srcY: usize,
            srcZ: usize,
            srcLOD: usize,
            srcMemoryType: IXmemorytype,
            srcHost: *const c_void,
            srcDevice: IXdeviceptr,
            srcArray: *mut c_void,
            srcContext: IXcontext,
            srcPitch: usize,
            srcHeight: usize,
            dstXInBytes: usize,
            dstY: usize,
            dstZ: usize,
            dstLOD: usize,
            dstMemoryType: IXmemorytype,
            dstHost: *mut c_void,
            dstDevice: IXdeviceptr,
            dstArray: *mut c_void,
            dstContext: IXcontext,
            dstPitch: usize,
            dstHeight: usize,
            WidthInBytes: usize,
            Height: usize,
            Depth: usize,
        }
        /// A copy of a box of a batch. Elements are an array's or, without one, bytes.
        struct IX_MEMCPY3D_BATCH_OP {
            src: IXmemcpy3DOperand,
            dst: IXmemcpy3DOperand,
            extent: IXextent3D,
            srcAccessOrder: IXmemcpySrcAccessOrder,
            flags: c_uint,
        }
        /// How copies of a batch are made. The places are hints.
        struct IXmemcpyAttributes {
            srcAccessOrder: IXmemcpySrcAccessOrder,
            srcLocHint: IXmemLocation,
            dstLocHint: IXmemLocation,
            flags: c_uint,
        }
    }
    callbacks {
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of memory.

types! { MEMORY_TYPES
    handles {
        /// A pool of memory.
        IXmemoryPool;
        /// An array.
        IXarray;
        /// An array and smaller forms of it.
        IXmipmappedArray;
        /// Memory that came by a descriptor.
        IXexternalMemory;
    }
    enumerations {
        /// Kinds of external memory.
        IXexternalMemoryHandleType {
            /// A file descriptor of ixMemExportToShareableHandle.
            IX_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD = 1;
        }
        /// Whose writes are to be seen.
        IXflushGPUDirectRDMAWritesTarget {
            /// Those to the memory of the current context's device.
            IX_FLUSH_GPU_DIRECT_RDMA_WRITES_TARGET_CURRENT_CTX = 0;
        }
        /// Who is to see them.
        IXflushGPUDirectRDMAWritesScope {
            /// Its owner.
            IX_FLUSH_GPU_DIRECT_RDMA_WRITES_TO_OWNER = 100;
            /// All devices.
            IX_FLUSH_GPU_DIRECT_RDMA_WRITES_TO_ALL_DEVICES = 200;
        }
        /// Sides of a copy of a batch.
        IXmemcpy3DOperandType {
            /// An address.
            IX_MEMCPY_OPERAND_TYPE_POINTER = 1;
            /// An array.
            IX_MEMCPY_OPERAND_TYPE_ARRAY = 2;
        }
        /// What ixPointerGetAttribute tells.
        IXpointer_attribute {
            /// The context that the memory belongs to.
            IX_POINTER_ATTRIBUTE_CONTEXT = 1;
            /// The type of the memory, an IXmemorytype.
            IX_POINTER_ATTRIBUTE_MEMORY_TYPE = 2;
            /// The device's address of the byte.
            IX_POINTER_ATTRIBUTE_DEVICE_POINTER = 3;
            /// The host's address of the byte.
            IX_POINTER_ATTRIBUTE_HOST_POINTER = 4;
            /// Tokens for other drivers; not supported.
            IX_POINTER_ATTRIBUTE_P2P_TOKENS = 5;
            /// Whether operations on the memory wait; may be set, and always holds.
            IX_POINTER_ATTRIBUTE_SYNC_MEMOPS = 6;
            /// A number that no other allocation of the process ever has.
            IX_POINTER_ATTRIBUTE_BUFFER_ID = 7;
            /// Whether it is managed.
            IX_POINTER_ATTRIBUTE_IS_MANAGED = 8;
            /// The device of the memory.
            IX_POINTER_ATTRIBUTE_DEVICE_ORDINAL = 9;
            /// Whether it can be shared by ixIpcGetMemHandle: it cannot.
            IX_POINTER_ATTRIBUTE_IS_LEGACY_CUDA_IPC_CAPABLE = 10;
            /// First address of the allocation.
            IX_POINTER_ATTRIBUTE_RANGE_START_ADDR = 11;
            /// Bytes of the allocation.
            IX_POINTER_ATTRIBUTE_RANGE_SIZE = 12;
            /// Whether there is memory at the address.
            IX_POINTER_ATTRIBUTE_MAPPED = 13;
            /// Kinds of handles it may be exported to.
            IX_POINTER_ATTRIBUTE_ALLOWED_HANDLE_TYPES = 14;
            /// Whether other devices reach it: they do not.
            IX_POINTER_ATTRIBUTE_IS_GPU_DIRECT_RDMA_CAPABLE = 15;
            /// What the device may do with it.
            IX_POINTER_ATTRIBUTE_ACCESS_FLAGS = 16;
            /// The pool it is from.
            IX_POINTER_ATTRIBUTE_MEMPOOL_HANDLE = 17;
            /// Bytes of the mapping.
            IX_POINTER_ATTRIBUTE_MAPPING_SIZE = 18;
            /// First address of the mapping.
            IX_POINTER_ATTRIBUTE_MAPPING_BASE_ADDR = 19;
            /// The number of the memory behind it.
            IX_POINTER_ATTRIBUTE_MEMORY_BLOCK_ID = 20;
            /// Whether it can be unpacked by hardware: it cannot.
            IX_POINTER_ATTRIBUTE_IS_HW_DECOMPRESS_CAPABLE = 21;
        }
        /// What a program says of its use of managed memory.
        IXmem_advise {
            /// It is mostly read.
            IX_MEM_ADVISE_SET_READ_MOSTLY = 1;
            /// It is not.
            IX_MEM_ADVISE_UNSET_READ_MOSTLY = 2;
            /// Where it should be.
            IX_MEM_ADVISE_SET_PREFERRED_LOCATION = 3;
            /// That does not matter.
            IX_MEM_ADVISE_UNSET_PREFERRED_LOCATION = 4;
            /// Who will use it.
            IX_MEM_ADVISE_SET_ACCESSED_BY = 5;
            /// Who will not.
            IX_MEM_ADVISE_UNSET_ACCESSED_BY = 6;
        }
        /// What ixMemRangeGetAttribute tells.
        IXmem_range_attribute {
            /// Whether it is mostly read.
            IX_MEM_RANGE_ATTRIBUTE_READ_MOSTLY = 1;
            /// Where it should be: a device, IX_DEVICE_CPU or IX_DEVICE_INVALID.
            IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION = 2;
            /// Who will use it, a list.
            IX_MEM_RANGE_ATTRIBUTE_ACCESSED_BY = 3;
            /// Where it was last asked to be.
            IX_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION = 4;
            /// Type of where it should be.
            IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION_TYPE = 5;
            /// Number of where it should be.
            IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION_ID = 6;
            /// Type of where it was last asked to be.
            IX_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION_TYPE = 7;
            /// Number of where it was last asked to be.
            IX_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION_ID = 8;
        }
        /// Kinds of places for memory.
        IXmemLocationType {
            /// None.
            IX_MEM_LOCATION_TYPE_INVALID = 0;
            /// A device.
            IX_MEM_LOCATION_TYPE_DEVICE = 1;
            /// The host.
            IX_MEM_LOCATION_TYPE_HOST = 2;
            /// A node of the host.
            IX_MEM_LOCATION_TYPE_HOST_NUMA = 3;
            /// The node of the host that the calling thread runs on.
            IX_MEM_LOCATION_TYPE_HOST_NUMA_CURRENT = 4;
        }
        /// Kinds of memory that can be created.
        IXmemAllocationType {
            /// None.
            IX_MEM_ALLOCATION_TYPE_INVALID = 0;
            /// It stays where it is.
            IX_MEM_ALLOCATION_TYPE_PINNED = 1;
            /// It may move; not supported.
            IX_MEM_ALLOCATION_TYPE_MANAGED = 2;
        }
        /// Kinds of handles that memory can be exported to.
        IXmemAllocationHandleType {
            /// None.
            IX_MEM_HANDLE_TYPE_NONE = 0;
            /// A file descriptor.
            IX_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR = 1;
            /// A handle of Windows; not supported.
            IX_MEM_HANDLE_TYPE_WIN32 = 2;
            /// Another one; not supported.
            IX_MEM_HANDLE_TYPE_WIN32_KMT = 4;
            /// A handle for other machines; not supported.
            IX_MEM_HANDLE_TYPE_FABRIC = 8;
        }
        /// What a place may do with memory.
        IXmemAccess_flags {
            /// Nothing.
            IX_MEM_ACCESS_FLAGS_PROT_NONE = 0;
            /// Read.
            IX_MEM_ACCESS_FLAGS_PROT_READ = 1;
            /// Read and write.
            IX_MEM_ACCESS_FLAGS_PROT_READWRITE = 3;
        }
        /// Which granularity is asked for.
        IXmemAllocationGranularity_flags {
            /// The smallest possible.
            IX_MEM_ALLOC_GRANULARITY_MINIMUM = 0;
            /// The best.
            IX_MEM_ALLOC_GRANULARITY_RECOMMENDED = 1;
        }
        /// What ixMemPoolGetAttribute tells and ixMemPoolSetAttribute sets.
        IXmemPool_attribute {
            /// Whether memory is taken again after an event that was waited for; an int.
            IX_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES = 1;
            /// Whether memory is taken again when the device has come so far; an int.
            IX_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC = 2;
            /// Whether memory is taken again with a new wait; an int.
            IX_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES = 3;
            /// Bytes that are kept when they are not used.
            IX_MEMPOOL_ATTR_RELEASE_THRESHOLD = 4;
            /// Bytes held.
            IX_MEMPOOL_ATTR_RESERVED_MEM_CURRENT = 5;
            /// The most so far; may be set to 0.
            IX_MEMPOOL_ATTR_RESERVED_MEM_HIGH = 6;
            /// Bytes used.
            IX_MEMPOOL_ATTR_USED_MEM_CURRENT = 7;
            /// The most so far; may be set to 0.
            IX_MEMPOOL_ATTR_USED_MEM_HIGH = 8;
        }
        /// Types of an array's channels.
        IXarray_format {
            /// 8 bits, unsigned.
            IX_AD_FORMAT_UNSIGNED_INT8 = 0x01;
            /// 16 bits, unsigned.
            IX_AD_FORMAT_UNSIGNED_INT16 = 0x02;
            /// 32 bits, unsigned.
            IX_AD_FORMAT_UNSIGNED_INT32 = 0x03;
            /// 8 bits, signed.
            IX_AD_FORMAT_SIGNED_INT8 = 0x08;
            /// 16 bits, signed.
            IX_AD_FORMAT_SIGNED_INT16 = 0x09;
            /// 32 bits, signed.
            IX_AD_FORMAT_SIGNED_INT32 = 0x0a;
            /// A float of 16 bits.
            IX_AD_FORMAT_HALF = 0x10;
            /// A float of 32 bits.
            IX_AD_FORMAT_FLOAT = 0x20;
        }
    }
    flags {
        /// Memory of the program: of all contexts; always so.
        IX_MEMHOSTREGISTER_PORTABLE = 0x01;
        /// Memory of the program: the device reaches it; always so.
        IX_MEMHOSTREGISTER_DEVICEMAP = 0x02;
        /// Memory of the program is another device's; not supported.
        IX_MEMHOSTREGISTER_IOMEMORY = 0x04;
        /// Memory of the program: the device only reads it. A hint.
        IX_MEMHOSTREGISTER_READ_ONLY = 0x08;
        /// Managed memory for all streams.
        IX_MEM_ATTACH_GLOBAL = 0x1;
        /// Managed memory for the host.
        IX_MEM_ATTACH_HOST = 0x2;
        /// Managed memory for one stream.
        IX_MEM_ATTACH_SINGLE = 0x4;
        /// A 3D array of 2D layers.
        IX_ARRAY3D_LAYERED = 0x01;
        /// An array for surfaces.
        IX_ARRAY3D_SURFACE_LDST = 0x02;
        /// A cube; layers are its faces.
        IX_ARRAY3D_CUBEMAP = 0x04;
        /// An array for gathers of textures.
        IX_ARRAY3D_TEXTURE_GATHER = 0x08;
        /// Pinned memory belongs to all contexts; always so.
        IX_MEMHOSTALLOC_PORTABLE = 0x01;
        /// The device reaches pinned memory; always so.
        IX_MEMHOSTALLOC_DEVICEMAP = 0x02;
        /// Pinned memory that the host only writes. A hint.
        IX_MEMHOSTALLOC_WRITECOMBINED = 0x04;
    }
    structures {
        /// A place for memory.
        struct IXmemLocation {
            r#type: IXmemLocationType,
            id: c_int,
        }
        /// Flags of memory that is created; all must be 0.
        struct IXmemAllocationProp_flags {
            compressionType: u8,
            gpuDirectRDMACapable: u8,
            usage: c_ushort,
            reserved: [u8; 4],
        }
        /// What memory that is created is like.
        struct IXmemAllocationProp {
            r#type: IXmemAllocationType,
            requestedHandleTypes: IXmemAllocationHandleType,
            location: IXmemLocation,
            win32HandleMetaData: *mut c_void,
            allocFlags: IXmemAllocationProp_flags,
        }
        /// What a place may do with memory.
        struct IXmemAccessDesc {
            location: IXmemLocation,
            flags: IXmemAccess_flags,
        }
        /// What a pool is like. A maxSize of 0 is no limit.
        struct IXmemPoolProps {
            allocType: IXmemAllocationType,
            handleTypes: IXmemAllocationHandleType,
            location: IXmemLocation,
            win32SecurityAttributes: *mut c_void,
            maxSize: usize,
            usage: c_ushort,
            reserved: [u8; 54],
        }
        /// What an array of at most two dimensions is like.
        struct IX_ARRAY_DESCRIPTOR {
            Width: usize,
            Height: usize,
            Format: IXarray_format,
            NumChannels: c_uint,
        }
        /// What an array is like.
        struct IX_ARRAY3D_DESCRIPTOR {
            Width: usize,
            Height: usize,
            Depth: usize,
            Format: IXarray_format,
            NumChannels: c_uint,
            Flags: c_uint,
        }
        /// A handle of Windows.
        struct IX_EXTERNAL_MEMORY_HANDLE_DESC_win32 {
            handle: *mut c_void,
            name: *const c_void,
        }
        /// What external memory is imported from, by its type.
        union IX_EXTERNAL_MEMORY_HANDLE_DESC_handle {
            fd: c_int,
            win32: IX_EXTERNAL_MEMORY_HANDLE_DESC_win32,
            nvSciBufObject: *const c_void,
        }
        /// What external memory is imported from. A descriptor belongs to the library afterwards.
        struct IX_EXTERNAL_MEMORY_HANDLE_DESC {
            r#type: IXexternalMemoryHandleType,
            handle: IX_EXTERNAL_MEMORY_HANDLE_DESC_handle,
            size: c_ulonglong,
            flags: c_uint,
            reserved: [c_uint; 16],
        }
        /// A part of external memory.
        struct IX_EXTERNAL_MEMORY_BUFFER_DESC {
            offset: c_ulonglong,
            size: c_ulonglong,
            flags: c_uint,
            reserved: [c_uint; 16],
        }
        /// Elements before a box.
        struct IXoffset3D {
            x: usize,
            y: usize,
            z: usize,
        }
        /// Elements of a box.
        struct IXextent3D {
            width: usize,
            height: usize,
            depth: usize,
        }
        /// An address as a side of a copy: its rows and slices, in elements; 0: without gaps.
        struct IXmemcpy3DOperand_ptr {
            ptr: IXdeviceptr,
            rowLength: usize,
            layerHeight: usize,
            locHint: IXmemLocation,
        }
        /// An array as a side of a copy.
        struct IXmemcpy3DOperand_array {
            array: IXarray,
            offset: IXoffset3D,
        }
        /// A side of a copy, by its type.
        union IXmemcpy3DOperand_op {
            ptr: IXmemcpy3DOperand_ptr,
            array: IXmemcpy3DOperand_array,
        }
        /// A side of a copy of a batch.
        struct IXmemcpy3DOperand {
            r#type: IXmemcpy3DOperandType,
            op: IXmemcpy3DOperand_op,
        }
        /// Elements of a tile.
        struct IX_ARRAY_SPARSE_PROPERTIES_tileExtent {
            width: c_uint,
            height: c_uint,
            depth: c_uint,
        }
        /// How the memory of a sparse array is divided; there are no such arrays.
        struct IX_ARRAY_SPARSE_PROPERTIES {
            tileExtent: IX_ARRAY_SPARSE_PROPERTIES_tileExtent,
            miptailFirstLevel: c_uint,
            miptailSize: c_ulonglong,
            flags: c_uint,
            reserved: [c_uint; 4],
        }
        /// How much memory an array needs.
        struct IX_ARRAY_MEMORY_REQUIREMENTS {
            size: usize,
            alignment: usize,
            reserved: [c_uint; 4],
        }
    }
    callbacks {
    }
}

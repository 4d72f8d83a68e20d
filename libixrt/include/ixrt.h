/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Generated from the tables in libixrt/src/api by `cargo run -p ixrt --example interface`; do not edit. */
#ifndef IXRT_H
#define IXRT_H

/**
 * The IX runtime: the semantics of the CUDA driver interface under names of its own.
 *
 * Functions return IX_SUCCESS or an error code; the numbers are those of CUresult.
 * ixGetLastErrorMessage says more. All functions may be called from any thread. See
 * docs/programming.md.
 */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A device: its number. */
typedef int IXdevice;
/** An address in device memory. */
typedef unsigned long long IXdeviceptr;
/** Memory that a program created, whatever addresses it has. */
typedef unsigned long long IXmemGenericAllocationHandle;
/** A context. */
typedef struct IXcontext_st *IXcontext;
/** A pool of memory. */
typedef struct IXmemoryPool_st *IXmemoryPool;
/** An array. */
typedef struct IXarray_st *IXarray;
/** An array and smaller forms of it. */
typedef struct IXmipmappedArray_st *IXmipmappedArray;
/** Memory that came by a descriptor. */
typedef struct IXexternalMemory_st *IXexternalMemory;
/** A loaded module. */
typedef struct IXmodule_st *IXmodule;
/** A kernel of a module. */
typedef struct IXfunction_st *IXfunction;
/** Code that is loaded into each context that needs it. */
typedef struct IXlibrary_st *IXlibrary;
/** A kernel of a library, for all contexts; it may be launched in the place of a function. */
typedef struct IXkernel_st *IXkernel;
/** A stream; null is the default stream of the current context. */
typedef struct IXstream_st *IXstream;
/** An event. */
typedef struct IXevent_st *IXevent;
/** A link. */
typedef struct IXlinkState_st *IXlinkState;
/** A graph: work that is described and run later. */
typedef struct IXgraph_st *IXgraph;
/** A node of a graph. */
typedef struct IXgraphNode_st *IXgraphNode;
/** A graph that can run. */
typedef struct IXgraphExec_st *IXgraphExec;
/** An object of the program that lives as long as graphs need it. */
typedef struct IXuserObject_st *IXuserObject;
/** A function that is told of the log. */
typedef struct IXlogsCallbackHandle_st *IXlogsCallbackHandle;

/** Error codes; the numbers are those of CUresult. */
typedef enum IXresult_enum {
    /** No error. */
    IX_SUCCESS = 0,
    /** An argument is out of its range or does not fit the others. */
    IX_ERROR_INVALID_VALUE = 1,
    /** Out of memory. */
    IX_ERROR_OUT_OF_MEMORY = 2,
    /** The library is not initialised: ixInit was not called or failed. */
    IX_ERROR_NOT_INITIALIZED = 3,
    /** The library is shutting down. */
    IX_ERROR_DEINITIALIZED = 4,
    /** Profiling was not initialised. */
    IX_ERROR_PROFILER_DISABLED = 5,
    /** The library is a stub that has no device. */
    IX_ERROR_STUB_LIBRARY = 34,
    /** The device is not available: it stopped answering or its process has ended. */
    IX_ERROR_DEVICE_UNAVAILABLE = 46,
    /** There is no device. */
    IX_ERROR_NO_DEVICE = 100,
    /** There is no device with this number. */
    IX_ERROR_INVALID_DEVICE = 101,
    /** The device has no licence. */
    IX_ERROR_DEVICE_NOT_LICENSED = 102,
    /** The image is not a module that this library can load. */
    IX_ERROR_INVALID_IMAGE = 200,
    /** There is no current context, or the handle is not one of a live context. */
    IX_ERROR_INVALID_CONTEXT = 201,
    /** The context is current already. */
    IX_ERROR_CONTEXT_ALREADY_CURRENT = 202,
    /** Memory could not be mapped. */
    IX_ERROR_MAP_FAILED = 205,
    /** Memory could not be unmapped. */
    IX_ERROR_UNMAP_FAILED = 206,
    /** The array is mapped. */
    IX_ERROR_ARRAY_IS_MAPPED = 207,
    /** The addresses are mapped already. */
    IX_ERROR_ALREADY_MAPPED = 208,
    /** The image has no code for this device. */
    IX_ERROR_NO_BINARY_FOR_GPU = 209,
    /** The resource was acquired already. */
    IX_ERROR_ALREADY_ACQUIRED = 210,
    /** The resource is not mapped. */
    IX_ERROR_NOT_MAPPED = 211,
    /** The resource is not mapped as an array. */
    IX_ERROR_NOT_MAPPED_AS_ARRAY = 212,
    /** The resource is not mapped as an address. */
    IX_ERROR_NOT_MAPPED_AS_POINTER = 213,
    /** Memory has an error that could not be corrected. */
    IX_ERROR_ECC_UNCORRECTABLE = 214,
    /** The device has no such limit. */
    IX_ERROR_UNSUPPORTED_LIMIT = 215,
    /** Another thread uses the context. */
    IX_ERROR_CONTEXT_ALREADY_IN_USE = 216,
    /** The devices do not reach each other's memory. */
    IX_ERROR_PEER_ACCESS_UNSUPPORTED = 217,
    /** The PTX text does not compile. */
    IX_ERROR_INVALID_PTX = 218,
    /** The graphics context is invalid. */
    IX_ERROR_INVALID_GRAPHICS_CONTEXT = 219,
    /** The link has an error that could not be corrected. */
    IX_ERROR_NVLINK_UNCORRECTABLE = 220,
    /** There is no compiler. */
    IX_ERROR_JIT_COMPILER_NOT_FOUND = 221,
    /** The PTX version is not supported. */
    IX_ERROR_UNSUPPORTED_PTX_VERSION = 222,
    /** Compiling was disabled. */
    IX_ERROR_JIT_COMPILATION_DISABLED = 223,
    /** The device cannot be divided in this way. */
    IX_ERROR_UNSUPPORTED_EXEC_AFFINITY = 224,
    /** The code needs device-side synchronisation that is not supported. */
    IX_ERROR_UNSUPPORTED_DEVSIDE_SYNC = 225,
    /** The device contained an error. */
    IX_ERROR_CONTAINED = 226,
    /** The kernel source is invalid. */
    IX_ERROR_INVALID_SOURCE = 300,
    /** The file was not found. */
    IX_ERROR_FILE_NOT_FOUND = 301,
    /** A symbol of a shared library was not found. */
    IX_ERROR_SHARED_OBJECT_SYMBOL_NOT_FOUND = 302,
    /** A shared library could not be initialised. */
    IX_ERROR_SHARED_OBJECT_INIT_FAILED = 303,
    /** The operating system refused an operation. */
    IX_ERROR_OPERATING_SYSTEM = 304,
    /** The handle is not valid, or no longer. */
    IX_ERROR_INVALID_HANDLE = 400,
    /** The object is not in a state that allows the operation. */
    IX_ERROR_ILLEGAL_STATE = 401,
    /** The object would be read without what gives it its meaning. */
    IX_ERROR_LOSSY_QUERY = 402,
    /** There is nothing with this name. */
    IX_ERROR_NOT_FOUND = 500,
    /** Work has not completed yet; this is no failure. */
    IX_ERROR_NOT_READY = 600,
    /** A kernel accessed an address that is not mapped, or not with that permission. */
    IX_ERROR_ILLEGAL_ADDRESS = 700,
    /** The launch needs more resources than the device has. */
    IX_ERROR_LAUNCH_OUT_OF_RESOURCES = 701,
    /** A kernel ran longer than it may. */
    IX_ERROR_LAUNCH_TIMEOUT = 702,
    /** Textures and launch do not fit. */
    IX_ERROR_LAUNCH_INCOMPATIBLE_TEXTURING = 703,
    /** Access to the peer is enabled already. */
    IX_ERROR_PEER_ACCESS_ALREADY_ENABLED = 704,
    /** Access to the peer is not enabled. */
    IX_ERROR_PEER_ACCESS_NOT_ENABLED = 705,
    /** The primary context is active already. */
    IX_ERROR_PRIMARY_CONTEXT_ACTIVE = 708,
    /** The current context has been destroyed. */
    IX_ERROR_CONTEXT_IS_DESTROYED = 709,
    /** An assertion of a kernel failed. */
    IX_ERROR_ASSERT = 710,
    /** Too many peers. */
    IX_ERROR_TOO_MANY_PEERS = 711,
    /** The host memory is registered already. */
    IX_ERROR_HOST_MEMORY_ALREADY_REGISTERED = 712,
    /** The host memory is not registered. */
    IX_ERROR_HOST_MEMORY_NOT_REGISTERED = 713,
    /** The kernel nested calls too deeply, or returned without a call. */
    IX_ERROR_HARDWARE_STACK_ERROR = 714,
    /** A kernel met an instruction that the device does not know. */
    IX_ERROR_ILLEGAL_INSTRUCTION = 715,
    /** A kernel accessed an address that is not aligned to the size of the access. */
    IX_ERROR_MISALIGNED_ADDRESS = 716,
    /** A kernel accessed an address outside the shared, local or parameter space it belongs to. */
    IX_ERROR_INVALID_ADDRESS_SPACE = 717,
    /** A kernel's program counter left its code. */
    IX_ERROR_INVALID_PC = 718,
    /** A kernel failed. */
    IX_ERROR_LAUNCH_FAILED = 719,
    /** A cooperative grid has more blocks than the device holds at once. */
    IX_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE = 720,
    /** The operation is not permitted. */
    IX_ERROR_NOT_PERMITTED = 800,
    /** The operation is not supported. */
    IX_ERROR_NOT_SUPPORTED = 801,
    /** The operation is not permitted while a stream is captured. */
    IX_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900,
    /** The capture was made invalid by an earlier error. */
    IX_ERROR_STREAM_CAPTURE_INVALIDATED = 901,
    /** The operation would have joined two captures. */
    IX_ERROR_STREAM_CAPTURE_MERGE = 902,
    /** The capture did not begin in this stream. */
    IX_ERROR_STREAM_CAPTURE_UNMATCHED = 903,
    /** The capture has work in a stream that was not joined to the one it began in. */
    IX_ERROR_STREAM_CAPTURE_UNJOINED = 904,
    /** A dependency would have crossed the bounds of the capture. */
    IX_ERROR_STREAM_CAPTURE_ISOLATION = 905,
    /** The operation would have made a captured stream wait for the null stream, or the other way round. */
    IX_ERROR_STREAM_CAPTURE_IMPLICIT = 906,
    /** The event was recorded in a captured stream, so it never happens. */
    IX_ERROR_CAPTURED_EVENT = 907,
    /** The capture began on another thread. */
    IX_ERROR_STREAM_CAPTURE_WRONG_THREAD = 908,
    /** The graph differs from the instantiated one in more than an update can change. */
    IX_ERROR_GRAPH_EXEC_UPDATE_FAILURE = 910,
    /** An internal error. */
    IX_ERROR_UNKNOWN = 999,
} IXresult;

/** What ixDeviceGetP2PAttribute tells of two devices. */
typedef enum IXdevice_P2PAttribute_enum {
    /** How fast the link is, compared with others. */
    IX_DEVICE_P2P_ATTRIBUTE_PERFORMANCE_RANK = 1,
    /** Whether one reaches the memory of the other. */
    IX_DEVICE_P2P_ATTRIBUTE_ACCESS_SUPPORTED = 2,
    /** Whether the link has atomic operations. */
    IX_DEVICE_P2P_ATTRIBUTE_NATIVE_ATOMIC_SUPPORTED = 3,
    /** Whether arrays can be accessed over the link. */
    IX_DEVICE_P2P_ATTRIBUTE_CUDA_ARRAY_ACCESS_SUPPORTED = 4,
    /** Whether only some atomic operations are native. */
    IX_DEVICE_P2P_ATTRIBUTE_ONLY_PARTIAL_NATIVE_ATOMIC_SUPPORTED = 5,
} IXdevice_P2PAttribute;

/** An atomic operation, as capabilities tell of it. */
typedef enum IXatomicOperation_enum {
    /** Addition of integers. */
    IX_ATOMIC_OPERATION_INTEGER_ADD = 0,
    /** Minimum of integers. */
    IX_ATOMIC_OPERATION_INTEGER_MIN = 1,
    /** Maximum of integers. */
    IX_ATOMIC_OPERATION_INTEGER_MAX = 2,
    /** Increment with wrap-around. */
    IX_ATOMIC_OPERATION_INTEGER_INCREMENT = 3,
    /** Decrement with wrap-around. */
    IX_ATOMIC_OPERATION_INTEGER_DECREMENT = 4,
    /** And. */
    IX_ATOMIC_OPERATION_AND = 5,
    /** Or. */
    IX_ATOMIC_OPERATION_OR = 6,
    /** Exclusive or. */
    IX_ATOMIC_OPERATION_XOR = 7,
    /** Exchange. */
    IX_ATOMIC_OPERATION_EXCHANGE = 8,
    /** Compare and swap. */
    IX_ATOMIC_OPERATION_CAS = 9,
    /** Addition of floats. */
    IX_ATOMIC_OPERATION_FLOAT_ADD = 10,
    /** Minimum of floats. */
    IX_ATOMIC_OPERATION_FLOAT_MIN = 11,
    /** Maximum of floats. */
    IX_ATOMIC_OPERATION_FLOAT_MAX = 12,
} IXatomicOperation;

/** What ixDeviceGetAttribute tells. */
typedef enum IXdevice_attribute_enum {
    /** Largest number of threads in a block. */
    IX_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 1,
    /** Largest x of a block. */
    IX_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X = 2,
    /** Largest y of a block. */
    IX_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y = 3,
    /** Largest z of a block. */
    IX_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z = 4,
    /** Largest x of a grid. */
    IX_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X = 5,
    /** Largest y of a grid. */
    IX_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y = 6,
    /** Largest z of a grid. */
    IX_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z = 7,
    /** Bytes of shared memory that a block may use without asking. */
    IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK = 8,
    /** Bytes of constant memory. */
    IX_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY = 9,
    /** Threads of a warp. */
    IX_DEVICE_ATTRIBUTE_WARP_SIZE = 10,
    /** Largest pitch of a copy of rows in bytes. */
    IX_DEVICE_ATTRIBUTE_MAX_PITCH = 11,
    /** 32-bit registers that a block may use. */
    IX_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK = 12,
    /** Core clock in kHz. */
    IX_DEVICE_ATTRIBUTE_CLOCK_RATE = 13,
    /** Alignment of textures. */
    IX_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT = 14,
    /** Whether copies and kernels run side by side. */
    IX_DEVICE_ATTRIBUTE_GPU_OVERLAP = 15,
    /** Number of SMs. */
    IX_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT = 16,
    /** Whether kernels have a time limit. */
    IX_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT = 17,
    /** Whether the device shares the host's memory. */
    IX_DEVICE_ATTRIBUTE_INTEGRATED = 18,
    /** Whether the device reaches pinned host memory. */
    IX_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY = 19,
    /** Who may use the device: 0, everybody. */
    IX_DEVICE_ATTRIBUTE_COMPUTE_MODE = 20,
    /** Whether several kernels run side by side. */
    IX_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS = 31,
    /** Whether memory is protected by an error-correcting code. */
    IX_DEVICE_ATTRIBUTE_ECC_ENABLED = 32,
    /** PCI bus. */
    IX_DEVICE_ATTRIBUTE_PCI_BUS_ID = 33,
    /** PCI device. */
    IX_DEVICE_ATTRIBUTE_PCI_DEVICE_ID = 34,
    /** Memory clock in kHz. */
    IX_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE = 36,
    /** Width of the memory bus in bits. */
    IX_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH = 37,
    /** Bytes of level-2 cache. */
    IX_DEVICE_ATTRIBUTE_L2_CACHE_SIZE = 38,
    /** Resident threads of an SM. */
    IX_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR = 39,
    /** Number of copy engines. */
    IX_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT = 40,
    /** Whether host and device addresses are one space. */
    IX_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING = 41,
    /** PCI domain. */
    IX_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID = 50,
    /** Compute capability, major. */
    IX_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75,
    /** Compute capability, minor. */
    IX_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76,
    /** Whether streams have priorities. */
    IX_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED = 78,
    /** Bytes of shared memory of an SM. */
    IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR = 81,
    /** 32-bit registers of an SM. */
    IX_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR = 82,
    /** Whether there is memory that migrates between host and device. */
    IX_DEVICE_ATTRIBUTE_MANAGED_MEMORY = 83,
    /** Whether the device has atomic operations on host memory. */
    IX_DEVICE_ATTRIBUTE_HOST_NATIVE_ATOMIC_SUPPORTED = 86,
    /** Whether the device reaches pageable memory of the host. */
    IX_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS = 88,
    /** Whether host and device may use managed memory at the same time. */
    IX_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS = 89,
    /** Whether kernels can be interrupted for others. */
    IX_DEVICE_ATTRIBUTE_COMPUTE_PREEMPTION_SUPPORTED = 90,
    /** Whether the device reaches registered memory at the host's address. */
    IX_DEVICE_ATTRIBUTE_CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM = 91,
    /** Whether streams wait for values in memory, by the first form of those functions. */
    IX_DEVICE_ATTRIBUTE_CAN_USE_STREAM_MEM_OPS_V1 = 92,
    /** Whether streams wait for and write 64-bit values. */
    IX_DEVICE_ATTRIBUTE_CAN_USE_64_BIT_STREAM_MEM_OPS = 93,
    /** Whether streams wait for bits that are not all 1. */
    IX_DEVICE_ATTRIBUTE_CAN_USE_STREAM_WAIT_VALUE_NOR = 94,
    /** Whether blocks of a grid may wait for one another. */
    IX_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH = 95,
    /** Bytes of shared memory that a block may use when its function asks for it. */
    IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97,
    /** Whether memory of the program can be registered. */
    IX_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED = 99,
    /** Whether addresses and memory can be taken apart. */
    IX_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED = 102,
    /** Whether memory can be exported to file descriptors. */
    IX_DEVICE_ATTRIBUTE_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR_SUPPORTED = 103,
    /** Resident blocks of an SM. */
    IX_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR = 106,
    /** Bytes of shared memory of a block that the device keeps for itself. */
    IX_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK = 111,
    /** Whether there are memory pools. */
    IX_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED = 115,
} IXdevice_attribute;

/** Preference of banks of shared memory; without effect. */
typedef enum IXsharedconfig_enum {
    /** The device's. */
    IX_SHARED_MEM_CONFIG_DEFAULT_BANK_SIZE = 0,
    /** Four bytes. */
    IX_SHARED_MEM_CONFIG_FOUR_BYTE_BANK_SIZE = 1,
    /** Eight bytes. */
    IX_SHARED_MEM_CONFIG_EIGHT_BYTE_BANK_SIZE = 2,
} IXsharedconfig;

/** What of a device a context may be bound to. */
typedef enum IXexecAffinityType_enum {
    /** A number of SMs. */
    IX_EXEC_AFFINITY_TYPE_SM_COUNT = 0,
} IXexecAffinityType;

/** Kinds of external memory. */
typedef enum IXexternalMemoryHandleType_enum {
    /** A file descriptor of ixMemExportToShareableHandle. */
    IX_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD = 1,
} IXexternalMemoryHandleType;

/** Whose writes are to be seen. */
typedef enum IXflushGPUDirectRDMAWritesTarget_enum {
    /** Those to the memory of the current context's device. */
    IX_FLUSH_GPU_DIRECT_RDMA_WRITES_TARGET_CURRENT_CTX = 0,
} IXflushGPUDirectRDMAWritesTarget;

/** Who is to see them. */
typedef enum IXflushGPUDirectRDMAWritesScope_enum {
    /** Its owner. */
    IX_FLUSH_GPU_DIRECT_RDMA_WRITES_TO_OWNER = 100,
    /** All devices. */
    IX_FLUSH_GPU_DIRECT_RDMA_WRITES_TO_ALL_DEVICES = 200,
} IXflushGPUDirectRDMAWritesScope;

/** Sides of a copy of a batch. */
typedef enum IXmemcpy3DOperandType_enum {
    /** An address. */
    IX_MEMCPY_OPERAND_TYPE_POINTER = 1,
    /** An array. */
    IX_MEMCPY_OPERAND_TYPE_ARRAY = 2,
} IXmemcpy3DOperandType;

/** What ixPointerGetAttribute tells. */
typedef enum IXpointer_attribute_enum {
    /** The context that the memory belongs to. */
    IX_POINTER_ATTRIBUTE_CONTEXT = 1,
    /** The type of the memory, an IXmemorytype. */
    IX_POINTER_ATTRIBUTE_MEMORY_TYPE = 2,
    /** The device's address of the byte. */
    IX_POINTER_ATTRIBUTE_DEVICE_POINTER = 3,
    /** The host's address of the byte. */
    IX_POINTER_ATTRIBUTE_HOST_POINTER = 4,
    /** Tokens for other drivers; not supported. */
    IX_POINTER_ATTRIBUTE_P2P_TOKENS = 5,
    /** Whether operations on the memory wait; may be set, and always holds. */
    IX_POINTER_ATTRIBUTE_SYNC_MEMOPS = 6,
    /** A number that no other allocation of the process ever has. */
    IX_POINTER_ATTRIBUTE_BUFFER_ID = 7,
    /** Whether it is managed. */
    IX_POINTER_ATTRIBUTE_IS_MANAGED = 8,
    /** The device of the memory. */
    IX_POINTER_ATTRIBUTE_DEVICE_ORDINAL = 9,
    /** Whether it can be shared by ixIpcGetMemHandle: it cannot. */
    IX_POINTER_ATTRIBUTE_IS_LEGACY_CUDA_IPC_CAPABLE = 10,
    /** First address of the allocation. */
    IX_POINTER_ATTRIBUTE_RANGE_START_ADDR = 11,
    /** Bytes of the allocation. */
    IX_POINTER_ATTRIBUTE_RANGE_SIZE = 12,
    /** Whether there is memory at the address. */
    IX_POINTER_ATTRIBUTE_MAPPED = 13,
    /** Kinds of handles it may be exported to. */
    IX_POINTER_ATTRIBUTE_ALLOWED_HANDLE_TYPES = 14,
    /** Whether other devices reach it: they do not. */
    IX_POINTER_ATTRIBUTE_IS_GPU_DIRECT_RDMA_CAPABLE = 15,
    /** What the device may do with it. */
    IX_POINTER_ATTRIBUTE_ACCESS_FLAGS = 16,
    /** The pool it is from. */
    IX_POINTER_ATTRIBUTE_MEMPOOL_HANDLE = 17,
    /** Bytes of the mapping. */
    IX_POINTER_ATTRIBUTE_MAPPING_SIZE = 18,
    /** First address of the mapping. */
    IX_POINTER_ATTRIBUTE_MAPPING_BASE_ADDR = 19,
    /** The number of the memory behind it. */
    IX_POINTER_ATTRIBUTE_MEMORY_BLOCK_ID = 20,
    /** Whether it can be unpacked by hardware: it cannot. */
    IX_POINTER_ATTRIBUTE_IS_HW_DECOMPRESS_CAPABLE = 21,
} IXpointer_attribute;

/** What a program says of its use of managed memory. */
typedef enum IXmem_advise_enum {
    /** It is mostly read. */
    IX_MEM_ADVISE_SET_READ_MOSTLY = 1,
    /** It is not. */
    IX_MEM_ADVISE_UNSET_READ_MOSTLY = 2,
    /** Where it should be. */
    IX_MEM_ADVISE_SET_PREFERRED_LOCATION = 3,
    /** That does not matter. */
    IX_MEM_ADVISE_UNSET_PREFERRED_LOCATION = 4,
    /** Who will use it. */
    IX_MEM_ADVISE_SET_ACCESSED_BY = 5,
    /** Who will not. */
    IX_MEM_ADVISE_UNSET_ACCESSED_BY = 6,
} IXmem_advise;

/** What ixMemRangeGetAttribute tells. */
typedef enum IXmem_range_attribute_enum {
    /** Whether it is mostly read. */
    IX_MEM_RANGE_ATTRIBUTE_READ_MOSTLY = 1,
    /** Where it should be: a device, IX_DEVICE_CPU or IX_DEVICE_INVALID. */
    IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION = 2,
    /** Who will use it, a list. */
    IX_MEM_RANGE_ATTRIBUTE_ACCESSED_BY = 3,
    /** Where it was last asked to be. */
    IX_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION = 4,
    /** Type of where it should be. */
    IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION_TYPE = 5,
    /** Number of where it should be. */
    IX_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION_ID = 6,
    /** Type of where it was last asked to be. */
    IX_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION_TYPE = 7,
    /** Number of where it was last asked to be. */
    IX_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION_ID = 8,
} IXmem_range_attribute;

/** Kinds of places for memory. */
typedef enum IXmemLocationType_enum {
    /** None. */
    IX_MEM_LOCATION_TYPE_INVALID = 0,
    /** A device. */
    IX_MEM_LOCATION_TYPE_DEVICE = 1,
    /** The host. */
    IX_MEM_LOCATION_TYPE_HOST = 2,
    /** A node of the host. */
    IX_MEM_LOCATION_TYPE_HOST_NUMA = 3,
    /** The node of the host that the calling thread runs on. */
    IX_MEM_LOCATION_TYPE_HOST_NUMA_CURRENT = 4,
} IXmemLocationType;

/** Kinds of memory that can be created. */
typedef enum IXmemAllocationType_enum {
    /** None. */
    IX_MEM_ALLOCATION_TYPE_INVALID = 0,
    /** It stays where it is. */
    IX_MEM_ALLOCATION_TYPE_PINNED = 1,
    /** It may move; not supported. */
    IX_MEM_ALLOCATION_TYPE_MANAGED = 2,
} IXmemAllocationType;

/** Kinds of handles that memory can be exported to. */
typedef enum IXmemAllocationHandleType_enum {
    /** None. */
    IX_MEM_HANDLE_TYPE_NONE = 0,
    /** A file descriptor. */
    IX_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR = 1,
    /** A handle of Windows; not supported. */
    IX_MEM_HANDLE_TYPE_WIN32 = 2,
    /** Another one; not supported. */
    IX_MEM_HANDLE_TYPE_WIN32_KMT = 4,
    /** A handle for other machines; not supported. */
    IX_MEM_HANDLE_TYPE_FABRIC = 8,
} IXmemAllocationHandleType;

/** What a place may do with memory. */
typedef enum IXmemAccess_flags_enum {
    /** Nothing. */
    IX_MEM_ACCESS_FLAGS_PROT_NONE = 0,
    /** Read. */
    IX_MEM_ACCESS_FLAGS_PROT_READ = 1,
    /** Read and write. */
    IX_MEM_ACCESS_FLAGS_PROT_READWRITE = 3,
} IXmemAccess_flags;

/** Which granularity is asked for. */
typedef enum IXmemAllocationGranularity_flags_enum {
    /** The smallest possible. */
    IX_MEM_ALLOC_GRANULARITY_MINIMUM = 0,
    /** The best. */
    IX_MEM_ALLOC_GRANULARITY_RECOMMENDED = 1,
} IXmemAllocationGranularity_flags;

/** What ixMemPoolGetAttribute tells and ixMemPoolSetAttribute sets. */
typedef enum IXmemPool_attribute_enum {
    /** Whether memory is taken again after an event that was waited for; an int. */
    IX_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES = 1,
    /** Whether memory is taken again when the device has come so far; an int. */
    IX_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC = 2,
    /** Whether memory is taken again with a new wait; an int. */
    IX_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES = 3,
    /** Bytes that are kept when they are not used. */
    IX_MEMPOOL_ATTR_RELEASE_THRESHOLD = 4,
    /** Bytes held. */
    IX_MEMPOOL_ATTR_RESERVED_MEM_CURRENT = 5,
    /** The most so far; may be set to 0. */
    IX_MEMPOOL_ATTR_RESERVED_MEM_HIGH = 6,
    /** Bytes used. */
    IX_MEMPOOL_ATTR_USED_MEM_CURRENT = 7,
    /** The most so far; may be set to 0. */
    IX_MEMPOOL_ATTR_USED_MEM_HIGH = 8,
} IXmemPool_attribute;

/** Types of an array's channels. */
typedef enum IXarray_format_enum {
    /** 8 bits, unsigned. */
    IX_AD_FORMAT_UNSIGNED_INT8 = 1,
    /** 16 bits, unsigned. */
    IX_AD_FORMAT_UNSIGNED_INT16 = 2,
    /** 32 bits, unsigned. */
    IX_AD_FORMAT_UNSIGNED_INT32 = 3,
    /** 8 bits, signed. */
    IX_AD_FORMAT_SIGNED_INT8 = 8,
    /** 16 bits, signed. */
    IX_AD_FORMAT_SIGNED_INT16 = 9,
    /** 32 bits, signed. */
    IX_AD_FORMAT_SIGNED_INT32 = 10,
    /** A float of 16 bits. */
    IX_AD_FORMAT_HALF = 16,
    /** A float of 32 bits. */
    IX_AD_FORMAT_FLOAT = 32,
} IXarray_format;

/** When the source of a copy is read. */
typedef enum IXmemcpySrcAccessOrder_enum {
    /** None. */
    IX_MEMCPY_SRC_ACCESS_ORDER_INVALID = 0,
    /** In the order of the stream. */
    IX_MEMCPY_SRC_ACCESS_ORDER_STREAM = 1,
    /** Before the call returns. */
    IX_MEMCPY_SRC_ACCESS_ORDER_DURING_API_CALL = 2,
    /** At any time. */
    IX_MEMCPY_SRC_ACCESS_ORDER_ANY = 3,
} IXmemcpySrcAccessOrder;

/** Where a side of a copy of rows is. */
typedef enum IXmemorytype_enum {
    /** Host memory. */
    IX_MEMORYTYPE_HOST = 1,
    /** Device memory. */
    IX_MEMORYTYPE_DEVICE = 2,
    /** An array; not supported. */
    IX_MEMORYTYPE_ARRAY = 3,
    /** What the address says. */
    IX_MEMORYTYPE_UNIFIED = 4,
} IXmemorytype;

/** When the code of modules is loaded. */
typedef enum IXmoduleLoadingMode_enum {
    /** With the module. */
    IX_MODULE_EAGER_LOADING = 1,
    /** When it is needed. */
    IX_MODULE_LAZY_LOADING = 2,
} IXmoduleLoadingMode;

/** Whether a function's code is loaded. */
typedef enum IXfunctionLoadingState_enum {
    /** It is not. */
    IX_FUNCTION_LOADING_STATE_UNLOADED = 0,
    /** It is. */
    IX_FUNCTION_LOADING_STATE_LOADED = 1,
    /** One more than the last state. */
    IX_FUNCTION_LOADING_STATE_MAX = 2,
} IXfunctionLoadingState;

/** Options of ixLibraryLoadData. */
typedef enum IXlibraryOption_enum {
    /** Host functions and handles of kernels; without effect. */
    IX_LIBRARY_HOST_UNIVERSAL_FUNCTION_AND_DATA_TABLE = 0,
    /** The image stays valid until the library is unloaded. */
    IX_LIBRARY_BINARY_IS_PRESERVED = 1,
    /** One more than the last option. */
    IX_LIBRARY_NUM_OPTIONS = 2,
} IXlibraryOption;

/** What ixFuncGetAttribute tells. */
typedef enum IXfunction_attribute_enum {
    /** Largest number of threads in a block of this function. */
    IX_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 0,
    /** Bytes of static shared memory. */
    IX_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES = 1,
    /** Bytes of the module's constants. */
    IX_FUNC_ATTRIBUTE_CONST_SIZE_BYTES = 2,
    /** Bytes of local memory of a thread. */
    IX_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES = 3,
    /** Registers of a thread. */
    IX_FUNC_ATTRIBUTE_NUM_REGS = 4,
    /** PTX version, ten times major plus minor. */
    IX_FUNC_ATTRIBUTE_PTX_VERSION = 5,
    /** Version of the machine code, likewise. */
    IX_FUNC_ATTRIBUTE_BINARY_VERSION = 6,
    /** Whether global loads are cached in level 1. */
    IX_FUNC_ATTRIBUTE_CACHE_MODE_CA = 7,
    /** Bytes of dynamic shared memory that launches may ask for; may be set. */
    IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES = 8,
    /** Preferred share of shared memory in percent, or -1; may be set, and has no effect. */
    IX_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT = 9,
} IXfunction_attribute;

/** Preference between cache and shared memory; without effect. */
typedef enum IXfunc_cache_enum {
    /** None. */
    IX_FUNC_CACHE_PREFER_NONE = 0,
    /** Shared memory. */
    IX_FUNC_CACHE_PREFER_SHARED = 1,
    /** Cache. */
    IX_FUNC_CACHE_PREFER_L1 = 2,
    /** Both alike. */
    IX_FUNC_CACHE_PREFER_EQUAL = 3,
} IXfunc_cache;

/** Options of ixModuleLoadDataEx. Others are accepted and have no effect. */
typedef enum IXjit_option_enum {
    /** In: most registers of a thread. No effect. */
    IX_JIT_MAX_REGISTERS = 0,
    /** Out: milliseconds that compiling took, as a float. */
    IX_JIT_WALL_TIME = 2,
    /** In: a buffer for remarks. */
    IX_JIT_INFO_LOG_BUFFER = 3,
    /** In: its size in bytes; out: bytes written. */
    IX_JIT_INFO_LOG_BUFFER_SIZE_BYTES = 4,
    /** In: a buffer for errors. */
    IX_JIT_ERROR_LOG_BUFFER = 5,
    /** In: its size in bytes; out: bytes written. */
    IX_JIT_ERROR_LOG_BUFFER_SIZE_BYTES = 6,
    /** In: 0 to 4. No effect. */
    IX_JIT_OPTIMIZATION_LEVEL = 7,
} IXjit_option;

/** Whether a stream is captured. */
typedef enum IXstreamCaptureStatus_enum {
    /** It is not. */
    IX_STREAM_CAPTURE_STATUS_NONE = 0,
    /** It is. */
    IX_STREAM_CAPTURE_STATUS_ACTIVE = 1,
    /** It is, and an error has made the capture invalid. */
    IX_STREAM_CAPTURE_STATUS_INVALIDATED = 2,
} IXstreamCaptureStatus;

/** To whom calls that may disturb a capture are refused meanwhile. */
typedef enum IXstreamCaptureMode_enum {
    /** To all threads. */
    IX_STREAM_CAPTURE_MODE_GLOBAL = 0,
    /** To the thread that captures. */
    IX_STREAM_CAPTURE_MODE_THREAD_LOCAL = 1,
    /** To nobody. */
    IX_STREAM_CAPTURE_MODE_RELAXED = 2,
} IXstreamCaptureMode;

/** An operation on a value in memory. */
typedef enum IXstreamBatchMemOpType_enum {
    /** Waits for a 32-bit value. */
    IX_STREAM_MEM_OP_WAIT_VALUE_32 = 1,
    /** Stores a 32-bit value. */
    IX_STREAM_MEM_OP_WRITE_VALUE_32 = 2,
    /** Makes writes of other devices visible; a stream does so anyway. */
    IX_STREAM_MEM_OP_FLUSH_REMOTE_WRITES = 3,
    /** Waits for a 64-bit value. */
    IX_STREAM_MEM_OP_WAIT_VALUE_64 = 4,
    /** Stores a 64-bit value. */
    IX_STREAM_MEM_OP_WRITE_VALUE_64 = 5,
    /** Orders writes; a stream does so anyway. */
    IX_STREAM_MEM_OP_BARRIER = 6,
} IXstreamBatchMemOpType;

/** What a launch can be told beside its shape. */
typedef enum IXlaunchAttributeID_enum {
    /** Nothing. */
    IX_LAUNCH_ATTRIBUTE_IGNORE = 0,
    /** Window of persistent accesses; without effect. */
    IX_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW = 1,
    /** Whether all blocks are resident at once. */
    IX_LAUNCH_ATTRIBUTE_COOPERATIVE = 2,
    /** How a stream synchronises; without effect. */
    IX_LAUNCH_ATTRIBUTE_SYNCHRONIZATION_POLICY = 3,
    /** Blocks of a cluster: one. */
    IX_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION = 4,
    /** How clusters are scheduled; without effect. */
    IX_LAUNCH_ATTRIBUTE_CLUSTER_SCHEDULING_POLICY_PREFERENCE = 5,
    /** Whether the launch may begin before the one before it has ended; it does not. */
    IX_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION = 6,
    /** An event that the kernel triggers; not supported. */
    IX_LAUNCH_ATTRIBUTE_PROGRAMMATIC_EVENT = 7,
    /** Priority; a hint. */
    IX_LAUNCH_ATTRIBUTE_PRIORITY = 8,
    /** Domain of memory synchronisation, as the program sees it; without effect. */
    IX_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN_MAP = 9,
    /** Domain of memory synchronisation; without effect. */
    IX_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN = 10,
    /** Preferred blocks of a cluster; without effect. */
    IX_LAUNCH_ATTRIBUTE_PREFERRED_CLUSTER_DIMENSION = 11,
    /** An event that happens when the launch has ended; not supported. */
    IX_LAUNCH_ATTRIBUTE_LAUNCH_COMPLETION_EVENT = 12,
    /** A node that a kernel may change; not supported. */
    IX_LAUNCH_ATTRIBUTE_DEVICE_UPDATABLE_KERNEL_NODE = 13,
    /** Preferred share of shared memory; without effect. */
    IX_LAUNCH_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT = 14,
} IXlaunchAttributeID;

/** A limit of a context. */
typedef enum IXlimit_enum {
    /** Bytes of a thread's stack: room for functions that call themselves or are called through pointers. */
    IX_LIMIT_STACK_SIZE = 0,
    /** Bytes of the buffer for what kernels print. */
    IX_LIMIT_PRINTF_FIFO_SIZE = 1,
    /** Bytes of the heap of malloc in kernels. */
    IX_LIMIT_MALLOC_HEAP_SIZE = 2,
    /** How deep kernels that launch kernels may wait for them; not supported. */
    IX_LIMIT_DEV_RUNTIME_SYNC_DEPTH = 3,
    /** How many launches of kernels may be outstanding; not supported. */
    IX_LIMIT_DEV_RUNTIME_PENDING_LAUNCH_COUNT = 4,
    /** Most bytes that the level-2 cache fetches at once; a hint. */
    IX_LIMIT_MAX_L2_FETCH_GRANULARITY = 5,
    /** Bytes of the level-2 cache for lines that persist; always 0. */
    IX_LIMIT_PERSISTING_L2_CACHE_SIZE = 6,
} IXlimit;

/** What an input of a link is. */
typedef enum IXjitInputType_enum {
    /** What ixLinkComplete gave. */
    IX_JIT_INPUT_CUBIN = 0,
    /** PTX text. */
    IX_JIT_INPUT_PTX = 1,
    /** A fat binary with PTX. */
    IX_JIT_INPUT_FATBINARY = 2,
    /** An object of the host with device code; only what ixLinkComplete gave. */
    IX_JIT_INPUT_OBJECT = 3,
    /** A library of such objects; not supported. */
    IX_JIT_INPUT_LIBRARY = 4,
    /** Intermediate code of a compiler; not supported. */
    IX_JIT_INPUT_NVVM = 5,
} IXjitInputType;

/** What a node does. */
typedef enum IXgraphNodeType_enum {
    /** Runs a kernel. */
    IX_GRAPH_NODE_TYPE_KERNEL = 0,
    /** Copies memory. */
    IX_GRAPH_NODE_TYPE_MEMCPY = 1,
    /** Fills memory. */
    IX_GRAPH_NODE_TYPE_MEMSET = 2,
    /** Calls a function of the program. */
    IX_GRAPH_NODE_TYPE_HOST = 3,
    /** Runs another graph. */
    IX_GRAPH_NODE_TYPE_GRAPH = 4,
    /** Does nothing, in order. */
    IX_GRAPH_NODE_TYPE_EMPTY = 5,
    /** Waits for an event. */
    IX_GRAPH_NODE_TYPE_WAIT_EVENT = 6,
    /** Records an event. */
    IX_GRAPH_NODE_TYPE_EVENT_RECORD = 7,
    /** Takes memory. */
    IX_GRAPH_NODE_TYPE_MEM_ALLOC = 10,
    /** Gives memory back. */
    IX_GRAPH_NODE_TYPE_MEM_FREE = 11,
    /** Waits for values in memory and stores some. */
    IX_GRAPH_NODE_TYPE_BATCH_MEM_OP = 12,
} IXgraphNodeType;

/** What came of instantiating a graph. */
typedef enum IXgraphInstantiateResult_enum {
    /** It can run. */
    IX_GRAPH_INSTANTIATE_SUCCESS = 0,
    /** It failed; the error code says why. */
    IX_GRAPH_INSTANTIATE_ERROR = 1,
    /** The graph has a cycle or is otherwise wrong. */
    IX_GRAPH_INSTANTIATE_INVALID_STRUCTURE = 2,
    /** A node cannot be launched by the device. */
    IX_GRAPH_INSTANTIATE_NODE_OPERATION_NOT_SUPPORTED = 3,
    /** Nodes belong to several contexts. */
    IX_GRAPH_INSTANTIATE_MULTIPLE_CTXS_NOT_SUPPORTED = 4,
} IXgraphInstantiateResult;

/** What came of updating a graph that can run. */
typedef enum IXgraphExecUpdateResult_enum {
    /** It was updated. */
    IX_GRAPH_EXEC_UPDATE_SUCCESS = 0,
    /** It failed for another reason than these. */
    IX_GRAPH_EXEC_UPDATE_ERROR = 1,
    /** Nodes or edges differ. */
    IX_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED = 2,
    /** A node has another type. */
    IX_GRAPH_EXEC_UPDATE_ERROR_NODE_TYPE_CHANGED = 3,
    /** A node has another function; never so, as that is supported. */
    IX_GRAPH_EXEC_UPDATE_ERROR_FUNCTION_CHANGED = 4,
    /** A node's parameters cannot be changed like this. */
    IX_GRAPH_EXEC_UPDATE_ERROR_PARAMETERS_CHANGED = 5,
    /** Something about a node is not supported. */
    IX_GRAPH_EXEC_UPDATE_ERROR_NOT_SUPPORTED = 6,
    /** A node's function changed in an unsupported way; never so. */
    IX_GRAPH_EXEC_UPDATE_ERROR_UNSUPPORTED_FUNCTION_CHANGE = 7,
    /** A node has other attributes; never so. */
    IX_GRAPH_EXEC_UPDATE_ERROR_ATTRIBUTES_CHANGED = 8,
} IXgraphExecUpdateResult;

/** Memory that graphs have taken on a device. */
typedef enum IXgraphMem_attribute_enum {
    /** Bytes in use. */
    IX_GRAPH_MEM_ATTR_USED_MEM_CURRENT = 0,
    /** The most that were in use; may be set to 0. */
    IX_GRAPH_MEM_ATTR_USED_MEM_HIGH = 1,
    /** Bytes that graphs hold. */
    IX_GRAPH_MEM_ATTR_RESERVED_MEM_CURRENT = 2,
    /** The most that they held; may be set to 0. */
    IX_GRAPH_MEM_ATTR_RESERVED_MEM_HIGH = 3,
} IXgraphMem_attribute;

/** Whether a function was found. */
typedef enum IXdriverProcAddressQueryResult_enum {
    /** It was. */
    IX_GET_PROC_ADDRESS_SUCCESS = 0,
    /** There is no function of this name. */
    IX_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND = 1,
    /** The function is newer than the version asked for. */
    IX_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT = 2,
} IXdriverProcAddressQueryResult;

/** Settings of what is left behind when a kernel fails. */
typedef enum IXcoredumpSettings_enum {
    /** Whether anything is; a C bool. */
    IX_COREDUMP_ENABLE_ON_EXCEPTION = 1,
    /** Whether the process then aborts; a C bool. */
    IX_COREDUMP_TRIGGER_HOST = 2,
    /** Whether less is; a C bool, without effect. */
    IX_COREDUMP_LIGHTWEIGHT = 3,
    /** Whether a write to the pipe makes one; a C bool, without effect. */
    IX_COREDUMP_ENABLE_USER_TRIGGER = 4,
    /** Path of the file, in which %p is the process, %h the host and %t the time. */
    IX_COREDUMP_FILE = 5,
    /** Path of the pipe. */
    IX_COREDUMP_PIPE = 6,
} IXcoredumpSettings;

/** How serious an entry of the log is. */
typedef enum IXlogLevel_enum {
    /** A call failed. */
    IX_LOG_LEVEL_ERROR = 0,
    /** A call did something that was perhaps not meant. */
    IX_LOG_LEVEL_WARNING = 1,
} IXlogLevel;

/** Signed integers. */
#define IX_ATOMIC_CAPABILITY_SIGNED 0x1u
/** Unsigned integers. */
#define IX_ATOMIC_CAPABILITY_UNSIGNED 0x2u
/** Reductions: no result. */
#define IX_ATOMIC_CAPABILITY_REDUCTION 0x4u
/** 32 bits. */
#define IX_ATOMIC_CAPABILITY_SCALAR_32 0x8u
/** 64 bits. */
#define IX_ATOMIC_CAPABILITY_SCALAR_64 0x10u
/** 128 bits. */
#define IX_ATOMIC_CAPABILITY_SCALAR_128 0x20u
/** Core dumps when a kernel fails; there are none. */
#define IX_CTX_COREDUMP_ENABLE 0x20u
/** Core dumps when the program asks; there are none. */
#define IX_CTX_USER_COREDUMP_ENABLE 0x40u
/** Synchronous operations on memory always wait; always so. */
#define IX_CTX_SYNC_MEMOPS 0x80u
/** Waiting threads decide by themselves how to wait. */
#define IX_CTX_SCHED_AUTO 0x0u
/** Waiting threads poll. A hint. */
#define IX_CTX_SCHED_SPIN 0x1u
/** Waiting threads yield. A hint. */
#define IX_CTX_SCHED_YIELD 0x2u
/** Waiting threads sleep. A hint. */
#define IX_CTX_SCHED_BLOCKING_SYNC 0x4u
/** Pinned memory can be mapped; always so. */
#define IX_CTX_MAP_HOST 0x8u
/** Local memory is kept; always so. */
#define IX_CTX_LMEM_RESIZE_TO_MAX 0x10u
/** Memory of the program: of all contexts; always so. */
#define IX_MEMHOSTREGISTER_PORTABLE 0x1u
/** Memory of the program: the device reaches it; always so. */
#define IX_MEMHOSTREGISTER_DEVICEMAP 0x2u
/** Memory of the program is another device's; not supported. */
#define IX_MEMHOSTREGISTER_IOMEMORY 0x4u
/** Memory of the program: the device only reads it. A hint. */
#define IX_MEMHOSTREGISTER_READ_ONLY 0x8u
/** Managed memory for all streams. */
#define IX_MEM_ATTACH_GLOBAL 0x1u
/** Managed memory for the host. */
#define IX_MEM_ATTACH_HOST 0x2u
/** Managed memory for one stream. */
#define IX_MEM_ATTACH_SINGLE 0x4u
/** A 3D array of 2D layers. */
#define IX_ARRAY3D_LAYERED 0x1u
/** An array for surfaces. */
#define IX_ARRAY3D_SURFACE_LDST 0x2u
/** A cube; layers are its faces. */
#define IX_ARRAY3D_CUBEMAP 0x4u
/** An array for gathers of textures. */
#define IX_ARRAY3D_TEXTURE_GATHER 0x8u
/** Pinned memory belongs to all contexts; always so. */
#define IX_MEMHOSTALLOC_PORTABLE 0x1u
/** The device reaches pinned memory; always so. */
#define IX_MEMHOSTALLOC_DEVICEMAP 0x2u
/** Pinned memory that the host only writes. A hint. */
#define IX_MEMHOSTALLOC_WRITECOMBINED 0x4u
/** The stream keeps order with the null stream. */
#define IX_STREAM_DEFAULT 0x0u
/** The stream keeps no order with the null stream. */
#define IX_STREAM_NON_BLOCKING 0x1u
/** Waits until memory - value, as a signed number, is not negative. */
#define IX_STREAM_WAIT_VALUE_GEQ 0x0u
/** Waits until memory == value. */
#define IX_STREAM_WAIT_VALUE_EQ 0x1u
/** Waits until (memory & value) != 0. */
#define IX_STREAM_WAIT_VALUE_AND 0x2u
/** Waits until ~(memory | value) != 0. */
#define IX_STREAM_WAIT_VALUE_NOR 0x3u
/** Makes writes of other devices visible after the wait; always so. */
#define IX_STREAM_WAIT_VALUE_FLUSH 0x40000000u
/** The store comes after all earlier writes of the stream. */
#define IX_STREAM_WRITE_VALUE_DEFAULT 0x0u
/** The store need not; it does. */
#define IX_STREAM_WRITE_VALUE_NO_MEMORY_BARRIER 0x1u
/** Adds to the nodes that the next captured one will depend on. */
#define IX_STREAM_ADD_CAPTURE_DEPENDENCIES 0x0u
/** Replaces them. */
#define IX_STREAM_SET_CAPTURE_DEPENDENCIES 0x1u
/** An event with timing. */
#define IX_EVENT_DEFAULT 0x0u
/** Waiting for the event sleeps. A hint. */
#define IX_EVENT_BLOCKING_SYNC 0x1u
/** An event without timing. */
#define IX_EVENT_DISABLE_TIMING 0x2u
/** An event that other processes may use; not supported. */
#define IX_EVENT_INTERPROCESS 0x4u
/** The event happens when the work before it has completed. */
#define IX_EVENT_RECORD_DEFAULT 0x0u
/** Captured, it is recorded each time the graph runs, and others can wait for it. */
#define IX_EVENT_RECORD_EXTERNAL 0x1u
/** Waits for the event. */
#define IX_EVENT_WAIT_DEFAULT 0x0u
/** Captured, it waits each time the graph runs, for an event that others record. */
#define IX_EVENT_WAIT_EXTERNAL 0x1u
/** Occupancy as the device has it. */
#define IX_OCCUPANCY_DEFAULT 0x0u
/** Whether caching of globals is taken into account; without effect. */
#define IX_OCCUPANCY_DISABLE_CACHING_OVERRIDE 0x1u
/** Does not wait for earlier work of the other devices; always so. */
#define IX_COOPERATIVE_LAUNCH_MULTI_DEVICE_NO_PRE_LAUNCH_SYNC 0x1u
/** Later work of the other devices does not wait; always so. */
#define IX_COOPERATIVE_LAUNCH_MULTI_DEVICE_NO_POST_LAUNCH_SYNC 0x2u
/** Memory that the graph took and nobody gave back is taken again at the next launch. */
#define IX_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH 0x1u
/** Uploads the graph too; always so. */
#define IX_GRAPH_INSTANTIATE_FLAG_UPLOAD 0x2u
/** The device may launch it; not supported. */
#define IX_GRAPH_INSTANTIATE_FLAG_DEVICE_LAUNCH 0x4u
/** Nodes have priorities of their own. A hint. */
#define IX_GRAPH_INSTANTIATE_FLAG_USE_NODE_PRIORITY 0x8u
/** The picture has what the nodes do. */
#define IX_GRAPH_DEBUG_DOT_FLAGS_VERBOSE 0x1u
/** Waiting for the end of an object is not possible; must be given. */
#define IX_USER_OBJECT_NO_DESTRUCTOR_SYNC 0x1u
/** The graph takes over the program's references. */
#define IX_GRAPH_USER_OBJECT_MOVE 0x1u
/** The form whose null stream is the legacy one. */
#define IX_GET_PROC_ADDRESS_DEFAULT 0x0u
/** Likewise. */
#define IX_GET_PROC_ADDRESS_LEGACY_STREAM 0x1u
/** The form whose null stream is the calling thread's default stream. */
#define IX_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM 0x2u

/** The null stream, in so many words. */
#define IX_STREAM_LEGACY ((IXstream)0x1)
/** The calling thread's own default stream. */
#define IX_STREAM_PER_THREAD ((IXstream)0x2)

/** The host, where a device is asked for. */
#define IX_DEVICE_CPU ((IXdevice)-1)
/** No device. */
#define IX_DEVICE_INVALID ((IXdevice)-2)

/** Ends the list `extra` of ixLaunchKernel. */
#define IX_LAUNCH_PARAM_END ((void *)0)
/** The next element of `extra` is the parameter buffer. */
#define IX_LAUNCH_PARAM_BUFFER_POINTER ((void *)1)
/** The next element of `extra` points to a size_t, the size of the parameter buffer. */
#define IX_LAUNCH_PARAM_BUFFER_SIZE ((void *)2)

/** What devices were described with before they had attributes. */
typedef struct IXdevprop_st {
    int maxThreadsPerBlock;
    int maxThreadsDim[3];
    int maxGridSize[3];
    int sharedMemPerBlock;
    int totalConstantMemory;
    int SIMDWidth;
    int memPitch;
    int regsPerBlock;
    int clockRate;
    int textureAlign;
} IXdevprop;

/** The identity of a device, in the order of its text form. */
typedef struct IXuuid_st {
    unsigned char bytes[16];
} IXuuid;

/** A number of SMs. */
typedef struct IXexecAffinitySmCount_st {
    unsigned int val;
} IXexecAffinitySmCount;

/** The value of an affinity, by its type. */
typedef union IXexecAffinityParam_param_st {
    IXexecAffinitySmCount smCount;
} IXexecAffinityParam_param;

/** What of a device a context is bound to. */
typedef struct IXexecAffinityParam_st {
    IXexecAffinityType type;
    IXexecAffinityParam_param param;
} IXexecAffinityParam;

/** Sharing with a graphics context; not supported. */
typedef struct IXctxCigParam_st {
    int sharedDataType;
    void *sharedData;
} IXctxCigParam;

/** How a context is created; at most one of the pointers is given. */
typedef struct IXctxCreateParams_st {
    IXexecAffinityParam *execAffinityParams;
    int numExecAffinityParams;
    IXctxCigParam *cigParams;
} IXctxCreateParams;

/** A place for memory. */
typedef struct IXmemLocation_st {
    IXmemLocationType type;
    int id;
} IXmemLocation;

/** Flags of memory that is created; all must be 0. */
typedef struct IXmemAllocationProp_flags_st {
    unsigned char compressionType;
    unsigned char gpuDirectRDMACapable;
    unsigned short usage;
    unsigned char reserved[4];
} IXmemAllocationProp_flags;

/** What memory that is created is like. */
typedef struct IXmemAllocationProp_st {
    IXmemAllocationType type;
    IXmemAllocationHandleType requestedHandleTypes;
    IXmemLocation location;
    void *win32HandleMetaData;
    IXmemAllocationProp_flags allocFlags;
} IXmemAllocationProp;

/** What a place may do with memory. */
typedef struct IXmemAccessDesc_st {
    IXmemLocation location;
    IXmemAccess_flags flags;
} IXmemAccessDesc;

/** What a pool is like. A maxSize of 0 is no limit. */
typedef struct IXmemPoolProps_st {
    IXmemAllocationType allocType;
    IXmemAllocationHandleType handleTypes;
    IXmemLocation location;
    void *win32SecurityAttributes;
    size_t maxSize;
    unsigned short usage;
    unsigned char reserved[54];
} IXmemPoolProps;

/** What an array of at most two dimensions is like. */
typedef struct IX_ARRAY_DESCRIPTOR_st {
    size_t Width;
    size_t Height;
    IXarray_format Format;
    unsigned int NumChannels;
} IX_ARRAY_DESCRIPTOR;

/** What an array is like. */
typedef struct IX_ARRAY3D_DESCRIPTOR_st {
    size_t Width;
    size_t Height;
    size_t Depth;
    IXarray_format Format;
    unsigned int NumChannels;
    unsigned int Flags;
} IX_ARRAY3D_DESCRIPTOR;

/** A handle of Windows. */
typedef struct IX_EXTERNAL_MEMORY_HANDLE_DESC_win32_st {
    void *handle;
    const void *name;
} IX_EXTERNAL_MEMORY_HANDLE_DESC_win32;

/** What external memory is imported from, by its type. */
typedef union IX_EXTERNAL_MEMORY_HANDLE_DESC_handle_st {
    int fd;
    IX_EXTERNAL_MEMORY_HANDLE_DESC_win32 win32;
    const void *nvSciBufObject;
} IX_EXTERNAL_MEMORY_HANDLE_DESC_handle;

/** What external memory is imported from. A descriptor belongs to the library afterwards. */
typedef struct IX_EXTERNAL_MEMORY_HANDLE_DESC_st {
    IXexternalMemoryHandleType type;
    IX_EXTERNAL_MEMORY_HANDLE_DESC_handle handle;
    unsigned long long size;
    unsigned int flags;
    unsigned int reserved[16];
} IX_EXTERNAL_MEMORY_HANDLE_DESC;

/** A part of external memory. */
typedef struct IX_EXTERNAL_MEMORY_BUFFER_DESC_st {
    unsigned long long offset;
    unsigned long long size;
    unsigned int flags;
    unsigned int reserved[16];
} IX_EXTERNAL_MEMORY_BUFFER_DESC;

/** Elements before a box. */
typedef struct IXoffset3D_st {
    size_t x;
    size_t y;
    size_t z;
} IXoffset3D;

/** Elements of a box. */
typedef struct IXextent3D_st {
    size_t width;
    size_t height;
    size_t depth;
} IXextent3D;

/** An address as a side of a copy: its rows and slices, in elements; 0: without gaps. */
typedef struct IXmemcpy3DOperand_ptr_st {
    IXdeviceptr ptr;
    size_t rowLength;
    size_t layerHeight;
    IXmemLocation locHint;
} IXmemcpy3DOperand_ptr;

/** An array as a side of a copy. */
typedef struct IXmemcpy3DOperand_array_st {
    IXarray array;
    IXoffset3D offset;
} IXmemcpy3DOperand_array;

/** A side of a copy, by its type. */
typedef union IXmemcpy3DOperand_op_st {
    IXmemcpy3DOperand_ptr ptr;
    IXmemcpy3DOperand_array array;
} IXmemcpy3DOperand_op;

/** A side of a copy of a batch. */
typedef struct IXmemcpy3DOperand_st {
    IXmemcpy3DOperandType type;
    IXmemcpy3DOperand_op op;
} IXmemcpy3DOperand;

/** Elements of a tile. */
typedef struct IX_ARRAY_SPARSE_PROPERTIES_tileExtent_st {
    unsigned int width;
    unsigned int height;
    unsigned int depth;
} IX_ARRAY_SPARSE_PROPERTIES_tileExtent;

/** How the memory of a sparse array is divided; there are no such arrays. */
typedef struct IX_ARRAY_SPARSE_PROPERTIES_st {
    IX_ARRAY_SPARSE_PROPERTIES_tileExtent tileExtent;
    unsigned int miptailFirstLevel;
    unsigned long long miptailSize;
    unsigned int flags;
    unsigned int reserved[4];
} IX_ARRAY_SPARSE_PROPERTIES;

/** How much memory an array needs. */
typedef struct IX_ARRAY_MEMORY_REQUIREMENTS_st {
    size_t size;
    size_t alignment;
    unsigned int reserved[4];
} IX_ARRAY_MEMORY_REQUIREMENTS;

/**
 * A copy of Height rows of WidthInBytes bytes. Of each side, the first byte is at
 * start + Y * Pitch + XInBytes, where start is Host for IX_MEMORYTYPE_HOST, else Device.
 * The arrays must be null.
 */
typedef struct IX_MEMCPY2D_st {
    size_t srcXInBytes;
    size_t srcY;
    IXmemorytype srcMemoryType;
    const void *srcHost;
    IXdeviceptr srcDevice;
    void *srcArray;
    size_t srcPitch;
    size_t dstXInBytes;
    size_t dstY;
    IXmemorytype dstMemoryType;
    void *dstHost;
    IXdeviceptr dstDevice;
    void *dstArray;
    size_t dstPitch;
    size_t WidthInBytes;
    size_t Height;
} IX_MEMCPY2D;

/**
 * A copy of Depth slices of Height rows of WidthInBytes bytes. Of each side, the first byte
 * is at start + (Z * Height + Y) * Pitch + XInBytes, with the side's Height. The arrays and
 * reserved fields must be null, and the LODs 0.
 */
typedef struct IX_MEMCPY3D_st {
    size_t srcXInBytes;
    size_t srcY;
    size_t srcZ;
    size_t srcLOD;
    IXmemorytype srcMemoryType;
    const void *srcHost;
    IXdeviceptr srcDevice;
    void *srcArray;
    void *reserved0;
    size_t srcPitch;
    size_t srcHeight;
    size_t dstXInBytes;
    size_t dstY;
    size_t dstZ;
    size_t dstLOD;
    IXmemorytype dstMemoryType;
    void *dstHost;
    IXdeviceptr dstDevice;
    void *dstArray;
    void *reserved1;
    size_t dstPitch;
    size_t dstHeight;
    size_t WidthInBytes;
    size_t Height;
    size_t Depth;
} IX_MEMCPY3D;

/** A copy like IX_MEMCPY3D, with a context for each side; null: the current one. */
typedef struct IX_MEMCPY3D_PEER_st {
    size_t srcXInBytes;
    size_t srcY;
    size_t srcZ;
    size_t srcLOD;
    IXmemorytype srcMemoryType;
    const void *srcHost;
    IXdeviceptr srcDevice;
    void *srcArray;
    IXcontext srcContext;
    size_t srcPitch;
    size_t srcHeight;
    size_t dstXInBytes;
    size_t dstY;
    size_t dstZ;
    size_t dstLOD;
    IXmemorytype dstMemoryType;
    void *dstHost;
    IXdeviceptr dstDevice;
    void *dstArray;
    IXcontext dstContext;
    size_t dstPitch;
    size_t dstHeight;
    size_t WidthInBytes;
    size_t Height;
    size_t Depth;
} IX_MEMCPY3D_PEER;

/** A copy of a box of a batch. Elements are an array's or, without one, bytes. */
typedef struct IX_MEMCPY3D_BATCH_OP_st {
    IXmemcpy3DOperand src;
    IXmemcpy3DOperand dst;
    IXextent3D extent;
    IXmemcpySrcAccessOrder srcAccessOrder;
    unsigned int flags;
} IX_MEMCPY3D_BATCH_OP;

/** How copies of a batch are made. The places are hints. */
typedef struct IXmemcpyAttributes_st {
    IXmemcpySrcAccessOrder srcAccessOrder;
    IXmemLocation srcLocHint;
    IXmemLocation dstLocHint;
    unsigned int flags;
} IXmemcpyAttributes;

/** A function of the program that runs in a stream's order. */
typedef void (*IXhostFn)(void *userData);

/** Likewise, told of the stream and whether it has failed. */
typedef void (*IXstreamCallback)(IXstream stream, IXresult status, void *userData);

/** Two forms of a value. */
typedef union IXstreamMemOpValue_st {
    unsigned int value;
    unsigned long long value64;
} IXstreamMemOpValue;

/** A wait for a value, or a store of one. */
typedef struct IXstreamMemOpAccess_st {
    IXstreamBatchMemOpType operation;
    IXdeviceptr address;
    __extension__ union {
        unsigned int value;
        unsigned long long value64;
    };
    unsigned int flags;
    IXdeviceptr alias;
} IXstreamMemOpAccess;

/** An operation without a value. */
typedef struct IXstreamMemOpOrder_st {
    IXstreamBatchMemOpType operation;
    unsigned int flags;
} IXstreamMemOpOrder;

/** An operation on a value in memory, by its type. */
typedef union IXstreamBatchMemOpParams_st {
    IXstreamBatchMemOpType operation;
    IXstreamMemOpAccess waitValue;
    IXstreamMemOpAccess writeValue;
    IXstreamMemOpOrder flushRemoteWrites;
    IXstreamMemOpOrder memoryBarrier;
    unsigned long long pad[6];
} IXstreamBatchMemOpParams;

/** Bytes of dynamic shared memory of a block of so many threads. */
typedef size_t (*IXoccupancyB2DSize)(int blockSize);

/** Three dimensions. */
typedef struct IXlaunchDimension_st {
    unsigned int x;
    unsigned int y;
    unsigned int z;
} IXlaunchDimension;

/** An event and how a launch triggers it. */
typedef struct IXlaunchEvent_st {
    IXevent event;
    int flags;
    int triggerAtBlockStart;
} IXlaunchEvent;

/** The value of a launch's attribute, by its identity. */
typedef union IXlaunchAttributeValue_st {
    char pad[64];
    int cooperative;
    int syncPolicy;
    IXlaunchDimension clusterDim;
    int clusterSchedulingPolicyPreference;
    int programmaticStreamSerializationAllowed;
    IXlaunchEvent programmaticEvent;
    IXlaunchEvent launchCompletionEvent;
    int priority;
    int memSyncDomain;
    unsigned int sharedMemCarveout;
} IXlaunchAttributeValue;

/** An attribute of a launch. */
typedef struct IXlaunchAttribute_st {
    IXlaunchAttributeID id;
    char pad[4];
    IXlaunchAttributeValue value;
} IXlaunchAttribute;

/** A launch but for the function and its arguments. */
typedef struct IXlaunchConfig_st {
    unsigned int gridDimX;
    unsigned int gridDimY;
    unsigned int gridDimZ;
    unsigned int blockDimX;
    unsigned int blockDimY;
    unsigned int blockDimZ;
    unsigned int sharedMemBytes;
    IXstream hStream;
    IXlaunchAttribute *attrs;
    unsigned int numAttrs;
} IXlaunchConfig;

/** A launch on one of several devices. */
typedef struct IX_LAUNCH_PARAMS_st {
    IXfunction function;
    unsigned int gridDimX;
    unsigned int gridDimY;
    unsigned int gridDimZ;
    unsigned int blockDimX;
    unsigned int blockDimY;
    unsigned int blockDimZ;
    unsigned int sharedMemBytes;
    IXstream hStream;
    void **kernelParams;
} IX_LAUNCH_PARAMS;

/** How a node depends on another: in full, which is all zero; nothing else is supported. */
typedef struct IXgraphEdgeData_st {
    unsigned char from_port;
    unsigned char to_port;
    unsigned char type;
    unsigned char reserved[5];
} IXgraphEdgeData;

/** A kernel node: the arguments of ixLaunchKernel. */
typedef struct IX_KERNEL_NODE_PARAMS_v1_st {
    IXfunction func;
    unsigned int gridDimX;
    unsigned int gridDimY;
    unsigned int gridDimZ;
    unsigned int blockDimX;
    unsigned int blockDimY;
    unsigned int blockDimZ;
    unsigned int sharedMemBytes;
    void **kernelParams;
    void **extra;
} IX_KERNEL_NODE_PARAMS_v1;

/**
 * Likewise. When func is null, kern is the kernel of a library, and ctx the context that it
 * runs in, or null for the current one.
 */
typedef struct IX_KERNEL_NODE_PARAMS_v2_st {
    IXfunction func;
    unsigned int gridDimX;
    unsigned int gridDimY;
    unsigned int gridDimZ;
    unsigned int blockDimX;
    unsigned int blockDimY;
    unsigned int blockDimZ;
    unsigned int sharedMemBytes;
    void **kernelParams;
    void **extra;
    void *kern;
    IXcontext ctx;
} IX_KERNEL_NODE_PARAMS_v2;

/** A fill node: height rows of width elements of elementSize bytes. */
typedef struct IX_MEMSET_NODE_PARAMS_st {
    IXdeviceptr dst;
    size_t pitch;
    unsigned int value;
    unsigned int elementSize;
    size_t width;
    size_t height;
} IX_MEMSET_NODE_PARAMS;

/** A host node. */
typedef struct IX_HOST_NODE_PARAMS_st {
    IXhostFn fn;
    void *userData;
} IX_HOST_NODE_PARAMS;

/** A node of operations on values in memory. */
typedef struct IX_BATCH_MEM_OP_NODE_PARAMS_st {
    IXcontext ctx;
    unsigned int count;
    IXstreamBatchMemOpParams *paramArray;
    unsigned int flags;
} IX_BATCH_MEM_OP_NODE_PARAMS;

/** Memory that a graph takes: bytesize bytes of the place of a pool; dptr becomes its address. */
typedef struct IX_MEM_ALLOC_NODE_PARAMS_st {
    IXmemPoolProps poolProps;
    const IXmemAccessDesc *accessDescs;
    size_t accessDescCount;
    size_t bytesize;
    IXdeviceptr dptr;
} IX_MEM_ALLOC_NODE_PARAMS;

/** A copy, as a node of any type. */
typedef struct IX_MEMCPY_NODE_PARAMS_st {
    int flags;
    int reserved;
    IXcontext copyCtx;
    IX_MEMCPY3D copyParams;
} IX_MEMCPY_NODE_PARAMS;

/** A fill, as a node of any type. */
typedef struct IX_MEMSET_NODE_PARAMS_v2_st {
    IXdeviceptr dst;
    size_t pitch;
    unsigned int value;
    unsigned int elementSize;
    size_t width;
    size_t height;
    IXcontext ctx;
} IX_MEMSET_NODE_PARAMS_v2;

/** A child graph, as a node of any type. */
typedef struct IX_CHILD_GRAPH_NODE_PARAMS_st {
    IXgraph graph;
} IX_CHILD_GRAPH_NODE_PARAMS;

/** An event, as a node of any type. */
typedef struct IX_EVENT_NODE_PARAMS_st {
    IXevent event;
} IX_EVENT_NODE_PARAMS;

/** An address, as a node of any type. */
typedef struct IX_MEM_FREE_NODE_PARAMS_st {
    IXdeviceptr dptr;
} IX_MEM_FREE_NODE_PARAMS;

/** What a node does, by its type. */
typedef union IXgraphNodeParams_union_st {
    unsigned long long reserved1[29];
    IX_KERNEL_NODE_PARAMS_v2 kernel;
    IX_MEMCPY_NODE_PARAMS memcpy;
    IX_MEMSET_NODE_PARAMS_v2 memset;
    IX_HOST_NODE_PARAMS host;
    IX_CHILD_GRAPH_NODE_PARAMS graph;
    IX_EVENT_NODE_PARAMS eventWait;
    IX_EVENT_NODE_PARAMS eventRecord;
    IX_MEM_ALLOC_NODE_PARAMS alloc;
    IX_MEM_FREE_NODE_PARAMS free;
    IX_BATCH_MEM_OP_NODE_PARAMS memOp;
} IXgraphNodeParams_union;

/** A node of any type. The reserved fields must be 0. */
typedef struct IXgraphNodeParams_st {
    IXgraphNodeType type;
    int reserved0[3];
    __extension__ union {
        unsigned long long reserved1[29];
        IX_KERNEL_NODE_PARAMS_v2 kernel;
        IX_MEMCPY_NODE_PARAMS memcpy;
        IX_MEMSET_NODE_PARAMS_v2 memset;
        IX_HOST_NODE_PARAMS host;
        IX_CHILD_GRAPH_NODE_PARAMS graph;
        IX_EVENT_NODE_PARAMS eventWait;
        IX_EVENT_NODE_PARAMS eventRecord;
        IX_MEM_ALLOC_NODE_PARAMS alloc;
        IX_MEM_FREE_NODE_PARAMS free;
        IX_BATCH_MEM_OP_NODE_PARAMS memOp;
    };
    unsigned long long reserved2;
} IXgraphNodeParams;

/** How to instantiate a graph, and what came of it. */
typedef struct IX_GRAPH_INSTANTIATE_PARAMS_st {
    unsigned long long flags;
    IXstream hUploadStream;
    IXgraphNode hErrNode_out;
    IXgraphInstantiateResult result_out;
} IX_GRAPH_INSTANTIATE_PARAMS;

/** What came of updating a graph that can run, and through which node it failed. */
typedef struct IXgraphExecUpdateResultInfo_st {
    IXgraphExecUpdateResult result;
    IXgraphNode errorNode;
    IXgraphNode errorFromNode;
} IXgraphExecUpdateResultInfo;

/** Is told of an entry of the log. */
typedef void (*IXlogsCallback)(void *data, IXlogLevel logLevel, char *message, size_t length);

/* Initialisation, errors and entry points */

/** Finds and opens the devices. Must be called before anything else; again it does nothing. */
IXresult ixInit(unsigned int flags);

/** The version of the CUDA driver interface that this library follows: 1000 * major + 10 * minor. */
IXresult ixDriverGetVersion(int *version);

/** The name of an error code. */
IXresult ixGetErrorName(IXresult error, const char **name);

/** The meaning of an error code. */
IXresult ixGetErrorString(IXresult error, const char **text);

/**
 * What exactly went wrong in the last call of this thread that failed. The text is valid
 * until the next call that fails.
 */
IXresult ixGetLastErrorMessage(const char **message);

/**
 * The function that CUDA documents as `symbol`, in the form that the interface had in `version`;
 * null when there is none. `status` may be null.
 */
IXresult ixGetProcAddress(const char *symbol, void **function, int version, unsigned long long flags, IXdriverProcAddressQueryResult *status);

/* Devices */

/** The way to the devices that the library has chosen: "drm" or "direct". */
IXresult ixGetBackendName(const char **name);

/** The device with a number. */
IXresult ixDeviceGet(IXdevice *device, int ordinal);

/** Number of devices. */
IXresult ixDeviceGetCount(int *count);

/** The product name, cut to `length` bytes with its NUL. */
IXresult ixDeviceGetName(char *name, int length, IXdevice device);

/** The device's UUID. */
IXresult ixDeviceGetUuid(IXuuid *uuid, IXdevice device);

/** The PCI address as text, cut to `length` bytes with its NUL. */
IXresult ixDeviceGetPCIBusId(char *text, int length, IXdevice device);

/** Bytes of device memory. */
IXresult ixDeviceTotalMem(size_t *bytes, IXdevice device);

/** One of the device's attributes. */
IXresult ixDeviceGetAttribute(int *value, IXdevice_attribute attribute, IXdevice device);

/** The compute capability. */
IXresult ixDeviceComputeCapability(int *major, int *minor, IXdevice device);

/** The device at a PCI address. */
IXresult ixDeviceGetByPCIBusId(IXdevice *device, const char *text);

/** Whether contexts can be bound to a part of the device: 0. */
IXresult ixDeviceGetExecAffinitySupport(int *support, IXexecAffinityType kind, IXdevice device);

/* Primary contexts */

/**
 * The context that all retainers of a device share; made if it is not active. Does not
 * make it current.
 */
IXresult ixDevicePrimaryCtxRetain(IXcontext *context, IXdevice device);

/** Gives it back; the last one to do so ends it. */
IXresult ixDevicePrimaryCtxRelease(IXdevice device);

/** Ends it, whoever has retained it. */
IXresult ixDevicePrimaryCtxReset(IXdevice device);

/** Its flags, and whether it is active. */
IXresult ixDevicePrimaryCtxGetState(IXdevice device, unsigned int *flags, int *active);

/** The flags for its next creation. */
IXresult ixDevicePrimaryCtxSetFlags(IXdevice device, unsigned int flags);

/* Contexts */

/** Creates a context and makes it current. */
IXresult ixCtxCreate(IXcontext *context, unsigned int flags, IXdevice device);

/** One more user of the current context, which ends when the last one detaches. `flags` must be 0. */
IXresult ixCtxAttach(IXcontext *context, unsigned int flags);

/** One user less of the current context. */
IXresult ixCtxDetach(IXcontext context);

/** Ends a context and frees all that it owns. */
IXresult ixCtxDestroy(IXcontext context);

/** Makes a context current in the place of the current one; null: none. */
IXresult ixCtxSetCurrent(IXcontext context);

/** The current context, or null. */
IXresult ixCtxGetCurrent(IXcontext *context);

/** Makes a context current on top of the current one. */
IXresult ixCtxPushCurrent(IXcontext context);

/** Takes the current context away; the one below becomes current. */
IXresult ixCtxPopCurrent(IXcontext *context);

/** Waits for all work of the current context. */
IXresult ixCtxSynchronize(void);

/** The device of the current context. */
IXresult ixCtxGetDevice(IXdevice *device);

/** The flags of the current context. */
IXresult ixCtxGetFlags(unsigned int *flags);

/** Sets the flags of the current context. */
IXresult ixCtxSetFlags(unsigned int flags);

/** A number that no other context of the process ever has; null: of the current one. */
IXresult ixCtxGetId(IXcontext context, unsigned long long *id);

/** To how many SMs the current context is bound: all of the device's. */
IXresult ixCtxGetExecAffinity(IXexecAffinityParam *affinity, IXexecAffinityType kind);

/** The current context's preference between cache and shared memory. */
IXresult ixCtxGetCacheConfig(IXfunc_cache *config);

/** Sets it; without effect. */
IXresult ixCtxSetCacheConfig(IXfunc_cache config);

/** The width of banks of shared memory. */
IXresult ixCtxGetSharedMemConfig(IXsharedconfig *config);

/** Sets it; without effect. */
IXresult ixCtxSetSharedMemConfig(IXsharedconfig config);

/** The interface version of a context; null: of the current one. */
IXresult ixCtxGetApiVersion(IXcontext context, unsigned int *version);

/** The least (numerically greatest) and greatest priority of streams. */
IXresult ixCtxGetStreamPriorityRange(int *least, int *greatest);

/** Records an event behind all that a context was given so far; null: the current one. */
IXresult ixCtxRecordEvent(IXcontext context, IXevent event);

/**
 * Makes later work of a context wait for an event; null: of the current one.
 * Differs: work of streams that are created afterwards does not wait.
 */
IXresult ixCtxWaitEvent(IXcontext context, IXevent event);

/* Limits */

/**
 * A limit of the current context.
 * Differs: the usual stack is 16 KiB.
 */
IXresult ixCtxGetLimit(size_t *value, IXlimit limit);

/**
 * Sets a limit of the current context, brought into the device's range. Those of printf's buffer
 * and of the heap can be set until the first kernel that prints is launched, and the first module
 * that uses the heap is loaded.
 */
IXresult ixCtxSetLimit(IXlimit limit, size_t value);

/** Makes lines that persist in the level-2 cache normal again; there are none. */
IXresult ixCtxResetPersistingL2Cache(void);

/* Memory */

/** Bytes of device memory that are free, and all. */
IXresult ixMemGetInfo(size_t *free, size_t *total);

/** Takes device memory. */
IXresult ixMemAlloc(IXdeviceptr *address, size_t bytes);

/** Takes device memory for `height` rows, so far apart that each starts aligned. */
IXresult ixMemAllocPitch(IXdeviceptr *address, size_t *pitch, size_t width, size_t height, unsigned int element);

/** Gives device memory back, once all work of its context has completed. Null does nothing. */
IXresult ixMemFree(IXdeviceptr address);

/** Start and size of the allocation that contains an address. */
IXresult ixMemGetAddressRange(IXdeviceptr *base, size_t *size, IXdeviceptr address);

/** Takes host memory that the device reaches, at the same address. */
IXresult ixMemAllocHost(void **pointer, size_t bytes);

/** Likewise, with flags. */
IXresult ixMemHostAlloc(void **pointer, size_t bytes, unsigned int flags);

/** Gives such memory back. */
IXresult ixMemFreeHost(void *pointer);

/** Where the device sees such memory: at the same address. `flags` must be 0. */
IXresult ixMemHostGetDevicePointer(IXdeviceptr *address, void *pointer, unsigned int flags);

/** The flags of such memory. */
IXresult ixMemHostGetFlags(unsigned int *flags, void *pointer);

/**
 * Lets the device reach memory of the program, until it is unregistered.
 * Differs: private memory that can be written only, not the calling thread's stack; other
 * threads must not write to its pages during the call; the device's address is another.
 */
IXresult ixMemHostRegister(void *pointer, size_t bytes, unsigned int flags);

/**
 * Ends that, once all work of the device has completed.
 * Differs: other threads must not write to its pages during the call.
 */
IXresult ixMemHostUnregister(void *pointer);

/* Managed memory and attributes of pointers */

/**
 * Takes memory that host and device use at the same address.
 * Differs: it is always in system memory, and is bounded by that.
 */
IXresult ixMemAllocManaged(IXdeviceptr *address, size_t bytes, unsigned int flags);

/** Says how a part of managed memory will be used; kept for ixMemRangeGetAttribute. */
IXresult ixMemAdvise(IXdeviceptr address, size_t bytes, IXmem_advise advice, IXdevice device);

/**
 * Asks for a part of managed memory to be near a device, or the host.
 * Differs: nothing moves, as both reach it where it is.
 */
IXresult ixMemPrefetchAsync(IXdeviceptr address, size_t bytes, IXdevice device, IXstream stream);

/** Likewise, for several parts. Place i is that of the ranges from `starts[i]` on. */
IXresult ixMemPrefetchBatchAsync(IXdeviceptr *addresses, size_t *sizes, size_t count, IXmemLocation *places, size_t *starts, size_t place_count, unsigned long long flags, IXstream stream);

/** Says that the contents of parts of managed memory are not needed. */
IXresult ixMemDiscardBatchAsync(IXdeviceptr *addresses, size_t *sizes, size_t count, unsigned long long flags, IXstream stream);

/** Both. */
IXresult ixMemDiscardAndPrefetchBatchAsync(IXdeviceptr *addresses, size_t *sizes, size_t count, IXmemLocation *places, size_t *starts, size_t place_count, unsigned long long flags, IXstream stream);

/** What was said of a part of managed memory, if the same of all of it. */
IXresult ixMemRangeGetAttribute(void *data, size_t size, IXmem_range_attribute attribute, IXdeviceptr address, size_t bytes);

/** Several such attributes. */
IXresult ixMemRangeGetAttributes(void **data, size_t *sizes, IXmem_range_attribute *attributes, size_t count, IXdeviceptr address, size_t bytes);

/**
 * Says which streams use managed memory.
 * Differs: all may use it at all times, whatever was said.
 */
IXresult ixStreamAttachMemAsync(IXstream stream, IXdeviceptr address, size_t bytes, unsigned int flags);

/** One of a pointer's attributes. */
IXresult ixPointerGetAttribute(void *data, IXpointer_attribute attribute, IXdeviceptr pointer);

/** Several attributes of any pointer. */
IXresult ixPointerGetAttributes(unsigned int count, IXpointer_attribute *attributes, void **data, IXdeviceptr pointer);

/** Sets an attribute of a pointer: IX_POINTER_ATTRIBUTE_SYNC_MEMOPS, which always holds. */
IXresult ixPointerSetAttribute(const void *value, IXpointer_attribute attribute, IXdeviceptr pointer);

/* Memory pools and allocation in streams */

/** The pool that a device has from the beginning. */
IXresult ixDeviceGetDefaultMemPool(IXmemoryPool *pool, IXdevice device);

/** The pool that ixMemAllocAsync takes from. */
IXresult ixDeviceGetMemPool(IXmemoryPool *pool, IXdevice device);

/** Sets it. */
IXresult ixDeviceSetMemPool(IXdevice device, IXmemoryPool pool);

/**
 * The pool that a place has from the beginning.
 * Differs: devices have one, other places have none.
 */
IXresult ixMemGetDefaultMemPool(IXmemoryPool *pool, IXmemLocation *location, IXmemAllocationType kind);

/** The pool that is used for a place, likewise. */
IXresult ixMemGetMemPool(IXmemoryPool *pool, IXmemLocation *location, IXmemAllocationType kind);

/** Sets it. */
IXresult ixMemSetMemPool(IXmemLocation *location, IXmemAllocationType kind, IXmemoryPool pool);

/**
 * Creates a pool of memory of a device or of the host.
 * Differs: pools cannot be shared with other processes.
 */
IXresult ixMemPoolCreate(IXmemoryPool *pool, const IXmemPoolProps *properties);

/** Destroys a pool; its memory goes when it is given back. */
IXresult ixMemPoolDestroy(IXmemoryPool pool);

/** Lets go of unused memory of a pool, which keeps `keep` bytes in all. */
IXresult ixMemPoolTrimTo(IXmemoryPool pool, size_t keep);

/** One of a pool's attributes: an int or 64 bits. */
IXresult ixMemPoolGetAttribute(IXmemoryPool pool, IXmemPool_attribute attribute, void *value);

/** Sets one of a pool's attributes. */
IXresult ixMemPoolSetAttribute(IXmemoryPool pool, IXmemPool_attribute attribute, void *value);

/**
 * Sets who may use a pool's memory.
 * Differs: the memory's own device only, as there are no peers.
 */
IXresult ixMemPoolSetAccess(IXmemoryPool pool, const IXmemAccessDesc *list, size_t count);

/** Who may use a pool's memory. */
IXresult ixMemPoolGetAccess(IXmemAccess_flags *flags, IXmemoryPool pool, IXmemLocation *location);

/** Takes device memory for work of a stream from now on. */
IXresult ixMemAllocAsync(IXdeviceptr *address, size_t bytes, IXstream stream);

/** Likewise, from a pool. */
IXresult ixMemAllocFromPoolAsync(IXdeviceptr *address, size_t bytes, IXmemoryPool pool, IXstream stream);

/** Gives memory back when a stream has come to here. */
IXresult ixMemFreeAsync(IXdeviceptr address, IXstream stream);

/* Virtual memory management */

/** Reserves addresses; `size` is a multiple of 2 MiB. */
IXresult ixMemAddressReserve(IXdeviceptr *address, size_t size, size_t alignment, IXdeviceptr wish, unsigned long long flags);

/** Gives reserved addresses back, all of them. */
IXresult ixMemAddressFree(IXdeviceptr address, size_t size);

/** Creates memory on a device or on the host. */
IXresult ixMemCreate(IXmemGenericAllocationHandle *handle, size_t size, const IXmemAllocationProp *properties, unsigned long long flags);

/** One user less of a handle; the memory goes when it is mapped nowhere. */
IXresult ixMemRelease(IXmemGenericAllocationHandle handle);

/** Maps all of a memory at reserved addresses. */
IXresult ixMemMap(IXdeviceptr address, size_t size, size_t offset, IXmemGenericAllocationHandle handle, unsigned long long flags);

/** Ends mappings, once all work of the device has completed. */
IXresult ixMemUnmap(IXdeviceptr address, size_t size);

/**
 * Says who may use mappings.
 * Differs: the memory's own device and, for memory of the host, the host; not for reading only.
 */
IXresult ixMemSetAccess(IXdeviceptr address, size_t size, const IXmemAccessDesc *list, size_t count);

/** What a place may do with a mapping. */
IXresult ixMemGetAccess(unsigned long long *flags, const IXmemLocation *location, IXdeviceptr address);

/** What sizes are multiples of: 2 MiB. */
IXresult ixMemGetAllocationGranularity(size_t *granularity, const IXmemAllocationProp *properties, IXmemAllocationGranularity_flags option);

/** What a memory was created with. */
IXresult ixMemGetAllocationPropertiesFromHandle(IXmemAllocationProp *properties, IXmemGenericAllocationHandle handle);

/** A handle of the memory that is mapped at an address. */
IXresult ixMemRetainAllocationHandle(IXmemGenericAllocationHandle *handle, void *address);

/**
 * Exports memory to a file descriptor.
 * Differs: it can be imported in the same process only.
 */
IXresult ixMemExportToShareableHandle(void *shared, IXmemGenericAllocationHandle handle, IXmemAllocationHandleType kind, unsigned long long flags);

/** A handle of memory that was exported by this process. */
IXresult ixMemImportFromShareableHandle(IXmemGenericAllocationHandle *handle, void *shared, IXmemAllocationHandleType kind);

/* Arrays */

/**
 * Creates an array of one or two dimensions.
 * Differs: formats of 8, 16 and 32 bits a channel; kernels cannot use it, as there are no textures.
 */
IXresult ixArrayCreate(IXarray *array, const IX_ARRAY_DESCRIPTOR *descriptor);

/**
 * Creates an array of up to three dimensions.
 * Differs: likewise.
 */
IXresult ixArray3DCreate(IXarray *array, const IX_ARRAY3D_DESCRIPTOR *descriptor);

/** Destroys an array, once all work of its context has completed. */
IXresult ixArrayDestroy(IXarray array);

/** What an array of one or two dimensions is like. */
IXresult ixArrayGetDescriptor(IX_ARRAY_DESCRIPTOR *descriptor, IXarray array);

/** What an array is like. */
IXresult ixArray3DGetDescriptor(IX_ARRAY3D_DESCRIPTOR *descriptor, IXarray array);

/** How much memory an array has. */
IXresult ixArrayGetMemoryRequirements(IX_ARRAY_MEMORY_REQUIREMENTS *requirements, IXarray array, IXdevice device);

/**
 * Creates an array with levels, each half as large as the one before.
 * Differs: likewise.
 */
IXresult ixMipmappedArrayCreate(IXmipmappedArray *array, const IX_ARRAY3D_DESCRIPTOR *descriptor, unsigned int levels);

/** A level of such an array; it goes with the whole. */
IXresult ixMipmappedArrayGetLevel(IXarray *level, IXmipmappedArray array, unsigned int index);

/** Destroys it. */
IXresult ixMipmappedArrayDestroy(IXmipmappedArray array);

/** How much memory it has. */
IXresult ixMipmappedArrayGetMemoryRequirements(IX_ARRAY_MEMORY_REQUIREMENTS *requirements, IXmipmappedArray array, IXdevice device);

/**
 * How a sparse array is divided.
 * Differs: no array is sparse, so always IX_ERROR_INVALID_VALUE.
 */
IXresult ixArrayGetSparseProperties(IX_ARRAY_SPARSE_PROPERTIES *properties, IXarray array);

/**
 * How a sparse array with levels is divided.
 * Differs: likewise.
 */
IXresult ixMipmappedArrayGetSparseProperties(IX_ARRAY_SPARSE_PROPERTIES *properties, IXmipmappedArray array);

/**
 * A plane of an array whose format has several.
 * Differs: no format has, so always IX_ERROR_INVALID_VALUE.
 */
IXresult ixArrayGetPlane(IXarray *plane, IXarray array, unsigned int index);

/* Copies */

/** Copies between any two addresses. Returns when the copy is done, except between device addresses. */
IXresult ixMemcpy(IXdeviceptr target, IXdeviceptr source, size_t bytes);

/** Copies between any two addresses, in a stream. */
IXresult ixMemcpyAsync(IXdeviceptr target, IXdeviceptr source, size_t bytes, IXstream stream);

/** Copies from host to device. */
IXresult ixMemcpyHtoD(IXdeviceptr target, const void *source, size_t bytes);

/** Copies from device to host. */
IXresult ixMemcpyDtoH(void *target, IXdeviceptr source, size_t bytes);

/** Copies from device to device, in the null stream. */
IXresult ixMemcpyDtoD(IXdeviceptr target, IXdeviceptr source, size_t bytes);

/** Copies from host to device, in a stream. Memory that is not pinned may be reused on return. */
IXresult ixMemcpyHtoDAsync(IXdeviceptr target, const void *source, size_t bytes, IXstream stream);

/** Copies from device to host, in a stream. Memory that is not pinned has its contents on return. */
IXresult ixMemcpyDtoHAsync(void *target, IXdeviceptr source, size_t bytes, IXstream stream);

/** Copies from device to device, in a stream. */
IXresult ixMemcpyDtoDAsync(IXdeviceptr target, IXdeviceptr source, size_t bytes, IXstream stream);

/** Copies rows. */
IXresult ixMemcpy2D(const IX_MEMCPY2D *copy);

/** Copies rows, in a stream. */
IXresult ixMemcpy2DAsync(const IX_MEMCPY2D *copy, IXstream stream);

/** Copies a box. */
IXresult ixMemcpy3D(const IX_MEMCPY3D *copy);

/** Copies a box, in a stream. */
IXresult ixMemcpy3DAsync(const IX_MEMCPY3D *copy, IXstream stream);

/**
 * Copies a box between contexts.
 * Differs: between devices by way of the host, and then returns when it is done.
 */
IXresult ixMemcpy3DPeer(const IX_MEMCPY3D_PEER *copy);

/**
 * Copies a box between contexts, in a stream.
 * Differs: likewise.
 */
IXresult ixMemcpy3DPeerAsync(const IX_MEMCPY3D_PEER *copy, IXstream stream);

/**
 * Copies between contexts.
 * Differs: likewise.
 */
IXresult ixMemcpyPeer(IXdeviceptr target, IXcontext target_context, IXdeviceptr source, IXcontext source_context, size_t bytes);

/**
 * Copies between contexts, in a stream.
 * Differs: likewise.
 */
IXresult ixMemcpyPeerAsync(IXdeviceptr target, IXcontext target_context, IXdeviceptr source, IXcontext source_context, size_t bytes, IXstream stream);

/** Copies within a row of an array, from one array to another. */
IXresult ixMemcpyAtoA(IXarray target, size_t target_offset, IXarray source, size_t source_offset, size_t bytes);

/** Copies from an array to device memory. */
IXresult ixMemcpyAtoD(IXdeviceptr target, IXarray source, size_t offset, size_t bytes);

/** Copies from device memory to an array. */
IXresult ixMemcpyDtoA(IXarray target, size_t offset, IXdeviceptr source, size_t bytes);

/** Copies from host memory to an array. */
IXresult ixMemcpyHtoA(IXarray target, size_t offset, const void *source, size_t bytes);

/** Copies from an array to host memory. */
IXresult ixMemcpyAtoH(void *target, IXarray source, size_t offset, size_t bytes);

/** Copies from host memory to an array, in a stream. */
IXresult ixMemcpyHtoAAsync(IXarray target, size_t offset, const void *source, size_t bytes, IXstream stream);

/** Copies from an array to host memory, in a stream. */
IXresult ixMemcpyAtoHAsync(void *target, IXarray source, size_t offset, size_t bytes, IXstream stream);

/**
 * Several copies between any addresses, in a stream other than the null stream. Attribute i is
 * that of the copies from `starts[i]` on; sources are read as in a stream, or before.
 */
IXresult ixMemcpyBatchAsync(const IXdeviceptr *targets, const IXdeviceptr *sources, const size_t *sizes, size_t count, const IXmemcpyAttributes *attributes, const size_t *starts, size_t attribute_count, IXstream stream);

/** One such copy. */
IXresult ixMemcpyWithAttributesAsync(IXdeviceptr target, IXdeviceptr source, size_t bytes, IXmemcpyAttributes *attributes, IXstream stream);

/** Several copies of boxes between addresses and arrays, in a stream other than the null stream. */
IXresult ixMemcpy3DBatchAsync(size_t count, IX_MEMCPY3D_BATCH_OP *list, unsigned long long flags, IXstream stream);

/** One such copy. */
IXresult ixMemcpy3DWithAttributesAsync(IX_MEMCPY3D_BATCH_OP *op, unsigned long long flags, IXstream stream);

/* Fills */

/** Fills with `count` bytes, in the null stream. */
IXresult ixMemsetD8(IXdeviceptr target, unsigned char value, size_t count);

/** Fills with `count` 16-bit values, in the null stream. */
IXresult ixMemsetD16(IXdeviceptr target, unsigned short value, size_t count);

/** Fills with `count` 32-bit values, in the null stream. */
IXresult ixMemsetD32(IXdeviceptr target, unsigned int value, size_t count);

/** Fills with `count` bytes, in a stream. */
IXresult ixMemsetD8Async(IXdeviceptr target, unsigned char value, size_t count, IXstream stream);

/** Fills with `count` 16-bit values, in a stream. */
IXresult ixMemsetD16Async(IXdeviceptr target, unsigned short value, size_t count, IXstream stream);

/** Fills with `count` 32-bit values, in a stream. */
IXresult ixMemsetD32Async(IXdeviceptr target, unsigned int value, size_t count, IXstream stream);

/** Fills `height` rows with `width` bytes each, in a stream. */
IXresult ixMemsetD2D8Async(IXdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height, IXstream stream);

/** Fills `height` rows with `width` 16-bit values each, in a stream. */
IXresult ixMemsetD2D16Async(IXdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height, IXstream stream);

/** Fills `height` rows with `width` 32-bit values each, in a stream. */
IXresult ixMemsetD2D32Async(IXdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height, IXstream stream);

/** Fills `height` rows with `width` bytes each, in the null stream. */
IXresult ixMemsetD2D8(IXdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height);

/** Fills `height` rows with `width` 16-bit values each, in the null stream. */
IXresult ixMemsetD2D16(IXdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height);

/** Fills `height` rows with `width` 32-bit values each, in the null stream. */
IXresult ixMemsetD2D32(IXdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height);

/* Peer access */

/** Whether a device reaches another's memory: 0. */
IXresult ixDeviceCanAccessPeer(int *answer, IXdevice device, IXdevice peer);

/**
 * Lets the current context reach the memory of another device's context.
 * Differs: always IX_ERROR_PEER_ACCESS_UNSUPPORTED, as for all devices without a link.
 */
IXresult ixCtxEnablePeerAccess(IXcontext peer, unsigned int flags);

/**
 * Takes that back.
 * Differs: always IX_ERROR_PEER_ACCESS_NOT_ENABLED.
 */
IXresult ixCtxDisablePeerAccess(IXcontext peer);

/** An attribute of the link between two devices: 0, as there is none. */
IXresult ixDeviceGetP2PAttribute(int *value, IXdevice_P2PAttribute attribute, IXdevice source, IXdevice target);

/** Which atomic operations the link between two devices has: none. */
IXresult ixDeviceGetP2PAtomicCapabilities(unsigned int *capabilities, const IXatomicOperation *operations, unsigned int count, IXdevice source, IXdevice target);

/** Which atomic operations a device has on host memory. */
IXresult ixDeviceGetHostAtomicCapabilities(unsigned int *capabilities, const IXatomicOperation *operations, unsigned int count, IXdevice device);

/** Makes what other devices have written to device memory visible: it is. */
IXresult ixFlushGPUDirectRDMAWrites(IXflushGPUDirectRDMAWritesTarget target, IXflushGPUDirectRDMAWritesScope scope);

/* External memory and semaphores */

/**
 * Imports memory that this process has exported to a file descriptor, which then belongs to the library.
 * Differs: descriptors of ixMemExportToShareableHandle of the same process only.
 */
IXresult ixImportExternalMemory(IXexternalMemory *memory, const IX_EXTERNAL_MEMORY_HANDLE_DESC *description);

/** Maps a part of it; ixMemFree ends the mapping. */
IXresult ixExternalMemoryGetMappedBuffer(IXdeviceptr *address, IXexternalMemory memory, const IX_EXTERNAL_MEMORY_BUFFER_DESC *description);

/** Lets go of it, once all of its mappings have ended. */
IXresult ixDestroyExternalMemory(IXexternalMemory memory);

/* Modules */

/** Loads a module from a file of PTX text. */
IXresult ixModuleLoad(IXmodule *module, const char *path);

/** Loads a module from PTX text that ends in a NUL. */
IXresult ixModuleLoadData(IXmodule *module, const void *image);

/** Likewise, with options: see IXjit_option. */
IXresult ixModuleLoadDataEx(IXmodule *module, const void *image, unsigned int count, IXjit_option *options, void **values);

/** Unloads a module, once all work of its context has completed. */
IXresult ixModuleUnload(IXmodule module);

/** A kernel of a module. */
IXresult ixModuleGetFunction(IXfunction *function, IXmodule module, const char *name);

/** Address and size of a variable of a module; either pointer may be null. */
IXresult ixModuleGetGlobal(IXdeviceptr *address, size_t *bytes, IXmodule module, const char *name);

/**
 * Loads a module from a fat binary, or a wrapper of one, that has PTX.
 * Differs: machine code in it is not used; without PTX for sm_80 or before it is IX_ERROR_NO_BINARY_FOR_GPU.
 */
IXresult ixModuleLoadFatBinary(IXmodule *module, const void *image);

/** Number of kernels of a module. */
IXresult ixModuleGetFunctionCount(unsigned int *count, IXmodule module);

/** The first `count` kernels of a module. */
IXresult ixModuleEnumerateFunctions(IXfunction *functions, unsigned int count, IXmodule module);

/** When the code of modules is loaded: with the module. */
IXresult ixModuleGetLoadingMode(IXmoduleLoadingMode *mode);

/* Functions */

/** One of a function's attributes. */
IXresult ixFuncGetAttribute(int *value, IXfunction_attribute attribute, IXfunction function);

/** Sets one of a function's attributes. */
IXresult ixFuncSetAttribute(IXfunction function, IXfunction_attribute attribute, int value);

/**
 * Offset and size of a function's parameter in its parameter block; IX_ERROR_INVALID_VALUE
 * past the last. The size pointer may be null.
 */
IXresult ixFuncGetParamInfo(IXfunction function, size_t index, size_t *offset, size_t *bytes);

/** Sets a function's cache preference, which has no effect. */
IXresult ixFuncSetCacheConfig(IXfunction function, IXfunc_cache config);

/** The module of a function. */
IXresult ixFuncGetModule(IXmodule *module, IXfunction function);

/** The name of a function; valid as long as its module. */
IXresult ixFuncGetName(const char **name, IXfunction function);

/** Number of parameters of a function. */
IXresult ixFuncGetParamCount(IXfunction function, size_t *count);

/** Whether a function's code is loaded: it is. */
IXresult ixFuncIsLoaded(IXfunctionLoadingState *state, IXfunction function);

/** Loads a function's code, which was loaded with its module. */
IXresult ixFuncLoad(IXfunction function);

/** Sets a function's preference of banks of shared memory; without effect. */
IXresult ixFuncSetSharedMemConfig(IXfunction function, IXsharedconfig config);

/* Libraries and their kernels */

/** Compiles an image for all contexts; options as for ixModuleLoadDataEx, and those of libraries. */
IXresult ixLibraryLoadData(IXlibrary *library, const void *image, IXjit_option *jit_options, void **jit_values, unsigned int jit_count, IXlibraryOption *options, void **values, unsigned int count);

/** Likewise, from a file. */
IXresult ixLibraryLoadFromFile(IXlibrary *library, const char *path, IXjit_option *jit_options, void **jit_values, unsigned int jit_count, IXlibraryOption *options, void **values, unsigned int count);

/** Unloads a library from all contexts, once their work has completed. */
IXresult ixLibraryUnload(IXlibrary library);

/** A kernel of a library. It may be used in the place of a function. */
IXresult ixLibraryGetKernel(IXkernel *kernel, IXlibrary library, const char *name);

/** Number of kernels of a library. */
IXresult ixLibraryGetKernelCount(unsigned int *count, IXlibrary library);

/** The first `count` kernels of a library. */
IXresult ixLibraryEnumerateKernels(IXkernel *kernels, unsigned int count, IXlibrary library);

/** The module that a library is in the current context. */
IXresult ixLibraryGetModule(IXmodule *module, IXlibrary library);

/** Address and size of a variable of a library in the current context; either pointer may be null. */
IXresult ixLibraryGetGlobal(IXdeviceptr *address, size_t *bytes, IXlibrary library, const char *name);

/**
 * A managed variable of a library.
 * Differs: PTX has none, so there is none to be found.
 */
IXresult ixLibraryGetManaged(IXdeviceptr *address, size_t *bytes, IXlibrary library, const char *name);

/**
 * A function of a library that host and device can call.
 * Differs: PTX has none, so there is none to be found.
 */
IXresult ixLibraryGetUnifiedFunction(void **function, IXlibrary library, const char *symbol);

/** The function of a kernel in the current context. */
IXresult ixKernelGetFunction(IXfunction *function, IXkernel kernel);

/** The library of a kernel. */
IXresult ixKernelGetLibrary(IXlibrary *library, IXkernel kernel);

/** The name of a kernel; valid as long as its library. */
IXresult ixKernelGetName(const char **name, IXkernel kernel);

/** Offset and size of a kernel's parameter: see ixFuncGetParamInfo. */
IXresult ixKernelGetParamInfo(IXkernel kernel, size_t index, size_t *offset, size_t *bytes);

/** Number of parameters of a kernel. */
IXresult ixKernelGetParamCount(IXkernel kernel, size_t *count);

/** One of a kernel's attributes on a device. */
IXresult ixKernelGetAttribute(int *value, IXfunction_attribute attribute, IXkernel kernel, IXdevice device);

/** Sets one of a kernel's attributes on a device. */
IXresult ixKernelSetAttribute(IXfunction_attribute attribute, int value, IXkernel kernel, IXdevice device);

/** Sets a kernel's cache preference on a device; without effect. */
IXresult ixKernelSetCacheConfig(IXkernel kernel, IXfunc_cache config, IXdevice device);

/* Linker */

/**
 * Begins a link. The options and their values must stay as long as the link when they ask for
 * results, such as logs.
 */
IXresult ixLinkCreate(unsigned int count, IXjit_option *options, void **values, IXlinkState *state);

/**
 * Adds an input: PTX, a fat binary with PTX, or what ixLinkComplete gave. `name` may be null.
 * Differs: machine code and libraries of others' are IX_ERROR_NO_BINARY_FOR_GPU. What was linked
 * before is whole: other inputs do not see what is in it.
 */
IXresult ixLinkAddData(IXlinkState state, IXjitInputType type, void *data, size_t bytes, const char *name, unsigned int count, IXjit_option *options, void **values);

/** Adds an input from a file. */
IXresult ixLinkAddFile(IXlinkState state, IXjitInputType type, const char *path, unsigned int count, IXjit_option *options, void **values);

/**
 * Links. The image belongs to the link and goes with it; ixModuleLoadData and ixModuleLoad, from a
 * file with its bytes, load it.
 */
IXresult ixLinkComplete(IXlinkState state, void **image, size_t *bytes);

/** Ends a link. */
IXresult ixLinkDestroy(IXlinkState state);

/* Launches */

/**
 * Launches a kernel in a stream. The arguments are given by `params`, a pointer to each,
 * or by `extra`, a buffer that holds them as a parameter block; they are copied before
 * the call returns.
 */
IXresult ixLaunchKernel(IXfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, IXstream stream, void **params, void **extra);

/** Launches with attributes: see IXlaunchAttributeID. */
IXresult ixLaunchKernelEx(const IXlaunchConfig *config, IXfunction function, void **params, void **extra);

/** Launches a grid whose blocks are all resident at once, so that they may wait for one another. */
IXresult ixLaunchCooperativeKernel(IXfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, IXstream stream, void **params);

/**
 * Calls a function of the program in a stream's order, on a thread of its own. Later work of the
 * stream waits for it. It may not call this library, and is not called when the stream has failed.
 */
IXresult ixLaunchHostFunc(IXstream stream, IXhostFn function, void *data);

/* Occupancy */

/** Blocks of a function that an SM holds at once. */
IXresult ixOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, IXfunction function, int threads, size_t dynamic_shared);

/** Likewise, with flags. */
IXresult ixOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *blocks, IXfunction function, int threads, size_t dynamic_shared, unsigned int flags);

/**
 * The block size with which an SM holds most threads, and the smallest grid that then fills the
 * device. Dynamic shared memory is what `dynamic_shared_of` tells for a block size, or if that
 * is null `dynamic_shared`. A limit of 0 is none.
 */
IXresult ixOccupancyMaxPotentialBlockSize(int *grid, int *block, IXfunction function, IXoccupancyB2DSize dynamic_shared_of, size_t dynamic_shared, int limit);

/** Likewise, with flags. */
IXresult ixOccupancyMaxPotentialBlockSizeWithFlags(int *grid, int *block, IXfunction function, IXoccupancyB2DSize dynamic_shared_of, size_t dynamic_shared, int limit, unsigned int flags);

/** Bytes of dynamic shared memory that each of so many blocks may have for an SM to hold them all. */
IXresult ixOccupancyAvailableDynamicSMemPerBlock(size_t *bytes, IXfunction function, int blocks, int threads);

/** Blocks of the largest cluster: 1. */
IXresult ixOccupancyMaxPotentialClusterSize(int *size, IXfunction function, const IXlaunchConfig *config);

/** Clusters, which are single blocks, that the device holds at once. */
IXresult ixOccupancyMaxActiveClusters(int *clusters, IXfunction function, const IXlaunchConfig *config);

/* Streams */

/** Creates a stream. */
IXresult ixStreamCreate(IXstream *stream, unsigned int flags);

/** Creates a stream with a priority; priorities out of range are clamped. */
IXresult ixStreamCreateWithPriority(IXstream *stream, unsigned int flags, int priority);

/** Destroys a stream. Its work goes on to its end. */
IXresult ixStreamDestroy(IXstream stream);

/** Waits for all work of a stream. */
IXresult ixStreamSynchronize(IXstream stream);

/** IX_SUCCESS when all work of a stream has completed, else IX_ERROR_NOT_READY. */
IXresult ixStreamQuery(IXstream stream);

/** Makes later work of a stream wait for an event. */
IXresult ixStreamWaitEvent(IXstream stream, IXevent event, unsigned int flags);

/** The flags of a stream. */
IXresult ixStreamGetFlags(IXstream stream, unsigned int *flags);

/** The priority of a stream. */
IXresult ixStreamGetPriority(IXstream stream, int *priority);

/** The context of a stream. */
IXresult ixStreamGetCtx(IXstream stream, IXcontext *context);

/** The device of a stream. */
IXresult ixStreamGetDevice(IXstream stream, IXdevice *device);

/** A number that no other stream of the process ever has. */
IXresult ixStreamGetId(IXstream stream, unsigned long long *id);

/**
 * Calls a function of the program in a stream's order, on a thread of its own; of a stream that
 * has failed too. Later work of the stream waits for it. It may not call this library.
 */
IXresult ixStreamAddCallback(IXstream stream, IXstreamCallback callback, void *data, unsigned int flags);

/** An attribute of a stream: see IXlaunchAttributeID. */
IXresult ixStreamGetAttribute(IXstream stream, IXlaunchAttributeID attribute, IXlaunchAttributeValue *value);

/**
 * Sets an attribute of a stream.
 * Differs: the priority of a stream cannot be changed.
 */
IXresult ixStreamSetAttribute(IXstream stream, IXlaunchAttributeID attribute, const IXlaunchAttributeValue *value);

/** Gives a stream the attributes of another one. */
IXresult ixStreamCopyAttributes(IXstream to, IXstream from);

/* Events */

/** Creates an event. */
IXresult ixEventCreate(IXevent *event, unsigned int flags);

/** Destroys an event. */
IXresult ixEventDestroy(IXevent event);

/** Records an event in a stream: it happens when the work before it has completed. */
IXresult ixEventRecord(IXevent event, IXstream stream);

/** IX_SUCCESS when the event has happened or was never recorded, else IX_ERROR_NOT_READY. */
IXresult ixEventQuery(IXevent event);

/** Waits until the event has happened. */
IXresult ixEventSynchronize(IXevent event);

/** Milliseconds between two events that have happened, by the device's clock. */
IXresult ixEventElapsedTime(float *milliseconds, IXevent start, IXevent end);

/** Records an event, with flags. */
IXresult ixEventRecordWithFlags(IXevent event, IXstream stream, unsigned int flags);

/* Waiting for and writing of memory in streams */

/** Holds a stream until a 32-bit value in memory compares with `value` as `flags` say. */
IXresult ixStreamWaitValue32(IXstream stream, IXdeviceptr address, unsigned int value, unsigned int flags);

/** Holds a stream until a 64-bit value in memory compares with `value` as `flags` say. */
IXresult ixStreamWaitValue64(IXstream stream, IXdeviceptr address, unsigned long long value, unsigned int flags);

/** Stores a 32-bit value in a stream's order. */
IXresult ixStreamWriteValue32(IXstream stream, IXdeviceptr address, unsigned int value, unsigned int flags);

/** Stores a 64-bit value in a stream's order. */
IXresult ixStreamWriteValue64(IXstream stream, IXdeviceptr address, unsigned long long value, unsigned int flags);

/** Several of these in one call, in their order: at most 256. */
IXresult ixStreamBatchMemOp(IXstream stream, unsigned int count, IXstreamBatchMemOpParams *list, unsigned int flags);

/* Stream capture */

/** Begins to capture a stream: what it is given becomes nodes of a graph, until ixStreamEndCapture. */
IXresult ixStreamBeginCapture(IXstream stream, IXstreamCaptureMode mode);

/** Begins to capture a stream into a graph that is there, behind some of its nodes. */
IXresult ixStreamBeginCaptureToGraph(IXstream stream, IXgraph graph, const IXgraphNode *dependencies, const IXgraphEdgeData *edges, size_t count, IXstreamCaptureMode mode);

/** Ends the capture that began in a stream, and gives its graph. */
IXresult ixStreamEndCapture(IXstream stream, IXgraph *graph);

/** Whether a stream is captured. */
IXresult ixStreamIsCapturing(IXstream stream, IXstreamCaptureStatus *status);

/**
 * Whether a stream is captured, and the capture's number, graph, and nodes that the next one
 * will depend on, valid until the next such call. All but `status` may be null.
 */
IXresult ixStreamGetCaptureInfo(IXstream stream, IXstreamCaptureStatus *status, unsigned long long *id, IXgraph *graph, const IXgraphNode **dependencies, const IXgraphEdgeData **edges, size_t *count);

/** Changes the nodes that the next one will depend on. */
IXresult ixStreamUpdateCaptureDependencies(IXstream stream, IXgraphNode *dependencies, const IXgraphEdgeData *edges, size_t count, unsigned int flags);

/** Says which captures forbid the calling thread what may disturb them, and gets what was said before. */
IXresult ixThreadExchangeStreamCaptureMode(IXstreamCaptureMode *mode);

/* Graphs */

/** An empty graph. `flags` must be 0. */
IXresult ixGraphCreate(IXgraph *graph, unsigned int flags);

/** Destroys a graph and its nodes. What was instantiated from it stays. */
IXresult ixGraphDestroy(IXgraph graph);

/** A copy of a graph, with copies of its child graphs. */
IXresult ixGraphClone(IXgraph *clone, IXgraph original);

/** The node of a clone that was made from a node. */
IXresult ixGraphNodeFindInClone(IXgraphNode *node, IXgraphNode original, IXgraph clone);

/** All nodes of a graph; with `nodes` null, their number. */
IXresult ixGraphGetNodes(IXgraph graph, IXgraphNode *nodes, size_t *count);

/** Likewise those that depend on no others. */
IXresult ixGraphGetRootNodes(IXgraph graph, IXgraphNode *nodes, size_t *count);

/** All dependencies of a graph; with the lists null, their number. `edges` may be null. */
IXresult ixGraphGetEdges(IXgraph graph, IXgraphNode *from, IXgraphNode *to, IXgraphEdgeData *edges, size_t *count);

/** The nodes that a node depends on; with `nodes` null, their number. `edges` may be null. */
IXresult ixGraphNodeGetDependencies(IXgraphNode node, IXgraphNode *nodes, IXgraphEdgeData *edges, size_t *count);

/** The nodes that depend on a node; with `nodes` null, their number. `edges` may be null. */
IXresult ixGraphNodeGetDependentNodes(IXgraphNode node, IXgraphNode *nodes, IXgraphEdgeData *edges, size_t *count);

/** Adds dependencies: each node of `to` on the one of `from` in the same place. `edges` may be null. */
IXresult ixGraphAddDependencies(IXgraph graph, const IXgraphNode *from, const IXgraphNode *to, const IXgraphEdgeData *edges, size_t count);

/** Removes dependencies. */
IXresult ixGraphRemoveDependencies(IXgraph graph, const IXgraphNode *from, const IXgraphNode *to, const IXgraphEdgeData *edges, size_t count);

/** Removes a node from its graph. */
IXresult ixGraphDestroyNode(IXgraphNode node);

/** What kind of node it is. */
IXresult ixGraphNodeGetType(IXgraphNode node, IXgraphNodeType *type);

/** The number of a graph. */
IXresult ixGraphGetId(IXgraph graph, unsigned int *id);

/** The graph of a node. */
IXresult ixGraphNodeGetContainingGraph(IXgraphNode node, IXgraph *graph);

/** The number of a node in its graph. */
IXresult ixGraphNodeGetLocalId(IXgraphNode node, unsigned int *id);

/** The number of a node among all nodes of the process. */
IXresult ixGraphNodeGetToolsId(IXgraphNode node, unsigned long long *id);

/** Writes a graph as text for the program `dot`. */
IXresult ixGraphDebugDotPrint(IXgraph graph, const char *path, unsigned int flags);

/** Adds a node that launches a kernel; the arguments are copied. */
IXresult ixGraphAddKernelNode(IXgraphNode *node, IXgraph graph, const IXgraphNode *dependencies, size_t count, const IX_KERNEL_NODE_PARAMS_v2 *params);

/** What it launches. */
IXresult ixGraphKernelNodeGetParams(IXgraphNode node, IX_KERNEL_NODE_PARAMS_v2 *params);

/** Changes what it launches. */
IXresult ixGraphKernelNodeSetParams(IXgraphNode node, const IX_KERNEL_NODE_PARAMS_v2 *params);

/** Adds a node that copies a box. Memory that is not pinned is read or written when the node runs. */
IXresult ixGraphAddMemcpyNode(IXgraphNode *node, IXgraph graph, const IXgraphNode *dependencies, size_t count, const IX_MEMCPY3D *params, IXcontext context);

/** What it copies. */
IXresult ixGraphMemcpyNodeGetParams(IXgraphNode node, IX_MEMCPY3D *params);

/** Changes what it copies. */
IXresult ixGraphMemcpyNodeSetParams(IXgraphNode node, const IX_MEMCPY3D *params);

/** Adds a node that fills memory. */
IXresult ixGraphAddMemsetNode(IXgraphNode *node, IXgraph graph, const IXgraphNode *dependencies, size_t count, const IX_MEMSET_NODE_PARAMS *params, IXcontext context);

/** What it fills. */
IXresult ixGraphMemsetNodeGetParams(IXgraphNode node, IX_MEMSET_NODE_PARAMS *params);

/** Changes what it fills. */
IXresult ixGraphMemsetNodeSetParams(IXgraphNode node, const IX_MEMSET_NODE_PARAMS *params);

/** Adds a node that calls a function of the program; see ixLaunchHostFunc. */
IXresult ixGraphAddHostNode(IXgraphNode *node, IXgraph graph, const IXgraphNode *dependencies, size_t count, const IX_HOST_NODE_PARAMS *params);

/** What it calls. */
IXresult ixGraphHostNodeGetParams(IXgraphNode node, IX_HOST_NODE_PARAMS *params);

/** Changes what it calls. */
IXresult ixGraphHostNodeSetParams(IXgraphNode node, const IX_HOST_NODE_PARAMS *params);

/** Adds a node that runs a copy of another graph. */
IXresult ixGraphAddChildGraphNode(IXgraphNode *node, IXgraph graph, const IXgraphNode *dependencies, size_t count, IXgraph child);

/** That copy, which may be changed, and is destroyed with the node. */
IXresult ixGraphChildGraphNodeGetGraph(IXgraphNode node, IXgraph *graph);

/** Adds a node that does nothing, in order. */
IXresult ixGraphAddEmptyNode(IXgraphNode *node, IXgraph graph, const IXgraphNode *dependencies, size_t count);

/** Adds a node that records an event. */
IXresult ixGraphAddEventRecordNode(IXgraphNode *node, IXgraph graph, const IXgraphNode *dependencies, size_t count, IXevent event);

/** The event it records. */
IXresult ixGraphEventRecordNodeGetEvent(IXgraphNode node, IXevent *event);

/** Changes the event it records. */
IXresult ixGraphEventRecordNodeSetEvent(IXgraphNode node, IXevent event);

/** Adds a node that waits for an event, as it was recorded last when the graph is launched. */
IXresult ixGraphAddEventWaitNode(IXgraphNode *node, IXgraph graph, const IXgraphNode *dependencies, size_t count, IXevent event);

/** The event it waits for. */
IXresult ixGraphEventWaitNodeGetEvent(IXgraphNode node, IXevent *event);

/** Changes the event it waits for. */
IXresult ixGraphEventWaitNodeSetEvent(IXgraphNode node, IXevent event);

/** Adds a node that gives memory back that a graph takes. */
IXresult ixGraphAddMemFreeNode(IXgraphNode *node, IXgraph graph, const IXgraphNode *dependencies, size_t count, IXdeviceptr address);

/** The address of the memory it gives back. */
IXresult ixGraphMemFreeNodeGetParams(IXgraphNode node, IXdeviceptr *address);

/** Adds a node that waits for values in memory and stores some; see ixStreamBatchMemOp. */
IXresult ixGraphAddBatchMemOpNode(IXgraphNode *node, IXgraph graph, const IXgraphNode *dependencies, size_t count, const IX_BATCH_MEM_OP_NODE_PARAMS *params);

/** What it waits for and stores. */
IXresult ixGraphBatchMemOpNodeGetParams(IXgraphNode node, IX_BATCH_MEM_OP_NODE_PARAMS *params);

/** Changes what it waits for and stores. */
IXresult ixGraphBatchMemOpNodeSetParams(IXgraphNode node, const IX_BATCH_MEM_OP_NODE_PARAMS *params);

/** Makes a graph that can run, in the current context. */
IXresult ixGraphInstantiate(IXgraphExec *exec, IXgraph graph, unsigned long long flags);

/** Likewise, and says what came of it. */
IXresult ixGraphInstantiateWithParams(IXgraphExec *exec, IXgraph graph, IX_GRAPH_INSTANTIATE_PARAMS *params);

/** Destroys it, once it has run to its end. */
IXresult ixGraphExecDestroy(IXgraphExec exec);

/** The flags it was instantiated with. */
IXresult ixGraphExecGetFlags(IXgraphExec exec, unsigned long long *flags);

/** The number of a graph that can run. */
IXresult ixGraphExecGetId(IXgraphExec exec, unsigned int *id);

/** Prepares the next launch. */
IXresult ixGraphUpload(IXgraphExec exec, IXstream stream);

/** Runs it in a stream, after its earlier launches. */
IXresult ixGraphLaunch(IXgraphExec exec, IXstream stream);

/** Changes what a node launches, from the next launch of the graph on. */
IXresult ixGraphExecKernelNodeSetParams(IXgraphExec exec, IXgraphNode node, const IX_KERNEL_NODE_PARAMS_v2 *params);

/** Likewise what a node copies. */
IXresult ixGraphExecMemcpyNodeSetParams(IXgraphExec exec, IXgraphNode node, const IX_MEMCPY3D *params, IXcontext context);

/** Likewise what a node fills. */
IXresult ixGraphExecMemsetNodeSetParams(IXgraphExec exec, IXgraphNode node, const IX_MEMSET_NODE_PARAMS *params, IXcontext context);

/** Likewise what a node calls. */
IXresult ixGraphExecHostNodeSetParams(IXgraphExec exec, IXgraphNode node, const IX_HOST_NODE_PARAMS *params);

/** Likewise the graph that a node runs, to one of the same shape. */
IXresult ixGraphExecChildGraphNodeSetParams(IXgraphExec exec, IXgraphNode node, IXgraph child);

/** Likewise the event that a node records. */
IXresult ixGraphExecEventRecordNodeSetEvent(IXgraphExec exec, IXgraphNode node, IXevent event);

/** Likewise the event that a node waits for. */
IXresult ixGraphExecEventWaitNodeSetEvent(IXgraphExec exec, IXgraphNode node, IXevent event);

/** Likewise what a node waits for and stores. */
IXresult ixGraphExecBatchMemOpNodeSetParams(IXgraphExec exec, IXgraphNode node, const IX_BATCH_MEM_OP_NODE_PARAMS *params);

/** Makes a kernel, copy or fill node run or not, from the next launch of the graph on. */
IXresult ixGraphNodeSetEnabled(IXgraphExec exec, IXgraphNode node, unsigned int enabled);

/** Whether a node runs. */
IXresult ixGraphNodeGetEnabled(IXgraphExec exec, IXgraphNode node, unsigned int *enabled);

/** Changes all nodes to what those of a graph of the same shape do. */
IXresult ixGraphExecUpdate(IXgraphExec exec, IXgraph graph, IXgraphExecUpdateResultInfo *result);

/**
 * An object of the program with `count` references, for which `destroy` is called when the last one
 * is given back.
 */
IXresult ixUserObjectCreate(IXuserObject *object, void *data, IXhostFn destroy, unsigned int count, unsigned int flags);

/** Takes references to an object. */
IXresult ixUserObjectRetain(IXuserObject object, unsigned int count);

/** Gives references to an object back. */
IXresult ixUserObjectRelease(IXuserObject object, unsigned int count);

/** Makes a graph hold references to an object, and its clones too. */
IXresult ixGraphRetainUserObject(IXgraph graph, IXuserObject object, unsigned int count, unsigned int flags);

/** Makes a graph give references to an object back. */
IXresult ixGraphReleaseUserObject(IXgraph graph, IXuserObject object, unsigned int count);

/** An attribute of a kernel node: see IXlaunchAttributeID. */
IXresult ixGraphKernelNodeGetAttribute(IXgraphNode node, IXlaunchAttributeID attribute, IXlaunchAttributeValue *value);

/** Sets an attribute of a kernel node. */
IXresult ixGraphKernelNodeSetAttribute(IXgraphNode node, IXlaunchAttributeID attribute, const IXlaunchAttributeValue *value);

/** Gives a kernel node the attributes of another one. */
IXresult ixGraphKernelNodeCopyAttributes(IXgraphNode to, IXgraphNode from);

/**
 * Adds a node that takes memory, at the address that is stored in `params`.
 * Differs: of the current context's device only.
 */
IXresult ixGraphAddMemAllocNode(IXgraphNode *node, IXgraph graph, const IXgraphNode *dependencies, size_t count, IX_MEM_ALLOC_NODE_PARAMS *params);

/** What it takes. */
IXresult ixGraphMemAllocNodeGetParams(IXgraphNode node, IX_MEM_ALLOC_NODE_PARAMS *params);

/** How much memory a device's graphs have. */
IXresult ixDeviceGetGraphMemAttribute(IXdevice device, IXgraphMem_attribute attribute, void *value);

/** Sets the most so far to what there is now. */
IXresult ixDeviceSetGraphMemAttribute(IXdevice device, IXgraphMem_attribute attribute, void *value);

/** Gives memory back that no graph reserves: there is none. */
IXresult ixDeviceGraphMemTrim(IXdevice device);

/**
 * Adds a node of any type.
 * Differs: semaphores and conditional nodes are IX_ERROR_NOT_SUPPORTED.
 */
IXresult ixGraphAddNode(IXgraphNode *node, IXgraph graph, const IXgraphNode *dependencies, const IXgraphEdgeData *edges, size_t count, IXgraphNodeParams *params);

/** Changes what a node does. */
IXresult ixGraphNodeSetParams(IXgraphNode node, IXgraphNodeParams *params);

/** What a node does. */
IXresult ixGraphNodeGetParams(IXgraphNode node, IXgraphNodeParams *params);

/** Changes what a node does in an instantiated graph. */
IXresult ixGraphExecNodeSetParams(IXgraphExec exec, IXgraphNode node, IXgraphNodeParams *params);

/* Profiler, logs, core dumps and checkpoints */

/** Begins a region that a profiler is to look at. There is no profiler. */
IXresult ixProfilerStart(void);

/** Ends it. */
IXresult ixProfilerStop(void);

/** Adds a function that is told of every call that fails, on the thread that failed. */
IXresult ixLogsRegisterCallback(IXlogsCallback callback, void *data, IXlogsCallbackHandle *handle);

/** Removes it. */
IXresult ixLogsUnregisterCallback(IXlogsCallbackHandle handle);

/** The place in the log after the last entry. */
IXresult ixLogsCurrent(unsigned int *iterator, unsigned int flags);

/** Appends the entries from a place on to a file, and moves the place; null: all of the last 100. */
IXresult ixLogsDumpToFile(unsigned int *iterator, const char *path, unsigned int flags);

/**
 * Likewise, to memory; `size` is its size and becomes the size of the text with its NUL. When it
 * is too small the oldest entries are left out.
 */
IXresult ixLogsDumpToMemory(unsigned int *iterator, char *buffer, size_t *size, unsigned int flags);

/**
 * A setting of what the current context leaves behind when a kernel fails.
 * Differs: a report in text.
 */
IXresult ixCoredumpGetAttribute(IXcoredumpSettings attribute, void *value, size_t *size);

/**
 * Likewise, with which new contexts begin.
 * Differs: likewise.
 */
IXresult ixCoredumpGetAttributeGlobal(IXcoredumpSettings attribute, void *value, size_t *size);

/**
 * Changes a setting of the current context.
 * Differs: likewise.
 */
IXresult ixCoredumpSetAttribute(IXcoredumpSettings attribute, void *value, size_t *size);

/**
 * Changes a setting with which new contexts begin.
 * Differs: likewise.
 */
IXresult ixCoredumpSetAttributeGlobal(IXcoredumpSettings attribute, void *value, size_t *size);

#ifdef __cplusplus
}
#endif

#endif /* IXRT_H */

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Generated from the tables in libixrt/src/api by `cargo run -p ixrt --example interface`; do not edit. */
#ifndef IXCUDA_H
#define IXCUDA_H

/**
 * The CUDA driver interface as far as the IX runtime has it: see docs/cuda-api.md.
 *
 * Programs that are written for CUDA's driver interface compile with this header and link with
 * -lcuda, that is libixrt under its other name.
 */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A device: its number. */
typedef int CUdevice;
/** An address in device memory. */
typedef unsigned long long CUdeviceptr;
/** Memory that a program created, whatever addresses it has. */
typedef unsigned long long CUmemGenericAllocationHandle;
/** A context. */
typedef struct CUcontext_st *CUcontext;
/** A pool of memory. */
typedef struct CUmemoryPool_st *CUmemoryPool;
/** An array. */
typedef struct CUarray_st *CUarray;
/** An array and smaller forms of it. */
typedef struct CUmipmappedArray_st *CUmipmappedArray;
/** Memory that came by a descriptor. */
typedef struct CUexternalMemory_st *CUexternalMemory;
/** A loaded module. */
typedef struct CUmodule_st *CUmodule;
/** A kernel of a module. */
typedef struct CUfunction_st *CUfunction;
/** Code that is loaded into each context that needs it. */
typedef struct CUlibrary_st *CUlibrary;
/** A kernel of a library, for all contexts; it may be launched in the place of a function. */
typedef struct CUkernel_st *CUkernel;
/** A stream; null is the default stream of the current context. */
typedef struct CUstream_st *CUstream;
/** An event. */
typedef struct CUevent_st *CUevent;
/** A link. */
typedef struct CUlinkState_st *CUlinkState;
/** A graph: work that is described and run later. */
typedef struct CUgraph_st *CUgraph;
/** A node of a graph. */
typedef struct CUgraphNode_st *CUgraphNode;
/** A graph that can run. */
typedef struct CUgraphExec_st *CUgraphExec;
/** An object of the program that lives as long as graphs need it. */
typedef struct CUuserObject_st *CUuserObject;
/** A function that is told of the log. */
typedef struct CUlogsCallbackHandle_st *CUlogsCallbackHandle;

/** Error codes; the numbers are those of CUresult. */
typedef enum CUresult_enum {
    /** No error. */
    CUDA_SUCCESS = 0,
    /** An argument is out of its range or does not fit the others. */
    CUDA_ERROR_INVALID_VALUE = 1,
    /** Out of memory. */
    CUDA_ERROR_OUT_OF_MEMORY = 2,
    /** The library is not initialised: cuInit was not called or failed. */
    CUDA_ERROR_NOT_INITIALIZED = 3,
    /** The library is shutting down. */
    CUDA_ERROR_DEINITIALIZED = 4,
    /** Profiling was not initialised. */
    CUDA_ERROR_PROFILER_DISABLED = 5,
    /** The library is a stub that has no device. */
    CUDA_ERROR_STUB_LIBRARY = 34,
    /** The device is not available: it stopped answering or its process has ended. */
    CUDA_ERROR_DEVICE_UNAVAILABLE = 46,
    /** There is no device. */
    CUDA_ERROR_NO_DEVICE = 100,
    /** There is no device with this number. */
    CUDA_ERROR_INVALID_DEVICE = 101,
    /** The device has no licence. */
    CUDA_ERROR_DEVICE_NOT_LICENSED = 102,
    /** The image is not a module that this library can load. */
    CUDA_ERROR_INVALID_IMAGE = 200,
    /** There is no current context, or the handle is not one of a live context. */
    CUDA_ERROR_INVALID_CONTEXT = 201,
    /** The context is current already. */
    CUDA_ERROR_CONTEXT_ALREADY_CURRENT = 202,
    /** Memory could not be mapped. */
    CUDA_ERROR_MAP_FAILED = 205,
    /** Memory could not be unmapped. */
    CUDA_ERROR_UNMAP_FAILED = 206,
    /** The array is mapped. */
    CUDA_ERROR_ARRAY_IS_MAPPED = 207,
    /** The addresses are mapped already. */
    CUDA_ERROR_ALREADY_MAPPED = 208,
    /** The image has no code for this device. */
    CUDA_ERROR_NO_BINARY_FOR_GPU = 209,
    /** The resource was acquired already. */
    CUDA_ERROR_ALREADY_ACQUIRED = 210,
    /** The resource is not mapped. */
    CUDA_ERROR_NOT_MAPPED = 211,
    /** The resource is not mapped as an array. */
    CUDA_ERROR_NOT_MAPPED_AS_ARRAY = 212,
    /** The resource is not mapped as an address. */
    CUDA_ERROR_NOT_MAPPED_AS_POINTER = 213,
    /** Memory has an error that could not be corrected. */
    CUDA_ERROR_ECC_UNCORRECTABLE = 214,
    /** The device has no such limit. */
    CUDA_ERROR_UNSUPPORTED_LIMIT = 215,
    /** Another thread uses the context. */
    CUDA_ERROR_CONTEXT_ALREADY_IN_USE = 216,
    /** The devices do not reach each other's memory. */
    CUDA_ERROR_PEER_ACCESS_UNSUPPORTED = 217,
    /** The PTX text does not compile. */
    CUDA_ERROR_INVALID_PTX = 218,
    /** The graphics context is invalid. */
    CUDA_ERROR_INVALID_GRAPHICS_CONTEXT = 219,
    /** The link has an error that could not be corrected. */
    CUDA_ERROR_NVLINK_UNCORRECTABLE = 220,
    /** There is no compiler. */
    CUDA_ERROR_JIT_COMPILER_NOT_FOUND = 221,
    /** The PTX version is not supported. */
    CUDA_ERROR_UNSUPPORTED_PTX_VERSION = 222,
    /** Compiling was disabled. */
    CUDA_ERROR_JIT_COMPILATION_DISABLED = 223,
    /** The device cannot be divided in this way. */
    CUDA_ERROR_UNSUPPORTED_EXEC_AFFINITY = 224,
    /** The code needs device-side synchronisation that is not supported. */
    CUDA_ERROR_UNSUPPORTED_DEVSIDE_SYNC = 225,
    /** The device contained an error. */
    CUDA_ERROR_CONTAINED = 226,
    /** The kernel source is invalid. */
    CUDA_ERROR_INVALID_SOURCE = 300,
    /** The file was not found. */
    CUDA_ERROR_FILE_NOT_FOUND = 301,
    /** A symbol of a shared library was not found. */
    CUDA_ERROR_SHARED_OBJECT_SYMBOL_NOT_FOUND = 302,
    /** A shared library could not be initialised. */
    CUDA_ERROR_SHARED_OBJECT_INIT_FAILED = 303,
    /** The operating system refused an operation. */
    CUDA_ERROR_OPERATING_SYSTEM = 304,
    /** The handle is not valid, or no longer. */
    CUDA_ERROR_INVALID_HANDLE = 400,
    /** The object is not in a state that allows the operation. */
    CUDA_ERROR_ILLEGAL_STATE = 401,
    /** The object would be read without what gives it its meaning. */
    CUDA_ERROR_LOSSY_QUERY = 402,
    /** There is nothing with this name. */
    CUDA_ERROR_NOT_FOUND = 500,
    /** Work has not completed yet; this is no failure. */
    CUDA_ERROR_NOT_READY = 600,
    /** A kernel accessed an address that is not mapped, or not with that permission. */
    CUDA_ERROR_ILLEGAL_ADDRESS = 700,
    /** The launch needs more resources than the device has. */
    CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES = 701,
    /** A kernel ran longer than it may. */
    CUDA_ERROR_LAUNCH_TIMEOUT = 702,
    /** Textures and launch do not fit. */
    CUDA_ERROR_LAUNCH_INCOMPATIBLE_TEXTURING = 703,
    /** Access to the peer is enabled already. */
    CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED = 704,
    /** Access to the peer is not enabled. */
    CUDA_ERROR_PEER_ACCESS_NOT_ENABLED = 705,
    /** The primary context is active already. */
    CUDA_ERROR_PRIMARY_CONTEXT_ACTIVE = 708,
    /** The current context has been destroyed. */
    CUDA_ERROR_CONTEXT_IS_DESTROYED = 709,
    /** An assertion of a kernel failed. */
    CUDA_ERROR_ASSERT = 710,
    /** Too many peers. */
    CUDA_ERROR_TOO_MANY_PEERS = 711,
    /** The host memory is registered already. */
    CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED = 712,
    /** The host memory is not registered. */
    CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED = 713,
    /** The kernel nested calls too deeply, or returned without a call. */
    CUDA_ERROR_HARDWARE_STACK_ERROR = 714,
    /** A kernel met an instruction that the device does not know. */
    CUDA_ERROR_ILLEGAL_INSTRUCTION = 715,
    /** A kernel accessed an address that is not aligned to the size of the access. */
    CUDA_ERROR_MISALIGNED_ADDRESS = 716,
    /** A kernel accessed an address outside the shared, local or parameter space it belongs to. */
    CUDA_ERROR_INVALID_ADDRESS_SPACE = 717,
    /** A kernel's program counter left its code. */
    CUDA_ERROR_INVALID_PC = 718,
    /** A kernel failed. */
    CUDA_ERROR_LAUNCH_FAILED = 719,
    /** A cooperative grid has more blocks than the device holds at once. */
    CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE = 720,
    /** The operation is not permitted. */
    CUDA_ERROR_NOT_PERMITTED = 800,
    /** The operation is not supported. */
    CUDA_ERROR_NOT_SUPPORTED = 801,
    /** The operation is not permitted while a stream is captured. */
    CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900,
    /** The capture was made invalid by an earlier error. */
    CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901,
    /** The operation would have joined two captures. */
    CUDA_ERROR_STREAM_CAPTURE_MERGE = 902,
    /** The capture did not begin in this stream. */
    CUDA_ERROR_STREAM_CAPTURE_UNMATCHED = 903,
    /** The capture has work in a stream that was not joined to the one it began in. */
    CUDA_ERROR_STREAM_CAPTURE_UNJOINED = 904,
    /** A dependency would have crossed the bounds of the capture. */
    CUDA_ERROR_STREAM_CAPTURE_ISOLATION = 905,
    /** The operation would have made a captured stream wait for the null stream, or the other way round. */
    CUDA_ERROR_STREAM_CAPTURE_IMPLICIT = 906,
    /** The event was recorded in a captured stream, so it never happens. */
    CUDA_ERROR_CAPTURED_EVENT = 907,
    /** The capture began on another thread. */
    CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD = 908,
    /** The graph differs from the instantiated one in more than an update can change. */
    CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE = 910,
    /** An internal error. */
    CUDA_ERROR_UNKNOWN = 999,
} CUresult;

/** What cuDeviceGetP2PAttribute tells of two devices. */
typedef enum CUdevice_P2PAttribute_enum {
    /** How fast the link is, compared with others. */
    CU_DEVICE_P2P_ATTRIBUTE_PERFORMANCE_RANK = 1,
    /** Whether one reaches the memory of the other. */
    CU_DEVICE_P2P_ATTRIBUTE_ACCESS_SUPPORTED = 2,
    /** Whether the link has atomic operations. */
    CU_DEVICE_P2P_ATTRIBUTE_NATIVE_ATOMIC_SUPPORTED = 3,
    /** Whether arrays can be accessed over the link. */
    CU_DEVICE_P2P_ATTRIBUTE_CUDA_ARRAY_ACCESS_SUPPORTED = 4,
    /** Whether only some atomic operations are native. */
    CU_DEVICE_P2P_ATTRIBUTE_ONLY_PARTIAL_NATIVE_ATOMIC_SUPPORTED = 5,
} CUdevice_P2PAttribute;

/** An atomic operation, as capabilities tell of it. */
typedef enum CUatomicOperation_enum {
    /** Addition of integers. */
    CU_ATOMIC_OPERATION_INTEGER_ADD = 0,
    /** Minimum of integers. */
    CU_ATOMIC_OPERATION_INTEGER_MIN = 1,
    /** Maximum of integers. */
    CU_ATOMIC_OPERATION_INTEGER_MAX = 2,
    /** Increment with wrap-around. */
    CU_ATOMIC_OPERATION_INTEGER_INCREMENT = 3,
    /** Decrement with wrap-around. */
    CU_ATOMIC_OPERATION_INTEGER_DECREMENT = 4,
    /** And. */
    CU_ATOMIC_OPERATION_AND = 5,
    /** Or. */
    CU_ATOMIC_OPERATION_OR = 6,
    /** Exclusive or. */
    CU_ATOMIC_OPERATION_XOR = 7,
    /** Exchange. */
    CU_ATOMIC_OPERATION_EXCHANGE = 8,
    /** Compare and swap. */
    CU_ATOMIC_OPERATION_CAS = 9,
    /** Addition of floats. */
    CU_ATOMIC_OPERATION_FLOAT_ADD = 10,
    /** Minimum of floats. */
    CU_ATOMIC_OPERATION_FLOAT_MIN = 11,
    /** Maximum of floats. */
    CU_ATOMIC_OPERATION_FLOAT_MAX = 12,
} CUatomicOperation;

/** What cuDeviceGetAttribute tells. */
typedef enum CUdevice_attribute_enum {
    /** Largest number of threads in a block. */
    CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 1,
    /** Largest x of a block. */
    CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X = 2,
    /** Largest y of a block. */
    CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y = 3,
    /** Largest z of a block. */
    CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z = 4,
    /** Largest x of a grid. */
    CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X = 5,
    /** Largest y of a grid. */
    CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y = 6,
    /** Largest z of a grid. */
    CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z = 7,
    /** Bytes of shared memory that a block may use without asking. */
    CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK = 8,
    /** Bytes of constant memory. */
    CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY = 9,
    /** Threads of a warp. */
    CU_DEVICE_ATTRIBUTE_WARP_SIZE = 10,
    /** Largest pitch of a copy of rows in bytes. */
    CU_DEVICE_ATTRIBUTE_MAX_PITCH = 11,
    /** 32-bit registers that a block may use. */
    CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK = 12,
    /** Core clock in kHz. */
    CU_DEVICE_ATTRIBUTE_CLOCK_RATE = 13,
    /** Alignment of textures. */
    CU_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT = 14,
    /** Whether copies and kernels run side by side. */
    CU_DEVICE_ATTRIBUTE_GPU_OVERLAP = 15,
    /** Number of SMs. */
    CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT = 16,
    /** Whether kernels have a time limit. */
    CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT = 17,
    /** Whether the device shares the host's memory. */
    CU_DEVICE_ATTRIBUTE_INTEGRATED = 18,
    /** Whether the device reaches pinned host memory. */
    CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY = 19,
    /** Who may use the device: 0, everybody. */
    CU_DEVICE_ATTRIBUTE_COMPUTE_MODE = 20,
    /** Whether several kernels run side by side. */
    CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS = 31,
    /** Whether memory is protected by an error-correcting code. */
    CU_DEVICE_ATTRIBUTE_ECC_ENABLED = 32,
    /** PCI bus. */
    CU_DEVICE_ATTRIBUTE_PCI_BUS_ID = 33,
    /** PCI device. */
    CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID = 34,
    /** Memory clock in kHz. */
    CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE = 36,
    /** Width of the memory bus in bits. */
    CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH = 37,
    /** Bytes of level-2 cache. */
    CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE = 38,
    /** Resident threads of an SM. */
    CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR = 39,
    /** Number of copy engines. */
    CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT = 40,
    /** Whether host and device addresses are one space. */
    CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING = 41,
    /** PCI domain. */
    CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID = 50,
    /** Compute capability, major. */
    CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75,
    /** Compute capability, minor. */
    CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76,
    /** Whether streams have priorities. */
    CU_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED = 78,
    /** Bytes of shared memory of an SM. */
    CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR = 81,
    /** 32-bit registers of an SM. */
    CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR = 82,
    /** Whether there is memory that migrates between host and device. */
    CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY = 83,
    /** Whether the device has atomic operations on host memory. */
    CU_DEVICE_ATTRIBUTE_HOST_NATIVE_ATOMIC_SUPPORTED = 86,
    /** Whether the device reaches pageable memory of the host. */
    CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS = 88,
    /** Whether host and device may use managed memory at the same time. */
    CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS = 89,
    /** Whether kernels can be interrupted for others. */
    CU_DEVICE_ATTRIBUTE_COMPUTE_PREEMPTION_SUPPORTED = 90,
    /** Whether the device reaches registered memory at the host's address. */
    CU_DEVICE_ATTRIBUTE_CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM = 91,
    /** Whether streams wait for values in memory, by the first form of those functions. */
    CU_DEVICE_ATTRIBUTE_CAN_USE_STREAM_MEM_OPS_V1 = 92,
    /** Whether streams wait for and write 64-bit values. */
    CU_DEVICE_ATTRIBUTE_CAN_USE_64_BIT_STREAM_MEM_OPS = 93,
    /** Whether streams wait for bits that are not all 1. */
    CU_DEVICE_ATTRIBUTE_CAN_USE_STREAM_WAIT_VALUE_NOR = 94,
    /** Whether blocks of a grid may wait for one another. */
    CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH = 95,
    /** Bytes of shared memory that a block may use when its function asks for it. */
    CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97,
    /** Whether memory of the program can be registered. */
    CU_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED = 99,
    /** Whether addresses and memory can be taken apart. */
    CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED = 102,
    /** Whether memory can be exported to file descriptors. */
    CU_DEVICE_ATTRIBUTE_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR_SUPPORTED = 103,
    /** Resident blocks of an SM. */
    CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR = 106,
    /** Bytes of shared memory of a block that the device keeps for itself. */
    CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK = 111,
    /** Whether there are memory pools. */
    CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED = 115,
} CUdevice_attribute;

/** Preference of banks of shared memory; without effect. */
typedef enum CUsharedconfig_enum {
    /** The device's. */
    CU_SHARED_MEM_CONFIG_DEFAULT_BANK_SIZE = 0,
    /** Four bytes. */
    CU_SHARED_MEM_CONFIG_FOUR_BYTE_BANK_SIZE = 1,
    /** Eight bytes. */
    CU_SHARED_MEM_CONFIG_EIGHT_BYTE_BANK_SIZE = 2,
} CUsharedconfig;

/** What of a device a context may be bound to. */
typedef enum CUexecAffinityType_enum {
    /** A number of SMs. */
    CU_EXEC_AFFINITY_TYPE_SM_COUNT = 0,
} CUexecAffinityType;

/** Kinds of external memory. */
typedef enum CUexternalMemoryHandleType_enum {
    /** A file descriptor of cuMemExportToShareableHandle. */
    CU_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD = 1,
} CUexternalMemoryHandleType;

/** Whose writes are to be seen. */
typedef enum CUflushGPUDirectRDMAWritesTarget_enum {
    /** Those to the memory of the current context's device. */
    CU_FLUSH_GPU_DIRECT_RDMA_WRITES_TARGET_CURRENT_CTX = 0,
} CUflushGPUDirectRDMAWritesTarget;

/** Who is to see them. */
typedef enum CUflushGPUDirectRDMAWritesScope_enum {
    /** Its owner. */
    CU_FLUSH_GPU_DIRECT_RDMA_WRITES_TO_OWNER = 100,
    /** All devices. */
    CU_FLUSH_GPU_DIRECT_RDMA_WRITES_TO_ALL_DEVICES = 200,
} CUflushGPUDirectRDMAWritesScope;

/** Sides of a copy of a batch. */
typedef enum CUmemcpy3DOperandType_enum {
    /** An address. */
    CU_MEMCPY_OPERAND_TYPE_POINTER = 1,
    /** An array. */
    CU_MEMCPY_OPERAND_TYPE_ARRAY = 2,
} CUmemcpy3DOperandType;

/** What cuPointerGetAttribute tells. */
typedef enum CUpointer_attribute_enum {
    /** The context that the memory belongs to. */
    CU_POINTER_ATTRIBUTE_CONTEXT = 1,
    /** The type of the memory, an CUmemorytype. */
    CU_POINTER_ATTRIBUTE_MEMORY_TYPE = 2,
    /** The device's address of the byte. */
    CU_POINTER_ATTRIBUTE_DEVICE_POINTER = 3,
    /** The host's address of the byte. */
    CU_POINTER_ATTRIBUTE_HOST_POINTER = 4,
    /** Tokens for other drivers; not supported. */
    CU_POINTER_ATTRIBUTE_P2P_TOKENS = 5,
    /** Whether operations on the memory wait; may be set, and always holds. */
    CU_POINTER_ATTRIBUTE_SYNC_MEMOPS = 6,
    /** A number that no other allocation of the process ever has. */
    CU_POINTER_ATTRIBUTE_BUFFER_ID = 7,
    /** Whether it is managed. */
    CU_POINTER_ATTRIBUTE_IS_MANAGED = 8,
    /** The device of the memory. */
    CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL = 9,
    /** Whether it can be shared by cuIpcGetMemHandle: it cannot. */
    CU_POINTER_ATTRIBUTE_IS_LEGACY_CUDA_IPC_CAPABLE = 10,
    /** First address of the allocation. */
    CU_POINTER_ATTRIBUTE_RANGE_START_ADDR = 11,
    /** Bytes of the allocation. */
    CU_POINTER_ATTRIBUTE_RANGE_SIZE = 12,
    /** Whether there is memory at the address. */
    CU_POINTER_ATTRIBUTE_MAPPED = 13,
    /** Kinds of handles it may be exported to. */
    CU_POINTER_ATTRIBUTE_ALLOWED_HANDLE_TYPES = 14,
    /** Whether other devices reach it: they do not. */
    CU_POINTER_ATTRIBUTE_IS_GPU_DIRECT_RDMA_CAPABLE = 15,
    /** What the device may do with it. */
    CU_POINTER_ATTRIBUTE_ACCESS_FLAGS = 16,
    /** The pool it is from. */
    CU_POINTER_ATTRIBUTE_MEMPOOL_HANDLE = 17,
    /** Bytes of the mapping. */
    CU_POINTER_ATTRIBUTE_MAPPING_SIZE = 18,
    /** First address of the mapping. */
    CU_POINTER_ATTRIBUTE_MAPPING_BASE_ADDR = 19,
    /** The number of the memory behind it. */
    CU_POINTER_ATTRIBUTE_MEMORY_BLOCK_ID = 20,
    /** Whether it can be unpacked by hardware: it cannot. */
    CU_POINTER_ATTRIBUTE_IS_HW_DECOMPRESS_CAPABLE = 21,
} CUpointer_attribute;

/** What a program says of its use of managed memory. */
typedef enum CUmem_advise_enum {
    /** It is mostly read. */
    CU_MEM_ADVISE_SET_READ_MOSTLY = 1,
    /** It is not. */
    CU_MEM_ADVISE_UNSET_READ_MOSTLY = 2,
    /** Where it should be. */
    CU_MEM_ADVISE_SET_PREFERRED_LOCATION = 3,
    /** That does not matter. */
    CU_MEM_ADVISE_UNSET_PREFERRED_LOCATION = 4,
    /** Who will use it. */
    CU_MEM_ADVISE_SET_ACCESSED_BY = 5,
    /** Who will not. */
    CU_MEM_ADVISE_UNSET_ACCESSED_BY = 6,
} CUmem_advise;

/** What cuMemRangeGetAttribute tells. */
typedef enum CUmem_range_attribute_enum {
    /** Whether it is mostly read. */
    CU_MEM_RANGE_ATTRIBUTE_READ_MOSTLY = 1,
    /** Where it should be: a device, CU_DEVICE_CPU or CU_DEVICE_INVALID. */
    CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION = 2,
    /** Who will use it, a list. */
    CU_MEM_RANGE_ATTRIBUTE_ACCESSED_BY = 3,
    /** Where it was last asked to be. */
    CU_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION = 4,
    /** Type of where it should be. */
    CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION_TYPE = 5,
    /** Number of where it should be. */
    CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION_ID = 6,
    /** Type of where it was last asked to be. */
    CU_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION_TYPE = 7,
    /** Number of where it was last asked to be. */
    CU_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION_ID = 8,
} CUmem_range_attribute;

/** Kinds of places for memory. */
typedef enum CUmemLocationType_enum {
    /** None. */
    CU_MEM_LOCATION_TYPE_INVALID = 0,
    /** A device. */
    CU_MEM_LOCATION_TYPE_DEVICE = 1,
    /** The host. */
    CU_MEM_LOCATION_TYPE_HOST = 2,
    /** A node of the host. */
    CU_MEM_LOCATION_TYPE_HOST_NUMA = 3,
    /** The node of the host that the calling thread runs on. */
    CU_MEM_LOCATION_TYPE_HOST_NUMA_CURRENT = 4,
} CUmemLocationType;

/** Kinds of memory that can be created. */
typedef enum CUmemAllocationType_enum {
    /** None. */
    CU_MEM_ALLOCATION_TYPE_INVALID = 0,
    /** It stays where it is. */
    CU_MEM_ALLOCATION_TYPE_PINNED = 1,
    /** It may move; not supported. */
    CU_MEM_ALLOCATION_TYPE_MANAGED = 2,
} CUmemAllocationType;

/** Kinds of handles that memory can be exported to. */
typedef enum CUmemAllocationHandleType_enum {
    /** None. */
    CU_MEM_HANDLE_TYPE_NONE = 0,
    /** A file descriptor. */
    CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR = 1,
    /** A handle of Windows; not supported. */
    CU_MEM_HANDLE_TYPE_WIN32 = 2,
    /** Another one; not supported. */
    CU_MEM_HANDLE_TYPE_WIN32_KMT = 4,
    /** A handle for other machines; not supported. */
    CU_MEM_HANDLE_TYPE_FABRIC = 8,
} CUmemAllocationHandleType;

/** What a place may do with memory. */
typedef enum CUmemAccess_flags_enum {
    /** Nothing. */
    CU_MEM_ACCESS_FLAGS_PROT_NONE = 0,
    /** Read. */
    CU_MEM_ACCESS_FLAGS_PROT_READ = 1,
    /** Read and write. */
    CU_MEM_ACCESS_FLAGS_PROT_READWRITE = 3,
} CUmemAccess_flags;

/** Which granularity is asked for. */
typedef enum CUmemAllocationGranularity_flags_enum {
    /** The smallest possible. */
    CU_MEM_ALLOC_GRANULARITY_MINIMUM = 0,
    /** The best. */
    CU_MEM_ALLOC_GRANULARITY_RECOMMENDED = 1,
} CUmemAllocationGranularity_flags;

/** What cuMemPoolGetAttribute tells and cuMemPoolSetAttribute sets. */
typedef enum CUmemPool_attribute_enum {
    /** Whether memory is taken again after an event that was waited for; an int. */
    CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES = 1,
    /** Whether memory is taken again when the device has come so far; an int. */
    CU_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC = 2,
    /** Whether memory is taken again with a new wait; an int. */
    CU_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES = 3,
    /** Bytes that are kept when they are not used. */
    CU_MEMPOOL_ATTR_RELEASE_THRESHOLD = 4,
    /** Bytes held. */
    CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT = 5,
    /** The most so far; may be set to 0. */
    CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH = 6,
    /** Bytes used. */
    CU_MEMPOOL_ATTR_USED_MEM_CURRENT = 7,
    /** The most so far; may be set to 0. */
    CU_MEMPOOL_ATTR_USED_MEM_HIGH = 8,
} CUmemPool_attribute;

/** Types of an array's channels. */
typedef enum CUarray_format_enum {
    /** 8 bits, unsigned. */
    CU_AD_FORMAT_UNSIGNED_INT8 = 1,
    /** 16 bits, unsigned. */
    CU_AD_FORMAT_UNSIGNED_INT16 = 2,
    /** 32 bits, unsigned. */
    CU_AD_FORMAT_UNSIGNED_INT32 = 3,
    /** 8 bits, signed. */
    CU_AD_FORMAT_SIGNED_INT8 = 8,
    /** 16 bits, signed. */
    CU_AD_FORMAT_SIGNED_INT16 = 9,
    /** 32 bits, signed. */
    CU_AD_FORMAT_SIGNED_INT32 = 10,
    /** A float of 16 bits. */
    CU_AD_FORMAT_HALF = 16,
    /** A float of 32 bits. */
    CU_AD_FORMAT_FLOAT = 32,
} CUarray_format;

/** When the source of a copy is read. */
typedef enum CUmemcpySrcAccessOrder_enum {
    /** None. */
    CU_MEMCPY_SRC_ACCESS_ORDER_INVALID = 0,
    /** In the order of the stream. */
    CU_MEMCPY_SRC_ACCESS_ORDER_STREAM = 1,
    /** Before the call returns. */
    CU_MEMCPY_SRC_ACCESS_ORDER_DURING_API_CALL = 2,
    /** At any time. */
    CU_MEMCPY_SRC_ACCESS_ORDER_ANY = 3,
} CUmemcpySrcAccessOrder;

/** Where a side of a copy of rows is. */
typedef enum CUmemorytype_enum {
    /** Host memory. */
    CU_MEMORYTYPE_HOST = 1,
    /** Device memory. */
    CU_MEMORYTYPE_DEVICE = 2,
    /** An array; not supported. */
    CU_MEMORYTYPE_ARRAY = 3,
    /** What the address says. */
    CU_MEMORYTYPE_UNIFIED = 4,
} CUmemorytype;

/** When the code of modules is loaded. */
typedef enum CUmoduleLoadingMode_enum {
    /** With the module. */
    CU_MODULE_EAGER_LOADING = 1,
    /** When it is needed. */
    CU_MODULE_LAZY_LOADING = 2,
} CUmoduleLoadingMode;

/** Whether a function's code is loaded. */
typedef enum CUfunctionLoadingState_enum {
    /** It is not. */
    CU_FUNCTION_LOADING_STATE_UNLOADED = 0,
    /** It is. */
    CU_FUNCTION_LOADING_STATE_LOADED = 1,
    /** One more than the last state. */
    CU_FUNCTION_LOADING_STATE_MAX = 2,
} CUfunctionLoadingState;

/** Options of cuLibraryLoadData. */
typedef enum CUlibraryOption_enum {
    /** Host functions and handles of kernels; without effect. */
    CU_LIBRARY_HOST_UNIVERSAL_FUNCTION_AND_DATA_TABLE = 0,
    /** The image stays valid until the library is unloaded. */
    CU_LIBRARY_BINARY_IS_PRESERVED = 1,
    /** One more than the last option. */
    CU_LIBRARY_NUM_OPTIONS = 2,
} CUlibraryOption;

/** What cuFuncGetAttribute tells. */
typedef enum CUfunction_attribute_enum {
    /** Largest number of threads in a block of this function. */
    CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 0,
    /** Bytes of static shared memory. */
    CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES = 1,
    /** Bytes of the module's constants. */
    CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES = 2,
    /** Bytes of local memory of a thread. */
    CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES = 3,
    /** Registers of a thread. */
    CU_FUNC_ATTRIBUTE_NUM_REGS = 4,
    /** PTX version, ten times major plus minor. */
    CU_FUNC_ATTRIBUTE_PTX_VERSION = 5,
    /** Version of the machine code, likewise. */
    CU_FUNC_ATTRIBUTE_BINARY_VERSION = 6,
    /** Whether global loads are cached in level 1. */
    CU_FUNC_ATTRIBUTE_CACHE_MODE_CA = 7,
    /** Bytes of dynamic shared memory that launches may ask for; may be set. */
    CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES = 8,
    /** Preferred share of shared memory in percent, or -1; may be set, and has no effect. */
    CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT = 9,
} CUfunction_attribute;

/** Preference between cache and shared memory; without effect. */
typedef enum CUfunc_cache_enum {
    /** None. */
    CU_FUNC_CACHE_PREFER_NONE = 0,
    /** Shared memory. */
    CU_FUNC_CACHE_PREFER_SHARED = 1,
    /** Cache. */
    CU_FUNC_CACHE_PREFER_L1 = 2,
    /** Both alike. */
    CU_FUNC_CACHE_PREFER_EQUAL = 3,
} CUfunc_cache;

/** Options of cuModuleLoadDataEx. Others are accepted and have no effect. */
typedef enum CUjit_option_enum {
    /** In: most registers of a thread. No effect. */
    CU_JIT_MAX_REGISTERS = 0,
    /** Out: milliseconds that compiling took, as a float. */
    CU_JIT_WALL_TIME = 2,
    /** In: a buffer for remarks. */
    CU_JIT_INFO_LOG_BUFFER = 3,
    /** In: its size in bytes; out: bytes written. */
    CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES = 4,
    /** In: a buffer for errors. */
    CU_JIT_ERROR_LOG_BUFFER = 5,
    /** In: its size in bytes; out: bytes written. */
    CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES = 6,
    /** In: 0 to 4. No effect. */
    CU_JIT_OPTIMIZATION_LEVEL = 7,
} CUjit_option;

/** Whether a stream is captured. */
typedef enum CUstreamCaptureStatus_enum {
    /** It is not. */
    CU_STREAM_CAPTURE_STATUS_NONE = 0,
    /** It is. */
    CU_STREAM_CAPTURE_STATUS_ACTIVE = 1,
    /** It is, and an error has made the capture invalid. */
    CU_STREAM_CAPTURE_STATUS_INVALIDATED = 2,
} CUstreamCaptureStatus;

/** To whom calls that may disturb a capture are refused meanwhile. */
typedef enum CUstreamCaptureMode_enum {
    /** To all threads. */
    CU_STREAM_CAPTURE_MODE_GLOBAL = 0,
    /** To the thread that captures. */
    CU_STREAM_CAPTURE_MODE_THREAD_LOCAL = 1,
    /** To nobody. */
    CU_STREAM_CAPTURE_MODE_RELAXED = 2,
} CUstreamCaptureMode;

/** An operation on a value in memory. */
typedef enum CUstreamBatchMemOpType_enum {
    /** Waits for a 32-bit value. */
    CU_STREAM_MEM_OP_WAIT_VALUE_32 = 1,
    /** Stores a 32-bit value. */
    CU_STREAM_MEM_OP_WRITE_VALUE_32 = 2,
    /** Makes writes of other devices visible; a stream does so anyway. */
    CU_STREAM_MEM_OP_FLUSH_REMOTE_WRITES = 3,
    /** Waits for a 64-bit value. */
    CU_STREAM_MEM_OP_WAIT_VALUE_64 = 4,
    /** Stores a 64-bit value. */
    CU_STREAM_MEM_OP_WRITE_VALUE_64 = 5,
    /** Orders writes; a stream does so anyway. */
    CU_STREAM_MEM_OP_BARRIER = 6,
} CUstreamBatchMemOpType;

/** What a launch can be told beside its shape. */
typedef enum CUlaunchAttributeID_enum {
    /** Nothing. */
    CU_LAUNCH_ATTRIBUTE_IGNORE = 0,
    /** Window of persistent accesses; without effect. */
    CU_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW = 1,
    /** Whether all blocks are resident at once. */
    CU_LAUNCH_ATTRIBUTE_COOPERATIVE = 2,
    /** How a stream synchronises; without effect. */
    CU_LAUNCH_ATTRIBUTE_SYNCHRONIZATION_POLICY = 3,
    /** Blocks of a cluster: one. */
    CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION = 4,
    /** How clusters are scheduled; without effect. */
    CU_LAUNCH_ATTRIBUTE_CLUSTER_SCHEDULING_POLICY_PREFERENCE = 5,
    /** Whether the launch may begin before the one before it has ended; it does not. */
    CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION = 6,
    /** An event that the kernel triggers; not supported. */
    CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_EVENT = 7,
    /** Priority; a hint. */
    CU_LAUNCH_ATTRIBUTE_PRIORITY = 8,
    /** Domain of memory synchronisation, as the program sees it; without effect. */
    CU_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN_MAP = 9,
    /** Domain of memory synchronisation; without effect. */
    CU_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN = 10,
    /** Preferred blocks of a cluster; without effect. */
    CU_LAUNCH_ATTRIBUTE_PREFERRED_CLUSTER_DIMENSION = 11,
    /** An event that happens when the launch has ended; not supported. */
    CU_LAUNCH_ATTRIBUTE_LAUNCH_COMPLETION_EVENT = 12,
    /** A node that a kernel may change; not supported. */
    CU_LAUNCH_ATTRIBUTE_DEVICE_UPDATABLE_KERNEL_NODE = 13,
    /** Preferred share of shared memory; without effect. */
    CU_LAUNCH_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT = 14,
} CUlaunchAttributeID;

/** A limit of a context. */
typedef enum CUlimit_enum {
    /** Bytes of a thread's stack: room for functions that call themselves or are called through pointers. */
    CU_LIMIT_STACK_SIZE = 0,
    /** Bytes of the buffer for what kernels print. */
    CU_LIMIT_PRINTF_FIFO_SIZE = 1,
    /** Bytes of the heap of malloc in kernels. */
    CU_LIMIT_MALLOC_HEAP_SIZE = 2,
    /** How deep kernels that launch kernels may wait for them; not supported. */
    CU_LIMIT_DEV_RUNTIME_SYNC_DEPTH = 3,
    /** How many launches of kernels may be outstanding; not supported. */
    CU_LIMIT_DEV_RUNTIME_PENDING_LAUNCH_COUNT = 4,
    /** Most bytes that the level-2 cache fetches at once; a hint. */
    CU_LIMIT_MAX_L2_FETCH_GRANULARITY = 5,
    /** Bytes of the level-2 cache for lines that persist; always 0. */
    CU_LIMIT_PERSISTING_L2_CACHE_SIZE = 6,
} CUlimit;

/** What an input of a link is. */
typedef enum CUjitInputType_enum {
    /** What cuLinkComplete gave. */
    CU_JIT_INPUT_CUBIN = 0,
    /** PTX text. */
    CU_JIT_INPUT_PTX = 1,
    /** A fat binary with PTX. */
    CU_JIT_INPUT_FATBINARY = 2,
    /** An object of the host with device code; only what cuLinkComplete gave. */
    CU_JIT_INPUT_OBJECT = 3,
    /** A library of such objects; not supported. */
    CU_JIT_INPUT_LIBRARY = 4,
    /** Intermediate code of a compiler; not supported. */
    CU_JIT_INPUT_NVVM = 5,
} CUjitInputType;

/** What a node does. */
typedef enum CUgraphNodeType_enum {
    /** Runs a kernel. */
    CU_GRAPH_NODE_TYPE_KERNEL = 0,
    /** Copies memory. */
    CU_GRAPH_NODE_TYPE_MEMCPY = 1,
    /** Fills memory. */
    CU_GRAPH_NODE_TYPE_MEMSET = 2,
    /** Calls a function of the program. */
    CU_GRAPH_NODE_TYPE_HOST = 3,
    /** Runs another graph. */
    CU_GRAPH_NODE_TYPE_GRAPH = 4,
    /** Does nothing, in order. */
    CU_GRAPH_NODE_TYPE_EMPTY = 5,
    /** Waits for an event. */
    CU_GRAPH_NODE_TYPE_WAIT_EVENT = 6,
    /** Records an event. */
    CU_GRAPH_NODE_TYPE_EVENT_RECORD = 7,
    /** Takes memory. */
    CU_GRAPH_NODE_TYPE_MEM_ALLOC = 10,
    /** Gives memory back. */
    CU_GRAPH_NODE_TYPE_MEM_FREE = 11,
    /** Waits for values in memory and stores some. */
    CU_GRAPH_NODE_TYPE_BATCH_MEM_OP = 12,
} CUgraphNodeType;

/** What came of instantiating a graph. */
typedef enum CUgraphInstantiateResult_enum {
    /** It can run. */
    CU_GRAPH_INSTANTIATE_SUCCESS = 0,
    /** It failed; the error code says why. */
    CU_GRAPH_INSTANTIATE_ERROR = 1,
    /** The graph has a cycle or is otherwise wrong. */
    CU_GRAPH_INSTANTIATE_INVALID_STRUCTURE = 2,
    /** A node cannot be launched by the device. */
    CU_GRAPH_INSTANTIATE_NODE_OPERATION_NOT_SUPPORTED = 3,
    /** Nodes belong to several contexts. */
    CU_GRAPH_INSTANTIATE_MULTIPLE_CTXS_NOT_SUPPORTED = 4,
} CUgraphInstantiateResult;

/** What came of updating a graph that can run. */
typedef enum CUgraphExecUpdateResult_enum {
    /** It was updated. */
    CU_GRAPH_EXEC_UPDATE_SUCCESS = 0,
    /** It failed for another reason than these. */
    CU_GRAPH_EXEC_UPDATE_ERROR = 1,
    /** Nodes or edges differ. */
    CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED = 2,
    /** A node has another type. */
    CU_GRAPH_EXEC_UPDATE_ERROR_NODE_TYPE_CHANGED = 3,
    /** A node has another function; never so, as that is supported. */
    CU_GRAPH_EXEC_UPDATE_ERROR_FUNCTION_CHANGED = 4,
    /** A node's parameters cannot be changed like this. */
    CU_GRAPH_EXEC_UPDATE_ERROR_PARAMETERS_CHANGED = 5,
    /** Something about a node is not supported. */
    CU_GRAPH_EXEC_UPDATE_ERROR_NOT_SUPPORTED = 6,
    /** A node's function changed in an unsupported way; never so. */
    CU_GRAPH_EXEC_UPDATE_ERROR_UNSUPPORTED_FUNCTION_CHANGE = 7,
    /** A node has other attributes; never so. */
    CU_GRAPH_EXEC_UPDATE_ERROR_ATTRIBUTES_CHANGED = 8,
} CUgraphExecUpdateResult;

/** Memory that graphs have taken on a device. */
typedef enum CUgraphMem_attribute_enum {
    /** Bytes in use. */
    CU_GRAPH_MEM_ATTR_USED_MEM_CURRENT = 0,
    /** The most that were in use; may be set to 0. */
    CU_GRAPH_MEM_ATTR_USED_MEM_HIGH = 1,
    /** Bytes that graphs hold. */
    CU_GRAPH_MEM_ATTR_RESERVED_MEM_CURRENT = 2,
    /** The most that they held; may be set to 0. */
    CU_GRAPH_MEM_ATTR_RESERVED_MEM_HIGH = 3,
} CUgraphMem_attribute;

/** Whether a function was found. */
typedef enum CUdriverProcAddressQueryResult_enum {
    /** It was. */
    CU_GET_PROC_ADDRESS_SUCCESS = 0,
    /** There is no function of this name. */
    CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND = 1,
    /** The function is newer than the version asked for. */
    CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT = 2,
} CUdriverProcAddressQueryResult;

/** Settings of what is left behind when a kernel fails. */
typedef enum CUcoredumpSettings_enum {
    /** Whether anything is; a C bool. */
    CU_COREDUMP_ENABLE_ON_EXCEPTION = 1,
    /** Whether the process then aborts; a C bool. */
    CU_COREDUMP_TRIGGER_HOST = 2,
    /** Whether less is; a C bool, without effect. */
    CU_COREDUMP_LIGHTWEIGHT = 3,
    /** Whether a write to the pipe makes one; a C bool, without effect. */
    CU_COREDUMP_ENABLE_USER_TRIGGER = 4,
    /** Path of the file, in which %p is the process, %h the host and %t the time. */
    CU_COREDUMP_FILE = 5,
    /** Path of the pipe. */
    CU_COREDUMP_PIPE = 6,
} CUcoredumpSettings;

/** How serious an entry of the log is. */
typedef enum CUlogLevel_enum {
    /** A call failed. */
    CU_LOG_LEVEL_ERROR = 0,
    /** A call did something that was perhaps not meant. */
    CU_LOG_LEVEL_WARNING = 1,
} CUlogLevel;

/** Signed integers. */
#define CU_ATOMIC_CAPABILITY_SIGNED 0x1u
/** Unsigned integers. */
#define CU_ATOMIC_CAPABILITY_UNSIGNED 0x2u
/** Reductions: no result. */
#define CU_ATOMIC_CAPABILITY_REDUCTION 0x4u
/** 32 bits. */
#define CU_ATOMIC_CAPABILITY_SCALAR_32 0x8u
/** 64 bits. */
#define CU_ATOMIC_CAPABILITY_SCALAR_64 0x10u
/** 128 bits. */
#define CU_ATOMIC_CAPABILITY_SCALAR_128 0x20u
/** Core dumps when a kernel fails; there are none. */
#define CU_CTX_COREDUMP_ENABLE 0x20u
/** Core dumps when the program asks; there are none. */
#define CU_CTX_USER_COREDUMP_ENABLE 0x40u
/** Synchronous operations on memory always wait; always so. */
#define CU_CTX_SYNC_MEMOPS 0x80u
/** Waiting threads decide by themselves how to wait. */
#define CU_CTX_SCHED_AUTO 0x0u
/** Waiting threads poll. A hint. */
#define CU_CTX_SCHED_SPIN 0x1u
/** Waiting threads yield. A hint. */
#define CU_CTX_SCHED_YIELD 0x2u
/** Waiting threads sleep. A hint. */
#define CU_CTX_SCHED_BLOCKING_SYNC 0x4u
/** Pinned memory can be mapped; always so. */
#define CU_CTX_MAP_HOST 0x8u
/** Local memory is kept; always so. */
#define CU_CTX_LMEM_RESIZE_TO_MAX 0x10u
/** Memory of the program: of all contexts; always so. */
#define CU_MEMHOSTREGISTER_PORTABLE 0x1u
/** Memory of the program: the device reaches it; always so. */
#define CU_MEMHOSTREGISTER_DEVICEMAP 0x2u
/** Memory of the program is another device's; not supported. */
#define CU_MEMHOSTREGISTER_IOMEMORY 0x4u
/** Memory of the program: the device only reads it. A hint. */
#define CU_MEMHOSTREGISTER_READ_ONLY 0x8u
/** Managed memory for all streams. */
#define CU_MEM_ATTACH_GLOBAL 0x1u
/** Managed memory for the host. */
#define CU_MEM_ATTACH_HOST 0x2u
/** Managed memory for one stream. */
#define CU_MEM_ATTACH_SINGLE 0x4u
/** A 3D array of 2D layers. */
#define CUDA_ARRAY3D_LAYERED 0x1u
/** An array for surfaces. */
#define CUDA_ARRAY3D_SURFACE_LDST 0x2u
/** A cube; layers are its faces. */
#define CUDA_ARRAY3D_CUBEMAP 0x4u
/** An array for gathers of textures. */
#define CUDA_ARRAY3D_TEXTURE_GATHER 0x8u
/** Pinned memory belongs to all contexts; always so. */
#define CU_MEMHOSTALLOC_PORTABLE 0x1u
/** The device reaches pinned memory; always so. */
#define CU_MEMHOSTALLOC_DEVICEMAP 0x2u
/** Pinned memory that the host only writes. A hint. */
#define CU_MEMHOSTALLOC_WRITECOMBINED 0x4u
/** The stream keeps order with the null stream. */
#define CU_STREAM_DEFAULT 0x0u
/** The stream keeps no order with the null stream. */
#define CU_STREAM_NON_BLOCKING 0x1u
/** Waits until memory - value, as a signed number, is not negative. */
#define CU_STREAM_WAIT_VALUE_GEQ 0x0u
/** Waits until memory == value. */
#define CU_STREAM_WAIT_VALUE_EQ 0x1u
/** Waits until (memory & value) != 0. */
#define CU_STREAM_WAIT_VALUE_AND 0x2u
/** Waits until ~(memory | value) != 0. */
#define CU_STREAM_WAIT_VALUE_NOR 0x3u
/** Makes writes of other devices visible after the wait; always so. */
#define CU_STREAM_WAIT_VALUE_FLUSH 0x40000000u
/** The store comes after all earlier writes of the stream. */
#define CU_STREAM_WRITE_VALUE_DEFAULT 0x0u
/** The store need not; it does. */
#define CU_STREAM_WRITE_VALUE_NO_MEMORY_BARRIER 0x1u
/** Adds to the nodes that the next captured one will depend on. */
#define CU_STREAM_ADD_CAPTURE_DEPENDENCIES 0x0u
/** Replaces them. */
#define CU_STREAM_SET_CAPTURE_DEPENDENCIES 0x1u
/** An event with timing. */
#define CU_EVENT_DEFAULT 0x0u
/** Waiting for the event sleeps. A hint. */
#define CU_EVENT_BLOCKING_SYNC 0x1u
/** An event without timing. */
#define CU_EVENT_DISABLE_TIMING 0x2u
/** An event that other processes may use; not supported. */
#define CU_EVENT_INTERPROCESS 0x4u
/** The event happens when the work before it has completed. */
#define CU_EVENT_RECORD_DEFAULT 0x0u
/** Captured, it is recorded each time the graph runs, and others can wait for it. */
#define CU_EVENT_RECORD_EXTERNAL 0x1u
/** Waits for the event. */
#define CU_EVENT_WAIT_DEFAULT 0x0u
/** Captured, it waits each time the graph runs, for an event that others record. */
#define CU_EVENT_WAIT_EXTERNAL 0x1u
/** Occupancy as the device has it. */
#define CU_OCCUPANCY_DEFAULT 0x0u
/** Whether caching of globals is taken into account; without effect. */
#define CU_OCCUPANCY_DISABLE_CACHING_OVERRIDE 0x1u
/** Does not wait for earlier work of the other devices; always so. */
#define CUDA_COOPERATIVE_LAUNCH_MULTI_DEVICE_NO_PRE_LAUNCH_SYNC 0x1u
/** Later work of the other devices does not wait; always so. */
#define CUDA_COOPERATIVE_LAUNCH_MULTI_DEVICE_NO_POST_LAUNCH_SYNC 0x2u
/** Memory that the graph took and nobody gave back is taken again at the next launch. */
#define CU_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH 0x1u
/** Uploads the graph too; always so. */
#define CU_GRAPH_INSTANTIATE_FLAG_UPLOAD 0x2u
/** The device may launch it; not supported. */
#define CU_GRAPH_INSTANTIATE_FLAG_DEVICE_LAUNCH 0x4u
/** Nodes have priorities of their own. A hint. */
#define CU_GRAPH_INSTANTIATE_FLAG_USE_NODE_PRIORITY 0x8u
/** The picture has what the nodes do. */
#define CU_GRAPH_DEBUG_DOT_FLAGS_VERBOSE 0x1u
/** Waiting for the end of an object is not possible; must be given. */
#define CU_USER_OBJECT_NO_DESTRUCTOR_SYNC 0x1u
/** The graph takes over the program's references. */
#define CU_GRAPH_USER_OBJECT_MOVE 0x1u
/** The form whose null stream is the legacy one. */
#define CU_GET_PROC_ADDRESS_DEFAULT 0x0u
/** Likewise. */
#define CU_GET_PROC_ADDRESS_LEGACY_STREAM 0x1u
/** The form whose null stream is the calling thread's default stream. */
#define CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM 0x2u

/** The null stream, in so many words. */
#define CU_STREAM_LEGACY ((CUstream)0x1)
/** The calling thread's own default stream. */
#define CU_STREAM_PER_THREAD ((CUstream)0x2)

/** The host, where a device is asked for. */
#define CU_DEVICE_CPU ((CUdevice)-1)
/** No device. */
#define CU_DEVICE_INVALID ((CUdevice)-2)

/** Ends the list `extra` of cuLaunchKernel. */
#define CU_LAUNCH_PARAM_END ((void *)0)
/** The next element of `extra` is the parameter buffer. */
#define CU_LAUNCH_PARAM_BUFFER_POINTER ((void *)1)
/** The next element of `extra` points to a size_t, the size of the parameter buffer. */
#define CU_LAUNCH_PARAM_BUFFER_SIZE ((void *)2)

/** What devices were described with before they had attributes. */
typedef struct CUdevprop_st {
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
} CUdevprop;

/** The identity of a device, in the order of its text form. */
typedef struct CUuuid_st {
    unsigned char bytes[16];
} CUuuid;

/** A number of SMs. */
typedef struct CUexecAffinitySmCount_st {
    unsigned int val;
} CUexecAffinitySmCount;

/** The value of an affinity, by its type. */
typedef union CUexecAffinityParam_param_st {
    CUexecAffinitySmCount smCount;
} CUexecAffinityParam_param;

/** What of a device a context is bound to. */
typedef struct CUexecAffinityParam_st {
    CUexecAffinityType type;
    CUexecAffinityParam_param param;
} CUexecAffinityParam;

/** Sharing with a graphics context; not supported. */
typedef struct CUctxCigParam_st {
    int sharedDataType;
    void *sharedData;
} CUctxCigParam;

/** How a context is created; at most one of the pointers is given. */
typedef struct CUctxCreateParams_st {
    CUexecAffinityParam *execAffinityParams;
    int numExecAffinityParams;
    CUctxCigParam *cigParams;
} CUctxCreateParams;

/** A place for memory. */
typedef struct CUmemLocation_st {
    CUmemLocationType type;
    int id;
} CUmemLocation;

/** Flags of memory that is created; all must be 0. */
typedef struct CUmemAllocationProp_flags_st {
    unsigned char compressionType;
    unsigned char gpuDirectRDMACapable;
    unsigned short usage;
    unsigned char reserved[4];
} CUmemAllocationProp_flags;

/** What memory that is created is like. */
typedef struct CUmemAllocationProp_st {
    CUmemAllocationType type;
    CUmemAllocationHandleType requestedHandleTypes;
    CUmemLocation location;
    void *win32HandleMetaData;
    CUmemAllocationProp_flags allocFlags;
} CUmemAllocationProp;

/** What a place may do with memory. */
typedef struct CUmemAccessDesc_st {
    CUmemLocation location;
    CUmemAccess_flags flags;
} CUmemAccessDesc;

/** What a pool is like. A maxSize of 0 is no limit. */
typedef struct CUmemPoolProps_st {
    CUmemAllocationType allocType;
    CUmemAllocationHandleType handleTypes;
    CUmemLocation location;
    void *win32SecurityAttributes;
    size_t maxSize;
    unsigned short usage;
    unsigned char reserved[54];
} CUmemPoolProps;

/** What an array of at most two dimensions is like. */
typedef struct CUDA_ARRAY_DESCRIPTOR_st {
    size_t Width;
    size_t Height;
    CUarray_format Format;
    unsigned int NumChannels;
} CUDA_ARRAY_DESCRIPTOR;

/** What an array is like. */
typedef struct CUDA_ARRAY3D_DESCRIPTOR_st {
    size_t Width;
    size_t Height;
    size_t Depth;
    CUarray_format Format;
    unsigned int NumChannels;
    unsigned int Flags;
} CUDA_ARRAY3D_DESCRIPTOR;

/** A handle of Windows. */
typedef struct CUDA_EXTERNAL_MEMORY_HANDLE_DESC_win32_st {
    void *handle;
    const void *name;
} CUDA_EXTERNAL_MEMORY_HANDLE_DESC_win32;

/** What external memory is imported from, by its type. */
typedef union CUDA_EXTERNAL_MEMORY_HANDLE_DESC_handle_st {
    int fd;
    CUDA_EXTERNAL_MEMORY_HANDLE_DESC_win32 win32;
    const void *nvSciBufObject;
} CUDA_EXTERNAL_MEMORY_HANDLE_DESC_handle;

/** What external memory is imported from. A descriptor belongs to the library afterwards. */
typedef struct CUDA_EXTERNAL_MEMORY_HANDLE_DESC_st {
    CUexternalMemoryHandleType type;
    CUDA_EXTERNAL_MEMORY_HANDLE_DESC_handle handle;
    unsigned long long size;
    unsigned int flags;
    unsigned int reserved[16];
} CUDA_EXTERNAL_MEMORY_HANDLE_DESC;

/** A part of external memory. */
typedef struct CUDA_EXTERNAL_MEMORY_BUFFER_DESC_st {
    unsigned long long offset;
    unsigned long long size;
    unsigned int flags;
    unsigned int reserved[16];
} CUDA_EXTERNAL_MEMORY_BUFFER_DESC;

/** Elements before a box. */
typedef struct CUoffset3D_st {
    size_t x;
    size_t y;
    size_t z;
} CUoffset3D;

/** Elements of a box. */
typedef struct CUextent3D_st {
    size_t width;
    size_t height;
    size_t depth;
} CUextent3D;

/** An address as a side of a copy: its rows and slices, in elements; 0: without gaps. */
typedef struct CUmemcpy3DOperand_ptr_st {
    CUdeviceptr ptr;
    size_t rowLength;
    size_t layerHeight;
    CUmemLocation locHint;
} CUmemcpy3DOperand_ptr;

/** An array as a side of a copy. */
typedef struct CUmemcpy3DOperand_array_st {
    CUarray array;
    CUoffset3D offset;
} CUmemcpy3DOperand_array;

/** A side of a copy, by its type. */
typedef union CUmemcpy3DOperand_op_st {
    CUmemcpy3DOperand_ptr ptr;
    CUmemcpy3DOperand_array array;
} CUmemcpy3DOperand_op;

/** A side of a copy of a batch. */
typedef struct CUmemcpy3DOperand_st {
    CUmemcpy3DOperandType type;
    CUmemcpy3DOperand_op op;
} CUmemcpy3DOperand;

/** Elements of a tile. */
typedef struct CUDA_ARRAY_SPARSE_PROPERTIES_tileExtent_st {
    unsigned int width;
    unsigned int height;
    unsigned int depth;
} CUDA_ARRAY_SPARSE_PROPERTIES_tileExtent;

/** How the memory of a sparse array is divided; there are no such arrays. */
typedef struct CUDA_ARRAY_SPARSE_PROPERTIES_st {
    CUDA_ARRAY_SPARSE_PROPERTIES_tileExtent tileExtent;
    unsigned int miptailFirstLevel;
    unsigned long long miptailSize;
    unsigned int flags;
    unsigned int reserved[4];
} CUDA_ARRAY_SPARSE_PROPERTIES;

/** How much memory an array needs. */
typedef struct CUDA_ARRAY_MEMORY_REQUIREMENTS_st {
    size_t size;
    size_t alignment;
    unsigned int reserved[4];
} CUDA_ARRAY_MEMORY_REQUIREMENTS;

/**
 * A copy of Height rows of WidthInBytes bytes. Of each side, the first byte is at
 * start + Y * Pitch + XInBytes, where start is Host for CU_MEMORYTYPE_HOST, else Device.
 * The arrays must be null.
 */
typedef struct CUDA_MEMCPY2D_st {
    size_t srcXInBytes;
    size_t srcY;
    CUmemorytype srcMemoryType;
    const void *srcHost;
    CUdeviceptr srcDevice;
    void *srcArray;
    size_t srcPitch;
    size_t dstXInBytes;
    size_t dstY;
    CUmemorytype dstMemoryType;
    void *dstHost;
    CUdeviceptr dstDevice;
    void *dstArray;
    size_t dstPitch;
    size_t WidthInBytes;
    size_t Height;
} CUDA_MEMCPY2D;

/**
 * A copy of Depth slices of Height rows of WidthInBytes bytes. Of each side, the first byte
 * is at start + (Z * Height + Y) * Pitch + XInBytes, with the side's Height. The arrays and
 * reserved fields must be null, and the LODs 0.
 */
typedef struct CUDA_MEMCPY3D_st {
    size_t srcXInBytes;
    size_t srcY;
    size_t srcZ;
    size_t srcLOD;
    CUmemorytype srcMemoryType;
    const void *srcHost;
    CUdeviceptr srcDevice;
    void *srcArray;
    void *reserved0;
    size_t srcPitch;
    size_t srcHeight;
    size_t dstXInBytes;
    size_t dstY;
    size_t dstZ;
    size_t dstLOD;
    CUmemorytype dstMemoryType;
    void *dstHost;
    CUdeviceptr dstDevice;
    void *dstArray;
    void *reserved1;
    size_t dstPitch;
    size_t dstHeight;
    size_t WidthInBytes;
    size_t Height;
    size_t Depth;
} CUDA_MEMCPY3D;

/** A copy like CUDA_MEMCPY3D, with a context for each side; null: the current one. */
typedef struct CUDA_MEMCPY3D_PEER_st {
    size_t srcXInBytes;
    size_t srcY;
    size_t srcZ;
    size_t srcLOD;
    CUmemorytype srcMemoryType;
    const void *srcHost;
    CUdeviceptr srcDevice;
    void *srcArray;
    CUcontext srcContext;
    size_t srcPitch;
    size_t srcHeight;
    size_t dstXInBytes;
    size_t dstY;
    size_t dstZ;
    size_t dstLOD;
    CUmemorytype dstMemoryType;
    void *dstHost;
    CUdeviceptr dstDevice;
    void *dstArray;
    CUcontext dstContext;
    size_t dstPitch;
    size_t dstHeight;
    size_t WidthInBytes;
    size_t Height;
    size_t Depth;
} CUDA_MEMCPY3D_PEER;

/** A copy of a box of a batch. Elements are an array's or, without one, bytes. */
typedef struct CUDA_MEMCPY3D_BATCH_OP_st {
    CUmemcpy3DOperand src;
    CUmemcpy3DOperand dst;
    CUextent3D extent;
    CUmemcpySrcAccessOrder srcAccessOrder;
    unsigned int flags;
} CUDA_MEMCPY3D_BATCH_OP;

/** How copies of a batch are made. The places are hints. */
typedef struct CUmemcpyAttributes_st {
    CUmemcpySrcAccessOrder srcAccessOrder;
    CUmemLocation srcLocHint;
    CUmemLocation dstLocHint;
    unsigned int flags;
} CUmemcpyAttributes;

/** A function of the program that runs in a stream's order. */
typedef void (*CUhostFn)(void *userData);

/** Likewise, told of the stream and whether it has failed. */
typedef void (*CUstreamCallback)(CUstream stream, CUresult status, void *userData);

/** Two forms of a value. */
typedef union CUstreamMemOpValue_st {
    unsigned int value;
    unsigned long long value64;
} CUstreamMemOpValue;

/** A wait for a value, or a store of one. */
typedef struct CUstreamMemOpAccess_st {
    CUstreamBatchMemOpType operation;
    CUdeviceptr address;
    __extension__ union {
        unsigned int value;
        unsigned long long value64;
    };
    unsigned int flags;
    CUdeviceptr alias;
} CUstreamMemOpAccess;

/** An operation without a value. */
typedef struct CUstreamMemOpOrder_st {
    CUstreamBatchMemOpType operation;
    unsigned int flags;
} CUstreamMemOpOrder;

/** An operation on a value in memory, by its type. */
typedef union CUstreamBatchMemOpParams_st {
    CUstreamBatchMemOpType operation;
    CUstreamMemOpAccess waitValue;
    CUstreamMemOpAccess writeValue;
    CUstreamMemOpOrder flushRemoteWrites;
    CUstreamMemOpOrder memoryBarrier;
    unsigned long long pad[6];
} CUstreamBatchMemOpParams;

/** Bytes of dynamic shared memory of a block of so many threads. */
typedef size_t (*CUoccupancyB2DSize)(int blockSize);

/** Three dimensions. */
typedef struct CUlaunchDimension_st {
    unsigned int x;
    unsigned int y;
    unsigned int z;
} CUlaunchDimension;

/** An event and how a launch triggers it. */
typedef struct CUlaunchEvent_st {
    CUevent event;
    int flags;
    int triggerAtBlockStart;
} CUlaunchEvent;

/** The value of a launch's attribute, by its identity. */
typedef union CUlaunchAttributeValue_st {
    char pad[64];
    int cooperative;
    int syncPolicy;
    CUlaunchDimension clusterDim;
    int clusterSchedulingPolicyPreference;
    int programmaticStreamSerializationAllowed;
    CUlaunchEvent programmaticEvent;
    CUlaunchEvent launchCompletionEvent;
    int priority;
    int memSyncDomain;
    unsigned int sharedMemCarveout;
} CUlaunchAttributeValue;

/** An attribute of a launch. */
typedef struct CUlaunchAttribute_st {
    CUlaunchAttributeID id;
    char pad[4];
    CUlaunchAttributeValue value;
} CUlaunchAttribute;

/** A launch but for the function and its arguments. */
typedef struct CUlaunchConfig_st {
    unsigned int gridDimX;
    unsigned int gridDimY;
    unsigned int gridDimZ;
    unsigned int blockDimX;
    unsigned int blockDimY;
    unsigned int blockDimZ;
    unsigned int sharedMemBytes;
    CUstream hStream;
    CUlaunchAttribute *attrs;
    unsigned int numAttrs;
} CUlaunchConfig;

/** A launch on one of several devices. */
typedef struct CUDA_LAUNCH_PARAMS_st {
    CUfunction function;
    unsigned int gridDimX;
    unsigned int gridDimY;
    unsigned int gridDimZ;
    unsigned int blockDimX;
    unsigned int blockDimY;
    unsigned int blockDimZ;
    unsigned int sharedMemBytes;
    CUstream hStream;
    void **kernelParams;
} CUDA_LAUNCH_PARAMS;

/** How a node depends on another: in full, which is all zero; nothing else is supported. */
typedef struct CUgraphEdgeData_st {
    unsigned char from_port;
    unsigned char to_port;
    unsigned char type;
    unsigned char reserved[5];
} CUgraphEdgeData;

/** A kernel node: the arguments of cuLaunchKernel. */
typedef struct CU_KERNEL_NODE_PARAMS_v1_st {
    CUfunction func;
    unsigned int gridDimX;
    unsigned int gridDimY;
    unsigned int gridDimZ;
    unsigned int blockDimX;
    unsigned int blockDimY;
    unsigned int blockDimZ;
    unsigned int sharedMemBytes;
    void **kernelParams;
    void **extra;
} CUDA_KERNEL_NODE_PARAMS_v1;

/**
 * Likewise. When func is null, kern is the kernel of a library, and ctx the context that it
 * runs in, or null for the current one.
 */
typedef struct CU_KERNEL_NODE_PARAMS_v2_st {
    CUfunction func;
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
    CUcontext ctx;
} CUDA_KERNEL_NODE_PARAMS_v2;

/** A fill node: height rows of width elements of elementSize bytes. */
typedef struct CU_MEMSET_NODE_PARAMS_st {
    CUdeviceptr dst;
    size_t pitch;
    unsigned int value;
    unsigned int elementSize;
    size_t width;
    size_t height;
} CUDA_MEMSET_NODE_PARAMS;

/** A host node. */
typedef struct CU_HOST_NODE_PARAMS_st {
    CUhostFn fn;
    void *userData;
} CUDA_HOST_NODE_PARAMS;

/** A node of operations on values in memory. */
typedef struct CU_BATCH_MEM_OP_NODE_PARAMS_st {
    CUcontext ctx;
    unsigned int count;
    CUstreamBatchMemOpParams *paramArray;
    unsigned int flags;
} CUDA_BATCH_MEM_OP_NODE_PARAMS;

/** Memory that a graph takes: bytesize bytes of the place of a pool; dptr becomes its address. */
typedef struct CU_MEM_ALLOC_NODE_PARAMS_st {
    CUmemPoolProps poolProps;
    const CUmemAccessDesc *accessDescs;
    size_t accessDescCount;
    size_t bytesize;
    CUdeviceptr dptr;
} CUDA_MEM_ALLOC_NODE_PARAMS;

/** A copy, as a node of any type. */
typedef struct CU_MEMCPY_NODE_PARAMS_st {
    int flags;
    int reserved;
    CUcontext copyCtx;
    CUDA_MEMCPY3D copyParams;
} CUDA_MEMCPY_NODE_PARAMS;

/** A fill, as a node of any type. */
typedef struct CU_MEMSET_NODE_PARAMS_v2_st {
    CUdeviceptr dst;
    size_t pitch;
    unsigned int value;
    unsigned int elementSize;
    size_t width;
    size_t height;
    CUcontext ctx;
} CUDA_MEMSET_NODE_PARAMS_v2;

/** A child graph, as a node of any type. */
typedef struct CU_CHILD_GRAPH_NODE_PARAMS_st {
    CUgraph graph;
} CUDA_CHILD_GRAPH_NODE_PARAMS;

/** An event, as a node of any type. */
typedef struct CU_EVENT_NODE_PARAMS_st {
    CUevent event;
} CUDA_EVENT_NODE_PARAMS;

/** An address, as a node of any type. */
typedef struct CU_MEM_FREE_NODE_PARAMS_st {
    CUdeviceptr dptr;
} CUDA_MEM_FREE_NODE_PARAMS;

/** What a node does, by its type. */
typedef union CUgraphNodeParams_union_st {
    unsigned long long reserved1[29];
    CUDA_KERNEL_NODE_PARAMS_v2 kernel;
    CUDA_MEMCPY_NODE_PARAMS memcpy;
    CUDA_MEMSET_NODE_PARAMS_v2 memset;
    CUDA_HOST_NODE_PARAMS host;
    CUDA_CHILD_GRAPH_NODE_PARAMS graph;
    CUDA_EVENT_NODE_PARAMS eventWait;
    CUDA_EVENT_NODE_PARAMS eventRecord;
    CUDA_MEM_ALLOC_NODE_PARAMS alloc;
    CUDA_MEM_FREE_NODE_PARAMS free;
    CUDA_BATCH_MEM_OP_NODE_PARAMS memOp;
} CUgraphNodeParams_union;

/** A node of any type. The reserved fields must be 0. */
typedef struct CUgraphNodeParams_st {
    CUgraphNodeType type;
    int reserved0[3];
    __extension__ union {
        unsigned long long reserved1[29];
        CUDA_KERNEL_NODE_PARAMS_v2 kernel;
        CUDA_MEMCPY_NODE_PARAMS memcpy;
        CUDA_MEMSET_NODE_PARAMS_v2 memset;
        CUDA_HOST_NODE_PARAMS host;
        CUDA_CHILD_GRAPH_NODE_PARAMS graph;
        CUDA_EVENT_NODE_PARAMS eventWait;
        CUDA_EVENT_NODE_PARAMS eventRecord;
        CUDA_MEM_ALLOC_NODE_PARAMS alloc;
        CUDA_MEM_FREE_NODE_PARAMS free;
        CUDA_BATCH_MEM_OP_NODE_PARAMS memOp;
    };
    unsigned long long reserved2;
} CUgraphNodeParams;

/** How to instantiate a graph, and what came of it. */
typedef struct CU_GRAPH_INSTANTIATE_PARAMS_st {
    unsigned long long flags;
    CUstream hUploadStream;
    CUgraphNode hErrNode_out;
    CUgraphInstantiateResult result_out;
} CUDA_GRAPH_INSTANTIATE_PARAMS;

/** What came of updating a graph that can run, and through which node it failed. */
typedef struct CUgraphExecUpdateResultInfo_st {
    CUgraphExecUpdateResult result;
    CUgraphNode errorNode;
    CUgraphNode errorFromNode;
} CUgraphExecUpdateResultInfo;

/** Is told of an entry of the log. */
typedef void (*CUlogsCallback)(void *data, CUlogLevel logLevel, char *message, size_t length);

/* Initialisation, errors and entry points */

/**
 * Finds and opens the devices. Must be called before anything else; again it does nothing.
 * When there is no device it says why on standard error, for programs know no more than the code.
 */
CUresult cuInit(unsigned int flags);

/** The version of the CUDA driver interface that this library follows: 1000 * major + 10 * minor. */
CUresult cuDriverGetVersion(int *version);

/** Likewise, as CUDA has it. */
CUresult cuGetErrorName(CUresult error, const char **name);

/** The meaning of an error code. */
CUresult cuGetErrorString(CUresult error, const char **text);

/**
 * The function that CUDA documents as `symbol`, in the form that the interface had in `version`;
 * null when there is none. `status` may be null.
 */
CUresult cuGetProcAddress_v2(const char *symbol, void **function, int version, unsigned long long flags, CUdriverProcAddressQueryResult *status);

/** Likewise. */
CUresult cuGetProcAddress(const char *symbol, void **function, int version, unsigned long long flags);

/* Devices */

/** The device with a number. */
CUresult cuDeviceGet(CUdevice *device, int ordinal);

/** Number of devices. */
CUresult cuDeviceGetCount(int *count);

/** The product name, cut to `length` bytes with its NUL. */
CUresult cuDeviceGetName(char *name, int length, CUdevice device);

/** The device's UUID. */
CUresult cuDeviceGetUuid(CUuuid *uuid, CUdevice device);
CUresult cuDeviceGetUuid_v2(CUuuid *uuid, CUdevice device);

/** The PCI address as text, cut to `length` bytes with its NUL. */
CUresult cuDeviceGetPCIBusId(char *text, int length, CUdevice device);

/** Bytes of device memory. */
CUresult cuDeviceTotalMem(size_t *bytes, CUdevice device);
CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice device);

/** One of the device's attributes. */
CUresult cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice device);

/** The compute capability. */
CUresult cuDeviceComputeCapability(int *major, int *minor, CUdevice device);

/** The device at a PCI address. */
CUresult cuDeviceGetByPCIBusId(CUdevice *device, const char *text);

/** Whether contexts can be bound to a part of the device: 0. */
CUresult cuDeviceGetExecAffinitySupport(int *support, CUexecAffinityType kind, CUdevice device);

/** What devices were described with before they had attributes. */
CUresult cuDeviceGetProperties(CUdevprop *properties, CUdevice device);

/* Primary contexts */

/**
 * The context that all retainers of a device share; made if it is not active. Does not
 * make it current.
 */
CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device);

/** Gives it back; the last one to do so ends it. */
CUresult cuDevicePrimaryCtxRelease(CUdevice device);
CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device);

/** Ends it, whoever has retained it. */
CUresult cuDevicePrimaryCtxReset(CUdevice device);
CUresult cuDevicePrimaryCtxReset_v2(CUdevice device);

/** Its flags, and whether it is active. */
CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned int *flags, int *active);

/** The flags for its next creation. */
CUresult cuDevicePrimaryCtxSetFlags(CUdevice device, unsigned int flags);
CUresult cuDevicePrimaryCtxSetFlags_v2(CUdevice device, unsigned int flags);

/* Contexts */

/** Creates a context and makes it current. */
CUresult cuCtxCreate(CUcontext *context, unsigned int flags, CUdevice device);
CUresult cuCtxCreate_v2(CUcontext *context, unsigned int flags, CUdevice device);

/**
 * Likewise, bound to some of the device's SMs.
 * Differs: contexts cannot be bound to SMs: CUDA_ERROR_UNSUPPORTED_EXEC_AFFINITY.
 */
CUresult cuCtxCreate_v3(CUcontext *context, CUexecAffinityParam *affinities, int count, unsigned int flags, CUdevice device);

/** Likewise, with parameters. */
CUresult cuCtxCreate_v4(CUcontext *context, CUctxCreateParams *params, unsigned int flags, CUdevice device);

/** One more user of the current context, which ends when the last one detaches. `flags` must be 0. */
CUresult cuCtxAttach(CUcontext *context, unsigned int flags);

/** One user less of the current context. */
CUresult cuCtxDetach(CUcontext context);

/** Ends a context and frees all that it owns. */
CUresult cuCtxDestroy(CUcontext context);
CUresult cuCtxDestroy_v2(CUcontext context);

/** Makes a context current in the place of the current one; null: none. */
CUresult cuCtxSetCurrent(CUcontext context);

/** The current context, or null. */
CUresult cuCtxGetCurrent(CUcontext *context);

/** Makes a context current on top of the current one. */
CUresult cuCtxPushCurrent(CUcontext context);
CUresult cuCtxPushCurrent_v2(CUcontext context);

/** Takes the current context away; the one below becomes current. */
CUresult cuCtxPopCurrent(CUcontext *context);
CUresult cuCtxPopCurrent_v2(CUcontext *context);

/** Waits for all work of the current context. */
CUresult cuCtxSynchronize(void);

/** Waits for all work of a context; null: the current one. */
CUresult cuCtxSynchronize_v2(CUcontext context);

/** The device of the current context. */
CUresult cuCtxGetDevice(CUdevice *device);

/** The device of a context; null: of the current one. */
CUresult cuCtxGetDevice_v2(CUdevice *device, CUcontext context);

/** The flags of the current context. */
CUresult cuCtxGetFlags(unsigned int *flags);

/** Sets the flags of the current context. */
CUresult cuCtxSetFlags(unsigned int flags);

/** A number that no other context of the process ever has; null: of the current one. */
CUresult cuCtxGetId(CUcontext context, unsigned long long *id);

/** To how many SMs the current context is bound: all of the device's. */
CUresult cuCtxGetExecAffinity(CUexecAffinityParam *affinity, CUexecAffinityType kind);

/** The current context's preference between cache and shared memory. */
CUresult cuCtxGetCacheConfig(CUfunc_cache *config);

/** Sets it; without effect. */
CUresult cuCtxSetCacheConfig(CUfunc_cache config);

/** The width of banks of shared memory. */
CUresult cuCtxGetSharedMemConfig(CUsharedconfig *config);

/** Sets it; without effect. */
CUresult cuCtxSetSharedMemConfig(CUsharedconfig config);

/** The interface version of a context; null: of the current one. */
CUresult cuCtxGetApiVersion(CUcontext context, unsigned int *version);

/** The least (numerically greatest) and greatest priority of streams. */
CUresult cuCtxGetStreamPriorityRange(int *least, int *greatest);

/** Records an event behind all that a context was given so far; null: the current one. */
CUresult cuCtxRecordEvent(CUcontext context, CUevent event);

/**
 * Makes later work of a context wait for an event; null: of the current one.
 * Differs: work of streams that are created afterwards does not wait.
 */
CUresult cuCtxWaitEvent(CUcontext context, CUevent event);

/* Limits */

/**
 * A limit of the current context.
 * Differs: the usual stack is 16 KiB.
 */
CUresult cuCtxGetLimit(size_t *value, CUlimit limit);

/**
 * Sets a limit of the current context, brought into the device's range. Those of printf's buffer
 * and of the heap can be set until the first kernel that prints is launched, and the first module
 * that uses the heap is loaded.
 */
CUresult cuCtxSetLimit(CUlimit limit, size_t value);

/** Makes lines that persist in the level-2 cache normal again; there are none. */
CUresult cuCtxResetPersistingL2Cache(void);

/* Memory */

/** Bytes of device memory that are free, and all. */
CUresult cuMemGetInfo(size_t *free, size_t *total);
CUresult cuMemGetInfo_v2(size_t *free, size_t *total);

/** Takes device memory. */
CUresult cuMemAlloc(CUdeviceptr *address, size_t bytes);
CUresult cuMemAlloc_v2(CUdeviceptr *address, size_t bytes);

/** Takes device memory for `height` rows, so far apart that each starts aligned. */
CUresult cuMemAllocPitch(CUdeviceptr *address, size_t *pitch, size_t width, size_t height, unsigned int element);
CUresult cuMemAllocPitch_v2(CUdeviceptr *address, size_t *pitch, size_t width, size_t height, unsigned int element);

/** Gives device memory back, once all work of its context has completed. Null does nothing. */
CUresult cuMemFree(CUdeviceptr address);
CUresult cuMemFree_v2(CUdeviceptr address);

/** Start and size of the allocation that contains an address. */
CUresult cuMemGetAddressRange(CUdeviceptr *base, size_t *size, CUdeviceptr address);
CUresult cuMemGetAddressRange_v2(CUdeviceptr *base, size_t *size, CUdeviceptr address);

/** Takes host memory that the device reaches, at the same address. */
CUresult cuMemAllocHost(void **pointer, size_t bytes);
CUresult cuMemAllocHost_v2(void **pointer, size_t bytes);

/** Likewise, with flags. */
CUresult cuMemHostAlloc(void **pointer, size_t bytes, unsigned int flags);

/** Gives such memory back. */
CUresult cuMemFreeHost(void *pointer);

/** Where the device sees such memory: at the same address. `flags` must be 0. */
CUresult cuMemHostGetDevicePointer(CUdeviceptr *address, void *pointer, unsigned int flags);
CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr *address, void *pointer, unsigned int flags);

/** The flags of such memory. */
CUresult cuMemHostGetFlags(unsigned int *flags, void *pointer);

/**
 * Lets the device reach memory of the program, until it is unregistered.
 * Differs: private memory that can be written only, not the calling thread's stack; other
 * threads must not write to its pages during the call; the device's address is another.
 */
CUresult cuMemHostRegister(void *pointer, size_t bytes, unsigned int flags);
CUresult cuMemHostRegister_v2(void *pointer, size_t bytes, unsigned int flags);

/**
 * Ends that, once all work of the device has completed.
 * Differs: other threads must not write to its pages during the call.
 */
CUresult cuMemHostUnregister(void *pointer);

/* Managed memory and attributes of pointers */

/**
 * Takes memory that host and device use at the same address.
 * Differs: it is always in system memory, and is bounded by that.
 */
CUresult cuMemAllocManaged(CUdeviceptr *address, size_t bytes, unsigned int flags);

/** Says how a part of managed memory will be used; kept for cuMemRangeGetAttribute. */
CUresult cuMemAdvise(CUdeviceptr address, size_t bytes, CUmem_advise advice, CUdevice device);

/** Likewise, with a place. */
CUresult cuMemAdvise_v2(CUdeviceptr address, size_t bytes, CUmem_advise advice, CUmemLocation location);

/**
 * Asks for a part of managed memory to be near a device, or the host.
 * Differs: nothing moves, as both reach it where it is.
 */
CUresult cuMemPrefetchAsync(CUdeviceptr address, size_t bytes, CUdevice device, CUstream stream);
CUresult cuMemPrefetchAsync_ptsz(CUdeviceptr address, size_t bytes, CUdevice device, CUstream stream);

/** Likewise, with a place. */
CUresult cuMemPrefetchAsync_v2(CUdeviceptr address, size_t bytes, CUmemLocation location, unsigned int flags, CUstream stream);
CUresult cuMemPrefetchAsync_v2_ptsz(CUdeviceptr address, size_t bytes, CUmemLocation location, unsigned int flags, CUstream stream);

/** Likewise, for several parts. Place i is that of the ranges from `starts[i]` on. */
CUresult cuMemPrefetchBatchAsync(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *places, size_t *starts, size_t place_count, unsigned long long flags, CUstream stream);
CUresult cuMemPrefetchBatchAsync_ptsz(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *places, size_t *starts, size_t place_count, unsigned long long flags, CUstream stream);

/** Says that the contents of parts of managed memory are not needed. */
CUresult cuMemDiscardBatchAsync(CUdeviceptr *addresses, size_t *sizes, size_t count, unsigned long long flags, CUstream stream);
CUresult cuMemDiscardBatchAsync_ptsz(CUdeviceptr *addresses, size_t *sizes, size_t count, unsigned long long flags, CUstream stream);

/** Both. */
CUresult cuMemDiscardAndPrefetchBatchAsync(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *places, size_t *starts, size_t place_count, unsigned long long flags, CUstream stream);
CUresult cuMemDiscardAndPrefetchBatchAsync_ptsz(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *places, size_t *starts, size_t place_count, unsigned long long flags, CUstream stream);

/** What was said of a part of managed memory, if the same of all of it. */
CUresult cuMemRangeGetAttribute(void *data, size_t size, CUmem_range_attribute attribute, CUdeviceptr address, size_t bytes);

/** Several such attributes. */
CUresult cuMemRangeGetAttributes(void **data, size_t *sizes, CUmem_range_attribute *attributes, size_t count, CUdeviceptr address, size_t bytes);

/**
 * Says which streams use managed memory.
 * Differs: all may use it at all times, whatever was said.
 */
CUresult cuStreamAttachMemAsync(CUstream stream, CUdeviceptr address, size_t bytes, unsigned int flags);
CUresult cuStreamAttachMemAsync_ptsz(CUstream stream, CUdeviceptr address, size_t bytes, unsigned int flags);

/** One of a pointer's attributes. */
CUresult cuPointerGetAttribute(void *data, CUpointer_attribute attribute, CUdeviceptr pointer);

/** Several attributes of any pointer. */
CUresult cuPointerGetAttributes(unsigned int count, CUpointer_attribute *attributes, void **data, CUdeviceptr pointer);

/** Sets an attribute of a pointer: CU_POINTER_ATTRIBUTE_SYNC_MEMOPS, which always holds. */
CUresult cuPointerSetAttribute(const void *value, CUpointer_attribute attribute, CUdeviceptr pointer);

/* Memory pools and allocation in streams */

/** The pool that a device has from the beginning. */
CUresult cuDeviceGetDefaultMemPool(CUmemoryPool *pool, CUdevice device);

/** The pool that cuMemAllocAsync takes from. */
CUresult cuDeviceGetMemPool(CUmemoryPool *pool, CUdevice device);

/** Sets it. */
CUresult cuDeviceSetMemPool(CUdevice device, CUmemoryPool pool);

/**
 * The pool that a place has from the beginning.
 * Differs: devices have one, other places have none.
 */
CUresult cuMemGetDefaultMemPool(CUmemoryPool *pool, CUmemLocation *location, CUmemAllocationType kind);

/** The pool that is used for a place, likewise. */
CUresult cuMemGetMemPool(CUmemoryPool *pool, CUmemLocation *location, CUmemAllocationType kind);

/** Sets it. */
CUresult cuMemSetMemPool(CUmemLocation *location, CUmemAllocationType kind, CUmemoryPool pool);

/**
 * Creates a pool of memory of a device or of the host.
 * Differs: pools cannot be shared with other processes.
 */
CUresult cuMemPoolCreate(CUmemoryPool *pool, const CUmemPoolProps *properties);

/** Destroys a pool; its memory goes when it is given back. */
CUresult cuMemPoolDestroy(CUmemoryPool pool);

/** Lets go of unused memory of a pool, which keeps `keep` bytes in all. */
CUresult cuMemPoolTrimTo(CUmemoryPool pool, size_t keep);

/** One of a pool's attributes: an int or 64 bits. */
CUresult cuMemPoolGetAttribute(CUmemoryPool pool, CUmemPool_attribute attribute, void *value);

/** Sets one of a pool's attributes. */
CUresult cuMemPoolSetAttribute(CUmemoryPool pool, CUmemPool_attribute attribute, void *value);

/**
 * Sets who may use a pool's memory.
 * Differs: the memory's own device only, as there are no peers.
 */
CUresult cuMemPoolSetAccess(CUmemoryPool pool, const CUmemAccessDesc *list, size_t count);

/** Who may use a pool's memory. */
CUresult cuMemPoolGetAccess(CUmemAccess_flags *flags, CUmemoryPool pool, CUmemLocation *location);

/** Takes device memory for work of a stream from now on. */
CUresult cuMemAllocAsync(CUdeviceptr *address, size_t bytes, CUstream stream);
CUresult cuMemAllocAsync_ptsz(CUdeviceptr *address, size_t bytes, CUstream stream);

/** Likewise, from a pool. */
CUresult cuMemAllocFromPoolAsync(CUdeviceptr *address, size_t bytes, CUmemoryPool pool, CUstream stream);
CUresult cuMemAllocFromPoolAsync_ptsz(CUdeviceptr *address, size_t bytes, CUmemoryPool pool, CUstream stream);

/** Gives memory back when a stream has come to here. */
CUresult cuMemFreeAsync(CUdeviceptr address, CUstream stream);
CUresult cuMemFreeAsync_ptsz(CUdeviceptr address, CUstream stream);

/* Virtual memory management */

/** Reserves addresses; `size` is a multiple of 2 MiB. */
CUresult cuMemAddressReserve(CUdeviceptr *address, size_t size, size_t alignment, CUdeviceptr wish, unsigned long long flags);

/** Gives reserved addresses back, all of them. */
CUresult cuMemAddressFree(CUdeviceptr address, size_t size);

/** Creates memory on a device or on the host. */
CUresult cuMemCreate(CUmemGenericAllocationHandle *handle, size_t size, const CUmemAllocationProp *properties, unsigned long long flags);

/** One user less of a handle; the memory goes when it is mapped nowhere. */
CUresult cuMemRelease(CUmemGenericAllocationHandle handle);

/** Maps all of a memory at reserved addresses. */
CUresult cuMemMap(CUdeviceptr address, size_t size, size_t offset, CUmemGenericAllocationHandle handle, unsigned long long flags);

/** Ends mappings, once all work of the device has completed. */
CUresult cuMemUnmap(CUdeviceptr address, size_t size);

/**
 * Says who may use mappings.
 * Differs: the memory's own device and, for memory of the host, the host; not for reading only.
 */
CUresult cuMemSetAccess(CUdeviceptr address, size_t size, const CUmemAccessDesc *list, size_t count);

/** What a place may do with a mapping. */
CUresult cuMemGetAccess(unsigned long long *flags, const CUmemLocation *location, CUdeviceptr address);

/** What sizes are multiples of: 2 MiB. */
CUresult cuMemGetAllocationGranularity(size_t *granularity, const CUmemAllocationProp *properties, CUmemAllocationGranularity_flags option);

/** What a memory was created with. */
CUresult cuMemGetAllocationPropertiesFromHandle(CUmemAllocationProp *properties, CUmemGenericAllocationHandle handle);

/** A handle of the memory that is mapped at an address. */
CUresult cuMemRetainAllocationHandle(CUmemGenericAllocationHandle *handle, void *address);

/**
 * Exports memory to a file descriptor.
 * Differs: it can be imported in the same process only.
 */
CUresult cuMemExportToShareableHandle(void *shared, CUmemGenericAllocationHandle handle, CUmemAllocationHandleType kind, unsigned long long flags);

/** A handle of memory that was exported by this process. */
CUresult cuMemImportFromShareableHandle(CUmemGenericAllocationHandle *handle, void *shared, CUmemAllocationHandleType kind);

/* Arrays */

/**
 * Creates an array of one or two dimensions.
 * Differs: formats of 8, 16 and 32 bits a channel; kernels cannot use it, as there are no textures.
 */
CUresult cuArrayCreate(CUarray *array, const CUDA_ARRAY_DESCRIPTOR *descriptor);
CUresult cuArrayCreate_v2(CUarray *array, const CUDA_ARRAY_DESCRIPTOR *descriptor);

/**
 * Creates an array of up to three dimensions.
 * Differs: likewise.
 */
CUresult cuArray3DCreate(CUarray *array, const CUDA_ARRAY3D_DESCRIPTOR *descriptor);
CUresult cuArray3DCreate_v2(CUarray *array, const CUDA_ARRAY3D_DESCRIPTOR *descriptor);

/** Destroys an array, once all work of its context has completed. */
CUresult cuArrayDestroy(CUarray array);

/** What an array of one or two dimensions is like. */
CUresult cuArrayGetDescriptor(CUDA_ARRAY_DESCRIPTOR *descriptor, CUarray array);
CUresult cuArrayGetDescriptor_v2(CUDA_ARRAY_DESCRIPTOR *descriptor, CUarray array);

/** What an array is like. */
CUresult cuArray3DGetDescriptor(CUDA_ARRAY3D_DESCRIPTOR *descriptor, CUarray array);
CUresult cuArray3DGetDescriptor_v2(CUDA_ARRAY3D_DESCRIPTOR *descriptor, CUarray array);

/** How much memory an array has. */
CUresult cuArrayGetMemoryRequirements(CUDA_ARRAY_MEMORY_REQUIREMENTS *requirements, CUarray array, CUdevice device);

/**
 * Creates an array with levels, each half as large as the one before.
 * Differs: likewise.
 */
CUresult cuMipmappedArrayCreate(CUmipmappedArray *array, const CUDA_ARRAY3D_DESCRIPTOR *descriptor, unsigned int levels);

/** A level of such an array; it goes with the whole. */
CUresult cuMipmappedArrayGetLevel(CUarray *level, CUmipmappedArray array, unsigned int index);

/** Destroys it. */
CUresult cuMipmappedArrayDestroy(CUmipmappedArray array);

/** How much memory it has. */
CUresult cuMipmappedArrayGetMemoryRequirements(CUDA_ARRAY_MEMORY_REQUIREMENTS *requirements, CUmipmappedArray array, CUdevice device);

/**
 * How a sparse array is divided.
 * Differs: no array is sparse, so always CUDA_ERROR_INVALID_VALUE.
 */
CUresult cuArrayGetSparseProperties(CUDA_ARRAY_SPARSE_PROPERTIES *properties, CUarray array);

/**
 * How a sparse array with levels is divided.
 * Differs: likewise.
 */
CUresult cuMipmappedArrayGetSparseProperties(CUDA_ARRAY_SPARSE_PROPERTIES *properties, CUmipmappedArray array);

/**
 * A plane of an array whose format has several.
 * Differs: no format has, so always CUDA_ERROR_INVALID_VALUE.
 */
CUresult cuArrayGetPlane(CUarray *plane, CUarray array, unsigned int index);

/* Copies */

/** Copies between any two addresses. Returns when the copy is done, except between device addresses. */
CUresult cuMemcpy(CUdeviceptr target, CUdeviceptr source, size_t bytes);
CUresult cuMemcpy_ptds(CUdeviceptr target, CUdeviceptr source, size_t bytes);

/** Copies between any two addresses, in a stream. */
CUresult cuMemcpyAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream);
CUresult cuMemcpyAsync_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream);

/** Copies from host to device. */
CUresult cuMemcpyHtoD(CUdeviceptr target, const void *source, size_t bytes);
CUresult cuMemcpyHtoD_v2(CUdeviceptr target, const void *source, size_t bytes);
CUresult cuMemcpyHtoD_v2_ptds(CUdeviceptr target, const void *source, size_t bytes);

/** Copies from device to host. */
CUresult cuMemcpyDtoH(void *target, CUdeviceptr source, size_t bytes);
CUresult cuMemcpyDtoH_v2(void *target, CUdeviceptr source, size_t bytes);
CUresult cuMemcpyDtoH_v2_ptds(void *target, CUdeviceptr source, size_t bytes);

/** Copies from device to device, in the null stream. */
CUresult cuMemcpyDtoD(CUdeviceptr target, CUdeviceptr source, size_t bytes);
CUresult cuMemcpyDtoD_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes);
CUresult cuMemcpyDtoD_v2_ptds(CUdeviceptr target, CUdeviceptr source, size_t bytes);

/** Copies from host to device, in a stream. Memory that is not pinned may be reused on return. */
CUresult cuMemcpyHtoDAsync(CUdeviceptr target, const void *source, size_t bytes, CUstream stream);
CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void *source, size_t bytes, CUstream stream);
CUresult cuMemcpyHtoDAsync_v2_ptsz(CUdeviceptr target, const void *source, size_t bytes, CUstream stream);

/** Copies from device to host, in a stream. Memory that is not pinned has its contents on return. */
CUresult cuMemcpyDtoHAsync(void *target, CUdeviceptr source, size_t bytes, CUstream stream);
CUresult cuMemcpyDtoHAsync_v2(void *target, CUdeviceptr source, size_t bytes, CUstream stream);
CUresult cuMemcpyDtoHAsync_v2_ptsz(void *target, CUdeviceptr source, size_t bytes, CUstream stream);

/** Copies from device to device, in a stream. */
CUresult cuMemcpyDtoDAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream);
CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream);
CUresult cuMemcpyDtoDAsync_v2_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream);

/** Copies rows. */
CUresult cuMemcpy2D(const CUDA_MEMCPY2D *copy);
CUresult cuMemcpy2D_v2(const CUDA_MEMCPY2D *copy);
CUresult cuMemcpy2D_v2_ptds(const CUDA_MEMCPY2D *copy);
CUresult cuMemcpy2DUnaligned(const CUDA_MEMCPY2D *copy);
CUresult cuMemcpy2DUnaligned_v2(const CUDA_MEMCPY2D *copy);
CUresult cuMemcpy2DUnaligned_v2_ptds(const CUDA_MEMCPY2D *copy);

/** Copies rows, in a stream. */
CUresult cuMemcpy2DAsync(const CUDA_MEMCPY2D *copy, CUstream stream);
CUresult cuMemcpy2DAsync_v2(const CUDA_MEMCPY2D *copy, CUstream stream);
CUresult cuMemcpy2DAsync_v2_ptsz(const CUDA_MEMCPY2D *copy, CUstream stream);

/** Copies a box. */
CUresult cuMemcpy3D(const CUDA_MEMCPY3D *copy);
CUresult cuMemcpy3D_v2(const CUDA_MEMCPY3D *copy);
CUresult cuMemcpy3D_v2_ptds(const CUDA_MEMCPY3D *copy);

/** Copies a box, in a stream. */
CUresult cuMemcpy3DAsync(const CUDA_MEMCPY3D *copy, CUstream stream);
CUresult cuMemcpy3DAsync_v2(const CUDA_MEMCPY3D *copy, CUstream stream);
CUresult cuMemcpy3DAsync_v2_ptsz(const CUDA_MEMCPY3D *copy, CUstream stream);

/**
 * Copies a box between contexts.
 * Differs: between devices by way of the host, and then returns when it is done.
 */
CUresult cuMemcpy3DPeer(const CUDA_MEMCPY3D_PEER *copy);
CUresult cuMemcpy3DPeer_ptds(const CUDA_MEMCPY3D_PEER *copy);

/**
 * Copies a box between contexts, in a stream.
 * Differs: likewise.
 */
CUresult cuMemcpy3DPeerAsync(const CUDA_MEMCPY3D_PEER *copy, CUstream stream);
CUresult cuMemcpy3DPeerAsync_ptsz(const CUDA_MEMCPY3D_PEER *copy, CUstream stream);

/**
 * Copies between contexts.
 * Differs: likewise.
 */
CUresult cuMemcpyPeer(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes);
CUresult cuMemcpyPeer_ptds(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes);

/**
 * Copies between contexts, in a stream.
 * Differs: likewise.
 */
CUresult cuMemcpyPeerAsync(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes, CUstream stream);
CUresult cuMemcpyPeerAsync_ptsz(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes, CUstream stream);

/** Copies within a row of an array, from one array to another. */
CUresult cuMemcpyAtoA(CUarray target, size_t target_offset, CUarray source, size_t source_offset, size_t bytes);
CUresult cuMemcpyAtoA_v2(CUarray target, size_t target_offset, CUarray source, size_t source_offset, size_t bytes);
CUresult cuMemcpyAtoA_v2_ptds(CUarray target, size_t target_offset, CUarray source, size_t source_offset, size_t bytes);

/** Copies from an array to device memory. */
CUresult cuMemcpyAtoD(CUdeviceptr target, CUarray source, size_t offset, size_t bytes);
CUresult cuMemcpyAtoD_v2(CUdeviceptr target, CUarray source, size_t offset, size_t bytes);
CUresult cuMemcpyAtoD_v2_ptds(CUdeviceptr target, CUarray source, size_t offset, size_t bytes);

/** Copies from device memory to an array. */
CUresult cuMemcpyDtoA(CUarray target, size_t offset, CUdeviceptr source, size_t bytes);
CUresult cuMemcpyDtoA_v2(CUarray target, size_t offset, CUdeviceptr source, size_t bytes);
CUresult cuMemcpyDtoA_v2_ptds(CUarray target, size_t offset, CUdeviceptr source, size_t bytes);

/** Copies from host memory to an array. */
CUresult cuMemcpyHtoA(CUarray target, size_t offset, const void *source, size_t bytes);
CUresult cuMemcpyHtoA_v2(CUarray target, size_t offset, const void *source, size_t bytes);
CUresult cuMemcpyHtoA_v2_ptds(CUarray target, size_t offset, const void *source, size_t bytes);

/** Copies from an array to host memory. */
CUresult cuMemcpyAtoH(void *target, CUarray source, size_t offset, size_t bytes);
CUresult cuMemcpyAtoH_v2(void *target, CUarray source, size_t offset, size_t bytes);
CUresult cuMemcpyAtoH_v2_ptds(void *target, CUarray source, size_t offset, size_t bytes);

/** Copies from host memory to an array, in a stream. */
CUresult cuMemcpyHtoAAsync(CUarray target, size_t offset, const void *source, size_t bytes, CUstream stream);
CUresult cuMemcpyHtoAAsync_v2(CUarray target, size_t offset, const void *source, size_t bytes, CUstream stream);
CUresult cuMemcpyHtoAAsync_v2_ptsz(CUarray target, size_t offset, const void *source, size_t bytes, CUstream stream);

/** Copies from an array to host memory, in a stream. */
CUresult cuMemcpyAtoHAsync(void *target, CUarray source, size_t offset, size_t bytes, CUstream stream);
CUresult cuMemcpyAtoHAsync_v2(void *target, CUarray source, size_t offset, size_t bytes, CUstream stream);
CUresult cuMemcpyAtoHAsync_v2_ptsz(void *target, CUarray source, size_t offset, size_t bytes, CUstream stream);

/**
 * Several copies between any addresses, in a stream other than the null stream. Attribute i is
 * that of the copies from `starts[i]` on; sources are read as in a stream, or before.
 */
CUresult cuMemcpyBatchAsync_v2(const CUdeviceptr *targets, const CUdeviceptr *sources, const size_t *sizes, size_t count, const CUmemcpyAttributes *attributes, const size_t *starts, size_t attribute_count, CUstream stream);
CUresult cuMemcpyBatchAsync_v2_ptsz(const CUdeviceptr *targets, const CUdeviceptr *sources, const size_t *sizes, size_t count, const CUmemcpyAttributes *attributes, const size_t *starts, size_t attribute_count, CUstream stream);

/** Likewise, and tells which copy failed. */
CUresult cuMemcpyBatchAsync(const CUdeviceptr *targets, const CUdeviceptr *sources, const size_t *sizes, size_t count, const CUmemcpyAttributes *attributes, const size_t *starts, size_t attribute_count, size_t *failed, CUstream stream);
CUresult cuMemcpyBatchAsync_ptsz(const CUdeviceptr *targets, const CUdeviceptr *sources, const size_t *sizes, size_t count, const CUmemcpyAttributes *attributes, const size_t *starts, size_t attribute_count, size_t *failed, CUstream stream);

/** One such copy. */
CUresult cuMemcpyWithAttributesAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUmemcpyAttributes *attributes, CUstream stream);
CUresult cuMemcpyWithAttributesAsync_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUmemcpyAttributes *attributes, CUstream stream);

/** Several copies of boxes between addresses and arrays, in a stream other than the null stream. */
CUresult cuMemcpy3DBatchAsync_v2(size_t count, CUDA_MEMCPY3D_BATCH_OP *list, unsigned long long flags, CUstream stream);
CUresult cuMemcpy3DBatchAsync_v2_ptsz(size_t count, CUDA_MEMCPY3D_BATCH_OP *list, unsigned long long flags, CUstream stream);

/** Likewise, and tells which copy failed. */
CUresult cuMemcpy3DBatchAsync(size_t count, CUDA_MEMCPY3D_BATCH_OP *list, size_t *failed, unsigned long long flags, CUstream stream);
CUresult cuMemcpy3DBatchAsync_ptsz(size_t count, CUDA_MEMCPY3D_BATCH_OP *list, size_t *failed, unsigned long long flags, CUstream stream);

/** One such copy. */
CUresult cuMemcpy3DWithAttributesAsync(CUDA_MEMCPY3D_BATCH_OP *op, unsigned long long flags, CUstream stream);
CUresult cuMemcpy3DWithAttributesAsync_ptsz(CUDA_MEMCPY3D_BATCH_OP *op, unsigned long long flags, CUstream stream);

/* Fills */

/** Fills with `count` bytes, in the null stream. */
CUresult cuMemsetD8(CUdeviceptr target, unsigned char value, size_t count);
CUresult cuMemsetD8_v2(CUdeviceptr target, unsigned char value, size_t count);
CUresult cuMemsetD8_v2_ptds(CUdeviceptr target, unsigned char value, size_t count);

/** Fills with `count` 16-bit values, in the null stream. */
CUresult cuMemsetD16(CUdeviceptr target, unsigned short value, size_t count);
CUresult cuMemsetD16_v2(CUdeviceptr target, unsigned short value, size_t count);
CUresult cuMemsetD16_v2_ptds(CUdeviceptr target, unsigned short value, size_t count);

/** Fills with `count` 32-bit values, in the null stream. */
CUresult cuMemsetD32(CUdeviceptr target, unsigned int value, size_t count);
CUresult cuMemsetD32_v2(CUdeviceptr target, unsigned int value, size_t count);
CUresult cuMemsetD32_v2_ptds(CUdeviceptr target, unsigned int value, size_t count);

/** Fills with `count` bytes, in a stream. */
CUresult cuMemsetD8Async(CUdeviceptr target, unsigned char value, size_t count, CUstream stream);
CUresult cuMemsetD8Async_ptsz(CUdeviceptr target, unsigned char value, size_t count, CUstream stream);

/** Fills with `count` 16-bit values, in a stream. */
CUresult cuMemsetD16Async(CUdeviceptr target, unsigned short value, size_t count, CUstream stream);
CUresult cuMemsetD16Async_ptsz(CUdeviceptr target, unsigned short value, size_t count, CUstream stream);

/** Fills with `count` 32-bit values, in a stream. */
CUresult cuMemsetD32Async(CUdeviceptr target, unsigned int value, size_t count, CUstream stream);
CUresult cuMemsetD32Async_ptsz(CUdeviceptr target, unsigned int value, size_t count, CUstream stream);

/** Fills `height` rows with `width` bytes each, in a stream. */
CUresult cuMemsetD2D8Async(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height, CUstream stream);
CUresult cuMemsetD2D8Async_ptsz(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height, CUstream stream);

/** Fills `height` rows with `width` 16-bit values each, in a stream. */
CUresult cuMemsetD2D16Async(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height, CUstream stream);
CUresult cuMemsetD2D16Async_ptsz(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height, CUstream stream);

/** Fills `height` rows with `width` 32-bit values each, in a stream. */
CUresult cuMemsetD2D32Async(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height, CUstream stream);
CUresult cuMemsetD2D32Async_ptsz(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height, CUstream stream);

/** Fills `height` rows with `width` bytes each, in the null stream. */
CUresult cuMemsetD2D8(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height);
CUresult cuMemsetD2D8_v2(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height);
CUresult cuMemsetD2D8_v2_ptds(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height);

/** Fills `height` rows with `width` 16-bit values each, in the null stream. */
CUresult cuMemsetD2D16(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height);
CUresult cuMemsetD2D16_v2(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height);
CUresult cuMemsetD2D16_v2_ptds(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height);

/** Fills `height` rows with `width` 32-bit values each, in the null stream. */
CUresult cuMemsetD2D32(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height);
CUresult cuMemsetD2D32_v2(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height);
CUresult cuMemsetD2D32_v2_ptds(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height);

/* Peer access */

/** Whether a device reaches another's memory: 0. */
CUresult cuDeviceCanAccessPeer(int *answer, CUdevice device, CUdevice peer);

/**
 * Lets the current context reach the memory of another device's context.
 * Differs: always CUDA_ERROR_PEER_ACCESS_UNSUPPORTED, as for all devices without a link.
 */
CUresult cuCtxEnablePeerAccess(CUcontext peer, unsigned int flags);

/**
 * Takes that back.
 * Differs: always CUDA_ERROR_PEER_ACCESS_NOT_ENABLED.
 */
CUresult cuCtxDisablePeerAccess(CUcontext peer);

/** An attribute of the link between two devices: 0, as there is none. */
CUresult cuDeviceGetP2PAttribute(int *value, CUdevice_P2PAttribute attribute, CUdevice source, CUdevice target);

/** Which atomic operations the link between two devices has: none. */
CUresult cuDeviceGetP2PAtomicCapabilities(unsigned int *capabilities, const CUatomicOperation *operations, unsigned int count, CUdevice source, CUdevice target);

/** Which atomic operations a device has on host memory. */
CUresult cuDeviceGetHostAtomicCapabilities(unsigned int *capabilities, const CUatomicOperation *operations, unsigned int count, CUdevice device);

/** Makes what other devices have written to device memory visible: it is. */
CUresult cuFlushGPUDirectRDMAWrites(CUflushGPUDirectRDMAWritesTarget target, CUflushGPUDirectRDMAWritesScope scope);

/* External memory and semaphores */

/**
 * Imports memory that this process has exported to a file descriptor, which then belongs to the library.
 * Differs: descriptors of cuMemExportToShareableHandle of the same process only.
 */
CUresult cuImportExternalMemory(CUexternalMemory *memory, const CUDA_EXTERNAL_MEMORY_HANDLE_DESC *description);

/** Maps a part of it; cuMemFree ends the mapping. */
CUresult cuExternalMemoryGetMappedBuffer(CUdeviceptr *address, CUexternalMemory memory, const CUDA_EXTERNAL_MEMORY_BUFFER_DESC *description);

/** Lets go of it, once all of its mappings have ended. */
CUresult cuDestroyExternalMemory(CUexternalMemory memory);

/* Modules */

/** Loads a module from a file of PTX text. */
CUresult cuModuleLoad(CUmodule *module, const char *path);

/** Loads a module from PTX text that ends in a NUL. */
CUresult cuModuleLoadData(CUmodule *module, const void *image);

/** Likewise, with options: see CUjit_option. */
CUresult cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned int count, CUjit_option *options, void **values);

/** Unloads a module, once all work of its context has completed. */
CUresult cuModuleUnload(CUmodule module);

/** A kernel of a module. */
CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name);

/** Address and size of a variable of a module; either pointer may be null. */
CUresult cuModuleGetGlobal(CUdeviceptr *address, size_t *bytes, CUmodule module, const char *name);
CUresult cuModuleGetGlobal_v2(CUdeviceptr *address, size_t *bytes, CUmodule module, const char *name);

/**
 * Loads a module from a fat binary, or a wrapper of one, that has PTX.
 * Differs: machine code in it is not used; without PTX for sm_80 or before it is CUDA_ERROR_NO_BINARY_FOR_GPU.
 */
CUresult cuModuleLoadFatBinary(CUmodule *module, const void *image);

/** Number of kernels of a module. */
CUresult cuModuleGetFunctionCount(unsigned int *count, CUmodule module);

/** The first `count` kernels of a module. */
CUresult cuModuleEnumerateFunctions(CUfunction *functions, unsigned int count, CUmodule module);

/** When the code of modules is loaded: with the module. */
CUresult cuModuleGetLoadingMode(CUmoduleLoadingMode *mode);

/* Functions */

/** One of a function's attributes. */
CUresult cuFuncGetAttribute(int *value, CUfunction_attribute attribute, CUfunction function);

/** Sets one of a function's attributes. */
CUresult cuFuncSetAttribute(CUfunction function, CUfunction_attribute attribute, int value);

/**
 * Offset and size of a function's parameter in its parameter block; CUDA_ERROR_INVALID_VALUE
 * past the last. The size pointer may be null.
 */
CUresult cuFuncGetParamInfo(CUfunction function, size_t index, size_t *offset, size_t *bytes);

/** Sets a function's cache preference, which has no effect. */
CUresult cuFuncSetCacheConfig(CUfunction function, CUfunc_cache config);

/** The module of a function. */
CUresult cuFuncGetModule(CUmodule *module, CUfunction function);

/** The name of a function; valid as long as its module. */
CUresult cuFuncGetName(const char **name, CUfunction function);

/** Number of parameters of a function. */
CUresult cuFuncGetParamCount(CUfunction function, size_t *count);

/** Whether a function's code is loaded: it is. */
CUresult cuFuncIsLoaded(CUfunctionLoadingState *state, CUfunction function);

/** Loads a function's code, which was loaded with its module. */
CUresult cuFuncLoad(CUfunction function);

/** Sets a function's preference of banks of shared memory; without effect. */
CUresult cuFuncSetSharedMemConfig(CUfunction function, CUsharedconfig config);

/* Libraries and their kernels */

/** Compiles an image for all contexts; options as for cuModuleLoadDataEx, and those of libraries. */
CUresult cuLibraryLoadData(CUlibrary *library, const void *image, CUjit_option *jit_options, void **jit_values, unsigned int jit_count, CUlibraryOption *options, void **values, unsigned int count);

/** Likewise, from a file. */
CUresult cuLibraryLoadFromFile(CUlibrary *library, const char *path, CUjit_option *jit_options, void **jit_values, unsigned int jit_count, CUlibraryOption *options, void **values, unsigned int count);

/** Unloads a library from all contexts, once their work has completed. */
CUresult cuLibraryUnload(CUlibrary library);

/** A kernel of a library. It may be used in the place of a function. */
CUresult cuLibraryGetKernel(CUkernel *kernel, CUlibrary library, const char *name);

/** Number of kernels of a library. */
CUresult cuLibraryGetKernelCount(unsigned int *count, CUlibrary library);

/** The first `count` kernels of a library. */
CUresult cuLibraryEnumerateKernels(CUkernel *kernels, unsigned int count, CUlibrary library);

/** The module that a library is in the current context. */
CUresult cuLibraryGetModule(CUmodule *module, CUlibrary library);

/** Address and size of a variable of a library in the current context; either pointer may be null. */
CUresult cuLibraryGetGlobal(CUdeviceptr *address, size_t *bytes, CUlibrary library, const char *name);

/**
 * A managed variable of a library.
 * Differs: PTX has none, so there is none to be found.
 */
CUresult cuLibraryGetManaged(CUdeviceptr *address, size_t *bytes, CUlibrary library, const char *name);

/**
 * A function of a library that host and device can call.
 * Differs: PTX has none, so there is none to be found.
 */
CUresult cuLibraryGetUnifiedFunction(void **function, CUlibrary library, const char *symbol);

/** The function of a kernel in the current context. */
CUresult cuKernelGetFunction(CUfunction *function, CUkernel kernel);

/** The library of a kernel. */
CUresult cuKernelGetLibrary(CUlibrary *library, CUkernel kernel);

/** The name of a kernel; valid as long as its library. */
CUresult cuKernelGetName(const char **name, CUkernel kernel);

/** Offset and size of a kernel's parameter: see cuFuncGetParamInfo. */
CUresult cuKernelGetParamInfo(CUkernel kernel, size_t index, size_t *offset, size_t *bytes);

/** Number of parameters of a kernel. */
CUresult cuKernelGetParamCount(CUkernel kernel, size_t *count);

/** One of a kernel's attributes on a device. */
CUresult cuKernelGetAttribute(int *value, CUfunction_attribute attribute, CUkernel kernel, CUdevice device);

/** Sets one of a kernel's attributes on a device. */
CUresult cuKernelSetAttribute(CUfunction_attribute attribute, int value, CUkernel kernel, CUdevice device);

/** Sets a kernel's cache preference on a device; without effect. */
CUresult cuKernelSetCacheConfig(CUkernel kernel, CUfunc_cache config, CUdevice device);

/* Linker */

/**
 * Begins a link. The options and their values must stay as long as the link when they ask for
 * results, such as logs.
 */
CUresult cuLinkCreate(unsigned int count, CUjit_option *options, void **values, CUlinkState *state);
CUresult cuLinkCreate_v2(unsigned int count, CUjit_option *options, void **values, CUlinkState *state);

/**
 * Adds an input: PTX, a fat binary with PTX, or what cuLinkComplete gave. `name` may be null.
 * Differs: machine code and libraries of others' are CUDA_ERROR_NO_BINARY_FOR_GPU. What was linked
 * before is whole: other inputs do not see what is in it.
 */
CUresult cuLinkAddData(CUlinkState state, CUjitInputType type, void *data, size_t bytes, const char *name, unsigned int count, CUjit_option *options, void **values);
CUresult cuLinkAddData_v2(CUlinkState state, CUjitInputType type, void *data, size_t bytes, const char *name, unsigned int count, CUjit_option *options, void **values);

/** Adds an input from a file. */
CUresult cuLinkAddFile(CUlinkState state, CUjitInputType type, const char *path, unsigned int count, CUjit_option *options, void **values);
CUresult cuLinkAddFile_v2(CUlinkState state, CUjitInputType type, const char *path, unsigned int count, CUjit_option *options, void **values);

/**
 * Links. The image belongs to the link and goes with it; cuModuleLoadData and cuModuleLoad, from a
 * file with its bytes, load it.
 */
CUresult cuLinkComplete(CUlinkState state, void **image, size_t *bytes);

/** Ends a link. */
CUresult cuLinkDestroy(CUlinkState state);

/* Launches */

/**
 * Launches a kernel in a stream. The arguments are given by `params`, a pointer to each,
 * or by `extra`, a buffer that holds them as a parameter block; they are copied before
 * the call returns.
 */
CUresult cuLaunchKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **params, void **extra);
CUresult cuLaunchKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **params, void **extra);

/** Launches with attributes: see CUlaunchAttributeID. */
CUresult cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction function, void **params, void **extra);
CUresult cuLaunchKernelEx_ptsz(const CUlaunchConfig *config, CUfunction function, void **params, void **extra);

/** Launches a grid whose blocks are all resident at once, so that they may wait for one another. */
CUresult cuLaunchCooperativeKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **params);
CUresult cuLaunchCooperativeKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **params);

/**
 * Launches such grids on several devices, one each.
 * Differs: kernels cannot wait for one another across devices, nor in CUDA since version 11.3.
 */
CUresult cuLaunchCooperativeKernelMultiDevice(CUDA_LAUNCH_PARAMS *list, unsigned int count, unsigned int flags);

/**
 * Calls a function of the program in a stream's order, on a thread of its own. Later work of the
 * stream waits for it. It may not call this library, and is not called when the stream has failed.
 */
CUresult cuLaunchHostFunc(CUstream stream, CUhostFn function, void *data);
CUresult cuLaunchHostFunc_ptsz(CUstream stream, CUhostFn function, void *data);

/** Likewise, with a hint how to wait for its turn. */
CUresult cuLaunchHostFunc_v2(CUstream stream, CUhostFn function, void *data, unsigned int mode);
CUresult cuLaunchHostFunc_v2_ptsz(CUstream stream, CUhostFn function, void *data, unsigned int mode);

/* Launches as before CUDA 4 */

/** Sets the shape of a function's blocks for the launches of this section. */
CUresult cuFuncSetBlockShape(CUfunction function, int x, int y, int z);

/** Sets the dynamic shared memory of a function, likewise. */
CUresult cuFuncSetSharedSize(CUfunction function, unsigned int bytes);

/** Sets the size of a function's parameter block, likewise. */
CUresult cuParamSetSize(CUfunction function, unsigned int bytes);

/** Sets an integer in a function's parameter block. */
CUresult cuParamSeti(CUfunction function, int offset, unsigned int value);

/** Sets a float in a function's parameter block. */
CUresult cuParamSetf(CUfunction function, int offset, float value);

/** Sets bytes in a function's parameter block. */
CUresult cuParamSetv(CUfunction function, int offset, void *value, unsigned int bytes);

/** Launches one block. */
CUresult cuLaunch(CUfunction function);

/** Launches a grid of `width` times `height` blocks. */
CUresult cuLaunchGrid(CUfunction function, int width, int height);

/** Likewise, in a stream. */
CUresult cuLaunchGridAsync(CUfunction function, int width, int height, CUstream stream);

/* Occupancy */

/** Blocks of a function that an SM holds at once. */
CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, CUfunction function, int threads, size_t dynamic_shared);

/** Likewise, with flags. */
CUresult cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *blocks, CUfunction function, int threads, size_t dynamic_shared, unsigned int flags);

/**
 * The block size with which an SM holds most threads, and the smallest grid that then fills the
 * device. Dynamic shared memory is what `dynamic_shared_of` tells for a block size, or if that
 * is null `dynamic_shared`. A limit of 0 is none.
 */
CUresult cuOccupancyMaxPotentialBlockSize(int *grid, int *block, CUfunction function, CUoccupancyB2DSize dynamic_shared_of, size_t dynamic_shared, int limit);

/** Likewise, with flags. */
CUresult cuOccupancyMaxPotentialBlockSizeWithFlags(int *grid, int *block, CUfunction function, CUoccupancyB2DSize dynamic_shared_of, size_t dynamic_shared, int limit, unsigned int flags);

/** Bytes of dynamic shared memory that each of so many blocks may have for an SM to hold them all. */
CUresult cuOccupancyAvailableDynamicSMemPerBlock(size_t *bytes, CUfunction function, int blocks, int threads);

/** Blocks of the largest cluster: 1. */
CUresult cuOccupancyMaxPotentialClusterSize(int *size, CUfunction function, const CUlaunchConfig *config);

/** Clusters, which are single blocks, that the device holds at once. */
CUresult cuOccupancyMaxActiveClusters(int *clusters, CUfunction function, const CUlaunchConfig *config);

/* Streams */

/** Creates a stream. */
CUresult cuStreamCreate(CUstream *stream, unsigned int flags);

/** Creates a stream with a priority; priorities out of range are clamped. */
CUresult cuStreamCreateWithPriority(CUstream *stream, unsigned int flags, int priority);

/** Destroys a stream. Its work goes on to its end. */
CUresult cuStreamDestroy(CUstream stream);
CUresult cuStreamDestroy_v2(CUstream stream);

/** Waits for all work of a stream. */
CUresult cuStreamSynchronize(CUstream stream);
CUresult cuStreamSynchronize_ptsz(CUstream stream);

/** CUDA_SUCCESS when all work of a stream has completed, else CUDA_ERROR_NOT_READY. */
CUresult cuStreamQuery(CUstream stream);
CUresult cuStreamQuery_ptsz(CUstream stream);

/** Makes later work of a stream wait for an event. */
CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned int flags);
CUresult cuStreamWaitEvent_ptsz(CUstream stream, CUevent event, unsigned int flags);

/** The flags of a stream. */
CUresult cuStreamGetFlags(CUstream stream, unsigned int *flags);
CUresult cuStreamGetFlags_ptsz(CUstream stream, unsigned int *flags);

/** The priority of a stream. */
CUresult cuStreamGetPriority(CUstream stream, int *priority);
CUresult cuStreamGetPriority_ptsz(CUstream stream, int *priority);

/** The context of a stream. */
CUresult cuStreamGetCtx(CUstream stream, CUcontext *context);
CUresult cuStreamGetCtx_ptsz(CUstream stream, CUcontext *context);

/** Likewise, and its green context: there are none, so null. */
CUresult cuStreamGetCtx_v2(CUstream stream, CUcontext *context, void **green);
CUresult cuStreamGetCtx_v2_ptsz(CUstream stream, CUcontext *context, void **green);

/** The device of a stream. */
CUresult cuStreamGetDevice(CUstream stream, CUdevice *device);
CUresult cuStreamGetDevice_ptsz(CUstream stream, CUdevice *device);

/** A number that no other stream of the process ever has. */
CUresult cuStreamGetId(CUstream stream, unsigned long long *id);
CUresult cuStreamGetId_ptsz(CUstream stream, unsigned long long *id);

/**
 * Calls a function of the program in a stream's order, on a thread of its own; of a stream that
 * has failed too. Later work of the stream waits for it. It may not call this library.
 */
CUresult cuStreamAddCallback(CUstream stream, CUstreamCallback callback, void *data, unsigned int flags);
CUresult cuStreamAddCallback_ptsz(CUstream stream, CUstreamCallback callback, void *data, unsigned int flags);

/** An attribute of a stream: see CUlaunchAttributeID. */
CUresult cuStreamGetAttribute(CUstream stream, CUlaunchAttributeID attribute, CUlaunchAttributeValue *value);
CUresult cuStreamGetAttribute_ptsz(CUstream stream, CUlaunchAttributeID attribute, CUlaunchAttributeValue *value);

/**
 * Sets an attribute of a stream.
 * Differs: the priority of a stream cannot be changed.
 */
CUresult cuStreamSetAttribute(CUstream stream, CUlaunchAttributeID attribute, const CUlaunchAttributeValue *value);
CUresult cuStreamSetAttribute_ptsz(CUstream stream, CUlaunchAttributeID attribute, const CUlaunchAttributeValue *value);

/** Gives a stream the attributes of another one. */
CUresult cuStreamCopyAttributes(CUstream to, CUstream from);
CUresult cuStreamCopyAttributes_ptsz(CUstream to, CUstream from);

/* Events */

/** Creates an event. */
CUresult cuEventCreate(CUevent *event, unsigned int flags);

/** Destroys an event. */
CUresult cuEventDestroy(CUevent event);
CUresult cuEventDestroy_v2(CUevent event);

/** Records an event in a stream: it happens when the work before it has completed. */
CUresult cuEventRecord(CUevent event, CUstream stream);
CUresult cuEventRecord_ptsz(CUevent event, CUstream stream);

/** CUDA_SUCCESS when the event has happened or was never recorded, else CUDA_ERROR_NOT_READY. */
CUresult cuEventQuery(CUevent event);

/** Waits until the event has happened. */
CUresult cuEventSynchronize(CUevent event);

/** Milliseconds between two events that have happened, by the device's clock. */
CUresult cuEventElapsedTime(float *milliseconds, CUevent start, CUevent end);
CUresult cuEventElapsedTime_v2(float *milliseconds, CUevent start, CUevent end);

/** Records an event, with flags. */
CUresult cuEventRecordWithFlags(CUevent event, CUstream stream, unsigned int flags);
CUresult cuEventRecordWithFlags_ptsz(CUevent event, CUstream stream, unsigned int flags);

/* Waiting for and writing of memory in streams */

/** Holds a stream until a 32-bit value in memory compares with `value` as `flags` say. */
CUresult cuStreamWaitValue32(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags);
CUresult cuStreamWaitValue32_ptsz(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags);
CUresult cuStreamWaitValue32_v2(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags);
CUresult cuStreamWaitValue32_v2_ptsz(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags);

/** Holds a stream until a 64-bit value in memory compares with `value` as `flags` say. */
CUresult cuStreamWaitValue64(CUstream stream, CUdeviceptr address, unsigned long long value, unsigned int flags);
CUresult cuStreamWaitValue64_ptsz(CUstream stream, CUdeviceptr address, unsigned long long value, unsigned int flags);
CUresult cuStreamWaitValue64_v2(CUstream stream, CUdeviceptr address, unsigned long long value, unsigned int flags);
CUresult cuStreamWaitValue64_v2_ptsz(CUstream stream, CUdeviceptr address, unsigned long long value, unsigned int flags);

/** Stores a 32-bit value in a stream's order. */
CUresult cuStreamWriteValue32(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags);
CUresult cuStreamWriteValue32_ptsz(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags);
CUresult cuStreamWriteValue32_v2(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags);
CUresult cuStreamWriteValue32_v2_ptsz(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags);

/** Stores a 64-bit value in a stream's order. */
CUresult cuStreamWriteValue64(CUstream stream, CUdeviceptr address, unsigned long long value, unsigned int flags);
CUresult cuStreamWriteValue64_ptsz(CUstream stream, CUdeviceptr address, unsigned long long value, unsigned int flags);
CUresult cuStreamWriteValue64_v2(CUstream stream, CUdeviceptr address, unsigned long long value, unsigned int flags);
CUresult cuStreamWriteValue64_v2_ptsz(CUstream stream, CUdeviceptr address, unsigned long long value, unsigned int flags);

/** Several of these in one call, in their order: at most 256. */
CUresult cuStreamBatchMemOp(CUstream stream, unsigned int count, CUstreamBatchMemOpParams *list, unsigned int flags);
CUresult cuStreamBatchMemOp_ptsz(CUstream stream, unsigned int count, CUstreamBatchMemOpParams *list, unsigned int flags);
CUresult cuStreamBatchMemOp_v2(CUstream stream, unsigned int count, CUstreamBatchMemOpParams *list, unsigned int flags);
CUresult cuStreamBatchMemOp_v2_ptsz(CUstream stream, unsigned int count, CUstreamBatchMemOpParams *list, unsigned int flags);

/* Stream capture */

/** Begins to capture a stream: what it is given becomes nodes of a graph, until cuStreamEndCapture. */
CUresult cuStreamBeginCapture_v2(CUstream stream, CUstreamCaptureMode mode);
CUresult cuStreamBeginCapture_v2_ptsz(CUstream stream, CUstreamCaptureMode mode);

/** Likewise, in the global mode. */
CUresult cuStreamBeginCapture(CUstream stream);
CUresult cuStreamBeginCapture_ptsz(CUstream stream);

/** Begins to capture a stream into a graph that is there, behind some of its nodes. */
CUresult cuStreamBeginCaptureToGraph(CUstream stream, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count, CUstreamCaptureMode mode);
CUresult cuStreamBeginCaptureToGraph_ptsz(CUstream stream, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count, CUstreamCaptureMode mode);

/** Ends the capture that began in a stream, and gives its graph. */
CUresult cuStreamEndCapture(CUstream stream, CUgraph *graph);
CUresult cuStreamEndCapture_ptsz(CUstream stream, CUgraph *graph);

/** Whether a stream is captured. */
CUresult cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus *status);
CUresult cuStreamIsCapturing_ptsz(CUstream stream, CUstreamCaptureStatus *status);

/**
 * Whether a stream is captured, and the capture's number, graph, and nodes that the next one
 * will depend on, valid until the next such call. All but `status` may be null.
 */
CUresult cuStreamGetCaptureInfo_v3(CUstream stream, CUstreamCaptureStatus *status, unsigned long long *id, CUgraph *graph, const CUgraphNode **dependencies, const CUgraphEdgeData **edges, size_t *count);
CUresult cuStreamGetCaptureInfo_v3_ptsz(CUstream stream, CUstreamCaptureStatus *status, unsigned long long *id, CUgraph *graph, const CUgraphNode **dependencies, const CUgraphEdgeData **edges, size_t *count);

/** Likewise, without edges. */
CUresult cuStreamGetCaptureInfo_v2(CUstream stream, CUstreamCaptureStatus *status, unsigned long long *id, CUgraph *graph, const CUgraphNode **dependencies, size_t *count);
CUresult cuStreamGetCaptureInfo_v2_ptsz(CUstream stream, CUstreamCaptureStatus *status, unsigned long long *id, CUgraph *graph, const CUgraphNode **dependencies, size_t *count);

/** Likewise, the number only. */
CUresult cuStreamGetCaptureInfo(CUstream stream, CUstreamCaptureStatus *status, unsigned long long *id);
CUresult cuStreamGetCaptureInfo_ptsz(CUstream stream, CUstreamCaptureStatus *status, unsigned long long *id);

/** Changes the nodes that the next one will depend on. */
CUresult cuStreamUpdateCaptureDependencies_v2(CUstream stream, CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count, unsigned int flags);
CUresult cuStreamUpdateCaptureDependencies_v2_ptsz(CUstream stream, CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count, unsigned int flags);

/** Likewise, without edges. */
CUresult cuStreamUpdateCaptureDependencies(CUstream stream, CUgraphNode *dependencies, size_t count, unsigned int flags);
CUresult cuStreamUpdateCaptureDependencies_ptsz(CUstream stream, CUgraphNode *dependencies, size_t count, unsigned int flags);

/** Says which captures forbid the calling thread what may disturb them, and gets what was said before. */
CUresult cuThreadExchangeStreamCaptureMode(CUstreamCaptureMode *mode);

/* Graphs */

/** An empty graph. `flags` must be 0. */
CUresult cuGraphCreate(CUgraph *graph, unsigned int flags);

/** Destroys a graph and its nodes. What was instantiated from it stays. */
CUresult cuGraphDestroy(CUgraph graph);

/** A copy of a graph, with copies of its child graphs. */
CUresult cuGraphClone(CUgraph *clone, CUgraph original);

/** The node of a clone that was made from a node. */
CUresult cuGraphNodeFindInClone(CUgraphNode *node, CUgraphNode original, CUgraph clone);

/** All nodes of a graph; with `nodes` null, their number. */
CUresult cuGraphGetNodes(CUgraph graph, CUgraphNode *nodes, size_t *count);

/** Likewise those that depend on no others. */
CUresult cuGraphGetRootNodes(CUgraph graph, CUgraphNode *nodes, size_t *count);

/** All dependencies of a graph; with the lists null, their number. `edges` may be null. */
CUresult cuGraphGetEdges_v2(CUgraph graph, CUgraphNode *from, CUgraphNode *to, CUgraphEdgeData *edges, size_t *count);

/** Likewise, without data. */
CUresult cuGraphGetEdges(CUgraph graph, CUgraphNode *from, CUgraphNode *to, size_t *count);

/** The nodes that a node depends on; with `nodes` null, their number. `edges` may be null. */
CUresult cuGraphNodeGetDependencies_v2(CUgraphNode node, CUgraphNode *nodes, CUgraphEdgeData *edges, size_t *count);

/** Likewise, without data. */
CUresult cuGraphNodeGetDependencies(CUgraphNode node, CUgraphNode *nodes, size_t *count);

/** The nodes that depend on a node; with `nodes` null, their number. `edges` may be null. */
CUresult cuGraphNodeGetDependentNodes_v2(CUgraphNode node, CUgraphNode *nodes, CUgraphEdgeData *edges, size_t *count);

/** Likewise, without data. */
CUresult cuGraphNodeGetDependentNodes(CUgraphNode node, CUgraphNode *nodes, size_t *count);

/** Adds dependencies: each node of `to` on the one of `from` in the same place. `edges` may be null. */
CUresult cuGraphAddDependencies_v2(CUgraph graph, const CUgraphNode *from, const CUgraphNode *to, const CUgraphEdgeData *edges, size_t count);

/** Likewise, without data. */
CUresult cuGraphAddDependencies(CUgraph graph, const CUgraphNode *from, const CUgraphNode *to, size_t count);

/** Removes dependencies. */
CUresult cuGraphRemoveDependencies_v2(CUgraph graph, const CUgraphNode *from, const CUgraphNode *to, const CUgraphEdgeData *edges, size_t count);

/** Likewise, without data. */
CUresult cuGraphRemoveDependencies(CUgraph graph, const CUgraphNode *from, const CUgraphNode *to, size_t count);

/** Removes a node from its graph. */
CUresult cuGraphDestroyNode(CUgraphNode node);

/** What kind of node it is. */
CUresult cuGraphNodeGetType(CUgraphNode node, CUgraphNodeType *type);

/** The number of a graph. */
CUresult cuGraphGetId(CUgraph graph, unsigned int *id);

/** The graph of a node. */
CUresult cuGraphNodeGetContainingGraph(CUgraphNode node, CUgraph *graph);

/** The number of a node in its graph. */
CUresult cuGraphNodeGetLocalId(CUgraphNode node, unsigned int *id);

/** The number of a node among all nodes of the process. */
CUresult cuGraphNodeGetToolsId(CUgraphNode node, unsigned long long *id);

/** Writes a graph as text for the program `dot`. */
CUresult cuGraphDebugDotPrint(CUgraph graph, const char *path, unsigned int flags);

/** Adds a node that launches a kernel; the arguments are copied. */
CUresult cuGraphAddKernelNode_v2(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, const CUDA_KERNEL_NODE_PARAMS_v2 *params);

/** Likewise, as before CUDA 12. */
CUresult cuGraphAddKernelNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, const CUDA_KERNEL_NODE_PARAMS_v1 *params);

/** What it launches. */
CUresult cuGraphKernelNodeGetParams_v2(CUgraphNode node, CUDA_KERNEL_NODE_PARAMS_v2 *params);

/** Likewise, as before CUDA 12. */
CUresult cuGraphKernelNodeGetParams(CUgraphNode node, CUDA_KERNEL_NODE_PARAMS_v1 *params);

/** Changes what it launches. */
CUresult cuGraphKernelNodeSetParams_v2(CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS_v2 *params);

/** Likewise, as before CUDA 12. */
CUresult cuGraphKernelNodeSetParams(CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS_v1 *params);

/** Adds a node that copies a box. Memory that is not pinned is read or written when the node runs. */
CUresult cuGraphAddMemcpyNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, const CUDA_MEMCPY3D *params, CUcontext context);

/** What it copies. */
CUresult cuGraphMemcpyNodeGetParams(CUgraphNode node, CUDA_MEMCPY3D *params);

/** Changes what it copies. */
CUresult cuGraphMemcpyNodeSetParams(CUgraphNode node, const CUDA_MEMCPY3D *params);

/** Adds a node that fills memory. */
CUresult cuGraphAddMemsetNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, const CUDA_MEMSET_NODE_PARAMS *params, CUcontext context);

/** What it fills. */
CUresult cuGraphMemsetNodeGetParams(CUgraphNode node, CUDA_MEMSET_NODE_PARAMS *params);

/** Changes what it fills. */
CUresult cuGraphMemsetNodeSetParams(CUgraphNode node, const CUDA_MEMSET_NODE_PARAMS *params);

/** Adds a node that calls a function of the program; see cuLaunchHostFunc. */
CUresult cuGraphAddHostNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, const CUDA_HOST_NODE_PARAMS *params);

/** What it calls. */
CUresult cuGraphHostNodeGetParams(CUgraphNode node, CUDA_HOST_NODE_PARAMS *params);

/** Changes what it calls. */
CUresult cuGraphHostNodeSetParams(CUgraphNode node, const CUDA_HOST_NODE_PARAMS *params);

/** Adds a node that runs a copy of another graph. */
CUresult cuGraphAddChildGraphNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUgraph child);

/** That copy, which may be changed, and is destroyed with the node. */
CUresult cuGraphChildGraphNodeGetGraph(CUgraphNode node, CUgraph *graph);

/** Adds a node that does nothing, in order. */
CUresult cuGraphAddEmptyNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count);

/** Adds a node that records an event. */
CUresult cuGraphAddEventRecordNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUevent event);

/** The event it records. */
CUresult cuGraphEventRecordNodeGetEvent(CUgraphNode node, CUevent *event);

/** Changes the event it records. */
CUresult cuGraphEventRecordNodeSetEvent(CUgraphNode node, CUevent event);

/** Adds a node that waits for an event, as it was recorded last when the graph is launched. */
CUresult cuGraphAddEventWaitNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUevent event);

/** The event it waits for. */
CUresult cuGraphEventWaitNodeGetEvent(CUgraphNode node, CUevent *event);

/** Changes the event it waits for. */
CUresult cuGraphEventWaitNodeSetEvent(CUgraphNode node, CUevent event);

/** Adds a node that gives memory back that a graph takes. */
CUresult cuGraphAddMemFreeNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUdeviceptr address);

/** The address of the memory it gives back. */
CUresult cuGraphMemFreeNodeGetParams(CUgraphNode node, CUdeviceptr *address);

/** Adds a node that waits for values in memory and stores some; see cuStreamBatchMemOp. */
CUresult cuGraphAddBatchMemOpNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, const CUDA_BATCH_MEM_OP_NODE_PARAMS *params);

/** What it waits for and stores. */
CUresult cuGraphBatchMemOpNodeGetParams(CUgraphNode node, CUDA_BATCH_MEM_OP_NODE_PARAMS *params);

/** Changes what it waits for and stores. */
CUresult cuGraphBatchMemOpNodeSetParams(CUgraphNode node, const CUDA_BATCH_MEM_OP_NODE_PARAMS *params);

/** Makes a graph that can run, in the current context. */
CUresult cuGraphInstantiateWithFlags(CUgraphExec *exec, CUgraph graph, unsigned long long flags);

/** Likewise, as before CUDA 12: with a place for the node that is wrong, and a log. */
CUresult cuGraphInstantiate(CUgraphExec *exec, CUgraph graph, CUgraphNode *bad_node, char *log, size_t size);
CUresult cuGraphInstantiate_v2(CUgraphExec *exec, CUgraph graph, CUgraphNode *bad_node, char *log, size_t size);

/** Likewise, and says what came of it. */
CUresult cuGraphInstantiateWithParams(CUgraphExec *exec, CUgraph graph, CUDA_GRAPH_INSTANTIATE_PARAMS *params);
CUresult cuGraphInstantiateWithParams_ptsz(CUgraphExec *exec, CUgraph graph, CUDA_GRAPH_INSTANTIATE_PARAMS *params);

/** Destroys it, once it has run to its end. */
CUresult cuGraphExecDestroy(CUgraphExec exec);

/** The flags it was instantiated with. */
CUresult cuGraphExecGetFlags(CUgraphExec exec, unsigned long long *flags);

/** The number of a graph that can run. */
CUresult cuGraphExecGetId(CUgraphExec exec, unsigned int *id);

/** Prepares the next launch. */
CUresult cuGraphUpload(CUgraphExec exec, CUstream stream);
CUresult cuGraphUpload_ptsz(CUgraphExec exec, CUstream stream);

/** Runs it in a stream, after its earlier launches. */
CUresult cuGraphLaunch(CUgraphExec exec, CUstream stream);
CUresult cuGraphLaunch_ptsz(CUgraphExec exec, CUstream stream);

/** Changes what a node launches, from the next launch of the graph on. */
CUresult cuGraphExecKernelNodeSetParams_v2(CUgraphExec exec, CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS_v2 *params);

/** Likewise, as before CUDA 12. */
CUresult cuGraphExecKernelNodeSetParams(CUgraphExec exec, CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS_v1 *params);

/** Likewise what a node copies. */
CUresult cuGraphExecMemcpyNodeSetParams(CUgraphExec exec, CUgraphNode node, const CUDA_MEMCPY3D *params, CUcontext context);

/** Likewise what a node fills. */
CUresult cuGraphExecMemsetNodeSetParams(CUgraphExec exec, CUgraphNode node, const CUDA_MEMSET_NODE_PARAMS *params, CUcontext context);

/** Likewise what a node calls. */
CUresult cuGraphExecHostNodeSetParams(CUgraphExec exec, CUgraphNode node, const CUDA_HOST_NODE_PARAMS *params);

/** Likewise the graph that a node runs, to one of the same shape. */
CUresult cuGraphExecChildGraphNodeSetParams(CUgraphExec exec, CUgraphNode node, CUgraph child);

/** Likewise the event that a node records. */
CUresult cuGraphExecEventRecordNodeSetEvent(CUgraphExec exec, CUgraphNode node, CUevent event);

/** Likewise the event that a node waits for. */
CUresult cuGraphExecEventWaitNodeSetEvent(CUgraphExec exec, CUgraphNode node, CUevent event);

/** Likewise what a node waits for and stores. */
CUresult cuGraphExecBatchMemOpNodeSetParams(CUgraphExec exec, CUgraphNode node, const CUDA_BATCH_MEM_OP_NODE_PARAMS *params);

/** Makes a kernel, copy or fill node run or not, from the next launch of the graph on. */
CUresult cuGraphNodeSetEnabled(CUgraphExec exec, CUgraphNode node, unsigned int enabled);

/** Whether a node runs. */
CUresult cuGraphNodeGetEnabled(CUgraphExec exec, CUgraphNode node, unsigned int *enabled);

/** Changes all nodes to what those of a graph of the same shape do. */
CUresult cuGraphExecUpdate_v2(CUgraphExec exec, CUgraph graph, CUgraphExecUpdateResultInfo *result);

/** Likewise, as before CUDA 12. */
CUresult cuGraphExecUpdate(CUgraphExec exec, CUgraph graph, CUgraphNode *bad_node, CUgraphExecUpdateResult *result);

/**
 * An object of the program with `count` references, for which `destroy` is called when the last one
 * is given back.
 */
CUresult cuUserObjectCreate(CUuserObject *object, void *data, CUhostFn destroy, unsigned int count, unsigned int flags);

/** Takes references to an object. */
CUresult cuUserObjectRetain(CUuserObject object, unsigned int count);

/** Gives references to an object back. */
CUresult cuUserObjectRelease(CUuserObject object, unsigned int count);

/** Makes a graph hold references to an object, and its clones too. */
CUresult cuGraphRetainUserObject(CUgraph graph, CUuserObject object, unsigned int count, unsigned int flags);

/** Makes a graph give references to an object back. */
CUresult cuGraphReleaseUserObject(CUgraph graph, CUuserObject object, unsigned int count);

/** An attribute of a kernel node: see CUlaunchAttributeID. */
CUresult cuGraphKernelNodeGetAttribute(CUgraphNode node, CUlaunchAttributeID attribute, CUlaunchAttributeValue *value);

/** Sets an attribute of a kernel node. */
CUresult cuGraphKernelNodeSetAttribute(CUgraphNode node, CUlaunchAttributeID attribute, const CUlaunchAttributeValue *value);

/** Gives a kernel node the attributes of another one. */
CUresult cuGraphKernelNodeCopyAttributes(CUgraphNode to, CUgraphNode from);

/**
 * Adds a node that takes memory, at the address that is stored in `params`.
 * Differs: of the current context's device only.
 */
CUresult cuGraphAddMemAllocNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUDA_MEM_ALLOC_NODE_PARAMS *params);

/** What it takes. */
CUresult cuGraphMemAllocNodeGetParams(CUgraphNode node, CUDA_MEM_ALLOC_NODE_PARAMS *params);

/** How much memory a device's graphs have. */
CUresult cuDeviceGetGraphMemAttribute(CUdevice device, CUgraphMem_attribute attribute, void *value);

/** Sets the most so far to what there is now. */
CUresult cuDeviceSetGraphMemAttribute(CUdevice device, CUgraphMem_attribute attribute, void *value);

/** Gives memory back that no graph reserves: there is none. */
CUresult cuDeviceGraphMemTrim(CUdevice device);

/**
 * Adds a node of any type.
 * Differs: semaphores and conditional nodes are CUDA_ERROR_NOT_SUPPORTED.
 */
CUresult cuGraphAddNode_v2(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count, CUgraphNodeParams *params);

/** Likewise, without data of edges. */
CUresult cuGraphAddNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUgraphNodeParams *params);

/** Changes what a node does. */
CUresult cuGraphNodeSetParams(CUgraphNode node, CUgraphNodeParams *params);

/** What a node does. */
CUresult cuGraphNodeGetParams(CUgraphNode node, CUgraphNodeParams *params);

/** Changes what a node does in an instantiated graph. */
CUresult cuGraphExecNodeSetParams(CUgraphExec exec, CUgraphNode node, CUgraphNodeParams *params);

/* Profiler, logs, core dumps and checkpoints */

/** Begins a region that a profiler is to look at. There is no profiler. */
CUresult cuProfilerStart(void);

/** Ends it. */
CUresult cuProfilerStop(void);

/** Adds a function that is told of every call that fails, on the thread that failed. */
CUresult cuLogsRegisterCallback(CUlogsCallback callback, void *data, CUlogsCallbackHandle *handle);

/** Removes it. */
CUresult cuLogsUnregisterCallback(CUlogsCallbackHandle handle);

/** The place in the log after the last entry. */
CUresult cuLogsCurrent(unsigned int *iterator, unsigned int flags);

/** Appends the entries from a place on to a file, and moves the place; null: all of the last 100. */
CUresult cuLogsDumpToFile(unsigned int *iterator, const char *path, unsigned int flags);

/**
 * Likewise, to memory; `size` is its size and becomes the size of the text with its NUL. When it
 * is too small the oldest entries are left out.
 */
CUresult cuLogsDumpToMemory(unsigned int *iterator, char *buffer, size_t *size, unsigned int flags);

/**
 * A setting of what the current context leaves behind when a kernel fails.
 * Differs: a report in text.
 */
CUresult cuCoredumpGetAttribute(CUcoredumpSettings attribute, void *value, size_t *size);

/**
 * Likewise, with which new contexts begin.
 * Differs: likewise.
 */
CUresult cuCoredumpGetAttributeGlobal(CUcoredumpSettings attribute, void *value, size_t *size);

/**
 * Changes a setting of the current context.
 * Differs: likewise.
 */
CUresult cuCoredumpSetAttribute(CUcoredumpSettings attribute, void *value, size_t *size);

/**
 * Changes a setting with which new contexts begin.
 * Differs: likewise.
 */
CUresult cuCoredumpSetAttributeGlobal(CUcoredumpSettings attribute, void *value, size_t *size);

#define cuGetProcAddress cuGetProcAddress_v2
#define cuStreamBeginCapture cuStreamBeginCapture_v2
#define cuStreamGetCaptureInfo cuStreamGetCaptureInfo_v2
#define CUDA_KERNEL_NODE_PARAMS CUDA_KERNEL_NODE_PARAMS_v2
#define cuGraphAddKernelNode cuGraphAddKernelNode_v2
#define cuGraphKernelNodeGetParams cuGraphKernelNodeGetParams_v2
#define cuGraphKernelNodeSetParams cuGraphKernelNodeSetParams_v2
#define cuGraphExecKernelNodeSetParams cuGraphExecKernelNodeSetParams_v2
#define cuGraphInstantiate cuGraphInstantiateWithFlags
#define cuGraphExecUpdate cuGraphExecUpdate_v2

#ifdef __cplusplus
}
#endif

#endif /* IXCUDA_H */

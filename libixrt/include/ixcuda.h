/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Generated from the tables in libixrt/src/api by `cargo run -p ixrt --example generate`; do not edit. */
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
/** A context. */
typedef struct CUcontext_st *CUcontext;
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
    /** Whether the device reaches pageable memory of the host. */
    CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS = 88,
    /** Whether host and device may use managed memory at the same time. */
    CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS = 89,
    /** Whether blocks of a grid may wait for one another. */
    CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH = 95,
    /** Bytes of shared memory that a block may use when its function asks for it. */
    CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97,
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

/** Whether a function was found. */
typedef enum CUdriverProcAddressQueryResult_enum {
    /** It was. */
    CU_GET_PROC_ADDRESS_SUCCESS = 0,
    /** There is no function of this name. */
    CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND = 1,
    /** The function is newer than the version asked for. */
    CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT = 2,
} CUdriverProcAddressQueryResult;

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
/** An event with timing. */
#define CU_EVENT_DEFAULT 0x0u
/** Waiting for the event sleeps. A hint. */
#define CU_EVENT_BLOCKING_SYNC 0x1u
/** An event without timing. */
#define CU_EVENT_DISABLE_TIMING 0x2u
/** An event that other processes may use; not supported. */
#define CU_EVENT_INTERPROCESS 0x4u
/** Occupancy as the device has it. */
#define CU_OCCUPANCY_DEFAULT 0x0u
/** Whether caching of globals is taken into account; without effect. */
#define CU_OCCUPANCY_DISABLE_CACHING_OVERRIDE 0x1u
/** Does not wait for earlier work of the other devices; always so. */
#define CUDA_COOPERATIVE_LAUNCH_MULTI_DEVICE_NO_PRE_LAUNCH_SYNC 0x1u
/** Later work of the other devices does not wait; always so. */
#define CUDA_COOPERATIVE_LAUNCH_MULTI_DEVICE_NO_POST_LAUNCH_SYNC 0x2u
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

/** Is told of an entry of the log. */
typedef void (*CUlogsCallback)(void *data, CUlogLevel logLevel, char *message, size_t length);

/* Initialisation, errors and entry points */

/** Finds and opens the devices. Must be called before anything else; again it does nothing. */
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

/** Makes later work of a stream wait for an event. `flags` must be 0. */
CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned int flags);
CUresult cuStreamWaitEvent_ptsz(CUstream stream, CUevent event, unsigned int flags);

/** The flags of a stream. */
CUresult cuStreamGetFlags(CUstream stream, unsigned int *flags);
CUresult cuStreamGetFlags_ptsz(CUstream stream, unsigned int *flags);

/** The priority of a stream. */
CUresult cuStreamGetPriority(CUstream stream, int *priority);
CUresult cuStreamGetPriority_ptsz(CUstream stream, int *priority);

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

#define cuGetProcAddress cuGetProcAddress_v2

#ifdef __cplusplus
}
#endif

#endif /* IXCUDA_H */

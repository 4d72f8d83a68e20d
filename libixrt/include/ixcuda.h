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
/** A stream; null is the default stream of the current context. */
typedef struct CUstream_st *CUstream;
/** An event. */
typedef struct CUevent_st *CUevent;

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
    /** The device is not available: it stopped answering or its process has ended. */
    CUDA_ERROR_DEVICE_UNAVAILABLE = 46,
    /** There is no device. */
    CUDA_ERROR_NO_DEVICE = 100,
    /** There is no device with this number. */
    CUDA_ERROR_INVALID_DEVICE = 101,
    /** The image is not a module that this library can load. */
    CUDA_ERROR_INVALID_IMAGE = 200,
    /** There is no current context, or the handle is not one of a live context. */
    CUDA_ERROR_INVALID_CONTEXT = 201,
    /** Memory could not be mapped. */
    CUDA_ERROR_MAP_FAILED = 205,
    /** The image has no code for this device. */
    CUDA_ERROR_NO_BINARY_FOR_GPU = 209,
    /** The PTX text does not compile. */
    CUDA_ERROR_INVALID_PTX = 218,
    /** The PTX version is not supported. */
    CUDA_ERROR_UNSUPPORTED_PTX_VERSION = 222,
    /** The kernel source is invalid. */
    CUDA_ERROR_INVALID_SOURCE = 300,
    /** The file was not found. */
    CUDA_ERROR_FILE_NOT_FOUND = 301,
    /** The operating system refused an operation. */
    CUDA_ERROR_OPERATING_SYSTEM = 304,
    /** The handle is not valid, or no longer. */
    CUDA_ERROR_INVALID_HANDLE = 400,
    /** The object is not in a state that allows the operation. */
    CUDA_ERROR_ILLEGAL_STATE = 401,
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
    /** The primary context is active already. */
    CUDA_ERROR_PRIMARY_CONTEXT_ACTIVE = 708,
    /** The current context has been destroyed. */
    CUDA_ERROR_CONTEXT_IS_DESTROYED = 709,
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

/** Whether a function was found. */
typedef enum CUdriverProcAddressQueryResult_enum {
    /** It was. */
    CU_GET_PROC_ADDRESS_SUCCESS = 0,
    /** There is no function of this name. */
    CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND = 1,
    /** The function is newer than the version asked for. */
    CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT = 2,
} CUdriverProcAddressQueryResult;

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

/** The identity of a device, in the order of its text form. */
typedef struct CUuuid_st {
    unsigned char bytes[16];
} CUuuid;

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

/* Initialisation, errors and entry points */

/** Finds and opens the devices. Must be called before anything else; again it does nothing. */
CUresult cuInit(unsigned int flags);

/** The version of the CUDA driver interface that this library follows: 1000 * major + 10 * minor. */
CUresult cuDriverGetVersion(int *version);

/** The name of an error code. */
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
CUresult cuCtxCreate_v3(CUcontext *context, unsigned int flags, CUdevice device);
CUresult cuCtxCreate_v4(CUcontext *context, unsigned int flags, CUdevice device);

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
CUresult cuCtxSynchronize_v2(void);

/** The device of the current context. */
CUresult cuCtxGetDevice(CUdevice *device);
CUresult cuCtxGetDevice_v2(CUdevice *device);

/** The flags of the current context. */
CUresult cuCtxGetFlags(unsigned int *flags);

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

/* Launches */

/**
 * Launches a kernel in a stream. The arguments are given by `params`, a pointer to each,
 * or by `extra`, a buffer that holds them as a parameter block; they are copied before
 * the call returns.
 */
CUresult cuLaunchKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **params, void **extra);
CUresult cuLaunchKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **params, void **extra);

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

#define cuGetProcAddress cuGetProcAddress_v2

#ifdef __cplusplus
}
#endif

#endif /* IXCUDA_H */

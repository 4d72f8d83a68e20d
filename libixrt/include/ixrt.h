/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Generated from the tables in libixrt/src/api by `cargo run -p ixrt --example generate`; do not edit. */
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
/** A context. */
typedef struct IXcontext_st *IXcontext;
/** A loaded module. */
typedef struct IXmodule_st *IXmodule;
/** A kernel of a module. */
typedef struct IXfunction_st *IXfunction;
/** A stream; null is the default stream of the current context. */
typedef struct IXstream_st *IXstream;
/** An event. */
typedef struct IXevent_st *IXevent;

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
    /** The device is not available: it stopped answering or its process has ended. */
    IX_ERROR_DEVICE_UNAVAILABLE = 46,
    /** There is no device. */
    IX_ERROR_NO_DEVICE = 100,
    /** There is no device with this number. */
    IX_ERROR_INVALID_DEVICE = 101,
    /** The image is not a module that this library can load. */
    IX_ERROR_INVALID_IMAGE = 200,
    /** There is no current context, or the handle is not one of a live context. */
    IX_ERROR_INVALID_CONTEXT = 201,
    /** Memory could not be mapped. */
    IX_ERROR_MAP_FAILED = 205,
    /** The image has no code for this device. */
    IX_ERROR_NO_BINARY_FOR_GPU = 209,
    /** The PTX text does not compile. */
    IX_ERROR_INVALID_PTX = 218,
    /** The PTX version is not supported. */
    IX_ERROR_UNSUPPORTED_PTX_VERSION = 222,
    /** The kernel source is invalid. */
    IX_ERROR_INVALID_SOURCE = 300,
    /** The file was not found. */
    IX_ERROR_FILE_NOT_FOUND = 301,
    /** The operating system refused an operation. */
    IX_ERROR_OPERATING_SYSTEM = 304,
    /** The handle is not valid, or no longer. */
    IX_ERROR_INVALID_HANDLE = 400,
    /** The object is not in a state that allows the operation. */
    IX_ERROR_ILLEGAL_STATE = 401,
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
    /** The primary context is active already. */
    IX_ERROR_PRIMARY_CONTEXT_ACTIVE = 708,
    /** The current context has been destroyed. */
    IX_ERROR_CONTEXT_IS_DESTROYED = 709,
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
    /** Whether the device reaches pageable memory of the host. */
    IX_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS = 88,
    /** Whether host and device may use managed memory at the same time. */
    IX_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS = 89,
    /** Whether blocks of a grid may wait for one another. */
    IX_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH = 95,
    /** Bytes of shared memory that a block may use when its function asks for it. */
    IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97,
    /** Resident blocks of an SM. */
    IX_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR = 106,
    /** Bytes of shared memory of a block that the device keeps for itself. */
    IX_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK = 111,
    /** Whether there are memory pools. */
    IX_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED = 115,
} IXdevice_attribute;

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

/** Whether a function was found. */
typedef enum IXdriverProcAddressQueryResult_enum {
    /** It was. */
    IX_GET_PROC_ADDRESS_SUCCESS = 0,
    /** There is no function of this name. */
    IX_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND = 1,
    /** The function is newer than the version asked for. */
    IX_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT = 2,
} IXdriverProcAddressQueryResult;

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
/** An event with timing. */
#define IX_EVENT_DEFAULT 0x0u
/** Waiting for the event sleeps. A hint. */
#define IX_EVENT_BLOCKING_SYNC 0x1u
/** An event without timing. */
#define IX_EVENT_DISABLE_TIMING 0x2u
/** An event that other processes may use; not supported. */
#define IX_EVENT_INTERPROCESS 0x4u
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

/** Ends the list `extra` of ixLaunchKernel. */
#define IX_LAUNCH_PARAM_END ((void *)0)
/** The next element of `extra` is the parameter buffer. */
#define IX_LAUNCH_PARAM_BUFFER_POINTER ((void *)1)
/** The next element of `extra` points to a size_t, the size of the parameter buffer. */
#define IX_LAUNCH_PARAM_BUFFER_SIZE ((void *)2)

/** The identity of a device, in the order of its text form. */
typedef struct IXuuid_st {
    unsigned char bytes[16];
} IXuuid;

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

/** The interface version of a context; null: of the current one. */
IXresult ixCtxGetApiVersion(IXcontext context, unsigned int *version);

/** The least (numerically greatest) and greatest priority of streams. */
IXresult ixCtxGetStreamPriorityRange(int *least, int *greatest);

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

/* Launches */

/**
 * Launches a kernel in a stream. The arguments are given by `params`, a pointer to each,
 * or by `extra`, a buffer that holds them as a parameter block; they are copied before
 * the call returns.
 */
IXresult ixLaunchKernel(IXfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, IXstream stream, void **params, void **extra);

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

/** Makes later work of a stream wait for an event. `flags` must be 0. */
IXresult ixStreamWaitEvent(IXstream stream, IXevent event, unsigned int flags);

/** The flags of a stream. */
IXresult ixStreamGetFlags(IXstream stream, unsigned int *flags);

/** The priority of a stream. */
IXresult ixStreamGetPriority(IXstream stream, int *priority);

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

#ifdef __cplusplus
}
#endif

#endif /* IXRT_H */

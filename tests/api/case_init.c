// SPDX-License-Identifier: Apache-2.0 OR MIT
/* Initialisation, version, names of errors. */
#define SUBJECT "init"
#include "harness.h"

/* 6.3 Initialization: "If cuInit() has not been called, any function from the driver API will return
   CUDA_ERROR_NOT_INITIALIZED" */
CASE_ALONE(device_count_before_init_is_not_initialized)
{
    int count = 0;
    GIVES(CUDA_ERROR_NOT_INITIALIZED, cuDeviceGetCount(&count));
}

/* 6.3 Initialization: likewise contexts */
CASE_ALONE(context_before_init_is_not_initialized)
{
    CUcontext made = NULL;
    GIVES(CUDA_ERROR_NOT_INITIALIZED, cuCtxCreate(&made, 0, 0));
    GIVES(CUDA_ERROR_NOT_INITIALIZED, cuDevicePrimaryCtxRetain(&made, 0));
    GIVES(CUDA_ERROR_NOT_INITIALIZED, cuCtxGetCurrent(&made));
}

/* 6.3 Initialization: likewise memory */
CASE_ALONE(memory_before_init_is_not_initialized)
{
    CUdeviceptr address = 0;
    void *memory = NULL;
    GIVES(CUDA_ERROR_NOT_INITIALIZED, cuMemAlloc(&address, 4));
    GIVES(CUDA_ERROR_NOT_INITIALIZED, cuMemHostAlloc(&memory, 4, 0));
    GIVES(CUDA_ERROR_NOT_INITIALIZED, cuMemFree(0));
}

/* 6.3 Initialization: likewise modules, streams and events */
CASE_ALONE(objects_before_init_are_not_initialized)
{
    CUmodule loaded = NULL;
    CUstream made = NULL;
    CUevent recorded = NULL;
    GIVES(CUDA_ERROR_NOT_INITIALIZED, cuModuleLoadData(&loaded, kernels));
    GIVES(CUDA_ERROR_NOT_INITIALIZED, cuStreamCreate(&made, 0));
    GIVES(CUDA_ERROR_NOT_INITIALIZED, cuEventCreate(&recorded, 0));
}

/* 6.3 Initialization, cuInit: "Flags parameter must be 0" */
CASE_ALONE(flags_must_be_zero)
{
    int count = 0;
    INVALID(cuInit(1));
    INVALID(cuInit(~0u));
    GIVES(CUDA_ERROR_NOT_INITIALIZED, cuDeviceGetCount(&count));
}

/* 6.3 Initialization, cuInit: may be called by every component of a program */
CASE_ALONE(init_twice_succeeds)
{
    int count = 0;
    OK(cuInit(0));
    OK(cuInit(0));
    OK(cuDeviceGetCount(&count));
    CHECK(count >= 1);
}

/* 6.3 Initialization, cuInit: a refused call does not undo an earlier one */
CASE_ALONE(bad_flags_after_init_leave_it_initialized)
{
    int count = 0;
    OK(cuInit(0));
    INVALID(cuInit(4));
    OK(cuDeviceGetCount(&count));
}

/* 6.4 Version Management, cuDriverGetVersion: "(1000 * major + 10 * minor)"; works without cuInit */
CASE_ALONE(version_is_known_before_init)
{
    int version = 0;
    OK(cuDriverGetVersion(&version));
    CHECK(version >= 12000);
    EQ(version % 10, 0);
}

/* 6.4 Version Management, cuDriverGetVersion: "returns CUDA_ERROR_INVALID_VALUE if driverVersion is NULL" */
CASE(version_into_null_is_invalid)
{
    INVALID(cuDriverGetVersion(NULL));
}

/* 6.2 Error Handling, cuGetErrorName: the enumerator's name, without cuInit */
CASE_ALONE(error_names_are_known_before_init)
{
    const char *name = NULL;
    OK(cuGetErrorName(CUDA_SUCCESS, &name));
    TEXT_EQ(name, "CUDA_SUCCESS");
    OK(cuGetErrorName(CUDA_ERROR_NOT_INITIALIZED, &name));
    TEXT_EQ(name, "CUDA_ERROR_NOT_INITIALIZED");
}

/* 6.1 Data types, CUresult: numbers and names belong together */
CASE(error_names_are_those_of_the_enumerators)
{
    static const struct {
        int code;
        const char *name;
    } all[] = {
        {1, "CUDA_ERROR_INVALID_VALUE"},         {2, "CUDA_ERROR_OUT_OF_MEMORY"},
        {100, "CUDA_ERROR_NO_DEVICE"},           {101, "CUDA_ERROR_INVALID_DEVICE"},
        {200, "CUDA_ERROR_INVALID_IMAGE"},       {201, "CUDA_ERROR_INVALID_CONTEXT"},
        {209, "CUDA_ERROR_NO_BINARY_FOR_GPU"},   {218, "CUDA_ERROR_INVALID_PTX"},
        {301, "CUDA_ERROR_FILE_NOT_FOUND"},      {400, "CUDA_ERROR_INVALID_HANDLE"},
        {500, "CUDA_ERROR_NOT_FOUND"},           {600, "CUDA_ERROR_NOT_READY"},
        {700, "CUDA_ERROR_ILLEGAL_ADDRESS"},     {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES"},
        {709, "CUDA_ERROR_CONTEXT_IS_DESTROYED"},{716, "CUDA_ERROR_MISALIGNED_ADDRESS"},
        {719, "CUDA_ERROR_LAUNCH_FAILED"},       {720, "CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE"},
        {801, "CUDA_ERROR_NOT_SUPPORTED"},       {901, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED"},
        {906, "CUDA_ERROR_STREAM_CAPTURE_IMPLICIT"}, {999, "CUDA_ERROR_UNKNOWN"},
    };
    for (size_t i = 0; i < COUNT(all); i++) {
        const char *name = NULL;
        OK(cuGetErrorName((CUresult)all[i].code, &name));
        TEXT_EQ(name, all[i].name);
    }
}

/* 6.2 Error Handling, cuGetErrorName: "If the error code is not recognized, CUDA_ERROR_INVALID_VALUE will be returned
   and *pStr will be set to the NULL address" */
CASE(name_of_unknown_error_is_null)
{
    const char *name = "before";
    INVALID(cuGetErrorName((CUresult)123456, &name));
    EQ(name, NULL);
}

/* 6.2 Error Handling, cuGetErrorString: likewise */
CASE(description_of_unknown_error_is_null)
{
    const char *text = "before";
    INVALID(cuGetErrorString((CUresult)-5, &text));
    EQ(text, NULL);
}

/* 6.2 Error Handling, cuGetErrorString: a NULL-terminated description */
CASE(every_named_error_has_a_description)
{
    int named = 0;
    for (int code = 0; code < 1000; code++) {
        const char *name = NULL, *text = NULL;
        if (cuGetErrorName((CUresult)code, &name) != CUDA_SUCCESS)
            continue;
        named++;
        CHECK(code == 0 || !strncmp(name, "CUDA_ERROR_", 11));
        OK(cuGetErrorString((CUresult)code, &text));
        CHECK(text && *text);
    }
    CHECK(named >= 70);
}

/* 6.2 Error Handling: a place for the text must be given */
CASE(error_text_into_null_is_invalid)
{
    INVALID(cuGetErrorName(CUDA_SUCCESS, NULL));
    INVALID(cuGetErrorString(CUDA_SUCCESS, NULL));
}

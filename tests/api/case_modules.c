// SPDX-License-Identifier: Apache-2.0 OR MIT
/* Modules, their functions and variables, libraries and their kernels. */
#define SUBJECT "modules"
#define _GNU_SOURCE
#include "harness.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* 6.10 Module Management, cuModuleLoadData: CUDA_ERROR_INVALID_PTX, CUDA_ERROR_INVALID_IMAGE */
CASE(what_is_no_module_is_refused)
{
    context();
    CUmodule made;
    GIVES_EITHER(CUDA_ERROR_INVALID_IMAGE, CUDA_ERROR_INVALID_PTX, cuModuleLoadData(&made, "this is no module"));
    GIVES_EITHER(CUDA_ERROR_INVALID_IMAGE, CUDA_ERROR_INVALID_PTX, cuModuleLoadData(&made, ""));
    GIVES(CUDA_ERROR_INVALID_PTX,
          cuModuleLoadData(&made, ".version 7.0\n.target sm_70\n.address_size 64\n.visible .entry k() { nonsense; }\n"));
    INVALID(cuModuleLoadData(&made, NULL));
    INVALID(cuModuleLoadData(NULL, kernels));
}

/* 6.10 Module Management, cuModuleLoad: CUDA_ERROR_FILE_NOT_FOUND */
CASE(files_that_are_not_there_are_not_found)
{
    context();
    CUmodule made;
    GIVES(CUDA_ERROR_FILE_NOT_FOUND, cuModuleLoad(&made, "/nonexistent/file.ptx"));
    INVALID(cuModuleLoad(&made, NULL));
}

/* 6.10 Module Management, cuModuleLoad: from a file */
CASE(modules_are_loaded_from_files)
{
    context();
    char path[] = "/tmp/api-module-XXXXXX";
    int file = mkstemp(path);
    CHECK(file >= 0);
    CHECK(write(file, kernels, strlen(kernels)) == (ssize_t)strlen(kernels));
    close(file);
    CUmodule made;
    CUfunction function;
    CUresult got = cuModuleLoad(&made, path);
    unlink(path);
    OK(got);
    OK(cuModuleGetFunction(&function, made, "fill"));
    OK(cuModuleUnload(made));
}

/* 6.10 Module Management, cuModuleLoadDataEx: CU_JIT_ERROR_LOG_BUFFER */
CASE(error_log_says_what_is_wrong)
{
    context();
    CUmodule made;
    char log[2048] = "";
    CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
    void *values[] = {log, (void *)sizeof log};
    GIVES(CUDA_ERROR_INVALID_PTX,
          cuModuleLoadDataEx(&made,
                             ".version 7.0\n.target sm_70\n.address_size 64\n.visible .entry k() { nonsense; }\n", 2,
                             options, values));
    CHECK(memchr(log, 0, sizeof log));
    CHECK(strstr(log, "nonsense"));
    CHECK((uintptr_t)values[1] > 0 && (uintptr_t)values[1] <= sizeof log);
}

/* 6.10 Module Management, cuModuleLoadDataEx: options of a module that compiles */
CASE(options_of_the_compiler_are_taken)
{
    context();
    CUmodule made;
    float time = -1;
    CUjit_option options[] = {CU_JIT_OPTIMIZATION_LEVEL, CU_JIT_MAX_REGISTERS, CU_JIT_WALL_TIME};
    void *values[] = {(void *)4, (void *)32, NULL};
    OK(cuModuleLoadDataEx(&made, kernels, 3, options, values));
    memcpy(&time, &values[2], sizeof time);
    CHECK(time >= 0);
    OK(cuModuleUnload(made));
    OK(cuModuleLoadDataEx(&made, kernels, 0, NULL, NULL));
    OK(cuModuleUnload(made));
}

/* 6.10 Module Management, cuModuleGetFunction: "If no function of that name exists, CUDA_ERROR_NOT_FOUND" */
CASE(functions_that_are_not_there_are_not_found)
{
    CUfunction function = NULL;
    GIVES(CUDA_ERROR_NOT_FOUND, cuModuleGetFunction(&function, module(), "no_such_kernel"));
    GIVES(CUDA_ERROR_NOT_FOUND, cuModuleGetFunction(&function, module(), "counter"));
    INVALID(cuModuleGetFunction(&function, module(), NULL));
    INVALID(cuModuleGetFunction(NULL, module(), "fill"));
}

/* 6.10 Module Management, cuModuleGetGlobal: base and size; "one of the two may be NULL" */
CASE(variables_have_address_and_size)
{
    CUdeviceptr address = 0;
    size_t size = 0;
    OK(cuModuleGetGlobal(&address, &size, module(), "table"));
    EQ(size, 16);
    NE(address, 0);
    OK(cuModuleGetGlobal(&address, NULL, module(), "counter"));
    OK(cuModuleGetGlobal(NULL, &size, module(), "counter"));
    EQ(size, 4);
    OK(cuModuleGetGlobal(&address, &size, module(), "factor"));
    EQ(size, 4);
    GIVES(CUDA_ERROR_NOT_FOUND, cuModuleGetGlobal(&address, &size, module(), "no_such_variable"));
}

/* 6.10 Module Management: variables have their initial values, and host and kernels share them */
CASE_ALONE(variables_are_shared_with_kernels)
{
    CUdeviceptr counter, table, out = device_memory(12);
    uint32_t words[4];
    OK(cuModuleGetGlobal(&counter, NULL, module(), "counter"));
    OK(cuModuleGetGlobal(&table, NULL, module(), "table"));
    EQ(word_at(counter), 7);
    OK(cuMemcpyDtoH(words, table, 16));
    EQ(words[0], 11);
    EQ(words[3], 44);
    words[2] = 333;
    OK(cuMemcpyHtoD(table, words, 16));
    launch(kernel("use_globals"), 1, 1, NULL, (void *[]){&out});
    OK(cuMemcpyDtoH(words, out, 12));
    EQ(words[0], 8);
    EQ(words[1], 333);
    EQ(words[2], 3);
    EQ(word_at(counter), 8);
}

/* 6.10 Module Management, cuModuleLoadData: each load has variables of its own */
CASE(variables_belong_to_one_load)
{
    CUmodule one, other;
    CUdeviceptr first, second;
    context();
    OK(cuModuleLoadData(&one, kernels));
    OK(cuModuleLoadData(&other, kernels));
    OK(cuModuleGetGlobal(&first, NULL, one, "counter"));
    OK(cuModuleGetGlobal(&second, NULL, other, "counter"));
    NE(first, second);
    OK(cuMemsetD32(first, 100, 1));
    EQ(word_at(second), 7);
    OK(cuModuleUnload(one));
    EQ(word_at(second), 7);
    OK(cuModuleUnload(other));
}

/* 6.10 Module Management, cuModuleUnload: handles of the module are not valid afterwards */
CASE_ALONE(unloaded_modules_are_invalid)
{
    CUmodule made;
    CUfunction function;
    context();
    OK(cuModuleLoadData(&made, kernels));
    OK(cuModuleUnload(made));
    GIVES_EITHER(CUDA_ERROR_INVALID_HANDLE, CUDA_ERROR_INVALID_VALUE, cuModuleGetFunction(&function, made, "fill"));
    GIVES_EITHER(CUDA_ERROR_INVALID_HANDLE, CUDA_ERROR_INVALID_VALUE, cuModuleUnload(made));
    GIVES_EITHER(CUDA_ERROR_INVALID_HANDLE, CUDA_ERROR_INVALID_VALUE, cuModuleUnload(NULL));
}

/* 6.10 Module Management, cuModuleGetFunctionCount, cuModuleEnumerateFunctions */
CASE(functions_are_counted_and_listed)
{
    unsigned count = 0;
    CUfunction list[64];
    OK(cuModuleGetFunctionCount(&count, module()));
    EQ(count, 15);
    OK(cuModuleEnumerateFunctions(list, count, module()));
    int found = 0;
    for (unsigned i = 0; i < count; i++) {
        const char *name = NULL;
        OK(cuFuncGetName(&name, list[i]));
        found += !strcmp(name, "fill") + !strcmp(name, "nothing");
    }
    EQ(found, 2);
}

/* 6.10 Module Management, cuModuleGetLoadingMode */
CASE(loading_mode_is_one_of_two)
{
    init();
    CUmoduleLoadingMode mode = (CUmoduleLoadingMode)0;
    OK(cuModuleGetLoadingMode(&mode));
    CHECK(mode == CU_MODULE_EAGER_LOADING || mode == CU_MODULE_LAZY_LOADING);
}

/* 6.22 Execution Control, cuFuncGetAttribute */
CASE(attributes_of_functions)
{
    CUfunction plain = kernel("fill"), shared = kernel("reverse_static"), bounded = kernel("at_most_64");
    int value = -1;
    OK(cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES, shared));
    EQ(value, 1024);
    OK(cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES, plain));
    EQ(value, 0);
    OK(cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, bounded));
    EQ(value, 64);
    OK(cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, plain));
    CHECK(value >= 256 && value <= 1024);
    OK(cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_PTX_VERSION, plain));
    CHECK(value >= 10 && value <= 999);
    OK(cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_NUM_REGS, plain));
    CHECK(value > 0 && value <= 255);
    OK(cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES, plain));
    CHECK(value >= 0);
    OK(cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_BINARY_VERSION, plain));
    CHECK(value >= 50);
    INVALID(cuFuncGetAttribute(&value, (CUfunction_attribute)999, plain));
    INVALID(cuFuncGetAttribute(NULL, CU_FUNC_ATTRIBUTE_NUM_REGS, plain));
}

/* 6.22 Execution Control, cuFuncSetAttribute: CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES: "The sum of this value and
   the function attribute CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES cannot exceed the device attribute
   CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN" */
CASE(dynamic_shared_memory_has_a_limit)
{
    CUfunction dynamic = kernel("reverse_dynamic");
    int most = attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN), value = 0;
    OK(cuFuncSetAttribute(dynamic, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, most));
    OK(cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, dynamic));
    EQ(value, most);
    INVALID(cuFuncSetAttribute(dynamic, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, most + 1));
    INVALID(cuFuncSetAttribute(dynamic, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, -1));
    INVALID(cuFuncSetAttribute(kernel("reverse_static"), CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, most));
}

/* 6.22 Execution Control, cuFuncSetAttribute: other attributes cannot be set */
CASE(fixed_attributes_cannot_be_set)
{
    CUfunction plain = kernel("fill");
    INVALID(cuFuncSetAttribute(plain, CU_FUNC_ATTRIBUTE_NUM_REGS, 16));
    INVALID(cuFuncSetAttribute(plain, CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES, 16));
    OK(cuFuncSetAttribute(plain, CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT, 50));
    INVALID(cuFuncSetAttribute(plain, CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT, 101));
}

/* 6.22 Execution Control, cuFuncGetParamInfo: "the offset and size of the parameter"; CUDA_ERROR_INVALID_VALUE beyond */
CASE(parameters_have_offset_and_size)
{
    static const size_t offsets[] = {0, 2, 4, 8, 16, 24, 32}, sizes[] = {1, 2, 4, 8, 4, 8, 8};
    CUfunction function = kernel("store_params");
    size_t offset, size, count = 0;
    for (size_t i = 0; i < 7; i++) {
        OK(cuFuncGetParamInfo(function, i, &offset, &size));
        EQ(offset, offsets[i]);
        EQ(size, sizes[i]);
    }
    INVALID(cuFuncGetParamInfo(function, 7, &offset, &size));
    OK(cuFuncGetParamInfo(function, 3, &offset, NULL));
    OK(cuFuncGetParamCount(function, &count));
    EQ(count, 7);
}

/* 6.22 Execution Control, cuFuncGetModule, cuFuncGetName */
CASE(functions_know_module_and_name)
{
    CUmodule of = NULL;
    const char *name = NULL;
    CUfunction function = kernel("add_one");
    OK(cuFuncGetModule(&of, function));
    EQ(of, module());
    OK(cuFuncGetName(&name, function));
    TEXT_EQ(name, "add_one");
    INVALID(cuFuncGetName(NULL, function));
}

/* 6.22 Execution Control, cuFuncSetCacheConfig: a preference */
CASE(cache_config_of_functions)
{
    CUfunction function = kernel("fill");
    OK(cuFuncSetCacheConfig(function, CU_FUNC_CACHE_PREFER_SHARED));
    OK(cuFuncSetCacheConfig(function, CU_FUNC_CACHE_PREFER_EQUAL));
    INVALID(cuFuncSetCacheConfig(function, (CUfunc_cache)9));
}

/* 6.22 Execution Control, cuFuncLoad, cuFuncIsLoaded */
CASE(functions_are_loaded_after_func_load)
{
    CUfunction function = kernel("nothing");
    CUfunctionLoadingState state = CU_FUNCTION_LOADING_STATE_MAX;
    OK(cuFuncLoad(function));
    OK(cuFuncIsLoaded(&state, function));
    EQ(state, CU_FUNCTION_LOADING_STATE_LOADED);
}

static CUlibrary library(void)
{
    CUlibrary made = NULL;
    init();
    OK(cuLibraryLoadData(&made, kernels, NULL, NULL, 0, NULL, NULL, 0));
    return made;
}

/* 6.12 Library Management, cuLibraryLoadData: needs no context */
CASE_ALONE(libraries_need_no_context)
{
    CUlibrary made = library();
    CUkernel found = NULL;
    const char *name = NULL;
    OK(cuLibraryGetKernel(&found, made, "fill"));
    OK(cuKernelGetName(&name, found));
    TEXT_EQ(name, "fill");
    OK(cuLibraryUnload(made));
}

/* 6.12 Library Management, cuLibraryGetKernel: CUDA_ERROR_NOT_FOUND */
CASE(kernels_that_are_not_there_are_not_found)
{
    CUlibrary made = library();
    CUkernel found;
    GIVES(CUDA_ERROR_NOT_FOUND, cuLibraryGetKernel(&found, made, "no_such_kernel"));
    OK(cuLibraryUnload(made));
    CHECK(cuLibraryGetKernel(&found, made, "fill") != CUDA_SUCCESS);
}

/* 6.12 Library Management, cuLibraryGetKernelCount, cuLibraryEnumerateKernels, cuKernelGetLibrary */
CASE(kernels_are_counted_and_listed)
{
    CUlibrary made = library(), of = NULL;
    CUkernel list[64];
    unsigned count = 0;
    OK(cuLibraryGetKernelCount(&count, made));
    EQ(count, 15);
    OK(cuLibraryEnumerateKernels(list, count, made));
    for (unsigned i = 0; i < count; i++) {
        OK(cuKernelGetLibrary(&of, list[i]));
        EQ(of, made);
    }
    OK(cuLibraryUnload(made));
}

/* 6.22 Execution Control, cuLaunchKernel: "f ... can also be a CUkernel cast to CUfunction" */
CASE(kernels_are_launched_as_functions)
{
    context();
    CUlibrary made = library();
    CUkernel found;
    CUdeviceptr words = device_memory(64);
    uint32_t value = 6, n = 16;
    OK(cuLibraryGetKernel(&found, made, "fill"));
    launch((CUfunction)found, 1, 32, NULL, (void *[]){&words, &value, &n});
    OK(cuCtxSynchronize());
    EQ(word_at(words + 60), 6);
    OK(cuLibraryUnload(made));
}

/* 6.12 Library Management, cuKernelGetFunction: the function in the current context */
CASE(kernels_have_functions)
{
    context();
    CUlibrary made = library();
    CUkernel found;
    CUfunction function;
    CUdeviceptr word = device_memory(4);
    OK(cuLibraryGetKernel(&found, made, "count_threads"));
    OK(cuKernelGetFunction(&function, found));
    launch(function, 1, 32, NULL, (void *[]){&word});
    OK(cuCtxSynchronize());
    EQ(word_at(word), 32);
    OK(cuLibraryUnload(made));
}

/* 6.12 Library Management, cuLibraryGetGlobal, cuLibraryGetModule */
CASE(libraries_have_variables_and_a_module)
{
    context();
    CUlibrary made = library();
    CUmodule of;
    CUdeviceptr address = 0, same = 0;
    size_t size = 0;
    OK(cuLibraryGetGlobal(&address, &size, made, "table"));
    EQ(size, 16);
    EQ(word_at(address + 4), 22);
    OK(cuLibraryGetModule(&of, made));
    OK(cuModuleGetGlobal(&same, NULL, of, "table"));
    EQ(address, same);
    GIVES(CUDA_ERROR_NOT_FOUND, cuLibraryGetGlobal(&address, &size, made, "nothing_such"));
    OK(cuLibraryUnload(made));
}

/* 6.12 Library Management, cuKernelGetAttribute, cuKernelSetAttribute: for a device */
CASE(attributes_of_kernels)
{
    context();
    CUlibrary made = library();
    CUkernel found;
    int value = -1;
    OK(cuLibraryGetKernel(&found, made, "reverse_static"));
    OK(cuKernelGetAttribute(&value, CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES, found, device));
    EQ(value, 1024);
    OK(cuKernelSetAttribute(CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 2048, found, device));
    OK(cuKernelGetAttribute(&value, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, found, device));
    EQ(value, 2048);
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuKernelGetAttribute(&value, CU_FUNC_ATTRIBUTE_NUM_REGS, found, 99));
    OK(cuLibraryUnload(made));
}

/* 6.32 Driver Entry Point Access, cuGetProcAddress: the function, callable */
CASE(entry_points_are_found)
{
    int (*get_count)(int *) = NULL, number = 0;
    CUdriverProcAddressQueryResult status = CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    init();
    OK(cuGetProcAddress("cuDeviceGetCount", (void **)&get_count, 12000, CU_GET_PROC_ADDRESS_DEFAULT, &status));
    EQ(status, CU_GET_PROC_ADDRESS_SUCCESS);
    EQ(get_count(&number), 0);
    CHECK(number >= 1);
    OK(cuGetProcAddress("cuDeviceGetCount", (void **)&get_count, 12000, 0, NULL));
}

/* 6.32 Driver Entry Point Access, cuGetProcAddress: symbolStatus says what is wrong, and *pfn is NULL */
CASE(entry_points_that_are_not_there)
{
    void *function = (void *)1;
    CUdriverProcAddressQueryResult status = CU_GET_PROC_ADDRESS_SUCCESS;
    init();
    CUresult got = cuGetProcAddress("cuNoSuchFunction", &function, 12000, 0, &status);
    CHECK(got == CUDA_SUCCESS || got == CUDA_ERROR_NOT_FOUND);
    EQ(status, CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND);
    EQ(function, NULL);
    function = (void *)1;
    got = cuGetProcAddress("cuMemAllocAsync", &function, 5000, 0, &status);
    CHECK(got == CUDA_SUCCESS || got == CUDA_ERROR_NOT_FOUND);
    EQ(status, CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT);
    EQ(function, NULL);
}

/* 6.32 Driver Entry Point Access, cuGetProcAddress: the form of the asked version; cuCtxCreate had four parameters
   more in 11.4 */
CASE(entry_points_are_those_of_the_version)
{
    void *old = NULL, *newer = NULL, *suffixed = NULL;
    init();
    OK(cuGetProcAddress("cuGraphExecUpdate", &old, 10020, 0, NULL));
    OK(cuGetProcAddress("cuGraphExecUpdate", &newer, 12000, 0, NULL));
    CHECK(old && newer);
    NE(old, newer);
    OK(cuGetProcAddress("cuStreamSynchronize", &old, 12000, CU_GET_PROC_ADDRESS_LEGACY_STREAM, NULL));
    OK(cuGetProcAddress("cuStreamSynchronize", &newer, 12000, CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM, NULL));
    OK(cuGetProcAddress("cuStreamSynchronize", &suffixed, 12000, CU_GET_PROC_ADDRESS_DEFAULT, NULL));
    NE(old, newer);
    EQ(old, suffixed);
}

/* 6.32 Driver Entry Point Access, cuGetProcAddress: invalid arguments */
CASE(entry_points_need_a_name_and_a_place)
{
    void *function;
    init();
    INVALID(cuGetProcAddress(NULL, &function, 12000, 0, NULL));
    INVALID(cuGetProcAddress("cuInit", NULL, 12000, 0, NULL));
    INVALID(cuGetProcAddress("cuInit", &function, 12000, 0x100, NULL));
}

/* 6.32 Driver Entry Point Access, cuGetProcAddress: with CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM the null stream is
   the calling thread's */
CASE(per_thread_entry_points_take_null_as_the_thread)
{
    CUstream blocking = stream();
    CUresult (*fill)(CUdeviceptr, unsigned, size_t, CUstream) = NULL;
    CUresult (*wait)(CUstream) = NULL;
    CUdeviceptr word = device_memory(4);
    OK(cuGetProcAddress("cuMemsetD32Async", (void **)&fill, 12000, CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM, NULL));
    OK(cuGetProcAddress("cuStreamSynchronize", (void **)&wait, 12000, CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM, NULL));
    struct gate gate = gate_close(blocking);
    OK(fill(word, 12, 1, NULL));
    OK(wait(NULL));
    EQ(word_at(word), 12);
    gate_open(gate);
    OK(cuStreamSynchronize(blocking));
    OK(cuStreamDestroy(blocking));
}

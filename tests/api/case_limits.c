// SPDX-License-Identifier: Apache-2.0 OR MIT
/* Limits of contexts, and the linker. */
#define SUBJECT "limits"
#include "harness.h"

static size_t limit(CUlimit which)
{
    size_t value = 0xdead;
    OK(cuCtxGetLimit(&value, which));
    return value;
}

/* 6.8 Context Management, cuCtxGetLimit: defaults of the printf buffer and the heap */
CASE_ALONE(limits_have_defaults)
{
    context();
    CHECK(limit(CU_LIMIT_STACK_SIZE) >= 1024);
    CHECK(limit(CU_LIMIT_PRINTF_FIFO_SIZE) >= 65536);
    CHECK(limit(CU_LIMIT_MALLOC_HEAP_SIZE) >= 8 << 20);
}

/* 6.8 Context Management, cuCtxSetLimit: "The driver is free to modify the requested value to meet h/w requirements":
   at least what was asked for */
CASE_ALONE(limits_are_at_least_what_was_set)
{
    context();
    OK(cuCtxSetLimit(CU_LIMIT_PRINTF_FIFO_SIZE, 2 << 20));
    CHECK(limit(CU_LIMIT_PRINTF_FIFO_SIZE) >= 2 << 20);
    OK(cuCtxSetLimit(CU_LIMIT_MALLOC_HEAP_SIZE, 16 << 20));
    CHECK(limit(CU_LIMIT_MALLOC_HEAP_SIZE) >= 16 << 20);
    OK(cuCtxSetLimit(CU_LIMIT_STACK_SIZE, 4096));
    CHECK(limit(CU_LIMIT_STACK_SIZE) >= 4096);
}

/* 6.8 Context Management, cuCtxGetLimit: CUDA_ERROR_UNSUPPORTED_LIMIT or CUDA_ERROR_INVALID_VALUE */
CASE(unknown_limits_are_refused)
{
    context();
    size_t value;
    GIVES_EITHER(CUDA_ERROR_UNSUPPORTED_LIMIT, CUDA_ERROR_INVALID_VALUE, cuCtxGetLimit(&value, (CUlimit)99));
    GIVES_EITHER(CUDA_ERROR_UNSUPPORTED_LIMIT, CUDA_ERROR_INVALID_VALUE, cuCtxSetLimit((CUlimit)99, 1));
    INVALID(cuCtxGetLimit(NULL, CU_LIMIT_STACK_SIZE));
}

static const char caller[] = ".version 7.0\n.target sm_70\n.address_size 64\n"
                             ".extern .func (.param .b32 r) twice(.param .b32 v);\n"
                             ".visible .entry k(.param .u64 out)\n"
                             "{\n"
                             "    .reg .b32 %r<2>; .reg .b64 %d<2>;\n"
                             "    ld.param.u64 %d0, [out]; cvta.to.global.u64 %d0, %d0; mov.u32 %r0, 21;\n"
                             "    { .param .b32 v; .param .b32 r; st.param.b32 [v], %r0; call.uni (r), twice, (v);\n"
                             "      ld.param.b32 %r1, [r]; }\n"
                             "    st.global.u32 [%d0], %r1; ret;\n"
                             "}\n";
static const char callee[] = ".version 7.0\n.target sm_70\n.address_size 64\n"
                             ".visible .func (.param .b32 r) twice(.param .b32 v)\n"
                             "{\n"
                             "    .reg .b32 %r<2>;\n"
                             "    ld.param.b32 %r0, [v]; add.u32 %r0, %r0, %r0; st.param.b32 [r], %r0; ret;\n"
                             "}\n";

static CUlinkState linker(void)
{
    CUlinkState made = NULL;
    context();
    OK(cuLinkCreate(0, NULL, NULL, &made));
    return made;
}

/* 6.10 Module Management, cuLinkAddData, cuLinkComplete: symbols of one input are found by another */
CASE(modules_are_linked)
{
    CUlinkState made = linker();
    CUmodule linked;
    CUfunction function;
    CUdeviceptr out = device_memory(4);
    void *image = NULL;
    size_t size = 0;
    OK(cuLinkAddData(made, CU_JIT_INPUT_PTX, (void *)caller, sizeof caller, "caller", 0, NULL, NULL));
    OK(cuLinkAddData(made, CU_JIT_INPUT_PTX, (void *)callee, sizeof callee, "callee", 0, NULL, NULL));
    OK(cuLinkComplete(made, &image, &size));
    CHECK(image && size > 0);
    OK(cuModuleLoadData(&linked, image));
    OK(cuLinkDestroy(made));
    OK(cuModuleGetFunction(&function, linked, "k"));
    launch(function, 1, 1, NULL, (void *[]){&out});
    OK(cuCtxSynchronize());
    EQ(word_at(out), 42);
    OK(cuModuleUnload(linked));
}

/* 6.10 Module Management, cuLinkComplete: symbols that nobody defines */
CASE(missing_symbols_do_not_link)
{
    CUlinkState made = linker();
    void *image;
    size_t size;
    CUresult got = cuLinkAddData(made, CU_JIT_INPUT_PTX, (void *)caller, sizeof caller, "caller", 0, NULL, NULL);
    if (got == CUDA_SUCCESS)
        got = cuLinkComplete(made, &image, &size);
    NE(got, CUDA_SUCCESS);
    NE(got, CUDA_ERROR_NOT_SUPPORTED);
    OK(cuLinkDestroy(made));
}

/* 6.10 Module Management, cuLinkAddData: CUDA_ERROR_INVALID_PTX */
CASE(inputs_that_are_no_ptx_are_refused)
{
    CUlinkState made = linker();
    GIVES_EITHER(CUDA_ERROR_INVALID_PTX, CUDA_ERROR_INVALID_IMAGE,
                 cuLinkAddData(made, CU_JIT_INPUT_PTX, (void *)"nonsense", 9, "x", 0, NULL, NULL));
    OK(cuLinkDestroy(made));
    CHECK(cuLinkDestroy(made) != CUDA_SUCCESS);
}

/* 6.10 Module Management, cuLinkAddFile: CUDA_ERROR_FILE_NOT_FOUND */
CASE(input_files_that_are_not_there_are_not_found)
{
    CUlinkState made = linker();
    GIVES(CUDA_ERROR_FILE_NOT_FOUND, cuLinkAddFile(made, CU_JIT_INPUT_PTX, "/nonexistent.ptx", 0, NULL, NULL));
    OK(cuLinkDestroy(made));
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
/* What most cases begin with: see harness.h. */
#define _GNU_SOURCE
#include "harness.h"
#include <stdio.h>
#include <time.h>

CUdevice device;

const char *error_name(CUresult code)
{
    const char *name = NULL;
    if (cuGetErrorName(code, &name) == CUDA_SUCCESS && name)
        return name;
    static _Thread_local char number[32];
    snprintf(number, sizeof number, "%d", (int)code);
    return number;
}

void init(void)
{
    OK(cuInit(0));
    OK(cuDeviceGet(&device, 0));
}

static CUcontext primary;
static CUmodule loaded;

CUcontext context(void)
{
    init();
    if (!primary)
        OK(cuDevicePrimaryCtxRetain(&primary, device));
    OK(cuCtxSetCurrent(primary));
    return primary;
}

CUmodule module(void)
{
    context();
    if (!loaded)
        OK(cuModuleLoadData(&loaded, kernels));
    return loaded;
}

CUfunction kernel(const char *name)
{
    CUfunction function = NULL;
    OK(cuModuleGetFunction(&function, module(), name));
    return function;
}

int attribute(CUdevice_attribute which)
{
    int value = -1;
    OK(cuDeviceGetAttribute(&value, which, device));
    return value;
}

CUstream stream(void)
{
    CUstream new = NULL;
    context();
    OK(cuStreamCreate(&new, CU_STREAM_DEFAULT));
    return new;
}

CUevent event(void)
{
    CUevent new = NULL;
    context();
    OK(cuEventCreate(&new, CU_EVENT_DEFAULT));
    return new;
}

CUdeviceptr device_memory(size_t bytes)
{
    CUdeviceptr address = 0;
    context();
    OK(cuMemAlloc(&address, bytes));
    OK(cuMemsetD8(address, 0, bytes));
    OK(cuCtxSynchronize());
    return address;
}

void *pinned(size_t bytes)
{
    void *memory = NULL;
    context();
    OK(cuMemHostAlloc(&memory, bytes, CU_MEMHOSTALLOC_DEVICEMAP));
    memset(memory, 0, bytes);
    return memory;
}

uint32_t word_at(CUdeviceptr address)
{
    /* A non-blocking stream does not wait for others as the null stream would. */
    CUstream aside = NULL;
    uint32_t value = 0xdeadbeef;
    OK(cuStreamCreate(&aside, CU_STREAM_NON_BLOCKING));
    OK(cuMemcpyDtoHAsync(&value, address, sizeof value, aside));
    OK(cuStreamSynchronize(aside));
    OK(cuStreamDestroy(aside));
    return value;
}

void launch(CUfunction function, unsigned grid, unsigned block, CUstream in, void **params)
{
    OK(cuLaunchKernel(function, grid, 1, 1, block, 1, 1, 0, in, params, NULL));
}

void milliseconds(unsigned count)
{
    struct timespec time = {count / 1000, count % 1000 * 1000000L};
    nanosleep(&time, NULL);
}

struct gate gate_close(CUstream in)
{
    struct gate gate = {pinned(64)};
    CUdeviceptr address = 0;
    OK(cuMemHostGetDevicePointer(&address, (void *)gate.word, 0));
    launch(kernel("wait_for_word"), 1, 1, in, (void *[]){&address});
    return gate;
}

void gate_open(struct gate gate)
{
    __atomic_store_n(gate.word, 1, __ATOMIC_RELEASE);
}

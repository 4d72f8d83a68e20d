// SPDX-License-Identifier: Apache-2.0 OR MIT
/* Launches in all forms, occupancy, and what kernels do wrong. */
#define SUBJECT "launches"
#include "harness.h"

struct packed {
    uint8_t a;
    uint16_t b;
    uint32_t c;
    uint64_t d;
    float e;
    double f;
    CUdeviceptr out;
};

static void check_params(CUdeviceptr out)
{
    uint64_t words[6];
    double numbers[6];
    OK(cuMemcpyDtoH(words, out, 48));
    memcpy(numbers, words, 48);
    EQ(words[0], 200);
    EQ(words[1], 60000);
    EQ(words[2], 4000000000u);
    EQ(words[3], 0x123456789abcdef0);
    CHECK(numbers[4] == 1.5);
    CHECK(numbers[5] == -0.1);
}

/* 6.22 Execution Control, cuLaunchKernel: "kernelParams needs to be an array of N pointers" */
CASE(parameters_by_pointers)
{
    CUdeviceptr out = device_memory(48);
    struct packed p = {200, 60000, 4000000000u, 0x123456789abcdef0, 1.5f, -0.1, out};
    launch(kernel("store_params"), 1, 1, NULL, (void *[]){&p.a, &p.b, &p.c, &p.d, &p.e, &p.f, &p.out});
    check_params(out);
}

/* 6.22 Execution Control, cuLaunchKernel: extra, with CU_LAUNCH_PARAM_BUFFER_POINTER and _SIZE */
CASE(parameters_by_a_buffer)
{
    CUdeviceptr out = device_memory(48);
    struct packed p = {200, 60000, 4000000000u, 0x123456789abcdef0, 1.5f, -0.1, out};
    size_t size = sizeof p;
    void *extra[] = {CU_LAUNCH_PARAM_BUFFER_POINTER, &p, CU_LAUNCH_PARAM_BUFFER_SIZE, &size, CU_LAUNCH_PARAM_END};
    OK(cuLaunchKernel(kernel("store_params"), 1, 1, 1, 1, 1, 1, 0, NULL, NULL, extra));
    check_params(out);
}

/* 6.22 Execution Control, cuLaunchKernel: "CUDA_ERROR_INVALID_VALUE will be returned if kernel parameters are specified
   with both kernelParams and extra (i.e. both kernelParams and extra are non-NULL)" */
CASE(parameters_both_ways_are_invalid)
{
    CUdeviceptr word = device_memory(4);
    size_t size = 8;
    void *extra[] = {CU_LAUNCH_PARAM_BUFFER_POINTER, &word, CU_LAUNCH_PARAM_BUFFER_SIZE, &size, CU_LAUNCH_PARAM_END};
    void *params[] = {&word};
    INVALID(cuLaunchKernel(kernel("count_threads"), 1, 1, 1, 1, 1, 1, 0, NULL, params, extra));
    OK(cuCtxSynchronize());
    EQ(word_at(word), 0);
}

/* 6.22 Execution Control, cuLaunchKernel: parameters are read during the call */
CASE(parameters_may_change_after_the_call)
{
    CUstream in = stream();
    CUdeviceptr words = device_memory(8);
    uint32_t value = 1, n = 1;
    struct gate gate = gate_close(in);
    launch(kernel("fill"), 1, 1, in, (void *[]){&words, &value, &n});
    value = 2, n = 2;
    gate_open(gate);
    OK(cuStreamSynchronize(in));
    EQ(word_at(words), 1);
    EQ(word_at(words + 4), 0);
    OK(cuStreamDestroy(in));
}

/* 6.22 Execution Control, cuLaunchKernel: grid and block of three dimensions */
CASE(shapes_of_three_dimensions)
{
    CUdeviceptr out = device_memory(28);
    uint32_t words[7];
    OK(cuLaunchKernel(kernel("store_shape"), 3, 4, 5, 8, 2, 3, 0, NULL, (void *[]){&out}, NULL));
    OK(cuMemcpyDtoH(words, out, 28));
    static const uint32_t expected[] = {3, 4, 5, 8, 2, 3, 3 * 4 * 5 * 8 * 2 * 3};
    for (int i = 0; i < 7; i++)
        EQ(words[i], expected[i]);
}

/* 6.22 Execution Control, cuLaunchKernel: dimensions must not be 0 */
CASE(shapes_of_nothing_are_invalid)
{
    CUfunction f = kernel("nothing");
    INVALID(cuLaunchKernel(f, 0, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    INVALID(cuLaunchKernel(f, 1, 0, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    INVALID(cuLaunchKernel(f, 1, 1, 0, 1, 1, 1, 0, NULL, NULL, NULL));
    INVALID(cuLaunchKernel(f, 1, 1, 1, 0, 1, 1, 0, NULL, NULL, NULL));
    INVALID(cuLaunchKernel(f, 1, 1, 1, 1, 0, 1, 0, NULL, NULL, NULL));
    INVALID(cuLaunchKernel(f, 1, 1, 1, 1, 1, 0, 0, NULL, NULL, NULL));
    OK(cuLaunchKernel(f, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    OK(cuCtxSynchronize());
}

/* 6.5 Device Management: shapes beyond the device's limits are refused */
CASE(shapes_beyond_the_limits_are_invalid)
{
    CUfunction f = kernel("nothing");
    INVALID(cuLaunchKernel(f, 1, 1, 1, 1025, 1, 1, 0, NULL, NULL, NULL));
    INVALID(cuLaunchKernel(f, 1, 1, 1, 32, 33, 1, 0, NULL, NULL, NULL));
    INVALID(cuLaunchKernel(f, 1, 1, 1, 1, 1, 65, 0, NULL, NULL, NULL));
    INVALID(cuLaunchKernel(f, 1, 65536, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    INVALID(cuLaunchKernel(f, 1, 1, 65536, 1, 1, 1, 0, NULL, NULL, NULL));
    OK(cuCtxSynchronize());
}

/* PTX ISA, .maxntid: a block with more threads is not launched */
CASE(blocks_beyond_the_kernels_limit_are_refused)
{
    CUdeviceptr word = device_memory(4);
    CUfunction f = kernel("at_most_64");
    GIVES_EITHER(CUDA_ERROR_INVALID_VALUE, CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES,
                 cuLaunchKernel(f, 1, 1, 1, 65, 1, 1, 0, NULL, (void *[]){&word}, NULL));
    launch(f, 1, 64, NULL, (void *[]){&word});
    OK(cuCtxSynchronize());
    EQ(word_at(word), 64);
}

/* 6.22 Execution Control, cuLaunchKernel: functions of nothing */
CASE(functions_of_nothing_are_refused)
{
    context();
    GIVES_EITHER(CUDA_ERROR_INVALID_HANDLE, CUDA_ERROR_INVALID_VALUE,
                 cuLaunchKernel(NULL, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    GIVES_EITHER(CUDA_ERROR_INVALID_HANDLE, CUDA_ERROR_INVALID_VALUE,
                 cuLaunchKernel((CUfunction)(uintptr_t)0x1230, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
}

/* 6.22 Execution Control, cuLaunchKernel: a kernel with parameters needs them */
CASE(missing_parameters_are_invalid)
{
    INVALID(cuLaunchKernel(kernel("fill"), 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
}

/* 6.22 Execution Control, cuLaunchKernel: static shared memory */
CASE(static_shared_memory)
{
    CUdeviceptr at = device_memory(1024);
    uint32_t words[256];
    for (uint32_t i = 0; i < 256; i++)
        words[i] = i;
    OK(cuMemcpyHtoD(at, words, 1024));
    launch(kernel("reverse_static"), 1, 256, NULL, (void *[]){&at});
    OK(cuMemcpyDtoH(words, at, 1024));
    for (uint32_t i = 0; i < 256; i++)
        EQ(words[i], 255 - i);
}

/* 6.22 Execution Control, cuLaunchKernel: "sharedMemBytes sets the amount of dynamic shared memory that will be available
   to each thread block" */
CASE(dynamic_shared_memory)
{
    CUdeviceptr at = device_memory(1024), size = device_memory(4);
    uint32_t words[256];
    for (uint32_t i = 0; i < 256; i++)
        words[i] = i * 3;
    OK(cuMemcpyHtoD(at, words, 1024));
    OK(cuLaunchKernel(kernel("reverse_dynamic"), 1, 1, 1, 256, 1, 1, 1024, NULL, (void *[]){&at}, NULL));
    OK(cuMemcpyDtoH(words, at, 1024));
    for (uint32_t i = 0; i < 256; i++)
        EQ(words[i], (255 - i) * 3);
    OK(cuLaunchKernel(kernel("store_dynamic_size"), 1, 1, 1, 1, 1, 1, 4096, NULL, (void *[]){&size}, NULL));
    OK(cuCtxSynchronize());
    EQ(word_at(size), 4096);
}

/* 6.22 Execution Control, cuFuncSetAttribute: more than 48 KiB of dynamic shared memory is by request only */
CASE_ALONE(much_dynamic_shared_memory_must_be_asked_for)
{
    CUdeviceptr size = device_memory(4);
    CUfunction f = kernel("store_dynamic_size");
    unsigned usual = (unsigned)attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK);
    unsigned most = (unsigned)attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN);
    INVALID(cuLaunchKernel(f, 1, 1, 1, 1, 1, 1, most + 4, NULL, (void *[]){&size}, NULL));
    if (most > usual) {
        INVALID(cuLaunchKernel(f, 1, 1, 1, 1, 1, 1, usual + 4, NULL, (void *[]){&size}, NULL));
        OK(cuFuncSetAttribute(f, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, (int)most));
        OK(cuLaunchKernel(f, 1, 1, 1, 1, 1, 1, usual + 4, NULL, (void *[]){&size}, NULL));
        OK(cuCtxSynchronize());
        EQ(word_at(size), usual + 4);
    }
}

/* 6.22 Execution Control, cuLaunchKernelEx: as cuLaunchKernel with a configuration */
CASE(launches_by_a_configuration)
{
    CUdeviceptr word = device_memory(4);
    CUlaunchConfig config = {.gridDimX = 2, .gridDimY = 2, .gridDimZ = 1, .blockDimX = 8, .blockDimY = 1, .blockDimZ = 2};
    OK(cuLaunchKernelEx(&config, kernel("count_threads"), (void *[]){&word}, NULL));
    OK(cuCtxSynchronize());
    EQ(word_at(word), 64);
    INVALID(cuLaunchKernelEx(NULL, kernel("count_threads"), (void *[]){&word}, NULL));
}

/* 6.22 Execution Control, cuLaunchKernelEx: CU_LAUNCH_ATTRIBUTE_COOPERATIVE, CU_LAUNCH_ATTRIBUTE_PRIORITY,
   CU_LAUNCH_ATTRIBUTE_IGNORE */
CASE(launches_with_attributes)
{
    CUdeviceptr word = device_memory(4);
    CUlaunchAttribute list[3];
    memset(list, 0, sizeof list);
    list[0].id = CU_LAUNCH_ATTRIBUTE_COOPERATIVE;
    list[0].value.cooperative = 1;
    list[1].id = CU_LAUNCH_ATTRIBUTE_IGNORE;
    list[2].id = CU_LAUNCH_ATTRIBUTE_PRIORITY;
    list[2].value.priority = 0;
    CUlaunchConfig config = {.gridDimX = 2, .gridDimY = 1, .gridDimZ = 1, .blockDimX = 1, .blockDimY = 1,
                             .blockDimZ = 1, .attrs = list, .numAttrs = 3};
    OK(cuLaunchKernelEx(&config, kernel("meet"), (void *[]){&word}, NULL));
    OK(cuCtxSynchronize());
    EQ(word_at(word), 2);
}

/* 6.22 Execution Control, cuLaunchCooperativeKernel: "thread blocks can cooperate and synchronize as they execute" */
CASE(cooperative_blocks_meet)
{
    CUdeviceptr word = device_memory(4);
    int blocks = 0;
    CUfunction f = kernel("meet");
    OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, f, 1, 0));
    CHECK(blocks >= 1);
    unsigned grid = (unsigned)attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    OK(cuLaunchCooperativeKernel(f, grid, 1, 1, 1, 1, 1, 0, NULL, (void *[]){&word}));
    OK(cuCtxSynchronize());
    EQ(word_at(word), grid);
}

/* 6.22 Execution Control, cuLaunchCooperativeKernel: "The total number of blocks launched cannot exceed the maximum
   number of blocks per multiprocessor ... times the number of multiprocessors": CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE */
CASE(cooperative_grids_have_a_limit)
{
    CUdeviceptr word = device_memory(4);
    int blocks = 0;
    CUfunction f = kernel("meet");
    OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, f, 1, 0));
    unsigned most = (unsigned)(attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT) * blocks);
    GIVES(CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE,
          cuLaunchCooperativeKernel(f, most + 1, 1, 1, 1, 1, 1, 0, NULL, (void *[]){&word}));
    OK(cuCtxSynchronize());
    EQ(word_at(word), 0);
}

/* 6.23 Execution Control [DEPRECATED]: cuFuncSetBlockShape, cuParamSet*, cuLaunchGrid */
CASE(launches_as_before_version_4)
{
    CUdeviceptr words = device_memory(256);
    CUfunction f = kernel("fill");
    OK(cuFuncSetBlockShape(f, 16, 1, 1));
    OK(cuParamSetv(f, 0, &words, 8));
    OK(cuParamSeti(f, 8, 77));
    OK(cuParamSeti(f, 12, 60));
    OK(cuParamSetSize(f, 16));
    OK(cuLaunchGrid(f, 4, 1));
    OK(cuCtxSynchronize());
    EQ(word_at(words + 59 * 4), 77);
    EQ(word_at(words + 60 * 4), 0);
    INVALID(cuFuncSetBlockShape(f, 0, 1, 1));
}

/* 6.25 Occupancy, cuOccupancyMaxActiveBlocksPerMultiprocessor: bounded by threads, shared memory and blocks */
CASE(occupancy_is_bounded)
{
    CUfunction f = kernel("reverse_static");
    int small = 0, large = 0, with_memory = 0;
    OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&small, f, 32, 0));
    OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&large, f, 1024, 0));
    CHECK(small >= large && large >= 1);
    CHECK(large * 1024 <= attribute(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR));
    CHECK(small <= attribute(CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR));
    OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&with_memory, f, 32, 40000));
    CHECK(with_memory >= 1 && with_memory * 41024 <= attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR));
    INVALID(cuOccupancyMaxActiveBlocksPerMultiprocessor(&small, f, 0, 0));
    INVALID(cuOccupancyMaxActiveBlocksPerMultiprocessor(NULL, f, 32, 0));
}

/* 6.25 Occupancy, cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags: flags */
CASE(occupancy_flags)
{
    CUfunction f = kernel("fill");
    int plain = 0, flagged = 0;
    OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&plain, f, 128, 0));
    OK(cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&flagged, f, 128, 0, CU_OCCUPANCY_DEFAULT));
    EQ(plain, flagged);
    OK(cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&flagged, f, 128, 0, CU_OCCUPANCY_DISABLE_CACHING_OVERRIDE));
    INVALID(cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&flagged, f, 128, 0, 0x80));
}

static size_t four_bytes_a_thread(int threads)
{
    return (size_t)threads * 4;
}

/* 6.25 Occupancy, cuOccupancyMaxPotentialBlockSize: a block size that reaches the most, within the limit */
CASE(potential_block_size)
{
    CUfunction f = kernel("fill");
    int grid = 0, block = 0, blocks = 0;
    OK(cuOccupancyMaxPotentialBlockSize(&grid, &block, f, NULL, 0, 0));
    CHECK(block > 0 && block <= 1024 && block % 32 == 0);
    OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, f, block, 0));
    EQ(grid, blocks * attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT));
    OK(cuOccupancyMaxPotentialBlockSize(&grid, &block, f, NULL, 0, 96));
    CHECK(block > 0 && block <= 96);
    OK(cuOccupancyMaxPotentialBlockSize(&grid, &block, f, four_bytes_a_thread, 0, 0));
    CHECK(block > 0 && grid > 0);
    OK(cuOccupancyMaxPotentialBlockSize(&grid, &block, kernel("at_most_64"), NULL, 0, 0));
    CHECK(block > 0 && block <= 64);
}

/* 6.25 Occupancy, cuOccupancyAvailableDynamicSMemPerBlock: what that many blocks leave each other */
CASE(available_dynamic_shared_memory)
{
    CUfunction f = kernel("reverse_static");
    size_t one = 0, two = 0;
    OK(cuOccupancyAvailableDynamicSMemPerBlock(&one, f, 1, 128));
    OK(cuOccupancyAvailableDynamicSMemPerBlock(&two, f, 2, 128));
    CHECK(one >= two && two > 0);
    int blocks = 0;
    OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, f, 128, two));
    CHECK(blocks >= 2);
}

/* 6.1 Data types, CUDA_ERROR_ILLEGAL_ADDRESS: "This leaves the process in an inconsistent state and any further CUDA work
   will return the same error" */
CASE_ALONE(illegal_address_sticks)
{
    CUdeviceptr nowhere = 0x7000000000000000, address = device_memory(4);
    CUstream in = stream();
    uint32_t word;
    launch(kernel("store_at"), 1, 1, in, (void *[]){&nowhere});
    GIVES(CUDA_ERROR_ILLEGAL_ADDRESS, cuStreamSynchronize(in));
    GIVES(CUDA_ERROR_ILLEGAL_ADDRESS, cuCtxSynchronize());
    GIVES(CUDA_ERROR_ILLEGAL_ADDRESS, cuMemcpyDtoH(&word, address, 4));
    GIVES(CUDA_ERROR_ILLEGAL_ADDRESS, cuStreamQuery(in));
}

/* 6.1 Data types, CUDA_ERROR_MISALIGNED_ADDRESS: sticks likewise */
CASE_ALONE(misaligned_address_sticks)
{
    CUdeviceptr address = device_memory(64) + 2;
    launch(kernel("store_at"), 1, 1, NULL, (void *[]){&address});
    GIVES(CUDA_ERROR_MISALIGNED_ADDRESS, cuCtxSynchronize());
    GIVES(CUDA_ERROR_MISALIGNED_ADDRESS, cuCtxSynchronize());
}

/* PTX ISA, trap: "Abort execution"; CUDA_ERROR_LAUNCH_FAILED or CUDA_ERROR_ILLEGAL_INSTRUCTION by device */
CASE_ALONE(trap_sticks)
{
    CUstream in = stream();
    launch(kernel("stop"), 1, 1, in, NULL);
    CUresult first = cuStreamSynchronize(in);
    CHECK(first == CUDA_ERROR_LAUNCH_FAILED || first == CUDA_ERROR_ILLEGAL_INSTRUCTION);
    GIVES(first, cuStreamSynchronize(in));
    GIVES(first, cuCtxSynchronize());
}

/* 6.19 Event Management: an event behind a failed kernel gives its error */
CASE_ALONE(events_give_errors_of_earlier_launches)
{
    CUdeviceptr nowhere = 0x7000000000000000;
    CUstream in = stream();
    CUevent made = event();
    launch(kernel("store_at"), 1, 1, in, (void *[]){&nowhere});
    CUresult got = cuEventRecord(made, in);
    CHECK(got == CUDA_SUCCESS || got == CUDA_ERROR_ILLEGAL_ADDRESS);
    GIVES(CUDA_ERROR_ILLEGAL_ADDRESS, cuEventSynchronize(made));
}

/* 6.1 Data types: a refused call (CUDA_ERROR_INVALID_VALUE) does not stick */
CASE(refused_calls_do_not_stick)
{
    CUdeviceptr word = device_memory(4);
    CUfunction f = kernel("count_threads");
    INVALID(cuLaunchKernel(f, 0, 1, 1, 1, 1, 1, 0, NULL, (void *[]){&word}, NULL));
    INVALID(cuMemcpyHtoD(0x10, &word, 4));
    OK(cuCtxSynchronize());
    launch(f, 1, 1, NULL, (void *[]){&word});
    OK(cuCtxSynchronize());
    EQ(word_at(word), 1);
}

/* 6.7 Primary Context Management, cuDevicePrimaryCtxReset: makes a device usable again after a fault */
CASE_ALONE(reset_ends_what_sticks)
{
    CUdeviceptr nowhere = 0x7000000000000000, word = 0;
    CUcontext primary = context();
    CUmodule again;
    CUfunction f;
    launch(kernel("store_at"), 1, 1, NULL, (void *[]){&nowhere});
    GIVES(CUDA_ERROR_ILLEGAL_ADDRESS, cuCtxSynchronize());
    OK(cuDevicePrimaryCtxReset(device));
    OK(cuDevicePrimaryCtxRetain(&primary, device));
    OK(cuCtxSetCurrent(primary));
    OK(cuModuleLoadData(&again, kernels));
    OK(cuModuleGetFunction(&f, again, "count_threads"));
    OK(cuMemAlloc(&word, 4));
    OK(cuMemsetD32(word, 0, 1));
    launch(f, 1, 32, NULL, (void *[]){&word});
    OK(cuCtxSynchronize());
    EQ(word_at(word), 32);
}

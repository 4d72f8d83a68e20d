// SPDX-License-Identifier: Apache-2.0 OR MIT
/* Copies of bytes, rows and boxes, and fills. */
#define SUBJECT "copies"
#include "harness.h"
#include <stdlib.h>

/* 6.13 Memory Management, cuMemcpyHtoD, cuMemcpyDtoH, cuMemcpyDtoD */
CASE(bytes_go_there_and_back)
{
    static unsigned char from[10007], to[10007];
    CUdeviceptr one = device_memory(sizeof from), other = device_memory(sizeof from);
    for (size_t i = 0; i < sizeof from; i++)
        from[i] = (unsigned char)(i * 31 + (i >> 8));
    OK(cuMemcpyHtoD(one, from, sizeof from));
    OK(cuMemcpyDtoD(other, one, sizeof from));
    OK(cuMemcpyDtoH(to, other, sizeof to));
    CHECK(!memcmp(from, to, sizeof to));
    OK(cuMemFree(one));
    OK(cuMemFree(other));
}

/* 6.13 Memory Management: addresses and sizes need no alignment */
CASE(any_offset_and_size)
{
    unsigned char from[64], to[64];
    CUdeviceptr at = device_memory(256);
    for (int i = 0; i < 64; i++)
        from[i] = (unsigned char)(i + 100);
    for (size_t offset = 0; offset < 9; offset++)
        for (size_t size = 1; size < 40; size += 7) {
            OK(cuMemsetD8(at, 0, 256));
            OK(cuMemcpyHtoD(at + offset, from + 1, size));
            OK(cuMemcpyDtoD(at + 101 + offset, at + offset, size));
            memset(to, 0xee, sizeof to);
            OK(cuMemcpyDtoH(to + 3, at + 101 + offset, size));
            CHECK(!memcmp(to + 3, from + 1, size));
            EQ(to[2], 0xee);
            EQ(to[3 + size], 0xee);
        }
    OK(cuMemFree(at));
}

/* 6.13 Memory Management, cuMemcpy: "copies data between two pointers ... infers the type of the transfer" */
CASE(unified_copy_takes_all_pointers)
{
    uint32_t words[16], *memory = pinned(64), back[16];
    CUdeviceptr at = device_memory(64);
    for (uint32_t i = 0; i < 16; i++)
        words[i] = i * 7;
    OK(cuMemcpy(at, (CUdeviceptr)(uintptr_t)words, 64));
    OK(cuMemcpy((CUdeviceptr)(uintptr_t)memory, at, 64));
    OK(cuMemcpy((CUdeviceptr)(uintptr_t)back, (CUdeviceptr)(uintptr_t)memory, 64));
    CHECK(!memcmp(words, back, 64));
    OK(cuMemFree(at));
    OK(cuMemFreeHost(memory));
}

/* 6.13 Memory Management: a copy of 0 bytes does nothing */
CASE(copies_of_nothing_succeed)
{
    uint32_t word = 5;
    CUdeviceptr at = device_memory(4);
    OK(cuMemcpyHtoD(at, &word, 0));
    OK(cuMemcpyDtoH(&word, at, 0));
    OK(cuMemcpyDtoD(at, at, 0));
    EQ(word, 5);
    EQ(word_at(at), 0);
}

/* 6.13 Memory Management: CUDA_ERROR_INVALID_VALUE for addresses that are no memory */
CASE(copies_out_of_an_allocation_are_invalid)
{
    static char host[1 << 16];
    CUdeviceptr at = device_memory(4096);
    INVALID(cuMemcpyHtoD(0x10, host, 16));
    INVALID(cuMemcpyDtoH(host, 0x10, 16));
    INVALID(cuMemcpyHtoD(at, NULL, 16));
    INVALID(cuMemcpyDtoH(NULL, at, 16));
    OK(cuMemFree(at));
    INVALID(cuMemcpyHtoD(at, host, 16));
    INVALID(cuMemcpyDtoH(host, at, 16));
}

/* 6.13 Memory Management: likewise a range that leaves the allocation */
CASE(copies_beyond_the_end_are_invalid)
{
    CUdeviceptr at = device_memory(4096);
    char *host = calloc(1, 64 << 20);
    INVALID(cuMemcpyHtoD(at, host, 64 << 20));
    INVALID(cuMemsetD8(at, 0, (size_t)1 << 40));
    free(host);
    OK(cuMemFree(at));
}

/* API synchronization behavior, Memcpy: "For transfers from pageable host memory to device memory ... the function will
   return once the pageable buffer has been copied to the staging memory" */
CASE(pageable_source_may_be_changed_after_an_async_copy)
{
    CUstream in = stream();
    CUdeviceptr at = device_memory(4);
    struct gate gate = gate_close(in);
    uint32_t word = 77;
    OK(cuMemcpyHtoDAsync(at, &word, 4, in));
    word = 99;
    gate_open(gate);
    OK(cuStreamSynchronize(in));
    EQ(word_at(at), 77);
    OK(cuStreamDestroy(in));
}

/* API synchronization behavior, Memcpy: "For transfers between device memory and pinned host memory, the copy is fully
   asynchronous" */
CASE(copies_of_pinned_memory_do_not_wait)
{
    CUstream in = stream();
    CUdeviceptr at = device_memory(4);
    uint32_t *word = pinned(4), *back = pinned(4);
    struct gate gate = gate_close(in);
    *word = 1;
    OK(cuMemcpyHtoDAsync(at, word, 4, in));
    OK(cuMemcpyDtoHAsync(back, at, 4, in));
    GIVES(CUDA_ERROR_NOT_READY, cuStreamQuery(in));
    EQ(*back, 0);
    *word = 123;
    gate_open(gate);
    OK(cuStreamSynchronize(in));
    EQ(*back, 123);
    OK(cuStreamDestroy(in));
}

/* 6.13 Memory Management, cuMemcpy2D: "If WidthInBytes and Height ... srcPitch"; rows by pitches */
CASE(rows_are_taken_by_their_pitches)
{
    unsigned char from[8][20], to[8][16];
    CUdeviceptr at = device_memory(8 * 32);
    memset(to, 0, sizeof to);
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 20; x++)
            from[y][x] = (unsigned char)(y * 20 + x);
    CUDA_MEMCPY2D copy = {.srcMemoryType = CU_MEMORYTYPE_HOST, .srcHost = from, .srcPitch = 20,
                          .dstMemoryType = CU_MEMORYTYPE_DEVICE, .dstDevice = at, .dstPitch = 32,
                          .WidthInBytes = 13, .Height = 8};
    OK(cuMemcpy2D(&copy));
    CUDA_MEMCPY2D back = {.srcMemoryType = CU_MEMORYTYPE_DEVICE, .srcDevice = at, .srcPitch = 32,
                          .dstMemoryType = CU_MEMORYTYPE_HOST, .dstHost = to, .dstPitch = 16,
                          .WidthInBytes = 13, .Height = 8};
    OK(cuMemcpy2D(&back));
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 16; x++)
            EQ(to[y][x], x < 13 ? from[y][x] : 0);
}

/* 6.13 Memory Management, cuMemcpy2D: "Start = (void*)((char*)srcHost+srcY*srcPitch + srcXInBytes)" */
CASE(rows_begin_at_x_and_y)
{
    unsigned char from[64], to[64];
    CUdeviceptr at = device_memory(64);
    for (int i = 0; i < 64; i++)
        from[i] = (unsigned char)i;
    CUDA_MEMCPY2D copy = {.srcXInBytes = 3, .srcY = 2, .srcMemoryType = CU_MEMORYTYPE_HOST, .srcHost = from,
                          .srcPitch = 8, .dstXInBytes = 1, .dstY = 4, .dstMemoryType = CU_MEMORYTYPE_DEVICE,
                          .dstDevice = at, .dstPitch = 8, .WidthInBytes = 4, .Height = 3};
    OK(cuMemcpy2D(&copy));
    OK(cuMemcpyDtoH(to, at, 64));
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
            EQ(to[y * 8 + x], y >= 4 && y < 7 && x >= 1 && x < 5 ? (y - 2) * 8 + x + 2 : 0);
}

/* 6.13 Memory Management, cuMemcpy2D: "srcPitch must be greater than or equal to WidthInBytes + srcXInBytes, and
   dstPitch must be greater than or equal to WidthInBytes + dstXInBytes" */
CASE(pitches_that_are_too_small_are_invalid)
{
    unsigned char from[256] = {0};
    CUdeviceptr at = device_memory(256);
    CUDA_MEMCPY2D copy = {.srcMemoryType = CU_MEMORYTYPE_HOST, .srcHost = from, .srcPitch = 8,
                          .dstMemoryType = CU_MEMORYTYPE_DEVICE, .dstDevice = at, .dstPitch = 16,
                          .WidthInBytes = 9, .Height = 2};
    INVALID(cuMemcpy2D(&copy));
    copy.srcPitch = 16, copy.dstPitch = 8;
    INVALID(cuMemcpy2D(&copy));
    copy.dstPitch = 16, copy.dstXInBytes = 8;
    INVALID(cuMemcpy2D(&copy));
    INVALID(cuMemcpy2D(NULL));
}

/* 6.13 Memory Management, cuMemcpy2D: unified addresses by CU_MEMORYTYPE_UNIFIED */
CASE(rows_between_unified_addresses)
{
    uint32_t *from = pinned(64), to[4] = {0};
    CUdeviceptr at = device_memory(16);
    for (uint32_t i = 0; i < 16; i++)
        from[i] = i;
    CUDA_MEMCPY2D copy = {.srcMemoryType = CU_MEMORYTYPE_UNIFIED, .srcDevice = (CUdeviceptr)(uintptr_t)from,
                          .srcPitch = 16, .dstMemoryType = CU_MEMORYTYPE_UNIFIED, .dstDevice = at, .dstPitch = 4,
                          .WidthInBytes = 4, .Height = 4};
    OK(cuMemcpy2D(&copy));
    OK(cuMemcpyDtoH(to, at, 16));
    for (uint32_t i = 0; i < 4; i++)
        EQ(to[i], i * 4);
}

/* 6.13 Memory Management, cuMemcpy2DUnaligned: as cuMemcpy2D, with any pitch */
CASE(rows_of_any_pitch)
{
    unsigned char from[35], to[35] = {0};
    CUdeviceptr at = device_memory(35);
    for (int i = 0; i < 35; i++)
        from[i] = (unsigned char)(i + 1);
    CUDA_MEMCPY2D copy = {.srcMemoryType = CU_MEMORYTYPE_HOST, .srcHost = from, .srcPitch = 7,
                          .dstMemoryType = CU_MEMORYTYPE_DEVICE, .dstDevice = at, .dstPitch = 5,
                          .WidthInBytes = 5, .Height = 5};
    OK(cuMemcpy2DUnaligned(&copy));
    OK(cuMemcpyDtoH(to, at, 25));
    for (int i = 0; i < 25; i++)
        EQ(to[i], from[i / 5 * 7 + i % 5]);
}

/* 6.13 Memory Management, cuMemcpy2DAsync: in the order of its stream */
CASE(rows_in_a_stream_keep_its_order)
{
    CUstream in = stream();
    uint32_t *to = pinned(16), value = 9, n = 4;
    CUdeviceptr at = device_memory(64);
    CUDA_MEMCPY2D copy = {.srcMemoryType = CU_MEMORYTYPE_DEVICE, .srcDevice = at, .srcPitch = 4,
                          .dstMemoryType = CU_MEMORYTYPE_HOST, .dstHost = to, .dstPitch = 4,
                          .WidthInBytes = 4, .Height = 4};
    launch(kernel("fill"), 1, 32, in, (void *[]){&at, &value, &n});
    OK(cuMemcpy2DAsync(&copy, in));
    OK(cuStreamSynchronize(in));
    for (int i = 0; i < 4; i++)
        EQ(to[i], 9);
    OK(cuStreamDestroy(in));
}

/* 6.13 Memory Management, cuMemcpy3D: slices are srcHeight rows apart */
CASE(boxes_are_taken_by_pitch_and_height)
{
    unsigned char from[4][5][8], to[2][3][4];
    CUdeviceptr at = device_memory(4 * 5 * 8);
    for (int i = 0; i < 160; i++)
        (&from[0][0][0])[i] = (unsigned char)i;
    OK(cuMemcpyHtoD(at, from, 160));
    CUDA_MEMCPY3D copy = {.srcXInBytes = 2, .srcY = 1, .srcZ = 1, .srcMemoryType = CU_MEMORYTYPE_DEVICE,
                          .srcDevice = at, .srcPitch = 8, .srcHeight = 5,
                          .dstMemoryType = CU_MEMORYTYPE_HOST, .dstHost = to, .dstPitch = 4, .dstHeight = 3,
                          .WidthInBytes = 4, .Height = 3, .Depth = 2};
    OK(cuMemcpy3D(&copy));
    for (int z = 0; z < 2; z++)
        for (int y = 0; y < 3; y++)
            for (int x = 0; x < 4; x++)
                EQ(to[z][y][x], from[z + 1][y + 1][x + 2]);
}

/* 6.13 Memory Management, cuMemcpy3D: heights must hold the box */
CASE(boxes_higher_than_their_slices_are_invalid)
{
    unsigned char from[256] = {0};
    CUdeviceptr at = device_memory(256);
    CUDA_MEMCPY3D copy = {.srcMemoryType = CU_MEMORYTYPE_HOST, .srcHost = from, .srcPitch = 8, .srcHeight = 2,
                          .dstMemoryType = CU_MEMORYTYPE_DEVICE, .dstDevice = at, .dstPitch = 8, .dstHeight = 3,
                          .WidthInBytes = 8, .Height = 3, .Depth = 2};
    INVALID(cuMemcpy3D(&copy));
    copy.srcHeight = 3;
    OK(cuMemcpy3D(&copy));
    copy.srcLOD = 1;
    INVALID(cuMemcpy3D(&copy));
    INVALID(cuMemcpy3D(NULL));
}

/* 6.13 Memory Management, cuMemcpy3DAsync */
CASE(boxes_in_a_stream_keep_its_order)
{
    CUstream in = stream();
    uint32_t *to = pinned(32), value = 4, n = 8;
    CUdeviceptr at = device_memory(32);
    CUDA_MEMCPY3D copy = {.srcMemoryType = CU_MEMORYTYPE_DEVICE, .srcDevice = at, .srcPitch = 8, .srcHeight = 2,
                          .dstMemoryType = CU_MEMORYTYPE_HOST, .dstHost = to, .dstPitch = 8, .dstHeight = 2,
                          .WidthInBytes = 8, .Height = 2, .Depth = 2};
    launch(kernel("fill"), 1, 32, in, (void *[]){&at, &value, &n});
    OK(cuMemcpy3DAsync(&copy, in));
    OK(cuStreamSynchronize(in));
    for (int i = 0; i < 8; i++)
        EQ(to[i], 4);
    OK(cuStreamDestroy(in));
}

/* 6.13 Memory Management, cuMemcpyPeer: also within one device */
CASE_ALONE(copies_between_contexts)
{
    CUcontext one = context(), other = NULL;
    CUdeviceptr source = device_memory(64), target = 0;
    uint32_t word = 0;
    OK(cuMemsetD32(source, 0x1234567, 16));
    OK(cuCtxCreate(&other, 0, device));
    OK(cuMemAlloc(&target, 64));
    OK(cuMemcpyPeer(target, other, source, one, 64));
    OK(cuMemcpyDtoH(&word, target + 60, 4));
    EQ(word, 0x1234567);
    OK(cuCtxDestroy(other));
}

/* 6.13 Memory Management, cuMemsetD8, cuMemsetD16, cuMemsetD32: N elements of 8, 16, 32 bits */
CASE(fills_of_8_16_and_32_bits)
{
    unsigned char bytes[64];
    CUdeviceptr at = device_memory(64);
    OK(cuMemsetD8(at + 1, 0xab, 5));
    OK(cuMemsetD16(at + 8, 0x1234, 3));
    OK(cuMemsetD32(at + 20, 0xdeadbeef, 2));
    OK(cuMemcpyDtoH(bytes, at, 64));
    for (int i = 0; i < 64; i++) {
        int expected = i >= 1 && i < 6     ? 0xab
                       : i >= 8 && i < 14  ? (i & 1 ? 0x12 : 0x34)
                       : i >= 20 && i < 28 ? (int)(0xdeadbeefu >> i % 4 * 8 & 255)
                                           : 0;
        EQ(bytes[i], expected);
    }
}

/* 6.13 Memory Management, cuMemsetD16: "The dstDevice pointer must be two byte aligned"; cuMemsetD32: four byte */
CASE(fills_must_be_aligned)
{
    CUdeviceptr at = device_memory(64);
    OK(cuMemsetD8(at + 1, 1, 3));
    INVALID(cuMemsetD16(at + 1, 1, 3));
    INVALID(cuMemsetD32(at + 2, 1, 3));
    OK(cuMemsetD16(at + 2, 1, 3));
}

/* 6.13 Memory Management: fills of nothing, and of what is no memory */
CASE(fills_of_nothing_and_of_no_memory)
{
    CUdeviceptr at = device_memory(64);
    OK(cuMemsetD8(at, 1, 0));
    OK(cuMemsetD32(at, 1, 0));
    EQ(word_at(at), 0);
    INVALID(cuMemsetD8(0x10, 1, 16));
    OK(cuMemFree(at));
    INVALID(cuMemsetD8(at, 1, 16));
}

/* 6.13 Memory Management, cuMemsetD2D8, D16, D32: Height rows of Width elements, dstPitch bytes apart */
CASE(fills_of_rows)
{
    unsigned char bytes[3 * 16];
    CUdeviceptr at = device_memory(sizeof bytes);
    OK(cuMemsetD2D8(at, 16, 1, 3, 3));
    OK(cuMemsetD2D16(at + 4, 16, 0x0202, 2, 2));
    OK(cuMemsetD2D32(at + 8, 16, 0x03030303, 1, 3));
    OK(cuMemcpyDtoH(bytes, at, sizeof bytes));
    for (int y = 0; y < 3; y++)
        for (int x = 0; x < 16; x++)
            EQ(bytes[y * 16 + x], x < 3 ? 1 : x >= 4 && x < 8 ? (y < 2 ? 2 : 0) : x >= 8 && x < 12 ? 3 : 0);
}

/* 6.13 Memory Management, cuMemsetD8Async: in the order of its stream */
CASE(fills_in_a_stream_keep_its_order)
{
    CUstream in = stream();
    uint32_t n = 16, words[16];
    CUdeviceptr at = device_memory(64);
    for (int i = 0; i < 20; i++) {
        OK(cuMemsetD32Async(at, (unsigned)i * 10, 16, in));
        launch(kernel("add_one"), 1, 32, in, (void *[]){&at, &n});
    }
    OK(cuMemcpyDtoHAsync(words, at, 64, in));
    OK(cuStreamSynchronize(in));
    for (int i = 0; i < 16; i++)
        EQ(words[i], 191);
    OK(cuMemsetD8Async(at, 0x11, 64, in));
    OK(cuMemsetD16Async(at, 0x2222, 2, in));
    OK(cuMemcpyDtoHAsync(words, at, 64, in));
    OK(cuStreamSynchronize(in));
    EQ(words[0], 0x22222222);
    EQ(words[1], 0x11111111);
    OK(cuStreamDestroy(in));
}

/* API synchronization behavior, Memset: asynchronous for device memory, with the Async forms always */
CASE(async_fills_of_rows_wait_for_their_stream)
{
    CUstream in = stream();
    CUdeviceptr at = device_memory(64);
    struct gate gate = gate_close(in);
    OK(cuMemsetD2D8Async(at, 16, 9, 4, 4, in));
    OK(cuMemsetD2D16Async(at + 4, 16, 9, 2, 4, in));
    OK(cuMemsetD2D32Async(at + 8, 16, 9, 1, 4, in));
    milliseconds(5);
    EQ(word_at(at), 0);
    gate_open(gate);
    OK(cuStreamSynchronize(in));
    EQ(word_at(at + 48), 0x09090909);
    EQ(word_at(at + 52), 0x00090009);
    EQ(word_at(at + 56), 9);
    OK(cuStreamDestroy(in));
}

static CUarray array(size_t width, size_t height, CUarray_format format, unsigned channels)
{
    CUarray made = NULL;
    context();
    CUDA_ARRAY_DESCRIPTOR what = {width, height, format, channels};
    OK(cuArrayCreate(&made, &what));
    return made;
}

/* 6.13 Memory Management, cuArrayGetDescriptor: what the array was made with */
CASE(arrays_tell_what_they_are)
{
    CUarray made = array(20, 10, CU_AD_FORMAT_FLOAT, 2);
    CUDA_ARRAY_DESCRIPTOR what = {0};
    CUDA_ARRAY3D_DESCRIPTOR more = {0};
    OK(cuArrayGetDescriptor(&what, made));
    EQ(what.Width, 20);
    EQ(what.Height, 10);
    EQ(what.Format, CU_AD_FORMAT_FLOAT);
    EQ(what.NumChannels, 2);
    OK(cuArray3DGetDescriptor(&more, made));
    EQ(more.Width, 20);
    EQ(more.Height, 10);
    EQ(more.Depth, 0);
    OK(cuArrayDestroy(made));
    GIVES_EITHER(CUDA_ERROR_INVALID_HANDLE, CUDA_ERROR_INVALID_VALUE, cuArrayGetDescriptor(&what, made));
}

/* 6.13 Memory Management, cuArrayCreate: "NumChannels ... may be 1, 2, or 4" */
CASE(arrays_have_1_2_or_4_channels)
{
    context();
    CUarray made;
    CUDA_ARRAY_DESCRIPTOR what = {8, 8, CU_AD_FORMAT_UNSIGNED_INT8, 3};
    INVALID(cuArrayCreate(&made, &what));
    what.NumChannels = 0;
    INVALID(cuArrayCreate(&made, &what));
    what.NumChannels = 4, what.Width = 0;
    INVALID(cuArrayCreate(&made, &what));
    INVALID(cuArrayCreate(&made, NULL));
}

/* 6.13 Memory Management, cuMemcpyHtoA, cuMemcpyAtoD, cuMemcpyAtoA, cuMemcpyAtoH: one-dimensional arrays */
CASE(bytes_go_through_arrays)
{
    uint32_t from[32], to[32] = {0};
    CUarray one = array(32, 0, CU_AD_FORMAT_UNSIGNED_INT32, 1), other = array(32, 0, CU_AD_FORMAT_UNSIGNED_INT32, 1);
    CUdeviceptr at = device_memory(128);
    for (uint32_t i = 0; i < 32; i++)
        from[i] = i + 1000;
    OK(cuMemcpyHtoA(one, 0, from, 128));
    OK(cuMemcpyAtoA(other, 64, one, 0, 64));
    OK(cuMemcpyAtoA(other, 0, one, 64, 64));
    OK(cuMemcpyAtoD(at, other, 0, 128));
    OK(cuMemcpyDtoA(one, 0, at, 128));
    OK(cuMemcpyAtoH(to, one, 0, 128));
    for (uint32_t i = 0; i < 32; i++)
        EQ(to[i], (i + 16) % 32 + 1000);
    OK(cuArrayDestroy(one));
    OK(cuArrayDestroy(other));
}

/* 6.13 Memory Management, cuMemcpy2D: CU_MEMORYTYPE_ARRAY, whose pitch is ignored */
CASE(rows_go_through_arrays)
{
    unsigned char from[6][10], to[6][10];
    CUarray through = array(10, 6, CU_AD_FORMAT_UNSIGNED_INT8, 1);
    for (int i = 0; i < 60; i++)
        (&from[0][0])[i] = (unsigned char)(i * 3);
    memset(to, 0, sizeof to);
    CUDA_MEMCPY2D in = {.srcMemoryType = CU_MEMORYTYPE_HOST, .srcHost = from, .srcPitch = 10,
                        .dstMemoryType = CU_MEMORYTYPE_ARRAY, .dstArray = through, .WidthInBytes = 10, .Height = 6};
    OK(cuMemcpy2D(&in));
    CUDA_MEMCPY2D out = {.srcXInBytes = 2, .srcY = 1, .srcMemoryType = CU_MEMORYTYPE_ARRAY, .srcArray = through,
                         .dstMemoryType = CU_MEMORYTYPE_HOST, .dstHost = to, .dstPitch = 10,
                         .WidthInBytes = 5, .Height = 4};
    OK(cuMemcpy2D(&out));
    for (int y = 0; y < 6; y++)
        for (int x = 0; x < 10; x++)
            EQ(to[y][x], y < 4 && x < 5 ? from[y + 1][x + 2] : 0);
    OK(cuArrayDestroy(through));
}

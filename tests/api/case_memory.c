// SPDX-License-Identifier: Apache-2.0 OR MIT
/* Device memory, pinned and registered host memory, and what is told of addresses. */
#define SUBJECT "memory"
#define _GNU_SOURCE
#include "harness.h"
#include <stdlib.h>
#include <sys/mman.h>

/* 6.13 Memory Management, cuMemAlloc: "If bytesize is 0, cuMemAlloc() returns CUDA_ERROR_INVALID_VALUE" */
CASE(alloc_of_nothing_is_invalid)
{
    context();
    CUdeviceptr address = 0;
    INVALID(cuMemAlloc(&address, 0));
    INVALID(cuMemAlloc(NULL, 16));
}

/* 6.13 Memory Management, cuMemAlloc: "The allocated memory is suitably aligned for any kind of variable"; 256 bytes is
   what the programming guide (Device Memory Accesses) promises */
CASE(allocations_are_aligned_and_apart)
{
    context();
    CUdeviceptr all[16];
    for (size_t i = 0; i < COUNT(all); i++) {
        OK(cuMemAlloc(&all[i], 100));
        NE(all[i], 0);
        EQ(all[i] % 256, 0);
        for (size_t j = 0; j < i; j++)
            CHECK(all[i] >= all[j] + 100 || all[j] >= all[i] + 100);
    }
    for (size_t i = 0; i < COUNT(all); i++)
        OK(cuMemFree(all[i]));
}

/* 6.13 Memory Management, cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY, after which smaller requests succeed */
CASE(more_than_there_is_is_out_of_memory)
{
    context();
    CUdeviceptr address = 0;
    GIVES(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc(&address, (size_t)1 << 46));
    GIVES(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc(&address, SIZE_MAX));
    OK(cuMemAlloc(&address, 16));
    OK(cuMemFree(address));
}

/* 6.13 Memory Management, cuMemFree: "dptr ... must have been returned by a previous call" */
CASE(free_of_what_is_no_allocation_is_invalid)
{
    CUdeviceptr address = device_memory(4096);
    INVALID(cuMemFree(address + 4));
    INVALID(cuMemFree(0x10));
    OK(cuMemFree(address));
    INVALID(cuMemFree(address));
}

/* 6.13 Memory Management, cuMemFree: 0 is no error in the runtime's cudaFree; the driver accepts it too */
CASE(free_of_null_succeeds)
{
    context();
    OK(cuMemFree(0));
}

/* 6.13 Memory Management, cuMemGetInfo: free memory */
CASE_ALONE(free_memory_falls_and_rises)
{
    context();
    size_t before, within, after, total;
    OK(cuMemGetInfo(&before, &total));
    CUdeviceptr address = device_memory(64 << 20);
    OK(cuMemGetInfo(&within, &total));
    CHECK(within + (64 << 20) <= before);
    OK(cuMemFree(address));
    OK(cuMemGetInfo(&after, &total));
    /* A driver may keep what it needed for the addresses, so it need not be what was free before. */
    CHECK(after >= within + (64 << 20) && after <= before);
}

/* 6.13 Memory Management, cuMemGetAddressRange: base and size of the allocation that contains an address */
CASE(address_range_is_that_of_the_allocation)
{
    CUdeviceptr address = device_memory(5000), base = 0;
    size_t size = 0;
    OK(cuMemGetAddressRange(&base, &size, address + 1234));
    EQ(base, address);
    EQ(size, 5000);
    OK(cuMemGetAddressRange(NULL, &size, address));
    OK(cuMemGetAddressRange(&base, NULL, address + 4999));
    EQ(base, address);
    OK(cuMemFree(address));
}

/* 6.13 Memory Management, cuMemGetAddressRange: CUDA_ERROR_NOT_FOUND or CUDA_ERROR_INVALID_VALUE outside */
CASE(address_range_of_nothing_is_not_found)
{
    CUdeviceptr address = device_memory(4096), base;
    size_t size;
    OK(cuMemFree(address));
    GIVES_EITHER(CUDA_ERROR_NOT_FOUND, CUDA_ERROR_INVALID_VALUE, cuMemGetAddressRange(&base, &size, address));
    GIVES_EITHER(CUDA_ERROR_NOT_FOUND, CUDA_ERROR_INVALID_VALUE, cuMemGetAddressRange(&base, &size, 0x20));
}

/* 6.13 Memory Management, cuMemAllocPitch: "The pitch returned ... is the width in bytes of the allocation" */
CASE(pitch_holds_rows_and_is_aligned)
{
    context();
    CUdeviceptr address;
    size_t pitch = 0, size = 0;
    OK(cuMemAllocPitch(&address, &pitch, 100, 7, 4));
    CHECK(pitch >= 100);
    EQ(pitch % 16, 0);
    OK(cuMemGetAddressRange(NULL, &size, address));
    CHECK(size >= pitch * 7);
    OK(cuMemFree(address));
}

/* 6.13 Memory Management, cuMemAllocPitch: "ElementSizeBytes ... Currently, it can only be 4, 8, or 16" */
CASE(pitch_is_for_elements_of_4_8_and_16_bytes)
{
    context();
    CUdeviceptr address;
    size_t pitch;
    for (unsigned element = 4; element <= 16; element *= 2) {
        OK(cuMemAllocPitch(&address, &pitch, 64, 2, element));
        OK(cuMemFree(address));
    }
    INVALID(cuMemAllocPitch(&address, &pitch, 64, 2, 3));
    INVALID(cuMemAllocPitch(&address, &pitch, 64, 2, 0));
    INVALID(cuMemAllocPitch(&address, NULL, 64, 2, 4));
}

/* 6.13 Memory Management, cuMemHostAlloc: host and device reach the same memory */
CASE(mapped_memory_is_one_for_both)
{
    uint32_t *words = pinned(256);
    CUdeviceptr address = 0;
    uint32_t n = 64;
    OK(cuMemHostGetDevicePointer(&address, words, 0));
    for (uint32_t i = 0; i < 64; i++)
        words[i] = i * 3;
    launch(kernel("add_one"), 1, 64, NULL, (void *[]){&address, &n});
    OK(cuCtxSynchronize());
    for (uint32_t i = 0; i < 64; i++)
        EQ(words[i], i * 3 + 1);
    OK(cuMemFreeHost(words));
}

/* 6.17 Unified Addressing: "the pointer value through which allocated host memory may be accessed by the device is the
   same as the pointer value through which it may be accessed by the host" */
CASE(pinned_memory_has_one_address)
{
    void *memory = pinned(4096);
    CUdeviceptr address = 0;
    OK(cuMemHostGetDevicePointer(&address, memory, 0));
    EQ(address, (CUdeviceptr)(uintptr_t)memory);
    OK(cuMemHostGetDevicePointer(&address, (char *)memory + 100, 0));
    EQ(address, (CUdeviceptr)(uintptr_t)memory + 100);
    OK(cuMemFreeHost(memory));
}

/* 6.13 Memory Management, cuMemHostGetDevicePointer: "Flags provides for future releases. For now, it must be set to 0" */
CASE(device_pointers_of_other_memory_are_invalid)
{
    void *memory = pinned(64);
    CUdeviceptr address;
    int local;
    INVALID(cuMemHostGetDevicePointer(&address, memory, 1));
    INVALID(cuMemHostGetDevicePointer(&address, &local, 0));
    INVALID(cuMemHostGetDevicePointer(NULL, memory, 0));
    OK(cuMemFreeHost(memory));
    INVALID(cuMemHostGetDevicePointer(&address, memory, 0));
}

/* 6.13 Memory Management, cuMemHostGetFlags: "the flags that were used when the memory was allocated" */
CASE(host_flags_are_those_of_the_allocation)
{
    context();
    void *memory;
    unsigned flags = 0;
    OK(cuMemHostAlloc(&memory, 64, CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP));
    OK(cuMemHostGetFlags(&flags, memory));
    EQ(flags & (CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP),
       CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP);
    OK(cuMemFreeHost(memory));
    INVALID(cuMemHostGetFlags(&flags, memory));
}

/* 6.13 Memory Management, cuMemHostAlloc: unknown flags */
CASE(host_alloc_refuses_what_it_does_not_know)
{
    context();
    void *memory;
    INVALID(cuMemHostAlloc(&memory, 64, 0x100));
    INVALID(cuMemHostAlloc(NULL, 64, 0));
    GIVES(CUDA_ERROR_OUT_OF_MEMORY, cuMemHostAlloc(&memory, (size_t)1 << 50, 0));
}

/* 6.13 Memory Management, cuMemFreeHost: only what cuMemHostAlloc and cuMemAllocHost gave */
CASE(free_host_of_other_memory_is_invalid)
{
    context();
    int local;
    void *memory;
    INVALID(cuMemFreeHost(&local));
    OK(cuMemAllocHost(&memory, 64));
    OK(cuMemFreeHost(memory));
    INVALID(cuMemFreeHost(memory));
}

static void *pages(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    memset(memory, 0, bytes);
    return memory;
}

/* 6.13 Memory Management, cuMemHostRegister: "Page-locks the memory range specified by p and bytesize and maps it for
   the device(s)" */
CASE(registered_memory_is_reached_by_kernels)
{
    context();
    uint32_t *words = pages(8192), n = 1000;
    CUdeviceptr address = 0;
    for (uint32_t i = 0; i < n; i++)
        words[i] = i;
    OK(cuMemHostRegister(words, 8192, CU_MEMHOSTREGISTER_DEVICEMAP));
    OK(cuMemHostGetDevicePointer(&address, words, 0));
    launch(kernel("add_one"), 4, 256, NULL, (void *[]){&address, &n});
    OK(cuCtxSynchronize());
    OK(cuMemHostUnregister(words));
    for (uint32_t i = 0; i < n; i++)
        EQ(words[i], i + 1);
    munmap(words, 8192);
}

/* 6.13 Memory Management, cuMemHostRegister: CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED */
CASE(registering_twice_is_already_registered)
{
    context();
    void *memory = pages(8192);
    OK(cuMemHostRegister(memory, 8192, 0));
    GIVES(CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED, cuMemHostRegister(memory, 8192, 0));
    OK(cuMemHostUnregister(memory));
    OK(cuMemHostRegister(memory, 8192, 0));
    OK(cuMemHostUnregister(memory));
    munmap(memory, 8192);
}

/* 6.13 Memory Management, cuMemHostUnregister: CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED */
CASE(unregistering_other_memory_is_not_registered)
{
    context();
    void *memory = pages(4096);
    GIVES_EITHER(CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED, CUDA_ERROR_INVALID_VALUE, cuMemHostUnregister(memory));
    OK(cuMemHostRegister(memory, 4096, 0));
    OK(cuMemHostUnregister(memory));
    GIVES_EITHER(CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED, CUDA_ERROR_INVALID_VALUE, cuMemHostUnregister(memory));
    munmap(memory, 4096);
}

/* 6.13 Memory Management, cuMemHostRegister: CUDA_ERROR_INVALID_VALUE */
CASE(registering_nothing_is_invalid)
{
    context();
    void *memory = pages(4096);
    INVALID(cuMemHostRegister(NULL, 4096, 0));
    INVALID(cuMemHostRegister(memory, 0, 0));
    INVALID(cuMemHostRegister(memory, 4096, 0x100));
    munmap(memory, 4096);
}

/* 6.13 Memory Management, cuMemFree of host memory, cuMemFreeHost of device memory */
CASE(the_two_frees_are_not_for_each_other)
{
    void *memory = pinned(64);
    CUdeviceptr address = device_memory(64);
    INVALID(cuMemFree((CUdeviceptr)(uintptr_t)memory));
    INVALID(cuMemFreeHost((void *)(uintptr_t)address));
    OK(cuMemFreeHost(memory));
    OK(cuMemFree(address));
}

/* 6.17 Unified Addressing, cuPointerGetAttribute: CU_POINTER_ATTRIBUTE_MEMORY_TYPE */
CASE(memory_type_is_device_or_host)
{
    void *memory = pinned(64);
    CUdeviceptr address = device_memory(64);
    CUmemorytype type = (CUmemorytype)0;
    OK(cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, address + 8));
    EQ(type, CU_MEMORYTYPE_DEVICE);
    OK(cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, (CUdeviceptr)(uintptr_t)memory));
    EQ(type, CU_MEMORYTYPE_HOST);
}

/* 6.17 Unified Addressing, cuPointerGetAttribute: CU_POINTER_ATTRIBUTE_CONTEXT */
CASE_ALONE(context_of_an_address_is_where_it_was_made)
{
    CUcontext made = NULL, owner = NULL;
    init();
    OK(cuCtxCreate(&made, 0, device));
    CUdeviceptr address;
    OK(cuMemAlloc(&address, 64));
    context();
    OK(cuPointerGetAttribute(&owner, CU_POINTER_ATTRIBUTE_CONTEXT, address));
    EQ(owner, made);
}

/* 6.17 Unified Addressing, cuPointerGetAttribute: device and host pointers */
CASE(pointers_by_which_memory_is_reached)
{
    void *memory = pinned(64), *host = NULL;
    CUdeviceptr address = device_memory(64), device_address = 0;
    OK(cuPointerGetAttribute(&device_address, CU_POINTER_ATTRIBUTE_DEVICE_POINTER, address + 4));
    EQ(device_address, address + 4);
    INVALID(cuPointerGetAttribute(&host, CU_POINTER_ATTRIBUTE_HOST_POINTER, address));
    OK(cuPointerGetAttribute(&host, CU_POINTER_ATTRIBUTE_HOST_POINTER, (CUdeviceptr)(uintptr_t)memory + 4));
    EQ(host, (char *)memory + 4);
}

/* 6.17 Unified Addressing, cuPointerGetAttribute: CU_POINTER_ATTRIBUTE_RANGE_START_ADDR, _RANGE_SIZE */
CASE(range_of_an_address)
{
    CUdeviceptr address = device_memory(3000), start = 0;
    size_t size = 0;
    OK(cuPointerGetAttribute(&start, CU_POINTER_ATTRIBUTE_RANGE_START_ADDR, address + 2999));
    OK(cuPointerGetAttribute(&size, CU_POINTER_ATTRIBUTE_RANGE_SIZE, address + 1));
    EQ(start, address);
    EQ(size, 3000);
}

/* 6.17 Unified Addressing, cuPointerGetAttribute: CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL, _IS_MANAGED, _MAPPED */
CASE(device_and_kind_of_an_address)
{
    CUdeviceptr address = device_memory(64);
    int ordinal = 77;
    unsigned char managed = 77, mapped = 77;
    OK(cuPointerGetAttribute(&ordinal, CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL, address));
    OK(cuPointerGetAttribute(&managed, CU_POINTER_ATTRIBUTE_IS_MANAGED, address));
    OK(cuPointerGetAttribute(&mapped, CU_POINTER_ATTRIBUTE_MAPPED, address));
    EQ(ordinal, 0);
    EQ(managed, 0);
    EQ(mapped, 1);
}

/* 6.17 Unified Addressing, cuPointerGetAttribute: CU_POINTER_ATTRIBUTE_BUFFER_ID, "unique across all memory allocations
   of this process" */
CASE(buffer_ids_are_not_used_again)
{
    CUdeviceptr address = device_memory(64);
    unsigned long long first = 0, same = 0, second = 0;
    OK(cuPointerGetAttribute(&first, CU_POINTER_ATTRIBUTE_BUFFER_ID, address));
    OK(cuPointerGetAttribute(&same, CU_POINTER_ATTRIBUTE_BUFFER_ID, address + 63));
    EQ(first, same);
    OK(cuMemFree(address));
    address = device_memory(64);
    OK(cuPointerGetAttribute(&second, CU_POINTER_ATTRIBUTE_BUFFER_ID, address));
    NE(first, second);
}

/* 6.17 Unified Addressing, cuPointerGetAttribute: "If ptr was not allocated by, mapped by, or registered with a
   CUcontext which uses unified virtual addressing then CUDA_ERROR_INVALID_VALUE is returned" */
CASE(attributes_of_other_memory_are_invalid)
{
    context();
    int local;
    CUmemorytype type;
    INVALID(cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, (CUdeviceptr)(uintptr_t)&local));
    CUdeviceptr address = device_memory(64);
    INVALID(cuPointerGetAttribute(NULL, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, address));
    INVALID(cuPointerGetAttribute(&type, (CUpointer_attribute)7777, address));
    OK(cuMemFree(address));
    INVALID(cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, address));
}

/* 6.17 Unified Addressing, cuPointerGetAttributes: "Unlike cuPointerGetAttribute, this function will not return an error
   when the ptr encountered is not a valid CUDA pointer. Instead, the attributes are assigned default NULL values and
   CUDA_SUCCESS is returned" */
CASE(attributes_together_of_other_memory_are_null)
{
    context();
    int local;
    CUmemorytype type = (CUmemorytype)9;
    CUcontext owner = (CUcontext)9;
    CUdeviceptr address = 9;
    CUpointer_attribute list[] = {CU_POINTER_ATTRIBUTE_MEMORY_TYPE, CU_POINTER_ATTRIBUTE_CONTEXT,
                                  CU_POINTER_ATTRIBUTE_DEVICE_POINTER};
    void *data[] = {&type, &owner, &address};
    OK(cuPointerGetAttributes(3, list, data, (CUdeviceptr)(uintptr_t)&local));
    EQ(type, 0);
    EQ(owner, NULL);
    EQ(address, 0);
}

/* 6.17 Unified Addressing, cuPointerGetAttributes: the same values as one by one */
CASE(attributes_together_are_those_one_by_one)
{
    CUcontext own = context(), owner = NULL;
    CUdeviceptr memory = device_memory(128), address = 0;
    CUmemorytype type = (CUmemorytype)0;
    CUpointer_attribute list[] = {CU_POINTER_ATTRIBUTE_MEMORY_TYPE, CU_POINTER_ATTRIBUTE_CONTEXT,
                                  CU_POINTER_ATTRIBUTE_DEVICE_POINTER};
    void *data[] = {&type, &owner, &address};
    OK(cuPointerGetAttributes(3, list, data, memory + 4));
    EQ(type, CU_MEMORYTYPE_DEVICE);
    EQ(owner, own);
    EQ(address, memory + 4);
}

/* 6.17 Unified Addressing, cuPointerSetAttribute: only CU_POINTER_ATTRIBUTE_SYNC_MEMOPS can be set */
CASE(only_sync_memops_can_be_set)
{
    CUdeviceptr memory = device_memory(64);
    unsigned value = 1;
    OK(cuPointerSetAttribute(&value, CU_POINTER_ATTRIBUTE_SYNC_MEMOPS, memory));
    INVALID(cuPointerSetAttribute(&value, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, memory));
}

/* 6.13 Memory Management, cuMemAllocManaged: one address for host and device */
CASE(managed_memory_has_one_address)
{
    context();
    CUdeviceptr address = 0;
    uint32_t n = 100;
    OK(cuMemAllocManaged(&address, 400, CU_MEM_ATTACH_GLOBAL));
    uint32_t *words = (uint32_t *)(uintptr_t)address;
    for (uint32_t i = 0; i < n; i++)
        words[i] = i * i;
    launch(kernel("add_one"), 1, 128, NULL, (void *[]){&address, &n});
    OK(cuCtxSynchronize());
    for (uint32_t i = 0; i < n; i++)
        EQ(words[i], i * i + 1);
    OK(cuMemFree(address));
}

/* 6.13 Memory Management, cuMemAllocManaged: size, flags */
CASE(managed_memory_needs_a_size_and_one_flag)
{
    context();
    CUdeviceptr address;
    INVALID(cuMemAllocManaged(&address, 0, CU_MEM_ATTACH_GLOBAL));
    INVALID(cuMemAllocManaged(&address, 64, 0));
    INVALID(cuMemAllocManaged(&address, 64, CU_MEM_ATTACH_SINGLE));
    INVALID(cuMemAllocManaged(NULL, 64, CU_MEM_ATTACH_GLOBAL));
}

/* 6.17 Unified Addressing: CU_POINTER_ATTRIBUTE_IS_MANAGED */
CASE(managed_memory_says_so)
{
    context();
    CUdeviceptr address;
    unsigned char managed = 0;
    OK(cuMemAllocManaged(&address, 64, CU_MEM_ATTACH_HOST));
    OK(cuPointerGetAttribute(&managed, CU_POINTER_ATTRIBUTE_IS_MANAGED, address));
    EQ(managed, 1);
    OK(cuMemFree(address));
    GIVES(CUDA_ERROR_INVALID_VALUE, cuMemFree(address));
}

/* 6.17 Unified Addressing, cuMemAdvise and cuMemRangeGetAttribute */
CASE(read_mostly_is_told_back)
{
    context();
    CUdeviceptr address;
    int value = 77;
    OK(cuMemAllocManaged(&address, 65536, CU_MEM_ATTACH_GLOBAL));
    OK(cuMemRangeGetAttribute(&value, sizeof value, CU_MEM_RANGE_ATTRIBUTE_READ_MOSTLY, address, 65536));
    EQ(value, 0);
    OK(cuMemAdvise(address, 65536, CU_MEM_ADVISE_SET_READ_MOSTLY, device));
    OK(cuMemRangeGetAttribute(&value, sizeof value, CU_MEM_RANGE_ATTRIBUTE_READ_MOSTLY, address, 65536));
    EQ(value, 1);
    OK(cuMemAdvise(address, 65536, CU_MEM_ADVISE_UNSET_READ_MOSTLY, device));
    OK(cuMemRangeGetAttribute(&value, sizeof value, CU_MEM_RANGE_ATTRIBUTE_READ_MOSTLY, address, 65536));
    EQ(value, 0);
    OK(cuMemFree(address));
}

/* 6.17 Unified Addressing, cuMemRangeGetAttribute: CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION: device, CU_DEVICE_CPU, or
   CU_DEVICE_INVALID */
CASE(preferred_location_is_told_back)
{
    context();
    CUdeviceptr address;
    int value = 77;
    OK(cuMemAllocManaged(&address, 65536, CU_MEM_ATTACH_GLOBAL));
    OK(cuMemRangeGetAttribute(&value, sizeof value, CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION, address, 65536));
    EQ(value, CU_DEVICE_INVALID);
    OK(cuMemAdvise(address, 65536, CU_MEM_ADVISE_SET_PREFERRED_LOCATION, CU_DEVICE_CPU));
    OK(cuMemRangeGetAttribute(&value, sizeof value, CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION, address, 65536));
    EQ(value, CU_DEVICE_CPU);
    OK(cuMemAdvise(address, 65536, CU_MEM_ADVISE_SET_PREFERRED_LOCATION, device));
    OK(cuMemRangeGetAttribute(&value, sizeof value, CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION, address, 65536));
    EQ(value, device);
    OK(cuMemFree(address));
}

/* 6.17 Unified Addressing, cuMemPrefetchAsync: CU_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION */
CASE(last_prefetch_is_told_back)
{
    CUstream in = stream();
    CUdeviceptr address;
    int value = 77;
    OK(cuMemAllocManaged(&address, 65536, CU_MEM_ATTACH_GLOBAL));
    OK(cuMemPrefetchAsync(address, 65536, device, in));
    OK(cuStreamSynchronize(in));
    OK(cuMemRangeGetAttribute(&value, sizeof value, CU_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION, address, 65536));
    EQ(value, device);
    OK(cuMemFree(address));
    OK(cuStreamDestroy(in));
}

/* 6.17 Unified Addressing, cuMemAdvise, cuMemPrefetchAsync: the range must be managed memory */
CASE(advice_on_other_memory_is_invalid)
{
    CUdeviceptr address = device_memory(65536);
    INVALID(cuMemAdvise(address, 65536, CU_MEM_ADVISE_SET_READ_MOSTLY, device));
    INVALID(cuMemPrefetchAsync(address, 65536, device, NULL));
    OK(cuMemFree(address));
}

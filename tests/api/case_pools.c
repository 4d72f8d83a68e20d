// SPDX-License-Identifier: Apache-2.0 OR MIT
/* Allocation in streams, pools, and memory that is created, mapped and given access by hand. */
#define SUBJECT "pools"
#include "harness.h"

static CUmemoryPool pool(void)
{
    CUmemoryPool made = NULL;
    context();
    CUmemPoolProps props = {.allocType = CU_MEM_ALLOCATION_TYPE_PINNED, .location = {CU_MEM_LOCATION_TYPE_DEVICE, device}};
    OK(cuMemPoolCreate(&made, &props));
    return made;
}

static uint64_t of(CUmemoryPool which, CUmemPool_attribute attribute)
{
    uint64_t value = 0xdead;
    OK(cuMemPoolGetAttribute(which, attribute, &value));
    return value;
}

/* 6.15 Stream Ordered Memory Allocator: the attribute says so, and each device has a default pool, which is its current */
CASE(devices_have_a_default_pool)
{
    context();
    CUmemoryPool usual = NULL, now = NULL;
    EQ(attribute(CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED), 1);
    OK(cuDeviceGetDefaultMemPool(&usual, device));
    OK(cuDeviceGetMemPool(&now, device));
    CHECK(usual);
    EQ(usual, now);
}

/* 6.15 Stream Ordered Memory Allocator, cuDeviceSetMemPool: "cuMemAllocAsync will use it" */
CASE_ALONE(current_pool_is_what_was_set)
{
    CUmemoryPool made = pool(), now = NULL;
    CUdeviceptr address;
    CUstream in = stream();
    OK(cuDeviceSetMemPool(device, made));
    OK(cuDeviceGetMemPool(&now, device));
    EQ(now, made);
    OK(cuMemAllocAsync(&address, 1 << 20, in));
    CHECK(of(made, CU_MEMPOOL_ATTR_USED_MEM_CURRENT) >= 1 << 20);
    OK(cuMemFreeAsync(address, in));
    OK(cuStreamSynchronize(in));
    EQ(of(made, CU_MEMPOOL_ATTR_USED_MEM_CURRENT), 0);
}

/* 6.15 Stream Ordered Memory Allocator, cuMemAllocAsync: usable in the order of the stream */
CASE(memory_is_usable_in_stream_order)
{
    CUstream in = stream();
    CUdeviceptr address = 0;
    uint32_t *back = pinned(4), n = 1;
    OK(cuMemAllocAsync(&address, 4096, in));
    NE(address, 0);
    OK(cuMemsetD32Async(address, 20, 1, in));
    launch(kernel("add_one"), 1, 1, in, (void *[]){&address, &n});
    OK(cuMemcpyDtoHAsync(back, address, 4, in));
    OK(cuMemFreeAsync(address, in));
    OK(cuStreamSynchronize(in));
    EQ(*back, 21);
}

/* 6.15 Stream Ordered Memory Allocator, cuMemAllocAsync: size 0 and a missing place */
CASE(allocations_of_nothing_are_invalid)
{
    CUstream in = stream();
    CUdeviceptr address;
    INVALID(cuMemAllocAsync(&address, 0, in));
    INVALID(cuMemAllocAsync(NULL, 16, in));
    GIVES(CUDA_ERROR_OUT_OF_MEMORY, cuMemAllocAsync(&address, (size_t)1 << 46, in));
    OK(cuStreamSynchronize(in));
}

/* 6.13 Memory Management, cuMemFree: also of memory from cuMemAllocAsync */
CASE(memory_of_pools_may_be_freed_at_once)
{
    CUstream in = stream();
    CUdeviceptr address;
    OK(cuMemAllocAsync(&address, 4096, in));
    OK(cuStreamSynchronize(in));
    OK(cuMemFree(address));
    INVALID(cuMemFree(address));
}

/* 6.15 Stream Ordered Memory Allocator, cuMemFreeAsync: only of allocations, once */
CASE(frees_of_what_is_no_allocation_are_invalid)
{
    CUstream in = stream();
    CUdeviceptr address;
    INVALID(cuMemFreeAsync(0x10, in));
    OK(cuMemAllocAsync(&address, 4096, in));
    OK(cuMemFreeAsync(address, in));
    INVALID(cuMemFreeAsync(address, in));
    OK(cuStreamSynchronize(in));
}

/* 6.15 Stream Ordered Memory Allocator, cuMemAllocFromPoolAsync, and CU_POINTER_ATTRIBUTE_MEMPOOL_HANDLE */
CASE(memory_knows_its_pool)
{
    CUmemoryPool made = pool(), got = NULL;
    CUstream in = stream();
    CUdeviceptr address;
    OK(cuMemAllocFromPoolAsync(&address, 4096, made, in));
    OK(cuStreamSynchronize(in));
    OK(cuPointerGetAttribute(&got, CU_POINTER_ATTRIBUTE_MEMPOOL_HANDLE, address));
    EQ(got, made);
    OK(cuMemFreeAsync(address, in));
    OK(cuStreamSynchronize(in));
    OK(cuMemPoolDestroy(made));
}

/* 6.15 Stream Ordered Memory Allocator, cuMemPoolSetAttribute: CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, 0 at first */
CASE(release_threshold_is_kept)
{
    CUmemoryPool made = pool();
    uint64_t most = UINT64_MAX;
    EQ(of(made, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD), 0);
    OK(cuMemPoolSetAttribute(made, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &most));
    EQ(of(made, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD), most);
    OK(cuMemPoolDestroy(made));
}

/* 6.15 Stream Ordered Memory Allocator, cuMemPoolTrimTo: "Releases memory back to the OS until the pool contains fewer
   than minBytesToKeep reserved bytes"; "Outstanding allocations ... not eligible" */
CASE(pools_are_trimmed)
{
    CUmemoryPool made = pool();
    CUstream in = stream();
    CUdeviceptr address;
    uint64_t most = UINT64_MAX;
    OK(cuMemPoolSetAttribute(made, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &most));
    OK(cuMemAllocFromPoolAsync(&address, 4 << 20, made, in));
    OK(cuMemFreeAsync(address, in));
    OK(cuStreamSynchronize(in));
    CHECK(of(made, CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT) >= 4 << 20);
    CHECK(of(made, CU_MEMPOOL_ATTR_USED_MEM_HIGH) >= 4 << 20);
    OK(cuMemPoolTrimTo(made, 0));
    EQ(of(made, CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT), 0);
    OK(cuMemPoolDestroy(made));
}

/* 6.15 Stream Ordered Memory Allocator, cuMemPoolCreate: properties; cuMemPoolDestroy: not of the default pool */
CASE(pools_that_cannot_be)
{
    context();
    CUmemoryPool made, usual;
    CUmemPoolProps props = {.allocType = CU_MEM_ALLOCATION_TYPE_INVALID, .location = {CU_MEM_LOCATION_TYPE_DEVICE, device}};
    INVALID(cuMemPoolCreate(&made, &props));
    INVALID(cuMemPoolCreate(&made, NULL));
    OK(cuDeviceGetDefaultMemPool(&usual, device));
    CHECK(cuMemPoolDestroy(usual) != CUDA_SUCCESS);
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuDeviceGetDefaultMemPool(&usual, 99));
}

/* 6.15 Stream Ordered Memory Allocator, cuMemPoolGetAccess: the device of the pool reads and writes */
CASE(the_device_has_access_to_its_pool)
{
    CUmemoryPool made = pool();
    CUmemLocation place = {CU_MEM_LOCATION_TYPE_DEVICE, device};
    CUmemAccess_flags flags = CU_MEM_ACCESS_FLAGS_PROT_NONE;
    OK(cuMemPoolGetAccess(&flags, made, &place));
    EQ(flags, CU_MEM_ACCESS_FLAGS_PROT_READWRITE);
    OK(cuMemPoolDestroy(made));
}

static CUmemAllocationProp on_device(void)
{
    CUmemAllocationProp prop = {.type = CU_MEM_ALLOCATION_TYPE_PINNED, .location = {CU_MEM_LOCATION_TYPE_DEVICE, device}};
    return prop;
}

static size_t granularity(void)
{
    size_t bytes = 0;
    context();
    CUmemAllocationProp prop = on_device();
    OK(cuMemGetAllocationGranularity(&bytes, &prop, CU_MEM_ALLOC_GRANULARITY_MINIMUM));
    return bytes;
}

/* 6.14 Virtual Memory Management, cuMemGetAllocationGranularity: a power of two; the recommended one a multiple */
CASE(granularity_is_a_power_of_two)
{
    size_t least = granularity(), good = 0;
    CUmemAllocationProp prop = on_device();
    CHECK(least > 0 && (least & (least - 1)) == 0);
    OK(cuMemGetAllocationGranularity(&good, &prop, CU_MEM_ALLOC_GRANULARITY_RECOMMENDED));
    CHECK(good >= least && good % least == 0);
}

/* 6.14 Virtual Memory Management: reserve, create, map, set access, use, unmap, release, free */
CASE(memory_is_mapped_and_used)
{
    size_t size = granularity();
    CUdeviceptr at = 0;
    CUmemGenericAllocationHandle handle = 0;
    CUmemAllocationProp prop = on_device();
    CUmemAccessDesc access = {prop.location, CU_MEM_ACCESS_FLAGS_PROT_READWRITE};
    unsigned long long flags = 0;
    OK(cuMemAddressReserve(&at, size, 0, 0, 0));
    OK(cuMemCreate(&handle, size, &prop, 0));
    OK(cuMemMap(at, size, 0, handle, 0));
    OK(cuMemSetAccess(at, size, &access, 1));
    OK(cuMemGetAccess(&flags, &prop.location, at));
    EQ(flags, CU_MEM_ACCESS_FLAGS_PROT_READWRITE);
    OK(cuMemsetD32(at, 0x55, size / 4));
    OK(cuCtxSynchronize());
    EQ(word_at(at + size - 4), 0x55);
    OK(cuMemUnmap(at, size));
    OK(cuMemRelease(handle));
    OK(cuMemAddressFree(at, size));
}

/* 6.14 Virtual Memory Management, cuMemMap: one memory at two addresses */
CASE(one_memory_at_two_addresses)
{
    size_t size = granularity();
    CUdeviceptr at = 0;
    CUmemGenericAllocationHandle handle;
    CUmemAllocationProp prop = on_device();
    CUmemAccessDesc access = {prop.location, CU_MEM_ACCESS_FLAGS_PROT_READWRITE};
    OK(cuMemAddressReserve(&at, size * 2, 0, 0, 0));
    OK(cuMemCreate(&handle, size, &prop, 0));
    OK(cuMemMap(at, size, 0, handle, 0));
    OK(cuMemMap(at + size, size, 0, handle, 0));
    OK(cuMemSetAccess(at, size * 2, &access, 1));
    OK(cuMemsetD32(at, 0x77, 4));
    OK(cuCtxSynchronize());
    EQ(word_at(at + size + 12), 0x77);
    OK(cuMemUnmap(at, size));
    EQ(word_at(at + size), 0x77);
    OK(cuMemUnmap(at + size, size));
    OK(cuMemRelease(handle));
    OK(cuMemAddressFree(at, size * 2));
}

/* 6.14 Virtual Memory Management, cuMemRelease: "the memory ... will be freed when all outstanding mappings are unmapped" */
CASE(released_memory_stays_while_it_is_mapped)
{
    size_t size = granularity();
    CUdeviceptr at = 0;
    CUmemGenericAllocationHandle handle;
    CUmemAllocationProp prop = on_device();
    CUmemAccessDesc access = {prop.location, CU_MEM_ACCESS_FLAGS_PROT_READWRITE};
    OK(cuMemAddressReserve(&at, size, 0, 0, 0));
    OK(cuMemCreate(&handle, size, &prop, 0));
    OK(cuMemMap(at, size, 0, handle, 0));
    OK(cuMemRelease(handle));
    OK(cuMemSetAccess(at, size, &access, 1));
    OK(cuMemsetD32(at, 3, 1));
    OK(cuCtxSynchronize());
    EQ(word_at(at), 3);
    OK(cuMemUnmap(at, size));
    OK(cuMemAddressFree(at, size));
}

/* 6.14 Virtual Memory Management: sizes must be multiples of the granularity, flags 0 */
CASE(sizes_that_do_not_fit_are_invalid)
{
    size_t size = granularity();
    CUdeviceptr at;
    CUmemGenericAllocationHandle handle;
    CUmemAllocationProp prop = on_device();
    INVALID(cuMemCreate(&handle, size + 1, &prop, 0));
    INVALID(cuMemCreate(&handle, 0, &prop, 0));
    INVALID(cuMemCreate(&handle, size, &prop, 1));
    INVALID(cuMemAddressReserve(&at, 0, 0, 0, 0));
    INVALID(cuMemAddressReserve(&at, size, 0, 0, 1));
    OK(cuMemAddressReserve(&at, size, 0, 0, 0));
    OK(cuMemCreate(&handle, size, &prop, 0));
    INVALID(cuMemMap(at, size * 2, 0, handle, 0));
    INVALID(cuMemMap(at, size, 0, handle, 1));
    OK(cuMemRelease(handle));
    OK(cuMemAddressFree(at, size));
}

/* 6.14 Virtual Memory Management, cuMemAddressReserve: alignment, "must be a power of two" */
CASE(reservations_are_aligned)
{
    size_t size = granularity();
    CUdeviceptr at = 0;
    OK(cuMemAddressReserve(&at, size, size * 8, 0, 0));
    EQ(at % (size * 8), 0);
    OK(cuMemAddressFree(at, size));
    INVALID(cuMemAddressReserve(&at, size, size * 3, 0, 0));
    INVALID(cuMemAddressFree(0x1000, size));
}

/* 6.14 Virtual Memory Management, cuMemGetAllocationPropertiesFromHandle, cuMemRetainAllocationHandle */
CASE(handles_tell_their_properties)
{
    size_t size = granularity();
    CUdeviceptr at;
    CUmemGenericAllocationHandle handle, again = 0;
    CUmemAllocationProp prop = on_device(), got;
    memset(&got, 0, sizeof got);
    OK(cuMemCreate(&handle, size, &prop, 0));
    OK(cuMemGetAllocationPropertiesFromHandle(&got, handle));
    EQ(got.type, CU_MEM_ALLOCATION_TYPE_PINNED);
    EQ(got.location.type, CU_MEM_LOCATION_TYPE_DEVICE);
    EQ(got.location.id, device);
    OK(cuMemAddressReserve(&at, size, 0, 0, 0));
    OK(cuMemMap(at, size, 0, handle, 0));
    OK(cuMemRetainAllocationHandle(&again, (void *)(uintptr_t)at));
    EQ(again, handle);
    OK(cuMemRelease(again));
    OK(cuMemUnmap(at, size));
    OK(cuMemRelease(handle));
    CHECK(cuMemRelease(handle) != CUDA_SUCCESS);
    OK(cuMemAddressFree(at, size));
}

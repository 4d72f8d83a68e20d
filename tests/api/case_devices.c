// SPDX-License-Identifier: Apache-2.0 OR MIT
/* Devices and what is told of them. */
#define SUBJECT "devices"
#include "harness.h"
#include <ctype.h>

static int count(void)
{
    int number = -1;
    OK(cuDeviceGetCount(&number));
    return number;
}

/* 6.5 Device Management, cuDeviceGet: "ordinal in the range [0, cuDeviceGetCount()-1]" */
CASE(ordinals_go_from_zero_to_the_count)
{
    init();
    CHECK(count() >= 1);
    for (int i = 0; i < count(); i++) {
        CUdevice at = -1;
        OK(cuDeviceGet(&at, i));
    }
    CUdevice none;
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuDeviceGet(&none, count()));
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuDeviceGet(&none, -1));
}

/* 6.5 Device Management: a place for the result must be given */
CASE(results_into_null_are_invalid)
{
    init();
    INVALID(cuDeviceGetCount(NULL));
    INVALID(cuDeviceGet(NULL, 0));
    INVALID(cuDeviceGetName(NULL, 10, device));
    INVALID(cuDeviceGetUuid(NULL, device));
    INVALID(cuDeviceTotalMem(NULL, device));
    INVALID(cuDeviceGetAttribute(NULL, CU_DEVICE_ATTRIBUTE_WARP_SIZE, device));
}

/* 6.5 Device Management: CUDA_ERROR_INVALID_DEVICE is listed by each */
CASE(unknown_devices_are_invalid)
{
    init();
    char text[64];
    CUuuid uuid;
    size_t bytes;
    int value;
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuDeviceGetName(text, sizeof text, 99));
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuDeviceGetUuid(&uuid, 99));
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuDeviceTotalMem(&bytes, 99));
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuDeviceGetAttribute(&value, CU_DEVICE_ATTRIBUTE_WARP_SIZE, 99));
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuDeviceGetPCIBusId(text, sizeof text, 99));
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuDeviceGetAttribute(&value, CU_DEVICE_ATTRIBUTE_WARP_SIZE, -1));
}

/* 6.5 Device Management, cuDeviceGetName: "len specifies the maximum length of the string that may be returned" */
CASE(name_is_cut_to_the_length)
{
    init();
    char whole[256], part[8];
    memset(whole, 'x', sizeof whole);
    memset(part, 'x', sizeof part);
    OK(cuDeviceGetName(whole, sizeof whole, device));
    CHECK(memchr(whole, 0, sizeof whole));
    CHECK(strlen(whole) > 0);
    OK(cuDeviceGetName(part, 4, device));
    CHECK(memchr(part, 0, 4));
    CHECK(!strncmp(part, whole, strlen(part)));
    EQ(part[4], 'x');
}

/* 6.5 Device Management, cuDeviceGetUuid: 16 octets that identify the device */
CASE(uuid_is_stable_and_not_zero)
{
    init();
    CUuuid once, again, zero;
    memset(&zero, 0, sizeof zero);
    OK(cuDeviceGetUuid(&once, device));
    OK(cuDeviceGetUuid_v2(&again, device));
    CHECK(!memcmp(&once, &again, 16));
    CHECK(memcmp(&once, &zero, 16));
}

/* 6.5 Device Management, cuDeviceGetPCIBusId: "[domain]:[bus]:[device].[function]", 13 characters with the NUL */
CASE(pci_bus_id_has_its_form_and_finds_the_device)
{
    init();
    char text[32] = "";
    OK(cuDeviceGetPCIBusId(text, sizeof text, device));
    CHECK(strlen(text) >= 12);
    EQ(text[4], ':');
    EQ(text[7], ':');
    EQ(text[10], '.');
    for (int i = 0; i < 12; i++)
        CHECK(i == 4 || i == 7 || i == 10 || isxdigit((unsigned char)text[i]));
    CUdevice found = -1;
    OK(cuDeviceGetByPCIBusId(&found, text));
    EQ(found, device);
}

/* 6.5 Device Management, cuDeviceGetByPCIBusId: also "[domain]:[bus]:[device]" and "[bus]:[device].[function]" */
CASE(shorter_pci_bus_ids_find_the_device)
{
    init();
    char text[32] = "", no_function[32] = "";
    OK(cuDeviceGetPCIBusId(text, sizeof text, device));
    CUdevice found = -1;
    memcpy(no_function, text, 10);
    OK(cuDeviceGetByPCIBusId(&found, no_function));
    EQ(found, device);
    if (!strncmp(text, "0000:", 5)) {
        found = -1;
        OK(cuDeviceGetByPCIBusId(&found, text + 5));
        EQ(found, device);
    }
}

/* 6.5 Device Management, cuDeviceGetByPCIBusId: CUDA_ERROR_INVALID_VALUE, CUDA_ERROR_INVALID_DEVICE */
CASE(pci_bus_ids_of_nothing_are_refused)
{
    init();
    CUdevice found;
    GIVES_EITHER(CUDA_ERROR_INVALID_VALUE, CUDA_ERROR_INVALID_DEVICE, cuDeviceGetByPCIBusId(&found, "garbage"));
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuDeviceGetByPCIBusId(&found, "00fe:fe:1e.0"));
    INVALID(cuDeviceGetByPCIBusId(&found, NULL));
    INVALID(cuDeviceGetByPCIBusId(NULL, "0000:00:00.0"));
}

/* 6.5 Device Management, cuDeviceGetPCIBusId and the attributes tell the same */
CASE(pci_attributes_are_those_of_the_bus_id)
{
    init();
    char text[32] = "", made[40];
    OK(cuDeviceGetPCIBusId(text, sizeof text, device));
    static const char digits[] = "0123456789abcdef";
    int domain = attribute(CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID), bus = attribute(CU_DEVICE_ATTRIBUTE_PCI_BUS_ID),
        slot = attribute(CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID);
    made[0] = digits[domain >> 12 & 15], made[1] = digits[domain >> 8 & 15], made[2] = digits[domain >> 4 & 15];
    made[3] = digits[domain & 15], made[4] = ':', made[5] = digits[bus >> 4 & 15], made[6] = digits[bus & 15];
    made[7] = ':', made[8] = digits[slot >> 4 & 15], made[9] = digits[slot & 15], made[10] = 0;
    for (char *at = text; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    CHECK(!strncmp(text, made, 10));
}

/* 6.5 Device Management, cuDeviceTotalMem, and 6.13 Memory Management, cuMemGetInfo: total */
CASE(total_memory_is_the_same_everywhere)
{
    context();
    size_t bytes = 0, free = 0, total = 0;
    OK(cuDeviceTotalMem(&bytes, device));
    OK(cuMemGetInfo(&free, &total));
    EQ(bytes, total);
    CHECK(free <= total && free > 0);
}

/* 6.5 Device Management, cuDeviceGetAttribute: limits of blocks and grids as of compute capability 3.0 and later */
CASE(limits_of_launches_are_those_of_the_compute_capability)
{
    init();
    EQ(attribute(CU_DEVICE_ATTRIBUTE_WARP_SIZE), 32);
    EQ(attribute(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK), 1024);
    EQ(attribute(CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X), 1024);
    EQ(attribute(CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y), 1024);
    EQ(attribute(CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z), 64);
    EQ(attribute(CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X), 2147483647);
    EQ(attribute(CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y), 65535);
    EQ(attribute(CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z), 65535);
}

/* 6.5 Device Management, cuDeviceGetAttribute: limits that are parts of others */
CASE(attributes_agree_with_each_other)
{
    init();
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT) >= 1);
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR) >=
          attribute(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK));
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK) >= 48 << 10);
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN) >=
          attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK));
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR) >=
          attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN));
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR) >=
          attribute(CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK));
    EQ(attribute(CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY), 65536);
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_CLOCK_RATE) > 0);
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE) > 0);
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH) > 0);
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE) >= 0);
    EQ(attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_MODE), 0);
}

/* 6.5 Device Management, cuDeviceGetAttribute: "CUDA_ERROR_INVALID_VALUE" for what is no attribute */
CASE(unknown_attributes_are_invalid)
{
    init();
    int value = 77;
    INVALID(cuDeviceGetAttribute(&value, (CUdevice_attribute)0, device));
    INVALID(cuDeviceGetAttribute(&value, (CUdevice_attribute)100000, device));
    INVALID(cuDeviceGetAttribute(&value, (CUdevice_attribute)-1, device));
}

/* 6.6 Device Management [DEPRECATED], cuDeviceComputeCapability */
CASE(compute_capability_is_that_of_the_attributes)
{
    init();
    int major = 0, minor = -1;
    OK(cuDeviceComputeCapability(&major, &minor, device));
    EQ(major, attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR));
    EQ(minor, attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
    CHECK(major >= 5);
}

/* 6.6 Device Management [DEPRECATED], cuDeviceGetProperties */
CASE(properties_are_those_of_the_attributes)
{
    init();
    CUdevprop all;
    OK(cuDeviceGetProperties(&all, device));
    EQ(all.maxThreadsPerBlock, attribute(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK));
    EQ(all.maxThreadsDim[0], attribute(CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X));
    EQ(all.maxThreadsDim[2], attribute(CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z));
    EQ(all.maxGridSize[0], attribute(CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X));
    EQ(all.sharedMemPerBlock, attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK));
    EQ(all.totalConstantMemory, attribute(CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY));
    EQ(all.SIMDWidth, 32);
    EQ(all.memPitch, attribute(CU_DEVICE_ATTRIBUTE_MAX_PITCH));
    EQ(all.regsPerBlock, attribute(CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK));
    EQ(all.clockRate, attribute(CU_DEVICE_ATTRIBUTE_CLOCK_RATE));
    EQ(all.textureAlign, attribute(CU_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT));
}

/* 6.17 Unified Addressing: 64-bit processes on these systems have it */
CASE(addresses_are_unified)
{
    init();
    EQ(attribute(CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING), 1);
    EQ(attribute(CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY), 1);
}

/* 6.30 Peer Context Memory Access, cuDeviceCanAccessPeer: 0 for a device and itself; unknown devices are invalid */
CASE(a_device_is_no_peer_of_itself)
{
    init();
    int can = 5;
    OK(cuDeviceCanAccessPeer(&can, device, device));
    EQ(can, 0);
    GIVES(CUDA_ERROR_INVALID_DEVICE, cuDeviceCanAccessPeer(&can, device, 99));
    INVALID(cuDeviceCanAccessPeer(NULL, device, device));
}

/* 6.30 Peer Context Memory Access, cuCtxEnablePeerAccess: not to the current context's own device; Flags must be 0 */
CASE(peer_access_to_the_own_context_is_refused)
{
    CUcontext own = context();
    CUresult got = cuCtxEnablePeerAccess(own, 0);
    CHECK(got == CUDA_ERROR_INVALID_CONTEXT || got == CUDA_ERROR_PEER_ACCESS_UNSUPPORTED ||
          got == CUDA_ERROR_INVALID_DEVICE);
    CHECK(cuCtxEnablePeerAccess(own, 1) != CUDA_SUCCESS);
}

/* 6.30 Peer Context Memory Access, cuCtxDisablePeerAccess: CUDA_ERROR_PEER_ACCESS_NOT_ENABLED, _INVALID_CONTEXT */
CASE(peer_access_that_is_not_enabled_cannot_be_disabled)
{
    CUcontext own = context();
    GIVES_EITHER(CUDA_ERROR_PEER_ACCESS_NOT_ENABLED, CUDA_ERROR_INVALID_CONTEXT, cuCtxDisablePeerAccess(own));
}

/* 6.30 Peer Context Memory Access, cuDeviceGetP2PAttribute: "CUDA_ERROR_INVALID_DEVICE is returned if srcDevice or
   dstDevice are not valid or if they represent the same device" */
CASE(peer_attributes_of_one_device_are_refused)
{
    init();
    int value;
    GIVES(CUDA_ERROR_INVALID_DEVICE,
          cuDeviceGetP2PAttribute(&value, CU_DEVICE_P2P_ATTRIBUTE_ACCESS_SUPPORTED, device, device));
    GIVES(CUDA_ERROR_INVALID_DEVICE,
          cuDeviceGetP2PAttribute(&value, CU_DEVICE_P2P_ATTRIBUTE_ACCESS_SUPPORTED, device, 99));
}

/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The library is linked under one name and opened under the others: each must be the same one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <ixcuda.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                         \
    do {                                                                         \
        if (!(condition)) {                                                      \
            fprintf(stderr, "line %d: " #condition " does not hold\n", __LINE__); \
            exit(1);                                                             \
        }                                                                        \
    } while (0)

typedef CUresult (*Count)(int *);

/* Registered before cuInit, so it runs after the library has said goodbye. */
static void at_exit(void)
{
    int devices = 0;
    puts(cuDeviceGetCount(&devices) == CUDA_ERROR_DEINITIALIZED ? "deinitialised" : "still there");
    fflush(stdout);
}

int main(void)
{
    static const char *const names[] = { "libcuda.so.1", "libcuda.so", "libixrt.so" };
    void *address = NULL;
    int devices = 0, i;

    atexit(at_exit);
    CHECK(cuDeviceGetCount(&devices) == CUDA_ERROR_NOT_INITIALIZED);
    CHECK(cuInit(0) == CUDA_SUCCESS);
    CHECK(cuDeviceGetCount(&devices) == CUDA_SUCCESS && devices > 0);
    for (i = 0; i < 3; i++) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        void *symbol;
        Count count;
        int n = 0;
        CHECK(library != NULL);
        symbol = dlsym(library, "cuDeviceGetCount");
        CHECK(symbol != NULL);
        *(void **)&count = symbol;
        CHECK(count(&n) == CUDA_SUCCESS && n == devices);
        CHECK(cuGetProcAddress("cuDeviceGetCount", &address, 2000, CU_GET_PROC_ADDRESS_DEFAULT, NULL) == CUDA_SUCCESS);
        CHECK(address == symbol);
    }
    printf("one library, %d names\n", i);
    return 0;
}

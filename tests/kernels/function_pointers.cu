// SPDX-License-Identifier: Apache-2.0 OR MIT
// A call through a pointer.
#include "ix_cuda.h"

__device__ __attribute__((noinline)) int twice(int x) { return 2 * x; }
__device__ __attribute__((noinline)) int square(int x) { return x * x; }

extern "C" __global__ void function_pointers(int *x) {
  int (*f)(int) = threadIdx.x % 3 ? twice : square;
  x[threadIdx.x] = f(x[threadIdx.x]);
}

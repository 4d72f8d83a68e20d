// SPDX-License-Identifier: Apache-2.0 OR MIT
// A function that calls itself.
#include "ix_cuda.h"

__device__ __attribute__((noinline)) int ackermann(int m, int n) {
  if (m == 0) return n + 1;
  if (n == 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

extern "C" __global__ void recursion(int *x) { x[threadIdx.x] = ackermann(2, x[threadIdx.x]); }

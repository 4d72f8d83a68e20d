// SPDX-License-Identifier: Apache-2.0 OR MIT
// Functions that are not inlined: one calls another, in a loop that lanes leave at different times.
#include "ix_cuda.h"

__device__ __attribute__((noinline)) unsigned gcd(unsigned a, unsigned b) {
  while (b) {
    unsigned t = a % b;
    a = b;
    b = t;
  }
  return a;
}

// Euler's totient by its definition.
__device__ __attribute__((noinline)) unsigned totient(unsigned n) {
  unsigned count = 0;
  for (unsigned i = 1; i <= n; i++) count += gcd(i, n) == 1;
  return count;
}

extern "C" __global__ void functions(const unsigned *a, const unsigned *b, unsigned *results, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  results[i * 2] = gcd(a[i], b[i]);
  results[i * 2 + 1] = a[i] % 3 ? totient(b[i] % 100) : 0;
}

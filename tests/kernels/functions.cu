// SPDX-License-Identifier: Apache-2.0 OR MIT
// Calls: a function that is not inlined, one that calls itself, one through a pointer.
#include "cuda.h"

__device__ __attribute__((noinline)) unsigned gcd(unsigned a, unsigned b) {
  while (b) {
    unsigned t = a % b;
    a = b;
    b = t;
  }
  return a;
}

__device__ __attribute__((noinline)) int ackermann(int m, int n) {
  if (m == 0) return n + 1;
  if (n == 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

__device__ __attribute__((noinline)) int twice(int x) { return 2 * x; }
__device__ __attribute__((noinline)) int square(int x) { return x * x; }

extern "C" __global__ void functions(const unsigned *a, const unsigned *b, int *results, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  int (*f)(int) = a[i] % 3 ? twice : square;
  results[i * 3] = gcd(a[i], b[i]);
  results[i * 3 + 1] = ackermann(2, a[i] % 4);
  results[i * 3 + 2] = f(b[i] % 100);
}

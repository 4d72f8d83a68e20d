// SPDX-License-Identifier: Apache-2.0 OR MIT
// Sorts each block's 512 integers in shared memory, 256 threads a block.
#include "ix_cuda.h"

enum { N = 512 };

extern "C" __global__ void __launch_bounds__(N / 2) bitonic_sort(int *x) {
  __shared__ int s[N];
  int *mine = x + blockIdx.x * N;
  for (unsigned i = threadIdx.x; i < N; i += N / 2) s[i] = mine[i];
  for (unsigned size = 2; size <= N; size *= 2)
    for (unsigned stride = size / 2; stride > 0; stride /= 2) {
      __syncthreads();
      unsigned i = 2 * threadIdx.x - (threadIdx.x & (stride - 1));
      bool ascending = (i & size) == 0;
      int a = s[i], b = s[i + stride];
      if ((a > b) == ascending) {
        s[i] = b;
        s[i + stride] = a;
      }
    }
  __syncthreads();
  for (unsigned i = threadIdx.x; i < N; i += N / 2) mine[i] = s[i];
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
// Inclusive prefix sum of each block's part (Hillis and Steele, two buffers in shared memory).
#include "ix_cuda.h"

extern "C" __global__ void __launch_bounds__(256) scan(const int *x, int *sums, unsigned n) {
  __shared__ int buffer[2][256];
  unsigned t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  unsigned from = 0;
  buffer[from][t] = i < n ? x[i] : 0;
  __syncthreads();
  for (unsigned distance = 1; distance < blockDim.x; distance *= 2) {
    int v = buffer[from][t];
    if (t >= distance) v += buffer[from][t - distance];
    from ^= 1;
    buffer[from][t] = v;
    __syncthreads();
  }
  if (i < n) sums[i] = buffer[from][t];
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
// Sum of an array: each thread adds a strided part, each block a tree in shared memory.
#include "ix_cuda.h"

extern "C" __global__ void __launch_bounds__(128) reduction(const float *x, float *block_sums, unsigned n) {
  __shared__ float part[128];
  unsigned t = threadIdx.x;
  float sum = 0;
  for (unsigned i = blockIdx.x * blockDim.x + t; i < n; i += gridDim.x * blockDim.x) sum += x[i];
  part[t] = sum;
  __syncthreads();
  for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
    if (t < half) part[t] += part[t + half];
    __syncthreads();
  }
  if (t == 0) block_sums[blockIdx.x] = part[0];
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
// Histogram of bytes: atomics in shared memory, then one global atomic for each bin and block.
#include "ix_cuda.h"

extern "C" __global__ void histogram(const unsigned char *x, unsigned *bins, unsigned n) {
  __shared__ unsigned local[256];
  for (unsigned b = threadIdx.x; b < 256; b += blockDim.x) local[b] = 0;
  __syncthreads();
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) atomicAdd(&local[x[i]], 1u);
  __syncthreads();
  for (unsigned b = threadIdx.x; b < 256; b += blockDim.x)
    if (local[b]) atomicAdd(&bins[b], local[b]);
}

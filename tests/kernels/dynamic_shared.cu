// SPDX-License-Identifier: Apache-2.0 OR MIT
// Shared memory whose size the launch gives: reverses each block's part.
#include "ix_cuda.h"

extern __shared__ int buffer[];

extern "C" __global__ void reverse(int *x) {
  int *mine = x + blockIdx.x * blockDim.x;
  buffer[threadIdx.x] = mine[threadIdx.x];
  __syncthreads();
  mine[threadIdx.x] = buffer[blockDim.x - 1 - threadIdx.x];
}

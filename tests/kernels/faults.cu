// SPDX-License-Identifier: Apache-2.0 OR MIT
// Kernels that misbehave when they are told to.
#include "ix_cuda.h"

extern "C" __global__ void copy(const int *from, int *to, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) to[i] = from[i];
}

extern "C" __global__ void trap_if(const int *x, int limit) {
  if (x[blockIdx.x * blockDim.x + threadIdx.x] > limit) __builtin_trap();
}

// Never ends while *go is not 0.
extern "C" __global__ void endless(volatile int *go) {
  while (*go) {
  }
}

extern "C" __global__ void use_shared(int *x) {
  __shared__ int s[256];
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  x[threadIdx.x] = s[255 - threadIdx.x];
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
// y = a x + y in binary16, rounded once (clang fuses).
#include "ix_cuda.h"

extern "C" __global__ void half_axpy(const _Float16 *x, _Float16 *y, float a, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = (_Float16)a * x[i] + y[i];
}

// Widens, works in binary32 and rounds once.
extern "C" __global__ void half_square_root(const _Float16 *x, _Float16 *y, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = (_Float16)sqrtf((float)x[i]);
}

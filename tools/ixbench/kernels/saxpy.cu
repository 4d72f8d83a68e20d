// SPDX-License-Identifier: Apache-2.0 OR MIT
// y = a x + y, one thread for each element.
#include "ix_cuda.h"

extern "C" __global__ void saxpy(unsigned n, float a, const float *x, float *y) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = a * x[i] + y[i];
}

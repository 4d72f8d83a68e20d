// SPDX-License-Identifier: Apache-2.0 OR MIT
// Adds a bias to each column of a row-major matrix.
#include "ix_cuda.h"

extern "C" __global__ void bias_add(float *x, const float *bias, unsigned rows, unsigned columns) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < rows * columns) x[i] += bias[i % columns];
}

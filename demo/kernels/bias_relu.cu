// SPDX-License-Identifier: Apache-2.0 OR MIT
// Adds a bias to each column of a row-major matrix, and replaces what is negative by 0.
#include "ix_cuda.h"

extern "C" __global__ void bias_relu(float *x, const float *bias, unsigned rows, unsigned columns) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < rows * columns) x[i] = fmaxf(x[i] + bias[i % columns], 0);
}

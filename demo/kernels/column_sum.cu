// SPDX-License-Identifier: Apache-2.0 OR MIT
// Sums the columns of a row-major matrix, one thread a column: neighbours read neighbours, and
// the order of additions is always the same.
#include "ix_cuda.h"

extern "C" __global__ void column_sum(const float *x, float *sums, unsigned rows, unsigned columns) {
  unsigned column = blockIdx.x * blockDim.x + threadIdx.x;
  if (column >= columns) return;
  float sum = 0;
  for (unsigned row = 0; row < rows; row++) sum += x[row * columns + column];
  sums[column] = sum;
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
// Sparse matrix (compressed rows) by vector, one row a thread: loops of different lengths.
#include "ix_cuda.h"

extern "C" __global__ void spmv(const unsigned *row_start, const unsigned *column, const double *value, const double *x, double *y,
                                unsigned rows) {
  unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= rows) return;
  double sum = 0;
  for (unsigned i = row_start[row]; i < row_start[row + 1]; i++) sum = fma(value[i], x[column[i]], sum);
  y[row] = sum;
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
// Transposes a matrix by tiles of 32 x 32; a block has 32 x 8 threads.
#include "ix_cuda.h"

extern "C" __global__ void __launch_bounds__(256) transpose(const double *x, double *y, unsigned rows, unsigned columns) {
  __shared__ double tile[32][33];
  unsigned column = blockIdx.x * 32 + threadIdx.x;
  for (unsigned j = threadIdx.y; j < 32; j += 8) {
    unsigned row = blockIdx.y * 32 + j;
    if (row < rows && column < columns) tile[j][threadIdx.x] = x[row * columns + column];
  }
  __syncthreads();
  unsigned row = blockIdx.y * 32 + threadIdx.x;
  for (unsigned j = threadIdx.y; j < 32; j += 8) {
    unsigned column = blockIdx.x * 32 + j;
    if (row < rows && column < columns) y[column * rows + row] = tile[threadIdx.x][j];
  }
}

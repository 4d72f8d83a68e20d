// SPDX-License-Identifier: Apache-2.0 OR MIT
// C = A^T B for row-major matrices: A is k x m, B is k x n. A block of 16 x 16 threads makes a tile.
#include "ix_cuda.h"

enum { TILE = 16 };

extern "C" __global__ void __launch_bounds__(TILE * TILE)
matmul_tn(const float *a, const float *b, float *c, unsigned m, unsigned n, unsigned k) {
  __shared__ float as[TILE][TILE], bs[TILE][TILE];
  unsigned tx = threadIdx.x, ty = threadIdx.y;
  unsigned row = blockIdx.y * TILE + ty, column = blockIdx.x * TILE + tx;
  float sum = 0;
  for (unsigned start = 0; start < k; start += TILE) {
    unsigned a_column = blockIdx.y * TILE + tx;
    as[ty][tx] = a_column < m && start + ty < k ? a[(start + ty) * m + a_column] : 0;
    bs[ty][tx] = column < n && start + ty < k ? b[(start + ty) * n + column] : 0;
    __syncthreads();
    for (unsigned i = 0; i < TILE; i++) sum = fmaf(as[i][ty], bs[i][tx], sum);
    __syncthreads();
  }
  if (row < m && column < n) c[row * n + column] = sum;
}

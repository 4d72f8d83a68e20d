// SPDX-License-Identifier: Apache-2.0 OR MIT
// C = A B^T for row-major matrices: A is m x k, B is n x k. A block of 16 x 16 threads makes a tile.
#include "ix_cuda.h"

enum { TILE = 16 };

extern "C" __global__ void __launch_bounds__(TILE * TILE)
matmul_nt(const float *a, const float *b, float *c, unsigned m, unsigned n, unsigned k) {
  // One column more than needed, so that a column of the tile lies in different banks.
  __shared__ float as[TILE][TILE], bs[TILE][TILE + 1];
  unsigned tx = threadIdx.x, ty = threadIdx.y;
  unsigned row = blockIdx.y * TILE + ty, column = blockIdx.x * TILE + tx;
  float sum = 0;
  for (unsigned start = 0; start < k; start += TILE) {
    unsigned b_row = blockIdx.x * TILE + ty;
    as[ty][tx] = row < m && start + tx < k ? a[row * k + start + tx] : 0;
    bs[ty][tx] = b_row < n && start + tx < k ? b[b_row * k + start + tx] : 0;
    __syncthreads();
    for (unsigned i = 0; i < TILE; i++) sum = fmaf(as[ty][i], bs[tx][i], sum);
    __syncthreads();
  }
  if (row < m && column < n) c[row * n + column] = sum;
}

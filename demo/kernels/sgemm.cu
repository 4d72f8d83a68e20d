// SPDX-License-Identifier: Apache-2.0 OR MIT
// C = alpha A B + beta C for row-major matrices: A is m x k, B is k x n. A block of 16 x 16 threads
// computes a tile of 32 x 32, each thread 2 x 2 elements, from tiles of A and B in shared memory.
#include "ix_cuda.h"

enum { THREADS = 16, EACH = 2, TILE = THREADS * EACH, DEPTH = 16 };

extern "C" __global__ void __launch_bounds__(THREADS * THREADS)
sgemm(unsigned m, unsigned n, unsigned k, float alpha, const float *a, const float *b, float beta, float *c) {
  __shared__ float as[TILE][DEPTH];
  __shared__ float bs[DEPTH][TILE];
  unsigned tx = threadIdx.x, ty = threadIdx.y;
  unsigned row = blockIdx.y * TILE, column = blockIdx.x * TILE;
  float sum[EACH][EACH] = {};
  for (unsigned start = 0; start < k; start += DEPTH) {
    for (unsigned i = 0; i < EACH; i++) {
      unsigned r = row + ty + i * THREADS, d = start + tx;
      as[ty + i * THREADS][tx] = r < m && d < k ? a[r * k + d] : 0;
      unsigned s = column + tx + i * THREADS, e = start + ty;
      bs[ty][tx + i * THREADS] = s < n && e < k ? b[e * n + s] : 0;
    }
    __syncthreads();
    for (unsigned d = 0; d < DEPTH; d++)
      for (unsigned i = 0; i < EACH; i++)
        for (unsigned j = 0; j < EACH; j++) sum[i][j] = fmaf(as[ty + i * THREADS][d], bs[d][tx + j * THREADS], sum[i][j]);
    __syncthreads();
  }
  for (unsigned i = 0; i < EACH; i++)
    for (unsigned j = 0; j < EACH; j++) {
      unsigned r = row + ty + i * THREADS, s = column + tx + j * THREADS;
      // With beta 0, C need not hold numbers.
      if (r < m && s < n) c[r * n + s] = alpha * sum[i][j] + (beta == 0 ? 0 : beta * c[r * n + s]);
    }
}

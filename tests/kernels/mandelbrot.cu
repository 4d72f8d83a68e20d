// SPDX-License-Identifier: Apache-2.0 OR MIT
// Iterations until a point escapes: a loop that every lane leaves at another time. No product is
// fused with a sum, so that the counts are those of any IEEE machine.
#include "ix_cuda.h"

extern "C" __global__ void mandelbrot(int *iterations, unsigned width, unsigned height, int limit) {
  unsigned px = blockIdx.x * blockDim.x + threadIdx.x, py = blockIdx.y * blockDim.y + threadIdx.y;
  if (px >= width || py >= height) return;
  float cx = __fadd_rn(-2.0f, __fmul_rn(px, 3.0f / width)), cy = __fadd_rn(-1.5f, __fmul_rn(py, 3.0f / height));
  float x = 0, y = 0;
  int i = 0;
  while (i < limit) {
    float xx = __fmul_rn(x, x), yy = __fmul_rn(y, y);
    if (xx + yy > 4.0f) break;
    y = __fadd_rn(__fmul_rn(2.0f * x, y), cy);
    x = __fadd_rn(xx - yy, cx);
    i++;
  }
  iterations[py * width + px] = i;
}

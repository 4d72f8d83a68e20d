// SPDX-License-Identifier: Apache-2.0 OR MIT
// Newton's method and Horner's scheme in binary64.
#include "ix_cuda.h"

extern "C" __global__ void cube_root(const double *x, double *y, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  double a = x[i], r = a < 1 ? 1 : a;
  for (int k = 0; k < 200; k++) {
    double next = (2 * r + a / (r * r)) / 3;
    if (next == r) break;
    r = next;
  }
  y[i] = r;
}

__constant__ double coefficient[] = {1, -0.5, 0.25, -0.125, 3, 7};

extern "C" __global__ void polynomial(const double *x, double *y, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  double sum = 0;
  for (int k = 0; k < 6; k++) sum = fma(sum, x[i], coefficient[k]);
  y[i] = sum;
}

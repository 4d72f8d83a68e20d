// SPDX-License-Identifier: Apache-2.0 OR MIT
// Loads and stores of 8 and 16 bytes, and of bytes and halves with sign.
#include "cuda.h"

typedef float float4 __attribute__((ext_vector_type(4)));
typedef int int2 __attribute__((ext_vector_type(2)));

extern "C" __global__ void vector_types(const float4 *x, float4 *y, const int2 *p, int2 *q, const signed char *b, const unsigned short *h,
                                        int *sums, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  y[i] = x[i].wzyx * 2.0f;
  q[i] = p[i].yx + (int2){1, -1};
  sums[i] = b[i] + h[i];
}

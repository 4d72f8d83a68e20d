// SPDX-License-Identifier: Apache-2.0 OR MIT
// Loads and stores of 8 and 16 bytes, and of bytes and halves with sign.
#include "ix_cuda.h"

typedef float floats4 __attribute__((ext_vector_type(4)));
typedef int ints2 __attribute__((ext_vector_type(2)));

extern "C" __global__ void vector_types(const floats4 *x, floats4 *y, const ints2 *p, ints2 *q, const signed char *b, const unsigned short *h,
                                        int *sums, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  y[i] = x[i].wzyx * 2.0f;
  q[i] = p[i].yx + (ints2){1, -1};
  sums[i] = b[i] + h[i];
}

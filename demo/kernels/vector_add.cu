// SPDX-License-Identifier: Apache-2.0 OR MIT
// c = a + b, one thread an element.
#include "ix_cuda.h"

extern "C" __global__ void vector_add(const float *a, const float *b, float *c, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) c[i] = a[i] + b[i];
}

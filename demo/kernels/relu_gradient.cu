// SPDX-License-Identifier: Apache-2.0 OR MIT
// Clears the gradient where the rectifier's output was 0.
#include "ix_cuda.h"

extern "C" __global__ void relu_gradient(float *gradient, const float *output, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n && output[i] <= 0) gradient[i] = 0;
}

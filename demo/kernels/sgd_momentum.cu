// SPDX-License-Identifier: Apache-2.0 OR MIT
// A step of gradient descent with momentum.
#include "ix_cuda.h"

extern "C" __global__ void sgd_momentum(float *weights, float *velocity, const float *gradient, float rate, float momentum,
                                        unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  float v = momentum * velocity[i] - rate * gradient[i];
  velocity[i] = v;
  weights[i] += v;
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
// Softmax and cross-entropy, one thread a sample: the loss of each sample, and the gradient of the
// mean loss by the scores.
#include "ix_cuda.h"

extern "C" __global__ void softmax_loss(const float *scores, const int *labels, float *gradient, float *loss, unsigned rows,
                                        unsigned classes) {
  unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= rows) return;
  const float *z = scores + row * classes;
  float *g = gradient + row * classes;
  float largest = z[0];
  for (unsigned i = 1; i < classes; i++) largest = fmaxf(largest, z[i]);
  float sum = 0;
  for (unsigned i = 0; i < classes; i++) {
    g[i] = __expf(z[i] - largest);
    sum += g[i];
  }
  unsigned label = labels[row];
  for (unsigned i = 0; i < classes; i++) g[i] = (g[i] / sum - (i == label ? 1.0f : 0.0f)) / rows;
  loss[row] = __logf(sum) - (z[label] - largest);
}

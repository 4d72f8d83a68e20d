// SPDX-License-Identifier: Apache-2.0 OR MIT
// Counts the rows whose largest score is that of their label. Integer additions commute, so the
// order of the atomics does not matter.
#include "ix_cuda.h"

extern "C" __global__ void count_correct(const float *scores, const int *labels, unsigned rows, unsigned classes, unsigned *correct) {
  unsigned row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= rows) return;
  const float *z = scores + row * classes;
  unsigned best = 0;
  for (unsigned i = 1; i < classes; i++)
    if (z[i] > z[best]) best = i;
  if (best == (unsigned)labels[row]) atomicAdd(correct, 1u);
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
// Copies the samples that `index` names, `width` numbers each, and their labels into a batch.
#include "ix_cuda.h"

extern "C" __global__ void gather_batch(const float *samples, const int *labels, const int *index, unsigned rows, unsigned width,
                                        float *batch, int *batch_labels) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= rows * width) return;
  unsigned row = i / width, column = i % width;
  batch[i] = samples[index[row] * width + column];
  if (column == 0) batch_labels[row] = labels[index[row]];
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
// An array of each thread that is indexed at run time: insertion sort of 16 numbers.
#include "ix_cuda.h"

extern "C" __global__ void insertion_sort(const int *x, int *y, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  int s[16];
  for (int k = 0; k < 16; k++) {
    int v = x[i * 16 + k], at = k;
    while (at > 0 && s[at - 1] > v) {
      s[at] = s[at - 1];
      at--;
    }
    s[at] = v;
  }
  for (int k = 0; k < 16; k++) y[i * 16 + k] = s[k];
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
// Integer arithmetic whose corner cases C defines, in 32 and 64 bits.
#include "ix_cuda.h"

extern "C" __global__ void integer(const int *a, const int *b, int *results, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  int x = a[i], y = b[i];
  unsigned u = x, w = y;
  int *r = results + i * 8;
  r[0] = (int)(((long long)x * y) >> 32);
  r[1] = (int)(((unsigned long long)u * w) >> 32);
  r[2] = y == 0 ? 0 : (int)(u / w);
  r[3] = y == 0 ? 0 : (int)(u % w);
  r[4] = y == 0 ? 0 : (int)((long long)x * 1000003 / y);
  r[5] = __popc(u) + 100 * __clz(x) + 10000 * __ffs(y);
  r[6] = (int)__brev(u);
  r[7] = (int)(u << (w & 31)) ^ (x >> (w & 31)) ^ (int)(u >> (w & 31));
}

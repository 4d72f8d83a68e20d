// SPDX-License-Identifier: Apache-2.0 OR MIT
// Sums, scans and votes within a warp by shuffles, in three types.
#include "ix_cuda.h"

extern "C" __global__ void warp_reduce(const int *x, int *int_sum, float *float_sum, double *double_sum, int *prefix, unsigned *odd) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x, lane = threadIdx.x % 32, warp = i / 32;
  int v = x[i];
  int si = v;
  float sf = v * 0.5f;
  double sd = v * 0.25;
  for (unsigned d = 16; d > 0; d /= 2) {
    si += __shfl_down_sync(~0u, si, d);
    sf += __shfl_xor_sync(~0u, sf, d);
    sd += __shfl_xor_sync(~0u, sd, d);
  }
  int p = v;
  for (unsigned d = 1; d < 32; d *= 2) {
    int other = __shfl_up_sync(~0u, p, d);
    if (lane >= d) p += other;
  }
  prefix[i] = p;
  unsigned ballot = __ballot_sync(~0u, v & 1);
  if (lane == 0) {
    int_sum[warp] = si;
    float_sum[warp] = sf;
    double_sum[warp] = sd;
    odd[warp] = ballot;
  }
}

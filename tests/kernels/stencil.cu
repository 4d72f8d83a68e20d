// SPDX-License-Identifier: Apache-2.0 OR MIT
// One step of the heat equation on a grid with fixed borders, with a halo in shared memory.
#include "ix_cuda.h"

enum { T = 16 };

extern "C" __global__ void __launch_bounds__(T * T) stencil(const float *in, float *out, int width, int height) {
  __shared__ float s[T + 2][T + 2];
  int x = blockIdx.x * T + threadIdx.x, y = blockIdx.y * T + threadIdx.y;
  for (int i = threadIdx.y * T + threadIdx.x; i < (T + 2) * (T + 2); i += T * T) {
    int sx = i % (T + 2), sy = i / (T + 2);
    int gx = min(max((int)blockIdx.x * T + sx - 1, 0), width - 1), gy = min(max((int)blockIdx.y * T + sy - 1, 0), height - 1);
    s[sy][sx] = in[gy * width + gx];
  }
  __syncthreads();
  if (x >= width || y >= height) return;
  int i = threadIdx.x + 1, j = threadIdx.y + 1;
  bool border = x == 0 || y == 0 || x == width - 1 || y == height - 1;
  out[y * width + x] = border ? s[j][i] : s[j][i] + 0.1f * (s[j - 1][i] + s[j + 1][i] + s[j][i - 1] + s[j][i + 1] - 4.0f * s[j][i]);
}

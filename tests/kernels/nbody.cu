// SPDX-License-Identifier: Apache-2.0 OR MIT
// Gravitational acceleration of each body by all (x, y, z, mass), by tiles in shared memory.
#include "ix_cuda.h"

struct __attribute__((aligned(16))) body {
  float x, y, z, mass;
};

extern "C" __global__ void __launch_bounds__(64) nbody(const body *bodies, body *acceleration, unsigned n, float softening) {
  __shared__ body tile[64];
  unsigned i = blockIdx.x * 64 + threadIdx.x;
  body me = i < n ? bodies[i] : body{0, 0, 0, 0};
  float ax = 0, ay = 0, az = 0;
  for (unsigned start = 0; start < n; start += 64) {
    unsigned j = start + threadIdx.x;
    tile[threadIdx.x] = j < n ? bodies[j] : body{0, 0, 0, 0};
    __syncthreads();
    for (unsigned k = 0; k < 64; k++) {
      float dx = tile[k].x - me.x, dy = tile[k].y - me.y, dz = tile[k].z - me.z;
      float inverse = rsqrtf(dx * dx + dy * dy + dz * dz + softening);
      float s = tile[k].mass * inverse * inverse * inverse;
      ax += dx * s;
      ay += dy * s;
      az += dz * s;
    }
    __syncthreads();
  }
  if (i < n) acceleration[i] = body{ax, ay, az, 0};
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
// Switches with fall-through, early returns, nested loops with break and continue, short circuits.
#include "ix_cuda.h"

extern "C" __global__ void control_flow(const int *x, int *y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  int v = x[i], r = 0;
  if (v < 0) {
    y[i] = -1;
    return;
  }
  switch (v % 7) {
    case 0: r = 10; break;
    case 1: r = 20;  // falls through
    case 2: r += 3; break;
    case 4: r = v * 5; break;
    case 5:
      if (v & 8) return;  // leaves y as it was
      r = 77;
      break;
    default: r = -v;
  }
  for (int a = 0; a < v % 11; a++) {
    if (a == 3) continue;
    for (int b = a; b < 9; b++) {
      if ((a * b) % 5 == 4) break;
      r += a * b + (b > 4 && a < 2 || v == 5 ? 1 : 0);
    }
    if (r > 400) goto done;
  }
  r ^= 0x55;
done:
  y[i] = r;
}

// Steps of the Collatz sequence, in 64 bits.
extern "C" __global__ void collatz(const unsigned long long *x, int *steps, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  unsigned long long v = x[i];
  int s = 0;
  do {
    if (v <= 1) break;
    v = v % 2 ? 3 * v + 1 : v / 2;
  } while (++s);
  steps[i] = s;
}

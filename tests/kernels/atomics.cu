// SPDX-License-Identifier: Apache-2.0 OR MIT
// Atomics of all kinds, and a maximum of floats by compare and swap.
#include "ix_cuda.h"

struct state {
  int sum, smallest, largest;
  unsigned ands, ors, xors, wrapped;
  float float_largest;
  double double_sum;
  unsigned long long wide_sum;
};

extern "C" __global__ void atomics(const int *x, state *s, unsigned n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  int v = x[i];
  atomicAdd(&s->sum, v);
  atomicMin(&s->smallest, v);
  atomicMax(&s->largest, v);
  atomicAnd(&s->ands, ~(1u << (v & 7)));
  atomicOr(&s->ors, 1u << (v & 31));
  atomicXor(&s->xors, (unsigned)v);
  atomicInc(&s->wrapped, 99);
  atomicAdd(&s->double_sum, 0.5 * v);
  atomicAdd(&s->wide_sum, (unsigned long long)1 << 31);
  float f = v * 0.125f;
  unsigned *bits = (unsigned *)&s->float_largest;
  unsigned old = *bits;
  while (__builtin_bit_cast(float, old) < f) {
    unsigned seen = atomicCAS(bits, old, __builtin_bit_cast(unsigned, f));
    if (seen == old) break;
    old = seen;
  }
}

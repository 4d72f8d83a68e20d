// SPDX-License-Identifier: Apache-2.0 OR MIT
// Attention in one pass over the keys, on matrix instructions. A warp has 16 queries; a block of four warps stages 64 keys
// and values at a time in shared memory. The softmax runs online: when a greater score appears, what was summed up
// is scaled down.
#include "ix_cuda.h"

constexpr int DEPTH = 64, KEYS = 64, PITCH = DEPTH + 8;

// Two f32 as the f16 of a fragment, `low` in the lower half.
__device__ static unsigned pack(float low, float high) {
  unsigned both;
  asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(both) : "f"(high), "f"(low));
  return both;
}

__device__ static void mma(float c[4], const unsigned a[4], unsigned b0, unsigned b1) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

__device__ static unsigned shared_address(const void *p) { return (unsigned)(size_t)(__attribute__((address_space(3))) const void *)p; }

__device__ static void stage(unsigned short (*to)[PITCH], const unsigned short *from) {
  for (int chunk = threadIdx.x; chunk < KEYS * DEPTH / 8; chunk += 128) {
    int row = chunk / (DEPTH / 8), column = chunk % (DEPTH / 8) * 8;
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(shared_address(&to[row][column])), "l"(from + row * DEPTH + column)
                 : "memory");
  }
}

extern "C" __global__ void flash_attention(const unsigned short *q, const unsigned short *k, const unsigned short *v, float *out,
                                           unsigned rows, float scale, int causal) {
  __shared__ __align__(16) unsigned short keys[KEYS][PITCH], values[KEYS][PITCH];
  size_t head = (size_t)blockIdx.y * rows * DEPTH;
  int lane = threadIdx.x % 32, group = lane / 4, pair = lane % 4 * 2;
  int first = blockIdx.x * 64 + threadIdx.x / 32 * 16;

  unsigned query[4][4];
  #pragma unroll
  for (int step = 0; step < 4; step++)
    #pragma unroll
    for (int part = 0; part < 4; part++)
      query[step][part] =
          *(const unsigned *)&q[head + (size_t)(first + group + part % 2 * 8) * DEPTH + step * 16 + part / 2 * 8 + pair];

  float sums[8][4] = {}, greatest[2] = {-INFINITY, -INFINITY}, total[2] = {};
  int tiles = causal ? blockIdx.x + 1 : rows / KEYS;
  for (int tile = 0; tile < tiles; tile++) {
    stage(keys, k + head + (size_t)tile * KEYS * DEPTH);
    stage(values, v + head + (size_t)tile * KEYS * DEPTH);
    asm volatile("cp.async.commit_group;\n\tcp.async.wait_group 0;" ::: "memory");
    __syncthreads();

    float score[8][4] = {};
    #pragma unroll
    for (int n = 0; n < 8; n++)
      #pragma unroll
      for (int half = 0; half < 2; half++) {
        unsigned b[4];
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                     : "=r"(b[0]), "=r"(b[1]), "=r"(b[2]), "=r"(b[3])
                     : "r"(shared_address(&keys[n * 8 + lane % 8][half * 32 + lane / 8 * 8])));
        mma(score[n], query[half * 2], b[0], b[1]);
        mma(score[n], query[half * 2 + 1], b[2], b[3]);
      }

    float above[2] = {greatest[0], greatest[1]};
    #pragma unroll
    for (int n = 0; n < 8; n++)
      #pragma unroll
      for (int i = 0; i < 4; i++) {
        int key = tile * KEYS + n * 8 + pair + i % 2, row = first + group + i / 2 * 8;
        score[n][i] = causal && key > row ? -INFINITY : score[n][i] * (scale * 1.4426950408889634f);
        above[i / 2] = fmaxf(above[i / 2], score[n][i]);
      }
    #pragma unroll
    for (int h = 0; h < 2; h++) {
      above[h] = fmaxf(above[h], __shfl_xor_sync(~0u, above[h], 1));
      above[h] = fmaxf(above[h], __shfl_xor_sync(~0u, above[h], 2));
      float shrink = exp2f(greatest[h] - above[h]);
      greatest[h] = above[h];
      total[h] *= shrink;
      #pragma unroll
      for (int n = 0; n < 8; n++) {
        #pragma unroll
        for (int i = 2 * h; i < 2 * h + 2; i++) {
          sums[n][i] *= shrink;
          score[n][i] = exp2f(score[n][i] - above[h]);
          total[h] += score[n][i];
        }
      }
    }

    #pragma unroll
    for (int step = 0; step < 4; step++) {
      const float *s = score[2 * step], *u = score[2 * step + 1];
      unsigned weight[4] = {pack(s[0], s[1]), pack(s[2], s[3]), pack(u[0], u[1]), pack(u[2], u[3])};
      #pragma unroll
      for (int n = 0; n < 8; n += 2) {
        unsigned b[4];
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                     : "=r"(b[0]), "=r"(b[1]), "=r"(b[2]), "=r"(b[3])
                     : "r"(shared_address(&values[step * 16 + lane % 16][n * 8 + lane / 16 * 8])));
        mma(sums[n], weight, b[0], b[1]);
        mma(sums[n + 1], weight, b[2], b[3]);
      }
    }
    __syncthreads();
  }

  #pragma unroll
  for (int h = 0; h < 2; h++) {
    total[h] += __shfl_xor_sync(~0u, total[h], 1);
    total[h] += __shfl_xor_sync(~0u, total[h], 2);
    #pragma unroll
    for (int n = 0; n < 8; n++)
      #pragma unroll
      for (int i = 0; i < 2; i++)
        out[head + (size_t)(first + group + h * 8) * DEPTH + n * 8 + pair + i] = sums[n][2 * h + i] / total[h];
  }
}

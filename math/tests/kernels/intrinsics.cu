// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Uses the device functions that are not mathematical: registers, barriers, warps, atomics, bits,
// conversions, vectors, cached accesses, and what the machine serves.
#include "ix_cuda.h"

__constant__ float table[4] = {1, 2, 3, 4};

__global__ void __launch_bounds__(128, 2) warps_and_blocks(unsigned *out, int *in, double *wide) {
  __shared__ unsigned counter;
  extern __shared__ float dynamic[];
  unsigned t = threadIdx.x + blockDim.x * (threadIdx.y + threadIdx.z) + gridDim.x + warpSize;
  if (threadIdx.x == 0) counter = 0;
  __syncthreads();
  atomicAdd(&counter, 1u);
  dynamic[threadIdx.x] = table[t & 3];
  t += __syncthreads_count(t > 1) + __syncthreads_and(t > 2) + __syncthreads_or(t > 3);
  __syncwarp();
  __threadfence(), __threadfence_block(), __threadfence_system();
  int v = in[t];
  v += __shfl_sync(~0u, v, 0) + __shfl_up_sync(~0u, v, 1) + __shfl_down_sync(~0u, v, 2, 16) + __shfl_xor_sync(~0u, v, 4);
  wide[t] = __shfl_sync(~0u, wide[t], 3) + __shfl_xor_sync(~0u, dynamic[threadIdx.x], 1);
  v += __all_sync(~0u, v) + __any_sync(~0u, v) + __uni_sync(~0u, v) + __ballot_sync(~0u, v) + __activemask();
  int all;
  v += __match_any_sync(~0u, v) + __match_all_sync(~0u, (unsigned)v, &all) + all;
  v += __reduce_add_sync(~0u, v) + __reduce_min_sync(~0u, (unsigned)v) + __reduce_max_sync(~0u, v) +
       __reduce_and_sync(~0u, (unsigned)v) + __reduce_or_sync(~0u, (unsigned)v) + __reduce_xor_sync(~0u, (unsigned)v);
  v += clock() + (int)clock64();
  __nanosleep(100);
  out[t] = v + counter;
}

__global__ void atomics(int *i, unsigned *u, unsigned long long *w, float *f, double *d) {
  int a = atomicAdd(i, 1) + atomicSub(i, 1) + atomicMin(i, 2) + atomicMax(i, 3) + atomicAnd(i, 4) + atomicOr(i, 5) +
          atomicXor(i, 6) + atomicExch(i, 7) + atomicCAS(i, 8, 9);
  unsigned b = atomicAdd(u, 1u) + atomicInc(u, 7u) + atomicDec(u, 7u) + atomicMin(u, 3u) + atomicCAS(u, 8u, 9u);
  unsigned long long c = atomicAdd(w, 1ull) + atomicMax(w, 2ull) + atomicExch(w, 3ull) + atomicCAS(w, 4ull, 5ull);
  float e = atomicAdd(f, 1.0f) + atomicExch(f, 2.0f) + atomicAdd_block(f, 1.0f) + atomicAdd_system(f, 1.0f);
  double g = atomicAdd(d, 1.0) + atomicAdd_block(d, 1.0);
  a += atomicAdd_block(i, 1) + atomicCAS_system(i, 1, 2) + atomicMin_block(i, 3) + atomicExch_system(i, 4);
  *i = a, *u = b, *w = c, *f = e, *d = g;
}

__global__ void bits_and_numbers(int *i, unsigned *u, long long *w, float *f, double *d) {
  *i = __popc(*u) + __clz(*i) + __ffs(*i) + __popcll(*w) + __clzll(*w) + __ffsll(*w) + __mulhi(*i, 7) + __mul24(*i, 5) +
       __sad(*i, 1, 2) + __hadd(*i, 3) + __rhadd(*i, 5) + min(*i, 3) + max(*i, 4) + abs(*i);
  *u = __brev(*u) + __umulhi(*u, 3) + __umul24(*u, 5) + __byte_perm(*u, 1, 0x3210) + __funnelshift_l(*u, 1, 2) +
       __funnelshift_rc(*u, 1, 40) + __usad(*u, 1, 2) + __uhadd(*u, 3) + __urhadd(*u, 5) + min(*u, 4u);
  *w = __brevll(*w) + __mul64hi(*w, 3) + __umul64hi(*w, 3) + llmax(*w, 5);
  *f = __fadd_rn(*f, 1) + __fsub_rz(*f, 2) + __fmul_ru(*f, 3) + __fmaf_rd(*f, 4, 5) + __fdiv_rn(*f, 6) + __frcp_rz(*f) +
       __fsqrt_ru(*f) + __fdividef(*f, 7) + __sinf(*f) + __cosf(*f) + __tanf(*f) + __expf(*f) + __exp10f(*f) +
       __logf(*f) + __log2f(*f) + __log10f(*f) + __powf(*f, 8) + __saturatef(*f) + __double2float_rd(*d) +
       __int2float_rn(*i) + __ull2float_rz(*w) + __int_as_float(*i) + __uint_as_float(*u);
  *d = __dadd_rn(*d, 1) + __dmul_rz(*d, 3) + __fma_ru(*d, 4, 5) + __ddiv_rd(*d, 6) + __drcp_rn(*d) + __dsqrt_rn(*d) +
       __ll2double_rn(*w) + __hiloint2double(*i, *i) + __longlong_as_double(*w) + __int2double_rn(*i);
  *i += __float2int_rz(*f) + __double2int_rn(*d) + __float_as_int(*f) + __double2hiint(*d) + __double2loint(*d);
  *w += __double_as_longlong(*d) + __float2ll_rd(*f) + (long long)__double2ull_ru(*d);
}

__global__ void memory(float4 *v, const float *f, const int2 *p, char *text) {
  float4 a = __ldg(&v[1]);
  int2 b = __ldg(p);
  a.x += __ldg(f) + __ldcg(f) + __ldcs(f) + __ldca(f) + __ldcv(f) + b.x + b.y;
  v[2] = make_float4(a.x, a.y, a.z, a.w);
  __stcg(&v->x, a.y), __stcs(&v->y, a.z), __stwt(&v->z, a.x), __stwb(&v->w, a.x);
  if (__isGlobal(v) && !__isShared(f)) memcpy(text, f, 64), memset(text + 64, 1, 64);
  dim3 size(4, 5);
  assert(size.z == 1);
  printf("%d of %u\n", b.x, size.x);
  void *heap = malloc(16);
  if (heap == nullptr) __trap();
  free(heap);
}

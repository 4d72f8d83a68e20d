// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What device code in CUDA C++ expects to find, in terms of clang's builtins: so that kernels
// compile with clang alone, without a CUDA toolkit:
//
//   clang++ -x cuda --cuda-device-only --cuda-gpu-arch=sm_80 --cuda-feature=+ptx78
//           -nocudainc -nocudalib -O2 -S -I <this directory> -o kernel.ptx kernel.cu
//
// Names, types and meanings are those of the CUDA C++ language. There is no device math library:
// only what the hardware does in one instruction is here.
#pragma once

#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __host__ __attribute__((host))
#define __shared__ __attribute__((shared))
#define __constant__ __attribute__((constant))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define __forceinline__ __inline__ __attribute__((always_inline))

// Special registers: threadIdx.x is a read of %tid.x, as in clang's own header.
#define CUDA_H_AXIS(axis, builtin)                      \
  __declspec(property(get = get_##axis)) unsigned axis; \
  static __device__ __forceinline__ unsigned get_##axis() { return builtin(); }
#define CUDA_H_REGISTER(name, builtin)   \
  struct name##_t {                      \
    CUDA_H_AXIS(x, builtin##_x)          \
    CUDA_H_AXIS(y, builtin##_y)          \
    CUDA_H_AXIS(z, builtin##_z)          \
  };                                     \
  extern const __device__ __attribute__((weak)) name##_t name;
CUDA_H_REGISTER(threadIdx, __nvvm_read_ptx_sreg_tid)
CUDA_H_REGISTER(blockIdx, __nvvm_read_ptx_sreg_ctaid)
CUDA_H_REGISTER(blockDim, __nvvm_read_ptx_sreg_ntid)
CUDA_H_REGISTER(gridDim, __nvvm_read_ptx_sreg_nctaid)
#undef CUDA_H_REGISTER
#undef CUDA_H_AXIS
enum { warpSize = 32 };

// __syncthreads() is a builtin of clang.
__device__ __forceinline__ void __syncwarp(unsigned mask = 0xffffffff) { __nvvm_bar_warp_sync(mask); }
__device__ __forceinline__ void __threadfence() { __nvvm_membar_gl(); }
__device__ __forceinline__ void __threadfence_block() { __nvvm_membar_cta(); }

// Atomics, relaxed as CUDA's are; each returns the old value.
__device__ __forceinline__ int atomicAdd(int *p, int v) { return __atomic_fetch_add(p, v, __ATOMIC_RELAXED); }
__device__ __forceinline__ unsigned atomicAdd(unsigned *p, unsigned v) { return __atomic_fetch_add(p, v, __ATOMIC_RELAXED); }
__device__ __forceinline__ unsigned long long atomicAdd(unsigned long long *p, unsigned long long v) {
  return __atomic_fetch_add(p, v, __ATOMIC_RELAXED);
}
__device__ __forceinline__ float atomicAdd(float *p, float v) { return __nvvm_atom_add_gen_f(p, v); }
__device__ __forceinline__ double atomicAdd(double *p, double v) { return __nvvm_atom_add_gen_d(p, v); }
__device__ __forceinline__ int atomicMin(int *p, int v) { return __atomic_fetch_min(p, v, __ATOMIC_RELAXED); }
__device__ __forceinline__ int atomicMax(int *p, int v) { return __atomic_fetch_max(p, v, __ATOMIC_RELAXED); }
__device__ __forceinline__ unsigned atomicMin(unsigned *p, unsigned v) { return __atomic_fetch_min(p, v, __ATOMIC_RELAXED); }
__device__ __forceinline__ unsigned atomicMax(unsigned *p, unsigned v) { return __atomic_fetch_max(p, v, __ATOMIC_RELAXED); }
__device__ __forceinline__ unsigned atomicAnd(unsigned *p, unsigned v) { return __atomic_fetch_and(p, v, __ATOMIC_RELAXED); }
__device__ __forceinline__ unsigned atomicOr(unsigned *p, unsigned v) { return __atomic_fetch_or(p, v, __ATOMIC_RELAXED); }
__device__ __forceinline__ unsigned atomicXor(unsigned *p, unsigned v) { return __atomic_fetch_xor(p, v, __ATOMIC_RELAXED); }
__device__ __forceinline__ unsigned atomicExch(unsigned *p, unsigned v) { return __atomic_exchange_n(p, v, __ATOMIC_RELAXED); }
__device__ __forceinline__ unsigned atomicInc(unsigned *p, unsigned v) { return __nvvm_atom_inc_gen_ui(p, v); }
__device__ __forceinline__ unsigned atomicDec(unsigned *p, unsigned v) { return __nvvm_atom_dec_gen_ui(p, v); }
__device__ __forceinline__ unsigned atomicCAS(unsigned *p, unsigned compare, unsigned v) {
  __atomic_compare_exchange_n(p, &compare, v, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  return compare;
}

// Warp shuffles. The segment operand is ((32 - width) << 8) with, but for `up`, 31 as the clamp.
#define CUDA_H_SHUFFLE(name, builtin, clamp)                                                      \
  __device__ __forceinline__ int name(unsigned mask, int v, unsigned lane, int width = 32) {      \
    return __nvvm_shfl_sync_##builtin##_i32(mask, v, lane, ((32 - width) << 8) | clamp);          \
  }                                                                                               \
  __device__ __forceinline__ unsigned name(unsigned mask, unsigned v, unsigned lane, int width = 32) { \
    return __nvvm_shfl_sync_##builtin##_i32(mask, v, lane, ((32 - width) << 8) | clamp);          \
  }                                                                                               \
  __device__ __forceinline__ float name(unsigned mask, float v, unsigned lane, int width = 32) {  \
    return __nvvm_shfl_sync_##builtin##_f32(mask, v, lane, ((32 - width) << 8) | clamp);          \
  }                                                                                               \
  __device__ __forceinline__ double name(unsigned mask, double v, unsigned lane, int width = 32) { \
    unsigned long long bits = __builtin_bit_cast(unsigned long long, v);                          \
    unsigned lower = name(mask, (unsigned)bits, lane, width);                                     \
    unsigned upper = name(mask, (unsigned)(bits >> 32), lane, width);                             \
    return __builtin_bit_cast(double, (unsigned long long)upper << 32 | lower);                   \
  }
CUDA_H_SHUFFLE(__shfl_sync, idx, 31)
CUDA_H_SHUFFLE(__shfl_up_sync, up, 0)
CUDA_H_SHUFFLE(__shfl_down_sync, down, 31)
CUDA_H_SHUFFLE(__shfl_xor_sync, bfly, 31)
#undef CUDA_H_SHUFFLE

__device__ __forceinline__ int __all_sync(unsigned mask, int predicate) { return __nvvm_vote_all_sync(mask, predicate); }
__device__ __forceinline__ int __any_sync(unsigned mask, int predicate) { return __nvvm_vote_any_sync(mask, predicate); }
__device__ __forceinline__ unsigned __ballot_sync(unsigned mask, int predicate) {
  return __nvvm_vote_ballot_sync(mask, predicate);
}
__device__ __forceinline__ unsigned __activemask() { return __nvvm_activemask(); }

// Bits.
__device__ __forceinline__ int __popc(unsigned v) { return __builtin_popcount(v); }
__device__ __forceinline__ int __clz(int v) { return v ? __builtin_clz(v) : 32; }
__device__ __forceinline__ int __ffs(int v) { return __builtin_ffs(v); }
__device__ __forceinline__ unsigned __brev(unsigned v) { return __builtin_bitreverse32(v); }

// Arithmetic: exactly rounded, or (names with underscores, as in CUDA) the hardware's fast forms.
__device__ __forceinline__ int min(int a, int b) { return a < b ? a : b; }
__device__ __forceinline__ int max(int a, int b) { return a > b ? a : b; }
__device__ __forceinline__ unsigned min(unsigned a, unsigned b) { return a < b ? a : b; }
__device__ __forceinline__ unsigned max(unsigned a, unsigned b) { return a > b ? a : b; }
__device__ __forceinline__ float fminf(float a, float b) { return __nvvm_fmin_f(a, b); }
__device__ __forceinline__ float fmaxf(float a, float b) { return __nvvm_fmax_f(a, b); }
__device__ __forceinline__ float fabsf(float a) { return __builtin_fabsf(a); }
__device__ __forceinline__ float fmaf(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
__device__ __forceinline__ double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
__device__ __forceinline__ float sqrtf(float a) { return __nvvm_sqrt_rn_f(a); }
__device__ __forceinline__ double sqrt(double a) { return __nvvm_sqrt_rn_d(a); }
__device__ __forceinline__ float rsqrtf(float a) { return __nvvm_rsqrt_approx_f(a); }
__device__ __forceinline__ float __fadd_rn(float a, float b) { return __nvvm_add_rn_f(a, b); }  // never fused
__device__ __forceinline__ float __fmul_rn(float a, float b) { return __nvvm_mul_rn_f(a, b); }  // never fused
__device__ __forceinline__ float __expf(float a) { return __nvvm_ex2_approx_f(a * 1.44269504f); }
__device__ __forceinline__ float __logf(float a) { return __nvvm_lg2_approx_f(a) * 0.693147181f; }
__device__ __forceinline__ float __sinf(float a) { return __nvvm_sin_approx_f(a); }
__device__ __forceinline__ float __cosf(float a) { return __nvvm_cos_approx_f(a); }

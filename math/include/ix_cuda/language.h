// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Attributes, special registers, barriers and the few functions of the runtime that device code
// may call.
#pragma once

#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __host__ __attribute__((host))
#define __shared__ __attribute__((shared))
#define __constant__ __attribute__((constant))
#define __managed__ __attribute__((managed))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define __forceinline__ __inline__ __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __restrict__ __restrict
#define __align__(n) __attribute__((aligned(n)))
#define IX_DEVICE static __attribute__((device)) __forceinline__

using size_t = __SIZE_TYPE__;
using uint = unsigned int;

// threadIdx.x is a read of %tid.x, and so on: variables without storage.
#define IX_CUDA_AXIS(axis, builtin)                     \
  __declspec(property(get = get_##axis)) unsigned axis; \
  static __device__ __forceinline__ unsigned get_##axis() { return builtin(); }
#define IX_CUDA_REGISTER(name, builtin) \
  struct name##_t {                     \
    IX_CUDA_AXIS(x, builtin##_x)        \
    IX_CUDA_AXIS(y, builtin##_y)        \
    IX_CUDA_AXIS(z, builtin##_z)        \
  };                                    \
  extern const __device__ __attribute__((weak)) name##_t name;
IX_CUDA_REGISTER(threadIdx, __nvvm_read_ptx_sreg_tid)
IX_CUDA_REGISTER(blockIdx, __nvvm_read_ptx_sreg_ctaid)
IX_CUDA_REGISTER(blockDim, __nvvm_read_ptx_sreg_ntid)
IX_CUDA_REGISTER(gridDim, __nvvm_read_ptx_sreg_nctaid)
#undef IX_CUDA_REGISTER
#undef IX_CUDA_AXIS
enum { warpSize = 32 };

// Barriers; __syncthreads() is a builtin of clang.
IX_DEVICE int __syncthreads_count(int predicate) { return __nvvm_bar0_popc(predicate); }
IX_DEVICE int __syncthreads_and(int predicate) { return __nvvm_bar0_and(predicate); }
IX_DEVICE int __syncthreads_or(int predicate) { return __nvvm_bar0_or(predicate); }
IX_DEVICE void __syncwarp(unsigned mask = 0xffffffff) { __nvvm_bar_warp_sync(mask); }
IX_DEVICE void __threadfence() { __nvvm_membar_gl(); }
IX_DEVICE void __threadfence_block() { __nvvm_membar_cta(); }
IX_DEVICE void __threadfence_system() { __nvvm_membar_sys(); }

// Time.
IX_DEVICE int clock() { return __nvvm_read_ptx_sreg_clock(); }
IX_DEVICE long long clock64() { return __nvvm_read_ptx_sreg_clock64(); }
IX_DEVICE void __nanosleep(unsigned ns) { asm volatile("nanosleep.u32 %0;" ::"r"(ns)); }

// The end of a thread or of everything.
IX_DEVICE void __trap() { asm volatile("trap;"); }
IX_DEVICE void __brkpt() { asm volatile("brkpt;"); }

// Calls that the machine serves: clang turns printf into vprintf.
extern "C" {
__device__ int printf(const char *, ...);
__device__ int vprintf(const char *, const char *);
__device__ void *malloc(size_t);
__device__ void free(void *);
__device__ __attribute__((noreturn)) void __assertfail(const char *message, const char *file, unsigned line,
                                                       const char *function, size_t char_size);
}
#if defined(NDEBUG)
#define assert(condition) ((void)0)
#else
#define assert(condition) ((condition) ? (void)0 : __assertfail(#condition, __FILE__, __LINE__, __func__, 1))
#endif

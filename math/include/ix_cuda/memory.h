// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Loads and stores with cache hints, spaces of addresses, and copies.
#pragma once

#include "vectors.h"

// Through the read-only path.
IX_DEVICE char __ldg(const char *p) { return __nvvm_ldg_c(p); }
IX_DEVICE short __ldg(const short *p) { return __nvvm_ldg_s(p); }
IX_DEVICE int __ldg(const int *p) { return __nvvm_ldg_i(p); }
IX_DEVICE long __ldg(const long *p) { return __nvvm_ldg_l(p); }
IX_DEVICE long long __ldg(const long long *p) { return __nvvm_ldg_ll(p); }
IX_DEVICE unsigned char __ldg(const unsigned char *p) { return __nvvm_ldg_uc(p); }
IX_DEVICE unsigned short __ldg(const unsigned short *p) { return __nvvm_ldg_us(p); }
IX_DEVICE unsigned __ldg(const unsigned *p) { return __nvvm_ldg_ui(p); }
IX_DEVICE unsigned long __ldg(const unsigned long *p) { return __nvvm_ldg_ul(p); }
IX_DEVICE unsigned long long __ldg(const unsigned long long *p) { return __nvvm_ldg_ull(p); }
IX_DEVICE float __ldg(const float *p) { return __nvvm_ldg_f(p); }
IX_DEVICE double __ldg(const double *p) { return __nvvm_ldg_d(p); }

// Vectors move as clang's own vector types.
#define IX_CUDA_LDG(name, element, builtin)                                         \
  IX_DEVICE name##2 __ldg(const name##2 *p) {                                       \
    typedef element pair __attribute__((ext_vector_type(2)));                       \
    pair v = __nvvm_ldg_##builtin##2((const pair *)p);                              \
    return {v.x, v.y};                                                              \
  }
IX_CUDA_LDG(int, int, i)
IX_CUDA_LDG(uint, unsigned, ui)
IX_CUDA_LDG(float, float, f)
IX_CUDA_LDG(double, double, d)
#undef IX_CUDA_LDG
#define IX_CUDA_LDG(name, element, builtin)                                         \
  IX_DEVICE name##4 __ldg(const name##4 *p) {                                       \
    typedef element quad __attribute__((ext_vector_type(4)));                       \
    quad v = __nvvm_ldg_##builtin##4((const quad *)p);                              \
    return {v.x, v.y, v.z, v.w};                                                    \
  }
IX_CUDA_LDG(int, int, i)
IX_CUDA_LDG(uint, unsigned, ui)
IX_CUDA_LDG(float, float, f)
#undef IX_CUDA_LDG

// Hints change no value: cached everywhere, in the second level only, once, or not at all.
#define IX_CUDA_LOADS(type, ptx, constraint)                                                                             \
  IX_DEVICE type __ldca(const type *p) { type v; asm volatile("ld.ca." ptx " %0, [%1];" : "=" constraint(v) : "l"(p) : "memory"); return v; } \
  IX_DEVICE type __ldcg(const type *p) { type v; asm volatile("ld.cg." ptx " %0, [%1];" : "=" constraint(v) : "l"(p) : "memory"); return v; } \
  IX_DEVICE type __ldcs(const type *p) { type v; asm volatile("ld.cs." ptx " %0, [%1];" : "=" constraint(v) : "l"(p) : "memory"); return v; } \
  IX_DEVICE type __ldcv(const type *p) { type v; asm volatile("ld.cv." ptx " %0, [%1];" : "=" constraint(v) : "l"(p) : "memory"); return v; } \
  IX_DEVICE void __stwb(type *p, type v) { asm volatile("st.wb." ptx " [%0], %1;" ::"l"(p), constraint(v) : "memory"); } \
  IX_DEVICE void __stcg(type *p, type v) { asm volatile("st.cg." ptx " [%0], %1;" ::"l"(p), constraint(v) : "memory"); } \
  IX_DEVICE void __stcs(type *p, type v) { asm volatile("st.cs." ptx " [%0], %1;" ::"l"(p), constraint(v) : "memory"); } \
  IX_DEVICE void __stwt(type *p, type v) { asm volatile("st.wt." ptx " [%0], %1;" ::"l"(p), constraint(v) : "memory"); }
IX_CUDA_LOADS(int, "s32", "r")
IX_CUDA_LOADS(unsigned, "u32", "r")
IX_CUDA_LOADS(long long, "s64", "l")
IX_CUDA_LOADS(unsigned long long, "u64", "l")
IX_CUDA_LOADS(float, "f32", "f")
IX_CUDA_LOADS(double, "f64", "d")
#undef IX_CUDA_LOADS

IX_DEVICE unsigned __isGlobal(const void *p) { return __nvvm_isspacep_global(p); }
IX_DEVICE unsigned __isShared(const void *p) { return __nvvm_isspacep_shared(p); }
IX_DEVICE unsigned __isConstant(const void *p) { return __nvvm_isspacep_const(p); }
IX_DEVICE unsigned __isLocal(const void *p) { return __nvvm_isspacep_local(p); }
IX_DEVICE size_t __cvta_generic_to_shared(const void *p) {
  return (size_t)(__attribute__((address_space(3))) const void *)p;
}
IX_DEVICE size_t __cvta_generic_to_global(const void *p) {
  return (size_t)(__attribute__((address_space(1))) const void *)p;
}

// clang expands both in place where the size is small, and in a loop elsewhere.
IX_DEVICE void *memcpy(void *to, const void *from, size_t n) {
  for (size_t i = 0; i < n; i++) ((char *)to)[i] = ((const char *)from)[i];
  return to;
}
IX_DEVICE void *memset(void *to, int value, size_t n) {
  for (size_t i = 0; i < n; i++) ((char *)to)[i] = (char)value;
  return to;
}

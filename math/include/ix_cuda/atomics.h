// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Atomic operations, relaxed as CUDA's are; each returns the old value. Names without a suffix
// order among the threads of the device, _block of the block, _system of the whole machine.
#pragma once

#include "language.h"

#define IX_CUDA_ATOMIC(name, type, call) \
  IX_DEVICE type name(type *p, type v) { return call; }
#define IX_CUDA_ATOMICS(type)                                                              \
  IX_CUDA_ATOMIC(atomicAdd, type, __atomic_fetch_add(p, v, __ATOMIC_RELAXED))              \
  IX_CUDA_ATOMIC(atomicSub, type, __atomic_fetch_sub(p, v, __ATOMIC_RELAXED))              \
  IX_CUDA_ATOMIC(atomicMin, type, __atomic_fetch_min(p, v, __ATOMIC_RELAXED))              \
  IX_CUDA_ATOMIC(atomicMax, type, __atomic_fetch_max(p, v, __ATOMIC_RELAXED))              \
  IX_CUDA_ATOMIC(atomicAnd, type, __atomic_fetch_and(p, v, __ATOMIC_RELAXED))              \
  IX_CUDA_ATOMIC(atomicOr, type, __atomic_fetch_or(p, v, __ATOMIC_RELAXED))                \
  IX_CUDA_ATOMIC(atomicXor, type, __atomic_fetch_xor(p, v, __ATOMIC_RELAXED))              \
  IX_CUDA_ATOMIC(atomicExch, type, __atomic_exchange_n(p, v, __ATOMIC_RELAXED))            \
  IX_DEVICE type atomicCAS(type *p, type compare, type v) {                                \
    __atomic_compare_exchange_n(p, &compare, v, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED); \
    return compare;                                                                        \
  }
IX_CUDA_ATOMICS(int)
IX_CUDA_ATOMICS(unsigned)
IX_CUDA_ATOMICS(long long)
IX_CUDA_ATOMICS(unsigned long long)
#undef IX_CUDA_ATOMICS
#undef IX_CUDA_ATOMIC
IX_DEVICE float atomicAdd(float *p, float v) { return __nvvm_atom_add_gen_f(p, v); }
IX_DEVICE double atomicAdd(double *p, double v) { return __nvvm_atom_add_gen_d(p, v); }
IX_DEVICE float atomicExch(float *p, float v) {
  return __builtin_bit_cast(float, atomicExch((unsigned *)p, __builtin_bit_cast(unsigned, v)));
}
IX_DEVICE unsigned atomicInc(unsigned *p, unsigned v) { return __nvvm_atom_inc_gen_ui(p, v); }
IX_DEVICE unsigned atomicDec(unsigned *p, unsigned v) { return __nvvm_atom_dec_gen_ui(p, v); }

#define IX_CUDA_SCOPED(scope, suffix)                                                                         \
  IX_DEVICE int atomicAdd##suffix(int *p, int v) { return __nvvm_atom_##scope##_add_gen_i(p, v); }            \
  IX_DEVICE unsigned atomicAdd##suffix(unsigned *p, unsigned v) {                                             \
    return (unsigned)__nvvm_atom_##scope##_add_gen_i((int *)p, (int)v);                                       \
  }                                                                                                           \
  IX_DEVICE unsigned long long atomicAdd##suffix(unsigned long long *p, unsigned long long v) {               \
    return (unsigned long long)__nvvm_atom_##scope##_add_gen_ll((long long *)p, (long long)v);                \
  }                                                                                                           \
  IX_DEVICE float atomicAdd##suffix(float *p, float v) { return __nvvm_atom_##scope##_add_gen_f(p, v); }      \
  IX_DEVICE double atomicAdd##suffix(double *p, double v) { return __nvvm_atom_##scope##_add_gen_d(p, v); }   \
  IX_DEVICE int atomicExch##suffix(int *p, int v) { return __nvvm_atom_##scope##_xchg_gen_i(p, v); }          \
  IX_DEVICE int atomicMin##suffix(int *p, int v) { return __nvvm_atom_##scope##_min_gen_i(p, v); }            \
  IX_DEVICE int atomicMax##suffix(int *p, int v) { return __nvvm_atom_##scope##_max_gen_i(p, v); }            \
  IX_DEVICE unsigned atomicMin##suffix(unsigned *p, unsigned v) { return __nvvm_atom_##scope##_min_gen_ui(p, v); } \
  IX_DEVICE unsigned atomicMax##suffix(unsigned *p, unsigned v) { return __nvvm_atom_##scope##_max_gen_ui(p, v); } \
  IX_DEVICE unsigned atomicInc##suffix(unsigned *p, unsigned v) { return __nvvm_atom_##scope##_inc_gen_ui(p, v); } \
  IX_DEVICE unsigned atomicDec##suffix(unsigned *p, unsigned v) { return __nvvm_atom_##scope##_dec_gen_ui(p, v); } \
  IX_DEVICE int atomicAnd##suffix(int *p, int v) { return __nvvm_atom_##scope##_and_gen_i(p, v); }            \
  IX_DEVICE int atomicOr##suffix(int *p, int v) { return __nvvm_atom_##scope##_or_gen_i(p, v); }              \
  IX_DEVICE int atomicXor##suffix(int *p, int v) { return __nvvm_atom_##scope##_xor_gen_i(p, v); }            \
  IX_DEVICE int atomicCAS##suffix(int *p, int compare, int v) { return __nvvm_atom_##scope##_cas_gen_i(p, compare, v); }
IX_CUDA_SCOPED(cta, _block)
IX_CUDA_SCOPED(sys, _system)
#undef IX_CUDA_SCOPED

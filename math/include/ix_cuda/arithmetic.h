// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Arithmetic in one or a few instructions: products of integers, floating-point operations with a
// named rounding (never fused), the hardware's fast approximations, minima and maxima.
#pragma once

#include "language.h"

// Integers.
IX_DEVICE int __mulhi(int a, int b) { return (int)(((long long)a * b) >> 32); }
IX_DEVICE unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)(((unsigned long long)a * b) >> 32); }
IX_DEVICE long long __mul64hi(long long a, long long b) { return (long long)(((__int128)a * b) >> 64); }
IX_DEVICE unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return (unsigned long long)(((unsigned __int128)a * b) >> 64);
}
// The low 24 bits, extended, multiplied.
IX_DEVICE int __mul24(int a, int b) { return __nvvm_mul24_i(a, b); }
IX_DEVICE unsigned __umul24(unsigned a, unsigned b) { return __nvvm_mul24_ui(a, b); }
// |a - b| + c, averages without overflow.
IX_DEVICE unsigned __sad(int a, int b, unsigned c) { return (a > b ? (unsigned)a - (unsigned)b : (unsigned)b - (unsigned)a) + c; }
IX_DEVICE unsigned __usad(unsigned a, unsigned b, unsigned c) { return (a > b ? a - b : b - a) + c; }
IX_DEVICE int __hadd(int a, int b) { return (a & b) + ((a ^ b) >> 1); }
IX_DEVICE int __rhadd(int a, int b) { return (a | b) - ((a ^ b) >> 1); }
IX_DEVICE unsigned __uhadd(unsigned a, unsigned b) { return (a & b) + ((a ^ b) >> 1); }
IX_DEVICE unsigned __urhadd(unsigned a, unsigned b) { return (a | b) - ((a ^ b) >> 1); }

#define IX_CUDA_EXTREMA(type)                                     \
  IX_DEVICE type min(type a, type b) { return a < b ? a : b; }    \
  IX_DEVICE type max(type a, type b) { return a > b ? a : b; }
IX_CUDA_EXTREMA(int)
IX_CUDA_EXTREMA(unsigned)
IX_CUDA_EXTREMA(long)
IX_CUDA_EXTREMA(unsigned long)
IX_CUDA_EXTREMA(long long)
IX_CUDA_EXTREMA(unsigned long long)
#undef IX_CUDA_EXTREMA
// Integers of two types, as C converts them.
IX_DEVICE unsigned min(int a, unsigned b) { return min((unsigned)a, b); }
IX_DEVICE unsigned min(unsigned a, int b) { return min(a, (unsigned)b); }
IX_DEVICE unsigned max(int a, unsigned b) { return max((unsigned)a, b); }
IX_DEVICE unsigned max(unsigned a, int b) { return max(a, (unsigned)b); }
IX_DEVICE unsigned umin(unsigned a, unsigned b) { return min(a, b); }
IX_DEVICE unsigned umax(unsigned a, unsigned b) { return max(a, b); }
IX_DEVICE long long llmin(long long a, long long b) { return min(a, b); }
IX_DEVICE long long llmax(long long a, long long b) { return max(a, b); }
IX_DEVICE int abs(int a) { return a < 0 ? -a : a; }
IX_DEVICE long abs(long a) { return a < 0 ? -a : a; }
IX_DEVICE long long abs(long long a) { return a < 0 ? -a : a; }
IX_DEVICE long labs(long a) { return abs(a); }
IX_DEVICE long long llabs(long long a) { return abs(a); }

// Rounded to nearest, toward zero, up, down. The machine's names for the last two are p and m.
#define IX_CUDA_ROUNDED(suffix, mode)                                                               \
  IX_DEVICE float __fadd_##suffix(float a, float b) { return __nvvm_add_##mode##_f(a, b); }         \
  IX_DEVICE float __fsub_##suffix(float a, float b) { return __nvvm_add_##mode##_f(a, -b); }        \
  IX_DEVICE float __fmul_##suffix(float a, float b) { return __nvvm_mul_##mode##_f(a, b); }         \
  IX_DEVICE float __fmaf_##suffix(float a, float b, float c) { return __nvvm_fma_##mode##_f(a, b, c); } \
  IX_DEVICE float __fdiv_##suffix(float a, float b) { return __nvvm_div_##mode##_f(a, b); }         \
  IX_DEVICE float __frcp_##suffix(float a) { return __nvvm_rcp_##mode##_f(a); }                     \
  IX_DEVICE float __fsqrt_##suffix(float a) { return __nvvm_sqrt_##mode##_f(a); }                   \
  IX_DEVICE double __dadd_##suffix(double a, double b) { return __nvvm_add_##mode##_d(a, b); }      \
  IX_DEVICE double __dsub_##suffix(double a, double b) { return __nvvm_add_##mode##_d(a, -b); }     \
  IX_DEVICE double __dmul_##suffix(double a, double b) { return __nvvm_mul_##mode##_d(a, b); }      \
  IX_DEVICE double __fma_##suffix(double a, double b, double c) { return __nvvm_fma_##mode##_d(a, b, c); } \
  IX_DEVICE double __ddiv_##suffix(double a, double b) { return __nvvm_div_##mode##_d(a, b); }      \
  IX_DEVICE double __drcp_##suffix(double a) { return __nvvm_rcp_##mode##_d(a); }                   \
  IX_DEVICE double __dsqrt_##suffix(double a) { return __nvvm_sqrt_##mode##_d(a); }
IX_CUDA_ROUNDED(rn, rn)
IX_CUDA_ROUNDED(rz, rz)
IX_CUDA_ROUNDED(ru, rp)
IX_CUDA_ROUNDED(rd, rm)
#undef IX_CUDA_ROUNDED

// The hardware's approximations.
IX_DEVICE float __fdividef(float a, float b) { return __nvvm_div_approx_f(a, b); }
IX_DEVICE float __sinf(float a) { return __nvvm_sin_approx_f(a); }
IX_DEVICE float __cosf(float a) { return __nvvm_cos_approx_f(a); }
IX_DEVICE void __sincosf(float a, float *s, float *c) {
  *s = __sinf(a);
  *c = __cosf(a);
}
IX_DEVICE float __tanf(float a) { return __fdividef(__sinf(a), __cosf(a)); }
IX_DEVICE float __exp2f(float a) { return __nvvm_ex2_approx_f(a); }
IX_DEVICE float __expf(float a) { return __nvvm_ex2_approx_f(__fmul_rn(a, 1.44269504f)); }
IX_DEVICE float __exp10f(float a) { return __nvvm_ex2_approx_f(__fmul_rn(a, 3.32192809f)); }
IX_DEVICE float __log2f(float a) { return __nvvm_lg2_approx_f(a); }
IX_DEVICE float __logf(float a) { return __fmul_rn(__nvvm_lg2_approx_f(a), 0.693147181f); }
IX_DEVICE float __log10f(float a) { return __fmul_rn(__nvvm_lg2_approx_f(a), 0.301029996f); }
IX_DEVICE float __powf(float a, float b) { return __nvvm_ex2_approx_f(__fmul_rn(b, __nvvm_lg2_approx_f(a))); }
// Into [0, 1]; NaN becomes 0.
IX_DEVICE float __saturatef(float a) { return __nvvm_saturate_f(a); }

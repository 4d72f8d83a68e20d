// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What every file of the math library stands on: how a function and a table are declared for the
// device and for the host, the operations of the hardware, and views of a number's bits.
//
// One source serves both sides: clang compiles it for the device, and any C++17 compiler with GCC's
// builtins compiles it for the host, where the tests run. Results are the same bits on both, by one
// rule: compilers for the device fuse a product with the sum that takes it, so a product is
// written mul(a, b), which is never fused, or fma(a, b, c). The operator * of floating-point
// numbers occurs nowhere. (The host is compiled with -ffp-contract=off.) The error-free sums of
// dd.h also need that sums stay as written: -ffast-math is not for this library.
#pragma once

#if defined(__CUDA__)
#define IXMATH_FN __attribute__((device)) inline
#define IXMATH_TABLE static __attribute__((device)) const
#else
#define IXMATH_FN inline
#define IXMATH_TABLE static const
#endif

namespace ixmath {

#if defined(__CUDA_ARCH__)
IXMATH_FN double mul(double a, double b) { return __nvvm_mul_rn_d(a, b); }
IXMATH_FN float mul(float a, float b) { return __nvvm_mul_rn_f(a, b); }
#else
IXMATH_FN double mul(double a, double b) { return a * b; }
IXMATH_FN float mul(float a, float b) { return a * b; }
#endif

IXMATH_FN double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
IXMATH_FN float fmaf(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
IXMATH_FN double fabs(double x) { return __builtin_fabs(x); }
IXMATH_FN float fabsf(float x) { return __builtin_fabsf(x); }
IXMATH_FN double copysign(double x, double y) { return __builtin_copysign(x, y); }
IXMATH_FN float copysignf(float x, float y) { return __builtin_copysignf(x, y); }
IXMATH_FN double sqrt(double x) { return __builtin_sqrt(x); }
IXMATH_FN float sqrtf(float x) { return __builtin_sqrtf(x); }
IXMATH_FN double rint(double x) { return __builtin_rint(x); }
IXMATH_FN float rintf(float x) { return __builtin_rintf(x); }
IXMATH_FN double floor(double x) { return __builtin_floor(x); }
IXMATH_FN float floorf(float x) { return __builtin_floorf(x); }
IXMATH_FN double ceil(double x) { return __builtin_ceil(x); }
IXMATH_FN float ceilf(float x) { return __builtin_ceilf(x); }
IXMATH_FN double trunc(double x) { return __builtin_trunc(x); }
IXMATH_FN float truncf(float x) { return __builtin_truncf(x); }

using u32 = unsigned int;
using u64 = unsigned long long;
using i64 = long long;

IXMATH_FN u64 bits(double x) { return __builtin_bit_cast(u64, x); }
IXMATH_FN u32 bits(float x) { return __builtin_bit_cast(u32, x); }
IXMATH_FN double from_bits(u64 b) { return __builtin_bit_cast(double, b); }
IXMATH_FN float from_bits(u32 b) { return __builtin_bit_cast(float, b); }

IXMATH_FN double infinity() { return from_bits(0x7ff0000000000000ull); }
IXMATH_FN float infinityf() { return from_bits(0x7f800000u); }
IXMATH_FN double quiet_nan() { return from_bits(0x7ff8000000000000ull); }
IXMATH_FN float quiet_nanf() { return from_bits(0x7fc00000u); }

IXMATH_FN bool is_nan(double x) { return x != x; }
IXMATH_FN bool is_nan(float x) { return x != x; }
IXMATH_FN bool is_infinite(double x) { return fabs(x) == infinity(); }
IXMATH_FN bool is_infinite(float x) { return fabsf(x) == infinityf(); }
IXMATH_FN bool is_finite(double x) { return fabs(x) < infinity(); }
IXMATH_FN bool is_finite(float x) { return fabsf(x) < infinityf(); }
IXMATH_FN bool is_negative(double x) { return (bits(x) >> 63) != 0; }
IXMATH_FN bool is_negative(float x) { return (bits(x) >> 31) != 0; }

// 2^k for -1022 <= k <= 1023.
IXMATH_FN double power_of_two(int k) { return from_bits((u64)(k + 1023) << 52); }

// x * 2^k, rounded once, for any k.
IXMATH_FN double scale(double x, int k) {
  // Down in steps: subnormal results must round in the last step only, so the earlier ones stop
  // where any x still is normal (53 bits above the subnormals) or is sure to vanish.
  if (k > 1023) {
    x = mul(x, power_of_two(1023));
    k -= 1023;
    if (k > 1023) {
      x = mul(x, power_of_two(1023));
      k = k - 1023 > 1023 ? 1023 : k - 1023;
    }
  } else if (k < -1022) {
    x = mul(x, power_of_two(-1022 + 53));
    k += 1022 - 53;
    if (k < -1022) {
      x = mul(x, power_of_two(-1022 + 53));
      k = k + 1022 - 53 < -1022 ? -1022 : k + 1022 - 53;
    }
  }
  return mul(x, power_of_two(k));
}

// A positive finite number as m * 2^e with m in [sqrt(1/2), sqrt(2)).
struct scaled {
  double m;
  int e;
};

IXMATH_FN scaled split_exponent(double x) {
  int e = 0;
  if (x < 0x1p-1022) {
    x = mul(x, 0x1p54);
    e = -54;
  }
  // The exponent field grows by one exactly from the mantissa of sqrt(2) on.
  u64 b = bits(x) + (0x3ff0000000000000ull - 0x3fe6a09e667f3bcdull);
  e += (int)(b >> 52) - 1023;
  return {from_bits((b & 0x000fffffffffffffull) + 0x3fe6a09e667f3bcdull), e};
}

// The high half of a 64 by 64 bit product.
IXMATH_FN u64 multiply_high(u64 a, u64 b) { return (u64)(((unsigned __int128)a * b) >> 64); }
IXMATH_FN int leading_zeros(u64 x) { return __builtin_clzll(x); }

}  // namespace ixmath

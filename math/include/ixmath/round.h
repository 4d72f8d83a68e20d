// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Rounding to integers, the parts of a number, neighbours, and choices between two numbers. All
// are exact (or rounded once, where a result is subnormal).
#pragma once

#include "base.h"

namespace ixmath {

IXMATH_FN double nearbyint(double x) { return rint(x); }
IXMATH_FN float nearbyintf(float x) { return rintf(x); }

// Halves away from zero.
IXMATH_FN double round(double x) {
  double t = trunc(x);
  return copysign(fabs(x - t) >= 0.5 ? t + copysign(1.0, x) : t, x);
}
IXMATH_FN float roundf(float x) {
  float t = truncf(x);
  return copysignf(fabsf(x - t) >= 0.5f ? t + copysignf(1.0f, x) : t, x);
}

// To integers as the hardware's conversion does: saturating, and the least number for NaN.
#if defined(__CUDA_ARCH__)
IXMATH_FN i64 to_i64(double x) { return __nvvm_d2ll_rz(x); }
#else
IXMATH_FN i64 to_i64(double x) {
  if (is_nan(x) || x < -0x1p63) return (i64)0x8000000000000000ull;
  return x >= 0x1p63 ? 0x7fffffffffffffffll : (i64)x;
}
#endif
IXMATH_FN i64 llrint(double x) { return to_i64(rint(x)); }
IXMATH_FN i64 llround(double x) { return to_i64(round(x)); }
IXMATH_FN i64 llrintf(float x) { return to_i64(rintf(x)); }
IXMATH_FN i64 llroundf(float x) { return to_i64(roundf(x)); }
IXMATH_FN long lrint(double x) { return (long)llrint(x); }
IXMATH_FN long lround(double x) { return (long)llround(x); }
IXMATH_FN long lrintf(float x) { return (long)llrintf(x); }
IXMATH_FN long lroundf(float x) { return (long)llroundf(x); }

IXMATH_FN double ldexp(double x, int k) { return scale(x, k); }
IXMATH_FN double scalbn(double x, int k) { return scale(x, k); }
IXMATH_FN double scalbln(double x, long k) { return scale(x, k > 4000 ? 4000 : k < -4000 ? -4000 : (int)k); }

// Through f64, whose range holds every f32 times 2^-600..600, rounded once on the way back.
IXMATH_FN float ldexpf(float x, int k) {
  k = k > 600 ? 600 : k < -600 ? -600 : k;
  return (float)mul((double)x, power_of_two(k));
}
IXMATH_FN float scalbnf(float x, int k) { return ldexpf(x, k); }
IXMATH_FN float scalblnf(float x, long k) { return ldexpf(x, k > 600 ? 600 : k < -600 ? -600 : (int)k); }

// The exponent e of |x| = m 2^e, 1 <= m < 2, for finite x other than 0.
IXMATH_FN int exponent_of(double x) {
  int e = (int)(bits(x) >> 52 & 0x7ff);
  if (e != 0) return e - 1023;
  return (int)(bits(mul(x, 0x1p54)) >> 52 & 0x7ff) - 1023 - 54;
}

IXMATH_FN double frexp(double x, int *e) {
  *e = 0;
  if (!is_finite(x) || x == 0) return x;
  *e = exponent_of(x) + 1;
  return scale(x, -*e);
}
IXMATH_FN float frexpf(float x, int *e) { return (float)frexp((double)x, e); }

// What ilogb yields for 0 and for infinity is C's choice; for NaN the least int, as on the device.
IXMATH_FN int ilogb(double x) {
  if (x == 0 || is_nan(x)) return (int)0x80000000;
  return is_infinite(x) ? 0x7fffffff : exponent_of(x);
}
IXMATH_FN int ilogbf(float x) { return ilogb((double)x); }

IXMATH_FN double logb(double x) {
  if (x == 0) return -infinity();
  return is_finite(x) ? (double)exponent_of(x) : mul(x, x);
}
IXMATH_FN float logbf(float x) { return (float)logb((double)x); }

IXMATH_FN double modf(double x, double *integer) {
  double t = trunc(x);
  *integer = t;
  return copysign(is_infinite(x) ? 0 : x - t, x);
}
IXMATH_FN float modff(float x, float *integer) {
  float t = truncf(x);
  *integer = t;
  return copysignf(is_infinite(x) ? 0 : x - t, x);
}

// The number next to x in the direction of y.
IXMATH_FN double nextafter(double x, double y) {
  if (is_nan(x) || is_nan(y)) return x + y;
  if (x == y) return y;
  if (x == 0) return copysign(from_bits((u64)1), y);
  // Away from zero the bits grow.
  return from_bits((x < y) == (x > 0) ? bits(x) + 1 : bits(x) - 1);
}
IXMATH_FN float nextafterf(float x, float y) {
  if (is_nan(x) || is_nan(y)) return x + y;
  if (x == y) return y;
  if (x == 0) return copysignf(from_bits((u32)1), y);
  return from_bits((x < y) == (x > 0) ? bits(x) + 1 : bits(x) - 1);
}

IXMATH_FN double fdim(double x, double y) {
  if (is_nan(x) || is_nan(y)) return x + y;
  return x > y ? x - y : 0;
}
IXMATH_FN float fdimf(float x, float y) {
  if (is_nan(x) || is_nan(y)) return x + y;
  return x > y ? x - y : 0;
}

// The number where the other is none; -0 is less than 0.
IXMATH_FN double fmax(double x, double y) {
  if (is_nan(x)) return y;
  if (is_nan(y)) return x;
  if (x == y) return is_negative(x) ? y : x;
  return x > y ? x : y;
}
IXMATH_FN float fmaxf(float x, float y) {
  if (is_nan(x)) return y;
  if (is_nan(y)) return x;
  if (x == y) return is_negative(x) ? y : x;
  return x > y ? x : y;
}
IXMATH_FN double fmin(double x, double y) { return -fmax(-x, -y); }
IXMATH_FN float fminf(float x, float y) { return -fmaxf(-x, -y); }

}  // namespace ixmath

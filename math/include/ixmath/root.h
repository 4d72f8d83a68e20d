// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Roots and lengths: reciprocal square roots, cube roots, hypotenuses and norms.
#pragma once

#include "coefficients/root.h"
#include "dd.h"

namespace ixmath {

// 1 / sqrt(v 2^-2e), times 2^-e, for positive finite v of moderate size.
IXMATH_FN double reciprocal_root(dd v, int e) { return scale(divide({1, 0}, square_root(v)).hi, -e); }

IXMATH_FN double rsqrt(double x) {
  if (is_nan(x)) return x;
  if (x == 0) return copysign(infinity(), x);
  if (x < 0) return quiet_nan();
  if (x == infinity()) return 0;
  scaled f = split_exponent(x);
  int half = f.e >> 1;
  return reciprocal_root({(f.e & 1) != 0 ? f.m + f.m : f.m, 0}, half);
}

IXMATH_FN float rsqrtf(float x) {
  if (x == 0) return copysignf(infinityf(), x);
  if (x < 0) return quiet_nanf();
  return (float)(1 / sqrt((double)x));
}

// The cube root of x = f 2^(3k), positive, f in [1, 8), k kept apart; relative error below 2^-90.
struct scaled_root {
  dd r;
  int k;
};

IXMATH_FN scaled_root cbrt_parts(double x) {
  int e = 0;
  if (x < 0x1p-1022) {
    x = mul(x, 0x1p54);
    e = -54;
  }
  u64 b = bits(x);
  e += (int)(b >> 52) - 1023;
  double m = from_bits((b & 0x000fffffffffffffull) | 0x3ff0000000000000ull);
  // e = 3k + i; the bias keeps the dividend positive.
  int k = (e + 3 * 400) / 3 - 400;
  int i = e - 3 * k;
  double f = i == 0 ? m : i == 1 ? m + m : mul(m, 4.0);
  double y = cbrt_start(m);
  y = i == 0 ? y : mul(y, i == 1 ? CBRT_2 : CBRT_4);
  // Halley's step triples 16 bits; Newton's, with an exact residual, doubles the rest.
  double cube = mul(mul(y, y), y);
  y = y - mul(y, (cube - f) / fma(2.0, cube, f));
  dd residual = add(multiply(two_product(y, y), y), -f);
  return {fast_sum(y, -residual.hi / mul(mul(y, y), 3.0)), k};
}

IXMATH_FN double cbrt(double x) {
  if (!is_finite(x) || x == 0) return x;
  scaled_root c = cbrt_parts(fabs(x));
  return copysign(mul(c.r.hi, power_of_two(c.k)), x);
}

IXMATH_FN double rcbrt(double x) {
  if (is_nan(x)) return x;
  if (x == 0) return copysign(infinity(), x);
  if (is_infinite(x)) return copysign(0.0, x);
  scaled_root c = cbrt_parts(fabs(x));
  return copysign(mul(divide({1, 0}, c.r).hi, power_of_two(-c.k)), x);
}

IXMATH_FN float cbrtf(float x) {
  if (!is_finite(x) || x == 0) return x;
  return (float)cbrt((double)x);
}

IXMATH_FN float rcbrtf(float x) { return (float)rcbrt((double)x); }

// The sum of the squares of up to four numbers as v 2^2e.
struct scaled_sum {
  dd v;
  int e;
};

IXMATH_FN scaled_sum sum_of_squares(double a, double b, double c, double d) {
  a = fabs(a), b = fabs(b), c = fabs(c), d = fabs(d);
  double m = a > b ? a : b;
  m = m > c ? m : c;
  m = m > d ? m : d;
  if (m == 0) return {{0, 0}, 0};
  int e = split_exponent(m).e;
  a = scale(a, -e), b = scale(b, -e), c = scale(c, -e), d = scale(d, -e);
  dd s = add(two_product(a, a), two_product(b, b));
  return {add(s, add(two_product(c, c), two_product(d, d))), e};
}

// True, and the length in y, where a number is infinite or none.
IXMATH_FN bool norm_special(double a, double b, double c, double d, double &y) {
  if (is_finite(a) && is_finite(b) && is_finite(c) && is_finite(d)) return false;
  bool infinite = is_infinite(a) || is_infinite(b) || is_infinite(c) || is_infinite(d);
  y = infinite ? infinity() : quiet_nan();
  return true;
}

IXMATH_FN double norm4d(double a, double b, double c, double d) {
  double y;
  if (norm_special(a, b, c, d, y)) return y;
  scaled_sum s = sum_of_squares(a, b, c, d);
  return scale(square_root(s.v).hi, s.e);
}

IXMATH_FN double rnorm4d(double a, double b, double c, double d) {
  double y;
  if (norm_special(a, b, c, d, y)) return is_nan(y) ? y : 0;
  scaled_sum s = sum_of_squares(a, b, c, d);
  return s.v.hi == 0 ? infinity() : reciprocal_root(s.v, s.e);
}

IXMATH_FN double hypot(double a, double b) { return norm4d(a, b, 0, 0); }
IXMATH_FN double rhypot(double a, double b) { return rnorm4d(a, b, 0, 0); }
IXMATH_FN double norm3d(double a, double b, double c) { return norm4d(a, b, c, 0); }
IXMATH_FN double rnorm3d(double a, double b, double c) { return rnorm4d(a, b, c, 0); }

// Squares of f32 do not leave the range of f64.
IXMATH_FN double norm_short(double a, double b, double c, double d) {
  return sqrt(fma(a, a, fma(b, b, fma(c, c, mul(d, d)))));
}

IXMATH_FN float norm4df(float a, float b, float c, float d) {
  double y;
  if (norm_special(a, b, c, d, y)) return (float)y;
  return (float)norm_short(a, b, c, d);
}

IXMATH_FN float rnorm4df(float a, float b, float c, float d) {
  double y;
  if (norm_special(a, b, c, d, y)) return is_nan(y) ? (float)y : 0;
  return (float)(1 / norm_short(a, b, c, d));
}

IXMATH_FN float hypotf(float a, float b) { return norm4df(a, b, 0, 0); }
IXMATH_FN float rhypotf(float a, float b) { return rnorm4df(a, b, 0, 0); }
IXMATH_FN float norm3df(float a, float b, float c) { return norm4df(a, b, c, 0); }
IXMATH_FN float rnorm3df(float a, float b, float c) { return rnorm4df(a, b, c, 0); }

// The length of a vector of n numbers.
IXMATH_FN scaled_sum sum_of_squares(int n, const double *v, double &special) {
  double largest = 0;
  bool infinite = false, none = false;
  for (int i = 0; i < n; i++) {
    double a = fabs(v[i]);
    infinite = infinite || is_infinite(a);
    none = none || is_nan(a);
    largest = a > largest ? a : largest;
  }
  special = infinite ? infinity() : none ? quiet_nan() : 0;
  if (special != 0 || largest == 0) return {{0, 0}, 0};
  int e = split_exponent(largest).e;
  dd s = {0, 0};
  for (int i = 0; i < n; i++) {
    double a = scale(v[i], -e);
    s = add(s, two_product(a, a));
  }
  return {s, e};
}

IXMATH_FN double norm(int n, const double *v) {
  double special;
  scaled_sum s = sum_of_squares(n, v, special);
  return special != 0 ? special : scale(square_root(s.v).hi, s.e);
}

IXMATH_FN double rnorm(int n, const double *v) {
  double special;
  scaled_sum s = sum_of_squares(n, v, special);
  if (special != 0) return is_nan(special) ? special : 0;
  return s.v.hi == 0 ? infinity() : reciprocal_root(s.v, s.e);
}

IXMATH_FN double norm_short(int n, const float *v) {
  double s = 0;
  bool infinite = false;
  for (int i = 0; i < n; i++) {
    infinite = infinite || is_infinite(v[i]);
    s = fma((double)v[i], (double)v[i], s);
  }
  return infinite ? infinity() : sqrt(s);
}

IXMATH_FN float normf(int n, const float *v) { return (float)norm_short(n, v); }
IXMATH_FN float rnormf(int n, const float *v) { return (float)(1 / norm_short(n, v)); }

}  // namespace ixmath

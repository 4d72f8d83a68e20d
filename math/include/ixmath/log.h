// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Logarithms. An argument is m 2^e with m in [sqrt(1/2), sqrt(2)), and with s = (m - 1) / (m + 1)
// log m = 2 atanh(s), a series in odd powers of s. In f64 s and the first two terms are dd.
#pragma once

#include "coefficients/log.h"
#include "exp.h"

namespace ixmath {

// 2 atanh(s) for |s| <= 0.1717; relative error below 2^-65.
IXMATH_FN dd two_atanh(dd s) {
  dd z = multiply(s, s);
  // atanh(s)/s = 1 + z (1/3 + z t(z)); the tail is small enough for one double.
  dd c = add(dd{THIRD_0, THIRD_1}, mul(z.hi, atanh_tail(z.hi)));
  dd sum = multiply(multiply(s, z), c);
  sum = add(sum, s);
  return {sum.hi + sum.hi, sum.lo + sum.lo};
}

// The logarithm of a mantissa, and the exponent beside it.
struct parts_of_log {
  dd mantissa;
  double e;
};

// log(x.hi + x.lo) for positive finite x; relative error below 2^-65 also near 1.
IXMATH_FN parts_of_log log_parts(dd x) {
  scaled f = split_exponent(x.hi);
  // Scaled in two steps, as 2^-e itself can be out of range.
  double lo = scale(x.lo, -f.e);
  dd numerator = two_sum(f.m - 1, lo);
  dd sum = two_sum(f.m, 1.0);
  dd s = divide(numerator, add(sum, lo));
  return {two_atanh(s), (double)f.e};
}

// e ln 2 exactly enough: |e| < 2^11.
IXMATH_FN dd times_ln2(double e) {
  dd p = two_product(e, LN2_0);
  return fast_sum(p.hi, fma(e, LN2_1, p.lo));
}

IXMATH_FN dd log_dd(dd x) {
  parts_of_log p = log_parts(x);
  if (p.e == 0) return p.mantissa;
  return add(times_ln2(p.e), p.mantissa);
}

// log(1 + x) for x > -1 as a dd, relative error below 2^-64 also for small x.
IXMATH_FN dd log1p_dd(dd x) {
  dd u = two_sum(1.0, x.hi);
  u = fast_sum(u.hi, u.lo + x.lo);
  scaled f = split_exponent(u.hi);
  if (f.e != 0) return log_dd(u);
  // Near 1 the numerator is x itself, with no rounding of 1 + x.
  return two_atanh(divide(x, add(x, 2.0)));
}

// What logarithms have in common: true, and the answer in y, where x is not positive and finite.
IXMATH_FN bool log_special(double x, double &y) {
  if (x > 0 && x < infinity()) return false;
  y = x == 0 ? -infinity() : x < 0 ? quiet_nan() : x + x;
  return true;
}

IXMATH_FN double log(double x) {
  double y;
  if (log_special(x, y)) return y;
  return log_dd({x, 0}).hi;
}

IXMATH_FN double log2(double x) {
  double y;
  if (log_special(x, y)) return y;
  parts_of_log p = log_parts({x, 0});
  return add(multiply(p.mantissa, dd{INV_LN2_0, INV_LN2_1}), p.e).hi;
}

IXMATH_FN double log10(double x) {
  double y;
  if (log_special(x, y)) return y;
  return multiply(log_dd({x, 0}), dd{INV_LN10_0, INV_LN10_1}).hi;
}

IXMATH_FN double log1p(double x) {
  double y;
  if (fabs(x) < 0x1p-54) return x;
  if (x <= -1 || !is_finite(x)) return log_special(x + 1, y) ? y : x;
  return log1p_dd({x, 0}).hi;
}

// The short forms, in f64 for f32: relative error below 2^-40.

IXMATH_FN double two_atanh_short(double s) {
  double z = mul(s, s);
  s = s + s;
  return fma(mul(s, z), atanh_short(z), s);
}

IXMATH_FN double log_short(double x) {
  scaled f = split_exponent(x);
  return fma((double)f.e, LN2_0, two_atanh_short((f.m - 1) / (f.m + 1)));
}

// log(1 + x) for x > -1, relatively accurate for small x.
IXMATH_FN double log1p_short(double x) {
  scaled f = split_exponent(1 + x);
  if (f.e != 0) return fma((double)f.e, LN2_0, two_atanh_short((f.m - 1) / (f.m + 1)));
  return two_atanh_short(x / (x + 2));
}

IXMATH_FN bool log_special(float x, float &y) {
  if (x > 0 && x < infinityf()) return false;
  y = x == 0 ? -infinityf() : x < 0 ? quiet_nanf() : x + x;
  return true;
}

IXMATH_FN float logf(float x) {
  float y;
  if (log_special(x, y)) return y;
  return (float)log_short(x);
}

IXMATH_FN float log2f(float x) {
  float y;
  if (log_special(x, y)) return y;
  scaled f = split_exponent(x);
  return (float)fma(two_atanh_short((f.m - 1) / (f.m + 1)), INV_LN2_0, (double)f.e);
}

IXMATH_FN float log10f(float x) {
  float y;
  if (log_special(x, y)) return y;
  return (float)mul(log_short(x), INV_LN10_0);
}

IXMATH_FN float log1pf(float x) {
  float y;
  if (x == 0) return x;
  if (x <= -1 || !is_finite(x)) return log_special(x + 1, y) ? y : x;
  return (float)log1p_short(x);
}

}  // namespace ixmath

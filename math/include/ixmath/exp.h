// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Exponentials. An argument is k ln 2 + r with an integer k and |r| <= ln(2)/2, and
// e^r = 1 + r + r^2 q(r) with a polynomial q. In f64 the reduced argument keeps its rounding
// error, so that results are within 0.51 ulp or so; the f32 functions do the same in f64 without
// such care and round once.
#pragma once

#include "coefficients/exp.h"
#include "dd.h"

namespace ixmath {

// e^r * 2^k: hi + lo are within 2^-58 of e^r, relatively.
struct exponential {
  double hi, lo;
  int k;
};

// e^r for |r| <= ln(2)/2.
IXMATH_FN exponential exp_reduced(dd r, int k) {
  dd s = fast_sum(1.0, r.hi);
  return {s.hi, s.lo + fma(mul(r.hi, r.hi), exp_q(r.hi), r.lo), k};
}

// x = k ln 2 + r, for |x| < 2^20.
IXMATH_FN dd reduce_ln2(double x, double k) {
  // The first step is exact: both terms are multiples of one power of two, 53 bits above which
  // the difference lies.
  double a = fma(-k, LN2_0, x);
  dd p = two_product(-k, LN2_1);
  dd r = two_sum(a, p.hi);
  return {r.hi, r.lo + p.lo};
}

// e^(x.hi + x.lo) for |x| < 2^20.
IXMATH_FN exponential exp_dd(dd x) {
  double k = rint(mul(x.hi, LOG2_E));
  dd r = reduce_ln2(x.hi, k);
  r = fast_sum(r.hi, r.lo + x.lo);
  return exp_reduced(r, (int)k);
}

IXMATH_FN double rounded(exponential e) { return scale(e.hi + e.lo, e.k); }

// 2^k (hi + lo) as a dd, for results that are far from the ends of the range.
IXMATH_FN dd as_dd(exponential e) {
  dd s = fast_sum(e.hi, e.lo);
  return times_power(s, power_of_two(e.k));
}

IXMATH_FN double exp(double x) {
  if (is_nan(x)) return x + x;
  if (x > 710) return infinity();
  if (x < -746) return 0;
  return rounded(exp_dd({x, 0}));
}

IXMATH_FN double exp2(double x) {
  if (is_nan(x)) return x + x;
  if (x >= 1024) return infinity();
  if (x < -1076) return 0;
  double k = rint(x);
  return rounded(exp_reduced(multiply({LN2_0, LN2_1}, x - k), (int)k));
}

IXMATH_FN double exp10(double x) {
  if (is_nan(x)) return x + x;
  if (x > 309) return infinity();
  if (x < -324) return 0;
  double k = rint(mul(x, LOG2_10));
  double a = fma(-k, LOG10_2_0, x);
  dd p = two_product(-k, LOG10_2_1);
  dd r = two_sum(a, p.hi);
  r = multiply({LN10_0, LN10_1}, dd{r.hi, r.lo + p.lo});
  return rounded(exp_reduced(r, (int)k));
}

// e^x - 1 as a dd for |x| < 700; relative error some 2^-57.
IXMATH_FN dd expm1_dd(double x) {
  double k = rint(mul(x, LOG2_E));
  dd r = reduce_ln2(x, k);
  dd m = fast_sum(r.hi, fma(mul(r.hi, r.hi), exp_q(r.hi), r.lo));
  if (k == 0) return m;
  double p = power_of_two((int)k);
  return add(times_power(m, p), two_sum(p, -1.0));
}

IXMATH_FN double expm1(double x) {
  if (is_nan(x)) return x + x;
  if (x > 710) return infinity();
  if (x < -40) return -1;
  if (fabs(x) < 0x1p-54) return x;
  if (x > 50) return exp(x);
  return expm1_dd(x).hi;
}

// The short forms, in f64 for f32: relative error below 2^-38.

// 2^k (1 + m) = e^x for |x| < 1000, |m| < 0.42.
struct short_exponential {
  double m, power;
};

IXMATH_FN short_exponential exp_parts(double x) {
  double k = rint(mul(x, LOG2_E));
  double r = fma(-k, LN2_1, fma(-k, LN2_0, x));
  return {fma(mul(r, r), exp_q_short(r), r), power_of_two((int)k)};
}

IXMATH_FN double exp_short(double x) {
  short_exponential e = exp_parts(x);
  return fma(e.power, e.m, e.power);
}

IXMATH_FN double expm1_short(double x) {
  short_exponential e = exp_parts(x);
  return fma(e.power, e.m, e.power - 1);
}

// x within the range in which e^x neither vanishes in f32 nor exceeds it, or one past its end.
IXMATH_FN double clamp_exp_argument(float x, float low, float high) {
  return x < low ? low : x > high ? high : x;
}

IXMATH_FN float expf(float x) {
  if (is_nan(x)) return x + x;
  return (float)exp_short(clamp_exp_argument(x, -150, 150));
}

IXMATH_FN float exp2f(float x) {
  if (is_nan(x)) return x + x;
  double a = clamp_exp_argument(x, -200, 200);
  double k = rint(a);
  double r = mul(a - k, LN2_0);
  double p = power_of_two((int)k);
  return (float)fma(p, fma(mul(r, r), exp_q_short(r), r), p);
}

IXMATH_FN float exp10f(float x) {
  if (is_nan(x)) return x + x;
  return (float)exp_short(mul(clamp_exp_argument(x, -60, 60), LN10_0));
}

IXMATH_FN float expm1f(float x) {
  if (is_nan(x)) return x + x;
  if (x == 0) return x;
  return (float)expm1_short(clamp_exp_argument(x, -150, 150));
}

}  // namespace ixmath

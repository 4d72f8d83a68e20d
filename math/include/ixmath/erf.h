// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The error function and its relatives. Near 0 erf is an odd series. Elsewhere everything comes
// from erfcx(x) = e^(x^2) erfc(x), which falls slowly: a table of polynomials in 1 / (1 + x). The
// inverses start from polynomials with 28 bits or more and take one step of Halley's method.
#pragma once

#include "coefficients/erf.h"
#include "log.h"

namespace ixmath {

// erf(x) for |x| <= 1/2.
IXMATH_FN dd erf_near_0(dd x) {
  double z = mul(x.hi, x.hi);
  dd p = multiply(x, dd{TWO_OVER_SQRT_PI_0, TWO_OVER_SQRT_PI_1});
  // The derivative is constant enough here for the low part in p alone, but for its square term.
  return fast_sum(p.hi, p.lo + mul(mul(x.hi, z), erf_tail(z)));
}

// e^(x^2) erfc(x) for x >= 0; relative error below 2^-57.
IXMATH_FN dd erfcx_dd(dd x) {
  dd t = divide({1, 0}, add(x, 1.0));
  int j = (int)mul(t.hi, 16.0);
  j = j > 15 ? 15 : j;
  const double *c = ERFCX_PIECES[j];
  double u = (t.hi - fma((double)j, 0.0625, 0.03125)) + t.lo;
  double p = c[11];
  for (int i = 10; i >= 2; i--) p = fma(p, u, c[i]);
  dd g = fast_sum(c[0], fma(p, u, c[1]));
  return multiply(g, t);
}

// e^-(x^2) for a square given as a dd below 2^20.
IXMATH_FN exponential exp_minus(dd square) { return exp_dd(negate(square)); }

// erfc(x) as a number and a power of two, for 1/2 <= x < 28, with x^2.
struct scaled_dd {
  dd v;
  int k;
};

IXMATH_FN scaled_dd erfc_parts(dd x, dd square) {
  exponential e = exp_minus(square);
  return {multiply(erfcx_dd(x), fast_sum(e.hi, e.lo)), e.k};
}

// erfc(x) with x^2 beside x, both dd; `factor`, a power of two, times that.
IXMATH_FN double erfc_scaled(dd x, dd square, double factor) {
  double a = fabs(x.hi);
  if (a < 0.5) return mul(add(negate(erf_near_0(x)), 1.0).hi, factor);
  if (x.hi > 0) {
    if (x.hi > 28) return 0;
    scaled_dd c = erfc_parts(x, square);
    return scale(mul(c.v.hi, factor), c.k);
  }
  if (x.hi < -6) return mul(2.0, factor);
  scaled_dd c = erfc_parts(negate(x), square);
  return mul(add(times_power(negate(c.v), power_of_two(c.k)), 2.0).hi, factor);
}

IXMATH_FN double erfc(double x) {
  if (is_nan(x)) return x + x;
  return erfc_scaled({x, 0}, two_product(x, x), 1);
}

IXMATH_FN double erf(double x) {
  double a = fabs(x);
  if (is_nan(x) || x == 0) return x;
  // Scaled where the products of a small x would underflow.
  if (a < 0x1p-500) return scale(multiply({TWO_OVER_SQRT_PI_0, TWO_OVER_SQRT_PI_1}, mul(x, 0x1p200)).hi, -200);
  if (a < 0.5) return erf_near_0({x, 0}).hi;
  if (a > 6) return copysign(1.0, x);
  scaled_dd c = erfc_parts({a, 0}, two_product(a, a));
  return copysign(add(times_power(negate(c.v), power_of_two(c.k)), 1.0).hi, x);
}

IXMATH_FN double erfcx(double x) {
  if (is_nan(x)) return x + x;
  if (x >= 0) {
    if (x < 0x1p60) return erfcx_dd({x, 0}).hi;
    // 1 / (x sqrt(pi)) from here on, kept from underflow on the way.
    return scale(mul(0.5, mul(TWO_OVER_SQRT_PI_0, 0x1p100 / x)), -100);
  }
  if (x < -27) return infinity();
  // 2 e^(x^2) - erfcx(-x).
  exponential e = exp_dd(two_product(x, x));
  if (x < -6) {
    e.k += 1;
    return rounded(e);
  }
  e.k += 1;
  return add(as_dd(e), negate(erfcx_dd({-x, 0}))).hi;
}

// The normal distribution function, erfc(-x / sqrt 2) / 2.
IXMATH_FN double normcdf(double x) {
  if (is_nan(x)) return x + x;
  if (x < -40) return 0;
  if (x > 40) return 1;
  dd y = multiply({SQRT_HALF_0, SQRT_HALF_1}, -x);
  return erfc_scaled(y, times_power(two_product(x, x), 0.5), 0.5);
}

// erfinv(x) for |x| <= 1/2, to 2^-30.
IXMATH_FN double erfinv_near_0(double x) { return mul(x, erfinv_start(mul(x, x))); }

// erfcinv(q) for 0 < q <= 1/2 to 2^-28, from -log q.
IXMATH_FN double erfcinv_tail(double minus_log) {
  double s = sqrt(minus_log);
  // The octave of s from 0.8 on, and s brought into the first.
  int j = (int)(bits(mul(s, 1.25)) >> 52) - 1023;
  const double *c = ERFCINV_STARTS[j];
  double u = mul(s, power_of_two(-j)) - 1.2;
  double p = c[9];
  for (int i = 8; i >= 0; i--) p = fma(p, u, c[i]);
  return p;
}

// One step of Halley's method for erf from y, where d = (erf(y) - target) / erf'(y).
IXMATH_FN dd halley(double y, double d) { return two_sum(y, -(d / fma(y, d, 1.0))); }

// erfinv(x), |x| <= 1/2.
IXMATH_FN dd erfinv_central(double x) {
  double y = erfinv_near_0(x);
  double residual = add(erf_near_0({y, 0}), -x).hi;
  return halley(y, mul(mul(residual, HALF_SQRT_PI), exp_short(mul(y, y))));
}

// erfcinv(q), 0 < q <= 1/2.
IXMATH_FN dd erfcinv_dd(double q) {
  double y = erfcinv_tail(-log_dd({q, 0}).hi);
  // erfc(y) - q, times e^(y^2): so neither underflows.
  exponential e = exp_dd(two_product(y, y));
  dd qe = multiply(fast_sum(e.hi, e.lo), scale(q, e.k));
  double residual = add(erfcx_dd({y, 0}), negate(qe)).hi;
  return halley(y, -mul(residual, HALF_SQRT_PI));
}

IXMATH_FN double erfinv(double x) {
  double a = fabs(x);
  if (is_nan(x)) return x;
  if (a >= 1) return a == 1 ? copysign(infinity(), x) : quiet_nan();
  // sqrt(pi)/2 x, below the reach of the residual.
  if (a < 0x1p-200) return scale(mul(HALF_SQRT_PI, mul(x, 0x1p200)), -200);
  if (a <= 0.5) return erfinv_central(x).hi;
  return copysign(erfcinv_dd(1 - a).hi, x);
}

// erfcinv as a dd for 0 < x < 2: differences from 1 and 2 are exact where they are taken.
IXMATH_FN dd erfcinv_any(double x) {
  if (x <= 0.5) return erfcinv_dd(x);
  if (x < 1.5) return x == 1 ? dd{0, 0} : erfinv_central(1 - x);
  return negate(erfcinv_dd(2 - x));
}

IXMATH_FN double erfcinv(double x) {
  if (!(x > 0 && x < 2)) return x == 0 ? infinity() : x == 2 ? -infinity() : quiet_nan();
  return erfcinv_any(x).hi;
}

IXMATH_FN double normcdfinv(double x) {
  if (!(x > 0 && x < 1)) return x == 0 ? -infinity() : x == 1 ? infinity() : quiet_nan();
  return multiply(erfcinv_any(x + x), dd{-SQRT_2_0, -SQRT_2_1}).hi;
}

// In f64 for f32: relative error below 2^-38, but 2^-28 for the inverses.

IXMATH_FN double erf_near_0_short(double x) {
  double z = mul(x, x);
  return fma(mul(x, z), erf_tail(z), mul(x, TWO_OVER_SQRT_PI_0));
}

IXMATH_FN double erfcx_short(double x) {
  double t = 1 / (1 + x);
  int j = (int)mul(t, 16.0);
  j = j > 15 ? 15 : j;
  const double *c = ERFCX_PIECES[j];
  double u = t - fma((double)j, 0.0625, 0.03125);
  // The six lowest of the eleven terms are enough.
  double p = c[7];
  for (int i = 6; i >= 2; i--) p = fma(p, u, c[i]);
  return mul(fma(p, u, c[0]), t);
}

IXMATH_FN double erfc_short(double x) {
  double a = fabs(x);
  if (a < 0.5) return 1 - erf_near_0_short(x);
  if (a > 16) return x > 0 ? 0 : 2;
  double c = mul(exp_short(-mul(x, x)), erfcx_short(a));
  return x > 0 ? c : 2 - c;
}

IXMATH_FN float erff(float x) {
  double a = fabsf(x);
  if (is_nan(x) || x == 0) return x;
  if (a < 0.5) return (float)erf_near_0_short(x);
  return copysignf((float)(1 - erfc_short(a)), x);
}

IXMATH_FN float erfcf(float x) {
  if (is_nan(x)) return x;
  return (float)erfc_short(x);
}

IXMATH_FN float erfcxf(float x) {
  if (is_nan(x)) return x;
  double a = fabsf(x);
  if (x >= 0) return (float)erfcx_short(a);
  if (x < -20) return infinityf();
  return (float)fma(2.0, exp_short(mul(a, a)), -erfcx_short(a));
}

IXMATH_FN float normcdff(float x) {
  if (is_nan(x)) return x;
  double y = x < -30 ? 30 : x > 30 ? -30 : -(double)x;
  return (float)mul(0.5, erfc_short(mul(y, SQRT_HALF_0)));
}

IXMATH_FN double erfcinv_short(double x) {
  if (x <= 0.5) return erfcinv_tail(-log_short(x));
  if (x < 1.5) return erfinv_near_0(1 - x);
  return -erfcinv_tail(-log_short(2 - x));
}

IXMATH_FN float erfinvf(float x) {
  double a = fabsf(x);
  if (is_nan(x) || x == 0) return x;
  if (a >= 1) return a == 1 ? copysignf(infinityf(), x) : quiet_nanf();
  if (a <= 0.5) return (float)erfinv_near_0(x);
  return copysignf((float)erfcinv_tail(-log_short(1 - a)), x);
}

IXMATH_FN float erfcinvf(float x) {
  if (!(x > 0 && x < 2)) return x == 0 ? infinityf() : x == 2 ? -infinityf() : quiet_nanf();
  return (float)erfcinv_short(x);
}

IXMATH_FN float normcdfinvf(float x) {
  if (!(x > 0 && x < 1)) return x == 0 ? -infinityf() : x == 1 ? infinityf() : quiet_nanf();
  return (float)-mul(SQRT_2_0, erfcinv_short((double)x + x));
}

}  // namespace ixmath

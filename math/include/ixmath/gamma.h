// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Gamma and the logarithm of its absolute value. From 10 on it is Stirling's formula; smaller
// arguments are moved there, or, for the logarithm, to the roots 1 and 2, around which it is a
// product of the distance and a polynomial. Negative ones are reflected:
// gamma(x) gamma(1 - x) = pi / sin(pi x).
#pragma once

#include "coefficients/gamma.h"
#include "log.h"
#include "trig.h"

namespace ixmath {

// log(gamma(x)) for 10 <= x < 2^1000; relative error some 2^-60.
IXMATH_FN dd lgamma_stirling(dd x) {
  // (x - 1/2) (log x - 1) - 1/2 + log(2 pi)/2 + s(1/x^2)/x.
  dd l = add(log_dd(x), -1.0);
  dd y = multiply(l, add(x, -0.5));
  y = add(y, dd{HALF_LN_2PI_0, HALF_LN_2PI_1});
  double r = 1 / x.hi;
  return add(y, add(dd{mul(r, stirling(mul(r, r))), 0}, -0.5));
}

// gamma(x) = e^log / product for 0 < x < 200.
struct gamma_parts {
  dd log, product;
};

IXMATH_FN gamma_parts gamma_shifted(dd x) {
  dd product = {1, 0};
  while (x.hi < 10) {
    product = multiply(product, x);
    x = add(x, 1.0);
  }
  return {lgamma_stirling(x), product};
}

// |sin(pi x)| of a number that is no integer; relative error some 2^-56.
IXMATH_FN dd sine_of_half_turns(double x) {
  reduced_angle a = reduce_half_turns(x);
  dd s = (a.quadrant & 1) != 0 ? cos_reduced(a.r) : sin_reduced(a.r);
  s = fast_sum(s.hi, s.lo);
  return s.hi < 0 ? negate(s) : s;
}

IXMATH_FN double tgamma(double x) {
  if (is_nan(x)) return x + x;
  if (fabs(x) < 0x1p-60) return 1 / x;
  if (x > 172) return infinity();
  if (x < 0 && trunc(x) == x) return quiet_nan();
  if (x > 0) {
    gamma_parts g = gamma_shifted({x, 0});
    exponential e = exp_dd(g.log);
    return scale(divide(fast_sum(e.hi, e.lo), g.product).hi, e.k);
  }
  // The sign alternates from (-1, 0) on, where it is minus. All below -2^52 is integer.
  double sign = ((i64)floor(x) & 1) != 0 ? -1 : 1;
  if (x < -200) return copysign(0.0, sign);
  gamma_parts g = gamma_shifted(two_sum(1.0, -x));
  exponential e = exp_dd(negate(g.log));
  dd y = multiply(fast_sum(e.hi, e.lo), multiply(g.product, dd{PI_0, PI_1}));
  return mul(sign, scale(divide(y, sine_of_half_turns(x)).hi, e.k));
}

// log(gamma(x)) for positive finite x.
IXMATH_FN dd lgamma_positive(double x) {
  if (x >= 10) return lgamma_stirling({x, 0});
  if (x < 0x1p-60) return negate(log_dd({x, 0}));
  if (x < 0.75) {
    double y = x <= 0.5 ? mul(x, lgamma_at_1(x)) : mul(x - 1, lgamma_at_2(x - 1));
    return add(negate(log_dd({x, 0})), y);
  }
  if (x == 1) return {0, 0};
  if (x < 1.5) return two_product(x - 1, lgamma_at_1(x - 1));
  // Down to [1.5, 2.5): subtracting 1 is exact here.
  dd product = {1, 0};
  while (x >= 2.5) {
    x -= 1;
    product = multiply(product, x);
  }
  double y = mul(x - 2, lgamma_at_2(x - 2));
  return product.hi == 1 ? dd{y, 0} : add(log_dd(product), y);
}

IXMATH_FN double lgamma(double x) {
  if (is_nan(x)) return x + x;
  if (is_infinite(x)) return infinity();
  if (x > 0) return x < 0x1p1000 ? lgamma_positive(x).hi : mul(x, log_dd({x, 0}).hi - 1);
  if (trunc(x) == x) return infinity();
  double a = -x;
  if (a < 0x1p-60) return -log_dd({a, 0}).hi;
  // log(pi / |x sin(pi x)|) - lgamma(|x|).
  dd l = log_dd(divide({PI_0, PI_1}, multiply(sine_of_half_turns(a), a)));
  return add(l, negate(lgamma_positive(a))).hi;
}

// f64 has more than what f32 needs, near the negative roots too.
IXMATH_FN float lgammaf(float x) { return (float)lgamma((double)x); }
IXMATH_FN float tgammaf(float x) { return (float)tgamma((double)x); }

}  // namespace ixmath

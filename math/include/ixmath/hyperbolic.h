// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Hyperbolic functions from e^x and e^x - 1, their inverses from log(1 + x), all in dd for f64.
#pragma once

#include "log.h"

namespace ixmath {

IXMATH_FN double sinh(double x) {
  double a = fabs(x);
  if (!is_finite(x) || a < 0x1p-28) return x;
  double y;
  if (a > 40) {
    // The other exponential is nothing beside this one; half of it, as it may overflow alone.
    if (a > 711) return copysign(infinity(), x);
    exponential e = exp_dd({a, 0});
    e.k -= 1;
    y = rounded(e);
  } else {
    // (m + m / (m + 1)) / 2 with m = e^a - 1: no cancellation.
    dd m = expm1_dd(a);
    dd s = add(m, divide(m, add(m, 1.0)));
    y = mul(s.hi, 0.5);
  }
  return copysign(y, x);
}

IXMATH_FN double cosh(double x) {
  double a = fabs(x);
  if (is_nan(x)) return x + x;
  if (a > 711) return infinity();
  exponential e = exp_dd({a, 0});
  if (a > 40) {
    e.k -= 1;
    return rounded(e);
  }
  dd p = as_dd(e);
  return mul(add(p, divide({1, 0}, p)).hi, 0.5);
}

IXMATH_FN double tanh(double x) {
  double a = fabs(x);
  if (is_nan(x) || a < 0x1p-28) return x;
  if (a > 20) return copysign(1.0, x);
  dd m = expm1_dd(a + a);
  return copysign(divide(m, add(m, 2.0)).hi, x);
}

IXMATH_FN double asinh(double x) {
  double a = fabs(x);
  if (!is_finite(x) || a < 0x1p-28) return x;
  dd l;
  if (a > 0x1p60) {
    l = add(log_dd({a, 0}), dd{LN2_0, LN2_1});
  } else {
    // log(1 + a + (sqrt(1 + a^2) - 1)) with the difference as a^2 / (1 + sqrt(1 + a^2)).
    dd square = two_product(a, a);
    dd root = square_root(add(square, 1.0));
    l = log1p_dd(add(divide(square, add(root, 1.0)), a));
  }
  return copysign(l.hi, x);
}

IXMATH_FN double acosh(double x) {
  if (is_nan(x) || x == infinity()) return x;
  if (x < 1) return quiet_nan();
  if (x > 0x1p60) return add(log_dd({x, 0}), dd{LN2_0, LN2_1}).hi;
  // log(1 + t + sqrt(t (t + 2))), t = x - 1.
  dd t = two_sum(x, -1.0);
  return log1p_dd(add(square_root(multiply(t, add(t, 2.0))), t)).hi;
}

IXMATH_FN double atanh(double x) {
  double a = fabs(x);
  if (is_nan(x) || a < 0x1p-28) return x;
  if (a >= 1) return a == 1 ? copysign(infinity(), x) : quiet_nan();
  dd l = log1p_dd(divide({a + a, 0}, two_sum(1.0, -a)));
  return copysign(mul(l.hi, 0.5), x);
}

// In f64 for f32.

IXMATH_FN float sinhf(float x) {
  if (is_nan(x) || x == 0) return x;
  double m = expm1_short(clamp_exp_argument(fabsf(x), 0, 150));
  return copysignf((float)mul(m + m / (m + 1), 0.5), x);
}

IXMATH_FN float coshf(float x) {
  if (is_nan(x)) return x + x;
  double e = exp_short(clamp_exp_argument(fabsf(x), 0, 150));
  return (float)mul(e + 1 / e, 0.5);
}

IXMATH_FN float tanhf(float x) {
  if (is_nan(x)) return x;
  double m = expm1_short(clamp_exp_argument(fabsf(x), 0, 20) + clamp_exp_argument(fabsf(x), 0, 20));
  return copysignf((float)(m / (m + 2)), x);
}

IXMATH_FN float asinhf(float x) {
  if (!is_finite(x)) return x;
  double a = fabsf(x), s = mul(a, a);
  return copysignf((float)log1p_short(a + s / (1 + sqrt(1 + s))), x);
}

IXMATH_FN float acoshf(float x) {
  if (is_nan(x) || x == infinityf()) return x;
  if (x < 1) return quiet_nanf();
  double t = (double)x - 1;
  return (float)log1p_short(t + sqrt(mul(t, t + 2)));
}

IXMATH_FN float atanhf(float x) {
  double a = fabsf(x);
  if (is_nan(x)) return x;
  if (a >= 1) return a == 1 ? copysignf(infinityf(), x) : quiet_nanf();
  return copysignf((float)mul(log1p_short((a + a) / (1 - a)), 0.5), x);
}

}  // namespace ixmath

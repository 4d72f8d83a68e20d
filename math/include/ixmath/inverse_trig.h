// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Inverse trigonometric functions: all are the angle of a point (q, p) in the first octant. With
// the nearest c = j/8 to p/q, atan(p/q) = atan(c) + atan(t), t = (p - c q) / (q + c p), |t| <= 1/16.
// asin x is the angle of (sqrt(1 - x^2), x), acos x that of (x, sqrt(1 - x^2)).
#pragma once

#include "coefficients/trig.h"
#include "dd.h"

namespace ixmath {

// The angle of (q, p), both >= 0 and not both 0, in [0, pi/2]; relative error some 2^-60.
IXMATH_FN dd angle(dd p, dd q) {
  bool steep = p.hi > q.hi || (p.hi == q.hi && p.lo > q.lo);
  if (steep) {
    dd swap = p;
    p = q;
    q = swap;
  }
  double j = rint(mul(p.hi / q.hi, 8.0));
  double c = mul(j, 0.125);
  dd t = p;
  if (j != 0) {
    t = divide(add(p, multiply(q, -c)), add(q, multiply(p, c)));
  } else {
    t = divide(p, q);
  }
  double z = mul(t.hi, t.hi);
  const double *base = ATAN_EIGHTHS[(int)j];
  double low = fma(mul(t.hi, z), atan_tail(z), t.lo + base[1]);
  dd y = fast_sum(base[0], t.hi);
  y = fast_sum(y.hi, y.lo + low);
  if (steep) y = add(dd{HALF_PI_0, HALF_PI_1}, negate(y));
  return y;
}

IXMATH_FN double atan(double x) {
  double a = fabs(x);
  if (is_nan(x) || a < 0x1p-27) return x;
  if (a > 0x1p60) return copysign(HALF_PI_0, x);
  return copysign(angle({a, 0}, {1, 0}).hi, x);
}

IXMATH_FN double atan2(double y, double x) {
  if (is_nan(x) || is_nan(y)) return x + y;
  double p = fabs(y), q = fabs(x);
  dd a;
  if (p == 0 || q == infinity()) {
    a = p == infinity() ? dd{mul(HALF_PI_0, 0.5), mul(HALF_PI_1, 0.5)} : dd{0, 0};
    if (q == infinity() && p != infinity() && is_negative(x) == false) return copysign(0.0, y);
  } else if (q == 0 || p == infinity()) {
    a = {HALF_PI_0, HALF_PI_1};
  } else {
    // Scaled so that the larger is near 1; the smaller may vanish, unless the quotient shows.
    double larger = p > q ? p : q;
    int e = split_exponent(larger).e;
    double sp = scale(p, -e), sq = scale(q, -e);
    if (p < q && !is_negative(x) && sp < 0x1p-960) {
      // The angle is the quotient, perhaps subnormal: divide with p scaled up and round once.
      return copysign(scale(scale(p, 600) / sq, -600 - e), y);
    }
    a = angle({sp, 0}, {sq, 0});
  }
  if (is_negative(x)) a = add(dd{PI_0, PI_1}, negate(a));
  return copysign(a.hi, y);
}

// sqrt(1 - x^2) for |x| <= 1.
IXMATH_FN dd cosine_from_sine(double x) {
  return square_root(multiply(two_sum(1.0, -x), two_sum(1.0, x)));
}

IXMATH_FN double asin(double x) {
  double a = fabs(x);
  if (is_nan(x) || a < 0x1p-27) return x;
  if (a > 1) return quiet_nan();
  return copysign(angle({a, 0}, cosine_from_sine(a)).hi, x);
}

IXMATH_FN double acos(double x) {
  double a = fabs(x);
  if (is_nan(x)) return x;
  if (a > 1) return quiet_nan();
  dd y = angle(cosine_from_sine(a), {a, 0});
  return is_negative(x) ? add(dd{PI_0, PI_1}, negate(y)).hi : y.hi;
}

// In f64 for f32: relative error below 2^-38.
IXMATH_FN double angle_short(double p, double q) {
  bool steep = p > q;
  if (steep) {
    double swap = p;
    p = q;
    q = swap;
  }
  double j = rint(mul(p / q, 8.0));
  double c = mul(j, 0.125);
  double t = fma(-c, q, p) / fma(c, p, q);
  double z = mul(t, t);
  double y = ATAN_EIGHTHS[(int)j][0] + fma(mul(t, z), atan_short(z), t);
  return steep ? HALF_PI_0 - y : y;
}

IXMATH_FN float atanf(float x) {
  if (is_nan(x) || x == 0) return x;
  if (is_infinite(x)) return copysignf((float)HALF_PI_0, x);
  return copysignf((float)angle_short(fabsf(x), 1), x);
}

IXMATH_FN float atan2f(float y, float x) {
  if (is_nan(x) || is_nan(y)) return x + y;
  double p = fabsf(y), q = fabsf(x), a;
  if (p == q && (p == 0 || p == infinity())) {
    a = p == 0 ? 0 : mul(HALF_PI_0, 0.5);
  } else if (is_infinite(p) || is_infinite(q)) {
    a = is_infinite(p) ? HALF_PI_0 : 0;
  } else {
    a = angle_short(p, q);
  }
  if (is_negative(x)) a = PI_0 - a;
  return copysignf((float)a, y);
}

IXMATH_FN float asinf(float x) {
  double a = fabsf(x);
  if (is_nan(x) || x == 0) return x;
  if (a > 1) return quiet_nanf();
  return copysignf((float)angle_short(a, sqrt(mul(1 - a, 1 + a))), x);
}

IXMATH_FN float acosf(float x) {
  double a = fabsf(x);
  if (is_nan(x)) return x;
  if (a > 1) return quiet_nanf();
  double y = angle_short(sqrt(mul(1 - a, 1 + a)), a);
  return (float)(is_negative(x) ? PI_0 - y : y);
}

}  // namespace ixmath

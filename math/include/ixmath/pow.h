// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Powers: x^y = e^(y log|x|), with the logarithm as a dd because an error in it grows by up to 745.
// The special cases are those of IEEE 754 and C.
#pragma once

#include "log.h"

namespace ixmath {

// Whether y is an integer, and if so, odd.
struct integrality {
  bool integer, odd;
};

IXMATH_FN integrality integrality_of(double y) {
  if (!is_finite(y) || trunc(y) != y) return {false, false};
  // From 2^53 on, every number is even.
  bool odd = fabs(y) < 0x1p53 && ((i64)y & 1) != 0;
  return {true, odd};
}

// True, and the answer in z, where x or y is 0, infinite, not a number, or x^y is not real.
IXMATH_FN bool pow_special(double x, double y, double &z) {
  if (y == 0 || x == 1) {
    z = 1;
    return true;
  }
  if (is_nan(x) || is_nan(y)) {
    z = x + y;
    return true;
  }
  double a = fabs(x);
  if (is_infinite(y)) {
    z = a == 1 ? 1 : (a > 1) == (y > 0) ? infinity() : 0;
    return true;
  }
  integrality k = integrality_of(y);
  if (a == 0 || a == infinity()) {
    z = (a == 0) == (y > 0) ? 0 : infinity();
    if (is_negative(x) && k.odd) z = -z;
    return true;
  }
  if (x < 0 && !k.integer) {
    z = quiet_nan();
    return true;
  }
  return false;
}

IXMATH_FN double pow(double x, double y) {
  double z;
  if (pow_special(x, y, z)) return z;
  double sign = x < 0 && integrality_of(y).odd ? -1 : 1;
  dd l = log_dd({fabs(x), 0});
  double guess = mul(l.hi, y);
  if (guess > 720) return mul(sign, infinity());
  if (guess < -760) return mul(sign, 0.0);
  if (fabs(guess) < 0x1p-60) return sign;
  dd p = two_product(l.hi, y);
  p = fast_sum(p.hi, fma(l.lo, y, p.lo));
  exponential e = exp_dd(p);
  return mul(sign, rounded(e));
}

IXMATH_FN float powf(float x, float y) {
  double z;
  if (pow_special(x, y, z)) return (float)z;
  double sign = x < 0 && integrality_of(y).odd ? -1 : 1;
  double p = mul(log_short(fabs((double)x)), (double)y);
  // e^p is far outside of f32 at the limits.
  p = p > 150 ? 150 : p < -150 ? -150 : p;
  return (float)mul(sign, exp_short(p));
}

}  // namespace ixmath

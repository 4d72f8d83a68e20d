// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Every function of the library at one pair of arguments, compiled for the device and for the host
// so that the bits can be compared.
#pragma once

#include "ixmath.h"

#define EVALUATE_1(_)                                                                                         \
  _(acos) _(acosh) _(asin) _(asinh) _(atan) _(atanh) _(cbrt) _(ceil) _(cos) _(cosh) _(cospi) _(cyl_bessel_i0) \
  _(cyl_bessel_i1) _(erf) _(erfc) _(erfcinv) _(erfcx) _(erfinv) _(exp) _(exp10) _(exp2) _(expm1) _(floor)     \
  _(j0) _(j1) _(lgamma) _(log) _(log10) _(log1p) _(log2) _(logb) _(normcdf) _(normcdfinv) _(rcbrt) _(rint)    \
  _(round) _(rsqrt) _(sin) _(sinh) _(sinpi) _(sqrt) _(tan) _(tanh) _(tgamma) _(trunc) _(y0) _(y1)             \
  _(llrint) _(llround)
#define EVALUATE_2(_) \
  _(atan2) _(copysign) _(fdim) _(fmax) _(fmin) _(fmod) _(hypot) _(nextafter) _(pow) _(remainder) _(rhypot)

#define EVALUATE_NAME(name) #name,
#define EVALUATE_COUNT(name) +1
enum { EVALUATIONS = 0 EVALUATE_1(EVALUATE_COUNT) EVALUATE_2(EVALUATE_COUNT) };

// out64 and out32 take EVALUATIONS results each.
IXMATH_FN void evaluate(double x, double y, double *out64, double *out32) {
  float a = (float)x, b = (float)y;
  int i = 0;
#define EVALUATE_CALL(name) out64[i] = (double)ixmath::name(x), out32[i] = (double)ixmath::name##f(a), i++;
  EVALUATE_1(EVALUATE_CALL)
#undef EVALUATE_CALL
#define EVALUATE_CALL(name) out64[i] = ixmath::name(x, y), out32[i] = (double)ixmath::name##f(a, b), i++;
  EVALUATE_2(EVALUATE_CALL)
#undef EVALUATE_CALL
}

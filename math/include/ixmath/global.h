// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The functions of the math library under the global names that device code calls: `sin` and
// `sinf`, with `sin` of a float as C++ has it. For device code only: on the host these names
// belong to the C library.
#pragma once

#include "../ixmath.h"

#if defined(__CUDA__)

#define IXMATH_NAME1(name)                                             \
  IXMATH_FN double name(double x) { return ixmath::name(x); }          \
  IXMATH_FN float name##f(float x) { return ixmath::name##f(x); }      \
  IXMATH_FN float name(float x) { return ixmath::name##f(x); }
IXMATH_NAME1(acos)
IXMATH_NAME1(acosh)
IXMATH_NAME1(asin)
IXMATH_NAME1(asinh)
IXMATH_NAME1(atan)
IXMATH_NAME1(atanh)
IXMATH_NAME1(cbrt)
IXMATH_NAME1(ceil)
IXMATH_NAME1(cos)
IXMATH_NAME1(cosh)
IXMATH_NAME1(cospi)
IXMATH_NAME1(cyl_bessel_i0)
IXMATH_NAME1(cyl_bessel_i1)
IXMATH_NAME1(erf)
IXMATH_NAME1(erfc)
IXMATH_NAME1(erfcinv)
IXMATH_NAME1(erfcx)
IXMATH_NAME1(erfinv)
IXMATH_NAME1(exp)
IXMATH_NAME1(exp10)
IXMATH_NAME1(exp2)
IXMATH_NAME1(expm1)
IXMATH_NAME1(fabs)
IXMATH_NAME1(floor)
IXMATH_NAME1(j0)
IXMATH_NAME1(j1)
IXMATH_NAME1(lgamma)
IXMATH_NAME1(log)
IXMATH_NAME1(log10)
IXMATH_NAME1(log1p)
IXMATH_NAME1(log2)
IXMATH_NAME1(logb)
IXMATH_NAME1(nearbyint)
IXMATH_NAME1(normcdf)
IXMATH_NAME1(normcdfinv)
IXMATH_NAME1(rcbrt)
IXMATH_NAME1(rint)
IXMATH_NAME1(round)
IXMATH_NAME1(rsqrt)
IXMATH_NAME1(sin)
IXMATH_NAME1(sinh)
IXMATH_NAME1(sinpi)
IXMATH_NAME1(sqrt)
IXMATH_NAME1(tan)
IXMATH_NAME1(tanh)
IXMATH_NAME1(tgamma)
IXMATH_NAME1(trunc)
IXMATH_NAME1(y0)
IXMATH_NAME1(y1)
#undef IXMATH_NAME1

#define IXMATH_NAME2(name)                                                           \
  IXMATH_FN double name(double x, double y) { return ixmath::name(x, y); }           \
  IXMATH_FN float name##f(float x, float y) { return ixmath::name##f(x, y); }        \
  IXMATH_FN float name(float x, float y) { return ixmath::name##f(x, y); }
IXMATH_NAME2(atan2)
IXMATH_NAME2(copysign)
IXMATH_NAME2(fdim)
IXMATH_NAME2(fmax)
IXMATH_NAME2(fmin)
IXMATH_NAME2(fmod)
IXMATH_NAME2(hypot)
IXMATH_NAME2(nextafter)
IXMATH_NAME2(pow)
IXMATH_NAME2(remainder)
IXMATH_NAME2(rhypot)
#undef IXMATH_NAME2
IXMATH_FN double pow(double x, int n) { return ixmath::pow(x, (double)n); }
// In f64, as an int is not always an f32.
IXMATH_FN float pow(float x, int n) { return (float)ixmath::pow((double)x, (double)n); }
IXMATH_FN double powi(double x, int n) { return ixmath::pow(x, (double)n); }
IXMATH_FN float powif(float x, int n) { return pow(x, n); }

#define IXMATH_NAME_INTEGER(type, name)                                \
  IXMATH_FN type name(double x) { return ixmath::name(x); }            \
  IXMATH_FN type name##f(float x) { return ixmath::name##f(x); }       \
  IXMATH_FN type name(float x) { return ixmath::name##f(x); }
IXMATH_NAME_INTEGER(int, ilogb)
IXMATH_NAME_INTEGER(long, lrint)
IXMATH_NAME_INTEGER(long, lround)
IXMATH_NAME_INTEGER(long long, llrint)
IXMATH_NAME_INTEGER(long long, llround)
#undef IXMATH_NAME_INTEGER

#define IXMATH_NAME_SCALE(type, name)                                                \
  IXMATH_FN double name(double x, type k) { return ixmath::name(x, k); }             \
  IXMATH_FN float name##f(float x, type k) { return ixmath::name##f(x, k); }         \
  IXMATH_FN float name(float x, type k) { return ixmath::name##f(x, k); }
IXMATH_NAME_SCALE(int, ldexp)
IXMATH_NAME_SCALE(int, scalbn)
IXMATH_NAME_SCALE(long, scalbln)
#undef IXMATH_NAME_SCALE

IXMATH_FN double jn(int n, double x) { return ixmath::jn(n, x); }
IXMATH_FN float jnf(int n, float x) { return ixmath::jnf(n, x); }
IXMATH_FN double yn(int n, double x) { return ixmath::yn(n, x); }
IXMATH_FN float ynf(int n, float x) { return ixmath::ynf(n, x); }

IXMATH_FN double fma(double x, double y, double z) { return ixmath::fma(x, y, z); }
IXMATH_FN float fmaf(float x, float y, float z) { return ixmath::fmaf(x, y, z); }
IXMATH_FN float fma(float x, float y, float z) { return ixmath::fmaf(x, y, z); }
IXMATH_FN double abs(double x) { return ixmath::fabs(x); }
IXMATH_FN float abs(float x) { return ixmath::fabsf(x); }
IXMATH_FN double min(double x, double y) { return ixmath::fmin(x, y); }
IXMATH_FN float min(float x, float y) { return ixmath::fminf(x, y); }
IXMATH_FN double max(double x, double y) { return ixmath::fmax(x, y); }
IXMATH_FN float max(float x, float y) { return ixmath::fmaxf(x, y); }

IXMATH_FN void sincos(double x, double *s, double *c) { ixmath::sincos(x, s, c); }
IXMATH_FN void sincosf(float x, float *s, float *c) { ixmath::sincosf(x, s, c); }
IXMATH_FN void sincos(float x, float *s, float *c) { ixmath::sincosf(x, s, c); }
IXMATH_FN void sincospi(double x, double *s, double *c) { ixmath::sincospi(x, s, c); }
IXMATH_FN void sincospif(float x, float *s, float *c) { ixmath::sincospif(x, s, c); }
IXMATH_FN void sincospi(float x, float *s, float *c) { ixmath::sincospif(x, s, c); }
IXMATH_FN double frexp(double x, int *e) { return ixmath::frexp(x, e); }
IXMATH_FN float frexpf(float x, int *e) { return ixmath::frexpf(x, e); }
IXMATH_FN float frexp(float x, int *e) { return ixmath::frexpf(x, e); }
IXMATH_FN double modf(double x, double *i) { return ixmath::modf(x, i); }
IXMATH_FN float modff(float x, float *i) { return ixmath::modff(x, i); }
IXMATH_FN float modf(float x, float *i) { return ixmath::modff(x, i); }
IXMATH_FN double remquo(double x, double y, int *q) { return ixmath::remquo(x, y, q); }
IXMATH_FN float remquof(float x, float y, int *q) { return ixmath::remquof(x, y, q); }
IXMATH_FN float remquo(float x, float y, int *q) { return ixmath::remquof(x, y, q); }

IXMATH_FN double norm3d(double a, double b, double c) { return ixmath::norm3d(a, b, c); }
IXMATH_FN float norm3df(float a, float b, float c) { return ixmath::norm3df(a, b, c); }
IXMATH_FN double rnorm3d(double a, double b, double c) { return ixmath::rnorm3d(a, b, c); }
IXMATH_FN float rnorm3df(float a, float b, float c) { return ixmath::rnorm3df(a, b, c); }
IXMATH_FN double norm4d(double a, double b, double c, double d) { return ixmath::norm4d(a, b, c, d); }
IXMATH_FN float norm4df(float a, float b, float c, float d) { return ixmath::norm4df(a, b, c, d); }
IXMATH_FN double rnorm4d(double a, double b, double c, double d) { return ixmath::rnorm4d(a, b, c, d); }
IXMATH_FN float rnorm4df(float a, float b, float c, float d) { return ixmath::rnorm4df(a, b, c, d); }
IXMATH_FN double norm(int n, const double *v) { return ixmath::norm(n, v); }
IXMATH_FN float normf(int n, const float *v) { return ixmath::normf(n, v); }
IXMATH_FN double rnorm(int n, const double *v) { return ixmath::rnorm(n, v); }
IXMATH_FN float rnormf(int n, const float *v) { return ixmath::rnormf(n, v); }

IXMATH_FN bool isnan(double x) { return ixmath::is_nan(x); }
IXMATH_FN bool isnan(float x) { return ixmath::is_nan(x); }
IXMATH_FN bool isinf(double x) { return ixmath::is_infinite(x); }
IXMATH_FN bool isinf(float x) { return ixmath::is_infinite(x); }
IXMATH_FN bool isfinite(double x) { return ixmath::is_finite(x); }
IXMATH_FN bool isfinite(float x) { return ixmath::is_finite(x); }
IXMATH_FN bool signbit(double x) { return ixmath::is_negative(x); }
IXMATH_FN bool signbit(float x) { return ixmath::is_negative(x); }
IXMATH_FN double nan(const char *) { return ixmath::quiet_nan(); }
IXMATH_FN float nanf(const char *) { return ixmath::quiet_nanf(); }

// rsqrtf is rounded to nearest for every argument, as the tests show.
IXMATH_FN float __frsqrt_rn(float x) { return ixmath::rsqrtf(x); }

#define INFINITY (__builtin_inff())
#define NAN (__builtin_nanf(""))
#define HUGE_VAL (__builtin_inf())

#endif

// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The math library as a PTX module of functions with C names, for PTX that declares them `.extern`
// and is linked with it: from compilers that have no use for C++ headers, and by hand. math/device/build.sh makes
// `ixmath.ptx` from this file.
#include "ixmath.h"

#define IXMATH_EXPORT extern "C" __attribute__((device))

#define EXPORT1(name)                                                \
  IXMATH_EXPORT double name(double x) { return ixmath::name(x); }    \
  IXMATH_EXPORT float name##f(float x) { return ixmath::name##f(x); }
EXPORT1(acos)
EXPORT1(acosh)
EXPORT1(asin)
EXPORT1(asinh)
EXPORT1(atan)
EXPORT1(atanh)
EXPORT1(cbrt)
EXPORT1(ceil)
EXPORT1(cos)
EXPORT1(cosh)
EXPORT1(cospi)
EXPORT1(cyl_bessel_i0)
EXPORT1(cyl_bessel_i1)
EXPORT1(erf)
EXPORT1(erfc)
EXPORT1(erfcinv)
EXPORT1(erfcx)
EXPORT1(erfinv)
EXPORT1(exp)
EXPORT1(exp10)
EXPORT1(exp2)
EXPORT1(expm1)
EXPORT1(fabs)
EXPORT1(floor)
EXPORT1(j0)
EXPORT1(j1)
EXPORT1(lgamma)
EXPORT1(log)
EXPORT1(log10)
EXPORT1(log1p)
EXPORT1(log2)
EXPORT1(logb)
EXPORT1(nearbyint)
EXPORT1(normcdf)
EXPORT1(normcdfinv)
EXPORT1(rcbrt)
EXPORT1(rint)
EXPORT1(round)
EXPORT1(rsqrt)
EXPORT1(sin)
EXPORT1(sinh)
EXPORT1(sinpi)
EXPORT1(sqrt)
EXPORT1(tan)
EXPORT1(tanh)
EXPORT1(tgamma)
EXPORT1(trunc)
EXPORT1(y0)
EXPORT1(y1)

#define EXPORT2(name)                                                                    \
  IXMATH_EXPORT double name(double x, double y) { return ixmath::name(x, y); }           \
  IXMATH_EXPORT float name##f(float x, float y) { return ixmath::name##f(x, y); }
EXPORT2(atan2)
EXPORT2(copysign)
EXPORT2(fdim)
EXPORT2(fmax)
EXPORT2(fmin)
EXPORT2(fmod)
EXPORT2(hypot)
EXPORT2(nextafter)
EXPORT2(pow)
EXPORT2(remainder)
EXPORT2(rhypot)

#define EXPORT_INTEGER(type, name)                                  \
  IXMATH_EXPORT type name(double x) { return ixmath::name(x); }     \
  IXMATH_EXPORT type name##f(float x) { return ixmath::name##f(x); }
EXPORT_INTEGER(int, ilogb)
EXPORT_INTEGER(long, lrint)
EXPORT_INTEGER(long, lround)
EXPORT_INTEGER(long long, llrint)
EXPORT_INTEGER(long long, llround)

#define EXPORT_SCALE(type, name)                                                         \
  IXMATH_EXPORT double name(double x, type k) { return ixmath::name(x, k); }             \
  IXMATH_EXPORT float name##f(float x, type k) { return ixmath::name##f(x, k); }
EXPORT_SCALE(int, ldexp)
EXPORT_SCALE(int, scalbn)
EXPORT_SCALE(long, scalbln)

IXMATH_EXPORT double jn(int n, double x) { return ixmath::jn(n, x); }
IXMATH_EXPORT float jnf(int n, float x) { return ixmath::jnf(n, x); }
IXMATH_EXPORT double yn(int n, double x) { return ixmath::yn(n, x); }
IXMATH_EXPORT float ynf(int n, float x) { return ixmath::ynf(n, x); }
IXMATH_EXPORT double fma(double x, double y, double z) { return ixmath::fma(x, y, z); }
IXMATH_EXPORT float fmaf(float x, float y, float z) { return ixmath::fmaf(x, y, z); }
IXMATH_EXPORT double frexp(double x, int *e) { return ixmath::frexp(x, e); }
IXMATH_EXPORT float frexpf(float x, int *e) { return ixmath::frexpf(x, e); }
IXMATH_EXPORT double modf(double x, double *i) { return ixmath::modf(x, i); }
IXMATH_EXPORT float modff(float x, float *i) { return ixmath::modff(x, i); }
IXMATH_EXPORT double remquo(double x, double y, int *q) { return ixmath::remquo(x, y, q); }
IXMATH_EXPORT float remquof(float x, float y, int *q) { return ixmath::remquof(x, y, q); }
IXMATH_EXPORT void sincos(double x, double *s, double *c) { ixmath::sincos(x, s, c); }
IXMATH_EXPORT void sincosf(float x, float *s, float *c) { ixmath::sincosf(x, s, c); }
IXMATH_EXPORT void sincospi(double x, double *s, double *c) { ixmath::sincospi(x, s, c); }
IXMATH_EXPORT void sincospif(float x, float *s, float *c) { ixmath::sincospif(x, s, c); }
IXMATH_EXPORT double norm3d(double a, double b, double c) { return ixmath::norm3d(a, b, c); }
IXMATH_EXPORT float norm3df(float a, float b, float c) { return ixmath::norm3df(a, b, c); }
IXMATH_EXPORT double rnorm3d(double a, double b, double c) { return ixmath::rnorm3d(a, b, c); }
IXMATH_EXPORT float rnorm3df(float a, float b, float c) { return ixmath::rnorm3df(a, b, c); }
IXMATH_EXPORT double norm4d(double a, double b, double c, double d) { return ixmath::norm4d(a, b, c, d); }
IXMATH_EXPORT float norm4df(float a, float b, float c, float d) { return ixmath::norm4df(a, b, c, d); }
IXMATH_EXPORT double rnorm4d(double a, double b, double c, double d) { return ixmath::rnorm4d(a, b, c, d); }
IXMATH_EXPORT float rnorm4df(float a, float b, float c, float d) { return ixmath::rnorm4df(a, b, c, d); }
IXMATH_EXPORT double norm(int n, const double *v) { return ixmath::norm(n, v); }
IXMATH_EXPORT float normf(int n, const float *v) { return ixmath::normf(n, v); }
IXMATH_EXPORT double rnorm(int n, const double *v) { return ixmath::rnorm(n, v); }
IXMATH_EXPORT float rnormf(int n, const float *v) { return ixmath::rnormf(n, v); }

// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The f32 functions against f64 functions of the host's C library, whose errors, a few f64 ulps,
// do not count among f32 ulps.

#include "check.h"
#include "ixmath.h"

namespace {

enum Parity { NONE, ODD, EVEN };

struct Function {
  Entry entry;
  Parity parity;
  float (*f)(float);
  double (*reference)(double);
  // Arguments in here have no bound in ulps (a root is near).
  double exempt_low, exempt_high;
  Scope scope = ALL;
};

struct Function2 {
  Entry entry;
  float (*f)(float, float);
  double (*reference)(double, double);
  // A range of exponents for each argument from which most samples come.
  int x_low, x_high, y_low, y_high;
};

double sinpi(double x) {
  if (!std::isfinite(x)) return NAN;
  double n = rint(2 * x), r = PI * (x - n / 2);
  if (trunc(x) == x) return copysign(0.0, x);
  switch ((long long)fmod(n, 4) & 3) {
    case 0: return ::sin(r);
    case 1: return ::cos(r);
    case 2: return -::sin(r);
    default: return -::cos(r);
  }
}
double cospi(double x) {
  if (!std::isfinite(x)) return NAN;
  double n = rint(2 * x), r = PI * (x - n / 2);
  switch ((long long)fmod(n, 4) & 3) {
    case 0: return ::cos(r);
    case 1: return r == 0 ? 0 : -::sin(r);
    case 2: return -::cos(r);
    default: return r == 0 ? 0 : ::sin(r);
  }
}
double exp10(double x) { return ::exp10(x); }
double rcbrt(double x) { return 1 / ::cbrt(x); }
double rsqrt(double x) { return x == 0 ? copysign(INFINITY, x) : 1 / ::sqrt(x); }
double rhypot(double x, double y) { return 1 / ::hypot(x, y); }

float sine(float x) { float s, c; ixmath::sincosf(x, &s, &c); return s; }
float cosine(float x) { float s, c; ixmath::sincosf(x, &s, &c); return c; }
float sinepi(float x) { float s, c; ixmath::sincospif(x, &s, &c); return s; }
float cosinepi(float x) { float s, c; ixmath::sincospif(x, &s, &c); return c; }

// e^(x^2) erfc(x): long double lasts to 100, then the asymptotic series.
double erfcx(double x) {
  long double y = x, z = y * y;
  if (x < 100) return x < -30 ? INFINITY : (double)(expl(z) * erfcl(y));
  return (double)((1 - 1 / (2 * z) + 3 / (4 * z * z)) / (y * sqrtl(3.14159265358979323846L)));
}
double normcdf(double x) { return 0.5 * ::erfc(-x * sqrt(0.5)); }

// The inverses: Newton from the result under test, which only has to be near; the steps are those
// of the host's functions alone.
double polish(double y, double q) {
  // erfc(y) = q, in logarithms, where it is almost a parabola.
  if (!std::isfinite(y)) return y;
  for (int i = 0; i < 4; i++) {
    double e = ::erfc(y);
    y -= (e - q) / (-2 / sqrt(PI) * ::exp(-y * y));
  }
  return y;
}
double erfcinv(double x) {
  if (!(x > 0 && x < 2)) return x == 0 ? INFINITY : x == 2 ? -INFINITY : NAN;
  if (x > 1) return -erfcinv(2 - x);
  double y = ixmath::erfcinvf((float)x);
  if (x <= 0.5) return polish(y, x);
  for (int i = 0; i < 4; i++) y -= (::erf(y) - (1 - x)) / (2 / sqrt(PI) * ::exp(-y * y));
  return y;
}
double erfinv(double x) {
  if (std::isnan(x) || fabs(x) >= 1) return fabs(x) == 1 ? copysign(INFINITY, x) : NAN;
  double a = fabs(x), y = ixmath::erfinvf((float)a);
  if (a > 0.5) return copysign(polish(y, 1 - a), x);
  for (int i = 0; i < 4; i++) y -= (::erf(y) - a) / (2 / sqrt(PI) * ::exp(-y * y));
  return copysign(y, x);
}
double normcdfinv(double x) { return -sqrt(2.0) * erfcinv(2 * x); }
// Modified Bessel functions: their power series, all of whose terms are positive.
double modified(double x, int n) {
  double a = fabs(x);
  if (std::isnan(x)) return x;
  if (a > 120) return n == 1 ? copysign(INFINITY, x) : INFINITY;
  long double z = (long double)a * a / 4, term = 1, sum = 1;
  for (int k = 1; term > sum * 1e-20L; k++) {
    term *= z / ((long double)k * (k + n));
    sum += term;
  }
  return n == 1 ? (double)(sum * x / 2) : (double)sum;
}
double i0(double x) { return modified(x, 0); }
double i1(double x) { return modified(x, 1); }
float jn5(float x) { return ixmath::jnf(5, x); }
float jn128(float x) { return ixmath::jnf(128, x); }
double jn5(double x) { return ::jn(5, x); }
double jn128(double x) { return ::jn(128, x); }
double tgamma(double x) { return ::tgamma(x); }
double lgamma(double x) { return ::lgamma(x); }

#define F(name, bound, parity, reference) {{#name "f", 1, bound}, parity, ixmath::name##f, reference, 0, 0}
#define B(name, bound, parity, f, reference, scope) {{name, 1, bound}, parity, f, reference, 0, 0, scope}
#define G(name, bound, parity, f, reference) {{name, 1, bound}, parity, f, reference, 0, 0}
const Function FUNCTIONS[] = {
    F(exp, 1, NONE, ::exp), F(exp2, 2, NONE, ::exp2), F(exp10, 2, NONE, exp10), F(expm1, 1, NONE, ::expm1),
    F(log, 1, NONE, ::log), F(log2, 1, NONE, ::log2), F(log10, 2, NONE, ::log10), F(log1p, 1, NONE, ::log1p),
    F(sin, 2, ODD, ::sin), F(cos, 2, EVEN, ::cos), F(tan, 4, ODD, ::tan),
    G("sincosf (sin)", 2, ODD, sine, ::sin), G("sincosf (cos)", 2, EVEN, cosine, ::cos),
    F(sinpi, 1, ODD, sinpi), F(cospi, 1, EVEN, cospi),
    G("sincospif (sin)", 1, ODD, sinepi, sinpi), G("sincospif (cos)", 1, EVEN, cosinepi, cospi),
    F(asin, 2, ODD, ::asin), F(acos, 2, NONE, ::acos), F(atan, 2, ODD, ::atan),
    F(sinh, 3, ODD, ::sinh), F(cosh, 2, EVEN, ::cosh), F(tanh, 2, ODD, ::tanh),
    F(asinh, 3, ODD, ::asinh), F(acosh, 4, NONE, ::acosh), F(atanh, 3, ODD, ::atanh),
    F(erf, 2, ODD, ::erf), F(erfc, 4, NONE, ::erfc), F(erfcx, 4, NONE, erfcx), F(erfinv, 2, ODD, erfinv),
    F(erfcinv, 4, NONE, erfcinv), F(normcdf, 5, NONE, normcdf), F(normcdfinv, 5, NONE, normcdfinv),
    F(tgamma, 5, NONE, tgamma), {{"lgammaf", 1, 6}, NONE, ixmath::lgammaf, lgamma, -10.001, -2.264},
    B("j0f (below 8)", 9, EVEN, ixmath::j0f, ::j0, BELOW_8), B("j0f (from 8 on: absolute)", 2.2e-6, EVEN, ixmath::j0f, ::j0, FROM_8),
    B("j1f (below 8)", 9, ODD, ixmath::j1f, ::j1, BELOW_8), B("j1f (from 8 on: absolute)", 2.2e-6, ODD, ixmath::j1f, ::j1, FROM_8),
    B("y0f (below 8)", 9, NONE, ixmath::y0f, ::y0, BELOW_8), B("y0f (from 8 on: absolute)", 2.2e-6, NONE, ixmath::y0f, ::y0, FROM_8),
    B("y1f (below 8)", 9, NONE, ixmath::y1f, ::y1, BELOW_8), B("y1f (from 8 on: absolute)", 2.2e-6, NONE, ixmath::y1f, ::y1, FROM_8),
    B("jnf (order 5: absolute)", 2.2e-6, ODD, jn5, jn5, ABSOLUTE), B("jnf (order 128: absolute)", 2.2e-6, EVEN, jn128, jn128, ABSOLUTE),
    G("cyl_bessel_i0f", 6, EVEN, ixmath::cyl_bessel_i0f, i0), G("cyl_bessel_i1f", 6, ODD, ixmath::cyl_bessel_i1f, i1),
    F(cbrt, 1, ODD, ::cbrt), F(rcbrt, 1, ODD, rcbrt), F(rsqrt, 2, NONE, rsqrt), F(sqrt, 0.5, NONE, ::sqrt),
};
const int COUNT = sizeof FUNCTIONS / sizeof FUNCTIONS[0];

const Function2 FUNCTIONS2[] = {
    {{"powf", 2, 4}, ixmath::powf, ::pow, -12, 12, -4, 7},
    {{"atan2f", 2, 3}, ixmath::atan2f, ::atan2, -20, 20, -20, 20},
    {{"hypotf", 2, 3}, ixmath::hypotf, ::hypot, -20, 20, -20, 20},
    {{"rhypotf", 2, 2}, ixmath::rhypotf, rhypot, -20, 20, -20, 20},
    {{"fmodf", 2, 0}, ixmath::fmodf, ::fmod, -20, 30, -20, 5},
    {{"remainderf", 2, 0}, ixmath::remainderf, ::remainder, -20, 30, -20, 5},
    {{"fdimf", 2, 0.5}, ixmath::fdimf, ::fdim, -20, 20, -20, 20},
};
const int COUNT2 = sizeof FUNCTIONS2 / sizeof FUNCTIONS2[0];

// The error of `got` for the exact `want`, or a mark in `wrong`.
inline void compare(float got, double want, double x, double y, Scope scope, Outcome *o) {
  if (std::isnan(want) || std::isnan(got)) {
    if (!(std::isnan(want) && std::isnan(got))) fail(o, x, y, got);
    return;
  }
  // From half an ulp above the largest f32 on, infinity is the nearest.
  if (fabs(want) >= 0x1.ffffffp127) want = copysign(INFINITY, want);
  if (std::isinf(want)) {
    if (got != want) fail(o, x, y, got);
    return;
  }
  double value = got;
  if (std::isinf(got)) value = copysign(0x1p128, got);
  double difference = fabs(value - want);
  if (difference == 0) {
    if (got == 0 && std::signbit(got) != std::signbit(want)) fail(o, x, y, got);
    return;
  }
  if (scope >= FROM_8) {
    record(o, difference, x, y, got);
    return;
  }
  uint64_t b;
  memcpy(&b, &want, 8);
  int e = (int)(b >> 52 & 0x7ff) - 1023;
  if (e < -126) e = -126;
  b = (uint64_t)(1023 + 23 - e) << 52;
  double per_ulp;
  memcpy(&per_ulp, &b, 8);
  double ulps = difference * per_ulp;
  if (ulps > o->ulps) record(o, ulps, x, y, got);
}

inline float float_of(uint32_t b) {
  float f;
  memcpy(&f, &b, 4);
  return f;
}

}  // namespace

extern "C" int ix_math_f32_count() { return COUNT + COUNT2; }
extern "C" Entry ix_math_f32_entry(int i) { return i < COUNT ? FUNCTIONS[i].entry : FUNCTIONS2[i - COUNT].entry; }

// Arguments with the bits first, first + step, ... below end, for a function of one argument.
extern "C" void ix_math_f32_sweep(int index, uint64_t first, uint64_t end, uint64_t step, Outcome *o) {
  const Function &f = FUNCTIONS[index];
  for (uint64_t b = first; b < end; b += step) {
    float x = float_of((uint32_t)b);
    float got = f.f(x);
    o->samples++;
    if (f.parity != NONE && (b >> 31) != 0) {
      // The other half follows by symmetry, to the last bit.
      float mirror = f.f(-x);
      if (f.parity == ODD) mirror = -mirror;
      if (memcmp(&got, &mirror, 4) != 0 && !(std::isnan(got) && std::isnan(mirror))) fail(o, x, 0, got);
      continue;
    }
    if (!in_scope(f.scope, x)) continue;
    if (x > f.exempt_low && x < f.exempt_high) continue;
    compare(got, f.reference(x), x, 0, f.scope, o);
  }
}

// All pairs of special values, then `count` random pairs, for a function of two.
extern "C" void ix_math_f32_pairs(int index, uint64_t seed, uint64_t count, Outcome *o) {
  const Function2 &f = FUNCTIONS2[index - COUNT];
  for (int i = 0; i < SPECIALS; i++) {
    for (int j = 0; j < SPECIALS; j++) {
      float x = (float)SPECIAL[i], y = (float)SPECIAL[j];
      compare(f.f(x, y), f.reference(x, y), x, y, ALL, o);
    }
  }
  Random random = {seed};
  for (uint64_t i = 0; i < count; i++) {
    float x, y;
    if (i % 4 == 0) {
      x = float_of((uint32_t)random.next()), y = float_of((uint32_t)random.next());
    } else {
      x = (float)random.with_exponent(f.x_low, f.x_high), y = (float)random.with_exponent(f.y_low, f.y_high);
      if (i % 8 == 1) y = rintf(y);
      if (i % 8 == 2) x = fabsf(x);
    }
    compare(f.f(x, y), f.reference(x, y), x, y, ALL, o);
  }
  o->samples = (uint64_t)SPECIALS * SPECIALS + count;
}

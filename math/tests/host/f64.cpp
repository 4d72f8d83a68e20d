// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The f64 functions against MPFR.

#include <mpfr.h>

#include "check.h"
#include "ixmath.h"

namespace {

const int PRECISION = 200;

typedef int (*Mpfr1)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
typedef int (*Mpfr2)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);

struct Function {
  Entry entry;
  double (*f)(double);
  Mpfr1 reference;
  // Where most of the samples come from.
  double low, high;
  double exempt_low, exempt_high;
  Scope scope = ALL;
};

struct Function2 {
  Entry entry;
  double (*f)(double, double);
  Mpfr2 reference;
  int x_low, x_high, y_low, y_high;
};

int rcbrt(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  mpfr_cbrt(y, x, r);
  return mpfr_ui_div(y, 1, y, r);
}
int rsqrt(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  mpfr_rec_sqrt(y, x, r);
  if (mpfr_zero_p(x)) mpfr_setsign(y, y, mpfr_signbit(x), r);
  return 0;
}
int rhypot(mpfr_ptr z, mpfr_srcptr x, mpfr_srcptr y, mpfr_rnd_t r) {
  mpfr_hypot(z, x, y, r);
  return mpfr_ui_div(z, 1, z, r);
}
int sinpi(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) { return mpfr_sinpi(y, x, r); }
int cospi(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) { return mpfr_cospi(y, x, r); }
int square_root(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) { return mpfr_sqrt(y, x, r); }

int erfcx(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  if (!mpfr_number_p(x)) return mpfr_set_d(y, mpfr_nan_p(x) ? NAN : mpfr_sgn(x) > 0 ? 0 : INFINITY, r);
  mpfr_t z, e;
  mpfr_inits2(2 * PRECISION, z, e, (mpfr_ptr)0);
  if (mpfr_cmp_d(x, 1e4) > 0) {
    // The asymptotic series 1 - 1/(2x^2) (1 - 3/(2x^2) (1 - 5/(2x^2) ...)): 20 terms give 500 bits.
    mpfr_sqr(z, x, r);
    mpfr_mul_2ui(z, z, 1, r);
    mpfr_set_ui(e, 1, r);
    for (unsigned n = 20; n > 0; n--) {
      mpfr_mul_ui(e, e, 2 * n - 1, r);
      mpfr_div(e, e, z, r);
      mpfr_ui_sub(e, 1, e, r);
    }
    mpfr_const_pi(z, r);
    mpfr_sqrt(z, z, r);
    mpfr_mul(z, z, x, r);
    mpfr_ui_div(z, 1, z, r);
  } else {
    mpfr_sqr(z, x, r);
    mpfr_exp(z, z, r);
    mpfr_erfc(e, x, r);
  }
  mpfr_mul(y, z, e, r);
  mpfr_clears(z, e, (mpfr_ptr)0);
  return 0;
}
int normcdf(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  mpfr_t z;
  mpfr_init2(z, 2 * PRECISION);
  mpfr_set_d(z, 0.5, r);
  mpfr_sqrt(z, z, r);
  mpfr_mul(z, z, x, r);
  mpfr_neg(z, z, r);
  mpfr_erfc(y, z, r);
  mpfr_clear(z);
  return mpfr_div_2ui(y, y, 1, r);
}

// Newton for erfc(y) = q from the result under test: three steps double its bits to 300 and more.
void invert(mpfr_ptr y, mpfr_srcptr q, double start) {
  mpfr_rnd_t r = MPFR_RNDN;
  mpfr_t e, d;
  mpfr_inits2(2 * PRECISION, e, d, (mpfr_ptr)0);
  mpfr_set_d(y, start, r);
  for (int i = 0; i < 3; i++) {
    mpfr_erfc(e, y, r);
    mpfr_sub(e, e, q, r);
    mpfr_sqr(d, y, r);
    mpfr_exp(d, d, r);
    mpfr_mul(e, e, d, r);
    mpfr_const_pi(d, r);
    mpfr_sqrt(d, d, r);
    mpfr_mul(e, e, d, r);
    mpfr_div_2ui(e, e, 1, r);
    mpfr_add(y, y, e, r);
  }
  mpfr_clears(e, d, (mpfr_ptr)0);
}
int inverse(mpfr_ptr y, double x, double q_factor, bool complement, double start, double edge_low, double edge_high) {
  double low = complement ? 0 : -1, high = (complement ? 2 : 1) / q_factor;
  if (!(x > low && x < high)) return mpfr_set_d(y, x == low ? edge_low : x == high ? edge_high : NAN, MPFR_RNDN);
  mpfr_t q, t;
  mpfr_inits2(1400, q, t, (mpfr_ptr)0);
  mpfr_set_d(q, x, MPFR_RNDN);
  mpfr_mul_d(q, q, q_factor, MPFR_RNDN);
  if (!complement) mpfr_ui_sub(q, 1, q, MPFR_RNDN);
  mpfr_set_prec(t, 2 * PRECISION);
  invert(t, q, start);
  mpfr_set(y, t, MPFR_RNDN);
  mpfr_clears(q, t, (mpfr_ptr)0);
  return 0;
}
int erfinv(mpfr_ptr y, mpfr_srcptr a, mpfr_rnd_t) {
  double x = mpfr_get_d(a, MPFR_RNDN);
  if (fabs(x) < 1e-30) {
    // sqrt(pi)/2 x: the next term is x^2 smaller.
    mpfr_const_pi(y, MPFR_RNDN);
    mpfr_sqrt(y, y, MPFR_RNDN);
    mpfr_mul(y, y, a, MPFR_RNDN);
    return mpfr_div_2ui(y, y, 1, MPFR_RNDN);
  }
  return inverse(y, x, 1, false, ixmath::erfinv(x), -INFINITY, INFINITY);
}
int erfcinv(mpfr_ptr y, mpfr_srcptr a, mpfr_rnd_t) {
  double x = mpfr_get_d(a, MPFR_RNDN);
  return x == 1 ? mpfr_set_d(y, 0, MPFR_RNDN) : inverse(y, x, 1, true, ixmath::erfcinv(x), INFINITY, -INFINITY);
}
int normcdfinv(mpfr_ptr y, mpfr_srcptr a, mpfr_rnd_t r) {
  double x = mpfr_get_d(a, MPFR_RNDN);
  if (x == 0.5) return mpfr_set_d(y, 0, r);
  mpfr_t s;
  mpfr_init2(s, PRECISION);
  mpfr_set_ui(s, 2, r);
  mpfr_sqrt(s, s, r);
  inverse(y, x, 2, true, ixmath::erfcinv(2 * x), INFINITY, -INFINITY);
  mpfr_mul(y, y, s, r);
  mpfr_clear(s);
  return mpfr_neg(y, y, r);
}
// J of odd order is odd at its ends too.
int j1(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  mpfr_j1(y, x, r);
  return mpfr_inf_p(x) ? mpfr_setsign(y, y, mpfr_signbit(x), r) : 0;
}
int jn5(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  mpfr_jn(y, 5, x, r);
  return mpfr_inf_p(x) || mpfr_zero_p(x) ? mpfr_setsign(y, y, mpfr_signbit(x), r) : 0;
}
int jn128(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) { return mpfr_jn(y, 128, x, r); }
int yn5(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) { return mpfr_yn(y, 5, x, r); }
double jn5(double x) { return ixmath::jn(5, x); }
double jn128(double x) { return ixmath::jn(128, x); }
double yn5(double x) { return ixmath::yn(5, x); }
// Modified Bessel functions: their power series, all of whose terms are positive.
int modified(mpfr_ptr y, mpfr_srcptr x, unsigned n) {
  mpfr_rnd_t r = MPFR_RNDN;
  if (!mpfr_number_p(x)) return mpfr_abs(y, x, r), (n == 1 && !mpfr_nan_p(x) ? mpfr_setsign(y, y, mpfr_signbit(x), r) : 0);
  if (mpfr_cmpabs_ui(x, 800) > 0) return mpfr_set_d(y, n == 1 && mpfr_signbit(x) ? -INFINITY : INFINITY, r);
  mpfr_t z, t;
  mpfr_inits2(PRECISION, z, t, (mpfr_ptr)0);
  mpfr_sqr(z, x, r);
  mpfr_div_2ui(z, z, 2, r);
  mpfr_set_ui(t, 1, r);
  mpfr_set_ui(y, 1, r);
  for (unsigned k = 1; k < 2000; k++) {
    mpfr_mul(t, t, z, r);
    mpfr_div_ui(t, t, k * (k + n), r);
    mpfr_add(y, y, t, r);
  }
  if (n == 1) mpfr_mul(y, y, x, r), mpfr_div_2ui(y, y, 1, r);
  mpfr_clears(z, t, (mpfr_ptr)0);
  return 0;
}
int i0(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t) { return modified(y, x, 0); }
int i1(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t) { return modified(y, x, 1); }
int lgamma(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t r) {
  int sign;
  return mpfr_lgamma(y, &sign, x, r);
}

double sine(double x) { double s, c; ixmath::sincos(x, &s, &c); return s; }
double cosine(double x) { double s, c; ixmath::sincos(x, &s, &c); return c; }
double sinepi(double x) { double s, c; ixmath::sincospi(x, &s, &c); return s; }
double cosinepi(double x) { double s, c; ixmath::sincospi(x, &s, &c); return c; }

#define F(name, bound, low, high) {{#name, 1, bound}, ixmath::name, mpfr_##name, low, high, 0, 0}
#define B(name, bound, f, reference, low, high, scope) {{name, 1, bound}, f, reference, low, high, 0, 0, scope}
#define G(name, bound, f, reference, low, high) {{name, 1, bound}, f, reference, low, high, 0, 0}
const Function FUNCTIONS[] = {
    F(exp, 1, -750, 712), F(exp2, 1, -1080, 1030), F(exp10, 1, -326, 310), F(expm1, 1, -40, 20),
    F(log, 1, 0, 2), F(log2, 1, 0, 2), F(log10, 1, 0, 2), F(log1p, 1, -1, 2),
    F(sin, 2, -100, 100), F(cos, 2, -100, 100), F(tan, 2, -100, 100),
    G("sincos (sin)", 2, sine, mpfr_sin, -100, 100), G("sincos (cos)", 2, cosine, mpfr_cos, -100, 100),
    G("sinpi", 2, ixmath::sinpi, sinpi, -100, 100), G("cospi", 2, ixmath::cospi, cospi, -100, 100),
    G("sincospi (sin)", 2, sinepi, sinpi, -100, 100), G("sincospi (cos)", 2, cosinepi, cospi, -100, 100),
    F(asin, 2, -1, 1), F(acos, 2, -1, 1), F(atan, 2, -8, 8),
    F(sinh, 2, -40, 40), F(cosh, 1, -40, 40), F(tanh, 1, -5, 5),
    F(asinh, 2, -5, 5), F(acosh, 2, 1, 5), F(atanh, 2, -1, 1),
    F(erf, 2, -3, 3), F(erfc, 5, -3, 28), G("erfcx", 4, ixmath::erfcx, erfcx, -27, 30),
    G("erfinv", 5, ixmath::erfinv, erfinv, -1, 1), G("erfcinv", 6, ixmath::erfcinv, erfcinv, 0, 2),
    G("normcdf", 5, ixmath::normcdf, normcdf, -39, 9), G("normcdfinv", 8, ixmath::normcdfinv, normcdfinv, 0, 1),
    G("tgamma", 10, ixmath::tgamma, mpfr_gamma, -184, 172),
    {{"lgamma", 1, 4}, ixmath::lgamma, lgamma, -4, 12, -23.0001, -2.2637},
    B("j0 (below 8)", 7, ixmath::j0, mpfr_j0, -8, 8, BELOW_8), B("j0 (from 8 on: absolute)", 5e-12, ixmath::j0, mpfr_j0, 8, 100, FROM_8),
    B("j1 (below 8)", 7, ixmath::j1, j1, -8, 8, BELOW_8), B("j1 (from 8 on: absolute)", 5e-12, ixmath::j1, j1, 8, 100, FROM_8),
    B("y0 (below 8)", 7, ixmath::y0, mpfr_y0, 0, 8, BELOW_8), B("y0 (from 8 on: absolute)", 5e-12, ixmath::y0, mpfr_y0, 8, 100, FROM_8),
    B("y1 (below 8)", 7, ixmath::y1, mpfr_y1, 0, 8, BELOW_8), B("y1 (from 8 on: absolute)", 5e-12, ixmath::y1, mpfr_y1, 8, 100, FROM_8),
    B("jn (order 5: absolute)", 5e-12, jn5, jn5, -20, 20, ABSOLUTE), B("jn (order 128: absolute)", 5e-12, jn128, jn128, 0, 400, ABSOLUTE),
    B("yn (order 5 from 8 on: absolute)", 5e-12, yn5, yn5, 8, 100, FROM_8),
    G("cyl_bessel_i0", 6, ixmath::cyl_bessel_i0, i0, -40, 40), G("cyl_bessel_i1", 6, ixmath::cyl_bessel_i1, i1, -40, 40),
    F(cbrt, 1, -10, 10), G("rcbrt", 1, ixmath::rcbrt, rcbrt, -10, 10),
    G("rsqrt", 1, ixmath::rsqrt, rsqrt, 0, 10), G("sqrt", 0.5, ixmath::sqrt, square_root, 0, 10),
};
const int COUNT = sizeof FUNCTIONS / sizeof FUNCTIONS[0];

const Function2 FUNCTIONS2[] = {
    {{"pow", 2, 2}, ixmath::pow, mpfr_pow, -8, 8, -6, 9},
    {{"atan2", 2, 2}, ixmath::atan2, mpfr_atan2, -30, 30, -30, 30},
    {{"hypot", 2, 2}, ixmath::hypot, mpfr_hypot, -30, 30, -30, 30},
    {{"rhypot", 2, 1}, ixmath::rhypot, rhypot, -30, 30, -30, 30},
    {{"fmod", 2, 0}, ixmath::fmod, mpfr_fmod, -30, 60, -30, 5},
    {{"remainder", 2, 0}, ixmath::remainder, mpfr_remainder, -30, 60, -30, 5},
    {{"fdim", 2, 0.5}, ixmath::fdim, mpfr_dim, -30, 30, -30, 30},
};
const int COUNT2 = sizeof FUNCTIONS2 / sizeof FUNCTIONS2[0];

// The error of `got` for the exact `want`, or a mark in `wrong`.
void compare(double got, mpfr_ptr want, double x, double y, Scope scope, Outcome *o) {
  o->samples++;
  if (mpfr_nan_p(want) || std::isnan(got)) {
    if (!(mpfr_nan_p(want) && std::isnan(got))) fail(o, x, y, got);
    return;
  }
  double rounded = mpfr_get_d(want, MPFR_RNDN);
  if (std::isinf(rounded)) {
    if (got != rounded) fail(o, x, y, got);
    return;
  }
  if (mpfr_zero_p(want)) {
    if (got == 0) {
      if (std::signbit(got) != (mpfr_signbit(want) != 0)) fail(o, x, y, got);
      return;
    }
    // A true 0 has no ulp of its own; the smallest serves.
  }
  // Units of 1 for absolute errors.
  int e = scope >= FROM_8 ? 52 : mpfr_zero_p(want) ? -1022 : (int)mpfr_get_exp(want) - 1;
  if (scope < FROM_8 && (e < -1022 || mpfr_get_exp(want) < -2000)) e = -1022;
  mpfr_t difference;
  mpfr_init2(difference, PRECISION);
  if (std::isinf(got)) {
    mpfr_set_d(difference, copysign(1.0, got), MPFR_RNDN);
    mpfr_mul_2si(difference, difference, 1024, MPFR_RNDN);
  } else {
    mpfr_set_d(difference, got, MPFR_RNDN);
  }
  mpfr_sub(difference, difference, want, MPFR_RNDN);
  mpfr_mul_2si(difference, difference, 52 - e, MPFR_RNDN);
  record(o, fabs(mpfr_get_d(difference, MPFR_RNDN)), x, y, got);
  mpfr_clear(difference);
}

}  // namespace

extern "C" int ix_math_f64_count() { return COUNT + COUNT2; }
extern "C" Entry ix_math_f64_entry(int i) { return i < COUNT ? FUNCTIONS[i].entry : FUNCTIONS2[i - COUNT].entry; }

// Special values, then `count` random arguments.
extern "C" void ix_math_f64_check(int index, uint64_t seed, uint64_t count, Outcome *o) {
  Random random = {seed};
  mpfr_t a, b, want;
  mpfr_inits2(PRECISION, want, (mpfr_ptr)0);
  mpfr_inits2(53, a, b, (mpfr_ptr)0);
  if (index < COUNT) {
    const Function &f = FUNCTIONS[index];
    for (uint64_t i = 0; i < SPECIALS + count; i++) {
      double x;
      if (i < (uint64_t)SPECIALS) {
        x = SPECIAL[i];
      } else if (i % 4 == 0) {
        x = random.any();
      } else if (i % 4 == 1) {
        x = random.with_exponent(-30, 12);
      } else {
        x = random.between(f.low, f.high);
      }
      if (!in_scope(f.scope, x)) continue;
      if (x > f.exempt_low && x < f.exempt_high) continue;
      mpfr_set_d(a, x, MPFR_RNDN);
      f.reference(want, a, MPFR_RNDN);
      compare(f.f(x), want, x, 0, f.scope, o);
    }
  } else {
    const Function2 &f = FUNCTIONS2[index - COUNT];
    for (uint64_t i = 0; i < (uint64_t)SPECIALS * SPECIALS + count; i++) {
      double x, y;
      if (i < (uint64_t)SPECIALS * SPECIALS) {
        x = SPECIAL[i / SPECIALS], y = SPECIAL[i % SPECIALS];
      } else if (i % 4 == 0) {
        x = random.any(), y = random.any();
      } else {
        x = random.with_exponent(f.x_low, f.x_high), y = random.with_exponent(f.y_low, f.y_high);
        if (i % 8 == 1) y = rint(y);
        if (i % 8 == 2) x = fabs(x);
      }
      mpfr_set_d(a, x, MPFR_RNDN);
      mpfr_set_d(b, y, MPFR_RNDN);
      f.reference(want, a, b, MPFR_RNDN);
      compare(f.f(x, y), want, x, y, ALL, o);
    }
  }
  mpfr_clears(a, b, want, (mpfr_ptr)0);
}

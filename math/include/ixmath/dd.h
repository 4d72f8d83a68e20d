// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Double-double arithmetic. A `dd` is the unevaluated sum of two doubles of which the first is the
// sum rounded: some 106 bits. The sums are those of Knuth and Dekker; products get their rounding
// error from one fma. Relative errors are a few 2^-104, except where a comment says otherwise.
#pragma once

#include "base.h"

namespace ixmath {

struct dd {
  double hi, lo;
};

// a + b exactly.
IXMATH_FN dd two_sum(double a, double b) {
  double s = a + b;
  double t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}

// a + b exactly, where |a| >= |b| or a is 0.
IXMATH_FN dd fast_sum(double a, double b) {
  double s = a + b;
  return {s, b - (s - a)};
}

// a * b exactly, unless it underflows.
IXMATH_FN dd two_product(double a, double b) {
  double p = mul(a, b);
  return {p, fma(a, b, -p)};
}

IXMATH_FN dd negate(dd a) { return {-a.hi, -a.lo}; }

IXMATH_FN dd add(dd a, double b) {
  dd s = two_sum(a.hi, b);
  return fast_sum(s.hi, s.lo + a.lo);
}

IXMATH_FN dd add(dd a, dd b) {
  dd s = two_sum(a.hi, b.hi);
  dd t = two_sum(a.lo, b.lo);
  s = fast_sum(s.hi, s.lo + t.hi);
  return fast_sum(s.hi, s.lo + t.lo);
}

IXMATH_FN dd multiply(dd a, double b) {
  dd p = two_product(a.hi, b);
  return fast_sum(p.hi, fma(a.lo, b, p.lo));
}

IXMATH_FN dd multiply(dd a, dd b) {
  dd p = two_product(a.hi, b.hi);
  return fast_sum(p.hi, p.lo + fma(a.hi, b.lo, mul(a.lo, b.hi)));
}

IXMATH_FN dd divide(dd a, dd b) {
  double q = a.hi / b.hi;
  // The remainder of the first quotient is exact but for the products with low parts.
  double r = fma(-q, b.hi, a.hi) + fma(-q, b.lo, a.lo);
  return fast_sum(q, r / b.hi);
}

IXMATH_FN dd square_root(dd a) {
  if (a.hi == 0) return {0, 0};
  double s = sqrt(a.hi);
  double r = fma(-s, s, a.hi) + a.lo;
  return fast_sum(s, r / (s + s));
}

// Times a power of two that leaves both parts normal or zero.
IXMATH_FN dd times_power(dd a, double power) { return {mul(a.hi, power), mul(a.lo, power)}; }

}  // namespace ixmath

// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Bessel functions of the first and second kind, J and Y, of integer order, and the modified I0 and
// I1. Below 8, J and Y of orders 0 and 1 are pieces of polynomials, around a zero where the piece
// has one, so that they are relatively accurate there; from 8 on they are
// sqrt(2 / (pi x)) (P cos(phase) - Q sin(phase)) and the like, accurate relative to the amplitude.
// Higher orders follow by recurrence in the direction that is stable.
#pragma once

#include "coefficients/bessel.h"
#include "exp.h"
#include "gamma.h"
#include "log.h"
#include "trig.h"

namespace ixmath {

// The polynomial of the piece that x, 0 <= x < 8, falls into. A row is the piece's end, its centre
// as a sum of two, and N coefficients.
template <int N>
IXMATH_FN double bessel_piece(const double (*row)[N + 3], double x) {
  while (x >= (*row)[0]) row++;
  const double *c = *row + 3;
  double u = (x - (*row)[1]) - (*row)[2];
  double p = c[N - 1];
  for (int i = N - 2; i >= 1; i--) p = fma(p, u, c[i]);
  return fma(p, u, c[0]);
}

// cos x + sin x and sin x - cos x, over sqrt(pi x).
struct bessel_phase {
  double sum, difference;
};

IXMATH_FN bessel_phase phase_of(double x) {
  double s, c;
  sincos(x, &s, &c);
  double amplitude = INV_SQRT_PI / sqrt(x);
  return {mul(c + s, amplitude), mul(s - c, amplitude)};
}

IXMATH_FN double j0(double x) {
  x = fabs(x);
  if (is_nan(x)) return x;
  if (x < 8) return bessel_piece<15>(J0_PIECES, x);
  if (is_infinite(x)) return 0;
  bessel_phase a = phase_of(x);
  double r = 1 / x, w = mul(r, r);
  return fma(bessel_p0(w), a.sum, -mul(mul(bessel_q0(w), r), a.difference));
}

IXMATH_FN double j1(double x) {
  double b = fabs(x), y;
  if (is_nan(x)) return x;
  if (b < 8) {
    y = bessel_piece<15>(J1_PIECES, b);
  } else if (is_infinite(x)) {
    y = 0;
  } else {
    bessel_phase a = phase_of(b);
    double r = 1 / b, w = mul(r, r);
    y = fma(bessel_p1(w), a.difference, mul(mul(bessel_q1(w), r), a.sum));
  }
  return is_negative(x) ? -y : y;
}

// What y0, y1 and yn have in common: true, and the answer in y, unless x is positive and finite.
IXMATH_FN bool bessel_y_special(double x, double &y) {
  if (x > 0 && x < infinity()) return false;
  y = x == 0 ? -infinity() : x > 0 ? 0 : quiet_nan();
  return true;
}

IXMATH_FN double y0(double x) {
  double y;
  if (bessel_y_special(x, y)) return y;
  if (x < 0.5) return fma(mul(TWO_OVER_PI, log(x)), j0(x), y0_regular(mul(x, x)));
  if (x < 8) return bessel_piece<18>(Y0_PIECES, x);
  bessel_phase a = phase_of(x);
  double r = 1 / x, w = mul(r, r);
  return fma(bessel_p0(w), a.difference, mul(mul(bessel_q0(w), r), a.sum));
}

IXMATH_FN double y1(double x) {
  double y;
  if (bessel_y_special(x, y)) return y;
  if (x < 0x1p-60) return -(TWO_OVER_PI / x);
  if (x < 0.5) {
    double regular = fma(mul(TWO_OVER_PI, log(x)), j1(x), mul(x, y1_regular(mul(x, x))));
    return regular - TWO_OVER_PI / x;
  }
  if (x < 8) return bessel_piece<18>(Y1_PIECES, x);
  bessel_phase a = phase_of(x);
  double r = 1 / x, w = mul(r, r);
  return fma(mul(bessel_q1(w), r), a.difference, -mul(bessel_p1(w), a.sum));
}

// J of order n >= 0; NaN for other orders.
IXMATH_FN double jn(int n, double x) {
  if (n < 0) return quiet_nan();
  if (n == 0) return j0(x);
  if (n == 1) return j1(x);
  double b = fabs(x);
  if (is_nan(x)) return x;
  if (b == 0 || is_infinite(x)) return (n & 1) != 0 ? copysign(0.0, x) : 0;
  double y;
  if (b > n) {
    // Upward from orders 0 and 1, stable while the order is below x.
    double before = j0(b);
    y = j1(b);
    double two_over_x = 2 / b;
    for (int k = 1; k < n; k++) {
      double next = fma(mul((double)k, two_over_x), y, -before);
      before = y;
      y = next;
    }
  } else if (b < 0x1p-20) {
    // The first term of the series, (x/2)^n / n!.
    y = exp(fma((double)n, log(mul(b, 0.5)), -lgamma((double)n + 1)));
  } else {
    // Downward from an order so high that its value does not matter (Miller), scaled in the end by
    // 1 = J0 + 2 (J2 + J4 + ...).
    int start = 2 * ((n + (int)sqrt(mul(60.0, (double)n + 10)) + 12) / 2);
    double two_over_x = 2 / b, after = 0, current = 1e-300, sum = 0, wanted = 0;
    for (int k = start; k > 0; k--) {
      double previous = fma(mul((double)k, two_over_x), current, -after);
      after = current;
      current = previous;
      if (k - 1 == n) wanted = current;
      if ((k - 1) % 2 == 0 && k > 1) sum += current + current;
      if (fabs(current) > 1e200) {
        current = mul(current, 1e-250);
        after = mul(after, 1e-250);
        sum = mul(sum, 1e-250);
        wanted = mul(wanted, 1e-250);
      }
    }
    y = wanted / (sum + current);
  }
  return is_negative(x) && (n & 1) != 0 ? -y : y;
}

// Y of order n >= 0, upward, which is stable for Y; NaN for other orders.
IXMATH_FN double yn(int n, double x) {
  double y;
  if (n < 0) return quiet_nan();
  if (n == 0) return y0(x);
  if (n == 1) return y1(x);
  if (bessel_y_special(x, y)) return y;
  double before = y0(x), two_over_x = 2 / x;
  y = y1(x);
  for (int k = 1; k < n && y > -infinity(); k++) {
    double next = fma(mul((double)k, two_over_x), y, -before);
    before = y;
    y = next;
  }
  return y;
}

// e^x / sqrt(x) times a piece's polynomial in 1/x, for x >= 8.
IXMATH_FN double bessel_i_high(const double (*pieces)[10], double x) {
  if (x > 720) return infinity();
  double t = 1 / x;
  int j = (int)mul(t, 64.0);
  j = j > 7 ? 7 : j;
  const double *c = pieces[j];
  double u = t - fma((double)j, 0.015625, 0.0078125);
  double p = c[9];
  for (int i = 8; i >= 0; i--) p = fma(p, u, c[i]);
  exponential e = exp_dd({x, 0});
  return scale(mul(e.hi + e.lo, p / sqrt(x)), e.k);
}

IXMATH_FN double cyl_bessel_i0(double x) {
  double a = fabs(x);
  if (is_nan(x)) return x;
  return a < 8 ? bessel_i0_low(mul(a, a)) : bessel_i_high(I0_PIECES, a);
}

IXMATH_FN double cyl_bessel_i1(double x) {
  double a = fabs(x);
  if (is_nan(x)) return x;
  return copysign(a < 8 ? mul(a, bessel_i1_low(mul(a, a))) : bessel_i_high(I1_PIECES, a), x);
}

// f64 has more than f32 needs.
IXMATH_FN float j0f(float x) { return (float)j0((double)x); }
IXMATH_FN float j1f(float x) { return (float)j1((double)x); }
IXMATH_FN float jnf(int n, float x) { return (float)jn(n, (double)x); }
IXMATH_FN float y0f(float x) { return (float)y0((double)x); }
IXMATH_FN float y1f(float x) { return (float)y1((double)x); }
IXMATH_FN float ynf(int n, float x) { return (float)yn(n, (double)x); }
IXMATH_FN float cyl_bessel_i0f(float x) { return (float)cyl_bessel_i0((double)x); }
IXMATH_FN float cyl_bessel_i1f(float x) { return (float)cyl_bessel_i1((double)x); }

}  // namespace ixmath

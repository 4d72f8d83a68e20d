// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Trigonometric functions. An argument x is n pi/2 + r with |r| <= pi/4; of n only the two lowest
// bits, the quadrant, matter. r is a dd: where x is near a multiple of pi/2 most of x cancels, by
// up to 62 bits. Up to 2^20 n pi/2 is subtracted with pi/2 in three doubles (Cody and Waite);
// beyond, x is multiplied by those bits of 2/pi that its exponent leaves in play (Payne and Hanek).
#pragma once

#include "coefficients/trig.h"
#include "dd.h"

namespace ixmath {

struct reduced_angle {
  dd r;
  int quadrant;
};

IXMATH_FN reduced_angle reduce_moderate(double x) {
  double n = rint(mul(x, TWO_OVER_PI));
  // Exact: a difference below 1 of multiples of 2^-53 or more.
  double a = fma(-n, HALF_PI_0, x);
  dd p = two_product(-n, HALF_PI_1);
  dd r = two_sum(a, p.hi);
  r = fast_sum(r.hi, r.lo + fma(-n, HALF_PI_2, p.lo));
  return {r, (int)n & 3};
}

// For finite |x| >= 2^20.
IXMATH_FN reduced_angle reduce_large(double x) {
  u64 b = bits(x);
  u64 m = (b & 0x000fffffffffffffull) | 0x0010000000000000ull;
  // |x| = m 2^q, q >= -32. Bits of 2/pi of weight 2^(2-q) and more contribute multiples of 4 to the
  // product: 192 bits from the one of weight 2^(1-q) on are enough. 62 of them may cancel, and 53
  // are spoilt by what follows them.
  int q = (int)(b >> 52 & 0x7ff) - 1075;
  int first = q + 62;
  const u64 *word = &TWO_OVER_PI_BITS[first >> 6];
  int shift = first & 63;
  u64 w2 = word[0], w1 = word[1], w0 = word[2];
  if (shift != 0) {
    w2 = w2 << shift | w1 >> (64 - shift);
    w1 = w1 << shift | w0 >> (64 - shift);
    w0 = w0 << shift | word[3] >> (64 - shift);
  }
  // The product modulo 2^192: two bits before the binary point, the quadrant, and 190 after it.
  u64 p0 = m * w0;
  u64 t = m * w1;
  u64 p1 = t + multiply_high(m, w0);
  u64 p2 = m * w2 + multiply_high(m, w1) + (p1 < t ? 1 : 0);
  int quadrant = (int)(p2 >> 62);
  p2 = p2 << 2 | p1 >> 62;
  p1 = p1 << 2 | p0 >> 62;
  p0 = p0 << 2;
  // To the nearest quadrant: a fraction of half or more is a negative one of the next.
  bool negative = (p2 >> 63) != 0;
  if (negative) {
    quadrant += 1;
    p0 = ~p0 + 1;
    p1 = ~p1 + (p0 == 0 ? 1 : 0);
    p2 = ~p2 + (p0 == 0 && p1 == 0 ? 1 : 0);
  }
  int zeros = p2 == 0 ? 63 : leading_zeros(p2);
  if (zeros != 0) {
    p2 = p2 << zeros | p1 >> (64 - zeros);
    p1 = p1 << zeros | p0 >> (64 - zeros);
  }
  double unit = power_of_two(-zeros);
  dd f = fast_sum(mul((double)(p2 >> 11), mul(unit, 0x1p-53)),
                  mul((double)(p2 << 53 | p1 >> 11), mul(unit, 0x1p-117)));
  dd r = multiply(f, dd{HALF_PI_0, HALF_PI_1});
  if (negative != is_negative(x)) r = negate(r);
  if (is_negative(x)) quadrant = -quadrant;
  return {r, quadrant & 3};
}

IXMATH_FN reduced_angle reduce_angle(double x) {
  return fabs(x) < 0x1p20 ? reduce_moderate(x) : reduce_large(x);
}

// x pi as an angle: x modulo 2 in steps of 1/2, without error.
IXMATH_FN reduced_angle reduce_half_turns(double x) {
  // From 2^53 on x is even, and n below would not be an int.
  if (fabs(x) >= 0x1p53) return {{0, 0}, 0};
  double n = rint(x + x);
  return {multiply({PI_0, PI_1}, fma(n, -0.5, x)), (int)((i64)n & 3)};
}

// sin and cos of r, |r| <= pi/4, as unnormalised dd; relative errors some 2^-56.
IXMATH_FN dd sin_reduced(dd r) {
  double z = mul(r.hi, r.hi);
  // sin(r + d) = sin r + d cos r.
  double low = fma(mul(r.hi, z), sin_tail(z), fma(mul(z, -0.5), r.lo, r.lo));
  return {r.hi, low};
}

IXMATH_FN dd cos_reduced(dd r) {
  dd z = two_product(r.hi, r.hi);
  dd s = fast_sum(1.0, mul(z.hi, -0.5));
  // cos(r + d) = cos r - d sin r.
  double low = fma(mul(z.hi, z.hi), cos_tail(z.hi), fma(-r.hi, r.lo, mul(z.lo, -0.5)));
  return {s.hi, s.lo + low};
}

// sin(r + quadrant pi/2).
IXMATH_FN double sin_of(reduced_angle a) {
  dd v = (a.quadrant & 1) != 0 ? cos_reduced(a.r) : sin_reduced(a.r);
  double y = v.hi + v.lo;
  return (a.quadrant & 2) != 0 ? -y : y;
}

IXMATH_FN double cos_of(reduced_angle a) { return sin_of({a.r, a.quadrant + 1}); }

IXMATH_FN double sin(double x) {
  if (!is_finite(x)) return x - x;
  if (fabs(x) < 0x1p-27) return x;
  return sin_of(reduce_angle(x));
}

IXMATH_FN double cos(double x) {
  if (!is_finite(x)) return x - x;
  return cos_of(reduce_angle(x));
}

IXMATH_FN void sincos(double x, double *s, double *c) {
  if (!is_finite(x)) {
    *s = *c = x - x;
    return;
  }
  reduced_angle a = reduce_angle(x);
  *s = fabs(x) < 0x1p-27 ? x : sin_of(a);
  *c = cos_of(a);
}

IXMATH_FN double tan(double x) {
  if (!is_finite(x)) return x - x;
  if (fabs(x) < 0x1p-27) return x;
  reduced_angle a = reduce_angle(x);
  dd s = sin_reduced(a.r), c = cos_reduced(a.r);
  s = fast_sum(s.hi, s.lo);
  c = fast_sum(c.hi, c.lo);
  return (a.quadrant & 1) != 0 ? -divide(c, s).hi : divide(s, c).hi;
}

// x pi for small x, subnormal ones too.
IXMATH_FN double tiny_times_pi(double x) {
  return scale(multiply({PI_0, PI_1}, mul(x, 0x1p200)).hi, -200);
}

// A multiple of pi has no sign of its own: sinpi(n) is zero with the sign of n.
IXMATH_FN double sinpi(double x) {
  if (!is_finite(x)) return x - x;
  if (trunc(x) == x) return copysign(0.0, x);
  if (fabs(x) < 0x1p-30) return tiny_times_pi(x);
  return sin_of(reduce_half_turns(x));
}

IXMATH_FN double cospi(double x) {
  if (!is_finite(x)) return x - x;
  reduced_angle a = reduce_half_turns(x);
  if ((a.quadrant & 1) != 0 && a.r.hi == 0) return 0;
  return cos_of(a);
}

IXMATH_FN void sincospi(double x, double *s, double *c) {
  *s = sinpi(x);
  *c = cospi(x);
}

// In f64 for f32: relative error below 2^-36, and no cancellation to care for, as no f32 is
// nearer to a multiple of pi/2 than 2^-30 of it.

IXMATH_FN double sin_short_of(double r, int quadrant) {
  double z = mul(r, r), y;
  if ((quadrant & 1) != 0) {
    y = fma(mul(z, z), cos_short(z), fma(z, -0.5, 1));
  } else {
    y = fma(mul(r, z), sin_short(z), r);
  }
  return (quadrant & 2) != 0 ? -y : y;
}

struct short_angle {
  double r;
  int quadrant;
};

IXMATH_FN short_angle reduce_short(float x) {
  if (fabsf(x) >= 0x1p20f) {
    reduced_angle a = reduce_large(x);
    return {a.r.hi, a.quadrant};
  }
  double n = rint(mul((double)x, TWO_OVER_PI));
  return {fma(-n, HALF_PI_1, fma(-n, HALF_PI_0, (double)x)), (int)n & 3};
}

IXMATH_FN float sinf(float x) {
  if (!is_finite(x)) return x - x;
  if (x == 0) return x;
  short_angle a = reduce_short(x);
  return (float)sin_short_of(a.r, a.quadrant);
}

IXMATH_FN float cosf(float x) {
  if (!is_finite(x)) return x - x;
  short_angle a = reduce_short(x);
  return (float)sin_short_of(a.r, a.quadrant + 1);
}

IXMATH_FN void sincosf(float x, float *s, float *c) {
  if (!is_finite(x)) {
    *s = *c = x - x;
    return;
  }
  short_angle a = reduce_short(x);
  *s = x == 0 ? x : (float)sin_short_of(a.r, a.quadrant);
  *c = (float)sin_short_of(a.r, a.quadrant + 1);
}

IXMATH_FN float tanf(float x) {
  if (!is_finite(x)) return x - x;
  if (x == 0) return x;
  short_angle a = reduce_short(x);
  double s = sin_short_of(a.r, 0), c = sin_short_of(a.r, 1);
  return (float)((a.quadrant & 1) != 0 ? -c / s : s / c);
}

IXMATH_FN short_angle reduce_half_turns_short(float x) {
  double n = rint((double)x + x);
  // Even from 2^24 on.
  if (fabsf(x) >= 0x1p24f) return {0, 0};
  return {mul(fma(n, -0.5, (double)x), PI_0), (int)n & 3};
}

IXMATH_FN float sinpif(float x) {
  if (!is_finite(x)) return x - x;
  if (truncf(x) == x) return copysignf(0.0f, x);
  short_angle a = reduce_half_turns_short(x);
  return (float)sin_short_of(a.r, a.quadrant);
}

IXMATH_FN float cospif(float x) {
  if (!is_finite(x)) return x - x;
  short_angle a = reduce_half_turns_short(x);
  if ((a.quadrant & 1) != 0 && a.r == 0) return 0;
  return (float)sin_short_of(a.r, a.quadrant + 1);
}

IXMATH_FN void sincospif(float x, float *s, float *c) {
  *s = sinpif(x);
  *c = cospif(x);
}

}  // namespace ixmath

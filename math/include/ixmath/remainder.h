// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Remainders: exact for any quotient, by long division of significands as integers. A step of the
// division takes as many bits of the quotient as fit beside the divisor in a word.
#pragma once

#include "round.h"

namespace ixmath {

// x = q y + r with 0 <= r < y for positive finite x and y; q modulo 2^32.
struct division {
  double r;
  u32 q;
};

// A positive number as m 2^e with an integer m below 2^53.
struct integral {
  u64 m;
  int e;
};

IXMATH_FN integral integral_of(double x) {
  u64 b = bits(x);
  int e = (int)(b >> 52);
  u64 m = b & 0x000fffffffffffffull;
  return e == 0 ? integral{m, -1074} : integral{m | 0x0010000000000000ull, e - 1075};
}

IXMATH_FN division divide_with_remainder(double x, double y) {
  if (x < y) return {x, 0};
  integral a = integral_of(x), b = integral_of(y);
  // Trailing zeros of the divisor make room for more bits in a step.
  int zeros = __builtin_ctzll(b.m);
  b.m >>= zeros;
  b.e += zeros;
  int room = leading_zeros(b.m);
  int n = a.e - b.e;
  u32 q;
  u64 r;
  if (n < 0) {
    // The dividend reaches below the divisor's last bit: those bits are part of the remainder.
    u64 divisor = b.m << -n;
    q = (u32)(a.m / divisor);
    r = a.m % divisor;
    return {scale((double)r, a.e), q};
  }
  q = (u32)(a.m / b.m);
  r = a.m % b.m;
  while (n > 0 && r != 0) {
    int k = n < room ? n : room;
    r <<= k;
    q = (k < 32 ? q << k : 0) + (u32)(r / b.m);
    r %= b.m;
    n -= k;
  }
  if (n >= 32) {
    q = 0;
  } else if (n > 0) {
    q <<= n;
  }
  return {scale((double)r, b.e), q};
}

IXMATH_FN double fmod(double x, double y) {
  if (is_nan(x) || is_nan(y)) return x + y;
  if (is_infinite(x) || y == 0) return quiet_nan();
  if (is_infinite(y) || x == 0) return x;
  return copysign(divide_with_remainder(fabs(x), fabs(y)).r, x);
}

// The remainder for the quotient rounded to nearest, ties to even; the quotient's low 31 bits,
// with its sign, in *quotient.
IXMATH_FN double remquo(double x, double y, int *quotient) {
  *quotient = 0;
  if (is_nan(x) || is_nan(y)) return x + y;
  if (is_infinite(x) || y == 0) return quiet_nan();
  if (is_infinite(y) || x == 0) return x;
  double b = fabs(y);
  division d = divide_with_remainder(fabs(x), b);
  // r > b - r compares 2r with b; both differences are exact enough to order them.
  double rest = b - d.r;
  double r = d.r;
  if (r > rest || (r == rest && (d.q & 1) != 0)) {
    r = r - b;
    d.q += 1;
  }
  int q = (int)(d.q & 0x7fffffff);
  *quotient = is_negative(x) != is_negative(y) ? -q : q;
  if (r == 0) return copysign(0.0, x);
  return is_negative(x) ? -r : r;
}

IXMATH_FN double remainder(double x, double y) {
  int quotient;
  return remquo(x, y, &quotient);
}

// Remainders of f32 are f32.
IXMATH_FN float fmodf(float x, float y) { return (float)fmod((double)x, (double)y); }
IXMATH_FN float remainderf(float x, float y) { return (float)remainder((double)x, (double)y); }
IXMATH_FN float remquof(float x, float y, int *quotient) {
  return (float)remquo((double)x, (double)y, quotient);
}

}  // namespace ixmath

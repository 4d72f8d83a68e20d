// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the tests of accuracy share: the interface to Rust, errors in ulps, sources of arguments.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

// A function under test, as Rust sees it.
struct Entry {
  const char *name;
  int arguments;
  double bound;  // largest permitted error in ulps
};

// What a run found. `wrong` counts results that are of the wrong kind: a NaN, infinity or sign of
// zero where none is due or the reverse.
struct Outcome {
  double ulps;
  double x, y;  // the arguments of the largest error
  double got;
  uint64_t samples;
  uint64_t wrong;
  double wrong_x, wrong_y, wrong_got;
};

// Which arguments a line of a list is about, and how errors count there.
enum Scope {
  ALL,         // all, in ulps
  BELOW_8,     // |x| < 8, in ulps
  FROM_8,      // |x| >= 8, the absolute error
  ABSOLUTE,    // all, the absolute error
};

inline bool in_scope(Scope scope, double x) {
  // Special values, NaN among them, belong to both parts.
  if (!std::isfinite(x)) return true;
  return scope == BELOW_8 ? fabs(x) < 8 : scope == FROM_8 ? fabs(x) >= 8 : true;
}

inline void fail(Outcome *o, double x, double y, double got) {
  if (o->wrong++ == 0) o->wrong_x = x, o->wrong_y = y, o->wrong_got = got;
}

inline void record(Outcome *o, double ulps, double x, double y, double got) {
  if (ulps > o->ulps) o->ulps = ulps, o->x = x, o->y = y, o->got = got;
}

// splitmix64.
struct Random {
  uint64_t state;
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }
  double unit() { return (double)(next() >> 11) * 0x1p-53; }
  double between(double a, double b) { return a + (b - a) * unit(); }
  double any() {
    uint64_t b = next();
    double d;
    memcpy(&d, &b, 8);
    return d;
  }
  // 2^e with e in [low, high), times a random significand and sign.
  double with_exponent(int low, int high) {
    double m = 1 + unit();
    int e = low + (int)(next() % (uint64_t)(high - low));
    return ldexp(next() & 1 ? -m : m, e);
  }
};

const double SPECIAL[] = {
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 4.0, -4.0, 1.5, -1.5, 2.5, -2.5, 0.25, 10.0, 100.0, 1e10, -1e10,
    INFINITY, -INFINITY, NAN, 0x1p-1074, -0x1p-1074, 0x1p-1022, -0x1p-1022, 0x1.fffffffffffffp-1023,
    0x1.fffffffffffffp1023, -0x1.fffffffffffffp1023, 0x1p-149, -0x1p-149, 0x1p-126, 0x1.fffffep127, -0x1.fffffep127,
    0x1.fffffffffffffp-1, 0x1.0000000000001p0, 0x1.fffffep-1, 0x1.000002p0, 0x1p53, 0x1.8p52, 0x1p24, -0x1p24, 0x1.fffffep23,
    0x1p52, 4503599627370497.5, 5.0, -5.0, 7.0, 0x1p-27, 0x1p-28, -0x1p-30, 0x1p-54, 0x1p-53, 88.7, -103.9, 709.7, -745.1, 1023.5,
    8.0, -8.0, 1000.0, -1000.0, 0.7, -0.7, 1e300, -1e300, 1e-300, -1e-300, 1e38, 1e-38, 171.6, -170.5, 33.0, -33.0, 9007199254740993.0,
};
const int SPECIALS = sizeof SPECIAL / sizeof SPECIAL[0];

const double PI = 3.14159265358979323846;

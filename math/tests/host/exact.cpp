// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The functions whose results are exact, against the host's C library, bit by bit.

#include <cstdlib>

#include "check.h"
#include "ixmath.h"

namespace {

bool same(double a, double b) { return (std::isnan(a) && std::isnan(b)) || memcmp(&a, &b, 8) == 0; }
bool same(float a, float b) { return (std::isnan(a) && std::isnan(b)) || memcmp(&a, &b, 4) == 0; }

// Whether a conversion to a 64-bit integer is defined in C.
bool convertible(double x) { return fabs(x) < 0x1p62; }

struct Exact {
  Entry entry;
  bool (*agrees)(double x, double y, int k);
};

#define UNARY(name)                                                                                     \
  {{#name, 1, 0}, [](double x, double, int) { return same(ixmath::name(x), ::name(x)); }},              \
  {{#name "f", 1, 0}, [](double x, double, int) { return same(ixmath::name##f((float)x), ::name##f((float)x)); }}
#define TO_INTEGER(name)                                                                                \
  {{#name, 1, 0}, [](double x, double, int) { return !convertible(x) || ixmath::name(x) == ::name(x); }}, \
  {{#name "f", 1, 0}, [](double x, double, int) { return !convertible(x) || ixmath::name##f((float)x) == ::name##f((float)x); }}
#define WITH_INT(name)                                                                                  \
  {{#name, 2, 0}, [](double x, double, int k) { return same(ixmath::name(x, k), ::name(x, k)); }},      \
  {{#name "f", 2, 0}, [](double x, double, int k) { return same(ixmath::name##f((float)x, k), ::name##f((float)x, k)); }}
#define BINARY(name)                                                                                    \
  {{#name, 2, 0}, [](double x, double y, int) { return same(ixmath::name(x, y), ::name(x, y)); }},      \
  {{#name "f", 2, 0}, [](double x, double y, int) {                                                     \
     return same(ixmath::name##f((float)x, (float)y), ::name##f((float)x, (float)y)); }}
// Of two zeros C allows either.
#define EXTREMUM(name)                                                                                  \
  {{#name, 2, 0}, [](double x, double y, int) { return (x == 0 && y == 0) || same(ixmath::name(x, y), ::name(x, y)); }}, \
  {{#name "f", 2, 0}, [](double x, double y, int) {                                                     \
     float a = (float)x, b = (float)y;                                                                  \
     return (a == 0 && b == 0) || same(ixmath::name##f(a, b), ::name##f(a, b)); }}

const Exact FUNCTIONS[] = {
    UNARY(rint), UNARY(nearbyint), UNARY(round), UNARY(trunc), UNARY(floor), UNARY(ceil), UNARY(logb), UNARY(fabs),
    TO_INTEGER(lrint), TO_INTEGER(lround), TO_INTEGER(llrint), TO_INTEGER(llround),
    WITH_INT(ldexp), WITH_INT(scalbn), WITH_INT(scalbln),
    BINARY(nextafter), BINARY(copysign), BINARY(fdim), BINARY(fmod), BINARY(remainder), EXTREMUM(fmax), EXTREMUM(fmin),
    {{"ilogb", 1, 0}, [](double x, double, int) { return std::isnan(x) || ixmath::ilogb(x) == ::ilogb(x); }},
    {{"ilogbf", 1, 0}, [](double x, double, int) { return std::isnan(x) || ixmath::ilogbf((float)x) == ::ilogbf((float)x); }},
    {{"frexp", 1, 0}, [](double x, double, int) {
       int a, b;
       bool m = same(ixmath::frexp(x, &a), ::frexp(x, &b));
       return m && (!std::isfinite(x) || a == b); }},
    {{"frexpf", 1, 0}, [](double x, double, int) {
       int a, b;
       bool m = same(ixmath::frexpf((float)x, &a), ::frexpf((float)x, &b));
       return m && (!std::isfinite((float)x) || a == b); }},
    {{"modf", 1, 0}, [](double x, double, int) {
       double a, b;
       return same(ixmath::modf(x, &a), ::modf(x, &b)) && same(a, b); }},
    {{"modff", 1, 0}, [](double x, double, int) {
       float a, b;
       return same(ixmath::modff((float)x, &a), ::modff((float)x, &b)) && same(a, b); }},
    {{"remquo", 2, 0}, [](double x, double y, int) {
       int a = 0, b = 0;
       bool r = same(ixmath::remquo(x, y, &a), ::remquo(x, y, &b));
       return r && (!std::isfinite(x) || !std::isfinite(y) || y == 0 || (abs(a) & 7) == (abs(b) & 7)); }},
    {{"remquof", 2, 0}, [](double x, double y, int) {
       int a = 0, b = 0;
       float p = (float)x, q = (float)y;
       bool r = same(ixmath::remquof(p, q, &a), ::remquof(p, q, &b));
       return r && (!std::isfinite(p) || !std::isfinite(q) || q == 0 || (abs(a) & 7) == (abs(b) & 7)); }},
};
const int COUNT = sizeof FUNCTIONS / sizeof FUNCTIONS[0];

}  // namespace

extern "C" int ix_math_exact_count() { return COUNT; }
extern "C" Entry ix_math_exact_entry(int i) { return FUNCTIONS[i].entry; }

extern "C" void ix_math_exact_check(int index, uint64_t seed, uint64_t count, Outcome *o) {
  const Exact &f = FUNCTIONS[index];
  auto check = [&](double x, double y, int k) {
    o->samples++;
    // Quiet NaNs only: of a signalling one C makes a NaN where the device takes the number.
    if (std::isnan(x)) x = NAN;
    if (std::isnan(y)) y = NAN;
    if (!f.agrees(x, y, k)) fail(o, x, y, k);
  };
  const int exponents[] = {0, 1, -1, 24, -24, 149, -149, 1000, -1000, 1074, -1074, 2100, -2200, 0x7fffffff, (int)0x80000000};
  for (double x : SPECIAL) {
    for (double y : SPECIAL) check(x, y, 0);
    for (int k : exponents) check(x, 1, k);
  }
  Random random = {seed};
  for (uint64_t i = 0; i < count; i++) {
    double x = i % 3 == 0 ? random.any() : random.with_exponent(-4, 60);
    double y = i % 5 == 0 ? random.any() : random.with_exponent(-4, 20);
    // Halves and integers, where rounding decides.
    if (i % 7 == 0) x = rint(x) * 0.5;
    if (i % 7 == 1) y = rint(y);
    if (i % 7 == 2) y = x;
    check(x, y, (int)(random.next() % 2400) - 1200);
    check(x, y, (int)(random.next() % 400) - 200);
  }
}

// How many of all significands (exponents 0 and 1; scaling by 4 changes nothing) rsqrtf does not
// round to nearest, decided in integers: (y - 1/2)^2 x < 1 < (y + 1/2)^2 x in units of y's last place.
extern "C" uint64_t ix_math_rsqrtf_not_nearest() {
  uint64_t wrong = 0;
  for (uint64_t m = 1 << 23; m < 1 << 25; m += m < 1 << 24 ? 1 : 2) {
    // x = m 2^-23 in [1, 4), y = n 2^-24 in (1/2, 1].
    float x = (float)m * 0x1p-23f;
    uint64_t n = (uint64_t)(ixmath::rsqrtf(x) * 0x1p24f);
    unsigned __int128 one = (unsigned __int128)1 << (23 + 2 * 25);
    unsigned __int128 low = 2 * n - 1, high = 2 * n + 1;
    if (low * low * m >= one || high * high * m <= one) wrong++;
  }
  return wrong;
}

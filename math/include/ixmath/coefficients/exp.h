// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Coefficients of the exponential: written by math/gen/exp.py, not by hand.
#pragma once

#include "../base.h"

namespace ixmath {

constexpr double LOG2_E = 0x1.71547652b82fep+0;
constexpr double LOG2_10 = 0x1.a934f0979a371p+1;
// ln 2, as a sum.
constexpr double LN2_0 = 0x1.62e42fefa39efp-1;
constexpr double LN2_1 = 0x1.abc9e3b39803fp-56;
constexpr double LN2_2 = 0x1.7b57a079a1934p-111;
// ln 10, as a sum.
constexpr double LN10_0 = 0x1.26bb1bbb55516p+1;
constexpr double LN10_1 = -0x1.f48ad494ea3e9p-53;
// log10 2, as a sum.
constexpr double LOG10_2_0 = 0x1.34413509f79ffp-2;
constexpr double LOG10_2_1 = -0x1.9dc1da994fd21p-59;

// (e^x - 1 - x) / x^2 on |x| <= ln(2)/2, relative to (e^x - 1) / x^2 / x; error below 2^-68.
IXMATH_FN double exp_q(double x) {
  double p = 0x1.61b364b10286ap-33;
  p = fma(p, x, 0x1.1f8bd883dacecp-29);
  p = fma(p, x, 0x1.ae64332765a50p-26);
  p = fma(p, x, 0x1.27e4cbbec345fp-22);
  p = fma(p, x, 0x1.71de3a5969c4ap-19);
  p = fma(p, x, 0x1.a01a01ade9505p-16);
  p = fma(p, x, 0x1.a01a01a0199a8p-13);
  p = fma(p, x, 0x1.6c16c16c14d02p-10);
  p = fma(p, x, 0x1.1111111111111p-7);
  p = fma(p, x, 0x1.5555555555559p-5);
  p = fma(p, x, 0x1.5555555555555p-3);
  p = fma(p, x, 0x1.0000000000000p-1);
  return p;
}

// (e^x - 1 - x) / x^2 on |x| <= ln(2)/2, relative to (e^x - 1) / x^2 / x; error below 2^-43.
IXMATH_FN double exp_q_short(double x) {
  double p = 0x1.729479b4f2338p-19;
  p = fma(p, x, 0x1.a15c94c3b71a0p-16);
  p = fma(p, x, 0x1.a019d26b8f8fcp-13);
  p = fma(p, x, 0x1.6c164c4e68d45p-10);
  p = fma(p, x, 0x1.11111114deed6p-7);
  p = fma(p, x, 0x1.55555574d2ef3p-5);
  p = fma(p, x, 0x1.5555555555259p-3);
  p = fma(p, x, 0x1.fffffffff6db3p-2);
  return p;
}


}  // namespace ixmath

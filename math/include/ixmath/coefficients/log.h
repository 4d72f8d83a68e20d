// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Coefficients of the logarithm: written by math/gen/log.py, not by hand.
#pragma once

#include "../base.h"

namespace ixmath {

// 1 / ln 2, as a sum.
constexpr double INV_LN2_0 = 0x1.71547652b82fep+0;
constexpr double INV_LN2_1 = 0x1.777d0ffda0d24p-56;
// 1 / ln 10, as a sum.
constexpr double INV_LN10_0 = 0x1.bcb7b1526e50ep-2;
constexpr double INV_LN10_1 = 0x1.95355baaafad3p-57;
// 1 / 3, as a sum.
constexpr double THIRD_0 = 0x1.5555555555555p-2;
constexpr double THIRD_1 = 0x1.5555555555555p-56;

// (atanh(s)/s - 1 - x/3) / x^2, x = s^2; error below 2^-73.
IXMATH_FN double atanh_tail(double x) {
  double p = 0x1.eb13567781d5dp-5;
  p = fma(p, x, 0x1.de332db6c651ap-5);
  p = fma(p, x, 0x1.1120b7417313bp-4);
  p = fma(p, x, 0x1.3b1362ab6af33p-4);
  p = fma(p, x, 0x1.745d183279cf2p-4);
  p = fma(p, x, 0x1.c71c71c58018ep-4);
  p = fma(p, x, 0x1.2492492493037p-3);
  p = fma(p, x, 0x1.9999999999996p-3);
  return p;
}

// (atanh(s)/s - 1) / x, x = s^2; error below 2^-44.
IXMATH_FN double atanh_short(double x) {
  double p = 0x1.911636cb1022bp-4;
  p = fma(p, x, 0x1.c62b09d9b665fp-4);
  p = fma(p, x, 0x1.2494120c14286p-3);
  p = fma(p, x, 0x1.999996a90d6fep-3);
  p = fma(p, x, 0x1.555555561e517p-2);
  return p;
}


}  // namespace ixmath

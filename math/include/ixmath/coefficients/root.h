// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Coefficients of the cube root: written by math/gen/root.py, not by hand.
#pragma once

#include "../base.h"

namespace ixmath {

constexpr double CBRT_2 = 0x1.428a2f98d728bp+0;
constexpr double CBRT_4 = 0x1.965fea53d6e3dp+0;
// the cube root of x in [1, 2], relative; error below 2^-16.
IXMATH_FN double cbrt_start(double x) {
  double p = -0x1.5b749cc254d71p-7;
  p = fma(p, x, 0x1.609eb977be71fp-4);
  p = fma(p, x, -0x1.33d2069fe5ea6p-2);
  p = fma(p, x, 0x1.6fb12117e6aacp-1);
  p = fma(p, x, 0x1.0393129b112b6p-1);
  return p;
}


}  // namespace ixmath

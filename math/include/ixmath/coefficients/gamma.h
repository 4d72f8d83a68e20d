// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Coefficients of the gamma function: written by math/gen/gamma.py, not by hand.
#pragma once

#include "../base.h"

namespace ixmath {

// ln(2 pi) / 2, as a sum.
constexpr double HALF_LN_2PI_0 = 0x1.d67f1c864beb5p-1;
constexpr double HALF_LN_2PI_1 = -0x1.65b5a1b7ff5dfp-55;

// lgamma(1 + x) / x on -1/4 <= x <= 1/2; error below 2^-59.
IXMATH_FN double lgamma_at_1(double x) {
  double p = 0x1.d982184e2d08ep-8;
  p = fma(p, x, -0x1.ba942a6e9ab58p-6);
  p = fma(p, x, 0x1.86eb1515c2a7bp-5);
  p = fma(p, x, -0x1.d1d6da0a999ccp-5);
  p = fma(p, x, 0x1.d980417b67fd2p-5);
  p = fma(p, x, -0x1.e23d098afcc62p-5);
  p = fma(p, x, 0x1.fdc22899c631dp-5);
  p = fma(p, x, -0x1.10d59b065b4b3p-4);
  p = fma(p, x, 0x1.24a4bc2308d61p-4);
  p = fma(p, x, -0x1.3b2362530a57ap-4);
  p = fma(p, x, 0x1.556aad5aa2e86p-4);
  p = fma(p, x, -0x1.748bf0cc36b0ep-4);
  p = fma(p, x, 0x1.9a01e0d416079p-4);
  p = fma(p, x, -0x1.c806720f6bebbp-4);
  p = fma(p, x, 0x1.010b36be1dd92p-3);
  p = fma(p, x, -0x1.2703a1da0e207p-3);
  p = fma(p, x, 0x1.5b40cb0fd4085p-3);
  p = fma(p, x, -0x1.a8b9c17aab369p-3);
  p = fma(p, x, 0x1.151322ac7daf3p-2);
  p = fma(p, x, -0x1.9a4d55beab2b9p-2);
  p = fma(p, x, 0x1.a51a6625307d3p-1);
  p = fma(p, x, -0x1.2788cfc6fb619p-1);
  return p;
}

// lgamma(2 + x) / x on |x| <= 1/2; error below 2^-60.
IXMATH_FN double lgamma_at_2(double x) {
  double p = -0x1.24661ba50dff1p-23;
  p = fma(p, x, 0x1.2b651cf0fea7dp-22);
  p = fma(p, x, -0x1.cba371eabbf5cp-22);
  p = fma(p, x, 0x1.ede5dabd1e051p-21);
  p = fma(p, x, -0x1.129bb4febd7f7p-19);
  p = fma(p, x, 0x1.26415b79ed86ep-18);
  p = fma(p, x, -0x1.3cb16b26b8d1fp-17);
  p = fma(p, x, 0x1.5806cd26dae47p-16);
  p = fma(p, x, -0x1.78deb0a1c08adp-15);
  p = fma(p, x, 0x1.a127dd789601cp-14);
  p = fma(p, x, -0x1.d3fd4aee38026p-13);
  p = fma(p, x, 0x1.0b36af335c13dp-11);
  p = fma(p, x, -0x1.38ac5c2e05065p-10);
  p = fma(p, x, 0x1.7add6eae5d836p-9);
  p = fma(p, x, -0x1.e404fc218c944p-8);
  p = fma(p, x, 0x1.51322ac7d7fc1p-6);
  p = fma(p, x, -0x1.13e001a55760cp-4);
  p = fma(p, x, 0x1.4a34cc4a60fa7p-2);
  p = fma(p, x, 0x1.b0ee6072093cep-2);
  return p;
}

// y (lgamma(y) - (y - 1/2) ln y + y - ln(2 pi)/2), x = y^-2, y >= 10; error times 1/y; error below 2^-69.
IXMATH_FN double stirling(double x) {
  double p = 0x1.6455708fba609p-8;
  p = fma(p, x, -0x1.f302bc1f76ae8p-10);
  p = fma(p, x, 0x1.b943e86f07e74p-11);
  p = fma(p, x, -0x1.381372cac8ab8p-11);
  p = fma(p, x, 0x1.a01a01986d378p-11);
  p = fma(p, x, -0x1.6c16c16c164e0p-9);
  p = fma(p, x, 0x1.5555555555555p-4);
  return p;
}


}  // namespace ixmath

// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Coefficients of the trigonometric functions: written by math/gen/trig.py, not by hand.
#pragma once

#include "../base.h"

namespace ixmath {

// pi, as a sum.
constexpr double PI_0 = 0x1.921fb54442d18p+1;
constexpr double PI_1 = 0x1.1a62633145c07p-53;
constexpr double PI_2 = -0x1.f1976b7ed8fbcp-109;
// pi / 2, as a sum.
constexpr double HALF_PI_0 = 0x1.921fb54442d18p+0;
constexpr double HALF_PI_1 = 0x1.1a62633145c07p-54;
constexpr double HALF_PI_2 = -0x1.f1976b7ed8fbcp-110;
constexpr double TWO_OVER_PI = 0x1.45f306dc9c883p-1;

// (sin(r)/r - 1) / x, x = r^2; error below 2^-68.
IXMATH_FN double sin_tail(double x) {
  double p = -0x1.aaa53adc65788p-41;
  p = fma(p, x, 0x1.612092a1b2b45p-33);
  p = fma(p, x, -0x1.ae645298311aap-26);
  p = fma(p, x, 0x1.71de3a53396d0p-19);
  p = fma(p, x, -0x1.a01a01a018ae4p-13);
  p = fma(p, x, 0x1.111111111110bp-7);
  p = fma(p, x, -0x1.5555555555555p-3);
  return p;
}

// (cos(r) - 1 + x/2) / x^2, x = r^2; error below 2^-64.
IXMATH_FN double cos_tail(double x) {
  double p = -0x1.8fae78bfa861ep-37;
  p = fma(p, x, 0x1.1ee9eba544914p-29);
  p = fma(p, x, -0x1.27e4f8098f1b5p-22);
  p = fma(p, x, 0x1.a01a019cb13b9p-16);
  p = fma(p, x, -0x1.6c16c16c15179p-10);
  p = fma(p, x, 0x1.555555555554cp-5);
  return p;
}

// (sin(r)/r - 1) / x, x = r^2; error below 2^-37.
IXMATH_FN double sin_short(double x) {
  double p = 0x1.6cd83aba067d3p-19;
  p = fma(p, x, -0x1.a00f9d2b03b28p-13);
  p = fma(p, x, 0x1.11110895b2761p-7);
  p = fma(p, x, -0x1.5555554cb913cp-3);
  return p;
}

// (cos(r) - 1 + x/2) / x^2, x = r^2; error below 2^-43.
IXMATH_FN double cos_short(double x) {
  double p = -0x1.242ac2e8fa6b8p-22;
  p = fma(p, x, 0x1.a0111fdd4cb81p-16);
  p = fma(p, x, -0x1.6c16b8988a48dp-10);
  p = fma(p, x, 0x1.5555554f4e62fp-5);
  return p;
}

// (atan(t)/t - 1) / x, x = t^2; error below 2^-72.
IXMATH_FN double atan_tail(double x) {
  double p = 0x1.375850cfa5401p-4;
  p = fma(p, x, -0x1.7457f5dad4a0dp-4);
  p = fma(p, x, 0x1.c71c6e4dcfb02p-4);
  p = fma(p, x, -0x1.24924923fa011p-3);
  p = fma(p, x, 0x1.999999999981ap-3);
  p = fma(p, x, -0x1.5555555555555p-2);
  return p;
}

// (atan(t)/t - 1) / x, x = t^2; error below 2^-41.
IXMATH_FN double atan_short(double x) {
  double p = -0x1.22d66d1bc2b1ap-3;
  p = fma(p, x, 0x1.99989390111f1p-3);
  p = fma(p, x, -0x1.5555553f54aa9p-2);
  return p;
}

// atan(j / 8), as sums of two.
IXMATH_TABLE double ATAN_EIGHTHS[9][2] = {
    {0x0.0p+0, 0x0.0p+0},
    {0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59},
    {0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57},
    {0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56},
    {0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56},
    {0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58},
    {0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56},
    {0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56},
    {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55},
};

// 2 / pi: 64 zero bits, then those after the binary point, most significant word first.
IXMATH_TABLE unsigned long long TWO_OVER_PI_BITS[21] = {
    0,
    0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
    0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
    0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b,
    0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
};

}  // namespace ixmath

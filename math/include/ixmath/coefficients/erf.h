// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Coefficients of the error function and its inverse: written by math/gen/erf.py, not by hand.
#pragma once

#include "../base.h"

namespace ixmath {

// 2 / sqrt(pi), as a sum.
constexpr double TWO_OVER_SQRT_PI_0 = 0x1.20dd750429b6dp+0;
constexpr double TWO_OVER_SQRT_PI_1 = 0x1.1ae3a914fed80p-56;
constexpr double HALF_SQRT_PI = 0x1.c5bf891b4ef6bp-1;
// sqrt(1/2), as a sum.
constexpr double SQRT_HALF_0 = 0x1.6a09e667f3bcdp-1;
constexpr double SQRT_HALF_1 = -0x1.bdd3413b26456p-55;
// sqrt(2), as a sum.
constexpr double SQRT_2_0 = 0x1.6a09e667f3bcdp+0;
constexpr double SQRT_2_1 = -0x1.bdd3413b26456p-54;

// (erf(y)/y - 2/sqrt(pi)) / x, x = y^2, |y| <= 1/2; error below 2^-65.
IXMATH_FN double erf_tail(double x) {
  double p = -0x1.3a34d7c650075p-23;
  p = fma(p, x, 0x1.b77ecd6a5e6c2p-20);
  p = fma(p, x, -0x1.f4bc27d4c5665p-17);
  p = fma(p, x, 0x1.f9a2ab092f907p-14);
  p = fma(p, x, -0x1.c02db2554ce74p-11);
  p = fma(p, x, 0x1.565bcd0af12bfp-8);
  p = fma(p, x, -0x1.b82ce3128084ep-6);
  p = fma(p, x, 0x1.ce2f21a042b4ap-4);
  p = fma(p, x, -0x1.812746b0379e7p-2);
  return p;
}

// erfcx(x) (1 + x) in u = t - (2j + 1)/32, t = 1/(1 + x); the constant term is a sum of two; error 2^-59.
IXMATH_TABLE double ERFCX_PIECES[16][12] = {
    {0x1.2a0744d5828c7p-1, -0x1.025a244198cffp-57, 0x1.296cb88e740b7p-1, 0x1.01888ed3341edp-2, -0x1.7b78254e5953dp-2,
     -0x1.673a3731f2dd4p-1, 0x1.9467ec6f2c1d3p-3, 0x1.f10eee732223dp+0, 0x1.8474e9daa82bfp-1, -0x1.9b8fb06032209p+2,
     -0x1.b6880ab1a56e7p+2, 0x1.9256a60e97b4ep+4},
    {0x1.3d119be8f37e8p-1, 0x1.5f2ae3b80ffdep-55, 0x1.36f5b0d9dc36bp-1, 0x1.54fe5be7d6d32p-3, -0x1.0eb7c465d8e57p-1,
     -0x1.0dd341d0a914bp-1, 0x1.c97aa7b24cfe0p-1, 0x1.85a15bb1c2143p+0, -0x1.47cebc2df979fp+1, -0x1.4576513c8e4afp+2,
     0x1.5997a38d3b426p+3, 0x1.23e539ff2418fp+4},
    {0x1.50c45c864b5d3p-1, 0x1.9160ca12d5511p-57, 0x1.3e37f31fa7439p-1, 0x1.d6e2469424c20p-5, -0x1.3d4ea34510d3cp-1,
     -0x1.79bf099da6c3ap-3, 0x1.355a3faaefb65p+0, 0x1.9f9ce37a79a3dp-4, -0x1.aaffaf08f0a1bp+1, 0x1.db32340086620p+0,
     0x1.3b47c140ed457p+3, -0x1.06abad28feff6p+4},
    {0x1.64b13cfc03e55p-1, 0x1.9ce3dbc242b62p-55, 0x1.3e222c9791611p-1, -0x1.ec9b026ca62acp-5, -0x1.3d55a79048cb4p-1,
     0x1.6378a3dac477bp-3, 0x1.034dd44961e20p+0, -0x1.027b64744a27fp+0, -0x1.8b4c886c7db59p+0, 0x1.122862b88b0e2p+2,
     -0x1.5d0205af532e5p-1, -0x1.8c5f02fb7a5e7p+3},
    {0x1.786137d4c43dep-1, -0x1.6bf3bc9c19354p-56, 0x1.36b07ae3b288fp-1, -0x1.5c4762813ddd6p-3,
     -0x1.15b17136af34ep-1, 0x1.b03c54048995cp-2, 0x1.1fede73ece19fp-1, -0x1.4320ab122e6e9p+0, 0x1.e4c295c8a7fa2p-3,
     0x1.430009c10f22ap+1, -0x1.0a738df163bffp+2, 0x1.ff4417d63d3bap-7},
    {0x1.8b64ba362d3ecp-1, -0x1.e49ff3aea1a7fp-55, 0x1.28c7e5df6b007p-1, -0x1.0b06706509925p-2,
     -0x1.aee5c84d6b054p-2, 0x1.0e64b2e95d7cap-1, 0x1.14ceac0f04178p-3, -0x1.edcf81c09a259p-1, 0x1.e842295cb613ap-1,
     0x1.f8b041e372011p-2, -0x1.5870c82505e23p+1, 0x1.b2190c6acaa58p+1},
    {0x1.9d5f4f16fe387p-1, 0x1.263866940c8b8p-55, 0x1.15d56dd9ab466p-1, -0x1.4f030844062dcp-2, -0x1.2694a6fb2b583p-2,
     0x1.0b61dec7199bep-1, -0x1.2ada547181285p-3, -0x1.136d3b1114264p-1, 0x1.d5947e6db0fecp-1, -0x1.dabfd8bf7d7dbp-2,
     -0x1.b0d2332e8c3b5p-1, 0x1.1f71ab79e7541p+1},
    {0x1.ae0cf58a9c7fdp-1, -0x1.030b12ab71f9fp-56, 0x1.fed8cc993d92dp-2, -0x1.7a2f658bb7fc7p-2,
     -0x1.51e3005fc6b85p-3, 0x1.cf3b9700e013dp-2, -0x1.1e9cd96328b67p-2, -0x1.966966a70a9b7p-3, 0x1.3e2f8c86c5b05p-1,
     -0x1.440c5c0d33c78p-1, 0x1.54e9ab9de7c29p-4, 0x1.a6933f2c9eb37p-1},
    {0x1.bd423b068c939p-1, -0x1.ffa96c448ebecp-55, 0x1.ce0605306e65dp-2, -0x1.8fbd548703f4dp-2,
     -0x1.041197fae9f61p-4, 0x1.6e8650331892ep-2, -0x1.3f23a5e09355cp-2, 0x1.0720319b7c4edp-7, 0x1.568ee01157f9cp-2,
     -0x1.f7b204559d9dap-2, 0x1.5924f964335f6p-2, 0x1.8ae812643873cp-4},
    {0x1.cae931ba878a3p-1, 0x1.5130b1411bc20p-58, 0x1.9ba0bed32360dp-2, -0x1.941c6f1ce6ac3p-2, 0x1.cb0ed31db3191p-7,
     0x1.0db4ee5bf79a4p-2, -0x1.262ab1cd830a8p-2, 0x1.b8c1afe786613p-4, 0x1.17834a7cc95fap-3, -0x1.36e3366e05b1ap-2,
     0x1.3a0092f3d443ep-2, -0x1.1b312ffd322cap-3},
    {0x1.d6fd1a214cf1fp-1, 0x1.6f9042f91f2dbp-58, 0x1.6986154d20980p-2, -0x1.8bca690cddb4fp-2, 0x1.1b84075576e44p-4,
     0x1.7244a198a1cd9p-3, -0x1.ea21029274221p-3, 0x1.1e8e6ed0f0ac4p-3, 0x1.7e97fa6dfaf6ap-6, -0x1.44448792b8aa8p-3,
     0x1.a9a02fe1772c9p-3, -0x1.4516b599fa3b6p-3},
    {0x1.e185f1cffabb1p-1, 0x1.6d894ee58f4b5p-57, 0x1.390b208ace84bp-2, -0x1.7aba208b483bfp-2, 0x1.b12d626b12ff6p-4,
     0x1.d4015dccb7d83p-4, -0x1.7e7030522ad2bp-3, 0x1.17bcc9ffa87b9p-3, -0x1.fc1235d2d3658p-6, -0x1.13c9cbba266bcp-4,
     0x1.ed6be843d2bc8p-4, -0x1.e0ba08c4c6d50p-4},
    {0x1.ea9484ea0da98p-1, 0x1.46721d164a87dp-56, 0x1.0b1275f74b32ep-2, -0x1.641d7f1fc0130p-2, 0x1.0579dfbf3529dp-3,
     0x1.046fd0b7c59edp-4, -0x1.1c364072d9e8ep-3, 0x1.e26d89ae8a195p-4, -0x1.a099e932e4470p-5, -0x1.1fbc92fb20e65p-6,
     0x1.f7d3024f0b70ap-5, -0x1.2a4607aea521ep-4},
    {0x1.f23f3c197e21ep-1, -0x1.df5cc876b27a4p-55, 0x1.c049523e4c6fap-3, -0x1.4a657015da77ep-2, 0x1.1c0ca9ca120d9p-3,
     0x1.b4f76231986cdp-6, -0x1.952a958a71ad0p-4, 0x1.83b96c56f13ecp-4, -0x1.b1219ce083538p-5, 0x1.9a061c80285a6p-8,
     0x1.b73dc8d548b2ep-6, -0x1.4b5c661e60f32p-5},
    {0x1.f89fa989437c9p-1, -0x1.cea274a1f7a57p-55, 0x1.710e14cbbd64fp-3, -0x1.2f5a4a3b74825p-2, 0x1.22ae527d30794p-3,
     0x1.c446f79ff382cp-11, -0x1.15028cef0e486p-4, 0x1.298e474705389p-4, -0x1.8106921232f98p-5, 0x1.fc7a9a9cab60cp-7,
     0x1.1205896a6f09bp-7, -0x1.4d80bd53c7e7ep-6},
    {0x1.fdd0bddb643f5p-1, -0x1.bca818e877f7fp-57, 0x1.289d7ef8fc2e4p-3, -0x1.143bcf99ac741p-2, 0x1.1e639b21035fep-3,
     -0x1.0caf5dd018f55p-6, -0x1.689a96e0272eep-5, 0x1.b9802f290a71dp-5, -0x1.3bf732cb2d92fp-5, 0x1.1cd8bdb7e05a0p-6,
     -0x1.deff3c18d9887p-12, -0x1.278c4418cb3c0p-7},
};

// erfinv(y) / y, x = y^2, |y| <= 1/2; error below 2^-34.
IXMATH_FN double erfinv_start(double x) {
  double p = 0x1.892ac8bac6a7ap-4;
  p = fma(p, x, 0x1.c53ca37cc3f13p-7);
  p = fma(p, x, 0x1.df0121d32214ep-5);
  p = fma(p, x, 0x1.06a30c016d97cp-4);
  p = fma(p, x, 0x1.62bf09c863802p-4);
  p = fma(p, x, 0x1.053b39308767ep-3);
  p = fma(p, x, 0x1.db29fe2c72668p-3);
  p = fma(p, x, 0x1.c5bf891aec2cep-1);
  return p;
}

// erfcinv(e^(-s^2)) in s / 2^j - 1.2, 0.8 <= s / 2^j < 1.6; relative error 2^-29.
IXMATH_TABLE double ERFCINV_STARTS[6][10] = {
    {0x1.ac2ef45cb4947p-1, 0x1.03a1140780c2ep+0, 0x1.0d427f213f63fp-4, -0x1.155fc3245f259p-4, 0x1.82de1056bb46fp-5,
     -0x1.a5b87efcdf5c4p-6, 0x1.589aace75fc0ep-7, -0x1.0723c4653bcc9p-9, -0x1.2bbadfa845f0ap-9, 0x1.68a5458517c79p-9},
    {0x1.0b3d1e32445a2p+1, 0x1.0c40ce246066dp+1, -0x1.0e253cf684e6fp-6, -0x1.112f89d6cca22p-6, 0x1.d4850ecb2563cp-6,
     -0x1.eb5119a89c7b1p-6, 0x1.a9bfe870834cbp-6, -0x1.4f1903234b43cp-6, 0x1.270df7a27b08bp-6, -0x1.9b5f205a58e9ap-7},
    {0x1.24c1f0d04c819p+2, 0x1.069f753a56ff5p+2, -0x1.a83f40f45ad58p-5, 0x1.90bdcdfe8584fp-6, -0x1.279dd3cbb9b90p-7,
     0x1.fbc61829e7effp-13, 0x1.00149ee59b513p-8, -0x1.780c11cb3eae0p-8, 0x1.63dc615f33fd6p-7, -0x1.83f418b492556p-7},
    {0x1.2e74e18913f93p+3, 0x1.02955771791f1p+3, -0x1.970a059ffdf22p-5, 0x1.041282994a634p-5, -0x1.4f78a806cb550p-6,
     0x1.ad5f7f101cdfcp-7, -0x1.0ccda3aceca7ep-7, 0x1.4690f5ce101cbp-8, -0x1.662577e6980ffp-9, 0x1.de86bf26f5a64p-11},
    {0x1.31ba6be2ac46ep+4, 0x1.00e1aecfabfbep+4, -0x1.2f218acb3ad19p-5, 0x1.a8b5fdfb191d1p-6, -0x1.302a0917a2419p-6,
     0x1.b9673dc65fdaep-7, -0x1.3b363dd98db79p-7, 0x1.c22d60fa237b0p-8, -0x1.ad6aa9633d1bep-8, 0x1.59f100257ccc4p-8},
    {0x1.32c29cb67faafp+5, 0x1.0047e2b8b44f1p+5, -0x1.7fd3ee9f598a7p-6, 0x1.b522261b6fb0bp-6, 0x1.9c1d276b9d7cbp-6,
     0x1.051253d4275abp-3, 0x1.dd5e0d21a66afp-3, 0x1.53bb3d30acc17p-2, 0x1.0c581362c621dp-2, 0x1.bbc7c6a4be082p-4},
};


}  // namespace ixmath

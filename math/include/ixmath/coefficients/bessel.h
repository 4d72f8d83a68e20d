// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Coefficients of the Bessel functions: written by math/gen/bessel.py, not by hand.
#pragma once

#include "../base.h"

namespace ixmath {

constexpr double INV_SQRT_PI = 0x1.20dd750429b6dp-1;

// J0 below 8: the end of each piece, its centre or zero as a sum of two, and coefficients; relative error 2^-58.
IXMATH_TABLE double J0_PIECES[7][18] = {
    {0x1.0000000000000p+0, 0x0.0p+0, 0x0.0p+0, 0x1.0000000000000p+0, -0x1.36a5819d609a7p-64, -0x1.0000000000000p-2,
     -0x1.42489ed1bc50dp-53, 0x1.0000000000263p-6, -0x1.5c72dbe98d17ap-46, -0x1.c71c71c5164e8p-12,
     -0x1.07977ff664133p-41, 0x1.c71c77ae4162fp-18, -0x1.82db7a10e1a05p-39, -0x1.2340fa05b5b05p-24,
     -0x1.24ed1b42e1448p-38, 0x1.04849232f80a6p-31, -0x1.6c3c236d6dc04p-40, -0x1.29bbfb04509cdp-39},
    {0x1.c000000000000p+0, 0x1.6000000000000p+0, 0x0.0p+0, 0x1.2923311e7b196p-1, -0x1.131d12edf35f4p-1,
     -0x1.8438305156f38p-4, 0x1.0ae9946def871p-4, 0x1.426c4001f7109p-8, -0x1.5e7f1babf8649p-9,
     -0x1.021ce97db4e20p-13, 0x1.cf0fe04aa54f5p-15, 0x1.e2a492a8c5129p-20, -0x1.7030b2349b7a7p-21,
     -0x1.26be60ad7583ep-26, 0x1.8705d8f9e8c1ep-28, 0x1.fa2bd42db35cdp-34, -0x1.2840d17773bccp-35,
     -0x1.3b7bb4077f344p-41},
    {0x1.8cccccccccccdp+1, 0x1.33d152e971b40p+1, -0x1.0f539d7da258ep-53, 0x0.0p+0, -0x1.09cdb36551280p-1,
     0x1.ba1deea029494p-4, 0x1.cfae864368d6fp-5, -0x1.1bb1cbe1a4087p-7, -0x1.1f992590d0f62p-9, 0x1.15382ba070125p-12,
     0x1.6ed3b9efcb41cp-15, -0x1.232c77d8da2bcp-18, -0x1.1cce2f094116ap-21, 0x1.7ff99e5d3029cp-25,
     0x1.294fe47bcafe6p-28, -0x1.5c37db10751f7p-32, -0x1.babc75f62f236p-36, 0x1.d432275208a44p-40},
    {0x1.2666666666666p+2, 0x1.eccccccccccccp+1, 0x0.0p+0, -0x1.9c5b51efcc7d9p-2, 0x1.e1b3817c02926p-8,
     0x1.9a66d9ee41accp-3, -0x1.2efa4e9fd7f7dp-6, -0x1.b25f4dee747b6p-7, 0x1.1a3ab3ede92c1p-10,
     0x1.82dc1e4fbd9bcp-12, -0x1.b0bd4886232bfp-16, -0x1.7fd7359daec1dp-18, 0x1.75810b0d0ac39p-22,
     0x1.e6d5e8ceed187p-25, -0x1.a1acbae87656ep-29, -0x1.ad0bb77e289ffp-32, 0x1.456f1695048ffp-36,
     0x1.13851eaa476ddp-39},
    {0x1.8cccccccccccdp+2, 0x1.6148f5b2c2e45p+2, 0x1.75054cd60a517p-54, 0x0.0p+0, 0x1.5c6e60a097823p-2,
     -0x1.f8f72e7a848ddp-6, -0x1.b2150cb41e8c9p-5, 0x1.2f7ffe9025423p-8, 0x1.27e31fe9aa2e9p-9,
     -0x1.6f641f4145d35p-13, -0x1.863f481ba267bp-15, 0x1.ad77d6c1cff86p-19, 0x1.32e6da8c759c4p-21,
     -0x1.2da30c50d4788p-25, -0x1.41d729d43f965p-28, 0x1.1ca5a021d1560p-32, 0x1.e109391fb0ab0p-36,
     -0x1.464f9fc62bb6bp-40},
    {0x1.ccccccccccccdp+2, 0x1.acccccccccccdp+2, 0x0.0p+0, 0x1.23e802b6d6c69p-2, 0x1.868574eeb4bd7p-4,
     -0x1.327a5d0c29f00p-3, -0x1.092216abe5492p-7, 0x1.8f7563aebbc72p-7, 0x1.13c6aa8b42495p-14,
     -0x1.887438f2f2b43p-12, 0x1.91fce6193be72p-19, 0x1.9a826c8f7cdbdp-18, -0x1.4bf7d718f9749p-24,
     -0x1.0ca865799fa4bp-24, 0x1.e94dfa4874bdbp-31, 0x1.e33b33ffadc31p-32, -0x1.c0e578e86b42cp-38,
     -0x1.3c712bf2e4d02p-39},
    {0x1.0000000000000p+3, 0x1.e666666666666p+2, 0x0.0p+0, 0x1.01a3e93fff41cp-2, -0x1.4611de42aea23p-3,
     -0x1.d8606b2660cc8p-4, 0x1.fe1b170c8d50dp-6, 0x1.0f71b759d2ff8p-7, -0x1.b5c61952ff5c8p-10,
     -0x1.e171ac953897ap-13, 0x1.4d08ff81b6140p-15, 0x1.cf6193c4b44dep-19, -0x1.1f94ad8238626p-21,
     -0x1.1b345c43b005dp-25, 0x1.41daa1820b869p-28, 0x1.e128e35ad8afcp-33, -0x1.f91ccce5b1747p-36,
     -0x1.2a9bb112ce37bp-40},
};

// J1 below 8: the end of each piece, its centre or zero as a sum of two, and coefficients; relative error 2^-58.
IXMATH_TABLE double J1_PIECES[7][18] = {
    {0x1.ccccccccccccdp-1, 0x0.0p+0, 0x0.0p+0, 0x0.0p+0, 0x1.0000000000000p-1, -0x1.f38689246c5d1p-64,
     -0x1.fffffffffffffp-5, -0x1.f2d1ca058ac6bp-53, 0x1.5555555557234p-9, -0x1.004fb846de78cp-45,
     -0x1.c71c71b0122d5p-15, -0x1.68007a4e07ad8p-41, 0x1.6c16feb31ab7ap-21, -0x1.d68fd75202d7cp-39,
     -0x1.840d373cf9790p-28, -0x1.26603a1a24b56p-38, 0x1.3e4a7ee321524p-35, -0x1.027e6aff794e9p-40},
    {0x1.0000000000000p+1, 0x1.7333333333333p+0, 0x0.0p+0, 0x1.19d35cbd98b74p-1, 0x1.4787d003fe2b2p-3,
     -0x1.9881b135cce28p-3, -0x1.0013eddf69580p-6, 0x1.be1ebd2fc26edp-7, 0x1.2730a6f13cd8fp-11,
     -0x1.9c12844ebe7e4p-12, -0x1.6551d87937d12p-17, 0x1.a4ea94a83087ep-18, 0x1.0ac9f940703a9p-23,
     -0x1.1104ec7b0ccf6p-24, -0x1.0e335e37d9f62p-30, 0x1.e9d719fe9cd94p-32, 0x1.89843dfad957cp-38,
     -0x1.4041d631af043p-39},
    {0x1.8000000000000p+1, 0x1.4000000000000p+1, 0x0.0p+0, 0x1.fd063c84795ffp-2, -0x1.fa4f38f6aeb01p-3,
     -0x1.46518dd78ab28p-3, 0x1.3cb0a63cd0e86p-5, 0x1.4d6f582e188f8p-7, -0x1.cbdc9f9363cedp-10,
     -0x1.277d8e2d7c316p-12, 0x1.4067acc30bd60p-15, 0x1.25722ab921e68p-18, -0x1.0740c66b7f370p-21,
     -0x1.74ffdb601af7cp-25, 0x1.1dd4aaf0bff41p-28, 0x1.497e2c88cc157p-32, -0x1.b739b2a254af6p-36,
     -0x1.a83a56b423774p-40},
    {0x1.2666666666666p+2, 0x1.ea75575af6f09p+1, -0x1.60155a9d1b256p-53, 0x0.0p+0, -0x1.9c6cf582cbf7fp-2,
     0x1.ae8a39f51ad03p-5, 0x1.b589d1da138f7p-5, -0x1.537544c331c55p-8, -0x1.24b3409957b79p-9, 0x1.6e4c2d532e5f1p-13,
     0x1.83a06e2db1965p-15, -0x1.9799d4907a06cp-19, -0x1.3382595b8886ap-21, 0x1.170667c835c7ap-25,
     0x1.4565a64551f9ep-28, -0x1.039b8df6917f2p-32, -0x1.e7a99146ecc0dp-36, 0x1.4d14afe7acd5ap-40},
    {0x1.8cccccccccccdp+2, 0x1.599999999999ap+2, 0x0.0p+0, -0x1.61a21098f819bp-2, 0x1.749d89619fbb4p-6,
     0x1.51316bf54b000p-3, -0x1.a8c2de446ee50p-7, -0x1.842e9570ae8adp-7, 0x1.a847fc37d020dp-11,
     0x1.69cc843f4b000p-12, -0x1.57acf995f8987p-16, -0x1.706e73264fc45p-18, 0x1.3420268bd3f67p-22,
     0x1.dad3fd213935cp-25, -0x1.61fef66155433p-29, -0x1.a6d9b70e8ea4dp-32, 0x1.18f3bbf62fd16p-36,
     0x1.10eada3f6efc4p-39},
    {0x1.e666666666666p+2, 0x1.c0ff5f3b47250p+2, -0x1.b226d9d243827p-54, 0x0.0p+0, 0x1.33518b3874e8ap-2,
     -0x1.5e70dc60362bfp-6, -0x1.80c83bdeee5b3p-5, 0x1.9a4b292e3dd37p-9, 0x1.13fbc7d69865fp-9,
     -0x1.07358bbdaa407p-13, -0x1.796a7520414b6p-15, 0x1.4255afe355888p-19, 0x1.3026e194c79dep-21,
     -0x1.d48d58a57979dp-26, -0x1.4464118e0aa80p-28, 0x1.c5a715bee32d2p-33, 0x1.eba5539ac57b8p-36,
     -0x1.ff17598ba013ep-41},
    {0x1.0000000000000p+3, 0x1.f333333333333p+2, 0x0.0p+0, 0x1.9c60fdfa7dc30p-3, 0x1.84493e172370ep-3,
     -0x1.c7618cf4f6e5bp-4, -0x1.a92b98085eeb1p-6, 0x1.390b7b98f57d6p-7, 0x1.0c29734985cf6p-10,
     -0x1.461379ea51d91p-12, -0x1.46db2a0de5261p-16, 0x1.64eb16fe0798cp-18, 0x1.dbc783e3a420cp-23,
     -0x1.e36abd3af0ee2p-25, -0x1.cf988dd43fe3fp-30, 0x1.be40ff623af8ap-32, 0x1.449d6ac995f51p-37,
     -0x1.2afa9dce81cb4p-39},
};

// Y0 below 8: the end of each piece, its centre or zero as a sum of two, and coefficients; relative error 2^-57.
IXMATH_TABLE double Y0_PIECES[8][21] = {
    {0x1.6666666666666p-1, 0x1.3333333333333p-1, 0x0.0p+0, -0x1.3bea02ea8f054p-2, 0x1.42a901e049cb8p+0,
     -0x1.cac9d7bb2c91ep-1, 0x1.be16a85eacca0p-1, -0x1.3080c79d30f7ep+0, 0x1.9df7d1109de2cp+0, -0x1.20993253e9af4p+1,
     0x1.9d65a1c107ce5p+1, -0x1.2df04c485e9c1p+2, 0x1.bfc935a56a9dfp+2, -0x1.501347346c50fp+3, 0x1.fd7546d956a4cp+3,
     -0x1.855ca78898e44p+4, 0x1.2b8fb18ed9e30p+5, -0x1.cd20af2f9898fp+5, 0x1.678b44126a1bcp+6, -0x1.3b46dac70b37fp+7,
     0x1.e4d825dcdfc41p+7},
    {0x1.199999999999ap+0, 0x1.c982eb8d417eap-1, 0x1.ea9d270347f83p-56, 0x0.0p+0, 0x1.c24371844b88ap-1,
     -0x1.f7e38a46d70fap-2, 0x1.c3b1338af3fd7p-3, -0x1.cf18e6a4b8593p-3, 0x1.c068086bfdb34p-3, -0x1.a396a7fef642ep-3,
     0x1.9424b9546afcbp-3, -0x1.8d35b8a765936p-3, 0x1.8c08c290d1301p-3, -0x1.8f7cd3cb0aa5cp-3, 0x1.96e14de83cddbp-3,
     -0x1.a1f8d560cd607p-3, 0x1.af82ff60677c1p-3, -0x1.b9d6e6533db7cp-3, 0x1.d6510511ec6cfp-3, -0x1.284d36a8341bdp-2,
     0x1.1adc2c25f0219p-2},
    {0x1.8000000000000p+0, 0x1.4cccccccccccdp+0, 0x0.0p+0, 0x1.25698650b1f96p-2, 0x1.18d793faf4d48p-1,
     -0x1.6abd0d9a9f2a0p-2, 0x1.b64f5e83ccd7ep-5, -0x1.2b16b4d2a80ffp-5, 0x1.11c03c8535117p-5, -0x1.61803be110b65p-6,
     0x1.cdfeaad5e0abap-7, -0x1.395fcfbbdb3b2p-7, 0x1.aed1d7fb35b86p-8, -0x1.2b31669d5bff9p-8, 0x1.a3621621d7073p-9,
     -0x1.283b6faa468b0p-9, 0x1.a545f285510a4p-10, -0x1.2bf0982ae8ab6p-10, 0x1.ad2ed0a5671a6p-11,
     -0x1.577b38dda6776p-11, 0x1.038da0172159dp-11},
    {0x1.199999999999ap+1, 0x1.d99999999999ap+0, 0x0.0p+0, 0x1.f3934d9602e28p-2, 0x1.8cea460c507c1p-3,
     -0x1.2f6cc50405664p-2, 0x1.f425dead613b7p-6, 0x1.d62bbbf558bb7p-9, 0x1.4327a70bf89dfp-8, -0x1.7ae5734726bf6p-9,
     0x1.3438d1469952fp-10, -0x1.21738af56fb06p-11, 0x1.1bc8d93225346p-12, -0x1.160ee16bb3149p-13,
     0x1.125549ddd761cp-14, -0x1.10d16818ac370p-15, 0x1.10ffbe32d2957p-16, -0x1.0fd007b5b6ba6p-17,
     0x1.114a315cb97d2p-18, -0x1.457caaf49b213p-19, 0x1.5625acda6f6a2p-20},
    {0x1.999999999999ap+1, 0x1.599999999999ap+1, 0x0.0p+0, 0x1.d78e3e0be20cdp-2, -0x1.d230f5b430d8cp-3,
     -0x1.813952ea83abcp-3, 0x1.ca652f8c7230bp-5, 0x1.d50b2095e6894p-8, -0x1.7836606862e0ep-10,
     -0x1.fe130e93f5ed9p-12, 0x1.0728899f1c7f1p-13, -0x1.794893e4a31ccp-16, 0x1.11e67db6494bcp-17,
     -0x1.90f8b50c134d6p-19, 0x1.0e6b7ac4f389ep-20, -0x1.6fa0afd069322p-22, 0x1.f9715cdba0bd5p-24,
     -0x1.59fa3762c2d7cp-25, 0x1.e050171cd9af2p-27, -0x1.83a9216e98a45p-28, 0x1.0d24fc29ab63ap-29},
    {0x1.2666666666666p+2, 0x1.fa9534d98569cp+1, -0x1.f06ae7804384ep-54, 0x0.0p+0, -0x1.9c34256a12a0cp-2,
     0x1.a09c9290367efp-5, 0x1.df6d59bf50ebcp-5, -0x1.c116fdc59809ep-8, -0x1.1e32bc4ef8611p-9, 0x1.99827651682e5p-13,
     0x1.ab2c1feba77efp-15, -0x1.486371eb3c3c9p-18, -0x1.3b2162bb652a6p-22, -0x1.77702bcda4037p-26,
     0x1.452ce5c21699ap-26, -0x1.f69b1e83489a7p-29, 0x1.a63db51ec59d7p-31, -0x1.97e0715aa5b7bp-33,
     0x1.79f4b6e8ac353p-35, -0x1.98a11921e50d1p-37, 0x1.01d0679af50cep-38},
    {0x1.8cccccccccccdp+2, 0x1.599999999999ap+2, 0x0.0p+0, -0x1.5c54f7e160e45p-2, -0x1.4bd9ab997f8ebp-7,
     0x1.5e40992b73b43p-3, -0x1.24843e52971a2p-7, -0x1.a54131e8ef908p-7, 0x1.9250a92ed579ap-11,
     0x1.7ef2b2f0d7fa3p-12, -0x1.481c9705781fap-16, -0x1.8b4832e92633cp-18, 0x1.4423af41cbe6fp-22,
     0x1.dba8742e70f4ap-25, -0x1.278e678e0bb29p-29, -0x1.06c42484c4679p-31, 0x1.05bcf113376f3p-35,
     -0x1.4b027b5c3dd52p-42, 0x1.73a0be7aeb4d9p-42, -0x1.8387d8e2a35d2p-44, 0x1.ff2c20f1fe781p-47},
    {0x1.0000000000000p+3, 0x1.c581dc4e72103p+2, -0x1.9774a495f56cfp-54, 0x0.0p+0, 0x1.334cca0697a5bp-2,
     -0x1.5aef611fc4d57p-6, -0x1.8969c64cbf452p-5, 0x1.b2f14a95527cbp-9, 0x1.1d35e85fde2a3p-9,
     -0x1.26dd71e391c4fp-13, -0x1.8177e4fe5225fp-15, 0x1.6a92273528538p-19, 0x1.34aa7573df4ebp-21,
     -0x1.0a2814d037c7bp-25, -0x1.442a3d1dbb646p-28, 0x1.fa6c3f316194ep-33, 0x1.f14e3568c076dp-36,
     -0x1.714099ac889dfp-40, -0x1.066e0721d9e56p-43, 0x1.2b4041cb64b96p-48, 0x1.3614c3882204cp-51},
};

// Y1 below 8: the end of each piece, its centre or zero as a sum of two, and coefficients; relative error 2^-57.
IXMATH_TABLE double Y1_PIECES[9][21] = {
    {0x1.4cccccccccccdp-1, 0x1.2666666666666p-1, 0x0.0p+0, -0x1.4e916717bb8c8p+0, 0x1.eeaa54024d935p+0,
     -0x1.80694e6bfc2ddp+1, 0x1.6a25d62050ea8p+2, -0x1.40583495bd708p+3, 0x1.179ad4f382476p+4, -0x1.e77da5c50bf3fp+4,
     0x1.a88e4ccedcdb7p+5, -0x1.71890d9145a7cp+6, 0x1.418b09352e664p+7, -0x1.17bad26cbd9dbp+8, 0x1.e6a5dbc72db2ap+8,
     -0x1.a74bf7f488880p+9, 0x1.7027e47d420cep+10, -0x1.3f567793545a0p+11, 0x1.15b0e80387d1ep+12,
     -0x1.058c0530f1720p+13, 0x1.c77a73f1f73ecp+13},
    {0x1.ccccccccccccdp-1, 0x1.8cccccccccccdp-1, 0x0.0p+0, -0x1.01d68f83e2e25p+0, 0x1.301ee1a823292p+0,
     -0x1.19ede7a8b4d43p+0, 0x1.a7fdb965df33cp+0, -0x1.1e524ad2ec05dp+1, 0x1.72f9270bb6e7fp+1, -0x1.e0875a9451c47p+1,
     0x1.36e147a4248afp+2, -0x1.91d4cd4457795p+2, 0x1.038c2c23ed320p+3, -0x1.4f2c841bcc86ap+3, 0x1.b0bdd2d77d7bcp+3,
     -0x1.175c7ac942411p+4, 0x1.6897f25e611bep+4, -0x1.ce696fbc9e40ap+4, 0x1.2a5adcc0cf298p+5, -0x1.b42ef2eaeb2dcp+5,
     0x1.19c1b99c07f21p+6},
    {0x1.4000000000000p+0, 0x1.1333333333333p+0, 0x0.0p+0, -0x1.6fbc639153d47p-1, 0x1.a00b105711bcdp-1,
     -0x1.517eb2bc1bc73p-2, 0x1.935229f9fa854p-2, -0x1.bbcfdb750d41bp-2, 0x1.9d9cb85b4821ap-2, -0x1.819829c59626fp-2,
     0x1.68a3e4d43bfa0p-2, -0x1.509c01a73dfbbp-2, 0x1.39cf45eea45f6p-2, -0x1.245e57e4f13ccp-2, 0x1.1047e934bb266p-2,
     -0x1.fb1871e98e31fp-3, 0x1.d8058d231f982p-3, -0x1.b462860a2ca69p-3, 0x1.9642ef98b5d71p-3, -0x1.ad1f671e7102dp-3,
     0x1.8e201d3347465p-3},
    {0x1.c000000000000p+0, 0x1.8000000000000p+0, 0x0.0p+0, -0x1.a6343b92d8b0fp-2, 0x1.508c6c43d1ab9p-1,
     -0x1.ac58de83773d6p-4, 0x1.a84071e30d8e2p-5, -0x1.4a165b989c627p-4, 0x1.c8faaa5899a85p-5, -0x1.266e855f8f6bdp-5,
     0x1.8bf6d7b7fc2bep-6, -0x1.0a2794699235dp-6, 0x1.64562533ad08bp-7, -0x1.dc7bc38ff1f51p-8, 0x1.3e58d6baa39e2p-8,
     -0x1.a93fae9cd7a22p-9, 0x1.1bd2b30898479p-9, -0x1.780fbdd509c10p-10, 0x1.f731a6773ace1p-11,
     -0x1.7e9aa369555b8p-11, 0x1.f415a42a2382ep-12},
    {0x1.4cccccccccccdp+1, 0x1.193bed4dff243p+1, -0x1.bd1e50d219bfdp-55, 0x0.0p+0, 0x1.0aa48442f014bp-1,
     -0x1.e56f82217b8eep-4, -0x1.0d2af4e932455p-5, -0x1.3a6dec372c8b5p-8, 0x1.e671c7d14e6bcp-8,
     -0x1.5429dc5821582p-9, 0x1.17ab4ad17d074p-10, -0x1.0b2d88aef7dfcp-11, 0x1.eea7db59aab27p-13,
     -0x1.c3fa2c62035bcp-14, 0x1.9d10ab07a22bbp-15, -0x1.79763670e6377p-16, 0x1.592e71021eca5p-17,
     -0x1.370bbb93478ffp-18, 0x1.119391485dec5p-19, -0x1.2e9e1b77f0d42p-20, 0x1.50c6eda0054ebp-21},
    {0x1.ccccccccccccdp+1, 0x1.8cccccccccccdp+1, 0x0.0p+0, 0x1.660545603a8a0p-2, 0x1.d7b195c760bc9p-3,
     -0x1.8cd85fe796a18p-3, -0x1.b983e9f84e54dp-7, 0x1.6f3b94017fd1dp-7, 0x1.414cc4f2f9605p-10,
     -0x1.3432bb9d511f7p-11, 0x1.df6f273982c2dp-15, -0x1.0f64846b11b60p-16, 0x1.f2e84630a8847p-18,
     -0x1.48aea7ee9f939p-19, 0x1.a01df2d4610d5p-21, -0x1.0e0c97d9584b5p-22, 0x1.5eedf1e24cf86p-24,
     -0x1.c39223f2cad8fp-26, 0x1.22952d9f75b68p-27, -0x1.ac8427ddf69cfp-29, 0x1.21b119cbda7bcp-30},
    {0x1.2cccccccccccdp+2, 0x1.099999999999ap+2, 0x0.0p+0, 0x1.81bcd68136ff7p-2, -0x1.53c3ae8933d1bp-3,
     -0x1.4267a5ac8dd83p-3, 0x1.2165d12604534p-5, 0x1.3aad6e9ecbc2ap-7, -0x1.96b4e3c7dcf09p-10,
     -0x1.3b90fcc57eb96p-12, 0x1.6b948264ad502p-15, 0x1.6ce3e226966bep-19, -0x1.c741c89c80caap-24,
     -0x1.225eb4dc22c7fp-23, 0x1.ce9f7b736cb3ep-26, -0x1.68e6eaacb87a6p-28, 0x1.6b07d4b3920f0p-30,
     -0x1.679e5f1f54665p-32, 0x1.5bbae893b4d87p-34, -0x1.6d0f96791306bp-36, 0x1.5e62464ec0b42p-38},
    {0x1.8666666666666p+2, 0x1.5b7fe4e87b02ep+2, 0x1.dfe7bac228e8cp-52, 0x0.0p+0, -0x1.5c7c556f0c19ap-2,
     0x1.00b9f8571ca1fp-5, 0x1.a15d92dfe3e27p-5, -0x1.10a329e2c23fbp-8, -0x1.1be6db9923ac9p-9, 0x1.337c7e138f683p-13,
     0x1.85b940eb5e91ap-15, -0x1.806191481f2e9p-19, -0x1.255e6cf2ba6f5p-21, 0x1.b62cd18827bf9p-26,
     0x1.80b1a02b8aeaep-28, -0x1.a7ef6b3b880d9p-32, 0x1.414eeca6ef4e1p-39, -0x1.377c0bc3884b0p-38,
     0x1.46c8bbd077c35p-40, -0x1.dec417b3f810fp-43, 0x1.7ca03028c122ap-45},
    {0x1.0000000000000p+3, 0x1.c333333333333p+2, 0x0.0p+0, -0x1.34abc7fc73d05p-2, 0x1.056e1afa671f3p-5,
     0x1.29d34af8ce1afp-3, -0x1.7f2eb61a75fcbp-7, -0x1.694a1cd705c0fp-7, 0x1.95845b21956fcp-11,
     0x1.56cdff68284f4p-12, -0x1.514b93024bc26p-16, -0x1.61ca6873417e2p-18, 0x1.3866cace7b64dp-22,
     0x1.c6de29082bce9p-25, -0x1.65b71cdc281a2p-29, -0x1.9d4c2824cd869p-32, 0x1.3373c0ea61ffbp-36,
     0x1.f62c47bcdb571p-40, -0x1.1b2f7e1197542p-44, -0x1.5d261943cd400p-47, 0x1.682e3109532e7p-51},
};

// Y0(y) - 2/pi log(y) J0(y), x = y^2, y <= 1/2; error below 2^-64.
IXMATH_FN double y0_regular(double x) {
  double p = -0x1.a4f122a3f97d1p-31;
  p = fma(p, x, 0x1.bce347f420d4bp-24);
  p = fma(p, x, -0x1.3e9978caad226p-17);
  p = fma(p, x, 0x1.1a6206b78fad0p-11);
  p = fma(p, x, -0x1.075b1bbf41285p-6);
  p = fma(p, x, 0x1.6bbcb41034286p-3);
  p = fma(p, x, -0x1.2e4d699cbd01fp-4);
  return p;
}

// (Y1(y) - 2/pi (log(y) J1(y) - 1/y)) / y, x = y^2, y <= 1/2; error below 2^-68.
IXMATH_FN double y1_regular(double x) {
  double p = -0x1.eec4fbea8a89ap-35;
  p = fma(p, x, 0x1.32e4f1be465efp-27);
  p = fma(p, x, -0x1.0a780a8a6530dp-20);
  p = fma(p, x, 0x1.2c7dbffcc936cp-14);
  p = fma(p, x, -0x1.835b97894bde9p-9);
  p = fma(p, x, 0x1.bd3975c75b4a7p-5);
  p = fma(p, x, -0x1.91866143cbc8ap-3);
  return p;
}

// P0(y) with x = 1/y^2, y >= 8: sqrt(pi y / 2) (J0 + i Y0) = (P + i Q) e^(i phase); error below 2^-50.
IXMATH_FN double bessel_p0(double x) {
  double p = -0x1.74a43fda527bbp+23;
  p = fma(p, x, 0x1.3309e62a6c8bep+20);
  p = fma(p, x, -0x1.0043b36d40f11p+16);
  p = fma(p, x, 0x1.45c5b43e79d02p+11);
  p = fma(p, x, -0x1.ae5424a72843cp+6);
  p = fma(p, x, 0x1.842b8e0153187p+2);
  p = fma(p, x, -0x1.251c61d057dd1p-1);
  p = fma(p, x, 0x1.cb5ffa3310096p-4);
  p = fma(p, x, -0x1.1fffffff58e28p-4);
  p = fma(p, x, 0x1.ffffffffffffap-1);
  return p;
}

// Q0(y) y with x = 1/y^2, y >= 8: sqrt(pi y / 2) (J0 + i Y0) = (P + i Q) e^(i phase); error below 2^-50.
IXMATH_FN double bessel_q0(double x) {
  double p = -0x1.6989825be75abp+31;
  p = fma(p, x, 0x1.2e9e3d7c4a56fp+28);
  p = fma(p, x, -0x1.e7b0a41169ccdp+23);
  p = fma(p, x, 0x1.0ce5c975f6df1p+19);
  p = fma(p, x, -0x1.0177c8cb2b115p+14);
  p = fma(p, x, 0x1.0fb6c35caa95cp+9);
  p = fma(p, x, -0x1.85b8234e70e24p+4);
  p = fma(p, x, 0x1.ba49b24c9055ep+0);
  p = fma(p, x, -0x1.d11dfb0605f17p-3);
  p = fma(p, x, 0x1.2bffffff14bf7p-4);
  p = fma(p, x, -0x1.fffffffffffc6p-4);
  return p;
}

// P1(y) with x = 1/y^2, y >= 8: sqrt(pi y / 2) (J1 + i Y1) = (P + i Q) e^(i phase); error below 2^-50.
IXMATH_FN double bessel_p1(double x) {
  double p = 0x1.90c4167c327dcp+23;
  p = fma(p, x, -0x1.4ae96bfc65d08p+20);
  p = fma(p, x, 0x1.1549775fac70ep+16);
  p = fma(p, x, -0x1.633938a682714p+11);
  p = fma(p, x, 0x1.dbfef0b655f41p+6);
  p = fma(p, x, -0x1.b7f6960b267a3p+2);
  p = fma(p, x, 0x1.5a67a56b932c5p-1);
  p = fma(p, x, -0x1.274ffce6309f9p-3);
  p = fma(p, x, 0x1.dfffffff4d446p-4);
  p = fma(p, x, 0x1.0000000000003p+0);
  return p;
}

// Q1(y) y with x = 1/y^2, y >= 8: sqrt(pi y / 2) (J1 + i Y1) = (P + i Q) e^(i phase); error below 2^-50.
IXMATH_FN double bessel_q1(double x) {
  double p = 0x1.81a9caf1112f1p+31;
  p = fma(p, x, -0x1.4335c7788a765p+28);
  p = fma(p, x, 0x1.04fd839b5506ep+24);
  p = fma(p, x, -0x1.20ec2dfc39331p+19);
  p = fma(p, x, 0x1.16a203030cd8cp+14);
  p = fma(p, x, -0x1.29ba95138facep+9);
  p = fma(p, x, 0x1.b396e8d0ad21bp+4);
  p = fma(p, x, -0x1.fe55477aed513p+0);
  p = fma(p, x, 0x1.1c3cfd5b8e146p-2);
  p = fma(p, x, -0x1.a3ffffff06193p-4);
  p = fma(p, x, 0x1.7fffffffffff1p-2);
  return p;
}

// I0(y), x = y^2, y <= 8, relative; error below 2^-59.
IXMATH_FN double bessel_i0_low(double x) {
  double p = 0x1.1cb19d97eac65p-110;
  p = fma(p, x, 0x1.1089c88511996p-101);
  p = fma(p, x, 0x1.f2a3a11a69963p-92);
  p = fma(p, x, 0x1.40a5c965862b8p-82);
  p = fma(p, x, 0x1.69e6222ed7906p-73);
  p = fma(p, x, 0x1.55ff4d363c17ep-64);
  p = fma(p, x, 0x1.0b3153ecbfabfp-55);
  p = fma(p, x, 0x1.522a412617055p-47);
  p = fma(p, x, 0x1.522a442199299p-39);
  p = fma(p, x, 0x1.02e85c06c8ca4p-31);
  p = fma(p, x, 0x1.23456789c5ef3p-24);
  p = fma(p, x, 0x1.c71c71c71a92bp-18);
  p = fma(p, x, 0x1.c71c71c71c85cp-12);
  p = fma(p, x, 0x1.ffffffffffff3p-7);
  p = fma(p, x, 0x1.0000000000000p-2);
  p = fma(p, x, 0x1.0000000000000p+0);
  return p;
}

// I0(x) sqrt(x) e^-x in 1/x - (2j + 1)/128; error 2^-63.
IXMATH_TABLE double I0_PIECES[8][10] = {
    {0x1.98eae829908b2p-2, 0x1.9c26e4197260dp-5, 0x1.d713d77879149p-6, 0x1.f694fe6b8089bp-6, 0x1.8d5577d9e5ec8p-5,
     0x1.a2dd8eb5b4982p-4, 0x1.15271612af0f4p-2, 0x1.bad33bfa1f7c6p-1, 0x1.a106e821da725p+1, 0x1.c39e07f16c4f8p+3},
    {0x1.99badabd2880dp-2, 0x1.a3b3effe281c0p-5, 0x1.efde47b4242fep-6, 0x1.165ae7c0e9faap-5, 0x1.d7f94a30520e4p-5,
     0x1.1028111b5a7b3p-3, 0x1.92731e66e0989p-2, 0x1.6f781f05611d7p+0, 0x1.95d84261999ccp+2, 0x1.0869189d5a86cp+5},
    {0x1.9a8ead8380b2ap-2, 0x1.aba988a884d9dp-5, 0x1.05b7d307963dfp-5, 0x1.36c8d3f8d9f75p-5, 0x1.1d517a5cf83f0p-4,
     0x1.6e12e73baa1a0p-3, 0x1.36c301ac94437p-1, 0x1.524adb44cc0a1p+1, 0x1.d4e81cf3d651fp+3, 0x1.988314296950dp+6},
    {0x1.9b6697b81be6ep-2, 0x1.b413e6203cfaap-5, 0x1.152ec99f0283bp-5, 0x1.5e74c990a73e2p-5, 0x1.616106b1bfdcfp-4,
     0x1.0372406823d55p-2, 0x1.0ba5f8b53f234p+0, 0x1.85f4e3da999b5p+2, 0x1.997b16ec31e13p+5, 0x1.0259e882fc58ap+9},
    {0x1.9c42d759158a6p-2, 0x1.bd0201265814fp-5, 0x1.26bbd432d90d2p-5, 0x1.907b1b74f6026p-5, 0x1.c69d38a141166p-4,
     0x1.9749fd7057644p-2, 0x1.1e2f3e9320032p+1, 0x1.0c019edb47c70p+4, 0x1.52f2cd1aa9b60p+6, -0x1.cea445c0e1f8dp+9},
    {0x1.9d23b2cdcf50fp-2, 0x1.c686cb6a91116p-5, 0x1.3afb4f2069b9cp-5, 0x1.d2f7ed46616e8p-5, 0x1.38a7791386179p-3,
     0x1.65b6502431978p-1, 0x1.01fa3202191b6p+2, 0x1.d955cb26d71d5p+2, -0x1.364a951336c79p+8, -0x1.c661640503a4ap+11},
    {0x1.9e097b6a675eep-2, 0x1.d0bb92e96b2a8p-5, 0x1.52f3579892fd1p-5, 0x1.18cae07a8cb89p-4, 0x1.c544e8476bcaep-3,
     0x1.0677c4a809d1fp+0, 0x1.d2dcbfb082c3dp+0, -0x1.9ecf062aa7235p+5, -0x1.ea5ada05f78f9p+8, 0x1.d8d2cac329813p+10},
    {0x1.9ef4919a7cfaap-2, 0x1.dbc4350aed993p-5, 0x1.704133879e224p-5, 0x1.5bbd063a6878ap-4, 0x1.32a10fc2f2311p-2,
     0x1.b1acee7c301b8p-1, -0x1.8d22bf2d618d8p+2, -0x1.4afcdbee8f2a5p+6, 0x1.142aa9313794ep+6, 0x1.279ed5650da23p+12},
};

// I1(y) / y, x = y^2, y <= 8, relative; error below 2^-62.
IXMATH_FN double bessel_i1_low(double x) {
  double p = 0x1.17cd78aebcd09p-115;
  p = fma(p, x, 0x1.26fee372efecdp-106);
  p = fma(p, x, 0x1.1c183ff166c84p-96);
  p = fma(p, x, 0x1.8ad6b6f900137p-87);
  p = fma(p, x, 0x1.e280883164da2p-78);
  p = fma(p, x, 0x1.f17428036c72fp-69);
  p = fma(p, x, 0x1.ab821059df437p-60);
  p = fma(p, x, 0x1.2c97573029cf2p-51);
  p = fma(p, x, 0x1.522a441143861p-43);
  p = fma(p, x, 0x1.27e4fb7658719p-35);
  p = fma(p, x, 0x1.845c8a0cf76f5p-28);
  p = fma(p, x, 0x1.6c16c16c160bep-21);
  p = fma(p, x, 0x1.c71c71c71c7a1p-15);
  p = fma(p, x, 0x1.5555555555552p-9);
  p = fma(p, x, 0x1.0000000000000p-4);
  p = fma(p, x, 0x1.0000000000000p-1);
  return p;
}

// I1(x) sqrt(x) e^-x in 1/x - (2j + 1)/128; error 2^-63.
IXMATH_TABLE double I1_PIECES[8][10] = {
    {0x1.97512f2df4eddp-2, -0x1.33e636d42b3a6p-3, -0x1.87040b3183ab1p-5, -0x1.5e69ebee0f3dcp-5,
     -0x1.fcd364f96dcbcp-5, -0x1.fde6da6f7fa0ep-4, -0x1.463af1d8f2f8ap-2, -0x1.fce4d409c7833p-1,
     -0x1.d6ae3282b875cp+1, -0x1.f6a5c9fed2307p+3},
    {0x1.94e64983390f9p-2, -0x1.370530521ce58p-3, -0x1.983a6b44ef588p-5, -0x1.80ec47685eea4p-5,
     -0x1.2ba47db9d5b0ep-4, -0x1.487161a7f8ce5p-3, -0x1.d588f319647c8p-2, -0x1.a27d0190939dbp+0,
     -0x1.c5d11b101fd77p+2, -0x1.237d5fa199eabp+5},
    {0x1.92750258c2f4ap-2, -0x1.3a484cd6b435dp-3, -0x1.ab33fd65edfe4p-5, -0x1.a9e7580a8a1afp-5,
     -0x1.66e0001fd016cp-4, -0x1.b56b9ae48da0ep-3, -0x1.66c6edf3c32fcp-1, -0x1.7cf851b5d7145p+1,
     -0x1.02f9037fe974bp+4, -0x1.bc399963315e8p+6},
    {0x1.8ffd0daa8d0dcp-2, -0x1.3db36836d59cdp-3, -0x1.c04a876e72705p-5, -0x1.db88246b31fa3p-5,
     -0x1.b7b439fb40d8ap-4, -0x1.324bb0f21cb1cp-2, -0x1.30b1cda2dbecep+0, -0x1.afaf6ee6bcb4fp+2,
     -0x1.bbd38893733d5p+5, -0x1.1587ba767d4d9p+9},
    {0x1.8d7e16f5c537ap-2, -0x1.414b3078b710ap-3, -0x1.d7f92f1703bbcp-5, -0x1.0caed940a1fd6p-4,
     -0x1.1719d6cd9676dp-3, -0x1.d8c07a585eea2p-2, -0x1.3f94983ba4a9dp+1, -0x1.2609cb8180da7p+4,
     -0x1.7e00f67d82a42p+6, 0x1.cb1b232514256p+9},
    {0x1.8af7bf43e4b93p-2, -0x1.45157ef0f0fbcp-3, -0x1.f2f6a7cec4c0dp-5, -0x1.3523500d9f260p-4,
     -0x1.7929c9305e9e6p-3, -0x1.9841966affa3ep-1, -0x1.218e9f8ccb60cp+2, -0x1.32b95f33f0366p+3,
     0x1.406bf1ecdfb0ap+8, 0x1.ec354bd4ec7a6p+11},
    {0x1.88699a3c02133p-2, -0x1.491a040d05166p-3, -0x1.093805116d4c6p-4, -0x1.6daa8acb389c6p-4,
     -0x1.0cdae499afa4ap-2, -0x1.2d4aed2d4d2a4p+0, -0x1.316eda2846c9cp+1, 0x1.ad19a8dae635ap+5, 0x1.0db639d7ed99ep+9,
     -0x1.b71b64d6a7ab5p+10},
    {0x1.85d32959205a8p-2, -0x1.4d6375d6e2deap-3, -0x1.1c1f4cb854b1fp-4, -0x1.bcd559a96add9p-4,
     -0x1.6aa12c64a9b51p-2, -0x1.0809f39970c8dp+0, 0x1.8b8f82791be46p+2, 0x1.69e7d1bb729f7p+6, -0x1.1524825c97d02p+5,
     -0x1.3af9ce4026e7cp+12},
};


}  // namespace ixmath

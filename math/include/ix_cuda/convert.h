// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Conversions with a named rounding (to nearest, toward zero, up, down; the machine's names for
// the last two are p and m), and numbers seen as the bits of others.
#pragma once

#include "language.h"

#define IX_CUDA_CONVERSIONS(suffix, mode)                                                              \
  IX_DEVICE float __double2float_##suffix(double a) { return __nvvm_d2f_##mode(a); }                   \
  IX_DEVICE int __float2int_##suffix(float a) { return __nvvm_f2i_##mode(a); }                         \
  IX_DEVICE unsigned __float2uint_##suffix(float a) { return __nvvm_f2ui_##mode(a); }                  \
  IX_DEVICE long long __float2ll_##suffix(float a) { return __nvvm_f2ll_##mode(a); }                   \
  IX_DEVICE unsigned long long __float2ull_##suffix(float a) { return __nvvm_f2ull_##mode(a); }        \
  IX_DEVICE int __double2int_##suffix(double a) { return __nvvm_d2i_##mode(a); }                       \
  IX_DEVICE unsigned __double2uint_##suffix(double a) { return __nvvm_d2ui_##mode(a); }                \
  IX_DEVICE long long __double2ll_##suffix(double a) { return __nvvm_d2ll_##mode(a); }                 \
  IX_DEVICE unsigned long long __double2ull_##suffix(double a) { return __nvvm_d2ull_##mode(a); }      \
  IX_DEVICE float __int2float_##suffix(int a) { return __nvvm_i2f_##mode(a); }                         \
  IX_DEVICE float __uint2float_##suffix(unsigned a) { return __nvvm_ui2f_##mode(a); }                  \
  IX_DEVICE float __ll2float_##suffix(long long a) { return __nvvm_ll2f_##mode(a); }                   \
  IX_DEVICE float __ull2float_##suffix(unsigned long long a) { return __nvvm_ull2f_##mode(a); }        \
  IX_DEVICE double __ll2double_##suffix(long long a) { return __nvvm_ll2d_##mode(a); }                 \
  IX_DEVICE double __ull2double_##suffix(unsigned long long a) { return __nvvm_ull2d_##mode(a); }
IX_CUDA_CONVERSIONS(rn, rn)
IX_CUDA_CONVERSIONS(rz, rz)
IX_CUDA_CONVERSIONS(ru, rp)
IX_CUDA_CONVERSIONS(rd, rm)
#undef IX_CUDA_CONVERSIONS
IX_DEVICE double __int2double_rn(int a) { return a; }
IX_DEVICE double __uint2double_rn(unsigned a) { return a; }

IX_DEVICE int __float_as_int(float a) { return __builtin_bit_cast(int, a); }
IX_DEVICE unsigned __float_as_uint(float a) { return __builtin_bit_cast(unsigned, a); }
IX_DEVICE float __int_as_float(int a) { return __builtin_bit_cast(float, a); }
IX_DEVICE float __uint_as_float(unsigned a) { return __builtin_bit_cast(float, a); }
IX_DEVICE long long __double_as_longlong(double a) { return __builtin_bit_cast(long long, a); }
IX_DEVICE double __longlong_as_double(long long a) { return __builtin_bit_cast(double, a); }
IX_DEVICE int __double2hiint(double a) { return (int)(__double_as_longlong(a) >> 32); }
IX_DEVICE int __double2loint(double a) { return (int)__double_as_longlong(a); }
IX_DEVICE double __hiloint2double(int hi, int lo) {
  return __longlong_as_double((long long)((unsigned long long)(unsigned)hi << 32 | (unsigned)lo));
}

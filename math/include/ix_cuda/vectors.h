// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The vector types and their constructors, and dim3. A vector of two or four whole words is as
// aligned as it is large, up to 16 bytes, so that it moves in one access.
#pragma once

#include "language.h"

#define IX_CUDA_VECTORS(type, name, align2, align4)                                                 \
  struct name##1 { type x; };                                                                       \
  struct __align__(align2) name##2 { type x, y; };                                                  \
  struct name##3 { type x, y, z; };                                                                 \
  struct __align__(align4) name##4 { type x, y, z, w; };                                            \
  IX_DEVICE name##1 make_##name##1(type x) { return {x}; }                                          \
  IX_DEVICE name##2 make_##name##2(type x, type y) { return {x, y}; }                               \
  IX_DEVICE name##3 make_##name##3(type x, type y, type z) { return {x, y, z}; }                    \
  IX_DEVICE name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }
IX_CUDA_VECTORS(signed char, char, 2, 4)
IX_CUDA_VECTORS(unsigned char, uchar, 2, 4)
IX_CUDA_VECTORS(short, short, 4, 8)
IX_CUDA_VECTORS(unsigned short, ushort, 4, 8)
IX_CUDA_VECTORS(int, int, 8, 16)
IX_CUDA_VECTORS(unsigned, uint, 8, 16)
IX_CUDA_VECTORS(long, long, 16, 16)
IX_CUDA_VECTORS(unsigned long, ulong, 16, 16)
IX_CUDA_VECTORS(long long, longlong, 16, 16)
IX_CUDA_VECTORS(unsigned long long, ulonglong, 16, 16)
IX_CUDA_VECTORS(float, float, 8, 16)
IX_CUDA_VECTORS(double, double, 16, 16)
#undef IX_CUDA_VECTORS

struct dim3 {
  unsigned x, y, z;
  constexpr __host__ __device__ dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Bits of integers: counting, reversing, shifting and permuting.
#pragma once

#include "language.h"

IX_DEVICE int __popc(unsigned v) { return __builtin_popcount(v); }
IX_DEVICE int __popcll(unsigned long long v) { return __builtin_popcountll(v); }
IX_DEVICE int __clz(int v) { return v ? __builtin_clz((unsigned)v) : 32; }
IX_DEVICE int __clzll(long long v) { return v ? __builtin_clzll((unsigned long long)v) : 64; }
IX_DEVICE int __ffs(int v) { return __builtin_ffs(v); }
IX_DEVICE int __ffsll(long long v) { return __builtin_ffsll(v); }
IX_DEVICE unsigned __brev(unsigned v) { return __builtin_bitreverse32(v); }
IX_DEVICE unsigned long long __brevll(unsigned long long v) { return __builtin_bitreverse64(v); }

// The bytes of (y, x) that the selector's four digits name.
IX_DEVICE unsigned __byte_perm(unsigned x, unsigned y, unsigned selector) {
  return __nvvm_prmt(x, y, selector & 0x7777);
}

// 32 bits of (hi, lo) shifted; the distance modulo 32, or (c) at most 32.
IX_DEVICE unsigned __funnelshift_l(unsigned lo, unsigned hi, unsigned n) {
  n &= 31;
  return n ? hi << n | lo >> (32 - n) : hi;
}
IX_DEVICE unsigned __funnelshift_r(unsigned lo, unsigned hi, unsigned n) {
  n &= 31;
  return n ? hi << (32 - n) | lo >> n : lo;
}
IX_DEVICE unsigned __funnelshift_lc(unsigned lo, unsigned hi, unsigned n) {
  return n >= 32 ? lo : __funnelshift_l(lo, hi, n);
}
IX_DEVICE unsigned __funnelshift_rc(unsigned lo, unsigned hi, unsigned n) {
  return n >= 32 ? hi : __funnelshift_r(lo, hi, n);
}

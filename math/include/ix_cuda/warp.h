// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What the lanes of a warp do together: shuffles, votes, matches and reductions.
#pragma once

#include "language.h"

// The segment operand is ((32 - width) << 8) with, but for `up`, 31 as the clamp. 64-bit values go
// as two halves.
#define IX_CUDA_SHUFFLE(name, builtin, clamp)                                                        \
  IX_DEVICE int name(unsigned mask, int v, unsigned lane, int width = 32) {                          \
    return __nvvm_shfl_sync_##builtin##_i32(mask, v, lane, ((32 - width) << 8) | clamp);             \
  }                                                                                                  \
  IX_DEVICE unsigned name(unsigned mask, unsigned v, unsigned lane, int width = 32) {                \
    return __nvvm_shfl_sync_##builtin##_i32(mask, v, lane, ((32 - width) << 8) | clamp);             \
  }                                                                                                  \
  IX_DEVICE float name(unsigned mask, float v, unsigned lane, int width = 32) {                      \
    return __nvvm_shfl_sync_##builtin##_f32(mask, v, lane, ((32 - width) << 8) | clamp);             \
  }                                                                                                  \
  IX_DEVICE unsigned long long name(unsigned mask, unsigned long long v, unsigned lane, int width = 32) { \
    unsigned lower = name(mask, (unsigned)v, lane, width);                                           \
    unsigned upper = name(mask, (unsigned)(v >> 32), lane, width);                                   \
    return (unsigned long long)upper << 32 | lower;                                                  \
  }                                                                                                  \
  IX_DEVICE long long name(unsigned mask, long long v, unsigned lane, int width = 32) {              \
    return (long long)name(mask, (unsigned long long)v, lane, width);                                \
  }                                                                                                  \
  IX_DEVICE double name(unsigned mask, double v, unsigned lane, int width = 32) {                    \
    return __builtin_bit_cast(double, name(mask, __builtin_bit_cast(unsigned long long, v), lane, width)); \
  }
IX_CUDA_SHUFFLE(__shfl_sync, idx, 31)
IX_CUDA_SHUFFLE(__shfl_up_sync, up, 0)
IX_CUDA_SHUFFLE(__shfl_down_sync, down, 31)
IX_CUDA_SHUFFLE(__shfl_xor_sync, bfly, 31)
#undef IX_CUDA_SHUFFLE

IX_DEVICE int __all_sync(unsigned mask, int predicate) { return __nvvm_vote_all_sync(mask, predicate); }
IX_DEVICE int __any_sync(unsigned mask, int predicate) { return __nvvm_vote_any_sync(mask, predicate); }
IX_DEVICE int __uni_sync(unsigned mask, int predicate) { return __nvvm_vote_uni_sync(mask, predicate); }
IX_DEVICE unsigned __ballot_sync(unsigned mask, int predicate) { return __nvvm_vote_ballot_sync(mask, predicate); }
IX_DEVICE unsigned __activemask() { return __nvvm_activemask(); }

// The lanes whose value is this lane's; or, for `all`, the mask if every lane's is.
IX_DEVICE unsigned __match_any_sync(unsigned mask, unsigned v) { return __nvvm_match_any_sync_i32(mask, v); }
IX_DEVICE unsigned __match_any_sync(unsigned mask, int v) { return __nvvm_match_any_sync_i32(mask, (unsigned)v); }
IX_DEVICE unsigned __match_any_sync(unsigned mask, unsigned long long v) { return __nvvm_match_any_sync_i64(mask, v); }
IX_DEVICE unsigned __match_all_sync(unsigned mask, unsigned v, int *all) {
  return __nvvm_match_all_sync_i32p(mask, v, all);
}
IX_DEVICE unsigned __match_all_sync(unsigned mask, unsigned long long v, int *all) {
  return __nvvm_match_all_sync_i64p(mask, v, all);
}

// One value from those of all lanes in the mask.
IX_DEVICE unsigned __reduce_add_sync(unsigned mask, unsigned v) { return (unsigned)__nvvm_redux_sync_add((int)v, mask); }
IX_DEVICE int __reduce_add_sync(unsigned mask, int v) { return __nvvm_redux_sync_add(v, mask); }
IX_DEVICE unsigned __reduce_min_sync(unsigned mask, unsigned v) { return __nvvm_redux_sync_umin(v, mask); }
IX_DEVICE int __reduce_min_sync(unsigned mask, int v) { return __nvvm_redux_sync_min(v, mask); }
IX_DEVICE unsigned __reduce_max_sync(unsigned mask, unsigned v) { return __nvvm_redux_sync_umax(v, mask); }
IX_DEVICE int __reduce_max_sync(unsigned mask, int v) { return __nvvm_redux_sync_max(v, mask); }
IX_DEVICE unsigned __reduce_and_sync(unsigned mask, unsigned v) { return (unsigned)__nvvm_redux_sync_and((int)v, mask); }
IX_DEVICE unsigned __reduce_or_sync(unsigned mask, unsigned v) { return (unsigned)__nvvm_redux_sync_or((int)v, mask); }
IX_DEVICE unsigned __reduce_xor_sync(unsigned mask, unsigned v) { return (unsigned)__nvvm_redux_sync_xor((int)v, mask); }

// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The functions of the runtime that device code calls: printf, assertions, the heap, and what of
// C's <string.h> compilers call by themselves. The runtime links what a module declares and does
// not define. math/device/build.sh makes `ixdevice.ptx` from this file.
//
// Lanes of a warp run one path at a time, so no lane ever waits for another one here: where a
// lane finds a word changed it takes the new value and tries again, which means that another lane
// has got on; and the one lock there is, is taken by one lane of a warp at a time, which then only
// ever waits for other warps.
#include "ix_cuda/atomics.h"
#include "ix_cuda/language.h"
#include "ix_cuda/warp.h"

typedef unsigned long long u64;
typedef unsigned u32;
typedef unsigned char byte;

struct Heap;

// What the runtime gives a launch: `src/device_runtime/environment.rs` has the same layout.
struct Environment {
  // Ring of records, and its size in bytes, a multiple of 8.
  byte *fifo;
  u64 capacity;
  // Bytes that were ever reserved by kernels and taken out by the host.
  volatile u64 written;
  volatile u64 taken;
  // How many threads have failed an assertion.
  u32 asserts;
  u32 reserved;
  Heap *heap;
};

extern "C" __device__ Environment *__ix_environment();

// Records: a word with the record's size in its low half, this word included, and the kind in its
// high half, which is 0 until all else is there. The host clears what it has taken out.
enum Kind { PRINTF = 1, ASSERT = 2, PADDING = 3 };

static __device__ void publish(byte *record, u64 size, Kind kind) {
  __threadfence_system();
  *reinterpret_cast<volatile u64 *>(record) = (u64)kind << 32 | size;
}

// Room for a record of `size` bytes, a multiple of 8; null if there is none.
static __device__ byte *reserve(Environment *e, u64 size) {
  u64 capacity = e->capacity;
  u64 at = e->written;
  for (;;) {
    u64 offset = at % capacity;
    // A record does not go round the end of the ring.
    u64 padding = capacity - offset < size ? capacity - offset : 0;
    u64 end = at + padding + size;
    if (end - e->taken > capacity) return 0;
    u64 seen = atomicCAS(const_cast<u64 *>(&e->written), at, end);
    if (seen == at) {
      if (padding) publish(e->fifo + offset, padding, PADDING);
      return e->fifo + (padding ? 0 : offset);
    }
    at = seen;
  }
}

// Most arguments of a printf; `src/device_runtime/format.rs` has the same number, and reads
// conversions in the same way.
enum { MOST_ARGUMENTS = 32 };

struct Arguments {
  u32 bytes;
  u32 count;
};

// How many arguments a format asks for, and how many bytes they take: words of 4 or 8 bytes, each
// aligned to its size.
static __device__ Arguments arguments_of(const char *format) {
  Arguments a = {0, 0};
  for (const char *p = format; *p; p++) {
    if (*p != '%') continue;
    p++;
    if (*p == '%') continue;
    u32 bytes = a.bytes, count = a.count;
    while (*p == '-' || *p == '+' || *p == ' ' || *p == '#' || *p == '0') p++;
    for (int part = 0; part < 2; part++) {
      if (part == 1) {
        if (*p != '.') break;
        p++;
      }
      if (*p == '*') {
        bytes = (bytes + 3) / 4 * 4 + 4;
        count++;
        p++;
      } else {
        while (*p >= '0' && *p <= '9') p++;
      }
    }
    u32 size = 4;
    if (*p == 'h') {
      p++;
      if (*p == 'h') p++;
    } else if (*p == 'l') {
      p++;
      if (*p == 'l') p++;
      size = 8;
    } else if (*p == 'j' || *p == 'z' || *p == 't') {
      p++;
      size = 8;
    }
    switch (*p) {
      case 'd': case 'i': case 'u': case 'o': case 'x': case 'X': case 'c': break;
      case 'f': case 'F': case 'e': case 'E': case 'g': case 'G': case 'a': case 'A': case 's': case 'p': size = 8; break;
      default: return a;
    }
    bytes = (bytes + size - 1) / size * size + size;
    count++;
    if (count > MOST_ARGUMENTS) return a;
    a.bytes = bytes;
    a.count = count;
  }
  return a;
}

extern "C" __device__ int vprintf(const char *format, const char *list) {
  if (!format) return -1;
  Environment *e = __ix_environment();
  Arguments a = arguments_of(format);
  u64 size = 16 + (a.bytes + 7) / 8 * 8;
  byte *record = reserve(e, size);
  if (!record) return -1;
  *reinterpret_cast<volatile u64 *>(record + 8) = reinterpret_cast<u64>(format);
  for (u32 i = 0; i < a.bytes; i += 4)
    *reinterpret_cast<volatile u32 *>(record + 16 + i) = *reinterpret_cast<const volatile u32 *>(list + i);
  publish(record, size, PRINTF);
  return a.count;
}

// Copies at most `most` characters of a string and a NUL; gives the end.
static __device__ byte *copy_string(byte *to, const char *from, u32 most) {
  for (u32 i = 0; from && i < most && from[i]; i++) *to++ = from[i];
  *to++ = 0;
  return to;
}

enum { MOST_CHARACTERS = 324 };

extern "C" __device__ void __assertfail(const char *message, const char *file, unsigned line, const char *function, size_t) {
  Environment *e = __ix_environment();
  atomicAdd(&e->asserts, 1u);
  const u64 size = 40 + 8 + 3 * MOST_CHARACTERS + 4;
  static_assert(size % 8 == 0, "records consist of words");
  byte *record = reserve(e, size);
  if (record) {
    u32 *words = reinterpret_cast<u32 *>(record + 8);
    words[0] = line;
    words[1] = blockIdx.x;
    words[2] = blockIdx.y;
    words[3] = blockIdx.z;
    words[4] = threadIdx.x;
    words[5] = threadIdx.y;
    words[6] = threadIdx.z;
    byte *to = copy_string(record + 40, file, MOST_CHARACTERS);
    to = copy_string(to, function, MOST_CHARACTERS);
    copy_string(to, message, MOST_CHARACTERS);
    publish(record, size, ASSERT);
  }
  __trap();
  __builtin_unreachable();
}

// The heap consists of pages. A page is free, or cut into slots of one size, or a part of a run of
// pages that serves one large allocation. `states` tells which, and `used` has a bit for each slot
// that is taken.
//
// Who wants a slot first takes one off the page's count of free slots, and then looks for a bit
// that is not set, of which there is one for everybody who got that far. Who frees a slot clears
// the bit first and then counts it, so a page whose count is full has no bit set and may be freed.
//
// What is not an allocation is not freed: pointers outside of the heap, into an allocation, and
// those that were freed already (and not given out again since) are ignored.
enum { PAGE = 4096, LARGEST_SLOT = 2048, WORDS = PAGE / 16 / 64 };
// Kinds of pages in the upper four bits of a state. Those in between are the classes of slots: 16
// bytes << (class - 1). The lower bits are the number of free slots, or of a run's pages.
enum : u32 { FREE = 0, RUN = 9u << 28, REST = 10u << 28, CHANGING = 11u << 28, LOW = (1u << 28) - 1 };

struct Heap {
  u32 lock;
  u32 pages;
  volatile u32 *states;
  u64 *used;
  byte *base;
  // For each class, a page to look at first.
  volatile u32 hints[16];
};

static __device__ u32 swap_state(Heap *h, u32 page, u32 from, u32 to) { return atomicCAS(const_cast<u32 *>(&h->states[page]), from, to); }

static __device__ void *allocate_slot(Heap *h, u32 kind) {
  const u32 size = 16u << (kind - 1), slots = PAGE / size;
  const u32 words = slots < 64 ? 1 : slots / 64;
  const u64 all = slots < 64 ? (1ull << slots) - 1 : ~0ull;
  u32 lane = __nvvm_read_ptx_sreg_laneid();
  u32 page = h->hints[kind];
  if (page >= h->pages) page = 0;
  for (u32 left = h->pages; left; left--) {
    u32 state = h->states[page];
    bool got = false;
    while (!got) {
      u32 next;
      if (state == FREE) {
        next = kind << 28 | (slots - 1);
      } else if (state >> 28 == kind && (state & LOW)) {
        next = state - 1;
      } else {
        break;
      }
      u32 seen = swap_state(h, page, state, next);
      got = seen == state;
      state = seen;
    }
    if (!got) {
      page = page + 1 == h->pages ? 0 : page + 1;
      continue;
    }
    h->hints[kind] = page;
    u64 *used = h->used + (u64)page * WORDS;
    for (u32 w = 0;; w = w + 1 == words ? 0 : w + 1) {
      u64 free = ~*const_cast<volatile u64 *>(&used[w]) & all;
      while (free) {
        // Lanes look from different bits on, so that they do not all go for the same one.
        u64 turned = lane ? free >> lane | free << (64 - lane) : free;
        u32 bit = (__builtin_ctzll(turned) + lane) & 63;
        u64 before = atomicOr(&used[w], 1ull << bit);
        if (!(before >> bit & 1)) return h->base + (u64)page * PAGE + (w * 64 + bit) * size;
        free = ~before & all & ~(1ull << bit);
      }
    }
  }
  return 0;
}

// Takes `count` free pages in a row; by the holder of the lock only.
static __device__ void *allocate_run(Heap *h, u32 count) {
  u32 run = 0;
  for (u32 page = 0; page < h->pages; page++) {
    run = h->states[page] == FREE ? run + 1 : 0;
    if (run < count) continue;
    u32 first = page + 1 - count, next = first;
    // Slots may be made of one of the pages meanwhile.
    while (next <= page && swap_state(h, next, FREE, CHANGING) == FREE) next++;
    if (next <= page) {
      while (next > first) h->states[--next] = FREE;
      run = 0;
      continue;
    }
    for (u32 i = first + 1; i <= page; i++) h->states[i] = REST;
    h->states[first] = RUN | count;
    return h->base + (u64)first * PAGE;
  }
  return 0;
}

extern "C" __device__ void *malloc(size_t size) {
  Heap *h = __ix_environment()->heap;
  if (!h || size > (u64)h->pages * PAGE) return 0;
  if (size <= LARGEST_SLOT) {
    u32 kind = 1;
    while (16u << (kind - 1) < size) kind++;
    return allocate_slot(h, kind);
  }
  void *result = 0;
  u32 lane = __nvvm_read_ptx_sreg_laneid();
  for (u32 lanes = __activemask(); lanes; lanes &= lanes - 1) {
    if ((u32)__builtin_ctz(lanes) != lane) continue;
    while (atomicCAS(&h->lock, 0u, 1u) != 0u) __nanosleep(100);
    __threadfence();
    result = allocate_run(h, (size + PAGE - 1) / PAGE);
    __threadfence();
    atomicExch(&h->lock, 0u);
  }
  return result;
}

extern "C" __device__ void free(void *pointer) {
  Heap *h = __ix_environment()->heap;
  if (!h || !pointer) return;
  u64 offset = reinterpret_cast<u64>(pointer) - reinterpret_cast<u64>(h->base);
  if (offset >= (u64)h->pages * PAGE) return;
  u32 page = offset / PAGE, inside = offset % PAGE;
  u32 state = h->states[page];
  __threadfence();
  if (state >> 28 == RUN >> 28) {
    if (inside || swap_state(h, page, state, CHANGING) != state) return;
    for (u32 i = page + (state & LOW) - 1; i > page; i--) h->states[i] = FREE;
    h->states[page] = FREE;
    return;
  }
  u32 kind = state >> 28;
  if (kind == 0 || kind > 8) return;
  u32 size = 16u << (kind - 1), slots = PAGE / size;
  if (inside % size) return;
  u32 slot = inside / size;
  u64 bit = 1ull << (slot % 64);
  if (!(atomicAnd(&h->used[(u64)page * WORDS + slot / 64], ~bit) & bit)) return;
  h->hints[kind] = page;
  for (;;) {
    u32 next = (state & LOW) + 1 == slots ? FREE : state + 1;
    u32 seen = swap_state(h, page, state, next);
    if (seen == state) return;
    state = seen;
  }
}

// Of C's <string.h>.

extern "C" __device__ void *memcpy(void *to, const void *from, size_t n) {
  byte *t = static_cast<byte *>(to);
  const byte *f = static_cast<const byte *>(from);
  if (((reinterpret_cast<u64>(t) | reinterpret_cast<u64>(f)) & 7) == 0) {
    for (; n >= 8; n -= 8, t += 8, f += 8) *reinterpret_cast<u64 *>(t) = *reinterpret_cast<const u64 *>(f);
  }
  for (; n; n--) *t++ = *f++;
  return to;
}

extern "C" __device__ void *memmove(void *to, const void *from, size_t n) {
  byte *t = static_cast<byte *>(to);
  const byte *f = static_cast<const byte *>(from);
  if (reinterpret_cast<u64>(t) - reinterpret_cast<u64>(f) >= n) {
    for (size_t i = 0; i < n; i++) t[i] = f[i];
  } else {
    while (n--) t[n] = f[n];
  }
  return to;
}

extern "C" __device__ void *memset(void *to, int value, size_t n) {
  byte *t = static_cast<byte *>(to);
  for (; n && (reinterpret_cast<u64>(t) & 7); n--) *t++ = value;
  u64 word = (u64)(byte)value * 0x0101010101010101ull;
  for (; n >= 8; n -= 8, t += 8) *reinterpret_cast<u64 *>(t) = word;
  for (; n; n--) *t++ = value;
  return to;
}

extern "C" __device__ int memcmp(const void *a, const void *b, size_t n) {
  const byte *p = static_cast<const byte *>(a), *q = static_cast<const byte *>(b);
  for (; n; n--, p++, q++)
    if (*p != *q) return *p - *q;
  return 0;
}

extern "C" __device__ size_t strlen(const char *s) {
  size_t n = 0;
  while (s[n]) n++;
  return n;
}

extern "C" __device__ int strcmp(const char *a, const char *b) {
  for (; *a && *a == *b; a++) b++;
  return (byte)*a - (byte)*b;
}

extern "C" __device__ int strncmp(const char *a, const char *b, size_t n) {
  for (; n && *a && *a == *b; a++, n--) b++;
  return n ? (byte)*a - (byte)*b : 0;
}

extern "C" __device__ char *strcpy(char *to, const char *from) {
  for (size_t i = 0;; i++)
    if (!(to[i] = from[i])) return to;
}

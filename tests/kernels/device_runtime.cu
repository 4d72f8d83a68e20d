// SPDX-License-Identifier: Apache-2.0 OR MIT
// Kernels that call the runtime: printf, assert, the heap, and C functions that clang calls by itself.
#include "ix_cuda.h"

extern "C" {
__device__ size_t strlen(const char *);
__device__ void *memmove(void *, const void *, size_t);
__device__ int memcmp(const void *, const void *, size_t);
}

extern "C" __global__ void print_all(int *result, const char *text) {
  int r = 0;
  r += printf("%d|%i|%5d|%-5d|%05d|%+d|% d\n", 1, -2, 3, 4, 5, 6, 7);
  r += printf("%u|%o|%x|%X|%#x|%#o\n", 4000000000u, 8, 48879, 48879, 255, 8);
  r += printf("%ld|%lld|%lu|%llx|%hd|%hhu\n", -1L, 1LL << 40, ~0UL, 0xfeedfacecafebeefULL, (short)-3, (unsigned char)200);
  r += printf("%f|%.2f|%10.3f|%-10.1f|%e|%.3E|%g|%G|%a\n", 1.5, 2.345, 3.14159, 2.5, 12345.678, 0.00012, 1e-10, 1e20, 0.1);
  r += printf("%c%c|%s|%10s|%-10s|%.3s|%%\n", 'o', 'k', "word", text, "left", "truncated");
  r += printf("%*d|%-*d|%.*f|%*.*f\n", 6, 42, 6, 42, 2, 1.23456, 9, 3, 2.71828);
  r += printf("no arguments\n");
  *result = r;
}

extern "C" __global__ void print_ids() { printf("block %u thread %u\n", blockIdx.x, threadIdx.x); }

extern "C" __global__ void check(const int *x, int limit) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  assert(x[i] < limit);
}

// Every thread builds a list of nodes of many sizes, walks it, and frees it; what it saw goes to `sums`.
struct Node {
  Node *next;
  unsigned value, bytes;
};

extern "C" __global__ void lists(unsigned *sums, unsigned count, unsigned rounds) {
  unsigned id = blockIdx.x * blockDim.x + threadIdx.x, sum = 0;
  for (unsigned round = 0; round < rounds; round++) {
    Node *list = 0;
    for (unsigned i = 0; i < count; i++) {
      unsigned bytes = sizeof(Node) + (id * 7 + i * 13 + round) % 300;
      Node *node = static_cast<Node *>(malloc(bytes));
      if (!node) continue;
      // All of it, so that two that overlap are found out.
      memset(node, id & 0xff, bytes);
      node->next = list;
      node->value = id + i;
      node->bytes = bytes;
      list = node;
    }
    while (list) {
      Node *next = list->next;
      const unsigned char *rest = reinterpret_cast<unsigned char *>(list + 1);
      bool whole = true;
      for (unsigned i = 0; i < list->bytes - sizeof(Node); i++) whole &= rest[i] == (id & 0xff);
      if (whole) sum += list->value;
      free(list);
      list = next;
    }
  }
  sums[id] = sum;
}

extern "C" __global__ void strings(char *text, unsigned long *out) {
  out[0] = strlen(text);
  memmove(text + 2, text, out[0]);
  out[1] = memcmp(text, text + 2, 2) == 0;
  out[2] = memcmp("abc", "abd", 3) < 0;
}

__device__ __attribute__((noinline)) unsigned depth(const unsigned *next, unsigned i) {
  return next[i] == i ? 0 : 1 + depth(next, next[i]);
}

extern "C" __global__ void depths(const unsigned *next, unsigned *out) { out[threadIdx.x] = depth(next, threadIdx.x); }

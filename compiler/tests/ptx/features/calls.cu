// SPDX-License-Identifier: Apache-2.0 OR MIT
// Calls of every kind, structures by value, switches, printf and inline assembly with scopes of its own.
//
// clang-19 -x cuda --cuda-device-only --cuda-gpu-arch=sm_80 -nocudainc -nocudalib --cuda-feature=+ptx78 \
//     -O1 -gline-tables-only -fdebug-prefix-map=$PWD=. -S -o calls.debug.ptx calls.cu
// The same with -O0 instead of -O1 -gline-tables-only gives calls.O0.ptx.

#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __constant__ __attribute__((constant))
#define noinline __attribute__((noinline))
#define thread __nvvm_read_ptx_sreg_tid_x()

extern "C" __device__ int vprintf(const char *, void *);
extern "C" __device__ void *malloc(unsigned long);
extern "C" __device__ void free(void *);

struct Item {
  double weight;
  int slots[5];
  char tag;
};

typedef float float4 __attribute__((ext_vector_type(4)));
typedef int (*Function)(int);

__device__ int values[4] = {1, 2, 3, 4};
__device__ int *third = &values[2];
__device__ Item item = {1.5, {1, 2, 3}, 'x'};
__constant__ float table[3][2] = {{1, 2}, {3, 4}, {5, 6}};

__device__ int triple(int a) { return a * 3; }
__device__ int add_seven(int a) { return a + 7; }
__device__ Function functions[2] = {triple, add_seven};

__device__ noinline Item change(Item item, int k, float4 v) {
  item.weight += k;
  item.slots[k % 5] = v.x;
  item.tag ^= k;
  return item;
}

__device__ noinline float4 square(float4 v) { return v * v + 1.0f; }
__device__ noinline int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

struct Shape {
  int x;
  __device__ virtual int area(int) { return 1; }
};

struct Square : Shape {
  __device__ int area(int a) override { return a * x; }
};

extern "C" __global__ void by_value(Item in, Item *out, int k, float4 v) {
  out[thread] = change(in, k, v);
  *(float4 *)(out + 1) = square(v);
  out[2].slots[0] = fibonacci(k) + *third + item.slots[k & 3];
  out[2].weight = table[k % 3][k & 1];
}

extern "C" __global__ void indirect(int *out, int k, Shape *shape) {
  Square square;
  square.x = 3;
  Shape *which = out[5] ? shape : &square;
  Function f = k > 5 ? triple : add_seven;
  out[0] = functions[k & 1](k);
  out[1] = f(k);
  out[2] = which->area(2);
}

extern "C" __global__ void switches(int *out, int k) {
  switch (k) {
  case 0: out[0] = 1; break;
  case 1: out[3] = 2; break;
  case 2: out[1] = k * out[3]; break;
  case 3: out[9] = k / out[2]; break;
  case 4: out[7] = k % out[1]; break;
  case 5: out[2] = 8; break;
  case 6: out[4] = __builtin_popcount(out[1]); break;
  default: out[11] = 9;
  }
}

extern "C" __global__ void prints(int *p, const char *name, double x) {
  char local[64];
  for (int i = 0; i < 64; i++)
    local[(i * p[0]) & 63] = i;
  p[1] = local[p[2] & 63];
  struct {
    int a;
    double b;
    const char *c;
  } arguments = {p[3], x, name};
  vprintf("hello %d %f %s\n\"q\"\\", &arguments);
  void *memory = malloc(p[4]);
  *(void **)(p + 6) = memory;
  free(memory);
  if (p[9])
    __builtin_trap();
  // Both blocks have a label and registers of the same name.
  asm volatile("{ .reg .pred p; .reg .b32 t;\n setp.ne.b32 p, %0, 0;\n @p bra L1;\n"
               " mov.u32 t, %%laneid; add.u32 %0, %0, t;\n L1: }" : "+r"(p[7]));
  asm volatile("{ .reg .pred p; setp.ne.b32 p, %0, 0; @p bra L1; add.u32 %0, %0, 1; L1: }" : "+r"(p[8]));
}

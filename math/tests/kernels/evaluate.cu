// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// One thread for each pair of arguments.
#include "evaluate.h"

#include "ix_cuda.h"

extern "C" __global__ void evaluate_pairs(const double *x, const double *y, double *out64, double *out32, int n) {
  int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) evaluate(x[i], y[i], out64 + i * EVALUATIONS, out32 + i * EVALUATIONS);
}

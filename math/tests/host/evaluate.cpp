// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The host's side of tests/kernels/evaluate.cu.

#include "evaluate.h"

namespace {
const char *const NAMES[] = {EVALUATE_1(EVALUATE_NAME) EVALUATE_2(EVALUATE_NAME)};
}

extern "C" int ix_math_evaluations() { return EVALUATIONS; }
extern "C" const char *ix_math_evaluation_name(int i) { return NAMES[i]; }
extern "C" void ix_math_evaluate(double x, double y, double *out64, double *out32) { evaluate(x, y, out64, out32); }

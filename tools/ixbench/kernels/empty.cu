// SPDX-License-Identifier: Apache-2.0 OR MIT
// Nothing: what a launch costs by itself.
#include "ix_cuda.h"

extern "C" __global__ void empty() {}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// What device code in CUDA C++ expects to find, in terms of clang's builtins and IX's own math
// library: kernels compile with clang alone, without a CUDA toolkit:
//
//   clang++ -x cuda --cuda-device-only --cuda-gpu-arch=sm_80 --cuda-feature=+ptx78
//           -nocudainc -nocudalib -O2 -S -I <this directory> -o kernel.ptx kernel.cu
//
// Names, types and meanings are those of the CUDA C++ language.
#pragma once

#include "ix_cuda/language.h"

#include "ix_cuda/arithmetic.h"
#include "ix_cuda/atomics.h"
#include "ix_cuda/bits.h"
#include "ix_cuda/convert.h"
#include "ix_cuda/memory.h"
#include "ix_cuda/vectors.h"
#include "ix_cuda/warp.h"
#include "ixmath.h"
#include "ixmath/global.h"

// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// IX's device math library: the mathematical functions of CUDA C++ in f32 and f64, all in the
// namespace `ixmath`. In device code ixmath/global.h also gives them their customary global names.
// Accuracy is in docs/math.md. Special cases are C's (annex F): infinities, signed zeros,
// subnormals and NaN included.
#pragma once

#include "ixmath/bessel.h"
#include "ixmath/erf.h"
#include "ixmath/exp.h"
#include "ixmath/gamma.h"
#include "ixmath/hyperbolic.h"
#include "ixmath/inverse_trig.h"
#include "ixmath/log.h"
#include "ixmath/pow.h"
#include "ixmath/remainder.h"
#include "ixmath/root.h"
#include "ixmath/round.h"
#include "ixmath/trig.h"

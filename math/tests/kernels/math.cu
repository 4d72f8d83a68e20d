// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Calls every function of the math library once, in f32, in f64, and overloaded.
#include "ix_cuda.h"

#define CALL1(name) sum += name##f(x) + name(x); total += name(u);
#define CALL2(name) sum += name##f(x, y) + name(x, y); total += name(u, v);

__global__ void every_function(float *f, double *d, int n) {
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  float x = f[i], y = f[i + 1], sum = 0, part;
  double u = d[i], v = d[i + 1], total = 0, piece;
  int k = 0;
  CALL1(acos) CALL1(acosh) CALL1(asin) CALL1(asinh) CALL1(atan) CALL1(atanh) CALL1(cbrt) CALL1(ceil)
  CALL1(cos) CALL1(cosh) CALL1(cospi) CALL1(exp) CALL1(exp10) CALL1(exp2) CALL1(expm1) CALL1(fabs)
  CALL1(floor) CALL1(log) CALL1(log10) CALL1(log1p) CALL1(log2) CALL1(logb) CALL1(nearbyint) CALL1(rcbrt)
  CALL1(erf) CALL1(erfc) CALL1(erfcinv) CALL1(erfcx) CALL1(erfinv) CALL1(lgamma) CALL1(normcdf) CALL1(normcdfinv)
  CALL1(cyl_bessel_i0) CALL1(cyl_bessel_i1) CALL1(j0) CALL1(j1) CALL1(y0) CALL1(y1)
  CALL1(rint) CALL1(round) CALL1(rsqrt) CALL1(sin) CALL1(sinh) CALL1(sinpi) CALL1(sqrt) CALL1(tan)
  CALL1(tanh) CALL1(tgamma) CALL1(trunc) CALL1(ilogb) CALL1(lrint) CALL1(lround) CALL1(llrint) CALL1(llround)
  CALL2(atan2) CALL2(copysign) CALL2(fdim) CALL2(fmax) CALL2(fmin) CALL2(fmod) CALL2(hypot)
  CALL2(nextafter) CALL2(pow) CALL2(remainder) CALL2(rhypot)
  sum += ldexpf(x, n) + scalbnf(x, n) + scalblnf(x, n) + pow(x, n) + fmaf(x, y, sum) + fma(x, y, sum);
  total += ldexp(u, n) + scalbn(u, n) + scalbln(u, n) + pow(u, n) + fma(u, v, total);
  sum += jnf(n, x) + ynf(n, y);
  total += jn(n, u) + yn(n, v);
  sum += abs(x) + min(x, y) + max(x, y);
  total += abs(u) + min(u, v) + max(u, v);
  sincosf(x, &f[i], &part), sum += part;
  sincospif(y, &f[i], &part), sum += part;
  sincos(u, &d[i], &piece), total += piece;
  sincospi(v, &d[i], &piece), total += piece;
  sum += frexpf(x, &k) + modff(x, &part) + remquof(x, y, &k) + part;
  total += frexp(u, &k) + modf(u, &piece) + remquo(u, v, &k) + piece;
  sum += norm3df(x, y, x) + rnorm3df(x, y, x) + norm4df(x, y, x, y) + rnorm4df(x, y, x, y) + normf(n, f) + rnormf(n, f);
  total += norm3d(u, v, u) + rnorm3d(u, v, u) + norm4d(u, v, u, v) + rnorm4d(u, v, u, v) + norm(n, d) + rnorm(n, d);
  if (isnan(x) || isinf(u) || !isfinite(y) || signbit(v)) sum += __frsqrt_rn(x) + nanf("") + INFINITY;
  f[i] = sum + k;
  d[i] = total;
}

# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The error function near 0, its scaled complement elsewhere, and starts for their inverses."""

from mpmath import mp, mpf

from emit import Header, split
from remez import Problem

mp.dps = 60
h = Header("erf", "Coefficients of the error function and its inverse")
h.constants("TWO_OVER_SQRT_PI_", 2 / mp.sqrt(mp.pi), 2, "2 / sqrt(pi)")
h.constant("HALF_SQRT_PI", mp.sqrt(mp.pi) / 2)
h.constants("SQRT_HALF_", mp.sqrt(mpf(1) / 2), 2, "sqrt(1/2)")
h.constants("SQRT_2_", mp.sqrt(mpf(2)), 2, "sqrt(2)")
h.text("")


def tail(z):
    x = mp.sqrt(z)
    return (mp.erf(x) / x - 2 / mp.sqrt(mp.pi)) / z


p = Problem(tail, 0, mpf("0.2501"), lambda z: z, 300)
h.polynomial("erf_tail", *p.fit(60, 4), "(erf(y)/y - 2/sqrt(pi)) / x, x = y^2, |y| <= 1/2")

# erfcx(x) = t g(t), t = 1 / (1 + x): g is smooth on [0, 1] and there between 0.5 and 1.
PIECES = 16


def g(t):
    x = 1 / t - 1
    if x > 300:
        # e^(x^2) erfc(x) as its asymptotic series: beyond 60 digits here.
        term, total, n = mpf(1), mpf(1), 1
        while abs(term) > mpf(10) ** -55:
            term *= -(2 * n - 1) / (2 * x * x)
            total += term
            n += 1
        return total / (x * mp.sqrt(mp.pi)) / t
    return mp.exp(x * x) * mp.erfc(x) / t


rows, worst = [], mpf(0)
for j in range(PIECES):
    centre = mpf(2 * j + 1) / (2 * PIECES)
    half = mpf(1) / (2 * PIECES)
    p = Problem(lambda u: g(centre + u), -half, half, points=120)
    c, error = p.minimax(10)
    worst = max(worst, error)
    rows.append(split(c[0], 2) + c[1:])
h.table(
    "ERFCX_PIECES",
    rows,
    f"erfcx(x) (1 + x) in u = t - (2j + 1)/32, t = 1/(1 + x); the constant term is a sum of two; error "
    f"2^{int(mp.log(worst, 2))}",
)

# Starts for the inverses: x p(x^2) near 0, and for erfcinv(q) rows in s = sqrt(-log q), one per
# octave of s from 0.8 on.
mp.dps = 30


def central(z):
    x = mp.sqrt(z)
    return mp.erfinv(x) / x


p = Problem(central, 0, mpf("0.2501"), points=120)
h.polynomial("erfinv_start", *p.fit(31, 3), "erfinv(y) / y, x = y^2, |y| <= 1/2")


def erfcinv(s):
    # Newton on log(erfc(y)) = -s^2.
    y = mpf(s)
    for _ in range(60):
        e = mp.erfc(y)
        step = (mp.log(e) + s * s) / (-2 / mp.sqrt(mp.pi) * mp.exp(-y * y) / e)
        y -= step
        if abs(step) < mpf(10) ** -25:
            break
    return y


rows, worst = [], mpf(0)
for j in range(6):
    scale = mpf(2) ** j
    low, high = mpf("0.8"), mpf("1.6") if j < 5 else mpf("0.86")
    p = Problem(lambda u: erfcinv((u + mpf("1.2")) * scale), low - mpf("1.2"), high - mpf("1.2"),
                lambda u: 1 / (scale * (u + mpf("1.2")) * mpf("0.6")), points=100)
    c, error = p.minimax(9)
    worst = max(worst, error)
    rows.append(c)
h.table("ERFCINV_STARTS", rows, f"erfcinv(e^(-s^2)) in s / 2^j - 1.2, 0.8 <= s / 2^j < 1.6; relative error "
        f"2^{int(mp.log(worst, 2))}")
h.write()
print(float(mp.log(worst, 2)))

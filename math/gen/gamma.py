# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The logarithm of gamma around its roots 1 and 2, and Stirling's correction from 10 on."""

from mpmath import mp, mpf

from emit import Header
from remez import Problem

mp.dps = 70
h = Header("gamma", "Coefficients of the gamma function")
h.constants("HALF_LN_2PI_", mp.log(2 * mp.pi) / 2, 2, "ln(2 pi) / 2")
h.text("")
p = Problem(lambda u: mp.loggamma(1 + u) / u, mpf("-0.2501"), mpf("0.5001"), points=400)
h.polynomial("lgamma_at_1", *p.fit(58, 15), "lgamma(1 + x) / x on -1/4 <= x <= 1/2")
p = Problem(lambda u: mp.loggamma(2 + u) / u, mpf("-0.5001"), mpf("0.5001"), points=400)
h.polynomial("lgamma_at_2", *p.fit(58, 15), "lgamma(2 + x) / x on |x| <= 1/2")


def correction(w):
    x = 1 / mp.sqrt(w)
    return x * (mp.loggamma(x) - ((x - mpf(1) / 2) * mp.log(x) - x + mp.log(2 * mp.pi) / 2))


p = Problem(correction, 0, mpf("0.01"), lambda w: mp.sqrt(w), points=200)
h.polynomial("stirling", *p.fit(68, 4), "y (lgamma(y) - (y - 1/2) ln y + y - ln(2 pi)/2), x = y^-2, y >= 10; error times 1/y")
h.write()

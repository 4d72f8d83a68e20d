# SPDX-License-Identifier: Apache-2.0 OR MIT
"""exp and what is built on it: q(r) = (e^r - 1 - r) / r^2 on |r| <= ln(2)/2."""

from mpmath import mp, mpf

from emit import Header
from remez import Problem

mp.dps = 70
h = Header("exp", "Coefficients of the exponential")
h.constant("LOG2_E", 1 / mp.log(2))
h.constant("LOG2_10", mp.log(10, 2))
h.constants("LN2_", mp.log(2), 3, "ln 2")
h.constants("LN10_", mp.log(10), 2, "ln 10")
h.constants("LOG10_2_", mp.log10(2), 2, "log10 2")
h.text("")
b = mp.log(2) / 2 * mpf("1.0001")
# Weighted so that r + r^2 q(r) is e^r - 1 with this relative error.
q = Problem(lambda r: (mp.expm1(r) - r) / r**2, -b, b, lambda r: r, 400)
for name, bits in (("exp_q", 60), ("exp_q_short", 38)):
    h.polynomial(name, *q.fit(bits, 3), "(e^x - 1 - x) / x^2 on |x| <= ln(2)/2, relative to (e^x - 1) / x^2 / x")
h.write()

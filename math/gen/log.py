# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Logarithms: series of atanh(s) in z = s^2, |s| <= (sqrt 2 - 1) / (sqrt 2 + 1)."""

from mpmath import mp, mpf

from emit import Header
from remez import Problem

mp.dps = 80
h = Header("log", "Coefficients of the logarithm")
h.constants("INV_LN2_", 1 / mp.log(2), 2, "1 / ln 2")
h.constants("INV_LN10_", 1 / mp.log(10), 2, "1 / ln 10")
h.constants("THIRD_", mpf(1) / 3, 2, "1 / 3")
h.text("")
s = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)
b = (s * mpf("1.0001")) ** 2


def ratio(z):
    r = mp.sqrt(z)
    return mp.atanh(r) / r


t = Problem(lambda z: (ratio(z) - 1 - z / 3) / z**2, 0, b, lambda z: z**2, 300)
h.polynomial("atanh_tail", *t.fit(70, 3), "(atanh(s)/s - 1 - x/3) / x^2, x = s^2")
t = Problem(lambda z: (ratio(z) - 1) / z, 0, b, lambda z: z, 300)
h.polynomial("atanh_short", *t.fit(40, 2), "(atanh(s)/s - 1) / x, x = s^2")
h.write()

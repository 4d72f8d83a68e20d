# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Sine and cosine on |r| <= pi/4, arc tangent on |t| <= 1/16, and pi in several forms."""

from mpmath import mp, mpf

from emit import Header
from remez import Problem

mp.dps = 80
h = Header("trig", "Coefficients of the trigonometric functions")
h.constants("PI_", mp.pi, 3, "pi")
h.constants("HALF_PI_", mp.pi / 2, 3, "pi / 2")
h.constant("TWO_OVER_PI", 2 / mp.pi)
h.text("")
b = (mp.pi / 4 * mpf("1.0001")) ** 2
s = Problem(lambda z: (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, 0, b, lambda z: z, 300)
c = Problem(lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2, 0, b, lambda z: z**2, 300)
h.polynomial("sin_tail", *s.fit(61, 3), "(sin(r)/r - 1) / x, x = r^2")
h.polynomial("cos_tail", *c.fit(61, 3), "(cos(r) - 1 + x/2) / x^2, x = r^2")
h.polynomial("sin_short", *s.fit(36, 2), "(sin(r)/r - 1) / x, x = r^2")
h.polynomial("cos_short", *c.fit(36, 2), "(cos(r) - 1 + x/2) / x^2, x = r^2")
b = (mpf(1) / 16 * mpf("1.01")) ** 2
a = Problem(lambda z: (mp.atan(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, 0, b, lambda z: z, 300)
h.polynomial("atan_tail", *a.fit(64, 2), "(atan(t)/t - 1) / x, x = t^2")
h.polynomial("atan_short", *a.fit(38, 2), "(atan(t)/t - 1) / x, x = t^2")
rows = []
for j in range(9):
    v = mp.atan(mpf(j) / 8)
    rows.append([float(v), float(v - mpf(float(v)))])
h.table("ATAN_EIGHTHS", rows, "atan(j / 8), as sums of two")

mp.dps = 500
bits = 64 * 20
words = int(mp.floor(2 / mp.pi * mpf(2) ** bits))
h.text("// 2 / pi: 64 zero bits, then those after the binary point, most significant word first.")
h.text("IXMATH_TABLE unsigned long long TWO_OVER_PI_BITS[21] = {", "    0,")
for i in range(0, 20, 4):
    parts = [f"0x{(words >> (bits - 64 * (k + 1))) & (2**64 - 1):016x}" for k in range(i, i + 4)]
    h.text("    " + ", ".join(parts) + ",")
h.text("};")
h.write()

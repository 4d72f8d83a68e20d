# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A start for cube roots: a polynomial on [1, 2] to 16 bits, and the cube roots of 2 and 4."""

from mpmath import mp, mpf

from emit import Header
from remez import Problem

mp.dps = 40
h = Header("root", "Coefficients of the cube root")
h.constant("CBRT_2", mp.cbrt(2))
h.constant("CBRT_4", mp.cbrt(4))
p = Problem(lambda m: mp.cbrt(m), 1, 2, lambda m: 1 / mp.cbrt(m), 200)
h.polynomial("cbrt_start", *p.fit(16, 2), "the cube root of x in [1, 2], relative")
h.write()

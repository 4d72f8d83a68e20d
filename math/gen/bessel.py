# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Bessel functions: pieces below 8, each around a zero where it has one, and modulus and phase above."""

from mpmath import mp, mpf

from emit import Header, split
from remez import Problem

mp.dps = 40
h = Header("bessel", "Coefficients of the Bessel functions")
h.constant("INV_SQRT_PI", 1 / mp.sqrt(mp.pi))
h.text("")

FUNCTIONS = {
    "J0": (lambda x: mp.besselj(0, x), [0, 1, 1.75, 3.1, 4.6, 6.2, 7.2, 8]),
    "J1": (lambda x: mp.besselj(1, x), [0, 0.9, 2, 3, 4.6, 6.2, 7.6, 8]),
    "Y0": (lambda x: mp.bessely(0, x), [0.5, 0.7, 1.1, 1.5, 2.2, 3.2, 4.6, 6.2, 8]),
    "Y1": (lambda x: mp.bessely(1, x), [0.5, 0.65, 0.9, 1.25, 1.75, 2.6, 3.6, 4.7, 6.1, 8]),
}
DEGREE = {"J0": 14, "J1": 14, "Y0": 17, "Y1": 17}


def zero_in(f, a, b):
    if (f(mpf(a)) > 0) == (f(mpf(b)) > 0):
        return None
    return mp.findroot(f, (mpf(a), mpf(b)), solver="anderson", tol=mpf(10) ** -70)


for name, (f, bounds) in FUNCTIONS.items():
    rows, worst = [], mpf(0)
    for a, b in zip(bounds, bounds[1:]):
        a, b = mpf(a), mpf(b)
        zero = mpf(0) if name == "J1" and a == 0 else zero_in(f, a, b) if a > 0 else None
        if zero is not None:
            # f = u p(u): relative accuracy at the zero itself.
            centre = split(zero, 2)
            problem = Problem(lambda u: f(zero + u) / u, a - zero, b - zero, lambda u: u / f(zero + u), points=160)
            c, error = problem.minimax(DEGREE[name] - 1)
            c = [mpf(0)] + c
        else:
            middle = mpf(0) if a == 0 else mpf(float((a + b) / 2))
            centre = [float(middle), 0.0]
            problem = Problem(lambda u: f(middle + u), a - middle, b - middle, lambda u: 1 / f(middle + u), points=160)
            c, error = problem.minimax(DEGREE[name])
        worst = max(worst, error)
        rows.append([float(b)] + centre + c)
    h.table(
        f"{name}_PIECES",
        rows,
        f"{name} below 8: the end of each piece, its centre or zero as a sum of two, and coefficients; relative error "
        f"2^{int(mp.log(worst, 2))}",
    )
    print(name, float(mp.log(worst, 2)))

# Y0 = 2/pi log(x) J0 + r(x^2), Y1 = 2/pi (log(x) J1 - 1/x) + x r(x^2), for x <= 1/2.
p = Problem(lambda z: mp.bessely(0, mp.sqrt(z)) - 2 / mp.pi * mp.log(mp.sqrt(z)) * mp.besselj(0, mp.sqrt(z)), 0, mpf("0.2501"), points=100)
h.polynomial("y0_regular", *p.fit(58, 3), "Y0(y) - 2/pi log(y) J0(y), x = y^2, y <= 1/2")
p = Problem(
    lambda z: (mp.bessely(1, mp.sqrt(z)) - 2 / mp.pi * (mp.log(mp.sqrt(z)) * mp.besselj(1, mp.sqrt(z)) - 1 / mp.sqrt(z))) / mp.sqrt(z),
    0, mpf("0.2501"), points=100)
h.polynomial("y1_regular", *p.fit(58, 3), "(Y1(y) - 2/pi (log(y) J1(y) - 1/y)) / y, x = y^2, y <= 1/2")


# From 8 on: sqrt(pi x / 2) (J + i Y) = (P + i Q) e^(i (x - (n/2 + 1/4) pi)).
def modulus(n, w, part):
    x = 1 / mp.sqrt(w)
    angle = x - (mpf(n) / 2 + mpf(1) / 4) * mp.pi
    z = mp.sqrt(mp.pi * x / 2) * mp.mpc(mp.besselj(n, x), mp.bessely(n, x)) * mp.expj(-angle)
    return z.real if part == 0 else z.imag * x


for n in (0, 1):
    for part, letter in ((0, "p"), (1, "q")):
        problem = Problem(lambda w: modulus(n, w, part), mpf(10) ** -7, mpf(1) / 64, points=160)
        h.polynomial(
            f"bessel_{letter}{n}",
            *problem.fit(48, 3),
            f"{letter.upper()}{n}(y){' y' if part else ''} with x = 1/y^2, y >= 8: sqrt(pi y / 2) (J{n} + i Y{n}) = (P + i Q) e^(i phase)",
        )

# Modified: I0 = p(x^2) and I1 = x p(x^2) up to 8; e^x / sqrt(x) times pieces in 1/x above.
for n in (0, 1):
    p = Problem(lambda z: mp.besseli(n, mp.sqrt(z)) / mp.sqrt(z) ** n, 0, 64, lambda z: mp.sqrt(z) ** n / mp.besseli(n, mp.sqrt(z)), points=200)
    h.polynomial(f"bessel_i{n}_low", *p.fit(57, 10), f"I{n}(y){' / y' if n else ''}, x = y^2, y <= 8, relative")
    rows, worst = [], mpf(0)
    for j in range(8):
        middle, half = (mpf(2 * j + 1)) / 128, mpf(1) / 128

        def scaled(u):
            x = 1 / (middle + u)
            if x > 200:
                # The asymptotic series, beyond 40 digits here.
                term, total = mpf(1), mpf(1)
                for k in range(1, 60):
                    term *= -mpf(4 * n * n - (2 * k - 1) ** 2) / (8 * k * x)
                    total += term
                    if abs(term) < mpf(10) ** -38:
                        break
                return total / mp.sqrt(2 * mp.pi)
            return mp.besseli(n, x) * mp.exp(-x) * mp.sqrt(x)

        c, error = Problem(scaled, -half, half, points=100).minimax(9)
        worst = max(worst, error)
        rows.append(c)
    h.table(f"I{n}_PIECES", rows, f"I{n}(x) sqrt(x) e^-x in 1/x - (2j + 1)/128; error 2^{int(mp.log(worst, 2))}")
    print(float(mp.log(worst, 2)))
h.write()

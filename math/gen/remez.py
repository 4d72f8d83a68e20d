# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Best polynomials in the sense of Chebyshev, by the exchange algorithm of Remez.

`minimax` finds the polynomial p of a given degree for which the largest value of
|weight(x) * (f(x) - p(x))| on an interval is smallest. The exchange runs on a fixed dense grid of
Chebyshev points: f, often expensive, is evaluated once at each. Arithmetic is mpmath's, at the
caller's precision; coefficients are rounded to double only when they are printed.
"""

from mpmath import mp, mpf


def _grid(a, b, n):
    middle, half = (a + b) / 2, (b - a) / 2
    return [middle - half * mp.cos(mp.pi * (2 * i + 1) / (2 * n)) for i in range(n)]


class Problem:
    """A function with its weight, sampled on a grid."""

    def __init__(self, f, a, b, weight=lambda x: mpf(1), points=401):
        self.a, self.b = mpf(a), mpf(b)
        self.x = _grid(self.a, self.b, points)
        self.f = [mpf(f(x)) for x in self.x]
        self.w = [mpf(weight(x)) for x in self.x]

    def _errors(self, c):
        return [w * (f - mp.polyval(c[::-1], x)) for x, f, w in zip(self.x, self.f, self.w)]

    def minimax(self, degree, rounds=12):
        """The coefficients, lowest first, and the largest weighted error."""
        n = degree + 2
        last = len(self.x) - 1
        chosen = sorted({round(last * (1 - mp.cos(mp.pi * i / (n - 1))) / 2) for i in range(n)})
        while len(chosen) < n:
            chosen = sorted(set(chosen) | {next(i for i in range(last + 1) if i not in chosen)})
        best = None
        for _ in range(rounds):
            rows = [
                [self.x[i] ** k for k in range(degree + 1)] + [(-1) ** j / self.w[i]]
                for j, i in enumerate(chosen)
            ]
            solution = mp.lu_solve(mp.matrix(rows), mp.matrix([self.f[i] for i in chosen]))
            c, levelled = list(solution)[:-1], abs(solution[degree + 1])
            e = self._errors(c)
            largest = max(abs(v) for v in e)
            if best is None or largest < best[1]:
                best = (c, largest)
            if largest <= levelled * mpf("1.01"):
                break
            # The extremum of each run of errors of one sign.
            runs, start = [], 0
            for i in range(1, last + 2):
                if i == last + 1 or (e[i] > 0) != (e[start] > 0):
                    runs.append(max(range(start, i), key=lambda k: abs(e[k])))
                    start = i
            while len(runs) > n:
                runs.pop(0 if abs(e[runs[0]]) < abs(e[runs[-1]]) else -1)
            if len(runs) < n:
                break
            chosen = runs
        return best

    def fit(self, bits, first=1):
        """The polynomial of least degree whose weighted error is below 2**-bits."""
        for degree in range(first, 40):
            c, error = self.minimax(degree)
            if error < mpf(2) ** -bits:
                return c, error
        raise ValueError(f"no polynomial of degree below 40 reaches 2**-{bits}")

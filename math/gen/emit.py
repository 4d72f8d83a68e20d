# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Writes headers of coefficients: polynomials as functions, tables as arrays, constants."""

from pathlib import Path

from mpmath import mp, mpf

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "include" / "ixmath" / "coefficients"


def hex_of(value):
    return float(value).hex()


def split(value, parts):
    """`value` as a sum of doubles, largest first."""
    out = []
    for _ in range(parts):
        out.append(float(value))
        value = value - mpf(out[-1])
    return out


class Header:
    def __init__(self, name, subject):
        self.name = name
        self.lines = [
            "// SPDX-License-Identifier: Apache-2.0 OR MIT",
            "//",
            f"// {subject}: written by math/gen/{name}.py, not by hand.",
            "#pragma once",
            "",
            '#include "../base.h"',
            "",
            "namespace ixmath {",
            "",
        ]

    def constant(self, name, value, comment=None):
        note = f"  // {comment}" if comment else ""
        self.lines.append(f"constexpr double {name} = {hex_of(value)};{note}")

    def constants(self, name, value, parts, comment):
        self.lines.append(f"// {comment}, as a sum.")
        for i, part in enumerate(split(value, parts)):
            self.lines.append(f"constexpr double {name}{i} = {part.hex()};")

    def polynomial(self, name, coefficients, error, comment):
        bits = int(mp.floor(-mp.log(error, 2))) if error else 0
        self.lines += [
            f"// {comment}; error below 2^-{bits}.",
            f"IXMATH_FN double {name}(double x) {{",
            f"  double p = {hex_of(coefficients[-1])};",
        ]
        for c in coefficients[-2::-1]:
            self.lines.append(f"  p = fma(p, x, {hex_of(c)});")
        self.lines += ["  return p;", "}", ""]
        print(f"{self.name}: {name}: degree {len(coefficients) - 1}, 2^-{bits}")

    def table(self, name, rows, comment):
        self.lines.append(f"// {comment}.")
        self.lines.append(f"IXMATH_TABLE double {name}[{len(rows)}][{len(rows[0])}] = {{")
        for row in rows:
            text = "    {" + ", ".join(hex_of(v) for v in row) + "},"
            while len(text) > 118:
                cut = text.rfind(" ", 0, 118)
                self.lines.append(text[:cut])
                text = "     " + text[cut + 1 :]
            self.lines.append(text)
        self.lines += ["};", ""]
        print(f"{self.name}: {name}: {len(rows)} x {len(rows[0])}")

    def text(self, *lines):
        self.lines += lines

    def write(self):
        TARGET.mkdir(parents=True, exist_ok=True)
        self.lines += ["", "}  // namespace ixmath", ""]
        (TARGET / f"{self.name}.h").write_text("\n".join(self.lines))

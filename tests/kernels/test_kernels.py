#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs the kernels of this directory through the runtime and compares them with numpy.

Usage: test_kernels.py DIRECTORY-OF-PTX [unittest arguments]

The same file runs on every backend: IXRT_BACKEND chooses. `cargo xtask test` compiles the kernels
to target/tests/ptx. Inputs are random with a fixed seed, which IX_FUZZ_SEED overrides.
"""

import os
import pathlib
import sys
import unittest

import numpy as np

import ixrt

PTX = pathlib.Path()
SEED = int(os.environ.get("IX_FUZZ_SEED", "1"))


def kernel(file, name=None):
    return ixrt.Module.load(PTX / f"{file}.ptx").function(name or file)


def blocks(n, size):
    return -(-n // size)


def u32(*values):
    return [np.uint32(v) for v in values]


class Kernels(unittest.TestCase):
    def setUp(self):
        self.random = np.random.RandomState(SEED)

    def integers(self, low, high, shape, dtype=np.int32):
        return self.random.randint(low, high, shape, dtype=np.int64).astype(dtype)

    def run_kernel(self, function, grid, block, inputs, output, *rest, **launch):
        """Launches with the device copies of `inputs`, then `output` (an array or its initial contents), then `rest`."""
        arrays = [ixrt.to_device(x) for x in inputs]
        out = ixrt.to_device(output)
        function(grid, block, *arrays, out, *rest, **launch)
        return out.numpy()

    def test_reduction(self):
        x = self.random.uniform(-1, 1, 10007).astype(np.float32)
        sums = self.run_kernel(kernel("reduction"), 8, 128, [x], np.zeros(8, np.float32), *u32(x.size))
        self.assertAlmostEqual(sums.astype(np.float64).sum(), x.astype(np.float64).sum(), delta=1e-2)

    def test_scan(self):
        x = self.integers(-1000, 1000, 1000)
        found = self.run_kernel(kernel("scan"), 4, 256, [x], np.zeros_like(x), *u32(x.size))
        wanted = np.concatenate([x[i : i + 256].cumsum(dtype=np.int32) for i in range(0, x.size, 256)])
        np.testing.assert_array_equal(found, wanted)

    def test_histogram(self):
        x = self.integers(0, 200, 5000, np.uint8) // 3
        found = self.run_kernel(kernel("histogram"), 4, 64, [x], np.zeros(256, np.uint32), *u32(x.size))
        np.testing.assert_array_equal(found, np.bincount(x, minlength=256))

    def test_transpose(self):
        x = self.random.uniform(-1, 1, (70, 45))
        found = self.run_kernel(kernel("transpose"), (2, 3), (32, 8), [x], np.zeros((45, 70)), *u32(70, 45))
        np.testing.assert_array_equal(found, x.T)

    def test_flash_attention(self):
        heads, rows, depth, scale = 2, 192, 64, np.float32(0.125)
        q, k, v = (self.random.uniform(-2, 2, (heads, rows, depth)).astype(np.float16) for _ in range(3))
        scores = np.einsum("hik,hjk->hij", q.astype(np.float64), k.astype(np.float64)) * scale
        for causal in (0, 1):
            if causal:
                scores = np.where(np.tri(rows, dtype=bool), scores, -np.inf)
            weights = np.exp(scores - scores.max(2, keepdims=True))
            wanted = weights / weights.sum(2, keepdims=True) @ v.astype(np.float64)
            out = np.zeros((heads, rows, depth), np.float32)
            inputs = [x.view(np.uint16) for x in (q, k, v)]
            found = self.run_kernel(
                kernel("flash_attention"), (rows // 64, heads), 128, inputs, out, np.uint32(rows), scale, np.int32(causal)
            )
            # The weights are rounded to f16.
            np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-3)

    def test_nbody(self):
        n, softening = 150, 0.01
        b = self.random.uniform(-1, 1, (n, 4)).astype(np.float32)
        b[:, 3] = abs(b[:, 3])
        found = self.run_kernel(kernel("nbody"), blocks(n, 64), 64, [b], np.zeros_like(b), np.uint32(n), np.float32(softening))
        p = b.astype(np.float64)
        d = p[None, :, :3] - p[:, None, :3]
        s = p[None, :, 3] * ((d**2).sum(2) + softening) ** -1.5
        wanted = (d * s[:, :, None]).sum(1)
        np.testing.assert_allclose(found[:, :3], wanted, rtol=2e-3, atol=2e-3)
        self.assertEqual(abs(found[:, 3]).max(), 0)

    def test_mandelbrot(self):
        width, height, limit = 50, 40, 60
        found = self.run_kernel(
            kernel("mandelbrot"), (blocks(width, 16), blocks(height, 4)), (16, 4), [], np.zeros((height, width), np.int32),
            np.uint32(width), np.uint32(height), np.int32(limit),
        )
        f = np.float32
        cx = (f(-2) + np.arange(width, dtype=f) * (f(3) / f(width)))[None, :].repeat(height, 0)
        cy = (f(-1.5) + np.arange(height, dtype=f) * (f(3) / f(height)))[:, None].repeat(width, 1)
        x, y, count = np.zeros_like(cx), np.zeros_like(cx), np.zeros((height, width), np.int32)
        live = np.ones((height, width), bool)
        for _ in range(limit):
            xx, yy = x * x, y * y
            live &= ~(xx + yy > f(4))
            y = np.where(live, f(2) * x * y + cy, y)
            x = np.where(live, xx - yy + cx, x)
            count += live
        np.testing.assert_array_equal(found, count)

    def test_bitonic_sort(self):
        x = self.integers(-(2**31), 2**31, (3, 512))
        found = self.run_kernel(kernel("bitonic_sort"), 3, 256, [], x)
        np.testing.assert_array_equal(found, np.sort(x, 1))

    def test_spmv(self):
        rows, columns = 100, 80
        dense = self.random.uniform(-1, 1, (rows, columns)) * (self.random.uniform(0, 1, (rows, columns)) < 0.2)
        dense[7] = 0
        row, column = np.nonzero(dense)
        start = np.searchsorted(row, np.arange(rows + 1)).astype(np.uint32)
        x = self.random.uniform(-1, 1, columns)
        inputs = [start, column.astype(np.uint32), dense[row, column], x]
        found = self.run_kernel(kernel("spmv"), blocks(rows, 64), 64, inputs, np.full(rows, np.nan), np.uint32(rows))
        np.testing.assert_allclose(found, dense @ x, rtol=1e-13, atol=1e-13)

    def test_stencil(self):
        height, width = 37, 50
        x = self.random.uniform(0, 100, (height, width)).astype(np.float32)
        found = self.run_kernel(
            kernel("stencil"), (blocks(width, 16), blocks(height, 16)), (16, 16), [x], np.zeros_like(x), np.int32(width), np.int32(height)
        )
        wanted = x.astype(np.float64)
        wanted[1:-1, 1:-1] += 0.1 * (x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:] - 4.0 * x[1:-1, 1:-1])
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-4)

    def test_warp_reduce(self):
        x = self.integers(-1000, 1000, 256)
        outs = [ixrt.to_device(np.zeros(n, t)) for n, t in [(8, np.int32), (8, np.float32), (8, np.float64), (256, np.int32), (8, np.uint32)]]
        kernel("warp_reduce")(2, 128, ixrt.to_device(x), *outs)
        int_sum, float_sum, double_sum, prefix, odd = [o.numpy() for o in outs]
        warps = x.reshape(8, 32)
        np.testing.assert_array_equal(int_sum, warps.sum(1))
        np.testing.assert_array_equal(float_sum, warps.sum(1) * 0.5)
        np.testing.assert_array_equal(double_sum, warps.sum(1) * 0.25)
        np.testing.assert_array_equal(prefix, warps.cumsum(1).ravel())
        np.testing.assert_array_equal(odd, ((warps & 1).astype(np.uint64) << np.arange(32, dtype=np.uint64)).sum(1))

    def test_half(self):
        n, a = 1000, np.float16(1.7)
        x, y = (self.random.uniform(0.1, 4, n).astype(np.float16) for _ in range(2))
        found = self.run_kernel(kernel("half", "half_axpy"), blocks(n, 128), 128, [x], y, np.float32(a), np.uint32(n))
        # Exact in binary64, so rounded once.
        np.testing.assert_array_equal(found, (float(a) * x.astype(np.float64) + y).astype(np.float16))
        found = self.run_kernel(kernel("half", "half_square_root"), blocks(n, 128), 128, [x], np.zeros_like(x), np.uint32(n))
        np.testing.assert_array_equal(found, np.sqrt(x.astype(np.float32)).astype(np.float16))

    def test_double(self):
        x = np.concatenate([self.random.uniform(0, 1e6, 100), self.random.uniform(1e-6, 1, 100)])
        found = self.run_kernel(kernel("double", "cube_root"), 2, 128, [x], np.zeros_like(x), np.uint32(x.size))
        np.testing.assert_allclose(found, np.cbrt(x), rtol=1e-15 * 4)
        x = self.random.uniform(-2, 2, 200)
        found = self.run_kernel(kernel("double", "polynomial"), 2, 128, [x], np.zeros_like(x), np.uint32(x.size))
        np.testing.assert_allclose(found, np.polyval([1, -0.5, 0.25, -0.125, 3, 7], x), rtol=1e-13, atol=1e-13)

    def test_control_flow(self):
        x = np.arange(-20, 300, dtype=np.int32)
        before = np.full_like(x, 123456)
        found = self.run_kernel(kernel("control_flow"), blocks(x.size, 96), 96, [x], before, np.int32(x.size))
        wanted = [control_flow(int(v), 123456) for v in x]
        np.testing.assert_array_equal(found, wanted)

    def test_collatz(self):
        x = np.arange(0, 300, dtype=np.uint64)
        x[-1] = 837799
        found = self.run_kernel(kernel("control_flow", "collatz"), blocks(x.size, 64), 64, [x], np.zeros(x.size, np.int32), np.int32(x.size))
        np.testing.assert_array_equal(found, [collatz(int(v)) for v in x])

    def test_integer(self):
        edges = [0, 1, -1, 2, 3, 7, -7, 31, 32, 1 << 30, -(1 << 31), (1 << 31) - 1, 0x55555555]
        pairs = np.array([(a, b) for a in edges for b in edges], np.int32)
        a, b = (np.concatenate([pairs[:, i], self.integers(-(2**31), 2**31, 100)]) for i in range(2))
        found = self.run_kernel(kernel("integer"), blocks(a.size, 64), 64, [a, b], np.zeros((a.size, 8), np.int32), np.uint32(a.size))
        np.testing.assert_array_equal(found, [integer(int(x), int(y)) for x, y in zip(a, b)])

    def test_local_memory(self):
        x = self.integers(-100, 100, (70, 16))
        found = self.run_kernel(kernel("local_memory", "insertion_sort"), 3, 32, [x], np.zeros_like(x), np.uint32(70))
        np.testing.assert_array_equal(found, np.sort(x, 1))

    def test_functions(self):
        a, b = self.integers(0, 10000, 100, np.uint32), self.integers(0, 10000, 100, np.uint32)
        found = self.run_kernel(kernel("functions"), 2, 64, [a, b], np.zeros((100, 2), np.uint32), np.uint32(100))
        np.testing.assert_array_equal(found[:, 0], np.gcd(a, b))
        totient = [sum(np.gcd(i, n) == 1 for i in range(1, n + 1)) for n in range(100)]
        np.testing.assert_array_equal(found[:, 1], np.where(a % 3 != 0, np.take(totient, b % 100), 0))

    def test_recursion(self):
        x = np.arange(64, dtype=np.int32) % 5
        found = self.run_kernel(kernel("recursion"), 1, 64, [], x)
        # Ackermann's function of (2, n) is 2 n + 3.
        np.testing.assert_array_equal(found, 2 * x + 3)

    def test_function_pointers(self):
        x = self.integers(-1000, 1000, 64)
        found = self.run_kernel(kernel("function_pointers"), 1, 64, [], x)
        np.testing.assert_array_equal(found, np.where(np.arange(64) % 3 != 0, 2 * x, x * x))

    def test_dynamic_shared(self):
        x = self.integers(0, 1000, (3, 96))
        found = self.run_kernel(kernel("dynamic_shared", "reverse"), 3, 96, [], x, shared=96 * 4)
        np.testing.assert_array_equal(found, x[:, ::-1])

    def test_atomics(self):
        x = self.integers(0, 100000, 1000)
        state = np.dtype(
            [("sum", "i4"), ("smallest", "i4"), ("largest", "i4"), ("ands", "u4"), ("ors", "u4"), ("xors", "u4"), ("wrapped", "u4"),
             ("float_largest", "f4"), ("double_sum", "f8"), ("wide_sum", "u8")]
        )  # fmt: skip
        before = np.zeros(1, state)
        before["smallest"], before["ands"] = 2**31 - 1, 0xFFFFFFFF
        out = ixrt.to_device(before.view(np.uint8))
        kernel("atomics")(blocks(x.size, 128), 128, ixrt.to_device(x), out, np.uint32(x.size))
        found = out.numpy().view(state)[0]
        self.assertEqual(found["sum"], x.sum())
        self.assertEqual((found["smallest"], found["largest"]), (x.min(), x.max()))
        self.assertEqual(found["ands"], 0xFFFFFFFF & ~int(np.bitwise_or.reduce(1 << (x & 7))))
        self.assertEqual(found["ors"], np.bitwise_or.reduce(1 << (x.astype(np.int64) & 31)))
        self.assertEqual(found["xors"], np.bitwise_xor.reduce(x))
        self.assertEqual(found["wrapped"], x.size % 100)
        self.assertEqual(found["float_largest"], np.float32(x.max() * 0.125))
        self.assertEqual(found["double_sum"], x.sum() * 0.5)
        self.assertEqual(found["wide_sum"], x.size << 31)

    def test_vector_types(self):
        n = 100
        x = self.random.uniform(-1, 1, (n, 4)).astype(np.float32)
        p, b, h = self.integers(-1000, 1000, (n, 2)), self.integers(-128, 128, n, np.int8), self.integers(0, 65536, n, np.uint16)
        y, q, sums = (ixrt.to_device(np.zeros(s, t)) for s, t in [((n, 4), np.float32), ((n, 2), np.int32), (n, np.int32)])
        args = [ixrt.to_device(x), y, ixrt.to_device(p), q, ixrt.to_device(b), ixrt.to_device(h), sums, np.uint32(n)]
        kernel("vector_types")(blocks(n, 32), 32, *args)
        np.testing.assert_array_equal(y.numpy(), x[:, ::-1] * 2)
        np.testing.assert_array_equal(q.numpy(), p[:, ::-1] + [1, -1])
        np.testing.assert_array_equal(sums.numpy(), b.astype(np.int32) + h)


def control_flow(v, before):
    if v < 0:
        return -1
    r = 0
    case = v % 7
    if case == 0:
        r = 10
    elif case in (1, 2):
        r = 23 if case == 1 else 3
    elif case == 4:
        r = v * 5
    elif case == 5:
        if v & 8:
            return before
        r = 77
    else:
        r = -v
    for a in range(v % 11):
        if a == 3:
            continue
        for b in range(a, 9):
            if (a * b) % 5 == 4:
                break
            r += a * b + (1 if (b > 4 and a < 2) or v == 5 else 0)
        if r > 400:
            return r
    return r ^ 0x55


def collatz(v):
    steps = 0
    while v > 1:
        v = 3 * v + 1 if v % 2 else v // 2
        steps += 1
    return steps


def integer(x, y):
    def signed(v):
        return (v + (1 << 31)) % (1 << 32) - (1 << 31)

    u, w = x % (1 << 32), y % (1 << 32)
    product = x * 1000003
    quotient = 0 if y == 0 else abs(product) // abs(y) * (1 if (product < 0) == (y < 0) else -1)
    leading = 32 - u.bit_length()
    first = (w & -w).bit_length()
    shift = w & 31
    return [
        signed((x * y) >> 32),
        signed((u * w) >> 32),
        0 if y == 0 else signed(u // w),
        0 if y == 0 else signed(u % w),
        signed(quotient),
        bin(u).count("1") + 100 * leading + 10000 * first,
        signed(int(f"{u:032b}"[::-1], 2)),
        signed((u << shift) % (1 << 32) ^ (x >> shift) % (1 << 32) ^ u >> shift),
    ]


if __name__ == "__main__":
    if len(sys.argv) < 2 or not pathlib.Path(sys.argv[1]).is_dir():
        sys.exit(__doc__.split("\n\n")[1])
    PTX = pathlib.Path(sys.argv.pop(1))
    print(f"seed {SEED}")
    unittest.main(verbosity=2)

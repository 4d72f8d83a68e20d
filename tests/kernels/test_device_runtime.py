#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Kernels that call the runtime: what they print, check and allocate.

Usage: test_device_runtime.py DIRECTORY-OF-PTX [unittest arguments]

What is printed goes to the C library's streams, so those tests run in a process of their own. Expected texts come from
Python's own formatting, or from the C library where Python has no such conversion.
"""

import ctypes
import pathlib
import subprocess
import sys
import textwrap
import unittest

import numpy as np

import ixrt

PTX = pathlib.Path()
ASSERT = 710

PRELUDE = """
import sys, numpy as np, ixrt
module = ixrt.Module.load(sys.argv[1])
"""


def run(program):
    """Runs a program with the module; gives its output, its errors and its exit status."""
    text = PRELUDE + textwrap.dedent(program)
    done = subprocess.run([sys.executable, "-c", text, str(PTX / "device_runtime.ptx")], capture_output=True, text=True, timeout=120)
    return done.stdout, done.stderr, done.returncode


def c(form, *values):
    """What the C library prints."""
    buffer = ctypes.create_string_buffer(512)
    kinds = {int: ctypes.c_longlong, float: ctypes.c_double, bytes: ctypes.c_char_p}
    ctypes.CDLL(None).snprintf(buffer, ctypes.c_size_t(512), form.encode(), *(kinds[type(v)](v) for v in values))
    return buffer.value.decode()


class DeviceRuntime(unittest.TestCase):
    def test_printf_has_all_conversions(self):
        out, err, status = run(
            """
            result = ixrt.to_device(np.zeros(1, np.int32))
            text = ixrt.to_device(np.frombuffer(b"memory\\0", np.uint8))
            module["print_all"](1, 1, result, text)
            print(result.numpy()[0], flush=True)
            """
        )
        self.assertEqual(status, 0, err)
        expected = [
            "%d|%i|%5d|%-5d|%05d|%+d|% d" % (1, -2, 3, 4, 5, 6, 7),
            "4000000000|10|beef|BEEF|0xff|010",
            "-1|1099511627776|18446744073709551615|feedfacecafebeef|-3|200",
            "%f|%.2f|%10.3f|%-10.1f|%e|%.3E|%g|%G|" % (1.5, 2.345, 3.14159, 2.5, 12345.678, 0.00012, 1e-10, 1e20) + c("%a", 0.1),
            "ok|word|    memory|left      |tru|%",
            "%*d|%-*d|%.*f|%*.*f" % (6, 42, 6, 42, 2, 1.23456, 9, 3, 2.71828),
            "no arguments",
            # As many as there are arguments: widths and precisions are some.
            str(7 + 6 + 6 + 9 + 6 + 9),
        ]
        self.assertEqual(out.splitlines(), expected)

    def test_every_thread_prints_once(self):
        out, err, status = run("module['print_ids'](20, 70)\nixrt.synchronize()")
        self.assertEqual(status, 0, err)
        self.assertEqual(sorted(out.splitlines()), sorted(f"block {b} thread {t}" for b in range(20) for t in range(70)))

    def test_assertion_names_expression_and_threads(self):
        out, err, status = run(
            """
            module["check"](2, 64, ixrt.to_device(np.arange(128, dtype=np.int32)), np.int32(128))
            ixrt.synchronize()
            module["check"](1, 64, ixrt.to_device(np.arange(64, dtype=np.int32)), np.int32(62))
            try:
                ixrt.synchronize()
            except ixrt.Error as error:
                print(error.code, flush=True)
            import os; os._exit(0)
            """
        )
        self.assertEqual((out, status), (f"{ASSERT}\n", 0), err)
        lines = [line for line in err.splitlines() if "Assertion" in line]
        self.assertEqual(len(lines), 2, err)
        for line, thread in zip(lines, (62, 63)):
            self.assertRegex(line, rf"device_runtime\.cu:\d+: check: block: \[0,0,0\], thread: \[{thread},0,0\] Assertion `x\[i\] < limit` failed\.")

    def test_lists_of_many_threads(self):
        module = ixrt.Module.load(PTX / "device_runtime.ptx")
        threads, count, rounds = 512, 6, 3
        sums = ixrt.to_device(np.zeros(threads, np.uint32))
        for _ in range(2):
            module["lists"](threads // 128, 128, sums, np.uint32(count), np.uint32(rounds))
            ids = np.arange(threads)
            np.testing.assert_array_equal(sums.numpy(), rounds * (ids * count + sum(range(count))))

    def test_string_functions_of_c(self):
        module = ixrt.Module.load(PTX / "device_runtime.ptx")
        text = ixrt.to_device(np.frombuffer(b"ababab\0....", np.uint8))
        out = ixrt.to_device(np.zeros(3, np.uint64))
        module["strings"](1, 1, text, out)
        np.testing.assert_array_equal(out.numpy(), [6, 1, 1])
        self.assertEqual(text.numpy().tobytes(), b"abababab...")

    def test_recursion_as_deep_as_the_data(self):
        module = ixrt.Module.load(PTX / "device_runtime.ptx")
        follow = np.maximum(np.arange(200) - 1, 0).astype(np.uint32)
        out = ixrt.to_device(np.zeros(200, np.uint32))
        module["depths"](1, 200, ixrt.to_device(follow), out)
        np.testing.assert_array_equal(out.numpy(), np.arange(200))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__.split("\n\n")[1])
    PTX = pathlib.Path(sys.argv.pop(1))
    unittest.main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Bad input and misbehaving kernels: each gives a clear error, and nobody else loses anything.

Usage: test_faults.py DIRECTORY-OF-PTX [unittest arguments]

The same file runs on every backend: IXRT_BACKEND chooses. Each test that makes a context fail has a
context of its own; the others go on beside it, as do other processes.
"""

import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

import numpy as np

import ixrt

PTX = pathlib.Path()
INVALID_VALUE, OUT_OF_MEMORY, INVALID_PTX, NOT_FOUND, ILLEGAL_ADDRESS, LAUNCH_FAILED = 1, 2, 218, 500, 700, 719
UNMAPPED = 0x7DEA_DBEE_F000

# A program that starts a kernel that does not end, says so, and waits to be killed; should the test
# itself be killed, its standard input ends, and it with it, without waiting for the kernel.
ENDLESS = """
import os, sys
import numpy as np, ixrt
go = ixrt.to_device(np.ones(1, np.int32))
held = ixrt.empty((32 << 20,), "u1")
endless = ixrt.Module.load(sys.argv[1] + "/faults.ptx").function("endless")
endless(1, 32, go)
print("running", flush=True)
sys.stdin.read()
os._exit(1)
"""

# A program whose kernel reads an address that is not mapped.
STRAY = """
import sys
import numpy as np, ixrt
to = ixrt.empty((32,), np.int32)
ixrt.Module.load(sys.argv[1] + "/faults.ptx").function("copy")(1, 32, int(sys.argv[2]), to, 32)
try:
    ixrt.synchronize()
except ixrt.Error as error:
    print(error.code)
"""


def kernel(name):
    return ixrt.Module.load(PTX / "faults.ptx").function(name)


def works():
    """Whether a kernel in the current context gives what it should."""
    x = np.arange(1000, dtype=np.int32)
    y = ixrt.to_device(np.zeros_like(x))
    kernel("copy")(8, 128, ixrt.to_device(x), y, x.size)
    return np.array_equal(y.numpy(), x)


class Faults(unittest.TestCase):
    def fails(self, code, *words):
        """A context that expects an error with this code, whose text has these words."""
        test = self

        class Expectation:
            def __enter__(self):
                return self

            def __exit__(self, kind, error, trace):
                if not isinstance(error, ixrt.Error):
                    test.assertIsNone(error, "another error was raised")
                    test.fail(f"no error was raised, expected {code}")
                test.assertEqual(error.code, code, str(error))
                for word in words:
                    test.assertIn(word, str(error))
                return True

        return Expectation()

    def tearDown(self):
        self.assertTrue(works(), "the primary context works on")

    def test_malformed_ptx_error_has_line_column_and_text(self):
        text = (PTX / "faults.ptx").read_text()
        with self.fails(INVALID_PTX, "line 3, column 1", "`.frob`"):
            ixrt.Module(".version 7.8\n.target sm_80\n.frob 64\n")
        lines = text.splitlines()
        at = next(i for i, line in enumerate(lines) if "ld.global" in line)
        broken = lines[:at] + [lines[at].replace("ld.global", "ld.glibal")] + lines[at + 1 :]
        with self.fails(INVALID_PTX, f"line {at + 1}, column ", "glibal"):
            ixrt.Module("\n".join(broken))
        with self.fails(INVALID_PTX):
            ixrt.Module("")
        # Text that ends too early, wherever.
        for cut in range(0, len(text) - 1, len(text) // 50):
            try:
                ixrt.Module(text[:cut])
            except ixrt.Error as error:
                self.assertEqual(error.code, INVALID_PTX, str(error))

    def test_unknown_kernel_error_has_its_name(self):
        with self.fails(NOT_FOUND, "frobnicate"):
            kernel("frobnicate")

    def test_absurd_launches_are_refused_and_harm_nothing(self):
        x = ixrt.to_device(np.arange(256, dtype=np.int32))
        f = kernel("use_shared")
        for grid, block, shared in [
            (0, 32, 0),
            (1, 0, 0),
            (1, 2048, 0),
            (1, (32, 32, 2), 0),
            ((1, 65536), 1, 0),
            ((1, 1, 65536), 1, 0),
            (1 << 31, 1, 0),
            (1, 32, 1 << 30),
        ]:
            with self.subTest(grid=grid, block=block, shared=shared), self.fails(INVALID_VALUE):
                f(grid, block, x, shared=shared)
        f(1, 256, x)
        np.testing.assert_array_equal(x.numpy(), np.arange(256)[::-1])

    def test_too_much_memory_is_refused(self):
        with self.fails(OUT_OF_MEMORY):
            ixrt.empty((1 << 45,), np.uint8)

    def test_stray_read_names_kernel_and_address_and_sticks(self):
        with ixrt.Context() as context:
            to = ixrt.to_device(np.zeros(64, np.int32))
            copy = kernel("copy")
            copy(1, 32, UNMAPPED, to, 32)
            with self.fails(ILLEGAL_ADDRESS, "copy", f"{UNMAPPED:#x}"):
                ixrt.synchronize()
            # The error stays until the context ends.
            with self.fails(ILLEGAL_ADDRESS):
                to.numpy()
        context.close()
        with ixrt.Context() as context:
            self.assertTrue(works())
        context.close()

    def test_stray_write_is_an_illegal_address(self):
        with ixrt.Context() as context:
            x = ixrt.to_device(np.zeros(64, np.int32))
            kernel("copy")(1, 32, x, UNMAPPED + 64, 32)
            with self.fails(ILLEGAL_ADDRESS, f"{UNMAPPED + 64:#x}"):
                ixrt.synchronize()
        context.close()

    def test_null_pointer_is_an_illegal_address(self):
        with ixrt.Context() as context:
            kernel("copy")(1, 32, 0, 0, 32)
            with self.fails(ILLEGAL_ADDRESS):
                ixrt.synchronize()
        context.close()

    def test_trap_ends_the_kernel(self):
        with ixrt.Context() as context:
            x = ixrt.to_device(np.arange(128, dtype=np.int32))
            kernel("trap_if")(4, 32, x, 1000)
            ixrt.synchronize()
            kernel("trap_if")(4, 32, x, 100)
            with self.fails(LAUNCH_FAILED, "trap_if"):
                ixrt.synchronize()
        context.close()

    def test_of_two_contexts_only_the_faulty_one_fails(self):
        good, bad = ixrt.Context(), ixrt.Context()
        x = np.arange(100_000, dtype=np.int32)
        with good:
            source, target = ixrt.to_device(x), ixrt.to_device(np.zeros_like(x))
            copy = kernel("copy")
            copy(-(-x.size // 128), 128, source, target, x.size)
        with bad:
            kernel("copy")(100, 128, UNMAPPED, UNMAPPED, 10000)
            with self.fails(ILLEGAL_ADDRESS):
                ixrt.synchronize()
        with good:
            copy(-(-x.size // 128), 128, source, target, x.size)
            np.testing.assert_array_equal(target.numpy(), x)
        bad.close()
        good.close()

    def run_program(self, text, *arguments):
        command = [sys.executable, "-c", text, str(PTX), *map(str, arguments)]
        program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(program.__exit__, None, None, None)
        self.addCleanup(program.kill)
        return program

    def test_of_two_processes_only_the_faulty_one_fails(self):
        program = self.run_program(STRAY, UNMAPPED)
        while program.poll() is None:
            self.assertTrue(works())
        self.assertEqual(program.stdout.read(), f"{ILLEGAL_ADDRESS}\n")

    def test_process_killed_in_a_launch_leaves_nothing_behind(self):
        self.assertTrue(works())
        free = ixrt.memory_info()[0]
        program = self.run_program(ENDLESS)
        self.assertEqual(program.stdout.readline(), "running\n")
        self.assertTrue(works(), "while another process keeps the device busy")
        os.kill(program.pid, signal.SIGKILL)
        program.wait()
        deadline = time.monotonic() + 10
        while ixrt.memory_info()[0] < free and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertGreaterEqual(ixrt.memory_info()[0], free)


if __name__ == "__main__":
    if len(sys.argv) < 2 or not pathlib.Path(sys.argv[1]).is_dir():
        sys.exit(__doc__.split("\n\n")[1])
    PTX = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)

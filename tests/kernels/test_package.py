#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Tests the Python package itself: arrays, arguments, streams, contexts, errors.

Usage: test_package.py DIRECTORY-OF-PTX [unittest arguments]

The directory is not used; this file takes it as the other ones of this folder do.
"""

import ctypes
import gc
import sys
import threading
import unittest

import numpy as np

import ixrt

PTX = """
.version 7.5
.target sm_80
.address_size 64
.global .align 4 .u32 counter = 41;

.visible .entry axpy(.param .f32 a, .param .u64 x, .param .u64 y, .param .u32 n)
{
    .reg .pred %p;
    .reg .b32 %r<5>;
    .reg .f32 %f<4>;
    .reg .b64 %rd<4>;
    ld.param.f32 %f1, [a];
    ld.param.u64 %rd1, [x];
    ld.param.u64 %rd2, [y];
    ld.param.u32 %r1, [n];
    mov.u32 %r2, %ctaid.x;
    mov.u32 %r3, %ntid.x;
    mov.u32 %r4, %tid.x;
    mad.lo.u32 %r2, %r2, %r3, %r4;
    setp.ge.u32 %p, %r2, %r1;
    @%p ret;
    mul.wide.u32 %rd3, %r2, 4;
    add.u64 %rd1, %rd1, %rd3;
    add.u64 %rd2, %rd2, %rd3;
    ld.global.f32 %f2, [%rd1];
    ld.global.f32 %f3, [%rd2];
    fma.rn.f32 %f3, %f1, %f2, %f3;
    st.global.f32 [%rd2], %f3;
    ret;
}

.visible .entry widths(.param .u64 out, .param .s8 a, .param .u16 b, .param .s64 c, .param .f64 d)
{
    .reg .b16 %h<3>;
    .reg .b64 %rd<6>;
    .reg .f64 %d<2>;
    ld.param.u64 %rd1, [out];
    ld.param.s8 %h1, [a];
    ld.param.u16 %h2, [b];
    ld.param.s64 %rd2, [c];
    ld.param.f64 %d1, [d];
    cvt.s64.s8 %rd3, %h1;
    cvt.u64.u16 %rd4, %h2;
    st.global.u64 [%rd1], %rd3;
    st.global.u64 [%rd1+8], %rd4;
    st.global.u64 [%rd1+16], %rd2;
    st.global.f64 [%rd1+24], %d1;
    ret;
}

.visible .entry count()
{
    .reg .b32 %r1;
    ld.global.u32 %r1, [counter];
    add.u32 %r1, %r1, 1;
    st.global.u32 [counter], %r1;
    ret;
}
"""


class Package(unittest.TestCase):
    def axpy(self):
        return ixrt.Module(PTX).function("axpy")

    def test_device_and_library(self):
        self.assertIn(ixrt.backend(), ("drm", "direct"))
        self.assertGreaterEqual(ixrt.device_count(), 1)
        device = ixrt.Device(0)
        self.assertEqual(device.compute_capability, (8, 0))
        self.assertGreater(device.multiprocessor_count, 0)
        self.assertEqual(len(device.pci_bus_id), 12)
        free, total = ixrt.memory_info()
        self.assertTrue(0 < free <= total == device.total_memory)
        with self.assertRaises(ixrt.Error) as caught:
            ixrt.Device(1000)
        self.assertEqual((caught.exception.code, caught.exception.name), (101, "IX_ERROR_INVALID_DEVICE"))
        self.assertIn("there is no device 1000", str(caught.exception))

    def test_arrays_keep_shape_type_and_contents(self):
        for values in (
            np.arange(12, dtype=np.int16).reshape(3, 4),
            np.float64(3.5),
            np.zeros((0, 3), np.float32),
            np.asfortranarray(np.arange(6.0).reshape(2, 3)),
            np.array([(1, 2.5)], dtype=[("a", "<i4"), ("b", "<f8")]),
        ):
            array = ixrt.to_device(values)
            self.assertEqual((array.shape, array.dtype), (np.shape(values), values.dtype))
            np.testing.assert_array_equal(array.numpy(), values)
            np.testing.assert_array_equal(np.asarray(array), values)
        self.assertEqual(len(ixrt.empty((5, 2))), 5)
        np.testing.assert_array_equal(ixrt.zeros((2, 3), np.uint8).numpy(), np.zeros((2, 3)))
        np.testing.assert_array_equal(ixrt.full(4, 7, np.int64).numpy(), [7] * 4)
        a, b = ixrt.to_device(np.arange(5)), ixrt.zeros(5, np.int64)
        np.testing.assert_array_equal(b.copy_from(a).numpy(), np.arange(5))
        with self.assertRaisesRegex(ValueError, "does not fit"):
            a.set(np.arange(6))
        with self.assertRaisesRegex(ValueError, "does not fit"):
            a.numpy(out=np.zeros(5, np.int32))
        with self.assertRaisesRegex(TypeError, "Python objects"):
            ixrt.to_device(np.array([None]))

    def test_launch_computes(self):
        x, y = np.arange(1000, dtype=np.float32), np.ones(1000, np.float32)
        for a in (np.float32(2), 2.0):
            dx, dy = ixrt.to_device(x), ixrt.to_device(y)
            self.axpy()(-(-x.size // 128), 128, a, dx, dy, x.size)
            np.testing.assert_array_equal(dy.numpy(), 2 * x + 1)

    def test_arguments_take_the_parameters_size(self):
        widths = ixrt.Module(PTX)["widths"]
        self.assertEqual(widths.parameters, [(0, 8), (8, 1), (10, 2), (16, 8), (24, 8)])
        out = ixrt.zeros(4, np.int64)
        for arguments in (
            (out, -5, 65535, -(2**40), 0.1),
            (out.ptr, np.int8(-5), np.uint16(65535), np.int64(-(2**40)), np.float64(0.1)),
            (ctypes.c_uint64(out.ptr), ctypes.c_int8(-5), ctypes.c_uint16(65535), (-(2**40)).to_bytes(8, "little", signed=True), 0.1),
        ):
            out.clear()
            widths(1, 1, *arguments)
            found = out.numpy()
            self.assertEqual(found[:3].tolist(), [-5, 65535, -(2**40)])
            self.assertEqual(found[3:].view(np.float64)[0], 0.1)
        for bad, error, words in (
            ((out, 300, 0, 0, 0.0), OverflowError, "argument 1: 300 does not fit in 1 bytes"),
            ((out, 0, np.int32(0), 0, 0.0), TypeError, r"argument 2 has 4 bytes \(int32\), the parameter has 2"),
            ((out, 0.5, 0, 0, 0.0), TypeError, "argument 1 has 1 bytes and is no floating-point number"),
            ((out, "x", 0, 0, 0.0), TypeError, "argument 1 is a str"),
            ((out, 0, 0, 0), TypeError, "takes 5 arguments, 4 were given"),
        ):
            with self.assertRaisesRegex(error, words):
                widths(1, 1, *bad)

    def test_bad_launch_raises_and_the_context_goes_on(self):
        axpy = self.axpy()
        dx = ixrt.zeros(32)
        for grid, block in ((0, 32), (1, 2048), ((1, 1, 70000), 32)):
            with self.assertRaisesRegex(ixrt.Error, "IX_ERROR_INVALID_VALUE: ixLaunchKernel: `axpy`"):
                axpy(grid, block, 1.0, dx, dx, 32)
        with self.assertRaisesRegex(ValueError, "one to three numbers"):
            axpy((1, 1, 1, 1), 32, 1.0, dx, dx, 32)
        axpy(1, 32, 1.0, dx, dx, 32)
        np.testing.assert_array_equal(dx.numpy(), np.zeros(32))

    def test_module_variable_and_attributes(self):
        module = ixrt.Module(PTX)
        address, size = module.variable("counter")
        self.assertEqual(size, 4)
        module.function("count")(1, 1)
        found = ixrt.zeros(1, np.uint32)
        ixrt._library.call("ixMemcpyDtoD", found.ptr, address, 4)
        self.assertEqual(found.numpy()[0], 42)
        axpy = module.function("axpy")
        self.assertEqual(axpy.max_threads_per_block, 1024)
        self.assertGreater(axpy.registers, 0)
        with self.assertRaisesRegex(ixrt.Error, "no kernel `nothing`; it has: axpy, widths, count"):
            module.function("nothing")
        with self.assertRaises(AttributeError):
            axpy.nothing

    def test_compile_error_has_line_and_column(self):
        with self.assertRaisesRegex(ixrt.Error, "line 28, column 31") as caught:
            ixrt.Module(PTX.replace("%f1, %f2, %f3;", "%f1, %f2, %q3;"))
        self.assertIn("fma.rn.f32", str(caught.exception))

    def test_streams_events_and_pinned_memory(self):
        stream, other = ixrt.Stream(non_blocking=True), ixrt.Stream(non_blocking=True)
        host = ixrt.pinned(1 << 16, np.float32)
        host[:] = np.arange(host.size)
        start, end = ixrt.Event().record(stream), ixrt.Event()
        x = ixrt.empty(host.shape).set(host, stream)
        y = ixrt.zeros(host.shape)
        ixrt.synchronize()
        self.axpy()(host.size // 256, 256, 1.0, x, y, host.size, stream=stream)
        end.record(stream)
        other.wait(end)
        y.numpy(out=host, stream=other)
        other.synchronize()
        np.testing.assert_array_equal(host, np.arange(host.size))
        self.assertTrue(end.done() and stream.done() and other.done())
        self.assertGreaterEqual(start.elapsed_ms(end), 0)

    def test_context_of_its_own_fails_alone(self):
        context = ixrt.Context(0)
        with context:
            axpy = self.axpy()
            axpy(1, 32, 1.0, 0, 0, 32)
            with self.assertRaises(ixrt.Error) as caught:
                ixrt.synchronize()
        self.assertEqual(caught.exception.name, "IX_ERROR_ILLEGAL_ADDRESS")
        self.assertIn("kernel `axpy` read 4 bytes at address 0x0", str(caught.exception))
        context.close()
        np.testing.assert_array_equal(ixrt.to_device(np.ones(3)).numpy(), np.ones(3))

    def test_memory_comes_back_with_the_last_reference(self):
        gc.collect()
        before, _ = ixrt.memory_info()
        for _ in range(50):
            array = ixrt.empty(1 << 24, np.uint8)
            del array
        after, _ = ixrt.memory_info()
        self.assertLess(before - after, 1 << 25)
        array = ixrt.empty(10)
        array.close()
        array.close()
        with self.assertRaisesRegex(ValueError, "closed"):
            array.ptr

    def test_threads_find_a_context(self):
        sums = {}

        def work(n):
            x, y = ixrt.full(100, n), ixrt.zeros(100)
            self.axpy()(1, 128, 1.0, x, y, 100)
            sums[n] = y.numpy().sum()

        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sums, {n: 100 * n for n in range(4)})


if __name__ == "__main__":
    del sys.argv[1:2]
    unittest.main()

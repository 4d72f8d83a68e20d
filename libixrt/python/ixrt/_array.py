# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Arrays in device memory."""

import ctypes
import math

import numpy as np

from ._context import Owned, ensure
from ._library import Address, call, quiet, result
from ._stream import handle_of


class DeviceArray(Owned):
    """Device memory with a shape and a type, in C order. Ends with its last reference."""

    _end = "ixMemFree"

    def __init__(self, shape, dtype=np.float32):
        self.dtype = np.dtype(dtype)
        if self.dtype.hasobject:
            raise TypeError("Python objects cannot live in device memory")
        self.shape = (int(shape),) if np.isscalar(shape) else tuple(int(n) for n in shape)
        self.size = math.prod(self.shape)
        self.nbytes = self.size * self.dtype.itemsize
        context = ensure()
        # An array of no elements has memory too, so that it has an address.
        super().__init__(context, result(Address, "ixMemAlloc", max(self.nbytes, 1)))

    @property
    def ptr(self):
        """Address of the first element."""
        if not self.handle:
            raise ValueError("the array was closed")
        return self.handle

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of an array without dimensions")
        return self.shape[0]

    def __repr__(self):
        return f"<ixrt.DeviceArray {self.dtype} {self.shape}>"

    def _match(self, host):
        if host.nbytes != self.nbytes or host.dtype != self.dtype:
            raise ValueError(f"{host.dtype} {host.shape} does not fit into {self.dtype} {self.shape}")

    def set(self, values, stream=None):
        """Copies from a host array of the same type and size, and returns itself.

        With a stream the copy is a part of it; `values` may be changed at once unless it is pinned.
        """
        host = np.ascontiguousarray(values, self.dtype)
        self._match(host)
        if stream is None:
            call("ixMemcpyHtoD", self.ptr, host.ctypes.data, self.nbytes)
        else:
            call("ixMemcpyHtoDAsync", self.ptr, host.ctypes.data, self.nbytes, handle_of(stream))
        return self

    def numpy(self, out=None, stream=None):
        """Its contents as a host array, new or `out`.

        With a stream the copy is a part of it; a pinned `out` has its contents only when the stream
        has come that far.
        """
        if out is None:
            out = np.empty(self.shape, self.dtype)
        self._match(out)
        if not (out.flags.c_contiguous and out.flags.writeable):
            raise ValueError("the host array must be contiguous and writable")
        if stream is None:
            call("ixMemcpyDtoH", out.ctypes.data, self.ptr, self.nbytes)
        else:
            call("ixMemcpyDtoHAsync", out.ctypes.data, self.ptr, self.nbytes, handle_of(stream))
        return out

    def __array__(self, dtype=None, copy=None):
        if copy is False:
            raise ValueError("device memory is not host memory: a copy is needed")
        array = self.numpy()
        return array if dtype is None else array.astype(dtype)

    def copy_from(self, other, stream=None):
        """Copies from another device array of the same size, and returns itself."""
        if other.nbytes != self.nbytes:
            raise ValueError(f"{other!r} and {self!r} have different sizes")
        call("ixMemcpyDtoDAsync", self.ptr, other.ptr, self.nbytes, handle_of(stream))
        return self

    def clear(self, stream=None):
        """Sets all bytes to zero, and returns itself."""
        call("ixMemsetD8Async", self.ptr, 0, self.nbytes, handle_of(stream))
        return self


def empty(shape, dtype=np.float32):
    """An array whose contents are whatever was there."""
    return DeviceArray(shape, dtype)


def zeros(shape, dtype=np.float32):
    """An array of zeros."""
    return DeviceArray(shape, dtype).clear()


def full(shape, value, dtype=np.float32):
    """An array of one value."""
    return to_device(np.full(shape, value, dtype))


def to_device(values, stream=None):
    """An array with the contents of a host array."""
    host = np.asarray(values, order="C")
    return DeviceArray(host.shape, host.dtype).set(host, stream)


class _Pinned:
    """Pinned memory that ends with the last array on it."""

    def __init__(self, nbytes):
        ensure()
        self.address = result(ctypes.c_void_p, "ixMemAllocHost", max(nbytes, 1))
        self.__array_interface__ = {"version": 3, "typestr": "|u1", "shape": (nbytes,), "data": (self.address, False)}

    def __del__(self):
        address = getattr(self, "address", None)
        if address:
            quiet("ixMemFreeHost", address)


def pinned(shape, dtype=np.float32):
    """A host array of zeros in memory that the device reaches, for copies that run beside the host."""
    shape = (shape,) if np.isscalar(shape) else tuple(shape)
    array = np.asarray(_Pinned(math.prod(shape) * np.dtype(dtype).itemsize)).view(dtype).reshape(shape)
    array.fill(0)
    return array

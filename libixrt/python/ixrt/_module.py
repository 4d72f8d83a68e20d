# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Modules and kernels."""

import ctypes
import pathlib

import numpy as np

from ._array import DeviceArray
from ._context import Owned, ensure
from ._library import Address, Error, Handle, call, result
from ._stream import handle_of

_INVALID_VALUE = 1
_BUFFER_POINTER, _BUFFER_SIZE = 1, 2
_FLOATS = {2: np.float16, 4: np.float32, 8: np.float64}
_ATTRIBUTES = {"max_threads_per_block": 0, "shared_bytes": 1, "const_bytes": 2, "local_bytes": 3, "registers": 4}
_MAX_DYNAMIC_SHARED = 8


class Module(Owned):
    """A loaded module, from PTX text."""

    _end = "ixModuleUnload"

    def __init__(self, ptx):
        text = ptx.encode() if isinstance(ptx, str) else bytes(ptx)
        context = ensure()
        super().__init__(context, result(Handle, "ixModuleLoadData", text))

    @classmethod
    def load(cls, path):
        """Loads a file of PTX text."""
        return cls(pathlib.Path(path).read_bytes())

    def function(self, name):
        """The kernel with this name."""
        return Function(self, name)

    __getitem__ = function

    def variable(self, name):
        """Address and size in bytes of a variable."""
        address, size = Address(), ctypes.c_size_t()
        call("ixModuleGetGlobal", address, size, self.handle, name.encode())
        return address.value, size.value


def _three(n):
    """A grid or block of up to three dimensions."""
    dimensions = (n,) if np.isscalar(n) else tuple(n)
    if not 1 <= len(dimensions) <= 3:
        raise ValueError(f"{n!r} is no grid or block: it needs one to three numbers")
    return tuple(int(d) for d in dimensions) + (1,) * (3 - len(dimensions))


class Function:
    """A kernel. Calling it launches it."""

    def __init__(self, module, name):
        self.module, self.name = module, name
        self.handle = result(Handle, "ixModuleGetFunction", module.handle, name.encode())
        self.parameters = []
        offset, size = ctypes.c_size_t(), ctypes.c_size_t()
        while True:
            try:
                call("ixFuncGetParamInfo", self.handle, len(self.parameters), offset, size)
            except Error as error:
                if error.code != _INVALID_VALUE:
                    raise
                break
            self.parameters.append((offset.value, size.value))
        self._bytes = max((o + s for o, s in self.parameters), default=0)

    def __repr__(self):
        return f"<ixrt.Function {self.name}>"

    def __getattr__(self, name):
        if name in _ATTRIBUTES:
            return result(ctypes.c_int, "ixFuncGetAttribute", _ATTRIBUTES[name], self.handle)
        raise AttributeError(name)

    def set_max_dynamic_shared(self, nbytes):
        """Allows launches with so many bytes of dynamic shared memory."""
        call("ixFuncSetAttribute", self.handle, _MAX_DYNAMIC_SHARED, nbytes)

    def _pack(self, index, value, size):
        """The bytes of an argument."""
        if isinstance(value, DeviceArray):
            value = value.ptr
        if isinstance(value, (bool, int)):
            try:
                return int(value).to_bytes(size, "little", signed=value < 0)
            except OverflowError:
                raise OverflowError(f"{self.name}: argument {index}: {value} does not fit in {size} bytes") from None
        if isinstance(value, float) and not isinstance(value, np.generic):
            if size not in _FLOATS:
                raise TypeError(f"{self.name}: argument {index} has {size} bytes and is no floating-point number")
            return _FLOATS[size](value).tobytes()
        if isinstance(value, (np.generic, np.ndarray)):
            data = value.tobytes()
        elif isinstance(value, (bytes, bytearray, ctypes._SimpleCData, ctypes.Structure, ctypes.Array)):
            data = bytes(value)
        else:
            raise TypeError(f"{self.name}: argument {index} is a {type(value).__name__}")
        if len(data) != size:
            kind = f" ({value.dtype})" if isinstance(value, (np.generic, np.ndarray)) else ""
            raise TypeError(f"{self.name}: argument {index} has {len(data)} bytes{kind}, the parameter has {size}")
        return data

    def __call__(self, grid, block, *arguments, shared=0, stream=None):
        """Launches the kernel with `grid` blocks of `block` threads, each a number or up to three.

        Arguments are device arrays, numpy scalars of the parameter's type, or Python numbers, which
        take the parameter's size. `shared` is in bytes.
        """
        if len(arguments) != len(self.parameters):
            raise TypeError(f"{self.name} takes {len(self.parameters)} arguments, {len(arguments)} were given")
        buffer = ctypes.create_string_buffer(max(self._bytes, 1))
        for index, (value, (offset, size)) in enumerate(zip(arguments, self.parameters)):
            buffer[offset : offset + size] = self._pack(index, value, size)
        size = ctypes.c_size_t(self._bytes)
        extra = (ctypes.c_void_p * 5)(_BUFFER_POINTER, ctypes.addressof(buffer), _BUFFER_SIZE, ctypes.addressof(size), None)
        call("ixLaunchKernel", self.handle, *_three(grid), *_three(block), shared, handle_of(stream), None, extra)

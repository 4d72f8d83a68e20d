# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The IX runtime for Python: kernels from PTX text, numpy arrays in and out.

    import ixrt, numpy as np

    add = ixrt.Module(ptx_text).function("vector_add")
    a, b = ixrt.to_device(x), ixrt.to_device(y)
    c = ixrt.empty(x.shape, x.dtype)
    add(-(-x.size // 256), 256, a, b, c, np.uint32(x.size))
    print(c.numpy())

A thread that has no current context gets the primary context of device 0 at its first call. Calls
that fail raise `Error`, whose text says which kernel did what where.
"""

from ._array import DeviceArray, empty, full, pinned, to_device, zeros
from ._context import Context, Device, backend, device_count, memory_info, synchronize
from ._cuda import enable_cuda
from ._library import Error
from ._module import Function, Module
from ._stream import Event, Stream

__all__ = [
    "Context",
    "Device",
    "DeviceArray",
    "Error",
    "Event",
    "Function",
    "Module",
    "Stream",
    "backend",
    "device_count",
    "empty",
    "enable_cuda",
    "full",
    "memory_info",
    "pinned",
    "synchronize",
    "to_device",
    "zeros",
]

# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Lets programs for CUDA's driver find this library, in this process and in its children."""

import ctypes
import os
import pathlib

from . import _library

BACKENDS = ("direct", "drm", "vulkan")


class _DlInfo(ctypes.Structure):
    _fields_ = [("file", ctypes.c_char_p), ("base", ctypes.c_void_p), ("symbol", ctypes.c_char_p), ("address", ctypes.c_void_p)]


def _address(library):
    return ctypes.cast(library.cuInit, ctypes.c_void_p).value


def _file_of(address):
    """The file that was loaded at an address."""
    info = _DlInfo()
    if not ctypes.CDLL(None).dladdr(ctypes.c_void_p(address), ctypes.byref(info)):
        return "a file that cannot be told"
    return os.path.realpath(os.fsdecode(info.file))


def _choose(backend):
    if backend not in BACKENDS:
        raise ValueError(f"backend is {backend!r}; it must be one of {', '.join(BACKENDS)}")
    name = _library._text()
    # This call works once the library is initialised.
    if _library._library.ixGetBackendName(name) == _library.SUCCESS and name.value.decode() != backend:
        raise RuntimeError(f"the library uses the backend {name.value.decode()} already; choose before its first use")
    os.environ["IXRT_BACKEND"] = backend


def enable_cuda(backend=None):
    """Makes unmodified CUDA programs in this process use IX.

    Call it before they are imported. Whoever opens `libcuda.so.1` or `libcuda.so`, or looks for
    them along LD_LIBRARY_PATH, then finds this library; so do programs that this process starts.
    `backend`: "direct" or "drm"; by default the kernel driver is used if it has a device.
    """
    if backend is not None:
        _choose(backend)
    ours = _address(_library._library)
    folder = pathlib.Path(_file_of(ours)).parent
    names = [name for name in ("libcuda.so.1", "libcuda.so") if (folder / name).exists()]
    if not names:
        raise RuntimeError(f"there is no libcuda.so.1 beside {_file_of(ours)}")
    places = [place for place in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if place]
    if str(folder) not in places[:1]:
        os.environ["LD_LIBRARY_PATH"] = os.pathsep.join([str(folder), *places])
    for name in names:
        ctypes.CDLL(str(folder / name), ctypes.RTLD_GLOBAL)
    # The loader compares names with what the libraries say, and has read LD_LIBRARY_PATH long ago.
    try:
        found = _address(ctypes.CDLL("libcuda.so.1"))
    except OSError:
        raise RuntimeError(f"{folder}/libcuda.so.1 is a link, which this process finds by its path only; run it with ixrun") from None
    if found != ours:
        raise RuntimeError(f"this process has loaded {_file_of(found)} already; call enable_cuda before that")

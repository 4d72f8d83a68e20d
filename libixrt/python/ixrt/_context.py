# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Devices and contexts."""

import ctypes
import threading
import uuid

from ._library import Handle, call, quiet, result

_MULTIPROCESSOR_COUNT, _MAJOR, _MINOR = 16, 75, 76

_primary = {}
_primary_lock = threading.Lock()


def init():
    call("ixInit", 0)


def backend():
    """The way to the devices: `drm` or `direct`."""
    init()
    return result(ctypes.c_char_p, "ixGetBackendName").decode()


def device_count():
    """Number of devices."""
    init()
    return result(ctypes.c_int, "ixDeviceGetCount")


class Device:
    """A device, by its number."""

    def __init__(self, ordinal=0):
        init()
        self.ordinal = result(ctypes.c_int, "ixDeviceGet", ordinal)

    def __repr__(self):
        return f"<ixrt.Device {self.ordinal}: {self.name}>"

    def _text(self, function):
        buffer = ctypes.create_string_buffer(256)
        call(function, buffer, len(buffer), self.ordinal)
        return buffer.value.decode()

    @property
    def name(self):
        """Product name."""
        return self._text("ixDeviceGetName")

    @property
    def pci_bus_id(self):
        """PCI address."""
        return self._text("ixDeviceGetPCIBusId")

    @property
    def uuid(self):
        """UUID."""
        buffer = (ctypes.c_ubyte * 16)()
        call("ixDeviceGetUuid", buffer, self.ordinal)
        return uuid.UUID(bytes=bytes(buffer))

    @property
    def total_memory(self):
        """Bytes of device memory."""
        return result(ctypes.c_size_t, "ixDeviceTotalMem", self.ordinal)

    def attribute(self, number):
        """An attribute by its number in the C interface."""
        return result(ctypes.c_int, "ixDeviceGetAttribute", number, self.ordinal)

    @property
    def multiprocessor_count(self):
        """Number of SMs."""
        return self.attribute(_MULTIPROCESSOR_COUNT)

    @property
    def compute_capability(self):
        """Major and minor."""
        return self.attribute(_MAJOR), self.attribute(_MINOR)


class Context:
    """A context of its own on a device. In a `with` statement it is current; `close` ends it."""

    def __init__(self, device=0):
        ordinal = device.ordinal if isinstance(device, Device) else Device(device).ordinal
        self.handle = result(Handle, "ixCtxCreate", 0, ordinal)
        result(Handle, "ixCtxPopCurrent")

    def __enter__(self):
        call("ixCtxPushCurrent", self.handle)
        return self

    def __exit__(self, *_):
        result(Handle, "ixCtxPopCurrent")

    def synchronize(self):
        """Waits for all its work."""
        with self:
            call("ixCtxSynchronize")

    def close(self):
        """Ends it and frees all that it owns."""
        handle, self.handle = self.handle, None
        if handle:
            call("ixCtxDestroy", handle)


def ensure():
    """Handle of the current context; if there is none, the primary context of device 0 becomes it."""
    init()
    current = result(Handle, "ixCtxGetCurrent")
    if current:
        return current
    with _primary_lock:
        if 0 not in _primary:
            _primary[0] = result(Handle, "ixDevicePrimaryCtxRetain", 0)
    call("ixCtxSetCurrent", _primary[0])
    return _primary[0]


class Owned:
    """Something of a context that ends with its last reference."""

    _end = None

    def __init__(self, context, handle):
        self.context, self.handle = context, handle

    def close(self):
        """Ends it."""
        handle, self.handle = self.handle, None
        if handle:
            # Of a context that is gone, everything is gone.
            if push(self.context):
                quiet(self._end, handle)
                pop()

    def __del__(self):
        try:
            self.close()
        except (AttributeError, TypeError):  # the interpreter is ending, or __init__ failed
            pass


def push(context):
    """Makes a context current; false when it is gone."""
    from ._library import SUCCESS, _library

    return _library.ixCtxPushCurrent(context) == SUCCESS


def pop():
    quiet("ixCtxPopCurrent", None)


def memory_info():
    """Bytes of device memory that are free, and all."""
    ensure()
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    call("ixMemGetInfo", free, total)
    return free.value, total.value


def synchronize():
    """Waits for all work of the current context."""
    ensure()
    call("ixCtxSynchronize")

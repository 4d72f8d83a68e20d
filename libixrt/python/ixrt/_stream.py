# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Streams and events."""

import ctypes

from ._context import Owned, ensure
from ._library import Handle, call, done, result

_NON_BLOCKING, _DISABLE_TIMING = 1, 2


def handle_of(stream):
    """Handle of a stream; `None` is the null stream."""
    return None if stream is None else stream.handle


class Stream(Owned):
    """Work in order. Unless `non_blocking`, it keeps order with the null stream."""

    _end = "ixStreamDestroy"

    def __init__(self, non_blocking=False, priority=0):
        context = ensure()
        super().__init__(context, result(Handle, "ixStreamCreateWithPriority", _NON_BLOCKING * non_blocking, priority))

    def synchronize(self):
        """Waits for all its work."""
        call("ixStreamSynchronize", self.handle)

    def done(self):
        """Whether all its work has completed."""
        return done("ixStreamQuery", self.handle)

    def wait(self, event):
        """Makes later work of the stream wait for an event."""
        call("ixStreamWaitEvent", self.handle, event.handle, 0)


class Event(Owned):
    """A point in a stream."""

    _end = "ixEventDestroy"

    def __init__(self, timing=True):
        context = ensure()
        super().__init__(context, result(Handle, "ixEventCreate", 0 if timing else _DISABLE_TIMING))

    def record(self, stream=None):
        """Puts it after all that the stream was given so far, and returns it."""
        call("ixEventRecord", self.handle, handle_of(stream))
        return self

    def synchronize(self):
        """Waits until it has happened."""
        call("ixEventSynchronize", self.handle)

    def done(self):
        """Whether it has happened."""
        return done("ixEventQuery", self.handle)

    def elapsed_ms(self, end):
        """Milliseconds from this event to a later one, by the device's clock."""
        return result(ctypes.c_float, "ixEventElapsedTime", self.handle, end.handle)

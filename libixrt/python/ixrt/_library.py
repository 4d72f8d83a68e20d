# SPDX-License-Identifier: Apache-2.0 OR MIT
"""libixrt.so: where it is, its functions, its errors."""

import ctypes
import os
import pathlib

SUCCESS, NOT_READY = 0, 600

Handle, Address = ctypes.c_void_p, ctypes.c_uint64
_P = ctypes.POINTER
_int, _uint, _size, _text = ctypes.c_int, ctypes.c_uint, ctypes.c_size_t, ctypes.c_char_p

# Parameters of the functions that this package calls; all return an int.
_FUNCTIONS = {
    "ixInit": [_uint],
    "ixGetErrorName": [_int, _P(_text)],
    "ixGetLastErrorMessage": [_P(_text)],
    "ixGetBackendName": [_P(_text)],
    "ixDeviceGetCount": [_P(_int)],
    "ixDeviceGet": [_P(_int), _int],
    "ixDeviceGetName": [_text, _int, _int],
    "ixDeviceGetUuid": [ctypes.c_void_p, _int],
    "ixDeviceGetPCIBusId": [_text, _int, _int],
    "ixDeviceTotalMem": [_P(_size), _int],
    "ixDeviceGetAttribute": [_P(_int), _int, _int],
    "ixDevicePrimaryCtxRetain": [_P(Handle), _int],
    "ixCtxCreate": [_P(Handle), _uint, _int],
    "ixCtxDestroy": [Handle],
    "ixCtxSetCurrent": [Handle],
    "ixCtxGetCurrent": [_P(Handle)],
    "ixCtxPushCurrent": [Handle],
    "ixCtxPopCurrent": [_P(Handle)],
    "ixCtxSynchronize": [],
    "ixMemGetInfo": [_P(_size), _P(_size)],
    "ixMemAlloc": [_P(Address), _size],
    "ixMemFree": [Address],
    "ixMemAllocHost": [_P(ctypes.c_void_p), _size],
    "ixMemFreeHost": [ctypes.c_void_p],
    "ixMemcpyHtoD": [Address, ctypes.c_void_p, _size],
    "ixMemcpyDtoH": [ctypes.c_void_p, Address, _size],
    "ixMemcpyDtoD": [Address, Address, _size],
    "ixMemcpyHtoDAsync": [Address, ctypes.c_void_p, _size, Handle],
    "ixMemcpyDtoHAsync": [ctypes.c_void_p, Address, _size, Handle],
    "ixMemcpyDtoDAsync": [Address, Address, _size, Handle],
    "ixMemsetD8Async": [Address, ctypes.c_ubyte, _size, Handle],
    "ixModuleLoadData": [_P(Handle), _text],
    "ixModuleUnload": [Handle],
    "ixModuleGetFunction": [_P(Handle), Handle, _text],
    "ixModuleGetGlobal": [_P(Address), _P(_size), Handle, _text],
    "ixFuncGetAttribute": [_P(_int), _int, Handle],
    "ixFuncSetAttribute": [Handle, _int, _int],
    "ixFuncGetParamInfo": [Handle, _size, _P(_size), _P(_size)],
    "ixLaunchKernel": [Handle] + [_uint] * 7 + [Handle, ctypes.c_void_p, ctypes.c_void_p],
    "ixStreamCreateWithPriority": [_P(Handle), _uint, _int],
    "ixStreamDestroy": [Handle],
    "ixStreamSynchronize": [Handle],
    "ixStreamQuery": [Handle],
    "ixStreamWaitEvent": [Handle, Handle, _uint],
    "ixEventCreate": [_P(Handle), _uint],
    "ixEventDestroy": [Handle],
    "ixEventRecord": [Handle, Handle],
    "ixEventQuery": [Handle],
    "ixEventSynchronize": [Handle],
    "ixEventElapsedTime": [_P(ctypes.c_float), Handle, Handle],
}


class Error(RuntimeError):
    """A call of the runtime that failed.

    `code` is the error's number (that of CUresult), `name` its name; the text says what exactly
    went wrong.
    """

    def __init__(self, code, name, message):
        super().__init__(f"{name}: {message}")
        self.code, self.name, self.message = code, name, message


def _load():
    """The file that IXRT_LIBRARY names, else the one in this package, else the system's."""
    named = os.environ.get("IXRT_LIBRARY")
    own = pathlib.Path(__file__).resolve().parent / "lib" / "libixrt.so"
    path = named or (str(own) if own.exists() else "libixrt.so")
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"cannot load libixrt.so ({error}); set IXRT_LIBRARY to its path") from None
    for name, parameters in _FUNCTIONS.items():
        function = getattr(library, name)
        function.argtypes, function.restype = parameters, _int
    return library


_library = _load()


def _error(code):
    name, message = _text(), _text()
    # A number that is not a code has no name.
    if _library.ixGetErrorName(code, name) != SUCCESS:
        name.value = b"IXresult %d" % code
    else:
        _library.ixGetLastErrorMessage(message)
    return Error(code, (name.value or b"").decode(), (message.value or b"").decode())


def call(name, *arguments):
    """Calls a function of the library; raises what it reports."""
    code = getattr(_library, name)(*arguments)
    if code != SUCCESS:
        raise _error(code)


def result(kind, name, *arguments):
    """Calls a function whose first parameter is where its result goes, and returns the result."""
    out = kind()
    call(name, out, *arguments)
    return out.value


def done(name, *arguments):
    """Calls a function that says whether something has completed."""
    code = getattr(_library, name)(*arguments)
    if code not in (SUCCESS, NOT_READY):
        raise _error(code)
    return code == SUCCESS


def quiet(name, *arguments):
    """Calls a function where nobody can be told of a failure."""
    getattr(_library, name)(*arguments)

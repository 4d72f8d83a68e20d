// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Error codes and what goes with them.
//!
//! A *code* is a number that programs see; the numbers are those of CUDA's `CUresult`, so that a
//! program written for one can be used with the other. An [`Error`] is a code with a sentence that
//! says what failed, on what, and where it can be known, what to do. The last one of each thread
//! is kept for `ixGetLastErrorMessage`.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ffi::{c_char, CStr, CString};
use std::fmt;
use std::sync::OnceLock;

macro_rules! codes {
    ($( $(#[doc = $doc:literal])+ $name:ident = $number:literal, $c:literal; )+) => {
        /// An error code, or [`Code::SUCCESS`].
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(transparent)]
        pub struct Code(pub i32);

        impl Code {
            $( $(#[doc = $doc])+ pub const $name: Code = Code($number); )+

            /// All codes: the code, its name in C and its meaning, both NUL-terminated for C.
            pub(crate) const ALL: &'static [(Code, &'static str, &'static str)] = &[
                $( (Code::$name, concat!($c, "\0"), concat!($($doc),+, "\0")), )+
            ];
        }
    };
}

codes! {
    /// No error.
    SUCCESS = 0, "IX_SUCCESS";
    /// An argument is out of its range or does not fit the others.
    INVALID_VALUE = 1, "IX_ERROR_INVALID_VALUE";
    /// Out of memory.
    OUT_OF_MEMORY = 2, "IX_ERROR_OUT_OF_MEMORY";
    /// The library is not initialised: ixInit was not called or failed.
    NOT_INITIALIZED = 3, "IX_ERROR_NOT_INITIALIZED";
    /// The library is shutting down.
    DEINITIALIZED = 4, "IX_ERROR_DEINITIALIZED";
    /// Profiling was not initialised.
    PROFILER_DISABLED = 5, "IX_ERROR_PROFILER_DISABLED";
    /// The library is a stub that has no device.
    STUB_LIBRARY = 34, "IX_ERROR_STUB_LIBRARY";
    /// The device is not available: it stopped answering or its process has ended.
    DEVICE_UNAVAILABLE = 46, "IX_ERROR_DEVICE_UNAVAILABLE";
    /// There is no device.
    NO_DEVICE = 100, "IX_ERROR_NO_DEVICE";
    /// There is no device with this number.
    INVALID_DEVICE = 101, "IX_ERROR_INVALID_DEVICE";
    /// The device has no licence.
    DEVICE_NOT_LICENSED = 102, "IX_ERROR_DEVICE_NOT_LICENSED";
    /// The image is not a module that this library can load.
    INVALID_IMAGE = 200, "IX_ERROR_INVALID_IMAGE";
    /// There is no current context, or the handle is not one of a live context.
    INVALID_CONTEXT = 201, "IX_ERROR_INVALID_CONTEXT";
    /// The context is current already.
    CONTEXT_ALREADY_CURRENT = 202, "IX_ERROR_CONTEXT_ALREADY_CURRENT";
    /// Memory could not be mapped.
    MAP_FAILED = 205, "IX_ERROR_MAP_FAILED";
    /// Memory could not be unmapped.
    UNMAP_FAILED = 206, "IX_ERROR_UNMAP_FAILED";
    /// The array is mapped.
    ARRAY_IS_MAPPED = 207, "IX_ERROR_ARRAY_IS_MAPPED";
    /// The addresses are mapped already.
    ALREADY_MAPPED = 208, "IX_ERROR_ALREADY_MAPPED";
    /// The image has no code for this device.
    NO_BINARY_FOR_GPU = 209, "IX_ERROR_NO_BINARY_FOR_GPU";
    /// The resource was acquired already.
    ALREADY_ACQUIRED = 210, "IX_ERROR_ALREADY_ACQUIRED";
    /// The resource is not mapped.
    NOT_MAPPED = 211, "IX_ERROR_NOT_MAPPED";
    /// The resource is not mapped as an array.
    NOT_MAPPED_AS_ARRAY = 212, "IX_ERROR_NOT_MAPPED_AS_ARRAY";
    /// The resource is not mapped as an address.
    NOT_MAPPED_AS_POINTER = 213, "IX_ERROR_NOT_MAPPED_AS_POINTER";
    /// Memory has an error that could not be corrected.
    ECC_UNCORRECTABLE = 214, "IX_ERROR_ECC_UNCORRECTABLE";
    /// The device has no such limit.
    UNSUPPORTED_LIMIT = 215, "IX_ERROR_UNSUPPORTED_LIMIT";
    /// Another thread uses the context.
    CONTEXT_ALREADY_IN_USE = 216, "IX_ERROR_CONTEXT_ALREADY_IN_USE";
    /// The devices do not reach each other's memory.
    PEER_ACCESS_UNSUPPORTED = 217, "IX_ERROR_PEER_ACCESS_UNSUPPORTED";
    /// The PTX text does not compile.
    INVALID_PTX = 218, "IX_ERROR_INVALID_PTX";
    /// The graphics context is invalid.
    INVALID_GRAPHICS_CONTEXT = 219, "IX_ERROR_INVALID_GRAPHICS_CONTEXT";
    /// The link has an error that could not be corrected.
    NVLINK_UNCORRECTABLE = 220, "IX_ERROR_NVLINK_UNCORRECTABLE";
    /// There is no compiler.
    JIT_COMPILER_NOT_FOUND = 221, "IX_ERROR_JIT_COMPILER_NOT_FOUND";
    /// The PTX version is not supported.
    UNSUPPORTED_PTX_VERSION = 222, "IX_ERROR_UNSUPPORTED_PTX_VERSION";
    /// Compiling was disabled.
    JIT_COMPILATION_DISABLED = 223, "IX_ERROR_JIT_COMPILATION_DISABLED";
    /// The device cannot be divided in this way.
    UNSUPPORTED_EXEC_AFFINITY = 224, "IX_ERROR_UNSUPPORTED_EXEC_AFFINITY";
    /// The code needs device-side synchronisation that is not supported.
    UNSUPPORTED_DEVSIDE_SYNC = 225, "IX_ERROR_UNSUPPORTED_DEVSIDE_SYNC";
    /// The device contained an error.
    CONTAINED = 226, "IX_ERROR_CONTAINED";
    /// The kernel source is invalid.
    INVALID_SOURCE = 300, "IX_ERROR_INVALID_SOURCE";
    /// The file was not found.
    FILE_NOT_FOUND = 301, "IX_ERROR_FILE_NOT_FOUND";
    /// A symbol of a shared library was not found.
    SHARED_OBJECT_SYMBOL_NOT_FOUND = 302, "IX_ERROR_SHARED_OBJECT_SYMBOL_NOT_FOUND";
    /// A shared library could not be initialised.
    SHARED_OBJECT_INIT_FAILED = 303, "IX_ERROR_SHARED_OBJECT_INIT_FAILED";
    /// The operating system refused an operation.
    OPERATING_SYSTEM = 304, "IX_ERROR_OPERATING_SYSTEM";
    /// The handle is not valid, or no longer.
    INVALID_HANDLE = 400, "IX_ERROR_INVALID_HANDLE";
    /// The object is not in a state that allows the operation.
    ILLEGAL_STATE = 401, "IX_ERROR_ILLEGAL_STATE";
    /// The object would be read without what gives it its meaning.
    LOSSY_QUERY = 402, "IX_ERROR_LOSSY_QUERY";
    /// There is nothing with this name.
    NOT_FOUND = 500, "IX_ERROR_NOT_FOUND";
    /// Work has not completed yet; this is no failure.
    NOT_READY = 600, "IX_ERROR_NOT_READY";
    /// A kernel accessed an address that is not mapped, or not with that permission.
    ILLEGAL_ADDRESS = 700, "IX_ERROR_ILLEGAL_ADDRESS";
    /// The launch needs more resources than the device has.
    LAUNCH_OUT_OF_RESOURCES = 701, "IX_ERROR_LAUNCH_OUT_OF_RESOURCES";
    /// A kernel ran longer than it may.
    LAUNCH_TIMEOUT = 702, "IX_ERROR_LAUNCH_TIMEOUT";
    /// Textures and launch do not fit.
    LAUNCH_INCOMPATIBLE_TEXTURING = 703, "IX_ERROR_LAUNCH_INCOMPATIBLE_TEXTURING";
    /// Access to the peer is enabled already.
    PEER_ACCESS_ALREADY_ENABLED = 704, "IX_ERROR_PEER_ACCESS_ALREADY_ENABLED";
    /// Access to the peer is not enabled.
    PEER_ACCESS_NOT_ENABLED = 705, "IX_ERROR_PEER_ACCESS_NOT_ENABLED";
    /// The primary context is active already.
    PRIMARY_CONTEXT_ACTIVE = 708, "IX_ERROR_PRIMARY_CONTEXT_ACTIVE";
    /// The current context has been destroyed.
    CONTEXT_IS_DESTROYED = 709, "IX_ERROR_CONTEXT_IS_DESTROYED";
    /// An assertion of a kernel failed.
    ASSERT = 710, "IX_ERROR_ASSERT";
    /// Too many peers.
    TOO_MANY_PEERS = 711, "IX_ERROR_TOO_MANY_PEERS";
    /// The host memory is registered already.
    HOST_MEMORY_ALREADY_REGISTERED = 712, "IX_ERROR_HOST_MEMORY_ALREADY_REGISTERED";
    /// The host memory is not registered.
    HOST_MEMORY_NOT_REGISTERED = 713, "IX_ERROR_HOST_MEMORY_NOT_REGISTERED";
    /// The kernel nested calls too deeply, or returned without a call.
    HARDWARE_STACK_ERROR = 714, "IX_ERROR_HARDWARE_STACK_ERROR";
    /// A kernel met an instruction that the device does not know.
    ILLEGAL_INSTRUCTION = 715, "IX_ERROR_ILLEGAL_INSTRUCTION";
    /// A kernel accessed an address that is not aligned to the size of the access.
    MISALIGNED_ADDRESS = 716, "IX_ERROR_MISALIGNED_ADDRESS";
    /// A kernel accessed an address outside the shared, local or parameter space it belongs to.
    INVALID_ADDRESS_SPACE = 717, "IX_ERROR_INVALID_ADDRESS_SPACE";
    /// A kernel's program counter left its code.
    INVALID_PC = 718, "IX_ERROR_INVALID_PC";
    /// A kernel failed.
    LAUNCH_FAILED = 719, "IX_ERROR_LAUNCH_FAILED";
    /// A cooperative grid has more blocks than the device holds at once.
    COOPERATIVE_LAUNCH_TOO_LARGE = 720, "IX_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE";
    /// The operation is not permitted.
    NOT_PERMITTED = 800, "IX_ERROR_NOT_PERMITTED";
    /// The operation is not supported.
    NOT_SUPPORTED = 801, "IX_ERROR_NOT_SUPPORTED";
    /// The operation is not permitted while a stream is captured.
    STREAM_CAPTURE_UNSUPPORTED = 900, "IX_ERROR_STREAM_CAPTURE_UNSUPPORTED";
    /// The capture was made invalid by an earlier error.
    STREAM_CAPTURE_INVALIDATED = 901, "IX_ERROR_STREAM_CAPTURE_INVALIDATED";
    /// The operation would have joined two captures.
    STREAM_CAPTURE_MERGE = 902, "IX_ERROR_STREAM_CAPTURE_MERGE";
    /// The capture did not begin in this stream.
    STREAM_CAPTURE_UNMATCHED = 903, "IX_ERROR_STREAM_CAPTURE_UNMATCHED";
    /// The capture has work in a stream that was not joined to the one it began in.
    STREAM_CAPTURE_UNJOINED = 904, "IX_ERROR_STREAM_CAPTURE_UNJOINED";
    /// A dependency would have crossed the bounds of the capture.
    STREAM_CAPTURE_ISOLATION = 905, "IX_ERROR_STREAM_CAPTURE_ISOLATION";
    /// The operation would have made a captured stream wait for the null stream, or the other way round.
    STREAM_CAPTURE_IMPLICIT = 906, "IX_ERROR_STREAM_CAPTURE_IMPLICIT";
    /// The event was recorded in a captured stream, so it never happens.
    CAPTURED_EVENT = 907, "IX_ERROR_CAPTURED_EVENT";
    /// The capture began on another thread.
    STREAM_CAPTURE_WRONG_THREAD = 908, "IX_ERROR_STREAM_CAPTURE_WRONG_THREAD";
    /// The graph differs from the instantiated one in more than an update can change.
    GRAPH_EXEC_UPDATE_FAILURE = 910, "IX_ERROR_GRAPH_EXEC_UPDATE_FAILURE";
    /// An internal error.
    UNKNOWN = 999, "IX_ERROR_UNKNOWN";
}

impl Code {
    fn entry(self) -> Option<&'static (Code, &'static str, &'static str)> {
        Code::ALL.iter().find(|(code, ..)| *code == self)
    }

    /// Its name in C; `None` for a number that is not a code.
    pub fn name(self) -> Option<&'static CStr> {
        self.entry().and_then(|(_, name, _)| CStr::from_bytes_with_nul(name.as_bytes()).ok())
    }

    /// Its name in CUDA's interface; `None` for a number that is not a code.
    pub fn cuda_name(self) -> Option<&'static CStr> {
        static NAMES: OnceLock<Vec<CString>> = OnceLock::new();
        let cuda = |name: &str| CString::new(name.trim_end_matches('\0').replacen("IX_", "CUDA_", 1)).unwrap_or_default();
        let names = NAMES.get_or_init(|| Code::ALL.iter().map(|(_, name, _)| cuda(name)).collect());
        Code::ALL.iter().position(|(code, ..)| *code == self).and_then(|i| names.get(i)).map(CString::as_c_str)
    }

    /// Its meaning; `None` for a number that is not a code.
    pub fn text(self) -> Option<&'static CStr> {
        self.entry().and_then(|(_, _, text)| CStr::from_bytes_with_nul(text.trim_start().as_bytes()).ok())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{} ({})", name.to_string_lossy(), self.0),
            None => write!(f, "IXresult {}", self.0),
        }
    }
}

/// A failed operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What the program sees.
    pub code: Code,
    /// What failed, on what, and what to do.
    pub message: Cow<'static, str>,
}

/// A result of this library.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with a message.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Error {
        Error { code, message: message.into() }
    }

    /// [`Code::INVALID_VALUE`] with a message.
    pub fn invalid(message: impl Into<Cow<'static, str>>) -> Error {
        Error::new(Code::INVALID_VALUE, message)
    }

    /// A failed system call: out of memory or [`Code::OPERATING_SYSTEM`].
    pub fn system(what: impl fmt::Display, error: std::io::Error) -> Error {
        let code = match error.raw_os_error() {
            Some(libc::ENOMEM) | Some(libc::ENOSPC) => Code::OUT_OF_MEMORY,
            _ => Code::OPERATING_SYSTEM,
        };
        Error::new(code, format!("{what}: {error}"))
    }
}

thread_local! {
    static LAST: RefCell<CString> = RefCell::default();
}

/// Keeps the message of a call that failed, for [`last_message`].
pub(crate) fn keep(call: &str, error: &Error) {
    let text = format!("{call}: {}", error.message).replace('\0', " ");
    crate::logs::add(error.code, &text);
    // A thread that is ending may have lost its storage; its message then has no reader either.
    let _ = LAST.try_with(|last| *last.borrow_mut() = CString::new(text).unwrap_or_default());
}

/// The message of the last failed call of this thread; valid until its next failed call.
pub(crate) fn last_message() -> *const c_char {
    LAST.try_with(|last| last.borrow().as_ptr()).unwrap_or(c"".as_ptr())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_their_names_and_meanings() {
        assert_eq!(Code::ILLEGAL_ADDRESS.0, 700);
        assert_eq!(Code::ILLEGAL_ADDRESS.name(), Some(c"IX_ERROR_ILLEGAL_ADDRESS"));
        assert_eq!(Code::ILLEGAL_ADDRESS.cuda_name(), Some(c"CUDA_ERROR_ILLEGAL_ADDRESS"));
        assert_eq!(Code::SUCCESS.text(), Some(c"No error."));
        assert_eq!(Code(12345).name(), None);
    }

    #[test]
    fn last_message_is_that_of_the_thread() {
        keep("ixInit", &Error::invalid("flags must be 0"));
        std::thread::spawn(|| keep("ixOther", &Error::invalid("else"))).join().unwrap();
        // SAFETY: the pointer is to this thread's kept string, which nobody replaces meanwhile.
        let text = unsafe { CStr::from_ptr(last_message()) };
        assert_eq!(text, c"ixInit: flags must be 0");
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of the log.

types! { DIAGNOSTICS_TYPES
    handles {
        /// A function that is told of the log.
        IXlogsCallbackHandle;
    }
    enumerations {
        /// Settings of what is left behind when a kernel fails.
        IXcoredumpSettings {
            /// Whether anything is; a C bool.
            IX_COREDUMP_ENABLE_ON_EXCEPTION = 1;
            /// Whether the process then aborts; a C bool.
            IX_COREDUMP_TRIGGER_HOST = 2;
            /// Whether less is; a C bool, without effect.
            IX_COREDUMP_LIGHTWEIGHT = 3;
            /// Whether a write to the pipe makes one; a C bool, without effect.
            IX_COREDUMP_ENABLE_USER_TRIGGER = 4;
            /// Path of the file, in which %p is the process, %h the host and %t the time.
            IX_COREDUMP_FILE = 5;
            /// Path of the pipe.
            IX_COREDUMP_PIPE = 6;
        }
        /// How serious an entry of the log is.
        IXlogLevel {
            /// A call failed.
            IX_LOG_LEVEL_ERROR = 0;
            /// A call did something that was perhaps not meant.
            IX_LOG_LEVEL_WARNING = 1;
        }
    }
    flags {
    }
    structures {
    }
    callbacks {
        /// Is told of an entry of the log.
        IXlogsCallback(data: *mut c_void, logLevel: IXlogLevel, message: *mut c_char, length: usize) -> ();
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of the log.

types! { DIAGNOSTICS_TYPES
    handles {
        /// A function that is told of the log.
        IXlogsCallbackHandle;
    }
    enumerations {
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

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of finding functions by name.

types! { ENTRY_POINTS_TYPES
    handles {
    }
    enumerations {
        /// Whether a function was found.
        IXdriverProcAddressQueryResult {
            /// It was.
            IX_GET_PROC_ADDRESS_SUCCESS = 0;
            /// There is no function of this name.
            IX_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND = 1;
            /// The function is newer than the version asked for.
            IX_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT = 2;
        }
    }
    flags {
        /// The form whose null stream is the legacy one.
        IX_GET_PROC_ADDRESS_DEFAULT = 0x0;
        /// Likewise.
        IX_GET_PROC_ADDRESS_LEGACY_STREAM = 0x1;
        /// The form whose null stream is the calling thread's default stream.
        IX_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM = 0x2;
    }
    structures {
    }
    callbacks {
    }
}

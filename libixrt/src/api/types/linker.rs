// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of the linker.

types! { LINKER_TYPES
    handles {
        /// A link.
        IXlinkState;
    }
    enumerations {
        /// What an input of a link is.
        IXjitInputType {
            /// What ixLinkComplete gave.
            IX_JIT_INPUT_CUBIN = 0;
            /// PTX text.
            IX_JIT_INPUT_PTX = 1;
            /// A fat binary with PTX.
            IX_JIT_INPUT_FATBINARY = 2;
            /// An object of the host with device code; only what ixLinkComplete gave.
            IX_JIT_INPUT_OBJECT = 3;
            /// A library of such objects; not supported.
            IX_JIT_INPUT_LIBRARY = 4;
            /// Intermediate code of a compiler; not supported.
            IX_JIT_INPUT_NVVM = 5;
        }
    }
    flags {
    }
    structures {
    }
    callbacks {
    }
}

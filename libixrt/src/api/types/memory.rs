// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of memory.

types! { MEMORY_TYPES
    handles {
    }
    enumerations {
    }
    flags {
        /// Pinned memory belongs to all contexts; always so.
        IX_MEMHOSTALLOC_PORTABLE = 0x01;
        /// The device reaches pinned memory; always so.
        IX_MEMHOSTALLOC_DEVICEMAP = 0x02;
        /// Pinned memory that the host only writes. A hint.
        IX_MEMHOSTALLOC_WRITECOMBINED = 0x04;
    }
    structures {
    }
    callbacks {
    }
}

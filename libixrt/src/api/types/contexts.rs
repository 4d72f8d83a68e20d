// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of contexts.

types! { CONTEXTS_TYPES
    handles {
        /// A context.
        IXcontext;
    }
    enumerations {
    }
    flags {
        /// Waiting threads decide by themselves how to wait.
        IX_CTX_SCHED_AUTO = 0x00;
        /// Waiting threads poll. A hint.
        IX_CTX_SCHED_SPIN = 0x01;
        /// Waiting threads yield. A hint.
        IX_CTX_SCHED_YIELD = 0x02;
        /// Waiting threads sleep. A hint.
        IX_CTX_SCHED_BLOCKING_SYNC = 0x04;
        /// Pinned memory can be mapped; always so.
        IX_CTX_MAP_HOST = 0x08;
        /// Local memory is kept; always so.
        IX_CTX_LMEM_RESIZE_TO_MAX = 0x10;
    }
    structures {
    }
    callbacks {
    }
}

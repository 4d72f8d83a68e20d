// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of limits.

types! { LIMITS_TYPES
    handles {
    }
    enumerations {
        /// A limit of a context.
        IXlimit {
            /// Bytes of a thread's stack: room for functions that call themselves or are called through pointers.
            IX_LIMIT_STACK_SIZE = 0;
            /// Bytes of the buffer for what kernels print.
            IX_LIMIT_PRINTF_FIFO_SIZE = 1;
            /// Bytes of the heap of malloc in kernels.
            IX_LIMIT_MALLOC_HEAP_SIZE = 2;
            /// How deep kernels that launch kernels may wait for them; not supported.
            IX_LIMIT_DEV_RUNTIME_SYNC_DEPTH = 3;
            /// How many launches of kernels may be outstanding; not supported.
            IX_LIMIT_DEV_RUNTIME_PENDING_LAUNCH_COUNT = 4;
            /// Most bytes that the level-2 cache fetches at once; a hint.
            IX_LIMIT_MAX_L2_FETCH_GRANULARITY = 5;
            /// Bytes of the level-2 cache for lines that persist; always 0.
            IX_LIMIT_PERSISTING_L2_CACHE_SIZE = 6;
        }
    }
    flags {
    }
    structures {
    }
    callbacks {
    }
}

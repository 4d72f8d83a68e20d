// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of contexts.

types! { CONTEXTS_TYPES
    handles {
        /// A context.
        IXcontext;
    }
    enumerations {
        /// Preference of banks of shared memory; without effect.
        IXsharedconfig {
            /// The device's.
            IX_SHARED_MEM_CONFIG_DEFAULT_BANK_SIZE = 0;
            /// Four bytes.
            IX_SHARED_MEM_CONFIG_FOUR_BYTE_BANK_SIZE = 1;
            /// Eight bytes.
            IX_SHARED_MEM_CONFIG_EIGHT_BYTE_BANK_SIZE = 2;
        }
        /// What of a device a context may be bound to.
        IXexecAffinityType {
            /// A number of SMs.
            IX_EXEC_AFFINITY_TYPE_SM_COUNT = 0;
        }
    }
    flags {
        /// Core dumps when a kernel fails; there are none.
        IX_CTX_COREDUMP_ENABLE = 0x20;
        /// Core dumps when the program asks; there are none.
        IX_CTX_USER_COREDUMP_ENABLE = 0x40;
        /// Synchronous operations on memory always wait; always so.
        IX_CTX_SYNC_MEMOPS = 0x80;
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
        /// A number of SMs.
        struct IXexecAffinitySmCount {
            val: c_uint,
        }
        /// The value of an affinity, by its type.
        union IXexecAffinityParam_param {
            smCount: IXexecAffinitySmCount,
        }
        /// What of a device a context is bound to.
        struct IXexecAffinityParam {
            r#type: IXexecAffinityType,
            param: IXexecAffinityParam_param,
        }
        /// Sharing with a graphics context; not supported.
        struct IXctxCigParam {
            sharedDataType: c_int,
            sharedData: *mut c_void,
        }
        /// How a context is created; at most one of the pointers is given.
        struct IXctxCreateParams {
            execAffinityParams: *mut IXexecAffinityParam,
            numExecAffinityParams: c_int,
            cigParams: *mut IXctxCigParam,
        }
    }
    callbacks {
    }
}

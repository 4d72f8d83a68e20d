// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of streams.

types! { STREAMS_TYPES
    handles {
        /// A stream; null is the default stream of the current context.
        IXstream;
    }
    enumerations {
        /// Whether a stream is captured.
        IXstreamCaptureStatus {
            /// It is not.
            IX_STREAM_CAPTURE_STATUS_NONE = 0;
            /// It is.
            IX_STREAM_CAPTURE_STATUS_ACTIVE = 1;
            /// It is, and an error has made the capture invalid.
            IX_STREAM_CAPTURE_STATUS_INVALIDATED = 2;
        }
        /// To whom calls that may disturb a capture are refused meanwhile.
        IXstreamCaptureMode {
            /// To all threads.
            IX_STREAM_CAPTURE_MODE_GLOBAL = 0;
            /// To the thread that captures.
            IX_STREAM_CAPTURE_MODE_THREAD_LOCAL = 1;
            /// To nobody.
            IX_STREAM_CAPTURE_MODE_RELAXED = 2;
        }
        /// An operation on a value in memory.
        IXstreamBatchMemOpType {
            /// Waits for a 32-bit value.
            IX_STREAM_MEM_OP_WAIT_VALUE_32 = 1;
            /// Stores a 32-bit value.
            IX_STREAM_MEM_OP_WRITE_VALUE_32 = 2;
            /// Makes writes of other devices visible; a stream does so anyway.
            IX_STREAM_MEM_OP_FLUSH_REMOTE_WRITES = 3;
            /// Waits for a 64-bit value.
            IX_STREAM_MEM_OP_WAIT_VALUE_64 = 4;
            /// Stores a 64-bit value.
            IX_STREAM_MEM_OP_WRITE_VALUE_64 = 5;
            /// Orders writes; a stream does so anyway.
            IX_STREAM_MEM_OP_BARRIER = 6;
        }
    }
    flags {
        /// The stream keeps order with the null stream.
        IX_STREAM_DEFAULT = 0x0;
        /// The stream keeps no order with the null stream.
        IX_STREAM_NON_BLOCKING = 0x1;
        /// Waits until memory - value, as a signed number, is not negative.
        IX_STREAM_WAIT_VALUE_GEQ = 0x0;
        /// Waits until memory == value.
        IX_STREAM_WAIT_VALUE_EQ = 0x1;
        /// Waits until (memory & value) != 0.
        IX_STREAM_WAIT_VALUE_AND = 0x2;
        /// Waits until ~(memory | value) != 0.
        IX_STREAM_WAIT_VALUE_NOR = 0x3;
        /// Makes writes of other devices visible after the wait; always so.
        IX_STREAM_WAIT_VALUE_FLUSH = 0x40000000;
        /// The store comes after all earlier writes of the stream.
        IX_STREAM_WRITE_VALUE_DEFAULT = 0x0;
        /// The store need not; it does.
        IX_STREAM_WRITE_VALUE_NO_MEMORY_BARRIER = 0x1;
        /// Adds to the nodes that the next captured one will depend on.
        IX_STREAM_ADD_CAPTURE_DEPENDENCIES = 0x0;
        /// Replaces them.
        IX_STREAM_SET_CAPTURE_DEPENDENCIES = 0x1;
    }
    structures {
        /// Two forms of a value.
        union IXstreamMemOpValue {
            value: c_uint,
            value64: c_ulonglong,
        }
        /// A wait for a value, or a store of one.
        struct IXstreamMemOpAccess {
            operation: IXstreamBatchMemOpType,
            address: IXdeviceptr,
            anonymous: IXstreamMemOpValue,
            flags: c_uint,
            alias: IXdeviceptr,
        }
        /// An operation without a value.
        struct IXstreamMemOpOrder {
            operation: IXstreamBatchMemOpType,
            flags: c_uint,
        }
        /// An operation on a value in memory, by its type.
        union IXstreamBatchMemOpParams {
            operation: IXstreamBatchMemOpType,
            waitValue: IXstreamMemOpAccess,
            writeValue: IXstreamMemOpAccess,
            flushRemoteWrites: IXstreamMemOpOrder,
            memoryBarrier: IXstreamMemOpOrder,
            pad: [c_ulonglong; 6],
        }
    }
    callbacks {
        /// A function of the program that runs in a stream's order.
        IXhostFn(userData: *mut c_void) -> ();
        /// Likewise, told of the stream and whether it has failed.
        IXstreamCallback(stream: IXstream, status: IXresult, userData: *mut c_void) -> ();
    }
}

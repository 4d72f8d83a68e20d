// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of streams.

types! { STREAMS_TYPES
    handles {
        /// A stream; null is the default stream of the current context.
        IXstream;
    }
    enumerations {
    }
    flags {
        /// The stream keeps order with the null stream.
        IX_STREAM_DEFAULT = 0x0;
        /// The stream keeps no order with the null stream.
        IX_STREAM_NON_BLOCKING = 0x1;
    }
    structures {
    }
    callbacks {
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of events.

types! { EVENTS_TYPES
    handles {
        /// An event.
        IXevent;
    }
    enumerations {
    }
    flags {
        /// An event with timing.
        IX_EVENT_DEFAULT = 0x0;
        /// Waiting for the event sleeps. A hint.
        IX_EVENT_BLOCKING_SYNC = 0x1;
        /// An event without timing.
        IX_EVENT_DISABLE_TIMING = 0x2;
        /// An event that other processes may use; not supported.
        IX_EVENT_INTERPROCESS = 0x4;
        /// The event happens when the work before it has completed.
        IX_EVENT_RECORD_DEFAULT = 0x0;
        /// Captured, it is recorded each time the graph runs, and others can wait for it.
        IX_EVENT_RECORD_EXTERNAL = 0x1;
        /// Waits for the event.
        IX_EVENT_WAIT_DEFAULT = 0x0;
        /// Captured, it waits each time the graph runs, for an event that others record.
        IX_EVENT_WAIT_EXTERNAL = 0x1;
    }
    structures {
    }
    callbacks {
    }
}

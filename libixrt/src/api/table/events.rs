// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Events.

use crate::api::streams;
use std::ffi::{c_float, c_uint};

api! { EVENTS: "Events" {
    /// Creates an event.
    ixEventCreate(event: *mut IXevent, flags: c_uint) = streams::event_create, [cuEventCreate@2000];
    /// Destroys an event.
    ixEventDestroy(event: IXevent) = streams::event_destroy, [cuEventDestroy@2000 cuEventDestroy_v2@4000];
    /// Records an event in a stream: it happens when the work before it has completed.
    ixEventRecord(event: IXevent, stream: IXstream) = streams::event_record, [cuEventRecord@2000 cuEventRecord_ptsz@7000];
    /// IX_SUCCESS when the event has happened or was never recorded, else IX_ERROR_NOT_READY.
    ixEventQuery(event: IXevent) = streams::event_query, [cuEventQuery@2000];
    /// Waits until the event has happened.
    ixEventSynchronize(event: IXevent) = streams::event_synchronize, [cuEventSynchronize@2000];
    /// Milliseconds between two events that have happened, by the device's clock.
    ixEventElapsedTime(milliseconds: *mut c_float, start: IXevent, end: IXevent)
        = streams::event_elapsed_time, [cuEventElapsedTime@2000 cuEventElapsedTime_v2@12080];
    /// Records an event, with flags.
    ixEventRecordWithFlags(event: IXevent, stream: IXstream, flags: c_uint)
        = streams::event_record_with_flags, [cuEventRecordWithFlags@11010 cuEventRecordWithFlags_ptsz@11010];
} absent {
} }

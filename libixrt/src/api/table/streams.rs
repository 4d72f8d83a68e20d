// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Streams.

use crate::api::{attributes, streams};
use std::ffi::{c_int, c_uint, c_ulonglong, c_void};

api! { STREAMS: "Streams" {
    /// Creates a stream.
    ixStreamCreate(stream: *mut IXstream, flags: c_uint) = streams::stream_create, [cuStreamCreate@2000];
    /// Creates a stream with a priority; priorities out of range are clamped.
    ixStreamCreateWithPriority(stream: *mut IXstream, flags: c_uint, priority: c_int)
        = streams::stream_create_with_priority, [cuStreamCreateWithPriority@5050];
    /// Destroys a stream. Its work goes on to its end.
    ixStreamDestroy(stream: IXstream) = streams::stream_destroy, [cuStreamDestroy@2000 cuStreamDestroy_v2@4000];
    /// Waits for all work of a stream.
    ixStreamSynchronize(stream: IXstream) = streams::stream_synchronize, [cuStreamSynchronize@2000 cuStreamSynchronize_ptsz@7000];
    /// IX_SUCCESS when all work of a stream has completed, else IX_ERROR_NOT_READY.
    ixStreamQuery(stream: IXstream) = streams::stream_query, [cuStreamQuery@2000 cuStreamQuery_ptsz@7000];
    /// Makes later work of a stream wait for an event.
    ixStreamWaitEvent(stream: IXstream, event: IXevent, flags: c_uint)
        = streams::stream_wait_event, [cuStreamWaitEvent@3020 cuStreamWaitEvent_ptsz@7000];
    /// The flags of a stream.
    ixStreamGetFlags(stream: IXstream, flags: *mut c_uint) = streams::stream_get_flags, [cuStreamGetFlags@5050 cuStreamGetFlags_ptsz@7000];
    /// The priority of a stream.
    ixStreamGetPriority(stream: IXstream, priority: *mut c_int)
        = streams::stream_get_priority, [cuStreamGetPriority@5050 cuStreamGetPriority_ptsz@7000];
    /// The context of a stream.
    ixStreamGetCtx(stream: IXstream, context: *mut IXcontext) = streams::stream_get_context, [cuStreamGetCtx@9020 cuStreamGetCtx_ptsz@9020];
    /// Likewise, and its green context: there are none, so null.
    cuda_only(stream: IXstream, context: *mut IXcontext, green: *mut *mut c_void)
        = streams::stream_get_context_v2, [cuStreamGetCtx_v2@12050 cuStreamGetCtx_v2_ptsz@12050];
    /// The device of a stream.
    ixStreamGetDevice(stream: IXstream, device: *mut IXdevice)
        = streams::stream_get_device, [cuStreamGetDevice@12080 cuStreamGetDevice_ptsz@12080];
    /// A number that no other stream of the process ever has.
    ixStreamGetId(stream: IXstream, id: *mut c_ulonglong) = streams::stream_get_id, [cuStreamGetId@12000 cuStreamGetId_ptsz@12000];
    /// Calls a function of the program in a stream's order, on a thread of its own; of a stream that
    /// has failed too. Later work of the stream waits for it. It may not call this library.
    ixStreamAddCallback(stream: IXstream, callback: IXstreamCallback, data: *mut c_void, flags: c_uint)
        = streams::add_callback, [cuStreamAddCallback@5000 cuStreamAddCallback_ptsz@7000];
    /// An attribute of a stream: see IXlaunchAttributeID.
    ixStreamGetAttribute(stream: IXstream, attribute: IXlaunchAttributeID, value: *mut IXlaunchAttributeValue)
        = attributes::stream_get, [cuStreamGetAttribute@11000 cuStreamGetAttribute_ptsz@11000];
    /// Sets an attribute of a stream.
    /// Differs: the priority of a stream cannot be changed.
    ixStreamSetAttribute(stream: IXstream, attribute: IXlaunchAttributeID, value: *const IXlaunchAttributeValue)
        = attributes::stream_set, [cuStreamSetAttribute@11000 cuStreamSetAttribute_ptsz@11000];
    /// Gives a stream the attributes of another one.
    ixStreamCopyAttributes(to: IXstream, from: IXstream)
        = attributes::stream_copy, [cuStreamCopyAttributes@11000 cuStreamCopyAttributes_ptsz@11000];
} absent {
} }

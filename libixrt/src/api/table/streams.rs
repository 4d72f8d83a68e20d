// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Streams.

use crate::api::streams;
use std::ffi::{c_int, c_uint};

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
    /// Makes later work of a stream wait for an event. `flags` must be 0.
    ixStreamWaitEvent(stream: IXstream, event: IXevent, flags: c_uint)
        = streams::stream_wait_event, [cuStreamWaitEvent@3020 cuStreamWaitEvent_ptsz@7000];
    /// The flags of a stream.
    ixStreamGetFlags(stream: IXstream, flags: *mut c_uint) = streams::stream_get_flags, [cuStreamGetFlags@5050 cuStreamGetFlags_ptsz@7000];
    /// The priority of a stream.
    ixStreamGetPriority(stream: IXstream, priority: *mut c_int)
        = streams::stream_get_priority, [cuStreamGetPriority@5050 cuStreamGetPriority_ptsz@7000];
} absent {
    cuStreamAddCallback@5000 cuStreamAddCallback_ptsz@7000;
    cuStreamCopyAttributes@11000 cuStreamCopyAttributes_ptsz@11000;
    cuStreamGetAttribute@11000 cuStreamGetAttribute_ptsz@11000;
    cuStreamGetCtx@9020 cuStreamGetCtx_ptsz@9020 cuStreamGetCtx_v2@12050 cuStreamGetCtx_v2_ptsz@12050;
    cuStreamGetDevice@12080 cuStreamGetDevice_ptsz@12080;
    cuStreamGetId@12000 cuStreamGetId_ptsz@12000;
    cuStreamSetAttribute@11000 cuStreamSetAttribute_ptsz@11000;
} }

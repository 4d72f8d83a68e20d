// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Stream capture.

use crate::api::capture;
use std::ffi::{c_uint, c_ulonglong};

api! { CAPTURE: "Stream capture" {
    /// Begins to capture a stream: what it is given becomes nodes of a graph, until ixStreamEndCapture.
    ixStreamBeginCapture(stream: IXstream, mode: IXstreamCaptureMode)
        = capture::begin_with_mode, [cuStreamBeginCapture_v2@10010 cuStreamBeginCapture_v2_ptsz@10010];
    /// Likewise, in the global mode.
    cuda_only(stream: IXstream) = capture::begin, [cuStreamBeginCapture@10000 cuStreamBeginCapture_ptsz@10000];
    /// Begins to capture a stream into a graph that is there, behind some of its nodes.
    ixStreamBeginCaptureToGraph(stream: IXstream, graph: IXgraph, dependencies: *const IXgraphNode, edges: *const IXgraphEdgeData, count: usize, mode: IXstreamCaptureMode)
        = capture::begin_to_graph, [cuStreamBeginCaptureToGraph@12030 cuStreamBeginCaptureToGraph_ptsz@12030];
    /// Ends the capture that began in a stream, and gives its graph.
    ixStreamEndCapture(stream: IXstream, graph: *mut IXgraph) = capture::end, [cuStreamEndCapture@10000 cuStreamEndCapture_ptsz@10000];
    /// Whether a stream is captured.
    ixStreamIsCapturing(stream: IXstream, status: *mut IXstreamCaptureStatus)
        = capture::is_capturing, [cuStreamIsCapturing@10000 cuStreamIsCapturing_ptsz@10000];
    /// Whether a stream is captured, and the capture's number, graph, and nodes that the next one
    /// will depend on, valid until the next such call. All but `status` may be null.
    ixStreamGetCaptureInfo(stream: IXstream, status: *mut IXstreamCaptureStatus, id: *mut c_ulonglong, graph: *mut IXgraph, dependencies: *mut *const IXgraphNode, edges: *mut *const IXgraphEdgeData, count: *mut usize)
        = capture::info_v3, [cuStreamGetCaptureInfo_v3@12030 cuStreamGetCaptureInfo_v3_ptsz@12030];
    /// Likewise, without edges.
    cuda_only(stream: IXstream, status: *mut IXstreamCaptureStatus, id: *mut c_ulonglong, graph: *mut IXgraph, dependencies: *mut *const IXgraphNode, count: *mut usize)
        = capture::info_v2, [cuStreamGetCaptureInfo_v2@11030 cuStreamGetCaptureInfo_v2_ptsz@11030];
    /// Likewise, the number only.
    cuda_only(stream: IXstream, status: *mut IXstreamCaptureStatus, id: *mut c_ulonglong)
        = capture::info, [cuStreamGetCaptureInfo@10010 cuStreamGetCaptureInfo_ptsz@10010];
    /// Changes the nodes that the next one will depend on.
    ixStreamUpdateCaptureDependencies(stream: IXstream, dependencies: *mut IXgraphNode, edges: *const IXgraphEdgeData, count: usize, flags: c_uint)
        = capture::update_dependencies_v2, [cuStreamUpdateCaptureDependencies_v2@12030 cuStreamUpdateCaptureDependencies_v2_ptsz@12030];
    /// Likewise, without edges.
    cuda_only(stream: IXstream, dependencies: *mut IXgraphNode, count: usize, flags: c_uint)
        = capture::update_dependencies, [cuStreamUpdateCaptureDependencies@11030 cuStreamUpdateCaptureDependencies_ptsz@11030];
    /// Says which captures forbid the calling thread what may disturb them, and gets what was said before.
    ixThreadExchangeStreamCaptureMode(mode: *mut IXstreamCaptureMode) = capture::exchange_mode, [cuThreadExchangeStreamCaptureMode@10010];
} absent {
    cuStreamBeginCaptureToCig@13020;
    cuStreamBeginRecaptureToGraph@13030;
    cuStreamEndCaptureToCig@13020;
} }

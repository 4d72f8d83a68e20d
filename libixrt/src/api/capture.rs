// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about stream capture.

use super::graphs::{self, indices, refuse_edge_data};
use super::out::{check_null, put};
use super::types::*;
use crate::capture::{self, Mode};
use crate::context;
use crate::device;
use crate::error::{Error, Result};
use std::ffi::{c_uint, c_ulonglong};

pub unsafe fn begin(stream: IXstream) -> Result<()> {
    // SAFETY: no pointers.
    unsafe { begin_with_mode(stream, IX_STREAM_CAPTURE_MODE_GLOBAL) }
}

pub unsafe fn begin_with_mode(stream: IXstream, mode: IXstreamCaptureMode) -> Result<()> {
    let (_, stream) = context::stream(stream.0 as u64)?;
    capture::begin(&stream, Mode::from_number(mode.0)?, None)
}

pub unsafe fn begin_to_graph(
    stream: IXstream,
    graph: IXgraph,
    dependencies: *const IXgraphNode,
    edges: *const IXgraphEdgeData,
    count: usize,
    mode: IXstreamCaptureMode,
) -> Result<()> {
    let (_, stream) = context::stream(stream.0 as u64)?;
    let graph = graphs::graph(graph)?;
    // SAFETY: as the caller says.
    let last = unsafe {
        refuse_edge_data(edges, count)?;
        indices(&graph, dependencies, count)?
    };
    capture::begin(&stream, Mode::from_number(mode.0)?, Some((graph, last)))
}

pub unsafe fn end(stream: IXstream, out: *mut IXgraph) -> Result<()> {
    check_null(out, "graph")?;
    let (_, stream) = context::stream(stream.0 as u64)?;
    let result = capture::end(&stream).and_then(|graph| graph.handle());
    // SAFETY: as the caller says.
    unsafe { put(out, IXgraph(result.as_ref().map_or(0, |handle| *handle as usize)), "graph") }?;
    result.map(drop)
}

pub unsafe fn is_capturing(stream: IXstream, out: *mut IXstreamCaptureStatus) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { info(stream, out, std::ptr::null_mut()) }
}

pub unsafe fn info(stream: IXstream, status: *mut IXstreamCaptureStatus, id: *mut c_ulonglong) -> Result<()> {
    let null = std::ptr::null_mut();
    // SAFETY: as the caller says.
    unsafe { info_v2(stream, status, id, null, null.cast(), null.cast()) }
}

pub unsafe fn info_v2(
    stream: IXstream,
    status: *mut IXstreamCaptureStatus,
    id: *mut c_ulonglong,
    graph: *mut IXgraph,
    dependencies: *mut *const IXgraphNode,
    count: *mut usize,
) -> Result<()> {
    check_null(status, "status")?;
    let (context, stream) = context::stream(stream.0 as u64)?;
    if stream.is_null() {
        capture::refuse_implicit(&context)?;
    }
    let Some(info) = stream.capture.info() else {
        // SAFETY: as the caller says.
        return unsafe { put(status, IX_STREAM_CAPTURE_STATUS_NONE, "status") };
    };
    // SAFETY: as the caller says.
    unsafe {
        put(status, if info.invalid { IX_STREAM_CAPTURE_STATUS_INVALIDATED } else { IX_STREAM_CAPTURE_STATUS_ACTIVE }, "status")?;
        if !id.is_null() {
            put(id, info.id, "id")?;
        }
        if !graph.is_null() {
            put(graph, IXgraph(info.graph.handle()? as usize), "graph")?;
        }
        let (at, n) = stream.capture.keep(info.graph.handles(&info.last));
        if !dependencies.is_null() {
            put(dependencies, at.cast(), "dependencies")?;
        }
        if !count.is_null() {
            put(count, n, "count")?;
        }
    }
    Ok(())
}

pub unsafe fn info_v3(
    stream: IXstream,
    status: *mut IXstreamCaptureStatus,
    id: *mut c_ulonglong,
    graph: *mut IXgraph,
    dependencies: *mut *const IXgraphNode,
    edges: *mut *const IXgraphEdgeData,
    count: *mut usize,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe {
        if !edges.is_null() {
            // All edges are plain ones, for which no data may stand for all.
            put(edges, std::ptr::null(), "edges")?;
        }
        info_v2(stream, status, id, graph, dependencies, count)
    }
}

pub unsafe fn update_dependencies(stream: IXstream, nodes: *mut IXgraphNode, count: usize, flags: c_uint) -> Result<()> {
    let replace = match flags {
        IX_STREAM_ADD_CAPTURE_DEPENDENCIES => false,
        IX_STREAM_SET_CAPTURE_DEPENDENCIES => true,
        other => return Err(Error::invalid(format!("{other:#x} are no flags of this function"))),
    };
    let (_, stream) = context::stream(stream.0 as u64)?;
    let last = match stream.capture.info() {
        // SAFETY: as the caller says.
        Some(info) => unsafe { indices(&info.graph, nodes, count) }?,
        None => Vec::new(),
    };
    stream.capture.set_last(&last, replace)
}

pub unsafe fn update_dependencies_v2(
    stream: IXstream,
    nodes: *mut IXgraphNode,
    edges: *const IXgraphEdgeData,
    count: usize,
    flags: c_uint,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe {
        refuse_edge_data(edges, count)?;
        update_dependencies(stream, nodes, count, flags)
    }
}

pub unsafe fn exchange_mode(mode: *mut IXstreamCaptureMode) -> Result<()> {
    device::all()?;
    check_null(mode, "mode")?;
    // SAFETY: as the caller says.
    let new = Mode::from_number(unsafe { mode.read_unaligned() }.0)?;
    // SAFETY: as the caller says.
    unsafe { put(mode, IXstreamCaptureMode(capture::exchange_mode(new) as i32), "mode") }
}

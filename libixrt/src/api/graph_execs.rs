// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about graphs that can run.

use super::graph_nodes::{self, event, owner};
use super::graphs::{graph, node};
use super::out::{check_null, put, put_text};
use super::types::*;
use crate::context::{self, Context};
use crate::device;
use crate::error::{Code, Error, Result};
use crate::graph::exec::{self, Exec};
use crate::graph::node::Kind;
use crate::graph::EXECS;
use std::ffi::{c_char, c_int, c_uint, c_ulonglong};
use std::sync::Arc;

/// The executable graph with a handle.
fn exec(handle: IXgraphExec) -> Result<Arc<Exec>> {
    device::all()?;
    EXECS.get(handle.0 as u64)
}

/// How an executable graph knows a node.
fn key(handle: IXgraphNode) -> Result<(u64, u32)> {
    let (graph, index) = node(handle)?;
    Ok((graph.id, index))
}

fn make(context: &Arc<Context>, handle: IXgraph, flags: u64) -> Result<IXgraphExec> {
    if flags & u64::from(IX_GRAPH_INSTANTIATE_FLAG_DEVICE_LAUNCH) != 0 {
        return Err(Error::new(Code::NOT_SUPPORTED, "graphs that the device launches are not supported"));
    }
    if flags & !(exec::AUTO_FREE | exec::UPLOAD | exec::NODE_PRIORITY) != 0 {
        return Err(Error::invalid(format!("{flags:#x} are no flags of instantiation")));
    }
    Ok(IXgraphExec(EXECS.insert(Exec::new(context, &graph(handle)?, flags)?)? as usize))
}

pub unsafe fn instantiate_with_flags(out: *mut IXgraphExec, graph: IXgraph, flags: c_ulonglong) -> Result<()> {
    check_null(out, "executable graph")?;
    let made = make(&context::current()?, graph, flags)?;
    // SAFETY: as the caller says.
    unsafe { put(out, made, "executable graph") }
}

pub unsafe fn instantiate(out: *mut IXgraphExec, graph: IXgraph, bad: *mut IXgraphNode, log: *mut c_char, size: usize) -> Result<()> {
    // SAFETY: as the caller says.
    let result = unsafe { instantiate_with_flags(out, graph, 0) };
    // SAFETY: as the caller says.
    unsafe {
        if !bad.is_null() {
            put(bad, IXgraphNode(0), "node")?;
        }
        if !log.is_null() && size > 0 {
            let message = result.as_ref().err().map_or("", |e| &e.message);
            put_text(log, c_int::try_from(size).unwrap_or(c_int::MAX), message, "log buffer")?;
        }
    }
    result
}

pub unsafe fn instantiate_with_params(out: *mut IXgraphExec, graph: IXgraph, params: *mut IX_GRAPH_INSTANTIATE_PARAMS) -> Result<()> {
    check_null(out, "executable graph")?;
    // SAFETY: as the caller says.
    let params = unsafe { params.as_mut() }.ok_or_else(|| Error::invalid("parameters is null"))?;
    let made = context::current().and_then(|context| make(&context, graph, params.flags));
    params.hErrNode_out = IXgraphNode(0);
    params.result_out = match &made {
        Ok(_) => IX_GRAPH_INSTANTIATE_SUCCESS,
        Err(e) if e.code == Code::INVALID_VALUE => IX_GRAPH_INSTANTIATE_INVALID_STRUCTURE,
        Err(e) if e.code == Code::NOT_SUPPORTED => IX_GRAPH_INSTANTIATE_NODE_OPERATION_NOT_SUPPORTED,
        Err(_) => IX_GRAPH_INSTANTIATE_ERROR,
    };
    // SAFETY: as the caller says.
    unsafe { put(out, made?, "executable graph") }
}

pub unsafe fn destroy(handle: IXgraphExec) -> Result<()> {
    device::all()?;
    EXECS.remove(handle.0 as u64)?.end();
    Ok(())
}

pub unsafe fn get_flags(handle: IXgraphExec, out: *mut c_ulonglong) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, exec(handle)?.flags, "flags") }
}

pub unsafe fn get_id(handle: IXgraphExec, out: *mut c_uint) -> Result<()> {
    exec(handle)?;
    // SAFETY: as the caller says.
    unsafe { put(out, handle.0 as c_uint, "id") }
}

pub unsafe fn upload(handle: IXgraphExec, stream: IXstream) -> Result<()> {
    let (_, stream) = context::stream(stream.0 as u64)?;
    stream.capture.refuse("a graph cannot be uploaded")?;
    exec(handle)?.upload()
}

pub unsafe fn launch(handle: IXgraphExec, stream: IXstream) -> Result<()> {
    let (context, stream) = context::stream(stream.0 as u64)?;
    exec(handle)?.launch(&context, &stream)
}

// Changes.

/// Changes what a node does to something of the same type.
pub fn set(handle: IXgraphExec, to: IXgraphNode, kind: Kind) -> Result<()> {
    exec(handle)?.set(key(to)?, kind)
}

pub unsafe fn set_kernel(handle: IXgraphExec, node: IXgraphNode, params: *const IX_KERNEL_NODE_PARAMS_v1) -> Result<()> {
    // SAFETY: as the caller says.
    exec(handle)?.set(key(node)?, unsafe { graph_nodes::kernel_v1(params) }?)
}

pub unsafe fn set_kernel_v2(handle: IXgraphExec, node: IXgraphNode, params: *const IX_KERNEL_NODE_PARAMS_v2) -> Result<()> {
    // SAFETY: as the caller says.
    exec(handle)?.set(key(node)?, unsafe { graph_nodes::kernel_v2(params) }?)
}

pub unsafe fn set_copy(handle: IXgraphExec, node: IXgraphNode, params: *const IX_MEMCPY3D, context: IXcontext) -> Result<()> {
    owner(context)?;
    // SAFETY: as the caller says.
    exec(handle)?.set(key(node)?, unsafe { graph_nodes::copy(params) }?)
}

pub unsafe fn set_fill(handle: IXgraphExec, node: IXgraphNode, params: *const IX_MEMSET_NODE_PARAMS, context: IXcontext) -> Result<()> {
    owner(context)?;
    // SAFETY: as the caller says.
    exec(handle)?.set(key(node)?, unsafe { graph_nodes::fill(params) }?)
}

pub unsafe fn set_host(handle: IXgraphExec, node: IXgraphNode, params: *const IX_HOST_NODE_PARAMS) -> Result<()> {
    // SAFETY: as the caller says.
    exec(handle)?.set(key(node)?, unsafe { graph_nodes::host(params) }?)
}

pub unsafe fn set_mem_ops(handle: IXgraphExec, node: IXgraphNode, params: *const IX_BATCH_MEM_OP_NODE_PARAMS) -> Result<()> {
    // SAFETY: as the caller says.
    exec(handle)?.set(key(node)?, unsafe { graph_nodes::mem_ops(params) }?)
}

pub unsafe fn set_event_record(handle: IXgraphExec, node: IXgraphNode, to: IXevent) -> Result<()> {
    exec(handle)?.set(key(node)?, Kind::RecordEvent(event(to)?))
}

pub unsafe fn set_event_wait(handle: IXgraphExec, node: IXgraphNode, to: IXevent) -> Result<()> {
    exec(handle)?.set(key(node)?, Kind::WaitEvent(event(to)?))
}

pub unsafe fn set_child(handle: IXgraphExec, parent: IXgraphNode, child: IXgraph) -> Result<()> {
    let (owner, index) = node(parent)?;
    match owner.kind(index)? {
        Kind::Child(old) => exec(handle)?.set_child(&old, &graph(child)?),
        other => Err(other.other("child graph")),
    }
}

pub unsafe fn set_enabled(handle: IXgraphExec, node: IXgraphNode, enabled: c_uint) -> Result<()> {
    exec(handle)?.enable(key(node)?, enabled != 0)
}

pub unsafe fn get_enabled(handle: IXgraphExec, node: IXgraphNode, out: *mut c_uint) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, exec(handle)?.is_enabled(key(node)?)?.into(), "enabled") }
}

pub unsafe fn update(handle: IXgraphExec, new: IXgraph, bad: *mut IXgraphNode, result: *mut IXgraphExecUpdateResult) -> Result<()> {
    let mut info =
        IXgraphExecUpdateResultInfo { result: IX_GRAPH_EXEC_UPDATE_ERROR, errorNode: IXgraphNode(0), errorFromNode: IXgraphNode(0) };
    // SAFETY: the structure is valid.
    let done = unsafe { update_v2(handle, new, &mut info) };
    // SAFETY: as the caller says.
    unsafe {
        if !bad.is_null() {
            put(bad, info.errorNode, "node")?;
        }
        if !result.is_null() {
            put(result, info.result, "result")?;
        }
    }
    done
}

pub unsafe fn update_v2(handle: IXgraphExec, new: IXgraph, out: *mut IXgraphExecUpdateResultInfo) -> Result<()> {
    let (result, node, done) = match exec(handle)?.update(&graph(new)?) {
        Ok(()) => (IX_GRAPH_EXEC_UPDATE_SUCCESS, 0, Ok(())),
        Err((mismatch, node, error)) => {
            let error = Error::new(Code::GRAPH_EXEC_UPDATE_FAILURE, error.message);
            (IXgraphExecUpdateResult(mismatch as c_int), node, Err(error))
        }
    };
    if !out.is_null() {
        let info = IXgraphExecUpdateResultInfo { result, errorNode: IXgraphNode(node as usize), errorFromNode: IXgraphNode(0) };
        // SAFETY: as the caller says.
        unsafe { put(out, info, "result") }?;
    }
    done
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about nodes of any type, and about the memory of graphs.

use super::graph_execs;
use super::graph_nodes::{self, add, event, kind, owner, set};
use super::graphs::{graph, refuse_edge_data};
use super::managed::placement;
use super::out::{check_null, put};
use super::types::*;
use crate::backend::Placement;
use crate::context;
use crate::device;
use crate::error::{Code, Error, Result};
use crate::graph::footprint;
use crate::graph::node::{give, graph_memory, Kind};
use std::ffi::{c_int, c_void};

/// The node of taking memory that a program describes; its address is stored in the description.
fn take(params: &mut IX_MEM_ALLOC_NODE_PARAMS) -> Result<Kind> {
    let context = context::current()?;
    let (place, device) = placement(params.poolProps.location)?;
    if place != Placement::Vram || device.ordinal != context.device.ordinal {
        return Err(Error::new(Code::NOT_SUPPORTED, "graphs take memory of the current context's device only"));
    }
    let memory = graph_memory(&context, params.bytesize)?;
    params.dptr = IXdeviceptr(memory.address());
    Ok(Kind::Take(memory))
}

/// What a node of any type that a program describes does.
///
/// # Safety
/// `params` is null or valid, with what it points to.
unsafe fn parse(params: *mut IXgraphNodeParams) -> Result<Kind> {
    // SAFETY: as the caller says.
    let p = unsafe { params.as_mut() }.ok_or_else(|| Error::invalid("parameters is null"))?;
    if p.reserved0 != [0; 3] || p.reserved2 != 0 {
        return Err(Error::invalid("a reserved field is not 0"));
    }
    // SAFETY: the type says which field is valid; all of them are numbers and pointers.
    unsafe {
        let of = &mut p.anonymous;
        match p.r#type {
            IX_GRAPH_NODE_TYPE_KERNEL => graph_nodes::kernel_v2(&of.kernel),
            IX_GRAPH_NODE_TYPE_MEMCPY => {
                owner(of.memcpy.copyCtx)?;
                graph_nodes::copy(&of.memcpy.copyParams)
            }
            IX_GRAPH_NODE_TYPE_MEMSET => {
                let m = of.memset;
                owner(m.ctx)?;
                graph_nodes::fill(&IX_MEMSET_NODE_PARAMS {
                    dst: m.dst,
                    pitch: m.pitch,
                    value: m.value,
                    elementSize: m.elementSize,
                    width: m.width,
                    height: m.height,
                })
            }
            IX_GRAPH_NODE_TYPE_HOST => graph_nodes::host(&of.host),
            IX_GRAPH_NODE_TYPE_GRAPH => Ok(Kind::Child(graph(of.graph.graph)?.duplicate(true)?)),
            IX_GRAPH_NODE_TYPE_EMPTY => Ok(Kind::Empty),
            IX_GRAPH_NODE_TYPE_WAIT_EVENT => Ok(Kind::WaitEvent(event(of.eventWait.event)?)),
            IX_GRAPH_NODE_TYPE_EVENT_RECORD => Ok(Kind::RecordEvent(event(of.eventRecord.event)?)),
            IX_GRAPH_NODE_TYPE_MEM_ALLOC => take(&mut of.alloc),
            IX_GRAPH_NODE_TYPE_MEM_FREE => give(of.free.dptr.0),
            IX_GRAPH_NODE_TYPE_BATCH_MEM_OP => graph_nodes::mem_ops(&of.memOp),
            IXgraphNodeType(8 | 9 | 13) => Err(Error::new(Code::NOT_SUPPORTED, format!("nodes of type {} are not supported", p.r#type.0))),
            IXgraphNodeType(other) => Err(Error::invalid(format!("there are no nodes of type {other}"))),
        }
    }
}

pub unsafe fn add_any(
    out: *mut IXgraphNode,
    handle: IXgraph,
    needs: *const IXgraphNode,
    count: usize,
    params: *mut IXgraphNodeParams,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { add_any_v2(out, handle, needs, std::ptr::null(), count, params) }
}

pub unsafe fn add_any_v2(
    out: *mut IXgraphNode,
    handle: IXgraph,
    needs: *const IXgraphNode,
    edges: *const IXgraphEdgeData,
    count: usize,
    params: *mut IXgraphNodeParams,
) -> Result<()> {
    check_null(out, "node")?;
    // SAFETY: as the caller says.
    unsafe {
        refuse_edge_data(edges, count)?;
        match params.as_ref() {
            // These have checks of their own.
            Some(p) if p.r#type == IX_GRAPH_NODE_TYPE_GRAPH => graph_nodes::add_child(out, handle, needs, count, p.anonymous.graph.graph),
            Some(p) if p.r#type == IX_GRAPH_NODE_TYPE_MEM_FREE => graph_nodes::add_give(out, handle, needs, count, p.anonymous.free.dptr),
            _ => {
                graph(handle)?;
                add(out, handle, needs, count, parse(params)?)
            }
        }
    }
}

pub unsafe fn set_any(node: IXgraphNode, params: *mut IXgraphNodeParams) -> Result<()> {
    refuse_memory(&kind(node)?)?;
    // SAFETY: as the caller says.
    set(node, unsafe { parse(params) }?)
}

/// Nodes of memory and of other graphs do not change.
fn refuse_memory(kind: &Kind) -> Result<()> {
    match kind {
        Kind::Take(_) | Kind::Give(_) | Kind::Child(_) => {
            Err(Error::invalid(format!("what a {} node does cannot be changed", kind.name())))
        }
        _ => Ok(()),
    }
}

pub unsafe fn set_any_in_exec(exec: IXgraphExec, node: IXgraphNode, params: *mut IXgraphNodeParams) -> Result<()> {
    // SAFETY: null or valid, as the caller says.
    if let Some(p) = unsafe { params.as_ref() }.filter(|p| p.r#type == IX_GRAPH_NODE_TYPE_GRAPH) {
        // SAFETY: the type says which field is valid.
        return unsafe { graph_execs::set_child(exec, node, p.anonymous.graph.graph) };
    }
    refuse_memory(&kind(node)?)?;
    // SAFETY: as the caller says.
    graph_execs::set(exec, node, unsafe { parse(params) }?)
}

pub unsafe fn get_any(node: IXgraphNode, out: *mut IXgraphNodeParams) -> Result<()> {
    check_null(out, "parameters")?;
    let kind = kind(node)?;
    let mut p = IXgraphNodeParams { r#type: IXgraphNodeType(kind.number()), ..IXgraphNodeParams::default() };
    // SAFETY: the pointers are to this function's own structure, to fields of the node's type.
    unsafe {
        let of = &mut p.anonymous;
        match kind {
            Kind::Kernel(_) => graph_nodes::get_kernel_v2(node, &mut of.kernel)?,
            Kind::Copy(_) => graph_nodes::get_copy(node, &mut of.memcpy.copyParams)?,
            Kind::Fill(_) => graph_nodes::get_fill(node, (&raw mut of.memset).cast())?,
            Kind::Host(_) => graph_nodes::get_host(node, &mut of.host)?,
            Kind::Child(_) => graph_nodes::get_child(node, &mut of.graph.graph)?,
            Kind::Empty => {}
            Kind::WaitEvent(_) => graph_nodes::get_event_wait(node, &mut of.eventWait.event)?,
            Kind::RecordEvent(_) => graph_nodes::get_event_record(node, &mut of.eventRecord.event)?,
            Kind::Take(_) => get_take(node, &mut of.alloc)?,
            Kind::Give(_) => graph_nodes::get_give(node, &mut of.free.dptr)?,
            Kind::MemOps(_) => graph_nodes::get_mem_ops(node, &mut of.memOp)?,
        }
    }
    // SAFETY: as the caller says.
    unsafe { put(out, p, "parameters") }
}

// Memory.

pub unsafe fn add_take(
    out: *mut IXgraphNode,
    handle: IXgraph,
    needs: *const IXgraphNode,
    count: usize,
    params: *mut IX_MEM_ALLOC_NODE_PARAMS,
) -> Result<()> {
    check_null(out, "node")?;
    graph(handle)?;
    // SAFETY: as the caller says.
    let params = unsafe { params.as_mut() }.ok_or_else(|| Error::invalid("parameters is null"))?;
    // SAFETY: as the caller says.
    unsafe { add(out, handle, needs, count, take(params)?) }
}

pub unsafe fn get_take(node: IXgraphNode, out: *mut IX_MEM_ALLOC_NODE_PARAMS) -> Result<()> {
    let memory = match kind(node)? {
        Kind::Take(memory) => memory,
        other => return Err(other.other("memory allocation")),
    };
    let location = IXmemLocation { r#type: IX_MEM_LOCATION_TYPE_DEVICE, id: memory.allocation.device as c_int };
    let params = IX_MEM_ALLOC_NODE_PARAMS {
        poolProps: IXmemPoolProps { allocType: IX_MEM_ALLOCATION_TYPE_PINNED, location, ..IXmemPoolProps::default() },
        bytesize: memory.bytes,
        dptr: IXdeviceptr(memory.address()),
        ..IX_MEM_ALLOC_NODE_PARAMS::default()
    };
    // SAFETY: as the caller says.
    unsafe { put(out, params, "parameters") }
}

pub unsafe fn get_memory_attribute(device: IXdevice, attribute: IXgraphMem_attribute, value: *mut c_void) -> Result<()> {
    let footprint = footprint::of(device::get(device.0)?.ordinal);
    let number = match attribute {
        IX_GRAPH_MEM_ATTR_USED_MEM_CURRENT => footprint.now[0],
        IX_GRAPH_MEM_ATTR_USED_MEM_HIGH => footprint.high[0],
        IX_GRAPH_MEM_ATTR_RESERVED_MEM_CURRENT => footprint.now[1],
        IX_GRAPH_MEM_ATTR_RESERVED_MEM_HIGH => footprint.high[1],
        IXgraphMem_attribute(other) => return Err(Error::invalid(format!("there is no attribute {other} of graphs' memory"))),
    };
    // SAFETY: as the caller says.
    unsafe { put(value.cast(), number, "value") }
}

pub unsafe fn set_memory_attribute(device: IXdevice, attribute: IXgraphMem_attribute, value: *mut c_void) -> Result<()> {
    check_null(value, "value")?;
    let device = device::get(device.0)?;
    let which = match attribute {
        IX_GRAPH_MEM_ATTR_USED_MEM_HIGH => 0,
        IX_GRAPH_MEM_ATTR_RESERVED_MEM_HIGH => 1,
        IXgraphMem_attribute(other) => return Err(Error::invalid(format!("attribute {other} of graphs' memory cannot be set"))),
    };
    // SAFETY: as the caller says.
    if unsafe { value.cast::<u64>().read_unaligned() } != 0 {
        return Err(Error::invalid("a high-water mark can be set to 0 only"));
    }
    footprint::reset(device.ordinal, which);
    Ok(())
}

/// Graphs keep their memory as long as they exist, and there is none beside.
pub unsafe fn trim_memory(device: IXdevice) -> Result<()> {
    device::get(device.0).map(drop)
}

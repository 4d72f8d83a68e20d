// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about graphs as such: nodes, edges, clones, objects.
//!
//! What nodes do is in [`super::graph_nodes`], what runs in [`super::graph_execs`].

use super::out::{check_null, put, text};
use super::types::*;
use crate::device;
use crate::error::{Code, Error, Result};
use crate::graph::node::Kind;
use crate::graph::object::{UserObject, OBJECTS};
use crate::graph::{dot, Graph, GRAPHS, NODES};
use std::ffi::{c_char, c_int, c_uint, c_ulonglong, c_void, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

/// The graph with a handle.
pub fn graph(handle: IXgraph) -> Result<Arc<Graph>> {
    device::all()?;
    let graph = GRAPHS.get(handle.0 as u64)?;
    graph.prepare_memory();
    Ok(graph)
}

/// The graph of the node with a handle, and its index there.
pub fn node(handle: IXgraphNode) -> Result<(Arc<Graph>, u32)> {
    device::all()?;
    let name = NODES.get(handle.0 as u64)?;
    Ok((name.graph()?, name.index))
}

/// The handle of a node.
pub fn handle_of(graph: &Graph, index: u32) -> IXgraphNode {
    IXgraphNode(graph.handles(&[index]).first().map_or(0, |handle| *handle as usize))
}

/// Indices of nodes that all belong to a graph.
///
/// # Safety
/// `nodes` is null or valid for `count` handles.
pub unsafe fn indices(graph: &Arc<Graph>, nodes: *const IXgraphNode, count: usize) -> Result<Vec<u32>> {
    if count > 0 && nodes.is_null() {
        return Err(Error::invalid(format!("there should be {count} nodes, and the list is null")));
    }
    let one = |i| {
        // SAFETY: as the caller says.
        let (owner, index) = node(unsafe { *nodes.add(i) })?;
        if !Arc::ptr_eq(&owner, graph) {
            return Err(Error::invalid("a node belongs to another graph"));
        }
        Ok(index)
    };
    (0..count).map(one).collect()
}

/// Refuses edges that are not plain ones.
///
/// # Safety
/// `edges` is null or valid for `count` elements.
pub unsafe fn refuse_edge_data(edges: *const IXgraphEdgeData, count: usize) -> Result<()> {
    if edges.is_null() {
        return Ok(());
    }
    for i in 0..count {
        // SAFETY: as the caller says.
        let IXgraphEdgeData { from_port, to_port, r#type, reserved } = unsafe { *edges.add(i) };
        if [from_port, to_port, r#type] != [0; 3] || reserved != [0; 5] {
            return Err(Error::new(Code::NOT_SUPPORTED, "dependencies on a part of a node are not supported"));
        }
    }
    Ok(())
}

/// Gives a list to a program that has room for `*count` elements, or asks for their number.
///
/// # Safety
/// `count` is null or valid, and `out` null or valid for `*count` elements.
unsafe fn put_list<T: Copy>(out: *mut T, count: *mut usize, list: &[T], none: T) -> Result<()> {
    check_null(count, "count")?;
    if out.is_null() {
        // SAFETY: as the caller says.
        return unsafe { put(count, list.len(), "count") };
    }
    // SAFETY: as the caller says.
    let room = unsafe { count.read_unaligned() };
    for i in 0..room {
        // SAFETY: as the caller says.
        unsafe { out.add(i).write_unaligned(list.get(i).copied().unwrap_or(none)) };
    }
    // SAFETY: as the caller says.
    unsafe { put(count, room.min(list.len()), "count") }
}

fn handles(graph: &Graph, indices: &[u32]) -> Vec<IXgraphNode> {
    graph.handles(indices).into_iter().map(|handle| IXgraphNode(handle as usize)).collect()
}

const NO_NODE: IXgraphNode = IXgraphNode(0);

pub unsafe fn create(out: *mut IXgraph, flags: c_uint) -> Result<()> {
    check_null(out, "graph")?;
    device::all()?;
    if flags != 0 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    // SAFETY: as the caller says.
    unsafe { put(out, IXgraph(Graph::new()?.handle()? as usize), "graph") }
}

pub unsafe fn destroy(handle: IXgraph) -> Result<()> {
    let graph = graph(handle)?;
    if graph.embedded {
        return Err(Error::invalid("the graph belongs to a node, with which it goes"));
    }
    graph.forget();
    Ok(())
}

pub unsafe fn clone(out: *mut IXgraph, original: IXgraph) -> Result<()> {
    check_null(out, "clone")?;
    let copy = graph(original)?.duplicate(false)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXgraph(copy.handle()? as usize), "clone") }
}

pub unsafe fn find_in_clone(out: *mut IXgraphNode, original: IXgraphNode, clone: IXgraph) -> Result<()> {
    let ((source, index), clone) = (node(original)?, graph(clone)?);
    if clone.origin != Some(source.id) {
        return Err(Error::invalid("the graph is no clone of the node's graph"));
    }
    clone.kind(index)?;
    // SAFETY: as the caller says.
    unsafe { put(out, handle_of(&clone, index), "node") }
}

pub unsafe fn get_nodes(handle: IXgraph, nodes: *mut IXgraphNode, count: *mut usize) -> Result<()> {
    let graph = graph(handle)?;
    let all: Vec<u32> = graph.nodes().iter().map(|(index, _)| *index).collect();
    // SAFETY: as the caller says.
    unsafe { put_list(nodes, count, &handles(&graph, &all), NO_NODE) }
}

pub unsafe fn get_root_nodes(handle: IXgraph, nodes: *mut IXgraphNode, count: *mut usize) -> Result<()> {
    let graph = graph(handle)?;
    let roots: Vec<u32> = graph.nodes().iter().filter(|(_, node)| node.needs.is_empty()).map(|(index, _)| *index).collect();
    // SAFETY: as the caller says.
    unsafe { put_list(nodes, count, &handles(&graph, &roots), NO_NODE) }
}

const PLAIN: IXgraphEdgeData = IXgraphEdgeData { from_port: 0, to_port: 0, r#type: 0, reserved: [0; 5] };

/// Fills in what there is to say of plain edges.
///
/// # Safety
/// `edges` is null or valid for `count` elements.
unsafe fn put_plain_edges(edges: *mut IXgraphEdgeData, count: usize) {
    if !edges.is_null() {
        // SAFETY: as the caller says.
        (0..count).for_each(|i| unsafe { edges.add(i).write_unaligned(PLAIN) });
    }
}

pub unsafe fn get_edges(handle: IXgraph, from: *mut IXgraphNode, to: *mut IXgraphNode, count: *mut usize) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { get_edges_v2(handle, from, to, std::ptr::null_mut(), count) }
}

pub unsafe fn get_edges_v2(
    handle: IXgraph,
    from: *mut IXgraphNode,
    to: *mut IXgraphNode,
    edges: *mut IXgraphEdgeData,
    count: *mut usize,
) -> Result<()> {
    check_null(count, "count")?;
    let graph = graph(handle)?;
    let (sources, targets): (Vec<u32>, Vec<u32>) = graph.edges().into_iter().unzip();
    if from.is_null() != to.is_null() {
        return Err(Error::invalid("one of the two lists is null"));
    }
    // SAFETY: as the caller says.
    unsafe {
        let mut room = count.read_unaligned();
        put_list(from, &mut room, &handles(&graph, &sources), NO_NODE)?;
        put_list(to, count, &handles(&graph, &targets), NO_NODE)?;
        if !from.is_null() {
            put_plain_edges(edges, count.read_unaligned());
        }
    }
    Ok(())
}

unsafe fn put_neighbours(
    graph: &Graph,
    found: &[u32],
    nodes: *mut IXgraphNode,
    edges: *mut IXgraphEdgeData,
    count: *mut usize,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe {
        put_list(nodes, count, &handles(graph, found), NO_NODE)?;
        if !nodes.is_null() {
            put_plain_edges(edges, count.read_unaligned());
        }
    }
    Ok(())
}

pub unsafe fn get_dependencies(handle: IXgraphNode, nodes: *mut IXgraphNode, count: *mut usize) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { get_dependencies_v2(handle, nodes, std::ptr::null_mut(), count) }
}

pub unsafe fn get_dependencies_v2(
    handle: IXgraphNode,
    nodes: *mut IXgraphNode,
    edges: *mut IXgraphEdgeData,
    count: *mut usize,
) -> Result<()> {
    let (graph, index) = node(handle)?;
    let needs = graph.with(index, |node| Ok(node.needs.clone()))?;
    // SAFETY: as the caller says.
    unsafe { put_neighbours(&graph, &needs, nodes, edges, count) }
}

pub unsafe fn get_dependents(handle: IXgraphNode, nodes: *mut IXgraphNode, count: *mut usize) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { get_dependents_v2(handle, nodes, std::ptr::null_mut(), count) }
}

pub unsafe fn get_dependents_v2(
    handle: IXgraphNode,
    nodes: *mut IXgraphNode,
    edges: *mut IXgraphEdgeData,
    count: *mut usize,
) -> Result<()> {
    let (graph, index) = node(handle)?;
    let dependents: Vec<u32> = graph.edges().into_iter().filter(|(from, _)| *from == index).map(|(_, to)| to).collect();
    // SAFETY: as the caller says.
    unsafe { put_neighbours(&graph, &dependents, nodes, edges, count) }
}

unsafe fn pairs(graph: &Arc<Graph>, from: *const IXgraphNode, to: *const IXgraphNode, count: usize) -> Result<Vec<(u32, u32)>> {
    // SAFETY: as the caller says.
    let (from, to) = unsafe { (indices(graph, from, count)?, indices(graph, to, count)?) };
    Ok(from.into_iter().zip(to).collect())
}

pub unsafe fn add_dependencies(handle: IXgraph, from: *const IXgraphNode, to: *const IXgraphNode, count: usize) -> Result<()> {
    let graph = graph(handle)?;
    // SAFETY: as the caller says.
    graph.add_edges(&unsafe { pairs(&graph, from, to, count) }?)
}

pub unsafe fn add_dependencies_v2(
    handle: IXgraph,
    from: *const IXgraphNode,
    to: *const IXgraphNode,
    edges: *const IXgraphEdgeData,
    count: usize,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe {
        refuse_edge_data(edges, count)?;
        add_dependencies(handle, from, to, count)
    }
}

pub unsafe fn remove_dependencies(handle: IXgraph, from: *const IXgraphNode, to: *const IXgraphNode, count: usize) -> Result<()> {
    let graph = graph(handle)?;
    // SAFETY: as the caller says.
    graph.remove_edges(&unsafe { pairs(&graph, from, to, count) }?)
}

pub unsafe fn remove_dependencies_v2(
    handle: IXgraph,
    from: *const IXgraphNode,
    to: *const IXgraphNode,
    edges: *const IXgraphEdgeData,
    count: usize,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe {
        refuse_edge_data(edges, count)?;
        remove_dependencies(handle, from, to, count)
    }
}

pub unsafe fn destroy_node(handle: IXgraphNode) -> Result<()> {
    let (graph, index) = node(handle)?;
    if matches!(graph.kind(index)?, Kind::Take(_) | Kind::Give(_)) {
        return Err(Error::new(Code::NOT_PERMITTED, "nodes that take and give memory cannot be removed"));
    }
    graph.remove(index)
}

pub unsafe fn node_type(handle: IXgraphNode, out: *mut IXgraphNodeType) -> Result<()> {
    let (graph, index) = node(handle)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXgraphNodeType(graph.kind(index)?.number()), "type") }
}

pub unsafe fn graph_id(handle: IXgraph, out: *mut c_uint) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, graph(handle)?.id as c_uint, "id") }
}

pub unsafe fn node_graph(handle: IXgraphNode, out: *mut IXgraph) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, IXgraph(node(handle)?.0.handle()? as usize), "graph") }
}

pub unsafe fn node_local_id(handle: IXgraphNode, out: *mut c_uint) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, node(handle)?.1, "id") }
}

pub unsafe fn node_tools_id(handle: IXgraphNode, out: *mut c_ulonglong) -> Result<()> {
    let (graph, index) = node(handle)?;
    // SAFETY: as the caller says.
    unsafe { put(out, graph.id << 32 | u64::from(index), "id") }
}

pub unsafe fn debug_dot(handle: IXgraph, path: *const c_char, flags: c_uint) -> Result<()> {
    let graph = graph(handle)?;
    // SAFETY: as the caller says.
    let path = Path::new(OsStr::from_bytes(unsafe { text(path, "path") }?.to_bytes()));
    std::fs::write(path, dot::dot(&graph, flags != 0))
        .map_err(|e| Error::new(Code::OPERATING_SYSTEM, format!("writing {}: {e}", path.display())))
}

// User objects.

pub unsafe fn object_create(out: *mut IXuserObject, data: *mut c_void, destroy: IXhostFn, count: c_uint, flags: c_uint) -> Result<()> {
    check_null(out, "object")?;
    device::all()?;
    let destroy = destroy.0.ok_or_else(|| Error::invalid("the function that ends the object is null"))?;
    if flags != IX_USER_OBJECT_NO_DESTRUCTOR_SYNC || count == 0 || count > c_int::MAX as c_uint {
        return Err(Error::invalid(format!("{count} references, flags {flags:#x}; these must be IX_USER_OBJECT_NO_DESTRUCTOR_SYNC")));
    }
    let handle = UserObject::create(data, destroy, count)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXuserObject(handle as usize), "object") }
}

/// The object with a handle, if so many references make sense.
fn object(handle: IXuserObject, count: c_uint) -> Result<Arc<UserObject>> {
    device::all()?;
    if count == 0 || count > c_int::MAX as c_uint {
        return Err(Error::invalid(format!("{count} references")));
    }
    OBJECTS.get(handle.0 as u64).map_err(|e| Error::invalid(e.message))
}

pub unsafe fn object_retain(handle: IXuserObject, count: c_uint) -> Result<()> {
    object(handle, count)?.retain(count);
    Ok(())
}

pub unsafe fn object_release(handle: IXuserObject, count: c_uint) -> Result<()> {
    object(handle, count)?.release(count)
}

pub unsafe fn graph_retain_object(handle: IXgraph, kept: IXuserObject, count: c_uint, flags: c_uint) -> Result<()> {
    if flags & !IX_GRAPH_USER_OBJECT_MOVE != 0 {
        return Err(Error::invalid(format!("{flags:#x} are no flags of this function")));
    }
    graph(handle)?.retain_object(&object(kept, count)?, count, flags & IX_GRAPH_USER_OBJECT_MOVE != 0);
    Ok(())
}

pub unsafe fn graph_release_object(handle: IXgraph, kept: IXuserObject, count: c_uint) -> Result<()> {
    graph(handle)?.release_object(&object(kept, count)?, count)
}

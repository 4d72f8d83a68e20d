// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about what nodes do: adding them, asking, changing.

use super::functions;
use super::graphs::{graph, handle_of, indices, node};
use super::memops;
use super::modules;
use super::out::{check_null, put};
use super::types::*;
use crate::context::{self, Context, CONTEXTS};
use crate::error::{Code, Error, Result};
use crate::event::{Event, EVENTS};
use crate::graph::node::{self, Copy, Fill, Host, Kernel, Kind, Side, Space};
use crate::graph::transfer;
use crate::launch::{self, Arguments, Shape};
use std::ffi::c_void;
use std::sync::Arc;

/// Adds a node and stores its handle.
///
/// # Safety
/// `out` is null or valid, `needs` null or valid for `count` handles.
pub unsafe fn add(out: *mut IXgraphNode, owner: IXgraph, needs: *const IXgraphNode, count: usize, kind: Kind) -> Result<()> {
    check_null(out, "node")?;
    let graph = graph(owner)?;
    // SAFETY: as the caller says.
    let needs = unsafe { indices(&graph, needs, count) }?;
    let index = graph.add(kind, &needs)?;
    // SAFETY: as the caller says.
    unsafe { put(out, handle_of(&graph, index), "node") }
}

/// What a node does.
pub fn kind(handle: IXgraphNode) -> Result<Kind> {
    let (graph, index) = node(handle)?;
    graph.kind(index)
}

/// Changes what a node does to something of the same type.
pub fn set(handle: IXgraphNode, kind: Kind) -> Result<()> {
    let (graph, index) = node(handle)?;
    graph.with(index, |node| {
        if node.kind.number() != kind.number() {
            return Err(node.kind.other(kind.name()));
        }
        node.kind = node.kind.replaced_by(kind);
        Ok(())
    })
}

/// The context that a node names, or the current one.
pub fn owner(handle: IXcontext) -> Result<Arc<Context>> {
    if handle.0 == 0 {
        return context::current();
    }
    CONTEXTS.get(handle.0 as u64).map_err(|e| Error::new(Code::INVALID_CONTEXT, e.message))
}

// Kernels.

/// A kernel node of a program.
///
/// # Safety
/// `params` is null or valid, and so are the arguments.
pub unsafe fn kernel_v1(params: *const IX_KERNEL_NODE_PARAMS_v1) -> Result<Kind> {
    // SAFETY: as the caller says.
    let p = *unsafe { params.as_ref() }.ok_or_else(|| Error::invalid("parameters is null"))?;
    let (handle, function) = functions::current(p.func)?;
    let arguments = match (p.kernelParams.is_null(), p.extra.is_null()) {
        (false, false) => return Err(Error::invalid("both `kernelParams` and `extra` are given")),
        (false, true) => Arguments::Pointers(p.kernelParams.cast_const().cast()),
        // SAFETY: as the caller says.
        (true, false) => unsafe { modules::packed(p.extra) }?,
        (true, true) => Arguments::None,
    };
    let shape = Shape {
        grid: [p.gridDimX, p.gridDimY, p.gridDimZ],
        block: [p.blockDimX, p.blockDimY, p.blockDimZ],
        dynamic_shared: p.sharedMemBytes,
        cooperative: false,
    };
    // The grid may be set later: launching a graph refuses kernels without blocks.
    if shape.block.contains(&0) {
        return Err(Error::invalid(format!("blocks of {:?} threads", shape.block)));
    }
    // SAFETY: as the caller says.
    unsafe {
        launch::check_arguments(&function, &arguments)?;
        Ok(Kind::Kernel(Kernel::new(&function, handle, shape, &arguments)))
    }
}

/// Likewise.
///
/// # Safety
/// Likewise.
pub unsafe fn kernel_v2(params: *const IX_KERNEL_NODE_PARAMS_v2) -> Result<Kind> {
    // SAFETY: as the caller says; the structure begins with the other one.
    let (kern, func) = unsafe { params.as_ref() }.map(|p| (p.kern, p.func)).ok_or_else(|| Error::invalid("parameters is null"))?;
    // SAFETY: as the caller says.
    let mut v1 = unsafe { *params.cast::<IX_KERNEL_NODE_PARAMS_v1>() };
    if func.0 == 0 {
        // A kernel of a library is launched by its handle too.
        v1.func = IXfunction(kern as usize);
    }
    // SAFETY: as the caller says.
    unsafe { kernel_v1(&v1) }
}

fn kernel_params(kernel: &Kernel) -> IX_KERNEL_NODE_PARAMS_v1 {
    let ([gx, gy, gz], [bx, by, bz]) = (kernel.shape.grid, kernel.shape.block);
    IX_KERNEL_NODE_PARAMS_v1 {
        func: IXfunction(kernel.tag as usize),
        gridDimX: gx,
        gridDimY: gy,
        gridDimZ: gz,
        blockDimX: bx,
        blockDimY: by,
        blockDimZ: bz,
        sharedMemBytes: kernel.shape.dynamic_shared,
        kernelParams: kernel.pointers(),
        extra: std::ptr::null_mut(),
    }
}

macro_rules! kernel_functions {
    ($params:ident, $make:ident, $add:ident, $get:ident, $set:ident, $list:expr) => {
        pub unsafe fn $add(
            out: *mut IXgraphNode,
            owner: IXgraph,
            needs: *const IXgraphNode,
            count: usize,
            params: *const $params,
        ) -> Result<()> {
            // SAFETY: as the caller says.
            unsafe { add(out, owner, needs, count, $make(params)?) }
        }

        pub unsafe fn $get(handle: IXgraphNode, out: *mut $params) -> Result<()> {
            match kind(handle)? {
                // SAFETY: as the caller says.
                Kind::Kernel(kernel) => unsafe { put(out, $list(&kernel), "parameters") },
                other => Err(other.other("kernel")),
            }
        }

        pub unsafe fn $set(handle: IXgraphNode, params: *const $params) -> Result<()> {
            // SAFETY: as the caller says.
            set(handle, unsafe { $make(params) }?)
        }
    };
}

kernel_functions!(IX_KERNEL_NODE_PARAMS_v1, kernel_v1, add_kernel, get_kernel, set_kernel, kernel_params);
kernel_functions!(IX_KERNEL_NODE_PARAMS_v2, kernel_v2, add_kernel_v2, get_kernel_v2, set_kernel_v2, |kernel: &Kernel| {
    let p = kernel_params(kernel);
    IX_KERNEL_NODE_PARAMS_v2 {
        func: p.func,
        gridDimX: p.gridDimX,
        gridDimY: p.gridDimY,
        gridDimZ: p.gridDimZ,
        blockDimX: p.blockDimX,
        blockDimY: p.blockDimY,
        blockDimZ: p.blockDimZ,
        sharedMemBytes: p.sharedMemBytes,
        kernelParams: p.kernelParams,
        extra: p.extra,
        kern: std::ptr::null_mut(),
        ctx: IXcontext(0),
    }
});

// Copies.

/// A copy node of a program.
///
/// # Safety
/// `params` is null or valid.
pub unsafe fn copy(params: *const IX_MEMCPY3D) -> Result<Kind> {
    // SAFETY: as the caller says.
    let p = *unsafe { params.as_ref() }.ok_or_else(|| Error::invalid("parameters is null"))?;
    let side = |memory, host: u64, device: IXdeviceptr, offset: [usize; 3], pitch: usize, height: usize| {
        let (space, start) = match memory {
            IX_MEMORYTYPE_HOST => (Space::Host, host),
            IX_MEMORYTYPE_DEVICE => (Space::Device, device.0),
            IX_MEMORYTYPE_UNIFIED => (Space::Unified, device.0),
            IX_MEMORYTYPE_ARRAY => return Err(Error::new(Code::NOT_SUPPORTED, "copies of arrays in graphs are not supported")),
            IXmemorytype(other) => return Err(Error::invalid(format!("there is no memory type {other}"))),
        };
        Ok(Side { space, start, offset: offset.map(|n| n as u64), pitch: pitch as u64, height: height as u64 })
    };
    if p.srcLOD != 0 || p.dstLOD != 0 || !p.reserved0.is_null() || !p.reserved1.is_null() {
        return Err(Error::invalid("a reserved field of the copy is not zero"));
    }
    let copy = Copy {
        to: side(p.dstMemoryType, p.dstHost as u64, p.dstDevice, [p.dstXInBytes, p.dstY, p.dstZ], p.dstPitch, p.dstHeight)?,
        from: side(p.srcMemoryType, p.srcHost as u64, p.srcDevice, [p.srcXInBytes, p.srcY, p.srcZ], p.srcPitch, p.srcHeight)?,
        size: [p.WidthInBytes as u64, p.Height as u64, p.Depth as u64],
    };
    if copy.size.contains(&0) {
        return Err(Error::invalid(format!("a box of {:?} bytes, rows and slices", copy.size)));
    }
    // What is wrong with the addresses is told now, not when the graph is instantiated.
    transfer::steps(&copy, 0)?;
    Ok(Kind::Copy(copy))
}

fn copy_params(copy: &Copy) -> IX_MEMCPY3D {
    let memory = |side: &Side| match side.space {
        Space::Host => (IX_MEMORYTYPE_HOST, side.start as *mut c_void, IXdeviceptr(0)),
        Space::Device => (IX_MEMORYTYPE_DEVICE, std::ptr::null_mut(), IXdeviceptr(side.start)),
        Space::Unified => (IX_MEMORYTYPE_UNIFIED, std::ptr::null_mut(), IXdeviceptr(side.start)),
    };
    let ((from_type, from_host, from_device), (to_type, to_host, to_device)) = (memory(&copy.from), memory(&copy.to));
    let ([fx, fy, fz], [tx, ty, tz]) = (copy.from.offset.map(|n| n as usize), copy.to.offset.map(|n| n as usize));
    let [width, height, depth] = copy.size.map(|n| n as usize);
    IX_MEMCPY3D {
        srcXInBytes: fx,
        srcY: fy,
        srcZ: fz,
        srcLOD: 0,
        srcMemoryType: from_type,
        srcHost: from_host,
        srcDevice: from_device,
        srcArray: std::ptr::null_mut(),
        reserved0: std::ptr::null_mut(),
        srcPitch: copy.from.pitch as usize,
        srcHeight: copy.from.height as usize,
        dstXInBytes: tx,
        dstY: ty,
        dstZ: tz,
        dstLOD: 0,
        dstMemoryType: to_type,
        dstHost: to_host,
        dstDevice: to_device,
        dstArray: std::ptr::null_mut(),
        reserved1: std::ptr::null_mut(),
        dstPitch: copy.to.pitch as usize,
        dstHeight: copy.to.height as usize,
        WidthInBytes: width,
        Height: height,
        Depth: depth,
    }
}

pub unsafe fn add_copy(
    out: *mut IXgraphNode,
    graph: IXgraph,
    needs: *const IXgraphNode,
    count: usize,
    params: *const IX_MEMCPY3D,
    context: IXcontext,
) -> Result<()> {
    owner(context)?;
    // SAFETY: as the caller says.
    unsafe { add(out, graph, needs, count, copy(params)?) }
}

pub unsafe fn get_copy(handle: IXgraphNode, out: *mut IX_MEMCPY3D) -> Result<()> {
    match kind(handle)? {
        // SAFETY: as the caller says.
        Kind::Copy(copy) => unsafe { put(out, copy_params(&copy), "parameters") },
        other => Err(other.other("copy")),
    }
}

pub unsafe fn set_copy(handle: IXgraphNode, params: *const IX_MEMCPY3D) -> Result<()> {
    // SAFETY: as the caller says.
    set(handle, unsafe { copy(params) }?)
}

// Fills.

/// A fill node of a program.
///
/// # Safety
/// `params` is null or valid.
pub unsafe fn fill(params: *const IX_MEMSET_NODE_PARAMS) -> Result<Kind> {
    // SAFETY: as the caller says.
    let p = *unsafe { params.as_ref() }.ok_or_else(|| Error::invalid("parameters is null"))?;
    if ![1, 2, 4].contains(&p.elementSize) || p.width == 0 || p.height == 0 {
        return Err(Error::invalid(format!("{} rows of {} elements of {} bytes", p.height, p.width, p.elementSize)));
    }
    let fill =
        Fill { to: p.dst.0, pitch: p.pitch as u64, value: p.value, element: p.elementSize, width: p.width as u64, height: p.height as u64 };
    transfer::fill(&fill)?;
    Ok(Kind::Fill(fill))
}

pub unsafe fn add_fill(
    out: *mut IXgraphNode,
    graph: IXgraph,
    needs: *const IXgraphNode,
    count: usize,
    params: *const IX_MEMSET_NODE_PARAMS,
    context: IXcontext,
) -> Result<()> {
    owner(context)?;
    // SAFETY: as the caller says.
    unsafe { add(out, graph, needs, count, fill(params)?) }
}

pub unsafe fn get_fill(handle: IXgraphNode, out: *mut IX_MEMSET_NODE_PARAMS) -> Result<()> {
    let fill = match kind(handle)? {
        Kind::Fill(fill) => fill,
        other => return Err(other.other("fill")),
    };
    let params = IX_MEMSET_NODE_PARAMS {
        dst: IXdeviceptr(fill.to),
        pitch: fill.pitch as usize,
        value: fill.value,
        elementSize: fill.element,
        width: fill.width as usize,
        height: fill.height as usize,
    };
    // SAFETY: as the caller says.
    unsafe { put(out, params, "parameters") }
}

pub unsafe fn set_fill(handle: IXgraphNode, params: *const IX_MEMSET_NODE_PARAMS) -> Result<()> {
    // SAFETY: as the caller says.
    set(handle, unsafe { fill(params) }?)
}

// Host functions.

/// A host node of a program.
///
/// # Safety
/// `params` is null or valid.
pub unsafe fn host(params: *const IX_HOST_NODE_PARAMS) -> Result<Kind> {
    // SAFETY: as the caller says.
    let p = *unsafe { params.as_ref() }.ok_or_else(|| Error::invalid("parameters is null"))?;
    let function = p.r#fn.0.ok_or_else(|| Error::invalid("the host function is null"))?;
    Ok(Kind::Host(Host { function, data: p.userData as usize }))
}

pub unsafe fn add_host(
    out: *mut IXgraphNode,
    graph: IXgraph,
    needs: *const IXgraphNode,
    count: usize,
    params: *const IX_HOST_NODE_PARAMS,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { add(out, graph, needs, count, host(params)?) }
}

pub unsafe fn get_host(handle: IXgraphNode, out: *mut IX_HOST_NODE_PARAMS) -> Result<()> {
    match kind(handle)? {
        Kind::Host(Host { function, data }) => {
            let params = IX_HOST_NODE_PARAMS { r#fn: IXhostFn(Some(function)), userData: data as *mut c_void };
            // SAFETY: as the caller says.
            unsafe { put(out, params, "parameters") }
        }
        other => Err(other.other("host function")),
    }
}

pub unsafe fn set_host(handle: IXgraphNode, params: *const IX_HOST_NODE_PARAMS) -> Result<()> {
    // SAFETY: as the caller says.
    set(handle, unsafe { host(params) }?)
}

// Child graphs and empty nodes.

pub unsafe fn add_child(out: *mut IXgraphNode, owner: IXgraph, needs: *const IXgraphNode, count: usize, child: IXgraph) -> Result<()> {
    let (own, child) = (graph(owner)?, graph(child)?);
    if Arc::ptr_eq(&own, &child) {
        return Err(Error::invalid("a graph cannot be its own child"));
    }
    if child.nodes().iter().any(|(_, node)| matches!(node.kind, Kind::Take(_) | Kind::Give(_))) {
        return Err(Error::new(Code::NOT_SUPPORTED, "child graphs that take or give memory are not supported"));
    }
    // SAFETY: as the caller says.
    unsafe { add(out, owner, needs, count, Kind::Child(child.duplicate(true)?)) }
}

pub unsafe fn get_child(handle: IXgraphNode, out: *mut IXgraph) -> Result<()> {
    match kind(handle)? {
        // SAFETY: as the caller says.
        Kind::Child(child) => unsafe { put(out, IXgraph(child.handle()? as usize), "graph") },
        other => Err(other.other("child graph")),
    }
}

pub unsafe fn add_empty(out: *mut IXgraphNode, graph: IXgraph, needs: *const IXgraphNode, count: usize) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { add(out, graph, needs, count, Kind::Empty) }
}

// Events.

/// The event with a handle.
pub fn event(handle: IXevent) -> Result<Arc<Event>> {
    EVENTS.get(handle.0 as u64)
}

macro_rules! event_functions {
    ($kind:ident, $what:literal, $add:ident, $get:ident, $set:ident) => {
        pub unsafe fn $add(out: *mut IXgraphNode, graph: IXgraph, needs: *const IXgraphNode, count: usize, handle: IXevent) -> Result<()> {
            // SAFETY: as the caller says.
            unsafe { add(out, graph, needs, count, Kind::$kind(event(handle)?)) }
        }

        pub unsafe fn $get(handle: IXgraphNode, out: *mut IXevent) -> Result<()> {
            match kind(handle)? {
                // SAFETY: as the caller says.
                Kind::$kind(event) => unsafe { put(out, IXevent(event.handle() as usize), "event") },
                other => Err(other.other($what)),
            }
        }

        pub unsafe fn $set(handle: IXgraphNode, to: IXevent) -> Result<()> {
            set(handle, Kind::$kind(event(to)?))
        }
    };
}

event_functions!(RecordEvent, "event record", add_event_record, get_event_record, set_event_record);
event_functions!(WaitEvent, "event wait", add_event_wait, get_event_wait, set_event_wait);

// Memory.

pub unsafe fn add_give(out: *mut IXgraphNode, owner: IXgraph, needs: *const IXgraphNode, count: usize, address: IXdeviceptr) -> Result<()> {
    let own = graph(owner)?;
    let given = |kind: &Kind| matches!(kind, Kind::Give(other) if *other == address.0);
    if own.nodes().iter().any(|(_, node)| given(&node.kind)) {
        return Err(Error::invalid(format!("the graph gives {:#x} back already", address.0)));
    }
    // SAFETY: as the caller says.
    unsafe { add(out, owner, needs, count, node::give(address.0)?) }
}

pub unsafe fn get_give(handle: IXgraphNode, out: *mut IXdeviceptr) -> Result<()> {
    match kind(handle)? {
        // SAFETY: as the caller says.
        Kind::Give(address) => unsafe { put(out, IXdeviceptr(address), "address") },
        other => Err(other.other("memory free")),
    }
}

// Operations on values in memory.

/// A node of such operations of a program.
///
/// # Safety
/// `params` is null or valid, and so is its list.
pub unsafe fn mem_ops(params: *const IX_BATCH_MEM_OP_NODE_PARAMS) -> Result<Kind> {
    // SAFETY: as the caller says.
    let p = *unsafe { params.as_ref() }.ok_or_else(|| Error::invalid("parameters is null"))?;
    if p.flags != 0 {
        return Err(Error::invalid(format!("flags is {:#x}, it must be 0", p.flags)));
    }
    // SAFETY: as the caller says.
    let ops = unsafe { memops::operations(p.paramArray, p.count) }?;
    Ok(Kind::MemOps(node::MemOps::new(ops, memops::listed)))
}

pub unsafe fn add_mem_ops(
    out: *mut IXgraphNode,
    graph: IXgraph,
    needs: *const IXgraphNode,
    count: usize,
    params: *const IX_BATCH_MEM_OP_NODE_PARAMS,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { add(out, graph, needs, count, mem_ops(params)?) }
}

pub unsafe fn get_mem_ops(handle: IXgraphNode, out: *mut IX_BATCH_MEM_OP_NODE_PARAMS) -> Result<()> {
    match kind(handle)? {
        Kind::MemOps(ops) => {
            let params =
                IX_BATCH_MEM_OP_NODE_PARAMS { ctx: IXcontext(0), count: ops.ops().len() as u32, paramArray: ops.listed().cast(), flags: 0 };
            // SAFETY: as the caller says.
            unsafe { put(out, params, "parameters") }
        }
        other => Err(other.other("memory operations")),
    }
}

pub unsafe fn set_mem_ops(handle: IXgraphNode, params: *const IX_BATCH_MEM_OP_NODE_PARAMS) -> Result<()> {
    // SAFETY: as the caller says.
    set(handle, unsafe { mem_ops(params) }?)
}

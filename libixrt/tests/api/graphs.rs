// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Graphs made by hand: nodes, edges, running, changing.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ffi::{c_void, CString};
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicU32, Ordering};

/// An empty graph.
fn graph() -> IXgraph {
    let mut graph = IXgraph::default();
    // SAFETY: the pointer is valid.
    ok(unsafe { ixGraphCreate(&mut graph, 0) });
    graph
}

/// The parameters of a kernel node; the arguments must live as long as they are used.
fn kernel(function: IXfunction, arguments: &[u64]) -> (IX_KERNEL_NODE_PARAMS_v2, Vec<*mut c_void>) {
    let mut pointers: Vec<*mut c_void> = arguments.iter().map(|a| std::ptr::from_ref(a).cast_mut().cast()).collect();
    let params = IX_KERNEL_NODE_PARAMS_v2 {
        func: function,
        gridDimX: 1,
        gridDimY: 1,
        gridDimZ: 1,
        blockDimX: 1,
        blockDimY: 1,
        blockDimZ: 1,
        sharedMemBytes: 0,
        kernelParams: pointers.as_mut_ptr(),
        extra: null_mut(),
        kern: null_mut(),
        ctx: IXcontext(0),
    };
    (params, pointers)
}

fn add_kernel(graph: IXgraph, needs: &[IXgraphNode], function: IXfunction, arguments: &[u64]) -> IXgraphNode {
    let mut node = IXgraphNode::default();
    let (params, _pointers) = kernel(function, arguments);
    // SAFETY: the pointers are valid.
    ok(unsafe { ixGraphAddKernelNode(&mut node, graph, needs.as_ptr(), needs.len(), &params) });
    node
}

/// A linear copy; addresses say what they are.
fn linear(to: u64, from: u64, bytes: usize) -> IX_MEMCPY3D {
    IX_MEMCPY3D {
        srcXInBytes: 0,
        srcY: 0,
        srcZ: 0,
        srcLOD: 0,
        srcMemoryType: IX_MEMORYTYPE_UNIFIED,
        srcHost: null(),
        srcDevice: IXdeviceptr(from),
        srcArray: null_mut(),
        reserved0: null_mut(),
        srcPitch: 0,
        srcHeight: 0,
        dstXInBytes: 0,
        dstY: 0,
        dstZ: 0,
        dstLOD: 0,
        dstMemoryType: IX_MEMORYTYPE_UNIFIED,
        dstHost: null_mut(),
        dstDevice: IXdeviceptr(to),
        dstArray: null_mut(),
        reserved1: null_mut(),
        dstPitch: 0,
        dstHeight: 0,
        WidthInBytes: bytes,
        Height: 1,
        Depth: 1,
    }
}

fn add_copy(graph: IXgraph, needs: &[IXgraphNode], params: &IX_MEMCPY3D) -> IXgraphNode {
    let mut node = IXgraphNode::default();
    // SAFETY: the pointers are valid.
    ok(unsafe { ixGraphAddMemcpyNode(&mut node, graph, needs.as_ptr(), needs.len(), params, IXcontext(0)) });
    node
}

fn instantiate(graph: IXgraph) -> IXgraphExec {
    let mut exec = IXgraphExec::default();
    // SAFETY: the pointer is valid.
    ok(unsafe { ixGraphInstantiate(&mut exec, graph, 0) });
    exec
}

fn run(exec: IXgraphExec, stream: IXstream) {
    // SAFETY: no pointers.
    unsafe {
        ok(ixGraphLaunch(exec, stream));
        ok(ixStreamSynchronize(stream));
    }
}

fn list(f: impl Fn(*mut IXgraphNode, *mut usize) -> IXresult) -> Vec<IXgraphNode> {
    let mut count = 0;
    ok(f(null_mut(), &mut count));
    let mut nodes = vec![IXgraphNode::default(); count];
    ok(f(nodes.as_mut_ptr(), &mut count));
    assert_eq!(count, nodes.len());
    nodes
}

#[test]
fn nodes_run_after_those_they_depend_on() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (store, copy_word) = (function(m, "store"), function(m, "copy_word"));
    let cells = upload(&[0u32; 64]);
    let g = graph();
    // A diamond, then a copy to host memory that is not pinned.
    let a = add_kernel(g, &[], store, &[cells.0, 17]);
    let left: Vec<_> = (1..40).map(|i| add_kernel(g, &[a], copy_word, &[cells.0 + 4 * i, cells.0])).collect();
    let join = {
        let mut node = IXgraphNode::default();
        // SAFETY: the pointers are valid.
        ok(unsafe { ixGraphAddEmptyNode(&mut node, g, left.as_ptr(), left.len()) });
        node
    };
    let last = add_kernel(g, &[join], copy_word, &[cells.0 + 4 * 40, cells.0 + 4 * 39]);
    let mut back = [0u32; 41];
    add_copy(g, &[last], &linear(back.as_mut_ptr() as u64, cells.0, 4 * 41));
    let exec = instantiate(g);
    let s = stream(IX_STREAM_NON_BLOCKING);
    for round in 0..50 {
        back = [0; 41];
        ok(upload_to(cells, &[0u32; 64]));
        run(exec, s);
        assert_eq!(std::hint::black_box(&back), &[17; 41], "round {round}");
    }
    // SAFETY: no pointers.
    unsafe {
        // What was instantiated does not need the graph.
        ok(ixGraphDestroy(g));
        run(exec, s);
        ok(ixGraphExecDestroy(exec));
        fails(ixGraphLaunch(exec, s), Code::INVALID_HANDLE, "executable graph");
        fails(ixGraphDestroy(g), Code::INVALID_HANDLE, "graph");
    }
}

#[test]
fn copies_of_boxes_and_fills_arrive() {
    let _context = Ctx::new();
    let g = graph();
    // A box of 3 slices of 2 rows of 5 bytes, out of rows of 8 and slices of 4 rows.
    let source: Vec<u8> = (0..96).collect();
    let device = alloc(96);
    let mut back = vec![0u8; 96];
    let mut fill = IXgraphNode::default();
    let params = IX_MEMSET_NODE_PARAMS { dst: device, pitch: 0, value: 0xee, elementSize: 1, width: 96, height: 1 };
    // SAFETY: the pointers are valid.
    ok(unsafe { ixGraphAddMemsetNode(&mut fill, g, null(), 0, &params, IXcontext(0)) });
    let shape = IX_MEMCPY3D {
        srcMemoryType: IX_MEMORYTYPE_HOST,
        srcHost: source.as_ptr().cast(),
        srcXInBytes: 1,
        srcY: 1,
        srcPitch: 8,
        srcHeight: 4,
        dstMemoryType: IX_MEMORYTYPE_DEVICE,
        dstDevice: device,
        dstXInBytes: 2,
        dstPitch: 8,
        dstHeight: 4,
        WidthInBytes: 5,
        Height: 2,
        Depth: 3,
        ..linear(0, 0, 0)
    };
    let there = add_copy(g, &[fill], &shape);
    add_copy(g, &[there], &linear(back.as_mut_ptr() as u64, device.0, 96));
    let exec = instantiate(g);
    run(exec, stream(0));
    let expected: Vec<u8> = (0..96)
        .map(|i| {
            let (z, y, x) = (i / 32, i / 8 % 4, i % 8);
            if y < 2 && (2..7).contains(&x) {
                (z * 32 + (y + 1) * 8 + x - 1) as u8
            } else {
                0xee
            }
        })
        .collect();
    assert_eq!(back, expected);
    let mut found = linear(0, 0, 0);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixGraphMemcpyNodeGetParams(there, &mut found));
        assert_eq!((found.srcHost, found.dstDevice, found.Depth), (shape.srcHost, device, 3));
        let mut fill_found = params;
        ok(ixGraphMemsetNodeGetParams(fill, &mut fill_found));
        assert_eq!((fill_found.dst, fill_found.value, fill_found.width), (device, 0xee, 96));
        let mut node = IXgraphNode::default();
        let past = linear(device.0 + 1, back.as_ptr() as u64, 96);
        fails(ixGraphAddMemcpyNode(&mut node, g, null(), 0, &past, IXcontext(0)), Code::INVALID_VALUE, "past the end");
        let wide = IX_MEMSET_NODE_PARAMS { elementSize: 3, ..params };
        assert_eq!(ixGraphAddMemsetNode(&mut node, g, null(), 0, &wide, IXcontext(0)), Code::INVALID_VALUE);
    }
}

#[test]
fn changed_nodes_do_something_else_from_the_next_launch_on() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (spin, store) = (function(m, "spin"), function(m, "store"));
    let cells = upload(&[0u32; 4]);
    let flag = Flag::new();
    let g = graph();
    let wait = add_kernel(g, &[], spin, &[flag.address()]);
    let set = add_kernel(g, &[wait], store, &[cells.0, 1]);
    let mut back = [0u32; 4];
    let copy = add_copy(g, &[set], &linear(back.as_mut_ptr() as u64, cells.0, 4));
    let exec = instantiate(g);
    let s = stream(IX_STREAM_NON_BLOCKING);
    // SAFETY: the pointers are valid.
    unsafe {
        // While the first launch waits, the graph is changed and launched again.
        ok(ixGraphLaunch(exec, s));
        for i in 0..3u64 {
            let arguments = [cells.0 + 4 * (i + 1), 100 + i];
            let (params, _pointers) = kernel(store, &arguments);
            ok(ixGraphExecKernelNodeSetParams(exec, set, &params));
            ok(ixGraphLaunch(exec, s));
        }
        flag.raise();
        ok(ixStreamSynchronize(s));
        assert_eq!(download::<u32>(cells, 4), [1, 100, 101, 102]);
        // The nodes of the graph are as they were.
        let mut params = kernel(store, &[]).0;
        ok(ixGraphKernelNodeGetParams(set, &mut params));
        assert_eq!(params.func, store);
        assert_eq!(**params.kernelParams.cast::<*const u64>(), cells.0);
        assert_eq!(**params.kernelParams.add(1).cast::<*const u32>(), 1);
        ok(ixGraphExecMemcpyNodeSetParams(exec, copy, &linear(back.as_mut_ptr() as u64, cells.0, 16), IXcontext(0)));
        run(exec, s);
        assert_eq!(std::hint::black_box(&back), &[1, 100, 101, 102]);
        // Kernels and their order may change, types not.
        fails(
            ixGraphExecMemcpyNodeSetParams(exec, set, &linear(cells.0, cells.0 + 4, 4), IXcontext(0)),
            Code::INVALID_VALUE,
            "kernel node",
        );
        let empty = kernel(function(m, "empty"), &[]).0;
        ok(ixGraphExecKernelNodeSetParams(exec, set, &empty));
        ok(upload_to(cells, &[9u32; 4]));
        run(exec, s);
        assert_eq!(download::<u32>(cells, 4), [9; 4]);
        // A node may be left out.
        let (params, _pointers) = kernel(store, &[cells.0, 5]);
        ok(ixGraphExecKernelNodeSetParams(exec, set, &params));
        let mut enabled = 7;
        ok(ixGraphNodeSetEnabled(exec, set, 0));
        ok(ixGraphNodeGetEnabled(exec, set, &mut enabled));
        assert_eq!(enabled, 0);
        run(exec, s);
        assert_eq!(download::<u32>(cells, 4), [9; 4]);
        ok(ixGraphNodeSetEnabled(exec, set, 1));
        run(exec, s);
        assert_eq!(download::<u32>(cells, 4), [5, 9, 9, 9]);
        let stranger = add_kernel(graph(), &[], store, &[cells.0, 1]);
        fails(ixGraphExecKernelNodeSetParams(exec, stranger, &params), Code::INVALID_VALUE, "not one of the graph");
    }
}

#[test]
fn grid_of_a_kernel_node_may_be_set_before_the_launch() {
    let _context = Ctx::new();
    let store = function(module(KERNELS), "store");
    let cells = upload(&[0u32; 1]);
    let (g, mut node) = (graph(), IXgraphNode(0));
    let (mut params, _pointers) = kernel(store, &[cells.0, 7]);
    params.gridDimX = 0;
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixGraphAddKernelNode(&mut node, g, null(), 0, &params));
        let exec = instantiate(g);
        fails(ixGraphLaunch(exec, IXstream(0)), Code::INVALID_VALUE, "a grid of 0 blocks");
        params.gridDimX = 1;
        ok(ixGraphExecKernelNodeSetParams(exec, node, &params));
        run(exec, IXstream(0));
        assert_eq!(download::<u32>(cells, 1), [7]);
        params.gridDimX = 0;
        ok(ixGraphExecKernelNodeSetParams(exec, node, &params));
        fails(ixGraphLaunch(exec, IXstream(0)), Code::INVALID_VALUE, "a grid of 0 blocks");
    }
}

#[test]
fn whole_graph_is_updated_from_one_of_the_same_shape() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (store, copy_word) = (function(m, "store"), function(m, "copy_word"));
    let cells = upload(&[0u32; 4]);
    let build = |value, edge: bool, other: IXfunction, arguments: &[u64]| {
        let g = graph();
        let a = add_kernel(g, &[], store, &[cells.0, value]);
        let needs = if edge { vec![a] } else { vec![] };
        add_kernel(g, &needs, other, arguments);
        g
    };
    let first = build(1, true, copy_word, &[cells.0 + 4, cells.0]);
    let exec = instantiate(first);
    let s = stream(0);
    let mut info =
        IXgraphExecUpdateResultInfo { result: IX_GRAPH_EXEC_UPDATE_ERROR, errorNode: IXgraphNode(0), errorFromNode: IXgraphNode(0) };
    // SAFETY: the pointers are valid.
    unsafe {
        run(exec, s);
        assert_eq!(download::<u32>(cells, 4), [1, 1, 0, 0]);
        ok(ixGraphExecUpdate(exec, build(2, true, copy_word, &[cells.0 + 8, cells.0]), &mut info));
        assert_eq!(info.result, IX_GRAPH_EXEC_UPDATE_SUCCESS);
        run(exec, s);
        assert_eq!(download::<u32>(cells, 4), [2, 1, 2, 0]);
        let unlike = build(3, false, copy_word, &[cells.0 + 8, cells.0]);
        assert_eq!(ixGraphExecUpdate(exec, unlike, &mut info), Code::GRAPH_EXEC_UPDATE_FAILURE);
        assert_eq!(info.result, IX_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED);
        let more = build(3, true, copy_word, &[cells.0 + 8, cells.0]);
        add_kernel(more, &[], store, &[cells.0, 1]);
        assert_eq!(ixGraphExecUpdate(exec, more, &mut info), Code::GRAPH_EXEC_UPDATE_FAILURE);
        assert_eq!(info.result, IX_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED);
        let other = graph();
        let a = add_kernel(other, &[], store, &[cells.0, 1]);
        let b = add_copy(other, &[a], &linear(cells.0, cells.0 + 4, 4));
        assert_eq!(ixGraphExecUpdate(exec, other, &mut info), Code::GRAPH_EXEC_UPDATE_FAILURE);
        assert_eq!((info.result, info.errorNode), (IX_GRAPH_EXEC_UPDATE_ERROR_NODE_TYPE_CHANGED, b));
        // What failed changed nothing.
        run(exec, s);
        assert_eq!(download::<u32>(cells, 4), [2, 1, 2, 0]);
    }
}

#[test]
fn nodes_and_edges_are_listed_and_changed() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let empty = function(m, "empty");
    let g = graph();
    let nodes: Vec<_> = (0..4).map(|_| add_kernel(g, &[], empty, &[])).collect();
    let (from, to) = ([nodes[0], nodes[0], nodes[1], nodes[2]], [nodes[1], nodes[2], nodes[3], nodes[3]]);
    let plain = [IXgraphEdgeData { from_port: 0, to_port: 0, r#type: 0, reserved: [0; 5] }; 4];
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixGraphAddDependencies(g, from.as_ptr(), to.as_ptr(), plain.as_ptr(), 4));
        assert_eq!(ixGraphAddDependencies(g, from.as_ptr(), to.as_ptr(), null(), 1), Code::INVALID_VALUE);
        assert_eq!(ixGraphAddDependencies(g, from.as_ptr(), from.as_ptr(), null(), 1), Code::INVALID_VALUE);
        let ports = [IXgraphEdgeData { from_port: 1, ..plain[0] }];
        assert_eq!(ixGraphAddDependencies(g, to.as_ptr(), from.as_ptr(), ports.as_ptr(), 1), Code::NOT_SUPPORTED);
        assert_eq!(list(|n, c| ixGraphGetNodes(g, n, c)), nodes);
        assert_eq!(list(|n, c| ixGraphGetRootNodes(g, n, c)), [nodes[0]]);
        assert_eq!(list(|n, c| ixGraphNodeGetDependencies(nodes[3], n, null_mut(), c)), [nodes[1], nodes[2]]);
        assert_eq!(list(|n, c| ixGraphNodeGetDependentNodes(nodes[0], n, null_mut(), c)), [nodes[1], nodes[2]]);
        // A list with room for more is filled up with null, and one with room for less is cut.
        let (mut some, mut count) = ([IXgraphNode(1); 6], 6);
        ok(ixGraphGetNodes(g, some.as_mut_ptr(), &mut count));
        assert_eq!((count, some[4], some[5]), (4, IXgraphNode(0), IXgraphNode(0)));
        count = 2;
        ok(ixGraphGetNodes(g, some.as_mut_ptr(), &mut count));
        assert_eq!(count, 2);
        let (mut f, mut t, mut edges, mut count) = ([IXgraphNode(0); 4], [IXgraphNode(0); 4], plain, 4);
        ok(ixGraphGetEdges(g, f.as_mut_ptr(), t.as_mut_ptr(), edges.as_mut_ptr(), &mut count));
        let mut found: Vec<_> = f.iter().zip(&t).map(|(a, b)| (a.0, b.0)).collect();
        let mut expected: Vec<_> = from.iter().zip(&to).map(|(a, b)| (a.0, b.0)).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
        // A cycle is found when the graph is instantiated.
        ok(ixGraphAddDependencies(g, &nodes[3], &nodes[0], null(), 1));
        let mut exec = IXgraphExec(0);
        fails(ixGraphInstantiate(&mut exec, g, 0), Code::INVALID_VALUE, "cycle");
        let mut params = IX_GRAPH_INSTANTIATE_PARAMS {
            flags: 0,
            hUploadStream: IXstream(0),
            hErrNode_out: IXgraphNode(1),
            result_out: IX_GRAPH_INSTANTIATE_SUCCESS,
        };
        assert_eq!(ixGraphInstantiateWithParams(&mut exec, g, &mut params), Code::INVALID_VALUE);
        assert_eq!(params.result_out, IX_GRAPH_INSTANTIATE_INVALID_STRUCTURE);
        ok(ixGraphRemoveDependencies(g, &nodes[3], &nodes[0], null(), 1));
        assert_eq!(ixGraphRemoveDependencies(g, &nodes[3], &nodes[0], null(), 1), Code::INVALID_VALUE);
        ok(ixGraphInstantiateWithParams(&mut exec, g, &mut params));
        // A node goes with its edges.
        ok(ixGraphDestroyNode(nodes[1]));
        assert_eq!(list(|n, c| ixGraphNodeGetDependencies(nodes[3], n, null_mut(), c)), [nodes[2]]);
        assert_eq!(ixGraphDestroyNode(nodes[1]), Code::INVALID_HANDLE);
        let mut kind = IX_GRAPH_NODE_TYPE_EMPTY;
        ok(ixGraphNodeGetType(nodes[0], &mut kind));
        assert_eq!(kind, IX_GRAPH_NODE_TYPE_KERNEL);
        assert_eq!(ixGraphInstantiate(&mut exec, g, u64::from(IX_GRAPH_INSTANTIATE_FLAG_DEVICE_LAUNCH)), Code::NOT_SUPPORTED);
        assert_eq!(ixGraphInstantiate(&mut exec, g, 0x80), Code::INVALID_VALUE);
    }
}

#[test]
fn clones_and_child_graphs_are_copies() {
    let _context = Ctx::new();
    let store = function(module(KERNELS), "store");
    let cells = upload(&[0u32; 4]);
    let inner = graph();
    let node = add_kernel(inner, &[], store, &[cells.0, 1]);
    let outer = graph();
    let (mut child, mut own, mut copy, mut twin) = (IXgraphNode(0), IXgraph(0), IXgraph(0), IXgraphNode(0));
    let s = stream(0);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixGraphAddChildGraphNode(&mut child, outer, null(), 0, inner));
        ok(ixGraphChildGraphNodeGetGraph(child, &mut own));
        assert_ne!(own, inner);
        ok(ixGraphNodeFindInClone(&mut twin, node, own));
        add_kernel(outer, &[child], store, &[cells.0 + 4, 2]);
        // Later changes of the original do not matter.
        let (params, _pointers) = kernel(store, &[cells.0, 77]);
        ok(ixGraphKernelNodeSetParams(node, &params));
        let exec = instantiate(outer);
        run(exec, s);
        assert_eq!(download::<u32>(cells, 4), [1, 2, 0, 0]);
        // The child's nodes are changed by their own handles, or all at once.
        let (params, _pointers) = kernel(store, &[cells.0, 3]);
        ok(ixGraphExecKernelNodeSetParams(exec, twin, &params));
        run(exec, s);
        assert_eq!(download::<u32>(cells, 4), [3, 2, 0, 0]);
        ok(ixGraphExecChildGraphNodeSetParams(exec, child, inner));
        run(exec, s);
        assert_eq!(download::<u32>(cells, 4), [77, 2, 0, 0]);
        ok(ixGraphClone(&mut copy, outer));
        let mut again = IXgraphNode(0);
        ok(ixGraphNodeFindInClone(&mut again, child, copy));
        let mut kind = IX_GRAPH_NODE_TYPE_EMPTY;
        ok(ixGraphNodeGetType(again, &mut kind));
        assert_eq!(kind, IX_GRAPH_NODE_TYPE_GRAPH);
        assert_eq!(ixGraphNodeFindInClone(&mut again, node, copy), Code::INVALID_VALUE);
        ok(ixGraphDestroy(outer));
        ok(upload_to(cells, &[0u32; 4]));
        run(instantiate(copy), s);
        assert_eq!(download::<u32>(cells, 4), [1, 2, 0, 0]);
        fails(ixGraphDestroy(own), Code::INVALID_HANDLE, "graph");
    }
}

unsafe extern "C" fn add_one(data: *mut c_void) {
    // SAFETY: the tests give a counter.
    unsafe { AtomicU32::from_ptr(data.cast()) }.fetch_add(1, Ordering::SeqCst);
}

#[test]
fn host_events_and_memory_operations_are_nodes() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let store = function(m, "store");
    let cells = upload(&[0u32; 4]);
    let (s, other) = (stream(IX_STREAM_NON_BLOCKING), stream(IX_STREAM_NON_BLOCKING));
    let (begin, done) = (event(0), event(0));
    let count = AtomicU32::new(0);
    let flag = Flag::new();
    let g = graph();
    let (mut wait, mut host, mut record, mut ops) = (IXgraphNode(0), IXgraphNode(0), IXgraphNode(0), IXgraphNode(0));
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixGraphAddEventWaitNode(&mut wait, g, null(), 0, begin));
        let first = add_kernel(g, &[wait], store, &[cells.0, 4]);
        let params = IX_HOST_NODE_PARAMS { r#fn: IXhostFn(Some(add_one)), userData: count.as_ptr().cast() };
        ok(ixGraphAddHostNode(&mut host, g, &first, 1, &params));
        let access = IXstreamMemOpAccess {
            operation: IX_STREAM_MEM_OP_WAIT_VALUE_32,
            address: cells,
            anonymous: IXstreamMemOpValue { value64: 4 },
            flags: IX_STREAM_WAIT_VALUE_EQ,
            alias: IXdeviceptr(0),
        };
        let mut list = [IXstreamBatchMemOpParams { pad: [0; 6] }; 2];
        list[0].waitValue = access;
        list[1].writeValue = IXstreamMemOpAccess {
            operation: IX_STREAM_MEM_OP_WRITE_VALUE_64,
            address: IXdeviceptr(cells.0 + 8),
            anonymous: IXstreamMemOpValue { value64: 6 },
            flags: 0,
            ..access
        };
        let batch = IX_BATCH_MEM_OP_NODE_PARAMS { ctx: IXcontext(0), count: 2, paramArray: list.as_mut_ptr(), flags: 0 };
        ok(ixGraphAddBatchMemOpNode(&mut ops, g, &host, 1, &batch));
        let mut found = batch;
        ok(ixGraphBatchMemOpNodeGetParams(ops, &mut found));
        assert_eq!((found.count, (*found.paramArray).operation), (2, IX_STREAM_MEM_OP_WAIT_VALUE_32));
        assert_eq!((*found.paramArray.add(1)).writeValue.anonymous.value64, 6);
        ok(ixGraphAddEventRecordNode(&mut record, g, &ops, 1, done));
        let mut e = IXevent(0);
        ok(ixGraphEventRecordNodeGetEvent(record, &mut e));
        assert_eq!(e, done);
        let exec = instantiate(g);
        // The graph waits for an event that another stream records.
        ok(launch(function(m, "spin"), 1, 1, other, &[flag.address()]));
        ok(ixEventRecord(begin, other));
        ok(ixGraphLaunch(exec, s));
        assert_eq!(ixEventQuery(done), Code::NOT_READY);
        assert_eq!(count.load(Ordering::SeqCst), 0);
        flag.raise();
        ok(ixEventSynchronize(done));
        assert_eq!(count.load(Ordering::SeqCst), 1);
        assert_eq!(download::<u32>(cells, 4), [4, 0, 6, 0]);
        for _ in 0..20 {
            ok(ixGraphLaunch(exec, s));
        }
        ok(ixStreamSynchronize(s));
        assert_eq!(count.load(Ordering::SeqCst), 21);
        let mut ms = -1f32;
        ok(ixEventElapsedTime(&mut ms, begin, done));
        assert!(ms >= 0.0);
        let nothing = IX_HOST_NODE_PARAMS { r#fn: IXhostFn(None), userData: null_mut() };
        assert_eq!(ixGraphExecHostNodeSetParams(exec, host, &nothing), Code::INVALID_VALUE);
    }
}

#[test]
fn objects_end_with_the_last_graph_that_holds_them() {
    let _context = Ctx::new();
    let count = AtomicU32::new(0);
    let (mut object, mut copy) = (IXuserObject(0), IXgraph(0));
    let destroy = IXhostFn(Some(add_one));
    // SAFETY: the pointers are valid.
    unsafe {
        let data = count.as_ptr().cast();
        assert_eq!(ixUserObjectCreate(&mut object, data, destroy, 1, 0), Code::INVALID_VALUE);
        ok(ixUserObjectCreate(&mut object, data, destroy, 1, IX_USER_OBJECT_NO_DESTRUCTOR_SYNC));
        let g = graph();
        ok(ixGraphRetainUserObject(g, object, 1, IX_GRAPH_USER_OBJECT_MOVE));
        assert_eq!(ixGraphReleaseUserObject(g, object, 2), Code::INVALID_VALUE);
        ok(ixGraphClone(&mut copy, g));
        ok(ixGraphDestroy(g));
        std::thread::sleep(std::time::Duration::from_millis(10));
        assert_eq!(count.load(Ordering::SeqCst), 0);
        ok(ixGraphDestroy(copy));
    }
    for _ in 0..1000 {
        if count.load(Ordering::SeqCst) == 1 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("the object was not ended");
}

#[test]
fn graph_is_drawn() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let g = graph();
    let a = add_kernel(g, &[], function(m, "empty"), &[]);
    add_kernel(g, &[a], function(m, "empty"), &[]);
    let path = std::env::temp_dir().join(format!("ixrt-graph-{}.dot", std::process::id()));
    let name = CString::new(path.to_str().unwrap()).unwrap();
    // SAFETY: the path is a C string.
    ok(unsafe { ixGraphDebugDotPrint(g, name.as_ptr(), IX_GRAPH_DEBUG_DOT_FLAGS_VERBOSE) });
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    assert!(text.starts_with("digraph") && text.contains("empty") && text.matches("->").count() == 1, "{text}");
}

#[test]
fn graph_takes_memory_and_gives_it_back() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (store, copy_word) = (function(m, "store"), function(m, "copy_word"));
    let s = stream(0);
    let cell = upload(&[0u32]);
    let location = IXmemLocation { r#type: IX_MEM_LOCATION_TYPE_DEVICE, id: 0 };
    let mut params = IX_MEM_ALLOC_NODE_PARAMS {
        poolProps: IXmemPoolProps {
            allocType: IX_MEM_ALLOCATION_TYPE_PINNED,
            handleTypes: IX_MEM_HANDLE_TYPE_NONE,
            location,
            win32SecurityAttributes: null_mut(),
            maxSize: 0,
            usage: 0,
            reserved: [0; 54],
        },
        accessDescs: null(),
        accessDescCount: 0,
        bytesize: 1 << 20,
        dptr: IXdeviceptr(0),
    };
    let (mut take, mut give) = (IXgraphNode(0), IXgraphNode(0));
    let g = graph();
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixGraphAddMemAllocNode(&mut take, g, null(), 0, &mut params));
        let address = params.dptr;
        let set = add_kernel(g, &[take], store, &[address.0 + 400, 12]);
        let get = add_kernel(g, &[set], copy_word, &[cell.0, address.0 + 400]);
        // Without a node that gives it back, the memory is the program's after the launch.
        let kept = instantiate(g);
        run(kept, s);
        assert_eq!(download::<u32>(cell, 1), [12]);
        assert_eq!(download::<u32>(IXdeviceptr(address.0 + 400), 1), [12]);
        fails(ixGraphLaunch(kept, s), Code::INVALID_VALUE, "not been given back");
        ok(ixMemFree(address));
        run(kept, s);
        ok(ixMemFree(address));
        let mut exec = IXgraphExec(0);
        ok(ixGraphInstantiate(&mut exec, g, u64::from(IX_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH)));
        run(exec, s);
        run(exec, s);
        ok(ixMemFree(address));
        // Nobody else's memory is given back.
        let mut pooled = IXdeviceptr(0);
        ok(ixMemAllocAsync(&mut pooled, 64, s));
        fails(ixGraphAddMemFreeNode(&mut give, g, &get, 1, pooled), Code::INVALID_VALUE, "that a graph takes");
        ok(ixStreamBeginCapture(s, IX_STREAM_CAPTURE_MODE_RELAXED));
        fails(ixMemFreeAsync(pooled, s), Code::INVALID_VALUE, "that a graph takes");
        ok(ixStreamEndCapture(s, &mut IXgraph(0)));
        ok(ixMemFreeAsync(pooled, s));
        ok(ixGraphAddMemFreeNode(&mut give, g, &get, 1, address));
        assert_eq!(ixGraphAddMemFreeNode(&mut IXgraphNode(0), g, &get, 1, address), Code::INVALID_VALUE);
        let whole = instantiate(g);
        for _ in 0..3 {
            ok(upload_to(cell, &[0u32]));
            run(whole, s);
            assert_eq!(download::<u32>(cell, 1), [12]);
            assert_eq!(ixMemFree(address), Code::INVALID_VALUE);
        }
        assert_eq!(ixGraphDestroyNode(take), Code::NOT_PERMITTED);
        let mut found = params;
        ok(ixGraphMemAllocNodeGetParams(take, &mut found));
        assert_eq!((found.dptr, found.bytesize), (address, 1 << 20));
        params.poolProps.location.id = 77;
        assert_eq!(ixGraphAddMemAllocNode(&mut take, g, null(), 0, &mut params), Code::INVALID_DEVICE);
    }
}

#[test]
fn nodes_of_any_type_are_added_asked_and_changed() {
    let _context = Ctx::new();
    let store = function(module(KERNELS), "store");
    let cells = upload(&[0u32; 4]);
    let g = graph();
    let of = |kind, anonymous| IXgraphNodeParams { r#type: kind, reserved0: [0; 3], anonymous, reserved2: 0 };
    let none = IXgraphNodeParams_union { reserved1: [0; 29] };
    let arguments = [cells.0, 3];
    let (kernel_params, _pointers) = kernel(store, &arguments);
    let fill = IX_MEMSET_NODE_PARAMS_v2 {
        dst: IXdeviceptr(cells.0 + 4),
        pitch: 0,
        value: 5,
        elementSize: 4,
        width: 2,
        height: 1,
        ctx: IXcontext(0),
    };
    let copied = IX_MEMCPY_NODE_PARAMS { flags: 0, reserved: 0, copyCtx: IXcontext(0), copyParams: linear(cells.0 + 12, cells.0, 4) };
    let (mut set, mut filled, mut copy) = (IXgraphNode(0), IXgraphNode(0), IXgraphNode(0));
    let s = stream(0);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixGraphAddNode(
            &mut set,
            g,
            null(),
            null(),
            0,
            &mut of(IX_GRAPH_NODE_TYPE_KERNEL, IXgraphNodeParams_union { kernel: kernel_params }),
        ));
        ok(ixGraphAddNode(&mut filled, g, null(), null(), 0, &mut of(IX_GRAPH_NODE_TYPE_MEMSET, IXgraphNodeParams_union { memset: fill })));
        ok(ixGraphAddNode(&mut copy, g, &set, null(), 1, &mut of(IX_GRAPH_NODE_TYPE_MEMCPY, IXgraphNodeParams_union { memcpy: copied })));
        let exec = instantiate(g);
        run(exec, s);
        assert_eq!(download::<u32>(cells, 4), [3, 5, 5, 3]);
        let mut found = of(IX_GRAPH_NODE_TYPE_EMPTY, none);
        ok(ixGraphNodeGetParams(filled, &mut found));
        assert_eq!((found.r#type, found.anonymous.memset.value), (IX_GRAPH_NODE_TYPE_MEMSET, 5));
        found.anonymous.memset.value = 6;
        ok(ixGraphExecNodeSetParams(exec, filled, &mut found));
        run(exec, s);
        assert_eq!(download::<u32>(cells, 4), [3, 6, 6, 3]);
        found.anonymous.memset.value = 7;
        ok(ixGraphNodeSetParams(filled, &mut found));
        run(instantiate(g), s);
        assert_eq!(download::<u32>(cells, 4), [3, 7, 7, 3]);
        assert_eq!(ixGraphNodeSetParams(set, &mut found), Code::INVALID_VALUE);
        let mut conditional = of(IXgraphNodeType(13), none);
        assert_eq!(ixGraphAddNode(&mut copy, g, null(), null(), 0, &mut conditional), Code::NOT_SUPPORTED);
        found.reserved2 = 1;
        assert_eq!(ixGraphNodeSetParams(filled, &mut found), Code::INVALID_VALUE);
    }
}

#[test]
fn attributes_of_kernel_nodes_and_streams_are_kept() {
    let _context = Ctx::new();
    let empty = function(module(KERNELS), "empty");
    let g = graph();
    let (a, b) = (add_kernel(g, &[], empty, &[]), add_kernel(g, &[], empty, &[]));
    let (s, t) = (stream(0), stream(0));
    let mut value = IXlaunchAttributeValue { pad: [0; 64] };
    // SAFETY: the pointers are valid, and the union's fields are numbers.
    unsafe {
        value.cooperative = 1;
        ok(ixGraphKernelNodeSetAttribute(a, IX_LAUNCH_ATTRIBUTE_COOPERATIVE, &value));
        value.cooperative = -3;
        ok(ixGraphKernelNodeSetAttribute(a, IX_LAUNCH_ATTRIBUTE_PRIORITY, &value));
        ok(ixGraphKernelNodeCopyAttributes(b, a));
        ok(ixGraphKernelNodeSetParams(b, &kernel(empty, &[]).0));
        ok(ixGraphKernelNodeGetAttribute(b, IX_LAUNCH_ATTRIBUTE_COOPERATIVE, &mut value));
        assert_eq!(value.cooperative, 1);
        ok(ixGraphKernelNodeGetAttribute(b, IX_LAUNCH_ATTRIBUTE_PRIORITY, &mut value));
        assert_eq!(value.priority, -3);
        assert_eq!(ixGraphKernelNodeGetAttribute(b, IXlaunchAttributeID(99), &mut value), Code::INVALID_VALUE);
        run(instantiate(g), s);
        value.syncPolicy = 4;
        ok(ixStreamSetAttribute(s, IX_LAUNCH_ATTRIBUTE_SYNCHRONIZATION_POLICY, &value));
        ok(ixStreamCopyAttributes(t, s));
        value.syncPolicy = 0;
        ok(ixStreamGetAttribute(t, IX_LAUNCH_ATTRIBUTE_SYNCHRONIZATION_POLICY, &mut value));
        assert_eq!(value.syncPolicy, 4);
        ok(ixStreamGetAttribute(t, IX_LAUNCH_ATTRIBUTE_PRIORITY, &mut value));
        assert_eq!(value.priority, 0);
        assert_eq!(ixStreamSetAttribute(s, IX_LAUNCH_ATTRIBUTE_COOPERATIVE, &value), Code::INVALID_VALUE);
    }
}

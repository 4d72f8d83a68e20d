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
pub fn graph() -> IXgraph {
    let mut graph = IXgraph::default();
    // SAFETY: the pointer is valid.
    ok(unsafe { ixGraphCreate(&mut graph, 0) });
    graph
}

/// The parameters of a kernel node; the arguments must live as long as they are used.
pub fn kernel(function: IXfunction, arguments: &[u64]) -> (IX_KERNEL_NODE_PARAMS_v2, Vec<*mut c_void>) {
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

pub fn add_kernel(graph: IXgraph, needs: &[IXgraphNode], function: IXfunction, arguments: &[u64]) -> IXgraphNode {
    let mut node = IXgraphNode::default();
    let (params, _pointers) = kernel(function, arguments);
    // SAFETY: the pointers are valid.
    ok(unsafe { ixGraphAddKernelNode(&mut node, graph, needs.as_ptr(), needs.len(), &params) });
    node
}

/// A linear copy; addresses say what they are.
pub fn linear(to: u64, from: u64, bytes: usize) -> IX_MEMCPY3D {
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

pub fn add_copy(graph: IXgraph, needs: &[IXgraphNode], params: &IX_MEMCPY3D) -> IXgraphNode {
    let mut node = IXgraphNode::default();
    // SAFETY: the pointers are valid.
    ok(unsafe { ixGraphAddMemcpyNode(&mut node, graph, needs.as_ptr(), needs.len(), params, IXcontext(0)) });
    node
}

pub fn instantiate(graph: IXgraph) -> IXgraphExec {
    let mut exec = IXgraphExec::default();
    // SAFETY: the pointer is valid.
    ok(unsafe { ixGraphInstantiate(&mut exec, graph, 0) });
    exec
}

pub fn run(exec: IXgraphExec, stream: IXstream) {
    // SAFETY: no pointers.
    unsafe {
        ok(ixGraphLaunch(exec, stream));
        ok(ixStreamSynchronize(stream));
    }
}

pub fn list(f: impl Fn(*mut IXgraphNode, *mut usize) -> IXresult) -> Vec<IXgraphNode> {
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

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Graphs.

use crate::api::{attributes, graph_any, graph_execs, graph_nodes, graphs};
use std::ffi::{c_char, c_uint, c_ulonglong, c_void};

api! { GRAPHS: "Graphs" {
    /// An empty graph. `flags` must be 0.
    ixGraphCreate(graph: *mut IXgraph, flags: c_uint)
        = graphs::create, [cuGraphCreate@10000];
    /// Destroys a graph and its nodes. What was instantiated from it stays.
    ixGraphDestroy(graph: IXgraph)
        = graphs::destroy, [cuGraphDestroy@10000];
    /// A copy of a graph, with copies of its child graphs.
    ixGraphClone(clone: *mut IXgraph, original: IXgraph)
        = graphs::clone, [cuGraphClone@10000];
    /// The node of a clone that was made from a node.
    ixGraphNodeFindInClone(node: *mut IXgraphNode, original: IXgraphNode, clone: IXgraph)
        = graphs::find_in_clone, [cuGraphNodeFindInClone@10000];
    /// All nodes of a graph; with `nodes` null, their number.
    ixGraphGetNodes(graph: IXgraph, nodes: *mut IXgraphNode, count: *mut usize)
        = graphs::get_nodes, [cuGraphGetNodes@10000];
    /// Likewise those that depend on no others.
    ixGraphGetRootNodes(graph: IXgraph, nodes: *mut IXgraphNode, count: *mut usize)
        = graphs::get_root_nodes, [cuGraphGetRootNodes@10000];
    /// All dependencies of a graph; with the lists null, their number. `edges` may be null.
    ixGraphGetEdges(graph: IXgraph, from: *mut IXgraphNode, to: *mut IXgraphNode, edges: *mut IXgraphEdgeData, count: *mut usize)
        = graphs::get_edges_v2, [cuGraphGetEdges_v2@12030];
    /// Likewise, without data.
    cuda_only(graph: IXgraph, from: *mut IXgraphNode, to: *mut IXgraphNode, count: *mut usize)
        = graphs::get_edges, [cuGraphGetEdges@10000];
    /// The nodes that a node depends on; with `nodes` null, their number. `edges` may be null.
    ixGraphNodeGetDependencies(node: IXgraphNode, nodes: *mut IXgraphNode, edges: *mut IXgraphEdgeData, count: *mut usize)
        = graphs::get_dependencies_v2, [cuGraphNodeGetDependencies_v2@12030];
    /// Likewise, without data.
    cuda_only(node: IXgraphNode, nodes: *mut IXgraphNode, count: *mut usize)
        = graphs::get_dependencies, [cuGraphNodeGetDependencies@10000];
    /// The nodes that depend on a node; with `nodes` null, their number. `edges` may be null.
    ixGraphNodeGetDependentNodes(node: IXgraphNode, nodes: *mut IXgraphNode, edges: *mut IXgraphEdgeData, count: *mut usize)
        = graphs::get_dependents_v2, [cuGraphNodeGetDependentNodes_v2@12030];
    /// Likewise, without data.
    cuda_only(node: IXgraphNode, nodes: *mut IXgraphNode, count: *mut usize)
        = graphs::get_dependents, [cuGraphNodeGetDependentNodes@10000];
    /// Adds dependencies: each node of `to` on the one of `from` in the same place. `edges` may be null.
    ixGraphAddDependencies(graph: IXgraph, from: *const IXgraphNode, to: *const IXgraphNode, edges: *const IXgraphEdgeData, count: usize)
        = graphs::add_dependencies_v2, [cuGraphAddDependencies_v2@12030];
    /// Likewise, without data.
    cuda_only(graph: IXgraph, from: *const IXgraphNode, to: *const IXgraphNode, count: usize)
        = graphs::add_dependencies, [cuGraphAddDependencies@10000];
    /// Removes dependencies.
    ixGraphRemoveDependencies(graph: IXgraph, from: *const IXgraphNode, to: *const IXgraphNode, edges: *const IXgraphEdgeData, count: usize)
        = graphs::remove_dependencies_v2, [cuGraphRemoveDependencies_v2@12030];
    /// Likewise, without data.
    cuda_only(graph: IXgraph, from: *const IXgraphNode, to: *const IXgraphNode, count: usize)
        = graphs::remove_dependencies, [cuGraphRemoveDependencies@10000];
    /// Removes a node from its graph.
    ixGraphDestroyNode(node: IXgraphNode)
        = graphs::destroy_node, [cuGraphDestroyNode@10000];
    /// What kind of node it is.
    ixGraphNodeGetType(node: IXgraphNode, r#type: *mut IXgraphNodeType)
        = graphs::node_type, [cuGraphNodeGetType@10000];
    /// The number of a graph.
    ixGraphGetId(graph: IXgraph, id: *mut c_uint)
        = graphs::graph_id, [cuGraphGetId@13010];
    /// The graph of a node.
    ixGraphNodeGetContainingGraph(node: IXgraphNode, graph: *mut IXgraph)
        = graphs::node_graph, [cuGraphNodeGetContainingGraph@13010];
    /// The number of a node in its graph.
    ixGraphNodeGetLocalId(node: IXgraphNode, id: *mut c_uint)
        = graphs::node_local_id, [cuGraphNodeGetLocalId@13010];
    /// The number of a node among all nodes of the process.
    ixGraphNodeGetToolsId(node: IXgraphNode, id: *mut c_ulonglong)
        = graphs::node_tools_id, [cuGraphNodeGetToolsId@13010];
    /// Writes a graph as text for the program `dot`.
    ixGraphDebugDotPrint(graph: IXgraph, path: *const c_char, flags: c_uint)
        = graphs::debug_dot, [cuGraphDebugDotPrint@11030];
    /// Adds a node that launches a kernel; the arguments are copied.
    ixGraphAddKernelNode(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize, params: *const IX_KERNEL_NODE_PARAMS_v2)
        = graph_nodes::add_kernel_v2, [cuGraphAddKernelNode_v2@12000];
    /// Likewise, as before CUDA 12.
    cuda_only(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize, params: *const IX_KERNEL_NODE_PARAMS_v1)
        = graph_nodes::add_kernel, [cuGraphAddKernelNode@10000];
    /// What it launches.
    ixGraphKernelNodeGetParams(node: IXgraphNode, params: *mut IX_KERNEL_NODE_PARAMS_v2)
        = graph_nodes::get_kernel_v2, [cuGraphKernelNodeGetParams_v2@12000];
    /// Likewise, as before CUDA 12.
    cuda_only(node: IXgraphNode, params: *mut IX_KERNEL_NODE_PARAMS_v1)
        = graph_nodes::get_kernel, [cuGraphKernelNodeGetParams@10000];
    /// Changes what it launches.
    ixGraphKernelNodeSetParams(node: IXgraphNode, params: *const IX_KERNEL_NODE_PARAMS_v2)
        = graph_nodes::set_kernel_v2, [cuGraphKernelNodeSetParams_v2@12000];
    /// Likewise, as before CUDA 12.
    cuda_only(node: IXgraphNode, params: *const IX_KERNEL_NODE_PARAMS_v1)
        = graph_nodes::set_kernel, [cuGraphKernelNodeSetParams@10000];
    /// Adds a node that copies a box. Memory that is not pinned is read or written when the node runs.
    ixGraphAddMemcpyNode(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize, params: *const IX_MEMCPY3D, context: IXcontext)
        = graph_nodes::add_copy, [cuGraphAddMemcpyNode@10000];
    /// What it copies.
    ixGraphMemcpyNodeGetParams(node: IXgraphNode, params: *mut IX_MEMCPY3D)
        = graph_nodes::get_copy, [cuGraphMemcpyNodeGetParams@10000];
    /// Changes what it copies.
    ixGraphMemcpyNodeSetParams(node: IXgraphNode, params: *const IX_MEMCPY3D)
        = graph_nodes::set_copy, [cuGraphMemcpyNodeSetParams@10000];
    /// Adds a node that fills memory.
    ixGraphAddMemsetNode(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize, params: *const IX_MEMSET_NODE_PARAMS, context: IXcontext)
        = graph_nodes::add_fill, [cuGraphAddMemsetNode@10000];
    /// What it fills.
    ixGraphMemsetNodeGetParams(node: IXgraphNode, params: *mut IX_MEMSET_NODE_PARAMS)
        = graph_nodes::get_fill, [cuGraphMemsetNodeGetParams@10000];
    /// Changes what it fills.
    ixGraphMemsetNodeSetParams(node: IXgraphNode, params: *const IX_MEMSET_NODE_PARAMS)
        = graph_nodes::set_fill, [cuGraphMemsetNodeSetParams@10000];
    /// Adds a node that calls a function of the program; see ixLaunchHostFunc.
    ixGraphAddHostNode(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize, params: *const IX_HOST_NODE_PARAMS)
        = graph_nodes::add_host, [cuGraphAddHostNode@10000];
    /// What it calls.
    ixGraphHostNodeGetParams(node: IXgraphNode, params: *mut IX_HOST_NODE_PARAMS)
        = graph_nodes::get_host, [cuGraphHostNodeGetParams@10000];
    /// Changes what it calls.
    ixGraphHostNodeSetParams(node: IXgraphNode, params: *const IX_HOST_NODE_PARAMS)
        = graph_nodes::set_host, [cuGraphHostNodeSetParams@10000];
    /// Adds a node that runs a copy of another graph.
    ixGraphAddChildGraphNode(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize, child: IXgraph)
        = graph_nodes::add_child, [cuGraphAddChildGraphNode@10000];
    /// That copy, which may be changed, and is destroyed with the node.
    ixGraphChildGraphNodeGetGraph(node: IXgraphNode, graph: *mut IXgraph)
        = graph_nodes::get_child, [cuGraphChildGraphNodeGetGraph@10000];
    /// Adds a node that does nothing, in order.
    ixGraphAddEmptyNode(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize)
        = graph_nodes::add_empty, [cuGraphAddEmptyNode@10000];
    /// Adds a node that records an event.
    ixGraphAddEventRecordNode(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize, event: IXevent)
        = graph_nodes::add_event_record, [cuGraphAddEventRecordNode@11010];
    /// The event it records.
    ixGraphEventRecordNodeGetEvent(node: IXgraphNode, event: *mut IXevent)
        = graph_nodes::get_event_record, [cuGraphEventRecordNodeGetEvent@11010];
    /// Changes the event it records.
    ixGraphEventRecordNodeSetEvent(node: IXgraphNode, event: IXevent)
        = graph_nodes::set_event_record, [cuGraphEventRecordNodeSetEvent@11010];
    /// Adds a node that waits for an event, as it was recorded last when the graph is launched.
    ixGraphAddEventWaitNode(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize, event: IXevent)
        = graph_nodes::add_event_wait, [cuGraphAddEventWaitNode@11010];
    /// The event it waits for.
    ixGraphEventWaitNodeGetEvent(node: IXgraphNode, event: *mut IXevent)
        = graph_nodes::get_event_wait, [cuGraphEventWaitNodeGetEvent@11010];
    /// Changes the event it waits for.
    ixGraphEventWaitNodeSetEvent(node: IXgraphNode, event: IXevent)
        = graph_nodes::set_event_wait, [cuGraphEventWaitNodeSetEvent@11010];
    /// Adds a node that gives memory back that a graph takes.
    ixGraphAddMemFreeNode(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize, address: IXdeviceptr)
        = graph_nodes::add_give, [cuGraphAddMemFreeNode@11040];
    /// The address of the memory it gives back.
    ixGraphMemFreeNodeGetParams(node: IXgraphNode, address: *mut IXdeviceptr)
        = graph_nodes::get_give, [cuGraphMemFreeNodeGetParams@11040];
    /// Adds a node that waits for values in memory and stores some; see ixStreamBatchMemOp.
    ixGraphAddBatchMemOpNode(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize, params: *const IX_BATCH_MEM_OP_NODE_PARAMS)
        = graph_nodes::add_mem_ops, [cuGraphAddBatchMemOpNode@11070];
    /// What it waits for and stores.
    ixGraphBatchMemOpNodeGetParams(node: IXgraphNode, params: *mut IX_BATCH_MEM_OP_NODE_PARAMS)
        = graph_nodes::get_mem_ops, [cuGraphBatchMemOpNodeGetParams@11070];
    /// Changes what it waits for and stores.
    ixGraphBatchMemOpNodeSetParams(node: IXgraphNode, params: *const IX_BATCH_MEM_OP_NODE_PARAMS)
        = graph_nodes::set_mem_ops, [cuGraphBatchMemOpNodeSetParams@11070];
    /// Makes a graph that can run, in the current context.
    ixGraphInstantiate(exec: *mut IXgraphExec, graph: IXgraph, flags: c_ulonglong)
        = graph_execs::instantiate_with_flags, [cuGraphInstantiateWithFlags@11040];
    /// Likewise, as before CUDA 12: with a place for the node that is wrong, and a log.
    cuda_only(exec: *mut IXgraphExec, graph: IXgraph, bad_node: *mut IXgraphNode, log: *mut c_char, size: usize)
        = graph_execs::instantiate, [cuGraphInstantiate@10000 cuGraphInstantiate_v2@11000];
    /// Likewise, and says what came of it.
    ixGraphInstantiateWithParams(exec: *mut IXgraphExec, graph: IXgraph, params: *mut IX_GRAPH_INSTANTIATE_PARAMS)
        = graph_execs::instantiate_with_params, [cuGraphInstantiateWithParams@12000 cuGraphInstantiateWithParams_ptsz@12000];
    /// Destroys it, once it has run to its end.
    ixGraphExecDestroy(exec: IXgraphExec)
        = graph_execs::destroy, [cuGraphExecDestroy@10000];
    /// The flags it was instantiated with.
    ixGraphExecGetFlags(exec: IXgraphExec, flags: *mut c_ulonglong)
        = graph_execs::get_flags, [cuGraphExecGetFlags@12000];
    /// The number of a graph that can run.
    ixGraphExecGetId(exec: IXgraphExec, id: *mut c_uint)
        = graph_execs::get_id, [cuGraphExecGetId@13010];
    /// Prepares the next launch.
    ixGraphUpload(exec: IXgraphExec, stream: IXstream)
        = graph_execs::upload, [cuGraphUpload@11010 cuGraphUpload_ptsz@11010];
    /// Runs it in a stream, after its earlier launches.
    ixGraphLaunch(exec: IXgraphExec, stream: IXstream)
        = graph_execs::launch, [cuGraphLaunch@10000 cuGraphLaunch_ptsz@10000];
    /// Changes what a node launches, from the next launch of the graph on.
    ixGraphExecKernelNodeSetParams(exec: IXgraphExec, node: IXgraphNode, params: *const IX_KERNEL_NODE_PARAMS_v2)
        = graph_execs::set_kernel_v2, [cuGraphExecKernelNodeSetParams_v2@12000];
    /// Likewise, as before CUDA 12.
    cuda_only(exec: IXgraphExec, node: IXgraphNode, params: *const IX_KERNEL_NODE_PARAMS_v1)
        = graph_execs::set_kernel, [cuGraphExecKernelNodeSetParams@10010];
    /// Likewise what a node copies.
    ixGraphExecMemcpyNodeSetParams(exec: IXgraphExec, node: IXgraphNode, params: *const IX_MEMCPY3D, context: IXcontext)
        = graph_execs::set_copy, [cuGraphExecMemcpyNodeSetParams@10020];
    /// Likewise what a node fills.
    ixGraphExecMemsetNodeSetParams(exec: IXgraphExec, node: IXgraphNode, params: *const IX_MEMSET_NODE_PARAMS, context: IXcontext)
        = graph_execs::set_fill, [cuGraphExecMemsetNodeSetParams@10020];
    /// Likewise what a node calls.
    ixGraphExecHostNodeSetParams(exec: IXgraphExec, node: IXgraphNode, params: *const IX_HOST_NODE_PARAMS)
        = graph_execs::set_host, [cuGraphExecHostNodeSetParams@10020];
    /// Likewise the graph that a node runs, to one of the same shape.
    ixGraphExecChildGraphNodeSetParams(exec: IXgraphExec, node: IXgraphNode, child: IXgraph)
        = graph_execs::set_child, [cuGraphExecChildGraphNodeSetParams@11010];
    /// Likewise the event that a node records.
    ixGraphExecEventRecordNodeSetEvent(exec: IXgraphExec, node: IXgraphNode, event: IXevent)
        = graph_execs::set_event_record, [cuGraphExecEventRecordNodeSetEvent@11010];
    /// Likewise the event that a node waits for.
    ixGraphExecEventWaitNodeSetEvent(exec: IXgraphExec, node: IXgraphNode, event: IXevent)
        = graph_execs::set_event_wait, [cuGraphExecEventWaitNodeSetEvent@11010];
    /// Likewise what a node waits for and stores.
    ixGraphExecBatchMemOpNodeSetParams(exec: IXgraphExec, node: IXgraphNode, params: *const IX_BATCH_MEM_OP_NODE_PARAMS)
        = graph_execs::set_mem_ops, [cuGraphExecBatchMemOpNodeSetParams@11070];
    /// Makes a kernel, copy or fill node run or not, from the next launch of the graph on.
    ixGraphNodeSetEnabled(exec: IXgraphExec, node: IXgraphNode, enabled: c_uint)
        = graph_execs::set_enabled, [cuGraphNodeSetEnabled@11060];
    /// Whether a node runs.
    ixGraphNodeGetEnabled(exec: IXgraphExec, node: IXgraphNode, enabled: *mut c_uint)
        = graph_execs::get_enabled, [cuGraphNodeGetEnabled@11060];
    /// Changes all nodes to what those of a graph of the same shape do.
    ixGraphExecUpdate(exec: IXgraphExec, graph: IXgraph, result: *mut IXgraphExecUpdateResultInfo)
        = graph_execs::update_v2, [cuGraphExecUpdate_v2@12000];
    /// Likewise, as before CUDA 12.
    cuda_only(exec: IXgraphExec, graph: IXgraph, bad_node: *mut IXgraphNode, result: *mut IXgraphExecUpdateResult)
        = graph_execs::update, [cuGraphExecUpdate@10020];
    /// An object of the program with `count` references, for which `destroy` is called when the last one
    /// is given back.
    ixUserObjectCreate(object: *mut IXuserObject, data: *mut c_void, destroy: IXhostFn, count: c_uint, flags: c_uint)
        = graphs::object_create, [cuUserObjectCreate@11030];
    /// Takes references to an object.
    ixUserObjectRetain(object: IXuserObject, count: c_uint)
        = graphs::object_retain, [cuUserObjectRetain@11030];
    /// Gives references to an object back.
    ixUserObjectRelease(object: IXuserObject, count: c_uint)
        = graphs::object_release, [cuUserObjectRelease@11030];
    /// Makes a graph hold references to an object, and its clones too.
    ixGraphRetainUserObject(graph: IXgraph, object: IXuserObject, count: c_uint, flags: c_uint)
        = graphs::graph_retain_object, [cuGraphRetainUserObject@11030];
    /// Makes a graph give references to an object back.
    ixGraphReleaseUserObject(graph: IXgraph, object: IXuserObject, count: c_uint)
        = graphs::graph_release_object, [cuGraphReleaseUserObject@11030];
    /// An attribute of a kernel node: see IXlaunchAttributeID.
    ixGraphKernelNodeGetAttribute(node: IXgraphNode, attribute: IXlaunchAttributeID, value: *mut IXlaunchAttributeValue)
        = attributes::node_get, [cuGraphKernelNodeGetAttribute@11000];
    /// Sets an attribute of a kernel node.
    ixGraphKernelNodeSetAttribute(node: IXgraphNode, attribute: IXlaunchAttributeID, value: *const IXlaunchAttributeValue)
        = attributes::node_set, [cuGraphKernelNodeSetAttribute@11000];
    /// Gives a kernel node the attributes of another one.
    ixGraphKernelNodeCopyAttributes(to: IXgraphNode, from: IXgraphNode) = attributes::node_copy, [cuGraphKernelNodeCopyAttributes@11000];
    /// Adds a node that takes memory, at the address that is stored in `params`.
    /// Differs: of the current context's device only.
    ixGraphAddMemAllocNode(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize, params: *mut IX_MEM_ALLOC_NODE_PARAMS)
        = graph_any::add_take, [cuGraphAddMemAllocNode@11040];
    /// What it takes.
    ixGraphMemAllocNodeGetParams(node: IXgraphNode, params: *mut IX_MEM_ALLOC_NODE_PARAMS)
        = graph_any::get_take, [cuGraphMemAllocNodeGetParams@11040];
    /// How much memory a device's graphs have.
    ixDeviceGetGraphMemAttribute(device: IXdevice, attribute: IXgraphMem_attribute, value: *mut c_void)
        = graph_any::get_memory_attribute, [cuDeviceGetGraphMemAttribute@11040];
    /// Sets the most so far to what there is now.
    ixDeviceSetGraphMemAttribute(device: IXdevice, attribute: IXgraphMem_attribute, value: *mut c_void)
        = graph_any::set_memory_attribute, [cuDeviceSetGraphMemAttribute@11040];
    /// Gives memory back that no graph reserves: there is none.
    ixDeviceGraphMemTrim(device: IXdevice) = graph_any::trim_memory, [cuDeviceGraphMemTrim@11040];
    /// Adds a node of any type.
    /// Differs: semaphores and conditional nodes are IX_ERROR_NOT_SUPPORTED.
    ixGraphAddNode(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, edges: *const IXgraphEdgeData, count: usize, params: *mut IXgraphNodeParams)
        = graph_any::add_any_v2, [cuGraphAddNode_v2@12030];
    /// Likewise, without data of edges.
    cuda_only(node: *mut IXgraphNode, graph: IXgraph, dependencies: *const IXgraphNode, count: usize, params: *mut IXgraphNodeParams)
        = graph_any::add_any, [cuGraphAddNode@12020];
    /// Changes what a node does.
    ixGraphNodeSetParams(node: IXgraphNode, params: *mut IXgraphNodeParams) = graph_any::set_any, [cuGraphNodeSetParams@12020];
    /// What a node does.
    ixGraphNodeGetParams(node: IXgraphNode, params: *mut IXgraphNodeParams) = graph_any::get_any, [cuGraphNodeGetParams@13020];
    /// Changes what a node does in an instantiated graph.
    ixGraphExecNodeSetParams(exec: IXgraphExec, node: IXgraphNode, params: *mut IXgraphNodeParams)
        = graph_any::set_any_in_exec, [cuGraphExecNodeSetParams@12020];
} absent {
    cuGraphAddNode_v3@13041;
    cuGraphNodeSetParams_v2@13041;
    cuGraphAddExternalSemaphoresSignalNode@11020;
    cuGraphAddExternalSemaphoresWaitNode@11020;
    cuGraphConditionalHandleCreate@12030;
    cuGraphExecExternalSemaphoresSignalNodeSetParams@11020;
    cuGraphExecExternalSemaphoresWaitNodeSetParams@11020;
    cuGraphExternalSemaphoresSignalNodeGetParams@11020;
    cuGraphExternalSemaphoresSignalNodeSetParams@11020;
    cuGraphExternalSemaphoresWaitNodeGetParams@11020;
    cuGraphExternalSemaphoresWaitNodeSetParams@11020;
} }

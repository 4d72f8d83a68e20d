// SPDX-License-Identifier: Apache-2.0 OR MIT
/* Graphs: by hand, by capture, updated, cloned, launched. */
#define SUBJECT "graphs"
#include "harness.h"

static CUgraph graph(void)
{
    CUgraph made = NULL;
    context();
    OK(cuGraphCreate(&made, 0));
    return made;
}

/* The arguments of a kernel node, which are read when it is added. */
static CUdeviceptr word_argument;
static uint32_t value_argument, n_argument = 1;
static void *fill_arguments[] = {&word_argument, &value_argument, &n_argument};

static CUDA_KERNEL_NODE_PARAMS fills(CUdeviceptr word, uint32_t value)
{
    word_argument = word, value_argument = value;
    CUDA_KERNEL_NODE_PARAMS params = {.func = kernel("fill"), .gridDimX = 1, .gridDimY = 1, .gridDimZ = 1,
                                      .blockDimX = 1, .blockDimY = 1, .blockDimZ = 1, .kernelParams = fill_arguments};
    return params;
}

static CUgraphNode fill_node(CUgraph in, const CUgraphNode *after, size_t count, CUdeviceptr word, uint32_t value)
{
    CUgraphNode node = NULL;
    CUDA_KERNEL_NODE_PARAMS params = fills(word, value);
    OK(cuGraphAddKernelNode(&node, in, after, count, &params));
    return node;
}

static CUgraphExec instantiate(CUgraph from)
{
    CUgraphExec exec = NULL;
    OK(cuGraphInstantiate(&exec, from, 0));
    return exec;
}

static void run(CUgraphExec exec)
{
    CUstream in = stream();
    OK(cuGraphLaunch(exec, in));
    OK(cuStreamSynchronize(in));
    OK(cuStreamDestroy(in));
}

/* 6.24 Graph Management, cuGraphCreate: "flags must be 0" */
CASE(flags_must_be_zero)
{
    context();
    CUgraph made;
    INVALID(cuGraphCreate(&made, 1));
    INVALID(cuGraphCreate(NULL, 0));
}

/* 6.24 Graph Management, cuGraphLaunch: an empty graph does nothing */
CASE(an_empty_graph_runs)
{
    CUgraph made = graph();
    CUgraphExec exec = instantiate(made);
    run(exec);
    OK(cuGraphExecDestroy(exec));
    OK(cuGraphDestroy(made));
}

/* 6.24 Graph Management, cuGraphAddKernelNode: "any argument array ... copied"; nodes run after what they depend on */
CASE(kernel_nodes_run_in_order)
{
    CUdeviceptr word = device_memory(4);
    CUgraph made = graph();
    CUgraphNode last = NULL;
    for (uint32_t i = 1; i <= 10; i++)
        last = fill_node(made, last ? &last : NULL, last ? 1 : 0, word, i);
    CUgraphExec exec = instantiate(made);
    EQ(word_at(word), 0);
    run(exec);
    EQ(word_at(word), 10);
    OK(cuMemsetD32(word, 0, 1));
    run(exec);
    EQ(word_at(word), 10);
    OK(cuGraphExecDestroy(exec));
    OK(cuGraphDestroy(made));
}

/* 6.24 Graph Management, cuGraphDestroy: what was instantiated stays */
CASE(execs_outlive_their_graph)
{
    CUdeviceptr word = device_memory(4);
    CUgraph made = graph();
    fill_node(made, NULL, 0, word, 3);
    CUgraphExec exec = instantiate(made);
    OK(cuGraphDestroy(made));
    run(exec);
    EQ(word_at(word), 3);
    OK(cuGraphExecDestroy(exec));
    GIVES_EITHER(CUDA_ERROR_INVALID_VALUE, CUDA_ERROR_INVALID_HANDLE, cuGraphDestroy(made));
}

/* 6.24 Graph Management, cuGraphAddMemsetNode: element size, width, height, pitch */
CASE(memset_nodes)
{
    CUdeviceptr at = device_memory(64);
    CUgraph made = graph();
    CUgraphNode node;
    CUDA_MEMSET_NODE_PARAMS params = {.dst = at, .pitch = 16, .value = 0x0a0b0c0d, .elementSize = 4, .width = 2, .height = 3};
    OK(cuGraphAddMemsetNode(&node, made, NULL, 0, &params, context()));
    CUDA_MEMSET_NODE_PARAMS got;
    OK(cuGraphMemsetNodeGetParams(node, &got));
    EQ(got.dst, at);
    EQ(got.value, 0x0a0b0c0d);
    EQ(got.width, 2);
    EQ(got.height, 3);
    CUgraphExec exec = instantiate(made);
    run(exec);
    EQ(word_at(at + 36), 0x0a0b0c0d);
    EQ(word_at(at + 40), 0);
    EQ(word_at(at + 48), 0);
    params.elementSize = 3;
    INVALID(cuGraphAddMemsetNode(&node, made, NULL, 0, &params, context()));
}

/* 6.24 Graph Management, cuGraphAddMemcpyNode */
CASE(memcpy_nodes)
{
    uint32_t *from = pinned(16), *to = pinned(16);
    CUdeviceptr at = device_memory(16);
    CUgraph made = graph();
    CUgraphNode in, out;
    for (uint32_t i = 0; i < 4; i++)
        from[i] = i + 5;
    CUDA_MEMCPY3D there = {.srcMemoryType = CU_MEMORYTYPE_HOST, .srcHost = from, .srcPitch = 16, .srcHeight = 1,
                           .dstMemoryType = CU_MEMORYTYPE_DEVICE, .dstDevice = at, .dstPitch = 16, .dstHeight = 1,
                           .WidthInBytes = 16, .Height = 1, .Depth = 1};
    CUDA_MEMCPY3D back = {.srcMemoryType = CU_MEMORYTYPE_DEVICE, .srcDevice = at, .srcPitch = 16, .srcHeight = 1,
                          .dstMemoryType = CU_MEMORYTYPE_HOST, .dstHost = to, .dstPitch = 16, .dstHeight = 1,
                          .WidthInBytes = 16, .Height = 1, .Depth = 1};
    OK(cuGraphAddMemcpyNode(&in, made, NULL, 0, &there, context()));
    OK(cuGraphAddMemcpyNode(&out, made, &in, 1, &back, context()));
    CUgraphExec exec = instantiate(made);
    run(exec);
    EQ(to[3], 8);
    from[3] = 99;
    run(exec);
    EQ(to[3], 99);
    OK(cuGraphExecDestroy(exec));
}

static void add_ten(void *data)
{
    *(volatile int *)data += 10;
}

/* 6.24 Graph Management, cuGraphAddHostNode */
CASE(host_nodes_are_called_at_each_launch)
{
    volatile int number = 0;
    CUgraph made = graph();
    CUgraphNode node;
    CUDA_HOST_NODE_PARAMS params = {add_ten, (void *)&number}, got;
    OK(cuGraphAddHostNode(&node, made, NULL, 0, &params));
    OK(cuGraphHostNodeGetParams(node, &got));
    CHECK(got.fn == add_ten);
    EQ(got.userData, &number);
    CUgraphExec exec = instantiate(made);
    EQ(number, 0);
    run(exec);
    run(exec);
    EQ(number, 20);
    OK(cuGraphExecDestroy(exec));
}

/* 6.24 Graph Management, cuGraphAddChildGraphNode: "the child graph is cloned" */
CASE(child_graphs_are_copies)
{
    CUdeviceptr words = device_memory(8);
    CUgraph child = graph(), made = graph();
    fill_node(child, NULL, 0, words, 1);
    CUgraphNode node;
    OK(cuGraphAddChildGraphNode(&node, made, NULL, 0, child));
    fill_node(child, NULL, 0, words + 4, 2);
    CUgraph inside;
    size_t count = 0;
    OK(cuGraphChildGraphNodeGetGraph(node, &inside));
    NE(inside, child);
    OK(cuGraphGetNodes(inside, NULL, &count));
    EQ(count, 1);
    run(instantiate(made));
    EQ(word_at(words), 1);
    EQ(word_at(words + 4), 0);
}

/* 6.24 Graph Management, cuGraphNodeGetType */
CASE(nodes_know_their_type)
{
    CUdeviceptr word = device_memory(4);
    CUgraph made = graph();
    CUgraphNode empty, records;
    CUgraphNodeType type;
    CUevent which = event(), got = NULL;
    OK(cuGraphNodeGetType(fill_node(made, NULL, 0, word, 1), &type));
    EQ(type, CU_GRAPH_NODE_TYPE_KERNEL);
    OK(cuGraphAddEmptyNode(&empty, made, NULL, 0));
    OK(cuGraphNodeGetType(empty, &type));
    EQ(type, CU_GRAPH_NODE_TYPE_EMPTY);
    OK(cuGraphAddEventRecordNode(&records, made, &empty, 1, which));
    OK(cuGraphNodeGetType(records, &type));
    EQ(type, CU_GRAPH_NODE_TYPE_EVENT_RECORD);
    OK(cuGraphEventRecordNodeGetEvent(records, &got));
    EQ(got, which);
}

/* 6.24 Graph Management, cuGraphGetNodes, cuGraphGetRootNodes, cuGraphGetEdges: "If nodes is NULL, returns the number" */
CASE(nodes_roots_and_edges)
{
    CUdeviceptr word = device_memory(4);
    CUgraph made = graph();
    CUgraphNode a = fill_node(made, NULL, 0, word, 1), b = fill_node(made, NULL, 0, word, 2), list[4];
    CUgraphNode both[] = {a, b}, c = fill_node(made, both, 2, word, 3), from[4], to[4];
    size_t count = 0;
    OK(cuGraphGetNodes(made, NULL, &count));
    EQ(count, 3);
    OK(cuGraphGetRootNodes(made, NULL, &count));
    EQ(count, 2);
    count = 4;
    OK(cuGraphGetRootNodes(made, list, &count));
    EQ(count, 2);
    /* "If numRootNodes is higher than the actual number of root nodes, the remaining entries ... will be set to NULL" */
    EQ(list[2], NULL);
    CHECK((list[0] == a && list[1] == b) || (list[0] == b && list[1] == a));
    OK(cuGraphGetEdges(made, NULL, NULL, &count));
    EQ(count, 2);
    OK(cuGraphGetEdges(made, from, to, &count));
    EQ(to[0], c);
    EQ(to[1], c);
    NE(from[0], from[1]);
    count = 4;
    OK(cuGraphNodeGetDependencies(c, list, &count));
    EQ(count, 2);
    count = 4;
    OK(cuGraphNodeGetDependentNodes(a, list, &count));
    EQ(count, 1);
    EQ(list[0], c);
}

/* 6.24 Graph Management, cuGraphAddDependencies, cuGraphRemoveDependencies */
CASE(dependencies_are_added_and_removed)
{
    CUgraph made = graph();
    CUgraphNode a, b;
    size_t count = 9;
    OK(cuGraphAddEmptyNode(&a, made, NULL, 0));
    OK(cuGraphAddEmptyNode(&b, made, NULL, 0));
    OK(cuGraphAddDependencies(made, &a, &b, 1));
    OK(cuGraphNodeGetDependencies(b, NULL, &count));
    EQ(count, 1);
    INVALID(cuGraphAddDependencies(made, &a, &b, 1));
    OK(cuGraphRemoveDependencies(made, &a, &b, 1));
    OK(cuGraphNodeGetDependencies(b, NULL, &count));
    EQ(count, 0);
    INVALID(cuGraphRemoveDependencies(made, &a, &b, 1));
}

/* 6.24 Graph Management, cuGraphInstantiate: a cycle cannot be instantiated */
CASE(cycles_are_refused)
{
    CUgraph made = graph();
    CUgraphNode a, b;
    OK(cuGraphAddEmptyNode(&a, made, NULL, 0));
    OK(cuGraphAddEmptyNode(&b, made, &a, 1));
    CUresult got = cuGraphAddDependencies(made, &b, &a, 1);
    CUgraphExec exec;
    if (got == CUDA_SUCCESS)
        INVALID(cuGraphInstantiate(&exec, made, 0));
    else
        EQ(got, CUDA_ERROR_INVALID_VALUE);
}

/* 6.24 Graph Management, cuGraphDestroyNode */
CASE(destroyed_nodes_do_not_run)
{
    CUdeviceptr words = device_memory(8);
    CUgraph made = graph();
    CUgraphNode a = fill_node(made, NULL, 0, words, 1);
    fill_node(made, &a, 1, words + 4, 2);
    size_t count = 0;
    OK(cuGraphDestroyNode(a));
    OK(cuGraphGetNodes(made, NULL, &count));
    EQ(count, 1);
    run(instantiate(made));
    EQ(word_at(words), 0);
    EQ(word_at(words + 4), 2);
}

/* 6.24 Graph Management, cuGraphClone, cuGraphNodeFindInClone */
CASE(clones_are_independent)
{
    CUdeviceptr word = device_memory(4);
    CUgraph made = graph(), clone = NULL;
    CUgraphNode a = fill_node(made, NULL, 0, word, 7), same = NULL;
    OK(cuGraphClone(&clone, made));
    OK(cuGraphNodeFindInClone(&same, a, clone));
    NE(same, a);
    OK(cuGraphDestroy(made));
    run(instantiate(clone));
    EQ(word_at(word), 7);
}

/* 6.24 Graph Management, cuGraphKernelNodeSetParams changes the graph, not what was instantiated */
CASE(node_params_do_not_change_execs)
{
    CUdeviceptr word = device_memory(4);
    CUgraph made = graph();
    CUgraphNode a = fill_node(made, NULL, 0, word, 1);
    CUgraphExec exec = instantiate(made);
    CUDA_KERNEL_NODE_PARAMS params = fills(word, 2), got;
    OK(cuGraphKernelNodeSetParams(a, &params));
    run(exec);
    EQ(word_at(word), 1);
    run(instantiate(made));
    EQ(word_at(word), 2);
    OK(cuGraphKernelNodeGetParams(a, &got));
    EQ(got.func, params.func);
    EQ(got.blockDimX, 1);
    EQ(*(uint32_t *)got.kernelParams[1], 2);
}

/* 6.24 Graph Management, cuGraphExecKernelNodeSetParams: "only affects future launches of hGraphExec"; hNode is unchanged */
CASE(exec_params_change_later_launches)
{
    CUdeviceptr word = device_memory(4);
    CUgraph made = graph();
    CUgraphNode a = fill_node(made, NULL, 0, word, 1);
    CUgraphExec exec = instantiate(made);
    run(exec);
    EQ(word_at(word), 1);
    CUDA_KERNEL_NODE_PARAMS params = fills(word, 5);
    OK(cuGraphExecKernelNodeSetParams(exec, a, &params));
    run(exec);
    EQ(word_at(word), 5);
    run(instantiate(made));
    EQ(word_at(word), 1);
}

/* 6.24 Graph Management, cuGraphExecUpdate: parameters of the same shape */
CASE(execs_are_updated_from_a_graph)
{
    CUdeviceptr word = device_memory(4);
    CUgraph one = graph(), other = graph(), wider = graph();
    fill_node(one, NULL, 0, word, 1);
    fill_node(other, NULL, 0, word, 2);
    fill_node(wider, NULL, 0, word, 3);
    fill_node(wider, NULL, 0, word, 3);
    CUgraphExec exec = instantiate(one);
    CUgraphExecUpdateResultInfo info = {.result = CU_GRAPH_EXEC_UPDATE_ERROR};
    OK(cuGraphExecUpdate(exec, other, &info));
    EQ(info.result, CU_GRAPH_EXEC_UPDATE_SUCCESS);
    run(exec);
    EQ(word_at(word), 2);
    /* "CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED if the graph topology changed" */
    GIVES(CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE, cuGraphExecUpdate(exec, wider, &info));
    EQ(info.result, CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED);
    run(exec);
    EQ(word_at(word), 2);
}

/* 6.24 Graph Management, cuGraphNodeSetEnabled: "Disabled nodes are functionally equivalent to empty nodes until they are
   reenabled" */
CASE(disabled_nodes_do_nothing)
{
    CUdeviceptr word = device_memory(4);
    CUgraph made = graph();
    CUgraphNode a = fill_node(made, NULL, 0, word, 1);
    CUgraphExec exec = instantiate(made);
    unsigned enabled = 9;
    OK(cuGraphNodeGetEnabled(exec, a, &enabled));
    EQ(enabled, 1);
    OK(cuGraphNodeSetEnabled(exec, a, 0));
    run(exec);
    EQ(word_at(word), 0);
    OK(cuGraphNodeSetEnabled(exec, a, 1));
    run(exec);
    EQ(word_at(word), 1);
}

static CUgraph end(CUstream in)
{
    CUgraph captured = NULL;
    OK(cuStreamEndCapture(in, &captured));
    CHECK(captured);
    return captured;
}

/* 6.18 Stream Management, cuStreamBeginCapture: "all operations pushed into the stream will not be executed, but will
   instead be captured into a graph" */
CASE(captured_work_runs_when_launched)
{
    CUstream in = stream();
    CUdeviceptr word = device_memory(4);
    uint32_t n = 1;
    OK(cuStreamBeginCapture(in, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    OK(cuMemsetD32Async(word, 40, 1, in));
    launch(kernel("add_one"), 1, 1, in, (void *[]){&word, &n});
    launch(kernel("add_one"), 1, 1, in, (void *[]){&word, &n});
    CUgraph captured = end(in);
    OK(cuStreamSynchronize(in));
    EQ(word_at(word), 0);
    size_t count = 0;
    OK(cuGraphGetNodes(captured, NULL, &count));
    EQ(count, 3);
    run(instantiate(captured));
    EQ(word_at(word), 42);
}

/* 6.18 Stream Management, cuStreamIsCapturing, cuStreamGetCaptureInfo */
CASE(capture_status)
{
    CUstream in = stream();
    CUstreamCaptureStatus status = CU_STREAM_CAPTURE_STATUS_ACTIVE;
    unsigned long long id = 0;
    OK(cuStreamIsCapturing(in, &status));
    EQ(status, CU_STREAM_CAPTURE_STATUS_NONE);
    OK(cuStreamBeginCapture(in, CU_STREAM_CAPTURE_MODE_GLOBAL));
    OK(cuStreamIsCapturing(in, &status));
    EQ(status, CU_STREAM_CAPTURE_STATUS_ACTIVE);
    OK(cuStreamGetCaptureInfo(in, &status, &id, NULL, NULL, NULL));
    NE(id, 0);
    end(in);
    OK(cuStreamIsCapturing(in, &status));
    EQ(status, CU_STREAM_CAPTURE_STATUS_NONE);
}

/* 6.18 Stream Management, cuStreamBeginCapture: "Capture may not be initiated if stream is CU_STREAM_LEGACY"; not twice */
CASE_ALONE(captures_that_cannot_begin)
{
    CUstream in = stream();
    GIVES_EITHER(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, CUDA_ERROR_INVALID_VALUE,
                 cuStreamBeginCapture(NULL, CU_STREAM_CAPTURE_MODE_RELAXED));
    INVALID(cuStreamBeginCapture(in, (CUstreamCaptureMode)9));
    OK(cuStreamBeginCapture(in, CU_STREAM_CAPTURE_MODE_RELAXED));
    GIVES_EITHER(CUDA_ERROR_ILLEGAL_STATE, CUDA_ERROR_INVALID_VALUE,
                 cuStreamBeginCapture(in, CU_STREAM_CAPTURE_MODE_RELAXED));
    CUgraph captured;
    CHECK(cuStreamEndCapture(in, &captured) != CUDA_ERROR_NOT_SUPPORTED);
    CHECK(cuStreamEndCapture(in, &captured) != CUDA_SUCCESS);
}

/* 6.18 Stream Management, cuStreamSynchronize while a stream is captured is refused and invalidates the capture */
CASE_ALONE(synchronizing_invalidates_a_capture)
{
    CUstream in = stream();
    CUgraph captured = (CUgraph)1;
    CUstreamCaptureStatus status;
    CUdeviceptr word = device_memory(4);
    OK(cuStreamBeginCapture(in, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    GIVES(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuStreamSynchronize(in));
    OK(cuStreamIsCapturing(in, &status));
    EQ(status, CU_STREAM_CAPTURE_STATUS_INVALIDATED);
    GIVES(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuMemsetD32Async(word, 0, 1, in));
    GIVES(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(in, &captured));
    EQ(captured, NULL);
    OK(cuStreamSynchronize(in));
}

/* 6.18 Stream Management: events carry a capture to other streams, which must be joined again */
CASE(captures_fork_and_join)
{
    CUstream in = stream(), side = stream();
    CUevent fork = event(), join = event();
    CUdeviceptr words = device_memory(8);
    OK(cuStreamBeginCapture(in, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    OK(cuEventRecord(fork, in));
    OK(cuStreamWaitEvent(side, fork, 0));
    OK(cuMemsetD32Async(words, 1, 1, in));
    OK(cuMemsetD32Async(words + 4, 2, 1, side));
    OK(cuEventRecord(join, side));
    OK(cuStreamWaitEvent(in, join, 0));
    CUgraph captured = end(in);
    size_t count = 0;
    OK(cuGraphGetNodes(captured, NULL, &count));
    EQ(count, 2);
    run(instantiate(captured));
    EQ(word_at(words), 1);
    EQ(word_at(words + 4), 2);
}

/* 6.1 Data types, CUDA_ERROR_STREAM_CAPTURE_UNJOINED */
CASE_ALONE(captures_must_be_joined)
{
    CUstream in = stream(), side = stream();
    CUevent fork = event();
    CUdeviceptr word = device_memory(4);
    CUgraph captured;
    OK(cuStreamBeginCapture(in, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    OK(cuEventRecord(fork, in));
    OK(cuStreamWaitEvent(side, fork, 0));
    OK(cuMemsetD32Async(word, 1, 1, side));
    GIVES(CUDA_ERROR_STREAM_CAPTURE_UNJOINED, cuStreamEndCapture(in, &captured));
}

/* 6.1 Data types, CUDA_ERROR_STREAM_CAPTURE_UNMATCHED: the capture was not begun in this stream */
CASE_ALONE(captures_end_where_they_began)
{
    CUstream in = stream(), side = stream();
    CUevent fork = event();
    CUgraph captured;
    OK(cuStreamBeginCapture(in, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    OK(cuEventRecord(fork, in));
    OK(cuStreamWaitEvent(side, fork, 0));
    GIVES(CUDA_ERROR_STREAM_CAPTURE_UNMATCHED, cuStreamEndCapture(side, &captured));
}

/* 6.1 Data types, CUDA_ERROR_CAPTURED_EVENT: "An operation on an event last recorded in a capturing stream" */
CASE_ALONE(captured_events_never_happen)
{
    CUstream in = stream();
    CUevent made = event();
    CUgraph captured;
    OK(cuStreamBeginCapture(in, CU_STREAM_CAPTURE_MODE_RELAXED));
    OK(cuEventRecord(made, in));
    GIVES(CUDA_ERROR_CAPTURED_EVENT, cuEventQuery(made));
    cuStreamEndCapture(in, &captured);
}

/* 6.1 Data types, CUDA_ERROR_STREAM_CAPTURE_IMPLICIT: the legacy stream would depend on a capturing stream */
CASE_ALONE(legacy_stream_does_not_join_captures)
{
    CUstream in = stream();
    CUdeviceptr word = device_memory(4);
    CUgraph captured;
    OK(cuStreamBeginCapture(in, CU_STREAM_CAPTURE_MODE_RELAXED));
    GIVES(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT, cuMemsetD32Async(word, 1, 1, NULL));
    cuStreamEndCapture(in, &captured);
}

/* 6.18 Stream Management, cuThreadExchangeStreamCaptureMode: returns what was set before */
CASE_ALONE(capture_mode_of_a_thread_is_exchanged)
{
    context();
    CUstreamCaptureMode mode = CU_STREAM_CAPTURE_MODE_RELAXED;
    OK(cuThreadExchangeStreamCaptureMode(&mode));
    EQ(mode, CU_STREAM_CAPTURE_MODE_GLOBAL);
    OK(cuThreadExchangeStreamCaptureMode(&mode));
    EQ(mode, CU_STREAM_CAPTURE_MODE_RELAXED);
    INVALID(cuThreadExchangeStreamCaptureMode(NULL));
}

static void note_destroyed(void *data)
{
    ++*(volatile int *)data;
}

/* 6.24 Graph Management, cuUserObjectCreate: the destructor is called when the last reference is gone */
CASE(user_objects_live_as_long_as_graphs)
{
    volatile int destroyed = 0;
    CUuserObject object;
    CUgraph made = graph();
    OK(cuUserObjectCreate(&object, (void *)&destroyed, note_destroyed, 1, CU_USER_OBJECT_NO_DESTRUCTOR_SYNC));
    OK(cuGraphRetainUserObject(made, object, 1, CU_GRAPH_USER_OBJECT_MOVE));
    EQ(destroyed, 0);
    OK(cuGraphDestroy(made));
    for (int i = 0; i < 200 && !destroyed; i++)
        milliseconds(5);
    EQ(destroyed, 1);
}

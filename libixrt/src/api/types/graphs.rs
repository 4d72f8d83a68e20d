// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Types of graphs.

types! { GRAPHS_TYPES
    handles {
        /// A graph: work that is described and run later.
        IXgraph;
        /// A node of a graph.
        IXgraphNode;
        /// A graph that can run.
        IXgraphExec;
        /// An object of the program that lives as long as graphs need it.
        IXuserObject;
    }
    enumerations {
        /// What a node does.
        IXgraphNodeType {
            /// Runs a kernel.
            IX_GRAPH_NODE_TYPE_KERNEL = 0;
            /// Copies memory.
            IX_GRAPH_NODE_TYPE_MEMCPY = 1;
            /// Fills memory.
            IX_GRAPH_NODE_TYPE_MEMSET = 2;
            /// Calls a function of the program.
            IX_GRAPH_NODE_TYPE_HOST = 3;
            /// Runs another graph.
            IX_GRAPH_NODE_TYPE_GRAPH = 4;
            /// Does nothing, in order.
            IX_GRAPH_NODE_TYPE_EMPTY = 5;
            /// Waits for an event.
            IX_GRAPH_NODE_TYPE_WAIT_EVENT = 6;
            /// Records an event.
            IX_GRAPH_NODE_TYPE_EVENT_RECORD = 7;
            /// Takes memory.
            IX_GRAPH_NODE_TYPE_MEM_ALLOC = 10;
            /// Gives memory back.
            IX_GRAPH_NODE_TYPE_MEM_FREE = 11;
            /// Waits for values in memory and stores some.
            IX_GRAPH_NODE_TYPE_BATCH_MEM_OP = 12;
        }
        /// What came of instantiating a graph.
        IXgraphInstantiateResult {
            /// It can run.
            IX_GRAPH_INSTANTIATE_SUCCESS = 0;
            /// It failed; the error code says why.
            IX_GRAPH_INSTANTIATE_ERROR = 1;
            /// The graph has a cycle or is otherwise wrong.
            IX_GRAPH_INSTANTIATE_INVALID_STRUCTURE = 2;
            /// A node cannot be launched by the device.
            IX_GRAPH_INSTANTIATE_NODE_OPERATION_NOT_SUPPORTED = 3;
            /// Nodes belong to several contexts.
            IX_GRAPH_INSTANTIATE_MULTIPLE_CTXS_NOT_SUPPORTED = 4;
        }
        /// What came of updating a graph that can run.
        IXgraphExecUpdateResult {
            /// It was updated.
            IX_GRAPH_EXEC_UPDATE_SUCCESS = 0;
            /// It failed for another reason than these.
            IX_GRAPH_EXEC_UPDATE_ERROR = 1;
            /// Nodes or edges differ.
            IX_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED = 2;
            /// A node has another type.
            IX_GRAPH_EXEC_UPDATE_ERROR_NODE_TYPE_CHANGED = 3;
            /// A node has another function; never so, as that is supported.
            IX_GRAPH_EXEC_UPDATE_ERROR_FUNCTION_CHANGED = 4;
            /// A node's parameters cannot be changed like this.
            IX_GRAPH_EXEC_UPDATE_ERROR_PARAMETERS_CHANGED = 5;
            /// Something about a node is not supported.
            IX_GRAPH_EXEC_UPDATE_ERROR_NOT_SUPPORTED = 6;
            /// A node's function changed in an unsupported way; never so.
            IX_GRAPH_EXEC_UPDATE_ERROR_UNSUPPORTED_FUNCTION_CHANGE = 7;
            /// A node has other attributes; never so.
            IX_GRAPH_EXEC_UPDATE_ERROR_ATTRIBUTES_CHANGED = 8;
        }
        /// Memory that graphs have taken on a device.
        IXgraphMem_attribute {
            /// Bytes in use.
            IX_GRAPH_MEM_ATTR_USED_MEM_CURRENT = 0;
            /// The most that were in use; may be set to 0.
            IX_GRAPH_MEM_ATTR_USED_MEM_HIGH = 1;
            /// Bytes that graphs hold.
            IX_GRAPH_MEM_ATTR_RESERVED_MEM_CURRENT = 2;
            /// The most that they held; may be set to 0.
            IX_GRAPH_MEM_ATTR_RESERVED_MEM_HIGH = 3;
        }
    }
    flags {
        /// Memory that the graph took and nobody gave back is taken again at the next launch.
        IX_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH = 0x1;
        /// Uploads the graph too; always so.
        IX_GRAPH_INSTANTIATE_FLAG_UPLOAD = 0x2;
        /// The device may launch it; not supported.
        IX_GRAPH_INSTANTIATE_FLAG_DEVICE_LAUNCH = 0x4;
        /// Nodes have priorities of their own. A hint.
        IX_GRAPH_INSTANTIATE_FLAG_USE_NODE_PRIORITY = 0x8;
        /// The picture has what the nodes do.
        IX_GRAPH_DEBUG_DOT_FLAGS_VERBOSE = 0x1;
        /// Waiting for the end of an object is not possible; must be given.
        IX_USER_OBJECT_NO_DESTRUCTOR_SYNC = 0x1;
        /// The graph takes over the program's references.
        IX_GRAPH_USER_OBJECT_MOVE = 0x1;
    }
    structures {
        /// How a node depends on another: in full, which is all zero; nothing else is supported.
        struct IXgraphEdgeData {
            from_port: u8,
            to_port: u8,
            r#type: u8,
            reserved: [u8; 5],
        }
        /// A kernel node: the arguments of ixLaunchKernel.
        struct IX_KERNEL_NODE_PARAMS_v1 {
            func: IXfunction,
            gridDimX: c_uint,
            gridDimY: c_uint,
            gridDimZ: c_uint,
            blockDimX: c_uint,
            blockDimY: c_uint,
            blockDimZ: c_uint,
            sharedMemBytes: c_uint,
            kernelParams: *mut *mut c_void,
            extra: *mut *mut c_void,
        }
        /// Likewise. When func is null, kern is the kernel of a library, and ctx the context that it
        /// runs in, or null for the current one.
        struct IX_KERNEL_NODE_PARAMS_v2 {
            func: IXfunction,
            gridDimX: c_uint,
            gridDimY: c_uint,
            gridDimZ: c_uint,
            blockDimX: c_uint,
            blockDimY: c_uint,
            blockDimZ: c_uint,
            sharedMemBytes: c_uint,
            kernelParams: *mut *mut c_void,
            extra: *mut *mut c_void,
            kern: *mut c_void,
            ctx: IXcontext,
        }
        /// A fill node: height rows of width elements of elementSize bytes.
        struct IX_MEMSET_NODE_PARAMS {
            dst: IXdeviceptr,
            pitch: usize,
            value: c_uint,
            elementSize: c_uint,
            width: usize,
            height: usize,
        }
        /// A host node.
        struct IX_HOST_NODE_PARAMS {
            r#fn: IXhostFn,
            userData: *mut c_void,
        }
        /// A node of operations on values in memory.
        struct IX_BATCH_MEM_OP_NODE_PARAMS {
            ctx: IXcontext,
            count: c_uint,
            paramArray: *mut IXstreamBatchMemOpParams,
            flags: c_uint,
        }
        /// Memory that a graph takes: bytesize bytes of the place of a pool; dptr becomes its address.
        struct IX_MEM_ALLOC_NODE_PARAMS {
            poolProps: IXmemPoolProps,
            accessDescs: *const IXmemAccessDesc,
            accessDescCount: usize,
            bytesize: usize,
            dptr: IXdeviceptr,
        }
        /// A copy, as a node of any type.
        struct IX_MEMCPY_NODE_PARAMS {
            flags: c_int,
            reserved: c_int,
            copyCtx: IXcontext,
            copyParams: IX_MEMCPY3D,
        }
        /// A fill, as a node of any type.
        struct IX_MEMSET_NODE_PARAMS_v2 {
            dst: IXdeviceptr,
            pitch: usize,
            value: c_uint,
            elementSize: c_uint,
            width: usize,
            height: usize,
            ctx: IXcontext,
        }
        /// A child graph, as a node of any type.
        struct IX_CHILD_GRAPH_NODE_PARAMS {
            graph: IXgraph,
        }
        /// An event, as a node of any type.
        struct IX_EVENT_NODE_PARAMS {
            event: IXevent,
        }
        /// An address, as a node of any type.
        struct IX_MEM_FREE_NODE_PARAMS {
            dptr: IXdeviceptr,
        }
        /// What a node does, by its type.
        union IXgraphNodeParams_union {
            reserved1: [c_ulonglong; 29],
            kernel: IX_KERNEL_NODE_PARAMS_v2,
            memcpy: IX_MEMCPY_NODE_PARAMS,
            memset: IX_MEMSET_NODE_PARAMS_v2,
            host: IX_HOST_NODE_PARAMS,
            graph: IX_CHILD_GRAPH_NODE_PARAMS,
            eventWait: IX_EVENT_NODE_PARAMS,
            eventRecord: IX_EVENT_NODE_PARAMS,
            alloc: IX_MEM_ALLOC_NODE_PARAMS,
            free: IX_MEM_FREE_NODE_PARAMS,
            memOp: IX_BATCH_MEM_OP_NODE_PARAMS,
        }
        /// A node of any type. The reserved fields must be 0.
        struct IXgraphNodeParams {
            r#type: IXgraphNodeType,
            reserved0: [c_int; 3],
            anonymous: IXgraphNodeParams_union,
            reserved2: c_ulonglong,
        }
        /// How to instantiate a graph, and what came of it.
        struct IX_GRAPH_INSTANTIATE_PARAMS {
            flags: c_ulonglong,
            hUploadStream: IXstream,
            hErrNode_out: IXgraphNode,
            result_out: IXgraphInstantiateResult,
        }
        /// What came of updating a graph that can run, and through which node it failed.
        struct IXgraphExecUpdateResultInfo {
            result: IXgraphExecUpdateResult,
            errorNode: IXgraphNode,
            errorFromNode: IXgraphNode,
        }
    }
    callbacks {
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Nodes of graphs that are neither kernels, copies nor fills, and what all nodes have.

use crate::common::*;
use crate::graphs::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicU32, Ordering};

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

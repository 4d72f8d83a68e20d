// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Streams that are captured into graphs.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicU32, Ordering};

fn begin(s: IXstream) {
    // SAFETY: no pointers.
    ok(unsafe { ixStreamBeginCapture(s, IX_STREAM_CAPTURE_MODE_THREAD_LOCAL) });
}

fn end(s: IXstream) -> IXgraph {
    let mut graph = IXgraph(0);
    // SAFETY: the pointer is valid.
    ok(unsafe { ixStreamEndCapture(s, &mut graph) });
    graph
}

fn end_fails(s: IXstream, code: Code) {
    let mut graph = IXgraph(1);
    // SAFETY: the pointer is valid.
    assert_eq!(unsafe { ixStreamEndCapture(s, &mut graph) }, code, "{}", message());
    assert_eq!(graph, IXgraph(0));
}

fn status(s: IXstream) -> IXstreamCaptureStatus {
    let mut status = IX_STREAM_CAPTURE_STATUS_NONE;
    // SAFETY: the pointer is valid.
    ok(unsafe { ixStreamIsCapturing(s, &mut status) });
    status
}

fn node_count(graph: IXgraph) -> usize {
    let mut count = 0;
    // SAFETY: the pointer is valid.
    ok(unsafe { ixGraphGetNodes(graph, null_mut(), &mut count) });
    count
}

fn run(graph: IXgraph, s: IXstream) {
    let mut exec = IXgraphExec(0);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixGraphInstantiate(&mut exec, graph, 0));
        ok(ixGraphLaunch(exec, s));
        ok(ixStreamSynchronize(s));
        ok(ixGraphExecDestroy(exec));
    }
}

#[test]
fn work_is_captured_and_runs_later() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (store, copy_word) = (function(m, "store"), function(m, "copy_word"));
    let cells = upload(&[0u32; 4]);
    let s = stream(IX_STREAM_NON_BLOCKING);
    let count = AtomicU32::new(0);
    let mut back = [0u32; 4];
    begin(s);
    assert_eq!(status(s), IX_STREAM_CAPTURE_STATUS_ACTIVE);
    ok(launch(store, 1, 1, s, &[cells.0, 8]));
    ok(launch(copy_word, 1, 1, s, &[cells.0 + 4, cells.0]));
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixMemsetD32Async(IXdeviceptr(cells.0 + 8), 5, 1, s));
        ok(ixStreamWriteValue32(s, IXdeviceptr(cells.0 + 12), 6, 0));
        ok(ixLaunchHostFunc(s, IXhostFn(Some(add_one)), count.as_ptr().cast()));
        ok(ixMemcpyDtoHAsync(back.as_mut_ptr().cast(), cells, 16, s));
    }
    let graph = end(s);
    assert_eq!(status(s), IX_STREAM_CAPTURE_STATUS_NONE);
    assert_eq!(node_count(graph), 6);
    // Nothing has run yet.
    assert_eq!(download::<u32>(cells, 4), [0; 4]);
    run(graph, s);
    assert_eq!((download::<u32>(cells, 4), count.load(Ordering::SeqCst)), (vec![8, 8, 5, 6], 1));
    assert_eq!(std::hint::black_box(&back), &[8, 8, 5, 6]);
    // A graph that is launched into a captured stream is a child of its graph.
    let mut exec = IXgraphExec(0);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixGraphInstantiate(&mut exec, graph, 0));
        begin(s);
        ok(ixGraphLaunch(exec, s));
        ok(ixGraphLaunch(exec, s));
        let outer = end(s);
        assert_eq!(node_count(outer), 2);
        run(outer, s);
    }
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

#[test]
fn streams_fork_and_join_by_events() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (store, copy_word) = (function(m, "store"), function(m, "copy_word"));
    let cells = upload(&[0u32; 8]);
    let (a, b, c) = (stream(IX_STREAM_NON_BLOCKING), stream(0), stream(IX_STREAM_NON_BLOCKING));
    let (fork, join) = (event(IX_EVENT_DISABLE_TIMING), event(0));
    // SAFETY: the pointers are valid.
    unsafe {
        begin(a);
        ok(launch(store, 1, 1, a, &[cells.0, 3]));
        ok(ixEventRecord(fork, a));
        for (i, s) in [b, c].into_iter().enumerate() {
            ok(ixStreamWaitEvent(s, fork, 0));
            assert_eq!(status(s), IX_STREAM_CAPTURE_STATUS_ACTIVE);
            ok(launch(copy_word, 1, 1, s, &[cells.0 + 4 * (i as u64 + 1), cells.0]));
            ok(ixEventRecord(join, s));
            ok(ixStreamWaitEvent(a, join, 0));
        }
        ok(launch(copy_word, 1, 1, a, &[cells.0 + 12, cells.0 + 8]));
        let mut ids = [0u64; 2];
        let (mut state, mut graph, mut nodes, mut n) = (IX_STREAM_CAPTURE_STATUS_NONE, IXgraph(0), null(), 0usize);
        ok(ixStreamGetCaptureInfo(b, &mut state, &mut ids[0], null_mut(), null_mut(), null_mut(), null_mut()));
        ok(ixStreamGetCaptureInfo(a, &mut state, &mut ids[1], &mut graph, &mut nodes, null_mut(), &mut n));
        assert!(ids[0] == ids[1] && ids[0] != 0);
        let mut needs = 0;
        assert_eq!(n, 1);
        ok(ixGraphNodeGetDependencies(*nodes, null_mut(), null_mut(), &mut needs));
        // The last kernel depends on the fork's two ends and on its own predecessor.
        assert_eq!(needs, 3);
        fails(ixEventQuery(join), Code::CAPTURED_EVENT, "captured");
    }
    // Asking for the event made the capture invalid.
    assert_eq!(status(a), IX_STREAM_CAPTURE_STATUS_INVALIDATED);
    assert_eq!(launch(store, 1, 1, a, &[cells.0, 3]), Code::STREAM_CAPTURE_INVALIDATED);
    end_fails(a, Code::STREAM_CAPTURE_INVALIDATED);
    assert_eq!(status(b), IX_STREAM_CAPTURE_STATUS_NONE);
    // SAFETY: the pointers are valid.
    unsafe {
        begin(a);
        ok(launch(store, 1, 1, a, &[cells.0, 4]));
        ok(ixEventRecord(fork, a));
        ok(ixStreamWaitEvent(b, fork, 0));
        ok(launch(copy_word, 1, 1, b, &[cells.0 + 4, cells.0]));
        end_fails(b, Code::STREAM_CAPTURE_UNMATCHED);
        end_fails(a, Code::STREAM_CAPTURE_INVALIDATED);
        begin(a);
        ok(ixEventRecord(fork, a));
        ok(ixStreamWaitEvent(b, fork, 0));
        ok(launch(copy_word, 1, 1, b, &[cells.0 + 4, cells.0]));
        end_fails(a, Code::STREAM_CAPTURE_UNJOINED);
        begin(a);
        ok(launch(store, 1, 1, a, &[cells.0, 4]));
        ok(ixEventRecord(fork, a));
        ok(ixStreamWaitEvent(b, fork, 0));
        ok(launch(copy_word, 1, 1, b, &[cells.0 + 4, cells.0]));
        ok(ixEventRecord(join, b));
        ok(ixStreamWaitEvent(a, join, 0));
        run(end(a), c);
        assert_eq!(download::<u32>(cells, 2), [4, 4]);
    }
}

#[test]
fn capture_is_made_invalid_by_what_it_cannot_hold() {
    let _context = Ctx::new();
    let empty = function(module(KERNELS), "empty");
    let (a, b) = (stream(IX_STREAM_NON_BLOCKING), stream(0));
    let e = event(0);
    // SAFETY: the pointers are valid.
    unsafe {
        assert_eq!(ixStreamBeginCapture(NULL, IX_STREAM_CAPTURE_MODE_GLOBAL), Code::STREAM_CAPTURE_UNSUPPORTED);
        assert_eq!(ixStreamBeginCapture(a, IXstreamCaptureMode(3)), Code::INVALID_VALUE);
        end_fails(a, Code::ILLEGAL_STATE);
        // Waiting for the stream.
        begin(a);
        assert_eq!(ixStreamBeginCapture(a, IX_STREAM_CAPTURE_MODE_GLOBAL), Code::ILLEGAL_STATE);
        assert_eq!(ixStreamSynchronize(a), Code::STREAM_CAPTURE_UNSUPPORTED);
        end_fails(a, Code::STREAM_CAPTURE_INVALIDATED);
        begin(a);
        assert_eq!(ixStreamQuery(a), Code::STREAM_CAPTURE_UNSUPPORTED);
        end_fails(a, Code::STREAM_CAPTURE_INVALIDATED);
        // An event from outside.
        ok(launch(empty, 1, 1, b, &[]));
        ok(ixEventRecord(e, b));
        begin(a);
        assert_eq!(ixStreamWaitEvent(a, e, 0), Code::STREAM_CAPTURE_ISOLATION);
        end_fails(a, Code::STREAM_CAPTURE_INVALIDATED);
        // Unless it is waited for anew each time.
        begin(a);
        ok(ixStreamWaitEvent(a, e, IX_EVENT_WAIT_EXTERNAL));
        ok(launch(empty, 1, 1, a, &[]));
        ok(ixEventRecordWithFlags(e, a, IX_EVENT_RECORD_EXTERNAL));
        let graph = end(a);
        assert_eq!(node_count(graph), 3);
        run(graph, a);
        ok(ixEventQuery(e));
        // Two captures.
        let c = stream(IX_STREAM_NON_BLOCKING);
        begin(a);
        begin(c);
        ok(ixEventRecord(e, a));
        assert_eq!(ixStreamWaitEvent(c, e, 0), Code::STREAM_CAPTURE_MERGE);
        end_fails(a, Code::STREAM_CAPTURE_INVALIDATED);
        end_fails(c, Code::STREAM_CAPTURE_INVALIDATED);
        // The null stream would wait for a blocking one.
        begin(b);
        assert_eq!(launch(empty, 1, 1, NULL, &[]), Code::STREAM_CAPTURE_IMPLICIT);
        end_fails(b, Code::STREAM_CAPTURE_INVALIDATED);
        begin(a);
        ok(launch(empty, 1, 1, NULL, &[]));
        assert_eq!(node_count(end(a)), 0);
        // A stream that goes takes its capture with it.
        begin(c);
        ok(ixStreamDestroy(c));
        ok(ixCtxSynchronize());
    }
}

#[test]
fn unsafe_calls_are_refused_by_mode() {
    let context = Ctx::new();
    let s = stream(IX_STREAM_NON_BLOCKING);
    let allocate = || {
        let mut address = IXdeviceptr(0);
        // SAFETY: the pointer is valid.
        unsafe { ixMemAlloc(&mut address, 16) }
    };
    let handle = context.0;
    let elsewhere = |mode: Option<IXstreamCaptureMode>| {
        std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                // SAFETY: the pointers are valid.
                unsafe {
                    ok(ixCtxSetCurrent(handle));
                    if let Some(mut mode) = mode {
                        ok(ixThreadExchangeStreamCaptureMode(&mut mode));
                        assert_eq!(mode, IX_STREAM_CAPTURE_MODE_GLOBAL);
                    }
                }
                allocate()
            });
            thread.join().unwrap()
        })
    };
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixStreamBeginCapture(s, IX_STREAM_CAPTURE_MODE_RELAXED));
        ok(allocate());
        assert_eq!(node_count(end(s)), 0);
        begin(s);
        ok(elsewhere(None));
        assert_eq!(allocate(), Code::STREAM_CAPTURE_UNSUPPORTED);
        end_fails(s, Code::STREAM_CAPTURE_INVALIDATED);
        let mut mode = IX_STREAM_CAPTURE_MODE_RELAXED;
        ok(ixThreadExchangeStreamCaptureMode(&mut mode));
        begin(s);
        ok(allocate());
        end(s);
        ok(ixThreadExchangeStreamCaptureMode(&mut mode));
        assert_eq!(mode, IX_STREAM_CAPTURE_MODE_RELAXED);
        // A relaxed capture may end on another thread, others not.
        ok(ixStreamBeginCapture(s, IX_STREAM_CAPTURE_MODE_RELAXED));
        std::thread::scope(|scope| scope.spawn(|| end(s)).join().unwrap());
        begin(s);
        std::thread::scope(|scope| scope.spawn(|| end_fails(s, Code::STREAM_CAPTURE_WRONG_THREAD)).join().unwrap());
        end(s);
    }
}

#[test]
fn global_capture_refuses_unsafe_calls_of_all_threads() {
    // Alone in its process: it would disturb the other tests.
    if !in_child("capture::global_capture_refuses_unsafe_calls_of_all_threads", &[]) {
        return;
    }
    let context = Ctx::new();
    let s = stream(IX_STREAM_NON_BLOCKING);
    let handle = context.0;
    let elsewhere = |relaxed: bool| {
        std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                let (mut address, mut mode) = (IXdeviceptr(0), IX_STREAM_CAPTURE_MODE_THREAD_LOCAL);
                // SAFETY: the pointers are valid.
                unsafe {
                    ok(ixCtxSetCurrent(handle));
                    if relaxed {
                        ok(ixThreadExchangeStreamCaptureMode(&mut mode));
                    }
                    ixMemAlloc(&mut address, 16)
                }
            });
            thread.join().unwrap()
        })
    };
    // SAFETY: no pointers.
    unsafe {
        ok(ixStreamBeginCapture(s, IX_STREAM_CAPTURE_MODE_GLOBAL));
        ok(elsewhere(true));
        assert_eq!(elsewhere(false), Code::STREAM_CAPTURE_UNSUPPORTED);
        end_fails(s, Code::STREAM_CAPTURE_INVALIDATED);
    }
}

#[test]
fn capture_into_a_graph_goes_on_behind_its_nodes() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let (store, copy_word) = (function(m, "store"), function(m, "copy_word"));
    let cells = upload(&[0u32; 4]);
    let s = stream(IX_STREAM_NON_BLOCKING);
    begin(s);
    ok(launch(store, 1, 1, s, &[cells.0, 5]));
    let graph = end(s);
    let (mut node, mut count) = (IXgraphNode(0), 1);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixGraphGetNodes(graph, &mut node, &mut count));
        ok(ixStreamBeginCaptureToGraph(s, graph, &node, null(), 1, IX_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        ok(launch(copy_word, 1, 1, s, &[cells.0 + 4, cells.0]));
        // The next one depends on the first only.
        ok(ixStreamUpdateCaptureDependencies(s, &mut node, null(), 1, IX_STREAM_SET_CAPTURE_DEPENDENCIES));
        ok(launch(copy_word, 1, 1, s, &[cells.0 + 8, cells.0]));
        assert_eq!(end(s), graph);
        let mut dependents = 0;
        ok(ixGraphNodeGetDependentNodes(node, null_mut(), null_mut(), &mut dependents));
        assert_eq!((node_count(graph), dependents), (3, 2));
    }
    run(graph, s);
    assert_eq!(download::<u32>(cells, 4), [5, 5, 5, 0]);
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Tests of what is above the backends, over a device that lives in this process.

use crate::backend::mock::{Mock, FAULT_TAG};
use crate::backend::Backend;
use crate::context::Context;
use crate::copy::{copy, fill, Element, Extent, Rows, Side};
use crate::device::Device;
use crate::error::Code;
use crate::error::Result;
use crate::event::Event;
use crate::handle::lock;
use crate::launch::{launch, Arguments, Shape};
use crate::memory::{allocations, Allocation};
use crate::module::Function;
use crate::stream::{Stream, NON_BLOCKING, SCRATCH_MAX};
use ix_compiler::Kernel;
use std::sync::atomic::Ordering;
use std::sync::Arc;

fn context(vram_visible: bool) -> (Arc<Mock>, Arc<Context>) {
    let mock = Mock::new(vram_visible);
    let device = Device::new(0, Arc::clone(&mock) as Arc<dyn Backend>);
    (mock, Context::new(&device, 0, false).unwrap())
}

fn allocate(context: &Context, size: u64) -> u64 {
    let block = context.device.vram.take(size, 1).unwrap();
    allocations::add(Allocation::new(block, false, context))
}

fn run(context: &Context, stream: &Stream, function: &Arc<Function>, tag: u64) -> Result<()> {
    let shape = Shape { grid: [1, 1, 1], block: [32, 1, 1], dynamic_shared: 0, cooperative: false };
    // SAFETY: the kernel has no parameters.
    unsafe { launch(context, stream, function, tag, &shape, Arguments::None) }
}

fn kernel(context: &Context) -> Arc<Function> {
    let code = context.device.vram.take(4096, 4096).unwrap();
    Arc::new(Function::new(context.id, Kernel { name: "k".into(), ..Kernel::default() }, code))
}

#[test]
fn copies_of_pageable_memory_arrive_whole() {
    // Through scratch, through the bounce buffer (which goes round more than once), and by the CPU.
    for (visible, n) in [(false, SCRATCH_MAX - 1), (false, 20 << 20 | 12_345), (true, 1 << 20 | 7)] {
        let (_mock, context) = context(visible);
        let stream = context.create_stream(NON_BLOCKING, 0).unwrap();
        let source: Vec<u8> = (0..n).map(|i| (i * 7 + i / 251) as u8).collect();
        let mut back = vec![0u8; n as usize];
        let (a, b) = (allocate(&context, n), allocate(&context, n));
        let extent = Extent::linear(n);
        let device = |va| Side::device(va, n, extent).unwrap();
        let host = |p: *const u8| Side::any(p as u64, n, extent).unwrap();
        // SAFETY: both vectors have n bytes.
        unsafe {
            copy(&context, &stream, device(a), host(source.as_ptr()), extent, false).unwrap();
            copy(&context, &stream, device(b), device(a), extent, false).unwrap();
            copy(&context, &stream, host(back.as_mut_ptr()), device(b), extent, true).unwrap();
        }
        assert!(source == back);
        context.destroy();
    }
}

#[test]
fn threads_copy_beside_each_other() {
    let (_mock, context) = context(false);
    std::thread::scope(|scope| {
        for t in 0..4u8 {
            let context = &context;
            scope.spawn(move || {
                let stream = context.create_stream(NON_BLOCKING, 0).unwrap();
                let n = (3 << 20) + u64::from(t);
                let extent = Extent::linear(n);
                let va = allocate(context, n);
                for round in 0..5 {
                    let source = vec![16 * t + round; n as usize];
                    let mut back = vec![0u8; n as usize];
                    let host = |p: *const u8| Side::any(p as u64, n, extent).unwrap();
                    let device = Side::device(va, n, extent).unwrap();
                    // SAFETY: both vectors have n bytes.
                    unsafe {
                        copy(context, &stream, device, host(source.as_ptr()), extent, false).unwrap();
                        copy(context, &stream, host(back.as_mut_ptr()), device, extent, false).unwrap();
                    }
                    assert!(source == back, "thread {t}, round {round}");
                }
            });
        }
    });
    context.destroy();
}

#[test]
fn rows_keep_to_their_pitches() {
    let (_mock, context) = context(false);
    let stream = context.null().unwrap();
    let extent = Extent { width: 10, rows: 3 };
    let va = allocate(&context, 64);
    fill(&context, stream, va, Rows { pitch: 0, width: 64, rows: 1 }, Element { value: 0xee, size: 1 }, true).unwrap();
    let source: Vec<u8> = (0..36).collect();
    let mut back = vec![0u8; 64];
    // SAFETY: the vectors have room for the extents.
    unsafe {
        let from = Side::any(source.as_ptr() as u64, 12, extent).unwrap();
        copy(&context, stream, Side::device(va, 16, extent).unwrap(), from, extent, true).unwrap();
        let all = Extent::linear(64);
        let to = Side::any(back.as_mut_ptr() as u64, 64, all).unwrap();
        copy(&context, stream, to, Side::device(va, 64, all).unwrap(), all, true).unwrap();
    }
    let expected: Vec<u8> = (0..64).map(|i| if i % 16 < 10 && i / 16 < 3 { (i / 16 * 12 + i % 16) as u8 } else { 0xee }).collect();
    assert_eq!(back, expected);
    context.destroy();
}

#[test]
fn ring_and_scratch_are_reused_many_times() {
    let (mock, context) = context(false);
    let stream = context.create_stream(0, 0).unwrap();
    let function = kernel(&context);
    for i in 0..5000 {
        run(&context, &stream, &function, i).unwrap();
    }
    stream.synchronize(&context).unwrap();
    assert!(lock(&mock.launches).iter().copied().eq(0..5000));
    assert_eq!(mock.kicks.load(Ordering::Relaxed), 0);
    context.destroy();
}

#[test]
fn null_stream_keeps_order_with_blocking_streams() {
    let (mock, context) = context(false);
    let (a, b) = (context.create_stream(0, 0).unwrap(), context.create_stream(0, 0).unwrap());
    let null = Arc::clone(context.null().unwrap());
    let function = kernel(&context);
    for i in 0..300 {
        for (n, stream) in [&a, &null, &b, &null].into_iter().enumerate() {
            run(&context, stream, &function, 4 * i + n as u64).unwrap();
        }
    }
    context.synchronize().unwrap();
    assert!(lock(&mock.launches).iter().copied().eq(0..1200));
    context.destroy();
}

#[test]
fn event_holds_another_stream_and_measures() {
    let (mock, context) = context(false);
    let streams = [context.create_stream(NON_BLOCKING, 0).unwrap(), context.create_stream(NON_BLOCKING, 0).unwrap()];
    let function = kernel(&context);
    let (start, end) = (Arc::new(Event::new(&context, 0)), Arc::new(Event::new(&context, 0)));
    start.record(&context, &streams[0], 0).unwrap();
    for i in 0..100 {
        run(&context, &streams[0], &function, i).unwrap();
    }
    end.record(&context, &streams[0], 0).unwrap();
    end.hold(&context, &streams[1], 0).unwrap();
    run(&context, &streams[1], &function, 100).unwrap();
    context.synchronize().unwrap();
    assert!(lock(&mock.launches).iter().copied().eq(0..=100));
    // The mock's clock is 1 ms a packet, and so is a launch.
    assert_eq!(Event::elapsed_ms(&start, &end).unwrap(), 101.0);
    assert_eq!(Event::elapsed_ms(&start, &Event::new(&context, 0)).unwrap_err().code, Code::INVALID_HANDLE);
    context.destroy();
}

#[test]
fn fault_is_sticky_and_stays_in_its_context() {
    let (mock, first) = context(false);
    let second = Context::new(&first.device, 0, false).unwrap();
    let function = kernel(&first);
    let stream = first.create_stream(0, 0).unwrap();
    run(&first, &stream, &function, FAULT_TAG).unwrap();
    assert_eq!(stream.synchronize(&first).unwrap_err().code, Code::ILLEGAL_ADDRESS);
    assert_eq!(first.check().unwrap_err().code, Code::ILLEGAL_ADDRESS);
    assert_eq!(run(&first, &stream, &function, 1).unwrap_err().code, Code::ILLEGAL_ADDRESS);
    let other = kernel(&second);
    run(&second, second.null().unwrap(), &other, 7).unwrap();
    second.synchronize().unwrap();
    assert_eq!(*lock(&mock.launches), [7]);
    first.destroy();
    assert_eq!(first.check().unwrap_err().code, Code::CONTEXT_IS_DESTROYED);
    second.synchronize().unwrap();
    second.destroy();
}

#[test]
fn waiting_for_a_faulted_stream_fails_in_the_waiting_one() {
    let (_mock, context) = context(false);
    let (a, b) = (context.create_stream(0, 0).unwrap(), context.create_stream(0, 0).unwrap());
    let function = kernel(&context);
    run(&context, &a, &function, FAULT_TAG).unwrap();
    let event = Arc::new(Event::new(&context, 2));
    // The fault may already be known here.
    if event.record(&context, &a, 0).is_ok() {
        event.hold(&context, &b, 0).unwrap();
        assert_eq!(b.synchronize(&context).unwrap_err().code, Code::ILLEGAL_ADDRESS);
    }
    context.destroy();
}

#[test]
fn threads_share_streams_and_memory() {
    let (mock, context) = context(false);
    let shared = context.create_stream(0, 0).unwrap();
    let function = kernel(&context);
    std::thread::scope(|scope| {
        for t in 0..4u64 {
            let (context, shared, function) = (&context, &shared, &function);
            scope.spawn(move || {
                let own = context.create_stream(NON_BLOCKING, 0).unwrap();
                for i in 0..200 {
                    run(context, shared, function, t * 1000 + i).unwrap();
                    run(context, &own, function, 10_000 + t * 1000 + i).unwrap();
                    let va = allocate(context, 1 + i * 97);
                    drop(allocations::remove(va).unwrap());
                }
                own.synchronize(context).unwrap();
            });
        }
    });
    context.synchronize().unwrap();
    let launches = lock(&mock.launches);
    assert_eq!(launches.len(), 1600);
    for t in 0..8u64 {
        let base = t % 4 * 1000 + t / 4 * 10_000;
        assert!(launches.iter().copied().filter(|tag| (base..base + 1000).contains(tag)).eq(base..base + 200));
    }
    drop(launches);
    context.destroy();
}

/// A bit of everything, on a device of its own; the device's memory is to be given back by then.
fn use_everything(mock: &Arc<Mock>) -> Result<()> {
    let device = Device::new(0, Arc::clone(mock) as Arc<dyn Backend>);
    let context = Context::new(&device, 0, false)?;
    let result = (|| {
        let stream = context.create_stream(0, 0)?;
        let code = context.device.vram.take(4096, 4096)?;
        let function = Arc::new(Function::new(context.id, Kernel { name: "k".into(), ..Kernel::default() }, code));
        let block = context.device.vram.take(3 << 20, 1)?;
        let va = allocations::add(Allocation::new(block, false, &context));
        let event = Arc::new(Event::new(&context, 0));
        event.record(&context, context.null()?, 0)?;
        run(&context, &stream, &function, 1)?;
        let extent = Extent::linear(3 << 20);
        let source = vec![7u8; 3 << 20];
        let from = Side::any(source.as_ptr() as u64, extent.width, extent)?;
        // SAFETY: the vector has the bytes.
        unsafe { copy(&context, &stream, Side::device(va, extent.width, extent)?, from, extent, true) }?;
        context.synchronize()
    })();
    context.destroy();
    result
}

#[test]
fn every_call_of_the_device_may_fail_once() {
    let mut failures = 0;
    loop {
        let mock = Mock::new(false);
        mock.fail_after(failures);
        let result = use_everything(&mock);
        assert_eq!(mock.live(), (0, 0), "buffer objects and queues that were not given back, failure {failures}");
        match result {
            Err(error) => assert_eq!(error.code, Code::OUT_OF_MEMORY),
            // A device that was not asked so often did not fail; one that failed may have been done without.
            Ok(()) if !mock.has_failed() => break,
            Ok(()) => {}
        }
        failures += 1;
    }
    assert!(failures > 10, "{failures} calls");
}

#[test]
fn strings_that_kernels_print_are_read_wherever_they_are() {
    // By the CPU, by the device, and from what was kept of a module.
    for visible in [true, false] {
        let (_mock, context) = context(visible);
        let runtime = &context.device_runtime;
        let text = [b"a string\0".as_slice(), &[b'x'; 700]].concat();
        let extent = Extent::linear(text.len() as u64);
        let va = allocate(&context, extent.width);
        let stream = context.create_stream(NON_BLOCKING, 0).unwrap();
        let (to, from) = (Side::device(va, extent.width, extent).unwrap(), Side::any(text.as_ptr() as u64, extent.width, extent).unwrap());
        // SAFETY: the text has so many bytes.
        unsafe { copy(&context, &stream, to, from, extent, true) }.unwrap();
        assert_eq!(runtime.string(&context, va, 1000).as_deref(), Some(&b"a string"[..]));
        assert_eq!(runtime.string(&context, va + 2, 3).as_deref(), Some(&b"str"[..]));
        // Without a NUL it ends with its memory.
        assert_eq!(runtime.string(&context, va + 9, 10_000).map(|s| s.len()), Some(700));
        assert_eq!(runtime.string(&context, 0x1234, 1000), None);
        runtime.keep_image(0x5000, b"kept\0");
        assert_eq!(runtime.string(&context, 0x5001, 1000).as_deref(), Some(&b"ept"[..]));
        runtime.forget_image(0x5000);
        assert_eq!(runtime.string(&context, 0x5001, 1000), None);
        context.destroy();
    }
}

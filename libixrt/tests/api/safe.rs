// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The interface for Rust programs.

#[path = "../../examples/vector_add.rs"]
mod vector_add;

use crate::common::KERNELS;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use ixrt::safe::{Context, Device, Grid};

fn context() -> Context {
    Context::new(Device::get(0).unwrap()).unwrap()
}

#[test]
fn kernel_runs_on_buffers_from_any_thread_and_leaves_no_context_current() {
    let context = context();
    let add = context.load(KERNELS).unwrap().function("vector_add").unwrap();
    let stream = context.stream().unwrap();
    let (a, b) = (context.upload(&[1u32, 2, 3]).unwrap(), context.upload(&[10u32, 20, 30]).unwrap());
    let c = context.zeros::<u32>(3).unwrap();
    std::thread::scope(|scope| {
        // SAFETY: three pointers and a count within which the kernel stays.
        scope.spawn(|| unsafe { add.launch(&stream, Grid::of(3, 64), &[&a, &b, &c, &3u32]) }.unwrap());
    });
    assert_eq!(c.download().unwrap(), [11, 22, 33]);
    let mut current = IXcontext(1);
    // SAFETY: the pointer is valid.
    assert_eq!(unsafe { ixCtxGetCurrent(&mut current) }, Code::SUCCESS);
    assert_eq!(current, IXcontext(0));
}

#[test]
fn example_runs() {
    vector_add::main().unwrap();
}

#[test]
fn events_tell_time_and_order_streams() {
    let context = context();
    let (first, second) = (context.stream().unwrap(), context.stream().unwrap());
    let (start, end) = (context.event().unwrap(), context.event().unwrap());
    start.record(&first).unwrap();
    second.wait(&start).unwrap();
    end.record(&second).unwrap();
    end.synchronize().unwrap();
    assert!(start.elapsed_ms(&end).unwrap() >= 0.0);
}

#[test]
fn wrong_arguments_are_refused_with_the_kernels_name() {
    let context = context();
    let store = context.load(KERNELS).unwrap().function("store").unwrap();
    let stream = context.stream().unwrap();
    let to = context.zeros::<u32>(1).unwrap();
    // SAFETY: refused before anything runs.
    let (few, wide) = unsafe { (store.launch(&stream, Grid::of(1, 1), &[&to]), store.launch(&stream, Grid::of(1, 1), &[&to, &1u64])) };
    assert_eq!(few.unwrap_err().message, "`store` takes 2 arguments and was given 1");
    assert_eq!(wide.unwrap_err().message, "`store`: argument 1 has 8 bytes, not 4");
    assert_eq!(context.load(KERNELS).unwrap().function("nothing").unwrap_err().code, Code::NOT_FOUND);
    assert_eq!(context.load("no PTX").unwrap_err().code, Code::INVALID_PTX);
    assert_eq!(Device::get(1000).unwrap_err().code, Code::INVALID_DEVICE);
    assert!(context.upload::<f32>(&[]).unwrap().download().unwrap().is_empty());
}

#[test]
fn memory_of_dropped_buffers_is_free_again() {
    let context = context();
    let n = Device::get(0).unwrap().total_memory().unwrap() / 4;
    for _ in 0..8 {
        assert_eq!(context.zeros::<u8>(n).unwrap().len(), n);
    }
}

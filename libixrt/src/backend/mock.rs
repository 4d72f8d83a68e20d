// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A device for unit tests of what is above the backends: GPU addresses are CPU addresses, and a
//! thread for each queue runs its packets. A DISPATCH runs no code: it appends its descriptor's
//! tag to a list, and the tag [`FAULT_TAG`] stops the queue.

use super::{Backend, Bo, DeviceInfo, Fence, MemoryUse, Placement, Queue, QueueConfig};
use crate::error::Result;
use crate::handle::lock;
use ix_hw::dispatch::Descriptor;
use ix_hw::doorbell::{state, QueueSlot};
use ix_hw::fault::{kind, FaultRecord};
use ix_hw::packet::{self, Opcode};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// A tag that makes a launch fault.
pub const FAULT_TAG: u64 = 0xdead;

#[derive(Debug)]
struct Running {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
    slot: usize,
}

/// The device.
#[derive(Debug)]
pub struct Mock {
    info: DeviceInfo,
    vram_visible: bool,
    next: AtomicU64,
    queues: Mutex<HashMap<u32, Running>>,
    /// Where buffer objects were bound last.
    bound: Mutex<HashMap<u64, u64>>,
    /// Tags of launches in the order in which they ran.
    pub launches: Arc<Mutex<Vec<u64>>>,
    /// How often a queue was kicked.
    pub kicks: AtomicU64,
}

impl Mock {
    /// A device whose memory the CPU sees, or not.
    pub fn new(vram_visible: bool) -> Arc<Mock> {
        let info = DeviceInfo {
            threads_per_block: 1024,
            shared_per_block: 64 << 10,
            local_per_thread: 4096,
            va_end: 1 << 40,
            ..DeviceInfo::default()
        };
        Arc::new(Mock {
            info,
            vram_visible,
            next: AtomicU64::new(1),
            queues: Mutex::default(),
            bound: Mutex::default(),
            launches: Arc::default(),
            kicks: AtomicU64::new(0),
        })
    }
}

/// Runs the packets of a queue until it is to stop.
fn serve(slot: usize, config: QueueConfig, stop: &AtomicBool, launches: &Mutex<Vec<u64>>) {
    // SAFETY: the slot was leaked by queue_create.
    let queue = unsafe { Queue::new(0, slot as *mut QueueSlot) };
    let mut done = 0u64;
    while !stop.load(Ordering::Relaxed) {
        if queue.wptr().load(Ordering::Acquire) == done {
            std::thread::yield_now();
            continue;
        }
        let entry = config.ring_va + done % (1 << config.ring_log2) * packet::SIZE as u64;
        // SAFETY: the ring is mapped at its address, and the packets' addresses are CPU addresses
        // that the runtime keeps valid until the packet has completed.
        unsafe {
            let header = *(entry as *const u32);
            match Opcode::from_number(header as u8) {
                Some(Opcode::Copy) => {
                    let p = *(entry as *const packet::Copy);
                    for row in 0..u64::from(p.rows) {
                        let (from, to) = (p.src_va + row * p.src_pitch, p.dst_va + row * p.dst_pitch);
                        std::ptr::copy_nonoverlapping(from as *const u8, to as *mut u8, p.width as usize);
                    }
                }
                Some(Opcode::Fill) => {
                    let p = *(entry as *const packet::Fill);
                    for row in 0..u64::from(p.rows) {
                        for i in 0..p.width {
                            let to = p.dst_va + row * p.pitch + i * u64::from(p.element);
                            std::ptr::copy_nonoverlapping((&raw const p.value).cast::<u8>(), to as *mut u8, p.element as usize);
                        }
                    }
                }
                Some(Opcode::Signal) => {
                    let p = *(entry as *const packet::Signal);
                    if p.timestamp_va != 0 {
                        AtomicU64::from_ptr(p.timestamp_va as *mut u64).store(done * 1_000_000, Ordering::Release);
                    }
                    AtomicU64::from_ptr(p.va as *mut u64).store(p.value, Ordering::Release);
                }
                Some(Opcode::Wait) => {
                    let p = *(entry as *const packet::Wait);
                    while AtomicU64::from_ptr(p.va as *mut u64).load(Ordering::Acquire) < p.value {
                        if stop.load(Ordering::Relaxed) {
                            return;
                        }
                        std::thread::yield_now();
                    }
                }
                Some(Opcode::Dispatch) => {
                    let p = *(entry as *const packet::Dispatch);
                    let tag = (*(p.descriptor_va as *const Descriptor)).tag;
                    if tag == FAULT_TAG {
                        queue.fault_kind().store(kind::PAGE, Ordering::Relaxed);
                        queue.state().store(state::STOPPED, Ordering::Release);
                        return;
                    }
                    lock(launches).push(tag);
                }
                _ => panic!("packet with header {header:#x}"),
            }
        }
        done += 1;
        queue.rptr().store(done, Ordering::Release);
    }
}

impl Backend for Mock {
    fn name(&self) -> &'static std::ffi::CStr {
        c"mock"
    }

    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn check(&self) -> Result<()> {
        Ok(())
    }

    fn memory(&self) -> Result<MemoryUse> {
        Ok(MemoryUse::default())
    }

    fn bo_create(&self, _placement: Placement, size: u64) -> Result<Bo> {
        Ok(Bo { id: self.next.fetch_add(1, Ordering::Relaxed), size: size.next_multiple_of(4096) })
    }

    fn bo_destroy(&self, _bo: Bo) {}

    unsafe fn map_at(&self, _bo: Bo, _va: u64) -> Result<()> {
        Ok(())
    }

    fn vram_pointer(&self, bo: Bo) -> Option<*mut u8> {
        let bound = lock(&self.bound).get(&bo.id).copied();
        bound.filter(|_| self.vram_visible).map(|va| va as *mut u8)
    }

    fn bind(&self, bo: Bo, va: u64) -> Result<()> {
        lock(&self.bound).insert(bo.id, va);
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
        // SAFETY: the range was reserved by the caller.
        let at = unsafe { libc::mmap(va as *mut _, bo.size as usize, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
        assert_eq!(at as u64, va);
        Ok(())
    }

    fn unbind(&self, va: u64, size: u64) -> Result<()> {
        // SAFETY: the range was bound, and nobody uses it any more.
        unsafe { crate::va::reset(va, size) };
        Ok(())
    }

    fn queue_create(&self, config: &QueueConfig) -> Result<Queue> {
        let slot = std::ptr::from_mut(Box::leak(Box::new(QueueSlot { state: state::RUNNING, ..QueueSlot::ZERO }))) as usize;
        let id = self.next.fetch_add(1, Ordering::Relaxed) as u32;
        let (stop, launches, config) = (Arc::new(AtomicBool::new(false)), Arc::clone(&self.launches), *config);
        let watched = Arc::clone(&stop);
        let thread = std::thread::spawn(move || serve(slot, config, &watched, &launches));
        lock(&self.queues).insert(id, Running { stop, thread, slot });
        // SAFETY: the slot is never freed.
        Ok(unsafe { Queue::new(id, slot as *mut QueueSlot) })
    }

    fn queue_destroy(&self, queue: Queue) -> Result<()> {
        let running = lock(&self.queues).remove(&queue.id).expect("a queue that exists");
        assert_eq!(running.slot, std::ptr::from_ref(queue.wptr()) as usize);
        running.stop.store(true, Ordering::Relaxed);
        running.thread.join().expect("the queue's thread does not panic");
        Ok(())
    }

    fn kick(&self, _queue: &Queue) -> Result<()> {
        self.kicks.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn sleep(&self, _fence: &Fence<'_>, _limit: Duration) -> Result<()> {
        std::thread::sleep(Duration::from_micros(100));
        Ok(())
    }

    fn fault(&self, queue: &Queue) -> Result<Option<FaultRecord>> {
        let stopped = queue.state().load(Ordering::Acquire) == state::STOPPED;
        Ok(stopped.then(|| FaultRecord { kind: queue.fault_kind().load(Ordering::Relaxed), ..FaultRecord::ZERO }))
    }
}

mod tests {
    use super::*;
    use crate::context::Context;
    use crate::copy::{copy, fill, Element, Extent, Rows, Side};
    use crate::device::Device;
    use crate::error::Code;
    use crate::event::Event;
    use crate::launch::{launch, Arguments, Shape};
    use crate::memory::{allocations, Allocation};
    use crate::module::Function;
    use crate::stream::{Stream, NON_BLOCKING, SCRATCH_MAX};
    use ix_compiler::Kernel;

    fn context(vram_visible: bool) -> (Arc<Mock>, Arc<Context>) {
        let mock = Mock::new(vram_visible);
        let device = Device::new(0, Arc::clone(&mock) as Arc<dyn Backend>);
        (mock, Context::new(&device, 0, false).unwrap())
    }

    fn allocate(context: &Context, size: u64) -> u64 {
        let block = context.device.vram.take(size, 1).unwrap();
        allocations::add(Allocation { block, host: false, flags: 0, context: context.id, device: 0 })
    }

    fn run(context: &Context, stream: &Stream, function: &Function, tag: u64) -> Result<()> {
        let shape = Shape { grid: [1, 1, 1], block: [32, 1, 1], dynamic_shared: 0 };
        // SAFETY: the kernel has no parameters.
        unsafe { launch(context, stream, function, tag, &shape, Arguments::None) }
    }

    fn kernel(context: &Context) -> Function {
        let code = context.device.vram.take(4096, 4096).unwrap();
        Function::new(context.id, Kernel { name: "k".into(), ..Kernel::default() }, code)
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
        fill(&context, stream, va, Rows { pitch: 0, width: 64, rows: 1 }, Element { value: 0xee, size: 1 }).unwrap();
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
        let (start, end) = (Event::new(&context, 0), Event::new(&context, 0));
        start.record(&context, &streams[0]).unwrap();
        for i in 0..100 {
            run(&context, &streams[0], &function, i).unwrap();
        }
        end.record(&context, &streams[0]).unwrap();
        let point = end.point().unwrap();
        let mut batch = streams[1].begin(&context).unwrap();
        batch.wait(&point.timeline, point.value).unwrap();
        batch.finish().unwrap();
        run(&context, &streams[1], &function, 100).unwrap();
        context.synchronize().unwrap();
        assert!(lock(&mock.launches).iter().copied().eq(0..=100));
        // The mock's clock is 1 ms a packet, and a launch is two of them.
        assert_eq!(Event::elapsed_ms(&start, &end).unwrap(), 201.0);
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
        let event = Event::new(&context, 2);
        // The fault may already be known here.
        if event.record(&context, &a).is_ok() {
            let point = event.point().unwrap();
            let mut batch = b.begin(&context).unwrap();
            batch.wait(&point.timeline, point.value).unwrap();
            batch.finish().unwrap();
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
}

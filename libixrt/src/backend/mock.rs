// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A device for unit tests of what is above the backends: GPU addresses are CPU addresses, and a
//! thread for each queue runs its packets. A DISPATCH runs no code: it appends its descriptor's
//! tag to a list, and the tag [`FAULT_TAG`] stops the queue.

use super::{Backend, Bo, DeviceInfo, Fence, MemoryUse, Placement, Queue, QueueConfig};
use crate::error::{Code, Error, Result};
use crate::handle::lock;
use ix_hw::dispatch::Descriptor;
use ix_hw::doorbell::{state, QueueSlot};
use ix_hw::fault::{kind, FaultRecord};
use ix_hw::packet::{self, Opcode};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
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
    /// Calls that still succeed before one fails.
    until_failure: AtomicI64,
    bos: AtomicI64,
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
            until_failure: AtomicI64::new(i64::MAX),
            bos: AtomicI64::new(0),
        })
    }

    /// Makes one call that creates or binds something fail, after `calls` that do not.
    pub fn fail_after(&self, calls: i64) {
        self.until_failure.store(calls, Ordering::Relaxed);
    }

    /// Whether that call has come.
    pub fn has_failed(&self) -> bool {
        self.until_failure.load(Ordering::Relaxed) < 0
    }

    /// Numbers of buffer objects and of queues that exist.
    pub fn live(&self) -> (i64, usize) {
        (self.bos.load(Ordering::Relaxed), lock(&self.queues).len())
    }

    fn may_fail(&self) -> Result<()> {
        match self.until_failure.fetch_sub(1, Ordering::Relaxed) {
            0 => Err(Error::new(Code::OUT_OF_MEMORY, "a failure on purpose")),
            _ => Ok(()),
        }
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
        queue.completed().store(done, Ordering::Release);
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
        self.may_fail()?;
        self.bos.fetch_add(1, Ordering::Relaxed);
        Ok(Bo { id: self.next.fetch_add(1, Ordering::Relaxed), size: size.next_multiple_of(4096) })
    }

    fn bo_destroy(&self, _bo: Bo) {
        self.bos.fetch_sub(1, Ordering::Relaxed);
    }

    unsafe fn map_at(&self, _bo: Bo, _va: u64) -> Result<()> {
        self.may_fail()
    }

    fn vram_pointer(&self, bo: Bo) -> Option<*mut u8> {
        let bound = lock(&self.bound).get(&bo.id).copied();
        bound.filter(|_| self.vram_visible).map(|va| va as *mut u8)
    }

    fn bind(&self, bo: Bo, va: u64) -> Result<()> {
        self.may_fail()?;
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
        self.may_fail()?;
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

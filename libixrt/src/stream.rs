// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Streams: work in order.
//!
//! A *stream* owns a queue of the device: its *ring* of packets, and a *scratch* ring of system
//! memory for what packets point at (descriptors, parameters, small copies). Both are reused as
//! the device completes what was written. A *batch* is the packets of one call, closed by a SIGNAL
//! of the stream's [`Timeline`]; writing one is stores to memory and, only when the device has
//! gone to sleep, a kick.
//!
//! The *null stream* of a context keeps order with its *blocking* streams: its batches wait for
//! all that these have in flight, and theirs wait for its.

use crate::backend::{Fence, Queue, QueueConfig};
use crate::context::Context;
use crate::device::Device;
use crate::error::{Code, Error, Result};
use crate::handle::lock;
use crate::memory::Block;
use crate::packets::Packet;
use crate::timeline::Timeline;
use ix_hw::doorbell::state;
use ix_hw::packet::{self, compare, header, Opcode, FLAG_INTERRUPT, FLAG_TIMESTAMP};
use std::collections::VecDeque;
use std::sync::atomic::{fence, AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::{Duration, Instant};

/// Flag of a stream that keeps no order with the null stream.
pub const NON_BLOCKING: u32 = 1;

/// log2 of the packets in a ring.
const RING_LOG2: u32 = 10;
const RING: u64 = 1 << RING_LOG2;
/// Bytes of a scratch ring.
pub const SCRATCH: u64 = 512 << 10;
/// Largest piece of scratch: several fit, so that one can be filled while others are in use.
pub const SCRATCH_MAX: u64 = SCRATCH / 4;

/// How long a waiter looks at the value before it sleeps.
const SPIN: Duration = Duration::from_micros(50);
/// How long of that it does not even yield.
const SPIN_HARD: Duration = Duration::from_micros(8);
/// How long a sleeper sleeps before it looks whether another queue, on which its own waits, has
/// stopped.
const NAP: Duration = Duration::from_millis(50);

/// A stream.
#[derive(Debug)]
pub struct Stream {
    /// Its context.
    pub context: Weak<Context>,
    /// Id of its context.
    pub context_id: u64,
    device: Arc<Device>,
    /// [`NON_BLOCKING`] or 0.
    pub flags: u32,
    /// 0 normal, -1 high, 1 low.
    pub priority: i32,
    /// How far it has come.
    pub timeline: Arc<Timeline>,
    /// Its queue.
    pub queue: Queue,
    null: bool,
    /// Whether its handle was destroyed; it goes when it is idle.
    pub destroyed: AtomicBool,
    ended: AtomicBool,
    /// Up to where the null stream waits for it already.
    awaited_by_null: AtomicU64,
    writer: Mutex<Writer>,
    ring: Block,
    scratch: Block,
}

#[derive(Debug)]
struct Writer {
    /// Packets written.
    written: u64,
    /// Packets that the device was told of.
    published: u64,
    /// Up to where this stream waits for the null stream already.
    awaited_null: u64,
    /// Positions in scratch, counted on and on: next free, first in use.
    head: u64,
    tail: u64,
    /// Timeline values and the position that is free from then on.
    marks: VecDeque<(u64, u64)>,
}

impl Stream {
    /// Creates a stream; `null`: it is the context's null stream.
    pub fn new(context: &Arc<Context>, flags: u32, priority: i32, null: bool) -> Result<Stream> {
        let device = &context.device;
        let ring = device.system.take(RING * packet::SIZE as u64, packet::RING_ALIGN)?;
        let scratch = device.system.take(SCRATCH, 4096)?;
        let timeline = Arc::new(Timeline::new(&device.cells, device.ordinal)?);
        let queue = device.backend.queue_create(&QueueConfig {
            ring_va: ring.va,
            ring_log2: RING_LOG2,
            // Priorities above normal are a privilege; a stream's are a hint.
            priority: if priority > 0 { 0 } else { 1 },
            timeout_ms: device.timeout_ms,
        })?;
        let submitted = timeline.submitted();
        Ok(Stream {
            context: Arc::downgrade(context),
            context_id: context.id,
            device: Arc::clone(device),
            flags,
            priority,
            timeline,
            queue,
            null,
            destroyed: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            awaited_by_null: AtomicU64::new(submitted),
            writer: Mutex::new(Writer { written: 0, published: 0, awaited_null: 0, head: 0, tail: 0, marks: VecDeque::new() }),
            ring,
            scratch,
        })
    }

    /// Whether it keeps order with the null stream.
    pub fn is_blocking(&self) -> bool {
        self.flags & NON_BLOCKING == 0
    }

    /// Whether a fault stopped it.
    pub fn is_stopped(&self) -> bool {
        self.queue.state().load(Ordering::Acquire) == state::STOPPED
    }

    /// Starts a batch: takes the stream for this thread and puts the order with the null stream
    /// into the ring.
    pub fn begin<'a>(&'a self, context: &'a Context) -> Result<Batch<'a>> {
        if self.is_stopped() {
            return Err(context.fail(self));
        }
        let mut batch = Batch { stream: self, context, writer: lock(&self.writer) };
        if self.has_ended() {
            return Err(Error::new(Code::CONTEXT_IS_DESTROYED, "the stream's context has been destroyed"));
        }
        if self.null {
            context.for_each_stream(|other| {
                let value = other.timeline.submitted();
                if !other.is_blocking() || value <= other.awaited_by_null.load(Ordering::Relaxed) || other.timeline.reached(value) {
                    return Ok(());
                }
                other.awaited_by_null.store(value, Ordering::Relaxed);
                batch.wait(&other.timeline, value)
            })?;
        } else if self.is_blocking() {
            if let Some(null) = context.null_if_used() {
                let value = null.timeline.submitted();
                if value > batch.writer.awaited_null && !null.timeline.reached(value) {
                    batch.writer.awaited_null = value;
                    batch.wait(&null.timeline, value)?;
                }
            }
        }
        Ok(batch)
    }

    /// Waits on the host until the timeline has reached `value`. Fails when the context has failed.
    pub fn wait(&self, context: &Context, value: u64) -> Result<()> {
        let start = Instant::now();
        loop {
            for _ in 0..32 {
                if self.timeline.reached(value) {
                    return Ok(());
                }
                std::hint::spin_loop();
            }
            if self.is_stopped() {
                return Err(context.fail(self));
            }
            match start.elapsed() {
                spent if spent < SPIN_HARD => {}
                spent if spent < SPIN => std::thread::yield_now(),
                _ => break,
            }
        }
        let (bo, offset) = self.timeline.cell().location();
        let awaited = Fence { word: self.timeline.word(), bo, offset, value, queue: &self.queue };
        while !self.timeline.reached(value) {
            context.look()?;
            self.device.backend.sleep(&awaited, NAP)?;
        }
        Ok(())
    }

    /// Waits for all that was submitted.
    pub fn synchronize(&self, context: &Context) -> Result<()> {
        self.wait(context, self.timeline.submitted())?;
        context.look()
    }

    /// Tells the device of the packets written.
    fn ring_doorbell(&self, writer: &mut Writer) -> Result<()> {
        writer.published = writer.written;
        self.queue.wptr().store(writer.written, Ordering::Release);
        fence(Ordering::SeqCst);
        if self.queue.needs_kick().load(Ordering::Relaxed) != 0 {
            self.device.backend.kick(&self.queue)?;
        }
        Ok(())
    }
}

impl Stream {
    /// Ends the queue and whatever runs in it. Later batches fail.
    pub fn end(&self) {
        let _alone = lock(&self.writer);
        if self.ended.swap(true, Ordering::AcqRel) {
            return;
        }
        // Fails only when the device is gone, and then nothing runs any more.
        let _ = self.device.backend.queue_destroy(self.queue);
        // Whoever waits for work that was ended waits no longer.
        if !self.timeline.idle() {
            self.timeline.word().store(self.timeline.submitted(), Ordering::Release);
        }
    }

    /// Whether [`Stream::end`] was called.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.end();
    }
}

/// The packets of one call; see the module's text. Dropped unfinished, they are never run.
#[derive(Debug)]
pub struct Batch<'a> {
    stream: &'a Stream,
    context: &'a Context,
    writer: MutexGuard<'a, Writer>,
}

impl Batch<'_> {
    /// Adds a packet. Waits while the ring is full.
    pub fn push<P: Packet>(&mut self, packet: &P) -> Result<()> {
        let stream = self.stream;
        if self.writer.written - stream.queue.rptr().load(Ordering::Acquire) >= RING {
            self.wait_for_room()?;
        }
        let at = self.writer.written % RING * packet::SIZE as u64;
        // SAFETY: the ring is mapped system memory of RING packets; the entry's last packet has
        // been fetched, and the holder of the writer is alone.
        unsafe { ((stream.ring.va + at) as *mut P).write_volatile(*packet) };
        self.writer.written += 1;
        Ok(())
    }

    fn wait_for_room(&mut self) -> Result<()> {
        let stream = self.stream;
        stream.ring_doorbell(&mut self.writer)?;
        let mut spins = 0;
        while self.writer.written - stream.queue.rptr().load(Ordering::Acquire) >= RING {
            if stream.is_stopped() {
                return Err(self.context.fail(stream));
            }
            spins += 1;
            if spins < 100 {
                std::thread::yield_now();
            } else {
                // The device is hundreds of packets behind: a nap costs nothing.
                std::thread::sleep(Duration::from_micros(100));
                stream.device.backend.check()?;
                self.context.look()?;
            }
        }
        Ok(())
    }

    /// Holds the stream until `timeline` has reached `value`.
    pub fn wait(&mut self, timeline: &Timeline, value: u64) -> Result<()> {
        self.push(&packet::Wait { header: header(Opcode::Wait, 0), compare: compare::GE, va: timeline.va(), value, ..packet::Wait::ZERO })
    }

    /// Takes `size` bytes of scratch, at most [`SCRATCH_MAX`], 64-byte aligned, for packets of
    /// this batch. CPU and GPU see them at the same address. Waits while scratch is full.
    pub fn scratch(&mut self, size: u64) -> Result<u64> {
        debug_assert!(size <= SCRATCH_MAX);
        let mut at = self.writer.head.next_multiple_of(64);
        if at % SCRATCH + size > SCRATCH {
            at = at.next_multiple_of(SCRATCH);
        }
        while at + size - self.writer.tail > SCRATCH {
            let Some((value, free_to)) = self.writer.marks.pop_front() else {
                return Err(Error::new(Code::UNKNOWN, "a batch needs more scratch than there is"));
            };
            self.stream.wait(self.context, value)?;
            self.writer.tail = free_to;
        }
        self.writer.head = at + size;
        Ok(self.stream.scratch.va + at % SCRATCH)
    }

    /// Closes the batch and tells the device. Returns the timeline's value at its end.
    pub fn finish(mut self) -> Result<u64> {
        self.close(0)
    }

    /// Like [`Batch::finish`], and begins a new batch without letting another thread in between.
    pub fn flush(&mut self) -> Result<u64> {
        self.close(0)
    }

    /// Like [`Batch::finish`], and the device stores its time at `va` when it is there.
    pub fn finish_with_timestamp(mut self, va: u64) -> Result<u64> {
        self.close(va)
    }

    fn close(&mut self, timestamp_va: u64) -> Result<u64> {
        let stream = self.stream;
        let value = stream.timeline.submitted() + 1;
        let flags = FLAG_INTERRUPT | if timestamp_va != 0 { FLAG_TIMESTAMP } else { 0 };
        self.push(&packet::Signal {
            header: header(Opcode::Signal, flags),
            va: stream.timeline.va(),
            value,
            timestamp_va,
            ..packet::Signal::ZERO
        })?;
        let writer = &mut *self.writer;
        if writer.marks.back().map_or(writer.tail, |m| m.1) != writer.head {
            while writer.marks.front().is_some_and(|m| stream.timeline.reached(m.0)) {
                writer.tail = writer.marks.pop_front().map_or(writer.tail, |m| m.1);
            }
            writer.marks.push_back((value, writer.head));
        }
        stream.timeline.set_submitted(value);
        stream.ring_doorbell(writer)?;
        Ok(value)
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        let writer = &mut *self.writer;
        writer.written = writer.published;
        // Scratch that an abandoned batch took is free with the next mark.
    }
}

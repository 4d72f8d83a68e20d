// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Streams: work in order.
//!
//! A *stream* owns a queue of the device: its *ring* of packets, and a *scratch* ring of system
//! memory for what packets point at (descriptors, parameters, small copies). Both are reused as
//! the device completes what was written. A *batch* is the packets of one call; writing one is
//! stores to memory and, only when the device has gone to sleep, a kick.
//!
//! How far a stream has come is known in two ways. The device counts the packets that it has
//! *completed* in the queue's doorbell slot, which is enough for whoever polls: so a launch is one
//! packet. Whoever sleeps, or another queue that waits, needs a value in memory: the stream is
//! *marked* then, with a SIGNAL of its [`Timeline`] behind what it has been given so far.
//!
//! The *null stream* of a context keeps order with its *blocking* streams: its batches wait for
//! all that these have in flight, and theirs wait for its.

use crate::backend::{Fence, Queue, QueueConfig};
use crate::capture;
use crate::context::Context;
use crate::device::Device;
use crate::doorbell;
use crate::error::{Code, Error, Result};
use crate::handle::lock;
use crate::host::{Lane, Outcome};
use crate::launch::Attributes;
use crate::memory::Block;
use crate::packets::{Packet, Raw};
use crate::timeline::Timeline;
use crate::trace;
use crate::trace::timeline::Span;
use ix_hw::doorbell::state;
use ix_hw::packet::{self, compare, header, Opcode, FLAG_INTERRUPT, FLAG_TIMESTAMP};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, Weak};
use std::time::{Duration, Instant};

/// Flag of a stream that keeps no order with the null stream.
pub const NON_BLOCKING: u32 = 1;

/// Highest and lowest priority of a stream: as in CUDA, the lower number goes first, and the lowest
/// is 0, the usual one. A queue's priorities count up from it, so that the one above is for
/// everybody; the highest is a privilege of the kernel driver's.
pub const PRIORITIES: (i32, i32) = (-2, 0);

/// log2 of the packets in a ring.
const RING_LOG2: u32 = 14;
const RING: u64 = 1 << RING_LOG2;
/// Scratch is divided into segments; one is used again when the device has completed everything
/// that was written while it was in use.
const SEGMENTS: u64 = 16;
/// Largest piece of scratch: a segment, so that one can be filled while others are in use.
pub const SCRATCH_MAX: u64 = 128 << 10;
/// Bytes of a scratch ring.
pub const SCRATCH: u64 = SEGMENTS * SCRATCH_MAX;

/// How long a waiter looks at the value before it sleeps.
const SPIN: Duration = Duration::from_micros(50);
/// How long of that it does not even yield.
const SPIN_HARD: Duration = Duration::from_micros(8);
/// How long a sleeper sleeps before it looks whether another queue, on which its own waits, has
/// stopped.
const NAP: Duration = Duration::from_millis(50);

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// A stream.
#[derive(Debug)]
pub struct Stream {
    /// Its context.
    pub context: Weak<Context>,
    /// Id of its context.
    pub context_id: u64,
    /// A number that no other stream of the process ever has.
    pub id: u64,
    device: Arc<Device>,
    /// [`NON_BLOCKING`] or 0.
    pub flags: u32,
    /// See [`PRIORITIES`].
    pub priority: i32,
    /// What the program asked for, without effect.
    pub attributes: Mutex<Attributes>,
    /// How far it has come, as far as it was marked.
    pub timeline: Arc<Timeline>,
    /// Its queue.
    pub queue: Queue,
    /// The graph that is made of its work instead of running it.
    pub capture: capture::Slot,
    null: bool,
    /// Whether its handle was destroyed; it goes when it is idle.
    pub destroyed: AtomicBool,
    ended: AtomicBool,
    /// Packets that the device was told of.
    published: AtomicU64,
    /// Position up to which the null stream waits for this one already.
    awaited_by_null: AtomicU64,
    /// Position of the null stream up to which this one waits for it already.
    awaits_null: AtomicU64,
    writer: Mutex<Writer>,
    lane: OnceLock<Arc<Lane>>,
    ring: Block,
    scratch: Block,
}

/// A *position* is a number of packets written since the stream's creation.
#[derive(Debug)]
struct Writer {
    /// Packets written.
    written: u64,
    /// Position behind the last SIGNAL of the timeline.
    marked: u64,
    /// Bytes of scratch taken, counted on and on.
    head: u64,
    /// Number of the segment, counted on and on, that the head is in, and of the first one that
    /// the current batch has used.
    segment: u64,
    first_segment: u64,
    /// Position at which each segment is free.
    free_at: [u64; SEGMENTS as usize],
}

/// A point of a stream that was marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The timeline's value there.
    pub value: u64,
    /// The position there.
    pub position: u64,
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
            priority: priority.clamp(PRIORITIES.0, PRIORITIES.1).unsigned_abs(),
            timeout_ms: device.timeout_ms,
        })?;
        Ok(Stream {
            context: Arc::downgrade(context),
            context_id: context.id,
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            device: Arc::clone(device),
            flags,
            priority,
            attributes: Mutex::default(),
            timeline,
            queue,
            capture: capture::Slot::default(),
            null,
            destroyed: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            published: AtomicU64::new(0),
            awaited_by_null: AtomicU64::new(0),
            awaits_null: AtomicU64::new(0),
            writer: Mutex::new(Writer { written: 0, marked: 0, head: 0, segment: 0, first_segment: 0, free_at: [0; SEGMENTS as usize] }),
            lane: OnceLock::new(),
            ring,
            scratch,
        })
    }

    /// Whether it keeps order with the null stream.
    pub fn is_blocking(&self) -> bool {
        self.flags & NON_BLOCKING == 0
    }

    /// Whether it is a context's null stream.
    pub fn is_null(&self) -> bool {
        self.null
    }

    /// Whether a fault stopped it.
    pub fn is_stopped(&self) -> bool {
        self.queue.state().load(Ordering::Acquire) == state::STOPPED
    }

    /// Its position: the number of packets that it was given.
    pub fn position(&self) -> u64 {
        self.published.load(Ordering::Acquire)
    }

    /// Whether everything up to a position has completed, or never will because it has ended.
    pub fn passed(&self, position: u64) -> bool {
        self.queue.completed().load(Ordering::Acquire) >= position || self.has_ended()
    }

    /// Whether it has nothing to do.
    pub fn idle(&self) -> bool {
        self.passed(self.position())
    }

    /// Starts a batch: takes the stream for this thread and puts the order with the null stream
    /// into the ring.
    pub fn begin<'a>(&'a self, context: &'a Context) -> Result<Batch<'a>> {
        if self.is_stopped() {
            return Err(context.fail(self));
        }
        // The null stream is marked before this one is taken: whoever holds the null stream's
        // writer takes others', never the other way round.
        let null = match context.null_if_used() {
            Some(null) if !self.null && self.is_blocking() => {
                let awaits = null.position() > self.awaits_null.load(Ordering::Relaxed) && !null.idle();
                if awaits {
                    Some((null, null.mark(context)?))
                } else {
                    None
                }
            }
            _ => None,
        };
        let mut batch = Batch { stream: self, context, writer: lock(&self.writer), span: None };
        if self.has_ended() {
            return Err(Error::new(Code::CONTEXT_IS_DESTROYED, "the stream's context has been destroyed"));
        }
        if let Some((null, mark)) = null {
            self.awaits_null.fetch_max(mark.position, Ordering::Relaxed);
            batch.wait(&null.timeline, mark.value)?;
        }
        if self.null {
            capture::refuse_implicit(context)?;
            let awaited = |s: &Stream| s.awaited_by_null.load(Ordering::Relaxed) >= s.position();
            for other in context.streams_where(|s| s.is_blocking() && !awaited(s) && !s.idle()) {
                let mark = other.mark(context)?;
                other.awaited_by_null.store(mark.position, Ordering::Relaxed);
                batch.wait(&other.timeline, mark.value)?;
            }
        }
        if trace::timeline().is_some() {
            batch.begin_span()?;
        }
        Ok(batch)
    }

    /// Marks what it has been given so far: see the module's text.
    pub fn mark(&self, context: &Context) -> Result<Mark> {
        let mut batch = Batch { stream: self, context, writer: lock(&self.writer), span: None };
        if batch.writer.marked != batch.writer.written && !self.has_ended() {
            batch.close(Some(0))?;
        }
        Ok(Mark { value: self.timeline.submitted(), position: batch.writer.marked })
    }

    /// Polls for a while; true when `done` came to hold.
    fn poll(&self, context: &Context, done: impl Fn() -> bool) -> Result<bool> {
        let start = Instant::now();
        loop {
            for _ in 0..32 {
                if done() {
                    return Ok(true);
                }
                std::hint::spin_loop();
            }
            if self.is_stopped() {
                return Err(context.fail(self));
            }
            match start.elapsed() {
                spent if spent < SPIN_HARD => {}
                spent if spent < SPIN => std::thread::yield_now(),
                _ => return Ok(false),
            }
        }
    }

    /// Waits on the host until the timeline has reached `value`. Fails when the context has failed.
    pub fn wait(&self, context: &Context, value: u64) -> Result<()> {
        if self.poll(context, || self.timeline.reached(value))? {
            return Ok(());
        }
        let (bo, offset) = self.timeline.cell().location();
        let awaited = Fence { word: self.timeline.word(), bo, offset, value, queue: &self.queue };
        while !self.timeline.reached(value) {
            context.look()?;
            self.device.backend.sleep(&awaited, NAP)?;
        }
        Ok(())
    }

    /// Waits on the host until everything up to a position has completed.
    pub fn wait_for(&self, context: &Context, position: u64) -> Result<()> {
        if self.poll(context, || self.passed(position))? {
            return Ok(());
        }
        let mark = self.mark(context)?;
        self.wait(context, mark.value)?;
        // The device stores the mark's value before it counts the packet that does; until then the
        // stream, asked whether it is idle, would say no after it was waited for.
        while !self.passed(mark.position) && !self.is_stopped() {
            context.look()?;
            self.device.backend.check()?;
            std::thread::yield_now();
        }
        Ok(())
    }

    /// Waits for all that was submitted.
    pub fn synchronize(&self, context: &Context) -> Result<()> {
        self.wait_for(context, self.position())?;
        context.device_runtime.flush(context);
        context.look()
    }

    /// Makes the device look at a value that the CPU has stored, and on which the stream waits.
    pub fn nudge(&self) -> Result<()> {
        if doorbell::must_kick(&self.queue) && !self.has_ended() {
            self.device.backend.kick(&self.queue)?;
        }
        Ok(())
    }

    /// Tells the device of the packets written.
    fn ring_doorbell(&self, written: u64) -> Result<()> {
        self.published.store(written, Ordering::Release);
        if doorbell::publish(&self.queue, written) {
            self.device.backend.kick(&self.queue)?;
        }
        Ok(())
    }

    /// Where its host functions run.
    fn lane(&self) -> Result<&Arc<Lane>> {
        if let Some(lane) = self.lane.get() {
            return Ok(lane);
        }
        // The caller holds the writer, so nobody else makes one.
        let lane = Lane::new(&self.device)?;
        Ok(self.lane.get_or_init(|| lane))
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
        if let Some(lane) = self.lane.get() {
            lane.end();
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
    /// What the timeline is to show of it.
    span: Option<Span>,
}

impl<'a> Batch<'a> {
    /// Adds a packet. Waits while the ring is full.
    pub fn push<P: Packet>(&mut self, packet: &P) -> Result<()> {
        let stream = self.stream;
        if doorbell::room(&stream.queue, RING, self.writer.written) == 0 {
            self.wait_for_room(1)?;
        }
        let at = self.writer.written % RING * packet::SIZE as u64;
        // SAFETY: the ring is mapped system memory of RING packets; the entry's last packet has
        // been fetched, and the holder of the writer is alone.
        unsafe { ((stream.ring.va + at) as *mut P).write_volatile(*packet) };
        self.writer.written += 1;
        Ok(())
    }

    /// Adds packets that were made before. Waits while the ring is full.
    pub fn push_all(&mut self, mut packets: &[Raw]) -> Result<()> {
        let stream = self.stream;
        while !packets.is_empty() {
            let first = self.writer.written % RING;
            let n = (packets.len() as u64).min(doorbell::room(&stream.queue, RING, self.writer.written)).min(RING - first);
            if n == 0 {
                self.wait_for_room((packets.len() as u64).min(RING / 4))?;
                continue;
            }
            let at = (stream.ring.va + first * packet::SIZE as u64) as *mut Raw;
            // SAFETY: as in `push`, for `n` entries up to the ring's end.
            unsafe { std::ptr::copy_nonoverlapping(packets.as_ptr(), at, n as usize) };
            self.writer.written += n;
            packets = &packets[n as usize..];
        }
        Ok(())
    }

    /// Waits until the ring has room for `packets` more.
    fn wait_for_room(&mut self, packets: u64) -> Result<()> {
        let stream = self.stream;
        stream.ring_doorbell(self.writer.written)?;
        let written = self.writer.written;
        self.wait_alone(|| doorbell::room(&stream.queue, RING, written) >= packets)
    }

    /// Waits for the device with the writer held, when nothing can be added to the ring.
    fn wait_alone(&self, done: impl Fn() -> bool) -> Result<()> {
        let stream = self.stream;
        let mut spins = 0u64;
        while !done() {
            if stream.is_stopped() {
                return Err(self.context.fail(stream));
            }
            spins += 1;
            match spins {
                0..1000 => std::hint::spin_loop(),
                1000..1100 => std::thread::yield_now(),
                _ => {
                    // The device is thousands of packets behind: a nap costs nothing.
                    std::thread::sleep(Duration::from_micros(100));
                    stream.device.backend.check()?;
                    self.context.look()?;
                }
            }
        }
        Ok(())
    }

    /// Holds the stream until `timeline` has reached `value`.
    pub fn wait(&mut self, timeline: &Timeline, value: u64) -> Result<()> {
        self.push(&packet::Wait { header: header(Opcode::Wait, 0), compare: compare::GE, va: timeline.va(), value, ..packet::Wait::ZERO })
    }

    /// Holds the stream until `work` has run on the stream's own host thread, behind what is in
    /// the batch so far. That is told whether the stream has come so far without failing.
    pub fn host(&mut self, stream: &Arc<Stream>, work: impl FnOnce(Outcome) + Send + 'static) -> Result<()> {
        debug_assert!(std::ptr::eq(self.stream, Arc::as_ptr(stream)));
        let lane = self.stream.lane()?;
        lane.start(stream)?;
        let reached = self.flush()?;
        let number = lane.add(reached, Box::new(work));
        self.wait(lane.done(), number)
    }

    /// Takes `size` bytes of scratch, at most [`SCRATCH_MAX`], 64-byte aligned, for packets of
    /// this batch. CPU and GPU see them at the same address. Waits while scratch is full.
    pub fn scratch(&mut self, size: u64) -> Result<u64> {
        debug_assert!(0 < size && size <= SCRATCH_MAX);
        let mut at = self.writer.head.next_multiple_of(64);
        if at / SCRATCH_MAX != (at + size - 1) / SCRATCH_MAX {
            at = at.next_multiple_of(SCRATCH_MAX);
        }
        let segment = at / SCRATCH_MAX;
        if segment != self.writer.segment {
            if segment - self.writer.first_segment >= SEGMENTS {
                return Err(Error::new(Code::UNKNOWN, "a batch needs more scratch than there is"));
            }
            let (stream, free_at) = (self.stream, self.writer.free_at[(segment % SEGMENTS) as usize]);
            self.wait_alone(|| stream.passed(free_at))?;
            self.writer.segment = segment;
        }
        self.writer.head = at + size;
        Ok(self.stream.scratch.va + at % SCRATCH)
    }

    /// Closes the batch and tells the device. Returns the position at its end.
    pub fn finish(mut self) -> Result<u64> {
        self.close_with_span(None)?;
        Ok(self.writer.written)
    }

    /// Like [`Batch::finish`], with a mark. Returns the timeline's value at its end.
    pub fn finish_marked(mut self) -> Result<u64> {
        self.close_with_span(Some(0))
    }

    #[cold]
    fn begin_span(&mut self) -> Result<()> {
        if let Some(span) = Span::new(&self.stream.device, self.stream.id) {
            let begin = span.begin_va();
            self.span = Some(span);
            self.flush_with_timestamp(begin)?;
        }
        Ok(())
    }

    /// Says what the batch does, for the timeline.
    pub fn describe(&mut self, name: &str) {
        if let Some(span) = &mut self.span {
            span.name(name);
        }
    }

    /// Closes the batch, and the span that it has for the timeline.
    fn close_with_span(&mut self, signal: Option<u64>) -> Result<u64> {
        match (trace::timeline(), self.span.take()) {
            (Some(timeline), Some(span)) => {
                let value = self.close(Some(span.end_va()))?;
                timeline.span(span);
                Ok(value)
            }
            _ => self.close(signal),
        }
    }

    /// Like [`Batch::finish_marked`], and begins a new batch without letting another thread in between.
    pub fn flush(&mut self) -> Result<u64> {
        self.close(Some(0))
    }

    /// Like [`Batch::flush`], and the device stores its time at `va` when it is there; 0: nowhere.
    pub fn flush_with_timestamp(&mut self, va: u64) -> Result<u64> {
        self.close(Some(va))
    }

    /// Ends the batch, with a SIGNAL (and its timestamp's address or 0) if one is given.
    fn close(&mut self, signal: Option<u64>) -> Result<u64> {
        let stream = self.stream;
        let mut value = stream.timeline.submitted();
        if let Some(timestamp_va) = signal {
            value += 1;
            let flags = FLAG_INTERRUPT | if timestamp_va != 0 { FLAG_TIMESTAMP } else { 0 };
            self.push(&packet::Signal {
                header: header(Opcode::Signal, flags),
                va: stream.timeline.va(),
                value,
                timestamp_va,
                ..packet::Signal::ZERO
            })?;
            stream.timeline.set_submitted(value);
            self.writer.marked = self.writer.written;
        }
        let writer = &mut *self.writer;
        for segment in writer.first_segment..=writer.segment {
            writer.free_at[(segment % SEGMENTS) as usize] = writer.written;
        }
        writer.first_segment = writer.segment;
        stream.ring_doorbell(writer.written)?;
        Ok(value)
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if let Some(span) = self.span.take() {
            // The device may still store the time at which it began.
            let stream = self.stream;
            self.context.retire(Arc::clone(&stream.timeline), stream.timeline.submitted(), span.into_cell());
        }
        // Scratch that an abandoned batch took is free with the next one's.
        self.writer.written = self.stream.published.load(Ordering::Relaxed);
    }
}

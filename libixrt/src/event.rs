// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Events: points in a stream.
//!
//! To *record* an event is to mark the stream and remember the mark; with timing, the device also
//! stores its time into the event's cell on the way. Recording again while the former record is
//! pending takes a fresh cell, so that a late store of the former one cannot pass for the new
//! one's. In a stream that is captured, an event remembers a place in the graph instead.

use crate::capture::{self, Fork};
use crate::context::Context;
use crate::error::{Code, Error, Result};
use crate::graph::node::Kind;
use crate::handle::{lock, Of, Table};
use crate::memory::Cell;
use crate::stream::{Batch, Stream};
use crate::timeline::Timeline;
use std::sync::{Arc, Mutex, OnceLock, Weak};

/// Events that have handles.
pub static EVENTS: Table<Event> = Table::new(Of::Event, "event");

/// Flag of an event without timing.
pub const DISABLE_TIMING: u32 = 2;

/// Flag of a record and of a wait: in a captured stream it becomes a node that records the event,
/// or waits for it, each time the graph runs.
pub const EXTERNAL: u32 = 1;

/// Where an event stands in a stream.
#[derive(Debug, Clone)]
pub struct Point {
    /// The stream's timeline.
    pub timeline: Arc<Timeline>,
    /// Its value once the event has happened.
    pub value: u64,
    /// The stream, as long as it is there; once it is gone the event has happened.
    pub stream: Weak<Stream>,
}

impl Point {
    /// A point of a stream.
    pub fn new(stream: &Arc<Stream>, value: u64) -> Point {
        Point { timeline: Arc::clone(&stream.timeline), value, stream: Arc::downgrade(stream) }
    }

    /// Whether it has happened.
    pub fn reached(&self) -> bool {
        self.timeline.reached(self.value)
    }

    /// Waits on the host until it has happened, or never will because its stream has stopped.
    pub fn wait(&self) {
        if self.reached() {
            return;
        }
        if let Some(stream) = self.stream.upgrade() {
            if let Some(context) = stream.context.upgrade() {
                // A failure is that context's, which reports it by itself.
                let _ = stream.wait(&context, self.value);
            }
        }
    }

    /// Holds a batch of `stream` until it has happened.
    pub fn hold(&self, stream: &Arc<Stream>, batch: &mut Batch<'_>) -> Result<()> {
        if self.reached() || Arc::ptr_eq(&self.timeline, &stream.timeline) {
            return Ok(());
        }
        if self.timeline.device == stream.timeline.device {
            return batch.wait(&self.timeline, self.value);
        }
        // The other device's memory is out of this one's reach, so the host waits in its stead.
        let point = self.clone();
        batch.host(stream, move |_| point.wait())
    }
}

/// Where an event was recorded last.
#[derive(Debug, Clone, Default)]
pub enum Place {
    /// Nowhere.
    #[default]
    Nowhere,
    /// In a stream.
    Stream(Point),
    /// In a captured stream.
    Capture(Fork),
}

#[derive(Debug, Default)]
struct Record {
    place: Place,
    cell: Option<Cell>,
}

/// An event.
#[derive(Debug)]
pub struct Event {
    /// Its context.
    pub context: Weak<Context>,
    /// Flags it was created with.
    pub flags: u32,
    handle: OnceLock<u64>,
    record: Mutex<Record>,
}

impl Event {
    /// An event that was never recorded.
    pub fn new(context: &Arc<Context>, flags: u32) -> Event {
        Event { context: Arc::downgrade(context), flags, handle: OnceLock::new(), record: Mutex::default() }
    }

    /// Gives it a handle.
    pub fn publish(self: &Arc<Event>) -> Result<u64> {
        let handle = EVENTS.insert(Arc::clone(self))?;
        Ok(*self.handle.get_or_init(|| handle))
    }

    /// Its handle; 0 if it has none.
    pub fn handle(&self) -> u64 {
        self.handle.get().copied().unwrap_or(0)
    }

    fn is_timed(&self) -> bool {
        self.flags & DISABLE_TIMING == 0
    }

    /// Records it in a stream. `flags`: [`EXTERNAL`] or 0.
    pub fn record(self: &Arc<Event>, context: &Arc<Context>, stream: &Arc<Stream>, flags: u32) -> Result<()> {
        if stream.capture.is_active() {
            if flags & EXTERNAL != 0 {
                return stream.capture.add(Kind::RecordEvent(Arc::clone(self)));
            }
            let fork = stream.capture.fork()?;
            let mut record = lock(&self.record);
            self.retire_if_pending(context, &mut record);
            record.place = Place::Capture(fork);
            return Ok(());
        }
        let mut batch = stream.begin(context)?;
        self.record_in(context, stream, &mut batch)
    }

    /// Records it behind what is in a batch of `stream` so far.
    pub fn record_in(&self, context: &Arc<Context>, stream: &Arc<Stream>, batch: &mut Batch<'_>) -> Result<()> {
        let mut record = lock(&self.record);
        self.retire_if_pending(context, &mut record);
        let value = if self.is_timed() {
            if record.cell.is_none() {
                record.cell = Some(context.device.cells.take()?);
            }
            batch.flush_with_timestamp(record.cell.as_ref().map_or(0, |cell| cell.word_va(1)))?
        } else {
            batch.flush()?
        };
        record.place = Place::Stream(Point::new(stream, value));
        Ok(())
    }

    /// Makes later work of `stream` wait for it. `flags`: [`EXTERNAL`] or 0.
    pub fn hold(self: &Arc<Event>, context: &Arc<Context>, stream: &Arc<Stream>, flags: u32) -> Result<()> {
        let captured = stream.capture.is_active();
        if captured && flags & EXTERNAL != 0 {
            return stream.capture.add(Kind::WaitEvent(Arc::clone(self)));
        }
        match self.place() {
            Place::Capture(fork) => capture::join(stream, &fork),
            Place::Nowhere => Ok(()),
            Place::Stream(_) if captured => Err(stream.capture.invalidate(Error::new(
                Code::STREAM_CAPTURE_ISOLATION,
                "a captured stream cannot wait for an event that was recorded outside of the capture",
            ))),
            Place::Stream(point) => {
                if point.reached() || Arc::ptr_eq(&point.timeline, &stream.timeline) {
                    return Ok(());
                }
                let mut batch = stream.begin(context)?;
                point.hold(stream, &mut batch)?;
                batch.finish().map(drop)
            }
        }
    }

    /// Leaves a cell that the device may still store to with the context.
    fn retire_if_pending(&self, context: &Context, record: &mut Record) {
        if let Place::Stream(point) = std::mem::take(&mut record.place) {
            if !point.reached() {
                if let Some(cell) = record.cell.take() {
                    context.retire(point.timeline, point.value, cell);
                }
            }
        }
    }

    /// Where it was recorded last.
    pub fn place(&self) -> Place {
        lock(&self.record).place.clone()
    }

    /// Where it was recorded last, if that was in a stream that is not captured; see [`Event::place`].
    pub fn point(&self) -> Result<Option<Point>> {
        match self.place() {
            Place::Nowhere => Ok(None),
            Place::Stream(point) => Ok(Some(point)),
            Place::Capture(fork) => Err(fork.event_is_captured()),
        }
    }

    /// Milliseconds from `start` to `end`, which have both happened.
    pub fn elapsed_ms(start: &Event, end: &Event) -> Result<f32> {
        let time = |event: &Event, which: &str| {
            if !event.is_timed() {
                return Err(Error::new(Code::INVALID_HANDLE, format!("the {which} event was created without timing")));
            }
            let point = event.point()?;
            let record = lock(&event.record);
            let (Some(point), Some(cell)) = (&point, &record.cell) else {
                return Err(Error::new(Code::INVALID_HANDLE, format!("the {which} event has not been recorded")));
            };
            if !point.reached() {
                return Err(Error::new(Code::NOT_READY, format!("the {which} event has not happened yet")));
            }
            Ok(cell.word(1).load(std::sync::atomic::Ordering::Acquire))
        };
        let (start, end) = (time(start, "start")?, time(end, "end")?);
        Ok(end.wrapping_sub(start) as i64 as f32 / 1e6)
    }

    /// Lets go of its cell.
    pub fn end(&self) {
        if let Some(context) = self.context.upgrade() {
            self.retire_if_pending(&context, &mut lock(&self.record));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Events: points in a stream.
//!
//! To *record* an event is to remember the stream's timeline and the value it will reach; with
//! timing, the device also stores its time into the event's cell on the way. Recording again
//! while the former record is pending takes a fresh cell, so that a late store of the former one
//! cannot pass for the new one's.

use crate::context::Context;
use crate::error::{Code, Error, Result};
use crate::handle::{lock, Table};
use crate::memory::Cell;
use crate::stream::Stream;
use crate::timeline::Timeline;
use std::sync::{Arc, Mutex, Weak};

/// Events that have handles.
pub static EVENTS: Table<Event> = Table::new(3, "event");

/// Flag of an event without timing.
pub const DISABLE_TIMING: u32 = 2;

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
    /// Waits on the host until it has happened, or never will because its stream has stopped.
    pub fn wait(&self) {
        if self.timeline.reached(self.value) {
            return;
        }
        if let Some(stream) = self.stream.upgrade() {
            if let Some(context) = stream.context.upgrade() {
                // A failure is that context's, which reports it by itself.
                let _ = stream.wait(&context, self.value);
            }
        }
    }
}

#[derive(Debug, Default)]
struct Record {
    point: Option<Point>,
    cell: Option<Cell>,
}

/// An event.
#[derive(Debug)]
pub struct Event {
    /// Its context.
    pub context: Weak<Context>,
    /// Flags it was created with.
    pub flags: u32,
    record: Mutex<Record>,
}

impl Event {
    /// An event that was never recorded.
    pub fn new(context: &Arc<Context>, flags: u32) -> Event {
        Event { context: Arc::downgrade(context), flags, record: Mutex::default() }
    }

    fn is_timed(&self) -> bool {
        self.flags & DISABLE_TIMING == 0
    }

    /// Records it in a stream.
    pub fn record(&self, context: &Arc<Context>, stream: &Arc<Stream>) -> Result<()> {
        let mut record = lock(&self.record);
        self.retire_if_pending(context, &mut record);
        let batch = stream.begin(context)?;
        let value = if self.is_timed() {
            if record.cell.is_none() {
                record.cell = Some(context.device.cells.take()?);
            }
            batch.finish_with_timestamp(record.cell.as_ref().map_or(0, |cell| cell.word_va(1)))?
        } else {
            batch.finish()?
        };
        record.point = Some(Point { timeline: Arc::clone(&stream.timeline), value, stream: Arc::downgrade(stream) });
        Ok(())
    }

    /// Leaves a cell that the device may still store to with the context.
    fn retire_if_pending(&self, context: &Context, record: &mut Record) {
        if let Some(point) = record.point.take() {
            if !point.timeline.reached(point.value) {
                if let Some(cell) = record.cell.take() {
                    context.retire(point.timeline, point.value, cell);
                }
            }
        }
    }

    /// Where it was recorded last.
    pub fn point(&self) -> Option<Point> {
        lock(&self.record).point.clone()
    }

    /// Milliseconds from `start` to `end`, which have both happened.
    pub fn elapsed_ms(start: &Event, end: &Event) -> Result<f32> {
        let time = |event: &Event, which: &str| {
            if !event.is_timed() {
                return Err(Error::new(Code::INVALID_HANDLE, format!("the {which} event was created without timing")));
            }
            let record = lock(&event.record);
            let (Some(point), Some(cell)) = (&record.point, &record.cell) else {
                return Err(Error::new(Code::INVALID_HANDLE, format!("the {which} event has not been recorded")));
            };
            if !point.timeline.reached(point.value) {
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

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Calls and what the device did, on one axis of time.
//!
//! `IXRT_TIMELINE=FILE` writes the JSON that Perfetto and chrome://tracing read: a process whose
//! threads are those of the program, with its calls; and a process for each device whose threads
//! are the streams, with a *span* for the work of each call. What the host does by itself, such as
//! a small copy while nothing else is under way, is a call only.
//!
//! The device takes the time before and after the work of a span, as it does for events. Its clock
//! runs at the host's pace but began at another time: it is set so that no span begins before it
//! was submitted, and the one that began soonest began at once. So a span may be some microseconds
//! too early, never too late.
//!
//! The file is a whole JSON array after each piece that is written: at the end of the process by
//! `exit`, when a context is destroyed, and whenever a good deal has come together. A process that
//! is killed leaves what was written until then.

use super::calls::Call;
use super::value::quote;
use super::{complain, current, file_name, now, thread};
use crate::device::Device;
use crate::handle::lock;
use crate::memory::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

/// Bytes that are kept before they are written.
const PIECE: usize = 1 << 20;
/// Spans that are kept before those that have ended are looked for.
const SPANS: usize = 4096;
/// Devices are shown as processes with this number and the following, which are no numbers of
/// processes: the kernel's limit is 2^22.
const DEVICE_PROCESS: usize = 1 << 23;
/// What closes the array.
const END: &[u8] = b"\n]\n";

/// Work of the device that has begun to be written.
#[derive(Debug)]
pub struct Span {
    device: usize,
    stream: u64,
    name: String,
    submitted: i64,
    cell: Cell,
}

impl Span {
    /// Work that is given to a stream of a device now.
    pub fn new(device: &Arc<Device>, stream: u64) -> Option<Span> {
        // A device without memory has no work that could be shown.
        let cell = device.cells.take().ok()?;
        for word in 0..2 {
            cell.word(word).store(0, Ordering::Release);
        }
        Some(Span { device: device.ordinal, stream, name: current().into(), submitted: now(), cell })
    }

    /// Says what it is, if that is more than the call.
    pub fn name(&mut self, name: &str) {
        self.name = name.into();
    }

    /// Where the device stores the time of its begin.
    pub fn begin_va(&self) -> u64 {
        self.cell.word_va(0)
    }

    /// Where the device stores the time of its end.
    pub fn end_va(&self) -> u64 {
        self.cell.word_va(1)
    }

    /// Its cell, for one that was given up while the device may still store into it.
    pub fn into_cell(self) -> Cell {
        self.cell
    }

    /// When the device began and ended it, by its own clock, if it has.
    fn times(&self) -> Option<(i64, i64)> {
        let (begin, end) = (self.cell.word(0).load(Ordering::Acquire), self.cell.word(1).load(Ordering::Acquire));
        (begin != 0 && end != 0).then_some((begin as i64, end as i64))
    }
}

#[derive(Debug)]
struct Sink {
    file: File,
    buffer: String,
    /// Tracks that have their names: of a device, and of a stream of it.
    named: BTreeSet<(usize, Option<u64>)>,
    /// What to add to the host's time to have the device's.
    clocks: BTreeMap<usize, i64>,
    broken: bool,
}

/// Writes a timeline.
#[derive(Debug)]
pub struct Timeline {
    process: u32,
    spans: Mutex<Vec<Span>>,
    sink: Mutex<Sink>,
}

impl Timeline {
    /// What the environment asks for.
    pub fn from_environment() -> Option<Timeline> {
        let name = file_name("IXRT_TIMELINE")?;
        let process = std::process::id();
        let file = File::create(&name).and_then(|mut file| {
            let program = std::env::args_os().next().unwrap_or_default();
            write!(file, "[\n{}", process_name(process as usize, &program.to_string_lossy()))?;
            file.write_all(END)?;
            Ok(file)
        });
        match file {
            Ok(file) => {
                // SAFETY: the handler takes nothing and may run at any time; when there is no room
                // for it, the last piece is not written.
                unsafe { libc::atexit(at_exit) };
                let sink = Sink { file, buffer: String::new(), named: BTreeSet::new(), clocks: BTreeMap::new(), broken: false };
                Some(Timeline { process, spans: Mutex::default(), sink: Mutex::new(sink) })
            }
            Err(error) => {
                complain("IXRT_TIMELINE", format_args!("cannot write {}: {error}", name.display()));
                None
            }
        }
    }

    /// Adds a call.
    pub fn call(&self, call: &Call<'_>) {
        if self.is_of_parent() {
            return;
        }
        let mut sink = lock(&self.sink);
        sink.add(&format!(
            "{{\"name\":{},\"ph\":\"X\",\"pid\":{},\"tid\":{},\"ts\":{:.3},\"dur\":{:.3},\"args\":{{\"result\":{},\"arguments\":{}}}}}",
            quote(call.name),
            self.process,
            thread(),
            call.start.as_nanos() as f64 / 1e3,
            call.duration.as_nanos() as f64 / 1e3,
            quote(&call.result_name()),
            call.arguments_json(),
        ));
        sink.write_if(PIECE);
    }

    /// Adds work that was submitted.
    pub fn span(&self, span: Span) {
        let mut spans = lock(&self.spans);
        spans.push(span);
        let many = spans.len() >= SPANS;
        drop(spans);
        if many {
            self.collect();
        }
    }

    /// Writes what has happened so far.
    pub fn write(&self) {
        if self.is_of_parent() {
            return;
        }
        self.collect();
        lock(&self.sink).write_if(0);
    }

    /// Whether this process was forked from the one that writes the file.
    fn is_of_parent(&self) -> bool {
        std::process::id() != self.process
    }

    /// Adds the spans that have ended.
    fn collect(&self) {
        let mut spans = lock(&self.spans);
        let (ended, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut *spans).into_iter().partition(|span| span.times().is_some());
        *spans = rest;
        drop(spans);
        let mut sink = lock(&self.sink);
        for (span, (begin, _)) in ended.iter().filter_map(|span| Some((span, span.times()?))) {
            let least = begin - span.submitted;
            sink.clocks.entry(span.device).and_modify(|clock| *clock = (*clock).min(least)).or_insert(least);
        }
        for span in ended {
            sink.add_span(&span);
        }
    }
}

impl Sink {
    fn add(&mut self, event: &str) {
        self.buffer.push_str(",\n");
        self.buffer.push_str(event);
    }

    fn add_span(&mut self, span: &Span) {
        let (Some((begin, end)), Some(clock)) = (span.times(), self.clocks.get(&span.device).copied()) else { return };
        let process = DEVICE_PROCESS + span.device;
        if self.named.insert((span.device, None)) {
            self.add(&process_name(process, &format!("device {}", span.device)));
        }
        if self.named.insert((span.device, Some(span.stream))) {
            self.add(&format!(
                "{{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":{process},\"tid\":{0},\"args\":{{\"name\":\"stream {0}\"}}}}",
                span.stream
            ));
        }
        self.add(&format!(
            "{{\"name\":{},\"ph\":\"X\",\"pid\":{process},\"tid\":{},\"ts\":{:.3},\"dur\":{:.3},\"args\":{{\"submitted_us\":{:.3}}}}}",
            quote(&span.name),
            span.stream,
            (begin - clock) as f64 / 1e3,
            (end - begin) as f64 / 1e3,
            span.submitted as f64 / 1e3,
        ));
    }

    /// Writes what has come together, if it is more than `bytes`, over the end of the array.
    fn write_if(&mut self, bytes: usize) {
        if self.buffer.len() <= bytes || self.broken {
            return;
        }
        self.buffer.push_str("\n]\n");
        let written = self.file.seek(SeekFrom::End(-(END.len() as i64))).and_then(|_| self.file.write_all(self.buffer.as_bytes()));
        if let Err(error) = written {
            complain("IXRT_TIMELINE", format_args!("{error}; no more is written"));
            self.broken = true;
        }
        self.buffer.clear();
    }
}

fn process_name(process: usize, name: &str) -> String {
    format!("{{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":{process},\"args\":{{\"name\":{}}}}}", quote(name))
}

extern "C" fn at_exit() {
    // A panic must not cross into C.
    let _ = std::panic::catch_unwind(|| {
        if let Some(timeline) = super::timeline() {
            timeline.write();
        }
    });
}

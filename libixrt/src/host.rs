// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Host functions: functions of the program that run in a stream's order.
//!
//! A stream that was given one has a *lane*: a thread of its own, made at the first use, and a
//! *done* timeline that this thread stores. In the ring a host function is a SIGNAL, for which the
//! thread waits before it runs the function, and a WAIT for the lane's next value, which the
//! thread stores after it. So a function runs on no caller's thread, and one that takes long
//! holds up its stream only.
//!
//! What the host must do in a stream's place uses the same way: waiting for an event of another
//! device, and copies of pageable memory in graphs.

use crate::device::Device;
use crate::error::{Code, Error, Result};
use crate::handle::lock;
use crate::stream::Stream;
use crate::timeline::Timeline;
use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, Weak};

/// What a host function is told: whether its stream came to it without a failure.
pub type Outcome = Result<()>;

/// A function of the program, or of this library, that runs once.
pub type Work = Box<dyn FnOnce(Outcome) + Send>;

struct Task {
    /// Value of the stream's timeline from which on it may run.
    reached: u64,
    /// Value of the lane's timeline when it has run.
    number: u64,
    work: Work,
}

#[derive(Default)]
struct Tasks {
    waiting: VecDeque<Task>,
    started: bool,
    ended: bool,
}

/// Where a stream's host functions run: see the module's text.
pub struct Lane {
    done: Timeline,
    tasks: Mutex<Tasks>,
    woken: Condvar,
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane").field("done", &self.done).finish_non_exhaustive()
    }
}

thread_local! {
    static IN_FUNCTION: Cell<bool> = const { Cell::new(false) };
}

/// Whether the calling thread is in a host function of the program.
pub fn in_function() -> bool {
    IN_FUNCTION.try_with(Cell::get).unwrap_or(false)
}

/// Calls a function of the program, whose calls of this library are refused meanwhile.
pub fn call(function: impl FnOnce()) {
    IN_FUNCTION.with(|inside| inside.set(true));
    function();
    IN_FUNCTION.with(|inside| inside.set(false));
}

impl Lane {
    /// A lane without a thread yet.
    pub fn new(device: &Device) -> Result<Arc<Lane>> {
        Ok(Arc::new(Lane { done: Timeline::new(&device.cells, device.ordinal)?, tasks: Mutex::default(), woken: Condvar::new() }))
    }

    /// The timeline that the thread stores.
    pub fn done(&self) -> &Timeline {
        &self.done
    }

    /// Starts the thread, unless it runs.
    pub fn start(self: &Arc<Lane>, stream: &Arc<Stream>) -> Result<()> {
        let mut tasks = lock(&self.tasks);
        if tasks.started {
            return Ok(());
        }
        let (lane, stream) = (Arc::clone(self), Arc::downgrade(stream));
        std::thread::Builder::new()
            .name("ixrt-host".into())
            .spawn(move || lane.serve(&stream))
            .map_err(|e| Error::system("starting a thread for host functions", e))?;
        tasks.started = true;
        Ok(())
    }

    /// Adds a function that may run once the stream's timeline has reached `reached`. Returns the
    /// value of [`Lane::done`] when it has run. The caller holds the stream's writer.
    pub fn add(&self, reached: u64, work: Work) -> u64 {
        let number = self.done.submitted() + 1;
        self.done.set_submitted(number);
        lock(&self.tasks).waiting.push_back(Task { reached, number, work });
        self.woken.notify_one();
        number
    }

    /// Ends the thread once it has nothing left to run.
    pub fn end(&self) {
        lock(&self.tasks).ended = true;
        self.woken.notify_one();
    }

    fn next(&self) -> Option<Task> {
        let mut tasks = lock(&self.tasks);
        loop {
            if let Some(task) = tasks.waiting.pop_front() {
                return Some(task);
            }
            if tasks.ended {
                return None;
            }
            tasks = self.woken.wait(tasks).unwrap_or_else(|e| e.into_inner());
        }
    }

    fn serve(&self, stream: &Weak<Stream>) {
        while let Some(Task { reached, number, work }) = self.next() {
            let stream = stream.upgrade();
            let outcome = match stream.as_ref().and_then(|s| Some((s, s.context.upgrade()?))) {
                Some((stream, context)) => stream.wait(&context, reached).and_then(|()| {
                    if stream.has_ended() {
                        return Err(Error::new(Code::CONTEXT_IS_DESTROYED, "the stream ended before its host function"));
                    }
                    context.look()
                }),
                None => Err(Error::new(Code::CONTEXT_IS_DESTROYED, "the stream is gone")),
            };
            work(outcome);
            self.done.word().store(number, Ordering::Release);
            if let Some(stream) = stream {
                // A device that is gone waits for nothing.
                let _ = stream.nudge();
            }
        }
    }
}

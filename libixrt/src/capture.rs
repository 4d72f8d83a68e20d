// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Stream capture: work given to a stream becomes nodes of a graph.
//!
//! A *capture* begins in its *origin* stream and makes that a *member*. What a member is given
//! depends on what it was given before: its *last* nodes. An event recorded in a member is a
//! *fork*: it holds those; a stream that waits for it joins the capture and has them as its last
//! nodes too. Before the capture ends in the origin, every member's work must have been joined
//! back in this way. An error makes the capture *invalid*: it can then only be ended.
//!
//! While a capture goes on, calls that may wait for work or take and give memory are *unsafe*:
//! they are refused to the threads that the capture's [`Mode`] names, unless these have said by
//! [`exchange_mode`] that they know.

use crate::context::Context;
use crate::error::{Code, Error, Result};
use crate::graph::node::Kind;
use crate::graph::Graph;
use crate::handle::lock;
use crate::stream::Stream;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::thread::ThreadId;

/// To whom unsafe calls are refused during a capture; also how careful a thread is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To all threads.
    Global = 0,
    /// To the thread that began it.
    ThreadLocal = 1,
    /// To nobody.
    Relaxed = 2,
}

impl Mode {
    /// The mode with this number.
    pub fn from_number(number: i32) -> Result<Mode> {
        match number {
            0 => Ok(Mode::Global),
            1 => Ok(Mode::ThreadLocal),
            2 => Ok(Mode::Relaxed),
            other => Err(Error::invalid(format!("there is no capture mode {other}"))),
        }
    }
}

/// A capture: see the module's text.
#[derive(Debug)]
pub struct Capture {
    /// A number that no other capture of the process ever has.
    pub id: u64,
    mode: Mode,
    thread: ThreadId,
    /// What its members' work becomes.
    pub graph: Arc<Graph>,
    /// Whether the graph was made for it, so that nobody has it if the capture fails.
    own: bool,
    /// Id of the origin stream and of its context.
    origin: u64,
    context: u64,
    failed: OnceLock<Error>,
    ended: AtomicBool,
    members: Mutex<Vec<Weak<Stream>>>,
}

/// A member's part of a capture, or a fork of it.
#[derive(Debug, Clone)]
pub struct Fork {
    capture: Arc<Capture>,
    last: Vec<u32>,
}

/// A stream's place in a capture, if it is in one.
#[derive(Debug, Default)]
pub struct Slot {
    active: AtomicBool,
    member: Mutex<Option<Fork>>,
    /// Handles of nodes that a program was given a pointer to.
    shown: Mutex<Vec<u64>>,
}

/// What a program asks of a stream's capture.
#[derive(Debug)]
pub struct Info {
    /// Its id.
    pub id: u64,
    /// Whether it is invalid.
    pub invalid: bool,
    /// Its graph.
    pub graph: Arc<Graph>,
    /// The nodes that the next one will depend on.
    pub last: Vec<u32>,
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);
/// Captures that have not ended, and how many.
static ACTIVE: Mutex<Vec<Weak<Capture>>> = Mutex::new(Vec::new());
static ACTIVE_COUNT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static MODE: Cell<Mode> = const { Cell::new(Mode::Global) };
}

impl Capture {
    fn check(&self) -> Result<()> {
        match self.failed.get() {
            None => Ok(()),
            Some(first) => Err(Error::new(
                Code::STREAM_CAPTURE_INVALIDATED,
                format!("the capture was made invalid by an earlier error: {}", first.message),
            )),
        }
    }

    fn live_members(&self) -> Vec<Arc<Stream>> {
        lock(&self.members).iter().filter_map(Weak::upgrade).collect()
    }
}

impl Fork {
    /// The error of asking whether an event has happened that was recorded here. Asking makes the
    /// capture invalid, if it still goes on.
    pub fn event_is_captured(&self) -> Error {
        let error = Error::new(Code::CAPTURED_EVENT, "the event was recorded in a captured stream, so it never happens");
        if !self.capture.ended.load(Ordering::Acquire) {
            let _ = self.capture.failed.set(error.clone());
        }
        error
    }
}

impl Slot {
    /// Whether the stream is captured. Costs a load.
    pub fn is_active(&self) -> bool {
        self.active.load(Ordering::Acquire)
    }

    fn with<R>(&self, f: impl FnOnce(&mut Fork) -> Result<R>) -> Result<R> {
        match &mut *lock(&self.member) {
            Some(member) => f(member),
            None => Err(Error::new(Code::ILLEGAL_STATE, "the stream is not captured")),
        }
    }

    fn set(&self, member: Option<Fork>) {
        let mut slot = lock(&self.member);
        self.active.store(member.is_some(), Ordering::Release);
        *slot = member;
    }

    /// Adds a node behind the stream's last ones.
    pub fn add(&self, kind: Kind) -> Result<()> {
        self.add_node(kind).map(drop)
    }

    /// Likewise, and says which it is.
    pub fn add_node(&self, kind: Kind) -> Result<u32> {
        self.with(|member| {
            member.capture.check()?;
            let node = member.capture.graph.add(kind, &member.last)?;
            member.last = vec![node];
            Ok(node)
        })
    }

    /// What an event recorded now holds.
    pub fn fork(&self) -> Result<Fork> {
        self.with(|member| member.capture.check().map(|()| member.clone()))
    }

    /// Makes the capture invalid, for the given reason, which is returned.
    pub fn invalidate(&self, error: Error) -> Error {
        if let Some(member) = &*lock(&self.member) {
            let _ = member.capture.failed.set(error.clone());
        }
        error
    }

    /// Refuses a call about a captured stream that waits for it, and makes the capture invalid.
    pub fn refuse(&self, what: &str) -> Result<()> {
        if !self.is_active() {
            return Ok(());
        }
        Err(self.invalidate(Error::new(Code::STREAM_CAPTURE_UNSUPPORTED, format!("{what} while the stream is captured"))))
    }

    /// What there is to know of the capture; `None` when there is none.
    pub fn info(&self) -> Option<Info> {
        lock(&self.member).as_ref().map(|member| Info {
            id: member.capture.id,
            invalid: member.capture.failed.get().is_some(),
            graph: Arc::clone(&member.capture.graph),
            last: member.last.clone(),
        })
    }

    /// Keeps handles of nodes until the next call or the end of the stream; where they are, and how
    /// many.
    pub fn keep(&self, handles: Vec<u64>) -> (*const u64, usize) {
        let mut shown = lock(&self.shown);
        *shown = handles;
        (shown.as_ptr(), shown.len())
    }

    /// Adds to the nodes that the next one will depend on, or replaces them.
    pub fn set_last(&self, nodes: &[u32], replace: bool) -> Result<()> {
        self.with(|member| {
            member.capture.check()?;
            if replace {
                member.last.clear();
            }
            merge(&mut member.last, nodes);
            Ok(())
        })
    }
}

fn merge(into: &mut Vec<u32>, nodes: &[u32]) {
    for node in nodes {
        if !into.contains(node) {
            into.push(*node);
        }
    }
}

/// Begins a capture in a stream, into a new graph or behind nodes of the given one.
pub fn begin(stream: &Arc<Stream>, mode: Mode, into: Option<(Arc<Graph>, Vec<u32>)>) -> Result<()> {
    if stream.is_null() {
        return Err(Error::new(Code::STREAM_CAPTURE_UNSUPPORTED, "the null stream cannot be captured"));
    }
    if stream.capture.is_active() {
        return Err(Error::new(Code::ILLEGAL_STATE, "the stream is captured already"));
    }
    let own = into.is_none();
    let (graph, last) = match into {
        Some(given) => given,
        None => (Graph::new()?, Vec::new()),
    };
    let capture = Arc::new(Capture {
        id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
        mode,
        thread: std::thread::current().id(),
        graph,
        own,
        origin: stream.id,
        context: stream.context_id,
        failed: OnceLock::new(),
        ended: AtomicBool::new(false),
        members: Mutex::new(vec![Arc::downgrade(stream)]),
    });
    lock(&ACTIVE).push(Arc::downgrade(&capture));
    ACTIVE_COUNT.fetch_add(1, Ordering::SeqCst);
    stream.capture.set(Some(Fork { capture, last }));
    Ok(())
}

/// Ends the capture that began in a stream, and gives its graph.
pub fn end(stream: &Arc<Stream>) -> Result<Arc<Graph>> {
    let Fork { capture, last } = stream.capture.with(|member| Ok(member.clone()))?;
    if capture.origin != stream.id {
        let error = Error::new(Code::STREAM_CAPTURE_UNMATCHED, "the capture began in another stream, and ends there");
        return Err(stream.capture.invalidate(error));
    }
    if capture.mode != Mode::Relaxed && capture.thread != std::thread::current().id() {
        return Err(Error::new(Code::STREAM_CAPTURE_WRONG_THREAD, "the capture began on another thread, and is not a relaxed one"));
    }
    let members = capture.live_members();
    let joined = |member: &Arc<Stream>| {
        let theirs = member.capture.info().map(|info| info.last).unwrap_or_default();
        theirs.iter().all(|node| capture.graph.is_behind(&last, *node))
    };
    let result = match capture.check() {
        Ok(()) if !members.iter().all(joined) => Err(Error::new(
            Code::STREAM_CAPTURE_UNJOINED,
            "a stream that joined the capture has work that the origin stream was not made to wait for",
        )),
        other => other,
    };
    finish(&capture);
    if result.is_err() && capture.own {
        capture.graph.forget();
    }
    result.map(|()| Arc::clone(&capture.graph))
}

/// Lets all members go.
fn finish(capture: &Arc<Capture>) {
    capture.ended.store(true, Ordering::Release);
    capture.live_members().iter().for_each(|member| member.capture.set(None));
    let mut active = lock(&ACTIVE);
    active.retain(|other| other.upgrade().is_some_and(|other| other.id != capture.id));
    ACTIVE_COUNT.store(active.len(), Ordering::SeqCst);
}

/// Ends the captures that have a stream as a member, which is destroyed.
pub fn abandon(stream: &Stream) {
    let member = lock(&stream.capture.member).clone();
    if let Some(Fork { capture, .. }) = member {
        let _ = capture.failed.set(Error::new(Code::STREAM_CAPTURE_INVALIDATED, "a captured stream was destroyed"));
        stream.capture.set(None);
        if capture.origin == stream.id {
            finish(&capture);
            if capture.own {
                capture.graph.forget();
            }
        }
    }
}

/// Makes `stream` wait for a fork: it joins the capture.
pub fn join(stream: &Arc<Stream>, fork: &Fork) -> Result<()> {
    let capture = &fork.capture;
    if capture.ended.load(Ordering::Acquire) {
        return Err(Error::invalid("the event was recorded in a capture that has ended"));
    }
    capture.check()?;
    if !stream.capture.is_active() {
        if stream.is_null() {
            let error = Error::new(Code::STREAM_CAPTURE_IMPLICIT, "the null stream cannot join a capture");
            let _ = capture.failed.set(error.clone());
            return Err(error);
        }
        lock(&capture.members).push(Arc::downgrade(stream));
        stream.capture.set(Some(fork.clone()));
        return Ok(());
    }
    stream.capture.with(|member| {
        if !Arc::ptr_eq(&member.capture, capture) {
            let error = Error::new(Code::STREAM_CAPTURE_MERGE, "the event belongs to another capture than the stream");
            let _ = capture.failed.set(error.clone());
            let _ = member.capture.failed.set(error.clone());
            return Err(error);
        }
        merge(&mut member.last, &fork.last);
        Ok(())
    })
}

/// Sets how careful the calling thread is, and says how it was.
pub fn exchange_mode(mode: Mode) -> Mode {
    MODE.with(|own| own.replace(mode))
}

/// Refuses an unsafe call if some capture forbids it to the calling thread, and makes that capture
/// invalid. Costs a load while nothing is captured.
pub fn refuse_unsafe(what: &str) -> Result<()> {
    if ACTIVE_COUNT.load(Ordering::Relaxed) == 0 {
        return Ok(());
    }
    let (own, thread) = (MODE.with(Cell::get), std::thread::current().id());
    let forbids = |capture: &Arc<Capture>| match (own, capture.mode) {
        (Mode::Relaxed, _) | (_, Mode::Relaxed) => false,
        (Mode::Global, Mode::Global) => true,
        _ => capture.thread == thread,
    };
    let active: Vec<_> = lock(&ACTIVE).iter().filter_map(Weak::upgrade).collect();
    match active.iter().find(|capture| forbids(capture)) {
        None => Ok(()),
        Some(capture) => {
            let error = Error::new(Code::STREAM_CAPTURE_UNSUPPORTED, format!("{what} while a stream is captured"));
            let _ = capture.failed.set(error.clone());
            Err(error)
        }
    }
}

/// Refuses work in a context's null stream while one of its blocking streams is captured, and makes
/// that capture invalid. Costs a load while nothing is captured.
pub fn refuse_implicit(context: &Context) -> Result<()> {
    if ACTIVE_COUNT.load(Ordering::Relaxed) == 0 {
        return Ok(());
    }
    let active: Vec<_> = lock(&ACTIVE).iter().filter_map(Weak::upgrade).collect();
    for capture in active.iter().filter(|c| c.context == context.id) {
        if capture.live_members().iter().any(|member| member.is_blocking() && member.capture.is_active()) {
            let error = Error::new(
                Code::STREAM_CAPTURE_IMPLICIT,
                "work in the null stream would wait for a stream that is captured; capture one that is non-blocking",
            );
            let _ = capture.failed.set(error.clone());
            return Err(error);
        }
    }
    Ok(())
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What a program does, for people to read.
//!
//! A *trace* is a line for each call of the C interface: arguments, result, duration, thread; see
//! [`calls`]. A *timeline* has the calls too, and beside them what the device did and when; see
//! [`mod@timeline`]. Both are asked for by environment variables, which are read at the first call.
//! Arguments become [`value`]s by their types, so that a new function in the table is traced with
//! no further word. When nothing is asked for, a call costs one relaxed load more.

mod calls;
pub mod timeline;
pub mod value;

use crate::error::Code;
use calls::{Call, Calls};
use std::cell::Cell;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::OnceLock;
use std::time::Instant;
use timeline::Timeline;
use value::{Show, Value};

const UNKNOWN: u8 = 0;
const OFF: u8 = 1;
const ON: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(UNKNOWN);
static OUTPUT: OnceLock<Output> = OnceLock::new();

/// Where what happens is written.
#[derive(Debug)]
struct Output {
    /// Times are told from here.
    origin: Instant,
    calls: Option<Calls>,
    timeline: Option<Timeline>,
}

thread_local! {
    static CURRENT: Cell<&'static str> = const { Cell::new("") };
}

/// A call that is traced.
#[derive(Debug)]
pub struct Traced {
    name: &'static str,
    outer: &'static str,
    start: Instant,
}

/// Notes that a call of the C interface begins; `None` when nobody wants to know.
#[inline(always)]
pub fn begin(name: &'static str) -> Option<Traced> {
    if STATE.load(Ordering::Relaxed) == OFF {
        return None;
    }
    begin_if_asked(name)
}

#[cold]
fn begin_if_asked(name: &'static str) -> Option<Traced> {
    output()?;
    // A thread that is ending may have lost its storage, and then nobody asks for it.
    let outer = CURRENT.try_with(|current| current.replace(name)).unwrap_or("");
    Some(Traced { name, outer, start: Instant::now() })
}

impl Traced {
    /// Notes that the call ends.
    #[cold]
    pub fn end(self, result: Code, arguments: &[(&'static str, &dyn Show)]) {
        let end = Instant::now();
        let _ = CURRENT.try_with(|current| current.set(self.outer));
        let Some(output) = output() else { return };
        let arguments: Vec<(&str, Value)> = arguments.iter().map(|(name, value)| (*name, value.show(result == Code::SUCCESS))).collect();
        let call = Call {
            name: self.name,
            arguments: &arguments,
            result,
            start: self.start.duration_since(output.origin),
            duration: end.duration_since(self.start),
        };
        if let Some(calls) = &output.calls {
            calls.write(&call);
        }
        if let Some(timeline) = &output.timeline {
            timeline.call(&call);
        }
    }
}

/// The timeline, if there is one.
#[inline]
pub fn timeline() -> Option<&'static Timeline> {
    if STATE.load(Ordering::Relaxed) == OFF {
        return None;
    }
    output()?.timeline.as_ref()
}

/// The call of the C interface that this thread is in.
fn current() -> &'static str {
    CURRENT.try_with(Cell::get).unwrap_or("")
}

/// Time since the origin, in nanoseconds.
fn now() -> i64 {
    OUTPUT.get().map_or(0, |output| output.origin.elapsed().as_nanos() as i64)
}

fn output() -> Option<&'static Output> {
    let output =
        OUTPUT.get_or_init(|| Output { origin: Instant::now(), calls: Calls::from_environment(), timeline: Timeline::from_environment() });
    if output.calls.is_none() && output.timeline.is_none() {
        STATE.store(OFF, Ordering::Relaxed);
        return None;
    }
    STATE.store(ON, Ordering::Relaxed);
    Some(output)
}

/// The number by which the system knows the calling thread.
fn thread() -> i32 {
    // SAFETY: gettid takes nothing and cannot fail.
    unsafe { libc::gettid() }
}

/// A file name from the environment, in which `%p` stands for the number of the process.
fn file_name(variable: &str) -> Option<PathBuf> {
    let name = std::env::var_os(variable).filter(|v| !v.is_empty())?;
    Some(match name.to_str() {
        Some(text) => text.replace("%p", &std::process::id().to_string()).into(),
        None => name.into(),
    })
}

/// Tells the user what is wrong with the output that they asked for.
fn complain(variable: &str, text: impl std::fmt::Display) {
    eprintln!("libixrt: {variable}: {text}");
}

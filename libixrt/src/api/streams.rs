// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about streams and events.

use super::out::{check_null, put};
use super::types::*;
use crate::capture;
use crate::context::{self, Context, STREAMS};
use crate::device;
use crate::error::{Code, Error, Result};
use crate::event::{Event, EVENTS};
use crate::stream::NON_BLOCKING;
use std::ffi::{c_float, c_int, c_uint};
use std::sync::atomic::Ordering;
use std::sync::Arc;

pub unsafe fn stream_create(out: *mut IXstream, flags: c_uint) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { stream_create_with_priority(out, flags, 0) }
}

pub unsafe fn stream_create_with_priority(out: *mut IXstream, flags: c_uint, priority: c_int) -> Result<()> {
    check_null(out, "stream")?;
    if flags & !NON_BLOCKING != 0 {
        return Err(Error::invalid(format!("{flags:#x} are no flags of streams")));
    }
    let context = context::current()?;
    let stream = context.create_stream(flags, priority.clamp(-1, 1))?;
    let handle = STREAMS.insert(stream)?;
    context.own(handle);
    // SAFETY: as the caller says.
    unsafe { put(out, IXstream(handle as usize), "stream") }
}

pub unsafe fn stream_destroy(handle: IXstream) -> Result<()> {
    device::all()?;
    let stream = STREAMS.remove(handle.0 as u64)?;
    capture::abandon(&stream);
    stream.destroyed.store(true, Ordering::Relaxed);
    if let Some(context) = stream.context.upgrade() {
        context.disown(handle.0 as u64);
        drop(stream);
        context.reap();
    }
    Ok(())
}

pub unsafe fn stream_synchronize(stream: IXstream) -> Result<()> {
    let (context, stream) = context::stream(stream.0 as u64)?;
    stream.synchronize(&context)
}

pub unsafe fn stream_query(stream: IXstream) -> Result<()> {
    let (context, stream) = context::stream(stream.0 as u64)?;
    context.look()?;
    if stream.idle() {
        return Ok(());
    }
    Err(Error::new(Code::NOT_READY, "the stream has work that has not completed"))
}

pub unsafe fn stream_wait_event(stream: IXstream, event: IXevent, flags: c_uint) -> Result<()> {
    if flags > 1 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    let (context, stream) = context::stream(stream.0 as u64)?;
    EVENTS.get(event.0 as u64)?.hold(&context, &stream, flags)
}

pub unsafe fn stream_get_flags(stream: IXstream, out: *mut c_uint) -> Result<()> {
    let (_, stream) = context::stream(stream.0 as u64)?;
    // SAFETY: as the caller says.
    unsafe { put(out, stream.flags, "flags") }
}

pub unsafe fn stream_get_priority(stream: IXstream, out: *mut c_int) -> Result<()> {
    let (_, stream) = context::stream(stream.0 as u64)?;
    // SAFETY: as the caller says.
    unsafe { put(out, stream.priority, "priority") }
}

// Events.

pub unsafe fn event_create(out: *mut IXevent, flags: c_uint) -> Result<()> {
    check_null(out, "event")?;
    if flags & IX_EVENT_INTERPROCESS != 0 {
        return Err(Error::new(Code::NOT_SUPPORTED, "events of other processes are not supported"));
    }
    if flags & !(IX_EVENT_BLOCKING_SYNC | IX_EVENT_DISABLE_TIMING) != 0 {
        return Err(Error::invalid(format!("{flags:#x} are no flags of events")));
    }
    let context = context::current()?;
    let handle = EVENTS.insert(Arc::new(Event::new(&context, flags)))?;
    context.own(handle);
    // SAFETY: as the caller says.
    unsafe { put(out, IXevent(handle as usize), "event") }
}

pub unsafe fn event_destroy(handle: IXevent) -> Result<()> {
    device::all()?;
    let event = EVENTS.remove(handle.0 as u64)?;
    event.end();
    if let Some(context) = event.context.upgrade() {
        context.disown(handle.0 as u64);
    }
    Ok(())
}

/// A live event, and its context, which has not failed.
fn event(handle: IXevent) -> Result<(Arc<Event>, Arc<Context>)> {
    device::all()?;
    let event = EVENTS.get(handle.0 as u64)?;
    let context = event.context.upgrade().ok_or(Error::new(Code::CONTEXT_IS_DESTROYED, "the event's context is gone"))?;
    context.look()?;
    Ok((event, context))
}

pub unsafe fn event_record(handle: IXevent, stream: IXstream) -> Result<()> {
    let (event, owner) = event(handle)?;
    let (context, stream) = context::stream(stream.0 as u64)?;
    if owner.id != context.id {
        return Err(Error::new(Code::INVALID_HANDLE, "the event belongs to another context than the stream"));
    }
    event.record(&context, &stream, 0)
}

pub unsafe fn event_query(handle: IXevent) -> Result<()> {
    let (event, _) = event(handle)?;
    match event.point()? {
        Some(point) if !point.reached() => Err(Error::new(Code::NOT_READY, "the event has not happened yet")),
        _ => Ok(()),
    }
}

pub unsafe fn event_synchronize(handle: IXevent) -> Result<()> {
    let (event, context) = event(handle)?;
    if let Some(point) = event.point()? {
        if let Some(stream) = point.stream.upgrade() {
            stream.wait(&context, point.value)?;
        }
    }
    context.look()
}

pub unsafe fn event_elapsed_time(out: *mut c_float, start: IXevent, end: IXevent) -> Result<()> {
    check_null(out, "milliseconds")?;
    let ((start, _), (end, _)) = (event(start)?, event(end)?);
    let elapsed = Event::elapsed_ms(&start, &end)?;
    // SAFETY: as the caller says.
    unsafe { put(out, elapsed, "milliseconds") }
}

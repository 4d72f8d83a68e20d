// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about streams and events.

use super::out::{check_null, put};
use super::types::*;
use crate::capture;
use crate::context::{self, Context, CONTEXTS, STREAMS};
use crate::device;
use crate::error::{Code, Error, Result};
use crate::event::{Event, EVENTS};
use crate::graph::node::{Host, Kind};
use crate::host;
use crate::stream::{Stream, NON_BLOCKING, PRIORITIES};
use std::ffi::{c_float, c_int, c_uint, c_ulonglong, c_void};
use std::sync::atomic::Ordering;
use std::sync::Arc;

/// Refuses what would wait for a captured stream by way of the null stream.
fn refuse_null(context: &Context, stream: &Stream) -> Result<()> {
    if stream.is_null() {
        capture::refuse_implicit(context)?;
    }
    Ok(())
}

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
    let stream = context.create_stream(flags, priority.clamp(PRIORITIES.0, PRIORITIES.1))?;
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
    stream.capture.refuse("a stream cannot be waited for")?;
    refuse_null(&context, &stream)?;
    stream.synchronize(&context)
}

pub unsafe fn stream_query(stream: IXstream) -> Result<()> {
    let (context, stream) = context::stream(stream.0 as u64)?;
    stream.capture.refuse("a stream cannot be asked whether it is done")?;
    refuse_null(&context, &stream)?;
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

/// The context whose stream a handle names, and its handle.
fn context_of(stream: IXstream) -> Result<IXcontext> {
    let (context, _) = context::stream(stream.0 as u64)?;
    Ok(IXcontext(CONTEXTS.handle_of(&context).unwrap_or(0) as usize))
}

pub unsafe fn stream_get_context(stream: IXstream, out: *mut IXcontext) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, context_of(stream)?, "context") }
}

pub unsafe fn stream_get_context_v2(stream: IXstream, out: *mut IXcontext, green: *mut *mut c_void) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe {
        // There are no green contexts, so the stream belongs to none.
        if !green.is_null() {
            put(green, std::ptr::null_mut(), "green context")?;
        }
        stream_get_context(stream, out)
    }
}

pub unsafe fn stream_get_device(stream: IXstream, out: *mut IXdevice) -> Result<()> {
    let (context, _) = context::stream(stream.0 as u64)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXdevice(context.device.ordinal as c_int), "device") }
}

pub unsafe fn stream_get_id(stream: IXstream, out: *mut c_ulonglong) -> Result<()> {
    let (_, stream) = context::stream(stream.0 as u64)?;
    // SAFETY: as the caller says.
    unsafe { put(out, stream.id, "id") }
}

// Host functions.

pub unsafe fn launch_host_function(stream: IXstream, function: IXhostFn, data: *mut c_void) -> Result<()> {
    let function = function.0.ok_or_else(|| Error::invalid("the host function is null"))?;
    let (context, stream) = context::stream(stream.0 as u64)?;
    let work = Host { function, data: data as usize };
    if stream.capture.is_active() {
        return stream.capture.add(Kind::Host(work));
    }
    let mut batch = stream.begin(&context)?;
    batch.host(&stream, move |outcome| work.run(outcome))?;
    batch.finish().map(drop)
}

pub unsafe fn launch_host_function_v2(stream: IXstream, function: IXhostFn, data: *mut c_void, mode: c_uint) -> Result<()> {
    if mode > 1 {
        return Err(Error::invalid(format!("there is no synchronisation mode {mode}")));
    }
    // SAFETY: as the caller says. How a thread waits before it runs the function is a hint.
    unsafe { launch_host_function(stream, function, data) }
}

pub unsafe fn add_callback(handle: IXstream, callback: IXstreamCallback, data: *mut c_void, flags: c_uint) -> Result<()> {
    let callback = callback.0.ok_or_else(|| Error::invalid("the callback is null"))?;
    if flags != 0 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    let (context, stream) = context::stream(handle.0 as u64)?;
    stream.capture.refuse("a callback cannot be added")?;
    let data = data as usize;
    let mut batch = stream.begin(&context)?;
    batch.host(&stream, move |outcome| {
        let code = outcome.map_or_else(|e| e.code, |()| Code::SUCCESS);
        // SAFETY: the program gave the function for this datum.
        host::call(|| unsafe { callback(handle, code, data as *mut c_void) });
    })?;
    batch.finish().map(drop)
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
    let handle = Arc::new(Event::new(&context, flags)).publish()?;
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
    // SAFETY: no pointers.
    unsafe { event_record_with_flags(handle, stream, IX_EVENT_RECORD_DEFAULT) }
}

pub unsafe fn event_record_with_flags(handle: IXevent, stream: IXstream, flags: c_uint) -> Result<()> {
    if flags & !IX_EVENT_RECORD_EXTERNAL != 0 {
        return Err(Error::invalid(format!("{flags:#x} are no flags of a record")));
    }
    let (event, owner) = event(handle)?;
    let (context, stream) = context::stream(stream.0 as u64)?;
    if owner.id != context.id {
        return Err(Error::new(Code::INVALID_HANDLE, "the event belongs to another context than the stream"));
    }
    event.record(&context, &stream, flags)
}

pub unsafe fn event_query(handle: IXevent) -> Result<()> {
    let (event, _) = event(handle)?;
    let point = event.point()?;
    capture::refuse_unsafe("an event cannot be asked whether it has happened")?;
    match point {
        Some(point) if !point.reached() => Err(Error::new(Code::NOT_READY, "the event has not happened yet")),
        _ => Ok(()),
    }
}

pub unsafe fn event_synchronize(handle: IXevent) -> Result<()> {
    let (event, context) = event(handle)?;
    let point = event.point()?;
    capture::refuse_unsafe("an event cannot be waited for")?;
    if let Some(point) = point {
        if let Some(stream) = point.stream.upgrade() {
            stream.wait(&context, point.value)?;
        }
    }
    context.device_runtime.flush(&context);
    context.look()
}

pub unsafe fn event_elapsed_time(out: *mut c_float, start: IXevent, end: IXevent) -> Result<()> {
    check_null(out, "milliseconds")?;
    let ((start, _), (end, _)) = (event(start)?, event(end)?);
    let elapsed = Event::elapsed_ms(&start, &end)?;
    // SAFETY: as the caller says.
    unsafe { put(out, elapsed, "milliseconds") }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the contexts' functions.

use super::out::{check_null, put};
use super::types::*;
use crate::context::{self, Context, CONTEXTS};
use crate::device::{self, Primary};
use crate::error::{Code, Error, Result};
use crate::event::{Event, EVENTS};
use crate::handle::lock;
use std::ffi::{c_int, c_uint, c_ulonglong};
use std::sync::atomic::Ordering;
use std::sync::Arc;

/// Interface version of contexts.
const API_VERSION: c_uint = 3020;
/// All flags of contexts.
const CTX_FLAGS: u32 = 0x1ff;

fn check_ctx_flags(flags: c_uint) -> Result<()> {
    if flags & !CTX_FLAGS != 0 {
        return Err(Error::invalid(format!("{flags:#x} are no flags of contexts")));
    }
    Ok(())
}

/// The live context with this handle.
pub(super) fn ctx(handle: IXcontext) -> Result<(u64, Arc<Context>)> {
    device::all()?;
    let handle = handle.0 as u64;
    let context = CONTEXTS.get(handle).map_err(|e| Error::new(Code::INVALID_CONTEXT, e.message))?;
    Ok((handle, context))
}

pub unsafe fn ctx_create(out: *mut IXcontext, flags: c_uint, device: IXdevice) -> Result<()> {
    check_null(out, "context")?;
    let device = device::get(device.0)?;
    check_ctx_flags(flags)?;
    let context = Context::new(device, flags, false)?;
    let handle = CONTEXTS.insert(Arc::clone(&context))?;
    context::push(handle, context)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXcontext(handle as usize), "context") }
}

/// Refuses what a context cannot be bound to.
///
/// # Safety
/// `affinities` is null or valid for `count` elements.
unsafe fn check_affinities(affinities: *const IXexecAffinityParam, count: c_int) -> Result<()> {
    match (affinities.is_null(), count) {
        (true, 0) => Ok(()),
        (false, 1..) => Err(Error::new(Code::UNSUPPORTED_EXEC_AFFINITY, "a context cannot be bound to some of a device's SMs")),
        _ => Err(Error::invalid(format!("{count} affinities at {affinities:p}"))),
    }
}

pub unsafe fn ctx_create_v3(
    out: *mut IXcontext,
    affinities: *mut IXexecAffinityParam,
    count: c_int,
    flags: c_uint,
    device: IXdevice,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe {
        check_affinities(affinities, count)?;
        ctx_create(out, flags, device)
    }
}

pub unsafe fn ctx_create_v4(out: *mut IXcontext, params: *mut IXctxCreateParams, flags: c_uint, device: IXdevice) -> Result<()> {
    // SAFETY: as the caller says.
    if let Some(params) = unsafe { params.as_ref() } {
        if !params.cigParams.is_null() {
            return Err(Error::new(Code::NOT_SUPPORTED, "contexts are not shared with graphics"));
        }
        // SAFETY: as the caller says.
        unsafe { check_affinities(params.execAffinityParams, params.numExecAffinityParams) }?;
    }
    // SAFETY: as the caller says.
    unsafe { ctx_create(out, flags, device) }
}

pub unsafe fn ctx_attach(out: *mut IXcontext, flags: c_uint) -> Result<()> {
    check_null(out, "context")?;
    if flags != 0 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    context::current()?.attached.fetch_add(1, Ordering::Relaxed);
    let handle = context::current_handle()?.unwrap_or(0);
    // SAFETY: as the caller says.
    unsafe { put(out, IXcontext(handle as usize), "context") }
}

pub unsafe fn ctx_detach(handle: IXcontext) -> Result<()> {
    let (number, context) = ctx(handle)?;
    if context::current_handle()? != Some(number) {
        return Err(Error::new(Code::INVALID_CONTEXT, "only the current context can be detached from"));
    }
    if context.attached.fetch_sub(1, Ordering::Relaxed) > 1 {
        return Ok(());
    }
    // SAFETY: as the caller says.
    unsafe { ctx_destroy(handle) }
}

pub unsafe fn ctx_destroy(handle: IXcontext) -> Result<()> {
    let (handle, context) = ctx(handle)?;
    if context.primary {
        return Err(Error::new(Code::INVALID_CONTEXT, "a primary context is released, not destroyed"));
    }
    CONTEXTS.remove(handle).map_err(|e| Error::new(Code::INVALID_CONTEXT, e.message))?;
    context.destroy();
    if context::current_handle()? == Some(handle) {
        context::pop()?;
    }
    Ok(())
}

pub unsafe fn ctx_set_current(handle: IXcontext) -> Result<()> {
    let context = if handle.0 == 0 { None } else { Some(ctx(handle)?) };
    device::all()?;
    context::set(context)
}

pub unsafe fn ctx_get_current(out: *mut IXcontext) -> Result<()> {
    device::all()?;
    let handle = context::current_handle()?.unwrap_or(0);
    // SAFETY: as the caller says.
    unsafe { put(out, IXcontext(handle as usize), "context") }
}

pub unsafe fn ctx_push(handle: IXcontext) -> Result<()> {
    let (handle, context) = ctx(handle)?;
    context::push(handle, context)
}

pub unsafe fn ctx_pop(out: *mut IXcontext) -> Result<()> {
    device::all()?;
    let (handle, _) = context::pop()?;
    if out.is_null() {
        return Ok(());
    }
    // SAFETY: as the caller says.
    unsafe { put(out, IXcontext(handle as usize), "context") }
}

pub unsafe fn ctx_synchronize() -> Result<()> {
    let context = context::current()?;
    crate::capture::refuse_unsafe("a context cannot be waited for")?;
    context.synchronize()?;
    context.reap();
    Ok(())
}

pub unsafe fn ctx_get_device(out: *mut IXdevice) -> Result<()> {
    let ordinal = context::current_unchecked()?.device.ordinal;
    // SAFETY: as the caller says.
    unsafe { put(out, IXdevice(ordinal as c_int), "device") }
}

pub unsafe fn ctx_get_flags(out: *mut c_uint) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, context::current_unchecked()?.flags.load(Ordering::Relaxed), "flags") }
}

pub unsafe fn ctx_set_flags(flags: c_uint) -> Result<()> {
    check_ctx_flags(flags)?;
    context::current()?.flags.store(flags, Ordering::Relaxed);
    Ok(())
}

/// The context with this handle; null: the current one.
fn ctx_or_current(handle: IXcontext) -> Result<Arc<Context>> {
    match handle.0 {
        0 => context::current_unchecked(),
        _ => ctx(handle).map(|(_, context)| context),
    }
}

pub unsafe fn ctx_get_id(handle: IXcontext, out: *mut c_ulonglong) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, ctx_or_current(handle)?.id, "id") }
}

pub unsafe fn ctx_get_device_of(out: *mut IXdevice, handle: IXcontext) -> Result<()> {
    let ordinal = ctx_or_current(handle)?.device.ordinal;
    // SAFETY: as the caller says.
    unsafe { put(out, IXdevice(ordinal as c_int), "device") }
}

pub unsafe fn ctx_synchronize_one(handle: IXcontext) -> Result<()> {
    let context = ctx_or_current(handle)?;
    context.check()?;
    context.synchronize()?;
    context.reap();
    Ok(())
}

pub unsafe fn ctx_get_exec_affinity(out: *mut IXexecAffinityParam, r#type: IXexecAffinityType) -> Result<()> {
    let context = context::current()?;
    if r#type != IX_EXEC_AFFINITY_TYPE_SM_COUNT {
        return Err(Error::invalid(format!("there is no affinity of type {}", r#type.0)));
    }
    let param = IXexecAffinityParam_param { smCount: IXexecAffinitySmCount { val: context.device.info().sm_count } };
    // SAFETY: as the caller says.
    unsafe { put(out, IXexecAffinityParam { r#type, param }, "affinity") }
}

pub unsafe fn ctx_get_cache_config(out: *mut IXfunc_cache) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, IXfunc_cache(context::current()?.preferences.cache.load(Ordering::Relaxed)), "configuration") }
}

pub unsafe fn ctx_set_cache_config(config: IXfunc_cache) -> Result<()> {
    let context = context::current()?;
    if !(0..=3).contains(&config.0) {
        return Err(Error::invalid(format!("there is no cache configuration {}", config.0)));
    }
    context.preferences.cache.store(config.0, Ordering::Relaxed);
    Ok(())
}

pub unsafe fn ctx_get_shared_mem_config(out: *mut IXsharedconfig) -> Result<()> {
    // Banks of 4 bytes are what the device has, whatever was preferred.
    let config = match IXsharedconfig(context::current()?.preferences.banks.load(Ordering::Relaxed)) {
        IX_SHARED_MEM_CONFIG_DEFAULT_BANK_SIZE => IX_SHARED_MEM_CONFIG_FOUR_BYTE_BANK_SIZE,
        other => other,
    };
    // SAFETY: as the caller says.
    unsafe { put(out, config, "configuration") }
}

pub unsafe fn ctx_set_shared_mem_config(config: IXsharedconfig) -> Result<()> {
    let context = context::current()?;
    if !(0..=2).contains(&config.0) {
        return Err(Error::invalid(format!("there is no configuration {} of shared memory", config.0)));
    }
    context.preferences.banks.store(config.0, Ordering::Relaxed);
    Ok(())
}

/// A live event of a context.
fn event_of(context: &Arc<Context>, event: IXevent) -> Result<Arc<Event>> {
    let event = EVENTS.get(event.0 as u64)?;
    match event.context.upgrade() {
        Some(owner) if owner.id == context.id => Ok(event),
        _ => Err(Error::new(Code::INVALID_HANDLE, "the event belongs to another context")),
    }
}

pub unsafe fn ctx_record_event(handle: IXcontext, event: IXevent) -> Result<()> {
    let context = ctx_or_current(handle)?;
    context.check()?;
    let event = event_of(&context, event)?;
    crate::capture::refuse_implicit(&context)?;
    context.record_event(&event)
}

pub unsafe fn ctx_wait_event(handle: IXcontext, event: IXevent) -> Result<()> {
    let context = ctx_or_current(handle)?;
    context.check()?;
    let event = EVENTS.get(event.0 as u64)?;
    crate::capture::refuse_implicit(&context)?;
    // The null stream may be used first after this.
    context.null()?;
    context.all_streams().iter().try_for_each(|stream| event.hold(&context, stream, 0))
}

pub unsafe fn ctx_get_api_version(handle: IXcontext, out: *mut c_uint) -> Result<()> {
    ctx_or_current(handle)?;
    // SAFETY: as the caller says.
    unsafe { put(out, API_VERSION, "version") }
}

pub unsafe fn ctx_priority_range(least: *mut c_int, greatest: *mut c_int) -> Result<()> {
    context::current()?;
    for (out, value) in [(least, crate::stream::PRIORITIES.1), (greatest, crate::stream::PRIORITIES.0)] {
        if !out.is_null() {
            // SAFETY: as the caller says.
            unsafe { put(out, value, "priority") }?;
        }
    }
    Ok(())
}

// Primary contexts.

pub unsafe fn primary_retain(out: *mut IXcontext, device: IXdevice) -> Result<()> {
    check_null(out, "context")?;
    let device = device::get(device.0)?;
    let mut primary = lock(&device.primary);
    let handle = match &primary.active {
        Some((handle, _)) => *handle,
        None => {
            let context = Context::new(device, primary.flags, true)?;
            let handle = CONTEXTS.insert(Arc::clone(&context))?;
            primary.active = Some((handle, context));
            handle
        }
    };
    primary.retained += 1;
    // SAFETY: as the caller says.
    unsafe { put(out, IXcontext(handle as usize), "context") }
}

fn primary_end(primary: &mut Primary) {
    primary.retained = 0;
    if let Some((handle, context)) = primary.active.take() {
        // Its handle is removed here only, under the lock.
        let _ = CONTEXTS.remove(handle);
        context.destroy();
    }
}

pub unsafe fn primary_release(device: IXdevice) -> Result<()> {
    let mut primary = lock(&device::get(device.0)?.primary);
    match primary.retained {
        0 => return Err(Error::new(Code::INVALID_CONTEXT, "the primary context is not retained")),
        1 => primary_end(&mut primary),
        _ => primary.retained -= 1,
    }
    Ok(())
}

pub unsafe fn primary_reset(device: IXdevice) -> Result<()> {
    primary_end(&mut lock(&device::get(device.0)?.primary));
    Ok(())
}

pub unsafe fn primary_state(device: IXdevice, flags: *mut c_uint, active: *mut c_int) -> Result<()> {
    let primary = lock(&device::get(device.0)?.primary);
    let current = primary.active.as_ref().map_or(primary.flags, |(_, context)| context.flags.load(Ordering::Relaxed));
    // SAFETY: as the caller says.
    unsafe {
        put(flags, current, "flags")?;
        put(active, c_int::from(primary.active.is_some()), "active")
    }
}

pub unsafe fn primary_set_flags(device: IXdevice, flags: c_uint) -> Result<()> {
    check_ctx_flags(flags)?;
    lock(&device::get(device.0)?.primary).flags = flags;
    Ok(())
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions of the table that have no file of their own.

use super::types::*;
use crate::context::{self, Context, CONTEXTS, STREAMS};
use crate::device::{self, Device, Primary};
use crate::error::{self, Code, Error, Result};
use crate::event::{Event, EVENTS};
use crate::handle::lock;
use crate::launch::{self, Arguments, Shape, SHARED_USUAL};
use crate::memory::{allocations, Allocation};
use crate::module::{Module, FUNCTIONS, MODULES};
use crate::stream::NON_BLOCKING;
use std::ffi::{c_char, c_float, c_int, c_uint, c_void, CStr, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::Arc;

/// Version of the CUDA driver interface that is followed.
const DRIVER_VERSION: c_int = 12080;
/// Interface version of contexts.
const API_VERSION: c_uint = 3020;
/// Rows of pitched memory start at multiples of this.
const PITCH: usize = 512;
const CTX_FLAGS: u32 = 0x1f;
const HOST_FLAGS: u32 = IX_MEMHOSTALLOC_PORTABLE | IX_MEMHOSTALLOC_DEVICEMAP | IX_MEMHOSTALLOC_WRITECOMBINED;

/// Stores a result.
///
/// # Safety
/// `out` is null or valid for writing.
pub(super) unsafe fn put<T>(out: *mut T, value: T, name: &str) -> Result<()> {
    if out.is_null() {
        return Err(Error::invalid(format!("{name} is null")));
    }
    // SAFETY: as the caller says.
    unsafe { out.write_unaligned(value) };
    Ok(())
}

/// Stores a text with its NUL, cut to `length` bytes.
///
/// # Safety
/// `out` is null or valid for `length` bytes.
pub(super) unsafe fn put_text(out: *mut c_char, length: c_int, text: &str, name: &str) -> Result<()> {
    if out.is_null() || length <= 0 {
        return Err(Error::invalid(format!("{name} is null, or its length is not positive")));
    }
    let n = text.len().min(length as usize - 1);
    // SAFETY: n + 1 bytes fit, as the caller says.
    unsafe {
        std::ptr::copy_nonoverlapping(text.as_ptr().cast(), out, n);
        *out.add(n) = 0;
    }
    Ok(())
}

/// The text at `pointer`.
///
/// # Safety
/// `pointer` is null or a C string that stays.
unsafe fn text<'a>(pointer: *const c_char, name: &str) -> Result<&'a CStr> {
    if pointer.is_null() {
        return Err(Error::invalid(format!("{name} is null")));
    }
    // SAFETY: as the caller says.
    Ok(unsafe { CStr::from_ptr(pointer) })
}

fn check_null<T>(out: *mut T, name: &str) -> Result<()> {
    if out.is_null() {
        return Err(Error::invalid(format!("{name} is null")));
    }
    Ok(())
}

pub unsafe fn init(flags: c_uint) -> Result<()> {
    if flags != 0 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    device::initialise()
}

pub unsafe fn driver_version(out: *mut c_int) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, DRIVER_VERSION, "version") }
}

pub unsafe fn error_name(error: IXresult, out: *mut *const c_char) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { error_fact(error, error.name(), out) }
}

pub unsafe fn error_text(error: IXresult, out: *mut *const c_char) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { error_fact(error, error.text(), out) }
}

unsafe fn error_fact(error: IXresult, fact: Option<&'static CStr>, out: *mut *const c_char) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, fact.map_or(std::ptr::null(), CStr::as_ptr), "the result pointer") }?;
    fact.map(|_| ()).ok_or_else(|| Error::invalid(format!("{} is no error code", error.0)))
}

pub unsafe fn last_error_message(out: *mut *const c_char) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, error::last_message(), "message") }
}

// Contexts.

fn check_ctx_flags(flags: c_uint) -> Result<()> {
    if flags & !CTX_FLAGS != 0 {
        return Err(Error::invalid(format!("{flags:#x} are no flags of contexts")));
    }
    Ok(())
}

/// The live context with this handle.
fn ctx(handle: IXcontext) -> Result<(u64, Arc<Context>)> {
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
    unsafe { put(out, context::current_unchecked()?.flags, "flags") }
}

pub unsafe fn ctx_get_api_version(handle: IXcontext, out: *mut c_uint) -> Result<()> {
    if handle.0 == 0 {
        context::current_unchecked()?;
    } else {
        ctx(handle)?;
    }
    // SAFETY: as the caller says.
    unsafe { put(out, API_VERSION, "version") }
}

pub unsafe fn ctx_priority_range(least: *mut c_int, greatest: *mut c_int) -> Result<()> {
    context::current()?;
    for (out, value) in [(least, 1), (greatest, -1)] {
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
    let current = primary.active.as_ref().map_or(primary.flags, |(_, context)| context.flags);
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

// Memory.

pub unsafe fn mem_get_info(free: *mut usize, total: *mut usize) -> Result<()> {
    let usage = context::current()?.device.backend.memory()?;
    // SAFETY: as the caller says.
    unsafe {
        put(free, usage.free as usize, "free")?;
        put(total, usage.total as usize, "total")
    }
}

/// Takes memory for a context.
fn allocate(context: &Context, bytes: usize, host: bool, flags: u32) -> Result<u64> {
    if bytes == 0 {
        return Err(Error::invalid("0 bytes"));
    }
    let device: &Device = &context.device;
    let block = if host { &device.system } else { &device.vram }.take(bytes as u64, 1)?;
    Ok(allocations::add(Allocation { block, host, flags, context: context.id, device: device.ordinal }))
}

pub unsafe fn mem_alloc(out: *mut IXdeviceptr, bytes: usize) -> Result<()> {
    check_null(out, "address")?;
    let address = allocate(&*context::current()?, bytes, false, 0)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXdeviceptr(address), "address") }
}

pub unsafe fn mem_alloc_pitch(out: *mut IXdeviceptr, pitch: *mut usize, width: usize, height: usize, element: c_uint) -> Result<()> {
    check_null(out, "address")?;
    check_null(pitch, "pitch")?;
    if ![4, 8, 16].contains(&element) {
        return Err(Error::invalid(format!("elements of {element} bytes; they must have 4, 8 or 16")));
    }
    let row = width.checked_next_multiple_of(PITCH).unwrap_or(0);
    let bytes = row.checked_mul(height).unwrap_or(0);
    if bytes == 0 {
        return Err(Error::invalid(format!("{height} rows of {width} bytes")));
    }
    let address = allocate(&*context::current()?, bytes, false, 0)?;
    // SAFETY: as the caller says.
    unsafe {
        put(out, IXdeviceptr(address), "address")?;
        put(pitch, row, "pitch")
    }
}

/// Frees what starts at an address, once its context is done with it.
fn free(address: u64, host: bool) -> Result<()> {
    context::current()?;
    let kind = if host { "pinned host" } else { "device" };
    let bad = || Error::invalid(format!("{address:#x} is not the start of an allocation of {kind} memory"));
    let allocation = allocations::starting_at(address).ok_or_else(bad)?;
    if allocation.host != host || allocation.flags & allocations::OF_MODULE != 0 {
        return Err(bad());
    }
    // Its context may be another than the current one.
    let current = context::current()?;
    if allocation.context == current.id {
        current.synchronize()?;
    } else if let Some(owner) = CONTEXTS.find_live(|c| c.id == allocation.context) {
        owner.synchronize()?;
    }
    // Two threads that free the same memory: one of them is late.
    allocations::remove(address).map(drop).ok_or_else(bad)
}

pub unsafe fn mem_free(address: IXdeviceptr) -> Result<()> {
    if address.0 == 0 {
        return context::current().map(drop);
    }
    free(address.0, false)
}

pub unsafe fn mem_get_address_range(base: *mut IXdeviceptr, size: *mut usize, address: IXdeviceptr) -> Result<()> {
    context::current()?;
    let allocation =
        allocations::at(address.0).ok_or_else(|| Error::new(Code::NOT_FOUND, format!("{:#x} is in no allocation", address.0)))?;
    // SAFETY: as the caller says.
    unsafe {
        if !base.is_null() {
            put(base, IXdeviceptr(allocation.block.va), "base")?;
        }
        if !size.is_null() {
            put(size, allocation.block.size as usize, "size")?;
        }
    }
    Ok(())
}

pub unsafe fn mem_alloc_host(out: *mut *mut c_void, bytes: usize) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { mem_host_alloc(out, bytes, 0) }
}

pub unsafe fn mem_host_alloc(out: *mut *mut c_void, bytes: usize, flags: c_uint) -> Result<()> {
    check_null(out, "pointer")?;
    if flags & !HOST_FLAGS != 0 {
        return Err(Error::invalid(format!("{flags:#x} are no flags of host memory")));
    }
    let address = allocate(&*context::current()?, bytes, true, flags)?;
    // SAFETY: as the caller says.
    unsafe { put(out, address as *mut c_void, "pointer") }
}

pub unsafe fn mem_free_host(pointer: *mut c_void) -> Result<()> {
    if pointer.is_null() {
        return context::current().map(drop);
    }
    free(pointer as u64, true)
}

fn host_allocation(pointer: *mut c_void) -> Result<Arc<Allocation>> {
    context::current()?;
    allocations::at(pointer as u64)
        .filter(|a| a.host)
        .ok_or_else(|| Error::invalid(format!("{pointer:p} is no pinned host memory of this library")))
}

pub unsafe fn mem_host_get_device_pointer(out: *mut IXdeviceptr, pointer: *mut c_void, flags: c_uint) -> Result<()> {
    if flags != 0 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    host_allocation(pointer)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXdeviceptr(pointer as u64), "address") }
}

pub unsafe fn mem_host_get_flags(out: *mut c_uint, pointer: *mut c_void) -> Result<()> {
    let allocation = host_allocation(pointer)?;
    // SAFETY: as the caller says.
    unsafe { put(out, allocation.flags | IX_MEMHOSTALLOC_DEVICEMAP | IX_MEMHOSTALLOC_PORTABLE, "flags") }
}

// Modules and functions.

unsafe fn load(out: *mut IXmodule, image: &[u8]) -> Result<()> {
    check_null(out, "module")?;
    let context = context::current()?;
    let module = Module::load(&context, image)?;
    let handle = MODULES.insert(module)?;
    context.own(handle);
    // SAFETY: as the caller says.
    unsafe { put(out, IXmodule(handle as usize), "module") }
}

pub unsafe fn module_load(out: *mut IXmodule, path: *const c_char) -> Result<()> {
    // SAFETY: as the caller says.
    let path = Path::new(OsStr::from_bytes(unsafe { text(path, "path") }?.to_bytes()));
    context::current()?;
    let image = std::fs::read(path).map_err(|e| {
        let code = if e.kind() == std::io::ErrorKind::NotFound { Code::FILE_NOT_FOUND } else { Code::OPERATING_SYSTEM };
        Error::new(code, format!("reading {}: {e}", path.display()))
    })?;
    // A file may end in the NUL that the image in memory has.
    let end = image.iter().position(|b| *b == 0).filter(|_| !image.starts_with(b"\x7fELF")).unwrap_or(image.len());
    // SAFETY: as the caller says.
    unsafe { load(out, &image[..end]) }
}

pub unsafe fn module_load_data(out: *mut IXmodule, image: *const c_void) -> Result<()> {
    // SAFETY: as the caller says.
    let image = unsafe { text(image.cast(), "image") }?;
    // SAFETY: as the caller says.
    unsafe { load(out, image.to_bytes()) }
}

pub unsafe fn module_load_data_ex(
    out: *mut IXmodule,
    image: *const c_void,
    count: c_uint,
    options: *mut IXjit_option,
    values: *mut *mut c_void,
) -> Result<()> {
    if count != 0 && (options.is_null() || values.is_null()) {
        return Err(Error::invalid("options or values is null"));
    }
    // An option's place in the list and its value.
    let find = |option: IXjit_option| {
        (0..count as usize).find_map(|i| {
            // SAFETY: both lists have `count` elements, as the caller says.
            let (at, value) = unsafe { (*options.add(i), *values.add(i)) };
            (at == option).then_some((i, value))
        })
    };
    // What comes back stands in the place of the value.
    let answer = |index: usize, value: usize| {
        // SAFETY: as above.
        unsafe { *values.add(index) = value as *mut c_void };
    };
    let write_log = |buffer: IXjit_option, size: IXjit_option, text: &str| {
        if let (Some((_, buffer)), Some((index, bytes))) = (find(buffer), find(size)) {
            let bytes = (bytes as usize).min(c_int::MAX as usize) as c_int;
            // SAFETY: the buffer has the size beside it, as the caller says.
            let written = unsafe { put_text(buffer.cast(), bytes, text, "log buffer") };
            answer(index, if written.is_ok() { text.len().min(bytes as usize - 1) + 1 } else { 0 });
        }
    };
    let start = std::time::Instant::now();
    // SAFETY: as the caller says.
    let result = unsafe { module_load_data(out, image) };
    if let Some((index, _)) = find(IX_JIT_WALL_TIME) {
        answer(index, (start.elapsed().as_secs_f32() * 1e3).to_bits() as usize);
    }
    write_log(IX_JIT_INFO_LOG_BUFFER, IX_JIT_INFO_LOG_BUFFER_SIZE_BYTES, "");
    let message = result.as_ref().err().map_or("", |e| &e.message);
    write_log(IX_JIT_ERROR_LOG_BUFFER, IX_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, message);
    result
}

pub unsafe fn module_unload(handle: IXmodule) -> Result<()> {
    device::all()?;
    let module = MODULES.get(handle.0 as u64)?;
    if let Some(context) = module.context.upgrade() {
        // A failed context still lets go of its modules.
        let _ = context.synchronize();
        context.disown(handle.0 as u64);
    }
    let module = MODULES.remove(handle.0 as u64)?;
    Module::forget_functions(&module);
    Ok(())
}

pub unsafe fn module_get_function(out: *mut IXfunction, module: IXmodule, name: *const c_char) -> Result<()> {
    check_null(out, "function")?;
    device::all()?;
    // SAFETY: as the caller says.
    let name = unsafe { text(name, "name") }?.to_string_lossy();
    let handle = MODULES.get(module.0 as u64)?.function(&name)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXfunction(handle as usize), "function") }
}

pub unsafe fn module_get_global(address: *mut IXdeviceptr, bytes: *mut usize, module: IXmodule, name: *const c_char) -> Result<()> {
    device::all()?;
    // SAFETY: as the caller says.
    let name = unsafe { text(name, "name") }?.to_string_lossy();
    let (va, size) = MODULES.get(module.0 as u64)?.global(&name)?;
    // SAFETY: as the caller says.
    unsafe {
        if !address.is_null() {
            put(address, IXdeviceptr(va), "address")?;
        }
        if !bytes.is_null() {
            put(bytes, size as usize, "bytes")?;
        }
    }
    Ok(())
}

pub unsafe fn func_get_attribute(out: *mut c_int, attribute: IXfunction_attribute, function: IXfunction) -> Result<()> {
    let context = context::current()?;
    let function = FUNCTIONS.get(function.0 as u64)?;
    let info = context.device.info();
    let kernel = &function.kernel;
    let number = |n: u64| c_int::try_from(n).unwrap_or(c_int::MAX);
    let value = match attribute {
        IX_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK => number(function.max_threads(info.threads_per_block).into()),
        IX_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES => number(kernel.shared_bytes.into()),
        IX_FUNC_ATTRIBUTE_CONST_SIZE_BYTES => number(function.const_bytes),
        IX_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES => number(kernel.local_bytes.into()),
        IX_FUNC_ATTRIBUTE_NUM_REGS => number(u64::from(kernel.vregs) + u64::from(kernel.sregs)),
        IX_FUNC_ATTRIBUTE_PTX_VERSION | IX_FUNC_ATTRIBUTE_BINARY_VERSION => 80,
        IX_FUNC_ATTRIBUTE_CACHE_MODE_CA => 0,
        IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES => {
            number(function.dynamic_shared_limit(SHARED_USUAL.min(info.shared_per_block)).into())
        }
        IX_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT => function.carveout.load(Ordering::Relaxed),
        // Attributes of features that functions do not have: absent.
        IXfunction_attribute(10..=15) => 0,
        IXfunction_attribute(other) => return Err(Error::invalid(format!("there is no function attribute {other}"))),
    };
    // SAFETY: as the caller says.
    unsafe { put(out, value, "value") }
}

pub unsafe fn func_set_attribute(function: IXfunction, attribute: IXfunction_attribute, value: c_int) -> Result<()> {
    let context = context::current()?;
    let function = FUNCTIONS.get(function.0 as u64)?;
    match attribute {
        IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES => {
            let limit = context.device.info().shared_per_block.saturating_sub(function.kernel.shared_bytes);
            if u32::try_from(value).map_or(true, |bytes| bytes > limit) {
                return Err(Error::invalid(format!("{value} bytes of dynamic shared memory; `{}` may have {limit}", function.kernel.name)));
            }
            function.max_dynamic_shared.store(value, Ordering::Relaxed);
        }
        IX_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT if (-1..=100).contains(&value) => {
            function.carveout.store(value, Ordering::Relaxed);
        }
        IXfunction_attribute(other) => return Err(Error::invalid(format!("function attribute {other} cannot be set to {value}"))),
    }
    Ok(())
}

pub unsafe fn func_get_param_info(function: IXfunction, index: usize, offset: *mut usize, bytes: *mut usize) -> Result<()> {
    context::current()?;
    let function = FUNCTIONS.get(function.0 as u64)?;
    let params = &function.kernel.params;
    let param = params
        .get(index)
        .ok_or_else(|| Error::invalid(format!("`{}` has {} parameters, no parameter {index}", function.kernel.name, params.len())))?;
    // SAFETY: as the caller says.
    unsafe {
        put(offset, param.offset as usize, "offset")?;
        if !bytes.is_null() {
            put(bytes, param.size as usize, "bytes")?;
        }
    }
    Ok(())
}

pub unsafe fn func_set_cache_config(function: IXfunction, config: IXfunc_cache) -> Result<()> {
    context::current()?;
    let function = FUNCTIONS.get(function.0 as u64)?;
    match u32::try_from(config.0) {
        Ok(value @ 0..=3) => function.cache_config.store(value, Ordering::Relaxed),
        _ => return Err(Error::invalid(format!("there is no cache configuration {}", config.0))),
    }
    Ok(())
}

// Launch.

/// The parameter buffer that `extra` describes.
///
/// # Safety
/// `extra` is a list that ends in [`IX_LAUNCH_PARAM_END`].
unsafe fn packed(extra: *mut *mut c_void) -> Result<Arguments> {
    let (mut buffer, mut size) = (std::ptr::null_mut(), None);
    // Two pairs and the end are all that there can be.
    for i in 0..3 {
        // SAFETY: the end has not been reached.
        match unsafe { *extra.add(2 * i) } as usize {
            IX_LAUNCH_PARAM_END => break,
            // SAFETY: a key has a value.
            IX_LAUNCH_PARAM_BUFFER_POINTER => buffer = unsafe { *extra.add(2 * i + 1) },
            IX_LAUNCH_PARAM_BUFFER_SIZE => {
                // SAFETY: a key has a value, which for this one is null or points at a size.
                size = unsafe { (*extra.add(2 * i + 1)).cast::<usize>().as_ref() }.copied();
            }
            other => return Err(Error::invalid(format!("`extra` has the unknown key {other:#x}"))),
        }
    }
    match size {
        Some(size) if !buffer.is_null() || size == 0 => Ok(Arguments::Packed(buffer, size)),
        _ => Err(Error::invalid("`extra` has no buffer, or no size of it")),
    }
}

#[allow(clippy::too_many_arguments, reason = "the parameters of the C function")]
pub unsafe fn launch_kernel(
    function: IXfunction,
    grid_x: c_uint,
    grid_y: c_uint,
    grid_z: c_uint,
    block_x: c_uint,
    block_y: c_uint,
    block_z: c_uint,
    shared_bytes: c_uint,
    stream: IXstream,
    params: *mut *mut c_void,
    extra: *mut *mut c_void,
) -> Result<()> {
    let (context, stream) = context::stream(stream.0 as u64)?;
    let handle = function.0 as u64;
    let function = FUNCTIONS.get(handle)?;
    let arguments = match (params.is_null(), extra.is_null()) {
        (false, false) => return Err(Error::invalid("both `params` and `extra` are given")),
        (false, true) => Arguments::Pointers(params.cast_const().cast()),
        // SAFETY: as the caller says.
        (true, false) => unsafe { packed(extra) }?,
        (true, true) => Arguments::None,
    };
    let shape = Shape { grid: [grid_x, grid_y, grid_z], block: [block_x, block_y, block_z], dynamic_shared: shared_bytes };
    // SAFETY: as the caller says.
    unsafe { launch::launch(&context, &stream, &function, handle, &shape, arguments) }
}

// Streams.

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
    if stream.timeline.idle() {
        return Ok(());
    }
    Err(Error::new(Code::NOT_READY, "the stream has work that has not completed"))
}

pub unsafe fn stream_wait_event(stream: IXstream, event: IXevent, flags: c_uint) -> Result<()> {
    if flags > 1 {
        return Err(Error::invalid(format!("flags is {flags:#x}, it must be 0")));
    }
    let (context, stream) = context::stream(stream.0 as u64)?;
    let Some(point) = EVENTS.get(event.0 as u64)?.point() else { return Ok(()) };
    if point.timeline.reached(point.value) || Arc::ptr_eq(&point.timeline, &stream.timeline) {
        return Ok(());
    }
    if point.timeline.device != stream.timeline.device {
        // The other device's memory is out of this one's reach, so the host waits in its stead.
        return match (point.stream.upgrade(), point.stream.upgrade().and_then(|s| s.context.upgrade())) {
            (Some(other), Some(owner)) => other.wait(&owner, point.value),
            _ => Ok(()),
        };
    }
    let mut batch = stream.begin(&context)?;
    batch.wait(&point.timeline, point.value)?;
    batch.finish().map(drop)
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
    event.record(&context, &stream)
}

pub unsafe fn event_query(handle: IXevent) -> Result<()> {
    let (event, _) = event(handle)?;
    match event.point() {
        Some(point) if !point.timeline.reached(point.value) => Err(Error::new(Code::NOT_READY, "the event has not happened yet")),
        _ => Ok(()),
    }
}

pub unsafe fn event_synchronize(handle: IXevent) -> Result<()> {
    let (event, context) = event(handle)?;
    if let Some(point) = event.point() {
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

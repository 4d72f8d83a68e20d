// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about modules, kernels and launches.

use super::out::{check_null, put, put_text, text};
use super::types::*;
use crate::error::{Code, Error, Result};
use crate::launch::{self, Arguments, Shape, SHARED_USUAL};
use crate::module::{Module, FUNCTIONS, MODULES};
use crate::{context, device};
use std::ffi::{c_char, c_int, c_uint, c_void, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::Ordering;

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
    let shape =
        Shape { grid: [grid_x, grid_y, grid_z], block: [block_x, block_y, block_z], dynamic_shared: shared_bytes, cooperative: false };
    // SAFETY: as the caller says.
    unsafe { launch::launch(&context, &stream, &function, handle, &shape, arguments) }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about modules, kernels and launches.

use super::functions;
use super::linker;
use super::out::{check_null, put, put_text, text};
use super::types::*;
use crate::backend::DeviceInfo;
use crate::error::{Code, Error, Result};
use crate::launch::{self, Arguments, Shape, SHARED_USUAL};
use crate::module::{max_threads, Module, MODULES};
use crate::{context, device, fat_binary};
use ix_compiler::module::Kernel;
use std::borrow::Cow;
use std::ffi::{c_char, c_int, c_uint, c_void, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::Ordering;

unsafe fn load(out: *mut IXmodule, image: &[u8]) -> Result<()> {
    check_null(out, "module")?;
    let context = context::current()?;
    let handle = Module::load(&context, image)?.register(&context)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXmodule(handle as usize), "module") }
}

/// The image at a pointer: PTX text, also from a fat binary, or what the linker gave.
///
/// # Safety
/// `image` is null, a C string, a fat binary, or what the linker gave.
pub unsafe fn image<'a>(image: *const c_void) -> Result<Cow<'a, [u8]>> {
    // SAFETY: as the caller says; a C string of fewer than 4 bytes is told apart first.
    unsafe {
        check_null(image.cast_mut(), "image")?;
        if let Some(linked) = linker::image_at(image.cast())? {
            return Ok(Cow::Borrowed(linked));
        }
        let text = text(image.cast(), "image")?;
        if text.count_bytes() >= 3 {
            if let Some(ptx) = fat_binary::ptx(image.cast())? {
                return Ok(Cow::Owned(ptx));
            }
        }
        Ok(Cow::Borrowed(text.to_bytes()))
    }
}

/// The image in a file.
///
/// # Safety
/// `path` is null or a C string.
pub unsafe fn image_of_file(path: *const c_char) -> Result<Vec<u8>> {
    // SAFETY: as the caller says.
    let path = Path::new(OsStr::from_bytes(unsafe { text(path, "path") }?.to_bytes()));
    let mut image = std::fs::read(path).map_err(|e| {
        let code = if e.kind() == std::io::ErrorKind::NotFound { Code::FILE_NOT_FOUND } else { Code::OPERATING_SYSTEM };
        Error::new(code, format!("reading {}: {e}", path.display()))
    })?;
    if fat_binary::starts(&image) {
        return fat_binary::choose(&image);
    }
    if image.starts_with(&ix_compiler::image::MAGIC) {
        return Ok(image);
    }
    // A file may end in the NUL that the image in memory has.
    let end = image.iter().position(|b| *b == 0).filter(|_| !image.starts_with(b"\x7fELF")).unwrap_or(image.len());
    image.truncate(end);
    Ok(image)
}

pub unsafe fn module_load(out: *mut IXmodule, path: *const c_char) -> Result<()> {
    context::current()?;
    // SAFETY: as the caller says.
    unsafe { load(out, &image_of_file(path)?) }
}

pub unsafe fn module_load_data(out: *mut IXmodule, image: *const c_void) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { load(out, &self::image(image)?) }
}

pub unsafe fn module_load_fat_binary(out: *mut IXmodule, image: *const c_void) -> Result<()> {
    check_null(image.cast_mut(), "image")?;
    // SAFETY: as the caller says.
    match unsafe { fat_binary::ptx(image.cast()) }? {
        // SAFETY: as the caller says.
        Some(ptx) => unsafe { load(out, &ptx) },
        None => Err(Error::new(Code::INVALID_IMAGE, "the image is not a fat binary")),
    }
}

pub unsafe fn module_load_data_ex(
    out: *mut IXmodule,
    image: *const c_void,
    count: c_uint,
    options: *mut IXjit_option,
    values: *mut *mut c_void,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { with_jit_options(count, options, values, || module_load_data(out, image)) }
}

/// Compiles by `load` as the options say.
///
/// # Safety
/// The options and their values are as ixModuleLoadDataEx wants them.
pub unsafe fn with_jit_options(
    count: c_uint,
    options: *mut IXjit_option,
    values: *mut *mut c_void,
    load: impl FnOnce() -> Result<()>,
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
    let result = load();
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
    let (_, function) = functions::find(function, &context)?;
    let info = context.device.info();
    let value = match attribute {
        IX_FUNC_ATTRIBUTE_CONST_SIZE_BYTES => c_int::try_from(function.const_bytes).unwrap_or(c_int::MAX),
        IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES => {
            c_int::try_from(function.dynamic_shared_limit(SHARED_USUAL.min(info.shared_per_block))).unwrap_or(c_int::MAX)
        }
        IX_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT => function.carveout.load(Ordering::Relaxed),
        other => self::attribute(other, &function.kernel, info)?,
    };
    // SAFETY: as the caller says.
    unsafe { put(out, value, "value") }
}

/// An attribute of a kernel for which nothing was set.
pub fn attribute(attribute: IXfunction_attribute, kernel: &Kernel, info: &DeviceInfo) -> Result<c_int> {
    let number = |n: u64| c_int::try_from(n).unwrap_or(c_int::MAX);
    Ok(match attribute {
        IX_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK => number(max_threads(kernel, info.threads_per_block).into()),
        IX_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES => number(kernel.shared_bytes.into()),
        // Variables are the module's.
        IX_FUNC_ATTRIBUTE_CONST_SIZE_BYTES => 0,
        IX_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES => number(kernel.local_bytes.into()),
        IX_FUNC_ATTRIBUTE_NUM_REGS => number(u64::from(kernel.vregs) + u64::from(kernel.sregs)),
        IX_FUNC_ATTRIBUTE_PTX_VERSION | IX_FUNC_ATTRIBUTE_BINARY_VERSION => 80,
        IX_FUNC_ATTRIBUTE_CACHE_MODE_CA => 0,
        IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES => {
            number(SHARED_USUAL.min(info.shared_per_block).saturating_sub(kernel.shared_bytes).into())
        }
        IX_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT => -1,
        // Attributes of features that functions do not have: absent.
        IXfunction_attribute(10..=15) => 0,
        IXfunction_attribute(other) => return Err(Error::invalid(format!("there is no function attribute {other}"))),
    })
}

pub unsafe fn func_set_attribute(function: IXfunction, attribute: IXfunction_attribute, value: c_int) -> Result<()> {
    let context = context::current()?;
    let (_, function) = functions::find(function, &context)?;
    let limit = context.device.info().shared_per_block.saturating_sub(function.kernel.shared_bytes);
    functions::check_setting(attribute, value, limit)?;
    match attribute {
        IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES => function.max_dynamic_shared.store(value, Ordering::Relaxed),
        _ => function.carveout.store(value, Ordering::Relaxed),
    }
    Ok(())
}

pub unsafe fn func_get_param_info(function: IXfunction, index: usize, offset: *mut usize, bytes: *mut usize) -> Result<()> {
    let (_, function) = functions::current(function)?;
    // SAFETY: as the caller says.
    unsafe { param_info(&function.kernel, index, offset, bytes) }
}

/// Stores where a parameter of a kernel is.
///
/// # Safety
/// The pointers are null or valid for writing.
pub unsafe fn param_info(kernel: &Kernel, index: usize, offset: *mut usize, bytes: *mut usize) -> Result<()> {
    let param = kernel
        .params
        .get(index)
        .ok_or_else(|| Error::invalid(format!("`{}` has {} parameters, no parameter {index}", kernel.name, kernel.params.len())))?;
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
    let (_, function) = functions::current(function)?;
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
pub unsafe fn packed(extra: *mut *mut c_void) -> Result<Arguments> {
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

/// A launch's shape.
pub fn shape(grid: [u32; 3], block: [u32; 3], dynamic_shared: u32) -> Shape {
    Shape { grid, block, dynamic_shared, cooperative: false }
}

/// Launches a function as a program asks for it.
///
/// # Safety
/// `params` and `extra` are as ixLaunchKernel wants them.
pub unsafe fn launch(
    function: IXfunction,
    shape: Shape,
    stream: IXstream,
    params: *mut *mut c_void,
    extra: *mut *mut c_void,
) -> Result<()> {
    let (context, stream) = context::stream(stream.0 as u64)?;
    let (handle, function) = functions::find(function, &context)?;
    let arguments = match (params.is_null(), extra.is_null()) {
        (false, false) => return Err(Error::invalid("both `params` and `extra` are given")),
        (false, true) => Arguments::Pointers(params.cast_const().cast()),
        // SAFETY: as the caller says.
        (true, false) => unsafe { packed(extra) }?,
        (true, true) => Arguments::None,
    };
    // SAFETY: as the caller says.
    unsafe { launch::launch(&context, &stream, &function, handle, &shape, arguments) }
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
    let shape = shape([grid_x, grid_y, grid_z], [block_x, block_y, block_z], shared_bytes);
    // SAFETY: as the caller says.
    unsafe { launch(function, shape, stream, params, extra) }
}

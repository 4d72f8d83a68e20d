// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about libraries and their kernels.

use super::functions::check_setting;
use super::modules;
use super::out::{check_null, put, text};
use super::types::*;
use crate::error::{Code, Error, Result};
use crate::library::{Library, LibraryKernel, KERNELS, LIBRARIES};
use crate::{context, device};
use std::ffi::{c_char, c_int, c_uint, c_void};
use std::sync::Arc;

fn library(handle: IXlibrary) -> Result<Arc<Library>> {
    device::all()?;
    LIBRARIES.get(handle.0 as u64)
}

fn kernel(handle: IXkernel) -> Result<Arc<LibraryKernel>> {
    device::all()?;
    KERNELS.get(handle.0 as u64)
}

/// # Safety
/// The options are null or valid for their number.
unsafe fn check_options(options: *const IXlibraryOption, values: *const *mut c_void, count: c_uint) -> Result<()> {
    for i in 0..count as usize {
        if options.is_null() || values.is_null() {
            return Err(Error::invalid("options or values is null"));
        }
        // SAFETY: as the caller says.
        let option = unsafe { *options.add(i) };
        if !(0..IX_LIBRARY_NUM_OPTIONS.0).contains(&option.0) {
            return Err(Error::invalid(format!("there is no option {} of libraries", option.0)));
        }
    }
    Ok(())
}

unsafe fn load(out: *mut IXlibrary, image: &[u8]) -> Result<()> {
    check_null(out, "library")?;
    device::all()?;
    let handle = LIBRARIES.insert(Library::load(image)?)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXlibrary(handle as usize), "library") }
}

#[allow(clippy::too_many_arguments, reason = "the parameters of the C function")]
pub unsafe fn load_data(
    out: *mut IXlibrary,
    image: *const c_void,
    jit_options: *mut IXjit_option,
    jit_values: *mut *mut c_void,
    jit_count: c_uint,
    options: *mut IXlibraryOption,
    values: *mut *mut c_void,
    count: c_uint,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe {
        check_options(options, values, count)?;
        modules::with_jit_options(jit_count, jit_options, jit_values, || load(out, &modules::image(image)?))
    }
}

#[allow(clippy::too_many_arguments, reason = "the parameters of the C function")]
pub unsafe fn load_from_file(
    out: *mut IXlibrary,
    path: *const c_char,
    jit_options: *mut IXjit_option,
    jit_values: *mut *mut c_void,
    jit_count: c_uint,
    options: *mut IXlibraryOption,
    values: *mut *mut c_void,
    count: c_uint,
) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe {
        check_options(options, values, count)?;
        modules::with_jit_options(jit_count, jit_options, jit_values, || load(out, &modules::image_of_file(path)?))
    }
}

pub unsafe fn unload(handle: IXlibrary) -> Result<()> {
    device::all()?;
    LIBRARIES.remove(handle.0 as u64)?.unload();
    Ok(())
}

pub unsafe fn get_kernel(out: *mut IXkernel, handle: IXlibrary, name: *const c_char) -> Result<()> {
    check_null(out, "kernel")?;
    // SAFETY: as the caller says.
    let name = unsafe { text(name, "name") }?.to_string_lossy();
    let kernel = library(handle)?.kernel(handle.0 as u64, &name)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXkernel(kernel as usize), "kernel") }
}

pub unsafe fn get_kernel_count(out: *mut c_uint, handle: IXlibrary) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, library(handle)?.kernels().len() as c_uint, "count") }
}

pub unsafe fn enumerate_kernels(out: *mut IXkernel, count: c_uint, handle: IXlibrary) -> Result<()> {
    check_null(out, "kernels")?;
    let library = library(handle)?;
    for (i, kernel) in library.kernels().iter().take(count as usize).enumerate() {
        let kernel = library.kernel(handle.0 as u64, &kernel.name)?;
        // SAFETY: there is room for `count`, as the caller says.
        unsafe { out.add(i).write(IXkernel(kernel as usize)) };
    }
    Ok(())
}

pub unsafe fn get_module(out: *mut IXmodule, handle: IXlibrary) -> Result<()> {
    check_null(out, "module")?;
    let library = library(handle)?;
    let module = library.module(&context::current()?)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXmodule(module as usize), "module") }
}

pub unsafe fn get_global(address: *mut IXdeviceptr, bytes: *mut usize, handle: IXlibrary, name: *const c_char) -> Result<()> {
    let library = library(handle)?;
    let module = library.module(&context::current()?)?;
    // SAFETY: as the caller says.
    unsafe { modules::module_get_global(address, bytes, IXmodule(module as usize), name) }
}

pub unsafe fn get_managed(_address: *mut IXdeviceptr, _bytes: *mut usize, handle: IXlibrary, name: *const c_char) -> Result<()> {
    library(handle)?;
    // SAFETY: as the caller says.
    let name = unsafe { text(name, "name") }?.to_string_lossy();
    Err(Error::new(Code::NOT_FOUND, format!("the library has no managed variable `{name}`: PTX has no such variables")))
}

pub unsafe fn get_unified_function(_out: *mut *mut c_void, handle: IXlibrary, symbol: *const c_char) -> Result<()> {
    library(handle)?;
    // SAFETY: as the caller says.
    let symbol = unsafe { text(symbol, "symbol") }?.to_string_lossy();
    Err(Error::new(Code::NOT_FOUND, format!("the library has no unified function `{symbol}`: PTX has no such functions")))
}

// Kernels.

pub unsafe fn kernel_get_function(out: *mut IXfunction, handle: IXkernel) -> Result<()> {
    check_null(out, "function")?;
    let function = kernel(handle)?.function(&context::current()?)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXfunction(function as usize), "function") }
}

pub unsafe fn kernel_get_library(out: *mut IXlibrary, handle: IXkernel) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, IXlibrary(kernel(handle)?.library as usize), "library") }
}

pub unsafe fn kernel_get_name(out: *mut *const c_char, handle: IXkernel) -> Result<()> {
    // The text lives as long as the kernel, which its library keeps.
    // SAFETY: as the caller says.
    unsafe { put(out, kernel(handle)?.name.as_ptr(), "name") }
}

pub unsafe fn kernel_get_param_info(handle: IXkernel, index: usize, offset: *mut usize, bytes: *mut usize) -> Result<()> {
    let kernel = kernel(handle)?.kernel()?;
    // SAFETY: as the caller says.
    unsafe { modules::param_info(&kernel, index, offset, bytes) }
}

pub unsafe fn kernel_get_param_count(handle: IXkernel, out: *mut usize) -> Result<()> {
    // SAFETY: as the caller says.
    unsafe { put(out, kernel(handle)?.kernel()?.params.len(), "count") }
}

pub unsafe fn kernel_get_attribute(out: *mut c_int, attribute: IXfunction_attribute, handle: IXkernel, device: IXdevice) -> Result<()> {
    let kernel = kernel(handle)?;
    let device = device::get(device.0)?;
    let settings = kernel.settings(device.ordinal);
    let set = match attribute {
        IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES => settings.max_dynamic_shared,
        IX_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT => Some(settings.carveout.unwrap_or(-1)),
        _ => None,
    };
    let value = match set {
        Some(value) => value,
        None => modules::attribute(attribute, &kernel.kernel()?, device.info())?,
    };
    // SAFETY: as the caller says.
    unsafe { put(out, value, "value") }
}

pub unsafe fn kernel_set_attribute(attribute: IXfunction_attribute, value: c_int, handle: IXkernel, device: IXdevice) -> Result<()> {
    let kernel = kernel(handle)?;
    let device = device::get(device.0)?;
    let limit = device.info().shared_per_block.saturating_sub(kernel.kernel()?.shared_bytes);
    check_setting(attribute, value, limit)?;
    kernel.set(device.ordinal, |settings| match attribute {
        IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES => settings.max_dynamic_shared = Some(value),
        _ => settings.carveout = Some(value),
    })
}

pub unsafe fn kernel_set_cache_config(handle: IXkernel, config: IXfunc_cache, device: IXdevice) -> Result<()> {
    let kernel = kernel(handle)?;
    let device = device::get(device.0)?;
    match u32::try_from(config.0) {
        Ok(value @ 0..=3) => kernel.set(device.ordinal, |settings| settings.cache_config = Some(value)),
        _ => Err(Error::invalid(format!("there is no cache configuration {}", config.0))),
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the functions about functions, and what other bodies find them by.
//!
//! Wherever a function is asked for, a kernel of a library will do: it stands for its function in
//! the context.

use super::out::{check_null, put};
use super::types::*;
use crate::context::{self, Context};
use crate::error::{Code, Error, Result};
use crate::library::KERNELS;
use crate::module::{Function, FUNCTIONS, MODULES};
use std::ffi::{c_char, c_uint};
use std::sync::atomic::Ordering;
use std::sync::Arc;

/// The function with this handle or of the library kernel with this handle, and its own handle.
pub fn find(handle: IXfunction, context: &Arc<Context>) -> Result<(u64, Arc<Function>)> {
    let handle = handle.0 as u64;
    let handle = match KERNELS.look_up(handle) {
        Some(kernel) => kernel.function(context)?,
        None => handle,
    };
    Ok((handle, FUNCTIONS.get(handle)?))
}

/// The function with this handle, for the current context.
pub fn current(handle: IXfunction) -> Result<(u64, Arc<Function>)> {
    find(handle, &context::current()?)
}

pub unsafe fn get_module(out: *mut IXmodule, function: IXfunction) -> Result<()> {
    let (_, function) = current(function)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IXmodule(function.module as usize), "module") }
}

pub unsafe fn get_name(out: *mut *const c_char, function: IXfunction) -> Result<()> {
    let (_, function) = current(function)?;
    // The text lives as long as the function, which its module keeps.
    // SAFETY: as the caller says.
    unsafe { put(out, function.name.as_ptr(), "name") }
}

pub unsafe fn get_param_count(function: IXfunction, out: *mut usize) -> Result<()> {
    let (_, function) = current(function)?;
    // SAFETY: as the caller says.
    unsafe { put(out, function.kernel.params.len(), "count") }
}

pub unsafe fn is_loaded(out: *mut IXfunctionLoadingState, function: IXfunction) -> Result<()> {
    current(function)?;
    // SAFETY: as the caller says.
    unsafe { put(out, IX_FUNCTION_LOADING_STATE_LOADED, "state") }
}

pub unsafe fn load(function: IXfunction) -> Result<()> {
    current(function).map(drop)
}

pub unsafe fn set_shared_mem_config(function: IXfunction, config: IXsharedconfig) -> Result<()> {
    let (_, function) = current(function)?;
    match u32::try_from(config.0) {
        Ok(value @ 0..=2) => function.banks.store(value, Ordering::Relaxed),
        _ => return Err(Error::invalid(format!("there is no configuration {} of shared memory", config.0))),
    }
    Ok(())
}

// Functions of modules.

pub unsafe fn count_of_module(out: *mut c_uint, module: IXmodule) -> Result<()> {
    context::current()?;
    let module = MODULES.get(module.0 as u64)?;
    // SAFETY: as the caller says.
    unsafe { put(out, module.kernel_names().count() as c_uint, "count") }
}

pub unsafe fn of_module(out: *mut IXfunction, count: c_uint, module: IXmodule) -> Result<()> {
    check_null(out, "functions")?;
    context::current()?;
    let module = MODULES.get(module.0 as u64)?;
    for (i, name) in module.kernel_names().take(count as usize).enumerate() {
        let handle = module.function(name)?;
        // SAFETY: there is room for `count`, as the caller says.
        unsafe { out.add(i).write(IXfunction(handle as usize)) };
    }
    Ok(())
}

pub unsafe fn loading_mode(out: *mut IXmoduleLoadingMode) -> Result<()> {
    crate::device::all()?;
    // SAFETY: as the caller says.
    unsafe { put(out, IX_MODULE_EAGER_LOADING, "mode") }
}

/// Refuses an attribute or value that functions do not have; else how `change` is to be made.
pub fn check_setting(attribute: IXfunction_attribute, value: i32, limit: u32) -> Result<()> {
    match attribute {
        IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES if u32::try_from(value).is_ok_and(|bytes| bytes <= limit) => Ok(()),
        IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES => {
            Err(Error::invalid(format!("{value} bytes of dynamic shared memory; the kernel may have {limit}")))
        }
        IX_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT if (-1..=100).contains(&value) => Ok(()),
        IXfunction_attribute(other @ 0..=15) => {
            Err(Error::new(Code::INVALID_VALUE, format!("function attribute {other} cannot be set to {value}")))
        }
        IXfunction_attribute(other) => Err(Error::invalid(format!("there is no function attribute {other}"))),
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Functions.

use crate::api::{functions, modules};
use std::ffi::{c_char, c_int};

api! { FUNCTIONS: "Functions" {
    /// One of a function's attributes.
    ixFuncGetAttribute(value: *mut c_int, attribute: IXfunction_attribute, function: IXfunction)
        = modules::func_get_attribute, [cuFuncGetAttribute@2020];
    /// Sets one of a function's attributes.
    ixFuncSetAttribute(function: IXfunction, attribute: IXfunction_attribute, value: c_int)
        = modules::func_set_attribute, [cuFuncSetAttribute@9000];
    /// Offset and size of a function's parameter in its parameter block; IX_ERROR_INVALID_VALUE
    /// past the last. The size pointer may be null.
    ixFuncGetParamInfo(function: IXfunction, index: usize, offset: *mut usize, bytes: *mut usize)
        = modules::func_get_param_info, [cuFuncGetParamInfo@12040];
    /// Sets a function's cache preference, which has no effect.
    ixFuncSetCacheConfig(function: IXfunction, config: IXfunc_cache) = modules::func_set_cache_config, [cuFuncSetCacheConfig@3000];
    /// The module of a function.
    ixFuncGetModule(module: *mut IXmodule, function: IXfunction) = functions::get_module, [cuFuncGetModule@11000];
    /// The name of a function; valid as long as its module.
    ixFuncGetName(name: *mut *const c_char, function: IXfunction) = functions::get_name, [cuFuncGetName@12030];
    /// Number of parameters of a function.
    ixFuncGetParamCount(function: IXfunction, count: *mut usize) = functions::get_param_count, [cuFuncGetParamCount@13020];
    /// Whether a function's code is loaded: it is.
    ixFuncIsLoaded(state: *mut IXfunctionLoadingState, function: IXfunction) = functions::is_loaded, [cuFuncIsLoaded@12040];
    /// Loads a function's code, which was loaded with its module.
    ixFuncLoad(function: IXfunction) = functions::load, [cuFuncLoad@12040];
    /// Sets a function's preference of banks of shared memory; without effect.
    ixFuncSetSharedMemConfig(function: IXfunction, config: IXsharedconfig)
        = functions::set_shared_mem_config, [cuFuncSetSharedMemConfig@4020];
} absent {
} }

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Functions.

use crate::api::modules;
use std::ffi::c_int;

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
} absent {
    cuFuncGetModule@11000;
    cuFuncGetName@12030;
    cuFuncGetParamCount@13020;
    cuFuncIsLoaded@12040;
    cuFuncLoad@12040;
    cuFuncSetSharedMemConfig@4020;
} }

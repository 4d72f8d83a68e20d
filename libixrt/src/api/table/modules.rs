// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Modules.

use crate::api::{functions, modules};
use std::ffi::{c_char, c_uint, c_void};

api! { MODULES: "Modules" {
    /// Loads a module from a file of PTX text.
    ixModuleLoad(module: *mut IXmodule, path: *const c_char) = modules::module_load, [cuModuleLoad@2000];
    /// Loads a module from PTX text that ends in a NUL.
    ixModuleLoadData(module: *mut IXmodule, image: *const c_void) = modules::module_load_data, [cuModuleLoadData@2000];
    /// Likewise, with options: see IXjit_option.
    ixModuleLoadDataEx(module: *mut IXmodule, image: *const c_void, count: c_uint, options: *mut IXjit_option, values: *mut *mut c_void)
        = modules::module_load_data_ex, [cuModuleLoadDataEx@2010];
    /// Unloads a module, once all work of its context has completed.
    ixModuleUnload(module: IXmodule) = modules::module_unload, [cuModuleUnload@2000];
    /// A kernel of a module.
    ixModuleGetFunction(function: *mut IXfunction, module: IXmodule, name: *const c_char)
        = modules::module_get_function, [cuModuleGetFunction@2000];
    /// Address and size of a variable of a module; either pointer may be null.
    ixModuleGetGlobal(address: *mut IXdeviceptr, bytes: *mut usize, module: IXmodule, name: *const c_char)
        = modules::module_get_global, [cuModuleGetGlobal@2000 cuModuleGetGlobal_v2@3020];
    /// Loads a module from a fat binary, or a wrapper of one, that has PTX.
    /// Differs: machine code in it is not used; without PTX for sm_80 or before it is IX_ERROR_NO_BINARY_FOR_GPU.
    ixModuleLoadFatBinary(module: *mut IXmodule, image: *const c_void) = modules::module_load_fat_binary, [cuModuleLoadFatBinary@2000];
    /// Number of kernels of a module.
    ixModuleGetFunctionCount(count: *mut c_uint, module: IXmodule) = functions::count_of_module, [cuModuleGetFunctionCount@12040];
    /// The first `count` kernels of a module.
    ixModuleEnumerateFunctions(functions: *mut IXfunction, count: c_uint, module: IXmodule)
        = functions::of_module, [cuModuleEnumerateFunctions@12040];
    /// When the code of modules is loaded: with the module.
    ixModuleGetLoadingMode(mode: *mut IXmoduleLoadingMode) = functions::loading_mode, [cuModuleGetLoadingMode@11070];
} absent {
} }

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Libraries and their kernels.

use crate::api::libraries;
use std::ffi::{c_char, c_int, c_uint, c_void};

api! { LIBRARIES: "Libraries and their kernels" {
    /// Compiles an image for all contexts; options as for ixModuleLoadDataEx, and those of libraries.
    ixLibraryLoadData(library: *mut IXlibrary, image: *const c_void, jit_options: *mut IXjit_option, jit_values: *mut *mut c_void, jit_count: c_uint,
        options: *mut IXlibraryOption, values: *mut *mut c_void, count: c_uint)
        = libraries::load_data, [cuLibraryLoadData@12000];
    /// Likewise, from a file.
    ixLibraryLoadFromFile(library: *mut IXlibrary, path: *const c_char, jit_options: *mut IXjit_option, jit_values: *mut *mut c_void, jit_count: c_uint,
        options: *mut IXlibraryOption, values: *mut *mut c_void, count: c_uint)
        = libraries::load_from_file, [cuLibraryLoadFromFile@12000];
    /// Unloads a library from all contexts, once their work has completed.
    ixLibraryUnload(library: IXlibrary) = libraries::unload, [cuLibraryUnload@12000];
    /// A kernel of a library. It may be used in the place of a function.
    ixLibraryGetKernel(kernel: *mut IXkernel, library: IXlibrary, name: *const c_char) = libraries::get_kernel, [cuLibraryGetKernel@12000];
    /// Number of kernels of a library.
    ixLibraryGetKernelCount(count: *mut c_uint, library: IXlibrary) = libraries::get_kernel_count, [cuLibraryGetKernelCount@12040];
    /// The first `count` kernels of a library.
    ixLibraryEnumerateKernels(kernels: *mut IXkernel, count: c_uint, library: IXlibrary)
        = libraries::enumerate_kernels, [cuLibraryEnumerateKernels@12040];
    /// The module that a library is in the current context.
    ixLibraryGetModule(module: *mut IXmodule, library: IXlibrary) = libraries::get_module, [cuLibraryGetModule@12000];
    /// Address and size of a variable of a library in the current context; either pointer may be null.
    ixLibraryGetGlobal(address: *mut IXdeviceptr, bytes: *mut usize, library: IXlibrary, name: *const c_char)
        = libraries::get_global, [cuLibraryGetGlobal@12000];
    /// A managed variable of a library.
    /// Differs: PTX has none, so there is none to be found.
    ixLibraryGetManaged(address: *mut IXdeviceptr, bytes: *mut usize, library: IXlibrary, name: *const c_char)
        = libraries::get_managed, [cuLibraryGetManaged@12000];
    /// A function of a library that host and device can call.
    /// Differs: PTX has none, so there is none to be found.
    ixLibraryGetUnifiedFunction(function: *mut *mut c_void, library: IXlibrary, symbol: *const c_char)
        = libraries::get_unified_function, [cuLibraryGetUnifiedFunction@12000];
    /// The function of a kernel in the current context.
    ixKernelGetFunction(function: *mut IXfunction, kernel: IXkernel) = libraries::kernel_get_function, [cuKernelGetFunction@12000];
    /// The library of a kernel.
    ixKernelGetLibrary(library: *mut IXlibrary, kernel: IXkernel) = libraries::kernel_get_library, [cuKernelGetLibrary@12050];
    /// The name of a kernel; valid as long as its library.
    ixKernelGetName(name: *mut *const c_char, kernel: IXkernel) = libraries::kernel_get_name, [cuKernelGetName@12030];
    /// Offset and size of a kernel's parameter: see ixFuncGetParamInfo.
    ixKernelGetParamInfo(kernel: IXkernel, index: usize, offset: *mut usize, bytes: *mut usize)
        = libraries::kernel_get_param_info, [cuKernelGetParamInfo@12040];
    /// Number of parameters of a kernel.
    ixKernelGetParamCount(kernel: IXkernel, count: *mut usize) = libraries::kernel_get_param_count, [cuKernelGetParamCount@13020];
    /// One of a kernel's attributes on a device.
    ixKernelGetAttribute(value: *mut c_int, attribute: IXfunction_attribute, kernel: IXkernel, device: IXdevice)
        = libraries::kernel_get_attribute, [cuKernelGetAttribute@12000];
    /// Sets one of a kernel's attributes on a device.
    ixKernelSetAttribute(attribute: IXfunction_attribute, value: c_int, kernel: IXkernel, device: IXdevice)
        = libraries::kernel_set_attribute, [cuKernelSetAttribute@12000];
    /// Sets a kernel's cache preference on a device; without effect.
    ixKernelSetCacheConfig(kernel: IXkernel, config: IXfunc_cache, device: IXdevice)
        = libraries::kernel_set_cache_config, [cuKernelSetCacheConfig@12000];
} absent {
} }

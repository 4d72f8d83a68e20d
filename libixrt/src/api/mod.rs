// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The C interface: one table of functions.
//!
//! `api!` declares each function once: documentation, name, parameters, the Rust function that
//! does the work, and the names under which CUDA has it. The exported symbols, the header
//! ([`header()`]) and [`FUNCTIONS`] come from it. A body returns a [`Result`];
//! the exported function turns an error into its code and keeps the message for the thread.

mod allocation;
mod contexts;
mod copies;
mod device_queries;
mod header;
mod library;
mod modules;
mod out;
mod streams;
pub mod types;

pub use header::header;

use crate::error::{self, Code, Result};
use std::ffi::{c_char, c_float, c_int, c_uint, c_ushort, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use types::*;

/// An exported function.
#[derive(Debug)]
pub struct Function {
    /// Name.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Type in C and name of each parameter.
    pub parameters: fn() -> Vec<(String, &'static str)>,
    /// Names under which the CUDA driver has it, with and without version suffix.
    pub cuda: &'static [&'static str],
}

/// Functions that belong together.
#[derive(Debug)]
pub struct Section {
    /// What they are about.
    pub title: &'static str,
    /// The functions.
    pub functions: &'static [Function],
}

/// Runs a body for an exported function.
fn call(name: &'static str, body: impl FnOnce() -> Result<()>) -> IXresult {
    let error = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return Code::SUCCESS,
        Ok(Err(error)) => error,
        Err(_) => error::Error::new(Code::UNKNOWN, "an internal error: the library panicked"),
    };
    error::keep(name, &error);
    error.code
}

macro_rules! api {
    ($( $title:literal {
        $( $(#[doc = $doc:literal])+ $name:ident($($arg:ident: $ty:ty),*) = $body:path, [$($cuda:literal)*]; )+
    } )+) => {
        $($(
            $(#[doc = $doc])+
            ///
            /// # Safety
            /// Pointers are null or valid for what the function does with them.
            #[no_mangle]
            #[allow(non_snake_case, reason = "the names of the C interface")]
            pub unsafe extern "C" fn $name($($arg: $ty),*) -> IXresult {
                // SAFETY: the body asks of its caller what this function asks of its own.
                call(stringify!($name), || unsafe { $body($($arg),*) })
            }
        )+)+
        /// All exported functions.
        pub const FUNCTIONS: &[Section] = &[$( Section {
            title: $title,
            functions: &[$( Function {
                name: stringify!($name),
                doc: concat!($($doc, "\n"),+),
                parameters: || vec![$( (<$ty as CType>::c(), stringify!($arg)) ),*],
                cuda: &[$($cuda),*],
            } ),+],
        } ),+];
    };
}

api! {
    "Initialisation and errors" {
        /// Finds and opens the devices. Must be called before anything else; again it does nothing.
        ixInit(flags: c_uint) = library::init, ["cuInit"];
        /// The version of the CUDA driver interface that this library follows: 1000 * major + 10 * minor.
        ixDriverGetVersion(version: *mut c_int) = library::driver_version, ["cuDriverGetVersion"];
        /// The name of an error code.
        ixGetErrorName(error: IXresult, name: *mut *const c_char) = library::error_name, ["cuGetErrorName"];
        /// The meaning of an error code.
        ixGetErrorString(error: IXresult, text: *mut *const c_char) = library::error_text, ["cuGetErrorString"];
        /// What exactly went wrong in the last call of this thread that failed. The text is valid
        /// until the next call that fails.
        ixGetLastErrorMessage(message: *mut *const c_char) = library::last_error_message, [];
    }
    "Devices" {
        /// The way to the devices that the library has chosen: "drm" or "direct".
        ixGetBackendName(name: *mut *const c_char) = device_queries::backend_name, [];
        /// The device with a number.
        ixDeviceGet(device: *mut IXdevice, ordinal: c_int) = device_queries::get, ["cuDeviceGet"];
        /// Number of devices.
        ixDeviceGetCount(count: *mut c_int) = device_queries::count, ["cuDeviceGetCount"];
        /// The product name, cut to `length` bytes with its NUL.
        ixDeviceGetName(name: *mut c_char, length: c_int, device: IXdevice) = device_queries::name, ["cuDeviceGetName"];
        /// The device's UUID.
        ixDeviceGetUuid(uuid: *mut IXuuid, device: IXdevice) = device_queries::uuid, ["cuDeviceGetUuid" "cuDeviceGetUuid_v2"];
        /// The PCI address as text, cut to `length` bytes with its NUL.
        ixDeviceGetPCIBusId(text: *mut c_char, length: c_int, device: IXdevice) = device_queries::pci_bus_id, ["cuDeviceGetPCIBusId"];
        /// Bytes of device memory.
        ixDeviceTotalMem(bytes: *mut usize, device: IXdevice) = device_queries::total_mem, ["cuDeviceTotalMem" "cuDeviceTotalMem_v2"];
        /// One of the device's attributes.
        ixDeviceGetAttribute(value: *mut c_int, attribute: IXdevice_attribute, device: IXdevice) = device_queries::attribute,
            ["cuDeviceGetAttribute"];
        /// The compute capability.
        ixDeviceComputeCapability(major: *mut c_int, minor: *mut c_int, device: IXdevice) = device_queries::compute_capability,
            ["cuDeviceComputeCapability"];
    }
    "Primary contexts" {
        /// The context that all retainers of a device share; made if it is not active. Does not
        /// make it current.
        ixDevicePrimaryCtxRetain(context: *mut IXcontext, device: IXdevice) = contexts::primary_retain, ["cuDevicePrimaryCtxRetain"];
        /// Gives it back; the last one to do so ends it.
        ixDevicePrimaryCtxRelease(device: IXdevice) = contexts::primary_release,
            ["cuDevicePrimaryCtxRelease" "cuDevicePrimaryCtxRelease_v2"];
        /// Ends it, whoever has retained it.
        ixDevicePrimaryCtxReset(device: IXdevice) = contexts::primary_reset, ["cuDevicePrimaryCtxReset" "cuDevicePrimaryCtxReset_v2"];
        /// Its flags, and whether it is active.
        ixDevicePrimaryCtxGetState(device: IXdevice, flags: *mut c_uint, active: *mut c_int) = contexts::primary_state,
            ["cuDevicePrimaryCtxGetState"];
        /// The flags for its next creation.
        ixDevicePrimaryCtxSetFlags(device: IXdevice, flags: c_uint) = contexts::primary_set_flags,
            ["cuDevicePrimaryCtxSetFlags" "cuDevicePrimaryCtxSetFlags_v2"];
    }
    "Contexts" {
        /// Creates a context and makes it current.
        ixCtxCreate(context: *mut IXcontext, flags: c_uint, device: IXdevice) = contexts::ctx_create, ["cuCtxCreate" "cuCtxCreate_v2"];
        /// Ends a context and frees all that it owns.
        ixCtxDestroy(context: IXcontext) = contexts::ctx_destroy, ["cuCtxDestroy" "cuCtxDestroy_v2"];
        /// Makes a context current in the place of the current one; null: none.
        ixCtxSetCurrent(context: IXcontext) = contexts::ctx_set_current, ["cuCtxSetCurrent"];
        /// The current context, or null.
        ixCtxGetCurrent(context: *mut IXcontext) = contexts::ctx_get_current, ["cuCtxGetCurrent"];
        /// Makes a context current on top of the current one.
        ixCtxPushCurrent(context: IXcontext) = contexts::ctx_push, ["cuCtxPushCurrent" "cuCtxPushCurrent_v2"];
        /// Takes the current context away; the one below becomes current.
        ixCtxPopCurrent(context: *mut IXcontext) = contexts::ctx_pop, ["cuCtxPopCurrent" "cuCtxPopCurrent_v2"];
        /// Waits for all work of the current context.
        ixCtxSynchronize() = contexts::ctx_synchronize, ["cuCtxSynchronize"];
        /// The device of the current context.
        ixCtxGetDevice(device: *mut IXdevice) = contexts::ctx_get_device, ["cuCtxGetDevice"];
        /// The flags of the current context.
        ixCtxGetFlags(flags: *mut c_uint) = contexts::ctx_get_flags, ["cuCtxGetFlags"];
        /// The interface version of a context; null: of the current one.
        ixCtxGetApiVersion(context: IXcontext, version: *mut c_uint) = contexts::ctx_get_api_version, ["cuCtxGetApiVersion"];
        /// The least (numerically greatest) and greatest priority of streams.
        ixCtxGetStreamPriorityRange(least: *mut c_int, greatest: *mut c_int) = contexts::ctx_priority_range, ["cuCtxGetStreamPriorityRange"];
    }
    "Memory" {
        /// Bytes of device memory that are free, and all.
        ixMemGetInfo(free: *mut usize, total: *mut usize) = allocation::mem_get_info, ["cuMemGetInfo" "cuMemGetInfo_v2"];
        /// Takes device memory.
        ixMemAlloc(address: *mut IXdeviceptr, bytes: usize) = allocation::mem_alloc, ["cuMemAlloc" "cuMemAlloc_v2"];
        /// Takes device memory for `height` rows, so far apart that each starts aligned.
        ixMemAllocPitch(address: *mut IXdeviceptr, pitch: *mut usize, width: usize, height: usize, element: c_uint) = allocation::mem_alloc_pitch,
            ["cuMemAllocPitch" "cuMemAllocPitch_v2"];
        /// Gives device memory back, once all work of its context has completed. Null does nothing.
        ixMemFree(address: IXdeviceptr) = allocation::mem_free, ["cuMemFree" "cuMemFree_v2"];
        /// Start and size of the allocation that contains an address.
        ixMemGetAddressRange(base: *mut IXdeviceptr, size: *mut usize, address: IXdeviceptr) = allocation::mem_get_address_range,
            ["cuMemGetAddressRange" "cuMemGetAddressRange_v2"];
        /// Takes host memory that the device reaches, at the same address.
        ixMemAllocHost(pointer: *mut *mut c_void, bytes: usize) = allocation::mem_alloc_host, ["cuMemAllocHost" "cuMemAllocHost_v2"];
        /// Likewise, with flags.
        ixMemHostAlloc(pointer: *mut *mut c_void, bytes: usize, flags: c_uint) = allocation::mem_host_alloc, ["cuMemHostAlloc"];
        /// Gives such memory back.
        ixMemFreeHost(pointer: *mut c_void) = allocation::mem_free_host, ["cuMemFreeHost"];
        /// Where the device sees such memory: at the same address. `flags` must be 0.
        ixMemHostGetDevicePointer(address: *mut IXdeviceptr, pointer: *mut c_void, flags: c_uint) = allocation::mem_host_get_device_pointer,
            ["cuMemHostGetDevicePointer" "cuMemHostGetDevicePointer_v2"];
        /// The flags of such memory.
        ixMemHostGetFlags(flags: *mut c_uint, pointer: *mut c_void) = allocation::mem_host_get_flags, ["cuMemHostGetFlags"];
    }
    "Copies and fills" {
        /// Copies between any two addresses. Returns when the copy is done, except between device addresses.
        ixMemcpy(target: IXdeviceptr, source: IXdeviceptr, bytes: usize) = copies::any, ["cuMemcpy"];
        /// Copies between any two addresses, in a stream.
        ixMemcpyAsync(target: IXdeviceptr, source: IXdeviceptr, bytes: usize, stream: IXstream) = copies::any_async, ["cuMemcpyAsync"];
        /// Copies from host to device.
        ixMemcpyHtoD(target: IXdeviceptr, source: *const c_void, bytes: usize) = copies::host_to_device,
            ["cuMemcpyHtoD" "cuMemcpyHtoD_v2"];
        /// Copies from device to host.
        ixMemcpyDtoH(target: *mut c_void, source: IXdeviceptr, bytes: usize) = copies::device_to_host,
            ["cuMemcpyDtoH" "cuMemcpyDtoH_v2"];
        /// Copies from device to device, in the null stream.
        ixMemcpyDtoD(target: IXdeviceptr, source: IXdeviceptr, bytes: usize) = copies::device_to_device,
            ["cuMemcpyDtoD" "cuMemcpyDtoD_v2"];
        /// Copies from host to device, in a stream. Memory that is not pinned may be reused on return.
        ixMemcpyHtoDAsync(target: IXdeviceptr, source: *const c_void, bytes: usize, stream: IXstream) = copies::host_to_device_async,
            ["cuMemcpyHtoDAsync" "cuMemcpyHtoDAsync_v2"];
        /// Copies from device to host, in a stream. Memory that is not pinned has its contents on return.
        ixMemcpyDtoHAsync(target: *mut c_void, source: IXdeviceptr, bytes: usize, stream: IXstream) = copies::device_to_host_async,
            ["cuMemcpyDtoHAsync" "cuMemcpyDtoHAsync_v2"];
        /// Copies from device to device, in a stream.
        ixMemcpyDtoDAsync(target: IXdeviceptr, source: IXdeviceptr, bytes: usize, stream: IXstream) = copies::device_to_device_async,
            ["cuMemcpyDtoDAsync" "cuMemcpyDtoDAsync_v2"];
        /// Copies rows.
        ixMemcpy2D(copy: *const IX_MEMCPY2D) = copies::rows, ["cuMemcpy2D" "cuMemcpy2D_v2" "cuMemcpy2DUnaligned" "cuMemcpy2DUnaligned_v2"];
        /// Copies rows, in a stream.
        ixMemcpy2DAsync(copy: *const IX_MEMCPY2D, stream: IXstream) = copies::rows_async, ["cuMemcpy2DAsync" "cuMemcpy2DAsync_v2"];
        /// Fills with `count` bytes, in the null stream.
        ixMemsetD8(target: IXdeviceptr, value: u8, count: usize) = copies::set8, ["cuMemsetD8" "cuMemsetD8_v2"];
        /// Fills with `count` 16-bit values, in the null stream.
        ixMemsetD16(target: IXdeviceptr, value: c_ushort, count: usize) = copies::set16, ["cuMemsetD16" "cuMemsetD16_v2"];
        /// Fills with `count` 32-bit values, in the null stream.
        ixMemsetD32(target: IXdeviceptr, value: c_uint, count: usize) = copies::set32, ["cuMemsetD32" "cuMemsetD32_v2"];
        /// Fills with `count` bytes, in a stream.
        ixMemsetD8Async(target: IXdeviceptr, value: u8, count: usize, stream: IXstream) = copies::set8_async, ["cuMemsetD8Async"];
        /// Fills with `count` 16-bit values, in a stream.
        ixMemsetD16Async(target: IXdeviceptr, value: c_ushort, count: usize, stream: IXstream) = copies::set16_async, ["cuMemsetD16Async"];
        /// Fills with `count` 32-bit values, in a stream.
        ixMemsetD32Async(target: IXdeviceptr, value: c_uint, count: usize, stream: IXstream) = copies::set32_async, ["cuMemsetD32Async"];
        /// Fills `height` rows with `width` bytes each, in a stream.
        ixMemsetD2D8Async(target: IXdeviceptr, pitch: usize, value: u8, width: usize, height: usize, stream: IXstream) = copies::set_rows8_async,
            ["cuMemsetD2D8Async"];
        /// Fills `height` rows with `width` 16-bit values each, in a stream.
        ixMemsetD2D16Async(target: IXdeviceptr, pitch: usize, value: c_ushort, width: usize, height: usize, stream: IXstream) = copies::set_rows16_async,
            ["cuMemsetD2D16Async"];
        /// Fills `height` rows with `width` 32-bit values each, in a stream.
        ixMemsetD2D32Async(target: IXdeviceptr, pitch: usize, value: c_uint, width: usize, height: usize, stream: IXstream) = copies::set_rows32_async,
            ["cuMemsetD2D32Async"];
    }
    "Modules and functions" {
        /// Loads a module from a file of PTX text.
        ixModuleLoad(module: *mut IXmodule, path: *const c_char) = modules::module_load, ["cuModuleLoad"];
        /// Loads a module from PTX text that ends in a NUL.
        ixModuleLoadData(module: *mut IXmodule, image: *const c_void) = modules::module_load_data, ["cuModuleLoadData"];
        /// Likewise, with options: see IXjit_option.
        ixModuleLoadDataEx(module: *mut IXmodule, image: *const c_void, count: c_uint, options: *mut IXjit_option, values: *mut *mut c_void)
            = modules::module_load_data_ex, ["cuModuleLoadDataEx"];
        /// Unloads a module, once all work of its context has completed.
        ixModuleUnload(module: IXmodule) = modules::module_unload, ["cuModuleUnload"];
        /// A kernel of a module.
        ixModuleGetFunction(function: *mut IXfunction, module: IXmodule, name: *const c_char) = modules::module_get_function,
            ["cuModuleGetFunction"];
        /// Address and size of a variable of a module; either pointer may be null.
        ixModuleGetGlobal(address: *mut IXdeviceptr, bytes: *mut usize, module: IXmodule, name: *const c_char) = modules::module_get_global,
            ["cuModuleGetGlobal" "cuModuleGetGlobal_v2"];
        /// One of a function's attributes.
        ixFuncGetAttribute(value: *mut c_int, attribute: IXfunction_attribute, function: IXfunction) = modules::func_get_attribute,
            ["cuFuncGetAttribute"];
        /// Sets one of a function's attributes.
        ixFuncSetAttribute(function: IXfunction, attribute: IXfunction_attribute, value: c_int) = modules::func_set_attribute,
            ["cuFuncSetAttribute"];
        /// Offset and size of a function's parameter in its parameter block; IX_ERROR_INVALID_VALUE
        /// past the last. The size pointer may be null.
        ixFuncGetParamInfo(function: IXfunction, index: usize, offset: *mut usize, bytes: *mut usize) = modules::func_get_param_info,
            ["cuFuncGetParamInfo"];
        /// Sets a function's cache preference, which has no effect.
        ixFuncSetCacheConfig(function: IXfunction, config: IXfunc_cache) = modules::func_set_cache_config, ["cuFuncSetCacheConfig"];
    }
    "Launch" {
        /// Launches a kernel in a stream. The arguments are given by `params`, a pointer to each,
        /// or by `extra`, a buffer that holds them as a parameter block; they are copied before
        /// the call returns.
        ixLaunchKernel(function: IXfunction, grid_x: c_uint, grid_y: c_uint, grid_z: c_uint, block_x: c_uint, block_y: c_uint,
            block_z: c_uint, shared_bytes: c_uint, stream: IXstream, params: *mut *mut c_void, extra: *mut *mut c_void)
            = modules::launch_kernel, ["cuLaunchKernel"];
    }
    "Streams" {
        /// Creates a stream.
        ixStreamCreate(stream: *mut IXstream, flags: c_uint) = streams::stream_create, ["cuStreamCreate"];
        /// Creates a stream with a priority; priorities out of range are clamped.
        ixStreamCreateWithPriority(stream: *mut IXstream, flags: c_uint, priority: c_int) = streams::stream_create_with_priority,
            ["cuStreamCreateWithPriority"];
        /// Destroys a stream. Its work goes on to its end.
        ixStreamDestroy(stream: IXstream) = streams::stream_destroy, ["cuStreamDestroy" "cuStreamDestroy_v2"];
        /// Waits for all work of a stream.
        ixStreamSynchronize(stream: IXstream) = streams::stream_synchronize, ["cuStreamSynchronize"];
        /// IX_SUCCESS when all work of a stream has completed, else IX_ERROR_NOT_READY.
        ixStreamQuery(stream: IXstream) = streams::stream_query, ["cuStreamQuery"];
        /// Makes later work of a stream wait for an event. `flags` must be 0.
        ixStreamWaitEvent(stream: IXstream, event: IXevent, flags: c_uint) = streams::stream_wait_event, ["cuStreamWaitEvent"];
        /// The flags of a stream.
        ixStreamGetFlags(stream: IXstream, flags: *mut c_uint) = streams::stream_get_flags, ["cuStreamGetFlags"];
        /// The priority of a stream.
        ixStreamGetPriority(stream: IXstream, priority: *mut c_int) = streams::stream_get_priority, ["cuStreamGetPriority"];
    }
    "Events" {
        /// Creates an event.
        ixEventCreate(event: *mut IXevent, flags: c_uint) = streams::event_create, ["cuEventCreate"];
        /// Destroys an event.
        ixEventDestroy(event: IXevent) = streams::event_destroy, ["cuEventDestroy" "cuEventDestroy_v2"];
        /// Records an event in a stream: it happens when the work before it has completed.
        ixEventRecord(event: IXevent, stream: IXstream) = streams::event_record, ["cuEventRecord"];
        /// IX_SUCCESS when the event has happened or was never recorded, else IX_ERROR_NOT_READY.
        ixEventQuery(event: IXevent) = streams::event_query, ["cuEventQuery"];
        /// Waits until the event has happened.
        ixEventSynchronize(event: IXevent) = streams::event_synchronize, ["cuEventSynchronize"];
        /// Milliseconds between two events that have happened, by the device's clock.
        ixEventElapsedTime(milliseconds: *mut c_float, start: IXevent, end: IXevent) = streams::event_elapsed_time,
            ["cuEventElapsedTime"];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_is_current() {
        let kept = include_str!("../../include/ixrt.h");
        assert!(kept == header(), "include/ixrt.h is stale: cargo run -p ixrt --example header > libixrt/include/ixrt.h");
    }

    #[test]
    fn cuda_names_are_those_of_one_function() {
        let mut names: Vec<_> = FUNCTIONS.iter().flat_map(|s| s.functions).flat_map(|f| f.cuda).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
        for function in FUNCTIONS.iter().flat_map(|s| s.functions) {
            assert!(function.cuda.iter().all(|cu| cu.starts_with(&function.name.replacen("ix", "cu", 1))), "{}", function.name);
        }
    }

    #[test]
    fn panic_of_a_body_is_an_error() {
        assert_eq!(call("ixTest", || panic!("deliberate")), Code::UNKNOWN);
    }
}

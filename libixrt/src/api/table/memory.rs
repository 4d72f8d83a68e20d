// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Memory.

use crate::api::allocation;
use std::ffi::{c_uint, c_void};

api! { MEMORY: "Memory" {
    /// Bytes of device memory that are free, and all.
    ixMemGetInfo(free: *mut usize, total: *mut usize) = allocation::mem_get_info, [cuMemGetInfo@2000 cuMemGetInfo_v2@3020];
    /// Takes device memory.
    ixMemAlloc(address: *mut IXdeviceptr, bytes: usize) = allocation::mem_alloc, [cuMemAlloc@2000 cuMemAlloc_v2@3020];
    /// Takes device memory for `height` rows, so far apart that each starts aligned.
    ixMemAllocPitch(address: *mut IXdeviceptr, pitch: *mut usize, width: usize, height: usize, element: c_uint)
        = allocation::mem_alloc_pitch, [cuMemAllocPitch@2000 cuMemAllocPitch_v2@3020];
    /// Gives device memory back, once all work of its context has completed. Null does nothing.
    ixMemFree(address: IXdeviceptr) = allocation::mem_free, [cuMemFree@2000 cuMemFree_v2@3020];
    /// Start and size of the allocation that contains an address.
    ixMemGetAddressRange(base: *mut IXdeviceptr, size: *mut usize, address: IXdeviceptr)
        = allocation::mem_get_address_range, [cuMemGetAddressRange@2000 cuMemGetAddressRange_v2@3020];
    /// Takes host memory that the device reaches, at the same address.
    ixMemAllocHost(pointer: *mut *mut c_void, bytes: usize) = allocation::mem_alloc_host, [cuMemAllocHost@2000 cuMemAllocHost_v2@3020];
    /// Likewise, with flags.
    ixMemHostAlloc(pointer: *mut *mut c_void, bytes: usize, flags: c_uint) = allocation::mem_host_alloc, [cuMemHostAlloc@2020];
    /// Gives such memory back.
    ixMemFreeHost(pointer: *mut c_void) = allocation::mem_free_host, [cuMemFreeHost@2000];
    /// Where the device sees such memory: at the same address. `flags` must be 0.
    ixMemHostGetDevicePointer(address: *mut IXdeviceptr, pointer: *mut c_void, flags: c_uint)
        = allocation::mem_host_get_device_pointer, [cuMemHostGetDevicePointer@2020 cuMemHostGetDevicePointer_v2@3020];
    /// The flags of such memory.
    ixMemHostGetFlags(flags: *mut c_uint, pointer: *mut c_void) = allocation::mem_host_get_flags, [cuMemHostGetFlags@2030];
    /// Lets the device reach memory of the program, until it is unregistered.
    /// Differs: private memory that can be written only, not the calling thread's stack; other
    /// threads must not write to its pages during the call; the device's address is another.
    ixMemHostRegister(pointer: *mut c_void, bytes: usize, flags: c_uint)
        = allocation::mem_host_register, [cuMemHostRegister@4000 cuMemHostRegister_v2@6050];
    /// Ends that, once all work of the device has completed.
    /// Differs: other threads must not write to its pages during the call.
    ixMemHostUnregister(pointer: *mut c_void) = allocation::mem_host_unregister, [cuMemHostUnregister@4000];
} absent {
    cuMemGetHandleForAddressRange@11070;
} }

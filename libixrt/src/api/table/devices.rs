// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Devices.

use crate::api::device_queries;
use std::ffi::{c_char, c_int};

api! { DEVICES: "Devices" {
    /// The way to the devices that the library has chosen: "drm" or "direct".
    ixGetBackendName(name: *mut *const c_char) = device_queries::backend_name, [];
    /// The device with a number.
    ixDeviceGet(device: *mut IXdevice, ordinal: c_int) = device_queries::get, [cuDeviceGet@2000];
    /// Number of devices.
    ixDeviceGetCount(count: *mut c_int) = device_queries::count, [cuDeviceGetCount@2000];
    /// The product name, cut to `length` bytes with its NUL.
    ixDeviceGetName(name: *mut c_char, length: c_int, device: IXdevice) = device_queries::name, [cuDeviceGetName@2000];
    /// The device's UUID.
    ixDeviceGetUuid(uuid: *mut IXuuid, device: IXdevice) = device_queries::uuid, [cuDeviceGetUuid@9020 cuDeviceGetUuid_v2@11040];
    /// The PCI address as text, cut to `length` bytes with its NUL.
    ixDeviceGetPCIBusId(text: *mut c_char, length: c_int, device: IXdevice) = device_queries::pci_bus_id, [cuDeviceGetPCIBusId@4010];
    /// Bytes of device memory.
    ixDeviceTotalMem(bytes: *mut usize, device: IXdevice) = device_queries::total_mem, [cuDeviceTotalMem@2000 cuDeviceTotalMem_v2@3020];
    /// One of the device's attributes.
    ixDeviceGetAttribute(value: *mut c_int, attribute: IXdevice_attribute, device: IXdevice)
        = device_queries::attribute, [cuDeviceGetAttribute@2000];
    /// The compute capability.
    ixDeviceComputeCapability(major: *mut c_int, minor: *mut c_int, device: IXdevice)
        = device_queries::compute_capability, [cuDeviceComputeCapability@2000];
    /// The device at a PCI address.
    ixDeviceGetByPCIBusId(device: *mut IXdevice, text: *const c_char) = device_queries::by_pci_bus_id, [cuDeviceGetByPCIBusId@4010];
    /// Whether contexts can be bound to a part of the device: 0.
    ixDeviceGetExecAffinitySupport(support: *mut c_int, kind: IXexecAffinityType, device: IXdevice)
        = device_queries::exec_affinity_support, [cuDeviceGetExecAffinitySupport@11040];
    /// What devices were described with before they had attributes.
    cuda_only(properties: *mut IXdevprop, device: IXdevice) = device_queries::properties, [cuDeviceGetProperties@2000];
} absent {
    cuDeviceGetLuid@10000;
} }

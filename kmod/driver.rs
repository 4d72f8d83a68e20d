// SPDX-License-Identifier: GPL-2.0

//! The DRM driver: the render node, its table of ioctls, and fdinfo.
//!
//! An ioctl runs inside of the DRM core's *registration guard*: it finds the [`Gpu`] alive for its
//! whole time, or gives ENODEV. Unbinding waits for those that run.

use kernel::{
    bindings,
    device::DeviceContext,
    drm::{
        self,
        ioctl::{self, internal::drm_ioctl_desc},
    },
    pci,
    prelude::*,
    sync::Arc,
};

use crate::{
    client::{Client, DrmFile},
    device::Gpu,
    gem::{self, Bo},
    helpers::{self, Printer},
    mmap, query, queue, uapi, vm, wait,
};

/// The DRM device.
pub(crate) type IxDevice<Ctx = drm::Normal> = drm::Device<IxDriver, Ctx>;

/// The DRM driver.
pub(crate) struct IxDriver;

/// The table of ioctls. Each handler gets the device while it is bound.
macro_rules! ioctls {
    ($( $id:ident, $number:ident, $argument:ident => $handler:path; )+) => {
        &[$( {
            // The core finds an entry by its index.
            const _: () = assert!(
                kernel::ioctl::_IOC_NR(uapi::$number)
                    == kernel::uapi::DRM_COMMAND_BASE + uapi::$id
            );
            const _: () = assert!(
                kernel::ioctl::_IOC_SIZE(uapi::$number)
                    == core::mem::size_of::<uapi::$argument>()
            );
            /// # Safety
            ///
            /// Only for the core's table of ioctls.
            unsafe extern "C" fn call(
                dev: *mut bindings::drm_device,
                data: *mut c_void,
                file: *mut bindings::drm_file,
            ) -> c_int {
                // SAFETY: The core calls this for our devices only, after their registration.
                let dev: &IxDevice<drm::Ioctl> = unsafe { drm::Device::from_raw(dev) };
                let Some(guard) = dev.registration_guard() else {
                    return ENODEV.to_errno();
                };
                // SAFETY: The core's copy of the argument is at least as large as the number
                // says, which is the size of the type; any bytes are a value of it.
                let data = unsafe { &mut *data.cast::<uapi::$argument>() };
                // SAFETY: The file was opened through `Client::open()`.
                let file: &DrmFile = unsafe { drm::File::from_raw(file) };
                match guard.registration_data_with(|gpu| $handler(&guard, gpu, data, file)) {
                    Ok(value) => value as c_int,
                    Err(e) => e.to_errno(),
                }
            }
            drm_ioctl_desc {
                cmd: uapi::$number,
                flags: ioctl::AUTH | ioctl::RENDER_ALLOW,
                func: Some(call),
                name: kernel::str::as_char_ptr_in_const_context(
                    kernel::c_str!(stringify!($number)),
                ),
            }
        } ),+]
    };
}

#[vtable]
impl drm::Driver for IxDriver {
    type Data = ();
    type RegistrationData<'a> = Arc<Gpu<'a>>;
    type File = Client;
    type Object = Bo;
    type ParentDevice<Ctx: DeviceContext> = pci::Device<Ctx>;

    const INFO: drm::DriverInfo = drm::DriverInfo {
        major: uapi::DRM_IX_VERSION_MAJOR as i32,
        minor: uapi::DRM_IX_VERSION_MINOR as i32,
        patchlevel: 0,
        name: c"ix",
        desc: c"IX open GPGPU",
    };
    const FEAT_RENDER: bool = true;

    const IOCTLS: &'static [drm_ioctl_desc] = ioctls! {
        DRM_IX_QUERY, DRM_IOCTL_IX_QUERY, drm_ix_query => query::query;
        DRM_IX_BO_CREATE, DRM_IOCTL_IX_BO_CREATE, drm_ix_bo_create => gem::create;
        DRM_IX_BO_MMAP_OFFSET, DRM_IOCTL_IX_BO_MMAP_OFFSET, drm_ix_bo_mmap_offset
            => gem::mmap_offset;
        DRM_IX_VM_CREATE, DRM_IOCTL_IX_VM_CREATE, drm_ix_vm_create => vm::create;
        DRM_IX_VM_DESTROY, DRM_IOCTL_IX_VM_DESTROY, drm_ix_vm_destroy => vm::destroy;
        DRM_IX_VM_BIND, DRM_IOCTL_IX_VM_BIND, drm_ix_vm_bind => vm::bind;
        DRM_IX_QUEUE_CREATE, DRM_IOCTL_IX_QUEUE_CREATE, drm_ix_queue_create => queue::create;
        DRM_IX_QUEUE_DESTROY, DRM_IOCTL_IX_QUEUE_DESTROY, drm_ix_queue_destroy
            => queue::destroy;
        DRM_IX_QUEUE_KICK, DRM_IOCTL_IX_QUEUE_KICK, drm_ix_queue_kick => queue::kick;
        DRM_IX_QUEUE_STATE, DRM_IOCTL_IX_QUEUE_STATE, drm_ix_queue_state => queue::state;
        DRM_IX_WAIT, DRM_IOCTL_IX_WAIT, drm_ix_wait => wait::wait;
    };
}

/// Gives a device that is not registered yet what the abstraction does not offer.
pub(crate) fn complete(dev: &drm::UnregisteredDevice<IxDriver>) {
    let dev: &IxDevice = dev;
    let raw = core::ptr::from_ref(dev).cast_mut().cast();
    // SAFETY: A `drm::Device` starts with its `struct drm_device`. Nobody uses the device yet, and
    // the callbacks live as long as the module, which open files keep.
    unsafe { helpers::ix_adopt_driver(raw, show_fdinfo, mmap::mmap) };
}

/// Prints a client's fdinfo. The core calls it only while the device is registered.
///
/// # Safety
///
/// Only for `struct drm_driver` of this module's devices.
unsafe extern "C" fn show_fdinfo(p: *mut Printer, file: *mut bindings::drm_file) {
    // SAFETY: `file` is an open file of one of our devices.
    let dev: &IxDevice<drm::Ioctl> = unsafe { drm::Device::from_raw((*(*file).minor).dev) };
    // SAFETY: As above.
    let file: &DrmFile = unsafe { drm::File::from_raw(file) };
    let Some(guard) = dev.registration_guard() else {
        return;
    };
    let info = guard.registration_data_with(|gpu| file.inner().fdinfo(gpu));
    // SAFETY: `p` is the core's printer.
    unsafe { helpers::ix_print_fdinfo(p, &info) };
}

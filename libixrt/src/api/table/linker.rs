// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Linker.

use crate::api::linker;
use std::ffi::{c_char, c_uint, c_void};

api! { LINKER: "Linker" {
    /// Begins a link. The options and their values must stay as long as the link when they ask for
    /// results, such as logs.
    ixLinkCreate(count: c_uint, options: *mut IXjit_option, values: *mut *mut c_void, state: *mut IXlinkState)
        = linker::create, [cuLinkCreate@5050 cuLinkCreate_v2@6050];
    /// Adds an input: PTX, a fat binary with PTX, or what ixLinkComplete gave. `name` may be null.
    /// Differs: machine code and libraries of others' are IX_ERROR_NO_BINARY_FOR_GPU. What was linked
    /// before is whole: other inputs do not see what is in it.
    ixLinkAddData(state: IXlinkState, r#type: IXjitInputType, data: *mut c_void, bytes: usize, name: *const c_char, count: c_uint,
        options: *mut IXjit_option, values: *mut *mut c_void) = linker::add_data, [cuLinkAddData@5050 cuLinkAddData_v2@6050];
    /// Adds an input from a file.
    ixLinkAddFile(state: IXlinkState, r#type: IXjitInputType, path: *const c_char, count: c_uint, options: *mut IXjit_option,
        values: *mut *mut c_void) = linker::add_file, [cuLinkAddFile@5050 cuLinkAddFile_v2@6050];
    /// Links. The image belongs to the link and goes with it; ixModuleLoadData and ixModuleLoad, from a
    /// file with its bytes, load it.
    ixLinkComplete(state: IXlinkState, image: *mut *mut c_void, bytes: *mut usize) = linker::complete, [cuLinkComplete@5050];
    /// Ends a link.
    ixLinkDestroy(state: IXlinkState) = linker::destroy, [cuLinkDestroy@5050];
} absent {
} }

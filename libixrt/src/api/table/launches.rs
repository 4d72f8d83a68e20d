// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Launches.

use crate::api::modules;
use std::ffi::{c_uint, c_void};

api! { LAUNCHES: "Launches" {
    /// Launches a kernel in a stream. The arguments are given by `params`, a pointer to each,
    /// or by `extra`, a buffer that holds them as a parameter block; they are copied before
    /// the call returns.
    ixLaunchKernel(function: IXfunction, grid_x: c_uint, grid_y: c_uint, grid_z: c_uint, block_x: c_uint, block_y: c_uint, block_z: c_uint, shared_bytes: c_uint, stream: IXstream, params: *mut *mut c_void, extra: *mut *mut c_void)
        = modules::launch_kernel, [cuLaunchKernel@4000 cuLaunchKernel_ptsz@7000];
} absent {
    cuLaunchCooperativeKernel@9000 cuLaunchCooperativeKernel_ptsz@9000;
    cuLaunchCooperativeKernelMultiDevice@9000;
    cuLaunchHostFunc@10000 cuLaunchHostFunc_ptsz@10000 cuLaunchHostFunc_v2@13020 cuLaunchHostFunc_v2_ptsz@13020;
    cuLaunchKernelEx@11060 cuLaunchKernelEx_ptsz@11060;
} }

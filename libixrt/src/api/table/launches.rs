// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Launches.

use crate::api::{launches, modules, streams};
use std::ffi::{c_uint, c_void};

api! { LAUNCHES: "Launches" {
    /// Launches a kernel in a stream. The arguments are given by `params`, a pointer to each,
    /// or by `extra`, a buffer that holds them as a parameter block; they are copied before
    /// the call returns.
    ixLaunchKernel(function: IXfunction, grid_x: c_uint, grid_y: c_uint, grid_z: c_uint, block_x: c_uint, block_y: c_uint, block_z: c_uint, shared_bytes: c_uint, stream: IXstream, params: *mut *mut c_void, extra: *mut *mut c_void)
        = modules::launch_kernel, [cuLaunchKernel@4000 cuLaunchKernel_ptsz@7000];
    /// Launches with attributes: see IXlaunchAttributeID.
    ixLaunchKernelEx(config: *const IXlaunchConfig, function: IXfunction, params: *mut *mut c_void, extra: *mut *mut c_void)
        = launches::launch_ex, [cuLaunchKernelEx@11060 cuLaunchKernelEx_ptsz@11060];
    /// Launches a grid whose blocks are all resident at once, so that they may wait for one another.
    ixLaunchCooperativeKernel(function: IXfunction, grid_x: c_uint, grid_y: c_uint, grid_z: c_uint, block_x: c_uint, block_y: c_uint,
        block_z: c_uint, shared_bytes: c_uint, stream: IXstream, params: *mut *mut c_void)
        = launches::launch_cooperative, [cuLaunchCooperativeKernel@9000 cuLaunchCooperativeKernel_ptsz@9000];
    /// Launches such grids on several devices, one each.
    /// Differs: kernels cannot wait for one another across devices, nor in CUDA since version 11.3.
    cuda_only(list: *mut IX_LAUNCH_PARAMS, count: c_uint, flags: c_uint)
        = launches::launch_cooperative_multi_device, [cuLaunchCooperativeKernelMultiDevice@9000];
    /// Calls a function of the program in a stream's order, on a thread of its own. Later work of the
    /// stream waits for it. It may not call this library, and is not called when the stream has failed.
    ixLaunchHostFunc(stream: IXstream, function: IXhostFn, data: *mut c_void)
        = streams::launch_host_function, [cuLaunchHostFunc@10000 cuLaunchHostFunc_ptsz@10000];
    /// Likewise, with a hint how to wait for its turn.
    cuda_only(stream: IXstream, function: IXhostFn, data: *mut c_void, mode: c_uint)
        = streams::launch_host_function_v2, [cuLaunchHostFunc_v2@13020 cuLaunchHostFunc_v2_ptsz@13020];
} absent {
} }

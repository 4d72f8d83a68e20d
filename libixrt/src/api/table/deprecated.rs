// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Launches as before CUDA 4.

use crate::api::launches;
use std::ffi::{c_float, c_int, c_uint, c_void};

api! { DEPRECATED: "Launches as before CUDA 4" {
    /// Sets the shape of a function's blocks for the launches of this section.
    cuda_only(function: IXfunction, x: c_int, y: c_int, z: c_int) = launches::set_block_shape, [cuFuncSetBlockShape@2000];
    /// Sets the dynamic shared memory of a function, likewise.
    cuda_only(function: IXfunction, bytes: c_uint) = launches::set_shared_size, [cuFuncSetSharedSize@2000];
    /// Sets the size of a function's parameter block, likewise.
    cuda_only(function: IXfunction, bytes: c_uint) = launches::param_set_size, [cuParamSetSize@2000];
    /// Sets an integer in a function's parameter block.
    cuda_only(function: IXfunction, offset: c_int, value: c_uint) = launches::param_seti, [cuParamSeti@2000];
    /// Sets a float in a function's parameter block.
    cuda_only(function: IXfunction, offset: c_int, value: c_float) = launches::param_setf, [cuParamSetf@2000];
    /// Sets bytes in a function's parameter block.
    cuda_only(function: IXfunction, offset: c_int, value: *mut c_void, bytes: c_uint) = launches::param_setv, [cuParamSetv@2000];
    /// Launches one block.
    cuda_only(function: IXfunction) = launches::launch, [cuLaunch@2000];
    /// Launches a grid of `width` times `height` blocks.
    cuda_only(function: IXfunction, width: c_int, height: c_int) = launches::launch_grid, [cuLaunchGrid@2000];
    /// Likewise, in a stream.
    cuda_only(function: IXfunction, width: c_int, height: c_int, stream: IXstream) = launches::launch_grid_async, [cuLaunchGridAsync@2000];
} absent {
} }

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Launches as before CUDA 4.

api! { DEPRECATED: "Launches as before CUDA 4" {
} absent {
    cuFuncSetBlockShape@2000;
    cuFuncSetSharedSize@2000;
    cuLaunch@2000;
    cuLaunchGrid@2000;
    cuLaunchGridAsync@2000;
    cuParamSetSize@2000;
    cuParamSetf@2000;
    cuParamSeti@2000;
    cuParamSetv@2000;
} }

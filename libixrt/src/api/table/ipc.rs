// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Sharing between processes.

api! { IPC: "Sharing between processes" {
} absent {
    cuIpcCloseMemHandle@4010;
    cuIpcGetEventHandle@4010;
    cuIpcGetMemHandle@4010;
    cuIpcOpenEventHandle@4010;
    cuIpcOpenMemHandle@4010 cuIpcOpenMemHandle_v2@11000;
} }

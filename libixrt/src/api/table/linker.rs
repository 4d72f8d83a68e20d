// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Linker.

api! { LINKER: "Linker" {
} absent {
    cuLinkAddData@5050 cuLinkAddData_v2@6050;
    cuLinkAddFile@5050 cuLinkAddFile_v2@6050;
    cuLinkComplete@5050;
    cuLinkCreate@5050 cuLinkCreate_v2@6050;
    cuLinkDestroy@5050;
} }

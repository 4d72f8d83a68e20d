// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Names the shared library.
//!
//! One file serves as `libixrt.so`, `libcuda.so` and `libcuda.so.1`: links to it. Its own name is
//! `libixrt.so`, under whichever name it was found: a program linked with `-lcuda` against it then
//! asks for that, one that was linked elsewhere asks for `libcuda.so.1`, and the dynamic linker
//! sees that both are the same file and loads it once.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libixrt.so");
}

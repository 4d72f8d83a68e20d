// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Compiles the library's headers with the host's C++ compiler, for the tests, with MPFR as the
//! reference where it is installed.

fn main() {
    println!("cargo:rerun-if-changed=include");
    println!("cargo:rerun-if-changed=tests/host");
    println!("cargo:rerun-if-changed=tests/kernels/evaluate.h");
    println!("cargo:rustc-check-cfg=cfg(mpfr)");
    let mut build = cc::Build::new();
    build
        .cpp(true)
        .std("c++17")
        .include("include")
        .include("tests/kernels")
        // Optimised in every profile: the tests evaluate functions many million times.
        .opt_level(2)
        // As the headers demand: results are those of the device, bit by bit.
        .flag("-ffp-contract=off")
        .flag("-fno-builtin")
        .file("tests/host/f32.cpp")
        .file("tests/host/exact.cpp")
        .file("tests/host/evaluate.cpp");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("x86_64") {
        // For the fused multiply-add and rounding instructions.
        build.flag("-march=x86-64-v3");
    }
    const MPFR: &str = "/usr/include/mpfr.h";
    println!("cargo:rerun-if-changed={MPFR}");
    let mpfr = std::path::Path::new(MPFR).exists();
    if mpfr {
        build.file("tests/host/f64.cpp");
        println!("cargo:rustc-cfg=mpfr");
    }
    build.compile("ixmath_host");
    if mpfr {
        println!("cargo:rustc-link-lib=mpfr");
        println!("cargo:rustc-link-lib=gmp");
    }
}

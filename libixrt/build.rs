// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Names the shared library, and fingerprints the device libraries that it carries.
//!
//! One file serves as `libixrt.so`, `libcuda.so` and `libcuda.so.1`: links to it. Its own name is
//! `libixrt.so`, under whichever name it was found: a program linked with `-lcuda` against it then
//! asks for that, one that was linked elsewhere asks for `libcuda.so.1`, and the dynamic linker
//! sees that both are the same file and loads it once.

/// FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

fn main() {
    // What was compiled with other device libraries is another module.
    let fingerprints = ["device/ixdevice.ptx", "../math/device/ixmath.ptx"].map(|path| {
        println!("cargo:rerun-if-changed={path}");
        format!("{:016x}", hash(&std::fs::read(path).unwrap_or_default()))
    });
    println!("cargo:rustc-env=IXRT_DEVICE_FINGERPRINT={}", fingerprints.concat());
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libixrt.so");
}

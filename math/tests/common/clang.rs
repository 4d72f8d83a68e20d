// SPDX-License-Identifier: Apache-2.0 OR MIT
//! clang as the tests use it: for the device alone, with the library's headers and nothing else.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A clang for NVPTX: `CLANG` names it, or its usual names find it.
pub fn find() -> PathBuf {
    let named = std::env::var_os("CLANG").map(PathBuf::from);
    let usual = ["clang++-19", "clang-19", "clang++"].map(PathBuf::from);
    let found = named.into_iter().chain(usual).find(|c| {
        let targets = Command::new(c).arg("--print-targets").output();
        targets.is_ok_and(|o| String::from_utf8_lossy(&o.stdout).contains("nvptx64"))
    });
    found.expect("a clang with the NVPTX back end is installed: apt-get install clang-19")
}

/// The PTX of a file of tests/kernels.
pub fn compile(clang: &Path, kernel: &str, options: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(clang)
        .args(include_str!("../../clang.flags").lines())
        .args(["-Wall", "-Wextra", "-Werror", "-o", "-"])
        .args(options)
        .arg("-I")
        .arg(root.join("include"))
        .arg(root.join("tests/kernels").join(kernel))
        .output()
        .expect("clang runs");
    assert!(output.status.success(), "{kernel}:\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("PTX is ASCII")
}

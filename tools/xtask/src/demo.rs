// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What the demo runs: kernels compiled from CUDA C++.

use crate::cuda::{self, Clang};
use crate::host::Host;
use anyhow::Result;
use std::path::PathBuf;

/// Compiles the demo's kernels and returns the folder with the PTX files.
pub fn kernels(host: &Host) -> Result<PathBuf> {
    let target = host.target.join("demo/ptx");
    let clang = Clang::get(host)?;
    let files = cuda::compile_dir(host, &clang, &host.repo.join("demo/kernels"), &target)?;
    anyhow::ensure!(!files.is_empty(), "demo/kernels has no .cu files");
    Ok(target)
}

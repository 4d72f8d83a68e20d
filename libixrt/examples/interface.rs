// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Writes what is made from the tables of the interface: both headers and docs/cuda-api.md.

fn main() -> std::io::Result<()> {
    let crate_folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, text) in [
        ("include/ixrt.h", ixrt::api::header()),
        ("include/ixcuda.h", ixrt::api::cuda_header()),
        ("../docs/cuda-api.md", ixrt::api::cuda_doc()),
    ] {
        std::fs::write(crate_folder.join(file), text)?;
    }
    Ok(())
}

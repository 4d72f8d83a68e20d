// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Writes `src/abi.rs` and `docs/uapi.md` from `ix_drm.h`.

mod emit;
mod header;

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let items = header::parse(&std::fs::read_to_string(root.join("ix_drm.h"))?)?;
    std::fs::write(root.join("src/abi.rs"), emit::rust(&items))?;
    std::fs::write(root.join("../docs/uapi.md"), emit::markdown(&items))?;
    Ok(())
}

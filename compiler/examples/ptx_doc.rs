// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Writes `docs/ptx.md`.

#[path = "../tests/coverage/mod.rs"]
mod coverage;

fn main() -> std::io::Result<()> {
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/ptx.md"), coverage::document())
}

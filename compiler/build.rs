// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Gives the crate a fingerprint of its own sources, so that what one compiler made is never taken for what another
//! would make.

use std::path::{Path, PathBuf};

/// FNV-1a over 128 bits: equal sources by chance need to be improbable, not infeasible.
fn hash(mut state: u128, bytes: &[u8]) -> u128 {
    for &byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
        state = (state ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    state
}

/// The files below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn main() {
    let mut found = vec![];
    // The hardware contract says what the compiler encodes.
    for folder in ["src", "../hw/src"] {
        println!("cargo::rerun-if-changed={folder}");
        files(Path::new(folder), &mut found);
    }
    found.sort();
    let mut state = hash(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, env!("CARGO_PKG_VERSION").as_bytes());
    for path in found {
        state = hash(state, path.to_string_lossy().as_bytes());
        state = hash(state, &std::fs::read(&path).unwrap_or_default());
    }
    println!("cargo::rustc-env=IX_COMPILER_FINGERPRINT={state:032x}");
}

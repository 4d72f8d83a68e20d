// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `docs/ptx.md` says what the compiler does.

mod coverage;

#[test]
fn document_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/ptx.md");
    let found = std::fs::read_to_string(path).unwrap_or_default();
    let wanted = coverage::document();
    let different = found.lines().zip(wanted.lines()).find(|(f, w)| f != w);
    assert!(found == wanted, "docs/ptx.md is not current: cargo run -p ix-compiler --example ptx_doc\nfirst difference: {different:?}");
}

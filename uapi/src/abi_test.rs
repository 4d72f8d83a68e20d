// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The generated files are those of the header, and a C compiler agrees with Rust on every size,
//! offset and number in it.

#[path = "../examples/generate/emit.rs"]
mod emit;
#[path = "../examples/generate/header.rs"]
mod header;

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use crate::abi::{CONSTANTS, STRUCTS};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn items() -> Vec<header::Item> {
    header::parse(&std::fs::read_to_string(root().join("ix_drm.h")).unwrap()).unwrap()
}

#[test]
fn generated_files_are_current() {
    let items = items();
    for (file, wanted) in [("src/abi.rs", emit::rust(&items)), ("../docs/uapi.md", emit::markdown(&items))] {
        let found = std::fs::read_to_string(root().join(file)).unwrap();
        assert!(found == wanted, "{file} is old: run `cargo run -p ix-uapi --example generate`");
    }
}

#[test]
fn rust_and_c_agree_on_layouts_and_numbers() {
    let dir = std::env::temp_dir().join(format!("ix-uapi-abi-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let (source, program) = (dir.join("abi.c"), dir.join("abi"));
    std::fs::write(&source, emit::c_program(&items())).unwrap();
    let cc = Command::new("cc")
        .args(["-Wall", "-Werror", "-I"])
        .arg(root())
        .arg("-I")
        .arg(root().join("tests/include"))
        .arg(&source)
        .arg("-o")
        .arg(&program)
        .output()
        .expect("a C compiler named cc");
    assert!(cc.status.success(), "{}", String::from_utf8_lossy(&cc.stderr));
    let output = Command::new(&program).output().unwrap();
    let mut wanted = String::new();
    for (name, size, fields) in STRUCTS {
        let _ = writeln!(wanted, "struct {name} {size}");
        for (field, offset, size) in *fields {
            let _ = writeln!(wanted, "field {field} {offset} {size}");
        }
    }
    for (name, value) in CONSTANTS {
        let _ = writeln!(wanted, "constant {name} {value}");
    }
    let found = String::from_utf8(output.stdout).unwrap();
    for (found, wanted) in found.lines().zip(wanted.lines()) {
        assert_eq!(found, wanted);
    }
    assert_eq!(found.lines().count(), wanted.lines().count());
    let text = std::fs::read_to_string(root().join("ix_drm.h")).unwrap();
    assert_eq!(STRUCTS.len(), text.matches("\nstruct ").count());
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn header_without_comments_returns_error() {
    let bare = "/** struct drm_ix_x - X. */\nstruct drm_ix_x {\n\t__u32 a;\n};\n";
    assert_eq!(header::parse(bare).unwrap_err(), "member without comment: __u32 a;");
    let misnamed = "/** struct drm_ix_x - X. */\nstruct drm_ix_x {\n\t/** @b: B. */\n\t__u32 a;\n};\n";
    assert_eq!(header::parse(misnamed).unwrap_err(), "the comment of a speaks of b");
}

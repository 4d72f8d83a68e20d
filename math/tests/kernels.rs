// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Device code that uses the headers compiles with clang to PTX that needs nothing else: every
//! symbol it calls is defined in it, but for those that the machine serves.

#[path = "common/clang.rs"]
mod clang;

/// What the machine serves.
const SERVED: [&str; 4] = ["vprintf", "malloc", "free", "__assertfail"];

#[test]
fn the_module_exports_c_names_and_needs_nothing() {
    let clang = clang::find();
    let ptx = clang::compile(&clang, "../../device/ixmath.cu", &["-O2", "-fno-builtin"]);
    for name in ["sinf", "pow", "lgammaf", "erfcinv", "fmodf", "ldexp", "sincosf", "norm3df", "jn"] {
        let declared = format!(" {name}(");
        let visible = |line: &str| line.starts_with(".visible .func") && line.contains(&declared);
        assert!(ptx.lines().any(visible), "no {name}");
    }
    assert_eq!(externs(&ptx), Vec::<String>::new());
}

/// The names that `ptx` declares `.extern`.
fn externs(ptx: &str) -> Vec<String> {
    let mut lines = ptx.lines();
    let mut names = Vec::new();
    while let Some(line) = lines.next() {
        let Some(rest) = line.trim_start().strip_prefix(".extern .func") else { continue };
        // `.extern .func name` or `.extern .func (.param .b32 r) name`, each then `(`.
        let rest = rest.trim_start();
        let rest = match rest.strip_prefix('(') {
            Some(result) => result.split_once(')').expect("a result closes").1,
            None => rest,
        };
        let rest = if rest.trim().is_empty() { lines.next().unwrap_or("") } else { rest };
        names.push(rest.trim().trim_end_matches('(').trim().to_owned());
    }
    names
}

fn check(kernel: &str, entries: &[&str]) {
    let clang = clang::find();
    for options in [&["-O2"][..], &["-O0"], &["-O3", "-ffp-contract=off"]] {
        let ptx = clang::compile(&clang, kernel, options);
        for entry in entries {
            assert!(ptx.contains(&format!("{}{entry}", entry.len())), "{kernel}: no {entry}");
        }
        for name in externs(&ptx) {
            assert!(SERVED.contains(&name.as_str()), "{kernel} {options:?} needs {name}");
        }
    }
}

#[test]
fn every_math_function_is_defined_by_the_headers() {
    check("math.cu", &["every_function"]);
}

#[test]
fn every_intrinsic_compiles_without_a_library() {
    check("intrinsics.cu", &["warps_and_blocks", "atomics", "bits_and_numbers", "memory"]);
}

#[test]
fn externs_finds_declarations_of_each_form() {
    let ptx = ".extern .func a\n(\n)\n;\n.extern .func  (.param .b32 r) b\n(\n)\n;\n.func c()\n";
    assert_eq!(externs(ptx), ["a", "b"]);
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Every kernel that real tools wrote parses, and prints to text that parses to the same tree.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn kernels() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ptx");
    let mut paths = Vec::new();
    for tool in ["clang", "features", "tinygrad", "triton"] {
        for entry in std::fs::read_dir(root.join(tool)).unwrap() {
            paths.push(entry.unwrap().path());
        }
    }
    paths.retain(|path| path.extension().is_some_and(|e| e == "ptx"));
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn all_kernels_parse_and_round_trip() {
    let kernels = kernels();
    assert_eq!(kernels.len(), 180);
    let (mut bytes, mut time) = (0, Duration::ZERO);
    for (path, text) in &kernels {
        let start = Instant::now();
        let parsed = ix_compiler::ptx::parse(text);
        time += start.elapsed();
        bytes += text.len();
        let module = parsed.unwrap_or_else(|errors| panic!("{}:\n{errors}", path.display()));
        assert!(module.entries().count() >= 1, "{}", path.display());
        let printed = module.to_string();
        let again = ix_compiler::ptx::parse(&printed).unwrap_or_else(|errors| panic!("{} printed:\n{errors}", path.display()));
        assert_eq!(again, module, "{}", path.display());
    }
    println!("{} kernels, {bytes} bytes in {time:?}: {:.1} MB/s", kernels.len(), bytes as f64 / time.as_secs_f64() / 1e6);
}

/// Every full form that compilers were seen to write is in the opcode table.
#[test]
fn all_forms_in_the_wild_are_known() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ptx/forms.tsv");
    let table = std::fs::read_to_string(path).unwrap();
    let forms: Vec<&str> = table.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('\t').nth(1)).collect();
    assert_eq!(forms.len(), 651);
    for form in forms {
        // Without operands only their number may be wrong.
        let text = format!(".version 8.7\n.target sm_120a\n.entry k() {{ {form}; }}");
        if let Err(errors) = ix_compiler::ptx::parse(&text) {
            let reason = &errors.first().reason;
            let is_about_operands = reason.contains(" takes ") || reason == "expected the function to call, found `;`";
            assert!(is_about_operands, "{errors}");
        }
    }
}

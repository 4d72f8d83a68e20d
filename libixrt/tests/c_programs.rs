// SPDX-License-Identifier: Apache-2.0 OR MIT
//! C programs compile against the header, link through pkg-config, and run.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder laid out as an installation, removed at the end.
struct Prefix(PathBuf);

impl Drop for Prefix {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The folder of this build: `deps/libixrt.so` and, in a full build, `ix-device`.
fn build() -> PathBuf {
    // This test is target/PROFILE/deps/c_programs-HASH.
    std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().to_path_buf()
}

fn install(name: &str) -> Prefix {
    let prefix = std::env::temp_dir().join(format!("ixrt-c-{name}-{}", std::process::id()));
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (from, to) in [
        (source.join("include/ixrt.h"), "include/ixrt.h"),
        (source.join("include/ixcuda.h"), "include/ixcuda.h"),
        (source.join("pkgconfig/ixrt.pc"), "lib/pkgconfig/ixrt.pc"),
        (build().join("deps/libixrt.so"), "lib/libixrt.so"),
    ] {
        let to = prefix.join(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(&from, to).unwrap_or_else(|e| panic!("{}: {e}", from.display()));
    }
    for name in ["libcuda.so", "libcuda.so.1"] {
        std::os::unix::fs::symlink("libixrt.so", prefix.join("lib").join(name)).unwrap();
    }
    Prefix(prefix)
}

/// What pkg-config says, or, where it is not installed, what it would say.
fn flags(prefix: &Path) -> Vec<String> {
    let pkgconfig = prefix.join("lib/pkgconfig");
    match Command::new("pkg-config").args(["--cflags", "--libs", "ixrt"]).env("PKG_CONFIG_PATH", pkgconfig).output() {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().split_whitespace().map(String::from).collect()
        }
        Err(_) => ["-I", "/include", "-L", "/lib"]
            .chunks(2)
            .map(|c| format!("{}{}{}", c[0], prefix.display(), c[1]))
            .chain(["-lixrt".into()])
            .collect(),
    }
}

fn run(example: &str, says: &str) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/c").join(format!("{example}.c"));
    build_and_run(example, &source, flags, says);
}

fn build_and_run(name: &str, source: &Path, flags: impl Fn(&Path) -> Vec<String>, says: &str) {
    let prefix = install(name);
    let program = prefix.0.join(name);
    let output = Command::new("cc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
        .arg(source)
        .args(flags(&prefix.0))
        .arg("-o")
        .arg(&program)
        .output()
        .expect("a C compiler");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut command = Command::new(&program);
    command.env("LD_LIBRARY_PATH", prefix.0.join("lib"));
    if std::env::var_os("IXRT_DEVICE_BIN").is_none() {
        command.env("IXRT_DEVICE_BIN", build().join("ix-device"));
    }
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains(says), "{text}");
}

#[test]
fn vector_add_runs() {
    run("vector_add", "1000 sums are right");
}

#[test]
fn streams_run() {
    run("streams", "two streams were right after ");
}

/// A program for the CUDA driver interface, linked with -lcuda, that also opens the library under
/// its other names.
#[test]
fn library_under_all_its_names_is_one() {
    let flags = |prefix: &Path| {
        let library = prefix.join("lib");
        vec![format!("-I{}/include", prefix.display()), format!("-L{}", library.display()), "-lcuda".into(), "-ldl".into()]
    };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c/names.c");
    build_and_run("names", &source, flags, "one library, 3 names\ndeinitialised");
}

#[test]
fn headers_are_good_cxx_too() {
    let source = std::env::temp_dir().join(format!("ixrt-header-{}.cc", std::process::id()));
    let text = "#include <ixrt.h>\n#include <ixcuda.h>\nint main() { return ixInit == 0 || cuInit == 0; }\n";
    std::fs::write(&source, text).unwrap();
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
    let output =
        Command::new("c++").args(["-fsyntax-only", "-Wall", "-Wextra", "-Wno-address"]).arg("-I").arg(include).arg(&source).output();
    std::fs::remove_file(&source).unwrap();
    // A machine without a C++ compiler has no C++ programs.
    if let Ok(output) = output {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

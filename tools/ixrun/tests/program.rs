// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What a program sees that `ixrun` became, in installations that are empty files but for `ixrun`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// An installation, removed at the end.
struct Prefix(PathBuf);

impl Prefix {
    fn new(name: &str, files: &[&str]) -> Prefix {
        let prefix = Prefix(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ixrun-{name}-{}", std::process::id())));
        for file in files {
            let path = prefix.0.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let bin = prefix.0.join("bin");
        std::fs::create_dir_all(&bin).unwrap();
        // Not a copy: a file that a thread has just written may be open in a child of another one,
        // and cannot be run then.
        std::fs::hard_link(env!("CARGO_BIN_EXE_ixrun"), bin.join("ixrun")).unwrap();
        prefix
    }

    /// Runs it, and returns standard output, standard error and the exit status.
    fn ixrun(&self, arguments: &[&str]) -> (String, String, Option<i32>) {
        let mut command = Command::new(self.0.join("bin/ixrun"));
        for variable in ["IXRT_BACKEND", "IXRT_DEVICE_BIN", "IXRT_TRACE", "IXRT_TRACE_FILE", "IXRT_TIMELINE"] {
            command.env_remove(variable);
        }
        let output = command.args(arguments).env("LD_LIBRARY_PATH", "/old").output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code())
    }
}

impl Drop for Prefix {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const ALL: &[&str] = &["lib/libcuda.so.1", "bin/ix-device"];

#[test]
fn program_gets_its_environment_arguments_and_exit_status() {
    let prefix = Prefix::new("environment", ALL);
    let root = std::fs::canonicalize(&prefix.0).unwrap();
    let root = root.display();
    let script = "echo $LD_LIBRARY_PATH; echo ${IXRT_BACKEND-unset}; echo $IXRT_DEVICE_BIN; echo $*; exit 7";
    let (out, errors, status) = prefix.ixrun(&["sh", "-c", script, "sh", "--backend", "x y"]);
    assert_eq!(out, format!("{root}/lib:/old\nunset\n{root}/bin/ix-device\n--backend x y\n"));
    assert_eq!((errors.as_str(), status), ("", Some(7)));
    let (out, ..) = prefix.ixrun(&["--backend", "direct", "sh", "-c", "echo $IXRT_BACKEND"]);
    assert_eq!(out, "direct\n");
}

#[test]
fn failures_say_what_is_missing() {
    let prefix = Prefix::new("failures", ALL);
    let fails = |arguments: &[&str], says: &str, status: i32| {
        let (out, errors, code) = prefix.ixrun(arguments);
        assert_eq!((out.as_str(), code), ("", Some(status)), "{errors}");
        assert!(errors.starts_with(says), "{errors}");
    };
    fails(&["no-such-program"], "ixrun: there is no program no-such-program in PATH\n", 127);
    fails(&["/etc/passwd"], "ixrun: /etc/passwd is not a file that may be executed\n", 126);
    fails(&["--backend", "vulkan", "true"], "ixrun: --backend vulkan: this build has no such backend", 125);
    fails(&["--frob", "true"], "error: unexpected argument '--frob'", 125);
    if !Path::new("/sys/module/ix").exists() {
        fails(&["--backend", "drm", "true"], "ixrun: --backend drm: there is no render node of the driver `ix`", 125);
    }
}

#[test]
fn installation_without_its_parts_is_told_apart() {
    let prefix = Prefix::new("parts", &[]);
    let (_, errors, status) = prefix.ixrun(&["true"]);
    assert_eq!(status, Some(125));
    assert!(errors.starts_with("ixrun: cannot find libcuda.so.1; looked in /"), "{errors}");
    let prefix = Prefix::new("no-device", &["lib/libcuda.so.1"]);
    assert_eq!(prefix.ixrun(&["true"]).2, Some(0));
    let (_, errors, status) = prefix.ixrun(&["--backend=direct", "/bin/true"]);
    assert_eq!(status, Some(125));
    assert!(errors.starts_with("ixrun: --backend direct: cannot find ix-device; looked in /"), "{errors}");
}

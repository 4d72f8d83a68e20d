// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The program's arguments and exit statuses, as far as they need no device.

use std::process::Command;

fn ixsmi(arguments: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_ixsmi")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn wrong_arguments_exit_with_2_and_name_the_argument() {
    let (out, errors, status) = ixsmi(&["--query-gpu=frobs"]);
    assert_eq!((out.as_str(), status), ("", Some(2)));
    assert!(errors.starts_with("ixsmi: field `frobs` is not a valid field to query. "), "{errors}");
    let (_, errors, status) = ixsmi(&["--query-gpu=index", "--format=xml"]);
    assert_eq!((errors.as_str(), status), ("ixsmi: --format `xml` does not start with csv\n", Some(2)));
    assert_eq!(ixsmi(&["--json", "-L"]).2, Some(2));
    assert_eq!(ixsmi(&["--frob"]).2, Some(2));
}

#[test]
fn field_lists_need_no_device() {
    let (out, _, status) = ixsmi(&["--help-query-gpu"]);
    assert_eq!(status, Some(0));
    assert!(out.contains("\n\"memory.used\"\n"), "{out}");
    let (out, _, status) = ixsmi(&["--help-query-compute-apps"]);
    assert_eq!(status, Some(0));
    assert!(out.contains("\n\"used_gpu_memory\" or \"used_memory\"\n"), "{out}");
}

#[test]
fn machine_without_driver_exits_with_9_and_says_so() {
    if std::path::Path::new("/sys/module/ix").exists() {
        eprintln!("skipped: the driver is loaded here");
        return;
    }
    let (out, errors, status) = ixsmi(&[]);
    assert_eq!((out.as_str(), status), ("", Some(9)));
    assert_eq!(errors, "ixsmi: the driver is not loaded: there is no module `ix` (as root: modprobe ix, or insmod ix.ko)\n");
    assert_eq!(ixsmi(&["--json"]).2, Some(9));
}

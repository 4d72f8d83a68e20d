// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The cache finds what it kept, and only that, whatever happens to its files.

use super::*;
use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

/// A folder of a test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("ixrt-cache-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Folder(path)
    }

    fn cache(&self) -> Cache {
        Cache::new(self.0.clone(), DEFAULT_SIZE)
    }

    /// Names of all files, sorted.
    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::set_permissions(&self.0, PermissionsExt::from_mode(0o700));
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A module with a kernel, whose variable has this value.
fn text(value: u32) -> String {
    format!(
        ".version 7.8\n.target sm_80\n.address_size 64\n.global .u32 x = {};\n.visible .entry k(.param .u64 p) {{\n\
         .reg .b64 %p; .reg .b32 %r;\nld.param.u64 %p, [p];\nld.global.u32 %r, [x];\nst.global.u32 [%p], %r;\nret;\n}}\n",
        // Never 0, so that all modules have one length.
        value + 1
    )
}

/// A program of one text.
fn one(text: &str) -> [Input<'_>; 1] {
    [Input { name: "", text }]
}

fn compiled(value: u32) -> Module {
    device_runtime::link(&one(&text(value)), &Options::default()).unwrap()
}

fn key_of(value: u32) -> Key {
    key(&one(&text(value)), &Options::default())
}

#[test]
fn what_was_kept_is_found() {
    let folder = Folder::new("found");
    let cache = folder.cache();
    assert_eq!(cache.find(&key_of(1)), None);
    assert_eq!(cache.compile(&one(&text(1)), &Options::default()).unwrap(), compiled(1));
    assert_eq!(cache.find(&key_of(1)), Some(compiled(1)));
    assert_eq!(folder.cache().compile(&one(&text(1)), &Options::default()).unwrap(), compiled(1));
    assert_eq!(folder.files().len(), 1);
    assert_eq!(folder.0.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(cache.path(&key_of(1)).metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn texts_and_options_have_keys_of_their_own() {
    let with = |kernels: &[&str], level| {
        let kernels = kernels.iter().map(|k| (*k).to_owned()).collect();
        key(&one("text"), &Options { kernels, level, ..Options::default() })
    };
    use ix_compiler::Level::{O0, O2};
    let keys = [with(&[], O2), with(&[], O0), with(&["a"], O2), with(&["a", "b"], O2), with(&["ab"], O2), key_of(1), key_of(2)];
    let different: std::collections::HashSet<_> = keys.iter().collect();
    assert_eq!(different.len(), keys.len());
    assert_eq!(with(&[], O2), key(&one("text"), &Options { verify: true, ..Options::default() }));
}

#[test]
fn errors_are_not_kept() {
    let folder = Folder::new("errors");
    assert!(folder.cache().compile(&one("frob"), &Options::default()).is_err());
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[test]
fn every_damaged_entry_is_replaced() {
    let folder = Folder::new("damage");
    let cache = folder.cache();
    cache.keep(&key_of(1), &compiled(1));
    let path = cache.path(&key_of(1));
    let whole = std::fs::read(&path).unwrap();
    let replaced = |damaged: &[u8], what: &str| {
        std::fs::write(&path, damaged).unwrap();
        assert_eq!(cache.find(&key_of(1)), None, "{what}");
        assert_eq!(cache.compile(&one(&text(1)), &Options::default()).unwrap(), compiled(1), "{what}");
        assert_eq!(std::fs::read(&path).unwrap(), whole, "{what}");
    };
    for length in 0..whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(cache.find(&key_of(1)), None, "cut to {length} bytes");
    }
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(cache.find(&key_of(1)), None, "a bit of byte {at}");
    }
    replaced(&whole[..whole.len() / 2], "half");
    replaced(b"", "nothing");
    replaced(&[whole.as_slice(), b"more"].concat(), "more");
    // A whole entry of another module in the place of this one.
    cache.keep(&key_of(2), &compiled(2));
    replaced(&std::fs::read(cache.path(&key_of(2))).unwrap(), "another module");
}

#[test]
fn what_is_no_file_in_the_place_of_an_entry_is_ignored() {
    let folder = Folder::new("foreign");
    let cache = folder.cache();
    cache.keep(&key_of(1), &compiled(1));
    let (path, other) = (cache.path(&key_of(1)), folder.0.join("other"));
    // A link, even to a whole entry, is not followed, but replaced.
    std::fs::rename(&path, &other).unwrap();
    std::os::unix::fs::symlink(&other, &path).unwrap();
    assert_eq!(cache.find(&key_of(1)), None);
    assert_eq!(cache.compile(&one(&text(1)), &Options::default()).unwrap(), compiled(1));
    assert!(path.symlink_metadata().unwrap().is_file());
    // A pipe does not make the reader wait.
    std::fs::remove_file(&path).unwrap();
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    assert_eq!(cache.find(&key_of(1)), None);
    // A folder cannot be replaced: there is no cache for this module, and no error either.
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    assert_eq!(cache.compile(&one(&text(1)), &Options::default()).unwrap(), compiled(1));
    assert!(folder.files().iter().all(|name| !name.starts_with(TEMPORARY)));
}

#[test]
fn a_disk_that_cannot_be_written_is_no_error() {
    // /dev/full answers every write with "no space left"; its parent as a folder stands for a disk that is full.
    for folder in ["/proc/ix-cache", "/dev/null/ix-cache", "/dev/full"] {
        let cache = Cache::new(folder.into(), DEFAULT_SIZE);
        assert_eq!(cache.compile(&one(&text(1)), &Options::default()).unwrap(), compiled(1), "{folder}");
        assert_eq!(cache.find(&key_of(1)), None, "{folder}");
    }
}

#[test]
fn least_recently_used_entries_make_room() {
    let folder = Folder::new("room");
    let length = (HEADER + compiled(0).to_bytes().len()) as u64;
    let cache = Cache::new(folder.0.clone(), 8 * length);
    let old = |value: u32, age: u64| {
        let file = File::options().write(true).open(cache.path(&key_of(value))).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
    };
    for value in 0..8 {
        cache.keep(&key_of(value), &compiled(value));
        old(value, 100 - u64::from(value));
    }
    std::fs::write(folder.0.join("notes.txt"), [0; 10_000]).unwrap();
    std::fs::write(folder.0.join(format!("{TEMPORARY}1-1")), [0; 100]).unwrap();
    let left = folder.0.join(format!("{TEMPORARY}1-2"));
    std::fs::write(&left, [0; 100]).unwrap();
    File::options().write(true).open(&left).unwrap().set_modified(SystemTime::now() - 2 * GIVEN_UP).unwrap();
    assert_eq!(folder.files().len(), 11);
    // Whoever is used is young again.
    assert!(cache.find(&key_of(0)).is_some());
    cache.keep(&key_of(8), &compiled(8));
    let present: Vec<u32> = (0..9).filter(|&v| cache.path(&key_of(v)).exists()).collect();
    assert_eq!(present, [0, 3, 4, 5, 6, 7, 8]);
    // Foreign files, and those being written, stay; what a dead process left goes.
    let names = folder.files();
    assert!(names.contains(&"notes.txt".to_owned()) && names.contains(&format!("{TEMPORARY}1-1")), "{names:?}");
    assert!(!left.exists());
    // What is larger than the cache is not kept.
    let small = Cache::new(folder.0.clone(), length - 1);
    small.keep(&key_of(9), &compiled(9));
    assert!(!small.path(&key_of(9)).exists());
}

#[test]
fn environment_says_where_and_how_large() {
    let cache = |set: &[(&str, &str)]| {
        let set: Vec<(String, OsString)> = set.iter().map(|(n, v)| ((*n).to_owned(), OsString::from(v))).collect();
        let cache = Cache::configure(|name| set.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()))?;
        Some((cache.folder.to_str().unwrap().to_owned(), cache.size))
    };
    let folder = |path: &str| Some((path.to_owned(), DEFAULT_SIZE));
    assert_eq!(cache(&[("HOME", "/h")]), folder("/h/.cache/ix/compile"));
    assert_eq!(cache(&[("HOME", "/h"), ("XDG_CACHE_HOME", "/x")]), folder("/x/ix/compile"));
    assert_eq!(cache(&[("HOME", "/h"), ("XDG_CACHE_HOME", "x")]), folder("/h/.cache/ix/compile"));
    assert_eq!(cache(&[]), None);
    assert_eq!(cache(&[("CUDA_CACHE_PATH", "/c")]), folder("/c"));
    assert_eq!(cache(&[("CUDA_CACHE_PATH", "/c"), ("IXRT_CACHE", "/i")]), folder("/i"));
    assert_eq!(cache(&[("CUDA_CACHE_PATH", "/c"), ("CUDA_CACHE_DISABLE", "1")]), None);
    assert_eq!(cache(&[("CUDA_CACHE_PATH", "/c"), ("CUDA_CACHE_DISABLE", "0")]), folder("/c"));
    assert_eq!(cache(&[("CUDA_CACHE_DISABLE", "1"), ("IXRT_CACHE", "/i")]), folder("/i"));
    assert_eq!(cache(&[("HOME", "/h"), ("IXRT_CACHE", "off")]), None);
    assert_eq!(cache(&[("HOME", "/h"), ("IXRT_CACHE", "")]), folder("/h/.cache/ix/compile"));
    let sized = |size: &str| cache(&[("IXRT_CACHE", "/i"), ("CUDA_CACHE_MAXSIZE", size)]).unwrap().1;
    assert_eq!(sized("1000000"), 1_000_000);
    assert_eq!(sized("99999999999999"), MAX_SIZE);
    assert_eq!(sized("much"), DEFAULT_SIZE);
    assert_eq!(sized("0"), 0);
}

/// Prints a row for docs/performance.md.
#[test]
#[ignore = "a measurement: in a release build, with --nocapture"]
fn time_saved_over_all_kernels() {
    let folder = Folder::new("time");
    let cache = folder.cache();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/tests/ptx");
    let folders = std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir());
    let files = folders.flat_map(|f| std::fs::read_dir(f).unwrap()).map(|e| e.unwrap().path());
    let texts: Vec<String> =
        files.filter(|p| p.extension().is_some_and(|e| e == "ptx")).map(|p| std::fs::read_to_string(p).unwrap()).collect();
    let options = Options::default();
    let texts: Vec<&String> = texts.iter().filter(|t| ix_compiler::compile(t, &options).is_ok()).collect();
    let time = |run: &dyn Fn(&str)| {
        let start = std::time::Instant::now();
        texts.iter().for_each(|t| run(t));
        start.elapsed().as_secs_f64() * 1e3
    };
    let compile = time(&|t| drop(ix_compiler::compile(t, &options)));
    let first = time(&|t| drop(cache.compile(&one(t), &options)));
    let found = (0..5).map(|_| time(&|t| assert!(cache.find(&key(&one(t), &options)).is_some()))).fold(f64::MAX, f64::min);
    let bytes: u64 = folder.files().iter().map(|f| folder.0.join(f).metadata().unwrap().len()).sum();
    println!("| {} | {compile:.1} ms | {first:.1} ms | {found:.1} ms | {:.1} | {} KiB |", texts.len(), compile / found, bytes >> 10);
    assert!(found < compile);
}

/// Modules that the workers of the next test compile.
const WORK: u32 = 24;

/// Not a test: a process of the test below, which runs it by name.
#[test]
#[ignore = "run by many_processes_share_a_folder"]
fn worker() {
    let Some(folder) = std::env::var_os("IX_CACHE_TEST_FOLDER") else { return };
    let first: u32 = std::env::var("IX_CACHE_TEST_FIRST").unwrap().parse().unwrap();
    let length = (HEADER + compiled(0).to_bytes().len()) as u64;
    // So small that entries are removed all the time.
    let cache = Cache::new(folder.into(), u64::from(WORK / 2) * length);
    for round in 0..20 {
        for i in 0..WORK {
            let value = (first * 7 + i * (1 + round % 5)) % WORK;
            assert_eq!(cache.compile(&one(&text(value)), &Options::default()).unwrap(), compiled(value));
            if (i + round) % 11 == 0 {
                // Damage done by others, while others read.
                let _ = std::fs::write(cache.path(&key_of(value)), b"IXCACHE1 is not enough");
            }
        }
    }
}

#[test]
fn many_processes_share_a_folder() {
    let folder = Folder::new("many");
    let program = std::env::current_exe().unwrap();
    let start = |first: u32| {
        let mut command = Command::new(&program);
        command.args(["cache::tests::worker", "--exact", "--ignored", "--nocapture"]);
        command.env("IX_CACHE_TEST_FOLDER", &folder.0).env("IX_CACHE_TEST_FIRST", first.to_string());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..8).map(start).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
    }
    let names = folder.files();
    assert!(!names.is_empty() && names.iter().all(|name| is_entry(name)), "{names:?}");
    // What is left is whole, or damage that is noticed.
    let cache = folder.cache();
    for value in 0..WORK {
        assert_eq!(cache.compile(&one(&text(value)), &Options::default()).unwrap(), compiled(value));
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Cache entries named by what they were made from.
//!
//! An entry is a folder `<cache>/<kind>/<key>`, where *key* is a hash of every
//! input. It is made under a temporary name and renamed when complete, so an
//! entry that exists is whole; a lock file per kind keeps two xtasks from
//! making the same one.

use anyhow::{Context, Result};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

/// Collects inputs into a key.
///
/// FNV-1a over 128 bits: inputs are the project's own recipes, so collisions
/// need to be improbable, not infeasible.
pub struct Key(u128);

impl Key {
    /// The key of no input.
    pub fn new() -> Key {
        Key(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Adds one input. Its length goes in too, so that `["ab"]` and
    /// `["a", "b"]` differ.
    pub fn with(self, input: impl AsRef<[u8]>) -> Key {
        let input = input.as_ref();
        self.bytes(&(input.len() as u64).to_le_bytes()).bytes(input)
    }

    /// Adds the content of a file.
    pub fn with_file(self, path: &Path) -> Result<Key> {
        let mut file = File::open(path).with_context(|| format!("open {}", path.display()))?;
        let mut key = self;
        let mut buffer = vec![0; 1 << 20];
        loop {
            let count = file.read(&mut buffer).with_context(|| format!("read {}", path.display()))?;
            if count == 0 {
                return Ok(key);
            }
            key = key.bytes(&buffer[..count]);
        }
    }

    fn bytes(mut self, bytes: &[u8]) -> Key {
        for &byte in bytes {
            self.0 ^= u128::from(byte);
            self.0 = self.0.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
        self
    }

    /// The name of the entry: 16 hexadecimal digits.
    pub fn name(&self) -> String {
        format!("{:016x}", (self.0 >> 64) as u64 ^ self.0 as u64)
    }
}

/// Returns the entry `<cache>/<kind>/<key>`, making it first if need be.
/// `make` gets the folder to fill, which exists and is empty.
pub fn entry(cache: &Path, kind: &str, key: &Key, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let dir = cache.join(kind);
    let path = dir.join(key.name());
    if path.is_dir() {
        return Ok(path);
    }
    std::fs::create_dir_all(&dir).with_context(|| format!("create {}", dir.display()))?;
    let _lock = Lock::take(&dir.join("lock"))?;
    // Another xtask may have made it while this one waited.
    if path.is_dir() {
        return Ok(path);
    }
    remove_leftovers(&dir)?;
    let temporary = dir.join(format!("{TEMPORARY}{}", key.name()));
    std::fs::create_dir(&temporary).with_context(|| format!("create {}", temporary.display()))?;
    if let Err(error) = make(&temporary) {
        // Best effort: the next run removes what stays.
        let _ = std::fs::remove_dir_all(&temporary);
        return Err(error);
    }
    std::fs::rename(&temporary, &path).with_context(|| format!("create {}", path.display()))?;
    Ok(path)
}

const TEMPORARY: &str = "incomplete-";

/// Removes what interrupted runs left. Call with the lock held.
fn remove_leftovers(dir: &Path) -> Result<()> {
    for entry in std::fs::read_dir(dir).with_context(|| format!("read {}", dir.display()))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            std::fs::remove_dir_all(entry.path()).with_context(|| format!("remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}

/// An exclusive lock on a file, held until dropped or the process ends.
pub struct Lock(#[allow(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Takes the lock, waiting, and saying so, while another process holds it.
    pub fn take(path: &Path) -> Result<Lock> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)
            .with_context(|| format!("open {}", path.display()))?;
        if !try_lock(&file, libc::LOCK_NB) {
            let mut holder = String::new();
            file.read_to_string(&mut holder)?;
            eprintln!("xtask: waiting for process {}, which holds {}", holder.trim(), path.display());
            while !try_lock(&file, 0) {}
        }
        file.set_len(0)?;
        file.rewind()?;
        write!(file, "{}", std::process::id())?;
        Ok(Lock(file))
    }
}

fn try_lock(file: &File, flags: i32) -> bool {
    // SAFETY: flock takes a descriptor, which `file` keeps open, and flags.
    unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX | flags) == 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("xtask-cache-{}-{name}", std::process::id()))
    }

    #[test]
    fn key_depends_on_content_and_boundaries() {
        let name = |parts: &[&str]| parts.iter().fold(Key::new(), |key, part| key.with(part)).name();
        assert_eq!(name(&["a", "b"]), name(&["a", "b"]));
        assert_ne!(name(&["a", "b"]), name(&["ab"]));
        assert_ne!(name(&["a", "b"]), name(&["b", "a"]));
        assert_ne!(name(&[]), name(&[""]));
    }

    #[test]
    fn key_is_fnv_1a() {
        // The published test vector of FNV-1a, 128 bits, for "a".
        assert_eq!(Key::new().bytes(b"a").0, 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }

    #[test]
    fn entry_is_made_once() {
        let cache = scratch("once");
        let mut made = 0;
        for _ in 0..2 {
            let path = entry(&cache, "thing", &Key::new(), |dir| {
                made += 1;
                Ok(std::fs::write(dir.join("file"), "x")?)
            })
            .expect("made");
            assert_eq!(std::fs::read_to_string(path.join("file")).expect("file"), "x");
        }
        assert_eq!(made, 1);
        std::fs::remove_dir_all(&cache).expect("remove");
    }

    #[test]
    fn failed_or_interrupted_making_leaves_no_entry() {
        let cache = scratch("failed");
        let key = Key::new().with("k");
        std::fs::create_dir_all(cache.join("thing/incomplete-old/deep")).expect("leftover");
        entry(&cache, "thing", &key, |_| anyhow::bail!("no")).expect_err("make failed");
        let names: Vec<_> = std::fs::read_dir(cache.join("thing")).expect("dir").map(|entry| entry.expect("entry").file_name()).collect();
        assert_eq!(names, ["lock"]);
        std::fs::remove_dir_all(&cache).expect("remove");
    }

    #[test]
    fn second_taker_waits_for_the_lock() {
        let dir = scratch("lock");
        std::fs::create_dir_all(&dir).expect("dir");
        let path = dir.join("lock");
        let first = Lock::take(&path).expect("first");
        let (sender, receiver) = std::sync::mpsc::channel();
        let other = path.clone();
        let thread = std::thread::spawn(move || {
            let _second = Lock::take(&other).expect("second");
            sender.send(()).expect("receiver lives");
        });
        assert!(receiver.recv_timeout(std::time::Duration::from_millis(100)).is_err());
        drop(first);
        receiver.recv_timeout(std::time::Duration::from_secs(10)).expect("lock handed over");
        thread.join().expect("thread");
        std::fs::remove_dir_all(&dir).expect("remove");
    }
}

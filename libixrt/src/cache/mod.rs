// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Compiled modules on disk, so that a program compiles its kernels once and not at every start.
//!
//! An *entry* is a file that holds one compiled module in the compiler's own form. Its name is its *key*: SHA-256 of
//! all that the module depends on, which is the texts, the options, and the fingerprints of the compiler and of the
//! device libraries, so that a compiler that has changed in any way never finds what another one made. Many processes use a folder of entries at once
//! without locks: an entry is written under another name and renamed when complete, nobody changes one, and whoever
//! finds one that is not whole, or not its own, compiles as if there were none and replaces it.
//!
//! The cache may only ever save time. No state of the disk makes a load fail: what cannot be read is compiled, what
//! cannot be written is not kept.

mod sha256;
#[cfg(test)]
mod tests;

use crate::device_runtime;
use crate::handle::lock;
use ix_compiler::{Errors, Input, Module, Options};
use sha256::Sha256;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, SystemTime};

/// What an entry begins with; its key follows, then the module.
const MAGIC: &[u8; 8] = b"IXCACHE1";
/// Bytes before the module.
const HEADER: usize = MAGIC.len() + 32;
/// Bytes of all entries, unless the user says otherwise: CUDA's default.
const DEFAULT_SIZE: u64 = 1 << 30;
/// The largest size that the user may ask for: CUDA's limit.
const MAX_SIZE: u64 = 4 << 30;
/// What names of entries end in.
const SUFFIX: &str = ".ixm";
/// What names of files begin with that are being written.
const TEMPORARY: &str = ".tmp-";
/// Age after which a file that is being written has been given up by a process that died.
const GIVEN_UP: Duration = Duration::from_secs(3600);
/// Entries that a process writes before it looks again at what the others have written.
const LOOK_AGAIN: u32 = 64;

/// A folder of entries.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    /// Bytes that the entries may have together. Processes that write at the same time may exceed it for a while.
    size: u64,
    total: Mutex<Total>,
}

/// What this process knows of the folder's size.
#[derive(Debug, Default)]
struct Total {
    /// Bytes, as of the last look and with what this process has written since.
    bytes: u64,
    /// Entries that it may write before it looks again.
    left: u32,
}

/// What identifies an entry.
type Key = [u8; 32];

/// Compiles a module, or finds it in the cache that the environment tells of.
pub fn compile(inputs: &[Input<'_>], options: &Options) -> Result<Module, Errors> {
    static CACHE: OnceLock<Option<Cache>> = OnceLock::new();
    match CACHE.get_or_init(|| Cache::configure(|name| std::env::var_os(name))) {
        Some(cache) => cache.compile(inputs, options),
        None => device_runtime::link(inputs, options),
    }
}

fn key(inputs: &[Input<'_>], options: &Options) -> Key {
    // Named one by one, so that an option that is added is thought of here. Checks change no code.
    let Options { kernels, level, verify: _ } = options;
    let mut sha = Sha256::new();
    let mut part = |bytes: &[u8]| {
        // The length too, so that no two lists of parts have the same bytes.
        sha.update(&(bytes.len() as u64).to_le_bytes());
        sha.update(bytes);
    };
    part(ix_compiler::FINGERPRINT.as_bytes());
    part(device_runtime::FINGERPRINT.as_bytes());
    part(format!("{level:?}").as_bytes());
    part(&(kernels.len() as u64).to_le_bytes());
    kernels.iter().for_each(|k| part(k.as_bytes()));
    for input in inputs {
        // Messages about refused kernels name the text.
        part(input.name.as_bytes());
        part(input.text.as_bytes());
    }
    sha.finish()
}

impl Cache {
    /// The cache that these variables ask for, or none: `IXRT_CACHE` is a folder or `off`; the CUDA variables mean what
    /// CUDA documents.
    fn configure(variable: impl Fn(&str) -> Option<OsString>) -> Option<Cache> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let number = |name: &str| set(name).and_then(|value| value.to_str()?.trim().parse::<u64>().ok());
        // The XDG base directory specification tells to ignore relative paths.
        let absolute = |name: &str| set(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let folder = match set("IXRT_CACHE") {
            Some(value) if value == "off" || value == "0" => return None,
            Some(folder) => PathBuf::from(folder),
            None if number("CUDA_CACHE_DISABLE").is_some_and(|value| value != 0) => return None,
            None => match set("CUDA_CACHE_PATH").map(PathBuf::from) {
                Some(folder) => folder,
                None => absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?.join("ix/compile"),
            },
        };
        let size = number("CUDA_CACHE_MAXSIZE").map_or(DEFAULT_SIZE, |size| size.min(MAX_SIZE));
        // A program may change its working directory.
        Some(Cache::new(std::path::absolute(folder).ok()?, size))
    }

    fn new(folder: PathBuf, size: u64) -> Cache {
        Cache { folder, size, total: Mutex::default() }
    }

    fn compile(&self, inputs: &[Input<'_>], options: &Options) -> Result<Module, Errors> {
        let key = key(inputs, options);
        if let Some(module) = self.find(&key) {
            return Ok(module);
        }
        let module = device_runtime::link(inputs, options)?;
        self.keep(&key, &module);
        Ok(module)
    }

    fn path(&self, key: &Key) -> PathBuf {
        let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(digits + SUFFIX)
    }

    /// The module with this key, if its entry is there, whole, and written by this user.
    fn find(&self, key: &Key) -> Option<Module> {
        let path = self.path(key);
        // No link is followed, and a pipe in the place of an entry makes nobody wait.
        let file = OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path).ok()?;
        let data = file.metadata().ok()?;
        if !data.is_file() || data.uid() != user() || data.len() > self.size {
            return None;
        }
        let mut bytes = Vec::with_capacity(data.len() as usize);
        (&file).take(data.len()).read_to_end(&mut bytes).ok()?;
        let image = bytes.strip_prefix(MAGIC)?.strip_prefix(key)?;
        let module = Module::from_bytes(image).ok()?;
        // The time of the last use; entries are removed in its order.
        let _ = file.set_modified(SystemTime::now());
        Some(module)
    }

    /// Writes an entry, if that is possible, and makes room for it.
    fn keep(&self, key: &Key, module: &Module) {
        let image = module.to_bytes();
        let length = (HEADER + image.len()) as u64;
        if length > self.size {
            return;
        }
        let mut builder = std::fs::DirBuilder::new();
        // Nobody else's business, and nobody else's to write.
        if builder.recursive(true).mode(0o700).create(&self.folder).is_err() {
            return;
        }
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let temporary = self.folder.join(format!("{TEMPORARY}{}-{number}", std::process::id()));
        let write = || {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
            file.write_all(MAGIC)?;
            file.write_all(key)?;
            file.write_all(&image)?;
            // Not synchronised: an entry that a crash of the machine cuts short is noticed by its checksum.
            std::fs::rename(&temporary, self.path(key))
        };
        if write().is_err() {
            let _ = std::fs::remove_file(&temporary);
            return;
        }
        let mut total = lock(&self.total);
        total.bytes += length;
        if total.left == 0 || total.bytes > self.size {
            *total = Total { bytes: self.shrink(), left: LOOK_AGAIN };
        } else {
            total.left -= 1;
        }
    }

    /// Removes entries, those first that have not been used for longest, if together they are too large; gives the
    /// bytes of those that stay. Files that are no entries stay as they are.
    fn shrink(&self) -> u64 {
        let mut entries: Vec<(SystemTime, u64, PathBuf)> = vec![];
        for entry in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let (Some(name), Ok(data)) = (name.to_str(), entry.metadata()) else { continue };
            let Some(time) = data.modified().ok().filter(|_| data.is_file()) else { continue };
            if name.starts_with(TEMPORARY) {
                if time.elapsed().is_ok_and(|age| age > GIVEN_UP) {
                    let _ = std::fs::remove_file(entry.path());
                }
            } else if is_entry(name) {
                entries.push((time, data.len(), entry.path()));
            }
        }
        let mut bytes = entries.iter().map(|(_, length, _)| length).sum::<u64>();
        if bytes <= self.size {
            return bytes;
        }
        // Some more than is needed, so that not every new entry asks for it again.
        let wanted = self.size - self.size / 8;
        entries.sort();
        for (_, length, path) in entries {
            if bytes <= wanted {
                break;
            }
            // Another process may have removed it.
            let _ = std::fs::remove_file(path);
            bytes -= length;
        }
        bytes
    }
}

/// Whether a file of this name is an entry.
fn is_entry(name: &str) -> bool {
    name.strip_suffix(SUFFIX).is_some_and(|key| key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn user() -> u32 {
    // SAFETY: geteuid takes nothing and cannot fail.
    unsafe { libc::geteuid() }
}

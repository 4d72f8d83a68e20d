// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The files through which xtask and a guest's init talk, and the folders that
//! one run of a guest needs.

use crate::device::Device;
use crate::host::Host;
use crate::signals::TemporaryDir;
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Folders of one run, removed with this value.
pub struct Scratch {
    small: TemporaryDir,
    large: TemporaryDir,
}

impl Scratch {
    /// Makes both folders.
    pub fn new(host: &Host) -> Result<Scratch> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("ix-vm-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let (temporary, target) = (std::env::temp_dir(), host.target.join("xtask"));
        remove_stale(&temporary);
        remove_stale(&target);
        let create = |path: PathBuf| {
            let text = path.display().to_string();
            TemporaryDir::create(path).with_context(|| format!("create {text}"))
        };
        Ok(Scratch { small: create(temporary.join(&name))?, large: create(target.join(name))? })
    }

    /// A folder with a short name: socket paths may have 107 bytes at most.
    pub fn small(&self) -> &Path {
        self.small.path()
    }

    /// A folder on the file system of the target directory, where what cargo
    /// built can be hard-linked.
    pub fn large(&self, name: &str) -> PathBuf {
        self.large.path().join(name)
    }
}

/// Removes the folders of runs whose xtask was killed outright.
fn remove_stale(dir: &Path) {
    // Whatever cannot be read or removed here is left alone.
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix("ix-vm-")?.split_once('-')?.0.parse::<u32>().ok());
        if owner.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// `/out/.vm`, from the host's side.
pub struct Talk {
    dir: PathBuf,
    stdout: Follow,
    stderr: Follow,
}

impl Talk {
    /// Prepares the folder for one run.
    pub fn open(out: &Path, command: Option<&[String]>, insmod: bool) -> Result<Talk> {
        let dir = out.join(".vm");
        if dir.exists() {
            std::fs::remove_dir_all(&dir).with_context(|| format!("remove {}", dir.display()))?;
        }
        std::fs::create_dir_all(&dir).with_context(|| format!("create {}", dir.display()))?;
        if let Some(words) = command {
            let line = words.iter().map(|word| quote(word)).collect::<Vec<_>>();
            std::fs::write(dir.join("command"), format!("exec {}\n", line.join(" ")))?;
        }
        let (rows, columns) = terminal_size();
        std::fs::write(
            dir.join("environment"),
            format!(
                "IX_MODULE={}\nexport LINES={rows} COLUMNS={columns} TERM={}\n",
                if insmod { "/ix/ix.ko" } else { "" },
                quote(&std::env::var("TERM").unwrap_or_else(|_| "dumb".into())),
            ),
        )?;
        Ok(Talk { stdout: Follow::new(dir.join("stdout")), stderr: Follow::new(dir.join("stderr")), dir })
    }

    /// Takes in new output, passing it on if `shown`, and does what the guest
    /// asks for: a file `kill-device-N` asks to kill device N, and becomes
    /// `killed-device-N` once that is done.
    pub fn poll(&mut self, shown: bool, devices: &mut [Device]) -> Result<()> {
        self.stdout.advance(|bytes| {
            if shown {
                // A closed standard output must not stop the guest half-way.
                let mut out = std::io::stdout();
                let _ = out.write_all(bytes).and_then(|()| out.flush());
            }
        });
        self.stderr.advance(|bytes| {
            if shown {
                let _ = std::io::stderr().write_all(bytes);
            }
        });
        for (index, device) in devices.iter_mut().enumerate() {
            let request = self.dir.join(format!("kill-device-{index}"));
            if request.exists() {
                device.kill()?;
                std::fs::rename(&request, self.dir.join(format!("killed-device-{index}")))?;
            }
        }
        Ok(())
    }

    /// The command's exit status, once it has ended.
    pub fn status(&self) -> Option<u8> {
        let text = std::fs::read_to_string(self.dir.join("status")).ok()?;
        text.trim().parse().ok()
    }

    /// All of standard output so far.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout.seen).into_owned()
    }

    /// All of standard error so far.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr.seen).into_owned()
    }
}

/// A file that grows, and what has been read of it.
struct Follow {
    path: PathBuf,
    file: Option<File>,
    seen: Vec<u8>,
}

impl Follow {
    fn new(path: PathBuf) -> Follow {
        Follow { path, file: None, seen: Vec::new() }
    }

    fn advance(&mut self, take: impl FnOnce(&[u8])) {
        if self.file.is_none() {
            self.file = File::open(&self.path).ok();
        }
        let start = self.seen.len();
        if let Some(file) = &mut self.file {
            // On an error what was read stays, and the next call goes on.
            let _ = file.read_to_end(&mut self.seen);
        }
        if self.seen.len() > start {
            take(&self.seen[start..]);
        }
    }
}

/// Quotes a word for a POSIX shell.
fn quote(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn terminal_size() -> (u16, u16) {
    // SAFETY: TIOCGWINSZ writes one winsize to the given address, which is
    // that of a live one.
    let size = unsafe {
        let mut size: libc::winsize = std::mem::zeroed();
        (libc::ioctl(0, libc::TIOCGWINSZ, &mut size) == 0).then_some(size)
    };
    match size {
        Some(size) if std::io::stdin().is_terminal() && size.ws_row > 0 => (size.ws_row, size.ws_col),
        _ => (24, 80),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_words_survive_the_shell() {
        for word in ["plain", "two words", "it's", "$HOME `x` \\ \"y\"", ""] {
            let output = std::process::Command::new("sh").args(["-c", &format!("printf %s {}", quote(word))]).output().expect("sh runs");
            assert_eq!(String::from_utf8_lossy(&output.stdout), word);
        }
    }

    #[test]
    fn only_folders_of_dead_processes_are_stale() {
        let dir = std::env::temp_dir().join(format!("xtask-stale-{}", std::process::id()));
        let live = format!("ix-vm-{}-0", std::process::id());
        // Above the kernel's limit for process numbers.
        for name in ["ix-vm-4194999-0", live.as_str(), "ix-vm-x-0", "other"] {
            std::fs::create_dir_all(dir.join(name)).expect("dir");
        }
        remove_stale(&dir);
        let mut left: Vec<_> = std::fs::read_dir(&dir).expect("dir").map(|entry| entry.expect("entry").file_name()).collect();
        left.sort();
        assert_eq!(left, [live.as_str(), "ix-vm-x-0", "other"]);
        std::fs::remove_dir_all(&dir).expect("remove");
    }

    #[test]
    fn followed_file_gives_each_byte_once() {
        let path = std::env::temp_dir().join(format!("xtask-follow-{}", std::process::id()));
        let mut follow = Follow::new(path.clone());
        follow.advance(|_| panic!("the file does not exist yet"));
        let mut file = File::create(&path).expect("create");
        file.write_all(b"one ").expect("write");
        let mut got = Vec::new();
        follow.advance(|bytes| got.extend_from_slice(bytes));
        file.write_all(b"two").expect("write");
        follow.advance(|bytes| got.extend_from_slice(bytes));
        follow.advance(|_| panic!("nothing is new"));
        assert_eq!(got, b"one two");
        assert_eq!(follow.seen, b"one two");
        std::fs::remove_file(&path).expect("remove");
    }
}

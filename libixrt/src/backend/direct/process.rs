// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The process behind the socket.
//!
//! A *private* device is a child process of ours that inherits one end of a socket pair. A thread
//! of its own starts it and waits for its end: the child asks the kernel to be killed when the
//! thread that started it ends, so it never outlives this process, and the thread keeps the
//! child's last words for the error message.

use crate::error::{Code, Error, Result};
use std::ffi::{CStr, OsString};
use std::io::{self, Read};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{mpsc, Arc, Mutex};
use std::time::Duration;

/// How much of the device's standard error is kept.
const LAST_WORDS: usize = 2048;

/// Whether and why the device is gone.
#[derive(Debug, Default)]
pub struct Lost {
    flag: AtomicBool,
    ended: AtomicBool,
    why: Mutex<String>,
}

impl Lost {
    /// Notes that the device is gone; only the first reason counts, unless a later one knows how
    /// the process ended.
    pub fn set(&self, why: String, final_word: bool) {
        let mut kept = self.why.lock().unwrap_or_else(|e| e.into_inner());
        if kept.is_empty() || final_word {
            *kept = why;
        }
        self.flag.store(true, Ordering::Release);
        if final_word {
            self.ended.store(true, Ordering::Release);
        }
    }

    /// Fails when the device is gone.
    pub fn check(&self) -> Result<()> {
        if self.flag.load(Ordering::Relaxed) {
            return Err(self.error());
        }
        Ok(())
    }

    /// How the process ended, as an error, if it has; waits a moment for it.
    pub fn final_error(&self, code: Code) -> Option<Error> {
        for _ in 0..50 {
            if self.ended.load(Ordering::Acquire) {
                return Some(Error { code, ..self.error() });
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        None
    }

    /// The error that everybody gets from now on.
    pub fn error(&self) -> Error {
        let why = self.why.lock().unwrap_or_else(|e| e.into_inner());
        Error::new(Code::DEVICE_UNAVAILABLE, format!("the device is gone: {why}"))
    }
}

/// Starts a private device and returns our end of its socket, and its process id. `lost` learns of
/// its end.
pub fn start(lost: &Arc<Lost>) -> Result<(UnixStream, u32)> {
    let program = find()?;
    let (ours, theirs) = UnixStream::pair().map_err(|e| Error::system("creating a socket pair", e))?;
    let fd = theirs.as_raw_fd();
    let mut command = Command::new(&program);
    command.arg("--fd").arg(fd.to_string());
    for (option, variable) in [("--profile", "IXRT_DEVICE_PROFILE"), ("--vram", "IXRT_DEVICE_VRAM")] {
        if let Some(value) = std::env::var_os(variable).filter(|v| !v.is_empty()) {
            command.arg(option).arg(value);
        }
    }
    // Its last words are for the user: without a backtrace of every error.
    command.env("RUST_LIB_BACKTRACE", "0");
    // A group of its own: Ctrl-C is for the program, which may want to finish its work.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).process_group(0);
    let parent = std::process::id();
    // SAFETY: fcntl, prctl and getppid are async-signal-safe.
    unsafe {
        command.pre_exec(move || {
            // The descriptor is to survive the exec.
            if libc::fcntl(fd, libc::F_SETFD, 0) != 0 || libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) != 0 {
                return Err(io::Error::last_os_error());
            }
            // The parent may have ended before the line above took effect.
            if libc::getppid() as u32 != parent {
                return Err(io::Error::from_raw_os_error(libc::ESRCH));
            }
            Ok(())
        });
    }
    let (send, started) = mpsc::channel();
    let watched = Arc::clone(lost);
    std::thread::Builder::new()
        .name("ixrt-device".into())
        .spawn(move || watch(command, &watched, &send))
        .map_err(|e| Error::system("starting a thread", e))?;
    match started.recv() {
        Ok(Ok(pid)) => Ok((ours, pid)),
        Ok(Err(e)) => Err(Error::new(Code::NO_DEVICE, format!("cannot start {}: {e}", program.display()))),
        Err(_) => Err(lost.error()),
    }
}

/// Starts the child, says so, and stays until it has ended.
fn watch(mut command: Command, lost: &Lost, started: &mpsc::Sender<io::Result<u32>>) {
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(e) => {
            let _ = started.send(Err(e));
            return;
        }
    };
    let pid = child.id();
    let _ = started.send(Ok(pid));
    let echo = std::env::var_os("IXRT_DEVICE_LOG").is_some_and(|v| !v.is_empty() && v != "0");
    let mut words = Vec::new();
    if let Some(mut stderr) = child.stderr.take() {
        let mut buffer = [0; 1024];
        while let Ok(n) = stderr.read(&mut buffer) {
            if n == 0 {
                break;
            }
            if echo {
                eprint!("{}", String::from_utf8_lossy(&buffer[..n]));
            }
            words.extend_from_slice(&buffer[..n]);
            let excess = words.len().saturating_sub(LAST_WORDS);
            words.drain(..excess);
        }
    }
    let how = match child.wait() {
        Ok(status) => status.to_string(),
        Err(e) => e.to_string(),
    };
    let words = String::from_utf8_lossy(&words);
    let said = if words.trim().is_empty() { String::new() } else { format!("; it said: {}", words.trim()) };
    lost.set(format!("its process {pid} ended ({how}){said}"), true);
}

/// The program to start: what IXRT_DEVICE_BIN names, else `ix-device` near this library or in PATH.
fn find() -> Result<PathBuf> {
    const NAME: &str = "ix-device";
    if let Some(path) = std::env::var_os("IXRT_DEVICE_BIN").filter(|v| !v.is_empty()) {
        return Ok(path.into());
    }
    let mut places = Vec::new();
    if let Some(directory) = own_directory() {
        places.extend(["", "../bin", "..", "../libexec"].map(|place| directory.join(place).join(NAME)));
    }
    let path: OsString = std::env::var_os("PATH").unwrap_or_default();
    places.extend(std::env::split_paths(&path).map(|directory| directory.join(NAME)));
    places.into_iter().find(|place| place.is_file()).ok_or_else(|| {
        Error::new(
            Code::NO_DEVICE,
            "there is no kernel driver, and no program `ix-device` near this library or in PATH; set IXRT_DEVICE_BIN to its path",
        )
    })
}

/// Directory of the file that this code was loaded from.
fn own_directory() -> Option<PathBuf> {
    // SAFETY: all bytes zero is a valid Dl_info.
    let mut info: libc::Dl_info = unsafe { std::mem::zeroed() };
    // SAFETY: the address is that of a function of this library; the structure is writable.
    let found = unsafe { libc::dladdr(own_directory as *const libc::c_void, &mut info) };
    if found == 0 || info.dli_fname.is_null() {
        return None;
    }
    // SAFETY: dladdr stored a C string that lives as long as this library is loaded.
    let name = unsafe { CStr::from_ptr(info.dli_fname) };
    let path = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()));
    // The dynamic loader names the program itself as it was called, which may be without a path.
    let path = if path.components().count() < 2 { std::env::current_exe().ok()? } else { path.to_path_buf() };
    Some(std::fs::canonicalize(path).ok()?.parent()?.to_path_buf())
}

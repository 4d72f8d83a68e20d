// SPDX-License-Identifier: Apache-2.0 OR MIT
//! No child process outlives xtask.
//!
//! Three nets, each for what the one before misses: a job's process group is
//! killed when its guard is dropped; SIGINT, SIGTERM and SIGHUP are taken by a
//! thread that kills all groups before it exits; and `PR_SET_PDEATHSIG` kills a
//! direct child when xtask itself is killed outright. Temporary folders go the
//! first two ways too.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Process groups of the running jobs (a group's number is its leader's pid).
static GROUPS: Mutex<Vec<i32>> = Mutex::new(Vec::new());

/// Temporary folders in use.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

const STOPPING: [i32; 3] = [libc::SIGINT, libc::SIGTERM, libc::SIGHUP];

fn stopping_set() -> libc::sigset_t {
    // SAFETY: an all-zero sigset_t is valid storage for sigemptyset, which
    // initialises it; the signal numbers are valid.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        for signal in STOPPING {
            libc::sigaddset(&mut set, signal);
        }
        set
    }
}

/// Starts the thread that waits for a stopping signal. Call once, before any
/// other thread exists: the mask must be inherited by all of them.
pub fn install() {
    let set = stopping_set();
    // SAFETY: `set` is initialised; a null old set is allowed.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &set, std::ptr::null_mut()) };
    std::thread::spawn(move || {
        let mut signal = 0;
        // SAFETY: both pointers are to live values of the right type.
        while unsafe { libc::sigwait(&set, &mut signal) } != 0 {}
        eprintln!("\nxtask: stopped by signal {signal}; stopping child processes");
        stop_all();
        for folder in FOLDERS.lock().map(|folders| folders.clone()).unwrap_or_default() {
            let _ = std::fs::remove_dir_all(folder);
        }
        // Destructors of other threads must not run half-way: leave at once.
        // SAFETY: _exit takes no pointers and does not return.
        unsafe { libc::_exit(128 + signal) }
    });
}

/// True while any member of process group `group` exists (zombies included).
fn group_alive(group: i32) -> bool {
    // SAFETY: signal 0 only tests for existence.
    unsafe { libc::kill(-group, 0) == 0 }
}

fn signal_group(group: i32, signal: i32) {
    // SAFETY: kill takes integers; `group` is a positive pid, so that -group
    // names exactly one process group.
    unsafe { libc::kill(-group, signal) };
}

/// Asks every group to end, and after three seconds makes it.
fn stop_all() {
    let groups = GROUPS.lock().map(|groups| groups.clone()).unwrap_or_default();
    for &group in &groups {
        signal_group(group, libc::SIGTERM);
    }
    let end = Instant::now() + Duration::from_secs(3);
    while groups.iter().any(|&group| group_alive(group)) && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    for &group in &groups {
        signal_group(group, libc::SIGKILL);
    }
}

/// Registration of one process group; dropping it kills what is left of it.
pub struct Group(i32);

impl Group {
    /// Registers the group led by `leader`, a child started through
    /// [`prepare`].
    pub fn of(leader: u32) -> Group {
        let group = leader as i32;
        if let Ok(mut groups) = GROUPS.lock() {
            groups.push(group);
        }
        Group(group)
    }

    /// Sends `signal` to every member.
    pub fn signal(&self, signal: i32) {
        signal_group(self.0, signal);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        signal_group(self.0, libc::SIGKILL);
        if let Ok(mut groups) = GROUPS.lock() {
            groups.retain(|&group| group != self.0);
        }
    }
}

/// A folder that is removed when this value is dropped or xtask is stopped.
pub struct TemporaryDir(PathBuf);

impl TemporaryDir {
    /// Creates `path`.
    pub fn create(path: PathBuf) -> std::io::Result<TemporaryDir> {
        std::fs::create_dir_all(&path)?;
        if let Ok(mut folders) = FOLDERS.lock() {
            folders.push(path.clone());
        }
        Ok(TemporaryDir(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryDir {
    fn drop(&mut self) {
        // What cannot be removed is a temporary folder too many, no more.
        let _ = std::fs::remove_dir_all(&self.0);
        if let Ok(mut folders) = FOLDERS.lock() {
            folders.retain(|folder| *folder != self.0);
        }
    }
}

/// Makes `command` lead a new process group, die with xtask and take the
/// stopping signals again, which xtask itself blocks.
///
/// The kernel ties the death signal to the *thread* that starts the child, so
/// start it from a thread that lives as long as the child.
pub fn prepare(command: &mut Command) {
    command.process_group(0);
    prepare_foreground(command);
}

/// As [`prepare`], but the child stays in xtask's process group, so that it may
/// read from the terminal.
pub fn prepare_foreground(command: &mut Command) {
    let set = stopping_set();
    // SAFETY: the closure runs between fork and exec and calls only
    // async-signal-safe functions on values it owns.
    unsafe {
        command.pre_exec(move || {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            libc::pthread_sigmask(libc::SIG_UNBLOCK, &set, std::ptr::null_mut());
            Ok(())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_group_kills_grandchildren() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 60 & wait"]);
        prepare(&mut command);
        let mut child = command.spawn().expect("sh starts");
        let id = child.id() as i32;
        let group = Group::of(child.id());
        assert!(group_alive(id));
        drop(group);
        child.wait().expect("sh can be waited for");
        let end = Instant::now() + Duration::from_secs(10);
        while group_alive(id) {
            assert!(Instant::now() < end, "the sleep survived its group");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

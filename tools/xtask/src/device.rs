// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `ix-device` processes: one silicon each, started before what uses it and
//! stopped after.

use crate::host::Host;
use crate::job;
use crate::signals;
use anyhow::{bail, Context, Result};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a device may take to offer its socket.
const START_LIMIT: Duration = Duration::from_secs(20);
/// How long a device may take to end when asked.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// A running `ix-device`.
pub struct Device {
    child: Child,
    group: signals::Group,
    socket: PathBuf,
    log: PathBuf,
}

impl Device {
    /// Starts a device that listens on `<dir>/<name>.sock`, and waits until it
    /// does. Its output goes to `<dir>/<name>.log`.
    pub fn start(host: &Host, dir: &Path, name: &str, profile: Option<&str>, vram: Option<&str>) -> Result<Device> {
        let socket = dir.join(format!("{name}.sock"));
        let log = dir.join(format!("{name}.log"));
        let output = File::create(&log).with_context(|| format!("create {}", log.display()))?;
        let program = host.release("ix-device");
        let mut command = Command::new(&program);
        command.arg("--socket").arg(&socket);
        if let Some(profile) = profile {
            command.args(["--profile", profile]);
        }
        if let Some(vram) = vram {
            command.args(["--vram", vram]);
        }
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        signals::prepare(&mut command);
        let child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let group = signals::Group::of(child.id());
        let mut device = Device { child, group, socket, log };
        device.wait_for_socket()?;
        Ok(device)
    }

    fn wait_for_socket(&mut self) -> Result<()> {
        let end = Instant::now() + START_LIMIT;
        while !self.socket.exists() {
            if let Some(status) = self.child.try_wait()? {
                bail!("ix-device ended: {status}\n{}", job::tail(&self.log, 20));
            }
            if Instant::now() > end {
                bail!("ix-device offers no socket after {}\n{}", job::seconds(START_LIMIT), job::tail(&self.log, 20));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// The socket that it listens on.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Kills it without warning, as a crash would.
    pub fn kill(&mut self) -> Result<()> {
        self.group.signal(libc::SIGKILL);
        self.child.wait()?;
        Ok(())
    }

    /// The exit status, if it has ended by itself.
    pub fn ended(&mut self) -> Result<Option<std::process::ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// The end of its log.
    pub fn log_tail(&self) -> String {
        job::tail(&self.log, 20)
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.group.signal(libc::SIGTERM);
        let end = Instant::now() + STOP_LIMIT;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.group.signal(libc::SIGKILL);
        // Nothing is left to do about a child that cannot be waited for.
        let _ = self.child.wait();
    }
}

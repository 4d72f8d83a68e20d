// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The guest: booting QEMU, running a command in it, and getting the exit code
//! out again.
//!
//! QEMU comes from the SDK root and runs on the host by the root's own loader,
//! without privilege. The guest sees three 9p shares: the SDK root as its
//! read-only root, `/ix` with what the workspace built ([`share`]), and `/out`,
//! writable. Commands talk through files in `/out/.vm` rather than over the
//! serial console, so that standard output, standard error and the kernel's log
//! stay apart and binary output stays intact.

mod accel;
mod files;
mod share;

pub use accel::Accel;
pub use share::Share;

use crate::device::Device;
use crate::host::Host;
use crate::job::{self, Progress};
use crate::kernel::{Flavour, Kernel};
use crate::kmod;
use crate::sandbox;
use crate::sdk::Sdk;
use crate::signals;
use anyhow::{bail, Context, Result};
use files::Talk;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long a guest may take to power off once its command has ended.
const POWER_OFF_LIMIT: Duration = Duration::from_secs(20);
/// How long the guest of a KVM probe may take.
const PROBE_LIMIT: Duration = Duration::from_secs(15);

/// What a guest is made of.
#[derive(Clone, Debug)]
pub struct Options {
    /// IX devices.
    pub devices: usize,
    /// Profile of each device; `ix-device`'s default if `None`.
    pub profile: Option<String>,
    /// VRAM of each device, as `ix-device` takes it.
    pub vram: Option<String>,
    /// Memory, as QEMU takes it.
    pub memory: String,
    /// Processors.
    pub processors: usize,
    /// Which kernel.
    pub flavour: Flavour,
    /// Put `ix.ko` in the share.
    pub module: bool,
    /// Load it before the command runs.
    pub insmod: bool,
    /// The longest a command may take; an interactive shell has no limit.
    pub limit: Duration,
    /// Host folder shown at `/out`; a temporary one if `None`.
    pub out: Option<PathBuf>,
    /// Accelerator; the best that works if `None`.
    pub accel: Option<Accel>,
    /// Further files or folders of the host, and their names under `/ix`.
    pub files: Vec<(PathBuf, String)>,
    /// Pass the command's output through; otherwise it is only kept.
    pub shown: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            devices: 1,
            profile: None,
            vram: None,
            memory: "2G".into(),
            processors: 2,
            flavour: Flavour::Plain,
            module: true,
            insmod: true,
            limit: Duration::from_secs(600),
            out: None,
            accel: None,
            files: Vec::new(),
            shown: true,
        }
    }
}

/// What came of a guest.
pub struct Outcome {
    /// The command's exit status, or the shell's.
    pub status: u8,
    /// What the command wrote to standard output.
    pub stdout: String,
    /// What the command wrote to standard error.
    pub stderr: String,
    /// The kernel's messages.
    pub console: String,
}

impl Outcome {
    /// Lines of the kernel's log that tell of a mistake in the kernel or in
    /// the module.
    pub fn kernel_complaints(&self) -> Vec<&str> {
        const SIGNS: [&str; 7] = ["BUG:", "WARNING:", "Oops", "UBSAN:", "general protection fault", "INFO: task", "rcu: INFO:"];
        self.console.lines().filter(|line| SIGNS.iter().any(|sign| line.contains(sign))).collect()
    }
}

/// Boots a guest that runs `command`, or an interactive shell if it is `None`.
pub fn run(host: &Host, options: &Options, command: Option<&[String]>) -> Result<Outcome> {
    let sdk = Sdk::get(host)?;
    let kernel = Kernel::get(host, &sdk, options.flavour)?;
    let module = if options.module { Some(kmod::module(host, options.flavour)?) } else { None };
    let accel = match options.accel {
        Some(accel) => accel,
        None => accel::choose(host, &kernel.image, || probe(host, &sdk, &kernel))?,
    };
    let guest = Guest { host, options, sdk: &sdk, kernel: &kernel, accel };
    guest.run(module.as_deref(), command)
}

/// Boots a guest under KVM that does nothing; false if that fails.
fn probe(host: &Host, sdk: &Sdk, kernel: &Kernel) -> Result<bool> {
    let options = Options {
        devices: 0,
        module: false,
        insmod: false,
        memory: "512M".into(),
        processors: 1,
        limit: PROBE_LIMIT,
        shown: false,
        ..Options::default()
    };
    let guest = Guest { host, options: &options, sdk, kernel, accel: Accel::Kvm };
    eprintln!("xtask: probing whether a guest boots under KVM");
    let works = guest.run(None, Some(&["true".to_owned()])).is_ok_and(|outcome| outcome.status == 0);
    eprintln!("xtask: {}", if works { "KVM works" } else { "KVM does not work here; guests use TCG" });
    Ok(works)
}

/// A guest about to run.
struct Guest<'a> {
    host: &'a Host,
    options: &'a Options,
    sdk: &'a Sdk,
    kernel: &'a Kernel,
    accel: Accel,
}

impl Guest<'_> {
    fn run(&self, module: Option<&Path>, command: Option<&[String]>) -> Result<Outcome> {
        let scratch = files::Scratch::new(self.host)?;
        let share = Share::fill(self.host, scratch.large("ix"), module)?;
        for (source, name) in &self.options.files {
            share.add(source, name)?;
        }
        let out = match &self.options.out {
            Some(out) => out.clone(),
            None => scratch.large("out"),
        };
        let mut talk = Talk::open(&out, command, self.options.insmod && module.is_some())?;
        let mut devices = (0..self.options.devices)
            .map(|index| {
                Device::start(
                    self.host,
                    scratch.small(),
                    &format!("g{index}"),
                    self.options.profile.as_deref(),
                    self.options.vram.as_deref(),
                )
            })
            .collect::<Result<Vec<_>>>()?;

        let console = scratch.small().join("console.log");
        let mut qemu = self.qemu(&share, &out, &devices, &console, command.is_none());
        let errors = scratch.small().join("qemu.log");
        if command.is_some() {
            qemu.stdin(Stdio::null()).stdout(Stdio::null()).stderr(std::fs::File::create(&errors)?);
            signals::prepare(&mut qemu);
        } else {
            if !std::io::stdin().is_terminal() {
                bail!("a shell in the guest needs a terminal; to run a command: cargo xtask vm -- COMMAND");
            }
            signals::prepare_foreground(&mut qemu);
        }
        let mut child = qemu.spawn().context("cannot start QEMU")?;
        // A foreground QEMU shares xtask's group and ends with the terminal.
        let group = command.map(|_| signals::Group::of(child.id()));

        let started = Instant::now();
        let mut progress = Progress::start("guest", command.is_none() || self.options.shown);
        let mut ended: Option<Instant> = None;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break Some(status);
            }
            talk.poll(self.options.shown, &mut devices)?;
            progress.tick();
            if talk.status().is_some() && ended.is_none() {
                ended = Some(Instant::now());
            }
            let overdue =
                ended.is_some_and(|ended| ended.elapsed() > POWER_OFF_LIMIT) || command.is_some() && started.elapsed() > self.options.limit;
            if overdue {
                drop(group);
                child.kill()?;
                child.wait()?;
                break None;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        progress.end();
        talk.poll(self.options.shown, &mut devices)?;
        let console_text = String::from_utf8_lossy(&std::fs::read(&console).unwrap_or_default()).replace('\r', "");
        match talk.status() {
            Some(status) => Ok(Outcome { status, stdout: talk.stdout(), stderr: talk.stderr(), console: console_text }),
            None => Err(self.death(status, &mut devices, &console, &errors)),
        }
    }

    /// The error for a guest that ended, or was ended, without a status.
    fn death(&self, status: Option<ExitStatus>, devices: &mut [Device], console: &Path, errors: &Path) -> anyhow::Error {
        let mut text = match status {
            None => format!("the guest was stopped after {}", job::seconds(self.options.limit)),
            Some(status) => format!("the guest ended before its command did (QEMU: {status})"),
        };
        text.push_str("\n--- end of the console log\n");
        text.push_str(&job::tail(console, 60));
        let errors = job::tail(errors, 20);
        if !errors.is_empty() {
            text.push_str("--- QEMU's messages\n");
            text.push_str(&errors);
        }
        for (index, device) in devices.iter_mut().enumerate() {
            if let Ok(Some(status)) = device.ended() {
                text.push_str(&format!("--- device {index} had ended: {status}\n"));
                text.push_str(&device.log_tail());
            }
        }
        anyhow::anyhow!(text)
    }

    fn qemu(&self, share: &Share, out: &Path, devices: &[Device], console: &Path, shell: bool) -> Command {
        let root = &self.sdk.root;
        let options = self.options;
        let mut command = sandbox::loader(root, "/usr/bin/qemu-system-x86_64", &[]);
        command.env("QEMU_MODULE_DIR", root.join("usr/lib/x86_64-linux-gnu/qemu"));
        for data in ["usr/share/qemu", "usr/share/seabios"] {
            command.arg("-L").arg(root.join(data));
        }
        command
            .args(["-machine", "q35,memory-backend=ram"])
            .args(["-accel", self.accel.option()])
            .args(["-cpu", self.accel.cpu()])
            .args(["-smp", &options.processors.to_string()])
            .args(["-m", &options.memory])
            // Shared, so that devices outside QEMU can reach it.
            .arg("-object")
            .arg(format!("memory-backend-memfd,id=ram,size={},share=on", options.memory))
            .args(["-nodefaults", "-display", "none", "-no-reboot"])
            .arg("-kernel")
            .arg(&self.kernel.image)
            .args(["-append", KERNEL_ARGUMENTS])
            .args(["-device", "virtio-rng-pci"])
            .arg("-serial")
            .arg(with_path("file:", console, ""));
        if shell {
            command.args(["-chardev", "stdio,id=shell,signal=off"]).args(["-serial", "chardev:shell"]);
        }
        for (tag, dir, access) in [("root", root.as_path(), ",readonly=on"), ("ix", share.dir(), ",readonly=on"), ("out", out, "")] {
            command
                .arg("-fsdev")
                .arg(with_path(&format!("local,id={tag},security_model=none,multidevs=remap{access},path="), dir, ""))
                .arg("-device")
                .arg(format!("virtio-9p-pci,fsdev={tag},mount_tag={tag}"));
        }
        for (index, device) in devices.iter().enumerate() {
            command.arg("-device").arg(format!("pcie-root-port,id=port{index},chassis={0},slot={0}", index + 1)).arg("-device").arg(
                with_path(
                    &format!(r#"{{"driver":"vfio-user-pci","id":"ix{index}","bus":"port{index}","socket":{{"type":"unix","path":""#),
                    device.socket(),
                    r#""}}"#,
                ),
            );
        }
        command
    }
}

/// `panic=-1` and `-no-reboot` make a panic end QEMU. The others make the guest
/// bear a busy host, which may not run it for seconds: then the timer seems not
/// to tick, clocks seem to differ, and processors seem stuck.
const KERNEL_ARGUMENTS: &str = "console=ttyS0 panic=-1 no_timer_check tsc=reliable rcupdate.rcu_cpu_stall_timeout=120 \
     ro root=root rootfstype=9p rootflags=trans=virtio,version=9p2000.L,msize=512000,cache=loose init=/usr/sbin/ix-boot";

fn with_path(before: &str, path: &Path, after: &str) -> OsString {
    let mut text = OsString::from(before);
    text.push(path);
    text.push(after);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_found_in_the_console_log() {
        let outcome = Outcome {
            status: 0,
            stdout: String::new(),
            stderr: String::new(),
            console: "[1.0] ix: 4 GiB VRAM\n[2.0] WARNING: CPU: 0 at x.c:1\n".into(),
        };
        assert_eq!(outcome.kernel_complaints(), ["[2.0] WARNING: CPU: 0 at x.c:1"]);
    }
}

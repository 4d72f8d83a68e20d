// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Whether guests can use KVM.
//!
//! That `/dev/kvm` opens proves little: nested or restricted hosts offer it
//! and then hang or crash the guest. So a probe boots a guest with it, once a
//! host and kernel, and the verdict is kept in the cache.

use crate::cache::Key;
use crate::host::Host;
use anyhow::{Context, Result};
use std::path::Path;

/// How QEMU executes the guest's instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accel {
    /// On the host's processor.
    Kvm,
    /// Translated by QEMU.
    Tcg,
}

impl Accel {
    /// QEMU's value for `-accel`.
    pub fn option(self) -> &'static str {
        match self {
            Accel::Kvm => "kvm",
            Accel::Tcg => "tcg,thread=multi",
        }
    }

    /// QEMU's value for `-cpu`.
    pub fn cpu(self) -> &'static str {
        match self {
            Accel::Kvm => "host",
            Accel::Tcg => "max",
        }
    }
}

/// Returns the best accelerator that works. `boots` boots a guest under KVM
/// and says whether that went well.
pub fn choose(host: &Host, image: &Path, boots: impl FnOnce() -> Result<bool>) -> Result<Accel> {
    let usable = std::fs::OpenOptions::new().read(true).write(true).open("/dev/kvm").is_ok();
    if !usable {
        return Ok(Accel::Tcg);
    }
    let dir = host.cache.join("kvm");
    let verdict = dir.join(machine(image).name());
    match std::fs::read_to_string(&verdict).as_deref() {
        Ok("works") => return Ok(Accel::Kvm),
        Ok("fails") => return Ok(Accel::Tcg),
        _ => {}
    }
    let works = boots()?;
    std::fs::create_dir_all(&dir).with_context(|| format!("create {}", dir.display()))?;
    let temporary = verdict.with_extension(std::process::id().to_string());
    std::fs::write(&temporary, if works { "works" } else { "fails" })?;
    std::fs::rename(&temporary, &verdict)?;
    Ok(if works { Accel::Kvm } else { Accel::Tcg })
}

/// What a verdict holds for: this machine, its kernel, and the guest's.
fn machine(image: &Path) -> Key {
    let read = |path: &str| std::fs::read(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = String::from_utf8_lossy(&cpuinfo).lines().find(|line| line.starts_with("model name")).unwrap_or("").to_owned();
    Key::new().with(read("/etc/hostname")).with(read("/proc/version")).with(model).with(image.as_os_str().as_encoded_bytes())
}

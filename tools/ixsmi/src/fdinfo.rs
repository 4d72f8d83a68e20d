// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Which processes have a device open, and what it keeps for them.
//!
//! For each file descriptor of a process the kernel has a text `/proc/<pid>/fdinfo/<fd>`. For a
//! file of a DRM driver it holds keys that start with `drm-`, described in the kernel's
//! documentation, gpu/drm-usage-stats. Descriptors that were duplicated or inherited show the
//! same *client*: a process counts each of its clients once.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// What fdinfo says of one client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// Name of the driver.
    pub driver: String,
    /// PCI address of the device.
    pub pdev: String,
    /// Number of the client, unique for the device.
    pub id: u64,
    /// Bytes of device memory.
    pub vram: u64,
    /// Bytes of system memory.
    pub system: u64,
}

/// A process that uses a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// Its command, without arguments.
    pub name: String,
    /// PCI address of the device.
    pub pdev: String,
    /// Bytes of device memory of all its clients.
    pub vram: u64,
    /// Bytes of system memory of all its clients.
    pub system: u64,
}

/// Reads the text of an fdinfo file; `None` if it is not of a DRM client.
pub fn parse(text: &str) -> Option<Client> {
    let mut client = Client::default();
    let mut id = None;
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match key {
            "drm-driver" => client.driver = value.into(),
            "drm-pdev" => client.pdev = value.into(),
            "drm-client-id" => id = value.parse().ok(),
            "drm-total-vram" => client.vram = bytes(value)?,
            "drm-total-system" => client.system = bytes(value)?,
            _ => {}
        }
    }
    client.id = id?;
    Some(client)
}

/// `<number> [KiB|MiB]`; without a unit it is bytes.
fn bytes(value: &str) -> Option<u64> {
    let mut words = value.split_whitespace();
    let number: u64 = words.next()?.parse().ok()?;
    let unit = match words.next() {
        None => 1,
        Some("KiB") => 1 << 10,
        Some("MiB") => 1 << 20,
        Some(_) => return None,
    };
    number.checked_mul(unit)
}

/// Processes with an open device of the driver, by device and id, and whether there are
/// processes that we may not look into. `proc` is the directory of procfs. Our own process is left out.
pub fn processes(proc: &Path, driver: &str) -> io::Result<(Vec<Process>, bool)> {
    let mut found: Vec<Process> = Vec::new();
    let mut hidden = false;
    for entry in std::fs::read_dir(proc)? {
        let Some(pid) = entry?.file_name().to_str().and_then(|n| n.parse::<u32>().ok()) else { continue };
        if pid == std::process::id() {
            continue;
        }
        match clients(&proc.join(pid.to_string()), driver) {
            Ok(clients) => add(&mut found, proc, pid, clients),
            Err(e) if e.kind() == io::ErrorKind::PermissionDenied => hidden = true,
            // It has ended meanwhile.
            Err(_) => {}
        }
    }
    found.sort_by(|a, b| (&a.pdev, a.pid).cmp(&(&b.pdev, b.pid)));
    Ok((found, hidden))
}

fn add(found: &mut Vec<Process>, proc: &Path, pid: u32, clients: Vec<Client>) {
    let mut seen = BTreeSet::new();
    for client in clients {
        if !seen.insert((client.pdev.clone(), client.id)) {
            continue;
        }
        match found.iter_mut().find(|p| p.pid == pid && p.pdev == client.pdev) {
            Some(process) => {
                process.vram += client.vram;
                process.system += client.system;
            }
            None => {
                let name = name(&proc.join(pid.to_string()));
                found.push(Process { pid, name, pdev: client.pdev, vram: client.vram, system: client.system });
            }
        }
    }
}

/// Clients of the driver behind the file descriptors of a process.
fn clients(process: &Path, driver: &str) -> io::Result<Vec<Client>> {
    let mut clients = Vec::new();
    for entry in std::fs::read_dir(process.join("fd"))? {
        let entry = entry?;
        // Most descriptors are of other files: their names are cheaper to get than their fdinfo.
        let Ok(target) = std::fs::read_link(entry.path()) else { continue };
        let is_node = |name: &str| name.starts_with("renderD") || name.starts_with("card");
        if !target.file_name().and_then(|n| n.to_str()).is_some_and(is_node) {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(process.join("fdinfo").join(entry.file_name())) else { continue };
        clients.extend(parse(&text).filter(|c| c.driver == driver));
    }
    Ok(clients)
}

/// The first word of the command line; the kernel's short name for one without.
fn name(process: &Path) -> String {
    let line = std::fs::read(process.join("cmdline")).unwrap_or_default();
    let first = line.split(|b| *b == 0).next().unwrap_or_default();
    if first.is_empty() {
        let comm = std::fs::read_to_string(process.join("comm")).unwrap_or_default();
        return comm.trim_end().into();
    }
    // A process may write anything there, also what would spoil a terminal.
    String::from_utf8_lossy(first).chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    const RECORDED: &str = "pos:\t0\nflags:\t02100002\nmnt_id:\t24\nino:\t181\ndrm-driver:\tix\ndrm-client-id:\t7\n\
        drm-pdev:\t0000:00:03.0\ndrm-total-vram:\t12288 KiB\ndrm-shared-vram:\t0\ndrm-resident-vram:\t12288 KiB\n\
        drm-total-system:\t4096\ndrm-engine-compute:\t1234567 ns\n";

    #[test]
    fn recorded_text_is_read() {
        let client = Client { driver: "ix".into(), pdev: "0000:00:03.0".into(), id: 7, vram: 12 << 20, system: 4096 };
        assert_eq!(parse(RECORDED), Some(client));
    }

    #[test]
    fn other_files_and_bad_numbers_give_nothing() {
        assert_eq!(parse("pos:\t0\nflags:\t02\n"), None);
        assert_eq!(parse("drm-client-id:\t7\ndrm-total-vram:\t12 GB\n"), None);
        assert_eq!(parse("drm-client-id:\t7\ndrm-total-vram:\t18446744073709551615 KiB\n"), None);
        assert_eq!(bytes("3 MiB"), Some(3 << 20));
    }

    /// Adds a process to a made-up procfs: its command line, and per descriptor target and fdinfo.
    fn process(proc: &Path, pid: u32, command: &[u8], files: &[(&str, &str)]) {
        let dir = proc.join(pid.to_string());
        std::fs::create_dir_all(dir.join("fd")).unwrap();
        std::fs::create_dir_all(dir.join("fdinfo")).unwrap();
        std::fs::write(dir.join("cmdline"), command).unwrap();
        std::fs::write(dir.join("comm"), "short\n").unwrap();
        for (fd, (target, info)) in files.iter().enumerate() {
            symlink(target, dir.join("fd").join(fd.to_string())).unwrap();
            std::fs::write(dir.join("fdinfo").join(fd.to_string()), info).unwrap();
        }
    }

    #[test]
    fn clients_are_counted_once_and_added_per_process() {
        let proc = std::env::temp_dir().join(format!("ixsmi-proc-{}", std::process::id()));
        let node = "/dev/dri/renderD128";
        let second = RECORDED.replace("client-id:\t7", "client-id:\t8");
        let elsewhere = RECORDED.replace("00:03.0", "00:04.0");
        let other = RECORDED.replace("\tix\n", "\ti915\n");
        process(&proc, 900, b"python3\0digits.py\0", &[("/dev/null", "pos:\t0\n"), (node, RECORDED), (node, RECORDED), (node, &second)]);
        process(&proc, 30, b"", &[("/dev/dri/renderD129", &elsewhere)]);
        process(&proc, 40, b"glxgears\0", &[(node, &other)]);
        process(&proc, 50, b"e\x1b[31mvil\0", &[(node, RECORDED)]);
        std::fs::create_dir_all(proc.join("self")).unwrap();
        let (found, hidden) = processes(&proc, "ix").unwrap();
        let brief: Vec<_> = found.iter().map(|p| (p.pdev.as_str(), p.pid, p.name.as_str(), p.vram >> 20, p.system)).collect();
        let wanted = [
            ("0000:00:03.0", 50, "e?[31mvil", 12, 4096),
            ("0000:00:03.0", 900, "python3", 24, 8192),
            ("0000:00:04.0", 30, "short", 12, 4096),
        ];
        assert_eq!(brief, wanted);
        assert!(!hidden);
        std::fs::remove_dir_all(proc).unwrap();
    }
}

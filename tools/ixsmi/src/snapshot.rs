// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Everything that ixsmi shows, gathered at one time.
//!
//! *Utilisation* is the share of time during which the device was busy, between two readings of
//! its busy counters that are [`WINDOW`] apart.

use std::path::Path;
use std::time::Duration;

use ix_uapi::abi::{drm_ix_query_device, drm_ix_query_memory, drm_ix_query_sensors};
use ix_uapi::{nodes, Device, DriverVersion, Error, RenderNode};
use serde::Serialize;

use crate::{clock, fdinfo};

/// Time between the two readings.
const WINDOW: Duration = Duration::from_millis(150);

/// Why there is nothing to show, or nothing of one device.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The module is not there.
    #[error("the driver is not loaded: there is no module `{}` (as root: modprobe {0}, or insmod ix.ko)", nodes::DRIVER)]
    NotLoaded,
    /// The module drives nothing.
    #[error("no devices were found: the driver is loaded but drives none")]
    NoDevice,
    /// No device has the id that the user named.
    #[error("no device has index, UUID or bus id `{0}`")]
    NoSuchId(String),
    /// A device node may not be opened.
    #[error("no permission to open {path}: be root or in the group that owns the node")]
    Permission {
        /// The node.
        path: String,
    },
    /// A device is gone or does not answer.
    #[error("the device at {address} is lost: {error}")]
    Lost {
        /// Its address.
        address: String,
        /// What failed.
        error: Error,
    },
    /// The driver refused something.
    #[error("{0}")]
    Driver(Error),
}

/// All devices at one time.
#[derive(Debug, Serialize)]
pub struct Snapshot {
    /// Local time.
    pub timestamp: String,
    /// Version of ixsmi.
    pub ixsmi_version: &'static str,
    /// Version of the driver; of the first device's, should there be several.
    pub driver_version: String,
    /// Version of the user ABI.
    pub uabi_version: String,
    /// The devices by index.
    pub gpus: Vec<Gpu>,
    /// Devices that cannot be shown.
    #[serde(skip)]
    pub failures: Vec<Failure>,
    /// Whether there are processes that we may not look into.
    #[serde(skip)]
    pub hidden_processes: bool,
}

/// One device.
#[derive(Debug, Serialize)]
pub struct Gpu {
    /// Number, from 0 in the order of render nodes.
    pub index: usize,
    /// Product name.
    pub name: String,
    /// UUID, as in `GPU-6c0e...`.
    pub uuid: String,
    /// Serial number.
    pub serial: String,
    /// PCI address.
    pub bus_id: String,
    /// Path of the render node.
    pub render_node: String,
    /// Version of the hardware contract.
    pub hw_version: String,
    /// Number of SMs.
    pub sm_count: u32,
    /// Device memory.
    pub memory: Memory,
    /// Share of time in use.
    pub utilization: Utilization,
    /// Die temperature in degrees Celsius.
    pub temperature_c: f64,
    /// Board power in watts.
    pub power_w: f64,
    /// Board power limit in watts.
    pub power_limit_w: f64,
    /// Energy since power-on in joules.
    pub energy_j: f64,
    /// Fan speed, where there is a fan.
    pub fan_percent: Option<u32>,
    /// Clocks.
    pub clocks_mhz: Clocks,
    /// Faults since the driver was bound.
    pub faults: u32,
    /// Processes that use the device.
    pub processes: Vec<Process>,
}

/// Device memory in bytes.
#[derive(Debug, Serialize)]
pub struct Memory {
    /// All of it that clients can use.
    pub total: u64,
    /// In buffer objects.
    pub used: u64,
    /// In use by the driver itself.
    pub reserved: u64,
    /// The rest.
    pub free: u64,
}

/// Shares of time in percent.
#[derive(Debug, Serialize)]
pub struct Utilization {
    /// With at least one kernel running.
    pub gpu: u32,
    /// With at least one copy or fill running.
    pub copy: u32,
}

/// Clocks in MHz.
#[derive(Debug, Serialize)]
pub struct Clocks {
    /// Core.
    pub sm: u32,
    /// Memory.
    pub memory: u32,
    /// Highest of the core.
    pub max_sm: u32,
    /// Highest of the memory.
    pub max_memory: u32,
}

/// A process that uses a device.
#[derive(Debug, Serialize)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// Its command, without arguments.
    pub name: String,
    /// Bytes of device memory.
    pub used_memory: u64,
    /// Bytes of system memory that the device can reach.
    pub system_memory: u64,
}

/// All that is read of one device: what [`Gpu`] is made of.
pub struct Reading {
    /// Where it is.
    pub node: RenderNode,
    /// What does not change.
    pub device: drm_ix_query_device,
    /// Memory.
    pub memory: drm_ix_query_memory,
    /// Sensors at the start and the end of the window.
    pub sensors: [drm_ix_query_sensors; 2],
}

/// Takes a snapshot of the devices, or only of the one that `id` names.
pub fn take(id: Option<&str>) -> Result<Snapshot, Failure> {
    let nodes = ix_uapi::render_nodes().map_err(Failure::Driver)?;
    if nodes.is_empty() {
        let loaded = Path::new("/sys/module").join(nodes::DRIVER).exists();
        return Err(if loaded { Failure::NoDevice } else { Failure::NotLoaded });
    }
    let mut failures = Vec::new();
    let mut open = Vec::new();
    for (index, node) in nodes.into_iter().enumerate() {
        match open_device(&node) {
            Ok((device, facts, sensors)) => open.push((index, node, device, facts, sensors)),
            Err(error) if id.is_some_and(|id| is_named(id, index, &node)) => return Err(failure(&node, error)),
            Err(error) => failures.push(failure(&node, error)),
        }
    }
    if let Some(id) = id {
        open.retain(|(index, node, _, facts, _)| is_named(id, *index, node) || id.eq_ignore_ascii_case(&uuid(&facts.uuid)));
        if open.is_empty() {
            // It may be one of those that could not be asked for their UUID.
            return Err(failures.pop().unwrap_or_else(|| Failure::NoSuchId(id.into())));
        }
        failures.clear();
    }
    std::thread::sleep(WINDOW);
    // Without procfs no process can be seen.
    let (processes, hidden_processes) = fdinfo::processes(Path::new("/proc"), nodes::DRIVER).unwrap_or((Vec::new(), true));
    let mut snapshot = Snapshot {
        timestamp: clock::now(),
        ixsmi_version: env!("CARGO_PKG_VERSION"),
        driver_version: String::new(),
        uabi_version: String::new(),
        gpus: Vec::new(),
        failures,
        hidden_processes,
    };
    for (index, node, device, facts, first) in open {
        match second_reading(&device) {
            Ok((version, memory, second)) => {
                if snapshot.gpus.is_empty() {
                    snapshot.driver_version = version.version.map(|n| n.to_string()).join(".");
                    snapshot.uabi_version = major_minor(facts.uabi_version);
                }
                let reading = Reading { node, device: facts, memory, sensors: [first, second] };
                snapshot.gpus.push(gpu(index, &reading, &processes));
            }
            Err(error) => snapshot.failures.push(failure(&node, error)),
        }
    }
    match snapshot.failures.pop() {
        Some(failure) if snapshot.gpus.is_empty() => Err(failure),
        last => {
            snapshot.failures.extend(last);
            Ok(snapshot)
        }
    }
}

/// Whether an id is the index or the address of a device.
fn is_named(id: &str, index: usize, node: &RenderNode) -> bool {
    id.parse() == Ok(index) || id.eq_ignore_ascii_case(&node.address)
}

fn open_device(node: &RenderNode) -> Result<(Device, drm_ix_query_device, drm_ix_query_sensors), Error> {
    let device = Device::open(&node.path)?;
    let (facts, sensors) = (device.query_device()?, device.query_sensors()?);
    Ok((device, facts, sensors))
}

fn second_reading(device: &Device) -> Result<(DriverVersion, drm_ix_query_memory, drm_ix_query_sensors), Error> {
    Ok((device.version()?, device.query_memory()?, device.query_sensors()?))
}

fn failure(node: &RenderNode, error: Error) -> Failure {
    match error.errno() {
        Some(libc::EACCES | libc::EPERM) => Failure::Permission { path: node.path.display().to_string() },
        Some(libc::ENODEV | libc::ENXIO | libc::EIO) => Failure::Lost { address: node.address.clone(), error },
        _ => Failure::Driver(error),
    }
}

/// What the reading of a device says.
pub fn gpu(index: usize, reading: &Reading, processes: &[fdinfo::Process]) -> Gpu {
    let Reading { node, device, memory, sensors: [first, second] } = reading;
    let elapsed = second.time_ns.saturating_sub(first.time_ns);
    Gpu {
        index,
        name: text(&device.name),
        uuid: uuid(&device.uuid),
        serial: text(&device.serial),
        bus_id: node.address.clone(),
        render_node: node.path.display().to_string(),
        hw_version: major_minor(device.hw_version),
        sm_count: device.sm_count,
        memory: Memory {
            total: memory.vram_total,
            used: memory.vram_used,
            reserved: memory.vram_reserved,
            free: memory.vram_total.saturating_sub(memory.vram_used).saturating_sub(memory.vram_reserved),
        },
        utilization: Utilization {
            gpu: percent(second.busy_compute_ns.saturating_sub(first.busy_compute_ns), elapsed),
            copy: percent(second.busy_copy_ns.saturating_sub(first.busy_copy_ns), elapsed),
        },
        // Millidegrees below zero come as the two's complement.
        temperature_c: f64::from(second.temp_mc as i32) / 1e3,
        power_w: f64::from(second.power_mw) / 1e3,
        power_limit_w: f64::from(device.power_limit_mw) / 1e3,
        energy_j: second.energy_mj as f64 / 1e3,
        fan_percent: Some(second.fan_percent).filter(|f| *f != u32::MAX),
        clocks_mhz: Clocks {
            sm: second.core_clock_khz / 1000,
            memory: second.mem_clock_khz / 1000,
            max_sm: device.core_clock_khz / 1000,
            max_memory: device.mem_clock_khz / 1000,
        },
        faults: second.fault_count,
        processes: processes
            .iter()
            .filter(|p| p.pdev == node.address)
            .map(|p| Process { pid: p.pid, name: p.name.clone(), used_memory: p.vram, system_memory: p.system })
            .collect(),
    }
}

/// A share, rounded to the nearest; busy time that is counted late does not make it more than all.
fn percent(part: u64, whole: u64) -> u32 {
    if whole == 0 {
        return 0;
    }
    let percent = (u128::from(part) * 100 + u128::from(whole) / 2) / u128::from(whole);
    percent.min(100) as u32
}

fn major_minor(version: u32) -> String {
    format!("{}.{}", version >> 16, version & 0xffff)
}

/// A zero-terminated text of the device.
fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn uuid(bytes: &[u8; 16]) -> String {
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    format!("GPU-{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// What a device said while two processes used it.
    pub fn recorded() -> Snapshot {
        let mut device = drm_ix_query_device {
            hw_version: 1 << 16,
            sm_count: 16,
            core_clock_khz: 1_500_000,
            mem_clock_khz: 1_200_000,
            power_limit_mw: 250_000,
            vram_bytes: 4 << 30,
            uabi_version: 1 << 16,
            ..Default::default()
        };
        device.name[..6].copy_from_slice(b"IX 100");
        device.serial[..4].copy_from_slice(b"0042");
        device.uuid = std::array::from_fn(|i| i as u8 * 17);
        let first = drm_ix_query_sensors { time_ns: 1_000_000_000, busy_compute_ns: 400_000_000, ..Default::default() };
        let second = drm_ix_query_sensors {
            time_ns: 1_150_000_000,
            busy_compute_ns: 509_000_000,
            busy_copy_ns: 3_000_000,
            energy_mj: 123_456,
            temp_mc: 45_600,
            power_mw: 81_250,
            core_clock_khz: 1_500_000,
            mem_clock_khz: 1_200_000,
            fan_percent: u32::MAX,
            fault_count: 1,
        };
        let memory = drm_ix_query_memory { vram_total: 4 << 30, vram_used: 300 << 20, vram_reserved: 2 << 20, ..Default::default() };
        let node = RenderNode {
            minor: 128,
            path: "/dev/dri/renderD128".into(),
            sysfs: "/sys/devices/pci0000:00/0000:00:03.0".into(),
            address: "0000:00:03.0".into(),
        };
        let process = |pid, name: &str, vram| fdinfo::Process { pid, name: name.into(), pdev: "0000:00:03.0".into(), vram, system: 4096 };
        let processes = [process(900, "python3", 12 << 20), process(901, "/usr/local/bin/a,b \"c\"", (288 << 20) + 1)];
        Snapshot {
            timestamp: "2026/11/24 11:45:07.123".into(),
            ixsmi_version: "0.1.0",
            driver_version: "0.1.0".into(),
            uabi_version: major_minor(device.uabi_version),
            gpus: vec![gpu(0, &Reading { node, device, memory, sensors: [first, second] }, &processes)],
            failures: Vec::new(),
            hidden_processes: false,
        }
    }

    #[test]
    fn reading_becomes_facts() {
        let snapshot = recorded();
        let gpu = &snapshot.gpus[0];
        assert_eq!((gpu.name.as_str(), gpu.serial.as_str(), gpu.hw_version.as_str()), ("IX 100", "0042", "1.0"));
        assert_eq!(gpu.uuid, "GPU-00112233-4455-6677-8899-aabbccddeeff");
        assert_eq!((gpu.utilization.gpu, gpu.utilization.copy), (73, 2));
        assert_eq!(gpu.memory.free, (4096 - 302) << 20);
        assert_eq!((gpu.temperature_c, gpu.power_w, gpu.fan_percent), (45.6, 81.25, None));
        assert_eq!(gpu.processes.len(), 2);
    }

    #[test]
    fn utilization_is_0_to_100() {
        assert_eq!(percent(5, 0), 0);
        assert_eq!(percent(200, 100), 100);
        assert_eq!(percent(995, 1000), 100);
        assert_eq!(percent(994, 1000), 99);
        assert_eq!(percent(u64::MAX, u64::MAX), 100);
    }

    #[test]
    fn json_has_numbers_in_base_units() {
        let json: serde_json::Value = serde_json::to_value(recorded()).unwrap();
        assert_eq!(json["gpus"][0]["memory"]["used"], 300u64 << 20);
        assert_eq!(json["gpus"][0]["fan_percent"], serde_json::Value::Null);
        assert_eq!(json["gpus"][0]["processes"][0]["pid"], 900);
        assert_eq!(json["driver_version"], "0.1.0");
    }

    #[test]
    fn id_is_index_or_address() {
        let node = RenderNode { minor: 129, path: "/dev/dri/renderD129".into(), sysfs: "/sys".into(), address: "0000:0a:00.0".into() };
        assert!(is_named("1", 1, &node) && is_named("0000:0A:00.0", 1, &node));
        assert!(!is_named("129", 1, &node) && !is_named("", 1, &node));
    }

    #[test]
    fn failures_say_what_to_do() {
        assert_eq!(
            Failure::NotLoaded.to_string(),
            "the driver is not loaded: there is no module `ix` (as root: modprobe ix, or insmod ix.ko)"
        );
        let node = RenderNode { minor: 128, path: "/dev/dri/renderD128".into(), sysfs: "/sys".into(), address: "0000:00:03.0".into() };
        let ioctl = |errno| Error::Ioctl { ioctl: "DRM_IOCTL_IX_QUERY", source: std::io::Error::from_raw_os_error(errno) };
        assert!(matches!(failure(&node, ioctl(libc::ENODEV)), Failure::Lost { .. }));
        assert!(matches!(failure(&node, ioctl(libc::EACCES)), Failure::Permission { .. }));
        assert!(matches!(failure(&node, ioctl(libc::EINVAL)), Failure::Driver(_)));
        assert_eq!((Failure::NotLoaded.exit_code(), Failure::NoDevice.exit_code()), (9, 6));
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Single fields of devices and processes as CSV, with the names and units of nvidia-smi where it
//! has the field.

use std::fmt::Write;

use crate::snapshot::{Gpu, Process, Snapshot};

/// A field that can be asked for.
#[derive(Debug)]
pub struct Field {
    /// Its names; the first is the usual one.
    names: &'static [&'static str],
    /// Unit, or nothing.
    unit: &'static str,
    /// What it tells.
    help: &'static str,
    /// Its value, without the unit.
    value: fn(&Row<'_>) -> String,
}

/// What a line of CSV is about: a device, and for process fields a process on it.
struct Row<'a> {
    snapshot: &'a Snapshot,
    gpu: &'a Gpu,
    process: Option<&'a Process>,
}

/// What stands where there is no value.
const NOT_AVAILABLE: &str = "[N/A]";

/// Declares a table of fields.
macro_rules! fields {
    ($($names:expr, $unit:literal, $help:literal, |$row:ident| $value:expr;)+) => {
        &[$(Field { names: &$names, unit: $unit, help: $help, value: |$row| $value.to_string() }),+]
    };
}

fn mib(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

/// Fields of devices.
pub const GPU_FIELDS: &[Field] = fields! {
    ["timestamp"], "", "Local time of the query, as YYYY/MM/DD HH:MM:SS.msec.", |r| r.snapshot.timestamp;
    ["driver_version"], "", "Version of the kernel driver.", |r| r.snapshot.driver_version;
    ["uabi_version"], "", "Version of the driver's user ABI.", |r| r.snapshot.uabi_version;
    ["count"], "", "Number of devices shown.", |r| r.snapshot.gpus.len();
    ["name", "gpu_name"], "", "Product name.", |r| r.gpu.name;
    ["serial", "gpu_serial"], "", "Serial number.", |r| r.gpu.serial;
    ["uuid", "gpu_uuid"], "", "UUID.", |r| r.gpu.uuid;
    ["index"], "", "Number of the device, from 0 in the order of render nodes.", |r| r.gpu.index;
    ["pci.bus_id", "gpu_bus_id"], "", "PCI address, as domain:bus:device.function in hexadecimal.", |r| r.gpu.bus_id;
    ["render_node"], "", "Path of the device's render node.", |r| r.gpu.render_node;
    ["hw_version"], "", "Version of the hardware contract.", |r| r.gpu.hw_version;
    ["sm_count"], "", "Number of streaming multiprocessors.", |r| r.gpu.sm_count;
    ["fan.speed"], "%", "Fan speed; not available where there is no fan.", |r| r.gpu.fan_percent.map_or(NOT_AVAILABLE.into(), |f| f.to_string());
    ["memory.total"], "MiB", "Device memory that processes can use.", |r| mib(r.gpu.memory.total);
    ["memory.reserved"], "MiB", "Device memory that the driver uses for itself.", |r| mib(r.gpu.memory.reserved);
    ["memory.used"], "MiB", "Device memory in buffers of processes.", |r| mib(r.gpu.memory.used);
    ["memory.free"], "MiB", "Device memory that is left.", |r| r.gpu.memory.free >> 20;
    ["utilization.gpu"], "%", "Share of a short time before the query in which a kernel ran.", |r| r.gpu.utilization.gpu;
    ["utilization.copy"], "%", "Share of a short time before the query in which a copy or fill ran.", |r| r.gpu.utilization.copy;
    ["temperature.gpu"], "", "Die temperature in degrees Celsius.", |r| r.gpu.temperature_c.round();
    ["power.draw"], "W", "Board power.", |r| format!("{:.2}", r.gpu.power_w);
    ["power.limit"], "W", "Board power limit.", |r| format!("{:.2}", r.gpu.power_limit_w);
    ["energy"], "J", "Energy since power-on.", |r| format!("{:.3}", r.gpu.energy_j);
    ["clocks.current.sm", "clocks.sm"], "MHz", "Current core clock.", |r| r.gpu.clocks_mhz.sm;
    ["clocks.current.memory", "clocks.mem"], "MHz", "Current memory clock.", |r| r.gpu.clocks_mhz.memory;
    ["clocks.max.sm"], "MHz", "Highest core clock.", |r| r.gpu.clocks_mhz.max_sm;
    ["clocks.max.memory", "clocks.max.mem"], "MHz", "Highest memory clock.", |r| r.gpu.clocks_mhz.max_memory;
    ["faults"], "", "Faults since the driver was bound.", |r| r.gpu.faults;
};

/// Fields of processes.
pub const PROCESS_FIELDS: &[Field] = fields! {
    ["timestamp"], "", "Local time of the query, as YYYY/MM/DD HH:MM:SS.msec.", |r| r.snapshot.timestamp;
    ["gpu_name"], "", "Product name of the device.", |r| r.gpu.name;
    ["gpu_bus_id"], "", "PCI address of the device.", |r| r.gpu.bus_id;
    ["gpu_serial"], "", "Serial number of the device.", |r| r.gpu.serial;
    ["gpu_uuid"], "", "UUID of the device.", |r| r.gpu.uuid;
    ["pid"], "", "Process id.", |r| r.process.map_or(NOT_AVAILABLE.into(), |p| p.pid.to_string());
    ["process_name", "name"], "", "Command of the process, without arguments.", |r| r.process.map_or(NOT_AVAILABLE, |p| &p.name);
    ["used_gpu_memory", "used_memory"], "MiB", "Device memory in buffers of the process.", |r| r.process.map_or(NOT_AVAILABLE.into(), |p| mib(p.used_memory).to_string());
    ["used_system_memory"], "MiB", "System memory in buffers of the process.", |r| r.process.map_or(NOT_AVAILABLE.into(), |p| mib(p.system_memory).to_string());
};

/// The form of the CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    header: bool,
    units: bool,
}

impl Format {
    /// Reads `csv[,noheader][,nounits]`.
    pub fn parse(text: &str) -> Result<Format, String> {
        let mut words = text.split(',').map(str::trim);
        if words.next() != Some("csv") {
            return Err(format!("--format `{text}` does not start with csv"));
        }
        let mut format = Format { header: true, units: true };
        for word in words {
            match word {
                "noheader" => format.header = false,
                "nounits" => format.units = false,
                _ => return Err(format!("--format has no option `{word}`; there are noheader and nounits")),
            }
        }
        Ok(format)
    }
}

/// A field with the name by which it was asked for.
pub type Column = (&'static Field, String);

/// Reads a list of names. `help` is the option that lists them.
pub fn parse(names: &str, fields: &'static [Field], help: &str) -> Result<Vec<Column>, String> {
    names
        .split(',')
        .map(str::trim)
        .map(|name| {
            let field = fields.iter().find(|f| f.names.contains(&name));
            field.map(|f| (f, name.to_string())).ok_or_else(|| {
                let known: Vec<_> = fields.iter().map(|f| f.names[0]).collect();
                format!("field `{name}` is not a valid field to query. Valid are: {}. See {help}.", known.join(", "))
            })
        })
        .collect()
}

/// The fields with their meaning: each name list in a paragraph of its own, after an empty line.
pub fn help(fields: &[Field]) -> String {
    let mut out = String::from("Fields, to be given separated by commas:\n");
    for field in fields {
        let names: Vec<_> = field.names.iter().map(|n| format!("\"{n}\"")).collect();
        let _ = writeln!(out, "\n{}\n{}", names.join(" or "), field.help);
    }
    out
}

/// A line for each device.
pub fn gpus(snapshot: &Snapshot, columns: &[Column], format: Format) -> String {
    let rows = snapshot.gpus.iter().map(|gpu| Row { snapshot, gpu, process: None });
    csv(columns, format, rows)
}

/// A line for each process on each device.
pub fn processes(snapshot: &Snapshot, columns: &[Column], format: Format) -> String {
    let rows = snapshot.gpus.iter().flat_map(|gpu| gpu.processes.iter().map(move |p| Row { snapshot, gpu, process: Some(p) }));
    csv(columns, format, rows)
}

fn csv<'a>(columns: &[Column], format: Format, rows: impl Iterator<Item = Row<'a>>) -> String {
    let mut out = String::new();
    if format.header {
        let names: Vec<_> = columns
            .iter()
            .map(|(field, name)| if field.unit.is_empty() { name.clone() } else { format!("{name} [{}]", field.unit) })
            .collect();
        let _ = writeln!(out, "{}", names.join(", "));
    }
    for row in rows {
        let values: Vec<_> = columns.iter().map(|(field, _)| cell(field, &row, format)).collect();
        let _ = writeln!(out, "{}", values.join(", "));
    }
    out
}

fn cell(field: &Field, row: &Row<'_>, format: Format) -> String {
    let value = (field.value)(row);
    if format.units && !field.unit.is_empty() && value != NOT_AVAILABLE {
        return format!("{value} {}", field.unit);
    }
    if value.contains([',', '"']) {
        return format!("\"{}\"", value.replace('"', "\"\""));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::tests::recorded;

    fn columns(names: &str, fields: &'static [Field]) -> Vec<Column> {
        parse(names, fields, "--help").unwrap()
    }

    #[test]
    fn gpu_query_has_units_in_header_and_values() {
        let columns = columns("index, gpu_name,memory.used,memory.total,utilization.gpu,temperature.gpu,fan.speed,power.draw", GPU_FIELDS);
        assert_eq!(
            gpus(&recorded(), &columns, Format::parse("csv").unwrap()),
            "index, gpu_name, memory.used [MiB], memory.total [MiB], utilization.gpu [%], temperature.gpu, fan.speed [%], power.draw [W]\n\
             0, IX 100, 300 MiB, 4096 MiB, 73 %, 46, [N/A], 81.25 W\n"
        );
        assert_eq!(
            gpus(&recorded(), &columns, Format::parse("csv,noheader,nounits").unwrap()),
            "0, IX 100, 300, 4096, 73, 46, [N/A], 81.25\n"
        );
    }

    #[test]
    fn process_query_quotes_what_csv_would_split() {
        let columns = columns("pid,process_name,used_memory", PROCESS_FIELDS);
        assert_eq!(
            processes(&recorded(), &columns, Format::parse("csv, nounits").unwrap()),
            "pid, process_name, used_memory [MiB]\n900, python3, 12\n901, \"/usr/local/bin/a,b \"\"c\"\"\", 289\n"
        );
    }

    #[test]
    fn every_field_has_a_value_and_a_unique_name() {
        let snapshot = recorded();
        for (fields, process) in [(GPU_FIELDS, None), (PROCESS_FIELDS, Some(&snapshot.gpus[0].processes[0]))] {
            let mut seen = std::collections::BTreeSet::new();
            for field in fields {
                assert!(field.names.iter().all(|n| seen.insert(*n)), "{:?}", field.names);
                let row = Row { snapshot: &snapshot, gpu: &snapshot.gpus[0], process };
                assert!(!(field.value)(&row).is_empty(), "{:?}", field.names);
            }
        }
    }

    #[test]
    fn unknown_field_error_lists_the_valid_ones() {
        let error = parse("index,ecc.mode", GPU_FIELDS, "--help-query-gpu").unwrap_err();
        assert!(error.starts_with("field `ecc.mode` is not a valid field to query. Valid are: timestamp, driver_version, "), "{error}");
        assert!(error.ends_with("See --help-query-gpu."), "{error}");
    }

    #[test]
    fn unknown_format_is_refused() {
        assert_eq!(Format::parse("xml").unwrap_err(), "--format `xml` does not start with csv");
        assert!(Format::parse("csv,nohead").unwrap_err().contains("`nohead`"));
    }

    #[test]
    fn help_has_each_name_after_an_empty_line() {
        let text = help(GPU_FIELDS);
        assert!(text.contains("\n\n\"name\" or \"gpu_name\"\nProduct name.\n"), "{text}");
        assert_eq!(text.matches("\n\n\"").count(), GPU_FIELDS.len());
    }
}

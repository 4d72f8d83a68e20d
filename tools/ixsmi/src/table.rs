// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A snapshot for people: the table and the list. Not for programs; they have CSV and JSON.

use std::fmt::Write;

use crate::snapshot::{Gpu, Snapshot};

/// Characters between the outer borders.
const WIDTH: usize = 85;
/// Characters of the three columns of the device table.
const COLUMNS: [usize; 3] = [37, 24, 22];

/// A line of `-L`.
pub fn list(snapshot: &Snapshot) -> String {
    snapshot.gpus.iter().map(|g| format!("GPU {}: {} (UUID: {})\n", g.index, g.name, g.uuid)).collect()
}

/// The table of devices and processes.
pub fn table(snapshot: &Snapshot) -> String {
    let mut out = format!("{}\n", snapshot.timestamp.split('.').next().unwrap_or_default());
    line(&mut out, &[WIDTH], '-');
    let versions = format!(
        " IXSMI {:<18} Driver Version: {:<18} User ABI: {}",
        snapshot.ixsmi_version, snapshot.driver_version, snapshot.uabi_version
    );
    row(&mut out, &[&versions]);
    line(&mut out, &COLUMNS, '-');
    row(&mut out, &[" GPU  Name", " Bus-Id", " HW version    Faults"]);
    row(&mut out, &[" Fan  Temp  Clock     Pwr:Usage/Cap", "           Memory-Usage", " GPU-Util   Copy-Util"]);
    line(&mut out, &COLUMNS, '=');
    for gpu in &snapshot.gpus {
        device(&mut out, gpu);
        line(&mut out, &COLUMNS, '-');
    }
    out.push('\n');
    line(&mut out, &[WIDTH], '-');
    row(&mut out, &[" Processes:"]);
    row(&mut out, &[" GPU        PID   Type   Process name                                     GPU Memory"]);
    line(&mut out, &[WIDTH], '=');
    if snapshot.gpus.iter().all(|g| g.processes.is_empty()) {
        row(&mut out, &[" No running processes found"]);
    }
    for gpu in &snapshot.gpus {
        for p in &gpu.processes {
            let name = ending(&p.name, 46);
            row(&mut out, &[&format!(" {:>3} {:>10}      C   {name:<46} {:>12}", gpu.index, p.pid, mib(p.used_memory))]);
        }
    }
    line(&mut out, &[WIDTH], '-');
    out
}

fn device(out: &mut String, gpu: &Gpu) {
    let name = format!(" {:>3}  {}", gpu.index, gpu.name);
    let versions = format!(" {:<10} {:>9}", gpu.hw_version, gpu.faults);
    row(out, &[&name, &format!(" {}", gpu.bus_id), &versions]);
    let fan = gpu.fan_percent.map_or("N/A".into(), |f| format!("{f}%"));
    let sensors =
        format!(" {fan:>3}  {:>3.0}C  {:>4}MHz  {:>4.0}W / {:.0}W", gpu.temperature_c, gpu.clocks_mhz.sm, gpu.power_w, gpu.power_limit_w);
    let memory = format!("{:>23}", format!("{} / {}", mib(gpu.memory.used), mib(gpu.memory.total)));
    let utilization = format!(" {:>7}%   {:>8}%", gpu.utilization.gpu, gpu.utilization.copy);
    row(out, &[&sensors, &memory, &utilization]);
}

/// A border line.
fn line(out: &mut String, columns: &[usize], stroke: char) {
    let (corner, cross) = if stroke == '=' { ('|', '+') } else { ('+', '+') };
    out.push(corner);
    for (i, width) in columns.iter().enumerate() {
        if i > 0 {
            out.push(cross);
        }
        out.extend(std::iter::repeat_n(stroke, *width));
    }
    out.push(corner);
    out.push('\n');
}

/// A line of cells: as many as the table has columns, or one across all.
fn row(out: &mut String, cells: &[&str]) {
    for (i, cell) in cells.iter().enumerate() {
        let width = if cells.len() == 1 { WIDTH } else { COLUMNS[i] };
        let shown: String = cell.chars().take(width).collect();
        let _ = write!(out, "|{shown:<width$}");
    }
    out.push_str("|\n");
}

/// The last `width` characters: the end of a path says most.
fn ending(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.into();
    }
    format!("...{}", text.chars().skip(length - (width - 3)).collect::<String>())
}

/// Bytes in MiB, rounded up: what is in use never shows as nothing.
pub fn mib(bytes: u64) -> String {
    format!("{}MiB", bytes.div_ceil(1 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::tests::recorded;

    #[test]
    fn table_of_recorded_device() {
        let wanted = r#"2026/11/24 11:45:07
+-------------------------------------------------------------------------------------+
| IXSMI 0.1.0              Driver Version: 0.1.0              User ABI: 1.0           |
+-------------------------------------+------------------------+----------------------+
| GPU  Name                           | Bus-Id                 | HW version    Faults |
| Fan  Temp  Clock     Pwr:Usage/Cap  |           Memory-Usage | GPU-Util   Copy-Util |
|=====================================+========================+======================|
|   0  IX 100                         | 0000:00:03.0           | 1.0                1 |
| N/A   46C  1500MHz    81W / 250W    |       300MiB / 4096MiB |      73%          2% |
+-------------------------------------+------------------------+----------------------+

+-------------------------------------------------------------------------------------+
| Processes:                                                                          |
| GPU        PID   Type   Process name                                     GPU Memory |
|=====================================================================================|
|   0        900      C   python3                                               12MiB |
|   0        901      C   /usr/local/bin/a,b "c"                               289MiB |
+-------------------------------------------------------------------------------------+
"#;
        assert_eq!(table(&recorded()), wanted);
    }

    #[test]
    fn no_processes_are_said_to_be_none() {
        let mut snapshot = recorded();
        snapshot.gpus[0].processes.clear();
        assert!(table(&snapshot).contains("| No running processes found "));
    }

    #[test]
    fn long_texts_keep_the_borders() {
        let mut snapshot = recorded();
        snapshot.gpus[0].name = "ü".repeat(99);
        snapshot.gpus[0].processes[0].name = "/very/long".repeat(20);
        let lines = table(&snapshot);
        assert!(lines.lines().skip(1).filter(|l| !l.is_empty()).all(|l| l.chars().count() == WIDTH + 2), "{lines}");
    }

    #[test]
    fn list_is_a_line_each() {
        assert_eq!(list(&recorded()), "GPU 0: IX 100 (UUID: GPU-00112233-4455-6677-8899-aabbccddeeff)\n");
    }
}

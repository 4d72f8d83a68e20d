// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `ixsmi`: monitor of IX devices in the manner of nvidia-smi.
//!
//! It reads the kernel only, through the driver's queries ([`ix_uapi`]), sysfs and the fdinfo files
//! of processes. [`snapshot`] gathers everything into a plain [`Snapshot`];
//! [`table`], [`query`] and JSON are ways to show one and read nothing themselves.

mod clock;
mod fdinfo;
mod query;
mod snapshot;
mod table;

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use query::Format;
use snapshot::{Failure, Snapshot};

/// Shows IX devices, their use, and the processes that use them.
///
/// Exit status: 0 success; 2 wrong argument; 4 no permission; 6 no device, or none that --id names;
/// 9 driver not loaded; 15 device lost; 255 other error.
#[derive(Debug, Parser)]
#[command(version, name = "ixsmi")]
struct Options {
    /// List the devices, a line each.
    #[arg(short = 'L', long)]
    list_gpus: bool,
    /// Show these fields of each device; see --help-query-gpu.
    #[arg(long, value_name = "FIELDS", conflicts_with_all = ["list_gpus", "query_compute_apps", "json"])]
    query_gpu: Option<String>,
    /// Show these fields of each process; see --help-query-compute-apps.
    #[arg(long, value_name = "FIELDS", conflicts_with_all = ["list_gpus", "json"])]
    query_compute_apps: Option<String>,
    /// Form of a query: csv, and with commas noheader and nounits.
    #[arg(long, value_name = "FORMAT", default_value = "csv")]
    format: String,
    /// Show everything as JSON.
    #[arg(long, conflicts_with = "list_gpus")]
    json: bool,
    /// Only the device with this index, UUID or bus id.
    #[arg(short, long, value_name = "ID")]
    id: Option<String>,
    /// Show again every SECONDS until interrupted.
    #[arg(short, long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86400))]
    r#loop: Option<u32>,
    /// List the fields of --query-gpu.
    #[arg(long)]
    help_query_gpu: bool,
    /// List the fields of --query-compute-apps.
    #[arg(long)]
    help_query_compute_apps: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if options.help_query_gpu {
        return print(&query::help(query::GPU_FIELDS), ExitCode::SUCCESS);
    }
    if options.help_query_compute_apps {
        return print(&query::help(query::PROCESS_FIELDS), ExitCode::SUCCESS);
    }
    let view = match View::new(&options) {
        Ok(view) => view,
        Err(message) => return fail(&message, 2),
    };
    loop {
        let snapshot = match snapshot::take(options.id.as_deref()) {
            Ok(snapshot) => snapshot,
            Err(failure) => return fail(&failure.to_string(), failure.exit_code()),
        };
        let code = print(&view.show(&snapshot), ExitCode::SUCCESS);
        for failure in &snapshot.failures {
            eprintln!("ixsmi: {failure}");
        }
        if code != ExitCode::SUCCESS {
            return code;
        }
        if snapshot.hidden_processes {
            eprintln!("ixsmi: some processes are not shown: only root sees those of other users");
        }
        match options.r#loop {
            Some(seconds) => std::thread::sleep(Duration::from_secs(seconds.into())),
            None => return snapshot.failures.first().map_or(ExitCode::SUCCESS, |f| ExitCode::from(f.exit_code())),
        }
    }
}

/// How a snapshot is to be shown.
enum View {
    Table,
    List,
    Json,
    Gpus(Vec<query::Column>, Format),
    Processes(Vec<query::Column>, Format),
}

impl View {
    fn new(options: &Options) -> Result<View, String> {
        let format = Format::parse(&options.format)?;
        Ok(match (&options.query_gpu, &options.query_compute_apps) {
            (Some(fields), _) => View::Gpus(query::parse(fields, query::GPU_FIELDS, "--help-query-gpu")?, format),
            (_, Some(fields)) => View::Processes(query::parse(fields, query::PROCESS_FIELDS, "--help-query-compute-apps")?, format),
            _ if options.list_gpus => View::List,
            _ if options.json => View::Json,
            _ => View::Table,
        })
    }

    fn show(&self, snapshot: &Snapshot) -> String {
        match self {
            View::Table => table::table(snapshot),
            View::List => table::list(snapshot),
            // A snapshot is made of strings and numbers, which always serialise.
            View::Json => serde_json::to_string_pretty(snapshot).map(|s| s + "\n").unwrap_or_default(),
            View::Gpus(columns, format) => query::gpus(snapshot, columns, *format),
            View::Processes(columns, format) => query::processes(snapshot, columns, *format),
        }
    }
}

fn print(text: &str, code: ExitCode) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => code,
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::from(255),
        Err(e) => fail(&format!("cannot write: {e}"), 255),
    }
}

fn fail(message: &str, code: u8) -> ExitCode {
    eprintln!("ixsmi: {message}");
    ExitCode::from(code)
}

impl Failure {
    /// The exit status that this failure gives; the numbers are nvidia-smi's.
    fn exit_code(&self) -> u8 {
        match self {
            Failure::NotLoaded => 9,
            Failure::NoDevice | Failure::NoSuchId(_) => 6,
            Failure::Permission { .. } => 4,
            Failure::Lost { .. } => 15,
            Failure::Driver(_) => 255,
        }
    }
}

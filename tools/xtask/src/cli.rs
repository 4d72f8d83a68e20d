// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The command line.

use crate::bench;
use crate::cuda::Clang;
use crate::demo;
use crate::host::Host;
use crate::kernel::{Flavour, Kernel};
use crate::kmod;
use crate::sdk::Sdk;
use crate::soak;
use crate::steps;
use crate::{vm, workspace};
use anyhow::{bail, Result};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

/// Builds, runs, tests and measures IX.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    /// Cache folder [default: $XDG_CACHE_HOME/ix or ~/.cache/ix]
    #[arg(long, global = true, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Debian mirror for the SDK root [default: the one apt uses]
    #[arg(long, global = true, value_name = "URL")]
    mirror: Option<String>,
    /// Linux source tarball to use in place of Debian's
    #[arg(long, global = true, value_name = "TARBALL")]
    kernel_source: Option<PathBuf>,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the runtime, the device and the tools into target/release
    Build,
    /// Make the SDK root: kernel toolchain, QEMU, guest userland
    Sdk,
    /// Build the guest kernel
    Kernel {
        /// Build the one with lockdep, KASAN and DMA debugging
        #[arg(long)]
        debug: bool,
    },
    /// Build ix.ko
    Kmod {
        /// Build for the debug kernel
        #[arg(long)]
        debug: bool,
        /// Run clippy in place of the compiler
        #[arg(long)]
        clippy: bool,
        /// Only check the formatting
        #[arg(long)]
        fmt_check: bool,
    },
    /// Boot the guest with ix.ko loaded; run a command there, or a shell
    Vm(VmArgs),
    /// Show the stack at work: C and Python programs with CUDA kernels
    Demo {
        /// On the host, with no guest and no privilege
        #[arg(long)]
        direct: bool,
    },
    /// Run every check
    Test(StepArgs),
    /// Run the long checks: fuzzing, stress, the debug kernel
    Soak(StepArgs),
    /// Measure the stack, each thing beside plain Rust in the same run
    Bench {
        /// Only on the host, with no guest and no privilege
        #[arg(long)]
        direct: bool,
        /// Only in the guest
        #[arg(long, conflicts_with = "direct")]
        guest: bool,
    },
    /// Compile CUDA C++ to PTX
    Ptx {
        /// Folder for the .ptx files
        #[arg(long, short, default_value = ".")]
        out: PathBuf,
        /// CUDA C++ files
        #[arg(required = true)]
        sources: Vec<PathBuf>,
    },
}

#[derive(Args)]
struct VmArgs {
    /// Number of IX devices
    #[arg(long, default_value_t = 1)]
    devices: usize,
    /// No IX device (ix.ko is still loaded)
    #[arg(long, conflicts_with = "devices")]
    no_device: bool,
    /// Do not load ix.ko; it is at /ix/ix.ko
    #[arg(long)]
    no_insmod: bool,
    /// Take what the workspace built before, as it is
    #[arg(long)]
    no_build: bool,
    /// Do not build ix.ko either
    #[arg(long)]
    no_module: bool,
    /// Memory
    #[arg(long, default_value = "2G")]
    mem: String,
    /// Processors
    #[arg(long, default_value_t = 2)]
    smp: usize,
    /// VRAM of each device [default: as the profile says]
    #[arg(long)]
    vram: Option<String>,
    /// Profile of each device
    #[arg(long)]
    profile: Option<String>,
    /// Boot the debug kernel
    #[arg(long)]
    debug: bool,
    /// Stop the guest if its command takes longer
    #[arg(long, default_value_t = 600, value_name = "SECONDS")]
    timeout: u64,
    /// Host folder to show at /out [default: a temporary one]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Use this accelerator without probing
    #[arg(long, value_parser = ["kvm", "tcg"])]
    accel: Option<String>,
    /// Further file or folder to show under /ix, as HOST=NAME
    #[arg(long, value_name = "HOST=NAME")]
    file: Vec<String>,
    /// Print the kernel's log at the end
    #[arg(long)]
    console: bool,
    /// Command to run in the guest; its exit code becomes this one's
    #[arg(last = true)]
    command: Vec<String>,
}

#[derive(Args)]
struct StepArgs {
    /// Run only this step and what it needs (may be repeated)
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// List the steps
    #[arg(long)]
    list: bool,
}

fn steps_of(host: &Host, list: &[steps::Step], arguments: &StepArgs) -> Result<u8> {
    if arguments.list {
        steps::print_list(list);
        return Ok(0);
    }
    Ok(u8::from(!steps::run(host, list, &arguments.only)?))
}

fn flavour(debug: bool) -> Flavour {
    if debug {
        Flavour::Debug
    } else {
        Flavour::Plain
    }
}

/// Does what the command line asks for and returns the exit code.
pub fn main() -> Result<u8> {
    let cli = Cli::parse();
    let host = Host::new(cli.cache, cli.mirror, cli.kernel_source)?;
    match cli.task {
        Task::Build => workspace::build(&host)?,
        Task::Sdk => {
            let sdk = Sdk::get(&host)?;
            println!("{}\n{}", sdk.root.display(), sdk.record()?.trim_end());
        }
        Task::Kernel { debug } => {
            let sdk = Sdk::get(&host)?;
            let kernel = Kernel::get(&host, &sdk, flavour(debug))?;
            println!("{}", kernel.image.display());
        }
        Task::Kmod { fmt_check: true, .. } => kmod::check_format(&host)?,
        Task::Kmod { debug, clippy: true, .. } => drop(kmod::build(&host, flavour(debug), kmod::Action::Clippy)?),
        Task::Kmod { debug, .. } => {
            println!("{}", kmod::module(&host, flavour(debug))?.display());
        }
        Task::Vm(arguments) => return guest(&host, arguments),
        Task::Demo { direct: true } => drop(demo::direct(&host)?),
        Task::Demo { direct: false } => drop(demo::guest(&host)?),
        Task::Test(arguments) => return steps_of(&host, steps::STEPS, &arguments),
        Task::Soak(arguments) => return steps_of(&host, soak::STEPS, &arguments),
        Task::Bench { direct, guest } => bench::run(&host, bench::Places { direct: !guest, guest: !direct })?,
        Task::Ptx { out, sources } => {
            let clang = Clang::get(&host)?;
            for source in sources {
                let name = source.file_stem().unwrap_or_default();
                let target = out.join(name).with_extension("ptx");
                clang.compile(&host, &source, &target)?;
                println!("{}", target.display());
            }
        }
    }
    Ok(0)
}

fn guest(host: &Host, arguments: VmArgs) -> Result<u8> {
    let mut files = Vec::new();
    for pair in &arguments.file {
        match pair.split_once('=') {
            Some((source, name)) => files.push((PathBuf::from(source), name.to_owned())),
            None => bail!("--file {pair}: expected HOST=NAME"),
        }
    }
    let options = vm::Options {
        devices: if arguments.no_device { 0 } else { arguments.devices },
        profile: arguments.profile,
        vram: arguments.vram,
        memory: arguments.mem,
        processors: arguments.smp,
        flavour: flavour(arguments.debug),
        module: !arguments.no_module,
        insmod: !arguments.no_insmod,
        limit: Duration::from_secs(arguments.timeout),
        out: arguments.out,
        accel: arguments.accel.as_deref().map(|name| match name {
            "kvm" => vm::Accel::Kvm,
            _ => vm::Accel::Tcg,
        }),
        files,
        shown: true,
    };
    if !arguments.no_build {
        workspace::build(host)?;
    }
    let command = (!arguments.command.is_empty()).then_some(&arguments.command[..]);
    let outcome = vm::run(host, &options, command)?;
    if arguments.console {
        eprint!("{}", outcome.console);
    }
    for line in outcome.kernel_complaints() {
        eprintln!("xtask: the guest's kernel complained: {line}");
    }
    Ok(outcome.status)
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `cargo xtask`: builds, runs, tests and measures everything.
//!
//! Words used in this crate:
//!
//! - **SDK root**: a Debian 13 file tree that holds the kernel toolchain, QEMU
//!   and the guest's userland. It is built once and kept in the *cache*.
//! - **cache**: `$XDG_CACHE_HOME/ix` (or `~/.cache/ix`). Each entry is named by
//!   a hash of everything it was made from, so that a changed recipe makes a
//!   new entry and an unchanged one needs neither time nor network.
//! - **guest**: the virtual machine in which `ix.ko` runs. Its root file system
//!   is the SDK root, shared read-only.
//! - **job**: one child process with its own process group, log file and
//!   progress line. No job outlives xtask.
//! - **step**: one named part of `cargo xtask test` or `soak`.
#![warn(missing_docs)]

mod bench;
mod cache;
mod cli;
mod cuda;
mod demo;
mod device;
mod fuzz;
mod host;
mod job;
mod kernel;
mod kmod;
mod packages;
mod python;
mod sandbox;
mod sdk;
mod signals;
mod soak;
mod steps;
mod vm;
mod workspace;

fn main() -> std::process::ExitCode {
    signals::install();
    match cli::main() {
        Ok(code) => std::process::ExitCode::from(code),
        Err(error) => {
            eprintln!("xtask: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

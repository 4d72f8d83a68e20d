// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Steps that run in the guest.

use crate::host::Host;
use crate::vm::{self, Outcome};
use anyhow::{bail, ensure, Result};
use std::time::Duration;

fn shell(script: &str) -> Vec<String> {
    ["sh", "-c", script].map(str::to_owned).to_vec()
}

/// A guest without devices or module.
fn bare(limit: u64) -> vm::Options {
    vm::Options { devices: 0, module: false, insmod: false, limit: Duration::from_secs(limit), shown: false, ..vm::Options::default() }
}

/// Checks the launcher itself: exit codes, output, the shared folder, and that
/// a guest that dies or hangs is told apart from a command that fails.
pub fn launcher(host: &Host) -> Result<()> {
    let out = host.target.join("xtask/launcher-out");
    std::fs::create_dir_all(&out)?;
    let options = vm::Options { out: Some(out.clone()), ..bare(120) };
    let script = "printf 'a\\000b'; echo err >&2; echo result >/out/result; exit 9";
    let outcome = vm::run(host, &options, Some(&shell(script)))?;
    let written = std::fs::read_to_string(out.join("result"));
    std::fs::remove_dir_all(&out)?;
    let Outcome { status, stdout, .. } = &outcome;
    ensure!(*status == 9, "exit status {status}, not 9");
    ensure!(stdout == "a\0b", "standard output is {stdout:?}");
    ensure!(outcome.stderr == "err\n", "standard error is {:?}", outcome.stderr);
    ensure!(written.is_ok_and(|text| text == "result\n"), "/out lacks what the command wrote");
    println!("exit status, output and shared folder: ok");

    let script = "echo c >/proc/sysrq-trigger; sleep 60";
    expect_death(vm::run(host, &bare(60), Some(&shell(script))), "the guest ended before its command did")?;
    println!("panic is reported: ok");
    expect_death(vm::run(host, &bare(8), Some(&shell("sleep 60"))), "the guest was stopped after")?;
    println!("hang is reported: ok");
    Ok(())
}

fn expect_death(result: Result<Outcome>, message: &str) -> Result<()> {
    match result {
        Ok(outcome) => bail!("expected \"{message}\", got exit status {}", outcome.status),
        Err(error) if format!("{error:#}").contains(message) => Ok(()),
        Err(error) => Err(error),
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Steps that run in the guest.

use super::direct::kernel_tests;
use crate::demo;
use crate::host::Host;
use crate::job::seconds;
use crate::kernel::Flavour;
use crate::vm::{self, Outcome};
use crate::workspace;
use anyhow::{bail, ensure, Context, Result};
use std::path::PathBuf;
use std::time::{Duration, Instant};

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

/// The Python tests of `tests/kernels` through `ix.ko`, in one guest.
pub fn kernels(host: &Host) -> Result<()> {
    let mut files = vec![(demo::test_kernels(host)?, "kernels/ptx".to_owned())];
    for script in kernel_tests(host)? {
        let name = script.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push((script, format!("kernels/{name}")));
    }
    let script = "status=0; for test in /ix/kernels/test_*.py; do python3 $test /ix/kernels/ptx --verbose || status=1; done; exit $status";
    run_shown(host, vm::Options { files, ..vm::Options::default() }, script)
}

/// The runtime's tests of its C interface, through `ix.ko`.
pub fn runtime(host: &Host) -> Result<()> {
    let program = workspace::test_program(host, "ixrt", "api")?;
    let files = vec![(program, "tests-bin/api".to_owned())];
    run_shown(host, vm::Options { files, ..vm::Options::default() }, "IXRT_BACKEND=drm exec /ix/tests-bin/api")
}

/// The suite of `tests/api` through `ix.ko`. Processes are slow to start there,
/// so that cases share them where they may.
pub fn api(host: &Host) -> Result<()> {
    let program = workspace::api_suite(host)?;
    let script = "IXRT_QUIET=1 IXRT_BACKEND=drm exec /ix/tests-bin/api --together --timeout 120";
    let files = vec![(program, "tests-bin/api".to_owned())];
    run_shown(host, vm::Options { files, ..vm::Options::default() }, script)
}

/// The conformance suite through `ix.ko`: one kernel in `every`.
pub fn conformance(host: &Host, every: u32) -> Result<()> {
    let source = host.repo.join("tests/conformance");
    let files = vec![
        (host.release("ix-conformance"), "conformance/ix-conformance".to_owned()),
        (source.join("forms"), "conformance/forms".to_owned()),
        (source.join("kernels"), "conformance/kernels".to_owned()),
    ];
    let script = format!(
        "IXRT_BACKEND=drm IX_CONFORMANCE_DIR=/ix/conformance exec /ix/conformance/ix-conformance run --backend runtime --every {every}"
    );
    let limit = Duration::from_secs(if every == 1 { 3600 } else { 600 });
    run_shown(host, vm::Options { files, limit, ..vm::Options::default() }, &script)
}

/// Runs a shell script in a guest, with its output passed on; fails if the script
/// does or the kernel complains.
fn run_shown(host: &Host, options: vm::Options, script: &str) -> Result<()> {
    let outcome = vm::run(host, &options, Some(&shell(script)))?;
    ensure!(outcome.status == 0, "exit status {}", outcome.status);
    let complaints = outcome.kernel_complaints();
    ensure!(complaints.is_empty(), "the kernel complained: {}", complaints.join("; "));
    Ok(())
}

/// Runs every script of `tests/vm` in a guest of its own. A script passes if it
/// exits with 0 and the kernel did not complain.
pub fn scripts(host: &Host) -> Result<()> {
    run_scripts(host, false, Flavour::Plain)
}

/// Runs the scripts that are marked `soak`, or those that are not, on a kernel
/// of at least the given flavour.
pub fn run_scripts(host: &Host, long: bool, flavour: Flavour) -> Result<()> {
    let dir = host.repo.join("tests/vm");
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(&dir)
        .with_context(|| format!("read {}", dir.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    scripts.retain(|path| path.extension().is_some_and(|e| e == "sh" || e == "py"));
    scripts.sort();
    let (mut passed, mut failed) = (0, Vec::new());
    for path in scripts {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).with_context(|| format!("read {name}"))?;
        let mut header = Header::parse(&text).with_context(|| format!("tests/vm/{name}"))?;
        if header.long != long {
            continue;
        }
        if flavour == Flavour::Debug {
            header.options.flavour = flavour;
            // The checkers make everything some times slower.
            header.options.limit *= 5;
        }
        let started = Instant::now();
        let result = run_script(host, &name, &header);
        let took = seconds(started.elapsed());
        match result {
            Ok(()) => {
                passed += 1;
                println!("guest {name} ... ok ({took})");
            }
            Err(error) => {
                println!("guest {name} ... FAILED ({took})\n{error:#}");
                failed.push(name);
            }
        }
    }
    println!("guest scripts: {passed} passed, {} failed", failed.len());
    ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    Ok(())
}

fn run_script(host: &Host, name: &str, header: &Header) -> Result<()> {
    let interpreter = if name.ends_with(".py") { "python3" } else { "bash" };
    let command = [interpreter.to_owned(), format!("/ix/tests/{name}")];
    let outcome = vm::run(host, &header.options, Some(&command))?;
    let show = || {
        format!(
            "--- standard output\n{}--- standard error\n{}--- end of the console log\n{}",
            last_lines(&outcome.stdout, 40),
            last_lines(&outcome.stderr, 40),
            last_lines(&outcome.console, 30)
        )
    };
    ensure!(outcome.status == 0, "exit status {}\n{}", outcome.status, show());
    let complaints = outcome.kernel_complaints();
    ensure!(header.complaints_allowed || complaints.is_empty(), "the kernel complained: {}\n{}", complaints.join("; "), show());
    Ok(())
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].iter().map(|line| format!("{line}\n")).collect()
}

/// What a script of `tests/vm` asks for, in a comment line
/// `# guest: WORD ...` (see `tests/vm/README.md`).
struct Header {
    options: vm::Options,
    complaints_allowed: bool,
    long: bool,
}

impl Header {
    fn parse(text: &str) -> Result<Header> {
        let mut header = Header {
            options: vm::Options { shown: false, limit: Duration::from_secs(180), ..vm::Options::default() },
            complaints_allowed: false,
            long: false,
        };
        let words = text.lines().filter_map(|line| line.strip_prefix("# guest:")).flat_map(str::split_whitespace);
        for word in words {
            let options = &mut header.options;
            match word.split_once('=').unwrap_or((word, "")) {
                ("devices", count) => options.devices = count.parse().with_context(|| word.to_owned())?,
                ("profile", name) => options.profile = Some(name.to_owned()),
                ("vram", size) => options.vram = Some(size.to_owned()),
                ("memory", size) => options.memory = size.to_owned(),
                ("processors", count) => options.processors = count.parse().with_context(|| word.to_owned())?,
                ("timeout", time) => options.limit = Duration::from_secs(time.parse().with_context(|| word.to_owned())?),
                ("no-insmod", "") => options.insmod = false,
                ("debug", "") => options.flavour = Flavour::Debug,
                ("complaints-allowed", "") => header.complaints_allowed = true,
                ("soak", "") => header.long = true,
                _ => bail!("unknown word in the guest line: {word}"),
            }
        }
        Ok(header)
    }
}

fn expect_death(result: Result<Outcome>, message: &str) -> Result<()> {
    match result {
        Ok(outcome) => bail!("expected \"{message}\", got exit status {}", outcome.status),
        Err(error) if format!("{error:#}").contains(message) => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_sets_what_the_guest_is_made_of() {
        let header = Header::parse("#!/bin/sh\n# guest: devices=2 no-insmod timeout=5\n# guest: soak\n").expect("valid");
        assert_eq!(header.options.devices, 2);
        assert!(!header.options.insmod && header.long && !header.complaints_allowed);
        assert_eq!(header.options.limit, Duration::from_secs(5));
        let plain = Header::parse("echo").expect("valid");
        assert!(plain.options.devices == 1 && plain.options.insmod && !plain.long);
        assert!(Header::parse("# guest: devices=x\n").is_err());
        assert!(Header::parse("# guest: colour=red\n").is_err());
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `ix-conformance`: lists and runs the suite.

use anyhow::{anyhow, bail, Result};
use clap::{Parser, Subcommand};
use ix_conformance::backend::{Kind, KINDS};
use ix_conformance::case::{Case, Effort};
use ix_conformance::run::{failures, run_all, Verdict};
use ix_conformance::suite;

/// One tiny PTX kernel for every form of an instruction, compared with the ISA's text.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// List the cases, and how many there are in each family
    List {
        /// Only those whose name contains this
        filter: Option<String>,
    },
    /// Print the PTX of the cases with this name
    Show {
        /// The name
        name: String,
    },
    /// Run cases
    Run {
        /// Only those whose name contains this
        filter: Option<String>,
        /// The whole name must be equal
        #[arg(long)]
        exact: bool,
        /// Back ends; all of them if none is named
        #[arg(long)]
        backend: Vec<String>,
        /// Seed of random values
        #[arg(long, default_value_t = Effort::QUICK.seed)]
        seed: u64,
        /// Many more values
        #[arg(long)]
        long: bool,
        /// Only one in N of them, in turn
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
        every: u16,
    },
}

fn chosen(filter: Option<&str>, exact: bool) -> Result<Vec<Case>> {
    let mut cases = suite::cases().map_err(|e| anyhow!(e))?;
    if let Some(filter) = filter {
        cases.retain(|c| if exact { c.name == filter } else { c.name.contains(filter) });
    }
    if cases.is_empty() {
        bail!("no such case");
    }
    Ok(cases)
}

fn main() -> Result<()> {
    match Cli::parse().task {
        Task::List { filter } => {
            let cases = chosen(filter.as_deref(), false)?;
            let mut families: Vec<(&str, usize)> = vec![];
            for case in &cases {
                println!("{:16} {}", case.family, case.name);
                match families.last_mut() {
                    Some((family, n)) if *family == case.family => *n += 1,
                    _ => families.push((&case.family, 1)),
                }
            }
            for (family, n) in families {
                println!("# {family}: {n}");
            }
            println!("# {} kernels", cases.len());
        }
        Task::Show { name } => {
            for case in chosen(Some(&name), true)? {
                print!("{}", (case.make)(Effort::QUICK).map_err(|e| anyhow!(e))?.ptx);
            }
        }
        Task::Run { filter, exact, backend, seed, long, every } => {
            let cases: Vec<Case> = chosen(filter.as_deref(), exact)?.into_iter().step_by(every.into()).collect();
            let effort = Effort { seed, ..if long { Effort::LONG } else { Effort::QUICK } };
            if let Some(name) = backend.iter().find(|b| !KINDS.iter().any(|k| k.name == **b)) {
                bail!("no back end {name}; there are {}", KINDS.iter().map(|k| k.name).collect::<Vec<_>>().join(", "));
            }
            let kinds: Vec<&Kind> = KINDS.iter().filter(|k| backend.is_empty() || backend.iter().any(|b| b == k.name)).collect();
            run(&cases, &kinds, effort)?;
        }
    }
    Ok(())
}

/// Runs cases and prints what is wrong and how many passed.
fn run(cases: &[Case], kinds: &[&Kind], effort: Effort) -> Result<()> {
    let started = std::time::Instant::now();
    let verdicts = run_all(cases, kinds, effort);
    let failures = failures(cases, kinds, &verdicts, effort);
    for failure in &failures {
        println!("{failure}\n");
    }
    for (i, kind) in kinds.iter().enumerate() {
        let passed = verdicts.iter().filter(|v| v.get(i) == Some(&Verdict::Passed)).count();
        println!("{}: {passed} of {} kernels pass", kind.name, cases.len());
    }
    println!("seed {}, {:.1} s", effort.seed, started.elapsed().as_secs_f64());
    if !failures.is_empty() {
        bail!("{} failures", failures.len());
    }
    Ok(())
}

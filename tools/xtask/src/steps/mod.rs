// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `cargo xtask test`: every check of the project, as a list of named steps.
//!
//! A step fails or passes as a whole; what it runs prints its own cases. All
//! steps run, whatever became of the others, unless one needs another that
//! failed. The list itself is in [`list`], in the order in which it runs: the
//! quick ones first.

mod clients;
mod direct;
pub mod guest;
mod list;
mod source;

use crate::host::Host;
use crate::job::seconds;
use anyhow::{bail, Result};
use std::time::{Duration, Instant};

pub use list::STEPS;

/// One named check.
pub struct Step {
    /// A short name, for `--only` and the summary.
    pub name: &'static str,
    /// What it checks.
    pub about: &'static str,
    /// Names of steps without which this one makes no sense.
    pub needs: &'static [&'static str],
    /// Runs it.
    pub run: fn(&Host) -> Result<()>,
}

/// What became of a step.
enum Verdict {
    Passed,
    Failed(String),
    NotRun(&'static str),
}

/// Prints the steps.
pub fn print_list(steps: &[Step]) {
    for step in steps {
        println!("{:16} {}", step.name, step.about);
    }
}

/// Runs those of `steps` that are named in `only`, and those that they need, or
/// all if it is empty. Returns whether all passed. The last line printed is the count.
pub fn run(host: &Host, steps: &[Step], only: &[String]) -> Result<bool> {
    let chosen = choose(steps, only)?;
    let mut results: Vec<(&Step, Verdict, Duration)> = Vec::new();
    for (index, step) in chosen.iter().copied().enumerate() {
        println!("\n=== [{}/{}] {}: {}", index + 1, chosen.len(), step.name, step.about);
        let missing = results.iter().find_map(|(done, verdict, _)| {
            let needed = step.needs.contains(&done.name);
            (needed && !matches!(verdict, Verdict::Passed)).then_some(done.name)
        });
        let started = Instant::now();
        let verdict = match missing {
            Some(name) => Verdict::NotRun(name),
            None => match (step.run)(host) {
                Ok(()) => Verdict::Passed,
                Err(error) => Verdict::Failed(format!("{error:#}")),
            },
        };
        let took = started.elapsed();
        match &verdict {
            Verdict::Passed => println!("=== {}: passed in {}", step.name, seconds(took)),
            Verdict::Failed(error) => {
                println!("=== {}: FAILED in {}: {error}", step.name, seconds(took));
            }
            Verdict::NotRun(name) => println!("=== {}: not run, {name} failed", step.name),
        }
        results.push((step, verdict, took));
    }
    Ok(summarise(&results))
}

/// The steps to run, in the order of the list.
fn choose<'a>(steps: &'a [Step], only: &[String]) -> Result<Vec<&'a Step>> {
    if only.is_empty() {
        return Ok(steps.iter().collect());
    }
    let mut wanted: Vec<&str> = only.iter().map(String::as_str).collect();
    let mut next = 0;
    while next < wanted.len() {
        let Some(step) = steps.iter().find(|step| step.name == wanted[next]) else {
            bail!("there is no step {}; see --list", wanted[next]);
        };
        for need in step.needs {
            if !wanted.contains(need) {
                wanted.push(need);
            }
        }
        next += 1;
    }
    Ok(steps.iter().filter(|step| wanted.contains(&step.name)).collect())
}

fn summarise(results: &[(&Step, Verdict, Duration)]) -> bool {
    println!();
    let mut failed = 0;
    for (step, verdict, took) in results {
        let (word, error) = match verdict {
            Verdict::Passed => ("passed", ""),
            Verdict::Failed(error) => ("FAILED", error.lines().next().unwrap_or("")),
            Verdict::NotRun(_) => ("NOT RUN", ""),
        };
        failed += usize::from(!matches!(verdict, Verdict::Passed));
        println!("{:16} {word:8} {:>12}  {error}", step.name, seconds(*took));
    }
    println!("\n{} passed, {failed} failed", results.len() - failed);
    failed == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &'static str, needs: &'static [&'static str]) -> Step {
        Step { name, about: "", needs, run: |_| Ok(()) }
    }

    fn names(only: &[&str]) -> Result<Vec<&'static str>> {
        let steps = [step("a", &[]), step("b", &["a"]), step("c", &["b"]), step("d", &[])];
        let only: Vec<String> = only.iter().map(|&name| name.to_owned()).collect();
        Ok(choose(&steps, &only)?.iter().map(|step| step.name).collect())
    }

    #[test]
    fn chosen_steps_come_with_their_needs_in_list_order() {
        assert_eq!(names(&[]).expect("all"), ["a", "b", "c", "d"]);
        assert_eq!(names(&["d", "c"]).expect("known"), ["a", "b", "c", "d"]);
        assert_eq!(names(&["b"]).expect("known"), ["a", "b"]);
        assert!(names(&["x"]).is_err());
    }

    #[test]
    fn steps_need_only_earlier_ones() {
        for steps in [STEPS, crate::soak::STEPS] {
            for (index, step) in steps.iter().enumerate() {
                for need in step.needs {
                    let earlier = steps[..index].iter().any(|other| other.name == *need);
                    assert!(earlier, "{} needs {need}", step.name);
                }
            }
        }
    }

    #[test]
    fn a_step_not_run_counts_as_failed() {
        let one = step("a", &[]);
        let results = [(&one, Verdict::Passed, Duration::ZERO), (&one, Verdict::NotRun("x"), Duration::ZERO)];
        assert!(!summarise(&results));
        assert!(summarise(&results[..1]));
    }
}

// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Tests of ix.ko through its ioctls.
//!
//! A *case* is a function that asserts what the driver does; it has clients (open files) of its
//! own. The program runs on a machine that has the module loaded and a device, as root, and prints
//! one line for each case in the form of the Test Anything Protocol. Cases that stop the whole
//! device run only when they are named.
//!
//! ```text
//! ix-kmod-test              all cases
//! ix-kmod-test PART ...     cases of which a part of the name is given
//! ix-kmod-test --list       names
//! ```

mod bo;
mod check;
mod client;
mod fault;
mod fuzz;
mod lifetime;
mod query;
mod queue;
mod vm;
mod wait;

use check::Outcome;

/// A case: its name and what it does.
type Case = (&'static str, fn() -> Outcome);

fn main() {
    let cases: Vec<Case> =
        [query::CASES, bo::CASES, vm::CASES, queue::CASES, wait::CASES, fault::CASES, fuzz::CASES, lifetime::CASES].concat();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "--list") {
        for (name, _) in cases.iter().chain(lifetime::NAMED_CASES) {
            println!("{name}");
        }
        return;
    }
    let wanted = |name: &str| arguments.iter().any(|part| name.contains(part.as_str()));
    let mut chosen: Vec<Case> = cases.into_iter().filter(|(name, _)| arguments.is_empty() || wanted(name)).collect();
    chosen.extend(lifetime::NAMED_CASES.iter().filter(|(name, _)| wanted(name)));
    if chosen.is_empty() {
        eprintln!("no case has a name with {}; see --list", arguments.join(" or "));
        std::process::exit(2);
    }

    println!("TAP version 13\n1..{}", chosen.len());
    let mut failed = 0;
    for (number, (name, case)) in (1..).zip(chosen) {
        match case() {
            Ok(()) => println!("ok {number} - {name}"),
            Err(why) => {
                failed += 1;
                println!("not ok {number} - {name}\n  ---\n  {}\n  ---", why.replace('\n', "\n  "));
            }
        }
    }
    if failed > 0 {
        println!("# {failed} failed");
        std::process::exit(1);
    }
}

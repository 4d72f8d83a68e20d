// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The library's accuracy, function by function.
//!
//! Without more, each test takes a share of the arguments that is fixed. `IX_MATH_EXHAUSTIVE=1`
//! tries all 2^32 arguments of the f32 functions of one argument (hours) and a thousand times more
//! random ones elsewhere; `IX_MATH_FUNCTIONS=expf,sinf` restricts a run to those functions;
//! `IX_MATH_SEED=n` changes the random ones. `IX_MATH_RECORD=1` writes what was measured to
//! `measured.tsv` and renders the tables of docs/math.md from it.

use ix_math_tests::{
    check_exact, check_f32_pairs, check_f64, exact_functions, f32_functions, f64_functions, rsqrtf_not_nearest, sweep_f32, Function,
    Outcome,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Mutex;

fn set(name: &str) -> bool {
    std::env::var(name).is_ok_and(|v| v == "1")
}

fn exhaustive() -> bool {
    set("IX_MATH_EXHAUSTIVE")
}

fn seed() -> u64 {
    std::env::var("IX_MATH_SEED").map_or(1, |v| v.parse().expect("IX_MATH_SEED is a number"))
}

fn wanted(function: &Function) -> bool {
    std::env::var("IX_MATH_FUNCTIONS").map_or(true, |v| v.split(',').any(|n| n == function.name))
}

fn path(relative: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// Runs `check` on each function, reports, records, and fails if any is beyond its bound.
fn run(functions: Vec<Function>, coverage: &str, check: impl Fn(&Function) -> Outcome) {
    let mut failures = Vec::new();
    for function in functions.iter().filter(|f| wanted(f)) {
        let o = check(function);
        println!(
            "{}: {} of {} at ({:e}, {:e}), {} samples, seed {}",
            function.name,
            shown(o.ulps),
            function.bound,
            o.x,
            o.y,
            o.samples,
            seed()
        );
        if o.ulps > function.bound {
            failures
                .push(format!("{}: error {} at ({:e}, {:e}), got {:e}; bound {}", function.name, o.ulps, o.x, o.y, o.got, function.bound));
        }
        if o.wrong > 0 {
            failures.push(format!(
                "{}: {} results of the wrong kind, the first at ({:e}, {:e}): {:e}",
                function.name, o.wrong, o.wrong_x, o.wrong_y, o.wrong_got
            ));
        }
        if set("IX_MATH_RECORD") {
            record(function, &o, coverage);
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// An error in ulps to four places, an absolute one by its magnitude.
fn shown(error: f64) -> String {
    if error > 0.0 && error < 1e-3 {
        format!("{error:.1e}")
    } else {
        format!("{error:.4}")
    }
}

/// A bound as the guide writes it.
fn bound(function: &Function) -> String {
    if function.bound > 0.0 && function.bound < 1e-3 {
        format!("{:e}", function.bound)
    } else {
        format!("{}", function.bound)
    }
}

/// One writer at a time.
static RECORDS: Mutex<()> = Mutex::new(());

/// The measurements so far: name, then bound, error, argument, and what was tried.
fn records() -> BTreeMap<String, [String; 4]> {
    let text = std::fs::read_to_string(path("measured.tsv")).unwrap_or_default();
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut fields = line.split('\t').map(str::to_owned);
            let name = fields.next()?;
            Some((name, [fields.next()?, fields.next()?, fields.next()?, fields.next()?]))
        })
        .collect()
}

fn record(function: &Function, o: &Outcome, coverage: &str) {
    let _guard = RECORDS.lock().expect("no writer panicked");
    let mut all = records();
    // A share says less than what a longer run has shown, unless its error is larger.
    let known = all.get(function.name).and_then(|row| row[1].parse().ok());
    if !exhaustive() && known.is_some_and(|known: f64| known >= o.ulps) {
        return;
    }
    let argument = match function.arguments {
        1 => format!("{:e}", o.x),
        _ => format!("{:e}, {:e}", o.x, o.y),
    };
    let row = [bound(function), shown(o.ulps), argument, coverage.into()];
    all.insert(function.name.to_owned(), row);
    let mut text = String::from("# SPDX-License-Identifier: Apache-2.0 OR MIT\n# function\tbound\tmeasured\tat\ttried\n");
    for (name, row) in &all {
        writeln!(text, "{name}\t{}", row.join("\t")).expect("strings take all text");
    }
    std::fs::write(path("measured.tsv"), text).expect("measured.tsv is writable");
}

/// The tables of the document: bound and measurement of each function.
fn tables() -> String {
    let all = records();
    let mut text = String::new();
    for (title, functions) in [("f32", f32_functions()), ("f64", f64_functions())] {
        writeln!(text, "### {title}\n\n| function | bound (ulp) | largest error (ulp) | at | tried |").expect("strings take all text");
        text.push_str("|---|---|---|---|---|\n");
        for f in functions {
            let unmeasured = ["".into(), "not measured".into(), "".into(), "".into()];
            let row = all.get(f.name).unwrap_or(&unmeasured);
            writeln!(text, "| `{}` | {} | {} | {} | {} |", f.name, bound(&f), row[1], row[2], row[3]).expect("strings take all text");
        }
        text.push('\n');
    }
    text
}

#[test]
fn f32_functions_of_one_argument_keep_their_bounds() {
    let functions = f32_functions().into_iter().filter(|f| f.arguments == 1).collect();
    // 24,001 is prime: the sweep meets all low bits.
    let (step, coverage) = if exhaustive() { (1, "all arguments") } else { (24_001, "a share") };
    run(functions, coverage, |f| {
        let half = 1u64 << 31;
        let (low, high) = std::thread::scope(|s| {
            let low = s.spawn(|| sweep_f32(f, 0, half, step));
            let high = sweep_f32(f, half, 2 * half, step);
            (low.join().expect("sweeps do not panic"), high)
        });
        // The ends of the range of finite numbers and of the normal ones, and around.
        [0u64, 0x0080_0000, 0x3f80_0000, 0x7f80_0000, 0x8000_0000, 0x8080_0000, 0xbf80_0000, 0xff80_0000]
            .into_iter()
            .map(|b| sweep_f32(f, b.saturating_sub(1000), b + 1000, 1))
            .fold(low.join(high), Outcome::join)
    });
}

#[test]
fn f32_functions_of_two_arguments_keep_their_bounds() {
    let functions = f32_functions().into_iter().filter(|f| f.arguments == 2).collect();
    let (count, coverage) = if exhaustive() { (200_000_000, "2e8 random pairs") } else { (200_000, "2e5 random pairs") };
    run(functions, coverage, |f| check_f32_pairs(f, seed(), count));
}

#[test]
fn f64_functions_keep_their_bounds() {
    let (count, coverage) = if exhaustive() { (2_000_000, "2e6 random arguments") } else { (2_000, "2e3 random arguments") };
    run(f64_functions(), coverage, |f| check_f64(f, seed(), count));
}

#[test]
fn exact_functions_agree_with_the_host() {
    let count = if exhaustive() { 100_000_000 } else { 100_000 };
    for f in exact_functions().iter().filter(|f| wanted(f)) {
        let o = check_exact(f, seed(), count);
        assert_eq!(o.wrong, 0, "{} at ({:e}, {:e}, {})", f.name, o.wrong_x, o.wrong_y, o.wrong_got);
    }
}

#[test]
fn rsqrtf_is_rounded_to_nearest_for_every_significand() {
    assert_eq!(rsqrtf_not_nearest(), 0);
}

#[test]
fn the_document_shows_what_was_measured() {
    const BEGIN: &str = "<!-- measured: begin -->\n";
    const END: &str = "<!-- measured: end -->";
    let file = path("../docs/math.md");
    let text = std::fs::read_to_string(&file).expect("docs/math.md exists");
    let (before, rest) = text.split_once(BEGIN).expect("the table's begin is marked");
    let (shown, after) = rest.split_once(END).expect("the table's end is marked");
    let expected = tables();
    if set("IX_MATH_RECORD") {
        std::fs::write(&file, format!("{before}{BEGIN}{expected}{END}{after}")).expect("writable");
    } else {
        assert!(shown == expected, "docs/math.md is not up to date: IX_MATH_RECORD=1 renders it");
    }
}

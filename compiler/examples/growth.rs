// SPDX-License-Identifier: Apache-2.0 OR MIT
//! How long compiling takes, and how that grows with the program.
//!
//! ```text
//! cargo run --release -p ix-compiler --example growth -- [-O0] [--svg FILE] [--passes SHAPE SIZE]
//! ```
//!
//! Prints the tables of `docs/performance.md`: the kernels of the corpus, and generated kernels of up to 100,000
//! instructions (see `benches/shapes`). `--svg` draws the latter. `--passes` says instead how long each pass takes with
//! one kernel. All times are CPU times, the shortest of several runs, so that they do not depend on what else the
//! machine does.

#[path = "../benches/shapes/mod.rs"]
mod shapes;

use ix_compiler::{compile, compile_observed, Level, Options};
use shapes::{Shape, SHAPES};
use std::fmt::Write;
use std::path::Path;

/// Sizes of generated kernels.
const SIZES: [usize; 7] = [100, 300, 1000, 3000, 10_000, 30_000, 100_000];
/// Instructions of machine code below which a kernel is a small one.
const SMALL: usize = 300;

/// CPU time of this thread in seconds.
fn cpu_time() -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a plain system call that writes to a struct of ours.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut t) };
    t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9
}

/// The shortest time of some compilations in milliseconds, kernels, and instructions; `None` if it does not compile.
fn measure(text: &str, rounds: usize, options: &Options) -> Option<(f64, usize, usize)> {
    let mut best = f64::INFINITY;
    let mut size = (0, 0);
    for _ in 0..rounds {
        let start = cpu_time();
        let module = compile(text, options).ok()?;
        best = best.min(cpu_time() - start);
        size = (module.kernels.len(), module.code.len() / 16);
    }
    Some((best * 1e3, size.0, size.1))
}

fn corpus(options: &Options) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ptx");
    println!("| kernels | number | median | 9 of 10 below | longest |\n|---|---|---|---|---|");
    let row = |name: &str, mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        if let (Some(median), Some(last)) = (times.get(times.len() / 2), times.last()) {
            let ninth = times[times.len() * 9 / 10];
            println!("| {name} | {} | {median:.2} ms | {ninth:.2} ms | {last:.2} ms |", times.len());
        }
    };
    let (mut small, mut large) = (vec![], vec![]);
    for tool in ["clang", "features", "tinygrad", "triton"] {
        let entries = std::fs::read_dir(root.join(tool)).into_iter().flatten().flatten();
        let mut times = vec![];
        for path in entries.map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "ptx")) {
            let Some((time, kernels, size)) = std::fs::read_to_string(&path).ok().and_then(|t| measure(&t, 7, options)) else { continue };
            let of_one = (0..kernels).map(|_| time / kernels as f64);
            if size < SMALL * kernels {
                times.extend(of_one);
            } else {
                large.extend(of_one);
            }
        }
        small.extend(&times);
        row(&format!("{tool}, under {SMALL} instructions"), times);
    }
    row(&format!("all under {SMALL} instructions"), small);
    row(&format!("{SMALL} instructions and more"), large);
}

fn growth(options: &Options) -> Vec<(&'static Shape, Vec<f64>)> {
    print!("\n| shape |");
    SIZES.iter().for_each(|n| print!(" {n} |"));
    println!("\n|---|{}", "---|".repeat(SIZES.len()));
    let mut rows = vec![];
    for shape in SHAPES {
        let times: Vec<f64> = SIZES
            .iter()
            .map(|&n| measure(&(shape.kernel)(n), if n <= 10_000 { 7 } else { 3 }, options).map_or(f64::NAN, |m| m.0))
            .collect();
        print!("| {}: {} |", shape.name, shape.about);
        times.iter().for_each(|t| print!(" {t:.*} ms |", if *t < 100.0 { 2 } else { 0 }));
        println!();
        rows.push((shape, times));
    }
    rows
}

/// A plot with logarithmic axes, and n log n beside the curves.
fn plot(rows: &[(&Shape, Vec<f64>)]) -> String {
    const COLOURS: [&str; 6] = ["#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#34495e"];
    let x = |n: f64| 70.0 + 170.0 * (n.log10() - 2.0);
    let y = |ms: f64| 330.0 - 72.0 * (ms.log10() + 1.0);
    let line = |points: &[(f64, f64)]| points.iter().map(|(n, t)| format!("{:.1},{:.1} ", x(*n), y(*t))).collect::<String>();
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 380\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <!-- SPDX-License-Identifier: Apache-2.0 OR MIT -->\n<rect width=\"720\" height=\"380\" fill=\"white\"/>\n",
    );
    for exponent in 2..=5 {
        let (n, at) = (10f64.powi(exponent), x(10f64.powi(exponent)));
        let _ = writeln!(svg, "<line x1=\"{at}\" y1=\"42\" x2=\"{at}\" y2=\"330\" stroke=\"#ddd\"/>");
        let _ = writeln!(svg, "<text x=\"{at}\" y=\"348\" text-anchor=\"middle\">{n}</text>");
    }
    for exponent in -1..=3 {
        let (ms, at) = (10f64.powi(exponent), y(10f64.powi(exponent)));
        let _ = writeln!(svg, "<line x1=\"70\" y1=\"{at}\" x2=\"580\" y2=\"{at}\" stroke=\"#ddd\"/>");
        let _ = writeln!(svg, "<text x=\"64\" y=\"{:.1}\" text-anchor=\"end\">{ms} ms</text>", at + 4.0);
    }
    svg.push_str("<text x=\"325\" y=\"368\" text-anchor=\"middle\">instructions</text>\n");
    let reference: Vec<(f64, f64)> = SIZES.iter().map(|&n| n as f64).map(|n| (n, 0.3 * n * n.ln() / (100.0 * 100f64.ln()))).collect();
    let _ = writeln!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"#999\" stroke-dasharray=\"5 4\"/>", line(&reference));
    svg.push_str("<text x=\"600\" y=\"60\" fill=\"#999\">n log n (dashed)</text>\n");
    for (i, (shape, times)) in rows.iter().enumerate() {
        let colour = COLOURS[i % COLOURS.len()];
        let points: Vec<(f64, f64)> = SIZES.iter().map(|&n| n as f64).zip(times.iter().copied()).collect();
        let _ = writeln!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>", line(&points));
        let _ = writeln!(svg, "<text x=\"600\" y=\"{}\" fill=\"{colour}\">{}</text>", 80 + 20 * i, shape.name);
    }
    svg + "</svg>\n"
}

/// Prints how long each pass takes.
fn passes(text: &str, options: &Options) {
    let mut last = cpu_time();
    let mut rows = vec![];
    let mut observer = |pass: &'static str, func: &ix_compiler::ir::Func| {
        let now = cpu_time();
        rows.push((pass, now - last, func.inst_count(), func.blocks.len()));
        last = cpu_time();
    };
    if let Err(e) = compile_observed(text, options, &mut observer) {
        println!("{e}");
    }
    let rest = cpu_time() - last;
    for (pass, time, insts, blocks) in rows {
        println!("{pass:12} {:9.3} ms  {insts} instructions, {blocks} blocks", time * 1e3);
    }
    println!("{:12} {:9.3} ms", "rest", rest * 1e3);
}

fn main() {
    let mut options = Options::default();
    let mut svg = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-O0" => options.level = Level::O0,
            "--svg" => svg = args.next(),
            "--passes" => {
                let (name, size) = (args.next().unwrap_or_default(), args.next().and_then(|n| n.parse().ok()));
                match (SHAPES.iter().find(|s| s.name == name), size) {
                    (Some(shape), Some(size)) => passes(&(shape.kernel)(size), &options),
                    _ => eprintln!("--passes SHAPE SIZE; shapes: {}", SHAPES.iter().map(|s| s.name).collect::<Vec<_>>().join(" ")),
                }
                return;
            }
            other => {
                eprintln!("`{other}` is not an option; see the top of this example's source");
                std::process::exit(2);
            }
        }
    }
    corpus(&options);
    let rows = growth(&options);
    if let Some(path) = svg {
        if let Err(e) = std::fs::write(&path, plot(&rows)) {
            eprintln!("{path}: {e}");
            std::process::exit(1);
        }
    }
}
